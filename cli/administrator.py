"""What an administrator does: the office, its people, bodies and rules, and its health.

``init``, ``upgrade`` and ``doctor`` ask for no login: there is nobody yet, the accounts cannot be
read yet, or nothing may work at all. They belong to whoever holds the data directory.
"""

from __future__ import annotations

import logging
import os
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

import click

from cli.commands import Coded, Number, argument, changing, command, group, option
from cli.output import DONE, REFUSED, UNAVAILABLE, Answer, Cell, Failure, moment
from cli.policies import policy_apply, policy_named, policy_plan
from cli.views import introduce, outcome, place
from workflow.errors import Conflict, GongkaiError, NotFound, Refusal, Refused, Unavailable
from workflow.guards import SCOPES, Role
from workflow.machine import prove
from workflow.messages import LANGUAGES, explain, fault_words

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from cli.output import Printer, Progress
    from cli.session import Session
    from workflow.doctor import Check
    from workflow.jobs import Job, Ran
    from workflow.ladder import Ladder
    from workflow.organisation import Organisation
    from workflow.policy import Policy
    from workflow.settings import Application, Settings

_LEVELS: Final = {"green": "green", "amber": "yellow", "red": "red"}
_TOLD_SINGLY: Final = ("publish_due", "dispatch_publications")
"""Of these jobs each single thing is told, so that no count is needed."""
_MOST_OPEN: Final = 20


# -- the office -------------------------------------------------------------------------------


@command("init")
@option("--admin", metavar="NAME", required=True)
@option("--password-stdin", is_flag=True)
@option("--admin-display-name", metavar="NAME")
@option("--name", metavar="OFFICE", default="")
@option("--organisation", metavar="FILE")
@option("--sample", is_flag=True)
@option("--policy", metavar="CODE|FILE")
@option("--rehearsal", is_flag=True)
@option("--dry-run", is_flag=True)
def init(session: Session, **given: Any) -> Answer:
    """Begin an office: data directory, database, bodies, policy, first administrator."""
    from workflow import organisation, policy  # noqa: PLC0415

    settings = session.settings
    if settings.now is not None and not given["rehearsal"]:
        raise Refused([Refusal("not_a_rehearsal")])
    if (given["organisation"] is None) is not given["sample"]:
        raise Failure("organisation_or_sample")
    bodies = (
        organisation.shipped("sample_small")
        if given["sample"]
        else _organisation_named(given["organisation"])
    )
    rules = policy_named(given["policy"] or policy.DEFAULT)
    if given["password_stdin"]:
        (password,) = session.read_password_lines(1)
    else:
        password = session.ask_password("ask.new_password", twice=True)
    came = _begun(
        settings,
        given,
        bodies=bodies,
        rules=rules,
        password=password,
        language=session.language,
    )

    def show(printer: Printer) -> None:
        key = "init.would" if given["dry_run"] else "init.done"
        printer.say(key, name=came["name"], path=came["database"], bodies=came["bodies"])
        if given["rehearsal"]:
            printer.say("rehearsal", style="yellow")
        if not given["dry_run"]:
            printer.say("init.next", name=given["admin"])

    return Answer(came, show)


def _begun(
    settings: Settings,
    given: dict[str, Any],
    *,
    bodies: Organisation,
    rules: Policy,
    password: str,
    language: str,
) -> dict[str, Any]:
    """Make everything, or leave nothing behind."""
    from workflow.settings import bootstrap  # noqa: PLC0415

    display_name = given["admin_display_name"] or given["admin"]
    made = _Made()
    file = settings.database_file
    try:
        if file is None or file.exists():
            app = bootstrap(settings, channel="cli", create=True)
            _refuse_second(app)
        elif not given["dry_run"]:
            made.directory(settings.home)
            made.file(file)
            app = bootstrap(settings, channel="cli", create=True)
        else:
            app = bootstrap(settings, channel="cli", create=True)
        try:
            # Checked before a table is made: PostgreSQL would keep the tables without an office.
            app.accounts.check_names(given["admin"], display_name, language=language)
            app.accounts.hash_password(password, name=given["admin"])
            came: dict[str, Any] = {
                "name": given["name"] or bodies.name,
                "rehearsal": given["rehearsal"],
                "admin": given["admin"],
                "policy": rules.code,
                "bodies": len(bodies.bodies),
                "database": app.database.address,
                "dry_run": given["dry_run"],
            }
            if given["dry_run"]:
                return came
            made.directory(settings.home)
            app.database.upgrade()
            return came | app.office.begin(
                name=given["name"],
                rehearsal=given["rehearsal"],
                organisation_=bodies,
                policy=rules,
                admin=given["admin"],
                admin_display_name=display_name,
                password=password,
                language=language,
            )
        finally:
            app.database.dispose()
    except BaseException:
        made.undo()
        raise


def _refuse_second(app: Application) -> None:
    """Refuse to begin where something has begun, whatever state it is in."""
    from workflow.office import read_facts  # noqa: PLC0415

    try:
        begun = app.database.schema() is not None and read_facts(app.database) is not None
    except Unavailable:
        app.database.dispose()
        raise
    if begun:
        app.database.dispose()
        raise Conflict("office_exists")


