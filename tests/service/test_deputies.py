"""Deputies: who stands in for whom, when, as what, and that the two are one person (S15)."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from tests.service.sample_office import CIVIL, FINANCE, PEOPLE
from workflow.coordination import Reply, Settlement
from workflow.errors import Conflict, InvalidInput, NotFound, Refused
from workflow.guards import Role
from workflow.machine import Action
from workflow.runtime import SHANGHAI
from workflow.validity import Status

if TYPE_CHECKING:
    from tests.service.sample_office import SampleOffice

TODAY = date(2017, 1, 20)
LAST = date(2017, 1, 25)


def lend(
    office: SampleOffice,
    principal: str = "head",
    deputy: str = "colleague",
    *,
    from_on: date | None = None,
    until_on: date = LAST,
    **scope: Any,
) -> dict[str, Any]:
    """Have somebody stand in for somebody else."""
    return office.app.delegations.give(
        office["admin"],
        principal,
        deputy,
        from_on=from_on,
        until_on=until_on,
        reason="样例理由",
        **scope,
    )


def at(office: SampleOffice, day: date, hour: int = 9, minute: int = 0) -> None:
    """Let it be a time of a day."""
    office.clock.set(datetime(day.year, day.month, day.day, hour, minute, tzinfo=SHANGHAI))


def waits(office: SampleOffice, name: str) -> set[int]:
    """Return the items in somebody's inbox."""
    return {row["item"] for row in office.queries.inbox(office[name]).rows}


# -- within the dates ------------------------------------------------------------------------------


def test_s15_a_deputy_acts_within_the_dates_and_leaves_both_names(office: SampleOffice) -> None:
    item = office.item_at("sign_off")
    lend(office, deputy="deputy")

    office.decide(item, by="deputy")

    entry = office.trail(item)[-1]
    assert ("signed_off", "deputy", "head") == (entry.event, entry.actor, entry.on_behalf_of)
    (shown,) = office.queries.show(office["clerk"], item)["decisions"]
    assert ("deputy", "head") == (shown["by"], shown["on_behalf_of"])
    assert "样例：head" == shown["on_behalf_of_name"]
    last = office.queries.history(office["clerk"], item)[-1]
    assert "样例：head" == last["on_behalf_of_name"]
    assert [] == office.faults()


def test_s15_the_first_and_the_last_day_belong_to_the_deputy_and_no_minute_besides(
    office: SampleOffice,
) -> None:
    items = [office.item_at("sign_off") for _ in range(2)]
    lend(office, deputy="deputy", from_on=date(2017, 1, 24))

    at(office, date(2017, 1, 23), 23, 59)
    assert set() == waits(office, "deputy")
    with office.refused("role_missing") as caught:
        office.decide(items[0], by="deputy")
    assert isinstance(caught.value, Refused)
    assert ["head", "head2"] == [who.name for who in caught.value.refusals[0].who]
    at(office, date(2017, 1, 24), 0, 0)
    assert set(items) == waits(office, "deputy")
    office.decide(items[0], by="deputy")
    at(office, LAST, 23, 59)
    office.act(items[1], Action.SIGN_OFF, "deputy", dry_run=True)
    at(office, LAST + timedelta(days=1), 0, 0)
    assert set() == waits(office, "deputy")
    with office.refused("role_missing"):
        office.decide(items[1], by="deputy")


def test_s15_what_is_ended_early_is_over_at_once(office: SampleOffice) -> None:
    item = office.item_at("sign_off")
    given = lend(office, deputy="deputy")
    office.app.delegations.end(office["admin"], given["delegation"])

    with office.refused("role_missing"):
        office.decide(item, by="deputy")
    with office.refused("delegation_over", by=Conflict):
        office.app.delegations.end(office["admin"], given["delegation"])
    with office.refused("no_such_delegation", by=NotFound):
        office.app.delegations.end(office["admin"], 99)
    assert [] == office.faults()


