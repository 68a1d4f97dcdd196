"""Calendar files: what is read out of each format, and what is refused on which line."""

from __future__ import annotations

import json
import re
import time
from contextlib import suppress
from dataclasses import asdict, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.calendar_files import (
    MAX_BYTES,
    CalendarFile,
    CalendarFileError,
    parse,
    read,
    shipped,
)
from workflow.errors import InvalidInput
from workflow.working_days import Notice, Reason, Turn, Year, diff

if TYPE_CHECKING:
    from collections.abc import Iterable
CALENDAR = shipped()
NOTICE = Notice(
    number="样例〔2026〕1号",
    title="样例通知",
    issued=date(2026, 11, 20),
    published=date(2026, 11, 21),
    url="https://example.invalid/1",
)
SPRING = Turn(
    zh="春节",
    en="Spring Festival",
    off=tuple(date(2027, 2, 5) + timedelta(days=later) for later in range(8)),
    work=(date(2027, 1, 30), date(2027, 2, 20)),
)
NEW_YEAR = Turn(
    zh="元旦",
    en="New Year's Day",
    off=(date(2027, 1, 1), date(2027, 1, 2), date(2027, 1, 3)),
    work=(date(2026, 12, 26),),
)
YEAR = Year(year=2027, notices=(replace(NOTICE, turns=(NEW_YEAR, SPRING)),))

TOML: Final = """\
# A sample.
format = 1

[[2027]]
number = "样例〔2026〕1号"
title = "样例通知"
issued = 2026-11-20
published = 2026-11-21
url = "https://example.invalid/1"
turns = [
  { zh = "元旦", off = ["2027-01-01..2027-01-03"], work = ["2026-12-26"] },
  { zh = "春节", off = ["2027-02-05..2027-02-12"], work = ["2027-01-30", "2027-02-20"] },
]
"""
AMENDMENT: Final = """\
format = 1

[[2027]]
amends = true
number = "样例〔2027〕2号"
title = "样例调整通知"
published = 2027-03-01
turns = [{ zh = "劳动节", off = ["2027-05-03"], work = ["2027-05-08"] }]
"""
LOCAL: Final = """\
format = 1

[[local]]
number = "样例府办发〔2027〕3号"
title = "样例自治州地方节日"
published = 2027-03-01
turns = [{ zh = "样例地方节日", en = "Sample local festival", off = ["2027-07-27", "2028-07-25"] }]
"""
JSON: Final = """\
{
  "year": 2027,
  "papers": ["https://example.invalid/1"],
  "days": [
    {"name": "元旦", "date": "2027-01-01", "isOffDay": true},
    {"name": "元旦", "date": "2027-01-02", "isOffDay": true},
    {"name": "元旦", "date": "2026-12-26", "isOffDay": false}
  ]
}
"""
ICS: Final = """\
BEGIN:VCALENDAR
VERSION:2.0
BEGIN:VEVENT
DTSTART;VALUE=DATE:20270205
DTEND;VALUE=DATE:20270213
SUMMARY:春节 休
END:VEVENT
BEGIN:VEVENT
DTSTART;VALUE=DATE:20270130
SUMMARY:春节（班）
END:VEVENT
END:VCALENDAR
"""


PARIS: Final = "TZID=Europe/Paris"


def of_toml(text: str) -> CalendarFile:
    return parse(text.encode(), source="x.toml")


def of_json(text: str, *, notice: Notice | None = None) -> CalendarFile:
    return parse(text.encode(), source="x.json", notice=notice)


def of_ics(text: str, *, year: int | None = None) -> CalendarFile:
    return parse(text.encode(), source="x.ics", notice=NOTICE, year=year)


def fault(data: bytes | str, source: str, **more: Any) -> tuple[str, object]:
    """Return the code and the line of what is wrong with a file."""
    with pytest.raises(CalendarFileError) as caught:
        parse(data.encode() if isinstance(data, str) else data, source=source, **more)
    assert source == caught.value.params["path"]
    return caught.value.code.removeprefix("calendar_"), caught.value.params.get("line")


