"""The office itself: its beginning, its bodies, the policies it uses, and purging.

What concerns no single item is in the system chain. Administrators act here; they hold no deciding
role and read no unpublished content.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import bindparam, delete, exists, insert, or_, select, update

from workflow import audit, capacities, clocks, handovers, organisation
from workflow.accounts import Accounts, demand_role, find_body
from workflow.audit import Chain, item_subject
from workflow.capacities import Pairs
from workflow.database import Statement
from workflow.deadlines import day_of
from workflow.drafting import check_text
from workflow.errors import Conflict, InvalidInput, NotFound, Refusal, Refused, named
from workflow.guards import WIDE, Role
from workflow.machine import ENDS
from workflow.models import (
    NO_DIGEST,
    Account,
    Blob,
    Body,
    BodyEnd,
    Delivery,
    Edition,
    Item,
    Office,
    PolicyText,
    Purge,
    ReadingPoint,
    Remark,
    Retraction,
    Revision,
    RevisionAttachment,
    SupervisingGroup,
    ValidityChange,
    table,
)
from workflow.policy import stored
from workflow.records import insert_remark, make_findable
from workflow.revisions import check_characters, is_storable, read

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.engine import Connection

    from workflow.blobs import BlobStore
    from workflow.database import Database, Transaction
    from workflow.guards import Actor
    from workflow.intake import Intake
    from workflow.journal import Journal
    from workflow.organisation import Organisation
    from workflow.policy import Policy
    from workflow.runtime import Runtime

_office, _body, _policy = table(Office), table(Body), table(PolicyText)
_purge, _revision, _blob = table(Purge), table(Revision), table(Blob)
_retraction, _edition = table(Retraction), table(Edition)
_change = table(ValidityChange)
_attached, _item, _remark = table(RevisionAttachment), table(Item), table(Remark)
_delivery = table(Delivery)
_ended = table(BodyEnd)
_account, _point = table(Account), table(ReadingPoint)
_group = table(SupervisingGroup)

_OF_ENDS: Final = ("ended", "reopened")
SHORTEST_TARGET: Final = 8
"""How many hexadecimal digits name a purge's target at least."""
MAY_CONFIRM_PURGE: Final = (Role.SUPERVISOR, Role.CONFIDENTIALITY_REVIEWER, Role.ADMINISTRATOR)
MAY_SEND: Final = (Role.ADMINISTRATOR, Role.PUBLISHER)
"""Who may have what is due sent, and the site rebuilt, by hand."""

