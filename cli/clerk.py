"""What a clerk does: enter an item, change it, submit it, take it back, give it up."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from cli import views
from cli.commands import Coded, argument, changing, command, option
from cli.items import act_on, each, find
from cli.output import Answer, Cell, Failure
from workflow.errors import InvalidInput, LimitExceeded, Refusal, Refused
from workflow.guards import Role, Wish
from workflow.machine import Action
from workflow.revisions import Attribute, BodyFormat, FormedOnBasis

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import BinaryIO, TypeVar

    from cli.output import Printer
    from cli.session import Session
    from workflow.intake import Upload

    _F = TypeVar("_F", bound=Callable[..., Any])

_FORMATS: Final = {
    ".md": BodyFormat.MARKDOWN,
    ".markdown": BodyFormat.MARKDOWN,
    ".txt": BodyFormat.TEXT,
    ".text": BodyFormat.TEXT,
    ".html": BodyFormat.HTML,
    ".htm": BodyFormat.HTML,
}
_MARKS: Final = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
"""Byte-order marks, which say how a file is encoded."""
_WIDEST_CHARACTER: Final = 4
"""No encoding that is taken here makes a text longer than four times what UTF-8 makes of it."""
_FIELDS: Final = (
    "title",
    "summary",
    "document_number",
    "formed_on",
    "formed_on_basis",
    "category",
    "genre",
    "attribute",
    "ground",
    "attribute_reason",
    "effective_on",
    "expires_on",
)


def _described(function: _F) -> _F:
    """Declare the options that describe an item, the same for a new one and for a change."""
    for declare in reversed(
        (
            option("--title", metavar="TEXT"),
            option("--category", metavar="CODE"),
            option("--formed-on", metavar="YYYY-MM-DD"),
            option("--formed-on-basis", type=Coded(basis.value for basis in FormedOnBasis)),
            option("--attribute", type=Coded(attribute.value for attribute in Attribute)),
            option("--ground", metavar="CODE"),
            option("--attribute-reason", metavar="TEXT"),
            option("--document-number", metavar="NUMBER"),
            option("--summary", metavar="TEXT"),
            option("--keyword", metavar="WORD", multiple=True),
            option("--attach", metavar="FILE", multiple=True),
            option("--channel", metavar="CHANNEL", multiple=True),
            option("--genre", metavar="NAME"),
            option("--effective-on", metavar="YYYY-MM-DD"),
            option("--expires-on", metavar="YYYY-MM-DD"),
            option("--format", "body_format", type=Coded(form.value for form in BodyFormat)),
            option("--encoding", type=Coded(("utf_8", "utf_16", "gb18030"))),
            option("--not-duplicate", metavar="REASON"),
        )
    ):
        function = declare(function)
    return function


@command("new")
@argument("body")
@_described
@option("--department", metavar="CODE|NAME")
@option("--normative", is_flag=True)
@option("--restricted", is_flag=True)
@option("--reader", metavar="ACCOUNT", multiple=True)
@option("--replaces", metavar="ITEM", multiple=True)
@option("--submit", is_flag=True)
@changing
def new(session: Session, body: str, **given: Any) -> Answer:
    """Enter a draft, and submit it if asked."""
    if given["reader"] and not given["restricted"]:
        raise Failure("reader_without_restricted")
    fields = _fields(session, body, given)
    if given["normative"]:
        fields["normative"] = True
    came = session.app.service.create(
        session.me,
        fields,
        department=given["department"] or own_department(session),
        uploads=uploads_of(given["attach"]),
        restricted=given["restricted"],
        readers=given["reader"],
        not_duplicate=given["not_duplicate"],
        replaces=[find(session, each, reading=False) for each in given["replaces"]],
        submit=given["submit"],
        key=given["idempotency_key"],
        dry_run=given["dry_run"],
    )

    def show(printer: Printer) -> None:
        place = views.place(session, came["state"], came["stage"])
        key = "new.would" if came.get("dry_run") else "new.done"
        printer.line(
            Cell(str(came["at"]), "bold"),
            "  ",
            session.text(key, title=given["title"]),
            "  ",
            place,
        )
        if came["index_number"]:
            printer.say("new.numbered", number=came["index_number"])

    return Answer(came, show)


def own_department(session: Session) -> str:
    """Return the one body that the person is a clerk of."""
    roles = session.app.office.account_roles(session.me)
    bodies = list(dict.fromkeys(str(role["body"]) for role in roles if role["role"] == Role.CLERK))
    if not bodies:
        raise Refused([Refusal("needs_role", {"role": Role.CLERK.value})])
    if len(bodies) > 1:
        raise Failure("department_required", known=session.text("joint").join(bodies))
    return bodies[0]


@command("revise")
@argument("item")
@argument("body", required=False)
@_described
@option("--normative/--no-normative", default=None)
@option("--detach", metavar="NAME", multiple=True)
@option("--redaction", is_flag=True)
@option("--seen", metavar="DIGEST")
@changing
def revise(session: Session, item: str, body: str | None, **given: Any) -> Answer:
    """Change a draft; tells which decisions that voids."""
    changes = _fields(session, body, given)
    if given["normative"] is not None:
        changes["normative"] = given["normative"]
    uploads = uploads_of(given["attach"])
    if not (changes or uploads or given["detach"] or given["redaction"]):
        raise Failure("nothing_to_change")

    def act(number: int, seen: int | str, key: str | None) -> dict[str, Any]:
        return session.app.service.revise(
            number,
            session.me,
            changes,
            seen=seen,
            attach=uploads,
            detach=given["detach"],
            redaction=given["redaction"],
            not_duplicate=given["not_duplicate"],
            key=key,
            dry_run=given["dry_run"],
        )

    def note(came: dict[str, Any]) -> str:
        return "" if came["changed"] else session.text("revise.same")

    if item == "-":
        raise Failure("one_item_only")
    return act_on(session, [item], act, seen=given["seen"], key=given["idempotency_key"], note=note)


def _fields(session: Session, body: str | None, given: dict[str, Any]) -> dict[str, Any]:
    """Return the fields that were given; one that is given empty is cleared."""
    fields: dict[str, Any] = {
        name: given[name] or None for name in _FIELDS if given[name] is not None
    }
    if "title" in fields:
        fields["title"] = given["title"]
    if given["keyword"]:
        fields["keywords"] = given["keyword"]
    if given["channel"]:
        fields["channels"] = given["channel"]
    if given["body_format"]:
        fields["body_format"] = given["body_format"]
    if body is not None:
        limit = session.settings.body_bytes
        fields["body"] = read_body(body, encoding=given["encoding"], limit=limit)
        fields.setdefault("body_format", format_of(body))
    return fields


def format_of(body: str) -> str:
    """Return how a body is written, by the ending of its name; standard input is Markdown."""
    if body == "-":
        return BodyFormat.MARKDOWN.value
    form = _FORMATS.get(Path(body).suffix.lower())
    if form is None:
        raise Failure("format_unknown", path=body, known=" ".join(_FORMATS))
    return form.value


def read_body(path: str, *, encoding: str | None, limit: int) -> str:
    """Return the text of a file or of standard input (``-``)."""
    most = limit * _WIDEST_CHARACTER
    try:
        if path == "-":
            data = sys.stdin.buffer.read(most + 1)
        else:
            with Path(path).open("rb") as file:
                data = file.read(most + 1)
    except FileNotFoundError as error:
        raise InvalidInput("file_missing", path=path) from error
    except OSError as error:
        raise InvalidInput("file_unreadable", path=path, problem=error.strerror) from error
    if len(data) > most:
        # A pipe or a device does not know its size.
        size = len(data) if path == "-" else max(len(data), Path(path).stat().st_size)
        raise LimitExceeded("body_too_large", size=size, limit=limit)
    if encoding is None:
        encoding = next((name for mark, name in _MARKS if data.startswith(mark)), "utf_8")
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise Failure("body_encoding", path=path, encoding=encoding.replace("_", "-")) from error


def uploads_of(paths: Sequence[str]) -> list[Upload]:
    """Return the files to attach; each must be there and be a file."""
    from workflow.intake import Upload  # noqa: PLC0415 # needs the database

    uploads = []
    for name in paths:
        path = Path(name)
        if not path.exists():
            raise InvalidInput("file_missing", path=name)
        if not path.is_file():
            raise Failure("not_a_file", path=name)
        uploads.append(Upload(path.name, _opener(path)))
    return uploads


def _opener(path: Path) -> Callable[[], BinaryIO]:
    return lambda: path.open("rb")


def _act(
    session: Session, items: Sequence[str], action: Action, given: dict[str, Any], wish: Wish
) -> Answer:
    def act(number: int, seen: int | str, key: str | None) -> dict[str, Any]:
        return session.app.service.perform(
            number, action, session.me, seen=seen, wish=wish, key=key, dry_run=given["dry_run"]
        )

    def note(came: dict[str, Any]) -> str:
        numbered = action is Action.SUBMIT and came["index_number"]
        return session.text("new.numbered", number=came["index_number"]) if numbered else ""

    return act_on(session, items, act, seen=given["seen"], key=given["idempotency_key"], note=note)


@command("submit")
@argument("items", nargs=-1, required=True, metavar="ITEM...")
@option("--seen", metavar="DIGEST")
@changing
def submit(session: Session, items: Sequence[str], **given: Any) -> Answer:
    """Hand drafts in to the first stage."""
    return _act(session, items, Action.SUBMIT, given, Wish())


@command("recall")
@argument("items", nargs=-1, required=True, metavar="ITEM...")
@option("--reason", metavar="TEXT")
@option("--seen", metavar="DIGEST")
@changing
def recall(session: Session, items: Sequence[str], reason: str | None, **given: Any) -> Answer:
    """Take back what nobody has decided on yet."""
    return _act(session, items, Action.RECALL, given, Wish(reason=reason))


@command("take-over")
@argument("items", nargs=-1, required=True, metavar="ITEM...")
@option("--to", metavar="NAME")
@option("--reason", metavar="TEXT")
@changing
def take_over(session: Session, items: Sequence[str], **given: Any) -> Answer:
    """Take drafts over from who wrote them, or name who does."""
    if given["to"] is not None:
        return _named_clerk(session, items, given)

    def act(number: int, key: str | None) -> dict[str, Any]:
        # It decides nothing, so the draft as it is now is the one that is meant.
        seen = session.app.queries.show(session.me, number)["version"]
        return session.app.service.take_over(
            number, session.me, seen=seen, key=key, dry_run=given["dry_run"]
        )

    def note(came: dict[str, Any]) -> str:
        return session.text("took_over", item=came["item"])

    return each(session, items, act, key=given["idempotency_key"], note=note)


def _named_clerk(session: Session, items: Sequence[str], given: Mapping[str, Any]) -> Answer:
    """Name who takes a restricted draft over; whoever names cannot see it, so by its number."""
    if len(items) != 1 or not items[0].isdecimal():
        raise Failure("one_number")
    came = session.app.succession.name_clerk(
        session.me,
        int(items[0]),
        given["to"],
        reason=given["reason"],
        key=given["idempotency_key"],
        dry_run=given["dry_run"],
    )
    said = session.text("clerk_named", item=came["item"], named=came["named"])
    return Answer(came, lambda printer: printer.line(views.outcome(session, came, said)))


@command("abandon")
@argument("items", nargs=-1, required=True, metavar="ITEM...")
@option("--reason", metavar="TEXT")
@option("--seen", metavar="DIGEST")
@changing
def abandon(session: Session, items: Sequence[str], reason: str | None, **given: Any) -> Answer:
    """Give drafts up for good."""
    return _act(session, items, Action.ABANDON, given, Wish(reason=reason))


@command("urge")
@argument("items", nargs=-1, required=True, metavar="ITEM...")
@changing
def urge(session: Session, items: Sequence[str], **given: Any) -> Answer:
    """Ask whoever holds items to go on with them."""

    def act(number: int, key: str | None) -> dict[str, Any]:
        # To urge decides nothing, so the item as it is now is the one that is meant.
        seen = session.app.queries.show(session.me, number)["version"]
        return session.app.service.perform(
            number, Action.URGE, session.me, seen=seen, key=key, dry_run=given["dry_run"]
        )

    def note(_: dict[str, Any]) -> str:
        return session.text("urged")

    return each(session, items, act, key=given["idempotency_key"], note=note)


COMMANDS: Final = (new, revise, submit, recall, take_over, abandon, urge)
