"""What other bodies are asked before something is published, what they answer, who settles it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import click

from cli.commands import Coded, argument, changing, command, option, parsed_date
from cli.items import act_on, each
from cli.output import Answer
from cli.views import show_consultations
from workflow.coordination import Concern, Reply, Settlement

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import TypeVar

    from cli.output import Printer
    from cli.session import Session

    _F = TypeVar("_F", bound=Callable[..., Any])

_items: Final = argument("items", nargs=-1, required=True, metavar="ITEM...")


def _numbered(function: _F) -> _F:
    """Declare which of several questions about an item is meant."""
    return option("--consultation", "number", type=click.IntRange(1), metavar="NUMBER")(function)


@command("consult")
@_items
@option("--body", metavar="CODE|NAME")
@option("--outside", metavar="NAME")
@option("--question", metavar="TEXT", default="")
@option("--due", metavar="YYYY-MM-DD")
@option("--joint", is_flag=True)
@option("--blocking/--advisory", default=True)
@option("--seen", metavar="DIGEST")
@changing
def consult(
    session: Session, items: Sequence[str], due: str | None, *, joint: bool, **given: Any
) -> Answer:
    """Ask another body before something is published."""
    due_on = parsed_date(due, name="due")

    def act(number: int, seen: int | str, key: str | None) -> dict[str, Any]:
        return session.app.consulting.ask(
            number,
            session.me,
            question=given["question"],
            body=given["body"],
            outside=given["outside"],
            concern=Concern.JOINT_MAKING if joint else Concern.CONCERNED,
            blocking=given["blocking"],
            due_on=due_on,
            seen=seen,
            key=key,
            dry_run=given["dry_run"],
        )

    def note(came: dict[str, Any]) -> str:
        kind = "blocking" if came["blocking"] else "advisory"
        words = [
            session.text(f"consult.{kind}", body=came["body"], number=came["consultation"]),
            session.text(f"consult.{came['silence']}", due=came["due_on"]),
        ]
        return session.text("joint").join(words)

    return act_on(session, items, act, seen=given["seen"], key=given["idempotency_key"], note=note)


@command("reply")
@_items
@option("--answer", type=Coded(Reply), required=True)
@option("--text", metavar="TEXT")
@_numbered
@option("--on", "replied_on", metavar="YYYY-MM-DD")
@option("--reference", metavar="TEXT")
@option("--seen", metavar="DIGEST")
@changing
def reply(
    session: Session, items: Sequence[str], answer: str, replied_on: str | None, **given: Any
) -> Answer:
    """Answer for the body that was asked."""
    day = parsed_date(replied_on, name="replied_on")

    def act(item: int, seen: int | str, key: str | None) -> dict[str, Any]:
        return session.app.consulting.reply(
            item,
            session.me,
            answer=Reply(answer),
            text=given["text"],
            number=given["number"],
            replied_on=day,
            reference=given["reference"],
            seen=seen,
            key=key,
            dry_run=given["dry_run"],
        )

    return act_on(
        session,
        items,
        act,
        seen=given["seen"],
        key=given["idempotency_key"],
        note=_note(session, "reply"),
    )


@command("settle")
@_items
@option("--outcome", type=Coded(Settlement), required=True)
@option("--text", metavar="TEXT")
@_numbered
@option("--seen", metavar="DIGEST")
@changing
def settle(session: Session, items: Sequence[str], outcome: str, **given: Any) -> Answer:
    """Decide what two bodies do not agree on."""

    def act(item: int, seen: int | str, key: str | None) -> dict[str, Any]:
        return session.app.consulting.settle(
            item,
            session.me,
            outcome=Settlement(outcome),
            text=given["text"],
            number=given["number"],
            seen=seen,
            key=key,
            dry_run=given["dry_run"],
        )

    return act_on(
        session,
        items,
        act,
        seen=given["seen"],
        key=given["idempotency_key"],
        note=_note(session, "settlement"),
    )


@command("withdraw-consultation")
@_items
@option("--reason", metavar="TEXT")
@_numbered
@changing
def withdraw_consultation(
    session: Session, items: Sequence[str], reason: str | None, **given: Any
) -> Answer:
    """Ask no longer what nobody has answered."""

    def act(item: int, key: str | None) -> dict[str, Any]:
        return session.app.consulting.withdraw(
            item,
            session.me,
            reason=reason,
            number=given["number"],
            key=key,
            dry_run=given["dry_run"],
        )

    return each(
        session, items, act, key=given["idempotency_key"], note=_note(session, "withdrawal")
    )


@command("consultations")
@option("--limit", metavar="NUMBER", type=click.IntRange(1), default=200, show_default=True)
def consultations(session: Session, limit: int) -> Answer:
    """List what other bodies were asked and is not done with."""
    rows = session.app.queries.consultations(session.me, limit=limit)

    def show(printer: Printer) -> None:
        if rows:
            show_consultations(session, printer, rows)
        else:
            printer.say("consultation.none")

    return Answer(rows, show)


def _note(session: Session, said: str) -> Callable[[dict[str, Any]], str]:
    def note(came: dict[str, Any]) -> str:
        facts = {"number": came["consultation"], "body": came["body"] or "—"}
        if said == "withdrawal":
            return session.text("consultation.withdrawn", **facts)
        return session.text("consultation.said", **facts, said=session.label(said, came[said]))

    return note


COMMANDS: Final = (consult, reply, settle, withdraw_consultation, consultations)
