"""People: passwords, one-time passwords, tokens, throttled logins, and roles."""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Literal

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select
from typing_extensions import override

from tests.service.sample_office import CIVIL, PASSWORD
from workflow.accounts import FREE_FAILURES, LONGEST_WAIT, ONE_TIME_LASTS, Accounts
from workflow.errors import Conflict, InvalidInput, NotFound, NotSignedIn
from workflow.guards import SCOPES, Role
from workflow.machine import Action
from workflow.models import Account, RoleGrant, Token, table

if TYPE_CHECKING:
    from datetime import datetime

    from tests.service.sample_office import SampleOffice

NEW: str = "xin de mima 2017"


def added(office: SampleOffice, name: str = "newcomer") -> str:
    """Add a person and return the one-time password."""
    answer = office.accounts.add(office["admin"], name, display_name="样例：新人")
    password: str = answer["one_time_password"]
    return password


def signed_in(office: SampleOffice, name: str = "newcomer") -> str:
    """Add a person who has chosen a password and return a token of theirs."""
    one_time = added(office, name)
    _, session = office.accounts.login(name, one_time)
    office.accounts.change_password(session, old=one_time, new=NEW)
    token, _ = office.accounts.login(name, NEW)
    return token


def fail(office: SampleOffice, name: str, *, times: int = 1) -> NotSignedIn:
    """Sign in with a wrong password so many times and return the last refusal."""
    for _ in range(times - 1):
        fail(office, name)
    with pytest.raises(NotSignedIn) as refusal:
        office.accounts.login(name, "wrong password")
    return refusal.value


def locked_until(office: SampleOffice, name: str) -> datetime | None:
    """Return until when an account waits."""
    people = office.bureau.people(office["admin"])
    until: datetime | None = next(row["locked_until"] for row in people if row["name"] == name)
    return until


def lock(office: SampleOffice, name: str) -> datetime:
    """Sign in with wrong passwords until the account waits; return until when."""
    fail(office, name, times=FREE_FAILURES + 1)
    until = locked_until(office, name)
    assert until is not None
    return until


# -- logging in ------------------------------------------------------------------------------


def test_a_login_gives_a_token_that_tells_whose_it_is(office: SampleOffice) -> None:
    token, session = office.accounts.login("admin", PASSWORD)
    assert ("admin", "zh", False) == (session.name, session.language, session.must_change)
    assert session == office.accounts.session(token)
    assert office.clock() + timedelta(hours=12) == session.expires_at


def test_only_a_hash_of_the_token_is_kept(office: SampleOffice) -> None:
    token, _ = office.accounts.login("admin", PASSWORD)
    with office.database.read() as connection:
        row = connection.execute(select(table(Token))).one()
    assert hashlib.sha256(token.encode()).hexdigest() == row.hash
    assert token not in str(office.everything())


def test_a_password_is_kept_as_an_argon2id_hash(office: SampleOffice) -> None:
    account = table(Account)
    with office.database.read() as connection:
        stored = connection.execute(
            select(account.c.password_hash).where(account.c.name == "admin")
        ).scalar_one()
    assert stored.startswith("$argon2id$")
    assert PASSWORD not in str(office.everything())


@pytest.mark.parametrize(
    ("name", "password"),
    [
        ("admin", "wrong password"),
        ("admin", ""),
        ("admin", PASSWORD + " "),
        ("ADMIN", PASSWORD),
        ("nobody", PASSWORD),
        ("", PASSWORD),
        ("admin\x00", PASSWORD),
        ("admin", PASSWORD + "\x00"),
        ("\ud800", PASSWORD),
        ("admin", "\ud800"),
        ("admin' --", PASSWORD),
        ("a" * 100_000, PASSWORD),
    ],
    ids=[
        "wrong", "empty", "blank", "case", "nobody", "no-name", "nul-name", "nul", "lone-name",
        "lone", "quote", "long",
    ],
)  # fmt: skip
def test_whoever_it_is_not_gets_one_and_the_same_answer(
    office: SampleOffice, name: str, password: str
) -> None:
    with pytest.raises(NotSignedIn) as refusal:
        office.accounts.login(name, password)
    assert ("login_failed", {}) == (refusal.value.code, refusal.value.params)


