"""For those who test against the engine: a clock that stands, a channel in memory, a contract.

:class:`FrozenClock` goes wherever the engine takes a clock. :class:`MemoryChannel` is a place to
publish to that lives in memory and can be told to fail. :class:`ChannelContract` holds what every
channel has to keep: whoever writes one inherits from it in a test class, says how a channel is
made and how the public reads it, and lets pytest run what was inherited. Nothing here is used by
the engine itself.
"""

from __future__ import annotations

import hashlib
import io
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Final, NoReturn, TypeVar

from workflow.channels import (
    BodyTally,
    IndexEntry,
    MonthTally,
    PublicItem,
    RegisterEntry,
    RemovedItem,
    RetractedItem,
    TakenAway,
)
from workflow.errors import Conflict, Damaged, GongkaiError
from workflow.revisions import Attachment, Content, canonical, digest
from workflow.runtime import SHANGHAI

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path
    from typing import BinaryIO

    from workflow.channels import Catalogue, Channel, OpenAttachment

_E = TypeVar("_E", bound=BaseException)
_BODIES: Final = {"YL-ONE": "样例甲局", "YL-TWO": "样例乙局"}
_START: Final = datetime(2017, 1, 20, 1, 0, tzinfo=UTC)


class FrozenClock:
    """A clock that shows one instant until it is moved."""

    def __init__(self, now: datetime) -> None:
        """Show ``now``, which must say its offset from UTC (``ValueError``)."""
        self._now = _instant(now)

    def __call__(self) -> datetime:
        """Return the instant that is shown, in UTC."""
        return self._now

    def advance(self, step: timedelta) -> datetime:
        """Move on by ``step`` (back, if it is negative) and return the new instant."""
        self._now += step
        return self._now

    def set(self, now: datetime) -> None:
        """Show ``now`` from here on."""
        self._now = _instant(now)


def _instant(now: datetime) -> datetime:
    if now.utcoffset() is None:
        raise ValueError(now)
    return now.astimezone(UTC)


class MemoryChannel:
    """A channel that keeps in memory what is public; it keeps :class:`ChannelContract`.

    While ``failure`` is set, everything raises it and nothing changes. ``pages`` holds what the
    public can read by index number, ``files`` the bytes of attachments by index number and name,
    ``listed`` the index numbers that the front page shows, newest first.
    """

    def __init__(self, name: str = "website") -> None:
        """Answer to ``name``; deliveries are owed to a channel by its name."""
        self.name = name
        self.pages: dict[str, PublicItem | TakenAway] = {}
        self.files: dict[tuple[str, str], bytes] = {}
        self.listed: list[str] = []
        self.failure: GongkaiError | None = None

    def publish(
        self,
        item: PublicItem,
        *,
        open_attachment: OpenAttachment,
        catalogue: Catalogue,
        confirm: Callable[[], None],
    ) -> None:
        """Show ``item``, ``confirm``, and list it; see :class:`~workflow.channels.Channel`."""
        if self.failure is not None:
            raise self.failure
        if digest(item.canonical) != item.digest:
            raise Damaged("revision_damaged", index_number=item.index_number, digest=item.digest)
        files = {}
        for attachment in item.content.attachments:
            if attachment.sha256 not in item.purged:
                with open_attachment(attachment.sha256) as stream:
                    files[item.index_number, attachment.name] = stream.read()
        before = dict(self.pages), dict(self.files)
        self._forget_files(item.index_number)
        self.pages[item.index_number] = item
        self.files |= files
        try:
            confirm()
        except BaseException:
            self.pages, self.files = before
            raise
        self._list(catalogue)

    def remove(self, item: TakenAway, *, catalogue: Catalogue, confirm: Callable[[], None]) -> None:
        """Show the notice ``item`` in the place of what was purged or retracted."""
        if self.failure is not None:
            raise self.failure
        confirm()
        self._forget_files(item.index_number)
        self.pages[item.index_number] = item
        self._list(catalogue)

    def _forget_files(self, index_number: str) -> None:
        self.files = {key: data for key, data in self.files.items() if key[0] != index_number}

    def _list(self, catalogue: Catalogue) -> None:
        entries = catalogue.latest(body_code=None, limit=20)
        self.listed = [entry.index_number for entry in entries]


