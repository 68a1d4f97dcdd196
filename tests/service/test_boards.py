"""Boards, explanations and feeds: right although no worker ever ran, and for the reader's eyes.

Nothing in these tests detects or marks a missed date; the clock is set and the question asked.
"""

from __future__ import annotations

import json
import time
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import event, insert, literal, select, text

from tests.service.sample_office import CIVIL, FINANCE, PEOPLE, START
from workflow import policy
from workflow.boards import COUNTED_UP_TO, By
from workflow.deadlines import overdue_at
from workflow.errors import InvalidInput, NotFound
from workflow.guards import Role
from workflow.machine import Action
from workflow.models import Deadline, Item, Office, PolicyText, table
from workflow.revisions import FormedOnBasis
from workflow.runtime import SHANGHAI

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tests.service.sample_office import SampleOffice
    from workflow.boards import Board

_deadline, _office, _policy = table(Deadline), table(Office), table(PolicyText)
_item = table(Item)
MONTH = timedelta(days=60)
"""Long enough for every clock of a test to be overdue."""


def at(day: str, hour: str = "09:00:00") -> datetime:
    """Return an instant in Asia/Shanghai."""
    return datetime.fromisoformat(f"{day}T{hour}").replace(tzinfo=SHANGHAI)


def shown(board: Board) -> list[tuple[int, str]]:
    """Return which clock of which item each row is."""
    assert board.total == len(board.rows)
    return [(row["item"], row["clock"]) for row in board.rows]


def clock_of(office: SampleOffice, item: int, clock: str = "online") -> dict[str, Any]:
    """Return the newest clock of that name of an item."""
    clocks = office.app.boards.of_item(office["supervisor"], item)["clocks"]
    found: dict[str, Any] = [each for each in clocks if each["clock"] == clock][-1]
    return found