@pytest.mark.parametrize("token", ["", "gk_", "gk_unknown", "\x00", "\ud800", "样例"])
def test_a_token_that_was_never_given_out_opens_nothing(office: SampleOffice, token: str) -> None:
    with office.refused("token_unknown", by=NotSignedIn):
        office.accounts.session(token)


def test_a_token_ends_with_its_time(office: SampleOffice) -> None:
    token, session = office.accounts.login("admin", PASSWORD)
    office.clock.set(session.expires_at - timedelta(microseconds=1))
    office.accounts.session(token)
    office.clock.set(session.expires_at)
    with office.refused("token_expired", by=NotSignedIn):
        office.accounts.session(token)


def test_a_token_ends_with_a_logout_and_the_others_do_not(office: SampleOffice) -> None:
    token, _ = office.accounts.login("admin", PASSWORD)
    other, _ = office.accounts.login("admin", PASSWORD)
    assert office.accounts.logout(token) is True
    assert office.accounts.logout(token) is False
    assert office.accounts.logout("gk_unknown") is False
    with office.refused("token_revoked", by=NotSignedIn):
        office.accounts.session(token)
    office.accounts.session(other)


# -- throttling ------------------------------------------------------------------------------


def test_a_few_wrong_passwords_cost_nothing(office: SampleOffice) -> None:
    assert "login_failed" == fail(office, "admin", times=FREE_FAILURES).code
    office.accounts.login("admin", PASSWORD)


def test_each_further_one_doubles_the_wait(office: SampleOffice) -> None:
    fail(office, "admin", times=FREE_FAILURES)
    waits = []
    for _ in range(9):
        fail(office, "admin")
        until = locked_until(office, "admin")
        assert until is not None
        waits.append(until - office.clock())
        office.clock.set(until)
    assert [30, 60, 120, 240, 480, 960, 1920, 3600, 3600] == [wait.seconds for wait in waits]
    assert LONGEST_WAIT == waits[-1]


def test_during_the_wait_even_the_right_password_is_refused(office: SampleOffice) -> None:
    until = lock(office, "admin")
    office.clock.set(until - timedelta(seconds=1))
    with office.refused("login_failed", by=NotSignedIn):
        office.accounts.login("admin", PASSWORD)
    office.clock.set(until)
    office.accounts.login("admin", PASSWORD)


def test_nobody_learns_from_the_answers_which_names_there_are(office: SampleOffice) -> None:
    office.accounts.set_enabled(office["admin"], "auditor", enabled=False)
    answers = {
        (answer.code, str(answer.params))
        for name in ("admin", "auditor", "nobody", "not a name")
        for answer in [fail(office, name, times=FREE_FAILURES + count) for count in range(3)]
    }
    assert {("login_failed", "{}")} == answers
    assert locked_until(office, "admin") is not None


@pytest.mark.parametrize("name", ["admin", "nobody", "not a name"])
def test_every_name_costs_one_hashing_of_a_password(office: SampleOffice, name: str) -> None:
    hasher = Counting()
    accounts = Accounts(
        office.app.runtime, hasher, session=timedelta(hours=1), for_jobs=timedelta(days=400)
    )
    for count in range(1, FREE_FAILURES + 4):
        with pytest.raises(NotSignedIn):
            accounts.login(name, "wrong password")
        assert count == hasher.count


class Counting(PasswordHasher):
    """Counts how often it works."""

    def __init__(self) -> None:
        """Start at nought, and cheaply."""
        super().__init__(time_cost=1, memory_cost=64)
        self.count = 0

    @override
    def hash(self, *args: Any, **options: Any) -> str:
        self.count += 1
        return super().hash(*args, **options)

    @override
    def verify(self, *args: Any) -> Literal[True]:
        self.count += 1
        return super().verify(*args)