def outcome(file: CalendarFile) -> dict[date, tuple[bool, str]]:
    """Return every day that a file with one year turns, whether it is worked, and its name."""
    (year,) = file.years
    return {day: (works, turn.zh) for day, (works, turn, _) in year.outcome().items()}


def expected(*turns: Turn) -> dict[date, tuple[bool, str]]:
    notice = replace(NOTICE, turns=turns)
    return {day: (works, turn.zh) for day, works, turn in notice.days()}


# --- Our own format -------------------------------------------------------------------------------


def test_our_own_format_carries_the_notice_and_every_day() -> None:
    assert CalendarFile(years=(YEAR,)) == of_toml(TOML)


def test_windows_may_write_the_file() -> None:
    data = b"\xef\xbb\xbf" + TOML.replace("\n", "\r\n").encode()

    assert CalendarFile(years=(YEAR,)) == parse(data, source="X.TOML")


def test_an_amendment_joins_its_year_and_is_not_added_twice() -> None:
    """S32."""
    file = of_toml(AMENDMENT)
    before = of_toml(TOML).applied_to(CALENDAR)
    after = file.applied_to(before)

    assert ((), 2027) == (file.years, file.amendments[0][0])
    assert [date(2027, 5, 3), date(2027, 5, 8)] == [
        change.after.day for change in diff(before, after)
    ]
    assert after.version == file.applied_to(after).version
    with pytest.raises(InvalidInput) as caught:
        file.applied_to(CALENDAR)
    assert ("calendar_amends_nothing", {"year": 2027}) == (caught.value.code, caught.value.params)


def test_an_amendment_may_stand_behind_its_year() -> None:
    (year,) = of_toml(TOML + AMENDMENT.removeprefix("format = 1\n")).years

    assert ["样例〔2026〕1号", "样例〔2027〕2号"] == [notice.number for notice in year.notices]


def test_local_holidays_lie_on_top_and_replace_those_before() -> None:
    base = of_toml(TOML).applied_to(CALENDAR)
    local = of_toml(LOCAL).applied_to(base)

    assert Reason.LOCAL_HOLIDAY is local.describe(date(2027, 7, 27)).reason
    assert local.version == of_toml(LOCAL).applied_to(local).version
    assert local.version == of_toml(TOML).applied_to(local).version


def test_a_year_that_does_not_follow_is_refused() -> None:
    with pytest.raises(InvalidInput) as caught:
        of_toml(TOML.replace("2027", "2028").replace("2026", "2027")).applied_to(CALENDAR)
    assert ("calendar_year_missing", {"year": 2027}) == (caught.value.code, caught.value.params)


