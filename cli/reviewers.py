"""What those do who hold a stage: sign off, seal, review, approve, and return."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from cli.commands import Coded, argument, changing, command, option, parsed_date
from cli.items import act_on
from cli.publisher import owed, page_of, rewritten
from workflow.guards import Wish
from workflow.machine import Action

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import TypeVar

    from cli.output import Answer
    from cli.session import Session

    _F = TypeVar("_F", bound=Callable[..., Any])

_CONCLUSIONS: Final = {
    "disclose": Action.REVIEW_DISCLOSE,
    "disclose_in_part": Action.REVIEW_DISCLOSE_IN_PART,
    "on_request_only": Action.REVIEW_ON_REQUEST_ONLY,
    "withhold": Action.REVIEW_WITHHOLD,
    "refer": Action.REVIEW_REFER,
}


def _items(function: _F) -> _F:
    """Declare the items that a deciding verb is about."""
    return argument("items", nargs=-1, required=True, metavar="ITEM...")(function)


def _deciding(function: _F) -> _F:
    """Declare what every deciding verb takes: what was seen, and how it is to be done."""
    return option("--seen", metavar="DIGEST")(changing(function))


def _decide(
    session: Session, items: Sequence[str], action: Action, given: dict[str, Any], **said: Any
) -> Answer:
    wish = Wish(**said)

    def act(number: int, seen: int | str, key: str | None) -> dict[str, Any]:
        came = session.app.service.perform(
            number, action, session.me, seen=seen, wish=wish, key=key, dry_run=given["dry_run"]
        )
        if given["dry_run"] or came.get("owed_stage", action):
            return came
        # With the last stage that was owed its page no longer says that one is.
        return came | rewritten(session, number, came["index_number"])

    def note(came: dict[str, Any]) -> str:
        notes = (decided(came), owed(session, came), page_of(session, came))
        return session.text("joint").join(filter(None, notes))

    def decided(came: dict[str, Any]) -> str:
        if "register_number" in came:
            return session.text("decision.register", value=came["register_number"])
        if "outcome" in came:
            outcome = session.label("outcome", came["outcome"])
            return session.text("decision.proposed", outcome=outcome)
        return ""

    return act_on(session, items, act, seen=given["seen"], key=given["idempotency_key"], note=note)


@command("sign-off")
@_items
@option("--reason", metavar="TEXT")
@_deciding
def sign_off(session: Session, items: Sequence[str], reason: str | None, **given: Any) -> Answer:
    """Agree, as the holder of an opinion or sign-off stage."""
    return _decide(session, items, Action.SIGN_OFF, given, reason=reason)


@command("seal")
@_items
@option("--register-number", metavar="NUMBER")
@_deciding
def seal(
    session: Session, items: Sequence[str], register_number: str | None, **given: Any
) -> Answer:
    """Set the department's seal under what was signed off."""
    return _decide(session, items, Action.SEAL, given, register_number=register_number)


@command("review")
@_items
@option("--conclusion", type=Coded(_CONCLUSIONS), required=True)
@option("--ground", metavar="CODE")
@option("--reason", metavar="TEXT")
@option("--found", metavar="QUESTION", multiple=True)
@option("--redact", metavar="TEXT", multiple=True)
@option("--reassess-on", metavar="YYYY-MM-DD")
@option("--question", metavar="TEXT")
@option("--addressee", metavar="BODY")
@_deciding
def review(session: Session, items: Sequence[str], conclusion: str, **given: Any) -> Answer:
    """Conclude the confidentiality review."""
    return _decide(
        session,
        items,
        _CONCLUSIONS[conclusion],
        given,
        ground=given["ground"],
        reason=given["reason"],
        found=tuple(code.replace("-", "_") for code in given["found"]),
        redactions=given["redact"],
        reassess_on=parsed_date(given["reassess_on"], name="reassess_on"),
        question=given["question"],
        addressee=given["addressee"],
    )


@command("answer")
@_items
@option("--answer", metavar="TEXT")
@option("--answered-on", metavar="YYYY-MM-DD")
@_deciding
def answer(
    session: Session,
    items: Sequence[str],
    answer: str | None,
    answered_on: str | None,
    **given: Any,
) -> Answer:
    """Record what the body answered to which an item was referred."""
    day = parsed_date(answered_on, name="answered_on")
    return _decide(session, items, Action.ANSWER, given, answer=answer, answered_on=day)


@command("approve")
@_items
@option("--reason", metavar="TEXT")
@_deciding
def approve(session: Session, items: Sequence[str], reason: str | None, **given: Any) -> Answer:
    """Pass the final review."""
    return _decide(session, items, Action.APPROVE, given, reason=reason)


@command("return")
@_items
@option("--to", metavar="draft|STAGE")
@option("--code", metavar="CODE")
@option("--reason", metavar="TEXT")
@_deciding
def return_(
    session: Session,
    items: Sequence[str],
    to: str | None,
    code: str | None,
    reason: str | None,
    **given: Any,
) -> Answer:
    """Send items back, with a coded reason and one in words."""
    return _decide(
        session,
        items,
        Action.RETURN,
        given,
        to=to.replace("-", "_") if to else None,
        reason_code=code.replace("-", "_") if code else None,
        reason=reason,
    )


@command("reopen")
@_items
@option("--reason", metavar="TEXT")
@option("--not-duplicate", metavar="REASON")
@_deciding
def reopen(session: Session, items: Sequence[str], **given: Any) -> Answer:
    """Take up again what ended without publication."""
    said = {name: given[name] for name in ("reason", "not_duplicate")}
    return _decide(session, items, Action.REOPEN, given, **said)


COMMANDS: Final = (sign_off, seal, review, answer, approve, return_, reopen)
