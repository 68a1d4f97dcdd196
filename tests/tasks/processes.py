"""Real workers and beats as processes of their own, which a test may kill, freeze and end.

Each gets a session of its own, so that its children can be reached, and a file for what it writes.
Whatever a test forgets is killed when it ends.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

ROOT: Final = Path(__file__).parents[2]
PATIENCE: Final = 60.0
"""Seconds within which anything has happened that is going to happen, on a slow machine."""
# Ends the process and its children when this one is gone, whatever took it away: then the pipe that
# the guard reads from is closed.
_GUARD: Final = 'read -r line; kill -s KILL -- "-$1"'
_KEPT: Final = ("PATH", "LD_LIBRARY_PATH", "TMPDIR", "SYSTEMROOT")


def until(condition: Callable[[], object], *, seconds: float = PATIENCE, what: object = "") -> None:
    """Return as soon as ``condition`` holds; fail if it does not in time."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"waited in vain for {what or condition}"
        time.sleep(0.05)


@dataclass
class Running:
    """A process with children, and what it has written."""

    process: subprocess.Popen[bytes]
    log: Path
    guard: subprocess.Popen[bytes]

    @property
    def written(self) -> str:
        """Return everything it has written."""
        return self.log.read_text(encoding="utf-8", errors="replace")

    @property
    def events(self) -> list[dict[str, Any]]:
        """Return its log, one document for each line that is one."""
        lines = self.written.splitlines()
        return [json.loads(line) for line in lines if line.startswith("{") and line.endswith("}")]

    def ended(self, seconds: float = PATIENCE) -> int:
        """Wait for its end and return its exit status."""
        return self.process.wait(seconds)

    def signal(self, number: int) -> None:
        """Send a signal to it alone."""
        self.process.send_signal(number)

    def kill(self) -> None:
        """End it and its children at once, as a power cut would."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(PATIENCE)

    def freeze(self) -> None:
        """Stop it and its children where they are."""
        os.killpg(self.process.pid, signal.SIGSTOP)

    def thaw(self) -> None:
        """Let them go on."""
        os.killpg(self.process.pid, signal.SIGCONT)


@dataclass
class Processes:
    """Starts processes with one environment, and ends them all."""

    place: Path
    environment: Mapping[str, str]
    started: list[Running] = field(default_factory=list)

    def start(self, *arguments: str, **more: str) -> Running:
        """Start Python with ``arguments``; ``more`` is added to its environment."""
        log = self.place / f"process{len(self.started)}.log"
        given = {name: os.environ[name] for name in _KEPT if name in os.environ}
        with log.open("wb") as file:
            process = subprocess.Popen(
                [sys.executable, *arguments],
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=file,
                cwd=self.place,
                env=given
                | {"HOME": str(self.place), "LANG": "C.UTF-8", "PYTHONPATH": str(ROOT)}
                | dict(self.environment)
                | more,
                start_new_session=True,
            )
        guard = subprocess.Popen(
            ["/bin/sh", "-c", _GUARD, "guard", str(process.pid)],
            stdin=subprocess.PIPE,
            start_new_session=True,
        )
        self.started.append(Running(process, log, guard))
        return self.started[-1]

    def worker(self, *, app: str = "tests.tasks.quick", processes: int = 1, **more: str) -> Running:
        """Start a worker and return when it takes tasks."""
        worker = self.start(
            *("-m", "celery", "-A", app, "worker", "-c", str(processes), "-l", "INFO"), **more
        )
        until(lambda: "ready." in worker.written or worker.process.poll() is not None)
        assert worker.process.poll() is None, worker.written
        return worker

    def beat(self, *, app: str = "tests.tasks.quick", **more: str) -> Running:
        """Start a beat."""
        return self.start("-m", "celery", "-A", app, "beat", "-l", "INFO", **more)

    def command(self, *arguments: str, **more: str) -> Running:
        """Start ``gongkai``."""
        return self.start("-c", "from cli.main import main; main()", *arguments, **more)

    def close(self) -> None:
        """End everything that is left."""
        for running in self.started:
            # Children may be left of one that has ended by itself.
            running.kill()
            # Only now: a guard that outlived its process could hit a stranger with its number.
            running.guard.kill()
            running.guard.communicate()
