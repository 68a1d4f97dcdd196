"""The guards: each refusal is provoked once and once shown to be absent, and all come together."""

from __future__ import annotations

import ast
import inspect
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import pytest

from tests.unit.cases import (
    BODY,
    BODY_NAME,
    DIGEST,
    NUMBERS,
    OLD_DIGEST,
    POLICIES,
    TODAY,
    decided,
    facts_at,
    full_wish,
    held,
    pending,
    person,
    who,
)
from workflow import guards
from workflow.coordination import Concern, Consultation, Reply, Silence
from workflow.errors import Refusal, Refused
from workflow.guards import Actor, Facts, Grant, Held, Role, Transition, Wish, decide, eligible
from workflow.machine import Action, Asked, Outcome, Place, Redaction, State
from workflow.messages import explain
from workflow.revisions import Attribute
from workflow.validity import Status

if TYPE_CHECKING:
    from workflow.errors import Who
    from workflow.policy import Policy

DRAFT, CLEARED = Place(State.DRAFT), Place(State.CLEARED)
PUBLISHING, FAILED = Place(State.PUBLISHING), Place(State.PUBLICATION_FAILED)
REFERRED: Final = Place(State.REFERRED, "confidentiality_review")
REVIEW: Final = "confidentiality_review"
TOMORROW: Final = TODAY + timedelta(days=1)


def codes(facts: Facts, action: Action, actor: Actor | None, wish: Wish | None = None) -> list[str]:
    answer = decide(facts, action, actor, wish)
    return [refusal.code for refusal in answer] if isinstance(answer, tuple) else []


def refusal_of(
    code: str, facts: Facts, action: Action, actor: Actor | None, wish: Wish | None = None
) -> Refusal:
    answer = decide(facts, action, actor, wish)
    assert isinstance(answer, tuple)
    (found,) = [refusal for refusal in answer if refusal.code == code]
    return found


@dataclass(frozen=True)
class Attempt:
    """Somebody, or the system, tries to do something to an item."""

    facts: Facts
    action: Action
    actor: Actor | None
    wish: Wish | None = None

    def made(self) -> Transition | tuple[Refusal, ...]:
        """Return what the guards answer."""
        return decide(self.facts, self.action, self.actor, self.wish)


@dataclass(frozen=True)
class Case:
    """A refusal, an attempt that provokes it, and the nearest one that is allowed."""

    code: str
    bad: Attempt
    good: Attempt


def _changed(code: str, action: Action, actor: str | None, good: Facts, **bad: Any) -> Case:
    """Return a case in which only the facts differ; nobody as actor is the system."""
    wish, who = full_wish(action), person(actor) if actor else None
    return Case(
        code, Attempt(replace(good, **bad), action, who, wish), Attempt(good, action, who, wish)
    )


def _unsaid(code: str, action: Action, actor: str, facts: Facts, **bad: Any) -> Case:
    """Return a case in which only the words differ."""
    wish = full_wish(action)
    return Case(
        code,
        Attempt(facts, action, person(actor), replace(wish, **bad)),
        Attempt(facts, action, person(actor), wish),
    )


DRAFTED: Final = facts_at(DRAFT)
WITHHELD_BY_DRAFTER: Final = facts_at(
    DRAFT,
    attribute=Attribute.NOT_DISCLOSED,
    ground="personal_privacy",
    attribute_reason="样例理由",
)
AT_REVIEW: Final = pending(REVIEW)
FOUR: Final = POLICIES["standard_four_step"]

WAITS: Final[dict[str, Any]] = {"asked": Asked.RETRACTION, "asked_by": NUMBERS["publisher-2"]}

ASKED: Final = Consultation(
    number=3,
    concern=Concern.CONCERNED,
    addressee="样例区财政局（样例）",
    body_id=BODY + 1,
    blocking=True,
    silence=Silence.STAYS_OPEN,
    digest=DIGEST,
    due_on=TODAY,
    asked_by=NUMBERS["drafter"],
    asked_as="clerk",
    asked_at=datetime(2017, 2, 20, tzinfo=UTC),
)
URGENT: Final[dict[str, Any]] = {
    "asked": Asked.URGENT_PUBLICATION,
    "asked_by": NUMBERS["supervisor"],
    "asker": person("supervisor"),
}

