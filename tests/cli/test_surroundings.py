"""Languages, clocks, terminals, pipes, locales, signals: the same command wherever it is called."""

from __future__ import annotations

import os
import re
import signal
import subprocess
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

from cli.output import width
from tests.cli.desk import PROGRAM
from tests.cli.terminal import at_terminal
from tests.service.sample_office import START

if TYPE_CHECKING:
    from tests.cli.desk import Desk

COLOUR: Final = "\x1b["
RULES: Final = re.compile("[─━│┃┌┐└┘├┤┬┴┼]")
CHINESE: Final = "拟稿人"
ENGLISH: Final = "authors"
FULL: Final = Path("/dev/full")
INIT: Final = ("init", "--admin", "boss", "--sample", "--password-stdin")
PASSWORD: Final = "yangli mima 2017\n"


# -- language -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "variables", "expected"),
    [
        ((), {}, ENGLISH),
        ((), {"LANG": "zh_CN.UTF-8"}, CHINESE),
        ((), {"LANG": "zh"}, CHINESE),
        ((), {"LANG": "zh_CN.UTF-8", "LC_ALL": "en_US.UTF-8"}, ENGLISH),
        ((), {"LANG": "en_US.UTF-8", "LC_MESSAGES": "zh_CN.UTF-8"}, CHINESE),
        ((), {"LANG": "de_DE.UTF-8"}, ENGLISH),
        ((), {"LANG": None}, ENGLISH),
        ((), {"LANG": "en_US.UTF-8", "GONGKAI_LANG": "zh"}, CHINESE),
        ((), {"LANG": "zh_CN.UTF-8", "GONGKAI_LANG": "en"}, ENGLISH),
        ((), {"LANG": "zh_CN.UTF-8", "GONGKAI_LANG": ""}, CHINESE),
        (("--lang", "en"), {"LANG": "zh_CN.UTF-8", "GONGKAI_LANG": "zh"}, ENGLISH),
        (("--lang=zh",), {"GONGKAI_LANG": "en"}, CHINESE),
        (("--lang", "en", "--lang", "zh"), {}, CHINESE),
    ],
)
def test_the_language_is_that_of_the_option_else_the_variable_else_the_locale(
    desk: Desk, options: tuple[str, ...], variables: dict[str, Any], expected: str
) -> None:
    for call in ((*options, "show", "1"), ("show", "1", *options)):
        shown = desk.run("clerk", *call, **variables).out
        assert [expected] == [words for words in (CHINESE, ENGLISH) if words in shown]


def test_the_language_may_stand_in_the_configuration_file(desk: Desk) -> None:
    config = desk.file("gongkai.toml", 'lang = "zh"\n')
    assert CHINESE in desk.run("clerk", "show", "1", GONGKAI_CONFIG=config).out
    given = {"GONGKAI_CONFIG": config, "GONGKAI_LANG": "en"}
    assert ENGLISH in desk.run("clerk", "show", "1", **given).out


@pytest.mark.parametrize("options", [("--lang", "de"), ("--lang",)])
def test_another_language_is_refused(desk: Desk, options: tuple[str, ...]) -> None:
    assert 2 == desk.run("clerk", "show", "1", *options).status


# -- the clock ------------------------------------------------------------------------------------


def test_a_set_clock_rules_a_rehearsal_which_says_so_everywhere(desk: Desk) -> None:
    moved = replace(desk, now=START + timedelta(days=1))
    told = moved.run("clerk", "--lang", "zh", "submit", "1@1")
    assert "演练库" in told.err
    (_, entry) = moved.json("clerk", "history", "1").data
    assert "2017-01-21T09:00:00+08:00" == entry["at"]
    assert moved.json("clerk", "list").document["rehearsal"] is True
    assert moved.json("clerk", "show", "99").document["rehearsal"] is True


@pytest.fixture
def real(bare: Desk) -> Desk:
    """Give a desk with an office in which time is real, and its administrator signed in."""
    assert 0 == bare.run(None, *INIT, given=PASSWORD).status
    assert 0 == bare.run(None, "login", "boss", "--password-stdin", given=PASSWORD).status
    return bare


@pytest.mark.parametrize(
    "call", ["whoami", "list", "user list", "sweep", "site build", "doctor", "logout"]
)
def test_a_set_clock_is_refused_where_time_is_real(real: Desk, call: str) -> None:
    assert 0 == real.run(None, *call.split()).status
    with real.unchanged():
        refused = real.json(None, *call.split(), GONGKAI_NOW="2017-01-20T09:00:00+08:00")
    assert (1, ["not_a_rehearsal"]) == (refused.status, refused.codes)


