"""Ways by which somebody might learn of what they may not see, or get what they may not decide."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import pytest

from tests.cli.desk import with_pauses
from tests.service.sample_office import FINANCE, upload
from workflow.errors import Conflict, GongkaiError, NotFound, NotSignedIn, Refused
from workflow.guards import Role
from workflow.machine import Action
from workflow.runtime import SHANGHAI

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.service.sample_office import SampleOffice

NOWHERE: Final = 999
"""A number that no item has."""
DOORS: Final[dict[str, Any]] = {
    "show": lambda o, i, who: o.queries.show(who, i),
    "history": lambda o, i, who: o.queries.history(who, i),
    "diff": lambda o, i, who: o.queries.revisions(who, i),
    "why": lambda o, i, who: o.service.consider(i, who),
    "explain": lambda o, i, who: o.app.boards.explain(who, i, clock="online"),
    "clocks": lambda o, i, who: o.app.boards.of_item(who, i),
    "revise": lambda o, i, who: o.service.revise(i, who, {"title": "样例"}, seen=1),
    "attach": lambda o, i, who: o.service.revise(
        i, who, {}, seen=1, attach=[upload("1.txt", b"1")]
    ),
    "correct": lambda o, i, who: o.service.correct(i, who, change_note="样例", seen=1),
    "schedule": lambda o, i, who: o.service.schedule(
        i, who, datetime(2017, 1, 23, 9, tzinfo=SHANGHAI), seen=1
    ),
    "deliver": lambda o, i, who: o.app.reading_points.deliver([i], who, to="YL-LIBRARY"),
    "withdraw": lambda o, i, who: o.app.reading_points.withdraw(
        i, who, point="YL-LIBRARY", reason="样例"
    ),
    "pause": lambda o, i, who: o.app.timekeeper.pause(who, i, "online", reason="样例"),
    "pause a clock that is not there": lambda o, i, who: o.app.timekeeper.pause(
        who, i, "nothing", reason="样例"
    ),
    "resume": lambda o, i, who: o.app.timekeeper.resume(who, i, "reply"),
    "late reason": lambda o, i, who: o.app.timekeeper.give_late_reason(who, i, reason="样例"),
    "acknowledge": lambda o, i, who: o.app.alert_board.acknowledge(who, [i]),
} | {
    action.value: lambda o, i, who, action=action: o.service.perform(i, action, who, seen=1)
    for action in (
        Action.SUBMIT, Action.RECALL, Action.URGE, Action.ABANDON, Action.SIGN_OFF, Action.SEAL,
        Action.REVIEW_DISCLOSE, Action.APPROVE, Action.RETURN, Action.PUBLISH, Action.RETRACT,
        Action.REOPEN, Action.CALL_OFF,
    )
}  # fmt: skip


def told(call: Callable[[], Any], item: int) -> tuple[Any, ...]:
    """Return what a call answers, without the number that was asked about."""
    try:
        return ("done", call())
    except GongkaiError as error:
        said = [(each.code, each.params) for each in getattr(error, "refusals", ())]
        return tuple(str(part).replace(str(item), "#") for part in (error.code, error.params, said))


@pytest.mark.parametrize("who", ["colleague", "supervisor", "outsider", "publisher", "final"])
def test_s42_no_act_tells_a_restricted_item_from_one_that_is_not_there(
    office: SampleOffice, who: str
) -> None:
    office.app.timekeeper.apply_policy(office["admin"], with_pauses(), reason="样例")
    item = office.draft(restricted=True, submit=True)
    assert "sign_off" == office.place(item)
    for name, door in DOORS.items():
        with office.unchanged():
            answers = [told(lambda: door(office, i, office[who]), i) for i in (item, NOWHERE)]  # noqa: B023 # called at once
        assert answers[0] == answers[1], name


@pytest.mark.parametrize("dry_run", [False, True])
def test_s42_the_key_of_another_person_opens_nothing(
    office: SampleOffice, *, dry_run: bool
) -> None:
    fields = office.fields()
    item = office.service.create(
        office["clerk"], fields, department="YL-CIVIL", restricted=True, key="one key"
    )["item"]
    answer = office.service.create(
        office["colleague"],
        fields,
        department="YL-CIVIL",
        restricted=True,
        key="one key",
        dry_run=dry_run,
    )
    assert item != answer["item"]
    assert "repeated" not in answer


# -- getting what one may not decide -----------------------------------------------------------


def test_an_approval_is_not_carried_over_to_a_file_that_was_changed_afterwards(
    office: SampleOffice,
) -> None:
    item = office.draft(uploads=[upload("1.txt", b"1")])
    office.carry(item, to="cleared")
    with pytest.raises(Refused):
        office.service.revise(
            item, office["clerk"], {}, seen=office.row(item).version, attach=[upload("1.txt", b"2")]
        )
    assert "cleared" == office.place(item)
    old = office.row(item).digest
    office.give_back(item, "publisher")
    office.service.revise(
        item, office["clerk"], {}, seen=office.row(item).version, attach=[upload("1.txt", b"2")]
    )
    assert set() == office.standing(item)
    office.act(item, Action.SUBMIT, "clerk")
    with office.refused("changed_since", by=Conflict):
        office.service.perform(item, Action.SIGN_OFF, office["head"], seen=old)


def test_who_only_exchanged_a_file_is_an_author_too(office: SampleOffice) -> None:
    office.give("final2", Role.CLERK)
    item = office.draft()
    office.service.revise(item, office["final2"], {}, seen=1, attach=[upload("1.txt", b"1")])
    office.carry(item, to="final_review")
    with office.refused("author_may_not_decide"):
        office.act(item, Action.APPROVE, "final2")


def test_an_edit_that_was_taken_back_leaves_its_author_an_author(office: SampleOffice) -> None:
    office.give("final2", Role.CLERK)
    item = office.draft(changes={"body": "样例正文，原样。"})
    office.revise(item, "final2", body="样例正文，改过。")
    office.revise(item, body="样例正文，原样。")
    office.carry(item, to="final_review")
    with office.refused("author_may_not_decide"):
        office.act(item, Action.APPROVE, "final2")


def test_who_opened_a_correction_approves_it_as_little_as_who_wrote_it(
    office: SampleOffice,
) -> None:
    office.give("final2", Role.CLERK)
    item = office.item_at("published")
    edition = office.service.correct(
        item, office["final2"], change_note="样例说明", seen=office.row(item).version
    )["item"]
    office.revise(edition, body="样例正文，更正。")
    office.carry(edition, to="final_review")
    with office.refused("author_may_not_decide"):
        office.act(edition, Action.APPROVE, "final2")


def test_reopening_forgets_no_author(office: SampleOffice) -> None:
    office.give("final2", Role.CLERK)
    item = office.draft(by="final2")
    office.act(item, Action.ABANDON, "final2")
    office.give("head2", Role.CLERK)
    office.act(item, Action.REOPEN, "head", reason="样例理由")
    office.revise(item, body="样例正文，重写。")
    office.carry(item, to="final_review")
    with office.refused("author_may_not_decide"):
        office.act(item, Action.APPROVE, "final2")


def test_what_was_seen_before_a_return_does_not_count_afterwards(office: SampleOffice) -> None:
    item = office.item_at("sign_off")
    seen = office.row(item).version
    office.give_back(item, "head")
    office.act(item, Action.SUBMIT, "clerk")
    with office.refused("changed_since", by=Conflict):
        office.service.perform(item, Action.SIGN_OFF, office["head"], seen=seen)


def test_the_key_of_another_persons_decision_repeats_nothing(office: SampleOffice) -> None:
    item = office.item_at("sign_off")
    seen = office.row(item).version
    office.act(item, Action.SIGN_OFF, "head", key="one key")
    for who in ("head2", "clerk"):
        with office.refused("changed_since", by=Conflict):
            office.service.perform(item, Action.SIGN_OFF, office[who], seen=seen, key="one key")


def test_an_account_that_is_disabled_between_two_calls_makes_no_second(
    office: SampleOffice,
) -> None:
    item = office.item_at("sign_off")
    office.accounts.set_enabled(office["admin"], "head", enabled=False)
    for door in ("show", "why", "sign_off", "urge"):
        with pytest.raises((NotSignedIn, NotFound, Refused)):
            DOORS[door](office, item, office["head"])
    assert "sign_off" == office.place(item)


# -- days and numbers ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("now", "allowed"),
    [("2017-01-20T23:59:59.999999+08:00", False), ("2017-01-20T16:00:00+00:00", True)],
)
def test_today_begins_at_midnight_in_shanghai(
    office: SampleOffice, now: str, *, allowed: bool
) -> None:
    office.clock.set(datetime.fromisoformat(now))
    formed_on = date(2017, 1, 21).isoformat()
    if allowed:
        assert office.draft(changes={"formed_on": formed_on})
    else:
        with pytest.raises(GongkaiError) as caught:
            office.draft(changes={"formed_on": formed_on})
        assert "formed_in_future" == caught.value.code


def test_an_urge_is_free_again_after_a_day_to_the_second(office: SampleOffice) -> None:
    item = office.item_at("sign_off")
    office.act(item, Action.URGE, "clerk")
    office.clock.advance(timedelta(hours=24) - timedelta(seconds=1))
    # Nobody else of the body goes round the limit.
    with office.refused("urged_lately"):
        office.act(item, Action.URGE, "colleague")
    office.clock.advance(timedelta(seconds=1))
    office.act(item, Action.URGE, "colleague")
    assert 2 == office.events(item).count("urged")


def test_an_urge_tells_nobody_outside_of_what_is_restricted(office: SampleOffice) -> None:
    item = office.draft(restricted=True, submit=True)
    office.act(item, Action.URGE, "clerk")
    assert office.queries.items(office["supervisor"]).total == 0
    assert office.queries.items(office["outsider"], body=FINANCE).total == 0