TURNS: Final = TOML.partition("turns")[2]
"""What follows the tenth line."""


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("", "empty", 1),
        ("format = 1\n", "empty", 1),
        ("[[2027]]\n", "key_missing", 1),
        (TOML.replace("format = 1", "format = 2"), "value_wrong", 2),
        (TOML.replace("format = 1", "format = true"), "value_wrong", 2),
        (TOML.replace("[[2027]]", "[[2051]]"), "year_unknown", 4),
        (TOML.replace("[[2027]]", "[[next]]"), "year_unknown", 4),
        (TOML.replace("[[2027]]", "[2027]"), "value_wrong", 1),
        (TOML + "x = 1\n", "key_unknown", 14),
        (TOML.replace('"样例通知"', "3"), "value_wrong", 6),
        (TOML.replace("number", "nummer"), "key_unknown", 5),
        (TOML.replace('number = "样例〔2026〕1号"\n', ""), "key_missing", 4),
        (TOML.replace("issued = 2026-11-20", "issued = 2026-11-20T10:00:00"), "value_wrong", 7),
        (TOML.replace("issued = 2026-11-20\npublished = 2026-11-21\n", ""), "notice_undated", 4),
        (TOML.replace(f"turns{TURNS}", "turns = []\n"), "notice_without_days", 4),
        (TOML.replace(f"turns{TURNS}", "turns = [3]\n"), "value_wrong", 10),
        (TOML.replace('off = ["2027-02-05..2027-02-12"], work', "work"), None, None),
        (TOML.replace('zh = "春节", ', ""), "key_missing", 12),
        (TOML.replace('zh = "春节"', 'zh = " "'), "key_missing", 12),
        (TOML.replace('zh = "春节"', 'zh = "春\\u200b节"'), "value_wrong", 12),
        (TOML.replace('zh = "春节"', f'zh = "{"春" * 301}"'), "value_wrong", 12),
        (TOML.replace("2027-02-20", "2027-02-30"), "not_a_date", 12),
        (TOML.replace('"2027-02-20"', '"next"'), "not_a_date", 12),
        # What is no text and no date has no place of its own: the line is that of its table.
        (TOML.replace('"2027-02-20"', "7"), "not_a_date", 4),
        (TOML.replace('"2027-02-20"', "2027-02-20"), None, None),
        (TOML.replace("2027-02-05..2027-02-12", "2027-02-12..2027-02-05"), "range_wrong", 12),
        (TOML.replace("2027-02-05..2027-02-12", "2026-02-05..2027-02-12"), "range_wrong", 12),
        (TOML.replace("2027-02-12", "9999-12-31"), "day_unknown", 12),
        (TOML.replace("2027-02-20", "2027-02-12"), "day_both", 12),
        (TOML.replace("2027-02-20", "2027-01-30"), "day_twice", 12),
        (TOML.replace("2027-02-05..", "2027-01-03..", 1), "day_twice", 12),
        (TOML.replace("2027-02-20", "2027-02-19"), "work_on_weekday", 12),
        (TOML.replace("2026-12-26", "2026-11-28"), "day_outside_year", 11),
        (TOML.replace("2027-02-20", "2028-01-01"), "day_outside_year", 12),
        (TOML + TOML.removeprefix("# A sample.\nformat = 1\n"), "year_twice_in_file", 15),
        (
            TOML + AMENDMENT.replace("2027-03-01", "2026-03-01").removeprefix("format = 1\n"),
            "amendment_too_early",
            15,
        ),
        (LOCAL.replace("2028-07-25", "2051-07-25"), "day_unknown", 7),
        (LOCAL.replace("2028-07-25", "2006-07-25"), "day_unknown", 7),
        (TOML.replace("[[2027]]", "[[2027"), "not_toml", 4),
        (TOML.replace("\n[[2027]]", "format = 1\n[[2027]]"), "not_toml", 3),
        (TOML.replace("format = 1", f"format = 0x{'f' * 5000}"), "value_wrong", 2),
        (TOML.replace("format = 1", f"format = {'9' * 5000}"), "not_toml", 14),
        ("format = " + "[" * 100_000, "not_toml", 1),
    ],
)
def test_a_table_that_contradicts_itself_is_refused_on_its_line(
    text: str, code: str | None, line: int | None
) -> None:
    if code is None:
        assert 2027 == of_toml(text).years[0].year
    else:
        assert (code, line) == fault(text, "x.toml")


# --- holiday-cn -----------------------------------------------------------------------------------


def test_holiday_cn_gives_the_days_and_the_address_of_the_last_paper() -> None:
    file = of_json(JSON)
    (notice,) = file.years[0].notices

    assert {
        date(2027, 1, 1): (False, "元旦"),
        date(2027, 1, 2): (False, "元旦"),
        date(2026, 12, 26): (True, "元旦"),
    } == outcome(file)
    assert ("", "https://example.invalid/1") == (notice.number, notice.url)
    assert "New Year's Day" == notice.turns[0].en


SECOND: Final = '"元旦", "date": "2027-01-02"'
"""A part of the sixth line."""


def test_the_notice_that_is_given_beside_holiday_cn_goes_before_its_papers() -> None:
    (year,) = of_json(JSON, notice=NOTICE).years

    assert replace(NOTICE, turns=year.notices[0].turns) == year.notices[0]


