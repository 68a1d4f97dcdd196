"""Databases and offices for the tests: each test gets its own, made quickly as a copy.

Whatever uses ``database`` or ``office`` runs twice, on SQLite and on a real PostgreSQL server that
:mod:`tests.servers` finds or brings; one server for each worker, started when the first test asks
for it. Heavy modules are imported where they are used, so that a test of pure rules does not wait
for them.
"""

from __future__ import annotations

import os
import signal
from contextlib import ExitStack
from typing import TYPE_CHECKING

import hypothesis
import pytest

from tests import servers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.service.databases import Databases
    from tests.service.sample_office import SampleOffice
    from tests.tasks.processes import Processes
    from workflow.database import Database

pytest.register_assert_rewrite("tests.service.sample_office", "tests.tasks.processes")

# Jobs in the background of a shell, and all that they start, ignore what an interruption sends; the
# programs under test are told to stop by it.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# Examples take as long as a database takes; what CI runs is the same every time.
hypothesis.settings.register_profile("desk", deadline=None)
hypothesis.settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") else "desk")


@pytest.fixture(scope="session")
def sqlite(tmp_path_factory: pytest.TempPathFactory) -> Databases:
    from tests.service.databases import SQLiteDatabases  # noqa: PLC0415

    return SQLiteDatabases(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Databases]:
    from tests.service.databases import PostgreSQLDatabases  # noqa: PLC0415

    with servers.postgres() as server:
        databases = PostgreSQLDatabases(tmp_path_factory.mktemp("postgresql"), server)
        yield databases
        databases.close()


@pytest.fixture(
    params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)],
)
def databases(request: pytest.FixtureRequest) -> Databases:
    """Give one kind of database after the other."""
    found: Databases = request.getfixturevalue(request.param)
    return found


@pytest.fixture
def address(databases: Databases, tmp_path: Path) -> Iterator[str]:
    """Give the address of a migrated database without an office."""
    from tests.service.databases import EMPTY  # noqa: PLC0415

    made = databases.make(EMPTY, tmp_path / "empty.db")
    yield made
    databases.take_back(made)


@pytest.fixture
def database(address: str) -> Iterator[Database]:
    """Give a migrated database without an office."""
    from workflow.database import connect  # noqa: PLC0415

    connected = connect(address)
    yield connected
    connected.dispose()


@pytest.fixture
def open_office(databases: Databases, tmp_path: Path) -> Iterator[Callable[[str], SampleOffice]]:
    """Give what opens a new office under the policy with a given code, as often as one likes."""
    yield from _opening(databases, tmp_path)


@pytest.fixture
def office(open_office: Callable[[str], SampleOffice]) -> SampleOffice:
    """Give a new office under the default policy."""
    return open_office("dongchang")


@pytest.fixture
def sqlite_office(sqlite: Databases, tmp_path: Path) -> Iterator[SampleOffice]:
    """Give an office on SQLite, for what only SQLite does."""
    for open_ in _opening(sqlite, tmp_path):
        yield open_("dongchang")


@pytest.fixture
def postgresql_office(postgresql: Databases, tmp_path: Path) -> Iterator[SampleOffice]:
    """Give an office on PostgreSQL, for what only PostgreSQL does."""
    for open_ in _opening(postgresql, tmp_path):
        yield open_("dongchang")


def _opening(databases: Databases, directory: Path) -> Iterator[Callable[[str], SampleOffice]]:
    from tests.service.sample_office import SampleOffice  # noqa: PLC0415

    with ExitStack() as stack:
        opened: list[SampleOffice] = []

        def open_(code: str) -> SampleOffice:
            home = directory / f"{databases.kind}{len(opened)}"
            home.mkdir(mode=0o700)
            made = databases.make(code, home / "gongkai.db")
            stack.callback(databases.take_back, made)
            office = SampleOffice.open(made, home)
            stack.callback(office.close)
            opened.append(office)
            return office

        yield open_


@pytest.fixture
def redis() -> Iterator[servers.OwnServer]:
    """Give a Redis server that a test may kill."""
    with servers.own_redis() as server:
        yield server


@pytest.fixture
def processes_of(
    redis: servers.OwnServer, tmp_path: Path
) -> Iterator[Callable[[SampleOffice], Processes]]:
    """Give what starts workers and beats for an office, by the real clock."""
    from tests.tasks.processes import Processes  # noqa: PLC0415

    made: list[Processes] = []

    def of(office: SampleOffice) -> Processes:
        environment = {
            "GONGKAI_HOME": str(office.home),
            "GONGKAI_DATABASE_URL": office.address,
            "GONGKAI_BROKER_URL": redis.url,
            "GONGKAI_ALERT_DIRECTORY": str(tmp_path / "alerts"),
        }
        made.append(Processes(tmp_path, environment))
        return made[-1]

    yield of
    for each in made:
        each.close()
