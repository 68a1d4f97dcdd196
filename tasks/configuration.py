"""Celery's settings, each for something that was seen to go wrong without it.

The database says what is to be done; the queue only says "look now". So what is lost here costs
time and nothing else, and every setting prefers losing a call over running one twice for long.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from kombu import Queue

from workflow.jobs import QUEUES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from workflow.jobs import Job
    from workflow.settings import Settings

KNOCK: Final = 30.0
"""Beat asks for a job at least so often, in seconds; of all calls in one slot one runs.

Asked only once in each slot, a call that comes a moment late or is lost would miss it.
"""
TIME_LIMIT: Final = 300
SOFT_TIME_LIMIT: Final = 240
VISIBILITY_TIMEOUT: Final = 1800
"""Longer than any task may take: Redis would hand it out again while it runs."""
SCHEDULE_FILE: Final = "beat-schedule"


def task_name(job: Job) -> str:
    """Return the name under which a job is known to Celery."""
    return f"tasks.{job.name}"


def knock(job: Job) -> float:
    """Return how often beat asks for a job, in seconds."""
    return min(job.interval.total_seconds() / 2, KNOCK)


def configuration(settings: Settings, jobs: Sequence[Job]) -> dict[str, Any]:
    """Return Celery's settings for ``jobs``."""
    broker = settings.broker_url
    return {
        # Without an address Celery would look for a RabbitMQ; the checks stop it before that.
        "broker_url": broker.get_secret_value() if broker else "redis://",
        "broker_transport_options": {
            "visibility_timeout": VISIBILITY_TIMEOUT,
            # A frozen Redis must not hold whoever publishes: 0.2 s instead of more than 40.
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
        "task_time_limit": TIME_LIMIT,
        "task_soft_time_limit": SOFT_TIME_LIMIT,
        # Every job may run twice. What dies with its worker is found by the next run; handed out
        # again at once, a task that kills its worker would do so again and again.
        "task_acks_late": True,
        "task_reject_on_worker_lost": False,
        "worker_prefetch_multiplier": 1,
        "worker_cancel_long_running_tasks_on_connection_loss": True,
        "task_ignore_result": True,
        "result_backend": None,
        "task_serializer": "json",
        "result_serializer": "json",
        "accept_content": ["json"],
        "task_queues": [Queue(name) for name in QUEUES],
        "task_default_queue": "ops",
        "task_create_missing_queues": False,
        "task_routes": {task_name(job): {"queue": job.queue} for job in jobs},
        "worker_soft_shutdown_timeout": 30,
        "worker_enable_soft_shutdown_on_idle": True,
        "worker_hijack_root_logger": False,
        "worker_redirect_stdouts": False,
        "beat_schedule": _schedule(jobs),
        "beat_max_loop_interval": 30,
        "beat_schedule_filename": str(settings.home / SCHEDULE_FILE),
        "beat_enable_remote_control": True,
        "timezone": "Asia/Shanghai",
        "enable_utc": True,
    }


def _schedule(jobs: Sequence[Job]) -> Mapping[str, Any]:
    return {
        job.name: {
            "task": task_name(job),
            "schedule": knock(job),
            # A call that waited for the next one is that one's double.
            "options": {"queue": job.queue, "expires": knock(job) * 0.8},
        }
        for job in jobs
    }
