"""What an organisation file may say: the bodies of one district, their codes and their kinds.

A reading point has details of its own: what it is, whether every item has to be delivered to it,
where it is and who answers there. They may change; a point that closes says since which day.

Of the groups that coordinate disclosure three have a duty when a clock runs out: to organise, to
inspect, to hold to account. A group says which of them it is.

A body's code goes into every index number that the body will ever give, so a slip in it could
never be mended. A code as long as an organisation code (GB 11714) or a unified social credit code
(GB 32100) must therefore pass the check of that standard. A sample is told from a real body at a
glance and by machine: its code begins with ``YL-``, from 样例 (yànglì), and neither standard knows
a code with a hyphen in the third place; its name says 样例. Samples and real bodies never share a
file, because they would share a public site.

Errors carry the line that is at fault. The parser of the standard library gives none for what is
well-formed TOML and still wrong, so this module finds the lines itself.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections import Counter
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from importlib import resources
from typing import TYPE_CHECKING, Any, Final

from workflow.errors import InvalidInput, NotFound

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

FORMAT: Final = 1
SHIPPED: Final = ("sample_small", "dongchang")
SAMPLE_CODE: Final = "YL-"
"""What the code of every sample body begins with, and that of no other."""
SAMPLE_NAME: Final = "样例"
"""What the name of every sample body holds, and that of no other."""
MAX_BYTES: Final = 1024 * 1024
"""The largest organisation file that is read, in bytes."""
MAX_NAME: Final = 200
"""The longest name of a body, in characters; the published metadata takes no longer one."""
MAX_DETAIL: Final = 300
"""The longest address or contact of a reading point, in characters."""

_GLIMPSE: Final = 100
_CODE: Final = re.compile(r"[0-9A-Z-]{2,18}")
_ALPHANUMERIC: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_GB11714_LENGTH: Final = 9
_GB11714_WEIGHTS: Final = (3, 7, 9, 10, 5, 8, 4, 2)
_GB32100_LENGTH: Final = 18
_GB32100_ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_GB32100_WEIGHTS: Final = tuple(pow(3, place, 31) for place in range(17))
_TOP: Final[Mapping[str, type]] = {"format": int, "name": str, "sample": bool, "bodies": list}
_ROW: Final[Mapping[str, type]] = {
    "code": str, "name": str, "name_en": str, "kind": str, "sample": bool,
    "closed_on": date, "merged_into": str,
}  # fmt: skip
_POINT: Final[Mapping[str, type]] = {
    "point_kind": str, "required": bool, "address": str, "contact": str, "closed_on": date,
}  # fmt: skip
"""What only a reading point may say, each of it or nothing."""
_GROUP: Final[Mapping[str, type]] = {"duty": str}
"""What only a group may say."""
_OPTIONAL: Final = frozenset({"sample", "merged_into", *_POINT, *_GROUP})


class OrganisationError(InvalidInput):
    """An organisation file cannot be used; ``params`` has ``path`` and, inside it, ``line``."""


class BodyKind(StrEnum):
    """What a body is in the disclosure work of its district."""

    DISTRICT = "district"
    DEPARTMENT = "department"
    TOWNSHIP = "township"
    SUBDISTRICT = "subdistrict"
    CENTRE = "centre"
    GROUP = "group"
    READING_POINT = "reading_point"


PUBLISHING: Final = frozenset({BodyKind.DEPARTMENT, BodyKind.TOWNSHIP, BodyKind.SUBDISTRICT})
"""The kinds of body that enter and publish items."""


class PointKind(StrEnum):
    """What a public reading point is (2019 Regulations, article 25)."""

    ARCHIVES = "archives"
    LIBRARY = "library"
    SERVICE_HALL = "service_hall"
    READING_ROOM = "reading_room"
    COLLECTION_POINT = "collection_point"
    NOTICE_BOARD = "notice_board"
    SCREEN = "screen"


class Duty(StrEnum):
    """Which of the coordinating groups a body of kind ``group`` is; each is there once at most."""

    ORGANISING = "organising"
    INSPECTION = "inspection"
    ACCOUNTABILITY = "accountability"


_OWN: Final[Mapping[str, Mapping[str, type]]] = {
    BodyKind.READING_POINT: _POINT,
    BodyKind.GROUP: _GROUP,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """What a body of kind ``reading_point`` is beside its name.

    Items must be delivered to ``required`` ones. From ``closed_on`` a point takes nothing more.
    """

    kind: PointKind = PointKind.READING_ROOM
    required: bool = True
    address: str = ""
    contact: str = ""
    closed_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """A body, by the code that never changes; ``name`` is its full standard name in Chinese.

    From ``closed_on`` a publishing body takes no new items; ``merged_into`` is the code of the one
    that goes on with its work. A reading point says in ``point`` when it closes.

    ``point`` is there for reading points, and for no other kind; ``duty`` only for groups.
    """

    code: str
    name: str
    name_en: str
    kind: BodyKind
    sample: bool
    closed_on: date | None = None
    merged_into: str | None = None
    point: Point | None = None
    duty: Duty | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation:
    """The bodies of one district, in the order of their file."""

    name: str
    sample: bool
    bodies: tuple[Body, ...]


class ChangeKind(StrEnum):
    """How a body of the file differs from what is known; a missing one is never deleted."""

    ADDED = "added"
    RENAMED = "renamed"
    CHANGED = "changed"
    POINT_CHANGED = "point_changed"
    DUTY_CHANGED = "duty_changed"
    MISSING = "missing"
    ENDED = "ended"
    REOPENED = "reopened"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One difference: ``before`` is absent for what is added, ``after`` for what is missing."""

    kind: ChangeKind
    code: str
    before: Body | None
    after: Body | None


