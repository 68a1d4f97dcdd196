"""Whatever goes wrong, no reader sees half of anything, and trying again completes the work."""

from __future__ import annotations

import contextlib
import io
import os
import shutil
import signal
import subprocess
import sys
import threading
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.website.shelf import (
    IDENTITY,
    START,
    Page,
    Shelf,
    item,
    links,
    put_online,
    read,
    tree,
)
from workflow.channels import RemovedItem
from workflow.channels.site_files import MARKER, SiteFiles, file_name, item_path, segment
from workflow.channels.website import Website
from workflow.errors import ChannelFailed, Conflict, Damaged

if TYPE_CHECKING:
    from workflow.channels import PublicItem

ROOT = Path(__file__).parents[2]


def _leftovers(site: Path) -> list[str]:
    return [path.name for path in site.rglob(".writing-*")]


def _built(shelf: Shelf, directory: Path) -> dict[str, bytes | None]:
    Website(directory, IDENTITY).build(shelf, open_attachment=shelf.open_attachment)
    return tree(directory)


def test_a_reader_never_meets_half_a_page_or_a_dead_link(tmp_path: Path) -> None:
    shelf = Shelf()
    site = Website(tmp_path, IDENTITY, page_size=3, latest=4)
    put_online(site, shelf, item(0))
    finished, has_read = threading.Event(), threading.Event()
    read_pages: list[str] = []
    faults: list[BaseException] = []

    def keep_reading() -> None:
        try:
            while not (finished.is_set() and has_read.is_set()):
                for start in ("index.html", "months/2017-02/index.html", "months/index.html"):
                    for path in links(read(tmp_path, start), start):
                        if path.endswith(".html"):
                            read(tmp_path, path)
                        else:
                            (tmp_path / path).read_bytes()
                        read_pages.append(path)
                has_read.set()
        except BaseException as fault:  # noqa: BLE001 - whatever it is, the test shall show it
            faults.append(fault)
            has_read.set()

    reader = threading.Thread(target=keep_reading)
    reader.start()
    for number in range(1, 25):
        at = START + timedelta(minutes=number)
        put_online(site, shelf, item(number, published_at=at))
    finished.set()
    reader.join()
    assert [] == faults
    assert len(set(read_pages)) > 3


def test_two_writers_at_once_lose_no_entry(tmp_path: Path) -> None:
    shelf = Shelf()
    site, other = tmp_path / "site", tmp_path / "other"
    writers = [
        threading.Thread(
            target=put_online,
            args=(Website(site, IDENTITY), shelf, *(item(n) for n in range(start, 16, 2))),
        )
        for start in (0, 1)
    ]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert 16 == len(shelf.published)
    assert _built(shelf, other) == tree(site)


def test_an_item_is_readable_before_it_is_confirmed_and_linked_only_afterwards(
    tmp_path: Path,
) -> None:
    shelf = Shelf()
    attached = shelf.attach("表.txt", b"x")
    one = item(1, attachments=(attached,))
    site = Website(tmp_path, IDENTITY)
    put_online(site, shelf, item(4))
    seen: list[bool] = []

    def confirm() -> None:
        page = Page(site.page(one.index_number).read_text(encoding="utf-8"))
        path = "items/SAMPLE-02/2017-00001/index.html"
        files = [target for target in links(page, path) if target.startswith("items/")]
        seen.append(all((tmp_path / target).is_file() for target in files) and len(files) == 3)
        seen.append(path in links(read(tmp_path, "index.html"), "index.html"))
        shelf.put(one)

    site.publish(one, open_attachment=shelf.open_attachment, catalogue=shelf, confirm=confirm)
    assert [True, False] == seen
    assert "items/SAMPLE-02/2017-00001/index.html" in links(
        read(tmp_path, "index.html"), "index.html"
    )


def test_what_is_not_confirmed_leaves_no_trace_and_may_be_tried_again(
    tmp_path: Path,
) -> None:
    shelf = Shelf()
    site = Website(tmp_path / "site", IDENTITY)
    put_online(site, shelf, item(1))
    one = item(2, attachments=(shelf.attach("表.txt", b"x"),))
    before = tree(tmp_path / "site")

    def refuse() -> None:
        assert site.page(one.index_number).is_file()
        raise Conflict("moved_on")

    with pytest.raises(Conflict):
        site.publish(one, open_attachment=shelf.open_attachment, catalogue=shelf, confirm=refuse)
    assert before == tree(tmp_path / "site")
    put_online(site, shelf, one)
    assert _built(shelf, tmp_path / "other") == tree(tmp_path / "site")


