"""What people are owed leaves once, in one digest each, whatever fails (F7, F8, F17, F18, F19)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Final

import pytest
from sqlalchemy import insert, select, update

from tests.service.meanwhile import meanwhile
from tests.service.outbox import Outbox, alert, contact, deadline
from tests.service.sample_office import FINANCE
from tests.service.told import alerts
from workflow import faults, host_clock
from workflow.dispatching import ASIDE, FAILURES_IN_A_ROW, LEASE, Dispatched, Dispatcher
from workflow.errors import ChannelFailed, ChannelRefused, ChannelUncertain, Unavailable
from workflow.guards import Role
from workflow.models import (
    AlertKind,
    AlertStatus,
    DeadlinePause,
    DeliveryStatus,
    Office,
    Preference,
    Remark,
    Snooze,
    table,
)
from workflow.revisions import FormedOnBasis
from workflow.runtime import SHANGHAI
from workflow.testing import MemoryAlertChannel

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.service.sample_office import SampleOffice
    from workflow.channels.alerting import Message

MINUTE: Final = timedelta(minutes=1)
DOWN: Final = ChannelFailed("alert_not_delivered", channel="email")
AFTER: Final = datetime(2017, 2, 16, 9, 0, tzinfo=SHANGHAI)
"""A morning on which the clocks of the sample items are overdue."""


@pytest.fixture
def outbox(office: SampleOffice) -> Outbox:
    """Give an outbox whose clerk, head and administrators read e-mail."""
    return Outbox(office)


def waiting(outbox: Outbox, count: int = 1) -> list[int]:
    """Return items at the head's desk, of which nobody was told, because nobody had an address."""
    items = [outbox.office.item_at("sign_off") for _ in range(count)]
    for name in ("clerk", "head", "admin", "admin2"):
        for channel in outbox.channels:
            outbox.reach(name, channel)
    return items


def late(outbox: Outbox, count: int = 1) -> list[int]:
    """Return items at the head's desk that are overdue now."""
    items = waiting(outbox, count)
    outbox.office.clock.set(AFTER)
    return items


def told(sent: Message) -> list[Any]:
    """Return the items of a message, as programs are told them."""
    return [entry["item"] for entry in sent.data["entries"]]


# -- one digest --------------------------------------------------------------------------------


def test_whatever_is_owed_to_a_person_leaves_as_one_digest(outbox: Outbox) -> None:
    items = late(outbox, 3)
    for item in items:
        outbox.remind(item, "T+1", "head", "clerk")
    assert Dispatched(sent=2) == outbox.dispatch()
    assert [{"head@sample.example", "clerk@sample.example"}, items, items] == [
        {sent.to for sent in outbox.mail.sent},
        *(told(sent) for sent in outbox.mail.sent),
    ]
    assert {AlertStatus.SENT} == set(outbox.alerts("status"))
    # Nothing is owed any more.
    assert Dispatched() == outbox.dispatch()
    assert 2 == len(outbox.mail.sent)


def test_each_message_is_noted_with_a_number_before_it_leaves(outbox: Outbox) -> None:
    (item,) = late(outbox)
    outbox.remind(item, "T+1", "head", "clerk")
    outbox.dispatch()
    assert [(1, outbox.mail.sent[0].key), (2, outbox.mail.sent[1].key)] == outbox.notes.lines


def test_nothing_leaves_whose_number_cannot_be_noted(outbox: Outbox) -> None:
    class Full:
        def note(self, seq: int, key: str, at: datetime) -> None:
            raise Unavailable("disk_full", problem=f"{seq} {key} {at}")

    (item,) = late(outbox)
    outbox.remind(item, "T+1", "head")
    sender = Dispatcher(outbox.office.app.runtime, outbox.channels, journal=Full())
    assert Dispatched(put_off=1) == sender.dispatch()
    assert [] == outbox.mail.sent
    outbox.office.clock.advance(MINUTE)
    assert Dispatched(sent=1) == outbox.dispatch()


def test_nothing_leaves_while_the_office_is_held(outbox: Outbox) -> None:
    (item,) = late(outbox)
    outbox.remind(item, "T+1", "head")
    with outbox.office.database.engine.begin() as connection:
        connection.execute(
            update(table(Office)).values(held_at=outbox.office.clock(), held_why="restored")
        )
    assert Dispatched(held=True) == outbox.dispatch()
    assert ([], []) == (outbox.mail.sent, outbox.messages())


