"""Numbers that are given once: index numbers, and the register of seals."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from tests.service.sample_office import CIVIL, FINANCE
from workflow import organisation
from workflow.errors import InvalidInput, LimitExceeded
from workflow.guards import Role
from workflow.machine import Action
from workflow.models import Counter, table
from workflow.revisions import read
from workflow.seals import RegisterSeal, SealStatement

if TYPE_CHECKING:
    from tests.service.sample_office import SampleOffice
    from workflow.errors import GongkaiError


def number(office: SampleOffice, item: int) -> str | None:
    """Return an item's index number."""
    found: str | None = office.row(item).index_number
    return found


# -- index numbers ---------------------------------------------------------------------------


def test_a_draft_has_no_number_and_the_first_submission_gives_it_one(office: SampleOffice) -> None:
    item = office.draft()
    assert number(office, item) is None
    office.act(item, Action.SUBMIT, "clerk")
    assert "YL-CIVIL/2017-00001" == number(office, item)


def test_the_number_is_part_of_what_is_decided_upon(office: SampleOffice) -> None:
    item = office.item_at("sign_off")
    content = office.queries.show(office["clerk"], item)["content"]
    assert "YL-CIVIL/2017-00001" == content["index_number"]


def test_numbers_run_for_each_body_and_each_year_of_formation(office: SampleOffice) -> None:
    def submitted(by: str, department: str, formed_on: str) -> str | None:
        item = office.draft(
            by=by, department=department, changes={"formed_on": formed_on}, submit=True
        )
        return number(office, item)

    given = [
        submitted("clerk", CIVIL, "2017-01-10"),
        submitted("clerk", CIVIL, "2016-12-31"),
        submitted("outsider", FINANCE, "2017-01-10"),
        submitted("clerk", CIVIL, "2017-01-20"),
        submitted("clerk", CIVIL, "2016-01-01"),
    ]
    expected = [
        "YL-CIVIL/2017-00001",
        "YL-CIVIL/2016-00001",
        "YL-FINANCE/2017-00001",
        "YL-CIVIL/2017-00002",
        "YL-CIVIL/2016-00002",
    ]
    assert expected == given


def test_a_number_stays_when_the_formation_date_is_corrected(office: SampleOffice) -> None:
    item = office.item_at("sign_off")
    office.act(item, Action.RECALL, "clerk", reason="样例理由")
    office.revise(item, formed_on="2016-12-30")
    office.act(item, Action.SUBMIT, "clerk")
    assert "YL-CIVIL/2017-00001" == number(office, item)


def test_a_number_stays_when_the_body_is_renamed(office: SampleOffice) -> None:
    item = office.item_at("sign_off")
    old = organisation.shipped("sample_small")
    bodies = tuple(
        replace(body, name="东昌区民政和社会局（样例）") if body.code == CIVIL else body
        for body in old.bodies
    )
    office.bureau.import_organisation(office["admin"], replace(old, bodies=bodies))
    office.carry(item, to="cleared")
    assert "YL-CIVIL/2017-00001" == number(office, item)
    assert "YL-CIVIL/2017-00002" == number(office, office.draft(submit=True))


def test_the_number_of_an_abandoned_item_is_not_given_again(office: SampleOffice) -> None:
    item = office.item_at("sign_off")
    office.act(item, Action.RECALL, "clerk", reason="样例理由")
    office.act(item, Action.ABANDON, "head", reason="样例理由")
    assert "YL-CIVIL/2017-00002" == number(office, office.draft(submit=True))
    assert "YL-CIVIL/2017-00001" == number(office, item)


def test_a_refused_submission_uses_no_number_up(office: SampleOffice) -> None:
    with office.refused("category_required"):
        office.draft(changes={"category": None}, submit=True)
    assert "YL-CIVIL/2017-00001" == number(office, office.draft(submit=True))


def test_the_counter_is_the_last_number_given(office: SampleOffice) -> None:
    office.draft(submit=True)
    office.draft(submit=True)
    counter = table(Counter)
    with office.database.read() as connection:
        body = office.row(1).body_id
        value = connection.execute(
            select(counter.c.value).where(counter.c.name == f"index:{body}:2017")
        ).scalar_one()
    assert 2 == value


# -- the register of seals -------------------------------------------------------------------


