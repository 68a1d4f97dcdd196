"""A catalogue of what is published, held in memory, and pages read as a browser reads them."""

from __future__ import annotations

import hashlib
import io
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urljoin, urlsplit
from zoneinfo import ZoneInfo

from typing_extensions import override

from workflow.channels import (
    BodyTally,
    IndexEntry,
    MonthTally,
    PublicItem,
    RegisterEntry,
    RetractedItem,
    SiteIdentity,
    TakenAway,
)
from workflow.revisions import Attachment, BodyFormat, Content, canonical, digest
from workflow.validity import Status

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path
    from typing import BinaryIO

    from workflow.channels import Channel

CHINA = ZoneInfo("Asia/Shanghai")
START = datetime(2017, 2, 27, 1, 0, tzinfo=UTC)
BODIES = {"SAMPLE-01": "样例区财政局", "SAMPLE-02": "样例区教育局", "SAMPLE-03": "样例镇人民政府"}
IDENTITY = SiteIdentity(
    name="样例区人民政府",
    address="https://www.sample.example/",
    id_code="0000000000",
    language="zh",
    sponsor="样例区人民政府办公室",
    contact="0000-0000000",
)
_VOID = frozenset({"br", "col", "hr", "img", "link", "meta"})


@dataclass
class Shelf:
    """What is published, and the bytes of its attachments."""

    published: dict[str, PublicItem | TakenAway] = field(default_factory=dict)
    blobs: dict[str, bytes] = field(default_factory=dict)
    registered: list[RegisterEntry] = field(default_factory=list)
    entries_read: int = 0

    def open_attachment(self, sha256: str) -> BinaryIO:
        """Open the bytes of an attachment."""
        return io.BytesIO(self.blobs[sha256])

    def attach(self, name: str, content: bytes, media_type: str = "text/plain") -> Attachment:
        """Keep ``content`` and return the attachment that names it."""
        sha256 = hashlib.sha256(content).hexdigest()
        self.blobs[sha256] = content
        return Attachment(name=name, media_type=media_type, size=len(content), sha256=sha256)

    def put(self, item: PublicItem | TakenAway) -> None:
        """Publish ``item``, or replace it."""
        self.published[item.index_number] = item

    def _entries(self, body_code: str | None, month: str | None = None) -> list[IndexEntry]:
        entries = []
        for item in self.published.values():
            content = item.content if isinstance(item, PublicItem) else None
            title = content.title if content else None
            if isinstance(item, RetractedItem):
                title = item.title
            wanted = body_code in {None, item.body_code}
            if wanted and month in {None, item.published_at.astimezone(CHINA).strftime("%Y-%m")}:
                entries.append(
                    IndexEntry(
                        index_number=item.index_number,
                        title=title,
                        review_owed=isinstance(item, PublicItem) and item.review_owed,
                        standing="retracted" if isinstance(item, RetractedItem) else "published",
                        body_code=item.body_code,
                        body_name=item.body_name,
                        published_at=item.published_at,
                        formed_on=content.formed_on if content else None,
                        document_number=content.document_number if content else None,
                        validity=item.validity.status
                        if isinstance(item, PublicItem)
                        else Status.IN_FORCE,
                        sample=item.sample,
                    )
                )
        return sorted(entries, key=lambda entry: (entry.published_at, entry.index_number))

    def _read(self, entries: Sequence[IndexEntry]) -> Sequence[IndexEntry]:
        self.entries_read += len(entries)
        return entries

    def latest(self, *, body_code: str | None, limit: int) -> Sequence[IndexEntry]:
        """Return the newest entries, newest first."""
        return self._read(self._entries(body_code)[::-1][:limit])

    def bodies(self) -> Sequence[BodyTally]:
        """Return the bodies with something published."""
        counts = Counter(item.body_code for item in self.published.values())
        return [BodyTally(code, BODIES[code], counts[code]) for code in BODIES if counts[code]]

    def months(self, *, body_code: str | None) -> Sequence[MonthTally]:
        """Return the months with something published, newest first."""
        counts = Counter(
            entry.published_at.astimezone(CHINA).strftime("%Y-%m")
            for entry in self._entries(body_code)
        )
        return [MonthTally(month, counts[month]) for month in sorted(counts, reverse=True)]

    def entries(
        self, month: str, *, body_code: str | None, offset: int, limit: int
    ) -> Sequence[IndexEntry]:
        """Return some entries of a month, oldest first."""
        return self._read(self._entries(body_code, month)[offset : offset + limit])

    def items(self) -> Iterator[PublicItem | TakenAway]:
        """Yield everything."""
        yield from self.published.values()

    def register_months(self) -> Sequence[MonthTally]:
        """Return the months of the register, newest first."""
        counts = Counter(entry.at.astimezone(CHINA).strftime("%Y-%m") for entry in self.registered)
        return [MonthTally(month, counts[month]) for month in sorted(counts, reverse=True)]

    def register(self, month: str) -> Sequence[RegisterEntry]:
        """Return what was registered in a month, newest first."""
        return [
            entry
            for entry in reversed(self.registered)
            if entry.at.astimezone(CHINA).strftime("%Y-%m") == month
        ]


