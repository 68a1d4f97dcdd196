"""Who may decide once others have: authors, deciders, and where a round begins."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workflow.guards import Role
from workflow.machine import Action

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.service.sample_office import SampleOffice


def test_a_resubmission_on_which_decisions_stand_stays_in_its_round(office: SampleOffice) -> None:
    item = office.item_at("final_review")
    office.give_back(item, "final")
    office.act(item, Action.SUBMIT, "clerk")
    row = office.row(item)
    assert (1, 2, "final_review") == (row.round, row.submissions, row.stage)


def test_a_resubmission_on_which_nothing_stands_opens_a_round(office: SampleOffice) -> None:
    item = office.item_at("final_review")
    office.give_back(item, "final")
    office.revise(item, title="样例：改过的标题")
    office.act(item, Action.SUBMIT, "clerk")
    row = office.row(item)
    assert (2, 2, "sign_off") == (row.round, row.submissions, row.stage)


def test_who_decided_in_this_round_decides_at_no_other_stage_even_if_it_was_voided(
    office: SampleOffice,
) -> None:
    office.give("head", Role.SEAL_KEEPER)
    item = office.item_at("seal")
    office.give_back(item, "keeper", to="sign_off")
    office.decide(item, "head2")
    assert {"sign_off"} == office.standing(item)
    with office.refused("decided_at_another_stage"):
        office.decide(item, "head")
    office.decide(item, "keeper")


def test_in_a_new_round_a_person_may_hold_another_stage(office: SampleOffice) -> None:
    office.give("head", Role.SEAL_KEEPER)
    item = office.item_at("seal")
    office.give_back(item, "keeper")
    office.revise(item, title="样例：改过的标题")
    office.act(item, Action.SUBMIT, "clerk")
    office.decide(item, "head2")
    office.decide(item, "head")
    assert "confidentiality_review" == office.place(item)


def test_a_return_makes_nobody_a_decider(office: SampleOffice) -> None:
    office.give("keeper", Role.DEPARTMENT_HEAD)
    item = office.item_at("seal")
    office.give_back(item, "keeper", to="sign_off")
    office.decide(item, "keeper")
    assert "seal" == office.place(item)


def test_a_recall_makes_nobody_an_author(office: SampleOffice) -> None:
    office.give("colleague", Role.DEPARTMENT_HEAD)
    item = office.item_at("sign_off")
    office.act(item, Action.RECALL, "colleague", reason="样例理由")
    office.act(item, Action.SUBMIT, "clerk")
    office.decide(item, "colleague")
    assert "seal" == office.place(item)


def test_who_only_submitted_is_an_author(office: SampleOffice) -> None:
    office.give("colleague", Role.DEPARTMENT_HEAD)
    item = office.draft()
    office.act(item, Action.SUBMIT, "colleague")
    with office.refused("author_may_not_decide"):
        office.decide(item, "colleague")


def test_a_save_without_a_change_makes_nobody_an_author(office: SampleOffice) -> None:
    office.give("colleague", Role.DEPARTMENT_HEAD)
    item = office.draft(changes={"title": "样例标题"})
    answer = office.revise(item, "colleague", title="样例标题")
    assert answer["changed"] is False
    office.act(item, Action.SUBMIT, "clerk")
    office.decide(item, "colleague")


def test_the_final_reviewer_may_publish_too(office: SampleOffice) -> None:
    office.give("final", Role.PUBLISHER, body="YL-CENTRE")
    item = office.item_at("cleared")
    office.act(item, Action.PUBLISH, "final")
    assert "publishing" == office.place(item)


def test_no_other_decider_publishes(office: SampleOffice) -> None:
    office.give("reviewer", Role.PUBLISHER, body="YL-CENTRE")
    item = office.item_at("cleared")
    with office.refused("decider_may_not_publish"):
        office.act(item, Action.PUBLISH, "reviewer")


def test_no_author_publishes(office: SampleOffice) -> None:
    office.give("clerk", Role.PUBLISHER, body="YL-CENTRE")
    item = office.item_at("cleared")
    with office.refused("author_may_not_publish"):
        office.act(item, Action.PUBLISH, "clerk")


def test_a_stage_that_was_voided_may_be_held_again_by_the_same_person(
    office: SampleOffice,
) -> None:
    item = office.item_at("seal")
    office.give_back(item, "keeper", to="sign_off")
    office.decide(item, "head")
    assert {"sign_off"} == office.standing(item)


def test_a_refusal_says_everything_that_is_wrong_and_who_could_act(office: SampleOffice) -> None:
    item = office.item_at("sign_off")
    with office.refused("role_missing", "author_may_not_decide") as refusal:
        office.act(item, Action.SIGN_OFF, "clerk")
    missing, authored = refusal.value.refusals  # type: ignore[attr-defined]
    expected = [
        ("head", "样例：head", "department_head", "东昌区民政局（样例）"),
        ("head2", "样例：head2", "department_head", "东昌区民政局（样例）"),
    ]
    for each in (missing, authored):
        assert expected == [(who.name, who.display_name, who.role, who.body) for who in each.who]


def test_who_could_act_leaves_out_whom_a_rule_keeps_out(office: SampleOffice) -> None:
    office.give("head", Role.SEAL_KEEPER)
    office.give("clerk", Role.SEAL_KEEPER)
    item = office.item_at("seal")
    with office.refused("decided_at_another_stage") as refusal:
        office.act(item, Action.SEAL, "head")
    (only,) = refusal.value.refusals  # type: ignore[attr-defined]
    assert ["keeper", "keeper2"] == [who.name for who in only.who]


def test_two_stages_of_the_two_tiers_are_never_one_persons(
    open_office: Callable[[str], SampleOffice],
) -> None:
    office = open_office("two_tier")
    office.give("deputy", Role.DEPARTMENT_HEAD)
    item = office.item_at("principal_sign_off")
    with office.refused("decided_at_another_stage"):
        office.decide(item, "deputy")


def test_whose_decision_stands_does_not_submit_and_so_become_an_author(
    office: SampleOffice,
) -> None:
    office.give("head", Role.CLERK)
    item = office.item_at("seal")
    office.give_back(item, "keeper")
    with office.refused("decided_at_another_stage") as refusal:
        office.act(item, Action.SUBMIT, "head")
    (only,) = refusal.value.refusals  # type: ignore[attr-defined]
    assert ["clerk", "colleague"] == [who.name for who in only.who]
    office.act(item, Action.SUBMIT, "colleague")
    assert "seal" == office.place(item)


def test_whose_decision_an_edit_has_voided_may_submit(office: SampleOffice) -> None:
    office.give("head", Role.CLERK)
    item = office.item_at("seal")
    office.give_back(item, "keeper")
    office.revise(item, title="样例：改过的标题")
    office.act(item, Action.SUBMIT, "head")
    assert ("sign_off", set()) == (office.place(item), office.standing(item))


def test_the_drafters_opinion_stands_over_a_resubmission(
    open_office: Callable[[str], SampleOffice],
) -> None:
    office = open_office("standard_four_step")
    item = office.item_at("unit_head_sign_off")
    assert {"originator_opinion"} == office.standing(item)
    office.give_back(item, "deputy")
    office.act(item, Action.SUBMIT, "clerk")
    assert "unit_head_sign_off" == office.place(item)
