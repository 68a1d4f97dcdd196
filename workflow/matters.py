"""What an alert is about, as it stands now: whether it is still true, and whom it may be told.

An alert was true when it was raised. Between then and now the item may have moved on, the clock may
have been met, the recipient may have lost the role. Whoever sends, and whoever lists, asks here.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import String, and_, cast, exists, func, literal_column, or_, select

from workflow.boards import desk_of, desk_title
from workflow.consultations import answers_for, consultation, newest, on_record, unanswered
from workflow.deadlines import Kind, working_days_left
from workflow.digests import Entry, Urgency
from workflow.guards import Role
from workflow.ladder import GROUPS, Audience
from workflow.machine import PUBLIC_ONCE, StageKind, State
from workflow.models import (
    Account,
    Alert,
    AlertKind,
    Body,
    Deadline,
    DeadlinePause,
    Decision,
    Handover,
    Item,
    ItemAuthor,
    ItemReader,
    Snooze,
    table,
)
from workflow.scene import may_see, receives_at

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from workflow.guards import Actor
    from workflow.messages import Language
    from workflow.policy import Policy
    from workflow.working_days import Calendar

CORRECTED: Final = "corrected"
"""The rung, and the event, that takes back an overdue that was none."""
BEFORE: Final = "T-"
"""How the rungs begin that come before the last day is past."""
_RESET: Final = "password_reset"
INBOX: Final = "inbox"
"""The notice that something waits, which is over when the item moves on."""

alert, deadline, item = table(Alert), table(Deadline), table(Item)
_body, _pause, _snooze = table(Body), table(DeadlinePause), table(Snooze)
_author, _reader, _decision = table(ItemAuthor), table(ItemReader), table(Decision)
_handover = table(Handover)
_account, _room = table(Account), _body.alias("room")

# In the statement itself, for what is bound here would be a list of texts.
_COMMA: Final[Any] = literal_column("','")

SOURCE: Final = (
    alert.outerjoin(deadline, deadline.c.id == alert.c.deadline_id)
    .outerjoin(item, item.c.id == alert.c.item_id)
    .outerjoin(_body, _body.c.id == item.c.body_id)
)
SNOOZED_UNTIL: Final = (
    select(_snooze.c.until)
    .where(
        _snooze.c.account_id == alert.c.account_id,
        _snooze.c.deadline_id == alert.c.deadline_id,
        _snooze.c.rev == alert.c.rev,
    )
    .order_by(_snooze.c.id.desc())
    .limit(1)
    .scalar_subquery()
)
_WROTE: Final = exists().where(
    _author.c.item_id == alert.c.item_id, _author.c.account_id == alert.c.account_id
)
_DECIDED_ELSEWHERE: Final = exists().where(
    _decision.c.item_id == alert.c.item_id,
    _decision.c.actor_id == alert.c.account_id,
    _decision.c.round == item.c.round,
    _decision.c.positive.is_(True),
    _decision.c.stage != func.coalesce(item.c.stage, item.c.owed_stage, ""),
    # Who passed the final review may publish.
    or_(item.c.stage.is_not(None), _decision.c.kind != StageKind.FINAL_REVIEW),
)
COLUMNS: Final = (
    *(
        alert.c[name]
        for name in (
            "id", "key", "kind", "event", "role", "account_id", "body_id", "channel", "item_id",
            "deadline_id", "rev", "rung", "day", "late", "facts", "raised_at", "status",
            "settled_at", "why", "acknowledged_at",
        )
    ),
    *(
        deadline.c[name].label(label)
        for name, label in (
            ("rev", "rev_now"), ("due_on", "due_on"), ("clock", "clock"), ("met_on", "met_on"),
            ("voided_at", "voided_at"),
        )
    ),
    *(
        item.c[name].label(label)
        for name, label in (
            ("version", "version"), ("index_number", "index_number"), ("title", "title"),
            ("state", "state"), ("stage", "stage"), ("owed_stage", "owed_stage"),
            ("restricted", "restricted"),
            ("reached", "reached"), ("body_id", "item_body_id"),
            ("policy_digest", "policy_digest"),
        )
    ),
    _body.c.code.label("body_code"),
    _body.c.name.label("body_name"),
    exists()
    .where(_pause.c.deadline_id == alert.c.deadline_id, _pause.c.ended_on.is_(None))
    .label("paused"),
    _WROTE.label("wrote"),
    _DECIDED_ELSEWHERE.label("decided_elsewhere"),
    or_(
        _WROTE,
        exists().where(
            _reader.c.item_id == alert.c.item_id, _reader.c.account_id == alert.c.account_id
        ),
    ).label("named"),
    select(func.aggregate_strings(cast(_handover.c.point_id, String), _COMMA))
    .where(
        _handover.c.item_id == alert.c.item_id,
        _handover.c.digest == item.c.digest,
        _handover.c.approved_at.is_(None),
    )
    .scalar_subquery()
    .label("handed"),
    select(func.aggregate_strings(cast(consultation.c.body_id, String), _COMMA))
    .where(
        consultation.c.item_id == alert.c.item_id,
        or_(
            and_(item.c.restricted.is_(False), on_record),
            and_(item.c.restricted.is_(True), unanswered),
        ),
    )
    .scalar_subquery()
    .label("consulted"),
    exists()
    .where(consultation.c.item_id == alert.c.item_id, unanswered, newest)
    .label("unanswered"),
    SNOOZED_UNTIL.label("snoozed_until"),
)  # fmt: skip
"""All that the functions here look at, selected from :data:`SOURCE`."""
RECIPIENT: Final = func.coalesce(
    select(_account.c.display_name).where(_account.c.id == alert.c.account_id).scalar_subquery(),
    select(_room.c.name).where(_room.c.id == alert.c.body_id).scalar_subquery(),
).label("recipient")
"""The name of whom an alert is for, for lists of everybody's."""
_DECIDES: Final[Mapping[StageKind, str]] = {
    StageKind.OPINION: "sign-off",
    StageKind.SIGN_OFF: "sign-off",
    StageKind.SEAL: "seal",
    StageKind.CONFIDENTIALITY_REVIEW: "review",
    StageKind.FINAL_REVIEW: "approve",
}
_GOES_ON: Final[Mapping[State, str]] = {
    State.DRAFT: "submit",
    State.REFERRED: "answer",
    State.CLEARED: "publish",
    State.PUBLICATION_FAILED: "retry",
    State.PUBLISHED: "deliver",
}
_LET_OUT: Final = frozenset({State.CLEARED, State.PUBLICATION_FAILED})
CONSULTED: Final = "consulted"
UNANSWERED: Final = frozenset({CONSULTED, "consultation_overdue"})
"""The notices that are over once every question about an item is answered."""
_AFTER: Final[Mapping[str, str]] = {
    CONSULTED: "reply",
    "returned": "submit",
    "reopened": "submit",
    "urged": "why",
    "retraction_asked": "confirm-retraction",
    "restoration_asked": "confirm-restoration",
    "validity_asked": "confirm-validity",
    "urgent_publication_asked": "confirm-urgent-publication",
    "publication_failed": "retry",
    "publication_held": "publish",
    "password_reset": "password",
    "duty_given": "inbox",
    "duty_taken": "inbox",
    "deputy_named": "inbox",
    "deputy_ended": "inbox",
    "principal_named": "delegate list",
    "principal_ended": "inbox",
    "test": "contact show",
}
"""What to do after an event, where it is not to look at the item."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """Whom a message goes to: a person as they are now, or the room of a body (``None``)."""

    actor: Actor | None
    language: Language


def outdated(row: Any, *, today: date) -> str | None:
    """Return why an alert is no longer true, or ``None``."""
    if row.kind is AlertKind.NOTICE:
        if row.event == INBOX:
            facts = json.loads(row.facts)
            here = row.state, row.stage or _owed_stage(row)
            if here != (facts.get("state"), facts.get("stage")):
                return "moved_on"
        return "answered" if row.event in UNANSWERED and not row.unanswered else None
    return None if row.kind is AlertKind.OPERATIONS else _clock_is_other(row, today)


def _clock_is_other(row: Any, today: date) -> str | None:
    overdue = row.due_on < today and row.met_on is None and row.voided_at is None
    if row.rung == CORRECTED:
        return "overdue_again" if overdue and not row.paused else None
    others = (
        ("met", row.met_on is not None),
        ("voided", row.voided_at is not None),
        ("moved", row.rev != row.rev_now),
        ("paused", row.paused),
        ("not_overdue", not overdue and not row.rung.startswith(BEFORE)),
    )
    return next((why for why, is_so in others if is_so), None)


def withheld_from(row: Any, recipient: Recipient, policy: Policy | None) -> str | None:
    """Return why an alert may not be told to its recipient (any more), or ``None``.

    ``policy`` is the item's. Deny by default: what the recipient may not see is not told (rule:
    reading), and a room is told of nothing restricted, because nobody knows who reads there.
    """
    actor = recipient.actor
    if actor is not None and not actor.enabled:
        return "account_disabled"
    if row.kind is AlertKind.OPERATIONS:
        return _role_lost(row, actor, policy)
    if row.item_id is None:
        return None
    if policy is None:
        return "not_visible"
    if actor is None:
        return "not_visible" if row.restricted and row.state not in PUBLIC_ONCE else None
    if not may_see(
        actor,
        policy,
        body_id=row.item_body_id,
        state=row.state,
        reached=row.reached,
        restricted=row.restricted,
        named=(actor.account_id,) if row.named else (),
        handed_to=_numbers(row.handed),
        consulted=any(
            answers_for(actor, body_id, restricted=row.restricted)
            for body_id in _numbers(row.consulted)
        ),
    ):
        return "not_visible"
    return _role_lost(row, actor, policy)


def _role_lost(row: Any, actor: Actor | None, policy: Policy | None) -> str | None:
    if actor is None or row.rung == CORRECTED:
        return None
    if row.role == Audience.DESK:
        # The desk is whoever can act where the item is now: who has passed it on is it no more.
        desk = desk_of(row, policy, reviewing=_reviews(row))["role"] if policy else ""
        if actor.holds(desk, row.item_body_id) or _gives_the_receipt(row, actor):
            return None
        return "not_at_the_desk"
    if row.role in GROUPS:
        return None if Role.SUPERVISOR in actor.roles else "role_lost"
    if row.role in _ROLES:
        if row.item_body_id is None:
            return None if row.role in actor.roles else "role_lost"
        return None if actor.holds(row.role, row.item_body_id) else "role_lost"
    return None


def _gives_the_receipt(row: Any, actor: Actor) -> bool:
    """Tell whether an item that is online lies at a reading point at which a person receives."""
    return row.state in PUBLIC_ONCE and bool(_numbers(row.handed) & receives_at(actor))


def _numbers(listed: str | None) -> set[int]:
    """Return the numbers that a database has strung together."""
    return {int(number) for number in (listed or "").split(",") if number}


_ROLES: Final = frozenset(role.value for role in Role)


def entry(
    row: Any,
    recipient: Recipient,
    policy: Policy | None,
    *,
    today: date,
    calendar: Calendar,
    titles: bool,
) -> Entry:
    """Return an alert as an entry of a digest, as things stand ``today``.

    Raises ``KeyError``, ``TypeError`` or ``ValueError`` for one whose facts make no sense.
    """
    facts = json.loads(row.facts)
    if not isinstance(facts, dict):
        raise TypeError(row.id)
    stage = ""
    if row.item_id is not None and policy is not None:
        named = facts.get("stage") if row.kind is AlertKind.NOTICE else None
        desk = desk_of(row, policy, reviewing=_reviews(row))
        stage = desk_title(named or desk["stage"], policy)[recipient.language]
    days = None
    if row.due_on is not None:
        days = working_days_left(row.due_on, today, calendar=calendar)
    return Entry(
        alert=row.id,
        urgency=urgency(row, today),
        event=_event(row, recipient, facts),
        item=row.item_id,
        index_number=row.index_number,
        title=row.title if titles and not row.restricted else None,
        stage=stage,
        clock=row.clock,
        due_on=row.due_on,
        days=days,
        act=_act(row, recipient, policy) if _is_own(row, recipient, facts) else None,
        group=row.role if row.role in GROUPS else None,
        restricted=bool(row.restricted),
        facts=facts,
    )


def _owed_stage(row: Any) -> str | None:
    """Return the stage that is to be made up for of what is public ahead of its review."""
    stage: str | None = row.owed_stage if row.state is State.PUBLISHED else None
    return stage


def _reviews(row: Any) -> bool:
    """Tell whether an alert is about the review that is owed and not about a clock of the law."""
    own = row.kind is AlertKind.NOTICE or row.clock == Kind.STAGE
    return own and _owed_stage(row) is not None


def _is_own(row: Any, recipient: Recipient, facts: Mapping[str, Any]) -> bool:
    """Tell whether what happened happened to the reader: supervisors hear of others' passwords."""
    actor = recipient.actor
    return row.event != _RESET or (actor is not None and actor.name == facts.get("account"))


