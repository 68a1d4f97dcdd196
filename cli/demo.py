"""The demonstration: a play in which sample people carry a real report to its publication.

Every line that is spoken is a real command, run as ``gongkai`` runs it: parsed, signed in with a
saved login of the person's own, refused where a rule says so. Only the clock and the directories
are arranged, and the office is a rehearsal.
"""

from __future__ import annotations

import io
import os
import re
import shlex
import shutil
import sys
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from cli.output import DONE, INTERRUPTED, REFUSED, Answer, Cell, Failure
from workflow.messages import text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from cli.output import Printer
    from cli.session import Session

MARKER: Final = ".gongkai-demo"
"""The file by which a directory is known to be an earlier demonstration's."""
_PARTS: Final = ("data", "people", "files", "mail", "copy")
_MINUTES: Final = timedelta(minutes=4)
"""What a command takes in the time of the play."""
_FIRST_LINES: Final = 12
_LAST_LINES: Final = 8
"""So much of a long answer is shown, unless the answer is what the scene is about."""
_ONE_TIME: Final = re.compile(r"\b[a-z2-9]{4}(?:-[a-z2-9]{4}){3}\b")
_REPORT: Final = "annual_report_2016.md"
_LIST: Final = "internal_contacts.md"
_CHEAP: Final = {"GONGKAI_PASSWORD_MEMORY_KIB": "64", "GONGKAI_PASSWORD_ROUNDS": "1"}
"""Passwords that everybody may know need no costly hash."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in the play: account, name, password, and the roles with their bodies."""

    account: str
    name: str
    password: str
    roles: tuple[tuple[str, str], ...]


CAST: Final = (
    Person(
        "yl.jia",
        "样例甲",
        "demo-jia-2017",
        (("clerk", "YL-OFFICE"), ("department-head", "YL-OFFICE")),
    ),
    Person("yl.yi", "样例乙", "demo-yi-2017", (("department-head", "YL-OFFICE"),)),
    Person("yl.bing", "样例丙", "demo-bing-2017", (("seal-keeper", "YL-OFFICE"),)),
    Person("yl.ding", "样例丁", "demo-ding-2017", (("confidentiality-reviewer", "YL-DISTRICT"),)),
    Person("yl.wu", "样例戊", "demo-wu-2017", (("final-reviewer", "YL-CENTRE"),)),
    Person("yl.ji", "样例己", "demo-ji-2017", (("publisher", "YL-CENTRE"),)),
    Person("yl.geng", "样例庚", "demo-geng-2017", (("auditor", "YL-DISTRICT"),)),
    Person(
        "yl.xin",
        "样例辛",
        "demo-xin-2017",
        (("supervisor", "YL-ORGANISING"), ("supervisor", "YL-INSPECTION")),
    ),
    Person(
        "yl.ren",
        "样例壬",
        "demo-ren-2017",
        (("reading-point-clerk", "YL-ARCHIVES"), ("reading-point-clerk", "YL-LIBRARY")),
    ),
    Person("yl.gui", "样例癸", "demo-gui-2017", (("clerk", "YL-CIVIL"),)),
)
ADMIN: Final = Person(
    "admin", "样例管理员", "demo-office-2017", (("administrator", "YL-DISTRICT"),)
)
(
    _CLERK,
    _HEAD,
    _KEEPER,
    _REVIEWER,
    _FINAL,
    _PUBLISHER,
    _AUDITOR,
    _SUPERVISOR,
    _RECEIVER,
    _OTHER_CLERK,
) = CAST


def perform(session: Session, keep: Path | None) -> Answer:
    """Play in ``keep``, or in a temporary directory; the answer's last line is the page's path."""
    stage = _Stage(session, _directory(keep))
    _play(stage)
    page = stage.page()

    def show(printer: Printer) -> None:
        printer.line("")
        if keep is None:
            printer.line(stage.say("kept", path=stage.directory))
        else:
            _show_accounts(stage, printer)
        printer.line(stage.say("page"))
        printer.line(_near(page))

    data = {
        "page": str(page),
        "directory": str(stage.directory),
        "rehearsal": True,
        "variables": stage.variables(),
        "accounts": [
            {"name": person.account, "password": person.password} for person in (ADMIN, *CAST)
        ],
    }
    return Answer(data, show)


