"""Boards: which legal clocks run, what they leave each desk, and how each date was reached.

Reads only. How a clock stands follows from its last day, today's date in Asia/Shanghai and the
calendar in force, never from what a worker marked, so a board is right although none ever ran. It
shows what the reader may see, and of that the bodies they work for: what is public of another
body is everyone's to read and nobody's duty. Rows come in the order of an index of running clocks,
so that a page costs the same however many items there are.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import and_, exists, false, func, literal_column, or_, select, true

from workflow import deadlines, ticks
from workflow.clocks import LATE_WORDS
from workflow.deadlines import (
    Clock,
    DeadlineRule,
    Kind,
    Met,
    Pause,
    Status,
    Unit,
    working_days_left,
)
from workflow.errors import InvalidInput, NotFound
from workflow.guards import PUBLISHING_BODIES, WIDE, Role
from workflow.machine import State
from workflow.messages import LANGUAGES, label
from workflow.models import (
    LONGEST_ID,
    Body,
    DateCorrection,
    Deadline,
    DeadlineMove,
    DeadlinePause,
    Decision,
    Item,
    Office,
    Remark,
    Revision,
    Schedule,
    table,
)
from workflow.policy import PUBLICATION
from workflow.queries import Page, words_of
from workflow.revisions import is_storable
from workflow.timeliness import days_taken, median

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import date, datetime

    from sqlalchemy import ColumnElement, Select
    from sqlalchemy.engine import Connection

    from workflow.deadlines import Counted
    from workflow.guards import Actor
    from workflow.policy import Policy
    from workflow.queries import Queries
    from workflow.runtime import Runtime
    from workflow.working_days import Calendar

DRAFT: Final = "draft"
"""The desk of the drafter, beside those that are stages of a policy."""
DELIVERY: Final = "delivery"
"""The desk at which only the hand-over to reading points is still to be done."""
COUNTED_UP_TO: Final = 1_000
"""Totals are exact up to here; beyond, a board says "more than". A report counts without end.

