"""Who is meant by a step of the ladder: the people behind an audience, for a batch of clocks.

Each of the few questions is asked once for all clocks of a batch. The desk is whoever can act on an
item where it is: holders of the stage's role who reach the body, but for those whom the separation
of duties keeps out. Nobody is told of an item that they may not see. An audience that nobody
belongs to is a trouble of the office's; one whose people merely may not see an item is none.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from sqlalchemy import and_, exists, select

from workflow import capacities
from workflow.accounts import granted
from workflow.alerts import ENFORCE, Trouble, called
from workflow.capacities import Pairs
from workflow.database import Among, Statement
from workflow.deadlines import Kind, Met
from workflow.guards import WIDE, Actor, Grant, Role, may_be_lifted
from workflow.handovers import standing
from workflow.ladder import GROUPS, Audience
from workflow.machine import PUBLIC_ONCE, Asked, StageKind, State
from workflow.models import (
    Account,
    Body,
    Capacity,
    Contact,
    Decision,
    Handover,
    Item,
    ItemAuthor,
    ItemReader,
    Retraction,
    SupervisingGroup,
    table,
)
from workflow.scene import may_see

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from workflow.database import Transaction
    from workflow.guards import Lifted
    from workflow.scene import Policies

NOBODY: Final = "nobody_to_tell"
"""The fault of an audience that nobody belongs to."""
_OF_AN_OFFICE: Final = frozenset({Audience.DEPARTMENT_HEAD, *GROUPS})
"""Audiences that are the same for all items of a body."""

_account, _body, _capacity = table(Account), table(Body), table(Capacity)
_group, _contact, _item = table(SupervisingGroup), table(Contact), table(Item)
_author, _reader, _decision = table(ItemAuthor), table(ItemReader), table(Decision)
_handover, _retraction = table(Handover), table(Retraction)

_held = capacities.held(capacities.NOW)
_principal = _account.alias("principal")
_GRANTS: Final = Statement(
    select(
        _held.c.account_id,
        _held.c.role,
        _held.c.body_id,
        _body.c.kind.label("body_kind"),
        _held.c.principal_id,
        _principal.c.name.label("principal"),
        _account.c.name,
        _account.c.display_name,
    )
    .join(_account, _account.c.id == _held.c.account_id)
    .join(_body, _body.c.id == _held.c.body_id)
    .join(_principal, _principal.c.id == _held.c.principal_id, isouter=True)
    .where(_account.c.enabled.is_(True))
    .order_by(_held.c.account_id, _held.c.delegation_id)
)
_GROUPS: Final = Statement(
    select(
        _group.c.body_id,
        _group.c.duty,
        exists()
        .where(_contact.c.body_id == _group.c.body_id, _contact.c.removed_at.is_(None))
        .label("room"),
    )
)
_AUTHORS: Final = Statement(
    select(_author.c.item_id, _author.c.account_id).where(Among(_author.c.item_id, "items"))
)
_READERS: Final = Statement(
    select(_reader.c.item_id, _reader.c.account_id).where(Among(_reader.c.item_id, "items"))
)
_DECIDED: Final = Statement(
    select(
        _decision.c.item_id,
        _decision.c.stage,
        _decision.c.kind,
        _decision.c.actor_id,
        _decision.c.voided_at,
        _capacity.c.principal_id,
    )
    .join(_capacity, _capacity.c.decision_id == _decision.c.id, isouter=True)
    .join(_item, and_(_item.c.id == _decision.c.item_id, _item.c.round == _decision.c.round))
    .where(Among(_decision.c.item_id, "items"), _decision.c.positive.is_(True))
)
_LET_OUT: Final = Statement(
    select(_retraction.c.item_id, _retraction.c.asked_by, _retraction.c.confirmed_by)
    .where(
        Among(_retraction.c.item_id, "items"),
        _retraction.c.kind == Asked.URGENT_PUBLICATION.value,
        _retraction.c.confirmed_at.is_not(None),
    )
    .order_by(_retraction.c.id)
)
_HANDED: Final = Statement(
    select(_handover.c.item_id, _handover.c.point_id, _handover.c.received_at)
    .join(_item, and_(_item.c.id == _handover.c.item_id, _item.c.digest == _handover.c.digest))
    .where(Among(_handover.c.item_id, "items"), standing)
)


class Recipient(NamedTuple):
    """A person, or a body as such: a group's room."""

    account_id: int | None
    body_id: int | None


