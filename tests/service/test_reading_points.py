"""Reading points: what may be delivered and received, when the clock is met, and what is owed."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from tests.service.sample_office import START
from workflow import organisation
from workflow.errors import Conflict, InvalidInput, NotFound, Refused
from workflow.guards import Role
from workflow.models import Deadline, Handover, table
from workflow.runtime import SHANGHAI

if TYPE_CHECKING:
    from tests.service.sample_office import SampleOffice

ARCHIVES = "YL-ARCHIVES"
LIBRARY = "YL-LIBRARY"
TODAY = START.date()
_deadline, _handover = table(Deadline), table(Handover)


@pytest.fixture
def office(office: SampleOffice) -> SampleOffice:
    """Give an office with somebody who receives at each of its two reading points."""
    office.accounts.add(office["admin"], "archivist", display_name="样例：archivist")
    office.give("archivist", Role.READING_POINT_CLERK, body=ARCHIVES)
    return office


def deliver(office: SampleOffice, *items: int, to: str = LIBRARY, **more: Any) -> dict[str, Any]:
    return office.app.reading_points.deliver(items, office["publisher"], to=to, **more)


def receive(
    office: SampleOffice, item: int | None = None, by: str = "receiver", /, **more: Any
) -> dict[str, Any]:
    given: dict[str, Any] = {"handed_over_on": TODAY, "paper": 1, "electronic": 1} | more
    return office.app.reading_points.receive(office[by], item=item, **given)


def withdraw(office: SampleOffice, item: int, point: str = LIBRARY) -> None:
    """Withdraw what was delivered, with two people as it has to be."""
    points = office.app.reading_points
    points.withdraw(item, office["publisher"], point=point, reason="样例理由")
    points.confirm_withdrawal(item, office["supervisor"], point=point)


def change(office: SampleOffice, *codes: str, **details: Any) -> None:
    """Import the organisation again, with some reading points changed."""
    shipped = organisation.shipped("sample_small")
    bodies = [
        replace(body, point=replace(body.point, **details))
        if body.code in codes and body.point is not None
        else body
        for body in shipped.bodies
    ]
    office.bureau.import_organisation(office["admin"], replace(shipped, bodies=tuple(bodies)))


def clock(office: SampleOffice, item: int) -> Any:
    """Return an item's newest clock that hand-overs meet."""
    with office.database.read() as connection:
        return connection.execute(
            select(_deadline)
            .where(_deadline.c.item_id == item, _deadline.c.met_by == "handed_over")
            .order_by(_deadline.c.id.desc())
        ).first()


def handovers(office: SampleOffice, item: int) -> list[Any]:
    with office.database.read() as connection:
        rows = select(_handover).where(_handover.c.item_id == item).order_by(_handover.c.id)
        return list(connection.execute(rows))


def owed(office: SampleOffice, by: str = "publisher", **more: Any) -> list[tuple[Any, ...]]:
    rows = office.app.deliveries.owed(office[by], **more)
    return [(row["item"], row["point"], row["why"]) for row in rows]


# -- delivering ----------------------------------------------------------------------------------


@pytest.mark.parametrize("place", ["cleared", "publishing", "published"])
def test_what_is_cleared_can_be_delivered_whether_or_not_it_is_online(
    office: SampleOffice, place: str
) -> None:
    item = office.item_at(place)

    answer = deliver(office, item, paper=2, electronic=0)

    assert (f"{LIBRARY}/2017-0001", []) == (answer["list"], answer["refused"])
    (row,) = handovers(office, item)
    assert (office.row(item).digest, 2, 0) == (row.digest, row.paper, row.electronic)
    assert (place, "delivered") == (office.place(item), office.events(item)[-1])
    assert [] == office.faults()


@pytest.mark.parametrize("place", ["draft", "sign_off", "final_review"])
def test_what_is_not_cleared_cannot(office: SampleOffice, place: str) -> None:
    item = office.item_at(place)
    # Who is at no stage that the item has reached does not even see it.
    office.give("publisher", Role.SUPERVISOR, body="YL-ORGANISING")

    with office.refused("not_deliverable"):
        deliver(office, item)


def test_what_is_withheld_is_refused_with_every_reason(office: SampleOffice) -> None:
    item = office.item_at(
        "withheld", attribute="not_disclosed", ground="personal_privacy", attribute_reason="样例"
    )
    office.give("publisher", Role.SUPERVISOR, body="YL-ORGANISING")

    with office.refused("not_deliverable", "not_proactive"):
        deliver(office, item)


