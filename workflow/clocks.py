"""Clocks in the database: opened, moved, met and voided in the transaction that causes it.

Rules decide (:mod:`workflow.deadlines`), rows remember. :func:`agree` is the one way in which the
legal clocks of an item come to what its policy, its formation date, its category and its attribute
ask for; :meth:`Clocks.desk` charges the budget of the desk that holds an item; :func:`recompute`
brings all running clocks to another calendar. Nothing here decides who may cause any of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from sqlalchemy import (
    Boolean,
    Date,
    Integer,
    and_,
    bindparam,
    case,
    exists,
    func,
    insert,
    literal,
    select,
    update,
)

from workflow import calendar_files
from workflow.audit import Chain, item_subject, write_items
from workflow.database import Among, Statement
from workflow.deadlines import (
    DeadlineRule,
    Due,
    Kind,
    Met,
    Pause,
    RestDay,
    Unit,
    day_of,
    due_on,
    governing,
    overdue_at,
)
from workflow.machine import Place, State
from workflow.models import (
    CalendarVersion,
    DateCorrection,
    Deadline,
    DeadlineMove,
    DeadlinePause,
    Edition,
    Item,
    Remark,
    table,
)
from workflow.policy import PUBLICATION
from workflow.revisions import Attribute
from workflow.working_days import Calendar, stored

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date, datetime

    from workflow.audit import Origin
    from workflow.database import Transaction
    from workflow.policy import Policy

STAGE_CLOCK: Final = "stage"
"""The clock of every budget: a desk at a time holds an item, so one runs at the most."""
VOIDING: Final = frozenset(
    {State.WITHHELD, State.ON_REQUEST_ONLY, State.ABANDONED, State.RETRACTED, State.SUPERSEDED}
)
"""States that void what is still open."""
_AT_A_DESK: Final = frozenset({State.PENDING, State.REFERRED})
_TO_PUBLISH: Final = frozenset({State.CLEARED, State.PUBLISHING, State.PUBLICATION_FAILED})

_deadline, _move, _pause = table(Deadline), table(DeadlineMove), table(DeadlinePause)
_calendar, _correction, _item = table(CalendarVersion), table(DateCorrection), table(Item)
_remark, _edition = table(Remark), table(Edition)
_running = and_(_deadline.c.met_on.is_(None), _deadline.c.voided_at.is_(None))
_is_legal = _deadline.c.kind == Kind.LEGAL

CURRENT_NUMBER: Final = select(func.max(_calendar.c.number)).scalar_subquery()
"""The number of the calendar in force, for a statement that reads more beside it."""
LATE_WORDS: Final = (
    select(_remark.c.canonical).where(_remark.c.id == _deadline.c.late_remark_id).scalar_subquery()
)
"""The remark that says why a publication was late, for a statement that reads clocks."""
_CURRENT: Final = Statement(select(CURRENT_NUMBER.label("number")))
_CALENDAR: Final = Statement(
    select(_calendar.c.text).where(_calendar.c.number == bindparam("number"))
)
_KEEP_CALENDAR: Final = Statement(
    insert(_calendar).values(
        **{
            name: bindparam(name)
            for name in (
                "number",
                "digest",
                "text",
                "source",
                "reason",
                "reverts",
                "applied_by",
                "applied_at",
            )
        }
    )
)
_TERMS: Final = (
    _deadline.c.id,
    _deadline.c.item_id,
    _deadline.c.clock,
    _deadline.c.rule,
    _deadline.c.amount,
    _deadline.c.unit,
    _deadline.c.rest_day,
    _deadline.c.pausable,
    _deadline.c.started_on,
    _deadline.c.due_on,
    _deadline.c.provisional,
    _deadline.c.rev,
    _deadline.c.calendar,
    _deadline.c.met_on,
    _deadline.c.detected_at,
    _deadline.c.swept_on,
)
_LEGAL_OF_ITEM: Final = Statement(
    select(*_TERMS)
    .where(_deadline.c.item_id == bindparam("item_id"), _is_legal, _deadline.c.voided_at.is_(None))
    .order_by(_deadline.c.id)
)
_LEGAL_OF_ITEMS: Final = Statement(
    select(*_TERMS)
    .where(Among(_deadline.c.item_id, "items"), _is_legal, _deadline.c.voided_at.is_(None))
    .order_by(_deadline.c.id)
)
_BUDGET_OF_ITEM: Final = Statement(
    select(*_TERMS).where(
        _deadline.c.item_id == bindparam("item_id"), _deadline.c.kind == Kind.STAGE, _running
    )
)
_ONE: Final = Statement(select(*_TERMS).where(_deadline.c.id == bindparam("deadline_id")))
_VOIDED_OF_ITEM: Final = Statement(
    select(_deadline.c.clock).where(
        _deadline.c.item_id == bindparam("item_id"),
        _is_legal,
        _deadline.c.void_reason == bindparam("reason"),
    )
)
_PAUSES: Final = Statement(
    select(_pause.c.begun_on, _pause.c.ended_on)
    .where(_pause.c.deadline_id == bindparam("deadline_id"))
    .order_by(_pause.c.id)
)
_CORRECTED: Final = Statement(
    select(_correction.c.formed_on, _correction.c.revision_id)
    .where(_correction.c.item_id == bindparam("item_id"))
    .order_by(_correction.c.id.desc())
    .limit(1)
)
_CORRECTED_OF: Final = Statement(
    # The newest of an item comes last.
    select(_correction.c.item_id, _correction.c.formed_on, _correction.c.revision_id)
    .where(Among(_correction.c.item_id, "items"))
    .order_by(_correction.c.id)
)
_CHANGED_OF: Final = Statement(
    select(_edition.c.item_id, _edition.c.changed_on).where(Among(_edition.c.item_id, "items"))
)
_CHANGED: Final = Statement(
    select(_edition.c.changed_on).where(_edition.c.item_id == bindparam("item_id"))
)
_OPEN: Final = Statement(
    insert(_deadline).values(
        rev=1,
        **{
            name: bindparam(name)
            for name in (
                "item_id",
                "body_id",
                "clock",
                "kind",
                "rule",
                "stage",
                "amount",
                "unit",
                "rest_day",
                "met_by",
                "legal_basis",
                "pausable",
                "started_on",
                "due_on",
                "overdue_at",
                "provisional",
                "calendar",
                "opened_at",
            )
        },
    )
)
_MOVE: Final = Statement(
    update(_deadline)
    .where(_deadline.c.id == bindparam("deadline_id"))
    .values(
        started_on=bindparam("new_started_on"),
        due_on=bindparam("new_due_on"),
        overdue_at=bindparam("new_overdue_at"),
        provisional=bindparam("new_provisional"),
        rev=bindparam("new_rev"),
        calendar=bindparam("new_calendar"),
        detected_at=bindparam("new_detected_at"),
        sweep_on=bindparam("new_sweep_on"),
        swept_on=bindparam("new_swept_on"),
    )
)
_NOTE_MOVE: Final = Statement(
    insert(_move).values(
        **{
            name: bindparam(name)
            for name in (
                "deadline_id",
                "rev",
                "why",
                "old_started_on",
                "new_started_on",
                "old_due_on",
                "new_due_on",
                "old_calendar",
                "new_calendar",
                "withdrew_overdue",
                "at",
            )
        }
    )
)
_MEET: Final = Statement(
    update(_deadline)
    .where(
        _deadline.c.item_id == bindparam("of_item"),
        _deadline.c.met_by == bindparam("met_by", type_=_deadline.c.met_by.type),
        _running,
    )
    .values(met_on=bindparam("day"), met_at=bindparam("at"))
)
_VOID_ONE: Final = Statement(
    update(_deadline)
    .where(_deadline.c.id == bindparam("deadline_id"), _running)
    .values(voided_at=bindparam("at"), void_reason=bindparam("reason"))
)
_VOID_LEGAL: Final = Statement(
    update(_deadline)
    .where(_deadline.c.item_id == bindparam("of_item"), _is_legal, _running)
    .values(voided_at=bindparam("at"), void_reason=bindparam("reason"))
)

_LOOK_AGAIN: Final = Statement(
    update(_deadline)
    .where(_deadline.c.item_id == bindparam("of_item"), _running)
    .values(sweep_on=bindparam("today"))
)


class Calendars:
    """Calendars by number, read from the database once; a version never changes."""

    def __init__(self) -> None:
        """Start with nothing read."""
        self._known: dict[int, Calendar] = {}

    def get(self, transaction: Transaction, number: int) -> Calendar:
        """Return the calendar with that number."""
        calendar = self._known.get(number)
        if calendar is None:
            text = transaction.one(_CALENDAR, number=number).text
            calendar = self._known[number] = stored(text)
        return calendar

    def current(self, transaction: Transaction) -> tuple[int, Calendar]:
        """Return the number of the calendar in force, and the calendar."""
        number: int = transaction.one(_CURRENT).number
        return number, self.get(transaction, number)


def adopt(
    transaction: Transaction,
    calendar: Calendar,
    *,
    now: datetime,
    source: str,
    applied_by: int | None = None,
    reason: str | None = None,
    reverts: int | None = None,
) -> int:
    """Keep ``calendar`` as the next version, which is from now on the one in force."""
    before: int | None = transaction.one(_CURRENT).number
    number = (before or 0) + 1
    transaction.run(
        _KEEP_CALENDAR,
        number=number,
        digest=calendar.version,
        text=calendar.text,
        source=source,
        reason=reason,
        reverts=reverts,
        applied_by=applied_by,
        applied_at=now,
    )
    return number


def adopt_shipped(transaction: Transaction, *, now: datetime) -> dict[str, Any] | None:
    """Begin with the calendar that ships; return what the trail says of it.

    ``None`` where there is a calendar already.
    """
    if transaction.one(_CURRENT).number is not None:
        return None
    shipped, source = calendar_files.shipped(), "cn.toml"
    number = adopt(transaction, shipped, now=now, source=source)
    return {"number": number, "version": shipped.version, "source": source}


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What the clocks of an item depend on, as it stands after the act that asks for them."""

    item_id: int
    body_id: int
    revision_id: int
    formed_on: date | None
    category: str | None
    attribute: Attribute | None
    running: bool = True
    """Whether the law's clocks run at all: not for what ended otherwise than by publication."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Time:
    """The instant of an act and the calendar in force at it."""

    now: datetime
    number: int
    calendar: Calendar

    @property
    def day(self) -> date:
        """The day in Asia/Shanghai."""
        return day_of(self.now)


def agree(
    transaction: Transaction, subject: Subject, policy: Policy, time: Time, *, why: str
) -> list[dict[str, Any]]:
    """Open, move and void the legal clocks of an item until they are those that govern it.

    Returns what was done, for the trail; an empty list if nothing had to be. A clock that is met
    stays met, and moves only if the formation date was corrected. Raises
    ``InvalidInput('outside_calendar')`` for a date that the calendar does not know.
    """
    start = formed_on(transaction, subject)
    rows = transaction.run(_LEGAL_OF_ITEM, item_id=subject.item_id)
    done: list[dict[str, Any]] = []
    moves, ends, opens = _disagreeing(rows, _governing(subject, policy, start), start)
    for row in moves:
        done += _moved(transaction, row, time, why=why, started_on=start)
    for row in ends:
        transaction.run(_VOID_ONE, deadline_id=row.id, at=time.now, reason=why)
        done.append(_voided(row))
    for rule in opens:
        # There is none where no formation date is known.
        done.append(_opened(transaction, subject, rule, time, start or time.day))
    return done


def foresee(
    transaction: Transaction, subjects: Sequence[Subject], policy: Policy, time: Time
) -> dict[int, list[dict[str, Any]]]:
    """Return for each of some items what :func:`agree` would do to its clocks, and do nothing."""
    items = [subject.item_id for subject in subjects]
    running: dict[int, list[Any]] = {}
    for row in transaction.run(_LEGAL_OF_ITEMS, items=items):
        running.setdefault(row.item_id, []).append(row)
    changed = {row.item_id: row.changed_on for row in transaction.run(_CHANGED_OF, items=items)}
    corrected = {row.item_id: row for row in transaction.run(_CORRECTED_OF, items=items)}
    found: dict[int, list[dict[str, Any]]] = {}
    for subject in subjects:
        start = _counted_from(subject, changed.get(subject.item_id), corrected.get(subject.item_id))
        moves, ends, opens = _disagreeing(
            running.get(subject.item_id, []), _governing(subject, policy, start), start
        )
        found[subject.item_id] = [
            *(
                told
                for row in moves
                for told in _moving(transaction, row, time, start or row.started_on).told
            ),
            *(_voided(row) for row in ends),
            *(_opening(rule, due_on(rule, start or time.day, calendar=time.calendar))
              for rule in opens),
        ]  # fmt: skip
    return found


def _disagreeing(
    rows: Iterable[Any], governing_: Mapping[str, DeadlineRule], start: date | None
) -> tuple[list[Any], list[Any], list[DeadlineRule]]:
    """Return which clocks have to move, which to end, and by which rules others have to open."""
    wanted = dict(governing_)
    moves, ends = [], []
    for row in rows:
        rule = wanted.pop(row.clock, None)
        same = rule is not None and _terms(rule) == (row.rule, row.amount, row.unit, row.rest_day)
        if start is not None and same:
            if row.started_on != start:
                moves.append(row)
        elif row.met_on is None:
            ends.append(row)
            if rule is not None:
                wanted[row.clock] = rule
    return moves, ends, list(wanted.values())


def _voided(row: Any) -> dict[str, Any]:
    return {"clock": row.clock, "did": "voided", "due": row.due_on, "rev": row.rev}


def _opening(rule: DeadlineRule, due: Due) -> dict[str, Any]:
    return {"clock": rule.clock, "did": "opened", "due": due.day, "rev": 1}


def revive(
    transaction: Transaction, subject: Subject, policy: Policy, time: Time, *, voided_as: str
) -> list[dict[str, Any]]:
    """Open again what was voided for that reason, from the same day; the voided rows stay.

    What was met before stays met. Returns what was done, for the trail.
    """
    lost = {
        row.clock
        for row in transaction.run(_VOIDED_OF_ITEM, item_id=subject.item_id, reason=voided_as)
    }
    lost -= {row.clock for row in transaction.run(_LEGAL_OF_ITEM, item_id=subject.item_id)}
    start = formed_on(transaction, subject)
    return [
        _opened(transaction, subject, rule, time, start or time.day)
        for rule in _governing(subject, policy, start).values()
        if rule.clock in lost
    ]


def _governing(subject: Subject, policy: Policy, start: date | None) -> dict[str, DeadlineRule]:
    """Return the rules that govern an item, by clock; none if no law's clock runs for it."""
    if not subject.running or start is None or subject.attribute is not Attribute.PROACTIVE:
        return {}
    rules = governing(policy.deadlines, formed_on=start, category=subject.category or "")
    return {rule.clock: rule for rule in rules}