def test_what_stands_open_besides_is_told_too(outbox: Outbox) -> None:
    first, second = late(outbox, 2)
    outbox.remind(first, "T+1", "head")
    outbox.dispatch()
    outbox.office.clock.advance(timedelta(days=1))
    outbox.remind(second, "T+1", "head")
    outbox.dispatch()
    (_, again) = outbox.mail.sent
    assert [[second], [first]] == [told(again), [each["item"] for each in again.data["standing"]]]


def test_a_digest_of_very_many_names_fifty_and_counts_the_others(outbox: Outbox) -> None:
    (item,) = late(outbox)
    outbox.raise_(
        *(
            outbox.notice("clerk", key=f"notice:published:{number}", item_id=item)
            for number in range(70)
        )
    )
    outbox.dispatch()
    (sent,) = outbox.mail.sent
    assert (50, 20) == (len(sent.data["entries"]), sent.data["more"])
    assert [AlertStatus.SENT] * 70 == outbox.alerts("status")


# -- once more, just before ------------------------------------------------------------------------


def change(outbox: Outbox, item: int, **values: Any) -> None:
    """Change the row of an item's clock, as if something had happened to the item."""
    with outbox.office.database.engine.begin() as connection:
        connection.execute(
            update(deadline).where(deadline.c.id == outbox.clock_of(item).id).values(**values)
        )


def pause(outbox: Outbox, item: int) -> None:
    """Pause an item's clock."""
    at, by = outbox.office.clock(), outbox.office["supervisor"]
    with outbox.office.database.engine.begin() as connection:
        remark = connection.execute(
            insert(table(Remark))
            .values(digest="f" * 64, canonical="{}", said_by=by, said_at=at)
            .returning(table(Remark).c.id)
        ).scalar_one()
        connection.execute(
            insert(table(DeadlinePause)).values(
                deadline_id=outbox.clock_of(item).id,
                begun_on=date(2017, 2, 16),
                begun_at=at,
                begun_by=by,
                remark_id=remark,
            )
        )


def hand_over_the_department(outbox: Outbox, _: int) -> None:
    """Let the head be the head of another department."""
    outbox.office.give("head", Role.DEPARTMENT_HEAD, revoke=True)
    outbox.office.give("head", Role.DEPARTMENT_HEAD, body=FINANCE)


def become_a_clerk(outbox: Outbox, _: int) -> None:
    """Let the head be a clerk of the same department."""
    outbox.office.give("head", Role.DEPARTMENT_HEAD, revoke=True)
    outbox.office.give("head", Role.CLERK)


CHANGES: Final[dict[str, Callable[[Outbox, int], object]]] = {
    "met": lambda outbox, item: change(outbox, item, met_on=date(2017, 2, 16), met_at=AFTER),
    "voided": lambda outbox, item: change(outbox, item, voided_at=AFTER, void_reason="withheld"),
    "moved": lambda outbox, item: change(outbox, item, rev=2),
    "paused": pause,
    "not_overdue": lambda outbox, item: change(outbox, item, due_on=date(2017, 3, 1)),
    "account_disabled": lambda outbox, _: outbox.office.accounts.set_enabled(
        outbox.office["admin"], "head", enabled=False
    ),
    "not_visible": hand_over_the_department,
    "role_lost": become_a_clerk,
}
"""What makes an alert untrue between its being raised and its being sent, by why it expires."""


@pytest.mark.parametrize("why", CHANGES)
def test_what_is_no_longer_true_just_before_it_is_sent_expires(outbox: Outbox, why: str) -> None:
    """S37: a clock that is met or voided never escalates, however late the mail is."""
    (item,) = late(outbox)
    outbox.remind(item, "T+1", "head")
    outbox.mail.failure = DOWN
    outbox.dispatch()
    outbox.mail.failure = None
    CHANGES[why](outbox, item)
    outbox.office.clock.advance(MINUTE)
    assert 1 == outbox.dispatch().expired
    assert (AlertStatus.EXPIRED, why) == outbox.alerts("status", "why")[0]
    # Of roles that were given and taken one hears, and of the item no more.
    assert [] == [number for sent in outbox.mail.sent for number in told(sent) if number]


