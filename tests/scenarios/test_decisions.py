"""Decisions that come too late, unseen or twice, and what becomes of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from workflow.errors import Conflict, GongkaiError, InvalidInput, NotFound
from workflow.guards import SYSTEM_ACTIONS, Wish
from workflow.machine import Action

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.service.sample_office import SampleOffice

ACTIONS: Final = sorted(set(Action) - SYSTEM_ACTIONS - {Action.REVISE})


# -- S1: what was just returned ------------------------------------------------------------------


def test_s1_a_final_review_of_what_was_just_returned_is_told_by_whom_and_when(
    office: SampleOffice,
) -> None:
    item = office.item_at("final_review")
    seen = office.row(item).version
    office.give_back(item, "final2")
    with office.refused("changed_since", by=Conflict) as conflict:
        office.service.perform(item, Action.APPROVE, office["final"], seen=seen)
    expected = {
        "item": item,
        "seen": seen,
        "version": seen + 1,
        "state": "draft",
        "stage": None,
        "event": "returned",
        "by": "样例：final2",
        "at": office.clock(),
    }
    assert expected == conflict.value.params


def test_s1_it_is_told_the_same_who_saw_the_digest_which_is_still_the_same(
    office: SampleOffice,
) -> None:
    item = office.item_at("final_review")
    seen = office.row(item).digest
    office.give_back(item, "final2")
    with office.refused("wrong_state") as refusal:
        office.service.perform(item, Action.APPROVE, office["final"], seen=seen)
    assert ("returned", "样例：final2", office.clock()) == (
        refusal.value.params["event"],
        refusal.value.params["by"],
        refusal.value.params["at"],
    )


# -- S2: nothing seen ----------------------------------------------------------------------------


@pytest.mark.parametrize("by", ["head", "admin", "clerk", "final"])
def test_s2_nothing_is_done_on_the_strength_of_nothing_seen(office: SampleOffice, by: str) -> None:
    item = office.item_at("sign_off")
    for action in ACTIONS:
        with office.refused("not_seen"):
            office.service.perform(item, action, office[by], seen=None)
    with office.refused("not_seen"):
        office.service.revise(item, office[by], {"title": "样例"}, seen=None)


@pytest.mark.parametrize("seen", [True, False, 2.0, b"2"])
def test_s2_what_is_no_version_is_not_taken_for_one(office: SampleOffice, seen: Any) -> None:
    item = office.draft()
    with office.refused("field_wrong", by=InvalidInput):
        office.service.perform(item, Action.SUBMIT, office["clerk"], seen=seen)
    with office.refused("field_wrong", by=InvalidInput):
        office.service.revise(item, office["clerk"], {"title": "样例"}, seen=seen)


@pytest.mark.parametrize("seen", [0, 1, 3, -1, "0" * 64])
def test_s2_nothing_is_done_on_the_strength_of_something_else_seen(
    office: SampleOffice, seen: int | str
) -> None:
    item = office.item_at("sign_off")
    with office.refused("changed_since", by=Conflict):
        office.service.perform(item, Action.SIGN_OFF, office["head"], seen=seen)


@pytest.mark.parametrize(
    "shorten",
    [lambda whole: whole[:63], lambda whole: whole[:8], lambda whole: whole + "0", lambda _: ""],
    ids=["63", "8", "65", "none"],
)
def test_s2_no_part_of_a_digest_counts_as_the_digest(
    office: SampleOffice, shorten: Callable[[str], str]
) -> None:
    item = office.item_at("sign_off")
    part = shorten(office.row(item).digest)
    with office.refused("seen_not_whole", by=InvalidInput):
        office.service.perform(item, Action.SIGN_OFF, office["head"], seen=part)
    with office.refused("seen_not_whole", by=InvalidInput):
        office.service.revise(item, office["clerk"], {"title": "样例"}, seen=part)


def test_s2_the_whole_digest_counts_in_capitals_too(office: SampleOffice) -> None:
    item = office.item_at("sign_off")
    digest = office.row(item).digest
    office.service.perform(item, Action.SIGN_OFF, office["head"], seen=digest.upper())
    assert "seal" == office.place(item)


# -- S3: twice with one key ----------------------------------------------------------------------


def test_s3_the_same_approval_twice_with_one_key_is_one_decision(office: SampleOffice) -> None:
    item = office.item_at("final_review")
    seen = office.row(item).version
    answers = [
        office.service.perform(item, Action.APPROVE, office["final"], seen=seen, key="once")
        for _ in range(2)
    ]
    assert ["cleared", "cleared"] == [answer["state"] for answer in answers]
    assert 1 == len([row for row in office.decisions(item) if row.action == "approve"])
    assert 1 == office.events(item).count("approved")


def test_s3_without_a_key_the_second_is_out_of_date(office: SampleOffice) -> None:
    item = office.item_at("final_review")
    seen = office.row(item).version
    office.service.perform(item, Action.APPROVE, office["final"], seen=seen)
    with office.refused("changed_since", by=Conflict):
        office.service.perform(item, Action.APPROVE, office["final"], seen=seen)


REFUSE_ENTRY: Final = {
    "sqlite": [
        """CREATE TRIGGER broken BEFORE INSERT ON audit_entry
        BEGIN SELECT RAISE(ABORT, 'no room for the trail'); END"""
    ],
    "postgresql": [
        """CREATE FUNCTION broken() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'no room for the trail'; END $$""",
        """CREATE TRIGGER broken BEFORE INSERT ON audit_entry FOR EACH ROW
        EXECUTE FUNCTION broken()""",
    ],
}
"""What makes the database refuse every entry in the trail."""


# -- S7: the trail refuses -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("place", "action", "by", "wish"),
    [
        ("draft", Action.SUBMIT, "clerk", Wish()),
        ("draft", Action.ABANDON, "clerk", Wish()),
        ("sign_off", Action.SIGN_OFF, "head", Wish()),
        ("seal", Action.SEAL, "keeper", Wish()),
        (
            "final_review",
            Action.RETURN,
            "final",
            Wish(to="seal", reason="样例", reason_code="other"),
        ),
        ("cleared", Action.PUBLISH, "publisher", Wish()),
    ],
    ids=["submit", "abandon", "sign_off", "seal", "return", "publish"],
)
def test_s7_what_cannot_be_written_in_the_trail_has_not_happened(
    office: SampleOffice, place: str, action: Action, by: str, wish: Wish
) -> None:
    item = office.item_at(place)
    seen = office.row(item).version
    with office.database.engine.begin() as connection:
        for statement in REFUSE_ENTRY[connection.dialect.name]:
            connection.execute(text(statement))
    with office.unchanged(), pytest.raises(Exception, match="no room for the trail") as caught:
        office.service.perform(item, action, office[by], seen=seen, wish=wish)
    # It is neither a rule that says no nor anything that the engine could explain away.
    assert not isinstance(caught.value, (GongkaiError, DBAPIError))
    with office.database.engine.begin() as connection:
        on = " ON audit_entry" if connection.dialect.name == "postgresql" else ""
        connection.execute(text(f"DROP TRIGGER broken{on}"))
    office.service.perform(item, action, office[by], seen=seen, wish=wish)
    assert [] == office.faults()


# -- S16: meant for something else ---------------------------------------------------------------


def test_s16_a_decision_meant_for_another_stage_is_refused(office: SampleOffice) -> None:
    item = office.item_at("seal")
    meant_for = {
        "head2": Action.SIGN_OFF,
        "reviewer": Action.REVIEW_DISCLOSE,
        "final": Action.APPROVE,
    }
    with office.refused("wrong_state"):
        office.act(item, meant_for["head2"], "head2")
    for by in ("reviewer", "final"):
        # Those whose stage it has not come to yet do not even see it.
        with office.refused("no_such_item", by=NotFound):
            office.act(item, meant_for[by], by)


def test_s16_a_decision_meant_for_another_item_is_refused(office: SampleOffice) -> None:
    item, other = office.item_at("sign_off"), office.item_at("sign_off")
    with office.refused("changed_since", by=Conflict):
        office.service.perform(item, Action.SIGN_OFF, office["head"], seen=office.row(other).digest)
    with office.refused("no_such_item", by=NotFound):
        office.service.perform(other + 1, Action.SIGN_OFF, office["head"], seen=2)
