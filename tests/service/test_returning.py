"""The way back: return, recall and abandon, and what each of them leaves standing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from workflow.errors import NotFound
from workflow.machine import Action

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.service.sample_office import SampleOffice

EARLIER = ("sign_off", "seal", "confidentiality_review")


def test_a_return_keeps_decisions_on_an_unchanged_text(office: SampleOffice) -> None:
    item = office.item_at("final_review")
    answer = office.give_back(item, "final")
    assert ([], set(EARLIER)) == (answer["voided"], office.standing(item))
    office.act(item, Action.SUBMIT, "clerk")
    assert "final_review" == office.place(item)


@pytest.mark.parametrize("stage", EARLIER)
def test_a_return_to_a_stage_voids_that_stage_alone(office: SampleOffice, stage: str) -> None:
    item = office.item_at("final_review")
    answer = office.give_back(item, "final", to=stage)
    assert ([stage], stage) == (answer["voided"], office.place(item))
    assert set(EARLIER) - {stage} == office.standing(item)
    office.decide(item)
    assert "final_review" == office.place(item)


def test_a_policy_may_want_everything_decided_again(
    open_office: Callable[[str], SampleOffice],
) -> None:
    office = open_office("two_tier")
    item = office.item_at("final_review")
    stages = {"deputy_sign_off", "principal_sign_off", "seal", "confidentiality_review"}
    assert stages == office.standing(item)
    answer = office.give_back(item, "final")
    assert stages == set(answer["voided"])
    assert set() == office.standing(item)
    office.act(item, Action.SUBMIT, "clerk")
    assert ("deputy_sign_off", 2) == (office.place(item), office.row(item).round)


def test_under_such_a_policy_a_return_to_a_stage_voids_what_came_after_it(
    open_office: Callable[[str], SampleOffice],
) -> None:
    office = open_office("two_tier")
    item = office.item_at("final_review")
    office.give_back(item, "final", to="principal_sign_off")
    assert {"deputy_sign_off"} == office.standing(item)
    office.decide(item)
    assert "seal" == office.place(item)


def test_who_returns_a_cleared_item_undoes_the_last_stage(office: SampleOffice) -> None:
    item = office.item_at("cleared")
    answer = office.give_back(item, "publisher")
    assert ["final_review"] == answer["voided"]
    office.act(item, Action.SUBMIT, "clerk")
    assert "final_review" == office.place(item)


def test_a_cleared_item_may_go_back_to_a_stage(office: SampleOffice) -> None:
    item = office.item_at("cleared")
    office.give_back(item, "publisher", to="seal")
    assert ("seal", {"sign_off", "confidentiality_review"}) == (
        office.place(item),
        office.standing(item),
    )
    office.decide(item)
    assert "final_review" == office.place(item)


def test_a_return_is_kept_as_a_decision_that_holds_nothing(office: SampleOffice) -> None:
    item = office.item_at("seal")
    office.give_back(item, "keeper")
    returned = office.queries.show(office["clerk"], item)["decisions"][-1]
    assert ("return", "seal", False) == tuple(
        returned[name] for name in ("action", "stage", "positive")
    )
    assert ("样例理由", "wording", {"to": "draft"}) == tuple(
        returned[name] for name in ("reason", "code", "details")
    )


@pytest.mark.parametrize(
    ("wish", "codes"),
    [
        ({"to": "draft"}, ("reason_required", "code_required")),
        ({"to": "draft", "reason": " \n\t　", "reason_code": "wording"}, ("reason_required",)),
        ({"reason": "样例", "reason_code": "wording"}, ("to_required",)),
        ({"to": "draft", "reason": "样例", "reason_code": "moody"}, ("unknown_return_code",)),
        ({"to": "final_review", "reason": "样例", "reason_code": "wording"}, ("no_way_back",)),
        ({"to": "published", "reason": "样例", "reason_code": "wording"}, ("no_way_back",)),
        ({"to": "Draft", "reason": "样例", "reason_code": "wording"}, ("no_way_back",)),
    ],
    ids=["nothing", "blank", "nowhere", "unknown", "itself", "onward", "misspelt"],
)
def test_a_return_needs_a_reason_a_code_and_an_earlier_place(
    office: SampleOffice, wish: dict[str, Any], codes: tuple[str, ...]
) -> None:
    item = office.item_at("final_review")
    with office.refused(*codes):
        office.act(item, Action.RETURN, "final", **wish)


def test_a_return_that_leads_nowhere_names_the_places_it_could_go_to(office: SampleOffice) -> None:
    item = office.item_at("confidentiality_review")
    with office.refused("no_way_back") as refusal:
        office.give_back(item, "reviewer", to="final_review")
    assert ("draft", "sign_off", "seal") == refusal.value.params["known"]


def test_a_stage_that_was_passed_over_is_no_place_to_return_to(
    open_office: Callable[[str], SampleOffice],
) -> None:
    office = open_office("standard_four_step")
    item = office.item_at("confidentiality_review")
    # Against a proactive attribute the conclusion goes past the leader and the seal.
    office.act(item, Action.REVIEW_WITHHOLD, "reviewer", ground="personal_privacy")
    assert "final_review" == office.place(item)
    with office.refused("no_way_back") as refusal:
        office.give_back(item, "final", to="seal")
    expected = (
        "draft",
        "originator_opinion",
        "unit_head_sign_off",
        "confidentiality_review",
        "leader_sign_off",
    )
    assert expected == refusal.value.params["known"]
    office.give_back(item, "final", to="leader_sign_off")
    assert "leader_sign_off" == office.place(item)


@pytest.mark.parametrize("by", ["clerk", "keeper", "supervisor"])
def test_only_the_holder_of_the_stage_returns(office: SampleOffice, by: str) -> None:
    item = office.item_at("sign_off")
    with office.refused("role_missing"):
        office.give_back(item, by)


@pytest.mark.parametrize("by", ["publisher", "outhead", "admin", "auditor", "receiver"])
def test_who_may_not_see_an_item_is_told_that_there_is_none(office: SampleOffice, by: str) -> None:
    item = office.item_at("sign_off")
    with office.refused("no_such_item", by=NotFound):
        office.give_back(item, by)


def test_only_the_publisher_returns_what_is_cleared(office: SampleOffice) -> None:
    item = office.item_at("cleared")
    with office.refused("role_missing"):
        office.give_back(item, "final")


def test_what_is_public_cannot_be_returned(office: SampleOffice) -> None:
    item = office.item_at("published")
    with office.refused("wrong_state"):
        office.give_back(item, "publisher")


# -- recall ----------------------------------------------------------------------------------


def test_what_nobody_has_decided_on_may_be_recalled(office: SampleOffice) -> None:
    item = office.item_at("sign_off")
    office.act(item, Action.RECALL, "colleague", reason="样例理由")
    assert "draft" == office.place(item)
    assert "recalled" == office.events(item)[-1]


def test_what_somebody_has_decided_on_may_not_be_recalled(office: SampleOffice) -> None:
    item = office.item_at("seal")
    with office.refused("already_decided"):
        office.act(item, Action.RECALL, "clerk", reason="样例理由")


def test_a_decision_that_was_kept_does_not_stand_in_the_way_of_a_recall(
    office: SampleOffice,
) -> None:
    item = office.item_at("seal")
    office.give_back(item, "keeper")
    office.act(item, Action.SUBMIT, "clerk")
    assert "seal" == office.place(item)
    office.act(item, Action.RECALL, "clerk", reason="样例理由")
    assert ("draft", {"sign_off"}) == (office.place(item), office.standing(item))


def test_a_recall_needs_a_reason(office: SampleOffice) -> None:
    item = office.item_at("sign_off")
    with office.refused("reason_required"):
        office.act(item, Action.RECALL, "clerk")


def test_only_the_bodys_clerks_recall(office: SampleOffice) -> None:
    item = office.item_at("sign_off")
    with office.refused("role_missing"):
        office.act(item, Action.RECALL, "head", reason="样例理由")


# -- abandon ---------------------------------------------------------------------------------


def test_a_clerk_abandons_what_was_never_submitted(office: SampleOffice) -> None:
    item = office.draft()
    office.act(item, Action.ABANDON, "colleague")
    assert "abandoned" == office.place(item)


def test_after_a_submission_only_the_head_abandons_and_with_a_reason(office: SampleOffice) -> None:
    item = office.item_at("sign_off")
    office.act(item, Action.RECALL, "clerk", reason="样例理由")
    with office.refused("role_missing", "reason_required"):
        office.act(item, Action.ABANDON, "clerk")
    with office.refused("reason_required"):
        office.act(item, Action.ABANDON, "head")
    office.act(item, Action.ABANDON, "head", reason="样例理由")
    assert "abandoned" == office.place(item)


def test_an_abandoned_item_is_left_alone(office: SampleOffice) -> None:
    item = office.draft()
    office.act(item, Action.ABANDON, "clerk")
    with office.refused("wrong_state"):
        office.act(item, Action.SUBMIT, "clerk")
    with office.refused("wrong_state"):
        office.revise(item, title="样例：改过的标题")


def test_a_submitted_item_cannot_be_edited(office: SampleOffice) -> None:
    item = office.item_at("sign_off")
    with office.refused("wrong_state"):
        office.revise(item, title="样例：改过的标题")
