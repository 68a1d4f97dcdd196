"""Consulting other bodies: who asks, who answers, what it holds back, and what it never stops."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select, text

from tests.service.sample_office import CIVIL, FINANCE, SampleOffice
from tests.service.tampering import unguarded
from workflow.coordination import Concern, Reply, Settlement
from workflow.errors import ChannelFailed, Conflict, InvalidInput, NotFound, Refused
from workflow.guards import Role
from workflow.machine import Action
from workflow.models import Deadline, table
from workflow.testing import MemoryChannel

_deadline = table(Deadline)
DUE = date(2017, 2, 4)
"""Seven working days after the Friday on which the office begins: two weekends' days are worked."""


def ask(office: SampleOffice, item: int, by: str = "clerk", **given: Any) -> dict[str, Any]:
    """Ask the finance office about an item as it is now."""
    wanted = {"question": "附表是否可以公开？"} | given
    if "outside" not in wanted:
        wanted.setdefault("body", FINANCE)
    seen = office.row(item).version
    return office.app.consulting.ask(item, office[by], seen=seen, **wanted)


def reply(office: SampleOffice, item: int, by: str = "outhead", **given: Any) -> dict[str, Any]:
    """Answer on an item as it is now."""
    wanted = {"answer": Reply.AGREE} | given
    seen = office.row(item).version
    return office.app.consulting.reply(item, office[by], seen=seen, **wanted)


def settle(office: SampleOffice, item: int, by: str = "supervisor", **given: Any) -> dict[str, Any]:
    """Settle what is in dispute about an item as it is now."""
    wanted = {"outcome": Settlement.RELEASE, "text": "样例协调说明"} | given
    seen = office.row(item).version
    return office.app.consulting.settle(item, office[by], seen=seen, **wanted)


def withdraw(office: SampleOffice, item: int, by: str = "clerk", **given: Any) -> dict[str, Any]:
    """Ask no longer."""
    wanted = {"reason": "样例理由"} | given
    return office.app.consulting.withdraw(item, office[by], **wanted)


def standing(office: SampleOffice, item: int, by: str = "clerk") -> list[tuple[str, bool]]:
    """Return where each consultation on an item stands, and whether it holds it back."""
    shown = office.queries.show(office[by], item)["consultations"]
    return [(row["standing"], row["holds_back"]) for row in shown]


def later(office: SampleOffice, days: int) -> None:
    """Let so many days pass."""
    office.clock.advance(timedelta(days=days))


def publish(office: SampleOffice, item: int) -> dict[str, Any]:
    """Publish what is cleared."""
    return office.act(item, Action.PUBLISH, "publisher")


# -- what it holds back ---------------------------------------------------------------------------


def test_a_body_that_is_asked_holds_publication_back_until_it_agrees(office: SampleOffice) -> None:
    item = office.draft()
    assert DUE == ask(office, item)["due_on"]
    office.carry(item, to="cleared")
    with office.refused("consultation_open"):
        publish(office, item)
    assert [("open", True)] == standing(office, item)
    reply(office, item)
    assert [("agreed", False)] == standing(office, item)
    publish(office, item)
    office.deliver(item)
    assert "published" == office.place(item)
    assert [] == office.faults()


def test_an_advisory_question_holds_nothing_back(office: SampleOffice) -> None:
    item = office.item_at("cleared")
    ask(office, item, "publisher", blocking=False)
    reply(office, item, answer=Reply.OBJECT, text="样例异议")
    assert [("objected", False)] == standing(office, item)
    publish(office, item)
    assert "publishing" == office.place(item)


def test_a_schedule_that_fires_is_held_and_nothing_new_is_scheduled(office: SampleOffice) -> None:
    item = office.item_at("cleared")
    at = office.clock() + timedelta(hours=1)
    seen = office.row(item).version
    office.service.schedule(item, office["publisher"], at, seen=seen)
    ask(office, item)
    later(office, 1)
    (came,) = office.service.publish_due()
    assert came["held"]
    assert ["consultation_open"] == [each.code for each in came["error"].refusals]
    at, seen = office.clock() + timedelta(hours=1), office.row(item).version
    with office.refused("consultation_open"):
        office.service.schedule(item, office["publisher"], at, seen=seen)


