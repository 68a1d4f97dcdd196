"""Under whatever policy an item comes, it never comes nearer to the public by that (S38)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from tests.unit.cases import POLICIES
from workflow.changeover import Change, Fate, Standing, change
from workflow.machine import Outcome, Place, Point, Stage, StageKind, State, prove
from workflow.policy import ROLES_OF

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workflow.policy import Policy

DONGCHANG: Final = POLICIES["dongchang"]
SIGN_OFF, SEAL, REVIEW, FINAL = DONGCHANG.stages
NAMES: Final = tuple(stage.name for stage in DONGCHANG.stages)
ON_THE_WAY: Final = (
    State.DRAFT, State.PENDING, State.REFERRED, State.CLEARED, State.PUBLISHING,
    State.PUBLICATION_FAILED,
)  # fmt: skip


def policy(*stages: Stage, **changes: Any) -> Policy:
    """Return the usual policy with other stages."""
    names = frozenset(stage.name for stage in stages)
    return replace(DONGCHANG, stages=stages, **{"edit_voids": names} | changes)


def pending(stage: str, *held: str, **more: Any) -> Standing:
    """Return how an item stands that waits at a stage."""
    return standing(Place(State.PENDING, stage), *held, **more)


def standing(place: Place, *held: str, **more: Any) -> Standing:
    """Return how an item stands that holds some stages."""
    return Standing(place=place, standing=frozenset(held), held=frozenset(held), **more)


def at(name: str) -> Place:
    """Return the place in which an item waits at a stage."""
    return Place(State.PENDING, name)


def test_the_same_stages_leave_everything_where_it_is() -> None:
    came = change(DONGCHANG, replace(DONGCHANG), pending("seal", "sign_off", reached=1))

    assert came == Change(
        fate=Fate.CARRIED_OVER,
        there=at("seal"),
        keeps=("sign_off",),
        owes=("seal", "confidentiality_review", "final_review"),
        reached=1,
    )


def test_an_item_whose_stage_is_gone_goes_to_the_next_that_it_owes() -> None:
    without = policy(SIGN_OFF, SEAL, REVIEW, FINAL)
    old = policy(SIGN_OFF, Stage("leader", StageKind.SIGN_OFF, "deputy_head"), SEAL, REVIEW, FINAL)
    came = change(old, without, pending("leader", "sign_off", reached=1))

    assert (Fate.NEEDS_MIGRATION, at("seal"), ()) == (came.fate, came.there, came.voids)
    assert ("sign_off",) == came.keeps


def test_where_nothing_is_left_to_hold_the_last_stage_is_decided_again() -> None:
    """S38: that a stage is removed approves nothing."""
    old = policy(SIGN_OFF, Stage("leader", StageKind.SIGN_OFF, "deputy_head"), SEAL, REVIEW, FINAL)
    came = change(old, DONGCHANG, pending("leader", *NAMES, reached=1))

    assert (at("final_review"), ("final_review",)) == (came.there, came.voids)
    assert ("final_review",) == came.owes


@pytest.mark.parametrize("position", [0, 1, 2, 3])
def test_a_cleared_item_goes_back_to_a_stage_that_was_added(position: int) -> None:
    more = Stage("second_look", StageKind.SIGN_OFF, "department_head")
    stages = (*DONGCHANG.stages[:position], more, *DONGCHANG.stages[position:])
    came = change(DONGCHANG, policy(*stages), standing(Place(State.CLEARED), *NAMES, reached=4))

    assert (Fate.MOVES, at("second_look")) == (came.fate, came.there)
    # Whoever decides last sees that all else is held.
    assert ("second_look", "final_review") == came.owes
    assert ("final_review",) == came.voids
    # Publishers had it before them.
    assert 5 == came.reached


@pytest.mark.parametrize(
    "stage",
    [
        Stage("sign_off", StageKind.SIGN_OFF, "deputy_head"),
        Stage("sign_off", StageKind.OPINION, "clerk"),
        Stage("head_sign_off", StageKind.SIGN_OFF, "department_head"),
    ],
    ids=["role", "kind", "name"],
)
def test_a_stage_with_another_name_kind_or_role_is_another_stage(stage: Stage) -> None:
    leader = Stage("leader", StageKind.SIGN_OFF, "department_head")
    old = policy(SIGN_OFF, leader, SEAL, REVIEW, FINAL)
    new = policy(stage, leader, SEAL, REVIEW, FINAL)
    came = change(old, new, pending("seal", "sign_off", "leader", reached=2))

    assert (Fate.MOVES, at(stage.name)) == (came.fate, came.there)
    assert (("leader",), ("sign_off",)) == (came.keeps, came.voids)


def test_another_order_asks_first_for_what_comes_first() -> None:
    new = policy(REVIEW, SIGN_OFF, SEAL, FINAL)
    came = change(DONGCHANG, new, pending("seal", "sign_off", reached=1))

    assert (Fate.MOVES, at("confidentiality_review")) == (came.fate, came.there)
    assert (("sign_off",), ()) == (came.keeps, came.voids)
    assert 2 == came.reached


def test_a_draft_under_a_policy_that_repeats_keeps_no_decision() -> None:
    new = policy(*DONGCHANG.stages, keeps_unchanged=False)
    came = change(DONGCHANG, new, standing(Place(State.DRAFT), "sign_off", "seal", reached=2))

    assert (("seal", "sign_off"), NAMES) == (came.voids, came.owes)


@pytest.mark.parametrize("state", [State.PUBLISHING, State.REFERRED])
def test_what_is_under_way_outside_is_waited_for(state: State) -> None:
    more = Stage("second_look", StageKind.SIGN_OFF, "department_head")
    place = Place(state, "confidentiality_review" if state is State.REFERRED else None)
    held = NAMES[:2] if state is State.REFERRED else NAMES
    item = standing(place, *held, reached=2)
    came = change(DONGCHANG, policy(more, *DONGCHANG.stages), item)
    same = change(DONGCHANG, policy(*DONGCHANG.stages), item)

    assert (Fate.WAITS, place, ()) == (came.fate, came.there, came.voids)
    assert (Fate.CARRIED_OVER, place) == (same.fate, same.there)


def test_a_failed_publication_stays_and_is_asked_for_what_it_owes() -> None:
    more = Stage("second_look", StageKind.SIGN_OFF, "department_head")
    new = policy(more, *DONGCHANG.stages)
    failed = Place(State.PUBLICATION_FAILED)
    came = change(DONGCHANG, new, standing(failed, *NAMES, reached=4))

    assert (Fate.CARRIED_OVER, failed, ("second_look",)) == (came.fate, came.there, came.owes)


def test_a_proposal_against_publication_goes_on_to_the_final_review() -> None:
    old = POLICIES["standard_four_step"]
    names = [stage.name for stage in old.stages]
    review = next(s.name for s in old.stages if s.kind is StageKind.CONFIDENTIALITY_REVIEW)
    held = names[: names.index(review) + 1]
    item = pending(names[-1], *held, against=True, reached=len(names) - 1)
    more = Stage("second_look", StageKind.SIGN_OFF, "department_head")

    assert at(names[-1]) == change(old, replace(old), item).there
    assert at("second_look") == change(old, policy(more, *old.stages), item).there


# -- every point of every policy -----------------------------------------------------------------


def points(rules: Policy) -> frozenset[Point]:
    """Return every point that an item under a policy can come to."""
    return prove(rules.stages, rules.machine.arrows, keeps_unchanged=rules.keeps_unchanged).points


def carried(old: Policy, new: Policy) -> Iterator[tuple[Point, Change]]:
    """Yield what becomes of everything that can be under way, wherever it may be."""
    for point in points(old):
        if point.place.state not in ON_THE_WAY:
            continue
        against = point.proposed not in (None, Outcome.PUBLICATION)
        item = Standing(
            place=point.place,
            standing=point.held,
            held=point.current,
            against=against and point.attribute is Outcome.PUBLICATION,
            reached=0,
        )
        yield point, change(old, new, item)


def nothing_gets_nearer(old: Policy, new: Policy) -> None:
    """Look at every item that could be under way, and prove what can become of it afterwards."""
    everything = {stage.name for stage in new.stages}
    starts: set[Point] = set()
    for point, came in carried(old, new):
        here, there = point.place, came.there
        assert there == here or there.state is State.PENDING
        if came.fate is Fate.WAITS:
            assert here.state in (State.PUBLISHING, State.REFERRED)
            assert () == came.voids
            continue
        assert new.knows(there)
        assert point.current >= set(came.keeps)
        assert everything == {*came.keeps, *came.owes}
        if there.state in (State.CLEARED, State.PUBLISHING):
            assert () == came.owes
        if old.stages == new.stages and old.keeps_unchanged is new.keeps_unchanged:
            assert (here, ()) == (there, came.voids)
        held = frozenset(came.keeps)
        reviewed = {s.name for s in new.stages if s.kind is StageKind.CONFIDENTIALITY_REVIEW}
        starts.add(
            replace(
                point,
                place=there,
                held=held,
                current=held,
                proposed=point.proposed if reviewed & held else None,
            )
        )
    proof = prove(
        new.stages, new.machine.arrows, keeps_unchanged=new.keeps_unchanged, starts=starts
    )
    assert () == proof.faults


@pytest.mark.parametrize("old", POLICIES)
@pytest.mark.parametrize("new", POLICIES)
def test_no_shipped_policy_brings_anything_nearer_to_the_public(old: str, new: str) -> None:
    """S38: nor does it leave anything where nobody could go on."""
    nothing_gets_nearer(POLICIES[old], POLICIES[new])


OTHERS: Final = tuple(
    Stage(name, kind, role)
    for name, kind in (
        ("leader", StageKind.SIGN_OFF),
        ("opinion", StageKind.OPINION),
        ("second_seal", StageKind.SEAL),
        ("second_look", StageKind.SIGN_OFF),
    )
    for role in sorted(ROLES_OF[kind])
)
SIGNED: Final = (SIGN_OFF, Stage("sign_off", StageKind.SIGN_OFF, "deputy_head"))
SEALED: Final = (SEAL, Stage("stamp", StageKind.SEAL, "seal_keeper"))
REVIEWED: Final = (
    REVIEW, Stage("secrecy", StageKind.CONFIDENTIALITY_REVIEW, "confidentiality_reviewer"),
)  # fmt: skip
LAST: Final = (FINAL, Stage("last_look", StageKind.FINAL_REVIEW, "final_reviewer"))


@st.composite
def drawn(draw: st.DrawFn) -> tuple[tuple[Stage, ...], bool]:
    """Draw stages that the check of a policy lets pass, and whether decisions are kept."""
    more = st.lists(st.sampled_from(OTHERS), max_size=1)
    needed = (draw(st.sampled_from(each)) for each in (SIGNED, SEALED, REVIEWED))
    stages = draw(st.permutations([*needed, *draw(more)]))
    return (*stages, draw(st.sampled_from(LAST))), draw(st.booleans())


@settings(max_examples=30, deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate))
@given(old=drawn(), new=drawn())
def test_no_policy_brings_anything_nearer_to_the_public(
    old: tuple[tuple[Stage, ...], bool], new: tuple[tuple[Stage, ...], bool]
) -> None:
    """S38: whatever two policies say, and wherever an item is."""
    before, after = (policy(*stages, keeps_unchanged=keeps) for stages, keeps in (old, new))
    nothing_gets_nearer(before, after)
