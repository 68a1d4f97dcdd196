"""Help in two languages, whose examples are real, and completion; all without loading the engine.

The contract is that of the command line's reference: every command has help with an example.
"""

from __future__ import annotations

import ast
import inspect
import re
import shlex
import sys
import textwrap
from typing import TYPE_CHECKING, Any, Final

import click
import pytest

from cli.commands import EVERYWHERE
from cli.output import width
from cli.session import Session
from tests.cli.desk import PROGRAM, leaves, tree
from workflow.messages import text
from workflow.messages.cli import MESSAGES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tests.cli.desk import Desk

LANGUAGES: Final = ("zh", "en")
HEAVY: Final = ("sqlalchemy", "sqlmodel", "celery", "redis", "pydantic", "rich", "alembic")
BUGS: Final = ("AttributeError", "RuntimeError", "TypeError", "ValueError")
"""What click raises where a command was written wrongly."""
REDIRECTIONS: Final = (">", ">>", "<")

every_command = pytest.mark.parametrize("path", list(tree()), ids=" ".join)
every_language = pytest.mark.parametrize("language", LANGUAGES)


def examples(words: str) -> list[str]:
    """Return the examples in a help text, without the prompt."""
    lines = (line.strip() for line in words.splitlines())
    return [line.removeprefix("$ ") for line in lines if line.startswith("$ ")]


def calls(line: str) -> Iterator[list[str]]:
    """Yield the arguments of every call of ours in a line for a shell."""
    lexer = shlex.shlex(line, posix=True, punctuation_chars=True)
    lexer.whitespace_split = True
    words = iter([*lexer, "|"])
    call: list[str] = []
    for word in words:
        if word in REDIRECTIONS:
            next(words)
        elif word == "|":
            if call[0] == "gongkai":
                yield call[1:]
            call = []
        else:
            call.append(word)


def split(call: Sequence[str]) -> tuple[tuple[str, ...], list[str]]:
    """Return the command that a call is of, and the arguments that are left for it."""
    longest = max(
        (path for path in tree() if tuple(call[: len(path)]) == path),
        key=len,
    )
    return longest, list(call[len(longest) :])


def every_example() -> list[list[str]]:
    """Return the arguments of every call in every example in the catalogue."""
    return [
        call
        for path in tree()
        for line in examples(text(f"help.{'.'.join(path).replace('-', '_') or 'gongkai'}", "en"))
        for call in calls(line)
    ]


# -- help -------------------------------------------------------------------------------------


@every_language
@every_command
def test_every_command_has_help_with_an_example(
    bare: Desk, path: tuple[str, ...], language: str
) -> None:
    shown = bare.run(None, *path, "--help", "--lang", language)
    assert (0, "") == (shown.status, shown.err)
    assert examples(shown.out)
    for line in examples(shown.out):
        # The example of a group is a call of something in it.
        assert path == split([*calls(line)][-1])[0][: len(path)]
        assert [*calls(line)][-1] in every_example()


@every_language
@every_command
def test_help_names_every_parameter_and_says_what_it_is_for(
    bare: Desk, path: tuple[str, ...], language: str
) -> None:
    lines = bare.run(None, *path, "--help", "--lang", language).out.splitlines()
    for parameter in tree()[path].params:
        name = (
            parameter.opts[0]
            if isinstance(parameter, click.Option)
            else parameter.make_metavar(click.Context(tree()[path]))
        )
        begins = re.compile(rf"  {re.escape(name)}(?![\w-])(?P<beside>.*)")
        # The description above the lists may begin with the same word.
        *_, (at, found) = (
            (number, found) for number, line in enumerate(lines) if (found := begins.match(line))
        )
        assert found["beside"].strip() or lines[at + 1].startswith(" " * 10)


@every_command
def test_examples_are_the_same_in_both_languages(bare: Desk, path: tuple[str, ...]) -> None:
    chinese, english = (
        examples(bare.run(None, *path, "--help", "--lang", language).out) for language in LANGUAGES
    )
    assert chinese == english


