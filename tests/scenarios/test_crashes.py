"""S6: whatever the moment at which a process is killed, its act is wholly undone or wholly done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest

from tests.scenarios import acts
from tests.scenarios.processes import Call, call, killed
from tests.service.sample_office import upload
from workflow.machine import Action
from workflow.publishing import LEASE

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.service.sample_office import SampleOffice

MOST: Final = 60
"""No act has so many things to do; one that had would go round in circles."""
RETURN: Final = {"to": "draft", "reason": "样例理由", "reason_code": "wording"}


def doing(place: str, action: Action, by: str, /, **said: Any) -> Callable[[SampleOffice], Call]:
    """Return what carries an item to a place and gives the act that is to be killed there."""

    def prepared(office: SampleOffice) -> Call:
        item = office.item_at(place)
        return call(
            acts.perform, item, action, by, seen=office.row(item).version, key="key", **said
        )

    return prepared


def edited(office: SampleOffice) -> Call:
    """Return the edit of a returned item, which voids three decisions."""
    item = office.item_at("final_review")
    office.give_back(item, "final")
    return call(acts.revise, item, "clerk", office.row(item).version, "样例：改过的标题")


def withheld(office: SampleOffice) -> Call:
    """Return the approval of a conclusion against publication."""
    item = office.item_at("confidentiality_review")
    office.act(item, Action.REVIEW_WITHHOLD, "reviewer", ground="personal_privacy")
    return call(acts.perform, item, Action.APPROVE, "final", seen=office.row(item).version)


def purged(office: SampleOffice) -> Call:
    """Return the confirmation of a purge."""
    target = office.row(office.item_at("sign_off")).digest
    office.bureau.ask_purge(office["admin"], target, ground="personal_privacy", reason="样例")
    return call(acts.confirm_purge, target)


def retracted(office: SampleOffice) -> Call:
    """Return the confirmation of a retraction, which voids a clock and owes a page."""
    item = office.item_at("published")
    office.act(item, Action.RETRACT, "publisher", explanation="样例说明")
    return call(
        acts.perform, item, Action.CONFIRM_RETRACTION, "final", seen=office.row(item).version
    )


def corrected(office: SampleOffice) -> Call:
    """Return the opening of an edition, which writes two items."""
    item = office.item_at("published")
    return call(acts.correct, item, "clerk", office.row(item).version)


ACTS: Final[dict[str, Callable[[SampleOffice], Call]]] = {
    "new": lambda _: call(acts.enter, "clerk", "样例正文，新。"),
    "submit": doing("draft", Action.SUBMIT, "clerk"),
    "recall": doing("sign_off", Action.RECALL, "clerk", reason="样例理由"),
    "edit": edited,
    "abandon": doing("draft", Action.ABANDON, "clerk"),
    "sign-off": doing("sign_off", Action.SIGN_OFF, "head"),
    "seal": doing("seal", Action.SEAL, "keeper"),
    "disclose": doing("confidentiality_review", Action.REVIEW_DISCLOSE, "reviewer"),
    "in part": doing(
        "confidentiality_review",
        Action.REVIEW_DISCLOSE_IN_PART,
        "reviewer",
        redactions=("样例",),
    ),
    "refer": doing(
        "confidentiality_review", Action.REVIEW_REFER, "reviewer", question="样例", addressee="样例"
    ),
    "approve": doing("final_review", Action.APPROVE, "final"),
    "withhold": withheld,
    "return": doing("final_review", Action.RETURN, "final", **RETURN),
    "return of what was cleared": doing("cleared", Action.RETURN, "publisher", **RETURN),
    "publish": doing("cleared", Action.PUBLISH, "publisher"),
    "add a person": lambda _: call(acts.add, "newcomer"),
    "grant": lambda _: call(acts.grant, "auditor"),
    "reset": lambda _: call(acts.reset, "clerk"),
    "disable": lambda _: call(acts.disable, "admin", "clerk"),
    "purge": purged,
    "retract": retracted,
    "correct": corrected,
}


@pytest.mark.slow
@pytest.mark.parametrize("name", ACTS)
def test_s6_an_act_that_is_killed_is_wholly_undone_and_one_that_is_not_is_wholly_done(
    office: SampleOffice, name: str
) -> None:
    act = ACTS[name](office)
    before = office.everything()
    for place in range(1, MOST):
        outcome = killed(office, act, before=place)
        assert [] == office.faults()
        if outcome is not None:
            break
        after = office.everything()
        # A file that nothing refers to is all that may be left, and only by what brings one.
        assert name == "new" or before["files"] == after["files"]
        assert before == after | {"files": before["files"]}, f"killed before thing {place}"
    else:
        raise AssertionError(name)
    assert outcome.done, outcome
    # Not even counting the commit, every act does several things that could have come apart.
    assert place > 4
    done = office.everything()
    assert before != done
    assert [] == office.faults()
    if "version" in outcome.facts:
        row = office.row(outcome.facts["item"])
        assert (outcome.facts["version"], outcome.facts["state"], outcome.facts["digest"]) == (
            row.version,
            row.state.value,
            row.digest,
        )


@pytest.mark.slow
def test_s24_a_worker_that_is_killed_never_leaves_two_editions_live_or_none(
    office: SampleOffice,
) -> None:
    old = office.item_at("published")
    for place in range(1, MOST):
        new = office.service.correct(
            old, office["clerk"], change_note="样例", seen=office.row(old).version
        )["item"]
        office.revise(new, "clerk", body=f"样例正文，第{place}次更正。")
        office.carry(new, to="publishing")
        outcome = killed(office, call(acts.deliver, new), before=place)
        assert [] == office.faults()
        assert (office.place(old), office.place(new)) in (
            ("published", "publishing"),
            ("superseded", "published"),
        )
        if outcome is not None:
            break
        office.clock.advance(LEASE)
        office.deliver(new)
        assert ("superseded", "published") == (office.place(old), office.place(new))
        old = new
    else:
        raise AssertionError
    assert {"result": "published", "error": None} == outcome.facts


@pytest.mark.slow
def test_s6_a_worker_that_is_killed_while_publishing_is_made_good_by_the_next_one(
    office: SampleOffice,
) -> None:
    seen = set()
    for place in range(1, MOST):
        item = office.carry(office.draft(uploads=[upload("附表.txt", b"1")]), to="publishing")
        outcome = killed(office, call(acts.deliver, item), before=place)
        assert [] == office.faults()
        seen.add((office.place(item), str(office.deliveries(item)[0].status)))
        if outcome is not None:
            break
        office.clock.advance(LEASE)
        office.deliver(item)
        check_published_once(office, item)
    else:
        raise AssertionError
    assert {"result": "published", "error": None} == outcome.facts
    check_published_once(office, item)
    # It was killed before it took the delivery, while it held it, and after it had confirmed.
    expected = {
        ("publishing", "owed"),
        ("publishing", "leased"),
        ("published", "leased"),
        ("published", "done"),
    }
    assert expected == seen
    rebuilt = office.app.website.build(office.app.catalogue, open_attachment=office.app.blobs.open)
    assert (place, 0, 0) == (rebuilt.items, rebuilt.written, rebuilt.removed)


def check_published_once(office: SampleOffice, item: int) -> None:
    """Check that an item is public, was published once, and that nothing more is owed."""
    assert "published" == office.place(item)
    assert 1 == office.events(item).count("published")
    assert ["done"] == [str(each.status) for each in office.deliveries(item)]
    assert office.app.website.page(office.row(item).index_number).exists()
    assert [] == office.faults()
