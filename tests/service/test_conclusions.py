"""What a confidentiality review can conclude: in part, on request only, withheld, referred."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from workflow.guards import Role
from workflow.machine import Action
from workflow.policy import SHIPPED

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.service.sample_office import SampleOffice

PRIVATE = {
    "attribute": "not_disclosed",
    "ground": "personal_privacy",
    "attribute_reason": "样例：含有个人信息",
}
ON_REQUEST = {
    "attribute": "on_request",
    "ground": "internal_affairs",
    "attribute_reason": "样例：内部事务",
}


# -- in part ---------------------------------------------------------------------------------


def demanded(office: SampleOffice, **changes: Any) -> int:
    """Return an item of which a redaction was asked, as a draft."""
    item = office.item_at("confidentiality_review", **changes)
    office.act(item, Action.REVIEW_DISCLOSE_IN_PART, "reviewer", redactions=("样例：电话",))
    return item


def redact(office: SampleOffice, item: int, **changes: Any) -> dict[str, Any]:
    """Record an item's text, with ``changes``, as the redaction that was asked for."""
    return office.service.revise(
        item, office["clerk"], changes, seen=office.row(item).version, redaction=True
    )


def redacted(office: SampleOffice) -> int:
    """Return an item whose current revision is the redaction that was asked for, as a draft."""
    item = demanded(office)
    redact(office, item, body="样例正文，已删去电话。")
    return item


def told(office: SampleOffice, item: int) -> list[dict[str, Any]]:
    """Return an item's decisions as its people are told of them, with all that was said."""
    decisions: list[dict[str, Any]] = office.queries.show(office["supervisor"], item)["decisions"]
    return decisions


def test_in_part_sends_the_item_back_with_a_list_of_redactions(office: SampleOffice) -> None:
    item = office.item_at("confidentiality_review")
    office.act(
        item,
        Action.REVIEW_DISCLOSE_IN_PART,
        "reviewer",
        redactions=("样例：电话", "样例：住址"),
        found=("personal_privacy",),
    )
    asked = office.decisions(item)[-1]
    details = told(office, item)[-1]["details"]
    assert ("draft", False) == (office.place(item), asked.positive)
    assert ["样例：电话", "样例：住址"] == details["redactions"]
    assert {"personal_privacy"} == {code for code, yes in details["checklist"].items() if yes}


def test_on_the_redaction_itself_the_same_conclusion_passes_on(office: SampleOffice) -> None:
    item = redacted(office)
    office.carry(item, to="confidentiality_review")
    office.act(item, Action.REVIEW_DISCLOSE_IN_PART, "reviewer")
    assert "final_review" == office.place(item)
    office.carry(item, to="published")


@pytest.mark.parametrize("redactions", [(), ("",), (" \n", "　")], ids=["none", "empty", "blank"])
def test_in_part_needs_a_list_of_redactions(
    office: SampleOffice, redactions: tuple[str, ...]
) -> None:
    item = office.item_at("confidentiality_review")
    with office.refused("redactions_required"):
        office.act(item, Action.REVIEW_DISCLOSE_IN_PART, "reviewer", redactions=redactions)


def test_no_revision_is_a_redaction_that_nobody_asked_for(office: SampleOffice) -> None:
    item = office.draft()
    with office.refused("no_redaction_asked"):
        office.service.revise(
            item, office["clerk"], {"body": "样例正文二。"}, seen=1, redaction=True
        )


def test_an_edit_after_the_redaction_is_not_the_redaction(office: SampleOffice) -> None:
    item = redacted(office)
    office.revise(item, body="样例正文，又写上了电话。")
    with office.refused("redaction_owed"):
        office.act(item, Action.SUBMIT, "clerk")


def test_a_save_without_a_change_leaves_the_redaction_what_it_is(office: SampleOffice) -> None:
    item = redacted(office)
    with office.unchanged():
        answer = office.revise(item, body="样例正文，已删去电话。")
    assert answer["changed"] is False
    with office.unchanged():
        assert redact(office, item)["changed"] is False