def test_a_right_password_forgets_the_wrong_ones(office: SampleOffice) -> None:
    fail(office, "admin", times=FREE_FAILURES)
    office.accounts.login("admin", PASSWORD)
    assert "login_failed" == fail(office, "admin", times=FREE_FAILURES).code


def test_a_lock_is_in_the_trail_and_no_password_is(office: SampleOffice) -> None:
    fail(office, "admin", times=FREE_FAILURES + 1)
    assert "login_locked" == office.events()[-1]
    assert "wrong password" not in str(office.everything())
    assert [] == office.faults()


def test_guessing_at_one_account_locks_no_other(office: SampleOffice) -> None:
    signed_in(office)
    fail(office, "admin", times=FREE_FAILURES + 1)
    office.accounts.login("newcomer", NEW)


def test_a_second_process_helps_nobody_to_guess(office: SampleOffice) -> None:
    other = office.again()
    codes = [fail((office, other)[guess % 2], "admin").code for guess in range(FREE_FAILURES + 1)]
    other.close()
    assert {"login_failed"} == set(codes)
    assert locked_until(office, "admin") is not None


def test_the_old_password_is_guarded_like_a_login(office: SampleOffice) -> None:
    _, session = office.accounts.login("admin", PASSWORD)
    for _ in range(FREE_FAILURES):
        with pytest.raises(NotSignedIn) as refusal:
            office.accounts.change_password(session, old="wrong password", new=NEW)
        assert "login_failed" == refusal.value.code
    with pytest.raises(NotSignedIn) as refusal:
        office.accounts.change_password(session, old="wrong password", new=NEW)
    assert "login_locked" == refusal.value.code
    with office.refused("login_locked", by=NotSignedIn):
        office.accounts.change_password(session, old=PASSWORD, new=NEW)


# -- adding, resetting, disabling --------------------------------------------------------------


def test_a_one_time_password_opens_nothing_but_the_change_of_password(
    office: SampleOffice,
) -> None:
    one_time = added(office)
    token, session = office.accounts.login("newcomer", one_time)
    assert session.must_change is True
    with office.refused("password_change_owed", by=NotSignedIn):
        office.accounts.session(token)
    office.accounts.change_password(
        office.accounts.session(token, may_owe_change=True), old=one_time, new=NEW
    )
    with pytest.raises(NotSignedIn):
        office.accounts.login("newcomer", one_time)
    token, session = office.accounts.login("newcomer", NEW)
    assert session.must_change is False
    office.accounts.session(token)


def test_a_one_time_password_grows_too_old(office: SampleOffice) -> None:
    one_time = added(office)
    until = office.clock() + ONE_TIME_LASTS
    office.clock.set(until - timedelta(microseconds=1))
    _, session = office.accounts.login("newcomer", one_time)
    office.clock.set(until)
    with office.refused("one_time_expired", by=NotSignedIn):
        office.accounts.login("newcomer", one_time)
    with office.refused("one_time_expired", by=NotSignedIn):
        office.accounts.change_password(session, old=one_time, new=NEW)
    assert "login_failed" == fail(office, "newcomer").code
    again = office.accounts.reset(office["admin"], "newcomer")["one_time_password"]
    _, session = office.accounts.login("newcomer", again)
    office.accounts.change_password(session, old=again, new=NEW)
    office.clock.set(until + 2 * ONE_TIME_LASTS)
    office.accounts.login("newcomer", NEW)


def test_a_password_of_ones_own_does_not_grow_old(office: SampleOffice) -> None:
    office.clock.set(office.clock() + 10 * ONE_TIME_LASTS)
    office.accounts.login("admin", PASSWORD)


def test_a_one_time_password_is_told_once_and_kept_nowhere(office: SampleOffice) -> None:
    first = office.accounts.add(office["admin"], "newcomer", display_name="样例", key="one")
    again = office.accounts.add(office["admin"], "newcomer", display_name="样例", key="one")
    assert first["one_time_password"] not in str(office.everything())
    assert ("one_time_password" in again, again["repeated"]) == (False, True)


