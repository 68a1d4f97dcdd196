"""A desk at which ``gongkai`` is called: with an environment, a directory, and streams of its own.

Most calls run inside the test's process, through the function that the program itself runs; where
the process matters (pipes, signals, limits, what is imported) there is a real one.
"""

from __future__ import annotations

import io
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from cli.commands import Group
from cli.main import gongkai, run
from cli.session import Session
from tests.service.sample_office import FINANCE, PEOPLE, START, SampleOffice
from tests.service.test_succession import grown, merge
from workflow import policy
from workflow.alerts import NewAlert, raise_alerts
from workflow.coordination import Reply
from workflow.errors import ChannelFailed
from workflow.ladder import Manner
from workflow.machine import Action
from workflow.models import AlertKind
from workflow.revisions import FormedOnBasis
from workflow.runtime import SHANGHAI
from workflow.testing import MemoryChannel
from workflow.validity import Status

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import click

    from workflow.policy import Policy

PROGRAM: Final = (sys.executable, "-c", "from cli.main import main; main()")
"""The program as its own process, whether or not it is installed."""
ROOT: Final = Path(__file__).parents[2]
NEW_PASSWORD: Final = "yangli mima 2018"
PLACES: Final = (
    "draft",
    "sign_off",
    "seal",
    "confidentiality_review",
    "final_review",
    "cleared",
    "published",
    "referred",
    "publication_failed",
)
"""The template of an office holds an item at each of these, whose title names the place."""
_KEPT: Final = ("PATH", "LD_LIBRARY_PATH", "TMPDIR", "SYSTEMROOT")
ALERTS: Final = {"GONGKAI_ALERT_DIRECTORY": "alerts"}
"""Lets alerts leave into a directory, beside the calls."""
_CHEAP: Final = {"GONGKAI_PASSWORD_MEMORY_KIB": "64", "GONGKAI_PASSWORD_ROUNDS": "1"}