def test_what_was_purged_cannot_be_delivered_or_received(office: SampleOffice) -> None:
    sent, other = office.item_at("published"), office.item_at("published")
    deliver(office, sent)
    for item in (sent, other):
        digest = office.row(item).digest
        office.bureau.ask_purge(office["admin"], digest, ground="personal_privacy", reason="样例")
        office.bureau.confirm_purge(office["supervisor"], digest)

    with office.refused("content_purged"):
        deliver(office, other)
    with office.refused("delivery_overtaken"):
        receive(office, sent)


def test_only_a_publisher_delivers(office: SampleOffice) -> None:
    item = office.item_at("published")

    for name in ("clerk", "receiver", "final", "supervisor", "admin"):
        with office.refused("needs_role"):
            office.app.reading_points.deliver([item], office[name], to=LIBRARY)


def test_what_stands_at_a_point_is_not_delivered_there_twice(office: SampleOffice) -> None:
    item = office.item_at("published")
    deliver(office, item)

    with office.refused("delivered_before"):
        deliver(office, item)
    deliver(office, item, to=ARCHIVES)

    withdraw(office, item)
    assert f"{LIBRARY}/2017-0002" == deliver(office, item)["list"]


def test_lists_are_numbered_by_point_and_year(office: SampleOffice) -> None:
    items = [office.item_at("cleared") for _ in range(4)]

    numbers = [
        deliver(office, items[0])["list"],
        deliver(office, items[1])["list"],
        deliver(office, items[1], to=ARCHIVES)["list"],
    ]
    office.clock.set(datetime(2018, 1, 2, tzinfo=SHANGHAI))
    numbers.append(deliver(office, items[2], items[3])["list"])

    assert [
        f"{LIBRARY}/2017-0001",
        f"{LIBRARY}/2017-0002",
        f"{ARCHIVES}/2017-0001",
        f"{LIBRARY}/2018-0001",
    ] == numbers


def test_of_several_items_those_that_may_be_delivered_are_on_one_list(
    office: SampleOffice,
) -> None:
    good, early, also_good = (office.item_at(place) for place in ("cleared", "seal", "published"))

    answer = deliver(office, also_good, 999, early, good, good)

    assert [good, also_good] == [row["item"] for row in answer["done"]]
    assert [(early, "no_such_item"), (999, "no_such_item")] == [
        (row["item"], row["reasons"][0]["code"]) for row in answer["refused"]
    ]
    assert {answer["list"]} == {row["list"] for row in answer["done"]}


def test_where_none_of_several_may_be_delivered_there_is_no_list(office: SampleOffice) -> None:
    early, other = office.item_at("seal"), office.item_at("sign_off")

    with office.unchanged():
        answer = deliver(office, early, other)

    assert (None, [], 2) == (answer["list"], answer["done"], len(answer["refused"]))


def test_the_same_key_delivers_once_and_a_dry_run_not_at_all(office: SampleOffice) -> None:
    item = office.item_at("cleared")

    with office.unchanged():
        assert f"{LIBRARY}/2017-0001" == deliver(office, item, dry_run=True)["list"]
    first = deliver(office, item, key="once")
    again = deliver(office, item, key="once")

    assert first["list"] == again["list"]
    assert again["repeated"]
    assert 1 == len(handovers(office, item))


@pytest.mark.parametrize("copies", [(0, 0), (-1, 2), (1, 10_001)])
def test_copies_are_some_and_not_absurdly_many(
    office: SampleOffice, copies: tuple[int, int]
) -> None:
    item = office.item_at("cleared")

    with office.refused("copies_wrong", by=InvalidInput):
        deliver(office, item, paper=copies[0], electronic=copies[1])


def test_only_a_reading_point_is_delivered_to(office: SampleOffice) -> None:
    item = office.item_at("cleared")

    with office.refused("not_a_reading_point"):
        deliver(office, item, to="YL-CIVIL")
    with office.refused("no_such_body", by=NotFound):
        deliver(office, item, to="YL-NOWHERE")


# -- receiving -----------------------------------------------------------------------------------