def formed_on(transaction: Transaction, subject: Subject) -> date | None:
    """Return the date from which an item's clocks count: the corrected one, if there is one.

    A correction is of the text that was decided on; a later text states its date itself. Those of
    a corrected edition count from the change, for the law says "formed or changed" (article 26).
    """
    changed = transaction.one(_CHANGED, item_id=subject.item_id)
    if changed is not None:
        return _counted_from(subject, changed.changed_on, None)
    return _counted_from(subject, None, transaction.one(_CORRECTED, item_id=subject.item_id))


def _counted_from(subject: Subject, changed_on: date | None, correction: Any) -> date | None:
    if changed_on is not None:
        return changed_on
    if correction is not None and correction.revision_id == subject.revision_id:
        corrected: date = correction.formed_on
        return corrected
    return subject.formed_on


def _terms(rule: DeadlineRule) -> tuple[str, int, Unit, RestDay]:
    return rule.code, rule.amount, rule.unit, rule.rest_day


def _opened(
    transaction: Transaction, subject: Subject, rule: DeadlineRule, time: Time, start: date
) -> dict[str, Any]:
    due = due_on(rule, start, calendar=time.calendar)
    transaction.run(
        _OPEN,
        item_id=subject.item_id,
        body_id=subject.body_id,
        clock=rule.clock,
        kind=rule.kind,
        rule=rule.code,
        stage=rule.stage,
        amount=rule.amount,
        unit=rule.unit,
        rest_day=rule.rest_day,
        met_by=rule.met_by,
        legal_basis=rule.legal_basis,
        pausable=rule.pausable,
        started_on=start,
        due_on=due.day,
        overdue_at=overdue_at(due.day),
        provisional=due.provisional,
        calendar=time.number,
        opened_at=time.now,
    )
    return _opening(rule, due)