def _directory(keep: Path | None) -> Path:
    """Return an empty directory to play in; only what an earlier play left is removed."""
    if keep is None:
        directory = Path(tempfile.mkdtemp(prefix="gongkai-demo-"))
    else:
        directory = keep.absolute()
        try:
            directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            if any(directory.iterdir()) and not (directory / MARKER).is_file():
                raise Failure("demo_foreign", path=str(keep))
            for part in _PARTS:
                if (directory / part).exists():
                    shutil.rmtree(directory / part)
        except OSError as error:
            raise Failure(
                "directory_unwritable", status=75, path=str(keep), problem=error.strerror
            ) from error
    (directory / MARKER).touch()
    files = directory / "files"
    files.mkdir()
    for name in (_REPORT, _LIST):
        sample = resources.files("workflow").joinpath("samples", name)
        (files / name).write_bytes(sample.read_bytes())
    return directory


class _Stage:
    """Where the play is given: its directory, its clock, and how a command is spoken there."""

    def __init__(self, session: Session, directory: Path) -> None:
        self.session = session
        self.directory = directory
        self.now = datetime.fromisoformat("2017-01-13T09:00:00+08:00")
        self._home = directory / "data"
        self._announced = False

    def say(self, key: str, **params: Any) -> str:
        return text(f"demo.{key}", self.session.language, **params)

    def scene(self, key: str, at: str) -> None:
        """Announce a scene that begins ``at`` a day and hour of January 2017."""
        self.now = datetime.fromisoformat(f"2017-01-{at}:00+08:00")
        if not self.session.for_programs:
            self.session.out.line("")
            self.session.out.line(Cell(self.say(key), "bold cyan"))

    @contextmanager
    def elsewhere(self) -> Iterator[None]:
        """Play on in a copy of the office, which leaves it as it is for whoever goes on there."""
        shutil.copytree(self._home, self.directory / "copy")
        here, self._home = self._home, self.directory / "copy"
        for person in (_CLERK, _HEAD, _KEEPER, _REVIEWER, _FINAL, _PUBLISHER):
            password = f"{person.password}\n"
            self.run(
                person, "login", person.account, "--password-stdin", given=password, aside=True
            )
        try:
            yield
        finally:
            self._home = here

    def file(self, name: str) -> str:
        return _near(self.directory / "files" / name)

    def variables(self) -> dict[str, str]:
        """Return what somebody sets to go on where the play ended."""
        return {
            "GONGKAI_HOME": str(self._home),
            "GONGKAI_NOW": self.now.isoformat(),
            "GONGKAI_ALERT_DIRECTORY": str(self.directory / "mail"),
        }

    def page(self) -> Path:
        """Return the one page of an item that was published."""
        (page,) = (self.directory / "data" / "site" / "items").rglob("index.html")
        return page

    def show_mail(self, person: Person) -> None:
        """Show the text of the newest message in the directory that stands in for a mailbox."""
        from email import message_from_bytes, policy  # noqa: PLC0415 # the one scene with mail

        newest = max(
            (self.directory / "mail").glob("*.eml"), key=lambda path: path.stat().st_mtime_ns
        )
        mail = message_from_bytes(newest.read_bytes(), policy=policy.default)
        body = mail.get_body(("plain",))
        if self.session.for_programs or body is None:
            return
        self.session.out.line(Cell(person.name, "dim"), Cell(f" {self.say('mail')}", "bold"))
        for line in (f"{mail['subject']}", "", *body.get_content().rstrip().split("\n")):
            self.session.out.line(f"  {line}".rstrip())

    def run(
        self,
        person: Person,
        *arguments: str,
        given: str = "",
        status: int = DONE,
        whole: bool = False,
        aside: bool = False,
    ) -> str:
        """Let ``person`` run a command, show both, and return what it printed.

        ``given`` is its standard input. What happens ``aside`` is not shown and takes no time: it
        has been seen before. Raises :class:`Failure` if it does not end with
        ``status``.
        """
        self.now += timedelta() if aside else _MINUTES
        command = shlex.join(("gongkai", *arguments))
        with self._as(person, given) as output:
            from cli.main import run  # noqa: PLC0415 # which imports this module when it is asked

            ended = run(arguments)
        printed = output.getvalue().decode("utf-8")
        if not aside:
            self._show(person, command, printed, whole=whole)
        if ended == INTERRUPTED:
            raise KeyboardInterrupt
        if ended != status:
            raise Failure(
                "demo_stopped", status=REFUSED, command=command, ended=ended, expected=status
            )
        return printed

    def _show(self, person: Person, command: str, printed: str, *, whole: bool) -> None:
        if self.session.for_programs:
            return
        out = self.session.out
        out.line(Cell(person.name, "dim"), Cell(f" $ {_printable(command)}", "bold"))
        marked = text("cli.rehearsal", self.session.language)
        lines = [line for line in printed.split("\n") if line != marked or not self._announced]
        self._announced = self._announced or marked in lines
        while lines and not lines[-1].strip():
            lines.pop()
        left_out = len(lines) - _FIRST_LINES - _LAST_LINES
        for number, line in enumerate(lines):
            if whole or left_out <= 1 or not 0 <= number - _FIRST_LINES < left_out:
                out.line(f"  {line}".rstrip())
            elif number == _FIRST_LINES:
                out.line(Cell(self.say("more", count=left_out), "dim"))

    @contextmanager
    def _as(self, person: Person, given: str) -> Iterator[io.BytesIO]:
        """Be ``person`` at a desk of their own: environment, saved logins, input and output."""
        output = io.BytesIO()
        streams = sys.stdin, sys.stdout, sys.stderr
        environment = dict(os.environ)
        written = io.TextIOWrapper(output, encoding="utf-8", write_through=True)
        try:
            os.environ.clear()
            os.environ.update(self._environment(environment, person))
            sys.stdin = io.TextIOWrapper(io.BytesIO(given.encode("utf-8")), encoding="utf-8")
            sys.stdout = sys.stderr = written
            yield output
        finally:
            sys.stdin, sys.stdout, sys.stderr = streams
            os.environ.clear()
            os.environ.update(environment)
            # Not closed by its wrapper, for it is read afterwards.
            written.detach()

    def _environment(self, given: Mapping[str, str], person: Person) -> dict[str, str]:
        own = {name: value for name, value in given.items() if not name.startswith("GONGKAI_")}
        desk = self.directory / "people" / person.account
        return (
            own
            | _CHEAP
            | self.variables()
            | {
                "GONGKAI_LANG": self.session.language,
                "GONGKAI_SESSION_HOURS": "240",
                "XDG_CONFIG_HOME": str(desk),
            }
        )


