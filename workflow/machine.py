"""The state machine: which places an item can be in, and which arrows lead from one to another.

One :class:`Machine` is built per policy from its ordered stages and then only *asked*: no row is
ever bound to it and it runs no callback, because ``transitions`` would overwrite a stored state
and answers a failed condition with a bare ``False``. Arrows are data; what each one needs, holds
and voids stands on it, so that :func:`prove` can walk every path that the engine could ever take.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING, Any, Final

from transitions import Machine as TransitionsMachine
from transitions import Transition as TransitionsTransition

from workflow.errors import InvalidInput

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence


class State(StrEnum):
    """Where an item is; ``pending`` and ``referred`` are always at a stage."""

    DRAFT = "draft"
    PENDING = "pending"
    REFERRED = "referred"
    CLEARED = "cleared"
    PUBLISHING = "publishing"
    PUBLICATION_FAILED = "publication_failed"
    PUBLISHED = "published"
    RETRACTED = "retracted"
    SUPERSEDED = "superseded"
    ON_REQUEST_ONLY = "on_request_only"
    WITHHELD = "withheld"
    ABANDONED = "abandoned"


class Action(StrEnum):
    """What can be done to an item; confirming, failing and superseding are the system's alone."""

    REVISE = "revise"
    SUBMIT = "submit"
    RECALL = "recall"
    ABANDON = "abandon"
    SIGN_OFF = "sign_off"
    SEAL = "seal"
    REVIEW_DISCLOSE = "review_disclose"
    REVIEW_DISCLOSE_IN_PART = "review_disclose_in_part"
    REVIEW_ON_REQUEST_ONLY = "review_on_request_only"
    REVIEW_WITHHOLD = "review_withhold"
    REVIEW_REFER = "review_refer"
    ANSWER = "answer"
    APPROVE = "approve"
    RETURN = "return"
    PUBLISH = "publish"
    RETRY = "retry"
    CONFIRM = "confirm"
    FAIL = "fail"
    URGE = "urge"
    REOPEN = "reopen"
    RETRACT = "retract"
    CONFIRM_RETRACTION = "confirm_retraction"
    RESTORE = "restore"
    CONFIRM_RESTORATION = "confirm_restoration"
    PUBLISH_URGENTLY = "publish_urgently"
    CONFIRM_URGENT_PUBLICATION = "confirm_urgent_publication"
    CALL_OFF = "call_off"
    CORRECT = "correct"
    SUPERSEDE = "supersede"
    VALIDITY = "validity"
    CONFIRM_VALIDITY = "confirm_validity"
    RENEW = "renew"


class StageKind(StrEnum):
    """What a stage is for; the kind gives the verb and says what a decision leaves behind."""

    OPINION = "opinion"
    SIGN_OFF = "sign_off"
    SEAL = "seal"
    CONFIDENTIALITY_REVIEW = "confidentiality_review"
    FINAL_REVIEW = "final_review"


class Outcome(StrEnum):
    """How an item is meant to end: by its attribute, or by the confidentiality conclusion."""

    PUBLICATION = "publication"
    ON_REQUEST_ONLY = "on_request_only"
    WITHHELD = "withheld"


class Asked(StrEnum):
    """What one person asked for of an item, and a second one has to confirm."""

    NOTHING = "nothing"
    URGENT_PUBLICATION = "urgent_publication"
    RETRACTION = "retraction"
    RESTORATION = "restoration"
    VALIDITY = "validity"


class Redaction(StrEnum):
    """How the current revision stands to the newest conclusion "in part" on its item."""

    NOT_ASKED = "not_asked"
    OWED = "owed"
    MADE = "made"


