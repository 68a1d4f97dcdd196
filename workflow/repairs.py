"""What was left half done, brought back: nothing that is owed may wait for somebody to notice it.

Whatever stops a process stops it between two transactions, and each of these leaves something
that the next run finds by itself. This is for what should not be: leases of the dead, and what
only a damaged or a restored database holds.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import bindparam, insert, literal_column, select, update

from workflow.audit import item_subject
from workflow.database import Statement
from workflow.models import Delivery, DeliveryStatus, Item, Message, Revision, table
from workflow.revisions import read

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy import Table

    from workflow.database import Transaction

LONG_AGO: Final = timedelta(minutes=30)
"""A lease that ran out so long ago is nobody's: whoever lives renews or closes it."""
_AT_ONCE: Final = 500

_item, _revision = table(Item), table(Revision)
_delivery, _message = table(Delivery), table(Message)
_open = (
    select(_delivery.c.id)
    .where(
        _delivery.c.item_id == _item.c.id,
        literal_column("delivery.status IN ('owed', 'leased')"),
    )
    .exists()
)
_NOT_SENT: Final = Statement(
    select(_item.c.id, _item.c.version, _item.c.revision_id, _revision.c.canonical)
    .join(_revision, _revision.c.id == _item.c.revision_id)
    # Literals, because the partial index matches no parameter, and SQLite draws no conclusions.
    .where(
        literal_column("item.state IN ('cleared', 'publishing', 'publication_failed')"),
        literal_column("item.state = 'publishing'"),
        ~_open,
    )
    .order_by(_item.c.id)
    .limit(_AT_ONCE)
    .with_for_update(of=_item)
)
_REOPEN: Final = Statement(
    update(_delivery)
    .where(
        _delivery.c.key == bindparam("of_key"),
        literal_column("delivery.status NOT IN ('owed', 'leased')"),
    )
    .values(status=DeliveryStatus.OWED, next_at=bindparam("now"), done_at=None)
)
_OWE: Final = Statement(
    insert(_delivery).values(
        **{
            name: bindparam(name)
            for name in ("key", "item_id", "revision_id", "channel", "next_at", "created_at")
        },
        status=DeliveryStatus.OWED,
        attempts=0,
    )
)


def _released(owed: Table) -> Statement:
    """Return what gives up leases that ran out long ago; a sealed message stays sealed."""
    return Statement(
        update(owed)
        # A literal, as above.
        .where(
            literal_column(f"{owed.name}.status IN ('owed', 'leased')"),
            literal_column(f"{owed.name}.status = 'leased'"),
            owed.c.leased_until < bindparam("ended_before"),
        )
        .values(status=DeliveryStatus.OWED, lease=None, leased_until=None, next_at=bindparam("now"))
    )


_RELEASE_DELIVERIES: Final = _released(_delivery)
_RELEASE_MESSAGES: Final = _released(_message)


def bring_back(transaction: Transaction, now: datetime) -> Mapping[str, int]:
    """Repair what is half done; return how much of each kind there was.

    ``publications`` whose delivery is not there, and ``deliveries`` and ``messages`` whose sender
    is gone.
    """
    ended_before = now - LONG_AGO
    return {
        "publications": sum(
            _owe_again(transaction, row, now) for row in transaction.run(_NOT_SENT)
        ),
        "deliveries": transaction.count(_RELEASE_DELIVERIES, ended_before=ended_before, now=now),
        "messages": transaction.count(_RELEASE_MESSAGES, ended_before=ended_before, now=now),
    }


def _owe_again(transaction: Transaction, row: Any, now: datetime) -> int:
    if row.canonical is None:
        return 0  # Purged: there is nothing left that could be brought before the public.
    for channel in read(row.canonical).channels:
        key = f"{item_subject(row.id)}:{row.version}:{channel}"
        if not transaction.count(_REOPEN, of_key=key, now=now):
            transaction.run(
                _OWE,
                key=key,
                item_id=row.id,
                revision_id=row.revision_id,
                channel=channel,
                next_at=now,
                created_at=now,
            )
    return 1