@dataclass
class MemoryCatalogue:
    """A catalogue of what is published, held in memory, with the bytes of the attachments."""

    published: dict[str, PublicItem | TakenAway] = field(default_factory=dict)
    blobs: dict[str, bytes] = field(default_factory=dict)

    def put(self, item: PublicItem | TakenAway) -> None:
        """Publish ``item``, or put it in the place of the one with its number."""
        self.published[item.index_number] = item

    def attach(self, name: str, content: bytes) -> Attachment:
        """Keep ``content`` and return the attachment that names it."""
        sha256 = hashlib.sha256(content).hexdigest()
        self.blobs[sha256] = content
        return Attachment(name=name, media_type="text/plain", size=len(content), sha256=sha256)

    def open_attachment(self, sha256: str) -> BinaryIO:
        """Open the bytes with that hash."""
        return io.BytesIO(self.blobs[sha256])

    def latest(self, *, body_code: str | None, limit: int) -> Sequence[IndexEntry]:
        """Return the newest entries, newest first."""
        return self._entries(body_code)[::-1][:limit]

    def bodies(self) -> Sequence[BodyTally]:
        """Return the bodies with something published."""
        counts = Counter(item.body_code for item in self.published.values())
        return [BodyTally(code, _BODIES[code], counts[code]) for code in _BODIES if counts[code]]

    def months(self, *, body_code: str | None) -> Sequence[MonthTally]:
        """Return the months with something published, newest first."""
        counts = Counter(_month(entry.published_at) for entry in self._entries(body_code))
        return [MonthTally(month, counts[month]) for month in sorted(counts, reverse=True)]

    def entries(
        self, month: str, *, body_code: str | None, offset: int, limit: int
    ) -> Sequence[IndexEntry]:
        """Return some entries of a month, oldest first."""
        found = [entry for entry in self._entries(body_code) if _month(entry.published_at) == month]
        return found[offset : offset + limit]

    def items(self) -> Iterator[PublicItem | TakenAway]:
        """Yield everything."""
        yield from self.published.values()

    def register_months(self) -> Sequence[MonthTally]:
        """Return the months in which something was retracted, newest first."""
        counts = Counter(_month(entry.at) for entry in self._register())
        return [MonthTally(month, counts[month]) for month in sorted(counts, reverse=True)]

    def register(self, month: str) -> Sequence[RegisterEntry]:
        """Return what was retracted in a month, newest first."""
        return [entry for entry in self._register() if _month(entry.at) == month]

    def _register(self) -> list[RegisterEntry]:
        retracted = (each for each in self.published.values() if isinstance(each, RetractedItem))
        return [
            RegisterEntry(
                kind="retraction",
                at=datetime.combine(each.retracted_on, time(), tzinfo=SHANGHAI),
                index_number=each.index_number,
                title=each.title,
                body_name=each.body_name,
                words=each.explanation,
                sample=each.sample,
            )
            for each in sorted(retracted, key=lambda each: each.index_number)
        ]

    def _entries(self, body_code: str | None) -> list[IndexEntry]:
        entries = [
            _entry(item) for item in self.published.values() if body_code in (None, item.body_code)
        ]
        return sorted(entries, key=lambda entry: (entry.published_at, entry.index_number))


def _entry(item: PublicItem | TakenAway) -> IndexEntry:
    content = item.content if isinstance(item, PublicItem) else None
    title = content.title if content else None
    if isinstance(item, RetractedItem):
        title = item.title
    return IndexEntry(
        index_number=item.index_number,
        title=title,
        standing="retracted" if isinstance(item, RetractedItem) else "published",
        body_code=item.body_code,
        body_name=item.body_name,
        published_at=item.published_at,
        formed_on=content.formed_on if content else None,
        document_number=content.document_number if content else None,
        sample=item.sample,
    )


