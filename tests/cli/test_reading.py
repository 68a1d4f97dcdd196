"""What reading commands answer: lists, one item, its trail, differences, settings, health."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from tests.cli.desk import PLACES
from tests.service.sample_office import FINANCE, START
from workflow.coordination import Reply, Settlement
from workflow.guards import Role
from workflow.machine import State
from workflow.runtime import SHANGHAI
from workflow.settings import Settings

if TYPE_CHECKING:
    from tests.cli.desk import Desk


def rows(desk: Desk, who: str, *arguments: str) -> list[Any]:
    found: list[Any] = desk.json(who, *arguments).data["items"]
    return found


def test_an_answer_without_words_is_told_by_what_it_is(desk: Desk) -> None:
    """S17: nobody has to say more than that they agree."""
    item = str(desk.items["sign_off"])
    ask = ("consult", f"{item}@2", "--body", "YL-FINANCE", "--question", "样例问题")
    assert 0 == desk.run("clerk", *ask).status
    assert 0 == desk.run("outhead", "reply", f"{item}@2", "--answer", "agree").status
    assert "样例问题；同意（样例：outhead）" in desk.run("clerk", "--lang", "zh", "show", item).out


def test_who_may_not_take_a_draft_over_is_told_so_and_not_that_they_may_not_revise_it(
    desk: Desk,
) -> None:
    """S15: the refusal names what was asked for."""
    refused = desk.json("head", "take-over", str(desk.items["draft"]))
    assert ["role_missing"] == refused.codes
    assert "take_over" == refused.document["errors"][0]["params"]["action"]
    said = desk.run("head", "--lang", "en", "take-over", str(desk.items["draft"])).err
    assert '"take a draft over" needs the role' in said


# -- lists ----------------------------------------------------------------------------------------


def test_a_list_holds_what_one_may_see_the_newest_first(desk: Desk) -> None:
    assert list(range(9, 0, -1)) == [row["item"] for row in rows(desk, "clerk", "list")]
    assert [desk.items["published"]] == [row["item"] for row in rows(desk, "outsider", "list")]
    assert 9 == desk.json("clerk", "list").data["total"]
    assert 1 == desk.json("outsider", "list").data["total"]


def test_a_list_can_be_of_one_state(desk: Desk) -> None:
    pending = {"sign_off", "seal", "confidentiality_review", "final_review"}
    for state in State:
        places = pending if state is State.PENDING else {state.value} & set(PLACES)
        for spelt in {state.value, state.value.replace("_", "-")}:
            found = {row["item"] for row in rows(desk, "clerk", "list", "--state", spelt)}
            assert {desk.items[place] for place in places} == found


def test_a_list_can_be_of_several_states_one_stage_or_one_department(desk: Desk) -> None:
    two = rows(desk, "clerk", "list", "--state", "draft", "--state", "cleared")
    assert {desk.items["draft"], desk.items["cleared"]} == {row["item"] for row in two}
    (sealing,) = rows(desk, "clerk", "list", "--stage", "seal")
    assert (desk.items["seal"], "3@3") == (sealing["item"], sealing["at"])
    assert [] == rows(desk, "clerk", "list", "--stage", "none")
    assert 9 == len(rows(desk, "clerk", "list", "--department", "YL-CIVIL"))
    assert 9 == len(rows(desk, "clerk", "list", "--department", "东昌区民政局（样例）"))
    assert [] == rows(desk, "clerk", "list", "--department", "YL-FINANCE")


def test_a_list_says_how_many_there_are_beyond_it(desk: Desk) -> None:
    short = desk.json("clerk", "list", "--limit", "2").data
    assert (2, 9) == (len(short["items"]), short["total"])
    told = desk.run("clerk", "list", "--limit", "2").out
    assert "2 of 9; --all lists them all" in told
    assert 9 == len(rows(desk, "clerk", "list", "--limit", "2", "--all"))


def test_pages_of_a_list_follow_one_another(desk: Desk) -> None:
    first, last = (
        desk.json("clerk", "list", "--limit", "5", "--offset", at).data for at in ("0", "5")
    )
    assert [9, 9] == [first["total"], last["total"]]
    found = [row["item"] for page in (first, last) for row in page["items"]]
    assert list(range(9, 0, -1)) == found
    assert 9 == len(rows(desk, "clerk", "list", "--category", "annual_report"))
    assert [] == rows(desk, "clerk", "list", "--category", "department_budget")


def test_s42_a_search_finds_words_among_what_one_may_see(desk: Desk) -> None:
    words = ("search", "样例信息", "seal")
    assert [desk.items["seal"]] == [row["item"] for row in rows(desk, "clerk", *words)]
    assert {"items": [], "total": 0} == desk.json("outsider", *words).data
    assert "Nothing found that you may see.\n" == desk.run("outsider", *words).out
    told = desk.run("clerk", "search", "信息", "--state", "published").out
    assert "样例信息：published" in told
    assert 9 == len(rows(desk, "clerk", "search", "信", "--limit", "2", "--all"))


def test_an_empty_list_and_an_empty_inbox_say_so(desk: Desk) -> None:
    assert "No items.\n" == desk.run("clerk", "list", "--state", "withheld").out
    assert "Nothing waits on you.\n" == desk.run("auditor", "inbox").out
    assert {"items": [], "total": 0} == desk.json("auditor", "inbox").data


@pytest.mark.parametrize(
    ("who", "places"),
    [
        ("clerk", {"draft"}),
        ("colleague", set()),
        ("head", {"sign_off"}),
        ("keeper", {"seal"}),
        ("reviewer", {"confidentiality_review", "referred"}),
        ("final", {"final_review"}),
        ("publisher", {"cleared", "publication_failed"}),
        ("supervisor", set()),
        ("admin", set()),
    ],
)
def test_the_inbox_holds_what_waits_on_one(desk: Desk, who: str, places: set[str]) -> None:
    waiting = {row["item"] for row in rows(desk, who, "inbox")}
    assert {desk.items[place] for place in places} == waiting


def test_the_inbox_begins_with_the_oldest_formation_date(desk: Desk) -> None:
    item = desk.draft("样例旧文").partition("@")[0]
    desk.run("clerk", "revise", item, "--formed-on", "2016-12-01")
    desk.run("clerk", "submit", item)
    dates = [row["formed_on"] for row in rows(desk, "head", "inbox")]
    assert ["2016-12-01", "2017-01-10"] == dates


# -- one item -------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["zh", "en"])
def test_an_item_is_shown_whole_wherever_it_is(desk: Desk, language: str) -> None:
    for item in map(str, desk.items.values()):
        data = desk.json("clerk", "show", item).data
        shown = desk.run("clerk", "--lang", language, "show", item).out
        facts = {data["at"], data["title"], data["digest"], data["content"]["body"]}
        facts |= {data["index_number"] or ""}
        for decision in data["decisions"]:
            facts |= {decision["by_name"], decision["stage_title"][language]}
        for who in (data["next"] or {"people": []})["people"]:
            facts |= {f"{who['display_name']} ({who['name']})"}
        assert set() == {fact for fact in facts if fact not in shown}


def test_voided_decisions_are_shown_as_voided(desk: Desk) -> None:
    give_back = ("--to", "draft", "--code", "wording", "--reason", "样例理由")
    desk.run("keeper", "return", "3@3", *give_back)
    desk.run("clerk", "show", "3")
    voided = desk.json("clerk", "revise", "3", "--summary", "样例概述").data[0]["voided"]
    assert ["sign_off"] == voided
    shown = desk.run("clerk", "show", "3").out
    assert "voided 2017-01-20 09:00" in shown
    assert "样例理由" in shown


def test_codes_and_channels_are_shown_by_their_names(desk: Desk) -> None:
    desk.run("head", "return", "2@2", "--to", "draft", "--code", "formatting", "--reason", "样例")
    told = desk.run("clerk", "--lang", "zh", "show", "2").out
    assert "格式不合要求（formatting）" in told
    assert re.search("公开渠道 +网站\n", told)


def test_history_tells_every_event_and_is_no_one_s_who_may_not_see_the_item(desk: Desk) -> None:
    entries = desk.json("clerk", "history", "5").data
    assert list(range(1, len(entries) + 1)) == [entry["seq"] for entry in entries]
    events = [entry["event"] for entry in entries]
    assert ["created", "submitted", "signed_off", "sealed", "review_disclosed"] == events
    lines = desk.run("clerk", "--lang", "zh", "history", "5").out.splitlines()
    assert 1 + len(entries) == len(lines)
    assert 4 == desk.run("outsider", "history", "5").status
    assert 4 == desk.run("admin", "history", "5").status


def test_history_and_refusals_name_a_code_as_the_policy_does(desk: Desk) -> None:
    back = ("return", "3@3", "--to", "draft", "--reason", "样例理由", "--code")
    for language, named in (
        ("zh", "formatting（格式不合要求）"),
        ("en", "formatting (formatting)"),
    ):
        refused = desk.json("keeper", "--lang", language, *back, "no-such-code")
        assert ["unknown_return_code"] == refused.codes
        (error,) = refused.document["errors"]
        assert named in error["message"].lower()
        assert "formatting" in error["params"]["known"]
    assert 0 == desk.run("keeper", *back, "formatting").status
    entry = desk.json("clerk", "history", "3").data[-1]
    title = entry["code_title"]
    assert "formatting" == entry["details"]["code"]
    for language in ("zh", "en"):
        told = desk.run("clerk", "--lang", language, "history", "3", COLUMNS="300").out
        assert f"{title[language]}" in told
    assert title["zh"] != title["en"]


def test_what_a_review_found_is_named_in_the_history(desk: Desk) -> None:
    found = ("--found", "personal_privacy", "--ground", "personal_privacy", "--reason", "样例理由")
    refused = desk.json("reviewer", "--lang", "zh", "review", "4@4", "--conclusion", "disclose",
                        *found[:2])  # fmt: skip
    assert ["found_something"] == refused.codes
    assert "个人隐私" in refused.document["errors"][0]["message"]
    held = desk.run("reviewer", "review", "4@4", "--conclusion", "withhold", *found)
    assert 0 == held.status
    told = desk.run("clerk", "--lang", "zh", "history", "4", COLUMNS="300").out
    assert 2 <= told.splitlines()[-1].count("个人隐私")


def test_a_difference_tells_fields_and_lines(desk: Desk) -> None:
    desk.file("body.md", "样例正文，第二稿。\n新的一行。\n")
    desk.run("clerk", "revise", "1@1", "body.md", "--summary", "样例概述")
    found = desk.json("clerk", "diff", "1").data
    assert (1, 2) == (found["from"], found["to"])
    assert {"summary": "样例概述"} == {row["field"]: row["new"] for row in found["fields"]}
    assert ["+样例正文，第二稿。", "+新的一行。"] == [
        line for line in found["body"] if line.startswith("+")
    ]
    shown = desk.run("clerk", "diff", "1", "1", "2").out
    assert "+新的一行。" in shown
    back = desk.json("clerk", "diff", "1", "2", "1").data
    assert {"summary": "样例概述"} == {row["field"]: row["old"] for row in back["fields"]}
    assert "There is only one revision." in desk.run("clerk", "diff", "2", "1", "1").out


@pytest.mark.parametrize("numbers", [("1", "9"), ("9", "1")])
def test_a_revision_that_is_not_there_cannot_be_compared(
    desk: Desk, numbers: tuple[str, str]
) -> None:
    refused = desk.json("clerk", "diff", "1", *numbers)
    assert (2, ["no_such_revision"]) == (refused.status, refused.codes)


def test_why_tells_what_blocks_and_who_can_act(desk: Desk) -> None:
    told = desk.json("clerk", "why", "2").data
    actions = {row["command"]: row for row in told["actions"]}
    assert {"sign-off", "return", "recall", "urge", "publish-urgently"} == set(actions)
    assert actions["recall"]["allowed"] is True
    assert ["reason"] == actions["recall"]["needs"]
    refused = actions["sign-off"]
    assert refused["allowed"] is False
    assert {"head", "head2"} == {
        who["name"] for reason in refused["refusals"] for who in reason["who"]
    }
    shown = desk.run("clerk", "why", "2").out
    assert "✓ recall" in shown
    assert "✗ sign off" in shown
    assert "样例：head (head)" in shown


def test_why_can_be_asked_about_one_action_also_where_it_does_not_lead_on(desk: Desk) -> None:
    (row,) = desk.json("head", "why", "2", "sign-off").data["actions"]
    assert ("sign_off", True) == (row["action"], row["allowed"])
    (row,) = desk.json("publisher", "why", "7", "publish").data["actions"]
    assert (False, "wrong_state") == (row["allowed"], row["refusals"][0]["code"])
    # Nobody can, so nobody is named.
    (row,) = desk.json("clerk", "why", "7", "publish").data["actions"]
    codes = ["wrong_state", "role_missing", "author_may_not_publish"]
    assert [(code, []) for code in codes] == [
        (reason["code"], reason.get("who", [])) for reason in row["refusals"]
    ]
    assert 5 == len(desk.json("reviewer", "why", "4", "review").data["actions"])


def test_show_and_why_say_that_whoever_holds_the_role_may_not_act(desk: Desk) -> None:
    item = str(desk.items["final_review"])
    with desk.office() as office:
        for name in ("final", "final2"):
            office.accounts.set_enabled(office["admin"], name, enabled=False)
    for verb in ("show", "why"):
        assert "nobody holds this role" in desk.run("clerk", verb, item).out
    with desk.office() as office:
        office.accounts.grant(office["admin"], "head", Role.FINAL_REVIEWER, body="YL-CENTRE")
    for verb in ("show", "why"):
        told = desk.run("clerk", verb, item).out
        assert "wrote the item or decided on it already" in told
        assert "`gongkai waiver give`" in told


def test_show_says_who_takes_the_next_step_of_a_consultation_and_how(desk: Desk) -> None:
    item = desk.items["sign_off"]

    def told() -> str:
        return desk.run("outhead", "--lang", "zh", "show", str(item)).out

    with desk.office() as office:
        seen = office.row(item).version
        office.app.consulting.ask(item, office["clerk"], body=FINANCE, question="样例", seen=seen)
    assert f"`gongkai reply {item} --answer agree`" in told()
    with desk.office() as office:
        office.app.consulting.reply(
            item, office["outhead"], answer=Reply.OBJECT, text="样例异议", seen=seen
        )
    assert f"`gongkai settle {item} --outcome release --text 说明`" in told()
    with desk.office() as office:
        office.app.consulting.settle(
            item, office["supervisor"], outcome=Settlement.UPHOLD, text="样例", seen=seen
        )
    assert f"`gongkai consult {item} --body {FINANCE} --question 问题`" in told()


def test_asking_why_changes_nothing(desk: Desk) -> None:
    for place in PLACES:
        with desk.unchanged():
            assert 0 == desk.run("clerk", "why", str(desk.items[place])).status
            assert 0 == desk.run("clerk", "why", str(desk.items[place]), "publish").status


# -- settings -------------------------------------------------------------------------------------


def test_settings_tell_each_with_value_origin_and_meaning(bare: Desk) -> None:
    found = bare.json(None, "settings").data
    assert [f"GONGKAI_{name.upper()}" for name in Settings.model_fields] == [
        row["name"] for row in found
    ]
    assert all(row["meaning"] for row in found)
    by_name = {row["name"]: row for row in found}
    assert ("environment", str(bare.home)) == (
        by_name["GONGKAI_HOME"]["origin"],
        by_name["GONGKAI_HOME"]["value"],
    )
    assert "default" == by_name["GONGKAI_SESSION_HOURS"]["origin"]


def test_the_environment_wins_over_the_file(bare: Desk) -> None:
    config = bare.file("gongkai.toml", "session_hours = 8\nattachments = 7\n")
    given = {"GONGKAI_CONFIG": config, "GONGKAI_ATTACHMENTS": "9"}
    by_name = {row["name"]: row for row in bare.json(None, "settings", **given).data}
    assert ("8", "file") == tuple(
        by_name["GONGKAI_SESSION_HOURS"][key] for key in ("value", "origin")
    )
    assert ("9", "environment") == tuple(
        by_name["GONGKAI_ATTACHMENTS"][key] for key in ("value", "origin")
    )


@pytest.mark.parametrize("where", ["environment", "file"])
def test_settings_mask_every_secret(bare: Desk, where: str) -> None:
    secrets = {
        "database_url": "postgresql://office:open-sesame@localhost/x",
        "broker_url": "redis://:open-sesame@localhost/0",
        "token": "gk_open-sesame",
    }
    if where == "file":
        lines = "".join(f'{name} = "{value}"\n' for name, value in secrets.items())
        given = {"GONGKAI_CONFIG": bare.file("gongkai.toml", lines)}
    else:
        given = {f"GONGKAI_{name.upper()}": value for name, value in secrets.items()}
    for arguments in ((), ("--json",), ("--debug",)):
        told = bare.run(None, "settings", *arguments, **given)
        assert 0 == told.status
        assert "open-sesame" not in told.out + told.err
    masked = {row["name"]: row["value"] for row in bare.json(None, "settings", **given).data}
    assert {"***"} == {masked[f"GONGKAI_{name.upper()}"] for name in secrets}


# -- health ---------------------------------------------------------------------------------------


def levels(desk: Desk, *arguments: str, **settings: str) -> dict[str, str]:
    document = desk.json(None, "doctor", *arguments, **settings).document
    return {check["code"]: check["level"] for check in document["data"]}


def test_a_sound_office_is_green_throughout_and_needs_no_login(desk: Desk) -> None:
    found = levels(desk, "--trail")
    assert {"green"} <= set(found.values()) <= {"green", "amber"}
    assert {"database_sound", "rehearsal", "trail_sound", "deliveries_none"} <= set(found)
    assert 0 == desk.run(None, "doctor").status


@pytest.mark.parametrize(
    ("mode", "level"), [(0o700, None), (0o750, "open_to_group"), (0o755, "open_to_all")]
)
def test_a_data_directory_that_others_can_enter_is_told(
    desk: Desk, mode: int, level: str | None
) -> None:
    desk.home.chmod(mode)
    found = levels(desk)
    expected = {None: "green", "open_to_group": "red", "open_to_all": "red"}[level]
    assert expected == found[f"data_directory_{level or 'private'}"]
    assert (1 if expected == "red" else 0) == desk.run(None, "doctor").status


@pytest.mark.parametrize("what", ["database", "config", "logins"])
def test_a_file_that_others_can_read_is_red(desk: Desk, what: str) -> None:
    desk.run(None, "login", "clerk", "--password-stdin", given="yangli mima 2018\n")
    config = desk.place / desk.file("gongkai.toml", "")
    file = {"database": desk.home / "gongkai.db", "config": config, "logins": desk.logins}[what]
    config.chmod(0o600)
    assert "red" not in levels(desk, GONGKAI_CONFIG=str(config)).values()
    file.chmod(0o644)
    assert "red" == levels(desk, GONGKAI_CONFIG=str(config))[f"{what}_open_to_all"]


def test_a_delivery_that_nobody_sends_is_told(desk: Desk) -> None:
    with desk.office() as office:
        office.carry(desk.items["cleared"], to="publishing")
    assert "green" == levels(desk)["deliveries_waiting"]
    for step, level in ((timedelta(hours=1), "amber"), (timedelta(days=2), "red")):
        assert level == levels(replace(desk, now=START + step))["deliveries_late"]


def test_a_doctor_finds_that_there_is_no_office(bare: Desk) -> None:
    told = bare.json(None, "doctor")
    assert (1, ["data_directory_missing", "no_office_here"]) == (told.status, told.codes)
    assert [] == list(bare.place.iterdir())


def test_a_doctor_s_line_begins_with_how_it_stands(desk: Desk) -> None:
    lines = desk.run(None, "--lang", "zh", "doctor").out.splitlines()
    assert [] == [line for line in lines if not re.match("正常  |注意  |故障  ", line)]


def test_history_tells_the_steps_of_reminders_in_words(desk: Desk) -> None:
    late = replace(desk, now=datetime(2017, 2, 13, 9, 0, tzinfo=SHANGHAI))
    with late.office() as office:
        office.app.enforcer.enforce()
        (told,) = [
            entry
            for entry in office.queries.history(office["clerk"], 2)
            if entry["event"] == "deadline_overdue" and entry["details"]["clock"] == "online"
        ]
    assert {"T-0", "T+1"} <= {*told["details"]["rungs"]}
    for language, steps in (
        ("zh", ("提前 5 个工作日", "到期当日", "逾期 1 个工作日")),
        ("en", ("working days before: 5", "on the last day", "working days late: 1")),
    ):
        history = desk.run("clerk", "--lang", language, "history", "2", COLUMNS="500").out
        assert [] == [step for step in steps if step not in history]
