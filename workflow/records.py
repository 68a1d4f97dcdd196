"""Writing an item's rows: revisions, decisions, numbers, deliveries, and the one move of a state.

Each function writes one kind of row inside a transaction that the service holds, and asks no rule:
by then the guards have answered. :func:`move` is the only place that assigns an item's state.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from sqlalchemy import bindparam, insert, or_, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from workflow import audit, clocks, grams
from workflow.audit import Chain, item_subject
from workflow.database import Statement
from workflow.errors import Conflict, Refusal, Refused
from workflow.holding import demand_free
from workflow.intake import note_blob
from workflow.machine import StageKind, State
from workflow.models import (
    Capacity,
    Counter,
    Decision,
    Delivery,
    DeliveryStatus,
    Edition,
    Item,
    ItemAuthor,
    ItemReader,
    Remark,
    Revision,
    RevisionAttachment,
    Schedule,
    ScheduleEnd,
    SearchEntry,
    Sighting,
    table,
)
from workflow.revisions import Content, canonical, digest, repeated

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date, datetime

    from workflow.audit import Origin
    from workflow.clocks import Time
    from workflow.database import Transaction
    from workflow.guards import Actor
    from workflow.machine import Place
    from workflow.policy import Policy
    from workflow.scene import Scene

SALT: Final = "_salt"
"""Under what name the form of a remark holds the salt; sorted before every word."""

_item, _revision, _decision = table(Item), table(Revision), table(Decision)
_author, _reader, _sighting = table(ItemAuthor), table(ItemReader), table(Sighting)
_schedule = table(Schedule)
_counter, _delivery, _attached = table(Counter), table(Delivery), table(RevisionAttachment)
_remark, _search, _edition = table(Remark), table(SearchEntry), table(Edition)
_capacity = table(Capacity)


def _bound(names: Iterable[str]) -> dict[str, Any]:
    return {name: bindparam(name) for name in names}


_NEW_ITEM: Final = Statement(
    insert(_item)
    .values(
        **_bound(
            (
                "body_id",
                "policy_digest",
                "digest",
                "body_digest",
                "title",
                "document_number",
                "document_key",
                "category",
                "attribute",
                "formed_on",
                "restricted",
                "created_by",
                "created_at",
                "entered_at",
                "trail_hash",
            )
        ),
        state=State.DRAFT,
        version=1,
        round=0,
        submissions=0,
        reached=-1,
        trail_seq=0,
    )
    .returning(_item.c.id)
)
_FINISH_NEW: Final = Statement(
    update(_item)
    .where(_item.c.id == bindparam("item_id"))
    .values(**_bound(("revision_id", "trail_seq", "trail_hash")))
)
_NEW_REVISION: Final = Statement(
    insert(_revision)
    .values(
        **_bound(
            ("item_id", "number", "digest", "canonical", "redacts_id", "created_by", "created_at")
        )
    )
    .returning(_revision.c.id)
)
_PURGED_BEFORE: Final = Statement(
    select(_revision.c.id)
    .where(_revision.c.digest == bindparam("digest"), _revision.c.purged_at.is_not(None))
    .limit(1)
)
_ATTACH: Final = Statement(
    insert(_attached).values(**_bound(("revision_id", "position", "sha256")))
)
_REWRITE: Final = Statement(
    update(_item)
    .where(_item.c.id == bindparam("item_id"))
    .values(
        **_bound(
            (
                "revision_id",
                "digest",
                "body_digest",
                "title",
                "document_number",
                "document_key",
                "category",
                "attribute",
                "formed_on",
                "index_number",
            )
        )
    )
)
_MOVE: Final = Statement(
    update(_item)
    .where(
        _item.c.id == bindparam("item_id"),
        _item.c.version == bindparam("from_version"),
        _item.c.state == bindparam("from_state", type_=_item.c.state.type),
    )
    .values(
        **_bound(
            (
                "state",
                "stage",
                "version",
                "round",
                "submissions",
                "reached",
                "ground",
                "reassess_on",
                "submitted_at",
                "entered_at",
                "published_at",
                "owed_stage",
                "trail_seq",
                "trail_hash",
            )
        )
    )
)
"""The only statement that moves an item: its state is assigned nowhere else."""
_NEW_REMARK: Final = Statement(
    insert(_remark)
    .values(**_bound(("item_id", "digest", "canonical", "said_by", "said_at")))
    .returning(_remark.c.id)
)
_NEW_EDITION: Final = Statement(
    insert(_edition).values(
        **_bound(
            (
                "item_id",
                "corrects_id",
                "number",
                "changed_on",
                "remark_id",
                "opened_by",
                "opened_at",
            )
        )
    )
)
_NEW_DECISION: Final = Statement(
    insert(_decision)
    .values(**_bound(name for name in _decision.columns.keys() if name not in ("id", "voided_at")))  # noqa: SIM118 # a column collection iterates over columns
    .returning(_decision.c.id)
)
_NEW_CAPACITY: Final = Statement(
    insert(_capacity).values(**_bound(("decision_id", "principal_id", "waiver_id")))
)
_VOID: Final = Statement(
    update(_decision)
    .where(_decision.c.id == bindparam("decision_id"), _decision.c.voided_at.is_(None))
    .values(voided_at=bindparam("at"))
)
# PostgreSQL's form of these upserts; SQLite's dialect compiles it word for word the same.
_ADD_AUTHOR: Final = Statement(
    upsert(_author).values(**_bound(("item_id", "account_id"))).on_conflict_do_nothing()
)
_ADD_READER: Final = Statement(
    upsert(_reader).values(**_bound(("item_id", "account_id"))).on_conflict_do_nothing()
)
_saw = upsert(_sighting).values(**_bound(("account_id", "item_id", "version", "digest", "seen_at")))
_SAW: Final = Statement(
    _saw.on_conflict_do_update(
        index_elements=[_sighting.c.account_id, _sighting.c.item_id],
        set_={name: _saw.excluded[name] for name in ("version", "digest", "seen_at")},
    )
)
_find = upsert(_search).values(**_bound(("item_id", "headline", "words", "grams")))
_FIND: Final = Statement(
    _find.on_conflict_do_update(
        index_elements=[_search.c.item_id],
        set_={name: _find.excluded[name] for name in ("headline", "words", "grams")},
    )
)
_OWE: Final = Statement(
    insert(_delivery).values(
        **_bound(("key", "item_id", "revision_id", "channel", "next_at", "created_at")),
        status="owed",
        attempts=0,
    )
)
_EVER_OWED: Final = Statement(
    select(_delivery.c.channel)
    .distinct()
    .where(_delivery.c.item_id == bindparam("item_id"))
    .order_by(_delivery.c.channel)
)
_OVERTAKEN: Final = Statement(
    update(_delivery)
    .where(
        _delivery.c.item_id == bindparam("of_item"),
        or_(_delivery.c.status == DeliveryStatus.OWED, _delivery.c.status == DeliveryStatus.LEASED),
    )
    .values(status=DeliveryStatus.CANCELLED, lease=None, leased_until=None, done_at=bindparam("at"))
)
_PLAN: Final = Statement(
    insert(_schedule).values(
        **_bound(("item_id", "version", "publish_at", "scheduled_by", "scheduled_at"))
    )
)
_DUE_SCHEDULES: Final = Statement(
    select(_schedule.c.id)
    .where(_schedule.c.ended.is_(None), _schedule.c.publish_at <= bindparam("now"))
    .order_by(_schedule.c.publish_at, _schedule.c.id)
    .limit(bindparam("limit"))
)
_OPEN_SCHEDULE: Final = Statement(
    select(_schedule.c.item_id, _schedule.c.version, _schedule.c.scheduled_by).where(
        _schedule.c.id == bindparam("schedule_id"), _schedule.c.ended.is_(None)
    )
)
_SCHEDULE_OF: Final = Statement(
    select(_schedule.c.publish_at, _schedule.c.scheduled_by).where(
        _schedule.c.item_id == bindparam("item_id"), _schedule.c.ended.is_(None)
    )
)
_HOLD_SCHEDULE: Final = Statement(
    update(_schedule)
    .where(_schedule.c.id == bindparam("schedule_id"), _schedule.c.ended.is_(None))
    .values(ended=ScheduleEnd.HELD, ended_at=bindparam("at"))
    .returning(_schedule.c.item_id)
)
_END_SCHEDULE: Final = Statement(
    update(_schedule)
    .where(_schedule.c.item_id == bindparam("of_item"), _schedule.c.ended.is_(None))
    .values(ended=bindparam("how", type_=_schedule.c.ended.type), ended_at=bindparam("at"))
)
_NEXT: Final = Statement(
    upsert(_counter)
    .values(name=bindparam("name"), value=1)
    .on_conflict_do_update(index_elements=[_counter.c.name], set_={"value": _counter.c.value + 1})
    .returning(_counter.c.value)
)
_REGISTERED: Final = Statement(
    select(_decision.c.id).where(
        _decision.c.body_id == bindparam("body_id"),
        _decision.c.register_number == bindparam("register_number"),
    )
)


class Correction(NamedTuple):
    """What a new item corrects, as its which edition, since when it is otherwise, and how."""

    corrects_id: int
    number: int
    changed_on: date
    note: str


def insert_item(
    transaction: Transaction,
    content: Content,
    *,
    readers: Sequence[Actor],
    actor: Actor,
    body: Any,
    policy: Policy,
    origin: Origin,
    restricted: bool,
    not_duplicate: str | None,
    time: Time,
    correction: Correction | None = None,
    replaces: Iterable[int] = (),
) -> int:
    """Insert a draft with its first revision and the first entry of its chain; return its number.

    ``body`` has the number and the code of the publishing body; ``readers`` are those whom a
    restricted item names; ``correction`` makes it the next edition of another item; ``replaces``
    are documents whose place it takes.
    """
    form, now = canonical(content), time.now
    columns = repeated(content, form)
    row = transaction.one(
        _NEW_ITEM,
        body_id=body.id,
        policy_digest=policy.digest,
        restricted=restricted,
        created_by=actor.account_id,
        created_at=now,
        entered_at=now,
        trail_hash=audit.GENESIS,
        **columns,
    )
    item_id: int = row.id
    revision_id = _insert_revision(
        transaction,
        content,
        form,
        item_id=item_id,
        number=1,
        redacts_id=None,
        actor=actor,
        now=now,
    )
    make_findable(transaction, item_id, content)
    add_author(transaction, item_id, actor)
    for reader in readers:
        add_reader(transaction, item_id, reader.account_id)
    remark = insert_remark(
        transaction,
        {"not_duplicate": not_duplicate, "change_note": correction and correction.note},
        item_id=item_id,
        account_id=actor.account_id,
        now=now,
    )
    told: dict[str, Any] = {"replaces": list(replaces) or None}
    if correction is not None:
        transaction.run(
            _NEW_EDITION,
            item_id=item_id,
            corrects_id=correction.corrects_id,
            number=correction.number,
            changed_on=correction.changed_on,
            remark_id=remark.id,
            opened_by=actor.account_id,
            opened_at=now,
        )
        told |= {
            "corrects": correction.corrects_id,
            "edition": correction.number,
            "changed_on": correction.changed_on,
        }
    # The clocks of an edition count from the change, so it has to be known before them.
    opened = clocks.agree(
        transaction,
        clocks.Subject(
            item_id=item_id,
            body_id=body.id,
            revision_id=revision_id,
            formed_on=content.formed_on,
            category=content.category,
            attribute=content.attribute,
        ),
        policy,
        time,
        why="created",
    )
    chain = Chain(item_subject(item_id))
    chain.append(
        "created",
        at=now,
        origin=origin,
        digest=columns["digest"],
        version=1,
        body=body.code,
        policy=policy.digest,
        restricted=restricted or None,
        readers=sorted(reader.name for reader in readers) or None,
        remark=remark.digest,
        clocks=opened or None,
        **told,
    )
    chain.write(transaction)
    transaction.run(
        _FINISH_NEW,
        item_id=item_id,
        revision_id=revision_id,
        trail_seq=chain.seq,
        trail_hash=chain.hash,
    )
    return item_id


def store_revision(
    transaction: Transaction,
    scene: Scene,
    content: Content,
    *,
    actor: Actor,
    redacts_id: int | None,
) -> None:
    """Insert a revision, make it the current one, and let ``scene`` go on from there."""
    item, form = scene.item, canonical(content)
    revision_id = _insert_revision(
        transaction,
        content,
        form,
        item_id=item.id,
        number=item.revision_number + 1,
        redacts_id=redacts_id,
        actor=actor,
        now=scene.now,
    )
    columns = repeated(content, form) | {
        "revision_id": revision_id,
        "index_number": content.index_number,
    }
    transaction.run(_REWRITE, item_id=item.id, **columns)
    make_findable(transaction, item.id, content)
    scene.item = item._replace(
        **columns, revision_number=item.revision_number + 1, redacts_id=redacts_id
    )
    scene.content = content


def _insert_revision(
    transaction: Transaction,
    content: Content,
    form: bytes,
    *,
    item_id: int,
    number: int,
    redacts_id: int | None,
    actor: Actor,
    now: datetime,
) -> int:
    digest_ = digest(form)
    if transaction.one(_PURGED_BEFORE, digest=digest_) is not None:
        raise Refused([Refusal("revision_purged", {"digest": digest_})])
    row = transaction.one(
        _NEW_REVISION,
        item_id=item_id,
        number=number,
        digest=digest_,
        canonical=form.decode("utf-8"),
        redacts_id=redacts_id,
        created_by=actor.account_id,
        created_at=now,
    )
    revision_id: int = row.id
    for position, attachment in enumerate(content.attachments):
        note_blob(transaction, attachment, now)
        transaction.run(
            _ATTACH, revision_id=revision_id, position=position, sha256=attachment.sha256
        )
    return revision_id


def make_findable(transaction: Transaction, item_id: int, content: Content | None) -> None:
    """Let an item be found by the words of its current content alone; by none if it is purged."""
    headline = grams.headline(content) if content else ""
    words = grams.text_of(content) if content else ""
    found = grams.grams(headline, words)
    transaction.run(_FIND, item_id=item_id, headline=headline, words=words, grams=found)


class Kept(NamedTuple):
    """Where the words of an act are kept, and their digest; both ``None`` if nothing was said."""

    id: int | None = None
    digest: str | None = None


def insert_remark(
    transaction: Transaction,
    words: Mapping[str, str | list[str] | None],
    *,
    item_id: int | None,
    account_id: int,
    now: datetime,
) -> Kept:
    """Keep what somebody said with an act where a purge can reach it; blanks say nothing."""
    said = {name: text for name, text in words.items() if "".join(text or ()).strip()}
    if not said:
        return Kept()
    form = audit.details_text({SALT: secrets.token_hex(16), **said})
    digest_ = digest(form.encode("utf-8"))
    row = transaction.one(
        _NEW_REMARK,
        item_id=item_id,
        digest=digest_,
        canonical=form,
        said_by=account_id,
        said_at=now,
    )
    return Kept(row.id, digest_)


def insert_decision(
    transaction: Transaction,
    *,
    principal_id: int | None,
    waiver_id: int | None,
    **columns: Any,
) -> int:
    """Insert a decision and return its number; ``columns`` are the others but its voiding."""
    decision_id: int = transaction.one(_NEW_DECISION, waived=waiver_id is not None, **columns).id
    if principal_id is not None or waiver_id is not None:
        transaction.run(
            _NEW_CAPACITY,
            decision_id=decision_id,
            principal_id=principal_id,
            waiver_id=waiver_id,
        )
    return decision_id


def void_decisions(
    transaction: Transaction,
    scene: Scene,
    stages: frozenset[str],
    *,
    origin: Origin,
    why: str,
) -> list[str]:
    """Void the standing decisions of ``stages``; each is told in the trail, a seal by name."""
    voided: list[str] = []
    for stage, row in scene.standing.items():
        if stage not in stages:
            continue
        transaction.run(_VOID, decision_id=row.id, at=scene.now)
        sealed = row.kind is StageKind.SEAL
        scene.chain.append(
            "seal_voided" if sealed else "decision_voided",
            at=scene.now,
            origin=origin,
            stage=stage,
            decision=row.id,
            register_number=row.register_number,
            old_digest=row.digest,
            new_digest=scene.item.digest,
            by=why,
        )
        voided.append(stage)
    return voided


def move(
    transaction: Transaction,
    scene: Scene,
    there: Place,
    *,
    opens_round: bool = False,
    submits: bool = False,
    ending: tuple[str | None, date | None] | None = None,
    published_at: datetime | None = None,
    owed_stage: str | None = None,
    for_publication: bool = False,
) -> None:
    """Move an item to ``there`` if nobody moved it since, and write the waiting trail entries.

    ``ending`` is the ground and the reassessment date of an item that ends unpublished, or that
    has them no longer; ``owed_stage`` the first stage that is still to be made up for; an item is
    ``for_publication`` that lies before the publishers from now on. Raises
    ``Conflict('concurrent_change')`` if the row is not what the scene saw.
    """
    item, policy = scene.item, scene.policy
    reached = item.reached
    if there.stage is not None:
        reached = max(reached, policy.stage_index(there.stage))
    if there.state is State.CLEARED or for_publication:
        reached = len(policy.stages)
    ground, reassess_on = ending or (item.ground, item.reassess_on)
    stays = there == scene.facts.place
    moved = transaction.count(
        _MOVE,
        item_id=item.id,
        from_version=item.version,
        from_state=item.state,
        state=there.state,
        stage=there.stage,
        version=item.version + 1,
        round=item.round + opens_round,
        submissions=item.submissions + submits,
        reached=reached,
        ground=ground,
        reassess_on=reassess_on,
        submitted_at=scene.now if submits else item.submitted_at,
        entered_at=item.entered_at if stays else scene.now,
        published_at=published_at or item.published_at,
        owed_stage=owed_stage,
        trail_seq=scene.chain.seq,
        trail_hash=scene.chain.hash,
    )
    if moved != 1:
        raise Conflict("concurrent_change", problem=f"item {item.id}")
    scene.chain.write(transaction)


def owe_publication(transaction: Transaction, scene: Scene) -> None:
    """Insert one delivery for each channel that was decided upon.

    The coming version makes its key. Raises ``Refused('sending_held')`` after a restore.
    """
    demand_free(transaction)
    if scene.content is None:
        raise RuntimeError(scene.item.id)  # The guards let out nothing whose content is not there.
    _owe(transaction, scene, scene.content.channels)


def owe_again(transaction: Transaction, scene: Scene) -> None:
    """Owe the page of what is or was public anew, wherever it went; a sender under way is too late.

    The item is locked before its deliveries, here and by senders.
    """
    channels = [row.channel for row in transaction.run(_EVER_OWED, item_id=scene.item.id)]
    transaction.run(_OVERTAKEN, of_item=scene.item.id, at=scene.now)
    _owe(transaction, scene, channels)


def _owe(transaction: Transaction, scene: Scene, channels: Iterable[str]) -> None:
    item = scene.item
    for channel in channels:
        transaction.run(
            _OWE,
            key=f"{item_subject(item.id)}:{item.version + 1}:{channel}",
            item_id=item.id,
            revision_id=item.revision_id,
            channel=channel,
            next_at=scene.now,
            created_at=scene.now,
        )


def plan_publication(
    transaction: Transaction, scene: Scene, at: datetime, *, account_id: int
) -> None:
    """Schedule a cleared item's publication by that person; the coming version is bound to it."""
    transaction.run(
        _PLAN,
        item_id=scene.item.id,
        version=scene.item.version + 1,
        publish_at=at,
        scheduled_by=account_id,
        scheduled_at=scene.now,
    )