def _month(instant: datetime) -> str:
    return f"{instant.astimezone(SHANGHAI):%Y-%m}"


def sample_item(number: int, *attachments: Attachment) -> PublicItem:
    """Return the approved form of a sample item; different numbers give different items."""
    code = list(_BODIES)[number % len(_BODIES)]
    content = Content(
        title=f"样例：关于第{number}号事项的通知",
        body=f"这是第{number}号样例的正文。\n",
        formed_on=date(2017, 1, 10),
        category="notice",
        theme="综合政务\\其他",
        publishing_body=_BODIES[code],
        index_number=f"{code}/2017-{number:05d}",
        attachments=attachments,
    )
    form = canonical(content)
    return PublicItem(
        canonical=form,
        digest=digest(form),
        published_at=_START + timedelta(hours=number),
        body_code=code,
        category_title="通知公告（样例）",
        sample=True,
    )


def sample_notice(item: PublicItem) -> RemovedItem:
    """Return what stays of ``item`` when its content is purged."""
    return RemovedItem(
        index_number=item.index_number,
        published_at=item.published_at,
        body_code=item.body_code,
        body_name=item.body_name,
        removed_on=date(2017, 2, 1),
        ground="样例理由",
        sample=True,
    )


def sample_retraction(item: PublicItem) -> RetractedItem:
    """Return what stays of ``item`` when it is retracted."""
    return RetractedItem(
        index_number=item.index_number,
        title=item.content.title,
        published_at=item.published_at,
        body_code=item.body_code,
        body_name=item.body_name,
        document_number=item.content.document_number,
        formed_on=item.content.formed_on,
        retracted_on=date(2017, 2, 1),
        amended_on=None,
        explanation="样例说明",
        registered=("2017-02",),
        sample=True,
    )


