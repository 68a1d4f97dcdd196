"""The clocks of an item: opened with its draft, moved, met and voided by what happens to it."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import pytest
from sqlalchemy import select, text

from tests.service.sample_office import START
from tests.service.tampering import unguarded
from workflow import calendar_files, policy
from workflow.clocks import Time, recompute
from workflow.deadlines import Kind
from workflow.errors import InvalidInput, NotFound, Refused
from workflow.guards import Role
from workflow.machine import Action
from workflow.models import Deadline, DeadlineMove, Remark, table
from workflow.queries import words_of
from workflow.revisions import FormedOnBasis
from workflow.runtime import SHANGHAI
from workflow.working_days import Calendar, Notice, Turn

if TYPE_CHECKING:
    from tests.service.sample_office import SampleOffice

_deadline, _move, _remark = table(Deadline), table(DeadlineMove), table(Remark)
ONLINE_DUE: Final = date(2017, 2, 10)
"""Twenty working days after 10 January 2017, over the Spring Festival and two make-up days."""
POINTS_DUE: Final = date(2017, 2, 24)


def clocks(office: SampleOffice, item: int, *, kind: Kind = Kind.LEGAL) -> dict[str, Any]:
    """Return the rows of an item's clocks by their names; the newest of each."""
    with office.database.read() as connection:
        rows = connection.execute(
            select(_deadline)
            .where(_deadline.c.item_id == item, _deadline.c.kind == kind)
            .order_by(_deadline.c.id)
        ).all()
    return {row.stage or row.clock: row for row in rows}


def said(office: SampleOffice, remark_id: int) -> str:
    """Return the reason of lateness that a remark holds."""
    with office.database.read() as connection:
        form = connection.execute(select(_remark.c.canonical).where(_remark.c.id == remark_id))
        reason: str = words_of(form.scalar_one())["late_reason"]
    return reason


def moves(office: SampleOffice, item: int) -> list[Any]:
    with office.database.read() as connection:
        return list(
            connection.execute(
                select(_move, _deadline.c.clock)
                .join(_deadline, _deadline.c.id == _move.c.deadline_id)
                .where(_deadline.c.item_id == item, _deadline.c.kind == Kind.LEGAL)
                .order_by(_move.c.id)
            )
        )


def holiday(day: date) -> Notice:
    """Return a sample notice that gives one day off."""
    return Notice(
        number="样例", title="样例通知", issued=date(2017, 1, 21),
        turns=(Turn(zh="样例", en="sample", off=(day,)),),
    )  # fmt: skip


def with_holiday(day: date) -> Any:
    return lambda calendar: calendar.with_local(holiday(day))


# -- opened --------------------------------------------------------------------------------------


def test_both_legal_clocks_run_from_the_day_of_formation(office: SampleOffice) -> None:
    item = office.draft()
    found = clocks(office, item)

    assert {"online": ONLINE_DUE, "reading_points": POINTS_DUE} == {
        name: row.due_on for name, row in found.items()
    }
    assert {date(2017, 1, 10)} == {row.started_on for row in found.values()}
    # 00:00 of the next day in Asia/Shanghai, whatever zone anything else is in (S34).
    assert datetime(2017, 2, 10, 16, tzinfo=UTC) == found["online"].overdue_at
    assert not any(row.provisional for row in found.values())
    assert "第十八条" in found["online"].legal_basis


def test_what_is_not_disclosed_proactively_has_no_legal_clock(office: SampleOffice) -> None:
    item = office.draft(
        changes={
            "attribute": "on_request",
            "ground": "internal_affairs",
            "attribute_reason": "样例理由",
        }
    )

    assert {} == clocks(office, item)


@pytest.mark.parametrize(
    ("formed_on", "category", "rule", "due"),
    [
        ("2008-04-30", "annual_report", None, None),
        ("2008-05-01", "annual_report", "online_2008", date(2008, 5, 29)),
        ("2016-02-05", "annual_report", "online_2008", date(2016, 3, 9)),
        # Formed on a make-up Saturday, and due on a make-up Sunday.
        ("2016-02-06", "annual_report", "online_2008", date(2016, 3, 10)),
        ("2016-08-18", "annual_report", "online_2008", date(2016, 9, 18)),
        # Twenty calendar days end on a Saturday, so the next working day is the last.
        ("2016-01-10", "budget_and_accounts", "online_budgets", date(2016, 2, 1)),
    ],
)
def test_the_rule_follows_from_the_formation_date_and_the_catalogue(
    office: SampleOffice, formed_on: str, category: str, rule: str | None, due: date | None
) -> None:
    item = office.draft(changes={"formed_on": formed_on, "category": category})
    online = clocks(office, item).get("online")

    assert (rule, due) == ((online.rule, online.due_on) if online else (None, None))


