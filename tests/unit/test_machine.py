"""The machine: every place with every action against tables written from the rules, and the proof.

The tables below are the expectation. They are written by hand from the order of the stages, and
nothing in them is computed from the code that they are compared with.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import chain, combinations, product
from typing import TYPE_CHECKING, Final

import pytest

from tests.unit.cases import POLICIES
from workflow.errors import InvalidInput
from workflow.machine import (
    Action,
    Arrow,
    Asked,
    Machine,
    Outcome,
    Place,
    Progress,
    Redaction,
    Stage,
    StageKind,
    State,
    build,
    draw,
    prove,
)
from workflow.policy import SHIPPED

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import transitions

    from workflow.policy import Policy

STAGES: Final = {
    "dongchang": ("sign_off", "seal", "confidentiality_review", "final_review"),
    "standard_four_step": (
        "originator_opinion",
        "unit_head_sign_off",
        "confidentiality_review",
        "leader_sign_off",
        "seal",
        "final_review",
    ),
    "two_tier": (
        "deputy_sign_off",
        "principal_sign_off",
        "seal",
        "confidentiality_review",
        "final_review",
    ),
}

# Where each action leads from each place, over all that can have been decided before. "@seal" is
# pending at the seal, "@*" pending at any stage; what is not written is not possible.
_AROUND: Final = {
    "draft": {"revise": "draft", "submit": "@*", "abandon": "abandoned"},
    "referred:confidentiality_review": {
        "answer": "@confidentiality_review",
        "urge": "referred:confidentiality_review",
    },
    "cleared": {
        "publish": "publishing",
        "publish_urgently": "cleared",
        "confirm_urgent_publication": "publishing",
        "call_off": "cleared",
        "return": "draft @*",
        "urge": "cleared",
    },
    "publishing": {"confirm": "published", "fail": "publication_failed"},
    "publication_failed": {
        "retry": "publishing",
        "return": "draft @*",
        "urge": "publication_failed",
    },
    "abandoned": {"reopen": "draft"},
    "withheld": {"reopen": "draft"},
    "on_request_only": {"reopen": "draft"},
    "published": {
        "sign_off": "published",
        "seal": "published",
        "review_disclose": "published",
        "review_disclose_in_part": "published",
        "approve": "published",
        "urge": "published",
        "retract": "published",
        "confirm_retraction": "retracted",
        "call_off": "published",
        "correct": "published",
        "validity": "published",
        "confirm_validity": "published",
        "renew": "published",
        "supersede": "superseded",
    },
    "retracted": {
        "sign_off": "retracted",
        "seal": "retracted",
        "review_disclose": "retracted",
        "review_disclose_in_part": "retracted",
        "approve": "retracted",
        "correct": "retracted",
        "retract": "retracted",
        "confirm_retraction": "retracted",
        "restore": "retracted",
        "confirm_restoration": "published",
        "call_off": "retracted",
        "supersede": "retracted",
    },
}
_FINAL_VERDICT: Final = "cleared on_request_only withheld"
TABLES: Final[Mapping[str, Mapping[str, Mapping[str, str]]]] = {
    "dongchang": {
        **_AROUND,
        "pending:sign_off": {
            "recall": "draft",
            "urge": "@sign_off",
            "publish_urgently": "@sign_off",
            "confirm_urgent_publication": "publishing",
            "call_off": "@sign_off",
            "sign_off": "@seal @confidentiality_review @final_review",
            "return": "draft",
        },
        "pending:seal": {
            "recall": "draft",
            "urge": "@seal",
            "publish_urgently": "@seal",
            "confirm_urgent_publication": "publishing",
            "call_off": "@seal",
            "seal": "@confidentiality_review @final_review",
            "return": "draft @sign_off",
        },
        "pending:confidentiality_review": {
            "recall": "draft",
            "urge": "@confidentiality_review",
            "publish_urgently": "@confidentiality_review",
            "confirm_urgent_publication": "publishing",
            "call_off": "@confidentiality_review",
            "review_disclose": "@final_review",
            "review_disclose_in_part": "draft @final_review",
            "review_on_request_only": "@final_review",
            "review_withhold": "@final_review",
            "review_refer": "referred:confidentiality_review",
            "return": "draft @sign_off @seal",
        },
        "pending:final_review": {
            "recall": "draft",
            "urge": "@final_review",
            "publish_urgently": "@final_review",
            "confirm_urgent_publication": "publishing",
            "call_off": "@final_review",
            "approve": _FINAL_VERDICT,
            "return": "draft @sign_off @seal @confidentiality_review",
        },
    },
    "standard_four_step": {
        **_AROUND,
        "pending:originator_opinion": {
            "recall": "draft",
            "urge": "@originator_opinion",
            "publish_urgently": "@originator_opinion",
            "confirm_urgent_publication": "publishing",
            "call_off": "@originator_opinion",
            "sign_off": "@unit_head_sign_off @confidentiality_review @leader_sign_off @seal"
            " @final_review",
            "return": "draft",
        },
        "pending:unit_head_sign_off": {
            "recall": "draft",
            "urge": "@unit_head_sign_off",
            "publish_urgently": "@unit_head_sign_off",
            "confirm_urgent_publication": "publishing",
            "call_off": "@unit_head_sign_off",
            "sign_off": "@confidentiality_review @leader_sign_off @seal @final_review",
            "return": "draft @originator_opinion",
        },
        "pending:confidentiality_review": {
            "recall": "draft",
            "urge": "@confidentiality_review",
            "publish_urgently": "@confidentiality_review",
            "confirm_urgent_publication": "publishing",
            "call_off": "@confidentiality_review",
            "review_disclose": "@leader_sign_off @seal @final_review",
            "review_disclose_in_part": "draft @leader_sign_off @seal @final_review",
            "review_on_request_only": "@leader_sign_off @seal @final_review",
            "review_withhold": "@leader_sign_off @seal @final_review",
            "review_refer": "referred:confidentiality_review",
            "return": "draft @originator_opinion @unit_head_sign_off",
        },
        "pending:leader_sign_off": {
            "recall": "draft",
            "urge": "@leader_sign_off",
            "publish_urgently": "@leader_sign_off",
            "confirm_urgent_publication": "publishing",
            "call_off": "@leader_sign_off",
            "sign_off": "@seal @final_review",
            "return": "draft @originator_opinion @unit_head_sign_off @confidentiality_review",
        },
        "pending:seal": {
            "recall": "draft",
            "urge": "@seal",
            "publish_urgently": "@seal",
            "confirm_urgent_publication": "publishing",
            "call_off": "@seal",
            "seal": "@final_review",
            "return": "draft @originator_opinion @unit_head_sign_off @confidentiality_review"
            " @leader_sign_off",
        },
        "pending:final_review": {
            "recall": "draft",
            "urge": "@final_review",
            "publish_urgently": "@final_review",
            "confirm_urgent_publication": "publishing",
            "call_off": "@final_review",
            "approve": _FINAL_VERDICT,
            "return": "draft @originator_opinion @unit_head_sign_off @confidentiality_review"
            " @leader_sign_off @seal",
        },
    },
    "two_tier": {
        **_AROUND,
        "pending:deputy_sign_off": {
            "recall": "draft",
            "urge": "@deputy_sign_off",
            "publish_urgently": "@deputy_sign_off",
            "confirm_urgent_publication": "publishing",
            "call_off": "@deputy_sign_off",
            "sign_off": "@principal_sign_off @seal @confidentiality_review @final_review",
            "return": "draft",
        },
        "pending:principal_sign_off": {
            "recall": "draft",
            "urge": "@principal_sign_off",
            "publish_urgently": "@principal_sign_off",
            "confirm_urgent_publication": "publishing",
            "call_off": "@principal_sign_off",
            "sign_off": "@seal @confidentiality_review @final_review",
            "return": "draft @deputy_sign_off",
        },
        "pending:seal": {
            "recall": "draft",
            "urge": "@seal",
            "publish_urgently": "@seal",
            "confirm_urgent_publication": "publishing",
            "call_off": "@seal",
            "seal": "@confidentiality_review @final_review",
            "return": "draft @deputy_sign_off @principal_sign_off",
        },
        "pending:confidentiality_review": {
            "recall": "draft",
            "urge": "@confidentiality_review",
            "publish_urgently": "@confidentiality_review",
            "confirm_urgent_publication": "publishing",
            "call_off": "@confidentiality_review",
            "review_disclose": "@final_review",
            "review_disclose_in_part": "draft @final_review",
            "review_on_request_only": "@final_review",
            "review_withhold": "@final_review",
            "review_refer": "referred:confidentiality_review",
            "return": "draft @deputy_sign_off @principal_sign_off @seal",
        },
        "pending:final_review": {
            "recall": "draft",
            "urge": "@final_review",
            "publish_urgently": "@final_review",
            "confirm_urgent_publication": "publishing",
            "call_off": "@final_review",
            "approve": _FINAL_VERDICT,
            "return": "draft @deputy_sign_off @principal_sign_off @seal @confidentiality_review",
        },
    },
}

MERMAID: Final = """\
stateDiagram-v2
    [*] --> draft
    draft --> draft: revise
    draft --> pending_at_sign_off: submit
    draft --> abandoned: abandon
    pending_at_sign_off --> pending_at_seal: sign_off
    pending_at_seal --> pending_at_confidentiality_review: seal
    pending_at_confidentiality_review --> pending_at_final_review: review_disclose,\
 review_disclose_in_part, review_on_request_only, review_withhold
    pending_at_confidentiality_review --> draft: review_disclose_in_part
    pending_at_confidentiality_review --> referred_at_confidentiality_review: review_refer
    referred_at_confidentiality_review --> pending_at_confidentiality_review: answer
    pending_at_final_review --> cleared: approve
    pending_at_final_review --> on_request_only: approve
    pending_at_final_review --> withheld: approve
    cleared --> publishing: publish, confirm_urgent_publication
    publishing --> published: confirm
    publishing --> publication_failed: fail
    publication_failed --> publishing: retry
    abandoned --> draft: reopen
    on_request_only --> draft: reopen
    withheld --> draft: reopen
    pending_at_sign_off --> publishing: confirm_urgent_publication
    pending_at_seal --> publishing: confirm_urgent_publication
    pending_at_confidentiality_review --> publishing: confirm_urgent_publication
    pending_at_final_review --> publishing: confirm_urgent_publication
    published --> published: sign_off, seal, review_disclose, review_disclose_in_part, approve,\
 retract, validity, confirm_validity, call_off, correct, renew
    retracted --> retracted: sign_off, seal, review_disclose, review_disclose_in_part, approve,\
 correct, retract, confirm_retraction, restore, call_off, supersede
    published --> retracted: confirm_retraction
    retracted --> published: confirm_restoration
    published --> superseded: supersede
    pending_at_sign_off --> draft: recall
    pending_at_final_review --> draft: return
    cleared --> draft: return
    publication_failed --> draft: return
    published --> [*]
    retracted --> [*]
    superseded --> [*]
    on_request_only --> [*]
    withheld --> [*]
    abandoned --> [*]