def test_a_known_year_keeps_its_notices_and_gets_the_changed_days_only() -> None:
    (known,) = (year for year in CALENDAR.years if year.year == 2026)
    rows = [
        {"name": turn.zh, "date": day.isoformat(), "isOffDay": not works}
        for day, (works, turn, _) in known.outcome().items()
        if day != date(2026, 10, 10)
    ]
    document = {"year": 2026, "papers": ["https://example.invalid/2"], "days": rows}
    file = parse(json.dumps(document).encode(), source="2026.json", notice=NOTICE)
    after = file.applied_to(CALENDAR)

    assert [(date(2026, 10, 10), Reason.MAKE_UP)] == [
        (change.before.day, change.before.reason) for change in diff(CALENDAR, after)
    ]
    assert (*known.notices, after.years[-1].notices[-1]) == after.years[-1].notices
    assert NOTICE.number == after.years[-1].notices[-1].number
    assert after.version == file.applied_to(after).version


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        (" \n", "empty", 1),
        ("[]", "key_missing", 1),
        ('{"year": 2027}', "key_missing", 1),
        (JSON.replace("2027,", '"2027",'), "year_unknown", 2),
        (JSON.replace("2027,", "true,"), "year_unknown", 2),
        (JSON.replace("2027,", "2006,"), "year_unknown", 2),
        (JSON.replace('["https://example.invalid/1"]', "[]"), "notice_missing", 1),
        (JSON.replace('["https://example.invalid/1"]', "[1]"), "value_wrong", 3),
        (JSON.replace("https://example.invalid/1", "\\ud800"), "value_wrong", 3),
        ('{"year": 2027, "papers": ["a"],\n"days": []}', "notice_without_days", 2),
        ('{"year": 2027, "papers": ["a"],\n"days": {}}', "value_wrong", 2),
        ('{"year": 2027, "papers": ["a"],\n"days": [\n[]]}', "value_wrong", 3),
        (JSON.replace(f'"name": {SECOND}', '"date": "2027-01-02"'), "key_missing", 6),
        (JSON.replace("false", "0"), "value_wrong", 7),
        (JSON.replace(SECOND, '" ", "date": "2027-01-02"'), "value_wrong", 6),
        (JSON.replace(SECOND, '"\\u0000", "date": "2027-01-02"'), "value_wrong", 6),
        (JSON.replace("2027-01-02", "2027-1-2"), "not_a_date", 6),
        (JSON.replace("2027-01-02", "2027-01-01"), "day_twice", 6),
        (JSON.replace("2026-12-26", "2027-01-01"), "day_both", 7),
        (JSON.replace("2026-12-26", "2026-12-25"), "work_on_weekday", 7),
        (JSON.replace("2027-01-02", "2028-01-02"), "day_outside_year", 6),
        (JSON.replace("2027-01-02", "2026-10-01"), "day_outside_year", 6),
        (JSON.replace('"days"', '"year": 2026,\n"days"'), "key_twice", 4),
        (JSON.replace(SECOND, f'{SECOND}, "date": "2027-01-03"'), "key_twice", 6),
        (JSON.replace("]\n}", "]"), "not_json", 9),
        (JSON.replace("2027,", f"{'9' * 5000},"), "not_json", 1),
        ("[" * 100_000, "not_json", 1),
    ],
)  # fmt: skip
def test_a_json_that_contradicts_itself_is_refused_on_its_line(
    text: str, code: str, line: int
) -> None:
    assert (code, line) == fault(text, "x.json")


# --- iCalendar ------------------------------------------------------------------------------------


def test_an_event_of_many_days_is_taken_whole_and_its_end_is_not_in_it() -> None:
    assert expected(replace(SPRING, work=(date(2027, 1, 30),))) == outcome(of_ics(ICS))


def test_lines_are_unfolded_even_inside_a_character() -> None:
    data = ICS.replace("\n", "\r\n").encode()
    folded = data.replace(
        "春节 休".encode(), "春".encode() + b"\xe8\r\n \x8a\x82 \r\n\t" + "休".encode()
    )

    assert data != folded
    assert parse(data, source="x.ics", notice=NOTICE) == parse(
        b"\xef\xbb\xbf" + folded, source="x.ics", notice=NOTICE
    )