def test_a_draft_that_changes_moves_opens_and_voids_its_clocks(office: SampleOffice) -> None:
    item = office.draft(changes={"formed_on": None})
    assert {} == clocks(office, item)

    office.revise(item, formed_on="2017-01-11")
    assert date(2017, 2, 13) == clocks(office, item)["online"].due_on

    office.revise(item, formed_on="2017-01-10")
    moved = clocks(office, item)["online"]
    assert (ONLINE_DUE, 2) == (moved.due_on, moved.rev)
    assert [("revise", date(2017, 2, 13), ONLINE_DUE)] == [
        (row.why, row.old_due_on, row.new_due_on)
        for row in moves(office, item)
        if row.clock == "online"
    ]

    office.revise(
        item, attribute="on_request", ground="internal_affairs", attribute_reason="样例理由"
    )
    assert {"revise"} == {row.void_reason for row in clocks(office, item).values()}
    office.revise(item, attribute="proactive", ground=None, attribute_reason=None)
    again = clocks(office, item)["online"]
    assert (ONLINE_DUE, 1, None) == (again.due_on, again.rev, again.voided_at)
    assert [] == office.faults()


def test_a_date_that_the_calendar_does_not_know_is_refused(office: SampleOffice) -> None:
    office.clock.set(datetime(2050, 12, 20, 9, tzinfo=SHANGHAI))

    with office.refused("outside_calendar", by=InvalidInput):
        office.draft(changes={"formed_on": "2050-12-19"})


def test_a_due_date_beyond_the_last_notice_is_provisional(office: SampleOffice) -> None:
    office.clock.set(datetime(2026, 11, 25, 9, tzinfo=SHANGHAI))
    item = office.draft(changes={"formed_on": "2026-11-24"})

    assert {"online": False, "reading_points": True} == {
        name: row.provisional for name, row in clocks(office, item).items()
    }
    assert 1 == office.app.timekeeper.provisional()


# -- ended ---------------------------------------------------------------------------------------


def test_publication_meets_the_online_clock_and_no_other(office: SampleOffice) -> None:
    item = office.item_at("published")
    found = clocks(office, item)

    assert START.date() == found["online"].met_on
    # S37: the hand-over is still owed.
    assert (None, None) == (found["reading_points"].met_on, found["reading_points"].voided_at)


def test_withholding_and_abandoning_void_what_is_open(office: SampleOffice) -> None:
    withheld = office.item_at("confidentiality_review")
    office.act(withheld, Action.REVIEW_WITHHOLD, "reviewer", ground="state_secret")
    office.decide(withheld)
    abandoned = office.draft()
    office.act(abandoned, Action.ABANDON, "clerk")

    for item, why in ((withheld, "withheld"), (abandoned, "abandoned")):
        assert {why} == {row.void_reason for row in clocks(office, item).values()}


def test_a_return_leaves_the_legal_clocks_running(office: SampleOffice) -> None:
    item = office.item_at("final_review")
    before = clocks(office, item)
    office.give_back(item, "final")

    assert before == clocks(office, item)


def test_each_desk_is_charged_while_it_holds_the_item(office: SampleOffice) -> None:
    item = office.item_at("seal")
    office.clock.advance(timedelta(days=3))
    office.carry(item, to="cleared")
    budgets = clocks(office, item, kind=Kind.STAGE)

    # Three days over a make-up Sunday: two working days later the seal was set.
    monday = date(2017, 1, 23)
    assert {
        "sign_off": (START.date(), date(2017, 1, 24), START.date()),
        "seal": (START.date(), date(2017, 1, 22), monday),
        "confidentiality_review": (monday, date(2017, 2, 7), monday),
        "final_review": (monday, date(2017, 1, 26), monday),
        "publication": (monday, date(2017, 1, 24), None),
    } == {name: (row.started_on, row.due_on, row.met_on) for name, row in budgets.items()}