def test_a_text_that_was_changed_may_be_recorded_as_the_redaction(office: SampleOffice) -> None:
    item = demanded(office)
    office.revise(item, body="样例正文，已删去电话。")
    with office.refused("redaction_owed"):
        office.act(item, Action.SUBMIT, "clerk")
    assert redact(office, item)["changed"] is True
    office.carry(item, to="confidentiality_review")
    office.act(item, Action.REVIEW_DISCLOSE_IN_PART, "reviewer")
    assert "final_review" == office.place(item)


def test_no_redaction_takes_nothing_out(office: SampleOffice) -> None:
    item = demanded(office)
    body = office.queries.show(office["clerk"], item)["content"]["body"]
    with office.refused("redaction_unchanged"):
        redact(office, item)
    assert {"sign_off", "seal"} == office.standing(item)
    office.revise(item, body="样例正文，已删去电话。")
    with office.refused("redaction_unchanged"):
        redact(office, item, body=body)


def test_the_text_of_an_earlier_demand_is_no_redaction_of_a_later_one(
    office: SampleOffice,
) -> None:
    item = demanded(office)
    first = office.queries.show(office["clerk"], item)["content"]["body"]
    redact(office, item, body="样例正文，已删去电话。")
    office.carry(item, to="confidentiality_review")
    office.act(item, Action.REVIEW_DISCLOSE_IN_PART, "reviewer2", redactions=("样例：住址",))
    with office.refused("redaction_unchanged"):
        redact(office, item, body=first)


def test_a_decided_text_is_not_recorded_as_the_redaction(office: SampleOffice) -> None:
    item = demanded(office)
    office.revise(item, **PRIVATE)
    office.carry(item, to="seal")
    office.give_back(item, "keeper")
    with office.refused("redaction_unchanged"):
        redact(office, item)
    assert {"sign_off"} == office.standing(item)


def test_what_a_review_wants_redacted_is_not_submitted_again_as_it_is(
    office: SampleOffice,
) -> None:
    item = demanded(office)
    with office.refused("redaction_owed"):
        office.act(item, Action.SUBMIT, "clerk")
    with office.refused("redaction_owed"):
        office.act(item, Action.SUBMIT, "colleague")


def test_what_is_not_to_be_published_owes_a_redaction_only_as_it_is(
    office: SampleOffice,
) -> None:
    item = demanded(office, **PRIVATE)
    with office.refused("redaction_owed"):
        office.act(item, Action.SUBMIT, "clerk")
    office.revise(item, title="样例：标题更正")
    office.carry(item, to="withheld")


def test_what_is_withheld_after_all_is_not_published_without_the_redaction(
    office: SampleOffice,
) -> None:
    item = demanded(office)
    office.revise(item, **PRIVATE)
    office.carry(item, to="confidentiality_review")
    office.give_back(item, "reviewer2")
    office.revise(item, attribute="proactive", ground=None, attribute_reason=None)
    with office.refused("redaction_owed"):
        office.act(item, Action.SUBMIT, "clerk")


def test_a_new_list_on_a_redaction_asks_for_another_one(office: SampleOffice) -> None:
    item = redacted(office)
    office.carry(item, to="confidentiality_review")
    answer = office.act(
        item, Action.REVIEW_DISCLOSE_IN_PART, "reviewer2", redactions=("样例：住址",)
    )
    assert ("draft", False) == (answer["state"], office.decisions(item)[-1].positive)
    with office.refused("redaction_owed"):
        office.act(item, Action.SUBMIT, "clerk")
    redact(office, item, body="样例正文，已删去电话和住址。")
    office.carry(item, to="confidentiality_review")
    office.act(item, Action.REVIEW_DISCLOSE_IN_PART, "reviewer")
    office.carry(item, to="published")


def test_a_blank_list_on_a_redaction_passes_nothing(office: SampleOffice) -> None:
    item = redacted(office)
    office.carry(item, to="confidentiality_review")
    with office.refused("redactions_required"):
        office.act(item, Action.REVIEW_DISCLOSE_IN_PART, "reviewer", redactions=("\u200b",))


def test_who_lists_what_has_to_go_does_not_disclose_the_whole(office: SampleOffice) -> None:
    item = office.item_at("confidentiality_review")
    with office.refused("redactions_not_whole"):
        office.act(item, Action.REVIEW_DISCLOSE, "reviewer", redactions=("样例：电话",))


