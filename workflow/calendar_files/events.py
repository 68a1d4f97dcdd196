"""Calendars of events (iCalendar, RFC 5545): whole days whose summary says 休 or 班.

A day is whole if it is written as a date, or if it goes from midnight to midnight in China: as a
time without a zone, in a zone of China's, or in UTC.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from workflow.calendar_files.days import LONGEST, CalendarFile, Entry, Reader, glimpse
from workflow.calendar_files.festivals import english_name
from workflow.working_days import Notice, Year

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_CONTENT: Final = re.compile(r'([A-Za-z0-9-]+)((?:;[^:;="]+=(?:"[^"]*"|[^";:])*)*):(.*)', re.DOTALL)
_ZONE: Final = re.compile(r';TZID="?([^";:]*)', re.IGNORECASE)
_WHEN: Final = re.compile("([0-9]{4})([0-9]{2})([0-9]{2})(?:T([0-9]{6}Z?))?")
_LENGTH: Final = re.compile("P(?:([0-9]{1,3})D|([0-9]{1,2})W)")
_ESCAPED: Final = re.compile(r"\\(.)")
_ZONES: Final = frozenset(
    {"Asia/Shanghai", "Asia/Chongqing", "Asia/Harbin", "PRC", "China Standard Time"}
)
"""What files call the time of China, where there has been no summer time since 1991."""
_BEGINS: Final[Mapping[str, int]] = {"000000": 0, "160000Z": 1}
"""Times at which a day begins in China, and how many days after the date they stand with."""
_ENDS: Final[Mapping[str, int]] = {
    **_BEGINS, "235900": 1, "235959": 1, "155900Z": 1, "155959Z": 1,
}  # fmt: skip
"""Times at which a day ends in China: also its last minute or second, where a file counts those."""
_BRACKETS: Final = re.compile(r"[(（\[【〔].*?[)）\]】〕]")
# A mark of one character stands alone, or right behind the name of a festival.
_BEFORE: Final = r"(?:^|(?<=[\W\d节旦一明午秋庆]))"
_AFTER: Final = r"(?:$|(?=[\W\d]))"
_WORK_MARK: Final = re.compile(rf"补班|上班|{_BEFORE}班{_AFTER}")
_OFF_MARK: Final = re.compile(rf"放假|假期|补休|公休|休假|休息日|{_BEFORE}休{_AFTER}")
_SHORT_NAMES: Final[Mapping[str, str]] = {
    "元旦": "元旦", "新年": "元旦", "春节": "春节", "清明": "清明节", "劳动": "劳动节",
    "五一": "劳动节", "端午": "端午节", "中秋": "中秋节", "国庆": "国庆节", "十一": "国庆节",
}  # fmt: skip
_ONCE: Final = frozenset({"DTSTART", "DTEND", "DURATION", "SUMMARY", "STATUS"})
_DEEPEST: Final = 10
"""How many components stand in one another at most; real files have three."""


@dataclass(slots=True)
class _Event:
    """The properties of one event by name: the line of each, its zone if any, and its value."""

    line: int
    properties: dict[str, tuple[int, str, str]]


@dataclass(frozen=True, slots=True)
class _Span:
    """An event as days: from ``start`` to the day before ``end``."""

    start: date
    end: date
    works: bool
    zh: str
    line: int

    def entries(self) -> Iterator[Entry]:
        en = english_name(self.zh)
        for later in range((self.end - self.start).days):
            yield Entry(self.start + timedelta(days=later), self.works, self.zh, en, self.line)


class Events(Reader):
    """Reads one calendar of events."""

    def file(self, data: bytes, *, notice: Notice | None, year: int | None) -> CalendarFile:
        """Return what the file says, or raise the first fault.

        A notice reaches into the December before its year, so ``year`` is, unless it is given, the
        one in which most of the events end.
        """
        spans = [self._span(event) for event in self._events(data)]
        if not spans:
            raise self.fail("empty", 1)
        if year is None:
            ends = Counter((span.end - timedelta(days=1)).year for span in spans)
            year = max(ends, key=lambda number: (ends[number], number))
        self.year(year, spans[0].line)
        if notice is None:
            raise self.fail("notice_missing", 1, year=year)
        entries = (entry for span in spans for entry in span.entries())
        turns = self.turns(entries, year=year, amends=False, line=1)
        return CalendarFile(
            years=(Year(year=year, notices=(replace(notice, turns=turns),)),), merges=True
        )

    def _unfolded(self, data: bytes) -> Iterator[tuple[int, str]]:
        """Give the content lines, each with the number of the line on which it begins.

        Lines are unfolded before they are decoded, because a fold may stand inside a character.
        """
        joined: list[tuple[int, list[bytes]]] = []
        for number, raw in enumerate(data.removeprefix(b"\xef\xbb\xbf").split(b"\n"), start=1):
            piece = raw.removesuffix(b"\r")
            if piece[:1] in (b" ", b"\t") and joined:
                joined[-1][1].append(piece[1:])
            else:
                joined.append((number, [piece]))
        for number, pieces in joined:
            try:
                text = b"".join(pieces).decode("utf-8")
            except UnicodeDecodeError as error:
                raise self.fail("not_utf8", number) from error
            if text.strip():
                yield number, text

    def _properties(self, data: bytes) -> Iterator[tuple[int, tuple[str, ...], str, str, str]]:
        """Give each property: its line, the components it stands in, name, zone and value.

        ``BEGIN`` and ``END`` are given as standing in the component that they open or close.
        """
        within: tuple[str, ...] = ()
        number = 1
        for number, text in self._unfolded(data):
            match = _CONTENT.fullmatch(text)
            if match is None:
                raise self.fail("not_icalendar", number, value=glimpse(text))
            name, value = match[1].upper(), match[3].strip()
            if name == "BEGIN":
                within = (*within, value.upper())
            lost = within[:1] != ("VCALENDAR",) or len(within) > _DEEPEST
            if lost or (name == "END" and within[-1] != value.upper()):
                raise self.fail("not_icalendar", number, value=glimpse(text))
            zone = _ZONE.search(match[2])
            yield number, within, name, zone[1] if zone else "", value
            if name == "END":
                within = within[:-1]
        if within:
            raise self.fail("not_icalendar", number, value=glimpse(f"BEGIN:{within[-1]}"))

    def _events(self, data: bytes) -> Iterator[_Event]:
        """Give the events that take place; what else is in the calendar is passed over."""
        event = _Event(1, {})
        for number, within, name, zone, value in self._properties(data):
            if within != ("VCALENDAR", "VEVENT"):
                continue
            if name == "BEGIN":
                event = _Event(number, {})
            elif name == "END":
                if event.properties.get("STATUS", (0, "", ""))[2].upper() != "CANCELLED":
                    yield event
            elif name in _ONCE and name in event.properties:
                raise self.fail("key_twice", number, key=name)
            else:
                event.properties[name] = (number, zone, value)

    def _span(self, event: _Event) -> _Span:
        """Return an event as days."""
        for key in ("RRULE", "RDATE", "RECURRENCE-ID"):
            if key in event.properties:
                raise self.fail("event_recurs", event.properties[key][0], key=key)
        for key in ("DTSTART", "SUMMARY"):
            if key not in event.properties:
                raise self.fail("key_missing", event.line, key=key)
        line, _, summary = event.properties["SUMMARY"]
        summary = _ESCAPED.sub(lambda sign: " " if sign[1] in "nN" else sign[1], summary)
        works = self._works(summary, line)
        zh = self.text("SUMMARY", _festivals_in(summary), line)
        start, end = self._first_and_after(event)
        return _Span(start, end, works, zh, event.line)

    def _first_and_after(self, event: _Event) -> tuple[date, date]:
        """Return the first day of an event and the first day after it."""
        line, zone, value = event.properties["DTSTART"]
        start = self._midnight(value, zone, line, at=_BEGINS)
        end = start + timedelta(days=1)
        if "DTEND" in event.properties:
            line, zone, value = event.properties["DTEND"]
            end = self._midnight(value, zone, line, at=_ENDS)
        elif "DURATION" in event.properties:
            line, _, value = event.properties["DURATION"]
            length = _LENGTH.fullmatch(value)
            if length is None:
                raise self.fail("range_wrong", line, value=glimpse(value))
            end = start + timedelta(days=int(length[1] or 0), weeks=int(length[2] or 0))
        if not timedelta(0) < end - start <= LONGEST:
            raise self.fail("range_wrong", line, value=glimpse(value))
        return start, end

    def _midnight(self, value: str, zone: str, line: int, *, at: Mapping[str, int]) -> date:
        """Return the day that begins in China when a property says, at one of these times.

        An event that begins or ends at another hour gives no day off, nor makes one of work.
        """
        match = _WHEN.fullmatch(value)
        if match is None:
            raise self.fail("not_a_date", line, value=glimpse(value))
        day = self.day("-".join(match.groups()[:3]), line)
        if match[4] is None:
            return day
        if match[4] not in at or (zone and zone not in _ZONES):
            raise self.fail("event_not_whole_days", line, value=glimpse(value))
        return day + timedelta(days=at[match[4]])

    def _works(self, summary: str, line: int) -> bool:
        """Tell whether the days of an event are worked, by the marks in its summary.

        What stands outside of brackets is heard first: 上班（补元旦假期） is a day of work, and
        春节（休） says so in its brackets only. 调休 alone may mean either and is no mark.
        """
        outside = _BRACKETS.sub(" ", summary)
        inside = " ".join(_BRACKETS.findall(summary))
        for text in (outside, inside):
            heard = text.replace("调休", " ")
            work, off = bool(_WORK_MARK.search(heard)), bool(_OFF_MARK.search(heard))
            if work and off:
                break
            if work or off:
                return work
        raise self.fail("event_unclear", line, value=glimpse(summary))


def _festivals_in(summary: str) -> str:
    """Return the festivals that a summary names, or all of it if it names none that is known."""
    found = {name: summary.index(short) for short, name in _SHORT_NAMES.items() if short in summary}
    return "、".join(sorted(found, key=lambda name: found[name])) or summary
