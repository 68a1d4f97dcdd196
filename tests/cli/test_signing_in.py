"""Signing in and out: passwords, tokens, and where a saved login lies."""

from __future__ import annotations

import json
import stat
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import pytest

from tests.cli.desk import NEW_PASSWORD
from tests.cli.terminal import at_terminal

if TYPE_CHECKING:
    from tests.cli.desk import Desk

PASSWORD: Final = NEW_PASSWORD + "\n"


def sign_in(desk: Desk, name: str = "clerk") -> None:
    assert 0 == desk.run(None, "login", name, "--password-stdin", given=PASSWORD).status


def later(desk: Desk, **step: int) -> Desk:
    """Return the same desk some time later."""
    assert desk.now is not None
    return replace(desk, now=desk.now + timedelta(**step))


# -- saved logins ---------------------------------------------------------------------------------


def test_a_login_is_saved_for_its_owner_alone_outside_the_data_directory(desk: Desk) -> None:
    sign_in(desk)
    assert 0o600 == stat.S_IMODE(desk.logins.stat().st_mode)
    assert 0o700 == stat.S_IMODE(desk.logins.parent.stat().st_mode)
    assert not desk.logins.is_relative_to(desk.home)
    assert "clerk" == desk.json(None, "whoami").data["name"]


def test_a_saved_login_holds_no_password_and_a_token_that_no_file_of_the_office_holds(
    desk: Desk,
) -> None:
    sign_in(desk)
    (entry,) = json.loads(desk.logins.read_text("utf-8")).values()
    assert NEW_PASSWORD not in desk.logins.read_text("utf-8")
    stored = b"".join(path.read_bytes() for path in desk.home.glob("gongkai.db*"))
    assert entry["token"].encode() not in stored
    assert NEW_PASSWORD.encode() not in stored


def test_a_login_lies_outside_the_data_directory_wherever_that_is(desk: Desk) -> None:
    """On some systems the data and the configuration of a program share one directory."""
    same = {"XDG_CONFIG_HOME": str(desk.place), "GONGKAI_HOME": str(desk.place / "gongkai")}
    (desk.place / "data").rename(desk.place / "gongkai")
    done = desk.run(None, "login", "clerk", "--password-stdin", given=PASSWORD, **same)
    assert 0 == done.status
    assert (desk.place / "gongkai-logins" / "logins.json").is_file()
    assert [] == list((desk.place / "gongkai").rglob("logins.json"))


def test_each_database_has_a_login_of_its_own(desk: Desk) -> None:
    sign_in(desk)
    call = ("init", "--admin", "boss", "--sample", "--rehearsal", "--password-stdin")
    assert 0 == desk.run(None, *call, given=PASSWORD, GONGKAI_HOME="another").status
    assert ["not_signed_in"] == desk.json(None, "whoami", GONGKAI_HOME="another").codes
    login = ("login", "boss", "--password-stdin")
    assert 0 == desk.run(None, *login, given=PASSWORD, GONGKAI_HOME="another").status
    assert "boss" == desk.json(None, "whoami", GONGKAI_HOME="another").data["name"]
    assert "clerk" == desk.json(None, "whoami").data["name"]


def test_a_saved_login_holds_for_the_same_database_from_any_directory(desk: Desk) -> None:
    sign_in(desk)
    (desk.place / "below").mkdir()
    below = replace(desk, place=desk.place / "below")
    same = {"XDG_CONFIG_HOME": str(desk.place / "config"), "GONGKAI_HOME": "../data"}
    assert "clerk" == below.json(None, "whoami", **same).data["name"]


@pytest.mark.parametrize("content", ["", "[]", "{", '{"x": 1}', "\x00"])
def test_a_file_of_logins_that_is_spoilt_is_no_login_and_is_written_anew(
    desk: Desk, content: str
) -> None:
    desk.logins.parent.mkdir(parents=True)
    desk.logins.write_text(content, "utf-8")
    assert ["not_signed_in"] == desk.json(None, "whoami").codes
    sign_in(desk)
    assert 0 == desk.run(None, "whoami").status


