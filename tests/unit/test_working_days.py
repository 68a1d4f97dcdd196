"""The calendar against the notices, against others' calendars, and against itself."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.calendar_files import shipped, shipped_festivals
from workflow.errors import InvalidInput
from workflow.working_days import (
    FIRST,
    LAST,
    Calendar,
    Day,
    Notice,
    Reason,
    Turn,
    Year,
    diff,
    stored,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

DATA = Path(__file__).parent.parent / "data"
FACTS = DATA / "days_2007_2026.txt"
CALENDAR = shipped()
HORIZON = date(2026, 12, 31)
VERSION = "ee350799afb28bec02632e518c0641379ae1730cea110e657bdbeb143361e64b"

VECTORS = [
    tuple(line.split())
    for line in (DATA / "vectors_2016.txt").read_text("utf-8").splitlines()
    if line[:1].isdigit()
]

days = st.dates(min_value=date(2008, 1, 1), max_value=date(2049, 12, 31))
numbers = st.integers(min_value=1, max_value=200)


def day(text: str) -> date:
    return date.fromisoformat(text)


def every_day(first: date = FIRST, last: date = LAST) -> Iterator[date]:
    return (first + timedelta(days=later) for later in range((last - first).days + 1))


def facts() -> Iterator[tuple[int, set[date], set[date], int]]:
    """Give each year with its weekdays off, its weekend days worked and its working days."""
    for line in FACTS.read_text("utf-8").splitlines():
        if match := re.fullmatch(r"(\d{4}) off (.*) work (.*) total (\d+)", line):
            off, work = ({day(f"{match[1]}-{text}") for text in match[k].split()} for k in (2, 3))
            yield int(match[1]), off, work, int(match[4])


# --- Against the notices and against others ------------------------------------------------------


def test_the_25_vectors_of_2016_come_out() -> None:
    computed = [
        (formed, str(CALENDAR.add(day(formed), 20)), str(CALENDAR.add(day(formed), 30)))
        for formed, _, _ in VECTORS
    ]
    assert 25 == len(VECTORS)
    assert VECTORS == computed


def test_every_day_from_2007_to_2026_is_what_the_notices_made_of_it() -> None:
    wrong = [
        here
        for year, off, work, _ in facts()
        for here in every_day(date(year, 1, 1), date(year, 12, 31))
        if CALENDAR.is_working_day(here)
        is not (here in work or (here.weekday() < 5 and here not in off))
    ]
    assert [] == wrong


def test_every_year_has_as_many_working_days_as_by_its_notice() -> None:
    expected = {year: total for year, _, _, total in facts()}
    counted = {
        year: CALENDAR.count(max(FIRST, date(year - 1, 12, 31)), date(year, 12, 31))
        for year in expected
    }
    assert list(range(2007, 2027)) == list(expected)
    assert expected == counted


def test_an_independent_calendar_agrees_day_by_day() -> None:
    other = holidays.country_holidays("CN", years=range(2006, 2051))
    differ = [
        here
        for here in every_day()
        if CALENDAR.is_working_day(here) is not other.is_working_day(here)
    ]
    # Where the Mid-Autumn Festival meets a National Day, that calendar gives no day in lieu; the
    # notices for 2009 and 2020 gave one.
    assert [date(2028, 10, 5), date(2031, 10, 6)] == differ


def test_the_law_alone_gives_each_year_as_many_days_off_as_its_notice() -> None:
    """What provisional days are computed from is right where it can be checked."""
    moved = {
        # The last two days of 2006 were worked for the New Year of 2007.
        2007: 2,
        # 2011-12-31 was worked for the New Year of 2012.
        2011: -1,
        2012: 1,
        # 3 September, once; and the Spring Festival prolonged by two days.
        2015: 1,
        2020: 2,
    }
    years = range(2007, 2027)
    more = {}
    for year in years:
        before = Calendar(years=CALENDAR.years[: year - 2007], festivals=CALENDAR.festivals)
        first, last = max(FIRST, date(year - 1, 12, 31)), date(year, 12, 31)
        more[year] = before.count(first, last) - CALENDAR.count(first, last)
    assert {year: moved.get(year, 0) for year in years} == more


def test_each_notice_is_named_and_the_one_that_was_not_found_is_listed() -> None:
    assert [2008] == [year for year, _ in CALENDAR.unnumbered()]
    by_year = {year.year: year.notices for year in CALENDAR.years}
    assert "国办发明电〔2015〕18号" == by_year[2016][0].number
    assert "国务院办公厅关于2016年部分节假日安排的通知" == by_year[2016][0].title
    assert date(2015, 12, 10) == by_year[2016][0].issued
    assert all(notice.known_on for notices in by_year.values() for notice in notices)
    amended = {year: notices[1:] for year, notices in by_year.items() if notices[1:]}
    assert {2015: date(2015, 5, 13), 2019: date(2019, 3, 22), 2020: date(2020, 1, 27)} == {
        year: notices[0].published for year, notices in amended.items()
    }


# --- The days that clerks get wrong (S31) --------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "n", "due"),
    [
        # A Friday: the weekend is no working day.
        ("2016-03-11", 1, "2016-03-14"),
        # The day before a long holiday.
        ("2016-09-30", 1, "2016-10-08"),
        # A make-up Saturday is counted, and is a fine day 0, too.
        ("2016-02-05", 1, "2016-02-06"),
        ("2016-02-06", 1, "2016-02-14"),
        # Across the Spring Festival.
        ("2016-02-04", 3, "2016-02-14"),
        # A due date may fall on a Sunday.
        ("2016-08-18", 20, "2016-09-18"),
        # The last day of a year that is a rest day, and a holiday that begins the next.
        ("2016-12-31", 1, "2017-01-03"),
        # Day 0 in a holiday.
        ("2016-10-03", 1, "2016-10-08"),
        # Mid-year amendments: Labour Day 2019 and the Spring Festival of 2020.
        ("2019-04-26", 1, "2019-04-28"),
        ("2020-01-23", 1, "2020-02-03"),
    ],
)
def test_a_due_date_is_exact_whatever_the_start(start: str, n: int, due: str) -> None:
    """S31: a Friday, before a holiday, a make-up Saturday, the Spring Festival, New Year's Eve."""
    assert day(due) == CALENDAR.add(day(start), n)


