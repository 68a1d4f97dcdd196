"""Two at the same time: real processes on one database, and exactly one of them is first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.scenarios import acts
from tests.scenarios.processes import Outcome, at_once, call, overtaking
from tests.service.sample_office import upload
from workflow.machine import Action

if TYPE_CHECKING:
    from tests.service.sample_office import SampleOffice

pytestmark = pytest.mark.slow
RETURN = {"to": "draft", "reason": "样例理由", "reason_code": "wording"}


def one_of(outcomes: list[Outcome], *codes: str) -> Outcome:
    """Return the one outcome that was done; all others must have one of the codes."""
    done = [outcome for outcome in outcomes if outcome.done]
    assert 1 == len(done), outcomes
    assert {outcome.code for outcome in outcomes if not outcome.done} <= set(codes), outcomes
    return done[0]


# -- S4 --------------------------------------------------------------------------------------


def test_s4_of_two_who_approve_at_once_one_does_and_one_stage_opens(office: SampleOffice) -> None:
    for _ in range(5):
        item = office.item_at("sign_off")
        outcomes = at_once(
            office,
            *(
                call(acts.perform, item, Action.SIGN_OFF, name, seen=office.row(item).version)
                for name in ("head", "head2")
            ),
        )
        one_of(outcomes, "changed_since")
        assert ("seal", 3) == (office.place(item), office.row(item).version)
        assert 1 == len(office.decisions(item))
        assert 1 == office.events(item).count("signed_off")
    assert [] == office.faults()


@pytest.mark.parametrize(("first", "second"), [("final", "final2"), ("final2", "final")])
def test_s4_who_comes_second_is_told_who_was_first(
    office: SampleOffice, first: str, second: str
) -> None:
    item = office.item_at("final_review")
    version = office.row(item).version
    one, two = overtaking(
        office,
        call(acts.perform, item, Action.APPROVE, first, seen=version),
        call(acts.perform, item, Action.APPROVE, second, seen=version),
    )
    assert (True, "changed_since") == (one.done, two.code)
    assert ("approved", f"样例：{first}", office.clock()) == (
        two.facts["event"],
        two.facts["by"],
        two.facts["at"],
    )
    assert ("cleared", {"final_review"}) == (
        office.place(item),
        {row.stage for row in office.decisions(item) if row.kind == "final_review"},
    )


def test_s4_the_same_holds_for_who_saw_the_digest(office: SampleOffice) -> None:
    item = office.item_at("sign_off")
    digest = office.row(item).digest
    one, two = overtaking(
        office,
        call(acts.perform, item, Action.SIGN_OFF, "head", seen=digest),
        call(acts.perform, item, Action.SIGN_OFF, "head2", seen=digest),
    )
    # The digest is the same still, so the second is not out of date: it is the stage that is over.
    assert (True, "wrong_state") == (one.done, two.code)
    assert ("signed_off", "样例：head") == (two.facts["event"], two.facts["by"])
    assert 1 == len(office.decisions(item))


# -- S3 --------------------------------------------------------------------------------------


def test_s3_the_same_call_sent_twice_at_once_is_done_once_and_answered_twice(
    office: SampleOffice,
) -> None:
    for number in range(5):
        item = office.item_at("sign_off")
        sign = call(
            acts.perform,
            item,
            Action.SIGN_OFF,
            "head",
            seen=office.row(item).version,
            key=f"key {number}",
        )
        outcomes = at_once(office, sign, sign, sign)
        assert [True, True, True] == [outcome.done for outcome in outcomes]
        answers = [
            {name: value for name, value in outcome.facts.items() if name != "repeated"}
            for outcome in outcomes
        ]
        assert answers[0] == answers[1] == answers[2]
        assert 2 == sum("repeated" in outcome.facts for outcome in outcomes)
        assert (1, 1) == (len(office.decisions(item)), office.events(item).count("signed_off"))


# -- S5 --------------------------------------------------------------------------------------


def check_nothing_slipped(office: SampleOffice, item: int) -> None:
    """Check that every decision that stands was taken on the text that is there."""
    row = office.row(item)
    assert {row.digest} >= {
        decision.digest
        for decision in office.decisions(item)
        if decision.positive and decision.voided_at is None
    }
    assert [] == office.faults()


def test_s5_whoever_signs_while_the_text_is_taken_back_and_changed_signs_what_was_seen_or_nothing(
    office: SampleOffice,
) -> None:
    for _ in range(5):
        item = office.item_at("sign_off")
        row = office.row(item)
        signed, edited = at_once(
            office,
            call(acts.perform, item, Action.SIGN_OFF, "head", seen=row.version),
            call(acts.recall_and_edit, item, "clerk", row.version),
        )
        assert signed.done is not edited.done
        if signed.done:
            assert (row.digest, "seal") == (office.row(item).digest, office.place(item))
            assert edited.code in ("changed_since", "already_decided")
        else:
            assert "changed_since" == signed.code
            assert row.digest != office.row(item).digest
            assert set() == office.standing(item)
        check_nothing_slipped(office, item)


def test_s5_who_approves_by_the_digest_approves_no_other_text(office: SampleOffice) -> None:
    item = office.item_at("sign_off")
    row = office.row(item)
    edited, signed = overtaking(
        office,
        call(acts.perform, item, Action.RECALL, "clerk", seen=row.version, reason="样例理由"),
        call(acts.perform, item, Action.SIGN_OFF, "head", seen=row.digest),
    )
    assert (True, "wrong_state") == (edited.done, signed.code)
    office.revise(item, title="样例：改过的标题")
    office.act(item, Action.SUBMIT, "clerk")
    (late,) = at_once(office, call(acts.perform, item, Action.SIGN_OFF, "head", seen=row.digest))
    assert "changed_since" == late.code
    check_nothing_slipped(office, item)


def test_s5_who_waited_for_an_edit_is_told_of_it(office: SampleOffice) -> None:
    item = office.draft()
    edited, submitted = overtaking(
        office,
        call(acts.revise, item, "clerk", 1, "样例：改过的标题"),
        call(acts.perform, item, Action.SUBMIT, "colleague", seen=1),
    )
    assert (True, "changed_since") == (edited.done, submitted.code)
    assert ("revised", "样例：clerk") == (submitted.facts["event"], submitted.facts["by"])


def test_s5_who_waited_for_a_new_revision_of_the_same_text_goes_on_from_it(
    office: SampleOffice,
) -> None:
    item = office.item_at("confidentiality_review")
    office.act(item, Action.REVIEW_DISCLOSE_IN_PART, "reviewer", redactions=("样例",))
    digest = office.revise(item, title="样例：删改过的标题")["digest"]
    recorded, edited = overtaking(
        office,
        call(acts.revise, item, "clerk", digest),
        call(acts.revise, item, "colleague", digest, "样例：改过的标题"),
    )
    assert (True, True) == (recorded.done, edited.done)
    assert digest == recorded.facts["digest"]
    numbers = [each["number"] for each in office.queries.revisions(office["clerk"], item)]
    assert [1, 2, 3, 4, 5] == numbers


def test_s5_who_waited_for_the_submission_that_gives_the_number_is_told_of_it(
    office: SampleOffice,
) -> None:
    item = office.draft()
    submitted, edited = overtaking(
        office,
        call(acts.perform, item, Action.SUBMIT, "clerk", seen=1),
        call(acts.revise, item, "colleague", 1, "样例：改过的标题"),
    )
    assert (True, "changed_since") == (submitted.done, edited.code)


# -- S9 --------------------------------------------------------------------------------------


def test_s9_of_a_publication_and_a_return_one_wins_and_the_other_reports_it(
    office: SampleOffice,
) -> None:
    for _ in range(5):
        item = office.item_at("cleared")
        version = office.row(item).version
        published, returned = at_once(
            office,
            call(acts.perform, item, Action.PUBLISH, "publisher", seen=version),
            call(acts.perform, item, Action.RETURN, "publisher2", seen=version, **RETURN),
        )
        assert "changed_since" == (returned if published.done else published).code
        one_of([published, returned], "changed_since")
        office.deliver(item)
        assert ("published" if published.done else "draft") == office.place(item)
        assert published.done is office.app.website.page(office.row(item).index_number).exists()
    assert [] == office.faults()


@pytest.mark.parametrize("worker_first", [True, False])
def test_s9_while_a_worker_publishes_nothing_is_returned(
    office: SampleOffice, *, worker_first: bool
) -> None:
    item = office.item_at("publishing")
    calls = [
        call(acts.deliver, item),
        call(
            acts.perform, item, Action.RETURN, "publisher", seen=office.row(item).version, **RETURN
        ),
    ]
    outcomes = overtaking(office, *(calls if worker_first else reversed(calls)))
    delivered, returned = outcomes if worker_first else outcomes[::-1]
    assert {"result": "published", "error": None} == delivered.facts
    assert returned.code in ("wrong_state", "changed_since")
    assert "published" == office.place(item)


def test_s9_of_several_workers_one_delivers(office: SampleOffice) -> None:
    for _ in range(3):
        item = office.item_at("publishing")
        outcomes = at_once(office, *(call(acts.deliver, item) for _ in range(3)))
        results = sorted(str(outcome.facts["result"]) for outcome in outcomes)
        assert ["None", "None", "published"] == results
        assert 1 == office.events(item).count("published")
    assert [] == office.faults()


# -- numbers and people ------------------------------------------------------------------------


def test_numbers_given_at_once_are_all_different(office: SampleOffice) -> None:
    processes, each = 3, 6
    items = [office.draft() for _ in range(processes * each)]
    outcomes = at_once(
        office,
        *(call(acts.submit_all, items[start::processes]) for start in range(processes)),
    )
    assert [True] * processes == [outcome.done for outcome in outcomes]
    given = [office.row(item).index_number for item in items]
    expected = [f"YL-CIVIL/2017-{number:05d}" for number in range(1, len(items) + 1)]
    assert expected == sorted(given)
    outcomes = at_once(
        office,
        *(call(acts.sign_and_seal_all, items[start::processes]) for start in range(processes)),
    )
    assert [True] * processes == [outcome.done for outcome in outcomes]
    numbers = [row.register_number for item in items for row in office.decisions(item)[-1:]]
    expected = [f"2017-{number:04d}" for number in range(1, len(items) + 1)]
    assert expected == sorted(numbers)
    assert [] == office.faults()


@pytest.mark.parametrize("number", ["2017-0001", None], ids=["chosen too", "the next one"])
def test_who_waits_for_a_register_number_that_somebody_chose_is_told_or_gets_another(
    office: SampleOffice, number: str | None
) -> None:
    first, second = office.item_at("seal"), office.item_at("seal")
    chose, waited = overtaking(
        office,
        call(acts.perform, first, Action.SEAL, "keeper", seen=3, register_number="2017-0001"),
        call(acts.perform, second, Action.SEAL, "keeper2", seen=3, register_number=number),
    )
    assert chose.done
    if number is None:
        assert waited.done, waited
        assert "2017-0002" == office.decisions(second)[-1].register_number
    else:
        assert "register_number_taken" == waited.code


def test_two_administrators_do_not_remove_each_other(office: SampleOffice) -> None:
    for _ in range(3):
        outcomes = at_once(
            office,
            call(acts.disable, "admin", "admin2"),
            call(acts.disable, "admin2", "admin"),
        )
        one_of(outcomes, "last_administrator", "not_signed_in")
        left, gone = ("admin", "admin2") if outcomes[0].done else ("admin2", "admin")
        office.accounts.set_enabled(office[left], gone, enabled=True)
    assert [] == office.faults()


def test_one_administrator_waits_for_the_other(office: SampleOffice) -> None:
    one, two = overtaking(
        office,
        call(acts.disable, "admin", "admin2"),
        call(acts.disable, "admin2", "admin"),
    )
    assert (True, False) == (one.done, two.done), two


def test_of_two_entries_of_one_text_one_is_taken(office: SampleOffice) -> None:
    for number in range(3):
        outcomes = at_once(
            office,
            call(acts.enter, "clerk", f"样例正文，同一篇，{number}。"),
            call(acts.enter, "colleague", f"样例正文，同一篇，{number}。"),
        )
        one_of(outcomes, "duplicate")
    assert 3 == office.queries.items(office["clerk"]).total


def test_of_two_accounts_of_one_name_one_is_added(office: SampleOffice) -> None:
    outcomes = at_once(office, call(acts.add, "newcomer"), call(acts.add, "newcomer"))
    one_of(outcomes, "name_taken", "concurrent_change")
    assert [] == office.faults()


# -- a purge ---------------------------------------------------------------------------------


def asked(office: SampleOffice, target: str) -> str:
    """Ask for a purge and return its target."""
    office.bureau.ask_purge(office["admin"], target, ground="personal_privacy", reason="样例")
    return target


@pytest.mark.parametrize("what", ["revision", "file"])
def test_who_waits_for_a_purge_publishes_nothing_of_it(office: SampleOffice, what: str) -> None:
    item = office.carry(office.draft(uploads=[upload("名单.txt", b"1")]), to="cleared")
    digest = office.row(item).digest
    (sha256,) = office.app.blobs.stored()
    target = asked(office, digest if what == "revision" else sha256)
    purge, publication = overtaking(
        office,
        call(acts.confirm_purge, target),
        # By the digest, which a purge leaves as it is: the version would tell it at once.
        call(acts.perform, item, Action.PUBLISH, "publisher", seen=digest),
    )
    code = "content_purged" if what == "revision" else "attachments_purged"
    assert (True, code, "cleared") == (purge.done, publication.code, office.place(item))
    assert [] == office.deliveries(item)


def test_a_publication_and_a_purge_at_once_leave_nothing_in_public(office: SampleOffice) -> None:
    for _ in range(3):
        item = office.item_at("publishing")
        target = asked(office, office.row(item).digest)
        purge, _sent = at_once(office, call(acts.confirm_purge, target), call(acts.deliver, item))
        assert purge.done
        for index_number in purge.facts["on_site"]:
            office.app.website.clear(index_number)
        office.app.website.build(office.app.catalogue, open_attachment=office.app.blobs.open)
        office.deliver(item)
        folder = office.app.website.page(office.row(item).index_number).parent
        assert not (folder / "revision.json").exists()
        assert office.place(item) in {"published", "publication_failed"}
    assert [] == office.faults()


# -- S24, S25, S26 -------------------------------------------------------------------------------


def test_s25_of_two_who_correct_at_once_one_does(office: SampleOffice) -> None:
    for _ in range(3):
        item = office.item_at("published")
        seen = office.row(item).version
        outcomes = at_once(
            office, *(call(acts.correct, item, name, seen) for name in ("clerk", "colleague"))
        )
        one_of(outcomes, "changed_since", "correction_open")
        assert 1 == office.events(item).count("correction_opened")
    assert [] == office.faults()


def test_s26_of_two_who_confirm_a_retraction_at_once_one_does(office: SampleOffice) -> None:
    for _ in range(3):
        item = office.item_at("published")
        office.act(item, Action.RETRACT, "publisher", explanation="样例说明")
        seen = office.row(item).version
        confirm = Action.CONFIRM_RETRACTION
        outcomes = at_once(
            office,
            *(call(acts.perform, item, confirm, name, seen=seen) for name in ("final", "final2")),
        )
        one_of(outcomes, "changed_since", "not_asked_for")
        assert ("retracted", 1) == (office.place(item), office.events(item).count("retracted"))
    assert [] == office.faults()


def test_s24_a_retraction_and_a_new_edition_at_once_leave_one_public_at_the_most(
    office: SampleOffice,
) -> None:
    for _ in range(3):
        old = office.item_at("published")
        new = acts.correct(office, old, "clerk", office.row(old).version)["item"]
        office.revise(new, "clerk", body=f"样例正文，更正 {old}。")
        office.carry(new, to="publishing")
        office.act(old, Action.RETRACT, "publisher", explanation="样例说明")
        seen = office.row(old).version
        outcomes = at_once(
            office,
            call(acts.deliver, new),
            call(acts.perform, old, Action.CONFIRM_RETRACTION, "final", seen=seen),
        )
        # Neither waits for the other crosswise; whoever comes second finds what the first left.
        assert {None, "published"} >= {each.facts.get("result") for each in outcomes if each.done}
        while office.place(new) == "publishing":
            office.deliver(new)
        assert ("published", True) == (
            office.place(new),
            office.place(old) in ("superseded", "retracted"),
        )
    assert [] == office.faults()


# -- S18 -----------------------------------------------------------------------------------------

REASON = "样例理由：汛情紧急"
Move = tuple[Action, dict[str, str]]
ASK: Move = (Action.PUBLISH_URGENTLY, {"reason": REASON})
CONFIRM: Move = (Action.CONFIRM_URGENT_PUBLICATION, {})
CALL_OFF: Move = (Action.CALL_OFF, {})
BACK: Move = (Action.RETURN, RETURN)
OVER = {"changed_since", "not_asked_for", "wrong_state"}


@pytest.mark.parametrize(
    ("place", "asked", "acts_at_once", "codes"),
    [
        ("final_review", False, ((ASK, "supervisor"), (ASK, "final")), OVER | {"asked_already"}),
        ("seal", True, ((CONFIRM, "publisher"), (CONFIRM, "publisher2")), OVER),
        ("seal", True, ((CALL_OFF, "supervisor"), (CALL_OFF, "publisher")), OVER),
        ("seal", True, ((CONFIRM, "publisher"), (CALL_OFF, "supervisor")), OVER),
        ("seal", True, ((CONFIRM, "publisher"), (BACK, "keeper")), OVER),
        ("seal", True, ((CONFIRM, "publisher"), ((Action.SEAL, {}), "keeper")), OVER),
        ("cleared", True, ((CONFIRM, "publisher"), ((Action.PUBLISH, {}), "publisher2")), OVER),
        ("cleared", True, ((CALL_OFF, "supervisor"), ((Action.PUBLISH, {}), "publisher")), OVER),
    ],
    ids=[
        "two ask", "two confirm", "two call off", "confirmed and called off",
        "confirmed and returned", "confirmed and sealed", "confirmed and published",
        "called off and published",
    ],
)  # fmt: skip
def test_s18_of_two_who_decide_on_an_urgent_publication_at_once_one_does(
    office: SampleOffice,
    place: str,
    asked: bool,  # noqa: FBT001 # a column of the table
    acts_at_once: tuple[tuple[Move, str], ...],
    codes: set[str],
) -> None:
    one, two = acts_at_once
    for race, (first, second) in (
        (overtaking, (one, two)),
        (overtaking, (two, one)),
        (at_once, (one, two)),
    ):
        item = office.item_at(place)
        if asked:
            office.act(item, ASK[0], "supervisor", reason=REASON)
        seen, before = office.row(item).version, len(office.trail(item))
        outcomes = race(
            office,
            *(
                call(acts.perform, item, action, by, seen=seen, **words)
                for (action, words), by in (first, second)
            ),
        )
        one_of(list(outcomes), *codes)
        # Who is overtaken is the one that had done the same work first.
        assert race is at_once or outcomes[0].done
        ((action, _), winner) = next(
            each for each, came in zip((first, second), outcomes, strict=True) if came.done
        )
        # What lost has left nothing behind: neither a word in the trail nor a delivery.
        assert {winner} == {entry.actor for entry in office.trail(item)[before:]}
        public = action in (Action.CONFIRM_URGENT_PUBLICATION, Action.PUBLISH)
        assert (public, public) == (
            office.place(item) == "publishing",
            [] != office.deliveries(item),
        )
    assert [] == office.faults()
