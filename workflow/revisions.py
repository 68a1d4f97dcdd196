"""What a revision is, byte for byte: the content that decisions are bound to, and its digest.

The canonical form is a JSON document in UTF-8 without a byte-order mark: keys sorted by code
point, no white space between tokens, no escapes beyond those JSON requires, dates as
``YYYY-MM-DD``, absent values as ``null``, attachments in their order with name, media type, size
and SHA-256. Text is kept exactly as it was given, save that line ends are LF. Its SHA-256 is the
*digest*. The form is frozen by a test: a change of one byte would void every decision ever made,
so a new form gets a new ``format`` and old revisions keep theirs.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from dataclasses import asdict, dataclass, fields, replace
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from workflow.errors import InvalidInput, LimitExceeded

if TYPE_CHECKING:
    from collections.abc import Iterable

FORMAT: Final = "gongkai-revision/1"
EARLIEST: Final = date(1949, 10, 1)
"""No government information of this kind is older."""


class Attribute(StrEnum):
    """The disclosure attribute (公开属性) that the drafter must set before submission."""

    PROACTIVE = "proactive"
    ON_REQUEST = "on_request"
    NOT_DISCLOSED = "not_disclosed"


class FormedOnBasis(StrEnum):
    """What the formation date is: which day counts as the day the information was formed."""

    SIGNATURE = "signature"
    LAST_COUNTERSIGNATURE = "last_countersignature"
    COMPLETE = "complete"
    FINAL_DRAFT = "final_draft"


class BodyFormat(StrEnum):
    """How the body is written."""

    MARKDOWN = "markdown"
    TEXT = "text"
    HTML = "html"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """An attached file: its name for readers, media type, size in bytes and SHA-256 (hex)."""

    name: str
    media_type: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """Everything that is decided upon and published: the whole of what a digest covers.

    ``theme`` is the theme class that the catalogue item ``category`` stands for; it is shown to
    the public and therefore stated here instead of looked up again. ``index_number`` is ``None``
    until the first submission. ``channels`` are those of the policy on which it is published, one
    at least: what is not meant for any says so by its attribute.
    """

    title: str
    body: str
    body_format: BodyFormat = BodyFormat.MARKDOWN
    summary: str | None = None
    document_number: str | None = None
    formed_on: date | None = None
    formed_on_basis: FormedOnBasis = FormedOnBasis.SIGNATURE
    category: str | None = None
    theme: str | None = None
    genre: str | None = None
    keywords: tuple[str, ...] = ()
    attribute: Attribute | None = None
    ground: str | None = None
    attribute_reason: str | None = None
    normative: bool = False
    effective_on: date | None = None
    expires_on: date | None = None
    publishing_body: str
    index_number: str | None = None
    channels: tuple[str, ...] = ("website",)
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much an office takes in; sizes in bytes, lengths in characters."""

    body_bytes: int = 2 * 1024 * 1024
    attachment_bytes: int = 100 * 1024 * 1024
    attachments: int = 50


_LENGTHS: Final = {
    "title": 300,
    "summary": 1000,
    "document_number": 100,
    "category": 100,
    "theme": 100,
    "genre": 50,
    "ground": 100,
    "attribute_reason": 2000,
    "publishing_body": 200,
    "index_number": 100,
}
"""The longest that each field may be; the database's own limits are the same or wider."""
_ONE_LINE: Final = frozenset(_LENGTHS) - {"summary", "attribute_reason"}
MAX_KEYWORDS: Final = 20
MAX_KEYWORD: Final = 50
MAX_NAME_BYTES: Final = 255
"""The longest file name that every file system takes, in bytes of UTF-8."""
_FORBIDDEN_IN_NAMES: Final = frozenset('/\\:*?"<>|')
_BAD_IN_A_LINE: Final = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
_BAD_IN_TEXT: Final = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_UNSTORABLE: Final = re.compile(r"[\x00\ud800-\udfff]")
_SHA256: Final = re.compile(r"[0-9a-f]{64}\Z")
# Fillers, joiners and selectors that Unicode counts among letters, marks and symbols.
_BLANK: Final = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0"
    "\U000e0100-\U000e01ef]"
)
_BRACKETS: Final = str.maketrans("({<〔【〖〘〚《〈「『)}>〕】〗〙〛》〉」』", "[" * 12 + "]" * 12)
MAX_FOLDED: Final = 200
"""The longest that a document number or a name may be once it is folded, in characters."""


def canonical(content: Content) -> bytes:
    """Return the canonical form; the same content gives the same bytes on every machine."""
    document: dict[str, Any] = {"format": FORMAT}
    for field in fields(content):
        value = getattr(content, field.name)
        if isinstance(value, date):
            value = value.isoformat()
        elif isinstance(value, StrEnum):
            value = value.value
        elif field.name == "attachments":
            value = [asdict(attachment) for attachment in value]
        elif isinstance(value, tuple):
            value = list(value)
        document[field.name] = value
    text = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode("utf-8")