def test_s15_a_deputy_sees_what_the_role_sees_and_nothing_after_the_end(
    office: SampleOffice,
) -> None:
    item = office.item_at("sign_off")
    title = office.row(item).title
    with pytest.raises(NotFound):
        office.queries.show(office["outsider"], item)

    given = lend(office, deputy="outsider")
    assert title == office.queries.show(office["outsider"], item)["title"]
    assert 1 == office.queries.items(office["outsider"], words=title).total
    assert {item} == waits(office, "outsider")
    assert "head" in {
        role["on_behalf_of"] for role in office.bureau.account_roles(office["outsider"])
    }

    office.app.delegations.end(office["admin"], given["delegation"])
    with pytest.raises(NotFound):
        office.queries.show(office["outsider"], item)
    assert 0 == office.queries.items(office["outsider"], words=title).total
    assert set() == waits(office, "outsider")


def test_s15_one_role_alone_can_be_lent(office: SampleOffice) -> None:
    office.give("head", Role.SEAL_KEEPER)
    item = office.item_at("seal")
    lend(office, deputy="deputy", role=Role.DEPARTMENT_HEAD)
    with office.refused("role_missing", "one_with_decider"):
        office.decide(item, by="deputy")
    lend(office, deputy="outhead", role=Role.SEAL_KEEPER, body=CIVIL)
    with office.refused("one_with_decider"):
        # The head signed it off, in whose place the seal would be set.
        office.decide(item, by="outhead")


def test_s15_who_lost_a_role_lends_it_no_longer(office: SampleOffice) -> None:
    item = office.item_at("sign_off")
    lend(office, deputy="deputy")
    office.give("head", Role.DEPARTMENT_HEAD, revoke=True)
    with office.refused("role_missing"):
        office.decide(item, by="deputy")


def test_s15_who_holds_the_role_acts_in_their_own_right(office: SampleOffice) -> None:
    item = office.item_at("sign_off")
    lend(office, deputy="head2")
    office.decide(item, by="head2")
    assert office.trail(item)[-1].on_behalf_of is None


def test_s15_a_schedule_of_a_deputy_is_held_once_the_delegation_is_over(
    office: SampleOffice,
) -> None:
    item = office.item_at("cleared")
    lend(office, "publisher", "outsider", until_on=TODAY)
    office.service.schedule(
        item,
        office["outsider"],
        office.clock() + timedelta(days=3),
        seen=office.row(item).version,
    )
    at(office, TODAY + timedelta(days=3), 10)
    (came,) = office.service.publish_due()
    assert came["held"]
    assert ["role_missing"] == [each.code for each in came["error"].refusals]


# -- two people who count as one -------------------------------------------------------------------


def test_s15_the_head_does_not_seal_what_a_deputy_signed_off_for_the_head(
    office: SampleOffice,
) -> None:
    office.give("head", Role.SEAL_KEEPER)
    item = office.item_at("sign_off")
    given = lend(office, deputy="deputy")
    office.decide(item, by="deputy")
    assert item not in waits(office, "head")
    with office.refused("one_with_decider"):
        office.decide(item, by="head")
    # Also when the delegation has ended in between.
    office.app.delegations.end(office["admin"], given["delegation"])
    with office.refused("one_with_decider"):
        office.decide(item, by="head")
    assert item not in waits(office, "head")
    office.decide(item, by="keeper")


def test_s15_the_deputy_does_not_seal_what_the_head_signed_off(office: SampleOffice) -> None:
    office.give("deputy", Role.SEAL_KEEPER)
    item = office.item_at("sign_off")
    lend(office, deputy="deputy")
    office.decide(item, by="head")
    assert item not in waits(office, "deputy")
    with office.refused("one_with_decider"):
        office.decide(item, by="deputy")


def test_s15_the_head_does_not_sign_off_what_the_deputy_wrote(office: SampleOffice) -> None:
    lend(office, deputy="clerk")
    item = office.item_at("sign_off")
    assert item not in waits(office, "head") | waits(office, "clerk")
    with office.refused("one_with_author") as caught:
        office.decide(item, by="head")
    assert isinstance(caught.value, Refused)
    assert ["head2"] == [who.name for who in caught.value.refusals[0].who]
    with office.refused("author_may_not_decide"):
        office.decide(item, by="clerk")
    assert ["head2"] == [
        who["name"] for who in office.queries.show(office["clerk"], item)["next"]["people"]
    ]
    office.decide(item, by="head2")