def schedule_again(transaction: Transaction, scene: Scene) -> None:
    """Bind what is scheduled for an item, if anything is, to its coming version."""
    row = transaction.one(_SCHEDULE_OF, item_id=scene.item.id)
    if row is not None:
        end_schedule(transaction, scene, ScheduleEnd.CALLED_OFF)
        plan_publication(transaction, scene, row.publish_at, account_id=row.scheduled_by)


def due_schedules(transaction: Transaction, now: datetime, *, limit: int) -> list[int]:
    """Return the schedules whose time has come, the earliest first."""
    return [row.id for row in transaction.run(_DUE_SCHEDULES, now=now, limit=limit)]


def open_schedule(transaction: Transaction, schedule_id: int) -> Any:
    """Return a schedule that has not ended, or ``None``; whoever holds its item can rely on it."""
    return transaction.one(_OPEN_SCHEDULE, schedule_id=schedule_id)


def hold_schedule(transaction: Transaction, schedule_id: int, now: datetime) -> int:
    """End one schedule as held, whatever its item is like; return the item's number."""
    item_id: int = transaction.one(_HOLD_SCHEDULE, schedule_id=schedule_id, at=now).item_id
    return item_id


def end_schedule(transaction: Transaction, scene: Scene, how: ScheduleEnd) -> bool:
    """End what is scheduled for an item, if anything is; tell whether anything was."""
    ended = transaction.count(_END_SCHEDULE, of_item=scene.item.id, how=how, at=scene.now)
    return ended > 0