def _play(stage: _Stage) -> None:
    if not stage.session.for_programs:
        stage.session.out.line(Cell(stage.say("title"), "bold"))
    _set_up(stage)
    _report(stage)
    _withholding(stage)
    _time(stage)
    _next_day(stage)
    with stage.elsewhere():
        _correction(stage)
    stage.scene("records", "19T10:00")
    stage.run(_AUDITOR, "audit", "verify")
    stage.run(_CLERK, "history", "1", whole=True)


def _set_up(stage: _Stage) -> None:
    stage.scene("office", "13T09:00")
    password = ADMIN.password + "\n"
    stage.run(
        ADMIN,
        "init",
        "--admin",
        ADMIN.account,
        "--admin-display-name",
        ADMIN.name,
        "--sample",
        "--rehearsal",
        "--password-stdin",
        given=password,
    )
    stage.run(ADMIN, "login", ADMIN.account, "--password-stdin", given=password)
    one_time: dict[str, str] = {}
    for person in CAST:
        # Whoever reads along reads the mails that they get.
        language = () if stage.session.language == "zh" else ("--language", stage.session.language)
        told = stage.run(
            ADMIN, "user", "add", person.account, "--display-name", person.name, *language
        )
        (one_time[person.account],) = _ONE_TIME.findall(told)
        for role, body in person.roles:
            stage.run(ADMIN, "role", "grant", person.account, role, "--body", body)
    stage.scene("first_logins", "13T14:00")
    for person in CAST:
        first = one_time[person.account]
        stage.run(person, "login", person.account, "--password-stdin", given=f"{first}\n")
        stage.run(person, "password", "--password-stdin", given=f"{first}\n{person.password}\n")