def test_a_seal_takes_the_next_number_of_its_bodys_register(office: SampleOffice) -> None:
    items = [office.item_at("seal") for _ in range(2)]
    numbers = [office.act(item, Action.SEAL, "keeper")["register_number"] for item in items]
    assert ["2017-0001", "2017-0002"] == numbers


def test_the_register_begins_anew_each_year_of_sealing(office: SampleOffice) -> None:
    office.decide(office.item_at("seal"))
    item = office.item_at("seal")
    office.clock.advance(timedelta(days=366))
    assert "2018-0001" == office.decide(item)["register_number"]


def test_each_body_has_a_register_of_its_own(office: SampleOffice) -> None:
    office.decide(office.item_at("seal"))
    office.give("outhead", Role.SEAL_KEEPER, body=FINANCE)
    office.give("receiver", Role.DEPARTMENT_HEAD, body=FINANCE)
    item = office.draft(by="outsider", department=FINANCE, submit=True)
    office.act(item, Action.SIGN_OFF, "receiver")
    assert "2017-0001" == office.act(item, Action.SEAL, "outhead")["register_number"]


def test_the_keeper_may_state_the_number_of_a_register_on_paper(office: SampleOffice) -> None:
    item = office.item_at("seal")
    answer = office.act(item, Action.SEAL, "keeper", register_number="民印〔2017〕7号")
    assert "民印〔2017〕7号" == answer["register_number"]


def test_a_number_that_was_stated_is_passed_over(office: SampleOffice) -> None:
    office.act(office.item_at("seal"), Action.SEAL, "keeper", register_number="2017-0001")
    assert "2017-0002" == office.decide(office.item_at("seal"))["register_number"]


def test_a_number_serves_once(office: SampleOffice) -> None:
    office.act(office.item_at("seal"), Action.SEAL, "keeper", register_number="7")
    item = office.item_at("seal")
    with office.refused("register_number_taken"):
        office.act(item, Action.SEAL, "keeper", register_number="7")
    with office.refused("register_number_taken"):
        office.act(item, Action.SEAL, "keeper", register_number="7" + " " * 100)
    for same in ("７", "\u200b7", "7\u2060", "7\ufe0f", "\u30007"):
        with office.refused("register_number_taken"):
            office.act(item, Action.SEAL, "keeper", register_number=same)
    with office.refused("field_empty", by=InvalidInput):
        office.act(item, Action.SEAL, "keeper", register_number="\u200b\u3164")


def test_the_number_of_a_voided_seal_serves_no_other(office: SampleOffice) -> None:
    item = office.item_at("confidentiality_review")
    office.give_back(item, "reviewer", to="seal")
    with office.refused("register_number_taken"):
        office.act(item, Action.SEAL, "keeper", register_number="2017-0001")
    assert "2017-0002" == office.decide(item)["register_number"]


@pytest.mark.parametrize(
    ("written", "code", "kind"),
    [
        ("", "field_empty", InvalidInput),
        (" 　", "field_empty", InvalidInput),
        ("7\n8", "bad_character", InvalidInput),
        ("7\x00", "bad_character", InvalidInput),
        ("7" * 101, "field_too_long", LimitExceeded),
    ],
    ids=["empty", "blank", "lines", "nul", "long"],
)
def test_a_number_is_one_line_of_at_most_a_hundred_characters(
    office: SampleOffice, written: str, code: str, kind: type[GongkaiError]
) -> None:
    item = office.item_at("seal")
    with office.refused(code, by=kind):
        office.act(item, Action.SEAL, "keeper", register_number=written)


def test_a_seal_binds_body_number_and_digest(office: SampleOffice) -> None:
    item = office.item_at("confidentiality_review")
    seal = office.decisions(item)[-1]
    statement = SealStatement(
        body=CIVIL,
        register_number="2017-0001",
        digest=office.row(item).digest,
        index_number="YL-CIVIL/2017-00001",
    )
    record = json.loads(seal.details)["seal"]
    assert RegisterSeal().holds(statement, record)
    for changes in (
        {"body": FINANCE},
        {"register_number": "2017-0002"},
        {"digest": "0" * 64},
        {"index_number": "YL-CIVIL/2017-00002"},
    ):
        assert not RegisterSeal().holds(replace(statement, **changes), record)


def test_the_body_named_in_the_content_is_the_one_that_entered_it(office: SampleOffice) -> None:
    item = office.item_at("sign_off")
    content = office.queries.show(office["clerk"], item)["content"]
    form = json.dumps(content)
    assert "东昌区民政局（样例）" == read(form).publishing_body
