"""Carrying items over to another policy: what would become of each of them, and doing it.

Items are read in pages, in the order of their numbers and without any of their content, so that the
memory that it takes does not grow with the office. What is told of an item before and what is done
to it come from the same facts; :class:`Tally` makes the digest of a whole plan by which the two are
compared.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import (
    Integer,
    String,
    and_,
    bindparam,
    false,
    func,
    literal_column,
    or_,
    select,
    update,
)

from workflow import audit, clocks, notices, records
from workflow.audit import Chain, details_text, item_subject
from workflow.changeover import Change, Fate, Standing, alike, change
from workflow.clocks import Subject, Time
from workflow.database import Among, Statement, given
from workflow.deadlines import Met, day_of
from workflow.guards import by_attribute
from workflow.machine import Action, Outcome, Place, State
from workflow.models import (
    AuditEntry,
    Decision,
    Item,
    Office,
    PolicyText,
    Schedule,
    ScheduleEnd,
    table,
)
from workflow.scene import gather

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement

    from workflow.audit import Origin
    from workflow.database import Transaction
    from workflow.policy import Policy
    from workflow.scene import Policies, Scene

PAGE: Final = 500
"""So many items are read, and carried over, at a time."""
COMES_BACK: Final = frozenset({Action.FAIL, Action.ANSWER})
"""What ends the waiting for what is outside of the office, with the item in it again."""
_APPLIED: Final = "policy_applied"
_DEFERRED: Final = "policy_deferred"

_item, _decision, _schedule = table(Item), table(Decision), table(Schedule)
_policy, _entry, _office = table(PolicyText), table(AuditEntry), table(Office)

# Literals, because partial indexes match no parameters.
_UNDER_WAY: Final[ColumnElement[bool]] = literal_column(
    "item.state IN ('draft', 'pending', 'referred', 'cleared', 'publishing', 'publication_failed')"
)
_AT_A_STAGE: Final[ColumnElement[bool]] = literal_column("item.state IN ('pending', 'referred')")
_PUBLISHED: Final[ColumnElement[bool]] = literal_column("item.state = 'published'")
_COLUMNS: Final = (
    _item.c.id,
    _item.c.body_id,
    _item.c.state,
    _item.c.stage,
    _item.c.round,
    _item.c.reached,
    _item.c.digest,
    _item.c.revision_id,
    _item.c.attribute,
    _item.c.category,
    _item.c.formed_on,
    _item.c.published_at,
    _item.c.entered_at,
    _item.c.owed_stage,
    _item.c.policy_digest,
    _item.c.trail_seq,
    _item.c.trail_hash,
)
_POLICIES: Final = Statement(select(_policy.c.digest).order_by(_policy.c.digest))
_STANDING: Final = Statement(
    select(
        _decision.c.item_id,
        _decision.c.stage,
        _decision.c.digest,
        _decision.c.outcome,
    )
    .where(
        Among(_decision.c.item_id, "items"),
        _decision.c.positive.is_(True),
        _decision.c.voided_at.is_(None),
    )
    .order_by(_decision.c.id)
)
_SCHEDULED: Final = Statement(
    select(_schedule.c.item_id).where(
        Among(_schedule.c.item_id, "items"), _schedule.c.ended.is_(None)
    )
)
_pins = given(item_id=_item.c.id.type, new_digest=String(), new_reached=Integer())
_PIN: Final = Statement(
    update(_item)
    .where(_item.c.id == bindparam("item_id"))
    .values(policy_digest=bindparam("new_digest"), reached=bindparam("new_reached")),
    together=update(_item)
    .where(_item.c.id == _pins.c.item_id)
    .values(policy_digest=_pins.c.new_digest, reached=_pins.c.new_reached),
)
_LAST_SAID: Final = Statement(
    select(_entry.c.event, _entry.c.details)
    .where(
        _entry.c.subject == bindparam("subject"),
        or_(_entry.c.event == _APPLIED, _entry.c.event == _DEFERRED),
    )
    .order_by(_entry.c.seq.desc())
    .limit(1)
)
_IN_USE: Final = Statement(select(_office.c.policy_digest).where(_office.c.id == 1))


class Tally:
    """What the rows of a plan come to: how many of each outcome, and the digest of them all."""

    def __init__(self, policy: Policy, *, in_use: str, keep_open: bool) -> None:
        """Begin with no row; ``in_use`` is the digest of the policy that the office uses."""
        self.counts: Counter[str] = Counter()
        self._changes = in_use != policy.digest
        self._hash = hashlib.sha256()
        self._take({"policy": policy.digest, "in_use": in_use, "keep_open": keep_open})

    def add(self, row: dict[str, Any]) -> None:
        """Take in one more row, as :attr:`Planned.told` has it."""
        self.counts[row["outcome"]] += 1
        self._take(row)

    def _take(self, said: dict[str, Any]) -> None:
        self._hash.update(details_text(said).encode("utf-8") + b"\n")

    @property
    def changes(self) -> bool:
        """Tell whether there is anything to do; what only waits or stays is nothing."""
        idle = self.counts[Fate.WAITS] + self.counts[Fate.STAYS]
        return self._changes or self.counts.total() > idle

    @property
    def digest(self) -> str:
        """The digest of all that was taken in."""
        return self._hash.hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """One item that another policy comes to govern, and what becomes of it."""

    row: Any
    old: Policy
    change: Change
    clocks: list[dict[str, Any]]
    drops_schedule: bool

    @property
    def told(self) -> dict[str, Any]:
        """Return what is told of it: where it is and goes, and nothing of what it says."""
        there = self.change.there
        return {
            "item": self.row.id,
            "state": self.row.state.value,
            "stage": self.row.stage,
            "policy": f"{self.old.code} {self.old.version}",
            "outcome": self.change.fate.value,
            "to_state": there.state.value,
            "to_stage": there.stage,
            "keeps": list(self.change.keeps),
            "voids": list(self.change.voids),
            "owes": list(self.change.owes),
            "drops_schedule": self.drops_schedule,
            "clocks": self.clocks,
        }


class Course:
    """Goes through all items that are under way and not under ``new``, page after page.

    What is published goes over too where the stages are the same, for its clocks may still run;
    so does, under the same policy, what is at a stage that this policy does not have.
    """

    def __init__(
        self, transaction: Transaction, policies: Policies, new: Policy, *, keep_open: bool
    ) -> None:
        """Read which policies there are."""
        self._policies = policies
        self._new = new
        self._keep_open = keep_open
        digests = [row.digest for row in transaction.run(_POLICIES)]
        same = [
            digest
            for digest in digests
            if digest != new.digest and alike(policies.get(transaction, digest), new)
        ]
        published = or_(
            false(),
            *(
                _item.c.policy_digest == bindparam(f"same_{number}", digest)
                for number, digest in enumerate(same)
            ),
        )
        elsewhere = _item.c.policy_digest != bindparam("new_digest", new.digest)
        concerned = or_(
            and_(_UNDER_WAY, elsewhere),
            and_(_PUBLISHED, published),
            # Most of these are where they should be, and are passed over below.
            and_(_AT_A_STAGE, ~elsewhere),
        )
        self._count = Statement(
            select(func.count().label("number")).select_from(_item).where(concerned)
        )
        page = (
            select(*_COLUMNS)
            .where(concerned, _item.c.id > bindparam("after"))
            .order_by(_item.c.id)
            .limit(bindparam("limit"))
        )
        self._page = Statement(page)
        self._held = Statement(page.with_for_update())

    def count(self, transaction: Transaction) -> int:
        """Return how many items will be looked at."""
        number: int = transaction.one(self._count).number
        return number

    def page(
        self, transaction: Transaction, time: Time, *, after: int, hold: bool = False
    ) -> tuple[list[Planned], int | None]:
        """Return what becomes of the next items, and after which number to go on, if at all.

        With ``hold`` they are locked, and what is said holds until the transaction ends.
        """
        statement = self._held if hold else self._page
        rows = transaction.run(statement, after=after, limit=PAGE)
        following = rows[-1].id if len(rows) == PAGE else None
        pairs = [(row, self._policies.get(transaction, row.policy_digest)) for row in rows]
        concerned = [
            (row, old)
            for row, old in pairs
            if old.digest != self._new.digest or not old.knows(Place(row.state, row.stage))
        ]
        return list(self._planned(transaction, concerned, time)), following

    def _planned(
        self, transaction: Transaction, concerned: Sequence[tuple[Any, Policy]], time: Time
    ) -> Iterator[Planned]:
        items = [row.id for row, _ in concerned]
        decided: dict[int, list[Any]] = {}
        for row in transaction.run(_STANDING, items=items) if items else ():
            decided.setdefault(row.item_id, []).append(row)
        scheduled = {row.item_id for row in transaction.run(_SCHEDULED, items=items)}
        changes = {
            row.id: self._change(old, standing_of(row, decided.get(row.id, ())))
            for row, old in concerned
        }
        going = [
            subject_of(row)
            for row, _ in concerned
            if changes[row.id].fate not in (Fate.WAITS, Fate.STAYS)
        ]
        foreseen = clocks.foresee(transaction, going, self._new, time) if going else {}
        for row, old in concerned:
            to = changes[row.id]
            yield Planned(
                row=row,
                old=old,
                change=to,
                clocks=foreseen.get(row.id, []),
                drops_schedule=row.id in scheduled and to.there.state is not State.CLEARED,
            )

    def _change(self, old: Policy, item: Standing) -> Change:
        if self._keep_open and old.digest != self._new.digest:
            return Change(fate=Fate.STAYS, there=item.place, reached=item.reached)
        return change(old, self._new, item)


def standing_of(row: Any, decided: Iterable[Any]) -> Standing:
    """Return how an item stands, by its row and the decisions on it that nothing has voided."""
    decided = list(decided)
    on_this = [each for each in decided if each.digest == row.digest]
    to_publish = by_attribute(row.attribute) is Outcome.PUBLICATION
    return Standing(
        place=Place(row.state, row.stage),
        standing=frozenset(each.stage for each in decided),
        held=frozenset(each.stage for each in on_this),
        against=to_publish
        and any(each.outcome not in (None, Outcome.PUBLICATION) for each in on_this),
        reached=row.reached,
        owes_review=row.owed_stage is not None,
    )


def subject_of(row: Any) -> Subject:
    """Return what the clocks of an item depend on."""
    return Subject(
        item_id=row.id,
        body_id=row.body_id,
        revision_id=row.revision_id,
        formed_on=row.formed_on,
        category=row.category,
        attribute=row.attribute,
        running=row.state not in clocks.VOIDING,
    )


def carry_page(
    transaction: Transaction,
    policies: Policies,
    page: Iterable[Planned],
    new: Policy,
    time: Time,
    *,
    origin: Origin,
) -> int:
    """Do what is planned for some items that are held; return how many were changed."""
    quiet: dict[int, Chain] = {}
    pins: list[dict[str, Any]] = []
    changed = 0
    for planned in page:
        to, row = planned.change, planned.row
        if to.fate is Fate.STAYS:
            continue
        if to.fate is Fate.WAITS:
            if _deferred_to(transaction, row.id) == new.digest:
                continue
            chain = Chain(item_subject(row.id), row.trail_seq, row.trail_hash)
            chain.append(
                _DEFERRED, at=time.now, origin=origin, policy=new.digest, old=row.policy_digest
            )
        elif to.voids or to.there != Place(row.state, row.stage):
            scene = gather(
                transaction, policies, row.id, account_id=None, now=time.now, with_content=False
            )
            _carry(transaction, scene, to, new, time, origin=origin)
            changed += 1
            continue
        else:
            chain = Chain(item_subject(row.id), row.trail_seq, row.trail_hash)
            done = _run_clocks(transaction, row, new, time, there=to.there, planned=planned.clocks)
            chain.append(
                _APPLIED,
                at=time.now,
                origin=origin,
                policy=new.digest,
                old=row.policy_digest,
                reached=to.reached,
                clocks=done or None,
            )
            pins.append({"item_id": row.id, "new_digest": new.digest, "new_reached": to.reached})
        quiet[row.id] = chain
    audit.write_items(transaction, quiet)
    transaction.run_many(_PIN, pins)
    return changed + len(quiet)


def come_back(
    transaction: Transaction,
    policies: Policies,
    item_id: int,
    time: Time,
    *,
    origin: Origin,
) -> Place | None:
    """Carry over an item that was waited for when the office took up another policy.

    Returns where it is then; ``None`` if it was not waited for, or if the office has moved on to
    yet another policy since.
    """
    in_use: str = transaction.one(_IN_USE).policy_digest
    if _deferred_to(transaction, item_id) != in_use:
        return None
    scene = gather(transaction, policies, item_id, account_id=None, now=time.now,
                   with_content=False)  # fmt: skip
    if scene.item.policy_digest == in_use:
        return None
    new = policies.get(transaction, in_use)
    to = change(scene.policy, new, standing_of(scene.item, scene.standing.values()))
    if to.fate is Fate.WAITS:
        return None
    _carry(transaction, scene, to, new, time, origin=origin)
    return to.there


def _deferred_to(transaction: Transaction, item_id: int) -> str | None:
    """Return the policy that waits for an item, if one does."""
    row = transaction.one(_LAST_SAID, subject=item_subject(item_id))
    if row is None or row.event != _DEFERRED:
        return None
    return audit.read_details(row.details).get("policy")


def _carry(
    transaction: Transaction,
    scene: Scene,
    to: Change,
    new: Policy,
    time: Time,
    *,
    origin: Origin,
) -> None:
    """Pin an item to ``new``, void what counts no longer, and put it where it belongs."""
    row, here, there = scene.item, scene.facts.place, to.there
    records.void_decisions(transaction, scene, frozenset(to.voids), origin=origin, why=_APPLIED)
    dropped = here.state is State.CLEARED and there != here
    if dropped:
        dropped = records.end_schedule(transaction, scene, ScheduleEnd.CALLED_OFF)
    done = _run_clocks(transaction, row, new, time, there=there)
    version = row.version + 1
    scene.chain.append(
        _APPLIED,
        at=time.now,
        origin=origin,
        policy=new.digest,
        old=row.policy_digest,
        reached=to.reached,
        digest=row.digest,
        version=version,
        schedule="dropped" if dropped else None,
        clocks=done or None,
        **{"from": str(here), "to": str(there)},
    )
    transaction.run(_PIN, item_id=row.id, new_digest=new.digest, new_reached=to.reached)
    before = scene.policy.find_stage(here.stage)
    scene.policy, scene.item = new, row._replace(reached=to.reached, policy_digest=new.digest)
    if here.state is State.CLEARED and there == here:
        records.schedule_again(transaction, scene)
    records.move(transaction, scene, there)
    voided = frozenset(to.voids)
    facts = replace(
        scene.facts,
        policy=new,
        round=tuple(
            replace(each, voided=True) if each.stage in voided else each
            for each in scene.facts.round
        ),
    )
    arrived = there != here or before != new.find_stage(here.stage)
    notices.carried(
        transaction,
        facts,
        there,
        item_id=row.id,
        version=version,
        arrived=arrived,
        dropped=dropped,
        now=time.now,
    )


def _run_clocks(
    transaction: Transaction,
    row: Any,
    new: Policy,
    time: Time,
    *,
    there: Place,
    planned: list[dict[str, Any]] | None = None,
) -> list[dict[str, Any]]:
    """Let an item's clocks become those of ``new``; what is planned to do nothing is not tried."""
    subject, here = subject_of(row), Place(row.state, row.stage)
    done = [] if planned == [] else clocks.agree(transaction, subject, new, time, why="policy")
    if there == here:
        at, since = clocks.desk_at(here), day_of(row.entered_at)
        clocks.recharge(transaction, subject, new, time, here=at, since=since)
    else:
        left, entered = clocks.desk_at(here), clocks.desk_at(there)
        clocks.desk(transaction, subject, new, time, here=left, there=entered)
    clocks.look_again(transaction, row.id, time)
    if row.published_at is not None:
        published_on: datetime = row.published_at
        clocks.meet(transaction, row.id, Met.PUBLISHED, on=day_of(published_on), now=published_on)
    return done
