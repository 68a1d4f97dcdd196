"""Deadlines: which rule governs, when a clock ends, how it stands, and what a change means."""

from __future__ import annotations

import os
import time
import tomllib
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.calendar_files import shipped
from workflow.deadlines import (
    LADDER,
    Clock,
    Counted,
    DeadlineRule,
    Due,
    Kind,
    Met,
    Move,
    Pause,
    RestDay,
    Start,
    Status,
    Unit,
    budget_left,
    check,
    choose,
    day_of,
    due_on,
    explain,
    governing,
    highest_rung,
    moved,
    over_budget,
    overdue_at,
    rungs,
    status,
    will_miss,
    working_days_left,
)
from workflow.errors import InvalidInput
from workflow.working_days import FIRST, LAST, Notice, Reason, Turn, Year

if TYPE_CHECKING:
    from collections.abc import Iterator

DATA: Final = Path(__file__).parent.parent / "data"
CALENDAR: Final = shipped()
RULES: Final = tuple(
    DeadlineRule.from_table(table)
    for table in tomllib.loads((DATA / "deadline_rules.toml").read_text("utf-8"))["deadlines"]
)
BY_CODE: Final = {rule.code: rule for rule in RULES}
ONLINE, READING = BY_CODE["online_2008"], BY_CODE["reading_points"]
PAUSABLE, BUDGET_LAW = BY_CODE["reply"], BY_CODE["online_budget"]
VECTORS: Final = [
    tuple(map(date.fromisoformat, line.split()))
    for line in (DATA / "vectors_2016.txt").read_text("utf-8").splitlines()
    if line[:1].isdigit()
]
ZONES: Final = ("UTC", "Asia/Shanghai", "America/New_York")

days = st.dates(min_value=date(2008, 5, 1), max_value=date(2048, 12, 31))


def day(text: str) -> date:
    return date.fromisoformat(text)


def due(rule: DeadlineRule, start: str, *pauses: Pause) -> Due:
    return due_on(rule, day(start), calendar=CALENDAR, pauses=pauses)


def refusal(make: Any) -> tuple[str, dict[str, Any]]:
    with pytest.raises(InvalidInput) as caught:
        make()
    return caught.value.code, caught.value.params


