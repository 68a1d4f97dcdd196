"""What the boards cost as the items become more; they have to follow the rows that are shown."""

from __future__ import annotations

import time
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING, Final

from tests.bench.office import fill, tidy_up

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from tests.bench.office import Office

REPETITIONS: Final = 15
_AT_ONCE: Final = 50_000
_DAYS: Final = 61
"""Running clocks end on so many days, half of them before today."""
_CLOCKS: Final = """
    INSERT INTO deadline (item_id, body_id, clock, kind, rule, stage, amount, unit, rest_day,
        met_by, legal_basis, pausable, started_on, due_on, overdue_at, provisional, rev, calendar,
        opened_at, met_on, met_at)
    SELECT id, body_id, {clock}, {kind}, {clock}, {stage}, {amount}, 'working_day',
        'next_working_day', {met_by}, '', FALSE, {start}, {due}, created_at, FALSE, 1, 1,
        created_at, {met_on}, {met_at}
    FROM item WHERE id >= {first} AND state <> 'abandoned' AND {which}
"""
_MET: Final = "CASE WHEN state = 'published' {more} THEN {value} END"
_LEGAL: Final = {"online": ("published", ""), "reading_points": ("handed_over", "AND id % 50 <> 0")}
"""The legal clocks, what meets them, and of which published items they are met."""


@dataclass(frozen=True)
class Sample:
    """What was measured with so many items: seconds for a page of each board."""

    items: int
    running: int
    overdue: float
    longer: float
    due: float
    of_body: float
    inbox: float
    explain: float


def grow(
    office: Office, sizes: Sequence[int], *, advance: Callable[[str], None]
) -> Iterator[Sample]:
    """Fill an empty office up to each of ``sizes`` and yield what was measured there."""
    boards, queries, people = office.app.boards, office.app.queries, office.people
    before = 0
    for size in sizes:
        advance(f"{size:,}: filling")
        # In parts, because what is written is held in memory first.
        parts = [min(_AT_ONCE, size - done) for done in range(before, size, _AT_ONCE)]
        first = [fill(office, part)[0].id for part in parts][0]  # noqa: RUF015 # all are filled
        before = size
        running = run_clocks(office, first)
        advance(f"{size:,}: asking")
        shown = boards.overdue(people["supervisor"], limit=1).rows[0]["item"]
        yield Sample(
            items=size,
            running=running,
            overdue=often(lambda: boards.overdue(people["supervisor"])),
            longer=often(lambda: boards.overdue(people["supervisor"], limit=500)),
            due=often(lambda: boards.due(people["supervisor"], within=5)),
            of_body=often(lambda: boards.overdue(people["clerk"])),
            inbox=often(lambda: queries.inbox(people["keeper"])),
            explain=often(lambda shown=shown: boards.explain(people["supervisor"], shown)),  # type: ignore[misc] # bound now
        )


def run_clocks(office: Office, first: int, *, all_run: bool = False) -> int:
    """Open the clocks of every item from ``first`` on; return how many legal ones run in all.

    Those of published items are met, unless ``all_run``.
    """
    met = "NULL" if all_run else _MET
    sqlite = office.database.is_sqlite
    ends = f"(id % {_DAYS} - {_DAYS // 2})"
    due = f"date('now', {ends} || ' days')" if sqlite else f"(CURRENT_DATE + {ends}::integer)"
    start = f"date({due}, '-28 days')" if sqlite else f"({due} - 28)"
    # PostgreSQL has to be told what it is that is sometimes nothing.
    day, instant = ("", "") if sqlite else ("::date", "::timestamptz")
    places = {"first": first, "due": due, "start": start}
    statements = [
        _CLOCKS.format(
            **places,
            clock=f"'{clock}'",
            kind="'legal'",
            stage="''",
            amount=20,
            met_by=f"'{met_by}'",
            met_on=met.format(more=more, value=due) + day,
            met_at=met.format(more=more, value="created_at") + instant,
            which="TRUE",
        )
        for clock, (met_by, more) in _LEGAL.items()
    ]
    statements.append(
        _CLOCKS.format(
            **places,
            clock="'stage'",
            kind="'stage'",
            stage="stage",
            amount=3,
            met_by="'stage_left'",
            met_on=f"NULL{day}",
            met_at=f"NULL{instant}",
            which="state = 'pending'",
        )
    )
    with office.database.engine.begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement.replace("%", "%%") if not sqlite else statement)
    tidy_up(office)
    with office.database.read() as connection:
        count = connection.exec_driver_sql(
            "SELECT count(*) FROM deadline"
            " WHERE kind = 'legal' AND met_on IS NULL AND voided_at IS NULL"
        )
        return int(count.scalar_one())


def often(ask: Callable[[], object]) -> float:
    """Return the median time of a question in seconds, after one that does not count."""
    ask()
    times = []
    for _ in range(REPETITIONS):
        start = time.perf_counter()
        ask()
        times.append(time.perf_counter() - start)
    return median(times)
