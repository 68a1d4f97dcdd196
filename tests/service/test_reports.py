"""The report of timeliness: whose it is, what it counts, and what it leaves out."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from tests.service.sample_office import CIVIL, FINANCE, PEOPLE
from tests.service.test_waivers import waive
from workflow.errors import InvalidInput, NotFound, Refused
from workflow.guards import Role
from workflow.machine import Action
from workflow.reports import By
from workflow.runtime import SHANGHAI

if TYPE_CHECKING:
    from tests.service.sample_office import SampleOffice

YEAR = {"first": date(2017, 1, 1), "last": date(2017, 12, 31)}


def at(day: str) -> datetime:
    """Return nine in the morning in Asia/Shanghai."""
    return datetime.fromisoformat(f"{day}T09:00").replace(tzinfo=SHANGHAI)


def report(office: SampleOffice, who: str = "supervisor", /, **asked: Any) -> dict[str, Any]:
    """Return the report of 2017, or of what was asked for."""
    found: dict[str, Any] = office.app.reports.timeliness(office[who], **(YEAR | asked))
    return found


def online(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the one row that is about publication."""
    (row,) = [row for row in rows if row["clock"] == "online"]
    return row


@pytest.fixture
def busy(office: SampleOffice) -> SampleOffice:
    """Give an office on 2017-02-21 with clocks that ended in every way, and two that run."""
    office.item_at("published")
    late = office.item_at("cleared")
    office.draft()
    office.item_at("seal", formed_on="2017-01-20")
    office.act(office.draft(), Action.ABANDON, "clerk")
    office.draft(by="outsider", department=FINANCE, changes={"category": "statistics"})
    office.clock.set(at("2017-02-13"))
    office.act(late, Action.PUBLISH, "publisher", late_reason="=样例：系统故障")
    office.deliver(late)
    office.clock.set(at("2017-02-21"))
    return office


def test_a_report_counts_each_legal_clock_by_how_it_stands(busy: SampleOffice) -> None:
    found = report(busy)
    row = online(found["total"])
    # In time on the day of its start; met on the eleventh; overdue are the draft and finance's.
    assert {
        "on_time": 1,
        "late": 3,
        "met_late": 1,
        "overdue": 2,
        "open": 1,
        "voided": 1,
        "provisional": 0,
        "share_truncated": 25.0,
        "share_half_up": 25.0,
        # 8 working days from 2017-01-10 to 2017-01-20, and 21 to 2017-02-13.
        "median_days": 14.5,
        "p95_days": 21,
    } == {name: row[name] for name in row if name not in ("clock", "code", "title")}
    (delivery,) = [row for row in found["total"] if row["clock"] == "reading_points"]
    assert (0, 0, 5, 1) == tuple(delivery[n] for n in ("on_time", "late", "open", "voided"))
    assert (busy.app.runtime.today(), None) == (found["today"], found["bodies"])


def test_a_share_is_cut_off_and_rounded(office: SampleOffice) -> None:
    for _ in range(2):
        office.item_at("published")
    office.draft()
    office.clock.set(at("2017-02-20"))
    row = online(report(office)["total"])
    assert (66.6, 66.7) == (row["share_truncated"], row["share_half_up"])


def test_the_cohort_is_what_ends_in_the_period_whenever_it_began(busy: SampleOffice) -> None:
    # All but one end on 2017-02-10, that one on 2017-02-22.
    for first, last, expected in (
        (date(2017, 2, 10), date(2017, 2, 10), 5),
        (date(2017, 2, 11), date(2017, 2, 22), 1),
        (date(2017, 2, 22), date(2017, 2, 22), 1),
        (date(2017, 1, 1), date(2017, 2, 9), 0),
    ):
        rows = [
            row for row in report(busy, first=first, last=last)["total"] if row["clock"] == "online"
        ]
        counted = sum(row[n] for row in rows for n in ("on_time", "late", "open", "voided"))
        assert expected == counted, (first, last)
    for first, last, code in (
        (date(2017, 2, 2), date(2017, 2, 1), "period_wrong"),
        (date.min, date(2017, 2, 1), "outside_calendar"),
        (date(2017, 2, 2), date.max, "outside_calendar"),
    ):
        with pytest.raises(InvalidInput) as caught:
            report(busy, first=first, last=last)
        assert code == caught.value.code