def test_the_clock_is_met_on_the_latest_day_when_the_last_required_point_has_received(
    office: SampleOffice,
) -> None:
    item = office.item_at("published")
    deliver(office, item)
    deliver(office, item, to=ARCHIVES)
    office.clock.set(START + timedelta(days=3))

    first = receive(office, item, handed_over_on=TODAY + timedelta(days=2))
    assert (None, None) == (first["done"][0]["met_on"], clock(office, item).met_on)
    last = receive(office, item, "archivist", handed_over_on=TODAY + timedelta(days=1))

    assert TODAY + timedelta(days=2) == last["done"][0]["met_on"] == clock(office, item).met_on
    assert START + timedelta(days=3) == clock(office, item).met_at
    entry = office.trail(item)[-1]
    assert "received" == entry.event
    assert '"met_on":"2017-01-22"' in entry.details
    assert [] == office.faults()


def test_a_published_item_whose_hand_over_is_missing_on_day_30_still_runs(
    office: SampleOffice,
) -> None:
    # S37: publication meets the online clock only.
    item = office.item_at("published")
    due = clock(office, item).due_on

    office.clock.set(datetime(due.year, due.month, due.day, 23, 59, tzinfo=SHANGHAI))
    assert [0, 0] == [row["days_left"] for row in office.app.deliveries.owed(office["publisher"])]
    office.clock.set(office.clock() + timedelta(days=4))

    assert (None, None) == (clock(office, item).met_on, clock(office, item).voided_at)
    rows = office.app.deliveries.owed(office["publisher"])
    assert [ARCHIVES, LIBRARY] == [row["point"] for row in rows]
    assert all(row["days_left"] < 0 and row["due_on"] == due for row in rows)


def test_a_point_that_is_not_required_neither_meets_the_clock_nor_holds_it_up(
    office: SampleOffice,
) -> None:
    change(office, ARCHIVES, required=False)
    item = office.item_at("published")
    deliver(office, item, to=ARCHIVES)
    deliver(office, item)

    assert None is receive(office, item, "archivist")["done"][0]["met_on"]
    assert TODAY == receive(office, item)["done"][0]["met_on"]


def test_where_no_point_is_required_the_first_receipt_meets_the_clock(
    office: SampleOffice,
) -> None:
    change(office, ARCHIVES, LIBRARY, required=False)
    item = office.item_at("published")
    deliver(office, item)

    assert TODAY == receive(office, item)["done"][0]["met_on"]


def test_the_deliverer_never_receives(office: SampleOffice) -> None:
    item = office.item_at("published")
    office.give("publisher", Role.READING_POINT_CLERK, body=LIBRARY)
    deliver(office, item)

    with office.refused("deliverer_receives"):
        receive(office, item, "publisher")
    waiting = [row["item"] for row in office.queries.inbox(office["publisher"]).rows]
    assert item not in waiting
    receive(office, item)


def test_who_receives_elsewhere_or_nowhere_cannot_receive(office: SampleOffice) -> None:
    item = office.item_at("published")
    deliver(office, item)

    with office.refused("no_delivery_here", by=NotFound):
        receive(office, item, "archivist")
    with office.refused("no_delivery_here", by=NotFound):
        receive(office, 999)
    for name in ("clerk", "publisher2", "supervisor", "admin"):
        with office.refused("needs_role"):
            receive(office, item, name)


def test_everything_that_is_wrong_with_a_receipt_is_told_at_once(office: SampleOffice) -> None:
    item = office.item_at("published")
    deliver(office, item, paper=2, electronic=1)

    with office.refused("copies_differ", "date_in_future"):
        receive(office, item, paper=1, handed_over_on=TODAY + timedelta(days=1))
    with office.refused("handed_over_before_delivery"):
        receive(office, item, paper=2, handed_over_on=TODAY - timedelta(days=1))
    receive(office, item, paper=2)
    with office.refused("received_before"):
        receive(office, item, paper=2)


@pytest.mark.parametrize("days", [0, 3, 4])
def test_a_receipt_recorded_more_than_three_days_later_is_flagged(
    office: SampleOffice, days: int
) -> None:
    item = office.item_at("published")
    deliver(office, item)
    office.clock.set(START + timedelta(days=days))

    (came,) = receive(office, item)["done"]

    late = days > 3
    assert (days, late) == (came["gap_days"], came["recorded_late"])
    assert late is ('"gap_days":4' in office.trail(item)[-1].details)


