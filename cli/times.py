"""How clocks look to people: a board, the clocks of an item, and every day that was counted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from cli import views
from cli.output import Cell, moment

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from cli.output import Printer
    from cli.session import Session
    from workflow.spreadsheets import Sheet

COUNTED: Final = 1_000
"""Beyond so many rows a board does not count."""
BAR: Final = 30
"""How many cells the bar of the whole takes."""
_SHORT: Final = 12
_DELIVERY: Final = "delivery"
"""The desk of what is online and waits for its receipts."""
_WAITING: Final = (
    "list.at", "clock.desk_heading", "waiting.holders", "waiting.held_days",
    "clock.stage_left_heading", "list.title", "list.body",
)  # fmt: skip
_COLOURS: Final[Mapping[str, str]] = {
    "overdue": "red",
    "due_today": "yellow",
    "due_soon": "yellow",
    "met_late": "magenta",
    "met_on_time": "green",
    "voided": "dim",
    "paused": "cyan",
}


def days_left(session: Session, row: Mapping[str, Any]) -> Cell:
    """Return what is left to the last day of a clock, and whether it will do."""
    left: int | None = row["working_days_left"]
    if left is None:
        return Cell("")
    if row.get("status") == "paused":
        return Cell(session.label("clock_status", "paused"), "cyan")
    if row["overdue"]:
        return _late(session, -left)
    words, style = _left(session, left), None
    if row.get("status") == "due_today":
        words, style = session.label("clock_status", "due_today"), "yellow"
    if row.get("will_miss"):
        return Cell(session.text("clock.will_miss", left=words), "yellow")
    return Cell(words, style)


def _stage_left(session: Session, row: Mapping[str, Any]) -> Cell:
    left: int | None = row["stage_days_left"]
    if left is None:
        return Cell("")
    return _late(session, -left) if left < 0 else Cell(_left(session, left))


def _left(session: Session, days: int) -> str:
    return session.text("clock.left_one" if days == 1 else "clock.left", days=days)


def _late(session: Session, days: int) -> Cell:
    """Return by how much something is late; on the weekend after its last day, just that."""
    key = {0: "clock.late_none", 1: "clock.late_one"}.get(days, "clock.late")
    return Cell(session.text(key, days=days), "red")


def _due(session: Session, row: Mapping[str, Any]) -> str:
    if row["due_on"] is None:
        return ""
    return _day(session, row["due_on"], provisional=row["provisional"])


def _day(session: Session, day: date, *, provisional: bool) -> str:
    return session.text("clock.provisional", day=day) if provisional else str(day)


def weekday(session: Session, day: date) -> str:
    """Return the name of the day of the week."""
    return session.text("clock.weekdays").split()[day.weekday()]


def _desk(session: Session, desk: Mapping[str, Any]) -> str:
    role = session.label("role", desk["role"])
    return session.text("in_brackets", value=desk["title"][session.language], note=role)


def show_board(
    session: Session, printer: Printer, rows: Sequence[Mapping[str, Any]], total: int
) -> None:
    """Print the rows of a board."""
    names = ("clock", "due", "left", "desk", "stage_left")
    headings = [
        session.text("list.at"),
        *(session.text(f"clock.{name}_heading") for name in names),
        session.text("list.title"),
        session.text("list.body"),
    ]
    cells = [
        (
            Cell(str(row["at"]), "bold"),
            Cell(session.label("clock", row["clock"])),
            Cell(_due(session, row)),
            days_left(session, row),
            Cell(_desk(session, row["desk"])),
            _stage_left(session, row),
            Cell(_marked(session, row)),
            Cell(row["body_name"]),
        )
        for row in rows
    ]
    caption = views.count(session, len(rows), total, counted=COUNTED)
    printer.table(headings, cells, caption=caption)


def _marked(session: Session, row: Mapping[str, Any]) -> str:
    """Return the title of a row's item, marked if it is public ahead of its review."""
    title = views.titled(session, row)
    if not row["review_owed"]:
        return title
    owed = session.text("review.owed", stage=session.label("stage", row["owed_stage"]))
    return session.text("in_brackets", value=title, note=owed)


def show_inbox(
    session: Session, printer: Printer, rows: Sequence[Mapping[str, Any]], total: int
) -> None:
    """Print what waits on somebody, with what is left to the legal date and to the budget."""
    headings = [
        *(session.text(f"list.{name}") for name in ("at", "place")),
        *(session.text(f"clock.{name}_heading") for name in ("online", "left", "stage_left")),
        *(session.text(f"list.{name}") for name in ("title", "body")),
    ]
    cells = [
        (
            Cell(str(row["at"]), "bold"),
            views.place_of(session, row),
            Cell(_due(session, row)),
            days_left(session, row),
            _stage_left(session, row),
            Cell(views.titled(session, row)),
            Cell(row["body_name"]),
        )
        for row in rows
    ]
    printer.table(headings, cells, caption=views.count(session, len(rows), total))


