"""What another calendar costs: every running clock is worked out again in one transaction."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from tests.bench.boards import run_clocks
from tests.bench.office import fill
from workflow.runtime import SHANGHAI
from workflow.working_days import Notice, Turn

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.bench.office import Office
    from workflow.working_days import Calendar

_AT_ONCE = 50_000


@dataclass(frozen=True)
class Sample:
    """What was measured: clocks that run, dates that moved, and seconds.

    ``bare`` is one UPDATE of the same rows by the plain driver, undone again.
    """

    running: int
    moved: int
    dry: float
    real: float
    bare: float


def measure(office: Office, items: int, *, advance: Callable[[str], None]) -> Sample:
    """Fill an empty office with ``items`` and give one more day off that most clocks reach over."""
    advance(f"{items:,}: filling")
    parts = [min(_AT_ONCE, items - done) for done in range(0, items, _AT_ONCE)]
    first = [fill(office, part)[0].id for part in parts][0]  # noqa: RUF015 # all are filled
    running = run_clocks(office, first, all_run=True)
    day = office.app.runtime.clock().astimezone(SHANGHAI).date() - timedelta(days=7)
    advance(f"{items:,}: another calendar")
    dry, _ = _timed(lambda: _apply(office, day, dry_run=True))
    bare = _bare(office)
    real, moved = _timed(lambda: _apply(office, day, dry_run=False))
    return Sample(running, moved, dry, real, bare)


def _apply(office: Office, day: date, *, dry_run: bool) -> int:
    def change(calendar: Calendar) -> Calendar:
        off = day
        while not calendar.is_working_day(off):
            off -= timedelta(days=1)
        turn = Turn(zh="样例", en="sample", off=(off,))
        return calendar.with_local(Notice(number="样例", title="样例", turns=(turn,)))

    came = office.app.timekeeper.apply_calendar(
        office.people["administrator"], change, source="bench", dry_run=dry_run
    )
    return len(came["moved"])


def _timed(act: Callable[[], int]) -> tuple[float, int]:
    start = time.perf_counter()
    found = act()
    return time.perf_counter() - start, found


def _bare(office: Office) -> float:
    with office.database.engine.connect() as connection:
        start = time.perf_counter()
        connection.exec_driver_sql(
            "UPDATE deadline SET rev = rev + 1, calendar = calendar"
            " WHERE met_on IS NULL AND voided_at IS NULL"
        )
        taken = time.perf_counter() - start
        connection.rollback()
    return taken
