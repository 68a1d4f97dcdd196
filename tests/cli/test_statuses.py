"""What a call ends with: its exit status, and one shape of document for every answer."""

from __future__ import annotations

import json
import re
from contextlib import nullcontext
from importlib import resources
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import pytest
from sqlalchemy import text

from tests.cli.desk import ALERTS, LOCAL, leaves, readied
from tests.service.tampering import unguarded

if TYPE_CHECKING:
    from tests.cli.desk import Desk, Result

WHO: Final = {
    "whoami": "clerk",
    "inbox": "clerk",
    "list": "clerk",
    "search": "clerk",
    "show": "clerk",
    "diff": "clerk",
    "history": "clerk",
    "why": "clerk",
    "due": "supervisor",
    "overdue": "supervisor",
    "waiting": "supervisor",
    "explain": "clerk",
    "report": "supervisor",
    "alerts": "head",
    "contact": "head",
    "new": "clerk",
    "revise": "clerk",
    "submit": "clerk",
    "recall": "clerk",
    "take-over": "colleague",
    "abandon": "clerk",
    "import": "clerk",
    "export": "clerk",
    "sign-off": "head",
    "seal": "keeper",
    "review": "reviewer",
    "answer": "reviewer",
    "approve": "final",
    "return": "head",
    "publish": "publisher",
    "retry": "publisher",
    "publish-urgently": "supervisor",
    "confirm-urgent-publication": "publisher",
    "urge": "clerk",
    "reopen": "head",
    "correct": "clerk",
    "retract": "publisher",
    "confirm-retraction": "final",
    "call-off": "publisher",
    "validity": "head",
    "confirm-validity": "publisher",
    "restore": "publisher",
    "confirm-restoration": "final",
    "consult": "clerk",
    "reply": "outhead",
    "settle": "supervisor",
    "withdraw-consultation": "clerk",
    "consultations": "clerk",
    "clock": "supervisor",
    "late-reason": "publisher",
    "deliver": "publisher",
    "receive": "receiver",
    "withdraw-delivery": "publisher",
    "confirm-withdrawal": "supervisor",
    "nil-return": "publisher",
    "deliveries": "publisher",
    "audit": "auditor",
    "waiver": "supervisor",
}
"""Who has a use for a command; the administrator for all others."""
NEW: Final = (
    "--title 样例公告 --category annual_report --formed-on 2017-01-10 --attribute proactive"
)
DONE: Final = {
    "demo": "",
    "settings": "",
    "completion": "bash",
    "login": "clerk --password-stdin --print-token",
    "logout": "",
    "whoami": "",
    "password": "--password-stdin",
    "inbox": "",
    "list": "",
    "search": "样例 --limit 2",
    "show": "1",
    "diff": "2",
    "history": "2",
    "why": "2",
    "due": "--within 30",
    "overdue": "",
    "waiting": "--by holder",
    "explain": "3 --clock online",
    "report timeliness": "--year 2017",
    "report returns": "--year 2017",
    "report duplicates": "",
    "alerts list": "",
    "alerts ack": "--item 2",
    "alerts snooze": "2 --until 2017-01-24 --reason 样例理由",
    "contact show": "",
    "contact set": "directory head@sample.example",
    "contact remove": "directory",
    "contact notices": "daily",
    "contact language": "en",
    "contact test": "directory",
    "new": f"body.md {NEW}",
    "revise": "1@1 --title 样例改题",
    "submit": "1@1",
    "recall": "2@2 --reason 样例理由",
    "take-over": "1",
    "abandon": "1@1",
    "import": "table.csv",
    "export": "--output list.csv",
    "sign-off": "2@2",
    "seal": "3@3",
    "review": "4@4 --conclusion disclose",
    "answer": "8@5 --answer 样例答复 --answered-on 2017-01-20",
    "approve": "5@5",
    "return": "2@2 --to draft --code wording --reason 样例理由",
    "publish": "6@6",
    "retry": "9@8",
    "publish-urgently": "3@3 --reason 样例理由",
    "confirm-urgent-publication": "3@4",
    "urge": "3",
    "reopen": "1@2 --reason 样例理由",
    "correct": "7 --change-note 样例说明",
    "retract": "7 --explanation 样例说明",
    "confirm-retraction": "7",
    "call-off": "7",
    "validity": "7 --status repealed --basis 样例决定 --from 2017-04-01",
    "confirm-validity": "7",
    "restore": "7 --reason 样例理由",
    "confirm-restoration": "7",
    "consult": "2@2 --body YL-FINANCE --question 样例问题",
    "reply": "2@2 --answer agree",
    "settle": "2@2 --outcome release --text 样例说明",
    "withdraw-consultation": "2 --reason 样例理由",
    "consultations": "",
    "deliver": "7 --to YL-LIBRARY",
    "receive": "7 --handed-over-on 2017-01-20 --paper 1 --electronic 1",
    "withdraw-delivery": "7 --from YL-LIBRARY --reason 样例理由",
    "confirm-withdrawal": "7 --from YL-LIBRARY",
    "nil-return": "YL-LIBRARY --month 2017-01",
    "deliveries": "--open",
    "calendar show": "",
    "calendar check": "",
    "calendar apply": "local.toml --yes",
    "calendar revert": "1 --reason 样例理由 --yes",
    "calendar history": "",
    "calendar due": "2017-01-10",
    "item correct-date": "2 --formed-on 2017-01-09 --formed-on-basis signature --reason 样例理由",
    "clock pause": "2 reply --reason 样例理由",
    "clock resume": "2 reply",
    "late-reason": "7 --reason 样例理由",
    "init": "--admin boss --sample --password-stdin --rehearsal --dry-run",
    "upgrade": "",
    "user add": "new.person --display-name 样例新人",
    "user list": "",
    "user reset": "clerk",
    "user enable": "clerk",
    "user disable": "clerk",
    "role grant": "clerk auditor",
    "role revoke": "auditor auditor",
    "role list": "",
    "delegate give": "head head2 --until 2017-01-25 --reason 样例理由",
    "delegate list": "",
    "delegate end": "1",
    "waiver give": "head --own-text --until 2017-01-25 --reason 样例理由",
    "waiver list": "",
    "waiver end": "1",
    "organisation import": "bodies.toml",
    "organisation hand-over": "YL-CIVIL --reason 样例理由",
    "organisation show": "",
    "policy show": "",
    "policy check": "policy.toml",
    "policy plan": "policy.toml",
    "policy apply": "policy.toml --reason 样例理由",
    "policy list": "",
    "purge": "{digest} --ground state_secret --reason 样例理由",
    "site build": "",
    "sweep": "",
    "run": "--once",
    "restore-check": "",
    "doctor": "",
    "audit verify": "",
    "audit head": "",
    "audit export": "--subject system",
}
"""A call of every command that succeeds on the prepared desk."""
ELSEWHERE: Final = {
    "init": {"GONGKAI_HOME": "another"},
    "contact set": ALERTS,
    "contact test": ALERTS,
}
GIVEN: Final = {
    "login": "yangli mima 2018\n",
    "password": "yangli mima 2018\nyangli mima 2019\n",
    "init": "yangli mima 2017\n",
}