"""


def places_of(code: str) -> list[Place]:
    """Return every state, with every stage where the state is at one: also those never reached."""
    staged = (State.PENDING, State.REFERRED)
    found = [Place(state) for state in State if state not in staged]
    return found + [Place(state, stage) for state in staged for stage in STAGES[code]]


def expected_destinations(code: str, place: Place, action: Action) -> set[str]:
    written = TABLES[code].get(str(place), {}).get(action.value, "")
    destinations: set[str] = set()
    for word in written.split():
        if word == "@*":
            destinations |= {f"pending:{stage}" for stage in STAGES[code]}
        else:
            destinations.add(word.replace("@", "pending:"))
    return destinations


def subsets(names: Iterable[str]) -> Iterable[frozenset[str]]:
    names = tuple(names)
    return map(
        frozenset,
        chain.from_iterable(combinations(names, count) for count in range(len(names) + 1)),
    )


def leads(policy: Policy, place: Place, action: Action, progress: Progress) -> list[str]:
    return [
        str(arrow.dest)
        for arrow in policy.machine.arrows_from(place, action)
        if arrow.applies(progress)
    ]


def at(stage: str) -> Place:
    return Place(State.PENDING, stage)


EVERYWHERE: Final = [
    pytest.param(code, place, id=f"{code}-{place}") for code in SHIPPED for place in places_of(code)
]


@pytest.mark.parametrize(("code", "place"), EVERYWHERE)
def test_every_action_leads_from_every_place_where_the_rules_say_and_nowhere_else(
    code: str, place: Place
) -> None:
    machine = POLICIES[code].machine
    expected = {action: expected_destinations(code, place, action) for action in Action}
    arrows = {action: machine.arrows_from(place, action) for action in Action}

    assert expected == {
        action: {str(arrow.dest) for arrow in found} for action, found in arrows.items()
    }


@pytest.mark.parametrize("code", SHIPPED)
def test_a_place_offers_exactly_the_actions_of_its_table(code: str) -> None:
    machine = POLICIES[code].machine

    for place in places_of(code):
        offered = {action.value for action in machine.actions_from(place)}
        assert set(TABLES[code].get(str(place), {})) == offered, place


@pytest.mark.parametrize("code", SHIPPED)
def test_the_stages_of_a_shipped_policy_stand_in_their_order(code: str) -> None:
    assert STAGES[code] == tuple(stage.name for stage in POLICIES[code].stages)


@pytest.mark.parametrize("code", SHIPPED)
def test_a_submission_goes_to_the_first_stage_that_is_not_held(code: str) -> None:
    for held in subsets(STAGES[code]):
        missing = [name for name in STAGES[code] if name not in held]
        expected = [f"pending:{missing[0]}"] if missing else []
        assert expected == leads(
            POLICIES[code], Place(State.DRAFT), Action.SUBMIT, Progress(held)
        ), held


@pytest.mark.parametrize("code", SHIPPED)
def test_a_decision_passes_over_the_stages_whose_decisions_were_kept(code: str) -> None:
    policy = POLICIES[code]
    for index, stage in enumerate(policy.stages[:-1]):
        verb = {
            StageKind.OPINION: Action.SIGN_OFF,
            StageKind.SIGN_OFF: Action.SIGN_OFF,
            StageKind.SEAL: Action.SEAL,
            StageKind.CONFIDENTIALITY_REVIEW: Action.REVIEW_DISCLOSE,
        }[stage.kind]
        before = frozenset(STAGES[code][:index])
        between = STAGES[code][index + 1 : -1]
        for kept in subsets(between):
            following = [name for name in (*between, STAGES[code][-1]) if name not in kept]
            assert [f"pending:{following[0]}"] == leads(
                policy, at(stage.name), verb, Progress(before | kept)
            ), (stage.name, kept)


@pytest.mark.parametrize("code", SHIPPED)
def test_no_stage_is_passed_while_an_earlier_one_is_not_held(code: str) -> None:
    policy = POLICIES[code]
    for index, stage in enumerate(policy.stages):
        for arrow in policy.machine.arrows:
            if arrow.source != at(stage.name) or arrow.proposes is not None:
                continue
            if arrow.holds and arrow.outcomes != {Outcome.WITHHELD, Outcome.ON_REQUEST_ONLY}:
                earlier = set(STAGES[code][:index])
                ends_unpublished = arrow.dest.state in (State.WITHHELD, State.ON_REQUEST_ONLY)
                assert earlier <= arrow.needs or ends_unpublished, arrow


@pytest.mark.parametrize("code", SHIPPED)
def test_at_most_one_arrow_answers_an_action_that_names_no_target(code: str) -> None:
    policy = POLICIES[code]
    for place in places_of(code):
        for action in policy.machine.actions_from(place):
            arrows = policy.machine.arrows_from(place, action)
            # Of one arrow at most one applies, whatever the progress.
            if action is Action.RETURN or len(arrows) <= 1:
                continue
            for held in subsets(STAGES[code]):
                for outcome in Outcome:
                    for redaction, asked, owed in product(Redaction, Asked, (False, True)):
                        progress = Progress(held, outcome, redaction, asked, owed)
                        answers = sum(arrow.applies(progress) for arrow in arrows)
                        assert answers <= 1, (place, action)


def test_a_disclosure_is_only_for_what_is_to_be_published() -> None:
    review, held = at("confidentiality_review"), frozenset({"sign_off", "seal"})

    def disclosed(outcome: Outcome) -> list[str]:
        return leads(POLICIES["dongchang"], review, Action.REVIEW_DISCLOSE, Progress(held, outcome))

    assert ["pending:final_review"] == disclosed(Outcome.PUBLICATION)
    assert [] == disclosed(Outcome.WITHHELD)
    assert [] == disclosed(Outcome.ON_REQUEST_ONLY)


def test_a_conclusion_in_part_goes_back_to_the_drafter_and_passes_with_the_redaction() -> None:
    review, held = at("confidentiality_review"), frozenset({"sign_off", "seal"})

    def concluded(progress: Progress) -> list[str]:
        return leads(POLICIES["dongchang"], review, Action.REVIEW_DISCLOSE_IN_PART, progress)

    made = Progress(held, redaction=Redaction.MADE)
    assert ["draft"] == concluded(Progress(held))
    assert ["draft"] == concluded(Progress(held, redaction=Redaction.OWED))
    assert ["pending:final_review"] == concluded(made)
    # Who names what is still to be taken out asks again, also of what is a redaction.
    assert ["draft"] == concluded(made.asking())


@pytest.mark.parametrize("code", SHIPPED)
def test_what_a_review_wants_redacted_is_not_submitted_for_publication(code: str) -> None:
    def submitted(outcome: Outcome, redaction: Redaction) -> list[str]:
        progress = Progress(frozenset(), outcome, redaction)
        return leads(POLICIES[code], Place(State.DRAFT), Action.SUBMIT, progress)

    first = f"pending:{STAGES[code][0]}"
    assert [] == submitted(Outcome.PUBLICATION, Redaction.OWED)
    assert [first] == submitted(Outcome.PUBLICATION, Redaction.MADE)
    assert [first] == submitted(Outcome.WITHHELD, Redaction.OWED)


def test_what_a_review_wants_redacted_is_not_disclosed_whole() -> None:
    review, held = at("confidentiality_review"), frozenset({"sign_off", "seal"})

    def disclosed(redaction: Redaction) -> list[str]:
        progress = Progress(held, redaction=redaction)
        return leads(POLICIES["dongchang"], review, Action.REVIEW_DISCLOSE, progress)

    assert [] == disclosed(Redaction.OWED)
    assert ["pending:final_review"] == disclosed(Redaction.NOT_ASKED)
    assert ["pending:final_review"] == disclosed(Redaction.MADE)


@pytest.mark.parametrize(
    ("code", "voided"),
    [("dongchang", set()), ("standard_four_step", set()), ("two_tier", set(STAGES["two_tier"]))],
)
def test_a_demand_for_a_redaction_voids_what_a_return_to_the_draft_does(
    code: str, voided: set[str]
) -> None:
    review = at("confidentiality_review")
    asking, *_ = POLICIES[code].machine.arrows_from(review, Action.REVIEW_DISCLOSE_IN_PART)

    assert DRAFT == asking.dest
    assert voided == set(asking.voids) == returned(code, review)["draft"]


def test_a_first_conclusion_in_part_holds_nothing() -> None:
    machine = POLICIES["dongchang"].machine
    back, on = machine.arrows_from(at("confidentiality_review"), Action.REVIEW_DISCLOSE_IN_PART)

    assert (State.DRAFT, None) == (back.dest.state, back.holds)
    assert ("final_review", "confidentiality_review") == (on.dest.stage, on.holds)


@pytest.mark.parametrize(
    ("action", "proposed"),
    [
        (Action.REVIEW_WITHHOLD, Outcome.WITHHELD),
        (Action.REVIEW_ON_REQUEST_ONLY, Outcome.ON_REQUEST_ONLY),
    ],
)
def test_withholding_what_was_meant_for_publication_goes_straight_to_the_final_review(
    action: Action, proposed: Outcome
) -> None:
    policy, review = POLICIES["standard_four_step"], at("confidentiality_review")
    held = frozenset({"originator_opinion", "unit_head_sign_off"})

    assert ["pending:final_review"] == leads(policy, review, action, Progress(held))
    # Where the drafter asked for it, the stages in between confirm it too.
    assert ["pending:leader_sign_off"] == leads(policy, review, action, Progress(held, proposed))
    for arrow in policy.machine.arrows_from(review, action):
        assert (proposed, "confidentiality_review") == (arrow.proposes, arrow.holds)


@pytest.mark.parametrize(
    ("outcome", "held", "end"),
    [
        (Outcome.PUBLICATION, {"sign_off", "seal", "confidentiality_review"}, ["cleared"]),
        (Outcome.PUBLICATION, {"sign_off", "confidentiality_review"}, []),
        (Outcome.PUBLICATION, {"sign_off", "seal"}, []),
        (Outcome.WITHHELD, {"sign_off", "seal", "confidentiality_review"}, ["withheld"]),
        (Outcome.WITHHELD, {"confidentiality_review"}, ["withheld"]),
        (Outcome.WITHHELD, {"sign_off", "seal"}, []),
        (Outcome.ON_REQUEST_ONLY, {"confidentiality_review"}, ["on_request_only"]),
        (Outcome.ON_REQUEST_ONLY, {"sign_off", "seal"}, []),
    ],
)
def test_the_final_review_ends_an_item_as_it_was_proposed_and_only_after_the_review(
    outcome: Outcome, held: set[str], end: list[str]
) -> None:
    progress = Progress(frozenset(held), outcome)

    assert end == leads(POLICIES["dongchang"], at("final_review"), Action.APPROVE, progress)


@pytest.mark.parametrize("code", SHIPPED)
def test_nothing_is_sent_to_a_channel_while_a_stage_is_not_held(code: str) -> None:
    everything = frozenset(STAGES[code])
    for place, action in (
        (Place(State.CLEARED), Action.PUBLISH),
        (Place(State.PUBLICATION_FAILED), Action.RETRY),
    ):
        for held in subsets(STAGES[code]):
            expected = ["publishing"] if held == everything else []
            assert expected == leads(POLICIES[code], place, action, Progress(held))


def returned(code: str, source: Place) -> dict[str, set[str]]:
    """Return what each return from ``source`` voids, by where it leads."""
    arrows = POLICIES[code].machine.arrows_from(source, Action.RETURN)
    return {str(arrow.dest): set(arrow.voids) for arrow in arrows}


def test_where_decisions_are_kept_a_return_voids_the_stage_that_looks_again() -> None:
    assert {
        "draft": set(),
        "pending:sign_off": {"sign_off"},
        "pending:seal": {"seal"},
        "pending:confidentiality_review": {"confidentiality_review"},
    } == returned("dongchang", at("final_review"))


def test_a_return_of_a_cleared_item_always_undoes_the_final_review_too() -> None:
    expected = {
        "draft": {"final_review"},
        "pending:sign_off": {"sign_off", "final_review"},
        "pending:seal": {"seal", "final_review"},
        "pending:confidentiality_review": {"confidentiality_review", "final_review"},
        "pending:final_review": {"final_review"},
    }

    assert expected == returned("dongchang", Place(State.CLEARED))
    assert expected == returned("dongchang", Place(State.PUBLICATION_FAILED))


def test_where_decisions_are_repeated_a_return_voids_everything_from_there_on() -> None:
    everything = set(STAGES["two_tier"])

    assert {
        "draft": everything,
        "pending:deputy_sign_off": everything,
        "pending:principal_sign_off": everything - {"deputy_sign_off"},
        "pending:seal": {"seal", "confidentiality_review", "final_review"},
        "pending:confidentiality_review": {"confidentiality_review", "final_review"},
    } == returned("two_tier", at("final_review"))


@pytest.mark.parametrize("code", SHIPPED)
def test_an_edit_voids_every_decision_in_the_shipped_policies(code: str) -> None:
    (edit,) = POLICIES[code].machine.arrows_from(Place(State.DRAFT), Action.REVISE)

    assert (set(STAGES[code]), True) == (set(edit.voids), edit.edits)


# -- the library ---------------------------------------------------------------------------------


def small_machine() -> Machine:
    policy = POLICIES["dongchang"]
    return build(policy.stages, edit_voids=policy.edit_voids, keeps_unchanged=True)


def library_of(machine: Machine) -> transitions.Machine:
    return machine._machine  # noqa: SLF001 # that the library is asked is what is tested


def test_it_is_the_library_that_is_asked_for_an_arrow() -> None:
    machine, cleared = small_machine(), Place(State.CLEARED)
    (arrow,) = machine.arrows_from(cleared, Action.PUBLISH)

    library_of(machine).remove_transition("publish", source="cleared")

    assert arrow in machine.arrows
    assert () == machine.arrows_from(cleared, Action.PUBLISH)
    assert Action.PUBLISH not in machine.actions_from(cleared)


def test_the_library_knows_our_actions_and_no_shortcut_to_a_state() -> None:
    library = library_of(small_machine())

    assert {action.value for action in Action} == set(library.events)
    assert {"initial": "draft", "auto": False} == {
        "initial": library.initial,
        "auto": library.auto_transitions,
    }


def test_the_library_is_given_no_item_and_no_callback() -> None:
    library = library_of(small_machine())

    assert [] == library.models
    for event in library.events.values():
        for drawn in chain.from_iterable(event.transitions.values()):
            assert [] == drawn.prepare + drawn.conditions + drawn.before + drawn.after


def test_a_place_of_another_policy_is_unknown_and_leads_nowhere() -> None:
    machine, elsewhere = POLICIES["dongchang"].machine, at("deputy_sign_off")

    assert str(elsewhere) not in machine.places
    assert () == machine.actions_from(elsewhere)
    assert () == machine.arrows_from(elsewhere, Action.SIGN_OFF)


def test_the_diagram_of_the_default_policy_is_the_one_that_is_shown_to_readers() -> None:
    policy = POLICIES["dongchang"]

    assert MERMAID == policy.machine.mermaid()
    assert MERMAID == small_machine().mermaid()


@pytest.mark.parametrize("code", SHIPPED)
def test_a_diagram_shows_each_stage_once_on_the_straight_way(code: str) -> None:
    lines = POLICIES[code].machine.mermaid().splitlines()

    for here, following in zip(STAGES[code], STAGES[code][1:], strict=False):
        straight = f"    pending_at_{here} --> pending_at_{following}: "
        assert 1 == sum(line.startswith(straight) for line in lines)


# -- the proof -----------------------------------------------------------------------------------


@pytest.mark.parametrize("code", SHIPPED)
def test_the_proof_holds_for_a_shipped_policy_and_reaches_every_state_of_it(code: str) -> None:
    policy = POLICIES[code]
    proof = prove(policy.stages, policy.machine.arrows, keeps_unchanged=policy.keeps_unchanged)

    assert () == proof.faults
    assert proof.holds
    assert {place.partition(":")[0] for place in policy.machine.places} == proof.reached


STAGES_OF_SAMPLE: Final = (
    Stage("sign_off", StageKind.SIGN_OFF, "department_head"),
    Stage("seal", StageKind.SEAL, "seal_keeper"),
    Stage("confidentiality_review", StageKind.CONFIDENTIALITY_REVIEW, "confidentiality_reviewer"),
    Stage("final_review", StageKind.FINAL_REVIEW, "final_reviewer"),
)
EVERYTHING: Final = frozenset(stage.name for stage in STAGES_OF_SAMPLE)
PUBLISHING, PUBLISHED, DRAFT = Place(State.PUBLISHING), Place(State.PUBLISHED), Place(State.DRAFT)


def drawn(*more: Arrow, keeps_unchanged: bool = True) -> tuple[Arrow, ...]:
    arrows = draw(STAGES_OF_SAMPLE, edit_voids=EVERYTHING, keeps_unchanged=keeps_unchanged)
    return arrows + more


def faults(arrows: Iterable[Arrow]) -> set[str]:
    """Return what the proof objects to, without the way that leads there."""
    return {fault.partition(": ")[0] for fault in prove(STAGES_OF_SAMPLE, arrows).faults}


def test_the_proof_finds_an_arrow_that_skips_every_later_stage() -> None:
    shortcut = Arrow(Action.SIGN_OFF, at("sign_off"), PUBLISHING, holds="sign_off")

    assert {"published_without(confidentiality_review,final_review,seal)"} <= faults(
        drawn(shortcut)
    )


@pytest.mark.parametrize("skipped", ["sign_off", "seal", "confidentiality_review", "final_review"])
def test_the_proof_finds_a_path_around_any_single_stage(skipped: str) -> None:
    names = [stage.name for stage in STAGES_OF_SAMPLE]
    index = names.index(skipped)
    following = at(names[index + 1]) if index < len(names) - 1 else Place(State.CLEARED)
    around = Arrow(Action.RECALL, at(skipped), following)
    # The conditions of the arrows are a lock as well: here it is left open.
    unlocked = [replace(arrow, needs=arrow.needs - {skipped}) for arrow in drawn(around)]

    assert any(
        fault.startswith("published_without(") and skipped in fault for fault in faults(unlocked)
    )


@pytest.mark.parametrize("kept", sorted(EVERYTHING - {"final_review"}))
def test_the_proof_finds_an_edit_that_leaves_a_decision_standing(kept: str) -> None:
    voids = EVERYTHING - {kept}
    arrows = draw(STAGES_OF_SAMPLE, edit_voids=voids, keeps_unchanged=True)

    assert f"published_without({kept})" in faults(arrows)
    with pytest.raises(InvalidInput, match="policy_proof_failed") as caught:
        build(STAGES_OF_SAMPLE, edit_voids=voids, keeps_unchanged=True)
    assert f"without({kept})" in str(caught.value.params["fault"])


def test_no_final_review_stands_in_a_draft_even_where_an_edit_would_spare_it() -> None:
    # Whoever returns a cleared item has voided it already, so the proof has nothing to object to.
    arrows = draw(STAGES_OF_SAMPLE, edit_voids=EVERYTHING - {"final_review"}, keeps_unchanged=True)

    assert set() == faults(arrows)


@pytest.mark.parametrize(
    ("action", "outcome", "end"),
    [
        (Action.REVIEW_WITHHOLD, Outcome.WITHHELD, State.WITHHELD),
        (Action.REVIEW_ON_REQUEST_ONLY, Outcome.ON_REQUEST_ONLY, State.ON_REQUEST_ONLY),
    ],
)
def test_the_proof_finds_one_person_who_withholds_alone(
    action: Action, outcome: Outcome, end: State
) -> None:
    alone = Arrow(
        action,
        at("confidentiality_review"),
        Place(end),
        holds="confidentiality_review",
        proposes=outcome,
    )

    assert {f"{end.value}_without(final_review)"} == faults(drawn(alone))


def test_the_proof_finds_a_withholding_without_a_confidentiality_conclusion() -> None:
    arrows = [
        replace(arrow, needs=frozenset()) if arrow.dest == Place(State.WITHHELD) else arrow
        for arrow in drawn(Arrow(Action.SEAL, at("seal"), at("final_review"), holds="seal"))
    ]

    assert "withheld_without(confidentiality_review)" in faults(arrows)


def test_the_proof_finds_a_place_that_nothing_leads_away_from() -> None:
    arrows = [arrow for arrow in drawn() if arrow.source != PUBLISHING]

    assert {"dead_end", "never_published"} == faults(arrows)


def test_the_proof_finds_a_stage_that_nobody_can_decide() -> None:
    # A return from a cleared item that keeps the final review: the sign-off that is waited for has
    # no place left to lead to, though the item can still be returned and recalled.
    arrows = [
        replace(arrow, voids=arrow.voids - {"final_review"})
        if arrow.source == Place(State.CLEARED) and arrow.dest == at("sign_off")
        else arrow
        for arrow in drawn()
    ]

    assert {"stuck"} == faults(arrows)


IN_PART: Final = Action.REVIEW_DISCLOSE_IN_PART


def redrawn(action: Action, **changes: object) -> list[Arrow]:
    """Return the sample's arrows with those of ``action`` that hold a stage or submit changed."""
    return [
        replace(arrow, **changes)  # type: ignore[arg-type]
        if arrow.action is action and (arrow.holds or arrow.submits)
        else arrow
        for arrow in drawn()
    ]


