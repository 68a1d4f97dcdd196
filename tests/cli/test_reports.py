"""Reports of returns and of second entries on the command line, for people and for programs."""

from __future__ import annotations

import csv
import io
import zipfile
from typing import TYPE_CHECKING

import pytest

from cli.output import Printer
from cli.times import show_bars
from tests.cli.test_boards import Terminal

if TYPE_CHECKING:
    from tests.cli.desk import Desk

NEW = "--title 样例公告 --category annual_report --formed-on 2017-01-10 --attribute proactive"


@pytest.fixture
def sent_back(desk: Desk) -> Desk:
    """Give the desk with something returned and something entered twice."""
    for place, who in (("sign_off", "head"), ("seal", "keeper")):
        at = desk.json("clerk", "show", str(desk.items[place])).data["at"]
        call = ("return", at, "--to", "draft", "--code", "wording", "--reason", "样例理由")
        assert 0 == desk.run(who, *call).status
    for number in ("1", "2"):
        body = desk.file(f"{number}.md", "样例正文，同一篇。\n")
        reason = ("--not-duplicate", "样例：两件") if number == "2" else ()
        assert 0 == desk.run("clerk", "new", body, *NEW.split(), *reason).status
    return desk


@pytest.mark.parametrize(
    ("language", "words"),
    [("zh", ("文字表述有误", "退回率", "凭豁免通过")), ("en", ("Wording", "Returned %", "waiver"))],
)
def test_returns_are_told_in_both_languages(
    sent_back: Desk, language: str, words: tuple[str, ...]
) -> None:
    out = sent_back.run("supervisor", "--lang", language, "report", "returns", "--year", "2017").out
    for word in words:
        assert word in out
    data = sent_back.json("supervisor", "report", "returns", "--year", "2017").data
    assert 2 == data["returned"]
    assert [("seal", 1), ("sign_off", 1)] == [
        (row["stage"], row["count"]) for row in data["reasons"]
    ]


def test_where_nothing_was_decided_the_report_says_so(sent_back: Desk) -> None:
    assert "Nothing" in sent_back.run("supervisor", "report", "returns", "--year", "2016").out


@pytest.mark.parametrize("report", ["returns", "duplicates"])
def test_both_go_into_tables_and_workbooks(sent_back: Desk, report: str) -> None:
    call = ("report", report, "--output", "file", "--format")
    assert 0 == sent_back.run("supervisor", *call, "csv").status
    text = (sent_back.place / "file").read_bytes().decode("utf-8-sig")
    assert any("样例：两件" in row or "1" in row for row in csv.reader(io.StringIO(text)))
    assert 0 == sent_back.run("supervisor", *call, "xlsx").status
    with zipfile.ZipFile(sent_back.place / "file") as parts:
        assert None is parts.testzip()


def test_what_was_entered_twice_is_listed_and_shown_beside_each_other(sent_back: Desk) -> None:
    out = sent_back.run("supervisor", "report", "duplicates").out
    assert "The same text: 2 items" in out
    assert "No duplicate, because: 样例：两件" in out
    (group,) = sent_back.json("supervisor", "report", "duplicates").data["groups"]
    one, two = (row["item"] for row in group["items"])
    shown = sent_back.json("supervisor", "show", str(one)).data
    assert [two] == [row["item"] for row in shown["same_as"]]
    out = sent_back.run("supervisor", "show", str(one)).out
    (line,) = [line for line in out.splitlines() if line.startswith("same text or number")]
    assert line.endswith(f"{two}@1  样例公告")
    assert "Nothing" in sent_back.run("outhead", "report", "duplicates").out


def test_a_terminal_gets_a_bar_for_each_number() -> None:
    stream = Terminal()
    show_bars(Printer(stream, language="zh", colour=False), [("文字", 4), ("附件有误", 1)])
    first, second = stream.getvalue().splitlines()
    assert f"文字     {'█' * 30} 4" == first
    assert f"附件有误 {'█' * 8} 1" == second
    silent = io.StringIO()
    show_bars(Printer(silent, language="zh", colour=False), [("文字", 4)])
    assert "" == silent.getvalue()
