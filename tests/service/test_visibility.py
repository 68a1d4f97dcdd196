"""What one may see is one rule told twice: in Python for one item, in SQL for lists. They agree."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, select, update

from tests.service.sample_office import CIVIL, FINANCE, PEOPLE
from workflow import policy
from workflow.errors import NotFound
from workflow.guards import SCOPES, Actor, Grant, Role
from workflow.machine import Action
from workflow.models import Handover, Item, ItemAuthor, ItemReader, Office, PolicyText, table
from workflow.scene import may_see

if TYPE_CHECKING:
    from tests.service.sample_office import SampleOffice

_item, _office, _policy = table(Item), table(Office), table(PolicyText)
PLACES = ("draft", "seal", "final_review", "cleared", "published", "abandoned", "withheld")


def pin(office: SampleOffice, code: str) -> None:
    """Let new items be entered under another policy."""
    wanted = policy.shipped(code)
    with office.database.engine.begin() as connection:
        known = connection.execute(select(_policy.c.digest)).scalars().all()
        if wanted.digest not in known:
            connection.execute(
                insert(_policy).values(
                    digest=wanted.digest,
                    code=wanted.code,
                    version=wanted.version,
                    text=wanted.text,
                    loaded_at=office.clock(),
                )
            )
        connection.execute(update(_office).values(policy_digest=wanted.digest))


def fill(office: SampleOffice) -> None:
    """Enter items of two bodies in all sorts of places, open and restricted, under all policies."""
    for role, body in ((Role.DEPUTY_HEAD, FINANCE), (Role.SEAL_KEEPER, FINANCE)):
        office.give("outsider", role, body=body)
    for code in policy.SHIPPED:
        pin(office, code)
        for restricted in (False, True):
            for place in PLACES:
                changes: dict[str, Any] = {}
                if place == "withheld":
                    changes = {
                        "attribute": "not_disclosed",
                        "ground": "personal_privacy",
                        "attribute_reason": "样例",
                    }
                item = office.draft(
                    changes=changes, restricted=restricted, readers=["receiver"] * restricted
                )
                if place == "abandoned":
                    office.act(item, Action.ABANDON, "clerk")
                else:
                    office.carry(item, to=place)
            office.draft(by="outsider", department=FINANCE, restricted=restricted, submit=True)
            stays, goes_back = office.item_at("cleared"), office.item_at("cleared")
            for sent, to in ((stays, "YL-LIBRARY"), (goes_back, "YL-ARCHIVES")):
                office.app.reading_points.deliver([sent], office["publisher"], to=to)
            # What was delivered and came back is nobody's there any more.
            office.give_back(goes_back, "publisher")


@pytest.fixture
def full(office: SampleOffice) -> SampleOffice:
    """Give an office in which everything that can be seen or not is there."""
    fill(office)
    return office


def actors(office: SampleOffice) -> st.SearchStrategy[Actor]:
    """Return people with any roles that anybody could hold, known to the items or not."""
    with office.database.read() as connection:
        bodies = [
            (row.id, str(row.kind))
            for row in connection.exec_driver_sql("SELECT id, kind FROM body")
        ]
    grants = st.sampled_from(
        [
            Grant(role, body_id, kind)
            for role in Role
            for body_id, kind in bodies
            if kind in SCOPES[role]
        ]
    )
    accounts = [office[name] for name in ("clerk", "auditor", "outsider", "receiver")]
    return st.builds(
        partial(Actor, name="somebody", display_name="样例", enabled=True),
        account_id=st.sampled_from(accounts),
        grants=st.lists(grants, max_size=3, unique=True).map(tuple),
    )


def seen_in_python(office: SampleOffice, actor: Actor) -> set[int]:
    """Ask for each item whether the person may see it."""
    with office.database.read() as connection:
        named: dict[int, set[int]] = {}
        for people in (table(ItemAuthor), table(ItemReader)):
            for row in connection.execute(select(people.c.item_id, people.c.account_id)):
                named.setdefault(row.item_id, set()).add(row.account_id)
        handed: dict[tuple[int, str], set[int]] = {}
        for row in connection.execute(select(table(Handover))):
            handed.setdefault((row.item_id, row.digest), set()).add(row.point_id)
        policies = office.queries.policies(connection)
        return {
            row.id
            for row in connection.execute(select(_item))
            if may_see(
                actor,
                policies[row.policy_digest],
                body_id=row.body_id,
                state=row.state,
                reached=row.reached,
                restricted=row.restricted,
                named=named[row.id],
                handed_to=handed.get((row.id, row.digest), ()),
            )
        }


def seen_in_sql(office: SampleOffice, actor: Actor) -> set[int]:
    """Ask for all items that the person may see."""
    with office.database.read() as connection:
        condition = office.queries.visible(connection, actor)
        return set(connection.execute(select(_item.c.id).where(condition)).scalars())


def test_a_list_holds_exactly_what_one_may_see(full: SampleOffice) -> None:
    sizes = set()

    @settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
    @given(actor=actors(full))
    def agree(actor: Actor) -> None:
        seen = seen_in_python(full, actor)
        assert seen == seen_in_sql(full, actor)
        sizes.add(len(seen))

    agree()
    # Had everybody seen everything or nothing, this would have shown nothing.
    assert len(sizes) > 4


def test_one_can_open_what_is_listed_and_nothing_else(full: SampleOffice) -> None:
    listed = {
        name: {row["item"] for row in full.queries.items(full[name], limit=1000).rows}
        for name in PEOPLE
    }
    totals = {name: full.queries.items(full[name], limit=1).total for name in PEOPLE}
    assert {name: len(items) for name, items in listed.items()} == totals
    for name in PEOPLE:
        inbox = {row["item"] for row in full.queries.inbox(full[name]).rows}
        assert inbox <= listed[name], name
    with full.database.read() as connection:
        items = set(connection.execute(select(_item.c.id)).scalars())
    for name in (
        "colleague",
        "outsider",
        "reviewer2",
        "supervisor",
        "auditor",
        "admin",
        "receiver",
    ):
        opened = {item for item in items if can_open(full, name, item)}
        assert listed[name] == opened, name


def can_open(office: SampleOffice, name: str, item: int) -> bool:
    """Tell whether somebody is shown an item; if not, reading and acting say the same of it."""
    try:
        return bool(office.queries.show(office[name], item))
    except NotFound:
        for read in (office.queries.history, office.queries.revisions):
            with pytest.raises(NotFound):
                read(office[name], item)
        with pytest.raises(NotFound):
            office.service.consider(item, office[name])
        return False


def test_administrators_read_nothing_that_is_not_published(full: SampleOffice) -> None:
    rows = full.queries.items(full["admin"], limit=1000).rows
    assert {"published"} == {row["state"] for row in rows}
    assert {CIVIL} == {row["body"] for row in rows}


def test_supervisors_read_all_but_what_is_restricted(full: SampleOffice) -> None:
    rows = full.queries.items(full["supervisor"], limit=1000).rows
    with full.database.read() as connection:
        expected = set(
            connection.execute(
                select(_item.c.id).where(
                    _item.c.restricted.is_(False) | (_item.c.state == "published")
                )
            ).scalars()
        )
    assert expected == {row["item"] for row in rows}