def test_the_proof_finds_a_demand_for_a_redaction_that_holds_the_stage() -> None:
    # A new list on what is a redaction already was once taken for the conclusion that passes it.
    passing = redrawn(IN_PART, redactions=frozenset({Redaction.MADE, Redaction.OWED}))

    assert {"published_owing_redaction"} == faults(passing)


def test_the_proof_finds_a_text_of_which_no_redaction_can_be_asked() -> None:
    arrows = [arrow for arrow in drawn() if arrow.action is not IN_PART or arrow.holds is not None]

    assert {"no_redaction"} == faults(arrows)


def test_the_proof_finds_a_whole_disclosure_of_what_a_review_wants_redacted() -> None:
    anyhow = frozenset(Redaction)
    submitted, disclosed = (
        set(redrawn(action, redactions=anyhow)) - set(drawn())
        for action in (Action.SUBMIT, Action.REVIEW_DISCLOSE)
    )
    locked = [
        arrow
        for arrow in drawn()
        if arrow.action not in (Action.SUBMIT, Action.REVIEW_DISCLOSE) or arrow.redactions == anyhow
    ]

    assert {"published_owing_redaction"} == faults([*locked, *submitted, *disclosed])


@pytest.mark.parametrize("action", [IN_PART, Action.RETURN])
def test_the_proof_finds_a_decision_that_is_kept_where_all_are_to_be_repeated(
    action: Action,
) -> None:
    arrows = [
        replace(arrow, voids=frozenset())
        if arrow.action is action and arrow.source == at("confidentiality_review")
        else arrow
        for arrow in drawn(keeps_unchanged=False)
    ]
    found = prove(STAGES_OF_SAMPLE, arrows, keeps_unchanged=False).faults

    assert {"kept_in_draft(seal,sign_off)"} == {fault.partition(": ")[0] for fault in found} - {
        "kept_in_draft(sign_off)"
    }


