"""Decisions through the service, and the same statements through the bare driver, in turns."""

from __future__ import annotations

import sqlite3
import time
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING, Any, Final

import psycopg
from sqlalchemy import event
from typing_extensions import override

from tests.bench.office import DECISIONS, WAITING, fill
from workflow.database import connect

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tests.bench.office import Item, Office
    from workflow.database import Database

_NOT_OF_A_DECISION: Final = ("BEGIN", "PRAGMA", "SELECT 1", ";")
"""Transactions are begun by whoever replays; the others ask whether a connection still stands."""
WARM_UP: Final = 5
"""So many items are decided on first by either side, for compiled statements and warm pages."""
BLOCKS: Final = 40


@dataclass
class Step:
    """A statement of one decision, as the driver was given it, and whether rows were asked for."""

    sql: str
    params: Any
    answered: bool = False


@dataclass(frozen=True)
class Side:
    """What one side did: its decisions a second, and the processor time of each in seconds."""

    rate: float
    cpu: float


@dataclass(frozen=True)
class Comparison:
    """The service against the bare driver on one database."""

    service: Side
    bare: Side
    ratio: float
    statements: int


# -- recording -----------------------------------------------------------------------------------


def _recording(address: str, steps: list[Step]) -> Database:
    """Connect to the database in a way that notes in ``steps`` what its driver is asked."""

    class NotedSQLite(sqlite3.Cursor):
        @override
        def execute(self, sql: str, *params: Any) -> NotedSQLite:
            steps.append(Step(sql, *params or ((),)))
            self.step = steps[-1]
            return super().execute(sql, *params)

        @override
        def fetchall(self) -> list[Any]:
            self.step.answered = True
            return super().fetchall()

    class NotingSQLite(sqlite3.Connection):
        @override
        def cursor(self, *_factory: Any, **_more: Any) -> Any:
            return super().cursor(NotedSQLite)

    class NotedPostgreSQL(psycopg.Cursor[Any]):
        @override
        def execute(self, query: Any, params: Any = None, **more: Any) -> NotedPostgreSQL:
            steps.append(Step(query, params or {}))
            self.step = steps[-1]
            return super().execute(query, params, **more)

        @override
        def fetchall(self) -> list[Any]:
            self.step.answered = True
            return super().fetchall()

    def connects(_dialect: object, _record: object, _args: Any, options: dict[str, Any]) -> None:
        if address.startswith("sqlite"):
            options["factory"] = NotingSQLite
        else:
            options["cursor_factory"] = NotedPostgreSQL

    database = connect(address)
    event.listen(database.engine, "do_connect", connects)
    return database


def recorded(office: Office, first: Item, item: Item) -> list[list[Step]]:
    """Decide on two items and return the statements of the five decisions on the second one.

    The first one makes the service read what it reads only once.
    """
    steps: list[Step] = []
    database = _recording(office.address, steps)
    service = office.with_database(database).service
    found: list[list[Step]] = []
    for each in (first, item):
        found.clear()
        version = each.version
        for action, person in DECISIONS:
            steps.clear()
            answer = service.perform(each.id, action, office.people[person], seen=version)
            version = answer["version"]
            found.append([step for step in steps if not step.sql.startswith(_NOT_OF_A_DECISION)])
    database.dispose()
    return found


# -- replaying -----------------------------------------------------------------------------------


def rewritten(steps: Sequence[Step], old: Item, new: Item) -> list[Step]:
    """Return the statements as they would be for another item.

    Numbers of items and revisions lie in ranges of their own, so their values can be told from all
    others. A number of the seal-use register may be used once only; every other value is kept.
    """
    register = next(
        (
            value
            for step in steps
            if "decision.register_number =" in step.sql
            for value in _values(step.params)
            if isinstance(value, str)
        ),
        None,
    )
    exchanged: dict[int | str, int | str] = {
        old.id: new.id,
        old.revision_id: new.revision_id,
        old.digest: new.digest,
        f"item:{old.id}": f"item:{new.id}",
    }
    if register is not None:
        exchanged[register] = f"bare-{new.id}"

    def exchange(value: Any) -> Any:
        if not isinstance(value, (int, str)):
            return value
        known = exchanged.get(value, value)
        # The details of an entry in the trail hold the digest inside a text.
        return known.replace(old.digest, new.digest) if isinstance(known, str) else known

    return [
        Step(
            step.sql,
            {name: exchange(value) for name, value in step.params.items()}
            if isinstance(step.params, dict)
            else [exchange(value) for value in step.params],
            step.answered,
        )
        for step in steps
    ]