def test_a_login_that_cannot_be_saved_says_so(desk: Desk) -> None:
    desk.file("config", "no directory")
    call = ("login", "clerk", "--password-stdin")
    refused = desk.json(None, *call, given=PASSWORD)
    assert (75, ["logins_unwritable"]) == (refused.status, refused.codes)
    assert 0 == desk.run(None, *call, "--print-token", given=PASSWORD).status


# -- tokens ---------------------------------------------------------------------------------------


def test_a_printed_token_is_the_whole_output_and_is_not_saved(desk: Desk) -> None:
    printed = desk.run(None, "login", "clerk", "--password-stdin", "--print-token", given=PASSWORD)
    assert 0 == printed.status
    (token,) = printed.out.splitlines()
    assert "clerk" == desk.json(None, "whoami", GONGKAI_TOKEN=token).data["name"]
    assert not desk.logins.exists()


def test_the_token_of_the_environment_comes_before_the_saved_login(desk: Desk) -> None:
    sign_in(desk, "clerk")
    assert "head" == desk.json("head", "whoami").data["name"]
    told = desk.run("head", "login", "clerk", "--password-stdin", given=PASSWORD)
    assert "GONGKAI_TOKEN" in told.out


@pytest.mark.parametrize("command", ["whoami", "list", "inbox", "logout"])
def test_a_call_without_a_login_is_told_to_sign_in(desk: Desk, command: str) -> None:
    refused = desk.json(None, command)
    assert (5, ["not_signed_in"]) == (refused.status, refused.codes)
    assert "gongkai login" in refused.document["errors"][0]["message"]


def test_an_expired_login_is_over(desk: Desk) -> None:
    sign_in(desk)
    assert 0 == later(desk, hours=11).run(None, "whoami").status
    over = later(desk, hours=12)
    with over.unchanged():
        refused = over.json(None, "submit", "1@1")
    assert (5, ["token_expired"]) == (refused.status, refused.codes)
    assert "gongkai login clerk" in refused.document["errors"][0]["message"]


def test_a_login_ends_where_it_began_and_in_the_database(desk: Desk) -> None:
    sign_in(desk)
    (entry,) = json.loads(desk.logins.read_text("utf-8")).values()
    assert desk.json(None, "logout").data["ended"] is True
    assert ["not_signed_in"] == desk.json(None, "whoami").codes
    refused = desk.json(None, "whoami", GONGKAI_TOKEN=entry["token"])
    assert (5, ["token_revoked"]) == (refused.status, refused.codes)


@pytest.mark.parametrize("act", [("user", "reset", "clerk"), ("user", "disable", "clerk")])
def test_what_an_administrator_does_ends_all_logins(desk: Desk, act: tuple[str, ...]) -> None:
    sign_in(desk)
    assert 0 == desk.run("admin", *act).status
    for who in (None, "clerk"):
        refused = desk.json(who, "list")
        assert 5 == refused.status
        assert refused.codes[0] in {"token_revoked", "token_unknown"}


# -- passwords ------------------------------------------------------------------------------------


def test_a_wrong_password_opens_nothing_and_too_many_close_the_account_for_a_while(
    desk: Desk,
) -> None:
    call = ("login", "clerk", "--password-stdin")
    told = [desk.json(None, *call, given="wrong password\n") for _ in range(12)]
    assert {5} == {each.status for each in told}
    # A closed account gets the answer of a wrong password, or names could be found out by it.
    assert {"login_failed"} == {each.codes[0] for each in told}
    assert ["login_failed"] == desk.json(None, *call, given=PASSWORD).codes
    assert not desk.logins.exists()
    assert 0 == later(desk, hours=25).run(None, *call, given=PASSWORD).status


def test_an_unknown_name_is_answered_like_a_wrong_password(desk: Desk) -> None:
    wrong, unknown = (
        desk.json(None, "login", name, "--password-stdin", given="wrong password\n")
        for name in ("clerk", "nobody")
    )
    assert (wrong.status, wrong.out) == (unknown.status, unknown.out)


@pytest.mark.parametrize("given", ["", "\n"])
def test_a_password_that_is_not_there_is_asked_for(desk: Desk, given: str) -> None:
    refused = desk.json(None, "login", "clerk", "--password-stdin", given=given)
    assert (2, ["password_lines"]) == (refused.status, refused.codes)