def test_the_proof_names_the_way_that_leads_to_a_fault() -> None:
    shortcut = Arrow(Action.SIGN_OFF, at("sign_off"), PUBLISHING, holds="sign_off")
    found = prove(STAGES_OF_SAMPLE, drawn(shortcut))

    assert not found.holds
    assert (
        "published_without(confidentiality_review,final_review,seal):"
        " draft -submit-> pending:sign_off -sign_off-> publishing -confirm-> published"
    ) in found.faults


RETRACTED: Final = Place(State.RETRACTED)


def test_the_proof_finds_a_retraction_or_a_restoration_that_one_person_can_make_alone() -> None:
    """S26, S27: whoever confirms finds that it was asked for."""
    alone = Arrow(Action.CONFIRM_RETRACTION, PUBLISHED, RETRACTED)
    back = Arrow(Action.CONFIRM_RESTORATION, RETRACTED, PUBLISHED)

    assert {"published_becomes_retracted_unasked"} == faults(drawn(alone))
    # It would also bring back what still owes its review.
    unasked = {"retracted_becomes_published_unasked", "restored_owing_review"}
    assert unasked == faults(drawn(back))


def test_the_proof_finds_that_one_thing_is_confirmed_where_the_other_was_asked() -> None:
    mixed = Arrow(
        Action.CONFIRM_RETRACTION, RETRACTED, PUBLISHED, asked=frozenset({Asked.RETRACTION})
    )

    unasked = {"retracted_becomes_published_unasked", "restored_owing_review"}
    assert unasked == faults(drawn(mixed))


