"""Which days are working days in mainland China, and by which notice each one is what it is.

The State Council arranges one year at a time and sometimes changes its mind within the year, so a
calendar is a sequence of years with their notices, and a mid-year change is a further notice of
the same year. The last noticed year ends at the *horizon*. Beyond it, to the end of 2050, days are
*provisional*: computed from the festivals that the law names, and said to be so. Outside 2007 to
2050 every question is refused.

A notice for a year may turn days of the December before, so the last days of December of the
horizon's year can still change when the next notice comes; in twenty years five notices did that,
and each time the due dates concerned were recomputed. Days are dates of Asia/Shanghai. An instant
is no day: where one begins and ends is for the caller to say.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cached_property, lru_cache
from itertools import accumulate, compress
from typing import TYPE_CHECKING, Any, Final

from workflow.errors import InvalidInput

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

FIRST: Final = date(2007, 1, 1)
"""The first day that any calendar knows."""
LAST: Final = date(2050, 12, 31)
"""The last day for which the festivals were computed."""
REMINDER: Final = (11, 1)
"""Month and day from which the notice for the next year is missed."""

_FIRST_ORDINAL: Final = FIRST.toordinal()
_DAYS: Final = LAST.toordinal() - _FIRST_ORDINAL + 1
_ONE_DAY: Final = timedelta(days=1)
_FRIDAY: Final = 4


class Reason(StrEnum):
    """Why a day is counted or skipped."""

    WORKING_DAY = "working_day"
    MAKE_UP = "make_up"
    LOCAL_MAKE_UP = "local_make_up"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    LOCAL_HOLIDAY = "local_holiday"
    FESTIVAL = "festival"
    IN_LIEU = "in_lieu"


_WORKED: Final = frozenset({Reason.WORKING_DAY, Reason.MAKE_UP, Reason.LOCAL_MAKE_UP})


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """What a notice does for one festival: days it gives off, and weekend days it makes work.

    ``off`` names every day of the holiday, the weekend days in it too. ``en`` is empty where a
    file knew the Chinese name only.
    """

    zh: str
    en: str
    off: tuple[date, ...]
    work: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A notice as far as it was really read; what was not is empty, and nothing is guessed.

    ``issued`` is the date at its foot, ``published`` the day from which everyone could know it.
    """

    number: str
    title: str
    issued: date | None = None
    published: date | None = None
    url: str = ""
    turns: tuple[Turn, ...] = ()

    @property
    def known_on(self) -> date | None:
        """The day from which it counts as known; ``None`` if neither date was read."""
        return self.published or self.issued

    def days(self) -> Iterator[tuple[date, bool, Turn]]:
        """Give every day it turns, whether it becomes a working day, and for which festival."""
        for turn in self.turns:
            for day in turn.off:
                yield day, False, turn
            for day in turn.work:
                yield day, True, turn


@dataclass(frozen=True, slots=True, kw_only=True)
class Year:
    """A year with its notice, and with the amendments to it in the order they were made.

    What a later notice says of a day overrides what an earlier one said.
    """

    year: int
    notices: tuple[Notice, ...]

    def outcome(self) -> dict[date, tuple[bool, Turn, Notice]]:
        """Return what finally holds for each day that any of its notices turns."""
        return {
            day: (works, turn, notice)
            for notice in self.notices
            for day, works, turn in notice.days()
        }

    def amended(self, to: Year) -> Year:
        """Return this year with one more notice, whose days are those that ``to`` changes.

        A file that gives a changed year whole says nothing of what held before. This keeps the
        earlier notices, so that history stays explained, and takes number, title and dates from
        the last notice of ``to``. Returns ``self`` if no day changes.
        """
        before, after = self.outcome(), to.outcome()
        turns: dict[tuple[str, str], tuple[list[date], list[date]]] = {}
        for day in sorted(before | after):
            worked = before[day][0] if day in before else _is_weekday(day)
            works = after[day][0] if day in after else _is_weekday(day)
            if worked is not works:
                turn = (after.get(day) or before[day])[1]
                turns.setdefault((turn.zh, turn.en), ([], []))[works].append(day)
        if not turns:
            return self
        notice = replace(
            to.notices[-1],
            turns=tuple(
                Turn(zh=zh, en=en, off=tuple(off), work=tuple(work))
                for (zh, en), (off, work) in turns.items()
            ),
        )
        return replace(self, notices=(*self.notices, notice))


