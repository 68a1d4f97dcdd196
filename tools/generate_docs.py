"""Writes the parts of the documents that come from the program itself.

In every Markdown file, what stands between ``<!-- generated: NAME -->`` and
``<!-- end of generated -->`` is made here: tables from the policies, the machine, the tables of the
database and the catalogue of messages, and the reference of all commands. What commands print in
the documents of :data:`SESSIONS` comes from a session that is really run (:mod:`tools.sessions`).
With ``--check`` nothing is written; the command then fails if a file is not what would be written.
The result depends on the tree alone: no dates, no paths of this machine, no versions of other
software.
"""

from __future__ import annotations

import argparse
import difflib
import hashlib
import importlib
import inspect
import re
import sys
import tempfile
import tomllib
from dataclasses import fields
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

ROOT: Final = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:
    # Run as a script, Python looks beside the script and not at the root of the tree.
    sys.path.insert(0, str(ROOT))

from sqlalchemy import CheckConstraint, UniqueConstraint  # noqa: E402
from sqlalchemy.dialects import postgresql  # noqa: E402

from cli import output  # noqa: E402
from cli.commands import EVERYWHERE, Argument, Group, Option, help_of, key_of  # noqa: E402
from cli.main import AUDIENCES, gongkai  # noqa: E402
from cli.session import Session  # noqa: E402
from tools import sessions  # noqa: E402
from workflow import messages, policy, revisions  # noqa: E402
from workflow.errors import GongkaiError  # noqa: E402
from workflow.guards import SCOPES, WIDE, Facts, Role, required_role  # noqa: E402
from workflow.machine import ENDS, Action, Place, State  # noqa: E402
from workflow.models import Table, table  # noqa: E402
from workflow.settings import Settings  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    import click

    from workflow.machine import Arrow
    from workflow.policy import Policy

BEGIN: Final = re.compile(r"^<!-- generated: ([a-z-]+) -->$")
END: Final = "<!-- end of generated -->"
SESSIONS: Final[Sequence[tuple[messages.Language, Sequence[str]]]] = (
    ("en", ("README.md",)),
    ("zh", ("README.zh.md",)),
    (
        "en",
        tuple(
            f"docs/tutorial/{name}.md"
            for name in (
                "README",
                "1-clerk",
                "2-head",
                "3-reviewers",
                "4-publisher",
                "5-supervisor",
            )
        ),
    ),
    ("zh", ("docs/tutorial/README.zh.md",)),
)
"""The documents that show sessions: each row is one session, in its language."""


def documents() -> list[Path]:
    """Return every Markdown file whose links and generated parts are looked after."""
    return [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]


def regenerated(text: str, blocks: Callable[[str], str]) -> str:
    """Return ``text`` with the content of each marked block made anew.

    Raises ``ValueError`` for a block that is not closed.
    """
    lines: list[str] = []
    rest = iter(text.split("\n"))
    for line in rest:
        lines.append(line)
        match = BEGIN.match(line)
        if match is None:
            continue
        for skipped in rest:
            if skipped == END:
                break
        else:
            raise ValueError(f"{line} is never closed")
        lines += ["", *blocks(match[1]).strip("\n").split("\n"), "", END]
    return "\n".join(lines)


