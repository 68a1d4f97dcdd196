"""Feeds of due dates, read by a parser that is not ours."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any, Final

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.calendar_files import CalendarFileError, parse, shipped
from workflow.deadlines import DeadlineRule, Status, due_on
from workflow.feeds import OCTETS, DueDate, feed
from workflow.working_days import Notice

ITEM: Final = DueDate(
    uid="deadline-7@sample.invalid",
    rev=0,
    due=date(2016, 10, 8),
    status=Status.OPEN,
    changed_at=datetime(2016, 9, 2, 8, 30, 15, tzinfo=UTC),
    summary="网上公开：样例信息",
)


def events(data: bytes) -> list[dict[str, Any]]:
    """Return the events of a feed as an independent parser reads them."""
    calendar = icalendar.Calendar.from_ical(data)
    assert [] == calendar.errors
    return [
        {key: getattr(value, "dt", value) for key, value in event.items()}
        for event in calendar.walk("VEVENT")
    ]


def test_a_due_date_on_a_make_up_saturday_is_that_whole_day() -> None:
    rule = DeadlineRule(code="online", clock="online", amount=20)
    due = due_on(rule, date(2016, 9, 2), calendar=shipped()).day
    (event,) = events(feed([replace(ITEM, due=due)], name="样例"))

    assert (date(2016, 10, 8), 5) == (due, due.weekday())
    assert {
        "UID": "deadline-7@sample.invalid",
        "DTSTAMP": datetime(2016, 9, 2, 8, 30, 15, tzinfo=UTC),
        "LAST-MODIFIED": datetime(2016, 9, 2, 8, 30, 15, tzinfo=UTC),
        "SEQUENCE": 0,
        "DTSTART": date(2016, 10, 8),
        "DTEND": date(2016, 10, 9),
        "SUMMARY": "网上公开：样例信息",
        "STATUS": "CONFIRMED",
        "TRANSP": "TRANSPARENT",
    } == event


def test_a_moved_due_date_keeps_its_identity_and_raises_its_sequence() -> None:
    """S36."""
    before, after = (
        events(feed([each], name="样例"))[0]
        for each in (ITEM, replace(ITEM, rev=3, due=date(2016, 10, 9)))
    )

    assert before["UID"] == after["UID"]
    assert [(0, date(2016, 10, 8)), (3, date(2016, 10, 9))] == [
        (event["SEQUENCE"], event["DTSTART"]) for event in (before, after)
    ]


@pytest.mark.parametrize("status", Status)
def test_a_clock_that_is_met_or_voided_is_cancelled_and_only_such_a_one(status: Status) -> None:
    """S37."""
    ended = {Status.MET_ON_TIME, Status.MET_LATE, Status.VOIDED}
    (event,) = events(feed([replace(ITEM, status=status)], name="样例"))

    assert ("CANCELLED" if status in ended else "CONFIRMED") == event["STATUS"]


def test_the_feed_has_what_calendars_demand_and_is_the_same_to_the_byte() -> None:
    data = feed([ITEM, replace(ITEM, uid="deadline-8@sample.invalid")], name="期限，样例")
    calendar = icalendar.Calendar.from_ical(data)

    assert ("2.0", "PUBLISH", "GREGORIAN", "期限，样例") == tuple(
        str(calendar[key]) for key in ("VERSION", "METHOD", "CALSCALE", "X-WR-CALNAME")
    )
    assert ["deadline-7@sample.invalid", "deadline-8@sample.invalid"] == [
        str(event["UID"]) for event in events(data)
    ]
    assert data == feed([ITEM, replace(ITEM, uid="deadline-8@sample.invalid")], name="期限，样例")
    assert b"BEGIN:VCALENDAR\r\n" == data[:17]
    assert b"END:VCALENDAR\r\n" == data[-15:]
    assert data.count(b"\n") == data.count(b"\r\n")


def test_an_empty_feed_is_a_calendar_too() -> None:
    assert [] == events(feed([], name="样例"))


def test_an_instant_is_written_in_utc_and_one_without_a_zone_is_refused() -> None:
    shanghai = datetime(2016, 9, 2, 16, 30, 15, tzinfo=timezone(timedelta(hours=8)))

    assert feed([ITEM], name="样例") == feed([replace(ITEM, changed_at=shanghai)], name="样例")
    with pytest.raises(TypeError):
        feed([replace(ITEM, changed_at=shanghai.replace(tzinfo=None))], name="样例")


def test_nothing_in_a_text_can_become_a_line_of_its_own() -> None:
    words = "a\r\nSTATUS:CANCELLED\rb\nEND:VEVENT\x00\x0b\x85\u2028c\ud800"
    data = feed([replace(ITEM, summary=words, uid=words, url=f"https://x/{words}")], name=words)

    (event,) = events(data)
    assert "CONFIRMED" == event["STATUS"]
    assert [1, 1] == [
        data.split(b"\r\n").count(line) for line in (b"END:VEVENT", b"STATUS:CONFIRMED")
    ]
    assert "a\nSTATUS:CANCELLED\nb\nEND:VEVENT\n\nc" == event["SUMMARY"]


texts = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=300).map(
    lambda text: text.replace("\u2028", "")
)


@given(texts, texts)
def test_what_is_written_is_read_again_whatever_it_says(summary: str, description: str) -> None:
    (event,) = events(feed([replace(ITEM, summary=summary, description=description)], name="样例"))

    assert (summary, description) == (event["SUMMARY"], event.get("DESCRIPTION", ""))


@given(texts, texts)
def test_no_line_is_longer_than_75_octets_and_none_splits_a_character(
    summary: str, name: str
) -> None:
    lines = feed([replace(ITEM, summary=summary)], name=name).split(b"\r\n")

    assert OCTETS >= max(map(len, lines))
    assert b"\r\n".join(lines) == "\r\n".join(line.decode() for line in lines).encode()


def test_a_line_is_folded_only_where_it_is_too_long() -> None:
    fits = "x" * (OCTETS - len("SUMMARY:"))
    lines = [
        feed([replace(ITEM, summary=summary)], name="样例").split(b"\r\n")
        for summary in (fits, fits + "y", fits + "y" * OCTETS)
    ]

    assert [f"SUMMARY:{fits}".encode()] == lines[0][13:14]
    assert [f"SUMMARY:{fits}".encode(), b" y"] == lines[1][13:15]
    assert [OCTETS, OCTETS, 2] == [len(line) for line in lines[2][13:16]]


def test_our_own_reader_of_holidays_takes_no_due_date_for_a_day_off() -> None:
    with pytest.raises(CalendarFileError) as caught:
        parse(feed([ITEM], name="样例"), source="x.ics", notice=Notice(number="", title=""))
    assert ("calendar_event_unclear", 14) == (caught.value.code, caught.value.params["line"])
    # It does understand the lines: with a mark the same feed gives the day.
    file = parse(
        feed([replace(ITEM, summary=f"{'样例' * 40}，班")], name="样例"),
        source="x.ics",
        notice=Notice(number="", title=""),
    )
    assert {date(2016, 10, 8): True} == {
        day: works for day, (works, _, _) in file.years[0].outcome().items()
    }
