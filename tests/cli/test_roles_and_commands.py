"""Every command with every role, against a table written by hand from the rules and the contract.

One person stands for each role, for the body that the prepared items belong to or for all of them;
a clerk and a head stand for another body, and one caller is not signed in. Whom the table does not
name must be refused for *that* reason, whatever else there is to refuse; whom it names must not.
A command or a role that it does not know fails.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from tests.cli.desk import leaves, readied, tree
from tests.cli.test_statuses import DONE, ELSEWHERE, GIVEN, prepared
from tests.service.sample_office import PEOPLE
from workflow.guards import Role

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.cli.desk import Desk

__all__ = ["prepared"]

STRANGER: Final = "stranger"
"""Whoever is not signed in."""
CALLERS: Final = (
    "clerk", "deputy", "head", "keeper", "reviewer", "final", "publisher", "receiver",
    "supervisor", "auditor", "admin", "outsider", "outhead", STRANGER,
)  # fmt: skip
NOT_THEIRS: Final = frozenset(
    {
        *("role_missing", "needs_role", "report_not_yours", "not_signed_in", "no_such_item"),
        *("may_not_consult", "nothing_to_reply", "nothing_to_withdraw"),
    }
)
"""The codes by which a call is refused because of who makes it."""

SIGNED_IN: Final = " ".join(name for name in CALLERS if name != STRANGER)
ANYBODY: Final = " ".join(CALLERS)
OWN_BODY: Final = "clerk deputy head keeper supervisor"
"""Who may see an item of the body that is at its first stage, or before it."""
ANSWERABLE: Final = "head outhead final publisher supervisor"
"""Who answers for the clocks of a body, or watches over all of them."""
MAY: Final[Mapping[str, str]] = {
    # Without a login: nothing of these opens an item.
    "demo": ANYBODY,
    "settings": ANYBODY,
    "completion": ANYBODY,
    "login": ANYBODY,
    "calendar due": ANYBODY,
    "calendar show": ANYBODY,
    "policy check": ANYBODY,
    # Whoever can reach the service account's files can do these, and has no need of an account.
    "init": ANYBODY,
    "upgrade": ANYBODY,
    "doctor": ANYBODY,
    # Everybody for themselves.
    "logout": SIGNED_IN,
    "whoami": SIGNED_IN,
    "password": SIGNED_IN,
    "inbox": SIGNED_IN,
    "alerts list": SIGNED_IN,
    "contact show": SIGNED_IN,
    "contact set": SIGNED_IN,
    "contact remove": SIGNED_IN,
    "contact notices": SIGNED_IN,
    "contact test": SIGNED_IN,
    "contact language": SIGNED_IN,
    # Everybody, of what they may see.
    "list": SIGNED_IN,
    "search": SIGNED_IN,
    "export": SIGNED_IN,
    "due": SIGNED_IN,
    "overdue": SIGNED_IN,
    "waiting": SIGNED_IN,
    "deliveries": SIGNED_IN,
    "consultations": SIGNED_IN,
    "delegate list": SIGNED_IN,
    "waiver list": SIGNED_IN,
    "show": OWN_BODY,
    "diff": OWN_BODY,
    "history": OWN_BODY,
    "why": OWN_BODY,
    "explain": OWN_BODY,
    "alerts ack": OWN_BODY,
    "alerts snooze": OWN_BODY,
    "calendar check": SIGNED_IN,
    "calendar history": SIGNED_IN,
    "organisation show": SIGNED_IN,
    "policy show": SIGNED_IN,
    "policy list": SIGNED_IN,
    "report timeliness": ANSWERABLE,
    "report returns": ANSWERABLE,
    "report duplicates": ANSWERABLE,
    # Clerks; a new item is entered for the own body.
    "new": "clerk outsider",
    "import": "clerk outsider",
    "revise": "clerk",
    "submit": "clerk",
    "recall": "clerk",
    "abandon": "clerk",
    "urge": "clerk",
    "correct": "clerk",
    "take-over": "clerk",
    # Who answers for an item asks another body, and that one's head answers.
    "consult": "clerk deputy head",
    "withdraw-consultation": "clerk",
    "reply": "outhead",
    "settle": "supervisor",
    # Who holds a stage.
    "sign-off": "head",
    "seal": "keeper",
    "review": "reviewer",
    "answer": "reviewer",
    "approve": "final",
    "return": "head",
    "reopen": "head",
    "validity": "head",
    # The centre, and whom it delivers to.
    "publish": "publisher",
    "retry": "publisher",
    "retract": "publisher",
    "restore": "publisher",
    "call-off": "publisher",
    "confirm-validity": "publisher",
    "confirm-retraction": "final",
    "confirm-restoration": "final",
    # A publisher and somebody whom the policy names, both; the others see it once it is asked for.
    "publish-urgently": "supervisor",
    "confirm-urgent-publication": "publisher final supervisor",
    "late-reason": "publisher",
    "deliver": "publisher",
    "withdraw-delivery": "publisher",
    "confirm-withdrawal": "final supervisor",
    "nil-return": "publisher",
    "receive": "receiver",
    # Supervisors.
    "clock pause": "supervisor",
    "clock resume": "supervisor",
    "waiver give": "supervisor",
    "waiver end": "supervisor",
    # Administrators; the publisher makes the site and lets the jobs run.
    "site build": "admin publisher",
    "sweep": "admin publisher",
    "run": "admin publisher",
    "restore-check": "admin",
    "calendar apply": "admin",
    "calendar revert": "admin",
    "item correct-date": "admin",
    "user add": "admin",
    "user list": "admin",
    "user reset": "admin",
    "user enable": "admin",
    "user disable": "admin",
    "role grant": "admin",
    "role revoke": "admin",
    "role list": "admin",
    "organisation import": "admin",
    "organisation hand-over": "admin",
    "delegate give": "admin",
    "delegate end": "admin",
    "policy plan": "admin",
    "policy apply": "admin",
    "purge": "admin",
    # The trail is the auditor's alone.
    "audit verify": "auditor",
    "audit head": "auditor",
    "audit export": "auditor",
}
"""Who may make the call of a command that stands in ``DONE``."""


def options(command: str) -> set[str]:
    """Return the options of a command."""
    parameters = tree()[tuple(command.split())].params
    return {name for parameter in parameters for name in parameter.opts}


def refusals(desk: Desk, command: str) -> dict[str, list[str]]:
    """Return with which codes the call of ``command`` is refused to each caller."""
    ready, arguments = readied(desk, command), DONE[command]
    with desk.office() as office:
        if "{digest}" in arguments:
            arguments = arguments.format(digest=office.row(1).digest)
        if "--seen" in options(command) and arguments[0].isdigit() and "@" not in arguments:
            # Who has not looked is refused before anybody asks who they are.
            number, _, more = arguments.partition(" ")
            arguments = f"{number}@{office.row(int(number)).version} {more}"
    call = [*command.split(), *arguments.split()]
    if "--dry-run" in options(command) and "--dry-run" not in call:
        call.append("--dry-run")
    came = {
        name: ready.json(
            None if name == STRANGER else name,
            *call,
            given=GIVEN.get(command, ""),
            **ELSEWHERE.get(command, {}),
        )
        for name in CALLERS
    }
    return {
        name: [error["code"] for error in result.document.get("errors", ())]
        for name, result in came.items()
    }


@pytest.mark.parametrize("command", [name for name in DONE if name != "demo"])
def test_a_command_is_for_whom_the_table_names_and_for_nobody_else(
    prepared: Desk, command: str
) -> None:
    found = refusals(prepared, command)
    let_in = [name for name in CALLERS if NOT_THEIRS.isdisjoint(found[name])]
    assert sorted(MAY[command].split()) == sorted(let_in), found


def test_every_command_and_every_role_is_in_the_table() -> None:
    assert {" ".join(path) for path in leaves()} == set(MAY)
    assert set(Role) == {PEOPLE[name][0] for name in CALLERS if name != STRANGER}


def test_deciding_is_nobodys_who_only_watches_or_administers() -> None:
    deciding = ("sign-off", "seal", "review", "answer", "approve", "return", "publish", "retry")
    for command in deciding:
        assert {"supervisor", "auditor", "admin", "receiver"}.isdisjoint(MAY[command].split())