REVIEW_ACTIONS: Final = frozenset(
    {
        Action.REVIEW_DISCLOSE,
        Action.REVIEW_DISCLOSE_IN_PART,
        Action.REVIEW_ON_REQUEST_ONLY,
        Action.REVIEW_WITHHOLD,
        Action.REVIEW_REFER,
    }
)
VERBS: Final = {
    StageKind.OPINION: frozenset({Action.SIGN_OFF}),
    StageKind.SIGN_OFF: frozenset({Action.SIGN_OFF}),
    StageKind.SEAL: frozenset({Action.SEAL}),
    StageKind.CONFIDENTIALITY_REVIEW: REVIEW_ACTIONS,
    StageKind.FINAL_REVIEW: frozenset({Action.APPROVE}),
}
"""The deciding verbs of each kind of stage."""
ENDS: Final = frozenset(
    {
        State.PUBLISHED,
        State.RETRACTED,
        State.SUPERSEDED,
        State.ON_REQUEST_ONLY,
        State.WITHHELD,
        State.ABANDONED,
    }
)
"""States in which nothing waits on anyone."""
PUBLIC_ONCE: Final = frozenset({State.PUBLISHED, State.RETRACTED, State.SUPERSEDED})
"""States of what was before the public: from here nothing goes back to be written anew."""
_END_OF: Final = {
    Outcome.ON_REQUEST_ONLY: State.ON_REQUEST_ONLY,
    Outcome.WITHHELD: State.WITHHELD,
}
_TO_PUBLISH: Final = frozenset({Outcome.PUBLICATION})
_NOT_TO_PUBLISH: Final = frozenset(Outcome) - _TO_PUBLISH
_ANY_REDACTION: Final = frozenset(Redaction)
_NOT_OWED: Final = _ANY_REDACTION - {Redaction.OWED}
_MADE: Final = frozenset({Redaction.MADE})
_ANYTHING_ASKED: Final = frozenset(Asked)
_NOTHING_ASKED: Final = frozenset({Asked.NOTHING})
_POSITIVE: Final = {
    StageKind.OPINION: ((Action.SIGN_OFF, _ANY_REDACTION),),
    StageKind.SIGN_OFF: ((Action.SIGN_OFF, _ANY_REDACTION),),
    StageKind.SEAL: ((Action.SEAL, _ANY_REDACTION),),
    StageKind.CONFIDENTIALITY_REVIEW: (
        (Action.REVIEW_DISCLOSE, _NOT_OWED),
        (Action.REVIEW_DISCLOSE_IN_PART, _MADE),
    ),
    StageKind.FINAL_REVIEW: ((Action.APPROVE, _ANY_REDACTION),),
}
"""What holds a stage of each kind for publication, and how the redaction has to stand for it."""
_PROPOSES: Final = {
    Action.REVIEW_ON_REQUEST_ONLY: Outcome.ON_REQUEST_ONLY,
    Action.REVIEW_WITHHOLD: Outcome.WITHHELD,
}


@dataclass(frozen=True, slots=True)
class Place:
    """A state, and the stage if the state is at one."""

    state: State
    stage: str | None = None

    def __str__(self) -> str:
        """Name the place as the machine knows it: ``pending:seal``."""
        return f"{self.state.value}:{self.stage}" if self.stage else self.state.value


@dataclass(frozen=True, slots=True)
class Stage:
    """A required step of a policy: its name, its kind and the role that holds it."""

    name: str
    kind: StageKind
    role: str


@dataclass(frozen=True, slots=True)
class Progress:
    """What selects among arrows that share an action and a source.

    ``held`` are the stages with a positive decision on the current digest that nothing has voided;
    ``outcome`` is where the item is heading; ``redaction`` tells whether a conclusion "in part"
    asked for a redaction, and whether the current revision is recorded as that one; ``asked`` is
    what waits for a second person to confirm it; ``review_owed`` tells what was published ahead of
    stages that do not hold yet.
    """

    held: frozenset[str]
    outcome: Outcome = Outcome.PUBLICATION
    redaction: Redaction = Redaction.NOT_ASKED
    asked: Asked = Asked.NOTHING
    review_owed: bool = False

    def asking(self) -> Progress:
        """Return the progress as a reviewer leaves it who names what is still to be taken out."""
        return replace(self, redaction=Redaction.OWED)


