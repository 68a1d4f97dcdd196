"""For those who test against the engine: a clock that stands, channels in memory, contracts.

:class:`FrozenClock` goes wherever the engine takes a clock. :class:`MemoryChannel` is a place to
publish to that lives in memory and can be told to fail. :class:`ChannelContract` holds what every
channel has to keep: whoever writes one inherits from it in a test class, says how a channel is
made and how the public reads it, and lets pytest run what was inherited. For alerts there are
:class:`MemoryAlertChannel`, :class:`AlertChannelContract` and, for a channel that talks to another
machine, :class:`AlertPeerContract`. Nothing here is used by the engine itself.
"""

from __future__ import annotations

import hashlib
import io
import json
import time
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Final, Literal, NoReturn, TypeAlias, TypeVar

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
from workflow.channels.alerting import Message
from workflow.errors import (
    ChannelFailed,
    ChannelRefused,
    ChannelUncertain,
    Conflict,
    Damaged,
    GongkaiError,
    InvalidInput,
)
from workflow.revisions import Attachment, Content, canonical, digest
from workflow.runtime import SHANGHAI

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path
    from typing import BinaryIO

    from workflow.channels import Catalogue, Channel, OpenAttachment
    from workflow.channels.alerting import AlertChannel

_E = TypeVar("_E", bound=BaseException)
_BODIES: Final = {"YL-ONE": "样例甲局", "YL-TWO": "样例乙局"}
_START: Final = datetime(2017, 1, 20, 1, 0, tzinfo=UTC)
_LONGEST_IN_MEMORY: Final = 200
_SLACK: Final = 2.0
"""Seconds by which a busy machine may be late."""


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
                at=datetime.combine(each.retracted_on, datetime.min.time(), tzinfo=SHANGHAI),
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


class MemoryAlertChannel:
    """A way out for alerts that ends in memory; it keeps :class:`AlertPeerContract`.

    While ``failure`` is set, sending raises it; ``failures`` does so by address. ``sent`` holds
    what has arrived, in its order and as often as it did; with a ``ChannelUncertain`` a message
    arrives and it is raised all the same. An address is anything that can be printed, without
    spaces, up to 200 characters.
    """

    def __init__(self, name: str = "email") -> None:
        """Answer to ``name``."""
        self.name = name
        self.sent: list[Message] = []
        self.failure: ChannelFailed | None = None
        self.failures: dict[str, ChannelFailed] = {}

    def check(self, address: str) -> str:
        """Return the address without spaces around it."""
        plain = address.strip(" ")
        if not 0 < len(plain) <= _LONGEST_IN_MEMORY:
            problem = "too_long" if plain else "no_mail_address"
        elif not plain.isprintable() or " " in plain:
            problem = "characters"
        else:
            return plain
        raise InvalidInput("address_wrong", channel=self.name, value=address, problem=problem)

    def shown(self, address: str) -> str:
        """Return the address: nothing in memory is a secret."""
        return address

    def send(self, message: Message) -> None:
        """Keep ``message``, or raise what was set."""
        failure = self.failure or self.failures.get(message.to)
        if failure is None or isinstance(failure, ChannelUncertain):
            self.sent.append(message)
        if failure is not None:
            raise failure


def sample_message(number: int, *, to: str) -> Message:
    """Return a sample message; different numbers give different keys and different words."""
    lines = [
        f"样例：第{number}号信息，审核签字，2017-02-07 到期",
        "English 《样例》 “é” 😀",
        ".",
        "..",
    ]
    return Message(
        key=f"17:{number}:T+1:3:Sample",
        to=to,
        language="zh",
        subject=f"样例：第{number}号信息逾期，请部门负责人和组织指导组在两个工作日内办理（overdue）",
        text="\n".join(["样例：正文", *lines]),
        html="<!doctype html><p>" + "<br>\n".join(lines) + "</p>",
        short="\n".join(lines),
        data={"items": [{"number": number, "stage": "sign_off", "due_on": "2017-02-07"}]},
        at=_START,
    )


