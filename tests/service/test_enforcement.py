"""The sweep of deadlines: what is flagged, who is told of which rung, and what is left alone.

Everywhere the alerts in the database are compared as a whole with those that must be there.
"""

from __future__ import annotations

import json
import time
from collections import Counter
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import pytest
from sqlalchemy import insert, select, text, update

from tests.service.test_deputies import lend
from tests.service.test_publishing_urgently import urgent
from tests.service.test_waivers import waive
from tests.service.told import alerts, open_faults, reachable, room, settle, told
from workflow import host_clock, policy
from workflow.enforcement import BATCH, MOST_POISON, QUARANTINED, Swept
from workflow.errors import Damaged, Unavailable
from workflow.guards import Role
from workflow.machine import Action
from workflow.models import (
    Alert,
    AlertKind,
    AlertStatus,
    Deadline,
    Item,
    Message,
    table,
)
from workflow.revisions import FormedOnBasis
from workflow.runtime import SHANGHAI
from workflow.working_days import Notice, Turn

if TYPE_CHECKING:
    from tests.service.sample_office import SampleOffice

_deadline, _item, _alert, _message = table(Deadline), table(Item), table(Alert), table(Message)
DUE: Final = date(2017, 2, 10)
"""The last day of the online clock of a sample draft; that of the reading points is the 24th."""
MISSED, SENT = AlertStatus.MISSED, AlertStatus.SENT


@pytest.fixture
def staffed(office: SampleOffice) -> SampleOffice:
    """Return an office in which everybody can be told of everything."""
    reachable(office)
    return office


def on(office: SampleOffice, day: date, hour: int = 9, minute: int = 0) -> None:
    """Let it be an hour of a day in Asia/Shanghai."""
    office.clock.set(datetime(day.year, day.month, day.day, hour, minute, tzinfo=SHANGHAI))


def swept(office: SampleOffice, day: date | None = None, **how: Any) -> Swept:
    """Sweep, on a day if one is given."""
    if day is not None:
        on(office, day)
    return office.app.enforcer.enforce(**how)


def clock(office: SampleOffice, item: int, name: str = "online") -> Any:
    """Return the newest clock of that name of an item."""
    with office.database.read() as connection:
        return connection.execute(
            select(_deadline)
            .where(_deadline.c.item_id == item, _deadline.c.clock == name)
            .order_by(_deadline.c.id.desc())
        ).first()


def details(office: SampleOffice, item: int, event: str) -> list[dict[str, Any]]:
    """Return what the trail of an item says with an event."""
    return [json.loads(each.details) for each in office.trail(item) if each.event == event]


def holiday(day: date) -> Any:
    """Return what gives a calendar one more day off."""
    notice = Notice(
        number="样例", title="样例通知", issued=date(2017, 1, 21),
        turns=(Turn(zh="样例", en="sample", off=(day,)),),
    )  # fmt: skip
    return lambda calendar: calendar.with_local(notice)


def move(office: SampleOffice, day: date) -> None:
    """Give everybody a day off, so that the clocks that run over it move on by a day."""
    office.app.timekeeper.apply_calendar(office["admin"], holiday(day), source="样例.toml")


def test_f23_what_was_swept_by_a_clock_that_ran_ahead_is_swept_again_in_its_time(
    staffed: SampleOffice,
) -> None:
    item = staffed.draft()
    swept(staffed, date(2017, 2, 8))
    assert 1 == swept(staffed, date(2017, 2, 20)).overdue
    on(staffed, date(2017, 2, 9))
    app = staffed.app
    host_clock.accept(app.runtime, app.intake, staffed["admin"], reason="样例理由")
    row = clock(staffed, item)
    assert (None, 2, None) == (row.detected_at, row.rev, row.swept_on)
    assert 0 == swept(staffed).overdue
    swept(staffed, DUE)
    swept(staffed, date(2017, 2, 13))
    again = [(each.rung, each.rev) for each in alerts(staffed) if each.deadline_id == row.id]
    assert {("T-0", 2), ("T+1", 2)} <= set(again)
    assert staffed.clock() == clock(staffed, item).detected_at
    assert [] == staffed.faults()