class _Made:
    """What was made on the way, so that it can be taken back."""

    def __init__(self) -> None:
        self._directories: list[Path] = []
        self._file: Path | None = None

    def directory(self, path: Path) -> None:
        """Make a directory, and its parents, for the owner alone."""
        missing = [part for part in (path, *path.parents) if not part.exists()]
        try:
            for part in reversed(missing):
                part.mkdir(mode=0o700)
                self._directories.append(part)
        except OSError as error:
            raise _unwritable(path, error) from error

    def file(self, path: Path) -> None:
        """Make the file of a SQLite database before SQLite does, which asks nobody who may read.

        The files beside it (``-wal``, ``-shm``) take its mode over.
        """
        try:
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        except OSError as error:
            raise _unwritable(path, error) from error
        self._file = path

    def undo(self) -> None:
        """Remove what was made, and nothing else."""
        if self._file is not None:
            for ending in ("", "-wal", "-shm"):
                self._file.with_name(self._file.name + ending).unlink(missing_ok=True)
        for directory in reversed(self._directories):
            try:
                directory.rmdir()
            except OSError:
                # Somebody put something there meanwhile, which is not ours to remove.
                return


def _unwritable(path: Path, error: OSError) -> Failure:
    return Failure(
        "directory_unwritable", status=UNAVAILABLE, path=str(path), problem=error.strerror
    )


@command("upgrade")
@option("--dry-run", is_flag=True)
def upgrade(session: Session, *, dry_run: bool) -> Answer:
    """Bring the database's tables to what this program needs."""
    from workflow.settings import upgrade as bring  # noqa: PLC0415

    before, after = bring(session.settings, channel="cli", dry_run=dry_run)
    data = {"from": before, "to": after, "dry_run": dry_run}

    def show(printer: Printer) -> None:
        if before == after:
            printer.say("upgrade.nothing", have=before)
        else:
            printer.say("upgrade.would" if dry_run else "upgrade.done", have=before, want=after)

    return Answer(data, show)


# -- people -----------------------------------------------------------------------------------


@command("add")
@argument("name")
@option("--display-name", metavar="NAME", required=True)
@option("--language", type=Coded(LANGUAGES), default="zh", show_default=True)
@option("--password-stdin", is_flag=True)
@changing
def user_add(
    session: Session,
    name: str,
    display_name: str,
    *,
    language: str,
    password_stdin: bool,
    dry_run: bool,
    idempotency_key: str | None,
) -> Answer:
    """Add a person, with a one-time password unless one is given."""
    password = session.read_password_lines(1)[0] if password_stdin else None
    came = session.app.accounts.add(
        session.me,
        name,
        display_name=display_name,
        language=language,
        password=password,
        key=idempotency_key,
        dry_run=dry_run,
    )
    return Answer(came, _told_password(session, came, "user.added"))


def _told_password(session: Session, came: dict[str, Any], key: str) -> Callable[[Printer], None]:
    def show(printer: Printer) -> None:
        printer.line(outcome(session, came, session.text(key, **came)))
        if "one_time_password" in came:
            printer.say("user.one_time", style="bold", password=came["one_time_password"])
            printer.say("user.one_time_note", style="dim")

    return show


@command("list")
def user_list(session: Session) -> Answer:
    """List all accounts with their roles."""
    people = session.app.office.people(session.me)

    def show(printer: Printer) -> None:
        headings = [session.text(f"user.{name}") for name in ("name", "person", "status", "roles")]
        printer.table(headings, [_person(session, row) for row in people])

    return Answer(people, show)


def _person(session: Session, row: dict[str, Any]) -> tuple[Cell | str, ...]:
    if not row["enabled"]:
        status = Cell(session.text("user.disabled"), "red")
    elif row["locked_until"]:
        status = Cell(session.text("user.locked", until=moment(row["locked_until"])), "yellow")
    elif row["must_change"]:
        status = Cell(session.text("user.owes_change"), "yellow")
    else:
        status = Cell(session.text("user.enabled"), "green")
    roles = [f"{session.label('role', role['role'])} ({role['body']})" for role in row["roles"]]
    return (
        Cell(row["name"], "bold"),
        row["display_name"],
        status,
        session.text("joint").join(roles),
    )


@command("reset")
@argument("name")
@changing
def user_reset(
    session: Session, name: str, *, dry_run: bool, idempotency_key: str | None
) -> Answer:
    """Give a person a new one-time password and end all their logins."""
    came = session.app.accounts.reset(session.me, name, key=idempotency_key, dry_run=dry_run)
    return Answer(came, _told_password(session, came, "user.was_reset"))


def _set_enabled(
    session: Session, name: str, *, enabled: bool, dry_run: bool, key: str | None
) -> Answer:
    came = session.app.accounts.set_enabled(
        session.me, name, enabled=enabled, key=key, dry_run=dry_run
    )
    told = "user.was_enabled" if enabled else "user.was_disabled"
    if not enabled:
        came |= {"left": session.app.queries.left_by(name)}

    def show(printer: Printer) -> None:
        printer.line(outcome(session, came, session.text(told, **came)))
        if not enabled:
            _show_left(session, printer, came)

    return Answer(came, show)


def _show_left(session: Session, printer: Printer, came: Mapping[str, Any]) -> None:
    """Print what waits on a person who is gone, and who could see to it."""
    left = came["left"]
    for ended in came.get("delegations_ended", ()):
        printer.say("left.delegation", **ended)
    for each in left["sole"]:
        role = session.label("role", each["role"])
        printer.say("left.sole", style="yellow", role=role, body=each["body_name"])
    if not left["items"]:
        printer.say("left.nothing")
        return
    printer.say("left.items", total=left["total"])
    for each in left["items"]:
        where = place(session, each["state"], each["stage"])
        printer.line(
            "  ",
            session.text("left.item", place=where, body=each["body_name"], item=each["item"]),
        )
        names = session.text("joint").join(who["display_name"] for who in each["others"])
        role = session.label("role", each["role"])
        said = (
            session.text("left.others", names=names)
            if names
            else session.text("left.nobody_sees", item=each["item"])
            if each["hidden"]
            else session.text("left.nobody", role=role)
        )
        printer.line("    ", Cell(said, "dim" if names else "yellow"))


