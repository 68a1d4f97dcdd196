"""What every calendar file comes down to: days, each with its line, and the checks on them."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

from workflow.errors import InvalidInput
from workflow.working_days import FIRST, LAST, Calendar, Notice, Turn, Year

if TYPE_CHECKING:
    from collections.abc import Iterable

GLIMPSE: Final = 100
"""How many characters of a wrong value an error shows."""
LONGEST: Final = timedelta(days=366)
"""The longest range of days or event; a longer one is a slip of the pen."""
LONGEST_TEXT: Final = 300
"""The most characters of a name, number, title or address."""

_SATURDAY: Final = 5
_DATE: Final = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs"})
"""Kinds of characters that no name holds: controls, formats and halves of a pair."""


class CalendarFileError(InvalidInput):
    """A calendar file cannot be used; ``params`` has ``path`` and, inside it, ``line``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarFile:
    """What a file says: years whole, further notices of years that are known, local notices.

    ``merges`` is true of a format that gives the outcome of a year without its history.
    """

    years: tuple[Year, ...]
    amendments: tuple[tuple[int, Notice], ...] = ()
    local: tuple[Notice, ...] = ()
    merges: bool = False

    def applied_to(self, calendar: Calendar) -> Calendar:
        """Return the calendar that holds once this file is applied to ``calendar``.

        A year that carries its notices replaces the known one. Of a year that comes without its
        history, only the changed days are added, as one more notice. An amendment that is there
        already is not added again. Local notices replace those that were there.

        Raises ``InvalidInput``: ``calendar_year_missing`` if a year before those
        of the file is not known, ``calendar_amends_nothing`` if an amended year is not known.
        """
        known = {year.year: year for year in calendar.years}
        for year in self.years:
            merged = self.merges and year.year in known
            known[year.year] = known[year.year].amended(year) if merged else year
        for number, notice in self.amendments:
            if number not in known:
                raise InvalidInput("calendar_amends_nothing", year=number)
            if notice not in known[number].notices:
                known[number] = replace(known[number], notices=(*known[number].notices, notice))
        return Calendar(
            years=tuple(known[number] for number in sorted(known)),
            festivals=calendar.festivals,
            local=self.local or calendar.local,
        )


@dataclass(frozen=True, slots=True)
class Entry:
    """One day as a file says it, and the line that says it."""

    day: date
    works: bool
    zh: str
    en: str
    line: int


class Reader:
    """Refuses what a file leaves open or says twice, whatever its format.

    ``source`` names the file in errors.
    """

    def __init__(self, source: str) -> None:
        self.source = source

    def fail(self, code: str, line: int, /, **facts: Any) -> CalendarFileError:
        """Make the error ``calendar_<code>`` at a line."""
        return CalendarFileError(f"calendar_{code}", path=self.source, line=line, **facts)

    def wrong(self, key: str, value: object, line: int) -> CalendarFileError:
        """Make the error that a key has a value it cannot have, with a glimpse of it."""
        return self.fail("value_wrong", line, key=key, value=glimpse(value))

    def turns(
        self, entries: Iterable[Entry], *, year: int | None, amends: bool, line: int
    ) -> tuple[Turn, ...]:
        """Return what the days of one notice amount to, or raise the first fault.

        ``year`` is absent for a local notice, whose days may lie in any year of the calendar.
        What ``amends`` may make a day work that an earlier notice had given off. The entries are
        taken one by one, so that a file that repeats itself ends at its first repetition.
        """
        seen: dict[date, Entry] = {}
        turns: dict[tuple[str, str], tuple[list[date], list[date]]] = {}
        for entry in entries:
            day = entry.day.isoformat()
            self.within(entry, year)
            if entry.day in seen:
                first = seen[entry.day]
                problem = "day_twice" if first.works is entry.works else "day_both"
                raise self.fail(problem, entry.line, day=day, first_line=first.line)
            if entry.works and not amends and entry.day.weekday() < _SATURDAY:
                raise self.fail("work_on_weekday", entry.line, day=day)
            seen[entry.day] = entry
            turns.setdefault((entry.zh, entry.en), ([], []))[entry.works].append(entry.day)
        if not seen:
            raise self.fail("notice_without_days", line)
        return tuple(
            Turn(zh=zh, en=en, off=tuple(off), work=tuple(work))
            for (zh, en), (off, work) in turns.items()
        )

    def within(self, entry: Entry, year: int | None) -> None:
        """Refuse a day that a notice for ``year`` cannot reach, or that no calendar knows.

        The holiday over New Year belongs to the notice for the year that begins, so a notice
        reaches into the December before its year and never beyond the year's end.
        """
        day = entry.day.isoformat()
        if year is None:
            if not FIRST <= entry.day <= LAST:
                raise self.unknown(entry.day, entry.line)
        elif not date(year - 1, 12, 1) <= entry.day <= date(year, 12, 31):
            raise self.fail("day_outside_year", entry.line, day=day, year=year)

    def year(self, value: object, line: int) -> int:
        """Return a year that a calendar can know."""
        if type(value) is not int or not FIRST.year <= value <= LAST.year:
            bounds = {"first": FIRST.year, "last": LAST.year}
            raise self.fail("year_unknown", line, value=glimpse(value), **bounds)
        return value

    def day(self, text: object, line: int) -> date:
        """Return the date that a text names; one far from every calendar is refused at once."""
        if not isinstance(text, str) or not _DATE.fullmatch(text):
            raise self.fail("not_a_date", line, value=glimpse(text))
        try:
            day = date.fromisoformat(text)
        except ValueError as error:
            raise self.fail("not_a_date", line, value=text) from error
        # The notice for the first year turns days of the December before.
        if not FIRST.year - 1 <= day.year <= LAST.year:
            raise self.unknown(day, line)
        return day

    def text(self, key: str, value: str, line: int) -> str:
        """Return what a file says in words; refuse what nobody could read or no database keeps."""
        if len(value) > LONGEST_TEXT or any(map(_unseen, value)):
            raise self.wrong(key, value, line)
        return value

    def unknown(self, day: date, line: int) -> CalendarFileError:
        """Make the error that no calendar knows a day."""
        bounds = {"first": FIRST.isoformat(), "last": LAST.isoformat()}
        return self.fail("day_unknown", line, day=day.isoformat(), **bounds)


def glimpse(value: object) -> str:
    """Return the beginning of a value as it is shown: what nobody would see is written out."""
    try:
        text = str(value)[:GLIMPSE]
    except (ValueError, RecursionError):
        # A number of thousands of digits, or lists within lists.
        return type(value).__name__
    return "".join(ascii(sign)[1:-1] if _unseen(sign) else sign for sign in text)


def _unseen(sign: str) -> bool:
    return unicodedata.category(sign) in _UNSEEN
