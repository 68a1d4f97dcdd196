"""What outsiders never see, what tampering leaves behind, and who is named in a crowd."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Final

import pytest
from sqlalchemy import text

from tests.service.sample_office import PEOPLE, upload
from tests.service.tampering import unguarded
from workflow.audit import Fault, entry_hash
from workflow.errors import Conflict, NotFound, Refused
from workflow.guards import Role
from workflow.machine import Action

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.engine import Connection

    from tests.service.sample_office import SampleOffice

# -- S42 ---------------------------------------------------------------------------------------

TITLE: Final = "样例：限制知悉的事项"
BODY: Final = "样例正文，限制知悉。"


@pytest.mark.parametrize("place", ["draft", "sign_off", "final_review", "cleared"])
def test_s42_a_restricted_item_does_not_exist_for_outsiders(
    office: SampleOffice, place: str
) -> None:
    office.item_at("sign_off")
    item = office.draft(
        changes={"title": TITLE, "body": BODY}, restricted=True, readers=["receiver"]
    )
    office.carry(item, to=place)
    stages = ["sign_off", "seal", "confidentiality_review", "final_review", "cleared"]
    reached = [] if place == "draft" else stages[: stages.index(place) + 1]
    insiders = {"clerk", "receiver"} | {
        name
        for name, stage in {
            "head": "sign_off", "head2": "sign_off",
            "keeper": "seal", "keeper2": "seal",
            "reviewer": "confidentiality_review", "reviewer2": "confidentiality_review",
            "final": "final_review", "final2": "final_review",
            "publisher": "cleared", "publisher2": "cleared",
        }.items()
        if stage in reached
    }  # fmt: skip
    for name in PEOPLE:
        sees = name in insiders
        assert sees is can_see(office, name, item), name
        assert sees is (item in numbers(office, name)), name
        assert sees is finds(office, name, item), name


def numbers(office: SampleOffice, name: str) -> list[int]:
    """Return everything that somebody is shown in lists, page by page, whose totals must agree."""
    first = office.queries.items(office[name], limit=1)
    rows = list(first.rows)
    while len(rows) < first.total:
        page = office.queries.items(office[name], limit=1, offset=len(rows))
        assert first.total == page.total
        assert 1 == len(page.rows)
        rows += page.rows
    assert () == office.queries.items(office[name], limit=1, offset=len(rows)).rows
    inbox = office.queries.inbox(office[name]).rows
    assert {row["item"] for row in inbox} <= {row["item"] for row in rows}
    return [row["item"] for row in rows]


def can_see(office: SampleOffice, name: str, item: int) -> bool:
    """Tell whether somebody can read an item in any way; all ways agree."""
    reads: list[Callable[[int, int], Any]] = [
        office.queries.show,
        office.queries.history,
        office.queries.revisions,
        lambda reader, number: office.service.consider(number, reader),
    ]
    answers = []
    for read in reads:
        try:
            answers.append(bool(read(office[name], item)))
        except NotFound as error:
            answers.append(error.params != {"item": item})  # As of a number never given.
    assert len(set(answers)) == 1, (name, answers)
    return answers[0]


def finds(office: SampleOffice, name: str, item: int) -> bool:
    """Tell whether somebody finds an item by its title or by its index number."""
    index_number = office.row(item).index_number
    answers = []
    for words in filter(None, (TITLE, index_number)):
        try:
            answers.append(item == office.queries.resolve(office[name], words, reading=True))
        except NotFound as error:
            answers.append(error.params != {"item": words})
    assert len(set(answers)) == 1, (name, answers)
    return answers[0]


def test_s42_a_second_entry_does_not_give_a_restricted_item_away(office: SampleOffice) -> None:
    office.draft(changes={"title": TITLE, "body": BODY}, restricted=True, submit=True)
    mine = office.draft(by="colleague", changes={"body": BODY})
    assert [] == office.queries.show(office["colleague"], mine)["same_as"]


def test_s42_a_restricted_item_that_came_back_is_in_no_other_clerks_inbox(
    office: SampleOffice,
) -> None:
    item = office.draft(restricted=True, submit=True)
    office.give_back(item, "head")
    assert [item] == [row["item"] for row in office.queries.inbox(office["clerk"]).rows]
    assert () == office.queries.inbox(office["colleague"]).rows


def test_s42_what_outsiders_try_is_refused_as_if_there_were_nothing(office: SampleOffice) -> None:
    item = office.draft(restricted=True)
    for name in ("colleague", "supervisor", "admin", "outsider", "head"):
        with office.refused("no_such_item", by=NotFound):
            office.act(item, Action.SUBMIT, name)
        with office.refused("no_such_item", by=NotFound):
            office.service.revise(
                item, office[name], {"title": "样例"}, seen=1, attach=[upload("1.txt", b"1")]
            )


def test_s42_who_is_named_may_read_and_not_act(office: SampleOffice) -> None:
    item = office.draft(restricted=True, readers=["supervisor"])
    office.queries.show(office["supervisor"], item)
    with office.refused("role_missing"):
        office.act(item, Action.SUBMIT, "supervisor")


# -- S44 ---------------------------------------------------------------------------------------


def tampered(office: SampleOffice, *statements: str) -> list[Fault]:
    """Do what only somebody with the database's credentials could, and verify the trail."""
    with unguarded(office.database) as connection:
        for statement in statements:
            assert connection.execute(text(statement)).rowcount != 0, statement
    return office.faults()


