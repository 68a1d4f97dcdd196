"""Who hears of what people do, and that no act waits for a mail server (S8, S42)."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from tests.service.outbox import Outbox
from tests.service.sample_office import FINANCE, PEOPLE
from tests.service.test_deputies import lend
from tests.service.test_waivers import waive
from workflow import policy
from workflow.coordination import Concern, Reply, Settlement
from workflow.dispatching import Dispatched
from workflow.errors import ChannelFailed, Refused
from workflow.guards import Role
from workflow.machine import Action
from workflow.models import AlertKind, AlertStatus
from workflow.testing import MemoryChannel
from workflow.validity import Status

if TYPE_CHECKING:
    from tests.service.sample_office import SampleOffice


@pytest.fixture
def outbox(office: SampleOffice) -> Outbox:
    """Give an outbox of an office in which everybody reads e-mail."""
    outbox = Outbox(office)
    for name in PEOPLE:
        outbox.reach(name)
    return outbox


def heard(outbox: Outbox, event: str, item: int | None = None) -> set[str]:
    """Return who was told of an event, and that they were told once each."""
    names = {outbox.office[name]: name for name in PEOPLE}
    found = [
        names[account_id]
        for kind, told, about, account_id in outbox.alerts("kind", "event", "item_id", "account_id")
        if (kind, told, about) == (AlertKind.NOTICE, event, item)
    ]
    assert len(found) == len(set(found))
    return set(found)


def test_those_who_could_act_now_hear_of_what_is_new_in_their_inbox(outbox: Outbox) -> None:
    item = outbox.office.item_at("sign_off")
    assert {"head", "head2"} == heard(outbox, "inbox", item)
    outbox.office.carry(item, to="seal")
    assert {"head", "head2", "keeper", "keeper2"} == heard(outbox, "inbox", item)
    outbox.office.carry(item, to="cleared")
    assert {
        "head", "head2", "keeper", "keeper2", "reviewer", "reviewer2", "final", "final2",
        "publisher", "publisher2",
    } == heard(outbox, "inbox", item)  # fmt: skip
    keys = {key for key, _ in outbox.alerts() if f":account:{outbox.office['keeper']}:" in key}
    assert {f"notice:inbox:{item}:3:account:{outbox.office['keeper']}:email"} == keys


def test_both_sides_of_a_consultation_hear_of_each_step(outbox: Outbox) -> None:
    office = outbox.office
    item = office.draft()
    acts, seen = office.app.consulting, office.row(item).version
    acts.ask(item, office["clerk"], body=FINANCE, question="样例", seen=seen)
    assert {"outhead"} == heard(outbox, "consulted", item)
    acts.reply(item, office["outhead"], answer=Reply.OBJECT, text="样例", seen=seen)
    assert {"clerk", "supervisor"} == heard(outbox, "consultation_objected", item)
    outcome = Settlement.RELEASE
    acts.settle(item, office["supervisor"], outcome=outcome, text="样例", seen=seen)
    assert {"clerk", "outhead"} == heard(outbox, "consultation_settled", item)
    assert 3 == outbox.dispatch().sent


def test_a_deputy_of_who_answers_hears_of_the_question_and_is_named(outbox: Outbox) -> None:
    """S15: whoever may answer in somebody's place is told what their inbox shows."""
    office = outbox.office
    item, other = office.draft(), office.draft(restricted=True)
    acts, seen = office.app.consulting, office.row(item).version
    lend(office, "outhead", "outsider")
    for number in (item, other):
        acts.ask(number, office["clerk"], body=FINANCE, question="样例", seen=seen)
        assert {"outhead", "outsider"} == heard(outbox, "consulted", number)
    with office.refused("may_not_reply") as caught:
        acts.reply(item, office["head"], answer=Reply.AGREE, number=1, seen=seen)
    assert isinstance(caught.value, Refused)
    who = [(each.name, each.principal) for each in caught.value.refusals[0].who]
    assert [("outhead", None), ("outsider", "样例：outhead")] == who
    acts.reply(item, office["outsider"], answer=Reply.AGREE, seen=seen)
    assert [] == office.faults()
    # Whose term has ended hears no more.
    office.clock.advance(timedelta(days=16))
    assert 1 == acts.tell_overdue()
    assert {"clerk", "outhead", "supervisor"} == heard(outbox, "consultation_overdue", other)


