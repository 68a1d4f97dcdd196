"""The rules of deadlines: when a clock ends, how it stands on a day, and what it adds up to.

A rule is data of the policy: the event that starts a clock, the event that meets it, how many
days, of which kind, and the law behind it. Which rule governs follows from the date on which the
information was formed, so that an item keeps the law under which it came to be, and from its place
in the catalogue. The day of the event is not counted and the last day is counted whole (Civil
Code, articles 201 and 203): nothing is overdue before 00:00 of the next day in Asia/Shanghai,
wherever the machine stands.

All days here are dates of Asia/Shanghai; :func:`day_of` makes one of an instant. Nothing in this
module reads a clock or a database.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from workflow.errors import InvalidInput

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from workflow.working_days import Calendar, Day

SHANGHAI: Final = ZoneInfo("Asia/Shanghai")
SOON: Final = 5
"""How many working days before the due date a clock begins to be due soon."""
LADDER: Final = (-10, -5, -2, 0, 1, 3, 5)
"""The rungs of the usual ladder: working days before (negative) or after the due date."""
WEEK: Final = 5
"""Working days from the last rung of a ladder to the first weekly one, and between those."""

_ONE_DAY: Final = timedelta(days=1)


class Kind(StrEnum):
    """Whom a deadline binds: the law binds the office, a budget the desk that holds the item."""

    LEGAL = "legal"
    STAGE = "stage"


class Unit(StrEnum):
    """What is counted."""

    WORKING_DAY = "working_day"
    CALENDAR_DAY = "calendar_day"


class Start(StrEnum):
    """The event whose day is day 0."""

    FORMED = "formed"
    CHANGED = "changed"
    APPROVED = "approved"
    STAGE_ENTERED = "stage_entered"


class Met(StrEnum):
    """The event that meets a clock."""

    PUBLISHED = "published"
    HANDED_OVER = "handed_over"
    STAGE_LEFT = "stage_left"


class RestDay(StrEnum):
    """What becomes of a last day that is a rest day; only calendar days can end on one."""

    NEXT_WORKING_DAY = "next_working_day"
    STAYS = "stays"


class Status(StrEnum):
    """How a clock stands on a day."""

    OPEN = "open"
    DUE_SOON = "due_soon"
    DUE_TODAY = "due_today"
    OVERDUE = "overdue"
    PAUSED = "paused"
    MET_ON_TIME = "met_on_time"
    MET_LATE = "met_late"
    VOIDED = "voided"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineRule:
    """One rule; raises ``InvalidInput('deadline_rule_wrong')`` if it cannot be one.

    ``clock`` names what is timed (``online``, ``reading_points`` …): of all rules for one clock,
    exactly one governs an item. ``valid_from`` and ``valid_to`` are formation dates, both ends
    included, open where absent. A rule with ``categories`` goes before one without. ``stage`` is
    the stage whose budget it is, for :attr:`Kind.STAGE` only. ``rest_day`` moves a last calendar
    day that is a rest day to the next working day (Civil Code, article 203) or leaves it.
    """

    code: str
    clock: str
    kind: Kind = Kind.LEGAL
    starts_on: Start = Start.FORMED
    met_by: Met = Met.PUBLISHED
    amount: int
    unit: Unit = Unit.WORKING_DAY
    legal_basis: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    categories: frozenset[str] = frozenset()
    stage: str = ""
    pausable: bool = False
    rest_day: RestDay = RestDay.NEXT_WORKING_DAY

    def __post_init__(self) -> None:
        """Refuse what no rule can be."""
        if not self.code or not self.clock:
            raise self._wrong("code", self.code)
        if not 1 <= self.amount <= 1000:  # noqa: PLR2004 # a bound against slips of the pen
            raise self._wrong("amount", self.amount)
        if self.valid_from and self.valid_to and self.valid_to < self.valid_from:
            raise self._wrong("valid_to", self.valid_to)
        budget = self.kind is Kind.STAGE
        if budget is not bool(self.stage):
            raise self._wrong("stage", self.stage)
        if budget is not (self.starts_on is Start.STAGE_ENTERED):
            raise self._wrong("starts_on", self.starts_on)
        if budget is not (self.met_by is Met.STAGE_LEFT):
            raise self._wrong("met_by", self.met_by)

    @classmethod
    def from_table(cls, table: Mapping[str, Any]) -> DeadlineRule:
        """Make a rule from a table of a policy file.

        Texts become the coded values they name and dates may be dates or ISO 8601. Raises
        ``InvalidInput('deadline_rule_wrong')`` that names rule, key and value.
        """
        values: dict[str, Any] = {"code": "", "clock": "", "amount": 0}
        for key, value in table.items():
            try:
                values[key] = _READ[key](value)
            except (KeyError, TypeError, ValueError) as error:
                raise InvalidInput(
                    "deadline_rule_wrong",
                    rule=str(table.get("code", "")),
                    key=key,
                    value=str(value),
                ) from error
        return cls(**values)

    @classmethod
    def budget(cls, stage: str, amount: int, *, legal_basis: str = "") -> DeadlineRule:
        """Make the budget of a stage, in working days from the day on which it was entered."""
        return cls(
            code=f"budget_{stage}",
            clock=f"stage_{stage}",
            kind=Kind.STAGE,
            starts_on=Start.STAGE_ENTERED,
            met_by=Met.STAGE_LEFT,
            amount=amount,
            legal_basis=legal_basis,
            stage=stage,
        )

    def governs(self, formed_on: date, category: str) -> bool:
        """Tell whether this rule can govern an item of ``category`` formed on that date."""
        return (
            (self.valid_from is None or self.valid_from <= formed_on)
            and (self.valid_to is None or formed_on <= self.valid_to)
            and (not self.categories or category in self.categories)
        )

    def _wrong(self, key: str, value: object) -> InvalidInput:
        return InvalidInput("deadline_rule_wrong", rule=self.code, key=key, value=str(value))


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _whole(value: object) -> int:
    if type(value) is not int:
        raise TypeError
    return value


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError
    return value


def _day(value: object) -> date:
    return value if type(value) is date else date.fromisoformat(_text(value))


def _codes(value: object) -> frozenset[str]:
    if isinstance(value, str) or not isinstance(value, (list, tuple)):
        raise TypeError
    return frozenset(_text(code) for code in value)


_READ: Final[Mapping[str, Any]] = {
    "code": _text, "clock": _text, "kind": Kind, "starts_on": Start, "met_by": Met,
    "amount": _whole, "unit": Unit, "legal_basis": _text, "valid_from": _day, "valid_to": _day,
    "categories": _codes, "stage": _text, "pausable": _flag, "rest_day": RestDay,
}  # fmt: skip


# --- Which rule ---------------------------------------------------------------------------------


def check(rules: Sequence[DeadlineRule]) -> None:
    """Refuse rules of which two could govern one item by one clock, or that share a code.

    Raises ``InvalidInput`` with ``deadline_rule_twice`` or ``deadline_rules_overlap``.
    """
    for place, one in enumerate(rules):
        for other in rules[:place]:
            if one.code == other.code:
                raise InvalidInput("deadline_rule_twice", rule=one.code)
            if one.clock == other.clock and _overlap(one, other):
                raise InvalidInput("deadline_rules_overlap", rule=other.code, other=one.code)


def _overlap(one: DeadlineRule, other: DeadlineRule) -> bool:
    """Tell whether neither rule goes before the other for some item."""
    earliest, latest = date.min, date.max
    return (
        max(one.valid_from or earliest, other.valid_from or earliest)
        <= min(one.valid_to or latest, other.valid_to or latest)
        and bool(one.categories) is bool(other.categories)
        and (not one.categories or bool(one.categories & other.categories))
    )


def choose(
    rules: Iterable[DeadlineRule], *, clock: str, formed_on: date, category: str
) -> DeadlineRule | None:
    """Return the rule that governs an item by one clock; ``None`` if no rule does.

    So an item formed before 2008-05-01, when the Regulations came into force, has no clock of
    theirs. A rule for the item's category goes before one for all.
    """
    governing = [
        rule for rule in rules if rule.clock == clock and rule.governs(formed_on, category)
    ]
    return max(governing, key=lambda rule: bool(rule.categories), default=None)


def governing(
    rules: Sequence[DeadlineRule], *, formed_on: date, category: str
) -> tuple[DeadlineRule, ...]:
    """Return the rules that govern an item, one for each clock, in the order of the clocks."""
    clocks = dict.fromkeys(rule.clock for rule in rules)
    chosen = (
        choose(rules, clock=clock, formed_on=formed_on, category=category) for clock in clocks
    )
    return tuple(rule for rule in chosen if rule is not None)


# --- When it ends -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Due:
    """The last day of a clock, and whether a notice that is not out yet may still move it."""

    day: date
    provisional: bool


@dataclass(frozen=True, slots=True)
class Pause:
    """A time that does not count: the days after ``begun_on``, up to and with ``ended_on``.

    So on both ends the day of the event itself is treated as at the start of a clock. A pause
    that has not ended has no ``ended_on``. Raises ``InvalidInput('deadline_pause_wrong')`` for
    one that ends before it begins.
    """

    begun_on: date
    ended_on: date | None = None

    def __post_init__(self) -> None:
        """Refuse an end before the beginning."""
        if self.ended_on is not None and self.ended_on < self.begun_on:
            raise InvalidInput("deadline_pause_wrong", begun=self.begun_on, ended=self.ended_on)


@dataclass(frozen=True, slots=True)
class Counted:
    """One day of a clock: what it is and by whose word, and its number if it was counted.

    ``number`` is absent for a day that was skipped: a rest day where working days are counted, a
    day of a pause, and a last calendar day that moved on because it is a rest day.
    """

    day: Day
    number: int | None
    paused: bool = False


def due_on(
    rule: DeadlineRule, start: date, *, calendar: Calendar, pauses: Iterable[Pause] = ()
) -> Due:
    """Return when a clock that started on ``start`` ends.

    ``start`` is day 0 and may be a rest day. Pauses that overlap count once; one that has not
    ended moves nothing yet, and as long as it lasts the clock is :attr:`Status.PAUSED`. Raises
    ``InvalidInput`` with ``outside_calendar`` where the calendar ends, and with
    ``deadline_not_pausable`` if there are pauses and the rule knows none.
    """
    merged = _allowed(rule, pauses)
    working = rule.unit is Unit.WORKING_DAY
    # A count of calendar days is refused outside of the calendar as one of working days is.
    calendar.is_provisional(start)
    day = calendar.add(start, rule.amount) if working else start + timedelta(days=rule.amount)
    for begun_on, ended_on in merged:
        begun = max(begun_on, start)
        if begun < day and ended_on > begun:
            lost = calendar.count(begun, ended_on) if working else (ended_on - begun).days
            day = calendar.add(day, lost) if working else day + timedelta(days=lost)
    moves = rule.rest_day is RestDay.NEXT_WORKING_DAY
    if not working and moves and not calendar.is_working_day(day):
        day = calendar.add(day, 1)
    return Due(day, calendar.is_provisional(day) and (working or moves))


def explain(
    rule: DeadlineRule, start: date, *, calendar: Calendar, pauses: Iterable[Pause] = ()
) -> tuple[Counted, ...]:
    """Return every day after ``start`` up to and with the due date, in the order counted.

    The last line is the due date of :func:`due_on`, and the numbers run from 1 to the amount of
    the rule. Raises what :func:`due_on` raises.
    """
    pauses = tuple(pauses)
    merged = _allowed(rule, pauses)
    due = due_on(rule, start, calendar=calendar, pauses=pauses).day
    lines: list[Counted] = []
    number, day = 0, start
    while day < due:
        day += _ONE_DAY
        described = calendar.describe(day)
        paused = any(begun_on < day <= ended_on for begun_on, ended_on in merged)
        counts = not paused and (described.works or rule.unit is Unit.CALENDAR_DAY)
        counts = counts and number < rule.amount
        number += counts
        lines.append(Counted(described, number if counts else None, paused))
    return tuple(lines)


def _allowed(rule: DeadlineRule, pauses: Iterable[Pause]) -> list[tuple[date, date]]:
    """Return the pauses as :func:`_merged` does; refuse any where the rule knows none."""
    merged = _merged(pauses)
    if merged and not rule.pausable:
        raise InvalidInput("deadline_not_pausable", rule=rule.code)
    return merged


def _merged(pauses: Iterable[Pause]) -> list[tuple[date, date]]:
    """Return the pauses that have ended in their order, those that overlap as one."""
    merged: list[tuple[date, date]] = []
    for begun_on, ended_on in sorted(
        (pause.begun_on, pause.ended_on or pause.begun_on) for pause in pauses
    ):
        if merged and begun_on <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], ended_on))
        else:
            merged.append((begun_on, ended_on))
    return merged


def overdue_at(due: date) -> datetime:
    """Return the instant, in UTC, from which a clock is overdue: when the day after ``due`` begins.

    The due day belongs wholly to the department, so this is 00:00 in Asia/Shanghai.
    """
    return datetime.combine(due + _ONE_DAY, time(), tzinfo=SHANGHAI).astimezone(UTC)


def day_of(instant: datetime) -> date:
    """Return the day of Asia/Shanghai in which an instant with a zone lies."""
    if instant.tzinfo is None:
        raise TypeError("an instant needs a zone")
    return instant.astimezone(SHANGHAI).date()


# --- How it stands ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """A clock of an item, as far as its standing depends on it.

    ``met_on`` is the day that counts: of publication, or of the last hand-over. A clock that is
    voided counts nowhere, whatever else is known of it.
    """

    due: date
    met_on: date | None = None
    voided: bool = False
    paused: bool = False
    provisional: bool = False


def status(clock: Clock, day: date, *, calendar: Calendar, soon: int = SOON) -> Status:
    """Tell how a clock stands on ``day``, the day of Asia/Shanghai that it is asked on.

    It is due soon when at most ``soon`` working days are left. Overdue while paused is impossible,
    and so is anything but its end once it is met or voided.
    """
    if clock.voided:
        return Status.VOIDED
    if clock.met_on is not None:
        return Status.MET_ON_TIME if clock.met_on <= clock.due else Status.MET_LATE
    if clock.paused:
        return Status.PAUSED
    if day > clock.due:
        return Status.OVERDUE
    if day == clock.due:
        return Status.DUE_TODAY
    return Status.DUE_SOON if calendar.count(day, clock.due) <= soon else Status.OPEN


def working_days_left(due: date, day: date, *, calendar: Calendar) -> int:
    """Return the working days after ``day`` up to and with ``due``; negative once it is past.

    0 says that the last working day is ``day`` itself or was before it.
    """
    return calendar.count(day, due)


@dataclass(frozen=True, slots=True)
class Move:
    """A due date that moved, and how its clock stood and stands on the day of the move."""

    old: Due
    new: Due
    before: Status
    after: Status

    @property
    def withdraws_overdue(self) -> bool:
        """Whether the clock was overdue by the old date only: people were alarmed for nothing."""
        return self.before is Status.OVERDUE and self.after is not Status.OVERDUE

    @property
    def makes_overdue(self) -> bool:
        """Whether the clock is overdue by the new date only."""
        return self.before is not Status.OVERDUE and self.after is Status.OVERDUE


def moved(clock: Clock, new: Due, day: date, *, calendar: Calendar) -> Move | None:
    """Return what a new due date means for a clock on ``day``; ``None`` if nothing changes.

    So after a change of the calendar, the formation date or a pause, each open clock is asked, and
    those that move get their next ``rev``. A clock that is met or voided stays as it is: history
    is not rewritten. ``calendar`` is the new one.
    """
    old = Due(clock.due, clock.provisional)
    if clock.voided or clock.met_on is not None or old == new:
        return None
    after = replace(clock, due=new.day, provisional=new.provisional)
    return Move(
        old, new, status(clock, day, calendar=calendar), status(after, day, calendar=calendar)
    )


def will_miss(due: date, day: date, *, remaining: Iterable[int], calendar: Calendar) -> bool:
    """Tell whether the due date will be missed at this pace.

    ``remaining`` are the working days that the budgets still allow, one number for each stage to
    come and what is left of the present one; a budget that is spent leaves 0. They say that it
    will be missed when together they exceed the working days left.
    """
    return sum(max(0, days) for days in remaining) > working_days_left(due, day, calendar=calendar)


def budget_left(rule: DeadlineRule, entered_on: date, day: date, *, calendar: Calendar) -> int:
    """Return the working days that a stage's budget still allows on ``day``; never below 0."""
    return max(0, rule.amount - max(0, calendar.count(entered_on, day)))