@pytest.mark.parametrize(
    "dates",
    [
        "DTSTART:20270205\nDTEND:20270213",
        "DTSTART;VALUE=DATE:20270205\nDURATION:P8D",
        "DTSTART:20270205T000000\nDTEND:20270213T000000",
        'DTSTART;TZID="Asia/Shanghai":20270205T000000\nDTEND;TZID=PRC:20270212T235959',
        "DTSTART:20270204T160000Z\nDTEND:20270212T160000Z",
        "dtstart:20270204T160000Z\ndtend:20270212T155900Z",
        "DTSTART;TZID=China Standard Time:20270205T000000\nDTEND;VALUE=DATE:20270213",
    ],
)
def test_a_whole_day_may_be_a_date_or_go_from_midnight_to_midnight_in_china(dates: str) -> None:
    text = ICS.replace("DTSTART;VALUE=DATE:20270205\nDTEND;VALUE=DATE:20270213", dates)

    assert outcome(of_ics(ICS)) == outcome(of_ics(text))


@pytest.mark.parametrize(
    ("summary", "works"),
    [
        ("春节（休）", False),
        ("春节放假", False),
        ("春节假期 第1天/共8天", False),
        ("休", False),
        ("春节补班", True),
        ("上班（补春节假期）", True),
        ("【班】春节", True),
        ("春节(班)", True),
        ("补班\\, 春节", True),
        ("春节调休班", True),
    ],
)
def test_the_marks_in_a_summary_say_off_or_worked(summary: str, *, works: bool) -> None:
    day = "20270206" if works else "20270205"
    text = (
        f"BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:{day}\nSUMMARY:{summary}\nEND:VEVENT\n"
        "END:VCALENDAR\n"
    )

    assert [works] == [found for found, _ in outcome(of_ics(text)).values()]


def test_what_does_not_take_place_or_is_no_event_is_passed_over() -> None:
    more = (
        "BEGIN:VTODO\nSUMMARY:x\nEND:VTODO\n"
        "BEGIN:VEVENT\nDTSTART:20270301\nSUMMARY:班\nSTATUS:CANCELLED\n"
        "BEGIN:VALARM\nSUMMARY:x\nEND:VALARM\nEND:VEVENT\n"
    )
    text = ICS.replace("END:VCALENDAR", more + "END:VCALENDAR")

    assert outcome(of_ics(ICS)) == outcome(of_ics(text))


