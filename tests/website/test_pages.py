"""What a reader finds on the public site, in both languages."""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime
from importlib import resources
from itertools import pairwise
from string import Formatter
from typing import TYPE_CHECKING

import pytest

from tests.website.shelf import (
    BODIES,
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
from workflow.channels import EditionLink, RemovedItem, SiteIdentity, ValidityLine
from workflow.channels.website import Website
from workflow.errors import InvalidInput
from workflow.messages.site import MESSAGES
from workflow.revisions import FormedOnBasis
from workflow.validity import Change, Status, Validity

if TYPE_CHECKING:
    from pathlib import Path

    from workflow.channels import PublicItem
    from workflow.messages import Language


def _published(site: Path, one: PublicItem, **identity: object) -> Page:
    website = Website(site, replace(IDENTITY, **identity))  # type: ignore[arg-type]
    put_online(website, Shelf(), one)
    return Page(website.page(one.index_number).read_text(encoding="utf-8"))


def _box(page: Page) -> dict[str, str]:
    return dict(zip(page.said("dt"), page.said("dd"), strict=True))


def test_the_box_holds_the_fields_of_the_catalogue(tmp_path: Path) -> None:
    one = item(
        1,
        title="关于样例的通知",
        summary="一段概述。",
        genre="通知",
        effective_on=date(2017, 4, 1),
        expires_on=date(2022, 3, 31),
    )
    expected = {
        "索引号": "SAMPLE-02/2017-00001",
        "主题分类": "综合政务\\其他",
        "发布机构": "样例区教育局",
        "生成日期": "2017-02-20 签发之日",
        "名称": "关于样例的通知",
        "文号": "样例发〔2017〕1号",
        "发布日期": "2017-02-27",
        "有效性": "有效",
        "公开事项": "通知公告（样例）",
        "体裁": "通知",
        "施行日期": "2017-04-01",
        "有效期至": "2022-03-31",
        "关键词": "样例、通知",
        "内容概述": "一段概述。",
    }
    assert expected == _box(_published(tmp_path, one))


def test_a_field_that_must_be_shown_says_so_when_it_is_empty(tmp_path: Path) -> None:
    box = _box(_published(tmp_path, item(1, document_number=None, theme=None)))
    assert ("无", "无") == (box["文号"], box["主题分类"])
    assert "体裁" not in box


def test_the_meta_tags_are_those_of_the_guideline_with_china_time(tmp_path: Path) -> None:
    late = datetime(2016, 12, 31, 16, 5, 59, tzinfo=UTC)
    one = item(1, title="题名", summary="概述", published_at=late)
    expected = {
        "viewport": "width=device-width, initial-scale=1",
        "SiteName": "样例区人民政府",
        "SiteDomain": "www.sample.example",
        "SiteIDCode": "0000000000",
        "ColumnName": "信息公开目录",
        "ColumnDescription": MESSAGES["site.catalogue.description"][0].format(site=IDENTITY.name),
        "ColumnKeywords": "政府信息公开,公开目录,索引号",
        "ColumnType": "信息公开目录",
        "ArticleTitle": "题名",
        "PubDate": "2017-01-01 00:05",
        "ContentSource": "样例区教育局",
        "Keywords": "样例,通知",
        "Description": "概述",
        "Validity": "有效",
        "Url": "https://www.sample.example/items/SAMPLE-02/2017-00001/",
    }
    assert expected == _published(tmp_path, one).meta()
    assert (tmp_path / "months/2017-01/index.html").is_file()


def test_each_scope_of_meta_tags_stands_on_the_pages_it_belongs_to(tmp_path: Path) -> None:
    put_online(Website(tmp_path, IDENTITY), Shelf(), item(1))
    for path in (path for path in tree(tmp_path) if path.endswith(".html")):
        meta = read(tmp_path, path).meta()
        assert {"SiteName", "SiteDomain", "SiteIDCode"} <= set(meta), path
        assert (path not in {"404.html", "how-to-check.html"}) == ("ColumnType" in meta), path
        assert path.startswith("items/") == ("ArticleTitle" in meta), path
    assert "首页" == read(tmp_path, "index.html").meta()["ColumnType"]


def test_the_page_links_the_very_file_whose_digest_it_shows(tmp_path: Path) -> None:
    one = item(4)
    page = _published(tmp_path, one)
    folder = tmp_path / "items/SAMPLE-02/2017-00004"
    revision = (folder / "revision.json").read_bytes()
    assert one.canonical == revision
    assert [hashlib.sha256(revision).hexdigest()] == page.said("code")
    assert {"items/SAMPLE-02/2017-00004/revision.json", "how-to-check.html"} <= links(
        page, "items/SAMPLE-02/2017-00004/index.html"
    )


def test_attachments_are_offered_with_name_size_and_digest(tmp_path: Path) -> None:
    shelf = Shelf()
    table = shelf.attach("收支 总表.xlsx", b"x" * 45_000)
    note = shelf.attach("说明.txt", "说明".encode())
    one = item(1, attachments=(table, note))
    site = Website(tmp_path, IDENTITY)
    put_online(site, shelf, one)
    page = Page(site.page(one.index_number).read_text(encoding="utf-8"))
    assert ["收支 总表.xlsx", "说明.txt"] == page.said("a", download="收支 总表.xlsx") + page.said(
        "a", download="说明.txt"
    )
    assert [table.sha256, note.sha256, one.digest] == page.said("code")
    assert "43.9 KB（45,000 字节）" in page.said("span", **{"class": "about"})
    files = [
        path for path in links(page, "items/SAMPLE-02/2017-00001/index.html") if "/attach" in path
    ]
    assert {b"x" * 45_000, "说明".encode()} == {(tmp_path / path).read_bytes() for path in files}


def test_a_purged_attachment_leaves_its_name_and_no_file(tmp_path: Path) -> None:
    shelf = Shelf()
    kept, purged = shelf.attach("表.txt", b"kept"), shelf.attach("名单.txt", b"leaked")
    one = item(1, attachments=(kept, purged))
    site = Website(tmp_path, IDENTITY)
    put_online(site, shelf, one)
    del shelf.blobs[purged.sha256]
    put_online(site, shelf, replace(one, purged=frozenset({purged.sha256})))
    page = Page(site.page(one.index_number).read_text(encoding="utf-8"))
    assert ["该附件已依法移除。"] == page.said("span", **{"class": "removed"})
    assert [] == page.said("a", download="名单.txt")
    assert b"leaked" not in tree(tmp_path).values()
    assert b"kept" in tree(tmp_path).values()


@pytest.mark.parametrize(
    ("status", "mark"),
    [
        (Status.AMENDED, "已修改"),
        (Status.REPEALED, "已废止"),
        (Status.LAPSED, "已失效"),
    ],
)
def test_what_is_no_longer_in_force_is_marked_above_the_text_and_in_the_lists(
    tmp_path: Path, status: Status, mark: str
) -> None:
    one = item(1, validity=Validity(status, date(2017, 4, 1), "样例发〔2017〕9号"))
    page = _published(tmp_path, one)
    assert [mark] == page.said("strong")
    assert mark == _box(page)["有效性"]
    assert mark == page.meta()["Validity"]
    (said,) = page.said("p", **{"class": f"validity-mark {status.value}"})
    assert said.startswith(mark)
    assert said.endswith("自 2017-04-01 起。依据：样例发〔2017〕9号")
    assert [mark] == read(tmp_path, "index.html").said("strong", **{"class": "standing"})


def test_a_basis_is_shown_as_text_and_one_that_was_purged_says_so(tmp_path: Path) -> None:
    since = date(2017, 4, 1)
    for basis, said in (("<b>样例</b>", ["<b>样例</b>"] * 2), (None, ["（说明已依法移除）"])):
        lines = (ValidityLine(Status.REPEALED, since, basis, START),)
        one = item(1, validity=Validity(Status.REPEALED, since, basis), validity_history=lines)
        page = _published(tmp_path, one)
        assert said == page.said("span", **{"class": "lines"})


def test_what_takes_effect_later_or_will_be_repealed_says_from_which_day(tmp_path: Path) -> None:
    ahead = Change(Status.REPEALED, date(2017, 7, 1), "样例决定")
    one = item(1, validity=Validity(not_before=date(2017, 4, 1), ahead=ahead))
    page = _published(tmp_path, one)
    assert ["尚未施行", "自 2017-07-01 起：已废止"] == page.said("strong")
    assert "有效，尚未施行" == _box(page)["有效性"]


def test_documents_that_replace_each_other_are_linked(tmp_path: Path) -> None:
    other, third = item(2), item(3)
    both = tuple(EditionLink(each.index_number, each.published_at) for each in (other, third))
    site, shelf = Website(tmp_path, IDENTITY), Shelf()
    gone = Validity(Status.REPEALED, date(2017, 4, 1), "样例决定")
    one = item(1, validity=gone, replaced_by=both, replaces=both[:1])
    put_online(site, shelf, other, third, one)
    path = site.page(one.index_number).relative_to(tmp_path).as_posix()
    targets = links(read(tmp_path, path), path)
    for each in (other, third):
        assert site.page(each.index_number).relative_to(tmp_path).as_posix() in targets


def test_what_is_in_force_carries_no_mark(tmp_path: Path) -> None:
    assert [] == _published(tmp_path, item(1)).said("strong")


@pytest.mark.parametrize("basis", FormedOnBasis)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_each_basis_of_the_formation_date_has_words(
    tmp_path: Path, basis: FormedOnBasis, language: Language
) -> None:
    page = _published(tmp_path, item(1, formed_on_basis=basis), language=language)
    words = MESSAGES[f"site.formed_on_basis.{basis.value}"][language == "en"]
    assert [words] == page.said("span", **{"class": "note"})


def test_samples_and_rehearsals_are_marked_on_every_page(tmp_path: Path) -> None:
    site = Website(tmp_path, replace(IDENTITY, rehearsal=True))
    put_online(site, Shelf(), item(1, sample=True), item(2, sample=False))
    for path in (path for path in tree(tmp_path) if path.endswith(".html")):
        page = read(tmp_path, path)
        notices = page.said("p", **{"class": "notice"})
        assert notices[0].startswith("演练站点"), path
        assert ("2017-00001" in path) == (len(notices) == 2), path
        assert "noindex, nofollow" == page.meta()["robots"]
    assert ["样例"] == read(tmp_path, "index.html").said("span", **{"class": "sample"})


def test_a_real_site_carries_no_banner(tmp_path: Path) -> None:
    page = _published(tmp_path, item(1, sample=False))
    assert [] == page.said("p", **{"class": "notice"})
    assert "robots" not in page.meta()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_page_is_whole_and_links_only_what_is_there(
    tmp_path: Path, language: Language
) -> None:
    shelf = Shelf()
    site = Website(tmp_path, replace(IDENTITY, language=language), page_size=4)
    put_online(site, shelf, *(item(number) for number in range(12)))
    present = tree(tmp_path)
    pages = {path for path in present if path.endswith(".html")}
    for path in pages - {"404.html"}:
        page = read(tmp_path, path)
        assert links(page, path) <= set(present), path
        assert 1 == len(page.all("h1")), path
        levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch("h[1-6]", tag)]
        assert all(after <= before + 1 for before, after in pairwise(levels)), path
        assert {"zh": "zh-CN", "en": "en"}[language] == page.all("html")[0]["lang"]
        assert "#content" == page.all("a")[0]["href"]
        assert "content" == page.all("main")[0]["id"]


