"""Sending what people are owed: alerts become one digest for each address, and leave once.

What is due is bound to one open *message* for each contact. A message is taken by a conditional
UPDATE for a limited time (its *lease*), looked at once more, put into words, sent outside of any
transaction, and recorded. From the moment it is taken until it is certain that nothing was
delivered it stays sealed, so that a repetition has the same key and the same alerts. At least once,
with a key by which the other side knows two copies as one. Any number of senders may run.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, Protocol

from sqlalchemy import and_, bindparam, exists, func, literal_column, or_, select, union_all, update
from sqlalchemy.dialects.postgresql import insert as upsert

from workflow import digests, faults, matters
from workflow.accounts import load_actor
from workflow.alerts import DISPATCH, NO_ADDRESS, OUTBOX, called, office_manner
from workflow.channels.alerting import OFFICE_FAULTS, Message
from workflow.clocks import Calendars
from workflow.database import Statement
from workflow.deadlines import SHANGHAI
from workflow.digests import Digest
from workflow.errors import ChannelFailed, ChannelRefused, ChannelUncertain, GongkaiError
from workflow.matters import Recipient
from workflow.models import (
    Account,
    Alert,
    AlertKind,
    AlertStatus,
    Contact,
    DeliveryStatus,
    Office,
    Pace,
    Preference,
    Snooze,
    table,
)
from workflow.models import Message as MessageRow
from workflow.scene import Policies

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    from sqlalchemy import ColumnElement

    from workflow.channels.alerting import AlertChannel
    from workflow.database import Transaction
    from workflow.digests import Composed, Entry
    from workflow.ladder import Manner
    from workflow.policy import Policy
    from workflow.runtime import Runtime
    from workflow.working_days import Calendar

LEASE: Final = timedelta(minutes=5)
"""How long a sender may hold a message; no channel may take longer for one."""
LONGEST_WAIT: Final = timedelta(minutes=60)
ASIDE: Final = timedelta(days=1)
"""How long a message that cannot be put into words is put aside before it is tried once more."""
FAILURES_IN_A_ROW: Final = 5
"""After so many failures one after the other a channel is left alone until the next run."""
TITLES_BY: Final = frozenset({"email", "directory"})
"""The channels that may carry the titles of items, if the policy lets any."""
AT_ONCE: Final = "password_reset"
"""The notice that does not wait for the hour of who wants them once a day."""
CHANNEL_FAILING: Final = "channel_failing"
ADDRESS_REFUSED: Final = "address_refused"
ALERT_QUARANTINED: Final = "alert_quarantined"
MESSAGE_QUARANTINED: Final = "message_quarantined"
_LONGEST_ERROR: Final = 100
_SENSELESS: Final = (AttributeError, KeyError, TypeError, ValueError)
"""What comes of looking at an alert whose facts are not what they should be."""

_alert, _message, _contact = table(Alert), table(MessageRow), table(Contact)
_account, _office, _preference = table(Account), table(Office), table(Preference)
_snooze = table(Snooze)

# Literals, because partial indexes match no parameters.
_UNBOUND: Final[ColumnElement[bool]] = literal_column(
    "alert.status = 'owed' AND alert.message_id IS NULL"
)
_OPEN: Final[ColumnElement[bool]] = literal_column("message.status = 'owed' AND NOT message.sealed")
_daily = exists().where(
    _preference.c.account_id == _alert.c.account_id, _preference.c.notices == Pace.DAILY.value
)
_snoozing = exists().where(
    _snooze.c.account_id == _alert.c.account_id,
    _snooze.c.deadline_id == _alert.c.deadline_id,
    _snooze.c.rev == _alert.c.rev,
    _snooze.c.until >= bindparam("today"),
)
_now = bindparam("now", type_=_alert.c.not_before.type)
_ready = and_(
    _UNBOUND,
    _alert.c.not_before <= _now,
    _alert.c.contact_id.is_not(None),
    # In quiet hours only what the system itself suffers from goes out.
    or_(_alert.c.kind == AlertKind.OPERATIONS, bindparam("open") == 1),
    or_(
        _alert.c.kind != AlertKind.NOTICE,
        _alert.c.event == AT_ONCE,
        _alert.c.raised_at < bindparam("last_hour", type_=_alert.c.raised_at.type),
        ~_daily,
    ),
    or_(
        _alert.c.kind != AlertKind.DEADLINE,
        ~_alert.c.rung.like(f"{matters.BEFORE}%"),
        ~_snoozing,
    ),
)
_HELD: Final = Statement(select(_office.c.held_at))
_ASTRAY: Final = Statement(
    select(_alert.c.contact_id, _alert.c.account_id, _alert.c.body_id, _alert.c.channel)
    .join(_contact, _contact.c.id == _alert.c.contact_id)
    .where(_UNBOUND, _contact.c.removed_at.is_not(None))
    .distinct()
)
_CONTACTS_OF: Final = Statement(
    select(_contact.c.id, _contact.c.channel).where(
        _contact.c.removed_at.is_(None),
        or_(
            _contact.c.account_id == bindparam("account_id", type_=_contact.c.account_id.type),
            _contact.c.body_id == bindparam("body_id", type_=_contact.c.body_id.type),
        ),
    )
)
_REROUTE: Final = Statement(
    update(_alert)
    .where(_UNBOUND, _alert.c.contact_id == bindparam("old"))
    .values(contact_id=bindparam("new"))
)
_UNREACHED: Final = Statement(
    update(_alert)
    .where(_UNBOUND, _alert.c.contact_id == bindparam("old"))
    .values(status=AlertStatus.FAILED, settled_at=bindparam("at"), why=NO_ADDRESS)
)
_WITHOUT_MESSAGE: Final = Statement(
    select(_alert.c.contact_id)
    .where(_ready, ~exists().where(_message.c.contact_id == _alert.c.contact_id, _OPEN))
    .distinct()
    .order_by(_alert.c.contact_id)
)
_NEW_MESSAGE: Final = Statement(
    upsert(_message)
    .values(
        key=bindparam("key"),
        contact_id=bindparam("contact_id"),
        status=DeliveryStatus.OWED,
        sealed=False,
        attempts=0,
        next_at=bindparam("next_at"),
        created_at=bindparam("created_at"),
    )
    .on_conflict_do_nothing()
)
_BIND: Final = Statement(
    update(_alert)
    .where(_ready)
    .values(
        message_id=select(_message.c.id)
        .where(_message.c.contact_id == _alert.c.contact_id, _OPEN)
        .scalar_subquery()
    )
)
_due = or_(
    and_(literal_column("message.status = 'owed'"), _message.c.next_at <= bindparam("due")),
    and_(literal_column("message.status = 'leased'"), _message.c.leased_until <= bindparam("due")),
)
_DUE: Final = Statement(
    select(_message.c.id, _contact.c.channel)
    .join(_contact, _contact.c.id == _message.c.contact_id)
    # Said once more as the index has it, which SQLite cannot conclude.
    .where(literal_column("message.status IN ('owed', 'leased')"), _due)
    .order_by(_message.c.next_at, _message.c.id)
    .limit(bindparam("limit"))
)
_TAKE: Final = Statement(
    update(_message)
    .where(_message.c.id == bindparam("message_id"), _due)
    .values(
        status=DeliveryStatus.LEASED,
        sealed=True,
        lease=bindparam("lease_"),
        leased_until=bindparam("until"),
        attempts=_message.c.attempts + 1,
        first_tried_at=func.coalesce(
            _message.c.first_tried_at, bindparam("at", type_=_message.c.first_tried_at.type)
        ),
    )
    .returning(
        _message.c.id,
        _message.c.key,
        _message.c.contact_id,
        _message.c.attempts,
        _message.c.first_tried_at,
    )
)
_BEFORE: Final = Statement(
    select(_message.c.sealed, _message.c.status, _message.c.error).where(
        _message.c.id == bindparam("message_id"), _due
    )
)
_NEXT_NUMBER: Final = Statement(
    update(_office)
    .where(_office.c.held_at.is_(None))
    .values(sent_seq=_office.c.sent_seq + 1)
    .returning(_office.c.sent_seq)
)
_TO: Final = Statement(
    select(
        _contact.c.id,
        _contact.c.account_id,
        _contact.c.body_id,
        _contact.c.channel,
        _contact.c.address,
        _contact.c.removed_at,
        _account.c.language,
        _office.c.name.label("office"),
        _office.c.rehearsal,
    )
    .select_from(_contact)
    .join(_office, _office.c.id == 1)
    .outerjoin(_account, _account.c.id == _contact.c.account_id)
    .where(_contact.c.id == bindparam("contact_id"))
)
_MINE: Final = Statement(
    select(*matters.COLUMNS)
    .select_from(matters.SOURCE)
    .where(_alert.c.message_id == bindparam("message_id"), _alert.c.status == AlertStatus.OWED)
    .order_by(_alert.c.id)
)
OWED: Final = union_all(
    select(_alert.c.raised_at, _alert.c.not_before).where(_UNBOUND),
    select(_alert.c.raised_at, _alert.c.not_before)
    .join(_message, _message.c.id == _alert.c.message_id)
    .where(
        literal_column("message.status IN ('owed', 'leased')"),
        _alert.c.status == AlertStatus.OWED,
    ),
).subquery("owed")
"""Every alert that was not sent yet, found without a look at those that were."""
_newer = _alert.alias("newer")


def _standing_of(owner: str) -> tuple[Statement, Statement]:
    """Return what finds, and what counts, the standing alerts whose ``owner`` column is given.

    Persons and rooms apart, because one condition about both is looked up in no index.
    """
    later = or_(_newer.c.status == AlertStatus.SENT, _newer.c.status == AlertStatus.FAILED)
    standing = and_(
        _alert.c[owner] == bindparam("owner"),
        # What all alerts of rooms have in common stands in the index of persons.
        *(() if owner == "account_id" else (_alert.c.account_id.is_(None),)),
        matters.STILL_OPEN,
        literal_column("alert.acknowledged_at IS NULL"),
        # What could not be delivered is open all the more.
        or_(_alert.c.status == AlertStatus.SENT, _alert.c.status == AlertStatus.FAILED),
        # Of each clock only what was raised last, and not what this message tells anyway.
        ~exists().where(
            _newer.c.deadline_id == _alert.c.deadline_id,
            _newer.c[owner] == _alert.c[owner],
            or_(
                and_(_newer.c.id > _alert.c.id, later),
                _newer.c.message_id == bindparam("message_id"),
            ),
        ),
    )
    return (
        Statement(
            select(*matters.COLUMNS)
            .select_from(matters.SOURCE)
            .where(standing)
            .order_by(matters.deadline.c.due_on, _alert.c.id)
            .limit(digests.MOST + 1)
        ),
        Statement(select(func.count().label("count")).select_from(matters.SOURCE).where(standing)),
    )


_STANDING_OF_PERSON: Final = _standing_of("account_id")
_STANDING_OF_ROOM: Final = _standing_of("body_id")
_SETTLE: Final = Statement(
    update(_alert)
    .where(_alert.c.id == bindparam("alert_id"), _alert.c.settled_at.is_(None))
    .values(
        status=bindparam("as_", type_=_alert.c.status.type),
        settled_at=bindparam("at"),
        why=bindparam("because"),
    )
)
_LET_GO: Final = Statement(
    update(_alert).where(_alert.c.id == bindparam("alert_id")).values(message_id=None)
)
_LET_ALL_GO: Final = Statement(
    update(_alert)
    .where(_alert.c.message_id == bindparam("of"), _alert.c.status == AlertStatus.OWED)
    .values(message_id=bindparam("to", type_=_alert.c.message_id.type))
)
_SETTLE_ALL: Final = Statement(
    update(_alert)
    .where(_alert.c.message_id == bindparam("of"), _alert.c.status == AlertStatus.OWED)
    .values(
        status=bindparam("as_", type_=_alert.c.status.type),
        settled_at=bindparam("at"),
        why=bindparam("because"),
    )
)
_OURS: Final = Statement(
    select(_message.c.id)
    .where(_message.c.id == bindparam("message_id"), _message.c.lease == bindparam("lease"))
    .with_for_update()
)
_CLOSE: Final = Statement(
    update(_message)
    .where(_message.c.id == bindparam("message_id"), _message.c.lease == bindparam("held"))
    .values(
        status=bindparam("as_", type_=_message.c.status.type),
        sealed=bindparam("sealed_"),
        lease=None,
        leased_until=None,
        next_at=bindparam("next_"),
        error=bindparam("problem"),
        done_at=bindparam("done"),
    )
)
_OTHER: Final = Statement(
    select(_message.c.id, _message.c.attempts).where(
        _message.c.contact_id == bindparam("contact_id"), _OPEN
    )
)
_JOINED: Final = Statement(
    update(_message)
    .where(_message.c.id == bindparam("message_id"))
    .values(
        next_at=bindparam("next_"),
        attempts=bindparam("tries"),
        error=bindparam("problem"),
        first_tried_at=bindparam("first"),
    )
)
_copied = [
    _alert.c[name]
    for name in (
        "kind", "event", "role", "account_id", "body_id", "item_id", "deadline_id", "rev", "rung",
        "day", "late", "facts",
    )
]  # fmt: skip
# The same alerts once more, by another channel: the last part of a key names the channel.
_AGAIN: Final = Statement(
    upsert(_alert)
    .from_select(
        [
            "key", "channel", "contact_id", "raised_at", "not_before", "status",
            *(column.name for column in _copied),
        ],
        select(
            func.substr(_alert.c.key, 1, func.length(_alert.c.key) - func.length(_alert.c.channel))
            .concat(bindparam("channel", type_=_alert.c.channel.type)),
            bindparam("channel", type_=_alert.c.channel.type),
            bindparam("contact", type_=_alert.c.contact_id.type),
            bindparam("at", type_=_alert.c.raised_at.type),
            bindparam("at", type_=_alert.c.raised_at.type),
            literal_column("'owed'"),
            *_copied,
        ).where(_alert.c.message_id == bindparam("of"), _alert.c.status == AlertStatus.OWED),
    )
    .on_conflict_do_nothing()
)  # fmt: skip


class Journal(Protocol):
    """Where it is written down, outside of the database, that a message is about to leave."""

    def note(self, seq: int, key: str, at: datetime) -> None:
        """Write down the number and the key; raises ``Unavailable`` if that cannot be done."""


@dataclass(slots=True)
class Dispatched:
    """What one run came to, in messages, but for ``expired``, which counts alerts."""

    sent: int = 0
    put_off: int = 0
    uncertain: int = 0
    refused: int = 0
    quarantined: int = 0
    cancelled: int = 0
    expired: int = 0
    held: bool = False

    def counts(self) -> dict[str, int]:
        """Return the numbers by name, for a log or an answer."""
        return {each.name: int(getattr(self, each.name)) for each in fields(self)}


@dataclass(slots=True, kw_only=True)
class _Taken:
    """A message in our hands, and what it will tell."""

    id: int
    key: str
    seq: int
    lease: str
    attempts: int
    first_tried_at: datetime
    repeats: bool
    aside: bool
    contact: Any
    recipient: Recipient
    manner: Manner
    fresh: list[Entry] = field(default_factory=list)
    standing: list[Entry] = field(default_factory=list)
    more: int = 0
    operations: bool = False


class _Nothing(Exception):
    """Nothing is left to tell, or the message is not ours to send now."""


class Dispatcher:
    """Sends by the office's channels what the database owes its people."""

    def __init__(
        self,
        runtime: Runtime,
        channels: Mapping[str, AlertChannel],
        *,
        journal: Journal,
        compose: Callable[[Digest], Composed] = digests.compose,
    ) -> None:
        """Send through ``channels``, by their names, and note each message in ``journal``.

        ``compose`` puts a message into words; whatever it raises holds up that message alone.
        """
        self._runtime = runtime
        self._channels = channels
        self._journal = journal
        self._compose = compose
        self._policies = Policies()
        self._calendars = Calendars()

    def dispatch(self, *, limit: int = 200) -> Dispatched:
        """Send what is due now, at most ``limit`` messages; one that fails never stops the others.

        Sends nothing while the office is held after a restore. Raises ``Unavailable`` if the
        database does not answer.
        """
        came = Dispatched()
        if not self._gather():
            came.held = True
            return came
        with self._runtime.database.transaction(keep=False) as transaction:
            due = transaction.run(_DUE, due=self._runtime.clock(), limit=limit)
        failing: dict[str, int] = {}
        for row in due:
            if failing.get(row.channel, 0) >= FAILURES_IN_A_ROW:
                continue
            result = self._send(row.id, came)
            if result == "held":
                came.held = True
                break
            if result == "put_off":
                failing[row.channel] = failing.get(row.channel, 0) + 1
            elif result in ("sent", "refused"):
                failing[row.channel] = 0
        return came

    # -- what is due ---------------------------------------------------------------------------

    def _gather(self) -> bool:
        """Bind what is owed and due to the open message of its contact; tell whether to go on."""
        with self._runtime.database.transaction() as transaction:
            if transaction.one(_HELD).held_at is not None:
                return False
            transaction.queue_up(OUTBOX)
            now = self._runtime.clock()
            manner = office_manner(transaction)
            calendar = self._calendars.current(transaction)[1]
            for row in transaction.run(_ASTRAY):
                self._reroute(transaction, row, manner, now)
            when = {
                "now": now,
                "open": int(manner.opens(now, calendar=calendar) <= now),
                "last_hour": _last_hour(now, manner, calendar),
                "today": now.astimezone(SHANGHAI).date(),
            }
            for row in transaction.run(_WITHOUT_MESSAGE, **when):
                transaction.run(
                    _NEW_MESSAGE,
                    key=f"gongkai-{secrets.token_hex(12)}",
                    contact_id=row.contact_id,
                    next_at=now,
                    created_at=now,
                )
            transaction.run(_BIND, **when)
        return True

    @staticmethod
    def _reroute(transaction: Transaction, row: Any, manner: Manner, now: datetime) -> None:
        """Let what is owed to an address that was removed go to the one that is there now."""
        ranked = _ranked(transaction, row, manner)
        same = [contact for contact in ranked if contact.channel == row.channel]
        if found := same or ranked:
            transaction.run(_REROUTE, old=row.contact_id, new=found[0].id)
            return
        transaction.run(_UNREACHED, old=row.contact_id, at=now)
        subject = _subject(row)
        faults.note(
            transaction,
            job=DISPATCH,
            subject=subject,
            code=NO_ADDRESS,
            facts={"channel": row.channel, "recipient": called(transaction, [subject])[subject]},
            now=now,
        )

    # -- one message ---------------------------------------------------------------------------

    def _send(self, message_id: int, came: Dispatched) -> str:
        """Carry one message as far as it goes; return what came of it."""
        taken = self._take(message_id, came)
        if not isinstance(taken, _Taken):
            return taken
        try:
            composed = self._compose(_digest(taken))
        except Exception as error:  # noqa: BLE001 # a message that cannot be said stops no other
            return self._quarantine(taken, type(error).__name__, came)
        result, problem = self._handed_over(taken, composed)
        try:
            return self._record(taken, result, problem, came)
        except GongkaiError:
            # It stays sealed; when the lease has run out the same message goes under the same key.
            came.uncertain += 1
            return "uncertain"

    def _take(self, message_id: int, came: Dispatched) -> _Taken | str:
        """Take a message and look once more at everything it would tell."""
        lease = secrets.token_hex(16)
        with self._runtime.database.transaction() as transaction:
            # Before the queue: whoever holds the office's row may wait for items, and the sweep,
            # which holds some, for the queue. A number that nothing is sent by does no harm.
            number = transaction.one(_NEXT_NUMBER)
            if number is None:
                return "held"
            transaction.queue_up(OUTBOX)
            now = self._runtime.clock()
            before = transaction.one(_BEFORE, message_id=message_id, due=now)
            if before is None:
                return "gone"
            row = transaction.one(
                _TAKE, message_id=message_id, due=now, lease_=lease, until=now + LEASE, at=now
            )
            contact = transaction.one(_TO, contact_id=row.contact_id)
            actor = None
            if contact.account_id is not None:
                actor = load_actor(transaction, contact.account_id, now=now)
            # What was put aside is sealed as well, and has never been handed to anybody.
            aside = before.status is DeliveryStatus.OWED and before.error == MESSAGE_QUARANTINED
            taken = _Taken(
                id=row.id,
                key=row.key,
                seq=number.sent_seq,
                lease=lease,
                attempts=row.attempts,
                first_tried_at=row.first_tried_at,
                repeats=bool(before.sealed) and not aside,
                aside=aside,
                contact=contact,
                recipient=Recipient(actor, "en" if contact.language == "en" else "zh"),
                manner=office_manner(transaction),
            )
            try:
                self._look_again(transaction, taken, now, came)
            except _Nothing as nothing:
                came.cancelled += str(nothing) == "cancelled"
                return str(nothing)
        return taken

    def _look_again(
        self, transaction: Transaction, taken: _Taken, now: datetime, came: Dispatched
    ) -> None:
        """Fill in what a message tells, and let what is true no more expire.

        What may have been delivered already is repeated as it was, but for what the recipient may
        no longer be told. Raises ``_Nothing`` when nothing is left or it must wait.
        """
        if taken.contact.removed_at is not None:
            transaction.run(_LET_ALL_GO, of=taken.id, to=None)
            self._close(transaction, taken, DeliveryStatus.CANCELLED, now, "contact_removed")
            raise _Nothing("cancelled")
        calendar = self._calendars.current(transaction)[1]
        today = now.astimezone(SHANGHAI).date()
        titles = taken.manner.titles and taken.contact.channel in TITLES_BY
        told, gone, waits = self._sifted(transaction, taken, today, now)
        taken.operations = any(row.kind is AlertKind.OPERATIONS for row, _ in told)
        opens = taken.manner.opens(now, calendar=calendar)
        if opens > now and told and not taken.operations:
            code = MESSAGE_QUARANTINED if taken.aside else None
            self._open_again(transaction, taken, opens, code, sealed=taken.repeats or taken.aside)
            raise _Nothing("waits")
        if opens > now and not taken.repeats:
            waits += [row.id for row, _ in told if row.kind is not AlertKind.OPERATIONS]
            told = [each for each in told if each[0].kind is AlertKind.OPERATIONS]
        for row, policy in told:
            try:
                taken.fresh.append(self._entry(taken, row, policy, today, calendar, titles=titles))
            except _SENSELESS as error:
                # One that makes no sense is put aside, and the others go out without it.
                gone.append(_settled(row.id, AlertStatus.FAILED, ALERT_QUARANTINED, now))
                facts = {"problem": type(error).__name__}
                self._note(transaction, f"alert:{row.id}", ALERT_QUARANTINED, facts, now)
        came.expired += sum(each["as_"] is AlertStatus.EXPIRED for each in gone)
        transaction.run_many(_SETTLE, gone)
        transaction.run_many(_LET_GO, [{"alert_id": number} for number in waits])
        if not taken.fresh:
            self._close(transaction, taken, DeliveryStatus.CANCELLED, now, "nothing_left")
            raise _Nothing("cancelled")
        self._add_standing(transaction, taken, today, calendar, titles=titles)

    def _sifted(
        self, transaction: Transaction, taken: _Taken, today: date, now: datetime
    ) -> tuple[list[tuple[Any, Policy | None]], list[dict[str, Any]], list[int]]:
        """Tell apart what is to be told, what is true no more, and what waits."""
        told: list[tuple[Any, Policy | None]] = []
        gone: list[dict[str, Any]] = []
        waits: list[int] = []
        for row in transaction.run(_MINE, message_id=taken.id):
            policy = self._policy(transaction, row)
            why = matters.withheld_from(row, taken.recipient, policy)
            if why is None and not taken.repeats:
                why = matters.outdated(row, today=today)
            if why is not None:
                gone.append(_settled(row.id, AlertStatus.EXPIRED, why, now))
            elif not taken.repeats and matters.is_snoozed(row, today):
                waits.append(row.id)
            else:
                told.append((row, policy))
        return told, gone, waits

    def _entry(
        self,
        taken: _Taken,
        row: Any,
        policy: Policy | None,
        today: date,
        calendar: Calendar,
        *,
        titles: bool,
    ) -> Entry:
        entry = matters.entry(
            row, taken.recipient, policy, today=today, calendar=calendar, titles=titles
        )
        digests.say(entry, taken.recipient.language)
        return entry

    def _add_standing(
        self, transaction: Transaction, taken: _Taken, today: date, calendar: Calendar, *,
        titles: bool,
    ) -> None:  # fmt: skip
        """Add what was told before and is open still, as far as there is room for it."""
        contact = taken.contact
        found, counted = _STANDING_OF_ROOM if contact.account_id is None else _STANDING_OF_PERSON
        whose = {"owner": contact.account_id or contact.body_id, "message_id": taken.id}
        rows = transaction.run(found, **whose)
        for row in rows[: digests.MOST]:
            policy = self._policy(transaction, row)
            hidden = matters.withheld_from(row, taken.recipient, policy)
            if hidden or matters.outdated(row, today=today) or matters.is_snoozed(row, today):
                continue
            try:
                taken.standing.append(
                    self._entry(taken, row, policy, today, calendar, titles=titles)
                )
            except _SENSELESS:
                continue
        if len(rows) > digests.MOST:
            taken.more = transaction.one(counted, **whose).count - digests.MOST

    def _policy(self, transaction: Transaction, row: Any) -> Policy | None:
        if row.policy_digest is None:
            return None
        return self._policies.get(transaction, row.policy_digest)

    def _handed_over(self, taken: _Taken, composed: Composed) -> tuple[str, GongkaiError | None]:
        """Hand a message to its channel, outside of any transaction; return what came of it."""
        channel = self._channels.get(taken.contact.channel)
        if channel is None:
            return "put_off", ChannelFailed("alert_channel_missing", channel=taken.contact.channel)
        try:
            self._journal.note(taken.seq, taken.key, self._runtime.clock())
        except GongkaiError as error:
            return "put_off", error
        try:
            channel.send(
                Message(
                    key=taken.key,
                    to=taken.contact.address,
                    language=taken.recipient.language,
                    subject=composed.subject,
                    text=composed.text,
                    html=composed.html,
                    short=composed.short,
                    data=composed.data,
                    at=taken.first_tried_at,
                )
            )
        except ChannelUncertain as error:
            return "uncertain", error
        except ChannelRefused as error:
            return "refused", error
        except GongkaiError as error:
            return "put_off", error
        except Exception as error:  # noqa: BLE001 # a bug in a channel must not stop the others
            # What a bug has done nobody knows.
            problem = type(error).__name__
            return "uncertain", ChannelUncertain("delivery_broke", problem=problem)
        return "sent", None

    def _record(
        self, taken: _Taken, result: str, error: GongkaiError | None, came: Dispatched
    ) -> str:
        with self._runtime.database.transaction() as transaction:
            transaction.queue_up(OUTBOX)
            now = self._runtime.clock()
            if transaction.one(_OURS, message_id=taken.id, lease=taken.lease) is None:
                # Another sender took it over: it repeats the same message under the same key.
                return "gone"
            code = error.code if error else None
            if result == "sent":
                self._settle_all(transaction, taken, AlertStatus.SENT, now, None)
                self._close(transaction, taken, DeliveryStatus.DONE, now, None)
                faults.clear(transaction, job=DISPATCH, subject=_of_channel(taken), now=now)
            elif result == "refused":
                self._refused(transaction, taken, now, code)
            else:
                self._put_off(transaction, taken, now, code, sealed=result == "uncertain")
        setattr(came, result, getattr(came, result) + 1)
        return result

    def _put_off(
        self,
        transaction: Transaction,
        taken: _Taken,
        now: datetime,
        code: str | None,
        *,
        sealed: bool,
    ) -> None:
        """Have a message tried again later: what is owed by law, without end."""
        next_at = self._later(transaction, taken, now + _wait(taken.attempts))
        # What may have been delivered before stays as it was, also if it failed this time.
        self._open_again(transaction, taken, next_at, code, sealed=sealed or taken.repeats)
        if taken.attempts >= taken.manner.attempts or code in OFFICE_FAULTS:
            facts = {"channel": taken.contact.channel, "problem": code}
            self._note(transaction, _of_channel(taken), CHANNEL_FAILING, facts, now)

    def _later(self, transaction: Transaction, taken: _Taken, instant: datetime) -> datetime:
        """Return when a message may be tried that is to be tried again at ``instant``."""
        if taken.operations:
            return instant
        return taken.manner.opens(instant, calendar=self._calendars.current(transaction)[1])

    def _open_again(
        self,
        transaction: Transaction,
        taken: _Taken,
        next_at: datetime,
        code: str | None,
        *,
        sealed: bool,
    ) -> None:
        other = None if sealed else transaction.one(_OTHER, contact_id=taken.contact.id)
        if other is None:
            transaction.run(
                _CLOSE,
                message_id=taken.id,
                held=taken.lease,
                as_=DeliveryStatus.OWED,
                sealed_=sealed,
                next_=next_at,
                problem=code,
                done=None,
            )
            return
        # Meanwhile another one was begun for the same contact; nobody needs two.
        transaction.run(_LET_ALL_GO, of=taken.id, to=other.id)
        transaction.run(
            _JOINED,
            message_id=other.id,
            next_=next_at,
            tries=max(taken.attempts, other.attempts),
            problem=code,
            first=taken.first_tried_at,
        )
        self._close(transaction, taken, DeliveryStatus.CANCELLED, self._runtime.clock(), "joined")

    def _refused(
        self, transaction: Transaction, taken: _Taken, now: datetime, code: str | None
    ) -> None:
        """Give an address up for these alerts: they go by the recipient's next channel."""
        order = {name: place for place, name in enumerate(taken.manner.channels)}
        here = order.get(taken.contact.channel, -1)
        ranked = _ranked(transaction, taken.contact, taken.manner)
        for contact in ranked:
            if order[contact.channel] > here:
                transaction.run(
                    _AGAIN, of=taken.id, channel=contact.channel, contact=contact.id, at=now
                )
                break
        self._settle_all(transaction, taken, AlertStatus.FAILED, now, ADDRESS_REFUSED)
        self._close(transaction, taken, DeliveryStatus.FAILED, now, code)
        who = _subject(taken.contact)
        recipient = called(transaction, [who])[who]
        facts = {"channel": taken.contact.channel, "recipient": recipient}
        self._note(transaction, f"contact:{taken.contact.id}", ADDRESS_REFUSED, facts, now)

    def _quarantine(self, taken: _Taken, problem: str, came: Dispatched) -> str:
        """Put off what cannot be put into words; after so many tries put it aside, for a day each.

        It is owed all the same. Aside it keeps its alerts to itself, so that what is new for the
        same contact leaves without it.
        """
        with self._runtime.database.transaction() as transaction:
            transaction.queue_up(OUTBOX)
            now = self._runtime.clock()
            if transaction.one(_OURS, message_id=taken.id, lease=taken.lease) is None:
                return "gone"
            if taken.attempts < taken.manner.attempts:
                next_at = self._later(transaction, taken, now + _wait(taken.attempts))
                self._open_again(transaction, taken, next_at, problem, sealed=taken.repeats)
                came.put_off += 1
                return "unsaid"
            code = problem if taken.repeats else MESSAGE_QUARANTINED
            next_at = self._later(transaction, taken, now + ASIDE)
            self._open_again(transaction, taken, next_at, code, sealed=True)
            facts = {"problem": problem}
            self._note(transaction, f"message:{taken.id}", MESSAGE_QUARANTINED, facts, now)
        came.quarantined += 1
        return "quarantined"

    # -- rows ----------------------------------------------------------------------------------

    @staticmethod
    def _close(
        transaction: Transaction,
        taken: _Taken,
        status: DeliveryStatus,
        now: datetime,
        problem: str | None,
    ) -> None:
        transaction.run(
            _CLOSE,
            message_id=taken.id,
            held=taken.lease,
            as_=status,
            sealed_=True,
            next_=now,
            problem=problem and problem[:_LONGEST_ERROR],
            done=now,
        )
        # Whatever has become of it, it is aside no more.
        faults.clear(transaction, job=DISPATCH, subject=f"message:{taken.id}", now=now)

    @staticmethod
    def _settle_all(
        transaction: Transaction, taken: _Taken, status: AlertStatus, now: datetime, why: str | None
    ) -> None:
        transaction.run(_SETTLE_ALL, of=taken.id, as_=status, at=now, because=why)

    @staticmethod
    def _note(
        transaction: Transaction, subject: str, code: str, facts: Mapping[str, Any], now: datetime
    ) -> None:
        faults.note(transaction, job=DISPATCH, subject=subject, code=code, facts=facts, now=now)