def test_f23_who_was_told_of_an_overdue_by_a_clock_that_ran_ahead_is_told_so(
    staffed: SampleOffice,
) -> None:
    overdue, early = staffed.draft(), staffed.draft(changes={"formed_on": "2017-01-06"})
    swept(staffed, date(2017, 2, 8))
    # By the clock that ran ahead both are overdue; by the right one only the second is.
    swept(staffed, date(2017, 2, 20))
    settle(staffed)
    on(staffed, date(2017, 2, 9))
    app = staffed.app
    host_clock.accept(app.runtime, app.intake, staffed["admin"], reason="样例理由")
    assert clock(staffed, early).due_on < date(2017, 2, 9) < clock(staffed, overdue).due_on
    misled = {row.person for row in alerts(staffed, item_id=overdue, event="overdue")}
    assert {"head", "head2", "supervisor", "inspector", "accountant"} == misled
    assert [] == alerts(staffed, event="corrected")
    done = swept(staffed)
    told_so = alerts(staffed, event="corrected")
    assert {overdue} == {row.item_id for row in told_so}
    assert misled == {row.person for row in told_so}
    assert (len(misled), 2) == (done.corrected, told_so[0].rev)
    settle(staffed)
    with staffed.unchanged():
        swept(staffed)
    move(staffed, date(2017, 2, 10))
    assert 0 == swept(staffed).corrected
    assert [] == staffed.faults()


# -- overdue --------------------------------------------------------------------------------------