def test_every_page_can_be_reached_from_the_home_page(tmp_path: Path) -> None:
    put_online(Website(tmp_path, IDENTITY, page_size=4), Shelf(), *map(item, range(30)))
    seen, ahead = set[str](), {"index.html"}
    while ahead:
        path = ahead.pop()
        seen.add(path)
        if path.endswith(".html"):
            ahead |= links(read(tmp_path, path), path) - seen
    files = {path for path, content in tree(tmp_path).items() if content is not None}
    assert files - {"404.html", ".gongkai-site"} == seen


def test_no_page_may_run_or_load_anything_foreign(tmp_path: Path) -> None:
    put_online(Website(tmp_path, IDENTITY), Shelf(), item(1))
    policy = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'"
    for path in (path for path in tree(tmp_path) if path.endswith(".html")):
        page = read(tmp_path, path)
        assert any((tag.get("content") or "").startswith(policy) for tag in page.all("meta")), path
        assert [] == page.all("script") + page.all("style") + page.all("iframe")
        assert not any("style" in attributes for _, attributes in page.elements), path


def test_the_page_for_what_is_not_found_works_at_any_depth(tmp_path: Path) -> None:
    identity = replace(IDENTITY, address="https://www.sample.example/xxgk")
    put_online(Website(tmp_path, identity), Shelf(), item(1))
    page = read(tmp_path, "404.html")
    assert "/xxgk/static/site.css" == page.all("link")[0]["href"]
    assert "/xxgk/index.html" == page.all("a")[1]["href"]
    item_page = read(tmp_path, "items/SAMPLE-02/2017-00001/index.html")
    address = "https://www.sample.example/xxgk/items/SAMPLE-02/2017-00001/"
    assert address == item_page.meta()["Url"]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_on_checking_names_a_command_for_each_system(
    tmp_path: Path, language: Language
) -> None:
    put_online(Website(tmp_path, replace(IDENTITY, language=language)), Shelf(), item(1))
    expected = [
        "certutil -hashfile revision.json SHA256",
        "shasum -a 256 revision.json",
        "sha256sum revision.json",
    ]
    assert expected == read(tmp_path, "how-to-check.html").said("code")