@pytest.fixture
def prepared(desk: Desk) -> Desk:
    """Give a desk with the files that the calls above are about."""
    desk.file("body.md", "样例正文，别处没有。")
    shipped = resources.files("workflow")
    desk.file("table.csv", "标题,正文\n样例,样例正文\n")
    desk.file("policy.toml", shipped.joinpath("policies/two_tier.toml").read_bytes())
    desk.file("local.toml", LOCAL)
    desk.file("bodies.toml", shipped.joinpath("organisations/sample_small.toml").read_bytes())
    return desk


def call_of(desk: Desk, command: str, *more: str) -> Result:
    """Make the call of ``command`` that succeeds."""
    arguments = DONE[command]
    if "{digest}" in arguments:
        with desk.office() as office:
            arguments = arguments.format(digest=office.row(1).digest)
    who = None if command == "login" else WHO.get(command.partition(" ")[0], "admin")
    return readied(desk, command).run(
        who,
        *more,
        *command.split(),
        *arguments.split(),
        given=GIVEN.get(command, ""),
        **ELSEWHERE.get(command, {}),
    )


def shape(document: dict[str, Any]) -> None:
    """Check that a document has the one shape that all have."""
    assert set(document) <= {"ok", "rehearsal", "data", "errors"}
    assert document["ok"] is ("errors" not in document)
    assert document["ok"] is False or "data" in document
    assert document.get("rehearsal", True) is True
    for error in document.get("errors", ()):
        assert {"code", "message", "params"} <= set(error) <= {
            "code", "message", "params", "who", "item", "row",
        }  # fmt: skip
        assert re.fullmatch(r"[a-z][a-z0-9_]*", error["code"])
        assert error["message"].strip()
        assert isinstance(error["params"], dict)


