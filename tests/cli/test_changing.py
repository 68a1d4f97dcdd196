"""A dry run says what would happen and changes nothing; a repeated key does nothing twice (S3)."""

from __future__ import annotations

from importlib import resources
from typing import TYPE_CHECKING, Any, Final

import click
import pytest

from tests.cli.desk import LOCAL, leaves, readied, tree

if TYPE_CHECKING:
    from tests.cli.desk import Desk, Result

DESCRIBED: Final = "--category annual_report --formed-on 2017-01-10 --attribute proactive"
CHANGES: Final = {
    "new": ("clerk", f"body.md --title 样例公告 --attach table.csv --submit {DESCRIBED}"),
    "revise": ("clerk", "1@1 body.md --title 样例改题 --attach table.csv"),
    "submit": ("clerk", "1@1"),
    "take-over": ("colleague", "1"),
    "recall": ("clerk", "2@2 --reason 样例理由"),
    "abandon": ("clerk", "1@1"),
    "import": ("clerk", "rows.csv"),
    "sign-off": ("head", "2@2"),
    "seal": ("keeper", "3@3"),
    "review": ("reviewer", "4@4 --conclusion disclose"),
    "answer": ("reviewer", "8@5 --answer 样例答复 --answered-on 2017-01-20"),
    "approve": ("final", "5@5"),
    "return": ("head", "2@2 --to draft --code wording --reason 样例理由"),
    "publish": ("publisher", "6@6"),
    "retry": ("publisher", "9@8"),
    "publish-urgently": ("supervisor", "3@3 --reason 样例理由"),
    "confirm-urgent-publication": ("publisher", "3@4"),
    "urge": ("clerk", "3"),
    "reopen": ("head", "1@2 --reason 样例理由"),
    "correct": ("clerk", "7 --change-note 样例说明"),
    "retract": ("publisher", "7 --explanation 样例说明"),
    "confirm-retraction": ("final", "7"),
    "call-off": ("publisher", "7"),
    "validity": ("head", "7 --status repealed --basis 样例决定 --from 2017-04-01"),
    "confirm-validity": ("publisher", "7"),
    "restore": ("publisher", "7 --reason 样例理由"),
    "confirm-restoration": ("final", "7"),
    "consult": ("clerk", "2@2 --body YL-FINANCE --question 样例问题"),
    "reply": ("outhead", "2@2 --answer agree"),
    "settle": ("supervisor", "2@2 --outcome release --text 样例说明"),
    "withdraw-consultation": ("clerk", "2 --reason 样例理由"),
    "deliver": ("publisher", "7 --to YL-LIBRARY"),
    "receive": ("receiver", "7 --handed-over-on 2017-01-20 --paper 1 --electronic 1"),
    "withdraw-delivery": ("publisher", "7 --from YL-LIBRARY --reason 样例理由"),
    "confirm-withdrawal": ("supervisor", "7 --from YL-LIBRARY"),
    "nil-return": ("publisher", "YL-LIBRARY --month 2017-01"),
    "clock pause": ("supervisor", "2 reply --reason 样例理由"),
    "clock resume": ("supervisor", "2 reply"),
    "late-reason": ("publisher", "7 --reason 样例理由"),
    "alerts ack": ("head", "--item 2"),
    "alerts snooze": ("head", "2 --until 2017-01-24 --reason 样例理由"),
    "contact set": ("clerk", "wecom 00000000-0000-0000-0000-000000000000"),
    "contact remove": ("head", "directory"),
    "contact notices": ("clerk", "daily"),
    "contact language": ("clerk", "en"),
    "calendar apply": ("admin", "local.toml --yes"),
    "calendar revert": ("admin", "1 --reason 样例理由 --yes"),
    "item correct-date": (
        "admin", "2 --formed-on 2017-01-09 --formed-on-basis signature --reason 样例理由",
    ),
    "policy apply": ("admin", "policy.toml --reason 样例理由"),
    "user add": ("admin", "new.person --display-name 样例新人"),
    "user reset": ("admin", "clerk"),
    "user enable": ("admin", "clerk"),
    "user disable": ("admin", "clerk"),
    "role grant": ("admin", "clerk auditor"),
    "role revoke": ("admin", "auditor auditor"),
    "delegate give": ("admin", "head head2 --until 2017-01-25 --reason 样例理由"),
    "delegate end": ("admin", "1"),
    "waiver give": ("supervisor", "head --own-text --until 2017-01-25 --reason 样例理由"),
    "waiver end": ("supervisor", "1"),
    "organisation import": ("admin", "bodies.toml"),
    "organisation hand-over": ("admin", "YL-CIVIL --reason 样例理由"),
    "restore-check": ("admin", "--hold --reason 样例理由"),
    "purge": ("admin", "{digest} --ground state_secret --reason 样例理由"),
}  # fmt: skip
"""A call of every command that changes items, people or rules; all have both options."""
OWN: Final = ("contact set", "contact notices", "contact language")
"""What everybody may change, of their own."""
OF_ITEMS: Final = [name for name, (who, _) in CHANGES.items() if who != "admin" and name not in OWN]