def test_day_0_is_not_counted_and_no_days_lead_nowhere() -> None:
    assert date(2016, 10, 3) == CALENDAR.add(date(2016, 10, 3), 0)
    assert 0 == CALENDAR.count(date(2016, 3, 14), date(2016, 3, 14))
    assert 1 == CALENDAR.count(date(2016, 3, 14), date(2016, 3, 15))


def test_an_instant_is_refused_as_a_day() -> None:
    with pytest.raises(TypeError):
        CALENDAR.add(datetime(2016, 9, 1, 23, tzinfo=UTC), 20)


# --- Properties ----------------------------------------------------------------------------------


@given(days, numbers)
def test_counting_to_what_was_added_gives_the_number_back(start: date, n: int) -> None:
    due = CALENDAR.add(start, n)
    assert n == CALENDAR.count(start, due)
    assert CALENDAR.is_working_day(due)


@given(days, numbers)
def test_on_working_days_subtracting_undoes_adding(start: date, n: int) -> None:
    worked = CALENDAR.add(start, 1)
    assert worked == CALENDAR.add(CALENDAR.add(worked, n), -n)
    assert -n == CALENDAR.count(worked, CALENDAR.add(worked, -n))


@given(days, numbers)
def test_before_a_rest_day_too_the_days_counted_back_are_the_working_days(
    start: date, n: int
) -> None:
    earlier = CALENDAR.add(start, -n)
    between = list(every_day(earlier, start - timedelta(days=1)))
    assert n == sum(map(CALENDAR.is_working_day, between))
    assert CALENDAR.is_working_day(earlier)


@given(days, days, numbers)
def test_who_starts_later_is_never_due_earlier(one: date, other: date, n: int) -> None:
    first, second = sorted((one, other))
    assert CALENDAR.add(first, n) <= CALENDAR.add(second, n)
    assert CALENDAR.add(first, n) < CALENDAR.add(first, n + 1)


@given(days, days, days)
def test_counts_add_up(one: date, other: date, third: date) -> None:
    whole = CALENDAR.count(one, third)
    assert whole == CALENDAR.count(one, other) + CALENDAR.count(other, third)


@given(days, st.integers(min_value=-60, max_value=60))
def test_an_explanation_sums_up_to_what_it_explains(start: date, n: int) -> None:
    explained = CALENDAR.explain(start, n)
    end = CALENDAR.add(start, n)
    step = timedelta(days=1 if n > 0 else -1)
    assert [start + step * k for k in range(1, abs((end - start).days) + 1)] == [
        line.day for line in explained
    ]
    counted = [line for line in explained if line.number is not None]
    assert list(range(1, abs(n) + 1)) == [line.number for line in counted]
    assert all(line.works is CALENDAR.is_working_day(line.day) for line in explained)
    assert counted == [line for line in explained if line.works]