class _Moving(NamedTuple):
    """Where a clock moves when it is worked out again, and what the trail says of it."""

    due: Due
    rev: int
    stays: bool
    withdrew: bool
    told: list[dict[str, Any]]


def _moving(transaction: Transaction, row: Any, time: Time, start: date) -> _Moving:
    due = _due(transaction, row, start, time.calendar)
    stays = due.day == row.due_on and start == row.started_on
    overdue = row.detected_at is not None and row.met_on is None
    withdrew = overdue and due.day >= time.day
    rev = row.rev if stays else row.rev + 1
    move = {"clock": row.clock, "did": "moved", "from": row.due_on, "due": due.day, "rev": rev}
    told = move | {"withdrew_overdue": True} if withdrew else move
    return _Moving(due, rev, stays, withdrew, [] if stays else [told])


def _moved(
    transaction: Transaction, row: Any, time: Time, *, why: str, started_on: date | None = None
) -> list[dict[str, Any]]:
    """Work a clock out again; returns what the trail says of it, if its last day moved."""
    start = started_on or row.started_on
    due, rev, stays, withdrew, told = _moving(transaction, row, time, start)
    transaction.run(
        _MOVE,
        deadline_id=row.id,
        new_started_on=start,
        new_due_on=due.day,
        new_overdue_at=overdue_at(due.day),
        new_provisional=due.provisional,
        new_rev=rev,
        new_calendar=time.number,
        new_detected_at=None if withdrew else row.detected_at,
        # Also where only a pause began or ended: then there may be something to do that was not.
        new_sweep_on=time.day,
        new_swept_on=row.swept_on if stays and row.calendar == time.number else None,
    )
    if stays:
        return told
    transaction.run(
        _NOTE_MOVE,
        deadline_id=row.id,
        rev=rev,
        why=why,
        old_started_on=row.started_on,
        new_started_on=start,
        old_due_on=row.due_on,
        new_due_on=due.day,
        old_calendar=row.calendar,
        new_calendar=time.number,
        withdrew_overdue=withdrew,
        at=time.now,
    )
    return told


