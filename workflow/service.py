"""The one door through which an item changes.

Every act opens one transaction, reads the clock once, locks the item, gathers the facts, asks
:func:`workflow.guards.decide`, and then writes state, decision, voided decisions, trail, numbers
and deliveries together; nothing outside the database is touched meanwhile. Front ends, workers and
bulk work all come through here, so a rule cannot be walked around.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from workflow import audit
from workflow.accounts import find_body, load_actor
from workflow.audit import Chain, item_subject
from workflow.database import Statement
from workflow.errors import Conflict, InvalidInput, NotFound, NotSignedIn, Refusal, Refused
from workflow.guards import (
    PUBLISHING_BODIES,
    Role,
    Transition,
    Wish,
    decide,
    required_role,
)
from workflow.intake import FIELDS, note_blob
from workflow.machine import REVIEW_ACTIONS, Action, Place, StageKind, State
from workflow.models import (
    Account,
    Body,
    Counter,
    Decision,
    Delivery,
    Item,
    ItemAuthor,
    ItemReader,
    Office,
    Revision,
    RevisionAttachment,
    Sighting,
    table,
)
from workflow.revisions import (
    Attachment,
    Attribute,
    BodyFormat,
    Content,
    FormedOnBasis,
    Limits,
    body_digest,
    canonical,
    check,
    check_characters,
    digest,
    tidied,
)
from workflow.runtime import SHANGHAI
from workflow.scene import Policies, Scene, check_seen, gather, last_change, may_see, with_holders
from workflow.seals import SealProvider, SealStatement

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from workflow.database import Transaction
    from workflow.guards import Actor, Facts
    from workflow.intake import Intake, Upload
    from workflow.policy import Policy
    from workflow.runtime import Runtime

Seen = int | str
"""What a caller was shown: a version, or a digest (eight hexadecimal digits suffice)."""
MAX_TEXT: Final = 10_000
"""The longest reason, question, answer or redaction, in characters."""
_NEEDS_CONTENT: Final = frozenset(
    {
        Action.REVISE,
        Action.SUBMIT,
        Action.PUBLISH,
        Action.RETRY,
        Action.CONFIRM,
        Action.REVIEW_ON_REQUEST_ONLY,
        Action.REVIEW_WITHHOLD,
    }
)
_RECORDED: Final = REVIEW_ACTIONS | {
    Action.SIGN_OFF,
    Action.SEAL,
    Action.APPROVE,
    Action.RETURN,
    Action.ANSWER,
}
"""Actions that leave a decision."""
_SAID_LATER: Final = frozenset(
    {
        "reason_required",
        "code_required",
        "to_required",
        "redactions_required",
        "question_required",
        "addressee_required",
        "answer_required",
        "ground_required",
    }
)
"""Refusals that only ask for something to be said with the action."""

_item, _revision, _decision = table(Item), table(Revision), table(Decision)
_body, _office, _account = table(Body), table(Office), table(Account)
_author, _reader, _sighting = table(ItemAuthor), table(ItemReader), table(Sighting)
_counter, _delivery, _attached = table(Counter), table(Delivery), table(RevisionAttachment)


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
                "trail_seq",
                "trail_hash",
            )
        )
    )
)
"""The only statement that moves an item: its state is assigned nowhere else."""
_NEW_DECISION: Final = Statement(
    insert(_decision)
    .values(**_bound(name for name in _decision.columns.keys() if name not in ("id", "voided_at")))  # noqa: SIM118 # a column collection iterates over columns
    .returning(_decision.c.id)
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
_saw = upsert(_sighting).values(
    **_bound(("account_id", "item_id", "version", "digest", "seen_at"))
)
_SAW: Final = Statement(
    _saw.on_conflict_do_update(
        index_elements=[_sighting.c.account_id, _sighting.c.item_id],
        set_={name: _saw.excluded[name] for name in ("version", "digest", "seen_at")},
    )
)
_NEXT: Final = Statement(
    upsert(_counter)
    .values(name=bindparam("name"), value=1)
    .on_conflict_do_update(
        index_elements=[_counter.c.name], set_={"value": _counter.c.value + 1}
    )
    .returning(_counter.c.value)
)
_REGISTERED: Final = Statement(
    select(_decision.c.id).where(
        _decision.c.body_id == bindparam("body_id"),
        _decision.c.register_number == bindparam("register_number"),
    )
)
_OWE: Final = Statement(
    insert(_delivery).values(
        **_bound(("key", "item_id", "revision_id", "channel", "next_at", "created_at")),
        status="owed",
        attempts=0,
    )
)
_OFFICE_POLICY: Final = Statement(select(_office.c.policy_digest).where(_office.c.id == 1))
_SAME: Final = Statement(
    select(
        _item.c.id,
        _item.c.body_id,
        _item.c.policy_digest,
        _item.c.state,
        _item.c.reached,
        _item.c.restricted,
        _item.c.index_number,
    )
    .where(
        (_item.c.body_digest == bindparam("body_digest"))
        | (_item.c.document_number == bindparam("document_number")),
        _item.c.state != State.ABANDONED,
        _item.c.id != bindparam("item_id"),
    )
    .order_by(_item.c.id)
    .limit(1)
)
_ACCOUNT_ID: Final = Statement(
    select(_account.c.id).where(_account.c.name == bindparam("name"), _account.c.enabled.is_(True))
)
_LAST_SEEN: Final = Statement(
    select(_sighting.c.version).where(
        _sighting.c.account_id == bindparam("account_id"),
        _sighting.c.item_id == bindparam("item_id"),
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Possibility:
    """One action as it stands for one person: free, in need of words, or blocked, and why."""

    action: Action
    role: str | None
    needs: tuple[str, ...]
    refusals: tuple[Refusal, ...]


class WorkflowService:
    """Acts on items; holds no state of its own, safe to share between threads."""

    def __init__(
        self,
        runtime: Runtime,
        *,
        intake: Intake,
        limits: Limits,
        seal: SealProvider,
        policies: Policies | None = None,
    ) -> None:
        """Act in ``runtime``; ``seal`` is what a seal leaves behind."""
        self._runtime = runtime
        self._intake = intake
        self._limits = limits
        self._seal = seal
        self._policies = policies or Policies()

    # -- content -----------------------------------------------------------------------------

    def create(
        self,
        account_id: int,
        fields: Mapping[str, Any],
        *,
        department: str,
        uploads: Sequence[Upload] = (),
        restricted: bool = False,
        readers: Sequence[str] = (),
        not_duplicate: str | None = None,
        submit: bool = False,
        key: str | None = None,
        dry_run: bool = False,
    ) -> dict[str, Any]:
        """Enter a draft for ``department`` (a code or full name), and submit it if asked.

        ``fields`` are those of :class:`~workflow.revisions.Content` that people set. All or
        nothing: a refused submission leaves no draft behind. Raises ``Refused`` (not a clerk
        there, a classification mark, a duplicate), ``InvalidInput``, ``LimitExceeded``.
        """
        draft = self._draft(fields)
        _check_text("not_duplicate", not_duplicate)
        self._intake.screen(draft, account_id=account_id, dry_run=dry_run)
        attachments = self._intake.take(uploads, account_id=account_id, dry_run=dry_run)

        def work(transaction: Transaction, now: datetime) -> dict[str, Any]:
            actor = load_actor(transaction, account_id)
            if actor is None or not actor.enabled:
                raise NotSignedIn("not_signed_in")
            body = find_body(transaction, department)
            self._may_enter(actor, body)
            policy = self._policies.get(transaction, transaction.one(_OFFICE_POLICY).policy_digest)
            content = self._completed(
                replace(draft, publishing_body=body.name, attachments=attachments), policy, now
            )
            self._no_duplicate(transaction, actor, content, 0, not_duplicate)
            item_id = self._insert(
                transaction, now, actor, body, policy, content,
                restricted=restricted, not_duplicate=not_duplicate,
            )
            for name in readers:
                row = transaction.one(_ACCOUNT_ID, name=name)
                if row is None:
                    raise NotFound("no_such_account", name=name)
                transaction.run(_ADD_READER, item_id=item_id, account_id=row.id)
            if submit:
                scene = self._gather(transaction, item_id, Action.SUBMIT, account_id, now)
                return self._act(transaction, scene, Action.SUBMIT, Wish())
            self._remember(transaction, actor, item_id, 1, digest(canonical(content)), now)
            return {
                "item": item_id,
                "version": 1,
                "at": f"{item_id}@1",
                "digest": digest(canonical(content)),
                "state": State.DRAFT.value,
                "stage": None,
                "index_number": None,
            }

        call = {
            "do": "new",
            "fields": {name: str(value) for name, value in fields.items()},
            "department": department,
            "files": [attachment.sha256 for attachment in attachments],
            "restricted": restricted,
            "readers": list(readers),
            "submit": submit,
        }
        return self._runtime.carry_out(
            work, account_id=account_id, call=call, key=key, dry_run=dry_run
        )

    def revise(
        self,
        item_id: int,
        account_id: int,
        changes: Mapping[str, Any],
        *,
        seen: Seen | None,
        attach: Sequence[Upload] = (),
        detach: Sequence[str] = (),
        redaction: bool = False,
        not_duplicate: str | None = None,
        key: str | None = None,
        dry_run: bool = False,
    ) -> dict[str, Any]:
        """Change a draft's content; the answer names the decisions that this voids.

        Content that stays the same to the byte makes no new revision and voids nothing (R2).
        ``redaction`` records the new revision as the redaction that a conclusion "in part" asked
        for. Attaching a file under a name that is there already replaces that file.
        """
        _demand_seen(seen)
        _check_text("not_duplicate", not_duplicate)
        unknown = sorted(set(changes) - FIELDS)
        if unknown:
            raise InvalidInput("field_unknown", field=unknown[0], known=tuple(sorted(FIELDS)))
        added = self._intake.take(attach, account_id=account_id, dry_run=dry_run)

        def work(transaction: Transaction, now: datetime) -> dict[str, Any]:
            scene = self._gather(transaction, item_id, Action.REVISE, account_id, now)
            check_seen(transaction, scene.item, seen if seen is not None else 0)
            self._allowed(transaction, scene, Action.REVISE, Wish())
            old, actor = scene.content, scene.actor
            if old is None or actor is None:
                raise RuntimeError(item_id)  # The gate above lets neither pass.
            files = _replaced(old.attachments, added, detach)
            new = self._completed(
                replace(old, **_typed(changes), attachments=files), scene.policy, now
            )
            self._no_duplicate(transaction, actor, new, item_id, not_duplicate, old=old)
            redacts_id = self._redacts(transaction, scene) if redaction else None
            if new == old and redacts_id == scene.item.redacts_id:
                return self._answer(scene, scene.facts.place, scene.item.version) | {
                    "changed": False,
                    "voided": [],
                }
            return self._rewrite(transaction, scene, actor, new, redacts_id)

        if changes:
            # Screened before the transaction, because a hit keeps a stub of its own.
            probe = Content(
                **({"title": "-", "body": "-", "publishing_body": "-"} | _typed(changes))
            )
            self._intake.screen(probe, account_id=account_id, dry_run=dry_run)
        call = {
            "do": "revise",
            "item": item_id,
            "changes": {name: str(value) for name, value in changes.items()},
            "seen": seen,
            "files": [attachment.sha256 for attachment in added],
            "detach": list(detach),
            "redaction": redaction,
        }
        return self._runtime.carry_out(
            work, account_id=account_id, call=call, key=key, dry_run=dry_run
        )

    # -- acts --------------------------------------------------------------------------------

    def perform(
        self,
        item_id: int,
        action: Action,
        account_id: int,
        *,
        seen: Seen | None,
        wish: Wish | None = None,
        key: str | None = None,
        dry_run: bool = False,
    ) -> dict[str, Any]:
        """Do ``action`` to an item on the strength of what was ``seen``; return what came of it.

        Raises ``Refused`` with every reason, ``Conflict`` if the item moved on since, ``NotFound``
        for what is not there or not the actor's to see. Nothing changes unless it all does.
        """
        _demand_seen(seen)
        wish = _checked(wish or Wish())

        def work(transaction: Transaction, now: datetime) -> dict[str, Any]:
            scene = self._gather(transaction, item_id, action, account_id, now)
            check_seen(transaction, scene.item, seen if seen is not None else 0)
            return self._act(transaction, scene, action, wish)

        call = {"do": action.value, "item": item_id, "seen": seen, "wish": repr(wish)}
        return self._runtime.carry_out(
            work, account_id=account_id, call=call, key=key, dry_run=dry_run
        )

    def settle(
        self,
        transaction: Transaction,
        item_id: int,
        *,
        published_at: datetime | None,
        now: datetime,
        **details: Any,
    ) -> dict[str, Any]:
        """Say that a publication arrived (``published_at``) or was given up (``None``).

        The system's own act, called with the delivery held by its sender and in the sender's
        transaction; the gate is checked once more.
        """
        action = Action.CONFIRM if published_at is not None else Action.FAIL
        scene = self._gather(transaction, item_id, action, None, now)
        return self._act(
            transaction, scene, action, Wish(), published_at=published_at, extra=details
        )

    def saw(self, account_id: int, item_id: int, *, version: int, digest_: str) -> None:
        """Remember which version of an item a person was shown."""
        with self._runtime.database.transaction() as transaction:
            transaction.run(
                _SAW,
                account_id=account_id,
                item_id=item_id,
                version=version,
                digest=digest_,
                seen_at=self._runtime.clock(),
            )

    def last_seen(self, account_id: int, item_id: int) -> int | None:
        """Return the version that a person was last shown; ``None`` if never."""
        with self._runtime.database.read() as connection:
            row = connection.execute(
                _LAST_SEEN.clause, {"account_id": account_id, "item_id": item_id}
            ).first()
        return None if row is None else int(row.version)

    def consider(self, item_id: int, account_id: int) -> tuple[Possibility, ...]:
        """Say for each action that leads on from here whether this person may, and why not.

        Only looks: the facts are gathered as for an act, and nothing is kept.
        """
        found: list[Possibility] = []
        with self._runtime.database.transaction() as transaction:
            now = self._runtime.clock()
            scene = self._gather(transaction, item_id, Action.SUBMIT, account_id, now)
            facts = replace(
                with_holders(transaction, scene.facts),
                last_change=last_change(transaction, scene.item),
            )
            for action in scene.policy.machine.actions_from(facts.place):
                if action in (Action.CONFIRM, Action.FAIL):
                    continue
                answer = decide(facts, action, scene.actor)
                refusals = answer if isinstance(answer, tuple) else ()
                found.append(
                    Possibility(
                        action=action,
                        role=required_role(facts, action),
                        needs=tuple(
                            refusal.code.removesuffix("_required")
                            for refusal in refusals
                            if refusal.code in _SAID_LATER
                        ),
                        refusals=tuple(
                            refusal for refusal in refusals if refusal.code not in _SAID_LATER
                        ),
                    )
                )
        return tuple(found)

    # -- inside ------------------------------------------------------------------------------

    def _gather(
        self,
        transaction: Transaction,
        item_id: int,
        action: Action,
        account_id: int | None,
        now: datetime,
    ) -> Scene:
        return gather(
            transaction,
            self._policies,
            item_id,
            account_id=account_id,
            now=now,
            with_content=action in _NEEDS_CONTENT,
        )

    def _allowed(
        self, transaction: Transaction, scene: Scene, action: Action, wish: Wish
    ) -> Transition:
        """Return the transition, or raise with all refusals and who could act instead."""
        answer = decide(scene.facts, action, scene.actor, wish)
        if isinstance(answer, Transition):
            return answer
        # Only now is it worth knowing who else there is.
        facts: Facts = replace(
            with_holders(transaction, scene.facts),
            last_change=last_change(transaction, scene.item),
        )
        refusals = decide(facts, action, scene.actor, wish)
        raise Refused(refusals if isinstance(refusals, tuple) else answer)

    def _act(
        self,
        transaction: Transaction,
        scene: Scene,
        action: Action,
        wish: Wish,
        *,
        published_at: datetime | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        transition = self._allowed(transaction, scene, action, wish)
        arrow, item, now = transition.arrow, scene.item, scene.now
        origin = self._runtime.origin(scene.actor.name if scene.actor else audit.SYSTEM_ACTOR)
        round_, submissions = item.round, item.submissions
        if action is Action.SUBMIT:
            self._number(transaction, scene)
            item = scene.item
            submissions += 1
            if not scene.standing:
                # Nothing that was decided stands: this submission opens a new round.
                round_ += 1
        voided = self._void(
            transaction, scene, arrow.voids, origin, why=action.value, digest_=item.digest
        )
        recorded: dict[str, Any] = {}
        if action in _RECORDED and scene.actor is not None:
            recorded = self._decide(transaction, scene, transition, wish)
        there = arrow.dest
        ground, reassess_on = item.ground, item.reassess_on
        if there.state in (State.WITHHELD, State.ON_REQUEST_ONLY):
            ground, reassess_on = _ending(scene)
        scene.chain.append(
            _EVENTS.get(action, action.value),
            at=now,
            origin=origin,
            digest=item.digest,
            version=item.version + 1,
            **{"from": str(scene.facts.place), "to": str(there)},
            stage=scene.facts.place.stage,
            reason=wish.reason,
            code=wish.reason_code,
            ground=wish.ground or (ground if there.state is State.WITHHELD else None),
            **recorded,
            **(extra or {}),
        )
        self._move(
            transaction,
            scene,
            there,
            round_=round_,
            submissions=submissions,
            submitted_at=now if action is Action.SUBMIT else item.submitted_at,
            ground=ground,
            reassess_on=reassess_on,
            published_at=published_at or item.published_at,
        )
        if there.state is State.PUBLISHING:
            self._owe(transaction, scene)
        if action is Action.SUBMIT and scene.actor is not None:
            transaction.run(_ADD_AUTHOR, item_id=item.id, account_id=scene.actor.account_id)
        if scene.actor is not None:
            self._remember(
                transaction, scene.actor, item.id, item.version + 1, item.digest, now
            )
        answer = self._answer(scene, there, item.version + 1) | {
            "action": action.value,
            "voided": voided,
        }
        return answer | {
            name: recorded[name] for name in ("register_number", "outcome") if name in recorded
        }

    def _move(
        self,
        transaction: Transaction,
        scene: Scene,
        there: Place,
        *,
        round_: int,
        submissions: int,
        submitted_at: datetime | None,
        ground: str | None,
        reassess_on: date | None,
        published_at: datetime | None,
    ) -> None:
        item, policy = scene.item, scene.policy
        reached = item.reached
        if there.stage is not None:
            reached = max(reached, policy.stage_index(there.stage))
        elif there.state is State.CLEARED:
            reached = len(policy.stages)
        same_place = there == scene.facts.place
        moved = transaction.count(
            _MOVE,
            item_id=item.id,
            from_version=item.version,
            from_state=item.state,
            state=there.state,
            stage=there.stage,
            version=item.version + 1,
            round=round_,
            submissions=submissions,
            reached=reached,
            ground=ground,
            reassess_on=reassess_on,
            submitted_at=submitted_at,
            entered_at=item.entered_at if same_place else scene.now,
            published_at=published_at,
            trail_seq=scene.chain.seq,
            trail_hash=scene.chain.hash,
        )
        if moved != 1:
            raise Conflict("concurrent_change", problem=f"item {item.id}")
        scene.chain.write(transaction)

    def _decide(
        self, transaction: Transaction, scene: Scene, transition: Transition, wish: Wish
    ) -> dict[str, Any]:
        """Insert the decision and return what the trail says of it."""
        item, action, stage = scene.item, transition.arrow.action, transition.stage
        if stage is None or scene.actor is None:
            # The publisher's return of a cleared item is at no stage; it counts for the last one.
            stage = scene.policy.stages[-1].name
        kind = scene.policy.stage(stage).kind
        details: dict[str, Any] = {}
        register_number = None
        if action is Action.SEAL:
            register_number = self._register_number(transaction, scene, wish)
            statement = SealStatement(
                body=item.body_code,
                register_number=register_number,
                digest=item.digest,
                index_number=item.index_number,
            )
            details["seal"] = dict(self._seal.seal(statement))
        if action in REVIEW_ACTIONS:
            details["checklist"] = {
                question.code: question.code in wish.found
                for question in scene.policy.checklist
            }
        if wish.redactions:
            details["redactions"] = list(wish.redactions)
        for name in ("question", "addressee", "answer", "answered_on", "to"):
            value = getattr(wish, name)
            if value is not None:
                details[name] = str(value)
        outcome = transition.arrow.proposes
        ground = basis = reassess_on = None
        if outcome is not None:
            ground = wish.ground or scene.facts.ground
            basis = scene.policy.grounds[str(ground)].basis(scene.facts.formed_on or scene.facts.today)
            reassess_on = wish.reassess_on or _months_on(
                scene.facts.today, scene.policy.reassess_after_months
            )
        transaction.run(
            _NEW_DECISION,
            item_id=item.id,
            body_id=item.body_id,
            revision_id=item.revision_id,
            digest=item.digest,
            round=item.round,
            submission=item.submissions,
            stage=stage,
            kind=kind,
            action=action.value,
            positive=transition.positive,
            actor_id=scene.actor.account_id if scene.actor else None,
            decided_at=scene.now,
            outcome=outcome,
            reason=wish.reason,
            reason_code=wish.reason_code,
            ground=ground,
            basis=basis,
            reassess_on=reassess_on,
            register_number=register_number,
            details=audit.details_text(details) if details else None,
        )
        return {
            "register_number": register_number,
            "outcome": outcome.value if outcome else None,
            "reassess_on": reassess_on,
            "basis": basis,
            "addressee": wish.addressee,
            "found": list(wish.found) or None,
        }

    def _register_number(self, transaction: Transaction, scene: Scene, wish: Wish) -> str:
        item = scene.item
        number = wish.register_number
        if number is None:
            year = scene.facts.today.year
            while True:
                # A number that somebody wrote down by hand is passed over.
                row = transaction.one(_NEXT, name=f"seal:{item.body_id}:{year}")
                number = f"{year}-{row.value:04d}"
                if not self._registered(transaction, item.body_id, number):
                    return number
        if self._registered(transaction, item.body_id, number):
            raise Refused([Refusal("register_number_taken", {"value": number})])
        return number

    @staticmethod
    def _registered(transaction: Transaction, body_id: int, number: str) -> bool:
        row = transaction.one(_REGISTERED, body_id=body_id, register_number=number)
        return row is not None

    def _void(
        self,
        transaction: Transaction,
        scene: Scene,
        stages: frozenset[str],
        origin: audit.Origin,
        *,
        why: str,
        digest_: str,
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
                new_digest=digest_,
                by=why,
            )
            voided.append(stage)
        return voided

    def _number(self, transaction: Transaction, scene: Scene) -> None:
        """Give the index number at the first submission, as a revision of its own."""
        item, content, actor = scene.item, scene.content, scene.actor
        if item.index_number is not None or content is None or actor is None:
            return
        formed_on = content.formed_on or scene.facts.today
        row = transaction.one(_NEXT, name=f"index:{item.body_id}:{formed_on.year}")
        numbered = replace(
            content,
            index_number=scene.policy.index_number(
                body=item.body_code, formed_on=formed_on, serial=row.value
            ),
        )
        self._store(transaction, scene, actor, numbered, item.redacts_id)

    def _store(
        self,
        transaction: Transaction,
        scene: Scene,
        actor: Actor,
        content: Content,
        redacts_id: int | None,
    ) -> None:
        """Insert a revision, make it the current one, and go on with the item as it is then."""
        item, form = scene.item, canonical(content)
        revision_id = _insert_revision(
            transaction,
            item_id=item.id,
            number=item.revision_number + 1,
            form=form,
            content=content,
            redacts_id=redacts_id,
            actor=actor,
            now=scene.now,
        )
        columns = _columns(content, form) | {
            "revision_id": revision_id,
            "index_number": content.index_number,
        }
        transaction.run(_REWRITE, item_id=item.id, **columns)
        scene.item = item._replace(
            **columns, revision_number=item.revision_number + 1, redacts_id=redacts_id
        )
        scene.content = content

    def _rewrite(
        self,
        transaction: Transaction,
        scene: Scene,
        actor: Actor,
        content: Content,
        redacts_id: int | None,
    ) -> dict[str, Any]:
        old_digest = scene.item.digest
        self._store(transaction, scene, actor, content, redacts_id)
        transaction.run(_ADD_AUTHOR, item_id=scene.item.id, account_id=actor.account_id)
        origin = self._runtime.origin(actor.name)
        item = scene.item
        voided = self._void(
            transaction,
            scene,
            scene.policy.edit_voids,
            origin,
            why=Action.REVISE.value,
            digest_=item.digest,
        )
        scene.chain.append(
            "revised",
            at=scene.now,
            origin=origin,
            digest=item.digest,
            old_digest=old_digest,
            version=item.version + 1,
            redacts=redacts_id,
        )
        self._move(
            transaction,
            scene,
            scene.facts.place,
            round_=item.round,
            submissions=item.submissions,
            submitted_at=item.submitted_at,
            ground=item.ground,
            reassess_on=item.reassess_on,
            published_at=item.published_at,
        )
        self._remember(transaction, actor, item.id, item.version + 1, item.digest, scene.now)
        return self._answer(scene, scene.facts.place, item.version + 1) | {
            "changed": True,
            "voided": voided,
        }

    def _insert(
        self,
        transaction: Transaction,
        now: datetime,
        actor: Actor,
        body: Any,
        policy: Policy,
        content: Content,
        *,
        restricted: bool,
        not_duplicate: str | None,
    ) -> int:
        form = canonical(content)
        columns = _columns(content, form)
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
            item_id=item_id,
            number=1,
            form=form,
            content=content,
            redacts_id=None,
            actor=actor,
            now=now,
        )
        transaction.run(_ADD_AUTHOR, item_id=item_id, account_id=actor.account_id)
        chain = Chain(item_subject(item_id))
        chain.append(
            "created",
            at=now,
            origin=self._runtime.origin(actor.name),
            digest=columns["digest"],
            version=1,
            body=body.code,
            policy=policy.digest,
            restricted=restricted or None,
            not_duplicate=not_duplicate,
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

    def _owe(self, transaction: Transaction, scene: Scene) -> None:
        item = scene.item
        for channel in scene.policy.channels:
            transaction.run(
                _OWE,
                key=f"{item_subject(item.id)}:{item.version + 1}:{channel}",
                item_id=item.id,
                revision_id=item.revision_id,
                channel=channel,
                next_at=scene.now,
                created_at=scene.now,
            )

    @staticmethod
    def _remember(
        transaction: Transaction,
        actor: Actor,
        item_id: int,
        version: int,
        digest_: str,
        now: datetime,
    ) -> None:
        """A person who acted was shown the outcome: that is the version they go on from."""
        transaction.run(
            _SAW,
            account_id=actor.account_id,
            item_id=item_id,
            version=version,
            digest=digest_,
            seen_at=now,
        )

    @staticmethod
    def _answer(scene: Scene, there: Place, version: int) -> dict[str, Any]:
        item = scene.item
        return {
            "item": item.id,
            "version": version,
            "at": f"{item.id}@{version}",
            "digest": item.digest,
            "state": there.state.value,
            "stage": there.stage,
            "index_number": item.index_number,
        }

    @staticmethod
    def _may_enter(actor: Actor, body: Any) -> None:
        if str(body.kind) not in PUBLISHING_BODIES:
            raise Refused([Refusal("body_does_not_publish", {"body": body.name})])
        if not actor.holds(Role.CLERK, body.id):
            raise Refused(
                [
                    Refusal(
                        "role_missing",
                        {"role": Role.CLERK.value, "body": body.name, "action": "new"},
                    )
                ]
            )

    def _draft(self, fields: Mapping[str, Any]) -> Content:
        unknown = sorted(set(fields) - FIELDS)
        if unknown:
            raise InvalidInput("field_unknown", field=unknown[0], known=tuple(sorted(FIELDS)))
        for name in ("title", "body"):
            if not isinstance(fields.get(name), str):
                raise InvalidInput("field_empty", field=name)
        # Characters first: what cannot be encoded can be neither screened nor measured.
        for name, value in fields.items():
            if isinstance(value, str):
                check_characters(value, field=name)
        return Content(**_typed(fields), publishing_body="-")

    def _completed(self, content: Content, policy: Policy, now: datetime) -> Content:
        """Tidy and check content, and fill in what the policy's catalogue knows."""
        content = tidied(content)
        if content.category is not None:
            leaf = policy.catalogue.get(content.category)
            if leaf is None:
                raise InvalidInput(
                    "unknown_category", value=content.category, known=tuple(policy.catalogue)
                )
            content = replace(
                content, theme=leaf.theme, genre=content.genre or leaf.genre or None
            )
        if content.ground is not None and content.ground not in policy.grounds:
            raise InvalidInput("unknown_ground", value=content.ground, known=tuple(policy.grounds))
        for channel in content.channels:
            if channel not in policy.channels:
                raise InvalidInput("unknown_channel", value=channel, known=policy.channels)
        check(content, limits=self._limits, today=now.astimezone(SHANGHAI).date())
        return content

    def _no_duplicate(
        self,
        transaction: Transaction,
        actor: Actor,
        content: Content,
        item_id: int,
        not_duplicate: str | None,
        *,
        old: Content | None = None,
    ) -> None:
        """Refuse a second entry of the same text or document number, naming the first."""
        if not_duplicate:
            return
        number = content.document_number
        body_changed = old is None or old.body != content.body
        number_changed = number is not None and (old is None or old.document_number != number)
        if not body_changed and not number_changed:
            return
        row = transaction.one(
            _SAME,
            body_digest=body_digest(content) if body_changed else "",
            document_number=number if number_changed else "",
            item_id=item_id,
        )
        if row is None:
            return
        seen = may_see(
            actor,
            self._policies.get(transaction, row.policy_digest),
            body_id=row.body_id,
            state=row.state,
            reached=row.reached,
            restricted=row.restricted,
            named=(),
        )
        # One's own body's items are named; of others it is only said that there is one.
        code = "duplicate" if seen else "duplicate_unseen"
        params = {"item": row.id, "index_number": row.index_number or ""} if seen else {}
        raise Refused([Refusal(code, params)])

    @staticmethod
    def _redacts(transaction: Transaction, scene: Scene) -> int:
        """Return the decision whose redaction list this revision carries out."""
        asked = [
            row
            for row in scene.decisions
            if row.action == Action.REVIEW_DISCLOSE_IN_PART.value and not row.positive
        ]
        if not asked:
            raise Refused([Refusal("no_redaction_asked")])
        del transaction
        decision_id: int = asked[-1].id
        return decision_id


