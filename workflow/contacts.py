"""Where people, and the rooms of bodies, are reached, when they want to be told, and how.

People set their own addresses and the language they read; administrators those of others, of
bodies and of webhooks. An address may hold a secret, so it is shown through its channel only, and
the trail has its digest alone.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import bindparam, insert, or_, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from workflow import audit, faults
from workflow.accounts import NAME, demand_role, find_body, load_actor
from workflow.alerts import DISPATCH, NO_ADDRESS
from workflow.channels.alerting import Message
from workflow.database import Statement
from workflow.digests import Digest, Entry, Urgency, compose
from workflow.errors import InvalidInput, NotFound, NotSignedIn
from workflow.guards import Role
from workflow.holding import demand_free
from workflow.messages import LANGUAGES
from workflow.models import Account, Contact, Office, Pace, Preference, table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from workflow.channels.alerting import AlertChannel
    from workflow.database import Transaction
    from workflow.guards import Actor
    from workflow.messages import Language
    from workflow.runtime import Runtime

BY_ADMINISTRATORS: Final = frozenset({"webhook"})
"""Channels by which this machine goes wherever an address says, inside the network too."""
HIDDEN: Final = "***"
"""What is shown of an address whose channel is not set up any more."""

_contact, _account, _office = table(Contact), table(Account), table(Office)
_preference = table(Preference)
_ACCOUNT: Final = Statement(
    select(_account.c.id, _account.c.name, _account.c.language)
    .where(_account.c.name == bindparam("name"))
    .with_for_update(key_share=True)
)
_OF: Final = Statement(
    select(_contact.c.id, _contact.c.channel, _contact.c.address, _contact.c.added_at)
    .where(
        _contact.c.removed_at.is_(None),
        or_(
            _contact.c.account_id == bindparam("account_id", type_=_contact.c.account_id.type),
            _contact.c.body_id == bindparam("body_id", type_=_contact.c.body_id.type),
        ),
    )
    .order_by(_contact.c.channel)
)
_ADD: Final = Statement(
    insert(_contact).values(
        **{
            name: bindparam(name)
            for name in ("account_id", "body_id", "channel", "address", "added_by", "added_at")
        }
    )
)
_REMOVE: Final = Statement(
    update(_contact)
    .where(_contact.c.id == bindparam("contact_id"))
    .values(removed_at=bindparam("at"))
)
_PACE: Final = Statement(
    select(_preference.c.notices).where(_preference.c.account_id == bindparam("account_id"))
)
_new_pace = upsert(_preference).values(
    account_id=bindparam("account_id"), notices=bindparam("notices")
)
_SET_PACE: Final = Statement(
    _new_pace.on_conflict_do_update(
        index_elements=[_preference.c.account_id],
        set_={"notices": _new_pace.excluded.notices},
    )
)
_SET_LANGUAGE: Final = Statement(
    update(_account)
    .where(_account.c.id == bindparam("account_id"), _account.c.language != bindparam("wanted"))
    .values(language=bindparam("wanted"))
)
_LANGUAGE: Final = Statement(
    select(_account.c.language).where(_account.c.id == bindparam("account_id"))
)
_NAMED: Final = Statement(select(_office.c.name, _office.c.rehearsal))


class Contacts:
    """Addresses and paces of an office."""

    def __init__(self, runtime: Runtime, channels: Mapping[str, AlertChannel]) -> None:
        """Take addresses of ``channels``, which are those that are set up, by name."""
        self._runtime = runtime
        self._channels = channels

    def show(
        self, actor_id: int, *, user: str | None = None, body: str | None = None
    ) -> dict[str, Any]:
        """Return one's own addresses, or as an administrator those of ``user`` or ``body``."""
        with self._runtime.database.transaction(keep=False) as transaction:
            now = self._runtime.clock()
            _, whose, named = _whose(transaction, actor_id, user, body, now=now)
            rows = transaction.run(_OF, **whose)
            return named | {
                "notices": _pace(transaction, whose["account_id"]),
                "language": _language(transaction, whose["account_id"]),
                "contacts": [self._told(row) for row in rows],
            }

    def put(
        self,
        actor_id: int,
        channel: str,
        address: str,
        *,
        user: str | None = None,
        body: str | None = None,
        key: str | None = None,
        dry_run: bool = False,
    ) -> dict[str, Any]:
        """Have ``channel`` reach somebody at ``address`` from now on, in place of another one.

        Raises ``InvalidInput`` for an address that the channel does not take, and ``Refused`` for
        one that is only an administrator's to set.
        """
        known = self._channel(channel)
        checked = known.check(address)

        def work(transaction: Transaction, now: datetime) -> dict[str, Any]:
            actor, whose, named = _whose(transaction, actor_id, user, body, now=now)
            if channel in BY_ADMINISTRATORS:
                demand_role(transaction, actor_id, Role.ADMINISTRATOR, now=now)
            old = _standing(transaction, whose, channel)
            changed = old is None or old.address != checked
            if changed:
                if old is not None:
                    _end(transaction, old, now)
                transaction.run(
                    _ADD,
                    channel=channel,
                    address=checked,
                    added_by=actor.account_id,
                    added_at=now,
                    **whose,
                )
                faults.clear(
                    transaction, job=DISPATCH, subject=_subject(whose), code=NO_ADDRESS, now=now
                )
                self._note(
                    transaction,
                    "contact_set",
                    (actor, now),
                    named,
                    channel=channel,
                    address=checked,
                )
            shown = {"channel": channel, "address": known.shown(checked)}
            return named | shown | {"changed": changed}

        call = {
            "do": "contact set",
            "channel": channel,
            "address": _digest(checked),
            "user": user,
            "body": body,
        }
        return self._runtime.carry_out(
            work, account_id=actor_id, call=call, key=key, dry_run=dry_run
        )

    def remove(
        self,
        actor_id: int,
        channel: str,
        *,
        user: str | None = None,
        body: str | None = None,
        key: str | None = None,
        dry_run: bool = False,
    ) -> dict[str, Any]:
        """Let ``channel`` reach somebody no more; raises ``NotFound('no_such_contact')``."""

        def work(transaction: Transaction, now: datetime) -> dict[str, Any]:
            actor, whose, named = _whose(transaction, actor_id, user, body, now=now)
            old = _standing(transaction, whose, channel)
            if old is None:
                raise NotFound("no_such_contact", channel=channel)
            _end(transaction, old, now)
            self._note(
                transaction,
                "contact_removed",
                (actor, now),
                named,
                channel=channel,
                address=old.address,
            )
            return named | {"channel": channel}

        call = {"do": "contact remove", "channel": channel, "user": user, "body": body}
        return self._runtime.carry_out(
            work, account_id=actor_id, call=call, key=key, dry_run=dry_run
        )

    def pace(
        self, actor_id: int, pace: str, *, key: str | None = None, dry_run: bool = False
    ) -> dict[str, Any]:
        """Have one's notices sent at once, or once a day; what is due does not wait for either.

        ``pace`` is one of :class:`~workflow.models.Pace`.
        """
        wanted = Pace(pace)

        def work(transaction: Transaction, now: datetime) -> dict[str, Any]:
            actor, whose, named = _whose(transaction, actor_id, None, None, now=now)
            changed = _pace(transaction, whose["account_id"]) != wanted.value
            if changed:
                transaction.run(_SET_PACE, account_id=actor.account_id, notices=wanted)
                audit.record(
                    transaction,
                    "notices_set",
                    at=now,
                    origin=self._runtime.origin(actor.name),
                    notices=wanted.value,
                    **named,
                )
            return named | {"notices": wanted.value, "changed": changed}

        call = {"do": "contact notices", "pace": wanted.value}
        return self._runtime.carry_out(
            work, account_id=actor_id, call=call, key=key, dry_run=dry_run
        )

    def language(
        self,
        actor_id: int,
        language: str,
        *,
        user: str | None = None,
        key: str | None = None,
        dry_run: bool = False,
    ) -> dict[str, Any]:
        """Write to oneself, or as an administrator to ``user``, in ``language`` from now on."""
        if language not in LANGUAGES:
            raise InvalidInput("value_unknown", field="language", value=language, known=LANGUAGES)

        def work(transaction: Transaction, now: datetime) -> dict[str, Any]:
            actor, whose, named = _whose(transaction, actor_id, user, None, now=now)
            changed = bool(
                transaction.count(_SET_LANGUAGE, account_id=whose["account_id"], wanted=language)
            )
            if changed:
                audit.record(
                    transaction,
                    "language_set",
                    at=now,
                    origin=self._runtime.origin(actor.name),
                    language=language,
                    **named,
                )
            return named | {"language": language, "changed": changed}

        call = {"do": "contact language", "language": language, "user": user}
        return self._runtime.carry_out(
            work, account_id=actor_id, call=call, key=key, dry_run=dry_run
        )

    def test(self, actor_id: int, channel: str) -> dict[str, Any]:
        """Send oneself a message now; raises what the channel raises if that fails.

        Raises ``Refused('sending_held')`` while everything is held back after a restore.
        """
        known = self._channel(channel)
        with self._runtime.database.transaction(keep=False) as transaction:
            now = self._runtime.clock()
            demand_free(transaction)
            actor, whose, named = _whose(transaction, actor_id, None, None, now=now)
            contact = _standing(transaction, whose, channel)
            if contact is None:
                raise NotFound("no_such_contact", channel=channel)
            office = transaction.one(_NAMED)
            language: Language = transaction.one(_ACCOUNT, name=actor.name).language
        said = compose(
            Digest(
                language=language,
                office=office.name,
                rehearsal=office.rehearsal,
                fresh=(Entry(alert=0, urgency=Urgency.NOTICE, event="test", act="contact show"),),
            )
        )
        known.send(
            Message(
                key=f"gongkai-test-{contact.id}-{now:%Y%m%dT%H%M%S%f}",
                to=contact.address,
                language=language,
                subject=said.subject,
                text=said.text,
                html=said.html,
                short=said.short,
                data=said.data,
                at=now,
            )
        )
        return named | {"channel": channel, "address": known.shown(contact.address)}

    def _channel(self, name: str) -> AlertChannel:
        if name not in self._channels:
            raise InvalidInput("alert_channel_unknown", value=name, known=tuple(self._channels))
        return self._channels[name]

    def _told(self, row: Any) -> dict[str, Any]:
        channel = self._channels.get(row.channel)
        return {
            "channel": row.channel,
            "address": channel.shown(row.address) if channel else HIDDEN,
            "since": row.added_at,
        }

    def _note(
        self,
        transaction: Transaction,
        event: str,
        by: tuple[Actor, datetime],
        named: Mapping[str, Any],
        *,
        channel: str,
        address: str,
    ) -> None:
        audit.record(
            transaction,
            event,
            at=by[1],
            origin=self._runtime.origin(by[0].name),
            channel_name=channel,
            address=_digest(address),
            **named,
        )