def test_what_failed_is_not_sent_again_while_a_body_is_asked(office: SampleOffice) -> None:
    item = office.item_at("publishing")
    channel = MemoryChannel()
    channel.failure = ChannelFailed("site_busy", path="样例")
    for _ in range(5):
        office.publisher(channel).dispatch_item(item)
        office.clock.advance(timedelta(hours=1))
    assert "publication_failed" == office.place(item)
    ask(office, item)
    with office.refused("consultation_open"):
        office.act(item, Action.RETRY, "publisher")
    withdraw(office, item)
    office.act(item, Action.RETRY, "publisher")
    assert "publishing" == office.place(item)


def test_a_correction_is_held_back_and_what_it_corrects_stays_public(office: SampleOffice) -> None:
    item = office.item_at("published")
    seen = office.row(item).version
    opened = office.service.correct(item, office["clerk"], change_note="样例更正", seen=seen)
    edition: int = opened["item"]
    office.revise(edition, title="样例更正稿")
    ask(office, edition)
    office.carry(edition, to="cleared")
    with office.refused("consultation_open"):
        publish(office, edition)
    assert "published" == office.place(item)


def test_no_stage_and_no_clock_waits_for_an_answer(office: SampleOffice) -> None:
    item = office.draft()
    before = clocks(office, item)
    ask(office, item)
    assert before == clocks(office, item)
    office.carry(item, to="cleared")
    legal = [row for row in clocks(office, item) if row[0] != "stage"]
    assert [row for row in before if row[0] != "stage"] == legal
    later(office, 40)
    overdue = office.app.boards.overdue(office["supervisor"])
    assert item in [row["item"] for row in overdue.rows]


def clocks(office: SampleOffice, item: int) -> list[tuple[Any, ...]]:
    """Return the clocks of an item that run, and how they stand."""
    with office.database.read() as connection:
        rows = connection.execute(
            select(_deadline)
            .where(_deadline.c.item_id == item, _deadline.c.met_on.is_(None))
            .order_by(_deadline.c.clock)
        )
        return [(row.clock, row.due_on, row.rev, row.voided_at) for row in rows]


def test_why_says_what_holds_it_back(office: SampleOffice) -> None:
    item = office.item_at("cleared")
    ask(office, item)
    found = {each.action: each for each in office.service.consider(item, office["publisher"])}
    refusals = found[Action.PUBLISH].refusals
    assert ["consultation_open"] == [each.code for each in refusals]
    assert "东昌区财政局（样例）" == refusals[0].params["body"]


# -- silence --------------------------------------------------------------------------------------


def test_silence_means_nothing_where_an_item_concerns_a_body(office: SampleOffice) -> None:
    item = office.item_at("cleared")
    ask(office, item)
    later(office, 15)
    assert [("open", True)] == standing(office, item)
    later(office, 1)
    assert [("silent", True)] == standing(office, item)
    with office.refused("consultation_open"):
        office.act(item, Action.PUBLISH, "publisher", late_reason="样例")


def test_silence_of_a_joint_maker_consents_without_any_worker(office: SampleOffice) -> None:
    item = office.item_at("cleared")
    due = ask(office, item, concern=Concern.JOINT_MAKING)["due_on"]
    assert date(2017, 2, 15) == due
    later(office, 26)
    assert [("open", True)] == standing(office, item)
    later(office, 1)
    assert [("consented", False)] == standing(office, item)
    office.act(item, Action.PUBLISH, "publisher", late_reason="样例")
    assert "publishing" == office.place(item)


def test_a_late_objection_of_a_joint_maker_counts_for_more_than_its_silence(
    office: SampleOffice,
) -> None:
    item = office.item_at("cleared")
    ask(office, item, concern=Concern.JOINT_MAKING)
    later(office, 27)
    reply(office, item, answer=Reply.OBJECT, text="样例异议")
    assert [("objected", True)] == standing(office, item)


