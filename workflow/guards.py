"""Who may do what, when: the guards, and :func:`decide`, which answers with *every* reason.

Pure: all that a guard may look at is in :class:`Facts`, gathered by the service under one lock at
one instant. Deny is the default: an action that no arrow carries, or that nobody is named for, is
refused. Out of date (*what you saw has changed*) is told apart from not allowed.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from workflow.errors import Refusal, Who
from workflow.machine import (
    REVIEW_ACTIONS,
    VERBS,
    Action,
    Arrow,
    Asked,
    Outcome,
    Place,
    Progress,
    Redaction,
    StageKind,
    State,
)
from workflow.organisation import PUBLISHING
from workflow.revisions import Attribute, is_blank

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date, datetime

    from workflow.policy import Policy


class Role(StrEnum):
    """The capacities in which people act; each is held for a body."""

    CLERK = "clerk"
    DEPUTY_HEAD = "deputy_head"
    DEPARTMENT_HEAD = "department_head"
    SEAL_KEEPER = "seal_keeper"
    CONFIDENTIALITY_REVIEWER = "confidentiality_reviewer"
    FINAL_REVIEWER = "final_reviewer"
    PUBLISHER = "publisher"
    READING_POINT_CLERK = "reading_point_clerk"
    SUPERVISOR = "supervisor"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


PUBLISHING_BODIES: Final = frozenset(kind.value for kind in PUBLISHING)
"""The kinds of bodies that items belong to."""
SCOPES: Final[Mapping[Role, frozenset[str]]] = {
    Role.CLERK: PUBLISHING_BODIES,
    Role.DEPUTY_HEAD: PUBLISHING_BODIES,
    Role.DEPARTMENT_HEAD: PUBLISHING_BODIES,
    Role.SEAL_KEEPER: PUBLISHING_BODIES,
    Role.CONFIDENTIALITY_REVIEWER: PUBLISHING_BODIES | {"district"},
    Role.FINAL_REVIEWER: frozenset({"centre"}),
    Role.PUBLISHER: frozenset({"centre"}),
    Role.READING_POINT_CLERK: frozenset({"reading_point"}),
    Role.SUPERVISOR: frozenset({"group"}),
    Role.AUDITOR: frozenset({"district"}),
    Role.ADMINISTRATOR: frozenset({"district"}),
}
"""For which kinds of bodies each role can be held."""
NEITHER_DECIDE_NOR_READ: Final = frozenset({Role.ADMINISTRATOR, Role.AUDITOR})
"""Roles that open no unpublished item; an administrator can hold no others."""
WIDE: Final = frozenset({"district", "centre", "group"})
"""A role held for a body of one of these kinds reaches every publishing body."""


class Lifted(NamedTuple):
    """A waiver that holds for somebody now, and which rules it lifts for them."""

    waiver_id: int
    own_text: bool
    two_stages: bool


POSITIVE: Final = frozenset(
    {
        Action.SIGN_OFF,
        Action.SEAL,
        Action.REVIEW_DISCLOSE,
        Action.REVIEW_DISCLOSE_IN_PART,
        Action.REVIEW_ON_REQUEST_ONLY,
        Action.REVIEW_WITHHOLD,
        Action.APPROVE,
    }
)
"""Decisions that can hold a stage; asking back, returning and recalling make nobody a decider."""
SYSTEM_ACTIONS: Final = frozenset({Action.CONFIRM, Action.FAIL, Action.SUPERSEDE})
_CLERKS: Final = frozenset(
    {Action.REVISE, Action.SUBMIT, Action.RECALL, Action.URGE, Action.CORRECT}
)
_PUBLISHERS: Final = frozenset(
    {Action.PUBLISH, Action.RETRY, Action.RETRACT, Action.RESTORE, Action.CALL_OFF}
)
_PUBLISHING: Final = frozenset({Action.PUBLISH, Action.RETRY, Action.RESTORE})
"""What brings something before the public, which no author and no earlier decider does."""
CONFIRMING: Final = frozenset({Action.CONFIRM_RETRACTION, Action.CONFIRM_RESTORATION})
"""What a second person does about what a first one asked for."""
_UNGATED: Final = frozenset(
    {
        Action.ABANDON,
        Action.FAIL,
        Action.RETURN,
        Action.RECALL,
        Action.ANSWER,
        Action.URGE,
        Action.REOPEN,
        Action.RETRACT,
        Action.CONFIRM_RETRACTION,
        Action.CALL_OFF,
        Action.SUPERSEDE,
    }
)
"""What lets nothing out and is the way on when content is damaged or gone."""
_GATED_BY_STAGES: Final = frozenset(
    {Action.PUBLISH, Action.RETRY, Action.CONFIRM, Action.RESTORE, Action.CONFIRM_RESTORATION}
)
_LETTING_OUT: Final = _GATED_BY_STAGES | {Action.SUBMIT}
_WITH_REASON: Final = frozenset({Action.RECALL, Action.RETURN, Action.REOPEN, Action.RESTORE})
_CONFIRMS: Final = {
    Action.CONFIRM_RETRACTION: Asked.RETRACTION,
    Action.CONFIRM_RESTORATION: Asked.RESTORATION,
}
URGED_AGAIN_AFTER: Final = 24
"""So many hours have to pass before the same item can be urged once more."""
_NOTHING: Final = Lifted(0, own_text=False, two_stages=False)
_WITHHOLDING: Final = frozenset({Action.REVIEW_ON_REQUEST_ONLY, Action.REVIEW_WITHHOLD})


class Principal(NamedTuple):
    """In whose place a deputy acts: the account's number and name."""

    account_id: int
    name: str