@every_command
def test_help_in_chinese_has_chinese_headings(bare: Desk, path: tuple[str, ...]) -> None:
    lines = bare.run(None, *path, "--help", "--lang", "zh").out.splitlines()
    headings = {line for line in lines if line.endswith((":", "："))}
    assert "通用选项：" in headings
    assert [] == [line for line in headings if line.isascii()]
    assert lines[0].startswith("用法：")


@every_language
def test_help_fits_a_terminal_of_eighty_cells(bare: Desk, language: str) -> None:
    broad = [
        line
        for path in tree()
        for line in bare.run(
            None, *path, "--help", "--lang", language, COLUMNS="80"
        ).out.splitlines()
        # An example is copied as a whole, and so is an option with its values.
        if width(line) > 80 and not line.strip().startswith(("$", "-", "["))
    ]
    assert [] == broad


def test_help_names_every_command(bare: Desk) -> None:
    lines = [line.split() for line in bare.run(None, "--help").out.splitlines()]
    first = [words[0] for words in lines if len(words) > 1]
    assert [] == [path[0] for path in tree() if len(path) == 1 and path[0] not in first]


@pytest.mark.parametrize("option", EVERYWHERE, ids=lambda option: option.opts[0])
def test_what_every_command_takes_stands_before_it_or_after_it(
    bare: Desk, option: click.Option
) -> None:
    value = ["zh"] if option.opts[0] == "--lang" else []
    given = [option.opts[0], *value]
    before = bare.run(None, *given, "policy", "show", "two_tier")
    after = bare.run(None, "policy", "show", "two_tier", *given)
    assert before.status == after.status == 0
    assert bool(before.out) is bool(after.out) is True


# -- examples ---------------------------------------------------------------------------------


def test_every_example_of_every_help_parses() -> None:
    parsed: set[tuple[str, ...]] = set()
    for call in every_example():
        path, rest = split(call)
        session = Session(language="en", for_programs=False, debug=False)
        if rest == ["--help"]:
            continue
        tree()[path].make_context(" ".join(path), [*rest], obj=session)
        parsed.add(path)
    assert set(leaves()) == parsed & set(leaves())


def test_every_example_does_something_or_says_why_not(desk: Desk) -> None:
    """Run them all, in an office that has not these very items and people."""
    for name in ("report.md", "list.md", "redacted.md", "附表.xlsx"):
        desk.file(name, "样例正文，只在例子中用到。")
    for call in every_example():
        if call[:1] == ["demo"]:
            continue  # It has tests of its own, and takes seconds.
        came = desk.json("admin", *call)
        if call[-1:] == ["--help"]:
            assert came.data["help"]
        elif came.status:
            assert [] == [code for code in came.codes if code in ("usage", "bug")], call


@pytest.mark.parametrize(
    ("who", "call"),
    [
        (None, "settings"),
        (None, "settings --json"),
        (None, "completion bash"),
        (None, "policy show two_tier"),
        (None, "doctor --trail --json"),
        (None, "upgrade --dry-run"),
        (None, "upgrade"),
        ("clerk", "whoami"),
        ("clerk", "inbox"),
        ("clerk", "inbox --json"),
        ("clerk", "list"),
        ("clerk", "list --state pending --stage seal --department YL-CIVIL"),
        ("clerk", "list --all --json"),
        ("clerk", "show YL-CIVIL/2017-00001"),
        ("clerk", "policy show"),
        ("clerk", "policy list"),
        ("clerk", "organisation show"),
        ("admin", "user list"),
        ("admin", "role list"),
        ("admin", "sweep"),
        ("admin", "site build"),
        ("auditor", "audit verify"),
        ("auditor", "audit head"),
        ("auditor", "audit export"),
        ("clerk", "logout"),
    ],
)
def test_examples_that_need_nothing_more_succeed(desk: Desk, who: str | None, call: str) -> None:
    assert call.split() in every_example()
    done = desk.run(who, *call.split())
    assert 0 == done.status, done


