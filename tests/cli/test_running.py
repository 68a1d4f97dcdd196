"""``gongkai run``: one process that runs every job until it is told to stop."""

from __future__ import annotations

import json
import signal
import socket
import threading
import time
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING, Any
from urllib.request import urlopen

import pytest
from sqlalchemy import select

from tests.tasks.processes import Processes, until
from workflow import faults, jobs, pings
from workflow.errors import Conflict, NotSignedIn
from workflow.jobs import ENFORCE_DEADLINES, HEARTBEAT, JOBS, run_job
from workflow.models import Tick, table
from workflow.running import Stop, alone, run
from workflow.settings import load_settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.cli.desk import Desk
    from tests.service.sample_office import SampleOffice

_tick = table(Tick)


# -- the loop --------------------------------------------------------------------------------


def test_each_round_runs_what_has_come_due_since(office: SampleOffice) -> None:
    stop = Stop()
    assert {"done": len(JOBS)} == run(office.app, stop, once=True)[0]
    # Another process finds the slots taken, and the next minute's free.
    assert {"taken": len(JOBS)} == run(office.app, stop, once=True)[0]
    office.clock.advance(timedelta(minutes=1))
    minutely = sum(job.interval == timedelta(minutes=1) for job in JOBS)
    came = {"done": minutely, "taken": len(JOBS) - minutely}
    assert came == run(office.app, stop, once=True)[0]


def test_only_one_runs_in_a_data_directory(tmp_path: Path) -> None:
    with alone(tmp_path), pytest.raises(Conflict, match="already_running"), alone(tmp_path):
        pass
    with alone(tmp_path):
        pass


def test_whoever_may_no_longer_run_it_ends_it(office: SampleOffice) -> None:
    def allowed() -> None:
        raise NotSignedIn("token_revoked")

    with pytest.raises(NotSignedIn):
        run(office.app, Stop(), allowed=allowed)


# -- the command -----------------------------------------------------------------------------


@pytest.fixture
def running(desk: Desk) -> Iterator[Processes]:
    processes = Processes(desk.place, desk.environment("admin"))
    yield processes
    processes.close()


def ran(desk: Desk) -> set[str]:
    with desk.office() as office, office.database.read() as connection:
        rows = connection.execute(select(_tick.c.job).where(_tick.c.outcome.is_not(None)))
        return {row.job for row in rows}


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_runs_until_it_is_told_to_stop_and_ends_well(
    desk: Desk, running: Processes, number: signal.Signals
) -> None:
    process = running.command("--json", "run")
    until(lambda: {job.name for job in JOBS} == ran(desk), what=process.written)
    second = running.command("--json", "run")
    assert 3 == second.ended()
    assert "already_running" in second.written
    process.signal(number)
    assert 0 == process.ended(10)
    lines = [each for each in process.events if each["event"] == "job"]
    assert {job.name for job in JOBS} == {each["job"] for each in lines}
    document = json.loads(process.written[process.written.index('{\n  "ok"') :])
    assert {"done": len(JOBS)} == document["data"]["runs"]


def test_once_runs_everything_once(desk: Desk) -> None:
    assert {"done": len(JOBS)} == desk.json("admin", "run", "--once").data["runs"]
    assert {job.name for job in JOBS} == ran(desk)


def test_a_token_for_jobs_runs_and_sweeps_and_opens_nothing_else(desk: Desk) -> None:
    made = desk.json(
        None,
        *("login", "admin", "--for-jobs", "--password-stdin", "--print-token"),
        given="yangli mima 2018\n",
    ).data
    assert "jobs" == made["scope"]
    assert "2018-02-24" == made["expires_at"][:10]
    token = {"GONGKAI_TOKEN": made["token"]}
    assert 0 == desk.run(None, "sweep", **token).status
    assert 0 == desk.run(None, "run", "--once", **token).status
    calls = (
        ("whoami",),
        ("inbox",),
        ("list",),
        ("user", "list"),
        ("user", "reset", "clerk"),
        ("sweep", "--accept-clock", "--reason", "样例理由"),
        ("site", "build"),
    )
    for call in calls:
        told = desk.json(None, *call, **token)
        assert (1, ["token_for_jobs"]) == (told.status, told.codes), call
    with desk.office() as office:
        entry = office.trail()[-1]
        assert ("jobs_token_made", "admin") == (entry.event, entry.actor)
    assert 0 == desk.run("admin2", "user", "disable", "admin").status
    assert ["token_unknown"] == desk.json(None, "sweep", **token).codes


