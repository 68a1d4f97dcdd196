"""Publishing ahead of a review, in two people's hands, and making up for it afterwards (S18)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

import pytest
from sqlalchemy import select

from tests.service.sample_office import CIVIL, HOLDER, VERB
from tests.service.tampering import unguarded
from tests.service.test_deputies import lend
from tests.service.test_retracting import WORDS, clocks
from workflow import policy
from workflow.channels import PublicItem, RetractedItem
from workflow.errors import ChannelFailed, NotFound
from workflow.guards import Role
from workflow.machine import Action, State
from workflow.models import Deadline, table
from workflow.testing import MemoryChannel

if TYPE_CHECKING:
    from tests.service.sample_office import SampleOffice

ASK, CONFIRM = Action.PUBLISH_URGENTLY, Action.CONFIRM_URGENT_PUBLICATION
NUMBER: Final = "YL-CIVIL/2017-00001"
REASON: Final = "样例理由：汛情紧急"
STAGES: Final = ("sign_off", "seal", "confidentiality_review", "final_review")
_deadline = table(Deadline)


def started(office: SampleOffice, place: str = "sign_off", **changes: Any) -> int:
    """Return an item that two people have sent to publication ahead of its review."""
    item = office.item_at(place, **changes)
    office.act(item, ASK, "supervisor", reason=REASON)
    office.act(item, CONFIRM, "publisher")
    return item


def urgent(office: SampleOffice, place: str = "sign_off", **changes: Any) -> int:
    """Return an item that is public ahead of its review."""
    item = started(office, place, **changes)
    office.deliver(item)
    return item


def make_up(office: SampleOffice, item: int, by: str | None = None, **wish: Any) -> dict[str, Any]:
    """Hold the stage that is owed next."""
    stage = office.policy(item).stage(office.row(item).owed_stage)
    action = VERB.get(stage.kind, Action.REVIEW_DISCLOSE)
    return office.act(item, action, by or HOLDER[Role(stage.role)], **wish)


def budget(office: SampleOffice, item: int) -> list[str]:
    """Return the desks whose budgets run for an item."""
    with office.database.read() as connection:
        rows = connection.execute(
            select(_deadline.c.stage).where(
                _deadline.c.item_id == item,
                _deadline.c.clock == "stage",
                _deadline.c.met_on.is_(None),
                _deadline.c.voided_at.is_(None),
            )
        )
        return list(rows.scalars())


def inbox(office: SampleOffice, name: str) -> list[tuple[int, str | None]]:
    return [(row["item"], row["duty"]) for row in office.queries.inbox(office[name]).rows]


# -- two people, and a reason --------------------------------------------------------------------


@pytest.mark.parametrize("place", [*STAGES, "cleared"])
def test_with_both_people_and_a_reason_it_is_published_from_every_stage(
    office: SampleOffice, place: str
) -> None:
    """S18: flagged until the second review; what was held already stays held."""
    item = office.item_at(place)
    before = office.standing(item)
    answer = office.act(item, ASK, "supervisor", reason=REASON)
    # To ask changes nothing for the public, and nothing for those who go on deciding.
    assert (place, before) == (office.place(item), office.standing(item))
    answer = office.act(item, CONFIRM, "publisher")
    assert "publishing" == answer["state"]
    owed = next((stage for stage in STAGES if stage not in before), None)
    assert owed == office.row(item).owed_stage
    office.deliver(item)
    row = office.row(item)
    assert (State.PUBLISHED, owed) == (row.state, row.owed_stage)
    assert ("online", "met") in clocks(office, item)
    assert [] == office.faults()


def test_without_a_reason_nothing_is_published_urgently(office: SampleOffice) -> None:
    """S18: the reason is mandatory."""
    item = office.item_at("seal")
    for reason in (None, " \u3000"):
        with office.refused("reason_required"):
            office.act(item, ASK, "supervisor", reason=reason)


def test_one_person_alone_publishes_nothing_urgently(office: SampleOffice) -> None:
    """S18: neither without having been asked, nor by who asked, whatever that person holds."""
    item = office.item_at("final_review")
    with office.refused("not_asked_for"):
        office.act(item, CONFIRM, "final")
    office.give("final", Role.PUBLISHER, body="YL-CENTRE")
    office.act(item, ASK, "final", reason=REASON)
    with office.refused("asker_may_not_confirm") as caught:
        office.act(item, CONFIRM, "final")
    (refusal,) = caught.value.refusals  # type: ignore[attr-defined]
    # The refusal names who can: publishers, and whom the policy allows.
    assert {"publisher", "publisher2", "final2", "supervisor"} == {who.name for who in refusal.who}


def test_either_of_the_two_asks_and_the_other_one_confirms(office: SampleOffice) -> None:
    for first, second in (("publisher", "supervisor"), ("final", "publisher")):
        item = office.item_at("cleared")
        office.give_back(item, "publisher", to="final_review")
        office.act(item, ASK, first, reason=REASON)
        office.act(item, CONFIRM, second)
        assert "publishing" == office.place(item)


def test_two_of_one_kind_are_not_the_two_that_it_takes(office: SampleOffice) -> None:
    """S18: a publisher and a person whom the policy names; not two publishers, nor none."""
    item = office.item_at("cleared")
    office.act(item, ASK, "publisher", reason=REASON)
    with office.refused("not_the_second_person"):
        office.act(item, CONFIRM, "publisher2")
    office.act(item, Action.CALL_OFF, "publisher2")
    office.act(item, ASK, "supervisor", reason=REASON)
    with office.refused("not_the_second_person"):
        office.act(item, CONFIRM, "final2")


def test_nobody_else_asks_or_confirms(office: SampleOffice) -> None:
    item = office.item_at("seal")
    with office.refused("role_missing", "author_may_not_publish"):
        office.act(item, ASK, "clerk", reason=REASON)
    with office.refused("role_missing", "decider_may_not_publish"):
        office.act(item, ASK, "head", reason=REASON)
    for name in ("keeper", "head2"):
        with office.refused("role_missing"):
            office.act(item, ASK, name, reason=REASON)
    # A publisher is shown it only when it was asked for.
    with office.refused("no_such_item", by=NotFound):
        office.act(item, ASK, "publisher", reason=REASON)
    office.act(item, ASK, "supervisor", reason=REASON)
    with office.refused("role_missing"):
        office.act(item, CONFIRM, "keeper")


def test_separation_of_duties_holds_for_both(office: SampleOffice) -> None:
    """S18: neither an author, nor who decided at a stage of this round."""
    office.give("clerk", Role.PUBLISHER, body="YL-CENTRE")
    office.give("head", Role.PUBLISHER, body="YL-CENTRE")
    item = office.item_at("seal")
    with office.refused("author_may_not_publish"):
        office.act(item, ASK, "clerk", reason=REASON)
    with office.refused("decider_may_not_publish"):
        office.act(item, ASK, "head", reason=REASON)
    office.act(item, ASK, "supervisor", reason=REASON)
    with office.refused("author_may_not_publish"):
        office.act(item, CONFIRM, "clerk")
    with office.refused("decider_may_not_publish"):
        office.act(item, CONFIRM, "head")


def test_who_asked_and_decided_since_is_none_of_the_two_any_more(office: SampleOffice) -> None:
    office.give("final", Role.SEAL_KEEPER)
    item = office.item_at("seal")
    office.act(item, ASK, "final", reason=REASON)
    assert [(item, "confirm_urgent_publication")] == inbox(office, "publisher")
    office.decide(item, "final")
    # Whoever can be one of the two may call it off, who asked for it included.
    for name in ("publisher", "publisher2", "supervisor", "final"):
        assert [(item, "call_off_urgent_publication")] == inbox(office, name)
    left = office.queries.left_by("publisher")["items"]
    assert {"publisher2", "supervisor", "final", "final2"} == {
        each["name"] for each in left[0]["others"]
    }
    with office.refused("asker_may_no_longer"):
        office.act(item, CONFIRM, "publisher")
    office.act(item, Action.CALL_OFF, "publisher")
    office.act(item, ASK, "supervisor", reason=REASON)
    office.accounts.set_enabled(office["admin"], "supervisor", enabled=False)
    with office.refused("asker_may_no_longer"):
        office.act(item, CONFIRM, "publisher")


def test_who_asked_as_a_deputy_asks_no_more_once_the_term_is_over(office: SampleOffice) -> None:
    """S15, S18: told to who comes second, who can only call it off."""
    item = office.item_at("sign_off")
    lent = lend(office, "supervisor", "keeper2")
    office.act(item, ASK, "keeper2", reason=REASON)
    with office.refused("not_the_second_person", "one_with_asker"):
        office.act(item, CONFIRM, "supervisor")
    assert [(item, "confirm_urgent_publication")] == inbox(office, "publisher")
    office.app.delegations.end(office["admin"], lent["delegation"])
    assert [(item, "call_off_urgent_publication")] == inbox(office, "publisher")
    with office.refused("asker_may_no_longer"):
        office.act(item, CONFIRM, "publisher")
    office.act(item, Action.CALL_OFF, "publisher")
    assert [] == office.faults()


def test_a_policy_that_names_nobody_allows_no_urgent_publication(office: SampleOffice) -> None:
    text = policy.shipped().text.replace('"supervisor","final_reviewer"', "")
    office.app.timekeeper.apply_policy(office["admin"], policy.stored(text), reason="样例")
    item = office.item_at("cleared")
    with office.refused("urgency_not_provided"):
        office.act(item, ASK, "publisher", reason=REASON)


def test_what_was_asked_for_under_a_policy_that_has_no_urgency_any_more_is_called_off(
    office: SampleOffice,
) -> None:
    item = office.item_at("seal")
    office.act(item, ASK, "supervisor", reason=REASON)
    text = policy.shipped().text.replace('"supervisor","final_reviewer"', "")
    office.app.timekeeper.apply_policy(office["admin"], policy.stored(text), reason="样例")
    assert [(item, "call_off_urgent_publication")] == inbox(office, "publisher")
    assert [] == inbox(office, "supervisor")
    with office.refused("asker_may_no_longer", "urgency_not_provided"):
        office.act(item, CONFIRM, "publisher")
    office.act(item, Action.CALL_OFF, "publisher")
    assert ([], []) == (inbox(office, "publisher"), office.faults())


def test_a_policy_may_name_people_by_their_accounts(office: SampleOffice) -> None:
    text = policy.shipped().text.replace(
        '"people":[],"roles":["supervisor","final_reviewer"]', '"people":["deputy"],"roles":[]'
    )
    office.app.timekeeper.apply_policy(office["admin"], policy.stored(text), reason="样例")
    item = office.item_at("sign_off")
    with office.refused("role_missing"):
        office.act(item, ASK, "supervisor", reason=REASON)
    office.act(item, ASK, "deputy", reason=REASON)
    office.act(item, CONFIRM, "publisher")
    assert "publishing" == office.place(item)


# -- what may go out so --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("attribute", "ground"),
    [("on_request", "internal_affairs"), ("not_disclosed", "personal_privacy")],
)
def test_what_is_not_to_be_published_is_not_so_urgently(
    office: SampleOffice, attribute: str, ground: str
) -> None:
    item = office.item_at("seal", attribute=attribute, ground=ground, attribute_reason="样例")
    with office.refused("urgent_not_for_publication"):
        office.act(item, ASK, "supervisor", reason=REASON)


def test_what_a_review_concluded_against_is_not_published_urgently(office: SampleOffice) -> None:
    """The request ends with the conclusion, and none is made against it."""
    item = office.item_at("confidentiality_review")
    office.act(item, ASK, "supervisor", reason=REASON)
    office.act(item, Action.REVIEW_WITHHOLD, "reviewer", ground="personal_privacy")
    with office.refused("not_asked_for", "urgent_not_for_publication"):
        office.act(item, CONFIRM, "publisher")
    with office.refused("urgent_not_for_publication"):
        office.act(item, ASK, "supervisor", reason=REASON)
    assert [] == office.faults()


def test_what_is_referred_or_has_to_be_redacted_is_not_published_urgently(
    office: SampleOffice,
) -> None:
    item = office.item_at("confidentiality_review")
    office.act(item, ASK, "supervisor", reason=REASON)
    office.act(item, Action.REVIEW_REFER, "reviewer", question="样例", addressee="样例")
    with office.refused("wrong_state"):
        office.act(item, CONFIRM, "publisher")
    office.act(item, Action.ANSWER, "reviewer", answer="样例")
    office.act(item, Action.REVIEW_DISCLOSE_IN_PART, "reviewer", redactions=("样例电话",))
    with office.refused("wrong_state"):
        office.act(item, ASK, "supervisor", reason=REASON)
    assert ("draft", []) == (office.place(item), office.faults())


@pytest.mark.parametrize("back", [Action.RECALL, Action.RETURN])
def test_a_request_ends_with_the_way_back(office: SampleOffice, back: Action) -> None:
    item = office.item_at("sign_off")
    office.act(item, ASK, "supervisor", reason=REASON)
    if back is Action.RECALL:
        office.act(item, back, "clerk", reason="样例理由")
    else:
        office.give_back(item, "head")
    office.act(item, Action.SUBMIT, "clerk")
    with office.refused("not_asked_for"):
        office.act(item, CONFIRM, "publisher")
    office.act(item, ASK, "supervisor", reason=REASON)
    assert [] == office.faults()


def test_a_request_outlasts_decisions_in_favour_and_is_not_made_twice(office: SampleOffice) -> None:
    item = office.item_at("sign_off")
    office.act(item, ASK, "supervisor", reason=REASON)
    office.decide(item)
    with office.refused("asked_already"):
        office.act(item, ASK, "publisher", reason=REASON)
    office.act(item, CONFIRM, "publisher")
    assert "seal" == office.row(item).owed_stage


def test_a_request_that_is_called_off_changes_nothing(office: SampleOffice) -> None:
    item = office.item_at("seal")
    office.act(item, ASK, "supervisor", reason=REASON)
    with office.refused("role_missing"):
        office.act(item, Action.CALL_OFF, "keeper")
    office.act(item, Action.CALL_OFF, "supervisor")
    with office.refused("not_asked_for"):
        office.act(item, CONFIRM, "publisher")
    assert ("seal", []) == (office.place(item), office.faults())


def test_a_restricted_item_is_shown_to_publishers_once_it_was_asked_for(
    office: SampleOffice,
) -> None:
    item = office.carry(office.draft(restricted=True), to="final_review")
    for name in ("supervisor", "publisher"):
        with office.refused("no_such_item", by=NotFound):
            office.act(item, ASK, name, reason=REASON)
    office.act(item, ASK, "final", reason=REASON)
    assert [(item, "confirm_urgent_publication")] == inbox(office, "publisher")
    office.act(item, Action.CALL_OFF, "publisher")
    office.act(item, ASK, "publisher", reason=REASON)
    # Of the two kinds whom the policy names only one may see it.
    assert ([], [(item, "confirm_urgent_publication")]) == tuple(
        [each for each in inbox(office, name) if each[1]] for name in ("supervisor", "final2")
    )
    office.act(item, CONFIRM, "final2")
    assert [] == office.faults()


def test_who_may_confirm_finds_it_in_the_inbox_and_in_the_item(office: SampleOffice) -> None:
    item = office.item_at("sign_off")
    assert [] == inbox(office, "publisher")
    office.act(item, ASK, "supervisor", reason=REASON)
    assert [(item, "confirm_urgent_publication")] == inbox(office, "publisher")
    for name in ("supervisor", "final", "reviewer", "clerk"):
        assert [] == inbox(office, name)
    # Whoever holds the stage goes on deciding.
    assert [(item, None)] == inbox(office, "head")
    shown = office.queries.show(office["publisher"], item)
    assert ("urgent_publication", REASON) == (shown["asked"]["kind"], shown["asked"]["words"])


def test_late_publication_needs_its_reason_here_too(office: SampleOffice) -> None:
    item = office.item_at("seal", formed_on="2016-11-01")
    office.act(item, ASK, "supervisor", reason=REASON)
    with office.refused("late_reason_required"):
        office.act(item, CONFIRM, "publisher")
    office.act(item, CONFIRM, "publisher", late_reason="样例：迟")
    assert "publishing" == office.place(item)


def test_a_dry_run_publishes_nothing_urgently(office: SampleOffice) -> None:
    item = office.item_at("seal")
    with office.unchanged():
        office.act(item, ASK, "supervisor", reason=REASON, dry_run=True)
    office.act(item, ASK, "supervisor", reason=REASON)
    with office.unchanged():
        answer = office.act(item, CONFIRM, "publisher", dry_run=True)
    assert "publishing" == answer["state"]


# -- made up for afterwards ----------------------------------------------------------------------


def test_each_stage_is_made_up_for_in_order_and_only_then_the_flag_is_gone(
    office: SampleOffice,
) -> None:
    """S18: flagged until the second review, and the site says so as long."""
    item = started(office)
    channel = MemoryChannel()
    office.publisher(channel).dispatch()
    for number, stage in enumerate(STAGES):
        assert stage == office.row(item).owed_stage
        page = channel.pages[NUMBER]
        assert isinstance(page, PublicItem)
        assert page.review_owed
        assert [stage] == budget(office, item)
        holder = HOLDER[Role(office.policy(item).stage(stage).role)]
        assert [(item, None)] == inbox(office, holder)
        make_up(office, item)
        assert [] == inbox(office, holder)
        assert set(STAGES[: number + 1]) == office.standing(item)
    assert (None, "published") == (office.row(item).owed_stage, office.place(item))
    assert [] == budget(office, item)
    office.publisher(channel).dispatch()
    page = channel.pages[NUMBER]
    assert isinstance(page, PublicItem)
    assert not page.review_owed
    with office.refused("wrong_state"):
        office.act(item, Action.APPROVE, "final2")
    assert [] == office.faults()


def test_no_stage_is_made_up_for_out_of_its_order(office: SampleOffice) -> None:
    item = urgent(office)
    with office.refused("wrong_state"):
        office.act(item, Action.SEAL, "keeper")
    with office.refused("wrong_state"):
        office.act(item, Action.APPROVE, "final")


def test_the_same_guards_hold_afterwards(office: SampleOffice) -> None:
    """No author, nobody twice, and none of the two who let it out but at the final review."""
    for name, role in (("clerk", Role.DEPARTMENT_HEAD), ("head", Role.SEAL_KEEPER)):
        office.give(name, role)
    office.give("publisher", Role.DEPARTMENT_HEAD, body=CIVIL)
    item = urgent(office)
    with office.refused("author_may_not_decide"):
        make_up(office, item, "clerk")
    with office.refused("let_out_urgently") as caught:
        make_up(office, item, "publisher")
    (refusal,) = caught.value.refusals  # type: ignore[attr-defined]
    assert {"head", "head2"} == {who.name for who in refusal.who}
    assert [] == inbox(office, "publisher")
    with office.refused("role_missing"):
        make_up(office, item, "keeper")
    make_up(office, item)
    with office.refused("decided_at_another_stage"):
        make_up(office, item, "head")
    assert [] == inbox(office, "head")


def test_a_final_reviewer_who_let_it_out_may_hold_the_final_review(office: SampleOffice) -> None:
    item = office.item_at("final_review")
    office.act(item, ASK, "final", reason=REASON)
    office.act(item, CONFIRM, "publisher")
    office.deliver(item)
    make_up(office, item, "final")
    assert None is office.row(item).owed_stage


@pytest.mark.parametrize(
    ("action", "wish"),
    [
        (Action.RETURN, {"to": "draft", "reason": "样例理由", "reason_code": "wording"}),
        (Action.REVIEW_WITHHOLD, {"ground": "work_secret"}),
        (Action.REVIEW_ON_REQUEST_ONLY, {"ground": "internal_affairs"}),
        (Action.REVIEW_DISCLOSE_IN_PART, {"redactions": ("样例电话",)}),
        (Action.REVIEW_REFER, {"question": "样例", "addressee": "样例"}),
    ],
)
def test_who_objects_to_what_is_public_asks_for_its_retraction(
    office: SampleOffice, action: Action, wish: dict[str, Any]
) -> None:
    """What is public cannot be returned: the stage whose turn it is asks, another one confirms."""
    item = urgent(office, "confidentiality_review")
    with office.refused("public_already"):
        office.act(item, action, "reviewer", **wish)
    with office.refused("role_missing"):
        office.act(item, Action.RETRACT, "keeper", explanation=WORDS)
    office.act(item, Action.RETRACT, "reviewer", explanation=WORDS)
    shown = office.queries.show(office["final"], item)
    assert {"final", "final2"} == {each["name"] for each in shown["next"]["people"]}
    office.act(item, Action.CONFIRM_RETRACTION, "final")
    assert ("retracted", "confidentiality_review") == (
        office.place(item),
        office.row(item).owed_stage,
    )
    assert ([], []) == (budget(office, item), inbox(office, "reviewer"))
    assert [] == office.faults()


def test_what_was_retracted_comes_back_only_when_every_stage_holds(office: SampleOffice) -> None:
    """S27: restored to what it was; but nothing comes back with its review still owed."""
    item = urgent(office, "confidentiality_review")
    channel = MemoryChannel()
    office.act(item, Action.RETRACT, "publisher", explanation=WORDS)
    office.act(item, Action.CONFIRM_RETRACTION, "final")
    with office.refused("stage_not_held", "stage_not_held"):
        office.act(item, Action.RESTORE, "publisher", reason="样例理由")
    for _ in range(2):
        make_up(office, item, "final2" if office.row(item).owed_stage == "final_review" else None)
    office.act(item, Action.RESTORE, "publisher", reason="样例理由")
    office.act(item, Action.CONFIRM_RESTORATION, "final")
    office.publisher(channel).dispatch()
    page = channel.pages[NUMBER]
    assert isinstance(page, PublicItem)
    assert (False, "published") == (page.review_owed, office.place(item))
    assert [] == office.faults()


def test_what_was_retracted_is_corrected_by_an_edition_that_goes_the_whole_way(
    office: SampleOffice,
) -> None:
    """The debt of a text that was replaced is never forgiven, and nobody is chased for it."""
    item = urgent(office)
    office.act(item, Action.RETRACT, "head", explanation=WORDS)
    office.act(item, Action.CONFIRM_RETRACTION, "final")
    answer = office.service.correct(
        item, office["clerk"], change_note="样例说明", seen=office.row(item).version
    )
    new = office.carry(answer["item"], to="published")
    assert (None, set(STAGES)) == (office.row(new).owed_stage, office.standing(new))
    assert ("retracted", "sign_off") == (office.place(item), office.row(item).owed_stage)
    with office.refused("newer_edition_public", "stage_not_held", "stage_not_held",
                        "stage_not_held", "stage_not_held"):  # fmt: skip
        office.act(item, Action.RESTORE, "publisher", reason="样例理由")
    assert [] == office.faults()


def test_what_is_superseded_still_says_that_it_was_never_reviewed(office: SampleOffice) -> None:
    item = urgent(office)
    answer = office.service.correct(
        item, office["clerk"], change_note="样例说明", seen=office.row(item).version
    )
    # The old edition's review goes on until the new one is public.
    make_up(office, item)
    office.carry(answer["item"], to="published")
    assert ("superseded", "seal") == (office.place(item), office.row(item).owed_stage)
    assert ([], []) == (budget(office, item), inbox(office, "keeper"))
    page = office.app.catalogue.item(item)
    assert isinstance(page, PublicItem)
    assert page.review_owed
    with office.refused("wrong_state"):
        office.act(item, Action.SEAL, "keeper")


def test_an_edition_may_be_published_urgently_too(office: SampleOffice) -> None:
    old = office.item_at("published")
    answer = office.service.correct(
        old, office["clerk"], change_note="样例说明", seen=office.row(old).version
    )
    new = office.carry(answer["item"], to="sign_off")
    office.act(new, ASK, "supervisor", reason=REASON)
    office.act(new, CONFIRM, "publisher")
    office.deliver(new)
    assert ("superseded", None) == (office.place(old), office.row(old).owed_stage)
    assert ("published", "sign_off") == (office.place(new), office.row(new).owed_stage)
    assert [] == office.faults()


# -- when the publication fails ------------------------------------------------------------------


def failed(office: SampleOffice) -> int:
    """Return an item whose urgent publication did not arrive."""
    item = started(office)
    channel = MemoryChannel()
    channel.failure = ChannelFailed("channel_unreachable", problem="样例")
    for _ in range(policy.shipped().publication_attempts):
        office.publisher(channel).dispatch()
        office.clock.advance(timedelta(hours=2))
    assert ("publication_failed", "sign_off") == (office.place(item), office.row(item).owed_stage)
    return item


def test_an_urgent_publication_that_failed_is_tried_again(office: SampleOffice) -> None:
    """S28: the debt goes along."""
    item = failed(office)
    office.act(item, Action.RETRY, "publisher")
    office.deliver(item)
    assert ("published", "sign_off") == (office.place(item), office.row(item).owed_stage)
    assert [] == office.faults()


def test_an_urgent_publication_that_failed_can_be_returned_and_then_goes_the_whole_way(
    office: SampleOffice,
) -> None:
    item = failed(office)
    office.give_back(item, "publisher")
    assert ("draft", None) == (office.place(item), office.row(item).owed_stage)
    office.act(item, Action.SUBMIT, "clerk")
    assert ("sign_off", []) == (office.place(item), office.faults())
    with office.refused("wrong_state"):
        office.act(item, Action.PUBLISH, "publisher")


def test_who_let_out_what_came_back_may_make_up_for_what_others_let_out_since(
    office: SampleOffice,
) -> None:
    office.give("publisher", Role.DEPARTMENT_HEAD)
    item = failed(office)
    office.give_back(item, "publisher")
    office.act(item, Action.SUBMIT, "clerk")
    office.act(item, ASK, "final", reason=REASON)
    office.act(item, CONFIRM, "publisher2")
    office.deliver(item)
    assert [(item, None)] == inbox(office, "publisher")
    following = office.queries.show(office["clerk"], item)["next"]["people"]
    assert {"head", "head2", "publisher"} == {each["name"] for each in following}
    make_up(office, item, "publisher")
    assert [] == office.faults()


# -- shown everywhere ----------------------------------------------------------------------------


def test_it_is_shown_wherever_the_item_is(office: SampleOffice) -> None:
    item = urgent(office, "seal")
    (row,) = office.queries.items(office["clerk"]).rows
    assert (True, "seal") == (row["review_owed"], row["owed_stage"])
    (row,) = office.queries.inbox(office["keeper"]).rows
    assert (True, "seal") == (row["review_owed"], row["owed_stage"])
    assert row["stage_due_on"] is not None
    shown = office.queries.show(office["clerk"], item)
    assert (REASON, "supervisor", "publisher") == (
        shown["urgent"]["words"],
        shown["urgent"]["by"],
        shown["urgent"]["confirmed_by"],
    )
    assert ("seal_keeper", {"keeper", "keeper2"}) == (
        shown["next"]["role"],
        {each["name"] for each in shown["next"]["people"]},
    )
    told = office.app.boards.of_item(office["clerk"], item)
    assert ("seal", True) == (told["desk"]["stage"], told["review_owed"])
    (held,) = office.app.boards.waiting(office["supervisor"]).rows
    assert (item, "seal", {"keeper", "keeper2"}) == (
        held["item"],
        held["desk"]["stage"],
        {each["name"] for each in held["holders"]},
    )
    (entry,) = office.app.catalogue.latest(body_code=None, limit=10)
    assert entry.review_owed
    # Outsiders are told that it is owed and not who let it out.
    shown = office.queries.show(office["outsider"], item)
    assert (True, None) == (shown["review_owed"], shown["urgent"])


def test_the_public_register_says_nothing_of_it(office: SampleOffice) -> None:
    """S18: nothing was corrected or taken back, so neither a line nor a month to be drawn anew."""
    item = urgent(office)
    made_up = urgent(office, "final_review")
    make_up(office, made_up)
    office.deliver(made_up)
    assert [] == list(office.app.catalogue.register_months())
    assert [] == list(office.app.catalogue.register("2017-01"))
    for each in (item, made_up):
        shown = office.app.catalogue.item(each)
        assert isinstance(shown, PublicItem)
        assert () == shown.registered


def test_a_debt_that_was_wiped_from_the_row_is_found(office: SampleOffice) -> None:
    item = urgent(office)
    with unguarded(office.database) as connection:
        connection.exec_driver_sql("UPDATE item SET owed_stage = NULL")
    (fault,) = office.faults()
    assert (f"item:{item}", "item_differs", "owed_stage") == (
        fault.subject,
        fault.problem,
        fault.what,
    )


def test_a_retraction_leaves_a_notice_also_of_what_was_published_urgently(
    office: SampleOffice,
) -> None:
    item = urgent(office)
    office.act(item, Action.RETRACT, "head", explanation=WORDS)
    office.act(item, Action.CONFIRM_RETRACTION, "final")
    assert isinstance(office.app.catalogue.item(item), RetractedItem)
