"""Acts on time itself: another calendar, a corrected date, a pause, a reason, another policy.

They concern clocks and never what an item says: no content is read here, so administrators may act
on items that they may not see; to all others what they may not see is not there. Each act is one
transaction with its entries in the trail.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from sqlalchemy import bindparam, func, insert, select, update

from workflow import audit, clocks
from workflow.accounts import demand_role
from workflow.audit import Chain, item_subject
from workflow.carrying import Course, Tally, carry_page, subject_of
from workflow.database import Statement
from workflow.deadlines import Kind, Met, day_of
from workflow.drafting import check_text
from workflow.errors import Conflict, InvalidInput, NotFound, Refusal, Refused
from workflow.guards import Role
from workflow.machine import State
from workflow.models import (
    LONGEST_ID,
    Account,
    CalendarVersion,
    DateCorrection,
    Deadline,
    DeadlinePause,
    Item,
    Office,
    table,
)
from workflow.office import keep_policy
from workflow.records import insert_remark
from workflow.revisions import is_blank
from workflow.scene import Policies, visible_to
from workflow.working_days import diff, stored

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date, datetime

    from workflow.database import Transaction
    from workflow.guards import Actor
    from workflow.intake import Intake
    from workflow.policy import Policy
    from workflow.records import Kept
    from workflow.revisions import FormedOnBasis
    from workflow.runtime import Runtime
    from workflow.working_days import Calendar, Day

_item, _office = table(Item), table(Office)
_deadline, _pause = table(Deadline), table(DeadlinePause)
_calendar, _correction, _account = table(CalendarVersion), table(DateCorrection), table(Account)

_ITEM_COLUMNS: Final = (
    _item.c.id,
    _item.c.body_id,
    _item.c.state,
    _item.c.stage,
    _item.c.revision_id,
    _item.c.attribute,
    _item.c.category,
    _item.c.formed_on,
    _item.c.published_at,
    _item.c.entered_at,
    _item.c.owed_stage,
    _item.c.policy_digest,
    _item.c.reached,
    _item.c.restricted,
    _item.c.digest,
    _item.c.trail_seq,
    _item.c.trail_hash,
)
_HOLD: Final = Statement(
    select(*_ITEM_COLUMNS).where(_item.c.id == bindparam("item_id")).with_for_update()
)
_NOTE: Final = Statement(
    update(_item)
    .where(_item.c.id == bindparam("item_id"))
    .values(trail_seq=bindparam("new_seq"), trail_hash=bindparam("new_hash"))
)
_CORRECT: Final = Statement(
    insert(_correction).values(
        **{
            name: bindparam(name)
            for name in (
                "item_id",
                "revision_id",
                "formed_on",
                "basis",
                "remark_id",
                "corrected_by",
                "corrected_at",
            )
        }
    )
)
_RUNNING: Final = Statement(
    select(_deadline.c.id, _deadline.c.rule, _deadline.c.pausable, _deadline.c.due_on)
    .where(
        _deadline.c.item_id == bindparam("item_id"),
        _deadline.c.clock == bindparam("clock"),
        _deadline.c.met_on.is_(None),
        _deadline.c.voided_at.is_(None),
    )
    .with_for_update()
)
_BEGIN_PAUSE: Final = Statement(
    insert(_pause).values(
        **{
            name: bindparam(name)
            for name in ("deadline_id", "begun_on", "begun_at", "begun_by", "remark_id")
        }
    )
)
_OPEN_PAUSE: Final = Statement(
    select(_pause.c.id, _pause.c.begun_on).where(
        _pause.c.deadline_id == bindparam("deadline_id"), _pause.c.ended_on.is_(None)
    )
)
_END_PAUSE: Final = Statement(
    update(_pause)
    .where(_pause.c.id == bindparam("pause_id"))
    .values(ended_on=bindparam("day"), ended_at=bindparam("at"), ended_by=bindparam("by"))
)
_VERSION: Final = Statement(
    select(_calendar.c.text).where(_calendar.c.number == bindparam("number"))
)
_LATE_UNSAID: Final = Statement(
    select(_deadline.c.due_on).where(
        _deadline.c.item_id == bindparam("item_id"),
        _deadline.c.met_by == Met.PUBLISHED,
        _deadline.c.met_on > _deadline.c.due_on,
        _deadline.c.late_remark_id.is_(None),
    )
)
_USE_POLICY: Final = Statement(
    update(_office)
    .where(_office.c.id == 1, _office.c.policy_digest != bindparam("new_digest"))
    .values(policy_digest=bindparam("new_digest"))
)
_IN_USE: Final = Statement(select(_office.c.policy_digest).where(_office.c.id == 1))


class PolicyPlan(NamedTuple):
    """What using a policy would do: at most ``total`` rows, in the order of the items' numbers.

    What they come to stands in ``tally`` when all of them were gone through.
    """

    total: int
    tally: Tally
    rows: Iterator[dict[str, Any]]


class Timekeeper:
    """Acts on calendars and clocks."""

    def __init__(self, runtime: Runtime, intake: Intake) -> None:
        """Act in ``runtime``; ``intake`` looks for marks in what people say."""
        self._runtime = runtime
        self._intake = intake
        self._calendars = clocks.Calendars()
        self._policies = Policies()

    # -- calendars ---------------------------------------------------------------------------

    def apply_calendar(
        self,
        actor_id: int,
        change: Callable[[Calendar], Calendar],
        *,
        source: str,
        reason: str | None = None,
        key: str | None = None,
        dry_run: bool = False,
    ) -> dict[str, Any]:
        """Make another calendar the one in force and recompute every running clock by it.

        ``change`` makes the new calendar of the one in force; ``source`` is the name of the file
        it comes from. The answer says which days differ and which legal dates move; a calendar
        that changes nothing makes no version.
        """
        check_text("reason", reason)
        self._intake.screen_words({"reason": reason}, account_id=actor_id, dry_run=dry_run)

        def work(transaction: Transaction, now: datetime) -> dict[str, Any]:
            return self._adopt(
                transaction, now, actor_id, change, source=source, reason=reason, reverts=None
            )

        call = {"do": "calendar apply", "source": source, "reason": reason}
        return self._runtime.carry_out(
            work, account_id=actor_id, call=call, key=key, dry_run=dry_run
        )

    def revert_calendar(
        self,
        actor_id: int,
        number: int,
        *,
        reason: str,
        key: str | None = None,
        dry_run: bool = False,
    ) -> dict[str, Any]:
        """Bring an earlier version back, as a new one; raises ``NotFound`` if there is none."""
        self._demand_reason(reason, "calendar_revert", actor_id, dry_run=dry_run)

        def work(transaction: Transaction, now: datetime) -> dict[str, Any]:
            row = transaction.one(_VERSION, number=number) if 0 < number <= LONGEST_ID else None
            if row is None:
                raise NotFound("no_such_calendar", number=number)
            earlier = stored(row.text)
            return self._adopt(
                transaction,
                now,
                actor_id,
                lambda _: earlier,
                source=f"version {number}",
                reason=reason,
                reverts=number,
            )

        call = {"do": "calendar revert", "number": number, "reason": reason}
        return self._runtime.carry_out(
            work, account_id=actor_id, call=call, key=key, dry_run=dry_run
        )

    def _adopt(
        self,
        transaction: Transaction,
        now: datetime,
        actor_id: int,
        change: Callable[[Calendar], Calendar],
        *,
        source: str,
        reason: str | None,
        reverts: int | None,
    ) -> dict[str, Any]:
        actor = demand_role(transaction, actor_id, Role.ADMINISTRATOR, now=now)
        # Whoever changes the calendar at the same time waits here, and then changes the new one.
        audit.hold(transaction)
        before, old = self._calendars.current(transaction)
        new = change(old)
        if new.version == old.version:
            return {"number": before, "changed": False, "days": [], "moved": []}
        number = clocks.adopt(
            transaction,
            new,
            now=now,
            source=source,
            applied_by=actor.account_id,
            reason=reason,
            reverts=reverts,
        )
        origin = self._runtime.origin(actor.name)
        time = clocks.Time(now=now, number=number, calendar=new)
        moved = clocks.recompute(transaction, time, origin=origin)
        days = [
            {"day": each.after.day, "before": _told(each.before), "after": _told(each.after)}
            for each in diff(old, new)
        ]
        audit.record(
            transaction,
            "calendar_reverted" if reverts else "calendar_applied",
            at=now,
            origin=origin,
            number=number,
            version=new.version,
            before=before,
            source=source,
            reason=reason,
            reverts=reverts,
            days=len(days),
            moved=len(moved),
        )
        return {
            "number": number,
            "before": before,
            "version": new.version,
            "horizon": new.horizon,
            "changed": True,
            "days": days,
            "moved": moved,
        }

    def catch_up(self) -> int:
        """Bring clocks to the calendar in force that were opened by another while it changed.

        Returns how many legal dates moved. Safe at any time and for anybody: a worker's task.
        """
        with self._runtime.database.transaction() as transaction:
            now = self._runtime.clock()
            number, calendar = self._calendars.current(transaction)
            time = clocks.Time(now=now, number=number, calendar=calendar)
            origin = self._runtime.origin(audit.SYSTEM_ACTOR)
            return len(clocks.recompute(transaction, time, origin=origin))

    def calendar_in_force(self) -> tuple[int, Calendar]:
        """Return the number of the calendar in force, and the calendar."""
        with self._runtime.database.transaction(keep=False) as transaction:
            return self._calendars.current(transaction)

    def provisional(self) -> int:
        """Return how many running legal clocks end on a day that no notice covers yet."""
        with self._runtime.database.read() as connection:
            count = (
                select(func.count())
                .select_from(_deadline)
                .where(
                    _deadline.c.kind == Kind.LEGAL,
                    _deadline.c.provisional.is_(True),
                    _deadline.c.met_on.is_(None),
                    _deadline.c.voided_at.is_(None),
                )
            )
            return int(connection.execute(count).scalar_one())

    def calendar(self, number: int) -> Calendar:
        """Return a version of the calendar; raises ``NotFound('no_such_calendar')``."""
        with self._runtime.database.read() as connection:
            text = (
                connection.execute(_VERSION.clause, {"number": number}).scalar_one_or_none()
                if 0 < number <= LONGEST_ID
                else None
            )
        if text is None:
            raise NotFound("no_such_calendar", number=number)
        return stored(text)

    def calendar_history(self) -> list[dict[str, Any]]:
        """Return every version of the calendar, the first one first."""
        with self._runtime.database.read() as connection:
            rows = connection.execute(
                select(
                    _calendar.c.number,
                    _calendar.c.digest,
                    _calendar.c.source,
                    _calendar.c.reason,
                    _calendar.c.reverts,
                    _calendar.c.applied_at,
                    _account.c.display_name,
                )
                .join(_account, _account.c.id == _calendar.c.applied_by, isouter=True)
                .order_by(_calendar.c.number)
            ).all()
        return [
            {
                "number": row.number,
                "version": row.digest,
                "source": row.source,
                "reason": row.reason,
                "reverts": row.reverts,
                "by_name": row.display_name,
                "at": row.applied_at,
                "in_force": row.number == rows[-1].number,
            }
            for row in rows
        ]

    # -- one item ----------------------------------------------------------------------------

    def correct_date(
        self,
        actor_id: int,
        item_id: int,
        *,
        formed_on: date,
        basis: FormedOnBasis,
        reason: str,
        key: str | None = None,
        dry_run: bool = False,
    ) -> dict[str, Any]:
        """Correct the date from which an item's clocks count, after it was submitted.

        The text keeps the date that was decided on, with its digest and its index number; the
        department's next text says the right one. Raises ``Refused`` for a draft, whose date its
        clerk changes, and for a date that is not yet.
        """
        self._demand_reason(reason, "correct_date", actor_id, dry_run=dry_run)

        def work(transaction: Transaction, now: datetime) -> dict[str, Any]:
            actor = demand_role(transaction, actor_id, Role.ADMINISTRATOR, now=now)
            item = _held(transaction, item_id)
            if item.state is State.DRAFT:
                raise Refused([Refusal("date_of_draft", {"item": item_id})])
            if formed_on > day_of(now):
                raise InvalidInput("formed_in_future", formed_on=formed_on, today=day_of(now))
            subject = subject_of(item)
            before = clocks.formed_on(transaction, subject)
            remark = self._keep(transaction, item_id, actor_id, now, reason=reason)
            transaction.run(
                _CORRECT,
                item_id=item_id,
                revision_id=item.revision_id,
                formed_on=formed_on,
                basis=basis.value,
                remark_id=remark.id,
                corrected_by=actor.account_id,
                corrected_at=now,
            )
            number, calendar = self._calendars.current(transaction)
            done = clocks.agree(
                transaction,
                subject,
                self._policies.get(transaction, item.policy_digest),
                clocks.Time(now=now, number=number, calendar=calendar),
                why="date_corrected",
            )
            self._note(
                transaction,
                item,
                "date_corrected",
                now,
                by=actor,
                old=before,
                formed_on=formed_on,
                basis=basis.value,
                remark=remark.digest,
                clocks=done or None,
            )
            return {"item": item_id, "from": before, "formed_on": formed_on, "clocks": done}

        call = {
            "do": "correct date",
            "item": item_id,
            "formed_on": formed_on.isoformat(),
            "basis": basis.value,
            "reason": reason,
        }
        return self._runtime.carry_out(
            work, account_id=actor_id, call=call, key=key, dry_run=dry_run
        )

    def pause(
        self,
        actor_id: int,
        item_id: int,
        clock: str,
        *,
        reason: str,
        key: str | None = None,
        dry_run: bool = False,
    ) -> dict[str, Any]:
        """Let a clock rest from today on, where its rule allows it; twice is as good as once."""
        self._demand_reason(reason, "pause", actor_id, dry_run=dry_run)

        def work(transaction: Transaction, now: datetime) -> dict[str, Any]:
            actor = demand_role(transaction, actor_id, Role.SUPERVISOR, now=now)
            item = self._in_sight(transaction, actor, item_id)
            row = _clock(transaction, item_id, clock)
            if not row.pausable:
                raise InvalidInput("deadline_not_pausable", rule=row.rule)
            changed = transaction.one(_OPEN_PAUSE, deadline_id=row.id) is None
            if changed and row.due_on < day_of(now):
                # A pause would say that it was never overdue.
                raise Refused([Refusal("clock_overdue", {"due": row.due_on})])
            if changed:
                remark = self._keep(transaction, item_id, actor_id, now, reason=reason)
                transaction.run(
                    _BEGIN_PAUSE,
                    deadline_id=row.id,
                    begun_on=day_of(now),
                    begun_at=now,
                    begun_by=actor.account_id,
                    remark_id=remark.id,
                )
                self._note(
                    transaction, item, "clock_paused", now, by=actor, clock=clock,
                    remark=remark.digest,
                )  # fmt: skip
            return {"item": item_id, "clock": clock, "paused": True, "changed": changed}

        call = {"do": "pause", "item": item_id, "clock": clock, "reason": reason}
        return self._runtime.carry_out(
            work, account_id=actor_id, call=call, key=key, dry_run=dry_run
        )

    def resume(
        self,
        actor_id: int,
        item_id: int,
        clock: str,
        *,
        key: str | None = None,
        dry_run: bool = False,
    ) -> dict[str, Any]:
        """Let a clock run again; its last day moves by the days that it rested."""

        def work(transaction: Transaction, now: datetime) -> dict[str, Any]:
            actor = demand_role(transaction, actor_id, Role.SUPERVISOR, now=now)
            item = self._in_sight(transaction, actor, item_id)
            row = _clock(transaction, item_id, clock)
            pause = transaction.one(_OPEN_PAUSE, deadline_id=row.id)
            done: list[dict[str, Any]] = []
            if pause is not None:
                transaction.run(
                    _END_PAUSE, pause_id=pause.id, day=day_of(now), at=now, by=actor.account_id
                )
                number, calendar = self._calendars.current(transaction)
                time = clocks.Time(now=now, number=number, calendar=calendar)
                done = clocks.rework(transaction, row.id, time, why="pause")
                self._note(
                    transaction, item, "clock_resumed", now, by=actor, clock=clock,
                    clocks=done or None,
                )  # fmt: skip
            changed = pause is not None
            return {
                "item": item_id, "clock": clock, "paused": False, "changed": changed,
                "clocks": done,
            }  # fmt: skip

        call = {"do": "resume", "item": item_id, "clock": clock}
        return self._runtime.carry_out(
            work, account_id=actor_id, call=call, key=key, dry_run=dry_run
        )

    def give_late_reason(
        self,
        actor_id: int,
        item_id: int,
        *,
        reason: str,
        key: str | None = None,
        dry_run: bool = False,
    ) -> dict[str, Any]:
        """Say why a publication that was decided in time arrived late; a publisher's duty."""
        self._demand_reason(reason, "late_reason", actor_id, dry_run=dry_run)

        def work(transaction: Transaction, now: datetime) -> dict[str, Any]:
            actor = demand_role(transaction, actor_id, Role.PUBLISHER, now=now)
            item = self._in_sight(transaction, actor, item_id)
            late = transaction.one(_LATE_UNSAID, item_id=item_id)
            if late is None:
                raise Refused([Refusal("nothing_late", {"item": item_id})])
            remark = self._keep(transaction, item_id, actor_id, now, late_reason=reason)
            if remark.id is not None:
                clocks.say_why_late(
                    transaction, item_id, remark_id=remark.id, account_id=actor_id, now=now
                )
            self._note(
                transaction, item, "late_reason_given", now, by=actor,
                late_since=late.due_on, remark=remark.digest,
            )  # fmt: skip
            return {"item": item_id, "late_since": late.due_on, "reason": reason}

        call = {"do": "late reason", "item": item_id, "reason": reason}
        return self._runtime.carry_out(
            work, account_id=actor_id, call=call, key=key, dry_run=dry_run
        )

    def _in_sight(self, transaction: Transaction, actor: Actor, item_id: int) -> Any:
        """Return an item held, if it is the actor's to see; else it is not there."""
        item = _held(transaction, item_id)
        policy = self._policies.get(transaction, item.policy_digest)
        if not visible_to(transaction, policy, actor, item):
            raise NotFound("no_such_item", item=item_id)
        return item

    # -- another policy ----------------------------------------------------------------------

    def plan_policy(self, actor_id: int, policy: Policy, *, keep_open: bool = False) -> PolicyPlan:
        """Return what using ``policy`` would do to every item under way; changes nothing.

        With ``keep_open`` what is under way stays with its own policy.
        """
        with self._runtime.database.transaction(keep=False) as transaction:
            now = self._runtime.clock()
            demand_role(transaction, actor_id, Role.ADMINISTRATOR, now=now)
            course = Course(transaction, self._policies, policy, keep_open=keep_open)
            in_use = transaction.one(_IN_USE).policy_digest
            total = course.count(transaction)
        tally = Tally(policy, in_use=in_use, keep_open=keep_open)
        return PolicyPlan(total, tally, self._planned(course, tally))

    def _planned(self, course: Course, tally: Tally) -> Iterator[dict[str, Any]]:
        after: int | None = 0
        while after is not None:
            # A page at a time, so that nobody who decides has to wait for the whole plan.
            with self._runtime.database.transaction(keep=False) as transaction:
                time = self._time(transaction, self._runtime.clock())
                page, after = course.page(transaction, time, after=after)
            for planned in page:
                row = planned.told
                tally.add(row)
                yield row

    def apply_policy(
        self,
        actor_id: int,
        policy: Policy,
        *,
        reason: str,
        keep_open: bool = False,
        plan: str | None = None,
        step: Callable[[], None] = lambda: None,
        key: str | None = None,
        dry_run: bool = False,
    ) -> dict[str, Any]:
        """Use ``policy`` from now on, and carry over to it what is under way.

        In one transaction, by what is found in it; with ``plan``, the digest of a plan, only if
        that is what was planned (``Conflict('plan_outdated')``). With ``keep_open`` what is under
        way stays with its own policy. A second time there is nothing to do, and nothing is written.
        ``step`` is called once for each item.
        """
        self._demand_reason(reason, "policy_apply", actor_id, dry_run=dry_run)

        def work(transaction: Transaction, now: datetime) -> dict[str, Any]:
            actor = demand_role(transaction, actor_id, Role.ADMINISTRATOR, now=now)
            audit.hold(transaction)
            in_use = transaction.one(_IN_USE).policy_digest
            keep_policy(transaction, policy, now)
            tally = Tally(policy, in_use=in_use, keep_open=keep_open)
            changed = self._carry_over(
                transaction, policy, tally, now, by=actor.name, keep_open=keep_open, step=step
            )
            if plan is not None and plan != tally.digest:
                raise Conflict("plan_outdated", plan=plan, now=tally.digest)
            if changed or in_use != policy.digest:
                remark = insert_remark(
                    transaction, {"reason": reason}, item_id=None, account_id=actor_id, now=now
                )
                transaction.run(_USE_POLICY, new_digest=policy.digest)
                audit.record(
                    transaction,
                    "policy_applied",
                    at=now,
                    origin=self._runtime.origin(actor.name),
                    policy=policy.digest,
                    code=policy.code,
                    version=policy.version,
                    plan=tally.digest,
                    outcomes=dict(tally.counts),
                    remark=remark.digest,
                )
            return {
                "changed": changed > 0 or in_use != policy.digest,
                "code": policy.code,
                "version": policy.version,
                "digest": policy.digest,
                "plan": tally.digest,
                "items": tally.counts.total(),
                "outcomes": dict(tally.counts),
            }

        call = {
            "do": "policy apply",
            "digest": policy.digest,
            "reason": reason,
            "keep_open": keep_open,
            "plan": plan,
        }
        return self._runtime.carry_out(
            work, account_id=actor_id, call=call, key=key, dry_run=dry_run
        )

    def _carry_over(
        self,
        transaction: Transaction,
        policy: Policy,
        tally: Tally,
        now: datetime,
        *,
        by: str,
        keep_open: bool,
        step: Callable[[], None],
    ) -> int:
        """Carry over page by page all that is under way; return how many items changed."""
        course = Course(transaction, self._policies, policy, keep_open=keep_open)
        time, origin = self._time(transaction, now), self._runtime.origin(by)
        changed, after = 0, 0
        following: int | None = after
        while following is not None:
            page, following = course.page(transaction, time, after=following, hold=True)
            changed += carry_page(transaction, self._policies, page, policy, time, origin=origin)
            for planned in page:
                tally.add(planned.told)
                step()
        return changed

    def _time(self, transaction: Transaction, now: datetime) -> clocks.Time:
        number, calendar = self._calendars.current(transaction)
        return clocks.Time(now=now, number=number, calendar=calendar)

    # -- underneath --------------------------------------------------------------------------

    def _demand_reason(self, reason: str, action: str, actor_id: int, *, dry_run: bool) -> None:
        check_text("reason", reason)
        if is_blank(reason):
            raise Refused([Refusal("reason_required", {"action": action})])
        self._intake.screen_words({"reason": reason}, account_id=actor_id, dry_run=dry_run)

    @staticmethod
    def _keep(
        transaction: Transaction, item_id: int, actor_id: int, now: datetime, **words: str
    ) -> Kept:
        """Keep what was said where a purge can reach it."""
        return insert_remark(transaction, words, item_id=item_id, account_id=actor_id, now=now)

    def _note(
        self, transaction: Transaction, item: Any, event: str, now: datetime, *, by: Actor,
        **details: Any,
    ) -> None:  # fmt: skip
        """Write into an item's trail; its version stays, for nothing was changed that is seen."""
        origin = self._runtime.origin(by.name, in_place_of=by.principal)
        chain = Chain(item_subject(item.id), item.trail_seq, item.trail_hash)
        chain.append(event, at=now, origin=origin, **details)
        chain.write(transaction)
        transaction.run(_NOTE, item_id=item.id, new_seq=chain.seq, new_hash=chain.hash)


def _held(transaction: Transaction, item_id: int) -> Any:
    item = transaction.one(_HOLD, item_id=item_id) if 0 < item_id <= LONGEST_ID else None
    if item is None:
        raise NotFound("no_such_item", item=item_id)
    return item


def _clock(transaction: Transaction, item_id: int, clock: str) -> Any:
    row = transaction.one(_RUNNING, item_id=item_id, clock=clock)
    if row is None:
        raise NotFound("no_such_clock", item=item_id, clock=clock)
    return row


def _told(day: Day) -> dict[str, Any]:
    return {"works": day.works, "reason": day.reason.value, "zh": day.zh, "en": day.en}
