"""What one was told: the alerts as their recipients see them, acknowledged and put off.

The board needs no channel: whoever has no address reads here what would have been sent. It is
narrowed to what the reader may see. Acknowledging takes an alert from the digests to come, and
putting off lets one clock's reminders to one person wait; neither stops what the law demands, so
that the next rung comes all the same (rule: notices and alerts).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import and_, bindparam, case, func, insert, or_, select, update

from workflow import audit, digests, matters
from workflow.accounts import load_actor
from workflow.clocks import Calendars
from workflow.database import Statement
from workflow.deadlines import SHANGHAI, working_days_left
from workflow.drafting import check_text
from workflow.errors import InvalidInput, NotFound, NotSignedIn, Refusal, Refused
from workflow.guards import Role
from workflow.handovers import write
from workflow.matters import Recipient
from workflow.models import LONGEST_ID, AlertKind, AlertStatus, Deadline, Snooze, table
from workflow.queries import Page
from workflow.records import insert_remark
from workflow.revisions import is_blank
from workflow.scene import Policies, gather

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from sqlalchemy import ColumnElement

    from workflow.database import Transaction
    from workflow.guards import Actor
    from workflow.intake import Intake
    from workflow.messages import Language
    from workflow.queries import Queries
    from workflow.runtime import Runtime

LONGEST_SNOOZE: Final = 5
"""For so many working days a reminder may be put off."""

_alert, _deadline, _snooze = matters.alert, table(Deadline), table(Snooze)
_closed = or_(
    _alert.c.status.in_((AlertStatus.EXPIRED, AlertStatus.MISSED)),
    _alert.c.acknowledged_at.is_not(None),
    and_(
        _alert.c.kind == AlertKind.DEADLINE,
        _alert.c.rung != matters.CORRECTED,
        or_(
            _deadline.c.met_on.is_not(None),
            _deadline.c.voided_at.is_not(None),
            _deadline.c.rev != _alert.c.rev,
        ),
    ),
)
_MINE: Final = Statement(
    select(*matters.COLUMNS).select_from(matters.SOURCE).where(_alert.c.id == bindparam("alert_id"))
)
_OF_ITEM: Final = Statement(
    select(_alert.c.id)
    .where(
        _alert.c.item_id == bindparam("item_id"),
        _alert.c.account_id == bindparam("account_id"),
        _alert.c.acknowledged_at.is_(None),
    )
    .order_by(_alert.c.id)
)
# Who knows of a step knows of those before it, whether they were told as a person or as a room.
_later = _alert.alias("later")
_AND_BEFORE: Final = Statement(
    select(_alert.c.id)
    .join(
        _later,
        and_(
            _later.c.deadline_id == _alert.c.deadline_id,
            _later.c.id > _alert.c.id,
            or_(
                _later.c.account_id == _alert.c.account_id,
                _later.c.body_id == _alert.c.body_id,
            ),
        ),
    )
    .where(
        _later.c.id == bindparam("alert_id"),
        _later.c.rev == _alert.c.rev,
        _alert.c.status != AlertStatus.EXPIRED,
        _alert.c.status != AlertStatus.MISSED,
        _alert.c.acknowledged_at.is_(None),
    )
    .order_by(_alert.c.id)
)
_ACKNOWLEDGE: Final = Statement(
    update(_alert)
    .where(_alert.c.id == bindparam("alert_id"), _alert.c.acknowledged_at.is_(None))
    .values(acknowledged_at=bindparam("at"), acknowledged_by=bindparam("by"))
)
_RUNNING: Final = Statement(
    select(_deadline.c.id, _deadline.c.clock, _deadline.c.rev, _deadline.c.due_on)
    .where(
        _deadline.c.item_id == bindparam("item_id"),
        _deadline.c.met_on.is_(None),
        _deadline.c.voided_at.is_(None),
    )
    .order_by(_deadline.c.id)
)
_PUT_OFF: Final = Statement(
    insert(_snooze).values(
        **{
            name: bindparam(name)
            for name in ("account_id", "deadline_id", "rev", "until", "remark_id", "snoozed_at")
        }
    )
)


class AlertBoard:
    """Alerts as people read and answer them."""

    def __init__(self, runtime: Runtime, queries: Queries, intake: Intake) -> None:
        """Show what ``queries`` says may be seen; look at words with ``intake``."""
        self._runtime = runtime
        self._queries = queries
        self._intake = intake
        self._policies = Policies()
        self._calendars = Calendars()

    def alerts(
        self,
        account_id: int,
        *,
        everybodys: bool = False,
        closed: bool = False,
        kind: str | None = None,
        item: int | None = None,
        limit: int = 50,
        offset: int = 0,
    ) -> Page:
        """List what one was told, or as a supervisor what everybody was told about items.

        Most urgent first. Without ``closed`` only what is open: not acknowledged, and about a
        clock that still runs. Raises ``Refused`` for ``everybodys`` if one is no supervisor.
        """
        if not (1 <= limit <= LONGEST_ID and 0 <= offset <= LONGEST_ID):
            raise InvalidInput("value_unknown", field="limit", value=limit, known=("1…",))
        with self._runtime.database.read() as connection:
            actor = self._queries.actor(connection, account_id)
            mine: ColumnElement[bool] = _alert.c.account_id == account_id
            visible = self._queries.visible(connection, actor)
            about = and_(_alert.c.item_id.is_not(None), visible)
            condition = and_(mine, or_(_alert.c.item_id.is_(None), visible))
            if everybodys:
                if Role.SUPERVISOR not in actor.roles:
                    raise Refused([Refusal("needs_role", {"role": Role.SUPERVISOR.value})])
                condition = or_(condition, about)
            if not closed:
                condition = and_(condition, ~_closed)
            if kind is not None:
                condition = and_(condition, _alert.c.kind == AlertKind(kind))
            if item is not None:
                condition = and_(condition, _alert.c.item_id == item)
            today = self._runtime.today()
            calendar = self._queries.calendar(connection)[1]
            policies = self._queries.policies(connection)
            rows = connection.execute(
                select(*matters.COLUMNS, matters.RECIPIENT)
                .select_from(matters.SOURCE)
                .where(condition)
                .order_by(
                    case((_alert.c.kind == AlertKind.DEADLINE, 0), else_=1),
                    _deadline.c.due_on.nulls_last(),
                    _alert.c.id.desc(),
                )
                .limit(limit)
                .offset(offset)
            ).all()
            total = connection.execute(
                select(func.count()).select_from(matters.SOURCE).where(condition)
            ).scalar_one()
            recipient = Recipient(actor, "zh")
            told = [
                _told(row, recipient, policies.get(row.policy_digest or ""), today, calendar)
                for row in rows
            ]
        return Page(tuple(told), int(total))

    def acknowledge(
        self,
        actor_id: int,
        numbers: Sequence[int],
        *,
        item: int | None = None,
        key: str | None = None,
        dry_run: bool = False,
    ) -> dict[str, Any]:
        """Say that one knows: of alerts by their numbers, or of all that are about ``item``.

        Who knows of one knows of what the same recipient was told of the same clock before it.
        Raises ``NotFound('no_such_alert')`` for an alert that is not one's own to acknowledge;
        nothing is done unless it all can be.
        """

        def work(transaction: Transaction, now: datetime) -> dict[str, Any]:
            actor = _signed_in(transaction, actor_id, now)
            wanted = sorted(set(numbers))
            if item is not None:
                gather(
                    transaction, self._policies, item, account_id=actor_id, now=now,
                    with_content=False,
                )  # fmt: skip
                found = transaction.run(_OF_ITEM, item_id=item, account_id=actor_id)
                wanted = [row.id for row in found]
            own = {number: self._own(transaction, actor, number) for number in wanted}
            before = [
                row.id for each in wanted for row in transaction.run(_AND_BEFORE, alert_id=each)
            ]
            by_item: dict[int | None, list[Any]] = {}
            for number in sorted({*wanted, *before}):
                row = own.get(number) or self._own(transaction, actor, number)
                if row.acknowledged_at is None:
                    by_item.setdefault(row.item_id, []).append(row)
            # The system first and items in the order of their numbers, as a calendar takes them, so
            # that no two calls wait crosswise.
            for about in sorted(by_item, key=lambda each: each or 0):
                self._note(transaction, actor, about, by_item[about], now)
            done = sorted(row.id for rows in by_item.values() for row in rows)
            # After the office's row, which a sender holds before it changes alerts.
            transaction.run_many(
                _ACKNOWLEDGE,
                [{"alert_id": number, "at": now, "by": actor.account_id} for number in done],
            )
            return {"acknowledged": done, "before": sorted(set(wanted) - set(done))}

        call = {"do": "alerts ack", "alerts": sorted(set(numbers)), "item": item}
        return self._runtime.carry_out(
            work, account_id=actor_id, call=call, key=key, dry_run=dry_run
        )

    def snooze(
        self,
        actor_id: int,
        item_id: int,
        until: date,
        *,
        reason: str,
        clock: str | None = None,
        key: str | None = None,
        dry_run: bool = False,
    ) -> dict[str, Any]:
        """Let one's reminders about an item's clocks wait until the day after ``until``.

        At most :data:`LONGEST_SNOOZE` working days, and only before the last day; raises
        ``Refused`` otherwise. What is overdue does not wait.
        """
        check_text("reason", reason)
        if is_blank(reason):
            raise Refused([Refusal("reason_required", {"action": "snooze"})])
        self._intake.screen_words({"reason": reason}, account_id=actor_id, dry_run=dry_run)

        def work(transaction: Transaction, now: datetime) -> dict[str, Any]:
            scene = gather(
                transaction, self._policies, item_id, account_id=actor_id, now=now,
                with_content=False,
            )  # fmt: skip
            actor = _signed_in(transaction, actor_id, now)
            today = now.astimezone(SHANGHAI).date()
            calendar = self._calendars.current(transaction)[1]
            if until < today:
                raise Refused([Refusal("snooze_in_past", {"value": until})])
            days = working_days_left(until, today, calendar=calendar)
            if days > LONGEST_SNOOZE:
                raise Refused([Refusal("snooze_too_long", {"limit": LONGEST_SNOOZE, "days": days})])
            rows = [
                row
                for row in transaction.run(_RUNNING, item_id=item_id)
                if clock in (None, row.clock)
            ]
            if not rows and clock is not None:
                raise NotFound("no_such_clock", item=item_id, clock=clock)
            if not rows:
                raise Refused([Refusal("no_clock_runs", {"item": item_id})])
            waits = [row for row in rows if until < row.due_on]
            if not waits:
                raise Refused([Refusal("snooze_past_due", {"due": max(r.due_on for r in rows)})])
            remark = insert_remark(
                transaction, {"reason": reason}, item_id=item_id, account_id=actor_id, now=now
            )
            for row in waits:
                transaction.run(
                    _PUT_OFF,
                    account_id=actor_id,
                    deadline_id=row.id,
                    rev=row.rev,
                    until=until,
                    remark_id=remark.id,
                    snoozed_at=now,
                )
            clocks = [row.clock for row in waits]
            scene.chain.append(
                "alert_snoozed",
                at=now,
                origin=self._runtime.origin(actor.name),
                until=until,
                snoozed=clocks,
                remark=remark.digest,
            )
            write(transaction, item_id, scene.chain)
            return {"item": item_id, "until": until, "clocks": clocks, "reason": reason}

        call = {
            "do": "alerts snooze",
            "item": item_id,
            "until": until,
            "reason": reason,
            "clock": clock,
        }
        return self._runtime.carry_out(
            work, account_id=actor_id, call=call, key=key, dry_run=dry_run
        )

    def _own(self, transaction: Transaction, actor: Actor, number: int) -> Any:
        """Return an alert that a person may acknowledge: their own, or one of their group's room.

        What is another's, or about what one may not see, is not found.
        """
        row = transaction.one(_MINE, alert_id=number) if 0 < number <= LONGEST_ID else None
        rooms = {grant.body_id for grant in actor.grants}
        if row is not None and (row.account_id == actor.account_id or row.body_id in rooms):
            policy = row.policy_digest and self._policies.get(transaction, row.policy_digest)
            hidden = matters.withheld_from(row, Recipient(actor, "zh"), policy or None)
            if hidden != "not_visible":
                return row
        raise NotFound("no_such_alert", alert=number)

    def _note(
        self,
        transaction: Transaction,
        actor: Actor,
        item_id: int | None,
        rows: Sequence[Any],
        now: datetime,
    ) -> None:
        """Write into the trail that alerts about an item, or about none, are acknowledged."""
        origin = self._runtime.origin(actor.name)
        details = {
            "alerts": [row.id for row in rows],
            "rungs": [row.rung or row.event for row in rows],
        }
        if item_id is None:
            audit.record(transaction, "alert_acknowledged", at=now, origin=origin, **details)
        else:
            scene = gather(
                transaction, self._policies, item_id, account_id=actor.account_id, now=now,
                with_content=False,
            )  # fmt: skip
            scene.chain.append("alert_acknowledged", at=now, origin=origin, **details)
            write(transaction, item_id, scene.chain)


def _signed_in(transaction: Transaction, account_id: int, now: datetime) -> Actor:
    actor = load_actor(transaction, account_id, now=now)
    if actor is None or not actor.enabled:
        raise NotSignedIn("not_signed_in")
    return actor


def _told(
    row: Any, recipient: Recipient, policy: Any, today: date, calendar: Any
) -> dict[str, Any]:
    """Return an alert as a board shows it; one that makes no sense with its code alone."""
    told = {
        "alert": row.id,
        "kind": row.kind.value,
        "event": row.event,
        "rung": row.rung,
        "late": row.late,
        "item": row.item_id,
        "index_number": row.index_number,
        "title": row.title,
        "restricted": bool(row.restricted),
        "clock": row.clock,
        "due_on": row.due_on,
        "recipient": row.recipient,
        "raised_at": row.raised_at,
        "status": row.status.value,
        "why": row.why,
        "channel": row.channel or None,
        "acknowledged_at": row.acknowledged_at,
        "snoozed_until": row.snoozed_until,
    }
    try:
        entry = matters.entry(row, recipient, policy, today=today, calendar=calendar, titles=False)
        english = matters.entry(
            row, Recipient(recipient.actor, "en"), policy, today=today, calendar=calendar,
            titles=False,
        )  # fmt: skip
        languages: tuple[Language, Language] = ("zh", "en")
        said = {
            language: digests.say(each, language)
            for language, each in zip(languages, (entry, english), strict=True)
        }
    except (AttributeError, KeyError, TypeError, ValueError):
        blank = {"urgency": None, "working_days": None, "command": None}
        return told | blank | {"says": {"zh": row.event, "en": row.event}}
    return told | {
        "urgency": entry.urgency.value,
        "working_days": entry.days,
        "command": digests.command(entry),
        "says": said,
    }