each_command = pytest.mark.parametrize("command", list(CHANGES))


@pytest.fixture
def prepared(desk: Desk) -> Desk:
    """Give a desk with the files that the calls above are about."""
    desk.file("body.md", "样例正文，别处没有。")
    desk.file("table.csv", "样例,1\n")
    desk.file("rows.csv", "标题,正文\n样例,样例正文\n")
    bodies = resources.files("workflow").joinpath("organisations/sample_small.toml")
    text = bodies.read_text("utf-8").replace("东昌区民政局（样例）", "东昌区民政局新名（样例）")
    desk.file("bodies.toml", text)
    desk.file("local.toml", LOCAL)
    two_tier = resources.files("workflow").joinpath("policies/two_tier.toml")
    desk.file("policy.toml", two_tier.read_bytes())
    return desk


def call_of(desk: Desk, command: str, *more: str) -> Result:
    who, arguments = CHANGES[command]
    if "{digest}" in arguments:
        with desk.office() as office:
            arguments = arguments.format(digest=office.row(1).digest)
    return desk.json(who, *command.split(), *arguments.split(), *more)


def options(path: tuple[str, ...]) -> set[str]:
    found = (each for each in tree()[path].params if isinstance(each, click.Option))
    return {name for option in found for name in option.opts}


# -- dry runs -------------------------------------------------------------------------------------


def test_the_commands_listed_here_are_those_that_take_a_key() -> None:
    assert set(CHANGES) == {
        " ".join(path) for path in leaves() if "--idempotency-key" in options(path)
    }


def test_whatever_takes_a_key_has_a_dry_run_too() -> None:
    dry = {" ".join(path) for path in leaves() if "--dry-run" in options(path)}
    assert {*CHANGES, "init", "upgrade", "sweep"} == dry


@each_command
def test_a_dry_run_answers_what_would_happen_and_changes_nothing(
    prepared: Desk, command: str
) -> None:
    desk = readied(prepared, command)
    with desk.unchanged():
        would = call_of(desk, command, "--dry-run").data
    assert [True] == [each["dry_run"] for each in (would if isinstance(would, list) else [would])]
    done = call_of(desk, command).data
    assert _comparable(done) == _comparable(would)


def _comparable(data: Any) -> Any:
    """Return what a dry run can foretell: neither its own mark, a password, nor a delivery."""
    if isinstance(data, list):
        return [_comparable(each) for each in data]
    told = {"dry_run", "one_time_password", "delivery", "page", "published_at", "entered"}
    if data.get("action") in ("publish", "retry", "confirm_urgent_publication"):
        told |= {"at", "version", "state"}
    return {name: value for name, value in data.items() if name not in told}


@each_command
def test_a_dry_run_tells_people_that_it_was_one(prepared: Desk, command: str) -> None:
    who, arguments = CHANGES[command]
    if "{digest}" in arguments:
        with prepared.office() as office:
            arguments = arguments.format(digest=office.row(1).digest)
    desk = readied(prepared, command)
    told = desk.run(who, "--lang", "zh", *command.split(), *arguments.split(), "--dry-run")
    assert 0 == told.status, told
    before, mark, _ = told.out.partition("试运行")
    assert "试运行" == mark
    # It is said first, for what follows has not happened: only an item is named before it.
    assert before.replace("@", "").strip().isdigit() or not before
    told = desk.run(who, "--lang", "en", *command.split(), *arguments.split(), "--dry-run")
    before, mark, _ = told.out.lower().partition("dry run")
    assert "dry run" == mark
    assert before.replace("@", "").strip("a \n").isdigit() or not before.strip("a ")


def test_a_dry_run_disables_nobody_in_words_either(desk: Desk) -> None:
    """What is said once is no longer true at the end of the same sentence."""
    words = "dry run, nothing was changed; it would be: clerk is disabled; logins ended: 1"
    told = desk.run("admin", "--lang", "en", "user", "disable", "clerk", "--dry-run")
    assert words == told.out.splitlines()[0]


@pytest.mark.parametrize("command", OF_ITEMS)
def test_a_dry_run_that_may_not_be_says_why_as_the_call_would(prepared: Desk, command: str) -> None:
    _, arguments = CHANGES[command]
    call, desk = [*command.split(), *arguments.split()], readied(prepared, command)
    # It is the head of the other body who answers.
    who = "outsider" if command == "reply" else "outhead"
    with desk.unchanged():
        would = desk.json(who, *call, "--dry-run")
        refused = desk.json(who, *call)
    assert would.status in {1, 4}
    assert (refused.status, refused.document) == (would.status, would.document)


