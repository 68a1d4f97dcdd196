"""Whether a document is in force on a day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.validity import Change, Status, Validity, on, turns_on

if TYPE_CHECKING:
    from collections.abc import Sequence

DAY = date(2017, 4, 1)
EVE, MORROW = DAY - timedelta(days=1), DAY + timedelta(days=1)
DAYS = st.dates(DAY - timedelta(days=9), DAY + timedelta(days=9))


def changed(status: Status, day: date, basis: str = "样例决定") -> Change:
    return Change(status, day, basis)


def status_on(
    day: date, *changes: Change, effective_on: date | None = None, expires_on: date | None = None
) -> Status:
    return on(day, effective_on=effective_on, expires_on=expires_on, changes=changes).status


def test_what_nothing_was_recorded_of_is_in_force() -> None:
    assert Validity() == on(DAY, effective_on=None, expires_on=None, changes=())
    assert Validity() == on(DAY, effective_on=DAY, expires_on=DAY, changes=())


def test_a_change_holds_from_its_day() -> None:
    repealed = changed(Status.REPEALED, DAY)
    assert Validity(ahead=repealed) == on(
        EVE, effective_on=None, expires_on=None, changes=[repealed]
    )
    assert Validity(Status.REPEALED, DAY, "样例决定") == on(
        DAY, effective_on=None, expires_on=None, changes=[repealed]
    )


def test_of_two_changes_from_one_day_the_later_record_holds() -> None:
    wrong, right = changed(Status.REPEALED, DAY), changed(Status.IN_FORCE, DAY)
    assert Status.IN_FORCE is status_on(DAY, wrong, right)
    assert Status.REPEALED is status_on(DAY, right, wrong)


def test_the_change_from_the_latest_day_holds_whatever_was_recorded_last() -> None:
    assert Status.LAPSED is status_on(
        DAY, changed(Status.LAPSED, DAY), changed(Status.AMENDED, EVE)
    )


def test_a_document_lapses_after_its_last_day_and_has_no_basis_but_itself() -> None:
    assert Status.IN_FORCE is status_on(DAY, expires_on=DAY)
    lapsed = on(MORROW, effective_on=None, expires_on=DAY, changes=())
    assert Validity(Status.LAPSED, MORROW, None) == lapsed


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ([changed(Status.REPEALED, EVE)], Status.REPEALED),
        ([changed(Status.AMENDED, EVE)], Status.LAPSED),
        ([changed(Status.IN_FORCE, DAY)], Status.LAPSED),
        ([changed(Status.IN_FORCE, MORROW)], Status.IN_FORCE),
        ([changed(Status.AMENDED, MORROW), changed(Status.REPEALED, EVE)], Status.AMENDED),
    ],
)
def test_what_was_ended_before_does_not_lapse_and_what_goes_on_afterwards_does_not_either(
    changes: Sequence[Change], expected: Status
) -> None:
    assert expected is status_on(MORROW, *changes, expires_on=DAY)


def test_what_takes_effect_later_says_when() -> None:
    assert Validity(not_before=DAY) == on(EVE, effective_on=DAY, expires_on=None, changes=())
    assert Validity() == on(DAY, effective_on=DAY, expires_on=None, changes=())


@given(
    start=DAYS,
    effective_on=st.none() | DAYS,
    expires_on=st.none() | DAYS,
    changes=st.lists(st.builds(Change, st.sampled_from(Status), DAYS, st.just("样例")), max_size=4),
)
def test_between_the_days_on_which_it_turns_nothing_changes(
    start: date, effective_on: date | None, expires_on: date | None, changes: list[Change]
) -> None:
    known = {"effective_on": effective_on, "expires_on": expires_on, "changes": changes}
    following = turns_on(start, **known)  # type: ignore[arg-type]
    until = following or DAY + timedelta(days=30)
    day, first = start, on(start, **known)  # type: ignore[arg-type]
    while day < until:
        assert first == on(day, **known)  # type: ignore[arg-type]
        day += timedelta(days=1)