def item(number: int, **changes: Any) -> PublicItem:
    """Return a sample item; ``changes`` are of its content or of what the system knows of it."""
    code = list(BODIES)[number % len(BODIES)]
    known = {
        name: changes.pop(name)
        for name in (
            "published_at",
            "validity",
            "validity_history",
            "replaces",
            "replaced_by",
            "purged",
            "sample",
            "body_code",
        )
        if name in changes
    }
    known = {
        "published_at": START + timedelta(hours=9 * number),
        "body_code": code,
        "sample": True,
        **known,
    }
    content = Content(
        **{
            "title": f"样例：关于第{number}号事项的通知",
            "body": f"# 正文\n\n这是第{number}号样例的正文。\n",
            "body_format": BodyFormat.MARKDOWN,
            "document_number": f"样例发〔2017〕{number}号",
            "formed_on": date(2017, 2, 20),
            "category": "notice",
            "theme": "综合政务\\其他",
            "keywords": ("样例", "通知"),
            "publishing_body": BODIES[known["body_code"]],
            "index_number": f"{known['body_code']}/2017-{number:05d}",
            **changes,
        }
    )
    form = canonical(content)
    return PublicItem(
        canonical=form, digest=digest(form), category_title="通知公告（样例）", **known
    )


def put_online(site: Channel, shelf: Shelf, *items: PublicItem) -> None:
    """Publish ``items`` one after the other, as the engine does."""
    for each in items:
        site.publish(
            each,
            open_attachment=shelf.open_attachment,
            catalogue=shelf,
            confirm=lambda each=each: shelf.put(each),  # type: ignore[misc]
        )


def tree(directory: Path) -> dict[str, bytes | None]:
    """Return every file and directory below ``directory``, hidden ones too, with its bytes."""
    return {
        path.relative_to(directory).as_posix(): path.read_bytes() if path.is_file() else None
        for path in directory.rglob("*")
    }


class Page(HTMLParser):
    """A page taken apart; raises ``ValueError`` unless it is whole and well nested."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[int, str] = {}
        self._open: list[tuple[str, int]] = []
        self.feed(html)
        self.close()
        if self._open or not html.endswith("</html>\n"):
            raise ValueError(f"unfinished: {self._open}")

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in _VOID:
            self._open.append((tag, len(self.elements) - 1))

    @override
    def handle_endtag(self, tag: str) -> None:
        opened, _ = self._open.pop()
        if opened != tag:
            raise ValueError(f"<{opened}> closed by </{tag}>")

    @override
    def handle_data(self, data: str) -> None:
        for _, index in self._open:
            self.texts[index] = self.texts.get(index, "") + data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        """Return the attributes of every element ``tag``."""
        return [attributes for name, attributes in self.elements if name == tag]

    def said(self, tag: str, **wanted: str) -> list[str]:
        """Return the text of every element ``tag`` with the attributes ``wanted``."""
        return [
            self.texts.get(index, "").strip()
            for index, (name, attributes) in enumerate(self.elements)
            if name == tag and wanted.items() <= attributes.items()
        ]

    def meta(self) -> dict[str, str]:
        """Return the named meta tags."""
        return {name: tag["content"] or "" for tag in self.all("meta") if (name := tag.get("name"))}


def read(site: Path, path: str) -> Page:
    """Read one page of the site in ``site``."""
    return Page((site / path).read_text(encoding="utf-8"))


def links(page: Page, path: str) -> set[str]:
    """Return the paths within the site that the page at ``path`` refers to."""
    targets = set()
    for tag, name in (("a", "href"), ("link", "href"), ("img", "src")):
        for attributes in page.all(tag):
            address = urlsplit(urljoin(f"https://x.example/{path}", attributes.get(name) or ""))
            if address.hostname == "x.example":
                targets.add(unquote(address.path).lstrip("/"))
    return targets
