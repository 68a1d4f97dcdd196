"""The trail: every chain can be walked, and while others write it reads as one picture."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select, text

from tests.service.tampering import unguarded
from workflow import audit
from workflow.audit import Fault, Head
from workflow.models import AuditEntry, table

if TYPE_CHECKING:
    from tests.service.sample_office import SampleOffice

_entry = table(AuditEntry)


def walked(office: SampleOffice) -> dict[str, Head | Fault]:
    """Return what a walk through all chains finds, by subject."""
    with office.database.read() as connection:
        return {each.subject: each for each in audit.verify(connection)}


def test_every_sound_chain_is_named_with_its_head(office: SampleOffice) -> None:
    items = [office.item_at("seal"), office.draft()]
    found = walked(office)
    assert {"system", *(audit.item_subject(item) for item in items)} == set(found)
    with office.database.read() as connection:
        assert list(found.values()) == sorted(
            audit.heads(connection), key=lambda head: list(found).index(head.subject)
        )
    assert 3 == found["item:1"].seq


def test_the_hash_of_an_entry_can_be_computed_by_anybody(office: SampleOffice) -> None:
    item = office.item_at("seal")
    for entry in office.trail(item):
        assert entry.hash == audit.entry_hash(entry._mapping)  # noqa: SLF001
    hashes = [audit.GENESIS, *(entry.hash for entry in office.trail(item))]
    assert hashes[:-1] == [entry.previous for entry in office.trail(item)]


def test_the_trail_holds_no_content(office: SampleOffice) -> None:
    item = office.item_at("published", title="样例：独一无二的标题", body="样例：独一无二的正文")
    trail = "".join(entry.details for entry in office.trail(item))
    assert "独一无二" not in trail
    assert office.row(item).digest in trail


def test_a_chain_without_its_subject_is_a_fault(office: SampleOffice) -> None:
    item = office.item_at("seal")
    with unguarded(office.database) as connection:
        connection.execute(text("UPDATE item SET revision_id = NULL"))
        for name in ("sighting", "item_author", "decision", "revision"):
            connection.execute(text(f"DELETE FROM {name}"))  # noqa: S608
        connection.execute(text("DELETE FROM item"))
    assert Fault(f"item:{item}", 3, "head_differs") == walked(office)[f"item:{item}"]


def test_a_subject_without_its_chain_is_a_fault(office: SampleOffice) -> None:
    item = office.item_at("seal")
    with unguarded(office.database) as connection:
        connection.execute(text(f"DELETE FROM audit_entry WHERE subject = 'item:{item}'"))  # noqa: S608
    assert Fault(f"item:{item}", 1, "missing") == walked(office)[f"item:{item}"]


def test_one_broken_chain_hides_no_other(office: SampleOffice) -> None:
    items = [office.item_at("seal") for _ in range(3)]
    with unguarded(office.database) as connection:
        connection.execute(
            text(f"UPDATE audit_entry SET actor = 'x' WHERE subject = 'item:{items[1]}'")  # noqa: S608
        )
    assert [Fault(f"item:{items[1]}", 1, "altered")] == office.faults()
    assert 4 == len(walked(office))


def test_what_is_read_is_one_picture_while_others_write(office: SampleOffice) -> None:
    item = office.item_at("seal")
    other = office.again()
    with office.database.read() as connection:
        before = list(audit.heads(connection))
        other.decide(item)
        after = list(audit.heads(connection))
        faults = [each for each in audit.verify(connection) if isinstance(each, Fault)]
    assert before == after
    assert [] == faults
    assert 4 == walked(office)[f"item:{item}"].seq
    other.close()


def test_nobody_waits_for_a_reader(office: SampleOffice) -> None:
    item = office.item_at("seal")
    other = office.again()
    with office.database.read() as connection:
        connection.execute(select(_entry)).all()
        other.decide(item)
    other.close()
    assert "confidentiality_review" == office.place(item)


@pytest.mark.parametrize("event", ["seal_voided", "decision_voided"])
def test_a_voided_decision_is_told_with_both_digests(office: SampleOffice, event: str) -> None:
    item = office.item_at("confidentiality_review")
    old = office.row(item).digest
    office.give_back(item, "reviewer")
    office.revise(item, title="样例：改过的标题")
    details = next(
        json.loads(entry.details) for entry in office.trail(item) if entry.event == event
    )
    assert (old, office.row(item).digest, "revise") == (
        details["old_digest"],
        details["new_digest"],
        details["by"],
    )
    number = "2017-0001" if event == "seal_voided" else None
    assert number == details.get("register_number")
