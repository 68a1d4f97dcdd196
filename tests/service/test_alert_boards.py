"""Alerts as people read and answer them, and the whole way from the sweep to the mail."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import pytest

from tests.service.outbox import Outbox
from tests.service.sample_office import CIVIL
from workflow.errors import NotFound, Refused
from workflow.guards import Role
from workflow.machine import Action
from workflow.models import AlertStatus
from workflow.revisions import FormedOnBasis
from workflow.runtime import SHANGHAI

if TYPE_CHECKING:
    from tests.service.sample_office import SampleOffice
    from workflow.alert_boards import AlertBoard

AFTER: Final = datetime(2017, 2, 16, 9, 0, tzinfo=SHANGHAI)


@pytest.fixture
def outbox(office: SampleOffice) -> Outbox:
    """Give an outbox of an office in which some read e-mail."""
    outbox = Outbox(office)
    for name in ("clerk", "head", "head2", "supervisor", "admin", "admin2"):
        outbox.reach(name)
    return outbox


def board(outbox: Outbox) -> AlertBoard:
    """Return the board of the office."""
    return outbox.office.app.alert_board


def listed(outbox: Outbox, name: str, **options: Any) -> list[dict[str, Any]]:
    """Return what somebody is shown."""
    return list(board(outbox).alerts(outbox.office[name], **options).rows)


def overdue(outbox: Outbox) -> int:
    """Return an item that is overdue, and of which the sweep has told."""
    item = outbox.office.item_at("sign_off")
    outbox.office.clock.set(AFTER)
    outbox.office.app.enforcer.enforce()
    return item


# -- reading -----------------------------------------------------------------------------------


def test_the_most_urgent_alerts_stand_first_with_what_to_do(outbox: Outbox) -> None:
    item = overdue(outbox)
    rows = listed(outbox, "head")
    assert ["overdue", "overdue", "due_soon", "notice"] == [row["urgency"] for row in rows]
    # The budget of the desk ran out before the clock of the law.
    assert ["stage", "online", "reading_points", None] == [row["clock"] for row in rows]
    first = rows[1]
    assert (item, f"gongkai sign-off {item}") == (first["item"], first["command"])
    assert "逾期" in first["says"]["zh"]
    assert "late" in first["says"]["en"]


@pytest.mark.parametrize(
    ("name", "role", "place", "command"),
    [
        ("clerk", Role.DEPARTMENT_HEAD, "sign_off", "sign-off"),
        ("clerk", Role.PUBLISHER, "cleared", "publish"),
        ("head", Role.SEAL_KEEPER, "seal", "seal"),
        ("head", Role.PUBLISHER, "cleared", "publish"),
    ],
)
def test_nobody_is_told_to_do_what_separation_of_duties_keeps_them_from(
    outbox: Outbox, name: str, role: Role, place: str, command: str
) -> None:
    """They hear of it as drafter or head, and hold the role of the next step as well."""
    office = outbox.office
    office.give(name, role, body="YL-CENTRE" if role is Role.PUBLISHER else CIVIL)
    item = office.item_at(place)
    office.clock.set(AFTER)
    office.app.enforcer.enforce()
    free = {"sign_off": "head2", "seal": "keeper", "cleared": "publisher"}[place]
    told = {row["command"] for row in listed(outbox, name) if row["clock"]}
    assert {f"gongkai why {item}"} == told
    assert f"gongkai {command} {item}" in {row["command"] for row in listed(outbox, free)}


def test_who_has_no_address_reads_on_the_board_what_would_have_been_sent(
    outbox: Outbox,
) -> None:
    item = overdue(outbox)
    outbox.office.give("keeper", Role.DEPARTMENT_HEAD)
    outbox.office.clock.advance(timedelta(days=7))
    outbox.office.app.enforcer.enforce()
    (row, *_) = listed(outbox, "keeper")
    assert (item, "failed", None) == (row["item"], row["status"], row["channel"])


def test_supervisors_alone_read_what_everybody_was_told(outbox: Outbox) -> None:
    overdue(outbox)
    recipients = {row["recipient"] for row in listed(outbox, "supervisor", everybodys=True)}
    assert {"样例：head", "样例：clerk"} <= recipients
    with outbox.office.refused("needs_role"):
        listed(outbox, "clerk", everybodys=True)


def test_s42_what_a_supervisor_may_not_see_stands_on_no_board_and_in_no_total(
    outbox: Outbox,
) -> None:
    office = outbox.office
    item = office.draft(restricted=True)
    office.act(item, Action.SUBMIT, "clerk")
    assert 1 == board(outbox).alerts(office["head"]).total
    page = board(outbox).alerts(office["supervisor"], everybodys=True, closed=True)
    assert ((), 0) == (page.rows, page.total)


def test_a_page_says_how_many_there_are(outbox: Outbox) -> None:
    item = overdue(outbox)
    page = board(outbox).alerts(outbox.office["head"], limit=1)
    rest = board(outbox).alerts(outbox.office["head"], limit=10, offset=1)
    assert page.total == 1 + len(rest.rows) > 1
    only = board(outbox).alerts(outbox.office["head"], kind="deadline", item=item)
    assert {"deadline"} == {row["kind"] for row in only.rows}


def test_what_is_met_is_open_no_more_and_stays_readable(outbox: Outbox) -> None:
    office = outbox.office
    item = overdue(outbox)
    office.carry(item, to="cleared")
    office.act(item, Action.PUBLISH, "publisher", late_reason="样例理由")
    office.deliver(item)
    assert {"online", "stage"}.isdisjoint(row["clock"] for row in listed(outbox, "head"))
    assert {"online", "stage"} <= {row["clock"] for row in listed(outbox, "head", closed=True)}


# -- acknowledging -------------------------------------------------------------------------------


def test_acknowledging_stands_in_the_trail_and_stops_no_rung(outbox: Outbox) -> None:
    office = outbox.office
    item = overdue(outbox)
    outbox.dispatch()
    (number,) = [row["alert"] for row in listed(outbox, "head") if row["clock"] == "online"]
    before = office.row(item).version
    came = board(outbox).acknowledge(office["head"], [number])
    assert {"acknowledged": [number], "before": []} == came
    assert {"acknowledged": [], "before": [number]} == board(outbox).acknowledge(
        office["head"], [number]
    )
    entry = office.trail(item)[-1]
    assert ("alert_acknowledged", "head") == (entry.event, entry.actor)
    assert [number] == json.loads(entry.details)["alerts"]
    # Nothing that anybody was shown has changed.
    assert (before, []) == (office.row(item).version, office.faults())
    office.clock.advance(timedelta(days=7))
    office.app.enforcer.enforce()
    rungs = [row["rung"] for row in listed(outbox, "supervisor", everybodys=True, closed=True)]
    assert "T+5" in rungs
    assert [] == office.faults()


def test_what_is_acknowledged_is_not_repeated_in_the_next_digest(outbox: Outbox) -> None:
    first = overdue(outbox)
    outbox.dispatch()
    outbox.mail.sent.clear()
    board(outbox).acknowledge(outbox.office["head"], [], item=first)
    second = outbox.office.draft()
    outbox.office.act(second, Action.SUBMIT, "clerk")
    outbox.dispatch()
    standing = {
        sent.to: {each["item"] for each in sent.data["standing"]} for sent in outbox.mail.sent
    }
    assert {"head@sample.example": set(), "head2@sample.example": {first}} == standing


def test_who_knows_of_a_step_knows_of_those_before_it(outbox: Outbox) -> None:
    item = overdue(outbox)
    outbox.office.clock.set(AFTER + timedelta(days=14))
    outbox.office.app.enforcer.enforce()
    steps = [row["alert"] for row in listed(outbox, "head", item=item) if row["clock"] == "online"]
    assert [2, steps] == [len(steps), sorted(steps, reverse=True)]
    others = len(listed(outbox, "head2", item=item))
    came = board(outbox).acknowledge(outbox.office["head"], [steps[0]])
    assert {"acknowledged": sorted(steps), "before": []} == came
    assert set() == {row["clock"] for row in listed(outbox, "head", item=item)} & {"online"}
    assert others == len(listed(outbox, "head2", item=item))


def test_that_people_were_told_is_no_change_of_an_item(outbox: Outbox) -> None:
    item = overdue(outbox)
    board(outbox).acknowledge(outbox.office["head"], [], item=item)
    assert "alert_acknowledged" == outbox.office.events(item)[-1]
    with pytest.raises(Refused) as refused:
        outbox.office.act(item, Action.SEAL, "keeper")
    (refusal,) = refused.value.refusals
    assert ("submitted", "样例：clerk") == (refusal.params["event"], refusal.params["by"])


def test_nobody_acknowledges_what_is_another_s(outbox: Outbox) -> None:
    office = outbox.office
    overdue(outbox)
    number = listed(outbox, "head")[0]["alert"]
    for name in ("clerk", "outsider", "supervisor"):
        with office.refused("no_such_alert", by=NotFound):
            board(outbox).acknowledge(office[name], [number])
    with office.refused("no_such_alert", by=NotFound):
        board(outbox).acknowledge(office["head"], [number, 10**6])
    with office.refused("no_such_item", by=NotFound):
        board(outbox).acknowledge(office["outsider"], [], item=1)


def test_what_is_about_no_item_is_acknowledged_in_the_system_s_trail(outbox: Outbox) -> None:
    office = outbox.office
    office.accounts.reset(office["admin"], "clerk")
    (row,) = listed(outbox, "clerk")
    board(outbox).acknowledge(office["clerk"], [row["alert"]])
    assert ("alert_acknowledged", []) == (office.events()[-1], office.faults())


def test_acknowledging_locks_in_the_order_of_a_calendar_and_of_a_sender(outbox: Outbox) -> None:
    office = outbox.office
    item = overdue(outbox)
    office.accounts.reset(office["admin"], "head")
    numbers = [row["alert"] for row in listed(outbox, "head")]
    statements: list[str] = []
    other = office.again(observe=statements.append)
    other.app.alert_board.acknowledge(office["head"], numbers)
    other.close()
    assert "alert_acknowledged" == office.events(item)[-1]
    assert "alert_acknowledged" == office.events()[-1]
    assert ["office", "item", "alert"] == list(
        dict.fromkeys(
            words[1]
            for words in (statement.split() for statement in statements)
            if words[0] == "UPDATE"
        )
    )


# -- putting off ---------------------------------------------------------------------------------


def snooze(outbox: Outbox, name: str, item: int, until: date, **options: Any) -> dict[str, Any]:
    """Put the reminders about an item off."""
    return board(outbox).snooze(
        outbox.office[name], item, until, **{"reason": "样例理由", **options}
    )


def test_a_reminder_that_is_put_off_comes_the_day_after(outbox: Outbox) -> None:
    office = outbox.office
    item = office.item_at("sign_off")
    office.clock.set(datetime(2017, 2, 3, 9, 0, tzinfo=SHANGHAI))
    office.app.enforcer.enforce()
    outbox.dispatch()
    came = snooze(outbox, "head", item, date(2017, 2, 9), clock="online")
    assert ["online"] == came["clocks"]
    told: dict[int, set[str]] = {}
    for day in range(6, 14):
        outbox.mail.sent.clear()
        office.clock.set(datetime(2017, 2, day, 9, 0, tzinfo=SHANGHAI))
        office.app.enforcer.enforce()
        outbox.dispatch()
        rungs = {
            sent.to.partition("@")[0]
            for sent in outbox.mail.sent
            if any(each["clock"] == "online" for each in sent.data["entries"])
        }
        told |= {day: rungs} if rungs else {}
    # The reminder of two days before the last one came due on the 9th: to her a day later.
    assert "head" not in {name for day, names in told.items() if day <= 9 for name in names}
    assert "head" in {name for day, names in told.items() if day > 9 for name in names}
    entry = next(each for each in office.trail(item) if each.event == "alert_snoozed")
    assert "样例理由" not in entry.details
    assert [] == office.faults()


def test_a_reminder_is_put_off_for_five_working_days_at_most_and_before_the_last_day(
    outbox: Outbox,
) -> None:
    office = outbox.office
    item = office.item_at("sign_off")
    office.clock.set(datetime(2017, 2, 6, 9, 0, tzinfo=SHANGHAI))
    due = outbox.clock_of(item).due_on
    withheld = office.item_at(
        "withheld", attribute="not_disclosed", ground="personal_privacy", attribute_reason="样例"
    )
    with office.refused("snooze_too_long"):
        snooze(outbox, "head", item, date(2017, 2, 14))
    with office.refused("snooze_in_past"):
        snooze(outbox, "head", item, date(2017, 2, 5))
    with office.refused("reason_required"):
        snooze(outbox, "head", item, date(2017, 2, 7), reason=" ")
    with office.refused("no_such_item", by=NotFound):
        snooze(outbox, "outsider", item, date(2017, 2, 7))
    with office.refused("no_such_clock", by=NotFound):
        snooze(outbox, "head", item, date(2017, 2, 7), clock="nothing")
    with office.refused("no_clock_runs"):
        snooze(outbox, "head", withheld, date(2017, 2, 7))
    office.clock.set(datetime(due.year, due.month, due.day, 9, 0, tzinfo=SHANGHAI))
    with office.refused("snooze_past_due"):
        snooze(outbox, "head", item, due, clock="online")


# -- the whole way --------------------------------------------------------------------------------


def keys_sent(outbox: Outbox) -> list[str]:
    """Return the keys of what was sent of clocks."""
    return sorted(
        key
        for key, status in outbox.alerts()
        if status is AlertStatus.SENT and key.startswith("deadline:")
    )


def test_s35_after_days_of_outage_each_rung_is_told_once_and_the_missed_are_recorded(
    outbox: Outbox,
) -> None:
    office = outbox.office
    office.item_at("sign_off")
    for instant in (AFTER, AFTER + timedelta(days=8)):
        office.clock.set(instant)
        for _ in range(2):
            office.app.enforcer.enforce()
            outbox.dispatch()
    alerts = outbox.alerts("key", "status", "late")
    assert len(alerts) == len({key for key, _, _ in alerts})
    assert AlertStatus.OWED not in {status for _, status, _ in alerts}
    assert any(status is AlertStatus.MISSED and late for _, status, late in alerts)
    for name in ("head", "clerk", "supervisor"):
        got = [sent.key for sent in outbox.mail.sent if sent.to.startswith(f"{name}@")]
        # One digest after each outage, however many rungs there were.
        assert len(got) == len(set(got)) <= 3


def test_s36_a_last_day_that_moves_is_reminded_of_anew(outbox: Outbox) -> None:
    office = outbox.office
    item = overdue(outbox)
    outbox.dispatch()
    before = keys_sent(outbox)
    office.app.timekeeper.correct_date(
        office["admin"],
        item,
        formed_on=date(2017, 1, 9),
        basis=FormedOnBasis.SIGNATURE,
        reason="样例理由",
    )
    office.app.enforcer.enforce()
    office.clock.advance(timedelta(minutes=1))
    outbox.dispatch()
    anew = set(keys_sent(outbox)) - set(before)
    clock = outbox.clock_of(item)
    assert clock.rev == 2
    assert {f"deadline:{clock.id}:2"} <= {key[: len(f"deadline:{clock.id}:2")] for key in anew}


def test_s37_a_clock_that_is_met_never_escalates_and_the_hand_over_still_does(
    outbox: Outbox,
) -> None:
    office = outbox.office
    item = office.item_at("published")
    online, points = (outbox.clock_of(item, clock).id for clock in ("online", "reading_points"))
    office.clock.set(datetime(2017, 3, 10, 9, 0, tzinfo=SHANGHAI))
    office.app.enforcer.enforce()
    outbox.dispatch()
    about = {int(key.split(":")[1]) for key in keys_sent(outbox)}
    assert (points in about, online in about) == (True, False)