CASES: Final = (
    # -- what takes two people ---------------------------------------------------------------
    _changed(
        "asked_already", Action.RETRACT, "publisher", facts_at(Place(State.PUBLISHED)), **WAITS
    ),
    _changed(
        "nothing_asked",
        Action.CALL_OFF,
        "publisher",
        facts_at(Place(State.PUBLISHED), **WAITS),
        asked=Asked.NOTHING,
    ),
    _changed(
        "not_asked_for",
        Action.CONFIRM_RETRACTION,
        "final",
        facts_at(Place(State.RETRACTED), **WAITS),
        asked=Asked.RESTORATION,
    ),
    _changed(
        "asker_may_not_confirm",
        Action.CONFIRM_RETRACTION,
        "final",
        facts_at(Place(State.PUBLISHED), **WAITS),
        asked_by=NUMBERS["final"],
    ),
    _unsaid(
        "explanation_required",
        Action.RETRACT,
        "publisher",
        facts_at(Place(State.PUBLISHED)),
        explanation=" ",
    ),
    _unsaid(
        "status_required",
        Action.VALIDITY,
        "head",
        facts_at(Place(State.PUBLISHED)),
        validity=None,
    ),
    _unsaid(
        "basis_required",
        Action.VALIDITY,
        "head",
        facts_at(Place(State.PUBLISHED)),
        basis=" ",
    ),
    _unsaid(
        "from_required",
        Action.VALIDITY,
        "head",
        facts_at(Place(State.PUBLISHED)),
        from_on=None,
    ),
    _unsaid(
        "validity_before_formation",
        Action.VALIDITY,
        "head",
        facts_at(Place(State.PUBLISHED)),
        from_on=date(2016, 1, 1),
    ),
    _unsaid(
        "replaced_in_force",
        Action.VALIDITY,
        "head",
        facts_at(Place(State.PUBLISHED)),
        validity=Status.IN_FORCE,
        replaced_by=(2,),
    ),
    _unsaid(
        "change_note_required",
        Action.CORRECT,
        "drafter",
        facts_at(Place(State.PUBLISHED)),
        change_note=" ",
    ),
    _changed(
        "correction_open",
        Action.CORRECT,
        "drafter",
        facts_at(Place(State.PUBLISHED)),
        next_edition=2,
    ),
    _changed(
        "newer_edition_public",
        Action.RESTORE,
        "publisher",
        facts_at(Place(State.RETRACTED), next_edition=2),
        next_is_public=True,
    ),
    # -- ahead of the review -----------------------------------------------------------------
    _unsaid(
        "reason_required", Action.PUBLISH_URGENTLY, "publisher", pending("seal"), reason="\u3000"
    ),
    _changed(
        "not_the_second_person",
        Action.CONFIRM_URGENT_PUBLICATION,
        "publisher",
        pending("seal", **URGENT),
        asker=person("publisher-2"),
    ),
    _changed(
        "asker_may_no_longer",
        Action.CONFIRM_URGENT_PUBLICATION,
        "publisher",
        pending("seal", **URGENT),
        asker=person("supervisor", enabled=False),
    ),
    _changed(
        "asker_may_no_longer",
        Action.CONFIRM_URGENT_PUBLICATION,
        "publisher",
        pending("seal", **URGENT),
        authors=frozenset({NUMBERS["supervisor"]}),
    ),
    _changed(
        "urgency_not_provided",
        Action.PUBLISH_URGENTLY,
        "publisher",
        pending("seal"),
        policy=replace(POLICIES["dongchang"], urgent_roles=()),
    ),
    _changed(
        "urgent_not_for_publication",
        Action.PUBLISH_URGENTLY,
        "publisher",
        pending("seal"),
        attribute=Attribute.NOT_DISCLOSED,
    ),
    _changed(
        "redaction_owed",
        Action.PUBLISH_URGENTLY,
        "publisher",
        pending("seal"),
        redaction=Redaction.OWED,
    ),
    _changed(
        "let_out_urgently",
        Action.SEAL,
        "keeper",
        facts_at(Place(State.PUBLISHED), owed_stage="seal", round=(held("sign_off", "head"),)),
        let_out_by=frozenset({NUMBERS["keeper"]}),
    ),
    Case(
        "public_already",
        Attempt(
            facts_at(Place(State.PUBLISHED), owed_stage="seal", round=(held("sign_off", "head"),)),
            Action.RETURN,
            person("keeper"),
        ),
        Attempt(pending("seal"), Action.RETURN, person("keeper"), full_wish(Action.RETURN)),
    ),
    _unsaid("reason_required", Action.REOPEN, "head", facts_at(Place(State.WITHHELD)), reason=None),
    _changed(
        "urged_lately",
        Action.URGE,
        "drafter",
        pending("seal"),
        urged_at=datetime(2017, 3, 1, 9, tzinfo=UTC),
    ),
    # -- the place ---------------------------------------------------------------------------
    Case(
        "needs_migration",
        Attempt(pending("deputy_sign_off", round=()), Action.SIGN_OFF, person("deputy")),
        Attempt(
            pending("deputy_sign_off", POLICIES["two_tier"]), Action.SIGN_OFF, person("deputy")
        ),
    ),
    # A decision meant for another stage (S16), and for an item that was returned meanwhile (S1).
    Case(
        "wrong_state",
        Attempt(pending("seal"), Action.SIGN_OFF, person("keeper")),
        Attempt(pending("seal"), Action.SEAL, person("keeper")),
    ),
    Case(
        "wrong_state",
        Attempt(facts_at(DRAFT, submitted_before=True), Action.APPROVE, person("final")),
        Attempt(pending("final_review"), Action.APPROVE, person("final")),
    ),
    # -- who ---------------------------------------------------------------------------------
    Case(
        "system_may_not",
        Attempt(pending("final_review"), Action.APPROVE, None),
        Attempt(pending("final_review"), Action.APPROVE, person("final")),
    ),
    Case(
        "only_the_system",
        Attempt(facts_at(PUBLISHING), Action.CONFIRM, person("publisher")),
        Attempt(facts_at(PUBLISHING), Action.CONFIRM, None),
    ),
    Case(
        "only_the_system",
        Attempt(facts_at(PUBLISHING), Action.FAIL, person("administrator")),
        Attempt(facts_at(PUBLISHING), Action.FAIL, None),
    ),
    Case(
        "account_disabled",
        Attempt(pending("seal"), Action.SEAL, person("keeper", enabled=False)),
        Attempt(pending("seal"), Action.SEAL, person("keeper")),
    ),
    Case(
        "role_missing",
        Attempt(pending("seal"), Action.SEAL, person("auditor")),
        Attempt(pending("seal"), Action.SEAL, person("keeper")),
    ),
    # -- separation of duties ----------------------------------------------------------------
    _changed(
        "author_may_not_decide",
        Action.SEAL,
        "keeper",
        pending("seal"),
        authors=frozenset({NUMBERS["keeper"]}),
    ),
    _changed(
        "author_may_not_publish",
        Action.PUBLISH,
        "publisher",
        facts_at(CLEARED),
        authors=frozenset({NUMBERS["publisher"]}),
    ),
    _changed(
        "decided_at_another_stage",
        Action.APPROVE,
        "final",
        pending("final_review"),
        round=(held("sign_off", "final"), held("seal", "keeper"), held(REVIEW, "reviewer")),
    ),
    _changed(
        "decider_may_not_publish",
        Action.PUBLISH,
        "publisher",
        facts_at(CLEARED),
        round=(held("sign_off", "publisher"), *facts_at(CLEARED).round[1:]),
    ),
    _changed(
        "one_with_author",
        Action.SEAL,
        "keeper",
        pending("seal"),
        authors=frozenset({NUMBERS["supervisor"]}),
        as_one={NUMBERS["keeper"]: frozenset({NUMBERS["supervisor"]})},
    ),
    _changed(
        "one_with_decider",
        Action.APPROVE,
        "final",
        pending("final_review"),
        as_one={NUMBERS["final"]: frozenset({NUMBERS["head"]})},
    ),
    _changed(
        "one_with_asker",
        Action.CONFIRM_RETRACTION,
        "final",
        facts_at(Place(State.PUBLISHED), **WAITS),
        as_one={NUMBERS["final"]: frozenset({facts_at(Place(State.PUBLISHED), **WAITS).asked_by})},
    ),
    # -- what must be said -------------------------------------------------------------------
    _unsaid("reason_required", Action.RECALL, "drafter", pending("sign_off"), reason=None),
    _unsaid("reason_required", Action.RETURN, "head", pending("sign_off"), reason=" \n　"),
    _unsaid("reason_required", Action.RETURN, "head", pending("sign_off"), reason="\u200b\u3164"),
    _unsaid(
        "reason_required",
        Action.ABANDON,
        "head",
        facts_at(DRAFT, submitted_before=True),
        reason="",
    ),
    _unsaid("code_required", Action.RETURN, "head", pending("sign_off"), reason_code=None),
    _unsaid("unknown_return_code", Action.RETURN, "head", pending("sign_off"), reason_code="x"),
    _unsaid("to_required", Action.RETURN, "head", pending("sign_off"), to=None),
    _unsaid("no_way_back", Action.RETURN, "head", pending("sign_off"), to="final_review"),
    _unsaid("no_way_back", Action.RETURN, "head", pending("sign_off"), to="published"),
    _changed(
        "already_decided",
        Action.RECALL,
        "drafter",
        pending("seal"),
        decided_since_submission=True,
    ),
    # -- what a submission needs -------------------------------------------------------------
    _changed("attribute_required", Action.SUBMIT, "drafter", DRAFTED, attribute=None),
    _changed("formed_on_required", Action.SUBMIT, "drafter", DRAFTED, formed_on=None),
    _changed("category_required", Action.SUBMIT, "drafter", DRAFTED, category=None),
    _changed("unknown_category", Action.SUBMIT, "drafter", DRAFTED, category="weather"),
    _changed("ground_required", Action.SUBMIT, "drafter", WITHHELD_BY_DRAFTER, ground=None),
    _changed("unknown_ground", Action.SUBMIT, "drafter", WITHHELD_BY_DRAFTER, ground="shame"),
    _changed(
        "ground_does_not_serve",
        Action.SUBMIT,
        "drafter",
        replace(WITHHELD_BY_DRAFTER, attribute=Attribute.ON_REQUEST),
        ground="state_secret",
    ),
    _changed("redaction_owed", Action.SUBMIT, "drafter", DRAFTED, redaction=Redaction.OWED),
    _changed(
        "redaction_owed",
        Action.SUBMIT,
        "drafter",
        replace(WITHHELD_BY_DRAFTER, redaction=Redaction.OWED, asked_on=frozenset({OLD_DIGEST})),
        asked_on=frozenset({OLD_DIGEST, DIGEST}),
    ),
    _changed(
        "attribute_reason_required",
        Action.SUBMIT,
        "drafter",
        WITHHELD_BY_DRAFTER,
        attribute_reason="　",
    ),
    # -- the confidentiality review ----------------------------------------------------------
    _unsaid("unknown_question", Action.REVIEW_WITHHOLD, "reviewer", AT_REVIEW, found=("mood",)),
    _unsaid(
        "found_something", Action.REVIEW_DISCLOSE, "reviewer", AT_REVIEW, found=("work_secret",)
    ),
    _changed(
        "attribute_not_proactive",
        Action.REVIEW_DISCLOSE,
        "reviewer",
        AT_REVIEW,
        attribute=Attribute.NOT_DISCLOSED,
    ),
    Case(
        "attribute_not_proactive",
        Attempt(
            pending(REVIEW, redaction=Redaction.MADE, attribute=Attribute.ON_REQUEST),
            Action.REVIEW_DISCLOSE_IN_PART,
            person("reviewer"),
        ),
        Attempt(
            pending(REVIEW, redaction=Redaction.MADE),
            Action.REVIEW_DISCLOSE_IN_PART,
            person("reviewer"),
        ),
    ),
    _unsaid(
        "redactions_required",
        Action.REVIEW_DISCLOSE_IN_PART,
        "reviewer",
        AT_REVIEW,
        redactions=("", " \u200b"),
    ),
    _unsaid(
        "redactions_required",
        Action.REVIEW_DISCLOSE_IN_PART,
        "reviewer",
        pending(REVIEW, redaction=Redaction.MADE),
        redactions=(" ",),
    ),
    _unsaid(
        "redactions_not_whole",
        Action.REVIEW_DISCLOSE,
        "reviewer",
        AT_REVIEW,
        redactions=("样例电话",),
    ),
    _changed(
        "redaction_owed", Action.REVIEW_DISCLOSE, "reviewer", AT_REVIEW, redaction=Redaction.OWED
    ),
    _unsaid("ground_required", Action.REVIEW_WITHHOLD, "reviewer", AT_REVIEW, ground=None),
    _unsaid("unknown_ground", Action.REVIEW_WITHHOLD, "reviewer", AT_REVIEW, ground="shame"),
    _unsaid(
        "ground_does_not_serve",
        Action.REVIEW_ON_REQUEST_ONLY,
        "reviewer",
        AT_REVIEW,
        ground="state_secret",
    ),
    _unsaid(
        "reassessment_not_ahead",
        Action.REVIEW_WITHHOLD,
        "reviewer",
        AT_REVIEW,
        reassess_on=TODAY,
    ),
    _unsaid("question_required", Action.REVIEW_REFER, "reviewer", AT_REVIEW, question=" "),
    _unsaid("addressee_required", Action.REVIEW_REFER, "reviewer", AT_REVIEW, addressee=None),
    _unsaid("answer_required", Action.ANSWER, "reviewer", facts_at(REFERRED), answer=None),
    _unsaid("date_in_future", Action.ANSWER, "reviewer", facts_at(REFERRED), answered_on=TOMORROW),
    # -- the gate ----------------------------------------------------------------------------
    _changed("content_purged", Action.SEAL, "keeper", pending("seal"), content_present=False),
    _changed(
        "content_damaged", Action.PUBLISH, "publisher", facts_at(CLEARED), content_sound=False
    ),
    _changed(
        "attachments_purged", Action.CONFIRM, None, facts_at(PUBLISHING), purged_files=("样例.txt",)
    ),
    Case(
        "stage_not_held",
        Attempt(
            facts_at(PUBLISHING, round=decided(POLICIES["dongchang"], "final_review")),
            Action.CONFIRM,
            None,
        ),
        Attempt(facts_at(PUBLISHING), Action.CONFIRM, None),
    ),
    # -- other bodies ------------------------------------------------------------------------
    _changed(
        "consultation_open",
        Action.PUBLISH,
        "publisher",
        facts_at(CLEARED),
        consultations=(ASKED,),
    ),
    _changed(
        "consultation_on_earlier_version",
        Action.PUBLISH,
        "publisher",
        facts_at(CLEARED),
        consultations=(replace(ASKED, reply=Reply.AGREE, answered_on=OLD_DIGEST),),
    ),
    # -- in time -----------------------------------------------------------------------------
    Case(
        "late_reason_required",
        Attempt(
            facts_at(CLEARED, late_since=date(2017, 3, 20)),
            Action.PUBLISH,
            person("publisher"),
            Wish(late_reason=" "),
        ),
        Attempt(
            facts_at(CLEARED, late_since=date(2017, 3, 20)),
            Action.PUBLISH,
            person("publisher"),
            Wish(late_reason="等待上级机关答复"),
        ),
    ),
)
NUMBERED: Final = [
    pytest.param(case, id=f"{number}-{case.code}") for number, case in enumerate(CASES, start=1)
]