def test_the_year_is_the_one_that_most_events_end_in_unless_it_is_given() -> None:
    december = "BEGIN:VEVENT\nDTSTART:20261231\nDTEND:20270103\nSUMMARY:元旦 休\nEND:VEVENT\n"
    text = f"BEGIN:VCALENDAR\n{december}END:VCALENDAR\n"

    assert 2027 == of_ics(text).years[0].year
    assert ("day_outside_year", 2) == fault(text, "x.ics", notice=NOTICE, year=2026)
    assert ("year_unknown", 2) == fault(text, "x.ics", notice=NOTICE, year=1997)


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("", "empty", 1),
        ("BEGIN:VCALENDAR\nEND:VCALENDAR\n", "empty", 1),
        ("hello", "not_icalendar", 1),
        ("BEGIN:VEVENT\nEND:VEVENT\n", "not_icalendar", 1),
        ("END:VCALENDAR\n", "not_icalendar", 1),
        (ICS.replace("END:VCALENDAR\n", ""), "not_icalendar", 11),
        (ICS.replace("END:VEVENT", "END:VTODO", 1), "not_icalendar", 7),
        (ICS.replace("VERSION:2.0", "VERSION 2.0"), "not_icalendar", 2),
        (ICS.replace("SUMMARY:春节 休\n", ""), "key_missing", 3),
        (ICS.replace("DTSTART;VALUE=DATE:20270205\n", ""), "key_missing", 3),
        (ICS.replace("SUMMARY:春节 休", "SUMMARY:春节 休\nSUMMARY:春节 班"), "key_twice", 7),
        (ICS.replace("SUMMARY:春节 休", "SUMMARY:春节"), "event_unclear", 6),
        (ICS.replace("SUMMARY:春节 休", "SUMMARY:春节调休"), "event_unclear", 6),
        (ICS.replace("SUMMARY:春节 休", "SUMMARY:春节 休 班"), "event_unclear", 6),
        (ICS.replace("SUMMARY:春节 休", "SUMMARY:x\u200by 休"), "value_wrong", 6),
        (ICS.replace("SUMMARY:春节 休", "RRULE:FREQ=YEARLY\nSUMMARY:春节 休"), "event_recurs", 6),
        (ICS.replace("20270205", "20270230"), "not_a_date", 4),
        (ICS.replace("20270205", "tomorrow"), "not_a_date", 4),
        (ICS.replace("20270205", "99991231"), "day_unknown", 4),
        (ICS.replace("20270213", "20270205"), "range_wrong", 5),
        (ICS.replace("20270213", "20290205"), "range_wrong", 5),
        (ICS.replace("DTEND;VALUE=DATE:20270213", "DURATION:PT8H"), "range_wrong", 5),
        (ICS.replace("20270205", "20270205T090000"), "event_not_whole_days", 4),
        (ICS.replace("20270205", "20270205T000000Z"), "event_not_whole_days", 4),
        (ICS.replace("20270205", "20270204T155959Z"), "event_not_whole_days", 4),
        (ICS.replace("VALUE=DATE:20270205", f"{PARIS}:20270205T000000"), "event_not_whole_days", 4),
        (ICS.replace("20270130", "20270206"), "day_both", 8),
        (ICS.replace("20270130\nSUMMARY:春节（班）", "20270206\nSUMMARY:休"), "day_twice", 8),
        (ICS.replace("20270130", "20270129"), "work_on_weekday", 8),
        (ICS.replace("20270130", "20280130"), "day_outside_year", 3),
    ],
)  # fmt: skip
def test_events_that_contradict_themselves_are_refused_on_their_line(
    text: str, code: str, line: int
) -> None:
    assert (code, line) == fault(text, "x.ics", notice=NOTICE)


def test_events_alone_name_no_notice_and_are_refused() -> None:
    assert ("notice_missing", 1) == fault(ICS, "x.ics")


