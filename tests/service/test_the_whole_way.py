"""An item travels from draft to published, under each policy that ships."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from tests.service.sample_office import HOLDER, START, VERB
from workflow import policy
from workflow.guards import Role
from workflow.machine import Action, State

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.service.sample_office import SampleOffice


@pytest.mark.parametrize("code", policy.SHIPPED)
def test_every_shipped_policy_leads_from_draft_to_published(
    open_office: Callable[[str], SampleOffice], code: str
) -> None:
    office = open_office(code)
    item = office.draft()
    places = [office.place(item)]
    office.act(item, Action.SUBMIT, "clerk")
    while (place := office.place(item)) not in set(State):
        places.append(place)
        office.decide(item)
    office.act(item, Action.PUBLISH, "publisher")
    office.deliver(item)

    stages = [stage.name for stage in policy.shipped(code).stages]
    assert ["draft", *stages] == places
    assert "published" == office.place(item)
    assert set(stages) == office.standing(item)
    assert {office.row(item).digest} == {decision.digest for decision in office.decisions(item)}
    assert [] == office.faults()


def test_the_trail_tells_the_whole_way(office: SampleOffice) -> None:
    item = office.item_at("published")
    expected = [
        ("created", "clerk"),
        ("submitted", "clerk"),
        ("signed_off", "head"),
        ("sealed", "keeper"),
        ("review_disclosed", "reviewer"),
        ("approved", "final"),
        ("publication_started", "publisher"),
        ("published", "system"),
    ]
    assert expected == [(entry.event, entry.actor) for entry in office.trail(item)]
    assert {("test", None)} == {(entry.channel, entry.on_behalf_of) for entry in office.trail(item)}


def test_every_step_makes_the_version_grow_by_one(office: SampleOffice) -> None:
    item = office.item_at("published")
    assert 8 == office.row(item).version


def test_an_answer_tells_where_the_item_is_now(office: SampleOffice) -> None:
    item = office.draft()
    answer = office.act(item, Action.SUBMIT, "clerk")
    row = office.row(item)
    expected: dict[str, Any] = {
        "item": item,
        "version": 2,
        "at": f"{item}@2",
        "digest": row.digest,
        "state": "pending",
        "stage": "sign_off",
        "index_number": "YL-CIVIL/2017-00001",
        "action": "submit",
        "voided": [],
    }
    assert expected == answer


def test_the_instants_are_those_of_the_clock(office: SampleOffice) -> None:
    item = office.draft()
    office.clock.advance(timedelta(hours=1))
    office.act(item, Action.SUBMIT, "clerk")
    office.clock.advance(timedelta(hours=1))
    office.decide(item)
    row = office.row(item)
    assert START == row.created_at
    assert START + timedelta(hours=1) == row.submitted_at
    assert START + timedelta(hours=2) == row.entered_at
    assert [START + timedelta(hours=2)] == [each.decided_at for each in office.decisions(item)]


def test_published_at_is_the_instant_of_publication_and_not_of_the_decision_for_it(
    office: SampleOffice,
) -> None:
    item = office.item_at("publishing")
    assert office.row(item).published_at is None
    office.clock.advance(timedelta(minutes=7))
    office.deliver(item)
    assert START + timedelta(minutes=7) == office.row(item).published_at


def test_a_whole_entry_can_be_submitted_at_once(office: SampleOffice) -> None:
    item = office.draft(submit=True)
    assert "sign_off" == office.place(item)
    assert 1 == office.row(item).round


def test_an_entry_that_cannot_be_submitted_leaves_no_draft_behind(office: SampleOffice) -> None:
    with office.refused("attribute_required"):
        office.draft(changes={"attribute": None}, submit=True)


@pytest.mark.parametrize(
    ("missing", "code"),
    [
        ("attribute", "attribute_required"),
        ("formed_on", "formed_on_required"),
        ("category", "category_required"),
    ],
)
def test_a_draft_is_submitted_only_when_it_is_complete(
    office: SampleOffice, missing: str, code: str
) -> None:
    item = office.draft(changes={missing: None})
    with office.refused(code):
        office.act(item, Action.SUBMIT, "clerk")


def test_the_first_stage_of_the_four_steps_is_the_drafters_own(
    open_office: Callable[[str], SampleOffice],
) -> None:
    office = open_office("standard_four_step")
    item = office.item_at("originator_opinion")
    office.decide(item, "clerk")
    assert "unit_head_sign_off" == office.place(item)
    assert "clerk" == office.trail(item)[-1].actor


def test_who_gave_the_opinion_decides_at_no_other_stage(
    open_office: Callable[[str], SampleOffice],
) -> None:
    office = open_office("standard_four_step")
    item = office.item_at("originator_opinion")
    office.accounts.grant(office["admin"], "colleague", Role.DEPUTY_HEAD, body="YL-CIVIL")
    office.decide(item, "colleague")
    with office.refused("decided_at_another_stage") as refusal:
        office.decide(item, "colleague")
    assert "originator_opinion" == refusal.value.params["stage"]


def test_both_leaders_of_the_two_tiers_have_to_sign(
    open_office: Callable[[str], SampleOffice],
) -> None:
    office = open_office("two_tier")
    item = office.item_at("deputy_sign_off")
    with office.refused("role_missing"):
        office.act(item, Action.SIGN_OFF, "head")
    office.decide(item)
    assert "principal_sign_off" == office.place(item)
    with office.refused("role_missing", "decided_at_another_stage"):
        office.act(item, Action.SIGN_OFF, "deputy")


@pytest.mark.parametrize("code", policy.SHIPPED)
def test_no_verb_but_its_own_moves_a_stage(
    open_office: Callable[[str], SampleOffice], code: str
) -> None:
    office = open_office(code)
    item = office.draft(submit=True)
    for stage in policy.shipped(code).stages:
        holder = HOLDER[Role(stage.role)]
        for action in {Action.SIGN_OFF, Action.SEAL, Action.APPROVE, Action.ANSWER} - {
            VERB.get(stage.kind)
        }:
            with office.refused("wrong_state"):
                office.act(item, action, holder, answer="样例")
        office.decide(item)
    assert "cleared" == office.place(item)