def test_adding_and_counting_agree_with_walking_day_by_day() -> None:
    worked = [here for here in every_day() if CALENDAR.is_working_day(here)]
    for n in (1, 20, 30):
        assert worked[n:] == [CALENDAR.add(here, n) for here in worked[:-n]]
        assert worked[:-n] == [CALENDAR.add(here, -n) for here in worked[n:]]


# --- Explanations --------------------------------------------------------------------------------


def test_every_day_is_explained_by_the_notice_behind_it() -> None:
    explained = CALENDAR.explain(date(2016, 9, 14), 3)
    assert [
        ("2016-09-15", Reason.HOLIDAY, None, "中秋节"),
        ("2016-09-16", Reason.HOLIDAY, None, "中秋节"),
        ("2016-09-17", Reason.HOLIDAY, None, "中秋节"),
        ("2016-09-18", Reason.MAKE_UP, 1, "中秋节"),
        ("2016-09-19", Reason.WORKING_DAY, 2, ""),
        ("2016-09-20", Reason.WORKING_DAY, 3, ""),
    ] == [(str(line.day), line.reason, line.number, line.zh) for line in explained]
    holiday, make_up, ordinary = explained[0], explained[3], explained[4]
    assert "Mid-Autumn Festival" == holiday.en
    assert holiday.notice is not None
    assert make_up.notice is holiday.notice
    assert "国办发明电〔2015〕18号" == holiday.notice.number
    assert ordinary.notice is None


def test_a_weekend_is_a_weekend_and_an_amended_day_names_the_amendment() -> None:
    assert Reason.WEEKEND is CALENDAR.describe(date(2016, 3, 12)).reason
    extended = CALENDAR.describe(date(2020, 2, 1))
    assert Reason.HOLIDAY is extended.reason
    assert extended.notice is not None
    assert "国办发明电〔2020〕1号" == extended.notice.number


# --- The horizon (F21) ---------------------------------------------------------------------------


def test_the_horizon_is_the_last_noticed_day_and_beyond_it_days_are_provisional() -> None:
    assert HORIZON == CALENDAR.horizon
    assert not CALENDAR.is_provisional(HORIZON)
    assert CALENDAR.is_provisional(HORIZON + timedelta(days=1))
    assert date(2027, 1, 5) == CALENDAR.add(date(2026, 12, 4), 21)
    assert not CALENDAR.is_provisional(CALENDAR.add(date(2026, 12, 3), 20))
    assert CALENDAR.is_provisional(CALENDAR.add(date(2026, 12, 4), 20))


def test_provisional_days_say_which_festival_and_which_law() -> None:
    # 2028: the first two National Days are a Sunday and a Monday, the third is Mid-Autumn, too.
    said = {number: CALENDAR.describe(date(2028, 10, number)) for number in range(1, 7)}
    assert [
        (Reason.FESTIVAL, "国庆节"),
        (Reason.FESTIVAL, "国庆节"),
        (Reason.FESTIVAL, "国庆节"),
        (Reason.IN_LIEU, "国庆节"),
        (Reason.IN_LIEU, "中秋节"),
        (Reason.WORKING_DAY, ""),
    ] == [(line.reason, line.zh) for line in said.values()]
    assert all(line.provisional and line.notice is None for line in said.values())
    law = said[1].statute
    assert law is not None
    assert "国务院令第795号" == law.number


OUTSIDE: dict[str, Callable[[], object]] = {
    "a day before": lambda: CALENDAR.is_working_day(date(2006, 12, 31)),
    "a day after": lambda: CALENDAR.is_provisional(date(2051, 1, 1)),
    "no days from there": lambda: CALENDAR.add(date(2051, 1, 1), 0),
    "days to there": lambda: CALENDAR.add(date(2050, 12, 30), 20),
    "days back to there": lambda: CALENDAR.add(date(2007, 1, 4), -1),
    "a count from there": lambda: CALENDAR.count(date(2006, 12, 31), date(2007, 1, 31)),
    "a description": lambda: CALENDAR.describe(date(1997, 7, 1)),
    "an explanation": lambda: CALENDAR.explain(date(2050, 12, 30), 20),
    "a local holiday": lambda: CALENDAR.with_local(
        Notice(number="", title="", turns=(Turn(zh="节", en="", off=(date(2051, 1, 2),)),))
    ),
}


