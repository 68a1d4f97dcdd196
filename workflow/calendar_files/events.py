"""Calendars of events (iCalendar, RFC 5545): whole days whose summary says 休 or 班."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from workflow.calendar_files.days import GLIMPSE, LONGEST, CalendarFile, Entry, Reader
from workflow.calendar_files.festivals import english_name
from workflow.working_days import Notice, Year

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_CONTENT: Final = re.compile(r'([A-Za-z0-9-]+)((?:;[^:;="]+=(?:"[^"]*"|[^";:])*)*):(.*)', re.DOTALL)
_LENGTH: Final = re.compile(r"P(?:(\d{1,3})D|(\d{1,2})W)")
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


@dataclass(slots=True)
class _Event:
    """The properties of one event by name: the line of each, and its value."""

    line: int
    properties: dict[str, tuple[int, str]]


class Events(Reader):
    """Reads one calendar of events."""

    def file(self, data: bytes, *, notice: Notice | None, year: int | None) -> CalendarFile:
        """Return what the file says, or raise the first fault.

        A notice reaches into the December before and the January after, so ``year`` is, unless it
        is given, the one that most of the days lie in.
        """
        entries = [entry for event in self._events(data) for entry in self._entries(event)]
        if not entries:
            raise self.fail("empty", 1)
        if year is None:
            days = Counter(entry.day.year for entry in entries)
            year = max(days, key=lambda number: (days[number], number))
        self.year(year, entries[0].line)
        if notice is None:
            raise self.fail("notice_missing", 1, year=year)
        turns = self.turns(entries, year=year, amends=False, line=1)
        return CalendarFile(
            years=(Year(year=year, notices=(replace(notice, turns=turns),)),), merges=True
        )

    def _unfolded(self, data: bytes) -> Iterator[tuple[int, str]]:
        """Give the content lines, each with the number of the line on which it begins.

        Lines are unfolded before they are decoded, because a fold may stand inside a character.
        """
        joined: list[tuple[int, bytes]] = []
        for number, raw in enumerate(data.removeprefix(b"\xef\xbb\xbf").split(b"\n"), start=1):
            piece = raw.removesuffix(b"\r")
            if piece[:1] in (b" ", b"\t") and joined:
                joined[-1] = (joined[-1][0], joined[-1][1] + piece[1:])
            else:
                joined.append((number, piece))
        for number, whole in joined:
            try:
                text = whole.decode("utf-8")
            except UnicodeDecodeError as error:
                raise self.fail("not_utf8", number) from error
            if text.strip():
                yield number, text

    def _properties(self, data: bytes) -> Iterator[tuple[int, tuple[str, ...], str, str]]:
        """Give each property: its line, the components it stands in, its name and its value.

        ``BEGIN`` and ``END`` are given as standing in the component that they open or close.
        """
        within: tuple[str, ...] = ()
        number = 1
        for number, text in self._unfolded(data):
            match = _CONTENT.fullmatch(text)
            if match is None:
                raise self.fail("not_icalendar", number, value=text[:GLIMPSE])
            name, value = match[1].upper(), match[3].strip()
            if name == "BEGIN":
                within = (*within, value.upper())
            if within[:1] != ("VCALENDAR",) or (name == "END" and within[-1] != value.upper()):
                raise self.fail("not_icalendar", number, value=text[:GLIMPSE])
            yield number, within, name, value
            if name == "END":
                within = within[:-1]
        if within:
            raise self.fail("not_icalendar", number, value=f"BEGIN:{within[-1]}")

    def _events(self, data: bytes) -> Iterator[_Event]:
        """Give the events that take place; what else is in the calendar is passed over."""
        event = _Event(1, {})
        for number, within, name, value in self._properties(data):
            if within != ("VCALENDAR", "VEVENT"):
                continue
            if name == "BEGIN":
                event = _Event(number, {})
            elif name == "END":
                if event.properties.get("STATUS", (0, ""))[1].upper() != "CANCELLED":
                    yield event
            elif name in _ONCE and name in event.properties:
                raise self.fail("event_property_twice", number, key=name)
            else:
                event.properties[name] = (number, value)

    def _entries(self, event: _Event) -> list[Entry]:
        """Return every day of an event, from its start to the day before its end."""
        for key in ("RRULE", "RDATE", "RECURRENCE-ID"):
            if key in event.properties:
                raise self.fail("event_recurs", event.properties[key][0], key=key)
        for key in ("DTSTART", "SUMMARY"):
            if key not in event.properties:
                raise self.fail("key_missing", event.line, key=key)
        line, summary = event.properties["SUMMARY"]
        works = self._works(summary, line)
        zh = _festivals_in(summary)
        start, end = self._span(event)
        return [
            Entry(start + timedelta(days=later), works, zh, english_name(zh), event.line)
            for later in range((end - start).days)
        ]

    def _span(self, event: _Event) -> tuple[date, date]:
        """Return the first day of an event and the first day after it."""
        line, value = event.properties["DTSTART"]
        start = self._whole_day(value, line)
        end = start + timedelta(days=1)
        if "DTEND" in event.properties:
            line, value = event.properties["DTEND"]
            end = self._whole_day(value, line)
        elif "DURATION" in event.properties:
            line, value = event.properties["DURATION"]
            length = _LENGTH.fullmatch(value)
            if length is None:
                raise self.fail("range_wrong", line, value=value[:GLIMPSE])
            end = start + timedelta(days=int(length[1] or 0), weeks=int(length[2] or 0))
        if not start < end <= start + LONGEST:
            raise self.fail("range_wrong", line, value=value[:GLIMPSE])
        return start, end

    def _whole_day(self, value: str, line: int) -> date:
        """Return the date of a property; an event at an hour of the day is no day off."""
        if not re.fullmatch("[0-9]{8}", value):
            raise self.fail("not_a_date", line, value=value[:GLIMPSE])
        return self.date(f"{value[:4]}-{value[4:6]}-{value[6:]}", line)

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
        raise self.fail("event_unclear", line, value=summary[:GLIMPSE])


def _festivals_in(summary: str) -> str:
    """Return the festivals that a summary names, or all of it if it names none that is known."""
    found = {name: summary.index(short) for short, name in _SHORT_NAMES.items() if short in summary}
    return "、".join(sorted(found, key=lambda name: found[name])) or summary