def test_only_an_administrator_gets_a_token_for_jobs(desk: Desk) -> None:
    told = desk.json(
        None,
        *("login", "publisher", "--for-jobs", "--password-stdin", "--print-token"),
        given="yangli mima 2018\n",
    )
    assert (1, ["needs_role"]) == (told.status, told.codes)


def test_a_token_for_jobs_can_be_ended(desk: Desk) -> None:
    made = desk.json(
        None,
        *("login", "admin", "--for-jobs", "--password-stdin", "--print-token"),
        given="yangli mima 2018\n",
    ).data
    token = {"GONGKAI_TOKEN": made["token"]}
    assert 0 == desk.run(None, "logout", **token).status
    assert ["token_revoked"] == desk.json(None, "sweep", **token).codes


# -- signs of life ---------------------------------------------------------------------------


class Watcher(HTTPServer):
    """A watcher's server that counts the calls."""

    def __init__(self, status: int = 200, location: str | None = None) -> None:
        calls: list[str] = []
        self.calls = calls

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                calls.append(self.path)
                self.send_response(status)
                if location:
                    self.send_header("Location", location)
                self.end_headers()

            def log_message(self, *_args: Any) -> None:
                """Say nothing."""

        super().__init__(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.serve_forever)
        self.thread.start()

    def __exit__(self, *_given: object) -> None:
        self.shutdown()
        self.thread.join()
        self.server_close()


def test_each_good_sweep_is_a_sign_of_life(office: SampleOffice, tmp_path: Path) -> None:
    file = tmp_path / "alive"
    with Watcher() as watcher:
        url = f"http://127.0.0.1:{watcher.server_port}/alive"
        alive = office.again(ping_url=url, ping_file=str(file))
        for job in JOBS:
            run_job(alive.app, job)
        alive.close()
    assert ["/alive"] == watcher.calls
    assert "2017-01-20T01:00:00+00:00\n" == file.read_text()


def test_a_watcher_that_is_away_fails_no_sweep(office: SampleOffice, tmp_path: Path) -> None:
    missing = str(tmp_path / "nowhere" / "alive")
    with Watcher(status=500) as watcher:
        url = f"http://127.0.0.1:{watcher.server_port}/"
        settings = load_settings({"GONGKAI_PING_URL": url, "GONGKAI_PING_FILE": missing})
        problems = list(pings.give(settings, office.clock()))
    assert ["ping_url: 500", "ping_file: No such file or directory"] == problems
    dead = office.again(ping_url="http://127.0.0.1:1/", ping_file=missing)
    assert "done" == run_job(dead.app, ENFORCE_DEADLINES).outcome
    dead.close()


def test_a_sign_of_life_follows_no_redirect(office: SampleOffice) -> None:
    with Watcher() as elsewhere:
        there = f"http://127.0.0.1:{elsewhere.server_port}/"
        with Watcher(status=302, location=there) as watcher:
            url = f"http://127.0.0.1:{watcher.server_port}/"
            settings = load_settings({"GONGKAI_PING_URL": url})
            assert ["ping_url: 302"] == list(pings.give(settings, office.clock()))
    assert [] == elsewhere.calls


def test_a_watcher_that_answers_byte_by_byte_holds_a_sweep_for_seconds(
    office: SampleOffice,
) -> None:
    ended = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:

        def drip() -> None:
            connection, _ = server.accept()
            with connection, suppress(OSError):
                connection.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
                while not ended.wait(0.2):
                    connection.sendall(b"x")

        dripping = threading.Thread(target=drip)
        dripping.start()
        url = f"http://127.0.0.1:{server.getsockname()[1]}/"
        began = time.monotonic()
        problems = list(pings.give(load_settings({"GONGKAI_PING_URL": url}), office.clock()))
        taken = time.monotonic() - began
        ended.set()
        dripping.join()
    assert ["ping_url: alert_unanswered"] == problems
    assert taken < 2 * pings.PATIENCE


# -- metrics ---------------------------------------------------------------------------------