# -- edits ----------------------------------------------------------------------------------------


def test_what_was_agreed_to_is_one_text_and_an_edit_is_asked_about_anew(
    office: SampleOffice,
) -> None:
    item = office.item_at("seal")
    ask(office, item)
    reply(office, item)
    office.give_back(item, "keeper")
    office.revise(item, body="样例正文，改过的。")
    assert [("agreed", True)] == standing(office, item)
    office.carry(item, to="cleared")
    with office.refused("consultation_on_earlier_version"):
        publish(office, item)
    again = ask(office, item)
    assert [("replaced", False), ("open", True)] == standing(office, item)
    withdraw(office, item)
    assert [("agreed", True), ("withdrawn", False)] == standing(office, item)
    ask(office, item)
    reply(office, item, number=again["consultation"] + 1)
    publish(office, item)
    assert [] == office.faults()


def test_an_answer_is_about_the_text_that_was_seen_and_not_about_the_one_asked_about(
    office: SampleOffice,
) -> None:
    item = office.draft()
    ask(office, item)
    old = office.row(item).version
    office.revise(item, body="样例正文，改过的。")
    (told,) = office.queries.show(office["outhead"], item)["consultations"]
    assert told["about_earlier_version"]
    with office.refused("changed_since", by=Conflict):
        office.app.consulting.reply(item, office["outhead"], answer=Reply.AGREE, seen=old)
    reply(office, item)
    assert [("agreed", False)] == standing(office, item)


def test_silence_consents_to_the_text_that_was_asked_about_alone(office: SampleOffice) -> None:
    item = office.draft()
    ask(office, item, concern=Concern.JOINT_MAKING)
    office.revise(item, body="样例正文，改过的。")
    later(office, 27)
    assert [("consented", True)] == standing(office, item)


# -- objections -----------------------------------------------------------------------------------


def test_an_objection_goes_to_the_supervisors_who_release_the_text(office: SampleOffice) -> None:
    item = office.item_at("cleared")
    ask(office, item)
    with office.refused("objection_needs_text"):
        reply(office, item, answer=Reply.OBJECT)
    reply(office, item, answer=Reply.OBJECT, text="样例异议")
    with office.refused("consultation_open"):
        publish(office, item)
    assert "settle" == duty(office, "supervisor", item)
    with office.refused("account_required"):
        settle(office, item, text=" ")
    settle(office, item)
    assert None is duty(office, "supervisor", item)
    assert [("released", False)] == standing(office, item)
    publish(office, item)
    assert [] == office.faults()


def test_what_is_upheld_holds_back_until_the_body_agrees_to_another_text(
    office: SampleOffice,
) -> None:
    item = office.item_at("seal")
    ask(office, item)
    reply(office, item, answer=Reply.OBJECT, text="样例异议")
    settle(office, item, outcome=Settlement.UPHOLD)
    assert [("upheld", True)] == standing(office, item)
    with office.refused("nothing_to_settle"):
        settle(office, item)
    with office.refused("nothing_to_withdraw"):
        withdraw(office, item)
    with office.refused("stays_blocking"):
        ask(office, item, blocking=False)
    asked = ask(office, item, concern=Concern.JOINT_MAKING)
    assert "stays_open" == asked["silence"]
    reply(office, item)
    office.carry(item, to="cleared")
    publish(office, item)


def test_a_silence_that_means_nothing_is_settled_too(office: SampleOffice) -> None:
    item = office.draft()
    ask(office, item, outside="样例市统计局")
    with office.refused("nothing_to_settle"):
        settle(office, item)
    later(office, 40)
    settle(office, item)
    assert [("released", False)] == standing(office, item)
    office.revise(item, body="样例正文，改过的。")
    assert [("released", True)] == standing(office, item)


# -- bodies outside -------------------------------------------------------------------------------