@pytest.fixture(params=ZONES)
def zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Let the process stand in another time zone."""
    with monkeypatch.context() as there:
        there.setenv("TZ", request.param)
        time.tzset()
        yield request.param
    time.tzset()


# --- Rules are data -------------------------------------------------------------------------------


def test_a_rule_is_a_table_of_a_policy() -> None:
    table = {
        "code": "online_budget", "clock": "online", "kind": "legal", "starts_on": "approved",
        "met_by": "published", "amount": 20, "unit": "calendar_day", "legal_basis": "第十四条",
        "valid_from": date(2015, 1, 1), "valid_to": "2049-12-31", "categories": ["budget"],
        "pausable": False, "rest_day": "stays",
    }  # fmt: skip

    assert DeadlineRule(
        code="online_budget",
        clock="online",
        starts_on=Start.APPROVED,
        met_by=Met.PUBLISHED,
        amount=20,
        unit=Unit.CALENDAR_DAY,
        legal_basis="第十四条",
        valid_from=date(2015, 1, 1),
        valid_to=date(2049, 12, 31),
        categories=frozenset({"budget"}),
        rest_day=RestDay.STAYS,
    ) == DeadlineRule.from_table(table)


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"code": ""}, "code"),
        ({"clock": ""}, "code"),
        ({"amount": 0}, "amount"),
        ({"amount": 1001}, "amount"),
        ({"amount": True}, "amount"),
        ({"amount": "20"}, "amount"),
        ({"amount": 2.5}, "amount"),
        ({"unit": "week"}, "unit"),
        ({"unit": []}, "unit"),
        ({"starts_on": "born"}, "starts_on"),
        ({"valid_from": "soon"}, "valid_from"),
        ({"valid_from": datetime(2019, 5, 15, tzinfo=UTC)}, "valid_from"),
        ({"valid_from": "2019-05-15", "valid_to": "2019-05-14"}, "valid_to"),
        ({"categories": "budget"}, "categories"),
        ({"categories": [1]}, "categories"),
        ({"pausable": 1}, "pausable"),
        ({"days": 20}, "days"),
        ({"kind": "stage"}, "stage"),
        ({"stage": "seal"}, "stage"),
        ({"kind": "stage", "stage": "seal"}, "starts_on"),
        ({"kind": "stage", "stage": "seal", "starts_on": "stage_entered"}, "met_by"),
        ({"met_by": "stage_left"}, "met_by"),
    ],
)
def test_what_no_rule_can_be_is_refused_with_rule_and_key(change: dict[str, Any], key: str) -> None:
    table = {"code": "x", "clock": "online", "amount": 20} | change

    code, params = refusal(lambda: DeadlineRule.from_table(table))
    assert ("deadline_rule_wrong", table["code"], key) == (code, params["rule"], params["key"])


def test_a_rule_without_an_amount_is_refused() -> None:
    code, params = refusal(lambda: DeadlineRule.from_table({"code": "x", "clock": "online"}))

    assert ("deadline_rule_wrong", "amount") == (code, params["key"])


def test_rules_that_would_govern_one_item_twice_are_refused() -> None:
    general = replace(ONLINE, code="a", valid_from=None, valid_to=None)
    special = replace(general, code="b", categories=frozenset({"x", "y"}))
    check([*RULES, special])

    assert ("deadline_rule_twice", {"rule": "a"}) == refusal(lambda: check([general, general]))
    assert ("deadline_rules_overlap", {"rule": "a", "other": "c"}) == refusal(
        lambda: check([general, replace(general, code="c", valid_from=day("2019-01-01"))])
    )
    assert ("deadline_rules_overlap", {"rule": "b", "other": "c"}) == refusal(
        lambda: check([special, replace(special, code="c", categories=frozenset({"y", "z"}))])
    )
    check([special, replace(special, code="c", categories=frozenset({"z"}))])
    check([general, replace(general, code="c", clock="reading_points")])


# --- Which rule governs ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("formed_on", "category", "online"),
    [
        ("2008-04-30", "statistics", None),
        ("2008-05-01", "statistics", "online_2008"),
        ("2019-05-14", "statistics", "online_2008"),
        ("2019-05-15", "statistics", "online_2019"),
        ("2019-05-14", "administrative_licence", "online_2008"),
        ("2019-05-15", "administrative_licence", "online_licences_and_penalties"),
        ("2016-03-01", "budget_and_accounts", "online_budget"),
        ("2014-03-01", "budget_and_accounts", "online_2008"),
    ],
)
def test_the_law_of_the_day_of_formation_governs_and_a_rule_for_the_category_goes_before(
    formed_on: str, category: str, online: str | None
) -> None:
    chosen = choose(RULES, clock="online", formed_on=day(formed_on), category=category)

    assert (BY_CODE[online] if online else None) is chosen


def test_each_clock_of_an_item_has_one_rule_and_before_the_regulations_there_is_no_clock() -> None:
    assert (ONLINE, READING) == governing(RULES, formed_on=day("2016-02-05"), category="statistics")
    assert () == governing(RULES, formed_on=day("2008-04-30"), category="statistics")


# --- When a clock ends (S31) ----------------------------------------------------------------------


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: str(vector[0]))
def test_both_clocks_run_side_by_side_from_the_day_of_formation(vector: tuple[date, ...]) -> None:
    """S31: the 25 vectors of 2016, day 0 not counted."""
    formed_on, online, reading = vector

    assert (Due(online, provisional=False), Due(reading, provisional=False)) == tuple(
        due_on(rule, formed_on, calendar=CALENDAR) for rule in (ONLINE, READING)
    )


@pytest.mark.parametrize(
    ("start", "amount", "expected"),
    [
        ("2016-03-11", 1, "2016-03-14"),  # from a Friday
        ("2016-09-30", 1, "2016-10-08"),  # from the day before a holiday, to a make-up Saturday
        ("2016-02-06", 1, "2016-02-14"),  # from a make-up Saturday, over the Spring Festival
        ("2016-08-18", 20, "2016-09-18"),  # to a make-up Sunday
        ("2016-12-31", 1, "2017-01-03"),  # from the last day of a year
    ],
)
def test_days_that_clerks_get_wrong_come_out(start: str, amount: int, expected: str) -> None:
    """S31."""
    assert Due(day(expected), provisional=False) == due(replace(ONLINE, amount=amount), start)


def test_calendar_days_count_rest_days_and_a_rest_day_at_the_end_moves_on() -> None:
    stays = replace(BUDGET_LAW, rest_day=RestDay.STAYS)

    # The twentieth day is a Saturday in the Spring Festival, and the Sunday after it is worked.
    assert Due(day("2016-02-14"), provisional=False) == due(BUDGET_LAW, "2016-01-24")
    assert Due(day("2016-02-13"), provisional=False) == due(stays, "2016-01-24")
    assert Due(day("2016-03-21"), provisional=False) == due(BUDGET_LAW, "2016-03-01")


@pytest.mark.parametrize(
    ("rule", "formed_on", "expected", "provisional"),
    [
        (ONLINE, "2026-12-03", "2026-12-31", False),
        (ONLINE, "2026-12-04", "2027-01-04", True),
        (READING, "2026-11-19", "2026-12-31", False),
        (READING, "2026-11-20", "2027-01-04", True),
        (BUDGET_LAW, "2026-12-11", "2026-12-31", False),
        (BUDGET_LAW, "2026-12-15", "2027-01-04", True),
        (replace(BUDGET_LAW, rest_day=RestDay.STAYS), "2026-12-15", "2027-01-04", False),
    ],
)
def test_beyond_the_last_notice_a_due_date_is_provisional_if_a_notice_can_move_it(
    rule: DeadlineRule, formed_on: str, expected: str, *, provisional: bool
) -> None:
    """F21."""
    assert Due(day(expected), provisional) == due(rule, formed_on)


STAYS: Final = replace(BUDGET_LAW, rest_day=RestDay.STAYS)


@pytest.mark.parametrize("rule", [ONLINE, BUDGET_LAW, STAYS], ids=["working", "moves", "stays"])
@pytest.mark.parametrize(
    "start", [FIRST - timedelta(days=1), LAST - timedelta(days=5), LAST, date.max, date.min]
)
def test_a_clock_that_leads_out_of_the_calendar_is_refused(rule: DeadlineRule, start: date) -> None:
    assert "outside_calendar" == refusal(lambda: due_on(rule, start, calendar=CALENDAR))[0]
    assert "outside_calendar" == refusal(lambda: explain(rule, start, calendar=CALENDAR))[0]


# --- S34: a day ends in Shanghai ------------------------------------------------------------------


def test_overdue_begins_at_midnight_in_shanghai_wherever_the_machine_stands(zone: str) -> None:
    """S34."""
    assert zone == os.environ["TZ"]
    instant = overdue_at(day("2016-03-09"))

    assert datetime(2016, 3, 9, 16, 0, tzinfo=UTC) == instant
    assert UTC is instant.tzinfo


@pytest.mark.parametrize(
    ("instant", "expected"),
    [
        (datetime(2016, 3, 9, 15, 59, 59, 999999, tzinfo=UTC), Status.DUE_TODAY),
        (datetime(2016, 3, 9, 16, 0, tzinfo=UTC), Status.OVERDUE),
        # The same two moments on a clock in New York, where it is still the morning of the 9th.
        (datetime(2016, 3, 9, 10, 59, tzinfo=timezone(timedelta(hours=-5))), Status.DUE_TODAY),
        (datetime(2016, 3, 9, 11, 0, tzinfo=timezone(timedelta(hours=-5))), Status.OVERDUE),
        (datetime(2016, 3, 8, 16, 0, tzinfo=UTC), Status.DUE_TODAY),
        (datetime(2016, 3, 8, 15, 59, tzinfo=UTC), Status.DUE_SOON),
    ],
)
def test_the_due_day_belongs_wholly_to_the_department(
    instant: datetime, expected: Status, zone: str
) -> None:
    """S34."""
    clock = Clock(due=due(ONLINE, "2016-02-05").day)

    assert expected is status(clock, day_of(instant), calendar=CALENDAR)
    assert (instant >= overdue_at(clock.due)) is (expected is Status.OVERDUE)


def test_an_instant_without_a_zone_is_no_day() -> None:
    with pytest.raises(TypeError):
        day_of(datetime(2016, 3, 9))  # noqa: DTZ001 # this is what is refused


# --- How a clock stands ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("on", "expected", "left"),
    [
        ("2016-02-05", Status.OPEN, 20),
        ("2016-03-01", Status.OPEN, 6),
        ("2016-03-02", Status.DUE_SOON, 5),
        ("2016-03-08", Status.DUE_SOON, 1),
        ("2016-03-09", Status.DUE_TODAY, 0),
        ("2016-03-10", Status.OVERDUE, -1),
        ("2016-03-14", Status.OVERDUE, -3),
        ("2060-01-01", Status.OVERDUE, None),
    ],
)
def test_an_open_clock_stands_as_the_working_days_left_say(
    on: str, expected: Status, left: int | None
) -> None:
    clock = Clock(due=day("2016-03-09"))

    assert expected is status(clock, day(on), calendar=CALENDAR)
    if left is not None:
        assert left == working_days_left(clock.due, day(on), calendar=CALENDAR)


def test_a_clock_that_has_ended_stands_as_it_ended() -> None:
    """S37: what is met or voided never escalates."""
    clock = Clock(due=day("2016-03-09"))
    later = day("2016-06-01")

    assert [
        Status.MET_ON_TIME,
        Status.MET_ON_TIME,
        Status.MET_LATE,
        Status.VOIDED,
        Status.VOIDED,
    ] == [
        status(ended, later, calendar=CALENDAR)
        for ended in (
            replace(clock, met_on=day("2016-03-08")),
            replace(clock, met_on=day("2016-03-09")),
            replace(clock, met_on=day("2016-03-10")),
            replace(clock, voided=True),
            replace(clock, met_on=day("2016-03-08"), voided=True),
        )
    ]


# --- S33: pauses ----------------------------------------------------------------------------------


def test_a_pause_gives_its_working_days_back() -> None:
    """S33."""
    assert day("2016-03-30") == due(PAUSABLE, "2016-03-02").day
    # From the 7th to the 11th: five working days. The 4th, on which it begins, is counted.
    pause = Pause(day("2016-03-04"), day("2016-03-11"))
    assert day("2016-04-07") == due(PAUSABLE, "2016-03-02", pause).day


def test_a_pause_twice_or_in_pieces_counts_once() -> None:
    """S33."""
    whole = Pause(day("2016-03-04"), day("2016-03-11"))
    first, second = (
        replace(whole, ended_on=day("2016-03-09")),
        replace(whole, begun_on=day("2016-03-07")),
    )

    assert 1 == len({due(PAUSABLE, "2016-03-02", *pauses) for pauses in (
        (whole,), (whole, whole), (first, second), (second, whole, first),
        (whole, Pause(day("2016-03-07"), day("2016-03-08"))),
    )})  # fmt: skip


def test_a_pause_outside_of_the_clock_moves_nothing() -> None:
    plain = due(PAUSABLE, "2016-03-02")

    assert plain == due(PAUSABLE, "2016-03-02", Pause(day("2016-02-01"), day("2016-03-02")))
    assert plain == due(PAUSABLE, "2016-03-02", Pause(day("2016-03-30"), day("2016-04-08")))
    assert plain == due(PAUSABLE, "2016-03-02", Pause(day("2016-03-05"), day("2016-03-05")))


def test_overdue_while_paused_is_impossible() -> None:
    """S33."""
    clock = Clock(due=day("2016-03-31"), paused=True)

    assert Status.PAUSED is status(clock, day("2016-05-01"), calendar=CALENDAR)
    assert due(PAUSABLE, "2016-03-02") == due(PAUSABLE, "2016-03-02", Pause(day("2016-03-04")))


def test_proactive_disclosure_knows_no_pause() -> None:
    pause = Pause(day("2016-03-04"), day("2016-03-11"))

    assert ("deadline_not_pausable", {"rule": "online_2008"}) == refusal(
        lambda: due(ONLINE, "2016-03-02", pause)
    )


def test_a_pause_that_ends_before_it_begins_is_refused() -> None:
    assert "deadline_pause_wrong" == refusal(lambda: Pause(day("2016-03-04"), day("2016-03-03")))[0]


# --- Explanations ---------------------------------------------------------------------------------


def test_every_day_of_a_clock_is_explained_with_the_notice_behind_it() -> None:
    lines = explain(replace(ONLINE, amount=3), day("2016-09-14"), calendar=CALENDAR)

    assert [
        ("2016-09-15", None, Reason.HOLIDAY, "国办发明电〔2015〕18号"),
        ("2016-09-16", None, Reason.HOLIDAY, "国办发明电〔2015〕18号"),
        ("2016-09-17", None, Reason.HOLIDAY, "国办发明电〔2015〕18号"),
        ("2016-09-18", 1, Reason.MAKE_UP, "国办发明电〔2015〕18号"),
        ("2016-09-19", 2, Reason.WORKING_DAY, None),
        ("2016-09-20", 3, Reason.WORKING_DAY, None),
    ] == [
        (
            str(line.day.day),
            line.number,
            line.day.reason,
            line.day.notice.number if line.day.notice else None,
        )
        for line in lines
    ]


def test_days_of_a_pause_and_a_last_rest_day_are_explained_as_skipped() -> None:
    paused = explain(
        replace(PAUSABLE, amount=2),
        day("2016-03-03"),
        calendar=CALENDAR,
        pauses=[Pause(day("2016-03-04"), day("2016-03-08"))],
    )
    assert [(4, 1, False), (5, None, True), (6, None, True), (7, None, True), (8, None, True),
            (9, 2, False)] == [
        (line.day.day.day, line.number, line.paused) for line in paused
    ]  # fmt: skip

    rest = explain(replace(BUDGET_LAW, amount=2), day("2016-03-10"), calendar=CALENDAR)
    assert [(11, 1), (12, 2), (13, None), (14, None)] == [
        (line.day.day.day, line.number) for line in rest
    ]


@st.composite
def pauses(draw: st.DrawFn) -> list[Pause]:
    made = []
    for _ in range(draw(st.integers(0, 3))):
        begun_on = draw(st.dates(min_value=date(2015, 12, 1), max_value=date(2017, 6, 1)))
        made.append(Pause(begun_on, begun_on + timedelta(days=draw(st.integers(0, 60)))))
    return made


@given(
    st.dates(min_value=date(2016, 1, 1), max_value=date(2016, 12, 31)),
    st.integers(1, 60),
    st.sampled_from(list(Unit)),
    st.sampled_from(list(RestDay)),
    pauses(),
)
def test_the_explanation_adds_up_to_the_due_date(
    start: date, amount: int, unit: Unit, rest_day: RestDay, gaps: list[Pause]
) -> None:
    rule = replace(PAUSABLE, amount=amount, unit=unit, rest_day=rest_day)
    lines = explain(rule, start, calendar=CALENDAR, pauses=gaps)
    numbers = [line.number for line in lines if line.number is not None]

    assert due_on(rule, start, calendar=CALENDAR, pauses=gaps).day == lines[-1].day.day
    assert list(range(1, amount + 1)) == numbers
    assert [start + timedelta(days=n) for n in range(1, len(lines) + 1)] == [
        line.day.day for line in lines
    ]
    # What stands behind the last counted day is a last rest day that moved on, and only that.
    behind = lines[lines.index(next(line for line in lines if line.number == amount)) + 1 :]
    assert all(not line.day.works for line in behind[:-1])


@given(days, st.integers(1, 60))
def test_a_due_date_is_a_working_day_so_many_working_days_away(start: date, amount: int) -> None:
    ends = due_on(replace(ONLINE, amount=amount), start, calendar=CALENDAR)

    assert amount == working_days_left(ends.day, start, calendar=CALENDAR)
    assert CALENDAR.is_working_day(ends.day)
    assert ends.provisional is (ends.day > CALENDAR.horizon)


@given(days, days, st.sampled_from(list(Unit)))
def test_who_starts_later_is_due_no_earlier(one: date, other: date, unit: Unit) -> None:
    first, second = sorted((one, other))
    rule = replace(ONLINE, unit=unit)

    assert due_on(rule, first, calendar=CALENDAR).day <= due_on(rule, second, calendar=CALENDAR).day


@given(days, st.integers(1, 59))
def test_one_day_more_is_one_working_day_later(start: date, amount: int) -> None:
    ends = due_on(replace(ONLINE, amount=amount), start, calendar=CALENDAR).day
    later = due_on(replace(ONLINE, amount=amount + 1), start, calendar=CALENDAR).day

    assert CALENDAR.add(ends, 1) == later


# --- S32: a due date moves ------------------------------------------------------------------------


AFTER_2020: Final = CALENDAR
BEFORE_2020: Final = CALENDAR.as_of(day("2020-01-26"))
"""The calendar without the extension of the Spring Festival of 2020."""


def test_a_calendar_changed_in_mid_flight_withdraws_a_false_overdue() -> None:
    """S32: the Spring Festival of 2020 was prolonged by two days."""
    start = day("2020-01-03")
    rule = replace(ONLINE, code="x", valid_to=None, amount=17)
    old = due_on(rule, start, calendar=BEFORE_2020)
    new = due_on(rule, start, calendar=AFTER_2020)
    clock = Clock(due=old.day, provisional=old.provisional)
    move = moved(clock, new, day("2020-02-03"), calendar=AFTER_2020)

    assert (day("2020-02-01"), day("2020-02-04")) == (old.day, new.day)
    assert Move(old, new, Status.OVERDUE, Status.DUE_SOON) == move
    assert move is not None
    assert (True, False) == (move.withdraws_overdue, move.makes_overdue)
    # Told once: the clock with its new date moves no more.
    again = replace(clock, due=new.day)
    assert None is moved(again, new, day("2020-02-03"), calendar=AFTER_2020)


def test_a_correction_may_make_a_clock_overdue_once() -> None:
    """S32."""
    earlier = due(ONLINE, "2016-02-01")
    move = moved(Clock(due=day("2016-03-09")), earlier, day("2016-03-08"), calendar=CALENDAR)

    assert move is not None
    assert (Status.DUE_SOON, Status.OVERDUE) == (move.before, move.after)
    assert (False, True) == (move.withdraws_overdue, move.makes_overdue)


def test_a_date_that_stays_and_is_provisional_no_more_is_a_move_too() -> None:
    clock = Clock(due=day("2027-01-04"), provisional=True)
    sure = Due(clock.due, provisional=False)

    assert None is moved(clock, Due(clock.due, provisional=True), clock.due, calendar=CALENDAR)
    assert Move(
        Due(clock.due, provisional=True), sure, Status.DUE_TODAY, Status.DUE_TODAY
    ) == moved(clock, sure, clock.due, calendar=CALENDAR)


@pytest.mark.parametrize("ended", [{"met_on": day("2020-02-03")}, {"voided": True}])
def test_a_clock_that_has_ended_does_not_move(ended: dict[str, Any]) -> None:
    clock = Clock(due=day("2020-02-01"), **ended)
    new = Due(day("2020-02-04"), provisional=False)

    assert None is moved(clock, new, day("2020-02-03"), calendar=AFTER_2020)


def test_the_notice_of_the_next_year_makes_provisional_dates_sure_and_moves_them() -> None:
    """F20."""
    notice = Notice(
        number="样例〔2026〕1号",
        title="样例通知",
        published=day("2026-11-26"),
        turns=(Turn(zh="元旦", en="", off=(day("2027-01-01"), day("2027-01-04"))),),
    )
    after = CALENDAR.amended(Year(year=2027, notices=(notice,)))
    before = due(ONLINE, "2026-12-04")
    then = due_on(ONLINE, day("2026-12-04"), calendar=after)

    assert Due(day("2027-01-05"), provisional=False) == then
    assert Due(day("2027-01-04"), provisional=True) == before
    # An import that was wrong is taken back, and so is the date.
    assert before == due_on(ONLINE, day("2026-12-04"), calendar=CALENDAR)


# --- Budgets of stages ----------------------------------------------------------------------------

BUDGETS: Final = tuple(
    DeadlineRule.budget(stage, amount)
    for stage, amount in (
        ("sign_off", 3), ("seal", 1), ("confidentiality_review", 7), ("final_review", 3),
        ("publication", 1),
    )
)  # fmt: skip


def test_a_budget_is_a_rule_of_another_kind_and_one_for_each_stage() -> None:
    check([*RULES, *BUDGETS])

    budget = BUDGETS[0]
    assert (Kind.STAGE, Start.STAGE_ENTERED, Met.STAGE_LEFT, "sign_off", 3) == (
        budget.kind, budget.starts_on, budget.met_by, budget.stage, budget.amount,
    )  # fmt: skip
    assert Due(day("2016-02-06"), provisional=False) == due(BUDGETS[0], "2016-02-03")


def test_a_policy_whose_budgets_exceed_the_legal_limit_is_told_by_how_much() -> None:
    long_review = [replace(rule, amount=15) if rule.amount == 7 else rule for rule in BUDGETS]

    assert [0, 3, 1, 8, 0] == [
        over_budget(BUDGETS, ONLINE),
        over_budget(long_review, ONLINE),
        # Twenty calendar days from a Friday hold fourteen working days.
        over_budget(BUDGETS, BUDGET_LAW),
        over_budget(BUDGETS, replace(ONLINE, amount=7)),
        over_budget(RULES, ONLINE),
    ]


def test_a_budget_is_spent_by_working_days_and_never_below_nothing() -> None:
    spent = [
        budget_left(BUDGETS[2], day("2016-02-05"), day(on), calendar=CALENDAR)
        for on in (
            "2016-02-04",
            "2016-02-05",
            "2016-02-06",
            "2016-02-13",
            "2016-02-14",
            "2016-04-01",
        )
    ]

    assert [7, 7, 6, 6, 5, 0] == spent


@pytest.mark.parametrize(
    ("remaining", "late"),
    [([3, 1, 1], False), ([3, 1, 2], True), ([-9, 5], False), ([-9, 6], True), ([], False)],
)
def test_it_will_be_missed_at_this_pace_when_budgets_exceed_the_days_left(
    remaining: list[int], *, late: bool
) -> None:
    ends, on = day("2016-03-09"), day("2016-03-02")

    assert 5 == working_days_left(ends, on, calendar=CALENDAR)
    assert late is will_miss(ends, on, remaining=remaining, calendar=CALENDAR)


def test_what_is_overdue_is_missed_at_any_pace() -> None:
    assert will_miss(day("2016-03-09"), day("2016-03-10"), remaining=[], calendar=CALENDAR)


# --- The ladder (S35, S36) ------------------------------------------------------------------------


def codes(due_day: str, until: str, after: str | None = None) -> list[tuple[str, str]]:
    start = day(after) if after else None
    steps = rungs(day(due_day), calendar=CALENDAR, until=day(until), after=start)
    return [(rung.code, str(rung.day)) for rung in steps]


def test_the_rungs_lie_on_working_days_around_the_due_date_and_then_week_by_week() -> None:
    assert [
        ("T-10", "2016-02-24"),
        ("T-5", "2016-03-02"),
        ("T-2", "2016-03-07"),
        ("T-0", "2016-03-09"),
        ("T+1", "2016-03-10"),
        ("T+3", "2016-03-14"),
        ("T+5", "2016-03-16"),
        ("W1", "2016-03-23"),
        ("W2", "2016-03-30"),
        ("W3", "2016-04-07"),
    ] == codes("2016-03-09", "2016-04-10")
    assert [-10, -5, -2, 0, 1, 3, 5] == list(LADDER)


def test_nobody_is_reminded_before_the_clock_began() -> None:
    for start, expected in (("2016-03-06", ["T-2", "T-0"]), ("2016-03-07", ["T-0"])):
        assert expected == [code for code, _ in codes("2016-03-09", "2016-03-09", start)]


def test_after_an_outage_the_highest_rung_is_what_is_left() -> None:
    """S35."""
    ends = day("2016-03-09")

    rung = highest_rung(ends, calendar=CALENDAR, until=day("2016-03-15"))
    assert rung is not None
    assert ("T+3", 3) == (rung.code, rung.offset)
    assert None is highest_rung(ends, calendar=CALENDAR, until=day("2016-02-01"))


def test_a_moved_due_date_has_rungs_of_its_own() -> None:
    """S36."""
    before = {rung for _, rung in codes("2016-03-09", "2016-03-09")}

    assert {"2016-03-14"} == {rung for _, rung in codes("2016-03-14", "2016-03-14")} - before - {
        "2016-02-29", "2016-03-10",
    }  # fmt: skip


def test_the_ladder_ends_where_the_calendar_does() -> None:
    last = [rung.code for rung in rungs(day("2050-12-29"), calendar=CALENDAR, until=LAST)]
    first = [rung.code for rung in rungs(FIRST, calendar=CALENDAR, until=day("2007-01-09"))]

    assert ["T-10", "T-5", "T-2", "T-0", "T+1"] == last
    assert ["T-0", "T+1", "T+3"] == first


def test_a_line_of_an_explanation_is_a_day_and_its_number() -> None:
    (line,) = explain(replace(ONLINE, amount=1), day("2016-03-14"), calendar=CALENDAR)

    assert Counted(CALENDAR.describe(day("2016-03-15")), 1) == line


@pytest.mark.parametrize(
    ("instant", "expected"),
    [
        (datetime(2016, 2, 5, 15, 59, 59, 999999, tzinfo=UTC), "2016-02-05"),
        (datetime(2016, 2, 5, 16, 0, tzinfo=UTC), "2016-02-06"),
    ],
)
def test_what_happens_in_the_last_minute_of_a_day_happens_on_that_day(
    instant: datetime, expected: str, zone: str
) -> None:
    """S31, S34: an event starts a clock on its day in Shanghai."""
    assert day(expected) == day_of(instant)
