"""A directory that is a web site: safe names, whole files only, one writer at a time.

Every file is written beside its place, flushed to the disk and moved there in one step, so that a
reader sees the old file or the new one. A marker file says that a directory is ours: nothing is
ever written to or removed from a directory that holds something else.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import hashlib
import os
import re
import stat
import tempfile
import time
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final

from workflow.errors import ChannelFailed, Damaged

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

MARKER: Final = ".gongkai-site"
KEPT: Final = frozenset({".well-known", "favicon.ico", "lost+found", "robots.txt"})
"""Names at the root of a site that belong to its server and are left alone."""
_NO_SPACE: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_CHUNK: Final = 1024 * 1024
_LONGEST: Final = 200
"""The longest name made here, in bytes: file systems take 255, and a suffix may be added."""
_FORBIDDEN: Final = re.compile(r'[/\\:*?"<>|]')
_DEVICE: Final = re.compile(r"(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?:\.|$)", re.IGNORECASE)
_ACTIVE: Final = (
    "asa asax ascx ashx asis asmx asp aspx bat cfm cgi cmd css dll exe fcgi hta htaccess htc htm"
    " html htpasswd jar js jse jsp jspx jsx lua mht mhtml mjs php php3 php4 php5 php7 php8 phar"
    " phps pht phtml pl ps1 py rb rdf scr sh shtm shtml ssi stm svg svgz swf vbs wasm webmanifest"
    " xht xhtml xml xsd xsl xslt"
)
"""Endings of files that a browser or a server may run in the name of the site."""
_OURS: Final = frozenset({"index.html", "revision.json", "attachments"})


def segment(value: str) -> str:
    """Return ``value`` as one part of a path; raises ``ChannelFailed`` if it cannot be one.

    Codes and numbers are never altered to fit: two of them might become one.
    """
    unsafe = (
        not value
        or value[0] in ". "
        or value[-1] in ". "
        or len(value.encode("utf-8", "surrogatepass")) > _LONGEST
        or value.casefold() in _OURS
        or _FORBIDDEN.search(value)
        or _DEVICE.match(value)
        or not unicodedata.is_normalized("NFC", value)
        or any(unicodedata.category(character)[0] in "CZ" for character in value)
    )
    if unsafe:
        raise ChannelFailed("site_name_unsafe", name=value)
    return value


def item_path(index_number: str) -> str:
    """Return where an item lives, relative to the site; its number may hold one slash."""
    parts = index_number.split("/")
    if len(parts) > 2:  # noqa: PLR2004 - the national scheme: front part / back part
        raise ChannelFailed("site_name_unsafe", name=index_number)
    return "/".join(["items", *(segment(part) for part in parts)])


def file_name(name: str) -> str:
    """Return a name under which an attachment may lie on any file system and any server.

    What a browser or a server might run gets the ending ``.txt``; the download carries the
    attachment's own name all the same.
    """
    plain = "".join(
        "_" if unicodedata.category(character)[0] == "C" or character.isspace() else character
        for character in unicodedata.normalize("NFC", name)
    )
    plain = _FORBIDDEN.sub("_", plain).strip("_ .") or "attachment"
    if _DEVICE.match(plain):
        plain = f"_{plain}"
    parts = plain.split(".")
    active = _ACTIVE.split()
    if any(part.casefold() in active for part in parts[1:]):
        # Some servers go by any ending in the name, not by the last one alone.
        parts = ["_".join(parts), "txt"]
    ending = f".{parts[-1]}" if len(parts) > 1 and len(parts[-1].encode()) <= 20 else ""  # noqa: PLR2004
    stem = ".".join(parts)[: len(".".join(parts)) - len(ending)]
    room = _LONGEST - len(ending.encode())
    return stem.encode()[:room].decode(errors="ignore").rstrip(". ") + ending


class SiteFiles:
    """The files below one directory; every path given is relative to it, with slashes."""

    def __init__(self, directory: Path, *, patience: float) -> None:
        """Wait at most ``patience`` seconds for another writer to finish."""
        self.directory = directory
        self._patience = patience
        self._unsettled: set[Path] = set()

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the site for one writer; the directory is made if it is not there.

        Raises ``ChannelFailed``: ``site_not_ours`` if the directory holds something else,
        ``site_busy`` if another writer does not finish in time.
        """
        with _failures(self.directory):
            self._make(self.directory)
            names = {entry.name for entry in self.directory.iterdir()}
            if MARKER not in names and names - KEPT:
                raise ChannelFailed("site_not_ours", path=str(self.directory))
            marker = self.directory / MARKER
            lock = os.open(marker, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            self._wait_for(lock)
            yield
        finally:
            os.close(lock)

    def _wait_for(self, lock: int) -> None:
        give_up_at = time.monotonic() + self._patience
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() >= give_up_at:
                    raise ChannelFailed("site_busy", path=str(self.directory)) from None
                time.sleep(0.02)
            else:
                return

    def write(self, path: str, content: bytes) -> bool:
        """Make ``path`` hold exactly ``content``; return whether it did not before."""
        target = self.directory / path
        with _failures(target):
            if self._size(target) == len(content) and target.read_bytes() == content:
                return False
            with self._replacing(target) as file:
                file.write(content)
            return True

    def copy(self, path: str, source: BinaryIO, *, sha256: str, size: int) -> bool:
        """Make ``path`` hold what ``source`` gives; return whether it did not before.

        Raises ``Damaged`` (``attachment_damaged``), leaving what was there, unless these are
        ``size`` bytes whose SHA-256 is ``sha256``.
        """
        target = self.directory / path
        with _failures(target):
            if self._size(target) == size:
                with target.open("rb") as present:
                    if hashlib.file_digest(present, "sha256").hexdigest() == sha256:
                        return False
            with self._replacing(target) as file:
                copied, found = 0, hashlib.sha256()
                while chunk := source.read(_CHUNK):
                    found.update(chunk)
                    copied += file.write(chunk)
                if copied != size or found.hexdigest() != sha256:
                    raise Damaged("attachment_damaged", name=target.name, sha256=sha256)
            return True

    def read(self, path: str) -> bytes | None:
        """Return what ``path`` holds, None if there is no such file."""
        target = self.directory / path
        with _failures(target):
            return target.read_bytes() if self._size(target) is not None else None

    def below(self, under: str) -> set[str]:
        """Return the path of every file below a directory, which need not be there."""
        top = self.directory / under
        with _failures(top):
            return {
                target.relative_to(self.directory).as_posix()
                for target in top.rglob("*")
                if not target.is_dir()
            }

    def remove(self, path: str) -> None:
        """Take one file away if it is there."""
        target = self.directory / path
        with _failures(target), contextlib.suppress(FileNotFoundError):
            target.unlink()
            self._unsettled.add(target.parent)

    def prune(self, path: str) -> None:
        """Remove a directory and those above it, as far as they are empty."""
        target = self.directory / path
        while target != self.directory:
            with _failures(target):
                try:
                    target.rmdir()
                except FileNotFoundError:
                    pass
                except OSError as error:
                    if error.errno in {errno.ENOTEMPTY, errno.EEXIST}:
                        return
                    raise
                self._unsettled.discard(target)
                target = target.parent

    def sweep(self, under: str, expected: Collection[str]) -> int:
        """Remove every file ``under`` a directory but the ``expected``; return how many.

        Directories left empty go too. At the root, the marker and what the server keeps there
        stay.
        """
        directories = {
            path[:cut] for path in expected for cut in range(len(path)) if path[cut] == "/"
        }
        top = self.directory / under if under else self.directory
        with _failures(top):
            return self._sweep(top, under, expected, directories) if top.is_dir() else 0

    def _sweep(
        self, directory: Path, under: str, expected: Collection[str], directories: set[str]
    ) -> int:
        removed = 0
        for target in sorted(directory.iterdir()):
            path = f"{under}/{target.name}" if under else target.name
            if not under and (path == MARKER or path in KEPT):
                continue
            if target.is_dir() and (path in directories or not target.is_symlink()):
                removed += self._sweep(target, path, expected, directories)
            elif path not in expected:
                target.unlink()
                self._unsettled.add(directory)
                removed += 1
        if under and under not in directories and not directory.is_symlink():
            directory.rmdir()
            self._unsettled.discard(directory)
            self._unsettled.add(directory.parent)
        return removed

    def settle(self) -> None:
        """See to it that everything written so far would survive a loss of power."""
        for directory in sorted(self._unsettled):
            with _failures(directory):
                handle = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
                try:
                    os.fsync(handle)
                finally:
                    os.close(handle)
        self._unsettled.clear()

    @staticmethod
    def _size(target: Path) -> int | None:
        """Return the size of a regular file, None if there is none."""
        try:
            found = target.lstat()
        except FileNotFoundError:
            return None
        return found.st_size if stat.S_ISREG(found.st_mode) else None

    def _make(self, directory: Path) -> None:
        """Make a directory that a web server may read, whatever the account's own mask is."""
        if directory.is_dir():
            return
        if directory.parent != directory:
            self._make(directory.parent)
        with contextlib.suppress(FileExistsError):
            directory.mkdir()
            directory.chmod(directory.stat().st_mode | 0o755)
            self._unsettled.add(directory.parent)

    @contextlib.contextmanager
    def _replacing(self, target: Path) -> Iterator[BinaryIO]:
        """Give a file to write that takes the place of ``target`` once it is whole."""
        self._make(target.parent)
        handle, temporary = tempfile.mkstemp(prefix=".writing-", dir=target.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                yield file
                file.flush()
                os.fchmod(file.fileno(), 0o644)
                os.fsync(file.fileno())
            Path(temporary).replace(target)
        except BaseException:
            with contextlib.suppress(OSError):
                Path(temporary).unlink()
            raise
        self._unsettled.add(target.parent)


@contextlib.contextmanager
def _failures(path: Path) -> Iterator[None]:
    """Say in our own words what the operating system refuses."""
    try:
        yield
    except OSError as error:
        where = str(error.filename or path)
        code = "site_full" if error.errno in _NO_SPACE else "site_not_writable"
        raise ChannelFailed(code, path=where, reason=error.strerror or str(error)) from error
