"""What a merged body, or somebody who is gone, leaves under way, and who takes it over.

An item stays what it is: in the name of the body that formed it, under its index number, with its
clocks, its policy and all that was decided. A question that the body was asked stays one to that
body, due on the same day. What changes hands is who holds it, so the people of
the successor get the roles for the merged body that they have at home, and whoever has no place
there loses theirs. Doing it again takes up whoever has come to the successor since.

A restricted draft is nobody's to see but of whom it names. Where none of them can go on with it, a
supervisor, who cannot read it, names a clerk, who can and takes it over.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import bindparam, or_, select

from workflow import audit, handovers, notices
from workflow.accounts import demand_role, find_account, find_body, heir_of, load_actor
from workflow.consultations import consultation, newest, unanswered
from workflow.consulting import ASKABLE, who_answer
from workflow.coordination import UNANSWERED
from workflow.database import Statement
from workflow.errors import NotFound, Refusal, Refused
from workflow.guards import NEITHER_DECIDE_NOR_READ, SCOPES, Role
from workflow.machine import ENDS, State
from workflow.models import Account, Item, ItemReader, RoleGrant, table
from workflow.records import add_reader, insert_remark
from workflow.revisions import is_blank
from workflow.scene import Policies, gather, with_holders
from workflow.wishes import said

if TYPE_CHECKING:
    from datetime import datetime

    from workflow.accounts import Accounts
    from workflow.database import Transaction
    from workflow.guards import Actor
    from workflow.intake import Intake
    from workflow.runtime import Runtime
    from workflow.scene import Scene

_account, _grant = table(Account), table(RoleGrant)
_item, _reader = table(Item), table(ItemReader)
_HELD: Final = Statement(
    select(_account.c.id, _account.c.name, _account.c.enabled, _grant.c.role)
    .join(_grant, _grant.c.account_id == _account.c.id)
    .where(_grant.c.body_id == bindparam("body_id"), _grant.c.revoked_at.is_(None))
    .order_by(_account.c.id, _grant.c.role)
    .with_for_update(of=_account)
)
_READERS: Final = Statement(
    select(_reader.c.account_id).where(_reader.c.item_id == bindparam("of_item"))
)
_STILL_OPEN: Final = Statement(
    select(_item.c.id)
    .where(
        _item.c.body_id == bindparam("of_body"),
        *(_item.c.state != state for state in sorted(ENDS)),
    )
    .order_by(_item.c.id)
)
_STILL_ASKED: Final = Statement(
    select(consultation.c.item_id)
    .distinct()
    .join(_item, _item.c.id == consultation.c.item_id)
    .where(
        consultation.c.body_id == bindparam("of_body"),
        unanswered,
        newest,
        or_(*(_item.c.state == state for state in sorted(ASKABLE))),
    )
    .order_by(consultation.c.item_id)
)


class Succession:
    """Hands over what merged bodies, and people who are gone, have left under way."""

    def __init__(self, runtime: Runtime, accounts: Accounts, intake: Intake) -> None:
        """Act in ``runtime``."""
        self._runtime = runtime
        self._accounts = accounts
        self._intake = intake
        self._policies = Policies()

    def hand_over(
        self,
        actor_id: int,
        body: str,
        *,
        reason: str | None,
        key: str | None = None,
        dry_run: bool = False,
    ) -> dict[str, Any]:
        """Let the successor of a merged body hold what is under way there; all or nothing.

        Raises ``Refused``: not an administrator, no reason, a body that was not merged, or a
        successor in which nobody holds a role that some item or open consultation waits for.
        """
        reason = said(reason)
        self._intake.screen_words({"reason": reason}, account_id=actor_id, dry_run=dry_run)

        def work(transaction: Transaction, now: datetime) -> dict[str, Any]:
            actor = demand_role(transaction, actor_id, Role.ADMINISTRATOR, now=now)
            if reason is None or is_blank(reason):
                raise Refused([Refusal("reason_required", {"action": "hand_over"})])
            old = find_body(transaction, body)
            heir = heir_of(transaction, old.id)
            if heir is None:
                raise Refused([Refusal("body_not_merged", {"body": old.name})])
            granted, revoked = self._change_roles(transaction, now, actor, old=old, heir=heir)
            remark = insert_remark(
                transaction,
                {"reason": reason},
                item_id=None,
                account_id=actor.account_id,
                now=now,
            )
            items = [
                self._tell(transaction, row.id, now, actor, heir=heir)
                for row in transaction.run(_STILL_OPEN, of_body=old.id)
            ]
            asked = [
                each
                for row in transaction.run(_STILL_ASKED, of_body=old.id)
                for each in self._pass_on(transaction, row.item_id, now, actor, old=old, heir=heir)
            ]
            audit.record(
                transaction,
                "body_handed_over",
                at=now,
                origin=self._runtime.origin(actor.name),
                body=old.code,
                into=heir.code,
                items=[item["item"] for item in items],
                consultations=[each["consultation"] for each in asked],
                remark=remark.digest,
            )
            return {
                "body": old.code,
                "body_name": old.name,
                "into": heir.code,
                "into_name": heir.name,
                "granted": granted,
                "revoked": revoked,
                "items": items,
                "consultations": asked,
            }

        call = {"do": "organisation hand-over", "body": body, "reason": reason}
        return self._runtime.carry_out(
            work, account_id=actor_id, call=call, key=key, dry_run=dry_run
        )

    def name_clerk(
        self,
        actor_id: int,
        item_id: int,
        name: str,
        *,
        reason: str | None,
        key: str | None = None,
        dry_run: bool = False,
    ) -> dict[str, Any]:
        """Name, as a supervisor, a clerk who may see a restricted draft that nobody can go on with.

        Raises ``NotFound`` for any other item, as for one that is not there, and for an account
        that is not; ``Refused``: not a supervisor, no reason, or not another one who is a clerk of
        the item's body.
        """
        reason = said(reason)
        self._intake.screen_words({"reason": reason}, account_id=actor_id, dry_run=dry_run)

        def work(transaction: Transaction, now: datetime) -> dict[str, Any]:
            actor = demand_role(transaction, actor_id, Role.SUPERVISOR, now=now)
            scene = gather(
                transaction, self._policies, item_id, account_id=None, now=now, with_content=False
            )
            if not _is_stranded(transaction, scene, now):
                raise NotFound("no_such_item", item=item_id)
            account = find_account(transaction, name)
            named = load_actor(transaction, account.id, now=now)
            refusals = []
            if reason is None or is_blank(reason):
                refusals.append(Refusal("reason_required", {"action": "name_clerk"}))
            if account.id == actor_id or not _goes_on(named, scene.facts.body_id):
                about = {"name": name, "body": scene.facts.body_name}
                refusals.append(Refusal("named_is_no_other_clerk", about))
            if refusals:
                raise Refused(refusals)
            add_reader(transaction, item_id, account.id)
            remark = insert_remark(
                transaction, {"reason": reason}, item_id=item_id, account_id=actor_id, now=now
            )
            scene.chain.append(
                "reader_named",
                at=now,
                origin=self._runtime.origin(actor.name),
                reader=name,
                remark=remark.digest,
            )
            handovers.write(transaction, item_id, scene.chain)
            notices.clerk_named(
                transaction, scene.facts, account.id, item_id=item_id, mark=scene.chain.seq, now=now
            )
            return {"item": item_id, "named": name, "body_name": scene.facts.body_name}

        call = {"do": "name clerk", "item": item_id, "name": name, "reason": reason}
        return self._runtime.carry_out(
            work, account_id=actor_id, call=call, key=key, dry_run=dry_run
        )

    def _change_roles(
        self, transaction: Transaction, now: datetime, actor: Actor, *, old: Any, heir: Any
    ) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
        """Give the successor's people their roles for the old body, and end those of others."""
        theirs = {
            (row.id, row.name, row.role)
            for row in transaction.run(_HELD, body_id=heir.id)
            if row.enabled and old.kind in SCOPES[Role(row.role)]
        }
        held = {(row.id, row.name, row.role) for row in transaction.run(_HELD, body_id=old.id)}
        stay = {account_id for account_id, _, _ in theirs}
        changed: dict[bool, list[dict[str, str]]] = {False: [], True: []}
        wanted = [(*each, False) for each in theirs - held]
        wanted += [(*each, True) for each in held if each[0] not in stay]
        for account_id, name, role, revoke in sorted(wanted):
            self._accounts.grant_within(
                transaction,
                now,
                by=actor,
                account_id=account_id,
                account_name=name,
                role=Role(role),
                body=old,
                revoke=revoke,
            )
            changed[revoke].append({"name": name, "role": role})
        return changed[False], changed[True]

    def _tell(
        self, transaction: Transaction, item_id: int, now: datetime, actor: Actor, *, heir: Any
    ) -> dict[str, Any]:
        """Write into an item's trail who holds it now, and tell them; nothing else changes."""
        scene = gather(
            transaction, self._policies, item_id, account_id=None, now=now, with_content=False
        )
        role = _waits_for(scene)
        holders = with_holders(transaction, scene.facts, now=now).holders
        if role is not None and not holders.get(role):
            about = {"role": role, "body": heir.name, "item": item_id}
            raise Refused([Refusal("successor_has_nobody", about)])
        scene.chain.append(
            "inherited", at=now, origin=self._runtime.origin(actor.name), into=heir.code
        )
        handovers.write(transaction, item_id, scene.chain)
        notices.inherited(
            transaction,
            scene.facts,
            item_id=item_id,
            mark=scene.chain.seq,
            actor_id=actor.account_id,
            now=now,
        )
        return {
            "item": item_id,
            "index_number": scene.item.index_number,
            "state": scene.item.state.value,
            "stage": scene.item.stage,
        }

    def _pass_on(
        self,
        transaction: Transaction,
        item_id: int,
        now: datetime,
        actor: Actor,
        *,
        old: Any,
        heir: Any,
    ) -> list[dict[str, Any]]:
        """Write into an item's trail who answers what the old body was asked of it; tell them.

        ``answered_by`` is empty where all of them wrote the item or asked: then who asked withdraws
        it, or a supervisor settles it once the day is past.
        """
        scene = gather(
            transaction, self._policies, item_id, account_id=None, now=now, with_content=False
        )
        facts = scene.facts
        asked = [
            each
            for each in facts.consultations
            if each.body_id == old.id and each.standing(facts.today) in UNANSWERED
        ]
        people = who_answer(transaction, scene, old.id)
        if not people:
            about = {"role": Role.DEPARTMENT_HEAD, "body": heir.name, "item": item_id}
            raise Refused([Refusal("successor_has_nobody", about)])
        scene.chain.append(
            "consultations_inherited",
            at=now,
            origin=self._runtime.origin(actor.name),
            into=heir.code,
            consultations=[each.number for each in asked],
        )
        handovers.write(transaction, item_id, scene.chain)
        told = []
        for each in asked:
            involved = facts.authors | {each.asked_by}
            able = {who.id: who for who in people if not {who.id, who.principal_id} & involved}
            notices.consultation(
                transaction,
                "consulted",
                each.number,
                able,
                item_id=item_id,
                groups=False,
                due=each.due_on,
                now=now,
            )
            told.append(
                {
                    "consultation": each.number,
                    "item": item_id,
                    "index_number": scene.item.index_number,
                    "due_on": each.due_on,
                    "answered_by": [who.name for who in able.values()],
                }
            )
        return told


def _is_stranded(transaction: Transaction, scene: Scene, now: datetime) -> bool:
    """Tell whether a restricted draft has nobody who sees it and could go on with it."""
    facts = scene.facts
    if not scene.item.restricted or facts.place.state is not State.DRAFT:
        return False
    readers = {row.account_id for row in transaction.run(_READERS, of_item=scene.item.id)}
    known = (load_actor(transaction, each, now=now) for each in facts.authors | readers)
    return not any(_goes_on(each, facts.body_id) for each in known)


def _goes_on(actor: Actor | None, body_id: int) -> bool:
    """Tell whether somebody can go on with the drafts of a body: an enabled clerk who may read."""
    return (
        actor is not None
        and actor.enabled
        and not actor.roles & NEITHER_DECIDE_NOR_READ
        and actor.holds(Role.CLERK, body_id)
    )


def _waits_for(scene: Scene) -> str | None:
    """Return the role that an open item waits for, if it waits for people."""
    state, stage = scene.facts.place.state, scene.facts.place.stage
    if stage is not None:
        return scene.policy.stage(stage).role
    if state is State.DRAFT:
        return Role.CLERK.value
    return None if state is State.PUBLISHING else Role.PUBLISHER.value