def test_the_answer_of_a_body_outside_is_recorded_with_its_day_and_reference(
    office: SampleOffice,
) -> None:
    item = office.draft()
    number = ask(office, item, outside="样例市统计局")["consultation"]
    letter = {"replied_on": date(2017, 1, 20), "reference": "样统函〔2017〕3号"}
    with office.refused("outside_reply_needs_letter"):
        reply(office, item, "clerk")
    with office.refused("date_in_future"):
        reply(office, item, "clerk", **letter | {"replied_on": date(2017, 1, 21)})
    with office.refused("replied_before_asked"):
        reply(office, item, "clerk", **letter | {"replied_on": date(2017, 1, 19)})
    with office.refused("no_such_item", by=NotFound):
        reply(office, item, "outhead", **letter)
    office.revise(item, body="样例正文，改过的。")
    reply(office, item, "clerk", number=number, **letter)
    (told,) = office.queries.show(office["clerk"], item)["consultations"]
    assert ("样例市统计局", "样统函〔2017〕3号") == (told["body_name"], told["reply"]["reference"])
    # The letter was about the text that it came with.
    assert told["holds_back"]
    ask(office, item, outside="样例市统计局")
    assert [("replaced", False), ("open", True)] == standing(office, item)


def test_a_body_here_dates_its_answer_by_answering(office: SampleOffice) -> None:
    item = office.draft()
    ask(office, item)
    with office.refused("reply_dates_itself"):
        reply(office, item, replied_on=date(2017, 1, 20), reference="样例")


# -- who asks, answers and sees -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("place", "by", "may"),
    [
        ("draft", "clerk", True),
        ("draft", "colleague", True),
        ("draft", "deputy", True),
        ("draft", "head", True),
        ("draft", "supervisor", False),
        ("sign_off", "clerk", True),
        ("confidentiality_review", "reviewer", True),
        ("confidentiality_review", "keeper", False),
        ("final_review", "reviewer", False),
        ("final_review", "final", True),
        ("cleared", "final", False),
        ("cleared", "publisher", True),
    ],
)
def test_the_items_own_side_asks_and_whoever_has_it_before_them(
    office: SampleOffice,
    place: str,
    by: str,
    may: bool,  # noqa: FBT001 # a table of who may
) -> None:
    item = office.item_at(place) if place != "draft" else office.draft()
    if may:
        assert 1 == ask(office, item, by)["consultation"]
    else:
        with office.refused("may_not_consult"):
            ask(office, item, by)


def test_what_is_on_its_way_or_public_is_nobodys_to_ask_about(office: SampleOffice) -> None:
    item = office.item_at("publishing")
    with office.refused("not_consultable"):
        ask(office, item)


def test_a_question_needs_words_a_body_that_answers_and_a_day_to_come(office: SampleOffice) -> None:
    item = office.draft()
    wrong: dict[str, dict[str, Any]] = {
        "consultation_question_required": {"question": " "},
        "outside_required": {"outside": " "},
        "consults_itself": {"body": CIVIL},
        "nobody_answers": {"body": "YL-CENTRE"},
        "answer_due_wrong": {"due_on": date(2017, 1, 20)},
        "answer_due_on_rest_day": {"due_on": date(2017, 1, 28)},
    }
    for code, given in wrong.items():
        with office.refused(code):
            ask(office, item, **given)
    with office.refused("body_or_outside", by=InvalidInput):
        ask(office, item, outside="样例", body=FINANCE)
    with office.refused("no_such_body", by=NotFound):
        ask(office, item, body="YL-NOWHERE")
    assert date(2017, 1, 22) == ask(office, item, due_on=date(2017, 1, 22))["due_on"]
    with office.refused("consulted_already"):
        ask(office, item)


def test_the_head_of_the_body_that_is_asked_answers_and_nobody_else(office: SampleOffice) -> None:
    item = office.draft()
    number = ask(office, item)["consultation"]
    with office.refused("may_not_reply") as caught:
        reply(office, item, "head", number=number)
    (refusal,) = refused_of(caught)
    assert ["outhead"] == [who.name for who in refusal.who]
    with office.refused("nothing_to_reply"):
        reply(office, item, "head")
    with office.refused("no_such_item", by=NotFound):
        reply(office, item, "outsider")
    office.give("head", Role.DEPARTMENT_HEAD, body=FINANCE)
    office.give("clerk", Role.DEPUTY_HEAD, body=FINANCE)
    with office.refused("own_question"):
        reply(office, item, "clerk")
    reply(office, item, "head")
    with office.refused("consultation_standing_wrong"):
        reply(office, item, number=number)