def _event(row: Any, recipient: Recipient, facts: Mapping[str, Any]) -> str:
    return row.event if _is_own(row, recipient, facts) else f"{row.event}_of"


def urgency(row: Any, today: date) -> Urgency:
    """Return why an alert stands in a digest."""
    if row.kind is AlertKind.OPERATIONS:
        return Urgency.OPERATIONS
    if row.kind is AlertKind.NOTICE:
        return Urgency.NOTICE
    if row.rung == CORRECTED:
        return Urgency.CORRECTED
    if row.due_on < today:
        return Urgency.OVERDUE
    return Urgency.DUE_TODAY if row.due_on == today else Urgency.DUE_SOON


def _act(row: Any, recipient: Recipient, policy: Policy | None) -> str | None:
    """Return the command that does something about an alert, and that its reader may give.

    Who is kept apart from the next step is shown who else there is: under a waiver, that it is free
    to them all the same.
    """
    if row.kind is AlertKind.OPERATIONS:
        return "doctor"
    if row.event in _AFTER:
        return _AFTER[row.event]
    if row.item_id is None or policy is None:
        return None
    if row.kind is AlertKind.NOTICE and row.event != INBOX:
        return "show"
    actor = recipient.actor
    if actor is not None and _gives_the_receipt(row, actor):
        return "receive"
    desk = desk_of(row, policy, reviewing=_reviews(row))
    if actor is None or not actor.holds(desk["role"], row.item_body_id):
        return "why"
    here = policy.find_stage(desk["stage"])
    reviewed = row.state is State.PENDING or (row.state is State.PUBLISHED and _reviews(row))
    if reviewed and here is not None:
        wrote = row.wrote and here.kind is not StageKind.OPINION
        return "why" if wrote or row.decided_elsewhere else _DECIDES[here.kind]
    if row.state in _LET_OUT and (row.wrote or row.decided_elsewhere):
        return "why"
    return _GOES_ON.get(row.state, "why")


def is_snoozed(row: Any, today: date) -> bool:
    """Tell whether a reminder waits because its recipient asked for that; nothing overdue does."""
    return (
        row.kind is AlertKind.DEADLINE
        and row.rung.startswith(BEFORE)
        and row.snoozed_until is not None
        and bool(row.snoozed_until >= today)
    )


STILL_OPEN: Final = and_(
    alert.c.kind == AlertKind.DEADLINE,
    alert.c.acknowledged_at.is_(None),
    deadline.c.met_on.is_(None),
    deadline.c.voided_at.is_(None),
    deadline.c.rev == alert.c.rev,
    alert.c.rung != CORRECTED,
)
"""The condition of alerts about clocks that run as they did when the alert was raised."""