def test_metrics_tell_how_things_stand(office: SampleOffice) -> None:
    from prometheus_client import CollectorRegistry, generate_latest  # noqa: PLC0415

    from workflow.metrics import Collector  # noqa: PLC0415

    office.carry(office.draft(), to="publishing")
    for job in JOBS:
        if job.name != "dispatch_publications":
            run_job(office.app, job)
    with office.database.transaction() as transaction:
        faults.note(
            transaction, job="样例", subject="样例", code="job_late", facts={}, now=office.clock()
        )
    office.clock.advance(timedelta(minutes=3))
    registry = CollectorRegistry()
    registry.register(Collector(office.app))
    lines = dict(
        line.rsplit(" ", 1)
        for line in generate_latest(registry).decode().splitlines()
        if not line.startswith("#")
    )
    expected = {
        "gongkai_up": 1,
        'gongkai_job_last_done_age_seconds{job="enforce_deadlines"}': 180,
        'gongkai_job_runs{job="enforce_deadlines",outcome="done"}': 1,
        'gongkai_job_runs{job="enforce_deadlines",outcome="failed"}': 0,
        'gongkai_job_last_run_seconds{job="heartbeat"}': 0,
        'gongkai_clocks_running{kind="legal"}': 2,
        'gongkai_clocks_overdue{kind="legal"}': 0,
        'gongkai_faults_open{code="job_late"}': 1,
        "gongkai_deliveries_owed": 1,
        "gongkai_deliveries_oldest_seconds": 180,
        'gongkai_messages{status="owed"}': 0,
        "gongkai_calendar_horizon_days": 3632,
        "gongkai_clocks_provisional": 0,
    }
    assert expected == {name: float(lines[name]) for name in expected}
    assert {"gongkai_alerts_owed", "gongkai_alerts_oldest_seconds"} <= lines.keys()


@pytest.mark.slow
def test_metrics_can_be_had_from_a_process_that_runs(desk: Desk, running: Processes) -> None:
    import socket  # noqa: PLC0415

    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    process = running.command("run", GONGKAI_METRICS_PORT=str(port))
    until(lambda: {job.name for job in JOBS} == ran(desk), what=process.written)
    with urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:  # ours
        assert b"gongkai_up 1.0" in answer.read()
    process.signal(signal.SIGTERM)
    assert 0 == process.ended(10)


def test_a_database_that_is_away_is_a_figure_too(sqlite_office: SampleOffice) -> None:
    from workflow.metrics import Collector  # noqa: PLC0415

    path = sqlite_office.database.engine.url.database
    assert path is not None
    sqlite_office.database.dispose()
    (sqlite_office.home / "gongkai.db").rename(sqlite_office.home / "away.db")
    (sqlite_office.home / "gongkai.db").mkdir()
    found = {family.name: family for family in Collector(sqlite_office.app).collect()}
    assert 0 == found["gongkai_up"].samples[0].value


def test_what_is_due_is_counted(office: SampleOffice) -> None:
    office.carry(office.draft(), to="publishing")
    found = jobs.due(office.app)
    assert 1 == found["publications"]
    assert found["clocks"] > 0


# -- what doctor and boards say ---------------------------------------------------------------


def test_f13_doctor_is_red_when_the_last_sweep_is_two_intervals_ago_and_boards_stay_right(
    desk: Desk,
) -> None:
    with desk.office() as office:
        run_job(office.app, ENFORCE_DEADLINES)
    fresh = replace(desk, now=desk.now + timedelta(minutes=9) if desk.now else None)
    assert 0 == fresh.run(None, "doctor").status
    stale = replace(desk, now=desk.now + timedelta(minutes=11) if desk.now else None)
    told = stale.json(None, "doctor")
    assert (1, ["job_late"]) == (told.status, told.codes)
    with stale.office() as office:
        assert run_job(office.app, HEARTBEAT).counts["late"]
    late = replace(desk, now=datetime.fromisoformat("2017-02-15T09:00+08:00"))
    board = late.json("supervisor", "overdue").data
    assert board["total"] > 0
    assert "2017-01-20T09:00:00+08:00" == board["enforced_at"]


def test_the_report_of_gaps_tells_what_is_missing(desk: Desk) -> None:
    with desk.office() as office:
        run_job(office.app, ENFORCE_DEADLINES)
        office.clock.advance(timedelta(minutes=10))
        run_job(office.app, ENFORCE_DEADLINES)
    later = replace(desk, now=desk.now + timedelta(minutes=15) if desk.now else None)
    told = later.json(None, "doctor", "--ticks")
    # The others have never run, so the status says so.
    assert 1 == told.status
    row = told.document["data"][0]
    assert ("enforce_deadlines", 3, 2, 1, False) == tuple(
        row[name] for name in ("job", "expected", "ran", "missed", "late")
    )
    assert [1] == [gap["missed"] for gap in row["gaps"]]
    assert "Gap: deadlines" in later.run(None, "doctor", "--ticks").out