# -- no English in Chinese --------------------------------------------------------------------


def codes() -> set[str]:
    """Return the words that are typed, and so are the same in every language."""
    words = {"gongkai"}
    for path, command in tree().items():
        words |= set(path)
        for parameter in command.params:
            words |= {option.lstrip("-") for option in parameter.opts}
            if isinstance(parameter.type, click.Choice):
                words |= set(parameter.type.choices)
    return words


def english(words: str) -> list[str]:
    """Return the runs of Latin words that are more than names, signs and codes."""
    runs = re.findall(r"(?<![\w.-])[A-Za-z][A-Za-z'-]*(?: [A-Za-z][A-Za-z'-]*)+", words)
    known = codes()
    return [
        run for run in runs if any(word[0].islower() and word not in known for word in run.split())
    ]


def test_what_is_english_is_told_from_codes() -> None:
    assert [] == english("不带子命令时同 alerts list；读 JSON Lines。  --limit N")
    assert ["Show this message"] == english("--help  Show this message")


@every_command
def test_help_in_chinese_holds_no_english_sentence(bare: Desk, path: tuple[str, ...]) -> None:
    told = bare.run(None, *path, "--help", "--lang", "zh", COLUMNS="300").out
    assert [] == english("\n".join(line for line in told.splitlines() if "$ " not in line))


def spoken_by_click() -> dict[str, str]:
    """Return the sentences of click that our commands can come to say, with where they stand.

    They are read in the source of whatever our commands are made of. What only whoever writes a
    command wrongly is told, with an error that no user ever meets, is none of them.
    """
    modules = (click.exceptions, sys.modules["click.parser"])
    parts: set[Any] = {click.prompt, click.confirm}
    parts |= {part for module in modules for part in vars(module).values() if inspect.isclass(part)}
    for command in tree().values():
        made_of = [command, *(part for each in command.params for part in (each, each.type))]
        parts |= {kind for each in made_of for kind in type(each).__mro__}
    found: dict[str, str] = {}
    for part in parts:
        if not str(part.__module__).startswith("click."):
            continue
        source = ast.parse(textwrap.dedent(inspect.getsource(part)))
        for told in (node for node in ast.walk(source) if isinstance(node, ast.Raise)):
            for_us = isinstance(told.exc, ast.Call) and ast.unparse(told.exc.func) in BUGS
            if for_us:
                told.exc = None
        # What a thing is called in a log or a debugger is no sentence.
        source.body = [
            node
            for node in ast.walk(source)
            if isinstance(node, ast.FunctionDef) and node.name != "__repr__"
        ]
        for call in (node for node in ast.walk(source) if isinstance(node, ast.Call)):
            if isinstance(call.func, ast.Name) and call.func.id in ("_", "ngettext"):
                sentences = [each for each in call.args if isinstance(each, ast.Constant)]
                found |= {str(each.value): part.__qualname__ for each in sentences}
    return found


def test_every_sentence_of_click_is_in_the_catalogue() -> None:
    ours = {pair[1] for key, pair in MESSAGES.items() if key.startswith("cli.click.")}
    spoken = spoken_by_click()
    assert {} == {sentence: place for sentence, place in spoken.items() if sentence not in ours}


