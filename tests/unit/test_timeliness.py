"""What the clocks of a period add up to."""

from __future__ import annotations

import statistics
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.calendar_files import shipped
from workflow.deadlines import Clock, Status, status
from workflow.timeliness import Share, Timeliness, days_taken, median, percentile, timeliness

CALENDAR: Final = shipped()
FIRST, LAST = date(2016, 1, 1), date(2016, 12, 31)
DUE: Final = date(2016, 3, 9)
NONE: Final = Timeliness(
    on_time=0, met_late=0, overdue=0, running=0, voided=0, provisional=0
)  # fmt: skip


def counted(*clocks: Clock, day: date = LAST) -> Timeliness:
    return timeliness(clocks, first=FIRST, last=LAST, day=day)


# --- The cohort -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("due", "inside"),
    [
        (date(2015, 12, 31), False),
        (date(2016, 1, 1), True),
        (date(2016, 12, 31), True),
        (date(2017, 1, 1), False),
    ],
)
def test_the_cohort_is_the_clocks_whose_due_date_falls_in_the_period(
    due: date, *, inside: bool
) -> None:
    # Whenever it was met: here, long before the period or after it.
    for met_on in (date(2015, 6, 1), date(2017, 6, 1)):
        found = counted(Clock(due=due, met_on=met_on))
        assert inside is (found.share.whole == 1)


@pytest.mark.parametrize(
    ("clock", "day", "expected"),
    [
        (Clock(due=DUE, met_on=DUE), LAST, {"on_time": 1}),
        (Clock(due=DUE, met_on=DUE - timedelta(days=9)), LAST, {"on_time": 1}),
        (Clock(due=DUE, met_on=DUE + timedelta(days=1)), LAST, {"met_late": 1}),
        (Clock(due=DUE), DUE, {"running": 1}),
        (Clock(due=DUE), DUE + timedelta(days=1), {"overdue": 1}),
        (Clock(due=DUE, paused=True), LAST, {"running": 1}),
        (Clock(due=DUE, voided=True), LAST, {"voided": 1}),
        (Clock(due=DUE, met_on=DUE, voided=True), LAST, {"voided": 1}),
        (Clock(due=DUE, provisional=True), LAST, {"provisional": 1}),
        (Clock(due=DUE, provisional=True, met_on=DUE), LAST, {"on_time": 1}),
    ],
)
def test_each_clock_of_the_cohort_counts_once_where_it_belongs(
    clock: Clock, day: date, expected: dict[str, int]
) -> None:
    assert replace(NONE, **expected) == counted(clock, day=day)


def test_open_and_overdue_is_late_and_what_is_voided_or_provisional_stands_apart() -> None:
    late = DUE + timedelta(days=1)
    found = counted(
        *(Clock(due=DUE, met_on=DUE) for _ in range(34)),
        *(Clock(due=DUE, met_on=late) for _ in range(20)),
        *(Clock(due=DUE) for _ in range(15)),
        Clock(due=DUE, voided=True),
        Clock(due=DUE, provisional=True),
    )

    assert (34, 35, Share(34, 69)) == (found.on_time, found.late, found.share)
    assert (1, 1) == (found.voided, found.provisional)


clocks = st.builds(
    Clock,
    due=st.dates(min_value=date(2015, 11, 1), max_value=date(2017, 3, 1)),
    met_on=st.none() | st.dates(min_value=date(2015, 11, 1), max_value=date(2017, 3, 1)),
    voided=st.booleans(),
    paused=st.booleans(),
    provisional=st.booleans(),
)


@given(st.lists(clocks, max_size=20), st.dates(min_value=FIRST, max_value=date(2017, 3, 1)))
def test_every_clock_of_the_cohort_counts_exactly_once(made: list[Clock], day: date) -> None:
    found = counted(*made, day=day)
    cohort = [clock for clock in made if FIRST <= clock.due <= LAST]

    assert len(cohort) == (
        found.share.whole + found.running + found.voided + found.provisional
    )  # fmt: skip
    standing = [status(clock, day, calendar=CALENDAR) for clock in cohort]
    assert standing.count(Status.MET_ON_TIME) == found.on_time
    assert standing.count(Status.MET_LATE) == found.met_late
    assert standing.count(Status.VOIDED) == found.voided


# --- Shares ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("part", "whole", "truncated", "half_up"),
    [
        (34, 69, "49.2", "49.3"),  # 49.275…: the report of 2016 cut off
        (1, 3, "33.3", "33.3"),
        (2, 3, "66.6", "66.7"),
        (1, 8, "12.5", "12.5"),
        (1, 16, "6.2", "6.3"),  # 6.25: half goes up, also where the even digit is below
        (3, 16, "18.7", "18.8"),
        (1, 2000, "0.0", "0.1"),
        (1999, 2000, "99.9", "100.0"),
        (0, 7, "0.0", "0.0"),
        (7, 7, "100.0", "100.0"),
    ],
)
def test_a_share_is_given_cut_off_and_rounded(
    part: int, whole: int, truncated: str, half_up: str
) -> None:
    share = Share(part, whole)

    assert (truncated, half_up) == (str(share.truncated), str(share.half_up))


def test_of_nothing_there_is_no_share() -> None:
    assert (None, None) == (Share(0, 0).truncated, Share(0, 0).half_up)


@given(
    st.integers(1, 10**6).flatmap(lambda whole: st.tuples(st.integers(0, whole), st.just(whole)))
)
def test_both_percentages_are_within_a_tenth_of_the_exact_one(pair: tuple[int, int]) -> None:
    part, whole = pair
    share = Share(part, whole)
    assert share.truncated is not None
    assert share.half_up is not None

    exact, tenth = Decimal(100 * part) / whole, Decimal("0.1")
    assert share.truncated <= exact < share.truncated + tenth
    assert abs(share.half_up - exact) <= tenth / 2


# --- How long it took -----------------------------------------------------------------------------


def test_working_days_taken_do_not_count_the_first_day_and_are_never_negative() -> None:
    start = date(2016, 2, 5)

    assert [20, 1, 0, 0, 0] == [
        days_taken(start, met_on, calendar=CALENDAR)
        for met_on in (DUE, date(2016, 2, 6), start, date(2016, 2, 4), date(2016, 1, 4))
    ]


@pytest.mark.parametrize(
    ("days", "middle", "most"),
    [
        ([], None, None),
        ([7], "7", 7),
        ([3, 1], "2", 3),
        ([4, 1], "2.5", 4),
        ([9, 1, 5], "5", 9),
        (range(1, 21), "10.5", 19),
        (range(1, 101), "50.5", 95),
    ],
)
def test_the_median_and_the_95th_percentile_of_days(
    days: list[int], middle: str | None, most: int | None
) -> None:
    found = median(days)

    assert middle == (None if found is None else str(found))
    assert most == percentile(days, 95)


@given(st.lists(st.integers(0, 400), min_size=1, max_size=50), st.integers(1, 100))
def test_median_and_percentile_are_what_they_say(days: list[int], rank: int) -> None:
    assert median(days) == Decimal(str(statistics.median(days)))
    found = percentile(days, rank)
    assert found in days
    assert found is not None
    assert sum(each <= found for each in days) * 100 >= rank * len(days)
    below = [each for each in days if each < found]
    assert len(below) * 100 < rank * len(days)