@pytest.fixture(params=["UTC", "Asia/Shanghai", "America/New_York"])
def zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Let the machine stand in one zone after the other."""
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield request.param
    monkeypatch.undo()
    time.tzset()


def let_clocks_pause(office: SampleOffice) -> None:
    """Put a policy in force whose clocks can be paused; none that ships has such a rule."""
    resolved = json.loads(policy.shipped("dongchang").text)
    for rule in resolved["deadlines"]:
        rule["pausable"] = True
    office.app.timekeeper.apply_policy(
        office["admin"], policy.stored(json.dumps(resolved)), reason="样例"
    )


# -- what is due ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("formed_on", "due_on"),
    [
        pytest.param("2016-12-30", "2017-02-03", id="a Friday, over two holidays"),
        pytest.param("2017-01-20", "2017-02-22", id="a Friday, a make-up Sunday next"),
        pytest.param("2017-01-26", "2017-03-01", id="the day before the Spring Festival"),
        pytest.param("2017-01-28", "2017-03-01", id="within the Spring Festival"),
        pytest.param("2017-02-04", "2017-03-03", id="a make-up Saturday"),
    ],
)
def test_s31_a_clock_counts_make_up_days_and_not_day_0(
    office: SampleOffice, formed_on: str, due_on: str
) -> None:
    # The last minute of the day belongs to it.
    office.clock.set(at(max(formed_on, "2017-01-20"), "23:59:59"))
    item = office.draft(changes={"formed_on": formed_on})
    board = office.app.boards.due(office["clerk"], within=40)
    online = [row for row in board.rows if row["clock"] == "online"]
    assert [(item, date.fromisoformat(due_on))] == [(row["item"], row["due_on"]) for row in online]
    days = office.app.boards.explain(office["clerk"], item, clock="online")[0]["days"]
    assert (date.fromisoformat(due_on), 20) == (days[-1]["day"], days[-1]["number"])
    assert date.fromisoformat(formed_on) < days[0]["day"]


def test_s34_what_is_due_today_is_overdue_at_midnight_in_shanghai(
    office: SampleOffice, zone: str
) -> None:
    item = office.draft()
    boards, clerk = office.app.boards, office["clerk"]
    office.clock.set(at("2017-02-10", "23:59:59"))
    (row,) = boards.due(clerk, within=0).rows
    assert (item, 0, "due_today", False) == (
        row["item"], row["working_days_left"], row["status"], row["overdue"],
    )  # fmt: skip
    assert [] == shown(boards.overdue(clerk)), zone
    office.clock.set(at("2017-02-11", "00:00:00"))
    (row,) = boards.overdue(clerk).rows
    # The day after is a Saturday, on which no working day has gone by yet.
    assert (item, 0, True, True) == (
        row["item"], row["working_days_left"], row["overdue"], row["will_miss"],
    )  # fmt: skip
    assert [] == shown(boards.due(clerk, within=0)), zone
    office.clock.set(at("2017-02-14", "00:30:00"))
    (row,) = boards.overdue(clerk).rows
    assert -2 == row["working_days_left"]
    assert overdue_at(row["due_on"]) == row["overdue_at"] == at("2017-02-11", "00:00:00")


def test_what_is_due_within_so_many_days_has_no_more_of_them_left(office: SampleOffice) -> None:
    for day in range(3, 21):
        office.draft(changes={"formed_on": f"2017-01-{day:02}"})
    # A working day, a make-up day, the middle of a holiday, and a weekend.
    for today in ("2017-01-26", "2017-02-04", "2017-01-29", "2017-02-05"):
        office.clock.set(at(today))
        everything = office.app.boards.due(office["clerk"], within=100)
        for within in (0, 1, 5, 12):
            expected = [row["at"] for row in everything.rows if row["working_days_left"] <= within]
            board = office.app.boards.due(office["clerk"], within=within)
            assert expected == [row["at"] for row in board.rows], (today, within)


def test_a_board_begins_with_the_most_urgent_and_comes_in_pages(office: SampleOffice) -> None:
    late, early, between = (
        office.draft(changes={"formed_on": f"2017-01-{day}"}) for day in (18, 10, 12)
    )
    office.clock.advance(MONTH)
    whole = office.app.boards.overdue(office["clerk"])
    online = [(early, "online"), (between, "online"), (late, "online")]
    delivery = [(item, "reading_points") for item, _ in online]
    assert online + delivery == shown(whole)
    pages = [office.app.boards.overdue(office["clerk"], limit=4, offset=n) for n in (0, 4, 8)]
    assert [4, 2, 0] == [len(page.rows) for page in pages]
    assert [6, 6, 6] == [page.total for page in pages]
    assert whole.rows == pages[0].rows + pages[1].rows
    assert online == shown(office.app.boards.overdue(office["clerk"], clock="online"))
    assert [] == shown(office.app.boards.overdue(office["clerk"], clock="another"))


@pytest.mark.parametrize(
    "wrong", [{"within": -1}, {"within": 1001}, {"limit": 0}, {"offset": -1}, {"limit": 2**31}]
)
def test_a_board_refuses_numbers_that_make_no_sense(
    office: SampleOffice, wrong: dict[str, int]
) -> None:
    with pytest.raises(InvalidInput) as caught:
        office.app.boards.due(office["clerk"], **wrong)  # type: ignore[arg-type]
    assert "value_unknown" == caught.value.code


def test_s37_a_clock_that_is_met_or_voided_is_on_no_board(office: SampleOffice) -> None:
    published = office.item_at("published")
    abandoned = office.draft()
    office.act(abandoned, Action.ABANDON, "clerk")
    withheld = office.item_at(
        "withheld", attribute="not_disclosed", ground="personal_privacy", attribute_reason="样例"
    )
    office.clock.set(at("2017-02-24"))
    assert [(published, "reading_points")] == shown(office.app.boards.due(office["clerk"]))
    office.clock.advance(MONTH)
    # Publication met one clock only: on day 30 the hand-over is missing all the same.
    (row,) = office.app.boards.overdue(office["clerk"]).rows
    assert (published, "reading_points", "delivery", "publisher") == (
        row["item"], row["clock"], row["desk"]["stage"], row["desk"]["role"],
    )  # fmt: skip
    assert "met_on_time" == clock_of(office, published)["status"]
    assert ("voided", "abandoned") == tuple(
        clock_of(office, abandoned)[name] for name in ("status", "void_reason")
    )
    assert [] == office.app.boards.of_item(office["supervisor"], withheld)["clocks"]


def test_s33_a_clock_that_is_paused_is_not_overdue(office: SampleOffice) -> None:
    let_clocks_pause(office)
    item = office.item_at("seal")
    keeper = office.app.timekeeper
    keeper.pause(office["supervisor"], item, "online", reason="样例理由")
    office.clock.advance(MONTH)
    assert [(item, "reading_points")] == shown(office.app.boards.overdue(office["clerk"]))
    paused = clock_of(office, item)
    assert ("paused", False, False) == (
        paused["status"], paused["overdue"], paused["will_miss"],
    )  # fmt: skip
    keeper.resume(office["supervisor"], item, "online")
    resumed = clock_of(office, item)
    assert "open" == resumed["status"]
    assert ["pause"] == [move["why"] for move in resumed["moves"]]
    (told,) = office.app.boards.explain(office["clerk"], item, clock="online")
    assert resumed["due_on"] == told["days"][-1]["day"]
    assert [*range(1, 21)] == [day["number"] for day in told["days"] if day["counted"]]
    # The days after that on which it was paused, up to and with that on which it went on.
    assert 60 == sum(day["paused"] for day in told["days"])


# -- who sees what ----------------------------------------------------------------------------


def test_people_of_a_department_see_their_own_and_the_centre_all(office: SampleOffice) -> None:
    civil = office.item_at("published")
    finance = office.draft(by="outsider", department=FINANCE)
    office.clock.advance(MONTH)
    boards = office.app.boards
    own = {"clerk": {civil}, "head": {civil}, "outsider": {finance}, "outhead": {finance}}
    # The publisher, as the reading rule has it, sees what has come to publication.
    others = {
        "supervisor": {civil, finance}, "publisher": {civil}, "reviewer": {civil},
        "admin": set(), "auditor": set(), "receiver": set(),
    }  # fmt: skip
    for name, expected in (own | others).items():
        board = boards.overdue(office[name])
        assert expected == {row["item"] for row in board.rows}, name
        assert board.total == len(board.rows), name
    assert {finance} == {
        row["item"] for row in boards.overdue(office["supervisor"], body=FINANCE).rows
    }
    # What another body has is no more than nothing.
    assert [] == shown(boards.overdue(office["clerk"], body=FINANCE))
    with pytest.raises(NotFound) as caught:
        boards.overdue(office["supervisor"], body="\0")
    assert "no_such_body" == caught.value.code


def test_who_works_for_two_bodies_sees_both(office: SampleOffice) -> None:
    office.give("outsider", Role.CLERK, body=CIVIL)
    items = {office.draft(), office.draft(by="outsider", department=FINANCE)}
    office.clock.advance(MONTH)
    board = office.app.boards.overdue(office["outsider"])
    assert items == {row["item"] for row in board.rows}


def test_s42_a_restricted_item_is_on_the_boards_of_those_named_and_in_no_other_count(
    office: SampleOffice,
) -> None:
    item = office.draft(restricted=True, readers=["colleague"])
    office.clock.advance(MONTH)
    for name in PEOPLE:
        board = office.app.boards.overdue(office[name], limit=1)
        expected = 2 if name in ("clerk", "colleague") else 0
        assert expected == board.total, name
        if not expected:
            for ask in (office.app.boards.of_item, office.app.boards.explain):
                with pytest.raises(NotFound):
                    ask(office[name], item)
    assert [] == office.app.boards.feed(office["clerk"])[1]


# -- what is left -----------------------------------------------------------------------------


def outlook(office: SampleOffice, item: int, clock: str = "online") -> tuple[Any, ...]:
    """Return desk, days left there, days that are still needed, days left, and the outlook."""
    told = clock_of(office, item, clock)
    return (
        told["desk"]["stage"], told["stage_days_left"], told["needs"], told["working_days_left"],
        told["will_miss"],
    )  # fmt: skip


def test_an_item_will_miss_its_date_when_the_budgets_to_come_exceed_the_days_left(
    office: SampleOffice,
) -> None:
    # Sign-off 3, seal 1, confidentiality 7, final review 3, publication 1.
    item = office.draft()
    assert ("draft", None, 15, 12, True) == outlook(office, item)
    assert ("draft", None, 14, 22, False) == outlook(office, item, "reading_points")
    expected = {
        "sign_off": ("sign_off", 3, 15, 12, True),
        "seal": ("seal", 1, 12, 12, False),
        "confidentiality_review": ("confidentiality_review", 7, 11, 12, False),
        "final_review": ("final_review", 3, 4, 12, False),
        "cleared": ("publication", 1, 1, 12, False),
    }
    for place, told in expected.items():
        office.carry(item, to=place)
        assert told == outlook(office, item), place
    # Delivery is possible once an item is cleared.
    assert ("publication", 1, 0, 22, False)[2:] == outlook(office, item, "reading_points")[2:]
    # A budget that is spent leaves nothing and takes nothing.
    office.clock.set(at("2017-02-08"))
    assert ("publication", -9, 0, 2, False) == outlook(office, item)


def test_stages_whose_decision_still_holds_are_not_waited_for_again(office: SampleOffice) -> None:
    item = office.item_at("confidentiality_review")
    office.give_back(item, "reviewer")
    # Unchanged, it comes back to the confidentiality review: 7, then 3 and 1.
    assert ("draft", None, 11, 12, False) == outlook(office, item)
    office.revise(item, title="样例改题")
    assert ("draft", None, 15, 12, True) == outlook(office, item)


def test_the_inbox_is_ordered_by_the_legal_date_and_then_by_the_budget(
    office: SampleOffice,
) -> None:
    on_request = office.item_at(
        "seal", formed_on="2017-01-03", attribute="on_request", ground="personal_privacy",
        attribute_reason="样例",
    )  # fmt: skip
    later = office.item_at("seal", formed_on="2017-01-12")
    office.clock.set(at("2017-02-06"))
    newer = office.item_at("seal", formed_on="2017-01-12")
    first = office.item_at("seal", formed_on="2017-01-10")
    rows = office.queries.inbox(office["keeper"]).rows
    assert [first, later, newer, on_request] == [row["item"] for row in rows]
    assert [4, 6, 6, None] == [row["working_days_left"] for row in rows]
    assert [1, -7, 1, -7] == [row["stage_days_left"] for row in rows]
    office.clock.advance(MONTH)
    rows = office.queries.inbox(office["keeper"]).rows
    assert [True, True, True, False] == [row["overdue"] for row in rows]


# -- how a date was reached -------------------------------------------------------------------


def test_an_explanation_names_every_day_its_reason_and_the_notice(office: SampleOffice) -> None:
    item = office.item_at("seal")
    online, delivery = office.app.boards.explain(office["clerk"], item)
    assert ("online", "signature", False, date(2017, 1, 10)) == (
        online["clock"], online["basis"], online["corrected"], online["started_on"],
    )  # fmt: skip
    for told, amount in ((online, 20), (delivery, 30)):
        days = told["days"]
        assert told["due_on"] == days[-1]["day"]
        assert [*range(1, amount + 1)] == [day["number"] for day in days if day["counted"]]
        # Without a gap from the day after the first.
        assert [told["started_on"] + timedelta(days=n + 1) for n in range(len(days))] == [
            day["day"] for day in days
        ]
    by_day = {day["day"]: day for day in online["days"]}
    assert {
        date(2017, 1, 11): ("working_day", True, None),
        date(2017, 1, 14): ("weekend", False, None),
        date(2017, 1, 22): ("make_up", True, "国办发明电〔2016〕17号"),
        date(2017, 1, 27): ("holiday", False, "国办发明电〔2016〕17号"),
        date(2017, 2, 4): ("make_up", True, "国办发明电〔2016〕17号"),
    } == {
        day: (told["reason"], told["counted"], told["notice"] and told["notice"]["number"])
        for day, told in by_day.items()
        if (day.month, day.day) in ((1, 11), (1, 14), (1, 22), (1, 27), (2, 4))
    }
    assert office.app.timekeeper.calendar_in_force()[1].version == online["calendar_digest"]


def test_a_last_calendar_day_that_is_a_rest_day_moves_on_and_says_so(office: SampleOffice) -> None:
    # Twenty calendar days after 2017-01-08 fall into the Spring Festival.
    item = office.draft(changes={"category": "budget_and_accounts", "formed_on": "2017-01-08"})
    (told,) = office.app.boards.explain(office["clerk"], item, clock="online")
    days = told["days"]
    assert date(2017, 2, 3) == told["due_on"] == days[-1]["day"]
    assert [*range(1, 21)] == [day["number"] for day in days if day["counted"]]
    moved = [day["day"] for day in days if day["moves"]]
    assert [date(2017, 1, 28) + timedelta(days=n) for n in range(1, 7)] == moved


def test_days_beyond_the_last_notice_are_said_to_be_provisional(office: SampleOffice) -> None:
    office.clock.set(at("2026-12-10"))
    item = office.draft(changes={"formed_on": "2026-12-10"})
    (row,) = office.app.boards.due(office["clerk"], within=22, clock="online").rows
    assert row["provisional"] is True
    (told,) = office.app.boards.explain(office["clerk"], item, clock="online")
    assert date(2026, 12, 31) == told["horizon"]
    assert {day["day"] for day in told["days"] if day["provisional"]} == {
        day["day"] for day in told["days"] if day["day"].year == 2027
    }
    new_year = next(day for day in told["days"] if day["day"] == date(2027, 1, 1))
    assert ("festival", None) == (new_year["reason"], new_year["notice"])
    assert new_year["statute"]["title"]


def test_a_corrected_date_is_explained_and_its_move_is_told(office: SampleOffice) -> None:
    item = office.item_at("seal")
    office.app.timekeeper.correct_date(
        office["admin"],
        item,
        formed_on=date(2017, 1, 12),
        basis=FormedOnBasis.FINAL_DRAFT,
        reason="样例理由",
    )
    told = clock_of(office, item)
    (move,) = told["moves"]
    assert (date(2017, 2, 10), date(2017, 2, 14), "date_corrected", 2) == (
        move["from"], move["to"], move["why"], told["rev"],
    )  # fmt: skip
    (explained,) = office.app.boards.explain(office["clerk"], item, clock="online")
    assert ("final_draft", True, date(2017, 1, 12)) == (
        explained["basis"], explained["corrected"], explained["started_on"],
    )  # fmt: skip
    assert told["due_on"] == explained["days"][-1]["day"]


def test_only_a_clock_that_there_is_can_be_explained(office: SampleOffice) -> None:
    item = office.draft()
    for asked, code in (((item, "another"), "no_such_clock"), ((item + 1, None), "no_such_item")):
        with pytest.raises(NotFound) as caught:
            office.app.boards.explain(office["clerk"], asked[0], clock=asked[1])
        assert code == caught.value.code
    office.act(item, Action.ABANDON, "clerk")
    assert [] == office.app.boards.explain(office["clerk"], item)


def test_why_something_was_late_is_told_to_those_who_work_on_it(office: SampleOffice) -> None:
    item = office.item_at("cleared")
    office.clock.set(at("2017-02-13"))
    office.act(item, Action.PUBLISH, "publisher", late_reason="样例：系统故障")
    office.deliver(item)
    assert ("met_late", "样例：系统故障") == tuple(
        clock_of(office, item)[name] for name in ("status", "late_reason")
    )
    told = {
        name: office.app.boards.of_item(office[name], item)["clocks"][0]["late_reason"]
        for name in ("clerk", "final", "outsider", "admin")
    }
    assert {"clerk": "样例：系统故障", "final": "样例：系统故障"} == {
        name: reason for name, reason in told.items() if reason is not None
    }


# -- feeds ------------------------------------------------------------------------------------


def test_a_feed_keeps_names_and_numbers_of_clocks_and_says_which_ended(
    office: SampleOffice,
) -> None:
    item = office.item_at("cleared")
    name, before = office.app.boards.feed(office["clerk"])
    assert [("online", "open", 1), ("reading_points", "open", 1)] == [
        (row["clock"], row["status"], row["rev"]) for row in before
    ]
    office.clock.advance(timedelta(hours=1))
    office.app.timekeeper.correct_date(
        office["admin"], item, formed_on=date(2017, 1, 12), basis=FormedOnBasis.FINAL_DRAFT,
        reason="样例理由",
    )  # fmt: skip
    again, moved = office.app.boards.feed(office["clerk"])
    assert name == again
    assert [row["deadline"] for row in before] == [row["deadline"] for row in moved]
    assert [2, 2] == [row["rev"] for row in moved]
    assert [office.clock()] * 2 == [row["changed_at"] for row in moved]
    office.clock.advance(timedelta(hours=1))
    office.carry(item, to="published")
    after = {row["clock"]: row for row in office.app.boards.feed(office["clerk"])[1]}
    assert ("met_on_time", office.clock()) == (
        after["online"]["status"], after["online"]["changed_at"],
    )  # fmt: skip
    assert "open" == after["reading_points"]["status"]
    # What ended is told for a while.
    office.clock.advance(timedelta(days=150))
    _, kept = office.app.boards.feed(office["clerk"])
    assert ["reading_points"] == [row["clock"] for row in kept]
    assert [] == office.app.boards.feed(office["outsider"])[1]
    assert [] == office.app.boards.feed(office["supervisor"], body=FINANCE)[1]


# -- what it costs ----------------------------------------------------------------------------

MANY = """
    INSERT INTO deadline (item_id, body_id, clock, kind, rule, stage, amount, unit, rest_day,
        met_by, legal_basis, pausable, started_on, due_on, overdue_at, provisional, rev, calendar,
        opened_at, met_on, met_at)
    WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 20000)
    SELECT item_id, body_id, clock, kind, rule, stage, amount, unit, rest_day, met_by, legal_basis,
        pausable, started_on, due_on, overdue_at, provisional, rev, calendar, opened_at, due_on,
        opened_at
    FROM deadline, numbers WHERE deadline.id = 1
