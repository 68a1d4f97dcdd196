"""Reports for those who answer for something: timeliness, returns, second entries."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from cli import times
from cli.boards import FORMATS, given_as, period, timeliness
from cli.commands import Coded, command, group, option
from cli.output import Cell, moment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from typing import TypeVar

    from cli.output import Answer, Printer
    from cli.session import Session
    from workflow.spreadsheets import Sheet

    _F = TypeVar("_F", bound=Callable[..., Any])


def _of_bodies(function: _F) -> _F:
    """Declare what every report takes: of which body, and as what it is written."""
    path = click.Path(dir_okay=False, path_type=Path)
    function = option("--output", metavar="FILE", type=path)(function)
    function = option(
        "--format", "format_", type=Coded(FORMATS), default="table", show_default=True
    )(function)
    return option("--department", metavar="CODE|NAME")(function)


@command("returns")
@option("--year", type=click.IntRange(2008, 2050))
@option("--from", "first", metavar="YYYY-MM-DD")
@option("--to", "last", metavar="YYYY-MM-DD")
@_of_bodies
def returns(
    session: Session,
    *,
    year: int | None,
    first: str | None,
    last: str | None,
    department: str | None,
    format_: str,
    output: Path | None,
) -> Answer:
    """Count what was sent back, by stage, reason and body."""
    begin, end = period(session, year, first, last)
    given = given_as(session, format_, output, sheets=_sheets_of_returns, show=_show_returns)
    return given(session.app.reports.returns(session.me, first=begin, last=end, body=department))


def _sheets_of_returns(session: Session, report: Mapping[str, Any]) -> Iterator[Sheet]:
    from workflow.spreadsheets import Sheet  # noqa: PLC0415 # for reports only

    language = session.language

    def sheet(key: str, headings: Sequence[str], rows: list[list[Any]]) -> Sheet:
        return Sheet(session.text(key), [session.text(f"report.{name}") for name in headings], rows)

    passed = ("returned", "decided", "share_returned", "under_waiver")
    figures = (*passed, "decisions_voided")
    yield sheet(
        "report.by_stage",
        ("by_stage", *figures),
        [[row["title"][language], *(row[name] for name in figures)] for row in report["stages"]],
    )
    yield sheet(
        "report.by_reason",
        ("by_stage", "reason", "count"),
        [
            [row["stage_title"][language], _called(session, row), row["count"]]
            for row in report["reasons"]
        ],
    )
    yield sheet(
        "report.by_department",
        ("by_department", *passed),
        [[_called(session, row), *(row[name] for name in passed)] for row in report["departments"]],
    )


def _called(session: Session, row: Mapping[str, Any]) -> str:
    return str(row["title"][session.language] if row["title"] else row["code"])


def _show_returns(session: Session, printer: Printer, report: Mapping[str, Any]) -> None:
    printer.say("report.returns_in", style="bold", first=report["first"], last=report["last"])
    if not report["returned"] and not report["decided"]:
        printer.say("report.no_decisions")
        return
    for sheet in _sheets_of_returns(session, report):
        if sheet.rows:
            printer.line("")
            printer.line(Cell(sheet.title, "bold"))
            printer.table(
                sheet.headings, [["" if v is None else str(v) for v in r] for r in sheet.rows]
            )
    reasons: dict[str, int] = {}
    for row in report["reasons"]:
        reasons[_called(session, row)] = reasons.get(_called(session, row), 0) + row["count"]
    printer.line("")
    times.show_bars(printer, sorted(reasons.items(), key=lambda each: -each[1]))


@command("duplicates")
@_of_bodies
def duplicates(
    session: Session, *, department: str | None, format_: str, output: Path | None
) -> Answer:
    """List what was entered more than once, and why."""
    given = given_as(session, format_, output, sheets=_sheets_of_duplicates, show=_show_duplicates)
    return given({"groups": session.app.reports.duplicates(session.me, body=department)})


def _sheets_of_duplicates(session: Session, report: Mapping[str, Any]) -> Iterator[Sheet]:
    from workflow.spreadsheets import Sheet  # noqa: PLC0415 # for reports only

    names = ("same", "list.at", "list.body", "list.title", "list.place", "entered", "reason")
    headings = [session.text(name if "." in name else f"report.{name}") for name in names]
    rows = [
        [
            each["document_number"] or session.text("report.same_text"),
            row["at"],
            row["body_name"],
            row["title"],
            session.label("state", row["state"]),
            row["created_at"],
            row["reason"],
        ]
        for each in report["groups"]
        for row in each["items"]
    ]
    yield Sheet(session.text("report.duplicates"), headings, rows)


def _show_duplicates(session: Session, printer: Printer, report: Mapping[str, Any]) -> None:
    if not report["groups"]:
        printer.say("report.no_duplicates")
    for each in report["groups"]:
        number = each["document_number"]
        key = "report.same_number" if number else "report.same_text_of"
        printer.say(key, style="bold", number=number or "", count=each["count"])
        for row in each["items"]:
            printer.line(
                "  ", Cell(str(row["at"]), "bold"),
                f"  {row['body_name']}  {session.label('state', row['state'])}"
                f"  {moment(row['created_at'])}  {row['title']}",
            )  # fmt: skip
            if row["reason"]:
                printer.paragraph(session.text("report.because", reason=row["reason"]), indent=4)


COMMANDS: Final = (group("report", timeliness, returns, duplicates),)