def test_days_are_those_of_asia_shanghai(office: SampleOffice) -> None:
    item = office.item_at("published")
    # It is still the 20th in London.
    office.clock.set(datetime(2017, 1, 21, 0, 30, tzinfo=SHANGHAI))
    deliver(office, item)

    with office.refused("handed_over_before_delivery"):
        receive(office, item, handed_over_on=date(2017, 1, 20))
    receive(office, item, handed_over_on=date(2017, 1, 21))


def test_a_list_is_received_as_a_whole_and_says_so_when_nothing_is_left(
    office: SampleOffice,
) -> None:
    items = [office.item_at("published") for _ in range(3)]
    number = deliver(office, *items)["list"]
    receive(office, items[0])
    withdraw(office, items[1])

    came = receive(office, list_number=number)

    assert [items[2]] == [row["item"] for row in came["done"]]
    with office.refused("list_received"):
        receive(office, list_number=number)
    for name, unknown in (("archivist", number), ("receiver", "YL-LIBRARY/2017-0009")):
        with office.refused("no_such_list", by=NotFound):
            receive(office, None, name, list_number=unknown)


def test_who_receives_at_two_points_says_at_which(office: SampleOffice) -> None:
    office.give("receiver", Role.READING_POINT_CLERK, body=ARCHIVES)
    item = office.item_at("published")
    deliver(office, item)
    deliver(office, item, to=ARCHIVES)

    with office.refused("which_point", by=InvalidInput):
        receive(office, item)
    assert ARCHIVES == receive(office, item, point=ARCHIVES)["done"][0]["point"]
    assert LIBRARY == receive(office, item)["done"][0]["point"]


def test_two_receipts_at_once_meet_the_clock_once(office: SampleOffice) -> None:
    item = office.item_at("published")
    deliver(office, item)
    deliver(office, item, to=ARCHIVES)

    def at(name: str) -> Any:
        other = office.again()
        try:
            return receive(other, item, name)["done"][0]["met_on"]
        finally:
            other.close()

    with ThreadPoolExecutor(2) as pool:
        met = list(pool.map(at, ("receiver", "archivist")))

    assert {None, TODAY} == set(met)
    assert TODAY == clock(office, item).met_on
    assert [] == office.faults()


def test_of_two_who_receive_the_same_at_once_one_is_told(office: SampleOffice) -> None:
    item = office.item_at("published")
    office.give("archivist", Role.READING_POINT_CLERK, body=LIBRARY)
    deliver(office, item)

    def by(name: str) -> str:
        other = office.again()
        try:
            receive(other, item, name)
        except Refused as error:
            return error.code
        else:
            return "received"
        finally:
            other.close()

    with ThreadPoolExecutor(2) as pool:
        assert ["received", "received_before"] == sorted(pool.map(by, ("receiver", "archivist")))


# -- a text that has changed since ---------------------------------------------------------------


def changed(office: SampleOffice, item: int) -> None:
    """Return a cleared item, change its text, and clear it again."""
    office.give_back(item, "publisher")
    office.revise(item, title="样例新题")
    office.carry(item, to="cleared")


def test_a_receipt_is_of_the_very_text_that_was_sent(office: SampleOffice) -> None:
    item = office.item_at("cleared")
    deliver(office, item)
    office.give_back(item, "publisher")
    with office.refused("delivery_overtaken"):
        receive(office, item)

    office.revise(item, title="样例新题")
    office.carry(item, to="cleared")

    with office.refused("delivery_overtaken"):
        receive(office, item)
    with office.refused("older_text_delivered"):
        deliver(office, item)
    assert (item, LIBRARY, "overtaken") in owed(office)
    withdraw(office, item)
    assert (item, LIBRARY, "withdrawn") in owed(office)
    deliver(office, item)
    receive(office, item)


def test_a_receipt_of_an_older_text_does_not_count_for_the_clock(office: SampleOffice) -> None:
    item = office.item_at("cleared")
    deliver(office, item)
    receive(office, item)
    changed(office, item)
    deliver(office, item, to=ARCHIVES)

    assert None is receive(office, item, "archivist")["done"][0]["met_on"]


# -- withdrawing ---------------------------------------------------------------------------------


