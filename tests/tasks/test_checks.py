"""Bad settings stop a worker or a beat at its start, with one clear line and a status."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import pytest
import redis as client
from pydantic import SecretStr

from tasks.celery import make_app
from tasks.checks import BROKER, Examination, entries
from tests import servers
from workflow import faults
from workflow.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.service.sample_office import SampleOffice
    from tests.tasks.processes import Processes

pytestmark = pytest.mark.redis


@pytest.fixture
def evicting() -> Iterator[servers.OwnServer]:
    with servers.own_redis({"maxmemory": "50mb", "maxmemory-policy": "allkeys-lru"}) as server:
        yield server


@pytest.fixture
def forgetful() -> Iterator[servers.OwnServer]:
    with servers.own_redis({"appendonly": "no"}) as server:
        yield server


def looked_at(office: SampleOffice, **given: str) -> tuple[int, list[str]]:
    """Return the exit status that a worker would end with, and the codes of what is wrong."""
    settings = office.app.settings.model_copy(
        update={
            name: SecretStr(value) if value and name.endswith("url") else value or None
            for name, value in given.items()
        }
    )
    found = list(Examination(make_app(settings), settings).all(worker=True))
    stops = [each.status for each in found if each.status is not None]
    return (stops or [0])[0], [each.error.code for each in found]


def checked(processes: Processes, **more: str) -> tuple[int, list[str]]:
    """Return the exit status of ``python -m tasks check`` and the codes that it printed."""
    check = processes.start("-m", "tasks", "check", **more)
    status = check.ended()
    lines = check.written.splitlines()
    assert all(line.startswith("gongkai: ") for line in lines), check.written
    return status, [line.rpartition("[")[2].rstrip("]") for line in lines]


def test_a_sound_installation_has_nothing_to_say(
    sqlite_office: SampleOffice, redis: servers.OwnServer
) -> None:
    assert (0, []) == looked_at(sqlite_office, broker_url=redis.url)


@pytest.mark.parametrize(
    ("setting", "value", "told"),
    [
        ("broker_url", "", (2, "broker_missing")),
        ("broker_url", "amqp://localhost", (2, "broker_wrong")),
        ("broker_url", "redis://", (2, "broker_wrong")),
        ("broker_url", "redis://localhost:99999", (2, "broker_wrong")),
        ("broker_url", "redis://127.0.0.1:1/0", (75, "broker_unreachable")),
        ("database_url", "sqlite:///nowhere.db", (75, "no_office_here")),
        ("database_url", "mysql://localhost", (2, "database_url_wrong")),
        ("smtp_url", "http://localhost", (2, "setting_wrong")),
    ],
)
def test_what_no_worker_could_work_with_stops_it(
    sqlite_office: SampleOffice,
    redis: servers.OwnServer,
    setting: str,
    value: str,
    told: tuple[int, str],
) -> None:
    given = {"broker_url": redis.url, setting: value}
    status, code = told
    assert (status, [code]) == looked_at(sqlite_office, **given)


@pytest.mark.parametrize(
    ("variable", "value", "code"),
    [
        ("GONGKAI_BROKER_URL", "amqp://me:geheim@localhost", "broker_wrong"),
        ("GONGKAI_PING_URL", "gopher://me:geheim@localhost", "setting_wrong"),
    ],
)
def test_a_bad_setting_is_one_line_without_secrets_and_the_status_2(
    sqlite_office: SampleOffice,
    processes_of: Callable[[SampleOffice], Processes],
    variable: str,
    value: str,
    code: str,
) -> None:
    processes = processes_of(sqlite_office)
    assert (2, [code]) == checked(processes, **{variable: value})
    assert "geheim" not in processes.started[0].written


@pytest.mark.parametrize("variable", ["GONGKAI_LANG", "LC_ALL"])
def test_a_worker_that_must_not_start_says_so_in_the_language_that_is_set(
    sqlite_office: SampleOffice,
    processes_of: Callable[[SampleOffice], Processes],
    variable: str,
) -> None:
    """Also where it is a setting that is wrong, so that none could be read."""
    wrong = {variable: "zh_CN.UTF-8" if variable == "LC_ALL" else "zh", "GONGKAI_ALERT_WEB": "x"}
    processes = processes_of(sqlite_office)
    assert (2, ["setting_wrong"]) == checked(processes, **wrong)
    assert "设置 GONGKAI_ALERT_WEB 的值“x”不对：须为 true 或者 false。" in (
        processes.started[0].written
    )


def test_a_redis_that_evicts_stops_the_worker_and_beat(
    sqlite_office: SampleOffice,
    processes_of: Callable[[SampleOffice], Processes],
    evicting: servers.OwnServer,
) -> None:
    processes = processes_of(sqlite_office)
    for what in ("worker", "beat"):
        process = processes.start(
            "-m", "celery", "-A", "tasks", what, GONGKAI_BROKER_URL=evicting.url
        )
        assert 2 == process.ended()
        assert 1 == process.written.count("[broker_evicts]")
        assert "Traceback" not in process.written


def test_a_redis_that_keeps_nothing_is_a_warning_and_an_open_fault_until_it_does(
    sqlite_office: SampleOffice,
    forgetful: servers.OwnServer,
) -> None:
    def open_() -> list[str]:
        with sqlite_office.database.read() as connection:
            return [
                each["code"] for each in faults.open_faults(connection) if each["subject"] == BROKER
            ]

    forgets = {"broker_url": forgetful.url}
    assert (0, ["broker_forgets"]) == looked_at(sqlite_office, **forgets)
    assert ["broker_forgets"] == open_()
    with client.Redis.from_url(forgetful.url) as redis:
        redis.config_set("save", "3600 1")
    assert (0, []) == looked_at(sqlite_office, **forgets)
    assert [] == open_()


def test_a_redis_whose_settings_are_forbidden_is_a_warning(
    sqlite_office: SampleOffice,
    forgetful: servers.OwnServer,
) -> None:
    with client.Redis.from_url(forgetful.url) as redis:
        redis.execute_command(
            *("ACL", "SETUSER", "worker", "on", ">geheim", "~*", "&*", "+@all", "-config")
        )
    url = forgetful.url.replace("redis://", "redis://worker:geheim@")
    assert (0, ["broker_unchecked"]) == looked_at(sqlite_office, broker_url=url)


def test_a_port_for_metrics_that_is_taken_stops_the_worker(
    sqlite_office: SampleOffice,
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        place = (sqlite_office.app.settings.metrics_host, taken.getsockname()[1])
        settings = sqlite_office.app.settings.model_copy(update={"metrics_port": place[1]})
        found = list(Examination(make_app(settings), settings).all(worker=True))
    assert [(2, "broker_missing"), (75, "metrics_unavailable")] == [
        (each.status, each.error.code) for each in found
    ]


def test_a_beat_entry_without_a_task_or_a_queue_is_found(tmp_path: Path) -> None:
    # F15
    app = make_app(Settings(home=tmp_path))
    assert [] == list(entries(app))
    app.conf.beat_schedule["lost"] = {
        "task": "tasks.nobody",
        "schedule": 60.0,
        "options": {"queue": "nowhere"},
    }
    found = list(entries(app))
    assert [(70, "beat_entry_unknown"), (70, "beat_queue_unknown")] == [
        (each.status, each.error.code) for each in found
    ]


def test_a_beat_with_an_entry_without_a_task_does_not_start(
    sqlite_office: SampleOffice,
    processes_of: Callable[[SampleOffice], Processes],
    tmp_path: Path,
) -> None:
    # F15
    (tmp_path / "lost.py").write_text(
        "from tasks.celery import app\n"
        "app.conf.beat_schedule['lost'] ="
        " {'task': 'tasks.nobody', 'schedule': 60.0, 'options': {'queue': 'ops'}}\n"
    )
    processes = processes_of(sqlite_office)
    for what in ("worker", "beat"):
        process = processes.start("-m", "celery", "-A", "lost", what)
        assert 70 == process.ended()
        assert "tasks.nobody" in process.written
        assert "[beat_entry_unknown]" in process.written


def test_a_beat_whose_broker_is_away_says_that_and_nothing_else(
    sqlite_office: SampleOffice, processes_of: Callable[[SampleOffice], Processes]
) -> None:
    # F2
    beat = processes_of(sqlite_office).start(
        *("-m", "celery", "-A", "tasks", "beat"), GONGKAI_BROKER_URL="redis://127.0.0.1:1/0"
    )
    assert 75 == beat.ended()
    (line,) = beat.written.splitlines()
    assert line.endswith("[broker_unreachable]")


def test_it_speaks_the_language_that_is_set(
    sqlite_office: SampleOffice, processes_of: Callable[[SampleOffice], Processes]
) -> None:
    check = processes_of(sqlite_office).start(
        "-m", "tasks", "check", GONGKAI_BROKER_URL="", GONGKAI_LANG="zh"
    )
    assert 2 == check.ended()
    assert "没有设置消息队列地址" in check.written


def test_a_check_that_is_none_is_a_usage_error(
    sqlite_office: SampleOffice, processes_of: Callable[[SampleOffice], Processes]
) -> None:
    assert 2 == processes_of(sqlite_office).start("-m", "tasks").ended()