def test_of_a_digest_only_what_is_no_longer_true_expires(outbox: Outbox) -> None:
    gone, still = late(outbox, 2)
    outbox.remind(gone, "T+1", "head")
    outbox.remind(still, "T+1", "head")
    change(outbox, gone, met_on=date(2017, 2, 16), met_at=AFTER)
    assert Dispatched(sent=1, expired=1) == outbox.dispatch()
    assert [still] == told(outbox.mail.sent[0])


def test_a_correction_is_sent_although_the_clock_was_met(outbox: Outbox) -> None:
    (item,) = late(outbox)
    change(outbox, item, due_on=date(2017, 3, 1), rev=2)
    outbox.remind(item, "corrected", "head")
    change(outbox, item, met_on=date(2017, 2, 16), met_at=AFTER)
    assert Dispatched(sent=1) == outbox.dispatch()
    assert ["corrected"] == [each["urgency"] for each in outbox.mail.sent[0].data["entries"]]


def test_the_desk_is_told_only_as_long_as_it_is_the_desk(outbox: Outbox) -> None:
    (item,) = late(outbox)
    outbox.office.decide(item, "head")
    outbox.reach("keeper")
    outbox.remind(item, "T+1", "keeper")
    outbox.office.decide(item)
    assert Dispatched(cancelled=1, expired=1) == outbox.dispatch()
    assert ["not_at_the_desk"] == outbox.alerts("why")


# -- when ------------------------------------------------------------------------------------------


def at(outbox: Outbox, hour: int, *, day: int = 16) -> None:
    """Make it some hour of a day in February."""
    outbox.office.clock.set(datetime(2017, 2, day, hour, 0, tzinfo=SHANGHAI))


def test_nothing_but_a_fault_of_the_system_wakes_anybody(outbox: Outbox) -> None:
    (item,) = late(outbox)
    at(outbox, 21)
    outbox.remind(item, "T+1", "admin", "head")
    outbox.raise_(outbox.operations("admin"))
    assert Dispatched(sent=1) == outbox.dispatch()
    assert [["operations"]] == [
        [each["urgency"] for each in sent.data["entries"]] for sent in outbox.mail.sent
    ]
    at(outbox, 8, day=17)
    outbox.dispatch()
    assert {"admin@sample.example", "head@sample.example"} == {sent.to for sent in outbox.mail.sent}


def test_a_message_that_failed_in_the_evening_is_tried_again_in_the_morning(
    outbox: Outbox,
) -> None:
    (item,) = late(outbox)
    outbox.office.clock.set(datetime(2017, 2, 17, 19, 59, 30, tzinfo=SHANGHAI))
    outbox.remind(item, "T+1", "head")
    outbox.mail.failure = DOWN
    outbox.dispatch()
    # The next working day is a Monday.
    assert datetime(2017, 2, 20, 8, 0, tzinfo=SHANGHAI) == outbox.messages()[0].next_at


def test_who_wants_notices_once_a_day_gets_them_when_the_day_begins(outbox: Outbox) -> None:
    (item,) = late(outbox)
    with outbox.office.database.engine.begin() as connection:
        connection.execute(
            insert(table(Preference)).values(account_id=outbox.office["clerk"], notices="daily")
        )
    outbox.raise_(outbox.notice("clerk", item_id=item), outbox.notice("head", item_id=item))
    outbox.remind(item, "T+1", "clerk")
    outbox.dispatch()
    assert [("clerk", ["overdue"]), ("head", ["notice"])] == sorted(
        (sent.to.partition("@")[0], [each["urgency"] for each in sent.data["entries"]])
        for sent in outbox.mail.sent
    )
    at(outbox, 7, day=17)
    assert Dispatched() == outbox.dispatch()
    at(outbox, 8, day=17)
    assert Dispatched(sent=1) == outbox.dispatch()