def shipped(name: str) -> Organisation:
    """Return an organisation that ships with the product.

    Raises ``NotFound('no_such_organisation')``.
    """
    if name not in SHIPPED:
        raise NotFound("no_such_organisation", name=name, known=SHIPPED)
    file = resources.files("workflow") / "organisations" / f"{name}.toml"
    return parse(file.read_text("utf-8"), source=f"{name}.toml")


def load(path: Path) -> Organisation:
    """Read an organisation file; raises :class:`OrganisationError`."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except FileNotFoundError as error:
        raise OrganisationError("file_missing", path=str(path)) from error
    except OSError as error:
        raise OrganisationError(
            "file_unreadable", path=str(path), problem=error.strerror
        ) from error
    if len(data) > MAX_BYTES:
        raise OrganisationError("organisation_too_large", path=str(path), limit=MAX_BYTES)
    try:
        # Editors on Windows put a byte-order mark before UTF-8; TOML itself knows none.
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise OrganisationError("file_not_utf8", path=str(path)) from error
    return parse(text, source=str(path))


def parse(text: str, *, source: str) -> Organisation:
    """Read an organisation from TOML; ``source`` names it in :class:`OrganisationError`."""
    try:
        document = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        # Beside its own error the parser lets through those of absurd numbers and nesting.
        raise OrganisationError("file_not_toml", path=source, problem=str(error)) from error
    return _Reader(source, _Lines(text)).organisation(document)


def is_organisation_code(code: str) -> bool:
    """Tell whether ``code`` is an organisation code of GB 11714, with or without its hyphen."""
    code = _without_hyphen(code)
    if len(code) != _GB11714_LENGTH or not set(code) <= set(_ALPHANUMERIC):
        return False
    total = sum(
        _ALPHANUMERIC.index(char) * weight
        for char, weight in zip(code, _GB11714_WEIGHTS, strict=False)
    )
    return code[-1] == "0X987654321"[total % 11]


def is_credit_code(code: str) -> bool:
    """Tell whether ``code`` is a unified social credit code of GB 32100."""
    if len(code) != _GB32100_LENGTH or not set(code) <= set(_GB32100_ALPHABET):
        return False
    total = sum(
        _GB32100_ALPHABET.index(char) * weight
        for char, weight in zip(code, _GB32100_WEIGHTS, strict=False)
    )
    return code[-1] == _GB32100_ALPHABET[-total % 31]


def diff(current: Sequence[Body], wanted: Organisation) -> list[Change]:
    """Compare the bodies that are known with those of a file, by code.

    The changes stand in the order of the file, then what is missing in the order of ``current``. A
    body gives a change for its names, one for its kind or sample mark, and one for its details as
    a reading point or its duty as a group.
    """
    known = {body.code: body for body in current}
    changes: list[Change] = []
    for after in wanted.bodies:
        before = known.pop(after.code, None)
        kinds: list[ChangeKind] = []
        if before is None:
            kinds.append(ChangeKind.ADDED)
        else:
            if (before.name, before.name_en) != (after.name, after.name_en):
                kinds.append(ChangeKind.RENAMED)
            if (before.closed_on, before.merged_into) != (after.closed_on, after.merged_into):
                kinds.append(ChangeKind.ENDED if after.closed_on else ChangeKind.REOPENED)
            if (before.kind, before.sample) != (after.kind, after.sample):
                kinds.append(ChangeKind.CHANGED)
            elif before.point != after.point:
                kinds.append(ChangeKind.POINT_CHANGED)
            elif before.duty != after.duty:
                kinds.append(ChangeKind.DUTY_CHANGED)
        changes += [
            Change(kind=kind, code=after.code, before=before, after=after) for kind in kinds
        ]
    changes += [
        Change(kind=ChangeKind.MISSING, code=body.code, before=body, after=None)
        for body in known.values()
    ]
    return changes


def _without_hyphen(code: str) -> str:
    """Return an organisation code without the hyphen that may stand before its check character."""
    return code[:-2] + code[-1] if code[-2:-1] == "-" else code


class _Reader:
    """Checks a parsed document and says on which line of its source it is wrong."""

    def __init__(self, source: str, lines: _Lines) -> None:
        self.source = source
        self.lines = lines

    def organisation(self, document: dict[str, Any]) -> Organisation:
        """Return the organisation, or raise the first fault that is met."""
        self.table(document, _TOP, None)
        if document["format"] != FORMAT:
            raise self.wrong("format", document["format"], None)
        self.name(document, "name", None)
        self.marks(document, "name", SAMPLE_NAME, None, sample=document["sample"])
        bodies = [self.body(row, place, document) for place, row in enumerate(document["bodies"])]
        for key in ("code", "name", "name_en", "duty"):
            first: dict[str, int] = {}
            for place, body in enumerate(bodies):
                if getattr(body, key) is None:
                    continue
                # Full-width and half-width brackets do not make two names of one.
                value = unicodedata.normalize("NFKC", getattr(body, key))
                if value in first:
                    raise self.fail(
                        "twice", key, place, value=getattr(body, key),
                        first_line=self.lines.of(key, first[value]),
                    )  # fmt: skip
                first[value] = place
        count = Counter(body.kind for body in bodies)
        for kind in (BodyKind.DISTRICT, BodyKind.CENTRE):
            if count[kind] != 1:
                places = [place for place, body in enumerate(bodies) if body.kind == kind]
                last = places[-1] if places else None
                key = "kind" if places else "bodies"
                raise self.fail("kind_count", key, last, kind=kind.value, count=count[kind])
        bodies = self.with_ends(bodies, document["bodies"])
        return Organisation(name=document["name"], sample=document["sample"], bodies=tuple(bodies))

    def body(self, row: object, place: int, document: Mapping[str, Any]) -> Body:
        """Return one body; ``place`` counts the ``[[bodies]]`` tables from 0."""
        if not isinstance(row, dict):
            raise self.wrong("bodies", row, None)
        own = _OWN.get(row["kind"], {}) if isinstance(row.get("kind"), str) else {}
        self.table(row, {**_ROW, **own}, place)
        sample = row.get("sample", document["sample"])
        if sample is not document["sample"]:
            raise self.fail("samples_mixed", "sample", place)
        if row["kind"] not in set(BodyKind):
            raise self.fail("kind_unknown", "kind", place, value=row["kind"], known=tuple(BodyKind))
        self.name(row, "name", place)
        self.name(row, "name_en", place)
        self.marks(row, "name", SAMPLE_NAME, place, sample=sample)
        self.code(row["code"], place)
        self.marks(row, "code", SAMPLE_CODE, place, sample=sample)
        return Body(
            code=row["code"],
            name=row["name"],
            name_en=row["name_en"],
            kind=BodyKind(row["kind"]),
            sample=sample,
            point=self.point(row, place) if own is _POINT else None,
            duty=self.duty(row, place) if "duty" in row else None,
        )

    def with_ends(self, bodies: Sequence[Body], rows: Sequence[Mapping[str, Any]]) -> list[Body]:
        """Return the bodies with their ends, which may refer to any body of the file."""
        found = []
        for place, (body, row) in enumerate(zip(bodies, rows, strict=True)):
            if body.kind is not BodyKind.READING_POINT:
                for key in {"closed_on", "merged_into"} & row.keys():
                    if body.kind not in PUBLISHING:
                        raise self.fail("key_unknown", key, place, known=tuple(_ROW)[:5])
                into = row.get("merged_into")
                if into is not None and "closed_on" not in row:
                    raise self.fail("key_missing", "closed_on", place)
                goes_on = {
                    other.code
                    for other, about in zip(bodies, rows, strict=True)
                    if other.kind in PUBLISHING and "closed_on" not in about
                }
                if into is not None and into not in goes_on:
                    raise self.fail("merged_into_unknown", "merged_into", place, value=into)
                body = replace(body, closed_on=row.get("closed_on"), merged_into=into)  # noqa: PLW2901 # completed
            elif "merged_into" in row:
                raise self.fail("key_unknown", "merged_into", place, known=tuple(_POINT))
            found.append(body)
        return found

    def duty(self, row: Mapping[str, Any], place: int) -> Duty:
        """Return which of the coordinating groups a group is."""
        if row["duty"] not in set(Duty):
            raise self.fail("duty_unknown", "duty", place, value=row["duty"], known=tuple(Duty))
        return Duty(row["duty"])

    def point(self, row: Mapping[str, Any], place: int) -> Point:
        """Return the details of a reading point; what is not said is as :class:`Point` has it."""
        kind = row.get("point_kind", PointKind.READING_ROOM)
        if kind not in set(PointKind):
            raise self.fail(
                "point_kind_unknown", "point_kind", place, value=kind, known=tuple(PointKind)
            )
        for key in ("address", "contact"):
            value = row.get(key, "")
            if not (len(value) <= MAX_DETAIL and value.isprintable() and value == value.strip()):
                raise self.wrong(key, value, place)
        details = {key: row[key] for key in _POINT if key in row and key != "point_kind"}
        return Point(kind=PointKind(kind), **details)

    def code(self, code: str, place: int) -> None:
        """Refuse a code that no index number could bear, or with a wrong check character."""
        if not _CODE.fullmatch(code):
            raise self.fail("code_shape", "code", place, value=code)
        if code.startswith(SAMPLE_CODE):
            return
        bare = _without_hyphen(code)
        # With a hyphen anywhere else it is a code that the office made up, such as MM-CENTRE.
        if not bare.isalnum():
            return
        if len(bare) == _GB11714_LENGTH and not is_organisation_code(code):
            raise self.fail("code_check", "code", place, value=code, standard="GB 11714")
        if len(code) == _GB32100_LENGTH and not is_credit_code(code):
            raise self.fail("code_check", "code", place, value=code, standard="GB 32100")

    def name(self, table: Mapping[str, Any], key: str, place: int | None) -> None:
        """Refuse a name that is empty, too long, padded, or holds what cannot be printed."""
        value = table[key]
        if not (0 < len(value) <= MAX_NAME and value.isprintable() and value == value.strip()):
            raise self.wrong(key, value, place)

    def marks(
        self, table: Mapping[str, Any], key: str, mark: str, place: int | None, *, sample: bool
    ) -> None:
        """Refuse a sample without its mark, and a mark on what is real."""
        value = table[key]
        marked = value.startswith(mark) if key == "code" else mark in value
        if sample and not marked:
            raise self.fail("sample_unmarked", key, place, value=value, mark=mark)
        if marked and not sample:
            raise self.fail("mark_on_real", key, place, value=value, mark=mark)

    def table(self, table: Mapping[str, Any], keys: Mapping[str, type], place: int | None) -> None:
        """Refuse a table with an unknown or missing key, or with a value of another type."""
        for key in table:
            if key not in keys:
                raise self.fail("key_unknown", key, place, known=tuple(keys))
        for key, kind in keys.items():
            if key not in table:
                if place is None or key not in _OPTIONAL:
                    raise self.fail("key_missing", key, place)
            # In Python true is also the number 1; in the file it is not.
            elif type(table[key]) is not kind:
                raise self.wrong(key, table[key], place)

    def wrong(self, key: str, value: object, place: int | None) -> OrganisationError:
        # A value may be of any type and size; the sentence needs no more than a glimpse of it.
        return self.fail("value_wrong", key, place, value=str(value)[:_GLIMPSE])

    def fail(self, problem: str, key: str, place: int | None, **facts: Any) -> OrganisationError:
        line = self.lines.of(key, place)
        return OrganisationError(
            f"organisation_{problem}", path=self.source, line=line, key=key, **facts
        )


_BODIES: Final = re.compile(r"[ \t]*\[\[[ \t]*([\"']?)bodies\1[ \t]*\]\]")
_KEY: Final = re.compile(r"[ \t]*([\"']?)([A-Za-z0-9_-]+)\1[ \t]*[=.]")
_DELIMITER: Final = re.compile(r"\"\"\"|'''|[\"'#\[\]{}]")
_ONE_LINE: Final = {
    '"': re.compile(r'"(?:[^"\\]|\\.)*"'),
    "'": re.compile(r"'[^']*'"),
}
_CLOSING: Final = {
    # A string may end in one or two quotes of its own, right before the three that close it.
    '"""': re.compile(r'(?:[^"\\]|\\.|\\$|"(?!""))*"{3,5}'),
    "'''": re.compile(r"(?:[^']|'(?!''))*'{3,5}"),
}


