"""Editions: an item that corrects another one, beside it until it is public and then in its place.

A corrected edition is an item of its own: with authors, decisions, clocks, trail and number of its
own it goes the whole way. Here is what ties it to the item that it corrects.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from sqlalchemy import bindparam, select, update

from workflow.database import Statement
from workflow.machine import ENDS, PUBLIC_ONCE, State
from workflow.models import Edition, table
from workflow.records import Correction

if TYPE_CHECKING:
    from workflow.database import Transaction
    from workflow.guards import Wish
    from workflow.machine import Place
    from workflow.revisions import Content
    from workflow.scene import Scene

_edition = table(Edition)
_CORRECTS: Final = Statement(
    select(_edition.c.corrects_id).where(_edition.c.item_id == bindparam("item_id"))
)
_DROP: Final = Statement(
    update(_edition)
    .where(_edition.c.item_id == bindparam("of_item"))
    .values(dropped_at=bindparam("at"))
)


def corrected_by(transaction: Transaction, item_id: int) -> int | None:
    """Return the number of the item that this one corrects, if it is an edition; never changes."""
    row = transaction.one(_CORRECTS, item_id=item_id)
    return None if row is None else int(row.corrects_id)


class BodyOf(NamedTuple):
    """What a new item has to know of its body."""

    id: int
    code: str


def body_of(scene: Scene) -> BodyOf:
    """Return the body of an item, to which its next edition belongs, too."""
    return BodyOf(scene.item.body_id, scene.item.body_code)


def next_of(scene: Scene, old: Content, wish: Wish) -> tuple[Content, Correction]:
    """Return the text with which the next edition of an item begins, and what ties the two.

    The number is given at its own submission, the body is called what it is called now, and files
    that were purged are left out.
    """
    files = tuple(each for each in old.attachments if each.name not in scene.facts.purged_files)
    draft = replace(old, index_number=None, publishing_body=scene.item.body_name, attachments=files)
    return draft, Correction(
        corrects_id=scene.item.id,
        number=(scene.item.edition or 1) + 1,
        changed_on=wish.changed_on or scene.facts.today,
        note=wish.change_note or "",
    )


def follow(transaction: Transaction, scene: Scene, there: Place) -> dict[str, Any]:
    """Drop an edition that ends without becoming public, and take up one that is reopened.

    Returns what the trail says of it. Where another one was opened meanwhile, taking up the first
    is refused by the guards, and by the database at last.
    """
    if scene.item.corrects_id is None:
        return {}
    unpublished = ENDS - PUBLIC_ONCE
    if there.state in unpublished:
        transaction.run(_DROP, of_item=scene.item.id, at=scene.now)
        return {"dropped": True}
    if scene.facts.place.state in unpublished and there.state is State.DRAFT:
        transaction.run(_DROP, of_item=scene.item.id, at=None)
        return {"dropped": False}
    return {}