def grid(headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """Return a Markdown table; a cell of ``None`` is empty."""
    lines = [_row(headings), _row(["---"] * len(headings))]
    return "\n".join([*lines, *(_row([_cell(value) for value in row]) for row in rows)]) + "\n"


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _cell(value: Any) -> str:
    text = "" if value is None else str(value)
    return " ".join(text.replace("|", "\\|").split())


def _code(*values: object) -> str:
    return ", ".join(f"`{value}`" for value in values)


def _named(group: str, value: str) -> tuple[str, str]:
    """Return the Chinese and the English name of a coded value, as the program says them."""
    key = f"label.{group}.{value}"
    return messages.text(key, "zh"), messages.text(key, "en")


# -- the machine -----------------------------------------------------------------------------


def diagram(code: str = policy.DEFAULT) -> str:
    """Return the state diagram of a shipped policy, as Mermaid in a fence."""
    return f"```mermaid\n{policy.shipped(code).machine.mermaid()}```\n"


def diagrams() -> str:
    """Return the diagrams of the shipped policies other than the default."""
    parts = []
    for code in policy.SHIPPED:
        if code != policy.DEFAULT:
            title = policy.shipped(code).titles
            parts.append(f"### `{code}`: {title['en']} ({title['zh']})\n\n{diagram(code)}")
    return "\n".join(parts)


def states() -> str:
    """Return the table of all states."""
    machine = policy.shipped().machine
    reached = {arrow.dest.state for arrow in machine.arrows} | {State.DRAFT}
    return grid(
        ["state", "中文", "English", "waits on somebody", "reached in this release"],
        (
            (
                _code(state.value),
                *_named("state", state.value),
                "no" if state in ENDS else "yes",
                "yes" if state in reached else "no",
            )
            for state in State
        ),
    )


def _facts(policy_: Policy, place: Place, *, submitted: bool) -> Facts:
    """Return the facts of an item of which only the place is known."""
    return Facts(
        policy=policy_,
        place=place,
        body_id=0,
        body_name="",
        digest="",
        attribute=None,
        ground=None,
        category=None,
        formed_on=None,
        today=date(2017, 1, 1),
        submitted_before=submitted,
        decided_since_submission=False,
    )


def _who(policy_: Policy, arrow: Arrow) -> Iterator[str]:
    for submitted in (False, True):
        facts = _facts(policy_, arrow.source, submitted=submitted)
        role = required_role(facts, arrow.action)
        yield "the system" if role is None else f"`{Role(role).value}`"


def actions() -> str:
    """Return the table of all actions: from where to where, and who may."""
    shipped = policy.shipped()
    rows = []
    for action in Action:
        arrows = [arrow for arrow in shipped.machine.arrows if arrow.action is action]
        sources = dict.fromkeys(arrow.source.state.value for arrow in arrows)
        dests = dict.fromkeys(arrow.dest.state.value for arrow in arrows)
        who = dict.fromkeys(
            "the stage's role" if arrow.source.stage and action is Action.RETURN else name
            for arrow in arrows
            for name in _who(shipped, arrow)
        )
        rows.append(
            (
                _code(action.value),
                *_named("action", action.value),
                _code(*sources),
                _code(*dests),
                ", ".join(who),
            )
        )
    return grid(["action", "中文", "English", "from", "to", "who (in `dongchang`)"], rows)


def arrows() -> str:
    """Return every arrow of the default policy."""
    return grid(
        [
            "action",
            "from",
            "to",
            "only if held",
            "and not held",
            "outcome",
            "redaction",
            "asked",
            "holds",
            "voids",
        ],
        (
            (
                _code(arrow.action.value),
                _code(arrow.source),
                _code(arrow.dest),
                _code(*_in_order(arrow.needs)),
                _code(*_in_order(arrow.opens)),
                "any" if len(arrow.outcomes) > 2 else _code(*sorted(arrow.outcomes)),  # noqa: PLR2004 # all three
                "any" if len(arrow.redactions) > 2 else _code(*sorted(arrow.redactions)),  # noqa: PLR2004 # all three
                "any" if len(arrow.asked) > 2 else _code(*sorted(arrow.asked)),  # noqa: PLR2004 # all three
                _code(arrow.holds) if arrow.holds else None,
                _code(*_in_order(arrow.voids)),
            )
            for arrow in policy.shipped().machine.arrows
        ),
    )


def _in_order(names: frozenset[str]) -> list[str]:
    return [stage.name for stage in policy.shipped().stages if stage.name in names]


def roles() -> str:
    """Return the table of roles and for which kinds of bodies each is held."""
    return grid(
        ["role", "中文", "English", "held for a body of kind", "reaches"],
        (
            (
                _code(role.value),
                *_named("role", role.value),
                _code(*sorted(kinds)),
                _reach(kinds),
            )
            for role, kinds in SCOPES.items()
        ),
    )


def _reach(kinds: frozenset[str]) -> str:
    if kinds <= WIDE:
        return "every body"
    return "its own body" if not kinds & WIDE else "its own body; held for the district, every body"


# -- policies --------------------------------------------------------------------------------


def policies() -> str:
    """Return the stages of the shipped policies side by side."""
    rows = []
    for code in policy.SHIPPED:
        shipped = policy.shipped(code)
        for number, stage in enumerate(shipped.stages, start=1):
            titles = shipped.stage_titles[stage.name]
            rows.append(
                (
                    _code(code) if number == 1 else None,
                    number,
                    _code(stage.name),
                    _code(stage.kind.value),
                    _code(stage.role),
                    titles["zh"],
                    titles["en"],
                )
            )
    return grid(["policy", "no.", "stage", "kind", "role", "中文", "English"], rows)


def decisions() -> str:
    """Return what an edit and a return do in each shipped policy."""
    rows = []
    for code in policy.SHIPPED:
        shipped = policy.shipped(code)
        every = shipped.edit_voids == {stage.name for stage in shipped.stages}
        rows.append(
            (
                _code(code),
                shipped.titles["zh"],
                shipped.titles["en"],
                "every decision" if every else _code(*sorted(shipped.edit_voids)),
                "are kept" if shipped.keeps_unchanged else "are repeated",
            )
        )
    return grid(
        ["policy", "中文", "English", "an edit voids", "returned and unchanged, decisions"], rows
    )


def grounds() -> str:
    """Return the grounds for not disclosing of the default policy."""
    return grid(
        ["ground", "中文", "English", "article, 2008", "article, 2019", "serves"],
        (
            (
                _code(ground.code),
                ground.zh,
                ground.en,
                ground.article_2008,
                ground.article_2019,
                _code(*sorted(ground.attributes)) or "nothing by itself",
            )
            for ground in policy.shipped().grounds.values()
        ),
    )


def return_codes() -> str:
    """Return the codes with which an item is returned."""
    return _terms(policy.shipped().return_codes.values())


def checklist() -> str:
    """Return the questions of the confidentiality review."""
    return _terms(policy.shipped().checklist)


def _terms(terms: Iterable[policy.Term]) -> str:
    return grid(
        ["code", "中文", "English"], ((_code(term.code), term.zh, term.en) for term in terms)
    )


def catalogue() -> str:
    """Return the disclosure catalogue of the default policy."""
    return grid(
        ["catalogue item", "中文", "English", "theme", "article, 2008", "article, 2019"],
        (
            (
                _code(leaf.code),
                leaf.zh,
                leaf.en,
                leaf.theme.replace("\\", " › "),
                leaf.basis_2008,
                leaf.basis_2019,
            )
            for leaf in policy.shipped().catalogue.values()
        ),
    )


# -- the demonstration ---------------------------------------------------------------------------


def demo(language: messages.Language) -> str:
    """Return what ``make demo`` prints, in parts: its title, some of its scenes, and its end."""
    said = _demonstrated(language)
    shown = [said.partition("\n\n")[0]]
    for key in ("self", "retracted", "records"):
        shown += ["…", _scene(said, key, language)]
    return "\n".join(["```text", *shown, "…", *said.split("\n")[-2:], "```"])


def alerted(language: messages.Language) -> str:
    """Return how ``make demo`` shows that an item goes overdue: the mail, and that it was read."""
    scene = _scene(_demonstrated(language), "overdue", language)
    mail, _, rest = scene.partition(" $ gongkai overdue\n")
    answered = rest[rest.index(" $ gongkai alerts ack") :]
    person = mail.rpartition("\n")[2]
    return "\n".join(["```text", mail.rpartition("\n")[0], "…", person + answered, "```"])


@cache
def _demonstrated(language: messages.Language) -> str:
    with tempfile.TemporaryDirectory() as place:
        return "\n".join(sessions.Session(Path(place), language).run("gongkai demo --keep .demo"))


def _scene(said: str, key: str, language: messages.Language) -> str:
    heading = messages.text(f"demo.{key}", language)
    _, _, after = said.partition(f"\n\n{heading}\n")
    following = re.search(r"\n\n(?=\S)", after)
    return f"{heading}\n{after[: following.start() if following else None]}"


# -- the revision format -----------------------------------------------------------------------

_MEANINGS: Final = {
    "title": "title (名称)",
    "body": "the whole text, as written in `body_format`",
    "body_format": "how the body is written",
    "summary": "summary (内容概述)",
    "document_number": "document number (文号)",
    "formed_on": "formation date (成文/生成日期)",
    "formed_on_basis": "which day that is",
    "category": "catalogue item of the policy (目录分类)",
    "theme": "theme class (主题分类) of the catalogue item",
    "genre": "genre (体裁)",
    "keywords": "keywords (关键词), in their order",
    "attribute": "disclosure attribute (公开属性)",
    "ground": "ground for not disclosing (不予公开理由), if not proactive",
    "attribute_reason": "its reason in words",
    "normative": "whether it is a normative document (规范性文件)",
    "effective_on": "day on which it takes effect (施行日期)",
    "expires_on": "last day on which it is in force (有效期至)",
    "publishing_body": "full name of the publishing body (发布机构)",
    "index_number": "index number (索引号)",
    "channels": "where it is published (公开渠道): channels of the policy, one at least",
    "attachments": "attached files (附件), in their order",
    "format": f"always `{revisions.FORMAT}`",
    "attachments[].name": "file name for readers",
    "attachments[].media_type": "media type",
    "attachments[].size": "size in bytes",
    "attachments[].sha256": "SHA-256 of the file, 64 lower-case hexadecimal digits",
}
"""What each key of a canonical form means; a key without an entry fails the generator."""
_ENUMS: Final = {
    "attribute": revisions.Attribute,
    "body_format": revisions.BodyFormat,
    "formed_on_basis": revisions.FormedOnBasis,
}


def revision_keys() -> str:
    """Return the keys of a canonical form, in their order."""
    types = {"format": "string"}
    for field in fields(revisions.Content):
        if field.name != "attachments":
            types[field.name] = _json_type(field.name, str(field.type))
    types["attachments"] = "list of objects"
    for field in fields(revisions.Attachment):
        types[f"attachments[].{field.name}"] = _json_type(field.name, str(field.type))
    lengths = revisions._LENGTHS | {"keywords": revisions.MAX_KEYWORD}  # noqa: SLF001 # documented here
    rows = []
    for key in sorted(types):
        longest = lengths.get(key)
        limit = f"{longest} characters" if longest else None
        if key == "keywords":
            limit = f"{revisions.MAX_KEYWORDS} of {longest} characters each"
        rows.append((_code(key), types[key], limit, _MEANINGS[key]))
    return grid(["key", "JSON", "at most", "meaning"], rows)


def _json_type(name: str, annotation: str) -> str:
    if name in _ENUMS:
        values = ", ".join(f'`"{member.value}"`' for member in _ENUMS[name])
        kind = f"one of {values}"
    elif annotation.startswith("tuple"):
        kind = "list of strings"
    elif "date" in annotation:
        kind = "date"
    elif annotation == "bool":
        kind = "`true` or `false`"
    else:
        kind = "number" if annotation == "int" else "string"
    return f"{kind}, or `null`" if "None" in annotation else kind


def example_content() -> revisions.Content:
    """Return the content of the example: a sample with a little of everything."""
    attached = "甲路1号（样例）\n".encode()
    return revisions.Content(
        title="关于开放查阅点的通知（样例）",
        body="自即日起，“查阅点”开放。\n\n样例。\n",
        formed_on=date(2017, 2, 10),
        category="annual_report",
        theme="综合政务\\政务公开",
        genre="报告",
        keywords=("查阅点", "样例"),
        attribute=revisions.Attribute.PROACTIVE,
        publishing_body="东昌区民政局（样例）",
        index_number="YL-CIVIL/2017-00001",
        attachments=(
            revisions.Attachment(
                name="地址.txt",
                media_type="text/plain",
                size=len(attached),
                sha256=hashlib.sha256(attached).hexdigest(),
            ),
        ),
    )


def revision_example() -> str:
    """Return a canonical form and its digest."""
    form = revisions.canonical(example_content())
    return (
        f"These {len(form)} bytes, on one line:\n\n```json\n{form.decode()}\n```\n\n"
        f"have the digest\n\n```text\n{revisions.digest(form)}\n```\n"
    )


# -- what is said --------------------------------------------------------------------------------

_OPTIONAL: Final = re.compile("[⟦⟧]")


def _sentences(prefix: str, *, leave_out: tuple[str, ...] = ()) -> str:
    """Return every code below ``prefix`` with both sentences, parts that may be absent included."""
    namespace = prefix.partition(".")[0]
    known = importlib.import_module(f"workflow.messages.{namespace}").MESSAGES
    rows = (
        (key.removeprefix(prefix), _shown(english), _shown(chinese))
        for key, (chinese, english) in sorted(known.items())
        if key.startswith(prefix)
    )
    return grid(
        ["code", "English", "中文"],
        (
            (_code(code), english, chinese)
            for code, english, chinese in rows
            if "." not in code and code not in leave_out
        ),
    )


def _shown(sentence: str) -> str:
    """Return a sentence as it is read in a table: placeholders stay, Markdown does not act."""
    return _OPTIONAL.sub("", sentence).replace("<", "&lt;")


def refusals() -> str:
    """Return every refusal with both sentences."""
    return _sentences("refusal.", leave_out=("who",))


def errors() -> str:
    """Return every error of the engine with both sentences."""
    return _sentences("error.")


def command_line_errors() -> str:
    """Return every error of the command line itself with both sentences."""
    return _sentences("cli.error.")


def health() -> str:
    """Return every finding of ``gongkai doctor`` with both sentences."""
    return _sentences("cli.doctor.")


def events() -> str:
    """Return what the trail calls the things that happen."""
    prefix = "label.event."
    known = importlib.import_module("workflow.messages.labels").MESSAGES
    return grid(
        ["event", "中文", "English"],
        (
            (_code(key.removeprefix(prefix)), chinese, english)
            for key, (chinese, english) in known.items()
            if key.startswith(prefix)
        ),
    )


def settings() -> str:
    """Return every setting with its default and meaning."""
    rows = []
    for name, field in Settings.model_fields.items():
        default: Any = field.default
        if name in _DEFAULTS:
            default = _DEFAULTS[name]
        elif default is None or default == "":
            default = "not set"
        else:
            default = _code(default)
        rows.append((_code(f"GONGKAI_{name.upper()}"), default, *_named("setting", name)[::-1]))
    return grid(["setting", "default", "meaning", "含义"], rows)


_DEFAULTS: Final = {
    "home": "the platform's directory for a user's data",
    "database_url": "`gongkai.db` in the data directory, on SQLite",
    "site_directory": "`site` in the data directory",
}
"""Defaults that depend on the machine or on another setting."""


# -- the command line ----------------------------------------------------------------------------


def commands() -> str:
    """Return every command with its options, its help and its examples."""
    root = {
        language: _context(gongkai, "gongkai", None, language) for language in messages.LANGUAGES
    }
    parts = []
    for audience, names in AUDIENCES.items():
        zh, en = (messages.text(f"cli.audience.{audience}", language) for language in ("zh", "en"))
        parts.append(f"## {en} ({zh})\n")
        for name in names:
            parts += _command(root, gongkai.get_command(root["en"], name))
    parts.append(f"## {messages.text('cli.help.everywhere', 'en')}\n")
    parts.append(_parameters(root, EVERYWHERE))
    return "\n".join(parts)


def _context(
    command: click.Command, name: str, parent: click.Context | None, language: messages.Language
) -> click.Context:
    session = Session(language=language, for_programs=False, debug=False)
    return command.context_class(command, info_name=name, parent=parent, obj=session)


def _command(
    parents: dict[messages.Language, click.Context], command: click.Command | None
) -> Iterator[str]:
    """Yield the parts of one command, and of those below it."""
    if command is None or command.name is None:
        raise LookupError(parents["en"].command_path)
    contexts = {
        language: _context(command, command.name, parent, language)
        for language, parent in parents.items()
    }
    english = contexts["en"]
    words = messages.text(f"help.{key_of(english)}", "en").split("\n")
    chinese = messages.text(f"help.{key_of(english)}", "zh").split("\n")
    yield f"### `{english.command_path}`\n"
    yield f"{_shown(words[0])} · {chinese[0]}\n"
    if isinstance(command, Group):
        for name in command.list_commands(english):
            yield from _command(contexts, command.get_command(english, name))
        return
    usage = " ".join([english.command_path, *command.collect_usage_pieces(english)])
    yield f"```text\n{usage}\n```\n"
    for line in words[1:]:
        if line and not line.startswith("$"):
            yield f"{_shown(line)}\n"
    own = [parameter for parameter in command.params if isinstance(parameter, Option | Argument)]
    if own:
        yield _parameters(contexts, own)
    examples = [line for line in words if line.startswith("$")]
    yield "\n".join(["```console", *examples, "```"]) + "\n"


def _parameters(
    contexts: dict[messages.Language, click.Context], parameters: Iterable[Option | Argument]
) -> str:
    rows = []
    for parameter in parameters:
        record = parameter.get_help_record(contexts["en"])
        if record is not None:
            chinese = help_of(contexts["zh"], parameter)
            rows.append((_code(record[0]), _shown(record[1]), _shown(chinese)))
    return grid(["parameter", "meaning", "含义"], rows)


_STATUSES: Final = (
    (output.DONE, "done", "已办理"),
    (
        output.REFUSED,
        "refused by a rule, or a check found a fault",
        "按规则不能办理，或者检查发现问题",
    ),
    (output.USAGE, "the call or what was handed in cannot be used", "用法或者提供的内容不对"),
    (
        3,
        "conflict: somebody was faster, or what you saw has changed",
        "冲突：已被他人先办，或者内容已变",
    ),
    (4, "not found, or not yours to see", "没有，或者无权查看"),
    (5, "not signed in", "没有登录"),
    (output.PARTLY, "some done, some not", "部分办理"),
    (output.BUG, "a bug of the program", "程序有缺陷"),
    (
        output.UNAVAILABLE,
        "temporarily unavailable: database, disk, site",
        "暂时不可用：数据库、磁盘、站点",
    ),
    (output.INTERRUPTED, "interrupted (Ctrl-C)", "被中断（Ctrl-C）"),
    (output.BROKEN_PIPE, "whoever read the output had enough", "读取输出的程序已结束"),
)
"""What each exit status says; that they are all, a test compares with the command line."""


def exit_statuses() -> str:
    """Return the table of exit statuses, with the kinds of errors behind each."""
    kinds: dict[int, list[str]] = {}
    for kind in (*leaves(GongkaiError),):
        if not kind.__module__.endswith("errors"):
            continue
        kinds.setdefault(output.exit_status(kind.__new__(kind)), []).append(kind.__name__)
    return grid(
        ["status", "means", "含义", "raised as"],
        (
            (status, english, chinese, _code(*sorted(kinds.get(status, ()))))
            for status, english, chinese in _STATUSES
        ),
    )


def leaves(kind: type[GongkaiError]) -> Iterator[type[GongkaiError]]:
    """Yield every class below ``kind``."""
    for below in kind.__subclasses__():
        yield below
        yield from leaves(below)


# -- the tree --------------------------------------------------------------------------------------


def layers() -> str:
    """Return the picture of which way imports point, from the contracts that are checked."""
    tool = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]
    rows = [
        layer
        for contract in tool["contracts"]
        if contract["type"] == "layers"
        for layer in contract["layers"]
        if layer != "workflow"
    ]
    boxes = [
        f'    l{number}["{" · ".join(re.split(r" [|:] ", layer))}"]'
        for number, layer in enumerate(rows)
    ]
    arrows = [f"    l{number} --> l{number + 1}" for number in range(len(rows) - 1)]
    return "\n".join(["```mermaid", "flowchart TD", *boxes, *arrows, "```"])


