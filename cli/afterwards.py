"""What happens to an item after its publication: taking it back, and bringing it back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from cli.commands import argument, changing, command, option
from cli.publisher import deliver_after
from workflow.guards import Wish
from workflow.machine import Action

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


COMMANDS: Final = (retract, confirm_retraction, restore, confirm_restoration, call_off)
