"""What the trail says of an item and of people, and whether their rows say the same.

Rows can be changed by whoever holds the database's credentials, and rows are what the engine acts
on. So every act leaves in its entry what it made of the row, and here the entries of a sound chain
are gone through again and compared with the rows. Only reads.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import func, select

from workflow.errors import GongkaiError
from workflow.machine import Action, State
from workflow.models import (
    Account,
    AuditEntry,
    Body,
    CalendarVersion,
    Capacity,
    Consultation,
    Counter,
    Decision,
    Delegation,
    Edition,
    Item,
    ItemAuthor,
    ItemReader,
    Office,
    PolicyText,
    Purge,
    Remark,
    Replacement,
    Retraction,
    Revision,
    RoleGrant,
    ValidityChange,
    ValidityTerm,
    Waiver,
    table,
)
from workflow.revisions import digest, read, repeated

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
    Action.URGE: "urged",
    Action.REOPEN: "reopened",
    Action.RETRACT: "retraction_asked",
    Action.CONFIRM_RETRACTION: "retracted",
    Action.RESTORE: "restoration_asked",
    Action.CONFIRM_RESTORATION: "restored",
    Action.PUBLISH_URGENTLY: "urgent_publication_asked",
    Action.CONFIRM_URGENT_PUBLICATION: "urgent_publication_started",
    Action.CALL_OFF: "called_off",
    Action.CORRECT: "correction_opened",
    Action.SUPERSEDE: "superseded",
    Action.VALIDITY: "validity_asked",
    Action.CONFIRM_VALIDITY: "validity_changed",
    Action.RENEW: "page_renewed",
}
"""What an action is called in the trail: in the past tense, for it happened."""
_ACTIONS: Final = {event: action.value for action, event in EVENTS.items()}
_CONFIRMED: Final = frozenset(
    {"retracted", "restored", "urgent_publication_started", EVENTS[Action.CONFIRM_VALIDITY]}
)
_VOIDING: Final = frozenset({"seal_voided", "decision_voided"})
_TERM: Final = ("effective_on", "expires_on")
_WRITING: Final = frozenset({"created", "revised", "submitted", "taken_over"})

_item, _decision, _revision = table(Item), table(Decision), table(Revision)
_author, _reader, _account = table(ItemAuthor), table(ItemReader), table(Account)
_grant, _body, _counter = table(RoleGrant), table(Body), table(Counter)
_office, _policy, _calendar = table(Office), table(PolicyText), table(CalendarVersion)
_purge, _remark, _entry = table(Purge), table(Remark), table(AuditEntry)
_retraction, _edition = table(Retraction), table(Edition)
_consultation = table(Consultation)
_change, _term, _link = table(ValidityChange), table(ValidityTerm), table(Replacement)
_capacity, _delegation, _waiver = table(Capacity), table(Delegation), table(Waiver)
_principal = _account.alias("principal")

REPEATED: Final = (
    "digest", "body_digest", "title", "document_number", "document_key", "category", "attribute",
    "formed_on",
)  # fmt: skip
"""What an item's row repeats of its current revision."""

Difference = tuple[int, str, str]
"""The entry that a row contradicts, the kind of problem, and the column."""


@dataclass(slots=True)
class ItemRows:
    """The rows about one item; ``stages`` are those of every policy with their kinds, in order.

    A policy whose text is not what it was is not among them.
    """

    item: Any
    stages: Mapping[str, dict[str, str]] = field(default_factory=dict)
    authors: set[str] = field(default_factory=set)
    readers: set[str] = field(default_factory=set)
    decisions: dict[int, Any] = field(default_factory=dict)
    revisions: dict[int, Any] = field(default_factory=dict)
    remarks: dict[str, Any] = field(default_factory=dict)
    retractions: dict[int, Any] = field(default_factory=dict)
    editions: dict[int, Any] = field(default_factory=dict)
    consultations: dict[int, Any] = field(default_factory=dict)
    changes: dict[int, Any] = field(default_factory=dict)
    replacements: dict[tuple[int, int, int], Any] = field(default_factory=dict)


