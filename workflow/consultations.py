"""Consultations as they are kept: reading them, and to whom they open an item.

A consultation widens narrowly who sees an item: to the heads of the body that is asked, as long as
it is on record. A restricted item is opened to the department head alone, and only until the answer
is there. Only reads.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import and_, bindparam, exists, or_, select

from workflow.coordination import Concern, Consultation, Reply, Settlement, Silence
from workflow.database import Statement
from workflow.guards import Role
from workflow.models import Body, Remark, table
from workflow.models import Consultation as Row

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy import ColumnElement, Select

    from workflow.guards import Actor

REPLIERS: Final = (Role.DEPARTMENT_HEAD, Role.DEPUTY_HEAD)
"""Who answers for a body that is asked."""
RESTRICTED_REPLIERS: Final = (Role.DEPARTMENT_HEAD,)
"""Who answers about a restricted item, and so sees it."""

consultation: Final = table(Row)
_body, _remark = table(Body), table(Remark)
_later = consultation.alias("later")

on_record: Final[ColumnElement[bool]] = consultation.c.withdrawn_at.is_(None)
unanswered: Final[ColumnElement[bool]] = and_(
    on_record, consultation.c.reply.is_(None), consultation.c.settlement.is_(None)
)
"""The condition that an answer, or the supervisors' word, is still to come."""
newest: Final[ColumnElement[bool]] = ~exists().where(
    _later.c.replaces_id == consultation.c.id, _later.c.withdrawn_at.is_(None)
)
"""The condition that nothing was asked in its place."""


def selected(*more: Any) -> Select[Any]:
    """Return what selects consultations with what :func:`told` looks at, the first one first."""
    return (
        select(
            consultation,
            _body.c.code.label("body_code"),
            _body.c.name.label("body_name"),
            _remark.c.canonical,
            *more,
        )
        .join(_remark, _remark.c.id == consultation.c.remark_id)
        .join(_body, _body.c.id == consultation.c.body_id, isouter=True)
        .order_by(consultation.c.id)
    )


OF_ITEM: Final = Statement(selected().where(consultation.c.item_id == bindparam("item_id")))


def told(rows: Sequence[Any]) -> tuple[Consultation, ...]:
    """Return all consultations of one item as the rules know them, the first one first."""
    replaced = {row.replaces_id for row in rows if row.withdrawn_at is None}
    return tuple(
        Consultation(
            number=row.id,
            concern=Concern(row.kind),
            addressee=row.body_name or _outside(row.canonical),
            body_id=row.body_id,
            blocking=row.blocking,
            silence=Silence(row.silence),
            digest=row.digest,
            due_on=row.due_on,
            asked_by=row.asked_by,
            asked_as=row.asked_as,
            asked_at=row.asked_at,
            reply=Reply(row.reply) if row.reply else None,
            answered_on=row.settled_digest or row.reply_digest,
            settlement=Settlement(row.settlement) if row.settlement else None,
            withdrawn=row.withdrawn_at is not None,
            replaced=row.id in replaced,
        )
        for row in rows
    )


def _outside(form: str | None) -> str | None:
    """Return the name of a body outside, which lies among the words; ``None`` if it was purged."""
    said: Mapping[str, str] = json.loads(form) if form else {}
    return said.get("addressee")


def answers_for(actor: Actor, body_id: int, *, restricted: bool) -> bool:
    """Tell whether a person answers for a body that is asked: held for that very body."""
    roles = RESTRICTED_REPLIERS if restricted else REPLIERS
    return any(grant.body_id == body_id and grant.role in roles for grant in actor.grants)


def opens_to(actor: Actor, asked: Iterable[Consultation], *, restricted: bool) -> bool:
    """Tell whether an item is a person's to see because their body is consulted about it."""
    return any(
        each.body_id is not None
        and not each.withdrawn
        and not (restricted and (each.reply or each.settlement))
        and answers_for(actor, each.body_id, restricted=restricted)
        for each in asked
    )


def opened_to(item: Any, actor: Actor) -> ColumnElement[bool] | None:
    """Return the condition on items that :func:`opens_to` tells of one; ``None`` if it is never."""
    bodies = _answered_for(actor, REPLIERS)
    if not bodies:
        return None
    return or_(
        and_(item.c.restricted.is_(False), _asked(item, bodies, on_record)),
        and_(
            item.c.restricted.is_(True),
            _asked(item, _answered_for(actor, RESTRICTED_REPLIERS), unanswered),
        ),
    )


def _answered_for(actor: Actor, roles: Iterable[Role]) -> list[int]:
    return sorted({grant.body_id for grant in actor.grants if grant.role in tuple(roles)})


def _asked(item: Any, bodies: Sequence[int], condition: ColumnElement[bool]) -> ColumnElement[bool]:
    asked = exists().where(
        consultation.c.item_id == item.c.id, consultation.c.body_id.in_(bodies), condition
    )
    # Also where a list of consultations asks which of their items may be seen.
    return asked.correlate(item)
