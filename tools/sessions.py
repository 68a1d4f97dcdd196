"""Terminal sessions in documents: read from Markdown, really run, and written back with what came.

A fence of kind ``console`` holds commands after ``$`` and, below each, what it printed; a command
that ends in a backslash goes on in the next line. A fence of kind ``sh`` holds commands alone, and
so does a line ``<!-- run: COMMAND -->``, which readers do not see. All fences of one document are
one session in one directory, and a session may go on in the next document. ``echo $?`` shows the
exit status of the command before it.

Commands run in a shell, except that ``gongkai`` runs in a process forked from this one, which has
loaded the program already: a whole tutorial then takes seconds. A test runs the same sessions
through the shell alone. That a rehearsal is one is said by every command; the documents say it
once, and the line is left out of them.
"""

from __future__ import annotations

import importlib
import os
import pkgutil
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final

import cli
import workflow
from workflow.messages import text

if TYPE_CHECKING:
    from collections.abc import Sequence

SHOWN_HOME: Final = "/home/me"
"""What stands in the documents for the directory in which a session is run."""
LAUNCHER: Final = f"""#!{sys.executable}
import sys
sys.path.insert(0, {str(Path(__file__).resolve().parent.parent)!r})
from cli.main import main
main()
"""
"""The command for a shell, whether or not the tree is installed."""
_FENCE: Final = re.compile(r"^```(console|sh)$")
_UNSEEN: Final = re.compile(r"^<!-- run: (.*) -->$")
_EXPORT: Final = re.compile(r"export ([A-Z_]+)=(\S*)\Z")
_FED: Final = re.compile(r"echo ([\w.-]+) \| (gongkai .*)\Z")
_FURTHER: Final = re.compile(r"(gongkai [^|>]*?) ([|>] ?.*)\Z")
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


class Session:
    """A directory and an environment in which commands are run one after the other."""

    def __init__(self, place: Path, language: str, *, shell_only: bool = False) -> None:
        """Begin below ``place``, an empty directory; ``shell_only`` forks no process."""
        self.home = place / "home"
        self.home.mkdir()
        programs = place / "bin"
        programs.mkdir()
        launcher = programs / "gongkai"
        launcher.write_text(LAUNCHER, "utf-8")
        launcher.chmod(0o755)
        if shutil.which("sha256sum") is None:
            # macOS knows it by another name, of which a page tells.
            (programs / "sha256sum").write_text('#!/bin/sh\nexec shasum -a 256 "$@"\n', "utf-8")
            (programs / "sha256sum").chmod(0o755)
        self.status = 0
        self.environment = {
            "HOME": str(self.home),
            "PATH": f"{programs}:/usr/bin:/bin",
            "LANG": "C.UTF-8",
            "GONGKAI_LANG": language,
            # Passwords that stand in a document need no costly hash.
            "GONGKAI_PASSWORD_MEMORY_KIB": "64",
            "GONGKAI_PASSWORD_ROUNDS": "1",
        }
        self._shell_only = shell_only
        self._unsaid = text("cli.rehearsal", "zh" if language == "zh" else "en")

    def recorded(self, document: str) -> str:
        """Run all fences of a document and return it with what its commands printed."""
        lines: list[str] = []
        rest = iter(document.split("\n"))
        for line in rest:
            lines.append(line)
            if unseen := _UNSEEN.match(line):
                said = self.run(unseen[1])
                if self.status:
                    raise ValueError("\n".join([line, *said]))
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
        if export := _EXPORT.match(command):
            value = export[2].replace("$HOME", str(self.home))
            self.environment[export[1]] = shlex.split(value)[0] if value else ""
            return []
        if command == "echo $?":
            return [str(self.status)]
        fed = _FED.match(command)
        plain, given = (fed[2], fed[1] + "\n") if fed else (command, "")
        further = _FURTHER.match(plain)
        plain = further[1] if further else plain
        forked = plain.startswith("gongkai ") and not _SHELL_ONLY.search(plain)
        if self._shell_only or not forked:
            return self.shown(self._shell(command))
        with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
            # Both in one, unless one of them goes on into a file or a filter.
            streams = (output, errors if further else output)
            self.status = self._forked(shlex.split(plain), given, streams)
            output.seek(0)
            errors.seek(0)
            if further:
                said = errors.read() + self._shell(f"cat {further[2]}", output)
            else:
                said = output.read()
        return self.shown(said)

    def shown(self, output: bytes) -> list[str]:
        """Return what was printed as the documents show it."""
        lines = output.decode().replace(str(self.home), SHOWN_HOME).split("\n")
        said = [line.rstrip() for line in lines if line != self._unsaid]
        while said and not said[-1]:
            said.pop()
        return said

    def _shell(self, command: str, given: IO[bytes] | None = None) -> bytes:
        """Run a command in a shell; return what it printed, and keep its exit status."""
        done = subprocess.run(
            ["bash", "-c", command],
            cwd=self.home,
            env=self.environment,
            stdin=given or subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
        self.status = done.returncode
        return done.stdout

    def _forked(self, arguments: list[str], given: str, streams: Sequence[IO[bytes]]) -> int:
        """Run the program in a copy of this process; return its exit status."""
        program = _loaded()
        with tempfile.TemporaryFile() as entry:
            entry.write(given.encode())
            entry.seek(0)
            sys.stdout.flush()
            sys.stderr.flush()
            child = os.fork()
            if child == 0:
                status = 70
                try:
                    for target, stream in enumerate((entry, *streams)):
                        os.dup2(stream.fileno(), target)
                    os.chdir(self.home)
                    os.environ.clear()
                    os.environ.update(self.environment)
                    status = program.run(arguments[1:])
                    sys.stdout.flush()
                    sys.stderr.flush()
                finally:
                    os._exit(status)
            return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _loaded() -> Any:
    """Return the program with everything that it would import later, once for all children."""
    for package in (workflow, cli):
        for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
            importlib.import_module(module.name)
    return sys.modules["cli.main"]