@dataclass(frozen=True, slots=True)
class Grant:
    """A role, and the body it is held for; with ``principal``, in that person's place."""

    role: Role
    body_id: int
    body_kind: str
    principal: Principal | None = None

    def reaches(self, body_id: int) -> bool:
        """Tell whether the role counts for items of that body."""
        return self.body_kind in WIDE or self.body_id == body_id


@dataclass(frozen=True, slots=True)
class Actor:
    """A signed-in person, with the roles read in the transaction that acts.

    Own roles come before those of others. ``principal`` is in whose place this very act is done.
    """

    account_id: int
    name: str
    display_name: str
    enabled: bool
    grants: tuple[Grant, ...] = ()
    principal: Principal | None = None

    def holds(self, role: str, body_id: int) -> bool:
        """Tell whether the person holds ``role`` for items of that body."""
        return any(grant.role == role and grant.reaches(body_id) for grant in self.grants)

    def capacities(self, role: str, body_id: int) -> tuple[Principal | None, ...]:
        """Return in whose place the person holds ``role`` there; ``None`` is one's own right.

        Who holds a role in their own right acts in it, whomever they stand in for besides.
        """
        found = dict.fromkeys(
            grant.principal
            for grant in self.grants
            if grant.role == role and grant.reaches(body_id)
        )
        return (None,) if None in found else tuple(found)

    def acting(self, *roles: str, body_id: int | None = None) -> Actor:
        """Return the person as acting in one of ``roles``, for a body if one is given."""
        fitting = [
            grant.principal
            for grant in self.grants
            if grant.role in roles and (body_id is None or grant.reaches(body_id))
        ]
        return replace(self, principal=None if None in fitting or not fitting else fitting[0])

    @property
    def roles(self) -> frozenset[Role]:
        """The roles that the person holds, for whatever body."""
        return frozenset(grant.role for grant in self.grants)