def _values(params: Any) -> Sequence[Any]:
    return list(params.values()) if isinstance(params, dict) else params


def bare_connection(office: Office) -> Any:
    """Return a connection of the driver, set up as the engine's are."""
    if not office.database.is_sqlite:
        with office.database.read() as pooled:
            engines: Any = pooled.connection.driver_connection
            return psycopg.connect(office.address, options=engines.info.options)
    path = office.address.removeprefix("sqlite:///")
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in ("busy_timeout=10000", "foreign_keys=ON", "synchronous=FULL"):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def replay(connection: Any, decisions: Sequence[Sequence[Step]], *, immediate: bool) -> None:
    """Run the statements of some decisions, each in a transaction of its own."""
    for steps in decisions:
        cursor = connection.cursor()
        if immediate:
            cursor.execute("BEGIN IMMEDIATE")
        for step in steps:
            cursor.execute(step.sql, step.params)
            if step.answered:
                cursor.fetchall()
        connection.commit()


# -- comparing -----------------------------------------------------------------------------------


def decide(office: Office, items: Sequence[Item]) -> None:
    """Carry items from the first stage to the end of the last, through the service."""
    service, people = office.app.service, office.people
    for item in items:
        version = item.version
        for action, person in DECISIONS:
            answer = service.perform(item.id, action, people[person], seen=version)
            version = answer["version"]


def timed(work: Callable[[], None], decisions: int) -> Side:
    """Return how quickly ``work`` made so many decisions."""
    cpu, start = time.process_time(), time.perf_counter()
    work()
    elapsed, used = time.perf_counter() - start, time.process_time() - cpu
    return Side(decisions / elapsed, used / decisions)


def compare(office: Office, count: int, advance: Callable[[str], None]) -> Comparison:
    """Decide on ``count`` items through the service and on as many through the bare driver."""
    each = count + WARM_UP
    first, model, *items = fill(office, 2 + 2 * each, shapes=WAITING, one_body=True)
    ours, theirs = items[:each], items[each:]
    pattern = recorded(office, first, model)
    connection = bare_connection(office)
    immediate = office.database.is_sqlite

    def ours_of(part: slice) -> Callable[[], None]:
        return lambda: decide(office, ours[part])

    def theirs_of(part: slice) -> Callable[[], None]:
        decisions = [rewritten(steps, model, item) for item in theirs[part] for steps in pattern]
        return lambda: replay(connection, decisions, immediate=immediate)

    warm = slice(0, WARM_UP)
    ours_of(warm)()
    theirs_of(warm)()
    size = max(1, count // BLOCKS)
    service: list[Side] = []
    bare: list[Side] = []
    for number, start in enumerate(range(WARM_UP, WARM_UP + count, size)):
        part = slice(start, min(start + size, WARM_UP + count))
        decisions = (part.stop - part.start) * len(DECISIONS)
        turns = [(service, ours_of(part)), (bare, theirs_of(part))]
        for sides, work in turns if number % 2 else reversed(turns):
            sides.append(timed(work, decisions))
        advance(f"{part.stop - WARM_UP} / {count}")
    connection.close()
    _same_rows(office, ours[-1], theirs[-1])
    return Comparison(
        service=_typical(service),
        bare=_typical(bare),
        ratio=median(one.rate / other.rate for one, other in zip(service, bare, strict=True)),
        statements=sum(len(steps) for steps in pattern),
    )


def _typical(sides: Sequence[Side]) -> Side:
    return Side(median(side.rate for side in sides), median(side.cpu for side in sides))


def _same_rows(office: Office, one: Item, other: Item) -> None:
    """Raise unless both sides left the same rows behind: else they are not to be compared."""
    with office.database.read() as connection:
        left = [
            [
                connection.exec_driver_sql(query.format(item.id)).scalar_one()
                for query in (
                    "SELECT state FROM item WHERE id = {}",
                    "SELECT version FROM item WHERE id = {}",
                    "SELECT count(*) FROM decision WHERE item_id = {}",
                    "SELECT count(*) FROM audit_entry WHERE subject = 'item:{}'",
                    "SELECT count(*) FROM sighting WHERE item_id = {}",
                )
            ]
            for item in (one, other)
        ]
    if left[0] != left[1] or left[0][0] != "cleared":
        raise RuntimeError(f"the service left {left[0]}, the bare driver {left[1]}")
