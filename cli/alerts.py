"""What one is told, and by which way: alerts, acknowledging them, addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from cli.commands import (
    Coded,
    DefaultGroup,
    Number,
    argument,
    changing,
    command,
    group,
    option,
    parsed_date,
)
from cli.items import find, parts
from cli.output import Answer, Cell, Failure, moment
from cli.views import count, outcome
from workflow.messages import LANGUAGES

if TYPE_CHECKING:
    from cli.output import Printer
    from cli.session import Session

DEFAULT_LIMIT: Final = 50
_PAGE: Final = 5000
_KINDS: Final = ("deadline", "notice", "operations")
_PACES: Final = ("at_once", "daily")
_COLOURS: Final = {"overdue": "red", "due_today": "yellow", "operations": "red"}


# -- alerts -----------------------------------------------------------------------------------


@command("list")
@option("--all", "everybodys", is_flag=True)
@option("--closed", is_flag=True)
@option("--kind", type=Coded(_KINDS))
@option("--item", metavar="ITEM")
@option("--limit", type=Number(1, _PAGE), default=DEFAULT_LIMIT, show_default=True)
@option("--offset", type=Number(0), default=0, show_default=True)
def alerts_list(
    session: Session,
    *,
    everybodys: bool,
    closed: bool,
    kind: str | None,
    item: str | None,
    limit: int,
    offset: int,
) -> Answer:
    """List what one was told and has not acknowledged."""
    page = session.app.alert_board.alerts(
        session.me,
        everybodys=everybodys,
        closed=closed,
        kind=kind,
        item=None if item is None else find(session, parts(item)[0], reading=True),
        limit=limit,
        offset=offset,
    )
    data = {"alerts": list(page.rows), "total": page.total}

    def show(printer: Printer) -> None:
        if not page.rows:
            printer.say("alerts.empty")
            return
        names = ("alert", "urgency", "item", "says", "raised", "recipient")
        headings = [session.text(f"alerts.{name}") for name in names[: None if everybodys else 5]]
        rows = [_row(session, row)[: len(headings)] for row in page.rows]
        printer.table(headings, rows, caption=count(session, len(rows) + offset, page.total))

    return Answer(data, show)


def _row(session: Session, row: dict[str, Any]) -> tuple[Cell, ...]:
    urgency = row["urgency"]
    named = session.text(f"alerts.urgency.{urgency}") if urgency else ""
    item = "" if row["item"] is None else str(row["item"])
    if row["index_number"]:
        item += f"  {row['index_number']}"
    return (
        Cell(str(row["alert"]), "bold"),
        Cell(named, _COLOURS.get(urgency or "")),
        Cell(item),
        Cell(str(row["says"][session.language])),
        Cell(moment(row["raised_at"])),
        Cell(str(row["recipient"] or "")),
    )


def _done(session: Session, came: dict[str, Any], key: str, **facts: Any) -> Answer:
    """Return what a change came to, in a sentence."""

    def show(printer: Printer) -> None:
        printer.line(outcome(session, came, session.text(key, **facts)))

    return Answer(came, show)


@command("ack")
@argument("alerts", nargs=-1, type=Number(1), metavar="[ALERT]...")
@option("--item", metavar="ITEM")
@changing
def alerts_ack(session: Session, alerts: tuple[int, ...], item: str | None, **given: Any) -> Answer:
    """Say that one knows."""
    if bool(alerts) == (item is not None):
        raise Failure("alerts_or_item")
    came = session.app.alert_board.acknowledge(
        session.me,
        alerts,
        item=None if item is None else find(session, parts(item)[0], reading=False),
        key=given["idempotency_key"],
        dry_run=given["dry_run"],
    )
    done, before = len(came["acknowledged"]), len(came["before"])
    return _done(session, came, "alerts.acknowledged", count=done, before=before)


@command("snooze")
@argument("item")
@option("--until", required=True, metavar="YYYY-MM-DD")
@option("--reason", required=True, metavar="TEXT")
@option("--clock", metavar="CLOCK")
@changing
def alerts_snooze(
    session: Session, item: str, until: str, reason: str, clock: str | None, **given: Any
) -> Answer:
    """Let one's reminders about an item wait."""
    day = parsed_date(until, name="until")
    if day is None:
        raise RuntimeError(until)
    came = session.app.alert_board.snooze(
        session.me,
        find(session, parts(item)[0], reading=False),
        day,
        reason=reason,
        clock=clock.replace("-", "_") if clock else None,
        key=given["idempotency_key"],
        dry_run=given["dry_run"],
    )
    clocks = session.text("joint").join(session.label("clock", each) for each in came["clocks"])
    return _done(
        session, came, "alerts.snoozed", item=came["item"], until=came["until"], clocks=clocks
    )