@dataclass(frozen=True, slots=True)
class Held:
    """A positive decision of this round, voided or not, as the guards need to know it."""

    stage: str
    account_id: int
    digest: str
    voided: bool
    outcome: Outcome | None = None
    principal_id: int | None = None

    def by(self, people: frozenset[int]) -> bool:
        """Tell whether one of ``people`` decided, or another one in their place."""
        return self.account_id in people or self.principal_id in people


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What the actor asks for beside the action: reasons, codes, targets."""

    reason: str | None = None
    reason_code: str | None = None
    to: str | None = None
    register_number: str | None = None
    ground: str | None = None
    redactions: tuple[str, ...] = ()
    found: tuple[str, ...] = ()
    question: str | None = None
    addressee: str | None = None
    answer: str | None = None
    answered_on: date | None = None
    reassess_on: date | None = None
    late_reason: str | None = None
    explanation: str | None = None
    change_note: str | None = None
    changed_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Everything about an item that guards may look at, gathered under one lock.

    ``asked_on`` are the digests on which a review asked for a redaction, in all rounds. ``asked``
    is what waits for a second person's word, and ``asked_by`` who asked for it. ``urged_at`` is
    the last time that somebody was urged, if that was lately. ``next_edition`` is the item that
    corrects this one (of an edition that was dropped: another one that corrects the same), and
    ``next_is_public`` whether it was ever before the public. ``as_one`` says who stood in for whom
    since this edition was entered, in both directions; ``waivers``, which hold now and for whom.
    """

    policy: Policy
    place: Place
    body_id: int
    body_name: str
    digest: str
    content_sound: bool = True
    content_present: bool = True
    purged_files: tuple[str, ...] = ()
    attribute: Attribute | None
    ground: str | None
    attribute_reason: str | None = None
    category: str | None
    formed_on: date | None
    today: date
    submitted_before: bool
    decided_since_submission: bool
    redaction: Redaction = Redaction.NOT_ASKED
    asked_on: frozenset[str] = frozenset()
    late_since: date | None = None
    """The last day in time, where publication now would be late."""
    asked: Asked = Asked.NOTHING
    asked_by: int | None = None
    urged_at: datetime | None = None
    next_edition: int | None = None
    next_is_public: bool = False
    authors: frozenset[int] = frozenset()
    round: tuple[Held, ...] = ()
    as_one: Mapping[int, frozenset[int]] = field(default_factory=dict)
    waivers: Mapping[int, Lifted] = field(default_factory=dict)
    holders: Mapping[str, tuple[tuple[int, Who], ...]] = field(default_factory=dict)
    last_change: Mapping[str, Any] = field(default_factory=dict)

    def one_with(self, *people: int | None) -> frozenset[int]:
        """Return ``people`` and everybody who counts as one person with any of them."""
        given = [person for person in people if person is not None]
        return frozenset(given).union(*(self.as_one.get(person, ()) for person in given))

    @property
    def held(self) -> frozenset[str]:
        """The stages that hold on the current digest."""
        return frozenset(
            decision.stage
            for decision in self.round
            if not decision.voided and decision.digest == self.digest
        )

    @property
    def outcome(self) -> Outcome:
        """Where the item is heading: by the standing conclusion, else by its attribute."""
        for decision in self.round:
            standing = not decision.voided and decision.digest == self.digest
            if standing and decision.outcome is not None:
                return decision.outcome
        return by_attribute(self.attribute)

    @property
    def progress(self) -> Progress:
        """What selects among arrows."""
        return Progress(self.held, self.outcome, self.redaction, self.asked)


@dataclass(frozen=True, slots=True)
class Transition:
    """The arrow that :func:`decide` allows, in whose place it is gone, and under which waiver."""

    arrow: Arrow
    stage: str | None
    principal: Principal | None = None
    waiver_id: int | None = None

    @property
    def positive(self) -> bool:
        """Tell whether this decision holds its stage."""
        return self.arrow.holds is not None


def by_attribute(attribute: Attribute | None) -> Outcome:
    """Return the outcome that a disclosure attribute asks for."""
    if attribute is Attribute.ON_REQUEST:
        return Outcome.ON_REQUEST_ONLY
    if attribute is Attribute.NOT_DISCLOSED:
        return Outcome.WITHHELD
    return Outcome.PUBLICATION


def required_role(facts: Facts, action: Action) -> str | None:
    """Return the role that may do ``action`` now; ``None`` if nobody may."""
    state, stage = facts.place.state, facts.place.stage
    if action in _CLERKS:
        return Role.CLERK
    if action is Action.ABANDON:
        return Role.DEPARTMENT_HEAD if facts.submitted_before else Role.CLERK
    if action is Action.REOPEN:
        return Role.DEPARTMENT_HEAD
    if action in _PUBLISHERS:
        return Role.PUBLISHER
    if action in CONFIRMING:
        return Role.FINAL_REVIEWER
    if action is Action.RETURN and state in (State.CLEARED, State.PUBLICATION_FAILED):
        return Role.PUBLISHER
    if stage is None or state not in (State.PENDING, State.REFERRED):
        return None
    here = facts.policy.stage(stage)
    if action is Action.RETURN or action in VERBS[here.kind]:
        return here.role
    if action is Action.ANSWER and here.kind is StageKind.CONFIDENTIALITY_REVIEW:
        return here.role
    return None