@pytest.mark.parametrize("code", SHIPPED)
def test_a_redaction_goes_through_every_stage_to_publication(
    open_office: Callable[[str], SampleOffice], code: str
) -> None:
    office = open_office(code)
    item = demanded(office)
    review = "confidentiality_review"
    stages = [stage.name for stage in office.policy(item).stages]
    before = set(stages[: stages.index(review)])
    kept = before if office.policy(item).keeps_unchanged else set()
    assert ("draft", kept) == (office.place(item), office.standing(item))
    assert redact(office, item, body="样例正文，已删去电话。")["voided"] == sorted(
        kept, key=stages.index
    )
    office.act(item, Action.SUBMIT, "clerk")
    for stage in stages:
        assert stage == office.place(item)
        if stage == review:
            office.act(item, Action.REVIEW_DISCLOSE_IN_PART, "reviewer")
        else:
            office.decide(item)
    assert ("cleared", set(stages)) == (office.place(item), office.standing(item))
    office.carry(item, to="published")
    assert {office.row(item).digest} == {
        row.digest for row in office.decisions(item) if row.voided_at is None and row.positive
    }
    assert [] == office.faults()


@pytest.mark.parametrize("code", SHIPPED)
def test_after_a_demand_a_recall_and_a_return_still_lead_on(
    open_office: Callable[[str], SampleOffice], code: str
) -> None:
    office = open_office(code)
    item = demanded(office)
    redact(office, item, body="样例正文，已删去电话。")
    office.act(item, Action.SUBMIT, "clerk")
    office.act(item, Action.RECALL, "clerk", reason="样例理由")
    office.carry(item, to="final_review")
    office.give_back(item, "final")
    office.carry(item, to="published")


def test_where_decisions_are_repeated_a_demand_voids_them_all(
    open_office: Callable[[str], SampleOffice],
) -> None:
    office = open_office("two_tier")
    item = office.item_at("confidentiality_review")
    answer = office.act(
        item, Action.REVIEW_DISCLOSE_IN_PART, "reviewer", redactions=("样例：电话",)
    )
    assert ["deputy_sign_off", "principal_sign_off", "seal"] == answer["voided"]
    assert 1 == office.events(item).count("seal_voided")


def test_a_redaction_may_be_corrected_in_a_later_round(office: SampleOffice) -> None:
    item = redacted(office)
    office.carry(item, to="seal")
    office.give_back(item, "keeper")
    redact(office, item, title="样例：标题更正")
    office.carry(item, to="confidentiality_review")
    office.act(item, Action.REVIEW_DISCLOSE_IN_PART, "reviewer")
    assert "final_review" == office.place(item)


# -- against publication ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "end"), [(PRIVATE, "withheld"), (ON_REQUEST, "on_request_only")], ids=["no", "ask"]
)
def test_what_the_drafter_would_not_publish_passes_every_stage(
    office: SampleOffice, fields: dict[str, Any], end: str
) -> None:
    item = office.item_at(end, **fields)
    row = office.row(item)
    assert {"sign_off", "seal", "confidentiality_review", "final_review"} == office.standing(item)
    assert (fields["ground"], date(2018, 1, 20)) == (row.ground, row.reassess_on)
    assert row.published_at is None
    assert [] == office.deliveries(item)


@pytest.mark.parametrize(
    ("action", "ground", "end"),
    [
        (Action.REVIEW_WITHHOLD, "personal_privacy", "withheld"),
        (Action.REVIEW_ON_REQUEST_ONLY, "process_information", "on_request_only"),
    ],
    ids=["no", "ask"],
)
def test_the_reviewer_may_conclude_against_publication(
    office: SampleOffice, action: Action, ground: str, end: str
) -> None:
    item = office.item_at("confidentiality_review")
    answer = office.act(item, action, "reviewer", ground=ground)
    assert ("final_review", end) == (answer["stage"], answer["outcome"])
    office.decide(item)
    assert (end, ground) == (office.place(item), office.row(item).ground)


def test_one_person_alone_never_withholds(office: SampleOffice) -> None:
    office.give("reviewer", Role.FINAL_REVIEWER, body="YL-CENTRE")
    item = office.item_at("confidentiality_review")
    office.act(item, Action.REVIEW_WITHHOLD, "reviewer", ground="personal_privacy")
    assert "final_review" == office.place(item)
    with office.refused("decided_at_another_stage"):
        office.act(item, Action.APPROVE, "reviewer")