@pytest.mark.parametrize("state", ["published", "retracted", "superseded"])
def test_the_proof_finds_a_way_to_write_anew_what_was_public(state: str) -> None:
    back = Arrow(Action.REOPEN, Place(State(state)), DRAFT, voids=EVERYTHING)

    assert {f"{state}_becomes_draft"} == faults(drawn(back))


@pytest.mark.parametrize("end", ["withheld", "on_request_only"])
def test_the_proof_finds_a_decision_that_outlives_a_reopening(end: str) -> None:
    kept = Arrow(Action.REOPEN, Place(State(end)), DRAFT, voids=EVERYTHING - {"seal"})

    assert {f"kept_from_{end}(seal)"} <= faults(drawn(kept))


CONFIRMED: Final = Action.CONFIRM_URGENT_PUBLICATION
ALL_MISSING: Final = "confidentiality_review,final_review,seal,sign_off"


def urgently(**changes: object) -> list[Arrow]:
    """Return the sample's arrows with those that publish ahead of the review changed."""
    return [
        replace(arrow, **changes) if arrow.action is CONFIRMED else arrow  # type: ignore[arg-type]
        for arrow in drawn()
    ]


@pytest.mark.parametrize("code", SHIPPED)
def test_the_stages_that_are_owed_are_held_in_their_order_where_the_item_is(code: str) -> None:
    """S18: until then the debt stands, and with the last stage nothing is owed any more."""
    policy, everything = POLICIES[code], frozenset(STAGES[code])
    for place in (PUBLISHED, RETRACTED):
        held: frozenset[str] = frozenset()
        for name in STAGES[code]:
            progress = Progress(held, review_owed=True)
            open_now = [
                arrow
                for action in policy.machine.actions_from(place)
                for arrow in policy.machine.arrows_from(place, action)
                if arrow.holds and arrow.applies(progress)
            ]
            assert {(name, place)} == {(arrow.holds, arrow.dest) for arrow in open_now}
            held |= {name}
            owes = {arrow.still_owes(progress, everything) for arrow in open_now}
            assert {held != everything} == owes