def test_a_sender_that_comes_too_late_cannot_bring_back_what_was_purged(tmp_path: Path) -> None:
    shelf = Shelf()
    site = Website(tmp_path, IDENTITY)
    one = item(2, attachments=(shelf.attach("名单.txt", b"leaked"),))
    put_online(site, shelf, item(1), one)
    removed = _removed(one)
    shelf.put(removed)
    site.remove(removed, catalogue=shelf, confirm=lambda: None)
    before = tree(tmp_path)

    def too_late() -> None:
        raise Conflict("lease_lost")

    with pytest.raises(Conflict):
        site.publish(one, open_attachment=shelf.open_attachment, catalogue=shelf, confirm=too_late)
    assert before == tree(tmp_path)


def _removed(one: PublicItem) -> RemovedItem:
    return RemovedItem(
        index_number=one.index_number,
        published_at=one.published_at,
        body_code=one.body_code,
        body_name=one.body_name,
        removed_on=date(2017, 4, 1),
        ground="国家秘密",
    )


_KILLED = """
import io, os, signal, sys
from pathlib import Path
from tests.website.shelf import IDENTITY, Shelf, item
from workflow.channels.website import Website

class Killing(io.BytesIO):
    def __init__(self, sha256):
        super().__init__()

    def read(self, size=-1):
        os.kill(os.getpid(), signal.SIGKILL)

shelf = Shelf()
one = item(2, attachments=(shelf.attach("表.txt", b"x"),))
Website(Path(sys.argv[1]), IDENTITY).publish(
    one,
    open_attachment=Killing if sys.argv[2] == "copying" else shelf.open_attachment,
    catalogue=shelf,
    confirm=lambda: os.kill(os.getpid(), signal.SIGKILL),
)
"""


@pytest.mark.parametrize("moment", ["copying", "confirming"])
def test_a_writer_that_is_killed_leaves_nothing_that_stands_in_the_way(
    tmp_path: Path, moment: str
) -> None:
    shelf = Shelf()
    folder = tmp_path / "site"
    site = Website(folder, IDENTITY, patience=0)
    put_online(site, shelf, item(1))
    before = {path: (folder / path).read_bytes() for path in ("index.html", "months/index.html")}
    killed = subprocess.run(
        [sys.executable, "-c", _KILLED, str(folder), moment], cwd=ROOT, check=False
    )
    assert -signal.SIGKILL == killed.returncode
    assert before == {path: (folder / path).read_bytes() for path in before}
    put_online(site, shelf, item(2, attachments=(shelf.attach("表.txt", b"x"),)))
    right = _built(shelf, tmp_path / "other")
    assert right.items() <= tree(folder).items()
    site.build(shelf, open_attachment=shelf.open_attachment)
    assert right == tree(folder)


def test_an_index_that_cannot_be_written_is_completed_by_publishing_again(tmp_path: Path) -> None:
    shelf = Shelf()
    folder = tmp_path / "site"
    site = Website(folder, IDENTITY)
    put_online(site, shelf, item(1), item(2))
    shutil.rmtree(folder / "months")
    (folder / "months").touch()
    with pytest.raises(ChannelFailed) as failed:
        put_online(site, shelf, item(3))
    assert "site_not_writable" == failed.value.code
    assert str(folder / "months") in failed.value.params["path"]
    assert item(3).index_number in shelf.published
    (folder / "months").unlink()
    put_online(site, shelf, item(3))
    site.build(shelf, open_attachment=shelf.open_attachment)
    assert _built(shelf, tmp_path / "other") == tree(folder)
    assert [] == _leftovers(folder)


def test_publishing_twice_changes_nothing(tmp_path: Path) -> None:
    shelf = Shelf()
    site = Website(tmp_path, IDENTITY)
    one = item(1, attachments=(shelf.attach("表.txt", b"x"),))
    put_online(site, shelf, one)
    before = {path: path.stat().st_ino for path in tmp_path.rglob("*")}
    put_online(site, shelf, one)
    assert before == {path: path.stat().st_ino for path in tmp_path.rglob("*")}


def test_a_catalogue_that_does_not_list_the_item_is_noticed(tmp_path: Path) -> None:
    shelf = Shelf()
    site = Website(tmp_path, IDENTITY)
    with pytest.raises(ChannelFailed) as failed:
        site.publish(
            item(1),
            open_attachment=shelf.open_attachment,
            catalogue=shelf,
            confirm=lambda: None,
        )
    assert "site_not_listed" == failed.value.code