def test_clocks_that_may_still_move_are_counted_apart(office: SampleOffice) -> None:
    office.clock.set(at("2026-12-10"))
    office.draft(changes={"formed_on": "2026-12-10"})
    office.clock.set(at("2027-03-01"))
    found = report(office, first=date(2027, 1, 1), last=date(2027, 12, 31))
    row = online(found["total"])
    assert (1, 0, None) == (row["provisional"], row["late"], row["share_truncated"])
    assert [] == found["late"]


def test_what_is_late_is_named_with_its_reason(busy: SampleOffice) -> None:
    late = [row for row in report(busy)["late"] if row["clock"] == "online"]
    assert [
        (2, date(2017, 2, 13), 1, "=样例：系统故障", CIVIL),
        (3, None, 7, None, CIVIL),
        (6, None, 7, None, FINANCE),
    ] == [
        (row["item"], row["met_on"], row["days_late"], row["reason"], row["body"]) for row in late
    ]


def test_groups_add_up_to_the_whole(busy: SampleOffice) -> None:
    whole = online(report(busy)["total"])
    expected = {By.DEPARTMENT: [CIVIL, FINANCE], By.CATEGORY: ["annual_report", "statistics"]}
    for by, codes in expected.items():
        groups = [row for row in report(busy, by=by)["groups"] if row["clock"] == "online"]
        assert codes == [row["code"] for row in groups]
        assert all(row["title"]["zh"] and row["title"]["en"] for row in groups)
        for name in ("on_time", "late", "open", "voided", "overdue"):
            assert whole[name] == sum(row[name] for row in groups), (by, name)


def test_by_stage_the_clocks_are_the_budgets_of_the_desks(busy: SampleOffice) -> None:
    found = report(busy, by=By.STAGE)
    groups = {row["code"]: (row["on_time"], row["late"]) for row in found["groups"]}
    # Publication of the second item took until 2017-02-13; the fourth still lies at the seal.
    assert {
        "sign_off": (3, 0),
        "seal": (2, 1),
        "confidentiality_review": (2, 0),
        "final_review": (2, 0),
        "publication": (1, 1),
    } == groups
    assert list(groups) == [row["stage"] for row in found["stages"]]
    spent = {row["stage"]: (row["count"], row["days"], row["over_budget"])
             for row in found["stages"]}  # fmt: skip
    assert (2, 13, 1) == spent["publication"]
    assert {"zh": "发布", "en": "Publication"} == found["stages"][-1]["title"]


def test_returns_are_counted_by_stage_and_code_within_the_period(office: SampleOffice) -> None:
    for day in ("2016-12-31", "2017-01-01", "2017-01-01", "2017-12-31"):
        office.clock.set(at(day).replace(hour=0, minute=0))
        office.give_back(office.item_at("seal", formed_on="2016-12-30"), "keeper")
    office.clock.set(at("2018-01-01").replace(hour=0))
    office.give_back(office.item_at("seal"), "keeper")
    (row,) = report(office)["returns"]
    assert ("seal", "wording", 3) == (row["stage"], row["code"], row["count"])
    assert row["title"]["zh"]


def test_only_those_who_answer_for_it_get_a_report(busy: SampleOffice) -> None:
    everything = {"supervisor", "final", "final2", "publisher", "publisher2"}
    own = {"head": CIVIL, "head2": CIVIL, "outhead": FINANCE}
    for name in PEOPLE:
        if name in everything:
            assert report(busy, name)["bodies"] is None
        elif name in own:
            found = report(busy, name, by=By.DEPARTMENT)
            assert [own[name]] == [body["code"] for body in found["bodies"]]
            assert {own[name]} == {row["code"] for row in found["groups"]}
            report(busy, name, body=own[name])
        else:
            with pytest.raises(Refused) as caught:
                report(busy, name)
            assert ["report_not_yours"] == [each.code for each in caught.value.refusals], name
    with pytest.raises(Refused):
        report(busy, "head", body=FINANCE)
    with pytest.raises(NotFound):
        report(busy, body="YL-NOWHERE")
    assert 1 == online(report(busy, body=FINANCE)["total"])["late"]