class Audiences:
    """The audiences of some clocks.

    A clock's row has the columns of its item that say where it is (``item_id``, ``body_id``,
    ``state``, ``stage``, ``reached``, ``restricted``, ``policy_digest``), its ``created_by`` and
    ``created_at``, whether that account is enabled (``drafter_enabled``), what meets it
    (``met_by``), its ``kind``, and of which desk it is the budget (``budget_of``).
    ``troubles`` gathers the audiences that nobody belongs to.
    """

    def __init__(
        self,
        transaction: Transaction,
        policies: Policies,
        clocks: Sequence[Any],
        *,
        now: datetime,
    ) -> None:
        """Read who holds which role; what belongs to single items is read when it is asked for."""
        self._transaction = transaction
        self._policies = policies
        self._clocks = clocks
        self.troubles: dict[str, Trouble] = {}
        self._now = now
        self._people = _people(transaction, now)
        self._holding: dict[tuple[str, int | None], list[int]] = defaultdict(list)
        for account_id, actor in self._people.items():
            for grant in actor.grants:
                self._holding[grant.role, grant.body_id].append(account_id)
                if grant.body_kind in WIDE:
                    self._holding[grant.role, None].append(account_id)
        self._groups = {str(row.duty): row for row in transaction.run(_GROUPS)}
        self._seen: dict[tuple[Any, ...], bool] = {}
        self._alike: dict[tuple[Any, ...], dict[Recipient, Audience]] = {}

    @cached_property
    def _authors(self) -> Mapping[int, set[int]]:
        items = sorted({clock.item_id for clock in self._clocks})
        return _gathered(self._transaction.run(_AUTHORS, items=items))

    @cached_property
    def _pairs(self) -> Pairs:
        concerned = {person for authors in self._authors.values() for person in authors}
        concerned.update(*self._let_out.values())
        for decided in self._decided.values():
            concerned.update(person for row in decided for person in _people_of(row))
        return Pairs(self._transaction, concerned, self._now)

    @cached_property
    def _readers(self) -> Mapping[int, set[int]]:
        restricted = sorted({clock.item_id for clock in self._clocks if clock.restricted})
        return _gathered(self._transaction.run(_READERS, items=restricted))

    @cached_property
    def _decided(self) -> Mapping[int, list[Any]]:
        items = sorted({clock.item_id for clock in self._clocks})
        return _by_item(self._transaction.run(_DECIDED, items=items))

    @cached_property
    def _let_out(self) -> Mapping[int, set[int]]:
        """The two who published each item that owes its review; of several, the last ones."""
        items = sorted({clock.item_id for clock in self._clocks if _is_owed(clock)})
        rows = self._transaction.run(_LET_OUT, items=items) if items else []
        return {row.item_id: {row.asked_by, row.confirmed_by} for row in rows}

    @cached_property
    def _lifted(self) -> Mapping[int, Lifted]:
        return capacities.waivers(self._transaction, self._now)

    @cached_property
    def _handed(self) -> Mapping[int, list[Any]]:
        of_points = (clock for clock in self._clocks if clock.met_by is Met.HANDED_OVER)
        items = sorted({clock.item_id for clock in of_points})
        return _by_item(self._transaction.run(_HANDED, items=items))

    def of(self, clock: Any, to: Sequence[Audience]) -> Mapping[Recipient, Audience]:
        """Return who is told of a clock, each with the capacity that comes first in ``to``."""
        if clock.restricted or not _OF_AN_OFFICE.issuperset(to):
            return self._of(clock, to)
        # Nothing of the item itself matters, so that the answer holds for all that are like it.
        key = (*to, clock.body_id, clock.policy_digest, clock.state, clock.reached)
        if key not in self._alike:
            self._alike[key] = self._of(clock, to)
        return self._alike[key]

    def _of(self, clock: Any, to: Iterable[Audience]) -> dict[Recipient, Audience]:
        found: dict[Recipient, Audience] = {}
        for audience in to:
            for who in self._meant(clock, audience):
                if who not in found and self._may_hear(clock, who):
                    found[who] = audience
        return found

    def _meant(self, clock: Any, audience: Audience) -> list[Recipient]:
        """Return who belongs to an audience, whatever they may see."""
        role = ""
        if audience in GROUPS:
            subject = f"group:{audience}"
            meant = list(self._of_group(audience))
        elif audience is Audience.DEPARTMENT_HEAD:
            role = Role.DEPARTMENT_HEAD.value
            subject = f"{audience}:body:{clock.body_id}"
            meant = self._persons(self._holders(role, clock.body_id))
        elif audience is Audience.DRAFTER or clock.state is State.DRAFT:
            role = Role.CLERK.value
            subject = f"{Audience.DRAFTER}:body:{clock.body_id}"
            meant = self._persons(
                [clock.created_by] if clock.drafter_enabled else self._holders(role, clock.body_id)
            )
        else:
            role = self._role_at(clock)
            subject = f"{audience}:{role}:body:{clock.body_id}"
            meant = self._persons(self._desk(clock, role))
        if not meant and subject not in self.troubles:
            facts: dict[str, Any] = {"audience": audience.value}
            if role:
                body = f"body:{clock.body_id}"
                named = called(self._transaction, [body])[body]
                facts = {"role": role, "body": clock.body_id, "at": named}
            self.troubles[subject] = Trouble(job=ENFORCE, subject=subject, code=NOBODY, facts=facts)
        return meant

    def somebody(self, facts: Any) -> bool:
        """Tell whether somebody belongs by now to an audience that was a trouble, by its facts."""
        if "role" in facts:
            return bool(self._holders(facts["role"], facts["body"]))
        return any(self._of_group(facts["audience"]))

    def _of_group(self, duty: str) -> Iterator[Recipient]:
        group = self._groups.get(duty)
        if group is None:
            return
        yield from self._persons(self._holding[Role.SUPERVISOR, group.body_id])
        if group.room:
            yield Recipient(None, group.body_id)

    def _role_at(self, clock: Any) -> str:
        """Return the role that acts on an item where it is."""
        stage = _stage_of(clock)
        if stage is None:
            return Role.PUBLISHER.value
        policy = self._policies.get(self._transaction, clock.policy_digest)
        here = policy.find_stage(stage)
        # At a stage that its policy does not have, an item waits to be carried over.
        return here.role if here else Role.ADMINISTRATOR.value

    def _desk(self, clock: Any, role: str) -> list[int]:
        people, stage = self._holders(role, clock.body_id), _stage_of(clock)
        if stage is None and clock.state in PUBLIC_ONCE:
            # Only the hand-over is still to be done: some deliver, and some give the receipt.
            for handed in self._handed[clock.item_id]:
                if handed.received_at is None:
                    people += self._holding[Role.READING_POINT_CLERK, handed.point_id]
            return people
        policy = self._policies.get(self._transaction, clock.policy_digest)
        here = policy.find_stage(stage)
        kind = here.kind if here else None
        decided = {
            person
            for row in self._decided[clock.item_id]
            if row.stage != stage
            and not (stage is None and row.kind is StageKind.FINAL_REVIEW)
            and not (row.voided_at is not None and policy.find_stage(row.stage) is None)
            for person in _people_of(row)
        }
        wrote = self._authors[clock.item_id] if kind is not StageKind.OPINION else set()
        owing = _is_owed(clock) and kind is not StageKind.FINAL_REVIEW
        let_out = self._let_out.get(clock.item_id, set()) if owing else set()
        as_one = self._pairs.as_one(clock.created_at)
        decided, wrote, let_out = (
            some.union(*(as_one.get(person, ()) for person in some))
            for some in (decided, wrote, let_out)
        )

        def free(person: int) -> bool:
            if person not in decided | wrote | let_out:
                return True
            lifted = self._lifted.get(person) if here and may_be_lifted(here.kind) else None
            if lifted is None or person in let_out:
                return False
            return (person not in decided or lifted.two_stages) and (
                person not in wrote or lifted.own_text
            )

        # Where all of them are kept out they are told all the same: someone has to see to it.
        return [person for person in people if free(person)] or people

    def _holders(self, role: str, body_id: int) -> list[int]:
        """Return who holds a role for a body, or for a body that reaches it."""
        own, wide = self._holding[role, body_id], self._holding[role, None]
        return list(dict.fromkeys([*own, *wide]))

    @staticmethod
    def _persons(accounts: Iterable[int]) -> list[Recipient]:
        return [Recipient(account_id, None) for account_id in accounts]

    def _may_hear(self, clock: Any, who: Recipient) -> bool:
        if who.account_id is None:
            # Who reads along in a room is not known.
            return not clock.restricted or clock.state in PUBLIC_ONCE
        here = (clock.body_id, clock.policy_digest, clock.state, clock.reached)
        key = (who.account_id, *here, clock.item_id if clock.restricted else None)
        if key not in self._seen:
            nobody = Actor(who.account_id, "", "", enabled=True)
            self._seen[key] = may_see(
                self._people.get(who.account_id, nobody),
                self._policies.get(self._transaction, clock.policy_digest),
                body_id=clock.body_id,
                state=clock.state,
                reached=clock.reached,
                restricted=clock.restricted,
                named=self._named(clock) if clock.restricted else (),
                handed_to=self._points(clock) if clock.restricted else (),
            )
        return self._seen[key]

    def _named(self, clock: Any) -> set[int]:
        return self._authors[clock.item_id] | self._readers[clock.item_id]

    def _points(self, clock: Any) -> list[int]:
        return [row.point_id for row in self._handed[clock.item_id]]