def _report(stage: _Stage) -> None:
    stage.scene("draft", "16T09:00")
    stage.run(
        _CLERK,
        "new",
        stage.file(_REPORT),
        "--title",
        stage.say("text.title"),
        "--category",
        "annual_report",
        "--formed-on",
        "2017-01-16",
        "--attribute",
        "proactive",
        "--keyword",
        "政府信息公开",
        "--keyword",
        "年度报告",
    )
    stage.run(_CLERK, "submit", "1")
    stage.scene("self", "16T09:30")
    stage.run(_CLERK, "sign-off", "1", status=REFUSED)
    stage.run(_CLERK, "why", "1", "sign-off")
    stage.scene("round_one", "16T14:00")
    stage.run(_HEAD, "inbox")
    stage.run(_HEAD, "show", "1")
    stage.run(_HEAD, "sign-off", "1")
    stage.run(_KEEPER, "show", "1")
    stage.run(_KEEPER, "seal", "1")
    stage.run(_REVIEWER, "show", "1")
    stage.run(_REVIEWER, "review", "1", "--conclusion", "disclose")
    stage.scene("returned", "17T09:00")
    stage.run(_FINAL, "show", "1")
    stage.run(
        _FINAL,
        "return",
        "1",
        "--to",
        "draft",
        "--code",
        "formatting",
        "--reason",
        stage.say("text.returned"),
    )
    stage.scene("edited", "17T10:30")
    stage.run(_CLERK, "show", "1")
    stage.run(_CLERK, "revise", "1", "--summary", stage.say("text.summary"))
    stage.run(_CLERK, "submit", "1")
    stage.scene("round_two", "17T14:00")
    for person, decision in (
        (_HEAD, ("sign-off",)),
        (_KEEPER, ("seal",)),
        (_REVIEWER, ("review", "--conclusion", "disclose")),
        (_FINAL, ("approve",)),
    ):
        stage.run(person, "diff", "1")
        stage.run(person, decision[0], "1", *decision[1:])
    stage.scene("published", "18T09:00")
    stage.run(_PUBLISHER, "inbox")
    stage.run(_PUBLISHER, "show", "1")
    stage.run(_PUBLISHER, "publish", "1")


def _withholding(stage: _Stage) -> None:
    stage.scene("withheld", "18T14:00")
    privacy = stage.say("text.privacy")
    stage.run(
        _CLERK,
        "new",
        stage.file(_LIST),
        "--title",
        stage.say("text.list_title"),
        "--category",
        "social_assistance",
        "--formed-on",
        "2017-01-17",
        "--attribute",
        "not-disclosed",
        "--ground",
        "personal_privacy",
        "--attribute-reason",
        privacy,
        "--restricted",
        "--submit",
    )
    # The head is on leave for a day; who signs instead leaves both names.
    away, deputy, until = _HEAD.account, _OTHER_CLERK.account, "2017-01-18"
    reason = stage.say("text.leave")
    stage.run(ADMIN, "delegate", away, deputy, "--until", until, "--reason", reason)
    for person, decision in (
        (_OTHER_CLERK, ("sign-off",)),
        (_KEEPER, ("seal",)),
        (
            _REVIEWER,
            (
                "review",
                "--conclusion",
                "withhold",
                "--ground",
                "personal_privacy",
                "--found",
                "personal_privacy",
                "--reason",
                privacy,
            ),
        ),
        (_FINAL, ("approve",)),
    ):
        stage.run(person, "show", "2")
        stage.run(person, decision[0], "2", *decision[1:])
    stage.run(_CLERK, "history", "2")


def _time(stage: _Stage) -> None:
    """Show both clocks: how a date is reached, one that was missed, and one that is met."""
    stage.scene("clocks", "18T15:00")
    stage.run(_SUPERVISOR, "explain", "1", "--clock", "online", whole=True)
    stage.run(_SUPERVISOR, "calendar", "due", "2017-01-16", "2026-12-04")
    stage.scene("due_today", "18T15:30")
    stage.run(_SUPERVISOR, "contact", "set", "directory", "yl.xin@gongkai.example")
    stage.run(_OTHER_CLERK, "contact", "set", "directory", "yl.gui@gongkai.example")
    stage.run(
        _OTHER_CLERK,
        "new",
        "-",
        "--title",
        stage.say("text.late_title"),
        "--category",
        "social_assistance",
        "--formed-on",
        "2016-12-20",
        "--attribute",
        "proactive",
        "--submit",
        given=stage.say("text.late_body") + "\n",
    )
    stage.run(ADMIN, "run", "--once")
    stage.show_mail(_OTHER_CLERK)
    stage.scene("delivered", "18T16:00")
    for point in ("YL-ARCHIVES", "YL-LIBRARY"):
        stage.run(_PUBLISHER, "deliver", "1", "--to", point)
    stage.run(_RECEIVER, "inbox")
    for point in ("YL-ARCHIVES", "YL-LIBRARY"):
        stage.run(
            _RECEIVER,
            "receive",
            "1",
            "--point",
            point,
            "--handed-over-on",
            "2017-01-18",
            "--paper",
            "1",
            "--electronic",
            "1",
        )


