"""The one door through which an item changes.

Every act opens one transaction, reads the clock once, locks the item, gathers the facts, asks
:func:`workflow.guards.decide`, and then writes state, decision, voided decisions, trail, numbers
and deliveries together; nothing outside the database is touched meanwhile. Front ends, workers and
bulk work all come through here, so a rule cannot be walked around.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import bindparam, select

from workflow import (
    audit,
    carrying,
    clocks,
    deciding,
    drafting,
    duplicates,
    editions,
    handovers,
    notices,
    records,
    retracting,
    validating,
)
from workflow.accounts import NAME, find_body, load_actor
from workflow.clocks import Subject, Time
from workflow.database import Statement
from workflow.deadlines import Met, day_of
from workflow.errors import (
    Conflict,
    GongkaiError,
    InvalidInput,
    NotFound,
    NotSignedIn,
    Refusal,
    Refused,
    Unavailable,
)
from workflow.guards import (
    CONFIRMING,
    LATE_WITH_REASON,
    NEITHER_DECIDE_NOR_READ,
    PUBLISHING_BODIES,
    URGENT,
    Role,
    Transition,
    Wish,
    decide,
    leading_on,
    required_role,
)
from workflow.holding import demand_free
from workflow.machine import REVIEW_ACTIONS, Action, Asked, Place, State
from workflow.models import (
    LONGEST_ID,
    Account,
    Body,
    BodyEnd,
    Office,
    ScheduleEnd,
    Sighting,
    table,
)
from workflow.records import Kept
from workflow.replay import EVENTS
from workflow.revisions import (
    Content,
    Limits,
    canonical,
    digest,
)
from workflow.runtime import SHANGHAI
from workflow.scene import Policies, Scene, check_seen, gather, last_change, with_holders
from workflow.wishes import checked, demanded, said, words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from workflow.audit import Origin
    from workflow.database import Transaction
    from workflow.guards import Actor
    from workflow.intake import Intake, Upload
    from workflow.machine import Arrow
    from workflow.runtime import Runtime
    from workflow.seals import SealProvider
    from workflow.wishes import Seen

_NEEDS_CONTENT: Final = frozenset(
    {
        Action.REVISE,
        Action.SUBMIT,
        Action.PUBLISH,
        Action.RETRY,
        Action.CONFIRM,
        Action.REVIEW_ON_REQUEST_ONLY,
        Action.REVIEW_WITHHOLD,
        Action.RESTORE,
        Action.CONFIRM_RESTORATION,
        Action.CORRECT,
        *URGENT,
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
        "explanation_required",
        "change_note_required",
        "status_required",
        "basis_required",
        "from_required",
    }
)
"""Refusals that only ask for something to be said with the action."""
_account, _office, _sighting = table(Account), table(Office), table(Sighting)
_OFFICE_POLICY: Final = Statement(select(_office.c.policy_digest).where(_office.c.id == 1))
_ACCOUNT_ID: Final = Statement(
    select(_account.c.id).where(_account.c.name == bindparam("name"), _account.c.enabled.is_(True))
)
_ended, _body = table(BodyEnd), table(Body)
_BODY_END: Final = Statement(
    select(_ended.c.closed_on, _body.c.name)
    .join(_body, _body.c.id == _ended.c.merged_into, isouter=True)
    .where(_ended.c.body_id == bindparam("body_id"))
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
    waiver: int | None = None
    """The waiver that it would be done under."""


class WorkflowService:
    """Acts on items; holds no state of its own, safe to share between threads."""

    def __init__(
        self,
        runtime: Runtime,
        *,
        intake: Intake,
        limits: Limits,
        seal: SealProvider,
    ) -> None:
        """Act in ``runtime``; ``seal`` is what a seal leaves behind."""
        self._runtime = runtime
        self._intake = intake
        self._limits = limits
        self._seal = seal
        self._policies = Policies()
        self._calendars = clocks.Calendars()

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
        replaces: Sequence[int] = (),
        submit: bool = False,
        alike: duplicates.Alike | None = None,
        key: str | None = None,
        dry_run: bool = False,
    ) -> dict[str, Any]:
        """Enter a draft for ``department`` (a code or full name), and submit it if asked.

        ``fields`` are those of :class:`~workflow.revisions.Content` that people set; ``replaces``
        are public items whose place the document takes. All or nothing: a refused submission leaves
        no draft behind. ``alike`` knows what the same dry run would have entered before. Raises
        ``Refused`` (not a clerk there, a classification mark, a duplicate), ``InvalidInput``,
        ``LimitExceeded``.
        """
        draft = drafting.draft(fields)
        not_duplicate = said(not_duplicate)
        self._intake.screen(draft, account_id=account_id, dry_run=dry_run)
        self._screen_words({"not_duplicate": not_duplicate}, account_id, dry_run=dry_run)
        if uploads:
            # Who may not enter anything leaves no files in the store either.
            with self._runtime.database.transaction(keep=False) as transaction:
                _entering(transaction, account_id, department, self._runtime.clock())
        attachments = self._intake.take(uploads, account_id=account_id, dry_run=dry_run)

        def work(transaction: Transaction, now: datetime) -> dict[str, Any]:
            actor, body = _entering(transaction, account_id, department, now)
            self._intake.hold(transaction, attachments)
            policy = self._policies.get(transaction, transaction.one(_OFFICE_POLICY).policy_digest)
            content = drafting.completed(
                replace(draft, publishing_body=body.name, attachments=attachments),
                policy,
                limits=self._limits,
                now=now,
            )
            if not not_duplicate:
                found = duplicates.marks(content)
                duplicates.refuse(transaction, self._policies, actor, 0, found)
                if alike is not None:
                    alike.refuse(found)
            named = [_reader(transaction, name, now) for name in dict.fromkeys(readers)]
            validating.named_predecessors(
                transaction, self._policies, actor, replaces, body_id=body.id
            )
            item_id = records.insert_item(
                transaction,
                content,
                readers=named,
                actor=actor,
                body=body,
                policy=policy,
                origin=self._origin(actor),
                restricted=restricted,
                not_duplicate=not_duplicate,
                time=self._time(transaction, now),
                replaces=sorted(set(replaces)),
            )
            validating.enter(transaction, item_id, sorted(set(replaces)))
            scene = self._gather(transaction, item_id, Action.SUBMIT, account_id, now)
            if submit:
                answer = self._act(transaction, scene, Action.SUBMIT, Wish())
            else:
                self._remember(transaction, scene, version=1)
                answer = _answer(scene, scene.facts.place, 1)
            if alike is not None:
                alike.add(duplicates.marks(content))
            return answer

        call = {
            "do": "new",
            "fields": dict(fields),
            "department": department,
            "files": [(attachment.name, attachment.sha256) for attachment in attachments],
            "restricted": restricted,
            "readers": sorted(readers),
            "not_duplicate": not_duplicate,
            "replaces": sorted(set(replaces)),
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

        Content that was purged is said anew: title and body at least, and every file.

        Content that stays the same to the byte makes no new revision and voids nothing (R2).
        ``redaction`` records the new revision as the redaction that a conclusion "in part" asked
        for. Attaching a file under a name that is there already replaces that file.
        """
        based_on = demanded(seen)
        not_duplicate = said(not_duplicate)
        self._intake.screen(drafting.glimpse(changes), account_id=account_id, dry_run=dry_run)
        self._screen_words({"not_duplicate": not_duplicate}, account_id, dry_run=dry_run)
        if attach:
            with self._runtime.database.transaction(keep=False) as transaction:
                now = self._runtime.clock()
                scene = self._gather(transaction, item_id, Action.REVISE, account_id, now)
                if scene.actor is None or not scene.actor.holds(Role.CLERK, scene.item.body_id):
                    self._allowed(transaction, scene, Action.REVISE, Wish())
        added = self._intake.take(attach, account_id=account_id, dry_run=dry_run)

        def work(transaction: Transaction, now: datetime) -> dict[str, Any]:
            scene = self._gather(transaction, item_id, Action.REVISE, account_id, now)
            check_seen(transaction, scene.item, based_on)
            old, actor = scene.content, self._acting(transaction, scene, Action.REVISE, Wish())
            self._intake.hold(transaction, added)
            base = old or drafting.anew(scene.item, changes)
            files = drafting.replaced(base.attachments, added, detach)
            new = drafting.completed(
                replace(base, **drafting.typed(changes), attachments=files),
                scene.policy,
                limits=self._limits,
                now=now,
            )
            if not not_duplicate:
                found = duplicates.marks(new, old)
                duplicates.refuse(transaction, self._policies, actor, item_id, found)
            redacts_id = _asked_redaction(scene) if redaction else None
            if new == old and redacts_id in (None, scene.item.redacts_id):
                same = _answer(scene, scene.facts.place, scene.item.version)
                return same | {"changed": False, "voided": []}
            if redaction:
                _check_redaction(scene, new)
            return self._rewrite(
                transaction, scene, actor, new, redacts_id=redacts_id, not_duplicate=not_duplicate
            )

        call = {
            "do": "revise",
            "item": item_id,
            "changes": dict(changes),
            "files": [(attachment.name, attachment.sha256) for attachment in added],
            "detach": sorted(detach),
            "redaction": redaction,
            "not_duplicate": not_duplicate,
        }
        return self._runtime.carry_out(
            work, account_id=account_id, call=call, key=key, dry_run=dry_run
        )

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
        for what is not there or not the actor's to see, ``InvalidInput`` for :attr:`Action.REVISE`,
        which needs the new content (:meth:`revise`), and for what opens an item (:meth:`correct`).
        Nothing changes unless it all does.
        """
        based_on = demanded(seen)
        if action not in EVENTS or action is Action.CORRECT:
            raise InvalidInput("action_not_performed", action=action.value)
        wish = checked(wish or Wish())
        self._screen_words(words(wish), account_id, dry_run=dry_run)

        def work(transaction: Transaction, now: datetime) -> dict[str, Any]:
            scene = self._gather(transaction, item_id, action, account_id, now)
            check_seen(transaction, scene.item, based_on)
            validating.named_successors(transaction, self._policies, scene, wish.replaced_by)
            return self._act(transaction, scene, action, wish)

        call = {"do": action.value, "item": item_id, "wish": asdict(wish)}
        return self._runtime.carry_out(
            work, account_id=account_id, call=call, key=key, dry_run=dry_run
        )

    def take_over(
        self,
        item_id: int,
        account_id: int,
        *,
        seen: Seen | None,
        key: str | None = None,
        dry_run: bool = False,
    ) -> dict[str, Any]:
        """Take a draft over from who wrote it: one is its author from now on, and it waits on one.

        Who could revise it may; those who wrote it are told, and stay its authors. Raises what
        :meth:`perform` raises, and ``Conflict('drafted_by_you')``.
        """
        based_on = demanded(seen)

        def work(transaction: Transaction, now: datetime) -> dict[str, Any]:
            scene = self._gather(transaction, item_id, Action.REVISE, account_id, now)
            check_seen(transaction, scene.item, based_on)
            try:
                actor = self._acting(transaction, scene, Action.REVISE, Wish())
            except Refused as error:
                about = {"action": "take_over"}
                raise Refused([_retold(each, about) for each in error.refusals]) from error
            if account_id in scene.facts.authors:
                raise Conflict("drafted_by_you", item=item_id)
            records.add_author(transaction, item_id, actor)
            version = scene.item.version + 1
            scene.chain.append(
                "taken_over",
                at=now,
                origin=self._origin(actor),
                digest=scene.item.digest,
                version=version,
            )
            records.move(transaction, scene, scene.facts.place)
            notices.taken_over(
                transaction, scene.facts, item_id=item_id, version=version, by=actor, now=now
            )
            self._remember(transaction, scene, version=version)
            return _answer(scene, scene.facts.place, version)

        call = {"do": "take over", "item": item_id}
        return self._runtime.carry_out(
            work, account_id=account_id, call=call, key=key, dry_run=dry_run
        )

    def correct(
        self,
        item_id: int,
        account_id: int,
        *,
        change_note: str | None,
        changed_on: date | None = None,
        seen: Seen | None,
        key: str | None = None,
        dry_run: bool = False,
    ) -> dict[str, Any]:
        """Open the next edition of a published item, as a draft with its text; return the draft.

        The published one stays public until the new one is. ``change_note`` tells the public what
        changed, and ``changed_on`` (today if not said) when: the new edition's clocks count from
        there. Files that were purged are left out. Raises what :meth:`perform` raises.
        """
        based_on = demanded(seen)
        wish = checked(Wish(change_note=change_note, changed_on=changed_on))
        self._screen_words({"change_note": change_note}, account_id, dry_run=dry_run)

        def work(transaction: Transaction, now: datetime) -> dict[str, Any]:
            scene = self._gather(transaction, item_id, Action.CORRECT, account_id, now)
            check_seen(transaction, scene.item, based_on)
            actor = self._acting(transaction, scene, Action.CORRECT, wish)
            return self._open_edition(transaction, scene, actor, wish)

        call = {
            "do": "correct",
            "item": item_id,
            "change_note": change_note,
            "changed_on": changed_on.isoformat() if changed_on else None,
        }
        return self._runtime.carry_out(
            work, account_id=account_id, call=call, key=key, dry_run=dry_run
        )

    def _open_edition(
        self, transaction: Transaction, scene: Scene, actor: Actor, wish: Wish
    ) -> dict[str, Any]:
        old = scene.content
        if old is None:
            raise RuntimeError(scene.item.id)  # The guards do not let it pass.
        draft, correction = editions.next_of(scene, old, wish)
        self._intake.hold(transaction, draft.attachments)
        new_id = records.insert_item(
            transaction,
            draft,
            readers=(),
            actor=actor,
            body=editions.body_of(scene),
            policy=self._policies.get(transaction, transaction.one(_OFFICE_POLICY).policy_digest),
            origin=self._origin(actor),
            restricted=scene.item.restricted,
            not_duplicate=None,
            time=self._time(transaction, scene.now),
            correction=correction,
        )
        corrected = self._act(transaction, scene, Action.CORRECT, wish, extra={"edition": new_id})
        opened = self._gather(transaction, new_id, Action.SUBMIT, actor.account_id, scene.now)
        self._remember(transaction, opened, version=1)
        answer = _answer(opened, opened.facts.place, 1)
        return answer | {"edition": correction.number, "corrects": corrected["at"]}

    def schedule(
        self,
        item_id: int,
        account_id: int,
        at: datetime,
        *,
        seen: Seen | None,
        late_reason: str | None = None,
        key: str | None = None,
        dry_run: bool = False,
    ) -> dict[str, Any]:
        """Have a cleared item published at an instant to come, by the rules for publishing now.

        It stays cleared; an earlier schedule is replaced. Raises what ``publish`` raises, with
        ``late_reason_required`` if ``at`` lies after the last day in time, and
        ``InvalidInput('schedule_in_past')``.
        """
        based_on = demanded(seen)
        wish = checked(Wish(late_reason=late_reason))
        self._screen_words(words(wish), account_id, dry_run=dry_run)

        def work(transaction: Transaction, now: datetime) -> dict[str, Any]:
            if at <= now:
                raise InvalidInput("schedule_in_past", value=at.astimezone(SHANGHAI))
            scene = self._gather(
                transaction, item_id, Action.PUBLISH, account_id, now, published_on=at
            )
            check_seen(transaction, scene.item, based_on)
            return self._plan(transaction, scene, wish, at)

        call = {
            "do": "publish at",
            "item": item_id,
            "at": at.astimezone(SHANGHAI).isoformat(),
            "late_reason": late_reason,
        }
        return self._runtime.carry_out(
            work, account_id=account_id, call=call, key=key, dry_run=dry_run
        )

    def _plan(
        self, transaction: Transaction, scene: Scene, wish: Wish, at: datetime
    ) -> dict[str, Any]:
        actor = self._acting(transaction, scene, Action.PUBLISH, wish)
        replaced = records.end_schedule(transaction, scene, ScheduleEnd.CALLED_OFF)
        remark = records.insert_remark(
            transaction,
            words(wish),
            item_id=scene.item.id,
            account_id=actor.account_id,
            now=scene.now,
        )
        late = self._say_why_late(transaction, scene, remark)
        version = scene.item.version + 1
        scene.chain.append(
            "publication_scheduled",
            at=scene.now,
            origin=self._origin(actor),
            digest=scene.item.digest,
            version=version,
            publish_at=at,
            remark=remark.digest,
            **late,
        )
        records.plan_publication(transaction, scene, at, account_id=actor.account_id)
        records.move(transaction, scene, scene.facts.place)
        self._remember(transaction, scene, version=version)
        answer = _answer(scene, scene.facts.place, version)
        instant = at.astimezone(SHANGHAI).isoformat(timespec="minutes")
        return answer | {"publish_at": instant, "replaced": replaced}

    def publish_due(self, *, limit: int = 100) -> list[dict[str, Any]]:
        """Start the scheduled publications whose time has come; each in a transaction of its own.

        Whoever scheduled one must still be allowed to publish the item as it is now; if not, the
        item is held and says why, and so is one that cannot even be looked at; the others go on.
        Any number of callers may run at once. Raises ``Unavailable`` if the database is away and
        ``Refused('sending_held')`` while everything is held back after a restore.
        """
        with self._runtime.database.transaction() as transaction:
            demand_free(transaction)
            due = records.due_schedules(transaction, self._runtime.clock(), limit=limit)
        came: list[dict[str, Any]] = []
        for schedule_id in due:
            try:
                with self._runtime.database.transaction() as transaction:
                    fired = self._fire(transaction, schedule_id, self._runtime.clock())
            except Unavailable:
                raise
            except GongkaiError as error:
                fired = self._give_up(schedule_id, error)
            if fired is not None:
                came.append(fired)
        return came

    def _give_up(self, schedule_id: int, error: GongkaiError) -> dict[str, Any]:
        """Hold what cannot be looked at; nothing is written to an item that may be damaged."""
        with self._runtime.database.transaction() as transaction:
            now = self._runtime.clock()
            item_id = records.hold_schedule(transaction, schedule_id, now)
            notices.held(transaction, item_id, now=now)
        return {"item": item_id, "held": True, "error": error}

    def _fire(
        self, transaction: Transaction, schedule_id: int, now: datetime
    ) -> dict[str, Any] | None:
        schedule = records.open_schedule(transaction, schedule_id)
        if schedule is None:
            return None
        # Gathered as the system, for who scheduled it may no longer see the item at all.
        scene = self._gather(transaction, schedule.item_id, Action.PUBLISH, None, now)
        if records.open_schedule(transaction, schedule_id) is None:
            return None  # While we waited for the item, somebody published or returned it.
        scene.actor = load_actor(transaction, schedule.scheduled_by, now=now)
        # It was decided in time, or with a reason: that the sweep ran late holds nothing back.
        scene.facts = replace(scene.facts, late_since=None)
        refusals: tuple[Refusal, ...] = ()
        if scene.item.version != schedule.version:
            refusals = (Refusal("changed_since_scheduled", {"item": scene.item.id}),)
        else:
            answer = decide(scene.facts, Action.PUBLISH, scene.actor)
            refusals = answer if isinstance(answer, tuple) else ()
        name = scene.actor.name if scene.actor else None
        origin = replace(self._runtime.origin(audit.SYSTEM_ACTOR), on_behalf_of=name)
        if not refusals:
            return self._act(transaction, scene, Action.PUBLISH, Wish(), origin=origin) | {
                "held": False
            }
        records.end_schedule(transaction, scene, ScheduleEnd.HELD)
        version, codes = scene.item.version + 1, [refusal.code for refusal in refusals]
        scene.chain.append(
            "publication_held",
            at=now,
            origin=origin,
            digest=scene.item.digest,
            version=version,
            refused=codes,
        )
        records.move(transaction, scene, scene.facts.place)
        notices.held(transaction, scene.item.id, now=now)
        return _answer(scene, scene.facts.place, version) | {
            "held": True,
            "error": Refused(refusals),
        }

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
        corrected = editions.corrected_by(transaction, item_id)
        if published_at is not None and corrected is not None:
            # First the old edition goes and then the new one comes: one of them is live, never two.
            old = self._gather(transaction, corrected, Action.SUPERSEDE, None, now)
            self._act(transaction, old, Action.SUPERSEDE, Wish(), extra={"edition": item_id})
        scene = self._gather(transaction, item_id, action, None, now)
        return self._act(
            transaction, scene, action, Wish(), published_at=published_at, extra=details
        )

    def renew_due(self, *, limit: int = 500) -> list[dict[str, Any]]:
        """Owe the pages anew that say something else since a day has come; return what was done.

        That is a document that takes effect, lapses, or is repealed today, or one that another
        document links to now. Each in a transaction of its own; one that cannot be looked at
        (``error``) stops no other. Any number of callers may run at once. Raises ``Unavailable``
        if the database is away and ``Refused('sending_held')`` after a restore.
        """
        today = self._runtime.today()
        with self._runtime.database.transaction() as transaction:
            demand_free(transaction)
            items = validating.due(transaction, today, limit=limit)
        came: list[dict[str, Any]] = []
        for item_id in items:
            try:
                with self._runtime.database.transaction() as transaction:
                    now = self._runtime.clock()
                    scene = self._gather(transaction, item_id, Action.RENEW, None, now)
                    if validating.is_due(transaction, item_id, today):
                        came.append(self._act(transaction, scene, Action.RENEW, Wish()))
            except Unavailable:
                raise
            except GongkaiError as error:
                came.append({"item": item_id, "error": error})
        return came

    def saw(self, account_id: int, item_id: int, *, version: int, digest_: str) -> None:
        """Remember which version of an item a person was shown."""
        with self._runtime.database.transaction() as transaction:
            records.remember_seen(
                transaction,
                account_id=account_id,
                item_id=item_id,
                version=version,
                digest_=digest_,
                now=self._runtime.clock(),
            )

    def last_seen(self, account_id: int, item_id: int) -> int | None:
        """Return the version that a person was last shown; ``None`` if never."""
        if max(account_id, item_id) > LONGEST_ID:
            return None
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
        with self._runtime.database.transaction(keep=False) as transaction:
            now = self._runtime.clock()
            scene = gather(
                transaction,
                self._policies,
                item_id,
                account_id=account_id,
                now=now,
                with_content=True,
                urging=True,
            )
            facts = replace(
                with_holders(transaction, scene.facts, now=scene.now),
                last_change=last_change(transaction, scene.item),
            )
            for action in leading_on(facts):
                answer = decide(facts, action, scene.actor)
                refusals = answer if isinstance(answer, tuple) else ()
                found.append(
                    Possibility(
                        waiver=answer.waiver_id if isinstance(answer, Transition) else None,
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

    def _screen_words(self, words: Mapping[str, Any], account_id: int, *, dry_run: bool) -> None:
        self._intake.screen_words(words, account_id=account_id, dry_run=dry_run)

    def _gather(
        self,
        transaction: Transaction,
        item_id: int,
        action: Action,
        account_id: int | None,
        now: datetime,
        *,
        published_on: datetime | None = None,
    ) -> Scene:
        return gather(
            transaction,
            self._policies,
            item_id,
            account_id=account_id,
            now=now,
            with_content=action in _NEEDS_CONTENT,
            published_on=(published_on or now) if action in LATE_WITH_REASON else None,
            urging=action is Action.URGE,
        )

    def _time(self, transaction: Transaction, now: datetime, number: int | None = None) -> Time:
        """Return an instant with the calendar in force, or with that of ``number``."""
        if number is None:
            number, calendar = self._calendars.current(transaction)
        else:
            calendar = self._calendars.get(transaction, number)
        return Time(now=now, number=number, calendar=calendar)

    def _allowed(
        self, transaction: Transaction, scene: Scene, action: Action, wish: Wish
    ) -> Transition:
        """Return the transition, or raise with all refusals and who could act instead."""
        answer = decide(scene.facts, action, scene.actor, wish)
        if isinstance(answer, Transition):
            return answer
        # Only now is it worth knowing who else there is, and whether a waiver lifts it.
        facts = replace(
            with_holders(transaction, scene.facts, now=scene.now),
            last_change=last_change(transaction, scene.item),
        )
        again = decide(facts, action, scene.actor, wish)
        if isinstance(again, Transition):
            return again
        raise Refused(again)

    def _acting(self, transaction: Transaction, scene: Scene, action: Action, wish: Wish) -> Actor:
        """Return who may do ``action``, as acting in the place that they do it in; or raise."""
        transition = self._allowed(transaction, scene, action, wish)
        if scene.actor is None:
            raise RuntimeError(scene.item.id)  # The guards let the system do no such thing.
        scene.actor = replace(scene.actor, principal=transition.principal)
        return scene.actor

    def _origin(self, actor: Actor | None) -> Origin:
        """Return who an act is by, and in whose place; the system's own if by nobody."""
        if actor is None:
            return self._runtime.origin(audit.SYSTEM_ACTOR)
        return self._runtime.origin(actor.name, in_place_of=actor.principal)

    def _act(
        self,
        transaction: Transaction,
        scene: Scene,
        action: Action,
        wish: Wish,
        *,
        published_at: datetime | None = None,
        extra: Mapping[str, Any] | None = None,
        origin: Origin | None = None,
    ) -> dict[str, Any]:
        transition = self._allowed(transaction, scene, action, wish)
        arrow, there = transition.arrow, transition.arrow.dest
        self._taken_up(transaction, scene, action, wish)
        if scene.actor is not None:
            scene.actor = replace(scene.actor, principal=transition.principal)
        origin = origin or self._origin(scene.actor)
        submits = action is Action.SUBMIT
        if submits and scene.actor is not None:
            self._number(transaction, scene, scene.actor)
            records.add_author(transaction, scene.item.id, scene.actor)
        # Where nothing that was decided stands, a submission opens a new round.
        opens_round = submits and not scene.standing
        voided = records.void_decisions(
            transaction, scene, arrow.voids, origin=origin, why=action.value
        )
        remark = Kept()
        if scene.actor is not None:
            remark = records.insert_remark(
                transaction,
                words(wish),
                item_id=scene.item.id,
                account_id=scene.actor.account_id,
                now=scene.now,
            )
        recorded: dict[str, Any] = {}
        if action in _RECORDED:
            recorded = deciding.conclude(
                transaction, scene, transition, wish, remark=remark, seal=self._seal
            )
        recorded |= retracting.note(transaction, scene, arrow, remark)
        recorded |= validating.note(transaction, scene, action, wish, remark)
        recorded |= editions.follow(transaction, scene, there)
        ending = deciding.ending(scene, there)
        owed_stage = self._owed_stage(scene, arrow)
        timed = self._run_clocks(
            transaction,
            scene,
            action,
            there,
            remark,
            published_at=published_at,
            owed_stage=owed_stage,
        )
        # What was seen of an item that somebody is urged on stays what it is.
        version = scene.item.version + (action is not Action.URGE)
        scene.chain.append(
            EVENTS[action],
            at=scene.now,
            origin=origin,
            digest=scene.item.digest,
            version=version,
            stage=scene.facts.place.stage,
            remark=remark.digest,
            round=scene.item.round + opens_round if submits else None,
            index_number=scene.item.index_number if submits else None,
            ended={"ground": ending[0], "reassess_on": ending[1]} if ending else None,
            published_at=published_at,
            review={"owed_stage": owed_stage} if owed_stage != scene.item.owed_stage else None,
            **{"from": str(scene.facts.place), "to": str(there)},
            waiver=transition.waiver_id,
            **recorded,
            **timed,
            **(extra or {}),
        )
        if action is Action.URGE:
            self._tell(
                transaction, scene, action, there, mark=scene.chain.seq, owed_stage=owed_stage
            )
            handovers.write(transaction, scene.item.id, scene.chain)
            return _answer(scene, there, version) | {"action": action.value, "voided": voided}
        records.move(
            transaction,
            scene,
            there,
            opens_round=opens_round,
            submits=submits,
            ending=ending,
            published_at=published_at,
            owed_stage=owed_stage,
            for_publication=arrow.asks is Asked.URGENT_PUBLICATION,
        )
        self._let_out(transaction, scene, action, there, owed_stage=owed_stage)
        self._tell(
            transaction,
            scene,
            action,
            there,
            mark=version,
            opens_round=opens_round,
            owed_stage=owed_stage,
        )
        if action in carrying.COMES_BACK:
            time = self._time(transaction, scene.now)
            back = carrying.come_back(
                transaction, self._policies, scene.item.id, time, origin=origin
            )
            there, version = (back, version + 1) if back is not None else (there, version)
        self._remember(transaction, scene, version=version)
        told = {
            name: recorded[name] for name in ("register_number", "outcome") if recorded.get(name)
        }
        if scene.item.owed_stage or owed_stage:
            told["owed_stage"] = owed_stage
        return _answer(scene, there, version) | {"action": action.value, "voided": voided} | told

    @staticmethod
    def _let_out(
        transaction: Transaction,
        scene: Scene,
        action: Action,
        there: Place,
        *,
        owed_stage: str | None,
    ) -> None:
        """Owe the website what an act says to the public, and plan what it says by itself later."""
        # Then the page said that the review was still to come.
        made_up = scene.item.owed_stage is not None and owed_stage is None
        if there.state is State.PUBLISHING:
            records.owe_publication(transaction, scene)
        elif (
            action in CONFIRMING
            or action in (Action.SUPERSEDE, Action.RENEW)
            or (made_up and there.state is State.PUBLISHED)
        ):
            records.owe_again(transaction, scene)
        if action is Action.CONFIRM and scene.content is not None:
            validating.published(transaction, scene, scene.content)

    def _taken_up(self, transaction: Transaction, scene: Scene, action: Action, wish: Wish) -> None:
        """Refuse to reopen what somebody entered again: what is abandoned holds off nobody."""
        if action is not Action.REOPEN or scene.facts.place.state is not State.ABANDONED:
            return
        if scene.actor is not None and not wish.not_duplicate:
            found = duplicates.marks_of(scene.item)
            duplicates.refuse(transaction, self._policies, scene.actor, scene.item.id, found)

    @staticmethod
    def _owed_stage(scene: Scene, arrow: Arrow) -> str | None:
        """Return the first stage that is still to be made up for after ``arrow``, if any is."""
        stages = [stage.name for stage in scene.policy.stages]
        if not arrow.still_owes(scene.facts.progress, frozenset(stages)):
            return None
        held = scene.facts.held | {arrow.holds}
        return next(stage for stage in stages if stage not in held)

    @staticmethod
    def _tell(
        transaction: Transaction,
        scene: Scene,
        action: Action,
        there: Place,
        *,
        mark: int,
        opens_round: bool = False,
        owed_stage: str | None = None,
    ) -> None:
        """Raise the notices of an act; ``mark`` tells it from others of its kind on this item."""
        notices.acted(
            transaction,
            # Who decided before a new round began may decide again.
            replace(scene.facts, round=()) if opens_round else scene.facts,
            action,
            there,
            item_id=scene.item.id,
            version=mark,
            actor_id=scene.actor.account_id if scene.actor else None,
            now=scene.now,
            owed_stage=owed_stage,
        )

    def _run_clocks(
        self,
        transaction: Transaction,
        scene: Scene,
        action: Action,
        there: Place,
        remark: Kept,
        *,
        published_at: datetime | None,
        owed_stage: str | None,
    ) -> dict[str, Any]:
        """Let the clocks follow an item to ``there``; return what the trail says of it."""
        item, time = scene.item, self._time(transaction, scene.now, scene.item.calendar_number)
        told = self._say_why_late(transaction, scene, remark)
        if scene.facts.place.state is State.CLEARED:
            fired = there.state is State.PUBLISHING
            how = ScheduleEnd.FIRED if fired else ScheduleEnd.CALLED_OFF
            records.end_schedule(transaction, scene, how)
        if published_at is not None:
            clocks.meet(transaction, item.id, Met.PUBLISHED, on=day_of(published_at), now=scene.now)
        if there.state in clocks.VOIDING:
            clocks.void_legal(transaction, item.id, why=there.state.value, now=scene.now)
        opened: list[dict[str, Any]] = []
        if action is Action.REOPEN:
            opened = clocks.agree(transaction, _subject(scene), scene.policy, time, why="reopened")
        elif action is Action.CONFIRM_RESTORATION:
            opened = clocks.revive(
                transaction, _subject(scene), scene.policy, time, voided_as=State.RETRACTED.value
            )
        clocks.desk(
            transaction,
            _subject(scene),
            scene.policy,
            time,
            here=clocks.desk_at(scene.facts.place, scene.item.owed_stage),
            there=clocks.desk_at(there, owed_stage),
        )
        return told | {"clocks": opened or None}

    @staticmethod
    def _say_why_late(transaction: Transaction, scene: Scene, remark: Kept) -> dict[str, Any]:
        """Write down what says why a publication is late; return what the trail says of it."""
        if scene.facts.late_since is None or remark.id is None or scene.actor is None:
            return {}
        clocks.say_why_late(
            transaction,
            scene.item.id,
            remark_id=remark.id,
            account_id=scene.actor.account_id,
            now=scene.now,
        )
        return {"late_since": scene.facts.late_since}

    def _number(self, transaction: Transaction, scene: Scene, actor: Actor) -> None:
        """Give the index number at the first submission, as a revision of its own."""
        item, content = scene.item, scene.content
        if item.index_number is not None or content is None:
            return
        formed_on = content.formed_on or scene.facts.today
        serial = records.next_index_serial(transaction, body_id=item.body_id, year=formed_on.year)
        index_number = scene.policy.index_number(
            body=item.body_code, formed_on=formed_on, serial=serial
        )
        records.store_revision(
            transaction,
            scene,
            replace(content, index_number=index_number),
            actor=actor,
            redacts_id=item.redacts_id,
        )

    def _rewrite(
        self,
        transaction: Transaction,
        scene: Scene,
        actor: Actor,
        content: Content,
        *,
        redacts_id: int | None,
        not_duplicate: str | None,
    ) -> dict[str, Any]:
        old_digest, version = scene.item.digest, scene.item.version + 1
        origin = self._origin(actor)
        records.store_revision(transaction, scene, content, actor=actor, redacts_id=redacts_id)
        records.add_author(transaction, scene.item.id, actor)
        voided = records.void_decisions(
            transaction, scene, scene.policy.edit_voids, origin=origin, why=Action.REVISE.value
        )
        time = self._time(transaction, scene.now, scene.item.calendar_number)
        changed_clocks = clocks.agree(
            transaction, _subject(scene), scene.policy, time, why=Action.REVISE.value
        )
        remark = records.insert_remark(
            transaction,
            {"not_duplicate": not_duplicate},
            item_id=scene.item.id,
            account_id=actor.account_id,
            now=scene.now,
        )
        scene.chain.append(
            "revised",
            at=scene.now,
            origin=origin,
            digest=scene.item.digest,
            old_digest=old_digest,
            version=version,
            redacts=redacts_id,
            remark=remark.digest,
            clocks=changed_clocks or None,
        )
        records.move(transaction, scene, scene.facts.place)
        self._remember(transaction, scene, version=version)
        changed = _answer(scene, scene.facts.place, version)
        return changed | {"changed": True, "voided": voided}

    @staticmethod
    def _remember(transaction: Transaction, scene: Scene, *, version: int) -> None:
        """Note that who acted was shown the outcome: that is the version they go on from."""
        if scene.actor is not None:
            records.remember_seen(
                transaction,
                account_id=scene.actor.account_id,
                item_id=scene.item.id,
                version=version,
                digest_=scene.item.digest,
                now=scene.now,
            )


