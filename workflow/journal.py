"""The send journal: which messages have left this office, in a file outside of the database.

A database that was put back from a backup knows nothing of what was sent after it, and would send
it again. The file has one JSON line for each message (``seq``, ``key``, ``at``): no address, no
content. It must therefore never be put back together with the database.
"""

from __future__ import annotations

import errno
import fcntl
import json
import os
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from workflow.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LARGEST: Final = 8 * 1024 * 1024
"""A file that has so many bytes is put aside, and the one put aside before is dropped."""
_TAIL: Final = 16 * 1024
"""So many bytes are read to learn the last number: more lines than there are senders at once."""


@dataclass(frozen=True, slots=True)
class Noted:
    """One message of the journal: its running number, its key, and when it was about to leave."""

    seq: int
    key: str
    at: datetime


class Journal:
    """The journal in one file, and the older one beside it; any number of processes may write.

    Everything raises ``Unavailable('journal_unusable')`` where the file cannot be read or written.
    """

    def __init__(self, path: Path, *, largest: int = LARGEST) -> None:
        """Use the file at ``path``; it is made with the first message."""
        self.path = path
        self._largest = largest

    @property
    def before(self) -> Path:
        """The file that was put aside when it had become too large."""
        return self.path.with_name(self.path.name + ".1")

    def note(self, seq: int, key: str, at: datetime) -> None:
        """Write down that the message ``key`` is about to leave; return when it is on the disk.

        ``seq`` has been committed in the office's row before, so that the journal is never ahead
        of its own database.
        """
        line = json.dumps({"seq": seq, "key": key, "at": at.isoformat()}) + "\n"
        with self._failures(), self._alone():
            self._rotate()
            handle = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
            try:
                size = os.fstat(handle).st_size
                if size and os.pread(handle, 1, size - 1) != b"\n":
                    # Somebody died in the middle of a line: it stays torn, and ends here.
                    line = "\n" + line
                if os.write(handle, line.encode("ascii")) != len(line):
                    # A disk that fills up takes a part and says nothing.
                    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
                os.fsync(handle)
            finally:
                os.close(handle)
            if size == 0:
                self._settle()

    def last(self) -> int:
        """Return the highest number that was noted, 0 if none was; reads the ends of the files.

        Of both, for two senders may write out of order while the file is put aside.
        """
        highest = 0
        for path in (self.path, self.before):
            with self._failures():
                try:
                    with path.open("rb") as file:
                        file.seek(max(file.seek(0, os.SEEK_END) - _TAIL, 0))
                        lines = file.read().splitlines()
                except FileNotFoundError:
                    continue
            highest = max([highest, *(noted.seq for line in lines if (noted := _read(line)))])
        return highest

    def entries(self, after: int = 0) -> Iterator[Noted]:
        """Yield what was noted with a higher number than ``after``, as it was written."""
        for path in (self.before, self.path):
            with self._failures():
                try:
                    file = path.open("rb")
                except FileNotFoundError:
                    continue
                with file:
                    for line in file:
                        noted = _read(line)
                        if noted is not None and noted.seq > after:
                            yield noted

    def writable(self) -> bool:
        """Tell whether a message could be noted now, without noting one."""
        place = next(path for path in (self.path, *self.path.parents) if path.exists())
        if place == self.path:
            return os.access(place, os.W_OK)
        return place.is_dir() and os.access(place, os.W_OK | os.X_OK)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Keep other writers out, so that none writes into a file that was put aside."""
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        name = self.path.with_name(self.path.name + ".lock")
        lock = os.open(name, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        finally:
            os.close(lock)

    def _rotate(self) -> None:
        if self.path.exists() and self.path.stat().st_size >= self._largest:
            self.path.replace(self.before)

    def _settle(self) -> None:
        """Make the new name survive a loss of power, too."""
        handle = os.open(self.path.parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)

    @contextmanager
    def _failures(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            problem = error.strerror or str(error)
            raise Unavailable("journal_unusable", path=str(self.path), problem=problem) from error


def _read(line: bytes) -> Noted | None:
    """Return what a line says; ``None`` for a torn one."""
    try:
        said = json.loads(line)
        return Noted(int(said["seq"]), str(said["key"]), datetime.fromisoformat(said["at"]))
    except (ValueError, KeyError, TypeError):
        return None