def test_a_reminder_that_was_put_off_waits_and_an_overdue_does_not(outbox: Outbox) -> None:
    (item,) = waiting(outbox)
    at(outbox, 9, day=6)
    row = outbox.clock_of(item)
    with outbox.office.database.engine.begin() as connection:
        remark = connection.execute(
            insert(table(Remark))
            .values(
                digest="e" * 64,
                canonical="{}",
                said_by=outbox.office["head"],
                said_at=outbox.office.clock(),
            )
            .returning(table(Remark).c.id)
        ).scalar_one()
        connection.execute(
            insert(table(Snooze)).values(
                account_id=outbox.office["head"],
                deadline_id=row.id,
                rev=row.rev,
                until=date(2017, 2, 8),
                remark_id=remark,
                snoozed_at=outbox.office.clock(),
            )
        )
    outbox.remind(item, "T-5", "head")
    for day in (6, 7, 8):
        at(outbox, 9, day=day)
        assert Dispatched() == outbox.dispatch()
    at(outbox, 9, day=9)
    assert Dispatched(sent=1) == outbox.dispatch()
    outbox.office.clock.set(AFTER)
    outbox.remind(item, "T+1", "head")
    assert Dispatched(sent=1) == outbox.dispatch()


# -- what fails ------------------------------------------------------------------------------------


def test_f17_a_server_that_is_down_for_hours_loses_nothing_and_ends_in_one_digest(
    outbox: Outbox,
) -> None:
    first, second = late(outbox, 2)
    outbox.remind(first, "T+1", "head")
    outbox.mail.failure = DOWN
    waits = []
    for _ in range(9):
        now = outbox.office.clock()
        assert Dispatched(put_off=1) == outbox.dispatch()
        # A moment later nothing is due: no retry storm (F11).
        assert Dispatched() == outbox.dispatch()
        (row,) = outbox.messages()
        waits.append(int((row.next_at - now) / MINUTE))
        outbox.office.clock.set(row.next_at)
    assert [1, 2, 4, 8, 16, 32, 60, 60, 60] == waits
    # What comes meanwhile joins it.
    outbox.remind(second, "T+1", "head")
    outbox.mail.failure = None
    assert Dispatched(sent=1) == outbox.dispatch()
    (sent,) = outbox.mail.sent
    assert ([first, second], 1) == (told(sent), len(outbox.messages()))
    assert {AlertStatus.SENT} == set(outbox.alerts("status"))


def test_a_channel_that_keeps_failing_is_a_fault_until_something_gets_through(
    outbox: Outbox,
) -> None:
    (item,) = late(outbox)
    outbox.remind(item, "T+1", "head")
    outbox.mail.failure = DOWN
    outbox.until(lambda: bool(outbox.faults()), step=timedelta(minutes=61), most=60)
    assert [("channel:email", "channel_failing")] == outbox.faults()
    head = next(row for row in outbox.messages() if row.attempts >= 12)
    assert DeliveryStatus.OWED is head.status
    outbox.mail.failure = None
    outbox.office.clock.set(head.next_at)
    outbox.dispatch()
    assert [] == outbox.faults()


def test_f18_what_is_refused_for_good_goes_by_the_next_channel_and_is_a_fault(
    office: SampleOffice,
) -> None:
    outbox = Outbox(office, "email", "wecom")
    (item,) = late(outbox)
    outbox.remind(item, "T+1", "head")
    outbox.mail.failure = ChannelRefused("alert_refused", channel="email")
    came = outbox.dispatch()
    assert Dispatched(refused=1) == came
    outbox.dispatch()
    (row,) = [outbox.clock_of(item)]
    key = f"deadline:{row.id}:{row.rev}:T+1:account:{office['head']}"
    assert [
        (f"{key}:email", AlertStatus.FAILED),
        (f"{key}:wecom", AlertStatus.SENT),
    ] == [each for each in outbox.alerts() if each[0].startswith("deadline:")]
    assert ["head@sample.example"] == [
        sent.to for sent in outbox.channels["wecom"].sent if sent.data["entries"][0]["item"]
    ]
    assert "address_refused" in {code for _, code in outbox.faults()}


def test_f18_who_has_no_other_channel_keeps_it_on_the_board(outbox: Outbox) -> None:
    (item,) = late(outbox)
    outbox.remind(item, "T+1", "head")
    outbox.mail.failure = ChannelRefused("alert_refused", channel="email")
    outbox.dispatch()
    outbox.mail.failure = None
    outbox.dispatch()
    assert {"admin@sample.example", "admin2@sample.example"} == {
        sent.to for sent in outbox.mail.sent
    }
    assert (AlertStatus.FAILED, "address_refused") == outbox.alerts("status", "why")[0]


