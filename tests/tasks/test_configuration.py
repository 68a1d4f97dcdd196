"""Each of Celery's settings, because each keeps something that was seen to go wrong from it."""

from __future__ import annotations

import os
from typing import Any

import billiard.common
import pytest
from pydantic import SecretStr

from tasks.celery import make_app
from tasks.configuration import SOFT_TIME_LIMIT, TIME_LIMIT, VISIBILITY_TIMEOUT, configuration
from workflow.jobs import JOBS, LONGEST, QUEUES
from workflow.settings import Settings

SETTINGS = Settings(broker_url=SecretStr("redis://localhost:1/0"))
VALUES = {
    "broker_url": "redis://localhost:1/0",
    "broker_transport_options": {
        "visibility_timeout": 1800,
        "socket_timeout": 5,
        "socket_connect_timeout": 2,
        "socket_keepalive": True,
        "health_check_interval": 25,
        "max_retries": 2,
        "interval_start": 0,
        "interval_step": 0.1,
        "interval_max": 0.3,
        "global_keyprefix": "gongkai:",
    },
    "broker_connection_retry_on_startup": True,
    "broker_connection_max_retries": None,
    "task_time_limit": 300,
    "task_soft_time_limit": 240,
    "task_acks_late": True,
    "task_reject_on_worker_lost": False,
    "worker_prefetch_multiplier": 1,
    "worker_cancel_long_running_tasks_on_connection_loss": True,
    "task_ignore_result": True,
    "result_backend": None,
    "task_serializer": "json",
    "result_serializer": "json",
    "accept_content": ["json"],
    "task_create_missing_queues": False,
    "worker_soft_shutdown_timeout": 30,
    "worker_enable_soft_shutdown_on_idle": True,
    "beat_max_loop_interval": 30,
    "beat_enable_remote_control": True,
    "timezone": "Asia/Shanghai",
    "enable_utc": True,
}


@pytest.mark.parametrize("name", VALUES)
def test_celery_is_set_as_it_was_found_to_work(name: str) -> None:
    conf: Any = make_app(SETTINGS).conf
    assert VALUES[name] == getattr(conf, name)


def test_no_task_may_take_longer_than_the_queue_hides_it() -> None:
    assert LONGEST < SOFT_TIME_LIMIT < TIME_LIMIT < VISIBILITY_TIMEOUT


def test_queues_are_named_by_purpose_and_there_are_no_others() -> None:
    app = make_app(SETTINGS)
    assert ("sweep", "alert", "publish", "ops") == QUEUES == tuple(app.amqp.queues)
    assert {job.queue for job in JOBS} == set(QUEUES)


def test_every_job_is_a_registered_task_in_its_queue_that_beat_asks_for() -> None:
    app = make_app(SETTINGS)
    ours = {name for name in app.tasks if not name.startswith("celery.")}
    assert {f"tasks.{job.name}" for job in JOBS} == ours
    for job in JOBS:
        entry = app.conf.beat_schedule[job.name]
        assert f"tasks.{job.name}" == entry["task"]
        assert job.queue == entry["options"]["queue"]
        assert {"queue": job.queue} == app.conf.task_routes[entry["task"]]


def test_beat_asks_twice_in_every_slot_and_a_call_expires_before_the_next() -> None:
    schedule = configuration(SETTINGS, JOBS)["beat_schedule"]
    for job in JOBS:
        entry = schedule[job.name]
        assert entry["schedule"] * 2 <= job.interval.total_seconds()
        assert entry["options"]["expires"] < entry["schedule"]


def test_beat_keeps_its_schedule_in_the_data_directory() -> None:
    conf = configuration(SETTINGS, JOBS)
    assert str(SETTINGS.home / "beat-schedule") == conf["beat_schedule_filename"]


def test_a_worker_that_is_asked_to_end_ends_softly() -> None:
    assert "SIGQUIT" == os.environ["REMAP_SIGTERM"] == billiard.common.REMAP_SIGTERM
