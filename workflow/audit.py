"""The trail: one append-only chain of hashes for each subject, and how to check it.

A subject is an item (``item:12``) or the ``system`` (accounts, roles, organisation, policies). An
entry's hash is the SHA-256 of the hash before it and of every column of its own, as canonical
JSON. The head (sequence and hash) is held in the subject's row too, so that a deleted last entry is
found. Details hold digests and codes, never content and no words, so that these can be purged.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import groupby, islice
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Integer, String, bindparam, cast, insert, literal, or_, select, true, update

from workflow import replay
from workflow.database import Statement, given
from workflow.errors import Damaged, NotFound
from workflow.models import AuditEntry, Item, Office, table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sqlalchemy import ColumnElement
    from sqlalchemy.engine import Connection

    from workflow.database import Transaction

GENESIS: Final = "0" * 64
"""The hash before the first entry of every chain."""
SYSTEM: Final = "system"
SYSTEM_ACTOR: Final = "system"
"""The name under which the engine itself acts; no account may have it."""

_AT_ONCE: Final = 200
"""So many items are compared with their rows at a time."""

_entries, _item, _office = table(AuditEntry), table(Item), table(Office)
_written = {each.name: each.type for each in _entries.columns if each.name != "id"}
_APPEND: Final = Statement(
    insert(_entries).values({name: bindparam(name) for name in _written}),
    together=insert(_entries).from_select(
        list(_written), select(*given(**_written).columns), include_defaults=False
    ),
)
_heads = given(of_item=_item.c.id.type, new_seq=Integer(), new_hash=String())
_HEADS: Final = Statement(
    update(_item)
    .where(_item.c.id == bindparam("of_item"))
    .values(trail_seq=bindparam("new_seq"), trail_hash=bindparam("new_hash")),
    together=update(_item)
    .where(_item.c.id == _heads.c.of_item)
    .values(trail_seq=_heads.c.new_seq, trail_hash=_heads.c.new_hash),
)
_LOCK_OFFICE: Final = Statement(
    select(_office.c.trail_seq, _office.c.trail_hash)
    .where(_office.c.id == 1)
    .with_for_update(key_share=True)
)
_MOVE_OFFICE_HEAD: Final = Statement(
    update(_office)
    .where(_office.c.id == 1, _office.c.trail_seq == bindparam("seen"))
    .values(trail_seq=bindparam("trail_seq"), trail_hash=bindparam("trail_hash"))
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Who acts, for whom, and from where; stated on every entry."""

    actor: str
    on_behalf_of: str | None = None
    channel: str
    host: str


def item_subject(item_id: int) -> str:
    """Return the subject of an item's chain."""
    return f"item:{item_id}"


def details_text(details: Mapping[str, Any]) -> str:
    """Return details as canonical JSON; dates and enums become text."""
    return _details.encode({key: value for key, value in details.items() if value is not None})


def read_details(text: str) -> dict[str, Any]:
    """Return what :func:`details_text` wrote, dates as text."""
    details: dict[str, Any] = json.loads(text)
    return details


def _plain(value: object) -> str:
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    raise TypeError(value)


# Made once, because `json.dumps` makes one for each call that asks for anything unusual.
_details: Final = json.JSONEncoder(
    ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_plain
)
_parts: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def entry_hash(entry: Mapping[str, Any]) -> str:
    """Return the hash of one entry: over its columns and the hash before it."""
    instant: datetime = entry["at"]
    parts = [
        entry["previous"],
        entry["subject"],
        entry["seq"],
        instant.astimezone(UTC).isoformat(timespec="microseconds"),
        entry["event"],
        entry["actor"],
        entry["on_behalf_of"],
        entry["channel"],
        entry["host"],
        entry["details"],
    ]
    text = _parts.encode(parts)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


@dataclass(slots=True)
class Chain:
    """The end of a subject's chain, to which a transaction appends.

    The caller holds the subject's row and writes ``seq`` and ``hash`` back to it in the same
    transaction; entries wait in ``waiting`` until :meth:`write`.
    """

    subject: str
    seq: int = 0
    hash: str = GENESIS
    waiting: list[dict[str, Any]] = field(default_factory=list)

    def append(self, event: str, *, at: datetime, origin: Origin, **details: Any) -> None:
        """Add an entry; ``details`` must hold no content of any item."""
        self.seq += 1
        entry: dict[str, Any] = {
            "subject": self.subject,
            "seq": self.seq,
            "at": at,
            "event": event,
            "actor": origin.actor,
            "on_behalf_of": origin.on_behalf_of,
            "channel": origin.channel,
            "host": origin.host,
            "details": details_text(details),
            "previous": self.hash,
        }
        entry["hash"] = self.hash = entry_hash(entry)
        self.waiting.append(entry)

    def write(self, transaction: Transaction) -> None:
        """Insert the waiting entries."""
        for entry in self.waiting:
            transaction.run(_APPEND, **entry)
        self.waiting.clear()