def test_s42_what_one_may_not_see_is_in_no_number(office: SampleOffice) -> None:
    item = office.draft(restricted=True)
    office.carry(item, to="seal")
    office.give_back(item, "keeper")
    office.clock.advance(timedelta(days=60))
    found = report(office, by=By.DEPARTMENT)
    assert [] == found["total"] == found["groups"] == found["late"]
    assert [] == found["stages"] == found["returns"]
    assert [] != report(office, "head")["total"]


# -- returns ---------------------------------------------------------------------------------


def returned(office: SampleOffice, who: str = "supervisor", /, **asked: Any) -> dict[str, Any]:
    """Return the statistics of returns of 2017, or of what was asked for."""
    found: dict[str, Any] = office.app.reports.returns(office[who], **(YEAR | asked))
    return found


def test_returns_are_counted_by_stage_reason_and_body(office: SampleOffice) -> None:
    item = office.item_at("seal")
    office.give_back(item, "keeper")
    office.carry(office.revise(item, body="样例正文，改过。")["item"], to="final_review")
    for code in ("wording", "formatting"):
        said: dict[str, Any] = {"to": "draft", "reason": "样例理由", "reason_code": code}
        office.act(office.item_at("sign_off"), Action.RETURN, "head", **said)
    found = returned(office)
    stages = {row["code"]: row for row in found["stages"]}
    assert ["sign_off", "seal", "confidentiality_review"] == list(stages)
    assert (2, 2, 1, 50.0) == tuple(
        stages["sign_off"][name]
        for name in ("returned", "decided", "decisions_voided", "share_returned")
    )
    assert (1, 1, 0) == tuple(
        stages["seal"][name] for name in ("returned", "decided", "decisions_voided")
    )
    assert [("seal", "wording", 1), ("sign_off", "formatting", 1), ("sign_off", "wording", 1)] == [
        (row["stage"], row["code"], row["count"]) for row in found["reasons"]
    ]
    assert [(CIVIL, 3, 4)] == [
        (row["code"], row["returned"], row["decided"]) for row in found["departments"]
    ]
    assert (3, 4) == (found["returned"], found["decided"])


def test_s15_what_was_passed_under_a_waiver_is_counted_by_stage_and_body(
    office: SampleOffice,
) -> None:
    office.give("clerk", Role.DEPARTMENT_HEAD)
    waive(office)
    office.item_at("final_review")
    office.decide(office.item_at("sign_off"), by="clerk")
    found = returned(office)
    assert 1 == found["under_waiver"]
    assert [("sign_off", 2, 1), ("seal", 1, 0), ("confidentiality_review", 1, 0)] == [
        (row["code"], row["decided"], row["under_waiver"]) for row in found["stages"]
    ]
    assert [(CIVIL, 1)] == [(row["code"], row["under_waiver"]) for row in found["departments"]]
    assert 0 == returned(office, first=date(2017, 2, 1))["under_waiver"]


def test_a_voided_seal_is_counted_in_the_month_in_which_it_was_voided(
    office: SampleOffice,
) -> None:
    item = office.item_at("confidentiality_review")
    office.clock.set(at("2017-02-13"))
    office.give_back(item, "reviewer")
    office.revise(item, body="样例正文，改过。")
    january = returned(office, last=date(2017, 1, 31))
    february = returned(office, first=date(2017, 2, 1))
    assert [("sign_off", 1, 0), ("seal", 1, 0)] == [
        (row["code"], row["decided"], row["decisions_voided"]) for row in january["stages"]
    ]
    assert [("sign_off", 0, 1), ("seal", 0, 1), ("confidentiality_review", 0, 0)] == [
        (row["code"], row["decided"], row["decisions_voided"]) for row in february["stages"]
    ]


def test_returns_are_shown_to_those_who_answer_for_them_and_restricted_ones_to_none(
    office: SampleOffice,
) -> None:
    office.give_back(office.draft(restricted=True, submit=True), "head")
    office.give_back(office.item_at("sign_off"), "head")
    assert (1, 2) == (returned(office)["returned"], returned(office, "head")["returned"])
    assert (0, []) == tuple(returned(office, "outhead")[name] for name in ("returned", "stages"))
    assert 0 == returned(office, body=FINANCE)["returned"]
    for who in ("clerk", "admin", "auditor"):
        with pytest.raises(Refused):
            returned(office, who)
    with pytest.raises(Refused):
        returned(office, "head", body=FINANCE)
    with pytest.raises(InvalidInput):
        returned(office, first=date(2018, 1, 1))