def test_s15_a_delegation_after_the_text_was_written_counts_and_so_does_one_that_ended(
    office: SampleOffice,
) -> None:
    item = office.item_at("sign_off")
    office.clock.advance(timedelta(minutes=1))
    given = lend(office, deputy="clerk")
    with office.refused("one_with_author"):
        office.decide(item, by="head")
    office.app.delegations.end(office["admin"], given["delegation"])
    with office.refused("one_with_author"):
        office.decide(item, by="head")


def test_s15_a_delegation_that_was_over_before_a_text_was_entered_does_not_count(
    office: SampleOffice,
) -> None:
    given = lend(office, deputy="clerk")
    office.app.delegations.end(office["admin"], given["delegation"])
    office.clock.advance(timedelta(minutes=1))
    item = office.item_at("sign_off")
    assert item in waits(office, "head")
    office.decide(item, by="head")


def test_s15_a_delegation_that_never_began_does_not_count(office: SampleOffice) -> None:
    item = office.item_at("sign_off")
    given = lend(office, deputy="clerk", from_on=LAST)
    office.app.delegations.end(office["admin"], given["delegation"])
    at(office, LAST)
    office.decide(item, by="head")


def test_s15_two_deputies_of_one_head_act_as_that_head_both(office: SampleOffice) -> None:
    office.give("head", Role.SEAL_KEEPER)
    item = office.item_at("sign_off")
    lend(office, deputy="deputy", role=Role.DEPARTMENT_HEAD)
    lend(office, deputy="outhead", role=Role.SEAL_KEEPER)
    office.decide(item, by="deputy")
    with office.refused("one_with_decider"):
        office.decide(item, by="outhead")


def test_s15_what_a_deputy_writes_is_the_principals_text_too(office: SampleOffice) -> None:
    office.give("clerk", Role.DEPARTMENT_HEAD)
    lend(office, "clerk", "outsider", role=Role.CLERK)
    item = office.draft(by="outsider")
    office.act(item, Action.SUBMIT, "outsider")
    assert {"clerk", "outsider"} == {
        person["name"] for person in office.queries.show(office["clerk"], item)["authors"]
    }
    with office.refused("author_may_not_decide"):
        office.decide(item, by="clerk")
    assert [] == office.faults()


def test_s15_principal_and_deputy_do_not_retract_by_themselves(office: SampleOffice) -> None:
    item = office.item_at("published")
    lend(office, "final", "publisher")
    office.act(item, Action.RETRACT, "publisher", explanation="样例说明")
    assert item not in waits(office, "final") | waits(office, "publisher")
    with office.refused("one_with_asker"):
        office.act(item, Action.CONFIRM_RETRACTION, "final")
    with office.refused("asker_may_not_confirm"):
        office.act(item, Action.CONFIRM_RETRACTION, "publisher")
    assert item in waits(office, "final2")
    office.act(item, Action.CONFIRM_RETRACTION, "final2")


def test_s15_principal_and_deputy_do_not_hand_over_to_each_other(office: SampleOffice) -> None:
    item = office.item_at("published")
    lend(office, "receiver", "publisher")
    points = office.app.reading_points
    points.deliver([item], office["publisher"], to="YL-LIBRARY")
    assert item not in waits(office, "receiver") | waits(office, "publisher")
    office.give("reviewer", Role.READING_POINT_CLERK, body="YL-LIBRARY")
    assert item in waits(office, "reviewer")
    for name in ("publisher", "receiver"):
        with office.refused("deliverer_receives"):
            points.receive(office[name], item=item, handed_over_on=TODAY, paper=1, electronic=1)


def test_s15_principal_and_deputy_do_not_withdraw_a_delivery_by_themselves(
    office: SampleOffice,
) -> None:
    item = office.item_at("published")
    points = office.app.reading_points
    points.deliver([item], office["publisher"], to="YL-LIBRARY")
    lend(office, "supervisor", "publisher")
    points.withdraw(item, office["publisher"], point="YL-LIBRARY", reason="样例理由")
    with office.refused("withdrawal_needs_two"):
        points.confirm_withdrawal(item, office["supervisor"], point="YL-LIBRARY")


# -- the inbox shows what can be done, and nothing else --------------------------------------------


