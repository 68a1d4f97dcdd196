"""What a publisher does: let out what is cleared, and try again what did not arrive."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from cli.commands import argument, changing, command, option, parsed_instant
from cli.items import act_on
from workflow.errors import GongkaiError
from workflow.guards import CONFIRMING, Wish
from workflow.machine import Action, State
from workflow.messages import explain

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from cli.output import Answer
    from cli.session import Session
    from workflow.settings import Settings


_ASKED: Final = {
    Action.RETRACT: "asked.retraction",
    Action.RESTORE: "asked.restoration",
    Action.VALIDITY: "asked.validity",
    Action.PUBLISH_URGENTLY: "asked.urgent_publication",
}


def site_is_writable(settings: Settings) -> bool:
    """Tell whether this process can write the site: its directory is here and lets us."""
    if not settings.site_here:
        return False
    place: Path = settings.site
    while not place.exists():
        place = place.parent
    return place.is_dir() and os.access(place, os.W_OK | os.X_OK)


def _publish(
    session: Session, items: Sequence[str], action: Action, given: dict[str, Any], wish: Wish
) -> Answer:
    here = site_is_writable(session.settings)

    def act(number: int, seen: int | str, key: str | None) -> dict[str, Any]:
        came = session.app.service.perform(
            number, action, session.me, seen=seen, wish=wish, key=key, dry_run=given["dry_run"]
        )
        if given["dry_run"]:
            return came
        delivered = _delivered(session, number, came["index_number"], here=here)
        if here:
            _renew_others(session)
        return came | delivered

    def note(came: dict[str, Any]) -> str:
        if given["dry_run"]:
            return ""
        if came["delivery"] == "published":
            return session.text("joint").join(filter(None, (came["page"], owed(session, came))))
        if came.get("error"):
            return session.text("publish.put_off", problem=came["error"]["message"])
        return session.text("publish.queued")

    return act_on(session, items, act, seen=given["seen"], key=given["idempotency_key"], note=note)


def deliver_after(
    session: Session, items: Sequence[str], action: Action, given: dict[str, Any], wish: Wish
) -> Answer:
    """Do what happens to items after their publication; what changes their pages, writes them.

    What was only asked for says who confirms it.
    """

    def act(number: int, seen: int | str, key: str | None) -> dict[str, Any]:
        came = session.app.service.perform(
            number, action, session.me, seen=seen, wish=wish, key=key, dry_run=given["dry_run"]
        )
        if given["dry_run"] or action not in CONFIRMING:
            return came
        sent = rewritten(session, number, came["index_number"])
        if action is Action.CONFIRM_VALIDITY and site_is_writable(session.settings):
            _renew_others(session)
        return came | sent

    def note(came: dict[str, Any]) -> str:
        if action in _ASKED:
            return session.text(_ASKED[action], at=came["at"])
        return page_of(session, came)

    return act_on(session, items, act, seen=given["seen"], key=given["idempotency_key"], note=note)


def _renew_others(session: Session) -> None:
    """Write the pages anew that link to what has just changed, as a worker would."""
    # What cannot be done now the job does: what was asked for is done already.
    with suppress(GongkaiError):
        for came in session.app.service.renew_due():
            if "error" not in came:
                session.app.publisher.dispatch_item(came["item"])


def owed(session: Session, came: dict[str, Any]) -> str:
    """Say which stage is still to be made up for of what was published ahead of its review."""
    if "owed_stage" not in came:
        return ""
    if came["owed_stage"] is None:
        return session.text("review.made_up")
    return session.text("review.owed", stage=session.label("stage", came["owed_stage"]))


def rewritten(session: Session, number: int, index_number: str) -> dict[str, Any]:
    """Write the page of what is or was public anew if it is owed, and return what came of it."""
    here = site_is_writable(session.settings)
    sent = session.app.publisher.dispatch_item(number) if here else None
    page = str(session.app.website.page(index_number)) if here else None
    if sent is None or sent.error is None:
        waiting = {"owed", "leased"}
        deliveries = session.app.queries.show(session.me, number)["deliveries"]
        if any(each["status"] in waiting for each in deliveries):
            return {"delivery": "queued", "page": None}
        return {"delivery": "done", "page": page}
    (problem,) = explain(sent.error, session.language)
    return {"delivery": sent.result, "page": None, "error": problem}


def page_of(session: Session, came: dict[str, Any]) -> str:
    """Say where the page is that was written anew, or that it is still to be."""
    if came.get("error"):
        return session.text("publish.put_off", problem=came["error"]["message"])
    if "delivery" in came:
        return str(came["page"] or session.text("publish.queued"))
    return ""


def _delivered(session: Session, number: int, index_number: str, *, here: bool) -> dict[str, Any]:
    """Send what is owed for the item, as a worker would, and return what came of it."""
    sent = session.app.publisher.dispatch_item(number) if here else None
    shown = session.app.queries.show(session.me, number)
    now = {
        "state": shown["state"],
        "stage": shown["stage"],
        "version": shown["version"],
        "at": shown["at"],
        "published_at": shown["published_at"],
    }
    if shown["state"] == State.PUBLISHED:
        page = str(session.app.website.page(index_number)) if here else None
        return now | {"delivery": "published", "page": page}
    if sent is None or sent.error is None:
        return now | {"delivery": "queued", "page": None}
    (problem,) = explain(sent.error, session.language)
    return now | {"delivery": sent.result, "page": None, "error": problem}


@command("publish")
@argument("items", nargs=-1, required=True, metavar="ITEM...")
@option("--at", metavar="INSTANT")
@option("--late-reason", metavar="TEXT")
@option("--seen", metavar="DIGEST")
@changing
def publish(session: Session, items: Sequence[str], **given: Any) -> Answer:
    """Publish what is cleared, now or at an instant to come."""
    if given["at"] is not None:
        return _schedule(session, items, given)
    wish = Wish(late_reason=given["late_reason"])
    return _publish(session, items, Action.PUBLISH, given, wish)


def _schedule(session: Session, items: Sequence[str], given: dict[str, Any]) -> Answer:
    at = parsed_instant(given["at"], name="at")

    def act(number: int, seen: int | str, key: str | None) -> dict[str, Any]:
        return session.app.service.schedule(
            number,
            session.me,
            at,
            seen=seen,
            late_reason=given["late_reason"],
            key=key,
            dry_run=given["dry_run"],
        )

    def note(came: dict[str, Any]) -> str:
        return session.text("publish.scheduled", at=came["publish_at"])

    return act_on(session, items, act, seen=given["seen"], key=given["idempotency_key"], note=note)


@command("retry")
@argument("items", nargs=-1, required=True, metavar="ITEM...")
@option("--seen", metavar="DIGEST")
@changing
def retry(session: Session, items: Sequence[str], **given: Any) -> Answer:
    """Publish again what could not be delivered."""
    return _publish(session, items, Action.RETRY, given, Wish())


@command("publish-urgently")
@argument("items", nargs=-1, required=True, metavar="ITEM...")
@option("--reason", metavar="TEXT")
@option("--seen", metavar="DIGEST")
@changing
def publish_urgently(
    session: Session, items: Sequence[str], reason: str | None, **given: Any
) -> Answer:
    """Ask that something be published ahead of its review."""
    return deliver_after(session, items, Action.PUBLISH_URGENTLY, given, Wish(reason=reason))


@command("confirm-urgent-publication")
@argument("items", nargs=-1, required=True, metavar="ITEM...")
@option("--late-reason", metavar="TEXT")
@option("--seen", metavar="DIGEST")
@changing
def confirm_urgent_publication(session: Session, items: Sequence[str], **given: Any) -> Answer:
    """Publish ahead of its review what somebody else asked to be."""
    wish = Wish(late_reason=given["late_reason"])
    return _publish(session, items, Action.CONFIRM_URGENT_PUBLICATION, given, wish)


COMMANDS: Final = (publish, retry, publish_urgently, confirm_urgent_publication)
