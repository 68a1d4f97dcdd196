"""Reading: the inbox, lists and their totals, finding by name, one item whole, its history."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import event

from tests.service.sample_office import CIVIL, FINANCE, PEOPLE
from workflow.errors import GongkaiError, InvalidInput, NotFound, NotSignedIn
from workflow.guards import Role
from workflow.machine import Action, State

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.service.sample_office import SampleOffice


def inbox(office: SampleOffice, by: str) -> list[int]:
    """Return the numbers in somebody's inbox."""
    page = office.queries.inbox(office[by])
    assert page.total == len(page.rows)
    return [row["item"] for row in page.rows]


# -- the inbox -------------------------------------------------------------------------------


def test_an_item_waits_in_the_inboxes_of_those_whose_turn_it_is(office: SampleOffice) -> None:
    expected = {
        "draft": {"clerk"},
        "sign_off": {"head", "head2"},
        "seal": {"keeper", "keeper2"},
        "confidentiality_review": {"reviewer", "reviewer2"},
        "final_review": {"final", "final2"},
        "cleared": {"publisher", "publisher2"},
        "publishing": set(),
        "published": set(),
    }
    item = office.draft()
    for place, people in expected.items():
        office.carry(item, to=place)
        assert people == {name for name in PEOPLE if inbox(office, name)}, place


def test_a_returned_draft_waits_in_the_inbox_of_every_clerk_of_its_body(
    office: SampleOffice,
) -> None:
    item = office.item_at("seal")
    office.give_back(item, "keeper")
    assert [item] == inbox(office, "clerk") == inbox(office, "colleague")
    assert [] == inbox(office, "outsider")


def test_an_inbox_tells_a_draft_that_was_returned_from_others(office: SampleOffice) -> None:
    def duties() -> dict[int, str | None]:
        return {row["item"]: row["duty"] for row in office.queries.inbox(office["clerk"]).rows}

    new, recalled, returned = office.draft(), office.item_at("sign_off"), office.item_at("seal")
    office.act(recalled, Action.RECALL, "clerk", reason="样例")
    office.give_back(returned, "keeper")
    assert {new: None, recalled: None, returned: "revise"} == duties()
    office.act(returned, Action.SUBMIT, "clerk")
    office.act(returned, Action.RECALL, "clerk", reason="样例")
    assert {new: None, recalled: None, returned: None} == duties()


def test_who_is_kept_out_by_a_rule_has_it_not_in_the_inbox(office: SampleOffice) -> None:
    office.give("head", Role.SEAL_KEEPER)
    office.give("clerk", Role.SEAL_KEEPER)
    item = office.item_at("seal")
    assert [] == inbox(office, "head") == inbox(office, "clerk")
    assert [item] == inbox(office, "keeper")


def test_what_is_referred_stays_in_the_inbox_of_the_reviewers(office: SampleOffice) -> None:
    item = office.item_at("confidentiality_review")
    office.act(item, Action.REVIEW_REFER, "reviewer", question="样例", addressee="样例")
    assert [item] == inbox(office, "reviewer") == inbox(office, "reviewer2")


def test_the_oldest_formation_date_comes_first_and_none_comes_last(office: SampleOffice) -> None:
    dates = ["2017-01-10", None, "2016-12-31", "2017-01-20"]
    one, two, three, four = (office.draft(changes={"formed_on": each}) for each in dates)
    assert [three, one, four, two] == inbox(office, "clerk")


def test_an_inbox_agrees_with_what_one_may_do(open_office: Callable[[str], SampleOffice]) -> None:
    office = open_office("standard_four_step")
    office.give("head", Role.SEAL_KEEPER)
    office.give("colleague", Role.DEPUTY_HEAD)
    item = office.draft()
    for place in (
        "originator_opinion",
        "unit_head_sign_off",
        "confidentiality_review",
        "leader_sign_off",
        "seal",
        "final_review",
        "cleared",
    ):
        office.carry(item, to=place)
        for name in PEOPLE:
            assert (item in inbox(office, name)) is may_decide(office, item, name), (place, name)


def may_decide(office: SampleOffice, item: int, name: str) -> bool:
    """Tell whether somebody may take the item one step further."""
    row = office.row(item)
    onward = {Action.SIGN_OFF, Action.SEAL, Action.REVIEW_DISCLOSE, Action.APPROVE, Action.PUBLISH}
    try:
        possible = office.service.consider(item, office[name])
    except NotFound:
        return False
    assert row.state in (State.PENDING, State.CLEARED)
    return any(each.action in onward and not each.refusals for each in possible)