ENTRY: Final = "subject = 'item:1' AND seq"


@pytest.mark.parametrize("seq", [1, 2, 3, 4, 5])
def test_s44_a_deleted_entry_is_named_the_last_one_too(office: SampleOffice, seq: int) -> None:
    office.item_at("final_review")
    assert 5 == len(office.trail(1))
    faults = tampered(office, f"DELETE FROM audit_entry WHERE {ENTRY} = {seq}")  # noqa: S608
    assert [Fault("item:1", seq, "missing")] == faults


@pytest.mark.parametrize("seq", [1, 3, 5])
@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("actor", "'keeper2'"),
        ("event", "'approved'"),
        ("details", "'{}'"),
        ("on_behalf_of", "'head2'"),
        ("channel", "'cli'"),
        ("host", "'elsewhere'"),
        ("at", "'2017-01-20 01:00:00.000001+00:00'"),
        ("hash", "'" + "0" * 64 + "'"),
    ],
    ids=["actor", "event", "details", "behalf", "channel", "host", "at", "hash"],
)
def test_s44_an_altered_entry_is_named(
    office: SampleOffice, seq: int, column: str, value: str
) -> None:
    office.item_at("final_review")
    if column == "at" and office.database.is_sqlite:
        value = "'2017-01-20 01:00:00.000001'"
    faults = tampered(
        office,
        f'UPDATE audit_entry SET "{column}" = {value} WHERE {ENTRY} = {seq}',  # noqa: S608
    )
    assert [Fault("item:1", seq, "altered")] == faults


def test_s44_two_entries_that_change_places_are_named(office: SampleOffice) -> None:
    office.item_at("final_review")
    faults = tampered(
        office,
        f"UPDATE audit_entry SET seq = 99 WHERE {ENTRY} = 3",  # noqa: S608
        f"UPDATE audit_entry SET seq = 3 WHERE {ENTRY} = 4",  # noqa: S608
        f"UPDATE audit_entry SET seq = 4 WHERE {ENTRY} = 99",  # noqa: S608
    )
    assert [Fault("item:1", 3, "altered")] == faults


def test_s44_an_entry_that_was_put_in_with_a_right_hash_is_named(office: SampleOffice) -> None:
    office.item_at("final_review")
    with unguarded(office.database) as connection:
        forged(connection, office, seq=3)
    assert [Fault("item:1", 4, "relinked")] == office.faults()


