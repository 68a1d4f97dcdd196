"""The servers that the other tests stand on are real, lose nothing that counts, and leave."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import psycopg
import pytest
from redis import Redis

from tests.servers import (
    OwnServer,
    Server,
    ServerError,
    create_database,
    drop_database,
    own_postgres,
    own_redis,
    postgres,
    redis,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent

# The servers are started once, so one worker takes all of these tests.
pytestmark = pytest.mark.xdist_group("servers")


@pytest.fixture(scope="module")
def database() -> Iterator[OwnServer]:
    with own_postgres() as server:
        yield server


@pytest.fixture(scope="module")
def broker() -> Iterator[OwnServer]:
    with own_redis() as server:
        yield server


def address(server: Server) -> tuple[str, int]:
    parts = urlsplit(server.url)
    assert parts.hostname is not None
    assert parts.port is not None
    return parts.hostname, parts.port


def answers(server: Server) -> bool:
    try:
        socket.create_connection(address(server), timeout=2).close()
    except ConnectionRefusedError:
        return False
    return True


def is_there(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.postgres
def test_postgresql_knows_that_chinese_characters_are_letters(database: OwnServer) -> None:
    with psycopg.connect(database.url) as connection:
        connection.execute("CREATE EXTENSION pg_trgm")
        row = connection.execute("SELECT similarity('政府信息公开', '信息公开') > 0.2").fetchone()
    assert (True,) == row


@pytest.mark.postgres
def test_postgresql_keeps_what_was_committed_over_a_kill(database: OwnServer) -> None:
    before = database.pid
    connection = psycopg.connect(database.url)
    connection.execute("CREATE TABLE kept AS SELECT generate_series(1, 1000) AS number")
    connection.commit()
    connection.execute("INSERT INTO kept VALUES (1001)")
    database.kill()
    assert not database.running
    assert not answers(database)
    connection.close()
    database.start()
    assert before != database.pid
    with psycopg.connect(database.url) as connection:
        assert (1000,) == connection.execute("SELECT count(*) FROM kept").fetchone()


@pytest.mark.postgres
def test_a_restart_keeps_the_address_and_the_data(database: OwnServer) -> None:
    url = create_database(database.url)
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE kept ()")
    database.restart()
    with psycopg.connect(url) as connection:
        assert (0,) == connection.execute("SELECT count(*) FROM kept").fetchone()


@pytest.mark.postgres
def test_each_database_is_new_and_may_be_copied_from_another(database: OwnServer) -> None:
    pattern = create_database(database.url)
    with psycopg.connect(pattern) as connection:
        connection.execute("CREATE TABLE copied AS SELECT 42 AS answer")
    copy = create_database(database.url, template=urlsplit(pattern).path.removeprefix("/"))
    empty = create_database(database.url)
    with psycopg.connect(copy) as connection:
        assert (42,) == connection.execute("SELECT answer FROM copied").fetchone()
    with psycopg.connect(empty) as connection:
        assert (None,) == connection.execute("SELECT to_regclass('copied')").fetchone()


@pytest.mark.postgres
def test_a_database_is_dropped_though_somebody_is_still_connected(database: OwnServer) -> None:
    url = create_database(database.url)
    with psycopg.connect(url) as left_open:
        drop_database(database.url, url)
        with pytest.raises(psycopg.OperationalError):
            left_open.execute("SELECT 1")
    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        psycopg.connect(url)


@pytest.mark.postgres
def test_postgresql_is_gone_after_its_context() -> None:
    with own_postgres({"max_connections": "17"}) as server:
        with psycopg.connect(server.url) as connection:
            assert ("17",) == connection.execute("SHOW max_connections").fetchone()
        pid = server.pid
    assert not is_there(pid)
    assert not answers(server)
    assert not server.directory.exists()


@pytest.mark.redis
def test_redis_keeps_what_it_confirmed_over_a_kill(broker: OwnServer) -> None:
    before = broker.pid
    with Redis.from_url(broker.url) as client:
        for number in range(1000):
            client.rpush("kept", number)
        broker.kill()
    assert not answers(broker)
    broker.start()
    assert before != broker.pid
    with Redis.from_url(broker.url) as client:
        assert 1000 == client.llen("kept")


@pytest.mark.redis
def test_redis_drops_nothing_when_its_memory_is_full(broker: OwnServer) -> None:
    with Redis.from_url(broker.url) as client:
        assert {"maxmemory-policy": "noeviction"} == client.config_get("maxmemory-policy")


@pytest.mark.redis
def test_a_server_that_cannot_start_says_why() -> None:
    with own_redis() as server:
        server.stop()
        with socket.create_server(address(server)):
            with pytest.raises(ServerError, match="in use"):
                server.start()
            with pytest.raises(ServerError, match="not running"):
                _ = server.pid
        server.start()
        assert answers(server)


@pytest.mark.redis
def test_redis_is_gone_after_its_context() -> None:
    with own_redis() as server:
        pid = server.pid
        assert answers(server)
    assert not is_there(pid)
    assert not answers(server)
    assert not server.directory.exists()


@pytest.mark.postgres
@pytest.mark.redis
@pytest.mark.parametrize("kind", ["postgres", "redis"])
def test_a_server_ends_with_the_process_that_started_it_even_if_that_is_killed(kind: str) -> None:
    program = (
        f"import sys; from tests.servers import own_{kind}\n"
        f"with own_{kind}() as server:\n"
        "    print(server.url, server.directory, flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as starter:
        assert starter.stdout is not None
        url, directory = starter.stdout.readline().split()
        assert answers(Server(url))
        starter.kill()
        # The guard of the server holds standard error open until it has cleaned up.
        _, complaints = starter.communicate(timeout=30)
    assert "" == complaints
    assert not answers(Server(url))
    assert not Path(directory).exists()


@pytest.mark.parametrize(
    ("variable", "url", "server"),
    [
        ("TEST_POSTGRES_URL", "postgresql://someone@127.0.0.1:1/somewhere", postgres),
        ("TEST_REDIS_URL", "redis://127.0.0.1:1/7", redis),
    ],
    ids=["postgres", "redis"],
)
def test_an_address_in_the_environment_is_taken_as_it_is(
    variable: str, url: str, server: type, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TEST_SERVERS", raising=False)
    monkeypatch.setenv(variable, url)
    with server() as given:
        assert url == given.url
        assert not isinstance(given, OwnServer)


@pytest.mark.parametrize("kind", ["postgres", "redis"])
def test_without_any_server_the_suite_fails_and_says_what_to_install(kind: str) -> None:
    # Without its site directory the interpreter finds no wheel.
    done = subprocess.run(
        [sys.executable, "-S", "-c", f"from tests.servers import {kind}; {kind}().__enter__()"],
        cwd=ROOT,
        env={"TEST_SERVERS": "wheels", "PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=False,
    )
    assert 1 == done.returncode
    assert "no server of version" in done.stderr
    assert "install" in done.stderr


def test_what_a_test_starts_can_be_interrupted_also_where_the_caller_ignores_it() -> None:
    program = (
        "import tests.conftest, subprocess\n"
        "print(subprocess.run(['sh', '-c', 'kill -s INT $$']).returncode)"
    )
    done = subprocess.run(
        ["sh", "-c", 'trap "" INT; exec "$@"', "sh", sys.executable, "-c", program],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ("", f"{-signal.SIGINT}\n") == (done.stderr, done.stdout)