_BEGIN: Final = Statement(
    insert(_office).values(
        id=1,
        trail_seq=0,
        trail_hash=audit.GENESIS,
        **{
            name: bindparam(name)
            for name in (
                "name",
                "rehearsal",
                "sample",
                "created_at",
                "policy_digest",
                "sent_seq",
            )
        },
    )
)
_OFFICE: Final = Statement(
    select(_office.c.name, _office.c.rehearsal, _office.c.sample, _office.c.policy_digest).where(
        _office.c.id == 1
    )
)
_KNOWN_POLICY: Final = Statement(
    select(_policy.c.digest).where(_policy.c.digest == bindparam("digest"))
)
_POLICY_TEXT: Final = Statement(
    select(_policy.c.text).where(_policy.c.digest == bindparam("digest"))
)
_KEEP_POLICY: Final = Statement(
    insert(_policy).values(
        **{name: bindparam(name) for name in ("digest", "code", "version", "text", "loaded_at")}
    )
)
_BODIES: Final = Statement(
    select(
        _body.c.id,
        _body.c.code,
        _body.c.name,
        _body.c.name_en,
        _body.c.kind,
        _body.c.sample,
        _point.c.kind.label("point_kind"),
        _point.c.required,
        _point.c.address,
        _point.c.contact,
        _point.c.closed_on,
        _group.c.duty,
    )
    .join(_point, _point.c.body_id == _body.c.id, isouter=True)
    .join(_group, _group.c.body_id == _body.c.id, isouter=True)
    .order_by(_body.c.id)
)
_ADD_BODY: Final = Statement(
    insert(_body).values(
        **{
            name: bindparam(name)
            for name in ("code", "name", "name_en", "kind", "sample", "created_at")
        }
    )
)
_OF_POINT: Final = ("kind", "required", "address", "contact", "closed_on")
_ADD_POINT: Final = Statement(
    insert(_point).values(**{name: bindparam(name) for name in ("body_id", *_OF_POINT)})
)
_CHANGE_POINT: Final = Statement(
    update(_point)
    .where(_point.c.body_id == bindparam("of_body"))
    .values(**{name: bindparam(f"new_{name}", type_=_point.c[name].type) for name in _OF_POINT})
)
_ENDS: Final = Statement(
    select(_ended.c.closed_on, _ended.c.merged_into, _body.c.code)
    .join(_body, _body.c.id == _ended.c.body_id)
    .order_by(_body.c.id)
)
_CODES: Final = Statement(select(_body.c.id, _body.c.code))
_REOPEN: Final = Statement(delete(_ended).where(_ended.c.body_id == bindparam("of_body")))
_CLOSE: Final = Statement(
    insert(_ended).values(
        **{name: bindparam(name) for name in ("body_id", "closed_on", "merged_into")}
    )
)
_STILL_OPEN: Final = Statement(
    select(_item.c.id)
    .where(
        _item.c.body_id == bindparam("of_body"),
        *(_item.c.state != state for state in sorted(ENDS)),
    )
    .order_by(_item.c.id)
)
_FREE_DUTY: Final = Statement(
    delete(_group).where(
        or_(
            _group.c.body_id == bindparam("of_body"),
            _group.c.duty == bindparam("of_duty", type_=_group.c.duty.type),
        )
    )
)
_GIVE_DUTY: Final = Statement(
    insert(_group).values(body_id=bindparam("body_id"), duty=bindparam("duty"))
)
_RENAME_BODY: Final = Statement(
    update(_body)
    .where(_body.c.code == bindparam("old_code"))
    .values(name=bindparam("new_name"), name_en=bindparam("new_name_en"))
)
# Two that begin alike are enough to know that the beginning does not tell which one is meant.
_TARGETS: Final = {
    kind: Statement(
        select(column.label("target"))
        .distinct()
        .where(column.like(bindparam("prefix")))
        .order_by(column)
        .limit(2)
    )
    for kind, column in (
        ("revision", _revision.c.digest),
        ("attachment", _blob.c.sha256),
        ("remark", _remark.c.digest),
    )
}
_OPEN_PURGE: Final = Statement(
    select(
        _purge.c.id,
        _purge.c.requested_by,
        _purge.c.requested_at,
        _purge.c.ground,
        _purge.c.target_kind,
    )
    .where(_purge.c.target == bindparam("target"), _purge.c.confirmed_at.is_(None))
    .with_for_update()
)
_ASK_PURGE: Final = Statement(
    insert(_purge).values(
        **{
            name: bindparam(name)
            for name in (
                "target_kind",
                "target",
                "ground",
                "remark_id",
                "requested_by",
                "requested_at",
            )
        }
    )
)
_CONFIRM_PURGE: Final = Statement(
    update(_purge)
    .where(_purge.c.id == bindparam("purge_id"))
    .values(confirmed_by=bindparam("account_id"), confirmed_at=bindparam("at"))
)
_EMPTY_REVISION: Final = Statement(
    update(_revision)
    .where(_revision.c.id == bindparam("revision_id"))
    .values(canonical=None, purged_at=bindparam("at"), purge_id=bindparam("by"))
)
_EMPTY_BLOB: Final = Statement(
    update(_blob).where(_blob.c.sha256 == bindparam("target")).values(purged_at=bindparam("at"))
)
_EMPTY_REMARK: Final = Statement(
    update(_remark)
    .where(_remark.c.digest == bindparam("target"), _remark.c.purged_at.is_(None))
    .values(canonical=None, purged_at=bindparam("at"))
)
_CONCERNED: Final = {
    "revision": Statement(
        select(_revision.c.item_id)
        .distinct()
        .where(_revision.c.digest == bindparam("target"))
        .order_by(_revision.c.item_id)
    ),
    "attachment": Statement(
        select(_revision.c.item_id)
        .distinct()
        .join(_attached, _attached.c.revision_id == _revision.c.id)
        .where(_attached.c.sha256 == bindparam("target"))
        .order_by(_revision.c.item_id)
    ),
    "remark": Statement(
        select(_remark.c.item_id).where(
            _remark.c.digest == bindparam("target"), _remark.c.item_id.is_not(None)
        )
    ),
}
"""The items that a purge of each kind concerns in the first place."""
_BESIDE: Final = Statement(
    select(_edition.c.item_id, _edition.c.corrects_id).where(
        or_(
            _edition.c.item_id == bindparam("item_id"),
            _edition.c.corrects_id == bindparam("item_id"),
        )
    )
)
_LOCK_ITEM: Final = Statement(
    select(
        _item.c.id,
        _item.c.body_id,
        _item.c.index_number,
        _item.c.revision_id,
        _item.c.version,
        _item.c.trail_seq,
        _item.c.trail_hash,
    )
    .where(_item.c.id == bindparam("item_id"))
    .with_for_update(key_share=True)
)
_REVISIONS_OF: Final = Statement(
    select(_revision.c.id, _revision.c.digest, _revision.c.canonical)
    .where(_revision.c.item_id == bindparam("item_id"))
    .order_by(_revision.c.id)
)
_FORGET_ERRORS: Final = Statement(
    update(_delivery).where(_delivery.c.item_id == bindparam("item_id")).values(error=None)
)
_EVER_SENT: Final = Statement(
    select(_delivery.c.id)
    .where(_delivery.c.item_id == bindparam("item_id"), _delivery.c.attempts > 0)
    .limit(1)
)
_PUBLIC_WORDS: Final = Statement(
    select(_remark.c.id)
    .where(
        _remark.c.digest == bindparam("target"),
        or_(
            exists().where(_retraction.c.remark_id == _remark.c.id),
            exists().where(_edition.c.remark_id == _remark.c.id),
            exists().where(_change.c.remark_id == _remark.c.id),
        ),
    )
    .limit(1)
)
"""What was said with a retraction, a correction or a change of validity stands on the site."""
_BASIS: Final = Statement(
    select(_change.c.id)
    .join(_remark, _remark.c.id == _change.c.remark_id)
    .where(_remark.c.digest == bindparam("target"))
    .limit(1)
)
_NOTE_ON_ITEM: Final = Statement(
    update(_item)
    .where(_item.c.id == bindparam("item_id"))
    .values(
        version=_item.c.version + 1,
        trail_seq=bindparam("new_seq"),
        trail_hash=bindparam("new_hash"),
    )
)
_CLEAR_TITLE: Final = Statement(
    update(_item)
    .where(_item.c.id == bindparam("item_id"))
    .values(
        title=bindparam("stub"),
        document_number=None,
        document_key=None,
        body_digest=bindparam("none"),
    )
)
PURGED_TITLE: Final = "〔内容已清除 content purged〕"


