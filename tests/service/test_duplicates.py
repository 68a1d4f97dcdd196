"""Second entries: every way in is held off alike, and those who may see both are shown both."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest

from tests.service.sample_office import CIVIL, FINANCE
from tests.service.test_purging import digests, purge
from workflow.errors import Refused
from workflow.guards import Role
from workflow.machine import Action

if TYPE_CHECKING:
    from tests.service.sample_office import SampleOffice

BODY: Final = "样例正文，同一篇。"
NUMBER: Final = "样政发〔2017〕1号"


def abandoned(office: SampleOffice, **changes: Any) -> int:
    """Return an abandoned item that was submitted before."""
    item = office.item_at("sign_off", **changes)
    office.give_back(item, "head")
    office.act(item, Action.ABANDON, "head", reason="样例理由")
    return item


def corrected(office: SampleOffice, item: int) -> int:
    """Open the next edition of a published item."""
    answer = office.service.correct(
        item, office["clerk"], change_note="样例说明", seen=office.row(item).version
    )
    edition: int = answer["item"]
    return edition


def same_as(office: SampleOffice, who: str, item: int) -> list[int]:
    """Return which items somebody is shown beside another as the same."""
    return [row["item"] for row in office.queries.show(office[who], item)["same_as"]]


def test_what_was_entered_again_meanwhile_is_not_reopened_unless_there_is_a_reason(
    office: SampleOffice,
) -> None:
    old = abandoned(office, body=BODY)
    new = office.draft(changes={"body": BODY})
    for dry_run in (False, True):
        with office.refused("duplicate") as refusal:
            office.act(old, Action.REOPEN, "head", reason="样例理由", dry_run=dry_run)
        assert {"item": new, "index_number": ""} == refusal.value.params
    with office.refused("duplicate"):
        office.act(old, Action.REOPEN, "head", reason="样例理由", not_duplicate=" \u3000")
    office.act(old, Action.REOPEN, "head", reason="样例理由", not_duplicate=" 样例：两件")
    said = office.queries.history(office["clerk"], old)[-1]["said"]
    assert {"reason": "样例理由", "not_duplicate": "样例：两件"} == said
    assert [] == office.faults()


def test_a_document_number_holds_off_a_reopening_too(office: SampleOffice) -> None:
    old = abandoned(office, document_number=NUMBER)
    office.draft(changes={"document_number": "样政发[2017]1号"})
    with office.refused("duplicate"):
        office.act(old, Action.REOPEN, "head", reason="样例理由")


def test_what_has_ended_otherwise_was_never_free_to_be_entered_again(office: SampleOffice) -> None:
    withheld = office.item_at(
        "withheld",
        body=BODY,
        attribute="not_disclosed",
        ground="personal_privacy",
        attribute_reason="样例",
    )
    with office.refused("duplicate"):
        office.draft(changes={"body": BODY})
    office.draft(changes={"body": BODY}, not_duplicate="样例：两件")
    office.act(withheld, Action.REOPEN, "head", reason="样例理由")
    assert "draft" == office.place(withheld)


def test_the_next_edition_is_no_second_entry_of_the_one_that_it_corrects(
    office: SampleOffice,
) -> None:
    first = office.item_at("published", body=BODY, document_number=NUMBER)
    second = corrected(office, first)
    office.revise(second, body="样例正文，另一篇。", document_number=None)
    # Back to what is public: the way back must not be barred by the public one.
    office.revise(second, body=BODY, document_number=NUMBER)
    office.revise(second, title="样例：更正后的标题")
    office.carry(second, to="published")
    third = corrected(office, second)
    office.revise(third, body="样例正文，第三篇。", document_number=None)
    office.revise(third, body=BODY, document_number=NUMBER)
    assert [[], [], []] == [same_as(office, "clerk", each) for each in (first, second, third)]
    assert [] == office.app.reports.duplicates(office["supervisor"])
    with office.refused("duplicate") as refusal:
        office.draft(changes={"body": BODY})
    assert first == refusal.value.params["item"]


def test_an_edition_is_a_second_entry_of_what_another_line_holds(office: SampleOffice) -> None:
    other = office.draft(changes={"document_number": NUMBER})
    edition = corrected(office, office.item_at("published"))
    with office.refused("duplicate") as refusal:
        office.revise(edition, document_number=NUMBER)
    assert other == refusal.value.params["item"]


def test_the_first_that_one_may_see_is_named_although_another_came_before(
    office: SampleOffice,
) -> None:
    office.draft(by="outsider", department=FINANCE, changes={"body": BODY})
    with office.refused("duplicate_unseen"):
        office.draft(changes={"body": BODY})
    own = office.draft(changes={"body": BODY}, not_duplicate="样例：转发")
    with office.refused("duplicate") as refusal:
        office.draft(by="colleague", changes={"body": BODY})
    assert own == refusal.value.params["item"]


def test_a_restricted_item_is_not_there_for_those_who_may_not_see_it(office: SampleOffice) -> None:
    """Neither a refusal nor its absence tells of it (S42)."""
    secret = office.draft(
        changes={"body": BODY, "document_number": NUMBER}, restricted=True, readers=["head2"]
    )
    tried: dict[str, Any] = {"changes": {"body": BODY, "document_number": NUMBER}, "dry_run": True}
    for by, department in (("colleague", CIVIL), ("outsider", FINANCE)):
        office.draft(by=by, department=department, **tried)
    with office.refused("duplicate") as refusal:
        office.draft(by="clerk", **tried)
    assert secret == refusal.value.params["item"]
    office.give("head2", Role.CLERK)
    with office.refused("duplicate"):
        office.draft(by="head2", **tried)


def test_both_are_shown_to_those_who_may_see_both_and_to_nobody_else(office: SampleOffice) -> None:
    one = office.draft(changes={"body": BODY}, restricted=True, submit=True)
    two = office.draft(by="colleague", changes={"body": BODY}, submit=True)
    # The head holds the stage at which both are; the colleague sees only the own one.
    assert ([two], [one]) == (same_as(office, "head", one), same_as(office, "head", two))
    assert [] == same_as(office, "colleague", two)
    assert [] == same_as(office, "supervisor", two)
    assert [two] == same_as(office, "clerk", one)


def test_a_purged_text_is_no_mark_of_anything(office: SampleOffice) -> None:
    items = [office.draft(changes={"body": f"样例正文 {number}"}) for number in (1, 2)]
    for item in items:
        purge(office, digests(office, item)[0])
    assert [[], []] == [same_as(office, "clerk", item) for item in items]
    assert [] == office.app.reports.duplicates(office["supervisor"])
    # What was there may be entered anew, by whom it belongs to and by others.
    office.draft(changes={"body": "样例正文 1"})


def test_supervisors_see_what_was_entered_twice_and_why(office: SampleOffice) -> None:
    one = office.draft(changes={"body": BODY, "document_number": NUMBER})
    two = office.draft(
        by="outsider",
        department=FINANCE,
        changes={"body": BODY, "document_number": "样政发(2017)1号"},
        not_duplicate="样例：联合发文",
    )
    office.draft(changes={"body": BODY}, restricted=True, not_duplicate="样例：内部")
    office.act(office.draft(changes={"body": BODY}, not_duplicate="样例"), Action.ABANDON, "clerk")
    found = office.app.reports.duplicates(office["supervisor"])
    assert [("document_number", NUMBER, 2), ("text", None, 2)] == [
        (each["same"], each["document_number"], each["count"]) for each in found
    ]
    for each in found:
        reasons = [(row["item"], row["reason"]) for row in each["items"]]
        assert [(one, None), (two, "样例：联合发文")] == reasons
    assert [] == office.app.reports.duplicates(office["outhead"])
    with pytest.raises(Refused) as refused:
        office.app.reports.duplicates(office["clerk"])
    assert ["report_not_yours"] == [each.code for each in refused.value.refusals]


def test_a_head_is_shown_what_the_own_body_entered_twice(office: SampleOffice) -> None:
    for reason in (None, "样例：两件"):
        office.draft(changes={"body": BODY}, not_duplicate=reason)
    assert 1 == len(office.app.reports.duplicates(office["head"]))
    assert [] == office.app.reports.duplicates(office["supervisor"], body=FINANCE)