_EVENTS: Final = {
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


def _demand_seen(seen: Seen | None) -> None:
    if seen is None:
        raise Refused([Refusal("not_seen")])


def _checked(wish: Wish) -> Wish:
    """Check the words that come with an act, before anything is looked at."""
    for name in ("reason", "question", "addressee", "answer"):
        _check_text(name, getattr(wish, name))
    for redaction in wish.redactions:
        _check_text("redaction", redaction)
    if wish.register_number is not None:
        check_characters(wish.register_number, field="register_number", one_line=True)
        if not 1 <= len(wish.register_number.strip()) <= 100:  # noqa: PLR2004 # the column's length
            raise InvalidInput("field_empty", field="register_number")
    return wish


def _check_text(name: str, value: str | None) -> None:
    if value is None:
        return
    check_characters(value, field=name)
    if len(value) > MAX_TEXT:
        raise InvalidInput("field_too_long", field=name, length=len(value), limit=MAX_TEXT)


def _typed(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Turn the plain values of a front end into the types of a content's fields."""
    typed = dict(fields)
    kinds = (("attribute", Attribute), ("formed_on_basis", FormedOnBasis), ("body_format", BodyFormat))
    for name, kind in kinds:
        if typed.get(name) is not None:
            try:
                typed[name] = kind(typed[name])
            except ValueError as error:
                raise InvalidInput(
                    "value_unknown", field=name, value=typed[name],
                    known=tuple(member.value for member in kind),
                ) from error
    for name in ("keywords", "channels"):
        if name in typed:
            typed[name] = tuple(typed[name])
    for name in ("formed_on", "effective_on", "expires_on"):
        if typed.get(name) is not None and not isinstance(typed[name], date):
            try:
                typed[name] = date.fromisoformat(str(typed[name]))
            except ValueError as error:
                raise InvalidInput("date_wrong", field=name, value=typed[name]) from error
    return typed


def _columns(content: Content, form: bytes) -> dict[str, Any]:
    """Return what an item's row repeats of its current revision."""
    return {
        "digest": digest(form),
        "body_digest": body_digest(content),
        "title": content.title,
        "document_number": content.document_number,
        "category": content.category,
        "attribute": content.attribute,
        "formed_on": content.formed_on,
    }


def _insert_revision(
    transaction: Transaction,
    *,
    item_id: int,
    number: int,
    form: bytes,
    content: Content,
    redacts_id: int | None,
    actor: Actor,
    now: datetime,
) -> int:
    row = transaction.one(
        _NEW_REVISION,
        item_id=item_id,
        number=number,
        digest=digest(form),
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


def _replaced(
    old: tuple[Attachment, ...], added: tuple[Attachment, ...], detach: Sequence[str]
) -> tuple[Attachment, ...]:
    names = {attachment.name for attachment in old}
    for name in detach:
        if name not in names:
            raise InvalidInput("no_such_attachment", name=name, known=tuple(sorted(names)))
    new = {attachment.name: attachment for attachment in added}
    kept = tuple(
        new.pop(attachment.name, attachment)
        for attachment in old
        if attachment.name not in set(detach)
    )
    return kept + tuple(new.values())


def _ending(scene: Scene) -> tuple[str, date]:
    """Return ground and reassessment date of the conclusion that ends an item unpublished."""
    for row in scene.standing.values():
        if row.outcome is not None:
            return row.ground, row.reassess_on
    raise RuntimeError(scene.item.id)  # The proof shows that a conclusion stands here.


def _months_on(day: date, months: int) -> date:
    """Return the same day so many months later, or the last one that month has."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = (date(year + (month == 11), (month + 1) % 12 + 1, 1) - date(year, month + 1, 1)).days  # noqa: PLR2004 # December
    return date(year, month + 1, min(day.day, last))
