"""Reading points (公共查阅点): to deliver, receive and withdraw, and to say that there was nothing.

An item may be delivered once it is cleared, whether or not it is online yet. Each delivery is bound
to the digest of the text that was sent; the receipt must agree with it, and whoever delivers never
receives. Every act holds the item's lock and ends in the item's chain; nil returns, which concern
no item, end in that of the system.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import bindparam, func, insert, select, update

from workflow import audit, handovers, records
from workflow.accounts import demand_role, find_body
from workflow.capacities import Pairs
from workflow.database import Statement
from workflow.deadlines import day_of
from workflow.drafting import check_text
from workflow.errors import (
    Conflict,
    GongkaiError,
    InvalidInput,
    NotFound,
    Refusal,
    Refused,
)
from workflow.guards import Role
from workflow.models import (
    Account,
    Blob,
    Body,
    CalendarVersion,
    Deadline,
    DeliveryList,
    Handover,
    Item,
    ReadingPoint,
    Revision,
    RevisionAttachment,
    table,
)
from workflow.revisions import Attribute, is_storable
from workflow.runtime import SHANGHAI
from workflow.scene import DELIVERABLE, Policies, Scene, gather, receives_at

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from workflow.database import Transaction
    from workflow.guards import Actor
    from workflow.intake import Intake
    from workflow.runtime import Runtime

MOST_COPIES: Final = 10_000
MAY_APPROVE: Final = (Role.SUPERVISOR, Role.FINAL_REVIEWER)
"""Who may approve that a delivered item is withdrawn (ADR 0019)."""
_MONTH: Final = re.compile(r"20[0-9]{2}-(0[1-9]|1[0-2])")

_handover, _list, _point = table(Handover), table(DeliveryList), table(ReadingPoint)
_item, _body, _account = table(Item), table(Body), table(Account)
_deadline, _calendar = table(Deadline), table(CalendarVersion)
_revision, _attached, _blob = table(Revision), table(RevisionAttachment), table(Blob)


def _bound(*names: str) -> dict[str, Any]:
    return {name: bindparam(name) for name in names}


_POINT: Final = Statement(
    select(_body.c.code, _body.c.name, _body.c.created_at, _point.c.body_id, _point.c.closed_on)
    .join(_point, _point.c.body_id == _body.c.id)
    .where(_body.c.id == bindparam("body_id"))
)
_standing = (
    select(
        _handover,
        _list.c.number,
        _body.c.code.label("point_code"),
        _body.c.name.label("point_name"),
        _point.c.closed_on,
    )
    .join(_list, _list.c.id == _handover.c.list_id)
    .join(_body, _body.c.id == _handover.c.point_id)
    .join(_point, _point.c.body_id == _handover.c.point_id)
    .where(handovers.standing)
    .order_by(_handover.c.id)
)
_STANDING: Final = Statement(_standing.where(_handover.c.item_id == bindparam("item_id")))
_ON_LIST: Final = Statement(
    select(_handover.c.item_id).where(_handover.c.list_id == bindparam("list_id"))
)
_LIST: Final = Statement(
    select(_list.c.id, _list.c.point_id, _list.c.period).where(
        _list.c.number == bindparam("number")
    )
)
_PURGED_FILE: Final = Statement(
    select(_blob.c.sha256)
    .join(_attached, _attached.c.sha256 == _blob.c.sha256)
    .where(_attached.c.revision_id == bindparam("revision_id"), _blob.c.purged_at.is_not(None))
    .limit(1)
)
_NEW_LIST: Final = Statement(
    insert(_list)
    .values(**_bound("point_id", "number", "serial", "period", "made_by", "made_at"))
    .returning(_list.c.id)
)
_SEND: Final = Statement(
    insert(_handover).values(
        gap_days=0,
        **_bound(
            "list_id",
            "item_id",
            "point_id",
            "revision_id",
            "digest",
            "paper",
            "electronic",
            "delivered_by",
            "delivered_at",
        ),
    )
)
_RECEIVE: Final = Statement(
    update(_handover)
    .where(_handover.c.id == bindparam("handover_id"))
    .values(**_bound("handed_over_on", "received_by", "received_at", "gap_days"))
)
_ASK_WITHDRAWAL: Final = Statement(
    update(_handover)
    .where(_handover.c.id == bindparam("handover_id"))
    .values(**_bound("withdrawn_by", "withdrawn_at", "withdrawal_remark_id"))
)
_APPROVE_WITHDRAWAL: Final = Statement(
    update(_handover)
    .where(_handover.c.id == bindparam("handover_id"))
    .values(**_bound("approved_by", "approved_at"))
)
_LISTS_OF_MONTH: Final = Statement(
    select(func.count().label("count")).where(
        _list.c.point_id == bindparam("point_id"),
        _list.c.period.is_(None),
        _list.c.made_at >= bindparam("first"),
        _list.c.made_at < bindparam("after"),
    )
)
_NIL: Final = Statement(
    select(_list.c.number).where(
        _list.c.point_id == bindparam("point_id"), _list.c.period == bindparam("period")
    )
)


class ReadingPoints:
    """Acts on deliveries."""

    def __init__(self, runtime: Runtime, intake: Intake) -> None:
        """Act in ``runtime``; ``intake`` looks for marks in what people say."""
        self._runtime = runtime
        self._intake = intake
        self._policies = Policies()

    def deliver(
        self,
        items: Sequence[int],
        account_id: int,
        *,
        to: str,
        paper: int = 1,
        electronic: int = 1,
        key: str | None = None,
        dry_run: bool = False,
    ) -> dict[str, Any]:
        """Put items on one new delivery list (送交目录表) to the point ``to`` (code or full name).

        ``paper`` and ``electronic`` are the copies of each item. Of several items those that
        cannot be delivered are told in ``refused`` and hold the others up no more than they do
        elsewhere; where there is only one it raises: ``Refused`` with every reason, or
        ``NotFound``. ``list`` is ``None`` where nothing was delivered.
        """
        _check_copies(paper, electronic)

        def work(transaction: Transaction, now: datetime) -> dict[str, Any]:
            actor = demand_role(transaction, account_id, Role.PUBLISHER, now=now)
            point = _found_point(transaction, to)
            if point.closed_on is not None and point.closed_on <= day_of(now):
                raise Refused([_closed(point)])

            def check(item_id: int) -> Scene:
                return self._sendable(transaction, item_id, point, account_id=account_id, now=now)

            scenes, refused = _each(items, check)
            answer = _told_point(point) | {"list": None, "done": [], "refused": refused}
            if not scenes:
                return answer
            serial = records.next_list_serial(
                transaction, point_id=point.body_id, year=day_of(now).year
            )
            number = f"{point.code}/{day_of(now).year}-{serial:04d}"
            made = transaction.one(
                _NEW_LIST,
                point_id=point.body_id,
                number=number,
                serial=serial,
                period=None,
                made_by=actor.account_id,
                made_at=now,
            )
            for scene in scenes:
                transaction.run(
                    _SEND,
                    list_id=made.id,
                    item_id=scene.item.id,
                    point_id=point.body_id,
                    revision_id=scene.item.revision_id,
                    digest=scene.item.digest,
                    paper=paper,
                    electronic=electronic,
                    delivered_by=actor.account_id,
                    delivered_at=now,
                )
                self._tell(
                    transaction,
                    scene,
                    actor,
                    "delivered",
                    digest=scene.item.digest,
                    point=point.code,
                    list=number,
                    paper=paper,
                    electronic=electronic,
                )
                sent = {"list": number, "paper": paper, "electronic": electronic}
                answer["done"].append(_told_item(scene) | _told_point(point) | sent)
            return answer | {"list": number}

        call = {
            "do": "deliver",
            "items": sorted(set(items)),
            "to": to,
            "copies": [paper, electronic],
        }
        return self._runtime.carry_out(
            work, account_id=account_id, call=call, key=key, dry_run=dry_run
        )

    def receive(
        self,
        account_id: int,
        *,
        item: int | None = None,
        list_number: str | None = None,
        point: str | None = None,
        handed_over_on: date,
        paper: int,
        electronic: int,
        key: str | None = None,
        dry_run: bool = False,
    ) -> dict[str, Any]:
        """Record the receipt of an item, or of all of a list that is still without one.

        ``handed_over_on`` is the day that the receipt states, ``paper`` and ``electronic`` the
        copies of each item; ``point`` tells those apart at which one person receives. With the
        last receipt that an item needs its clock is met on the latest day stated (``met_on``).
        Raises and answers as :meth:`deliver` does.
        """
        _check_copies(paper, electronic)

        def work(transaction: Transaction, now: datetime) -> dict[str, Any]:
            actor = demand_role(transaction, account_id, Role.READING_POINT_CLERK, now=now)
            points = receives_at(actor)
            if point is not None:
                points &= {_found_point(transaction, point).body_id}
            many: list[int] = [] if item is None else [item]
            if list_number is not None:
                found = _found_list(transaction, list_number, points)
                many = [row.item_id for row in transaction.run(_ON_LIST, list_id=found.id)]

            def take(item_id: int) -> dict[str, Any] | None:
                scene, row = self._received(
                    transaction, item_id, points, number=list_number, now=now
                )
                if row is None:
                    return None
                given = (handed_over_on, paper, electronic)
                return self._take(transaction, scene, row, actor, given)

            done, refused = _each(many, take)
            if list_number is not None and not done and not refused:
                raise Refused([Refusal("list_received", {"number": list_number})])
            return {"list": list_number, "done": done, "refused": refused}

        call = {
            "do": "receive",
            "item": item,
            "list": list_number,
            "point": point,
            "on": handed_over_on,
            "copies": [paper, electronic],
        }
        return self._runtime.carry_out(
            work, account_id=account_id, call=call, key=key, dry_run=dry_run
        )

    def withdraw(
        self,
        item: int,
        account_id: int,
        *,
        point: str,
        reason: str,
        key: str | None = None,
        dry_run: bool = False,
    ) -> dict[str, Any]:
        """Ask that a delivered item be withdrawn from a point, to replace it or for good.

        Until another person approves it the delivery stands, may be received and counts.
        """
        check_text("reason", reason)
        if not reason.strip():
            raise Refused([Refusal("reason_required", {"action": "withdraw_delivery"})])
        self._intake.screen_words({"reason": reason}, account_id=account_id, dry_run=dry_run)

        def work(transaction: Transaction, now: datetime) -> dict[str, Any]:
            actor = demand_role(transaction, account_id, Role.PUBLISHER, now=now)
            scene, row = self._delivered(transaction, item, point, account_id=account_id, now=now)
            if row.withdrawn_at is not None:
                raise Conflict("withdrawal_asked_before", item=item, point=row.point_name)
            remark = records.insert_remark(
                transaction,
                {"reason": reason},
                item_id=item,
                account_id=actor.account_id,
                now=now,
            )
            transaction.run(
                _ASK_WITHDRAWAL,
                handover_id=row.id,
                withdrawn_by=actor.account_id,
                withdrawn_at=now,
                withdrawal_remark_id=remark.id,
            )
            self._tell(
                transaction,
                scene,
                actor,
                "withdrawal_asked",
                **_identified(row),
                remark=remark.digest,
            )
            return _told_item(scene) | _told_handover(row) | {"withdrawn": False}

        call = {"do": "withdraw delivery", "item": item, "point": point, "reason": reason}
        return self._runtime.carry_out(
            work, account_id=account_id, call=call, key=key, dry_run=dry_run
        )

    def confirm_withdrawal(
        self,
        item: int,
        account_id: int,
        *,
        point: str,
        key: str | None = None,
        dry_run: bool = False,
    ) -> dict[str, Any]:
        """Approve what another person asked for: the delivery counts for nothing from now on.

        A clock that is met stays met (ADR 0019); one that runs waits for a receipt again.
        """

        def work(transaction: Transaction, now: datetime) -> dict[str, Any]:
            actor = demand_role(transaction, account_id, *MAY_APPROVE, now=now)
            scene, row = self._delivered(transaction, item, point, account_id=account_id, now=now)
            if row.withdrawn_at is None:
                raise NotFound("no_withdrawal_asked", item=item, point=row.point_name)
            if _is_one_with(transaction, scene, actor, row.withdrawn_by):
                raise Refused([Refusal("withdrawal_needs_two", {"point": row.point_name})])
            transaction.run(
                _APPROVE_WITHDRAWAL,
                handover_id=row.id,
                approved_by=actor.account_id,
                approved_at=now,
            )
            self._tell(transaction, scene, actor, "withdrawal_confirmed", **_identified(row))
            return _told_item(scene) | _told_handover(row) | {"withdrawn": True}

        call = {"do": "confirm withdrawal", "item": item, "point": point}
        return self._runtime.carry_out(
            work, account_id=account_id, call=call, key=key, dry_run=dry_run
        )

    def nil_return(
        self,
        account_id: int,
        point: str,
        *,
        month: str,
        key: str | None = None,
        dry_run: bool = False,
    ) -> dict[str, Any]:
        """Say that nothing was to be delivered to a point in a month, ``YYYY-MM`` (零报告).

        Once for each point and month, after the month, and only if nothing was delivered in it;
        what was withdrawn later was delivered all the same.
        """
        if not _MONTH.fullmatch(month):
            raise InvalidInput("month_wrong", value=month)

        def work(transaction: Transaction, now: datetime) -> dict[str, Any]:
            actor = demand_role(transaction, account_id, Role.PUBLISHER, now=now)
            place = _found_point(transaction, point)
            # Sent twice at once, the second sees the first.
            transaction.queue_up(f"nil-return:{place.body_id}")
            if refusals := list(_nil_refusals(transaction, place, month, now)):
                raise Refused(refusals)
            number = f"{place.code}/{month}-nil"
            transaction.run(
                _NEW_LIST,
                point_id=place.body_id,
                number=number,
                serial=None,
                period=month,
                made_by=actor.account_id,
                made_at=now,
            )
            audit.record(
                transaction,
                "nil_returned",
                at=now,
                origin=self._runtime.origin(actor.name, in_place_of=actor.principal),
                point=place.code,
                month=month,
                list=number,
            )
            return _told_point(place) | {"list": number, "month": month}

        call = {"do": "nil return", "point": point, "month": month}
        return self._runtime.carry_out(
            work, account_id=account_id, call=call, key=key, dry_run=dry_run
        )

    def _sendable(
        self, transaction: Transaction, item_id: int, point: Any, *, account_id: int, now: datetime
    ) -> Scene:
        """Return an item that may be delivered to ``point``, locked; else raise every reason."""
        scene = gather(
            transaction,
            self._policies,
            item_id,
            account_id=account_id,
            now=now,
            with_content=True,
        )
        refusals = list(_undeliverable(transaction, scene))
        for row in transaction.run(_STANDING, item_id=item_id):
            if row.point_id == point.body_id:
                same = row.digest == scene.item.digest
                facts = {"point": point.name, "number": row.number, "at": row.delivered_at}
                if same:
                    refusals.append(Refusal("delivered_before", facts))
                else:
                    refusals.append(Refusal("older_text_delivered", facts))
        if refusals:
            raise Refused(refusals)
        return scene

    def _received(
        self,
        transaction: Transaction,
        item_id: int,
        points: set[int],
        *,
        number: str | None,
        now: datetime,
    ) -> tuple[Scene, Any]:
        """Return an item, locked, and its delivery to one of ``points``.

        ``None`` for a delivery on the list ``number`` that needs no receipt any more. The item is
        gathered for nobody: what lies before the receiver may have become a draft again, which
        they may not see and have to be told of all the same.
        """
        try:
            scene = gather(
                transaction,
                self._policies,
                item_id,
                account_id=None,
                now=now,
                with_content=True,
            )
        except NotFound as error:
            raise NotFound("no_delivery_here", item=item_id) from error
        rows = [
            row
            for row in transaction.run(_STANDING, item_id=item_id)
            if row.point_id in points and number in (None, row.number)
        ]
        if number is not None:
            return scene, next((row for row in rows if row.received_at is None), None)
        if not rows:
            raise NotFound("no_delivery_here", item=item_id)
        waiting = [row for row in rows if row.received_at is None]
        if len(waiting) > 1:
            raise InvalidInput("which_point", known=tuple(row.point_code for row in waiting))
        return scene, (waiting or rows)[0]

    def _take(
        self,
        transaction: Transaction,
        scene: Scene,
        row: Any,
        actor: Actor,
        given: tuple[date, int, int],
    ) -> dict[str, Any]:
        """Record one receipt, or raise every reason why it cannot be right."""
        if row.received_at is not None:
            facts = {"point": row.point_name, "at": row.received_at}
            raise Refused([Refusal("received_before", facts)])
        actor = actor.acting(
            Role.READING_POINT_CLERK,
            body_id=row.point_id,
            barred=lambda place: _is_one_with(
                transaction, scene, replace(actor, principal=place), row.delivered_by
            ),
        )
        if refusals := list(_receipt_refusals(transaction, scene, row, actor, given)):
            raise Refused(refusals)
        day, paper, electronic = given
        gap = (day_of(scene.now) - day).days
        transaction.run(
            _RECEIVE,
            handover_id=row.id,
            handed_over_on=day,
            received_by=actor.account_id,
            received_at=scene.now,
            gap_days=gap,
        )
        met_on = handovers.complete(transaction, scene.item.id, scene.item.digest, now=scene.now)
        self._tell(
            transaction,
            scene,
            actor,
            "received",
            **_identified(row),
            handed_over_on=day,
            paper=paper,
            electronic=electronic,
            gap_days=gap if gap > handovers.LATEST_RECORD else None,
            met_on=met_on,
        )
        return (
            _told_item(scene)
            | _told_handover(row)
            | {
                "handed_over_on": day,
                "gap_days": gap,
                "recorded_late": gap > handovers.LATEST_RECORD,
                "met_on": met_on,
            }
        )

    def _tell(
        self, transaction: Transaction, scene: Scene, actor: Actor, event: str, **details: Any
    ) -> None:
        """Leave an act on a delivery in the item's chain."""
        origin = self._runtime.origin(actor.name, in_place_of=actor.principal)
        scene.chain.append(event, at=scene.now, origin=origin, **details)
        handovers.write(transaction, scene.item.id, scene.chain)

    def _delivered(
        self, transaction: Transaction, item_id: int, value: str, *, account_id: int, now: datetime
    ) -> tuple[Scene, Any]:
        """Return an item, locked, and its standing delivery to the point called ``value``."""
        point = _found_point(transaction, value)
        scene = gather(
            transaction,
            self._policies,
            item_id,
            account_id=account_id,
            now=now,
            with_content=False,
        )
        for row in transaction.run(_STANDING, item_id=item_id):
            if row.point_id == point.body_id:
                return scene, row
        raise NotFound("no_delivery_here", item=item_id)