def show_waiting(session: Session, printer: Printer, board: Mapping[str, Any]) -> None:
    """Print what waits at desks: counted, if it was counted by something, and one by one."""
    if not board["items"]:
        printer.say("waiting.none")
        return
    if board["by"]:
        (counted,) = _counted_waiting(session, board)
        printer.table(counted.headings, [[str(cell) for cell in row] for row in counted.rows])
        show_bars(printer, [(_of_group(session, row), row["count"]) for row in board["groups"]])
        return
    cells = [
        (
            Cell(str(row["at"]), "bold"),
            Cell(_desk(session, row["desk"])),
            Cell(_holders(session, row), None if row["holders"] else "red"),
            Cell(str(row["held_days"])),
            _stage_left(session, row),
            Cell(views.titled(session, row)),
            Cell(row["body_name"]),
        )
        for row in board["items"]
    ]
    headings = [session.text(name) for name in _WAITING]
    caption = views.count(session, len(cells), board["total"], counted=board["total"])
    printer.table(headings, cells, caption=caption)


def sheets_of_waiting(session: Session, board: Mapping[str, Any]) -> Iterator[Sheet]:
    """Give what waits at desks as tables."""
    from workflow.spreadsheets import Sheet  # noqa: PLC0415 # for files only

    yield from _counted_waiting(session, board) if board["by"] else ()
    yield Sheet(
        session.text("waiting.title"),
        [session.text(name) for name in _WAITING],
        [
            [
                row["at"],
                _desk(session, row["desk"]),
                _holders(session, row),
                row["held_days"],
                row["stage_days_left"],
                row["title"],
                row["body_name"],
            ]
            for row in board["items"]
        ],
    )


def _counted_waiting(session: Session, board: Mapping[str, Any]) -> Iterator[Sheet]:
    from workflow.spreadsheets import Sheet  # noqa: PLC0415

    names = ("count", "longest_days", "median_days", "over_budget")
    title = session.text(f"waiting.by_{board['by']}")
    yield Sheet(
        title,
        [title, *(session.text(f"waiting.{name}") for name in names)],
        [[_of_group(session, row), *(row[name] for name in names)] for row in board["groups"]],
    )


def _of_group(session: Session, row: Mapping[str, Any]) -> str:
    return str(row["title"][session.language] if row["title"] else session.text("waiting.nobody"))


def _holders(session: Session, row: Mapping[str, Any]) -> str:
    names = [who["display_name"] for who in row["holders"]]
    return session.text("joint").join(names) or session.text("waiting.nobody")


# -- one item ---------------------------------------------------------------------------------


def show_clocks(session: Session, printer: Printer, times: Mapping[str, Any]) -> None:
    """Print the legal clocks of an item, with how they moved, and the budget of its desk."""
    if not times["clocks"]:
        return
    printer.line("")
    printer.line(Cell(session.text("clock.title"), "dim"))
    for clock in times["clocks"]:
        printer.line(
            "  ",
            Cell(session.label("clock", clock["clock"]), "bold"),
            "  ",
            Cell(_standing(session, clock), _COLOURS.get(clock["status"])),
        )
        for line in _told(session, clock):
            printer.paragraph(line, indent=4)


def _standing(session: Session, clock: Mapping[str, Any]) -> str:
    due = _day(session, clock["due_on"], provisional=clock["provisional"])
    state = session.label("clock_status", clock["status"])
    if clock["met_on"] is not None:
        return session.text("clock.met", state=state, due=due, on=clock["met_on"])
    if clock["voided_at"] is not None:
        why = session.label("clock_change", clock["void_reason"])
        return session.text("clock.voided", state=state, at=moment(clock["voided_at"]), why=why)
    return session.text("clock.running", due=due, left=days_left(session, clock).text)


def _told(session: Session, clock: Mapping[str, Any]) -> Iterator[str]:
    for move in clock["moves"]:
        key = "clock.withdrew" if move["withdrew_overdue"] else "clock.moved"
        yield session.text(
            key,
            old=move["from"],
            new=move["to"],
            at=moment(move["at"]),
            why=session.label("clock_change", move["why"]),
        )
    for pause in clock["pauses"]:
        yield session.text(
            "clock.pause",
            first=pause["begun_on"],
            last=pause["ended_on"] or "…",
            reason=pause["reason"],
        )
    if clock["late_reason"]:
        yield session.text("clock.late_reason", reason=clock["late_reason"])


