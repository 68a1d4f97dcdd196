"""The dead man's switch: a sign of life after each sweep, for a watcher who misses it.

Nobody can report their own death. An address is called, a file is touched, and something outside
this program raises the alarm when that has not happened for too long.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from workflow.errors import GongkaiError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from workflow.settings import Settings

PATIENCE: Final = 5.0
"""Seconds that the watcher's server may take in all; a sweep must not wait for it."""


def give(settings: Settings, now: datetime) -> Iterator[str]:
    """Give every sign of life that is set up; yield what went wrong, without any address."""
    if settings.ping_url is not None and (problem := _called(settings)):
        yield f"ping_url: {problem}"
    if settings.ping_file is not None:
        try:
            _touch(settings.ping_file, now.isoformat(timespec="seconds") + "\n")
        except OSError as error:
            yield f"ping_file: {error.strerror}"


def _called(settings: Settings) -> str | None:
    """Call the address, as alerts go over the web; return what went wrong."""
    # Imported here, because only who sweeps calls anybody.
    from workflow.channels.web import OK, Web  # noqa: PLC0415

    proxy = settings.alert_proxy.get_secret_value() if settings.alert_proxy else None
    url = settings.ping_url.get_secret_value() if settings.ping_url else ""
    try:
        status = Web(seconds=PATIENCE, proxy=proxy).get(url, channel="ping").status
    except GongkaiError as error:
        return error.code
    except ValueError as error:  # An address that is none.
        return type(error).__name__
    # Elsewhere than at the address itself nobody has seen the sign.
    return None if status in OK else str(status)


def _touch(path: Path, text: str) -> None:
    """Replace the file in one step, so that whoever reads it finds a whole one."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(text)
            # It tells a time and no secret, and the watcher is often another account.
            os.fchmod(file.fileno(), 0o644)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
