"""How an approved body becomes safe HTML: nothing runs, nothing is loaded from elsewhere.

The text is shown as it was approved; only markup that could act, disguise or fetch is dropped.
The canonical revision file beside each page holds the body to the letter.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from html import escape, unescape
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote

from workflow.revisions import BodyFormat

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, MutableMapping, Sequence

    from markdown_it import MarkdownIt
    from markdown_it.renderer import RendererHTML
    from markdown_it.token import Token
    from markdown_it.utils import OptionsDict

_HEADINGS: Final = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_ALIGNED: Final = frozenset({"start", "center", "end"})
_TEXT: Final = (
    "a abbr b blockquote br caption cite code col colgroup dd del dfn div dl dt em figcaption"
    " figure hr i img ins kbd li ol p pre q rp rt ruby s samp small span strong sub sup table"
    " tbody td tfoot th thead tr u ul var"
)
_ATTRIBUTES: Final = {
    "a": {"href"},
    "col": {"span"},
    "colgroup": {"span"},
    "img": {"src", "alt", "width", "height"},
    "ol": {"start", "reversed", "type"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
}
_WITHOUT_TRACE: Final = (
    "applet audio canvas embed frame frameset head iframe math noembed noframes noscript object"
    " script select style svg template textarea title video"
)
"""Elements that go with all they hold: their content is not text for the reader."""
_SCHEMES: Final = frozenset({"http", "https", "mailto", "tel"})
_SCHEME: Final = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)
_TAG: Final = re.compile(r'<(/?)([a-z][a-z0-9]*)((?:[^>"]|"[^"]*")*)>')
_SRC: Final = re.compile(r'\ssrc="')
_ALT: Final = re.compile(r'\salt="([^"]*)"')
_WHOLE_NUMBER: Final = re.compile(r"[0-9]{1,4}")
_PARAGRAPH: Final = re.compile(r"\n[^\S\n]*(?:\n[^\S\n]*)+")
_SHOWN_IMAGES: Final = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})


def to_html(
    body: str,
    body_format: BodyFormat,
    *,
    files: Mapping[str, tuple[str, str]],
    missing_image: Callable[[str], str],
    table_label: str,
) -> str:
    """Return ``body`` as HTML that may stand in a page below its ``h1``.

    ``files`` maps the name of each attachment to its relative URL and media type: links and
    pictures may refer to these by name, and pictures to nothing else. ``missing_image`` names a
    picture that is not shown, given its alternative text; ``table_label`` names a table for those
    who cannot see it. Headings are put in order, beginning with ``h2``.
    """
    if body_format is BodyFormat.TEXT:
        return _paragraphs(body)
    html = _markdown().render(body) if body_format is BodyFormat.MARKDOWN else body
    arrangement = _Arrangement(missing_image=missing_image, table_label=table_label)
    return arrangement.of(_clean(html, files)).strip()


def _paragraphs(body: str) -> str:
    """Show plain text: blank lines part paragraphs, a paragraph of several lines keeps them."""
    parts = []
    for paragraph in _PARAGRAPH.split("\n" + body.replace("\r\n", "\n").replace("\r", "\n") + "\n"):
        lines = paragraph.strip("\n")
        if "\n" in lines:
            parts.append(f'<p class="lines">{escape(lines, quote=False)}</p>')
        elif lines.strip():
            parts.append(f"<p>{escape(lines.strip(), quote=False)}</p>")
    return "\n".join(parts)


@lru_cache(maxsize=1)
def _markdown() -> MarkdownIt:
    from markdown_it import MarkdownIt  # noqa: PLC0415 - costs more than this whole package

    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    markdown.add_render_rule("softbreak", _soft_break)
    for cell in ("th_open", "td_open"):
        markdown.add_render_rule(cell, _cell)
    return markdown


def _soft_break(
    _renderer: RendererHTML,
    tokens: Sequence[Token],
    index: int,
    _options: OptionsDict,
    _environment: Mapping[str, Any],
) -> str:
    """Join lines of Chinese without the space that browsers make of a line break."""
    before = tokens[index - 1].content[-1:] if index else ""
    after = tokens[index + 1].content[:1] if index + 1 < len(tokens) else ""
    wide = [unicodedata.east_asian_width(edge) in {"W", "F"} for edge in (before, after) if edge]
    return "" if wide == [True, True] else "\n"


def _cell(
    renderer: RendererHTML,
    tokens: Sequence[Token],
    index: int,
    options: OptionsDict,
    environment: MutableMapping[str, Any],
) -> str:
    """Say the alignment of a cell by class: the page's security policy forbids inline style."""
    token = tokens[index]
    align = str(token.attrs.pop("style", "")).partition(":")[2]
    if align:
        token.attrSet("class", {"left": "start", "right": "end"}.get(align, align))
    return renderer.renderToken(tokens, index, options, environment)