def show_next(
    session: Session, printer: Printer, times: Mapping[str, Any], *, at_an_end: bool = True
) -> None:
    """Print what comes next where the policy leads nowhere: a clock may wait for a delivery.

    If something can still be done there, it is not ``at_an_end``.
    """
    runs = any(clock["working_days_left"] is not None for clock in times["clocks"])
    if runs and times["desk"]["stage"] == _DELIVERY:
        printer.say("show.next_delivery", desk=_desk(session, times["desk"]))
    elif at_an_end:
        printer.say("show.nothing_next", style="dim")


def show_by_when(session: Session, printer: Printer, times: Mapping[str, Any]) -> None:
    """Print by when an item has to leave its desk and to meet each of its running clocks."""
    if times["stage_due_on"] is not None:
        printer.say(
            "clock.desk_by",
            desk=times["desk"]["title"][session.language],
            due=times["stage_due_on"],
            left=_stage_left(session, times).text,
        )
    for clock in times["clocks"]:
        if clock["working_days_left"] is not None:
            printer.say(
                "clock.by",
                style=_COLOURS.get(clock["status"]),
                clock=session.label("clock", clock["clock"]),
                due=_day(session, clock["due_on"], provisional=clock["provisional"]),
                left=days_left(session, clock).text,
            )


def show_explanation(
    session: Session, printer: Printer, clocks: Sequence[Mapping[str, Any]]
) -> None:
    """Print how each last day was reached, day by day."""
    for clock in clocks:
        basis = session.label("formed_on_basis", clock["basis"])
        printer.line(
            Cell(session.label("clock", clock["clock"]), "bold"),
            "  ",
            Cell(_standing(session, clock), _COLOURS.get(clock["status"])),
        )
        printer.say(
            "clock.rule",
            amount=clock["amount"],
            basis=clock["legal_basis"],
            unit=session.label("unit", clock["unit"]),
        )
        key = "clock.start_corrected" if clock["corrected"] else "clock.start"
        printer.say(
            key,
            day=clock["started_on"],
            weekday=weekday(session, clock["started_on"]),
            basis=basis or "—",
        )
        printer.say(
            "clock.calendar",
            number=clock["calendar"],
            digest=clock["calendar_digest"][:_SHORT],
            horizon=clock["horizon"],
        )
        for line in _told(session, clock):
            printer.paragraph(line)
        printer.table(
            [session.text(f"clock.{name}_heading") for name in ("number", "day", "why", "notice")],
            [_counted(session, day) for day in clock["days"]],
        )
        printer.line("")


def _counted(session: Session, day: Mapping[str, Any]) -> tuple[Cell, ...]:
    style = None if day["counted"] else "dim"
    written = f"{_day(session, day['day'], provisional=day['provisional'])} "
    return (
        Cell(str(day["number"] or "—"), style),
        Cell(written + weekday(session, day["day"]), style),
        Cell(session.text("joint").join(_reasons(session, day)), style),
        Cell(_source(session, day), style),
    )


def _reasons(session: Session, day: Mapping[str, Any]) -> Iterator[str]:
    if day["paused"]:
        yield session.label("clock_status", "paused")
    reason = session.label("day_reason", day["reason"])
    name = day["zh"] if session.language == "zh" else day["en"] or day["zh"]
    yield session.text("in_brackets", value=reason, note=name) if name else reason
    if day["moves"]:
        yield session.text("clock.moves_on")


def _source(session: Session, day: Mapping[str, Any]) -> str:
    source = day["notice"] or day["statute"]
    if source is None:
        return ""
    number = source["number"] or session.text("clock.unnumbered")
    return f"{number} {source['title']}"


# -- a report ---------------------------------------------------------------------------------


def show_shares(printer: Printer, rows: Sequence[tuple[str, Mapping[str, Any]]]) -> None:
    """Draw the on-time share of each group as a bar, on a terminal only."""
    if not printer.terminal:
        return
    from cli.output import padded, width  # noqa: PLC0415 # terminals only

    broad = max((width(name) for name, _ in rows), default=0)
    for name, figures in rows:
        share = figures["share_half_up"]
        if share is None:
            continue
        full = round(share * BAR / 100)
        printer.line(
            padded(name, broad + 1),
            Cell("█" * full, "green"),
            Cell("░" * (BAR - full), "red" if figures["late"] else "dim"),
            f" {share} %",
        )


def show_bars(printer: Printer, rows: Sequence[tuple[str, int]]) -> None:
    """Draw numbers as bars, the longest one as long as there is room for; on a terminal only."""
    most = max((number for _, number in rows), default=0)
    if not printer.terminal or not most:
        return
    from cli.output import padded, width  # noqa: PLC0415 # terminals only

    broad = max(width(name) for name, _ in rows)
    for name, number in rows:
        full = -(-number * BAR // most)
        printer.line(padded(name, broad + 1), Cell("█" * full, "yellow"), f" {number}")