def test_a_stage_that_is_entered_twice_is_charged_twice(office: SampleOffice) -> None:
    item = office.item_at("seal")
    office.give_back(item, "keeper")
    office.carry(item, to="seal")
    with office.database.read() as connection:
        ended = connection.execute(
            select(_deadline.c.met_on)
            .where(_deadline.c.item_id == item, _deadline.c.stage == "seal")
            .order_by(_deadline.c.id)
        ).scalars()
        assert [START.date(), None] == list(ended)


# -- late ----------------------------------------------------------------------------------------


def late(office: SampleOffice) -> int:
    """Return an item that is cleared on the day after its last one."""
    item = office.item_at("cleared")
    office.clock.set(datetime(2017, 2, 11, 0, 0, tzinfo=SHANGHAI))
    return item


def test_the_due_day_belongs_wholly_to_the_department(office: SampleOffice) -> None:
    item = office.item_at("cleared")
    office.clock.set(datetime(2017, 2, 10, 23, 59, 59, tzinfo=SHANGHAI))
    office.carry(item, to="published")

    assert ONLINE_DUE == clocks(office, item)["online"].met_on


def test_publishing_late_needs_a_reason(office: SampleOffice) -> None:
    item = late(office)

    with office.refused("late_reason_required"):
        office.act(item, Action.PUBLISH, "publisher", late_reason=" ")
    with pytest.raises(Refused) as refusal:
        office.act(item, Action.PUBLISH, "publisher", late_reason="机密★10年")
    assert ("classification_mark", "late_reason") == (
        refusal.value.code, refusal.value.params["part"],
    )  # fmt: skip

    office.act(item, Action.PUBLISH, "publisher", late_reason="样例：等待上级机关答复")
    office.deliver(item)
    online = clocks(office, item)["online"]
    assert (date(2017, 2, 11), "样例：等待上级机关答复", office["publisher"]) == (
        online.met_on,
        said(office, online.late_remark_id),
        online.late_by,
    )


def test_what_was_decided_in_time_is_not_held_back_and_owes_a_reason(office: SampleOffice) -> None:
    item = office.item_at("publishing")
    with office.refused("nothing_late"):
        office.app.timekeeper.give_late_reason(office["publisher"], item, reason="样例")
    office.clock.set(datetime(2017, 2, 11, 8, 0, tzinfo=SHANGHAI))
    office.deliver(item)

    assert "published" == office.place(item)
    in_time = office.item_at("published", formed_on="2017-02-10")
    assert [(item, "late_reason")] == [
        (row["item"], row["duty"]) for row in office.queries.inbox(office["publisher"]).rows
    ]
    assert in_time not in {row["item"] for row in office.queries.inbox(office["final"]).rows}
    office.app.timekeeper.give_late_reason(office["publisher"], item, reason="样例：站点故障")
    assert () == office.queries.inbox(office["publisher"]).rows
    assert "样例：站点故障" == said(office, clocks(office, item)["online"].late_remark_id)
    assert "late_reason_given" == office.events(item)[-1]
    with office.refused("nothing_late"):
        office.app.timekeeper.give_late_reason(office["publisher"], item, reason="样例")


def test_only_a_publisher_says_why_it_was_late(office: SampleOffice) -> None:
    item = office.item_at("publishing")
    for name in ("clerk", "head", "admin", "supervisor"):
        with office.refused("needs_role"):
            office.app.timekeeper.give_late_reason(office[name], item, reason="样例")


# -- corrected -----------------------------------------------------------------------------------


def correct(office: SampleOffice, item: int, day: date, by: str = "admin", **options: Any) -> Any:
    return office.app.timekeeper.correct_date(
        office[by],
        item,
        formed_on=day,
        basis=FormedOnBasis.SIGNATURE,
        reason="样例：签发日期录错",
        **options,
    )


def test_a_corrected_date_moves_the_clocks_and_nothing_else(office: SampleOffice) -> None:
    item = office.item_at("seal")
    before = office.row(item)
    correct(office, item, date(2017, 1, 9))
    after = office.row(item)

    assert {"online": date(2017, 2, 9), "reading_points": date(2017, 2, 23)} == {
        name: row.due_on for name, row in clocks(office, item).items()
    }
    assert (before.digest, before.version, before.index_number) == (
        after.digest,
        after.version,
        after.index_number,
    )
    assert {"sign_off"} == office.standing(item)
    assert "date_corrected" == office.events(item)[-1]
    assert [] == office.faults()
    # And whoever has seen it still may decide on what was seen.
    office.decide(item)