# -- one shape of document ------------------------------------------------------------------------


def test_a_call_of_every_command_is_listed_here() -> None:
    assert {" ".join(path) for path in leaves()} == set(DONE)


@pytest.mark.parametrize("command", [name for name in DONE if name != "demo"])
def test_every_command_answers_programs_in_one_shape(prepared: Desk, command: str) -> None:
    came = call_of(prepared, command, "--json")
    assert (0, "") == (came.status, came.err), came.out
    shape(came.document)
    assert came.document["ok"] is True
    # One document and nothing after it; Chinese is written as it is.
    assert came.out == json.dumps(came.document, ensure_ascii=False, indent=2) + "\n"


@pytest.mark.parametrize("command", [name for name in DONE if name != "demo"])
def test_every_command_answers_people_and_says_that_it_is_a_rehearsal(
    prepared: Desk, command: str
) -> None:
    came = call_of(prepared, command, "--lang", "zh")
    assert came.status == 0, came
    if command in {"settings", "completion", "policy check", "upgrade"}:
        return  # They open no office.
    assert "演练" in came.out + came.err


# -- statuses -------------------------------------------------------------------------------------


class Case(NamedTuple):
    """A call that cannot be done: who makes it, with what, its status and its codes."""

    status: int
    codes: tuple[str, ...]
    who: str | None
    call: str
    given: str = ""
    settings: dict[str, str] = {}  # noqa: RUF012 # never changed