def _due(transaction: Transaction, row: Any, start: date, calendar: Calendar) -> Due:
    pauses = [
        Pause(pause.begun_on, pause.ended_on)
        for pause in (transaction.run(_PAUSES, deadline_id=row.id) if row.pausable else ())
    ]
    return due_on(_rule(row), start, calendar=calendar, pauses=pauses)


def _rule(row: Any) -> DeadlineRule:
    """Return the terms that a row remembers as a rule that can be worked out."""
    return DeadlineRule(
        code=getattr(row, "rule", "terms"),
        clock="terms",
        amount=row.amount,
        unit=row.unit,
        rest_day=row.rest_day,
        pausable=getattr(row, "pausable", False),
    )


def desk(
    transaction: Transaction,
    subject: Subject,
    policy: Policy,
    time: Time,
    *,
    here: str | None,
    there: str | None,
) -> None:
    """End the budget of the desk that an item leaves and open that of the one it comes to.

    Budgets are no part of the trail: the act that moves the item is.
    """
    if here == there:
        return
    if here is not None:
        transaction.run(
            _MEET, of_item=subject.item_id, met_by=Met.STAGE_LEFT, day=time.day, at=time.now
        )
    if there is not None and (rule := policy.budgets.get(there)) is not None:
        _opened(transaction, subject, rule, time, time.day)


