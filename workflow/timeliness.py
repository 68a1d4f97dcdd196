"""What the clocks of a period add up to: the on-time share, and how long things took."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from workflow.deadlines import Clock
    from workflow.working_days import Calendar


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a whole, in percent with one decimal, cut off and rounded.

    Reports of the time cut off (49.27 is 49.2), so both are given; ``None`` if the whole is 0.
    """

    part: int
    whole: int

    @property
    def truncated(self) -> Decimal | None:
        """The percentage with what follows the first decimal cut off."""
        return self._tenths(0)

    @property
    def half_up(self) -> Decimal | None:
        """The percentage with the first decimal rounded, half up."""
        return self._tenths(self.whole)

    def _tenths(self, more: int) -> Decimal | None:
        """Return the percentage, cut off after half of ``more`` was added to the exact fraction."""
        if self.whole == 0:
            return None
        return Decimal((2 * self.part * 1000 + more) // (2 * self.whole)).scaleb(-1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeliness:
    """The clocks whose due date falls in a period, by how they stand.

    Only ``on_time`` and ``late`` make the share. A clock that is still running and not overdue is
    ``running``: it is neither yet. ``voided`` and ``provisional`` are shown apart.
    """

    on_time: int
    met_late: int
    overdue: int
    running: int
    voided: int
    provisional: int

    @property
    def late(self) -> int:
        """Clocks met after their due date, and open ones past it."""
        return self.met_late + self.overdue

    @property
    def share(self) -> Share:
        """The on-time share."""
        return Share(self.on_time, self.on_time + self.late)


def timeliness(clocks: Iterable[Clock], *, first: date, last: date, day: date) -> Timeliness:
    """Count the cohort of a period, from ``first`` to ``last``, as it stands on ``day``.

    The cohort is the clocks whose due date falls in the period, whenever they started or ended.
    """
    counts: Counter[str] = Counter()
    for clock in clocks:
        if first <= clock.due <= last:
            counts[_cohort(clock, day)] += 1
    return Timeliness(
        on_time=counts["on_time"],
        met_late=counts["met_late"],
        overdue=counts["overdue"],
        running=counts["running"],
        voided=counts["voided"],
        provisional=counts["provisional"],
    )


def _cohort(clock: Clock, day: date) -> str:
    if clock.voided:
        return "voided"
    if clock.met_on is not None:
        return "on_time" if clock.met_on <= clock.due else "met_late"
    if clock.provisional:
        return "provisional"
    return "overdue" if day > clock.due and not clock.paused else "running"


def median(days: Iterable[int]) -> Decimal | None:
    """Return the median of numbers of days: of two in the middle, their mean; ``None`` of none."""
    ordered = sorted(days)
    if not ordered:
        return None
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return Decimal(ordered[middle])
    return Decimal(ordered[middle - 1] + ordered[middle]) / 2


def percentile(days: Iterable[int], rank: int) -> int | None:
    """Return the smallest of the numbers that ``rank`` percent of them do not exceed.

    This is the nearest rank: always one of the numbers, so that "95 % took at most so many days"
    is true as it stands. ``rank`` is from 1 to 100; ``None`` of no numbers.
    """
    ordered = sorted(days)
    return ordered[-(-len(ordered) * rank // 100) - 1] if ordered else None


def days_taken(start: date, met_on: date, *, calendar: Calendar) -> int:
    """Return the working days that something took: 0 if it was done on the day it started."""
    return max(0, calendar.count(start, met_on))