@command("enable")
@argument("name")
@changing
def user_enable(
    session: Session, name: str, *, dry_run: bool, idempotency_key: str | None
) -> Answer:
    """Let a person sign in again."""
    return _set_enabled(session, name, enabled=True, dry_run=dry_run, key=idempotency_key)


@command("disable")
@argument("name")
@changing
def user_disable(
    session: Session, name: str, *, dry_run: bool, idempotency_key: str | None
) -> Answer:
    """Let a person no longer sign in, and end all their logins."""
    return _set_enabled(session, name, enabled=False, dry_run=dry_run, key=idempotency_key)


def _set_role(
    session: Session,
    name: str,
    role: str,
    *,
    body: str | None,
    revoke: bool,
    dry_run: bool,
    key: str | None,
) -> Answer:
    came = session.app.accounts.grant(
        session.me,
        name,
        Role(role),
        body=body or _only_body(session, Role(role)),
        revoke=revoke,
        key=key,
        dry_run=dry_run,
    )

    def show(printer: Printer) -> None:
        told = "role.revoked" if revoke else "role.granted"
        if not came["changed"]:
            told = "role.not_held" if revoke else "role.held"
        words = {"name": name, "role": session.label("role", role), "body": came["body_name"]}
        printer.line(outcome(session, came, session.text(told, **words)))

    return Answer(came, show)


def _only_body(session: Session, role: Role) -> str:
    """Return the one body that a role can be held for, if there is just one."""
    fitting = [body for body in session.app.office.bodies() if body["kind"] in SCOPES[role]]
    if len(fitting) != 1:
        known = session.text("joint").join(body["code"] for body in fitting)
        raise Failure("body_required", role=session.label("role", role), known=known)
    return str(fitting[0]["code"])


_ROLE: Final = Coded(role.value for role in Role)


@command("grant")
@argument("name")
@argument("role", type=_ROLE, metavar="ROLE")
@option("--body", metavar="CODE|NAME")
@changing
def role_grant(session: Session, name: str, role: str, body: str | None, **given: Any) -> Answer:
    """Give a person a role for a body."""
    key, dry_run = given["idempotency_key"], given["dry_run"]
    return _set_role(session, name, role, body=body, revoke=False, dry_run=dry_run, key=key)


@command("revoke")
@argument("name")
@argument("role", type=_ROLE, metavar="ROLE")
@option("--body", metavar="CODE|NAME")
@changing
def role_revoke(session: Session, name: str, role: str, body: str | None, **given: Any) -> Answer:
    """End a person's role for a body."""
    key, dry_run = given["idempotency_key"], given["dry_run"]
    return _set_role(session, name, role, body=body, revoke=True, dry_run=dry_run, key=key)


@command("list")
@argument("name", required=False)
def role_list(session: Session, name: str | None) -> Answer:
    """List who holds which role."""
    people = session.app.office.people(session.me)
    if name is not None and name not in {row["name"] for row in people}:
        raise NotFound("no_such_account", name=name)
    held = [
        {"name": row["name"], "display_name": row["display_name"], **role}
        for row in people
        for role in row["roles"]
        if name in (None, row["name"])
    ]

    def show(printer: Printer) -> None:
        headings = [session.text(f"user.{key}") for key in ("role", "body", "name", "person")]
        rows = [
            (
                session.label("role", row["role"]),
                f"{row['body_name']} ({row['body']})",
                Cell(row["name"], "bold"),
                row["display_name"],
            )
            for row in sorted(held, key=lambda row: list(Role).index(Role(row["role"])))
        ]
        printer.table(headings, rows)

    return Answer(held, show)


# -- bodies and rules -------------------------------------------------------------------------


@command("import")
@argument("file", metavar="FILE")
@changing
def organisation_import(
    session: Session, file: str, *, dry_run: bool, idempotency_key: str | None
) -> Answer:
    """Bring bodies to what a file says; nothing is ever removed. On a terminal it asks first."""
    wanted = _organisation_named(file)

    def ask(*, dry: bool) -> dict[str, Any]:
        return session.app.office.import_organisation(
            session.me, wanted, key=None if dry else idempotency_key, dry_run=dry
        )

    if session.interactive and not dry_run:
        would = ask(dry=True)
        _show_changes(session, session.err, would)
        if would["changes"] and not click.confirm(session.text("organisation.go_on"), err=True):
            raise Failure("not_confirmed", status=REFUSED)
    came = ask(dry=dry_run)
    return Answer(came, lambda printer: _show_changes(session, printer, came))


@command("hand-over")
@argument("body", metavar="CODE|NAME")
@option("--reason", metavar="TEXT")
@changing
def organisation_hand_over(session: Session, body: str, **given: Any) -> Answer:
    """Let the successor of a merged body hold what is under way there."""
    came = session.app.succession.hand_over(
        session.me,
        body,
        reason=given["reason"],
        key=given["idempotency_key"],
        dry_run=given["dry_run"],
    )

    def show(printer: Printer) -> None:
        introduce(printer, came)
        for name in ("granted", "revoked"):
            for row in came[name]:
                role = session.label("role", row["role"])
                printer.say(f"hand_over.{name}", name=row["name"], role=role, body=came["body"])
        for row in came["items"]:
            number = row["index_number"] or "—"
            here = place(session, row["state"], row["stage"])
            printer.line(Cell(str(row["item"]), "bold"), f"  {number}  {here}")
        for row in came["consultations"]:
            who = session.text("joint").join(row["answered_by"])
            sentence = "asked" if who else "nobody_answers"
            facts = {name: row[name] for name in ("item", "consultation", "due_on")}
            printer.say(f"hand_over.{sentence}", who=who, **facts)
        names = {name: came[name] for name in ("body_name", "into_name")}
        printer.say("hand_over.done", count=len(came["items"]), **names)

    return Answer(came, show)


