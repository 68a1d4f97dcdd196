"""Where a consultation stands, worked out from what was said and from the day."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import pytest

from workflow.coordination import (
    LETS_GO,
    Concern,
    Consultation,
    Consulting,
    Reply,
    Settlement,
    Silence,
    Standing,
)
from workflow.errors import InvalidInput
from workflow.policy import shipped, stored

if TYPE_CHECKING:
    from workflow.policy import Policy

DUE: Final = date(2017, 2, 4)
ASKED: Final = Consultation(
    number=1,
    concern=Concern.CONCERNED,
    addressee="样例局",
    body_id=2,
    blocking=True,
    silence=Silence.STAYS_OPEN,
    digest="old",
    due_on=DUE,
    asked_by=1,
    asked_as="clerk",
    asked_at=datetime(2017, 1, 20, 1, tzinfo=UTC),
)
RULES: Final = Consulting()
JOINT: Final = {"silence": Silence.CONSENTS}
OBJECTS: Final = {"reply": Reply.OBJECT, "answered_on": "old"}
AGREES: Final = {"reply": Reply.AGREE, "answered_on": "old"}


@pytest.mark.parametrize(
    ("said", "day", "standing", "holds_back"),
    [
        ({}, DUE, Standing.OPEN, True),
        ({}, DUE + timedelta(1), Standing.SILENT, True),
        (JOINT, DUE, Standing.OPEN, True),
        (JOINT, DUE + timedelta(1), Standing.CONSENTED, False),
        (AGREES, DUE, Standing.AGREED, False),
        (OBJECTS, DUE, Standing.OBJECTED, True),
        (OBJECTS | JOINT, DUE + timedelta(1), Standing.OBJECTED, True),
        (OBJECTS | {"settlement": Settlement.RELEASE}, DUE, Standing.RELEASED, False),
        (OBJECTS | {"settlement": Settlement.UPHOLD}, DUE, Standing.UPHELD, True),
        ({"withdrawn": True}, DUE, Standing.WITHDRAWN, False),
        (OBJECTS | {"replaced": True}, DUE, Standing.REPLACED, False),
    ],
)
def test_it_stands_as_was_said_and_as_the_day_is(
    said: dict[str, Any],
    day: date,
    standing: Standing,
    holds_back: bool,  # noqa: FBT001 # a table
) -> None:
    asked = replace(ASKED, **said)
    assert (standing, holds_back) == (asked.standing(day), asked.holds_back(day, "old", RULES))
    assert not replace(asked, blocking=False).holds_back(day, "old", RULES)
    # To another text nothing has let go, unless the policy says that it has.
    elsewhere = holds_back or standing in LETS_GO
    assert elsewhere is asked.holds_back(day, "new", RULES)
    assert holds_back is asked.holds_back(day, "new", Consulting(survives_edit=True))


def test_a_policy_says_how_long_and_what_silence_means() -> None:
    rules = Consulting(days=5, joint_days=10, joint_silence=Silence.STAYS_OPEN)
    assert [(5, Silence.STAYS_OPEN), (10, Silence.STAYS_OPEN)] == [
        (rules.days_of(each), rules.silence_of(each)) for each in Concern
    ]
    assert [(7, Silence.STAYS_OPEN), (15, Silence.CONSENTS)] == [
        (RULES.days_of(each), RULES.silence_of(each)) for each in Concern
    ]


def with_consultation(**table: object) -> Policy:
    """Return the shipped policy with what it says of consultations."""
    document = json.loads(shipped().text) | {"consultation": table}
    return stored(json.dumps(document, ensure_ascii=False))


def test_a_policy_file_that_says_nothing_has_what_is_usual() -> None:
    assert [RULES] * 2 == [shipped().consulting, with_consultation().consulting]
    mine = with_consultation(
        days=5, silence="consents", joint_days=10, joint_silence="stays_open", survives_edit=True
    )
    assert Consulting(5, Silence.CONSENTS, 10, Silence.STAYS_OPEN, survives_edit=True) == (
        mine.consulting
    )


@pytest.mark.parametrize(
    ("key", "value", "problem"),
    [
        ("days", 0, "value_wrong"),
        ("days", "7", "value_wrong"),
        ("joint_days", 1001, "value_wrong"),
        ("silence", "objects", "value_wrong"),
        ("joint_silence", True, "value_wrong"),
        ("survives_edit", 1, "value_wrong"),
        ("patience", 7, "key_unknown"),
    ],
)
def test_a_fault_of_what_a_policy_says_is_named(key: str, value: object, problem: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        with_consultation(**{key: value})
    assert (f"policy_{problem}", f"consultation.{key}") == (
        caught.value.code,
        caught.value.params["where"],
    )
