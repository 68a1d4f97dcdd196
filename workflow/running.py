"""One process that runs every job until it is told to stop: a small office needs no broker.

It sleeps until the next slot of any job begins. One process per data directory: a second one finds
it locked. The first signal lets the job in hand come to its end, a second one ends it at once; what
it had not committed is rolled back, and the next run finds it.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import select
import signal
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import structlog

from workflow.errors import Conflict, Unavailable
from workflow.jobs import JOBS, run_job
from workflow.ticks import slot_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import datetime
    from pathlib import Path

    from workflow.jobs import Job
    from workflow.settings import Application

LONGEST_NAP: Final = 60.0
"""Seconds after which it looks at the clock again, which may have been set meanwhile."""
_SIGNALS: Final = (signal.SIGTERM, signal.SIGINT)
_log: Final = structlog.stdlib.get_logger("gongkai.run")


@contextlib.contextmanager
def alone(home: Path) -> Iterator[None]:
    """Be the only one here; raises ``Conflict('already_running')`` if somebody is.

    The lock is the kernel's and goes with the process, whatever ends it; the file may stay.
    """
    path = home / "run.lock"
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise Unavailable("home_unwritable", path=str(home), problem=error.strerror) from error
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise Conflict("already_running", path=str(path)) from error
        yield
    finally:
        os.close(handle)


class Stop:
    """Whether somebody wants this process to end; waits for that without a busy loop.

    A signal writes to a pipe, because a handler may not touch the locks of what it interrupts.
    """

    def __init__(self) -> None:
        """Nobody does yet."""
        self.asked = False
        self._reads, self._writes = os.pipe()

    @contextlib.contextmanager
    def listening(self) -> Iterator[None]:
        """Take the signals to end; the second one raises ``KeyboardInterrupt``."""
        before = [signal.signal(number, self._take) for number in _SIGNALS]
        try:
            yield
        finally:
            for number, handler in zip(_SIGNALS, before, strict=True):
                signal.signal(number, handler)
            os.close(self._reads)
            os.close(self._writes)

    def _take(self, _number: int, _frame: Any) -> None:
        if self.asked:
            raise KeyboardInterrupt
        self.asked = True
        os.write(self._writes, b"!")

    def wait(self, seconds: float) -> None:
        """Return after so long, or as soon as somebody wants it."""
        if not self.asked:
            select.select([self._reads], [], [], seconds)


@dataclass(slots=True)
class _Loop:
    app: Application
    stop: Stop
    seen: dict[str, datetime] = field(default_factory=dict)
    came: Counter[str] = field(default_factory=Counter)
    counts: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    unwritten: set[str] = field(default_factory=set)

    def go_round(self) -> None:
        """Run every job whose slot has begun and that did not run in it yet."""
        for job in JOBS:
            slot = slot_of(self.app.runtime.clock(), job.interval)
            if not self.stop.asked and self.seen.get(job.name) != slot and self._ran(job):
                self.seen[job.name] = slot

    def _ran(self, job: Job) -> bool:
        """Run a job; return whether its slot is dealt with, or to be tried again soon."""
        try:
            ran = run_job(self.app, job, forced=job.name in self.unwritten)
        except Exception as error:  # noqa: BLE001 # a bug in one job must not stop the others
            self.came["failed"] += 1
            # Where it came from was logged when it was written down.
            _log.error("job", job=job.name, outcome="broke", problem=type(error).__name__)
            return False
        (self.unwritten.add if ran.unwritten else self.unwritten.discard)(job.name)
        self.came[ran.outcome] += 1
        said = _log.info if ran.error is None else _log.warning
        facts = {"problem": ran.problem} if ran.problem else {}
        counts = {name: count for name, count in ran.counts.items() if count}
        if counts:
            self.counts[job.name].update(counts)
        said(
            "job",
            job=job.name,
            outcome=ran.outcome,
            seconds=round(ran.seconds, 3),
            counts=counts,
            **facts,
        )
        return ran.error is None

    def nap(self) -> float:
        now = self.app.runtime.clock()
        ends = min(slot_of(now, job.interval) + job.interval for job in JOBS)
        return min((ends - now).total_seconds(), LONGEST_NAP)


def run(
    app: Application, stop: Stop, *, once: bool = False, allowed: Callable[[], object] = bool
) -> tuple[Mapping[str, int], Mapping[str, Mapping[str, int]]]:
    """Run the jobs until ``stop``, or ``once``.

    Returns how many runs ended in which way, and for each job what it has counted.

    ``allowed`` is asked before each round and raises if whoever started this may no longer run it.
    """
    loop = _Loop(app, stop)
    while not stop.asked:
        # A database that is away says nothing about anybody's rights.
        with contextlib.suppress(Unavailable):
            allowed()
        loop.go_round()
        if once:
            break
        stop.wait(loop.nap())
    return loop.came, loop.counts
