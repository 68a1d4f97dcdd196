"""A terminal at which somebody sits and answers."""

from __future__ import annotations

import os
import pty
import select
from typing import TYPE_CHECKING, Any, Final

from tests.cli.desk import Result

if TYPE_CHECKING:
    from tests.cli.desk import Desk

PATIENCE: Final = 30.0
"""Seconds after which a command that shows nothing more is taken for hung."""


def at_terminal(
    desk: Desk, who: str | None, *arguments: str, typed: str = "", **more: str | None
) -> Result:
    """Run the command at a terminal; ``typed`` is typed at its first question.

    What is shown, with what is echoed, is in ``out``; ``more`` is added to the environment.
    """
    master, slave = pty.openpty()
    options: dict[str, Any] = dict.fromkeys(("stdin", "stdout", "stderr"), slave)
    # In a session of its own: else a password would be asked for at the terminal of the suite.
    options["start_new_session"] = True
    with desk.start(who, *arguments, environment=more, **options) as process:
        os.close(slave)
        shown, answer = b"", typed.encode()
        while select.select([master], [], [], PATIENCE)[0] and (piece := _read(master)):
            shown += piece
            # A question leaves the cursor behind it; typed any earlier, a password would be lost.
            if answer and not shown.endswith(b"\n"):
                os.write(master, answer)
                answer = b""
        # Closed, so that whoever still asks is told that nobody sits there any more.
        os.close(master)
    return Result(process.returncode, shown.decode().replace("\r\n", "\n"), "")


def _read(master: int) -> bytes:
    try:
        return os.read(master, 65536)
    except OSError:
        return b""  # On Linux this is how the end of a terminal looks.
