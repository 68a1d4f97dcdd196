"""What a classification mark looks like, in file names, in text and in text inside files.

An ordinary system may not hold state secrets (Law on Guarding State Secrets, 2024, article 31), so
everything is looked through before anything is written. The screen is there for the mistake, not
for the villain: for the file that was copied from the wrong folder, not for a mark that somebody
has taken pains to hide. It prefers a refusal too many to a leak, and leaves ordinary prose about
secrets alone.

A mark is a level (绝密, 机密, 秘密) with a star and perhaps a term, wherever it stands
(``机密★10年``), or a level that has a line to itself. Both are found through white space, widths,
invisible characters, traditional forms, Markdown, HTML and character references. Everything here
takes time in proportion to the length of the text, and so do its expressions: what they may
repeat, they never give back.
"""

from __future__ import annotations

import html
import io
import re
import struct
import unicodedata
import zipfile
import zlib
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_MARKS: Final = 50
"""How many marks are told of one text; the first is enough to refuse it."""
MAX_UNPACKED: Final = 64 * 1024 * 1024
"""How many bytes are unpacked from one office file unless a caller says otherwise."""
MAX_MEMBERS: Final = 20_000
"""How many files may be packed into one office file that is opened at all."""


class Level(StrEnum):
    """A classification level of the Law on Guarding State Secrets."""

    TOP_SECRET = "top_secret"  # noqa: S105 # a level, no password
    SECRET = "secret"  # noqa: S105
    CONFIDENTIAL = "confidential"