# -- rules -----------------------------------------------------------------------------------------


def _undeliverable(transaction: Transaction, scene: Scene) -> Iterator[Refusal]:
    """Yield why an item may not go to any reading point as it is now."""
    facts, item = scene.facts, scene.item
    if item.state not in DELIVERABLE:
        yield Refusal("not_deliverable", {"state": item.state.value, "stage": item.stage})
    if item.attribute is not Attribute.PROACTIVE:
        yield Refusal(
            "not_proactive", {"attribute": item.attribute.value if item.attribute else None}
        )
    purged = transaction.one(_PURGED_FILE, revision_id=item.revision_id) is not None
    if purged or not facts.content_present:
        yield Refusal("content_purged", {"digest": item.digest})
    elif not facts.content_sound:
        yield Refusal("content_damaged", {"digest": item.digest})


def _is_one_with(transaction: Transaction, scene: Scene, actor: Actor, other: int) -> bool:
    """Tell whether an actor, or the one in whose place they act, counts as one with another."""
    people = [actor.account_id, *([actor.principal.account_id] if actor.principal else [])]
    as_one = Pairs(transaction, [*people, other], scene.now).as_one(scene.item.created_at)
    return other in frozenset(people).union(*(as_one.get(person, ()) for person in people))


def _receipt_refusals(
    transaction: Transaction, scene: Scene, row: Any, actor: Actor, given: tuple[date, int, int]
) -> Iterator[Refusal]:
    """Yield what is wrong with a receipt."""
    day, paper, electronic = given
    if _is_one_with(transaction, scene, actor, row.delivered_by):
        yield Refusal("deliverer_receives", {"point": row.point_name})
    if row.digest != scene.item.digest or any(_undeliverable(transaction, scene)):
        yield Refusal("delivery_overtaken", {"number": row.number, "digest": row.digest})
    if (paper, electronic) != (row.paper, row.electronic):
        yield Refusal(
            "copies_differ",
            {
                "sent_paper": row.paper,
                "sent_electronic": row.electronic,
                "paper": paper,
                "electronic": electronic,
            },
        )
    if day > day_of(scene.now):
        yield Refusal("date_in_future", {"value": day})
    delivered_on = day_of(row.delivered_at)
    if day < delivered_on:
        yield Refusal("handed_over_before_delivery", {"value": day, "day": delivered_on})
    if row.closed_on is not None and row.closed_on <= day:
        yield Refusal("point_closed", {"point": row.point_name, "day": row.closed_on})