@pytest.mark.parametrize("case", NUMBERED)
def test_a_refusal_comes_when_it_is_provoked(case: Case) -> None:
    answer = case.bad.made()

    assert isinstance(answer, tuple)
    assert case.code in [refusal.code for refusal in answer]


@pytest.mark.parametrize("case", NUMBERED)
def test_the_same_attempt_without_the_fault_is_allowed(case: Case) -> None:
    assert isinstance(case.good.made(), Transition)


def test_every_refusal_that_the_guards_can_give_is_provoked_here() -> None:
    given: set[str] = set()
    for node in ast.walk(ast.parse(inspect.getsource(guards))):
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "code":
            given |= _strings(node.value)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            if node.func.id in ("Refusal", "_unknown"):
                given |= _strings(node.args[0])
            elif node.func.id == "_demand":
                given |= {f"{name}_required" for name in _strings(node.args[1])}

    assert given == {case.code for case in CASES}


def _strings(node: ast.expr) -> set[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return {node.value}
    return _strings(node.body) | _strings(node.orelse) if isinstance(node, ast.IfExp) else set()


# -- all at once ---------------------------------------------------------------------------------


def test_all_reasons_against_a_submission_come_together() -> None:
    empty = facts_at(DRAFT, attribute=None, formed_on=None, category=None, content_present=False)

    assert [
        "account_disabled",
        "role_missing",
        "attribute_required",
        "formed_on_required",
        "category_required",
        "content_purged",
    ] == codes(empty, Action.SUBMIT, person("keeper", enabled=False))


def test_all_reasons_against_a_return_come_together() -> None:
    assert ["role_missing", "reason_required", "code_required", "to_required"] == codes(
        pending("seal"), Action.RETURN, person("head")
    )


def test_an_impossible_action_says_so_and_still_tells_who_may_not() -> None:
    assert ["wrong_state", "account_disabled", "role_missing"] == codes(
        facts_at(DRAFT), Action.PUBLISH, person("keeper", enabled=False)
    )


def test_the_same_reason_is_given_once() -> None:
    twice = Wish(found=("mood", "mood"), ground="personal_privacy")

    assert ["unknown_question"] == codes(
        AT_REVIEW, Action.REVIEW_WITHHOLD, person("reviewer"), twice
    )


def test_every_stage_that_is_missing_at_the_gate_is_named() -> None:
    broken = facts_at(PUBLISHING, round=(held("seal", "keeper"),))
    answer = decide(broken, Action.CONFIRM, None)

    assert (
        Refusal("stage_not_held", {"stage": "sign_off"}),
        Refusal("stage_not_held", {"stage": "confidentiality_review"}),
        Refusal("stage_not_held", {"stage": "final_review"}),
    ) == answer


def test_an_item_that_its_policy_has_no_place_for_gets_that_reason_alone() -> None:
    lost = pending("deputy_sign_off", round=(), content_present=False)

    assert ["needs_migration"] == codes(lost, Action.SEAL, person("auditor", enabled=False))


def test_a_wrong_state_tells_what_is_possible_and_what_happened_last() -> None:
    last = {"event": "returned", "by": "样例李某", "at": "10:02"}
    refusal = refusal_of(
        "wrong_state",
        facts_at(DRAFT, submitted_before=True, last_change=last),
        Action.APPROVE,
        person("final"),
    )

    assert {
        "action": "approve",
        "state": "draft",
        "stage": None,
        "possible": ("revise", "submit", "abandon"),
        **last,
    } == refusal.params


def test_what_is_possible_never_names_an_act_of_the_system() -> None:
    refusal = refusal_of(
        "wrong_state", facts_at(PUBLISHING), Action.RETURN, person("publisher"), Wish(to="draft")
    )

    assert () == refusal.params["possible"]


def test_a_role_that_is_missing_is_named_with_the_body() -> None:
    refusal = refusal_of("role_missing", pending("seal"), Action.SEAL, person("head"))

    about = {"role": "seal_keeper", "body": BODY_NAME, "action": "seal", "other_roles": ()}
    assert about == refusal.params


def test_every_role_that_would_do_is_named() -> None:
    """S18: publishers are not the only ones who ask for an urgent publication."""
    asking = Action.PUBLISH_URGENTLY
    refusal = refusal_of("role_missing", pending("seal"), asking, person("keeper"))

    others = refusal.params["role"], refusal.params["other_roles"]
    assert ("publisher", ("supervisor", "final_reviewer")) == others
    (told,) = explain(Refused([refusal]), "zh")
    assert "发布员（或者督查员、终审员）" in told["message"]


@pytest.mark.parametrize(
    ("bad", "code", "value"),
    [
        ({"reason_code": "x"}, "unknown_return_code", "x"),
        ({"to": "nowhere"}, "no_way_back", None),
    ],
)
def test_an_unknown_word_is_answered_with_the_known_ones(
    bad: dict[str, str], code: str, value: str | None
) -> None:
    facts = pending("seal")
    refusal = refusal_of(
        code, facts, Action.RETURN, person("keeper"), full_wish(Action.RETURN, **bad)
    )

    known = {
        "unknown_return_code": tuple(POLICIES["dongchang"].return_codes),
        "no_way_back": ("draft", "sign_off"),
    }[code]
    assert (known, value) == (refusal.params["known"], refusal.params.get("value"))


# -- who could act instead -----------------------------------------------------------------------


def could(facts: Facts, action: Action, role: Role) -> tuple[Who, ...]:
    return eligible(facts, action, role.value)


def test_who_could_act_instead_leaves_out_authors_and_deciders_of_other_stages() -> None:
    facts = pending(
        "final_review",
        authors=frozenset({NUMBERS["drafter"], NUMBERS["final"]}),
    )
    decider = replace(facts, authors=frozenset(), round=(held("seal", "final"),))

    assert (who("final-2"),) == could(facts, Action.APPROVE, Role.FINAL_REVIEWER)
    assert (who("final-2"),) == could(decider, Action.APPROVE, Role.FINAL_REVIEWER)
    assert (who("final"), who("final-2")) == could(
        pending("final_review"), Action.APPROVE, Role.FINAL_REVIEWER
    )


def test_a_refusal_to_an_author_names_who_may(  # S11
) -> None:
    facts = pending("sign_off", authors=frozenset({NUMBERS["head"]}))
    refusal = refusal_of("author_may_not_decide", facts, Action.SIGN_OFF, person("head"))

    assert (who("head-2"),) == refusal.who
    assert {"action": "sign_off", "stage": "sign_off"} == refusal.params


def test_a_refusal_for_a_missing_role_names_its_holders() -> None:
    refusal = refusal_of("role_missing", pending(REVIEW), Action.REVIEW_DISCLOSE, person("head"))

    assert (who("reviewer"), who("reviewer-2")) == refusal.who


def test_where_nobody_is_left_to_act_nobody_is_named() -> None:
    facts = pending("seal", authors=frozenset({NUMBERS["keeper"]}))
    refusal = refusal_of("author_may_not_decide", facts, Action.SEAL, person("keeper"))

    assert () == refusal.who


def test_nobody_is_named_for_what_does_not_lead_on_from_here() -> None:
    refusal = refusal_of("role_missing", facts_at(PUBLISHING), Action.PUBLISH, person("head"))

    assert () == refusal.who


# -- separation of duties (rule 5) ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("stage", "action", "name"),
    [
        ("sign_off", Action.SIGN_OFF, "head"),
        ("seal", Action.SEAL, "keeper"),
        (REVIEW, Action.REVIEW_DISCLOSE, "reviewer"),
        (REVIEW, Action.REVIEW_DISCLOSE_IN_PART, "reviewer"),
        (REVIEW, Action.REVIEW_ON_REQUEST_ONLY, "reviewer"),
        (REVIEW, Action.REVIEW_WITHHOLD, "reviewer"),
        (REVIEW, Action.REVIEW_REFER, "reviewer"),
        ("final_review", Action.APPROVE, "final"),
    ],
)
def test_no_author_decides_at_any_stage(stage: str, action: Action, name: str) -> None:  # S11, S12
    # Whether someone created, edited (S12) or submitted a revision makes no difference: all of
    # them are authors of the edition.
    facts = pending(stage, authors=frozenset({NUMBERS["drafter"], NUMBERS[name]}))

    assert ["author_may_not_decide"] == codes(facts, action, person(name), full_wish(action))