"""


def plans(office: SampleOffice, ask: Any) -> list[str]:
    """Return how the database goes about each statement about clocks that ``ask`` makes."""
    seen: list[tuple[str, Any]] = []

    def note(_c: Any, _u: Any, statement: str, parameters: Any, *_: Any) -> None:
        if "FROM deadline" in statement:
            seen.append((statement, parameters))

    engine = office.database.engine
    event.listen(engine, "before_cursor_execute", note)
    ask()
    event.remove(engine, "before_cursor_execute", note)
    explain = "EXPLAIN QUERY PLAN " if office.database.is_sqlite else "EXPLAIN "
    with engine.connect() as connection:
        return [
            "\n".join(
                str(row[-1]) for row in connection.exec_driver_sql(explain + statement, parameters)
            )
            for statement, parameters in seen
        ]


RUNNING_ALONE = ("uq_deadline_running", "ix_deadline_sweep")
"""Indexes that hold nothing that has ended, in an order that is of no use to a page."""


def test_boards_walk_along_running_clocks_and_never_through_those_that_ended(
    office: SampleOffice,
) -> None:
    for day in range(3, 20):
        office.draft(changes={"formed_on": f"2017-01-{day:02}"})
    with office.database.engine.begin() as connection:
        connection.execute(text(MANY))
        assert 20_000 < len(connection.execute(select(_deadline.c.id)).all())
        connection.exec_driver_sql("ANALYZE")
    office.clock.set(at("2017-02-13"))
    boards, clerk, supervisor = office.app.boards, office["clerk"], office["supervisor"]
    of_body, of_all = "ix_deadline_body_due", "ix_deadline_due"
    asked = {
        of_all: (
            lambda: boards.overdue(supervisor, limit=3),
            lambda: boards.due(supervisor, limit=3),
        ),
        of_body: (
            lambda: boards.overdue(clerk, limit=3),
            lambda: boards.due(clerk, limit=3),
            lambda: boards.due(supervisor, body=CIVIL, limit=3),
        ),
    }
    for index, questions in asked.items():
        for ask in questions:
            found = plans(office, ask)
            # The page, and the total, which needs no order and may take any index of what runs.
            assert 2 == len(found)
            for plan in found:
                assert index_names(plan), plan
                assert not index_names(plan) - {of_all, of_body, *RUNNING_ALONE}, plan
            assert index_names(found[0]) & {of_all, of_body}, (index, found[0])


def test_a_total_is_counted_no_further_than_it_is_told(office: SampleOffice) -> None:
    office.draft()
    numbers = select(literal(1).label("n")).cte("numbers", recursive=True)
    numbers = numbers.union_all(select(numbers.c.n + 1).where(numbers.c.n < COUNTED_UP_TO + 20))
    with office.database.engine.begin() as connection:
        columns = [column for column in _item.columns if column.name != "id"]
        connection.execute(
            insert(_item).from_select(columns, select(*columns).join(numbers, numbers.c.n > 0))
        )
        columns = [each for each in _deadline.columns if each.name not in ("id", "item_id")]
        connection.execute(
            insert(_deadline).from_select(
                ["item_id", *columns],
                select(_item.c.id, *columns)
                .join(_deadline, _deadline.c.id == 1)
                .where(_item.c.id != 1),
            )
        )
    office.clock.advance(MONTH)
    boards, clerk = office.app.boards, office["clerk"]
    assert COUNTED_UP_TO + 1 == boards.overdue(clerk, limit=10).total
    everything = boards.overdue(clerk, limit=5000)
    assert COUNTED_UP_TO + 22 == len(everything.rows) == everything.total


def index_names(plan: str) -> set[str]:
    """Return the indexes of clocks that a plan uses."""
    words: Sequence[str] = plan.replace("(", " ").split()
    return {word for word in words if word.startswith(("ix_deadline", "uq_deadline_running"))}


def test_a_board_is_right_under_a_clock_that_nobody_watched(office: SampleOffice) -> None:
    office.draft()
    office.clock.set(START + timedelta(days=4000))
    with office.database.read() as connection:
        marked = connection.execute(select(_deadline.c.detected_at)).scalars().all()
    assert [None, None] == marked
    assert 2 == office.app.boards.overdue(office["supervisor"]).total


# -- who holds what --------------------------------------------------------------------------


def held(office: SampleOffice, who: str = "supervisor", /, **asked: Any) -> Any:
    """Return the board of what waits at desks."""
    return office.app.boards.waiting(office[who], **asked)


def test_what_is_held_longest_comes_first_with_its_days_and_who_may_act(
    office: SampleOffice,
) -> None:
    seal = office.item_at("seal")
    office.item_at("published")
    office.clock.advance(timedelta(days=4))
    draft = office.draft()
    office.clock.set(datetime(2017, 2, 3, 9, tzinfo=SHANGHAI))
    board = held(office)
    # After Friday 2017-01-20 come a Sunday that is worked, four days, the Festival, and a Friday.
    assert [(seal, "seal", 6), (draft, "draft", 3)] == [
        (row["item"], row["desk"]["stage"], row["held_days"]) for row in board.rows
    ]
    assert (2, date(2017, 2, 3)) == (board.total, board.day)
    assert ["keeper", "keeper2"] == [who["name"] for who in board.rows[0]["holders"]]
    assert board.rows[0]["stage_days_left"] < 0
    assert [draft] == [row["item"] for row in held(office, limit=1, offset=1).rows]


def test_what_is_held_is_counted_by_person_stage_and_body(office: SampleOffice) -> None:
    for place in ("seal", "seal", "final_review"):
        office.item_at(place)
    office.draft(by="outsider", department=FINANCE)
    for name in ("final", "final2"):
        office.accounts.set_enabled(office["admin"], name, enabled=False)
    assert {"keeper": 2, "keeper2": 2, "outsider": 1, None: 1} == {
        row["code"]: row["count"] for row in held(office, by=By.HOLDER).groups
    }
    assert {"seal": 2, "final_review": 1, "draft": 1} == {
        row["code"]: row["count"] for row in held(office, by=By.STAGE).groups
    }
    assert {CIVIL: 3, FINANCE: 1} == {
        row["code"]: row["count"] for row in held(office, by=By.DEPARTMENT).groups
    }


def test_what_is_held_is_shown_to_those_who_work_on_it_and_may_see_it(
    office: SampleOffice,
) -> None:
    restricted = office.draft(restricted=True, submit=True)
    cleared = office.item_at("cleared")
    assert [cleared] == [row["item"] for row in held(office).rows]
    assert [restricted, cleared] == [row["item"] for row in held(office, "head").rows]
    assert (0, ()) == (held(office, "outhead").total, held(office, "outhead", by=By.STAGE).groups)
    assert 0 == held(office, "admin").total
    with pytest.raises(NotFound):
        held(office, body="样例")
    with pytest.raises(InvalidInput):
        held(office, limit=0)


def test_what_waits_for_its_hour_waits_for_nobody(office: SampleOffice) -> None:
    item = office.item_at("cleared")
    at = office.clock() + timedelta(days=3)
    office.service.schedule(item, office["publisher"], at, seen=office.row(item).version)
    assert 0 == held(office).total