class Form(StrEnum):
    """How a mark is written: with a star, or as a word that stands by itself."""

    STARRED = "starred"
    BARE = "bare"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A classification mark: its text without spacing, and its line in a text, from 1."""

    level: Level
    form: Form
    text: str
    line: int | None


_LEVELS: Final = {
    "绝": Level.TOP_SECRET,
    "絕": Level.TOP_SECRET,
    "絶": Level.TOP_SECRET,
    "机": Level.SECRET,
    "機": Level.SECRET,
    "秘": Level.CONFIDENTIAL,
    "祕": Level.CONFIDENTIAL,
}
_LEVEL: Final = rf"(?P<level>[{''.join(_LEVELS)}])"
_TERM: Final = (
    r"(?P<term>(?:\d{1,3}|[一二三四五六七八九十]{1,3})\s*+(?:年|个?月|個月|日|天)|长期|長期|永久)"
)
# What may stand inside a mark without being part of it: white space, and signs of Markdown.
_GAP: Final = r"[\s*_~`|]*+"
_STAR: Final = (
    "(?P<star>[\u2605\u2606\u22c6\u2726\u2727\u2729-\u2730\u2b50-\u2b52\U0001f31f\U0001f7ca])"
)
# An asterisk is a sign of Markdown and of footnotes too, so it is a star only in good company:
# before a term, or as the only one of its line, after a level that no word runs into.
_ASTERISKS: Final = "[*\u204e\u2217\u2731\u2732\u066d]"
_LEVEL_ASTERISK: Final = rf"{_LEVEL}\s*+密\s*+(?P<star>{_ASTERISKS})"
_STARRED: Final = re.compile(rf"{_LEVEL}{_GAP}密{_GAP}{_STAR}(?:{_GAP}{_TERM})?")
_ASTERISK_AND_TERM: Final = re.compile(rf"{_LEVEL_ASTERISK}\s*+{_TERM}")
_LONE_ASTERISK: Final = re.compile(rf"(?<!\w){_LEVEL_ASTERISK}(?:\s*+{_TERM})?")
_ASTERISK_IN_NAME: Final = re.compile(rf"{_LEVEL_ASTERISK}(?:\s*+{_TERM})?")
_ASTERISK: Final = re.compile(_ASTERISKS)

_BARE: Final = re.compile(rf"(?:密级)?(?P<text>{_LEVEL}密{_TERM}?)")
_NO_WORD: Final = re.compile(r"[\W_]+")
# In a list the levels are spoken of; a mark is no item of a list.
_LIST_ITEM: Final = re.compile("\\s*+(?:[-+*\u2022\u00b7\u25cf\u25cb\u25aa]|\\d{1,9}[.)])\\s")
# An enumeration in a name (国家秘密、机密) speaks of levels as well and is left in one piece.
_NAME_PART: Final = re.compile(r"[^\W_]+(?:[、,][^\W_]+)*+")

# Invisible characters, and signs that sit on another one: none is part of a Chinese word.
_INVISIBLE: Final = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u0300-\u036f\u0483-\u0489\u061c\u115f\u1160"
    "\u17b4\u17b5\u180b-\u180f\u1ab0-\u1aff\u1dc0-\u1dff\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\u20d0-\u20ff\u302a-\u302f\u3099\u309a\u3164\ufe00-\ufe0f\ufe20-\ufe2f\ufeff\uffa0"
    "\ufff9-\ufffb\U0001d173-\U0001d17a\U000e0000-\U000e0fff]++"
)
# A line end that a reader sees and an editor does not count, and one where it is the reverse. To
# expressions both are white space.
_SEEN: Final = "\v"
_COUNTED: Final = "\x1e"
_OTHER_LINE_ENDS: Final = re.compile("[\x0c\x85\u2028\u2029]")
_REFERENCE: Final = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]{2,31});?")
_TAG: Final = re.compile(r"<(?:[/!?]?([A-Za-z][^\s<>/]*+)|!--)[^<>]*+>")
_BLANK_BETWEEN_TAGS: Final = re.compile(r">\s++<")
_HTML_BREAKS: Final = (
    "address article aside blockquote body br caption center dd div dl dt fieldset figcaption "
    "figure footer form h1 h2 h3 h4 h5 h6 head header hr html legend li main nav ol option p pre "
    "section table tbody td tfoot th thead title tr ul"
)
# The names that end a line in office files, without their prefixes.
_OFFICE_BREAKS: Final = "c comment cr h is line-break row si tc textobject v"
_BREAKING: Final = frozenset(f"{_HTML_BREAKS} {_OFFICE_BREAKS}".split())

_BYTE_ORDER_MARKS: Final = {
    b"\xef\xbb\xbf": "utf-8-sig",
    b"\xff\xfe\x00\x00": "utf-32",
    b"\x00\x00\xfe\xff": "utf-32",
    b"\xff\xfe": "utf-16",
    b"\xfe\xff": "utf-16",
}
_TEXT_SUFFIXES: Final = frozenset(
    {"csv", "htm", "html", "json", "log", "markdown", "md", "svg", "tsv", "txt", "xhtml", "xml"}
)
_OFD: Final = "OFD.xml"
_OFFICE: Final = frozenset({"[Content_Types].xml", "content.xml", _OFD})
_ARCHIVE: Final = b"PK\x03\x04"
_DIRECTORY_ENTRY: Final = b"PK\x01\x02"
_BAD_ARCHIVE: Final = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, ValueError, RuntimeError,
)  # fmt: skip


def marks_in_name(name: str) -> tuple[Mark, ...]:
    """Return the classification marks in a file name or path, at most ``MAX_MARKS``.

    A part of the name that is nothing but a level counts as well (``机密-通知.docx``); a level in
    an enumeration (``国家秘密、机密``) or inside of a word does not.
    """
    visible = re.sub(r"[\n\v]", " ", _visible(name))
    marks = _starred(visible, None, (_STARRED, _ASTERISK_IN_NAME))
    if not marks:
        parts = _NAME_PART.findall(visible)
        for piece in re.split(r"[/\\]", visible):
            stem = piece.rpartition(".")[0] or piece
            parts.append(_NO_WORD.sub("", stem))
        marks = [mark for mark in (_bare(part, None) for part in parts) if mark is not None]
    return tuple(dict.fromkeys(marks))[:MAX_MARKS]


def marks_in_text(text: str) -> tuple[Mark, ...]:
    """Return the classification marks in a text in the order of lines, at most ``MAX_MARKS``.

    The text may be plain, Markdown, HTML or XML. Lines are those of the text as it was given.
    """
    visible = _visible(text)
    if "密" not in visible:
        return ()
    marks = dict.fromkeys(islice(_in_lines(visible), MAX_MARKS))
    if "<" in visible:
        # Both ways, because a tag may cut a mark in two, and may hold one too.
        marks |= dict.fromkeys(islice(_in_lines(_untagged(visible)), MAX_MARKS))
    return tuple(sorted(marks, key=lambda mark: mark.line or 0))[:MAX_MARKS]


def text_of(
    data: bytes, media_type: str, name: str, *, max_unpacked: int = MAX_UNPACKED
) -> str | None:
    """Return the text of an attachment, or ``None`` if it holds none that can be read.

    Read are text (UTF-8, GB 18030, UTF-16 and UTF-32 with a byte-order mark) and the packed XML of
    office files (DOCX, XLSX, PPTX, ODF, OFD), of each file at most ``max_unpacked`` bytes whatever
    it claims to hold, small parts first. Its content decides what a file is; media type and name
    only say that what looks broken is meant as text, which is then read as far as it can be. PDF,
    RTF, pictures and the older binary office formats are not read.
    """
    if data.startswith(_ARCHIVE):
        return _office_text(data, max_unpacked)
    if data.startswith((b"%PDF", b"{\\rtf")):
        return None
    text = _decoded(data)
    if text is None and b"\0" not in data:
        suffix = name.rpartition(".")[2].lower()
        if media_type.startswith("text/") or suffix in _TEXT_SUFFIXES:
            readings = (data.decode(encoding, "replace") for encoding in ("utf-8", "gb18030"))
            return min(readings, key=lambda reading: reading.count("\ufffd"))
    return text


def _visible(text: str) -> str:
    """Return ``text`` as it is seen: of one width, without anything invisible or escaped.

    Line ends are LF; ``_SEEN`` stands for those that an editor does not count.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "&" in text:
        text = _REFERENCE.sub(_referred, text)
    text = unicodedata.normalize("NFKC", text)
    text = _INVISIBLE.sub("", _OTHER_LINE_ENDS.sub(_SEEN, text))
    # An asterisk that Markdown is told to leave alone is none of its signs.
    return text.replace("\\*", "\u2217")