@pytest.mark.parametrize("zone", ["UTC", "Asia/Shanghai", "America/New_York"])
def test_s34_the_last_day_belongs_to_the_office_and_midnight_in_shanghai_ends_it(
    staffed: SampleOffice, zone: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        item = staffed.draft()
        on(staffed, DUE, 23, 59)
        assert 0 == swept(staffed).overdue
        assert clock(staffed, item).detected_at is None
        on(staffed, DUE + timedelta(days=1), 0)
        assert 1 == swept(staffed).overdue
        assert staffed.clock() == clock(staffed, item).detected_at
    finally:
        monkeypatch.undo()
        time.tzset()
    # A Saturday: the flag is set, and nobody is told before the next working day.
    assert {("T-0", "clerk")} == told(staffed)
    assert 0 == swept(staffed, date(2017, 2, 12)).looked_at
    assert ["deadline_alerted", "deadline_overdue"] == staffed.events(item)[-2:]
    assert [] == staffed.faults()


def test_the_flag_is_set_once_and_says_when_it_was_seen(staffed: SampleOffice) -> None:
    item = staffed.draft()
    swept(staffed, date(2017, 2, 13))
    seen = clock(staffed, item).detected_at
    assert seen > clock(staffed, item).overdue_at
    version = staffed.row(item).version
    swept(staffed, date(2017, 2, 15))
    assert seen == clock(staffed, item).detected_at
    assert version == staffed.row(item).version
    (overdue,) = details(staffed, item, "deadline_overdue")
    assert {
        "clock": "online",
        "due": "2017-02-10",
        "rev": 1,
        "rungs": ["T-10", "T-5", "T-2", "T-0", "T+1"],
    } == overdue
    assert [["T-10"], ["T+3"]] == [
        each["rungs"] for each in details(staffed, item, "deadline_alerted")
    ]
    assert [] == staffed.faults()


# -- the ladder -----------------------------------------------------------------------------------


def test_each_rung_goes_on_its_day_to_those_it_is_for(staffed: SampleOffice) -> None:
    staffed.draft()
    expected: dict[date, set[tuple[str, str]]] = {
        date(2017, 1, 20): set(),
        date(2017, 1, 23): {("T-10", "clerk")},
        date(2017, 2, 4): {("T-5", "clerk")},
        date(2017, 2, 8): {("T-2", "clerk")},
        date(2017, 2, 10): {("T-0", "clerk")},
        date(2017, 2, 13): {("T+1", "head"), ("T+1", "head2"), ("T+1", "supervisor")},
        date(2017, 2, 15): {("T+3", "inspector")},
        date(2017, 2, 17): {("T+5", "accountant")},
        date(2017, 2, 24): {
            ("W1", name)
            for name in ("clerk", "head", "head2", "supervisor", "inspector", "accountant")
        },
    }
    all_told: set[tuple[str, str]] = set()
    day = date(2017, 1, 20)
    while day <= date(2017, 2, 24):
        swept(staffed, day)
        all_told |= expected.get(day, set())
        assert all_told == told(staffed), day
        day += timedelta(days=1)
    assert not any(row.late for row in alerts(staffed))
    swept(staffed, date(2017, 3, 3))
    assert {"W1", "W2"} == {rung for rung, _ in told(staffed) if rung.startswith("W")}
    assert set() == told(staffed, status=MISSED)
    assert [] == open_faults(staffed)
    assert [] == staffed.faults()


def test_s35_the_sweep_done_twice_tells_once(staffed: SampleOffice) -> None:
    staffed.draft()
    swept(staffed, date(2017, 2, 13))
    other = staffed.again()
    with staffed.unchanged():
        assert Swept() == swept(staffed)
        assert Swept() == other.app.enforcer.enforce()
    other.close()


def test_s35_after_an_outage_each_recipient_gets_the_highest_rung_and_the_rest_is_missed(
    staffed: SampleOffice,
) -> None:
    staffed.draft()
    swept(staffed, date(2017, 2, 7))
    settle(staffed)
    assert {("T-5", "clerk")} == told(staffed, status=SENT)
    # Three days without a sweep, of which T-2 and T-0 fell on two.
    done = swept(staffed, date(2017, 2, 11))

    assert {("T-0", "clerk")} == told(staffed)
    assert {("T-10", "clerk"), ("T-2", "clerk")} == told(staffed, status=MISSED)
    assert {("T-0", True), ("T-2", True)} == {
        (row.rung, row.late) for row in alerts(staffed) if row.rung in ("T-0", "T-2")
    }
    assert (1, 1) == (done.missed, done.overdue)


def test_after_weeks_nobody_is_flooded(staffed: SampleOffice) -> None:
    staffed.draft()
    done = swept(staffed, date(2017, 3, 3))
    online = told(staffed)
    assert {
        ("W2", name) for name in ("clerk", "head", "head2", "supervisor", "inspector", "accountant")
    } == online
    assert {rung for rung, name in told(staffed, status=MISSED) if name == "clerk"} == {
        "T-10",
        "T-5",
        "T-2",
        "T-0",
        "W1",
    }
    assert done.alerts == len(alerts(staffed, status=AlertStatus.OWED))
    assert done.missed == len(alerts(staffed, status=MISSED))


def test_weeks_that_passed_before_the_item_was_here_are_not_missed(staffed: SampleOffice) -> None:
    item = staffed.draft(changes={"formed_on": "2010-01-05"})
    swept(staffed, date(2017, 1, 20))
    rows = alerts(staffed, item_id=item)
    weekly = {row.rung for row in rows if row.rung.startswith("W") and row.clock == "online"}
    assert 1 == len(weekly)
    assert {MISSED, AlertStatus.OWED} == {row.status for row in rows}


# -- who ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("place", "desk"),
    [
        ("draft", {"clerk"}),
        ("sign_off", {"clerk", "head", "head2"}),
        ("seal", {"clerk", "keeper", "keeper2"}),
        ("confidentiality_review", {"clerk", "reviewer", "reviewer2"}),
        ("final_review", {"clerk", "final", "final2"}),
        ("cleared", {"clerk", "publisher", "publisher2"}),
        ("publishing", {"clerk", "publisher", "publisher2"}),
    ],
)
def test_the_desk_is_whoever_can_act_where_the_item_is(
    staffed: SampleOffice, place: str, desk: set[str]
) -> None:
    staffed.item_at(place)
    swept(staffed, date(2017, 1, 23))
    assert {("T-10", name) for name in desk} == told(staffed)


def test_who_may_not_decide_is_not_told_to(staffed: SampleOffice) -> None:
    # Both wrote or decided already, so the separation of duties keeps them out.
    staffed.give("clerk", Role.DEPARTMENT_HEAD)
    staffed.give("head", Role.SEAL_KEEPER)
    staffed.item_at("seal")
    swept(staffed, date(2017, 1, 23))
    assert {("T-10", name) for name in ("clerk", "keeper", "keeper2")} == told(staffed)


