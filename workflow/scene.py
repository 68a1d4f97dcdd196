"""Gathering: everything that guards and acts need to know of one item, under one lock.

Reads only, apart from the lock itself. What an actor may not see is reported as not found here, so
that no act above can tell the difference.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import bindparam, literal, or_, select

from workflow import capacities
from workflow.accounts import load_actor
from workflow.audit import Chain, item_subject
from workflow.capacities import Pairs
from workflow.clocks import CURRENT_NUMBER, late_since
from workflow.consultations import OF_ITEM, opens_to, told
from workflow.database import Statement
from workflow.errors import Conflict, Damaged, NotFound, NotSignedIn, Who
from workflow.guards import URGED_AGAIN_AFTER, WIDE, Actor, Facts, Held, Role
from workflow.machine import ENDS, PUBLIC_ONCE, Action, Asked, Place, Redaction, State
from workflow.models import (
    LONGEST_ID,
    NO_DIGEST,
    Account,
    AuditEntry,
    Blob,
    Body,
    Capacity,
    Decision,
    Edition,
    Handover,
    Item,
    ItemAuthor,
    ItemReader,
    PolicyText,
    Retraction,
    Revision,
    RevisionAttachment,
    ValidityChange,
    table,
)
from workflow.policy import Policy, stored
from workflow.replay import EVENTS
from workflow.revisions import Content, digest, read
from workflow.runtime import SHANGHAI

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from workflow.coordination import Consultation
    from workflow.database import Transaction

_item, _body, _revision = table(Item), table(Body), table(Revision)
_decision, _author, _reader = table(Decision), table(ItemAuthor), table(ItemReader)
_account, _entry, _capacity = table(Account), table(AuditEntry), table(Capacity)
_principal = _account.alias("principal")
_policy, _blob, _attached = table(PolicyText), table(Blob), table(RevisionAttachment)
_handover, _retraction, _edition = table(Handover), table(Retraction), table(Edition)
_change = table(ValidityChange)

DELIVERABLE: Final = frozenset(
    {State.CLEARED, State.PUBLISHING, State.PUBLICATION_FAILED, State.PUBLISHED}
)
"""States in which an item may be delivered to reading points, whether or not it is online yet."""
_ASKED_ABOUT: Final = PUBLIC_ONCE | {State.PENDING, State.CLEARED}
"""States in which one person may have asked for something that another one has to confirm."""

_LOCK: Final = Statement(
    select(
        *_item.columns,
        _body.c.code.label("body_code"),
        _body.c.name.label("body_name"),
        _body.c.sample.label("body_sample"),
        _revision.c.number.label("revision_number"),
        _revision.c.redacts_id,
        _edition.c.corrects_id,
        _edition.c.number.label("edition"),
        CURRENT_NUMBER.label("calendar_number"),
    )
    .join(_body, _body.c.id == _item.c.body_id)
    .join(_revision, _revision.c.id == _item.c.revision_id, isouter=True)
    .join(_edition, _edition.c.item_id == _item.c.id, isouter=True)
    .where(_item.c.id == bindparam("item_id"))
    # Who notes what they were shown refers to the item, and need not wait for its lock.
    .with_for_update(of=_item, key_share=True)
)
_asked = (_decision.c.action == Action.REVIEW_DISCLOSE_IN_PART.value) & ~_decision.c.positive
# The decisions of this round, and from all rounds before it what asked for a redaction.
_ROUND: Final = Statement(
    select(
        _decision.c.id,
        _decision.c.round,
        _decision.c.stage,
        _decision.c.kind,
        _decision.c.action,
        _decision.c.positive,
        _decision.c.actor_id,
        _decision.c.digest,
        _decision.c.outcome,
        _decision.c.ground,
        _decision.c.reassess_on,
        _decision.c.register_number,
        _decision.c.voided_at,
        _decision.c.submission,
        _capacity.c.principal_id,
    )
    .join(_capacity, _capacity.c.decision_id == _decision.c.id, isouter=True)
    .where(
        _decision.c.item_id == bindparam("item_id"),
        or_(_decision.c.round == bindparam("round"), _asked),
    )
    .order_by(_decision.c.id)
)
_AUTHORS: Final = Statement(
    select(_author.c.account_id).where(_author.c.item_id == bindparam("item_id"))
)
_READERS: Final = Statement(
    select(_reader.c.account_id).where(_reader.c.item_id == bindparam("item_id"))
)
_HANDED_TO: Final = Statement(
    select(_handover.c.point_id).where(
        _handover.c.item_id == bindparam("item_id"),
        _handover.c.digest == bindparam("digest"),
        _handover.c.approved_at.is_(None),
    )
)
_ASKED: Final = Statement(
    select(_retraction.c.id, _retraction.c.kind, _retraction.c.asked_by).where(
        _retraction.c.item_id == bindparam("item_id"),
        _retraction.c.confirmed_at.is_(None),
        _retraction.c.called_off_at.is_(None),
    )
)
_CHANGE_ASKED: Final = Statement(
    select(_change.c.id, literal(Asked.VALIDITY.value).label("kind"), _change.c.asked_by).where(
        _change.c.item_id == bindparam("item_id"),
        _change.c.confirmed_at.is_(None),
        _change.c.called_off_at.is_(None),
    )
)
_NAMED: Final = Statement(
    select(
        _item.c.id,
        _item.c.body_id,
        _item.c.policy_digest,
        _item.c.state,
        _item.c.reached,
        _item.c.restricted,
        _item.c.digest,
        _item.c.published_at,
    ).where(_item.c.id == bindparam("item_id"))
)
_LET_OUT: Final = Statement(
    select(_retraction.c.asked_by, _retraction.c.confirmed_by)
    .where(
        _retraction.c.item_id == bindparam("item_id"),
        _retraction.c.kind == Asked.URGENT_PUBLICATION.value,
        _retraction.c.confirmed_at.is_not(None),
    )
    .order_by(_retraction.c.id.desc())
    .limit(1)
)
_NEXT_EDITION: Final = Statement(
    select(_edition.c.item_id, _item.c.published_at)
    .join(_item, _item.c.id == _edition.c.item_id)
    .where(
        _edition.c.corrects_id == bindparam("corrects_id"),
        _edition.c.item_id != bindparam("item_id"),
        _edition.c.dropped_at.is_(None),
    )
)
_URGED: Final = Statement(
    select(_entry.c.at)
    .where(
        _entry.c.subject == bindparam("subject"),
        _entry.c.event == EVENTS[Action.URGE],
        _entry.c.at > bindparam("since"),
        _entry.c.at >= bindparam("entered"),
    )
    .order_by(_entry.c.seq.desc())
    .limit(1)
)
_CANONICAL: Final = Statement(
    select(_revision.c.canonical).where(_revision.c.id == bindparam("revision_id"))
)
_PURGED_FILES: Final = Statement(
    select(_blob.c.sha256)
    .join(_attached, _attached.c.sha256 == _blob.c.sha256)
    .where(_attached.c.revision_id == bindparam("revision_id"), _blob.c.purged_at.is_not(None))
)
_POLICY: Final = Statement(select(_policy.c.text).where(_policy.c.digest == bindparam("digest")))
_held = capacities.held(capacities.NOW)
_HOLDERS: Final = Statement(
    select(
        _account.c.id,
        _account.c.name,
        _account.c.display_name,
        _held.c.role,
        _held.c.principal_id,
        _principal.c.display_name.label("principal"),
        _body.c.name.label("body"),
    )
    .join(_held, _held.c.account_id == _account.c.id)
    .join(_body, _body.c.id == _held.c.body_id)
    .join(_principal, _principal.c.id == _held.c.principal_id, isouter=True)
    .where(
        _account.c.enabled.is_(True),
        or_(_body.c.id == bindparam("body_id"), *(_body.c.kind == kind for kind in sorted(WIDE))),
    )
    .order_by(_account.c.name, _held.c.delegation_id)
)
_TOLD: Final = (
    "deadline_alerted", "deadline_overdue", "alert_acknowledged", "alert_snoozed",
    "consultation_overdue", "consultations_inherited",
)  # fmt: skip
_LAST_ENTRY: Final = Statement(
    select(_entry.c.event, _entry.c.at, _entry.c.actor, _account.c.display_name)
    .join(_account, _account.c.name == _entry.c.actor, isouter=True)
    .where(
        _entry.c.subject == bindparam("subject"),
        _entry.c.seq <= bindparam("seq"),
        # That people were told of it, or know, has changed nothing about an item.
        *(_entry.c.event != told for told in _TOLD),
    )
    .order_by(_entry.c.seq.desc())
    .limit(1)
)


class Policies:
    """Policies by digest, read from the database once; their texts never change."""

    def __init__(self) -> None:
        """Start with nothing read."""
        self._known: dict[str, Policy] = {}

    def get(self, transaction: Transaction, digest_: str) -> Policy:
        """Return the policy with that digest; raises ``Damaged`` if its text has another one."""
        policy = self._known.get(digest_)
        if policy is None:
            row = transaction.one(_POLICY, digest=digest_)
            if row is None:
                raise NotFound("no_such_policy", name=digest_, known=())
            if digest(row.text.encode("utf-8")) != digest_:
                raise Damaged("policy_damaged", digest=digest_)
            policy = self._known[digest_] = stored(row.text)
        return policy


@dataclass(slots=True, kw_only=True)
class Scene:
    """One item and everything around it, at one instant, under its lock.

    ``decisions`` are those of this round, ``demands`` what asked for a redaction in any; both
    oldest first. ``asked`` is the row of what waits for a second person to confirm it.
    """

    item: Any
    policy: Policy
    actor: Actor | None
    facts: Facts
    decisions: list[Any]
    demands: list[Any]
    content: Content | None
    asked: Any
    chain: Chain
    now: datetime

    @property
    def standing(self) -> dict[str, Any]:
        """The decisions that hold, by stage."""
        return {row.stage: row for row in self.decisions if row.positive and row.voided_at is None}


def reached_by_role(actor: Actor, policy: Policy, body_id: int) -> int:
    """Return the first position of the policy that one of the person's roles holds for a body.

    Positions are those of the stages, then one more for publication; a person who holds none gets
    one that no item reaches.
    """
    positions = [
        index for index, stage in enumerate(policy.stages) if actor.holds(stage.role, body_id)
    ]
    if actor.holds(Role.PUBLISHER, body_id):
        positions.append(len(policy.stages))
    return min(positions, default=len(policy.stages) + 1)


def receives_at(actor: Actor) -> set[int]:
    """Return the reading points at which a person receives."""
    return {grant.body_id for grant in actor.grants if grant.role is Role.READING_POINT_CLERK}


def may_see(
    actor: Actor,
    policy: Policy,
    *,
    body_id: int,
    state: State,
    reached: int,
    restricted: bool,
    named: Iterable[int],
    handed_to: Collection[int] = (),
    consulted: bool = False,
) -> bool:
    """Tell whether an item is visible (rule: reading).

    What is published is everyone's. Else: its body's people, those whose stage it is at or has
    passed, and supervisors; a restricted one only named people and stage holders. Administrators
    read no unpublished content, not even what they wrote or were named for before they were that.
    ``handed_to`` are the reading points that were sent the text as it is: who receives there may
    see what lies before them on paper. Whose body is ``consulted`` sees what it is asked about.
    """
    if state in PUBLIC_ONCE:
        return True
    if not actor.enabled or Role.ADMINISTRATOR in actor.roles:
        return False
    if state in DELIVERABLE and handed_to and receives_at(actor) & set(handed_to):
        return True
    if consulted:
        return True
    if restricted:
        if actor.account_id in named:
            return True
    elif any(grant.body_id == body_id or grant.role is Role.SUPERVISOR for grant in actor.grants):
        return True
    return reached_by_role(actor, policy, body_id) <= reached


def visible_to(
    transaction: Transaction,
    policy: Policy,
    actor: Actor,
    item: Any,
    asked_of: Sequence[Consultation] | None = None,
) -> bool:
    """Tell whether an item, given as its row, is the actor's to see: :func:`may_see` of it.

    ``asked_of`` are the consultations about it, read if they are not given.
    """
    if asked_of is None:
        asked_of = told(transaction.run(OF_ITEM, item_id=item.id))
    people = (_AUTHORS, _READERS) if item.restricted else ()
    points = (
        transaction.run(_HANDED_TO, item_id=item.id, digest=item.digest)
        if receives_at(actor)
        else ()
    )
    return may_see(
        actor,
        policy,
        body_id=item.body_id,
        state=item.state,
        reached=item.reached,
        restricted=item.restricted,
        named=[row.account_id for each in people for row in transaction.run(each, item_id=item.id)],
        handed_to=[row.point_id for row in points],
        consulted=opens_to(actor, asked_of, restricted=item.restricted),
    )


def gather(
    transaction: Transaction,
    policies: Policies,
    item_id: int,
    *,
    account_id: int | None,
    now: datetime,
    with_content: bool,
    published_on: datetime | None = None,
    urging: bool = False,
) -> Scene:
    """Lock an item and gather all facts about it; ``account_id`` of ``None`` is the system.

    Raises ``NotFound('no_such_item')`` for what is not there and for what is not the actor's to
    see, ``NotSignedIn`` for an unknown account.
    """
    item = transaction.one(_LOCK, item_id=item_id) if 0 < item_id <= LONGEST_ID else None
    if item is not None and item.revision_number is None:
        # PostgreSQL shows who had to wait for the lock the item as it is now, but no revision that
        # came meanwhile. The lock is ours now, so a second look sees everything.
        item = transaction.one(_LOCK, item_id=item_id)
    actor = load_actor(transaction, account_id, now=now) if account_id is not None else None
    if account_id is not None and actor is None:
        raise NotSignedIn("not_signed_in")
    if item is None:
        raise NotFound("no_such_item", item=item_id)
    policy = policies.get(transaction, item.policy_digest)
    asked_of = told(transaction.run(OF_ITEM, item_id=item_id))
    if actor is not None and not visible_to(transaction, policy, actor, item, asked_of):
        raise NotFound("no_such_item", item=item_id)
    authors = frozenset(row.account_id for row in transaction.run(_AUTHORS, item_id=item_id))
    known = transaction.run(_ROUND, item_id=item_id, round=item.round) if item.round else []
    decisions = [row for row in known if row.round == item.round]
    demands = [
        row
        for row in known
        if row.action == Action.REVIEW_DISCLOSE_IN_PART.value and not row.positive
    ]
    # Said by the item's own row, because that is the one that was read after the lock was ours.
    present = item.body_digest != NO_DIGEST
    content, sound, purged_files = None, True, frozenset[str]()
    if with_content and present:
        form = transaction.one(_CANONICAL, revision_id=item.revision_id).canonical
        sound = digest(form.encode("utf-8")) == item.digest
        content = read(form) if sound else None
        files = transaction.run(_PURGED_FILES, revision_id=item.revision_id)
        purged_files = frozenset(row.sha256 for row in files)
    asked, asker = None, None
    if item.state in _ASKED_ABOUT:
        # Of one item one thing is asked for at a time.
        asked = transaction.one(_ASKED, item_id=item_id)
        if asked is None and item.state in PUBLIC_ONCE:
            asked = transaction.one(_CHANGE_ASKED, item_id=item_id)
    if asked is not None and asked.kind == Asked.URGENT_PUBLICATION:
        asker = load_actor(transaction, asked.asked_by, now=now)
    let_out = transaction.one(_LET_OUT, item_id=item_id) if item.owed_stage else None
    following = None
    if item.state in PUBLIC_ONCE or (item.state in ENDS and item.corrects_id is not None):
        corrected = item_id if item.state in PUBLIC_ONCE else item.corrects_id
        following = transaction.one(_NEXT_EDITION, corrects_id=corrected, item_id=item_id)
    round_ = tuple(
        Held(
            row.stage,
            row.actor_id,
            row.digest,
            row.voided_at is not None,
            row.kind,
            row.outcome,
            row.principal_id,
        )
        for row in decisions
        if row.positive
    )
    facts = Facts(
        policy=policy,
        place=Place(item.state, item.stage),
        body_id=item.body_id,
        body_name=item.body_name,
        digest=item.digest,
        content_sound=sound,
        content_present=present,
        purged_files=tuple(
            attachment.name
            for attachment in (content.attachments if content else ())
            if attachment.sha256 in purged_files
        ),
        attribute=item.attribute,
        ground=content.ground if content else None,
        attribute_reason=content.attribute_reason if content else None,
        category=item.category,
        formed_on=item.formed_on,
        today=now.astimezone(SHANGHAI).date(),
        submitted_before=item.submissions > 0,
        decided_since_submission=any(row.submission == item.submissions for row in decisions),
        redaction=_redaction(demands, item.redacts_id),
        asked_on=frozenset(row.digest for row in demands),
        late_since=late_since(transaction, item_id, published_on) if published_on else None,
        asked=Asked(asked.kind) if asked else Asked.NOTHING,
        asked_by=asked.asked_by if asked else None,
        asker=asker,
        owed_stage=item.owed_stage,
        let_out_by=frozenset(let_out) if let_out else frozenset(),
        next_edition=following.item_id if following else None,
        next_is_public=following is not None and following.published_at is not None,
        consultations=asked_of,
        urged_at=_urged_at(transaction, item, now) if urging else None,
        authors=authors,
        round=round_,
        as_one=Pairs(transaction, _concerned(authors, round_, asked, let_out, actor), now).as_one(
            item.created_at
        ),
    )
    return Scene(
        item=item,
        policy=policy,
        actor=actor,
        facts=facts,
        decisions=decisions,
        demands=demands,
        content=content,
        asked=asked,
        chain=Chain(item_subject(item_id), item.trail_seq, item.trail_hash),
        now=now,
    )


def visible_row(transaction: Transaction, policies: Policies, actor: Actor, item_id: int) -> Any:
    """Return what another item is that an act names, without locking it.

    Raises ``NotFound('no_such_item')`` for what is not there and for what is not the actor's to
    see.
    """
    row = transaction.one(_NAMED, item_id=item_id) if 0 < item_id <= LONGEST_ID else None
    if row is None or not visible_to(
        transaction, policies.get(transaction, row.policy_digest), actor, row
    ):
        raise NotFound("no_such_item", item=item_id)
    return row


def _concerned(
    authors: frozenset[int],
    round_: Iterable[Held],
    asked: Any,
    let_out: Iterable[int] | None,
    actor: Actor | None,
) -> Iterator[int]:
    """Yield everybody by whom it can be asked whether somebody counts as one with them."""
    yield from authors
    for decision in round_:
        yield decision.account_id
        if decision.principal_id is not None:
            yield decision.principal_id
    yield from let_out or ()
    if asked is not None:
        yield asked.asked_by
    if actor is not None:
        yield actor.account_id
        yield from (grant.principal.account_id for grant in actor.grants if grant.principal)


def _urged_at(transaction: Transaction, item: Any, now: datetime) -> datetime | None:
    """Return when the desk that holds an item was urged last, if that was lately."""
    row = transaction.one(
        _URGED,
        subject=item_subject(item.id),
        since=now - timedelta(hours=URGED_AGAIN_AFTER),
        entered=item.entered_at,
    )
    return None if row is None else row.at


def _redaction(demands: list[Any], redacts_id: int | None) -> Redaction:
    """Compare what the current revision carries out with what was asked for last."""
    if not demands:
        return Redaction.NOT_ASKED
    return Redaction.MADE if redacts_id == demands[-1].id else Redaction.OWED


def with_holders(transaction: Transaction, facts: Facts, *, now: datetime) -> Facts:
    """Return the facts with who holds which role and which waivers hold.

    Only what would be refused needs to know either.
    """
    holders: dict[str, list[tuple[int, Who]]] = {}
    for row in transaction.run(_HOLDERS, body_id=facts.body_id, now=now):
        who = Who(row.name, row.display_name, row.role, row.body, row.principal, row.principal_id)
        holders.setdefault(row.role, []).append((row.id, who))
    return replace(
        facts,
        holders={role: tuple(people) for role, people in holders.items()},
        waivers=capacities.waivers(transaction, now),
    )


def last_change(transaction: Transaction, item: Any) -> Mapping[str, Any]:
    """Return what happened last to an item: ``event``, ``by`` (for people) and ``at``."""
    row = transaction.one(_LAST_ENTRY, subject=item_subject(item.id), seq=item.trail_seq)
    if row is None:
        return {}
    return {"event": row.event, "by": row.display_name or row.actor, "at": row.at}


def check_seen(transaction: Transaction, item: Any, seen: int | str) -> None:
    """Compare what the caller was shown with what is there now (R3).

    ``seen`` is a version or a whole digest. Raises ``Conflict`` that names who moved the item on,
    what they did and when.
    """
    if seen != (item.version if isinstance(seen, int) else item.digest):
        raise Conflict(
            "changed_since",
            item=item.id,
            seen=seen,
            version=item.version,
            state=item.state.value,
            stage=item.stage,
            **last_change(transaction, item),
        )
