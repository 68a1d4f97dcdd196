"""Taking back what is public, and bringing it back: what one asks for and another one confirms.

Writes the rows of ``retraction`` inside a transaction that the service holds, after the guards have
answered. What is asked changes nothing that the public sees; the words of a retraction are public
once it is confirmed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import bindparam, insert, select, update

from workflow.database import Statement
from workflow.guards import CONFIRMING
from workflow.machine import Action, Asked, State
from workflow.models import Retraction, table

if TYPE_CHECKING:
    from workflow.database import Transaction
    from workflow.records import Kept
    from workflow.scene import Scene

_retraction = table(Retraction)
_ASKING: Final = {Action.RETRACT: Asked.RETRACTION, Action.RESTORE: Asked.RESTORATION}
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


def note(transaction: Transaction, scene: Scene, action: Action, remark: Kept) -> dict[str, Any]:
    """Write down what was asked for, confirmed or called off; return what the trail says of it."""
    account_id = scene.actor.account_id if scene.actor else None
    if action in _ASKING:
        amends_id = None
        if action is Action.RETRACT and scene.facts.place.state is State.RETRACTED:
            amends_id = transaction.one(_FIRST, item_id=scene.item.id).id
        row = transaction.one(
            _ASK,
            item_id=scene.item.id,
            kind=_ASKING[action].value,
            amends_id=amends_id,
            remark_id=remark.id,
            asked_by=account_id,
            asked_at=scene.now,
        )
        return {"asked": row.id, "kind": _ASKING[action].value, "amends": amends_id}
    # What another edition has overtaken needs no answer any more.
    settles = action in CONFIRMING or action in (Action.CALL_OFF, Action.SUPERSEDE)
    if scene.asked is None or scene.asked.kind == Asked.VALIDITY or not settles:
        return {}
    statement = _CONFIRM if action in CONFIRMING else _CALL_OFF
    transaction.run(statement, asked_id=scene.asked.id, by=account_id, at=scene.now)
    return {"asked": scene.asked.id}