def shown_and_possible(
    office: SampleOffice, item: int, action: Action
) -> tuple[set[str], set[str]]:
    """Return who finds in their inbox that ``action`` waits for them, and who may do it."""
    duty, able = action.value, set()
    for name in PEOPLE:
        with suppress(NotFound):
            considered = office.service.consider(item, office[name])
            if any(each.action is action and not each.refusals for each in considered):
                able.add(name)
    shown = {
        name
        for name in PEOPLE
        for row in office.queries.inbox(office[name]).rows
        if (row["item"], row["duty"]) == (item, duty)
    }
    return shown, able


def test_s15_a_deputy_of_several_finds_what_can_be_confirmed_in_one_place_at_least(
    office: SampleOffice,
) -> None:
    """Also if the deputy counts as one with who asked in another place, but in no place alone."""
    item = office.item_at("published")
    over = lend(office, "final", "publisher")
    office.clock.advance(timedelta(minutes=1))
    office.app.delegations.end(office["admin"], over["delegation"])
    office.act(item, Action.RETRACT, "publisher", explanation="样例说明")
    lend(office, "final", "deputy")
    shown, able = shown_and_possible(office, item, Action.CONFIRM_RETRACTION)
    assert {"final2"} == shown == able
    with office.refused("one_with_asker"):
        office.act(item, Action.CONFIRM_RETRACTION, "deputy")
    lend(office, "final2", "deputy")
    shown, able = shown_and_possible(office, item, Action.CONFIRM_RETRACTION)
    assert {"final2", "deputy"} == shown == able
    office.act(item, Action.CONFIRM_RETRACTION, "deputy")
    assert "样例：final2" == office.queries.history(office["final"], item)[-1]["on_behalf_of_name"]
    assert [] == office.faults()


def test_s15_neither_an_author_nor_a_decider_finds_what_they_may_not_confirm(
    office: SampleOffice,
) -> None:
    for role in (Role.FINAL_REVIEWER, Role.PUBLISHER):
        for name in ("clerk", "head"):
            office.give(name, role, body="YL-CENTRE")
    item, other = office.item_at("published"), office.item_at("published")
    office.act(item, Action.RETRACT, "publisher", explanation="样例说明")
    wish: Any = {"validity": Status.REPEALED, "basis": "样例依据", "from_on": TODAY}
    office.act(other, Action.VALIDITY, "head2", **wish)
    shown, able = shown_and_possible(office, item, Action.CONFIRM_RETRACTION)
    assert {"final", "final2"} == shown == able
    shown, able = shown_and_possible(office, other, Action.CONFIRM_VALIDITY)
    assert {"publisher", "publisher2"} == shown == able


def test_s15_who_stands_in_for_several_receives_and_answers_in_the_place_that_is_free(
    office: SampleOffice,
) -> None:
    office.give("reviewer", Role.READING_POINT_CLERK, body="YL-LIBRARY")
    office.give("keeper", Role.DEPUTY_HEAD, body=FINANCE)
    item, draft = office.item_at("published"), office.draft()
    acts, seen = office.app.consulting, office.row(draft).version
    acts.ask(draft, office["clerk"], body=FINANCE, question="样例", seen=seen)
    over = [lend(office, "receiver", "publisher"), lend(office, "outhead", "clerk")]
    office.clock.advance(timedelta(minutes=1))
    for each in over:
        office.app.delegations.end(office["admin"], each["delegation"])
    points = office.app.reading_points
    points.deliver([item], office["publisher"], to="YL-LIBRARY")
    for principal in ("receiver", "outhead"):
        lend(office, principal, "head2")
    assert set() == waits(office, "head2")
    with office.refused("deliverer_receives"):
        points.receive(office["head2"], item=item, handed_over_on=TODAY, paper=1, electronic=1)
    with office.refused("own_question"):
        acts.reply(draft, office["head2"], answer=Reply.AGREE, seen=seen)
    for principal in ("reviewer", "keeper"):
        lend(office, principal, "head2")
    assert {item, draft} == waits(office, "head2")
    points.receive(office["head2"], item=item, handed_over_on=TODAY, paper=1, electronic=1)
    acts.reply(draft, office["head2"], answer=Reply.AGREE, seen=seen)
    assert ["reviewer", "keeper"] == [
        office.trail(number)[-1].on_behalf_of for number in (item, draft)
    ]
    assert [] == office.faults()