def test_a_password_that_somebody_else_chose_must_be_changed(office: SampleOffice) -> None:
    answer = office.accounts.add(
        office["admin"], "newcomer", display_name="样例", password="somebody else's"
    )
    assert "one_time_password" not in answer
    _, session = office.accounts.login("newcomer", "somebody else's")
    assert session.must_change is True


def test_a_change_of_password_ends_every_login(office: SampleOffice) -> None:
    token = signed_in(office)
    _, session = office.accounts.login("newcomer", NEW)
    office.accounts.change_password(session, old=NEW, new="noch ein anderes")
    with office.refused("token_revoked", by=NotSignedIn):
        office.accounts.session(token)
    assert "password_changed" == office.events()[-1]


def test_a_reset_ends_every_login_and_is_in_the_trail(office: SampleOffice) -> None:
    token = signed_in(office)
    answer = office.accounts.reset(office["admin"], "newcomer")
    # The one just opened, and the one that the first change of password had ended already.
    assert 1 == answer["logins_ended"]
    with office.refused("token_revoked", by=NotSignedIn):
        office.accounts.session(token)
    with pytest.raises(NotSignedIn):
        office.accounts.login("newcomer", NEW)
    _, session = office.accounts.login("newcomer", answer["one_time_password"])
    assert session.must_change is True
    assert ("password_reset", "admin") == (office.trail()[-1].event, office.trail()[-1].actor)


def test_a_reset_lifts_a_lock(office: SampleOffice) -> None:
    signed_in(office)
    fail(office, "newcomer", times=FREE_FAILURES + 1)
    answer = office.accounts.reset(office["admin"], "newcomer")
    office.accounts.login("newcomer", answer["one_time_password"])


def test_who_is_disabled_is_out_at_once_and_keeps_nothing(office: SampleOffice) -> None:
    token = signed_in(office)
    office.accounts.set_enabled(office["admin"], "newcomer", enabled=False)
    with office.refused("token_unknown", by=NotSignedIn):
        office.accounts.session(token)
    with pytest.raises(NotSignedIn) as refusal:
        office.accounts.login("newcomer", NEW)
    assert "login_failed" == refusal.value.code
    office.accounts.set_enabled(office["admin"], "newcomer", enabled=True)
    with office.refused("token_revoked", by=NotSignedIn):
        office.accounts.session(token)
    office.accounts.login("newcomer", NEW)


def test_disabling_moves_no_item(office: SampleOffice) -> None:
    item = office.item_at("sign_off")
    row = office.row(item)
    office.accounts.set_enabled(office["admin"], "clerk", enabled=False)
    office.accounts.set_enabled(office["admin"], "head", enabled=False)
    assert row == office.row(item)


@pytest.mark.parametrize(
    ("name", "display_name", "code"),
    [
        ("system", "样例", "account_name_wrong"),
        ("Newcomer", "样例", "account_name_wrong"),
        ("ab", "样例", "account_name_wrong"),
        ("1abc", "样例", "account_name_wrong"),
        ("newcomer\n", "样例", "account_name_wrong"),
        ("nеwcomer", "样例", "account_name_wrong"),
        ("a" * 65, "样例", "account_name_wrong"),
        ("newcomer", " ", "field_empty"),
        ("newcomer", "a\x00", "bad_character"),
        ("newcomer", "样" * 101, "field_empty"),
    ],
    ids=["system", "upper", "short", "digit", "line", "cyrillic", "long", "blank", "nul", "much"],
)
def test_names_that_could_be_mistaken_are_refused(
    office: SampleOffice, name: str, display_name: str, code: str
) -> None:
    with office.refused(code, by=InvalidInput):
        office.accounts.add(office["admin"], name, display_name=display_name)


@pytest.mark.parametrize(
    "display_name",
    [
        "样例：clerk",
        "样例:clerk",
        "样例：ＣＬＥＲＫ",
        " 样例：clerk ",
        "样例： clerk",
        "样例：\u3000clerk",
        "系统",
        "The System",
    ],
)
def test_a_name_that_looks_like_another_is_refused(office: SampleOffice, display_name: str) -> None:
    with office.refused("display_name_taken", by=Conflict):
        office.accounts.add(office["admin"], "newcomer", display_name=display_name)