def recharge(
    transaction: Transaction,
    subject: Subject,
    policy: Policy,
    time: Time,
    *,
    here: str | None,
    since: date,
) -> None:
    """Give the desk that holds an item since a day the budget of another policy."""
    rule = policy.budgets.get(here) if here is not None else None
    row = transaction.one(_BUDGET_OF_ITEM, item_id=subject.item_id)
    if row is not None:
        if rule is not None and _terms(rule) == (row.rule, row.amount, row.unit, row.rest_day):
            return
        transaction.run(_VOID_ONE, deadline_id=row.id, at=time.now, reason="policy")
    if rule is not None:
        _opened(transaction, subject, rule, time, since)


def rework(
    transaction: Transaction, deadline_id: int, time: Time, *, why: str
) -> list[dict[str, Any]]:
    """Work one clock out again after its pauses changed; returns what was done, for the trail."""
    row = transaction.one(_ONE, deadline_id=deadline_id)
    return _moved(transaction, row, time, why=why)


def desk_at(place: Place, owed_stage: str | None = None) -> str | None:
    """Return the desk whose budget runs where an item is; ``owed_stage`` decides afterwards."""
    if place.state in _AT_A_DESK:
        return place.stage
    if place.state is State.PUBLISHED:
        return owed_stage
    return PUBLICATION if place.state in _TO_PUBLISH else None


