"""How long one due date takes: our calendar, a plain list of working days, and a library."""

from __future__ import annotations

import random
import time
from bisect import bisect_right
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

import holidays

from workflow.calendar_files import shipped
from workflow.working_days import FIRST

if TYPE_CHECKING:
    from collections.abc import Callable

FORMED: Final = date(2008, 5, 1)
SPAN: Final = (date(2026, 10, 1) - FORMED).days
"""From the first day with a clock to the last one whose clocks end before the horizon."""
BLOCKS: Final = 5
OF_THE_LIBRARY: Final = 100
"""The library is asked so many times less often, because it counts day by day."""


@dataclass(frozen=True)
class Speed:
    """Nanoseconds for one due date after ``days`` working days."""

    days: int
    ours: float
    plain: float
    library: float


class Disagreement(RuntimeError):
    """The sides that are compared do not give the same due dates."""


def measure(days: int, count: int) -> Speed:
    """Ask all three for the due dates of ``count`` random days of formation, in turns.

    Raises :class:`Disagreement` if they do not agree on every one.
    """
    chance = random.Random(7)
    starts = [FORMED + timedelta(days=chance.randrange(SPAN)) for _ in range(count)]
    few = starts[: max(1, count // OF_THE_LIBRARY)]
    calendar = shipped()
    table = [
        day
        for later in range((calendar.horizon - FIRST).days + 1)
        if calendar.is_working_day(day := FIRST + timedelta(days=later))
    ]
    library = holidays.country_holidays("CN", years=range(FIRST.year, calendar.horizon.year + 1))

    def ours(start: date) -> date:
        return calendar.add(start, days)

    def plain(start: date) -> date:
        return table[bisect_right(table, start) + days - 1]

    def theirs(start: date) -> date:
        return library.get_nth_working_day(start, days)

    for start in few:
        if not ours(start) == plain(start) == theirs(start):
            raise Disagreement(f"{days} working days from {start}")
    if list(map(ours, starts)) != list(map(plain, starts)):
        raise Disagreement(f"{days} working days")
    blocks = [
        (_each(ours, starts), _each(plain, starts), _each(theirs, few)) for _ in range(BLOCKS)
    ]
    return Speed(days, *map(min, zip(*blocks, strict=True)))


def _each(side: Callable[[date], date], starts: list[date]) -> float:
    """Return the nanoseconds for each of the calls."""
    begin = time.perf_counter_ns()
    for start in starts:
        side(start)
    return (time.perf_counter_ns() - begin) / len(starts)
