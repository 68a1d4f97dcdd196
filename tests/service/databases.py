"""Databases for tests, made quickly: a template of each kind once, and then copies of it.

A template is a migrated database, empty or with a whole office in it. On SQLite a copy is a copy of
a file. On PostgreSQL a copy takes a sixth of a second, so one that a test is done with is put back
into the state of its template and used again, unless the test changed more than rows.
"""

from __future__ import annotations

import shutil
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Final

import psycopg
from psycopg.sql import SQL, Identifier, Literal
from typing_extensions import override

from tests import servers
from tests.service.sample_office import SampleOffice
from workflow.database import connect
from workflow.models import Table

if TYPE_CHECKING:
    from pathlib import Path

EMPTY: Final = "empty"
"""The template without an office; the others are named by the policies of theirs."""
GUARDED: Final = (
    "account", "alert", "audit_entry", "calendar_version", "capacity", "consultation", "contact",
    "counter", "date_correction", "deadline", "deadline_move", "deadline_pause", "decision",
    "delegation", "delivery_list", "handover", "item", "item_author", "item_reader", "message",
    "office", "policy_text", "remark", "replacement", "revision", "revision_attachment",
    "role_grant", "schedule", "screening_stub", "snooze", "validity_change", "waiver",
)  # fmt: skip
"""The tables whose rows the database itself protects."""
# What a test may change beside rows: tables and their like, triggers, functions, settings.
SHAPE: Final = """
    SELECT (SELECT array_agg(relname::text ORDER BY relname, oid) FROM pg_class
            WHERE relnamespace = 'public'::regnamespace),
        (SELECT array_agg(tgname::text ORDER BY tgname, oid) FROM pg_trigger
            WHERE tgenabled <> 'D'),
        (SELECT count(*) FROM pg_proc),
        (SELECT count(*) FROM pg_db_role_setting)
"""


class Databases(ABC):
    """Makes databases as copies of templates and takes them back."""

    kind: str
    """``sqlite`` or ``postgresql``."""

    def __init__(self, directory: Path) -> None:
        """Keep what templates need below ``directory``."""
        self._directory = directory
        self._templates: dict[str, str] = {}

    def make(self, template: str, file: Path) -> str:
        """Return the address of a copy of ``template``; if it is a file, then ``file``."""
        if template not in self._templates:
            address = self._new(self._directory / f"{template}.db")
            if template == EMPTY:
                database = connect(address, create=True)
                database.upgrade()
                database.dispose()
            else:
                SampleOffice.fill(address, self._directory, code=template)
            self._settle(address)
            self._templates[template] = address
        return self._copy(template, self._templates[template], file)

    @abstractmethod
    def take_back(self, address: str) -> None:
        """Take back a copy that nobody needs any more."""

    @abstractmethod
    def close(self) -> None:
        """Remove everything."""

    @abstractmethod
    def _new(self, file: Path) -> str: ...

    @abstractmethod
    def _settle(self, address: str) -> None: ...

    @abstractmethod
    def _copy(self, template: str, source: str, file: Path) -> str: ...


class SQLiteDatabases(Databases):
    """Files; they go with the directories that they lie in."""

    kind = "sqlite"

    @override
    def take_back(self, address: str) -> None:
        pass

    @override
    def close(self) -> None:
        pass

    @override
    def _new(self, file: Path) -> str:
        return f"sqlite:///{file}"

    @override
    def _settle(self, address: str) -> None:
        pass

    @override
    def _copy(self, template: str, source: str, file: Path) -> str:
        shutil.copyfile(source.removeprefix("sqlite:///"), file)
        return f"sqlite:///{file}"


class PostgreSQLDatabases(Databases):
    """Databases of one server."""

    kind = "postgresql"

    def __init__(self, directory: Path, server: servers.Server) -> None:
        """Use ``server``."""
        super().__init__(directory)
        self._server = server
        self._of: dict[str, str] = {}
        self._free: dict[str, list[str]] = {}
        self._shapes: dict[str, object] = {}

    @override
    def take_back(self, address: str) -> None:
        template = self._of[address]
        with psycopg.connect(address) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            same = self._shapes[template] == connection.execute(SHAPE).fetchone()
            if same:
                connection.execute("SELECT pristine.restore()")
        if same:
            self._free.setdefault(template, []).append(address)
        else:
            servers.drop_database(self._server.url, address)
            del self._of[address]

    @override
    def close(self) -> None:
        for address in [*self._of, *self._templates.values()]:
            servers.drop_database(self._server.url, address)

    @override
    def _new(self, file: Path) -> str:
        return servers.create_database(self._server.url)

    @override
    def _settle(self, address: str) -> None:
        """Keep the rows in a schema of their own, with a function that brings them back."""
        tables = Table.metadata.sorted_tables
        names = [table.name for table in tables]
        steps = [f"ALTER TABLE {name} DISABLE TRIGGER USER" for name in names]
        # No item of a template refers to anything, so these two circles can be cut.
        steps += ["UPDATE item SET revision_id = NULL", "UPDATE revision SET redacts_id = NULL"]
        for table in reversed(tables):
            steps.append(f"DELETE FROM {table.name}")  # noqa: S608 # no names but those of tables
        for table in tables:
            steps.append(f"INSERT INTO {table.name} SELECT * FROM pristine.{table.name}")  # noqa: S608
        for table in tables:
            if table.autoincrement_column is not None:
                sequence = f"pg_get_serial_sequence('{table.name}', 'id')"
                highest = f"(SELECT coalesce(max(id), 0) FROM {table.name})"  # noqa: S608
                steps.append(f"PERFORM setval({sequence}, {highest} + 1, false)")
        steps += [f"ALTER TABLE {name} ENABLE TRIGGER USER" for name in names]
        with psycopg.connect(address) as connection:
            connection.execute("CREATE SCHEMA pristine")
            for table in tables:
                kept = SQL("CREATE TABLE pristine.{0} AS TABLE {0}")
                connection.execute(kept.format(Identifier(table.name)))
            body = Literal(f"BEGIN {'; '.join(steps)}; END")
            function = SQL("CREATE FUNCTION pristine.restore() RETURNS void LANGUAGE plpgsql AS {}")
            connection.execute(function.format(body))

    @override
    def _copy(self, template: str, source: str, file: Path) -> str:
        free = self._free.setdefault(template, [])
        if free:
            return free.pop()
        address = servers.create_database(self._server.url, template=source.rpartition("/")[2])
        self._of[address] = template
        if template not in self._shapes:
            with psycopg.connect(address) as connection:
                self._shapes[template] = connection.execute(SHAPE).fetchone()
        return address
