"""What everybody does who is signed in: signing in and out, and reading."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from cli import times, views
from cli.commands import Coded, Number, argument, command, option
from cli.items import find, open_item, parts, remember
from cli.output import Answer, Cell, Failure, could_act, moment
from workflow.errors import Refused
from workflow.guards import SYSTEM_ACTIONS
from workflow.machine import Action, State
from workflow.messages import explain

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import TypeVar

    from cli.output import Printer
    from cli.session import Session
    from workflow.accounts import Session as Login

    _F = TypeVar("_F", bound=Callable[..., Any])

DEFAULT_LIMIT: Final = 50
_PAGE: Final = 500
_COMMANDS_OF: Final = {
    Action.REVIEW_DISCLOSE: "review --conclusion disclose",
    Action.REVIEW_DISCLOSE_IN_PART: "review --conclusion disclose-in-part",
    Action.REVIEW_ON_REQUEST_ONLY: "review --conclusion on-request-only",
    Action.REVIEW_WITHHOLD: "review --conclusion withhold",
    Action.REVIEW_REFER: "review --conclusion refer",
}
_VERBS: Final = tuple(
    dict.fromkeys(
        "review" if action in _COMMANDS_OF else action.value
        for action in Action
        if action not in SYSTEM_ACTIONS
    )
)


# -- signing in -------------------------------------------------------------------------------


@command("login")
@argument("name")
@option("--password-stdin", is_flag=True)
@option("--for-jobs", is_flag=True)
@option("--print-token", is_flag=True)
def login(
    session: Session, name: str, *, password_stdin: bool, for_jobs: bool, print_token: bool
) -> Answer:
    """Check a password, and remember the login or print its token."""
    if password_stdin:
        (password,) = session.read_password_lines(1)
    else:
        password = session.ask_password("ask.password")
    accounts = session.app.accounts
    token, found = accounts.login(name, password, for_jobs=for_jobs)
    if found.must_change and session.interactive and not password_stdin:
        session.err.say("login.must_change_now", style="yellow")
        new = session.ask_password("ask.new_password", twice=True)
        accounts.change_password(found, old=password, new=new)
        token, found = accounts.login(name, new, for_jobs=for_jobs)
    data = _login_document(found) | ({"scope": "jobs"} if for_jobs else {})
    if print_token:
        return Answer(data | {"token": token}, lambda printer: printer.line(token))
    session.logins.save(session.address, name=found.name, token=token, expires_at=found.expires_at)

    def show(printer: Printer) -> None:
        until = moment(found.expires_at)
        printer.say("login.done", name=found.name, display_name=found.display_name, until=until)
        if found.must_change:
            printer.say("login.must_change", style="yellow")
        if session.settings.token is not None:
            # Both are there, and the variable is the one that counts.
            printer.say("login.token_wins", style="yellow")

    return Answer(data, show)


def _login_document(found: Login) -> dict[str, Any]:
    return {
        "name": found.name,
        "display_name": found.display_name,
        "must_change": found.must_change,
        "expires_at": found.expires_at,
    }


@command("logout")
def logout(session: Session) -> Answer:
    """End the login, here and in the database."""
    ended = session.app.accounts.logout(session.token)
    if session.settings.token is None:
        session.logins.forget(session.address)
    key = "logout.done" if ended else "logout.was_over"
    return Answer({"ended": ended}, lambda printer: printer.say(key))


@command("whoami")
def whoami(session: Session) -> Answer:
    """Tell who is signed in, with which roles, and until when."""
    found = session.login(may_owe_change=True)
    roles = session.app.office.account_roles(found.account_id)

    def show(printer: Printer) -> None:
        printer.line(Cell(f"{found.display_name} ({found.name})", "bold"))
        if found.must_change:
            printer.say("login.must_change", style="yellow")
        for role in roles:
            named = session.label("role", role["role"])
            if role["on_behalf_of"]:
                principal = role["on_behalf_of_name"]
                named = session.text("deputy_for", deputy=named, principal=principal)
            printer.line("  ", named, f"  {role['body_name']}")
        if not roles:
            printer.say("whoami.no_roles", style="yellow")
        printer.say("whoami.until", until=moment(found.expires_at))

    return Answer(_login_document(found) | {"roles": roles}, show)


@command("password")
@option("--password-stdin", is_flag=True)
def password(session: Session, *, password_stdin: bool) -> Answer:
    """Change one's own password; every login ends, and this one begins anew."""
    found = session.login(may_owe_change=True)
    if password_stdin:
        old, new = session.read_password_lines(2)
    else:
        old = session.ask_password("ask.old_password")
        new = session.ask_password("ask.new_password", twice=True)
    accounts = session.app.accounts
    accounts.change_password(found, old=old, new=new)
    saved = session.settings.token is None
    if saved:
        token, again = accounts.login(found.name, new)
        session.logins.save(
            session.address, name=again.name, token=token, expires_at=again.expires_at
        )
    key = "password.done" if saved else "password.done_token_over"
    return Answer({"name": found.name, "signed_in": saved}, lambda printer: printer.say(key))