def test_no_office_with_a_real_clock_begins_at_a_set_one(bare: Desk) -> None:
    refused = bare.json(None, *INIT, given=PASSWORD, GONGKAI_NOW="2017-01-20T09:00:00+08:00")
    assert (1, ["not_a_rehearsal"]) == (refused.status, refused.codes)
    assert [] == list(bare.place.iterdir())


def test_an_office_with_a_real_clock_says_nothing_of_a_rehearsal(real: Desk) -> None:
    told = real.run(None, "whoami")
    assert "ehearsal" not in told.out + told.err
    assert "rehearsal" not in real.json(None, "whoami").document


@pytest.mark.parametrize("now", ["yesterday", "2017-01-20T09:00:00", "2017-01-32T09:00:00+08:00"])
def test_a_clock_that_cannot_be_set_is_refused(desk: Desk, now: str) -> None:
    refused = desk.json("clerk", "list", GONGKAI_NOW=now)
    assert (2, ["setting_wrong"]) == (refused.status, refused.codes)


def test_a_variable_that_is_set_to_nothing_is_not_set(real: Desk) -> None:
    empty = dict.fromkeys(("GONGKAI_NOW", "GONGKAI_LANG", "GONGKAI_SITE_DIRECTORY"), "")
    assert 0 == real.run(None, "whoami", **empty, GONGKAI_TOKEN="", GONGKAI_CONFIG="").status


# -- terminals and pipes --------------------------------------------------------------------------


CALLS: Final = (
    ("clerk", "list"),
    ("clerk", "show 4"),
    ("clerk", "history 4"),
    ("clerk", "why 4"),
    ("clerk", "diff 4"),
    ("admin", "user list"),
    ("admin", "site build"),
    ("auditor", "audit verify"),
    ("auditor", "audit head"),
    (None, "settings"),
    (None, "doctor"),
    (None, "policy show two_tier"),
    ("clerk", "show 99"),
)


@pytest.mark.parametrize(("who", "call"), CALLS)
def test_a_pipe_gets_no_colour_no_rules_and_no_progress(
    desk: Desk, who: str | None, call: str
) -> None:
    shown = desk.run(who, *call.split(), TERM="xterm-256color", FORCE_COLOR="1")
    assert COLOUR not in shown.out + shown.err
    assert "\r" not in shown.out + shown.err
    assert RULES.search(shown.out + shown.err) is None


def test_a_terminal_gets_colour_and_ruled_tables_unless_it_asks_for_none(desk: Desk) -> None:
    size = {"TERM": "xterm-256color", "COLUMNS": "120"}
    coloured = at_terminal(desk, "clerk", "list", **size)
    assert COLOUR in coloured.out
    assert RULES.search(coloured.out)
    plain = at_terminal(desk, "clerk", "list", **size, NO_COLOR="1")
    # A heading may still be bold: that is no colour.
    assert set() == {*re.findall(r"\x1b\[[0-9;]*m", plain.out)} - {"\x1b[0m", "\x1b[1m"}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_columns_align_by_the_cells_that_chinese_takes(desk: Desk, language: str) -> None:
    table = desk.run("clerk", "--lang", language, "list").out.splitlines()[:-1]
    body = "东昌区民政局（样例）"
    columns = {width(line[: line.index(body)]) for line in table[1:]}
    assert 1 == len(columns)
    heading = {"zh": "机构", "en": "Body"}[language]
    assert columns == {width(table[0][: table[0].index(heading)])}
    assert columns != {line.index(body) for line in table[1:]}


def test_what_a_terminal_would_obey_is_not_sent_to_it(desk: Desk) -> None:
    obeyed = "\x1b\x07\u2028\u202e\u2066"
    refused = desk.run("clerk", "list", "--department", f"样例{obeyed}[31m红")
    assert 4 == refused.status
    assert set() == set(obeyed) & set(refused.err)


def test_a_text_that_turns_its_letters_around_turns_nothing_on_a_terminal(desk: Desk) -> None:
    with desk.office() as office:
        item = office.draft(changes={"body": "样例\u202e文正"})
    shown = desk.run("clerk", "show", str(item))
    assert "文正" in shown.out
    assert "\u202e" not in shown.out


