"""The JSON of holiday-cn: the days of one year with the names of their festivals."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from workflow.calendar_files.days import CalendarFile, Entry, Reader, glimpse
from workflow.calendar_files.festivals import english_name
from workflow.working_days import Notice, Year

if TYPE_CHECKING:
    from collections.abc import Iterator


class HolidayCn(Reader):
    """Reads ``{"year": …, "papers": […], "days": [{"name", "date", "isOffDay"}]}``.

    The days are those after all amendments; ``papers`` are the addresses of the notices.
    """

    def __init__(self, source: str, text: str) -> None:
        super().__init__(source)
        self._text = text
        self._breaks = [match.start() for match in re.finditer("\n", text)]

    def file(self, *, notice: Notice | None) -> CalendarFile:
        """Return what the file says, or raise the first fault; ``notice`` goes before papers."""
        document = self._document()
        lines: dict[str, int] = {}
        for key, start in self._members():
            if key in lines:
                raise self.fail("key_twice", self._line(start), key=glimpse(key))
            lines[key] = self._line(start)
        for key in ("year", "days"):
            if key not in document:
                raise self.fail("key_missing", 1, key=key)
        year = self.year(document["year"], lines["year"])
        papers = document.get("papers", [])
        if not isinstance(papers, list) or not all(isinstance(paper, str) for paper in papers):
            raise self.wrong("papers", papers, lines["papers"])
        if notice is None:
            if not papers:
                raise self.fail("notice_missing", 1, year=year)
            address = self.text("papers", papers[-1], lines["papers"])
            notice = Notice(number="", title="", url=address)
        if not isinstance(document["days"], list):
            raise self.wrong("days", document["days"], lines["days"])
        entries = (self._entry(row, line) for row, line in self._rows())
        turns = self.turns(entries, year=year, amends=False, line=lines["days"])
        return CalendarFile(
            years=(Year(year=year, notices=(replace(notice, turns=turns),)),), merges=True
        )

    def _document(self) -> dict[str, Any]:
        try:
            document = json.loads(self._text)
        except json.JSONDecodeError as error:
            raise self.fail("not_json", error.lineno, problem=error.msg) from error
        except (ValueError, RecursionError) as error:
            # Numbers of thousands of digits and endless nesting.
            raise self.fail("not_json", 1, problem=str(error)) from error
        if not isinstance(document, dict):
            raise self.fail("key_missing", 1, key="year")
        return document

    def _entry(self, row: object, line: int) -> Entry:
        if not isinstance(row, dict):
            raise self.wrong("days", row, line)
        for key, kind in (("name", str), ("date", str), ("isOffDay", bool)):
            if key not in row:
                raise self.fail("key_missing", line, key=key)
            if type(row[key]) is not kind:
                raise self.wrong(key, row[key], line)
        name = self.text("name", row["name"], line)
        if not name.strip():
            raise self.wrong("name", name, line)
        day = self.day(row["date"], line)
        return Entry(day, not row["isOffDay"], name, english_name(name), line)

    def _line(self, position: int) -> int:
        return bisect_right(self._breaks, position) + 1

    def _members(self) -> Iterator[tuple[str, int]]:
        """Give each key of the document, and where its value begins."""
        decoder = json.JSONDecoder()
        position = self._skip(self._text.index("{") + 1)
        while self._text[position] != "}":
            key, position = decoder.raw_decode(self._text, position)
            position = self._skip(position)
            yield key, position
            _, position = decoder.raw_decode(self._text, position)
            position = self._skip(position)

    def _rows(self) -> Iterator[tuple[object, int]]:
        """Give each element of ``days`` and its line; of a key written twice, refuse the second."""
        decoder = json.JSONDecoder(object_pairs_hook=_once)
        position = self._skip(dict(self._members())["days"] + 1)
        while self._text[position] != "]":
            line = self._line(position)
            try:
                row, position = decoder.raw_decode(self._text, position)
            except _TwiceError as error:
                raise self.fail("key_twice", line, key=error.args[0]) from error
            yield row, line
            position = self._skip(position)

    def _skip(self, position: int) -> int:
        """Return the place of the next character that is neither a space nor punctuation."""
        while self._text[position] in " \t\r\n,:":
            position += 1
        return position


class _TwiceError(Exception):
    """An object has a key twice; the argument is the key."""


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    row = dict(pairs)
    if len(row) < len(pairs):
        keys = Counter(key for key, _ in pairs)
        raise _TwiceError(glimpse(next(key for key, count in keys.items() if count > 1)))
    return row