@pytest.mark.parametrize(
    "unseen",
    ["\u200b", "\u200d", "\u202e", "\ufeff", "\u00ad", "\u00a0", "\u2003", "\u3164", "\ufe0f"],
)
def test_a_name_has_nothing_in_it_that_nobody_sees(office: SampleOffice, unseen: str) -> None:
    with office.refused("bad_character", by=InvalidInput):
        office.accounts.add(office["admin"], "newcomer", display_name=f"样{unseen}例")


def test_two_people_may_be_told_apart_by_their_departments(office: SampleOffice) -> None:
    office.accounts.add(office["admin"], "newcomer", display_name="样例 甲（民政局）")
    office.accounts.add(office["admin"], "newcomer2", display_name="样例 甲（财政局）")


def test_a_person_reads_one_of_the_languages_there_are(office: SampleOffice) -> None:
    with office.refused("value_unknown", by=InvalidInput):
        office.accounts.add(office["admin"], "newcomer", display_name="样例", language="de")


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("short", "password_length"),
        ("x" * 1001, "password_length"),
        ("aaaaaaaaaaaa", "password_too_easy"),
        ("newcomer-2017", "password_too_easy"),
        ("with a\x00nul inside", "bad_character"),
        ("with a \ud800 surrogate", "bad_character"),
    ],
    ids=["short", "long", "same", "name", "nul", "lone"],
)
def test_passwords_that_are_easily_guessed_are_refused(
    office: SampleOffice, password: str, code: str
) -> None:
    with office.refused(code, by=InvalidInput):
        office.accounts.add(office["admin"], "newcomer", display_name="样例", password=password)
    _, session = office.accounts.login("admin", PASSWORD)
    with office.unchanged(), pytest.raises(InvalidInput):
        office.accounts.change_password(session, old=PASSWORD, new=password[:9])


def test_the_same_password_again_is_no_change(office: SampleOffice) -> None:
    _, session = office.accounts.login("admin", PASSWORD)
    with office.refused("password_same", by=InvalidInput):
        office.accounts.change_password(session, old=PASSWORD, new=PASSWORD)


def test_a_name_is_taken_once(office: SampleOffice) -> None:
    with office.refused("name_taken", by=Conflict):
        office.accounts.add(office["admin"], "clerk", display_name="样例")


# -- who may, and roles ------------------------------------------------------------------------


@pytest.mark.parametrize("by", ["clerk", "head", "final", "supervisor", "auditor", "publisher"])
def test_only_administrators_manage_people(office: SampleOffice, by: str) -> None:
    actor = office[by]
    with office.refused("needs_role"):
        office.accounts.add(actor, "newcomer", display_name="样例")
    with office.refused("needs_role"):
        office.accounts.reset(actor, "clerk")
    with office.refused("needs_role"):
        office.accounts.set_enabled(actor, "clerk", enabled=False)
    with office.refused("needs_role"):
        office.accounts.grant(actor, by, Role.ADMINISTRATOR, body="YL-DISTRICT")


def test_nobody_unknown_and_nobody_disabled_manages_people(office: SampleOffice) -> None:
    with office.refused("not_signed_in", by=NotSignedIn):
        office.accounts.add(999, "newcomer", display_name="样例")
    office.accounts.set_enabled(office["admin"], "admin2", enabled=False)
    with office.refused("not_signed_in", by=NotSignedIn):
        office.accounts.add(office["admin2"], "newcomer", display_name="样例")


def test_somebody_unknown_is_not_managed(office: SampleOffice) -> None:
    admin = office["admin"]
    with office.refused("no_such_account", by=NotFound):
        office.accounts.reset(admin, "nobody")
    with office.refused("no_such_account", by=NotFound):
        office.accounts.set_enabled(admin, "nobody", enabled=False)
    with office.refused("no_such_account", by=NotFound):
        office.accounts.grant(admin, "nobody", Role.CLERK, body=CIVIL)
    with office.refused("no_such_body", by=NotFound):
        office.accounts.grant(admin, "clerk", Role.CLERK, body="YL-NOWHERE")