def digest(form: bytes) -> str:
    """Return the SHA-256 of a canonical form as 64 lower-case hexadecimal digits."""
    return hashlib.sha256(form).hexdigest()


def read(form: bytes | str) -> Content:
    """Read a canonical form back; ``canonical(read(form)) == form`` for every stored revision."""
    document: dict[str, Any] = json.loads(form)
    if document.pop("format", None) != FORMAT:
        raise InvalidInput("revision_format_unknown")
    for name in ("formed_on", "effective_on", "expires_on"):
        if document[name] is not None:
            document[name] = date.fromisoformat(document[name])
    document["body_format"] = BodyFormat(document["body_format"])
    document["formed_on_basis"] = FormedOnBasis(document["formed_on_basis"])
    if document["attribute"] is not None:
        document["attribute"] = Attribute(document["attribute"])
    document["keywords"] = tuple(document["keywords"])
    document["channels"] = tuple(document["channels"])
    document["attachments"] = tuple(Attachment(**row) for row in document["attachments"])
    return Content(**document)


def body_digest(content: Content) -> str:
    """Return the SHA-256 of the body alone, by which a second entry of a text is recognised."""
    return hashlib.sha256(content.body.encode("utf-8")).hexdigest()


def repeated(content: Content, form: bytes) -> dict[str, Any]:
    """Return what an item's row repeats of its current revision."""
    return {
        "digest": digest(form),
        "body_digest": body_digest(content),
        "title": content.title,
        "document_number": content.document_number,
        "document_key": document_key(content.document_number or "") or None,
        "category": content.category,
        "attribute": content.attribute,
        "formed_on": content.formed_on,
    }


def tidied(content: Content) -> Content:
    """Return the content as it is stored: LF line ends, no blank ends, no empty optionals.

    Only what no reader can see is changed, so that the same text pasted on another system is the
    same revision.
    """
    changes: dict[str, Any] = {"body": _lines(content.body).rstrip("\n") + "\n"}
    for name in _LENGTHS:
        value = getattr(content, name)
        if isinstance(value, str):
            stripped = _lines(value).strip()
            changes[name] = stripped if stripped or name == "title" else None
    keywords = (keyword.strip() for keyword in content.keywords)
    changes["keywords"] = tuple(dict.fromkeys(keyword for keyword in keywords if keyword))
    changes["channels"] = tuple(dict.fromkeys(content.channels))
    return replace(content, **changes)


def _lines(text: str) -> str:
    # Files that were joined can have a byte-order mark anywhere; it is no text in any place.
    return text.replace("\ufeff", "").replace("\r\n", "\n").replace("\r", "\n")


def check(content: Content, *, limits: Limits, today: date) -> None:
    """Refuse what neither database would take alike, what is too large, and impossible dates.

    ``today`` is the date in Asia/Shanghai. Raises ``InvalidInput`` or ``LimitExceeded`` that name
    the field in ``field``; nothing is stored before this has passed.
    """
    _check_characters(content)
    empty = {
        "title": is_blank(content.title),
        "channels": not content.channels,
        "body": is_blank(content.body),
    }
    for name, nothing in empty.items():
        if nothing:
            raise InvalidInput("field_empty", field=name)
    for name, longest in _LENGTHS.items():
        value = getattr(content, name)
        if value is not None and len(value) > longest:
            raise LimitExceeded("field_too_long", field=name, length=len(value), limit=longest)
    key = document_key(content.document_number or "")
    if len(key) > MAX_FOLDED:
        raise LimitExceeded(
            "field_too_long", field="document_number", length=len(key), limit=MAX_FOLDED
        )
    if len(content.keywords) > MAX_KEYWORDS:
        raise LimitExceeded("too_many_keywords", count=len(content.keywords), limit=MAX_KEYWORDS)
    for keyword in content.keywords:
        if len(keyword) > MAX_KEYWORD:
            raise LimitExceeded(
                "field_too_long", field="keywords", length=len(keyword), limit=MAX_KEYWORD
            )
    size = len(content.body.encode("utf-8"))
    if size > limits.body_bytes:
        raise LimitExceeded("body_too_large", size=size, limit=limits.body_bytes)
    _check_dates(content, today)
    _check_attachments(content.attachments, limits)


def _check_characters(content: Content) -> None:
    texts: list[tuple[str, str]] = [("body", content.body)]
    texts += [(name, getattr(content, name) or "") for name in _LENGTHS]
    texts += [("keywords", keyword) for keyword in content.keywords]
    texts += [("attachments", attachment.name) for attachment in content.attachments]
    for name, text in texts:
        check_characters(text, field=name, one_line=name in _ONE_LINE or name == "keywords")


