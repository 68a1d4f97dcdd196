"""The channel that ships for tests and the website keep one and the same contract."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING

import pytest
from typing_extensions import override

from workflow.channels import PublicItem, SiteIdentity
from workflow.channels.site_files import file_name
from workflow.channels.website import Website
from workflow.errors import ChannelFailed
from workflow.testing import (
    ChannelContract,
    FrozenClock,
    MemoryCatalogue,
    MemoryChannel,
    sample_item,
    sample_notice,
)

if TYPE_CHECKING:
    from pathlib import Path

    from workflow.channels import Channel

IDENTITY = SiteIdentity(
    name="样例网站",
    address="https://www.sample.example/",
    id_code="",
    language="zh",
    sponsor="样例办公室",
    contact="",
)


class TestMemoryChannel(ChannelContract):
    """The channel in memory."""

    @override
    def make_channel(self, directory: Path) -> Channel:
        return MemoryChannel()

    @override
    def public_form(self, channel: Channel, index_number: str) -> bytes | None:
        assert isinstance(channel, MemoryChannel)
        page = channel.pages.get(index_number)
        return page.canonical if isinstance(page, PublicItem) else None

    @override
    def public_file(self, channel: Channel, index_number: str, name: str) -> bytes | None:
        assert isinstance(channel, MemoryChannel)
        return channel.files.get((index_number, name))


class TestWebsite(ChannelContract):
    """The website."""

    @override
    def make_channel(self, directory: Path) -> Channel:
        return Website(directory / "site", IDENTITY)

    @override
    def public_form(self, channel: Channel, index_number: str) -> bytes | None:
        assert isinstance(channel, Website)
        file = channel.page(index_number).with_name("revision.json")
        return file.read_bytes() if file.exists() else None

    @override
    def public_file(self, channel: Channel, index_number: str, name: str) -> bytes | None:
        assert isinstance(channel, Website)
        folder = channel.page(index_number).with_name("attachments")
        found = [*folder.glob(f"*/{file_name(name)}")]
        assert len(found) <= 1
        return found[0].read_bytes() if found else None


def test_a_channel_in_memory_fails_while_it_is_told_to() -> None:
    channel, catalogue = MemoryChannel(), MemoryCatalogue()
    item = sample_item(1)

    def publish() -> None:
        channel.publish(
            item,
            open_attachment=catalogue.open_attachment,
            catalogue=catalogue,
            confirm=lambda: catalogue.put(item),
        )

    channel.failure = ChannelFailed("site_busy", path="样例")
    with pytest.raises(ChannelFailed):
        publish()
    with pytest.raises(ChannelFailed):
        channel.remove(sample_notice(item), catalogue=catalogue, confirm=lambda: None)
    assert ({}, {}, []) == (channel.pages, catalogue.published, channel.listed)
    channel.failure = None
    publish()
    assert [item.index_number] == channel.listed


class Forgetful(MemoryChannel):
    """A channel that breaks the contract in one respect."""

    @override
    def publish(self, item: PublicItem, **arguments: object) -> None:
        confirm = arguments["confirm"]
        assert callable(confirm)
        confirm()
        self.pages[item.index_number] = item


def test_the_contract_finds_a_channel_that_confirms_before_it_publishes(tmp_path: Path) -> None:
    class OfForgetful(TestMemoryChannel):
        @override
        def make_channel(self, directory: Path) -> Channel:
            return Forgetful()

    contract = OfForgetful()
    with pytest.raises(AssertionError):
        contract.test_an_item_can_be_read_before_it_is_confirmed_and_once_only(tmp_path)
    with pytest.raises(AssertionError):
        contract.test_content_that_is_not_what_its_digest_says_is_refused(tmp_path)


def test_a_clock_stands_until_it_is_moved() -> None:
    clock = FrozenClock(datetime(2017, 1, 20, 9, tzinfo=timezone(timedelta(hours=8))))
    assert datetime(2017, 1, 20, 1, tzinfo=UTC) == clock() == clock()
    assert datetime(2017, 1, 20, 1, 5, tzinfo=UTC) == clock.advance(timedelta(minutes=5))
    assert datetime(2017, 1, 20, 1, 5, tzinfo=UTC) == clock()
    clock.set(datetime(2018, 1, 1, tzinfo=UTC))
    assert datetime(2018, 1, 1, tzinfo=UTC) == clock()


def test_a_clock_wants_to_know_the_zone() -> None:
    naive = datetime(2017, 1, 20, 9)  # noqa: DTZ001 # that is the point
    with pytest.raises(ValueError, match="2017"):
        FrozenClock(naive)
    clock = FrozenClock(datetime(2017, 1, 20, tzinfo=UTC))
    with pytest.raises(ValueError, match="2017"):
        clock.set(naive)
