"""Feeds of due dates for people's calendars (iCalendar, RFC 5545).

A due date is an event of one whole day, which is that day wherever the reader is. Its identity
stays the same for as long as its clock lives, and its sequence grows whenever the due date moves,
so that a calendar that subscribes to the feed moves the event instead of showing two. A clock that
has ended stays in the feed for as long as it is given, as a cancelled event: what only disappeared
would stay in some calendars for ever. Nothing is read from the present time, so a feed of the same
clocks is the same to the byte.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from workflow.deadlines import Status

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

PRODUCT: Final = "-//gongkai//due dates//ZH"
"""The name of the program in its feeds."""
OCTETS: Final = 75
"""The longest line, without its end, in octets."""

_ENDED: Final = frozenset({Status.MET_ON_TIME, Status.MET_LATE, Status.VOIDED})
_ESCAPES: Final = str.maketrans(
    {"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\t": " ", "\x85": "\\n", "\u2028": "\\n"}
)
_CONTINUES: Final = range(0b1000_0000, 0b1100_0000)
"""The octets that continue a character in UTF-8."""
_CONTROLS: Final = frozenset({"Cc", "Cs"})
"""Kinds of characters that no text of a calendar may hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DueDate:
    """The due date of one clock as people see it in their calendars.

    ``uid`` never changes and is unique in the world: the number of the clock, ``@`` and a name of
    the office. ``rev`` grows whenever the due date moves. ``changed_at`` is the instant, with a
    zone, of the last change of any of this. ``summary`` and ``description`` are sentences for
    people; they leave the office, so what may be in them is for the caller to say.
    """

    uid: str
    rev: int
    due: date
    status: Status
    changed_at: datetime
    summary: str
    description: str = ""
    url: str = ""


def feed(dates: Iterable[DueDate], *, name: str) -> bytes:
    """Return the feed of due dates, in the order given, as UTF-8 with lines that end in CRLF.

    ``name`` is what calendars call it. Raises ``TypeError`` for an instant without a zone.
    """
    lines = (folded for line in _lines(dates, name) for folded in _folded(line))
    return b"".join(line + b"\r\n" for line in lines)


def _lines(dates: Iterable[DueDate], name: str) -> Iterator[str]:
    yield "BEGIN:VCALENDAR"
    yield "VERSION:2.0"
    yield f"PRODID:{PRODUCT}"
    yield "CALSCALE:GREGORIAN"
    yield "METHOD:PUBLISH"
    yield f"X-WR-CALNAME:{_text(name)}"
    for each in dates:
        stamp = _instant(each.changed_at)
        yield "BEGIN:VEVENT"
        yield f"UID:{_text(each.uid)}"
        yield f"DTSTAMP:{stamp}"
        yield f"LAST-MODIFIED:{stamp}"
        yield f"SEQUENCE:{each.rev}"
        yield f"DTSTART;VALUE=DATE:{each.due:%Y%m%d}"
        yield f"DTEND;VALUE=DATE:{each.due + timedelta(days=1):%Y%m%d}"
        yield f"SUMMARY:{_text(each.summary)}"
        if each.description:
            yield f"DESCRIPTION:{_text(each.description)}"
        if each.url:
            yield f"URL:{_plain(each.url)}"
        yield f"STATUS:{'CANCELLED' if each.status in _ENDED else 'CONFIRMED'}"
        # A due date takes nobody's time.
        yield "TRANSP:TRANSPARENT"
        yield "END:VEVENT"
    yield "END:VCALENDAR"


def _instant(instant: datetime) -> str:
    if instant.tzinfo is None:
        raise TypeError("an instant needs a zone")
    return f"{instant.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(text: str) -> str:
    """Return a text as RFC 5545 (3.3.11) writes it."""
    return _plain(text.replace("\r\n", "\n").replace("\r", "\n").translate(_ESCAPES))


def _plain(text: str) -> str:
    """Return a text without characters that no content line may hold."""
    return "".join(sign for sign in text if unicodedata.category(sign) not in _CONTROLS)


def _folded(line: str) -> Iterator[bytes]:
    """Give the lines of a content line, none longer than :data:`OCTETS`; no character is split.

    The space that begins a further line counts, too.
    """
    rest = line.encode()
    room = OCTETS
    lead = b""
    while len(rest) > room:
        end = room
        while rest[end] in _CONTINUES:
            end -= 1
        yield lead + rest[:end]
        rest, room, lead = rest[end:], OCTETS - 1, b" "
    yield lead + rest