def _digest(taken: _Taken) -> Digest:
    return Digest(
        language=taken.recipient.language,
        office=taken.contact.office,
        rehearsal=taken.contact.rehearsal,
        fresh=taken.fresh,
        standing=taken.standing,
        more=taken.more,
    )


def _settled(number: int, status: AlertStatus, why: str, now: datetime) -> dict[str, Any]:
    return {"alert_id": number, "as_": status, "because": why, "at": now}


def _subject(row: Any) -> str:
    """Return how a fault names a recipient, as :mod:`workflow.alerts` does."""
    return f"body:{row.body_id}" if row.account_id is None else f"account:{row.account_id}"


def _of_channel(taken: _Taken) -> str:
    return f"channel:{taken.contact.channel}"


def _ranked(transaction: Transaction, row: Any, manner: Manner) -> Sequence[Any]:
    """Return a recipient's contacts, those of the channels that the office prefers first."""
    order = {name: place for place, name in enumerate(manner.channels)}
    found = transaction.run(_CONTACTS_OF, account_id=row.account_id, body_id=row.body_id)
    known = [contact for contact in found if contact.channel in order]
    return sorted(known, key=lambda contact: order[contact.channel])


def _wait(attempts: int) -> timedelta:
    """Return how long to wait after so many tries: 1, 2, 4 … 60 minutes."""
    return min(timedelta(minutes=2 ** min(attempts - 1, 10)), LONGEST_WAIT)


def _last_hour(now: datetime, manner: Manner, calendar: Calendar) -> datetime:
    """Return the last instant at which daily notices went out: when a working day's quiet ended."""
    day = now.astimezone(SHANGHAI).date()
    while True:
        hour = datetime.combine(day, manner.quiet_until, tzinfo=SHANGHAI).astimezone(UTC)
        if hour <= now and manner.opens(hour, calendar=calendar) == hour:
            return hour
        day -= timedelta(days=1)