def test_a_correction_counts_for_what_is_published_already(office: SampleOffice) -> None:
    item = office.item_at("published")
    correct(office, item, date(2016, 12, 1))
    online = clocks(office, item)["online"]

    assert (date(2016, 12, 29), START.date()) == (online.due_on, online.met_on)


def test_a_new_text_says_its_own_date(office: SampleOffice) -> None:
    item = office.item_at("seal")
    correct(office, item, date(2017, 1, 9))
    office.give_back(item, "keeper")
    office.revise(item, title="样例：新的标题")

    assert ONLINE_DUE == clocks(office, item)["online"].due_on


def test_who_may_not_correct_a_date_and_which(office: SampleOffice) -> None:
    item, draft = office.item_at("seal"), office.draft()
    for name in ("clerk", "head", "publisher", "auditor"):
        with office.refused("needs_role"):
            correct(office, item, date(2017, 1, 9), by=name)
    with office.refused("date_of_draft"):
        correct(office, draft, date(2017, 1, 9))
    with office.refused("formed_in_future", by=InvalidInput):
        correct(office, item, date(2017, 1, 21))
    with office.refused("no_such_item", by=NotFound):
        correct(office, 999, date(2017, 1, 9))
    with office.unchanged():
        correct(office, item, date(2017, 1, 9), dry_run=True)


# -- another calendar ----------------------------------------------------------------------------


def test_a_new_calendar_moves_open_clocks_once_and_says_so(office: SampleOffice) -> None:
    moving, met = office.item_at("seal"), office.item_at("published")
    seen = office.row(moving).version
    came = office.app.timekeeper.apply_calendar(
        office["admin"], with_holiday(date(2017, 2, 8)), source="样例.toml"
    )

    assert (True, 2, [date(2017, 2, 8)]) == (
        came["changed"], came["number"], [row["day"] for row in came["days"]],
    )  # fmt: skip
    # The reading-point clock of what is published still runs, and moves with the others (S32).
    assert [(moving, "online"), (moving, "reading_points"), (met, "reading_points")] == [
        (row["item"], row["clock"]) for row in came["moved"]
    ]
    online = clocks(office, moving)["online"]
    assert (date(2017, 2, 13), 2, 2) == (online.due_on, online.rev, online.calendar)
    assert (ONLINE_DUE, 1) == (
        clocks(office, met)["online"].due_on, clocks(office, met)["online"].calendar,
    )  # fmt: skip
    assert [("calendar", ONLINE_DUE, date(2017, 2, 13))] == [
        (row.why, row.old_due_on, row.new_due_on)
        for row in moves(office, moving)
        if row.clock == "online"
    ]
    assert seen == office.row(moving).version
    assert ["deadline_moved", "deadline_moved"] == office.events(moving)[-2:]
    assert "calendar_applied" == office.events()[-1]
    assert [] == office.faults()
    with office.unchanged():
        assert 0 == office.app.timekeeper.catch_up()


def test_a_false_overdue_is_withdrawn(office: SampleOffice) -> None:
    item = office.item_at("seal")
    office.clock.set(datetime(2017, 2, 11, 9, tzinfo=SHANGHAI))
    with office.database.transaction() as transaction:
        transaction._cursor.execute(  # noqa: SLF001 # what a sweep would have flagged
            "UPDATE deadline SET detected_at = opened_at WHERE clock = 'online'"
        )
    came = office.app.timekeeper.apply_calendar(
        office["admin"], with_holiday(date(2017, 2, 8)), source="样例.toml"
    )

    assert [True] == [row["withdrew_overdue"] for row in came["moved"] if row["clock"] == "online"]
    assert clocks(office, item)["online"].detected_at is None
    assert [True, False] == [row.withdrew_overdue for row in moves(office, item)]


def test_a_wrong_calendar_is_reverted_by_a_new_version(office: SampleOffice) -> None:
    # F20: a dry run first shows every date, versions never change, and the revert is one more.
    item = office.item_at("seal")
    keeper = office.app.timekeeper
    with office.unchanged():
        planned = keeper.apply_calendar(
            office["admin"], with_holiday(date(2017, 2, 8)), source="样例.toml", dry_run=True
        )
    applied = keeper.apply_calendar(
        office["admin"], with_holiday(date(2017, 2, 8)), source="样例.toml"
    )
    assert planned["moved"] == applied["moved"]

    keeper.revert_calendar(office["admin"], 1, reason="样例：录入有误")

    assert (ONLINE_DUE, 3) == (
        clocks(office, item)["online"].due_on, clocks(office, item)["online"].rev,
    )  # fmt: skip
    history = keeper.calendar_history()
    assert [(1, None, False), (2, None, False), (3, 1, True)] == [
        (row["number"], row["reverts"], row["in_force"]) for row in history
    ]
    assert history[0]["version"] == history[2]["version"] != history[1]["version"]
    assert [] == office.faults()