def test_an_answer_that_is_late_is_told_once_to_both_sides_and_the_supervisors(
    outbox: Outbox,
) -> None:
    office = outbox.office
    item, other = office.draft(), office.draft()
    acts, seen = office.app.consulting, office.row(item).version
    for number, concern in ((item, Concern.CONCERNED), (other, Concern.JOINT_MAKING)):
        acts.ask(number, office["clerk"], body=FINANCE, question="样例", concern=concern, seen=seen)
    office.clock.advance(timedelta(days=15))
    assert 0 == acts.tell_overdue()
    office.clock.advance(timedelta(days=1))
    assert [1, 0] == [acts.tell_overdue(), acts.tell_overdue()]
    late = {"clerk", "outhead", "supervisor"}
    assert late == heard(outbox, "consultation_overdue", item)
    office.clock.advance(timedelta(days=20))
    assert [1, 0] == [acts.tell_overdue(), acts.tell_overdue()]
    assert late == heard(outbox, "consultation_overdue", item)
    assert {"clerk"} == heard(outbox, "consultation_consented", other)
    assert "consultation_overdue" == office.events(item)[-1]
    assert [] == office.faults()


def test_who_has_answered_is_not_reminded_of_the_question(outbox: Outbox) -> None:
    office = outbox.office
    item = office.draft()
    acts, seen = office.app.consulting, office.row(item).version
    acts.ask(item, office["clerk"], body=FINANCE, question="样例", seen=seen)
    acts.reply(item, office["outhead"], answer=Reply.AGREE, seen=seen)
    came = outbox.dispatch()
    assert (1, 1) == (came.sent, came.cancelled)
    assert {"clerk"} == heard(outbox, "consultation_answered", item)


def test_whom_the_separation_of_duties_keeps_apart_hears_of_no_work(outbox: Outbox) -> None:
    office = outbox.office
    office.give("clerk", Role.DEPARTMENT_HEAD)
    office.give("head", Role.SEAL_KEEPER)
    item = office.carry(office.draft(), to="seal")
    assert {"head", "head2", "keeper", "keeper2"} == heard(outbox, "inbox", item)
    # The clerk is its author, and the head has signed it off already: told for the stage alone.
    stages = [
        (json.loads(facts)["stage"], account_id)
        for event, facts, account_id in outbox.alerts("event", "facts", "account_id")
        if event == "inbox"
    ]
    assert ("seal", office["head"]) not in stages
    assert office["clerk"] not in {account_id for _, account_id in stages}


def test_who_may_decide_under_a_waiver_alone_hears_of_new_work(outbox: Outbox) -> None:
    """S15: while it is in force, and never of the confidentiality review."""
    office = outbox.office
    for role in (Role.DEPARTMENT_HEAD, Role.CONFIDENTIALITY_REVIEWER):
        office.give("clerk", role)
    waive(office)
    item, later = office.draft(), office.draft()
    office.act(item, Action.SUBMIT, "colleague")
    assert {"clerk", "head", "head2"} == heard(outbox, "inbox", item)
    office.carry(item, to="confidentiality_review")
    stages = [
        json.loads(facts)["stage"]
        for event, facts, account_id in outbox.alerts("event", "facts", "account_id")
        if event == "inbox" and account_id == office["clerk"]
    ]
    assert ["sign_off"] == stages
    office.clock.advance(timedelta(days=30))
    office.act(later, Action.SUBMIT, "colleague")
    assert {"head", "head2"} == heard(outbox, "inbox", later)


def test_a_return_is_told_to_those_who_wrote_the_item(outbox: Outbox) -> None:
    item = outbox.office.item_at("seal")
    outbox.office.give_back(item, "keeper")
    assert {"clerk"} == heard(outbox, "returned", item)