def add_reader(transaction: Transaction, item_id: int, account_id: int) -> None:
    """Let a person see a restricted item."""
    transaction.run(_ADD_READER, item_id=item_id, account_id=account_id)


def add_author(transaction: Transaction, item_id: int, actor: Actor) -> None:
    """Remember that a person had a hand in an item's text; saying it twice is saying it once.

    What a deputy writes is the principal's, too.
    """
    transaction.run(_ADD_AUTHOR, item_id=item_id, account_id=actor.account_id)
    if actor.principal is not None:
        transaction.run(_ADD_AUTHOR, item_id=item_id, account_id=actor.principal.account_id)


def remember_seen(
    transaction: Transaction,
    *,
    account_id: int,
    item_id: int,
    version: int,
    digest_: str,
    now: datetime,
) -> None:
    """Remember which version of an item a person was shown."""
    transaction.run(
        _SAW,
        account_id=account_id,
        item_id=item_id,
        version=version,
        digest=digest_,
        seen_at=now,
    )


def next_index_serial(transaction: Transaction, *, body_id: int, year: int) -> int:
    """Take the next running number of a body's index numbers for a year of formation."""
    return _next(transaction, f"index:{body_id}:{year}")


def next_list_serial(transaction: Transaction, *, point_id: int, year: int) -> int:
    """Take the next running number of the delivery lists to a reading point in a year."""
    return _next(transaction, f"delivery:{point_id}:{year}")


def next_register_number(transaction: Transaction, *, body_id: int, year: int) -> str:
    """Take the next free number of a body's seal-use register: ``2017-0001``."""
    while True:
        serial = _next(transaction, f"seal:{body_id}:{year}")
        number = f"{year}-{serial:04d}"
        # A number that somebody chose by hand is passed over.
        if not is_registered(transaction, body_id=body_id, number=number):
            return number


def _next(transaction: Transaction, name: str) -> int:
    """Take the next number of a counter, which a restored database may not know the end of."""
    demand_free(transaction)
    serial: int = transaction.one(_NEXT, name=name).value
    return serial


def is_registered(transaction: Transaction, *, body_id: int, number: str) -> bool:
    """Tell whether a number of the seal-use register was ever used."""
    row = transaction.one(_REGISTERED, body_id=body_id, register_number=number)
    return row is not None
