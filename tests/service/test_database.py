"""One way in: a transaction is whole or not at all, and a database's faults have our names."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Final

import pytest
import sqlalchemy
from sqlalchemy import bindparam, func, insert, select, text

from workflow import (
    accounts,
    audiences,
    dispatching,
    enforcement,
    publishing,
    records,
    repairs,
    scene,
    validating,
)
from workflow import database as engine
from workflow.database import Statement, connect
from workflow.errors import Conflict, Damaged, GongkaiError, InvalidInput, Unavailable
from workflow.models import Counter, Table, table

if TYPE_CHECKING:
    from pathlib import Path
    from types import ModuleType

    from tests.service.sample_office import SampleOffice
    from workflow.database import Database

_counter = table(Counter)
ADD = Statement(insert(_counter).values(name=bindparam("name"), value=bindparam("value")))
ALL = Statement(select(_counter.c.name, _counter.c.value).order_by(_counter.c.name))


def counted(database: Database) -> list[tuple[str, int]]:
    """Return all counters."""
    with database.read() as connection:
        return [(row.name, row.value) for row in connection.execute(ALL.clause)]


def test_a_question_about_listed_items_is_put_into_sql_once(database: Database) -> None:
    compiled: dict[object, object] = {}
    with database.read() as connection:
        kept = connection.execution_options(compiled_cache=compiled)
        for items in ([1], [2, 3], []):
            assert {} == validating.recorded(kept, items)
    assert 1 == len(compiled)


# -- transactions ----------------------------------------------------------------------------


def test_what_is_done_in_a_transaction_is_kept_at_its_end(database: Database) -> None:
    with database.transaction() as transaction:
        transaction.run(ADD, name="a", value=1)
        assert [("a", 1)] == [tuple(row) for row in transaction.run(ALL)]
    assert [("a", 1)] == counted(database)


def test_what_is_saved_together_is_kept_at_the_end_and_each_part_stands_alone(
    database: Database,
) -> None:
    def add(*names: str, keep: bool = True) -> None:
        with database.transaction(keep=keep) as transaction:
            for name in names:
                transaction.run(ADD, name=name, value=1)

    with database.together():
        add("a")
        with pytest.raises(Conflict):
            add("b", "a")
        add("c", keep=False)
        add("d")
        assert [] == counted(database)
    assert [("a", 1), ("d", 1)] == counted(database)
    add("e")
    assert [("a", 1), ("d", 1), ("e", 1)] == counted(database)


def test_nothing_is_kept_of_what_was_to_be_saved_together_and_broke(database: Database) -> None:
    def broken() -> None:
        with database.together():
            with database.transaction() as transaction:
                transaction.run(ADD, name="a", value=1)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        broken()
    assert [] == counted(database)


def test_what_raises_is_undone(database: Database) -> None:
    def add_and_fail() -> None:
        with database.transaction() as transaction:
            transaction.run(ADD, name="a", value=1)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        add_and_fail()
    assert [] == counted(database)


def test_what_is_not_to_be_kept_is_undone(database: Database) -> None:
    with database.transaction(keep=False) as transaction:
        transaction.run(ADD, name="a", value=1)
    assert [] == counted(database)


def test_a_connection_is_clean_after_a_failure(database: Database) -> None:
    def add(name: str) -> None:
        with database.transaction() as transaction:
            transaction.run(ADD, name=name, value=1)

    add("a")
    with pytest.raises(Conflict) as conflict:
        add("a")
    assert "concurrent_change" == conflict.value.code
    add("b")
    assert [("a", 1), ("b", 1)] == counted(database)


def test_a_value_that_is_forgotten_is_no_null(database: Database) -> None:
    with pytest.raises(Exception, match="value"), database.transaction() as transaction:
        transaction.run(ADD, name="a")
    assert [] == counted(database)


def test_an_observer_is_told_each_statement_and_the_commit_before_it_happens(
    address: str,
) -> None:
    told: list[str] = []
    database = connect(address, observe=told.append)
    with database.transaction() as transaction:
        transaction.run(ADD, name="a", value=1)
        transaction.run(ALL)
    with database.transaction(keep=False) as transaction:
        transaction.run(ALL)
    database.dispose()
    assert ["INSERT", "SELECT", "COMMIT", "SELECT"] == [each.split()[0] for each in told]


def test_an_observer_that_raises_stops_the_commit(address: str) -> None:
    def observe(statement: str) -> None:
        if statement == "COMMIT":
            raise KeyboardInterrupt

    database = connect(address, observe=observe)
    with pytest.raises(KeyboardInterrupt), database.transaction() as transaction:
        transaction.run(ADD, name="a", value=1)
    assert [] == counted(database)
    database.dispose()


# -- addresses -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    [
        "",
        "nonsense",
        "mysql://localhost/gongkai",
        "sqlite://",
        "sqlite:///:memory:",
        "postgresql+asyncpg://localhost/gongkai",
        "http://localhost",
    ],
)
def test_an_address_that_is_none_of_ours_is_refused(address: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        connect(address)
    assert "database_url_wrong" == refusal.value.code


def test_an_address_is_told_without_its_password() -> None:
    database = connect("postgresql://someone:geheim@localhost:1/gongkai")
    assert "geheim" not in database.address
    assert "localhost" in database.address
    with pytest.raises(InvalidInput) as refusal:
        connect("mysql://someone:geheim@localhost/gongkai")
    assert "geheim" not in str(refusal.value)


def test_a_password_among_the_options_of_an_address_is_not_told() -> None:
    database = connect("postgresql://localhost:1/gongkai?password=geheim")
    assert "geheim" not in database.address


@pytest.mark.parametrize(
    "address",
    [
        "postgresql//someone:geheim@localhost/gongkai",
        "postgresql://someone:geheim@localhost:port/gongkai",
        "postgresql://someone:geheim@[::1/gongkai",
    ],
)
def test_an_address_that_cannot_be_read_is_refused_without_its_password(address: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        connect(address)
    assert "database_url_wrong" == refusal.value.code
    assert "geheim" not in str(refusal.value)


def test_a_database_that_is_not_there_is_not_made_by_looking(tmp_path: Path) -> None:
    path = tmp_path / "none.db"
    with pytest.raises(Unavailable) as refusal:
        connect(f"sqlite:///{path}")
    assert ("no_office_here", False) == (refusal.value.code, path.exists())


def test_a_server_that_is_not_there_is_unreachable() -> None:
    database = connect("postgresql://someone@127.0.0.1:1/gongkai")
    with pytest.raises(Unavailable) as refusal:
        database.schema()
    assert "database_unreachable" == refusal.value.code


def test_an_empty_database_has_no_schema(tmp_path: Path) -> None:
    database = connect(f"sqlite:///{tmp_path / 'new.db'}", create=True)
    assert database.schema() is None
    database.dispose()


def test_a_migrated_database_is_at_the_newest_schema(database: Database) -> None:
    assert engine.SCHEMA == database.schema()
    database.upgrade()
    assert engine.SCHEMA == database.schema()


# -- faults ----------------------------------------------------------------------------------


def test_a_file_that_is_no_database_is_damaged(tmp_path: Path) -> None:
    path = tmp_path / "none.db"
    path.write_bytes(b"this is not a database at all " * 100)
    database = connect(f"sqlite:///{path}")
    with pytest.raises(Damaged) as refusal:
        database.schema()
    assert "database_damaged" == refusal.value.code
    database.dispose()


def test_a_database_that_stays_locked_is_busy(sqlite_office: SampleOffice) -> None:
    office = sqlite_office
    item = office.item_at("sign_off")
    impatient = sqlalchemy.create_engine(
        f"{office.address}", connect_args={"timeout": 0, "isolation_level": None}
    )
    busy = engine.Database(impatient)
    with (
        closing(sqlite3.connect(office.home / "gongkai.db", isolation_level=None)) as holder,
        office.unchanged(),
    ):
        holder.execute("BEGIN IMMEDIATE")
        with pytest.raises(Unavailable) as refusal, busy.transaction():
            pass
        holder.execute("ROLLBACK")
    assert "database_busy" == refusal.value.code
    impatient.dispose()
    office.decide(item)


def test_a_key_that_is_taken_is_told_alike_on_both(office: SampleOffice) -> None:
    office.item_at("seal")
    for name in ("revision", "decision", "audit_entry"):
        same = ", ".join(Table.metadata.tables[name].columns.keys())
        again = Statement(text(f"INSERT INTO {name} ({same}) SELECT {same} FROM {name}"))  # noqa: S608 # names above
        with (
            office.unchanged(),
            pytest.raises(Conflict) as refusal,
            office.database.transaction() as transaction,
        ):
            transaction.run(again)
        assert "concurrent_change" == refusal.value.code, name


@pytest.mark.postgres
def test_a_row_that_stays_locked_is_busy(postgresql_office: SampleOffice) -> None:
    office = postgresql_office
    item = office.item_at("sign_off")
    lock = Statement(text(f"SELECT id FROM item WHERE id = {item} FOR UPDATE"))  # noqa: S608
    impatient = office.again()

    def wait_a_moment() -> None:
        with impatient.database.transaction() as waiting:
            waiting.run(Statement(text("SET LOCAL lock_timeout = '10ms'")))
            waiting.run(lock)

    with office.database.transaction() as holder:
        holder.run(lock)
        with pytest.raises(Unavailable) as refusal:
            wait_a_moment()
    impatient.close()
    assert "database_busy" == refusal.value.code
    office.decide(item)


@pytest.mark.postgres
@pytest.mark.parametrize("rows", [0, 1, 3])
def test_who_stands_still_in_a_transaction_loses_what_it_holds(
    postgresql_office: SampleOffice, rows: int
) -> None:
    office = postgresql_office
    item = office.item_at("sign_off")
    lock = Statement(text(f"SELECT id FROM item WHERE id = {item} FOR UPDATE"))  # noqa: S608
    limit = Statement(select(func.current_setting("idle_in_transaction_session_timeout")))
    frozen = office.again()

    def stand_still() -> None:
        with frozen.database.transaction() as holder:
            assert ("30s",) == holder.one(limit)
            holder.run(Statement(text("SET LOCAL idle_in_transaction_session_timeout = '10ms'")))
            holder.run(lock)
            holder.run_many(ADD, [{"name": f"n{each}", "value": 1} for each in range(rows)])
            # Waits for the lock, and gets it.
            office.decide(item)
            holder.run(lock)

    with pytest.raises(Unavailable) as refusal:
        stand_still()
    frozen.close()
    assert "database_busy" == refusal.value.code


@pytest.mark.postgres
def test_what_refers_to_a_held_item_or_account_does_not_wait(
    postgresql_office: SampleOffice,
) -> None:
    office = postgresql_office
    item, version = office.item_at("sign_off"), 2
    other = office.again()
    with office.database.transaction() as holder:
        scene.gather(
            holder,
            scene.Policies(),
            item,
            account_id=office["head"],
            now=office.clock(),
            with_content=False,
        )
        holder.run(accounts._BY_NAME, name="head")  # noqa: SLF001 # the lock itself is what is meant
        with other.database.transaction() as waiting:
            waiting.run(Statement(text("SET LOCAL lock_timeout = '10ms'")))
            records.remember_seen(
                waiting,
                account_id=office["head"],
                item_id=item,
                version=version,
                digest_=office.row(item).digest,
                now=office.clock(),
            )
    other.close()
    assert version == office.service.last_seen(office["head"], item)


def test_a_full_disk_says_so_and_changes_nothing(sqlite_office: SampleOffice) -> None:
    office = sqlite_office
    item = office.draft()
    small = office.again()

    def no_room(connection: sqlite3.Connection, _record: object) -> None:
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count = {pages}")

    sqlalchemy.event.listen(small.database.engine, "connect", no_room)
    small.database.dispose()
    with office.unchanged(), pytest.raises(Unavailable) as refusal:
        small.revise(item, body="样例" * 100_000)
    assert "disk_full" == refusal.value.code
    small.close()
    office.revise(item, body="样例" * 100_000)


@pytest.mark.postgres
def test_a_server_that_takes_no_writes_says_so(postgresql_office: SampleOffice) -> None:
    office = postgresql_office
    item = office.item_at("sign_off")
    with office.database.engine.begin() as connection:
        connection.execute(
            text(
                "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET default_transaction_read_only"
                " = on', current_database()); END $$"
            )
        )
    reader = office.again()
    with office.unchanged(), pytest.raises(GongkaiError) as refusal:
        reader.decide(item)
    assert "database_readonly" == refusal.value.code
    reader.close()


@pytest.mark.postgres
def test_a_connection_that_was_cut_is_made_anew(postgresql_office: SampleOffice) -> None:
    office = postgresql_office
    item = office.item_at("sign_off")
    other = office.again()
    with other.database.engine.connect() as connection:
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )
    other.close()
    office.decide(item)
    assert "seal" == office.place(item)


def test_a_directory_that_is_not_ours_to_write_to_says_so(tmp_path: Path) -> None:
    path = tmp_path / "missing" / "gongkai.db"
    database = connect(f"sqlite:///{path}", create=True)
    with pytest.raises(Unavailable) as refusal:
        database.upgrade()
    assert "database_unreachable" == refusal.value.code
    assert not os.path.lexists(path)


SMALL: Final = {"office", "role_grant", "held", "supervising_group", "contact", "json_each"}
"""What grows with the people of an office, not with its items (``held``: roles, own and lent)."""
OPEN_ONLY: Final = {"ix_message_due", "ix_delivery_due"}
"""Indexes that hold nothing but what is still to be sent."""


@pytest.mark.parametrize("module", [audiences, enforcement, dispatching, publishing, repairs])
def test_no_statement_of_a_job_reads_a_table_that_grows_from_end_to_end(
    tmp_path: Path, module: ModuleType
) -> None:
    path = tmp_path / "gongkai.db"
    database = connect(f"sqlite:///{path}", create=True)
    database.upgrade()
    dialect = database.engine.dialect
    database.dispose()
    members = [each if isinstance(each, tuple) else (each,) for each in vars(module).values()]
    statements = [each for group in members for each in group if isinstance(each, Statement)]
    scanned = set()
    with closing(sqlite3.connect(path)) as connection:
        for statement in statements:
            sql = statement.prepared(dialect).sql
            plan = connection.execute(f"EXPLAIN QUERY PLAN {sql}", ["[1]"] * sql.count("?"))
            for *_, step in plan:
                words = str(step).split()
                if words[0] == "SCAN" and words[1] not in SMALL and words[-1] not in OPEN_ONLY:
                    scanned.add(step)
    assert set() == scanned
