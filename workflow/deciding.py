"""What a decision leaves behind: its row, the seal and its number, ground and reassessment date.

Only stage-holders' acts come here, after the guards have answered; what is said of a decision in
the trail is returned, and holds codes, dates and digests but no words.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from workflow import audit, records
from workflow.errors import Refusal, Refused
from workflow.machine import REVIEW_ACTIONS, Action, State
from workflow.revisions import digest
from workflow.seals import SealStatement

if TYPE_CHECKING:
    from workflow.database import Transaction
    from workflow.guards import Transition, Wish
    from workflow.machine import Place
    from workflow.records import Kept
    from workflow.scene import Scene
    from workflow.seals import SealProvider

_UNPUBLISHED: Final = frozenset({State.WITHHELD, State.ON_REQUEST_ONLY})


def conclude(
    transaction: Transaction,
    scene: Scene,
    transition: Transition,
    wish: Wish,
    *,
    remark: Kept,
    seal: SealProvider,
) -> dict[str, Any]:
    """Insert the decision that ``transition`` is and return what the trail says of it.

    ``remark`` holds the words said with it; ``seal`` makes what a seal leaves behind. Raises
    ``Refused('register_number_taken')``.
    """
    item, action, outcome = scene.item, transition.arrow.action, transition.arrow.proposes
    # The publisher returns a cleared item from no stage; that counts for the last one.
    stage = scene.policy.stage(transition.stage or scene.policy.stages[-1].name)
    details: dict[str, Any] = {}
    register_number = None
    if action is Action.SEAL:
        register_number = _register_number(transaction, scene, wish)
        statement = SealStatement(
            body=item.body_code,
            register_number=register_number,
            digest=item.digest,
            index_number=item.index_number,
        )
        details["seal"] = dict(seal.seal(statement))
    reviews, returns = action in REVIEW_ACTIONS, action is Action.RETURN
    # Of what was said only codes that the guards know and dates come here: the rest is content.
    if reviews:
        details["checklist"] = {
            question.code: question.code in wish.found for question in scene.policy.checklist
        }
    if action is Action.ANSWER and wish.answered_on is not None:
        details["answered_on"] = wish.answered_on
    if returns:
        details["to"] = wish.to
    code = wish.reason_code if returns else None
    ground = basis = reassess_on = None
    if outcome is not None:
        ground, basis, reassess_on = _grounded(scene, wish)
    noted = audit.details_text(details) if details else None
    decision_id = records.insert_decision(
        transaction,
        principal_id=transition.principal.account_id if transition.principal else None,
        waiver_id=transition.waiver_id,
        item_id=item.id,
        body_id=item.body_id,
        revision_id=item.revision_id,
        digest=item.digest,
        round=item.round,
        submission=item.submissions,
        stage=stage.name,
        kind=stage.kind,
        action=action.value,
        positive=transition.positive,
        actor_id=scene.actor.account_id if scene.actor else None,
        decided_at=scene.now,
        outcome=outcome,
        remark_id=remark.id,
        reason_code=code,
        ground=ground,
        basis=basis,
        reassess_on=reassess_on,
        register_number=register_number,
        details=noted,
    )
    return {
        "decision": decision_id,
        "positive": transition.positive,
        "register_number": register_number,
        "outcome": outcome.value if outcome else None,
        "ground": ground,
        "basis": basis,
        "reassess_on": reassess_on,
        "code": code,
        "found": (list(wish.found) or None) if reviews else None,
        "details": digest(noted.encode("utf-8")) if noted else None,
    }


def _register_number(transaction: Transaction, scene: Scene, wish: Wish) -> str:
    body_id, number = scene.item.body_id, wish.register_number
    # A number chosen by hand and the next one that is free may be the same: one after the other.
    transaction.queue_up(f"register:{body_id}")
    if number is None:
        return records.next_register_number(
            transaction, body_id=body_id, year=scene.facts.today.year
        )
    if records.is_registered(transaction, body_id=body_id, number=number):
        raise Refused([Refusal("register_number_taken", {"value": number})])
    return number


def _grounded(scene: Scene, wish: Wish) -> tuple[str, str, date]:
    """Return ground, article and reassessment date of a conclusion against publication."""
    ground = wish.ground or scene.facts.ground or ""
    today = scene.facts.today
    basis = scene.policy.grounds[ground].basis(scene.facts.formed_on or today)
    months = scene.policy.reassess_after_months
    return ground, basis, wish.reassess_on or _months_on(today, months)


def ending(scene: Scene, there: Place) -> tuple[str | None, date | None] | None:
    """Return ground and reassessment date of the conclusion that ends an item unpublished.

    Of what is taken up again from such an end, that it has none any longer.
    """
    if there.state not in _UNPUBLISHED:
        return (None, None) if scene.facts.place.state in _UNPUBLISHED else None
    for row in scene.standing.values():
        if row.outcome is not None:
            return row.ground, row.reassess_on
    raise RuntimeError(scene.item.id)  # The proof shows that a conclusion stands here.


def _months_on(day: date, months: int) -> date:
    """Return the same day so many months later, or the last one that month has."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