@dataclass(frozen=True, slots=True)
class OfficeFacts:
    """What the office's one row says."""

    name: str
    rehearsal: bool
    sample: bool
    policy_digest: str


def read_facts(database: Database) -> OfficeFacts | None:
    """Return what the office's row says; ``None`` if there is none."""
    with database.read() as connection:
        row = connection.execute(_OFFICE.clause).first()
    if row is None:
        return None
    return OfficeFacts(row.name, row.rehearsal, row.sample, row.policy_digest)


class OfficeService:
    """Acts on the office as a whole."""

    def __init__(
        self,
        runtime: Runtime,
        accounts: Accounts,
        *,
        blobs: BlobStore,
        intake: Intake,
        journal: Journal,
    ) -> None:
        """Act in ``runtime``."""
        self._runtime = runtime
        self._accounts = accounts
        self._blobs = blobs
        self._intake = intake
        self._journal = journal

    def begin(
        self,
        *,
        name: str,
        rehearsal: bool,
        organisation_: Organisation,
        policy: Policy,
        admin: str,
        admin_display_name: str,
        password: str,
        language: str,
    ) -> dict[str, Any]:
        """Fill a freshly created database: office, bodies, policy and the first administrator.

        Raises ``Conflict('office_exists')`` where there is an office already.
        """
        check_characters(name, field="name", one_line=True)
        self._accounts.check_names(admin, admin_display_name, language=language)
        password_hash = self._accounts.hash_password(password, name=admin)
        with self._runtime.database.transaction() as transaction:
            now = self._runtime.clock()
            if transaction.one(_OFFICE) is not None:
                raise Conflict("office_exists")
            keep_policy(transaction, policy, now)
            clocks.adopt_shipped(transaction, now=now)
            transaction.run(
                _BEGIN,
                name=name or organisation_.name,
                rehearsal=rehearsal,
                sample=organisation_.sample,
                created_at=now,
                policy_digest=policy.digest,
                # What an office before this one in the same place has sent is none of ours.
                sent_seq=self._journal.last(),
            )
            audit.record(
                transaction,
                "office_created",
                at=now,
                origin=self._runtime.origin(audit.SYSTEM_ACTOR),
                rehearsal=rehearsal,
                policy=policy.digest,
                policy_code=policy.code,
            )
            self._import(transaction, now, organisation_, by=audit.SYSTEM_ACTOR)
            account_id = self._accounts.add_within(
                transaction,
                now,
                by=audit.SYSTEM_ACTOR,
                name=admin,
                display_name=admin_display_name,
                language=language,
                password_hash=password_hash,
                must_change=False,
            )
            district = next(row for row in transaction.run(_BODIES) if str(row.kind) == "district")
            self._accounts.grant_within(
                transaction,
                now,
                by=None,
                account_id=account_id,
                account_name=admin,
                role=Role.ADMINISTRATOR,
                body=find_body(transaction, district.code),
            )
        return {
            "name": name or organisation_.name,
            "rehearsal": rehearsal,
            "admin": admin,
            "policy": policy.code,
            "bodies": len(organisation_.bodies),
        }

    def bodies(self) -> list[dict[str, Any]]:
        """Return all bodies, in their order."""
        with self._runtime.database.read() as connection:
            codes = {row.id: row.code for row in connection.execute(_CODES.clause)}
            ends = {row.code: row for row in connection.execute(_ENDS.clause)}
            return [
                _end_told(ends.get(row.code), codes)
                | {
                    "code": row.code,
                    "name": row.name,
                    "name_en": row.name_en,
                    "kind": str(row.kind),
                    "sample": row.sample,
                    "point": asdict(point) if (point := _point_of(row)) else None,
                    "duty": str(row.duty) if row.duty else None,
                }
                for row in connection.execute(_BODIES.clause)
            ]

    def import_organisation(
        self,
        actor_id: int,
        wanted: Organisation,
        *,
        key: str | None = None,
        dry_run: bool = False,
    ) -> dict[str, Any]:
        """Add and rename bodies as ``wanted`` says; nothing is ever removed by an import.

        Duties of groups and details of reading points are brought to what it says. Where a point
        is no longer required or closes, the clocks that waited for it alone are met on the day of
        the last receipt.
        """

        def work(transaction: Transaction, now: datetime) -> dict[str, Any]:
            actor = demand_role(transaction, actor_id, Role.ADMINISTRATOR, now=now)
            return self._import(transaction, now, wanted, by=actor.name)

        call = {"do": "organisation import", "organisation": asdict(wanted)}
        return self._runtime.carry_out(
            work, account_id=actor_id, call=call, key=key, dry_run=dry_run
        )

    def _import(
        self, transaction: Transaction, now: datetime, wanted: Organisation, *, by: str
    ) -> dict[str, Any]:
        current = [
            organisation.Body(
                code=row.code,
                name=row.name,
                name_en=row.name_en,
                kind=row.kind,
                sample=row.sample,
                point=_point_of(row),
                duty=row.duty,
            )
            for row in transaction.run(_BODIES)
        ]
        changes = organisation.diff(_with_ends(transaction, current), wanted)
        _refuse_clashes(current, changes)
        for change in changes:
            self._change(transaction, now, change)
        duties = _give_duties(transaction, changes)
        done = [change for change in changes if change.kind != "missing"]
        if done:
            audit.record(
                transaction,
                "organisation_imported",
                at=now,
                origin=self._runtime.origin(by),
                changes=[f"{change.kind}:{change.code}" for change in done],
                ends=[
                    [body.code, body.closed_on, body.merged_into]
                    for change in done
                    if change.kind in _OF_ENDS and (body := change.after) is not None
                ]
                or None,
                bodies=[
                    [body.code, body.name, body.name_en, body.kind, body.sample]
                    for change in done
                    if (body := change.after) is not None
                ],
                duties=duties or None,
            )
        if any(change.kind == "point_changed" for change in done):
            handovers.complete_all(transaction, now=now, origin=self._runtime.origin(by))
        for change in done:
            # After all others, for one may be merged into a body that this very file adds.
            _end(transaction, change)
        open_items = {
            change.code: [
                row.id
                for row in transaction.run(
                    _STILL_OPEN, of_body=find_body(transaction, change.code).id
                )
            ]
            for change in done
            if change.kind == "ended"
        }
        return {"changes": [_told(change, open_items.get(change.code)) for change in changes]}

    @staticmethod
    def _change(transaction: Transaction, now: datetime, change: organisation.Change) -> None:
        body = change.after
        point = body.point if body is not None else None
        for closes in (point, body):
            closed_on = closes.closed_on if closes is not None else None
            if closed_on is not None and closed_on > day_of(now):
                # Nobody would notice the day when it comes.
                raise Refused([Refusal("date_in_future", {"value": closed_on})])
        if change.kind == "added" and body is not None:
            transaction.run(
                _ADD_BODY,
                code=body.code,
                name=body.name,
                name_en=body.name_en,
                kind=body.kind,
                sample=body.sample,
                created_at=now,
            )
            if point is not None:
                added = find_body(transaction, body.code)
                transaction.run(_ADD_POINT, body_id=added.id, **asdict(point))
        elif change.kind == "point_changed" and body is not None and point is not None:
            known = find_body(transaction, body.code)
            new = {f"new_{name}": value for name, value in asdict(point).items()}
            transaction.run(_CHANGE_POINT, of_body=known.id, **new)
        elif change.kind == "renamed" and body is not None:
            transaction.run(
                _RENAME_BODY, old_code=body.code, new_name=body.name, new_name_en=body.name_en
            )
        elif change.kind == "changed":
            # A department does not become a township; its items would change hands.
            raise Refused([Refusal("body_kind_fixed", {"body": change.code})])

    # -- purging -----------------------------------------------------------------------------

    def ask_purge(
        self,
        actor_id: int,
        target: str,
        *,
        ground: str,
        reason: str,
        key: str | None = None,
        dry_run: bool = False,
    ) -> dict[str, Any]:
        """Ask that a revision or an attached file be removed for good; a second person confirms.

        ``target`` is the digest of a revision or of a remark or the SHA-256 of a file, or at least
        eight digits of it.
        """
        check_text("reason", reason)
        if not reason.strip():
            raise Refused([Refusal("reason_required", {"action": "purge"})])
        self._intake.screen_words({"reason": reason}, account_id=actor_id, dry_run=dry_run)

        def work(transaction: Transaction, now: datetime) -> dict[str, Any]:
            actor = demand_role(transaction, actor_id, Role.ADMINISTRATOR, now=now)
            self._check_ground(transaction, ground)
            kind, full = _target(transaction, target)
            if transaction.one(_OPEN_PURGE, target=full) is not None:
                raise Conflict("purge_asked_before", target=full)
            remark = insert_remark(
                transaction,
                {"reason": reason},
                item_id=None,
                account_id=actor.account_id,
                now=now,
            )
            transaction.run(
                _ASK_PURGE,
                target_kind=kind,
                target=full,
                ground=ground,
                remark_id=remark.id,
                requested_by=actor.account_id,
                requested_at=now,
            )
            audit.record(
                transaction,
                "purge_asked",
                at=now,
                origin=self._runtime.origin(actor.name),
                kind=kind,
                target=full,
                ground=ground,
                remark=remark.digest,
            )
            return {"target": full, "kind": kind, "ground": ground, "confirmed": False}

        call = {"do": "purge", "target": target, "ground": ground, "reason": reason}
        return self._runtime.carry_out(
            work, account_id=actor_id, call=call, key=key, dry_run=dry_run
        )

    def confirm_purge(
        self, actor_id: int, target: str, *, key: str | None = None, dry_run: bool = False
    ) -> dict[str, Any]:
        """Remove what somebody else asked to remove; digest, decisions and trail stay.

        With a revision go those of the item and of its editions that say the same under another
        index number. The answer lists the items concerned, and in ``on_site`` the index numbers of
        those that may be on the site, so that the caller clears it in the same act.
        """

        def work(transaction: Transaction, now: datetime) -> dict[str, Any]:
            actor = demand_role(transaction, actor_id, *MAY_CONFIRM_PURGE, now=now)
            kind, full = _target(transaction, target)
            row = transaction.one(_OPEN_PURGE, target=full)
            if row is None:
                raise NotFound("no_purge_asked", target=full)
            pairs = Pairs(transaction, (actor.account_id, row.requested_by), now)
            same = pairs.as_one(row.requested_at).get(actor.account_id, frozenset())
            if row.requested_by in {actor.account_id, *same}:
                raise Refused([Refusal("purge_needs_two", {"target": full})])
            if kind == "attachment":
                # Before its items are looked for: who attaches it now waits, and then finds out.
                transaction.run(_EMPTY_BLOB, target=full, at=now)
            items = [
                transaction.one(_LOCK_ITEM, item_id=number)
                for number in _concerned(transaction, kind, full)
            ]
            _demand_reach(actor, items)
            transaction.run(_CONFIRM_PURGE, purge_id=row.id, account_id=actor.account_id, at=now)
            if kind == "remark":
                transaction.run(_EMPTY_REMARK, target=full, at=now)
            origin = self._runtime.origin(actor.name, in_place_of=actor.principal)
            emptied: dict[int, list[str]] = {}
            if kind == "revision":
                emptied = _empty_revisions(transaction, items, full, at=now, by=row.id)
                items = [item for item in items if item.id in emptied]
            for item in items:
                gone = emptied.get(item.id, [])
                if kind == "revision":
                    # What went wrong may have been told with the names of files.
                    transaction.run(_FORGET_ERRORS, item_id=item.id)
                _note(
                    transaction,
                    item,
                    now,
                    origin,
                    kind=kind,
                    target=full,
                    also=[each for each in gone if each != full] or None,
                    ground=row.ground,
                )
            numbers = [item.id for item in items]
            audit.record(
                transaction,
                "purged",
                at=now,
                origin=origin,
                kind=kind,
                target=full,
                ground=row.ground,
                items=numbers,
            )
            # A sender that died may have left the page of an item that never became public.
            on_site = [
                item.index_number
                for item in items
                if (kind != "remark" or transaction.one(_PUBLIC_WORDS, target=full) is not None)
                and transaction.one(_EVER_SENT, item_id=item.id) is not None
            ]
            return {
                "target": full,
                "kind": kind,
                "confirmed": True,
                "items": numbers,
                "on_site": on_site,
            }

        call = {"do": "purge confirm", "target": target}
        answer = self._runtime.carry_out(
            work, account_id=actor_id, call=call, key=key, dry_run=dry_run
        )
        if answer["kind"] == "attachment" and not dry_run:
            # After the commit: a file can be removed twice, but not brought back.
            self._blobs.remove(answer["target"])
        return answer

    def _check_ground(self, transaction: Transaction, ground: str) -> None:
        row = transaction.one(_OFFICE)
        text = transaction.one(_POLICY_TEXT, digest=row.policy_digest).text
        known = stored(text).grounds
        if ground not in known:
            raise InvalidInput("unknown_ground", value=ground, known=named(*known.values()))

    # -- reading -----------------------------------------------------------------------------

    def demand(self, account_id: int, *roles: Role) -> None:
        """Return if the person holds one of ``roles``; else raise ``Refused('needs_role')``."""
        with self._runtime.database.read() as connection:
            self._demand(connection, account_id, roles)

    def _demand(self, connection: Connection, account_id: int, roles: tuple[Role, ...]) -> None:
        held = capacities.held(self._runtime.clock(), ("account_id", account_id))
        found = connection.execute(
            select(held.c.role)
            .join(_account, _account.c.id == held.c.account_id)
            .where(_account.c.enabled.is_(True))
        ).scalars()
        if not set(found) & set(roles):
            raise Refused([Refusal("needs_role", {"role": roles[0].value})])

    def account_roles(self, account_id: int) -> list[dict[str, Any]]:
        """Return the roles a person holds now, for which bodies, and in whose place if any."""
        with self._runtime.database.read() as connection:
            return self._roles(connection).get(account_id, [])

    def _roles(self, connection: Connection) -> dict[int, list[dict[str, Any]]]:
        roles: dict[int, list[dict[str, Any]]] = {}
        held = capacities.held(self._runtime.clock())
        rows = connection.execute(
            select(
                held.c.account_id,
                held.c.role,
                _body.c.code,
                _body.c.name,
                _account.c.name.label("principal"),
                _account.c.display_name.label("principal_name"),
            )
            .join(_body, _body.c.id == held.c.body_id)
            .join(_account, _account.c.id == held.c.principal_id, isouter=True)
            .order_by(held.c.delegation_id, held.c.account_id, held.c.role, _body.c.code)
        )
        for row in rows:
            role = {"role": str(row.role), "body": row.code, "body_name": row.name}
            role |= {"on_behalf_of": row.principal, "on_behalf_of_name": row.principal_name}
            roles.setdefault(row.account_id, []).append(role)
        return roles

    def people(self, actor_id: int) -> list[dict[str, Any]]:
        """Return every account with its roles, by name; for administrators only."""
        with self._runtime.database.read() as connection:
            self._demand(connection, actor_id, (Role.ADMINISTRATOR,))
            roles = self._roles(connection)
            return [
                {
                    "name": row.name,
                    "display_name": row.display_name,
                    "enabled": row.enabled,
                    "must_change": row.must_change,
                    "locked_until": row.locked_until,
                    "roles": roles.get(row.id, []),
                }
                for row in connection.execute(select(_account).order_by(_account.c.name))
            ]

    def policy_in_use(self) -> Policy:
        """Return the policy that new items are pinned to."""
        with self._runtime.database.read() as connection:
            row = connection.execute(_OFFICE.clause).one()
            text = connection.execute(_POLICY_TEXT.clause, {"digest": row.policy_digest})
            return stored(text.scalar_one())

    def policies(self) -> list[dict[str, Any]]:
        """Return every policy that anything was ever pinned to, the oldest first."""
        with self._runtime.database.read() as connection:
            in_use = connection.execute(_OFFICE.clause).one().policy_digest
            return [
                {
                    "code": row.code,
                    "version": row.version,
                    "digest": row.digest,
                    "loaded_at": row.loaded_at,
                    "in_use": row.digest == in_use,
                }
                for row in connection.execute(select(_policy).order_by(_policy.c.loaded_at))
            ]

    def trail_heads(self, actor_id: int) -> list[audit.Head]:
        """Return the head of every chain; for auditors."""
        with self._runtime.database.read() as connection:
            self._demand(connection, actor_id, (Role.AUDITOR,))
            return list(audit.heads(connection))

    def export_trail(self, actor_id: int, subject: str | None = None) -> Iterator[dict[str, Any]]:
        """Yield the entries of the trail, as :func:`audit.export` does; for auditors."""
        with self._runtime.database.read() as connection:
            self._demand(connection, actor_id, (Role.AUDITOR,))
            if subject is not None and not is_storable(subject):
                raise NotFound("no_such_chain", subject=subject)
            yield from audit.export(connection, subject)

    def verify_trail(self, actor_id: int) -> Iterator[audit.Head | audit.Fault]:
        """Walk every chain and yield its head or its first fault, as :func:`audit.verify` does."""
        with self._runtime.database.read() as connection:
            self._demand(connection, actor_id, (Role.AUDITOR,))
            yield from audit.verify(connection)