LOCAL: Final = """\
format = 1

[[local]]
number = "样例府办发〔2017〕1号"
title = "样例地方假日"
published = 2017-01-18
turns = [{ zh = "样例假日", en = "Sample holiday", off = ["2017-02-08"] }]
"""
"""A calendar file that gives one day off, on which both clocks of the sample items run."""


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a call."""

    status: int
    out: str
    err: str

    @property
    def document(self) -> dict[str, Any]:
        """Return the one JSON document that was printed."""
        found: dict[str, Any] = json.loads(self.out)
        return found

    @property
    def data(self) -> Any:
        """Return what a call was answered that was done."""
        assert self.status == 0, self
        return self.document["data"]

    @property
    def codes(self) -> list[str]:
        """Return the codes of the errors in the document."""
        return [error["code"] for error in self.document["errors"]]


@dataclass(frozen=True, slots=True)
class Desk:
    """Where calls are made from: a directory to stand in, a data directory, an environment."""

    place: Path
    tokens: Mapping[str, str] = field(default_factory=dict)
    items: Mapping[str, int] = field(default_factory=dict)
    now: datetime | None = START
    server: str | None = None
    """The address of a database that is no file of this desk."""

    @property
    def home(self) -> Path:
        """Return the data directory."""
        return self.place / "data"

    @property
    def address(self) -> str:
        """Return the database's address."""
        return self.server or f"sqlite:///{self.home / 'gongkai.db'}"

    @property
    def logins(self) -> Path:
        """Return the file of saved logins."""
        return self.place / "config" / "gongkai" / "logins.json"

    def environment(self, who: str | None = None, **more: str | None) -> dict[str, str]:
        """Return the environment of a call by ``who``; ``more`` is added, ``None`` takes away."""
        own: dict[str, str | None] = {
            **{name: os.environ.get(name) for name in _KEPT},
            **_CHEAP,
            "HOME": str(self.place),
            "XDG_CONFIG_HOME": str(self.place / "config"),
            "LANG": "C.UTF-8",
            "GONGKAI_HOME": str(self.home),
            "GONGKAI_DATABASE_URL": self.server,
            "GONGKAI_NOW": self.now.isoformat() if self.now else None,
            "GONGKAI_TOKEN": self.tokens[who] if who else None,
        }
        return {name: value for name, value in (own | more).items() if value is not None}

    def run(
        self, who: str | None, *arguments: str, given: str | bytes = "", **more: str | None
    ) -> Result:
        """Call the command inside this process; ``given`` is its standard input."""
        data = given if isinstance(given, bytes) else given.encode()
        streams = [io.TextIOWrapper(io.BytesIO(piece), "utf-8") for piece in (data, b"", b"")]
        with self._surroundings(self.environment(who, **more), streams):
            status = run(arguments)
        out, err = (_written(stream) for stream in streams[1:])
        return Result(status, out, err)

    def json(
        self, who: str | None, *arguments: str, given: str | bytes = "", **more: str | None
    ) -> Result:
        """Call the command for one JSON document."""
        return self.run(who, "--json", *arguments, given=given, **more)

    @contextmanager
    def _surroundings(
        self, environment: Mapping[str, str], streams: Sequence[io.TextIOWrapper]
    ) -> Iterator[None]:
        before = dict(os.environ), Path.cwd(), (sys.stdin, sys.stdout, sys.stderr)
        try:
            os.environ.clear()
            os.environ.update(environment)
            os.chdir(self.place)
            sys.stdin, sys.stdout, sys.stderr = streams
            yield
        finally:
            os.environ.clear()
            os.environ.update(before[0])
            os.chdir(before[1])
            sys.stdin, sys.stdout, sys.stderr = before[2]

    def start(
        self,
        who: str | None,
        *arguments: str,
        program: Sequence[str] = PROGRAM,
        environment: Mapping[str, str | None] | None = None,
        **options: Any,
    ) -> subprocess.Popen[bytes]:
        """Start the command as a process of its own; ``options`` are those of ``Popen``."""
        pipes: dict[str, Any] = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
        started: subprocess.Popen[bytes] = subprocess.Popen(
            [*program, *arguments],
            cwd=self.place,
            env=self.environment(who, PYTHONPATH=str(ROOT), **(environment or {})),
            **pipes | options,
        )
        return started

    def spawn(self, who: str | None, *arguments: str, given: bytes = b"", **options: Any) -> Result:
        """Run the command as a process of its own to its end."""
        with self.start(who, *arguments, **options) as process:
            out, err = process.communicate(given or None)
        return Result(process.returncode, (out or b"").decode(), (err or b"").decode())

    def file(self, name: str, content: str | bytes) -> str:
        """Write a file to where the calls are made from and return its name."""
        data = content if isinstance(content, bytes) else content.encode()
        (self.place / name).write_bytes(data)
        return name

    def draft(self, title: str) -> str:
        """Enter a draft and return it as ITEM@VERSION."""
        fields = ("--category", "annual_report", "--formed-on", "2017-01-10")
        described = ("--title", title, *fields, "--attribute", "proactive")
        entered = self.json("clerk", "new", "-", *described, given=f"样例正文：{title}")
        return str(entered.data["at"])

    @contextmanager
    def office(self) -> Iterator[SampleOffice]:
        """Open the office behind the command's back, as of the desk's hour."""
        office = SampleOffice.open(self.address, self.home, now=self.now or START)
        try:
            yield office
        finally:
            office.close()

    def everything(self) -> dict[str, Any]:
        """Return every row of every table and every file of the desk but the database's own."""
        with closing(sqlite3.connect(self.home / "gongkai.db")) as connection:
            tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            rows = {
                name: sorted(map(repr, connection.execute(f'SELECT * FROM "{name}"')))  # noqa: S608 # names of tables only
                for (name,) in tables.fetchall()
            }
        files = {
            str(path.relative_to(self.place)): path.read_bytes()
            for path in self.place.rglob("*")
            if path.is_file() and not path.name.startswith("gongkai.db")
        }
        return {"rows": rows, "files": files}

    @contextmanager
    def unchanged(self, *but: str) -> Iterator[None]:
        """Expect that nothing at all has changed, ``but`` perhaps the rows of these tables."""
        before = self.everything()
        yield
        after = self.everything()
        for table in but:
            before["rows"][table] = after["rows"][table]
        assert before == after


