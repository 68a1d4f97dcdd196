"""Facts about a sample item, and sample people, as the guards are given them.

Every item here belongs to one body. A person has the number of their place in :data:`PEOPLE`, and
each role is held by one or two of them, so that somebody else could always act.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from workflow.errors import Who
from workflow.guards import Actor, Facts, Grant, Held, Role, Wish
from workflow.machine import Action, Place, StageKind, State
from workflow.policy import SHIPPED, shipped
from workflow.revisions import Attribute
from workflow.validity import Status

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workflow.policy import Policy

POLICIES: Final = {code: shipped(code) for code in SHIPPED}
BODY: Final = 7
BODY_NAME: Final = "样例区民政局（样例）"
DIGEST: Final = "a" * 64
OLD_DIGEST: Final = "b" * 64
TODAY: Final = date(2017, 3, 1)

KIND_OF: Final[Mapping[Role, str]] = {
    Role.CLERK: "department",
    Role.DEPUTY_HEAD: "department",
    Role.DEPARTMENT_HEAD: "department",
    Role.SEAL_KEEPER: "department",
    Role.CONFIDENTIALITY_REVIEWER: "district",
    Role.FINAL_REVIEWER: "centre",
    Role.PUBLISHER: "centre",
    Role.READING_POINT_CLERK: "reading_point",
    Role.SUPERVISOR: "group",
    Role.AUDITOR: "district",
    Role.ADMINISTRATOR: "district",
}
"""For which kind of body each role is held here."""

PEOPLE: Final = (
    ("drafter", Role.CLERK),
    ("drafter-2", Role.CLERK),
    ("deputy", Role.DEPUTY_HEAD),
    ("head", Role.DEPARTMENT_HEAD),
    ("head-2", Role.DEPARTMENT_HEAD),
    ("keeper", Role.SEAL_KEEPER),
    ("reviewer", Role.CONFIDENTIALITY_REVIEWER),
    ("reviewer-2", Role.CONFIDENTIALITY_REVIEWER),
    ("final", Role.FINAL_REVIEWER),
    ("final-2", Role.FINAL_REVIEWER),
    ("publisher", Role.PUBLISHER),
    ("publisher-2", Role.PUBLISHER),
    ("reading", Role.READING_POINT_CLERK),
    ("supervisor", Role.SUPERVISOR),
    ("auditor", Role.AUDITOR),
    ("administrator", Role.ADMINISTRATOR),
)
NUMBERS: Final = {name: number for number, (name, _) in enumerate(PEOPLE, start=1)}


def grant(role: Role) -> Grant:
    """Return the role as it is held here: for the item's body, or for all by its kind."""
    kind = KIND_OF[role]
    return Grant(role, BODY if kind == "department" else 1, kind)


def person(name: str, *, enabled: bool = True, also: tuple[Role, ...] = ()) -> Actor:
    """Return one of :data:`PEOPLE`, with roles of others in ``also``."""
    number = NUMBERS[name]
    roles = (PEOPLE[number - 1][1], *also)
    return Actor(number, name, f"样例{name}", enabled, tuple(grant(role) for role in roles))


def who(name: str) -> Who:
    """Return a person as a refusal names them."""
    return Who(name, f"样例{name}", PEOPLE[NUMBERS[name] - 1][1].value, BODY_NAME)


HOLDERS: Final = {
    role.value: tuple((NUMBERS[name], who(name)) for name, held in PEOPLE if held is role)
    for role in Role
}


def held(stage: str, name: str, *, digest: str = DIGEST, voided: bool = False) -> Held:
    """Return a positive decision of this round."""
    kinds = {each.name: each.kind for policy in POLICIES.values() for each in policy.stages}
    return Held(stage, NUMBERS[name], digest, voided, kinds.get(stage, StageKind.SIGN_OFF))


def decided(policy: Policy, up_to: str | None) -> tuple[Held, ...]:
    """Return a decision for every stage before ``up_to``, or for all, each by its own holder."""
    first: dict[str, str] = {}
    for name, role in PEOPLE:
        first.setdefault(role.value, name)
    rows: list[Held] = []
    for stage in policy.stages:
        if stage.name == up_to:
            break
        rows.append(held(stage.name, first[stage.role]))
    return tuple(rows)


def facts_at(place: Place, policy: Policy = POLICIES["dongchang"], **changes: Any) -> Facts:
    """Return a sound item at ``place``, drafted by the first drafter and decided up to there."""
    drafting = place.state is State.DRAFT
    known: dict[str, Any] = {
        "policy": policy,
        "place": place,
        "body_id": BODY,
        "body_name": BODY_NAME,
        "digest": DIGEST,
        "attribute": Attribute.PROACTIVE,
        "ground": None,
        "category": "annual_report",
        "formed_on": date(2017, 2, 20),
        "today": TODAY,
        "submitted_before": not drafting,
        "decided_since_submission": False,
        "authors": frozenset({NUMBERS["drafter"]}),
        "round": () if drafting else decided(policy, place.stage),
        "holders": HOLDERS,
    }
    return Facts(**{**known, **changes})


def pending(stage: str, policy: Policy = POLICIES["dongchang"], **changes: Any) -> Facts:
    """Return a sound item that waits at ``stage``."""
    return facts_at(Place(State.PENDING, stage), policy, **changes)


WORDS: Final = {
    Action.RECALL: Wish(reason="样例理由"),
    Action.ABANDON: Wish(reason="样例理由"),
    Action.RETURN: Wish(reason="样例理由", reason_code="wording", to="draft"),
    Action.REVIEW_DISCLOSE_IN_PART: Wish(redactions=("样例电话",)),
    Action.REVIEW_ON_REQUEST_ONLY: Wish(ground="personal_privacy"),
    Action.REVIEW_WITHHOLD: Wish(ground="personal_privacy"),
    Action.REVIEW_REFER: Wish(question="样例问题", addressee="样例机关"),
    Action.CORRECT: Wish(change_note="样例说明"),
    Action.RETRACT: Wish(explanation="样例说明"),
    Action.VALIDITY: Wish(validity=Status.REPEALED, basis="样例决定", from_on=date(2017, 4, 1)),
    Action.RESTORE: Wish(reason="样例理由"),
    Action.PUBLISH_URGENTLY: Wish(reason="样例理由"),
    Action.REOPEN: Wish(reason="样例理由"),
    Action.ANSWER: Wish(answer="样例答复", answered_on=TODAY),
}
"""Everything that must be said with an action."""


def full_wish(action: Action, **changes: Any) -> Wish:
    """Return what must be said with ``action``, and nothing that would be refused."""
    wish = WORDS.get(action, Wish())
    return replace(wish, **changes) if changes else wish
