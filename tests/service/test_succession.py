"""A merged body's open items go over to its successor, and stay what they are."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tests.service.outbox import Outbox
from tests.service.sample_office import CIVIL, FINANCE, START
from tests.service.test_consulting import DUE, ask, reply, standing, withdraw
from tests.service.test_retracting import clocks
from workflow import organisation
from workflow.coordination import Reply
from workflow.errors import NotFound
from workflow.guards import Role
from workflow.machine import Action
from workflow.validity import Status

if TYPE_CHECKING:
    from tests.service.sample_office import SampleOffice

WHY = "样例：机构改革"
THIRD = "YL-OFFICE"
OLD_PEOPLE = {"clerk", "colleague", "head", "head2", "keeper", "keeper2", "deputy", "reviewer2"}


def merge(office: SampleOffice) -> None:
    """Merge the bureau of civil affairs into that of finance."""
    shipped = organisation.shipped("sample_small")
    ended = {"closed_on": START.date(), "merged_into": FINANCE}
    bodies = tuple(
        replace(body, **ended) if body.code == CIVIL else body  # type: ignore[arg-type]
        for body in shipped.bodies
    )
    office.app.office.import_organisation(office["admin"], replace(shipped, bodies=bodies))


def hand_over(office: SampleOffice, **more: Any) -> dict[str, Any]:
    """Hand over what the bureau has under way."""
    told = {"reason": WHY} | more
    return office.app.succession.hand_over(office["admin"], CIVIL, **told)


def grown(office: SampleOffice) -> None:
    """Give the successor a keeper of its seal and a second clerk, who was of the old body."""
    office.accounts.add(office["admin"], "outkeeper", display_name="样例：outkeeper")
    office.give("outkeeper", Role.SEAL_KEEPER, body=FINANCE)
    office.give("colleague", Role.CLERK, body=FINANCE)


def other_bodys_item(office: SampleOffice) -> int:
    """Enter an item of a third body, by the clerk ``other``."""
    office.accounts.add(office["admin"], "other", display_name="样例：other")
    office.give("other", Role.CLERK, body=THIRD)
    return office.draft(by="other", department=THIRD)


def asked_of(office: SampleOffice, name: str) -> set[int]:
    """Return the items about which somebody's list shows that they are asked."""
    return {each["item"]["item"] for each in office.queries.consultations(office[name])}


def test_the_successors_people_hold_what_is_under_way_and_nothing_else_changes(
    office: SampleOffice,
) -> None:
    outbox = Outbox(office)
    for name in ("outhead", "outsider", "head", "clerk"):
        outbox.reach(name)
    items = [office.item_at(place) for place in ("draft", "sign_off", "seal", "cleared")]
    public = office.item_at("published")
    grown(office)
    merge(office)
    before = [office.row(item) for item in (*items, public)]
    running = [clocks(office, item) for item in items]
    outbox_before = len(outbox.alerts())
    came = hand_over(office)
    assert (CIVIL, FINANCE, items) == (
        came["body"], came["into"], [each["item"] for each in came["items"]],
    )  # fmt: skip
    assert {"outsider", "outhead", "outkeeper"} == {each["name"] for each in came["granted"]}
    assert {each["name"] for each in came["revoked"]} == OLD_PEOPLE - {"colleague"}
    for old, item in zip(before, (*items, public), strict=True):
        new = office.row(item)
        for name in ("body_id", "index_number", "digest", "version", "policy_digest", "state"):
            assert getattr(old, name) == getattr(new, name)
    assert running == [clocks(office, item) for item in items]
    assert ["inherited"] * 4 == [office.events(item)[-1] for item in items]
    assert "inherited" not in office.events(public)
    assert {items[1]} == {row["item"] for row in office.queries.inbox(office["outhead"]).rows}
    with office.refused("no_such_item", by=NotFound):
        office.act(items[1], Action.SIGN_OFF, "head")
    office.act(items[1], Action.SIGN_OFF, "outhead")
    told = {
        (office["outhead"], items[1]), (office["outsider"], items[0]),
    }  # fmt: skip
    heard = outbox.alerts("event", "account_id", "item_id")[outbox_before:]
    assert told == {(who, item) for event, who, item in heard if event == "inherited"}
    assert [] == office.faults()


def test_the_successor_says_what_is_in_force_of_what_the_old_body_published(
    office: SampleOffice,
) -> None:
    item = office.item_at("published")
    merge(office)
    hand_over(office)
    wish: Any = {"validity": Status.REPEALED, "basis": WHY, "from_on": START.date()}
    office.act(item, Action.VALIDITY, "outhead", **wish)
    office.act(item, Action.CONFIRM_VALIDITY, "publisher")
    new = office.draft(by="outsider", department=FINANCE, replaces=[item])
    assert [item] == [
        each["item"] for each in office.queries.show(office["outsider"], new)["replaces"]
    ]
    assert [] == office.faults()