@pytest.mark.parametrize("role", list(Role))
def test_a_role_is_held_for_a_body_of_its_kind_only(office: SampleOffice, role: Role) -> None:
    added(office)
    for body in office.bureau.bodies():
        if body["kind"] not in SCOPES[role]:
            with office.refused("role_wrong_scope"):
                office.accounts.grant(office["admin"], "newcomer", role, body=body["code"])
        else:
            answer = office.accounts.grant(
                office["admin"], "newcomer", role, body=body["code"], dry_run=True
            )
            assert answer["changed"] is True


def place_of(office: SampleOffice, role: Role) -> str:
    """Return a body for which a role can be held."""
    bodies = office.bureau.bodies()
    return str(next(body["code"] for body in bodies if body["kind"] in SCOPES[role]))


APART = sorted(set(Role) - {Role.ADMINISTRATOR, Role.AUDITOR})


@pytest.mark.parametrize("role", APART)
def test_an_administrator_holds_no_role_that_decides_or_reads(
    office: SampleOffice, role: Role
) -> None:
    admin, body = office["admin"], place_of(office, role)
    added(office)
    office.accounts.grant(admin, "newcomer", role, body=body)
    with office.refused("administrator_apart"):
        office.accounts.grant(admin, "newcomer", Role.ADMINISTRATOR, body="YL-DISTRICT")
    with office.refused("administrator_apart"):
        office.accounts.grant(admin, "admin2", role, body=body)
    office.accounts.grant(admin, "newcomer", role, body=body, revoke=True)
    office.accounts.grant(admin, "newcomer", Role.ADMINISTRATOR, body="YL-DISTRICT")


def test_an_administrator_may_read_the_trail_too(office: SampleOffice) -> None:
    answer = office.accounts.grant(office["admin"], "admin2", Role.AUDITOR, body="YL-DISTRICT")
    assert answer["changed"] is True


@pytest.mark.parametrize("role", APART)
def test_nobody_gives_a_role_to_themselves(office: SampleOffice, role: Role) -> None:
    with office.refused("grant_to_oneself", "administrator_apart"):
        office.accounts.grant(office["admin"], "admin", role, body=place_of(office, role))


def test_nobody_makes_themselves_an_auditor(office: SampleOffice) -> None:
    with office.refused("grant_to_oneself"):
        office.accounts.grant(office["admin"], "admin", Role.AUDITOR, body="YL-DISTRICT")


def test_an_administrator_may_lay_the_role_down(office: SampleOffice) -> None:
    office.accounts.grant(
        office["admin"], "admin", Role.ADMINISTRATOR, body="YL-DISTRICT", revoke=True
    )
    with office.refused("needs_role"):
        office.accounts.reset(office["admin"], "clerk")


@pytest.mark.parametrize(("name", "role"), [("admin2", "administrator"), ("auditor", "auditor")])
def test_who_reads_nothing_unpublished_is_not_named_as_a_reader(
    office: SampleOffice, name: str, role: str
) -> None:
    with office.refused("reader_reads_nothing") as refusal:
        office.draft(restricted=True, readers=["receiver", name])
    assert {"name": name, "role": role} == refusal.value.params


def test_an_administrator_reads_nothing_that_was_theirs_before(office: SampleOffice) -> None:
    named = office.draft(restricted=True, readers=["outsider"])
    written = office.draft(restricted=True)
    for name, body in (("outsider", "YL-FINANCE"), ("clerk", CIVIL)):
        office.give(name, Role.CLERK, body=body, revoke=True)
        office.give(name, Role.ADMINISTRATOR, body="YL-DISTRICT")
    for name, item in (("outsider", named), ("clerk", written)):
        with office.refused("no_such_item", by=NotFound):
            office.queries.show(office[name], item)
        with office.refused("no_such_item", by=NotFound):
            office.act(item, Action.SUBMIT, name)
        assert 0 == office.queries.items(office[name]).total


