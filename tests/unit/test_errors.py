"""The tree of errors: stable codes, all reasons at once, and no sentence in it."""

from __future__ import annotations

import ast
import inspect
from dataclasses import FrozenInstanceError
from typing import Final

import pytest

from workflow import errors
from workflow.errors import (
    ChannelFailed,
    ChannelRefused,
    ChannelUncertain,
    Conflict,
    Damaged,
    GongkaiError,
    InvalidInput,
    InvalidRow,
    LimitExceeded,
    NotFound,
    NotSignedIn,
    Refusal,
    Refused,
    Unavailable,
    Who,
)

KINDS: Final = (
    ChannelFailed,
    ChannelRefused,
    ChannelUncertain,
    Conflict,
    Damaged,
    InvalidInput,
    LimitExceeded,
    NotFound,
    NotSignedIn,
    Unavailable,
)


def test_every_kind_of_error_is_known_to_whoever_catches_them_by_kind() -> None:
    defined = {
        kind
        for kind in vars(errors).values()
        if inspect.isclass(kind) and issubclass(kind, GongkaiError)
    }

    # A row that cannot be used is input that cannot be used, with all that is wrong in it.
    assert issubclass(InvalidRow, InvalidInput)
    assert {GongkaiError, Refused, InvalidRow, *KINDS} == defined


@pytest.mark.parametrize("kind", KINDS)
def test_an_error_is_caught_as_its_kind_and_as_one_of_ours_and_as_no_other(
    kind: type[GongkaiError],
) -> None:
    others = tuple(other for other in (*KINDS, Refused) if other not in kind.__mro__)
    error = kind("sample_code", field="title")

    assert isinstance(error, GongkaiError)
    assert not isinstance(error, others)
    assert ("sample_code", {"field": "title"}) == (error.code, error.params)


def test_an_error_prints_its_code_and_its_facts_for_the_log() -> None:
    assert "file_missing(path='样例.toml', line=3)" == str(
        InvalidInput("file_missing", path="样例.toml", line=3)
    )
    assert "no_office" == str(NotFound("no_office"))


def test_a_fact_may_be_called_code_without_hiding_the_code() -> None:
    error = InvalidInput("unknown_ground", code="x")

    assert ("unknown_ground", "x") == (error.code, error.params["code"])


def test_a_refusal_keeps_every_reason_and_is_known_by_the_first() -> None:
    head = Who("head", "样例局长", "department_head", "样例局")
    reasons = [
        Refusal("role_missing", {"role": "department_head"}, (head,)),
        Refusal("reason_required"),
    ]
    refused = Refused(reasons)
    reasons.clear()

    assert ("role_missing", {"role": "department_head"}) == (refused.code, refused.params)
    assert ["role_missing", "reason_required"] == [reason.code for reason in refused.refusals]
    assert (head,) == refused.refusals[0].who


def test_there_is_no_refusal_without_a_reason() -> None:
    with pytest.raises(IndexError):
        Refused([])


def test_a_reason_cannot_be_changed_once_it_was_given() -> None:
    reason = Refusal("reason_required")

    with pytest.raises(FrozenInstanceError):
        reason.code = "allowed"  # type: ignore[misc] # that is what is refused


def test_two_reasons_with_the_same_facts_are_one_reason() -> None:
    assert Refusal("no_way_back", {"to": "seal"}) == Refusal("no_way_back", {"to": "seal"})
    assert Refusal("no_way_back", {"to": "seal"}) != Refusal("no_way_back", {"to": "draft"})


def test_the_module_stands_alone_and_speaks_to_nobody() -> None:
    imported = {
        node.module if isinstance(node, ast.ImportFrom) else node.names[0].name
        for node in ast.walk(ast.parse(inspect.getsource(errors)))
        if isinstance(node, (ast.Import, ast.ImportFrom))
    }

    assert {"__future__", "dataclasses", "typing", "collections.abc"} == imported