def _give_duties(
    transaction: Transaction, changes: Sequence[organisation.Change]
) -> dict[str, str | None]:
    """Bring the duties of groups to what a file says; return what changed, by code."""
    changed = [
        (find_body(transaction, change.code).id, change.after)
        for change in changes
        if change.after is not None
        and (change.kind == "duty_changed" or (change.kind == "added" and change.after.duty))
    ]
    # All are freed before any is given, for two groups may change places.
    for number, body in changed:
        transaction.run(_FREE_DUTY, of_body=number, of_duty=body.duty)
    for number, body in changed:
        if body.duty is not None:
            transaction.run(_GIVE_DUTY, body_id=number, duty=body.duty)
    return {body.code: body.duty for _, body in changed}


def _point_of(row: Any) -> organisation.Point | None:
    """Return the details of a body that is a reading point."""
    if row.point_kind is None:
        return None
    return organisation.Point(
        kind=row.point_kind,
        required=row.required,
        address=row.address,
        contact=row.contact,
        closed_on=row.closed_on,
    )


def keep_policy(transaction: Transaction, policy: Policy, now: datetime) -> None:
    """Store the full text of a policy that comes into use, by its digest; once is enough."""
    if transaction.one(_KNOWN_POLICY, digest=policy.digest) is None:
        transaction.run(
            _KEEP_POLICY,
            digest=policy.digest,
            code=policy.code,
            version=policy.version,
            text=policy.text,
            loaded_at=now,
        )