def _organisation_named(name: str) -> Organisation:
    """Return the bodies of a file, or shipped ones by their name."""
    from workflow import organisation  # noqa: PLC0415

    if name in organisation.SHIPPED and not Path(name).exists():
        return organisation.shipped(name)
    return organisation.load(Path(name))


def _show_changes(session: Session, printer: Printer, came: dict[str, Any]) -> None:
    introduce(printer, came)
    for change in came["changes"]:
        names = dict.fromkeys(name for name in (change["from"], change["to"]) if name)
        notes = [str(change["closed_on"])] if change.get("closed_on") else []
        if change.get("merged_into"):
            notes.append(session.text("organisation.merged", into=change["merged_into"]))
        printer.line(
            Cell(session.label("change", change["change"]), "bold"),
            f"  {change['code']}  ",
            "  ".join((" → ".join(names), *notes)),
        )
        if open_items := change.get("open_items"):
            shown = [str(item) for item in open_items[:_MOST_OPEN]]
            more = ["…"] if len(open_items) > _MOST_OPEN else []
            items = session.text("joint").join(shown + more)
            printer.say("organisation.open_items", count=len(open_items), items=items)
    if not came["changes"]:
        printer.say("organisation.same")


@command("show")
def organisation_show(session: Session) -> Answer:
    """List all bodies."""
    session.login()
    bodies = session.app.office.bodies()

    def show(printer: Printer) -> None:
        headings = [session.text(f"organisation.{key}") for key in ("code", "kind", "name")]
        name = "name" if session.language == "zh" else "name_en"
        rows = [
            (
                Cell(body["code"], "bold"),
                _kind_of_body(session, body),
                body["name"] if name == "name" else f"{body['name']}  {body[name]}",
            )
            for body in bodies
        ]
        printer.table(headings, rows)

    return Answer(bodies, show)


def _kind_of_body(session: Session, body: dict[str, Any]) -> str:
    kind, point = session.label("body_kind", body["kind"]), body["point"]
    if body["closed_on"] is not None:
        ended = [session.text("organisation.closed", day=body["closed_on"])]
        if body["merged_into"] is not None:
            ended.append(session.text("organisation.merged", into=body["merged_into"]))
        return session.text("in_brackets", value=kind, note=session.text("joint").join(ended))
    if body["duty"] is not None:
        note = session.label("duty", body["duty"])
        return session.text("in_brackets", value=kind, note=note)
    if point is None:
        return kind
    notes = [session.label("point_kind", point["kind"])]
    if not point["required"]:
        notes.append(session.text("organisation.not_required"))
    if point["closed_on"] is not None:
        notes.append(session.text("organisation.closed", day=point["closed_on"]))
    return session.text("in_brackets", value=kind, note=session.text("joint").join(notes))


def _policy_document(policy: Policy) -> dict[str, Any]:
    return {
        "code": policy.code,
        "version": policy.version,
        "digest": policy.digest,
        "title": dict(policy.titles),
        "stages": [
            {
                "stage": stage.name,
                "kind": stage.kind.value,
                "role": stage.role,
                "title": dict(policy.stage_titles[stage.name]),
            }
            for stage in policy.stages
        ],
        "edit_voids": sorted(policy.edit_voids, key=policy.stage_index),
        "keeps_unchanged": policy.keeps_unchanged,
        "channels": list(policy.channels),
        "index_number": policy.index_template,
        "ladder": _ladder_document(policy.ladder),
        "alerts": {
            "channels": list(policy.manner.channels),
            "quiet_from": f"{policy.manner.quiet_from:%H:%M}",
            "quiet_until": f"{policy.manner.quiet_until:%H:%M}",
            "rest_days": policy.manner.rest_days,
            "titles": policy.manner.titles,
            "attempts": policy.manner.attempts,
        },
        "catalogue": [
            {"code": leaf.code, "zh": leaf.zh, "en": leaf.en, "theme": leaf.theme}
            for leaf in policy.catalogue.values()
        ],
        "grounds": [
            {
                "code": ground.code,
                "zh": ground.zh,
                "en": ground.en,
                "attributes": sorted(ground.attributes),
            }
            for ground in policy.grounds.values()
        ],
        "return_codes": [
            {"code": term.code, "zh": term.zh, "en": term.en}
            for term in policy.return_codes.values()
        ],
        "checklist": [
            {"code": term.code, "zh": term.zh, "en": term.en} for term in policy.checklist
        ],
    }


def _ladder_document(ladder: Ladder) -> list[dict[str, Any]]:
    """Return the steps of a ladder as a policy writes them."""
    every = [
        ("legal", None, ladder.legal),
        *(("legal", clock, steps) for clock, steps in ladder.own.items()),
        ("stage", None, ladder.stage),
    ]
    return [
        {"kind": kind, "clock": clock, "at": at, "to": list(to)}
        for kind, clock, steps in every
        for at, to in steps.rows()
    ]