# -- who may stand in for whom ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("principal", "deputy", "code"),
    [
        ("head", "head", "own_deputy"),
        ("admin2", "head", "administrator_not_lent"),
        ("head", "admin2", "administrator_no_deputy"),
    ],
)
def test_s15_nobody_gains_by_a_delegation_what_the_rules_keep_apart(
    office: SampleOffice, principal: str, deputy: str, code: str
) -> None:
    with office.refused(code):
        lend(office, principal, deputy)


def test_s15_only_an_administrator_delegates(office: SampleOffice) -> None:
    with office.refused("needs_role"):
        office.app.delegations.give(
            office["head"], "head", "deputy", from_on=None, until_on=LAST, reason="样例理由"
        )


def test_s15_a_role_that_is_not_held_cannot_be_lent(office: SampleOffice) -> None:
    with office.refused("nothing_to_lend"):
        lend(office, role=Role.SEAL_KEEPER)
    with office.refused("nothing_to_lend"):
        lend(office, role=Role.DEPARTMENT_HEAD, body=FINANCE)


def test_s15_there_is_no_deputys_deputy(office: SampleOffice) -> None:
    lend(office, "head", "deputy")
    with office.refused("deputy_is_away"):
        lend(office, "head2", "head")
    with office.refused("principal_is_deputy"):
        lend(office, "deputy", "colleague")
    later = {"from_on": LAST + timedelta(days=1), "until_on": LAST + timedelta(days=2)}
    lend(office, "deputy", "colleague", **later)


def test_s15_a_role_has_one_deputy_at_a_time(office: SampleOffice) -> None:
    lend(office, "head", "deputy")
    for role in (None, Role.DEPARTMENT_HEAD):
        with office.refused("deputy_named_before"):
            lend(office, "head", "colleague", role=role)
    lend(office, "head", "colleague", from_on=LAST + timedelta(days=1), until_on=date(2017, 2, 1))


def test_s15_a_disabled_account_neither_lends_nor_stands_in(office: SampleOffice) -> None:
    office.accounts.set_enabled(office["admin"], "head2", enabled=False)
    for principal, deputy in (("head2", "deputy"), ("head", "head2")):
        with office.refused("account_disabled"):
            lend(office, principal, deputy)


def test_s15_disabling_a_person_ends_the_delegations_of_and_to_them(office: SampleOffice) -> None:
    item = office.item_at("sign_off")
    lend(office, "head", "deputy")
    came = office.accounts.set_enabled(office["admin"], "head", enabled=False)
    assert [("head", "deputy")] == [
        (each["principal"], each["deputy"]) for each in came["delegations_ended"]
    ]
    with office.refused("role_missing"):
        office.decide(item, by="deputy")
    office.accounts.set_enabled(office["admin"], "head", enabled=True)
    with office.refused("role_missing"):
        office.decide(item, by="deputy")
    assert [] == office.faults()


def test_s15_who_stands_in_does_not_become_an_administrator(office: SampleOffice) -> None:
    office.accounts.add(office["admin"], "newcomer", display_name="样例：新人")
    lend(office, "head", "newcomer", from_on=LAST)
    with office.refused("delegation_stands"):
        office.give("newcomer", Role.ADMINISTRATOR, body="YL-DISTRICT")


@pytest.mark.parametrize(
    ("from_on", "until_on", "code"),
    [
        (date(2017, 1, 19), LAST, "begins_in_past"),
        (LAST, TODAY, "ends_before_it_begins"),
        (None, date(2018, 1, 22), "lasts_too_long"),
    ],
)
def test_s15_days_that_cannot_be_are_refused(
    office: SampleOffice, from_on: date | None, until_on: date, code: str
) -> None:
    with office.refused(code, by=InvalidInput):
        lend(office, from_on=from_on, until_on=until_on)


def test_s15_a_reason_is_demanded(office: SampleOffice) -> None:
    with office.refused("reason_required"):
        office.app.delegations.give(
            office["admin"], "head", "deputy", from_on=None, until_on=LAST, reason=" "
        )