def _whose(
    transaction: Transaction, actor_id: int, user: str | None, body: str | None, *, now: datetime
) -> tuple[Actor, dict[str, int | None], dict[str, Any]]:
    """Return who acts, whose addresses are meant, and how to name those; raises ``Refused``."""
    if user is None and body is None:
        actor = load_actor(transaction, actor_id, now=now)
        if actor is None or not actor.enabled:
            raise NotSignedIn("not_signed_in")
        return actor, {"account_id": actor_id, "body_id": None}, {"account": actor.name}
    if user is not None:
        own = load_actor(transaction, actor_id, now=now)
        if own is not None and own.enabled and own.name == user:
            return own, {"account_id": actor_id, "body_id": None}, {"account": user}
    actor = demand_role(transaction, actor_id, Role.ADMINISTRATOR, now=now)
    if body is not None:
        found = find_body(transaction, body)
        return actor, {"account_id": None, "body_id": found.id}, {"body": found.code}
    account = transaction.one(_ACCOUNT, name=user) if NAME.match(user or "") else None
    if account is None:
        raise NotFound("no_such_account", name=user)
    return actor, {"account_id": account.id, "body_id": None}, {"account": account.name}


def _standing(transaction: Transaction, whose: Mapping[str, int | None], channel: str) -> Any:
    rows: Sequence[Any] = transaction.run(_OF, **whose)
    return next((row for row in rows if row.channel == channel), None)


def _end(transaction: Transaction, contact: Any, now: datetime) -> None:
    transaction.run(_REMOVE, contact_id=contact.id, at=now)
    faults.clear(transaction, job=DISPATCH, subject=f"contact:{contact.id}", now=now)


def _pace(transaction: Transaction, account_id: int | None) -> str | None:
    """Return when a person wants notices; a room has no wishes."""
    if account_id is None:
        return None
    row = transaction.one(_PACE, account_id=account_id)
    return Pace.AT_ONCE.value if row is None else str(row.notices.value)


def _language(transaction: Transaction, account_id: int | None) -> str | None:
    """Return the language a person reads; rooms are written to in Chinese."""
    return transaction.one(_LANGUAGE, account_id=account_id).language if account_id else None


def _subject(whose: Mapping[str, int | None]) -> str:
    if whose["account_id"] is None:
        return f"body:{whose['body_id']}"
    return f"account:{whose['account_id']}"


def _digest(address: str) -> str:
    return hashlib.sha256(address.encode()).hexdigest()