@command("show")
@argument("policy", required=False, metavar="[CODE|FILE]")
def policy_show(session: Session, policy: str | None) -> Answer:
    """Print a policy: its stages, its codes, its catalogue."""
    if policy is None:
        session.login()
        rules = session.app.office.policy_in_use()
    else:
        rules = policy_named(policy)
    data = _policy_document(rules)
    return Answer(data, lambda printer: _show_policy(session, printer, data))


def _show_policy(session: Session, printer: Printer, data: dict[str, Any]) -> None:
    language = session.language
    title = data["title"][language]
    printer.line(Cell(f"{title} ({data['code']} {data['version']})", "bold"))
    voids = session.text("joint").join(data["edit_voids"])
    printer.pairs(
        [
            (session.text("policy.digest"), data["digest"]),
            (session.text("policy.edit_voids"), voids or session.text("policy.nothing")),
            (
                session.text("policy.unchanged"),
                session.text("policy.kept" if data["keeps_unchanged"] else "policy.repeated"),
            ),
            (session.text("policy.index_number"), data["index_number"]),
        ]
    )
    headings = [session.text(f"policy.{key}") for key in ("stage", "title", "role")]
    rows = [
        (
            Cell(stage["stage"], "bold"),
            stage["title"][language],
            session.label("role", stage["role"]),
        )
        for stage in data["stages"]
    ]
    printer.line("")
    printer.table(headings, rows)
    printer.line("")
    headings = [session.text(f"policy.{key}") for key in ("of_clock", "at", "told")]
    steps = [
        (
            session.label("clock", row["clock"] or row["kind"])
            if row["clock"] or row["kind"] == "stage"
            else session.text("policy.of_law"),
            Cell(row["at"], "bold"),
            session.text("joint").join(session.label("audience", each) for each in row["to"]),
        )
        for row in data["ladder"]
    ]
    printer.table(headings, steps)
    for name in ("catalogue", "grounds", "return_codes", "checklist"):
        printer.line("")
        headings = [session.text(f"policy.{name}"), session.text("policy.meaning")]
        printer.table(headings, [(Cell(row["code"], "bold"), row[language]) for row in data[name]])


@command("check")
@argument("file", type=click.Path(path_type=Path), metavar="FILE")
def policy_check(session: Session, file: Path) -> Answer:
    """Read a policy from a file and prove that no path skips a stage."""
    from workflow import policy  # noqa: PLC0415

    rules = policy.load(file)
    proof, over = prove(rules.stages, rules.machine.arrows), _over_budget(rules)
    data = {
        "code": rules.code,
        "version": rules.version,
        "digest": rules.digest,
        "stages": [stage.name for stage in rules.stages],
        "explored": proof.explored,
        "holds": proof.holds,
        "over_budget": over,
    }

    def show(printer: Printer) -> None:
        printer.say("policy.proved", style="green", code=rules.code, explored=proof.explored)
        for row in over:
            printer.say("policy.over_budget", style="yellow", **row)
        printer.pairs([(session.text("policy.digest"), rules.digest)])

    return Answer(data, show)


def _over_budget(rules: Policy) -> list[dict[str, Any]]:
    """Return the rules whose limit the desks' budgets together exceed, which is only a warning."""
    from workflow.deadlines import Met, over_budget  # noqa: PLC0415

    return [
        {"rule": rule.code, "amount": rule.amount, "days": days}
        for rule in rules.deadlines
        if rule.met_by is Met.PUBLISHED and (days := over_budget(rules.budgets.values(), rule))
    ]


@command("list")
def policy_list(session: Session) -> Answer:
    """List the policies in use and those that come with the program."""
    from workflow import policy  # noqa: PLC0415

    session.login()
    known = [row | {"origin": "database"} for row in session.app.office.policies()]
    digests = {row["digest"] for row in known}
    for code in policy.SHIPPED:
        rules = policy.shipped(code)
        if rules.digest not in digests:
            known.append(
                {
                    "code": code,
                    "version": rules.version,
                    "digest": rules.digest,
                    "loaded_at": None,
                    "in_use": False,
                    "origin": "shipped",
                }
            )

    def show(printer: Printer) -> None:
        headings = [session.text(f"policy.{key}") for key in ("code", "version", "use", "digest")]
        rows = []
        for row in known:
            use = "policy.in_use" if row["in_use"] else f"policy.from_{row['origin']}"
            style = "green" if row["in_use"] else None
            rows.append(
                (
                    Cell(row["code"], "bold"),
                    str(row["version"]),
                    Cell(session.text(use), style),
                    row["digest"],
                )
            )
        printer.table(headings, rows)

    return Answer(known, show)


# -- purging, the site, deliveries ---------------------------------------------------------------


@command("purge")
@argument("target", metavar="REVISION|ATTACHMENT|REMARK")
@option("--ground", metavar="CODE")
@option("--reason", metavar="TEXT")
@option("--confirm", is_flag=True)
@changing
def purge(session: Session, target: str, *, confirm: bool, **given: Any) -> Answer:
    """Ask that content be removed for good, or confirm what somebody else has asked."""
    if confirm:
        if given["ground"] or given["reason"]:
            raise Failure("confirm_alone")
        return _confirmed(session, target, given)
    if not given["ground"]:
        raise Failure("ground_needed")
    came = session.app.office.ask_purge(
        session.me,
        target,
        ground=given["ground"].replace("-", "_"),
        reason=given["reason"] or "",
        key=given["idempotency_key"],
        dry_run=given["dry_run"],
    )

    def show(printer: Printer) -> None:
        kind = session.label("purge_kind", came["kind"])
        said = session.text("purge.asked", kind=kind, target=came["target"])
        printer.line(outcome(session, came, said))
        if not came.get("dry_run"):
            printer.say("purge.next", style="dim", target=came["target"][:16])

    return Answer(came, show)