def _retold(refusal: Refusal, about: dict[str, str]) -> Refusal:
    """Return a refusal with other values of the facts that it has."""
    known = {name: value for name, value in about.items() if name in refusal.params}
    return replace(refusal, params={**refusal.params, **known})


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


def _subject(scene: Scene) -> Subject:
    item = scene.item
    return Subject(
        item_id=item.id,
        body_id=item.body_id,
        revision_id=item.revision_id,
        formed_on=item.formed_on,
        category=item.category,
        attribute=item.attribute,
    )


def _entering(
    transaction: Transaction, account_id: int, department: str, now: datetime
) -> tuple[Actor, Any]:
    """Return who enters an item and for which body; raises if that person may not."""
    actor = load_actor(transaction, account_id, now=now)
    if actor is None or not actor.enabled:
        raise NotSignedIn("not_signed_in")
    body = find_body(transaction, department)
    if str(body.kind) not in PUBLISHING_BODIES:
        raise Refused([Refusal("body_does_not_publish", {"body": body.name})])
    end = transaction.one(_BODY_END, body_id=body.id)
    if end is not None:
        about = {"body": body.name, "closed_on": end.closed_on, "into": end.name or ""}
        raise Refused([Refusal("body_closed", about)])
    if not actor.holds(Role.CLERK, body.id):
        facts = {
            "role": Role.CLERK.value,
            "body": body.name,
            "action": "new",
            "other_roles": (),
        }
        raise Refused([Refusal("role_missing", facts)])
    return actor.acting(Role.CLERK, body_id=body.id), body


