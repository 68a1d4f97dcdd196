"""The ladder: its rungs and to whom they go, what a policy may say, and when people are told."""

from __future__ import annotations

import json
from datetime import date, datetime, time
from typing import Any, Final

import pytest

from workflow import calendar_files
from workflow.deadlines import LADDER, SHANGHAI, Kind
from workflow.errors import InvalidInput
from workflow.ladder import (
    CHANNELS,
    USUAL,
    USUAL_MANNER,
    Audience,
    Ladder,
    Manner,
    Step,
    Steps,
)
from workflow.policy import SHIPPED, Policy, shipped, stored

CALENDAR: Final = calendar_files.shipped()
DUE: Final = date(2017, 2, 10)
START: Final = date(2017, 1, 10)
CONCERNED: Final = [Audience.DRAFTER, Audience.DESK]


def rungs(steps: Steps, until: date, *, after: date = START) -> list[tuple[str, date]]:
    """Return the codes and days of the rungs of the sample clock."""
    found = steps.rungs(DUE, calendar=CALENDAR, after=after, until=until)
    return [(rung.code, rung.day) for rung in found]


def with_tables(**tables: Any) -> Policy:
    """Return the shipped policy with other tables, or without those that are ``None``."""
    document = json.loads(shipped().text) | tables
    kept = {key: value for key, value in document.items() if value is not None}
    return stored(json.dumps(kept, ensure_ascii=False))


def steps_of(*rows: tuple[str, list[str]], **more: str) -> list[dict[str, Any]]:
    """Return rows of a ladder as a policy writes them."""
    return [{"at": at, "to": to, **more} for at, to in rows]


# -- rungs ---------------------------------------------------------------------------------------


def test_the_usual_ladder_has_the_usual_rungs_and_goes_on_week_by_week() -> None:
    assert list(LADDER) == [step.offset for step in USUAL.legal.steps]
    assert [
        ("T-10", date(2017, 1, 23)),
        ("T-5", date(2017, 2, 4)),
        ("T-2", date(2017, 2, 8)),
        ("T-0", date(2017, 2, 10)),
        ("T+1", date(2017, 2, 13)),
        ("T+3", date(2017, 2, 15)),
        ("T+5", date(2017, 2, 17)),
        ("W1", date(2017, 2, 24)),
        ("W2", date(2017, 3, 3)),
    ] == rungs(USUAL.legal, date(2017, 3, 9))


def test_nobody_is_reminded_of_what_has_not_begun() -> None:
    assert ["T-0", "T+1"] == [
        code for code, _ in rungs(USUAL.legal, date(2017, 2, 13), after=date(2017, 2, 8))
    ]


def test_a_ladder_without_weekly_steps_ends_with_its_last_one() -> None:
    assert ["T-0", "T+1"] == [code for code, _ in rungs(USUAL.stage, date(2018, 1, 1))]
    assert [] == rungs(Steps(()), date(2018, 1, 1))


def test_each_rung_goes_to_those_of_its_step_and_if_they_are_nobody_to_the_next_ones() -> None:
    found = list(USUAL.legal.rungs(DUE, calendar=CALENDAR, after=START, until=date(2017, 2, 24)))
    to = {rung.code: USUAL.legal.to(rung) for rung in found}
    assert (Audience.DRAFTER, Audience.DESK) == to["T-10"] == to["T-0"]
    assert (Audience.DEPARTMENT_HEAD, Audience.ORGANISING) == to["T+1"]
    assert (Audience.INSPECTION,) == to["T+3"]
    assert (Audience.ACCOUNTABILITY,) == to["T+5"]
    assert USUAL.legal.weekly == to["W1"]
    after = {rung.code: list(USUAL.legal.after(rung)) for rung in found}
    assert [to["T+5"], to["W1"]] == after["T+3"]
    assert [to["W1"]] == after["T+5"] == after["W1"]