def decide(
    facts: Facts, action: Action, actor: Actor | None, wish: Wish | None = None
) -> Transition | tuple[Refusal, ...]:
    """Answer whether ``actor`` may do ``action`` now: the transition, or all refusals.

    ``actor`` of ``None`` is the system, which may confirm and fail publications and nothing else.
    """
    wish = wish or Wish()
    if str(facts.place) not in facts.policy.machine.places:
        return (Refusal("needs_migration", {"state": str(facts.place)}),)
    arrows = facts.policy.machine.arrows_from(facts.place, action)
    refusals: list[Refusal] = []
    if not arrows:
        refusals.append(_wrong_state(facts, action))
    principal = _in_place_of(facts, action, actor)
    refusals += _permission(facts, action, actor, principal, possible=bool(arrows))
    if arrows:
        refusals += _missing(facts, action, wish)
        refusals += _gate(facts, action)
    arrow = _chosen(facts, action, arrows, wish) if arrows else None
    if isinstance(arrow, Refusal):
        refusals.append(arrow)
    if refusals:
        return _distinct(refusals)
    if not isinstance(arrow, Arrow):
        return (_wrong_state(facts, action),)
    waiver_id = _needed_waiver(facts, action, actor, principal)
    return Transition(arrow, facts.place.stage, principal, waiver_id)


def _distinct(refusals: Iterable[Refusal]) -> tuple[Refusal, ...]:
    distinct: list[Refusal] = []
    for refusal in refusals:
        if refusal not in distinct:
            distinct.append(refusal)
    return tuple(distinct)


def _wrong_state(facts: Facts, action: Action) -> Refusal:
    return Refusal(
        "wrong_state",
        {
            "action": action.value,
            "state": facts.place.state.value,
            "stage": facts.place.stage,
            "possible": tuple(
                other.value
                for other in facts.policy.machine.actions_from(facts.place)
                if other not in SYSTEM_ACTIONS
            ),
            **facts.last_change,
        },
    )


def _in_place_of(facts: Facts, action: Action, actor: Actor | None) -> Principal | None:
    """Return in whose place a person acts: the first for whom no rule keeps them out."""
    role = required_role(facts, action)
    if actor is None or role is None:
        return None
    capacities = actor.capacities(role, facts.body_id)
    free = (
        each
        for each in capacities
        if not is_kept_apart(facts, action, actor.account_id, each and each.account_id)
    )
    return next(free, capacities[0] if capacities else None)


def _needed_waiver(
    facts: Facts, action: Action, actor: Actor | None, principal: Principal | None
) -> int | None:
    """Return the waiver without which the separation of duties would have refused."""
    if actor is None or actor.account_id not in facts.waivers:
        return None
    place = principal.account_id if principal else None
    if not is_kept_apart(replace(facts, waivers={}), action, actor.account_id, place):
        return None
    return facts.waivers[actor.account_id].waiver_id


def _permission(
    facts: Facts,
    action: Action,
    actor: Actor | None,
    principal: Principal | None,
    *,
    possible: bool,
) -> Iterator[Refusal]:
    if actor is None:
        if action not in SYSTEM_ACTIONS:
            yield Refusal("system_may_not", {"action": action.value})
        return
    if action in SYSTEM_ACTIONS:
        yield Refusal("only_the_system", {"action": action.value})
        return
    if not actor.enabled:
        yield Refusal("account_disabled", {"name": actor.name})
    role = required_role(facts, action)
    if role is None:
        return
    # From a state that it does not lead on from, nobody could do it instead.
    who = eligible(facts, action, role) if possible else ()
    if not actor.holds(role, facts.body_id):
        yield Refusal(
            "role_missing",
            {"role": role, "body": facts.body_name, "action": action.value},
            who,
        )
    place = principal.account_id if principal else None
    yield from _separation(facts, action, actor.account_id, who, place)


