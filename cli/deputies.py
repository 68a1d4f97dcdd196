"""Who stands in for whom, and for whom a rule is lifted: delegations and waivers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast

import click

from cli.commands import Coded, DefaultGroup, argument, changing, command, option, parsed_date
from cli.output import Answer, Cell
from cli.views import outcome
from workflow.guards import Role

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from cli.output import Printer
    from cli.session import Session

_ROLE: Final = Coded(role.value for role in Role)
_STYLES: Final = {"open": "green", "over": "dim"}


@command("give")
@argument("principal")
@argument("deputy")
@option("--from", "from_on", metavar="YYYY-MM-DD")
@option("--until", "until_on", metavar="YYYY-MM-DD", required=True)
@option("--reason", metavar="TEXT", required=True)
@option("--role", type=_ROLE, metavar="ROLE")
@option("--body", metavar="CODE|NAME")
@changing
def delegate_give(session: Session, principal: str, deputy: str, **given: Any) -> Answer:
    """Have somebody stand in for a person who is away."""
    came = session.app.delegations.give(
        session.me,
        principal,
        deputy,
        from_on=parsed_date(given["from_on"], name="from"),
        until_on=cast("date", parsed_date(given["until_on"], name="until")),
        reason=given["reason"],
        role=Role(given["role"]) if given["role"] else None,
        body=given["body"],
        key=given["idempotency_key"],
        dry_run=given["dry_run"],
    )

    def show(printer: Printer) -> None:
        about = {name: came[name] for name in ("delegation", "from", "until")}
        people = {
            name: session.text("in_brackets", value=came[f"{name}_name"], note=came[name])
            for name in ("principal", "deputy")
        }
        said = session.text("delegate.given", **people, **about)
        printer.line(outcome(session, came, said))

    return Answer(came, show)


@command("list")
@option("--closed", is_flag=True)
def delegate_list(session: Session, *, closed: bool) -> Answer:
    """List who stands in for whom."""
    rows = session.app.delegations.every(session.me, closed=closed)

    def show(printer: Printer) -> None:
        if not rows:
            printer.say("delegate.none")
            return
        names = ("number", "principal", "deputy", "what", "days", "state", "reason")
        printer.table(
            [session.text(f"delegate.{name}") for name in names],
            [
                (
                    str(row["delegation"]),
                    Cell(row["principal_name"], "bold"),
                    Cell(row["deputy_name"], "bold"),
                    _lent(session, row),
                    session.text(
                        "delegate.from_until", **{"from": row["from"]}, until=row["until"]
                    ),
                    Cell(
                        session.label("delegation_state", row["state"]),
                        _STYLES.get(row["state"]),
                    ),
                    row["reason"] or "—",
                )
                for row in rows
            ],
        )

    return Answer(rows, show)


def _lent(session: Session, row: Mapping[str, Any]) -> str:
    """Return which role is lent, or that all of them are."""
    if row["role"] is None:
        return session.text("delegate.all_roles")
    role = session.label("role", row["role"])
    return session.text("in_brackets", value=role, note=row["body_name"])


@command("end")
@argument("number", type=click.IntRange(1))
@changing
def delegate_end(session: Session, number: int, **given: Any) -> Answer:
    """End a delegation before its last day."""
    came = session.app.delegations.end(
        session.me, number, key=given["idempotency_key"], dry_run=given["dry_run"]
    )

    def show(printer: Printer) -> None:
        names = {name: came[name] for name in ("delegation", "principal", "deputy")}
        printer.line(outcome(session, came, session.text("delegate.was_ended", **names)))

    return Answer(came, show)


# -- waivers ----------------------------------------------------------------------------------


@command("give")
@argument("name")
@option("--own-text", is_flag=True)
@option("--two-stages", is_flag=True)
@option("--until", "until_on", metavar="YYYY-MM-DD", required=True)
@option("--reason", metavar="TEXT", required=True)
@changing
def waiver_give(session: Session, name: str, **given: Any) -> Answer:
    """Lift a rule of the separation of duties for a person, for some time."""
    came = session.app.waivers.give(
        session.me,
        name,
        own_text=given["own_text"],
        two_stages=given["two_stages"],
        until_on=cast("date", parsed_date(given["until_on"], name="until")),
        reason=given["reason"],
        key=given["idempotency_key"],
        dry_run=given["dry_run"],
    )

    def show(printer: Printer) -> None:
        person = session.text("in_brackets", value=came["display_name"], note=came["name"])
        said = session.text(
            "waiver.given",
            waiver=came["waiver"],
            person=person,
            until=came["until"],
            lifts=_lifts(session, came),
        )
        printer.line(outcome(session, came, said))

    return Answer(came, show)


@command("list")
@option("--closed", is_flag=True)
def waiver_list(session: Session, *, closed: bool) -> Answer:
    """List the waivers, and how often each was used."""
    rows = session.app.waivers.every(session.me, closed=closed)

    def show(printer: Printer) -> None:
        if not rows:
            printer.say("waiver.none")
            return
        names = ("number", "person", "lifts", "until", "state", "used", "by", "reason")
        printer.table(
            [session.text(f"waiver.{name}") for name in names],
            [
                (
                    str(row["waiver"]),
                    Cell(row["display_name"], "bold"),
                    _lifts(session, row),
                    str(row["until"]),
                    Cell(
                        session.label("delegation_state", row["state"]),
                        _STYLES.get(row["state"]),
                    ),
                    str(row["used"]),
                    row["given_by"],
                    row["reason"] or "—",
                )
                for row in rows
            ],
        )

    return Answer(rows, show)


def _lifts(session: Session, row: Mapping[str, Any]) -> str:
    """Return which rules a waiver lifts."""
    rules = [name for name in ("own_text", "two_stages") if row[name]]
    return session.text("joint").join(session.text(f"waiver.{name}") for name in rules)


@command("end")
@argument("number", type=click.IntRange(1))
@changing
def waiver_end(session: Session, number: int, **given: Any) -> Answer:
    """End a waiver before its last day."""
    came = session.app.waivers.end(
        session.me, number, key=given["idempotency_key"], dry_run=given["dry_run"]
    )

    def show(printer: Printer) -> None:
        said = session.text("waiver.was_ended", waiver=came["waiver"], name=came["name"])
        printer.line(outcome(session, came, said))

    return Answer(came, show)


delegate: Final = DefaultGroup(
    "delegate", commands=[delegate_give, delegate_list, delegate_end], add_help_option=False
)
waiver: Final = DefaultGroup(
    "waiver", commands=[waiver_give, waiver_list, waiver_end], add_help_option=False
)
COMMANDS: Final = (delegate, waiver)