def _written(stream: io.TextIOWrapper) -> str:
    stream.flush()
    raw = stream.detach()
    assert isinstance(raw, io.BytesIO)
    return raw.getvalue().decode()


def _brought(office: SampleOffice, place: str) -> int:
    """Return a new item at ``place``, also where no positive decision leads to."""
    item = office.draft(changes={"title": f"样例信息：{place}"})
    if place == "referred":
        office.carry(item, to="confidentiality_review")
        office.act(item, Action.REVIEW_REFER, "reviewer", question="样例问题", addressee="样例局")
        return item
    if place != "publication_failed":
        return office.carry(item, to=place)
    office.carry(item, to="publishing")
    channel = MemoryChannel()
    channel.failure = ChannelFailed("site_busy", path="样例")
    while office.place(item) != place:
        office.clock.set(office.deliveries(item)[-1].next_at)
        office.publisher(channel).dispatch_item(item)
    return item


class Template:
    """An office with people who can sign in and an item at every place, to be copied."""

    def __init__(self, address: str, home: Path) -> None:
        """Fill the office in the database of ``home``."""
        self._home = home
        self._tokens: dict[str, str] = {}
        office = SampleOffice.open(address, home, session_hours="720")
        try:
            for name in PEOPLE:
                secret = office.accounts.reset(office["admin"], name)["one_time_password"]
                _, owing = office.accounts.login(name, secret)
                office.accounts.change_password(owing, old=secret, new=NEW_PASSWORD)
                self._tokens[name], _ = office.accounts.login(name, NEW_PASSWORD)
            self._items = {place: _brought(office, place) for place in PLACES}
        finally:
            office.close()
        self._server: str | None = address
        if address.startswith("sqlite:"):
            self._server = None
            # As `init` makes it.
            (home / "gongkai.db").chmod(0o600)

    def copy(self, place: Path) -> Desk:
        """Return a desk in ``place`` with a copy of the office; a server's database is the same."""
        desk = Desk(place, self._tokens, self._items, server=self._server)
        shutil.copytree(self._home, desk.home)
        return desk


def readied(desk: Desk, command: str) -> Desk:
    """Bring a desk to where ``command`` has something to do; return it at the hour for that."""
    if command == "alerts ack":
        with desk.office() as office:
            told = NewAlert(
                kind=AlertKind.NOTICE,
                event="published",
                key="notice:sample",
                role="",
                account_id=office["head"],
                item_id=desk.items["sign_off"],
            )
            with office.database.transaction() as transaction:
                raise_alerts(transaction, [told], manner=Manner(), now=office.clock())
    if command in {"contact remove", "contact test"}:
        desk.run("head", "contact", "set", "directory", "head@sample.example", **ALERTS)
    if command == "nil-return":
        return replace(desk, now=datetime(2017, 2, 1, tzinfo=SHANGHAI))
    with desk.office() as office:
        points, keeper = office.app.reading_points, office.app.timekeeper
        published = desk.items["published"]
        if command in {"receive", "withdraw-delivery", "confirm-withdrawal"}:
            points.deliver([published], office["publisher"], to="YL-LIBRARY")
        if command == "confirm-withdrawal":
            reason = "样例理由"
            points.withdraw(published, office["publisher"], point="YL-LIBRARY", reason=reason)
        _consult(office, desk.items["sign_off"], command)
        _before_an_end(office, desk.items["draft"], command)
        _ask(office, desk.items["seal"], published, command)
        _stand_in(office, command)
        if command == "late-reason":
            keeper.correct_date(
                office["admin"],
                published,
                formed_on=date(2016, 12, 1),
                basis=FormedOnBasis.SIGNATURE,
                reason="样例理由",
            )
        if command in {"clock pause", "clock resume"}:
            keeper.apply_policy(office["admin"], with_pauses(), reason="样例")
        if command == "clock resume":
            item = desk.items["sign_off"]
            keeper.pause(office["supervisor"], item, "reply", reason="样例理由")
    return desk


