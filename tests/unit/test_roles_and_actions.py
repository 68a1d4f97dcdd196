"""Deny by default: every role with every action at every place, against a table of what is allowed.

The table is written from the rules by hand. What it does not name must be refused, for each role
that there is, at each place that an item of the policy can be in, reached or not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from tests.unit.cases import (
    BODY,
    KIND_OF,
    PEOPLE,
    POLICIES,
    decided,
    facts_at,
    full_wish,
    grant,
    pending,
    person,
)
from workflow.guards import (
    SCOPES,
    Actor,
    Grant,
    Role,
    Transition,
    decide,
    required_role,
    roles_for,
)
from workflow.machine import Action, Asked, Place, State
from workflow.policy import SHIPPED

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from workflow.guards import Facts

SOMEBODY: Final = 99
"""A person who has drafted and decided nothing."""
_REVIEWS: Final = (
    "review_disclose review_disclose_in_part review_on_request_only review_withhold review_refer"
)

_URGENTLY: Final = {
    "publisher": "publish_urgently",
    "supervisor": "publish_urgently",
    "final_reviewer": "publish_urgently",
}
"""Who may ask for a publication ahead of the review, by the shipped policies."""

# Who may do what where. A stage stands for "pending" at it.
_EVERYWHERE: Final = {
    "draft": {"clerk": "revise submit abandon"},
    "draft, submitted before": {"clerk": "revise submit", "department_head": "abandon"},
    "referred:confidentiality_review": {
        "confidentiality_reviewer": "answer",
        "clerk": "urge",
    },
    "cleared": {**_URGENTLY, "publisher": "publish publish_urgently return", "clerk": "urge"},
    "cleared, urgent_publication asked": {
        "publisher": "publish confirm_urgent_publication call_off return",
        # Asked by a supervisor, it takes a publisher as the second person.
        "supervisor": "call_off",
        "final_reviewer": "call_off",
        "clerk": "urge",
    },
    "publication_failed": {"publisher": "retry return", "clerk": "urge"},
    "abandoned": {"department_head": "reopen"},
    "withheld": {"department_head": "reopen"},
    "on_request_only": {"department_head": "reopen"},
    "published": {
        "publisher": "retract",
        "clerk": "correct",
        "department_head": "validity",
    },
    "published, validity asked": {
        "clerk": "correct",
        "publisher": "call_off confirm_validity",
    },
    "published, retraction asked": {
        "clerk": "correct",
        "publisher": "call_off",
        "final_reviewer": "confirm_retraction",
    },
    "retracted": {"publisher": "retract restore"},
    "retracted, retraction asked": {
        "publisher": "call_off",
        "final_reviewer": "confirm_retraction",
    },
    "retracted, restoration asked": {
        "publisher": "call_off",
        "final_reviewer": "confirm_restoration",
    },
}
_REVIEWED: Final = {
    **_URGENTLY,
    "confidentiality_reviewer": f"{_REVIEWS} return",
    "clerk": "recall urge",
}
_FINALLY: Final = {
    **_URGENTLY,
    "final_reviewer": "approve publish_urgently return",
    "clerk": "recall urge",
}
_SEALED: Final = {**_URGENTLY, "seal_keeper": "seal return", "clerk": "recall urge"}
_OWED: Final = {"publisher": "retract", "clerk": "correct urge", "department_head": "validity"}
"""Of what is public ahead of its review; who is to make up for a stage can object to it, too."""
ALLOWED: Final[Mapping[str, Mapping[str, Mapping[str, str]]]] = {
    "dongchang": {
        **_EVERYWHERE,
        "sign_off": {
            **_URGENTLY,
            "department_head": "sign_off return",
            "clerk": "recall urge",
        },
        "seal": _SEALED,
        "confidentiality_review": _REVIEWED,
        "final_review": _FINALLY,
        "published, sign_off owed": {**_OWED, "department_head": "sign_off retract validity"},
        "published, final_review owed": {**_OWED, "final_reviewer": "approve retract"},
        "retracted, final_review owed": {
            "publisher": "retract",
            "clerk": "correct",
            "final_reviewer": "approve retract",
        },
    },
    "standard_four_step": {
        **_EVERYWHERE,
        "originator_opinion": {**_URGENTLY, "clerk": "sign_off return recall urge"},
        "unit_head_sign_off": {
            **_URGENTLY,
            "deputy_head": "sign_off return",
            "clerk": "recall urge",
        },
        "confidentiality_review": _REVIEWED,
        "leader_sign_off": {
            **_URGENTLY,
            "department_head": "sign_off return",
            "clerk": "recall urge",
        },
        "seal": _SEALED,
        "final_review": _FINALLY,
        "published, originator_opinion owed": {
            "publisher": "retract",
            "department_head": "validity",
            "clerk": "correct urge sign_off retract",
        },
        "published, final_review owed": {**_OWED, "final_reviewer": "approve retract"},
        "retracted, final_review owed": {
            "publisher": "retract",
            "clerk": "correct",
            "final_reviewer": "approve retract",
        },
    },
    "two_tier": {
        **_EVERYWHERE,
        "deputy_sign_off": {
            **_URGENTLY,
            "deputy_head": "sign_off return",
            "clerk": "recall urge",
        },
        # Past the first stage somebody has decided since the submission: nothing is ever kept.
        "principal_sign_off": {
            **_URGENTLY,
            "department_head": "sign_off return",
            "clerk": "urge",
        },
        "seal": {**_URGENTLY, "seal_keeper": "seal return", "clerk": "urge"},
        "confidentiality_review": {
            **_URGENTLY,
            "confidentiality_reviewer": f"{_REVIEWS} return",
            "clerk": "urge",
        },
        "final_review": {
            **_URGENTLY,
            "final_reviewer": "approve publish_urgently return",
            "clerk": "urge",
        },
        "published, deputy_sign_off owed": {**_OWED, "deputy_head": "sign_off retract"},
        "published, final_review owed": {**_OWED, "final_reviewer": "approve retract"},
        "retracted, final_review owed": {
            "publisher": "retract",
            "clerk": "correct",
            "final_reviewer": "approve retract",
        },
    },
}


def situations(code: str) -> Iterator[tuple[str, Facts]]:
    """Yield an item in every place, each as far decided as it must be to go on from there."""
    policy = POLICIES[code]
    for state in State:
        if state in (State.PENDING, State.REFERRED):
            continue
        yield state.value, facts_at(Place(state), policy)
    yield (
        "draft, submitted before",
        facts_at(Place(State.DRAFT), policy, submitted_before=True),
    )
    for state, asked in (
        (State.PUBLISHED, Asked.RETRACTION),
        (State.PUBLISHED, Asked.VALIDITY),
        (State.RETRACTED, Asked.RETRACTION),
        (State.RETRACTED, Asked.RESTORATION),
    ):
        facts = facts_at(Place(state), policy, asked=asked, asked_by=SOMEBODY + 1)
        yield f"{state.value}, {asked.value} asked", facts
    asker = person("supervisor")
    urgent = {"asked": Asked.URGENT_PUBLICATION, "asked_by": asker.account_id, "asker": asker}
    cleared = facts_at(Place(State.CLEARED), policy, **urgent)
    yield "cleared, urgent_publication asked", cleared
    first, last = policy.stages[0].name, policy.stages[-1].name
    for state, name in (
        (State.PUBLISHED, first),
        (State.PUBLISHED, last),
        (State.RETRACTED, last),
    ):
        owing = facts_at(Place(state), policy, owed_stage=name, round=decided(policy, name))
        yield f"{state.value}, {name} owed", owing
    for stage in policy.stages:
        yield stage.name, pending(stage.name, policy)
        yield f"referred:{stage.name}", facts_at(Place(State.REFERRED, stage.name), policy)


SITUATIONS: Final = {code: tuple(situations(code)) for code in SHIPPED}


def someone(*grants: Grant) -> Actor:
    return Actor(SOMEBODY, "somebody", "样例某人", enabled=True, grants=grants)


def allowed(facts: Facts, action: Action, actor: Actor) -> bool:
    answer = decide(facts, action, actor, full_wish(action))
    return isinstance(answer, Transition)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("code", SHIPPED)
def test_a_role_may_do_what_the_table_says_and_nothing_else(code: str, role: Role) -> None:
    actor = someone(grant(role))
    expected = {
        (where, action)
        for where, roles in ALLOWED[code].items()
        for action in roles.get(role.value, "").split()
    }

    assert expected == {
        (where, action.value)
        for where, facts in SITUATIONS[code]
        for action in Action
        if allowed(facts, action, actor)
    }


@pytest.mark.parametrize("code", SHIPPED)
def test_without_a_role_nothing_is_allowed_anywhere(code: str) -> None:
    for where, facts in SITUATIONS[code]:
        for action in Action:
            assert not allowed(facts, action, someone()), (where, action)


@pytest.mark.parametrize("code", SHIPPED)
def test_with_every_role_for_another_body_nothing_is_allowed_here(code: str) -> None:
    grants = [Grant(role, BODY + 1, "department") for role in Role]
    for where, facts in SITUATIONS[code]:
        for action in Action:
            assert not allowed(facts, action, someone(*grants)), (where, action)


@pytest.mark.parametrize("code", SHIPPED)
def test_a_disabled_person_with_every_role_may_do_nothing(code: str) -> None:
    everything = Actor(
        SOMEBODY,
        "somebody",
        "样例某人",
        enabled=False,
        grants=tuple(grant(role) for role in Role),
    )
    for where, facts in SITUATIONS[code]:
        for action in Action:
            assert not allowed(facts, action, everything), (where, action)


@pytest.mark.parametrize("code", SHIPPED)
def test_the_role_that_is_asked_for_is_the_role_that_is_let_in(code: str) -> None:
    for where, facts in SITUATIONS[code]:
        for action in Action:
            roles = roles_for(facts, action)
            assert required_role(facts, action) == (roles[0] if roles else None)
            named = {
                name
                for name, can in ALLOWED[code].get(where, {}).items()
                if action.value in can.split()
            }
            assert named <= set(roles), (where, action)


@pytest.mark.parametrize("code", SHIPPED)
def test_an_administrator_and_an_auditor_hold_no_deciding_role(code: str) -> None:
    for roles in ALLOWED[code].values():
        assert {"administrator", "auditor", "reading_point_clerk"}.isdisjoint(roles)
        # Supervisors decide at no stage; they are whom the policy names for what is urgent.
        assert set(roles.get("supervisor", "").split()) <= {"publish_urgently", "call_off"}


@pytest.mark.parametrize("code", SHIPPED)
def test_every_place_of_the_table_is_one_that_was_walked(code: str) -> None:
    assert set(ALLOWED[code]) <= {where for where, _ in SITUATIONS[code]}


def test_each_role_is_held_for_the_bodies_that_the_rules_name() -> None:
    bodies = {"department", "township", "subdistrict"}

    assert {
        Role.CLERK: bodies,
        Role.DEPUTY_HEAD: bodies,
        Role.DEPARTMENT_HEAD: bodies,
        Role.SEAL_KEEPER: bodies,
        Role.CONFIDENTIALITY_REVIEWER: bodies | {"district"},
        Role.FINAL_REVIEWER: {"centre"},
        Role.PUBLISHER: {"centre"},
        Role.READING_POINT_CLERK: {"reading_point"},
        Role.SUPERVISOR: {"group"},
        Role.AUDITOR: {"district"},
        Role.ADMINISTRATOR: {"district"},
    } == SCOPES


def test_the_sample_people_hold_each_role_as_it_can_be_held() -> None:
    assert set(Role) == {role for _, role in PEOPLE}
    for role, kind in KIND_OF.items():
        assert kind in SCOPES[role]