def test_a_calendar_that_changes_nothing_makes_no_version(office: SampleOffice) -> None:
    with office.unchanged():
        came = office.app.timekeeper.apply_calendar(
            office["admin"], lambda calendar: calendar, source="样例.toml"
        )
    assert not came["changed"]


def test_who_may_not_change_the_calendar_and_to_which(office: SampleOffice) -> None:
    keeper = office.app.timekeeper

    def fails(_: Calendar) -> Calendar:
        raise InvalidInput("calendar_year_missing", year=2028)

    for name in ("clerk", "supervisor", "publisher"):
        with office.refused("needs_role"):
            keeper.apply_calendar(office[name], with_holiday(date(2017, 2, 8)), source="样例")
    with office.refused("calendar_year_missing", by=InvalidInput):
        keeper.apply_calendar(office["admin"], fails, source="样例")
    with office.refused("no_such_calendar", by=NotFound):
        keeper.revert_calendar(office["admin"], 9, reason="样例")
    with office.refused("reason_required"):
        keeper.revert_calendar(office["admin"], 1, reason=" ")


def test_a_clock_opened_by_the_old_calendar_meanwhile_is_caught_up(office: SampleOffice) -> None:
    keeper = office.app.timekeeper
    keeper.apply_calendar(office["admin"], with_holiday(date(2017, 2, 8)), source="样例.toml")
    item = office.item_at("seal")
    with office.database.transaction() as transaction:
        transaction._cursor.execute(  # noqa: SLF001 # what an act under way would have left
            "UPDATE deadline SET calendar = 1, due_on = '2017-02-10' WHERE clock = 'online'"
        )

    assert 1 == keeper.catch_up()
    assert (date(2017, 2, 13), 2) == (
        clocks(office, item)["online"].due_on, clocks(office, item)["online"].calendar,
    )  # fmt: skip


def test_catching_up_takes_nothing_back_that_a_later_calendar_opened(office: SampleOffice) -> None:
    office.app.timekeeper.apply_calendar(
        office["admin"], with_holiday(date(2017, 2, 8)), source="样例.toml"
    )
    item = office.item_at("seal")
    before = Time(now=office.clock(), number=1, calendar=calendar_files.shipped())
    with office.unchanged(), office.database.transaction() as transaction:
        origin = office.app.runtime.origin("system")
        assert [] == recompute(transaction, before, origin=origin)
    assert 2 == clocks(office, item)["online"].calendar


def test_catching_up_asks_nothing_of_every_clock_where_none_has_fallen_behind(
    office: SampleOffice,
) -> None:
    office.item_at("seal")
    statements: list[str] = []
    other = office.again(observe=statements.append)
    assert 0 == other.app.timekeeper.catch_up()
    other.close()
    # The calendar in force, its text, whoever has fallen behind, and the end.
    assert 4 == len(statements)
    assert "calendar <" in statements[2]


# -- pauses --------------------------------------------------------------------------------------


def test_proactive_disclosure_allows_no_pause(office: SampleOffice) -> None:
    item = office.item_at("seal")

    with office.refused("deadline_not_pausable", by=InvalidInput):
        office.app.timekeeper.pause(office["supervisor"], item, "online", reason="样例")
    with office.refused("no_such_clock", by=NotFound):
        office.app.timekeeper.pause(office["supervisor"], item, "reply", reason="样例")


def pausable(office: SampleOffice) -> int:
    """Return an item under a policy whose licences may wait for a third party."""
    document = json.loads(policy.shipped().text)
    document["deadlines"].append(
        {
            "code": "reply", "clock": "reply", "amount": 20, "pausable": True,
            "categories": ["administrative_licence"],
        }
    )  # fmt: skip
    document["version"] += 1
    rules = policy.stored(json.dumps(document, ensure_ascii=False))
    office.app.timekeeper.apply_policy(office["admin"], rules, reason="样例")
    return office.item_at("seal", category="administrative_licence")