def test_the_final_reviewer_may_send_a_conclusion_back(office: SampleOffice) -> None:
    item = office.item_at("confidentiality_review")
    office.act(item, Action.REVIEW_WITHHOLD, "reviewer", ground="personal_privacy")
    office.give_back(item, "final", to="confidentiality_review")
    office.act(item, Action.REVIEW_DISCLOSE, "reviewer")
    office.carry(item, to="cleared")
    assert office.row(item).ground is None


def test_every_stage_confirms_what_the_drafter_would_not_publish(
    open_office: Callable[[str], SampleOffice],
) -> None:
    office = open_office("standard_four_step")
    item = office.item_at("confidentiality_review", **PRIVATE)
    office.act(item, Action.REVIEW_WITHHOLD, "reviewer")
    assert "leader_sign_off" == office.place(item)


def test_against_a_proactive_attribute_the_conclusion_goes_straight_to_the_final_review(
    open_office: Callable[[str], SampleOffice],
) -> None:
    office = open_office("standard_four_step")
    item = office.item_at("confidentiality_review")
    office.act(item, Action.REVIEW_WITHHOLD, "reviewer", ground="personal_privacy")
    assert "final_review" == office.place(item)
    office.decide(item)
    assert "withheld" == office.place(item)


@pytest.mark.parametrize(
    ("action", "wish", "code"),
    [
        (Action.REVIEW_WITHHOLD, {}, "ground_required"),
        (Action.REVIEW_WITHHOLD, {"ground": "bad_mood"}, "unknown_ground"),
        (Action.REVIEW_WITHHOLD, {"ground": "work_secret"}, "ground_does_not_serve"),
        (Action.REVIEW_ON_REQUEST_ONLY, {"ground": "state_secret"}, "ground_does_not_serve"),
        (
            Action.REVIEW_WITHHOLD,
            {"ground": "personal_privacy", "reassess_on": date(2017, 1, 20)},
            "reassessment_not_ahead",
        ),
        (
            Action.REVIEW_WITHHOLD,
            {"ground": "personal_privacy", "found": ("nonsense",)},
            "unknown_question",
        ),
        (Action.REVIEW_DISCLOSE, {"found": ("trade_secret",)}, "found_something"),
    ],
    ids=["none", "unknown", "no-ground", "other", "today", "question", "found"],
)
def test_a_conclusion_needs_a_ground_that_serves_it(
    office: SampleOffice, action: Action, wish: dict[str, Any], code: str
) -> None:
    item = office.item_at("confidentiality_review")
    with office.refused(code):
        office.act(item, action, "reviewer", **wish)


def test_what_is_not_meant_for_publication_is_not_disclosed_by_the_reviewer(
    office: SampleOffice,
) -> None:
    item = office.item_at("confidentiality_review", **PRIVATE)
    with office.refused("attribute_not_proactive"):
        office.act(item, Action.REVIEW_DISCLOSE, "reviewer")


@pytest.mark.parametrize(
    ("fields", "codes"),
    [
        ({"attribute": "on_request"}, ("ground_required", "attribute_reason_required")),
        (
            {"attribute": "on_request", "ground": "state_secret", "attribute_reason": "样例"},
            ("ground_does_not_serve",),
        ),
        (
            {"attribute": "not_disclosed", "ground": "work_secret", "attribute_reason": "样例"},
            ("ground_does_not_serve",),
        ),
        (
            {"attribute": "not_disclosed", "ground": "personal_privacy", "attribute_reason": " "},
            ("attribute_reason_required",),
        ),
    ],
    ids=["nothing", "wrong", "no-ground", "blank"],
)
def test_a_drafter_who_would_not_publish_says_why(
    office: SampleOffice, fields: dict[str, Any], codes: tuple[str, ...]
) -> None:
    item = office.draft(changes=fields)
    with office.refused(*codes):
        office.act(item, Action.SUBMIT, "clerk")