def test_a_clock_may_have_a_ladder_of_its_own_and_a_budget_has_that_of_the_desks() -> None:
    own = Steps((Step(0, (Audience.DESK,)),))
    ladder = Ladder(legal=USUAL.legal, stage=USUAL.stage, own={"reply": own})
    assert own == ladder.of("reply", Kind.LEGAL)
    assert USUAL.legal == ladder.of("online", Kind.LEGAL)
    assert USUAL.stage == ladder.of("stage", Kind.STAGE)


# -- what a policy says --------------------------------------------------------------------------


@pytest.mark.parametrize("code", SHIPPED)
def test_the_shipped_policies_say_what_is_usual(code: str) -> None:
    assert (USUAL, USUAL_MANNER) == (shipped(code).ladder, shipped(code).manner)


def test_a_policy_of_an_earlier_release_has_what_is_usual() -> None:
    old = with_tables(ladder=None, alerts=None)
    assert (USUAL, USUAL_MANNER) == (old.ladder, old.manner)
    assert old.digest != shipped().digest


def test_a_policy_can_have_a_ladder_and_a_manner_of_its_own() -> None:
    mine = with_tables(
        ladder=[
            *steps_of(("weekly", ["desk"]), ("T+2", ["inspection", "desk"]), ("T-3", ["drafter"])),
            *steps_of(("T-0", ["desk"]), ("weekly", ["organising"]), clock="reading_points"),
        ],
        alerts={"channels": ["feishu", "email"], "quiet_from": "00:00", "quiet_until": "00:00",
                "rest_days": True, "titles": True, "attempts": 3},
    )  # fmt: skip
    assert (
        Ladder(
            legal=Steps(
                (Step(-3, (Audience.DRAFTER,)), Step(2, (Audience.INSPECTION, Audience.DESK))),
                (Audience.DESK,),
            ),
            stage=Steps(()),
            own={"reading_points": Steps((Step(0, (Audience.DESK,)),), (Audience.ORGANISING,))},
        )
        == mine.ladder
    )
    assert (
        Manner(
            channels=("feishu", "email"),
            quiet_from=time(),
            quiet_until=time(),
            rest_days=True,
            titles=True,
            attempts=3,
        )
        == mine.manner
    )
    assert CHANNELS == with_tables(alerts={}).manner.channels


@pytest.mark.parametrize(
    ("row", "where", "problem"),
    [
        ("T-5", "ladder[3].", "value_wrong"),
        ({"to": ["desk"]}, "ladder[3].at", "key_missing"),
        ({"at": "T-5"}, "ladder[3].to", "key_missing"),
        ({"at": "T5", "to": ["desk"]}, "ladder[3].at", "value_wrong"),
        ({"at": "T+0", "to": ["desk"]}, "ladder[3].at", "value_wrong"),
        ({"at": "T-101", "to": ["desk"]}, "ladder[3].at", "value_wrong"),
        ({"at": -5, "to": ["desk"]}, "ladder[3].at", "value_wrong"),
        ({"at": "T+1", "to": ["desk"]}, "ladder[3].at", "code_twice"),
        ({"at": "weekly", "to": ["desk"]}, "ladder[3].at", "code_twice"),
        ({"at": "T-5", "to": []}, "ladder[3].to", "value_wrong"),
        ({"at": "T-5", "to": "desk"}, "ladder[3].to", "value_wrong"),
        ({"at": "T-5", "to": ["everybody"]}, "ladder[3].to", "value_wrong"),
        ({"at": "T-5", "to": [["desk"]]}, "ladder[3].to", "value_wrong"),
        ({"at": "T-5", "to": ["desk"], "who": "x"}, "ladder[3].who", "key_unknown"),
        ({"at": "T-5", "to": ["desk"], "kind": "law"}, "ladder[3].kind", "value_wrong"),
        ({"at": "T-5", "to": ["desk"], "kind": ["stage"]}, "ladder[3].kind", "value_wrong"),
        ({"at": "T-5", "to": ["desk"], "clock": "reply"}, "ladder[3].clock", "value_wrong"),
        ({"at": "T-5", "to": ["desk"], "clock": ["x"]}, "ladder[3].clock", "value_wrong"),
        (
            {"at": "T-5", "to": ["desk"], "clock": "online", "kind": "stage"},
            "ladder[3].clock",
            "value_wrong",
        ),
        # A clock's own steps go on until it is met, as those of all do.
        ({"at": "T-5", "to": ["desk"], "clock": "online"}, "ladder", "ladder_ends"),
        ({"at": "weekly", "to": ["desk"], "clock": "online"}, "ladder", "ladder_ends"),
    ],
)
def test_a_fault_of_a_step_is_named(row: object, where: str, problem: str) -> None:
    whole = steps_of(("T+1", ["desk"]), ("weekly", ["desk"]))
    with pytest.raises(InvalidInput) as caught:
        with_tables(ladder=[*whole, row])
    assert (f"policy_{problem}", where) == (caught.value.code, caught.value.params["where"])


