"""May the clock of this machine be trusted: whoever sweeps by a wrong one tells people lies.

The host's clock is compared with the database's and with the last run of any job. Where they
disagree nothing is swept until an administrator accepts the clock as it is, which begins a new
epoch of runs (:mod:`workflow.ticks`) and takes back what a clock that ran ahead has done. A
rehearsal has the clock that it is given.
"""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Date, DateTime, bindparam, case, func, literal_column, select, update

from workflow import audit, ticks
from workflow.accounts import demand_role
from workflow.database import Statement
from workflow.deadlines import day_of
from workflow.drafting import check_text
from workflow.errors import Refusal, Refused
from workflow.guards import Role
from workflow.models import Alert, AuditEntry, Deadline, Message, Office, table
from workflow.records import insert_remark
from workflow.revisions import is_blank

if TYPE_CHECKING:
    from datetime import datetime

    from workflow.database import Database, Transaction
    from workflow.intake import Intake
    from workflow.runtime import Runtime

APART: Final = timedelta(minutes=5)
"""So far may the host's clock be from the database's."""
SLACK: Final = timedelta(minutes=1)
"""So far may time run backwards where there is no second clock: it is set right in small steps."""
JUMPED: Final = "clock_jumped"
"""The code by which a run is refused, and of the fault that is open meanwhile."""
ACCEPTED: Final = "clock_accepted"
"""The entry in the trail by which a new epoch begins."""

_office, _entry = table(Office), table(AuditEntry)
_deadline, _alert, _message = table(Deadline), table(Alert), table(Message)
_DATABASE_CLOCK: Final = Statement(
    select(func.clock_timestamp(type_=DateTime(timezone=True)).label("now"))
)
_LAST_ACCEPTED: Final = Statement(
    select(_entry.c.details)
    .where(_entry.c.subject == audit.SYSTEM, _entry.c.event == ACCEPTED)
    .order_by(_entry.c.seq.desc())
    .limit(1)
)
_BEGIN_EPOCH: Final = Statement(
    update(_office).where(_office.c.id == 1).values(clock_epoch=bindparam("epoch"))
)
# What was done by a clock that ran ahead is done again in its time: a clock that was swept on a day
# to come would lose the rungs until then. Another ``rev`` gives them other keys, and lets what is
# owed by the old one expire.
_SWEEP_AGAIN: Final = Statement(
    update(_deadline)
    .where(
        _deadline.c.met_on.is_(None),
        _deadline.c.voided_at.is_(None),
        _deadline.c.swept_on > bindparam("today", type_=Date()),
    )
    .values(
        rev=_deadline.c.rev + 1,
        swept_on=None,
        sweep_on=bindparam("today", type_=Date()),
        detected_at=case(
            (_deadline.c.detected_at > bindparam("now", type_=_deadline.c.detected_at.type), None),
            else_=_deadline.c.detected_at,
        ),
    )
)
_OWE_NOW: Final = Statement(
    update(_alert)
    .where(
        literal_column("alert.status = 'owed' AND alert.message_id IS NULL"),
        _alert.c.raised_at > bindparam("now"),
    )
    .values(not_before=bindparam("now"))
)
_SEND_NOW: Final = Statement(
    update(_message)
    .where(
        literal_column("message.status IN ('owed', 'leased')"),
        func.coalesce(_message.c.first_tried_at, _message.c.created_at) > bindparam("now"),
    )
    .values(
        next_at=bindparam("now"),
        leased_until=case((_message.c.leased_until.is_not(None), bindparam("now"))),
    )
)


def demand_sound(database: Database, transaction: Transaction, now: datetime, epoch: int) -> None:
    """Return if ``now`` can be trusted; else raise ``Refused('clock_jumped')``.

    ``seconds`` says by how much it is ahead of (behind, if negative) the ``other`` clock: that of
    the ``database``, or the ``last_run``.
    """
    apart = _apart(database, transaction, now)
    if apart is not None and abs(apart) > APART:
        accepted = _accepted(transaction, epoch)
        if accepted is None or abs(apart - accepted) > APART:
            raise _jumped("database", apart)
    last = ticks.latest(transaction, epoch)
    # Two hosts may each be a little off, on either side of the database.
    slack = SLACK if apart is None else 2 * APART
    if last is not None and last - now > slack:
        raise _jumped("last_run", now - last)


def _jumped(other: str, apart: timedelta) -> Refused:
    return Refused([Refusal(JUMPED, {"other": other, "seconds": round(apart.total_seconds())})])


def apart_of(database: Database, now: datetime) -> timedelta | None:
    """Return how far the host's clock is ahead of the database's; SQLite has none of its own."""
    with database.transaction(keep=False) as transaction:
        return _apart(database, transaction, now)


def _apart(database: Database, transaction: Transaction, now: datetime) -> timedelta | None:
    if database.is_sqlite:
        return None
    there: datetime = transaction.one(_DATABASE_CLOCK).now
    return now - there


def _accepted(transaction: Transaction, epoch: int) -> timedelta | None:
    """Return how far apart the clocks were when an administrator accepted that."""
    row = transaction.one(_LAST_ACCEPTED)
    details = json.loads(row.details) if row is not None else {}
    if details.get("epoch") != epoch:
        return None
    return timedelta(seconds=details.get("apart", 0))


def accept(
    runtime: Runtime,
    intake: Intake,
    actor_id: int,
    *,
    reason: str,
    key: str | None = None,
    dry_run: bool = False,
) -> dict[str, Any]:
    """Take the host's clock as it is from now on; administrators only, and with a reason."""
    check_text("reason", reason)
    if is_blank(reason):
        raise Refused([Refusal("reason_required", {"action": "accept_clock"})])
    intake.screen_words({"reason": reason}, account_id=actor_id, dry_run=dry_run)

    def work(transaction: Transaction, now: datetime) -> dict[str, Any]:
        actor = demand_role(transaction, actor_id, Role.ADMINISTRATOR, now=now)
        audit.hold(transaction)
        before = ticks.epoch_of(transaction)
        last = ticks.latest(transaction, before)
        apart = _apart(runtime.database, transaction, now)
        transaction.run(_BEGIN_EPOCH, epoch=before + 1)
        again = transaction.count(_SWEEP_AGAIN, today=day_of(now), now=now)
        transaction.run(_OWE_NOW, now=now)
        transaction.run(_SEND_NOW, now=now)
        remark = insert_remark(
            transaction, {"reason": reason}, item_id=None, account_id=actor.account_id, now=now
        )
        audit.record(
            transaction,
            ACCEPTED,
            at=now,
            origin=runtime.origin(actor.name),
            epoch=before + 1,
            last_run=last,
            clocks=again,
            apart=None if apart is None else round(apart.total_seconds()),
            remark=remark.digest,
        )
        return {"epoch": before + 1, "now": now, "last_run": last}

    call = {"do": "accept clock", "reason": reason}
    return runtime.carry_out(work, account_id=actor_id, call=call, key=key, dry_run=dry_run)