@dataclass(frozen=True, slots=True)
class Arrow:
    """One drawn arrow: from where to where, what must hold for it, and what it leaves held.

    ``needs`` must all be held and ``opens`` must not be; ``outcomes`` limits it to items heading
    there, ``redactions`` to those whose redaction stands so, ``asked`` to those of which that was
    asked, ``owing`` to those that owe their review, or do not. It then holds ``holds``, voids
    ``voids``, proposes ``proposes``, and leaves ``asks`` asked; ``None`` leaves what was asked
    before. ``edits`` marks the arrow that changes the digest,
    ``submits`` the one that takes the outcome from the attribute, ``owes_review`` a publication
    ahead of its stages, ``goes_unpublished`` the way back of one that never arrived, with which
    nothing is owed any more.
    """

    action: Action
    source: Place
    dest: Place
    needs: frozenset[str] = frozenset()
    opens: frozenset[str] = frozenset()
    outcomes: frozenset[Outcome] = frozenset(Outcome)
    redactions: frozenset[Redaction] = _ANY_REDACTION
    asked: frozenset[Asked] = _ANYTHING_ASKED
    owing: bool | None = None
    asks: Asked | None = Asked.NOTHING
    holds: str | None = None
    voids: frozenset[str] = frozenset()
    proposes: Outcome | None = None
    edits: bool = False
    submits: bool = False
    owes_review: bool = False
    goes_unpublished: bool = False

    def applies(self, progress: Progress) -> bool:
        """Tell whether this arrow is open to an item with that progress."""
        return (
            self.needs <= progress.held
            and not (self.opens & progress.held)
            and progress.outcome in self.outcomes
            and progress.redaction in self.redactions
            and progress.asked in self.asked
            and self.owing in (None, progress.review_owed)
        )

    def still_owes(self, progress: Progress, required: frozenset[str]) -> bool:
        """Tell whether an item owes its review after this arrow: until every stage holds."""
        held = progress.held - self.voids
        owes = (progress.review_owed and not self.goes_unpublished) or self.owes_review
        return owes and not required <= held | ({self.holds} if self.holds else set())


