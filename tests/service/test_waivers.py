"""Waivers: what a supervisor lifts for whom, until when, and what is never lifted (S15)."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from workflow.errors import Conflict, InvalidInput, NotFound
from workflow.guards import Role
from workflow.machine import Action
from workflow.runtime import SHANGHAI

if TYPE_CHECKING:
    from tests.service.sample_office import SampleOffice

LAST = date(2017, 1, 25)


def waive(
    office: SampleOffice,
    name: str = "clerk",
    *,
    by: str = "supervisor",
    own_text: bool = True,
    two_stages: bool = False,
    until_on: date = LAST,
) -> int:
    """Give somebody a waiver and return its number."""
    given = office.app.waivers.give(
        office[by],
        name,
        own_text=own_text,
        two_stages=two_stages,
        until_on=until_on,
        reason="样例理由",
    )
    number: int = given["waiver"]
    return number


def waits(office: SampleOffice, name: str) -> set[int]:
    """Return the items in somebody's inbox."""
    return {row["item"] for row in office.queries.inbox(office[name]).rows}


def marks(office: SampleOffice, item: int) -> list[int | None]:
    """Return under which waivers the decisions on an item were taken."""
    shown = office.queries.show(office["clerk"], item)
    return [row["waiver"] for row in shown["decisions"]]


def told(office: SampleOffice, item: int) -> Any:
    """Return under which waiver the last act on an item was done, by its trail."""
    return office.queries.history(office["clerk"], item)[-1]["details"].get("waiver")


def test_s15_an_author_with_a_waiver_signs_off_and_it_is_marked(office: SampleOffice) -> None:
    office.give("clerk", Role.DEPARTMENT_HEAD)
    item = office.item_at("sign_off")
    assert item not in waits(office, "clerk")
    with office.refused("author_may_not_decide"):
        office.decide(item, by="clerk")

    number = waive(office)

    assert item in waits(office, "clerk")
    following = office.queries.show(office["clerk"], item)["next"]["people"]
    assert {"clerk", "head", "head2"} == {person["name"] for person in following}
    possible = {each.action: each for each in office.service.consider(item, office["clerk"])}
    assert number == possible[Action.SIGN_OFF].waiver
    office.decide(item, by="clerk")
    assert [number] == marks(office, item)
    assert number == told(office, item)
    (row,) = office.app.waivers.every(office["supervisor"])
    assert ("clerk", 1) == (row["name"], row["used"])
    assert [] == office.faults()


def test_s15_what_needs_no_waiver_is_not_marked(office: SampleOffice) -> None:
    waive(office, "head")
    item = office.item_at("seal")
    assert [None] == marks(office, item)


def test_s15_one_person_with_a_waiver_decides_at_two_stages(office: SampleOffice) -> None:
    office.give("head", Role.SEAL_KEEPER)
    item = office.item_at("seal")
    with office.refused("decided_at_another_stage"):
        office.decide(item, by="head")
    number = waive(office, "head", own_text=False, two_stages=True)
    assert item in waits(office, "head")
    office.decide(item, by="head")
    assert [None, number] == marks(office, item)
    assert [] == office.faults()


def test_s15_each_waiver_lifts_what_it_says_and_no_more(office: SampleOffice) -> None:
    office.give("clerk", Role.DEPARTMENT_HEAD)
    office.give("clerk", Role.SEAL_KEEPER)
    item = office.item_at("sign_off")
    waive(office)
    office.decide(item, by="clerk")
    with office.refused("decided_at_another_stage"):
        office.decide(item, by="clerk")
    assert item not in waits(office, "clerk")


def test_s15_a_waiver_for_the_principal_lifts_that_the_deputy_wrote_it(
    office: SampleOffice,
) -> None:
    office.app.delegations.give(
        office["admin"], "head", "clerk", from_on=None, until_on=LAST, reason="样例理由"
    )
    item = office.item_at("sign_off")
    with office.refused("one_with_author"):
        office.decide(item, by="head")
    number = waive(office, "head")
    office.decide(item, by="head")
    assert [number] == marks(office, item)


def test_s15_the_confidentiality_review_is_never_lifted(office: SampleOffice) -> None:
    for name in ("clerk", "head"):
        office.give(name, Role.CONFIDENTIALITY_REVIEWER)
        waive(office, name, two_stages=True)
    item = office.item_at("confidentiality_review")
    assert item not in waits(office, "clerk") | waits(office, "head")
    with office.refused("author_may_not_decide"):
        office.decide(item, by="clerk")
    with office.refused("decided_at_another_stage"):
        office.decide(item, by="head")