def write_items(transaction: Transaction, chains: Mapping[int, Chain]) -> None:
    """Insert the entries that wait in the chains of many items, and move the heads of these.

    The caller holds the items.
    """
    waiting = {number: chain for number, chain in chains.items() if chain.waiting}
    transaction.run_many(_APPEND, [entry for chain in waiting.values() for entry in chain.waiting])
    transaction.run_many(
        _HEADS,
        [
            {"of_item": number, "new_seq": chain.seq, "new_hash": chain.hash}
            for number, chain in waiting.items()
        ],
    )
    for chain in waiting.values():
        chain.waiting.clear()


def hold(transaction: Transaction) -> None:
    """Hold the system chain until the transaction ends: what needs it afterwards waits for us."""
    transaction.run(_LOCK_OFFICE)


def record(
    transaction: Transaction, event: str, *, at: datetime, origin: Origin, **details: Any
) -> None:
    """Append one entry to the system chain, and move the head in the office's row."""
    head = transaction.one(_LOCK_OFFICE)
    if head is None:
        raise RuntimeError(event)  # An office always has its row: ``init`` writes it first.
    chain = Chain(SYSTEM, head.trail_seq, head.trail_hash)
    chain.append(event, at=at, origin=origin, **details)
    chain.write(transaction)
    transaction.run(
        _MOVE_OFFICE_HEAD, seen=head.trail_seq, trail_seq=chain.seq, trail_hash=chain.hash
    )


@dataclass(frozen=True, slots=True)
class Fault:
    """The first thing that is wrong in a chain: which subject, which entry, and how.

    ``problem`` is ``altered``, ``missing``, ``relinked`` or ``head_differs`` where the chain itself
    is broken; ``item_differs``, ``decision_differs``, ``revision_differs``, ``remark_differs``,
    ``retraction_differs``, ``edition_differs``, ``role_differs``, ``account_differs``,
    ``delegation_differs``, ``waiver_differs``, ``body_differs``, ``office_differs`` or
    ``purge_differs`` where a row is not what the entry made it, or a stored text does not have its
    digest (``what`` names the column, role, account, number, body or target); ``policy_differs``
    where a policy's text does not have its digest; and
    ``items_missing`` where a body (``body:<code>``) had more index numbers given out than it has
    items.
    """

    subject: str
    seq: int
    problem: str
    what: str = ""


@dataclass(frozen=True, slots=True)
class Head:
    """The end of a chain, to be written down elsewhere and compared later."""

    subject: str
    seq: int
    hash: str


def heads(connection: Connection, *, items: range | None = None) -> Iterator[Head]:
    """Yield the head of the system chain and of each item's, as their rows hold them.

    With ``items``, only of those items with a number in the range.
    """
    office = connection.execute(select(_office.c.trail_seq, _office.c.trail_hash)).first()
    if office is not None:
        yield Head(SYSTEM, office.trail_seq, office.trail_hash)
    rows = connection.execution_options(yield_per=1000).execute(
        select(_item.c.id, _item.c.trail_seq, _item.c.trail_hash)
        .where(_within(items))
        .order_by(_item.c.id)
    )
    for row in rows:
        yield Head(item_subject(row.id), row.trail_seq, row.trail_hash)


def _within(items: range | None) -> ColumnElement[bool]:
    return true() if items is None else _item.c.id.between(items.start, items.stop - 1)


def export(connection: Connection, subject: str | None = None) -> Iterator[dict[str, Any]]:
    """Yield the entries of every chain, or of one, each as it was hashed and with its hash.

    In the order of subjects and entries, with flat memory; ``details`` is the text that the hash
    covers. Raises ``NotFound('no_such_chain')`` for a subject without any entry.
    """
    entries = select(_entries).order_by(_entries.c.subject, _entries.c.seq)
    if subject is not None:
        entries = entries.where(_entries.c.subject == subject)
    empty = True
    for row in connection.execution_options(yield_per=1000).execute(entries):
        empty = False
        yield {name: value for name, value in row._mapping.items() if name != "id"}  # noqa: SLF001 # the documented name of a row's mapping
    if empty and subject is not None:
        raise NotFound("no_such_chain", subject=subject)


