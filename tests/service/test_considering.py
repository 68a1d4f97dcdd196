"""What is said of an act beforehand is what comes of it: everybody, every action, every place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest

from tests.service.sample_office import PEOPLE, START
from workflow import policy
from workflow.errors import Conflict, NotFound, Refused
from workflow.guards import SYSTEM_ACTIONS, Role
from workflow.machine import Action, State
from workflow.validity import Status

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.service.sample_office import SampleOffice

WORDS: Final[dict[str, Any]] = {
    "reason": "样例理由",
    "code": "wording",
    "to": "draft",
    "redactions": ("样例",),
    "question": "样例",
    "addressee": "样例",
    "answer": "样例",
    "ground": "personal_privacy",
    "explanation": "样例说明",
    "status": Status.REPEALED,
    "basis": "样例决定",
    "from": START.date(),
}
"""What may have to be said with an act, by the name under which it is asked for."""
URGENT: Final = {Role.PUBLISHER, Role.SUPERVISOR, Role.FINAL_REVIEWER}
"""Who may, by the shipped policies, be one of the two who publish ahead of a review."""
ROLE: Final = {
    Action.REVISE: {Role.CLERK},
    Action.SUBMIT: {Role.CLERK},
    Action.RECALL: {Role.CLERK},
    Action.ABANDON: {Role.CLERK, Role.DEPARTMENT_HEAD},
    Action.SIGN_OFF: {Role.CLERK, Role.DEPUTY_HEAD, Role.DEPARTMENT_HEAD},
    Action.SEAL: {Role.SEAL_KEEPER},
    Action.APPROVE: {Role.FINAL_REVIEWER},
    Action.PUBLISH: {Role.PUBLISHER},
    Action.RETRY: {Role.PUBLISHER},
    Action.ANSWER: {Role.CONFIDENTIALITY_REVIEWER},
    Action.URGE: {Role.CLERK},
    Action.REOPEN: {Role.DEPARTMENT_HEAD},
    # Also who is to decide on what is public ahead of its review, and objects.
    Action.RETRACT: {Role.PUBLISHER, Role.CLERK, Role.DEPUTY_HEAD, Role.DEPARTMENT_HEAD},
    Action.RESTORE: {Role.PUBLISHER},
    Action.PUBLISH_URGENTLY: URGENT,
    Action.CONFIRM_URGENT_PUBLICATION: URGENT,
    Action.CALL_OFF: URGENT,
    Action.CONFIRM_RETRACTION: {Role.FINAL_REVIEWER},
    Action.CONFIRM_RESTORATION: {Role.FINAL_REVIEWER},
    Action.VALIDITY: {Role.DEPARTMENT_HEAD},
    Action.CONFIRM_VALIDITY: {Role.PUBLISHER},
    Action.CORRECT: {Role.CLERK},
}
"""Who may do what at most; deny is the default."""


def tried(office: SampleOffice, item: int, action: Action, name: str) -> set[str]:
    """Try an act with everything said that could be asked for, and return why not."""
    names = {"code": "reason_code", "status": "validity", "from": "from_on"}
    words = {names.get(key, key): value for key, value in WORDS.items()}
    if action is not Action.REVIEW_DISCLOSE_IN_PART:
        words.pop("redactions")
    try:
        if action is Action.REVISE:
            office.service.revise(
                item,
                office[name],
                {"title": "样例：改过的标题"},
                seen=office.row(item).version,
                dry_run=True,
            )
        elif action is Action.CORRECT:
            office.service.correct(
                item,
                office[name],
                change_note="样例说明",
                seen=office.row(item).version,
                dry_run=True,
            )
        else:
            office.act(item, action, name, dry_run=True, **words)
    except Refused as refusal:
        return {each.code for each in refusal.refusals}
    return set()


ASKED: Final = sorted(set(PEOPLE) - {"keeper2", "reviewer", "final2", "publisher2", "admin2"})
"""One person for each way of seeing and holding an item."""
PLACES: Final = ("draft", "first", "seal", "confidentiality_review", "referred", "final_review")


@pytest.mark.parametrize("code", policy.SHIPPED)
def test_what_is_said_beforehand_is_what_comes_of_it(
    open_office: Callable[[str], SampleOffice], code: str
) -> None:
    office = open_office(code)
    office.give("head2", Role.SEAL_KEEPER)
    office.give("colleague", Role.DEPARTMENT_HEAD)
    allowed = 0
    for place in (*PLACES, "cleared", "published", "abandoned", "asked", "changed", "retracted",
                  "hurried", "owed"):  # fmt: skip
        item = brought(office, place)
        before = office.everything()
        for name in ASKED:
            allowed += compared(office, item, name)
        assert before == office.everything()
    assert allowed > len(PLACES)


def brought(office: SampleOffice, place: str) -> int:
    """Return a new item that was brought to where it is asked about."""
    item = office.draft()
    if place == "abandoned":
        office.act(item, Action.ABANDON, "clerk")
    elif place == "referred":
        office.carry(item, to="confidentiality_review")
        office.act(item, Action.REVIEW_REFER, "reviewer", question="样例", addressee="样例")
    elif place in ("asked", "retracted"):
        office.carry(item, to="published")
        office.act(item, Action.RETRACT, "publisher2", explanation="样例说明")
        if place == "retracted":
            office.act(item, Action.CONFIRM_RETRACTION, "final2")
    elif place == "changed":
        office.carry(item, to="published")
        wish: dict[str, Any] = {
            "validity": Status.REPEALED,
            "basis": "样例决定",
            "from_on": START.date(),
        }
        office.act(item, Action.VALIDITY, "head", **wish)
    elif place in ("hurried", "owed"):
        office.act(item, Action.SUBMIT, "clerk")
        office.act(item, Action.PUBLISH_URGENTLY, "supervisor", reason="样例理由")
        if place == "owed":
            office.act(item, Action.CONFIRM_URGENT_PUBLICATION, "publisher2")
            office.deliver(item)
    elif place == "first":
        office.act(item, Action.SUBMIT, "clerk")
    else:
        office.carry(item, to=place)
    return item


def compared(office: SampleOffice, item: int, name: str) -> int:
    """Compare what somebody is told with what they can do; return how much they can do."""
    try:
        told = {each.action: each for each in office.service.consider(item, office[name])}
    except NotFound:
        with pytest.raises(NotFound):
            tried(office, item, Action.RECALL, name)
        return 0
    done = 0
    if name == "clerk":
        for action in set(Action) - SYSTEM_ACTIONS - set(told):
            refused = tried(office, item, action, name)
            unasked = {"not_asked_for", "nothing_asked", "asked_already"}
            assert {"wrong_state", "public_already", *unasked} & refused, action
    for action, possibility in told.items():
        why_not = tried(office, item, action, name)
        expected = {refusal.code for refusal in possibility.refusals}
        assert expected == why_not, (office.place(item), name, action)
        if not why_not:
            done += 1
            held = PEOPLE[name][0]
            roles = {held} | ({Role.SEAL_KEEPER} if name == "head2" else set())
            roles |= {Role.DEPARTMENT_HEAD} if name == "colleague" else set()
            assert roles & ROLE.get(action, set(Role)), (name, action)
    return done


def test_nobody_without_a_deciding_role_does_anything(office: SampleOffice) -> None:
    for place in ("draft", "sign_off", "confidentiality_review", "final_review", "cleared"):
        item = office.item_at(place)
        for action in sorted(set(Action) - SYSTEM_ACTIONS):
            with pytest.raises(NotFound):
                tried(office, item, action, "admin")
            why_not = tried(office, item, action, "supervisor")
            if action is Action.PUBLISH_URGENTLY and place != "draft":
                # One of two who let something out is whom the policy names, and this alone does
                # nothing.
                assert set() == why_not
                continue
            unasked = {"not_asked_for", "nothing_asked"}
            assert why_not & {"role_missing", "wrong_state", *unasked}, (place, action)


def test_what_is_asked_for_is_named(office: SampleOffice) -> None:
    item = office.item_at("confidentiality_review")
    needs = {each.action: each.needs for each in office.service.consider(item, office["reviewer"])}
    expected = {
        Action.RECALL: ("reason",),
        Action.REVIEW_DISCLOSE: (),
        Action.REVIEW_DISCLOSE_IN_PART: ("redactions",),
        Action.REVIEW_ON_REQUEST_ONLY: ("ground",),
        Action.REVIEW_WITHHOLD: ("ground",),
        Action.REVIEW_REFER: ("question", "addressee"),
        Action.RETURN: ("reason", "code", "to"),
        Action.URGE: (),
        Action.PUBLISH_URGENTLY: ("reason",),
    }
    assert expected == needs


def test_the_role_that_an_act_needs_is_named(office: SampleOffice) -> None:
    item = office.item_at("seal")
    roles = {each.action: each.role for each in office.service.consider(item, office["clerk"])}
    expected = {
        Action.RECALL: "clerk",
        Action.SEAL: "seal_keeper",
        Action.RETURN: "seal_keeper",
        Action.URGE: "clerk",
        Action.PUBLISH_URGENTLY: "publisher",
    }
    assert expected == roles


def test_a_refusal_for_being_out_of_date_is_told_from_one_for_not_being_allowed(
    office: SampleOffice,
) -> None:
    item = office.item_at("seal")
    with office.refused("changed_since", by=Conflict) as conflict:
        office.service.perform(item, Action.SEAL, office["clerk"], seen=1)
    assert (State.PENDING.value, "seal", "样例：head") == (
        conflict.value.params["state"],
        conflict.value.params["stage"],
        conflict.value.params["by"],
    )
    with office.refused("role_missing", "author_may_not_decide"):
        office.act(item, Action.SEAL, "clerk")