CASES: Final = (
    Case(1, ("needs_role",), "clerk", "user list"),
    Case(1, ("needs_role",), "clerk", "audit verify"),
    Case(1, ("report_not_yours",), "clerk", "report timeliness"),
    Case(1, ("report_not_yours",), "clerk", "report returns"),
    Case(1, ("report_not_yours",), "clerk", "report duplicates"),
    Case(2, ("year_or_period",), "supervisor", "report returns --year 2017 --to 2017-02-01"),
    Case(2, ("year_or_period",), "supervisor", "report timeliness --year 2017 --to 2017-02-01"),
    Case(2, ("date_wrong",), "supervisor", "report timeliness --from 2017"),
    Case(2, ("period_wrong",), "supervisor", "report timeliness --to 2016-01-01"),
    Case(4, ("no_such_body",), "supervisor", "due --department YL-NOWHERE"),
    Case(1, ("needs_role",), "clerk", "alerts --all"),
    Case(4, ("no_such_alert",), "clerk", "alerts ack 1000"),
    Case(2, ("alerts_or_item",), "clerk", "alerts ack"),
    Case(1, ("snooze_too_long",), "head", "alerts snooze 2 --until 2017-03-01 --reason 样例"),
    Case(1, ("needs_role",), "clerk", "contact show head"),
    Case(1, ("needs_role",), "clerk", "contact set wecom 00000000-0000-0000-0000 --user head"),
    Case(1, ("needs_role",), "clerk", "contact language en --user head"),
    Case(4, ("no_such_account",), "admin", "contact language en --user nobody"),
    Case(2, ("alert_channel_unknown",), "clerk", "contact set pigeon roof"),
    Case(2, ("address_wrong",), "clerk", "contact set wecom https://sample.example"),
    Case(2, ("user_or_body",), "admin", "contact show head --body YL-CIVIL"),
    Case(4, ("no_such_contact",), "clerk", "contact remove wecom"),
    Case(1, ("needs_role",), "clerk", "site build"),
    Case(1, ("needs_role",), "clerk", "sweep"),
    Case(1, ("needs_role",), "clerk", "restore-check"),
    Case(1, ("reason_required",), "admin", "restore-check --release"),
    Case(2, ("hold_or_release",), "admin", "restore-check --hold --release"),
    Case(2, ("with_release_only",), "admin", "restore-check --hold --skip 1"),
    Case(1, ("needs_role",), "admin", "new body.md --title 样例"),
    Case(1, ("not_seen",), "head", "sign-off 2"),
    Case(1, ("role_missing", "author_may_not_decide"), "clerk", "sign-off 2@2"),
    Case(1, ("code_required",), "head", "return 2@2 --to draft --reason 样例理由"),
    Case(1, ("wrong_state",), "head", "sign-off 3@3"),
    Case(1, ("reason_required",), "admin", "purge 00000000 --ground state_secret"),
    Case(1, ("role_wrong_scope",), "admin", "role grant clerk publisher --body YL-CIVIL"),
    Case(2, ("usage",), "clerk", "show"),
    Case(2, ("usage",), "clerk", "nothing"),
    Case(2, ("file_missing",), "clerk", "new none.md --title 样例"),
    Case(2, ("date_wrong",), "clerk", "revise 1@1 --formed-on 2017-02-30"),
    Case(2, ("formed_in_future",), "clerk", "revise 1@1 --formed-on 2017-01-21"),
    Case(2, ("unknown_category",), "clerk", "revise 1@1 --category nothing"),
    Case(2, ("search_empty",), "clerk", "search ，"),
    Case(2, ("nothing_to_change",), "clerk", "revise 1@1"),
    Case(2, ("two_revisions",), "clerk", "diff 2 1"),
    Case(2, ("account_name_wrong",), "admin", "user add Li --display-name 样例"),
    Case(2, ("unknown_ground",), "admin", "purge 00000000 --ground none --reason 样例"),
    Case(2, ("ambiguous_item",), "clerk", "show 样例信息："),
    Case(2, ("setting_wrong",), None, "settings", "", {"GONGKAI_SESSION_HOURS": "0"}),
    Case(3, ("changed_since",), "head", "sign-off 2@1"),
    Case(3, ("name_taken",), "admin", "user add clerk --display-name 样例"),
    Case(3, ("office_exists",), None, "init --sample --admin boss --password-stdin --rehearsal",
         "yangli mima 2017\n"),
    Case(4, ("no_such_item",), "clerk", "show 99"),
    Case(4, ("no_such_item",), "outsider", "show 2"),
    Case(4, ("no_such_item",), "head", "sign-off 99@1"),
    Case(4, ("no_such_item",), "outhead", "sign-off 2@2"),
    Case(4, ("no_such_body",), "clerk", "list --department YL-NONE"),
    Case(4, ("no_such_account",), "admin", "user reset nobody"),
    Case(4, ("no_such_policy",), None, "policy show none"),
    Case(4, ("no_purge_target",), "admin", "purge 00000000 --ground state_secret --reason 样例"),
    Case(5, ("not_signed_in",), None, "list"),
    Case(5, ("not_signed_in",), None, "policy show"),
    Case(5, ("not_signed_in",), None, "organisation show"),
    Case(5, ("token_unknown",), None, "list", "", {"GONGKAI_TOKEN": "gk_none"}),
    Case(5, ("login_failed",), None, "login clerk --password-stdin", "wrong password\n"),
    Case(5, ("login_failed",), None, "login nobody --password-stdin", "wrong password\n"),
    Case(75, ("no_office_here",), "clerk", "list", "", {"GONGKAI_HOME": "nowhere"}),
    Case(75, ("database_unreachable",), "clerk", "list", "",
         {"GONGKAI_DATABASE_URL": "postgresql://127.0.0.1:1/none"}),
)  # fmt: skip
each_case = pytest.mark.parametrize(
    "case", CASES, ids=lambda case: " ".join((str(case.who), case.call, *case.settings))
)


