"""The trail: every chain can be walked, and while others write it reads as one picture."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select, text

from tests.service.tampering import unguarded
from workflow import audit
from workflow.audit import Fault, Head
from workflow.machine import Action
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


def test_a_chain_that_went_with_its_head_is_a_fault(office: SampleOffice) -> None:
    item = office.item_at("seal")
    with unguarded(office.database) as connection:
        connection.execute(text("DELETE FROM audit_entry"))
        for name in ("item", "office"):
            connection.execute(
                text(f"UPDATE {name} SET trail_seq = 0, trail_hash = '{audit.GENESIS}'")  # noqa: S608
            )
    assert [Fault("system", 1, "missing"), Fault(f"item:{item}", 1, "missing")] == office.faults()


def test_an_item_that_went_with_its_chain_is_missed(office: SampleOffice) -> None:
    item = office.item_at("seal")
    office.item_at("sign_off")
    with unguarded(office.database) as connection:
        connection.execute(text(f"UPDATE item SET revision_id = NULL WHERE id = {item}"))  # noqa: S608
        for name in ("sighting", "item_author", "decision", "revision"):
            connection.execute(text(f"DELETE FROM {name} WHERE item_id = {item}"))  # noqa: S608
        connection.execute(text(f"DELETE FROM audit_entry WHERE subject = 'item:{item}'"))  # noqa: S608
        connection.execute(text(f"DELETE FROM item WHERE id = {item}"))  # noqa: S608
    assert [Fault("body:YL-CIVIL", 2, "items_missing")] == office.faults()


WITHHELD = {"attribute": "not_disclosed", "ground": "personal_privacy", "attribute_reason": "样例"}
SOMEBODY = "(SELECT id FROM account WHERE name = 'keeper2')"


@pytest.mark.parametrize(
    ("place", "statement", "fault"),
    [
        ("seal", "UPDATE item SET stage = 'final_review'", (3, "item_differs", "stage")),
        ("seal", "UPDATE item SET version = 9", (3, "item_differs", "version")),
        ("seal", "UPDATE item SET digest = body_digest", (3, "item_differs", "digest")),
        ("seal", "UPDATE item SET revision_id = 1", (3, "item_differs", "revision_id")),
        ("seal", "UPDATE item SET round = 2", (2, "item_differs", "round")),
        ("seal", "UPDATE item SET submissions = 2", (2, "item_differs", "submissions")),
        ("seal", "UPDATE item SET index_number = 'x'", (2, "item_differs", "index_number")),
        ("seal", "UPDATE item SET restricted = TRUE", (1, "item_differs", "restricted")),
        ("seal", "UPDATE item SET created_by = SOMEBODY", (1, "item_differs", "creator")),
        (
            "final_review",
            "UPDATE item SET state = 'cleared', stage = NULL",
            (5, "item_differs", "state"),
        ),
        (
            "published",
            "UPDATE item SET published_at = '2000-01-01 00:00:00+00:00'",
            (8, "item_differs", "published_at"),
        ),
        ("withheld", "UPDATE item SET ground = 'x'", (6, "item_differs", "ground")),
        (
            "withheld",
            "UPDATE item SET reassess_on = '2099-01-01'",
            (6, "item_differs", "reassess_on"),
        ),
        ("seal", "DELETE FROM item_author", (3, "item_differs", "authors")),
        (
            "seal",
            "INSERT INTO item_reader (item_id, account_id) VALUES (1, SOMEBODY)",
            (3, "item_differs", "readers"),
        ),
        (
            "final_review",
            "UPDATE decision SET digest = substr(digest, 2) || 'x' WHERE stage = 'seal'",
            (4, "decision_differs", "digest"),
        ),
        (
            "final_review",
            "UPDATE decision SET actor_id = SOMEBODY WHERE stage = 'seal'",
            (4, "decision_differs", "decider"),
        ),
        (
            "final_review",
            "UPDATE decision SET stage = 'x' WHERE stage = 'seal'",
            (4, "decision_differs", "stage"),
        ),
        (
            "final_review",
            "UPDATE decision SET register_number = 'x' WHERE stage = 'seal'",
            (4, "decision_differs", "register_number"),
        ),
        (
            "final_review",
            "UPDATE decision SET positive = FALSE WHERE stage = 'seal'",
            (4, "decision_differs", "positive"),
        ),
        (
            "final_review",
            "UPDATE decision SET decided_at = '2000-01-01 00:00:00+00:00' WHERE stage = 'seal'",
            (4, "decision_differs", "decided_at"),
        ),
        (
            "final_review",
            "UPDATE decision SET voided_at = decided_at WHERE stage = 'seal'",
            (4, "decision_differs", "voided_at"),
        ),
        (
            "final_review",
            "DELETE FROM decision WHERE stage = 'seal'",
            (4, "decision_differs", "id"),
        ),
        (
            "withheld",
            "UPDATE decision SET outcome = 'on_request_only' WHERE outcome IS NOT NULL",
            (5, "decision_differs", "outcome"),
        ),
        (
            "withheld",
            "UPDATE decision SET ground = 'x' WHERE outcome IS NOT NULL",
            (5, "decision_differs", "ground"),
        ),
        (
            "withheld",
            "UPDATE decision SET action = 'review_disclose' WHERE outcome IS NOT NULL",
            (5, "decision_differs", "action"),
        ),
        (
            "seal",
            "UPDATE revision SET canonical = replace(canonical, '正文', '伪文') WHERE number = 2",
            (3, "revision_differs", "canonical"),
        ),
    ],
)
def test_a_row_that_is_not_what_the_trail_says_is_named(
    office: SampleOffice, place: str, statement: str, fault: tuple[int, str, str]
) -> None:
    item = office.item_at(place, **(WITHHELD if place == "withheld" else {}))
    assert [] == office.faults()
    if office.database.is_sqlite:
        statement = statement.replace("00:00:00+00:00", "00:00:00")
    with unguarded(office.database) as connection:
        assert 0 < connection.execute(text(statement.replace("SOMEBODY", SOMEBODY))).rowcount
    assert [Fault(f"item:{item}", *fault)] == office.faults()


@pytest.mark.parametrize(
    ("statement", "problem", "what"),
    [
        (
            (
                "INSERT INTO role_grant (account_id, role, body_id, granted_at) SELECT account_id,"
                " 'clerk', body_id, granted_at FROM role_grant WHERE account_id = SOMEBODY"
            ),
            "role_differs",
            "keeper2 clerk YL-CIVIL",
        ),
        (
            "UPDATE role_grant SET revoked_at = granted_at WHERE account_id = SOMEBODY",
            "role_differs",
            "keeper2 seal_keeper YL-CIVIL",
        ),
        (
            "UPDATE account SET enabled = TRUE WHERE name = 'auditor'",
            "account_differs",
            "auditor",
        ),
        ("UPDATE account SET name = 'keeper3' WHERE name = 'keeper2'", "role_differs", ""),
    ],
    ids=["granted", "revoked", "enabled", "renamed"],
)
def test_a_role_or_account_that_is_not_what_the_trail_says_is_named(
    office: SampleOffice, statement: str, problem: str, what: str
) -> None:
    office.accounts.set_enabled(office["admin"], "auditor", enabled=False)
    assert [] == office.faults()
    with unguarded(office.database) as connection:
        assert 1 == connection.execute(text(statement.replace("SOMEBODY", SOMEBODY))).rowcount
    (fault,) = office.faults()
    assert ("system", problem) == (fault.subject, fault.problem)
    assert what in fault.what


def test_the_rows_of_everything_that_happens_are_what_the_trail_says(office: SampleOffice) -> None:
    item = office.item_at("confidentiality_review")
    office.give_back(item, "reviewer", to="seal")
    office.decide(item, "keeper2")
    office.give_back(item, "reviewer")
    office.revise(item, title="样例：改过的标题")
    office.carry(item, to="cleared")
    office.give_back(item, "publisher", to="final_review")
    office.carry(item, to="published")
    office.act(office.item_at("sign_off"), Action.RECALL, "clerk", reason="样例")
    office.act(office.draft(), Action.ABANDON, "clerk")
    office.draft(restricted=True, readers=["receiver"], submit=True)
    assert [] == office.faults()


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
