"""What is owed to reading points, what waits for a receipt, and what each delivery list holds.

Nothing here changes anything. Items are narrowed to what the reader may see, as all lists are.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import (
    ColumnElement,
    and_,
    case,
    exists,
    func,
    literal,
    literal_column,
    null,
    or_,
    select,
)

from workflow import handovers
from workflow.clocks import CURRENT_NUMBER
from workflow.deadlines import Met, working_days_left
from workflow.errors import NotFound, Refusal, Refused
from workflow.guards import Role
from workflow.models import (
    Account,
    Body,
    CalendarVersion,
    Deadline,
    DeliveryList,
    Handover,
    Item,
    ReadingPoint,
    Remark,
    Revision,
    table,
)
from workflow.queries import words_of
from workflow.revisions import Attribute, is_storable
from workflow.scene import DELIVERABLE, receives_at
from workflow.working_days import stored

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.engine import Connection

    from workflow.guards import Actor
    from workflow.queries import Queries
    from workflow.runtime import Runtime

MAY_READ_LISTS: Final = (Role.PUBLISHER, Role.FINAL_REVIEWER, Role.SUPERVISOR)
"""Who reads all delivery lists; who receives at a point reads those to that point."""

_handover, _list, _point = table(Handover), table(DeliveryList), table(ReadingPoint)
_item, _body, _account = table(Item), table(Body), table(Account)
_deadline, _calendar = table(Deadline), table(CalendarVersion)
_revision, _remark = table(Revision), table(Remark)
# A literal, because the index of running clocks matches no parameter.
_RUNNING: Final[ColumnElement[bool]] = literal_column(
    "deadline.kind = 'legal' AND deadline.met_on IS NULL AND deadline.voided_at IS NULL"
)


class Deliveries:
    """All reading of deliveries, for one database."""

    def __init__(self, runtime: Runtime, queries: Queries) -> None:
        """Read in ``runtime``; ``queries`` say what a reader may see."""
        self._runtime = runtime
        self._queries = queries

    def waiting(
        self, account_id: int, *, point: str | None = None, limit: int = 200
    ) -> list[dict[str, Any]]:
        """Return what was delivered and has no receipt yet, by point, the oldest first.

        Narrowed to the items that the reader may see. ``overtaken`` says that the text which was
        sent is no longer one that may be delivered.
        """
        return self._standing(account_id, _handover.c.received_at.is_(None), point, limit)

    def asked_back(
        self, account_id: int, *, point: str | None = None, limit: int = 200
    ) -> list[dict[str, Any]]:
        """Return the deliveries, received or not, whose withdrawal waits for its approval."""
        return self._standing(account_id, _handover.c.withdrawn_at.is_not(None), point, limit)

    def _standing(
        self, account_id: int, which: ColumnElement[bool], point: str | None, limit: int
    ) -> list[dict[str, Any]]:
        with self._runtime.database.read() as connection:
            actor = self._queries.actor(connection, account_id)
            condition = and_(
                which,
                handovers.standing,
                self._queries.visible(connection, actor),
                *_at_point(connection, _handover.c.point_id, point),
            )
            rows = connection.execute(
                select(
                    _handover,
                    _list.c.number,
                    _body.c.code.label("point_code"),
                    _body.c.name.label("point_name"),
                    _item.c.index_number,
                    _item.c.title,
                    _item.c.state,
                    _item.c.digest.label("now"),
                    _remark.c.canonical.label("words"),
                )
                .join(_list, _list.c.id == _handover.c.list_id)
                .join(_body, _body.c.id == _handover.c.point_id)
                .join(_item, _item.c.id == _handover.c.item_id)
                .join(_remark, _remark.c.id == _handover.c.withdrawal_remark_id, isouter=True)
                .where(condition)
                .order_by(_handover.c.point_id, _handover.c.id)
                .limit(limit)
            )
            return [
                {
                    "item": row.item_id,
                    "index_number": row.index_number,
                    "title": row.title,
                    "point": row.point_code,
                    "point_name": row.point_name,
                    "list": row.number,
                    "paper": row.paper,
                    "electronic": row.electronic,
                    "delivered_at": row.delivered_at,
                    "overtaken": row.digest != row.now or row.state not in DELIVERABLE,
                    "withdrawal_asked_at": row.withdrawn_at,
                    "withdrawal_reason": words_of(row.words).get("reason"),
                }
                for row in rows
            ]

    def owed(
        self, account_id: int, *, point: str | None = None, limit: int = 200
    ) -> list[dict[str, Any]]:
        """Return what has still to be delivered to required points, the most urgent clock first.

        Owed is an item that may be delivered, for each required point that is open and holds no
        delivery of its present text: while its clock runs (``due_on``, ``days_left`` in working
        days, negative once it is past), and afterwards where a delivery was withdrawn or its text
        overtaken (``why``). Narrowed to the items that the reader may see.
        """
        with self._runtime.database.read() as connection:
            actor = self._queries.actor(connection, account_id)
            today = self._runtime.today()
            condition = and_(
                _item.c.state.in_(sorted(DELIVERABLE)),
                _item.c.attribute == Attribute.PROACTIVE,
                self._queries.visible(connection, actor),
                handovers.owes(today),
                *_at_point(connection, _point.c.body_id, point),
                ~exists().where(
                    _handover.c.item_id == _item.c.id,
                    _handover.c.point_id == _point.c.body_id,
                    _handover.c.digest == _item.c.digest,
                    handovers.standing,
                ),
            )
            rows = _running(connection, condition, limit)
            if len(rows) < limit:
                rows += _again(connection, condition, limit - len(rows))
            text = connection.execute(
                select(_calendar.c.text).where(_calendar.c.number == CURRENT_NUMBER)
            ).scalar_one()
            calendar = stored(text)
            return [
                {
                    "item": row.id,
                    "index_number": row.index_number,
                    "title": row.title,
                    "state": row.state.value,
                    "point": row.code,
                    "point_name": row.name,
                    "why": row.why,
                    "due_on": row.due_on,
                    "provisional": row.provisional,
                    "days_left": (
                        working_days_left(row.due_on, today, calendar=calendar)
                        if row.due_on
                        else None
                    ),
                }
                for row in rows
            ]

    def lists(
        self, account_id: int, *, point: str | None = None, limit: int = 200
    ) -> list[dict[str, Any]]:
        """Return delivery lists and nil returns, the newest first, with how far each is.

        Raises ``Refused('needs_role')`` for who neither delivers, watches nor receives.
        """
        with self._runtime.database.read() as connection:
            actor = self._queries.actor(connection, account_id)
            condition = and_(_whose_lists(actor), *_at_point(connection, _list.c.point_id, point))
            counted = {
                "items": func.count(_handover.c.id),
                "received": func.count(_handover.c.received_at),
                "withdrawn": func.count(_handover.c.approved_at),
            }
            rows = connection.execute(
                select(
                    _list.c.number,
                    _list.c.period,
                    _list.c.made_at,
                    _body.c.code,
                    _body.c.name,
                    *(
                        select(count)
                        .where(_handover.c.list_id == _list.c.id)
                        .scalar_subquery()
                        .label(name)
                        for name, count in counted.items()
                    ),
                )
                .join(_body, _body.c.id == _list.c.point_id)
                .where(condition)
                .order_by(_list.c.id.desc())
                .limit(limit)
            )
            return [
                {
                    "list": row.number,
                    "month": row.period,
                    "made_at": row.made_at,
                    "point": row.code,
                    "point_name": row.name,
                    "items": row.items,
                    "received": row.received,
                    "withdrawn": row.withdrawn,
                }
                for row in rows
            ]

    def document(self, account_id: int, number: str) -> dict[str, Any]:
        """Return a delivery list whole: what the list and the hand-over record print.

        Titles are those of the texts that were sent; a purged one has none. For who delivers, who
        receives at that point, and who may see every item on it; for all others there is no such
        list.
        """
        with self._runtime.database.read() as connection:
            actor = self._queries.actor(connection, account_id)
            by = _account.alias()
            head = connection.execute(
                select(
                    _list,
                    _body.c.code,
                    _body.c.name,
                    _body.c.name_en,
                    _point.c.kind,
                    _point.c.address,
                    _point.c.contact,
                    by.c.display_name.label("made_by_name"),
                )
                .join(_body, _body.c.id == _list.c.point_id)
                .join(_point, _point.c.body_id == _list.c.point_id)
                .join(by, by.c.id == _list.c.made_by)
                .where(_list.c.number == number if is_storable(number) else _list.c.id < 0)
            ).first()
            if head is None or not self._may_read(connection, actor, head):
                raise NotFound("no_such_list", number=number)
            centre = connection.execute(
                select(_body.c.name, _body.c.name_en).where(_body.c.kind == "centre")
            ).one()
            return {
                "list": head.number,
                "month": head.period,
                "made_at": head.made_at,
                "made_by": head.made_by_name,
                "from": centre.name,
                "from_en": centre.name_en,
                "point": head.code,
                "point_name": head.name,
                "point_name_en": head.name_en,
                "point_kind": head.kind.value,
                "address": head.address,
                "contact": head.contact,
                "items": list(_lines(connection, head.id)),
            }

    def _may_read(self, connection: Connection, actor: Actor, head: Any) -> bool:
        if head.point_id in receives_at(actor):
            return True
        if any(grant.role is Role.PUBLISHER for grant in actor.grants):
            return True
        visible = self._queries.visible(connection, actor)
        hidden = (
            select(_handover.c.id)
            .join(_item, _item.c.id == _handover.c.item_id)
            .where(_handover.c.list_id == head.id, ~visible)
            .limit(1)
        )
        reads = any(grant.role in MAY_READ_LISTS for grant in actor.grants)
        return reads and connection.execute(hidden).first() is None


def _at_point(
    connection: Connection, column: Any, value: str | None
) -> Iterator[ColumnElement[bool]]:
    """Yield the condition that something belongs to the point that was asked for, if any was."""
    if value is None:
        return
    found = None
    if is_storable(value):
        found = connection.execute(
            select(_point.c.body_id)
            .join(_body, _body.c.id == _point.c.body_id)
            .where(or_(_body.c.code == value, _body.c.name == value))
        ).scalar_one_or_none()
    if found is None:
        raise NotFound("no_such_body", value=value)
    yield column == found


def _whose_lists(actor: Actor) -> ColumnElement[bool]:
    if any(grant.role in MAY_READ_LISTS for grant in actor.grants):
        return _list.c.id > 0
    points = receives_at(actor)
    if not points:
        raise Refused([Refusal("needs_role", {"role": Role.PUBLISHER.value})])
    return _list.c.point_id.in_(sorted(points))


_OWED: Final = (
    _item.c.id,
    _item.c.index_number,
    _item.c.title,
    _item.c.state,
    _body.c.code,
    _body.c.name,
)
_here: Final = and_(_handover.c.item_id == _item.c.id, _handover.c.point_id == _point.c.body_id)
_overtaken: Final = exists().where(_here, handovers.standing)
_withdrawn: Final = exists().where(_here, ~handovers.standing)
_WHY: Final = case(
    # What stands is of another text: of this one nothing does.
    (_overtaken, "overtaken"),
    (_withdrawn, "withdrawn"),
    else_="new",
).label("why")


def _running(connection: Connection, condition: ColumnElement[bool], limit: int) -> list[Any]:
    """Return what is owed while a clock runs, in the order of the running clocks' index."""
    return list(
        connection.execute(
            select(*_OWED, _deadline.c.due_on, _deadline.c.provisional, _WHY)
            .select_from(_deadline)
            .join(_item, _item.c.id == _deadline.c.item_id)
            .join(_point, _point.c.body_id > 0)
            .join(_body, _body.c.id == _point.c.body_id)
            .where(_RUNNING, _deadline.c.met_by == Met.HANDED_OVER, condition)
            .order_by(_deadline.c.due_on, _deadline.c.id, _body.c.id)
            .limit(limit)
        )
    )