@dataclass(frozen=True, slots=True)
class Arrived:
    """A message as the other side has it; two with one ``identity`` are known to be one."""

    identity: str
    words: str


@dataclass(frozen=True, slots=True)
class Peer:
    """A channel whose other side behaves in a certain manner, and what has arrived there."""

    channel: AlertChannel
    arrived: Callable[[], Sequence[Arrived]]


Manner: TypeAlias = Literal[
    "takes", "absent", "later", "never", "takes_and_is_gone", "hangs", "drips"
]
"""How the other side behaves: it takes what comes, is not there, says no for now or for good,
takes the message and leaves without a word, says nothing, or says it byte by byte and never ends.
"""


class AlertChannelContract:
    """What every alert channel keeps; inherit, give what follows, and let pytest run it.

    ``addresses`` are some in normal form, ``secrets`` what stands in them and nobody may see. The
    time for one message (``seconds``) is short where the other side hangs and long elsewhere.
    """

    name: str
    addresses: tuple[str, ...]
    wrong_addresses: tuple[str, ...] = ()
    secrets: tuple[str, ...] = ()
    manners: tuple[Manner, ...] = ("takes", "absent")

    def peer(self, directory: Path, manner: Manner) -> AbstractContextManager[Peer]:
        """Return a channel and its other side; ``directory`` is empty and the channel's own."""
        raise NotImplementedError

    def expected(self, message: Message) -> str:
        """Return the words that the other side gets of ``message``."""
        raise NotImplementedError

    def test_it_answers_to_its_name(self, tmp_path: Path) -> None:
        """Messages are owed to a channel by its name."""
        with self.peer(tmp_path, "takes") as peer:
            _same(self.name, peer.channel.name)

    def test_a_message_arrives_as_it_was_given(self, tmp_path: Path) -> None:
        """Nothing is lost, added or garbled on the way."""
        for number, address in enumerate(self.addresses):
            directory = tmp_path / str(number)
            directory.mkdir()
            with self.peer(directory, "takes") as peer:
                message = sample_message(number, to=address)
                peer.channel.send(message)
                _same([self.expected(message)], [each.words for each in peer.arrived()])

    def test_two_copies_of_a_message_are_known_as_one_and_two_messages_as_two(
        self, tmp_path: Path
    ) -> None:
        """The one window in which a message can go twice must not deceive anybody."""
        with self.peer(tmp_path, "takes") as peer:
            one, other = (sample_message(number, to=self.addresses[0]) for number in (1, 2))
            for message in (one, other, one):
                peer.channel.send(message)
            _same(2, len({each.identity for each in peer.arrived()}))

    def test_nothing_in_a_message_is_taken_for_anything_else(self, tmp_path: Path) -> None:
        """No words of a title become a header, an ending or a failure."""
        with self.peer(tmp_path, "takes") as peer:
            hostile = "样例\r\nBcc: other@sample.example\r\n\r\n.\r\nQUIT\x00\ud800"
            for number, field_ in enumerate(("subject", "text", "html", "short")):
                message = sample_message(number, to=self.addresses[0])
                peer.channel.send(replace(message, **{field_: hostile}))  # type: ignore[arg-type]
            _same(4, len({each.identity for each in peer.arrived()}))

    def test_the_normal_form_of_an_address_stays_as_it_is(self, tmp_path: Path) -> None:
        """What was checked once can be checked again."""
        with self.peer(tmp_path, "takes") as peer:
            given = [peer.channel.check(f" {address} ") for address in self.addresses]
            _same(list(self.addresses), given)

    def test_what_is_no_address_is_refused_and_says_no_secret(self, tmp_path: Path) -> None:
        """Nonsense stops where it is entered, and not when something is overdue."""
        good = self.addresses[0]
        wrong = [
            *("", " ", "\x00", "\ud800", "no address", "\u202e", "x" * 5000),
            *(f"{good}\x00", f"{good}\r\nBcc: other@sample.example", f"{good}\n", f"\t{good}"),
            *(good[:3] + " " + good[3:], good[:3] + "\r" + good[3:], *self.wrong_addresses),
        ]
        with self.peer(tmp_path, "takes") as peer:
            for address in wrong:
                error = _raised(InvalidInput, lambda it=address: peer.channel.check(it))  # type: ignore[misc]
                _same(("address_wrong", self.name), (error.code, error.params.get("channel")))
                self._hides(str(error))
                self._hides(peer.channel.shown(address))

    def test_an_address_is_shown_without_its_secrets(self, tmp_path: Path) -> None:
        """Whoever displays an address may display what comes back."""
        with self.peer(tmp_path, "takes") as peer:
            for address in self.addresses:
                self._hides(peer.channel.shown(address))

    def test_where_nobody_is_nothing_arrives_and_it_may_later(self, tmp_path: Path) -> None:
        """S36: what is not there today may be there tomorrow."""
        self._fails(tmp_path, "absent", ChannelFailed, arrive=False)

    def test_no_failure_tells_a_secret_or_a_word_of_the_message(self, tmp_path: Path) -> None:
        """Errors go into logs and onto screens."""
        for manner in self.manners[1:]:
            directory = tmp_path / manner
            directory.mkdir()
            with self.peer(directory, manner) as peer:
                message = sample_message(1, to=self.addresses[0])
                self._tells_no_secret(_raised(ChannelFailed, lambda: peer.channel.send(message)))  # noqa: B023 # called at once

    def _fails(
        self, directory: Path, manner: Manner, kind: type[ChannelFailed], *, arrive: bool
    ) -> ChannelFailed:
        with self.peer(directory, manner) as peer:
            message = sample_message(1, to=self.addresses[0])
            error = _raised(ChannelFailed, lambda: peer.channel.send(message))
            _same(kind, type(error))
            _same(arrive, bool(peer.arrived()))
            return error

    def _hides(self, shown: str) -> None:
        _same([], [secret for secret in self.secrets if secret in shown])

    def _tells_no_secret(self, error: GongkaiError) -> None:
        told = f"{error} {json.dumps(error.params, ensure_ascii=False, default=str)}"
        self._hides(told)
        _same([], [word for word in ("样例", "sign_off", "2017-02-07") if word in told])


