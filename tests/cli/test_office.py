"""What administrators, publishers and auditors do to the office as a whole."""

from __future__ import annotations

import hashlib
import json
import re
import stat
from importlib import resources
from typing import TYPE_CHECKING, Final

import pytest
from sqlalchemy import text

from tests.cli.terminal import at_terminal
from tests.service.tampering import unguarded

if TYPE_CHECKING:
    from tests.cli.desk import Desk

PASSWORD: Final = "yangli mima 2017\n"
INIT: Final = ("init", "--admin", "boss", "--password-stdin")
BODIES: Final = resources.files("workflow").joinpath("organisations/sample_small.toml")
POLICIES: Final = resources.files("workflow").joinpath("policies")


# -- init -----------------------------------------------------------------------------------------


def test_init_makes_a_private_office_in_which_its_administrator_can_sign_in(bare: Desk) -> None:
    told = bare.run(None, *INIT, "--sample", "--name", "样例办公室", given=PASSWORD)
    assert 0 == told.status
    assert "gongkai login boss" in told.out
    assert 0o700 == stat.S_IMODE(bare.home.stat().st_mode)
    assert {0o600} == {stat.S_IMODE(file.stat().st_mode) for file in bare.home.iterdir()}
    assert 0 == bare.run(None, "login", "boss", "--password-stdin", given=PASSWORD).status
    me = bare.json(None, "whoami").data
    assert [("administrator", "YL-DISTRICT")] == [
        (role["role"], role["body"]) for role in me["roles"]
    ]
    assert 12 == len(bare.json(None, "organisation", "show").data)


def test_init_takes_bodies_and_policy_from_files(bare: Desk) -> None:
    bodies = bare.file("bodies.toml", BODIES.read_bytes())
    policy = bare.file("policy.toml", POLICIES.joinpath("two_tier.toml").read_bytes())
    call = (*INIT, "--organisation", bodies, "--policy", policy)
    assert "two_tier" == bare.json(None, *call, given=PASSWORD).data["policy"]


def test_init_leaves_an_office_that_is_there_as_it_is(bare: Desk) -> None:
    assert 0 == bare.run(None, *INIT, "--sample", given=PASSWORD).status
    with bare.unchanged():
        refused = bare.json(None, *INIT, "--sample", given=PASSWORD)
    assert (3, ["office_exists"]) == (refused.status, refused.codes)


@pytest.mark.parametrize(
    ("options", "given", "status", "code"),
    [
        ((), PASSWORD, 2, "organisation_or_sample"),
        (("--sample", "--organisation", "bodies.toml"), PASSWORD, 2, "organisation_or_sample"),
        (("--organisation", "none.toml"), PASSWORD, 2, "file_missing"),
        (("--organisation", "empty.toml"), PASSWORD, 2, "organisation_key_missing"),
        (("--sample", "--policy", "none"), PASSWORD, 4, "no_such_policy"),
        (("--sample", "--policy", "empty.toml"), PASSWORD, 2, "policy_key_missing"),
        (("--sample",), "short\n", 2, "password_length"),
        (("--sample",), "boss boss boss\n", 2, "password_too_easy"),
        (("--sample",), "", 2, "password_lines"),
        (("--sample", "--admin-display-name", "两\n行"), PASSWORD, 2, "bad_character"),
        (("--sample", "--name", "两\n行"), PASSWORD, 2, "bad_character"),
    ],
)
def test_an_init_that_fails_leaves_nothing_behind(
    bare: Desk, options: tuple[str, ...], given: str, status: int, code: str
) -> None:
    bare.file("empty.toml", "")
    refused = bare.json(None, *INIT, *options, given=given)
    assert (status, [code]) == (refused.status, refused.codes)
    assert ["empty.toml"] == [path.name for path in bare.place.iterdir()]


def test_a_failed_init_keeps_a_directory_that_was_there(bare: Desk) -> None:
    bare.home.mkdir()
    (bare.home / "notes.txt").write_text("样例", "utf-8")
    assert 2 == bare.run(None, *INIT, "--sample", given="short\n").status
    assert ["notes.txt"] == [path.name for path in bare.home.iterdir()]


# -- upgrade --------------------------------------------------------------------------------------


@pytest.mark.parametrize("call", [("upgrade",), ("upgrade", "--dry-run")])
def test_an_upgrade_of_what_is_new_does_nothing(desk: Desk, call: tuple[str, ...]) -> None:
    with desk.unchanged():
        told = desk.run(None, *call)
    assert 0 == told.status
    assert "up to date" in told.out


