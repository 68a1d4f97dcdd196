"""Taking back what is public, in two people's hands, and bringing it back as it was (S26, S27)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from tests.service.sample_office import START, upload
from tests.service.tampering import unguarded
from workflow.channels import PublicItem, RetractedItem
from workflow.errors import Conflict
from workflow.guards import Role
from workflow.machine import Action, State
from workflow.models import Deadline, table
from workflow.testing import MemoryChannel

if TYPE_CHECKING:
    from tests.service.sample_office import SampleOffice

_deadline = table(Deadline)
NUMBER = "YL-CIVIL/2017-00001"
WORDS = "样例说明：表二有误"


def retracted(office: SampleOffice, **changes: Any) -> int:
    """Return an item that was published and retracted."""
    item = office.item_at("published", **changes)
    office.act(item, Action.RETRACT, "publisher", explanation=WORDS)
    office.act(item, Action.CONFIRM_RETRACTION, "final")
    return item


def clocks(office: SampleOffice, item: int) -> list[tuple[str, str]]:
    """Return an item's legal clocks and how each stands."""
    with office.database.read() as connection:
        rows = connection.execute(
            select(_deadline)
            .where(_deadline.c.item_id == item, _deadline.c.kind == "legal")
            .order_by(_deadline.c.id)
        ).all()
    return [
        (row.clock, "met" if row.met_on else row.void_reason if row.voided_at else "running")
        for row in rows
    ]


def test_what_is_asked_for_changes_nothing_until_it_is_confirmed(office: SampleOffice) -> None:
    item = office.item_at("published")
    channel = MemoryChannel()
    answer = office.act(item, Action.RETRACT, "publisher", explanation=WORDS)
    assert "published" == answer["state"]
    assert [] == office.publisher(channel).dispatch()
    assert [("online", "met"), ("reading_points", "running")] == clocks(office, item)
    assert [] == office.faults()


def test_a_confirmed_retraction_leaves_a_notice_and_voids_what_still_runs(
    office: SampleOffice,
) -> None:
    """S26: the explanation is public, the content is not, and reading points are not waited for."""
    item = office.carry(office.draft(uploads=[upload("附表.txt", b"1,2")]), to="publishing")
    channel = MemoryChannel()
    office.publisher(channel).dispatch()
    office.act(item, Action.RETRACT, "publisher", explanation=WORDS)
    office.clock.advance(timedelta(hours=1))
    answer = office.act(item, Action.CONFIRM_RETRACTION, "final")
    assert "retracted" == answer["state"]
    assert ["published"] == [sent.result for sent in office.publisher(channel).dispatch()]
    page = channel.pages[NUMBER]
    assert isinstance(page, RetractedItem)
    assert (WORDS, START.date(), None) == (page.explanation, page.retracted_on, page.amended_on)
    assert ({}, []) == (channel.files, channel.listed)
    assert [("online", "met"), ("reading_points", "retracted")] == clocks(office, item)
    assert ["retraction_asked", "retracted"] == office.events(item)[-2:]
    assert [] == office.faults()


def test_no_words_no_retraction(office: SampleOffice) -> None:
    """S26: a retraction needs an explanation."""
    item = office.item_at("published")
    for words in (None, " \u3000"):
        with office.refused("explanation_required"):
            office.act(item, Action.RETRACT, "publisher", explanation=words)


def test_nobody_confirms_what_they_asked_for_themselves(office: SampleOffice) -> None:
    """Two people, also where one holds both roles; the refusal names who can."""
    office.give("publisher", Role.FINAL_REVIEWER, body="YL-CENTRE")
    item = office.item_at("published")
    office.act(item, Action.RETRACT, "publisher", explanation=WORDS)
    with office.refused("asker_may_not_confirm") as caught:
        office.act(item, Action.CONFIRM_RETRACTION, "publisher")
    (refusal,) = caught.value.refusals  # type: ignore[attr-defined]
    assert {"final", "final2"} == {who.name for who in refusal.who}


def test_only_a_publisher_asks_and_only_a_final_reviewer_confirms(office: SampleOffice) -> None:
    item = office.item_at("published")
    for name in ("clerk", "head", "final", "supervisor", "admin"):
        with office.refused("role_missing"):
            office.act(item, Action.RETRACT, name, explanation=WORDS)
    office.act(item, Action.RETRACT, "publisher", explanation=WORDS)
    with office.refused("role_missing", "decided_at_another_stage"):
        office.act(item, Action.CONFIRM_RETRACTION, "head")
    for name in ("publisher2", "supervisor", "admin"):
        with office.refused("role_missing"):
            office.act(item, Action.CONFIRM_RETRACTION, name)
    with office.refused("role_missing", "author_may_not_decide"):
        office.act(item, Action.CONFIRM_RETRACTION, "clerk")