@pytest.mark.parametrize("call", [("login", "clerk"), ("password",)])
def test_without_a_terminal_no_password_is_asked_for(desk: Desk, call: tuple[str, ...]) -> None:
    refused = desk.json("clerk", *call)
    assert (2, ["password_needs_terminal"]) == (refused.status, refused.codes)


def test_a_password_may_be_given_without_an_end_of_line_or_with_a_windows_one(desk: Desk) -> None:
    for end in ("", "\r\n"):
        given = NEW_PASSWORD + end
        assert 0 == desk.run(None, "login", "clerk", "--password-stdin", given=given).status


def test_a_password_that_is_no_text_is_wrong(desk: Desk) -> None:
    refused = desk.json(None, "login", "clerk", "--password-stdin", given=b"\xff\xfe\xff\n")
    assert (5, ["login_failed"]) == (refused.status, refused.codes)


def test_a_changed_password_ends_earlier_logins_and_begins_a_new_one(desk: Desk) -> None:
    sign_in(desk)
    call = ("password", "--password-stdin")
    assert 0 == desk.run(None, *call, given=f"{NEW_PASSWORD}\nyangli mima 2019\n").status
    assert "clerk" == desk.json(None, "whoami").data["name"]
    assert ["token_revoked"] == desk.json("clerk", "whoami").codes
    login = ("login", "clerk", "--password-stdin")
    assert ["login_failed"] == desk.json(None, *login, given=PASSWORD).codes
    assert 0 == desk.run(None, *login, given="yangli mima 2019\n").status


@pytest.mark.parametrize(
    ("given", "status", "code"),
    [
        (f"{NEW_PASSWORD}\nshort\n", 2, "password_length"),
        (f"{NEW_PASSWORD}\n{NEW_PASSWORD}\n", 2, "password_same"),
        (f"{NEW_PASSWORD}\nclerk clerk 2019\n", 2, "password_too_easy"),
        (f"{NEW_PASSWORD}\n", 2, "password_lines"),
    ],
)
def test_a_new_password_that_will_not_do_changes_nothing(
    desk: Desk, given: str, status: int, code: str
) -> None:
    with desk.unchanged():
        refused = desk.json("clerk", "password", "--password-stdin", given=given)
    assert (status, [code]) == (refused.status, refused.codes)


def test_a_wrong_old_password_changes_none(desk: Desk) -> None:
    given = "wrong password\nyangli mima 2019\n"
    refused = desk.json("clerk", "password", "--password-stdin", given=given)
    assert (5, ["login_failed"]) == (refused.status, refused.codes)
    sign_in(desk)


def test_a_one_time_password_opens_nothing_but_its_change(desk: Desk) -> None:
    added = desk.json("admin", "user", "add", "new.person", "--display-name", "样例新人").data
    once = added["one_time_password"]
    login = ("login", "new.person", "--password-stdin")
    assert desk.json(None, *login, given=once).data["must_change"] is True
    assert (5, ["password_change_owed"]) == (
        (refused := desk.json(None, "list")).status,
        refused.codes,
    )
    assert desk.json(None, "whoami").data["must_change"] is True
    call = ("password", "--password-stdin")
    assert 0 == desk.run(None, *call, given=f"{once}\n{PASSWORD}").status
    assert 0 == desk.run(None, "list").status


def test_at_a_terminal_a_password_is_asked_for_and_not_shown(desk: Desk) -> None:
    signed_in = at_terminal(desk, None, "login", "clerk", typed=PASSWORD)
    assert 0 == signed_in.status
    assert "Password:" in signed_in.out
    assert "clerk" == desk.json(None, "whoami").data["name"]


def test_whoami_tells_the_roles_and_when_the_login_ends(desk: Desk) -> None:
    sign_in(desk)
    told = desk.json(None, "whoami").data
    assert ("样例：clerk", "2017-01-20T21:00:00+08:00") == (
        told["display_name"],
        told["expires_at"],
    )
    assert [("clerk", "YL-CIVIL")] == [(role["role"], role["body"]) for role in told["roles"]]
    shown = desk.run(None, "whoami", "--lang", "zh").out
    assert "信息员" in shown
    assert "2017-01-20 21:00" in shown