@pytest.mark.parametrize("broken", ["directory_is_a_file", "below_a_file"])
def test_a_site_that_is_no_directory_is_a_clear_error(tmp_path: Path, broken: str) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    place = tmp_path / "file" if broken == "directory_is_a_file" else tmp_path / "file/site"
    with pytest.raises(ChannelFailed) as failed:
        put_online(Website(place, IDENTITY), Shelf(), item(1))
    assert "site_not_writable" == failed.value.code
    assert {"path", "reason"} == set(failed.value.params)
    assert {"file": b"x"} == tree(tmp_path)


def test_a_directory_with_something_else_in_it_is_never_touched(tmp_path: Path) -> None:
    (tmp_path / "thesis.odt").write_text("years of work", encoding="utf-8")
    shelf = Shelf()
    for attempt in (
        lambda: put_online(Website(tmp_path, IDENTITY), shelf, item(1)),
        lambda: Website(tmp_path, IDENTITY).build(shelf, open_attachment=shelf.open_attachment),
    ):
        with pytest.raises(ChannelFailed) as failed:
            attempt()
        assert "site_not_ours" == failed.value.code
    assert {"thesis.odt": b"years of work"} == tree(tmp_path)
    assert {} == shelf.published


_ON_A_FULL_DISK = """
import resource, sys
from pathlib import Path
from tests.website.shelf import IDENTITY, Shelf, item, put_online
from workflow.channels.website import Website
from workflow.errors import ChannelFailed

shelf = Shelf()
one = item(2, attachments=(shelf.attach("大.bin", b"x" * 200_000),))
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), resource.RLIM_INFINITY))
try:
    put_online(Website(Path(sys.argv[1]), IDENTITY), shelf, one)
except ChannelFailed as failed:
    print(failed.code, len(shelf.published))
"""


