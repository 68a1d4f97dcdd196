"""Who may not decide, and what must not be left out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from workflow.errors import GongkaiError, NotFound, NotSignedIn
from workflow.guards import Role, Wish
from workflow.machine import Action

if TYPE_CHECKING:
    from tests.service.sample_office import SampleOffice


# -- S11, S12, S13: separation of duties -------------------------------------------------------


def able_to_approve(office: SampleOffice, name: str) -> str:
    """Give somebody the role of a final reviewer and return the name."""
    office.give(name, Role.FINAL_REVIEWER, body="YL-CENTRE")
    return name


def test_s11_the_submitter_does_not_approve(office: SampleOffice) -> None:
    by = able_to_approve(office, "colleague")
    item = office.draft()
    office.act(item, Action.SUBMIT, by)
    office.carry(item, to="final_review")
    with office.refused("author_may_not_decide") as refusal:
        office.act(item, Action.APPROVE, by)
    (only,) = refusal.value.refusals  # type: ignore[attr-defined]
    assert ["final", "final2"] == [who.name for who in only.who]


def test_s11_an_author_of_any_revision_does_not_approve(office: SampleOffice) -> None:
    by = able_to_approve(office, "colleague")
    item = office.draft()
    office.revise(item, by, title="样例：同事的标题")
    office.revise(item, "clerk", title="样例：又是拟稿人的标题")
    office.carry(item, to="final_review")
    with office.refused("author_may_not_decide"):
        office.act(item, Action.APPROVE, by)


@pytest.mark.parametrize("by", ["head", "keeper", "reviewer"])
def test_s11_who_decided_at_another_stage_does_not_approve(office: SampleOffice, by: str) -> None:
    able_to_approve(office, by)
    item = office.item_at("final_review")
    with office.refused("decided_at_another_stage") as refusal:
        office.act(item, Action.APPROVE, by)
    (only,) = refusal.value.refusals  # type: ignore[attr-defined]
    assert ["final", "final2"] == [who.name for who in only.who]


def test_s11_every_reason_is_told_at_once(office: SampleOffice) -> None:
    item = office.item_at("final_review")
    office.give("clerk", Role.SEAL_KEEPER)
    with office.refused("role_missing", "author_may_not_decide"):
        office.act(item, Action.APPROVE, "clerk")
    with office.refused("role_missing", "decided_at_another_stage"):
        office.act(item, Action.APPROVE, "keeper")


def test_s12_who_edited_what_somebody_else_submitted_does_not_approve_it(
    office: SampleOffice,
) -> None:
    by = able_to_approve(office, "colleague")
    item = office.item_at("final_review")
    office.give_back(item, "final")
    office.revise(item, by, body="样例正文，同事自己的话。")
    office.act(item, Action.SUBMIT, "clerk")
    office.carry(item, to="final_review")
    with office.refused("author_may_not_decide"):
        office.act(item, Action.APPROVE, by)


def test_s13_a_recall_and_resubmission_by_another_clears_no_author(office: SampleOffice) -> None:
    by = able_to_approve(office, "clerk")
    item = office.item_at("sign_off")
    office.act(item, Action.RECALL, "colleague", reason="样例理由")
    office.revise(item, "colleague", title="样例：同事的标题")
    office.act(item, Action.SUBMIT, "colleague")
    office.carry(item, to="final_review")
    for author in (by, able_to_approve(office, "colleague")):
        with office.refused("author_may_not_decide"):
            office.act(item, Action.APPROVE, author)


# -- S14: who acts at all ----------------------------------------------------------------------


def test_s14_nobody_unknown_acts(office: SampleOffice) -> None:
    item = office.item_at("sign_off")
    for account in (0, -1, 999):
        with office.refused("not_signed_in", by=NotSignedIn):
            office.service.perform(item, Action.SIGN_OFF, account, seen=2)
        with office.refused("not_signed_in", by=NotSignedIn):
            office.service.perform(item, Action.SIGN_OFF, account, seen=2, key="a key")


def test_s14_who_was_disabled_after_the_item_was_queued_does_not_act(
    office: SampleOffice,
) -> None:
    item = office.item_at("sign_off")
    assert [item] == [row["item"] for row in office.queries.inbox(office["head"]).rows]
    office.accounts.set_enabled(office["admin"], "head", enabled=False)
    with office.refused("no_such_item", by=NotFound):
        office.act(item, Action.SIGN_OFF, "head")


def test_s14_who_was_disabled_is_told_so_where_the_item_is_public(office: SampleOffice) -> None:
    item = office.item_at("published")
    office.accounts.set_enabled(office["admin"], "publisher", enabled=False)
    with office.refused("wrong_state", "account_disabled"):
        office.act(item, Action.PUBLISH, "publisher")


def test_s14_who_lost_the_role_after_the_item_was_queued_does_not_act(
    office: SampleOffice,
) -> None:
    item = office.item_at("seal")
    office.give("head2", Role.SEAL_KEEPER)
    office.give("head2", Role.SEAL_KEEPER, revoke=True)
    with office.refused("role_missing"):
        office.act(item, Action.SEAL, "head2")
    office.give("keeper", Role.SEAL_KEEPER, revoke=True)
    with office.refused("no_such_item", by=NotFound):
        office.act(item, Action.SEAL, "keeper")


def test_s14_a_role_for_another_body_does_not_count(office: SampleOffice) -> None:
    item = office.item_at("sign_off")
    office.give("clerk", Role.DEPARTMENT_HEAD, body="YL-FINANCE")
    with office.refused("role_missing", "author_may_not_decide"):
        office.act(item, Action.SIGN_OFF, "clerk")
    with office.refused("no_such_item", by=NotFound):
        office.act(item, Action.SIGN_OFF, "outhead")


def test_s14_the_system_decides_nothing(office: SampleOffice) -> None:
    item = office.item_at("cleared")
    with (
        office.refused("wrong_state"),
        office.database.transaction() as transaction,
    ):
        office.service.settle(transaction, item, published_at=office.clock(), now=office.clock())


# -- S17, S20: what must not be left out -------------------------------------------------------


@pytest.mark.parametrize("reason", [None, "", " ", "\t\n", "　　", "\u00a0"])
def test_s17_a_return_without_a_reason_does_not_move_the_item(
    office: SampleOffice, reason: str | None
) -> None:
    item = office.item_at("final_review")
    with office.refused("reason_required"):
        office.act(item, Action.RETURN, "final", to="draft", reason=reason, reason_code="wording")


@pytest.mark.parametrize(
    ("place", "missing"), [("seal", "seal"), ("confidentiality_review", "confidentiality_review")]
)
def test_s20_without_a_seal_and_a_conclusion_nothing_comes_to_the_final_review(
    office: SampleOffice, place: str, missing: str
) -> None:
    office.give("final", Role.SEAL_KEEPER)
    item = office.item_at(place)
    said: dict[str, Any] = {
        "reason": "样例",
        "reason_code": "other",
        "to": "final_review",
        "answer": "样例",
    }
    passing = {
        Action.SEAL if place == "seal" else Action.REVIEW_DISCLOSE,
        Action.REVIEW_DISCLOSE_IN_PART,
        Action.REVIEW_WITHHOLD,
        Action.REVIEW_ON_REQUEST_ONLY,
    }
    for action in set(Action) - passing - {Action.REVISE, Action.CONFIRM, Action.FAIL}:
        for by in ("clerk", "head", "keeper", "reviewer2", "final"):
            try:
                answer = office.service.perform(
                    item,
                    action,
                    office[by],
                    seen=office.row(item).version,
                    wish=Wish(**said),
                    dry_run=True,
                )
            except GongkaiError:
                continue
            assert "final_review" != answer["stage"]
    assert missing not in office.standing(item)
    with office.unchanged(), pytest.raises(GongkaiError, match=r"wrong_state|no_such_item"):
        office.act(item, Action.APPROVE, "final")


def test_s20_in_part_without_a_list_comes_to_nothing(office: SampleOffice) -> None:
    item = office.item_at("confidentiality_review")
    with office.refused("redactions_required"):
        office.act(item, Action.REVIEW_DISCLOSE_IN_PART, "reviewer")


def test_s20_in_part_with_a_list_comes_to_the_drafter_and_not_to_the_final_review(
    office: SampleOffice,
) -> None:
    item = office.item_at("confidentiality_review")
    office.act(item, Action.REVIEW_DISCLOSE_IN_PART, "reviewer", redactions=("样例",))
    assert ("draft", False) == (
        office.place(item),
        "confidentiality_review" in office.standing(item),
    )
    with office.refused("redaction_owed"):
        office.act(item, Action.SUBMIT, "clerk")
