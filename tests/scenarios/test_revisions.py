"""What is decided upon is one text, to the byte: saves, edits, returns, a channel that is down."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from tests.service.sample_office import upload
from workflow.machine import Action

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.service.sample_office import SampleOffice

EARLIER = {"sign_off", "seal", "confidentiality_review"}


def returned(office: SampleOffice) -> int:
    """Return an item that came back from the final review, with an attachment."""
    item = office.draft(
        changes={"title": "样例标题", "keywords": ["样例"]}, uploads=[upload("附表.txt", b"old")]
    )
    office.carry(item, to="final_review")
    office.give_back(item, "final")
    return item


# -- S21: what an edit voids, and what it does not -----------------------------------------------


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"title": "样例标题"},
        {"title": " 样例标题 "},
        {"keywords": ["样例", "样例", ""]},
        {"summary": ""},
        {"formed_on": "2017-01-10"},
        {"attribute": "proactive"},
    ],
    ids=["nothing", "same", "blanks", "twice", "empty", "date", "attribute"],
)
def test_s21_a_save_that_changes_nothing_keeps_every_decision(
    office: SampleOffice, changes: dict[str, Any]
) -> None:
    item = returned(office)
    with office.unchanged():
        answer = office.service.revise(
            item,
            office["clerk"],
            changes,
            seen=office.row(item).version,
            attach=[upload("附表.txt", b"old")],
        )
    assert (False, []) == (answer["changed"], answer["voided"])
    assert EARLIER == office.standing(item)


def swap(office: SampleOffice, item: int) -> dict[str, Any]:
    """Put another file in the place of the attachment."""
    return office.service.revise(
        item,
        office["clerk"],
        {},
        seen=office.row(item).version,
        attach=[upload("附表.txt", b"new")],
    )


EDITS: dict[str, Callable[[SampleOffice, int], dict[str, Any]]] = {
    "one character": lambda office, item: office.revise(item, title="样例标题。"),
    "a keyword": lambda office, item: office.revise(item, keywords=["样例", "公开"]),
    "the date": lambda office, item: office.revise(item, formed_on="2017-01-11"),
    "the attachment": swap,
}


@pytest.mark.parametrize("edit", EDITS)
def test_s21_a_change_voids_exactly_the_decisions_that_it_lists(
    office: SampleOffice, edit: str
) -> None:
    item = returned(office)
    before = {row.id: row for row in office.decisions(item)}
    answer = EDITS[edit](office, item)
    after = {row.id: row for row in office.decisions(item)}
    newly = {
        after[number].stage
        for number, row in before.items()
        if row.voided_at is None and after[number].voided_at is not None
    }
    assert EARLIER == newly == set(answer["voided"])
    told = [entry for entry in office.trail(item) if entry.event.endswith("_voided")]
    assert EARLIER == {json.loads(entry.details)["stage"] for entry in told}
    office.act(item, Action.SUBMIT, "clerk")
    assert "sign_off" == office.place(item)


# -- S22: an edit after the seal -----------------------------------------------------------------


def test_s22_an_edit_after_the_seal_voids_the_seal_and_reopens_its_stage(
    office: SampleOffice,
) -> None:
    item = office.item_at("confidentiality_review")
    sealed = office.row(item).digest
    office.give_back(item, "reviewer")
    office.revise(item, body="样例正文，盖章之后改过。")
    edited = office.row(item).digest
    (voided,) = [entry for entry in office.trail(item) if entry.event == "seal_voided"]
    details = json.loads(voided.details)
    assert (sealed, edited, "2017-0001") == (
        details["old_digest"],
        details["new_digest"],
        details["register_number"],
    )
    assert sealed != edited
    office.carry(item, to="seal")
    office.carry(item, to="published")
    seals = [row for row in office.decisions(item) if row.kind == "seal"]
    assert [("2017-0001", sealed, True), ("2017-0002", edited, False)] == [
        (row.register_number, row.digest, row.voided_at is not None) for row in seals
    ]


# -- S23: back from the final review -------------------------------------------------------------


def test_s23_returned_from_the_final_review_unchanged_it_comes_straight_back(
    office: SampleOffice,
) -> None:
    item = returned(office)
    office.act(item, Action.SUBMIT, "clerk")
    assert ("final_review", EARLIER) == (office.place(item), office.standing(item))
    # One decision for each stage; none was taken twice.
    office.decide(item)
    assert 4 == len([row for row in office.decisions(item) if row.positive])


def test_s23_changed_it_runs_through_every_stage_again(office: SampleOffice) -> None:
    item = returned(office)
    office.revise(item, title="样例：改过的标题")
    office.act(item, Action.SUBMIT, "clerk")
    places = []
    while (place := office.place(item)) != "cleared":
        places.append(place)
        office.decide(item)
    assert ["sign_off", "seal", "confidentiality_review", "final_review"] == places


def test_s23_under_a_policy_that_wants_it_unchanged_runs_again_too(
    open_office: Callable[[str], SampleOffice],
) -> None:
    office = open_office("two_tier")
    item = office.item_at("final_review")
    office.give_back(item, "final")
    office.act(item, Action.SUBMIT, "clerk")
    assert ("deputy_sign_off", set()) == (office.place(item), office.standing(item))


# -- S28: the channel is down --------------------------------------------------------------------


def test_s28_while_the_channel_is_down_nothing_is_published_and_at_last_it_is_a_state(
    office: SampleOffice,
) -> None:
    site = office.app.settings.site
    item = office.item_at("publishing")
    # The directory of the site holds something else: a real failure of the real channel.
    site.mkdir()
    (site / "somebody-elses.txt").write_text("样例")
    results = []
    while office.place(item) == "publishing":
        sent = office.deliver(item)
        assert sent is not None
        results.append((sent.result, sent.error and sent.error.code))
        assert office.row(item).published_at is None
        office.clock.advance(timedelta(hours=1))
    assert [("put_off", "site_not_ours")] * 4 + [("failed", "site_not_ours")] == results
    assert "publication_failed" == office.place(item)
    assert [item] == [row["item"] for row in office.queries.inbox(office["publisher"]).rows]
    assert ["somebody-elses.txt"] == [path.name for path in site.iterdir()]
    (site / "somebody-elses.txt").unlink()
    office.act(item, Action.RETRY, "publisher")
    office.deliver(item)
    assert ("published", office.clock()) == (office.place(item), office.row(item).published_at)


def test_s28_a_channel_that_comes_back_in_time_publishes_without_anybody_asking(
    office: SampleOffice,
) -> None:
    site = office.app.settings.site
    item = office.item_at("publishing")
    site.write_text("no directory")
    assert "put_off" == (office.app.publisher.dispatch()[0]).result
    site.unlink()
    assert [] == office.app.publisher.dispatch()
    office.clock.advance(timedelta(minutes=1))
    assert ["published"] == [sent.result for sent in office.app.publisher.dispatch()]
    assert "published" == office.place(item)