# -- addresses --------------------------------------------------------------------------------


@command("show")
@argument("name", required=False, metavar="[NAME]")
@option("--body", metavar="CODE|NAME")
def contact_show(session: Session, name: str | None, body: str | None) -> Answer:
    """Show where somebody is reached."""
    came = session.app.contacts.show(session.me, user=_one(name, body), body=body)

    def show(printer: Printer) -> None:
        if not came["contacts"]:
            printer.say("contact.none")
        else:
            headings = [session.text(f"contact.{each}") for each in ("channel", "address", "since")]
            rows = [
                (
                    Cell(session.label("channel", row["channel"]), "bold"),
                    Cell(str(row["address"])),
                    Cell(moment(row["since"])),
                )
                for row in came["contacts"]
            ]
            printer.table(headings, rows)
        if came["notices"]:
            printer.say(f"contact.notices_{came['notices']}")
        if came["language"]:
            printer.say(f"contact.language_{came['language']}", name=came["account"])

    return Answer(came, show)


def _one(user: str | None, body: str | None) -> str | None:
    if user is not None and body is not None:
        raise Failure("user_or_body")
    return user


@command("set")
@argument("channel")
@argument("address")
@option("--user", metavar="NAME")
@option("--body", metavar="CODE|NAME")
@changing
def contact_set(
    session: Session,
    channel: str,
    address: str,
    *,
    user: str | None,
    body: str | None,
    **given: Any,
) -> Answer:
    """Set where somebody is reached."""
    if address == "-":
        # What stands among the arguments is seen by whoever lists the processes.
        (address,) = session.read_password_lines(1)
    came = session.app.contacts.put(
        session.me,
        channel,
        address,
        user=_one(user, body),
        body=body,
        key=given["idempotency_key"],
        dry_run=given["dry_run"],
    )
    named = session.label("channel", channel)
    return _done(session, came, "contact.set", channel=named, address=came["address"])


@command("remove")
@argument("channel")
@option("--user", metavar="NAME")
@option("--body", metavar="CODE|NAME")
@changing
def contact_remove(
    session: Session, channel: str, *, user: str | None, body: str | None, **given: Any
) -> Answer:
    """Let a channel reach somebody no more."""
    came = session.app.contacts.remove(
        session.me,
        channel,
        user=_one(user, body),
        body=body,
        key=given["idempotency_key"],
        dry_run=given["dry_run"],
    )
    named = session.label("channel", channel)
    return _done(session, came, "contact.removed", channel=named)


@command("notices")
@argument("pace", type=Coded(_PACES))
@changing
def contact_notices(session: Session, pace: str, **given: Any) -> Answer:
    """Have one's notices sent at once or once a day."""
    came = session.app.contacts.pace(
        session.me, pace, key=given["idempotency_key"], dry_run=given["dry_run"]
    )
    return _done(session, came, f"contact.notices_{came['notices']}")


@command("language")
@argument("language", type=Coded(LANGUAGES))
@option("--user", metavar="NAME")
@changing
def contact_language(session: Session, language: str, *, user: str | None, **given: Any) -> Answer:
    """Have somebody written to in a language."""
    came = session.app.contacts.language(
        session.me, language, user=user, key=given["idempotency_key"], dry_run=given["dry_run"]
    )
    return _done(session, came, f"contact.language_{came['language']}", name=came["account"])


@command("test")
@argument("channel")
def contact_test(session: Session, channel: str) -> Answer:
    """Send oneself a message now."""
    came = session.app.contacts.test(session.me, channel)
    named = session.label("channel", channel)
    return _done(session, came, "contact.tested", channel=named, address=came["address"])


alerts: Final = DefaultGroup(
    "alerts", commands=[alerts_list, alerts_ack, alerts_snooze], add_help_option=False
)
contact: Final = group(
    "contact",
    contact_show,
    contact_set,
    contact_remove,
    contact_notices,
    contact_language,
    contact_test,
)
COMMANDS: Final = (alerts, contact)