def test_no_author_answers_for_the_body_that_was_asked() -> None:
    facts = facts_at(REFERRED, authors=frozenset({NUMBERS["reviewer"]}))

    assert ["author_may_not_decide"] == codes(
        facts, Action.ANSWER, person("reviewer"), full_wish(Action.ANSWER)
    )


def test_a_recall_and_a_resubmission_by_another_leave_the_first_author_an_author() -> None:  # S13
    facts = pending(
        "sign_off",
        authors=frozenset({NUMBERS["head"], NUMBERS["drafter-2"]}),
        submitted_before=True,
    )

    assert ["author_may_not_decide"] == codes(facts, Action.SIGN_OFF, person("head"))
    assert [] == codes(facts, Action.SIGN_OFF, person("head-2"))


def test_no_author_publishes_or_tries_again() -> None:
    for place, action in ((CLEARED, Action.PUBLISH), (FAILED, Action.RETRY)):
        facts = facts_at(place, authors=frozenset({NUMBERS["publisher"]}))
        assert ["author_may_not_publish"] == codes(facts, action, person("publisher"))


def test_a_drafter_may_hold_an_opinion_and_no_other_stage() -> None:
    both = person("drafter", also=(Role.DEPUTY_HEAD,))

    assert [] == codes(pending("originator_opinion", FOUR), Action.SIGN_OFF, both)
    assert {"author_may_not_decide", "decided_at_another_stage"} == set(
        codes(pending("unit_head_sign_off", FOUR), Action.SIGN_OFF, both)
    )