class _DrawnTransition(TransitionsTransition):
    """A transition of the library that remembers our arrow."""

    def __init__(self, *args: Any, arrow: Arrow, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.arrow = arrow


class _DrawnMachine(TransitionsMachine):
    """The library's machine, drawing our transitions."""

    transition_cls = _DrawnTransition


def _pending(stage: Stage) -> Place:
    return Place(State.PENDING, stage.name)


def _referred(stage: Stage) -> Place:
    return Place(State.REFERRED, stage.name)


def draw(
    stages: Sequence[Stage], *, edit_voids: frozenset[str], keeps_unchanged: bool
) -> tuple[Arrow, ...]:
    """Draw every arrow for these stages, in a stable order.

    ``edit_voids`` are the stages whose decisions an edit voids; ``keeps_unchanged`` tells whether
    decisions on an unchanged digest survive a return.
    """
    return tuple(_arrows(tuple(stages), edit_voids, keeps_unchanged=keeps_unchanged))


def _arrows(
    stages: tuple[Stage, ...], edit_voids: frozenset[str], *, keeps_unchanged: bool
) -> Iterator[Arrow]:
    names = [stage.name for stage in stages]
    everything = frozenset(names)
    draft, cleared = Place(State.DRAFT), Place(State.CLEARED)
    publishing, failed = Place(State.PUBLISHING), Place(State.PUBLICATION_FAILED)

    yield Arrow(Action.REVISE, draft, draft, voids=edit_voids, edits=True)
    for index, stage in enumerate(stages):
        # What a review wanted redacted does not go up again for publication as it is.
        for outcomes, redactions in ((_TO_PUBLISH, _NOT_OWED), (_NOT_TO_PUBLISH, _ANY_REDACTION)):
            yield Arrow(
                Action.SUBMIT,
                draft,
                _pending(stage),
                needs=frozenset(names[:index]),
                opens=frozenset({stage.name}),
                outcomes=outcomes,
                redactions=redactions,
                submits=True,
            )
    yield Arrow(Action.ABANDON, draft, Place(State.ABANDONED))

    # Where an unchanged text is decided anew, nothing that was decided comes back to the draft: a
    # way back voids it all, and a recall, which voids nothing, is for what nobody has decided on.
    undone = frozenset() if keeps_unchanged else everything
    for index, stage in enumerate(stages):
        here = _pending(stage)
        yield Arrow(Action.RECALL, here, draft, opens=undone)
        yield from _decisions(stages, index, undone)
        yield Arrow(Action.RETURN, here, draft, voids=undone)
        yield from _returns(stages, here, index, keeps_unchanged=keeps_unchanged)

    yield Arrow(Action.PUBLISH, cleared, publishing, needs=everything)
    yield Arrow(Action.CONFIRM, publishing, Place(State.PUBLISHED))
    yield Arrow(Action.FAIL, publishing, failed)
    yield Arrow(Action.RETRY, failed, publishing, needs=everything, owing=False)
    yield Arrow(Action.RETRY, failed, publishing, owing=True)
    for here in (cleared, failed):
        # With everything held, an unchanged resubmission would be cleared again without anybody
        # having looked: whoever returns a cleared item undoes at least the last stage.
        last = everything if not keeps_unchanged else frozenset(names[-1:])
        yield Arrow(Action.RETURN, here, draft, voids=last, goes_unpublished=True)
        yield from _returns(stages, here, len(stages), keeps_unchanged=keeps_unchanged, undoes=last)

    reviews = (stage for stage in stages if stage.kind is StageKind.CONFIDENTIALITY_REVIEW)
    for here in (*map(_pending, stages), *map(_referred, reviews), cleared, failed):
        yield Arrow(Action.URGE, here, here, asks=None)
    for end in (State.ABANDONED, *_END_OF.values()):
        # Whoever takes it up again begins anew: what was decided was decided on another end.
        yield Arrow(Action.REOPEN, Place(end), draft, voids=everything)
    yield from _ahead_of_review(stages)
    yield from _after_publication(everything)


def _ahead_of_review(stages: tuple[Stage, ...]) -> Iterator[Arrow]:
    """Draw how two people publish ahead of the review, and how it is made up for afterwards.

    What is public does not go back to anybody: each stage that is owed is held where the item is,
    in the policy's order, and who objects asks for its retraction. Of what was retracted the stages
    may be held, too, so that it can come back; or it is corrected.
    """
    published, retracted = Place(State.PUBLISHED), Place(State.RETRACTED)
    urgent = frozenset({Asked.URGENT_PUBLICATION})
    for here in (*map(_pending, stages), Place(State.CLEARED)):
        yield Arrow(
            Action.PUBLISH_URGENTLY,
            here,
            here,
            outcomes=_TO_PUBLISH,
            redactions=_NOT_OWED,
            asked=_NOTHING_ASKED,
            asks=Asked.URGENT_PUBLICATION,
        )
        yield Arrow(
            Action.CONFIRM_URGENT_PUBLICATION,
            here,
            Place(State.PUBLISHING),
            outcomes=_TO_PUBLISH,
            redactions=_NOT_OWED,
            asked=urgent,
            owes_review=True,
        )
        yield Arrow(Action.CALL_OFF, here, here, asked=urgent)
    for here in (published, retracted):
        for index, stage in enumerate(stages):
            for action, redactions in _POSITIVE[stage.kind]:
                yield Arrow(
                    action,
                    here,
                    here,
                    needs=frozenset(other.name for other in stages[:index]),
                    opens=frozenset({stage.name}),
                    outcomes=_TO_PUBLISH,
                    redactions=redactions,
                    owing=True,
                    asks=None,
                    holds=stage.name,
                )
    yield Arrow(Action.URGE, published, published, owing=True, asks=None)
    yield Arrow(Action.CORRECT, retracted, retracted, owing=True, asks=None)


def _after_publication(everything: frozenset[str]) -> Iterator[Arrow]:
    """Draw how two people take what is public away, say otherwise why, and bring it back.

    That what is public is no longer in force takes two people as well, and leaves it public.
    """
    published, retracted = Place(State.PUBLISHED), Place(State.RETRACTED)
    retraction, restoration = Asked.RETRACTION, Asked.RESTORATION
    validity = Asked.VALIDITY

    def asking(action: Action, here: Place, asks: Asked) -> Arrow:
        return Arrow(action, here, here, asked=_NOTHING_ASKED, asks=asks)

    def settling(action: Action, here: Place, there: Place, *asked: Asked, **more: Any) -> Arrow:
        return Arrow(action, here, there, asked=frozenset(asked), **more)

    yield asking(Action.RETRACT, published, retraction)
    yield settling(Action.CONFIRM_RETRACTION, published, retracted, retraction)
    yield asking(Action.VALIDITY, published, validity)
    yield settling(Action.CONFIRM_VALIDITY, published, published, validity)
    yield settling(Action.CALL_OFF, published, published, retraction, validity)
    # Of what is retracted already, only the explanation changes.
    yield asking(Action.RETRACT, retracted, retraction)
    yield settling(Action.CONFIRM_RETRACTION, retracted, retracted, retraction)
    yield asking(Action.RESTORE, retracted, restoration)
    yield settling(Action.CONFIRM_RESTORATION, retracted, published, restoration, needs=everything)
    yield settling(Action.CALL_OFF, retracted, retracted, retraction, restoration)
    # A correction is an item of its own: this one stays as it is until that one is public.
    for action in (Action.CORRECT, Action.RENEW):
        yield Arrow(action, published, published, asks=None)
    yield Arrow(Action.SUPERSEDE, published, Place(State.SUPERSEDED))
    yield Arrow(Action.SUPERSEDE, retracted, retracted)


def _onward(stages: tuple[Stage, ...], index: int, action: Action, **more: Any) -> Iterator[Arrow]:
    """Draw the arrows of a positive decision: to the next stage that is open, or to the end."""
    stage, here = stages[index], _pending(stages[index])
    before = frozenset(other.name for other in stages[:index])
    for later in range(index + 1, len(stages)):
        yield Arrow(
            action,
            here,
            _pending(stages[later]),
            needs=before | {between.name for between in stages[index + 1 : later]},
            opens=frozenset({stages[later].name}),
            holds=stage.name,
            **{"asks": None} | more,
        )


def _decisions(stages: tuple[Stage, ...], index: int, undone: frozenset[str]) -> Iterator[Arrow]:
    stage, here = stages[index], _pending(stages[index])
    others = frozenset(other.name for other in stages) - {stage.name}
    if stage.kind is StageKind.CONFIDENTIALITY_REVIEW:
        yield from _onward(
            stages, index, Action.REVIEW_DISCLOSE, outcomes=_TO_PUBLISH, redactions=_NOT_OWED
        )
        in_part = Action.REVIEW_DISCLOSE_IN_PART
        yield Arrow(
            in_part, here, Place(State.DRAFT), redactions=_ANY_REDACTION - _MADE, voids=undone
        )
        yield from _onward(stages, index, in_part, outcomes=_TO_PUBLISH, redactions=_MADE)
        for action, proposed in _PROPOSES.items():
            # Against a proactive attribute the conclusion goes straight to the final review; where
            # it confirms the drafter's own attribute, every stage in between confirms it too.
            yield Arrow(
                action,
                here,
                _pending(stages[-1]),
                outcomes=_TO_PUBLISH,
                holds=stage.name,
                proposes=proposed,
            )
            yield from _onward(
                stages,
                index,
                action,
                outcomes=_NOT_TO_PUBLISH,
                proposes=proposed,
                asks=Asked.NOTHING,
            )
        referred = _referred(stage)
        yield Arrow(Action.REVIEW_REFER, here, referred)
        yield Arrow(Action.ANSWER, referred, here)
        return
    (action,) = VERBS[stage.kind]
    yield from _onward(stages, index, action)
    if stage.kind is StageKind.FINAL_REVIEW:
        yield Arrow(
            action,
            here,
            Place(State.CLEARED),
            needs=others,
            outcomes=_TO_PUBLISH,
            holds=stage.name,
            asks=None,
        )
        reviewed = frozenset(
            other.name for other in stages if other.kind is StageKind.CONFIDENTIALITY_REVIEW
        )
        for outcome, end in _END_OF.items():
            yield Arrow(
                action,
                here,
                Place(end),
                needs=reviewed,
                outcomes=frozenset({outcome}),
                holds=stage.name,
            )


def _returns(
    stages: tuple[Stage, ...],
    here: Place,
    index: int,
    *,
    keeps_unchanged: bool,
    undoes: frozenset[str] = frozenset(),
) -> Iterator[Arrow]:
    for earlier in range(index):
        later = frozenset(stage.name for stage in stages[earlier:])
        yield Arrow(
            Action.RETURN,
            here,
            _pending(stages[earlier]),
            needs=frozenset(stage.name for stage in stages[:earlier]),
            voids=undoes | {stages[earlier].name} if keeps_unchanged else later,
            goes_unpublished=True,
        )


class Machine:
    """The arrows of one policy, on ``transitions``; immutable once built, safe to share."""

    def __init__(self, stages: Sequence[Stage], arrows: Iterable[Arrow]) -> None:
        """Register ``arrows`` with the library; the places are those the arrows name."""
        self.stages = tuple(stages)
        self.arrows = tuple(arrows)
        places = dict.fromkeys(
            str(place) for arrow in self.arrows for place in (arrow.source, arrow.dest)
        )
        self._machine = _DrawnMachine(
            model=None,
            states=list(places),
            initial=State.DRAFT.value,
            auto_transitions=False,
            send_event=False,
        )
        for arrow in self.arrows:
            self._machine.add_transition(
                arrow.action.value, str(arrow.source), str(arrow.dest), arrow=arrow
            )

    @cached_property
    def places(self) -> frozenset[str]:
        """Every place that this policy knows, as :class:`Place` prints it."""
        return frozenset(self._machine.states)

    def arrows_from(self, place: Place, action: Action) -> tuple[Arrow, ...]:
        """Return the arrows that carry ``action`` away from ``place``; none if not drawn."""
        event = self._machine.events.get(action.value)
        if event is None:
            return ()
        drawn: list[Any] = event.transitions.get(str(place), [])
        return tuple(transition.arrow for transition in drawn)

    def actions_from(self, place: Place) -> tuple[Action, ...]:
        """Return the actions that lead away from ``place``, in the order of :class:`Action`."""
        if str(place) not in self.places:
            return ()
        triggers = set(self._machine.get_triggers(str(place)))
        return tuple(action for action in Action if action.value in triggers)

    def mermaid(self) -> str:
        """Return the machine as a Mermaid state diagram, one line for each pair of places.

        Recalls and returns lead from nearly everywhere to nearly everywhere before; they are drawn
        once each, from the whole of the review, so that the picture stays readable.
        """
        lines = ["stateDiagram-v2", "    [*] --> draft"]
        joined: dict[tuple[str, str], list[str]] = {}
        for arrow in self.arrows:
            if arrow.action in (Action.RETURN, Action.RECALL, Action.URGE):
                continue
            if arrow.source == arrow.dest and arrow.source.state in (State.PENDING, State.CLEARED):
                continue  # To ask for an urgent publication, or no longer, moves nothing.
            if arrow.needs or arrow.holds:
                straight = self._straight(arrow)
                if not straight:
                    continue
            labels = joined.setdefault((_node(arrow.source), _node(arrow.dest)), [])
            if arrow.action.value not in labels:
                labels.append(arrow.action.value)
        first, last = self.stages[0], self.stages[-1]
        lines += [
            f"    {source} --> {dest}: {', '.join(labels)}"
            for (source, dest), labels in joined.items()
        ]
        lines.append(f"    {_node(_pending(first))} --> draft: recall")
        lines.append(f"    {_node(_pending(last))} --> draft: return")
        lines += [
            f"    {source.value} --> draft: return"
            for source in (State.CLEARED, State.PUBLICATION_FAILED)
        ]
        reached = {arrow.dest.state for arrow in self.arrows}
        lines += [f"    {state.value} --> [*]" for state in State if state in ENDS & reached]
        return "\n".join(lines) + "\n"

    def _straight(self, arrow: Arrow) -> bool:
        """Tell an arrow to the very next place from one that passes over kept decisions."""
        names = [stage.name for stage in self.stages]
        if arrow.dest.stage is None or arrow.source.state is State.REFERRED:
            return True
        start = names.index(arrow.source.stage) + 1 if arrow.source.stage else 0
        proposed = arrow.proposes is not None
        return names.index(arrow.dest.stage) == start or (proposed and not arrow.needs)


def _node(place: Place) -> str:
    return str(place).replace(":", "_at_")


@dataclass(frozen=True, slots=True)
class Point:
    """A point of the finite product that the proof explores.

    ``held`` is what the engine counts as held, ``current`` the part of it that was decided on the
    digest of now; they differ only if an edit leaves a decision standing.
    """

    place: Place
    held: frozenset[str] = frozenset()
    current: frozenset[str] = frozenset()
    attribute: Outcome = Outcome.PUBLICATION
    proposed: Outcome | None = None
    redaction: Redaction = Redaction.NOT_ASKED
    review_owed: bool = False
    asked: Asked = Asked.NOTHING


@dataclass(frozen=True, slots=True)
class Proof:
    """What :func:`prove` found: how much it explored, and every fault with the way to it."""

    explored: int
    faults: tuple[str, ...] = ()
    points: frozenset[Point] = field(default_factory=frozenset)

    @property
    def holds(self) -> bool:
        """Tell whether no fault was found."""
        return not self.faults

    @property
    def reached(self) -> frozenset[State]:
        """Return the states that were come to."""
        return frozenset(point.place.state for point in self.points)


def prove(
    stages: Sequence[Stage],
    arrows: Iterable[Arrow],
    *,
    keeps_unchanged: bool = True,
    starts: Iterable[Point] = (),
) -> Proof:
    """Explore every reachable point and show that no path skips a required stage.

    The paths begin at the empty draft and at ``starts``, where another policy left off.

    Shown: no reachable ``published`` lacks a stage decided on its own digest, unless the review is
    openly owed; that flag clears only when every stage holds, each of which can be held where the
    item is, and what was retracted does not come back with it; nothing goes out ahead of its
    review that one person did not ask for and another confirm; nothing ends ``withheld`` or
    ``on_request_only`` without a confidentiality conclusion and a final review on its digest;
    nothing is published while it owes a redaction, which a review may ask for of every text;
    without ``keeps_unchanged`` no decision comes back to the draft, and none at all from an end
    that is reopened; what was public is never written anew, goes off only as a retraction that was
    asked for, and comes back only as a restoration that was; from every point that waits on
    somebody, some arrow leads on, and where it is a stage that is waited for, one that holds this
    stage. The run-time gate is not relied upon: it is the second lock, not the first.
    """
    required = frozenset(stage.name for stage in stages)
    judged = frozenset(
        stage.name
        for stage in stages
        if stage.kind in (StageKind.CONFIDENTIALITY_REVIEW, StageKind.FINAL_REVIEW)
    )
    reviews = judged & {
        stage.name for stage in stages if stage.kind is StageKind.CONFIDENTIALITY_REVIEW
    }
    by_source: dict[Place, list[Arrow]] = {}
    for arrow in arrows:
        by_source.setdefault(arrow.source, []).append(arrow)
    begun = (Point(Place(State.DRAFT)), *starts)
    seen: dict[Point, str] = {start: str(start.place) for start in begun}
    queue = deque(seen)
    faults: list[str] = []
    while queue:
        here = queue.popleft()
        steps = [
            (arrow, there)
            for arrow in by_source.get(here.place, ())
            for there in _step(here, arrow, required, reviews)
        ]
        for arrow, there in steps:
            if there not in seen:
                seen[there] = f"{seen[here]} -{arrow.action.value}-> {there.place}"
                queue.append(there)
        wrong = chain(
            _wrong(here, required, judged),
            _waits(here, steps, required, reviews),
            _afterwards(here, steps),
            _ahead(here, steps, required),
        )
        faults += [f"{fault}: {seen[here]}" for fault in wrong]
        if not keeps_unchanged and here.place.state is State.DRAFT and here.held:
            faults.append(f"kept_in_draft({','.join(sorted(here.held))}): {seen[here]}")
    proof = Proof(len(seen), tuple(faults), frozenset(seen))
    if State.PUBLISHED not in proof.reached:
        return replace(proof, faults=(*proof.faults, "never_published: draft"))
    return proof


def _wrong(here: Point, required: frozenset[str], judged: frozenset[str]) -> Iterator[str]:
    state = here.place.state
    if state is State.PUBLISHED and not here.review_owed and not required <= here.current:
        missing = ",".join(sorted(required - here.current))
        yield f"published_without({missing})"
    if state is State.PUBLISHED and here.redaction is Redaction.OWED:
        yield "published_owing_redaction"
    if state is State.PUBLISHED and here.review_owed and required <= here.current:
        yield "owing_nothing"
    if state in (State.WITHHELD, State.ON_REQUEST_ONLY) and not judged <= here.current:
        missing = ",".join(sorted(judged - here.current))
        yield f"{state.value}_without({missing})"


def _waits(
    here: Point,
    steps: Sequence[tuple[Arrow, Point]],
    required: frozenset[str],
    reviews: frozenset[str],
) -> Iterator[str]:
    """Yield what is missing among the steps that lead on from a point."""
    state, stage = here.place.state, here.place.stage
    if not steps and state not in ENDS:
        yield "dead_end"
    elif state is State.PENDING and all(arrow.holds != stage for arrow, _ in steps):
        yield "stuck"
    made_up = {arrow.holds for arrow, _ in steps} & (required - here.held)
    if here.review_owed and state in (State.PUBLISHED, State.RETRACTED) and not made_up:
        yield "review_stuck"
    asked = any(
        arrow.action is Action.REVIEW_DISCLOSE_IN_PART and there.redaction is Redaction.OWED
        for arrow, there in steps
    )
    if state is State.PENDING and stage in reviews and not asked:
        yield "no_redaction"


def _afterwards(here: Point, steps: Sequence[tuple[Arrow, Point]]) -> Iterator[str]:
    """Yield what is wrong with the steps that lead on from an end."""
    state = here.place.state
    for _, there in steps:
        new = there.place.state
        if state in ENDS - PUBLIC_ONCE and there.held:
            yield f"kept_from_{state.value}({','.join(sorted(there.held))})"
        if state in PUBLIC_ONCE and new not in PUBLIC_ONCE:
            yield f"{state.value}_becomes_{new.value}"
        # One person asked for it, another confirms it: neither can be left out.
        wanted = _ASKED_FOR.get((state, new))
        if wanted is not None and here.asked is not wanted:
            yield f"{state.value}_becomes_{new.value}_unasked"


def _ahead(
    here: Point, steps: Sequence[tuple[Arrow, Point]], required: frozenset[str]
) -> Iterator[str]:
    """Yield what is wrong with the steps that publish ahead of the review, or forget that it is."""
    state = here.place.state
    for _, there in steps:
        new = there.place.state
        if there.review_owed and not here.review_owed:
            if here.asked is not Asked.URGENT_PUBLICATION:
                yield f"{state.value}_becomes_{new.value}_unasked"
        elif here.review_owed and not there.review_owed:
            if state in PUBLIC_ONCE and not required <= there.current:
                yield f"review_forgotten({','.join(sorted(required - there.current))})"
        elif here.review_owed and (state, new) == (State.RETRACTED, State.PUBLISHED):
            yield "restored_owing_review"


_ASKED_FOR: Final = {
    (State.PUBLISHED, State.RETRACTED): Asked.RETRACTION,
    (State.RETRACTED, State.PUBLISHED): Asked.RESTORATION,
}


def _step(
    here: Point, arrow: Arrow, required: frozenset[str], reviews: frozenset[str]
) -> Iterator[Point]:
    progress = Progress(
        here.held,
        here.proposed or here.attribute,
        here.redaction,
        here.asked,
        here.review_owed,
    )
    if arrow.action is Action.REVIEW_DISCLOSE_IN_PART:
        # With a list the conclusion asks; without one it passes, and only the redaction itself.
        for said in (progress.asking(), progress):
            if said.redaction is not Redaction.NOT_ASKED and arrow.applies(said):
                yield from _taken(replace(here, redaction=said.redaction), arrow, required, reviews)
    elif arrow.applies(progress):
        yield from _taken(here, arrow, required, reviews)


def _taken(
    here: Point, arrow: Arrow, required: frozenset[str], reviews: frozenset[str]
) -> Iterator[Point]:
    held, current = here.held - arrow.voids, here.current - arrow.voids
    if arrow.edits:
        current = frozenset()
    if arrow.holds:
        held, current = held | {arrow.holds}, current | {arrow.holds}
    proposed = arrow.proposes or (here.proposed if reviews & held else None)
    owed = (here.review_owed and not arrow.goes_unpublished) or arrow.owes_review
    owed = owed and not required <= current
    asked = here.asked if arrow.asks is None else arrow.asks
    attributes: tuple[Outcome, ...] = (here.attribute,)
    redactions: tuple[Redaction, ...] = (here.redaction,)
    if arrow.edits:
        # An edit may change the attribute, and may or may not be the redaction that is owed.
        attributes = tuple(Outcome)
        if here.redaction is not Redaction.NOT_ASKED:
            redactions = (Redaction.OWED, Redaction.MADE)
    for attribute in attributes:
        for redaction in redactions:
            yield Point(arrow.dest, held, current, attribute, proposed, redaction, owed, asked)


def build(stages: Sequence[Stage], *, edit_voids: frozenset[str], keeps_unchanged: bool) -> Machine:
    """Draw the arrows for ``stages``, prove them, and return the machine.

    Raises ``InvalidInput('policy_proof_failed')`` with the first fault and the path to it; a policy
    whose proof fails is never used.
    """
    arrows = draw(stages, edit_voids=edit_voids, keeps_unchanged=keeps_unchanged)
    proof = prove(stages, arrows, keeps_unchanged=keeps_unchanged)
    if not proof.holds:
        raise InvalidInput("policy_proof_failed", fault=proof.faults[0], count=len(proof.faults))
    return Machine(stages, arrows)