# -- lists ------------------------------------------------------------------------------------


@command("inbox")
def inbox(session: Session) -> Answer:
    """List what waits on me, most urgent first."""
    page = session.app.queries.inbox(session.me)
    return _list(session, page.rows, page.total, empty="inbox.empty", show_rows=times.show_inbox)


def narrowed(function: _F) -> _F:
    """Declare the options that narrow a list of items."""
    for declare in reversed(
        (
            option("--state", type=Coded(state.value for state in State), multiple=True),
            option("--stage", metavar="STAGE"),
            option("--department", metavar="CODE|NAME"),
            option("--category", metavar="CODE"),
        )
    ):
        function = declare(function)
    return function


def filters(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was asked for with :func:`narrowed`, as the queries take it."""
    stage = given["stage"]
    return {
        "states": [State(value) for value in given["state"]],
        "stage": stage.replace("-", "_") if stage else None,
        "body": given["department"],
        "category": given["category"],
    }


def _paged(function: _F) -> _F:
    """Declare the options that say how much of a list is told."""
    function = option("--all", "all_", is_flag=True)(function)
    function = option("--offset", type=Number(0), default=0)(function)
    limit = Number(1)
    return option("--limit", type=limit, default=DEFAULT_LIMIT, show_default=True)(function)


@command("list")
@narrowed
@_paged
def list_(session: Session, **given: Any) -> Answer:
    """List what I may see, the newest first."""
    return _pages(session, given, empty="list.empty")


@command("search")
@argument("words", nargs=-1, required=True, metavar="WORD...")
@narrowed
@_paged
def search(session: Session, words: Sequence[str], **given: Any) -> Answer:
    """Find items by their words among what I may see."""
    return _pages(session, given, empty="search.empty", words=" ".join(words))


def _pages(
    session: Session, given: dict[str, Any], *, empty: str, words: str | None = None
) -> Answer:
    rows: list[dict[str, Any]] = []
    total, limit, all_ = 0, given["limit"], given["all_"]
    while all_ or len(rows) < limit:
        page = session.app.queries.items(
            session.me,
            words=words,
            **filters(given),
            limit=_PAGE if all_ else min(limit - len(rows), _PAGE),
            offset=given["offset"] + len(rows),
        )
        total = page.total if not rows else total
        rows += page.rows
        if not page.rows or given["offset"] + len(rows) >= page.total:
            break
    if rows:
        total = max(total, given["offset"] + len(rows))
    return _list(session, rows, total, empty=empty)


def _list(
    session: Session,
    rows: Sequence[dict[str, Any]],
    total: int,
    *,
    empty: str,
    show_rows: Callable[..., None] = views.show_list,
) -> Answer:
    def show(printer: Printer) -> None:
        if rows:
            show_rows(session, printer, rows, total)
        else:
            printer.say(empty)

    return Answer({"items": list(rows), "total": total}, show)


# -- one item ---------------------------------------------------------------------------------


@command("show")
@argument("item")
def show(session: Session, item: str) -> Answer:
    """Print an item whole; that is what counts as having seen it."""
    number, shown = open_item(session, item)
    clocks = session.app.boards.of_item(session.me, number)

    def show_it(printer: Printer) -> None:
        views.show_item(session, printer, shown)
        if shown["next"] is None:
            times.show_next(session, printer, clocks)
        times.show_clocks(session, printer, clocks)

    return Answer(shown | _times(clocks), show_it)


def _times(clocks: dict[str, Any]) -> dict[str, Any]:
    """Return what is told of an item's times beside the item itself."""
    names = ("clocks", "desk", "stage_due_on", "stage_days_left", "today", "calendar")
    return {name: clocks[name] for name in names}


@command("diff")
@argument("item")
@argument("revisions", nargs=-1, type=Number(1), metavar="[REVISION REVISION]")
def diff(session: Session, item: str, revisions: Sequence[int]) -> Answer:
    """Print what changed between two revisions; without numbers, between the last two."""
    if len(revisions) not in (0, 2):
        raise Failure("two_revisions")
    number = find(session, parts(item)[0], reading=True)
    shown = session.app.queries.show(session.me, number)
    kept = {row["number"]: row for row in session.app.queries.revisions(session.me, number)}
    numbers = list(revisions) or sorted(kept)[-2:]
    for wanted in numbers:
        if wanted not in kept:
            raise Failure("no_such_revision", value=wanted, known=max(kept))
        if kept[wanted]["content"] is None:
            raise Failure("revision_purged", value=wanted)
    if max(numbers) == shown["revision"]:
        remember(session, shown)
    first, last = numbers[0], numbers[-1]
    fields, body = views.differences(kept[first]["content"], kept[last]["content"])
    data = {
        "item": number,
        "from": first,
        "to": last,
        "from_digest": kept[first]["digest"],
        "to_digest": kept[last]["digest"],
        "fields": fields,
        "body": body,
    }

    def show_it(printer: Printer) -> None:
        if first == last:
            printer.say("diff.only_one")
            return
        printer.say(
            "diff.between",
            old=first,
            new=last,
            old_digest=kept[first]["digest"][: views.SHORT],
            new_digest=kept[last]["digest"][: views.SHORT],
        )
        views.show_difference(session, printer, fields, body)

    return Answer(data, show_it)


@command("history")
@argument("item")
def history(session: Session, item: str) -> Answer:
    """Print an item's trail."""
    number = find(session, parts(item)[0], reading=True)
    entries = session.app.queries.history(session.me, number)
    return Answer(entries, lambda printer: views.show_trail(session, printer, entries))


@command("why")
@argument("item")
@argument("action", required=False, type=Coded(_VERBS), metavar="[ACTION]")
def why(session: Session, item: str, action: str | None) -> Answer:
    """Say what blocks an item, and who can act."""
    number = find(session, parts(item)[0], reading=True)
    shown = session.app.queries.show(session.me, number)
    found: list[dict[str, Any]] = [
        {
            "action": possible.action.value,
            "command": command_of(possible.action),
            "allowed": not possible.refusals,
            "waiver": possible.waiver,
            "role": possible.role,
            "needs": list(possible.needs),
            "refusals": explain(Refused(possible.refusals), session.language)
            if possible.refusals
            else [],
        }
        for possible in session.app.service.consider(number, session.me)
    ]
    if action is not None:
        asked = [row for row in found if _is_meant(row["action"], action)]
        found = asked or [_elsewhere(session, shown, action)]
    data = {
        "item": number,
        "at": shown["at"],
        "state": shown["state"],
        "stage": shown["stage"],
        "review_owed": shown["review_owed"],
        "owed_stage": shown["owed_stage"],
        "next": shown["next"],
        "actions": found,
        "consultations": [row for row in shown["consultations"] if row["holds_back"]],
    }
    clocks = session.app.boards.of_item(session.me, number)
    data |= _times(clocks)

    def show_it(printer: Printer) -> None:
        printer.line(Cell(str(shown["at"]), "bold"), "  ", views.place_of(session, shown))
        times.show_by_when(session, printer, clocks)
        if action is None:
            times.show_next(session, printer, clocks, at_an_end=not found)
            views.show_nobody(session, printer, shown["next"])
        if action is None and shown["needs_migration"]:
            # All are refused for the same reason, which is said once.
            reason = found[0]["refusals"][0]
            printer.line(Cell(str(reason["message"]), "yellow"))
            if reason.get("who"):
                printer.line(Cell(could_act(reason["who"], session.language), "dim"))
            return
        views.show_possibilities(session, printer, found)
        if data["consultations"]:
            printer.line("")
            views.show_consultations(session, printer, data["consultations"], item=number)

    return Answer(data, show_it)


def command_of(action: Action) -> str:
    """Return the command that does ``action``."""
    return _COMMANDS_OF.get(action, action.value.replace("_", "-"))


def _is_meant(action: str, verb: str) -> bool:
    return action == verb or (verb == "review" and action.startswith("review_"))


def _elsewhere(session: Session, shown: dict[str, Any], verb: str) -> dict[str, Any]:
    """Return why an action that does not lead on from here is refused, by trying it."""
    action = Action.REVIEW_DISCLOSE if verb == "review" else Action(verb)
    refusals: list[dict[str, Any]] = []
    try:
        if action is Action.REVISE:
            session.app.service.revise(
                shown["item"], session.me, {}, seen=shown["version"], dry_run=True
            )
        elif action is Action.CORRECT:
            session.app.service.correct(
                shown["item"],
                session.me,
                change_note=None,
                seen=shown["version"],
                dry_run=True,
            )
        else:
            session.app.service.perform(
                shown["item"], action, session.me, seen=shown["version"], dry_run=True
            )
    except Refused as error:
        refusals = explain(error, session.language)
    return {
        "action": action.value,
        "command": command_of(action),
        "allowed": not refusals,
        "waiver": None,
        "role": None,
        "needs": [],
        "refusals": refusals,
    }


COMMANDS: Final = (
    login, logout, whoami, password, inbox, list_, search, show, diff, history, why,
)  # fmt: skip