def test_the_named_readers_are_in_the_trail(office: SampleOffice) -> None:
    item = office.draft(restricted=True, readers=["receiver", "outsider", "receiver"])
    (created,) = office.trail(item)
    assert ["outsider", "receiver"] == json.loads(created.details)["readers"]


def test_a_role_that_was_given_and_taken_is_kept_as_history(office: SampleOffice) -> None:
    admin = office["admin"]
    for revoke in (False, True, False):
        answer = office.accounts.grant(admin, "auditor", Role.CLERK, body=CIVIL, revoke=revoke)
        assert answer["changed"] is True
    grant = table(RoleGrant)
    with office.database.read() as connection:
        rows = connection.execute(
            select(grant.c.revoked_at).where(
                grant.c.account_id == office["auditor"], grant.c.role == "clerk"
            )
        ).all()
    assert [False, True] == sorted(row.revoked_at is None for row in rows)
    assert ["role_granted", "role_revoked", "role_granted"] == office.events()[-3:]


def test_saying_the_same_twice_changes_nothing(office: SampleOffice) -> None:
    admin = office["admin"]
    with office.unchanged():
        answers: list[dict[str, Any]] = [
            office.accounts.grant(admin, "clerk", Role.CLERK, body=CIVIL),
            office.accounts.grant(admin, "auditor", Role.CLERK, body=CIVIL, revoke=True),
        ]
    assert [False, False] == [answer["changed"] for answer in answers]


def test_a_role_counts_from_the_next_act_on(office: SampleOffice) -> None:
    item = office.item_at("sign_off")
    office.give("head", Role.DEPARTMENT_HEAD, revoke=True)
    with office.refused("no_such_item", by=NotFound):
        office.act(item, Action.SIGN_OFF, "head")
    office.give("head", Role.DEPARTMENT_HEAD)
    office.act(item, Action.SIGN_OFF, "head")


def test_the_last_administrator_stays(office: SampleOffice) -> None:
    admin = office["admin"]
    office.accounts.set_enabled(admin, "admin2", enabled=False)
    with office.refused("last_administrator"):
        office.accounts.set_enabled(admin, "admin", enabled=False)
    with office.refused("last_administrator"):
        office.accounts.grant(admin, "admin", Role.ADMINISTRATOR, body="YL-DISTRICT", revoke=True)
    office.accounts.set_enabled(admin, "admin2", enabled=True)
    office.accounts.set_enabled(office["admin2"], "admin", enabled=False)


def test_everything_about_people_is_in_one_sound_chain(office: SampleOffice) -> None:
    signed_in(office)
    office.give("newcomer", Role.CLERK)
    office.accounts.reset(office["admin"], "newcomer")
    office.accounts.set_enabled(office["admin"], "newcomer", enabled=False)
    expected = [
        "account_added",
        "password_changed",
        "role_granted",
        "password_reset",
        "account_disabled",
    ]
    assert expected == office.events()[-5:]
    assert [] == office.faults()


def test_a_password_is_hashed_anew_when_hashes_become_dearer(office: SampleOffice) -> None:
    dearer = office.again(password_rounds="2")
    dearer.accounts.login("admin", PASSWORD)
    account = table(Account)
    with office.database.read() as connection:
        stored = connection.execute(
            select(account.c.password_hash).where(account.c.name == "admin")
        ).scalar_one()
    dearer.accounts.login("admin", PASSWORD)
    dearer.close()
    assert ",t=2," in stored


def test_a_dry_run_adds_nobody_and_tells_no_password(office: SampleOffice) -> None:
    with office.unchanged():
        answer = office.accounts.add(office["admin"], "newcomer", display_name="样例", dry_run=True)
    assert {"name": "newcomer", "display_name": "样例", "dry_run": True} == answer
    with office.unchanged():
        answer = office.accounts.reset(office["admin"], "clerk", dry_run=True)
    assert "one_time_password" not in answer
