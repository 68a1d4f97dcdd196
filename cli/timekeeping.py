"""Calendars and clocks: what counts as a working day, when things are due, and acts on time."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from cli.commands import Coded, Number, argument, changing, command, group, option, parsed_date
from cli.items import find, parts
from cli.output import REFUSED, Answer, Cell, Failure, moment
from cli.views import introduce
from workflow.errors import InvalidInput, NotFound, Unavailable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cli.output import Printer
    from cli.session import Session
    from workflow.deadlines import DeadlineRule
    from workflow.working_days import Calendar, Notice, Year

_BASES: Final = ("signature", "last_countersignature", "complete", "final_draft")
_NOT_BEGUN: Final = frozenset({"no_office_here", "no_office", "database_unreachable"})
_SHOWN: Final = 20
"""How many deadlines that move are listed; a file may move thousands."""


# -- which days -------------------------------------------------------------------------------


@command("show")
@option("--year", type=Number(2007, 2050))
@option("--number", type=Number(1))
@option("--shipped", is_flag=True)
def calendar_show(
    session: Session, year: int | None, number: int | None, *, shipped: bool
) -> Answer:
    """Print the calendar: each year with its notices and the days they turn."""
    version, calendar = _calendar(session, number=number, shipped=shipped)
    years = [each for each in calendar.years if year in (None, each.year)]
    data = {
        "number": version,
        "version": calendar.version,
        "horizon": calendar.horizon,
        "years": [_year_document(calendar, each) for each in years],
        "local": [_notice_document(notice) for notice in calendar.local],
    }

    def show(printer: Printer) -> None:
        printer.line(_named(session, version, calendar))
        if year is not None and not years:
            printer.say("calendar.year_provisional", style="yellow", year=year)
        for each in years:
            _show_year(session, printer, calendar, each, days=year is not None)

    return Answer(data, show)


def _named(session: Session, number: int | None, calendar: Calendar) -> str:
    shipped = session.text("calendar.shipped")
    name = shipped if number is None else session.text("calendar.version", number=number)
    return session.text(
        "calendar.named", name=name, digest=calendar.version[:12], horizon=calendar.horizon
    )


def _year_document(calendar: Calendar, year: Year) -> dict[str, Any]:
    return {
        "year": year.year,
        "working_days": calendar.count(date(year.year, 1, 1), date(year.year, 12, 31))
        + calendar.is_working_day(date(year.year, 1, 1)),
        "notices": [_notice_document(notice) for notice in year.notices],
    }


def _notice_document(notice: Notice) -> dict[str, Any]:
    return {
        "number": notice.number or None,
        "title": notice.title,
        "issued": notice.issued,
        "published": notice.published,
        "days": [
            {"day": day, "works": works, "zh": turn.zh, "en": turn.en}
            for day, works, turn in sorted(notice.days(), key=lambda each: each[0])
        ],
    }


def _show_year(
    session: Session, printer: Printer, calendar: Calendar, year: Year, *, days: bool
) -> None:
    told = _year_document(calendar, year)
    printer.line("")
    printer.line(
        Cell(str(year.year), "bold"),
        "  ",
        session.text("calendar.working_days", count=told["working_days"]),
    )
    for notice in year.notices:
        number = notice.number or session.text("calendar.number_unread")
        printer.line("  ", "  ".join(part for part in (number, notice.title, _of(notice)) if part))
        if not days:
            continue
        for day, works, turn in sorted(notice.days(), key=lambda each: each[0]):
            kind = session.text("calendar.works" if works else "calendar.off")
            name = turn.zh if session.language == "zh" else turn.en or turn.zh
            printer.line(
                "    ", f"{day}  ", Cell(kind, "yellow" if works else "green"), f"  {name}"
            )


def _of(notice: Notice) -> str:
    known = notice.issued or notice.published
    return known.isoformat() if known else ""


def _calendar(
    session: Session, *, number: int | None = None, shipped: bool = False
) -> tuple[int | None, Calendar]:
    """Return the calendar that is asked for, with its number; the shipped one has none."""
    from workflow import calendar_files  # noqa: PLC0415

    if shipped:
        if number is not None:
            raise Failure("shipped_or_number")
        return None, calendar_files.shipped()
    if number is not None:
        session.login()
        return number, session.app.timekeeper.calendar(number)
    try:
        return session.app.timekeeper.calendar_in_force()
    except (NotFound, Unavailable) as error:
        # Without an office there is still a law, and a calendar that ships.
        if error.code in _NOT_BEGUN and session.settings.database_url is None:
            return None, calendar_files.shipped()
        raise


@command("check")
def calendar_check(session: Session) -> Answer:
    """Look whether the calendar is fit for the deadlines that are open."""
    session.login()
    number, calendar = session.app.timekeeper.calendar_in_force()
    today = session.app.runtime.today()
    missing = calendar.missing_year(today)
    provisional = session.app.timekeeper.provisional()
    unnumbered = [{"year": year, "title": notice.title} for year, notice in calendar.unnumbered()]
    data = {
        "number": number,
        "version": calendar.version,
        "horizon": calendar.horizon,
        "missing_year": missing,
        "provisional": provisional,
        "unnumbered": unnumbered,
    }

    def show(printer: Printer) -> None:
        printer.line(_named(session, number, calendar))
        if missing is not None:
            printer.say("calendar.missing", style="yellow", year=missing)
        printer.say("calendar.provisional", count=provisional)
        for row in unnumbered:
            known = {name: value for name, value in row.items() if value}
            printer.say("calendar.unnumbered", style="dim", **known)
        if missing is None:
            printer.say("calendar.sound", style="green")

    if missing is None:
        return Answer(data, show)
    problem = {
        "code": "calendar_missing",
        "message": session.text("calendar.missing", year=missing),
        "params": {"year": missing},
    }
    return Answer(data, show, errors=[problem], status=REFUSED, told=True)


@command("history")
def calendar_history(session: Session) -> Answer:
    """List every version of the calendar that was ever in force."""
    session.login()
    found = session.app.timekeeper.calendar_history()

    def show(printer: Printer) -> None:
        headings = [
            session.text(f"calendar.heading.{name}")
            for name in ("number", "at", "by", "source", "reason")
        ]
        rows = [
            (
                Cell(str(row["number"]), "bold" if row["in_force"] else ""),
                moment(row["at"]),
                row["by_name"] or session.label("actor", "system"),
                row["source"],
                row["reason"] or "",
            )
            for row in found
        ]
        printer.table(headings, rows)

    return Answer(found, show)


@command("apply")
@argument("file", required=False, type=click.Path(path_type=Path), metavar="FILE")
@option("--shipped", is_flag=True)
@option("--notice-number", metavar="NUMBER")
@option("--notice-title", metavar="TITLE")
@option("--issued-on", metavar="YYYY-MM-DD")
@option("--year", type=Number(2007, 2050))
@option("--reason", metavar="TEXT")
@option("--yes", is_flag=True)
@changing
def calendar_apply(session: Session, file: Path | None, **given: Any) -> Answer:
    """Show what a calendar file would change; with --yes, change it."""
    from workflow import calendar_files  # noqa: PLC0415

    if (file is None) is not given["shipped"]:
        raise Failure("file_or_shipped")
    session.login()
    if file is None:
        shipped = calendar_files.shipped()
        source, change = "cn.toml", lambda _: shipped
    else:
        read = calendar_files.read(file, notice=_notice_given(given), year=given["year"])
        source, change = file.name, read.applied_to
    came = session.app.timekeeper.apply_calendar(
        session.me,
        change,
        source=source,
        reason=given["reason"],
        key=given["idempotency_key"] if given["yes"] else None,
        dry_run=given["dry_run"] or not given["yes"],
    )
    return Answer(came, lambda printer: _show_change(session, printer, came))


def _notice_given(given: dict[str, Any]) -> Notice | None:
    """Return the notice behind a file that carries none, as far as it was given."""
    from workflow.working_days import Notice  # noqa: PLC0415

    issued = parsed_date(given["issued_on"], name="issued_on")
    if not (given["notice_number"] or given["notice_title"] or issued):
        return None
    return Notice(
        number=given["notice_number"] or "", title=given["notice_title"] or "", issued=issued
    )


def _show_change(session: Session, printer: Printer, came: dict[str, Any]) -> None:
    introduce(printer, came)
    if not came["changed"]:
        printer.say("calendar.same", number=came["number"])
        return
    for row in came["days"]:
        name = row["after"]["zh"] or row["before"]["zh"]
        if session.language == "en":
            name = row["after"]["en"] or row["before"]["en"] or name
        before, after = (
            session.text("calendar.works" if side["works"] else "calendar.off")
            for side in (row["before"], row["after"])
        )
        printer.line(Cell(str(row["day"]), "bold"), f"  {before} → {after}  {name}")
    for row in came["moved"][:_SHOWN]:
        printer.line(
            Cell(str(row["item"]), "bold"),
            "  ",
            session.label("clock", row["clock"]),
            f"  {row['from']} → {row['due']}",
            "  " + session.text("calendar.withdrawn") if row.get("withdrew_overdue") else "",
        )
    if len(came["moved"]) > _SHOWN:
        printer.say("calendar.more", count=len(came["moved"]) - _SHOWN)
    key = "calendar.would" if came.get("dry_run") else "calendar.applied"
    printer.say(key, number=came["number"], days=len(came["days"]), moved=len(came["moved"]))
    if came.get("dry_run"):
        printer.say("calendar.with_yes", style="dim")


@command("revert")
@argument("number", type=Number(1))
@option("--reason", required=True, metavar="TEXT")
@option("--yes", is_flag=True)
@changing
def calendar_revert(session: Session, number: int, **given: Any) -> Answer:
    """Show what bringing an earlier version back would change; with --yes, do it."""
    came = session.app.timekeeper.revert_calendar(
        session.me,
        number,
        reason=given["reason"],
        key=given["idempotency_key"] if given["yes"] else None,
        dry_run=given["dry_run"] or not given["yes"],
    )
    return Answer(came, lambda printer: _show_change(session, printer, came))


# -- when something is due --------------------------------------------------------------------


@command("due")
@argument("dates", nargs=-1, required=True, metavar="DATE...")
@option("--days", type=Number(1, 1000))
@option("--unit", type=Coded(["working", "calendar"]))
@option("--shipped", is_flag=True)
def calendar_due(
    session: Session, dates: Sequence[str], days: int | None, unit: str | None, *, shipped: bool
) -> Answer:
    """Work out when clocks end that start on these days; needs no login."""
    if unit is not None and days is None:
        raise Failure("unit_needs_days")
    number, calendar = _calendar(session, shipped=shipped)
    starts = [_start(text) for text in _named_dates(dates)]
    if not starts:
        raise Failure("no_dates")
    rules = None if days is not None else _legal_rules(session, shipped=number is None)
    found = [
        row
        for start in starts
        for row in _due(start, days, unit or "working", rules=rules, calendar=calendar)
    ]

    def show(printer: Printer) -> None:
        for row in found:
            if row["due_on"] is None:
                printer.say("calendar.no_clock", start=row["start"])
                continue
            words = f"{row['start']} due {row['due_on']}"
            if row["provisional"]:
                words += " provisional"
            if row["clock"]:
                words += "  " + session.label("clock", row["clock"])
            printer.line(words)
        session.err.line(_named(session, number, calendar), style="dim")

    return Answer(found, show)


def _named_dates(names: Sequence[str]) -> Iterator[str]:
    for name in names:
        if name == "-":
            yield from sys.stdin.buffer.read().decode("utf-8", "replace").split()
        else:
            yield name


def _start(text: str) -> date:
    start = parsed_date(text, name="date")
    if start is None:
        raise InvalidInput("date_wrong", field="date", value=text)
    return start


def _legal_rules(session: Session, *, shipped: bool) -> tuple[DeadlineRule, ...]:
    """Return the rules of the policy in use, or of the shipped one where there is no office."""
    from workflow import policy  # noqa: PLC0415

    rules = policy.shipped() if shipped else session.app.office.policy_in_use()
    return rules.deadlines


def _due(
    start: date,
    days: int | None,
    unit: str,
    *,
    rules: Sequence[DeadlineRule] | None,
    calendar: Calendar,
) -> Iterator[dict[str, Any]]:
    from workflow.deadlines import DeadlineRule, RestDay, Unit, due_on, governing  # noqa: PLC0415

    if days is not None:
        rule = DeadlineRule(
            code="asked", clock="asked", amount=days, unit=Unit(f"{unit}_day"),
            rest_day=RestDay.NEXT_WORKING_DAY,
        )  # fmt: skip
        due = due_on(rule, start, calendar=calendar)
        yield _due_document(start, None, rule, due.day, provisional=due.provisional)
        return
    calendar.is_working_day(start)  # Outside of the calendar there is no answer, not even "none".
    governed = governing(rules or (), formed_on=start, category="")
    if not governed:
        yield _due_document(start, None, None, None, provisional=False)
    for rule in governed:
        due = due_on(rule, start, calendar=calendar)
        yield _due_document(start, rule.clock, rule, due.day, provisional=due.provisional)


def _due_document(
    start: date,
    clock: str | None,
    rule: DeadlineRule | None,
    due: date | None,
    *,
    provisional: bool,
) -> dict[str, Any]:
    return {
        "start": start,
        "clock": clock,
        "days": rule.amount if rule else None,
        "unit": rule.unit.value.removesuffix("_day") if rule else None,
        "due_on": due,
        "provisional": provisional,
    }


# -- acts on one item's clocks ----------------------------------------------------------------


def _number(session: Session, text: str) -> int:
    return find(session, parts(text)[0], reading=False)


@command("correct-date")
@argument("item")
@option("--formed-on", required=True, metavar="YYYY-MM-DD")
@option("--formed-on-basis", "basis", type=Coded(_BASES), required=True)
@option("--reason", required=True, metavar="TEXT")
@changing
def item_correct_date(session: Session, item: str, **given: Any) -> Answer:
    """Correct the day from which an item's clocks count."""
    from workflow.revisions import FormedOnBasis  # noqa: PLC0415

    formed_on = _start(given["formed_on"])
    came = session.app.timekeeper.correct_date(
        session.me,
        _number(session, item),
        formed_on=formed_on,
        basis=FormedOnBasis(given["basis"]),
        reason=given["reason"],
        key=given["idempotency_key"],
        dry_run=given["dry_run"],
    )

    def show(printer: Printer) -> None:
        introduce(printer, came)
        printer.line(
            Cell(str(came["item"]), "bold"), f"  {came['from'] or '—'} → {came['formed_on']}"
        )
        _show_clocks(session, printer, came)

    return Answer(came, show)