_ONLY_ONE: Final = frozenset({organisation.BodyKind.DISTRICT, organisation.BodyKind.CENTRE})
"""The kinds of which an office has exactly one body."""


def _refuse_clashes(
    current: Sequence[organisation.Body], changes: Sequence[organisation.Change]
) -> None:
    """Refuse a second body where there can be but one, and the name of another body."""
    renamed = {change.code for change in changes if change.kind == "renamed"}
    refusals = []
    for change in changes:
        body = change.after
        if body is None or change.kind not in ("added", "renamed"):
            continue
        for other in current:
            facts = {"body": body.code, "other": other.code}
            only = body.kind == other.kind and body.kind in _ONLY_ONE
            if change.kind == "added" and only:
                refusals.append(Refusal("body_kind_taken", facts))
            elif body.name == other.name and other.code not in {body.code, *renamed}:
                refusals.append(Refusal("body_name_taken", facts))
    if refusals:
        raise Refused(refusals)


def _with_ends(
    transaction: Transaction, bodies: Sequence[organisation.Body]
) -> list[organisation.Body]:
    """Return bodies as they are known, with the day when one came to its end."""
    codes = {row.id: row.code for row in transaction.run(_CODES)}
    ends = {row.code: row for row in transaction.run(_ENDS)}
    return [
        replace(
            body,
            closed_on=ends[body.code].closed_on,
            merged_into=codes.get(ends[body.code].merged_into),
        )
        if body.code in ends
        else body
        for body in bodies
    ]