@pytest.mark.parametrize("code", SHIPPED)
def test_nothing_is_decided_on_what_is_public_and_owes_no_review(code: str) -> None:
    for held in subsets(STAGES[code]):
        for arrow in POLICIES[code].machine.arrows:
            if arrow.source in (PUBLISHED, RETRACTED) and arrow.holds:
                assert not arrow.applies(Progress(held)), arrow


@pytest.mark.parametrize("code", SHIPPED)
def test_what_owes_its_review_is_tried_again_and_what_is_returned_owes_none(code: str) -> None:
    """S18: a publication that failed is no publication, so nothing has to be made up for."""
    policy, failed = POLICIES[code], Place(State.PUBLICATION_FAILED)
    owing, everything = Progress(frozenset(), review_owed=True), frozenset(STAGES[code])

    assert ["publishing"] == leads(policy, failed, Action.RETRY, owing)
    for arrow in policy.machine.arrows_from(failed, Action.RETRY):
        assert arrow.still_owes(owing, everything)
    for arrow in policy.machine.arrows_from(failed, Action.RETURN):
        assert not arrow.still_owes(owing, everything)


def test_only_what_is_meant_for_publication_and_owes_no_redaction_is_published_urgently() -> None:
    def asked(outcome: Outcome, redaction: Redaction) -> list[str]:
        progress = Progress(frozenset(), outcome, redaction)
        return leads(POLICIES["dongchang"], at("seal"), Action.PUBLISH_URGENTLY, progress)

    assert ["pending:seal"] == asked(Outcome.PUBLICATION, Redaction.NOT_ASKED)
    assert ["pending:seal"] == asked(Outcome.PUBLICATION, Redaction.MADE)
    assert [] == asked(Outcome.PUBLICATION, Redaction.OWED)
    assert [] == asked(Outcome.WITHHELD, Redaction.NOT_ASKED)
    assert [] == asked(Outcome.ON_REQUEST_ONLY, Redaction.NOT_ASKED)