def _show_clocks(session: Session, printer: Printer, came: dict[str, Any]) -> None:
    for row in came["clocks"]:
        moved = f"{row['from']} → {row['due']}" if "from" in row else str(row["due"])
        printer.line(
            "  ",
            session.label("clock", row["clock"]),
            "  ",
            session.label("clock_event", row["did"]),
            f"  {moved}",
        )


@command("pause")
@argument("item")
@argument("clock")
@option("--reason", required=True, metavar="TEXT")
@changing
def clock_pause(session: Session, item: str, clock: str, **given: Any) -> Answer:
    """Let a clock rest, where its rule allows it."""
    came = session.app.timekeeper.pause(
        session.me,
        _number(session, item),
        clock.replace("-", "_"),
        reason=given["reason"],
        key=given["idempotency_key"],
        dry_run=given["dry_run"],
    )
    return Answer(came, lambda printer: _show_paused(session, printer, came))


@command("resume")
@argument("item")
@argument("clock")
@changing
def clock_resume(session: Session, item: str, clock: str, **given: Any) -> Answer:
    """Let a clock run again."""
    came = session.app.timekeeper.resume(
        session.me,
        _number(session, item),
        clock.replace("-", "_"),
        key=given["idempotency_key"],
        dry_run=given["dry_run"],
    )
    return Answer(came, lambda printer: _show_paused(session, printer, came))


