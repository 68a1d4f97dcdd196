"""What becomes of an item when another policy comes to govern it: where it goes, what still counts.

A stage is the same in two policies if name, kind and role are. A decision goes on counting where
its stage is the same; everything else is owed anew. Nothing here ever brings an item nearer to the
public than it was: it stays where it is, or it goes to the first stage that it owes.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from workflow.machine import Place, StageKind, State

if TYPE_CHECKING:
    from workflow.machine import Stage
    from workflow.policy import Policy


class Fate(StrEnum):
    """What becomes of an item that is under way."""

    CARRIED_OVER = "carried_over"
    MOVES = "moves"
    NEEDS_MIGRATION = "needs_migration"
    WAITS = "waits"
    STAYS = "stays"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How an item stands under its own policy.

    ``standing`` are the stages with a decision that nothing has voided, ``held`` those of them that
    were decided on the current digest. ``against`` tells whether a conclusion that stands sends a
    proactive item to an end without publication. ``reached`` is the furthest position it ever had.
    What ``owes_review`` was let out ahead of its stages, which its own policy names.
    """

    place: Place
    standing: frozenset[str] = frozenset()
    held: frozenset[str] = frozenset()
    against: bool = False
    reached: int = -1
    owes_review: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What becomes of an item: where it goes, what is void, and what it owes then, in order.

    ``needs_migration`` is said where the new policy does not have the place in which it is; where
    it goes stands in ``there`` all the same. What ``waits`` is left to what is under way outside
    of the office, and goes over when that ends otherwise than by publication.
    """

    fate: Fate
    there: Place
    keeps: tuple[str, ...] = ()
    voids: tuple[str, ...] = ()
    owes: tuple[str, ...] = ()
    reached: int = -1


def change(old: Policy, new: Policy, item: Standing) -> Change:
    """Say what becomes of an item under ``old`` that ``new`` comes to govern."""
    place = item.place
    kept = frozenset(name for name in item.standing if _same(old, new, name))
    held = item.held & kept
    owes = [stage.name for stage in new.stages if stage.name not in held]
    there = _there(old, new, item, held)
    if there is None:
        return Change(fate=Fate.WAITS, there=place, owes=tuple(owes), reached=item.reached)
    last = new.stages[-1].name
    if place.state is State.DRAFT and not new.keeps_unchanged:
        kept = held = frozenset()
    elif there.state in (State.DRAFT, State.PENDING):
        # Whoever decides last sees that all else is held; this one has to be said again.
        kept, held = kept - {last}, held - {last}
    return Change(
        fate=_fate(new, place, there),
        there=there,
        keeps=tuple(stage.name for stage in new.stages if stage.name in held),
        voids=tuple(sorted(item.standing - kept)),
        owes=tuple(stage.name for stage in new.stages if stage.name not in held),
        reached=_reached(old, new, item.reached, there),
    )


def alike(old: Policy, new: Policy) -> bool:
    """Tell whether two policies have the same stages in the same order."""
    return old.stages == new.stages


def _same(old: Policy, new: Policy, name: str) -> bool:
    stage = new.find_stage(name)
    return stage is not None and stage == old.find_stage(name)


def _fate(new: Policy, here: Place, there: Place) -> Fate:
    if not new.knows(here):
        return Fate.NEEDS_MIGRATION
    return Fate.CARRIED_OVER if here == there else Fate.MOVES


def _there(old: Policy, new: Policy, item: Standing, held: frozenset[str]) -> Place | None:
    """Return where an item goes; ``None`` if it has to be waited for what is under way outside.

    That is an answer, a website, or a review that is owed to the public: nobody in the office could
    put the item elsewhere.
    """
    place = item.place
    if item.owes_review:
        return None
    complete = all(stage.name in held for stage in new.stages)
    if place.state is State.CLEARED:
        return place if complete else _first(new.stages, held)
    if place.state is State.PUBLISHING:
        return place if complete else None
    if place.state is State.REFERRED and old.knows(place):
        stays = _same(old, new, place.stage or "") and _before(new, place.stage or "") <= held
        return place if stays else None
    if place.stage is None:
        return place
    return _pending(old, new, item, held)


def _pending(old: Policy, new: Policy, item: Standing, held: frozenset[str]) -> Place:
    review = next(s for s in new.stages if s.kind is StageKind.CONFIDENTIALITY_REVIEW)
    position = new.stage_index(review.name)
    if item.against and review.name in held and item.place.stage == old.stages[-1].name:
        # A conclusion against publication went to the final review past the stages in between.
        return _first(new.stages[: position + 1], held, otherwise=new.stages[-1])
    return _first(new.stages, held, otherwise=new.stages[-1])


def _first(
    stages: tuple[Stage, ...], held: frozenset[str], *, otherwise: Stage | None = None
) -> Place:
    """Return the first stage that is not held; where all are, somebody has to decide again."""
    owed = next((stage for stage in stages if stage.name not in held), otherwise or stages[-1])
    return Place(State.PENDING, owed.name)


def _before(policy: Policy, name: str) -> frozenset[str]:
    return frozenset(stage.name for stage in policy.stages[: policy.stage_index(name)])


def _reached(old: Policy, new: Policy, reached: int, there: Place) -> int:
    """Return the furthest position that an item ever had, as the new policy counts them."""
    if reached >= len(old.stages):
        return len(new.stages)
    passed = {stage.name for stage in old.stages[: reached + 1]}
    if there.stage is not None:
        passed.add(there.stage)
    return max((new.stage_index(s.name) for s in new.stages if s.name in passed), default=-1)
