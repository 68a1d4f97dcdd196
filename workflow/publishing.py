"""Carrying publications out: take what is owed, publish it outside any transaction, say so.

A delivery is taken by a conditional UPDATE for a limited time (its *lease*), so that any number of
senders may run, and one that dies loses it. At least once, with a key that makes it once: writing
the same page twice changes nothing. What cannot be delivered is tried again, later and later, and
at last becomes a state that people see.
"""

from __future__ import annotations

import io
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from sqlalchemy import and_, bindparam, literal_column, or_, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from typing_extensions import override

from workflow.channels import PublicItem
from workflow.database import Statement
from workflow.errors import ChannelFailed, Conflict, GongkaiError
from workflow.holding import demand_free
from workflow.machine import PUBLIC_ONCE, State
from workflow.models import (
    Delivery,
    DeliveryStatus,
    Edition,
    Item,
    PolicyText,
    PublishedCount,
    table,
)
from workflow.policy import stored
from workflow.runtime import SHANGHAI

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from typing import Any, BinaryIO

    from workflow.catalogue import PublishedCatalogue
    from workflow.channels import Channel
    from workflow.database import Transaction
    from workflow.holding import Watch
    from workflow.runtime import Runtime
    from workflow.service import WorkflowService

LEASE: Final = timedelta(minutes=5)
"""How long a sender may hold a delivery before another one may take it; it may renew it."""
LONGEST_WAIT: Final = timedelta(minutes=60)
_HOPELESS: Final = frozenset({"content_purged_before", "content_purged", "attachments_purged"})
"""What no later attempt would mend: these give a delivery up at once."""