# -- encodings ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "variables",
    [
        {"LC_ALL": "C"},
        {"LC_ALL": "POSIX", "PYTHONIOENCODING": "ascii:strict"},
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    ],
    ids=" ".join,
)
def test_chinese_is_printed_whatever_the_locale_is(bare: Desk, variables: dict[str, str]) -> None:
    shown = bare.spawn(None, "--lang", "zh", "--help", environment=variables)
    assert 0 == shown.status
    assert "政府信息公开的办理" in shown.out


def test_chinese_from_the_database_is_printed_in_the_plainest_locale(desk: Desk) -> None:
    variables = {"LC_ALL": "POSIX", "PYTHONIOENCODING": "ascii:strict"}
    shown = desk.spawn("clerk", "show", "样例信息：draft", environment=variables)
    assert 0 == shown.status
    assert "东昌区民政局（样例）" in shown.out


def test_a_terminal_that_shows_chinese_in_its_own_encoding_keeps_it(bare: Desk) -> None:
    call = ("--lang", "zh", "--help")
    with bare.start(None, *call, environment={"PYTHONIOENCODING": "gb18030"}) as process:
        out, _ = process.communicate()
    assert "政府信息公开的办理" in out.decode("gb18030")


def test_a_document_is_utf_8_whatever_the_encoding_is(bare: Desk) -> None:
    call = ("--lang", "zh", "--json", "--help")
    shown = bare.spawn(None, *call, environment={"PYTHONIOENCODING": "gb18030"})
    assert "政府信息公开的办理" in shown.data["help"]


def test_an_argument_that_is_no_text_is_refused(bare: Desk) -> None:
    with bare.start(None, b"--json", b"show", b"\xd1\xf9\xc0\xfd") as process:  # type: ignore[arg-type] # as a shell would
        out, err = process.communicate()
    assert (2, b"") == (process.returncode, err)
    assert b'"argument_not_text"' in out


# -- streams and signals --------------------------------------------------------------------------


@pytest.mark.parametrize("call", ["--help", "--json --help", "list"])
def test_a_reader_that_has_had_enough_is_no_fault(desk: Desk, call: str) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    shown = desk.spawn("clerk", *call.split(), stdout=writer)
    os.close(writer)
    assert 141 == shown.status
    assert [] == [line for line in shown.err.splitlines() if "exercise" not in line]


def test_a_reader_of_both_streams_that_has_had_enough_is_no_fault(bare: Desk) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    assert 141 == bare.spawn(None, "none", stdout=writer, stderr=subprocess.STDOUT).status
    os.close(writer)


@pytest.mark.parametrize("call", ["--help", "--json --help", "list"])
def test_an_answer_that_finds_no_room_is_told_and_ends_with_75(desk: Desk, call: str) -> None:
    with FULL.open("wb") as full:
        told = desk.spawn("clerk", *call.split(), stdout=full)
    assert 75 == told.status
    assert "The answer could not be written" in told.err.splitlines()[-1]
    assert "Traceback" not in told.err


@pytest.mark.parametrize("call", ["--help", "none"])
def test_where_nothing_can_be_told_the_status_tells(bare: Desk, call: str) -> None:
    with FULL.open("wb") as full:
        assert 75 == bare.spawn(None, call, stdout=full, stderr=full).status


@pytest.mark.parametrize(
    ("closed", "call", "status"),
    [
        ("<&-", "new - --title 样例", 2),
        (">&-", "--help", 0),
        ("2>&-", "none", 2),
        (">&- 2>&-", "none", 2),
    ],
)
def test_a_stream_that_the_caller_has_closed_is_no_bug(
    desk: Desk, closed: str, call: str, status: int
) -> None:
    shell = ("sh", "-c", f'exec "$@" {closed}', "sh")
    done = desk.spawn("clerk", *call.split(), program=(*shell, *PROGRAM))
    assert status == done.status
    assert "Traceback" not in done.err


def test_an_interruption_is_told_in_one_line_and_changes_nothing(desk: Desk) -> None:
    body = desk.place / "body.md"
    os.mkfifo(body)
    with desk.unchanged(), desk.start("clerk", "new", "body.md", "--title", "样例") as process:
        # Opened for writing when the command has opened it for reading, and waits for more.
        writer = os.open(body, os.O_WRONLY)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate()
        os.close(writer)
    assert (130, b"") == (process.returncode, out)
    assert ["Interrupted."] == err.decode().split("\n")[-2:-1]
    assert b"Traceback" not in err