@pytest.mark.parametrize("question", OUTSIDE)
def test_outside_of_2007_to_2050_the_calendar_refuses(question: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        OUTSIDE[question]()
    assert "outside_calendar" == caught.value.code
    assert {"first": "2007-01-01", "last": "2050-12-31"}.items() <= caught.value.params.items()


def test_the_first_and_the_last_day_are_inside() -> None:
    assert not CALENDAR.is_working_day(FIRST)
    assert not CALENDAR.is_working_day(LAST)
    assert date(2050, 12, 30) == CALENDAR.add(date(2050, 12, 29), 1)
    assert date(2007, 1, 4) == CALENDAR.add(date(2007, 1, 5), -1)


@pytest.mark.parametrize(
    ("today", "missing"),
    [
        (date(2026, 10, 31), None),
        (date(2026, 11, 1), 2027),
        (date(2026, 12, 31), 2027),
        (date(2027, 1, 1), 2027),
        (date(2025, 12, 1), None),
    ],
)
def test_from_1_november_the_notice_of_the_next_year_is_missed(
    today: date, missing: int | None
) -> None:
    """F21."""
    assert missing == CALENDAR.missing_year(today)


# --- Changes (F20, S32) --------------------------------------------------------------------------


def noticed_2027() -> Year:
    """Give a year as a notice might arrange it; its number is no real one."""
    return Year(
        year=2027,
        notices=(
            Notice(
                number="样例〔2026〕1号",
                title="样例通知",
                published=date(2026, 11, 20),
                turns=(
                    Turn(
                        zh="元旦",
                        en="New Year's Day",
                        off=(date(2027, 1, 1), date(2027, 1, 2), date(2027, 1, 3)),
                        work=(date(2026, 12, 26),),
                    ),
                    Turn(
                        zh="春节",
                        en="Spring Festival",
                        off=tuple(every_day(date(2027, 2, 5), date(2027, 2, 12))),
                    ),
                ),
            ),
        ),
    )


def test_a_new_year_moves_the_horizon_and_the_differences_are_listed() -> None:
    applied = CALENDAR.amended(noticed_2027())
    assert date(2027, 12, 31) == applied.horizon
    assert not applied.is_provisional(applied.add(date(2026, 12, 4), 20))
    changed = {
        change.after.day: (change.before, change.after) for change in diff(CALENDAR, applied)
    }
    # Worked now, and off now; the festivals of the rest of the year are no more, for this sample
    # arranges only two of them.
    before, after = changed[date(2026, 12, 26)]
    assert (Reason.WEEKEND, Reason.MAKE_UP) == (before.reason, after.reason)
    before, after = changed[date(2027, 2, 11)]
    assert (Reason.WORKING_DAY, Reason.HOLIDAY) == (before.reason, after.reason)
    assert before.provisional
    assert not after.provisional
    before, after = changed[date(2027, 10, 1)]
    assert (Reason.FESTIVAL, Reason.WORKING_DAY) == (before.reason, after.reason)
    assert all(
        CALENDAR.is_working_day(here) is not applied.is_working_day(here) for here in changed
    )
    assert () == diff(applied, applied)


def test_going_back_to_an_earlier_calendar_gives_its_version_again() -> None:
    """F20: what a wrong import moved, its revert moves back."""
    wrong = CALENDAR.amended(noticed_2027())
    assert wrong.version != CALENDAR.version
    assert {change.before.day for change in diff(CALENDAR, wrong)} == {
        change.before.day for change in diff(wrong, CALENDAR)
    }
    again = stored(CALENDAR.text)
    assert CALENDAR == again
    assert CALENDAR.version == again.version
    assert () == diff(CALENDAR, again)


def test_a_calendar_with_a_gap_or_a_repetition_is_refused() -> None:
    with pytest.raises(InvalidInput) as caught:
        CALENDAR.amended(replace(noticed_2027(), year=2028))
    assert ("calendar_year_missing", {"year": 2027}) == (caught.value.code, caught.value.params)
    with pytest.raises(InvalidInput) as caught:
        Calendar(years=(CALENDAR.years[0],) * 2, festivals=CALENDAR.festivals)
    assert ("calendar_year_twice", {"year": 2007}) == (caught.value.code, caught.value.params)


@pytest.mark.parametrize(
    ("known_until", "here", "worked"),
    [
        # The day before each amendment, and the day it was published.
        ("2015-05-12", "2015-09-03", True),
        ("2015-05-13", "2015-09-03", False),
        ("2019-03-21", "2019-04-28", False),
        ("2019-03-22", "2019-04-28", True),
        ("2020-01-26", "2020-02-01", True),
        ("2020-01-27", "2020-02-01", False),
    ],
)
def test_history_knows_what_was_known(known_until: str, here: str, *, worked: bool) -> None:
    then = CALENDAR.as_of(day(known_until))
    assert worked is then.is_working_day(day(here))
    assert not then.is_provisional(day(here))


def test_history_knows_neither_later_years_nor_later_laws() -> None:
    then = CALENDAR.as_of(date(2015, 12, 9))
    assert date(2015, 12, 31) == then.horizon
    eve = date(2016, 2, 7)
    assert then.is_provisional(eve)
    assert Reason.WEEKEND is then.describe(eve).reason
    # The eve and the second of May became statutory by the revision of 2024.
    assert Reason.WORKING_DAY is then.describe(date(2028, 5, 2)).reason
    assert Reason.FESTIVAL is CALENDAR.describe(date(2028, 5, 2)).reason
    assert date(2006, 12, 31) == CALENDAR.as_of(date(2006, 12, 1)).horizon
    assert CALENDAR == CALENDAR.as_of(date(2026, 11, 22))


def test_an_amendment_is_told_apart_from_the_whole_year_it_leads_to() -> None:
    (year,) = (year for year in CALENDAR.years if year.year == 2020)
    original, extension = year.notices
    outcome = year.outcome()
    whole = replace(
        extension,
        turns=(
            Turn(
                zh="春节",
                en="Spring Festival",
                off=tuple(here for here, (works, _, _) in outcome.items() if not works),
                work=tuple(here for here, (works, _, _) in outcome.items() if works),
            ),
        ),
    )
    first = replace(year, notices=(original,))
    amended = first.amended(replace(year, notices=(whole,)))
    assert original is amended.notices[0]
    assert extension.number == amended.notices[1].number
    assert {date(2020, 1, 31), date(2020, 2, 1)} == {
        here for here, works, _ in amended.notices[1].days() if not works
    }
    assert amended is amended.amended(replace(year, notices=(whole,)))


# --- Local holidays ------------------------------------------------------------------------------


LOCAL = Notice(
    number="样例府办发〔2015〕1号",
    title="样例自治州地方节日",
    published=date(2015, 12, 20),
    turns=(
        Turn(
            zh="样例地方节日",
            en="Sample local festival",
            # The last of them is a national holiday anyway.
            off=(date(2016, 7, 27), date(2016, 7, 28), date(2016, 10, 1)),
            work=(date(2016, 7, 30),),
        ),
    ),
)


def test_local_holidays_lie_on_top_and_say_whose_they_are() -> None:
    local = CALENDAR.with_local(LOCAL)
    assert {date(2016, 7, 27), date(2016, 7, 28), date(2016, 7, 30)} == {
        change.after.day for change in diff(CALENDAR, local)
    }
    off, made_up = local.describe(date(2016, 7, 27)), local.describe(date(2016, 7, 30))
    assert (Reason.LOCAL_HOLIDAY, LOCAL) == (off.reason, off.notice)
    assert (Reason.LOCAL_MAKE_UP, LOCAL) == (made_up.reason, made_up.notice)
    assert made_up.works
    assert Reason.HOLIDAY is local.describe(date(2016, 10, 1)).reason
    assert local.version != CALENDAR.version
    assert local == stored(local.text)


def test_before_a_local_notice_was_known_the_calendar_is_the_national_one_of_that_day() -> None:
    """S32: also what the law gave, which changed in 2024, is taken back to that day."""
    local = CALENDAR.with_local(LOCAL)
    before, after = date(2015, 12, 19), date(2015, 12, 20)
    assert CALENDAR.as_of(before).version == local.as_of(before).version
    assert CALENDAR.as_of(after).with_local(LOCAL).version == local.as_of(after).version
    again = replace(local.as_of(before), festivals=CALENDAR.festivals).amended(*CALENDAR.years[9:])
    assert CALENDAR.version == again.version


# --- Itself --------------------------------------------------------------------------------------


def test_a_calendar_never_changes() -> None:
    with pytest.raises(AttributeError):
        CALENDAR.years = ()  # type: ignore[misc] # this is what must not be possible


def test_the_shipped_calendar_is_this_one() -> None:
    """A change of any date, name or number in the shipped data must be meant."""
    assert shipped_festivals() is CALENDAR.festivals
    assert VERSION == CALENDAR.version


def test_a_day_without_a_name_has_none_in_either_language() -> None:
    ordinary = CALENDAR.describe(date(2016, 3, 14))
    assert Day(day=date(2016, 3, 14), reason=Reason.WORKING_DAY, provisional=False) == ordinary