_delivery, _item, _policy = table(Delivery), table(Item), table(PolicyText)
_tally, _edition = table(PublishedCount), table(Edition)
_due = and_(
    # A literal, because the partial index matches no parameters.
    literal_column("delivery.status IN ('owed', 'leased')"),
    or_(
        and_(_delivery.c.status == DeliveryStatus.OWED, _delivery.c.next_at <= bindparam("now")),
        and_(
            _delivery.c.status == DeliveryStatus.LEASED,
            _delivery.c.leased_until <= bindparam("now"),
        ),
    ),
)
_DUE: Final = Statement(
    select(_delivery.c.id)
    .where(_due, _delivery.c.channel == bindparam("channel"))
    .order_by(_delivery.c.next_at, _delivery.c.id)
    .limit(bindparam("limit"))
)
_OF_ITEM: Final = Statement(
    select(_delivery.c.id)
    .where(
        _due,
        _delivery.c.channel == bindparam("channel"),
        _delivery.c.item_id == bindparam("item_id"),
    )
    .limit(1)
)
_TAKE: Final = Statement(
    update(_delivery)
    .where(_delivery.c.id == bindparam("delivery_id"), _due)
    .values(
        status=DeliveryStatus.LEASED,
        lease=bindparam("lease"),
        leased_until=bindparam("leased_until"),
        stamp=bindparam("stamp"),
        attempts=_delivery.c.attempts + 1,
    )
    .returning(_delivery.c.item_id, _delivery.c.revision_id, _delivery.c.attempts)
)
_RENEW: Final = Statement(
    update(_delivery)
    .where(_delivery.c.id == bindparam("delivery_id"), _delivery.c.lease == bindparam("held"))
    .values(leased_until=bindparam("leased_until"), stamp=bindparam("stamp"))
)
_HELD: Final = Statement(
    select(_delivery.c.id)
    .where(_delivery.c.id == bindparam("delivery_id"), _delivery.c.lease == bindparam("lease"))
    .with_for_update()
)
_CLOSE: Final = Statement(
    update(_delivery)
    .where(_delivery.c.id == bindparam("delivery_id"), _delivery.c.lease == bindparam("held"))
    .values(
        status=bindparam("status", type_=_delivery.c.status.type),
        lease=None,
        leased_until=None,
        next_at=bindparam("next_at"),
        error=bindparam("error"),
        done_at=bindparam("done_at"),
    )
)
_ITEM: Final = Statement(
    select(_item.c.state, _item.c.version, _item.c.published_at, _item.c.body_id, _policy.c.text)
    .join(_policy, _policy.c.digest == _item.c.policy_digest)
    .where(_item.c.id == bindparam("item_id"))
)
_corrected = (
    select(_edition.c.corrects_id)
    .where(_edition.c.item_id == bindparam("item_id"))
    .scalar_subquery()
)
_HOLD_ITEM: Final = Statement(
    select(_item.c.id)
    .where(or_(_item.c.id == bindparam("item_id"), _item.c.id == _corrected))
    .order_by(_item.c.id)
    .with_for_update(key_share=True)
)
"""Items are locked before their deliveries, as by an act that owes a page anew; an edition after
the item that it corrects."""
_COUNT: Final = Statement(
    upsert(_tally)
    .values(body_id=bindparam("body_id"), month=bindparam("month"), count=1)
    .on_conflict_do_update(
        index_elements=[_tally.c.body_id, _tally.c.month], set_={"count": _tally.c.count + 1}
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What came of one delivery: ``published``, ``put_off`` until ``next_at``, or ``failed``."""

    item: int
    result: str
    error: GongkaiError | None = None
    next_at: datetime | None = None


@dataclass(slots=True)
class _Taken:
    """A delivery in our hands until ``until``; ``stamp`` is its instant of publication."""

    delivery_id: int
    item_id: int
    attempts: int
    lease: str
    stamp: datetime
    until: datetime


class _Outdated(Exception):
    """Between page and confirmation the page became wrong: another day began, or a purge came."""


class _Kept(io.RawIOBase):
    """A stream that calls ``keep`` before each piece that is read of it."""

    def __init__(self, source: BinaryIO, keep: Callable[[], None]) -> None:
        self._source = source
        self._keep = keep

    @override
    def readable(self) -> bool:
        return True

    @override
    def readinto(self, buffer: Any) -> int:
        self._keep()
        piece = self._source.read(len(buffer))
        buffer[: len(piece)] = piece
        return len(piece)

    @override
    def close(self) -> None:
        self._source.close()
        super().close()


class Publisher:
    """Delivers publications to one channel."""

    def __init__(
        self,
        runtime: Runtime,
        service: WorkflowService,
        channel: Channel,
        *,
        catalogue: PublishedCatalogue,
        open_attachment: Callable[[str], BinaryIO],
        watch: Watch,
    ) -> None:
        """Send through ``channel`` what the database owes it, unless it is older than it ought."""
        self._runtime = runtime
        self._service = service
        self._channel = channel
        self._catalogue = catalogue
        self._open_attachment = open_attachment
        self._watch = watch

    def dispatch(self, *, limit: int = 100) -> list[Sent]:
        """Deliver what is due now, at most ``limit``; one that fails never stops the others.

        Raises ``Refused('sending_held')`` while everything is held back after a restore.
        """
        self._watch.look()
        now = self._runtime.clock()
        with self._runtime.database.transaction() as transaction:
            demand_free(transaction)
            due = transaction.run(_DUE, now=now, channel=self._channel.name, limit=limit)
        return [sent for row in due if (sent := self._send(row.id)) is not None]

    def dispatch_item(self, item_id: int) -> Sent | None:
        """Deliver what is due for one item; ``None`` if there is nothing, or another has it.

        Raises as :meth:`dispatch` does.
        """
        self._watch.look()
        now = self._runtime.clock()
        with self._runtime.database.transaction() as transaction:
            demand_free(transaction)
            row = transaction.one(_OF_ITEM, now=now, channel=self._channel.name, item_id=item_id)
        return None if row is None else self._send(row.id)

    def _take(self, delivery_id: int) -> _Taken | None:
        lease = secrets.token_hex(16)
        with self._runtime.database.transaction() as transaction:
            demand_free(transaction)
            now = self._runtime.clock()
            row = transaction.one(
                _TAKE,
                delivery_id=delivery_id,
                now=now,
                lease=lease,
                leased_until=now + LEASE,
                stamp=now,
            )
        if row is None:
            return None
        return _Taken(delivery_id, row.item_id, row.attempts, lease, now, now + LEASE)

    def _renew(self, taken: _Taken) -> None:
        """Hold a delivery for a whole lease from now; raises ``Conflict`` if it is ours no more."""
        with self._runtime.database.transaction() as transaction:
            until = self._runtime.clock() + LEASE
            renewed = transaction.count(
                _RENEW,
                delivery_id=taken.delivery_id,
                held=taken.lease,
                leased_until=until,
                stamp=taken.stamp,
            )
        if renewed != 1:
            raise Conflict("lease_lost", item=taken.item_id)
        taken.until = until

    def _keep(self, taken: _Taken) -> None:
        """Renew a lease that is half over: a large file on a slow disk takes its time."""
        if taken.until - self._runtime.clock() < LEASE / 2:
            self._renew(taken)

    def _send(self, delivery_id: int) -> Sent | None:
        taken = self._take(delivery_id)
        if taken is None:
            return None
        try:
            self._carry_out(taken)
        except Conflict:
            # Another sender took it over meanwhile: what this one knows no longer counts.
            return None
        except GongkaiError as error:
            return self._put_off(taken, error)
        except Exception as error:  # noqa: BLE001 # a bug in one delivery must not stop the others
            problem = type(error).__name__  # The rest of it may quote the item.
            return self._put_off(taken, ChannelFailed("delivery_broke", problem=problem))
        return Sent(item=taken.item_id, result="published")

    def _carry_out(self, taken: _Taken) -> None:
        while True:
            try:
                self._carry(taken)
                break
            except _Outdated:
                # The page is off again; it is rendered anew, under the date of today.
                taken.stamp = self._runtime.clock()
                self._renew(taken)
        with self._runtime.database.transaction() as transaction:
            now = self._runtime.clock()
            transaction.run(
                _CLOSE,
                delivery_id=taken.delivery_id,
                held=taken.lease,
                status=DeliveryStatus.DONE,
                next_at=now,
                error=None,
                done_at=now,
            )

    def _carry(self, taken: _Taken) -> None:
        """Bring the item before the public, or what is left of one that was taken away since."""
        with self._runtime.database.transaction() as transaction:
            row = transaction.one(_ITEM, item_id=taken.item_id)
        # What was confirmed before keeps its instant.
        taken.stamp = row.published_at or taken.stamp
        item = self._catalogue.item(taken.item_id, published_at=taken.stamp)
        whole = isinstance(item, PublicItem) and not item.purged
        if row.state not in PUBLIC_ONCE and not whole:
            raise ChannelFailed("content_purged_before", item=taken.item_id)
        if not isinstance(item, PublicItem):
            self._channel.remove(
                item,
                catalogue=self._catalogue,
                confirm=lambda: self._confirm(taken, version=row.version),
            )
            return
        self._channel.publish(
            item,
            open_attachment=lambda sha256: self._opened(taken, sha256),
            catalogue=self._catalogue,
            confirm=lambda: self._confirm(taken, version=row.version),
        )

    def _opened(self, taken: _Taken, sha256: str) -> BinaryIO:
        stream = self._open_attachment(sha256)
        return io.BufferedReader(_Kept(stream, lambda: self._keep(taken)))

    def _confirm(self, taken: _Taken, *, version: int) -> None:
        """Commit the publication of what the item was at ``version``, unless it is committed."""
        with self._runtime.database.transaction() as transaction:
            transaction.run(_HOLD_ITEM, item_id=taken.item_id)
            self._demand_lease(transaction, taken)
            row = transaction.one(_ITEM, item_id=taken.item_id)
            if row.state in PUBLIC_ONCE:
                # No gate is asked any more; a purge since the page was made must not be undone.
                if row.version != version:
                    raise _Outdated
                return
            now, stamp = self._runtime.clock(), taken.stamp
            if now.astimezone(SHANGHAI).date() != stamp.astimezone(SHANGHAI).date():
                raise _Outdated
            self._service.settle(transaction, taken.item_id, published_at=stamp, now=now)
            month = f"{stamp.astimezone(SHANGHAI):%Y-%m}"
            transaction.run(_COUNT, body_id=row.body_id, month=month)

    @staticmethod
    def _demand_lease(transaction: Transaction, taken: _Taken) -> None:
        held = transaction.one(_HELD, delivery_id=taken.delivery_id, lease=taken.lease)
        if held is None:
            raise Conflict("lease_lost", item=taken.item_id)

    def _put_off(self, taken: _Taken, error: GongkaiError) -> Sent | None:
        try:
            return self._noted(taken, error)
        except GongkaiError:
            # Not even that can be written down now; when the lease has run out, it is due again.
            return Sent(item=taken.item_id, result="put_off", error=error, next_at=taken.until)

    def _noted(self, taken: _Taken, error: GongkaiError) -> Sent | None:
        """Note a failure: try again later, or give up and say so in the item's state."""
        with self._runtime.database.transaction() as transaction:
            now = self._runtime.clock()
            transaction.run(_HOLD_ITEM, item_id=taken.item_id)
            if transaction.one(_HELD, delivery_id=taken.delivery_id, lease=taken.lease) is None:
                return None
            row = transaction.one(_ITEM, item_id=taken.item_id)
            attempts = stored(row.text).publication_attempts
            enough = taken.attempts >= attempts or error.code in _HOPELESS
            gives_up = enough and row.state is State.PUBLISHING
            next_at = now + min(timedelta(minutes=2 ** min(taken.attempts - 1, 10)), LONGEST_WAIT)
            transaction.run(
                _CLOSE,
                delivery_id=taken.delivery_id,
                held=taken.lease,
                status=DeliveryStatus.FAILED if gives_up else DeliveryStatus.OWED,
                next_at=next_at,
                error=str(error)[:2000],
                done_at=None,
            )
            if gives_up:
                self._service.settle(
                    transaction,
                    taken.item_id,
                    published_at=None,
                    now=now,
                    attempts=taken.attempts,
                    error=error.code,
                )
        if gives_up:
            return Sent(item=taken.item_id, result="failed", error=error)
        return Sent(item=taken.item_id, result="put_off", error=error, next_at=next_at)