def test_who_gave_the_opinion_has_decided_and_decides_no_further_stage() -> None:
    other = person("drafter-2", also=(Role.DEPUTY_HEAD,))
    facts = pending("unit_head_sign_off", FOUR, round=(held("originator_opinion", "drafter-2"),))

    assert ["decided_at_another_stage"] == codes(facts, Action.SIGN_OFF, other)


@pytest.mark.parametrize("stage", ["seal", REVIEW, "final_review"])
def test_no_one_decides_at_two_stages_of_a_round(stage: str) -> None:
    verbs = {"seal": Action.SEAL, REVIEW: Action.REVIEW_DISCLOSE, "final_review": Action.APPROVE}
    roles = {
        "seal": Role.SEAL_KEEPER,
        REVIEW: Role.CONFIDENTIALITY_REVIEWER,
        "final_review": Role.FINAL_REVIEWER,
    }
    head = person("head", also=(roles[stage],))
    refusal = refusal_of("decided_at_another_stage", pending(stage), verbs[stage], head)

    assert {"action": verbs[stage].value, "stage": "sign_off"} == refusal.params


def test_a_decision_that_was_voided_in_this_round_still_makes_a_decider() -> None:
    # Otherwise a return to an earlier stage would let its holder take a second part.
    facts = pending(
        "seal",
        round=(held("sign_off", "keeper", voided=True), held("sign_off", "head")),
    )

    assert ["decided_at_another_stage"] == codes(facts, Action.SEAL, person("keeper"))