def test_where_everybody_is_kept_out_they_are_told_all_the_same(staffed: SampleOffice) -> None:
    item = staffed.item_at("seal")
    for name in ("keeper", "keeper2"):
        staffed.give(name, Role.SEAL_KEEPER, revoke=True)
    staffed.give("head", Role.SEAL_KEEPER)
    swept(staffed, date(2017, 1, 23))
    assert {("T-10", "clerk"), ("T-10", "head")} == told(staffed, item_id=item)


def test_who_may_decide_under_a_waiver_is_told_like_the_desk(staffed: SampleOffice) -> None:
    """S15: who wrote it is as free to sign it off as anybody, but not to review it."""
    for role in (Role.DEPARTMENT_HEAD, Role.CONFIDENTIALITY_REVIEWER):
        staffed.give("colleague", role)
    waive(staffed, "colleague", until_on=date(2017, 3, 1))
    item = staffed.revise(staffed.draft(), "colleague", body="样例正文，改过。")["item"]
    reviewed = staffed.revise(staffed.draft(), "colleague", body="样例正文，再改。")["item"]
    staffed.carry(item, to="sign_off")
    staffed.carry(reviewed, to="confidentiality_review")
    swept(staffed, date(2017, 1, 23))
    named = [
        {name for _, name in told(staffed, item_id=each, clock="online")}
        for each in (item, reviewed)
    ]
    assert [{"clerk", "colleague", "head", "head2"}, {"clerk", "reviewer", "reviewer2"}] == named


def test_the_two_who_published_urgently_are_not_told_to_make_up_for_it(
    staffed: SampleOffice,
) -> None:
    """S18: nor who stood in for one of them; the final review may be made up for by one."""
    staffed.give("publisher", Role.SEAL_KEEPER)
    lent = lend(staffed, "publisher", "keeper2")
    item = urgent(staffed, "seal")
    staffed.clock.advance(timedelta(minutes=1))
    staffed.app.delegations.end(staffed["admin"], lent["delegation"])
    other = staffed.item_at("final_review")
    staffed.act(other, Action.PUBLISH_URGENTLY, "final", reason="样例理由")
    staffed.act(other, Action.CONFIRM_URGENT_PUBLICATION, "publisher")
    staffed.deliver(other)
    swept(staffed, date(2017, 2, 9))
    heads = {"head", "head2"}
    named = [
        {name for _, name in told(staffed, item_id=each, clock="stage")} for each in (item, other)
    ]
    assert [{"keeper"} | heads, {"final", "final2"} | heads] == named


def test_a_drafter_who_left_is_stood_in_for_by_the_clerks(staffed: SampleOffice) -> None:
    staffed.item_at("seal")
    staffed.accounts.set_enabled(staffed["admin"], "clerk", enabled=False)
    swept(staffed, date(2017, 1, 23))
    assert {("T-10", name) for name in ("colleague", "keeper", "keeper2")} == told(staffed)


def test_a_group_is_told_in_its_room_as_well(staffed: SampleOffice) -> None:
    room(staffed, "YL-ORGANISING")
    item = staffed.draft()
    swept(staffed, date(2017, 2, 13))
    told_now = told(staffed, rung="T+1")
    assert {("T+1", name) for name in ("head", "head2", "supervisor", "YL-ORGANISING")} == told_now
    (row,) = [each for each in alerts(staffed, item_id=item) if each.body]
    assert ("wecom", "organising") == (row.channel, row.role)


def test_of_a_restricted_item_only_those_are_told_who_may_see_it(staffed: SampleOffice) -> None:
    room(staffed, "YL-ORGANISING")
    item = staffed.draft(restricted=True, readers=("colleague",))
    staffed.carry(item, to="seal")
    swept(staffed, date(2017, 2, 24))
    people = {name for _, name in told(staffed) | told(staffed, status=MISSED)}
    assert {"clerk", "head", "head2", "keeper", "keeper2"} == people
    # The groups have people: that these may not see one item is nobody's fault.
    assert [] == open_faults(staffed)


