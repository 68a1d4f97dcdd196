"""Saved logins: one small file for each user of the operating system, and for nobody else.

It holds a token for each database, never a password, and lies outside the data directory, which
several people may share. It is replaced in one step, so that a crash leaves the old one or the new.
"""

from __future__ import annotations

import json
import os
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from cli.output import UNAVAILABLE, Failure

if TYPE_CHECKING:
    from datetime import datetime

_FILE: Final = "logins.json"


def directory(home: Path) -> Path:
    """Return where this user's logins are kept; never inside the data directory ``home``."""
    import platformdirs  # noqa: PLC0415 # for those who sign in only

    place = Path(platformdirs.user_config_dir("gongkai", appauthor=False))
    # On macOS data and configuration of a program share one directory.
    if place.resolve().is_relative_to(home.resolve()):
        place = place.with_name("gongkai-logins")
    return place


class SavedLogins:
    """The tokens of one user, by the address of the database they are for."""

    def __init__(self, place: Path) -> None:
        """Use the file in the directory ``place``; it is made with the first login."""
        self.file = place / _FILE

    def token(self, address: str) -> str | None:
        """Return the saved token for a database; ``None`` if there is none."""
        entry = self._read().get(address)
        token = entry.get("token") if isinstance(entry, dict) else None
        return token if isinstance(token, str) else None

    def save(self, address: str, *, name: str, token: str, expires_at: datetime) -> None:
        """Remember ``token``; raises :class:`Failure` if the file cannot be written."""
        entry = {"name": name, "token": token, "expires_at": expires_at.isoformat()}
        self._write(self._read() | {address: entry})

    def forget(self, address: str) -> None:
        """Remove the token for a database, if there is one."""
        entries = self._read()
        if entries.pop(address, None) is not None:
            self._write(entries)

    def _read(self) -> dict[str, Any]:
        try:
            entries = json.loads(self.file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            # Whoever cannot read it has not signed in, and signing in again writes it anew.
            return {}
        return entries if isinstance(entries, dict) else {}

    def _write(self, entries: dict[str, Any]) -> None:
        place = self.file.parent
        temporary: str | None = None
        try:
            place.mkdir(mode=0o700, parents=True, exist_ok=True)
            # Made by mkstemp readable by the owner alone, and it stays so under its new name.
            handle, temporary = tempfile.mkstemp(dir=place, prefix=".logins-")
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                json.dump(entries, file, ensure_ascii=False, indent=2)
                file.flush()
                os.fsync(file.fileno())
            Path(temporary).replace(self.file)
            temporary = None
        except OSError as error:
            raise Failure(
                "logins_unwritable",
                status=UNAVAILABLE,
                path=str(self.file),
                problem=error.strerror,
            ) from error
        finally:
            if temporary is not None:
                with suppress(OSError):
                    Path(temporary).unlink()
