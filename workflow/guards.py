"""Who may do what, when: the guards, and :func:`decide`, which answers with *every* reason.

Pure: all that a guard may look at is in :class:`Facts`, gathered by the service under one lock at
one instant. Deny is the default: an action that no arrow carries, or that nobody is named for, is
refused. Out of date (*what you saw has changed*) is told apart from not allowed.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeVar

from workflow.coordination import LETS_GO
from workflow.errors import Refusal, Who, named
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
from workflow.validity import Status

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from datetime import date, datetime

    from workflow.coordination import Consultation
    from workflow.policy import Policy


_T = TypeVar("_T")


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
SYSTEM_ACTIONS: Final = frozenset({Action.CONFIRM, Action.FAIL, Action.SUPERSEDE, Action.RENEW})
_CLERKS: Final = frozenset(
    {Action.REVISE, Action.SUBMIT, Action.RECALL, Action.URGE, Action.CORRECT}
)
URGENT: Final = frozenset({Action.PUBLISH_URGENTLY, Action.CONFIRM_URGENT_PUBLICATION})
"""What two people do who publish ahead of the review: a publisher, and whom the policy names."""
_PUBLISHERS: Final = URGENT | {
    Action.PUBLISH,
    Action.RETRY,
    Action.RETRACT,
    Action.RESTORE,
    Action.CALL_OFF,
}
_PUBLISHING: Final = URGENT | {Action.PUBLISH, Action.RETRY, Action.RESTORE}
"""What brings something before the public, which no author and no earlier decider does."""
_OUTSIDE: Final = frozenset({State.PUBLISHING, State.PUBLISHED})
CONFIRMING: Final = frozenset(
    {Action.CONFIRM_RETRACTION, Action.CONFIRM_RESTORATION, Action.CONFIRM_VALIDITY}
)
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
        Action.VALIDITY,
        Action.CONFIRM_VALIDITY,
        Action.RENEW,
    }
)
"""What lets nothing out and is the way on when content is damaged or gone."""
_GATED_BY_STAGES: Final = frozenset(
    {Action.PUBLISH, Action.RETRY, Action.CONFIRM, Action.RESTORE, Action.CONFIRM_RESTORATION}
)
_OWED_LATER: Final = frozenset({Action.RETRY, Action.CONFIRM})
"""What goes on although stages are open, where two people have let it out ahead of them."""
_LETTING_OUT: Final = _GATED_BY_STAGES | URGENT | {Action.SUBMIT}
LATE_WITH_REASON: Final = frozenset({Action.PUBLISH, Action.CONFIRM_URGENT_PUBLICATION})
"""What starts a publication, which owes a reason where it comes late."""
_WITH_REASON: Final = frozenset(
    {Action.RECALL, Action.RETURN, Action.REOPEN, Action.RESTORE, Action.PUBLISH_URGENTLY}
)
_CONFIRMS: Final = {
    Action.CONFIRM_URGENT_PUBLICATION: Asked.URGENT_PUBLICATION,
    Action.CONFIRM_RETRACTION: Asked.RETRACTION,
    Action.CONFIRM_RESTORATION: Asked.RESTORATION,
    Action.CONFIRM_VALIDITY: Asked.VALIDITY,
}
_ASKING: Final = frozenset(
    {Action.RETRACT, Action.RESTORE, Action.VALIDITY, Action.PUBLISH_URGENTLY}
)
URGED_AGAIN_AFTER: Final = 24
"""So many hours have to pass before the same item can be urged once more."""
_NOTHING: Final = Lifted(0, own_text=False, two_stages=False)
_WITHHOLDING: Final = frozenset({Action.REVIEW_ON_REQUEST_ONLY, Action.REVIEW_WITHHOLD})
_OBJECTING: Final = _WITHHOLDING | {
    Action.REVIEW_DISCLOSE_IN_PART,
    Action.REVIEW_REFER,
    Action.RETURN,
    Action.RECALL,
}
"""What somebody may want to do to what is public already, and can only ask to retract."""


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

    def acting(
        self,
        *roles: str,
        body_id: int | None = None,
        barred: Callable[[Principal | None], bool] = lambda _: False,
    ) -> Actor:
        """Return the person as acting in one of ``roles``, for a body if one is given.

        In their own right if they hold one so, else in the first place that is not ``barred``.
        """
        fitting = dict.fromkeys(
            grant.principal
            for grant in self.grants
            if grant.role in roles and (body_id is None or grant.reaches(body_id))
        )
        places = (None,) if None in fitting else tuple(fitting) or (None,)
        free = (each for each in places if len(places) == 1 or not barred(each))
        return replace(self, principal=next(free, places[0]))

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
    kind: StageKind
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
    not_duplicate: str | None = None
    validity: Status | None = None
    basis: str | None = None
    from_on: date | None = None
    replaced_by: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Everything about an item that guards may look at, gathered under one lock.

    ``asked_on`` are the digests on which a review asked for a redaction, in all rounds. ``asked``
    is what waits for a second person's word, ``asked_by`` who asked for it and ``asker`` that
    person as of now, where it matters. ``owed_stage`` is the first stage that is still to be made
    up for by what was published ahead of its review, and ``let_out_by`` are the two who did that.
    ``urged_at`` is
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
    asker: Actor | None = None
    owed_stage: str | None = None
    let_out_by: frozenset[int] = frozenset()
    urged_at: datetime | None = None
    next_edition: int | None = None
    next_is_public: bool = False
    consultations: tuple[Consultation, ...] = ()
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
    def held_back_by(self) -> tuple[Consultation, ...]:
        """The consultations because of which this text may not be published today."""
        rules = self.policy.consulting
        return tuple(
            each for each in self.consultations if each.holds_back(self.today, self.digest, rules)
        )

    @property
    def progress(self) -> Progress:
        """What selects among arrows."""
        return Progress(self.held, self.outcome, self.redaction, self.asked, _owes(self))

    @property
    def stage(self) -> str | None:
        """The stage that decides next: the one it is at, or the first that is still owed."""
        reviewed = self.place.state in (State.PUBLISHED, State.RETRACTED)
        return self.place.stage or (self.owed_stage if reviewed else None)


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
    """Return the role that may do ``action`` now; ``None`` if nobody may.

    There may be others that may, too: see :func:`roles_for`.
    """
    state, stage = facts.place.state, facts.stage
    if action in _CLERKS:
        return Role.CLERK
    if action is Action.ABANDON:
        return Role.DEPARTMENT_HEAD if facts.submitted_before else Role.CLERK
    if action in (Action.REOPEN, Action.VALIDITY):
        return Role.DEPARTMENT_HEAD
    if action in _PUBLISHERS or action is Action.CONFIRM_VALIDITY:
        return Role.PUBLISHER
    if action in CONFIRMING:
        return Role.FINAL_REVIEWER
    if action is Action.RETURN and state in (State.CLEARED, State.PUBLICATION_FAILED):
        return Role.PUBLISHER
    here = facts.policy.find_stage(stage)
    if here is None:
        return None
    if action is Action.RETURN or action in VERBS[here.kind]:
        return here.role
    if action is Action.ANSWER and here.kind is StageKind.CONFIDENTIALITY_REVIEW:
        return here.role
    return None


def roles_for(facts: Facts, action: Action) -> tuple[str, ...]:
    """Return every role that may do ``action`` now."""
    first = required_role(facts, action)
    if first is None:
        return ()
    if _is_urgent(facts, action):
        return (first, *facts.policy.urgent_roles)
    if action is Action.RETRACT and facts.stage is not None:
        # Who is to decide on what is public and objects cannot return it any more.
        return first, facts.policy.stage(facts.stage).role
    return (first,)


def _may(facts: Facts, action: Action, actor: Actor) -> bool:
    """Tell whether a person holds what ``action`` asks for, or is named for it by the policy."""
    if any(actor.holds(role, facts.body_id) for role in roles_for(facts, action)):
        return True
    return _is_named(facts, action, actor)


def _is_named(facts: Facts, action: Action, actor: Actor) -> bool:
    return _is_urgent(facts, action) and actor.name in facts.policy.urgent_people


def _is_urgent(facts: Facts, action: Action) -> bool:
    """Tell whether an act is one of those who publish urgently, or think better of it."""
    asked = facts.asked is Asked.URGENT_PUBLICATION
    return action in URGENT or (action is Action.CALL_OFF and asked)


def is_one_of_two(policy: Policy, body_id: int, one: Actor) -> bool:
    """Tell whether a person can be one of the two who publish urgently, if the policy has it."""
    named = one.name in policy.urgent_people
    held = any(one.holds(role, body_id) for role in (Role.PUBLISHER, *policy.urgent_roles))
    provided = bool(policy.urgent_roles or policy.urgent_people)
    return one.enabled and provided and (named or held)


def let_out_together(policy: Policy, body_id: int, one: Actor, other: Actor) -> bool:
    """Tell whether of two people one is a publisher and the other one whom the policy names."""
    return any(
        publisher.holds(Role.PUBLISHER, body_id)
        and (
            second.name in policy.urgent_people
            or any(second.holds(role, body_id) for role in policy.urgent_roles)
        )
        for publisher, second in ((one, other), (other, one))
    )


def decide(
    facts: Facts, action: Action, actor: Actor | None, wish: Wish | None = None
) -> Transition | tuple[Refusal, ...]:
    """Answer whether ``actor`` may do ``action`` now: the transition, or all refusals.

    ``actor`` of ``None`` is the system, which may confirm and fail publications and nothing else.
    """
    wish = wish or Wish()
    if not facts.policy.knows(facts.place):
        who = tuple(who for _, who in facts.holders.get(Role.ADMINISTRATOR, ()))
        return (Refusal("needs_migration", {"state": str(facts.place)}, who),)
    arrows = tuple(arrow for arrow in _arrows(facts, action) if arrow.owing in (None, _owes(facts)))
    refusals: list[Refusal] = []
    if not arrows:
        refusals.append(_wrong_state(facts, action))
    principal = _in_place_of(facts, action, actor)
    refusals += _permission(facts, action, actor, principal, possible=bool(arrows))
    if arrows:
        refusals += _missing(facts, action, wish)
        refusals += _gate(facts, action)
        refusals += _coordination(facts, action, arrows)
    arrow = _chosen(facts, action, arrows, wish) if arrows else None
    if isinstance(arrow, Refusal):
        refusals.append(arrow)
    if refusals:
        return _distinct(refusals)
    if not isinstance(arrow, Arrow):
        return (_wrong_state(facts, action),)
    waiver_id = _needed_waiver(facts, action, actor, principal)
    stage = facts.stage if arrow.holds else facts.place.stage
    return Transition(arrow, stage, principal, waiver_id)


def _arrows(facts: Facts, action: Action) -> tuple[Arrow, ...]:
    return facts.policy.machine.arrows_from(facts.place, action)


def _owes(facts: Facts) -> bool:
    return facts.owed_stage is not None


def leading_on(facts: Facts) -> tuple[Action, ...]:
    """Return what people can do to lead on from here, by whoever it is.

    Of what owes its review only the stage whose turn it is counts, and of all else none. On the
    way there it is told that somebody may ask for urgency, and to confirm it once somebody did.
    From a place that its policy does not have each is refused, for the same reason.
    """
    if not facts.policy.knows(facts.place):
        return tuple(action for action in Action if action not in SYSTEM_ACTIONS)
    on_the_way = facts.place.state in (State.PENDING, State.CLEARED)
    return tuple(
        action
        for action in facts.policy.machine.actions_from(facts.place)
        if action not in SYSTEM_ACTIONS
        and any(
            (arrow.owing is None or arrow.applies(facts.progress))
            and (not on_the_way or facts.asked in arrow.asked)
            for arrow in _arrows(facts, action)
        )
    )


def _distinct(found: Iterable[_T]) -> tuple[_T, ...]:
    distinct: list[_T] = []
    for each in found:
        if each not in distinct:
            distinct.append(each)
    return tuple(distinct)


def _wrong_state(facts: Facts, action: Action) -> Refusal:
    if _owes(facts) and action in _OBJECTING and facts.stage is not None:
        return Refusal("public_already", {"action": action.value, "stage": facts.stage})
    return Refusal(
        "wrong_state",
        {
            "action": action.value,
            "state": facts.place.state.value,
            "stage": facts.place.stage,
            "possible": tuple(other.value for other in leading_on(facts)),
            **facts.last_change,
        },
    )


def _in_place_of(facts: Facts, action: Action, actor: Actor | None) -> Principal | None:
    """Return in whose place a person acts: the first for whom no rule keeps them out.

    Who is named for it by the policy is so in their own right.
    """
    if actor is None or _is_named(facts, action, actor):
        return None

    def barred(place: Principal | None, account_id: int = actor.account_id) -> bool:
        return is_kept_apart(facts, action, account_id, place and place.account_id)

    roles = roles_for(facts, action)
    return actor.acting(*roles, body_id=facts.body_id, barred=barred).principal


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
    roles = roles_for(facts, action)
    if not roles:
        return
    # From a state that it does not lead on from, nobody could do it instead.
    who = _distinct(each for role in roles for each in eligible(facts, action, role))
    who = who if possible else ()
    if not _may(facts, action, actor):
        yield Refusal(
            "role_missing",
            {
                "role": roles[0],
                "body": facts.body_name,
                "action": action.value,
                "other_roles": roles[1:],
            },
            who,
        )
    elif action is Action.CONFIRM_URGENT_PUBLICATION and facts.asker is not None:
        yield from _as_second(facts, facts.asker, actor, who)
    place = principal.account_id if principal else None
    yield from _separation(facts, action, actor.account_id, who, place)


def _as_second(facts: Facts, asker: Actor, actor: Actor, who: tuple[Who, ...]) -> Iterator[Refusal]:
    """Refuse a second person who is not the other one of the two, or comes after the first left."""
    asking = Action.PUBLISH_URGENTLY
    stays = asker.enabled and _may(facts, asking, asker)
    if not stays or is_kept_apart(facts, asking, asker.account_id):
        yield Refusal("asker_may_no_longer", {"asker": asker.display_name})
        return
    together = let_out_together(facts.policy, facts.body_id, asker, actor)
    if asker.account_id != actor.account_id and not together:
        wanted = (Role.PUBLISHER.value, *facts.policy.urgent_roles)
        others = tuple(role for role in wanted if not asker.holds(role, facts.body_id))
        yield Refusal("not_the_second_person", {"known": others, "asker": asker.display_name}, who)


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
    if action in _CONFIRMS and facts.asked_by in same:
        yield _asker(facts, action, account_id, who)
    if action is Action.SUBMIT:
        yield from _submitting(facts, account_id, same, who)
    if not deciding and not publishing:
        return
    # To publish or to confirm is to decide at none of the stages.
    stage = None if publishing or confirming else facts.stage
    here = facts.policy.find_stage(stage)
    kind = here.kind if here else None
    lifted = _lifted(facts, account_id, kind)
    if stage and facts.let_out_by & same and kind is not StageKind.FINAL_REVIEW:
        yield Refusal("let_out_urgently", {"action": action.value, "stage": stage}, who)
    if facts.authors & same and kind is not StageKind.OPINION and not lifted.own_text:
        code = "author_may_not_publish" if publishing else "author_may_not_decide"
        if account_id not in facts.authors:
            code = "one_with_author"
        yield Refusal(code, {"action": action.value, "stage": stage}, who)
    if action is Action.ANSWER or lifted.two_stages:
        return
    for decision in _elsewhere(facts, same, stage):
        code = "decider_may_not_publish" if publishing else "decided_at_another_stage"
        if decision.account_id != account_id:
            code = "one_with_decider"
        yield Refusal(code, {"action": action.value, "stage": decision.stage}, who)


def _asker(facts: Facts, action: Action, account_id: int, who: tuple[Who, ...]) -> Refusal:
    """Refuse that who asked for something confirms it, or whoever counts as one with them."""
    code = "asker_may_not_confirm" if facts.asked_by == account_id else "one_with_asker"
    return Refusal(code, {"action": action.value}, who)


def _lifted(facts: Facts, account_id: int, kind: StageKind | None) -> Lifted:
    """Return what is lifted for a person at a stage of that kind.

    Never at the confidentiality review, whose second pair of eyes is the law's, nor where no stage
    is: at publication, and where two people are demanded.
    """
    here = kind is not None and may_be_lifted(kind)
    return facts.waivers.get(account_id, _NOTHING) if here else _NOTHING


def may_be_lifted(kind: StageKind) -> bool:
    """Tell whether a waiver counts at stages of that kind."""
    return kind is not StageKind.CONFIDENTIALITY_REVIEW


def _elsewhere(facts: Facts, same: frozenset[int], stage: str | None) -> Iterator[Held]:
    """Yield the decisions of some people that keep them from another one, at ``stage`` or none."""
    for decision in facts.round:
        if not decision.by(same) or decision.stage == stage:
            continue
        if stage is None and decision.kind is StageKind.FINAL_REVIEW:
            continue
        # Void together with its stage, it was no part of what is decided now.
        if not decision.voided or facts.policy.find_stage(decision.stage) is not None:
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
        if decision.kind is not StageKind.OPINION:
            own = decision.account_id == account_id
            code = "decided_at_another_stage" if own else "one_with_decider"
            yield Refusal(code, {"action": Action.SUBMIT.value, "stage": decision.stage}, who)


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
    if action in URGENT:
        yield from _urgency(facts)
    yield from _editions(facts, action, wish)
    if action is Action.URGE and facts.urged_at is not None:
        yield Refusal("urged_lately", {"at": facts.urged_at, "hours": URGED_AGAIN_AFTER})
    if action is Action.RECALL and facts.decided_since_submission:
        yield Refusal("already_decided", {"stage": facts.place.stage})
    if action is Action.RETURN:
        yield from _returned(facts, wish)
    if action in REVIEW_ACTIONS:
        yield from _review(facts, action, wish)
    if action in LATE_WITH_REASON and facts.late_since is not None:
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
    if action is Action.VALIDITY:
        yield from _validity(facts, wish)
    if action in _ASKING:
        if facts.asked is not Asked.NOTHING:
            yield Refusal("asked_already", {"asked": facts.asked.value})
    elif action is Action.CALL_OFF:
        if facts.asked is Asked.NOTHING:
            yield Refusal("nothing_asked")
    elif action in _CONFIRMS:
        wanted = _CONFIRMS[action]
        if facts.asked is not wanted:
            yield Refusal("not_asked_for", {"asked": wanted.value})


def _validity(facts: Facts, wish: Wish) -> Iterator[Refusal]:
    """Refuse a change of validity that does not say what, why and from when."""
    if wish.validity is None:
        yield Refusal("status_required", {"known": tuple(status.value for status in Status)})
    yield from _demand(Action.VALIDITY, "basis", wish.basis)
    if wish.from_on is None:
        yield Refusal("from_required")
    elif facts.formed_on is not None and wish.from_on < facts.formed_on:
        about = {"value": wish.from_on, "formed_on": facts.formed_on}
        yield Refusal("validity_before_formation", about)
    if wish.replaced_by and wish.validity is Status.IN_FORCE:
        yield Refusal("replaced_in_force")


def _urgency(facts: Facts) -> Iterator[Refusal]:
    """Refuse to publish urgently what is not to be published so, and where nobody is named."""
    if not facts.policy.urgent_roles and not facts.policy.urgent_people:
        yield Refusal("urgency_not_provided", {"policy": facts.policy.code})
    if facts.outcome is not Outcome.PUBLICATION:
        yield Refusal("urgent_not_for_publication", {"outcome": facts.outcome.value})
    if facts.redaction is Redaction.OWED:
        yield Refusal("redaction_owed")


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
        known = named(*facts.policy.return_codes.values())
        yield _unknown("unknown_return_code", wish.reason_code, known)
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
        yield _unknown("unknown_category", facts.category, named(*facts.policy.catalogue.values()))
    if facts.attribute not in (None, Attribute.PROACTIVE):
        yield from _ground(facts, facts.ground, facts.attribute.value)
        if is_blank(facts.attribute_reason):
            yield Refusal("attribute_reason_required")
    unchanged = facts.digest in facts.asked_on
    if facts.redaction is Redaction.OWED and (unchanged or facts.outcome is Outcome.PUBLICATION):
        yield Refusal("redaction_owed")


def _ground(facts: Facts, code: str | None, attribute: str) -> Iterator[Refusal]:
    grounds = facts.policy.grounds
    if not code:
        yield Refusal("ground_required", {"known": named(*grounds.values())})
    elif code not in grounds:
        yield _unknown("unknown_ground", code, named(*grounds.values()))
    elif attribute not in grounds[code].attributes:
        (ground,) = named(grounds[code])
        yield Refusal("ground_does_not_serve", {"ground": ground, "attribute": attribute})


def _review(facts: Facts, action: Action, wish: Wish) -> Iterator[Refusal]:
    questions = {question.code: question for question in facts.policy.checklist}
    for code in wish.found:
        if code not in questions:
            yield _unknown("unknown_question", code, named(*questions.values()))
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
        if not _owes(facts) and all(is_blank(part) for part in wish.redactions):
            yield Refusal("redactions_required")
        return
    if not in_part:
        if facts.redaction is Redaction.OWED:
            yield Refusal("redaction_owed")
        if wish.found:
            asked = {question.code: question for question in facts.policy.checklist}
            found = named(*(asked[code] for code in wish.found if code in asked))
            yield Refusal("found_something", {"found": found})
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
    owed_later = action in _OWED_LATER and _owes(facts)
    if action in _GATED_BY_STAGES and not owed_later:
        for stage in facts.policy.stages:
            if stage.name not in facts.held:
                yield Refusal("stage_not_held", {"stage": stage.name})


def _coordination(facts: Facts, action: Action, arrows: tuple[Arrow, ...]) -> Iterator[Refusal]:
    """Refuse to bring before the public what another body still has a say in.

    Whatever the action is called: it counts where it leads, and that bringing back is asked for.
    """
    comes_out = any(
        arrow.dest.state in _OUTSIDE and arrow.source.state is not State.PUBLISHED
        for arrow in arrows
    )
    if not comes_out and action not in _PUBLISHING:
        return
    for each in facts.held_back_by:
        standing = each.standing(facts.today)
        about = {
            "number": each.number,
            "body": each.addressee or "—",
            "standing": standing.value,
            "due": each.due_on,
        }
        if standing in LETS_GO:
            yield Refusal("consultation_on_earlier_version", about)
        else:
            yield Refusal("consultation_open", about)


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