def test_a_step_at_which_there_is_nobody_goes_to_the_next_one_and_is_a_fault(
    staffed: SampleOffice,
) -> None:
    staffed.give("inspector", Role.SUPERVISOR, body="YL-INSPECTION", revoke=True)
    item = staffed.draft()
    swept(staffed, date(2017, 2, 13))
    swept(staffed, date(2017, 2, 15))
    assert {("T+3", "accountant")} == told(staffed, rung="T+3", item_id=item)
    assert [("group:inspection", "nobody_to_tell")] == open_faults(staffed)
    operators = {(row.event, row.person) for row in alerts(staffed, AlertKind.OPERATIONS)}
    assert {("nobody_to_tell", "admin"), ("nobody_to_tell", "admin2")} == operators
    staffed.give("inspector", Role.SUPERVISOR, body="YL-INSPECTION")
    swept(staffed)
    assert [] == open_faults(staffed)


def test_nobody_without_an_address_is_forgotten(office: SampleOffice) -> None:
    reachable(office, but=["clerk"])
    office.draft()
    swept(office, date(2017, 1, 23))
    (row,) = alerts(office, rung="T-10")
    assert ("clerk", "", AlertStatus.FAILED, "no_address") == (
        row.person,
        row.channel,
        row.status,
        row.why,
    )
    assert [(f"account:{office['clerk']}", "no_address")] == open_faults(office)


def test_alerts_wait_for_the_morning(staffed: SampleOffice) -> None:
    staffed.draft()
    on(staffed, date(2017, 1, 23), 0, 5)
    swept(staffed)
    (row,) = alerts(staffed)
    assert datetime(2017, 1, 23, 8, tzinfo=SHANGHAI) == row.not_before
    assert staffed.clock() == row.raised_at


# -- budgets --------------------------------------------------------------------------------------


def test_a_budget_is_told_to_the_desk_and_then_to_the_head_and_to_no_group(
    staffed: SampleOffice,
) -> None:
    item = staffed.item_at("seal")
    assert date(2017, 1, 22) == clock(staffed, item, "stage").due_on
    swept(staffed, date(2017, 1, 22))
    swept(staffed, date(2017, 1, 23))
    swept(staffed, date(2017, 2, 9))
    assert {
        *(("T-0", name) for name in ("keeper", "keeper2")),
        *(("T+1", name) for name in ("keeper", "keeper2", "head", "head2")),
    } == told(staffed, clock="stage")
    (said,) = details(staffed, item, "deadline_overdue")
    assert ("stage", "seal", ["T+1"]) == (said["clock"], said["stage"], said["rungs"])
    assert [] == staffed.faults()


# -- what ends, moves or rests --------------------------------------------------------------------


def test_s37_what_is_met_or_voided_never_escalates(staffed: SampleOffice) -> None:
    published, abandoned = staffed.item_at("published"), staffed.draft()
    staffed.act(abandoned, Action.ABANDON, "clerk")
    assert 1 == swept(staffed, date(2017, 3, 3)).overdue
    assert {"reading_points"} == {row.clock for row in alerts(staffed)}
    assert {published} == {row.item_id for row in alerts(staffed)}


def test_s37_what_is_published_and_not_handed_over_still_escalates(staffed: SampleOffice) -> None:
    item = staffed.item_at("published")
    on(staffed, date(2017, 2, 9))
    staffed.app.reading_points.deliver([item], staffed["publisher"], to="YL-LIBRARY")
    for day in (date(2017, 2, 10), date(2017, 2, 27)):
        swept(staffed, day)
    found = told(staffed, clock="reading_points")
    # The one who delivers and the one who gives the receipt, and the drafter, who wants to know.
    assert {("T-10", name) for name in ("clerk", "publisher", "publisher2", "receiver")} <= found
    assert {("T+1", name) for name in ("head", "head2", "supervisor")} <= found
    assert 1 == len(details(staffed, item, "deadline_overdue"))