# -- lists -----------------------------------------------------------------------------------


def listed(office: SampleOffice, by: str, **options: Any) -> tuple[list[int], int]:
    """Return the numbers on a page and the total."""
    page = office.queries.items(office[by], **options)
    return [row["item"] for row in page.rows], page.total


def test_lists_are_narrowed_and_counted(office: SampleOffice) -> None:
    drafts = [office.draft() for _ in range(3)]
    pending = [office.item_at("sign_off"), office.item_at("seal")]
    other = office.draft(by="outsider", department=FINANCE)
    everything = [*drafts, *pending]
    assert (everything[::-1], 5) == listed(office, "clerk")
    assert ([other, *everything[::-1]], 6) == listed(office, "supervisor")
    assert (everything[::-1][:2], 5) == listed(office, "clerk", limit=2)
    assert (everything[::-1][4:], 5) == listed(office, "clerk", limit=2, offset=4)
    assert ([], 5) == listed(office, "clerk", limit=2, offset=9)
    assert (drafts[::-1], 3) == listed(office, "clerk", states=[State.DRAFT])
    assert (pending[1:], 1) == listed(office, "clerk", stage="seal")
    assert ([], 0) == listed(office, "clerk", stage="no such stage")
    assert ([other], 1) == listed(office, "supervisor", body=FINANCE)
    assert ([], 0) == listed(office, "clerk", body=FINANCE)


@pytest.mark.parametrize(
    "options",
    [
        {"limit": 0},
        {"limit": -1},
        {"offset": -1},
        {"limit": 10**30},
        {"offset": 2**63},
        {"body": "YL-NOWHERE"},
        {"body": "a\x00"},
        {"body": "\ud800"},
    ],
    ids=["none", "fewer", "before", "many", "far", "nowhere", "nul", "lone"],
)
def test_a_list_that_makes_no_sense_is_refused(
    office: SampleOffice, options: dict[str, Any]
) -> None:
    with pytest.raises((InvalidInput, NotFound)):
        office.queries.items(office["clerk"], **options)


@pytest.mark.parametrize("stage", ["a\x00", "\ud800"])
def test_a_stage_that_cannot_be_is_no_stage(office: SampleOffice, stage: str) -> None:
    office.item_at("seal")
    assert ([], 0) == listed(office, "clerk", stage=stage)


def test_nobody_unknown_or_disabled_reads(office: SampleOffice) -> None:
    item = office.item_at("published")
    office.accounts.set_enabled(office["admin"], "clerk", enabled=False)
    for account in (999, 0, office["clerk"]):
        for read in (
            office.queries.items,
            office.queries.inbox,
            lambda reader: office.queries.show(reader, item),
            lambda reader: office.queries.history(reader, item),
            lambda reader: office.queries.revisions(reader, item),
        ):
            with pytest.raises(NotSignedIn):
                read(account)


# -- finding ---------------------------------------------------------------------------------


def test_an_item_is_found_by_its_numbers_and_for_reading_by_its_title(
    office: SampleOffice,
) -> None:
    item = office.item_at("sign_off", title="样例：关于停水的通知")
    clerk = office["clerk"]
    for text in (str(item), f"00{item}", "YL-CIVIL/2017-00001"):
        assert item == office.queries.resolve(clerk, text, reading=False)
    assert item == office.queries.resolve(clerk, "样例：关于", reading=True)
    for text, reading in (("样例：关于", False), ("样例：", True), ("停水的通知", True)):
        with pytest.raises(NotFound):
            office.queries.resolve(clerk, text, reading=reading)


def test_a_beginning_that_several_titles_share_is_ambiguous(office: SampleOffice) -> None:
    items = [office.draft(changes={"title": f"样例：通知{number}"}) for number in range(3)]
    with pytest.raises(InvalidInput) as refusal:
        office.queries.resolve(office["clerk"], "样例：通知", reading=True)
    assert tuple(items) == refusal.value.params["known"]


def test_a_beginning_is_taken_to_the_letter(office: SampleOffice) -> None:
    item = office.draft(changes={"title": "YL%_abc"})
    office.draft(changes={"title": "YL%_ABC"})
    assert item == office.queries.resolve(office["clerk"], "YL%_a", reading=True)
    for text in ("YL__", "%%%%"):
        with pytest.raises(NotFound):
            office.queries.resolve(office["clerk"], text, reading=True)