def _end_told(end: Any, codes: Mapping[int, str]) -> dict[str, Any]:
    """Return what is told of a body's end; a body that goes on has none."""
    return {
        "closed_on": end.closed_on if end else None,
        "merged_into": codes.get(end.merged_into) if end else None,
    }


def _end(transaction: Transaction, change: organisation.Change) -> None:
    """Bring the end of a body to what a file says."""
    body = change.after
    if body is None or (change.kind not in _OF_ENDS and body.closed_on is None):
        return
    body_id = find_body(transaction, body.code).id
    transaction.run(_REOPEN, of_body=body_id)
    if body.closed_on is not None:
        into = find_body(transaction, body.merged_into).id if body.merged_into else None
        transaction.run(_CLOSE, body_id=body_id, closed_on=body.closed_on, merged_into=into)


def _told(change: organisation.Change, open_items: list[int] | None = None) -> dict[str, Any]:
    about = {}
    if change.kind == "ended" and change.after is not None:
        about = {
            "closed_on": change.after.closed_on,
            "merged_into": change.after.merged_into,
            "open_items": open_items,
        }
    return about | {
        "change": str(change.kind),
        "code": change.code,
        "from": change.before.name if change.before else None,
        "to": change.after.name if change.after else None,
    }


def _target(transaction: Transaction, target: str) -> tuple[str, str]:
    """Return what a purge aims at (a key of ``_TARGETS``), and its full hash."""
    prefix = target.lower()
    if len(prefix) < SHORTEST_TARGET or set(prefix) - set("0123456789abcdef"):
        raise InvalidInput("purge_target_wrong", value=target)
    found = [
        (kind, row.target)
        for kind, statement in _TARGETS.items()
        for row in transaction.run(statement, prefix=prefix + "%")
    ]
    if len(found) > 1:
        raise InvalidInput("purge_target_wrong", value=target)
    if found:
        return found[0]
    raise NotFound("no_purge_target", target=target)