def test_nothing_is_left_to_nobody(office: SampleOffice) -> None:
    office.item_at("seal")
    merge(office)
    with office.refused("successor_has_nobody"):
        hand_over(office)
    grown(office)
    hand_over(office)
    assert [] == office.faults()


def test_only_an_administrator_hands_over_and_only_what_was_merged_and_says_why(
    office: SampleOffice,
) -> None:
    with office.refused("body_not_merged"):
        hand_over(office)
    merge(office)
    for reason in (None, " \u3000"):
        with office.refused("reason_required"):
            hand_over(office, reason=reason)
    with office.refused("needs_role"):
        office.app.succession.hand_over(office["outhead"], CIVIL, reason=WHY)


def test_a_dry_run_lists_and_changes_nothing_and_a_second_run_takes_up_who_is_new(
    office: SampleOffice,
) -> None:
    item = office.item_at("sign_off")
    merge(office)
    with office.unchanged():
        assert [item] == [each["item"] for each in hand_over(office, dry_run=True)["items"]]
    hand_over(office)
    assert [] == hand_over(office)["granted"]
    office.accounts.add(office["admin"], "newhead", display_name="样例：newhead")
    office.give("newhead", Role.DEPARTMENT_HEAD, body=FINANCE)
    (granted,) = hand_over(office)["granted"]
    assert {"name": "newhead", "role": "department_head"} == granted
    office.act(item, Action.SIGN_OFF, "newhead")
    assert [] == office.faults()


def test_s17_what_the_merged_body_was_asked_is_passed_on_and_answered_by_the_successor(
    office: SampleOffice,
) -> None:
    outbox = Outbox(office)
    for name in ("outhead", "head"):
        outbox.reach(name)
    item = other_bodys_item(office)
    number = ask(office, item, "other", body=CIVIL)["consultation"]
    assert item in asked_of(office, "head")
    merge(office)
    (rehearsed,) = hand_over(office, dry_run=True)["consultations"]
    assert "consultations_inherited" not in office.events(item)
    (passed,) = hand_over(office)["consultations"]
    assert rehearsed == passed
    assert (number, item, DUE, ["outhead"]) == (
        passed["consultation"], passed["item"], passed["due_on"], passed["answered_by"],
    )  # fmt: skip
    assert "consultations_inherited" == office.events(item)[-1]
    heard = outbox.alerts("event", "account_id", "item_id")
    assert ("consulted", office["outhead"], item) in heard
    assert item in asked_of(office, "outhead")
    with office.refused("no_such_item", by=NotFound):
        reply(office, item, "head")
    assert [("open", True)] == standing(office, item, "other")
    reply(office, item, "outhead")
    assert [("agreed", False)] == standing(office, item, "other")
    assert [] == office.faults()


def test_s17_what_was_asked_of_a_merged_body_is_asked_anew_of_its_successor(
    office: SampleOffice,
) -> None:
    item = other_bodys_item(office)
    ask(office, item, "other", body=CIVIL)
    ask(office, item, "other", body=FINANCE)
    for who in ("head", "outhead"):
        reply(office, item, who, answer=Reply.OBJECT, text=WHY)
    merge(office)
    hand_over(office)
    for _ in range(2):
        with office.refused("stays_blocking"):
            ask(office, item, "other", body=FINANCE, blocking=False)
        ask(office, item, "other", body=FINANCE)
        with office.refused("consulted_already"):
            ask(office, item, "other", body=FINANCE)
        reply(office, item, "outhead")
    assert {"replaced", "agreed"} == {each for each, _ in standing(office, item, "other")}
    assert not any(held for _, held in standing(office, item, "other"))
    assert [] == office.faults()


def test_s17_a_question_that_nobody_of_the_successor_may_answer_is_listed_and_withdrawn(
    office: SampleOffice,
) -> None:
    office.give("outhead", Role.CLERK, body=FINANCE)
    item = office.draft(by="outhead", department=FINANCE)
    number = ask(office, item, "outhead", body=CIVIL)["consultation"]
    merge(office)
    (left,) = hand_over(office)["consultations"]
    assert (number, []) == (left["consultation"], left["answered_by"])
    with office.refused("own_question"):
        reply(office, item, "outhead")
    withdraw(office, item, "outhead")
    assert [] == hand_over(office)["consultations"]
    assert [] == office.faults()


def test_s17_no_question_is_left_to_nobody(office: SampleOffice) -> None:
    item = other_bodys_item(office)
    ask(office, item, "other", body=CIVIL)
    merge(office)
    office.give("outhead", Role.DEPARTMENT_HEAD, body=FINANCE, revoke=True)
    with office.unchanged(), office.refused("successor_has_nobody"):
        hand_over(office)