def test_the_same_stage_may_be_decided_again_by_the_same_person_after_a_return() -> None:
    facts = pending("seal", round=(held("sign_off", "head"), held("seal", "keeper", voided=True)))

    assert [] == codes(facts, Action.SEAL, person("keeper"))


def test_the_final_reviewer_may_also_publish_and_other_deciders_may_not() -> None:
    facts = facts_at(CLEARED)
    final = person("final", also=(Role.PUBLISHER,))

    assert [] == codes(facts, Action.PUBLISH, final)
    for name in ("head", "keeper", "reviewer"):
        other = person(name, also=(Role.PUBLISHER,))
        assert ["decider_may_not_publish"] == codes(facts, Action.PUBLISH, other)


def test_the_final_reviewer_who_decided_elsewhere_too_may_not_publish() -> None:
    facts = facts_at(
        CLEARED, round=(*facts_at(CLEARED).round, held("sign_off", "final", voided=True))
    )
    refusal = refusal_of(
        "decider_may_not_publish", facts, Action.PUBLISH, person("final", also=(Role.PUBLISHER,))
    )

    assert "sign_off" == refusal.params["stage"]


def test_returning_makes_nobody_a_decider_and_is_open_to_authors_and_deciders() -> None:
    # Only positive decisions are in the round; to return is to decide nothing.
    facts = pending("final_review", authors=frozenset({NUMBERS["final"]}))
    decider = pending("final_review", round=(held("sign_off", "final"),))

    for case in (facts, decider):
        assert [] == codes(case, Action.RETURN, person("final"), full_wish(Action.RETURN))
    assert Action.RETURN not in guards.POSITIVE
    assert Action.RECALL not in guards.POSITIVE


def test_a_recall_is_open_to_every_clerk_of_the_body() -> None:
    facts = pending("sign_off")

    for name in ("drafter", "drafter-2"):
        assert [] == codes(facts, Action.RECALL, person(name), Wish(reason="样例"))


def test_asking_back_and_hearing_the_answer_make_nobody_a_decider() -> None:
    assert {Action.REVIEW_REFER, Action.ANSWER}.isdisjoint(guards.POSITIVE)


def test_who_was_asked_elsewhere_may_note_the_answer() -> None:
    facts = facts_at(REFERRED, round=(held("sign_off", "reviewer"),))

    assert [] == codes(facts, Action.ANSWER, person("reviewer"), full_wish(Action.ANSWER))


# -- who acts (S14) ------------------------------------------------------------------------------


def test_a_person_stripped_of_the_role_meanwhile_is_refused() -> None:  # S14
    stripped = replace(person("final"), grants=())

    assert ["role_missing"] == codes(pending("final_review"), Action.APPROVE, stripped)


def test_a_role_for_another_body_does_not_count_and_a_wide_one_does() -> None:
    keeper, elsewhere = person("keeper"), Grant(Role.SEAL_KEEPER, BODY + 1, "department")
    reviewer = Grant(Role.CONFIDENTIALITY_REVIEWER, BODY, "department")

    assert ["role_missing"] == codes(
        pending("seal"), Action.SEAL, replace(keeper, grants=(elsewhere,))
    )
    # The confidentiality reviewer is the body's own or the district's.
    for found in (reviewer, person("reviewer").grants[0]):
        actor = replace(person("reviewer"), grants=(found,))
        assert [] == codes(pending(REVIEW), Action.REVIEW_DISCLOSE, actor)


