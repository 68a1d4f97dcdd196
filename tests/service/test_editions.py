"""Correcting what is public: the old edition stays until the new one is there (S24, S25)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from tests.service.sample_office import START, upload
from tests.service.tampering import unguarded
from tests.service.test_retracting import clocks
from workflow.channels import PublicItem, RetractedItem
from workflow.errors import ChannelFailed, InvalidInput, NotFound, Refused
from workflow.machine import Action
from workflow.models import Deadline, table
from workflow.testing import MemoryChannel

if TYPE_CHECKING:
    from tests.service.sample_office import SampleOffice

_deadline = table(Deadline)
OLD, NEW = "YL-CIVIL/2017-00001", "YL-CIVIL/2017-00002"
NOTE = "样例：更正表二"


def correct(office: SampleOffice, item: int, by: str = "clerk", **more: Any) -> int:
    """Open the next edition of an item as it is now, and return its number."""
    told = {"change_note": NOTE} | more
    answer = office.service.correct(item, office[by], seen=office.row(item).version, **told)
    number: int = answer["item"]
    return number


def changed(office: SampleOffice, item: int) -> int:
    """Open the next edition of an item with another text, and return its number."""
    new = correct(office, item)
    office.revise(new, "clerk", body="样例正文，更正后。")
    return new


def test_the_old_edition_is_live_until_the_new_one_is(office: SampleOffice) -> None:
    """S24: then exactly one is live, and both pages link to each other."""
    channel = MemoryChannel()
    publisher = office.publisher(channel)
    old = office.item_at("publishing")
    publisher.dispatch()
    office.clock.advance(timedelta(days=3))
    new = changed(office, old)
    for place in ("final_review", "cleared", "publishing"):
        office.carry(new, to=place)
        assert "published" == office.place(old)
        assert [OLD] == channel.listed
    publisher.dispatch_item(new)
    assert ("superseded", "published") == (office.place(old), office.place(new))
    publisher.dispatch()
    before, after = channel.pages[OLD], channel.pages[NEW]
    assert isinstance(before, PublicItem)
    assert isinstance(after, PublicItem)
    assert before.corrected_by is not None
    assert after.corrects is not None
    assert (NEW, OLD) == (before.corrected_by.index_number, after.corrects.index_number)
    assert (2, NOTE, [NEW]) == (after.edition, after.change_note, channel.listed)
    (entry,) = office.app.catalogue.register("2017-01")
    assert ("correction", NEW, OLD, NOTE) == (
        entry.kind,
        entry.index_number,
        entry.corrects,
        entry.words,
    )
    assert "correction_opened" in office.events(old)
    assert ("superseded", []) == (office.events(old)[-1], office.faults())


def test_a_correction_needs_a_note_of_what_changed(office: SampleOffice) -> None:
    """S24: the note is mandatory."""
    old = office.item_at("published")
    for note in (None, " \u3000"):
        with office.refused("change_note_required"):
            correct(office, old, change_note=note)


def test_a_second_correction_while_one_is_open_is_refused_naming_it(office: SampleOffice) -> None:
    """S25."""
    old = office.item_at("published")
    new = correct(office, old)
    with office.refused("correction_open") as caught:
        correct(office, old, by="colleague")
    (refusal,) = caught.value.refusals  # type: ignore[attr-defined]
    assert {"item": new} == refusal.params
    # One that was given up stands in nobody's way, and does not come back beside another.
    office.act(new, Action.ABANDON, "clerk")
    second = correct(office, old, by="colleague")
    with office.refused("correction_open"):
        office.act(new, Action.REOPEN, "head", reason="样例理由")
    office.act(second, Action.ABANDON, "colleague")
    office.act(new, Action.REOPEN, "head", reason="样例理由")
    with office.refused("correction_open"):
        correct(office, old)
    assert [] == office.faults()


def test_only_a_clerk_of_the_body_corrects_and_only_what_is_public(office: SampleOffice) -> None:
    old = office.item_at("published")
    for name in ("head", "publisher", "outsider", "admin"):
        with office.refused("role_missing"):
            correct(office, old, by=name)
    for place in ("draft", "seal"):
        other = office.item_at(place)
        with office.refused("wrong_state"):
            correct(office, other)
    with office.refused("action_not_performed", by=InvalidInput):
        office.act(old, Action.CORRECT, "clerk", change_note=NOTE)


def test_an_edition_has_authors_of_its_own(office: SampleOffice) -> None:
    """Whoever wrote the first edition and has no hand in the second may decide on that."""
    old = office.item_at("published")
    new = correct(office, old, by="colleague")
    shown = office.queries.show(office["head"], new)
    assert ["colleague"] == [who["name"] for who in shown["authors"]]
    assert ["clerk"] == [who["name"] for who in office.queries.show(office["head"], old)["authors"]]


def test_an_edition_passes_every_stage_and_the_same_gate(office: SampleOffice) -> None:
    """R15: a correction is no side door."""
    old = office.item_at("published")
    new = changed(office, old)
    for place in ("sign_off", "seal", "confidentiality_review", "final_review"):
        office.carry(new, to=place)
        with pytest.raises((Refused, NotFound)):
            office.act(new, Action.PUBLISH, "publisher")
    office.carry(new, to="cleared")
    assert {"sign_off", "seal", "confidentiality_review", "final_review"} == office.standing(new)


def test_the_clocks_of_an_edition_count_from_the_change(office: SampleOffice) -> None:
    """Article 26: within twenty working days from the day it was formed or changed."""
    old = office.item_at("published")
    office.clock.advance(timedelta(days=60))
    new = correct(office, old, changed_on=date(2017, 3, 15))
    with office.database.read() as connection:
        rows = connection.execute(
            select(_deadline.c.clock, _deadline.c.started_on).where(_deadline.c.item_id == new)
        ).all()
    assert {("online", date(2017, 3, 15)), ("reading_points", date(2017, 3, 15))} == set(
        map(tuple, rows)
    )
    # What the text says of its formation is not what its clocks count from.
    office.revise(new, "clerk", formed_on="2017-01-11")
    assert [("online", "running"), ("reading_points", "running")] == clocks(office, new)
    assert [] == office.faults()


def test_a_change_lies_not_ahead(office: SampleOffice) -> None:
    old = office.item_at("published")
    with office.refused("date_in_future"):
        correct(office, old, changed_on=START.date() + timedelta(days=1))


def test_what_still_ran_for_the_old_edition_is_voided_by_the_new_one(office: SampleOffice) -> None:
    old = office.item_at("published")
    office.carry(changed(office, old), to="published")
    assert [("online", "met"), ("reading_points", "superseded")] == clocks(office, old)


def test_a_publication_that_fails_leaves_the_old_edition_live(office: SampleOffice) -> None:
    channel = MemoryChannel()
    publisher = office.publisher(channel)
    old = office.item_at("publishing")
    publisher.dispatch()
    new = office.carry(changed(office, old), to="publishing")
    channel.failure = ChannelFailed("site_busy", path="样例")
    publisher.dispatch()
    assert ("published", "publishing") == (office.place(old), office.place(new))
    assert [] == office.faults()


def test_a_third_edition_corrects_the_second(office: SampleOffice) -> None:
    first = office.item_at("published")
    second = office.carry(changed(office, first), to="published")
    third = correct(office, second)
    office.revise(third, "clerk", body="样例正文，再次更正。")
    office.carry(third, to="published")
    assert ["superseded", "superseded", "published"] == [
        office.place(item) for item in (first, second, third)
    ]
    page = office.app.catalogue.item(third)
    assert isinstance(page, PublicItem)
    assert 3 == page.edition
    with office.refused("wrong_state"):
        correct(office, first)
    assert [] == office.faults()


def test_what_was_retracted_meanwhile_stays_so_and_does_not_come_back(office: SampleOffice) -> None:
    """S27 with S24: two editions are never live at once."""
    old = office.item_at("published")
    new = changed(office, old)
    office.act(old, Action.RETRACT, "publisher", explanation="样例说明")
    office.act(old, Action.CONFIRM_RETRACTION, "final")
    office.act(old, Action.RESTORE, "publisher", reason="样例理由")
    office.carry(new, to="published")
    assert "retracted" == office.place(old)
    page = office.app.catalogue.item(old)
    assert isinstance(page, RetractedItem)
    assert page.corrected_by is not None
    # What was asked for is answered by the new edition.
    with office.refused("newer_edition_public"):
        office.act(old, Action.RESTORE, "publisher", reason="样例理由")
    with office.refused("not_asked_for", "newer_edition_public"):
        office.act(old, Action.CONFIRM_RESTORATION, "final")
    assert [] == office.faults()


def test_an_edition_begins_with_the_text_and_the_files_of_the_old_one(office: SampleOffice) -> None:
    old = office.carry(office.draft(uploads=[upload("附表.txt", b"1,2")]), to="published")
    new = correct(office, old)
    before, after = (office.queries.show(office["clerk"], item)["content"] for item in (old, new))
    assert {"index_number"} == {name for name in before if before[name] != after[name]}
    shown = office.queries.show(office["clerk"], new)
    assert (2, old, NOTE) == (
        shown["edition"]["number"],
        shown["edition"]["corrects"],
        shown["edition"]["change_note"],
    )
    assert new == office.queries.show(office["clerk"], old)["corrected_by"]
    assert office.queries.show(office["outsider"], old)["corrected_by"] is None


def test_the_note_of_a_correction_can_be_purged(office: SampleOffice) -> None:
    old = office.item_at("published")
    new = office.carry(changed(office, old), to="published")
    target = office.queries.history(office["clerk"], new)[0]["details"]["remark"]
    office.bureau.ask_purge(office["admin"], target, ground="personal_privacy", reason="样例理由")
    assert [NEW] == office.bureau.confirm_purge(office["supervisor"], target)["on_site"]
    page = office.app.catalogue.item(new)
    assert isinstance(page, PublicItem)
    assert page.change_note is None
    assert [] == office.faults()


@pytest.mark.parametrize(
    ("statement", "column"),
    [
        ("UPDATE edition SET changed_on = '2017-01-02'", "changed_on"),
        ("UPDATE edition SET dropped_at = opened_at", "dropped_at"),
        ("DELETE FROM edition", "id"),
    ],
)
def test_an_edition_that_was_rewritten_is_found(
    office: SampleOffice, statement: str, column: str
) -> None:
    new = correct(office, office.item_at("published"))
    with unguarded(office.database) as connection:
        connection.exec_driver_sql(statement)
    (fault,) = office.faults()
    assert (f"item:{new}", "edition_differs", column) == (fault.subject, fault.problem, fault.what)


def test_a_purge_takes_the_text_from_every_edition_that_has_it(office: SampleOffice) -> None:
    """An edition begins with the text of the old one, so that a leak would live on in it."""
    old = office.item_at("published")
    new = office.carry(changed(office, old), to="published")
    digest = office.row(old).digest
    office.bureau.ask_purge(office["admin"], digest, ground="personal_privacy", reason="样例理由")
    answer = office.bureau.confirm_purge(office["supervisor"], digest)
    assert ([old, new], [OLD, NEW]) == (answer["items"], answer["on_site"])
    kept = [
        (each["number"], each["content"] is not None)
        for each in office.queries.revisions(office["clerk"], new)
    ]
    # The copy is gone; what was written since, which says something else, stays.
    assert [(1, False), (2, True), (3, True)] == kept
    assert "样例正文，更正后。\n" == office.queries.show(office["clerk"], new)["content"]["body"]
    assert [] == office.faults()
