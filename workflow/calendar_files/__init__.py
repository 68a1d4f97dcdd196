"""Files that say which days are off and which are worked: ours, holiday-cn's JSON, iCalendar.

Our own format (TOML) carries the notices; the other two are widespread and carry days only, so
that the notice behind them is given beside the file. Whatever a file leaves open or says twice is
refused with its line, because a due date that follows from it would be a guess: a day both off
and worked, a day outside the year, a working day made of a working day, a year without its notice.

Errors carry the line that is at fault. The parsers of the standard library give none for what is
well formed and still wrong, so this module finds the lines itself.
"""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Final

from workflow.calendar_files.days import CalendarFile, CalendarFileError
from workflow.calendar_files.events import Events
from workflow.calendar_files.festivals import shipped_festivals
from workflow.calendar_files.holiday_cn import HolidayCn
from workflow.calendar_files.tables import Tables
from workflow.errors import InvalidInput
from workflow.working_days import Calendar

if TYPE_CHECKING:
    from pathlib import Path

    from workflow.working_days import Notice

__all__ = ["CalendarFile", "CalendarFileError", "parse", "read", "shipped", "shipped_festivals"]

MAX_BYTES: Final = 1024 * 1024
"""The largest file that is read, in bytes."""
SUFFIXES: Final = (".toml", ".json", ".ics")
"""How the name of a file ends, and with it what it is read as."""


def read(path: Path, *, notice: Notice | None = None, year: int | None = None) -> CalendarFile:
    """Read a calendar file; raises :class:`CalendarFileError`, or what :func:`parse` raises."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except FileNotFoundError as error:
        raise CalendarFileError("file_missing", path=str(path)) from error
    except OSError as error:
        raise CalendarFileError(
            "file_unreadable", path=str(path), problem=error.strerror
        ) from error
    return parse(data, source=str(path), notice=notice, year=year)


def parse(
    data: bytes, *, source: str, notice: Notice | None = None, year: int | None = None
) -> CalendarFile:
    """Read what a file holds; the end of ``source``, its name, says in which format.

    ``notice`` is the notice behind a file that carries none: all of it but its turns, which come
    from the file. ``year`` is the year that an iCalendar file arranges; without it, the one in
    which most of its events begin. Raises :class:`CalendarFileError`, and ``InvalidInput`` with
    ``calendar_notice_not_needed`` if a notice is given with a file that carries its own.
    """
    suffix = next((known for known in SUFFIXES if source.lower().endswith(known)), None)
    if suffix is None:
        raise CalendarFileError("calendar_format_unknown", path=source, known=SUFFIXES)
    if len(data) > MAX_BYTES:
        raise CalendarFileError("calendar_too_large", path=source, limit=MAX_BYTES)
    if suffix == ".ics":
        return Events(source).file(data, notice=notice, year=year)
    try:
        # Editors on Windows put a byte-order mark before UTF-8.
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise CalendarFileError("calendar_not_utf8", path=source, line=line) from error
    if not text.strip():
        raise CalendarFileError("calendar_empty", path=source, line=1)
    if suffix == ".json":
        return HolidayCn(source, text).file(notice=notice)
    if notice is not None:
        raise InvalidInput("calendar_notice_not_needed", path=source)
    return Tables(source, text).file()


@cache
def shipped() -> Calendar:
    """Return the calendar that ships with the product, by its two data files."""
    data = resources.files("workflow").joinpath("calendars", "cn.toml").read_bytes()
    return Calendar(years=parse(data, source="cn.toml").years, festivals=shipped_festivals())