def test_s36_a_clock_that_moves_is_reminded_of_anew(staffed: SampleOffice) -> None:
    item = staffed.draft()
    swept(staffed, date(2017, 1, 23))
    settle(staffed)
    move(staffed, date(2017, 2, 6))
    assert date(2017, 2, 13) == clock(staffed, item).due_on
    swept(staffed, date(2017, 1, 24))
    assert {("T-10", "clerk")} == told(staffed, status=SENT, rev=1)
    assert {("T-10", "clerk")} == told(staffed, rev=2)
    swept(staffed, date(2017, 2, 13))
    assert {("T-10", "clerk"), ("T-0", "clerk")} == told(staffed, rev=2)
    assert {("T-5", "clerk"), ("T-2", "clerk")} == told(staffed, rev=2, status=MISSED)
    assert [] == staffed.faults()


def test_s32_who_was_told_of_an_overdue_that_is_taken_back_is_told_so(
    staffed: SampleOffice,
) -> None:
    item = staffed.draft()
    swept(staffed, date(2017, 2, 10))
    swept(staffed, date(2017, 2, 13))
    settle(staffed)
    # A holiday that is noticed late; two clocks move, one of them was overdue.
    move(staffed, date(2017, 2, 9))
    assert clock(staffed, item).detected_at is None
    done = swept(staffed)
    to = {("corrected", name) for name in ("head", "head2", "supervisor")}
    assert to == told(staffed, event="corrected")
    assert (3, 0) == (done.corrected, done.overdue)
    facts = {row.facts for row in alerts(staffed, event="corrected")}
    assert {'{"clock":"online","due":"2017-02-13","was":"2017-02-10"}'} == facts
    with staffed.unchanged():
        swept(staffed)
    # Overdue by the new date, and taken back a second time: who was told again is told again.
    swept(staffed, date(2017, 2, 14))
    assert {("T+1", name) for _, name in to} == told(staffed, rev=2, rung="T+1")
    settle(staffed)
    staffed.app.timekeeper.correct_date(
        staffed["admin"],
        staffed.carry(item, to="sign_off"),
        formed_on=date(2017, 1, 12),
        basis=FormedOnBasis.SIGNATURE,
        reason="样例",
    )
    swept(staffed)
    assert to == told(staffed, event="corrected", rev=3)
    assert [] == staffed.faults()


def test_what_was_not_sent_yet_needs_no_correction_but_what_is_on_its_way_does(
    staffed: SampleOffice,
) -> None:
    staffed.draft()
    swept(staffed, date(2017, 2, 13))
    (head,) = [row for row in alerts(staffed, rung="T+1") if row.person == "head"]
    with staffed.database.engine.begin() as connection:
        number = connection.execute(
            insert(_message)
            .values(
                key="样例",
                contact_id=head.contact_id,
                status="owed",
                sealed=True,
                attempts=1,
                next_at=staffed.clock(),
                created_at=staffed.clock(),
            )
            .returning(_message.c.id)
        ).scalar_one()
        connection.execute(update(_alert).where(_alert.c.id == head.id).values(message_id=number))
    move(staffed, date(2017, 2, 9))
    swept(staffed)
    assert {("corrected", "head")} == told(staffed, event="corrected")


def test_another_calendar_is_minded_where_only_the_days_of_rungs_move(
    staffed: SampleOffice,
) -> None:
    item = staffed.draft()
    swept(staffed, date(2017, 2, 10))
    assert date(2017, 2, 11) == clock(staffed, item).sweep_on
    move(staffed, date(2017, 2, 13))
    assert (DUE, date(2017, 2, 10)) == (clock(staffed, item).due_on, clock(staffed, item).sweep_on)
    swept(staffed, date(2017, 2, 13))
    assert set() == told(staffed, rung="T+1")
    swept(staffed, date(2017, 2, 14))
    assert 3 == len(told(staffed, rung="T+1"))