def over_budget(budgets: Iterable[DeadlineRule], legal: DeadlineRule) -> int:
    """Return by how many working days the budgets of all stages exceed a legal limit; 0 if not.

    A limit in calendar days counts as the fewest working days that it can hold between holidays,
    so that the policy is warned of before it happens.
    """
    limit = legal.amount
    if legal.unit is Unit.CALENDAR_DAY:
        weeks, rest = divmod(legal.amount, 7)
        limit = legal.amount - 2 * weeks - min(2, rest)
    return max(0, sum(rule.amount for rule in budgets if rule.kind is Kind.STAGE) - limit)


# --- The ladder ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Rung:
    """A step of the ladder: ``T-10`` … ``T+5``, then ``W1``, ``W2`` … week by week.

    ``offset`` is in working days from the due date.
    """

    code: str
    offset: int
    day: date


def rungs(
    due: date, *, calendar: Calendar, until: date, after: date | None = None,
    ladder: Sequence[int] = LADDER,
) -> Iterator[Rung]:  # fmt: skip
    """Give the rungs of a due date that fall on ``until`` or before, in their order.

    Rungs on or before ``after``, the day on which the clock started, are left out: nobody is
    reminded of what has not begun. Each weekly rung has a number of its own, so that one alert for
    each can be told from the next. The ladder ends where the calendar does.
    """
    offsets = [(f"T{offset:+d}" if offset else "T-0", offset) for offset in sorted(ladder)]
    week = 0
    while True:
        if offsets:
            code, offset = offsets.pop(0)
        else:
            week += 1
            code, offset = f"W{week}", max((*ladder, 0)) + week * WEEK
        try:
            day = calendar.add(due, offset)
        except InvalidInput:
            if offset > 0:
                return
            continue
        if day > until:
            return
        if after is None or day > after:
            yield Rung(code, offset, day)


def highest_rung(
    due: date, *, calendar: Calendar, until: date, after: date | None = None,
    ladder: Sequence[int] = LADDER,
) -> Rung | None:  # fmt: skip
    """Return the last rung reached by ``until``: what is left of many after an outage."""
    reached = rungs(due, calendar=calendar, until=until, after=after, ladder=ladder)
    return max(reached, key=lambda rung: rung.offset, default=None)