def _confirmed(session: Session, target: str, given: dict[str, Any]) -> Answer:
    came = session.app.office.confirm_purge(
        session.me, target, key=given["idempotency_key"], dry_run=given["dry_run"]
    )
    errors: list[dict[str, Any]] = []
    site = "untouched"
    if not given["dry_run"] and came["on_site"]:
        # A rebuild writes what is left and removes all else, whatever the page looked like.
        site, errors = _rebuilt_without(session, came["on_site"])

    def show(printer: Printer) -> None:
        kind = session.label("purge_kind", came["kind"])
        said = session.text("purge.done", kind=kind, target=came["target"])
        printer.line(outcome(session, came, said))
        if site == "cleared":
            printer.say("purge.site_cleared")

    status = UNAVAILABLE if errors else DONE
    return Answer(came | {"site": site}, show, errors=errors, status=status)


def _rebuilt_without(
    session: Session, index_numbers: Sequence[str]
) -> tuple[str, list[dict[str, Any]]]:
    app = session.app
    message = session.text("purge.site_waits")
    waits = [{"code": "site_not_cleared", "message": message, "params": {}}]
    if not session.settings.site_here:
        return "waits", waits
    try:
        for index_number in index_numbers:
            app.website.clear(index_number)
        # After a restore the other pages are what the database is compared with.
        app.watch.demand_free()
        app.website.build(app.catalogue, open_attachment=app.blobs.open)
    except GongkaiError as error:
        return "waits", [*explain(error, session.language), *waits]
    return "cleared", []


@command("build")
def site_build(session: Session) -> Answer:
    """Write the whole public site anew from the database."""
    from workflow.office import MAY_SEND  # noqa: PLC0415

    app = session.app
    app.office.demand(session.me, *MAY_SEND)
    _demand_site(session)
    # What the site shows and the database does not know must be seen before it is removed.
    app.watch.demand_free()
    with session.progress("site.building", None):
        built = app.website.build(app.catalogue, open_attachment=app.blobs.open)
    data: dict[str, Any] = {
        "items": built.items,
        "written": built.written,
        "removed": built.removed,
        "path": session.settings.site,
    }
    return Answer(data, lambda printer: printer.say("site.built", **data))


def _demand_site(session: Session) -> None:
    if not session.settings.site_here:
        raise Failure("site_elsewhere", status=UNAVAILABLE)


@command("sweep")
@option("--accept-clock", is_flag=True)
@option("--reason", metavar="TEXT")
@option("--dry-run", is_flag=True)
def sweep(session: Session, *, accept_clock: bool, reason: str | None, dry_run: bool) -> Answer:
    """Do once everything that is due, as a worker does it again and again."""
    from workflow import jobs, logs  # noqa: PLC0415

    if accept_clock:
        return _accepted_clock(session, reason or "", dry_run=dry_run)
    if reason is not None:
        raise Failure("reason_of_clock_only")
    app = session.app
    _demand_jobs(session)
    _demand_site(session)
    if dry_run:
        found = jobs.due(app)
        data = {"due": found["publications"], **found, "dry_run": True}
        counts: dict[str, Any] = dict(found)
        return Answer(data, lambda printer: printer.say("sweep.due", **counts))
    came = _Swept()
    progress_ = session.progress("sweep.sending", app.queries.deliveries_due())
    with (
        logs.written(sys.stderr, _log_format(session), level=logging.WARNING),
        progress_ as progress,
    ):
        for job in jobs.JOBS:
            came.run(app, job, progress)
    if came.bug is not None:
        raise came.bug
    return _swept(session, came)


def _log_format(session: Session) -> Literal["json", "text"]:
    shown: Literal["json", "text"] = "text" if sys.stderr.isatty() else "json"
    return session.settings.log_format or ("json" if session.for_programs else shown)


def _demand_jobs(session: Session) -> None:
    """Let those on who may have everything run: by their own login, or a token for that alone."""
    from workflow.office import MAY_SEND  # noqa: PLC0415

    session.app.office.demand(session.login(for_jobs=True).account_id, *MAY_SEND)


class _Swept:
    """What one pass over all jobs came to; one that fails does not stop the others."""

    def __init__(self) -> None:
        self.counts: dict[str, dict[str, int]] = {}
        self.told: list[Any] = []
        self.failed: list[Ran] = []
        self.bug: Exception | None = None

    def run(self, app: Application, job: Job, progress: Progress) -> None:
        from workflow.jobs import MORE, run_job  # noqa: PLC0415

        def tell(done: Any) -> None:
            self.told.append(done)
            progress.step()

        sums: Counter[str] = Counter()
        while True:
            try:
                ran = run_job(app, job, forced=True, tell=tell)
            except Exception as error:  # noqa: BLE001 # raised again when all had their turn
                self.bug = self.bug or error
                return
            if ran.outcome == "refused" and ran.error is not None:
                raise ran.error
            if ran.error is not None:
                self.failed.append(ran)
            sums.update(ran.counts)
            if not sums.pop(MORE, 0):
                break
        self.counts[job.name] = dict(sums)