def _stand_in(office: SampleOffice, command: str) -> None:
    """Have a delegation or a waiver where ``command`` ends one."""
    if command == "waiver end":
        office.app.waivers.give(
            office["supervisor"],
            "head",
            own_text=True,
            two_stages=False,
            until_on=date(2017, 1, 25),
            reason="样例理由",
        )
    if command == "delegate end":
        last = date(2017, 1, 25)
        office.app.delegations.give(
            office["admin"], "head", "head2", from_on=None, until_on=last, reason="样例理由"
        )


def _consult(office: SampleOffice, item: int, command: str) -> None:
    """Ask the finance office about an item where ``command`` is about that, and let it object."""
    if command not in {"reply", "settle", "withdraw-consultation"}:
        return
    consulting, seen = office.app.consulting, office.row(item).version
    consulting.ask(item, office["clerk"], body=FINANCE, question="样例问题", seen=seen)
    if command == "settle":
        words = "样例异议"
        consulting.reply(item, office["outhead"], answer=Reply.OBJECT, text=words, seen=seen)


def _before_an_end(office: SampleOffice, draft: int, command: str) -> None:
    """Bring a draft, or the whole body, to the end that ``command`` is about."""
    if command == "reopen":
        office.act(draft, Action.ABANDON, "clerk")
    if command == "organisation hand-over":
        grown(office)
        merge(office)


def _ask(office: SampleOffice, pending: int, item: int, command: str) -> None:
    """Bring items to where ``command`` has something to settle, and let all see the public one."""
    if command == "confirm-urgent-publication":
        office.act(pending, Action.PUBLISH_URGENTLY, "supervisor", reason="样例理由")
    steps = {
        "correct": 0,
        "retract": 0,
        "confirm-retraction": 1,
        "call-off": 1,
        "restore": 2,
        "confirm-restoration": 3,
        "validity": 0,
        "confirm-validity": 0,
    }
    acts: tuple[tuple[Action, str, dict[str, Any]], ...] = (
        (Action.RETRACT, "publisher2", {"explanation": "样例说明"}),
        (Action.CONFIRM_RETRACTION, "final2", {}),
        (Action.RESTORE, "publisher2", {"reason": "样例理由"}),
    )
    for action, by, words in acts[: steps.get(command, 0)]:
        office.act(item, action, by, **words)
    if command == "confirm-validity":
        wish: dict[str, Any] = {"validity": Status.REPEALED, "basis": "样例决定"}
        wish["from_on"] = date(2017, 4, 1)
        office.act(item, Action.VALIDITY, "head2", **wish)
    if command in steps:
        row = office.row(item)
        for name in ("clerk", "head", "publisher", "final"):
            office.service.saw(office[name], item, version=row.version, digest_=row.digest)


def with_pauses() -> Policy:
    """Return a policy like the shipped one with one more clock, which may rest."""
    document = json.loads(policy.shipped().text)
    rule = {"code": "reply", "clock": "reply", "amount": 20, "pausable": True}
    document["deadlines"].append(rule)
    document["version"] += 1
    return policy.stored(json.dumps(document, ensure_ascii=False))


@cache
def tree() -> Mapping[tuple[str, ...], click.Command]:
    """Return every command and group by its path; that of the root is empty."""
    return dict(_walk((), gongkai))


def leaves() -> list[tuple[str, ...]]:
    """Return the path of every command that does something."""
    return [path for path, command in tree().items() if not isinstance(command, Group)]


def _walk(
    path: tuple[str, ...], command: click.Command
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    yield path, command
    if isinstance(command, Group):
        context = command.make_context("gongkai", [], resilient_parsing=True, obj=_silent())
        for name in command.list_commands(context):
            found = command.get_command(context, name)
            assert found is not None
            yield from _walk((*path, name), found)


def _silent() -> Session:
    return Session(language="en", for_programs=False, debug=False)
