"""Terminal sessions in documents: read from Markdown, really run, and written back with what came.

A fence of kind ``console`` holds commands after ``$`` and, below each, what it printed; a command
that ends in a backslash goes on in the next line. A fence of kind ``sh`` holds commands alone, and
so does a line ``<!-- run: COMMAND -->``, which readers do not see. All fences of one document are
one session in one directory, and a session may go on in the next document. ``echo $?`` shows the
exit status of the command before it.

Commands run in a shell, except that ``gongkai`` runs in this process, which has loaded the program
already: a whole tutorial then takes seconds. A test runs some of the sessions through the shell
alone. That a rehearsal is one is said by every command; the documents say it once, and the line is
left out of them.
"""

from __future__ import annotations

import io
import os
import re
import shlex
import shutil
import subprocess
import sys
from contextlib import contextmanager
from contextvars import copy_context
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from cli import main as program
from workflow.messages import text

if TYPE_CHECKING:
    from collections.abc import Iterator

SHOWN_HOME: Final = "/home/me"
"""What stands in the documents for the directory in which a session is run."""
_PROGRAM: Final = f"""import sys
sys.path.insert(0, {str(Path(__file__).resolve().parent.parent)!r})
from cli.main import main
main()"""
LAUNCHER: Final = f"""#!/bin/sh
exec {shlex.quote(sys.executable)} -P -c {shlex.quote(_PROGRAM)} "$@"
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
        """Begin below ``place``, an empty directory; ``shell_only`` leaves all to a shell."""
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
            "COLUMNS": "80",
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

    def run(self, command: str, given: str = "") -> list[str]:
        """Run a command and return the lines it printed, errors included.

        ``given`` is the standard input of a call of the program.
        """
        if export := _EXPORT.match(command):
            value = export[2].replace("$HOME", str(self.home)).replace("$PWD", str(self.home))
            value = value.replace("$PATH", self.environment["PATH"])
            self.environment[export[1]] = shlex.split(value)[0] if value else ""
            return []
        if command == "echo $?":
            return [str(self.status)]
        fed = _FED.match(command)
        plain, given = (fed[2], fed[1] + "\n") if fed else (command, given)
        further = _FURTHER.match(plain)
        plain = further[1] if further else plain
        if self._shell_only or not plain.startswith("gongkai ") or _SHELL_ONLY.search(plain):
            return self.shown(self._shell(command))
        output, errors = io.BytesIO(), io.BytesIO()
        # Both in one, unless one of them goes on into a file or a filter.
        with self._inside(given, output, errors if further else output):
            # The language that a call speaks is its own.
            self.status = copy_context().run(program.run, shlex.split(plain)[1:])
        said = errors.getvalue()
        if further:
            return self.shown(said + self._shell(f"cat {further[2]}", output.getvalue()))
        return self.shown(output.getvalue())

    def shown(self, output: bytes) -> list[str]:
        """Return what was printed as the documents show it."""
        lines = output.decode().replace(str(self.home), SHOWN_HOME).split("\n")
        said = [line.rstrip() for line in lines if line != self._unsaid]
        while said and not said[-1]:
            said.pop()
        return said

    def _shell(self, command: str, given: bytes = b"") -> bytes:
        """Run a command in a shell; return what it printed, and keep its exit status."""
        done = subprocess.run(
            ["bash", "-c", command],
            cwd=self.home,
            env=self.environment,
            input=given,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
        self.status = done.returncode
        return done.stdout

    @contextmanager
    def _inside(self, given: str, output: io.BytesIO, errors: io.BytesIO) -> Iterator[None]:
        """Make this process look like one that the session's shell has started."""
        streams = sys.stdin, sys.stdout, sys.stderr
        environment, directory = dict(os.environ), Path.cwd()
        written = [io.TextIOWrapper(one, "utf-8", write_through=True) for one in (output, errors)]
        try:
            os.environ.clear()
            os.environ.update(self.environment)
            os.chdir(self.home)
            sys.stdin = io.TextIOWrapper(io.BytesIO(given.encode()), "utf-8")
            sys.stdout, sys.stderr = written
            yield
        finally:
            sys.stdin, sys.stdout, sys.stderr = streams
            os.chdir(directory)
            os.environ.clear()
            os.environ.update(environment)
            for one in written:
                # Not closed by its wrapper, for it is read afterwards.
                one.detach()