def item_rows(connection: Connection, items: Sequence[int]) -> dict[int, ItemRows]:
    """Return the rows about some items, by their numbers."""
    stages = {
        row.digest: {stage["name"]: stage["kind"] for stage in json.loads(row.text)["stages"]}
        for row in connection.execute(select(_policy.c.digest, _policy.c.text))
        if _is_whole(row.text, row.digest)
    }
    found = {
        row.id: ItemRows(row, stages)
        for row in connection.execute(
            select(
                *_item.columns,
                _account.c.name.label("creator"),
                _revision.c.digest.label("of"),
                _body.c.code.label("body"),
            )
            .join(_account, _account.c.id == _item.c.created_by)
            .join(_body, _body.c.id == _item.c.body_id)
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
        select(
            *_decision.columns,
            _account.c.name.label("decider"),
            _body.c.code.label("body"),
            _revision.c.digest.label("of"),
            _remark.c.digest.label("remark"),
            _principal.c.name.label("principal"),
            _capacity.c.waiver_id,
        )
        .join(_account, _account.c.id == _decision.c.actor_id)
        .join(_capacity, _capacity.c.decision_id == _decision.c.id, isouter=True)
        .join(_principal, _principal.c.id == _capacity.c.principal_id, isouter=True)
        .join(_body, _body.c.id == _decision.c.body_id)
        .join(_revision, _revision.c.id == _decision.c.revision_id)
        .join(_remark, _remark.c.id == _decision.c.remark_id, isouter=True)
        .where(_decision.c.item_id.in_(items))
    ):
        found[decision.item_id].decisions[decision.id] = decision
    columns = [column for column in _revision.columns if column.name != "canonical"]
    for revision in connection.execute(
        select(*columns, _account.c.name.label("creator"))
        .join(_account, _account.c.id == _revision.c.created_by)
        .where(_revision.c.item_id.in_(items))
    ):
        found[revision.item_id].revisions[revision.number] = revision
    for remark in connection.execute(_remarks().where(_remark.c.item_id.in_(items))):
        found[remark.item_id].remarks[remark.digest] = remark
    _read_relations(connection, items, found)
    return found


def _read_relations(
    connection: Connection, items: Sequence[int], found: Mapping[int, ItemRows]
) -> None:
    """Add what two people did, other documents and other bodies that items have to do with."""
    for retraction in connection.execute(_asked_for(_retraction, items)):
        found[retraction.item_id].retractions[retraction.id] = retraction
    for change in connection.execute(_asked_for(_change, items)):
        found[change.item_id].changes[change.id] = change
    # What was said as a document was entered is told in its chain, the rest in that of the other.
    for link in connection.execute(
        select(_link, func.coalesce(_change.c.item_id, _link.c.item_id).label("told_of"))
        .join(_change, _change.c.id == _link.c.change_id, isouter=True)
        .where(func.coalesce(_change.c.item_id, _link.c.item_id).in_(items))
    ):
        key = link.item_id, link.replaces_id, link.change_id or 0
        found[link.told_of].replacements[key] = link
    for edition in connection.execute(
        select(*_edition.columns, _remark.c.digest.label("remark"), _account.c.name.label("opener"))
        .join(_remark, _remark.c.id == _edition.c.remark_id)
        .join(_account, _account.c.id == _edition.c.opened_by)
        .where(_edition.c.item_id.in_(items))
    ):
        found[edition.item_id].editions[edition.number] = edition
    for consultation in connection.execute(
        _consultations().where(_consultation.c.item_id.in_(items))
    ):
        found[consultation.item_id].consultations[consultation.id] = consultation


def _consultations() -> Any:
    """Return what selects consultations with the names and digests that the trail has of them."""
    people = {name: _account.alias() for name in ("asked", "replied", "settled", "withdrawn")}
    remarks = {name: _remark.alias() for name in ("", "reply_", "settlement_", "withdrawal_")}
    found = _consultation.join(_body, _body.c.id == _consultation.c.body_id, isouter=True)
    for name, person in people.items():
        column = _consultation.c[f"{name}_by"]
        found = found.join(person, person.c.id == column, isouter=True)
    for name, remark in remarks.items():
        column = _consultation.c[f"{name}remark_id"]
        found = found.join(remark, remark.c.id == column, isouter=True)
    return select(
        *_consultation.columns,
        _body.c.code.label("body"),
        *(person.c.name.label(f"who_{name}") for name, person in people.items()),
        *(remark.c.digest.label(f"{name}remark") for name, remark in remarks.items()),
    ).select_from(found)


def _asked_for(rows: Any, items: Sequence[int]) -> Any:
    """Return the statement for what takes two people, with their names."""
    asked, confirmed, called_off = (_account.alias() for _ in range(3))
    return (
        select(
            *rows.columns,
            _remark.c.digest.label("remark"),
            asked.c.name.label("asker"),
            confirmed.c.name.label("confirmer"),
            called_off.c.name.label("caller_off"),
        )
        .join(_remark, _remark.c.id == rows.c.remark_id)
        .join(asked, asked.c.id == rows.c.asked_by)
        .join(confirmed, confirmed.c.id == rows.c.confirmed_by, isouter=True)
        .join(called_off, called_off.c.id == rows.c.called_off_by, isouter=True)
        .where(rows.c.item_id.in_(items))
    )


def _remarks() -> Any:
    return select(*_remark.columns, _account.c.name.label("said_by_name")).join(
        _account, _account.c.id == _remark.c.said_by
    )


@dataclass(slots=True)
class ItemReplay:
    """An item as the entries of its chain made it, each value with the entry that said it."""

    told: dict[str, tuple[Any, int]] = field(default_factory=dict)
    decisions: dict[int, dict[str, tuple[Any, int]]] = field(default_factory=dict)
    authors: set[str] = field(default_factory=set)
    readers: set[str] = field(default_factory=set)
    revisions: list[dict[str, tuple[Any, int]]] = field(default_factory=list)
    remarks: dict[str, dict[str, tuple[Any, int]]] = field(default_factory=dict)
    retractions: dict[int, dict[str, tuple[Any, int]]] = field(default_factory=dict)
    editions: dict[int, dict[str, tuple[Any, int]]] = field(default_factory=dict)
    consultations: dict[int, dict[str, tuple[Any, int]]] = field(default_factory=dict)
    changes: dict[int, dict[str, tuple[Any, int]]] = field(default_factory=dict)
    replacements: dict[tuple[int, int, int], Any] = field(default_factory=dict)
    steps: list[tuple[str, str, int | None]] = field(default_factory=list)
    decided_under: dict[int, str] = field(default_factory=dict)
    seq: int = 0

    def take(self, entry: Mapping[str, Any]) -> None:
        """Go through one more entry."""
        details = json.loads(entry["details"])
        event, self.seq = entry["event"], entry["seq"]
        said: dict[str, Any] = {}
        if event == "created":
            said = _created(entry, details)
            self.readers = set(details.get("readers", ()))
        self.readers |= {details["reader"]} if event == "reader_named" else set()
        if event in _WRITING:
            self.authors |= {entry["actor"], entry["on_behalf_of"]} - {None}
        if event == "submitted":
            said |= {"round": details["round"], "index_number": details["index_number"]}
            said |= {"submissions": self.told["submissions"][0] + 1, "submitted_at": entry["at"]}
        said |= {name: details[name] for name in ("version", "digest") if name in details}
        if event in ("created", "policy_applied"):
            said["policy_digest"] = details["policy"]
            self.steps.append(("policy", details["policy"], details.get("reached")))
        if "to" in details:
            state, _, stage = details["to"].partition(":")
            said |= {"state": State(state), "stage": stage or None}
            if details["from"] != details["to"]:
                said["entered_at"] = entry["at"]
            # What is to be published urgently lies before the publishers, as if it were cleared.
            urgent = event == EVENTS[Action.PUBLISH_URGENTLY]
            self.steps.append(("at", State.CLEARED if urgent else stage or state, None))
        said |= details.get("ended", {}) | details.get("review", {})
        if event == "published":
            said["published_at"] = datetime.fromisoformat(details["published_at"])
        self._write(entry, details)
        self.told |= {name: (value, self.seq) for name, value in said.items()}
        if event in _VOIDING:
            self.decisions[details["decision"]]["voided_at"] = (entry["at"], self.seq)
        elif "decision" in details:
            self.decisions[details["decision"]] = self._decided(entry, details)
            self.decided_under[details["decision"]] = self.told["policy_digest"][0]

    def _write(self, entry: Mapping[str, Any], details: Mapping[str, Any]) -> None:
        """Follow what was written or asked for by an entry, and what was purged."""
        event, seq, at = entry["event"], entry["seq"], entry["at"]
        self._relate(entry, details)
        if "remark" in details:
            said = {"said_by_name": entry["actor"], "said_at": at, "purged_at": None}
            self.remarks[details["remark"]] = {name: (each, seq) for name, each in said.items()}
        before = self.revisions[-1] if self.revisions else {"digest": (None, 0)}
        anew = event in _WRITING and details["digest"] != before["digest"][0]
        if anew or event == "revised":
            # The first submission writes the number into what is otherwise the same revision.
            redacts = before["redacts_id"][0] if event == "submitted" else details.get("redacts")
            said = {"digest": details["digest"], "creator": entry["actor"], "created_at": at}
            said |= {"redacts_id": redacts, "purged_at": None}
            self.revisions.append({name: (each, seq) for name, each in said.items()})
        if event == "purged":
            gone = {details["target"], *details.get("also", ())}
            purged = [each for each in self.revisions if each["digest"][0] in gone]
            purged += [each for digest_, each in self.remarks.items() if digest_ in gone]
            for each in purged:
                if each["purged_at"][0] is None:
                    each["purged_at"] = at, seq

    def _relate(self, entry: Mapping[str, Any], details: Mapping[str, Any]) -> None:
        """Follow what takes two people, and what an item has to do with other ones and bodies."""
        if "asked" in details:
            self._ask(entry, details, self.retractions, details["asked"])
        if "change" in details:
            self._ask(entry, details, self.changes, details["change"])
        item_id = int(entry["subject"].partition(":")[2])
        for replaced in details.get("replaces", ()):
            self.replacements[item_id, replaced, 0] = {}
        for newer in details.get("replaced_by", ()):
            self.replacements[newer, item_id, details["change"]] = {}
        self._follow_edition(entry, details)
        if "consultation" in details:
            self._consult(entry, details)

    def _follow_edition(self, entry: Mapping[str, Any], details: Mapping[str, Any]) -> None:
        """Follow of which item this one is another edition, and whether it was dropped."""
        if "corrects" in details:
            said = {"corrects_id": details["corrects"], "changed_on": details["changed_on"]}
            said |= {"remark": details["remark"], "opener": entry["actor"]}
            said |= {"opened_at": entry["at"], "dropped_at": None}
            told = {name: (value, self.seq) for name, value in said.items()}
            self.editions[details["edition"]] = told
        for told in self.editions.values():
            if "dropped" in details:
                told["dropped_at"] = (entry["at"] if details["dropped"] else None), self.seq

    def _consult(self, entry: Mapping[str, Any], details: Mapping[str, Any]) -> None:
        """Follow what another body was asked, and what came of it."""
        event, at, actor = entry["event"], entry["at"], entry["actor"]
        remark = details.get("remark")
        if event == "consulted":
            said = {"kind": details["concern"], "due_on": details["answer_due"]}
            said |= {"digest": details["about"], "replaces_id": details.get("asked_before")}
            said |= {name: details.get(name) for name in ("body", "blocking", "silence")}
            said |= {"who_asked": actor, "asked_as": details["asked_as"], "asked_at": at}
            said |= {"remark": remark, "overdue_told_at": None}
            said |= dict.fromkeys(("reply", "reply_digest", "replied_on", "replied_at"))
            said |= dict.fromkeys(("who_replied", "reply_remark"))
            said |= dict.fromkeys(("settlement", "settled_digest", "settled_at"))
            said |= dict.fromkeys(("who_settled", "settlement_remark"))
            said |= dict.fromkeys(("who_withdrawn", "withdrawn_at", "withdrawal_remark"))
        elif event == "consultation_answered":
            said = {"reply": details["reply"], "reply_digest": details["about"]}
            said |= {"replied_on": details["replied_on"], "replied_at": at}
            said |= {"who_replied": actor, "reply_remark": remark}
        elif event == "consultation_settled":
            said = {"settlement": details["settlement"], "settled_digest": details["about"]}
            said |= {"who_settled": actor, "settled_at": at, "settlement_remark": remark}
        elif event == "consultation_withdrawn":
            said = {"who_withdrawn": actor, "withdrawn_at": at, "withdrawal_remark": remark}
        else:
            said = {"overdue_told_at": at}
        told = {name: (value, self.seq) for name, value in said.items()}
        number = details["consultation"]
        self.consultations[number] = self.consultations.get(number, {}) | told

    def _ask(
        self,
        entry: Mapping[str, Any],
        details: Mapping[str, Any],
        rows: dict[int, dict[str, tuple[Any, int]]],
        asked: int,
    ) -> None:
        """Follow what was asked for, and what came of it."""
        event, seq = entry["event"], self.seq
        said: dict[str, Any]
        if "kind" in details or event == EVENTS[Action.VALIDITY]:
            if "kind" in details:
                said = {"kind": details["kind"], "amends_id": details.get("amends")}
            else:
                said = {"status": details["status"], "from_on": details["from_on"]}
            said |= {"asker": entry["actor"], "asked_at": entry["at"], "remark": details["remark"]}
            ends = ("confirmer", "confirmed_at", "caller_off", "called_off_at")
            said |= dict.fromkeys(ends)
        elif event in _CONFIRMED:
            said = {"confirmer": entry["actor"], "confirmed_at": entry["at"]}
        else:
            by = entry["actor"] if event == EVENTS[Action.CALL_OFF] else None
            said = {"caller_off": by, "called_off_at": entry["at"]}
        told = {name: (value, seq) for name, value in said.items()}
        rows[asked] = rows.get(asked, {}) | told

    def _decided(
        self, entry: Mapping[str, Any], details: Mapping[str, Any]
    ) -> dict[str, tuple[Any, int]]:
        said = {name: details.get(name) for name in ("digest", "positive", "outcome", "ground")}
        said |= {name: details.get(name) for name in ("basis", "reassess_on", "register_number")}
        said |= {"round": self.told["round"][0], "submission": self.told["submissions"][0]}
        said |= {"action": _ACTIONS[entry["event"]], "reason_code": details.get("code")}
        said |= {"decider": entry["actor"], "decided_at": entry["at"], "voided_at": None}
        said |= {"body": self.told["body"][0], "of": details["digest"]}
        said |= {"remark": details.get("remark"), "details": details.get("details")}
        said |= {"principal": entry["on_behalf_of"], "waiver_id": details.get("waiver")}
        said |= {"waived": "waiver" in details}
        if "stage" in details:
            said["stage"] = details["stage"]
        return {name: (value, self.seq) for name, value in said.items()}

    def difference(self, rows: ItemRows) -> Difference | None:
        """Return the first thing in which the rows differ from what was told, if any."""
        if found := _unlike(self.told, rows.item):
            return found[0], "item_differs", found[1]
        if rows.item.of != rows.item.digest:
            return self.told["digest"][1], "item_differs", "revision_id"
        if rows.item.reached != self._reached(rows):
            return self.seq, "item_differs", "reached"
        for name in ("authors", "readers"):
            if getattr(rows, name) != getattr(self, name):
                return self.seq, "item_differs", name
        revisions = dict(enumerate(self.revisions, start=1))
        for kind, told, there in (
            ("decision_differs", self.decisions, rows.decisions),
            ("revision_differs", revisions, rows.revisions),
            ("remark_differs", self.remarks, rows.remarks),
            ("retraction_differs", self.retractions, rows.retractions),
            ("edition_differs", self.editions, rows.editions),
            ("consultation_differs", self.consultations, rows.consultations),
            ("validity_differs", self.changes, rows.changes),
            ("validity_differs", self.replacements, rows.replacements),
        ):
            if difference := self._differ(kind, told, there):
                return difference
        for row in rows.decisions.values():
            kinds = rows.stages.get(self.decided_under[row.id])
            if kinds is not None and kinds.get(row.stage) != row.kind:
                return self.decisions[row.id]["digest"][1], "decision_differs", "kind"
        return None

    def _reached(self, rows: ItemRows) -> int:
        """Return how far the item ever came, as its policy counts; each may count otherwise."""
        order: dict[str, int] = {}
        reached = -1
        for kind, name, then in self.steps:
            if kind == "at":
                reached = max(reached, order.get(name, -1))
                continue
            if name not in rows.stages:
                # Its text is not what it was, which is told of the office.
                return int(rows.item.reached)
            stages = (*rows.stages[name], State.CLEARED)
            order = {stage: position for position, stage in enumerate(stages)}
            reached = reached if then is None else then
        return reached

    def _differ(
        self,
        kind: str,
        told: Mapping[Any, Mapping[str, tuple[Any, int]]],
        rows: Mapping[Any, Any],
    ) -> Difference | None:
        """Compare rows of one kind with what was told of them."""
        for key in sorted(told.keys() | rows.keys()):
            if key not in told or key not in rows:
                first = next(iter(told.get(key, {}).values()), (None, self.seq))
                return first[1], kind, "id"
            if found := _unlike(told[key], rows[key]):
                return found[0], kind, found[1]
            if kind == "remark_differs" and not _is_whole(rows[key].canonical, key):
                return self.seq, kind, "canonical"
        return None


def _created(entry: Mapping[str, Any], details: Mapping[str, Any]) -> dict[str, Any]:
    """Return what an item is when it has just been entered."""
    said: dict[str, Any] = {"state": State.DRAFT, "stage": None, "creator": entry["actor"]}
    said |= {"body": details["body"], "restricted": "restricted" in details}
    said |= {"created_at": entry["at"], "entered_at": entry["at"], "submitted_at": None}
    said |= {"round": 0, "submissions": 0}
    none = ("index_number", "published_at", "ground", "reassess_on", "owed_stage")
    return said | dict.fromkeys(none)


def _unlike(told: Mapping[str, tuple[Any, int]], row: Any) -> tuple[int, str] | None:
    """Return the first column of a row that is not what was told, and the entry that told it."""
    for name, (value, seq) in told.items():
        there = getattr(row, name)
        if name == "details" and there is not None:
            # Of these the trail holds the digest.
            there = digest(there.encode("utf-8"))
        if _plain(there) != _plain(value):
            return seq, name
    return None


def _is_whole(text: str | None, digest_: str) -> bool:
    """Tell whether a text has its digest; what was purged has none to compare."""
    return text is None or digest(text.encode("utf-8")) == digest_


@dataclass(slots=True)
class SystemReplay:
    """People, their roles, deputies and waivers as the system chain's entries made them."""

    grants: dict[tuple[str, str, str], tuple[bool, int]] = field(default_factory=dict)
    enabled: dict[str, tuple[bool, int]] = field(default_factory=dict)
    languages: dict[str, tuple[str, int]] = field(default_factory=dict)
    bodies: dict[str, tuple[Any, int]] = field(default_factory=dict)
    purges: list[list[Any]] = field(default_factory=list)
    # Nothing is held back, and the clock is what it is, until an entry says otherwise.
    office: dict[str, tuple[Any, int]] = field(
        default_factory=lambda: {
            "held_at": (None, 1),
            "held_why": (None, 1),
            "clock_epoch": (1, 1),
        }
    )
    remarks: set[tuple[Any, ...]] = field(default_factory=set)
    delegations: dict[int, dict[str, tuple[Any, int]]] = field(default_factory=dict)
    waivers: dict[int, dict[str, tuple[Any, int]]] = field(default_factory=dict)
    seq: int = 0

    def take(self, entry: Mapping[str, Any]) -> None:
        """Go through one more entry."""
        event, self.seq = entry["event"], entry["seq"]
        details = json.loads(entry["details"])
        if "remark" in details:
            self.remarks.add((details["remark"], entry["actor"], _plain(entry["at"])))
        self._office_told(entry, details)
        self._person_told(event, details)
        for kind, begins, ends in (
            ("delegation", "delegated", "delegation_ended"),
            ("waiver", "waiver_given", "waiver_ended"),
        ):
            if event in (begins, ends):
                self._for_a_time(kind, entry, details, ended=event == ends)
        if event == "organisation_imported":
            for code, *said in details["bodies"]:
                self.bodies[code] = said, self.seq
        elif event == "purge_asked":
            asked = [details["kind"], details["target"], details["ground"], details["remark"]]
            self.purges.append([*asked, entry["actor"], _plain(entry["at"]), None, None])
        elif event == "purged":
            self._purged(entry, details["target"])

    def _person_told(self, event: str, details: Mapping[str, Any]) -> None:
        """Follow what an entry made of somebody's account and of their own roles."""
        if event in ("role_granted", "role_revoked"):
            key = details["account"], details["role"], details["body"]
            self.grants[key] = event == "role_granted", self.seq
        elif event in ("account_added", "account_enabled", "account_disabled"):
            self.enabled[details["account"]] = event != "account_disabled", self.seq
        if event in ("account_added", "language_set") and "language" in details:
            # Of who was added before 0.3 none is known until somebody sets it.
            self.languages[details["account"]] = details["language"], self.seq

    def _for_a_time(
        self, kind: str, entry: Mapping[str, Any], details: Mapping[str, Any], *, ended: bool
    ) -> None:
        """Follow a delegation or a waiver, which are given, and perhaps ended early."""
        known = getattr(self, f"{kind}s")
        if ended:
            said = {"over": entry["at"], "ended_at": entry["at"], "ender": entry["actor"]}
        else:
            said = {name: value for name, value in details.items() if name != kind}
            said |= {"giver": entry["actor"], "given_at": entry["at"]}
            said = dict.fromkeys(("role", "body") if kind == "delegation" else ()) | said
            said |= {"ended_at": None, "ender": None}
            for name in ("since", "over"):
                if name in said:
                    said[name] = datetime.fromisoformat(said[name])
        told = {name: (value, self.seq) for name, value in said.items()}
        known[details[kind]] = known.get(details[kind], {}) | told

    def _office_told(self, entry: Mapping[str, Any], details: Mapping[str, Any]) -> None:
        """Follow what an entry made of the office's row."""
        event = entry["event"]
        if event in ("office_created", "policy_applied"):
            self.office["policy_digest"] = details["policy"], self.seq
            # What kind of database it is was said once, and holds.
            said_now = details.get("rehearsal"), self.seq
            self.office.setdefault("rehearsal", said_now)
        elif event in ("sending_held", "sending_released"):
            held = event == "sending_held"
            self.office["held_at"] = entry["at"] if held else None, self.seq
            self.office["held_why"] = details["why"] if held else None, self.seq
        elif event == "clock_accepted":
            self.office["clock_epoch"] = details["epoch"], self.seq

    def _purged(self, entry: Mapping[str, Any], target: str) -> None:
        for purge in self.purges:
            if purge[1] == target and purge[-1] is None:
                purge[-2:] = entry["actor"], _plain(entry["at"])

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
        rows = connection.execute(
            select(_account.c.name, _account.c.enabled, _account.c.language)
        ).all()
        enabled = {row.name: bool(row.enabled) for row in rows}
        for name in sorted(self.enabled.keys() | enabled.keys()):
            on, seq = self.enabled.get(name, (None, self.seq))
            if on is not enabled.get(name):
                return seq, "account_differs", name
        for row in rows:
            language, seq = self.languages.get(row.name, (row.language, self.seq))
            if language != row.language:
                return seq, "account_differs", row.name
        return (
            self._lent_difference(connection)
            or self._office_difference(connection)
            or self._purge_difference(connection)
        )

    def _lent_difference(self, connection: Connection) -> Difference | None:
        """Compare delegations and waivers with what was told of them."""
        deputy, giver, ender = (_account.alias() for _ in range(3))
        delegations = (
            select(
                *_delegation.columns,
                _principal.c.name.label("principal"),
                deputy.c.name.label("deputy"),
                _body.c.code.label("body"),
                giver.c.name.label("giver"),
                ender.c.name.label("ender"),
                _remark.c.digest.label("remark"),
            )
            .join(_principal, _principal.c.id == _delegation.c.principal_id)
            .join(deputy, deputy.c.id == _delegation.c.deputy_id)
            .join(_body, _body.c.id == _delegation.c.body_id, isouter=True)
            .join(giver, giver.c.id == _delegation.c.given_by)
            .join(ender, ender.c.id == _delegation.c.ended_by, isouter=True)
            .join(_remark, _remark.c.id == _delegation.c.remark_id)
        )
        waivers = (
            select(
                *_waiver.columns,
                _account.c.name.label("account"),
                giver.c.name.label("giver"),
                ender.c.name.label("ender"),
                _remark.c.digest.label("remark"),
            )
            .join(_account, _account.c.id == _waiver.c.account_id)
            .join(giver, giver.c.id == _waiver.c.given_by)
            .join(ender, ender.c.id == _waiver.c.ended_by, isouter=True)
            .join(_remark, _remark.c.id == _waiver.c.remark_id)
        )
        for kind, told, query in (
            ("delegation_differs", self.delegations, delegations),
            ("waiver_differs", self.waivers, waivers),
        ):
            rows = {row.id: row for row in connection.execute(query)}
            for number in sorted(told.keys() | rows.keys()):
                if number not in told or number not in rows:
                    return self.seq, kind, str(number)
                if found := _unlike(told[number], rows[number]):
                    return found[0], kind, f"{number} {found[1]}"
        return None

    def _office_difference(self, connection: Connection) -> Difference | None:
        if found := _unlike(self.office, connection.execute(select(_office)).one()):
            return found[0], "office_differs", found[1]
        bodies = {
            row.code: [row.name, row.name_en, row.kind.value, row.sample]
            for row in connection.execute(select(_body))
        }
        for code in sorted(self.bodies.keys() | bodies.keys()):
            said, seq = self.bodies.get(code, (None, self.seq))
            if said != bodies.get(code):
                return seq, "body_differs", code
        # Read to the end, for the cursor is the server's and has to be closed.
        for row in connection.execute(select(_policy).order_by(_policy.c.digest)).all():
            if not _is_whole(row.text, row.digest):
                return self.seq, "policy_differs", row.code
        for row in connection.execute(select(_calendar).order_by(_calendar.c.number)).all():
            if not _is_whole(row.text, row.digest):
                return self.seq, "calendar_differs", str(row.number)
        return None

    def _purge_difference(self, connection: Connection) -> Difference | None:
        asked_by, confirmed_by = _account.alias(), _account.alias()
        rows = connection.execute(
            select(
                _purge.c.target_kind,
                _purge.c.target,
                _purge.c.ground,
                _remark.c.digest,
                asked_by.c.name,
                _purge.c.requested_at,
                confirmed_by.c.name,
                _purge.c.confirmed_at,
            )
            .join(_remark, _remark.c.id == _purge.c.remark_id)
            .join(asked_by, asked_by.c.id == _purge.c.requested_by)
            .join(confirmed_by, confirmed_by.c.id == _purge.c.confirmed_by, isouter=True)
        )
        found = [[_plain(value) for value in row] for row in rows]
        for purge in self.purges:
            if purge not in found:
                return self.seq, "purge_differs", purge[1]
        if len(found) != len(self.purges):
            return self.seq, "purge_differs", ""
        reasons = {
            (row.digest, row.said_by_name, _plain(row.said_at))
            for row in connection.execute(_remarks().where(_remark.c.item_id.is_(None)))
            if _is_whole(row.canonical, row.digest)
        }
        if reasons != self.remarks:
            return self.seq, "purge_differs", "remark"
        return None


def damaged_revisions(
    connection: Connection, *, items: range | None = None
) -> dict[int, tuple[str, str]]:
    """Return items of which a revision is not what its digest says, or is not repeated as it is.

    With ``items``, only of those with a number in the range.

    With each, the kind of problem and the column: some revision differs to the byte, or the item's
    row repeats something else of its current one.
    """
    columns = [_item.c[name] for name in REPEATED]
    revisions = (
        select(
            _revision.c.item_id,
            _revision.c.digest.label("of"),
            _revision.c.canonical,
            _item.c.published_at,
            _term.c.effective_on,
            _term.c.expires_on,
            *columns,
        )
        .join(_item, _item.c.revision_id == _revision.c.id, isouter=True)
        .join(_term, _term.c.item_id == _item.c.id, isouter=True)
        .where(_revision.c.canonical.is_not(None))
    )
    if items is not None:
        revisions = revisions.where(_revision.c.item_id.between(items.start, items.stop - 1))
    rows = connection.execution_options(yield_per=20).execute(revisions)
    found: dict[int, tuple[str, str]] = {}
    for row in rows:
        form = row.canonical.encode("utf-8")
        if digest(form) != row.of:
            found[row.item_id] = "revision_differs", "canonical"
        elif row.digest is not None and (name := _unrepeated(row, form)):
            found.setdefault(row.item_id, ("item_differs", name))
    return found


def _unrepeated(row: Any, form: bytes) -> str | None:
    """Return the first column in which an item's row differs from its current revision."""
    try:
        text = read(form)
        content = repeated(text, form)
    except (GongkaiError, KeyError, TypeError, ValueError):
        return "digest"  # Nothing that was ever written here: the digest was made for it.
    names: tuple[str, ...] = REPEATED
    if row.published_at is not None:
        # The days of what is public, by which it takes effect and lapses.
        content |= {name: getattr(text, name) for name in _TERM}
        names += _TERM
    return next((name for name in names if getattr(row, name) != content[name]), None)


def missing_items(connection: Connection) -> Iterator[tuple[str, int]]:
    """Yield the codes of bodies that lost items, and how many numbers were given out.

    Index numbers run without a gap, but for what a restore skipped, and stay with their items, so
    that as many were given to a body as it has items with one: an item removed with its whole chain
    is missed here.
    """
    given: dict[int, int] = {}
    for row in connection.execute(select(_counter).where(_counter.c.name.like("index:%"))):
        body = int(row.name.split(":")[1])
        given[body] = given.get(body, 0) + row.value
    for name, skipped in _skipped(connection):
        body = int(name.split(":")[1])
        given[body] = given.get(body, 0) - skipped
    counted = connection.execute(
        select(_body.c.id, _body.c.code, func.count(_item.c.index_number).label("number"))
        .join(_item, _item.c.body_id == _body.c.id, isouter=True)
        .group_by(_body.c.id, _body.c.code)
        .order_by(_body.c.id)
    )
    for row in counted:
        if given.get(row.id, 0) != row.number:
            yield row.code, given.get(row.id, 0)


def _skipped(connection: Connection) -> Iterator[tuple[str, int]]:
    """Yield what counters of index numbers were raised by, because a restored database lost some.

    Such numbers belong to items that this database does not know and never will.
    """
    released = select(_entry.c.details).where(
        _entry.c.subject == "system", _entry.c.event == "sending_released"
    )
    for row in connection.execute(released):
        for name, skipped in json.loads(row.details).get("skipped", {}).items():
            if name.startswith("index:"):
                yield name, skipped


def _plain(value: object) -> object:
    """Return a value as details hold it, instants in UTC."""
    if isinstance(value, datetime):
        return value.timestamp()
    return value.isoformat() if isinstance(value, date) else value
