"""Planning and applying another policy on the command line (S38–S40)."""

from __future__ import annotations

from importlib import resources
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import update

from tests.service.tampering import unguarded
from workflow.models import Item, table

if TYPE_CHECKING:
    from tests.cli.desk import Desk

_item = table(Item)


@pytest.fixture
def two_tier(desk: Desk) -> str:
    """Give the file of a policy with one stage more."""
    shipped = resources.files("workflow").joinpath("policies/two_tier.toml")
    return desk.file("two_tier.toml", shipped.read_bytes())


def test_a_plan_gives_counts_first_and_then_each_item(desk: Desk, two_tier: str) -> None:
    """S40: as many as are asked for, and all of them in a file."""
    with desk.unchanged():
        whole = desk.json("admin", "policy", "plan", two_tier, "--all").data
        some = desk.json("admin", "policy", "plan", two_tier, "--limit", "2", "--offset", "1").data
        told = desk.run("admin", "--lang", "en", "policy", "plan", two_tier, "--limit", "1").out
    desk.run("admin", "policy", "plan", two_tier, "--output", "plan.csv")
    lines = (desk.place / "plan.csv").read_text("utf-8-sig").splitlines()

    assert whole["items"] == len(whole["rows"]) == sum(whole["outcomes"].values())
    assert whole["rows"][1:3] == some["rows"]
    assert (whole["plan"], whole["outcomes"]) == (some["plan"], some["outcomes"])
    counts = len(whole["outcomes"])
    assert all(line.split()[0].isdigit() for line in told.splitlines()[:counts])
    assert f"1 of {whole['items']} are listed" in told
    assert f"--plan {whole['plan']}" in told
    assert whole["items"] == len(lines) - 1


def test_a_plan_that_is_outdated_ends_with_the_status_of_a_conflict(
    desk: Desk, two_tier: str
) -> None:
    planned = desk.json("admin", "policy", "plan", two_tier).data["plan"]
    desk.run("head", "sign-off", "2@2")
    call = ("policy", "apply", two_tier, "--reason", "样例理由", "--plan")
    with desk.unchanged():
        refused = desk.json("admin", *call, planned)
    assert (3, ["plan_outdated"]) == (refused.status, refused.codes)

    again = desk.json("admin", "policy", "plan", two_tier).data["plan"]
    done = desk.json("admin", *call, again).data
    assert (True, again) == (done["changed"], done["plan"])
    assert 0 == desk.run("auditor", "audit", "verify").status


def test_the_same_policy_again_changes_nothing(desk: Desk) -> None:
    with desk.unchanged():
        told = desk.run("admin", "--lang", "zh", "policy", "plan", "dongchang").out
        done = desk.json("admin", "policy", "apply", "dongchang", "--reason", "样例理由").data
    assert "没有需要改动的" in told
    assert (False, 0) == (done["changed"], done["items"])


def test_a_lost_item_is_told_everywhere(desk: Desk) -> None:
    """S39: that it needs migration, and how."""
    with desk.office() as office, unguarded(office.database) as connection:
        connection.execute(update(_item).where(_item.c.id == 3).values(stage="gone"))

    assert "needs migration" in desk.run("clerk", "--lang", "en", "list").out
    assert "needs migration" in desk.run("clerk", "--lang", "en", "show", "3").out
    why = desk.run("keeper", "--lang", "en", "why", "3").out
    assert 1 == why.count("gongkai policy apply")
    refused = desk.json("keeper", "seal", "3@3")
    assert (1, ["needs_migration"]) == (refused.status, refused.codes)
    checks = {each["code"]: each for each in desk.json(None, "doctor").document["data"]}
    assert {"count": 1, "item": 3} == checks["items_need_migration"]["params"]
    desk.run("admin", "policy", "apply", "dongchang", "--reason", "样例理由")
    assert "seal" == desk.json("clerk", "show", "3").data["stage"]
    checks = {each["code"]: each for each in desk.json(None, "doctor").document["data"]}
    assert "green" == checks["items_placed"]["level"]