def test_s15_everybody_sees_the_delegations_that_concern_them(office: SampleOffice) -> None:
    given = lend(office, "head", "deputy")
    ahead = lend(office, "head2", "deputy", from_on=LAST)
    office.app.delegations.end(office["admin"], ahead["delegation"])

    def seen(name: str, *, closed: bool = False) -> list[tuple[int, str]]:
        rows = office.app.delegations.every(office[name], closed=closed)
        return [(row["delegation"], row["state"]) for row in rows]

    here, gone = (given["delegation"], "open"), (ahead["delegation"], "over")
    assert [here] == seen("admin") == seen("supervisor") == seen("head") == seen("deputy")
    assert [] == seen("clerk") == seen("head2")
    assert [here, gone] == seen("auditor", closed=True)


def test_s15_a_row_that_was_changed_behind_the_trail_is_found(office: SampleOffice) -> None:
    from sqlalchemy import text  # noqa: PLC0415

    from tests.service.tampering import unguarded  # noqa: PLC0415

    lend(office, "head", "deputy")
    with unguarded(office.database) as connection:
        connection.execute(text("UPDATE delegation SET until_on = '2017-03-01'"))
    assert ["delegation_differs"] == [fault.problem for fault in office.faults()]


# -- leave -----------------------------------------------------------------------------------------


def test_s15_disabling_a_person_moves_nothing_and_tells_what_waits_and_on_whom(
    office: SampleOffice,
) -> None:
    signing, sealing = office.item_at("sign_off"), office.item_at("seal")
    before = [office.row(item) for item in (signing, sealing)]
    office.accounts.set_enabled(office["admin"], "head2", enabled=False)
    assert [
        {"role": "department_head", "body": CIVIL, "body_name": "东昌区民政局（样例）"}
    ] == office.queries.left_by("head")["sole"]

    office.accounts.set_enabled(office["admin"], "head", enabled=False)
    left = office.queries.left_by("head")
    assert [(signing, "department_head", [])] == [
        (each["item"], each["role"], each["others"]) for each in left["items"]
    ]
    keepers = office.queries.left_by("keeper")
    assert [] == keepers["sole"]
    assert [["keeper2"]] == [[who["name"] for who in each["others"]] for each in keepers["items"]]
    assert before == [office.row(item) for item in (signing, sealing)]

    # It is taken over by whoever is appointed, and stands still nowhere.
    office.give("deputy", Role.DEPARTMENT_HEAD)
    assert signing in waits(office, "deputy")
    office.decide(signing, by="deputy")


def test_s15_what_others_ask_of_who_is_gone_names_those_who_have_the_same_duty(
    office: SampleOffice,
) -> None:
    """Not whoever holds the item's stage: a consultation that nobody answers holds it back."""

    def left(name: str) -> list[tuple[int, str | None, str, list[str]]]:
        return [
            (each["item"], each["duty"], each["role"], [who["name"] for who in each["others"]])
            for each in office.queries.left_by(name)["items"]
        ]

    item, urgent = office.item_at("sign_off"), office.item_at("sign_off")
    acts, seen = office.app.consulting, office.row(item).version
    acts.ask(item, office["clerk"], body=FINANCE, question="样例", seen=seen)
    assert [(item, "reply", "department_head", [])] == left("outhead")
    office.give("outsider", Role.DEPUTY_HEAD, body=FINANCE)
    assert [(item, "reply", "department_head", ["outsider"])] == left("outhead")
    acts.reply(item, office["outhead"], answer=Reply.OBJECT, text="样例", seen=seen)
    assert [(item, "settle", "supervisor", [])] == left("supervisor")
    office.act(urgent, Action.PUBLISH_URGENTLY, "supervisor", reason="样例理由")
    office.accounts.set_enabled(office["admin"], "publisher", enabled=False)
    assert [
        (urgent, "confirm_urgent_publication", "publisher", ["publisher2"])
    ] == left("publisher")  # fmt: skip