@pytest.mark.parametrize("text", ["", "a\x00bcd", "\ud800abc", "9" * 50, "-1", "１２", "x" * 5000])
def test_what_names_nothing_is_not_found(office: SampleOffice, text: str) -> None:
    office.draft()
    clerk = office["clerk"]
    with pytest.raises(NotFound):
        office.queries.show(clerk, office.queries.resolve(clerk, text, reading=True))


def test_the_beginning_of_a_title_finds_only_what_one_may_see(office: SampleOffice) -> None:
    office.draft(changes={"title": "样例：秘而不宣"}, restricted=True)
    with pytest.raises(NotFound):
        office.queries.resolve(office["colleague"], "样例：秘而", reading=True)


def test_a_number_that_one_may_not_see_is_told_from_none_by_nothing(office: SampleOffice) -> None:
    office.item_at("sign_off")
    answers = []
    for text in ("YL-CIVIL/2017-00001", "YL-CIVIL/2017-99999"):
        with pytest.raises(NotFound) as refusal:
            office.queries.resolve(office["outsider"], text, reading=False)
        answers.append((refusal.value.code, refusal.value.params["item"] == text))
    assert [("no_such_item", True)] * 2 == answers


# -- one item --------------------------------------------------------------------------------


def test_an_item_is_shown_whole(office: SampleOffice) -> None:
    item = office.item_at("seal", title="样例标题")
    shown = office.queries.show(office["clerk"], item)
    assert ("样例标题", "pending", "seal", CIVIL, f"{item}@3", 2) == (
        shown["title"],
        shown["state"],
        shown["stage"],
        shown["body"],
        shown["at"],
        shown["revision"],
    )
    assert [{"name": "clerk", "display_name": "样例：clerk"}] == shown["authors"]
    assert ["head"] == [decision["by"] for decision in shown["decisions"]]
    assert ["keeper", "keeper2"] == [who["name"] for who in shown["next"]["people"]]
    assert ["sign_off", "seal", "confidentiality_review", "final_review"] == [
        stage["stage"] for stage in shown["stages"]
    ]


def test_whose_turn_it_is_names_nobody_who_is_disabled(office: SampleOffice) -> None:
    item = office.item_at("seal")
    office.accounts.set_enabled(office["admin"], "keeper", enabled=False)
    shown = office.queries.show(office["clerk"], item)
    assert ["keeper2"] == [who["name"] for who in shown["next"]["people"]]


def test_whose_turn_it_is_tells_a_role_that_nobody_holds_from_one_that_is_barred(
    office: SampleOffice,
) -> None:
    item = office.item_at("final_review")
    for name in ("final", "final2"):
        office.accounts.set_enabled(office["admin"], name, enabled=False)
    # Whoever has signed it off cannot use the role here.
    office.accounts.grant(office["admin"], "head", Role.FINAL_REVIEWER, body="YL-CENTRE")
    barred = office.queries.show(office["clerk"], item)["next"]
    assert (True, []) == (barred["held"], barred["people"])
    office.accounts.set_enabled(office["admin"], "head", enabled=False)
    missing = office.queries.show(office["clerk"], item)["next"]
    assert (False, []) == (missing["held"], missing["people"])


def test_the_turn_follows_the_place(office: SampleOffice) -> None:
    item = office.draft()
    roles = []
    for place in ("draft", "sign_off", "cleared", "publishing", "published"):
        office.carry(item, to=place)
        following = office.queries.show(office["clerk"], item)["next"]
        roles.append(following and following["role"])
    assert ["clerk", "department_head", "publisher", None, None] == roles


def test_a_history_says_who_did_what_when_and_from_where(office: SampleOffice) -> None:
    item = office.draft()
    office.clock.advance(timedelta(hours=2))
    office.act(item, Action.SUBMIT, "colleague")
    last = office.queries.history(office["clerk"], item)[-1]
    assert (2, "submitted", "colleague", "样例：colleague", "test", office.clock()) == (
        last["seq"],
        last["event"],
        last["by"],
        last["by_name"],
        last["channel"],
        last["at"],
    )
    assert ("draft", "pending:sign_off") == (last["details"]["from"], last["details"]["to"])


def test_who_sees_an_item_only_because_it_is_public_sees_the_public_revision_only(
    office: SampleOffice,
) -> None:
    item = office.draft(changes={"title": "样例：旧标题"})
    office.revise(item, title="样例：新标题")
    office.carry(item, to="published")
    assert 3 == len(office.queries.revisions(office["clerk"], item))
    assert 3 == len(office.queries.revisions(office["supervisor"], item))
    (only,) = office.queries.revisions(office["receiver"], item)
    assert "样例：新标题" == only["content"]["title"]