def test_the_proof_finds_an_urgent_publication_that_one_person_can_make_alone() -> None:
    """S18: whoever confirms finds that it was asked for."""
    assert {"pending_becomes_publishing_unasked"} == faults(urgently(asked=frozenset(Asked)))


def test_the_proof_finds_that_it_was_something_else_that_was_asked_for() -> None:
    mixed = Arrow(Action.PUBLISH_URGENTLY, at("seal"), at("seal"), asks=Asked.RETRACTION)
    taken = urgently(asked=frozenset({Asked.RETRACTION}))

    assert {"pending_becomes_publishing_unasked"} == faults([*taken, mixed])


def test_urgency_does_not_excuse_a_redaction_that_is_owed() -> None:
    # On its way to the end that its drafter wants, an item may owe what a review once wanted out.
    arrows = [
        replace(arrow, redactions=frozenset(Redaction), outcomes=frozenset(Outcome))
        if arrow.action in (CONFIRMED, Action.PUBLISH_URGENTLY)
        else arrow
        for arrow in drawn()
    ]

    assert "published_owing_redaction" in faults(arrows)


def test_the_same_publication_without_the_open_debt_is_a_fault() -> None:
    assert f"published_without({ALL_MISSING})" in faults(urgently(owes_review=False))


@pytest.mark.parametrize("missing", sorted(EVERYTHING))
def test_a_debt_that_was_paid_does_not_come_back_to_cover_a_lost_stage(missing: str) -> None:
    lost = Arrow(Action.RETURN, PUBLISHED, PUBLISHED, voids=frozenset({missing}))

    assert {f"published_without({missing})"} == faults(drawn(lost))