# -- slips of the pen ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "chinese", "english"),
    [
        (["shwo", "1"], "没有命令 'shwo'", "No such command 'shwo'"),
        (["show"], "缺少参数", "Missing argument"),
        (["show", "1", "2"], "多出的参数（2）", "Got unexpected extra argument (2)"),
        (["list", "--limit", "0"], "不在 x>=1 之内", "is not in the range x>=1"),
        (["list", "--limit"], "须带一个值", "requires an argument"),
        (["list", "--stat", "draft"], "没有选项 '--stat'", "No such option '--stat'"),
        (["list", "--state", "lost"], "不在可选的值之中", "is not one of"),
        (["review", "1"], "缺少选项 '--conclusion'", "Missing option '--conclusion'"),
        (["list", "--limit", "x"], "不是可用的数字（整数）", "is not a valid integer"),
        (["list", "--all=1"], "不带值", "does not take a value"),
        (["user", "ad"], "没有命令 'ad'", "No such command 'ad'"),
        (["due", "--ics", "."], "'.'是目录", "File '.' is a directory"),
        (["list", "--lang", "fr"], "不在可选的值之中", "is not one of"),
        (["user"], "$ gongkai user list", "$ gongkai user list"),
        ([], "没有写明命令", "Missing command"),
    ],
)
def test_a_wrong_call_is_told_what_is_wrong_in_its_language(
    bare: Desk, arguments: list[str], chinese: str, english: str
) -> None:
    for language, expected in (("zh", chinese), ("en", english)):
        told = bare.run(None, "--lang", language, *arguments)
        assert (2, "") == (told.status, told.out)
        assert expected in told.err
        refused = bare.json(None, "--lang", language, *arguments)
        assert (2, ["usage"], "") == (refused.status, refused.codes, refused.err)


def test_a_slip_of_the_pen_is_told_what_was_meant(bare: Desk) -> None:
    assert "approve" in bare.run(None, "aprove", "1").err
    assert "--state" in bare.run(None, "list", "--stat", "draft").err


# -- completion ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shell", "expected"),
    [("bash", "complete -o nosort -F"), ("zsh", "#compdef gongkai"), ("fish", "complete ")],
)
def test_completion_gives_a_script_for_each_shell(bare: Desk, shell: str, expected: str) -> None:
    script = bare.run(None, "completion", shell).out
    assert expected in script
    assert "_GONGKAI_COMPLETE" in script
    assert {"shell": shell, "script": script.rstrip("\n")} == {
        name: value.rstrip("\n")
        for name, value in bare.json(None, "completion", shell).data.items()
    }


def test_completion_knows_the_shell_in_use(bare: Desk) -> None:
    assert "fish" == bare.json(None, "completion", SHELL="/usr/bin/fish").data["shell"]
    assert "bash" == bare.json(None, "completion", SHELL="/bin/unknown").data["shell"]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("gongkai si", ["site", "sign-off"]),
        ("gongkai policy ", ["apply", "check", "list", "plan", "show"]),
        ("gongkai return --re", ["--reason"]),
        ("gongkai review 1 --conclusion with", ["withhold"]),
        ("gongkai list --state publi", ["published", "publishing"]),
        ("gongkai why 1 sig", ["sign-off"]),
        ("gongkai show --js", ["--json"]),
    ],
)
def test_a_shell_is_given_what_completes_a_line(bare: Desk, line: str, expected: list[str]) -> None:
    words = line.split(" ")
    completed = bare.run(
        None,
        _GONGKAI_COMPLETE="bash_complete",
        COMP_WORDS=line,
        COMP_CWORD=str(len(words) - 1),
    )
    offered = {each.partition(",")[2] for each in completed.out.split()}
    assert set(expected) == offered & set(expected)
    assert offered <= {*expected, "publication-failed"}


# -- start-up -----------------------------------------------------------------------------------


@pytest.mark.parametrize("call", ["--help", "sign-off --help", "--version", "completion bash"])
def test_help_and_completion_load_nothing_heavy(bare: Desk, call: str) -> None:
    told = bare.spawn(None, *call.split(), program=(PROGRAM[0], "-X", "importtime", *PROGRAM[1:]))
    loaded = {line.rpartition("|")[2].strip().partition(".")[0] for line in told.err.splitlines()}
    assert "click" in loaded
    assert set() == loaded & set(HEAVY)
