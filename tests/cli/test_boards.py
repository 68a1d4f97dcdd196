"""Boards, explanations and reports on the command line, for people and for programs."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from cli.output import Printer, width
from cli.times import show_shares
from tests.cli.desk import PLACES
from tests.service.sample_office import START

if TYPE_CHECKING:
    from tests.cli.desk import Desk

NOT_ONLINE = [place for place in PLACES if place != "published"]
"""The items whose online clock runs, in the order of their numbers."""


@pytest.fixture
def later(desk: Desk) -> Desk:
    """Give the desk on 2017-02-14, two working days after the last day to be online."""
    return replace(desk, now=START.replace(month=2, day=14))


def test_due_lists_what_ends_soon_with_desk_and_days_left(desk: Desk) -> None:
    assert [] == desk.json("supervisor", "due").data["items"]
    data = desk.json("supervisor", "due", "--within", "12").data
    assert [desk.items[place] for place in NOT_ONLINE] == [row["item"] for row in data["items"]]
    assert ("2017-01-20", "2026-12-31", 0, len(NOT_ONLINE)) == (
        data["today"], data["horizon"], data["overdue"], data["total"],
    )  # fmt: skip
    seal = data["items"][NOT_ONLINE.index("seal")]
    assert ("online", "2017-02-10", 12, "seal_keeper", "seal", 1, False) == (
        seal["clock"], seal["due_on"], seal["working_days_left"], seal["desk"]["role"],
        seal["desk"]["stage"], seal["stage_days_left"], seal["will_miss"],
    )  # fmt: skip
    assert seal["at"] == desk.json("clerk", "show", str(desk.items["seal"])).data["at"]
    delivery = desk.json("supervisor", "due", "--within", "30", "--clock", "reading-points").data
    assert {"reading_points"} == {row["clock"] for row in delivery["items"]}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_board_is_a_table_whose_columns_stand_below_one_another(
    later: Desk, language: str
) -> None:
    came = later.run("supervisor", "--lang", language, "overdue")
    heading, *rows, caption, enforced = came.out.splitlines()
    assert len(NOT_ONLINE) == len(rows)
    assert str(len(rows)) in caption
    assert "gongkai run" in enforced
    starts = {width(row[: row.index("2017-02-10")]) for row in rows}
    name = {"zh": "截止日", "en": "Last day"}[language]
    assert {width(heading[: heading.index(name)])} == starts
    late = {"zh": "已逾期 2 个工作日", "en": "late by 2 working days"}[language]
    assert all(late in row for row in rows)


def test_who_asks_what_is_due_is_told_of_what_is_late(later: Desk) -> None:
    came = later.run("clerk", "due")
    assert f"Overdue besides: {len(NOT_ONLINE)}" in came.out
    assert 0 == came.status
    assert [] == later.json("outsider", "overdue").data["items"]


def test_a_board_is_cut_at_its_limit_and_says_so(later: Desk) -> None:
    data = later.json("supervisor", "overdue", "--limit", "2").data
    assert (2, len(NOT_ONLINE)) == (len(data["items"]), data["total"])
    assert f"2 of {len(NOT_ONLINE)}" in later.run("supervisor", "overdue", "--limit", "2").out
    assert len(NOT_ONLINE) == len(later.json("supervisor", "overdue", "--all").data["items"])


def test_show_and_why_tell_both_clocks_and_by_when(desk: Desk) -> None:
    item = str(desk.items["seal"])
    shown = desk.json("clerk", "show", item).data
    assert [("online", 12), ("reading_points", 22)] == [
        (clock["clock"], clock["working_days_left"]) for clock in shown["clocks"]
    ]
    assert ("2017-01-22", 1) == (shown["stage_due_on"], shown["stage_days_left"])
    assert "last day 2017-02-10, 12 working days" in desk.run("clerk", "show", item).out
    why = desk.run("clerk", "why", item, "seal").out
    assert "is to be done by 2017-01-22 (1 working day)" in why
    assert "reading points: last day 2017-02-24 (22 working days)" in why
    assert "2017-01-22" == desk.json("clerk", "why", item).data["stage_due_on"]
    published = desk.run("clerk", "show", str(desk.items["published"])).out
    assert "met in time on 2017-01-20 (last day 2017-02-10)" in published


def test_an_inbox_tells_what_is_left_to_the_legal_date_and_to_the_budget(later: Desk) -> None:
    (row,) = later.json("keeper", "inbox").data["items"]
    assert (-2, "2017-02-10", "2017-01-22") == (
        row["working_days_left"], row["due_on"], row["stage_due_on"],
    )  # fmt: skip
    came = later.run("keeper", "--lang", "zh", "inbox").out
    assert "已逾期 2 个工作日" in came
    assert "环节剩余" in came


def test_explain_prints_every_day_and_the_notice(desk: Desk) -> None:
    item = str(desk.items["seal"])
    came = desk.run("clerk", "--lang", "zh", "explain", item, "--clock", "online").out
    lines = came.splitlines()
    assert "2017-02-10" in lines[0]
    assert "第 0 天：2017-01-10 周二" in came
    days = [line for line in lines if line[:1].isdigit() or line.startswith("—")]
    assert 31 == len(days)
    assert "20" == days[-1].split()[0]
    (make_up,) = [line for line in days if "2017-01-22" in line]
    assert make_up.startswith("9 ")
    assert "调休上班（春节）" in make_up
    assert "国办发明电〔2016〕17号" in make_up
    clocks = desk.json("clerk", "explain", item).data["clocks"]
    assert [31, 45] == [len(clock["days"]) for clock in clocks]
    assert [clock["due_on"] for clock in clocks] == [clock["days"][-1]["day"] for clock in clocks]


# -- files ------------------------------------------------------------------------------------


def test_a_report_is_a_table_for_people(later: Desk) -> None:
    came = later.run("supervisor", "report", "timeliness", "--year", "2017", "--by", "department")
    assert 0 == came.status
    assert "█" not in came.out
    for words in ("In all", "Body", "Late", "Days at each stage", "东昌区民政局（样例）"):
        assert words in came.out


def test_s43_a_report_as_csv_opens_in_chinese_and_holds_no_formula(later: Desk) -> None:
    with later.office() as office:
        office.draft(
            changes={"title": '=HYPERLINK("http://example.org")', "body": "样例正文，别处没有。"}
        )
    came = later.spawn(
        "supervisor", "--lang", "zh", "report", "timeliness", "--year", "2017", "--format", "csv"
    )
    assert 0 == came.status
    assert came.out.startswith("\ufeff合计\r\n")
    rows = list(csv.reader(io.StringIO(came.out.removeprefix("\ufeff"), newline="")))
    titles = [row[2] for row in rows if len(row) > 2 and "HYPERLINK" in row[2]]
    assert ['\'=HYPERLINK("http://example.org")'] == titles
    assert "演练" in came.err


@pytest.mark.parametrize("format_", ["csv", "xlsx", "json", "table"])
def test_a_report_goes_into_a_file(later: Desk, format_: str) -> None:
    file = later.place / "report"
    call = ("report", "timeliness", "--format", format_, "--output", "report")
    data = later.json("supervisor", *call).data
    assert {"written": "report", "format": format_} == data
    content = file.read_bytes()
    if format_ == "xlsx":
        with zipfile.ZipFile(file) as parts:
            assert "xl/worksheets/sheet4.xml" in parts.namelist()
    elif format_ == "json":
        document = json.loads(content)
        assert (True, True) == (document["ok"], document["rehearsal"])
        assert "total" in document["data"]
    else:
        assert "online" in content.decode("utf-8-sig")
    assert str(file.name) in later.run("supervisor", *call).out


def test_a_workbook_goes_down_a_pipe(later: Desk) -> None:
    with later.start("supervisor", "report", "timeliness", "--format", "xlsx") as process:
        out, _ = process.communicate()
    with zipfile.ZipFile(io.BytesIO(out)) as parts:
        assert None is parts.testzip()


def test_a_workbook_is_no_part_of_a_document(later: Desk) -> None:
    came = later.json("supervisor", "report", "timeliness", "--format", "xlsx")
    assert (2, ["xlsx_needs_file"]) == (came.status, came.codes)


def test_as_a_document_a_report_is_the_same_with_either_word(later: Desk) -> None:
    call = ("report", "timeliness", "--year", "2017")
    assert (
        later.json("supervisor", *call).out
        == later.run("supervisor", *call, "--format", "json").out
    )


def test_a_file_that_cannot_be_written_is_a_failure_in_words(later: Desk) -> None:
    came = later.json("supervisor", "due", "--ics", "missing/due.ics")
    assert (75, ["file_unwritable"]) == (came.status, came.codes)


def test_a_feed_names_numbers_and_no_titles_and_cancels_what_was_met(desk: Desk) -> None:
    data = desk.json("supervisor", "due", "--ics", "due.ics").data
    feed = (desk.place / "due.ics").read_bytes().decode()
    assert feed.count("BEGIN:VEVENT") == data["dates"] == 2 * len(PLACES)
    assert 1 == feed.count("STATUS:CANCELLED")
    assert "YL-CIVIL/2017-00001" in feed
    assert "样例信息" not in feed
    # Written again, it is the same; a day later, too.
    replace(desk, now=START + timedelta(days=1)).json("supervisor", "due", "--ics", "again.ics")
    assert feed == (desk.place / "again.ics").read_bytes().decode()
    assert 0 == desk.json("outsider", "due", "--ics", "due.ics").data["dates"]
    one = desk.json("supervisor", "due", "--ics", "due.ics", "--clock", "online").data["dates"]
    assert len(PLACES) == one


@pytest.mark.parametrize(
    ("language", "words"),
    [("zh", ("可办理的人", "加盖部门公章")), ("en", ("Who may act", "Department's seal"))],
)
def test_who_holds_what_is_told_one_by_one_and_counted(
    later: Desk, language: str, words: tuple[str, ...]
) -> None:
    for call in (("waiting",), ("waiting", "--by", "stage")):
        out = later.run("supervisor", "--lang", language, *call).out
        assert words[1] in out
    assert words[0] in later.run("supervisor", "--lang", language, "waiting", "--by", "holder").out
    data = later.json("supervisor", "waiting", "--by", "stage", "--limit", "1").data
    assert (1, len(NOT_ONLINE)) == (len(data["items"]), data["total"])
    assert len(NOT_ONLINE) == sum(group["count"] for group in data["groups"])
    assert "Nothing waits" in later.run("outsider", "waiting").out


def test_who_holds_what_goes_into_a_workbook(later: Desk) -> None:
    call = ("waiting", "--by", "holder", "--format", "xlsx", "--output", "held.xlsx")
    assert 0 == later.run("supervisor", *call).status
    with zipfile.ZipFile(later.place / "held.xlsx") as parts:
        assert {"xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml"} <= set(parts.namelist())


class Terminal(io.StringIO):
    """A stream that says that somebody watches."""

    def isatty(self) -> bool:
        return True


def test_a_terminal_gets_a_bar_for_each_share() -> None:
    stream = Terminal()
    rows: list[tuple[str, dict[str, Any]]] = [
        ("民政局", {"share_half_up": 66.7, "late": 1}),
        ("局", {"share_half_up": None, "late": 0}),
        ("财政", {"share_half_up": 100.0, "late": 0}),
    ]
    show_shares(Printer(stream, language="zh", colour=False), rows)
    first, second = stream.getvalue().splitlines()
    assert f"民政局 {'█' * 20}{'░' * 10} 66.7 %" == first
    assert f"财政   {'█' * 30} 100.0 %" == second