def test_the_command_for_linux_gives_the_digest_that_is_shown(tmp_path: Path) -> None:
    one = item(1)
    _published(tmp_path, one)
    command = read(tmp_path, "how-to-check.html").said("code")[-1].split()
    folder = tmp_path / "items/SAMPLE-02/2017-00001"
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    assert one.digest == done.stdout.split()[0]


@pytest.mark.parametrize(
    ("contact", "last"), [("0000-0000000", "0000-0000000"), ("", "仍不一致的，请告知主办单位。")]
)
def test_the_page_on_checking_names_the_contact_if_there_is_one(
    tmp_path: Path, contact: str, last: str
) -> None:
    identity = replace(IDENTITY, contact=contact, sponsor="")
    put_online(Website(tmp_path, identity), Shelf(), item(1))
    *_, said, _map = read(tmp_path, "how-to-check.html").said("p")
    assert said.endswith(last)


def test_the_footer_names_who_answers_and_leaves_out_what_is_not_known(tmp_path: Path) -> None:
    unset = _published(tmp_path / "unset", item(1), id_code="", sponsor="", contact="")
    bare = _published(tmp_path / "bare", item(1))
    full = _published(
        tmp_path / "full",
        item(1),
        icp_number="样例ICP备00000000号",
        police_record="样例公网安备00000000号",
        mark_url="https://mark.example/",
        report_error_url="https://report.example/",
    )
    common = ["主办单位：样例区人民政府办公室", "联系方式：0000-0000000", "网站标识码：0000000000"]
    more = ["网站备案号：样例ICP备00000000号", "公安备案号：样例公网安备00000000号"]
    for facts, page in (([], unset), (common, bare), (common + more, full)):
        assert facts == [fact for fact in page.said("li") if "：" in fact]
        assert bool(facts) == bool(page.said("ul", **{"class": "facts"}))
    assert ["党政机关网站标识"] == full.said("a", href="https://mark.example/")
    assert ["我为政府网站找错"] == full.said("a", href="https://report.example/")