def _reader(transaction: Transaction, name: str, now: datetime) -> Actor:
    """Return whom a restricted item names; raises for those who read nothing unpublished."""
    row = transaction.one(_ACCOUNT_ID, name=name) if NAME.match(name) else None
    reader = load_actor(transaction, row.id, now=now) if row is not None else None
    if reader is None:
        raise NotFound("no_such_account", name=name)
    if barred := sorted(reader.roles & NEITHER_DECIDE_NOR_READ):
        about = {"name": name, "role": barred[0].value}
        raise Refused([Refusal("reader_reads_nothing", about)])
    return reader


def _asked_redaction(scene: Scene) -> int:
    """Return the decision whose redaction list a revision carries out: the newest of any round."""
    if not scene.demands:
        raise Refused([Refusal("no_redaction_asked")])
    decision_id: int = scene.demands[-1].id
    return decision_id


def _check_redaction(scene: Scene, new: Content) -> None:
    """Refuse a redaction that takes nothing out: a text that a review has looked at before.

    A text that was changed already can be recorded as the redaction as it is, unless somebody has
    decided on it since: that decision would have to be voided, on a digest that does not change.
    """
    decided_on = new == scene.content and bool(scene.standing)
    if decided_on or digest(canonical(new)) in scene.facts.asked_on:
        raise Refused([Refusal("redaction_unchanged")])