def test_a_redaction_that_is_asked_for_is_told_as_a_return(outbox: Outbox) -> None:
    item = outbox.office.item_at("confidentiality_review")
    outbox.office.act(item, Action.REVIEW_DISCLOSE_IN_PART, "reviewer", redactions=("样例",))
    assert {"clerk"} == heard(outbox, "returned", item)


def test_a_recall_is_told_to_those_who_held_the_item(outbox: Outbox) -> None:
    item = outbox.office.item_at("sign_off")
    outbox.office.act(item, Action.RECALL, "clerk", reason="样例理由")
    assert {"head", "head2"} == heard(outbox, "recalled", item)
    outbox.dispatch()
    # The inbox they were to look at is empty again, so of that they hear no more.
    assert [["recalled"], ["recalled"]] == [
        [each["event"] for each in sent.data["entries"]] for sent in outbox.mail.sent
    ]


@pytest.mark.parametrize(
    ("attribute", "event"), [("not_disclosed", "withheld"), ("on_request", "on_request_only")]
)
def test_that_something_stays_unpublished_is_told_to_authors_and_deciders(
    outbox: Outbox, attribute: str, event: str
) -> None:
    item = outbox.office.item_at(
        event, attribute=attribute, ground="personal_privacy", attribute_reason="样例"
    )
    # Who approved it knows.
    assert {"clerk", "head", "keeper", "reviewer"} == heard(outbox, event, item)


def test_a_publication_is_told_to_authors_and_deciders_of_the_round(outbox: Outbox) -> None:
    item = outbox.office.item_at("published")
    assert {"clerk", "head", "keeper", "reviewer", "final"} == heard(outbox, "published", item)


def test_that_an_edition_was_overtaken_is_told_to_those_who_wrote_it(outbox: Outbox) -> None:
    """S24: who wrote the edition that was public so far hears that it is no longer."""
    office = outbox.office
    old = office.item_at("published")
    new = office.service.correct(
        old, office["colleague"], change_note="样例说明", seen=office.row(old).version
    )["item"]
    office.carry(new, to="cleared")
    assert set() == heard(outbox, "superseded", old)
    office.carry(new, to="published")
    assert {"clerk"} == heard(outbox, "superseded", old)


def test_a_publication_that_failed_is_told_to_publishers(outbox: Outbox) -> None:
    office = outbox.office
    item = office.item_at("publishing")
    channel = MemoryChannel()
    channel.failure = ChannelFailed("site_unwritable", path="x", problem="x")
    publisher = office.publisher(channel)
    for _ in range(office.policy(item).publication_attempts):
        publisher.dispatch()
        office.clock.advance(timedelta(hours=1))
    assert "publication_failed" == office.place(item)
    assert {"publisher", "publisher2"} == heard(outbox, "publication_failed", item)


def test_a_schedule_that_is_held_is_told_to_publishers(outbox: Outbox) -> None:
    office = outbox.office
    item = office.item_at("cleared")
    at = office.clock() + timedelta(hours=1)
    office.service.schedule(item, office["publisher"], at, seen=office.row(item).version)
    office.give("publisher", Role.PUBLISHER, body="YL-CENTRE", revoke=True)
    office.clock.set(at)
    office.service.publish_due()
    assert {"publisher2"} == heard(outbox, "publication_held", item)


def test_a_schedule_that_another_policy_drops_is_told_to_publishers_and_to_the_new_desk(
    outbox: Outbox,
) -> None:
    # S38: it goes back to the stage that was added.
    office = outbox.office
    item = office.item_at("cleared")
    at = office.clock() + timedelta(hours=1)
    office.service.schedule(item, office["publisher"], at, seen=office.row(item).version)
    keeper = office.app.timekeeper
    keeper.apply_policy(office["admin"], policy.shipped("two_tier"), reason="样例")

    assert "deputy_sign_off" == office.place(item)
    assert {"publisher", "publisher2"} == heard(outbox, "schedule_dropped", item)
    assert "deputy" in heard(outbox, "inbox", item)