def test_a_rung_that_another_calendar_pulls_onto_a_day_that_was_swept_is_not_passed_over(
    staffed: SampleOffice,
) -> None:
    item = staffed.draft()
    swept(staffed, date(2017, 1, 23))
    swept(staffed, date(2017, 2, 3))
    assert {("T-10", "clerk")} == told(staffed)
    # T-5 was on the 4th and comes to the 3rd, because the 9th is off; the last day stays, because a
    # Saturday of January was worked on.
    notice = Notice(
        number="样例", title="样例通知", issued=date(2017, 1, 20),
        turns=(Turn(zh="样例", en="sample", off=(date(2017, 2, 9),), work=(date(2017, 1, 21),)),),
    )  # fmt: skip
    staffed.app.timekeeper.apply_calendar(
        staffed["admin"], lambda calendar: calendar.with_local(notice), source="样例.toml"
    )
    assert (DUE, 1) == (clock(staffed, item).due_on, clock(staffed, item).rev)
    swept(staffed)
    assert {("T-10", "clerk"), ("T-5", "clerk")} == told(staffed)


def test_another_policy_brings_another_ladder(staffed: SampleOffice) -> None:
    item = staffed.draft()
    swept(staffed, date(2017, 1, 23))
    document = json.loads(policy.shipped().text)
    document["ladder"] = [
        {"at": "T-9", "to": ["department_head"]},
        {"at": "weekly", "to": ["desk"]},
    ]
    document["version"] += 1
    rules = policy.stored(json.dumps(document, ensure_ascii=False))
    staffed.app.timekeeper.apply_policy(staffed["admin"], rules, reason="样例")
    swept(staffed, date(2017, 1, 24))
    assert {("T-10", "clerk"), ("T-9", "head"), ("T-9", "head2")} == told(staffed)
    assert [] == staffed.faults()
    assert [rules.digest] == [staffed.row(item).policy_digest]


def test_s33_what_is_paused_is_neither_overdue_nor_told_of(staffed: SampleOffice) -> None:
    document = json.loads(policy.shipped().text)
    for rule in document["deadlines"]:
        rule["pausable"] = True
    document["version"] += 1
    rules = policy.stored(json.dumps(document, ensure_ascii=False))
    staffed.app.timekeeper.apply_policy(staffed["admin"], rules, reason="样例")
    item, keeper = staffed.draft(), staffed.app.timekeeper
    keeper.pause(staffed["supervisor"], item, "online", reason="样例")
    for day in (date(2017, 1, 23), date(2017, 2, 13), date(2017, 2, 20)):
        swept(staffed, day)
    assert set() == told(staffed) | told(staffed, status=MISSED)
    assert clock(staffed, item).detected_at is None
    keeper.resume(staffed["supervisor"], item, "online")
    assert clock(staffed, item).due_on > date(2017, 2, 20)
    swept(staffed)
    assert set() == told(staffed)
    swept(staffed, date(2017, 2, 22))
    assert {("T-10", "clerk")} == told(staffed, rev=2)
    assert [] == staffed.faults()


# -- what goes wrong ------------------------------------------------------------------------------


def poison(office: SampleOffice, item: int) -> None:
    """Pin an item to a policy whose text is not what its digest says."""
    with office.database.engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO policy_text (digest, code, version, text, loaded_at)"
                " SELECT :digest, code, version, text, loaded_at FROM policy_text"
            ),
            {"digest": "f" * 64},
        )
        connection.execute(update(_item).where(_item.c.id == item).values(policy_digest="f" * 64))


def test_f9_a_clock_that_fails_is_quarantined_and_the_rest_is_swept(
    staffed: SampleOffice,
) -> None:
    good, bad, other = staffed.draft(), staffed.draft(), staffed.draft()
    digest = staffed.row(bad).policy_digest
    poison(staffed, bad)
    done = swept(staffed, date(2017, 1, 23))
    assert (2, 6) == (done.quarantined, done.looked_at)
    assert {good: 1, other: 1} == Counter(row.item_id for row in alerts(staffed))
    name = f"deadline:{clock(staffed, bad).id}"
    assert (name, "quarantined") in open_faults(staffed)
    told_of = {row.facts for row in alerts(staffed, AlertKind.OPERATIONS)}
    assert any(name in facts for facts in told_of)
    # It is looked at again the next day, and told of only once as long as it lasts.
    assert 0 == swept(staffed).looked_at
    swept(staffed, date(2017, 1, 24))
    assert told_of == {row.facts for row in alerts(staffed, AlertKind.OPERATIONS)}
    with staffed.database.engine.begin() as connection:
        connection.execute(update(_item).where(_item.c.id == bad).values(policy_digest=digest))
    swept(staffed, date(2017, 1, 25))
    assert [] == open_faults(staffed)
    assert {("T-10", "clerk")} == told(staffed, item_id=bad)