def _separation(
    facts: Facts,
    action: Action,
    account_id: int,
    who: tuple[Who, ...],
    principal_id: int | None = None,
) -> Iterator[Refusal]:
    """Apply the rule that no author decides or publishes, and no one at two stages of a round.

    Whoever counts as one with the person, or with the one in whose place they act, is that person.
    """
    confirming, publishing = action in CONFIRMING, action in _PUBLISHING
    deciding = (
        action in POSITIVE or action in REVIEW_ACTIONS or action is Action.ANSWER or confirming
    )
    same = facts.one_with(account_id, principal_id)
    if confirming and facts.asked_by == account_id:
        yield Refusal("asker_may_not_confirm", {"action": action.value}, who)
    elif confirming and facts.asked_by in same:
        yield Refusal("one_with_asker", {"action": action.value}, who)
    if action is Action.SUBMIT:
        yield from _submitting(facts, account_id, same, who)
    if not deciding and not publishing:
        return
    stage = facts.place.stage
    kind = facts.policy.stage(stage).kind if stage else None
    lifted = _lifted(facts, account_id, kind)
    if facts.authors & same and kind is not StageKind.OPINION and not lifted.own_text:
        code = "author_may_not_publish" if publishing else "author_may_not_decide"
        if account_id not in facts.authors:
            code = "one_with_author"
        yield Refusal(code, {"action": action.value, "stage": stage}, who)
    if action is Action.ANSWER or lifted.two_stages:
        return
    for decision in _elsewhere(facts, same, lets_final=publishing or confirming):
        code = "decider_may_not_publish" if publishing else "decided_at_another_stage"
        if decision.account_id != account_id:
            code = "one_with_decider"
        yield Refusal(code, {"action": action.value, "stage": decision.stage}, who)


def _lifted(facts: Facts, account_id: int, kind: StageKind | None) -> Lifted:
    """Return what is lifted for a person at a stage of that kind.

    Never at the confidentiality review, whose second pair of eyes is the law's, nor where no stage
    is: at publication, and where two people are demanded.
    """
    here = kind is not None and kind is not StageKind.CONFIDENTIALITY_REVIEW
    return facts.waivers.get(account_id, _NOTHING) if here else _NOTHING


def _elsewhere(facts: Facts, same: frozenset[int], *, lets_final: bool) -> Iterator[Held]:
    """Yield the decisions of some people at other stages; perhaps not those of the last one."""
    for decision in facts.round:
        here = decision.stage == facts.place.stage
        if decision.by(same) and not here and not (lets_final and _is_final(facts, decision.stage)):
            yield decision


def _submitting(
    facts: Facts, account_id: int, same: frozenset[int], who: tuple[Who, ...]
) -> Iterator[Refusal]:
    """Refuse a submission by whose decision stands: it would go on standing as an author's."""
    # Who wrote it decided under a waiver, and goes on under it.
    if account_id in facts.authors and facts.waivers.get(account_id, _NOTHING).own_text:
        return
    for decision in facts.round:
        if decision.voided or not decision.by(same):
            continue
        if facts.policy.stage(decision.stage).kind is not StageKind.OPINION:
            own = decision.account_id == account_id
            code = "decided_at_another_stage" if own else "one_with_decider"
            yield Refusal(code, {"action": Action.SUBMIT.value, "stage": decision.stage}, who)


def _is_final(facts: Facts, stage: str) -> bool:
    return facts.policy.stage(stage).kind is StageKind.FINAL_REVIEW


def eligible(facts: Facts, action: Action, role: str) -> tuple[Who, ...]:
    """Return who could do ``action`` instead: they hold the role and no rule keeps them out."""
    return tuple(
        who
        for account_id, who in facts.holders.get(role, ())
        if not is_kept_apart(facts, action, account_id, who.principal_id)
    )


def is_kept_apart(
    facts: Facts, action: Action, account_id: int, principal_id: int | None = None
) -> bool:
    """Tell whether the separation of duties keeps a person from ``action``, whatever they hold.

    With ``principal_id``, whether it does in that person's place.
    """
    return any(_separation(facts, action, account_id, (), principal_id))