def test_an_upgrade_refuses_what_is_newer_or_not_there(desk: Desk) -> None:
    refused = desk.json(None, "upgrade", GONGKAI_HOME="nowhere")
    assert (75, ["no_office_here"]) == (refused.status, refused.codes)
    with desk.office() as office, unguarded(office.database) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    refused = desk.json(None, "upgrade")
    assert (75, ["schema_new"]) == (refused.status, refused.codes)


# -- people ---------------------------------------------------------------------------------------


def test_a_person_is_added_with_a_password_that_is_told_once(desk: Desk) -> None:
    told = desk.run("admin", "--lang", "zh", "user", "add", "li.mou", "--display-name", "样例李某")
    assert 0 == told.status
    assert "一次性密码：" in told.out
    (row,) = (row for row in desk.json("admin", "user", "list").data if row["name"] == "li.mou")
    assert (True, True, []) == (row["enabled"], row["must_change"], row["roles"])
    once = told.out.split("一次性密码：")[1].split()[0]
    stored = b"".join(file.read_bytes() for file in desk.home.glob("gongkai.db*"))
    assert once.encode() not in stored


def test_a_person_can_be_added_with_a_password_from_standard_input(desk: Desk) -> None:
    call = ("user", "add", "li.mou", "--display-name", "样例李某", "--password-stdin")
    assert "one_time_password" not in desk.json("admin", *call, given=PASSWORD).data
    login = desk.json(None, "login", "li.mou", "--password-stdin", given=PASSWORD)
    assert login.data["must_change"] is True


def test_a_disabled_person_acts_no_more_until_enabled(desk: Desk) -> None:
    login = ("login", "clerk", "--password-stdin", "--print-token")
    assert desk.json("admin", "user", "disable", "clerk").data["enabled"] is False
    refused = desk.json(None, *login, given="yangli mima 2018\n")
    assert (5, ["login_failed"]) == (refused.status, refused.codes)
    assert desk.json("admin", "user", "enable", "clerk").data["enabled"] is True
    assert 0 == desk.run(None, *login, given="yangli mima 2018\n").status


def test_the_last_administrator_stays(desk: Desk) -> None:
    assert 0 == desk.run("admin", "user", "disable", "admin2").status
    for call in (("user", "disable", "admin"), ("role", "revoke", "admin", "administrator")):
        with desk.unchanged():
            refused = desk.json("admin", *call)
        assert (1, ["last_administrator"]) == (refused.status, refused.codes)


def test_a_role_is_given_and_taken_and_saying_so_twice_changes_nothing(desk: Desk) -> None:
    call = ("clerk", "seal-keeper", "--body", "YL-CIVIL")
    assert desk.json("admin", "role", "grant", *call).data["changed"] is True
    with desk.unchanged():
        assert desk.json("admin", "role", "grant", *call).data["changed"] is False
    held = {row["role"] for row in desk.json("admin", "role", "list", "clerk").data}
    assert {"clerk", "seal_keeper"} == held
    assert desk.json("admin", "role", "revoke", *call).data["changed"] is True
    with desk.unchanged():
        assert desk.json("admin", "role", "revoke", *call).data["changed"] is False


def test_the_body_of_a_role_may_be_left_out_where_only_one_fits(desk: Desk) -> None:
    assert "YL-CENTRE" == desk.json("admin", "role", "grant", "clerk", "publisher").data["body"]
    refused = desk.json("admin", "role", "grant", "clerk", "department-head")
    assert (2, ["body_required"]) == (refused.status, refused.codes)
    assert "YL-CIVIL" in refused.document["errors"][0]["message"]


@pytest.mark.parametrize(
    ("call", "status", "code"),
    [
        ("role grant nobody auditor", 4, "no_such_account"),
        ("role grant clerk auditor --body YL-NONE", 4, "no_such_body"),
        ("role grant clerk king", 2, "usage"),
        ("role list nobody", 4, "no_such_account"),
        ("user enable nobody", 4, "no_such_account"),
        ("user disable nobody", 4, "no_such_account"),
    ],
)
def test_people_and_bodies_that_are_not_there_are_told(
    desk: Desk, call: str, status: int, code: str
) -> None:
    with desk.unchanged():
        refused = desk.json("admin", *call.split())
    assert (status, [code]) == (refused.status, refused.codes)