def _referred(reference: re.Match[str]) -> str:
    return re.sub(r"[\r\n]", _SEEN, html.unescape(reference[0]))


def _untagged(text: str, *, every_tag_breaks: bool = False) -> str:
    """Return ``text`` without tags; ``_SEEN`` and ``_COUNTED`` keep its two kinds of lines."""

    def between(tag: re.Match[str]) -> str:
        local_name = (tag[1] or "").rpartition(":")[2].lower()
        breaks = every_tag_breaks or local_name in _BREAKING
        return _SEEN * breaks + _COUNTED * tag[0].count("\n")

    return _TAG.sub(between, text)


def _in_lines(text: str) -> Iterator[Mark]:
    number = 1
    for counted in text.split("\n"):
        for shown in counted.split(_SEEN):
            if "密" in shown:
                yield from _in_line(shown, number)
            number += shown.count(_COUNTED)
        number += 1


def _in_line(line: str, number: int) -> list[Mark]:
    """Return the marks of a line as it is seen, which holds 密; it begins on line ``number``."""
    patterns = [_STARRED, _ASTERISK_AND_TERM]
    # Two asterisks may be emphasis, around this word or around another.
    if len(list(islice(_ASTERISK.finditer(line), 2))) == 1:
        patterns.append(_LONE_ASTERISK)
    marks = _starred(line, number, tuple(patterns))
    if not marks and not _LIST_ITEM.match(line):
        number += line.count(_COUNTED, 0, line.index("密"))
        bare = _bare(_NO_WORD.sub("", line), number)
        return [] if bare is None else [bare]
    return marks


def _starred(text: str, line: int | None, patterns: tuple[re.Pattern[str], ...]) -> list[Mark]:
    found = [match for pattern in patterns for match in islice(pattern.finditer(text), MAX_MARKS)]
    return [
        Mark(
            level=_LEVELS[match["level"]],
            form=Form.STARRED,
            text=re.sub(r"\s", "", f"{match['level']}密{match['star']}{match['term'] or ''}"),
            line=None if line is None else line + text.count(_COUNTED, 0, match.start()),
        )
        for match in sorted(found, key=lambda match: match.start())
    ]


def _bare(words: str, line: int | None) -> Mark | None:
    match = _BARE.fullmatch(words)
    if match is None:
        return None
    return Mark(level=_LEVELS[match["level"]], form=Form.BARE, text=match["text"], line=line)


def _decoded(data: bytes) -> str | None:
    """Return ``data`` as text in the first encoding that fits all of it."""
    marked = _decoded_by_mark(data)
    if marked is not None or b"\0" in data:
        return marked
    for encoding in ("utf-8", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def _decoded_by_mark(data: bytes) -> str | None:
    for mark, encoding in _BYTE_ORDER_MARKS.items():
        if data.startswith(mark):
            return data.decode(encoding, "replace")
    return None


def _office_text(data: bytes, max_unpacked: int) -> str | None:
    # The whole directory is read before any member is, so its length is looked at first.
    if data.count(_DIRECTORY_ENTRY) > MAX_MEMBERS:
        return None
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
            if names.isdisjoint(_OFFICE):
                return None
            texts = _member_texts(archive, max_unpacked, joined=_OFD in names)
            return "\n".join(texts) or None
    except _BAD_ARCHIVE:
        return None


def _member_texts(archive: zipfile.ZipFile, budget: int, *, joined: bool) -> Iterator[str]:
    """Yield the text of each XML member, small ones first, until ``budget`` bytes are read.

    ``joined`` adds the text without line ends: OFD places pieces of text by their coordinates, and
    a single mark may be several pieces.
    """
    for member in sorted(archive.infolist(), key=lambda member: member.file_size):
        name = member.filename
        # Office files use these two, and only of them may one unpack a piece and no more.
        piecemeal = member.compress_type in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
        if not name.endswith(".xml") or not piecemeal:
            continue
        try:
            with archive.open(member) as file:
                xml = file.read(budget)
        except _BAD_ARCHIVE:
            continue
        budget -= len(xml)
        text = _decoded_by_mark(xml) or xml.decode("utf-8", "replace")
        text = _BLANK_BETWEEN_TAGS.sub("><", text)
        # In a document tags divide words; among its properties each holds something of its own.
        properties = name.startswith(("docProps/", "customXml/")) or name in ("meta.xml", _OFD)
        text = _untagged(text, every_tag_breaks=properties).replace(_COUNTED, "")
        lines = re.split(r"[\n\v]", _REFERENCE.sub(_referred, text))
        shown = [line for line in map(str.strip, lines) if line]
        if shown:
            yield "\n".join(shown)
        if joined and shown:
            yield "".join(shown)
