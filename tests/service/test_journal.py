"""The send journal: what was about to leave is on the disk, whoever dies while writing (F25)."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

import pytest

from workflow.errors import Unavailable
from workflow.journal import Journal, Noted

if TYPE_CHECKING:
    from pathlib import Path

AT: Final = datetime(2017, 1, 20, 1, 0, tzinfo=UTC)
WRITER: Final = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from workflow.journal import Journal
journal = Journal(Path(sys.argv[1]), largest=4000)
for number in range(40):
    journal.note(int(sys.argv[2]) + number, sys.argv[2], datetime.now(UTC))
"""


def noted(seq: int) -> Noted:
    return Noted(seq, f"key-{seq}", AT + timedelta(minutes=seq))


def write(journal: Journal, *numbers: int) -> None:
    for seq in numbers:
        each = noted(seq)
        journal.note(each.seq, each.key, each.at)


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal(tmp_path / "journal" / "sent.jsonl")


def test_what_was_noted_is_read_again_and_by_the_owner_alone(journal: Journal) -> None:
    assert 0 == journal.last()
    assert [] == list(journal.entries())
    write(journal, 1, 2, 3)
    assert 3 == journal.last()
    assert [noted(2), noted(3)] == list(journal.entries(1))
    assert "0o600" == oct(journal.path.stat().st_mode & 0o777)
    assert "0o700" == oct(journal.path.parent.stat().st_mode & 0o777)


def test_a_line_says_number_key_and_time_and_nothing_else(journal: Journal) -> None:
    write(journal, 7)
    expected = '{"seq": 7, "key": "key-7", "at": "2017-01-20T01:07:00+00:00"}\n'
    assert expected == journal.path.read_text("ascii")


@pytest.mark.parametrize("torn", ['{"seq": 3, "ke', '{"seq": 3}\n', "\x00\x00\x00", "[]\n"])
def test_a_line_that_was_torn_hides_none_of_the_others(journal: Journal, torn: str) -> None:
    write(journal, 1, 2)
    with journal.path.open("a", encoding="ascii") as file:
        file.write(torn)
    assert 2 == journal.last()
    write(journal, 4)
    assert 4 == journal.last()
    assert [noted(1), noted(2), noted(4)] == list(journal.entries())


def test_numbers_that_two_senders_wrote_out_of_order_are_all_known(journal: Journal) -> None:
    write(journal, 2, 1)
    assert 2 == journal.last()


def test_a_journal_that_has_grown_is_put_aside_and_still_read(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "sent.jsonl", largest=100)
    write(journal, 1, 2, 3)
    assert journal.before.exists()
    assert [noted(1), noted(2), noted(3)] == list(journal.entries())
    write(journal, 4, 5, 6)
    assert 6 == journal.last()
    journal.path.unlink()
    assert 4 == journal.last()


def test_several_processes_lose_no_line_also_when_the_file_is_put_aside(tmp_path: Path) -> None:
    path = tmp_path / "sent.jsonl"
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(path), str(first)])
        for first in (1000, 2000)
    ]
    assert [0, 0] == [writer.wait(60) for writer in writers]
    found = [each.seq for each in Journal(path, largest=4000).entries()]
    # 80 lines of some 70 bytes fill one file and begin the next, and no third.
    assert Journal(path).before.exists()
    assert [*range(1000, 1040), *range(2000, 2040)] == sorted(found)
    assert 2039 == Journal(path).last()


def test_a_journal_that_cannot_be_written_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "journal").write_text("in the way", "ascii")
    journal = Journal(tmp_path / "journal" / "sent.jsonl")
    with pytest.raises(Unavailable) as caught:
        write(journal, 1)
    assert "journal_unusable" == caught.value.code
    assert not journal.writable()


FILLS_UP: Final = """
import resource
import sys
from datetime import UTC, datetime
from pathlib import Path
from workflow.errors import Unavailable
from workflow.journal import Journal
journal, at = Journal(Path(sys.argv[1])), datetime(2017, 1, 23, tzinfo=UTC)
journal.note(1, "first", at)
room = journal.path.stat().st_size + 10
resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))
try:
    journal.note(2, "second", at)
except Unavailable as error:
    print(error.code, journal.last())
"""


def test_a_line_that_the_disk_takes_a_part_of_is_not_noted(tmp_path: Path) -> None:
    # F25
    ran = subprocess.run(
        [sys.executable, "-c", FILLS_UP, str(tmp_path / "sent.jsonl")],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    assert "journal_unusable 1\n" == ran.stdout