@pytest.mark.parametrize(
    "call",
    [
        "user add li.mou --display-name 样例",
        "user list",
        "user reset head",
        "user enable head",
        "user disable head",
        "role grant clerk auditor",
        "role revoke auditor auditor",
        "role list",
        "organisation import bodies.toml",
        "purge 00000000 --ground state_secret --reason 样例",
        "purge 00000000 --confirm",
        "site build",
        "sweep",
        "audit verify",
        "audit head",
        "audit export",
    ],
)
def test_what_is_an_administrator_s_is_nobody_else_s(desk: Desk, call: str) -> None:
    desk.file("bodies.toml", BODIES.read_bytes())
    for who, status in (("clerk", 1), (None, 5)):
        with desk.unchanged():
            refused = desk.json(who, *call.split())
        assert status == refused.status
        assert [{1: "needs_role", 5: "not_signed_in"}[status]] == refused.codes


@pytest.mark.parametrize("call", ["audit verify", "audit head", "audit export"])
def test_the_trail_is_the_auditor_s_and_not_the_administrator_s(desk: Desk, call: str) -> None:
    refused = desk.json("admin", *call.split())
    assert (1, ["needs_role"]) == (refused.status, refused.codes)


# -- bodies and policies --------------------------------------------------------------------------


def test_an_import_adds_and_renames_and_never_removes(desk: Desk) -> None:
    renamed = BODIES.read_text("utf-8").replace("东昌区民政局（样例）", "东昌区民政局新名（样例）")
    desk.file("bodies.toml", renamed)
    (change,) = desk.json("admin", "organisation", "import", "bodies.toml").data["changes"]
    assert ("renamed", "YL-CIVIL", "东昌区民政局新名（样例）") == (
        change["change"],
        change["code"],
        change["to"],
    )
    names = {row["code"]: row["name"] for row in desk.json("clerk", "organisation", "show").data}
    assert "东昌区民政局新名（样例）" == names["YL-CIVIL"]
    with desk.unchanged():
        assert "No body changes." in desk.run("admin", "organisation", "import", "bodies.toml").out
    # The index number and what it names stay, whatever the body is called.
    assert 3 == desk.json("clerk", "show", "YL-CIVIL/2017-00002").data["item"]


@pytest.mark.parametrize("content", ["", "name = 3", "[[bodies]]\n", "\x00"])
def test_bodies_that_will_not_do_are_refused(desk: Desk, content: str) -> None:
    desk.file("bodies.toml", content)
    with desk.unchanged():
        assert 2 == desk.run("admin", "organisation", "import", "bodies.toml").status


