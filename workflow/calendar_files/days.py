"""What every calendar file comes down to: days, each with its line, and the checks on them."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

from workflow.errors import InvalidInput
from workflow.working_days import FIRST, LAST, Calendar, Notice, Turn, Year

if TYPE_CHECKING:
    from collections.abc import Sequence

GLIMPSE: Final = 100
"""How many characters of a wrong value an error shows."""
LONGEST: Final = timedelta(days=366)
"""The longest range of days or event; a longer one is a slip of the pen."""

_SATURDAY: Final = 5
_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}")


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
        history, only the changed days are added, as one more notice. Local notices replace those
        that were there. Raises ``InvalidInput``: ``calendar_year_missing`` if a year before those
        of the file is not known, ``calendar_amends_nothing`` if an amended year is not known.
        """
        known = {year.year: year for year in calendar.years}
        for year in self.years:
            merged = self.merges and year.year in known
            known[year.year] = known[year.year].amended(year) if merged else year
        for number, notice in self.amendments:
            if number not in known:
                raise InvalidInput("calendar_amends_nothing", year=number)
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
        return self.fail("value_wrong", line, key=key, value=str(value)[:GLIMPSE])

    def turns(
        self, entries: Sequence[Entry], *, year: int | None, amends: bool, line: int
    ) -> tuple[Turn, ...]:
        """Return what the days of one notice amount to, or raise the first fault.

        ``year`` is absent for a local notice, whose days may lie in any year of the calendar.
        What ``amends`` may make a day work that an earlier notice had given off.
        """
        if not entries:
            raise self.fail("notice_without_days", line)
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
        return tuple(
            Turn(zh=zh, en=en, off=tuple(off), work=tuple(work))
            for (zh, en), (off, work) in turns.items()
        )

    def within(self, entry: Entry, year: int | None) -> None:
        """Refuse a day that a notice for ``year`` cannot reach, or that no calendar knows."""
        day = entry.day.isoformat()
        if year is None:
            if not FIRST <= entry.day <= LAST:
                bounds = {"first": FIRST.isoformat(), "last": LAST.isoformat()}
                raise self.fail("day_unknown", entry.line, day=day, **bounds)
        elif not date(year - 1, 12, 1) <= entry.day <= date(year + 1, 1, 31):
            raise self.fail("day_outside_year", entry.line, day=day, year=year)

    def year(self, value: object, line: int) -> int:
        """Return a year that a calendar can know."""
        if type(value) is not int or not FIRST.year <= value <= LAST.year:
            glimpse = str(value)[:GLIMPSE]
            raise self.fail("year_unknown", line, value=glimpse, first=FIRST.year, last=LAST.year)
        return value

    def date(self, text: object, line: int) -> date:
        """Return the date that a text names."""
        try:
            if isinstance(text, str) and _DATE.fullmatch(text):
                return date.fromisoformat(text)
        except ValueError:
            pass  # It looks like a date, and no month has such a day.
        raise self.fail("not_a_date", line, value=str(text)[:GLIMPSE])
