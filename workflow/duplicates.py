"""Second entries: a text or a document number that an item of another line of editions has already.

Whoever brings one in is refused with the number of the first. Of what they may not see they learn
no number; of what is restricted not even that it is there, so nothing is refused on its account.
Whoever may see both is shown both beside each other.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from sqlalchemy import bindparam, select

from workflow.database import Statement
from workflow.editions import corrected_by
from workflow.errors import Refusal, Refused
from workflow.machine import State
from workflow.models import NO_DIGEST, Item, table
from workflow.revisions import body_digest, document_key
from workflow.scene import visible_to

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workflow.database import Transaction
    from workflow.guards import Actor
    from workflow.revisions import Content
    from workflow.scene import Policies

_item = table(Item)
_SAME: Final = Statement(
    select(
        _item.c.id,
        _item.c.body_id,
        _item.c.policy_digest,
        _item.c.state,
        _item.c.reached,
        _item.c.restricted,
        _item.c.digest,
        _item.c.index_number,
    )
    .where(
        (_item.c.body_digest == bindparam("body_digest"))
        | (_item.c.document_key == bindparam("document_key")),
        _item.c.state != State.ABANDONED,
        _item.c.id != bindparam("item_id"),
    )
    .order_by(_item.c.id)
)


class Marks(NamedTuple):
    """By what a second entry is recognised; empty where there is nothing to compare."""

    body_digest: str
    document_key: str


def marks(new: Content, old: Content | None = None) -> Marks:
    """Return the marks of a text; what an edit leaves as it is was accepted before."""
    number = document_key(new.document_number or "")
    same_body = old is not None and old.body == new.body
    same_number = old is not None and document_key(old.document_number or "") == number
    return Marks("" if same_body else body_digest(new), "" if same_number else number)


def marks_of(item: Any) -> Marks:
    """Return the marks of an item's row; what was purged has none."""
    present = item.body_digest != NO_DIGEST
    return Marks(item.body_digest if present else "", item.document_key or "")


def refuse(
    transaction: Transaction, policies: Policies, actor: Actor, item_id: int, found: Marks
) -> None:
    """Refuse what another item has already; ``item_id`` is the item itself, 0 for a new one.

    Raises ``Refused`` with ``duplicate``, which names the first item that the actor may see, or
    ``duplicate_unseen``. Editions of one text are no second entries of each other.
    """
    # Entered twice at once, the second waits here until the first can be found.
    for kind, value in zip(("body", "number"), found, strict=True):
        if value:
            transaction.queue_up(f"{kind}:{value}")
    unseen = False
    for row in transaction.run(_SAME, item_id=item_id, **found._asdict()):
        if _first_edition(transaction, row.id) == _first_edition(transaction, item_id):
            continue
        if visible_to(transaction, policies.get(transaction, row.policy_digest), actor, row):
            about = {"item": row.id, "index_number": row.index_number or ""}
            raise Refused([Refusal("duplicate", about)])
        unseen = unseen or not row.restricted
    if unseen:
        raise Refused([Refusal("duplicate_unseen")])


class Alike:
    """The texts and document numbers that a dry run of many rows would enter, by their rows.

    The second of two rows that hold the same would be refused, as the first is there by then.
    ``row`` is the one that is looked at. Kept are 16 bytes of a hash for each.
    """

    def __init__(self) -> None:
        """Begin with none."""
        self.row = 0
        self._rows: dict[bytes, int] = {}

    def refuse(self, found: Marks) -> None:
        """Refuse what an earlier row has; raises ``Refused('duplicate_row')`` naming it."""
        for each in _hashes(found):
            if each in self._rows:
                raise Refused([Refusal("duplicate_row", {"row": self._rows[each]})])

    def add(self, found: Marks) -> None:
        """Remember what this row would enter."""
        for each in _hashes(found):
            self._rows.setdefault(each, self.row)


def _hashes(found: Marks) -> Iterator[bytes]:
    for kind, value in found._asdict().items():
        if value:
            yield hashlib.sha256(f"{kind}:{value}".encode()).digest()[:16]


def _first_edition(transaction: Transaction, item_id: int) -> int:
    """Return the item with which the line of editions began that an item stands in."""
    while (earlier := corrected_by(transaction, item_id)) is not None:
        item_id = earlier
    return item_id
