"""Our own format of calendar files: TOML with one table for each notice."""

from __future__ import annotations

import re
import sys
import tomllib
from bisect import bisect_left, bisect_right
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

from workflow.calendar_files.days import LONGEST, CalendarFile, Entry, Reader, glimpse
from workflow.calendar_files.festivals import english_name
from workflow.working_days import Notice, Year

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

FORMAT: Final = 1

_NOTICE: Final[Mapping[str, type]] = {
    "number": str, "title": str, "issued": date, "published": date, "url": str, "amends": bool,
    "turns": list,
}  # fmt: skip
_REQUIRED: Final = ("number", "title", "turns")
_TURN: Final[Mapping[str, type]] = {"zh": str, "en": str, "off": list, "work": list}
_TOKEN: Final = re.compile(
    r'''
      (?P<long>"""(?:\\.|[^\\])*?"{3,5}|\'\'\'.*?\'{3,5})
    | (?P<text>"(?:\\.|[^"\\\n])*"|'[^'\n]*')
    | (?P<comment>\#[^\n]*)
    | ^[ \t]*\[\[[ \t]*["']?(?P<table>[A-Za-z0-9_-]+)["']?[ \t]*\]\]
    | (?P<key>[A-Za-z_][A-Za-z0-9_-]*)(?=[ \t]*=)
    | (?P<date>\d{4}-\d{2}-\d{2})
    ''',
    re.DOTALL | re.MULTILINE | re.VERBOSE,
)


class _Places:
    """Where the tables, keys and values of a TOML document stand that is well formed.

    Lines are counted from 1. A key or value that is written in an unusual way, with escapes in it
    or in a table of one line, is given the line of its table.
    """

    def __init__(self, text: str) -> None:
        breaks = [match.start() for match in re.finditer("\n", text)]
        self._headers: dict[str, list[int]] = {}
        self._tokens: dict[str, list[int]] = {}
        for match in _TOKEN.finditer(text):
            line = bisect_right(breaks, match.start()) + 1
            if match["table"]:
                self._headers.setdefault(match["table"], []).append(line)
            token = match["text"][1:-1] if match["text"] else match["key"] or match["date"]
            if token:
                self._tokens.setdefault(token, []).append(line)
        self._starts = sorted(line for lines in self._headers.values() for line in lines)

    def table(self, name: str, place: int) -> int:
        """Return the line of the header of the table ``name`` that comes at ``place``, from 0."""
        lines = self._headers.get(name, [])
        return lines[place] if place < len(lines) else 1

    def within(self, start: int, token: str, *, nth: int = 0) -> int:
        """Return the line of a key or value inside the table whose header stands on ``start``."""
        following = bisect_right(self._starts, start)
        end = self._starts[following] if following < len(self._starts) else sys.maxsize
        lines = self._tokens.get(token, [])
        first, after = bisect_left(lines, start), bisect_left(lines, end)
        return lines[min(first + nth, after - 1)] if first < after else start


