"""Taking up again what ended without publication, and urging on what is under way."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from tests.service.test_retracting import clocks
from workflow.machine import Action

if TYPE_CHECKING:
    from tests.service.sample_office import SampleOffice

WITHHELD: dict[str, Any] = {
    "attribute": "not_disclosed", "ground": "personal_privacy", "attribute_reason": "样例",
}  # fmt: skip


def ended(office: SampleOffice, how: str) -> int:
    """Return an item that ended so without publication."""
    if how == "abandoned":
        item = office.item_at("seal")
        office.give_back(item, "keeper")
        office.act(item, Action.ABANDON, "head", reason="样例理由")
        return item
    attribute = "not_disclosed" if how == "withheld" else "on_request"
    return office.item_at(how, **WITHHELD | {"attribute": attribute})


@pytest.mark.parametrize("how", ["abandoned", "withheld", "on_request_only"])
def test_the_head_takes_an_item_up_again_and_nothing_that_was_decided_holds(
    office: SampleOffice, how: str
) -> None:
    item = ended(office, how)
    answer = office.act(item, Action.REOPEN, "head", reason="样例理由")
    row = office.row(item)
    assert ("draft", None, None) == (answer["state"], row.ground, row.reassess_on)
    assert set() == office.standing(item)
    assert "reopened" == office.events(item)[-1]
    assert [] == office.faults()


def test_what_is_taken_up_again_goes_the_whole_way_and_keeps_its_number(
    office: SampleOffice,
) -> None:
    """Same gate: every stage decides anew, and the number stays (R15)."""
    item = ended(office, "withheld")
    number = office.row(item).index_number
    office.act(item, Action.REOPEN, "head", reason="样例理由")
    office.revise(item, "clerk", attribute="proactive", ground=None, attribute_reason=None)
    office.carry(item, to="published")
    row = office.row(item)
    assert (number, 2) == (row.index_number, row.round)
    assert [] == office.faults()


def test_the_clocks_of_an_abandoned_item_run_again_from_the_day_of_formation(
    office: SampleOffice,
) -> None:
    item = ended(office, "abandoned")
    assert [("online", "abandoned"), ("reading_points", "abandoned")] == clocks(office, item)
    office.clock.advance(timedelta(days=60))
    office.act(item, Action.REOPEN, "head", reason="样例理由")
    assert [("online", "running"), ("reading_points", "running")] == clocks(office, item)[2:]
    with office.database.read() as connection:
        days = connection.exec_driver_sql(
            "SELECT DISTINCT started_on, due_on FROM deadline WHERE clock = 'online'"
        ).all()
    assert 1 == len(days)


def test_only_the_head_of_the_department_reopens_and_says_why(office: SampleOffice) -> None:
    item = ended(office, "abandoned")
    for name in ("clerk", "deputy", "supervisor"):
        with office.refused("role_missing"):
            office.act(item, Action.REOPEN, name, reason="样例理由")
    with office.refused("reason_required"):
        office.act(item, Action.REOPEN, "head", reason=" ")


@pytest.mark.parametrize("place", ["draft", "seal", "published"])
def test_what_did_not_end_unpublished_is_not_reopened(office: SampleOffice, place: str) -> None:
    item = office.item_at(place)
    with office.refused("wrong_state"):
        office.act(item, Action.REOPEN, "head", reason="样例理由")


def test_after_a_submission_only_the_head_abandons_and_says_why(office: SampleOffice) -> None:
    item = office.item_at("seal")
    office.give_back(item, "keeper")
    with office.refused("role_missing", "reason_required"):
        office.act(item, Action.ABANDON, "clerk")
    with office.refused("reason_required"):
        office.act(item, Action.ABANDON, "head")
    office.act(item, Action.ABANDON, "head", reason="样例理由")
    assert "abandoned" == office.place(item)


def test_urging_stands_in_the_trail_and_changes_nothing_that_was_seen(
    office: SampleOffice,
) -> None:
    item = office.item_at("seal")
    before = office.row(item)
    answer = office.act(item, Action.URGE, "clerk")
    assert (before.version, "seal") == (answer["version"], answer["stage"])
    assert "urged" == office.events(item)[-1]
    # Whoever has looked at it before can decide on it as if nobody had said a word.
    office.service.perform(item, Action.SEAL, office["keeper"], seen=before.version)
    assert [] == office.faults()


def test_the_same_desk_is_not_urged_twice_a_day_but_the_next_one_is(office: SampleOffice) -> None:
    item = office.item_at("sign_off")
    office.clock.advance(timedelta(hours=1))
    office.act(item, Action.URGE, "clerk")
    office.clock.advance(timedelta(hours=23, minutes=59))
    with office.refused("urged_lately"):
        office.act(item, Action.URGE, "colleague")
    office.clock.advance(timedelta(minutes=1))
    office.act(item, Action.URGE, "colleague")
    office.clock.advance(timedelta(hours=1))
    office.decide(item)
    office.act(item, Action.URGE, "clerk")
    assert 3 == office.events(item).count("urged")


def test_only_a_clerk_of_the_body_urges_and_only_what_waits_on_somebody(
    office: SampleOffice,
) -> None:
    item = office.item_at("seal")
    for name in ("head", "supervisor"):
        with office.refused("role_missing"):
            office.act(item, Action.URGE, name)
    for place in ("draft", "published"):
        other = office.item_at(place)
        with office.refused("wrong_state"):
            office.act(other, Action.URGE, "clerk")


def test_who_may_not_abandon_is_told_who_can_and_what_was_abandoned_is_still_counted(
    office: SampleOffice,
) -> None:
    """Rules, section 3: after a first submission it is the head's, and stays in the statistics."""
    item = office.item_at("seal")
    office.give_back(item, "keeper")
    with office.refused("role_missing", "reason_required") as caught:
        office.act(item, Action.ABANDON, "clerk")
    refusal, _ = caught.value.refusals  # type: ignore[attr-defined]
    assert {"head", "head2"} == {who.name for who in refusal.who}
    office.act(item, Action.ABANDON, "head", reason="样例理由")
    report = office.app.reports.timeliness(
        office["supervisor"], first=date(2017, 1, 1), last=date(2017, 12, 31)
    )
    assert [1] == [row["count"] for row in report["returns"]]
    assert [1, 1] == [row["voided"] for row in report["total"]]
    (row,) = office.queries.items(office["supervisor"]).rows
    assert (item, "abandoned") == (row["item"], row["state"])