def refused_of(caught: pytest.ExceptionInfo[Any]) -> tuple[Any, ...]:
    """Return the refusals of an error."""
    assert isinstance(caught.value, Refused)
    return caught.value.refusals


def test_only_supervisors_settle(office: SampleOffice) -> None:
    item = office.draft()
    ask(office, item)
    reply(office, item, answer=Reply.OBJECT, text="样例异议")
    with office.refused("needs_role"):
        settle(office, item, "head")


def test_who_asked_withdraws_and_somebody_of_the_same_role_once_they_are_gone(
    office: SampleOffice,
) -> None:
    item = office.draft()
    number = ask(office, item)["consultation"]
    with office.refused("not_your_question"):
        withdraw(office, item, "colleague", number=number)
    with office.refused("withdrawal_reason_required"):
        withdraw(office, item, reason=" ")
    office.accounts.set_enabled(office["admin"], "clerk", enabled=False)
    withdraw(office, item, "colleague", number=number)
    assert [("withdrawn", False)] == standing(office, item, "head")
    with office.refused("consultation_standing_wrong"):
        withdraw(office, item, "colleague", number=number)
    with office.refused("no_such_consultation", by=NotFound):
        withdraw(office, item, "colleague", number=number + 7)
    assert [] == office.faults()


def test_the_body_that_is_asked_sees_the_item_and_no_more_than_it_is_asked_about(
    office: SampleOffice,
) -> None:
    item = office.item_at("seal")
    ask(office, item, outside="样例市统计局")
    with office.refused("no_such_item", by=NotFound):
        reply(office, item)
    assert None is duty(office, "outhead", item)
    ask(office, item)
    shown = office.queries.show(office["outhead"], item)
    assert "样例正文，第1号。\n" == shown["content"]["body"]
    assert ([], [], [FINANCE]) == (
        shown["decisions"],
        shown["authors"],
        [row["body"] for row in shown["consultations"]],
    )
    assert [] == office.queries.history(office["outhead"], item)
    assert "reply" == duty(office, "outhead", item)
    for stranger in ("outsider", "receiver"):
        with pytest.raises(NotFound):
            office.queries.show(office[stranger], item)
    reply(office, item)
    assert None is duty(office, "outhead", item)
    assert item in listed(office, "outhead")


def test_what_is_withdrawn_is_nobodys_to_see_any_more(office: SampleOffice) -> None:
    item = office.draft()
    ask(office, item)
    assert item in listed(office, "outhead")
    withdraw(office, item)
    assert item not in listed(office, "outhead")
    with pytest.raises(NotFound):
        office.queries.show(office["outhead"], item)


def test_a_restricted_item_is_opened_to_the_head_alone_and_until_the_answer(
    office: SampleOffice,
) -> None:
    item = office.draft(restricted=True)
    office.give("outsider", Role.DEPUTY_HEAD, body=FINANCE)
    ask(office, item)
    assert (True, False) == (
        item in listed(office, "outhead"),
        item in listed(office, "outsider"),
    )
    assert ("reply", None) == (duty(office, "outhead", item), duty(office, "outsider", item))
    with office.refused("no_such_item", by=NotFound):
        reply(office, item, "outsider")
    reply(office, item)
    assert item not in listed(office, "outhead")
    with pytest.raises(NotFound):
        office.queries.show(office["outhead"], item)


def listed(office: SampleOffice, name: str) -> list[int]:
    """Return the items that somebody may list."""
    return [row["item"] for row in office.queries.items(office[name]).rows]


