"""What a seal leaves behind: a record that holds for one statement and for no other."""

from __future__ import annotations

import hashlib
from dataclasses import fields, replace
from typing import Final

import pytest

from workflow.seals import RegisterSeal, SealProvider, SealStatement

STATEMENT: Final = SealStatement(
    body="YL-CIVIL", register_number="2017-0001", digest="a" * 64, index_number="YL-CIVIL/2017-1"
)
# Frozen: a record that was made once must be recognised for ever.
FORM: Final = (
    '{"body":"YL-CIVIL","digest":"' + "a" * 64 + '",'
    '"index_number":"YL-CIVIL/2017-1","register_number":"2017-0001"}'
)


def test_the_statement_that_is_sealed_has_a_frozen_form() -> None:
    assert FORM.encode("utf-8") == STATEMENT.canonical()


def test_chinese_text_stands_in_the_statement_as_itself() -> None:
    statement = replace(STATEMENT, register_number="政〔2017〕1号")

    assert "政〔2017〕1号".encode() in statement.canonical()


def test_the_record_names_its_provider_and_the_hash_of_the_statement() -> None:
    assert {
        "provider": "register",
        "statement_sha256": hashlib.sha256(FORM.encode()).hexdigest(),
    } == RegisterSeal().seal(STATEMENT)


def test_a_record_holds_for_the_statement_it_was_made_for() -> None:
    provider: SealProvider = RegisterSeal()

    assert provider.holds(STATEMENT, provider.seal(replace(STATEMENT)))


@pytest.mark.parametrize("name", [field.name for field in fields(SealStatement)])
def test_a_record_holds_for_no_other_body_number_or_digest(name: str) -> None:
    record = RegisterSeal().seal(STATEMENT)
    other = replace(STATEMENT, **{name: getattr(STATEMENT, name) + "1"})

    assert not RegisterSeal().holds(other, record)


@pytest.mark.parametrize(
    "change",
    [{"provider": "certificate"}, {"statement_sha256": "0" * 64}, {"signature": "x"}],
    ids=lambda change: next(iter(change)),
)
def test_a_record_that_was_changed_holds_for_nothing(change: dict[str, str]) -> None:
    record = {**RegisterSeal().seal(STATEMENT), **change}

    assert not RegisterSeal().holds(STATEMENT, record)


def test_an_empty_record_holds_for_nothing() -> None:
    assert not RegisterSeal().holds(STATEMENT, {})