def _demand_reach(actor: Actor, items: Sequence[Any]) -> None:
    """Demand that one of the person's roles counts for the bodies of all these items."""
    wide = any(
        grant.role in MAY_CONFIRM_PURGE and grant.body_kind in WIDE for grant in actor.grants
    )
    reached = [any(actor.holds(role, item.body_id) for role in MAY_CONFIRM_PURGE) for item in items]
    if not (wide or (items and all(reached))):
        raise Refused([Refusal("needs_role", {"role": MAY_CONFIRM_PURGE[0].value})])


def _concerned(transaction: Transaction, kind: str, target: str) -> list[int]:
    """Return the items that a purge concerns, in the order in which they are locked.

    An edition begins with the text of the one that it corrects, so that a text may stand in each of
    a line of editions; and so does the basis of a change of validity.
    """
    found = {row.item_id for row in transaction.run(_CONCERNED[kind], target=target)}
    shared = kind == "revision" or transaction.one(_BASIS, target=target) is not None
    waiting = list(found) if shared else []
    while waiting:
        item_id = waiting.pop()
        beside = {
            number
            for row in transaction.run(_BESIDE, item_id=item_id)
            for number in (row.item_id, row.corrects_id)
        }
        waiting += beside - found
        found |= beside
    return sorted(found)


