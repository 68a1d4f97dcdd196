"""What is in force, and what replaces it: written inside an act, and read for people and pages.

What is recorded of one edition of a document holds for the later ones, too: they are the same
document. Of documents that replace each other a reader is told only what that reader may see.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from sqlalchemy import and_, bindparam, insert, or_, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from workflow.database import Among, Statement
from workflow.errors import Refusal, Refused
from workflow.guards import CONFIRMING
from workflow.machine import ENDS, Action, Asked, State
from workflow.models import (
    Account,
    BodyEnd,
    Edition,
    Item,
    Remark,
    Replacement,
    ValidityChange,
    ValidityTerm,
    table,
)
from workflow.scene import visible_row
from workflow.validity import Change, Status, Validity, on, turns_on

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date, datetime

    from sqlalchemy import ColumnElement
    from sqlalchemy.engine import Connection

    from workflow.database import Transaction
    from workflow.guards import Actor, Wish
    from workflow.records import Kept
    from workflow.revisions import Content
    from workflow.scene import Policies, Scene

_change, _term, _link = table(ValidityChange), table(ValidityTerm), table(Replacement)
_item, _edition, _remark = table(Item), table(Edition), table(Remark)
_other, _end = table(Item).alias("other"), table(BodyEnd)
_asker, _confirmer = table(Account).alias("asker"), table(Account).alias("confirmer")

_first = select(_item.c.id.label("of"), _item.c.id.label("member")).where(
    Among(_item.c.id, "items")
)
_line = _first.cte("line", recursive=True)
_line = _line.union_all(
    select(_line.c.of, _edition.c.corrects_id).join(_edition, _edition.c.item_id == _line.c.member)
)
"""Items, each with all the editions of its document before it."""
_COUNTS: Final = or_(_link.c.change_id.is_(None), _change.c.confirmed_at.is_not(None))
"""The condition under which a document replaces another: nobody has to confirm it any more."""
_CHANGES: Final = Statement(
    select(
        _line.c.of,
        _change.c.id,
        _change.c.status,
        _change.c.from_on,
        _change.c.asked_at,
        _change.c.confirmed_at,
        _asker.c.name.label("asked_by"),
        _asker.c.display_name.label("asked_by_name"),
        _confirmer.c.name.label("confirmed_by"),
        _confirmer.c.display_name.label("confirmed_by_name"),
        _remark.c.canonical,
    )
    .join(_change, _change.c.item_id == _line.c.member)
    .join(_remark, _remark.c.id == _change.c.remark_id)
    .join(_asker, _asker.c.id == _change.c.asked_by)
    .join(_confirmer, _confirmer.c.id == _change.c.confirmed_by)
    .order_by(_change.c.confirmed_at, _change.c.id)
)
_TERMS: Final = Statement(
    select(_term.c.item_id, _term.c.effective_on, _term.c.expires_on).where(
        Among(_term.c.item_id, "items")
    )
)
_DUE: Final = Statement(
    select(_term.c.item_id)
    .join(_item, _item.c.id == _term.c.item_id)
    .where(_term.c.turns_on <= bindparam("today"), _item.c.state == State.PUBLISHED)
    .order_by(_term.c.item_id)
    .limit(bindparam("limit"))
)
_IS_DUE: Final = Statement(
    select(_term.c.item_id).where(
        _term.c.item_id == bindparam("item_id"), _term.c.turns_on <= bindparam("today")
    )
)
_ASK: Final = Statement(
    insert(_change)
    .values(
        **{
            name: bindparam(name)
            for name in ("item_id", "status", "from_on", "remark_id", "asked_by", "asked_at")
        }
    )
    .returning(_change.c.id)
)
_CONFIRM: Final = Statement(
    update(_change)
    .where(_change.c.id == bindparam("change_id"))
    .values(confirmed_by=bindparam("by"), confirmed_at=bindparam("at"))
    .returning(_change.c.status, _change.c.from_on)
)
_CALL_OFF: Final = Statement(
    update(_change)
    .where(_change.c.id == bindparam("change_id"))
    .values(called_off_by=bindparam("by"), called_off_at=bindparam("at"))
)
_REPLACE: Final = Statement(
    insert(_link).values(
        item_id=bindparam("item_id"),
        replaces_id=bindparam("replaces_id"),
        change_id=bindparam("change_id"),
    )
)
_dated = upsert(_term).values(
    **{name: bindparam(name) for name in ("item_id", "effective_on", "expires_on", "turns_on")}
)
_DATE: Final = Statement(
    _dated.on_conflict_do_update(
        index_elements=[_term.c.item_id], set_={"turns_on": _dated.excluded["turns_on"]}
    )
)
_CONFIRMED_OF: Final = Statement(
    select(_change.c.status, _change.c.from_on)
    .join(_line, _line.c.member == _change.c.item_id)
    .where(_change.c.confirmed_at.is_not(None))
)
_linked_to = (
    select(_line.c.member, _link.c.item_id, _link.c.replaces_id)
    .join(_link, or_(_link.c.item_id == _line.c.member, _link.c.replaces_id == _line.c.member))
    .join(_change, _change.c.id == _link.c.change_id, isouter=True)
    .where(_COUNTS)
).subquery()
_NEIGHBOURS: Final = Statement(
    select(_item.c.id)
    .join(
        _linked_to, or_(_item.c.id == _linked_to.c.item_id, _item.c.id == _linked_to.c.replaces_id)
    )
    .where(_item.c.id != _linked_to.c.member, _item.c.state == State.PUBLISHED)
    .distinct()
    .order_by(_item.c.id)
)
_REPLACED_ALREADY: Final = Statement(
    select(_link.c.id)
    .join(_change, _change.c.id == _link.c.change_id, isouter=True)
    .where(
        _link.c.item_id == bindparam("item_id"),
        _link.c.replaces_id == bindparam("replaces_id"),
        _COUNTS,
    )
    .limit(1)
)
_SUCCEEDED: Final = Statement(select(_end.c.body_id).where(_end.c.merged_into == bindparam("into")))


# -- writing -----------------------------------------------------------------------------------


def named_successors(
    transaction: Transaction, policies: Policies, scene: Scene, items: Iterable[int]
) -> None:
    """Check the documents that are said to replace an item.

    Raises ``NotFound`` for what is not there or not the actor's to see, and ``Refused`` for what
    cannot replace it: the item itself, what is never public, what it replaces itself.
    """
    if scene.actor is None:
        raise RuntimeError(scene.item.id)
    for item_id in items:
        row = visible_row(transaction, policies, scene.actor, item_id)
        if row.id == scene.item.id:
            raise Refused([Refusal("replaced_by_itself")])
        if row.state in ENDS and row.published_at is None:
            raise Refused([Refusal("replaced_by_unpublished", {"item": item_id})])
        if transaction.one(_REPLACED_ALREADY, item_id=scene.item.id, replaces_id=item_id):
            raise Refused([Refusal("replaced_in_circle", {"item": item_id})])


def named_predecessors(
    transaction: Transaction,
    policies: Policies,
    actor: Actor,
    items: Iterable[int],
    *,
    body_id: int,
) -> None:
    """Check the documents that a new one of a body is said to replace.

    They are public, and the body's own or one's that was merged into it: what another body has
    published only that body's head can say to be replaced. Raises ``NotFound`` and ``Refused``.
    """
    own = {body_id, *(row.body_id for row in transaction.run(_SUCCEEDED, into=body_id))}
    for item_id in items:
        row = visible_row(transaction, policies, actor, item_id)
        if row.state is not State.PUBLISHED:
            raise Refused([Refusal("replaces_unpublished", {"item": item_id})])
        if row.body_id not in own:
            raise Refused([Refusal("replaces_another_body", {"item": item_id})])


def enter(transaction: Transaction, item_id: int, replaces: Iterable[int]) -> None:
    """Note which documents a new one replaces."""
    for replaced in replaces:
        transaction.run(_REPLACE, item_id=item_id, replaces_id=replaced, change_id=None)


def note(
    transaction: Transaction, scene: Scene, action: Action, wish: Wish, remark: Kept
) -> dict[str, Any]:
    """Write down what an act says of the validity of an item; return what the trail says of it."""
    account_id = scene.actor.account_id if scene.actor else None
    if action is Action.VALIDITY:
        return _ask(transaction, scene, wish, remark)
    if action is Action.RENEW:
        _plan(transaction, scene)
        return {}
    # What another edition has overtaken needs no answer any more.
    settles = action in CONFIRMING or action in (Action.CALL_OFF, Action.SUPERSEDE)
    if scene.asked is None or scene.asked.kind != Asked.VALIDITY or not settles:
        return {}
    change_id = scene.asked.id
    if action is not Action.CONFIRM_VALIDITY:
        transaction.run(_CALL_OFF, change_id=change_id, by=account_id, at=scene.now)
        return {"change": change_id}
    row = transaction.one(_CONFIRM, change_id=change_id, by=account_id, at=scene.now)
    _plan(transaction, scene)
    _renew_neighbours(transaction, scene)
    return {"change": change_id, "status": row.status.value, "from_on": row.from_on}


def published(transaction: Transaction, scene: Scene, content: Content) -> None:
    """Note by which dates what has just become public takes effect and lapses."""
    dates = {"effective_on": content.effective_on, "expires_on": content.expires_on}
    _plan(transaction, scene, **dates)
    _renew_neighbours(transaction, scene)


def _ask(transaction: Transaction, scene: Scene, wish: Wish, remark: Kept) -> dict[str, Any]:
    if wish.validity is None or wish.from_on is None or scene.actor is None:
        raise RuntimeError(scene.item.id)  # The guards let nothing less pass.
    row = transaction.one(
        _ASK,
        item_id=scene.item.id,
        status=wish.validity.value,
        from_on=wish.from_on,
        remark_id=remark.id,
        asked_by=scene.actor.account_id,
        asked_at=scene.now,
    )
    items = sorted(set(wish.replaced_by))
    for item_id in items:
        transaction.run(_REPLACE, item_id=item_id, replaces_id=scene.item.id, change_id=row.id)
    return {
        "change": row.id,
        "status": wish.validity.value,
        "from_on": wish.from_on,
        "replaced_by": items or None,
    }


def _plan(
    transaction: Transaction,
    scene: Scene,
    *,
    effective_on: date | None = None,
    expires_on: date | None = None,
) -> None:
    """Note the next day on which the page of an item has to be written anew."""
    item_id, today = scene.item.id, scene.facts.today
    for term in transaction.run(_TERMS, items=[item_id]):
        effective_on, expires_on = term.effective_on, term.expires_on
    changes = [
        Change(row.status, row.from_on, None)
        for row in transaction.run(_CONFIRMED_OF, items=[item_id])
    ]
    if not (effective_on or expires_on or changes):
        return
    following = turns_on(today, effective_on=effective_on, expires_on=expires_on, changes=changes)
    _date(transaction, item_id, following, effective_on=effective_on, expires_on=expires_on)


def _renew_neighbours(transaction: Transaction, scene: Scene) -> None:
    """Have the pages written anew that are to link to this one now; their items are not locked."""
    for row in transaction.run(_NEIGHBOURS, items=[scene.item.id]):
        dates: dict[str, date | None] = {"effective_on": None, "expires_on": None}
        for term in transaction.run(_TERMS, items=[row.id]):
            dates = {"effective_on": term.effective_on, "expires_on": term.expires_on}
        _date(transaction, row.id, scene.facts.today, **dates)


def _date(
    transaction: Transaction,
    item_id: int,
    turns: date | None,
    *,
    effective_on: date | None,
    expires_on: date | None,
) -> None:
    transaction.run(
        _DATE,
        item_id=item_id,
        effective_on=effective_on,
        expires_on=expires_on,
        turns_on=turns,
    )


def due(transaction: Transaction, today: date, *, limit: int) -> list[int]:
    """Return the public items whose pages say something else from today or an earlier day on."""
    return [row.item_id for row in transaction.run(_DUE, today=today, limit=limit)]


def is_due(transaction: Transaction, item_id: int, today: date) -> bool:
    """Tell it of one item, whose lock the caller holds."""
    return transaction.one(_IS_DUE, item_id=item_id, today=today) is not None


# -- reading -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """One confirmed change, with who asked for it and who confirmed it, and when."""

    id: int
    status: Status
    from_on: date
    basis: str | None
    asked_by: str
    asked_by_name: str
    asked_at: datetime
    confirmed_by: str
    confirmed_by_name: str
    confirmed_at: datetime

    @property
    def change(self) -> Change:
        """What it says of the document."""
        return Change(self.status, self.from_on, self.basis)


class Linked(NamedTuple):
    """A document that replaces another one, or is replaced."""

    id: int
    index_number: str | None
    title: str
    published_at: datetime | None


def recorded(connection: Connection, items: Sequence[int]) -> dict[int, list[Recorded]]:
    """Return what was recorded of items and their earlier editions, in the order of recording."""
    found: dict[int, list[Recorded]] = {}
    for row in connection.execute(_CHANGES.clause, {"items": list(items)}):
        told = row._asdict()
        of, form = told.pop("of"), told.pop("canonical")
        basis = json.loads(form)["basis"] if form else None
        found.setdefault(of, []).append(Recorded(basis=basis, **told))
    return found


def standings(connection: Connection, items: Sequence[int], today: date) -> dict[int, Validity]:
    """Return how those of some public items stand today of which there is anything to say."""
    if not items:
        return {}
    changes = recorded(connection, items)
    terms = {row.item_id: row for row in connection.execute(_TERMS.clause, {"items": list(items)})}
    return {
        item_id: on(
            today,
            effective_on=terms[item_id].effective_on if item_id in terms else None,
            expires_on=terms[item_id].expires_on if item_id in terms else None,
            changes=[each.change for each in changes.get(item_id, ())],
        )
        for item_id in changes.keys() | terms.keys()
    }


def links(
    connection: Connection, item_id: int, visible: ColumnElement[bool]
) -> tuple[list[Linked], list[Linked]]:
    """Return the documents that an item replaces, and those that replace it.

    Only those of which ``visible`` holds, a condition on the table of items; the earliest first.
    """
    found = []
    for here, there in (
        (_link.c.item_id, _link.c.replaces_id),
        (_link.c.replaces_id, _link.c.item_id),
    ):
        rows = connection.execute(
            select(_item.c.id, _item.c.index_number, _item.c.title, _item.c.published_at)
            .join(_link, there == _item.c.id)
            .join(_line, _line.c.member == here)
            .join(_change, _change.c.id == _link.c.change_id, isouter=True)
            .where(and_(_COUNTS, visible))
            .distinct()
            .order_by(_item.c.id),
            {"items": [item_id]},
        )
        found.append([Linked(*row) for row in rows])
    return found[0], found[1]