def look_again(transaction: Transaction, item_id: int, time: Time) -> None:
    """Have the next sweep look at the running clocks of an item, whose ladder may be another."""
    transaction.run(_LOOK_AGAIN, of_item=item_id, today=time.day)


def meet(transaction: Transaction, item_id: int, met_by: Met, *, on: date, now: datetime) -> bool:
    """Meet the running clocks of an item that ``met_by`` meets; tell whether there were any."""
    return transaction.count(_MEET, of_item=item_id, met_by=met_by, day=on, at=now) > 0


def void_legal(transaction: Transaction, item_id: int, *, why: str, now: datetime) -> bool:
    """Void the running legal clocks of an item; tell whether there were any."""
    return transaction.count(_VOID_LEGAL, of_item=item_id, at=now, reason=why) > 0


_LATE: Final = Statement(
    select(_deadline.c.due_on)
    .where(
        _deadline.c.item_id == bindparam("item_id"),
        _deadline.c.met_by == Met.PUBLISHED,
        _deadline.c.due_on < bindparam("day"),
        _running,
    )
    .limit(1)
)
_SAY_WHY_LATE: Final = Statement(
    update(_deadline)
    .where(
        _deadline.c.item_id == bindparam("of_item"),
        _deadline.c.met_by == Met.PUBLISHED,
        _deadline.c.voided_at.is_(None),
        _deadline.c.late_remark_id.is_(None),
    )
    .values(late_remark_id=bindparam("remark_id"), late_by=bindparam("by"), late_at=bindparam("at"))
)


def late_since(transaction: Transaction, item_id: int, now: datetime) -> date | None:
    """Return the last day on which publication would have been in time, if that is past."""
    row = transaction.one(_LATE, item_id=item_id, day=day_of(now))
    return None if row is None else row.due_on


def say_why_late(
    transaction: Transaction, item_id: int, *, remark_id: int, account_id: int, now: datetime
) -> bool:
    """Write down which remark says why a publication is late; tell whether a clock wanted one."""
    said = transaction.count(
        _SAY_WHY_LATE, of_item=item_id, remark_id=remark_id, by=account_id, at=now
    )
    return said > 0


# --- Another calendar ---------------------------------------------------------------------------

# Numbers only grow. What stands on a later one was opened by somebody who knows more than we do.
_stale = and_(_running, _deadline.c.calendar < bindparam("new_calendar"))
_paused_ever = exists().where(_pause.c.deadline_id == _deadline.c.id)
_HOLD_ITEMS: Final = Statement(
    select(_item.c.id, _item.c.trail_seq, _item.c.trail_hash)
    # Asked this way round, because there hardly ever is one, and always all the items.
    .where(_item.c.id.in_(select(_deadline.c.item_id).where(_stale)))
    .order_by(_item.c.id)
    .with_for_update()
)
"""Items before their clocks, as a decision takes them, so that the two never wait crosswise."""
_ALIKE: Final = Statement(
    select(
        _deadline.c.started_on,
        _deadline.c.amount,
        _deadline.c.unit,
        _deadline.c.rest_day,
        _deadline.c.due_on,
    )
    .where(_stale, ~_paused_ever)
    .distinct()
)
_alike = and_(
    _stale,
    ~_paused_ever,
    _deadline.c.started_on == bindparam("start"),
    _deadline.c.amount == bindparam("of_amount"),
    _deadline.c.unit == bindparam("of_unit", type_=_deadline.c.unit.type),
    _deadline.c.rest_day == bindparam("of_rest_day", type_=_deadline.c.rest_day.type),
    _deadline.c.due_on == bindparam("old_due_on"),
)
_not_overdue = bindparam("not_overdue", type_=Boolean())
_NOTE_ALIKE: Final = Statement(
    insert(_move).from_select(
        [
            "deadline_id",
            "rev",
            "why",
            "old_started_on",
            "new_started_on",
            "old_due_on",
            "new_due_on",
            "old_calendar",
            "new_calendar",
            "withdrew_overdue",
            "at",
        ],
        select(
            _deadline.c.id,
            _deadline.c.rev + 1,
            literal("calendar"),
            _deadline.c.started_on,
            _deadline.c.started_on,
            _deadline.c.due_on,
            bindparam("new_due_on", type_=Date()),
            _deadline.c.calendar,
            bindparam("to_calendar", type_=Integer()),
            and_(_deadline.c.detected_at.is_not(None), _not_overdue),
            bindparam("at", type_=_deadline.c.opened_at.type),
        ).where(_alike),
        include_defaults=False,
    )
)
_MOVE_ALIKE: Final = Statement(
    update(_deadline)
    .where(_alike)
    .values(
        due_on=bindparam("new_due_on"),
        overdue_at=bindparam("new_overdue_at"),
        provisional=bindparam("new_provisional"),
        rev=_deadline.c.rev + bindparam("step", type_=Integer()),
        calendar=bindparam("to_calendar"),
        detected_at=case(
            (bindparam("withdraws", type_=Boolean()), None), else_=_deadline.c.detected_at
        ),
        # Also where the last day stays: the days of the rungs may be others now, and one of them
        # may have come to lie on a day that was swept without it.
        sweep_on=bindparam("today", type_=Date()),
        swept_on=None,
    )
)
_PAUSED: Final = Statement(select(*_TERMS).where(_stale, _paused_ever).order_by(_deadline.c.id))
_MOVED: Final = Statement(
    select(
        _deadline.c.item_id,
        _deadline.c.clock,
        _move.c.old_due_on,
        _move.c.new_due_on,
        _move.c.rev,
        _move.c.withdrew_overdue,
    )
    .join(_deadline, _deadline.c.id == _move.c.deadline_id)
    .where(
        _move.c.id > bindparam("mark"),
        _move.c.new_calendar == bindparam("new_calendar"),
        _is_legal,
    )
    .order_by(_deadline.c.item_id, _deadline.c.id)
)
_MARK: Final = Statement(select(func.coalesce(func.max(_move.c.id), 0).label("id")))


