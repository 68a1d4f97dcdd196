"""The site after a publication: notices, editions that link to each other, and the register."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING

import pytest

from tests.website.shelf import CHINA, IDENTITY, Shelf, item, links, put_online, read, tree
from workflow.channels import (
    EditionLink,
    PublicItem,
    RegisterEntry,
    RetractedItem,
)
from workflow.channels.website import Website

if TYPE_CHECKING:
    from pathlib import Path

AT = datetime(2017, 3, 2, 9, tzinfo=CHINA)
PAGE = "items/SAMPLE-02/2017-00001/index.html"
REGISTER = "register/2017-03/index.html"


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


def taken_back(
    old: PublicItem, *, explanation: str | None = "样例说明：<b>表二有误</b>"
) -> RetractedItem:
    return RetractedItem(
        index_number=old.index_number,
        title=old.content.title,
        published_at=old.published_at,
        body_code=old.body_code,
        body_name=old.body_name,
        document_number=old.content.document_number,
        formed_on=old.content.formed_on,
        retracted_on=date(2017, 3, 2),
        amended_on=date(2017, 3, 5),
        explanation=explanation,
        registered=("2017-03",),
        sample=True,
    )


def retract(site: Website, shelf: Shelf, old: PublicItem, **more: str | None) -> None:
    notice = taken_back(old, **more)
    shelf.put(notice)
    shelf.registered.append(
        RegisterEntry(
            kind="retraction",
            at=AT,
            index_number=notice.index_number,
            title=notice.title,
            body_name=notice.body_name,
            words=notice.explanation,
            amended_on=notice.amended_on,
            sample=True,
        )
    )
    site.remove(notice, catalogue=shelf, confirm=lambda: None)


def test_a_notice_takes_the_place_of_what_was_retracted(tmp_path: Path, shelf: Shelf) -> None:
    """S26: when and why, with nothing of the content, and every other page still leads there."""
    site = Website(tmp_path / "site", IDENTITY)
    old = item(1, attachments=(shelf.attach("附表.txt", b"1"),))
    put_online(site, shelf, old, item(2))
    retract(site, shelf, old)
    page = read(tmp_path / "site", PAGE)
    text = (tmp_path / "site" / PAGE).read_text("utf-8")
    assert "样例说明：&lt;b&gt;表二有误&lt;/b&gt;" in text
    assert ("2017-03-02" in text, "2017-03-05" in text) == (True, True)
    assert old.content.body.strip() not in text
    assert [old.content.title] == page.said("h1")
    assert REGISTER in links(page, PAGE)
    left = {path for path in tree(tmp_path / "site") if path.startswith(PAGE[:-10])}
    assert {PAGE[:-11], PAGE} >= left
    month = (tmp_path / "site" / "months/2017-02/index.html").read_text("utf-8")
    assert ("已撤下" in month, old.content.title in month) == (True, True)


def test_an_explanation_that_was_purged_is_said_to_be_gone(tmp_path: Path, shelf: Shelf) -> None:
    site = Website(tmp_path / "site", IDENTITY)
    old = item(1)
    put_online(site, shelf, old)
    retract(site, shelf, old, explanation=None)
    for path in (PAGE, REGISTER):
        assert "（说明已依法移除）" in (tmp_path / "site" / path).read_text("utf-8")


def test_both_editions_link_to_each_other_and_say_what_changed(
    tmp_path: Path, shelf: Shelf
) -> None:
    """S24."""
    site = Website(tmp_path / "site", IDENTITY)
    old, plain = item(1), item(4, published_at=AT)
    new = replace(
        plain,
        edition=2,
        corrects=EditionLink(old.index_number, old.published_at),
        change_note="样例：更正 <表二>",
        registered=("2017-03",),
    )
    put_online(site, shelf, old)
    shelf.registered.append(
        RegisterEntry(
            kind="correction",
            at=AT,
            index_number=new.index_number,
            title=new.content.title,
            body_name=new.body_name,
            words=new.change_note,
            corrects=old.index_number,
        )
    )
    put_online(site, shelf, new)
    superseded = replace(old, corrected_by=EditionLink(new.index_number, new.published_at))
    put_online(site, shelf, superseded)
    there = "items/SAMPLE-02/2017-00004/index.html"
    assert there in links(read(tmp_path / "site", PAGE), PAGE)
    assert PAGE in links(read(tmp_path / "site", there), there)
    assert {there, PAGE} <= links(read(tmp_path / "site", REGISTER), REGISTER)
    for path in (there, REGISTER):
        assert "样例：更正 &lt;表二&gt;" in (tmp_path / "site" / path).read_text("utf-8")
    # The old text stays readable, under a note that it was corrected.
    assert "本信息已有更正版" in (tmp_path / "site" / PAGE).read_text("utf-8")
    assert (tmp_path / "site" / PAGE).with_name("revision.json").read_bytes() == old.canonical


def test_what_was_published_ahead_of_its_review_says_so_until_it_was_made(
    tmp_path: Path, shelf: Shelf
) -> None:
    """S18: on its page and wherever it is listed."""
    site = Website(tmp_path / "site", IDENTITY)
    whole = item(1)
    pages = [tmp_path / "site" / path for path in (PAGE, "index.html")]
    for owed in (True, False):
        put_online(site, shelf, replace(whole, review_owed=owed))
        for page in pages:
            assert ("紧急发布，补审中" in page.read_text("utf-8")) is owed
    assert whole.canonical == (tmp_path / "site" / PAGE).with_name("revision.json").read_bytes()


def test_the_register_is_linked_from_every_page_and_empty_at_first(
    tmp_path: Path, shelf: Shelf
) -> None:
    site = Website(tmp_path / "site", IDENTITY)
    put_online(site, shelf, item(1))
    assert "register/index.html" in links(read(tmp_path / "site", PAGE), PAGE)
    assert "尚无更正或者撤下的信息" in (tmp_path / "site/register/index.html").read_text("utf-8")


def test_a_rebuild_makes_the_same_pages_of_what_was_taken_back(
    tmp_path: Path, shelf: Shelf
) -> None:
    site, again = Website(tmp_path / "site", IDENTITY), Website(tmp_path / "again", IDENTITY)
    old = item(1)
    put_online(site, shelf, old, item(2))
    retract(site, shelf, old)
    again.build(shelf, open_attachment=shelf.open_attachment)
    assert tree(tmp_path / "site") == tree(tmp_path / "again")


def test_english_pages_say_it_in_english(tmp_path: Path, shelf: Shelf) -> None:
    site = Website(tmp_path / "site", replace(IDENTITY, language="en"))
    old = item(1)
    put_online(site, shelf, old)
    retract(site, shelf, old)
    assert "This item was retracted" in (tmp_path / "site" / PAGE).read_text("utf-8")
    assert "Corrections and retractions" in (tmp_path / "site" / REGISTER).read_text("utf-8")