def duty(office: SampleOffice, name: str, item: int) -> str | None:
    """Return as what an item waits for somebody, if it does."""
    rows = office.queries.inbox(office[name]).rows
    return next((row["duty"] for row in rows if row["item"] == item), None)


def test_the_board_tells_what_is_open_to_whom_it_concerns(office: SampleOffice) -> None:
    first, second = office.draft(), office.draft()
    ask(office, first)
    ask(office, second, outside="样例市统计局", due_on=date(2017, 1, 22))
    ask(office, second)
    board = {
        name: [
            (row["item"]["item"], row["body"]) for row in office.queries.consultations(office[name])
        ]
        for name in ("clerk", "supervisor", "outhead", "outsider", "publisher", "admin")
    }
    everything = [(second, None), (first, FINANCE), (second, FINANCE)]
    assert {
        "clerk": everything,
        "supervisor": everything,
        "outhead": [(first, FINANCE), (second, FINANCE)],
        "outsider": [],
        "publisher": [],
        "admin": [],
    } == board
    reply(office, first)
    assert [second, second] == [
        row["item"]["item"] for row in office.queries.consultations(office["clerk"])
    ]


# -- the record -----------------------------------------------------------------------------------


def test_the_trail_holds_no_words_and_history_tells_them(office: SampleOffice) -> None:
    item = office.draft()
    ask(office, item, question="样例问题")
    reply(office, item, answer=Reply.OBJECT, text="样例异议")
    settle(office, item, text="样例裁决")
    told = {row["event"]: row["said"] for row in office.queries.history(office["clerk"], item)}
    assert {"question": "样例问题"} == told["consulted"]
    assert {"answer": "样例异议"} == told["consultation_answered"]
    assert {"account": "样例裁决"} == told["consultation_settled"]
    assert "样例" not in "".join(entry.details for entry in office.trail(item)[1:])


@pytest.mark.parametrize(
    ("column", "value", "told"),
    [
        ("blocking", "FALSE", "blocking"),
        ("silence", "'consents'", "silence"),
        ("due_on", "'2017-01-01'", "due_on"),
        ("body_id", "NULL", "body"),
        ("replied_on", "'2017-01-01'", "replied_on"),
        ("settlement", "'uphold'", "settlement"),
        ("settled_digest", "substr(settled_digest, 2) || 'x'", "settled_digest"),
        ("overdue_told_at", "asked_at", "overdue_told_at"),
    ],
)  # fmt: skip
def test_a_consultation_that_is_not_what_the_trail_says_is_named(
    office: SampleOffice, column: str, value: str, told: str
) -> None:
    item = office.draft()
    ask(office, item)
    reply(office, item, answer=Reply.OBJECT, text="样例异议")
    settle(office, item)
    with unguarded(office.database) as connection:
        connection.execute(text(f"UPDATE consultation SET {column} = {value}"))  # noqa: S608
    (fault,) = office.faults()
    assert ("consultation_differs", told) == (fault.problem, fault.what)


def test_a_purge_reaches_the_words_and_the_name_of_a_body_outside(office: SampleOffice) -> None:
    item = office.item_at("cleared")
    ask(office, item, outside="样例市统计局", question="样例问题")
    target = json.loads(office.trail(item)[-1].details)["remark"]
    office.bureau.ask_purge(office["admin"], target, ground="personal_privacy", reason="样例")
    office.bureau.confirm_purge(office["supervisor"], target)
    (told,) = office.queries.show(office["clerk"], item)["consultations"]
    assert (None, None, True) == (told["body_name"], told["question"], told["holds_back"])
    with office.refused("consultation_open") as caught:
        publish(office, item)
    (refusal,) = refused_of(caught)
    assert "—" == refusal.params["body"]
    assert [] == office.faults()


def test_a_dry_run_changes_nothing_and_a_key_counts_once(office: SampleOffice) -> None:
    item = office.draft()
    with office.unchanged():
        assert ask(office, item, dry_run=True)["dry_run"]
    first = ask(office, item, key="sample")
    assert first["consultation"] == ask(office, item, key="sample")["consultation"]
    assert 1 == len(standing(office, item))