@pytest.mark.parametrize("code", ["dongchang", "standard_four_step", "two_tier"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_shipped_policy_is_shown_without_a_login(bare: Desk, code: str, language: str) -> None:
    data = bare.json(None, "policy", "show", code).data
    shown = bare.run(None, "--lang", language, "policy", "show", code).out
    for stage in data["stages"]:
        assert stage["stage"] in shown
        assert stage["title"][language] in shown
    for kind in ("catalogue", "grounds", "return_codes", "checklist"):
        assert data[kind]
        assert [] == [term["code"] for term in data[kind] if term["code"] not in shown]


def test_the_policies_in_use_and_those_that_ship_are_listed(desk: Desk) -> None:
    known = desk.json("clerk", "policy", "list").data
    assert ["dongchang"] == [row["code"] for row in known if row["in_use"]]
    assert {"dongchang", "standard_four_step", "two_tier"} == {row["code"] for row in known}
    assert known[0]["digest"] == desk.json("clerk", "policy", "show").data["digest"]


def test_a_policy_is_checked_by_proof(bare: Desk) -> None:
    file = bare.file("policy.toml", POLICIES.joinpath("two_tier.toml").read_bytes())
    proved = bare.json(None, "policy", "check", file).data
    assert (True, "two_tier") == (proved["holds"], proved["code"])
    assert proved["explored"] >= 2 ** len(proved["stages"])
    shipped = bare.json(None, "policy", "show", "two_tier").data
    assert shipped["digest"] == proved["digest"]


def test_a_policy_without_a_stage_that_the_law_wants_is_refused(bare: Desk) -> None:
    policy = POLICIES.joinpath("dongchang.toml").read_text("utf-8")
    stages = policy.split("[[stages]]")
    (seal,) = (stage for stage in stages if 'kind = "seal"' in stage)
    without = "[[stages]]".join(stage for stage in stages if stage != seal)
    refused = bare.json(None, "policy", "check", bare.file("policy.toml", without))
    assert (2, ["policy_no_seal"]) == (refused.status, refused.codes)


# -- purging --------------------------------------------------------------------------------------


def test_a_purge_takes_two_and_clears_the_site_in_the_same_act(desk: Desk) -> None:
    published = str(desk.items["published"])
    shown = desk.json("clerk", "show", published).data
    body, digest = shown["content"]["body"], shown["digest"]
    ground = ("--ground", "state-secret", "--reason", "样例理由")
    asked = desk.run("admin", "purge", digest[:12], *ground)
    assert f"gongkai purge {digest[:16]} --confirm" in asked.out
    with desk.unchanged():
        again = desk.json("admin2", "purge", digest, *ground)
        alone = desk.json("admin", "purge", digest, "--confirm")
        would = desk.json("admin2", "purge", digest, "--confirm", "--dry-run").data
    assert (3, ["purge_asked_before"]) == (again.status, again.codes)
    assert (1, ["purge_needs_two"]) == (alone.status, alone.codes)
    assert [desk.items["published"]] == would["items"]
    done = desk.json("admin2", "purge", digest, "--confirm", "--idempotency-key", "样例-1").data
    assert "cleared" == done["site"]
    pages = [path.read_text("utf-8") for path in (desk.home / "site").rglob("*.html")]
    assert pages
    assert [] == [page for page in pages if body.strip() in page or shown["title"] in page]
    assert desk.json("clerk", "show", published).data["content"] is None
    again = desk.json("admin2", "purge", digest, "--confirm", "--idempotency-key", "样例-1")
    assert again.data["repeated"] is True


def test_a_purge_says_what_it_lacks(desk: Desk) -> None:
    refused = desk.json("admin", "purge", "00000000")
    assert (2, ["ground_needed"]) == (refused.status, refused.codes)
    refused = desk.json("admin", "purge", "00000000", "--confirm", "--reason", "样例")
    assert (2, ["confirm_alone"]) == (refused.status, refused.codes)
    for target in ("0000", "nothing hexadecimal"):
        call = ("purge", target, "--ground", "state_secret", "--reason", "样例")
        refused = desk.json("admin", *call)
        assert (2, ["purge_target_wrong"]) == (refused.status, refused.codes)


# -- the site -------------------------------------------------------------------------------------


def test_publishing_writes_the_page_and_tells_where(desk: Desk) -> None:
    (came,) = desk.json("publisher", "publish", "6@6").data
    assert ("published", "published") == (came["delivery"], came["state"])
    shown = desk.json("clerk", "show", "6").data
    assert came["published_at"] == shown["published_at"]
    assert shown["title"] in (desk.place / came["page"]).read_text("utf-8")
    again = desk.run("publisher", "retry", "9@8")
    assert "YL-CIVIL/2017-00008/index.html" in again.out


def test_the_site_comes_out_the_same_however_often_it_is_built(desk: Desk) -> None:
    site = desk.home / "site"
    assert 0 == desk.run("publisher", "site", "build").status
    before = {path: path.read_bytes() for path in site.rglob("*") if path.is_file()}
    (site / "stray.html").write_text("样例", "utf-8")
    built = desk.json("publisher", "site", "build").data
    assert (1, 1, str(site)) == (built["items"], built["removed"], built["path"])
    after = {path: path.read_bytes() for path in site.rglob("*") if path.is_file()}
    assert before == after


def test_a_machine_without_the_site_builds_none_and_sends_nothing(desk: Desk) -> None:
    distant = {"GONGKAI_HOME": "", "GONGKAI_DATABASE_URL": desk.address}
    for call in (("site", "build"), ("sweep",)):
        refused = desk.json("publisher", *call, **distant)
        assert (75, ["site_elsewhere"]) == (refused.status, refused.codes)
    (came,) = desk.json("publisher", "publish", "6@6", **distant).data
    assert "queued" == came["delivery"]
    assert [6] == [one["item"] for one in desk.json("publisher", "sweep").data["sent"]]
    second = desk.json("publisher", "sweep").data
    assert ([], []) == (second["sent"], second["started"])
    assert 0 == second["jobs"]["dispatch_publications"]["published"]


def test_a_sweep_that_cannot_send_says_so_and_ends_with_75(desk: Desk) -> None:
    with desk.office() as office:
        office.carry(desk.items["cleared"], to="publishing")
    desk.file("no-directory", "样例")
    told = desk.json("admin", "sweep", GONGKAI_SITE_DIRECTORY="no-directory/site")
    assert (75, ["site_not_writable"]) == (told.status, told.codes)
    assert desk.items["cleared"] == told.document["errors"][0]["item"]


# -- the trail ------------------------------------------------------------------------------------


def test_the_trail_is_walked_and_its_heads_are_printed(desk: Desk) -> None:
    assert {"chains": 10, "sound": 10, "faults": []} == desk.json("auditor", "audit", "verify").data
    heads = desk.json("auditor", "audit", "head").data
    assert {"system", *(f"item:{item}" for item in desk.items.values())} == {
        head["subject"] for head in heads
    }
    shown = desk.run("auditor", "audit", "head").out
    assert [] == [head["hash"] for head in heads if head["hash"] not in shown]
    with desk.unchanged():
        desk.run("auditor", "audit", "verify")


def test_the_trail_is_exported_so_that_anybody_can_hash_it_again(desk: Desk) -> None:
    lines = desk.run("auditor", "audit", "export").out.splitlines()
    entries = [json.loads(line) for line in lines]
    heads = {each["subject"]: each for each in desk.json("auditor", "audit", "head").data}
    last: dict[str, str] = {}
    for entry in entries:
        covered = [
            entry[name]
            for name in (
                "previous", "subject", "seq", "at", "event", "actor", "on_behalf_of", "channel",
                "host", "details",
            )
        ]  # fmt: skip
        form = json.dumps(covered, ensure_ascii=False, separators=(",", ":"))
        assert entry["hash"] == hashlib.sha256(form.encode()).hexdigest()
        assert last.get(entry["subject"], "0" * 64) == entry["previous"]
        last[entry["subject"]] = entry["hash"]
    assert {name: head["hash"] for name, head in heads.items()} == last
    one = desk.json("auditor", "audit", "export", "--subject", "system").data
    assert {"system"} == {entry["subject"] for entry in one}
    assert (4, ["no_such_chain"]) == (
        (wrong := desk.json("auditor", "audit", "export", "--subject", "item:999")).status,
        wrong.codes,
    )


# -- the organisation --------------------------------------------------------------------------


def test_shipped_bodies_are_imported_by_their_name(desk: Desk) -> None:
    came = desk.json("admin", "organisation", "import", "dongchang").data
    assert {"added"} == {change["change"] for change in came["changes"]}
    again = desk.run("admin", "organisation", "import", "dongchang")
    assert "No body changes.\n" == again.out


def test_an_end_is_told_with_what_is_still_open(desk: Desk) -> None:
    text = BODIES.read_text("utf-8").replace(
        'code = "YL-CIVIL"\n',
        'code = "YL-CIVIL"\nclosed_on = 2017-01-20\nmerged_into = "YL-FINANCE"\n',
    )
    desk.file("bodies.toml", text)
    told = desk.run("admin", "organisation", "import", "bodies.toml", "--lang", "zh").out
    assert "撤销  YL-CIVIL" in told
    assert "并入 YL-FINANCE" in told
    assert "尚未办结 8 条" in told
    shown = desk.run("admin", "--lang", "zh", "organisation", "show").out
    assert "2017-01-20 起关闭" in shown
    assert "并入 YL-FINANCE" in shown
    desk.file("body.md", "样例")
    refused = desk.json("clerk", "new", "body.md", "--title", "样例")
    assert (1, ["body_closed"]) == (refused.status, refused.codes)


@pytest.mark.parametrize(("typed", "status"), [("y\n", 0), ("n\n", 1)])
def test_a_terminal_is_shown_what_would_change_and_asked(
    desk: Desk, typed: str, status: int
) -> None:
    before = len(desk.json("admin", "organisation", "show").data)
    told = at_terminal(
        desk, "admin", "--lang", "en", "organisation", "import", "dongchang", typed=typed
    )
    assert status == told.status
    assert told.out.index("YL-REFORM") < told.out.index("Change this?")
    after = len(desk.json("admin", "organisation", "show").data)
    assert (after > before) is (status == 0)


def test_the_site_speaks_the_language_of_its_setting_and_codes_stay(desk: Desk) -> None:
    site = desk.home / "site"
    pages: dict[str, str] = {}
    for language in ("zh", "en"):
        desk.run("admin", "site", "build", GONGKAI_SITE_LANGUAGE=language)
        pages[language] = "".join(path.read_text("utf-8") for path in sorted(site.rglob("*.html")))
    for language, spoken, heading in (("zh", "zh-CN", "索引号"), ("en", "en", "Index number")):
        assert {spoken} == set(re.findall(r'<html lang="([^"]+)"', pages[language]))
        assert heading in pages[language]
    numbers = [set(re.findall(r"YL-[A-Z]+/\d{4}-\d{5}", page)) for page in pages.values()]
    assert numbers[0] == numbers[1] != set()