def _show_paused(session: Session, printer: Printer, came: dict[str, Any]) -> None:
    introduce(printer, came)
    printer.say(
        "clock.paused" if came["paused"] else "clock.runs",
        item=came["item"],
        clock=session.label("clock", came["clock"]),
    )
    _show_clocks(session, printer, {"clocks": [], **came})


@command("late-reason")
@argument("item")
@option("--reason", required=True, metavar="TEXT")
@changing
def late_reason(session: Session, item: str, **given: Any) -> Answer:
    """Say why a publication came after its last day."""
    came = session.app.timekeeper.give_late_reason(
        session.me,
        _number(session, item),
        reason=given["reason"],
        key=given["idempotency_key"],
        dry_run=given["dry_run"],
    )

    def show(printer: Printer) -> None:
        introduce(printer, came)
        printer.say("late_reason.noted", item=came["item"], due=came["late_since"])
        _show_clocks(session, printer, {"clocks": [], **came})

    return Answer(came, show)


calendar: Final = group(
    "calendar",
    calendar_show,
    calendar_check,
    calendar_apply,
    calendar_revert,
    calendar_history,
    calendar_due,
)
item: Final = group("item", item_correct_date)
clock: Final = group("clock", clock_pause, clock_resume)
COMMANDS: Final = (calendar, item, clock, late_reason)