def _clean(html: str, files: Mapping[str, tuple[str, str]]) -> str:
    import nh3  # noqa: PLC0415 - only rendering needs it

    def keep(tag: str, attribute: str, value: str) -> str | None:
        if attribute in {"href", "src"}:
            return _target(value, files, picture=tag == "img")
        if attribute in {"width", "height", "span", "colspan", "rowspan", "start"}:
            return value if _WHOLE_NUMBER.fullmatch(value) else None
        return value

    return nh3.clean(
        html,
        tags={*_HEADINGS, *_TEXT.split()},
        clean_content_tags=set(_WITHOUT_TRACE.split()),
        attributes=_ATTRIBUTES,
        attribute_filter=keep,
        allowed_classes={"td": set(_ALIGNED), "th": set(_ALIGNED)},
        url_schemes=set(_SCHEMES),
        link_rel="noopener nofollow",
    )


def _target(value: str, files: Mapping[str, tuple[str, str]], *, picture: bool) -> str | None:
    """Return where a link or picture may point to: an attachment, or for links a full address."""
    address = value.strip()
    name = unquote(address).removeprefix("./")
    if name in files:
        url, media_type = files[name]
        return url if not picture or media_type in _SHOWN_IMAGES else None
    scheme = _SCHEME.match(address)
    return address if scheme and scheme[1].lower() in _SCHEMES and not picture else None


class _Arrangement:
    """Puts headings in order and names pictures that are missing, in sanitised HTML.

    Sanitised HTML is regular: every ``<`` begins a tag, every attribute is in double quotes. So
    each tag is looked at once, and all else is repeated to the letter.
    """

    def __init__(self, *, missing_image: Callable[[str], str], table_label: str) -> None:
        self._missing_image = missing_image
        self._table_label = escape(table_label)
        self._outline: list[int] = []
        self._tables = 0

    def of(self, html: str) -> str:
        """Return ``html`` arranged."""
        return _TAG.sub(self._tag, html)

    def _tag(self, match: re.Match[str]) -> str:
        closing, name, attributes = match.groups()
        if name in _HEADINGS:
            return f"<{closing}h{self._level(name, closing=bool(closing))}>"
        if name == "img" and not _SRC.search(attributes):
            alternative = _ALT.search(attributes)
            label = self._missing_image(unescape(alternative[1]) if alternative else "")
            return f'<span class="missing">{escape(label)}</span>'
        if name == "table":
            return self._scrolling(match[0], closing=bool(closing))
        return match[0]

    def _level(self, name: str, *, closing: bool) -> int:
        """Return the level to show: one below the heading that this one stands under."""
        if not closing:
            level = int(name[1])
            while self._outline and self._outline[-1] >= level:
                self._outline.pop()
            self._outline.append(level)
        return min(len(self._outline) + 1, 6)

    def _scrolling(self, tag: str, *, closing: bool) -> str:
        """Let an outermost table scroll in a box of its own, so that a phone keeps its page."""
        self._tables += -1 if closing else 1
        if closing:
            return tag if self._tables else f"{tag}</section>"
        if self._tables > 1:
            return tag
        label = self._table_label
        return f'<section class="scroll" tabindex="0" aria-label="{label}">{tag}'
