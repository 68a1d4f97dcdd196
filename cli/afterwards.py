"""What happens to an item after its publication: correcting it, taking it back and restoring it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from cli.commands import Coded, argument, changing, command, option, parsed_date
from cli.items import act_on, find
from cli.output import Failure
from cli.publisher import deliver_after
from workflow.guards import Wish
from workflow.machine import Action
from workflow.validity import Status

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import TypeVar

    from cli.output import Answer
    from cli.session import Session

    _F = TypeVar("_F", bound=Callable[..., Any])

_items: Final = argument("items", nargs=-1, required=True, metavar="ITEM...")


def _public(function: _F) -> _F:
    """Declare what every command about public items takes."""
    return _items(option("--seen", metavar="DIGEST")(changing(function)))


@command("correct")
@argument("item")
@option("--change-note", metavar="TEXT")
@option("--changed-on", metavar="YYYY-MM-DD")
@option("--seen", metavar="DIGEST")
@changing
def correct(
    session: Session,
    item: str,
    change_note: str | None,
    changed_on: str | None,
    **given: Any,
) -> Answer:
    """Open the next edition of what is public, as a draft with its text."""
    day = parsed_date(changed_on, name="changed_on")

    def act(number: int, seen: int | str, key: str | None) -> dict[str, Any]:
        return session.app.service.correct(
            number,
            session.me,
            change_note=change_note,
            changed_on=day,
            seen=seen,
            key=key,
            dry_run=given["dry_run"],
        )

    def note(came: dict[str, Any]) -> str:
        return session.text(
            "correct.opened",
            edition=came["edition"],
            item=came["item"],
            corrects=came["corrects"],
        )

    if item == "-":
        raise Failure("one_item_only")
    return act_on(session, [item], act, seen=given["seen"], key=given["idempotency_key"], note=note)


@command("retract")
@option("--explanation", metavar="TEXT")
@_public
def retract(
    session: Session, items: Sequence[str], explanation: str | None, **given: Any
) -> Answer:
    """Ask that what is public be taken back, or why it was be said in other words."""
    return deliver_after(session, items, Action.RETRACT, given, Wish(explanation=explanation))


@command("confirm-retraction")
@_public
def confirm_retraction(session: Session, items: Sequence[str], **given: Any) -> Answer:
    """Take back what somebody else asked to be."""
    return deliver_after(session, items, Action.CONFIRM_RETRACTION, given, Wish())


@command("restore")
@option("--reason", metavar="TEXT")
@_public
def restore(session: Session, items: Sequence[str], reason: str | None, **given: Any) -> Answer:
    """Ask that what was taken back be public again."""
    return deliver_after(session, items, Action.RESTORE, given, Wish(reason=reason))


@command("confirm-restoration")
@_public
def confirm_restoration(session: Session, items: Sequence[str], **given: Any) -> Answer:
    """Bring back what somebody else asked to be."""
    return deliver_after(session, items, Action.CONFIRM_RESTORATION, given, Wish())


@command("call-off")
@option("--reason", metavar="TEXT")
@_public
def call_off(session: Session, items: Sequence[str], reason: str | None, **given: Any) -> Answer:
    """Ask no longer for what nobody has confirmed yet."""
    return deliver_after(session, items, Action.CALL_OFF, given, Wish(reason=reason))


@command("validity")
@option("--status", type=Coded(status.value for status in Status))
@option("--basis", metavar="TEXT")
@option("--from", "from_on", metavar="YYYY-MM-DD")
@option("--replaced-by", multiple=True, metavar="ITEM")
@_public
def validity(session: Session, items: Sequence[str], **given: Any) -> Answer:
    """Ask that a public document be recorded as repealed, lapsed, amended or in force."""
    wish = Wish(
        validity=Status(given["status"]) if given["status"] else None,
        basis=given["basis"],
        from_on=parsed_date(given["from_on"], name="from"),
        replaced_by=tuple(find(session, each, reading=False) for each in given["replaced_by"]),
    )
    return deliver_after(session, items, Action.VALIDITY, given, wish)


@command("confirm-validity")
@_public
def confirm_validity(session: Session, items: Sequence[str], **given: Any) -> Answer:
    """Record what somebody else asked to be."""
    return deliver_after(session, items, Action.CONFIRM_VALIDITY, given, Wish())


COMMANDS: Final = (
    correct,
    retract,
    confirm_retraction,
    restore,
    confirm_restoration,
    call_off,
    validity,
    confirm_validity,
)
