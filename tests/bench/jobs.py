"""What runs the jobs: tasks a second from end to end, and how much memory it takes and keeps.

The measure for the tasks is a bare list in the same Redis, pushed to and popped from by two
connections: no queue on it can be faster.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import redis as client
from sqlalchemy import func, select

from tests import servers
from tests.service.databases import SQLiteDatabases
from tests.service.sample_office import SampleOffice
from tests.tasks.processes import Processes, until
from workflow.models import Tick, table

AIM_MIB: Final = 150.0
_LONG: Final = 600.0
_tick = table(Tick)


def resident(pid: int) -> float:
    """Return the memory that a process and its children hold, in MiB; the largest of them."""
    found = []
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            lines = dict(
                line.split(":", 1) for line in status.read_text().splitlines() if ":" in line
            )
        except OSError:
            continue
        if pid in (int(lines["Pid"]), int(lines["PPid"])) and "VmRSS" in lines:
            found.append(int(lines["VmRSS"].split()[0]) / 1024)
    return max(found)


def bare_list(url: str, number: int) -> float:
    """Return how many entries a second go through a list."""

    def push() -> None:
        with client.Redis.from_url(url) as connection:
            for _ in range(number):
                connection.lpush("bare", b"{}")

    thread = threading.Thread(target=push)
    with client.Redis.from_url(url) as connection:
        begun = time.perf_counter()
        thread.start()
        for _ in range(number):
            connection.brpop(["bare"], timeout=10)
        took = time.perf_counter() - begun
    thread.join()
    return number / took


def tasks(office: SampleOffice, url: str, place: Path, number: int) -> tuple[float, float, float]:
    """Return tasks a second, and a worker's memory after the first hundred and after all."""
    from tasks.celery import make_app  # noqa: PLC0415 # reads the environment

    settings = office.app.settings.model_copy(update={"broker_url": client_url(url)})
    app = make_app(settings)
    environment = {
        "GONGKAI_HOME": str(office.home),
        "GONGKAI_DATABASE_URL": office.address,
        "GONGKAI_BROKER_URL": url,
    }
    processes = Processes(place, environment)
    try:
        worker = processes.worker(app="tasks")
        # A slot that is taken is the task at its cheapest: through the queue, to the database.
        send(app, 100)
        done(url)
        before = resident(worker.process.pid)
        begun = time.perf_counter()
        send(app, number)
        done(url)
        took = time.perf_counter() - begun
        after = resident(worker.process.pid)
    finally:
        processes.close()
    return number / took, before, after


def client_url(url: str) -> object:
    """Return an address as settings keep it."""
    from pydantic import SecretStr  # noqa: PLC0415

    return SecretStr(url)


def send(app: object, number: int) -> None:
    """Ask for the heartbeat so often."""
    task = app.tasks["tasks.heartbeat"]  # type: ignore[attr-defined] # Celery's
    for _ in range(number):
        task.apply_async(queue="ops")


def done(url: str) -> None:
    """Return when nothing waits and nothing is being done."""
    with client.Redis.from_url(url) as connection:
        until(
            lambda: not connection.llen("gongkai:ops") and not connection.hlen("gongkai:unacked"),
            seconds=_LONG,
            what="the queue to be empty",
        )


def one_process(office: SampleOffice, place: Path, rounds: int) -> tuple[float, float]:
    """Return the memory of ``gongkai run`` after its first round and after so many seconds."""
    # The process goes by real time, and so must its login.
    office.clock.set(datetime.now(UTC))
    token, _ = office.accounts.login("admin", "yangli mima 2017")
    environment = {
        "GONGKAI_HOME": str(office.home),
        "GONGKAI_DATABASE_URL": office.address,
        "GONGKAI_TOKEN": token,
    }
    processes = Processes(place, environment)
    try:
        process = processes.command("run")

        def ran() -> int:
            with office.database.read() as connection:
                count = select(func.count()).select_from(_tick).where(_tick.c.outcome == "done")
                return int(connection.execute(count).scalar_one())

        enough = ran() + 4
        until(lambda: ran() >= enough, seconds=_LONG)
        before = resident(process.process.pid)
        time.sleep(rounds)
        after = resident(process.process.pid)
    finally:
        processes.close()
    return before, after


@dataclass(frozen=True)
class Sample:
    """What was measured: rates a second, and memory in MiB at first and at last."""

    tasks: int
    bare: float
    rate: float
    worker: tuple[float, float]
    process: tuple[float, float]


def measure(place: Path, number: int, seconds: int) -> Sample:
    """Send ``number`` tasks through a worker, and let ``gongkai run`` go on for ``seconds``."""
    home = place / "jobs"
    home.mkdir(mode=0o700)
    address = SQLiteDatabases(place).make("dongchang", home / "gongkai.db")
    office = SampleOffice.open(address, home)
    try:
        with servers.own_redis() as server:
            bare = bare_list(server.url, number)
            rate, *worker = tasks(office, server.url, home, number)
            first, last = worker
            return Sample(number, bare, rate, (first, last), one_process(office, home, seconds))
    finally:
        office.close()