def _missing(facts: Facts, action: Action, wish: Wish) -> Iterator[Refusal]:
    """Refuse what is said too little with an action, or is not known to the policy."""
    if action is Action.SUBMIT:
        yield from _incomplete(facts)
    if action in _WITH_REASON or (action is Action.ABANDON and facts.submitted_before):
        yield from _demand(action, "reason", wish.reason)
    yield from _two_people(facts, action, wish)
    yield from _editions(facts, action, wish)
    if action is Action.URGE and facts.urged_at is not None:
        yield Refusal("urged_lately", {"at": facts.urged_at, "hours": URGED_AGAIN_AFTER})
    if action is Action.RECALL and facts.decided_since_submission:
        yield Refusal("already_decided", {"stage": facts.place.stage})
    if action is Action.RETURN:
        yield from _returned(facts, wish)
    if action in REVIEW_ACTIONS:
        yield from _review(facts, action, wish)
    if action is Action.PUBLISH and facts.late_since is not None:
        yield from _late(facts.late_since, wish)
    if action is Action.ANSWER:
        yield from _answered(facts, wish)


def _answered(facts: Facts, wish: Wish) -> Iterator[Refusal]:
    yield from _demand(Action.ANSWER, "answer", wish.answer)
    if wish.answered_on is not None and wish.answered_on > facts.today:
        yield Refusal("date_in_future", {"value": wish.answered_on})


def _two_people(facts: Facts, action: Action, wish: Wish) -> Iterator[Refusal]:
    """Refuse to ask twice or without words, and to settle what nobody asked for."""
    if action is Action.RETRACT:
        yield from _demand(action, "explanation", wish.explanation)
    if action in (Action.RETRACT, Action.RESTORE):
        if facts.asked is not Asked.NOTHING:
            yield Refusal("asked_already", {"asked": facts.asked.value})
    elif action is Action.CALL_OFF:
        if facts.asked is Asked.NOTHING:
            yield Refusal("nothing_asked")
    elif action in CONFIRMING:
        wanted = _CONFIRMS[action]
        if facts.asked is not wanted:
            yield Refusal("not_asked_for", {"asked": wanted.value})


def _editions(facts: Facts, action: Action, wish: Wish) -> Iterator[Refusal]:
    """Refuse a second correction while one is open, and to bring back what was corrected since."""
    if action is Action.CORRECT:
        yield from _demand(action, "change_note", wish.change_note)
        if wish.changed_on is not None and wish.changed_on > facts.today:
            yield Refusal("date_in_future", {"value": wish.changed_on})
    if facts.next_edition is None:
        return
    if action in (Action.CORRECT, Action.REOPEN):
        yield Refusal("correction_open", {"item": facts.next_edition})
    elif action in (Action.RESTORE, Action.CONFIRM_RESTORATION) and facts.next_is_public:
        yield Refusal("newer_edition_public", {"item": facts.next_edition})


def _returned(facts: Facts, wish: Wish) -> Iterator[Refusal]:
    if not wish.reason_code:
        yield from _demand(Action.RETURN, "code", wish.reason_code)
    elif wish.reason_code not in facts.policy.return_codes:
        yield _unknown("unknown_return_code", wish.reason_code, facts.policy.return_codes)
    yield from _demand(Action.RETURN, "to", wish.to)


def _late(due: date, wish: Wish) -> Iterator[Refusal]:
    if not (wish.late_reason or "").strip():
        yield Refusal("late_reason_required", {"due": due})


def _demand(action: Action, name: str, value: str | None) -> Iterator[Refusal]:
    if is_blank(value):
        yield Refusal(f"{name}_required", {"action": action.value})


def _unknown(code: str, value: str, known: Iterable[str]) -> Refusal:
    return Refusal(code, {"value": value, "known": tuple(known)})


def _incomplete(facts: Facts) -> Iterator[Refusal]:
    if facts.attribute is None:
        yield Refusal("attribute_required")
    if facts.formed_on is None:
        yield Refusal("formed_on_required")
    if facts.category is None:
        yield Refusal("category_required")
    elif facts.category not in facts.policy.catalogue:
        yield _unknown("unknown_category", facts.category, facts.policy.catalogue)
    if facts.attribute not in (None, Attribute.PROACTIVE):
        yield from _ground(facts, facts.ground, facts.attribute.value)
        if is_blank(facts.attribute_reason):
            yield Refusal("attribute_reason_required")
    unchanged = facts.digest in facts.asked_on
    if facts.redaction is Redaction.OWED and (unchanged or facts.outcome is Outcome.PUBLICATION):
        yield Refusal("redaction_owed")


