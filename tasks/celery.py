"""The Celery application, for ``celery -A tasks worker`` and ``celery -A tasks beat``.

Importing this connects to nothing and refuses nothing; a worker or a beat that starts is looked at
by :mod:`tasks.checks` first.
"""

from __future__ import annotations

import importlib
import logging
import os
import sys
import threading
from contextlib import ExitStack
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, NoReturn

# Asked to end, a worker gives its tasks the time of a soft shutdown and no more. Celery reads this
# when it is first loaded, which its own command has done already.
os.environ.setdefault("REMAP_SIGTERM", "SIGQUIT")
import billiard.common

importlib.reload(billiard.common)

import structlog  # noqa: E402
from celery import Celery, signals  # noqa: E402
from celery.apps.beat import Beat  # noqa: E402

from tasks.checks import Examination, Finding  # noqa: E402
from tasks.configuration import configuration  # noqa: E402
from tasks.periodic import connected, register  # noqa: E402
from workflow import jobs, logs, metrics  # noqa: E402
from workflow.errors import GongkaiError  # noqa: E402
from workflow.messages import language_for  # noqa: E402
from workflow.settings import Settings, load_settings  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workflow.jobs import Job
    from workflow.messages import Language

_process: Final = ExitStack()
"""What stays open as long as this process works."""
_log: Final = structlog.stdlib.get_logger("gongkai.tasks")


class _Checked(Celery):
    """An application whose beat is looked at before it says that it starts."""

    @cached_property
    def Beat(self) -> Any:  # noqa: N802 # what Celery calls it
        return self.subclass_with_self(CheckedBeat)


class CheckedBeat(Beat):
    """Celery's beat, which would print its banner and then find that nothing answers."""

    def run(self) -> None:
        """Look at what beat needs, and begin."""
        _look(self.app or app, worker=False)
        super().run()


def make_app(settings: Settings, table: Sequence[Job] = jobs.JOBS) -> Celery:
    """Return an application that runs the jobs of ``table``."""
    made = _Checked("gongkai")
    made.conf.update(configuration(settings, table))
    register(made, table)
    made.finalize()
    return made


def _settings() -> tuple[Settings, GongkaiError | None]:
    """Return the settings, or the usual ones and what is wrong with those that were given."""
    try:
        return load_settings(), None
    except GongkaiError as error:
        # Nothing is read again: what is wrong is in the environment.
        return Settings.model_construct(), error


settings, _wrong = _settings()
app: Final = make_app(settings)


# -- starting --------------------------------------------------------------------------------


@signals.setup_logging.connect
def _set_up_logging(**_given: Any) -> None:
    """Write everything as lines of JSON; Celery's own account of tasks repeats ours."""
    _process.enter_context(logs.written(sys.stderr, settings.log_format or "json"))
    logging.getLogger("celery.app.trace").setLevel(logging.CRITICAL)
    logging.getLogger("celery.worker.strategy").setLevel(logging.WARNING)


def language() -> Language:
    """Return the language of what is printed."""
    # Said in the environment it holds also where another setting is wrong.
    return language_for(os.environ, os.environ.get("GONGKAI_LANG"), settings.lang)


def examined(celery: Celery, *, worker: bool) -> list[Finding]:
    """Return everything that is wrong."""
    if _wrong is not None:
        return [Finding(error=_wrong, status=2)]
    return list(Examination(celery, settings).all(worker=worker))


def _stop(status: int) -> NoReturn:
    sys.stderr.flush()
    # Celery's signals swallow everything else.
    raise SystemExit(status)


def _look(celery: Celery, *, worker: bool) -> None:
    """Write what is wrong to standard error; end the process if it must not start."""
    found = examined(celery, worker=worker)
    for each in found:
        sys.stderr.write(each.line(language()) + "\n")
    stops = [each.status for each in found if each.status is not None]
    if stops:
        _stop(stops[0])


@signals.celeryd_init.connect
def _before_worker(instance: Any = None, **_given: Any) -> None:
    _look(instance.app if instance is not None else app, worker=True)


@signals.worker_process_init.connect
def _in_child(**_given: Any) -> None:
    """Forget the parent's connections: two processes on one of them garble both."""
    connected.drop()


# -- beside the tasks ------------------------------------------------------------------------


class _Watch(threading.Thread):
    """Misses the jobs, and beat, also when nobody asks for anything any more.

    It runs in the worker itself, and sends what that owes.
    """

    def __init__(self) -> None:
        super().__init__(name="gongkai-watch", daemon=True)
        self.ended = threading.Event()

    def run(self) -> None:
        while not self.ended.is_set():
            try:
                ran = jobs.run_job(connected.get(), jobs.WATCH)
                if ran.counts.get("late"):
                    jobs.run_job(connected.get(), jobs.DISPATCH_ALERTS)
            except Exception as error:  # noqa: BLE001 # the next one is only half a minute away
                _log.warning("watch_failed", problem=type(error).__name__)
            self.ended.wait(jobs.WATCH.interval.total_seconds() / 2)


_watch: Final = _Watch()


@signals.worker_ready.connect
def _beside_worker(**_given: Any) -> None:
    _watch.start()
    try:
        _process.enter_context(metrics.serving(connected.get()))
    except GongkaiError as error:
        # It was there a moment ago, when it was looked at.
        _log.error("metrics_unavailable", problem=error.code)  # no traceback


@signals.worker_shutting_down.connect
def _without_worker(**_given: Any) -> None:
    _watch.ended.set()
    _process.pop_all().close()