@each_case
def test_what_cannot_be_done_has_its_status_and_codes_in_any_language_and_changes_nothing(
    prepared: Desk, case: Case
) -> None:
    # A wrong password changes the count of those.
    unchanged = nullcontext() if case.codes == ("login_failed",) else prepared.unchanged()
    messages = []
    with unchanged:
        for language in ("zh", "en"):
            call = ["--lang", language, *case.call.split()]
            came = prepared.json(case.who, *call, given=case.given, **case.settings)
            assert (case.status, list(case.codes), "") == (came.status, came.codes, came.err)
            shape(came.document)
            messages.append([error["message"] for error in came.document["errors"]])
    chinese, english = messages
    assert [] == [message for message in chinese if not re.search("[一-鿿]", message)]
    assert set() == set(chinese) & set(english)


@each_case
def test_people_are_told_in_one_line_a_reason_and_see_a_traceback_only_if_they_ask(
    prepared: Desk, case: Case
) -> None:
    call = case.call.split()
    told = prepared.run(case.who, *call, given=case.given, **case.settings)
    assert (case.status, "") == (told.status, told.out)
    assert len(case.codes) == len([line for line in told.err.splitlines() if line[:1] == "✗"])
    assert "Traceback" not in told.err
    asked = prepared.run(case.who, "--debug", *call, given=case.given, **case.settings)
    assert case.status == asked.status
    assert "Traceback" in asked.err


def test_a_refusal_says_who_could_act_instead(desk: Desk) -> None:
    refused = desk.json("clerk", "sign-off", "2@2")
    assert ["role_missing", "author_may_not_decide"] == refused.codes
    for reason in refused.document["errors"]:
        assert {"head", "head2"} == {who["name"] for who in reason["who"]}
    assert "样例：head (head)" in desk.run("clerk", "sign-off", "2@2").err


# -- a bug ----------------------------------------------------------------------------------------


@pytest.fixture
def broken(desk: Desk) -> Desk:
    """Give a desk whose database lacks a table, which no program of ours makes so."""
    with desk.office() as office, unguarded(office.database) as connection:
        connection.execute(text("DROP TABLE sighting"))
    return desk


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_bug_is_one_line_and_status_70(broken: Desk, language: str) -> None:
    told = broken.run("clerk", "--lang", language, "show", "1")
    assert (70, "") == (told.status, told.out)
    assert 2 == len(told.err.splitlines())  # The other one says that it is a rehearsal.
    assert "OperationalError" in told.err
    assert "--debug" in told.err


def test_a_bug_is_told_to_programs_in_the_same_shape(broken: Desk) -> None:
    told = broken.json("clerk", "show", "1")
    assert (70, ["bug"], "") == (told.status, told.codes, told.err)
    shape(told.document)


def test_debug_shows_the_traceback_of_a_bug(broken: Desk) -> None:
    told = broken.json("clerk", "--debug", "show", "1")
    assert (70, ["bug"]) == (told.status, told.codes)
    assert told.err.startswith("Traceback")
    assert "no such table" in told.err
