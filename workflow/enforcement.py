"""The sweep of deadlines: flags what is overdue and raises the alerts of the ladder.

What is due stands in the rows: ``deadline.sweep_on`` is the first day on which a clock has to be
looked at, so a sweep costs what is due and not what there is, and one that is lost or done twice
changes nothing. Clocks are taken in batches. A batch is one transaction, that locks the items
before their clocks, as a decision does, and leaves out what somebody else holds; flag, alerts, the
entry in the item's trail and the next day to look are committed together. A batch takes a few
statements, however many clocks it holds. A clock that fails alone is put into quarantine until the
next day, and the rest is swept.
"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass, fields
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Date, and_, bindparam, exists, func, literal, select, update

from workflow import audit
from workflow.alerts import (
    ENFORCE,
    OUTBOX,
    NewAlert,
    Trouble,
    note_all,
    office_manner,
    raise_alerts,
)
from workflow.audiences import NOBODY, Audiences, Recipient
from workflow.audit import SYSTEM_ACTOR, Chain, item_subject
from workflow.clocks import Calendars
from workflow.database import Among, Statement
from workflow.deadlines import day_of
from workflow.errors import Conflict, Unavailable
from workflow.faults import clear
from workflow.matters import CORRECTED
from workflow.models import (
    Account,
    Alert,
    AlertKind,
    AlertStatus,
    Deadline,
    DeadlineMove,
    DeadlinePause,
    Fault,
    Item,
    Message,
    table,
)
from workflow.scene import Policies

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from workflow.database import Transaction
    from workflow.deadlines import Rung
    from workflow.ladder import Audience, Steps
    from workflow.runtime import Runtime
    from workflow.working_days import Calendar

QUARANTINED: Final = "quarantined"
"""The fault of a clock that fails alone."""
BATCH: Final = 500
MOST_POISON: Final = 20
"""How many clocks of a batch may fail alone; with more, it is the sweep that fails."""
_ONE_DAY: Final = timedelta(days=1)

_deadline, _item, _account = table(Deadline), table(Item), table(Account)
_pause, _move, _alert = table(DeadlinePause), table(DeadlineMove), table(Alert)
_message, _fault = table(Message), table(Fault)
_running = and_(_deadline.c.met_on.is_(None), _deadline.c.voided_at.is_(None))
_due = and_(_running, _deadline.c.sweep_on <= bindparam("day"))

_HOLD: Final = Statement(
    select(_deadline.c.id, _deadline.c.item_id)
    .join(_item, _item.c.id == _deadline.c.item_id)
    .where(_due)
    .order_by(_deadline.c.sweep_on, _deadline.c.id)
    .limit(bindparam("limit"))
    .with_for_update(of=_item, skip_locked=True, key_share=True)
)
"""Items before their clocks; who waits for nobody waits crosswise with nobody."""
_HOLD_ONE: Final = Statement(
    select(_deadline.c.id, _deadline.c.item_id)
    .join(_item, _item.c.id == _deadline.c.item_id)
    .where(_due, _deadline.c.id == bindparam("deadline_id"))
    .with_for_update(of=_item, skip_locked=True, key_share=True)
)
_CLOCKS: Final = Statement(
    select(
        _deadline.c.id,
        _deadline.c.item_id,
        _deadline.c.clock,
        _deadline.c.kind,
        _deadline.c.stage.label("budget_of"),
        _deadline.c.met_by,
        _deadline.c.started_on,
        _deadline.c.due_on,
        _deadline.c.rev,
        _deadline.c.opened_at,
        _deadline.c.detected_at,
        _deadline.c.swept_on,
        and_(
            _deadline.c.pausable.is_(True),
            exists().where(_pause.c.deadline_id == _deadline.c.id, _pause.c.ended_on.is_(None)),
        ).label("paused"),
        _item.c.body_id,
        _item.c.policy_digest,
        _item.c.state,
        _item.c.stage,
        _item.c.reached,
        _item.c.restricted,
        _item.c.created_by,
        _item.c.created_at,
        _item.c.trail_seq,
        _item.c.trail_hash,
        _account.c.enabled.label("drafter_enabled"),
    )
    .join(_item, _item.c.id == _deadline.c.item_id)
    .join(_account, _account.c.id == _item.c.created_by)
    .where(Among(_deadline.c.id, "deadlines"), _due)
    .order_by(_deadline.c.id)
    # A sender that writes an alert of a clock down is not waited for, and does not wait.
    .with_for_update(of=_deadline, key_share=True)
)
"""A second look, for only what is read after the locks are ours is what is there."""
_RAISED: Final = Statement(
    select(_alert.c.deadline_id, _alert.c.rung)
    .join(_deadline, and_(_deadline.c.id == _alert.c.deadline_id, _deadline.c.rev == _alert.c.rev))
    .where(Among(_alert.c.deadline_id, "deadlines"))
    .distinct()
)
_before, _told = _move.alias("before"), _alert.alias("told")
# One that is on its way is as good as told.
_heard = (_alert.c.status == AlertStatus.SENT) | _message.c.sealed.is_(True)
_WITHDRAWN: Final = Statement(
    select(
        _move.c.deadline_id,
        _move.c.rev,
        _move.c.old_due_on,
        _alert.c.account_id,
        _alert.c.body_id,
        func.max(_alert.c.role).label("role"),
    )
    .select_from(_move)
    .join(
        _alert,
        and_(
            _alert.c.deadline_id == _move.c.deadline_id,
            _alert.c.rev < _move.c.rev,
            _alert.c.rev
            >= func.coalesce(
                select(func.max(_before.c.rev))
                .where(
                    _before.c.deadline_id == _move.c.deadline_id,
                    _before.c.rev < _move.c.rev,
                    _before.c.withdrew_overdue.is_(True),
                )
                .correlate(_move)
                .scalar_subquery(),
                1,
            ),
        ),
    )
    .join(_message, _message.c.id == _alert.c.message_id, isouter=True)
    .where(
        Among(_move.c.deadline_id, "deadlines"),
        _move.c.withdrew_overdue.is_(True),
        _alert.c.event == "overdue",
        ~exists()
        .where(
            _told.c.deadline_id == _move.c.deadline_id,
            _told.c.rev == _move.c.rev,
            _told.c.rung == CORRECTED,
        )
        .correlate(_move),
        _heard,
    )
    .group_by(
        _move.c.deadline_id,
        _move.c.rev,
        _move.c.old_due_on,
        _alert.c.account_id,
        _alert.c.body_id,
    )
    .order_by(_move.c.deadline_id, _move.c.rev, _alert.c.account_id, _alert.c.body_id)
)
_TOLD_AHEAD: Final = Statement(
    select(
        _deadline.c.id.label("deadline_id"),
        _deadline.c.rev,
        _deadline.c.due_on.label("old_due_on"),
        _alert.c.account_id,
        _alert.c.body_id,
        func.max(_alert.c.role).label("role"),
    )
    .select_from(_deadline)
    .join(_alert, _alert.c.deadline_id == _deadline.c.id)
    .join(_message, _message.c.id == _alert.c.message_id, isouter=True)
    .where(
        Among(_deadline.c.id, "deadlines"),
        _deadline.c.due_on >= bindparam("day"),
        _alert.c.rev < _deadline.c.rev,
        _alert.c.event == "overdue",
        # The day of its rung is still to come: the clock ran ahead that it was raised by.
        _alert.c.day > bindparam("day"),
        ~exists().where(
            _told.c.deadline_id == _deadline.c.id,
            _told.c.rev > _alert.c.rev,
            _told.c.rung == CORRECTED,
        ),
        _heard,
    )
    .group_by(
        _deadline.c.id, _deadline.c.rev, _deadline.c.due_on, _alert.c.account_id, _alert.c.body_id
    )
    .order_by(_deadline.c.id, _alert.c.account_id, _alert.c.body_id)
)
_SWEPT: Final = Statement(
    update(_deadline)
    .where(Among(_deadline.c.id, "deadlines"))
    .values(
        detected_at=func.coalesce(
            _deadline.c.detected_at, bindparam("seen_at", type_=_deadline.c.detected_at.type)
        ),
        sweep_on=bindparam("new_sweep_on", type_=_deadline.c.sweep_on.type),
        swept_on=func.coalesce(
            bindparam("new_swept_on", type_=_deadline.c.swept_on.type), _deadline.c.swept_on
        ),
    )
)
_PUT_OFF: Final = Statement(
    update(_deadline)
    .where(_deadline.c.id == bindparam("deadline_id"))
    .values(sweep_on=bindparam("new_sweep_on", type_=_deadline.c.sweep_on.type))
)
_OPEN_FAULTS: Final = Statement(
    select(_fault.c.subject, _fault.c.code, _fault.c.facts)
    .where(_fault.c.job == ENFORCE, _fault.c.cleared_at.is_(None))
    .order_by(_fault.c.subject)
)
_STILL_BAD: Final = Statement(
    select(_deadline.c.id).where(
        Among(_deadline.c.id, "deadlines"),
        _running,
        func.coalesce(_deadline.c.swept_on, literal(date.min, Date())) < bindparam("day"),
    )
)


@dataclass(slots=True, kw_only=True)
class Swept:
    """What a sweep did; ``limit`` may have ended it before all was done."""

    looked_at: int = 0
    overdue: int = 0
    """Clocks that were flagged as overdue."""
    alerts: int = 0
    missed: int = 0
    corrected: int = 0
    """People who were told that an overdue is taken back."""
    quarantined: int = 0
    batches: int = 0

    def add(self, other: Swept) -> None:
        """Add what a batch did."""
        for each in fields(Swept):
            setattr(self, each.name, getattr(self, each.name) + getattr(other, each.name))


@dataclass(frozen=True, slots=True)
class _Today:
    """The instant of a batch, its day, and what holds for all of its clocks."""

    now: datetime
    day: date
    calendar: Calendar


class Enforcer:
    """Enforces the deadlines of one office."""

    def __init__(self, runtime: Runtime) -> None:
        """Sweep in ``runtime``."""
        self._runtime = runtime
        self._policies = Policies()
        self._calendars = Calendars()

    def enforce(self, *, batch: int = BATCH, limit: int | None = None) -> Swept:
        """Look at every clock on which there is something to do, up to ``limit`` of them.

        Each batch reads the clock anew, so that a sweep over midnight is right on both sides. What
        another sweep or a decision holds is left to it and to the next sweep. Raises
        ``Unavailable`` and ``Conflict``, after which the next sweep does what is left.
        """
        total = Swept()
        while limit is None or total.looked_at < limit:
            size = batch if limit is None else min(batch, limit - total.looked_at)
            done = self._batch(size)
            total.add(done)
            if done.looked_at < size:
                break
        self._see_what_is_gone()
        return total

    def _batch(self, size: int) -> Swept:
        held: list[int] = []
        try:
            return self._sweep(held, limit=size)
        except (Conflict, Unavailable):
            raise
        except Exception:
            if not held:
                raise
        done = Swept(batches=1)
        for deadline_id in held:
            may_fail = done.quarantined < MOST_POISON
            done.add(self._alone(deadline_id, may_fail=may_fail))
        return done

    def _alone(self, deadline_id: int, *, may_fail: bool) -> Swept:
        """Sweep one clock by itself, and put it into quarantine if it fails."""
        try:
            return self._sweep([], deadline_id=deadline_id)
        except (Conflict, Unavailable):
            raise
        except Exception as error:
            if not may_fail:
                raise
            problem = getattr(error, "code", None) or type(error).__name__
        with self._runtime.database.transaction() as transaction:
            now = self._runtime.clock()
            tomorrow = day_of(now) + _ONE_DAY
            transaction.run(_PUT_OFF, deadline_id=deadline_id, new_sweep_on=tomorrow)
            fault = Trouble(
                job=ENFORCE,
                subject=f"deadline:{deadline_id}",
                code=QUARANTINED,
                facts={"problem": problem},
            )
            note_all(transaction, [fault], now=now)
        return Swept(looked_at=1, quarantined=1)

    def _sweep(self, held: list[int], *, limit: int = 1, deadline_id: int | None = None) -> Swept:
        """Sweep a batch in one transaction; ``held`` gets the clocks that it is about."""
        with self._runtime.database.transaction() as transaction:
            now = self._runtime.clock()
            day = day_of(now)
            if deadline_id is None:
                rows = transaction.run(_HOLD, day=day, limit=limit)
            else:
                rows = transaction.run(_HOLD_ONE, day=day, deadline_id=deadline_id)
            held += [row.id for row in rows]
            if not rows:
                return Swept()
            clocks = transaction.run(_CLOCKS, deadlines=[row.id for row in rows], day=day)
            _, calendar = self._calendars.current(transaction)
            batch = _Batch(transaction, self._policies, clocks, _Today(now, day, calendar))
            batch.flag()
            batch.tell()
            batch.correct()
            batch.write(self._runtime.origin(SYSTEM_ACTOR))
            batch.done.looked_at = len(rows)
            batch.done.batches = int(deadline_id is None)
            return batch.done

    def _see_what_is_gone(self) -> None:
        """Close the faults of clocks that were swept or ended, and of audiences that are filled."""
        with self._runtime.database.read() as connection:
            # There hardly ever is one, and a look alone keeps no writer waiting.
            if connection.execute(_OPEN_FAULTS.clause).first() is None:
                return
        with self._runtime.database.transaction() as transaction:
            now = self._runtime.clock()
            faults = transaction.run(_OPEN_FAULTS)
            clocks = {
                int(fault.subject.removeprefix("deadline:")): fault
                for fault in faults
                if fault.code == QUARANTINED
            }
            gone = []
            if clocks:
                rows = transaction.run(_STILL_BAD, deadlines=sorted(clocks), day=day_of(now))
                bad = {row.id for row in rows}
                gone += [fault for number, fault in clocks.items() if number not in bad]
            missing = [fault for fault in faults if fault.code == NOBODY]
            if missing:
                audiences = Audiences(transaction, self._policies, [], now=now)
                gone += [fault for fault in missing if audiences.somebody(json.loads(fault.facts))]
            for fault in gone:
                clear(transaction, job=ENFORCE, subject=fault.subject, code=fault.code, now=now)


class _Batch:
    """The clocks of one transaction, and what is to be written about them."""

    def __init__(
        self,
        transaction: Transaction,
        policies: Policies,
        clocks: Sequence[Any],
        today: _Today,
    ) -> None:
        self._transaction = transaction
        self._policies = policies
        self._clocks = clocks
        self._today = today
        self._owed: list[NewAlert] = []
        self._missed: list[NewAlert] = []
        self._rungs: dict[int, list[str]] = defaultdict(list)
        self._flagged: set[int] = set()
        self._next: dict[int, date] = {}
        self._troubles: Iterable[Trouble] = ()
        self._manner = office_manner(transaction)
        self._opens = self._manner.opens(today.now, calendar=today.calendar)
        self._known: dict[tuple[Any, ...], tuple[list[Rung], date]] = {}
        self.done = Swept()

    def flag(self) -> None:
        """Find what is overdue; what is paused cannot be."""
        day = self._today.day
        self._flagged = {
            clock.id
            for clock in self._clocks
            if clock.due_on < day and clock.detected_at is None and not clock.paused
        }
        self.done.overdue = len(self._flagged)

    def tell(self) -> None:
        """Raise what the ladder says: of the rungs reached, each recipient gets the highest."""
        reached: list[tuple[Any, Steps, list[Rung]]] = []
        raised = self._raised_before()
        for clock in self._clocks:
            if clock.paused:
                self._next[clock.id] = self._today.day + _ONE_DAY
                continue
            policy = self._policies.get(self._transaction, clock.policy_digest)
            steps = policy.ladder.of(clock.clock, clock.kind)
            rungs, self._next[clock.id] = self._reached(clock, steps)
            if clock.id in raised:
                rungs = _after(rungs, raised[clock.id])
            if rungs:
                reached.append((clock, steps, rungs))
        if not reached:
            return
        told = [clock for clock, _, _ in reached]
        audiences = Audiences(self._transaction, self._policies, told, now=self._today.now)
        for clock, steps, rungs in reached:
            self._rungs[clock.id] += [rung.code for rung in rungs]
            facts = {"clock": clock.clock, "due": clock.due_on}
            for who, steps_of in _recipients(audiences, clock, steps, rungs).items():
                *lower, highest = (self._alert(clock, who, *step, facts) for step in steps_of)
                self._owed.append(highest)
                self._missed += lower
        self._troubles = audiences.troubles.values()

    def _raised_before(self) -> Mapping[int, set[str]]:
        """Return the rungs that were raised for clocks that are looked at as if they were new.

        Those are clocks that are new, have another last day, or stand on another calendar, by which
        only the days of their rungs may be others.
        """
        anew = [clock.id for clock in self._clocks if clock.swept_on is None]
        raised: dict[int, set[str]] = defaultdict(set)
        for row in self._transaction.run(_RAISED, deadlines=anew) if anew else ():
            raised[row.deadline_id].add(row.rung)
        return raised

    def _reached(self, clock: Any, steps: Steps) -> tuple[list[Rung], date]:
        """Return the rungs that a clock has come to since it was last swept, and when to look next.

        Weekly ones that passed before the clock was known here are nothing that anybody missed.
        """
        opened_on = day_of(clock.opened_at)
        key = (id(steps), clock.due_on, clock.started_on, clock.swept_on, opened_on)
        if key not in self._known:
            day, calendar = self._today.day, self._today.calendar
            # Overdue is looked for on the day after the last one, whatever the ladder says.
            upcoming = clock.due_on + _ONE_DAY if clock.due_on >= day else date.max
            reached: list[Rung] = []
            for rung in steps.rungs(
                clock.due_on, calendar=calendar, after=clock.started_on, until=date.max
            ):
                if rung.day > day:
                    upcoming = min(upcoming, rung.day)
                    break
                if clock.swept_on is None or rung.day > clock.swept_on:
                    reached.append(rung)
            kept = [
                rung
                for rung in reached
                if rung is reached[-1] or rung.code.startswith("T") or rung.day >= opened_on
            ]
            self._known[key] = kept, upcoming
        return self._known[key]

    def _alert(
        self, clock: Any, who: Recipient, rung: Rung, audience: Audience, facts: Mapping[str, Any]
    ) -> NewAlert:
        return NewAlert(
            kind=AlertKind.DEADLINE,
            event=_event(rung),
            key=f"deadline:{clock.id}:{clock.rev}:{rung.code}",
            role=audience.value,
            account_id=who.account_id,
            body_id=who.body_id,
            item_id=clock.item_id,
            deadline_id=clock.id,
            rev=clock.rev,
            rung=rung.code,
            day=rung.day,
            late=rung.day < self._today.day,
            facts=facts,
            not_before=self._opens,
        )

    def correct(self) -> None:
        """Tell those who had been told of an overdue that is taken back.

        A later last day has done that, or a clock that ran ahead and was set right.
        """
        moved = {clock.id: clock for clock in self._clocks if clock.swept_on is None}
        moved = {number: clock for number, clock in moved.items() if clock.rev > 1}
        if not moved:
            return
        # A sender that has looked and not said so yet would send what is taken back here.
        self._transaction.queue_up(OUTBOX)
        corrections = []
        withdrawn = self._transaction.run(_WITHDRAWN, deadlines=sorted(moved))
        ahead = self._transaction.run(_TOLD_AHEAD, deadlines=sorted(moved), day=self._today.day)
        for row in (*withdrawn, *ahead):
            clock = moved[row.deadline_id]
            corrections.append(
                NewAlert(
                    kind=AlertKind.DEADLINE,
                    event=CORRECTED,
                    key=f"deadline:{clock.id}:{row.rev}:{CORRECTED}",
                    role=row.role,
                    account_id=row.account_id,
                    body_id=row.body_id,
                    item_id=clock.item_id,
                    deadline_id=clock.id,
                    rev=row.rev,
                    rung=CORRECTED,
                    day=self._today.day,
                    facts={"clock": clock.clock, "due": clock.due_on, "was": row.old_due_on},
                    not_before=self._opens,
                )
            )
            if CORRECTED not in self._rungs[clock.id]:
                self._rungs[clock.id].append(CORRECTED)
        self.done.corrected = self._raised(corrections)

    def write(self, origin: audit.Origin) -> None:
        """Write alerts, trail and clocks."""
        self.done.alerts = self._raised(self._owed)
        self.done.missed = self._raised([_as_missed(alert) for alert in self._missed])
        note_all(self._transaction, self._troubles, manner=self._manner, now=self._today.now)
        self._write_trail(origin)
        alike: dict[tuple[date, bool, bool], list[int]] = defaultdict(list)
        for clock in self._clocks:
            alike[self._next[clock.id], clock.id in self._flagged, clock.paused].append(clock.id)
        for (next_, flagged, paused), deadlines in alike.items():
            self._transaction.run(
                _SWEPT,
                deadlines=deadlines,
                seen_at=self._today.now if flagged else None,
                new_sweep_on=next_,
                new_swept_on=None if paused else self._today.day,
            )

    def _raised(self, alerts: Sequence[NewAlert]) -> int:
        return raise_alerts(self._transaction, alerts, manner=self._manner, now=self._today.now)

    def _write_trail(self, origin: audit.Origin) -> None:
        """Note on each item what was done; its version stays, for its content has not changed."""
        chains: dict[int, Chain] = {}
        for clock in self._clocks:
            overdue = clock.id in self._flagged
            rungs = self._rungs.get(clock.id, [])
            if not overdue and not rungs:
                continue
            chain = chains.setdefault(
                clock.item_id,
                Chain(item_subject(clock.item_id), clock.trail_seq, clock.trail_hash),
            )
            said = {
                "clock": clock.clock,
                "stage": clock.budget_of or None,
                "due": clock.due_on,
                "rev": clock.rev,
                "rungs": rungs,
            }
            if overdue:
                chain.append("deadline_overdue", at=self._today.now, origin=origin, **said)
            else:
                chain.append("deadline_alerted", at=self._today.now, origin=origin, **said)
        audit.write_items(self._transaction, chains)


def _recipients(
    audiences: Audiences, clock: Any, steps: Steps, rungs: Iterable[Rung]
) -> dict[Recipient, list[tuple[Rung, Audience]]]:
    """Return who is told of which rungs, the highest last; one with nobody goes to the next."""
    told: dict[Recipient, list[tuple[Rung, Audience]]] = defaultdict(list)
    for rung in rungs:
        for to in (steps.to(rung), *steps.after(rung)):
            found = audiences.of(clock, to)
            for who, audience in found.items():
                told[who].append((rung, audience))
            if found:
                break
    return told


def _after(rungs: Sequence[Rung], raised: set[str]) -> list[Rung]:
    """Return the rungs that follow the last one that was raised; all, if none was."""
    known = [place for place, rung in enumerate(rungs, start=1) if rung.code in raised]
    return list(rungs[max(known, default=0) :])


def _event(rung: Rung) -> str:
    if rung.offset > 0:
        return "overdue"
    return "due_today" if rung.offset == 0 else "due_soon"


def _as_missed(alert: NewAlert) -> NewAlert:
    return alert._replace(status=AlertStatus.MISSED, late=True)
