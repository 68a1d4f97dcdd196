"""The database: one way in, one transaction boundary, statements compiled once.

SQLite (WAL, ``BEGIN IMMEDIATE``, foreign keys on) is for one machine, PostgreSQL for the office
server. Writes go through :meth:`Database.transaction`, which holds the project's only commit: who
forgets it loses work and never half-saves it. Statements are SQLAlchemy Core expressions over the
tables of :mod:`workflow.models`, compiled once per database and run on the driver below the ORM,
because that is what a decision's cost is made of; values pass through the column types both ways.
"""

from __future__ import annotations

import json
import sqlite3
import threading
import time
from collections import namedtuple
from contextlib import contextmanager
from importlib import resources
from itertools import repeat
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Self

import sqlalchemy
from sqlalchemy import (
    Boolean,
    ColumnElement,
    Integer,
    Text,
    bindparam,
    column,
    event,
    func,
    select,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.visitors import InternalTraversal
from sqlalchemy.types import TypeDecorator
from typing_extensions import override

from workflow.errors import Conflict, Damaged, GongkaiError, InvalidInput, Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from sqlalchemy.engine import Connection, Dialect, Engine
    from sqlalchemy.sql import Executable
    from sqlalchemy.sql.selectable import TableValuedAlias
    from sqlalchemy.types import TypeEngine

SCHEMA: Final = "0009"
"""The newest migration; a test compares it with the migrations that ship."""
BUSY_SECONDS: Final = 10
"""How long a writer waits for another one before it is told to try again later."""
FROZEN_SECONDS: Final = 30
"""How long a process that stands still may hold what it has locked on a server; then it has lost.

Nothing that is stopped by hand, swapped out or cut off may hold an office up. Between two
statements our own code takes a fraction of a second.
"""
_LOSE_IF_FROZEN: Final = f"SET LOCAL idle_in_transaction_session_timeout = '{FROZEN_SECONDS}s'"
_POSTGRES_OPTIONS: Final = (
    f"-c lock_timeout={BUSY_SECONDS}s -c statement_timeout=300s"
    " -c idle_in_transaction_session_timeout=120s -c timezone=UTC"
)


class _Prepared(NamedTuple):
    """A statement as one database takes it."""

    sql: str
    positions: tuple[str, ...] | None
    constants: Mapping[str, Any]
    binders: tuple[tuple[str, Callable[[Any], Any]], ...]
    readers: tuple[tuple[int, Callable[[Any], Any]], ...]
    row: Any

    def bound(self, params: Mapping[str, Any]) -> Any:
        """Return what the driver takes beside the text: the values, by name or by position."""
        values = {**self.constants, **params}
        for name, binder in self.binders:
            if name in params:
                values[name] = binder(params[name])
        return self._in_place(values)

    def all_bound(self, rows: Iterable[Mapping[str, Any]]) -> list[Any]:
        """Return the same for many rows of plain values, each different value converted once."""
        rows = list(rows)
        if not rows:
            return []
        binders = dict(self.binders)
        names = self.positions or tuple({**self.constants, **rows[0]})
        columns: list[Iterable[Any]] = []
        for name in names:
            if name not in rows[0]:
                columns.append(repeat(self.constants[name], len(rows)))
                continue
            values = [row[name] for row in rows]
            if name in binders:
                known = {value: binders[name](value) for value in set(values)}
                values = [known[value] for value in values]
            columns.append(values)
        placed = zip(*columns, strict=True)
        if self.positions is None:
            return [dict(zip(names, values, strict=True)) for values in placed]
        return list(placed)

    def _in_place(self, values: Mapping[str, Any]) -> Any:
        if self.positions is None:
            return values
        return [values[name] for name in self.positions]


class Statement:
    """A Core expression with named parameters, compiled on first use for each database.

    Expressions are built once, at import; a list of numbers is one parameter of :class:`Among`.
    ``together`` does for many rows at once what ``clause`` does for one, with :func:`given`.
    """

    __slots__ = ("_prepared", "clause", "together")

    def __init__(self, clause: Executable, *, together: Executable | None = None) -> None:
        """Remember ``clause``; nothing is compiled yet."""
        self.clause: Any = clause
        self.together = None if together is None else Statement(together)
        self._prepared: dict[str, _Prepared] = {}

    def prepared(self, dialect: Dialect) -> _Prepared:
        """Return the statement for ``dialect``."""
        prepared = self._prepared.get(dialect.name)
        if prepared is None:
            prepared = self._prepared[dialect.name] = self._prepare(dialect)
        return prepared

    def _prepare(self, dialect: Dialect) -> _Prepared:
        compiled: Any = self.clause.compile(dialect=dialect)
        binders = {}
        for parameter, name in compiled.bind_names.items():
            binder = parameter.type.dialect_impl(dialect).bind_processor(dialect)
            if binder is not None:
                binders[name] = binder
        # What the caller must give is left out, so that forgetting it fails instead of being NULL.
        given = {name for parameter, name in compiled.bind_names.items() if parameter.required}
        constants = {
            name: binders[name](value) if name in binders else value
            for name, value in compiled.params.items()
            if name not in given
        }
        columns = list(getattr(self.clause, "exported_columns", None) or ())
        readers = [
            (index, reader)
            for index, column in enumerate(columns)
            if (reader := column.type.dialect_impl(dialect).result_processor(dialect, None))
        ]
        names = [column.key for column in columns]
        return _Prepared(
            sql=str(compiled),
            positions=tuple(compiled.positiontup) if compiled.positional else None,
            constants=constants,
            binders=tuple(binders.items()),
            readers=tuple(readers),
            row=namedtuple("Row", names, rename=True) if names else None,  # noqa: PYI024 # the names are known at run time only
        )


class _Numbers(TypeDecorator[Any]):
    """Whole numbers as one parameter: an array, or JSON where there are no arrays."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(
            Text() if dialect.name == "sqlite" else postgresql.ARRAY(Integer())
        )

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        return json.dumps(list(value)) if dialect.name == "sqlite" else list(value)


class Among(ColumnElement[bool]):
    """The condition that a column is among the numbers that a statement is given as ``name``."""

    inherit_cache = True
    # Without it, a statement that is executed as it is would be compiled each time.
    _cache_key_traversal = [  # noqa: RUF012 # as its parents have it
        ("column", InternalTraversal.dp_clauseelement),
        ("numbers", InternalTraversal.dp_clauseelement),
    ]
    type = Boolean()

    def __init__(self, column: ColumnElement[Any], name: str) -> None:
        """Compare ``column``."""
        self.column = column
        self.numbers = bindparam(name, type_=_Numbers())

    @override
    def self_group(self, against: Any = None) -> Self:
        """Return itself: made a value and compared with 1, it would be looked up in no index."""
        return self


@compiles(Among, "sqlite")
def _among_json(element: Among, compiler: Any, **options: Any) -> str:
    column = compiler.process(element.column, **options)
    numbers = compiler.process(element.numbers, **options)
    return f"{column} IN (SELECT value FROM json_each({numbers}))"  # noqa: S608 # both are compiled


@compiles(Among, "postgresql")
def _among_array(element: Among, compiler: Any, **options: Any) -> str:
    column = compiler.process(element.column, **options)
    return f"{column} = ANY ({compiler.process(element.numbers, **options)})"


def given(**types: TypeEngine[Any]) -> TableValuedAlias:
    """Return the rows that :meth:`Transaction.run_many` is given, as a table of PostgreSQL's.

    It has a column of each name and type; what it is given are the columns, as one list each.
    """
    lists = (bindparam(name, type_=postgresql.ARRAY(each)) for name, each in types.items())
    names = (column(name, each) for name, each in types.items())
    return func.unnest(*lists).table_valued(*names).render_derived(name="given")


_QUEUE_UP: Final = Statement(
    select(func.pg_advisory_xact_lock(func.hashtextextended(bindparam("name"), 0)))
)


class Transaction:
    """Work that is saved as a whole or not at all; made by :meth:`Database.transaction`."""

    def __init__(
        self, cursor: Any, dialect: Dialect, observe: Callable[[str], None] | None
    ) -> None:
        """Wrap an open cursor; ``observe`` is told each statement before it runs."""
        self._cursor = cursor
        self._dialect = dialect
        self._observe = observe

    def run(self, statement: Statement, /, **params: Any) -> list[Any]:
        """Run ``statement`` and return its rows, as named tuples with typed values."""
        prepared = statement.prepared(self._dialect)
        if self._observe is not None:
            self._observe(prepared.sql)
        self._cursor.execute(prepared.sql, prepared.bound(params))
        if prepared.row is None:
            return []
        make, readers = prepared.row._make, prepared.readers
        if not readers:
            return [make(row) for row in self._cursor.fetchall()]
        rows = []
        for raw in self._cursor.fetchall():
            row = list(raw)
            for index, reader in readers:
                row[index] = reader(row[index])
            rows.append(make(row))
        return rows

    def run_many(self, statement: Statement, rows: Iterable[Mapping[str, Any]], /) -> int:
        """Run an INSERT or UPDATE once for each of ``rows`` and return how many rows it touched.

        A server runs what the statement says for rows ``together``, where it says that: to begin a
        statement costs it more than a row. Else it gets one after the other. All rows have the same
        names. Without any rows nothing is run.
        """
        if self._dialect.name != "sqlite":
            rows = list(rows)
            if statement.together is None or not rows:
                # Not with the driver's `executemany`: the last thing it sends is no statement, and
                # has the server forget for how long this transaction may stand still.
                return sum(self.count(statement, **row) for row in rows)
            columns = {name: [row[name] for row in rows] for name in rows[0]}
            return self.count(statement.together, **columns)
        prepared = statement.prepared(self._dialect)
        bound = prepared.all_bound(rows)
        if not bound:
            return 0
        if self._observe is not None:
            self._observe(prepared.sql)
        self._cursor.executemany(prepared.sql, bound)
        touched: int = self._cursor.rowcount
        return touched

    def queue_up(self, name: str) -> None:
        """Wait for every other transaction that has said ``name``, and hold it to the end.

        For what no row can be locked for, because there is none yet. SQLite lets one transaction
        write at a time, so there is nothing to wait for.
        """
        if self._dialect.name != "sqlite":
            self.run(_QUEUE_UP, name=name)

    def one(self, statement: Statement, /, **params: Any) -> Any:
        """Run ``statement`` and return its first row, or ``None``."""
        rows = self.run(statement, **params)
        return rows[0] if rows else None

    @contextmanager
    def part(self, *, keep: bool) -> Iterator[None]:
        """Undo what the block does, and no more, if it raises or is not to be kept."""
        self._cursor.execute("SAVEPOINT part")
        try:
            yield
        except BaseException:
            self._cursor.execute("ROLLBACK TO SAVEPOINT part")
            raise
        else:
            if not keep:
                self._cursor.execute("ROLLBACK TO SAVEPOINT part")
        finally:
            self._cursor.execute("RELEASE SAVEPOINT part")

    def count(self, statement: Statement, /, **params: Any) -> int:
        """Run an UPDATE, INSERT or DELETE and return how many rows it touched."""
        self.run(statement, **params)
        touched: int = self._cursor.rowcount
        return touched


class Database:
    """A connected database; safe to share between threads."""

    def __init__(self, engine: Engine, *, observe: Callable[[str], None] | None = None) -> None:
        """Use ``engine`` as :func:`connect` sets it up."""
        self.engine = engine
        self._observe = observe
        self._whole = threading.local()

    @property
    def is_sqlite(self) -> bool:
        """Tell SQLite from PostgreSQL, for the few things in which they differ."""
        return self.engine.dialect.name == "sqlite"

    @property
    def address(self) -> str:
        """Return the database's address without its password."""
        return _told(self.engine.url)

    @contextmanager
    def transaction(self, *, keep: bool = True) -> Iterator[Transaction]:
        """Open a transaction; commit if the block ends, roll back if it raises.

        Without ``keep`` it is rolled back in any case: a dry run, or a mere look. Raises
        ``Unavailable`` when the database does not answer or stays locked, and ``Conflict`` when
        two writers met in one row. Inside :meth:`together` it is a part of what is saved there.
        """
        whole: Transaction | None = getattr(self._whole, "transaction", None)
        if whole is not None:
            with _translated(), whole.part(keep=keep):
                yield whole
            return
        with _translated():
            connection = self._checked_out()
            try:
                cursor = connection.cursor()
                cursor.execute("BEGIN IMMEDIATE" if self.is_sqlite else _LOSE_IF_FROZEN)
                yield Transaction(cursor, self.engine.dialect, self._observe)
                if keep:
                    if self._observe is not None:
                        self._observe("COMMIT")
                    connection.commit()
                else:
                    connection.rollback()
            except BaseException:
                # A connection that is broken cannot roll back; the server does it then.
                try:
                    connection.rollback()
                except Exception:  # noqa: BLE001 # the first error is the one to tell
                    connection.invalidate()
                raise
            finally:
                connection.close()

    @contextmanager
    def together(self) -> Iterator[None]:
        """Save at once, at the end, what the transactions of this thread inside the block do.

        Each of them still stands alone: what one raises undoes that one. If the block itself
        raises, or the process is killed, nothing of any of them is kept.
        """
        with self.transaction() as whole:
            self._whole.transaction = whole
            try:
                yield
            finally:
                self._whole.transaction = None

    def _checked_out(self) -> Any:
        return self.engine.raw_connection()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Open a connection for reading: one consistent view, never a lock that writers wait on."""
        options: dict[str, Any] = {"gongkai_read": True}
        if not self.is_sqlite:
            # By default each statement would have a view of its own: what was committed between
            # two of them would look like a trail that somebody has tampered with.
            options["isolation_level"] = "REPEATABLE READ"
        with _translated(), self.engine.connect() as connection:
            yield connection.execution_options(**options)

    def schema(self) -> str | None:
        """Return the migration that the database is at; ``None`` if it holds no office."""
        with _translated(), self.engine.connect() as plain:
            connection = plain.execution_options(gongkai_read=True)
            if not sqlalchemy.inspect(connection).has_table("alembic_version"):
                return None
            row = connection.exec_driver_sql("SELECT version_num FROM alembic_version").first()
            return None if row is None else str(row[0])

    def upgrade(self, target: str = "head") -> None:
        """Bring the tables to ``target``, all steps in one transaction."""
        # Imported here: migrations are rare and Alembic is slow to load.
        from alembic import command  # noqa: PLC0415
        from alembic.config import Config  # noqa: PLC0415

        config = Config()
        scripts = resources.files("workflow").joinpath("migrations")
        config.set_main_option("script_location", str(scripts).replace("%", "%%"))
        with _translated(), self.engine.connect() as connection:
            if self.is_sqlite:
                # Tables are rebuilt by copying: with foreign keys on, dropping one would fail. Said
                # to the driver itself, for inside a transaction this switch does nothing.
                connection.connection.cursor().execute("PRAGMA foreign_keys=OFF")
            try:
                with connection.begin():
                    config.attributes["connection"] = connection
                    command.upgrade(config, target)
            finally:
                if self.is_sqlite:
                    connection.connection.cursor().execute("PRAGMA foreign_keys=ON")

    def dispose(self) -> None:
        """Close all pooled connections."""
        self.engine.dispose()


def connect(
    address: str, *, create: bool = False, observe: Callable[[str], None] | None = None
) -> Database:
    """Return the database at ``address`` (``sqlite:///path`` or ``postgresql://…``).

    A SQLite file that does not exist is created only with ``create``. Raises ``InvalidInput`` for
    an address that is none of ours and ``Unavailable`` for a file that is not there.
    """
    url = _checked(address)
    if url.get_backend_name() == "sqlite":
        path = Path(url.database or "")
        if not create and not path.is_file():
            raise Unavailable("no_office_here", path=str(path))
        engine = sqlalchemy.create_engine(
            url, connect_args={"timeout": BUSY_SECONDS, "isolation_level": None}
        )
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    else:
        engine = sqlalchemy.create_engine(
            url,
            pool_pre_ping=True,
            connect_args={"connect_timeout": 5, "options": _POSTGRES_OPTIONS},
        )
    return Database(engine, observe=observe)


def sqlite_file(address: str) -> Path | None:
    """Return the file of a SQLite address, ``None`` for a server; raises ``InvalidInput``."""
    url = _checked(address)
    return Path(url.database or "") if url.get_backend_name() == "sqlite" else None


def _told(url: URL) -> str:
    """Return an address without its password, wherever that stands."""
    if "password" in url.query:
        url = url.update_query_dict({"password": "***"})
    return url.render_as_string(hide_password=True)


def _checked(address: str) -> URL:
    try:
        url = make_url(address)
    except (ArgumentError, ValueError) as error:
        # Not shown: it holds a password, nobody knows where.
        raise InvalidInput("database_url_wrong", value="***") from error
    if url.drivername in ("postgresql", "postgres", "postgresql+psycopg"):
        return url.set(drivername="postgresql+psycopg")
    if url.drivername == "sqlite" and url.database not in (None, "", ":memory:"):
        return url
    raise InvalidInput("database_url_wrong", value=_told(url))


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}")
    cursor.execute("PRAGMA foreign_keys=ON")
    _retried(cursor, "PRAGMA journal_mode=WAL")
    # A decision that was confirmed must survive a power cut: WAL's usual NORMAL may lose the last.
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.close()


def _retried(cursor: sqlite3.Cursor, pragma: str) -> None:
    """Switch the journal: the one lock for which SQLite's own busy timeout does not wait."""
    deadline = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            cursor.execute(pragma)
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise
            time.sleep(0.01)
        else:
            return


def _begin_sqlite(connection: Connection) -> None:
    reads = connection.get_execution_options().get("gongkai_read", False)
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")


@contextmanager
def _translated() -> Iterator[None]:
    """Turn the drivers' errors into ours; bugs in SQL stay what they are."""
    try:
        yield
    except GongkaiError:
        raise
    except DBAPIError as error:
        if error.orig is None:
            raise
        raise _ours(error.orig) or error from error
    except SQLAlchemyError:
        raise
    except Exception as error:
        ours = _ours(error)
        if ours is None:
            raise
        raise ours from error


_SQLITE_FAULTS: Final[Sequence[tuple[str, type[GongkaiError], str]]] = (
    ("locked", Unavailable, "database_busy"),
    ("disk is full", Unavailable, "disk_full"),
    ("disk I/O error", Unavailable, "disk_error"),
    ("readonly", Unavailable, "database_readonly"),
    ("unable to open", Unavailable, "database_unreachable"),
    # A guard against REPLACE sees a key that is there already before the index on it does. Nothing
    # here says REPLACE, so it was two writers who took one key.
    ("_replace", Conflict, "concurrent_change"),
    ("append-only", Damaged, "append_only"),
    ("not a database", Damaged, "database_damaged"),
    ("malformed", Damaged, "database_damaged"),
)


def _ours(error: BaseException) -> GongkaiError | None:
    if isinstance(error, sqlite3.Error):
        message = str(error)
        for part, kind, code in _SQLITE_FAULTS:
            if part in message:
                return kind(code, problem=message)
        if isinstance(error, sqlite3.IntegrityError) and "UNIQUE" in message:
            return Conflict("concurrent_change", problem=message)
        return None
    return _ours_of_psycopg(error)


def _ours_of_psycopg(error: BaseException) -> GongkaiError | None:
    if type(error).__module__.partition(".")[0] != "psycopg":
        return None
    import psycopg  # noqa: PLC0415 # loaded already, or the error would not be its own

    message = str(error).strip().partition("\n")[0]
    if isinstance(error, psycopg.errors.UniqueViolation):
        return Conflict("concurrent_change", problem=message)
    if isinstance(
        error,
        (
            psycopg.errors.LockNotAvailable,
            psycopg.errors.DeadlockDetected,
            # It stood still for so long that others went on without it.
            psycopg.errors.IdleInTransactionSessionTimeout,
        ),
    ):
        return Unavailable("database_busy", problem=message)
    if isinstance(error, psycopg.errors.DiskFull):
        return Unavailable("disk_full", problem=message)
    if isinstance(error, psycopg.errors.ReadOnlySqlTransaction):
        return Unavailable("database_readonly", problem=message)
    if isinstance(error, psycopg.errors.RaiseException) and "append-only" in message:
        return Damaged("append_only", problem=message)
    if isinstance(error, psycopg.OperationalError):
        return Unavailable("database_unreachable", problem=message)
    return None
