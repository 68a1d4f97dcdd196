"""What a larger office costs: the same questions and decisions as the items become more."""

from __future__ import annotations

import time
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING, Final

from tests.bench import startup
from tests.bench.decisions import decide, timed
from tests.bench.office import DECISIONS, ITEMS_FROM, WAITING, fill

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from tests.bench.office import Office

BATCHES: Final = 5
REPETITIONS: Final = 15


@dataclass(frozen=True)
class Sample:
    """What was measured with so many items: decisions a second, and all other things in seconds."""

    items: int
    decisions: float
    inbox: float
    listing: float
    show: float
    command: float


def grow(
    office: Office,
    sizes: Sequence[int],
    *,
    batch: int,
    commands: int,
    advance: Callable[[str], None],
) -> Iterator[Sample]:
    """Fill an empty office up to each of ``sizes`` and yield what was measured there.

    ``batch`` items are decided on, five times over, for the median of the five; the command is
    started ``commands`` times.
    """
    queries, people = office.app.queries, office.people
    variables = startup.environment(office, "final")
    before = 0
    for size in sizes:
        advance(f"{size:,}: filling")
        fill(office, size - before)
        before = size
        waiting = fill(office, (BATCHES + 1) * batch, shapes=WAITING, one_body=True)
        decide(office, waiting[:batch])
        rates = []
        for number in range(1, BATCHES + 1):
            part = waiting[number * batch : (number + 1) * batch]
            side = timed(lambda part=part: decide(office, part), batch * len(DECISIONS))  # type: ignore[misc] # bound now
            rates.append(side.rate)
        advance(f"{size:,}: asking")
        yield Sample(
            items=size,
            decisions=median(rates),
            inbox=_often(lambda: queries.inbox(people["final"])),
            listing=_often(lambda: queries.items(people["supervisor"])),
            show=_often(lambda: queries.show(people["supervisor"], ITEMS_FROM)),
            command=startup.timed(
                {"inbox": (startup.PROGRAM, "inbox")},
                variables,
                runs=commands,
                advance=lambda _: None,
            )["inbox"],
        )


def _often(ask: Callable[[], object]) -> float:
    """Return the median time of a question in seconds, after one that does not count."""
    ask()
    times = []
    for _ in range(REPETITIONS):
        start = time.perf_counter()
        ask()
        times.append(time.perf_counter() - start)
    return median(times)