def _swept(session: Session, came: _Swept) -> Answer:
    fired = [each for each in came.told if isinstance(each, dict)]
    held = [
        {"item": each["item"], **reason}
        for each in fired
        if each["held"]
        for reason in explain(each["error"], session.language)
    ]
    sent = [
        {
            "item": each.item,
            "result": each.result,
            "error": explain(each.error, session.language)[0] if each.error else None,
            "next_at": each.next_at,
        }
        for each in came.told
        if not isinstance(each, dict)
    ]
    failed = [
        {"job": ran.job, **reason}
        for ran in came.failed
        for reason in (explain(ran.error, session.language) if ran.error else ())
    ]
    errors = held + [{"item": one["item"], **one["error"]} for one in sent if one["error"]] + failed
    others = {
        name: counts
        for name, counts in came.counts.items()
        if name not in _TOLD_SINGLY and any(counts.values())
    }

    def show(printer: Printer) -> None:
        for one in sent:
            words = session.label("result", one["result"])
            if one["next_at"]:
                words += "  " + session.text("show.next_try", at=moment(one["next_at"]))
            printer.line(Cell(str(one["item"]), "bold"), "  ", words)
        for one in held:
            words = session.text("sweep.held", problem=one["message"])
            printer.line(Cell(str(one["item"]), "bold"), "  ", Cell(words, "yellow"))
        _show_counts(session, printer, others)
        for one in failed:
            printer.line(session.label("job", one["job"]), "  ", Cell(one["message"], "red"))
        if not sent and not held and not others and not failed:
            printer.say("sweep.nothing")

    status = DONE
    if errors:
        alone = len(errors) == len(sent) + len(failed) and not held
        status = UNAVAILABLE if alone and len(failed) in (0, len(came.counts)) else 6
    started = [each["item"] for each in fired if not each["held"]]
    data = {"sent": sent, "started": started, "jobs": came.counts}
    return Answer(data, show, errors=errors, status=status, told=bool(failed))


def _show_counts(session: Session, printer: Printer, jobs: Mapping[str, Mapping[str, int]]) -> None:
    for name, counts in jobs.items():
        said = session.text("joint").join(
            f"{session.label('count', key)} {count}" for key, count in counts.items() if count
        )
        printer.line(session.label("job", name), "  ", said)


def _accepted_clock(session: Session, reason: str, *, dry_run: bool) -> Answer:
    from workflow import host_clock  # noqa: PLC0415

    app = session.app
    came = host_clock.accept(app.runtime, app.intake, session.me, reason=reason, dry_run=dry_run)

    def show(printer: Printer) -> None:
        said = session.text("sweep.clock_accepted", at=moment(came["now"]))
        printer.line(outcome(session, came, said))

    return Answer(came, show)


@command("run")
@option("--once", is_flag=True)
def run(session: Session, *, once: bool) -> Answer:
    """Run all jobs whenever they are due, until told to stop."""
    from workflow import logs, metrics, running  # noqa: PLC0415

    app = session.app
    _demand_jobs(session)
    _demand_site(session)
    # Put together now, so that an address that is none stops us and no alert finds it out.
    _ = app.alert_channels
    stop = running.Stop()
    # Who waits for one round reads its outcome; what goes on and on is followed by its log.
    level = logging.WARNING if once else logging.INFO
    with (
        logs.written(sys.stderr, _log_format(session), level=level),
        running.alone(session.settings.home),
        stop.listening(),
        metrics.serving(app),
    ):
        came, counts = running.run(app, stop, once=once, allowed=lambda: _demand_jobs(session))

    def show(printer: Printer) -> None:
        if once:
            _show_counts(session, printer, counts)
        printer.say("run.ended", count=sum(came.values()))

    data = {"runs": dict(came), "jobs": {name: dict(each) for name, each in counts.items()}}
    return Answer(data, show)


# -- after a restore --------------------------------------------------------------------------


@command("restore-check")
@option("--hold", is_flag=True)
@option("--release", is_flag=True)
@option("--reason", metavar="TEXT", default="")
@option("--skip", type=Number(0), metavar="NUMBER")
@option("--send-doubtful", is_flag=True)
@changing
def restore_check(session: Session, *, hold: bool, release: bool, **given: Any) -> Answer:
    """Compare a database that was put back with the site and the journal; hold or release."""
    from workflow.restoring import SKIPPED  # noqa: PLC0415

    if hold and release:
        raise Failure("hold_or_release")
    if not release and (given["skip"] is not None or given["send_doubtful"]):
        raise Failure("with_release_only")
    key, dry_run = given["idempotency_key"], given["dry_run"]
    restoring = session.app.restoring
    if hold:
        came = restoring.hold(session.me, reason=given["reason"], key=key, dry_run=dry_run)
    elif release:
        came = restoring.release(
            session.me,
            reason=given["reason"],
            skip=SKIPPED if given["skip"] is None else given["skip"],
            send_doubtful=given["send_doubtful"],
            key=key,
            dry_run=dry_run,
        )
    else:
        found = restoring.examine(session.me)
        return Answer(found, lambda printer: _show_unknown(session, printer, found))

    def show(printer: Printer) -> None:
        told = (
            ("restore.held" if hold else "restore.released")
            if came["changed"]
            else ("restore.held_before" if hold else "restore.free")
        )
        words = {name: came.get(name, 0) for name in ("logins", "messages", "alerts")}
        said = session.text(told, **words, counters=len(came.get("skipped", ())))
        printer.line(outcome(session, came, said))
        if came["changed"] and not came.get("dry_run"):
            printer.say("restore.sign_in", style="yellow")
        if release and came["changed"]:
            printer.say("restore.next")

    return Answer(came, show)


