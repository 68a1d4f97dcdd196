"""Whether public documents are in force, and which replace which (S24, S26)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text

from tests.service.sample_office import FINANCE, START
from tests.service.tampering import unguarded
from tests.service.test_purging import purge
from workflow.channels import PublicItem
from workflow.errors import Conflict, InvalidInput, NotFound, Refused
from workflow.guards import Role
from workflow.jobs import JOBS, run_job
from workflow.machine import Action
from workflow.testing import MemoryChannel
from workflow.validity import Status

if TYPE_CHECKING:
    from tests.service.sample_office import SampleOffice

BASIS = "样例发〔2017〕9号"
TODAY = START.date()


def asked(office: SampleOffice, item: int, by: str = "head", **changes: Any) -> int:
    """Have the head of the department ask for another validity; return the item."""
    wish: Any = {"validity": Status.REPEALED, "basis": BASIS, "from_on": TODAY} | changes
    office.act(item, Action.VALIDITY, by, **wish)
    return item


def recorded(office: SampleOffice, item: int, **changes: Any) -> int:
    """Have another validity asked for and confirmed; return the item."""
    asked(office, item, **changes)
    office.act(item, Action.CONFIRM_VALIDITY, "publisher")
    return item


def page(office: SampleOffice, channel: MemoryChannel, item: int) -> PublicItem:
    """Send what is owed and return the page of an item."""
    office.service.renew_due()
    office.publisher(channel).dispatch()
    found = channel.pages[str(office.row(item).index_number)]
    assert isinstance(found, PublicItem)
    return found


def listed(office: SampleOffice, item: int, by: str = "head") -> str | None:
    """Return the validity of an item as a list has it."""
    rows = office.queries.items(office[by]).rows
    (told,) = (row["validity"] for row in rows if row["item"] == item)
    assert office.queries.show(office[by], item)["validity"] == told
    exported = {row["item"]: row["validity"] for row in office.queries.every_item(office[by])}
    assert exported[item] == told
    (entry,) = (
        entry
        for entry in office.app.catalogue.entries("2017-01", body_code=None, offset=0, limit=9)
        if entry.index_number == office.row(item).index_number
    )
    assert told in (None, entry.validity.value)
    found: str | None = told
    return found


def test_what_was_repealed_says_so_on_its_page_and_in_every_list(office: SampleOffice) -> None:
    channel = MemoryChannel()
    item = office.item_at("published")
    before = office.row(item)
    asked(office, item)
    assert "in_force" == listed(office, item)
    office.act(item, Action.CONFIRM_VALIDITY, "publisher")
    shown = page(office, channel, item)
    assert (Status.REPEALED, TODAY, BASIS) == (
        shown.validity.status,
        shown.validity.since,
        shown.validity.basis,
    )
    (line,) = shown.validity_history
    assert (Status.REPEALED, TODAY, BASIS) == (line.status, line.from_on, line.basis)
    assert "repealed" == listed(office, item)
    # Neither the text nor the time of publication is touched.
    after = office.row(item)
    assert (before.digest, before.published_at) == (after.digest, after.published_at)
    assert (before.digest, before.published_at) == (shown.digest, shown.published_at)
    assert ["validity_asked", "validity_changed"] == office.events(item)[-2:]
    assert [] == office.faults()


def test_a_draft_has_no_validity(office: SampleOffice) -> None:
    item = office.draft()
    (row,) = office.queries.items(office["clerk"]).rows
    assert (item, None) == (row["item"], row["validity"])


def test_one_who_only_reads_is_told_the_status_and_its_basis_but_nobody_by_name(
    office: SampleOffice,
) -> None:
    item = recorded(office, office.item_at("published"))
    shown = office.queries.show(office["outsider"], item)
    (row,) = shown["validity_history"]
    assert ("repealed", BASIS, None) == (row["status"], row["basis"], row["asked_by"])
    events = [entry["event"] for entry in office.queries.history(office["outsider"], item)]
    assert ["published", "validity_changed"] == events
    (row,) = office.queries.show(office["head"], item)["validity_history"]
    assert ("head", "publisher") == (row["asked_by"], row["confirmed_by"])


def test_the_head_asks_and_a_publisher_confirms_and_nobody_else_does(office: SampleOffice) -> None:
    """Two people, of two houses; deny by default."""
    item = office.item_at("published")
    for name in ("clerk", "outsider", "publisher", "final", "supervisor", "admin"):
        with office.refused("role_missing"):
            asked(office, item, by=name)
    asked(office, item)
    for name in ("final", "supervisor", "admin"):
        with office.refused("role_missing"):
            office.act(item, Action.CONFIRM_VALIDITY, name)
    office.give("head2", Role.PUBLISHER, body="YL-CENTRE")
    office.give("head", Role.PUBLISHER, body="YL-CENTRE")
    with office.refused("asker_may_not_confirm", "decided_at_another_stage"):
        office.act(item, Action.CONFIRM_VALIDITY, "head")
    assert "in_force" == listed(office, item)
    office.act(item, Action.CONFIRM_VALIDITY, "head2")
    assert ("repealed", []) == (listed(office, item), office.faults())


def test_what_was_asked_for_waits_in_the_inbox_of_publishers_and_can_be_called_off(
    office: SampleOffice,
) -> None:
    item = asked(office, office.item_at("published"))

    def duties(name: str) -> list[tuple[int, str]]:
        rows = office.queries.inbox(office[name]).rows
        return [(row["item"], row["duty"]) for row in rows if row["duty"]]

    assert [(item, "confirm_validity")] == duties("publisher")
    assert [] == duties("final")
    told = office.queries.show(office["head"], item)
    assert ("validity", "repealed", BASIS) == tuple(
        told["asked"][name] for name in ("kind", "status", "words")
    )
    assert {"publisher", "publisher2"} == {who["name"] for who in told["next"]["people"]}
    assert None is office.queries.show(office["outsider"], item)["asked"]
    with office.refused("asked_already"):
        asked(office, item)
    office.act(item, Action.CALL_OFF, "publisher")
    with office.refused("not_asked_for"):
        office.act(item, Action.CONFIRM_VALIDITY, "publisher")
    assert ([], "in_force", []) == (duties("publisher"), listed(office, item), office.faults())


def test_status_basis_and_day_have_to_be_said_and_to_make_sense(office: SampleOffice) -> None:
    item = office.item_at("published")
    with office.refused("status_required", "basis_required", "from_required"):
        asked(office, item, validity=None, basis=" \u3000", from_on=None)
    with office.refused("validity_before_formation"):
        asked(office, item, from_on=date(2016, 12, 31))
    newer = office.item_at("published")
    with office.refused("replaced_in_force"):
        asked(office, item, validity=Status.IN_FORCE, replaced_by=(newer,))
    for place in ("draft", "cleared"):
        other = office.item_at(place)
        with office.refused("wrong_state"):
            asked(office, other)


def test_a_confirmation_of_another_basis_than_was_seen_is_a_conflict(office: SampleOffice) -> None:
    item = asked(office, office.item_at("published"))
    seen = office.row(item).version
    office.act(item, Action.CALL_OFF, "publisher")
    asked(office, item, basis="样例：另一决定")
    with office.refused("changed_since", by=Conflict):
        office.service.perform(item, Action.CONFIRM_VALIDITY, office["publisher"], seen=seen)


def test_what_ends_by_its_own_date_lapses_without_anything_running(office: SampleOffice) -> None:
    """In force to the end of its last day; the page follows with the next run of the job."""
    channel = MemoryChannel()
    item = office.item_at("publishing", expires_on=(TODAY + timedelta(days=1)).isoformat())
    office.publisher(channel).dispatch()
    assert ("in_force", []) == (listed(office, item), office.service.renew_due())
    office.clock.advance(timedelta(days=1))
    assert ("in_force", []) == (listed(office, item), office.service.renew_due())
    office.clock.advance(timedelta(days=1))
    assert "lapsed" == listed(office, item)
    before = office.row(item)
    (job,) = (job for job in JOBS if job.name == "renew_pages")
    assert {"renewed": 1, "failed": 0} == run_job(office.app, job).counts
    assert {"renewed": 0, "failed": 0} == run_job(office.app, job, forced=True).counts
    shown = page(office, channel, item)
    assert (Status.LAPSED, TODAY + timedelta(days=2), None) == (
        shown.validity.status,
        shown.validity.since,
        shown.validity.basis,
    )
    assert (before.digest, before.published_at) == (shown.digest, shown.published_at)
    assert ("page_renewed", []) == (office.events(item)[-1], office.faults())


def test_what_takes_effect_later_and_what_is_repealed_later_says_so_until_that_day(
    office: SampleOffice,
) -> None:
    channel = MemoryChannel()
    day = TODAY + timedelta(days=5)
    item = office.item_at("publishing", effective_on=day.isoformat())
    shown = page(office, channel, item)
    assert (Status.IN_FORCE, day) == (shown.validity.status, shown.validity.not_before)
    recorded(office, item, from_on=day + timedelta(days=5))
    assert page(office, channel, item).validity.ahead is not None
    assert "in_force" == listed(office, item)
    office.clock.advance(timedelta(days=5))
    shown = page(office, channel, item)
    assert (Status.IN_FORCE, None) == (shown.validity.status, shown.validity.not_before)
    office.clock.advance(timedelta(days=5))
    shown = page(office, channel, item)
    assert (Status.REPEALED, None) == (shown.validity.status, shown.validity.ahead)
    assert [] == office.faults()


def test_both_pages_link_once_both_are_public_and_not_before(office: SampleOffice) -> None:
    channel = MemoryChannel()
    old = office.item_at("published")
    office.clock.advance(timedelta(hours=1))
    new = office.item_at("seal")
    recorded(office, old, replaced_by=(new,))
    assert () == page(office, channel, old).replaced_by
    # Who may see the new one is told of it, and who may not is told nothing.
    told = office.queries.show(office["head"], old)["replaced_by"]
    assert [new] == [each["item"] for each in told]
    assert [] == office.queries.show(office["outsider"], old)["replaced_by"]
    office.clock.advance(timedelta(hours=1))
    office.carry(new, to="publishing")
    office.publisher(channel).dispatch()
    numbers = [str(office.row(item).index_number) for item in (old, new)]
    assert [numbers[1]] == [each.index_number for each in page(office, channel, old).replaced_by]
    assert [numbers[0]] == [each.index_number for each in page(office, channel, new).replaces]
    assert [old] == [
        each["item"] for each in office.queries.show(office["outsider"], new)["replaces"]
    ]
    assert [] == office.faults()


def test_a_restricted_document_is_named_to_nobody_who_may_not_see_it(office: SampleOffice) -> None:
    old = office.item_at("published")
    hidden = office.draft(restricted=True, by="colleague")
    with office.refused("no_such_item", by=NotFound):
        asked(office, old, replaced_by=(hidden,))
    with office.refused("no_such_item", by=NotFound):
        asked(office, old, replaced_by=(999,))
    shown = office.draft(restricted=True, readers=["head"])
    recorded(office, old, replaced_by=(shown,))
    told = [
        entry["details"].get("replaced_by")
        for name in ("head", "head2")
        for entry in office.queries.history(office[name], old)
        if entry["event"] == "validity_asked"
    ]
    assert [[shown], []] == told
    assert [] == office.queries.show(office["head2"], old)["replaced_by"]


def test_what_a_new_document_replaces_is_said_as_it_is_entered(office: SampleOffice) -> None:
    channel = MemoryChannel()
    first, second = office.item_at("published"), office.item_at("published")
    new = office.draft(replaces=[first, second])
    assert [first, second] == [
        each["item"] for each in office.queries.show(office["clerk"], new)["replaces"]
    ]
    before = office.app.catalogue.item(first)
    assert isinstance(before, PublicItem)
    assert () == before.replaced_by
    office.clock.advance(timedelta(hours=1))
    office.carry(new, to="publishing")
    office.publisher(channel).dispatch()
    number = office.row(new).index_number
    for item in (first, second):
        assert [number] == [each.index_number for each in page(office, channel, item).replaced_by]
        # That it was replaced alone repeals nothing.
        assert "in_force" == listed(office, item)
    assert 2 == len(page(office, channel, new).replaces)
    assert [] == office.faults()


def test_only_what_is_public_and_of_the_own_body_is_replaced_by_entering(
    office: SampleOffice,
) -> None:
    draft = office.draft()
    with office.refused("replaces_unpublished"):
        office.draft(replaces=[draft])
    old = office.item_at("published")
    with office.refused("no_such_item", by=NotFound):
        office.draft(replaces=[404])
    with office.refused("replaces_another_body"):
        office.draft(replaces=[old], by="outsider", department=FINANCE)
    with office.refused("replaced_by_itself"):
        asked(office, old, replaced_by=(old,))
    newer = office.item_at("published")
    recorded(office, old, replaced_by=(newer,))
    with office.refused("replaced_in_circle"):
        asked(office, newer, replaced_by=(old,))
    given_up = office.draft()
    office.act(given_up, Action.ABANDON, "clerk")
    with office.refused("replaced_by_unpublished"):
        asked(office, newer, replaced_by=(given_up,))


def test_a_corrected_edition_is_of_the_same_document_and_stands_as_it_did(
    office: SampleOffice,
) -> None:
    """S24: a correction does not put into force again what was repealed; it replaces nothing."""
    channel = MemoryChannel()
    newer = office.item_at("published")
    old = recorded(office, office.item_at("published"), replaced_by=(newer,))
    office.clock.advance(timedelta(hours=1))
    new = office.service.correct(
        old, office["clerk"], change_note="样例", seen=office.row(old).version
    )["item"]
    office.carry(new, to="publishing")
    shown = page(office, channel, new)
    assert (Status.REPEALED, ()) == (shown.validity.status, shown.replaces)
    assert [office.row(newer).index_number] == [each.index_number for each in shown.replaced_by]
    assert "repealed" == listed(office, new)
    assert None is office.queries.show(office["head"], old)["validity"]
    assert [] == office.faults()


def test_an_edition_that_takes_the_place_ends_what_waits_to_be_confirmed(
    office: SampleOffice,
) -> None:
    old = office.item_at("published")
    new = office.service.correct(
        old, office["clerk"], change_note="样例", seen=office.row(old).version
    )["item"]
    asked(office, old)
    office.carry(new, to="published")
    assert "in_force" == listed(office, new)
    asked(office, new)
    assert [] == office.faults()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE validity_change SET status = 'lapsed'",
        "UPDATE validity_change SET from_on = '2017-01-01'",
        "UPDATE validity_change SET confirmed_by = NULL, confirmed_at = NULL",
        "DELETE FROM replacement",
        "UPDATE replacement SET replaces_id = 1, item_id = 2, change_id = NULL",
    ],
)
def test_what_was_recorded_is_compared_with_the_trail(office: SampleOffice, statement: str) -> None:
    newer = office.item_at("published")
    recorded(office, office.item_at("published"), replaced_by=(newer,))
    assert [] == office.faults()
    with unguarded(office.database) as connection:
        connection.execute(text(statement))
    assert {"validity_differs"} == {fault.problem for fault in office.faults()}


def test_the_days_of_what_is_public_are_compared_with_its_text(office: SampleOffice) -> None:
    office.item_at("published", expires_on="2017-12-31")
    with office.database.engine.begin() as connection:
        connection.execute(text("UPDATE validity_term SET expires_on = '2027-12-31'"))
    assert ["item_differs"] == [fault.problem for fault in office.faults()]


def test_the_time_of_publication_is_nobodys_to_say(office: SampleOffice) -> None:
    """No field that people enter holds it; what came of it the database itself keeps."""
    for fields in ({"published_at": "2016-01-01"}, {"validity": "repealed"}):
        with office.refused("field_unknown", by=InvalidInput):
            office.draft(changes=fields)
    item = office.item_at("published")
    stamp = office.row(item).published_at
    office.clock.advance(timedelta(days=30))
    recorded(office, item)
    office.act(item, Action.RETRACT, "publisher", explanation="样例说明")
    office.act(item, Action.CONFIRM_RETRACTION, "final")
    office.act(item, Action.RESTORE, "publisher", reason="样例理由")
    office.act(item, Action.CONFIRM_RESTORATION, "final")
    assert (stamp, "repealed") == (office.row(item).published_at, listed(office, item))
    with pytest.raises(Refused):
        office.act(item, Action.PUBLISH, "publisher")


def test_a_basis_that_is_purged_goes_from_the_pages_of_all_editions(office: SampleOffice) -> None:
    """What was recorded of one edition stands on the pages of the later ones, too."""
    old = recorded(office, office.item_at("published"))
    new = office.service.correct(
        old, office["clerk"], change_note="样例", seen=office.row(old).version
    )["item"]
    office.carry(new, to="published")
    (digest,) = (
        entry["details"]["remark"]
        for entry in office.queries.history(office["head"], old)
        if entry["event"] == "validity_asked"
    )
    came = purge(office, digest)
    assert [office.row(item).index_number for item in (old, new)] == came["on_site"]
    shown = office.app.catalogue.item(new)
    assert isinstance(shown, PublicItem)
    (line,) = shown.validity_history
    assert (Status.REPEALED, None) == (line.status, line.basis)
    assert [] == office.faults()
