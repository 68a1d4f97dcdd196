"""What those do who deliver to reading points (公共查阅点), and those who receive there."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from cli.commands import Number, argument, changing, command, option, parsed_date
from cli.items import each, find, joint_status, listed, tell_done, tell_refusal
from cli.output import (
    NOT_FOUND,
    REFUSED,
    UNAVAILABLE,
    Answer,
    Cell,
    Failure,
    exit_status,
    moment,
    reasons,
)
from cli.views import outcome
from workflow.errors import NotFound, Refused
from workflow.messages import reason

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    from cli.output import Printer
    from cli.session import Session

_REFUSED: Final = {"refusal": REFUSED, "error": NOT_FOUND}
"""The exit status of what the service could not do with one of several items."""
_LIMIT: Final = 200


@command("deliver")
@argument("items", nargs=-1, required=True, metavar="ITEM...")
@option("--to", metavar="POINT", required=True)
@option("--paper", type=Number(0), default=1, show_default=True)
@option("--electronic", type=Number(0), default=1, show_default=True)
@option("--html", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False))
@changing
def deliver(session: Session, items: Sequence[str], html: Path | None, **given: Any) -> Answer:
    """Put what is cleared on a delivery list to a reading point."""
    names, unknown = _named(session, items)
    answer = Answer({"list": None, "items": []}, errors=unknown, told=True)
    came: dict[str, Any] = {"list": None, "done": [], "refused": []}
    failed = [NOT_FOUND] * len(unknown)
    try:
        if names:
            came = session.app.reading_points.deliver(
                list(names),
                session.me,
                to=given["to"],
                paper=given["paper"],
                electronic=given["electronic"],
                key=given["idempotency_key"],
                dry_run=given["dry_run"],
            )
            answer.data = {name: came[name] for name in ("list", "point", "point_name")}
    except (Refused, NotFound) as error:
        if not unknown:
            raise
        failed.append(exit_status(error))
        answer.errors += reasons(error, session.language)
        tell_refusal(session, ", ".join(names.values()), answer.errors[len(unknown) :])
    _tell_all(session, answer, came, names=names, failed=failed)
    if came["list"] is not None:
        if html is not None and not given["dry_run"]:
            answer.data["html"] = _written(session, came["list"], html)
        if not session.for_programs:
            session.out.say(
                "deliver.list",
                number=came["list"],
                point=came["point_name"],
                count=len(came["done"]),
            )
    return answer


@command("receive")
@argument("items", nargs=-1, metavar="[ITEM...]")
@option("--list", "list_", metavar="NUMBER")
@option("--point", metavar="POINT")
@option("--handed-over-on", metavar="YYYY-MM-DD", required=True)
@option("--paper", type=Number(0), required=True)
@option("--electronic", type=Number(0), required=True)
@changing
def receive(
    session: Session,
    items: Sequence[str],
    list_: str | None,
    handed_over_on: str,
    **given: Any,
) -> Answer:
    """Record the receipt of what was delivered."""
    if bool(items) is (list_ is not None):
        raise Failure("items_or_list")
    receipt = {name: given[name] for name in ("point", "paper", "electronic", "dry_run")}
    receipt["handed_over_on"] = parsed_date(handed_over_on, name="handed_over_on")

    def take(**what: Any) -> dict[str, Any]:
        return session.app.reading_points.receive(session.me, **receipt, **what)

    def note(came: dict[str, Any]) -> str:
        words = [session.text("receive.at", point=came["point_name"], number=came["list"])]
        if came["recorded_late"]:
            words.append(session.text("receive.late", days=came["gap_days"]))
        if came["met_on"] is not None:
            words.append(session.text("receive.met", day=came["met_on"]))
        return session.text("joint").join(words)

    if list_ is None:

        def one(number: int, key: str | None) -> dict[str, Any]:
            came = take(item=number, key=key)
            done: dict[str, Any] = came["done"][0]
            return done | {name: came[name] for name in ("dry_run", "repeated") if name in came}

        return each(session, items, one, key=given["idempotency_key"], note=note)
    answer = Answer({"list": list_, "items": []}, told=True)
    came = take(list_number=list_, key=given["idempotency_key"])
    _tell_all(session, answer, came, note=note)
    return answer


@command("withdraw-delivery")
@argument("items", nargs=-1, required=True, metavar="ITEM...")
@option("--from", "point", metavar="POINT", required=True)
@option("--reason", metavar="TEXT", default="")
@changing
def withdraw_delivery(session: Session, items: Sequence[str], reason: str, **given: Any) -> Answer:
    """Ask that what was delivered be withdrawn, to replace it or for good."""

    def act(number: int, key: str | None) -> dict[str, Any]:
        return session.app.reading_points.withdraw(
            number,
            session.me,
            point=given["point"],
            reason=reason,
            key=key,
            dry_run=given["dry_run"],
        )

    return each(session, items, act, key=given["idempotency_key"], note=_withdrawal(session))


@command("confirm-withdrawal")
@argument("items", nargs=-1, required=True, metavar="ITEM...")
@option("--from", "point", metavar="POINT", required=True)
@changing
def confirm_withdrawal(session: Session, items: Sequence[str], **given: Any) -> Answer:
    """Approve that what was delivered is withdrawn."""

    def act(number: int, key: str | None) -> dict[str, Any]:
        return session.app.reading_points.confirm_withdrawal(
            number, session.me, point=given["point"], key=key, dry_run=given["dry_run"]
        )

    return each(session, items, act, key=given["idempotency_key"], note=_withdrawal(session))


def _withdrawal(session: Session) -> Callable[[dict[str, Any]], str]:
    def note(came: dict[str, Any]) -> str:
        facts = {"point": came["point_name"], "number": came["list"]}
        if came["withdrawn"]:
            return session.text("withdrawal.done", **facts)
        return session.text("withdrawal.asked", **facts)

    return note


@command("nil-return")
@argument("point", metavar="POINT")
@option("--month", metavar="YYYY-MM", required=True)
@option("--html", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False))
@changing
def nil_return(session: Session, point: str, month: str, html: Path | None, **given: Any) -> Answer:
    """Report that nothing was to be delivered to a point in a month."""
    came = session.app.reading_points.nil_return(
        session.me, point, month=month, key=given["idempotency_key"], dry_run=given["dry_run"]
    )
    if html is not None and not given["dry_run"]:
        came["html"] = _written(session, came["list"], html)

    def show(printer: Printer) -> None:
        said = {"month": month, "point": came["point_name"], "number": came["list"]}
        printer.line(outcome(session, came, session.text("nil.done", **said)))

    return Answer(came, show)


@command("deliveries")
@option("--point", metavar="POINT")
@option("--open", "open_", is_flag=True)
@option("--list", "list_", metavar="NUMBER")
@option("--html", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False))
@option("--limit", type=Number(1), default=_LIMIT, show_default=True)
def deliveries(
    session: Session, point: str | None, list_: str | None, html: Path | None, **given: Any
) -> Answer:
    """List what was delivered, or what is owed and waits for a receipt."""
    if list_ is None and html is not None:
        raise Failure("html_needs_list")
    if list_ is not None:
        return _one_list(session, list_, html)
    read, limit = session.app.deliveries, given["limit"]
    if not given["open_"]:
        lists = read.lists(session.me, point=point, limit=limit)
        return Answer(lists, lambda printer: _show_lists(session, printer, lists))
    owed = read.owed(session.me, point=point, limit=limit)
    waiting = read.waiting(session.me, point=point, limit=limit)
    asked_back = read.asked_back(session.me, point=point, limit=limit)

    def show(printer: Printer) -> None:
        _show_owed(session, printer, owed)
        printer.line("")
        _show_waiting(session, printer, waiting)
        if asked_back:
            printer.line("")
            printer.line(Cell(session.text("deliveries.to_approve"), "bold"))
            _show_sent(session, printer, asked_back)

    return Answer({"owed": owed, "waiting": waiting, "asked_back": asked_back}, show)


# -- doing ------------------------------------------------------------------------------------


def _named(session: Session, items: Sequence[str]) -> tuple[dict[int, str], list[dict[str, Any]]]:
    """Return the items by number, and what is to be told of those that are not there."""
    wanted, many = listed(items)
    if not wanted:
        raise Failure("no_items")
    names: dict[int, str] = {}
    unknown: list[dict[str, Any]] = []
    for name in wanted:
        try:
            names.setdefault(find(session, name, reading=False), name)
        except NotFound as error:
            if not many:
                raise
            unknown += [{"item": name, **each} for each in reasons(error, session.language)]
            tell_refusal(session, name, unknown[-1:])
    return names, unknown


def _tell_all(
    session: Session,
    answer: Answer,
    came: Mapping[str, Any],
    *,
    names: Mapping[int, str] | None = None,
    failed: Sequence[int] = (),
    note: Callable[[dict[str, Any]], str] | None = None,
) -> None:
    """Tell what came of each item of one call, and settle the exit status."""
    statuses = list(failed)
    flags = {name: came[name] for name in ("dry_run", "repeated") if name in came}
    answer.data |= flags
    for done in came["done"]:
        tell_done(session, done | flags, note)
    for refused in came["refused"]:
        name = (names or {}).get(refused["item"], str(refused["item"]))
        found = [
            {"item": name, **reason(refused["kind"], why["code"], why["params"], session.language)}
            for why in refused["reasons"]
        ]
        answer.errors += found
        statuses.append(_REFUSED[refused["kind"]])
        tell_refusal(session, name, found)
    answer.data["items"] = came["done"]
    answer.status = joint_status(len(came["done"]), statuses)


def _written(session: Session, number: str, path: Path) -> str:
    """Write the forms of a delivery list to a file and return its path."""
    from workflow import forms  # noqa: PLC0415 # templates are heavy

    document = session.app.deliveries.document(session.me, number)
    page = forms.delivery(document, session.language, rehearsal=session.rehearsal)
    try:
        path.write_text(page, encoding="utf-8")
    except OSError as error:
        raise Failure(
            "form_unwritable",
            status=UNAVAILABLE,
            path=str(path),
            problem=error.strerror,
            number=number,
        ) from error
    return str(path)


# -- showing ----------------------------------------------------------------------------------


def _one_list(session: Session, number: str, html: Path | None) -> Answer:
    document = session.app.deliveries.document(session.me, number)
    data = document | ({"html": _written(session, number, html)} if html is not None else {})

    def show(printer: Printer) -> None:
        if html is not None:
            printer.line(str(html))
            return
        printer.pairs(
            [
                (session.text("deliveries.list"), Cell(document["list"], "bold")),
                (session.text("deliveries.point"), document["point_name"]),
                (session.text("deliveries.month"), document["month"]),
                (session.text("deliveries.made"), moment(document["made_at"])),
                (session.text("deliveries.by"), document["made_by"]),
            ]
        )
        if document["items"]:
            _show_lines(session, printer, document["items"])

    return Answer(data, show)


def _headings(session: Session, *names: str) -> list[str]:
    return [session.text(f"deliveries.{name}") for name in names]


def _show_lists(session: Session, printer: Printer, lists: Sequence[Mapping[str, Any]]) -> None:
    if not lists:
        printer.say("deliveries.none")
        return
    printer.table(
        _headings(session, "list", "point", "made", "received", "withdrawn"),
        [
            (
                Cell(row["list"], "bold"),
                row["point_name"],
                moment(row["made_at"]),
                (
                    session.text("deliveries.nil")
                    if row["month"]
                    else f"{row['received']}/{row['items']}"
                ),
                str(row["withdrawn"] or ""),
            )
            for row in lists
        ],
    )


def _show_lines(session: Session, printer: Printer, lines: Sequence[Mapping[str, Any]]) -> None:
    printer.table(
        _headings(session, "item", "index_number", "title", "copies", "received", "withdrawn"),
        [
            (
                Cell(str(row["item"]), "bold"),
                row["index_number"],
                row["title"] or session.text("deliveries.purged"),
                f"{row['paper']}+{row['electronic']}",
                str(row["handed_over_on"] or ""),
                moment(row["withdrawn_at"]),
            )
            for row in lines
        ],
    )


def _show_owed(session: Session, printer: Printer, rows: Sequence[Mapping[str, Any]]) -> None:
    printer.line(Cell(session.text("deliveries.owed"), "bold"))
    if not rows:
        printer.say("deliveries.nothing_owed")
        return
    printer.table(
        _headings(session, "item", "title", "point", "due", "left", "why"),
        [
            (
                Cell(str(row["item"]), "bold"),
                row["title"],
                row["point_name"],
                _due(session, row),
                _left(row["days_left"]),
                session.text(f"deliveries.why.{row['why']}"),
            )
            for row in rows
        ],
    )


def _due(session: Session, row: Mapping[str, Any]) -> str:
    due: date | None = row["due_on"]
    if due is None:
        return ""
    if not row["provisional"]:
        return str(due)
    return session.text("in_brackets", value=due, note=session.text("deliveries.provisional"))


def _left(days: int | None) -> Cell:
    if days is None:
        return Cell("")
    return Cell(str(days), "red" if days < 0 else None)


def _show_waiting(session: Session, printer: Printer, rows: Sequence[Mapping[str, Any]]) -> None:
    printer.line(Cell(session.text("deliveries.waiting"), "bold"))
    if not rows:
        printer.say("deliveries.nothing_waits")
        return
    _show_sent(session, printer, rows)


def _show_sent(session: Session, printer: Printer, rows: Sequence[Mapping[str, Any]]) -> None:
    printer.table(
        _headings(session, "item", "title", "point", "list", "made", "copies", "notes"),
        [
            (
                Cell(str(row["item"]), "bold"),
                row["title"],
                row["point_name"],
                row["list"],
                moment(row["delivered_at"]),
                f"{row['paper']}+{row['electronic']}",
                _notes(session, row),
            )
            for row in rows
        ],
    )


def _notes(session: Session, row: Mapping[str, Any]) -> str:
    words = []
    if row["overtaken"]:
        words.append(session.text("deliveries.overtaken"))
    if row["withdrawal_asked_at"] is not None:
        words.append(session.text("deliveries.asked_back", reason=row["withdrawal_reason"] or "—"))
    return session.text("joint").join(words)


COMMANDS: Final = (
    deliver, receive, withdraw_delivery, confirm_withdrawal, nil_return, deliveries,
)  # fmt: skip
