"""Carrying publications out: take what is owed, publish it outside any transaction, say so.

A delivery is taken by a conditional UPDATE for a limited time (its *lease*), so that any number of
senders may run, and one that dies loses it. At least once, with a key that makes it once: writing
the same page twice changes nothing. What cannot be delivered is tried again, later and later, and
at last becomes a state that people see.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from sqlalchemy import and_, bindparam, or_, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from workflow.channels import PublicItem
from workflow.database import Statement
from workflow.errors import ChannelFailed, Conflict, GongkaiError
from workflow.machine import State
from workflow.models import Delivery, DeliveryStatus, Item, PolicyText, PublishedCount, table
from workflow.policy import stored
from workflow.runtime import SHANGHAI

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from typing import BinaryIO

    from workflow.catalogue import PublishedCatalogue
    from workflow.channels import Channel
    from workflow.database import Transaction
    from workflow.runtime import Runtime
    from workflow.service import WorkflowService

LEASE: Final = timedelta(minutes=5)
"""How long a sender may hold a delivery before another one may take it."""
LONGEST_WAIT: Final = timedelta(minutes=60)

_delivery, _item, _policy = table(Delivery), table(Item), table(PolicyText)
_tally = table(PublishedCount)
_due = or_(
    and_(_delivery.c.status == DeliveryStatus.OWED, _delivery.c.next_at <= bindparam("now")),
    and_(_delivery.c.status == DeliveryStatus.LEASED, _delivery.c.leased_until <= bindparam("now")),
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
    select(
        _item.c.state, _item.c.revision_id, _item.c.published_at, _item.c.body_id, _policy.c.text
    )
    .join(_policy, _policy.c.digest == _item.c.policy_digest)
    .where(_item.c.id == bindparam("item_id"))
)
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


@dataclass(frozen=True, slots=True)
class _Taken:
    delivery_id: int
    item_id: int
    attempts: int
    lease: str
    stamp: datetime


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
    ) -> None:
        """Send through ``channel`` what the database owes it."""
        self._runtime = runtime
        self._service = service
        self._channel = channel
        self._catalogue = catalogue
        self._open_attachment = open_attachment

    def dispatch(self, *, limit: int = 100) -> list[Sent]:
        """Deliver what is due now, at most ``limit``; one that fails never stops the others."""
        now = self._runtime.clock()
        with self._runtime.database.transaction() as transaction:
            due = transaction.run(_DUE, now=now, channel=self._channel.name, limit=limit)
        return [sent for row in due if (sent := self._send(row.id)) is not None]

    def dispatch_item(self, item_id: int) -> Sent | None:
        """Deliver what is due for one item; ``None`` if there is nothing, or another has it."""
        now = self._runtime.clock()
        with self._runtime.database.transaction() as transaction:
            row = transaction.one(_OF_ITEM, now=now, channel=self._channel.name, item_id=item_id)
        return None if row is None else self._send(row.id)

    def _take(self, delivery_id: int) -> _Taken | None:
        lease = secrets.token_hex(16)
        with self._runtime.database.transaction() as transaction:
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
        return _Taken(delivery_id, row.item_id, row.attempts, lease, now)

    def _send(self, delivery_id: int) -> Sent | None:
        taken = self._take(delivery_id)
        if taken is None:
            return None
        try:
            stamp = self._stamp(taken)
            item = self._catalogue.item(taken.item_id, published_at=stamp)
            if not isinstance(item, PublicItem):
                raise ChannelFailed("content_purged_before", item=taken.item_id)
            self._channel.publish(
                item,
                open_attachment=self._open_attachment,
                catalogue=self._catalogue,
                confirm=lambda: self._confirm(taken, stamp),
            )
        except Conflict:
            # Another sender took it over meanwhile: what this one knows no longer counts.
            return None
        except GongkaiError as error:
            return self._put_off(taken, error)
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
        return Sent(item=taken.item_id, result="published")

    def _stamp(self, taken: _Taken) -> datetime:
        """Return the instant of publication: an earlier one if it was confirmed before."""
        with self._runtime.database.transaction() as transaction:
            row = transaction.one(_ITEM, item_id=taken.item_id)
        earlier: datetime | None = row.published_at
        return earlier or taken.stamp

    def _confirm(self, taken: _Taken, stamp: datetime) -> None:
        with self._runtime.database.transaction() as transaction:
            self._demand_lease(transaction, taken)
            row = transaction.one(_ITEM, item_id=taken.item_id)
            if row.state is State.PUBLISHED:
                return
            self._service.settle(
                transaction, taken.item_id, published_at=stamp, now=self._runtime.clock()
            )
            month = f"{stamp.astimezone(SHANGHAI):%Y-%m}"
            transaction.run(_COUNT, body_id=row.body_id, month=month)

    @staticmethod
    def _demand_lease(transaction: Transaction, taken: _Taken) -> None:
        held = transaction.one(_HELD, delivery_id=taken.delivery_id, lease=taken.lease)
        if held is None:
            raise Conflict("lease_lost", item=taken.item_id)

    def _put_off(self, taken: _Taken, error: GongkaiError) -> Sent | None:
        """Note a failure: try again later, or give up and say so in the item's state."""
        with self._runtime.database.transaction() as transaction:
            now = self._runtime.clock()
            if transaction.one(_HELD, delivery_id=taken.delivery_id, lease=taken.lease) is None:
                return None
            row = transaction.one(_ITEM, item_id=taken.item_id)
            attempts = stored(row.text).publication_attempts
            gives_up = taken.attempts >= attempts and row.state is State.PUBLISHING
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