def test_a_removed_item_leaves_its_number_and_the_ground_and_nothing_else(tmp_path: Path) -> None:
    shelf = Shelf()
    secret = "不该公开的内容"
    attached = shelf.attach("名单.txt", secret.encode())
    one = item(3, title=f"题名{secret}", body=f"正文{secret}", attachments=(attached,))
    site = Website(tmp_path, IDENTITY)
    put_online(site, shelf, item(1), item(2), one)
    removed = RemovedItem(
        index_number=one.index_number,
        published_at=one.published_at,
        body_code=one.body_code,
        body_name=one.body_name,
        removed_on=date(2017, 5, 2),
        ground="个人隐私",
    )
    shelf.put(removed)
    site.remove(removed, catalogue=shelf, confirm=lambda: None)
    after = tree(tmp_path)
    assert not any(secret in content.decode() for content in after.values() if content)
    assert not any(one.digest in content.decode() for content in after.values() if content)
    folder = "items/SAMPLE-01/2017-00003"
    assert [f"{folder}/index.html"] == [path for path in after if path.startswith(f"{folder}/")]
    box = _box(read(tmp_path, f"{folder}/index.html"))
    assert ("SAMPLE-01/2017-00003", "2017-05-02", "个人隐私") == (
        box["索引号"],
        box["移除日期"],
        box["移除依据"],
    )
    assert "（内容已依法移除）" in read(tmp_path, "index.html").said("a")
    site.remove(removed, catalogue=shelf, confirm=lambda: None)
    site.build(shelf, open_attachment=shelf.open_attachment)
    assert after == tree(tmp_path)


