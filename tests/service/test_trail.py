"""The trail: every chain can be walked, and while others write it reads as one picture."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select, text

from tests.service.tampering import unguarded
from workflow import audit
from workflow.audit import Fault, Head
from workflow.errors import Damaged
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


GONE_WITH_IT = (
    "search_entry",
    "consultation",
    "deadline",
    "sighting",
    "item_author",
    "decision",
    "revision",
)


def test_a_chain_without_its_subject_is_a_fault(office: SampleOffice) -> None:
    item = office.item_at("seal")
    with unguarded(office.database) as connection:
        connection.execute(text("UPDATE item SET revision_id = NULL"))
        for name in GONE_WITH_IT:
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
        for name in GONE_WITH_IT:
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
        ("seal", "UPDATE item SET reached = 3", (3, "item_differs", "reached")),
        (
            "seal",
            "UPDATE item SET created_at = '2000-01-01 00:00:00+00:00'",
            (1, "item_differs", "created_at"),
        ),
        (
            "seal",
            "UPDATE item SET submitted_at = '2000-01-01 00:00:00+00:00'",
            (2, "item_differs", "submitted_at"),
        ),
        (
            "seal",
            "UPDATE item SET entered_at = '2000-01-01 00:00:00+00:00'",
            (3, "item_differs", "entered_at"),
        ),
        ("seal", "UPDATE item SET title = 'x'", (3, "item_differs", "title")),
        ("seal", "UPDATE item SET category = 'x'", (3, "item_differs", "category")),
        ("seal", "UPDATE item SET formed_on = '2016-01-01'", (3, "item_differs", "formed_on")),
        ("seal", "UPDATE item SET document_key = 'x'", (3, "item_differs", "document_key")),
        ("seal", "UPDATE item SET body_digest = digest", (3, "item_differs", "body_digest")),
        (
            "seal",
            "UPDATE revision SET created_by = SOMEBODY WHERE number = 1",
            (1, "revision_differs", "creator"),
        ),
        (
            "seal",
            "UPDATE revision SET created_at = '2000-01-01 00:00:00+00:00' WHERE number = 2",
            (2, "revision_differs", "created_at"),
        ),
        (
            "seal",
            (
                "INSERT INTO revision (item_id, number, digest, created_by, created_at, canonical)"
                " SELECT item_id, 3, digest, created_by, created_at, canonical FROM revision"
                " WHERE number = 2"
            ),
            (3, "revision_differs", "id"),
        ),
        (
            "seal",
            "UPDATE decision SET kind = 'seal', register_number = NULL, positive = FALSE",
            (3, "decision_differs", "positive"),
        ),
        ("seal", "UPDATE decision SET kind = 'opinion'", (3, "decision_differs", "kind")),
        ("seal", "UPDATE decision SET revision_id = 1", (3, "decision_differs", "of")),
        (
            "final_review",
            "UPDATE decision SET details = '{}' WHERE stage = 'confidentiality_review'",
            (5, "decision_differs", "details"),
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
        (
            "UPDATE account SET language = 'zh' WHERE name = 'auditor'",
            "account_differs",
            "auditor",
        ),
        ("UPDATE account SET name = 'keeper3' WHERE name = 'keeper2'", "role_differs", ""),
        ("UPDATE body SET kind = 'township' WHERE code = 'YL-CIVIL'", "body_differs", "YL-CIVIL"),
        ("UPDATE body SET name = 'x' WHERE code = 'YL-CIVIL'", "body_differs", "YL-CIVIL"),
        ("UPDATE office SET rehearsal = FALSE", "office_differs", "rehearsal"),
        (
            "UPDATE policy_text SET text = replace(text, '\"seal\"', '\"seel\"')",
            "policy_differs",
            "dongchang",
        ),
    ],
    ids=[
        "granted",
        "revoked",
        "enabled",
        "language",
        "renamed",
        "kind",
        "name",
        "rehearsal",
        "policy",
    ],
)
def test_what_the_office_stands_on_and_that_is_not_what_the_trail_says_is_named(
    office: SampleOffice, statement: str, problem: str, what: str
) -> None:
    office.app.contacts.language(office["admin"], "en", user="auditor")
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


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ("UPDATE remark SET canonical = replace(canonical, '样例', '伪造')", "canonical"),
        ("UPDATE remark SET digest = substr(digest, 2) || 'x'", "remark"),
        ("UPDATE remark SET said_by = SOMEBODY", "said_by_name"),
        ("UPDATE remark SET said_at = '2000-01-01 00:00:00+00:00'", "said_at"),
        ("UPDATE remark SET purged_at = said_at, canonical = NULL", "purged_at"),
    ],
)
def test_words_that_are_not_what_was_said_are_named(
    office: SampleOffice, statement: str, fault: str
) -> None:
    item = office.item_at("seal")
    office.give_back(item, "keeper")
    if office.database.is_sqlite:
        statement = statement.replace("00:00:00+00:00", "00:00:00")
    with unguarded(office.database) as connection:
        statement = statement.replace("SOMEBODY", SOMEBODY) + f" WHERE item_id = {item}"
        assert 1 == connection.execute(text(statement)).rowcount
    (found,) = office.faults()
    kind = "decision_differs" if fault == "remark" else "remark_differs"
    assert (kind, fault) == (found.problem, found.what)


def test_an_item_in_the_hands_of_another_body_is_named(office: SampleOffice) -> None:
    item = office.item_at("seal")
    with unguarded(office.database) as connection:
        moved = "(SELECT id FROM body WHERE code = 'YL-FINANCE')"
        connection.execute(text(f"UPDATE item SET body_id = {moved}"))  # noqa: S608
    assert Fault(f"item:{item}", 1, "item_differs", "body") == office.faults()[0]


def test_two_items_that_change_places_are_both_named(office: SampleOffice) -> None:
    items = office.item_at("seal"), office.item_at("seal", title="样例：另一件")
    with unguarded(office.database) as connection:
        connection.execute(text("UPDATE item SET document_key = title"))
        connection.execute(
            text(
                "UPDATE item SET title = (SELECT other.document_key FROM item AS other"
                " WHERE other.id <> item.id)"
            )
        )
        connection.execute(text("UPDATE item SET document_key = NULL"))
    assert [(f"item:{item}", "title") for item in items] == [
        (fault.subject, fault.what) for fault in office.faults()
    ]


@pytest.mark.parametrize(
    ("statement", "what"),
    [
        ("UPDATE purge SET requested_by = SOMEBODY", "target"),
        ("UPDATE purge SET confirmed_at = NULL, confirmed_by = NULL", "target"),
        ("DELETE FROM purge", "target"),
        ("UPDATE remark SET canonical = 'x' WHERE item_id IS NULL", "remark"),
    ],
)
def test_a_purge_that_was_not_asked_for_so_is_named(
    office: SampleOffice, statement: str, what: str
) -> None:
    item = office.item_at("seal")
    office.give_back(item, "keeper")
    remark = office.queries.show(office["clerk"], item)["decisions"][-1]["remark"]
    office.bureau.ask_purge(office["admin"], remark, ground="personal_privacy", reason="样例")
    office.bureau.confirm_purge(office["supervisor"], remark)
    assert [] == office.faults()
    with unguarded(office.database) as connection:
        connection.execute(text(statement.replace("SOMEBODY", SOMEBODY)))
    (fault,) = office.faults()
    named = remark if what == "target" else what
    assert ("system", "purge_differs", named) == (fault.subject, fault.problem, fault.what)


def test_nothing_is_done_under_a_policy_whose_text_was_changed(office: SampleOffice) -> None:
    item = office.item_at("seal")
    again = office.again()
    with unguarded(again.database) as connection:
        spared = "UPDATE policy_text SET text = replace(text, '\"sign_off\"', '\"opinion\"')"
        connection.execute(text(spared))
    with pytest.raises(Damaged, match="policy_damaged"):
        again.service.perform(item, Action.SEAL, again["keeper"], seen=3)
    again.close()


def test_a_date_that_is_none_hides_no_other_fault(sqlite_office: SampleOffice) -> None:
    office = sqlite_office
    item, other = office.item_at("seal"), office.item_at("seal")
    with unguarded(office.database) as connection:
        connection.execute(
            text(f"UPDATE decision SET reassess_on = 'soon' WHERE item_id = {item}")  # noqa: S608
        )
        connection.execute(text(f"UPDATE item SET version = 9 WHERE id = {other}"))  # noqa: S608
    assert [(f"item:{item}", ""), (f"item:{other}", "version")] == [
        (fault.subject, fault.what) for fault in office.faults()
    ]


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