def _empty_revisions(
    transaction: Transaction, items: Sequence[Any], target: str, *, at: datetime, by: int
) -> dict[int, list[str]]:
    """Empty the revision of that digest, and those that differ from it by the index number alone.

    The first submission makes a second revision of every text, with its number, and the next
    edition a third, perhaps under a new name of its body. Returns the digests by item.
    """
    forms = {
        row.id: (item, row)
        for item in items
        for row in transaction.run(_REVISIONS_OF, item_id=item.id)
    }
    texts = {
        number: replace(read(row.canonical), index_number=None, publishing_body="")
        for number, (_, row) in forms.items()
        if row.canonical is not None
    }
    leaked = {text for number, text in texts.items() if forms[number][1].digest == target}
    # Also where it is gone already: that it was asked for again is told.
    gone: dict[int, list[str]] = {
        item.id: [] for item, row in forms.values() if row.digest == target
    }
    for number, text in texts.items():
        if text not in leaked:
            continue
        item, row = forms[number]
        transaction.run(_EMPTY_REVISION, revision_id=number, at=at, by=by)
        if item.revision_id == number:
            transaction.run(_CLEAR_TITLE, item_id=item.id, stub=PURGED_TITLE, none=NO_DIGEST)
            make_findable(transaction, item.id, None)
        digests = gone.setdefault(item.id, [])
        if row.digest not in digests:
            digests.append(row.digest)
    return gone


def _note(
    transaction: Transaction, item: Any, now: datetime, origin: audit.Origin, **details: Any
) -> None:
    """Write a purge into the item's own chain; its version grows, for what was seen is gone.

    ``item`` is its row, locked.
    """
    chain = Chain(item_subject(item.id), item.trail_seq, item.trail_hash)
    chain.append("purged", at=now, origin=origin, version=item.version + 1, **details)
    chain.write(transaction)
    transaction.run(_NOTE_ON_ITEM, item_id=item.id, new_seq=chain.seq, new_hash=chain.hash)