def test_the_newest_item_comes_first_and_equal_times_go_by_number(tmp_path: Path) -> None:
    items = [item(number, published_at=START) for number in (7, 1, 4)]
    items.append(item(10, published_at=START.replace(hour=2)))
    put_online(Website(tmp_path, IDENTITY), Shelf(), *items)
    expected = ["00010", "00007", "00004", "00001"]
    for path in ("index.html", "months/2017-02/index.html", "departments/SAMPLE-02/index.html"):
        numbers = read(tmp_path, path).said("span", **{"class": "number"})
        assert expected == [number[-5:] for number in numbers], path


def test_the_indexes_count_what_each_body_published(tmp_path: Path) -> None:
    put_online(Website(tmp_path, IDENTITY), Shelf(), *map(item, (1, 2, 4)))
    page = read(tmp_path, "departments/index.html")
    expected = [f"{BODIES['SAMPLE-02']} 2 条", f"{BODIES['SAMPLE-03']} 1 条"]
    assert expected == [line for line in page.said("li") if line.endswith("条")]


@pytest.mark.parametrize(
    "address", ["", "www.sample.example", "ftp://x.example", "https://", "a:b"]
)
def test_a_site_without_a_proper_address_is_refused(address: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        replace(IDENTITY, address=address)
    assert ("site_bad_address", address) == (refused.value.code, refused.value.params["address"])


def test_a_link_of_the_footer_cannot_be_a_script() -> None:
    with pytest.raises(InvalidInput):
        replace(IDENTITY, report_error_url="javascript:alert(1)")


def test_an_address_with_a_path_and_a_port_is_kept_whole() -> None:
    identity: SiteIdentity = replace(IDENTITY, address="http://www.sample.example:8080/a/b")
    expected = ("www.sample.example", "/a/b/", "http://www.sample.example:8080/a/b/x.html")
    assert expected == (identity.domain, identity.root, identity.url("x.html"))


def test_what_is_only_needed_to_render_is_not_imported_before() -> None:
    heavy = "{'jinja2', 'markdown_it', 'nh3'} & set(sys.modules)"
    code = f"import sys, workflow.channels.website; print({heavy})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "set()" == done.stdout.strip()


def test_every_sentence_of_the_site_is_spoken_somewhere() -> None:
    package = resources.files("workflow.channels")
    sources = [path.read_text("utf-8") for path in package.joinpath("templates").iterdir()]
    spoken = "".join([*sources, package.joinpath("website.py").read_text("utf-8")])
    for key in MESSAGES:
        name = key.removeprefix("site.")
        group = name.rpartition(".")[0]
        ways = (f'"{name}"', f"'{name}'", f'"{group}." ~')
        assert any(way in spoken for way in ways), key


def test_both_languages_of_a_sentence_take_the_same_facts() -> None:
    for key, sentences in MESSAGES.items():
        facts = [
            {field.split(":")[0] for _, field, _, _ in Formatter().parse(sentence) if field}
            for sentence in sentences
        ]
        assert facts[0] == facts[1] or key == "site.month", key
