"""How a text is found by its words: folded to what is read, and cut into pieces of two characters.

Chinese has no blanks between words, and most of its words have two characters. So every two
neighbouring characters, and every one, are a *gram* that an index knows; a word is where all of
its grams are and the folded text holds it in one piece. No dictionary guesses where words end, so
nothing is missed that a reader could point at. Case, width, blanks inside of Chinese and marks of
Markdown and HTML make no difference; other signs part words.
"""

from __future__ import annotations

import html
import re
import unicodedata
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from workflow.errors import InvalidInput, LimitExceeded
from workflow.revisions import BodyFormat

if TYPE_CHECKING:
    from collections.abc import Iterable

    from workflow.revisions import Content

LENGTH: Final = 2
"""How many characters the longest gram has."""
MAX_WORDS: Final = 200
"""The longest search, in characters."""
_RUN: Final = re.compile(r"[^\W_]+")
_HAN: Final = "\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
# A line that was broken inside of a sentence goes on; an empty line ends a paragraph.
_BROKEN: Final = re.compile(rf"(?<=[{_HAN}])[^\S\n]*\n?[^\S\n]*(?=[{_HAN}])")
_EMPHASIS: Final = re.compile(r"[*_`~]+")
_BLOCK: Final = re.compile(r"(?i)</?(?:p|div|h[1-6]|li|ul|ol|t[rdh]|table|br|hr)\b[^<>]*>")
_TAG: Final = re.compile(r"<[^<>]*>")


def _runs(text: str) -> list[str]:
    return _RUN.findall(unicodedata.normalize("NFKC", text).casefold())


def _folded(text: str) -> str:
    """Return the runs of letters and digits of a text, a blank between any two."""
    return " ".join(_runs(_BROKEN.sub("", unicodedata.normalize("NFKC", text))))


def headline(content: Content) -> str:
    """Return what is found first of a content: its title and its two numbers, folded."""
    parts = (content.title, content.index_number, content.document_number)
    return _folded("\n\n".join(part for part in parts if part))


def text_of(content: Content) -> str:
    """Return what else is found of a content: summary, keywords and body, folded."""
    body = content.body
    if content.body_format is BodyFormat.HTML:
        body = html.unescape(_TAG.sub("", _BLOCK.sub("\n\n", body)))
    elif content.body_format is BodyFormat.MARKDOWN:
        body = _EMPHASIS.sub("", body)
    return _folded("\n\n".join((content.summary or "", *content.keywords, body)))


def grams(*texts: str) -> list[str]:
    """Return every gram of folded texts, each once and in one order."""
    found: set[str] = set()
    for text in texts:
        for run in text.split():
            found.update(run)
            found.update(map("".join, pairwise(run)))
    return sorted(found)


def wanted(words: str) -> list[str]:
    """Return the pieces that a text must hold to be found by ``words``.

    Raises ``InvalidInput('search_empty')`` where no letter or digit is left, and
    ``LimitExceeded`` for what is too long.
    """
    if len(words) > MAX_WORDS:
        raise LimitExceeded("field_too_long", field="words", length=len(words), limit=MAX_WORDS)
    pieces = list(dict.fromkeys(_runs(words)))
    if not pieces:
        raise InvalidInput("search_empty", value=words)
    return pieces


def needed(pieces: Iterable[str]) -> list[str]:
    """Return the grams that a text must have to hold ``pieces``: the longest ones that tell."""
    found: dict[str, None] = {}
    for piece in pieces:
        pairs = map("".join, pairwise(piece))
        found.update(dict.fromkeys(pairs if len(piece) > 1 else piece))
    return list(found)
