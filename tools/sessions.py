"""Terminal sessions in documents: read from Markdown, really run, and written back with what came.

A fence of kind ``console`` holds commands after ``$`` and, below each, what it printed; a command
that ends in a backslash goes on in the next line. A fence of kind ``sh`` holds commands alone. All
fences of one document are one session in one directory, and a session may go on in the next
document. ``echo $?`` shows the exit status of the command before it.

Commands run in a shell, except that a plain call of ``gongkai`` is made in a process forked from
this one, which has loaded the program already: a whole tutorial then takes seconds. A test runs the
same sessions through the shell alone.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

SHOWN_HOME: Final = "/home/me"
"""What stands in the documents for the directory in which a session is run."""
_FENCE: Final = re.compile(r"^```(console|sh)$")
_ASSIGNMENT: Final = re.compile(r"([A-Z_]+)=(\S*)\Z")
_SHELL_ONLY: Final = re.compile(r"[|<>;&`$*~(){}\\]")
"""Signs that are left to a shell to understand."""


@dataclass(slots=True)
class Step:
    """One command of a session, the lines it was written in, and what it is said to print."""

    command: str
    written: list[str]
    output: list[str] = field(default_factory=list)


def steps(lines: list[str]) -> list[Step]:
    """Return the commands of a ``console`` fence, in their order."""
    found: list[Step] = []
    for line in lines:
        if line.startswith("$ "):
            found.append(Step(line[2:], [line]))
        elif found and not found[-1].output and found[-1].written[-1].endswith("\\"):
            found[-1].written.append(line)
            found[-1].command = found[-1].command[:-1].rstrip() + " " + line.strip()
        elif found:
            found[-1].output.append(line)
        elif line.strip():
            raise ValueError(f"output before any command: {line}")
    return found


def fences(text: str) -> Iterator[tuple[str, list[str]]]:
    """Yield kind and lines of each fence of a document that belongs to its session."""
    kind: str | None = None
    lines: list[str] = []
    for line in text.split("\n"):
        match = _FENCE.match(line)
        if kind is None and match:
            kind, lines = match[1], []
        elif kind is not None and line == "```":
            yield kind, lines
            kind = None
        elif kind is not None:
            lines.append(line)


def environment(home: Path, language: str) -> dict[str, str]:
    """Return the environment of a session: nothing of this machine's, and cheap passwords."""
    return {
        "HOME": str(home),
        "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin",
        "LANG": "zh_CN.UTF-8" if language == "zh" else "C.UTF-8",
        "GONGKAI_LANG": language,
        "GONGKAI_PASSWORD_MEMORY_KIB": "64",
        "GONGKAI_PASSWORD_ROUNDS": "1",
        "COLUMNS": "90",
        "TZ": "Asia/Shanghai",
    }


class Session:
    """A directory and an environment in which commands are run one after the other."""

    def __init__(self, home: Path, language: str) -> None:
        """Begin in ``home``, which stands for the user's own directory."""
        self.home = home
        self.status = 0
        self.environment = environment(home, language)

    def recorded(self, text: str) -> str:
        """Run all fences of a document and return it with what its commands printed."""
        lines: list[str] = []
        rest = iter(text.split("\n"))
        for line in rest:
            lines.append(line)
            match = _FENCE.match(line)
            if match is None:
                continue
            inside: list[str] = []
            for held in rest:
                if held == "```":
                    break
                inside.append(held)
            if match[1] == "sh":
                self.run("\n".join(inside))
                lines += inside
            else:
                for step in steps(inside):
                    lines += [*step.written, *self.run(step.command)]
            lines.append("```")
        return "\n".join(lines)

    def run(self, command: str) -> list[str]:
        """Run a command and return the lines it printed, errors included."""
        plain = None if _SHELL_ONLY.search(command) else shlex.split(command)
        if plain and plain[0] == "export" and (match := _ASSIGNMENT.match(plain[1])):
            self.environment[match[1]] = match[2]
            return []
        if command == "echo $?":
            return [str(self.status)]
        settings: dict[str, str] = {}
        while plain and (match := _ASSIGNMENT.match(plain[0])):
            settings[match[1]] = match[2]
            plain = plain[1:]
        if plain and plain[0] == "gongkai":
            output = self._forked(plain, self.environment | settings)
        else:
            done = subprocess.run(
                ["bash", "-c", command],
                cwd=self.home,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                check=False,
            )
            output, self.status = done.stdout, done.returncode
        return self.shown(output.decode())

    def shown(self, output: str) -> list[str]:
        """Return what was printed as the documents show it."""
        text = output.replace(str(self.home), SHOWN_HOME)
        return [line.rstrip() for line in text.rstrip("\n").split("\n")] if text.strip() else []

    def _forked(self, arguments: list[str], environment_: Mapping[str, str]) -> bytes:
        """Run the program in a copy of this process; set ``status`` and return its output."""
        import cli.main  # noqa: PLC0415 # for the children; the documents alone do not need it

        reading, writing = os.pipe()
        sys.stdout.flush()
        sys.stderr.flush()
        child = os.fork()
        if child == 0:
            status = 70
            try:
                os.close(reading)
                nothing = os.open(os.devnull, os.O_RDONLY)
                for source, target in ((nothing, 0), (writing, 1), (writing, 2)):
                    os.dup2(source, target)
                os.chdir(self.home)
                os.environ.clear()
                os.environ.update(environment_)
                sys.argv = arguments
                try:
                    cli.main.main()
                except SystemExit as end:
                    status = end.code if isinstance(end.code, int) else int(bool(end.code))
                sys.stdout.flush()
                sys.stderr.flush()
            finally:
                os._exit(status)
        os.close(writing)
        with os.fdopen(reading, "rb") as file:
            output = file.read()
        self.status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        return output
