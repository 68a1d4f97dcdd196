"""How an item is named, what was seen of it (S1, S2), and one act on many of them (S41)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from tests.cli.terminal import at_terminal
from workflow.machine import Action

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.cli.desk import Desk

READING: Final = ("show", "history", "why", "diff")
DECIDING: Final = {
    "submit": ("clerk", "draft", ()),
    "recall": ("clerk", "sign_off", ("--reason", "样例理由")),
    "abandon": ("clerk", "draft", ()),
    "sign-off": ("head", "sign_off", ()),
    "seal": ("keeper", "seal", ()),
    "review": ("reviewer", "confidentiality_review", ("--conclusion", "disclose")),
    "answer": (
        "reviewer",
        "referred",
        ("--answer", "样例答复", "--answered-on", "2017-01-20"),
    ),
    "approve": ("final", "final_review", ()),
    "return": ("head", "sign_off", ("--to", "draft", "--code", "wording", "--reason", "样例")),
    "publish": ("publisher", "cleared", ()),
    "retry": ("publisher", "publication_failed", ()),
    "revise": ("clerk", "draft", ("--summary", "样例概述")),
}
"""Who decides, about the item at which place of the template, and what is said with it."""
each_verb = pytest.mark.parametrize("verb", list(DECIDING))


def version_of(desk: Desk, item: int) -> int:
    with desk.office() as office:
        version: int = office.row(item).version
        return version


# -- naming ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    ["3", "3@3", " 3 ", "003", "YL-CIVIL/2017-00002", "样例信息：se", "样例信息：seal"],
)
def test_reading_takes_a_number_an_index_number_or_the_beginning_of_a_title(
    desk: Desk, name: str
) -> None:
    for command in READING:
        assert desk.json("clerk", command, "3").data == desk.json("clerk", command, name).data


@pytest.mark.parametrize(
    ("name", "status", "code"),
    [
        ("样例信", 4, "no_such_item"),
        ("样例信息", 2, "ambiguous_item"),
        ("样例信息：none", 4, "no_such_item"),
        ("例信息：seal", 4, "no_such_item"),
        ("YL-CIVIL/2017-99999", 4, "no_such_item"),
        ("99", 4, "no_such_item"),
        ("0", 4, "no_such_item"),
        ("-1", 2, "usage"),
        ("9" * 30, 4, "no_such_item"),
        ("", 4, "no_such_item"),
        ("３", 4, "no_such_item"),
    ],
)
def test_reading_refuses_what_names_no_item_or_several(
    desk: Desk, name: str, status: int, code: str
) -> None:
    with desk.unchanged():
        refused = [desk.json("clerk", command, name) for command in READING]
    assert {(status, code)} == {(each.status, *each.codes) for each in refused}


def test_a_title_is_found_among_what_one_may_see_only(desk: Desk) -> None:
    assert 4 == desk.json("outsider", "show", "样例信息：seal").status
    assert desk.items["published"] == desk.json("outsider", "show", "样例信息").data["item"]


@each_verb
def test_no_title_names_an_item_that_is_to_be_changed(desk: Desk, verb: str) -> None:
    who, place, said = DECIDING[verb]
    with desk.unchanged():
        refused = desk.json(who, verb, f"样例信息：{place}", *said)
    assert (4, ["no_such_item"]) == (refused.status, refused.codes)


def test_an_index_number_names_an_item_that_is_to_be_changed(desk: Desk) -> None:
    assert 3 == desk.json("keeper", "seal", "YL-CIVIL/2017-00002@3").data[0]["item"]


# -- what was seen --------------------------------------------------------------------------------


@each_verb
def test_a_verb_goes_by_the_version_that_is_named(desk: Desk, verb: str) -> None:
    who, place, said = DECIDING[verb]
    item = desk.items[place]
    version = version_of(desk, item)
    (done,) = desk.json(who, verb, f"{item}@{version}", *said).data
    assert (item, f"{item}@{done['version']}") == (done["item"], done["at"])
    assert version < version_of(desk, item)


@each_verb
def test_a_verb_goes_by_the_digest_that_is_named(desk: Desk, verb: str) -> None:
    who, place, said = DECIDING[verb]
    item = str(desk.items[place])
    digest = desk.json("clerk", "show", item).data["digest"]
    assert 0 == desk.json(who, verb, item, "--seen", digest, *said).status


@each_verb
def test_a_verb_goes_by_what_was_last_shown(desk: Desk, verb: str) -> None:
    who, place, said = DECIDING[verb]
    item = str(desk.items[place])
    desk.run(who, "show", item)
    assert 0 == desk.json(who, verb, item, *said).status


@each_verb
def test_what_moved_on_is_a_conflict_and_nothing_changes(desk: Desk, verb: str) -> None:
    """S1: the answer names what happened; state, decisions and trail stay as they are."""
    who, place, said = DECIDING[verb]
    item = desk.items[place]
    before = version_of(desk, item)
    for seen in (
        (f"{item}@{before - 1}",),
        (f"{item}@{before + 1}",),
        (str(item), "--seen", "0" * 64),
    ):
        with desk.unchanged():
            refused = desk.json(who, verb, *seen, *said)
        assert (3, ["changed_since"]) == (refused.status, refused.codes)
        assert f"gongkai show {item}" in refused.document["errors"][0]["message"]


def test_a_conflict_names_who_was_faster_and_when(desk: Desk) -> None:
    """S1: final review on what somebody has just returned."""
    desk.run("final", "show", "5")
    desk.run("final2", "return", "5@5", "--to", "draft", "--code", "wording", "--reason", "样例")
    with desk.unchanged():
        told = desk.run("final", "approve", "5")
    assert 3 == told.status
    assert "样例：final2" in told.err
    assert "2017-01-20 09:00" in told.err
    assert "returned" in told.err


@each_verb
def test_what_was_never_seen_is_refused_where_nobody_can_be_asked(desk: Desk, verb: str) -> None:
    """S2: without a version, a digest or a look at it there is no deciding."""
    _, place, said = DECIDING[verb]
    with desk.unchanged():
        refused = desk.json("supervisor", verb, str(desk.items[place]), *said)
    assert (1, ["not_seen"]) == (refused.status, refused.codes)


def test_whether_an_item_is_there_does_not_show_before_it_may_be_seen(desk: Desk) -> None:
    with desk.unchanged():
        hidden = desk.json("outhead", "sign-off", "2")
        absent = desk.json("outhead", "sign-off", "99")
    assert (4, ["no_such_item"]) == (hidden.status, hidden.codes)
    assert hidden.out == absent.out.replace("99", "2")


def test_a_list_shows_no_content_and_counts_as_no_look_at_it(desk: Desk) -> None:
    desk.run("head", "inbox")
    desk.run("head", "list")
    desk.run("head", "history", "2")
    desk.run("head", "why", "2")
    assert ["not_seen"] == desk.json("head", "sign-off", "2").codes


def test_a_difference_from_the_last_revision_counts_as_a_look_at_it(desk: Desk) -> None:
    desk.run("head", "diff", "2")
    assert 0 == desk.run("head", "sign-off", "2").status


def test_the_inbox_gives_what_a_verb_takes(desk: Desk) -> None:
    (waiting,) = desk.json("head", "inbox").data["items"]
    assert "2@2" == waiting["at"]
    assert 0 == desk.run("head", "sign-off", "-", given=waiting["at"]).status


def test_who_acted_goes_on_from_what_came_of_it(desk: Desk) -> None:
    desk.run("clerk", "submit", "1@1")
    assert 0 == desk.run("clerk", "recall", "1", "--reason", "样例理由").status


def test_at_a_terminal_what_was_never_seen_is_shown_and_confirmed(desk: Desk) -> None:
    """S2: a person can look and agree in one call."""
    with desk.unchanged("sighting"):
        refused = at_terminal(desk, "head2", "sign-off", "2", typed="n\n")
    assert 1 == refused.status
    assert "样例正文" in refused.out
    assert "Not confirmed; nothing was changed." in refused.out
    agreed = at_terminal(desk, "head", "sign-off", "2", typed="y\n")
    assert 0 == agreed.status
    assert "You act on 2@2. Go on?" in agreed.out
    with desk.office() as office:
        assert "seal" == office.place(2)


def test_a_version_and_a_digest_together_are_refused(desk: Desk) -> None:
    refused = desk.json("head", "sign-off", "2@2", "--seen", "0" * 64)
    assert (2, ["seen_twice"]) == (refused.status, refused.codes)


# -- many items (S41) -----------------------------------------------------------------------------


def submitted(desk: Desk, count: int) -> list[str]:
    """Return so many items that wait for the head, as ITEM@VERSION."""
    with desk.office() as office:
        items = []
        for number in range(count):
            content = {"title": f"样例公告第{number}号", "body": f"样例公告正文第{number}号。"}
            item = office.draft(changes=content)
            office.act(item, Action.SUBMIT, "clerk")
            items.append(f"{item}@{office.row(item).version}")
        return items


def test_each_of_many_items_stands_alone_and_a_second_run_does_the_rest(desk: Desk) -> None:
    """S41: fifty with three bad ones."""
    items = submitted(desk, 50)
    bad = [items[7], items[23], items[41]]
    wrong = [each.partition("@")[0] + "@1" for each in bad]
    asked = [wrong[bad.index(each)] if each in bad else each for each in items]
    came = desk.run("head", "sign-off", "-", given="\n".join(asked))
    assert 6 == came.status
    lines = came.out.splitlines()
    assert 50 == len(lines)
    assert [each.partition("@")[0] for each in items] == [
        line.split()[0].partition("@")[0] for line in lines
    ]
    assert wrong == [line.split()[0] for line in lines if "✗" in line]
    with desk.office() as office:
        waiting = {str(item) for item in _numbers(items) if office.place(item) == "sign_off"}
    assert {each.partition("@")[0] for each in bad} == waiting
    again = desk.json("head", "sign-off", "-", given="\n".join(bad))
    assert 3 == len(again.data)


def _numbers(items: Sequence[str]) -> list[int]:
    return [int(each.partition("@")[0]) for each in items]


def test_a_program_is_told_what_was_done_and_what_was_not(desk: Desk) -> None:
    first, second = submitted(desk, 2)
    came = desk.json("head", "sign-off", first, "99@1", second, "3@3")
    assert 6 == came.status
    assert came.document["ok"] is False
    assert [first.partition("@")[0], second.partition("@")[0]] == [
        str(each["item"]) for each in came.document["data"]
    ]
    assert [("99@1", "no_such_item"), ("3@3", "wrong_state")] == [
        (error["item"], error["code"]) for error in came.document["errors"]
    ]


def test_the_line_of_an_item_holds_every_reason_as_a_sentence(desk: Desk) -> None:
    bare = desk.json("clerk", "new", "-", "--title", "样例公告", given="样例。").data["at"]
    first, _ = desk.run("clerk", "--lang", "zh", "submit", bare, "99@1").out.splitlines()
    assert first.startswith(f"{bare}  ✗ 提交前")
    assert 2 == first.count("。 提交前")


@pytest.mark.parametrize(
    ("items", "status"),
    [
        (("98@1", "99@1"), 4),
        (("2@1", "3@1"), 3),
        (("2@1", "99@1"), 1),
        (("3@3", "4@4"), 1),
    ],
)
def test_of_none_done_the_status_is_what_they_have_in_common(
    desk: Desk, items: Sequence[str], status: int
) -> None:
    with desk.unchanged():
        assert status == desk.run("head", "sign-off", *items).status
        assert status == desk.json("head", "sign-off", "-", given="\n".join(items)).status


def test_a_list_may_hold_blank_lines_carriage_returns_and_repetitions(desk: Desk) -> None:
    first, second = submitted(desk, 2)
    given = f"\n{first}\r\n\n  {second}\n{first}\n"
    assert 2 == len(desk.json("head", "sign-off", "-", given=given).data)


def test_what_is_named_in_two_ways_is_done_once(desk: Desk) -> None:
    desk.run("head", "show", "2")
    done = desk.json("head", "sign-off", "2", "YL-CIVIL/2017-00001")
    assert (0, 1) == (done.status, len(done.data))


@pytest.mark.parametrize("given", ["", "\n \n"])
def test_an_empty_list_is_a_wrong_call(desk: Desk, given: str) -> None:
    refused = desk.json("head", "sign-off", "-", given=given)
    assert (2, ["no_items"]) == (refused.status, refused.codes)


def test_one_digest_does_not_speak_for_many_items(desk: Desk) -> None:
    refused = desk.json("head", "sign-off", "2", "3", "--seen", "0" * 64)
    assert (2, ["seen_with_many"]) == (refused.status, refused.codes)


def test_a_draft_is_changed_one_at_a_time(desk: Desk) -> None:
    refused = desk.json("clerk", "revise", "-", "--title", "样例", given="1@1\n")
    assert (2, ["one_item_only"]) == (refused.status, refused.codes)


def test_bytes_that_are_no_text_name_no_item(desk: Desk) -> None:
    refused = desk.json("head", "sign-off", "-", given=b"\xff\xfe\x00\n")
    assert (4, ["no_such_item"]) == (refused.status, refused.codes)


def test_a_dry_run_of_many_changes_none(desk: Desk) -> None:
    items = submitted(desk, 3)
    with desk.unchanged():
        assert 3 == len(desk.json("head", "sign-off", *items, "--dry-run").data)
