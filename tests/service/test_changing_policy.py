"""Another policy: what it would do to everything under way, and doing just that (S38–S40)."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import update

from tests.service.sample_office import START
from tests.service.tampering import unguarded
from workflow import policy
from workflow.errors import ChannelFailed, Conflict
from workflow.machine import Action, State
from workflow.models import Item, table
from workflow.testing import MemoryChannel

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.service.sample_office import SampleOffice
    from workflow.policy import Policy

_item = table(Item)
SECOND_LOOK = {
    "name": "second_look",
    "kind": "sign_off",
    "role": "deputy_head",
    "title": {"zh": "复核", "en": "Second look"},
    "budget": 1,
}
EVERYWHERE = (
    "draft", "sign_off", "seal", "confidentiality_review", "final_review", "cleared", "publishing",
    "published",
)  # fmt: skip


def changed(change: Callable[[dict[str, Any]], None]) -> Policy:
    """Return the shipped policy as ``change`` makes it."""
    document = json.loads(policy.shipped().text)
    document["version"] += 1
    change(document)
    return policy.stored(json.dumps(document, ensure_ascii=False))


def with_stage(position: int) -> Policy:
    """Return the shipped policy with one stage more."""
    return changed(lambda document: document["stages"].insert(position, SECOND_LOOK))


def plan(office: SampleOffice, rules: Policy, **options: Any) -> dict[int, dict[str, Any]]:
    """Return what is planned for each item, by its number."""
    rows = office.app.timekeeper.plan_policy(office["admin"], rules, **options).rows
    return {row["item"]: row for row in rows}


def digest_of(office: SampleOffice, rules: Policy, **options: Any) -> str:
    """Return the digest of a plan."""
    planned = office.app.timekeeper.plan_policy(office["admin"], rules, **options)
    list(planned.rows)
    return planned.tally.digest


def apply(office: SampleOffice, rules: Policy, **options: Any) -> dict[str, Any]:
    """Use another policy."""
    return office.app.timekeeper.apply_policy(
        office["admin"], rules, **{"reason": "样例：修订流程"} | options
    )


def failed(office: SampleOffice) -> int:
    """Return an item whose publication has failed."""
    item = office.item_at("publishing")
    fail(office, item)
    return item


def fail(office: SampleOffice, item: int) -> None:
    """Let the publication of an item fail for good."""
    channel = MemoryChannel()
    channel.failure = ChannelFailed("delivery_broke", problem="sample")
    publisher = office.publisher(channel)
    for _ in range(50):
        if office.place(item) == "publication_failed":
            return
        office.clock.advance(timedelta(hours=2))
        publisher.dispatch_item(item)
    raise AssertionError(item)


def referred(office: SampleOffice) -> int:
    """Return an item that waits for an answer."""
    item = office.item_at("confidentiality_review")
    office.act(item, Action.REVIEW_REFER, "reviewer", question="样例", addressee="样例局")
    return item


# -- S40: a plan lists everything and changes nothing --------------------------------------------


def test_a_plan_lists_every_item_with_its_outcome_and_changes_nothing(
    office: SampleOffice,
) -> None:
    """S40: and with it what counts, what is owed, and to which days the clocks go."""
    items = {place: office.item_at(place) for place in EVERYWHERE}
    items["referred"], items["failed"] = referred(office), failed(office)
    office.draft(restricted=True)
    ended = office.draft()
    office.act(ended, Action.ABANDON, "clerk")

    def change(document: dict[str, Any]) -> None:
        document["stages"].insert(2, SECOND_LOOK)
        document["deadlines"][0]["amount"] = 15

    rules = changed(change)
    before = office.everything()
    planned = plan(office, rules)
    assert before == office.everything()
    with office.unchanged():
        dry = apply(office, rules, dry_run=True)

    assert planned.keys() == {*items.values(), ended - 1} - {items["published"]}
    assert {
        "draft": ("carried_over", "draft", None),
        "sign_off": ("carried_over", "pending", "sign_off"),
        "seal": ("carried_over", "pending", "seal"),
        "confidentiality_review": ("moves", "pending", "second_look"),
        "final_review": ("moves", "pending", "second_look"),
        "cleared": ("moves", "pending", "second_look"),
        "publishing": ("waits", "publishing", None),
        "referred": ("waits", "referred", "confidentiality_review"),
        "failed": ("carried_over", "publication_failed", None),
    } == {
        place: (row["outcome"], row["to_state"], row["to_stage"])
        for place, item in items.items()
        if (row := planned.get(item))
    }
    cleared = planned[items["cleared"]]
    assert ["sign_off", "seal", "confidentiality_review"] == cleared["keeps"]
    assert ["final_review"] == cleared["voids"]
    assert ["second_look", "final_review"] == cleared["owes"]
    clocks = {(each["clock"], each["did"]): each["due"] for each in cleared["clocks"]}
    # The fifteenth working day is a Saturday that is worked.
    assert date(2017, 2, 4) == clocks["online", "opened"]
    assert ("online", "voided") in clocks
    assert {"carried_over": 5, "moves": 3, "waits": 2} == dry["outcomes"]
    assert not {"title", "body", "digest"} & set(cleared)


def test_what_was_planned_is_what_is_done(office: SampleOffice) -> None:
    """S40: to the place, the decisions and the clocks of each item."""
    items = [office.item_at(place) for place in EVERYWHERE[:-1]]
    rules = with_stage(0)
    planned, digest = plan(office, rules), digest_of(office, rules)
    came = apply(office, rules, plan=digest)

    assert (digest, len(items)) == (came["plan"], came["items"])
    for item in items:
        row, now = planned[item], office.row(item)
        assert (row["to_state"], row["to_stage"]) == (now.state, now.stage)
        assert not set(row["voids"]) & office.standing(item)
        told = [entry for entry in office.trail(item) if entry.event.startswith("policy_")]
        done = json.loads(told[-1].details)
        assert rules.digest == done["policy"]
        assert (row["clocks"] or None) == done.get("clocks")
    assert rules == office.bureau.policy_in_use()
    recorded = json.loads(office.trail()[-1].details)
    assert (digest, came["outcomes"]) == (recorded["plan"], recorded["outcomes"])
    assert [] == office.faults()


def test_a_plan_that_the_office_has_moved_on_from_is_not_carried_out(
    office: SampleOffice,
) -> None:
    item, rules = office.item_at("seal"), with_stage(0)
    digest = digest_of(office, rules)
    office.decide(item)
    with office.refused("plan_outdated", by=Conflict):
        apply(office, rules, plan=digest)
    with office.refused("plan_outdated", by=Conflict):
        apply(office, rules, plan=digest_of(office, rules, keep_open=True))

    assert apply(office, rules, plan=digest_of(office, rules))["changed"]
    with office.unchanged():
        again = apply(office, rules)
    assert (False, 0) == (again["changed"], again["items"])


def test_a_policy_needs_a_reason(office: SampleOffice) -> None:
    with office.refused("reason_required"):
        apply(office, with_stage(0), reason=" ")


def test_what_is_under_way_may_stay_with_its_own_policy(office: SampleOffice) -> None:
    item, rules = office.item_at("seal"), with_stage(0)
    before = office.row(item)
    assert "stays" == plan(office, rules, keep_open=True)[item]["outcome"]
    apply(office, rules, keep_open=True)

    assert before == office.row(item)
    assert "second_look" == office.place(office.carry(office.draft(), to="second_look"))
    office.carry(item, to="published")
    assert [] == office.faults()


# -- S38: removing a stage approves nothing ------------------------------------------------------


def test_a_stage_that_is_removed_approves_and_publishes_nothing(office: SampleOffice) -> None:
    """S38: what waited at it goes to the next stage that it owes, and somebody decides there."""
    apply(office, with_stage(3))
    items = {place: office.item_at(place) for place in (*EVERYWHERE, "second_look")}
    planned = plan(office, policy.shipped())
    before = {item: office.place(item) for item in items.values()}
    apply(office, policy.shipped())

    waiting = items["second_look"]
    assert "needs_migration" == planned[waiting]["outcome"]
    assert "final_review" == office.place(waiting)
    del before[waiting]
    assert before == {item: office.place(item) for item in before}
    assert [] == office.faults()
    for place in ("second_look", "final_review", "cleared", "publishing", "draft"):
        office.carry(items[place], to="published")
    assert [] == office.faults()


def test_a_stage_that_is_added_is_owed_by_what_was_cleared(office: SampleOffice) -> None:
    """S38: and nothing is published on time that lacks it."""
    item = office.item_at("cleared")
    at = START + timedelta(days=3)
    office.service.schedule(item, office["publisher"], at, seen=office.row(item).version)
    assert plan(office, with_stage(1))[item]["drops_schedule"]
    seen = office.row(item).version
    apply(office, with_stage(1))
    office.clock.set(at + timedelta(hours=1))

    assert [] == office.service.publish_due()
    assert "second_look" == office.place(item)
    with office.refused("changed_since", by=Conflict):
        office.service.perform(item, Action.PUBLISH, office["publisher"], seen=seen)
    with office.refused("wrong_state"):
        office.act(item, Action.PUBLISH, "publisher")
    office.decide(item)
    assert "final_review" == office.place(item)
    office.carry(item, to="published")
    assert [] == office.faults()


def test_what_is_scheduled_and_owes_nothing_stays_scheduled(office: SampleOffice) -> None:
    apply(office, with_stage(1))
    item, at = office.item_at("cleared"), START + timedelta(days=3)
    office.service.schedule(item, office["publisher"], at, seen=office.row(item).version)
    # The stage goes, and with it a decision.
    apply(office, policy.shipped())
    assert {"sign_off", "seal", "confidentiality_review", "final_review"} == office.standing(item)
    office.clock.set(at)

    assert [False] == [came["held"] for came in office.service.publish_due()]
    office.carry(item, to="published")
    assert [] == office.faults()


@pytest.mark.parametrize(
    ("key", "value"),
    [("name", "head_sign_off"), ("role", "deputy_head")],
)
def test_a_stage_under_another_name_or_role_is_held_anew(
    office: SampleOffice, key: str, value: str
) -> None:
    """S38: also by the one who held it before, for that decision is void with its stage."""
    items = [office.item_at(place) for place in ("seal", "final_review", "cleared")]

    def change(document: dict[str, Any]) -> None:
        document["stages"][0][key] = value

    rules = changed(change)
    apply(office, rules)

    for item in items:
        assert rules.stages[0].name == office.place(item)
        office.decide(item, "head" if key == "name" else "deputy")
        assert "pending" == office.row(item).state
        office.carry(item, to="published")
    assert [] == office.faults()


def test_in_another_order_each_stage_is_held_all_the_same(office: SampleOffice) -> None:
    items = [office.item_at(place) for place in EVERYWHERE[:-1]]

    def change(document: dict[str, Any]) -> None:
        first, second, third, last = document["stages"]
        document["stages"] = [third, first, second, last]

    apply(office, changed(change))
    assert "confidentiality_review" == office.place(items[2])
    assert "cleared" == office.place(items[5])
    for item in items:
        office.carry(item, to="published")
    assert [] == office.faults()


def test_a_publication_that_was_under_way_is_asked_for_the_new_stage_if_it_fails(
    office: SampleOffice,
) -> None:
    """S38: what arrives has arrived by the policy of its day; a retry is by that of today."""
    failing, arriving = office.item_at("publishing"), office.item_at("publishing")
    rules = with_stage(1)
    apply(office, rules)
    with office.unchanged():
        apply(office, rules)
    office.carry(arriving, to="published")
    assert policy.shipped().digest == office.row(arriving).policy_digest
    fail(office, failing)

    assert rules.digest == office.row(failing).policy_digest
    with office.refused("stage_not_held"):
        office.act(failing, Action.RETRY, "publisher")
    office.give_back(failing, "publisher")
    office.carry(failing, to="second_look")
    office.decide(failing)
    office.carry(failing, to="published")
    assert [] == office.faults()


def test_what_failed_before_is_asked_for_the_new_stage(office: SampleOffice) -> None:
    item = failed(office)
    apply(office, with_stage(1))

    with office.refused("stage_not_held"):
        office.act(item, Action.RETRY, "publisher")
    assert [] == office.faults()


def test_an_answer_brings_an_item_to_the_stage_that_was_added_meanwhile(
    office: SampleOffice,
) -> None:
    item = referred(office)
    apply(office, with_stage(1))
    assert "referred" == office.place(item)
    came = office.act(item, Action.ANSWER, "reviewer", answer="样例")

    row = office.row(item)
    assert ("second_look", row.version) == (came["stage"], came["version"])
    assert ("pending", "second_look") == (row.state, row.stage)
    assert [] == office.faults()


def test_a_policy_that_was_taken_back_waits_for_nothing(office: SampleOffice) -> None:
    item = referred(office)
    apply(office, with_stage(1))
    apply(office, policy.shipped())
    office.act(item, Action.ANSWER, "reviewer", answer="样例")

    assert policy.shipped().digest == office.row(item).policy_digest
    assert "confidentiality_review" == office.place(item)
    assert [] == office.faults()


# -- S39: a place that the policy does not have --------------------------------------------------


def lost(office: SampleOffice, state: str = "pending") -> int:
    """Return an item at a stage that its policy does not have."""
    item = office.item_at("seal")
    with unguarded(office.database) as connection:
        connection.execute(
            update(_item).where(_item.c.id == item).values(stage="gone", state=State(state))
        )
    return item


@pytest.mark.parametrize("state", ["pending", "referred"])
def test_what_is_at_no_place_of_its_policy_is_read_and_not_acted_upon(
    office: SampleOffice, state: str
) -> None:
    """S39: it says so itself, and who can do something about it."""
    item = lost(office, state)
    shown = office.queries.show(office["clerk"], item)
    (listed,) = office.queries.items(office["head"]).rows
    assert (True, True) == (shown["needs_migration"], listed["needs_migration"])
    assert ("administrator", ["admin", "admin2"]) == (
        shown["next"]["role"], [each["name"] for each in shown["next"]["people"]],
    )  # fmt: skip
    assert office.queries.history(office["clerk"], item)
    assert office.queries.revisions(office["clerk"], item)
    assert [] == list(office.queries.inbox(office["keeper"]).rows)
    assert office.app.boards.of_item(office["clerk"], item)
    assert office.app.boards.due(office["supervisor"], within=60).rows
    for name in ("clerk", "keeper", "head", "supervisor"):
        for possible in office.service.consider(item, office[name]):
            assert ["needs_migration"] == [each.code for each in possible.refusals]
            assert ["admin", "admin2"] == [who.name for who in possible.refusals[0].who]
    for action in set(Action) - {Action.REVISE, Action.CORRECT}:
        with office.refused("needs_migration"):
            office.act(item, action, "keeper")
    with office.refused("needs_migration"):
        office.revise(item, title="样例")
    with office.refused("needs_migration"):
        office.service.correct(
            item, office["clerk"], change_note="样例", seen=office.row(item).version
        )
    office.clock.set(START + timedelta(days=60))
    office.app.enforcer.enforce()


def test_the_policy_in_use_brings_a_lost_item_back(office: SampleOffice) -> None:
    """S39: the administrator's plan says where to, and from there it goes on."""
    item = lost(office)
    assert [("needs_migration", "seal")] == [
        (row["outcome"], row["to_stage"]) for row in plan(office, policy.shipped()).values()
    ]
    apply(office, policy.shipped())

    assert "seal" == office.place(item)
    office.carry(item, to="published")
    assert [] == office.faults()