def test_a_password_that_was_reset_is_told_to_the_person_and_to_supervisors(
    outbox: Outbox,
) -> None:
    office = outbox.office
    office.accounts.reset(office["admin"], "clerk")
    assert {"clerk", "supervisor"} == heard(outbox, "password_reset")
    outbox.dispatch()
    assert 2 == sum("clerk" in sent.text for sent in outbox.mail.sent)
    # Whoever supervises is asked to look after it, and not to change their own password.
    assert ["clerk@sample.example"] == [
        sent.to for sent in outbox.mail.sent if "gongkai password" in sent.text
    ]
    office.clock.advance(timedelta(minutes=1))
    office.accounts.reset(office["admin"], "clerk")
    assert 2 == outbox.dispatch().sent


def test_a_duty_that_is_given_or_taken_is_told_to_the_person(outbox: Outbox) -> None:
    outbox.office.give("colleague", Role.DEPUTY_HEAD)
    outbox.office.give("colleague", Role.DEPUTY_HEAD, revoke=True)
    assert {"colleague"} == heard(outbox, "duty_given") == heard(outbox, "duty_taken")


def test_a_dry_run_and_a_repetition_tell_nobody_anything(outbox: Outbox) -> None:
    office = outbox.office
    item = office.draft()
    version = office.row(item).version
    office.act(item, Action.SUBMIT, "clerk", dry_run=True)
    assert [] == outbox.alerts()
    for _ in range(2):
        office.service.perform(item, Action.SUBMIT, office["clerk"], seen=version, key="once")
    assert {"head", "head2"} == heard(outbox, "inbox", item)


def test_s42_a_restricted_item_is_named_to_nobody_by_mail(outbox: Outbox) -> None:
    office = outbox.office
    item = office.draft(changes={"title": "样例：内部标题"}, restricted=True)
    office.act(item, Action.SUBMIT, "clerk")
    number = office.row(item).index_number
    outbox.dispatch()
    assert {"head@sample.example", "head2@sample.example"} == {sent.to for sent in outbox.mail.sent}
    for sent in outbox.mail.sent:
        told = " ".join(
            (sent.subject, sent.text, sent.html, sent.short, json.dumps(dict(sent.data)))
        )
        assert "内部标题" not in told
        assert number not in told


def test_who_loses_sight_of_an_item_is_not_told_of_it(outbox: Outbox) -> None:
    office = outbox.office
    item = office.item_at("sign_off")
    office.give("head2", Role.DEPARTMENT_HEAD, revoke=True)
    outbox.dispatch()
    told = {
        sent.to
        for sent in outbox.mail.sent
        for each in sent.data["entries"]
        if each.get("item") == item
    }
    assert {"head@sample.example"} == told


def test_an_office_without_addresses_has_no_notices_and_no_faults(office: SampleOffice) -> None:
    outbox = Outbox(office)
    office.item_at("published")
    assert ([], []) == (outbox.alerts(), outbox.faults())


def test_s8_a_mail_server_that_is_down_fails_no_approval_and_is_caught_up_with(
    outbox: Outbox,
) -> None:
    outbox.mail.failure = ChannelFailed("alert_not_delivered", channel="email")
    item = outbox.office.item_at("sign_off")
    outbox.dispatch()
    outbox.office.carry(item, to="published")
    assert "published" == outbox.office.place(item)
    expected = sorted(key for key, _ in outbox.alerts())
    outbox.mail.failure = None
    outbox.until(lambda: AlertStatus.OWED not in outbox.alerts("status"), step=timedelta(minutes=5))
    # Each key once; what had become untrue meanwhile was not sent.
    assert expected == sorted(key for key, _ in outbox.alerts())
    assert {AlertStatus.SENT, AlertStatus.EXPIRED} == set(outbox.alerts("status"))
    assert Dispatched() == outbox.dispatch()
    assert len(outbox.mail.sent) == len({sent.to for sent in outbox.mail.sent})