def test_a_pause_moves_the_last_day_by_the_days_it_lasted(office: SampleOffice) -> None:
    # S33: twice is as good as once, the history is kept, and nothing overdue can rest.
    item, keeper = pausable(office), office.app.timekeeper
    assert ONLINE_DUE == clocks(office, item)["reply"].due_on
    keeper.pause(office["supervisor"], item, "reply", reason="样例：征求第三方意见")
    with office.unchanged():
        again = keeper.pause(office["supervisor"], item, "reply", reason="样例：再次")
    assert not again["changed"]
    office.clock.set(datetime(2017, 2, 6, 9, tzinfo=SHANGHAI))
    came = keeper.resume(office["supervisor"], item, "reply")

    # From the Friday before the Spring Festival to the Monday after it: eight working days.
    assert [("reply", "moved", ONLINE_DUE, date(2017, 2, 22))] == [
        (row["clock"], row["did"], row["from"], row["due"]) for row in came["clocks"]
    ]
    assert ["clock_paused", "clock_resumed"] == office.events(item)[-2:]
    with office.unchanged():
        assert not keeper.resume(office["supervisor"], item, "reply")["changed"]
    keeper.apply_calendar(office["admin"], with_holiday(date(2017, 2, 20)), source="样例.toml")
    assert date(2017, 2, 23) == clocks(office, item)["reply"].due_on
    office.clock.set(datetime(2017, 2, 24, 9, tzinfo=SHANGHAI))
    with office.refused("clock_overdue"):
        keeper.pause(office["supervisor"], item, "reply", reason="样例")
    with office.refused("needs_role"):
        keeper.pause(office["head"], item, "reply", reason="样例")
    assert [] == office.faults()


# -- another policy ------------------------------------------------------------------------------


def test_a_policy_with_the_same_stages_takes_over_what_is_under_way(office: SampleOffice) -> None:
    # S40: the plan lists every item with its outcome and changes nothing.
    under_way = [office.draft(), office.item_at("seal"), office.item_at("published")]
    ended = office.draft()
    office.act(ended, Action.ABANDON, "clerk")
    document = json.loads(policy.shipped().text)
    document["deadlines"][0]["amount"] = 15
    document["stages"][1]["budget"] = 2
    document["version"] += 1
    rules = policy.stored(json.dumps(document, ensure_ascii=False))
    keeper = office.app.timekeeper
    with office.unchanged():
        planned = list(keeper.plan_policy(office["admin"], rules).rows)
    came = keeper.apply_policy(office["admin"], rules, reason="样例")

    assert [(item, "carried_over") for item in under_way] == [
        (row["item"], row["outcome"]) for row in planned
    ]
    assert {"carried_over": 3} == came["outcomes"]
    draft, sealing, published = (clocks(office, item)["online"] for item in under_way)
    # The fifteenth working day is a Saturday that is worked.
    assert [date(2017, 2, 4)] * 2 == [draft.due_on, sealing.due_on]
    # What was met by the rule of its day stays met by it.
    assert (ONLINE_DUE, START.date()) == (published.due_on, published.met_on)
    assert 2 == clocks(office, under_way[1], kind=Kind.STAGE)["seal"].amount
    assert rules.digest == office.row(under_way[1]).policy_digest
    assert rules.digest != office.row(ended).policy_digest
    assert rules == office.bureau.policy_in_use()
    assert [] == office.faults()
    office.carry(under_way[1], to="published")


def test_only_an_administrator_changes_the_policy(office: SampleOffice) -> None:
    for name in ("head", "supervisor", "publisher"):
        with office.refused("needs_role"):
            office.app.timekeeper.apply_policy(office[name], policy.shipped(), reason="样例")
        with office.refused("needs_role"):
            office.app.timekeeper.plan_policy(office[name], policy.shipped())


# -- scheduled -----------------------------------------------------------------------------------

AT: Final = datetime(2017, 2, 9, 9, tzinfo=SHANGHAI)


def scheduled(office: SampleOffice, at: datetime = AT, **options: Any) -> int:
    item = office.item_at("cleared")
    office.service.schedule(item, office["publisher"], at, seen=office.row(item).version, **options)
    return item


