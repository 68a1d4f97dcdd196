"""Digests: what one person or one room is told in one message, put into words from facts.

Pure. Whoever gathers the facts has left out what the reader may not know; this module decides what
may leave by which way. A title stands in the letter only, and only where there is one; ``short``
and ``data``, which go by chat and to programs, hold numbers, stages and dates. Of a restricted item
a letter tells nothing but that it is there and when it is due; by the other ways it never leaves.
"""

from __future__ import annotations

import html
import unicodedata
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from workflow.messages import fault_words, known, label, text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from workflow.messages import Language

MOST: Final = 50
"""So many entries a message spells out; of the others it gives the number."""
_MOST_SHORT: Final = 10
"""So many of them a chat message spells out."""
_WIDE: Final = frozenset("WF")
_UNSEEN: Final = frozenset({"Mn", "Me", "Cf"})
_LONGEST_TITLE: Final = 120


class Urgency(StrEnum):
    """Why an entry stands in a digest; in the order in which they do."""

    OVERDUE = "overdue"
    DUE_TODAY = "due_today"
    DUE_SOON = "due_soon"
    CORRECTED = "corrected"
    NOTICE = "notice"
    OPERATIONS = "operations"


_ANSWERED: Final = frozenset(
    {Urgency.OVERDUE, Urgency.DUE_TODAY, Urgency.DUE_SOON, Urgency.CORRECTED}
)
"""What is repeated, or stands on a board, until it is acknowledged."""
_ORDER: Final = {urgency: place for place, urgency in enumerate(Urgency)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing that somebody is told, with what there is to do about it.

    ``days`` are working days: left if they are positive, late if negative. ``stage`` is the name of
    the desk in the reader's language and ``act`` the command that leads on from there. Of what is
    no deadline, ``event`` says what happened. ``alert`` is the number to acknowledge it by, and
    ``group`` the coordinating group to which a deadline was carried up, if it was.
    """

    alert: int
    urgency: Urgency
    event: str
    item: int | None = None
    index_number: str | None = None
    title: str | None = None
    stage: str = ""
    clock: str | None = None
    due_on: date | None = None
    days: int | None = None
    act: str | None = None
    group: str | None = None
    restricted: bool = False
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """Everything that one message tells.

    ``fresh`` is what it is sent for; ``standing`` what is open besides and was told before, and
    ``more`` how much of that there is beyond it.
    """

    language: Language
    office: str
    rehearsal: bool
    fresh: Sequence[Entry]
    standing: Sequence[Entry] = ()
    more: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Composed:
    """A digest in words: a letter as text and as HTML, a chat message, and the same as data."""

    subject: str
    text: str
    html: str
    short: str
    data: Mapping[str, Any]


def compose(digest: Digest) -> Composed:
    """Put a digest into words; raises ``KeyError`` for an entry that cannot be said."""
    fresh = sorted(digest.fresh, key=_first)
    room = max(MOST - len(fresh), 0)
    standing = sorted(digest.standing, key=_first)
    more = digest.more + max(len(standing) - room, 0) + max(len(fresh) - MOST, 0)
    parts = [
        _Part("fresh", fresh[:MOST]),
        *([_Part("standing", standing[:room])] if standing[:room] else []),
    ]
    speaker = _Speaker(digest.language)
    subject = speaker.subject(digest, fresh)
    # What is restricted never leaves by chat, nor to programs: it is only counted there.
    told = [entry for entry in fresh if not entry.restricted]
    stands = [entry for entry in standing[:room] if not entry.restricted]
    hidden = len(fresh) - len(told) + len(standing[:room]) - len(stands)
    return Composed(
        subject=subject,
        text=speaker.letter(digest, parts, more),
        html=speaker.page(digest, subject, parts, more),
        short=speaker.chat(digest, subject, told),
        data={
            "office": digest.office,
            "rehearsal": digest.rehearsal,
            "entries": [_datum(entry) for entry in told[:MOST]],
            "standing": [_datum(entry) for entry in stands],
            "more": more + hidden,
        },
    )


def say(entry: Entry, language: Language) -> str:
    """Return what an entry tells, as one line without its number; raises ``KeyError``."""
    return _Speaker(language).what(entry)


def command(entry: Entry) -> str | None:
    """Return the command that does what there is to do about an entry."""
    if entry.act is None:
        return None
    about = "" if entry.item is None or entry.act in _WITHOUT_ITEM else f" {entry.item}"
    return f"gongkai {entry.act}{about}"


_AFTER_READING: Final = frozenset(
    {
        "sign-off", "seal", "review", "answer", "approve", "publish", "retry", "submit",
        "confirm-retraction", "confirm-restoration",
    }
)  # fmt: skip
_WITHOUT_ITEM: Final = frozenset({"alerts", "doctor", "inbox", "password", "contact show"})


def width(line: str) -> int:
    """Return how many cells ``line`` takes where a Chinese character takes two."""
    return sum(
        2
        if unicodedata.east_asian_width(character) in _WIDE
        else unicodedata.category(character) not in _UNSEEN
        for character in line
    )


@dataclass(frozen=True, slots=True)
class _Part:
    name: str
    entries: Sequence[Entry]

    def groups(self) -> Iterable[tuple[Urgency, list[Entry]]]:
        for urgency, entries in groupby(self.entries, key=lambda entry: entry.urgency):
            yield urgency, list(entries)


def _first(entry: Entry) -> tuple[int, str, int]:
    """Order entries: by why they are told, then by their last day, then by their number."""
    due = entry.due_on.isoformat() if entry.due_on else "9999"
    return _ORDER[entry.urgency], due, entry.alert


def _datum(entry: Entry) -> dict[str, Any]:
    return {
        "alert": entry.alert,
        "urgency": entry.urgency.value,
        "event": entry.event,
        "due_on": entry.due_on.isoformat() if entry.due_on else None,
        "working_days": entry.days,
        "clock": entry.clock,
        "item": entry.item,
        "index_number": entry.index_number,
        "stage": entry.stage,
        "command": command(entry),
    }


class _Speaker:
    """Says things in one language."""

    def __init__(self, language: Language) -> None:
        self.language: Language = language

    def text(self, key: str, /, **params: Any) -> str:
        return text(f"digest.{key}", self.language, **params)

    # -- an entry ----------------------------------------------------------------------------

    def number(self, entry: Entry) -> str:
        if entry.restricted:
            return self.text("restricted")
        if entry.item is None:
            return ""
        return f"#{entry.item}" + (f"  {entry.index_number}" if entry.index_number else "")

    def what(self, entry: Entry) -> str:
        if entry.urgency is Urgency.OPERATIONS:
            return self.fault(entry)
        if entry.urgency is Urgency.NOTICE:
            return self.event(entry)
        parts = [
            label("clock", entry.clock, self.language) if entry.clock else "",
            "" if entry.restricted else entry.stage,
            self.text("due", due=entry.due_on) if entry.due_on else "",
            self.left(entry),
            self.carried_up(entry),
        ]
        return "  ".join(part for part in parts if part)

    def event(self, entry: Entry) -> str:
        facts = {name: self.fact(name, value) for name, value in entry.facts.items()}
        # The fact is a code; and where a restricted item stands is not told.
        stage = "" if entry.restricted else entry.stage
        facts["stage"] = stage or self.text("nowhere")
        key = f"digest.event.{entry.event}"
        if not known(key):
            key, facts = "digest.event.other", {"code": entry.event}
        return text(key, self.language, **facts)

    def fault(self, entry: Entry) -> str:
        return fault_words(entry.event, entry.facts, self.language)

    def fact(self, name: str, value: Any) -> str:
        if name in ("role", "action", "channel", "clock"):
            return label(name, str(value), self.language)
        return str(value)

    def left(self, entry: Entry) -> str:
        if entry.urgency is Urgency.CORRECTED:
            return self.text("not_overdue")
        if entry.days is None:
            return ""
        if entry.urgency is Urgency.OVERDUE:
            # A rest day after the last one is late by no working day yet, and late all the same.
            return self.text("late", days=-entry.days) if entry.days else self.text("just_late")
        return self.text("today") if entry.days == 0 else self.text("left", days=entry.days)

    def carried_up(self, entry: Entry) -> str:
        """Say that it is a step of the ladder that goes to a group: else all look the same."""
        if entry.group is None or entry.urgency is Urgency.CORRECTED:
            return ""
        return self.text("carried_up", group=label("audience", entry.group, self.language))

    def todo(self, entry: Entry) -> str:
        call = "gongkai alerts" if entry.restricted else command(entry)
        if call is None:
            return ""
        act = "alerts" if entry.restricted else str(entry.act)
        if act in _AFTER_READING:
            # Who decides has to have seen the version that is decided on.
            call = self.text("first", show=f"gongkai show {entry.item}", then=call)
        return self.text("todo", what=self.text(f"do.{act.replace(' ', '_')}"), command=call)

    # -- a whole message ---------------------------------------------------------------------

    def subject(self, digest: Digest, entries: Sequence[Entry]) -> str:
        counted = [
            self.text(f"count.{urgency}", count=len(group))
            for urgency, group in _Part("", entries).groups()
        ]
        key = "subject_rehearsal" if digest.rehearsal else "subject"
        return self.text(key, office=digest.office, counts=self.text("joint").join(counted))

    def letter(self, digest: Digest, parts: Sequence[_Part], more: int) -> str:
        lines = [self.text("greeting", office=digest.office)]
        if digest.rehearsal:
            lines.append(self.text("rehearsal"))
        for part in parts:
            if part.name == "standing":
                lines += ["", self.text("standing")]
            for urgency, entries in part.groups():
                lines += ["", self.text(f"heading.{urgency}")]
                broad = max(width(self.number(entry)) for entry in entries)
                for entry in entries:
                    number = self.number(entry)
                    blanks = " " * (broad - width(number) + 2) if broad else ""
                    lines.append(f"  {number}{blanks}{self.what(entry)}".rstrip())
                    lines += [f"      {line}" for line in self.under(entry)]
        if more:
            lines += ["", self.text("more", count=more)]
        for line in self.foot(parts):
            lines += ["", *line]
        return "\n".join([*lines, ""])

    def foot(self, parts: Sequence[_Part]) -> Iterable[tuple[str, ...]]:
        """Yield how to acknowledge what is told of deadlines, if anything is, in two lines."""
        numbers = sorted(
            {entry.alert for part in parts for entry in part.entries if entry.urgency in _ANSWERED}
        )
        if numbers:
            call = " ".join(["gongkai alerts ack", *map(str, numbers)])
            yield self.text("foot"), f"  {call}"

    def under(self, entry: Entry) -> list[str]:
        title = _shortened(entry.title) if entry.title and not entry.restricted else ""
        return [line for line in (title, self.todo(entry)) if line]

    def page(self, digest: Digest, subject: str, parts: Sequence[_Part], more: int) -> str:
        said = html.escape
        body = [f"<p>{said(self.text('greeting', office=digest.office))}</p>"]
        if digest.rehearsal:
            body.append(f"<p><strong>{said(self.text('rehearsal'))}</strong></p>")
        for part in parts:
            if part.name == "standing":
                body.append(f"<h2>{said(self.text('standing'))}</h2>")
            for urgency, entries in part.groups():
                body.append(f"<h3>{said(self.text(f'heading.{urgency}'))}</h3>")
                body.append("<table>")
                for entry in entries:
                    number, what = said(self.number(entry)), said(self.what(entry))
                    under = "".join(f"<br>{said(line)}" for line in self.under(entry))
                    body.append(f"<tr><td>{number}</td><td>{what}{under}</td></tr>")
                body.append("</table>")
        if more:
            body.append(f"<p>{said(self.text('more', count=more))}</p>")
        for words, call in self.foot(parts):
            body.append(f"<p>{said(words)}<br><code>{said(call.strip())}</code></p>")
        language = "zh-CN" if self.language == "zh" else "en"
        return (
            f'<!DOCTYPE html>\n<html lang="{language}"><head><meta charset="utf-8">'
            f"<title>{said(subject)}</title></head>\n<body>\n"
            + "\n".join(body)
            + "\n</body></html>\n"
        )

    def chat(self, digest: Digest, subject: str, told: Sequence[Entry]) -> str:
        lines = [subject]
        for entry in told[:_MOST_SHORT]:
            number = self.number(entry)
            lines.append(f"{number}  {self.what(entry)}" if number else self.what(entry))
        hidden = len(digest.fresh) + len(digest.standing) + digest.more - (len(lines) - 1)
        if hidden:
            lines.append(self.text("more", count=hidden))
        return "\n".join(lines)


def _shortened(title: str) -> str:
    return title if len(title) <= _LONGEST_TITLE else title[: _LONGEST_TITLE - 1] + "…"
