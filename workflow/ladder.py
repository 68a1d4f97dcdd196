"""The ladder of alerts: on which day who is told of a clock, and in what manner people are told.

A step lies some working days before (negative) or after the last day of a clock; after the last
step it goes on week by week until the clock is met. All of it is data of the policy
(``[[ladder]]`` and ``[alerts]``); a policy that says nothing has what is usual. Pure.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from workflow.deadlines import SHANGHAI, Kind, rungs
from workflow.errors import InvalidInput

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from workflow.deadlines import Rung
    from workflow.working_days import Calendar

CHANNELS: Final = ("email", "wecom", "dingtalk", "feishu", "webhook", "directory")
"""The ways by which people can be told, in the usual order of preference."""
WEEKLY: Final = "weekly"
"""What a policy calls the steps that follow the last one week by week."""
_ONE_DAY: Final = timedelta(days=1)
LONGEST_STEP: Final = 100
"""The farthest that a step may lie from the last day, in working days."""


class Audience(StrEnum):
    """To whom a step of the ladder goes.

    The desk is whoever can act on the item where it is now; the last three are the coordinating
    groups of the district.
    """

    DRAFTER = "drafter"
    DESK = "desk"
    DEPARTMENT_HEAD = "department_head"
    ORGANISING = "organising"
    INSPECTION = "inspection"
    ACCOUNTABILITY = "accountability"


GROUPS: Final = (Audience.ORGANISING, Audience.INSPECTION, Audience.ACCOUNTABILITY)


@dataclass(frozen=True, slots=True)
class Step:
    """One step: ``offset`` working days from the last day, told to all of ``to``."""

    offset: int
    to: tuple[Audience, ...]


@dataclass(frozen=True, slots=True)
class Steps:
    """The steps of a clock, the earliest first, and who is told week by week afterwards."""

    steps: tuple[Step, ...]
    weekly: tuple[Audience, ...] = ()

    def rows(self) -> Iterator[tuple[str, tuple[Audience, ...]]]:
        """Yield each step as a policy writes it, and to whom it goes."""
        for step in self.steps:
            yield f"T{step.offset:+d}" if step.offset else "T-0", step.to
        if self.weekly:
            yield WEEKLY, self.weekly

    def to(self, rung: Rung) -> tuple[Audience, ...]:
        """Return to whom a rung goes."""
        for step in self.steps:
            if step.offset == rung.offset:
                return step.to
        return self.weekly

    def after(self, rung: Rung) -> Iterator[tuple[Audience, ...]]:
        """Yield to whom the steps above a rung go, for one at which there is nobody to tell."""
        for step in self.steps:
            if step.offset > rung.offset:
                yield step.to
        yield self.weekly

    def rungs(self, due: date, *, calendar: Calendar, after: date, until: date) -> Iterator[Rung]:
        """Yield the rungs of a last day that lie after ``after`` and not after ``until``."""
        if not self.steps:
            return
        offsets = [step.offset for step in self.steps]
        for rung in rungs(due, calendar=calendar, until=until, after=after, ladder=offsets):
            if rung.code.startswith("W") and not self.weekly:
                return
            yield rung


@dataclass(frozen=True, slots=True, kw_only=True)
class Ladder:
    """The steps of the law's clocks, of the desks' budgets, and of clocks that have their own."""

    legal: Steps
    stage: Steps
    own: Mapping[str, Steps] = field(default_factory=dict)

    def of(self, clock: str, kind: Kind) -> Steps:
        """Return the steps of a clock."""
        if kind is Kind.STAGE:
            return self.stage
        return self.own.get(clock, self.legal)


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How people are told: by which channels, when not, and how often a message is tried.

    From ``quiet_from`` to ``quiet_until`` (Asia/Shanghai; the two the same for no quiet at all)
    nothing is sent, and on rest days only with ``rest_days``. ``titles`` lets the titles of items
    go by e-mail; no other channel ever carries one.
    """

    channels: tuple[str, ...] = CHANNELS
    quiet_from: time = time(20)
    quiet_until: time = time(8)
    rest_days: bool = False
    titles: bool = False
    attempts: int = 12

    def opens(self, now: datetime, *, calendar: Calendar) -> datetime:
        """Return the first instant from ``now`` on, in UTC, at which a message may be sent."""
        local = now.astimezone(SHANGHAI)
        while True:
            if not self.rest_days and _rests(calendar, local.date()):
                local = _at(local.date() + _ONE_DAY, time())
            elif self._is_quiet(local.time()):
                end = _at(local.date(), self.quiet_until)
                local = end if end > local else end + _ONE_DAY
            else:
                return local.astimezone(UTC)

    def _is_quiet(self, at: time) -> bool:
        if self.quiet_from <= self.quiet_until:
            return self.quiet_from <= at < self.quiet_until
        return at >= self.quiet_from or at < self.quiet_until


def _at(day: date, at: time) -> datetime:
    return datetime.combine(day, at, tzinfo=SHANGHAI)


def _rests(calendar: Calendar, day: date) -> bool:
    try:
        return not calendar.is_working_day(day)
    except InvalidInput:
        # Nobody is left untold because the calendar ends.
        return False


_CONCERNED: Final = (Audience.DRAFTER, Audience.DESK)
USUAL: Final = Ladder(
    legal=Steps(
        steps=(
            *(Step(offset, _CONCERNED) for offset in (-10, -5, -2, 0)),
            Step(1, (Audience.DEPARTMENT_HEAD, Audience.ORGANISING)),
            Step(3, (Audience.INSPECTION,)),
            Step(5, (Audience.ACCOUNTABILITY,)),
        ),
        weekly=(Audience.DESK, Audience.DEPARTMENT_HEAD, *GROUPS),
    ),
    stage=Steps(
        steps=(
            Step(0, (Audience.DESK,)),
            Step(1, (Audience.DESK, Audience.DEPARTMENT_HEAD)),
        )
    ),
)
"""The ladder of a policy that has none of its own."""
USUAL_MANNER: Final = Manner()
"""How people are told where the policy does not say."""
