"""After a database was put back from a backup: what it does not know, and how work goes on.

What happened after the backup is still seen in two places outside of the database: the published
site, and the journal of what was sent. Both are compared with the rows. Nothing is sent, no number
given and no older login taken meanwhile (:mod:`workflow.holding`); releasing raises the counters,
ends every login and settles what may have been sent before, in one transaction.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from sqlalchemy import ColumnElement, bindparam, func, literal_column, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from workflow import audit
from workflow.accounts import demand_role
from workflow.database import Statement
from workflow.drafting import check_text
from workflow.errors import InvalidInput, Refusal, Refused, Unavailable
from workflow.guards import Role
from workflow.holding import BY_HAND, hold
from workflow.machine import State
from workflow.models import (
    Alert,
    AlertStatus,
    Body,
    Counter,
    Delivery,
    DeliveryStatus,
    Item,
    Message,
    Office,
    PolicyText,
    Revision,
    Token,
    table,
)
from workflow.organisation import BodyKind
from workflow.policy import stored
from workflow.records import insert_remark
from workflow.revisions import is_blank
from workflow.runtime import SHANGHAI

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime
    from pathlib import Path

    from workflow.database import Transaction
    from workflow.intake import Intake
    from workflow.journal import Journal
    from workflow.runtime import Runtime

SKIPPED: Final = 100
"""So many numbers of each counter are left out unless somebody says otherwise: what was given
after the backup and never published is seen nowhere."""
MOST_SKIPPED: Final = 1_000_000
MAY_HAVE_BEEN_SENT: Final = "sent_before_restore"
"""Why an alert is settled that the restored database still owed."""

Pages: TypeAlias = "Mapping[str, str | None]"
"""The index number of each page on the site, and the digest of its text; none if it was purged."""

_office, _item, _body, _counter = table(Office), table(Item), table(Body), table(Counter)
_policy, _revision, _token = table(PolicyText), table(Revision), table(Token)
_message, _alert, _delivery = table(Message), table(Alert), table(Delivery)
# A literal, because the partial index matches no parameters.
_OPEN: Final[ColumnElement[bool]] = literal_column("message.status IN ('owed', 'leased')")

_STANDING: Final = Statement(
    select(_office.c.held_at, _office.c.held_why, _office.c.sent_seq).with_for_update()
)
_OPEN_MESSAGES: Final = Statement(
    select(_message.c.id, _message.c.key).where(_OPEN).order_by(_message.c.id)
)
_KNOWN_KEY: Final = Statement(select(_message.c.id).where(_message.c.key == bindparam("key")))
_UNBOUND: Final = Statement(
    select(_alert.c.id)
    .where(
        _alert.c.status == AlertStatus.OWED,
        _alert.c.message_id.is_(None),
        _alert.c.not_before <= bindparam("until"),
    )
    .order_by(_alert.c.id)
)
_BOUND: Final = Statement(
    select(_alert.c.id)
    .where(_alert.c.status == AlertStatus.OWED, _alert.c.message_id == bindparam("message_id"))
    .order_by(_alert.c.id)
)
_CANCEL: Final = Statement(
    update(_message)
    .where(_message.c.id == bindparam("message_id"))
    .values(
        status=DeliveryStatus.CANCELLED,
        lease=None,
        leased_until=None,
        error=MAY_HAVE_BEEN_SENT,
        done_at=bindparam("at"),
    )
)
_SETTLE: Final = Statement(
    update(_alert)
    .where(_alert.c.id == bindparam("alert_id"))
    .values(status=AlertStatus.EXPIRED, why=MAY_HAVE_BEEN_SENT, settled_at=bindparam("at"))
)
_COUNTERS: Final = Statement(select(_counter.c.name, _counter.c.value).order_by(_counter.c.name))
_RAISE: Final = Statement(
    upsert(_counter)
    .values(name=bindparam("name"), value=bindparam("raised"))
    .on_conflict_do_update(index_elements=[_counter.c.name], set_={"value": bindparam("raised")})
)
_BODIES: Final = Statement(select(_body.c.id, _body.c.code, _body.c.kind).order_by(_body.c.id))
_POLICIES: Final = Statement(select(_policy.c.text).order_by(_policy.c.digest))
_REVOKE: Final = Statement(
    update(_token).where(_token.c.revoked_at.is_(None)).values(revoked_at=bindparam("at"))
)
_RELEASE: Final = Statement(
    update(_office).values(held_at=None, held_why=None, sent_seq=bindparam("noted"))
)


@dataclass(slots=True)
class _Doubtful:
    """What may have been sent although the database still owes it.

    ``unknown`` counts messages of which it knows nothing at all.
    """

    messages: list[int] = field(default_factory=list)
    alerts: list[int] = field(default_factory=list)
    unknown: int = 0


class Restoring:
    """What an administrator does after a restore."""

    def __init__(
        self, runtime: Runtime, intake: Intake, *, journal: Journal, site: Path | None
    ) -> None:
        """Compare with ``journal`` and ``site``; no site where this machine does not hold it."""
        self._runtime = runtime
        self._intake = intake
        self._journal = journal
        self._site = site

    def examine(self, actor_id: int) -> dict[str, Any]:
        """Return what the database does not know of, for an administrator; changes nothing.

        ``unknown`` are pages on the site of no item, ``unpublished`` of one that is not published
        here, ``different`` of another text, ``purged_since`` of a text that was purged after the
        backup; ``missing`` are published items without a page, ``owed`` those still to be sent.
        """
        on_site = self._on_site()
        with self._runtime.database.transaction(keep=False) as transaction:
            demand_role(transaction, actor_id, Role.ADMINISTRATOR, now=self._runtime.clock())
            standing = transaction.one(_STANDING)
            doubtful = self._doubtful(transaction)
            behind = [
                {"counter": name, "value": value, "seen": seen}
                for name, value, seen in self._seen(transaction, on_site)
                if seen > value
            ]
        return {
            "held": standing.held_at is not None,
            "since": standing.held_at,
            "why": standing.held_why,
            "sent_seq": standing.sent_seq,
            "journal_seq": self._journal.last(),
            "site": self._compared(on_site) if self._site is not None else None,
            "numbers": behind,
            "messages": doubtful.messages,
            "alerts": doubtful.alerts,
            "unknown_messages": doubtful.unknown,
            "logins": self._logins(),
        }

    def hold(
        self, actor_id: int, *, reason: str, key: str | None = None, dry_run: bool = False
    ) -> dict[str, Any]:
        """Hold everything back, for a restore that no journal shows; once more changes nothing.

        No login from before is taken any more, that of the caller neither.
        """
        self._demand_reason(actor_id, reason, "restore_hold", dry_run=dry_run)

        def work(transaction: Transaction, now: datetime) -> dict[str, Any]:
            actor = demand_role(transaction, actor_id, Role.ADMINISTRATOR, now=now)
            if transaction.one(_STANDING).held_at is not None:
                return {"held": True, "changed": False}
            remark = insert_remark(
                transaction, {"reason": reason}, item_id=None, account_id=actor_id, now=now
            )
            origin = self._runtime.origin(actor.name)
            hold(transaction, now, why=BY_HAND, origin=origin, remark=remark.digest)
            return {"held": True, "changed": True}

        call = {"do": "restore-check hold", "reason": reason}
        return self._runtime.carry_out(
            work, account_id=actor_id, call=call, key=key, dry_run=dry_run
        )

    def release(
        self,
        actor_id: int,
        *,
        reason: str,
        skip: int = SKIPPED,
        send_doubtful: bool = False,
        key: str | None = None,
        dry_run: bool = False,
    ) -> dict[str, Any]:
        """Let work go on: no number, no login and no message of after the backup comes again.

        All counters go above what is seen on the site and then by ``skip``. Where nothing is held
        nothing is changed. Raises ``InvalidInput('skip_wrong')``.
        """
        self._demand_reason(actor_id, reason, "restore_release", dry_run=dry_run)
        if not 0 <= skip <= MOST_SKIPPED:
            raise InvalidInput("skip_wrong", value=skip, limit=MOST_SKIPPED)
        on_site = self._on_site()

        def work(transaction: Transaction, now: datetime) -> dict[str, Any]:
            actor = demand_role(transaction, actor_id, Role.ADMINISTRATOR, now=now)
            standing = transaction.one(_STANDING)
            if standing.held_at is None:
                return {"held": False, "changed": False}
            skipped = self._raise(transaction, on_site, skip=skip, now=now)
            doubtful = self._doubtful(transaction)
            if not send_doubtful:
                _settle(transaction, doubtful, now)
            ended = transaction.count(_REVOKE, at=now)
            noted = max(self._journal.last(), standing.sent_seq)
            transaction.run(_RELEASE, noted=noted)
            remark = insert_remark(
                transaction, {"reason": reason}, item_id=None, account_id=actor_id, now=now
            )
            audit.record(
                transaction,
                "sending_released",
                at=now,
                origin=self._runtime.origin(actor.name),
                skipped=skipped,
                logins=ended,
                messages=doubtful.messages,
                alerts=doubtful.alerts,
                unknown_messages=doubtful.unknown,
                sent_again=send_doubtful,
                sent_seq=noted,
                remark=remark.digest,
            )
            return {
                "held": False,
                "changed": True,
                "skipped": skipped,
                "logins": ended,
                "messages": len(doubtful.messages),
                "alerts": len(doubtful.alerts),
                "sent_again": send_doubtful,
            }

        call = {"do": "restore-check release", "reason": reason, "skip": skip}
        call |= {"send_doubtful": send_doubtful}
        return self._runtime.carry_out(
            work, account_id=actor_id, call=call, key=key, dry_run=dry_run
        )

    def _demand_reason(self, actor_id: int, reason: str, action: str, *, dry_run: bool) -> None:
        check_text("reason", reason)
        if is_blank(reason):
            raise Refused([Refusal("reason_required", {"action": action})])
        self._intake.screen_words({"reason": reason}, account_id=actor_id, dry_run=dry_run)

    # -- the site ------------------------------------------------------------------------------

    def _on_site(self) -> Pages:
        """Read what the site shows; raises ``Unavailable('site_unreadable')``."""
        found: dict[str, str | None] = {}
        if self._site is None:
            return found
        items = self._site / "items"
        try:
            for page in sorted(items.rglob("index.html")):
                text = page.with_name("revision.json")
                number = page.parent.relative_to(items).as_posix()
                found[number] = (
                    hashlib.sha256(text.read_bytes()).hexdigest() if text.exists() else None
                )
        except OSError as error:
            raise Unavailable("site_unreadable", path=str(items), problem=error.strerror) from error
        return found

    def _compared(self, on_site: Pages) -> dict[str, Any]:
        said: dict[str, list[str]] = {
            name: []
            for name in ("unknown", "unpublished", "different", "purged_since", "missing", "owed")
        }
        pages = dict(on_site)
        open_ = _delivery.c.status.in_([DeliveryStatus.OWED, DeliveryStatus.LEASED])
        owed = select(_delivery.c.item_id).where(open_)
        with self._runtime.database.read() as connection:
            rows = connection.execution_options(yield_per=1000).execute(
                select(
                    _item.c.index_number,
                    _item.c.state,
                    _item.c.published_at,
                    _item.c.digest,
                    _revision.c.purged_at,
                    _item.c.id.in_(owed).label("owed"),
                )
                .join(_revision, _revision.c.id == _item.c.revision_id)
                .where(_item.c.index_number.is_not(None))
                .order_by(_item.c.index_number)
            )
            for row in rows:
                shown = row.index_number in pages
                page = pages.pop(row.index_number, None)
                if row.owed:
                    said["owed"].append(row.index_number)
                if row.published_at is None:
                    problem = "unpublished" if shown else None
                elif not shown:
                    problem = "missing" if row.state is State.PUBLISHED else None
                elif page is None:
                    problem = None if row.purged_at else "purged_since"
                else:
                    problem = None if page == row.digest else "different"
                if problem:
                    said[problem].append(row.index_number)
        said["unknown"] = sorted(pages)
        return {"pages": len(on_site), **said}

    # -- numbers and logins --------------------------------------------------------------------

    def _seen(self, transaction: Transaction, on_site: Pages) -> Iterator[tuple[str, int, int]]:
        """Yield each counter that is there or was seen: its name, its value, the highest seen."""
        values = {row.name: row.value for row in transaction.run(_COUNTERS)}
        bodies = {row.code: row.id for row in transaction.run(_BODIES)}
        rules = [stored(row.text) for row in transaction.run(_POLICIES)]
        seen: dict[str, int] = {}
        for number in on_site:
            for policy in rules:
                parts = policy.index_parts(number)
                if parts is not None and parts[0] in bodies:
                    name = f"index:{bodies[parts[0]]}:{parts[1]}"
                    seen[name] = max(seen.get(name, 0), parts[2])
        for name in sorted(values.keys() | seen.keys()):
            yield name, values.get(name, 0), seen.get(name, 0)

    def _raise(
        self, transaction: Transaction, on_site: Pages, *, skip: int, now: datetime
    ) -> dict[str, int]:
        """Raise all counters, also those that may have begun since; return by how much."""
        wanted = {name: (value, seen) for name, value, seen in self._seen(transaction, on_site)}
        this = now.astimezone(SHANGHAI).year
        for row in transaction.run(_BODIES):
            kinds = ("delivery",) if row.kind is BodyKind.READING_POINT else ("index", "seal")
            for kind in kinds:
                for year in (this - 1, this):
                    wanted.setdefault(f"{kind}:{row.id}:{year}", (0, 0))
        skipped = {}
        for name, (value, seen) in wanted.items():
            raised = max(value, seen) + skip
            if raised > value:
                transaction.run(_RAISE, name=name, raised=raised)
                skipped[name] = raised - value
        return skipped

    def _logins(self) -> int:
        with self._runtime.database.read() as connection:
            live = select(func.count()).select_from(_token)
            live = live.where(
                _token.c.revoked_at.is_(None), _token.c.expires_at > self._runtime.clock()
            )
            return int(connection.execute(live).scalar_one())

    # -- messages ------------------------------------------------------------------------------

    def _doubtful(self, transaction: Transaction) -> _Doubtful:
        """Find what the journal says has left and the database still owes.

        A message that it does not know at all was made after the backup, of alerts among which are
        those that the backup owed and had not bound to any message yet.
        """
        found = _Doubtful()
        noted = {noted.key: noted.at for noted in self._journal.entries()}
        for row in transaction.run(_OPEN_MESSAGES):
            if row.key in noted:
                found.messages.append(row.id)
                bound = transaction.run(_BOUND, message_id=row.id)
                found.alerts += [alert.id for alert in bound]
        sent_seq = transaction.one(_STANDING).sent_seq
        unknown = [
            noted.at
            for noted in self._journal.entries(sent_seq)
            if transaction.one(_KNOWN_KEY, key=noted.key) is None
        ]
        found.unknown = len(unknown)
        if unknown:
            unbound = transaction.run(_UNBOUND, until=max(unknown))
            found.alerts += [alert.id for alert in unbound]
        return found


def _settle(transaction: Transaction, doubtful: _Doubtful, now: datetime) -> None:
    for message_id in doubtful.messages:
        transaction.run(_CANCEL, message_id=message_id, at=now)
    for alert_id in doubtful.alerts:
        transaction.run(_SETTLE, alert_id=alert_id, at=now)