def test_a_schedule_publishes_at_its_time_and_once(office: SampleOffice) -> None:
    # S29, S30: early nothing, at the time once, and a second sweep finds nothing.
    item = scheduled(office)
    assert "cleared" == office.place(item)
    office.clock.set(AT - timedelta(seconds=1))
    assert [] == office.service.publish_due()
    office.clock.set(AT)
    (came,) = office.service.publish_due()
    assert (item, "publishing", False) == (came["item"], came["state"], came["held"])
    assert [] == office.service.publish_due()
    office.deliver(item)

    assert "published" == office.place(item)
    started = next(entry for entry in office.trail(item) if entry.event == "publication_started")
    assert ("system", "publisher") == (started.actor, started.on_behalf_of)
    assert [] == office.faults()


def test_a_sweep_that_runs_late_holds_nothing_back(office: SampleOffice) -> None:
    item = scheduled(office)
    office.clock.set(datetime(2017, 3, 1, 9, tzinfo=SHANGHAI))
    office.service.publish_due()

    assert "publishing" == office.place(item)


@pytest.mark.parametrize("spoil", ["disabled", "stripped", "tampered"])
def test_a_schedule_that_became_invalid_is_held(office: SampleOffice, spoil: str) -> None:
    # S14, S19: the gate is asked again when the time comes.
    item = scheduled(office)
    if spoil == "disabled":
        office.accounts.set_enabled(office["admin"], "publisher", enabled=False)
    elif spoil == "stripped":
        office.give("publisher", Role.PUBLISHER, body="YL-CENTRE", revoke=True)
    else:
        with unguarded(office.database) as connection:
            connection.execute(
                text("UPDATE revision SET canonical = replace(canonical, '样例正文', '别的正文')")
            )
    office.clock.set(AT)
    (came,) = office.service.publish_due()

    assert came["held"]
    assert isinstance(came["error"], Refused)
    assert ("cleared", "publication_held") == (office.place(item), office.events(item)[-1])
    assert [] == office.service.publish_due()


def test_one_that_cannot_be_looked_at_stops_no_other(office: SampleOffice) -> None:
    poisoned, sound = scheduled(office), scheduled(office)
    with unguarded(office.database) as connection:
        # An item under a policy that is not what its digest says is not acted on.
        connection.execute(
            text(
                "INSERT INTO policy_text (digest, code, version, text, loaded_at)"
                " SELECT 'damaged', code, version, text, loaded_at FROM policy_text"
            )
        )
        connection.execute(
            text("UPDATE item SET policy_digest = 'damaged' WHERE id = :id"), {"id": poisoned}
        )
    office.clock.set(AT)
    came = office.service.publish_due()

    assert [(poisoned, True, "policy_damaged"), (sound, False, None)] == [
        (each["item"], each["held"], each["error"].code if each["held"] else None) for each in came
    ]
    assert [] == office.service.publish_due()


def test_what_leaves_the_desk_calls_its_schedule_off(office: SampleOffice) -> None:
    returned, published = scheduled(office), scheduled(office)
    office.give_back(returned, "publisher")
    office.act(published, Action.PUBLISH, "publisher")
    office.clock.set(AT)

    assert [] == office.service.publish_due()
    assert ("draft", "publishing") == (office.place(returned), office.place(published))


def test_a_second_schedule_replaces_the_first(office: SampleOffice) -> None:
    item = scheduled(office)
    office.service.schedule(
        item, office["publisher"], AT + timedelta(days=1), seen=office.row(item).version
    )
    office.clock.set(AT)

    assert [] == office.service.publish_due()
    office.clock.advance(timedelta(days=1))
    assert [item] == [came["item"] for came in office.service.publish_due()]


def test_a_schedule_is_refused_like_a_publication(office: SampleOffice) -> None:
    item = office.item_at("cleared")
    seen = office.row(item).version
    late_at = datetime(2017, 2, 11, 0, 0, tzinfo=SHANGHAI)
    with office.refused("schedule_in_past", by=InvalidInput):
        office.service.schedule(item, office["publisher"], START, seen=seen)
    with office.refused("late_reason_required"):
        office.service.schedule(item, office["publisher"], late_at, seen=seen)
    with pytest.raises(Refused):
        office.service.schedule(item, office["final"], AT, seen=seen)
    with office.refused("not_seen"):
        office.service.schedule(item, office["publisher"], AT, seen=None)

    office.service.schedule(
        item, office["publisher"], late_at, seen=seen, late_reason="样例：统一发布日"
    )
    assert "样例：统一发布日" == said(office, clocks(office, item)["online"].late_remark_id)
