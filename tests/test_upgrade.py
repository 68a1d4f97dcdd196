"""The data of release 0.1.0, brought up to this program: nothing is lost, and clocks begin.

What is loaded was written by that release itself. On PostgreSQL its rows are put into the tables
as that release made them.
"""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest
from sqlalchemy import Boolean, Date, DateTime, MetaData, insert, select, text

from tests import servers
from tests.cli.desk import NEW_PASSWORD, Desk
from tests.service.sample_office import PASSWORD, START, SampleOffice
from workflow import calendar_files, policy
from workflow.database import SCHEMA, connect
from workflow.deadlines import Kind
from workflow.models import Deadline, table
from workflow.runtime import SHANGHAI

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy import Column
    from sqlalchemy.engine import Connection


RELEASED: Final = Path(__file__).parent / "data" / "release_0_1_0.sql"
NOW: Final = datetime(2017, 2, 6, 9, 0, tzinfo=SHANGHAI)
"""When the new release comes: the items have lain since 20 January."""
DRAFT, SIGN_OFF, SEAL, REFERRED, CLEARED, PUBLISHED = range(1, 7)
WITHHELD, ABANDONED, ON_REQUEST, PUBLISHING = range(7, 11)
ONLINE: Final = date(2017, 2, 10)
POINTS: Final = date(2017, 2, 24)
_deadline = table(Deadline)


def loaded_sqlite(file: Path) -> str:
    with closing(sqlite3.connect(file)) as connection:
        connection.executescript(RELEASED.read_text("utf-8"))
    return f"sqlite:///{file}"


def loaded_postgresql(address: str, file: Path) -> str:
    """Copy the rows into the tables that the migration of that release makes."""
    loaded_sqlite(file)
    database = connect(address)
    database.upgrade("0001")
    with (
        closing(sqlite3.connect(file)) as source,
        database.engine.begin() as connection,
    ):
        # Rows refer to each other in circles, and the guards know nothing of a first filling.
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        schema = MetaData()
        schema.reflect(connection)
        for each in schema.tables.values():
            if each.name != "alembic_version":
                _copy(source, connection, each)
    database.dispose()
    return address


def _copy(source: sqlite3.Connection, connection: Connection, to: Any) -> None:
    columns = list(to.columns)
    names = ", ".join(f'"{column.name}"' for column in columns)
    rows = [
        {column.name: _value(column, value) for column, value in zip(columns, row, strict=True)}
        for row in source.execute(f'SELECT {names} FROM "{to.name}"')  # noqa: S608 # the schema's own
    ]
    if rows:
        connection.execute(insert(to), rows)
    if rows and "id" in to.columns and to.name != "office":
        sequence = f"setval(pg_get_serial_sequence('{to.name}', 'id'), max(id))"
        connection.execute(text(f"SELECT {sequence} FROM {to.name}"))  # noqa: S608


def _value(column: Column[Any], value: Any) -> Any:
    """Return what SQLite keeps as a number or as text as the value it stands for."""
    if value is None:
        return None
    if isinstance(column.type, Boolean):
        return bool(value)
    if isinstance(column.type, DateTime):
        return datetime.fromisoformat(value).replace(tzinfo=UTC)
    return date.fromisoformat(value) if isinstance(column.type, Date) else value


@pytest.fixture
def released(address: str, tmp_path: Path) -> Iterator[str]:
    """Give the address of an office that the release before has left."""
    home = tmp_path / "data"
    home.mkdir(mode=0o700)
    if address.startswith("sqlite"):
        yield loaded_sqlite(home / "gongkai.db")
        return
    created = servers.create_database(address)
    yield loaded_postgresql(created, tmp_path / "rows.db")
    servers.drop_database(address, created)