class _Lines:
    """Where the keys of a TOML document stand that the parser has found to be well formed.

    Lines are counted from 1. Only lines that begin outside of strings and brackets count, so a
    text that looks like a table is not taken for one. A key with escapes in its name, or in a
    table written in one line, is given the line of the table or array that holds it.
    """

    def __init__(self, text: str) -> None:
        self._top: dict[str, int] = {}
        self._bodies: list[dict[str, int]] = []
        keys = self._top
        inside, depth = "", 0
        for number, line in enumerate(text.split("\n"), start=1):
            if not inside and not depth:
                if _BODIES.match(line):
                    keys = {"": number}
                    self._bodies.append(keys)
                elif line.lstrip(" \t").startswith("["):
                    # Another table: an unknown key of the document, reported at its header.
                    name = line.strip(" \t[").partition("]")[0].strip(" \t\"'")
                    self._top.setdefault(name.partition(".")[0], number)
                elif match := _KEY.match(line):
                    keys.setdefault(match[2], number)
            inside, depth = _state_after(line, inside, depth)

    def of(self, key: str, place: int | None) -> int:
        """Return the line of ``key``, else that of its table, else 1, where the document begins.

        ``place`` counts the ``[[bodies]]`` tables from 0; ``None`` is the document itself.
        """
        if place is None:
            first = self._bodies[0][""] if self._bodies and key == "bodies" else 1
            return self._top.get(key, first)
        if place >= len(self._bodies):
            return self._top.get("bodies", 1)
        return self._bodies[place].get(key, self._bodies[place][""])


def _state_after(line: str, inside: str, depth: int) -> tuple[str, int]:
    """Return which long string and how many brackets are open where ``line`` ends."""
    position = 0
    while True:
        if inside:
            closing = _CLOSING[inside].match(line, position)
            if closing is None:
                return inside, depth
            position, inside = closing.end(), ""
        found = _DELIMITER.search(line, position)
        if found is None or found[0] == "#":
            return "", depth
        position = found.end()
        if found[0] in _CLOSING:
            inside = found[0]
        elif found[0] in _ONE_LINE:
            string = _ONE_LINE[found[0]].match(line, found.start())
            # A well-formed document closes such a string on its own line.
            position = string.end() if string else len(line)
        else:
            depth += 1 if found[0] in "[{" else -1