@pytest.mark.parametrize(
    "ladder", [[], steps_of(("T+1", ["desk"])), steps_of(("weekly", ["desk"]))]
)
def test_the_clocks_of_the_law_are_told_of_until_they_are_met(ladder: list[Any]) -> None:
    with pytest.raises(InvalidInput) as caught:
        with_tables(ladder=ladder)
    assert "policy_ladder_ends" == caught.value.code


@pytest.mark.parametrize(
    ("key", "value", "problem"),
    [
        ("channels", [], "value_wrong"),
        ("channels", ["pigeon"], "value_wrong"),
        ("channels", "email", "value_wrong"),
        ("quiet_from", "24:00", "value_wrong"),
        ("quiet_from", "8:00", "value_wrong"),
        ("quiet_until", 8, "value_wrong"),
        ("rest_days", 1, "value_wrong"),
        ("titles", "no", "value_wrong"),
        ("attempts", 0, "value_wrong"),
        ("attempts", 101, "value_wrong"),
        ("attempts", True, "value_wrong"),
        ("loud", True, "key_unknown"),
    ],
)
def test_a_fault_of_the_manner_is_named(key: str, value: object, problem: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        with_tables(alerts={key: value})
    assert (f"policy_{problem}", f"alerts.{key}") == (
        caught.value.code,
        caught.value.params["where"],
    )


# -- when people may be told ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("now", "opens"),
    [
        ("2017-02-10 09:00", "2017-02-10 09:00"),
        ("2017-02-10 08:00", "2017-02-10 08:00"),
        ("2017-02-10 07:59", "2017-02-10 08:00"),
        ("2017-02-09 20:00", "2017-02-10 08:00"),
        ("2017-02-09 19:59", "2017-02-09 19:59"),
        # A Friday night: nothing is sent before Monday.
        ("2017-02-10 20:00", "2017-02-13 08:00"),
        ("2017-02-11 12:00", "2017-02-13 08:00"),
        # The eve of the Spring Festival; and a Saturday on which work is made up for.
        ("2017-01-27 10:00", "2017-02-03 08:00"),
        ("2017-02-04 10:00", "2017-02-04 10:00"),
    ],
)
def test_at_night_and_on_rest_days_people_are_left_in_peace(now: str, opens: str) -> None:
    assert at(opens) == USUAL_MANNER.opens(at(now), calendar=CALENDAR)


def test_a_policy_can_send_on_rest_days_and_at_any_hour() -> None:
    saturday = at("2017-02-11 03:00")
    assert at("2017-02-11 08:00") == Manner(rest_days=True).opens(saturday, calendar=CALENDAR)
    always = Manner(rest_days=True, quiet_from=time(5), quiet_until=time(5))
    assert saturday == always.opens(saturday, calendar=CALENDAR)
    siesta = Manner(rest_days=True, quiet_from=time(12), quiet_until=time(14, 30))
    assert at("2017-02-11 14:30") == siesta.opens(at("2017-02-11 12:00"), calendar=CALENDAR)
    assert saturday == siesta.opens(saturday, calendar=CALENDAR)


def test_where_the_calendar_ends_nobody_is_left_untold() -> None:
    beyond = at("2060-01-04 09:00")
    assert beyond == USUAL_MANNER.opens(beyond, calendar=CALENDAR)


def at(text: str) -> datetime:
    """Return an instant of Asia/Shanghai."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)
