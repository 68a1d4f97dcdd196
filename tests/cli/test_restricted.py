"""What is restricted is nowhere for outsiders: lists, counts, search, boards, export (S42)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from tests.cli.desk import leaves, tree
from tests.cli.test_statuses import DONE

if TYPE_CHECKING:
    from tests.cli.desk import Desk

WORD: Final = "饕餮"
ACTS: Final = frozenset(
    {"login", "logout", "password", "run", "demo", "contact test", "doctor", "site build"}
)
"""What changes something without saying so by an option, or looks at the machine and its disk."""
MORE: Final = {
    "list": ("--all", "--state pending --limit 1", "--department YL-CIVIL", "--stage sign_off"),
    "search": (WORD, "样例 --limit 1"),
    "due": ("--all", "--within 1000 --limit 1"),
    "overdue": ("--limit 1",),
    "alerts list": ("--all",),
    "deliveries": ("",),
    "export": tuple(
        f"{which} --format {form}"
        for which in ("items", "inbox", "due", "overdue")
        for form in ("csv", "jsonl")
    ),
}
"""Other calls of what lists items, which page, filter and count."""


def looks() -> list[str]:
    """Return a call of everything that only reads, and some more of what lists."""
    reading = [
        " ".join(path)
        for path in leaves()
        if not any("--dry-run" in each.opts for each in tree()[path].params)
    ]
    calls = [f"{name} {DONE[name]}".strip() for name in reading if name not in ACTS | {"export"}]
    return calls + [f"{name} {given}" for name, many in MORE.items() for given in many]


def told(desk: Desk, who: str) -> dict[str, tuple[int, str]]:
    """Return what somebody is told by everything that reads."""
    found = {}
    for call in looks():
        ask = desk.run if call.startswith("export") else desk.json
        came = ask(who, *call.split())
        found[call] = (came.status, came.out)
    return found


@pytest.mark.parametrize(
    ("kind", "outsiders"),
    [
        ("desk", ("colleague", "outsider", "supervisor", "admin")),
        # A call takes three times as long there: who sees least otherwise, and who sees most.
        pytest.param("postgresql_desk", ("outsider", "supervisor"), marks=pytest.mark.postgres),
    ],
    ids=["sqlite", "postgresql"],
)
def test_s42_nothing_that_lists_or_counts_is_changed_by_a_restricted_item(
    request: pytest.FixtureRequest, kind: str, outsiders: tuple[str, ...]
) -> None:
    desk: Desk = request.getfixturevalue(kind)
    desk.file("body.md", f"样例名单，{WORD}。")
    described = "--category annual_report --formed-on 2017-01-10 --attribute proactive"
    before = {who: told(desk, who) for who in outsiders}

    entered = desk.json(
        "clerk", "new", "body.md", "--title", f"样例{WORD}", "--restricted", *described.split()
    )
    assert 0 == entered.status
    item = entered.data["at"].partition("@")[0]

    assert 1 == desk.json("clerk", "search", WORD).data["total"]
    for who in outsiders:
        assert before[who] == told(desk, who), who
        for read in ("show", "diff", "history", "why", "explain"):
            assert (4, ["no_such_item"]) == (
                (came := desk.json(who, read, item)).status,
                came.codes,
            ), read


def test_a_supervisor_names_who_takes_over_what_nobody_can_see(desk: Desk) -> None:
    """S15: whoever names cannot read it."""
    with desk.office() as office:
        item = str(office.draft(changes={"body": "样例：限定范围"}, restricted=True))
    listed = desk.run("admin", "--lang", "en", "user", "disable", "clerk").out
    assert f"gongkai take-over {item} --to NAME" in listed
    call = ("take-over", item, "--to", "colleague", "--reason", "样例")
    for wrong in ((*call[:1], f"{item}@1", *call[2:]), (*call[:1], item, item, *call[2:])):
        refused = desk.json("supervisor", *wrong)
        assert ["one_number"] == refused.codes
    assert 4 == desk.run("supervisor", "show", item).status
    would = desk.run("supervisor", "--lang", "en", *call, "--dry-run").out
    assert would.startswith("dry run, nothing was changed; it would be: colleague sees item")
    assert 4 == desk.run("colleague", "take-over", item).status
    assert 0 == desk.run("supervisor", *call).status
    assert 0 == desk.run("colleague", "take-over", item).status
