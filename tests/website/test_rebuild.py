"""Publishing one by one and building anew give the same files, at a cost that does not grow."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from tests.website.shelf import IDENTITY, START, Shelf, item, put_online, read, tree
from workflow.channels import RemovedItem
from workflow.channels.website import Rebuilt, Website

if TYPE_CHECKING:
    from pathlib import Path

    from workflow.channels import PublicItem

SEEDS = range(3)


def _items(shelf: Shelf, count: int) -> list[PublicItem]:
    """Return items of several bodies and months, some at the same instant, some with files."""
    items = []
    for number in range(count):
        attachments = [shelf.attach(f"附件{name}.txt", b"%d" % name) for name in range(number % 3)]
        at = START + timedelta(hours=11 * (number // 2))
        items.append(item(number, attachments=tuple(attachments), published_at=at))
    return items


@pytest.mark.parametrize("seed", SEEDS)
def test_publishing_in_any_order_gives_what_a_rebuild_gives(tmp_path: Path, seed: int) -> None:
    shelf = Shelf()
    items = _items(shelf, 40)
    random.Random(seed).shuffle(items)
    one_by_one, at_once = tmp_path / "one-by-one", tmp_path / "at-once"
    put_online(Website(one_by_one, IDENTITY, page_size=5, latest=7), shelf, *items)
    rebuilt = Website(at_once, IDENTITY, page_size=5, latest=7).build(
        shelf, open_attachment=shelf.open_attachment
    )
    files = [content for content in tree(at_once).values() if content is not None]
    assert tree(one_by_one) == tree(at_once)
    # The marker of the site is no page, so it is not counted as one.
    assert Rebuilt(items=40, written=len(files) - 1, removed=0) == rebuilt


def test_a_rebuild_of_what_is_right_touches_no_file(tmp_path: Path) -> None:
    shelf = Shelf()
    site = Website(tmp_path, IDENTITY)
    put_online(site, shelf, *_items(shelf, 6))
    before = {path: path.stat().st_ino for path in tmp_path.rglob("*")}
    assert Rebuilt(6, 0, 0) == site.build(shelf, open_attachment=shelf.open_attachment)
    assert before == {path: path.stat().st_ino for path in tmp_path.rglob("*")}


def test_a_rebuild_repairs_what_was_altered_and_removes_what_is_stray(tmp_path: Path) -> None:
    shelf = Shelf()
    site = Website(tmp_path, IDENTITY)
    items = _items(shelf, 9)
    put_online(site, shelf, *items)
    right = tree(tmp_path)
    outside = tmp_path.parent / "outside.txt"
    outside.write_text("not ours", encoding="utf-8")
    site.page(items[0].index_number).write_text("篡改", encoding="utf-8")
    next(tmp_path.rglob("附件1.txt")).write_bytes(b"X")
    (tmp_path / "index.html").unlink()
    (tmp_path / ".writing-left-by-a-killed-process").touch()
    (tmp_path / "months/2016-01").mkdir()
    (tmp_path / "months/2016-01/index.html").touch()
    (tmp_path / "items/SAMPLE-01/stray").symlink_to(outside)
    (tmp_path / "items/elsewhere").symlink_to(tmp_path.parent, target_is_directory=True)
    rebuilt = site.build(shelf, open_attachment=shelf.open_attachment)
    assert right == tree(tmp_path)
    assert Rebuilt(items=9, written=3, removed=4) == rebuilt
    assert "not ours" == outside.read_text(encoding="utf-8")


def test_a_rebuild_leaves_alone_what_belongs_to_the_server(tmp_path: Path) -> None:
    kept = {"robots.txt", "favicon.ico", ".well-known/acme-challenge/token"}
    for path in kept:
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(path, encoding="utf-8")
    shelf = Shelf()
    site = Website(tmp_path, IDENTITY)
    put_online(site, shelf, item(1))
    site.build(shelf, open_attachment=shelf.open_attachment)
    assert kept == {path for path in kept if (tmp_path / path).read_text("utf-8") == path}


def test_a_rebuild_knows_removed_items_and_purged_attachments(tmp_path: Path) -> None:
    shelf = Shelf()
    items = _items(shelf, 9)
    one_by_one, at_once = tmp_path / "one-by-one", tmp_path / "at-once"
    site = Website(one_by_one, IDENTITY, page_size=2)
    put_online(site, shelf, *items)
    gone, less = items[3], items[5]
    removed = RemovedItem(
        index_number=gone.index_number,
        published_at=gone.published_at,
        body_code=gone.body_code,
        body_name=gone.body_name,
        removed_on=date(2017, 4, 1),
        ground="国家秘密",
        sample=True,
    )
    shelf.put(removed)
    site.remove(removed, catalogue=shelf, confirm=lambda: None)
    purged = frozenset({less.content.attachments[0].sha256})
    put_online(site, shelf, replace(less, purged=purged))
    Website(at_once, IDENTITY, page_size=2).build(shelf, open_attachment=shelf.open_attachment)
    assert tree(at_once) == tree(one_by_one)


def test_a_new_identity_takes_effect_on_every_page_with_a_rebuild(tmp_path: Path) -> None:
    shelf = Shelf()
    put_online(Website(tmp_path, IDENTITY), shelf, *_items(shelf, 5))
    renamed = replace(IDENTITY, name="样例新区人民政府")
    Website(tmp_path, renamed).build(shelf, open_attachment=shelf.open_attachment)
    pages = [path for path in tree(tmp_path) if path.endswith(".html")]
    names = {read(tmp_path, path).meta()["SiteName"] for path in pages}
    assert {"样例新区人民政府"} == names


def test_a_site_without_any_item_is_a_site(tmp_path: Path) -> None:
    shelf = Shelf()
    Website(tmp_path, IDENTITY).build(shelf, open_attachment=shelf.open_attachment)
    for path in ("index.html", "departments/index.html", "months/index.html"):
        assert "尚无公开的信息。" in read(tmp_path, path).said("p"), path


def _cost(tmp_path: Path, already_online: int) -> tuple[int, int]:
    """Return how many entries are read and files written when one more item is published."""
    shelf = Shelf()
    items = [item(n, published_at=START + timedelta(seconds=n)) for n in range(already_online + 1)]
    *online, newest = items
    for one in online:
        shelf.put(one)
    site = Website(tmp_path / str(already_online), IDENTITY, page_size=5, latest=5)
    site.build(shelf, open_attachment=shelf.open_attachment)
    before = {path: path.lstat().st_ino for path in site.page("X").parents[2].rglob("*.*")}
    shelf.entries_read = 0
    put_online(site, shelf, newest)
    after = {path: path.lstat().st_ino for path in site.page("X").parents[2].rglob("*.*")}
    return shelf.entries_read, len(set(after.items()) - set(before.items()))


def test_publishing_costs_the_same_however_much_is_online(tmp_path: Path) -> None:
    few, many = _cost(tmp_path, 30), _cost(tmp_path, 120)
    assert few == many
    # Its page and revision file; in its month, and in its body's month, the page that it begins,
    # the one before, which is now full and gets a name of its own, and the one that links that;
    # its body; the home page and the lists of bodies and months.
    assert 2 + 3 + 3 + 1 + 3 == few[1]


def test_a_month_is_split_into_pages_of_which_full_ones_stay(tmp_path: Path) -> None:
    shelf = Shelf()
    site = Website(tmp_path, IDENTITY, page_size=3)
    items = [item(3 * n, published_at=START + timedelta(seconds=n)) for n in range(11)]
    put_online(site, shelf, *items[:7])
    folder = "departments/SAMPLE-01/2017-02"
    full = (tmp_path / folder / "page-1.html").stat().st_ino
    put_online(site, shelf, *items[7:])
    assert full == (tmp_path / folder / "page-1.html").stat().st_ino
    shown, path = [], f"{folder}/index.html"
    while path:
        page = read(tmp_path, path)
        shown.append(page.said("span", **{"class": "number"}))
        older = [link["href"] for link in page.all("a") if link.get("rel") == "next"]
        path = "/".join((older[0] or "").rsplit("/", 4)[-4:]) if older else ""
    numbers = [one.index_number for one in reversed(items)]
    assert [numbers[:2], numbers[2:5], numbers[5:8], numbers[8:]] == shown
    assert {"index.html", "page-1.html", "page-2.html", "page-3.html"} == {
        path.name for path in (tmp_path / folder).iterdir()
    }