@pytest.fixture
def call(released: str, tmp_path: Path) -> Callable[..., Any]:
    """Give what calls the command on that office as its administrator and returns the answer."""
    desk = Desk(tmp_path, now=NOW)

    def call_(*arguments: str, login: bool = True) -> Any:
        token = None
        if login:
            office = SampleOffice.open(released, desk.home, now=NOW)
            token, _ = office.accounts.login("admin", PASSWORD)
            office.close()
        came = desk.json(None, *arguments, GONGKAI_DATABASE_URL=released, GONGKAI_TOKEN=token)
        return came.data

    return call_


@pytest.fixture
def office(
    released: str, tmp_path: Path, call: Callable[..., Any]
) -> Iterator[tuple[SampleOffice, dict[str, Any], dict[str, Any]]]:
    """Give the office after the upgrade, with the plan and with what was done."""
    call("upgrade", login=False)
    planned = call("policy", "plan", "dongchang")
    applied = call(
        "policy", "apply", "dongchang", "--reason", "样例：启用期限", "--plan", planned["plan"]
    )
    opened = SampleOffice.open(released, tmp_path / "data", now=NOW)
    yield opened, planned, applied
    opened.close()


def clocks(office: SampleOffice, item: int, kind: Kind) -> dict[str, tuple[Any, ...]]:
    """Return the clocks of an item: since when, until when, and when they were met."""
    with office.database.read() as connection:
        rows = connection.execute(
            select(_deadline).where(_deadline.c.item_id == item, _deadline.c.kind == kind)
        )
        return {
            row.stage or row.clock: (row.started_on, row.due_on, row.met_on)
            for row in rows
            if row.voided_at is None
        }


def test_an_upgrade_brings_the_shipped_calendar_and_leaves_items_as_they_are(
    released: str, tmp_path: Path, call: Callable[..., Any]
) -> None:
    assert {"from": "0001", "to": SCHEMA} == {
        name: value
        for name, value in call("upgrade", login=False).items()
        if name in {"from", "to"}
    }
    office = SampleOffice.open(released, tmp_path / "data", now=NOW)
    try:
        (version,) = office.app.timekeeper.calendar_history()
        assert (1, calendar_files.shipped().version) == (version["number"], version["version"])
        for item in range(DRAFT, PUBLISHING + 1):
            assert {} == clocks(office, item, Kind.LEGAL)
        assert 1 == office.bureau.policy_in_use().version
        told = office.trail()[-1]
        assert ("calendar_applied", "system") == (told.event, told.actor)
        assert {
            "number": 1,
            "version": version["version"],
            "source": "cn.toml",
        } == json.loads(told.details)
        assert [] == office.faults()
        # What is under the old policy goes its way without clocks all the same.
        office.carry(SIGN_OFF, to="cleared")
    finally:
        office.close()


def test_a_second_upgrade_finds_nothing_to_do(call: Callable[..., Any]) -> None:
    call("upgrade", login=False)
    again = call("upgrade", login=False)
    assert again["from"] == again["to"]
    assert [1] == [row["number"] for row in call("calendar", "history")]


def test_the_policy_gives_each_item_its_two_clocks(
    office: tuple[SampleOffice, dict[str, Any], dict[str, Any]],
) -> None:
    here, planned, applied = office
    formed = date(2017, 1, 10)
    both = {"online": (formed, ONLINE, None), "reading_points": (formed, POINTS, None)}
    for item in (DRAFT, SIGN_OFF, SEAL, REFERRED, CLEARED, PUBLISHING):
        assert both == clocks(here, item, Kind.LEGAL), item
    assert both | {"online": (formed, ONLINE, START.date())} == clocks(here, PUBLISHED, Kind.LEGAL)
    for item in (WITHHELD, ABANDONED, ON_REQUEST):
        assert {} == clocks(here, item, Kind.LEGAL), item

    carried = {DRAFT, SIGN_OFF, SEAL, REFERRED, CLEARED, PUBLISHED, ON_REQUEST, PUBLISHING}
    assert {(item, "carried_over") for item in carried} == {
        (row["item"], row["outcome"]) for row in planned["rows"]
    }
    assert {"carried_over": len(carried)} == applied["outcomes"] == planned["outcomes"]
    assert policy.shipped().digest == here.bureau.policy_in_use().digest
    assert [] == here.faults()