@pytest.mark.parametrize("item", [0, -1, 999, 2**31, 2**63, 10**30])
def test_no_number_is_too_strange_to_be_not_found(office: SampleOffice, item: int) -> None:
    clerk = office["clerk"]
    reads: tuple[Callable[[int, int], Any], ...] = (
        office.queries.show,
        office.queries.history,
        office.queries.revisions,
    )
    for read in reads:
        with pytest.raises(NotFound):
            read(clerk, item)
    with pytest.raises(NotFound):
        office.service.consider(item, clerk)
    with office.unchanged(), pytest.raises(GongkaiError):
        office.service.perform(item, Action.SUBMIT, clerk, seen=1)


# -- what was seen ---------------------------------------------------------------------------


def test_what_somebody_was_shown_last_is_remembered(office: SampleOffice) -> None:
    item = office.item_at("sign_off")
    head = office["head"]
    assert office.service.last_seen(head, item) is None
    row = office.row(item)
    office.service.saw(head, item, version=row.version, digest_=row.digest)
    assert 2 == office.service.last_seen(head, item)
    office.act(item, Action.SIGN_OFF, "head")
    assert 3 == office.service.last_seen(head, item)
    assert 2 == office.service.last_seen(office["clerk"], item)


# -- what is public ---------------------------------------------------------------------------


def published(office: SampleOffice) -> int:
    """Publish an item with a past: another text, a return, a redaction list."""
    item = office.draft(changes={"body": "样例：内部底稿"})
    office.carry(item, to="confidentiality_review")
    office.act(item, Action.REVIEW_DISCLOSE_IN_PART, "reviewer", redactions=("样例：内部清单",))
    version = office.row(item).version
    clean = {"body": "样例：公开文本"}
    office.service.revise(item, office["clerk"], clean, seen=version, redaction=True)
    office.carry(item, to="sign_off")
    office.decide(item, reason="样例：内部理由")
    return office.carry(item, to="published")


@pytest.mark.parametrize("by", ["outsider", "admin", "receiver", "auditor"])
def test_who_sees_an_item_because_it_is_public_sees_what_is_public_of_it(
    office: SampleOffice, by: str
) -> None:
    item = published(office)
    shown = office.queries.show(office[by], item)
    assert "样例：公开文本\n" == shown["content"]["body"]
    assert ([], [], [], None) == tuple(
        shown[name] for name in ("authors", "decisions", "deliveries", "submitted_at")
    )
    (revision,) = office.queries.revisions(office[by], item)
    assert shown["digest"] == revision["digest"]
    history = office.queries.history(office[by], item)
    assert "内部" not in str((shown, revision, history))
    if by != "auditor":
        assert ["published"] == [entry["event"] for entry in history]
    else:
        assert office.events(item) == [entry["event"] for entry in history]


@pytest.mark.parametrize("by", ["clerk", "colleague", "head", "final", "publisher", "supervisor"])
def test_who_took_part_sees_the_whole_past_of_what_is_public(office: SampleOffice, by: str) -> None:
    item = published(office)
    shown = office.queries.show(office[by], item)
    assert len(office.decisions(item)) == len(shown["decisions"])
    assert "样例：内部清单" in str(shown["decisions"])
    assert 3 == len(office.queries.revisions(office[by], item))
    assert office.events(item) == [
        entry["event"] for entry in office.queries.history(office[by], item)
    ]


def test_what_was_restricted_stays_with_its_people_once_it_is_public(office: SampleOffice) -> None:
    item = office.carry(office.draft(restricted=True), to="published")
    assert [] == office.queries.show(office["supervisor"], item)["decisions"]
    assert [] == office.queries.show(office["colleague"], item)["decisions"]
    assert 1 == len(office.queries.revisions(office["colleague"], item))
    assert 4 == len(office.queries.show(office["clerk"], item)["decisions"])


def test_a_page_of_a_list_asks_for_the_policies_once(office: SampleOffice) -> None:
    for _ in range(3):
        office.draft()
    asked: list[str] = []
    event.listen(
        office.database.engine, "before_cursor_execute", lambda *args: asked.append(args[2])
    )
    many = len(office.queries.items(office["clerk"]).rows), len(asked)
    asked.clear()
    one = len(office.queries.items(office["clerk"], offset=2).rows), len(asked)
    assert ((3, one[1]), 1) == (many, one[0])