# -- the database ------------------------------------------------------------------------------


def database() -> str:
    """Return every table with its columns and what the database itself enforces."""
    return "\n".join(
        _table_of(model)
        for model in sorted(Table.__subclasses__(), key=lambda model: table(model).name)
    )


def _table_of(model: type[Table]) -> str:
    found = table(model)
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call] # SQLAlchemy leaves it untyped
    rows = []
    for column in found.columns:
        kind = column.type.compile(dialect=dialect).lower()
        keys = [f"→ `{key.target_fullname}`" for key in column.foreign_keys]
        if column.primary_key:
            keys.insert(0, "primary key")
        rows.append((_code(column.name), kind, "yes" if column.nullable else "no", ", ".join(keys)))
    enforced = sorted(_enforced(found))
    parts = [
        f"## `{found.name}`\n",
        _prose(model.__doc__) + "\n",
        grid(["column", "type", "may be NULL", "keys"], rows),
    ]
    if enforced:
        parts.append("\n".join(f"- {line}" for line in enforced) + "\n")
    return "\n".join(parts)


def _prose(docstring: str | None) -> str:
    """Return a docstring as Markdown on one line."""
    text = " ".join(inspect.cleandoc(docstring or "").split())
    return re.sub(r":[a-z]+:`~?([^`]+)`", r"`\1`", text.replace("``", "`"))