def test_each_desk_is_charged_since_it_holds_the_item(
    office: tuple[SampleOffice, dict[str, Any], dict[str, Any]],
) -> None:
    here, _, _ = office
    held = START.date()
    assert {
        SIGN_OFF: {"sign_off": (held, date(2017, 1, 24), None)},
        SEAL: {"seal": (held, date(2017, 1, 22), None)},
        REFERRED: {"confidentiality_review": (held, date(2017, 2, 4), None)},
        CLEARED: {"publication": (held, date(2017, 1, 22), None)},
        PUBLISHING: {"publication": (held, date(2017, 1, 22), None)},
        ON_REQUEST: {"sign_off": (held, date(2017, 1, 24), None)},
    } == {
        item: found
        for item in range(DRAFT, PUBLISHING + 1)
        if (found := clocks(here, item, Kind.STAGE))
    }


def test_what_was_under_way_is_published_and_meets_its_clock(
    office: tuple[SampleOffice, dict[str, Any], dict[str, Any]],
) -> None:
    here, _, _ = office
    here.carry(DRAFT, to="published")
    here.carry(SEAL, to="published")
    here.carry(PUBLISHING, to="published")

    for item in (DRAFT, SEAL, PUBLISHING):
        assert NOW.date() == clocks(here, item, Kind.LEGAL)["online"][2]
    assert [] == here.faults()


def test_a_policy_with_more_stages_brings_nothing_of_the_release_before_nearer(
    released: str, tmp_path: Path, call: Callable[..., Any]
) -> None:
    # S38: from the policy of that release straight to another one.
    call("upgrade", login=False)
    planned = {row["item"]: row for row in call("policy", "plan", "two_tier")["rows"]}
    call("policy", "apply", "two_tier", "--reason", "样例：增加一个环节")
    here = SampleOffice.open(released, tmp_path / "data", now=NOW)
    try:
        outcomes = {item: row["outcome"] for item, row in planned.items()}
        assert ("needs_migration", "moves", "moves") == tuple(
            outcomes[item] for item in (SIGN_OFF, SEAL, CLEARED)
        )
        for item, row in planned.items():
            now = here.row(item)
            assert (row["to_state"], row["to_stage"]) == (now.state, now.stage)
        assert "waits" == planned[PUBLISHING]["outcome"]
        assert PUBLISHED not in planned
        for item in (DRAFT, SIGN_OFF, SEAL, CLEARED):
            here.carry(item, to="published")
        assert [] == here.faults()
    finally:
        here.close()


def test_a_second_time_the_policy_changes_nothing(
    office: tuple[SampleOffice, dict[str, Any], dict[str, Any]],
) -> None:
    here, _, _ = office
    with here.unchanged():
        came = here.app.timekeeper.apply_policy(here["admin"], policy.shipped(), reason="样例")
    assert (False, 0) == (came["changed"], came["items"])


def test_the_trail_of_the_release_before_is_sound_to_this_one(
    office: tuple[SampleOffice, dict[str, Any], dict[str, Any]], tmp_path: Path
) -> None:
    here, _, _ = office
    secret = here.accounts.reset(here["admin"], "auditor")["one_time_password"]
    _, owing = here.accounts.login("auditor", secret)
    here.accounts.change_password(owing, old=secret, new=NEW_PASSWORD)
    token, _ = here.accounts.login("auditor", NEW_PASSWORD)
    verified = Desk(tmp_path, now=NOW).json(
        None, "audit", "verify", GONGKAI_DATABASE_URL=here.address, GONGKAI_TOKEN=token
    )
    # One chain for each item, and that of the system.
    assert {"chains": 11, "sound": 11, "faults": []} == verified.data