def test_a_dry_run_of_an_administrator_s_act_says_why_not(desk: Desk) -> None:
    with desk.unchanged():
        refused = desk.json("clerk", "role", "grant", "clerk", "auditor", "--dry-run")
    assert (1, ["needs_role"]) == (refused.status, refused.codes)


def test_a_dry_run_of_a_sweep_says_how_many_are_due(desk: Desk) -> None:
    with desk.office() as office:
        office.carry(desk.items["cleared"], to="publishing")
    with desk.unchanged():
        would = desk.json("admin", "sweep", "--dry-run").data
        counts = {"publications": 1, "clocks": 24, "alerts": 0}
        assert {"due": 1, "dry_run": True} | counts == would
    (sent,) = desk.json("admin", "sweep").data["sent"]
    assert (desk.items["cleared"], "published") == (sent["item"], sent["result"])
    assert 0 == desk.json("admin", "sweep", "--dry-run").data["due"]


def test_a_dry_run_of_an_upgrade_changes_nothing(desk: Desk) -> None:
    with desk.unchanged():
        would = desk.json(None, "upgrade", "--dry-run").data
    assert would["from"] == would["to"]


def test_a_dry_run_of_init_leaves_nothing_behind(bare: Desk) -> None:
    call = ("init", "--admin", "boss", "--sample", "--password-stdin", "--dry-run")
    would = bare.json(None, *call, given="yangli mima 2017\n").data
    assert (True, 12) == (would["dry_run"], would["bodies"])
    assert [] == list(bare.place.iterdir())
    refused = bare.json(None, *call, given="short\n")
    assert (2, ["password_length"]) == (refused.status, refused.codes)
    assert [] == list(bare.place.iterdir())


def test_a_dry_run_of_a_marked_text_stores_no_stub_of_it(desk: Desk) -> None:
    call = ("new", desk.file("body.md", "绝密★启用前\n样例"), "--title", "样例", *DESCRIBED.split())
    with desk.unchanged():
        refused = desk.json("clerk", *call, "--dry-run")
    assert (1, ["classification_mark"]) == (refused.status, refused.codes)


# -- repeating with a key -------------------------------------------------------------------------


@each_command
def test_a_repeated_key_succeeds_and_leaves_no_second_row(prepared: Desk, command: str) -> None:
    """S3: what was done is done once, however often it is sent."""
    desk = readied(prepared, command)
    first = call_of(desk, command, "--idempotency-key", "样例-1").data
    again: list[Any] = []
    with desk.unchanged():
        again = [call_of(desk, command, "--idempotency-key", "样例-1").data for _ in range(2)]
    for data in again:
        (was,) = first if isinstance(first, list) else [first]
        (now,) = data if isinstance(data, list) else [data]
        assert now["repeated"] is True
        assert "one_time_password" not in now
        # A file of rows counts those that were entered before.
        told = {"repeated", "one_time_password", "before"}
        assert {name: value for name, value in was.items() if name not in told} == {
            name: value for name, value in now.items() if name not in told
        }


def test_a_repeated_key_tells_people_that_it_was_done_before(desk: Desk) -> None:
    call = ("--lang", "zh", "sign-off", "2@2", "--idempotency-key", "样例-1")
    assert "此前已办理" not in desk.run("head", *call).out
    assert "此前已办理" in desk.run("head", *call).out


def test_a_key_that_meant_something_else_is_a_conflict(desk: Desk) -> None:
    desk.run("clerk", "submit", "1@1", "--idempotency-key", "样例-1")
    with desk.unchanged():
        refused = desk.json(
            "clerk", "recall", "2@2", "--reason", "样例", "--idempotency-key", "样例-1"
        )
    assert (3, ["key_used_before"]) == (refused.status, refused.codes)


def test_a_key_is_its_owner_s(desk: Desk) -> None:
    desk.run("clerk", "submit", "1@1", "--idempotency-key", "样例-1")
    assert 0 == desk.run("head", "sign-off", "2@2", "--idempotency-key", "样例-1").status


@pytest.mark.parametrize("key", ["", "长" * 201])
def test_a_key_that_cannot_be_kept_is_refused(desk: Desk, key: str) -> None:
    with desk.unchanged():
        refused = desk.json("clerk", "submit", "1@1", "--idempotency-key", key)
    assert (2, ["key_wrong"]) == (refused.status, refused.codes)


def test_a_list_with_a_key_can_be_sent_again_as_a_whole(desk: Desk) -> None:
    """S3 and S41: each item of a list has a key of its own."""
    items = [desk.draft(f"样例第{number}件") for number in range(3)]
    call = ("submit", *items, "--idempotency-key", "样例-清单")
    assert [None] * 3 == [each.get("repeated") for each in desk.json("clerk", *call).data]
    with desk.unchanged():
        again = desk.json("clerk", *call).data
    assert [True] * 3 == [each["repeated"] for each in again]