def recompute(transaction: Transaction, time: Time, *, origin: Origin) -> list[dict[str, Any]]:
    """Bring every running clock that stands on another calendar to that of ``time``.

    Clocks that are alike are moved together, so the cost follows the number of different days and
    not that of the clocks; only an item whose legal date moves gets an entry in its trail. Its
    version stays: what reviewers have seen has not changed. Returns the legal clocks that moved,
    as ``item``, ``clock``, ``from``, ``due``, ``rev`` and perhaps ``withdrew_overdue``. A second
    call finds nothing more to do. Raises ``InvalidInput('outside_calendar')``.
    """
    items = {
        row.id: Chain(item_subject(row.id), row.trail_seq, row.trail_hash)
        for row in transaction.run(_HOLD_ITEMS, new_calendar=time.number)
    }
    if not items:
        return []
    # What moves from here on, of the items that are held now, moves by our hand alone.
    mark = transaction.one(_MARK).id
    for terms in transaction.run(_ALIKE, new_calendar=time.number):
        due = due_on(_rule(terms), terms.started_on, calendar=time.calendar)
        alike = {
            "new_calendar": time.number,
            "to_calendar": time.number,
            "start": terms.started_on,
            "of_amount": terms.amount,
            "of_unit": terms.unit,
            "of_rest_day": terms.rest_day,
            "old_due_on": terms.due_on,
            "new_due_on": due.day,
        }
        moves, not_overdue = due.day != terms.due_on, due.day >= time.day
        if moves:
            transaction.run(_NOTE_ALIKE, **alike, not_overdue=not_overdue, at=time.now)
        transaction.run(
            _MOVE_ALIKE,
            **alike,
            new_overdue_at=overdue_at(due.day),
            new_provisional=due.provisional,
            step=int(moves),
            today=time.day,
            withdraws=moves and not_overdue,
        )
    for row in transaction.run(_PAUSED, new_calendar=time.number):
        _moved(transaction, row, time, why="calendar")
    moved: list[dict[str, Any]] = []
    for row in transaction.run(_MOVED, new_calendar=time.number, mark=mark):
        if row.item_id not in items:
            continue
        move = {
            "clock": row.clock,
            "did": "moved",
            "from": row.old_due_on,
            "due": row.new_due_on,
            "rev": row.rev,
        }
        if row.withdrew_overdue:
            move["withdrew_overdue"] = True
        items[row.item_id].append(
            "deadline_moved", at=time.now, origin=origin, calendar=time.number, clocks=[move]
        )
        moved.append({"item": row.item_id} | move)
    write_items(transaction, items)
    return moved
