"""What the trail says of an item and of people, and whether their rows say the same.

Rows can be changed by whoever holds the database's credentials, and rows are what the engine acts
on. So every act leaves in its entry what it made of the row, and here the entries of a sound chain
are gone through again and compared with the rows. Only reads.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import func, select

from workflow.machine import Action, State
from workflow.models import (
    Account,
    Body,
    Counter,
    Decision,
    Item,
    ItemAuthor,
    ItemReader,
    Revision,
    RoleGrant,
    table,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sqlalchemy.engine import Connection

EVENTS: Final[Mapping[Action, str]] = {
    Action.SUBMIT: "submitted",
    Action.RECALL: "recalled",
    Action.ABANDON: "abandoned",
    Action.SIGN_OFF: "signed_off",
    Action.SEAL: "sealed",
    Action.REVIEW_DISCLOSE: "review_disclosed",
    Action.REVIEW_DISCLOSE_IN_PART: "review_disclosed_in_part",
    Action.REVIEW_ON_REQUEST_ONLY: "review_on_request_only",
    Action.REVIEW_WITHHOLD: "review_withheld",
    Action.REVIEW_REFER: "referred",
    Action.ANSWER: "answered",
    Action.APPROVE: "approved",
    Action.RETURN: "returned",
    Action.PUBLISH: "publication_started",
    Action.RETRY: "publication_retried",
    Action.CONFIRM: "published",
    Action.FAIL: "publication_failed",
}
"""What an action is called in the trail: in the past tense, for it happened."""
_ACTIONS: Final = {event: action.value for action, event in EVENTS.items()}
_VOIDING: Final = frozenset({"seal_voided", "decision_voided"})
_WRITING: Final = frozenset({"created", "revised", "submitted"})

_item, _decision, _revision = table(Item), table(Decision), table(Revision)
_author, _reader, _account = table(ItemAuthor), table(ItemReader), table(Account)
_grant, _body, _counter = table(RoleGrant), table(Body), table(Counter)

Difference = tuple[int, str, str]
"""The entry that a row contradicts, the kind of problem, and the column."""


@dataclass(slots=True)
class ItemRows:
    """The rows about one item."""

    item: Any
    authors: set[str] = field(default_factory=set)
    readers: set[str] = field(default_factory=set)
    decisions: dict[int, Any] = field(default_factory=dict)


def item_rows(connection: Connection, items: Sequence[int]) -> dict[int, ItemRows]:
    """Return the rows about some items, by their numbers."""
    found = {
        row.id: ItemRows(row)
        for row in connection.execute(
            select(*_item.columns, _account.c.name.label("creator"), _revision.c.digest.label("of"))
            .join(_account, _account.c.id == _item.c.created_by)
            .join(_revision, _revision.c.id == _item.c.revision_id, isouter=True)
            .where(_item.c.id.in_(items))
        )
    }
    for kind, people in (("authors", _author), ("readers", _reader)):
        for person in connection.execute(
            select(people.c.item_id, _account.c.name)
            .join(_account, _account.c.id == people.c.account_id)
            .where(people.c.item_id.in_(items))
        ):
            getattr(found[person.item_id], kind).add(person.name)
    for decision in connection.execute(
        select(*_decision.columns, _account.c.name.label("decider"))
        .join(_account, _account.c.id == _decision.c.actor_id)
        .where(_decision.c.item_id.in_(items))
    ):
        found[decision.item_id].decisions[decision.id] = decision
    return found


@dataclass(slots=True)
class ItemReplay:
    """An item as the entries of its chain made it, each value with the entry that said it."""

    told: dict[str, tuple[Any, int]] = field(default_factory=dict)
    decisions: dict[int, dict[str, tuple[Any, int]]] = field(default_factory=dict)
    authors: set[str] = field(default_factory=set)
    readers: set[str] = field(default_factory=set)
    seq: int = 0

    def take(self, entry: Mapping[str, Any]) -> None:
        """Go through one more entry."""
        details = json.loads(entry["details"])
        event, self.seq = entry["event"], entry["seq"]
        said: dict[str, Any] = {}
        if event == "created":
            said |= {"state": State.DRAFT, "stage": None, "creator": entry["actor"]}
            said |= {"restricted": "restricted" in details, "round": 0, "submissions": 0}
            said |= dict.fromkeys(("index_number", "published_at", "ground", "reassess_on"))
            self.readers = set(details.get("readers", ()))
        if event in _WRITING:
            self.authors.add(entry["actor"])
        if event == "submitted":
            said |= {"round": details["round"], "index_number": details["index_number"]}
            said["submissions"] = self.told["submissions"][0] + 1
        said |= {name: details[name] for name in ("version", "digest") if name in details}
        if "to" in details:
            state, _, stage = details["to"].partition(":")
            said |= {"state": State(state), "stage": stage or None}
        if "ended" in details:
            said |= details["ended"]
        if event == "published":
            said["published_at"] = datetime.fromisoformat(details["published_at"])
        self.told |= {name: (value, self.seq) for name, value in said.items()}
        if event in _VOIDING:
            self.decisions[details["decision"]]["voided_at"] = (entry["at"], self.seq)
        elif "decision" in details:
            self.decisions[details["decision"]] = self._decided(entry, details)

    def _decided(
        self, entry: Mapping[str, Any], details: Mapping[str, Any]
    ) -> dict[str, tuple[Any, int]]:
        said = {name: details.get(name) for name in ("digest", "positive", "outcome", "ground")}
        said |= {name: details.get(name) for name in ("basis", "reassess_on", "register_number")}
        said |= {"round": self.told["round"][0], "submission": self.told["submissions"][0]}
        said |= {"action": _ACTIONS[entry["event"]], "reason_code": details.get("code")}
        said |= {"decider": entry["actor"], "decided_at": entry["at"], "voided_at": None}
        if "stage" in details:
            said["stage"] = details["stage"]
        return {name: (value, self.seq) for name, value in said.items()}

    def difference(self, rows: ItemRows) -> Difference | None:
        """Return the first thing in which the rows differ from what was told, if any."""
        for name, (value, seq) in self.told.items():
            if _plain(getattr(rows.item, name)) != _plain(value):
                return seq, "item_differs", name
        if rows.item.of != rows.item.digest:
            return self.told["digest"][1], "item_differs", "revision_id"
        for name in ("authors", "readers"):
            if getattr(rows, name) != getattr(self, name):
                return self.seq, "item_differs", name
        for number in sorted(self.decisions.keys() | rows.decisions.keys()):
            if number not in self.decisions or number not in rows.decisions:
                first = self.decisions.get(number, {}).get("digest", (None, self.seq))
                return first[1], "decision_differs", "id"
            for name, (value, seq) in self.decisions[number].items():
                if _plain(getattr(rows.decisions[number], name)) != _plain(value):
                    return seq, "decision_differs", name
        return None


@dataclass(slots=True)
class SystemReplay:
    """People and their roles as the entries of the system chain made them."""

    grants: dict[tuple[str, str, str], tuple[bool, int]] = field(default_factory=dict)
    enabled: dict[str, tuple[bool, int]] = field(default_factory=dict)
    seq: int = 0

    def take(self, entry: Mapping[str, Any]) -> None:
        """Go through one more entry."""
        event, self.seq = entry["event"], entry["seq"]
        details = json.loads(entry["details"])
        if event in ("role_granted", "role_revoked"):
            key = details["account"], details["role"], details["body"]
            self.grants[key] = event == "role_granted", self.seq
        elif event in ("account_added", "account_enabled", "account_disabled"):
            self.enabled[details["account"]] = event != "account_disabled", self.seq

    def difference(self, connection: Connection) -> Difference | None:
        """Return the first role or account that differs from what was told, if any."""
        held = {
            (row.name, row.role, row.code): True
            for row in connection.execute(
                select(_account.c.name, _grant.c.role, _body.c.code)
                .join(_account, _account.c.id == _grant.c.account_id)
                .join(_body, _body.c.id == _grant.c.body_id)
                .where(_grant.c.revoked_at.is_(None))
            )
        }
        for key in sorted(self.grants.keys() | held.keys()):
            told, seq = self.grants.get(key, (False, self.seq))
            if told is not held.get(key, False):
                return seq, "role_differs", " ".join(key)
        rows = connection.execute(select(_account.c.name, _account.c.enabled))
        enabled = {row.name: bool(row.enabled) for row in rows}
        for name in sorted(self.enabled.keys() | enabled.keys()):
            on, seq = self.enabled.get(name, (None, self.seq))
            if on is not enabled.get(name):
                return seq, "account_differs", name
        return None


def damaged_revisions(connection: Connection) -> set[int]:
    """Return the items of which some revision is not, to the byte, what its digest says."""
    rows = connection.execution_options(yield_per=20).execute(
        select(_revision.c.item_id, _revision.c.digest, _revision.c.canonical).where(
            _revision.c.canonical.is_not(None)
        )
    )
    return {
        row.item_id
        for row in rows
        if hashlib.sha256(row.canonical.encode("utf-8")).hexdigest() != row.digest
    }


def missing_items(connection: Connection) -> Iterator[tuple[str, int]]:
    """Yield the codes of bodies that lost items, and how many numbers were given out.

    Index numbers run without a gap and stay with their items, so that as many were given to a body
    as it has items with one: an item removed with its whole chain is missed here.
    """
    given: dict[int, int] = {}
    for row in connection.execute(select(_counter).where(_counter.c.name.like("index:%"))):
        body = int(row.name.split(":")[1])
        given[body] = given.get(body, 0) + row.value
    counted = connection.execute(
        select(_body.c.id, _body.c.code, func.count(_item.c.index_number).label("number"))
        .join(_item, _item.c.body_id == _body.c.id, isouter=True)
        .group_by(_body.c.id, _body.c.code)
        .order_by(_body.c.id)
    )
    for row in counted:
        if given.get(row.id, 0) != row.number:
            yield row.code, given.get(row.id, 0)


def _plain(value: object) -> object:
    """Return a value as details hold it, instants in UTC."""
    if isinstance(value, datetime):
        return value.timestamp()
    return value.isoformat() if isinstance(value, date) else value