class AlertPeerContract(AlertChannelContract):
    """What an alert channel keeps besides that talks to another machine."""

    manners = ("takes", "absent", "later", "never", "takes_and_is_gone", "hangs", "drips")
    seconds: float = 0.3
    """How long the channel gives a message whose other side hangs or drips."""

    def test_a_no_for_now_may_be_a_yes_later(self, tmp_path: Path) -> None:
        """F17: the message stays owed."""
        self._fails(tmp_path, "later", ChannelFailed, arrive=False)

    def test_a_no_for_good_is_known_as_one(self, tmp_path: Path) -> None:
        """F18: the next channel has its turn."""
        self._fails(tmp_path, "never", ChannelRefused, arrive=False)

    def test_what_was_sent_and_not_answered_is_uncertain(self, tmp_path: Path) -> None:
        """F7: it may be there, and says so."""
        self._fails(tmp_path, "takes_and_is_gone", ChannelUncertain, arrive=True)

    def test_who_hangs_or_drips_is_left_when_the_time_is_over(self, tmp_path: Path) -> None:
        """F19: the other messages of the night have their turn."""
        manners: tuple[Manner, ...] = ("hangs", "drips")
        for manner in manners:
            directory = tmp_path / manner
            directory.mkdir()
            with self.peer(directory, manner) as peer:
                message = sample_message(1, to=self.addresses[0])
                begun = time.monotonic()
                _raised(ChannelFailed, lambda: peer.channel.send(message))  # noqa: B023 # called at once
                took = time.monotonic() - begun
                if took > self.seconds + _SLACK:
                    raise AssertionError(f"{manner}: ended after {took:.1f} s")


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
