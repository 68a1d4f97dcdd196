"""Raising alerts: who must be told of what, written down in the transaction that causes it.

Nothing is sent here. An alert is a row, unique by its key: what it is about, the recipient and the
channel. So whatever is raised twice is there once. A recipient whom no channel reaches has the
alert on their board alone, and operators hear of that, once. A few statements raise a whole batch.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from sqlalchemy import and_, bindparam, literal, or_, select, union_all
from sqlalchemy.dialects.postgresql import insert as upsert

from workflow.audit import details_text
from workflow.database import Among, Statement, given
from workflow.guards import Role
from workflow.ladder import USUAL_MANNER, Manner
from workflow.models import (
    Account,
    Alert,
    AlertKind,
    AlertStatus,
    Body,
    Contact,
    Fault,
    Office,
    PolicyText,
    RoleGrant,
    table,
)
from workflow.policy import stored

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import date, datetime

    from workflow.database import Transaction

DISPATCH: Final = "dispatch_alerts"
"""The job whose fault it is that somebody cannot be told."""
ENFORCE: Final = "enforce_deadlines"
"""The job that raises the alerts of deadlines."""
NO_ADDRESS: Final = "no_address"
"""The fault of a recipient whom no channel reaches, and why their alerts are not sent."""
OVERTAKEN: Final = "overtaken"
"""Why a missed alert is not sent: a higher rung was reached with it."""
OUTBOX: Final = "alert_outbox"
"""What every step says that binds or takes messages, or must know whether one has left: so that
they come one after the other."""
FAULTS: Final = "faults"
"""What every step says that opens or closes faults; who opens two waits crosswise with nobody."""
BOARD: Final = ""
"""The channel of an alert that stands on a board alone."""

_alert, _contact, _fault = table(Alert), table(Contact), table(Fault)
_account, _grant, _body = table(Account), table(RoleGrant), table(Body)
_office, _policy = table(Office), table(PolicyText)

_CONTACTS: Final = Statement(
    select(_contact.c.id, _contact.c.account_id, _contact.c.body_id, _contact.c.channel).where(
        _contact.c.removed_at.is_(None),
        or_(Among(_contact.c.account_id, "accounts"), Among(_contact.c.body_id, "bodies")),
    )
)
_WRITTEN: Final = (
    "key", "kind", "event", "role", "account_id", "body_id", "channel", "contact_id", "item_id",
    "deadline_id", "rev", "rung", "day", "late", "facts", "raised_at", "not_before", "status",
    "settled_at", "why",
)  # fmt: skip
_given = given(**{name: _alert.c[name].type for name in _WRITTEN})
_RAISE: Final = Statement(
    upsert(_alert)
    .values(**{name: bindparam(name) for name in _WRITTEN})
    .on_conflict_do_nothing(index_elements=[_alert.c.key]),
    together=upsert(_alert)
    .from_select(list(_WRITTEN), select(*_given.columns), include_defaults=False)
    .on_conflict_do_nothing(index_elements=[_alert.c.key]),
)
_open_fault = upsert(_fault).values(
    times=1,
    **{
        name: bindparam(name) for name in ("job", "subject", "code", "facts", "first_at", "last_at")
    },
)
_NOTE_FAULT: Final = Statement(
    _open_fault.on_conflict_do_update(
        index_elements=[_fault.c.job, _fault.c.subject, _fault.c.code],
        index_where=_fault.c.cleared_at.is_(None),
        set_={
            "times": _fault.c.times + 1,
            "last_at": _open_fault.excluded.last_at,
            "facts": _open_fault.excluded.facts,
        },
    )
)
_OPENED: Final = Statement(
    select(_fault.c.id, _fault.c.job, _fault.c.subject, _fault.c.code, _fault.c.facts)
    .where(
        _fault.c.cleared_at.is_(None), _fault.c.times == 1, _fault.c.first_at == bindparam("now")
    )
    .order_by(_fault.c.id)
)
_ADMINISTRATORS: Final = Statement(
    select(_account.c.id)
    .join(_grant, and_(_grant.c.account_id == _account.c.id, _grant.c.revoked_at.is_(None)))
    .where(_account.c.enabled.is_(True), _grant.c.role == Role.ADMINISTRATOR.value)
    .distinct()
    .order_by(_account.c.id)
)
_NAMES: Final = Statement(
    union_all(
        select(literal("account").label("kind"), _account.c.id, _account.c.name).where(
            Among(_account.c.id, "accounts")
        ),
        select(literal("body"), _body.c.id, _body.c.code).where(Among(_body.c.id, "bodies")),
    )
)
_OFFICE_POLICY: Final = Statement(
    select(_policy.c.text)
    .join(_office, _office.c.policy_digest == _policy.c.digest)
    .where(_office.c.id == 1)
)


class NewAlert(NamedTuple):
    """What one recipient is to be told: a person, or a body as such (a group's room).

    ``key`` says what it is about and when, without recipient and channel, which are added. ``role``
    is the capacity in which they are told. An alert is not sent before ``not_before``; ``None``
    lets it be sent at once. ``status`` is owed or missed, and ``facts`` hold no content.
    """

    kind: AlertKind
    event: str
    key: str
    role: str
    account_id: int | None = None
    body_id: int | None = None
    item_id: int | None = None
    deadline_id: int | None = None
    rev: int | None = None
    rung: str | None = None
    day: date | None = None
    late: bool = False
    facts: Mapping[str, Any] = MappingProxyType({})
    status: AlertStatus = AlertStatus.OWED
    not_before: datetime | None = None

    @property
    def recipient(self) -> str:
        """Who is told, as the key and the subject of a fault name them."""
        return f"body:{self.body_id}" if self.account_id is None else f"account:{self.account_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """Something that operators must look after, as :mod:`workflow.faults` keeps it."""

    job: str
    subject: str
    code: str
    facts: Mapping[str, Any] = field(default_factory=dict)


def office_manner(transaction: Transaction) -> Manner:
    """Return how people are told in this office: as the policy says that new items get."""
    row = transaction.one(_OFFICE_POLICY)
    return USUAL_MANNER if row is None else stored(row.text).manner


def raise_alerts(
    transaction: Transaction, alerts: Sequence[NewAlert], *, manner: Manner, now: datetime
) -> int:
    """Raise ``alerts``, each by the first channel of ``manner`` that its recipient has.

    Returns how many are new: what was raised before by that channel stays as it is. Whoever has
    none of the channels gets the alert on the board, as failed for :data:`NO_ADDRESS`, and a fault
    is opened for them.
    """
    new, unreached = _write(transaction, alerts, manner=manner, now=now)
    if unreached:
        note_all(transaction, _without_address(transaction, unreached), manner=manner, now=now)
    return new


def note_all(
    transaction: Transaction,
    troubles: Iterable[Trouble],
    *,
    now: datetime,
    manner: Manner | None = None,
) -> int:
    """Open a fault for each trouble, or count once more one that is open; return how many opened.

    Of those that open, the administrators are told, once and at once.
    """
    opened = _note(transaction, troubles, now=now)
    if not opened:
        return 0
    manner = manner or office_manner(transaction)
    told = [
        NewAlert(
            kind=AlertKind.OPERATIONS,
            event=fault.code,
            key=f"fault:{fault.id}",
            role=Role.ADMINISTRATOR.value,
            account_id=administrator.id,
            # What the fault itself says of them goes before: the job that is late, not who saw it.
            facts={"job": fault.job, "subject": fault.subject}
            | json.loads(fault.facts)
            | {"fault": fault.id},
        )
        for administrator in transaction.run(_ADMINISTRATORS)
        for fault in opened
    ]
    _, unreached = _write(transaction, told, manner=manner, now=now)
    # That an administrator cannot be told is told to nobody: `doctor` shows it.
    _note(transaction, _without_address(transaction, unreached), now=now)
    return len(opened)


def _without_address(transaction: Transaction, recipients: Sequence[str]) -> list[Trouble]:
    names = called(transaction, recipients)
    return [
        Trouble(job=DISPATCH, subject=each, code=NO_ADDRESS, facts={"recipient": names[each]})
        for each in recipients
    ]


def called(transaction: Transaction, recipients: Sequence[str]) -> dict[str, str]:
    """Return what people call the recipients that a key or a fault names by number."""
    if not recipients:
        return {}
    wanted: dict[str, list[int]] = {"account": [], "body": []}
    for each in recipients:
        kind, _, number = each.partition(":")
        wanted[kind].append(int(number))
    rows = transaction.run(_NAMES, accounts=wanted["account"], bodies=wanted["body"])
    return {f"{row.kind}:{row.id}": row.name for row in rows}


def _note(transaction: Transaction, troubles: Iterable[Trouble], *, now: datetime) -> list[Any]:
    """Write faults down, one writer after the other; return those that open."""
    each = {(trouble.job, trouble.subject, trouble.code): trouble for trouble in troubles}
    rows = [
        {
            "job": trouble.job,
            "subject": trouble.subject,
            "code": trouble.code,
            "facts": details_text(trouble.facts),
            "first_at": now,
            "last_at": now,
        }
        for trouble in each.values()
    ]
    if not rows:
        return []
    transaction.queue_up(FAULTS)
    transaction.run_many(_NOTE_FAULT, rows)
    return [
        row for row in transaction.run(_OPENED, now=now) if (row.job, row.subject, row.code) in each
    ]


def _write(
    transaction: Transaction, alerts: Collection[NewAlert], *, manner: Manner, now: datetime
) -> tuple[int, list[str]]:
    """Insert alerts; return how many are new and whom no channel reaches."""
    if not alerts:
        return 0, []
    reached = _reached(transaction, alerts, manner)
    unreached: dict[str, None] = {}
    # Alerts of one thing share their facts, which need be written out only once.
    facts = {id(alert.facts): alert.facts for alert in alerts}
    texts = {number: details_text(each) for number, each in facts.items()}
    rows = []
    for alert in alerts:
        contact_id, channel = reached.get(alert.recipient, (None, BOARD))
        status, why = alert.status, None
        if status is AlertStatus.MISSED:
            why = OVERTAKEN
        elif contact_id is None:
            status, why = AlertStatus.FAILED, NO_ADDRESS
            unreached[alert.recipient] = None
        rows.append(
            {
                "key": f"{alert.key}:{alert.recipient}:{channel}",
                "kind": alert.kind,
                "event": alert.event,
                "role": alert.role,
                "account_id": alert.account_id,
                "body_id": alert.body_id,
                "channel": channel,
                "contact_id": contact_id,
                "item_id": alert.item_id,
                "deadline_id": alert.deadline_id,
                "rev": alert.rev,
                "rung": alert.rung,
                "day": alert.day,
                "late": alert.late,
                "facts": texts[id(alert.facts)],
                "raised_at": now,
                "not_before": alert.not_before or now,
                "status": status,
                "settled_at": None if status is AlertStatus.OWED else now,
                "why": why,
            }
        )
    return transaction.run_many(_RAISE, rows), list(unreached)


def _reached(
    transaction: Transaction, alerts: Iterable[NewAlert], manner: Manner
) -> dict[str, tuple[int, str]]:
    """Return for each recipient the contact of the channel that comes first, and that channel."""
    accounts = {alert.account_id for alert in alerts if alert.account_id is not None}
    bodies = {alert.body_id for alert in alerts if alert.body_id is not None}
    rank = {channel: place for place, channel in enumerate(manner.channels)}
    reached: dict[str, tuple[int, str]] = {}
    for row in transaction.run(_CONTACTS, accounts=sorted(accounts), bodies=sorted(bodies)):
        if row.channel not in rank:
            continue
        who = f"body:{row.body_id}" if row.account_id is None else f"account:{row.account_id}"
        if who not in reached or rank[row.channel] < rank[reached[who][1]]:
            reached[who] = row.id, row.channel
    return reached