@pytest.mark.parametrize("place", [Place(State.PUBLISHED), Place(State.RETRACTED)], ids=str)
@pytest.mark.parametrize("stage", sorted(EVERYTHING))
def test_the_proof_finds_a_stage_that_nobody_can_make_up_for(place: Place, stage: str) -> None:
    lame = [arrow for arrow in drawn() if arrow.source != place or arrow.holds != stage]

    assert {"review_stuck"} == faults(lame)


@pytest.mark.parametrize("state", ["published", "retracted", "superseded"])
def test_the_proof_finds_a_debt_that_is_forgotten_while_the_item_is_public(state: str) -> None:
    forgetful = Arrow(
        Action.CONFIRM_RETRACTION if state == "retracted" else Action.SUPERSEDE,
        PUBLISHED,
        Place(State(state)),
        asked=frozenset({Asked.RETRACTION}),
        owing=True,
        goes_unpublished=True,
    )

    assert f"review_forgotten({ALL_MISSING})" in faults(drawn(forgetful))


def test_the_proof_finds_that_what_owes_its_review_is_brought_back() -> None:
    back = [
        replace(arrow, needs=frozenset()) if arrow.action is Action.CONFIRM_RESTORATION else arrow
        for arrow in drawn()
    ]

    assert {"restored_owing_review"} == faults(back)


def test_a_request_for_urgency_does_not_outlive_what_speaks_against_it() -> None:
    against = {
        Action.RETURN, Action.RECALL, Action.REVIEW_REFER, Action.REVIEW_WITHHOLD,
        Action.REVIEW_ON_REQUEST_ONLY,
    }  # fmt: skip

    assert not {arrow.action for arrow in drawn() if arrow.asks is None} & against


def test_a_debt_is_not_paid_by_decisions_on_an_earlier_text() -> None:
    # The edit keeps what was held, as the engine would count it; the proof counts by the digest.
    edit = Arrow(Action.REVISE, PUBLISHED, PUBLISHED, edits=True, asks=None)
    found = faults(drawn(edit))

    # Once all was decided on one text, nothing is owed any more, and the next edit is found.
    assert f"published_without({ALL_MISSING})" in found
    # What the engine takes for held was decided on another text: this debt could not be paid.
    assert "review_stuck" in found