def test_f9_a_clock_that_ends_in_quarantine_is_no_fault_any_more(staffed: SampleOffice) -> None:
    bad = staffed.draft()
    digest = staffed.row(bad).policy_digest
    poison(staffed, bad)
    swept(staffed, date(2017, 1, 23))
    assert 2 == len(open_faults(staffed))
    with staffed.database.engine.begin() as connection:
        connection.execute(update(_item).where(_item.c.id == bad).values(policy_digest=digest))
    staffed.act(bad, Action.ABANDON, "clerk")
    swept(staffed)
    assert [] == open_faults(staffed)


def test_where_everything_fails_the_sweep_fails_and_puts_little_into_quarantine(
    staffed: SampleOffice,
) -> None:
    item = staffed.draft()
    copies(staffed, item, 2 * MOST_POISON)
    digest = "f" * 64
    poison(staffed, item)
    with staffed.database.engine.begin() as connection:
        connection.execute(update(_item).values(policy_digest=digest))
    on(staffed, date(2017, 1, 23))
    with pytest.raises(Damaged) as caught:
        swept(staffed)
    assert "policy_damaged" == caught.value.code
    faults = [code for _, code in open_faults(staffed)]
    assert [QUARANTINED] * MOST_POISON == faults


def test_a_database_that_goes_away_is_no_poison(staffed: SampleOffice) -> None:
    staffed.draft()
    on(staffed, date(2017, 1, 23))

    def observe(statement: str) -> None:
        if statement.startswith("INSERT INTO alert"):
            raise Unavailable("database_unreachable", problem="样例")

    other = staffed.again(observe=observe)
    with staffed.unchanged(), pytest.raises(Unavailable):
        other.app.enforcer.enforce()
    other.close()
    swept(staffed)
    assert {("T-10", "clerk")} == told(staffed)
    assert [] == open_faults(staffed)


# -- many -----------------------------------------------------------------------------------------


def copies(office: SampleOffice, item: int, count: int) -> None:
    """Add copies of a draft with its online clock, below the service, because there are many."""
    with office.database.engine.begin() as connection:
        row = dict(office.row(item)._mapping)  # noqa: SLF001 # the documented name of a row's mapping
        old = dict(clock(office, item)._mapping)  # noqa: SLF001
        numbers = range(item + 1, item + 1 + count)
        connection.execute(insert(_item), [row | {"id": number} for number in numbers])
        first = old["id"] + 100
        connection.execute(
            insert(_deadline),
            [
                old | {"id": first + place, "item_id": number}
                for place, number in enumerate(numbers)
            ],
        )


@pytest.mark.slow
def test_f24_ten_thousand_overdue_on_one_day_take_a_bounded_number_of_statements(
    staffed: SampleOffice,
) -> None:
    many = 10_000
    item = staffed.draft()
    copies(staffed, item, many - 1)
    statements: list[str] = []
    on(staffed, date(2017, 2, 13))
    other = staffed.again(observe=statements.append)
    done = other.app.enforcer.enforce()
    other.close()
    # The second clock of the one real draft is looked at, too, and is not overdue.
    assert (many + 1, many) == (done.looked_at, done.overdue)
    assert many // BATCH + 1 == done.batches
    assert len(statements) <= 25 * done.batches
    people = ("clerk", "head", "head2", "supervisor")
    counted = Counter((row.person, row.status) for row in alerts(staffed) if row.clock == "online")
    expected = {(name, AlertStatus.OWED): many for name in people}
    assert expected | {("clerk", MISSED): 3 * many} == counted


def test_a_limit_ends_a_sweep_and_the_next_one_goes_on(staffed: SampleOffice) -> None:
    copies(staffed, staffed.draft(), 5)
    on(staffed, date(2017, 1, 23))
    first = swept(staffed, batch=2, limit=3)
    assert (3, 2) == (first.looked_at, first.batches)
    assert 4 == swept(staffed, batch=2).looked_at
    assert 6 == len(alerts(staffed))
