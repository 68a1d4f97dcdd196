"""How long a command takes from the shell's call to its end."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from tests.bench.office import Office

RUNS: Final = 11
BARE: Final = (sys.executable, "-c", "pass")
PROGRAM: Final = str(Path(sys.executable).with_name("gongkai"))


class CommandFailed(RuntimeError):
    """A command that was to be measured did not do its work."""


def environment(office: Office, person: str) -> dict[str, str]:
    """Return the environment in which ``person`` uses the command in an office."""
    return {
        "PATH": os.environ.get("PATH", ""),
        "GONGKAI_HOME": str(office.home),
        "GONGKAI_DATABASE_URL": office.address,
        "GONGKAI_TOKEN": office.token(person),
        "GONGKAI_LANG": "zh",
        "PYTHONUTF8": "1",
    }


def timed(
    commands: Mapping[str, Sequence[str]],
    variables: Mapping[str, str],
    *,
    runs: int = RUNS,
    advance: Callable[[str], None],
) -> dict[str, float]:
    """Return the median wall-clock time of each command in seconds, run in turns.

    Raises :class:`CommandFailed` with the last words of a command that does not end well.
    """
    times: dict[str, list[float]] = {name: [] for name in commands}
    for number in range(-1, runs):
        for name, argv in commands.items():
            start = time.perf_counter()
            done = subprocess.run(
                argv, env=variables, stdin=subprocess.DEVNULL, capture_output=True, check=False
            )
            elapsed = time.perf_counter() - start
            if done.returncode != 0:
                words = done.stderr.decode(errors="replace")[-2000:]
                raise CommandFailed(f"{' '.join(argv)} ended with {done.returncode}:\n{words}")
            # The first turn fills the caches and does not count.
            if number >= 0:
                times[name].append(elapsed)
        advance(f"{max(number, 0) + 1} / {runs}")
    return {name: median(found) for name, found in times.items()}