def test_withdrawing_takes_a_reason_and_two_people(office: SampleOffice) -> None:
    points = office.app.reading_points
    item = office.item_at("published")
    with office.refused("no_delivery_here", by=NotFound):
        points.withdraw(item, office["publisher"], point=LIBRARY, reason="样例")
    deliver(office, item)
    office.give("publisher", Role.FINAL_REVIEWER, body="YL-CENTRE")

    with office.refused("reason_required"):
        points.withdraw(item, office["publisher"], point=LIBRARY, reason=" ")
    with office.refused("no_withdrawal_asked", by=NotFound):
        points.confirm_withdrawal(item, office["supervisor"], point=LIBRARY)
    points.withdraw(item, office["publisher"], point=LIBRARY, reason="样例理由")
    with office.refused("withdrawal_asked_before", by=Conflict):
        points.withdraw(item, office["publisher2"], point=LIBRARY, reason="样例理由")
    with office.refused("withdrawal_needs_two"):
        points.confirm_withdrawal(item, office["publisher"], point=LIBRARY)
    for name in ("clerk", "publisher2", "receiver", "admin"):
        with office.refused("needs_role"):
            points.confirm_withdrawal(item, office[name], point=LIBRARY)
    points.confirm_withdrawal(item, office["final"], point=LIBRARY)

    assert ["withdrawal_asked", "withdrawal_confirmed"] == office.events(item)[-2:]
    with office.refused("no_delivery_here", by=NotFound):
        receive(office, item)


def test_until_it_is_approved_a_withdrawal_changes_nothing(office: SampleOffice) -> None:
    item = office.item_at("published")
    deliver(office, item)
    office.app.reading_points.withdraw(item, office["publisher"], point=LIBRARY, reason="样例理由")

    assert (item, LIBRARY, "new") not in owed(office)
    (row,) = office.app.deliveries.waiting(office["receiver"])
    assert (START, "样例理由") == (row["withdrawal_asked_at"], row["withdrawal_reason"])
    receive(office, item)


def test_why_something_is_withdrawn_is_screened_and_lies_where_a_purge_reaches_it(
    office: SampleOffice,
) -> None:
    # S42: the trail names what was said by its digest, and a purge takes the words away.
    points, secret = office.app.reading_points, "样例理由：别处没有的话"
    item = office.item_at("published")
    number = deliver(office, item)["list"]
    with pytest.raises(Refused) as refusal:
        points.withdraw(item, office["publisher"], point=LIBRARY, reason="机密★10年")
    assert "classification_mark" == refusal.value.code
    points.withdraw(item, office["publisher"], point=LIBRARY, reason=secret)
    points.confirm_withdrawal(item, office["supervisor"], point=LIBRARY)
    rows = office.everything()

    def printed() -> str | None:
        document = office.app.deliveries.document(office["publisher"], number)
        reason: str | None = document["items"][0]["withdrawal_reason"]
        return reason

    assert ["remark"] == [name for name, kept in rows.items() if secret in str(kept)]
    assert secret == printed()
    asked = next(entry for entry in office.trail(item) if entry.event == "withdrawal_asked")
    target = json.loads(asked.details)["remark"]
    office.bureau.ask_purge(office["admin"], target, ground="personal_privacy", reason="样例")
    office.bureau.confirm_purge(office["reviewer"], target)

    assert None is printed()
    assert [] == office.faults()


def test_what_was_withdrawn_does_not_count_but_a_met_clock_stays_met(
    office: SampleOffice,
) -> None:
    running, met = office.item_at("published"), office.item_at("published")
    deliver(office, running, met)
    deliver(office, running, met, to=ARCHIVES)
    receive(office, running)
    receive(office, met)
    receive(office, met, "archivist")

    withdraw(office, running)
    withdraw(office, met)

    assert None is receive(office, running, "archivist")["done"][0]["met_on"]
    assert TODAY == clock(office, met).met_on
    # The one whose clock runs goes before the one that is owed again.
    assert [(running, LIBRARY, "withdrawn"), (met, LIBRARY, "withdrawn")] == owed(office)
    deliver(office, running, met)
    assert [] == owed(office)
    assert TODAY == receive(office, running)["done"][0]["met_on"]


# -- nil returns ---------------------------------------------------------------------------------


def nil(office: SampleOffice, month: str, **more: Any) -> dict[str, Any]:
    return office.app.reading_points.nil_return(office["publisher"], LIBRARY, month=month, **more)