def _enforced(found: Any) -> Iterator[str]:
    for constraint in found.constraints:
        if isinstance(constraint, CheckConstraint):
            yield f"CHECK `{constraint.sqltext}`"
        elif isinstance(constraint, UniqueConstraint):
            yield f"UNIQUE {_code(*(column.name for column in constraint.columns))}"
    for index in found.indexes:
        where = index.dialect_options["postgresql"]["where"]
        only = f" where `{where}`" if where is not None else ""
        kind = "UNIQUE" if index.unique else "INDEX"
        yield f"{kind} {_code(*(column.name for column in index.columns))}{only}"


# -- putting it together -------------------------------------------------------------------------

BLOCKS: Final[dict[str, Callable[[], str]]] = {
    "actions": actions,
    "arrows": arrows,
    "catalogue": catalogue,
    "checklist": checklist,
    "command-line-errors": command_line_errors,
    "commands": commands,
    "database": database,
    "decisions": decisions,
    "demo": lambda: demo("en"),
    "demo-alert": lambda: alerted("en"),
    "demo-alert-zh": lambda: alerted("zh"),
    "demo-zh": lambda: demo("zh"),
    "diagram": diagram,
    "diagrams": diagrams,
    "errors": errors,
    "events": events,
    "exit-statuses": exit_statuses,
    "grounds": grounds,
    "health": health,
    "layers": layers,
    "policies": policies,
    "refusals": refusals,
    "return-codes": return_codes,
    "revision-example": revision_example,
    "revision-keys": revision_keys,
    "roles": roles,
    "settings": settings,
    "states": states,
}


def up_to_date() -> dict[Path, str]:
    """Return every document as it should be."""
    texts = {
        path: regenerated(path.read_text("utf-8"), lambda name: BLOCKS[name]())
        for path in documents()
    }
    for language, names in SESSIONS:
        with tempfile.TemporaryDirectory() as place:
            session = sessions.Session(Path(place), language)
            for path in (ROOT / name for name in names):
                texts[path] = session.recorded(texts[path])
    return texts


def main(arguments: Sequence[str] | None = None) -> int:
    """Write what has changed, or with ``--check`` tell it; return the exit status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="write nothing, fail on a difference")
    options = parser.parse_args(arguments)
    stale = 0
    for path, after in up_to_date().items():
        before = path.read_text("utf-8")
        if after == before:
            continue
        stale += 1
        name = path.relative_to(ROOT).as_posix()
        if options.check:
            change = difflib.unified_diff(
                before.splitlines(), after.splitlines(), name, f"{name} as it should be", n=1
            )
            print("\n".join(line.rstrip("\n") for line in change))
        else:
            path.write_text(after, "utf-8")
            print(f"written: {name}")
    if options.check and stale:
        print(f"{stale} documents are not up to date: run `make docs`.")
    return 1 if options.check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
