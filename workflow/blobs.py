"""The store of attached files: one file per content, named by its SHA-256.

A file is written beside its place, flushed to disk and then renamed, before the row that refers to
it is committed; a crash leaves at most a file that nothing refers to. Reading checks the hash.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from contextlib import suppress
from typing import TYPE_CHECKING, BinaryIO, Final

from workflow.errors import Damaged, LimitExceeded, NotFound, Unavailable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_CHUNK: Final = 1024 * 1024


class BlobStore:
    """Files by content under one directory, readable by the owner alone."""

    def __init__(self, directory: Path) -> None:
        """Use ``directory``; it is created with the first file."""
        self.directory = directory

    def path(self, sha256: str) -> Path:
        """Return where the file with that hash lies, or would lie."""
        return self.directory / sha256[:2] / sha256

    def put(self, stream: BinaryIO, *, name: str, limit: int) -> tuple[str, int]:
        """Store what ``stream`` holds and return its SHA-256 (hex) and size in bytes.

        Raises ``LimitExceeded`` above ``limit`` bytes, ``Unavailable`` if it cannot be written;
        then nothing is left behind.
        """
        temporary: str | None = None
        try:
            self.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle, temporary = tempfile.mkstemp(dir=self.directory, prefix=".incoming-")
            with os.fdopen(handle, "wb") as file:
                sha256, size = _copied(stream, file, name=name, limit=limit)
                file.flush()
                os.fsync(file.fileno())
            target = self.path(sha256)
            target.parent.mkdir(mode=0o700, exist_ok=True)
            os.replace(temporary, target)  # noqa: PTH105 # the one atomic rename of the library
            temporary = None
            _flush_directory(target.parent)
        except OSError as error:
            raise Unavailable("blob_store_unwritable", problem=error.strerror) from error
        finally:
            if temporary is not None:
                with suppress(OSError):
                    os.unlink(temporary)  # noqa: PTH108 # a plain string from mkstemp
        return sha256, size

    def open(self, sha256: str) -> BinaryIO:
        """Open a stored file; raises ``NotFound`` or, if its content changed, ``Damaged``."""
        try:
            file = self.path(sha256).open("rb")
        except FileNotFoundError as error:
            raise NotFound("blob_missing", sha256=sha256) from error
        except OSError as error:
            raise Unavailable("blob_store_unreadable", problem=error.strerror) from error
        if hashlib.file_digest(file, "sha256").hexdigest() != sha256:
            file.close()
            raise Damaged("blob_damaged", sha256=sha256)
        file.seek(0)
        return file

    def remove(self, sha256: str) -> bool:
        """Remove a file for good; return whether there was one."""
        try:
            self.path(sha256).unlink()
        except FileNotFoundError:
            return False
        except OSError as error:
            raise Unavailable("blob_store_unwritable", problem=error.strerror) from error
        _flush_directory(self.path(sha256).parent)
        return True

    def stored(self) -> Iterator[str]:
        """Yield the hash of every file in the store, and the name of each that never became one.

        A process that is killed while it takes a file in leaves such a piece behind.
        """
        if not self.directory.is_dir():
            return
        for folder in sorted(self.directory.iterdir()):
            if folder.is_dir():
                yield from sorted(file.name for file in folder.iterdir())
            else:
                yield folder.name


def fingerprint(stream: BinaryIO, *, name: str, limit: int) -> tuple[str, int]:
    """Return SHA-256 and size of ``stream`` without storing it, under the same limit."""
    return _copied(stream, None, name=name, limit=limit)


def _copied(stream: BinaryIO, file: BinaryIO | None, *, name: str, limit: int) -> tuple[str, int]:
    hasher, size = hashlib.sha256(), 0
    while chunk := stream.read(_CHUNK):
        size += len(chunk)
        if size > limit:
            raise LimitExceeded("attachment_too_large", name=name, size=size, limit=limit)
        hasher.update(chunk)
        if file is not None:
            file.write(chunk)
    return hasher.hexdigest(), size


def _flush_directory(directory: Path) -> None:
    """Make a rename survive a power cut; not every file system offers it, none needs telling."""
    with suppress(OSError):
        handle = os.open(directory, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
