"""What supervisors watch, and everybody for their own: what is due, what is late, and why."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from cli import times
from cli.commands import Coded, Number, argument, command, option, parsed_date
from cli.items import find, parts
from cli.output import (
    Answer,
    Cell,
    Failure,
    document,
    moment,
    write_document,
    write_file,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import date

    from cli.output import Printer
    from cli.session import Session
    from workflow.boards import Board
    from workflow.spreadsheets import Sheet

DEFAULT_LIMIT: Final = 50
_PAGE: Final = 5000
_MOST: Final = 1_000_000
_WITHIN: Final = 5
_LONGEST_WITHIN: Final = 1000
_CLOCKS: Final = ("online", "reading_points")
FORMATS: Final = ("table", "csv", "xlsx", "json")
_MOST_LATE: Final = 20
"""So many late items are printed for people; files hold all."""
_FIGURES: Final = (
    "on_time",
    "late",
    "open",
    "voided",
    "provisional",
    "share_truncated",
    "share_half_up",
    "median_days",
    "p95_days",
)


# -- boards -----------------------------------------------------------------------------------


@command("due")
@option("--within", type=Number(0, _LONGEST_WITHIN), default=_WITHIN, show_default=True)
@option("--clock", type=Coded(_CLOCKS))
@option("--department", metavar="CODE|NAME")
@option("--limit", type=Number(1), default=DEFAULT_LIMIT, show_default=True)
@option("--all", "all_", is_flag=True)
@option("--ics", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path))
def due(
    session: Session,
    within: int,
    clock: str | None,
    department: str | None,
    *,
    limit: int,
    all_: bool,
    ics: Path | None,
) -> Answer:
    """List running clocks that end soon, or write them as a feed for calendars."""
    if ics is not None:
        return _feed(session, ics, clock=clock, department=department)
    boards, me = session.app.boards, session.me

    def page(size: int, offset: int) -> Board:
        return boards.due(
            me, within=within, clock=clock, body=department, limit=size, offset=offset
        )

    # What is late must not be overlooked by who looks at what comes.
    late = boards.overdue(me, clock=clock, body=department, limit=1).total
    return _board(session, page, limit=None if all_ else limit, empty="due.empty", late=late)


@command("overdue")
@option("--clock", type=Coded(_CLOCKS))
@option("--department", metavar="CODE|NAME")
@option("--limit", type=Number(1), default=DEFAULT_LIMIT, show_default=True)
@option("--all", "all_", is_flag=True)
def overdue(
    session: Session, clock: str | None, department: str | None, *, limit: int, all_: bool
) -> Answer:
    """List running clocks whose last day is past."""
    boards, me = session.app.boards, session.me

    def page(size: int, offset: int) -> Board:
        return boards.overdue(me, clock=clock, body=department, limit=size, offset=offset)

    return _board(session, page, limit=None if all_ else limit, empty="overdue.empty")


@command("waiting")
@option("--by", type=Coded(("holder", "stage", "department")))
@option("--department", metavar="CODE|NAME")
@option("--limit", type=click.IntRange(1), default=DEFAULT_LIMIT, show_default=True)
@option("--all", "all_", is_flag=True)
@option("--format", "format_", type=Coded(FORMATS), default="table", show_default=True)
@option("--output", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path))
def waiting(
    session: Session,
    *,
    by: str | None,
    department: str | None,
    limit: int,
    all_: bool,
    format_: str,
    output: Path | None,
) -> Answer:
    """Tell who holds what, and for how long."""
    from workflow.boards import By  # noqa: PLC0415 # for this board only

    given = given_as(
        session, format_, output, sheets=times.sheets_of_waiting, show=times.show_waiting
    )
    board = session.app.boards.waiting(
        session.me,
        by=By(by) if by else None,
        body=department,
        limit=_MOST if all_ else limit,
    )
    return given(
        {
            "items": list(board.rows),
            "total": board.total,
            "today": board.day,
            "by": by,
            "groups": list(board.groups),
        }
    )


def _board(
    session: Session,
    page: Callable[[int, int], Board],
    *,
    limit: int | None,
    empty: str,
    late: int | None = None,
) -> Answer:
    board = page(min(limit or _PAGE, _PAGE), 0)
    rows, total = list(board.rows), board.total
    while len(board.rows) == _PAGE and len(rows) != limit:
        board = page(_PAGE if limit is None else min(limit - len(rows), _PAGE), len(rows))
        rows += board.rows
    total = max(total, len(rows))
    data: dict[str, Any] = {
        "items": rows,
        "total": total,
        "today": board.day,
        "calendar": board.calendar,
        "horizon": board.horizon,
        "enforced_at": board.enforced_at,
    }
    if late is not None:
        data["overdue"] = late

    def show(printer: Printer) -> None:
        if rows:
            times.show_board(session, printer, rows, total)
        else:
            printer.say(empty)
        if board.enforced_at is None:
            printer.say("board.never_enforced", style="yellow")
        else:
            printer.say("board.enforced", style="dim", at=moment(board.enforced_at))
        if late:
            key = "due.late" if late <= times.COUNTED else "due.many_late"
            printer.say(key, style="red", count=min(late, times.COUNTED))

    return Answer(data, show)


def _feed(session: Session, file: Path, *, clock: str | None, department: str | None) -> Answer:
    from workflow.deadlines import Status  # noqa: PLC0415 # for feeds only
    from workflow.feeds import DueDate, feed  # noqa: PLC0415

    office, rows = session.app.boards.feed(session.me, body=department)
    dates = [
        DueDate(
            uid=f"{row['deadline']}@{office}.gongkai",
            rev=row["rev"],
            due=row["due_on"],
            status=Status(row["status"]),
            changed_at=row["changed_at"],
            # A feed leaves the office: it names numbers, no titles.
            summary=session.text(
                "feed.provisional" if row["provisional"] else "feed.summary",
                number=row["index_number"] or row["item"],
                clock=session.label("clock", row["clock"]),
            ),
            description=session.text(
                "feed.description",
                body=row["body_name"],
                desk=row["desk"]["title"][session.language],
                basis=row["legal_basis"],
            ),
        )
        for row in rows
        if clock in (None, row["clock"])
    ]
    write_file(file, feed(dates, name=session.text("feed.name")))
    data = {"written": file, "dates": len(dates)}
    return Answer(data, lambda printer: printer.say("feed.done", path=file, count=len(dates)))


@command("explain")
@argument("item")
@option("--clock", type=Coded(_CLOCKS))
def explain(session: Session, item: str, clock: str | None) -> Answer:
    """Print every counted and skipped day of each clock of an item."""
    number = find(session, parts(item)[0], reading=True)
    clocks = session.app.boards.explain(session.me, number, clock=clock)

    def show(printer: Printer) -> None:
        if not clocks:
            printer.say("clock.none")
        times.show_explanation(session, printer, clocks)

    return Answer({"item": number, "clocks": clocks}, show)


# -- reports ----------------------------------------------------------------------------------


@command("timeliness")
@option("--year", type=Number(2008, 2050))
@option("--from", "first", metavar="YYYY-MM-DD")
@option("--to", "last", metavar="YYYY-MM-DD")
@option("--by", type=Coded(("department", "stage", "category")))
@option("--department", metavar="CODE|NAME")
@option("--format", "format_", type=Coded(FORMATS), default="table", show_default=True)
@option("--output", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path))
def timeliness(
    session: Session,
    *,
    year: int | None,
    first: str | None,
    last: str | None,
    by: str | None,
    department: str | None,
    format_: str,
    output: Path | None,
) -> Answer:
    """Add up how the clocks of a period stand."""
    from workflow.reports import By  # noqa: PLC0415 # for reports only

    begin, end = period(session, year, first, last)
    given = given_as(session, format_, output, sheets=_sheets, show=_show_report)
    return given(
        session.app.reports.timeliness(
            session.me, first=begin, last=end, by=By(by) if by else None, body=department
        )
    )


def period(
    session: Session, year: int | None, first: str | None, last: str | None
) -> tuple[date, date]:
    """Return the first and the last day of a report: a year, this one if none is said, or days."""
    from datetime import date  # noqa: PLC0415 # for reports only

    if year is not None and (first or last):
        raise Failure("year_or_period")
    year = year or session.app.runtime.today().year
    return (
        parsed_date(first, name="from") or date(year, 1, 1),
        parsed_date(last, name="to") or date(year, 12, 31),
    )


def given_as(
    session: Session,
    format_: str,
    output: Path | None,
    *,
    sheets: Callable[[Session, Mapping[str, Any]], Iterator[Sheet]],
    show: Callable[[Session, Printer, Mapping[str, Any]], None],
) -> Callable[[Mapping[str, Any]], Answer]:
    """Return how a report is answered: shown, printed as a file, or written to one.

    Raises ``Failure('xlsx_needs_file')`` at once where no workbook can be printed.
    """
    if format_ == "xlsx" and output is None and (session.out.terminal or session.for_programs):
        raise Failure("xlsx_needs_file")

    def answered(report: Mapping[str, Any]) -> Answer:
        if output is None and (format_ == "table" or session.for_programs):
            return Answer(report, lambda printer: show(session, printer, report))
        content = _written(session, report, format_, sheets, show)
        if output is not None:
            write_file(output, content)
            written = {"written": output, "format": format_}
            return Answer(written, lambda printer: printer.say("report.written", path=output))

        def put(printer: Printer) -> None:
            # As bytes: the mark at the beginning, and the ends of the lines, are of the format.
            printer.stream.flush()
            sys.stdout.buffer.write(content)

        return Answer(report, put)

    return answered


def _written(
    session: Session,
    report: Mapping[str, Any],
    format_: str,
    sheets: Callable[[Session, Mapping[str, Any]], Iterator[Sheet]],
    show: Callable[[Session, Printer, Mapping[str, Any]], None],
) -> bytes:
    """Return a report as the content of a file."""
    import io  # noqa: PLC0415 # for files only

    from workflow.spreadsheets import as_csv, as_xlsx  # noqa: PLC0415

    if format_ == "csv":
        return as_csv(list(sheets(session, report)))
    if format_ == "xlsx":
        return as_xlsx(list(sheets(session, report)), made_at=session.app.runtime.clock())
    text = io.StringIO()
    if format_ == "json":
        write_document(document(Answer(report), rehearsal=session.rehearsal), text)
    else:
        from cli.output import Printer  # noqa: PLC0415

        show(session, Printer(text, language=session.language, colour=False), report)
    return text.getvalue().encode()


def _sheets(session: Session, report: Mapping[str, Any]) -> Iterator[Sheet]:
    """Give the tables of a report, all rows of each."""
    from workflow.spreadsheets import Sheet  # noqa: PLC0415

    title = session.text("report.total")
    yield Sheet(title, *_figures(session, report["total"], None))
    if report["by"]:
        title = session.text(f"report.by_{report['by']}")
        yield Sheet(title, *_figures(session, report["groups"], title))
    yield Sheet(session.text("report.late"), *_late(session, report["late"]))
    yield Sheet(session.text("report.stages"), *_stages(session, report["stages"]))
    yield Sheet(session.text("report.returns"), *_returns(session, report["returns"]))


_Columns = tuple[list[str], list[list[Any]]]


def _figures(session: Session, rows: Sequence[Mapping[str, Any]], group: str | None) -> _Columns:
    headings = [session.text("clock.clock_heading")]
    headings += [session.text(f"report.{name}") for name in _FIGURES]
    cells = [
        [session.label("clock", row["clock"]), *(row[name] for name in _FIGURES)] for row in rows
    ]
    if group is not None:
        headings.insert(0, group)
        for row, line in zip(rows, cells, strict=True):
            line.insert(0, _name(session, row))
    return headings, cells


def _name(session: Session, row: Mapping[str, Any]) -> str:
    title = row["title"]
    return str(title[session.language] if title else row["code"] or "—")


def _late(session: Session, rows: Sequence[Mapping[str, Any]]) -> _Columns:
    names = ("list.at", "report.index_number", "list.title", "list.body", "clock.clock_heading",
             "clock.due_heading", "report.met_on", "report.days_late", "report.reason")  # fmt: skip
    return [session.text(name) for name in names], [
        [
            row["at"],
            row["index_number"],
            row["title"],
            row["body_name"],
            session.label("clock", row["clock"]),
            row["due_on"],
            row["met_on"],
            row["days_late"],
            row["reason"],
        ]
        for row in rows
    ]


def _stages(session: Session, rows: Sequence[Mapping[str, Any]]) -> _Columns:
    names = ("count", "days", "median_days", "p95_days", "over_budget")
    headings = [session.text("report.by_stage")]
    headings += [session.text(f"report.{name}") for name in names]
    return headings, [
        [row["title"][session.language], *(row[name] for name in names)] for row in rows
    ]


def _returns(session: Session, rows: Sequence[Mapping[str, Any]]) -> _Columns:
    headings = [session.text(f"report.{name}") for name in ("by_stage", "reason", "count")]
    return headings, [
        [row["stage_title"][session.language], _name(session, row), row["count"]] for row in rows
    ]


def _show_report(session: Session, printer: Printer, report: Mapping[str, Any]) -> None:
    printer.say(
        "report.period",
        style="bold",
        first=report["first"],
        last=report["last"],
        today=report["today"],
    )
    printer.say("report.covers", style="dim")
    for sheet in _sheets(session, report):
        if not sheet.rows:
            continue
        printer.line("")
        printer.line(Cell(sheet.title, "bold"))
        is_late = sheet.title == session.text("report.late")
        rows = sheet.rows[:_MOST_LATE] if is_late else sheet.rows
        printer.table(
            sheet.headings,
            [["" if value is None else str(value) for value in row] for row in rows],
        )
        if len(rows) < len(sheet.rows):
            printer.say("report.more_late", count=len(sheet.rows) - len(rows))
    shares = report["groups"] or report["total"]
    times.show_shares(
        printer,
        [(f"{_name(session, row)} {session.label('clock', row['clock'])}", row) for row in shares],
    )


COMMANDS: Final = (due, overdue, waiting, explain)