def _ground(facts: Facts, code: str | None, attribute: str) -> Iterator[Refusal]:
    if not code:
        yield Refusal("ground_required", {"known": tuple(facts.policy.grounds)})
    elif code not in facts.policy.grounds:
        yield _unknown("unknown_ground", code, facts.policy.grounds)
    elif attribute not in facts.policy.grounds[code].attributes:
        yield Refusal("ground_does_not_serve", {"ground": code, "attribute": attribute})


def _review(facts: Facts, action: Action, wish: Wish) -> Iterator[Refusal]:
    questions = {question.code for question in facts.policy.checklist}
    for code in wish.found:
        if code not in questions:
            yield _unknown("unknown_question", code, sorted(questions))
    if action is Action.REVIEW_REFER:
        yield from _demand(action, "question", wish.question)
        yield from _demand(action, "addressee", wish.addressee)
    elif action in _WITHHOLDING:
        on_request = action is Action.REVIEW_ON_REQUEST_ONLY
        attribute = Attribute.ON_REQUEST if on_request else Attribute.NOT_DISCLOSED
        yield from _ground(facts, wish.ground or facts.ground, attribute.value)
        if wish.reassess_on is not None and wish.reassess_on <= facts.today:
            yield Refusal("reassessment_not_ahead", {"value": wish.reassess_on})
    else:
        yield from _disclosure(facts, action, wish)


def _disclosure(facts: Facts, action: Action, wish: Wish) -> Iterator[Refusal]:
    in_part = action is Action.REVIEW_DISCLOSE_IN_PART
    if in_part and _progress(facts, action, wish).redaction is not Redaction.MADE:
        # This asks for a redaction; the item goes back to its drafter whatever its attribute.
        if all(is_blank(part) for part in wish.redactions):
            yield Refusal("redactions_required")
        return
    if not in_part:
        if facts.redaction is Redaction.OWED:
            yield Refusal("redaction_owed")
        if wish.found:
            yield Refusal("found_something", {"found": wish.found})
        if wish.redactions:
            yield Refusal("redactions_not_whole")
    if facts.outcome is not Outcome.PUBLICATION:
        yield Refusal("attribute_not_proactive", {"attribute": str(facts.attribute)})


def _gate(facts: Facts, action: Action) -> Iterator[Refusal]:
    """Refuse what is not, to the byte, what was decided upon."""
    if action in _UNGATED:
        return
    if not facts.content_sound:
        yield Refusal("content_damaged", {"digest": facts.digest})
    elif not facts.content_present and action is not Action.REVISE:
        yield Refusal("content_purged", {"digest": facts.digest})
    if facts.purged_files and action in _LETTING_OUT:
        yield Refusal("attachments_purged", {"names": facts.purged_files})
    if action in _GATED_BY_STAGES:
        for stage in facts.policy.stages:
            if stage.name not in facts.held:
                yield Refusal("stage_not_held", {"stage": stage.name})


def _progress(facts: Facts, action: Action, wish: Wish) -> Progress:
    """Return what selects the arrow: with a list, "in part" asks also of what is a redaction."""
    asks = action is Action.REVIEW_DISCLOSE_IN_PART and bool(wish.redactions)
    return facts.progress.asking() if asks else facts.progress


def _chosen(
    facts: Facts, action: Action, arrows: tuple[Arrow, ...], wish: Wish
) -> Arrow | Refusal | None:
    progress = _progress(facts, action, wish)
    open_now = tuple(arrow for arrow in arrows if arrow.applies(progress))
    if action is not Action.RETURN:
        return open_now[0] if open_now else None
    if wish.to is None:
        return None
    target = Place(State.DRAFT) if wish.to == State.DRAFT.value else Place(State.PENDING, wish.to)
    for arrow in open_now:
        if arrow.dest == target:
            return arrow
    # A stage that the item has passed over is as little a way back as one that lies ahead.
    known = dict.fromkeys(arrow.dest.stage or State.DRAFT.value for arrow in open_now)
    return Refusal("no_way_back", {"to": wish.to, "known": tuple(known)})