class Particular(MemoryAlertChannel):
    """A channel that fails for one address only."""

    def __init__(self, address: str, failure: Exception) -> None:
        super().__init__()
        self.address, self.reason = address, failure

    def send(self, message: Message) -> None:
        if message.to == self.address:
            raise self.reason
        super().send(message)


FAILURES: Final = {
    "put off": (DOWN, "put_off"),
    "refused": (ChannelRefused("alert_refused", channel="email"), "refused"),
    "hung up": (ChannelUncertain("alert_unanswered", channel="email"), "uncertain"),
    "a bug": (ZeroDivisionError(), "uncertain"),
}


@pytest.mark.parametrize("name", FAILURES)
def test_f19_one_message_that_fails_stops_no_other(outbox: Outbox, name: str) -> None:
    failure, count = FAILURES[name]
    outbox.channels["email"] = channel = Particular("head@sample.example", failure)
    (item,) = late(outbox)
    outbox.raise_(
        *(outbox.notice(name, item_id=item, key="notice:1") for name in ("head", "clerk"))
    )
    came = outbox.dispatch()
    assert (1, 1) == (came.sent, getattr(came, count))
    assert ["clerk@sample.example"] == [sent.to for sent in channel.sent]


def test_a_channel_that_fails_again_and_again_is_left_alone_until_the_next_run(
    office: SampleOffice,
) -> None:
    outbox = Outbox(office)
    people = ("clerk", "colleague", "deputy", "head", "head2", "keeper", "keeper2")
    (item,) = late(outbox)
    for name in ("colleague", "deputy", "head2", "keeper", "keeper2"):
        outbox.reach(name)
    outbox.raise_(*(outbox.notice(name, item_id=item) for name in people))
    outbox.mail.failure = DOWN
    assert Dispatched(put_off=FAILURES_IN_A_ROW) == outbox.dispatch()


def test_f7_what_may_have_arrived_is_repeated_as_the_same_message(outbox: Outbox) -> None:
    first, second = late(outbox, 2)
    outbox.remind(first, "T+1", "head")
    outbox.mail.failure = ChannelUncertain("alert_unanswered", channel="email")
    assert Dispatched(uncertain=1) == outbox.dispatch()
    # What is new meanwhile waits for a message of its own.
    outbox.remind(second, "T+1", "head")
    outbox.mail.failure = None
    outbox.office.clock.advance(MINUTE)
    assert Dispatched(sent=2) == outbox.dispatch()
    one, again, other = sorted(outbox.mail.sent, key=told)
    assert (one.key, one.at, [first]) == (again.key, again.at, told(again))
    assert (True, [second]) == (other.key != one.key, told(other))
    assert [AlertStatus.SENT] * 2 == outbox.alerts("status")


def test_what_failed_while_another_was_begun_joins_it(outbox: Outbox) -> None:
    first, second = late(outbox, 2)
    outbox.remind(first, "T+1", "head")

    class Slow(MemoryAlertChannel):
        def send(self, message: Message) -> None:
            outbox.remind(second, "T+1", "head")
            outbox.channels["email"] = MemoryAlertChannel()
            outbox.channels["email"].failure = DOWN
            outbox.dispatch()
            raise ChannelFailed("alert_not_delivered", channel=message.key)

    outbox.channels["email"] = Slow()
    outbox.dispatch()
    assert [DeliveryStatus.CANCELLED, DeliveryStatus.OWED] == [
        row.status for row in outbox.messages()
    ]
    outbox.mail.failure = None
    outbox.office.clock.advance(timedelta(hours=1))
    assert Dispatched(sent=1) == outbox.dispatch()
    assert [first, second] == told(outbox.mail.sent[0])


def test_f8_an_alert_that_makes_no_sense_is_put_aside_and_the_others_go_out(
    outbox: Outbox,
) -> None:
    (item,) = late(outbox)
    outbox.remind(item, "T+1", "head")
    with outbox.office.database.engine.begin() as connection:
        connection.execute(
            insert(alert).values(
                key="poison",
                kind=AlertKind.NOTICE,
                event="published",
                role="clerk",
                account_id=outbox.office["head"],
                channel="email",
                contact_id=select(contact.c.id)
                .where(contact.c.account_id == outbox.office["head"])
                .scalar_subquery(),
                facts="no JSON",
                raised_at=outbox.office.clock(),
                not_before=outbox.office.clock(),
                status=AlertStatus.OWED,
            )
        )
    outbox.remind(item, "T+1", "clerk")
    assert 2 == outbox.dispatch().sent
    assert [[item], [item]] == [told(sent) for sent in outbox.mail.sent]
    assert ("poison", AlertStatus.FAILED) in outbox.alerts()
    assert ["alert_quarantined"] == [code for _, code in outbox.faults()]