def test_what_was_asked_for_is_not_asked_twice_and_can_be_called_off(office: SampleOffice) -> None:
    item = office.item_at("published")
    with office.refused("nothing_asked"):
        office.act(item, Action.CALL_OFF, "publisher")
    with office.refused("not_asked_for"):
        office.act(item, Action.CONFIRM_RETRACTION, "final")
    office.act(item, Action.RETRACT, "publisher", explanation=WORDS)
    with office.refused("asked_already"):
        office.act(item, Action.RETRACT, "publisher2", explanation=WORDS)
    office.act(item, Action.CALL_OFF, "publisher2")
    with office.refused("not_asked_for"):
        office.act(item, Action.CONFIRM_RETRACTION, "final")
    assert ("published", []) == (office.place(item), office.faults())


def test_what_is_not_public_cannot_be_retracted(office: SampleOffice) -> None:
    for place in ("cleared", "publishing"):
        item = office.item_at(place)
        with office.refused("wrong_state"):
            office.act(item, Action.RETRACT, "publisher", explanation=WORDS)


def test_a_confirmation_of_other_words_than_were_seen_is_a_conflict(office: SampleOffice) -> None:
    item = office.item_at("published")
    office.act(item, Action.RETRACT, "publisher", explanation=WORDS)
    seen = office.row(item).version
    office.act(item, Action.CALL_OFF, "publisher")
    office.act(item, Action.RETRACT, "publisher", explanation="样例说明：另一句话")
    with office.refused("changed_since", by=Conflict):
        office.service.perform(item, Action.CONFIRM_RETRACTION, office["final"], seen=seen)


def test_an_amended_explanation_keeps_the_first_date(office: SampleOffice) -> None:
    """S26: other words for the same retraction, again in two people's hands."""
    item = retracted(office)
    channel = MemoryChannel()
    office.clock.advance(timedelta(days=3))
    office.act(item, Action.RETRACT, "publisher2", explanation="样例说明：更清楚")
    office.publisher(channel).dispatch()
    assert WORDS == channel.pages[NUMBER].explanation  # type: ignore[union-attr]
    office.act(item, Action.CONFIRM_RETRACTION, "final2")
    office.publisher(channel).dispatch()
    page = channel.pages[NUMBER]
    assert isinstance(page, RetractedItem)
    first = START.date()
    assert ("样例说明：更清楚", first) == (page.explanation, page.retracted_on)
    assert first + timedelta(days=3) == page.amended_on
    (entry,) = office.app.catalogue.register("2017-01")
    assert (START, "样例说明：更清楚") == (entry.at, entry.words)
    assert [] == office.faults()


def test_what_is_restored_is_exactly_what_it_was(office: SampleOffice) -> None:
    """S27: content, digest, time of publication, decisions, files and running clocks."""
    item = office.carry(office.draft(uploads=[upload("附表.txt", b"1,2")]), to="publishing")
    channel = MemoryChannel()
    office.publisher(channel).dispatch()
    before, page = office.row(item), channel.pages[NUMBER]
    held = office.standing(item)
    office.act(item, Action.RETRACT, "publisher", explanation=WORDS)
    office.act(item, Action.CONFIRM_RETRACTION, "final")
    office.publisher(channel).dispatch()
    office.clock.advance(timedelta(days=40))
    answer = office.act(item, Action.RESTORE, "publisher", reason="样例理由")
    assert "retracted" == answer["state"]
    office.act(item, Action.CONFIRM_RESTORATION, "final")
    office.publisher(channel).dispatch()
    after = office.row(item)
    changed = {"version", "entered_at", "trail_seq", "trail_hash"}
    assert changed == {
        name for name, value in before._asdict().items() if value != getattr(after, name)
    }
    now = channel.pages[NUMBER]
    assert isinstance(page, PublicItem)
    assert isinstance(now, PublicItem)
    assert (page.canonical, page.published_at) == (now.canonical, now.published_at)
    assert (b"1,2", [NUMBER]) == (channel.files[NUMBER, "附表.txt"], channel.listed)
    assert held == office.standing(item)
    # The clock runs on from the day of formation; that it rested stays to be seen.
    assert [
        ("online", "met"),
        ("reading_points", "retracted"),
        ("reading_points", "running"),
    ] == clocks(office, item)
    kinds = [
        entry.kind
        for month in ("2017-03", "2017-01")
        for entry in office.app.catalogue.register(month)
    ]
    assert ["restoration", "retraction"] == kinds
    assert [] == office.faults()


def test_a_restoration_needs_a_reason_and_a_second_person(office: SampleOffice) -> None:
    item = retracted(office)
    with office.refused("reason_required"):
        office.act(item, Action.RESTORE, "publisher")
    office.act(item, Action.RESTORE, "publisher", reason="样例理由")
    with office.refused("role_missing"):
        office.act(item, Action.CONFIRM_RESTORATION, "publisher2")
    # Asking for one thing is not asking for another.
    with office.refused("not_asked_for"):
        office.act(item, Action.CONFIRM_RETRACTION, "final")
    office.act(item, Action.CALL_OFF, "publisher")
    assert ("retracted", []) == (office.place(item), office.faults())