def test_an_urgent_publication_is_told_to_whoever_confirms_supervises_and_makes_up_for_it(
    outbox: Outbox,
) -> None:
    """S18: at once; and the stages that are owed hear of their work one after the other."""
    office = outbox.office
    item = office.item_at("seal")
    office.act(item, Action.PUBLISH_URGENTLY, "supervisor", reason="样例理由")
    # Who asked knows.
    assert {"publisher", "publisher2", "final", "final2"} == heard(
        outbox, "urgent_publication_asked", item
    )
    office.act(item, Action.CONFIRM_URGENT_PUBLICATION, "publisher")
    assert {"supervisor"} == heard(outbox, "published_urgently", item)
    before = heard_inboxes(outbox)
    office.deliver(item)
    assert [("keeper", "seal"), ("keeper2", "seal")] == heard_inboxes(outbox)[len(before) :]
    office.act(item, Action.SEAL, "keeper")
    office.act(item, Action.REVIEW_DISCLOSE, "reviewer")
    after = [stage for _, stage in heard_inboxes(outbox)[len(before) + 2 :]]
    assert ["confidentiality_review"] * 2 + ["final_review"] * 2 == after
    assert set() == heard(outbox, "review_made_up", item)
    office.act(item, Action.APPROVE, "final2")
    assert {"clerk"} == heard(outbox, "review_made_up", item)


def test_what_two_people_do_is_put_into_words_for_the_second_one(outbox: Outbox) -> None:
    """S18, S20: each such mail goes out; one that cannot be said would be given up."""
    office = outbox.office
    item, urgent = office.item_at("published"), office.item_at("seal")
    repeal: dict[str, Any] = {
        "validity": Status.REPEALED,
        "basis": "样例决定",
        "from_on": office.clock().date(),
    }
    for action, by, confirm, second in (
        (Action.RETRACT, "publisher", Action.CONFIRM_RETRACTION, "final"),
        (Action.RESTORE, "publisher", Action.CONFIRM_RESTORATION, "final"),
        (Action.VALIDITY, "head", Action.CONFIRM_VALIDITY, "publisher"),
    ):
        office.act(item, action, by, reason="样例理由", explanation="样例说明", **repeal)
        office.act(item, confirm, second)
    office.act(urgent, Action.PUBLISH_URGENTLY, "supervisor", reason="样例理由")
    outbox.until(lambda: AlertStatus.OWED not in outbox.alerts("status"), step=timedelta(minutes=5))
    kept = outbox.alerts("event", "status")
    asked = {(event, status) for event, status in kept if event.endswith("_asked")}
    whats = ("retraction", "restoration", "validity", "urgent_publication")
    assert {(f"{what}_asked", AlertStatus.SENT) for what in whats} == asked
    assert [] == outbox.faults()


def test_whom_the_policy_names_for_urgency_hears_that_it_was_asked_for(outbox: Outbox) -> None:
    """S18: by name, without the roles of the others."""
    office = outbox.office
    document = json.loads(policy.shipped().text)
    document |= {"version": 9, "urgency": {"roles": [], "people": ["keeper2", "clerk"]}}
    rules = policy.stored(json.dumps(document, ensure_ascii=False))
    office.app.timekeeper.apply_policy(office["admin"], rules, reason="样例：修订流程")
    item = office.item_at("cleared")
    office.act(item, Action.PUBLISH_URGENTLY, "publisher", reason="样例理由")
    # The clerk wrote it.
    assert {"publisher2", "keeper2"} == heard(outbox, "urgent_publication_asked", item)
    outbox.until(lambda: AlertStatus.OWED not in outbox.alerts("status"), step=timedelta(minutes=5))
    kept = outbox.alerts("event", "account_id", "status", "why")
    assert [(AlertStatus.SENT, None)] == [
        (status, why)
        for event, account_id, status, why in kept
        if (event, account_id) == ("urgent_publication_asked", office["keeper2"])
    ]


def heard_inboxes(outbox: Outbox) -> list[tuple[str, str]]:
    """Return who was told of work at which stage, in the order in which they were."""
    names = {outbox.office[name]: name for name in PEOPLE}
    return [
        (names[account_id], json.loads(facts)["stage"])
        for event, facts, account_id in outbox.alerts("event", "facts", "account_id")
        if event == "inbox"
    ]
