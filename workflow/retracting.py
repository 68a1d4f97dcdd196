"""Taking back what is public, bringing it back, and publishing ahead of a review: by two people.

Writes the rows of ``retraction`` inside a transaction that the service holds, after the guards have
answered. What one person asks for changes nothing that the public sees until another one confirms
it; the words of a retraction are public then.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import bindparam, insert, select, update

from workflow.database import Statement
from workflow.machine import Action, Asked, State
from workflow.models import Retraction, table

if TYPE_CHECKING:
    from workflow.database import Transaction
    from workflow.machine import Arrow
    from workflow.records import Kept
    from workflow.scene import Scene

_retraction = table(Retraction)
_CONFIRMING: Final = frozenset(
    {
        Action.CONFIRM_RETRACTION,
        Action.CONFIRM_RESTORATION,
        Action.CONFIRM_URGENT_PUBLICATION,
    }
)
_ASK: Final = Statement(
    insert(_retraction)
    .values(
        **{
            name: bindparam(name)
            for name in ("item_id", "kind", "amends_id", "remark_id", "asked_by", "asked_at")
        }
    )
    .returning(_retraction.c.id)
)
_FIRST: Final = Statement(
    select(_retraction.c.id)
    .where(
        _retraction.c.item_id == bindparam("item_id"),
        _retraction.c.kind == Asked.RETRACTION.value,
        _retraction.c.amends_id.is_(None),
        _retraction.c.confirmed_at.is_not(None),
    )
    .order_by(_retraction.c.id.desc())
    .limit(1)
)
_CONFIRM: Final = Statement(
    update(_retraction)
    .where(_retraction.c.id == bindparam("asked_id"))
    .values(confirmed_by=bindparam("by"), confirmed_at=bindparam("at"))
)
_CALL_OFF: Final = Statement(
    update(_retraction)
    .where(_retraction.c.id == bindparam("asked_id"))
    .values(called_off_by=bindparam("by"), called_off_at=bindparam("at"))
)


def note(transaction: Transaction, scene: Scene, arrow: Arrow, remark: Kept) -> dict[str, Any]:
    """Write down what was asked for, confirmed or called off; return what the trail says of it.

    What an act has overtaken needs no answer any more, and is called off by nobody.
    """
    action, account_id = arrow.action, scene.actor.account_id if scene.actor else None
    if arrow.asks in (None, Asked.VALIDITY):
        return {}
    if arrow.asks is not Asked.NOTHING:
        amends_id = None
        if action is Action.RETRACT and scene.facts.place.state is State.RETRACTED:
            amends_id = transaction.one(_FIRST, item_id=scene.item.id).id
        row = transaction.one(
            _ASK,
            item_id=scene.item.id,
            kind=arrow.asks.value,
            amends_id=amends_id,
            remark_id=remark.id,
            asked_by=account_id,
            asked_at=scene.now,
        )
        return {"asked": row.id, "kind": arrow.asks.value, "amends": amends_id}
    if scene.asked is None or scene.asked.kind == Asked.VALIDITY:
        return {}
    if action in _CONFIRMING:
        transaction.run(_CONFIRM, asked_id=scene.asked.id, by=account_id, at=scene.now)
    else:
        by = account_id if action is Action.CALL_OFF else None
        transaction.run(_CALL_OFF, asked_id=scene.asked.id, by=by, at=scene.now)
    return {"asked": scene.asked.id}