def aside(outbox: Outbox) -> Any:
    """Return the message that is owed still."""
    (found,) = (row for row in outbox.messages() if row.status is DeliveryStatus.OWED)
    return found


def quarantined(outbox: Outbox) -> tuple[int, int]:
    """Return an item whose message to the head cannot be said and is put aside, and another one."""
    poison, other = late(outbox, 2)
    outbox.unsayable = {poison}
    outbox.remind(poison, "T+1", "head")
    outbox.raise_(outbox.notice("clerk", item_id=other))
    assert Dispatched(sent=1, put_off=1) == outbox.dispatch()
    outbox.until(lambda: bool(outbox.faults()), step=timedelta(minutes=61))
    assert outbox.office.policy(poison).manner.attempts <= aside(outbox).attempts
    return poison, other


def test_f8_a_message_that_cannot_be_said_is_put_aside_and_administrators_are_told(
    outbox: Outbox,
) -> None:
    quarantined(outbox)
    number = aside(outbox).id
    assert [(f"message:{number}", "message_quarantined")] == outbox.faults()
    assert Dispatched(sent=2) == outbox.dispatch()
    assert {"admin@sample.example", "admin2@sample.example"} == {
        sent.to for sent in outbox.mail.sent if f"message:{number}" in sent.text
    }
    # They are told once, and it is owed still.
    outbox.office.clock.set(aside(outbox).next_at)
    assert Dispatched(quarantined=1) == outbox.dispatch()
    assert (1, AlertStatus.OWED) == (len(outbox.faults()), outbox.alerts("status")[0])


def test_f8_what_is_new_leaves_without_the_message_that_is_put_aside(outbox: Outbox) -> None:
    _, other = quarantined(outbox)
    outbox.remind(other, "T+1", "head")
    outbox.dispatch()
    assert [[other]] == [told(sent) for sent in outbox.mail.sent if "head@" in sent.to]


def test_f8_a_message_that_was_put_aside_leaves_once_when_it_can_be_said(outbox: Outbox) -> None:
    poison, _ = quarantined(outbox)
    outbox.dispatch()
    outbox.unsayable.clear()
    # One day at a time: the next try is not earlier.
    assert Dispatched() == outbox.dispatch()
    outbox.office.clock.set(aside(outbox).next_at)
    assert Dispatched(sent=1) == outbox.dispatch()
    outbox.office.clock.advance(ASIDE)
    assert Dispatched() == outbox.dispatch()
    assert [[poison]] == [told(sent) for sent in outbox.mail.sent if "head@" in sent.to]
    assert ([], {AlertStatus.SENT}) == (outbox.faults(), set(outbox.alerts("status")))


def test_f8_what_is_true_no_more_is_not_told_when_it_can_be_said(outbox: Outbox) -> None:
    poison, _ = quarantined(outbox)
    outbox.dispatch()
    outbox.unsayable.clear()
    CHANGES["met"](outbox, poison)
    outbox.office.clock.set(aside(outbox).next_at)
    assert Dispatched(expired=1, cancelled=1) == outbox.dispatch()
    assert ([], AlertStatus.EXPIRED) == (outbox.faults(), outbox.alerts("status")[0])


def test_f8_what_was_put_aside_and_may_have_arrived_since_is_repeated_as_it_was(
    outbox: Outbox,
) -> None:
    poison, _ = quarantined(outbox)
    outbox.dispatch()
    outbox.unsayable.clear()
    outbox.office.clock.set(aside(outbox).next_at)
    outbox.mail.failure = ChannelUncertain("alert_unanswered", channel="email")
    assert Dispatched(uncertain=1) == outbox.dispatch()
    outbox.mail.failure = None
    CHANGES["met"](outbox, poison)
    outbox.office.clock.set(aside(outbox).next_at)
    outbox.dispatch()
    head = [sent for sent in outbox.mail.sent if "head@" in sent.to]
    assert ([[poison]] * 2, 1) == ([told(sent) for sent in head], len({s.key for s in head}))