@pytest.mark.parametrize("kind", ["district", "centre", "group"])
def test_a_role_held_for_the_whole_district_reaches_every_body(kind: str) -> None:
    assert Grant(Role.FINAL_REVIEWER, 1, kind).reaches(BODY)


@pytest.mark.parametrize("kind", ["department", "township", "subdistrict", "reading_point"])
def test_a_role_held_for_one_body_reaches_that_one_alone(kind: str) -> None:
    assert Grant(Role.CLERK, BODY, kind).reaches(BODY)
    assert not Grant(Role.CLERK, BODY + 1, kind).reaches(BODY)


@pytest.mark.parametrize(
    "action",
    sorted(set(Action) - {Action.CONFIRM, Action.FAIL, Action.SUPERSEDE, Action.RENEW}),
)
def test_the_system_does_nothing_that_people_do(action: Action) -> None:
    for place in (DRAFT, CLEARED, FAILED, REFERRED, Place(State.PENDING, REVIEW)):
        facts = facts_at(place)
        assert "system_may_not" in codes(facts, action, None, full_wish(action))


def test_the_system_confirms_and_fails_a_publication_and_only_that() -> None:
    facts = facts_at(PUBLISHING)
    confirmed, failed = decide(facts, Action.CONFIRM, None), decide(facts, Action.FAIL, None)

    assert isinstance(confirmed, Transition)
    assert isinstance(failed, Transition)
    assert (State.PUBLISHED, State.PUBLICATION_FAILED) == (
        confirmed.arrow.dest.state,
        failed.arrow.dest.state,
    )
    for place in (CLEARED, FAILED, Place(State.PUBLISHED)):
        assert ["wrong_state"] == codes(facts_at(place), Action.FAIL, None)


# -- what a transition is ------------------------------------------------------------------------


def test_an_allowed_decision_names_its_arrow_and_its_stage() -> None:
    answer = decide(pending("seal"), Action.SEAL, person("keeper"))

    assert isinstance(answer, Transition)
    assert ("seal", "seal", True) == (answer.stage, answer.arrow.holds, answer.positive)
    assert "pending:confidentiality_review" == str(answer.arrow.dest)


def test_a_return_holds_nothing() -> None:
    facts = pending("seal")
    answer = decide(facts, Action.RETURN, person("keeper"), full_wish(Action.RETURN))

    assert isinstance(answer, Transition)
    assert not answer.positive


@pytest.mark.parametrize("to", ["draft", "sign_off", "seal", REVIEW, "final_review"])
def test_a_cleared_item_is_returned_by_the_publisher_to_wherever_it_was(to: str) -> None:
    for place in (CLEARED, FAILED):
        facts = facts_at(place)
        answer = decide(facts, Action.RETURN, person("publisher"), full_wish(Action.RETURN, to=to))
        assert isinstance(answer, Transition)
        assert to == (answer.arrow.dest.stage or answer.arrow.dest.state)


def test_a_stage_that_was_passed_over_is_no_way_back() -> None:
    # A proposal to withhold goes straight to the final review, past the leader and the seal.
    facts = pending("final_review", FOUR, round=decided(FOUR, "leader_sign_off"))
    refusal = refusal_of(
        "no_way_back",
        facts,
        Action.RETURN,
        person("final"),
        full_wish(Action.RETURN, to="seal"),
    )

    assert (
        "draft",
        "originator_opinion",
        "unit_head_sign_off",
        "confidentiality_review",
        "leader_sign_off",
    ) == refusal.params["known"]


def test_a_blank_reason_or_code_returns_nothing() -> None:  # S17
    facts = pending(REVIEW)
    for blank in (None, "", "  ", "\n\t"):
        wish = full_wish(Action.RETURN, reason=blank)
        assert ["reason_required"] == codes(facts, Action.RETURN, person("reviewer"), wish)


@pytest.mark.parametrize(
    ("held_stages", "stage"),
    [
        (("sign_off",), REVIEW),
        (("seal",), REVIEW),
        ((), REVIEW),
    ],
)
def test_without_sign_off_or_seal_no_conclusion_leads_to_the_final_review(
    held_stages: tuple[str, ...], stage: str
) -> None:  # S20
    people = {"sign_off": "head", "seal": "keeper"}
    facts = pending(stage, round=tuple(held(name, people[name]) for name in held_stages))

    assert ["wrong_state"] == codes(facts, Action.REVIEW_DISCLOSE, person("reviewer"))


def test_without_a_confidentiality_conclusion_nothing_is_approved() -> None:  # S20
    facts = pending("final_review", round=(held("sign_off", "head"), held("seal", "keeper")))

    assert ["wrong_state"] == codes(facts, Action.APPROVE, person("final"))


def test_a_conclusion_in_part_without_a_list_of_redactions_goes_nowhere() -> None:  # S20
    refused = codes(AT_REVIEW, Action.REVIEW_DISCLOSE_IN_PART, person("reviewer"))
    answer = decide(
        pending(REVIEW, redaction=Redaction.MADE),
        Action.REVIEW_DISCLOSE_IN_PART,
        person("reviewer"),
    )

    assert ["redactions_required"] == refused
    # On the redaction that was asked for, the same conclusion passes without a new list.
    assert isinstance(answer, Transition)
    assert "final_review" == answer.arrow.dest.stage