def test_s15_neither_publication_nor_what_two_people_do_is_ever_lifted(
    office: SampleOffice,
) -> None:
    office.give("clerk", Role.PUBLISHER, body="YL-CENTRE")
    office.give("clerk", Role.FINAL_REVIEWER, body="YL-CENTRE")
    office.give("head", Role.PUBLISHER, body="YL-CENTRE")
    for name in ("clerk", "head"):
        waive(office, name, two_stages=True)
    item = office.item_at("cleared")
    with office.refused("author_may_not_publish"):
        office.act(item, Action.PUBLISH, "clerk")
    with office.refused("decider_may_not_publish"):
        office.act(item, Action.PUBLISH, "head")
    office.carry(item, to="published")
    office.act(item, Action.RETRACT, "clerk", explanation="样例说明")
    with office.refused("asker_may_not_confirm", "author_may_not_decide"):
        office.act(item, Action.CONFIRM_RETRACTION, "clerk")


def test_s15_nobody_gives_a_waiver_to_themselves_or_to_whom_they_are_one_with(
    office: SampleOffice,
) -> None:
    office.give("head2", Role.SUPERVISOR, body="YL-ORGANISING")
    with office.refused("waiver_to_oneself"):
        waive(office, "head2", by="head2")
    office.app.delegations.give(
        office["admin"], "supervisor", "head", from_on=None, until_on=LAST, reason="样例理由"
    )
    for name, by in (("head", "supervisor"), ("head", "head"), ("supervisor", "head")):
        with office.refused("waiver_to_oneself"):
            waive(office, name, by=by)


def test_s15_only_a_supervisor_gives_and_ends_a_waiver(office: SampleOffice) -> None:
    number = waive(office)
    for name in ("admin", "head", "auditor"):
        with office.refused("needs_role"):
            waive(office, "colleague", by=name)
        with office.refused("needs_role"):
            office.app.waivers.end(office[name], number)


def test_s15_a_waiver_holds_to_the_end_of_its_last_day(office: SampleOffice) -> None:
    office.give("clerk", Role.DEPARTMENT_HEAD)
    items = [office.item_at("sign_off") for _ in range(2)]
    waive(office)
    office.clock.set(datetime(2017, 1, 25, 23, 59, tzinfo=SHANGHAI))
    office.decide(items[0], by="clerk")
    office.clock.set(datetime(2017, 1, 26, tzinfo=SHANGHAI))
    with office.refused("author_may_not_decide"):
        office.decide(items[1], by="clerk")


def test_s15_a_waiver_that_was_ended_lifts_nothing_and_its_uses_stay(office: SampleOffice) -> None:
    office.give("clerk", Role.DEPARTMENT_HEAD)
    items = [office.item_at("sign_off") for _ in range(2)]
    number = waive(office)
    office.decide(items[0], by="clerk")
    office.app.waivers.end(office["supervisor"], number)
    with office.refused("author_may_not_decide"):
        office.decide(items[1], by="clerk")
    assert [number] == marks(office, items[0])
    assert [] == office.app.waivers.every(office["clerk"])
    (row,) = office.app.waivers.every(office["clerk"], closed=True)
    assert ("over", 1) == (row["state"], row["used"])
    with office.refused("waiver_over", by=Conflict):
        office.app.waivers.end(office["supervisor"], number)
    assert [] == office.faults()


def test_s15_waivers_that_make_no_sense_are_refused(office: SampleOffice) -> None:
    with office.refused("waiver_lifts_nothing", by=InvalidInput):
        waive(office, own_text=False)
    with office.refused("ends_before_it_begins", by=InvalidInput):
        waive(office, until_on=date(2017, 1, 19))
    with office.refused("decides_nothing"):
        waive(office, "admin2")
    with office.refused("no_such_account", by=NotFound):
        waive(office, "nobody.here")
    with office.refused("no_such_waiver", by=NotFound):
        office.app.waivers.end(office["supervisor"], 9)
    waive(office)
    with office.refused("waiver_stands", by=Conflict):
        waive(office, two_stages=True)


def test_s15_everybody_sees_their_own_waivers_and_supervisors_all(office: SampleOffice) -> None:
    number = waive(office, "clerk")

    def seen(name: str) -> list[int]:
        return [row["waiver"] for row in office.app.waivers.every(office[name])]

    assert [number] == seen("clerk") == seen("supervisor") == seen("auditor") == seen("admin")
    assert [] == seen("head")