def check_characters(text: str, *, field: str, one_line: bool = False) -> None:
    """Refuse NUL, lone surrogates and control characters, which databases treat differently.

    In one line also what ends it, or turns the direction of what is written around it: there is no
    end of a paragraph to undo that.
    """
    found = (_BAD_IN_A_LINE if one_line else _BAD_IN_TEXT).search(text)
    if found:
        character, position = f"U+{ord(found.group()):04X}", found.start() + 1
        raise InvalidInput("bad_character", field=field, character=character, position=position)


def is_unseen(character: str) -> bool:
    """Tell whether a character leaves nothing on paper but, at most, a blank."""
    return (
        character.isspace()
        or unicodedata.category(character) in ("Cc", "Cf")
        or _BLANK.match(character) is not None
    )


def folded(text: str) -> str:
    """Return what is left of a text if only looks count: no blanks, no widths, no case (NFKC)."""
    form = unicodedata.normalize("NFKC", text).casefold()
    kept = "".join(character for character in form if not is_unseen(character))
    return unicodedata.normalize("NFKC", kept)


def document_key(number: str) -> str:
    """Return by what a document number is recognised, however its brackets and blanks are typed."""
    return folded(number).translate(_BRACKETS)


def is_sha256(text: str) -> bool:
    """Tell whether ``text`` is a SHA-256 as it is written here: 64 lower-case hex digits."""
    return _SHA256.match(text) is not None


def is_blank(text: str | None) -> bool:
    """Tell whether nobody could read anything in ``text``: blanks and invisible characters only."""
    return text is None or all(
        is_unseen(character) or unicodedata.category(character)[0] in "CMZ" for character in text
    )


def one_spelling(text: str) -> str:
    """Return ``text`` as one of the ways to write it that look the same to a reader (NFKC).

    Full-width forms become plain ones, invisible characters go, blanks become single spaces.
    """
    kept = (
        character
        for character in unicodedata.normalize("NFKC", text)
        if character.isspace() or not is_unseen(character)
    )
    return " ".join("".join(kept).split())


def is_storable(text: str) -> bool:
    """Tell whether every database can hold ``text``: NUL and half a character no two take alike."""
    return _UNSTORABLE.search(text) is None


def _check_dates(content: Content, today: date) -> None:
    formed_on = content.formed_on
    if formed_on is not None and formed_on > today:
        raise InvalidInput("formed_in_future", formed_on=formed_on, today=today)
    for name in ("formed_on", "effective_on", "expires_on"):
        value = getattr(content, name)
        if value is not None and not EARLIEST <= value <= date(2999, 12, 31):
            raise InvalidInput("date_out_of_range", field=name, value=value, earliest=EARLIEST)
    if content.effective_on and content.expires_on and content.expires_on < content.effective_on:
        raise InvalidInput(
            "expires_before_effective", effective=content.effective_on, expires=content.expires_on
        )


def _check_attachments(attachments: Iterable[Attachment], limits: Limits) -> None:
    attachments = tuple(attachments)
    if len(attachments) > limits.attachments:
        raise LimitExceeded(
            "too_many_attachments", count=len(attachments), limit=limits.attachments
        )
    seen: set[str] = set()
    for attachment in attachments:
        check_name(attachment.name)
        # Two names that a case-blind or normalising file system cannot tell apart are one name.
        folded = unicodedata.normalize("NFKC", attachment.name).casefold()
        if folded in seen:
            raise InvalidInput("attachment_twice", name=attachment.name)
        seen.add(folded)
        if attachment.size > limits.attachment_bytes:
            raise LimitExceeded(
                "attachment_too_large",
                name=attachment.name,
                size=attachment.size,
                limit=limits.attachment_bytes,
            )
        if not is_sha256(attachment.sha256):
            raise InvalidInput("field_wrong", field="attachments", value=attachment.sha256)


def check_name(name: str) -> None:
    """Refuse a file name that some reader's system could not save or would misread."""
    # Format characters (such as U+202E) can make "xcod.exe" look like "exe.docx".
    if any(unicodedata.category(character) == "Cf" for character in name):
        raise InvalidInput("file_name_wrong", name=name)
    check_characters(name, field="attachments", one_line=True)
    hidden_or_blank = not name.strip() or name.startswith(".") or name != name.strip()
    if hidden_or_blank or name.endswith(".") or _FORBIDDEN_IN_NAMES & set(name):
        raise InvalidInput("file_name_wrong", name=name)
    if len(name.encode("utf-8", "surrogatepass")) > MAX_NAME_BYTES:
        raise LimitExceeded("file_name_too_long", name=name, limit=MAX_NAME_BYTES)


def redigested(content: Content, **changes: Any) -> tuple[Content, bytes, str]:
    """Return content with ``changes``, its canonical form and its digest."""
    changed = replace(content, **changes)
    form = canonical(changed)
    return changed, form, digest(form)