# --- Every format ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("text", "source"), [(TOML, "x.toml"), (JSON, "x.json"), (ICS, "x.ics")])
def test_a_broken_encoding_is_refused_on_its_line(text: str, source: str) -> None:
    data = text.encode()
    place = data.index(b"\n", len(data) // 2) + 1
    line = data.count(b"\n", 0, place) + 1

    assert ("not_utf8", line) == fault(data[:place] + b"\xff" + data[place:], source)
    assert "not_utf8" == fault(text.encode("gb18030"), source)[0]
    assert "not_utf8" == fault(text.encode("utf-16"), source)[0]


def test_a_file_that_is_too_large_or_of_another_kind_is_refused() -> None:
    assert ("too_large", None) == fault(b" " * (MAX_BYTES + 1), "x.toml")
    assert ("format_unknown", None) == fault(b"", "x.xlsx")


def test_a_notice_beside_a_file_that_has_its_own_is_refused() -> None:
    with pytest.raises(InvalidInput) as caught:
        parse(TOML.encode(), source="x.toml", notice=NOTICE)
    assert "calendar_notice_not_needed" == caught.value.code


def test_a_file_is_read_from_the_disk_or_it_is_said_why_not(tmp_path: Path) -> None:
    path = tmp_path / "2027.toml"
    path.write_text(TOML, "utf-8")

    assert CalendarFile(years=(YEAR,)) == read(path)
    with pytest.raises(CalendarFileError) as caught:
        read(tmp_path / "2028.toml")
    assert "file_missing" == caught.value.code
    with pytest.raises(CalendarFileError) as caught:
        read(tmp_path)
    assert "file_unreadable" == caught.value.code


HUGE: Final = MAX_BYTES - 200
YEAR_LONG: Final = '"2027-01-01..2027-12-31",'
REPETITIVE: Final = {
    "ranges that repeat themselves": (
        TOML.replace(TURNS, ' = [{ zh = "x", off = [' + YEAR_LONG * 40_000 + "] }]"),
        "x.toml",
    ),
    "turns without a day": (TOML.replace(TURNS, " = [" + '{ zh = "x" },' * 70_000 + "]"), "x.toml"),
    "a line of a thousand folds": (ICS.replace("春节 休", "\n x" * (HUGE // 3)), "x.ics"),
    "components in components": ("BEGIN:VCALENDAR\n" * (HUGE // 16), "x.ics"),
    "years of events": (
        ICS.replace(
            "BEGIN:VEVENT\nDTSTART;VALUE=DATE:20270130",
            "BEGIN:VEVENT\nDTSTART:20270101\nDTEND:20280101\nSUMMARY:休\nEND:VEVENT\n" * 14_000
            + "BEGIN:VEVENT\nDTSTART;VALUE=DATE:20270130",
        ),
        "x.ics",
    ),
    "rows of one day": (
        JSON.replace(
            '    {"name": "元旦", "date": "2027-01-02", "isOffDay": true},\n',
            '{"name":"元旦","date":"2027-01-02","isOffDay":true},\n' * 17_000,
        ),
        "x.json",
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", REPETITIVE)
def test_a_file_of_the_greatest_size_is_refused_before_long(kind: str) -> None:
    text, source = REPETITIVE[kind]
    assert len(text.encode()) > MAX_BYTES // 2

    start = time.process_time()
    fault(text, source, **({} if source == "x.toml" else {"notice": NOTICE}))
    assert time.process_time() - start < 10


@pytest.mark.parametrize("form", ["toml", "json", "ics"])
def test_the_example_of_each_format_in_the_reference_is_read(form: str) -> None:
    page = (Path(__file__).parents[2] / "docs/reference/calendar-files.md").read_text("utf-8")
    (example,) = re.findall(f"```{form}\n(.*?)```", page, re.DOTALL)
    file = parse(example.encode(), source=f"x.{form}", notice=None if form == "toml" else NOTICE)

    assert date(2027, 12, 31) == file.applied_to(CALENDAR).horizon
    assert ("toml" == form) is bool(file.local)


# --- There and back -------------------------------------------------------------------------------

names = st.sampled_from(("元旦", "春节", "清明节", "劳动节", "端午节", "国庆节、中秋节", "样例节"))


@st.composite
def turns(draw: st.DrawFn) -> tuple[Turn, ...]:
    """Make turns of 2027 in which no day occurs twice, and only weekend days are worked."""
    span = [date(2026, 12, 1) + timedelta(days=later) for later in range(31 + 365)]
    chosen = sorted(draw(st.sets(st.sampled_from(span), min_size=1, max_size=25)))
    made: dict[str, tuple[list[date], list[date]]] = {}
    for day in chosen:
        works = day.weekday() >= 5 and draw(st.booleans())
        made.setdefault(draw(names), ([], []))[works].append(day)
    return tuple(
        Turn(zh=zh, en="", off=tuple(off), work=tuple(work)) for zh, (off, work) in made.items()
    )


def written_as_toml(turns: Iterable[Turn]) -> str:
    rows = [
        f"{{ zh = {json.dumps(turn.zh)}, off = {[str(day) for day in turn.off]},"
        f" work = {[str(day) for day in turn.work]} }}"
        for turn in turns
    ]
    return TOML.replace(TURNS, " = [\n" + ",\n".join(rows) + "\n]\n")


def written_as_json(turns: Iterable[Turn], indent: int | None) -> str:
    days = replace(NOTICE, turns=tuple(turns)).days()
    rows = [{"name": turn.zh, "date": str(day), "isOffDay": not works} for day, works, turn in days]
    return json.dumps({"days": rows, "papers": [], "year": 2027}, indent=indent)


def written_as_events(turns: Iterable[Turn], *, zoned: bool) -> bytes:
    """Write the turns with a library that is not ours."""
    calendar = icalendar.Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", "-//sample//")
    for day, works, turn in replace(NOTICE, turns=tuple(turns)).days():
        event = icalendar.Event()
        event.add("uid", day.isoformat())
        event.add("summary", f"{turn.zh}{'补班' if works else '放假'}，" + "长" * 40)
        for key, at in (("dtstart", day), ("dtend", day + timedelta(days=1))):
            midnight = datetime(at.year, at.month, at.day, tzinfo=UTC) - timedelta(hours=8)
            event.add(key, midnight if zoned else at)
        calendar.add_component(event)
    return bytes(calendar.to_ical())


@given(turns(), st.sampled_from([None, 0, 2]), st.booleans())
def test_what_is_written_in_any_format_is_read_again(
    made: tuple[Turn, ...],
    indent: int | None,
    zoned: bool,  # noqa: FBT001 # hypothesis gives it by its place
) -> None:
    days = {day: works for day, (works, _) in expected(*made).items()}

    assert expected(*made) == outcome(of_toml(written_as_toml(made)))
    assert expected(*made) == outcome(of_json(written_as_json(made, indent), notice=NOTICE))
    events = parse(written_as_events(made, zoned=zoned), source="x.ics", notice=NOTICE, year=2027)
    assert days == {day: works for day, (works, _) in outcome(events).items()}


@given(turns())
def test_a_whole_year_put_into_the_calendar_makes_its_days_what_it_says(
    made: tuple[Turn, ...],
) -> None:
    after = of_toml(written_as_toml(made)).applied_to(CALENDAR)

    wrong = [
        day for day, (works, _) in expected(*made).items() if after.is_working_day(day) is not works
    ]
    assert [] == wrong


# --- Whatever it is -------------------------------------------------------------------------------


def read_or_refused(data: bytes, source: str) -> None:
    """Read a file; nothing but a refusal with its path may come of a bad one."""
    notice = None if source == "x.toml" else NOTICE
    refused: dict[str, Any] = {"path": source, "line": 1}
    with suppress(CalendarFileError):
        try:
            file = parse(data, source=source, notice=notice)
        except CalendarFileError as error:
            refused = error.params
            raise
        # What was read can be kept: there are no half characters in it.
        assert json.dumps(asdict(file), ensure_ascii=False, default=str).encode()
    assert (source, True) == (refused["path"], refused["line"] >= 1)


@given(st.binary(max_size=200), st.sampled_from(["x.toml", "x.json", "x.ics"]))
def test_any_bytes_are_read_or_refused(data: bytes, source: str) -> None:
    read_or_refused(data, source)


TEXTS: Final = {
    "x.toml": TOML + AMENDMENT.removeprefix("format = 1\n"),
    "x.json": JSON,
    "x.ics": ICS,
}
scraps = st.one_of(
    st.binary(max_size=6),
    st.text(max_size=6).map(lambda text: text.encode("utf-8", "surrogatepass")),
    st.sampled_from(
        [b"\r\n ", b"\\ud800", b"2027-02-29", b"9999-12-31", b"..", b'"', b"]]", b"{", b"BEGIN:X\n",
         b"T160000Z", b"null", b"1e999", b"-", b"\xef\xbb\xbf", b"END:VEVENT\n", b"0xffff", b"\\n"],
    ),
)  # fmt: skip


@given(st.sampled_from(sorted(TEXTS)), st.data())
def test_a_file_with_a_part_replaced_is_read_or_refused(source: str, data: st.DataObject) -> None:
    file = TEXTS[source].encode()
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(file)))
        length = data.draw(st.integers(0, 30))
        file = file[:start] + data.draw(scraps) + file[start + length :]
    read_or_refused(file, source)