@pytest.mark.parametrize("room", [0, 100, 4096, 100_000])
def test_a_full_disk_is_a_clear_error_and_leaves_every_page_whole(
    tmp_path: Path, room: int
) -> None:
    put_online(Website(tmp_path, IDENTITY), Shelf(), item(1))
    before = tree(tmp_path)
    done = subprocess.run(
        [sys.executable, "-c", _ON_A_FULL_DISK, str(tmp_path), str(room)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "site_full 0" == done.stdout.strip()
    assert before == tree(tmp_path)


def test_another_writer_is_waited_for_but_not_for_ever(tmp_path: Path) -> None:
    put_online(Website(tmp_path, IDENTITY), Shelf(), item(1))
    with SiteFiles(tmp_path, patience=0).locked(), pytest.raises(ChannelFailed) as failed:
        put_online(Website(tmp_path, IDENTITY, patience=0.05), Shelf(), item(2))
    assert "site_busy" == failed.value.code
    put_online(Website(tmp_path, IDENTITY, patience=0), Shelf(), item(2))


@pytest.mark.parametrize(
    "stored",
    [b"", b"shorter", b"of the same leng!", b"longer than what was approved"],
)
def test_an_attachment_that_is_not_what_was_approved_is_not_shown(
    tmp_path: Path, stored: bytes
) -> None:
    shelf = Shelf()
    attached = shelf.attach("表.txt", b"of the same length")
    shelf.blobs[attached.sha256] = stored
    with pytest.raises(Damaged) as damaged:
        put_online(Website(tmp_path, IDENTITY), shelf, item(1, attachments=(attached,)))
    assert "attachment_damaged" == damaged.value.code
    assert not (tmp_path / "items").exists()
    assert {} == shelf.published


def test_a_revision_that_does_not_match_its_digest_is_not_shown(tmp_path: Path) -> None:
    one = item(1)
    forged = replace(one, canonical=one.canonical.replace("第1号".encode(), "第2号".encode()))
    shelf = Shelf()
    with pytest.raises(Damaged) as damaged:
        put_online(Website(tmp_path, IDENTITY), shelf, forged)
    assert "revision_damaged" == damaged.value.code
    assert not (tmp_path / "items").exists()


def test_an_attachment_is_closed_whatever_happens(tmp_path: Path) -> None:
    shelf = Shelf()
    attached = shelf.attach("表.txt", b"x")
    shelf.blobs[attached.sha256] = b"y"
    opened: list[io.BytesIO] = []

    def open_attachment(sha256: str) -> io.BytesIO:
        opened.append(io.BytesIO(shelf.blobs[sha256]))
        return opened[-1]

    with contextlib.suppress(Damaged):
        Website(tmp_path, IDENTITY).publish(
            item(1, attachments=(attached,)),
            open_attachment=open_attachment,
            catalogue=shelf,
            confirm=lambda: None,
        )
    assert [True] == [file.closed for file in opened]


def test_the_site_is_readable_by_a_web_server_whatever_the_mask_of_the_account(
    tmp_path: Path,
) -> None:
    mask = os.umask(0o077)
    try:
        put_online(Website(tmp_path / "public/site", IDENTITY), Shelf(), item(1))
    finally:
        os.umask(mask)
    for path in [tmp_path / "public", *(tmp_path / "public").rglob("*")]:
        needed = 0o755 if path.is_dir() else 0o644
        assert path.name == MARKER or needed == path.stat().st_mode & 0o777, path


def test_removing_what_was_never_there_leaves_the_notice(tmp_path: Path) -> None:
    shelf = Shelf()
    removed = _removed(item(1))
    shelf.put(removed)
    site = Website(tmp_path / "site", IDENTITY)
    site.remove(removed, catalogue=shelf, confirm=lambda: None)
    assert _built(shelf, tmp_path / "other") == tree(tmp_path / "site")


@pytest.mark.parametrize(
    "number",
    [
        "",
        "/",
        "a/",
        "/a",
        "a//b",
        "a/b/c",
        ".",
        "..",
        "../x",
        "x/..",
        ".hidden",
        "a/.hidden",
        "a\\b",
        "a:b",
        "a\0b",
        "a\nb",
        "a b\u202e",
        "a?b",
        "a*b",
        'a"b',
        "<a>",
        "a|b",
        "a ",
        " a",
        "a.",
        "CON",
        "nul.2017",
        "x/com1",
        "index.html",
        "A/Revision.json",
        "attachments",
        "e\u0301",
        "长" * 67,
        "\ud800",
    ],
)
def test_a_number_that_is_no_safe_path_is_refused(tmp_path: Path, number: str) -> None:
    with pytest.raises(ChannelFailed) as failed:
        item_path(number)
    assert "site_name_unsafe" == failed.value.code


@pytest.mark.parametrize(
    "number",
    [
        "000014349/2015-00200",
        "11341702486344515H/202110-00013",
        "01526096-4-/2022-0822005",
        "SAMPLE-01/2017-00001",
        "样例001/2017-00001",
        "2017-00001",
    ],
)
def test_real_schemes_of_index_numbers_are_kept_as_they_are(number: str) -> None:
    assert f"items/{number}" == item_path(number)


def test_no_two_numbers_share_a_path() -> None:
    with pytest.raises(ChannelFailed):
        segment("a/b")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("统计表.xlsx", "统计表.xlsx"),
        ("收支 总表 (1).pdf", "收支_总表_(1).pdf"),
        ("a.b.c.docx", "a.b.c.docx"),
        ("..", "attachment"),
        ("../../etc/passwd", "etc_passwd"),
        (".htaccess", "htaccess"),
        (".hidden.pdf", "hidden.pdf"),
        ("C:\\x\\y.pdf", "C__x_y.pdf"),
        ("CON", "_CON"),
        ("nul.txt", "_nul.txt"),
        ("com¹.pdf", "_com¹.pdf"),
        ("a\0b\n\t.pdf", "a_b__.pdf"),
        ("\u202efdp.exe", "fdp_exe.txt"),
        ("e\u0301.pdf", "é.pdf"),
        ("trailing. ", "trailing"),
        ("", "attachment"),
        ("___", "attachment"),
        ("\ud800.pdf", "pdf"),
        ("x.html", "x_html.txt"),
        ("x.SVG", "x_SVG.txt"),
        ("x.php.pdf", "x_php_pdf.txt"),
        ("x.tar.gz", "x.tar.gz"),
        ("长" * 100 + ".pdf", "长" * 65 + ".pdf"),
        ("x." + "y" * 300, "x." + "y" * 198),
    ],
)
def test_an_attachment_gets_a_name_that_is_safe_everywhere(name: str, expected: str) -> None:
    assert expected == file_name(name)
    assert len(file_name(name).encode()) <= 200


def test_names_that_become_one_do_not_hide_each_other(tmp_path: Path) -> None:
    shelf = Shelf()
    names = ["a b.txt", "a\tb.txt", "a_b.txt", "A_b.txt"]
    attachments = tuple(shelf.attach(name, name.encode()) for name in names)
    same = tuple(shelf.attach(name, b"same") for name in ("x y.txt", "x_y.txt"))
    put_online(Website(tmp_path, IDENTITY), shelf, item(1, attachments=attachments + same))
    path = "items/SAMPLE-02/2017-00001/index.html"
    page = read(tmp_path, path)
    for attachment in attachments + same:
        (link,) = (tag for tag in page.all("a") if tag.get("download") == attachment.name)
        (target,) = links(Page(f'<html><a href="{link["href"]}"></a></html>\n'), path)
        assert shelf.blobs[attachment.sha256] == (tmp_path / target).read_bytes()