class ChannelContract:
    """What every channel keeps; inherit, give the three methods below, and let pytest run it.

    The tests call nothing but the protocol of :class:`workflow.channels.Channel` and those three,
    and are collected from a subclass whose name begins with ``Test``.
    """

    def make_channel(self, directory: Path) -> Channel:
        """Return a new channel with nothing published; ``directory`` is empty and its own."""
        raise NotImplementedError

    def public_form(self, channel: Channel, index_number: str) -> bytes | None:
        """Return the canonical revision as the public can read it; ``None`` if it cannot."""
        raise NotImplementedError

    def public_file(self, channel: Channel, index_number: str, name: str) -> bytes | None:
        """Return an attachment as the public can read it; ``None`` if it cannot."""
        raise NotImplementedError

    def test_what_is_published_is_the_approved_form_to_the_byte(self, tmp_path: Path) -> None:
        """The public reads exactly what was decided upon."""
        channel, catalogue = self.make_channel(tmp_path), MemoryCatalogue()
        item = sample_item(1)
        _publish(channel, catalogue, item)
        _same(item.canonical, self.public_form(channel, item.index_number))

    def test_attachments_are_published_to_the_byte(self, tmp_path: Path) -> None:
        """An attachment comes out as it went in."""
        channel, catalogue = self.make_channel(tmp_path), MemoryCatalogue()
        item = sample_item(1, catalogue.attach("附表.txt", b"1,2,3\r\n\x00"))
        _publish(channel, catalogue, item)
        _same(b"1,2,3\r\n\x00", self.public_file(channel, item.index_number, "附表.txt"))

    def test_an_item_can_be_read_before_it_is_confirmed_and_once_only(self, tmp_path: Path) -> None:
        """``confirm`` comes once, when the page is there: a state must not lie."""
        channel, catalogue = self.make_channel(tmp_path), MemoryCatalogue()
        item = sample_item(1)
        readable: list[bytes | None] = []

        def confirm() -> None:
            readable.append(self.public_form(channel, item.index_number))
            catalogue.put(item)

        _publish(channel, catalogue, item, confirm=confirm)
        _same([item.canonical], readable)

    def test_what_is_not_confirmed_does_not_stay(self, tmp_path: Path) -> None:
        """A sender that comes too late leaves nothing, and is told why."""
        channel, catalogue = self.make_channel(tmp_path), MemoryCatalogue()
        item = sample_item(1, catalogue.attach("附表.txt", b"1"))
        refusal = Conflict("lease_lost", item=1)
        caught = _raised(
            Conflict,
            lambda: _publish(channel, catalogue, item, confirm=_raising(refusal)),
        )
        _same(refusal, caught)
        _same(None, self.public_form(channel, item.index_number))
        _same(None, self.public_file(channel, item.index_number, "附表.txt"))

    def test_what_is_not_confirmed_leaves_what_was_there(self, tmp_path: Path) -> None:
        """An item that was public stays as it was."""
        channel, catalogue = self.make_channel(tmp_path), MemoryCatalogue()
        old = sample_item(1, catalogue.attach("附表.txt", b"old"))
        _publish(channel, catalogue, old)
        form = canonical(replace(old.content, title="样例：另一个标题"))
        new = replace(old, canonical=form, digest=digest(form))
        _raised(
            Conflict,
            lambda: _publish(
                channel, catalogue, new, confirm=_raising(Conflict("lease_lost", item=1))
            ),
        )
        _same(old.canonical, self.public_form(channel, old.index_number))
        _same(b"old", self.public_file(channel, old.index_number, "附表.txt"))

    def test_publishing_twice_is_publishing_once(self, tmp_path: Path) -> None:
        """At least once, with a key that makes it once."""
        channel, catalogue = self.make_channel(tmp_path), MemoryCatalogue()
        item = sample_item(1, catalogue.attach("附表.txt", b"1"))
        _publish(channel, catalogue, item)
        _publish(channel, catalogue, item)
        _same(item.canonical, self.public_form(channel, item.index_number))
        _same(b"1", self.public_file(channel, item.index_number, "附表.txt"))

    def test_one_item_leaves_another_alone(self, tmp_path: Path) -> None:
        """Two items do not meet, also not two of one body."""
        channel, catalogue = self.make_channel(tmp_path), MemoryCatalogue()
        items = [sample_item(number) for number in (1, 2, 3)]
        for item in items:
            _publish(channel, catalogue, item)
        _same(
            [item.canonical for item in items],
            [self.public_form(channel, item.index_number) for item in items],
        )

    def test_content_that_is_not_what_its_digest_says_is_refused(self, tmp_path: Path) -> None:
        """Nothing is shown, and nothing confirmed, that was not decided upon."""
        channel, catalogue = self.make_channel(tmp_path), MemoryCatalogue()
        item = replace(sample_item(1), digest="0" * 64)
        _raised(Damaged, lambda: _publish(channel, catalogue, item))
        _same(None, self.public_form(channel, item.index_number))
        _same({}, catalogue.published)

    def test_an_attachment_that_cannot_be_opened_stops_the_publication(
        self, tmp_path: Path
    ) -> None:
        """What the store refuses to give is not left out silently."""
        channel, catalogue = self.make_channel(tmp_path), MemoryCatalogue()
        item = sample_item(1, catalogue.attach("附表.txt", b"1"))
        failure = Damaged("blob_damaged", sha256="0")
        caught = _raised(
            Damaged,
            lambda: channel.publish(
                item,
                open_attachment=_raising(failure),
                catalogue=catalogue,
                confirm=lambda: catalogue.put(item),
            ),
        )
        _same(failure, caught)
        _same(None, self.public_form(channel, item.index_number))
        _same({}, catalogue.published)

    def test_a_purged_attachment_is_not_asked_for(self, tmp_path: Path) -> None:
        """What was purged is gone; the rest of the item is published without it."""
        channel, catalogue = self.make_channel(tmp_path), MemoryCatalogue()
        gone = catalogue.attach("名单.txt", b"gone")
        item = replace(
            sample_item(1, catalogue.attach("附表.txt", b"1"), gone),
            purged=frozenset({gone.sha256}),
        )
        del catalogue.blobs[gone.sha256]
        _publish(channel, catalogue, item)
        _same(b"1", self.public_file(channel, item.index_number, "附表.txt"))
        _same(None, self.public_file(channel, item.index_number, "名单.txt"))

    def test_what_is_removed_can_no_longer_be_read(self, tmp_path: Path) -> None:
        """A purge clears the channel; saying it twice is saying it once."""
        channel, catalogue = self.make_channel(tmp_path), MemoryCatalogue()
        item = sample_item(1, catalogue.attach("附表.txt", b"1"))
        other = sample_item(2)
        _publish(channel, catalogue, item)
        _publish(channel, catalogue, other)
        notice = sample_notice(item)
        catalogue.put(notice)
        _remove(channel, catalogue, notice)
        _remove(channel, catalogue, notice)
        _same(None, self.public_form(channel, item.index_number))
        _same(None, self.public_file(channel, item.index_number, "附表.txt"))
        _same(other.canonical, self.public_form(channel, other.index_number))

    def test_what_is_retracted_goes_and_comes_back_as_it_was(self, tmp_path: Path) -> None:
        """A retraction can be undone, to the byte."""
        channel, catalogue = self.make_channel(tmp_path), MemoryCatalogue()
        item = sample_item(1, catalogue.attach("附表.txt", b"1"))
        _publish(channel, catalogue, item)
        notice = sample_retraction(item)
        catalogue.put(notice)
        _remove(channel, catalogue, notice)
        _same(None, self.public_form(channel, item.index_number))
        _same(None, self.public_file(channel, item.index_number, "附表.txt"))
        _publish(channel, catalogue, item)
        _same(item.canonical, self.public_form(channel, item.index_number))
        _same(b"1", self.public_file(channel, item.index_number, "附表.txt"))

    def test_what_is_not_confirmed_is_not_taken_away(self, tmp_path: Path) -> None:
        """A sender that comes too late takes nothing away that came back meanwhile."""
        channel, catalogue = self.make_channel(tmp_path), MemoryCatalogue()
        item = sample_item(1, catalogue.attach("附表.txt", b"1"))
        _publish(channel, catalogue, item)
        refusal = Conflict("lease_lost", item=1)
        caught = _raised(
            Conflict,
            lambda: channel.remove(
                sample_retraction(item), catalogue=catalogue, confirm=_raising(refusal)
            ),
        )
        _same(refusal, caught)
        _same(item.canonical, self.public_form(channel, item.index_number))
        _same(b"1", self.public_file(channel, item.index_number, "附表.txt"))


def _publish(
    channel: Channel,
    catalogue: MemoryCatalogue,
    item: PublicItem,
    *,
    confirm: Callable[[], None] | None = None,
) -> None:
    channel.publish(
        item,
        open_attachment=catalogue.open_attachment,
        catalogue=catalogue,
        confirm=confirm or (lambda: catalogue.put(item)),
    )


def _remove(channel: Channel, catalogue: MemoryCatalogue, item: TakenAway) -> None:
    channel.remove(item, catalogue=catalogue, confirm=lambda: None)


def _raising(error: GongkaiError) -> Callable[..., NoReturn]:
    def fail(*_: object) -> NoReturn:
        raise error

    return fail


def _same(expected: object, actual: object) -> None:
    """Compare, and say both: pytest rewrites no ``assert`` of a module that is installed."""
    if expected != actual:
        raise AssertionError(f"expected {expected!r}, got {actual!r}")


def _raised(kind: type[_E], act: Callable[[], object]) -> _E:
    """Return what ``act`` raises; it must be of that kind."""
    try:
        act()
    except kind as error:
        return error
    raise AssertionError(f"{kind.__name__} was not raised")