def _nil_refusals(
    transaction: Transaction, point: Any, month: str, now: datetime
) -> Iterator[Refusal]:
    """Yield why a month cannot be reported as one without deliveries."""
    year, number = int(month[:4]), int(month[5:])
    first = datetime(year, number, 1, tzinfo=SHANGHAI)
    after = datetime(year + number // 12, number % 12 + 1, 1, tzinfo=SHANGHAI)
    if now < after:
        yield Refusal("month_not_over", {"month": month})
    if point.created_at >= after:
        yield Refusal("month_before_point", {"month": month, "at": point.created_at})
    if point.closed_on is not None and point.closed_on <= first.date():
        yield _closed(point)
    delivered = transaction.one(_LISTS_OF_MONTH, point_id=point.body_id, first=first, after=after)
    if delivered.count:
        yield Refusal("delivered_in_month", {"month": month, "count": delivered.count})
    before = transaction.one(_NIL, point_id=point.body_id, period=month)
    if before is not None:
        yield Refusal("nil_returned_before", {"month": month, "number": before.number})


def _closed(point: Any) -> Refusal:
    return Refusal("point_closed", {"point": point.name, "day": point.closed_on})


def _check_copies(paper: int, electronic: int) -> None:
    if not (0 <= paper <= MOST_COPIES and 0 <= electronic <= MOST_COPIES and paper + electronic):
        raise InvalidInput("copies_wrong", paper=paper, electronic=electronic, limit=MOST_COPIES)


# -- rows ------------------------------------------------------------------------------------------


def _found_point(transaction: Transaction, value: str) -> Any:
    """Return the reading point with that code or full name."""
    body = find_body(transaction, value)
    point = transaction.one(_POINT, body_id=body.id)
    if point is None:
        raise Refused([Refusal("not_a_reading_point", {"body": body.name})])
    return point


def _found_list(transaction: Transaction, number: str, points: set[int]) -> Any:
    """Return a delivery list to one of ``points``, so that no other one can be told from none."""
    row = transaction.one(_LIST, number=number) if is_storable(number) else None
    if row is None or row.point_id not in points:
        raise NotFound("no_such_list", number=number)
    return row


def _each(
    items: Sequence[int], work: Callable[[int], Any]
) -> tuple[list[Any], list[dict[str, Any]]]:
    """Do something to each item and return what came of it, and who was refused and why.

    Items are taken in the order of their numbers, so that two calls never wait crosswise. ``work``
    looks before it writes; what it has nothing to say of is left out. A single one raises.
    """
    done: list[Any] = []
    refused: list[dict[str, Any]] = []
    wanted = sorted(set(items))
    for item in wanted:
        try:
            came = work(item)
        except (Refused, NotFound) as error:
            if len(wanted) == 1:
                raise
            refused.append({"item": item, **_reasons(error)})
        else:
            done += [came] if came is not None else []
    return done, refused


def _reasons(error: GongkaiError) -> dict[str, Any]:
    """Return an error as it can be kept with an answer, to be put into words later."""
    if isinstance(error, Refused):
        reasons = [{"code": each.code, "params": dict(each.params)} for each in error.refusals]
        return {"kind": "refusal", "reasons": reasons}
    return {"kind": "error", "reasons": [{"code": error.code, "params": error.params}]}


def _told_item(scene: Scene) -> dict[str, Any]:
    item = scene.item
    return {
        "item": item.id,
        "version": item.version,
        "at": f"{item.id}@{item.version}",
        "state": item.state.value,
        "stage": item.stage,
        "index_number": item.index_number,
    }


def _told_point(point: Any) -> dict[str, Any]:
    return {"point": point.code, "point_name": point.name}


def _told_handover(row: Any) -> dict[str, Any]:
    return {"point": row.point_code, "point_name": row.point_name, "list": row.number}


def _identified(row: Any) -> dict[str, Any]:
    """Return what an entry in the trail says of the delivery it is about."""
    return {"digest": row.digest, "point": row.point_code, "list": row.number}