def test_the_article_is_that_of_the_regulations_in_force_on_the_formation_date(
    office: SampleOffice,
) -> None:
    old = office.item_at("withheld", **PRIVATE)
    office.clock.advance(timedelta(days=3 * 365))
    new = office.item_at("withheld", **PRIVATE | {"formed_on": "2019-05-15"})
    last = office.item_at("withheld", **PRIVATE | {"formed_on": "2019-05-14"})
    bases = {
        item: next(row.basis for row in office.decisions(item) if row.basis is not None)
        for item in (old, new, last)
    }
    assert {old: "14", new: "15", last: "14"} == bases


def test_the_reviewer_may_name_the_day_of_the_reassessment(office: SampleOffice) -> None:
    item = office.item_at("confidentiality_review", **PRIVATE)
    office.act(item, Action.REVIEW_WITHHOLD, "reviewer", reassess_on=date(2017, 6, 30))
    office.decide(item)
    assert date(2017, 6, 30) == office.row(item).reassess_on


def test_a_year_after_a_leap_day_is_the_last_day_of_february(office: SampleOffice) -> None:
    office.clock.set(office.clock().replace(year=2016, month=2, day=29))
    item = office.item_at("withheld", **PRIVATE | {"formed_on": "2016-02-01"})
    assert date(2017, 2, 28) == office.row(item).reassess_on


# -- referred --------------------------------------------------------------------------------


def test_a_doubt_may_be_referred_and_answered(office: SampleOffice) -> None:
    item = office.item_at("confidentiality_review")
    office.act(
        item,
        Action.REVIEW_REFER,
        "reviewer",
        question="样例：是否涉密？",
        addressee="样例：保密行政管理部门",
    )
    row = office.row(item)
    assert ("referred", "confidentiality_review") == (str(row.state), row.stage)
    office.act(
        item, Action.ANSWER, "reviewer2", answer="样例：不涉密。", answered_on=date(2017, 1, 19)
    )
    assert "confidentiality_review" == office.place(item)
    office.decide(item)
    asked, answered, _ = told(office, item)[-3:]
    assert ("样例：是否涉密？", "样例：保密行政管理部门") == (
        asked["details"]["question"],
        asked["details"]["addressee"],
    )
    assert {"answer": "样例：不涉密。", "answered_on": "2017-01-19"} == answered["details"]


def test_a_referral_says_what_is_asked_and_of_whom(office: SampleOffice) -> None:
    item = office.item_at("confidentiality_review")
    with office.refused("question_required", "addressee_required"):
        office.act(item, Action.REVIEW_REFER, "reviewer")


def test_an_answer_is_not_empty_and_not_of_tomorrow(office: SampleOffice) -> None:
    item = office.item_at("confidentiality_review")
    office.act(item, Action.REVIEW_REFER, "reviewer", question="样例", addressee="样例")
    with office.refused("answer_required"):
        office.act(item, Action.ANSWER, "reviewer")
    with office.refused("date_in_future"):
        office.act(item, Action.ANSWER, "reviewer", answer="样例", answered_on=date(2017, 1, 21))


@pytest.mark.parametrize("action", [Action.REVIEW_DISCLOSE, Action.RECALL, Action.RETURN])
def test_nothing_but_an_answer_moves_what_was_referred(
    office: SampleOffice, action: Action
) -> None:
    item = office.item_at("confidentiality_review")
    office.act(item, Action.REVIEW_REFER, "reviewer", question="样例", addressee="样例")
    by = "clerk" if action is Action.RECALL else "reviewer"
    with office.refused("wrong_state"):
        office.act(item, action, by, to="draft", reason="样例", reason_code="other")


def test_asking_makes_nobody_a_decider_of_the_stage(office: SampleOffice) -> None:
    item = office.item_at("confidentiality_review")
    office.act(item, Action.REVIEW_REFER, "reviewer", question="样例", addressee="样例")
    office.act(item, Action.ANSWER, "reviewer", answer="样例")
    office.act(item, Action.REVIEW_DISCLOSE, "reviewer2")
    assert "final_review" == office.place(item)


def test_no_author_answers(office: SampleOffice) -> None:
    item = office.item_at("confidentiality_review")
    office.act(item, Action.REVIEW_REFER, "reviewer", question="样例", addressee="样例")
    office.give("clerk", Role.CONFIDENTIALITY_REVIEWER)
    with office.refused("author_may_not_decide"):
        office.act(item, Action.ANSWER, "clerk", answer="样例")