def _again(connection: Connection, condition: ColumnElement[bool], limit: int) -> list[Any]:
    """Return what is owed again though the clock is met, because what was delivered counts not."""
    sent = _handover.alias()
    no_clock = ~exists().where(_deadline.c.item_id == _item.c.id, handovers.running)
    return list(
        connection.execute(
            select(*_OWED, null().label("due_on"), literal(value=False).label("provisional"), _WHY)
            .distinct()
            .select_from(sent)
            .join(_item, _item.c.id == sent.c.item_id)
            .join(_point, _point.c.body_id == sent.c.point_id)
            .join(_body, _body.c.id == _point.c.body_id)
            .where(
                or_(sent.c.approved_at.is_not(None), sent.c.digest != _item.c.digest),
                condition,
                no_clock,
            )
            .order_by(_item.c.id, _body.c.code)
            .limit(limit)
        )
    )


def _lines(connection: Connection, list_id: int) -> Iterator[dict[str, Any]]:
    """Yield what a list says of each item on it, by the text that was sent."""
    receiver = _account.alias()
    rows = connection.execute(
        select(
            _handover,
            _item.c.index_number,
            _revision.c.canonical,
            receiver.c.display_name.label("received_by_name"),
            _remark.c.canonical.label("words"),
        )
        .join(_item, _item.c.id == _handover.c.item_id)
        .join(_revision, _revision.c.id == _handover.c.revision_id)
        .join(receiver, receiver.c.id == _handover.c.received_by, isouter=True)
        .join(_remark, _remark.c.id == _handover.c.withdrawal_remark_id, isouter=True)
        .where(_handover.c.list_id == list_id)
        .order_by(_handover.c.id)
    )
    for row in rows:
        content = json.loads(row.canonical) if row.canonical else {}
        yield {
            "item": row.item_id,
            "index_number": row.index_number,
            "title": content.get("title"),
            "document_number": content.get("document_number"),
            "formed_on": content.get("formed_on"),
            "body_name": content.get("publishing_body"),
            "attachments": len(content.get("attachments", ())),
            "digest": row.digest,
            "paper": row.paper,
            "electronic": row.electronic,
            "delivered_at": row.delivered_at,
            "handed_over_on": row.handed_over_on,
            "received_by": row.received_by_name,
            "received_at": row.received_at,
            "gap_days": row.gap_days,
            "recorded_late": row.gap_days > handovers.LATEST_RECORD,
            "withdrawn_at": row.approved_at,
            "withdrawal_reason": (words_of(row.words).get("reason") if row.approved_at else None),
        }