class Tables(Reader):
    """Reads one file of tables."""

    def __init__(self, source: str, text: str) -> None:
        super().__init__(source)
        self._text = text
        # How often a text has stood before in the table that is being read.
        self._said: Counter[str] = Counter()

    def file(self) -> CalendarFile:
        """Return what the file says, or raise the first fault."""
        years: dict[int, list[Notice]] = {}
        amendments: list[tuple[int, Notice]] = []
        local: list[Notice] = []
        document = self._document()
        self._places = _Places(self._text)
        for name, place, table in self._tables(document):
            line = self._places.table(name, place)
            if name == "local":
                local.append(self._notice(table, None, line))
                continue
            year = self.year(int(name) if re.fullmatch("[0-9]{4}", name) else name, line)
            notice = self._notice(table, year, line)
            if not table.get("amends", False):
                if year in years or any(year == other for other, _ in amendments):
                    raise self.fail("year_twice_in_file", line, year=year)
                years[year] = [notice]
            elif year in years:
                self._later(years[year][-1], notice, line)
                years[year].append(notice)
            else:
                amendments.append((year, notice))
        if not (years or amendments or local):
            raise self.fail("empty", 1)
        return CalendarFile(
            years=tuple(
                Year(year=year, notices=tuple(notices)) for year, notices in sorted(years.items())
            ),
            amendments=tuple(amendments),
            local=tuple(local),
        )

    def _document(self) -> dict[str, Any]:
        try:
            document = tomllib.loads(self._text)
        except (ValueError, RecursionError) as error:
            # Beside its own error the parser lets through those of absurd numbers and nesting.
            found = re.search(r"\(at line (\d+)", str(error))
            line = int(found[1]) if found else self._text.count("\n") + 1
            raise self.fail("not_toml", line, problem=str(error)) from error
        return document

    def _tables(self, document: dict[str, Any]) -> Iterator[tuple[str, int, dict[str, Any]]]:
        """Give each table with its name and its place, from 0, among those of that name."""
        if "format" not in document:
            raise self.fail("key_missing", 1, key="format")
        # In Python true is also the number 1; in the file it is not.
        if type(document["format"]) is not int or document["format"] != FORMAT:
            raise self.wrong("format", document["format"], self._places.within(1, "format"))
        for name, tables in document.items():
            if name == "format":
                continue
            if not isinstance(tables, list) or not all(isinstance(row, dict) for row in tables):
                raise self.wrong(name, tables, self._places.within(1, name))
            for place, table in enumerate(tables):
                yield name, place, table

    def _notice(self, table: dict[str, Any], year: int | None, line: int) -> Notice:
        """Return one notice; ``line`` is that of its header."""
        self._check(table, _NOTICE, line, line)
        for key in _REQUIRED:
            if key not in table:
                raise self.fail("key_missing", line, key=key)
        number, title, url = (
            self.text(key, table.get(key, ""), self._places.within(line, key))
            for key in ("number", "title", "url")
        )
        notice = Notice(
            number=number,
            title=title,
            issued=table.get("issued"),
            published=table.get("published"),
            url=url,
        )
        if notice.known_on is None:
            raise self.fail("notice_undated", line)
        self._said.clear()
        entries = (entry for turn in table["turns"] for entry in self._turn(turn, line))
        amends = year is None or table.get("amends", False)
        return replace(notice, turns=self.turns(entries, year=year, amends=amends, line=line))

    def _turn(self, turn: object, line: int) -> Iterator[Entry]:
        """Give every day of one turn, in the table whose header stands on ``line``."""
        if not isinstance(turn, dict):
            raise self.wrong("turns", turn, self._places.within(line, "turns"))
        at = self._place_of(turn, line)
        self._check(turn, _TURN, line, at)
        zh = self.text("zh", turn.get("zh", ""), at)
        if not zh.strip():
            raise self.fail("key_missing", at, key="zh")
        if not turn.get("off") and not turn.get("work"):
            raise self.fail("key_missing", at, key="off")
        en = self.text("en", turn.get("en", ""), at) or english_name(zh)
        for key in ("off", "work"):
            for value in turn.get(key, ()):
                said = glimpse(value)
                at = self._places.within(line, said, nth=self._said[said])
                self._said[said] += 1
                for day in self._days(value, at):
                    yield Entry(day, key == "work", zh, en, at)

    def _place_of(self, turn: dict[str, Any], line: int) -> int:
        """Return the line of a turn: that of the first day it names, or else of its name."""
        for key in ("off", "work"):
            if isinstance(turn.get(key), list) and turn[key]:
                value = glimpse(turn[key][0])
                return self._places.within(line, value, nth=self._said[value])
        return self._places.within(line, glimpse(turn.get("zh", "turns")))

    def _days(self, value: object, line: int) -> Iterator[date]:
        """Give the days of a date or of a range ``A..B``, both ends in it."""
        first, between, last = glimpse(value).partition("..")
        day = self.day(first, line)
        end = self.day(last, line) if between else day
        if not timedelta(0) <= end - day <= LONGEST:
            raise self.fail("range_wrong", line, value=glimpse(value))
        while day <= end:
            yield day
            day += timedelta(days=1)

    def _check(
        self, table: dict[str, Any], known: Mapping[str, type], start: int, line: int
    ) -> None:
        """Refuse an unknown key, or a value of another type than its key wants."""
        for key, value in table.items():
            if key not in known:
                at = self._places.within(start, key)
                raise self.fail("key_unknown", at, key=glimpse(key), known=tuple(known))
            # In Python true is also a number, and an instant also a date; in the file they are not.
            if type(value) is not known[key]:
                at = self._places.within(start, key) if start == line else line
                raise self.wrong(key, value, at)

    def _later(self, before: Notice, after: Notice, line: int) -> None:
        """Refuse an amendment that was known before what it amends."""
        if before.known_on and after.known_on and after.known_on < before.known_on:
            raise self.fail("amendment_too_early", line, number=after.number)