@dataclass(frozen=True, slots=True, kw_only=True)
class Statute:
    """A version of the 全国年节及纪念日放假办法: which days of which festival it gives to all.

    ``days`` holds, for each festival's code, distances in days from the festival itself.
    """

    number: str
    title: str
    known: date
    in_force: date
    days: Mapping[str, tuple[int, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Festival:
    """A festival and the day on which each year has it."""

    code: str
    zh: str
    en: str
    dates: Mapping[int, date]


@dataclass(frozen=True, slots=True, kw_only=True)
class Festivals:
    """When the festivals fall, and what the law makes of them: the base of provisional days."""

    festivals: tuple[Festival, ...]
    statutes: tuple[Statute, ...]

    def statute_of(self, year: int) -> Statute:
        """Return the version of the law that is in force when ``year`` begins."""
        start = date(year, 1, 1)
        return max(
            (statute for statute in self.statutes if statute.in_force <= start),
            key=lambda statute: statute.in_force,
        )

    def given(self, year: int) -> list[tuple[date, Festival, Reason]]:
        """Return what the law gives off in ``year``, in the order of the days.

        A festival day on a Saturday, on a Sunday or on the day of another festival is given back
        on the next working day. Article 6 of the measures requires a working day for the former
        and names none; the latter is what the notices for 2009 and 2020 did.
        """
        law = self.statute_of(year).days
        days: dict[date, Festival] = {}
        owed: list[tuple[date, Festival]] = []
        for festival in self.festivals:
            for distance in law.get(festival.code, ()):
                day = festival.dates[year] + timedelta(days=distance)
                if day in days or not _is_weekday(day):
                    owed.append((day, festival))
                days.setdefault(day, festival)
        in_lieu: dict[date, Festival] = {}
        for day, festival in sorted(owed, key=lambda entry: entry[0]):
            instead = day + _ONE_DAY
            while not _is_weekday(instead) or instead in days or instead in in_lieu:
                instead += _ONE_DAY
            in_lieu[instead] = festival
        return sorted(
            [(day, festival, Reason.FESTIVAL) for day, festival in days.items()]
            + [(day, festival, Reason.IN_LIEU) for day, festival in in_lieu.items()],
            key=lambda entry: entry[0],
        )

    def as_of(self, day: date) -> Festivals:
        """Return the festivals by the law as it was known on ``day``."""
        return replace(
            self, statutes=tuple(statute for statute in self.statutes if statute.known <= day)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """What one day is, and by whose word.

    ``number`` counts the working days of an explanation, from 1, and is absent for a skipped day
    or where nothing is counted. ``zh`` and ``en`` name the festival. ``notice`` is what turned the
    day, ``statute`` the law behind a provisional festival.
    """

    day: date
    reason: Reason
    provisional: bool
    number: int | None = None
    zh: str = ""
    en: str = ""
    notice: Notice | None = None
    statute: Statute | None = None

    @property
    def works(self) -> bool:
        """Whether it is a working day."""
        return self.reason in _WORKED


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A day that one calendar works and the other does not."""

    before: Day
    after: Day


@dataclass(frozen=True, slots=True)
class _Table:
    """Every day of a calendar by its place, from 0: looked up, never computed again."""

    reasons: list[Reason]
    marks: dict[int, tuple[Turn | Festival, Notice | Statute]]
    worked: bytes
    """1 for a working day, 0 for another."""
    until: list[int]
    """How many working days there are up to and with each day."""
    working: list[date]
    """The working days, in order."""


@dataclass(frozen=True, kw_only=True)
class Calendar:
    """The working days from :data:`FIRST` to :data:`LAST`; never changes once it is made.

    ``years`` follow one another without a gap from the first; raises ``InvalidInput`` with
    ``calendar_year_missing`` or ``calendar_year_twice`` if they do not. ``local`` are notices of
    local governments, whose days lie on top: article 4 of the measures lets the governments of
    areas where national minorities live set days of their own. That a notice does not contradict
    itself is for the reader of files to check (:mod:`workflow.calendar_files`).
    """

    years: tuple[Year, ...]
    festivals: Festivals
    local: tuple[Notice, ...] = ()
    _table: _Table = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Check the sequence of years and work the table out."""
        for expected, year in enumerate(self.years, start=FIRST.year):
            if year.year < expected:
                raise InvalidInput("calendar_year_twice", year=year.year)
            if year.year > expected:
                raise InvalidInput("calendar_year_missing", year=expected)
        object.__setattr__(self, "_table", self._worked_out())

    @property
    def horizon(self) -> date:
        """The last day that a notice covers; the day before :data:`FIRST` if there is none."""
        return date(self.years[-1].year, 12, 31) if self.years else FIRST - _ONE_DAY

    @cached_property
    def text(self) -> str:
        """The whole calendar as canonical JSON, from which :func:`stored` makes it again."""
        return json.dumps(
            _document(self),
            ensure_ascii=False,
            sort_keys=True,
            separators=(",", ":"),
            default=date.isoformat,
        )

    @cached_property
    def version(self) -> str:
        """The SHA-256 of :attr:`text`, in hexadecimal: equal calendars have equal versions."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    def is_working_day(self, day: date) -> bool:
        """Tell whether ``day`` is a working day.

        Like every question here, raises ``InvalidInput('outside_calendar')`` for a day before
        :data:`FIRST` or after :data:`LAST`.
        """
        return self._table.worked[_place(day)] == 1

    def is_provisional(self, day: date) -> bool:
        """Tell whether ``day`` lies beyond the horizon, so that a notice may still change it."""
        _place(day)
        return day > self.horizon

    def add(self, start: date, n: int) -> date:
        """Return the ``n``-th working day after ``start``, which itself is not counted.

        With a negative ``n`` it is the working day so many before ``start``; with 0 it is
        ``start``, whatever day that is.
        """
        place = _place(start)
        if n == 0:
            return start
        table = self._table
        ahead = table.until[place] - (table.worked[place] if n < 0 else 1) + n
        if not 0 <= ahead < len(table.working):
            raise _outside(start)
        return table.working[ahead]

    def count(self, start: date, end: date) -> int:
        """Return how many working days lie after ``start`` and up to and with ``end``.

        Negative if ``end`` lies before ``start``: minus the working days after ``end``.
        """
        until = self._table.until
        return until[_place(end)] - until[_place(start)]

    def describe(self, day: date) -> Day:
        """Return what ``day`` is, and by whose word."""
        return self._day(_place(day), None)

    def explain(self, start: date, n: int) -> tuple[Day, ...]:
        """Return every day from ``start``, left out, to ``add(start, n)``, in the order counted."""
        here, there = _place(start), _place(self.add(start, n))
        days: list[Day] = []
        number = 0
        for place in range(here + 1, there + 1) if n > 0 else range(here - 1, there - 1, -1):
            number += self._table.worked[place]
            days.append(self._day(place, number if self._table.worked[place] else None))
        return tuple(days)

    def amended(self, *years: Year) -> Calendar:
        """Return a calendar in which these years replace those of the same number, or are new."""
        merged = {year.year: year for year in (*self.years, *years)}
        return replace(self, years=tuple(merged[number] for number in sorted(merged)))

    def with_local(self, *notices: Notice) -> Calendar:
        """Return a calendar with more notices of local governments on top."""
        return replace(self, local=(*self.local, *notices))

    def as_of(self, day: date) -> Calendar:
        """Return the calendar as it was known at the end of ``day``, which explains history.

        Amendments, years, local notices and versions of the law that came later are not in it. A
        notice without any date counts as always known.
        """
        years: list[Year] = []
        for year in self.years:
            known = _known(year.notices, day)
            if not known:
                break
            years.append(replace(year, notices=known))
        return Calendar(
            years=tuple(years),
            festivals=self.festivals.as_of(day),
            local=_known(self.local, day),
        )

    def unnumbered(self) -> tuple[tuple[int, Notice], ...]:
        """Return the notices whose number was not read, each with its year."""
        return tuple(
            (year.year, notice)
            for year in self.years
            for notice in year.notices
            if not notice.number
        )

    def missing_year(self, today: date) -> int | None:
        """Return the year whose notice is missed on ``today``: the next one from 1 November on."""
        due = today.year + ((today.month, today.day) >= REMINDER)
        return due if due > self.horizon.year else None

    def _day(self, place: int, number: int | None) -> Day:
        day = date.fromordinal(_FIRST_ORDINAL + place)
        name, source = self._table.marks.get(place, (None, None))
        return Day(
            day=day,
            reason=self._table.reasons[place],
            provisional=day > self.horizon,
            number=number,
            zh=name.zh if name else "",
            en=name.en if name else "",
            notice=source if isinstance(source, Notice) else None,
            statute=source if isinstance(source, Statute) else None,
        )

    def _worked_out(self) -> _Table:
        week = [Reason.WORKING_DAY] * 5 + [Reason.WEEKEND] * 2
        reasons = (week * (_DAYS // 7 + 2))[FIRST.weekday() :][:_DAYS]
        marks: dict[int, tuple[Turn | Festival, Notice | Statute]] = {}

        def mark(
            day: date, reason: Reason, *, name: Turn | Festival, source: Notice | Statute
        ) -> None:
            # The notice for the first year turns days of the December before it, too.
            if FIRST <= day <= LAST:
                place = day.toordinal() - _FIRST_ORDINAL
                reasons[place] = reason
                marks[place] = (name, source)

        for number in range(self.horizon.year + 1, LAST.year + 1):
            statute = self.festivals.statute_of(number)
            for day, festival, reason in self.festivals.given(number):
                mark(day, reason, name=festival, source=statute)
        for year in self.years:
            for day, (works, turn, notice) in year.outcome().items():
                reason = Reason.MAKE_UP if works else Reason.HOLIDAY
                mark(day, reason, name=turn, source=notice)
        for notice in self.local:
            for day, works, turn in notice.days():
                # What the whole country has arranged alike needs no word of the place.
                if (reasons[_place(day)] in _WORKED) is not works:
                    reason = Reason.LOCAL_MAKE_UP if works else Reason.LOCAL_HOLIDAY
                    mark(day, reason, name=turn, source=notice)
        worked = bytes(reason in _WORKED for reason in reasons)
        return _Table(
            reasons=reasons,
            marks=marks,
            worked=worked,
            until=list(accumulate(worked)),
            working=[
                date.fromordinal(_FIRST_ORDINAL + place) for place in compress(range(_DAYS), worked)
            ],
        )


def diff(old: Calendar, new: Calendar) -> tuple[Change, ...]:
    """Return the days that ``new`` works and ``old`` does not, or the other way round."""
    return tuple(
        Change(before=old.describe(day), after=new.describe(day))
        for place, (before, after) in enumerate(
            zip(old._table.worked, new._table.worked, strict=True)  # noqa: SLF001
        )
        if before != after
        for day in (date.fromordinal(_FIRST_ORDINAL + place),)
    )


@lru_cache(maxsize=16)
def stored(text: str) -> Calendar:
    """Make a calendar again from the canonical JSON that :attr:`Calendar.text` gave."""
    document = json.loads(text)
    return Calendar(
        years=tuple(
            Year(year=year["year"], notices=tuple(map(_notice, year["notices"])))
            for year in document["years"]
        ),
        festivals=Festivals(
            festivals=tuple(
                Festival(
                    code=festival["code"],
                    zh=festival["zh"],
                    en=festival["en"],
                    dates={int(year): _date(day) for year, day in festival["dates"].items()},
                )
                for festival in document["festivals"]
            ),
            statutes=tuple(
                Statute(
                    number=statute["number"],
                    title=statute["title"],
                    known=_date(statute["known"]),
                    in_force=_date(statute["in_force"]),
                    days={code: tuple(days) for code, days in statute["days"].items()},
                )
                for statute in document["statutes"]
            ),
        ),
        local=tuple(map(_notice, document["local"])),
    )


def _notice(document: dict[str, Any]) -> Notice:
    """Make a notice from its part of the canonical JSON."""
    return Notice(
        number=document["number"],
        title=document["title"],
        issued=_date(document["issued"]) if document["issued"] else None,
        published=_date(document["published"]) if document["published"] else None,
        url=document["url"],
        turns=tuple(
            Turn(
                zh=turn["zh"],
                en=turn["en"],
                off=tuple(map(_date, turn["off"])),
                work=tuple(map(_date, turn["work"])),
            )
            for turn in document["turns"]
        ),
    )


def _document(calendar: Calendar) -> dict[str, Any]:
    """Return the parts of a calendar as values of JSON, dates left as they are."""
    return {
        "format": 1,
        "years": [asdict(year) for year in calendar.years],
        "local": [asdict(notice) for notice in calendar.local],
        **asdict(calendar.festivals),
    }


def _date(text: str) -> date:
    return date.fromisoformat(text)


def _known(notices: Sequence[Notice], day: date) -> tuple[Notice, ...]:
    return tuple(notice for notice in notices if notice.known_on is None or notice.known_on <= day)


def _is_weekday(day: date) -> bool:
    return day.weekday() <= _FRIDAY


def _place(day: date) -> int:
    """Return the place of ``day`` in the table."""
    if isinstance(day, datetime):
        # In Python an instant is a date, and the wrong one for a third of the day in UTC.
        raise TypeError("a date of Asia/Shanghai is needed, not an instant")
    place = day.toordinal() - _FIRST_ORDINAL
    if not 0 <= place < _DAYS:
        raise _outside(day)
    return place


def _outside(day: date) -> InvalidInput:
    return InvalidInput(
        "outside_calendar",
        day=day.isoformat(),
        first=FIRST.isoformat(),
        last=LAST.isoformat(),
    )