def test_a_month_without_deliveries_is_reported_once(office: SampleOffice) -> None:
    office.clock.set(datetime(2017, 3, 1, 0, 0, tzinfo=SHANGHAI))

    with office.unchanged():
        nil(office, "2017-02", dry_run=True)
    assert f"{LIBRARY}/2017-02-nil" == nil(office, "2017-02")["list"]

    assert "nil_returned" == office.events()[-1]
    with office.refused("nil_returned_before"):
        nil(office, "2017-02")
    office.app.reading_points.nil_return(office["publisher"], ARCHIVES, month="2017-02")
    with office.refused("needs_role"):
        office.app.reading_points.nil_return(office["receiver"], LIBRARY, month="2017-02")


def test_a_month_with_a_delivery_is_no_nil_return_even_if_it_was_withdrawn(
    office: SampleOffice,
) -> None:
    item = office.item_at("published")
    office.clock.set(datetime(2017, 2, 28, 23, 59, tzinfo=SHANGHAI))
    deliver(office, item)
    withdraw(office, item)
    office.clock.set(datetime(2017, 4, 1, tzinfo=SHANGHAI))

    with office.refused("delivered_in_month"):
        nil(office, "2017-02")
    nil(office, "2017-03")


def test_nothing_is_said_of_a_month_that_is_not_over_or_not_known(office: SampleOffice) -> None:
    with office.refused("month_not_over"):
        nil(office, "2017-01")
    with office.refused("month_before_point"):
        nil(office, "2016-12")
    for wrong in ("2017-13", "2017-1", "17-01", "2017-01-01", "", "２０１７-01"):
        with office.refused("month_wrong", by=InvalidInput):
            nil(office, wrong)


def test_two_nil_returns_at_once_are_one(office: SampleOffice) -> None:
    office.clock.set(datetime(2017, 2, 1, tzinfo=SHANGHAI))

    def report(_: int) -> str:
        other = office.again()
        try:
            return "" if nil(other, "2017-01")["list"] else "?"
        except Refused as error:
            return error.code
        finally:
            other.close()

    with ThreadPoolExecutor(2) as pool:
        assert ["", "nil_returned_before"] == sorted(pool.map(report, range(2)))


# -- the registry --------------------------------------------------------------------------------


def test_a_point_that_closes_takes_nothing_and_no_longer_holds_clocks_up(
    office: SampleOffice,
) -> None:
    item, other = office.item_at("published"), office.item_at("published")
    deliver(office, item, other)
    deliver(office, item, to=ARCHIVES)
    receive(office, item)

    change(office, ARCHIVES, closed_on=TODAY)

    assert (TODAY, None) == (clock(office, item).met_on, clock(office, other).met_on)
    assert "handed_over_everywhere" == office.events(item)[-1]
    assert "handed_over_everywhere" not in office.events(other)
    with office.refused("point_closed"):
        deliver(office, other, to=ARCHIVES)
    with office.refused("point_closed"):
        receive(office, item, "archivist")
    assert TODAY == receive(office, other)["done"][0]["met_on"]
    office.clock.set(datetime(2017, 3, 1, tzinfo=SHANGHAI))
    with office.refused("point_closed"):
        office.app.reading_points.nil_return(office["publisher"], ARCHIVES, month="2017-02")
    assert [] == office.faults()


def test_importing_the_same_organisation_again_changes_nothing(office: SampleOffice) -> None:
    shipped = organisation.shipped("sample_small")

    with office.unchanged():
        came = office.bureau.import_organisation(office["admin"], shipped)
    assert [] == came["changes"]
    (library,) = [body for body in office.bureau.bodies() if body["code"] == LIBRARY]
    assert ("library", True, None) == (
        library["point"]["kind"],
        library["point"]["required"],
        library["point"]["closed_on"],
    )


def test_details_of_a_point_are_changed_by_an_import_and_told(office: SampleOffice) -> None:
    change(office, LIBRARY, address="新址（样例）", required=False)

    (library,) = [body for body in office.bureau.bodies() if body["code"] == LIBRARY]
    assert ("新址（样例）", False) == (library["point"]["address"], library["point"]["required"])
    assert "point_changed:YL-LIBRARY" in office.trail()[-1].details


def test_a_point_cannot_close_on_a_day_to_come(office: SampleOffice) -> None:
    with office.refused("date_in_future"):
        change(office, LIBRARY, closed_on=TODAY + timedelta(days=1))


