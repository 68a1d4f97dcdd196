"""One task for each job, and what every task says of itself in the log."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, Any, Final

import structlog
from celery import Task

from tasks.configuration import task_name
from workflow.errors import Unavailable
from workflow.jobs import run_job
from workflow.settings import bootstrap, load_settings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from celery import Celery

    from workflow.jobs import Job, Ran
    from workflow.settings import Application

RETRIES: Final = 2
"""So often a run is tried again soon because something did not answer; then beat's next call is
the retry, so that an outage of hours is no storm."""
FIRST_RETRY: Final = 5
"""Seconds until the first retry; the second one waits for three times as long."""
_log: Final = structlog.stdlib.get_logger("gongkai.tasks")


class JobBroke(RuntimeError):
    """A bug in a job: its name and the kind of error, for the words of that may quote an item."""


class _Connected:
    """The engine in this process, put together when it is first needed."""

    def __init__(self) -> None:
        self._app: Application | None = None
        self._process = 0

    def get(self) -> Application:
        """Return it; raises what ``bootstrap`` raises."""
        if self._app is None or self._process != os.getpid():
            self.drop()
            self._app = bootstrap(load_settings(), channel="worker")
            self._process = os.getpid()
        return self._app

    def drop(self) -> None:
        """Forget what is connected; in a child of the process that connected it, without a word."""
        if self._app is not None:
            # The connections are still the parent's, which goes on using them.
            self._app.database.engine.dispose(close=self._process == os.getpid())
        self._app = None


connected: Final = _Connected()


class JobTask(Task):  # type: ignore[type-arg] # generic in the stubs only
    """What every task is: it writes start, success, retry and failure to the log."""

    abstract = True
    max_retries = RETRIES

    def before_start(self, task_id: str, args: Any, kwargs: Any) -> None:
        """Note that a run begins."""
        del args, kwargs
        self.request.update(began=time.monotonic())
        _log.debug("task_started", **self._facts(task_id))

    def on_success(self, retval: Any, task_id: str, args: Any, kwargs: Any) -> None:
        """Note what a run came to; that a slot was taken is worth no line."""
        del args, kwargs
        said = {
            "done": _log.info,
            "taken": _log.debug,
        }.get(retval["outcome"], _log.warning)
        said("task_succeeded", **self._facts(task_id), **retval)

    def on_retry(self, exc: Exception, task_id: str, args: Any, kwargs: Any, einfo: Any) -> None:
        """Note that a run is to be tried again soon, and why."""
        del args, kwargs, einfo
        problem = getattr(exc, "code", type(exc).__name__)
        _log.warning("task_retried", problem=problem, **self._facts(task_id))

    def on_failure(self, exc: Exception, task_id: str, args: Any, kwargs: Any, einfo: Any) -> None:
        """Note that a run failed, and why."""
        del args, kwargs, einfo
        # What a job raised was told where it was caught, with the place it came from.
        problem = (
            str(exc) if isinstance(exc, JobBroke) else getattr(exc, "code", type(exc).__name__)
        )
        _log.error("task_failed", problem=problem, **self._facts(task_id))

    def _facts(self, task_id: str) -> dict[str, Any]:
        request = self.request
        began = getattr(request, "began", None)
        return {
            "task": self.name,
            "id": task_id,
            "queue": (request.delivery_info or {}).get("routing_key"),
            "retry": request.retries,
            "seconds": None if began is None else round(time.monotonic() - began, 3),
        }


def register(app: Celery, jobs: Sequence[Job]) -> None:
    """Make a task of each job: ``tasks.<name>``."""
    for job in jobs:
        # Not shared: else every application of this process would have it, whatever its table.
        app.task(name=task_name(job), base=JobTask, bind=True, shared=False, job=job)(_run)


def _run(task: Any, *, forced: bool = False) -> dict[str, Any]:
    """Run the task's job; what is not there now is tried again soon."""
    job: Job = task.job
    try:
        ran = run_job(connected.get(), job, forced=forced)
    except Unavailable as error:
        raise _later(task, error) from error
    except Exception as error:  # noqa: BLE001 # whatever it is, its words stay here
        raise JobBroke(f"{job.name}: {type(error).__name__}") from None
    if isinstance(ran.error, Unavailable) and task.request.retries < RETRIES:
        raise _later(task, ran.error, forced=ran.unwritten)
    return _told(ran)


def _later(task: Any, error: Unavailable, *, forced: bool = False) -> Exception:
    wait = FIRST_RETRY * 3**task.request.retries
    # Of no use once beat has asked again.
    retry: Exception = task.retry(
        kwargs={"forced": forced}, exc=error, countdown=wait, expires=wait + 60, throw=False
    )
    return retry


def _told(ran: Ran) -> dict[str, Any]:
    told: dict[str, Any] = {
        "outcome": ran.outcome,
        "counts": {name: count for name, count in ran.counts.items() if count},
    }
    return told | ({"problem": ran.problem} if ran.problem else {})