def test_s44_a_forged_last_entry_does_not_agree_with_the_head(office: SampleOffice) -> None:
    office.item_at("final_review")
    with unguarded(office.database) as connection:
        forged(connection, office, seq=5)
    assert [Fault("item:1", 5, "head_differs")] == office.faults()


@pytest.mark.parametrize("details", ["{}", "[]", "?", '{"digest":"x","decision":7}'])
def test_s44_an_entry_with_a_right_hash_and_no_sense_is_named(
    office: SampleOffice, details: str
) -> None:
    office.item_at("final_review")
    with unguarded(office.database) as connection:
        forged(connection, office, seq=2, details=details)
    assert [Fault("item:1", 2, "altered")] == office.faults()


def forged(connection: Connection, office: SampleOffice, *, seq: int, **changes: str) -> None:
    """Exchange the actor of an entry and compute its hash anew, as a careful forger would."""
    entry = dict(next(row for row in office.trail(1) if row.seq == seq)._mapping)  # noqa: SLF001
    entry |= {"actor": "keeper2", **changes}
    changed = "actor = :actor, details = :details, hash = :hash"
    connection.execute(
        text(f"UPDATE audit_entry SET {changed} WHERE {ENTRY} = {seq}"),  # noqa: S608
        {"hash": entry_hash(entry), "actor": entry["actor"], "details": entry["details"]},
    )


def test_s44_an_entry_added_at_the_end_does_not_agree_with_the_head(office: SampleOffice) -> None:
    office.item_at("seal")
    columns = "at, event, actor, channel, host, details, previous, hash"
    faults = tampered(
        office,
        f"INSERT INTO audit_entry (id, subject, seq, {columns})"  # noqa: S608
        f" SELECT 9999, subject, 4, {columns} FROM audit_entry WHERE {ENTRY} = 3",
    )
    assert [Fault("item:1", 4, "altered")] == faults


@pytest.mark.parametrize("seq", ["1", "(SELECT trail_seq FROM office)"], ids=["first", "last"])
def test_s44_the_chain_of_the_system_is_guarded_likewise(office: SampleOffice, seq: str) -> None:
    office.give("auditor", Role.CLERK)
    number = 1 if seq == "1" else len(office.trail())
    faults = tampered(
        office,
        f"DELETE FROM audit_entry WHERE subject = 'system' AND seq = {seq}",  # noqa: S608
    )
    assert [Fault("system", number, "missing")] == faults


# -- S45 ---------------------------------------------------------------------------------------


def test_s45_people_who_act_in_threads_never_swap_names(office: SampleOffice) -> None:
    rounds = 4
    people = ("head", "head2")
    items = {name: [office.item_at("sign_off") for _ in range(rounds)] for name in people}
    refusals: list[tuple[str, ...]] = []
    together = threading.Barrier(len(people) + 1)

    def sign(name: str) -> None:
        together.wait()
        for item in items[name]:
            office.act(item, Action.SIGN_OFF, name)

    def pester() -> None:
        together.wait()
        for item in [*items["head"], *items["head2"]]:
            with pytest.raises((Refused, Conflict)) as refusal:
                office.act(item, Action.SEAL, "clerk")
            if isinstance(refusal.value, Refused):
                refusals.append(tuple(each.code for each in refusal.value.refusals))

    with ThreadPoolExecutor(len(people) + 1) as pool:
        running = [pool.submit(sign, name) for name in people] + [pool.submit(pester)]
        for each in running:
            each.result()
    for name in people:
        for item in items[name]:
            (decision,) = office.decisions(item)
            assert office[name] == decision.actor_id
            assert ["clerk", "clerk", name] == [entry.actor for entry in office.trail(item)]
            seen = office.service.last_seen(office[name], item)
            assert office.row(item).version == seen
    # Whatever the others did meanwhile, the clerk was refused as the clerk.
    assert {True} == {
        "author_may_not_decide" in codes or "wrong_state" in codes for codes in refusals
    }
    assert [] == office.faults()