# -- who sees what -------------------------------------------------------------------------------


def test_who_receives_sees_what_was_delivered_there_as_long_as_it_stands(
    office: SampleOffice,
) -> None:
    item = office.item_at("cleared")

    def seen() -> bool:
        listed = {row["item"] for row in office.queries.items(office["receiver"]).rows}
        waits = {row["item"] for row in office.queries.inbox(office["receiver"]).rows}
        try:
            office.queries.show(office["receiver"], item)
        except NotFound:
            assert item not in listed | waits
            return False
        assert item in listed
        return True

    assert not seen()
    deliver(office, item, to=ARCHIVES)
    assert not seen()
    deliver(office, item)
    assert seen()
    assert [item] == [row["item"] for row in office.queries.inbox(office["receiver"]).rows]
    assert 1 == len(office.queries.revisions(office["receiver"], item))
    receive(office, item)
    assert seen()
    assert [] == list(office.queries.inbox(office["receiver"]).rows)
    # What goes back is a draft again, which is not theirs to see.
    office.give_back(item, "publisher")
    assert not seen()
    office.carry(item, to="cleared")
    assert seen()
    withdraw(office, item)
    assert not seen()


def test_a_list_is_read_by_those_whom_it_concerns(office: SampleOffice) -> None:
    open_, secret = office.item_at("cleared"), office.draft(restricted=True)
    office.carry(secret, to="cleared")
    number = deliver(office, open_)["list"]
    closed = deliver(office, secret)["list"]

    def read(name: str) -> list[str]:
        found = []
        for each in (number, closed):
            try:
                found += [office.app.deliveries.document(office[name], each)["list"]]
            except NotFound as error:
                found += [] if error.code == "no_such_list" else [error.code]
        return found

    assert [number, closed] == read("publisher2") == read("receiver") == read("final")
    # What is restricted is not a supervisor's to see.
    assert [number] == read("supervisor")
    assert [] == read("archivist") == read("clerk") == read("admin")


def test_a_list_shows_the_texts_that_were_sent_and_how_far_it_is(office: SampleOffice) -> None:
    item, purged = office.item_at("published"), office.item_at("published")
    number = deliver(office, item, purged, paper=2)["list"]
    receive(office, item, paper=2)
    digest = office.row(purged).digest
    office.bureau.ask_purge(office["admin"], digest, ground="personal_privacy", reason="样例")
    office.bureau.confirm_purge(office["supervisor"], digest)

    document = office.app.deliveries.document(office["publisher"], number)

    first, second = document["items"]
    assert (LIBRARY, "library", None) == (
        document["point"],
        document["point_kind"],
        document["month"],
    )
    assert (office.row(item).title, office.row(item).digest, 2, 1, TODAY, "样例：receiver") == (
        first["title"],
        first["digest"],
        first["paper"],
        first["electronic"],
        first["handed_over_on"],
        first["received_by"],
    )
    assert (None, digest, None) == (second["title"], second["digest"], second["handed_over_on"])
    (row,) = office.app.deliveries.lists(office["supervisor"])
    assert (number, 2, 1, 0) == (row["list"], row["items"], row["received"], row["withdrawn"])
    assert [] == office.app.deliveries.lists(office["archivist"])
    with office.refused("needs_role"):
        office.app.deliveries.lists(office["clerk"])


def test_what_is_owed_comes_by_its_clock_and_is_narrowed_to_what_one_may_see(
    office: SampleOffice,
) -> None:
    later = office.item_at("cleared", formed_on="2017-01-11")
    sooner = office.item_at("published", formed_on="2017-01-09")
    office.item_at("final_review", formed_on="2017-01-03")
    old = office.item_at("published", formed_on="2007-01-10")
    deliver(office, sooner)

    assert [
        (sooner, ARCHIVES, "new"),
        (later, ARCHIVES, "new"),
        (later, LIBRARY, "new"),
    ] == owed(office)
    assert [(later, LIBRARY, "new")] == owed(office, point=LIBRARY)
    assert [(sooner, ARCHIVES, "new")] == owed(office, by="outsider")
    assert [(sooner, ARCHIVES, "new")] == owed(office, limit=1)
    # Nothing formed before the Regulations has a clock; it may be delivered all the same.
    deliver(office, old)
    with pytest.raises(NotFound):
        owed(office, point="YL-NOWHERE")