def test_a_new_list_on_a_redaction_asks_again_and_holds_nothing() -> None:
    answer = decide(
        pending(REVIEW, redaction=Redaction.MADE, attribute=Attribute.NOT_DISCLOSED),
        Action.REVIEW_DISCLOSE_IN_PART,
        person("reviewer"),
        Wish(redactions=("样例住址",)),
    )

    assert isinstance(answer, Transition)
    assert (DRAFT, False) == (answer.arrow.dest, answer.positive)


def test_a_withholding_takes_the_drafters_ground_where_the_reviewer_names_none() -> None:
    facts = pending(
        REVIEW,
        attribute=Attribute.NOT_DISCLOSED,
        ground="state_secret",
        attribute_reason="样例理由",
    )

    assert [] == codes(facts, Action.REVIEW_WITHHOLD, person("reviewer"))
    assert ["ground_does_not_serve"] == codes(
        facts, Action.REVIEW_ON_REQUEST_ONLY, person("reviewer")
    )


def test_a_known_secret_that_is_no_ground_of_the_regulations_serves_nothing() -> None:
    for action in (Action.REVIEW_WITHHOLD, Action.REVIEW_ON_REQUEST_ONLY):
        refusal = refusal_of(
            "ground_does_not_serve",
            AT_REVIEW,
            action,
            person("reviewer"),
            Wish(ground="work_secret"),
        )
        assert "work_secret" == refusal.params["ground"]


# -- what holds ----------------------------------------------------------------------------------


def test_only_standing_decisions_on_the_digest_of_now_hold() -> None:
    facts = pending(
        REVIEW,
        round=(
            held("sign_off", "head", digest=OLD_DIGEST),
            held("seal", "keeper", voided=True),
            held(REVIEW, "reviewer"),
        ),
    )

    assert {REVIEW} == facts.held


def test_a_decision_on_another_digest_never_lets_an_item_out() -> None:  # R1
    old = tuple(replace(decision, digest=OLD_DIGEST) for decision in facts_at(CLEARED).round)
    refused = decide(facts_at(CLEARED, round=old), Action.PUBLISH, person("publisher"))

    assert isinstance(refused, tuple)
    assert ["sign_off", "seal", REVIEW, "final_review"] == [
        refusal.params["stage"] for refusal in refused if refusal.code == "stage_not_held"
    ]


@pytest.mark.parametrize(
    ("attribute", "outcome"),
    [
        (None, Outcome.PUBLICATION),
        (Attribute.PROACTIVE, Outcome.PUBLICATION),
        (Attribute.ON_REQUEST, Outcome.ON_REQUEST_ONLY),
        (Attribute.NOT_DISCLOSED, Outcome.WITHHELD),
    ],
)
def test_an_item_heads_where_its_attribute_says(
    attribute: Attribute | None, outcome: Outcome
) -> None:
    assert outcome is pending("sign_off", attribute=attribute).outcome


@pytest.mark.parametrize(
    ("conclusion", "outcome"),
    [
        (held(REVIEW, "reviewer"), Outcome.WITHHELD),
        (held(REVIEW, "reviewer", voided=True), Outcome.PUBLICATION),
        (held(REVIEW, "reviewer", digest=OLD_DIGEST), Outcome.PUBLICATION),
    ],
)
def test_a_standing_conclusion_goes_before_the_attribute(
    conclusion: Held, outcome: Outcome
) -> None:
    concluded = replace(conclusion, outcome=Outcome.WITHHELD)

    assert outcome is pending("final_review", round=(concluded,)).outcome


@pytest.mark.parametrize("formed_on", [date(2017, 2, 20), TODAY])
def test_an_answer_may_be_dated_up_to_today(formed_on: date) -> None:
    facts = facts_at(REFERRED)
    wish = full_wish(Action.ANSWER, answered_on=formed_on)

    assert [] == codes(facts, Action.ANSWER, person("reviewer"), wish)


def test_a_withholding_may_be_looked_at_again_from_tomorrow_on() -> None:
    wish = Wish(ground="personal_privacy", reassess_on=TOMORROW)

    assert [] == codes(AT_REVIEW, Action.REVIEW_WITHHOLD, person("reviewer"), wish)


@pytest.mark.parametrize("action", [Action.ABANDON, Action.RETURN, Action.RECALL, Action.FAIL])
def test_what_was_purged_can_still_be_given_up_and_sent_back(action: Action) -> None:
    places = {
        Action.ABANDON: facts_at(DRAFT, content_present=False),
        Action.RETURN: pending("seal", content_present=False),
        Action.RECALL: pending("seal", content_present=False),
        Action.FAIL: facts_at(PUBLISHING, content_present=False),
    }
    people = {Action.ABANDON: "drafter", Action.RETURN: "keeper", Action.RECALL: "drafter"}
    actor = person(people[action]) if action in people else None

    assert [] == codes(places[action], action, actor, full_wish(action))


# -- other bodies --------------------------------------------------------------------------------


@pytest.mark.parametrize("policy", POLICIES.values(), ids=POLICIES)
def test_a_body_that_is_asked_holds_back_whatever_leads_before_the_public_and_nothing_else(
    policy: Policy,
) -> None:
    held_back = set()
    for arrow in policy.machine.arrows:
        facts = facts_at(arrow.source, policy, consultations=(ASKED,))
        answer = decide(facts, arrow.action, person("publisher"))
        refusals = answer if isinstance(answer, tuple) else ()
        if "consultation_open" in [refusal.code for refusal in refusals]:
            held_back.add(arrow.action)
    asked_for = {Action.RESTORE, Action.PUBLISH_URGENTLY}
    comes_out = {
        arrow.action
        for arrow in policy.machine.arrows
        if arrow.dest.state in (State.PUBLISHING, State.PUBLISHED)
        and arrow.source.state is not State.PUBLISHED
    }
    assert {Action.PUBLISH, Action.RETRY, Action.CONFIRM, Action.CONFIRM_RESTORATION} <= comes_out
    assert asked_for | comes_out == held_back