def verify(connection: Connection, *, items: range | None = None) -> Iterator[Head | Fault]:
    """Walk every chain; yield each sound one's head, or the first fault of each broken one.

    With ``items``, only the system's chain and those of the items with a number in the range.
    Entries are read once, in order, with flat memory; a chain whose subject is gone, or that has
    no entries at all, is a fault like any other. Of a sound chain the rows are compared with what
    its entries say (:mod:`workflow.replay`). Raises ``Damaged`` where a column holds nonsense.
    """
    try:
        yield from _verified(connection, items)
    except (AttributeError, TypeError, ValueError) as error:
        # SQLite lets nonsense stand anywhere; no chain can be told from another then.
        raise Damaged("database_damaged", problem=type(error).__name__) from error


def _verified(connection: Connection, items: range | None) -> Iterator[Head | Fault]:
    expected = {head.subject: head for head in heads(connection, items=items)}
    damaged = replay.damaged_revisions(connection, items=items)
    walks = _walks(connection, items)
    while batch := list(islice(walks, _AT_ONCE)):
        rows = _item_rows(connection, [walk.item for walk in batch if walk.item])
        for walk in batch:
            result = walk.result(expected.pop(walk.subject, None))
            if isinstance(result, Head):
                result = walk.compared(connection, result, rows, damaged)
            yield result
    for head in expected.values():
        # Every subject has a first entry: a head that says there is none was put back.
        yield Fault(head.subject, 1, "missing")
    for code, numbers in replay.missing_items(connection):
        yield Fault(f"body:{code}", numbers, "items_missing")


def _item_rows(connection: Connection, items: list[int]) -> dict[int, replay.ItemRows]:
    """Return the rows about these items, but not of those that no longer hold what they can."""
    try:
        return replay.item_rows(connection, items)
    except ValueError:  # SQLite lets nonsense stand in the column of a date.
        each = [_item_rows(connection, [item]) for item in items] if len(items) > 1 else []
        return {number: rows for found in each for number, rows in found.items()}


def _walks(connection: Connection, items: range | None) -> Iterator[_Walk]:
    """Yield the walk through each chain, when it has come to its end."""
    entries = select(_entries).order_by(_entries.c.subject, _entries.c.seq)
    if items is not None:
        subjects = select(literal("item:") + cast(_item.c.id, String)).where(_within(items))
        entries = entries.where(or_(_entries.c.subject == SYSTEM, _entries.c.subject.in_(subjects)))
    rows = connection.execution_options(yield_per=1000).execute(entries)
    for subject, of_subject in groupby(rows, key=attrgetter("subject")):
        walk = _Walk(subject)
        for row in of_subject:
            walk.take(dict(row._mapping))  # noqa: SLF001 # the documented name of a row's mapping
        yield walk


class _Walk:
    """The check of one chain, entry by entry."""

    def __init__(self, subject: str) -> None:
        self.subject = subject
        number = subject.removeprefix("item:")
        self.item = int(number) if number.isdecimal() else 0
        self.told = replay.ItemReplay() if self.item else replay.SystemReplay()
        self.seq = 0
        self.hash = GENESIS
        self.fault: Fault | None = None

    def take(self, entry: Mapping[str, Any]) -> None:
        if self.fault is not None:
            return
        if entry["seq"] != self.seq + 1:
            self.fault = Fault(self.subject, self.seq + 1, "missing")
        elif entry["hash"] != entry_hash(entry):
            self.fault = Fault(self.subject, entry["seq"], "altered")
        elif entry["previous"] != self.hash:
            self.fault = Fault(self.subject, entry["seq"], "relinked")
        else:
            try:
                self.told.take(entry)
            except (KeyError, TypeError, ValueError):
                # The engine never wrote this: who did could make a right hash, and no sense.
                self.fault = Fault(self.subject, entry["seq"], "altered")
        self.seq, self.hash = entry["seq"], entry["hash"]

    def result(self, head: Head | None) -> Head | Fault:
        if self.fault is not None:
            return self.fault
        if head is None or head.seq < self.seq:
            return Fault(self.subject, self.seq, "head_differs")
        if head.seq > self.seq:
            return Fault(self.subject, self.seq + 1, "missing")
        if head.hash != self.hash:
            return Fault(self.subject, self.seq, "head_differs")
        return Head(self.subject, self.seq, self.hash)

    def compared(
        self,
        connection: Connection,
        head: Head,
        rows: Mapping[int, replay.ItemRows],
        damaged: Mapping[int, tuple[str, str]],
    ) -> Head | Fault:
        if isinstance(self.told, replay.SystemReplay):
            difference = self.told.difference(connection)
        elif self.item not in rows:
            difference = (self.seq, "item_differs", "")
        else:
            difference = self.told.difference(rows[self.item])
            if difference is None and self.item in damaged:
                difference = (self.seq, *damaged[self.item])
        return Fault(self.subject, *difference) if difference else head