def _stage_of(clock: Any) -> str | None:
    """Return the stage whose turn it is; of what is public, that whose review is owed by then."""
    stage: str | None = clock.budget_of if _is_owed(clock) else clock.stage
    return stage


def _is_owed(clock: Any) -> bool:
    """Tell whether a clock is the budget of a stage that is made up for."""
    return clock.kind is Kind.STAGE and clock.state is State.PUBLISHED


def _people_of(decided: Any) -> Iterator[int]:
    """Yield who decided, and in whose place."""
    yield decided.actor_id
    if decided.principal_id is not None:
        yield decided.principal_id


def _people(transaction: Transaction, now: datetime) -> dict[int, Actor]:
    """Return everybody who can sign in and holds a role, with today's roles."""
    grants: dict[int, list[Grant]] = defaultdict(list)
    names: dict[int, tuple[str, str]] = {}
    for row in transaction.run(_GRANTS, now=now):
        grants[row.account_id].append(granted(row))
        names[row.account_id] = row.name, row.display_name
    return {
        account_id: Actor(account_id, *name, enabled=True, grants=tuple(grants[account_id]))
        for account_id, name in names.items()
    }


def _by_item(rows: Iterable[Any]) -> Mapping[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.item_id].append(row)
    return found


def _gathered(rows: Iterable[Any]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    for row in rows:
        found[row.item_id].add(row.account_id)
    return found