Counting looks at each row's item, so that an exact total would make a page of fifty rows cost as
much as there is to count.
"""
LONGEST_WITHIN: Final = 1000
KEPT_IN_FEEDS: Final = timedelta(days=90)
"""How long after its last day a clock that ended is still told to be cancelled."""
_LENGTH_OF_NAME: Final = 16
_WITHOUT_DUTY: Final = frozenset({Role.ADMINISTRATOR, Role.AUDITOR})
"""Roles that reach every body and work on no item."""
_TO_PUBLISH: Final = frozenset({State.CLEARED, State.PUBLISHING, State.PUBLICATION_FAILED})

_deadline, _item, _body = table(Deadline), table(Item), table(Body)
_decision, _move = table(Decision), table(DeadlineMove)
_every_pause, _correction = table(DeadlinePause), table(DateCorrection)
_revision, _office = table(Revision), table(Office)
_remark, _schedule = table(Remark), table(Schedule)
_budget, _pause = _deadline.alias("budget"), _every_pause.alias("open_pause")
# Literals, because the partial indexes of running clocks match no parameters.
_RUNNING: Final[ColumnElement[bool]] = literal_column(
    "deadline.kind = 'legal' AND deadline.met_on IS NULL AND deadline.voided_at IS NULL"
)
_ITS_BUDGET: Final = and_(
    _budget.c.item_id == _item.c.id,
    literal_column("budget.clock = 'stage'"),
    _budget.c.met_on.is_(None),
    _budget.c.voided_at.is_(None),
)
_ITS_PAUSE: Final = and_(_pause.c.deadline_id == _deadline.c.id, _pause.c.ended_on.is_(None))
_OF_ITEM: Final = (
    _item.c.id.label("item_id"),
    _item.c.version,
    _item.c.index_number,
    _item.c.title,
    _item.c.state,
    _item.c.stage,
    _item.c.owed_stage,
    _item.c.digest,
    _item.c.restricted,
    _item.c.policy_digest,
    _item.c.body_id,
    _item.c.revision_id,
    _body.c.code.label("body_code"),
    _body.c.name.label("body_name"),
    _budget.c.stage.label("budget_stage"),
    _budget.c.due_on.label("stage_due_on"),
)
_OF_TURN: Final = (
    _item.c.id,
    _item.c.round,
    _item.c.created_at,
    _item.c.published_at,
    _item.c.entered_at,
    _body.c.name_en.label("body_name_en"),
)
"""What it takes beside to know whose turn it is, and since when."""
_AT_A_DESK: Final[ColumnElement[bool]] = literal_column(
    "(item.state IN ('draft', 'pending', 'referred', 'cleared', 'publication_failed')"
    " OR (item.state = 'published' AND item.owed_stage IS NOT NULL))"
)
_OF_CLOCK: Final = (
    _deadline.c.id,
    _deadline.c.clock,
    _deadline.c.rule,
    _deadline.c.legal_basis,
    _deadline.c.amount,
    _deadline.c.unit,
    _deadline.c.rest_day,
    _deadline.c.met_by,
    _deadline.c.pausable,
    _deadline.c.started_on,
    _deadline.c.due_on,
    _deadline.c.provisional,
    _deadline.c.rev,
    _deadline.c.calendar,
    _deadline.c.met_on,
    _deadline.c.voided_at,
    _deadline.c.void_reason,
    LATE_WORDS.label("late_words"),
    _pause.c.begun_on.label("paused_since"),
)


@dataclass(frozen=True, slots=True)
class Board(Page):
    """A page of a board, and what it was worked out by.

    The total is at most one more than :data:`COUNTED_UP_TO`.
    """

    day: date
    calendar: int
    """The number of the calendar in force."""
    horizon: date
    """The last day that a notice covers."""
    enforced_at: datetime | None
    """When deadlines were last enforced; ``None`` if nobody ever did."""


class By(StrEnum):
    """What is held is counted by."""

    HOLDER = "holder"
    STAGE = "stage"
    DEPARTMENT = "department"


@dataclass(frozen=True, slots=True)
class Held(Board):
    """A page of what waits at desks, and all of it counted by something."""

    groups: tuple[dict[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Today:
    """The day that a board is of, and the calendar in force."""

    day: date
    number: int
    calendar: Calendar


class Boards:
    """All reading of clocks, for one database."""

    def __init__(self, runtime: Runtime, queries: Queries) -> None:
        """Read in ``runtime`` what ``queries`` says may be seen."""
        self._runtime = runtime
        self._queries = queries

    def due(
        self,
        account_id: int,
        *,
        within: int = deadlines.SOON,
        clock: str | None = None,
        body: str | None = None,
        limit: int = 50,
        offset: int = 0,
    ) -> Board:
        """List running clocks with at most ``within`` working days left, most urgent first.

        What is overdue is not among them. ``body`` is a code or a name. Raises ``InvalidInput``
        for a number out of range and ``NotFound('no_such_body')``.
        """
        if not 0 <= within <= LONGEST_WITHIN:
            raise InvalidInput("value_unknown", field="within", value=within, known=("0…1000",))
        with self._runtime.database.read() as connection:
            today = self.today(connection)
            # A rest day after the last working day leaves no more than that day does.
            until = today.calendar.add(today.day, within + 1) - timedelta(days=1)
            when = _deadline.c.due_on.between(today.day, until)
            return self._board(
                connection, account_id, when, today, clock=clock, body=body, page=(limit, offset)
            )

    def overdue(
        self,
        account_id: int,
        *,
        clock: str | None = None,
        body: str | None = None,
        limit: int = 50,
        offset: int = 0,
    ) -> Board:
        """List running clocks whose last day is past, the longest overdue first."""
        with self._runtime.database.read() as connection:
            today = self.today(connection)
            # One that is paused cannot be overdue.
            paused = exists().where(
                _every_pause.c.deadline_id == _deadline.c.id, _every_pause.c.ended_on.is_(None)
            )
            when = and_(
                _deadline.c.due_on < today.day, or_(_deadline.c.pausable.is_(False), ~paused)
            )
            return self._board(
                connection, account_id, when, today, clock=clock, body=body, page=(limit, offset)
            )

    def waiting(
        self,
        account_id: int,
        *,
        by: By | None = None,
        body: str | None = None,
        limit: int = 50,
        offset: int = 0,
    ) -> Held:
        """List what waits at some desk, what is held longest first, and by whom.

        ``held_days`` are the working days since it came there, ``holders`` who may act on it now;
        with ``by``, ``groups`` count all of it. What waits for the hour of its publication waits
        for nobody. Raises ``InvalidInput`` for a page out of range, ``NotFound('no_such_body')``.
        """
        _check_page(limit, offset)
        with self._runtime.database.read() as connection:
            today = self.today(connection)
            actor = self._queries.actor(connection, account_id)
            planned = exists().where(_schedule.c.item_id == _item.c.id, _schedule.c.ended.is_(None))
            condition = and_(
                _AT_A_DESK,
                ~planned,
                of_bodies(_item.c.body_id, duties(actor)),
                self._queries.visible(connection, actor),
            )
            if body is not None:
                condition = and_(condition, _item.c.body_id == body_called(connection, body))
            rows = connection.execute(
                select(*_OF_ITEM, *_OF_TURN)
                .join(_body, _body.c.id == _item.c.body_id)
                .join(_budget, _ITS_BUDGET, isouter=True)
                .where(condition)
                .order_by(_item.c.entered_at, _item.c.id)
            ).all()
            page = rows[offset : offset + limit]
            told = self._told_waiting(
                connection, rows if by is By.HOLDER else page, today, people=True
            )
            counted = told
            if by is By.HOLDER:
                told = told[offset : offset + limit]
            elif by is not None:
                counted = self._told_waiting(connection, rows, today, people=False)
            enforced_at = ticks.last_done(connection, ticks.ENFORCING)
            return Held(
                tuple(told),
                len(rows),
                today.day,
                today.number,
                today.calendar.horizon,
                enforced_at,
                tuple(_grouped(counted, by)) if by else (),
            )

    def _told_waiting(
        self, connection: Connection, rows: Sequence[Any], today: Today, *, people: bool
    ) -> list[dict[str, Any]]:
        policies = self._queries.policies(connection)
        return [
            _item_told(row)
            | {
                "desk": desk_of(row, policy, reviewing=True),
                "since": row.entered_at,
                "held_days": days_taken(
                    deadlines.day_of(row.entered_at), today.day, calendar=today.calendar
                ),
                "holders": self._queries.turn(connection, row, policy) if people else [],
                "body_name_en": row.body_name_en,
            }
            | _stage_told(row, today)
            for row in rows
            for policy in (policies[row.policy_digest],)
        ]

    def feed(self, account_id: int, *, body: str | None = None) -> tuple[str, list[dict[str, Any]]]:
        """Return a name of the office and the clocks for a calendar that subscribes to them.

        They are those of a board, whenever they end, and those that ended and whose last day is
        not longer past than :data:`KEPT_IN_FEEDS`. What is restricted never leaves this way.
        """
        with self._runtime.database.read() as connection:
            today = self.today(connection)
            actor = self._queries.actor(connection, account_id)
            condition = and_(
                _item.c.restricted.is_(False),
                of_bodies(_deadline.c.body_id, duties(actor)),
                self._queries.visible(connection, actor),
            )
            if body is not None:
                named = _deadline.c.body_id == body_called(connection, body)
                condition = and_(condition, named)
            moved_at = (
                select(func.max(_move.c.at))
                .where(_move.c.deadline_id == _deadline.c.id)
                .scalar_subquery()
            )
            ended = and_(
                literal_column("deadline.kind = 'legal'"),
                or_(_deadline.c.met_on.is_not(None), _deadline.c.voided_at.is_not(None)),
                _deadline.c.due_on >= today.day - KEPT_IN_FEEDS,
            )
            told = []
            policies = self._queries.policies(connection)
            for which in (_RUNNING, ended):
                for row in connection.execute(
                    _joined(
                        *_OF_CLOCK,
                        *_OF_ITEM,
                        _deadline.c.opened_at,
                        _deadline.c.met_at,
                        moved_at.label("moved_at"),
                    )
                    .join(_body, _body.c.id == _item.c.body_id)
                    .join(_budget, _ITS_BUDGET, isouter=True)
                    .join(_pause, _ITS_PAUSE, isouter=True)
                    .where(which, condition)
                    .order_by(_deadline.c.due_on, _deadline.c.id)
                ):
                    instants = (row.opened_at, row.moved_at, row.met_at, row.voided_at)
                    told.append(
                        _item_told(row)
                        | _clock_told(row, today)
                        | {
                            "deadline": row.id,
                            "desk": desk_of(row, policies[row.policy_digest]),
                            "changed_at": max(at for at in instants if at is not None),
                        }
                    )
            office = connection.execute(select(_office.c.name, _office.c.created_at)).one()
            # Stays the same whatever the machine is called, and is that of no other office.
            name = f"{office.created_at:%Y%m%dT%H%M%S%f}.{office.name}"
            return hashlib.sha256(name.encode()).hexdigest()[:_LENGTH_OF_NAME], told

    def today(self, connection: Connection) -> Today:
        """Return the day in Asia/Shanghai and the calendar in force."""
        return Today(self._runtime.today(), *self._queries.calendar(connection))

    def _board(
        self,
        connection: Connection,
        account_id: int,
        when: ColumnElement[bool],
        today: Today,
        *,
        clock: str | None,
        body: str | None,
        page: tuple[int, int],
    ) -> Board:
        limit, offset = page
        _check_page(limit, offset)
        actor = self._queries.actor(connection, account_id)
        condition = and_(
            _RUNNING,
            when,
            of_bodies(_deadline.c.body_id, duties(actor)),
            self._queries.visible(connection, actor),
        )
        if body is not None:
            condition = and_(condition, _deadline.c.body_id == body_called(connection, body))
        if clock is not None:
            named = _deadline.c.clock == clock if is_storable(clock) else false()
            condition = and_(condition, named)
        rows = connection.execute(
            _joined(*_OF_CLOCK, *_OF_ITEM)
            .join(_body, _body.c.id == _item.c.body_id)
            .join(_budget, _ITS_BUDGET, isouter=True)
            .join(_pause, _ITS_PAUSE, isouter=True)
            .where(condition)
            .order_by(_deadline.c.due_on, _deadline.c.id)
            .limit(limit)
            .offset(offset)
        ).all()
        total = offset + len(rows)
        if len(rows) == limit or (offset and not rows):
            some = _joined(_deadline.c.id).where(condition).limit(COUNTED_UP_TO + 1)
            count = select(func.count()).select_from(some.subquery())
            total = connection.execute(count).scalar_one()
        policies, held = self._queries.policies(connection), _held(connection, rows)
        told = tuple(
            _item_told(row)
            | _clock_told(row, today)
            | _outlook(row, policies[row.policy_digest], held.get(row.item_id, frozenset()), today)
            for row in rows
        )
        enforced_at = ticks.last_done(connection, ticks.ENFORCING)
        return Board(told, total, today.day, today.number, today.calendar.horizon, enforced_at)

    # -- one item ----------------------------------------------------------------------------

    def of_item(self, account_id: int, item_id: int) -> dict[str, Any]:
        """Return the legal clocks of an item as they stand, and what its desk has left.

        ``clocks`` holds every one there ever was, oldest first, with its moves and pauses;
        ``desk`` and ``stage_due_on`` say where the item is and by when it should move on. Raises
        ``NotFound('no_such_item')``.
        """
        with self._runtime.database.read() as connection:
            return self._of_item(connection, account_id, item_id)[0]

    def explain(
        self, account_id: int, item_id: int, *, clock: str | None = None
    ) -> list[dict[str, Any]]:
        """Return for each legal clock of an item every day that was counted or skipped, and why.

        Each clock is explained by the calendar that its last day was worked out by. Those that
        were voided are left out. Raises ``NotFound`` with ``no_such_item`` or ``no_such_clock``.
        """
        with self._runtime.database.read() as connection:
            told, item, rows = self._of_item(connection, account_id, item_id)
            standing = [
                (row, one)
                for row, one in zip(rows, told["clocks"], strict=True)
                if row.voided_at is None and clock in (None, row.clock)
            ]
            if clock is not None and not standing:
                raise NotFound("no_such_clock", item=item_id, clock=clock)
            basis = _basis(connection, item)
            explained = []
            for row, one in standing:
                calendar = self._queries.calendar(connection, row.calendar)[1]
                pauses = [Pause(each["begun_on"], each["ended_on"]) for each in one["pauses"]]
                days = deadlines.explain(
                    _terms(row), row.started_on, calendar=calendar, pauses=pauses
                )
                explained.append(
                    one
                    | basis
                    | {
                        "calendar_digest": calendar.version,
                        "horizon": calendar.horizon,
                        "days": [_day_told(day, row.unit) for day in days],
                    }
                )
            return explained

    def _of_item(
        self, connection: Connection, account_id: int, item_id: int
    ) -> tuple[dict[str, Any], Any, Sequence[Any]]:
        actor = self._queries.actor(connection, account_id)
        item = None
        if 0 < item_id <= LONGEST_ID:
            item = connection.execute(
                select(*_OF_ITEM)
                .join(_body, _body.c.id == _item.c.body_id)
                .join(_budget, _ITS_BUDGET, isouter=True)
                .where(_item.c.id == item_id, self._queries.visible(connection, actor))
            ).first()
        if item is None:
            raise NotFound("no_such_item", item=item_id)
        rows = connection.execute(
            _joined(*_OF_CLOCK, *_OF_ITEM)
            .join(_body, _body.c.id == _item.c.body_id)
            .join(_budget, _ITS_BUDGET, isouter=True)
            .join(_pause, _ITS_PAUSE, isouter=True)
            .where(_deadline.c.item_id == item_id, _deadline.c.kind == Kind.LEGAL)
            .order_by(_deadline.c.id)
        ).all()
        today = self.today(connection)
        policy = self._queries.policies(connection)[item.policy_digest]
        held = _held(connection, [item]).get(item.item_id, frozenset())
        own = duties(actor)
        at_work = own is None or item.body_id in own
        told = []
        for row in rows:
            one = _clock_told(row, today) | _history(connection, row)
            if row.met_on is None and row.voided_at is None:
                one |= _outlook(row, policy, held, today)
            elif not at_work:
                # Why something was late is for those who work on it, not for all who may read it.
                one["late_reason"] = None
            told.append(one)
        answer = _item_told(item) | {
            "clocks": told,
            "desk": desk_of(item, policy, reviewing=True),
            "today": today.day,
            "calendar": today.number,
        }
        return answer | _stage_told(item, today), item, rows


def _check_page(limit: int, offset: int) -> None:
    if not (1 <= limit <= LONGEST_ID and 0 <= offset <= LONGEST_ID):
        raise InvalidInput("value_unknown", field="limit", value=limit, known=("1…",))


def _grouped(rows: Iterable[Mapping[str, Any]], by: By) -> list[dict[str, Any]]:
    """Count what is held by one thing; who is held up longest comes first.

    What several people may act on counts for each of them, and what nobody may act on for nobody,
    whose ``code`` is ``None``.
    """
    groups: dict[str | None, tuple[dict[str, str] | None, list[Mapping[str, Any]]]] = {}
    for row in rows:
        for code, title in _groups_of(row, by):
            groups.setdefault(code, (title, []))[1].append(row)
    told = [
        {
            "code": code,
            "title": title,
            "count": len(held),
            "longest_days": max(row["held_days"] for row in held),
            "median_days": float(median(row["held_days"] for row in held) or 0),
            "over_budget": sum((row["stage_days_left"] or 0) < 0 for row in held),
        }
        for code, (title, held) in groups.items()
    ]
    return sorted(told, key=lambda each: (-each["longest_days"], -each["count"], str(each["code"])))


def _groups_of(
    row: Mapping[str, Any], by: By
) -> Iterable[tuple[str | None, dict[str, str] | None]]:
    if by is By.STAGE:
        return [(row["desk"]["stage"], row["desk"]["title"])]
    if by is By.DEPARTMENT:
        return [(row["body"], {"zh": row["body_name"], "en": row["body_name_en"]})]
    return [
        (who["name"], dict.fromkeys(LANGUAGES, who["display_name"])) for who in row["holders"]
    ] or [(None, None)]


def duties(actor: Actor) -> frozenset[int] | None:
    """Return the bodies on whose items a person works; ``None`` for all of them."""
    if any(grant.body_kind in WIDE and grant.role not in _WITHOUT_DUTY for grant in actor.grants):
        return None
    return frozenset(
        grant.body_id for grant in actor.grants if grant.body_kind in PUBLISHING_BODIES
    )


def of_bodies(column: Any, bodies: Collection[int] | None) -> ColumnElement[bool]:
    """Return the condition that ``column`` names one of ``bodies``, where ``None`` is any."""
    if bodies is None:
        return true()
    if len(bodies) == 1:
        # An index on the body and the last day gives the order too.
        return column == next(iter(bodies))  # type: ignore[no-any-return]
    return column.in_(sorted(bodies))  # type: ignore[no-any-return]


def body_called(connection: Connection, name: str) -> int:
    """Return the number of the body with that code or name; raises ``NotFound``."""
    found = None
    if is_storable(name):
        found = connection.execute(
            select(_body.c.id).where((_body.c.code == name) | (_body.c.name == name))
        ).scalar_one_or_none()
    if found is None:
        raise NotFound("no_such_body", value=name)
    return int(found)


def _joined(*columns: Any) -> Select[Any]:
    """Return a statement over clocks and the items that they time."""
    return select(*columns).select_from(_deadline).join(_item, _item.c.id == _deadline.c.item_id)


def _item_told(row: Any) -> dict[str, Any]:
    return {
        "item": row.item_id,
        "version": row.version,
        "at": f"{row.item_id}@{row.version}",
        "index_number": row.index_number,
        "title": row.title,
        "state": row.state.value,
        "stage": row.stage,
        "review_owed": row.owed_stage is not None,
        "owed_stage": row.owed_stage,
        "digest": row.digest,
        "body": row.body_code,
        "body_name": row.body_name,
        "restricted": row.restricted,
    }


def _clock_told(row: Any, today: Today) -> dict[str, Any]:
    status = deadlines.status(
        Clock(
            due=row.due_on,
            met_on=row.met_on,
            voided=row.voided_at is not None,
            paused=row.paused_since is not None,
            provisional=row.provisional,
        ),
        today.day,
        calendar=today.calendar,
    )
    runs = row.met_on is None and row.voided_at is None
    return {
        "clock": row.clock,
        "rule": row.rule,
        "legal_basis": row.legal_basis,
        "amount": row.amount,
        "unit": row.unit.value,
        "started_on": row.started_on,
        "due_on": row.due_on,
        "overdue_at": deadlines.overdue_at(row.due_on),
        "provisional": row.provisional,
        "rev": row.rev,
        "status": status.value,
        "overdue": status is Status.OVERDUE,
        "working_days_left": (
            working_days_left(row.due_on, today.day, calendar=today.calendar) if runs else None
        ),
        "calendar": row.calendar,
        "met_on": row.met_on,
        "voided_at": row.voided_at,
        "void_reason": row.void_reason,
        "late_reason": words_of(row.late_words).get("late_reason"),
    }


def _history(connection: Connection, row: Any) -> dict[str, Any]:
    """Return how a clock moved and paused."""
    moves = connection.execute(
        select(_move).where(_move.c.deadline_id == row.id).order_by(_move.c.rev)
    )
    pauses = connection.execute(
        select(_every_pause.c.begun_on, _every_pause.c.ended_on, _remark.c.canonical)
        .join(_remark, _remark.c.id == _every_pause.c.remark_id)
        .where(_every_pause.c.deadline_id == row.id)
        .order_by(_every_pause.c.id)
    )
    return {
        "moves": [
            {
                "rev": move.rev,
                "from": move.old_due_on,
                "to": move.new_due_on,
                "old_started_on": move.old_started_on,
                "started_on": move.new_started_on,
                "why": move.why,
                "calendar": move.new_calendar,
                "withdrew_overdue": move.withdrew_overdue,
                "at": move.at,
            }
            for move in moves
        ],
        "pauses": [
            {
                "begun_on": pause.begun_on,
                "ended_on": pause.ended_on,
                "reason": words_of(pause.canonical).get("reason"),
            }
            for pause in pauses
        ],
    }


# -- what is left -----------------------------------------------------------------------------


def desk_of(row: Any, policy: Policy, *, reviewing: bool = False) -> dict[str, Any]:
    """Return where an item is held: the role, and the stage or what stands in for one.

    What was published ahead of its review is at the publisher's for delivery and with the stage
    that is owed for ``reviewing``.
    """
    at = row.stage or (row.owed_stage if reviewing and row.state is State.PUBLISHED else None)
    if at is not None:
        # At a stage that its policy does not have, an item waits to be carried over.
        here = policy.find_stage(at)
        role, stage = here.role if here else Role.ADMINISTRATOR.value, at
    elif row.state is State.DRAFT:
        role, stage = Role.CLERK.value, DRAFT
    else:
        # What is published, or was, is at the publisher's for delivery alone.
        stage = PUBLICATION if row.state in _TO_PUBLISH else DELIVERY
        role = Role.PUBLISHER.value
    return {"role": role, "stage": stage, "title": desk_title(stage, policy)}


def desk_title(stage: str, policy: Policy) -> dict[str, str]:
    """Return the name of a desk in both languages; those that are no stages have one of ours."""
    if stage in policy.stage_titles:
        return dict(policy.stage_titles[stage])
    return {language: label("stage", stage, language) for language in LANGUAGES}


def _held(connection: Connection, rows: Iterable[Any]) -> dict[int, frozenset[str]]:
    """Return which stages hold a decision, for the items that may still have some to pass."""
    on_the_way = {row.item_id for row in rows if row.state is State.DRAFT or row.stage is not None}
    if not on_the_way:
        return {}
    held: dict[int, set[str]] = {}
    for row in connection.execute(
        select(_decision.c.item_id, _decision.c.stage).where(
            _decision.c.item_id.in_(sorted(on_the_way)),
            _decision.c.positive.is_(True),
            _decision.c.voided_at.is_(None),
        )
    ):
        held.setdefault(row.item_id, set()).add(row.stage)
    return {item_id: frozenset(stages) for item_id, stages in held.items()}


def _stage_told(row: Any, today: Today) -> dict[str, Any]:
    due = row.stage_due_on
    left = None if due is None else working_days_left(due, today.day, calendar=today.calendar)
    return {"stage_due_on": due, "stage_days_left": left}


def _outlook(row: Any, policy: Policy, held: frozenset[str], today: Today) -> dict[str, Any]:
    """Return which desk holds an item, what its budget leaves, and whether the date will be met.

    An item that is late will miss it, too; of one that is paused nothing can be said.
    """
    left = _stage_told(row, today)
    if row.owed_stage is not None and row.state is State.PUBLISHED:
        # That budget is the owed review's, of which no clock of the law depends.
        left = dict.fromkeys(left)
    here = max(0, left["stage_days_left"] or 0)
    coming: list[str] = []
    if row.state is State.DRAFT or row.stage is not None:
        coming = [
            stage.name
            for stage in policy.stages
            if stage.name not in held and stage.name != row.stage
        ]
        # Delivery to reading points is possible as soon as the item is cleared.
        coming += [PUBLICATION] * (row.met_by is Met.PUBLISHED)
    elif row.met_by is not Met.PUBLISHED:
        here = 0
    budgets = [policy.budgets[name].amount for name in coming if name in policy.budgets]
    late = row.due_on < today.day
    misses = row.paused_since is None and (
        late
        or deadlines.will_miss(
            row.due_on, today.day, remaining=[here, *budgets], calendar=today.calendar
        )
    )
    return {"desk": desk_of(row, policy), **left, "needs": here + sum(budgets), "will_miss": misses}


# -- how it was reached -----------------------------------------------------------------------


def _terms(row: Any) -> DeadlineRule:
    return DeadlineRule(
        code=row.rule,
        clock=row.clock,
        amount=row.amount,
        unit=row.unit,
        rest_day=row.rest_day,
        pausable=row.pausable,
    )


def _basis(connection: Connection, item: Any) -> dict[str, Any]:
    """Return by what the day of formation is known, and whether it was corrected."""
    corrected = connection.execute(
        select(_correction.c.basis, _correction.c.revision_id)
        .where(_correction.c.item_id == item.item_id)
        .order_by(_correction.c.id.desc())
        .limit(1)
    ).first()
    if corrected is not None and corrected.revision_id == item.revision_id:
        return {"basis": corrected.basis, "corrected": True}
    form = connection.execute(
        select(_revision.c.canonical).where(_revision.c.id == item.revision_id)
    ).scalar_one()
    return {"basis": json.loads(form)["formed_on_basis"] if form else None, "corrected": False}


def _day_told(counted: Counted, unit: Unit) -> dict[str, Any]:
    day, skipped = counted.day, counted.number is None
    return {
        "day": day.day,
        "counted": counted.number is not None,
        "number": counted.number,
        "reason": day.reason.value,
        "zh": day.zh,
        "en": day.en,
        "notice": (
            {"number": day.notice.number, "title": day.notice.title, "issued": day.notice.issued}
            if day.notice
            else None
        ),
        "statute": (
            {"number": day.statute.number, "title": day.statute.title} if day.statute else None
        ),
        "provisional": day.provisional,
        "paused": counted.paused,
        # Of calendar days only those after the last one are skipped, if that is a rest day.
        "moves": skipped and not counted.paused and unit is Unit.CALENDAR_DAY,
    }
