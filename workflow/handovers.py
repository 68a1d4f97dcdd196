"""Which receipts count, and when those of all reading points are there.

A receipt counts for a text if the delivery stands and was of that very text, by its digest. The
clock of an item is met when every required point that is open has given one, on the latest of the
days that they state; receipts of other points neither meet it nor hold it up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import and_, bindparam, exists, or_, select, update

from workflow import clocks
from workflow.audit import Chain, item_subject
from workflow.database import Statement
from workflow.deadlines import Met, day_of
from workflow.models import Deadline, Handover, Item, ReadingPoint, table

if TYPE_CHECKING:
    from datetime import date, datetime

    from sqlalchemy import ColumnElement

    from workflow.audit import Origin
    from workflow.database import Transaction

_handover, _point, _item = table(Handover), table(ReadingPoint), table(Item)
_deadline = table(Deadline)

LATEST_RECORD: Final = 3
"""A receipt recorded more than so many days after the day that it states is flagged."""

standing: Final[ColumnElement[bool]] = _handover.c.approved_at.is_(None)
"""The condition on a handover that its withdrawal was not approved."""
running: Final[ColumnElement[bool]] = and_(
    _deadline.c.met_by == Met.HANDED_OVER,
    _deadline.c.met_on.is_(None),
    _deadline.c.voided_at.is_(None),
)
"""The condition on a clock that it runs, and that hand-overs meet it."""


def owes(day: Any) -> ColumnElement[bool]:
    """Return the condition on a reading point that everything has to be delivered to it."""
    return and_(
        _point.c.required.is_(True), or_(_point.c.closed_on.is_(None), _point.c.closed_on > day)
    )


_receipt = and_(
    _handover.c.item_id == bindparam("item_id"),
    _handover.c.digest == bindparam("digest"),
    _handover.c.received_at.is_not(None),
    standing,
)
_MISSING: Final = Statement(
    select(_point.c.body_id)
    .where(
        owes(bindparam("day", type_=_point.c.closed_on.type)),
        ~exists().where(_receipt, _handover.c.point_id == _point.c.body_id),
    )
    .limit(1)
)
_RECEIPTS: Final = Statement(
    select(
        _handover.c.handed_over_on,
        owes(bindparam("day", type_=_point.c.closed_on.type)).label("owes"),
    )
    .join(_point, _point.c.body_id == _handover.c.point_id)
    .where(_receipt)
)
_PERHAPS_COMPLETE: Final = Statement(
    select(_item.c.id, _item.c.digest, _item.c.trail_seq, _item.c.trail_hash)
    .where(
        exists().where(_deadline.c.item_id == _item.c.id, running),
        exists().where(
            _handover.c.item_id == _item.c.id,
            _handover.c.digest == _item.c.digest,
            _handover.c.received_at.is_not(None),
            standing,
        ),
    )
    .order_by(_item.c.id)
    .with_for_update()
)
_HEAD: Final = Statement(
    update(_item)
    .where(_item.c.id == bindparam("of_item"))
    .values(trail_seq=bindparam("new_seq"), trail_hash=bindparam("new_hash"))
)


def complete(transaction: Transaction, item_id: int, digest: str, *, now: datetime) -> date | None:
    """Meet the clock of an item if its last receipt is there; return the day on which it is met.

    ``None`` if a required point has given none for this text, or if no such clock runs.
    """
    day = day_of(now)
    if transaction.one(_MISSING, item_id=item_id, digest=digest, day=day) is not None:
        return None
    receipts = transaction.run(_RECEIPTS, item_id=item_id, digest=digest, day=day)
    # Where nothing is required, the receipt of any point shows that the public can read it.
    days = [row.handed_over_on for row in receipts if row.owes]
    last: date | None = max(days or [row.handed_over_on for row in receipts], default=None)
    if last is None or not clocks.meet(transaction, item_id, Met.HANDED_OVER, on=last, now=now):
        return None
    return last


def complete_all(transaction: Transaction, *, now: datetime, origin: Origin) -> list[int]:
    """Meet the clocks of all items that waited for nothing but a point that is not required now.

    For the import that lets a point go; each item's trail tells. Returns the items' numbers.
    """
    met: list[int] = []
    for row in transaction.run(_PERHAPS_COMPLETE):
        day = complete(transaction, row.id, row.digest, now=now)
        if day is not None:
            chain = Chain(item_subject(row.id), row.trail_seq, row.trail_hash)
            chain.append("handed_over_everywhere", at=now, origin=origin, met_on=day)
            write(transaction, row.id, chain)
            met.append(row.id)
    return met


def write(transaction: Transaction, item_id: int, chain: Chain) -> None:
    """Write what waits in an item's chain; its version stays, for its content has not changed."""
    chain.write(transaction)
    transaction.run(_HEAD, of_item=item_id, new_seq=chain.seq, new_hash=chain.hash)