def _show_unknown(session: Session, printer: Printer, found: dict[str, Any]) -> None:
    if found["held"]:
        since = moment(found["since"])
        why = session.label("held_why", found["why"])
        printer.say("restore.is_held", style="red", since=since, why=why)
    else:
        printer.say("restore.free", style="green")
    printer.say("restore.journal", journal=found["journal_seq"], database=found["sent_seq"])
    site = found["site"]
    if site is None:
        printer.say("restore.site_elsewhere", style="yellow")
    else:
        printer.say("restore.site", pages=site["pages"])
        for name in ("unknown", "unpublished", "different", "purged_since", "missing", "owed"):
            for number in site[name]:
                printer.line("  ", Cell(number, "bold"), "  ", session.text(f"restore.{name}"))
    for row in found["numbers"]:
        printer.say("restore.behind", style="yellow", **row)
    printer.say(
        "restore.doubtful",
        messages=len(found["messages"]),
        alerts=len(found["alerts"]),
        unknown=found["unknown_messages"],
    )
    printer.say("restore.logins", count=found["logins"])
    if found["held"]:
        printer.say("restore.how")


# -- health -----------------------------------------------------------------------------------


@command("doctor")
@option("--ticks", is_flag=True)
@option("--trail", is_flag=True)
def doctor(session: Session, *, ticks: bool, trail: bool) -> Answer:
    """Look whether this installation is sound."""
    from workflow.doctor import examine  # noqa: PLC0415
    from workflow.settings import secret_files  # noqa: PLC0415

    settings = session.settings
    if ticks:
        return _gaps(session)
    config = os.environ.get("GONGKAI_CONFIG")
    checks = [
        _check_document(session, check)
        for check in examine(
            settings,
            logins=session.logins.file,
            config=Path(config) if config else None,
            secrets=secret_files().values(),
            trail=trail,
        )
    ]
    red = [check for check in checks if check["level"] == "red"]

    def show(printer: Printer) -> None:
        for check in checks:
            mark = session.text(f"doctor.level.{check['level']}")
            printer.line(Cell(mark, _LEVELS[check["level"]]), "  ", check["message"])

    errors = [
        {"code": check["code"], "message": check["message"], "params": check["params"]}
        for check in red
    ]
    return Answer(checks, show, errors=errors, status=REFUSED if red else DONE, told=True)


def _gaps(session: Session) -> Answer:
    """Report which runs of which job are missing within the last day."""
    from workflow import jobs  # noqa: PLC0415

    app = session.app
    with app.database.read() as connection:
        found = list(jobs.reports(connection, app.runtime.clock()))
    rows: list[dict[str, Any]] = [
        {
            "job": each.standing.job,
            "interval_seconds": int(each.standing.interval.total_seconds()),
            "last_at": each.standing.last_at,
            "late": each.standing.late,
            "problem": each.standing.problem,
            "expected": each.expected,
            "ran": each.ran,
            "missed": each.missed,
            "gaps": [
                {"from": gap.begins, "to": gap.ends, "missed": gap.slots} for gap in each.gaps
            ],
        }
        for each in found
    ]
    late = [row for row in rows if row["late"]]
    errors = [
        {
            "code": "job_late",
            "message": session.text("ticks.late", job=session.label("job", row["job"])),
            "params": {"job": row["job"]},
        }
        for row in late
    ]

    def show(printer: Printer) -> None:
        columns = ("job", "every", "last", "expected", "ran", "missed")
        printer.table(
            [session.text(f"ticks.{name}") for name in columns],
            [
                (
                    Cell(session.label("job", row["job"]), "red" if row["late"] else "bold"),
                    session.text("ticks.minutes", count=row["interval_seconds"] // 60),
                    moment(row["last_at"]) if row["last_at"] else session.text("ticks.never"),
                    str(row["expected"]),
                    str(row["ran"]),
                    Cell(str(row["missed"]), "yellow" if row["missed"] else None),
                )
                for row in rows
            ],
        )
        for row in rows:
            name = session.label("job", row["job"])
            for gap in row["gaps"]:
                words = {"from_": moment(gap["from"]), "to": moment(gap["to"])}
                printer.say("ticks.gap", job=name, missed=gap["missed"], **words)
            if row["problem"]:
                printer.say("ticks.problem", style="red", job=name, problem=row["problem"])

    return Answer(rows, show, errors=errors, status=REFUSED if late else DONE)


def _check_document(session: Session, check: Check) -> dict[str, Any]:
    if check.error is not None:
        (problem,) = explain(check.error, session.language)
        return {"level": check.level, **problem}
    facts = dict(check.facts)
    for name in ("oldest", "since"):
        if name in facts:
            facts[name] = moment(facts[name])
    if "job" in facts:
        facts["job"] = session.label("job", facts["job"])
    if "fault" in facts:
        facts["fault"] = fault_words(facts["fault"], check.facts, session.language)
    if "problem" in facts and "subject" in facts:
        facts["problem"] = session.label("problem", facts["problem"])
    return {
        "level": check.level,
        "code": check.code,
        "message": session.text(f"doctor.{check.code}", **facts),
        "params": dict(check.facts),
    }


user: Final = group("user", user_add, user_list, user_reset, user_enable, user_disable)
role: Final = group("role", role_grant, role_revoke, role_list)
organisation: Final = group(
    "organisation", organisation_import, organisation_hand_over, organisation_show
)
policy: Final = group("policy", policy_show, policy_check, policy_plan, policy_apply, policy_list)
site: Final = group("site", site_build)
COMMANDS: Final[Sequence[click.Command]] = (
    init, upgrade, user, role, organisation, policy, purge, site, sweep, restore_check, run, doctor,
)  # fmt: skip