def _next_day(stage: _Stage) -> None:
    """Let the night pass: what was due is overdue, and whoever supervises hears of it."""
    stage.scene("overdue", "19T08:40")
    stage.run(ADMIN, "run", "--once")
    stage.show_mail(_SUPERVISOR)
    stage.run(_SUPERVISOR, "overdue")
    stage.run(_SUPERVISOR, "explain", "3", "--clock", "online")
    stage.run(_SUPERVISOR, "alerts")
    stage.run(_SUPERVISOR, "alerts", "ack", "--item", "3")


def _correction(stage: _Stage) -> None:
    """Show a text that is corrected by another edition, and one that is taken back."""
    stage.run(
        _CLERK,
        "new",
        "-",
        "--title",
        stage.say("text.hours_title"),
        "--category",
        "institution",
        "--formed-on",
        "2017-01-18",
        "--attribute",
        "proactive",
        "--submit",
        given=stage.say("text.hours_wrong") + "\n",
        aside=True,
    )
    _decide(stage, "4")
    stage.run(_PUBLISHER, "publish", "4", aside=True)
    stage.scene("corrected", "19T09:04")
    stage.run(_CLERK, "show", "4", aside=True)
    stage.run(_CLERK, "correct", "4", "--change-note", stage.say("text.correction"))
    stage.run(_CLERK, "revise", "5", "-", given=stage.say("text.hours_right") + "\n")
    stage.run(_CLERK, "submit", "5")
    _decide(stage, "5")
    stage.run(_PUBLISHER, "publish", "5")
    stage.run(_CLERK, "show", "4")
    stage.scene("retracted", "19T09:30")
    stage.run(_PUBLISHER, "show", "5", aside=True)
    stage.run(_PUBLISHER, "retract", "5", "--explanation", stage.say("text.explanation"))
    stage.run(_FINAL, "inbox")
    stage.run(_FINAL, "show", "5", aside=True)
    stage.run(_FINAL, "confirm-retraction", "5")
    stage.run(_CLERK, "list", "--state", "retracted", "--state", "superseded")


def _decide(stage: _Stage, item: str) -> None:
    """Let an item pass every stage, as the report did before everybody's eyes."""
    for person, decision in (
        (_HEAD, ("sign-off",)),
        (_KEEPER, ("seal",)),
        (_REVIEWER, ("review", "--conclusion", "disclose")),
        (_FINAL, ("approve",)),
        (_PUBLISHER, ()),
    ):
        stage.run(person, "show", item, aside=True)
        if decision:
            stage.run(person, decision[0], item, *decision[1:], aside=True)


def _show_accounts(stage: _Stage, printer: Printer) -> None:
    session = stage.session
    printer.line(stage.say("kept", path=_near(stage.directory)))
    headings = [stage.say(name) for name in ("account", "password", "person", "roles")]
    joint = session.text("joint")
    rows = [
        (
            Cell(person.account, "bold"),
            person.password,
            person.name,
            joint.join(
                f"{session.label('role', role.replace('-', '_'))} ({body})"
                for role, body in person.roles
            ),
        )
        for person in (ADMIN, *CAST)
    ]
    printer.table(headings, rows)
    printer.line(stage.say("play", name=_CLERK.account))
    for name, value in stage.variables().items():
        printer.line(f"  export {name}={shlex.quote(value)}")


def _near(path: Path) -> str:
    """Return a path as one would type it here: relative where it lies below."""
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)


def _printable(command: str) -> str:
    """Return a command as people write it: Chinese needs no quotes."""
    return re.sub(r"'([\w：；，。（）、]+)'", r"\1", command)