def test_a_message_that_was_put_aside_stays_by_itself_over_the_night(outbox: Outbox) -> None:
    _, other = quarantined(outbox)
    outbox.dispatch()
    night = datetime.combine(aside(outbox).next_at.date(), time(22), SHANGHAI)
    outbox.office.clock.set(night)
    assert Dispatched() == outbox.dispatch()
    outbox.remind(other, "T+1", "head")
    outbox.office.clock.set(aside(outbox).next_at)
    assert Dispatched(sent=1, quarantined=1) == outbox.dispatch()


@pytest.mark.parametrize(
    ("job", "code", "facts", "said"),
    [
        ("check_calendar", "calendar_missing",
         {"year": 2018, "horizon": "2017-12-31", "provisional": 3}, "2017-12-31，暂定期限 3 项"),
        ("clock", "clock_jumped", {"other": "database", "seconds": 86400}, "86400 秒"),
        ("verify_trail", "trail_broken", {"count": 2, "subject": "item:7"}, "共 2 处"),
        ("broker", "broker_forgets", {"place": "redis:6379"}, "redis:6379"),
        ("broker", "broker_unchecked", {"place": "redis:6379"}, "redis:6379"),
        ("heartbeat", "job_late", {"job": "publish_due", "since": "x"}, "启动定时发布"),
        ("watch", "beat_silent", {"since": "2017-02-16T01:00:00+00:00"}, "Celery 的 beat"),
        ("enforce_deadlines", "quarantined", {"problem": "KeyError"}, "隔离（of:1，KeyError）"),
        ("enforce_deadlines", "nobody_to_tell", {"audience": "inspection"}, "检查考核组没有督查员"),
    ],
)  # fmt: skip
def test_administrators_are_told_of_every_kind_of_fault_in_its_own_words(
    outbox: Outbox, job: str, code: str, facts: dict[str, Any], said: str
) -> None:
    # F9, F13, F21, F23
    outbox.reach("admin")
    outbox.reach("admin2")
    with outbox.office.database.transaction() as transaction:
        about: dict[str, Any] = {"job": job, "subject": "of:1", "code": code, "facts": facts}
        assert faults.note(transaction, **about, now=outbox.office.clock())
    assert Dispatched(sent=2) == outbox.dispatch()
    assert [True, True] == [said in sent.text for sent in outbox.mail.sent]


def test_f23_what_a_clock_that_ran_ahead_has_put_off_leaves_when_another_is_accepted(
    outbox: Outbox,
) -> None:
    office = outbox.office
    outbox.reach("clerk")
    office.clock.set(AFTER + timedelta(days=28))
    outbox.raise_(outbox.notice("clerk"))
    outbox.mail.failure = DOWN
    assert 1 == outbox.dispatch().put_off
    outbox.raise_(outbox.notice("clerk", key="notice:2"))
    outbox.mail.failure = None
    office.clock.set(AFTER)
    assert Dispatched() == outbox.dispatch()
    app = office.app
    host_clock.accept(app.runtime, app.intake, office["admin"], reason="样例理由")
    assert Dispatched(sent=1) == outbox.dispatch()
    assert {AlertStatus.SENT} == {status for key, status in outbox.alerts() if "notice:" in key}


# -- addresses that change -------------------------------------------------------------------------


def remove(outbox: Outbox, name: str) -> None:
    """Remove a person's addresses."""
    with outbox.office.database.engine.begin() as connection:
        connection.execute(
            update(contact)
            .where(contact.c.account_id == outbox.office[name], contact.c.removed_at.is_(None))
            .values(removed_at=outbox.office.clock())
        )


def test_what_is_owed_goes_to_the_address_that_is_there_now(outbox: Outbox) -> None:
    (item,) = late(outbox)
    outbox.remind(item, "T+1", "head")
    outbox.mail.failure = DOWN
    outbox.dispatch()
    outbox.mail.failure = None
    remove(outbox, "head")
    outbox.reach("head", address="new@sample.example")
    outbox.until(lambda: bool(outbox.mail.sent), step=MINUTE)
    assert ["new@sample.example"] == [sent.to for sent in outbox.mail.sent]
    assert [AlertStatus.SENT] == outbox.alerts("status")