def test_what_was_damaged_can_be_retracted_but_not_restored(office: SampleOffice) -> None:
    item = office.item_at("published")
    with unguarded(office.database) as connection:
        connection.exec_driver_sql("UPDATE revision SET canonical = '{}'")
    office.act(item, Action.RETRACT, "publisher", explanation=WORDS)
    office.act(item, Action.CONFIRM_RETRACTION, "final")
    with office.refused("content_damaged"):
        office.act(item, Action.RESTORE, "publisher", reason="样例理由")


def test_a_retraction_overtakes_a_publication_that_is_not_finished(office: SampleOffice) -> None:
    """A sender that is late puts nothing back that was retracted meanwhile."""
    item = office.item_at("publishing")
    channel = MemoryChannel()
    taken = office.publisher(channel)

    class Late(MemoryChannel):
        def _list(self, catalogue: Any) -> None:
            office.act(item, Action.RETRACT, "publisher", explanation=WORDS)
            office.act(item, Action.CONFIRM_RETRACTION, "final")
            super()._list(catalogue)

    office.publisher(Late()).dispatch()
    assert "retracted" == office.place(item)
    assert ["cancelled", "owed"] == [str(row.status) for row in office.deliveries(item)]
    taken.dispatch()
    assert isinstance(channel.pages[NUMBER], RetractedItem)


def test_a_notice_that_comes_too_late_takes_nothing_away(office: SampleOffice) -> None:
    item = retracted(office)

    class Late(MemoryChannel):
        def remove(self, *arguments: Any, **more: Any) -> None:
            if office.place(item) == State.RETRACTED:
                office.act(item, Action.RESTORE, "publisher", reason="样例理由")
                office.act(item, Action.CONFIRM_RESTORATION, "final")
            super().remove(*arguments, **more)

    channel = Late()
    office.publisher(channel).dispatch()
    assert {} == channel.pages
    office.publisher(channel).dispatch()
    assert isinstance(channel.pages[NUMBER], PublicItem)


def test_the_final_reviewers_find_it_in_their_inbox_and_whoever_asked_does_not(
    office: SampleOffice,
) -> None:
    item = office.item_at("published")
    office.give("publisher", Role.FINAL_REVIEWER, body="YL-CENTRE")
    office.act(item, Action.RETRACT, "publisher", explanation=WORDS)

    def duties(name: str) -> list[tuple[int, str | None]]:
        return [(row["item"], row["duty"]) for row in office.queries.inbox(office[name]).rows]

    assert [(item, "confirm_retraction")] == duties("final")
    assert [] == duties("publisher")
    shown = office.queries.show(office["final"], item)
    assert ("retraction", WORDS) == (shown["asked"]["kind"], shown["asked"]["words"])
    assert {"final", "final2"} == {each["name"] for each in shown["next"]["people"]}
    office.act(item, Action.CONFIRM_RETRACTION, "final")
    assert [] == duties("final")
    assert WORDS == office.queries.show(office["outsider"], item)["retracted"]["words"]


@pytest.mark.parametrize(
    ("statement", "column"),
    [
        ("UPDATE retraction SET asked_by = confirmed_by, confirmed_by = asked_by", "asker"),
        ("UPDATE retraction SET confirmed_by = NULL, confirmed_at = NULL", "confirmer"),
        ("DELETE FROM retraction", "id"),
    ],
)
def test_a_retraction_that_was_rewritten_is_found(
    office: SampleOffice, statement: str, column: str
) -> None:
    item = retracted(office)
    with unguarded(office.database) as connection:
        connection.exec_driver_sql(statement)
    (fault,) = office.faults()
    assert (f"item:{item}", "retraction_differs", column) == (
        fault.subject,
        fault.problem,
        fault.what,
    )


def test_the_words_of_a_retraction_can_be_purged_and_the_notice_says_so(
    office: SampleOffice,
) -> None:
    item = retracted(office)
    shown = office.queries.history(office["publisher"], item)
    target = next(row["details"]["remark"] for row in shown if row["event"] == "retraction_asked")
    office.bureau.ask_purge(office["admin"], target, ground="personal_privacy", reason="样例理由")
    answer = office.bureau.confirm_purge(office["supervisor"], target)
    assert [NUMBER] == answer["on_site"]
    page = office.app.catalogue.item(item)
    assert isinstance(page, RetractedItem)
    assert page.explanation is None
    assert [] == office.faults()


def test_a_mark_in_an_explanation_is_refused_before_it_is_kept(office: SampleOffice) -> None:
    item = office.item_at("published")
    with pytest.raises(Exception, match="classification_mark"):
        office.act(item, Action.RETRACT, "publisher", explanation="绝密★启用前\n样例")
    assert "published" == office.events(item)[-1]