def test_s15_who_is_one_with_an_author_neither_answers_nor_settles_what_was_asked(
    office: SampleOffice,
) -> None:
    item = office.draft()
    acts, seen = office.app.consulting, office.row(item).version
    acts.ask(item, office["head"], body=FINANCE, question="样例", seen=seen)
    assert {item} == waits(office, "outhead")
    lend(office, "clerk", "outhead")
    office.clock.advance(timedelta(minutes=1))
    with office.refused("own_question"):
        acts.reply(item, office["outhead"], answer=Reply.AGREE, number=1, seen=seen)
    office.give("outsider", Role.DEPARTMENT_HEAD, body=FINANCE)
    assert [set(), {item}] == [
        {row["item"] for row in office.queries.inbox(office[name]).rows if row["duty"] == "reply"}
        for name in ("outhead", "outsider")
    ]
    acts.reply(item, office["outsider"], answer=Reply.OBJECT, text="样例", seen=seen)
    assert {item} == waits(office, "supervisor")
    lend(office, "head", "supervisor")
    with office.refused("own_question"):
        acts.settle(item, office["supervisor"], outcome=Settlement.RELEASE, text="样例", seen=seen)
    assert [] == [
        row["item"]
        for row in office.queries.inbox(office["supervisor"]).rows
        if row["duty"] == "settle"
    ]


def test_s15_a_draft_of_somebody_who_is_gone_is_taken_over(office: SampleOffice) -> None:
    item = office.draft()
    assert item not in waits(office, "colleague")
    office.accounts.set_enabled(office["admin"], "clerk", enabled=False)
    (left,) = office.queries.left_by("clerk")["items"]
    assert (item, ["colleague"]) == (left["item"], [who["name"] for who in left["others"]])

    seen = office.row(item).version
    office.service.take_over(item, office["colleague"], seen=seen)

    assert item in waits(office, "colleague")
    assert "taken_over" == office.events(item)[-1]
    with office.refused("drafted_by_you", by=Conflict):
        office.service.take_over(item, office["colleague"], seen=office.row(item).version)
    office.act(item, Action.SUBMIT, "colleague")
    office.give("colleague", Role.DEPARTMENT_HEAD)
    with office.refused("author_may_not_decide"):
        office.decide(item, by="colleague")
    assert [] == office.faults()


def test_s15_nobody_takes_over_what_they_could_not_revise(office: SampleOffice) -> None:
    item = office.draft()
    with office.refused("role_missing"):
        office.service.take_over(item, office["head"], seen=office.row(item).version)
    with office.refused("no_such_item", by=NotFound):
        office.service.take_over(item, office["outsider"], seen=office.row(item).version)
    office.act(item, Action.SUBMIT, "clerk")
    with office.refused("wrong_state"):
        office.service.take_over(item, office["colleague"], seen=office.row(item).version)


def test_s15_a_restricted_draft_that_nobody_can_go_on_with_is_given_to_a_clerk(
    office: SampleOffice,
) -> None:
    item = office.draft(restricted=True)

    def name(who: str, *, by: str = "supervisor", reason: str = "样例") -> None:
        office.app.succession.name_clerk(office[by], item, who, reason=reason)

    with office.refused("no_such_item", by=NotFound):
        name("colleague")  # Its author can go on.
    office.accounts.set_enabled(office["admin"], "clerk", enabled=False)
    (left,) = office.queries.left_by("clerk")["items"]
    assert (item, True, []) == (left["item"], left["hidden"], left["others"])
    for by in ("head", "admin"):
        with office.refused("needs_role"):
            name("colleague", by=by)
    for who in ("clerk", "head", "outsider", "supervisor"):
        with office.refused("named_is_no_other_clerk"):
            name(who)
    with office.refused("reason_required"):
        name("colleague", reason=" ")
    with office.refused("no_such_item", by=NotFound):
        office.service.take_over(item, office["colleague"], seen=1)

    name("colleague")

    assert "reader_named" == office.events(item)[-1]
    with office.refused("no_such_item", by=NotFound):
        office.queries.show(office["supervisor"], item)
    with office.refused("no_such_item", by=NotFound):
        name("colleague")  # Somebody can go on now.
    office.service.take_over(item, office["colleague"], seen=office.row(item).version)
    office.act(item, Action.SUBMIT, "colleague")
    assert [] == office.faults()


def test_s15_an_open_draft_is_nobodys_to_name_a_clerk_for(office: SampleOffice) -> None:
    item = office.draft()
    office.accounts.set_enabled(office["admin"], "clerk", enabled=False)
    with office.refused("no_such_item", by=NotFound):
        office.app.succession.name_clerk(office["supervisor"], item, "colleague", reason="样例")