def test_who_has_no_address_any_more_is_a_fault(outbox: Outbox) -> None:
    (item,) = late(outbox)
    outbox.remind(item, "T+1", "head")
    remove(outbox, "head")
    outbox.dispatch()
    assert (AlertStatus.FAILED, "no_address") == outbox.alerts("status", "why")[0]
    assert [(f"account:{outbox.office['head']}", "no_address")] == outbox.faults()


# -- several senders, and those that die -------------------------------------------------------


class Dies(BaseException):
    """A process that is gone: nothing of it runs any more."""


def test_f7_a_sender_that_dies_at_any_point_loses_nothing_and_doubles_no_alert(
    outbox: Outbox,
) -> None:
    office = outbox.office
    items = late(outbox, 2)
    for item in items:
        outbox.remind(item, "T+1", "head", "clerk")
    expected = sorted(key for key, _ in outbox.alerts())
    for place in range(1, 200):
        left = place

        def die(_: str) -> None:
            nonlocal left
            left -= 1
            if left == 0:
                raise Dies

        dying = office.again(observe=die)
        try:
            outbox.sender(dying).dispatch()
            break
        except Dies:
            office.clock.advance(LEASE)
        finally:
            dying.close()
    assert place > 10
    outbox.until(
        lambda: {AlertStatus.SENT} == set(outbox.alerts("status")), step=timedelta(minutes=5)
    )
    assert expected == sorted(key for key, _ in outbox.alerts())
    # Whoever died after the server had taken it has made a copy, which has the same key.
    assert 2 == len({sent.key for sent in outbox.mail.sent})
    assert {"head@sample.example", "clerk@sample.example"} == {sent.to for sent in outbox.mail.sent}


def test_senders_at_once_send_each_message_once(outbox: Outbox) -> None:
    office = outbox.office
    people = ("colleague", "deputy", "head2", "keeper", "keeper2", "reviewer2")
    items = late(outbox, 2)
    for name in people:
        outbox.reach(name)
    outbox.raise_(
        *(
            outbox.notice(name, item_id=item, key=f"notice:published:{item}")
            for name in (*people, "clerk", "head")
            for item in items
        )
    )
    count = 2 if office.database.is_sqlite else 6
    offices = [office.again() for _ in range(count)]
    with ThreadPoolExecutor(count) as pool:
        came = list(pool.map(lambda each: outbox.sender(each).dispatch(), offices))
    for each in offices:
        each.close()
    assert 8 == sum(each.sent for each in came) == len(outbox.mail.sent)
    assert 8 == len({sent.key for sent in outbox.mail.sent})
    assert [AlertStatus.SENT] * 16 == outbox.alerts("status")
    assert [items] * 8 == [told(sent) for sent in outbox.mail.sent]


@pytest.mark.postgres
def test_s32_an_overdue_that_is_taken_back_while_it_leaves_is_corrected(
    postgresql_office: SampleOffice,
) -> None:
    office = postgresql_office
    outbox = Outbox(office)
    item = office.item_at("sign_off")
    outbox.reach("head")
    office.clock.set(AFTER)
    office.app.enforcer.enforce()
    commits = 0
    sweeping = ExitStack()

    def observe(statement: str) -> None:
        nonlocal commits
        commits += statement == "COMMIT"
        # The first is of what is gathered; now the message is taken, and nobody knows it yet.
        if statement == "COMMIT" and commits == 2:
            office.app.timekeeper.correct_date(
                office["admin"],
                item,
                formed_on=date(2017, 1, 19),
                basis=FormedOnBasis.SIGNATURE,
                reason="样例",
            )
            sweeping.enter_context(meanwhile(office, office.app.enforcer.enforce))

    sender = office.again(observe=observe)
    outbox.sender(sender).dispatch()
    sweeping.close()
    sender.close()
    (sent,) = outbox.mail.sent
    assert "overdue" in {entry["event"] for entry in sent.data["entries"]}
    told_of = {row.person for row in alerts(office, event="overdue", status=AlertStatus.SENT)}
    assert told_of == {row.person for row in alerts(office, event="corrected")}
