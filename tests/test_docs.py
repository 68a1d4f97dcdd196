"""The documents say what the program does: all of it, and nothing that is not so.

Tables, the diagram and all shown sessions are compared by the tool that makes them; here they are
asked for completeness, their links are followed, and every command that a page shows is parsed as
``gongkai`` parses it. What the how-to pages tell to do is done.
"""

from __future__ import annotations

import html
import importlib
import json
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from dataclasses import fields
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import pytest

from cli import demo, output
from cli.commands import EVERYWHERE, Group
from cli.main import gongkai
from cli.session import Session as Call
from tools import generate_docs
from tools.sessions import Session, steps
from workflow import policy
from workflow.coordination import Consulting
from workflow.errors import GongkaiError
from workflow.machine import Action, State
from workflow.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent
DOCUMENTS = [path.relative_to(ROOT).as_posix() for path in generate_docs.documents()]


@cache
def words(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def fences(name: str, kind: str) -> list[str]:
    """Return what stands in the fences of a kind, in their order; an indented one loses that."""
    found = re.findall(rf"^( *)```{kind}\n(.*?)^\1```$", words(name), re.MULTILINE | re.DOTALL)
    return [re.sub(rf"^{indent}", "", inside, flags=re.MULTILINE) for indent, inside in found]


def fence(name: str, kind: str, beginning: str) -> str:
    """Return the one fence that begins so."""
    (found,) = (inside for inside in fences(name, kind) if inside.startswith(beginning))
    return found


# -- nothing is missing --------------------------------------------------------------------------


def commands() -> Iterator[tuple[str, click.Command]]:
    """Yield every command with its path."""
    pending: list[tuple[str, click.Command]] = [("gongkai", gongkai)]
    while pending:
        path, command = pending.pop()
        yield path, command
        if isinstance(command, Group):
            context = command.context_class(command, info_name=path)
            for name in command.list_commands(context):
                below = command.get_command(context, name)
                assert below is not None, name
                pending.append((f"{path} {name}", below))


def test_every_command_stands_in_the_reference_with_all_its_options() -> None:
    parts = re.split(r"^### `(.*)`$", words("docs/reference/commands.md"), flags=re.MULTILINE)
    told = dict(zip(parts[1::2], parts[2::2], strict=True))
    missing = []
    for path, command in commands():
        if path == "gongkai":
            continue
        for parameter in command.params:
            shown = [parameter.opts[-1]] if isinstance(parameter, click.Option) else []
            missing += [f"{path} {name}" for name in shown if f"`{name}" not in told[path]]
    assert [] == missing
    everywhere = words("docs/reference/commands.md").rpartition("\n## ")[2]
    assert [] == [option.opts[-1] for option in EVERYWHERE if option.opts[-1] not in everywhere]


@pytest.mark.parametrize(
    ("namespace", "prefix"),
    [("refusal", "refusal."), ("error", "error."), ("cli", "cli.error.")],
)
def test_every_code_with_a_sentence_stands_in_the_reference(namespace: str, prefix: str) -> None:
    told = words("docs/reference/codes.md")
    known = importlib.import_module(f"workflow.messages.{namespace}").MESSAGES
    codes = {key.removeprefix(prefix) for key in known if key.startswith(prefix)}
    # What is said around a refusal, and no refusal itself.
    codes = {code for code in codes if "." not in code} - {"who"}
    assert codes
    assert [] == sorted(code for code in codes if f"| `{code}` |" not in told)


def test_every_setting_stands_in_the_reference() -> None:
    told = words("docs/reference/settings.md")
    names = [f"GONGKAI_{name.upper()}" for name in Settings.model_fields]
    assert [] == [name for name in names if f"| `{name}` |" not in told]


def test_every_exit_status_stands_in_the_reference_and_no_other() -> None:
    table = words("docs/reference/exit-statuses.md")
    told = {int(number) for number in re.findall(r"^\| (\d+) \|", table, re.MULTILINE)}
    named = {
        value
        for name, value in vars(output).items()
        if name.isupper() and not name.startswith("_") and isinstance(value, int)
    }
    raised = {output.exit_status(kind.__new__(kind)) for kind in generate_docs.leaves(GongkaiError)}
    assert named | raised == told


def test_every_state_and_action_stands_in_the_reference() -> None:
    told = words("docs/reference/states.md")
    codes = [*State, *Action]
    assert [] == [code.value for code in codes if f"| `{code.value}` |" not in told]


def keys(value: Any, path: str = "") -> Iterator[str]:
    """Yield the path of every key, as the reference writes it; a title is one of a kind."""
    if isinstance(value, dict) and not path.endswith("title"):
        for key, inner in value.items():
            yield from keys(inner, f"{path}.{key}".removeprefix("."))
    elif isinstance(value, list) and value and isinstance(value[0], dict):
        for inner in value:
            yield from keys(inner, f"{path}[]")
    else:
        yield path


def test_every_key_of_a_policy_stands_in_the_reference_and_no_other() -> None:
    rows = re.search(r"\| key \| type \|.*?\n\n", words("docs/reference/policy.md"), re.DOTALL)
    assert rows is not None
    told: set[str] = set()
    for cell in re.findall(r"^\| (`.*?) \|", rows[0], re.MULTILINE):
        first, *further = re.findall(r"`([^`]+)`", cell)
        told |= {first, *(first.rpartition(".")[0] + other for other in further)}
    files = [ROOT / f"workflow/policies/{code}.toml" for code in policy.SHIPPED]
    used = {key for path in files for key in keys(tomllib.loads(path.read_text("utf-8")))}
    # What the shipped ones leave at what it means where it is not said.
    unsaid = {"starts_on": "formed", "rest_day": "stays", "pausable": True}
    document = json.loads(policy.shipped().text)
    document["deadlines"].append({"code": "reply", "clock": "reply", "amount": 20} | unsaid)
    document["ladder"] += [{"clock": "reply", "at": at, "to": ["desk"]} for at in ("T-0", "weekly")]
    stored = policy.stored(json.dumps(document))
    assert stored.deadlines[-1].pausable
    assert {"reply"} == stored.ladder.own.keys()
    usual = {each.name: getattr(stored.consulting, each.name) for each in fields(Consulting)}
    assert policy.stored(json.dumps(document | {"consultation": usual})).consulting == Consulting()
    more = {f"deadlines[].{key}" for key in unsaid} | {"ladder[].clock"}
    assert used | more | {f"consultation.{key}" for key in usual} == told


# -- nothing is out of date ----------------------------------------------------------------------


@pytest.mark.slow
def test_what_comes_from_the_program_is_what_the_program_says_now() -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "tools/generate_docs.py", "--check"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (0, "") == (done.returncode, done.stdout + done.stderr)


@pytest.mark.slow
def test_a_shell_gets_the_same_answers(tmp_path: Path) -> None:
    session = Session(tmp_path, "zh", shell_only=True)
    assert words("README.zh.md") == session.recorded(words("README.zh.md"))


@pytest.mark.parametrize(
    "name",
    [name for name in DOCUMENTS if Path(name).parent.name == "how-to" and ".zh." not in name],
)
def test_a_recipe_stands_in_chinese_too_with_the_same_calls_files_and_answers(name: str) -> None:
    there = name.replace(".md", ".zh.md")
    kinds, as_well = (
        re.findall(r"^ *```(\w*)$", words(page), re.MULTILINE) for page in (name, there)
    )
    assert kinds == as_well
    for kind in {*kinds} - {""}:
        assert fences(name, kind) == fences(there, kind)
    assert f"]({Path(there).name})" in words(name)
    assert f"]({Path(name).name})" in words(there)


def test_the_readme_draws_the_default_policy() -> None:
    assert policy.shipped().machine.mermaid() in words("README.md")


def test_the_commands_of_make_that_documents_name_exist() -> None:
    targets = set(re.findall(r"^([a-z]+):.*## ", words("Makefile"), re.MULTILINE))
    named = {
        target
        for name in DOCUMENTS
        for target in re.findall(r"(?:^|`)make ([a-z]+)", words(name), re.MULTILINE)
    }
    assert {"demo", "test", "check", "docs"} <= named <= targets


# -- links ---------------------------------------------------------------------------------------


def anchors(name: str) -> set[str]:
    """Return the anchors of a document's headings, as the hosts of repositories make them."""
    prose = re.sub(r"^ *```.*?^ *```$", "", words(name), flags=re.MULTILINE | re.DOTALL)
    found: set[str] = set()
    for heading in re.findall(r"^#+ (.+)$", prose, re.MULTILINE):
        plain = re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", heading).lower()
        found.add(re.sub(r"[^\w\- ]", "", plain).replace(" ", "-"))
    return found


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_link_leads_somewhere(name: str) -> None:
    prose = re.sub(r"^ *```.*?^ *```$", "", words(name), flags=re.MULTILINE | re.DOTALL)
    prose = re.sub(r"`[^`\n]*`", "", prose)
    broken = []
    for link in re.findall(r"\]\(([^)\s]+)\)", prose):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = link.partition("#")
        target = ((ROOT / name).parent / path).resolve() if path else ROOT / name
        found = target.exists()
        if found and anchor:
            found = anchor in anchors(target.relative_to(ROOT).as_posix())
        broken += [] if found else [link]
    assert [] == broken


def test_every_page_is_reached_from_the_readme() -> None:
    reached: set[str] = set()
    pending = ["README.md"]
    while pending:
        name = pending.pop()
        if name in reached:
            continue
        reached.add(name)
        for link in re.findall(r"\]\(([^)#\s]+\.md)[)#]", words(name)):
            target = ((ROOT / name).parent / link).resolve()
            pending.append(target.relative_to(ROOT).as_posix())
    assert set(DOCUMENTS) == reached


# -- commands ------------------------------------------------------------------------------------


_CALL = re.compile(r"(?:^|[|(] ?|@\w+ |bin/)gongkai ((?:'[^'\n]*'|[^|<>;)'\n])+)", re.MULTILINE)


def calls(name: str) -> Iterator[str]:
    """Yield the arguments of every call of the program that a page shows in a fence."""
    shown = [step.command for text in fences(name, "console") for step in steps(text.split("\n"))]
    shown += [text for kind in ("sh", "text") for text in fences(name, kind)]
    for text in shown:
        found = _CALL.findall(text.replace("\\\n", " "))
        yield from (call for call in found if "[OPTIONS]" not in call)


def parsed(arguments: list[str]) -> None:
    """Parse a call as the program does; raises ``click.ClickException``."""
    call = Call(language="en", for_programs=False, debug=False)
    command: click.Command = gongkai
    context = command.make_context("gongkai", arguments, obj=call)
    while isinstance(command, Group):
        # What a group has not used; click keeps its next word apart, under this name only.
        rest = [*context._protected_args, *context.args]  # noqa: SLF001
        name, below, rest = command.resolve_command(context, rest)
        assert below is not None
        command = below
        context = command.make_context(name, rest, parent=context)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_command_that_a_page_shows_is_understood(name: str) -> None:
    wrong = []
    for call in calls(name):
        try:
            parsed(shlex.split(call))
        except click.ClickException as error:
            wrong.append(f"{call}: {error.format_message()}")
    assert [] == wrong


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_command_that_a_sentence_names_exists(name: str) -> None:
    known = {
        path: {option for one in command.params for option in one.opts} | everywhere()
        for path, command in commands()
    }
    wrong = []
    prose = re.sub(r"^ *```.*?^ *```$", "", words(name), flags=re.MULTILINE | re.DOTALL)
    for span in re.findall(r"`(gongkai [^`]+)`", prose):
        path = "gongkai"
        for word in span.split()[1:]:
            if f"{path} {word}" in known:
                path = f"{path} {word}"
            elif word.startswith("--") and word not in known[path]:
                wrong.append(span)
        if path == "gongkai" and not span.split()[1].startswith("--"):
            wrong.append(span)
    assert [] == wrong


def everywhere() -> set[str]:
    return {option for one in EVERYWHERE for option in one.opts}


# -- what the how-to pages tell to do ------------------------------------------------------------


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give what the demonstration leaves, to be copied."""
    place = tmp_path_factory.mktemp("played")
    session = Session(place, "en")
    session.run("gongkai demo --keep play")
    assert 0 == session.status
    return session.home / "play" / "data"


PASSWORDS = {person.account: person.password for person in (demo.ADMIN, *demo.CAST)}


class Desk:
    """Somewhere to follow a page: every command has to end as it is said to."""

    def __init__(self, place: Path, played: Path | None = None) -> None:
        self.session = Session(place, "en")
        self.home = self.session.home
        self.data = self.home / "data"
        self.session.environment["GONGKAI_HOME"] = str(self.data)
        if played is not None:
            shutil.copytree(played, self.data)
            self.session.environment["GONGKAI_NOW"] = "2017-01-20T09:00:00+08:00"

    def do(self, command: str, given: str | None = None, *, status: int = 0) -> str:
        """Run a command, with this on standard input, and return what it printed."""
        if given is not None:
            command += " --password-stdin"
        said = "\n".join(self.session.run(command, given or ""))
        assert status == self.session.status, f"{command}\n{said}"
        return said

    def sign_in(self, name: str) -> None:
        """Sign in as somebody of the demonstration."""
        self.do(f"gongkai login {name}", PASSWORDS[name] + "\n")

    def asked(self, command: str) -> Any:
        """Run a command and return the data of its document."""
        self.do(f"{command} --json > answer.json")
        return json.loads((self.home / "answer.json").read_text("utf-8"))["data"]


@pytest.fixture
def desk(played: Path, tmp_path: Path) -> Desk:
    return Desk(tmp_path, played)


def shown(name: str) -> list[str]:
    """Return the commands of a page's sessions, in their order."""
    return [step.command for text in fences(name, "console") for step in steps(text.split("\n"))]


def bodies() -> str:
    """Return the file of bodies of the page, with codes where the reader has to put them."""
    text = fence("docs/how-to/make-the-first-administrator.md", "toml", "format")
    for number in range(text.count('code = "…"')):
        text = text.replace('code = "…"', f'code = "BODY-{number}"', 1)
    return text


def test_the_first_administrator_is_made_as_the_page_says(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    (desk.home / "bodies.toml").write_text(bodies(), "utf-8")
    for command in shown("docs/how-to/make-the-first-administrator.md"):
        asks = re.match(r"gongkai (init|login)", command)
        desk.do(command, "a-long-password-3\n" if asks else None)
    roles = desk.asked("gongkai whoami")["roles"]
    assert [("administrator", "BODY-0")] == [(role["role"], role["body"]) for role in roles]


def test_people_and_roles_are_added_as_the_page_says(desk: Desk) -> None:
    administrator = ("gongkai login admin", "demo-office-2017\n")
    desk.do(*administrator)
    desk.do("gongkai user add wang.mou --display-name 王某")
    one_time = ""
    for command in shown("docs/how-to/add-people-and-roles.md"):
        if command == "gongkai login li.mou":
            desk.do(command, one_time + "\n")
        elif command == "gongkai password":
            desk.do(command, f"{one_time}\na-long-password-3\n")
            desk.do(*administrator)
        else:
            said = desk.do(command)
            if found := re.search(r"\b[a-z2-9]{4}(?:-[a-z2-9]{4}){3}\b", said):
                one_time = found[0]


def test_the_account_of_the_jobs_makes_its_token_as_the_pages_say(desk: Desk) -> None:
    desk.do("gongkai login admin", "demo-office-2017\n")
    add, grant = shown("docs/how-to/install-for-an-office.md")
    found = re.search(r"\b[a-z2-9]{4}(?:-[a-z2-9]{4}){3}\b", desk.do(add))
    assert found is not None
    desk.do(grant)
    desk.do("gongkai login sweeper", f"{found[0]}\n")
    desk.do("gongkai password", f"{found[0]}\na-long-password-3\n")
    make = fence("docs/how-to/install-on-a-server.md", "text", "gongkai login sweeper").strip()
    assert "" != desk.do(make, "a-long-password-3\n").strip()


def test_a_backup_is_made_and_restored_as_the_page_says(desk: Desk) -> None:
    page = "docs/how-to/back-up.md"
    desk.do("gongkai login yl.geng", "demo-geng-2017\n")
    heads = desk.asked("gongkai audit head")
    backup = desk.home / "backup"
    backup.mkdir()
    (desk.data / "blobs").mkdir(exist_ok=True)
    making = fence(page, "sh", "python3").replace("/srv/gongkai", str(desk.data))
    desk.do(making.replace("/backup", str(backup)))
    shutil.rmtree(desk.data)
    desk.data.mkdir(mode=0o700)
    shutil.copy(backup / "gongkai.db", desk.data)
    shutil.copytree(backup / "blobs", desk.data / "blobs")
    (desk.data / "gongkai.db").chmod(0o600)
    (desk.data / "blobs").chmod(0o700)
    for command in shown(page):
        if command in {"gongkai login admin.li", "gongkai site build"}:
            desk.do("gongkai login admin", "demo-office-2017\n")
        if command.startswith("gongkai doctor"):
            # It says that nobody runs the jobs here.
            desk.do(command, status=1)
        elif not command.startswith("gongkai login"):
            desk.do(command)
    desk.do("gongkai login yl.geng", "demo-geng-2017\n")
    after = desk.asked("gongkai audit head")
    # What was held and released is in the system's chain; nothing was done to any item.
    assert [each for each in heads if each["subject"] != "system"] == [
        each for each in after if each["subject"] != "system"
    ]
    assert (desk.data / "site/items/YL-OFFICE/2017-00001/index.html").is_file()


def test_a_published_page_is_checked_as_the_page_says(desk: Desk) -> None:
    page = "docs/how-to/check-a-published-page.md"
    command = re.search(r"\| Linux \| `([^`]+)`", words(page))
    assert command is not None
    item = desk.data / "site/items/YL-OFFICE/2017-00001"
    digest, _ = desk.do(f"cd {item} && {command[1]}").split()
    assert digest in (item / "index.html").read_text("utf-8")
    desk.do("gongkai login yl.ji", "demo-ji-2017\n")
    show, history, build = (call.replace("YL-CIVIL", "YL-OFFICE") for call in shown(page))
    assert digest in desk.do(show)
    assert "published" in desk.do(history)
    built = json.loads(desk.do(build))["data"]
    assert (0, 0) == (built["written"], built["removed"])


def test_a_policy_is_written_as_the_page_says(tmp_path: Path, desk: Desk) -> None:
    page = "docs/how-to/choose-or-write-a-policy.md"
    desk.do("gongkai login admin", "demo-office-2017\n")
    (desk.home / "our-office.toml").write_text(fence(page, "toml", "format"), "utf-8")
    in_an_office = re.compile("gongkai (policy plan|policy apply|upgrade)")
    for number, command in enumerate(shown(page)):
        if in_an_office.match(command):
            desk.do(command)
            continue
        place = tmp_path / str(number)
        place.mkdir()
        empty = Desk(place)
        (empty.home / "bodies.toml").write_text(bodies(), "utf-8")
        (empty.home / "our-office.toml").write_text(fence(page, "toml", "format"), "utf-8")
        empty.do(command, "a-long-password-3\n" if " init " in command else None)


def test_the_policy_is_changed_as_the_page_says(desk: Desk) -> None:
    desk.do("gongkai login admin", "demo-office-2017\n")
    shipped = ROOT.joinpath("workflow/policies/two_tier.toml").read_text("utf-8")
    (desk.home / "our-office.toml").write_text(shipped, "utf-8")
    for command in shown("docs/how-to/change-the-policy.md"):
        desk.do(command)
    heading, *rows = (desk.home / "plan.csv").read_text("utf-8-sig").splitlines()
    assert 10 == len(heading.split(","))
    assert rows
    assert "two_tier" == desk.asked("gongkai policy show")["code"]


def test_next_year_s_holidays_are_entered_as_the_page_says(desk: Desk) -> None:
    page = "docs/how-to/enter-next-years-holidays.md"
    desk.sign_in("admin")
    (desk.home / "2027.toml").write_text(fence(page, "toml", "format"), "utf-8")
    days = [{"name": "元旦", "date": "2027-01-01", "isOffDay": True}]
    (desk.home / "2027.json").write_text(json.dumps({"year": 2027, "days": days}), "utf-8")
    for command in shown(page):
        desk.do(command)
    history = desk.asked("gongkai calendar history")
    assert [None, None, 1] == [version["reverts"] for version in history]


def test_a_formation_date_is_corrected_as_the_page_says(desk: Desk) -> None:
    revise, *correct, explain = shown("docs/how-to/correct-a-formation-date.md")
    desk.sign_in("yl.jia")
    desk.do("echo 样例 > notice.md")
    desk.do("gongkai new notice.md --title 样例通知 --formed-on 2017-01-09")
    desk.do(revise.replace(" 12 ", " 4 "))
    assert "2017-01-10" == desk.asked("gongkai show 4")["formed_on"]
    desk.sign_in("admin")
    (would, done) = (desk.do(command.replace(" 12 ", " 1 ")) for command in correct)
    assert ["→ 2017-01-10" in would, "→ 2017-01-10" in done] == [True, True]
    desk.sign_in("yl.jia")
    assert "2017-01-10 Tue" in desk.do(explain.replace(" 12 ", " 1 "))


def carried(desk: Desk, title: str) -> str:
    """Bring an item of the clerk's to where it may be published, and return its number."""
    desk.sign_in("yl.jia")
    desk.do(f"echo {title} > notice.md")
    described = "--category institution --formed-on 2017-01-19 --attribute proactive"
    number = desk.do(f"gongkai new notice.md --title {title} {described}").partition("@")[0]
    desk.do(f"gongkai submit {number}")
    for who, act in {
        "yl.yi": "sign-off",
        "yl.bing": "seal",
        "yl.ding": "review --conclusion disclose",
        "yl.wu": "approve",
    }.items():
        desk.sign_in(who)
        desk.do(f"gongkai show {number}")
        desk.do(f"gongkai {act} {number}")
    return number


def test_items_are_published_at_a_set_time_as_the_page_says(desk: Desk) -> None:
    show, publish, sweep, late, inbox, reason = shown("docs/how-to/publish-at-a-set-time.md")
    first, second, third = (carried(desk, title) for title in ("样例一", "样例二", "样例三"))
    desk.sign_in("yl.ji")
    for command in (show, publish):
        desk.do(command.replace(" 12", f" {first}"))
    for command in (show, late):
        desk.do(command.replace(" 12", f" {second}"))
    # In time, if only the machine were up.
    for command in (show, publish.replace("-02-10", "-02-21")):
        desk.do(command.replace(" 12", f" {third}"))
    for day, goes_out in (("10", first), ("22", third), ("24", second)):
        desk.session.environment["GONGKAI_NOW"] = f"2017-02-{day}T09:00:00+08:00"
        desk.sign_in("admin")
        assert f"{goes_out}  published" == desk.do(sweep).split("\n")[0]
    desk.sign_in("yl.ji")
    assert "owes the reason" in desk.do(inbox)
    desk.do(reason.replace(" 12 ", f" {third} "))
    assert "owes the reason" not in desk.do(inbox)


def test_items_are_delivered_and_received_as_the_page_says(desk: Desk) -> None:
    page = "docs/how-to/deliver-to-reading-points.md"
    desk.session.environment["GONGKAI_NOW"] = "2017-02-06T09:00:00+08:00"
    first, second = carried(desk, "样例一"), carried(desk, "样例二")
    head, *sample = words("workflow/organisations/sample_small.toml").split("[[bodies]]\n")
    others = [body for body in sample if 'code = "YL-LIBRARY"' not in body]
    (body,) = fences(page, "toml")
    (desk.home / "bodies.toml").write_text("[[bodies]]\n".join([head, *others]) + body, "utf-8")
    desk.sign_in("admin")
    desk.do("gongkai user add wang.mou --display-name 王某")
    who = {
        "organisation": "admin",
        "role": "admin",
        "deliver": "yl.ji",
        "deliveries": "yl.ji",
        "receive": "yl.ren",
        "withdraw-delivery": "yl.ji",
        "confirm-withdrawal": "yl.xin",
        "nil-return": "yl.ji",
    }
    # The demonstration has delivered once before.
    here = {" 12 13": f" {first} {second}", " 12 ": f" {first} ", "2017-0001": "2017-0002"}
    for command in shown(page):
        verb = command.split()[1]
        if verb == "nil-return":
            desk.session.environment["GONGKAI_NOW"] = "2017-04-05T09:00:00+08:00"
        desk.sign_in(who[verb])
        for there, number in here.items():
            command = command.replace(there, number)  # noqa: PLW2901
        desk.do(command)
    lists = desk.asked("gongkai deliveries --point YL-LIBRARY")
    assert [
        ("YL-LIBRARY/2017-03-nil", 0, 0, 0),
        ("YL-LIBRARY/2017-0003", 1, 0, 0),
        ("YL-LIBRARY/2017-0002", 2, 2, 1),
        ("YL-LIBRARY/2017-0001", 1, 1, 0),
    ] == [(row["list"], row["items"], row["received"], row["withdrawn"]) for row in lists]
    forms = [(desk.home / name).read_text("utf-8") for name in ("送交.html", "零报告.html")]
    assert ["YL-LIBRARY/2017-0002" in forms[0], "YL-LIBRARY/2017-03-nil" in forms[1]] == [True] * 2


def test_the_boards_are_read_as_the_page_says(desk: Desk) -> None:
    desk.sign_in("yl.xin")
    for script in fences("docs/how-to/read-the-boards.md", "sh"):
        for command in script.splitlines():
            desk.do(command.replace(" 12", " 1") if "within" not in command else command)
    written = {"due.ics": b"BEGIN:VCALENDAR", "civil.ics": b"BEGIN:VCALENDAR",
               "report.xlsx": b"PK", "report.csv": b"\xef\xbb\xbf"}  # fmt: skip
    assert list(written.values()) == [
        (desk.home / name).read_bytes()[: len(begins)] for name, begins in written.items()
    ]


def test_alerts_are_heard_and_answered_as_the_page_says(desk: Desk, tmp_path: Path) -> None:
    desk.session.environment["GONGKAI_ALERT_DIRECTORY"] = str(tmp_path / "alerts")
    desk.do("gongkai login yl.jia", "demo-jia-2017\n")
    for command in shown("docs/how-to/acknowledge-and-snooze.md"):
        if "snooze" not in command:
            desk.do(command.replace(" email", " directory").replace(" 12", " 1"))
    assert 1 == len(list((tmp_path / "alerts").glob("*.eml")))


def test_items_are_found_as_the_page_says(desk: Desk) -> None:
    desk.do("gongkai login yl.jia", "demo-jia-2017\n")
    whole, narrowed, later = shown("docs/how-to/find-items.md")
    assert [1] == [row["item"] for row in desk.asked(whole)["items"]]
    assert [1] == [row["item"] for row in desk.asked(narrowed)["items"]]
    assert [] == desk.asked(later)["items"]


def test_a_spreadsheet_is_imported_and_lists_are_exported_as_the_page_says(desk: Desk) -> None:
    desk.do("gongkai login yl.jia", "demo-jia-2017\n")
    template, tried, done, *exports = shown("docs/how-to/import-a-spreadsheet.md")
    desk.do(template)
    assert 0 == desk.asked(tried)["failed"]
    assert ["4@2"] == desk.asked(done)["entered"]
    assert 1 == desk.asked(done)["before"]
    for command in exports:
        desk.do(command)
    assert (desk.home / "items.csv").read_text("utf-8-sig").count("\n") > 2
    assert (desk.home / "inbox.xlsx").stat().st_size > 0


def test_the_organisation_is_changed_as_the_page_says(desk: Desk) -> None:
    page = "docs/how-to/change-the-organisation.md"
    tried, done, show, handed, over, district = shown(page)
    desk.do("gongkai login admin", "demo-office-2017\n")
    sample = ROOT / "workflow/organisations/sample_small.toml"
    ended = fence(page, "toml", "[[bodies]]")
    head, *tables = sample.read_text("utf-8").split("\n[[bodies]]\n")
    kept = [each for each in tables if "YL-CIVIL" not in each]
    text = "\n[[bodies]]\n".join([head, *kept]) + "\n" + ended
    (desk.home / "bodies.toml").write_text(text, "utf-8")
    assert {"ended"} == {change["change"] for change in desk.asked(tried)["changes"]}
    desk.do(done)
    assert "closed since 2017-01-20" in desk.do(show)
    assert desk.asked(handed)["items"] == desk.asked(over)["items"]
    assert {"added", "reopened"} == {change["change"] for change in desk.asked(district)["changes"]}


def test_content_is_purged_as_the_page_says(desk: Desk) -> None:
    ask, confirm = shown("docs/how-to/purge-a-leak.md")
    desk.do("gongkai login yl.jia", "demo-jia-2017\n")
    (digest,) = {desk.asked("gongkai show 1")["digest"]}
    page = desk.data / "site/items/YL-OFFICE/2017-00001/index.html"
    assert digest in page.read_text("utf-8")
    known = re.search(r"[0-9a-f]{16}", ask)
    assert known is not None
    desk.do("gongkai login admin", "demo-office-2017\n")
    desk.do(ask.replace(known[0], digest))
    desk.do("gongkai login yl.ding", "demo-ding-2017\n")
    desk.do(confirm.replace(known[0], digest))
    assert digest not in page.read_text("utf-8")


def test_what_is_public_is_corrected_as_the_page_says(desk: Desk) -> None:
    """S24, S25."""
    first, revise, submit, dated = shown("docs/how-to/correct-what-is-public.md")
    desk.do("gongkai login yl.jia", "demo-jia-2017\n")
    desk.do("gongkai show 1")
    opened = desk.do(dated.replace(" 12", " 1"))
    (number,) = re.findall(r"(\d+)@1\b", opened)
    assert f"item {number}" in desk.do(first.replace(" 12", " 1"), status=1)
    (desk.home / "body.md").write_text("样例：更正后的正文", "utf-8")
    for each in (revise, submit):
        desk.do(each.replace(" 13", f" {number}"))
    shown_now = desk.asked(f"gongkai show {number}")
    assert ("pending", 2) == (shown_now["state"], shown_now["edition"]["number"])
    assert "published" == desk.asked("gongkai show 1")["state"]


def test_an_item_is_retracted_and_restored_as_the_page_says(desk: Desk) -> None:
    """S26, S27."""
    commands = [each.replace(" 12", " 1") for each in shown("docs/how-to/retract-and-restore.md")]
    ask, look, confirm, call_off, amend, confirm_again, restore, bring_back = commands
    page = desk.data / "site/items/YL-OFFICE/2017-00001/index.html"
    whole = page.read_text("utf-8")
    for person, does in (
        ("ji", ["gongkai show 1", ask, call_off, ask]),
        ("wu", [look, confirm]),
    ):
        desk.do(f"gongkai login yl.{person}", f"demo-{person}-2017\n")
        for each in does:
            desk.do(each)
    assert "表二数字有误" in page.read_text("utf-8")
    for first, second in ((amend, confirm_again), (restore, bring_back)):
        for person, one in (("ji", first), ("wu", second)):
            desk.do(f"gongkai login yl.{person}", f"demo-{person}-2017\n")
            desk.do("gongkai show 1")
            desk.do(one)
        assert ("表二第三行" in page.read_text("utf-8")) is (first is amend)
    assert whole == page.read_text("utf-8")


def test_another_body_is_consulted_as_the_page_says(desk: Desk) -> None:
    look, ask, outside, _, answer, letter, _, settle, again, withdraw = shown(
        "docs/how-to/consult-another-body.md"
    )
    desk.session.environment["GONGKAI_NOW"] = "2017-01-20T09:00:00+08:00"
    desk.sign_in("admin")
    desk.do("gongkai role grant yl.gui department-head --body YL-FINANCE")
    desk.sign_in("yl.jia")
    desk.do("echo 样例 > notice.md")
    number = desk.do("gongkai new notice.md --title 样例").partition("@")[0]
    for who, does in (
        ("yl.jia", (look, ask, outside, letter)),
        ("yl.gui", ("gongkai inbox", look, answer)),
        ("yl.xin", (look, settle)),
        ("yl.jia", (look, again, withdraw)),
    ):
        desk.sign_in(who)
        for each in does:
            desk.do(each.replace(" 12", f" {number}"))
    found = desk.asked(f"gongkai show {number}")["consultations"]
    assert ["upheld", "agreed", "withdrawn"] == [row["standing"] for row in found]


def test_a_public_document_is_repealed_and_replaced_as_the_page_says(desk: Desk) -> None:
    commands = shown("docs/how-to/say-what-is-in-force.md")
    ask, look, confirm, call_off, replaced, new = (each.replace(" 12", " 1") for each in commands)
    (desk.home / "new-rules.md").write_text("样例：新办法正文", "utf-8")
    desk.sign_in("yl.jia")
    number = desk.do(new).partition("@")[0]
    page = desk.data / "site/items/YL-OFFICE/2017-00001/index.html"
    for first in (ask, replaced.replace(" 31", f" {number}")):
        for does in ([ask, call_off], [first, confirm]):
            for who, one in zip(("yl.yi", "yl.ji"), does, strict=True):
                desk.sign_in(who)
                desk.do(look)
                desk.do(one)
        assert "样例发〔2017〕9号" in page.read_text("utf-8")
    # The publisher, who may not see the draft, is told of nothing.
    assert [] == desk.asked(look)["replaced_by"]
    desk.sign_in("yl.yi")
    assert [int(number)] == [each["item"] for each in desk.asked(look)["replaced_by"]]


def test_an_item_is_published_urgently_as_the_page_says(desk: Desk) -> None:
    """S18."""
    pages = "docs/how-to/publish-urgently.md"
    desk.do("gongkai login yl.jia", "demo-jia-2017\n")
    (desk.home / "body.md").write_text("样例：汛情预警", "utf-8")
    described = "--title 样例预警 --category annual_report --formed-on 2017-01-20"
    new = desk.asked(f"gongkai new body.md {described} --attribute proactive --submit")
    number = f" {new['item']}"
    show, ask, look, confirm, sign_off, retract = (
        each.replace(" 12", number) for each in shown(pages)
    )
    for person, does in (
        ("xin", [show, ask]),
        ("ji", [look, confirm]),
    ):
        desk.do(f"gongkai login yl.{person}", f"demo-{person}-2017\n")
        for each in does:
            desk.do(each)
    now = desk.asked(show)
    assert ("published", True) == (now["state"], now["review_owed"])
    desk.do("gongkai login yl.yi", "demo-yi-2017\n")
    desk.do(show)
    desk.do(sign_off)
    desk.do("gongkai login yl.bing", "demo-bing-2017\n")
    desk.do(show)
    desk.do(retract)
    assert "retraction" == desk.asked(show)["asked"]["kind"]


def test_somebody_stands_in_and_takes_over_as_the_page_says(desk: Desk) -> None:
    """S15."""
    page = [
        each.replace("li.mou", "yl.yi").replace("wang.mou", "yl.ding")
        for each in shown("docs/how-to/stand-in-for-somebody.md")
    ]
    delegate, listed, whoami, inbox, end, waive, waivers, end_waiver, dry, disable, take, to = page

    def sign_in(name: str) -> None:
        person = {"admin": "office"}.get(name, name)
        desk.do(
            f"gongkai login {'admin' if name == 'admin' else f'yl.{name}'}", f"demo-{person}-2017\n"
        )

    sign_in("admin")
    desk.do(delegate)
    number = desk.asked(listed)[-1]["delegation"]
    desk.do(end.replace(" 1", f" {number}"))
    desk.do(delegate.replace(" --from 2017-02-06", ""))
    sign_in("ding")
    assert "yl.yi" in {role["on_behalf_of"] for role in desk.asked(whoami)["roles"]}
    desk.do(inbox)
    sign_in("xin")
    desk.do(waive)
    assert ["yl.yi"] == [row["name"] for row in desk.asked(waivers)]
    desk.do(end_waiver)
    sign_in("gui")
    (desk.home / "draft.md").write_text("样例：待人接办的草稿", "utf-8")
    desk.do("gongkai new draft.md --title 样例草稿 --category annual_report --formed-on 2017-01-10")
    desk.do("echo 样例：限定范围 > few.md")
    desk.do("gongkai new few.md --title 样例限定 --category annual_report --restricted")
    sign_in("admin")
    left = desk.asked(dry)["left"]
    assert [] == left["sole"]
    assert 1 == len(desk.asked(disable)["delegations_ended"])
    desk.do("gongkai role grant yl.ren clerk --body YL-CIVIL")
    sign_in("ren")
    desk.do("gongkai show 4")
    assert "4" in desk.do(take.replace(" 12", " 4"))
    sign_in("admin")
    desk.do(disable.replace("yl.yi", "yl.gui"))
    sign_in("xin")
    desk.do(to.replace(" 12", " 5").replace("yl.ding", "yl.ren"))
    sign_in("ren")
    assert "5" in desk.do(take.replace(" 12", " 5"))


@pytest.mark.parametrize("name", ["install-for-an-office", "publish-behind-a-web-server"])
def test_the_settings_of_a_page_are_taken(name: str, tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    text = "\n".join(fences(f"docs/how-to/{name}.md", "toml"))
    (desk.home / "settings.toml").write_text(text, "utf-8")
    desk.session.environment["GONGKAI_CONFIG"] = str(desk.home / "settings.toml")
    del desk.session.environment["GONGKAI_HOME"]
    taken = {one["name"]: one["value"] for one in desk.asked("gongkai settings")}
    wanted = {f"GONGKAI_{key.upper()}": value for key, value in tomllib.loads(text).items()}
    # Which holds no password, but could.
    wanted |= {"GONGKAI_DATABASE_URL": "***"} if "database_url" in text else {}
    assert wanted == {name: taken[name] for name in wanted}


def test_the_web_server_allows_what_the_pages_allow_themselves(played: Path) -> None:
    page = (played / "site/index.html").read_text("utf-8")
    (own,) = re.findall(r'Content-Security-Policy" content="([^"]+)"', page)
    served, _ = re.findall(
        r'Content-Security-Policy "([^"]+)"', words("docs/how-to/publish-behind-a-web-server.md")
    )
    own = html.unescape(own)
    assert {*own.split("; "), "frame-ancestors 'none'"} == set(served.split("; "))


def launched(desk: Desk, who: str, call: str) -> subprocess.CompletedProcess[str]:
    """Run the launcher of the page as SSH would, with the places of this desk."""
    text = fence("docs/how-to/install-for-an-office.md", "python", "#!/usr/bin/python3")
    for place, here in {
        "/opt/gongkai/bin/gongkai": desk.session.environment["PATH"].split(":")[0] + "/gongkai",
        "/etc/gongkai/settings.toml": desk.home / "settings.toml",
        "/var/lib/gongkai-people": desk.home / "people",
        "/srv/gongkai-in": desk.home / "in",
    }.items():
        assert place in text
        text = text.replace(place, str(here))
    (desk.home / "in").mkdir(exist_ok=True)
    (desk.home / "settings.toml").write_text(f'home = "{desk.data}"\n', "utf-8")
    (desk.home / "settings.toml").chmod(0o600)
    (desk.home / "launcher").write_text(text, "utf-8")
    return subprocess.run(
        [sys.executable, "-I", desk.home / "launcher", who],
        env={"SSH_ORIGINAL_COMMAND": call, "GONGKAI_TOKEN": "forged"},
        input="demo-jia-2017\n",
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_launcher_keeps_each_persons_login_apart(desk: Desk) -> None:
    done = launched(desk, "jia", "gongkai login yl.jia --password-stdin")
    assert 0 == done.returncode, done.stderr
    assert "样例甲" in launched(desk, "jia", "gongkai whoami").stdout
    assert 5 == launched(desk, "yi", "gongkai whoami").returncode


@pytest.mark.parametrize(
    ("who", "call", "said"),
    [
        ("jia", "gongkai init", "for the administrator of the machine"),
        ("jia", "gongkai --json upgrade", "for the administrator of the machine"),
        ("jia", "gongkai new /etc/passwd --title 标题", "lay files in"),
        ("jia", "gongkai new --attach=../settings.toml", "lay files in"),
        ("../yi", "gongkai whoami", "for nobody called"),
        ("root", "gongkai whoami", "for nobody called"),
    ],
)
def test_the_launcher_refuses(who: str, call: str, said: str, desk: Desk) -> None:
    done = launched(desk, who, call)
    assert 1 == done.returncode
    assert said in done.stderr


def test_the_codes_of_a_failed_publication_are_codes_of_the_program() -> None:
    page = words("docs/how-to/when-a-publication-failed.md")
    codes = [
        code
        for row in re.findall(r"^\| (`.*?) \|", page, re.MULTILINE)
        for code in re.findall(r"`(\w+)`", row)
    ]
    assert codes
    told = words("docs/reference/codes.md")
    assert [] == [code for code in codes if f"| `{code}` |" not in told]


def test_scripts_find_the_fields_that_a_page_asks_for(desk: Desk) -> None:
    desk.do("gongkai login yl.jia", "demo-jia-2017\n")
    desk.do("echo 样例 > notice.md")
    desk.do("gongkai new notice.md --title 样例通知 --attach notice.md")
    (item,) = desk.asked("gongkai inbox")["items"]
    assert ("4@1", None) == (item["at"], item["stage"])
    (attached,) = desk.asked("gongkai show 4")["content"]["attachments"]
    assert 64 == len(attached["sha256"])
    entries = desk.asked("gongkai history 4")
    assert 64 == len(entries[0]["details"]["digest"])


@pytest.mark.parametrize("name", [name for name in DOCUMENTS if fences(name, "sh")])
def test_every_script_is_one(name: str) -> None:
    for script in fences(name, "sh"):
        done = subprocess.run(["bash", "-n"], input=script, text=True, check=False)
        assert 0 == done.returncode, script
