"""The directory: one whole file for each message."""

from __future__ import annotations

import stat
import threading
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.channels.test_contract import SENDER, part, read
from workflow.channels.directory import Directory
from workflow.errors import ChannelFailed
from workflow.testing import sample_message

if TYPE_CHECKING:
    from pathlib import Path

TO = "sample@sample.example"


def test_a_message_is_a_file_that_a_mail_program_opens(tmp_path: Path) -> None:
    channel = Directory(tmp_path / "a" / "b")
    message = sample_message(1, to=TO)
    channel.send(message)

    (file,) = (tmp_path / "a" / "b").iterdir()
    assert "17.1.=54+1.3.=53ample.eml" == file.name
    assert channel.path(message.key) == file
    got = read(file.read_bytes())
    assert (TO, message.subject, message.text) == (got["To"], got["Subject"], part(got, "plain"))
    assert "gongkai@gongkai.invalid" in got["From"]
    assert 0o640 == stat.S_IMODE(file.stat().st_mode)


def test_the_same_key_leaves_one_file_with_what_came_last(tmp_path: Path) -> None:
    channel = Directory(tmp_path, SENDER)
    message = sample_message(1, to=TO)
    channel.send(message)
    channel.send(replace(message, text="样例：后一份"))

    (file,) = tmp_path.iterdir()
    assert "样例：后一份" == part(read(file.read_bytes()), "plain")


def test_a_file_is_whole_whenever_it_is_there(tmp_path: Path) -> None:
    channel = Directory(tmp_path)
    message = replace(sample_message(1, to=TO), text="行\n" * 100_000)
    channel.send(message)
    size = channel.path(message.key).stat().st_size

    def write() -> None:
        for _ in range(20):
            channel.send(message)

    writer = threading.Thread(target=write)
    writer.start()
    sizes = set()
    while writer.is_alive():
        sizes |= {file.stat().st_size for file in tmp_path.glob("*.eml")}
    writer.join()

    assert {size} == sizes | {size}
    assert [channel.path(message.key)] == list(tmp_path.iterdir())


def test_a_disk_that_takes_nothing_is_told_and_leaves_nothing(tmp_path: Path) -> None:
    place = tmp_path / "out"
    channel = Directory(place)
    message = sample_message(1, to=TO)
    channel.path(message.key).mkdir(parents=True)

    with pytest.raises(ChannelFailed) as caught:
        channel.send(message)

    assert {"channel": "directory", "path": str(place), "reason": "Is a directory"} == (
        caught.value.params
    )
    assert [channel.path(message.key)] == list(place.iterdir())
