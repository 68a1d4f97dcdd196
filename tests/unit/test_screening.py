"""The screen for classification marks: what it must find, leave alone, and read into."""

from __future__ import annotations

import io
import time
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workflow.screening import (
    MAX_MARKS,
    MAX_MEMBERS,
    Form,
    Level,
    Mark,
    marks_in_name,
    marks_in_text,
    text_of,
)

TWO_MEBIBYTES = 2 * 1024 * 1024
ZERO_WIDTH = "\u200b\u200c\u200d\u2060\ufeff\u00ad\ufe0f\u034f\u0332"


def texts(marks: tuple[Mark, ...]) -> list[str]:
    return [mark.text for mark in marks]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("秘密★", "秘密★"),
        ("关于机密★10年的通知", "机密★10年"),
        ("绝 密 ☆ 长期", "绝密☆长期"),
        ("機密★二十年", "機密★二十年"),
        ("絕密⭐", "絕密⭐"),
        ("国家秘密★", "秘密★"),
        ("机密＊５年", "机密*5年"),
        ("严守机密*20年", "机密*20年"),
        ("机密* 东政办发〔2016〕3号", "机密*"),
        ("【秘密*】", "秘密*"),
        ("\n机密*", "机密*"),
        (r"秘密\*1年", "秘密\u22171年"),
        ("**机密**★**10年**", "机密★10年"),
        ("| 机密 | ★ |", "机密★"),
        ("机\u200b密\u2060★\ufe0f", "机密★"),
        ("机密\u3000★", "机密★"),
        ("㊙密★", "秘密★"),
        ("<b>机</b>密<i>★</i>", "机密★"),
        ("机<b\nclass='x'>密</b>★", "机密★"),
        ("<img alt='机密★'>", "机密★"),
        ("&#26426;&#x5bc6;&#9733;", "机密★"),
        ("机密&nbsp;&starf;", "机密★"),
    ],
)
def test_a_level_with_a_star_is_found_wherever_it_stands(text: str, found: str) -> None:
    assert texts(marks_in_text(f"通知\n前文，{text}")) == [found]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("秘密", "秘密"),
        ("  绝　密\t", "绝密"),
        ("# 机密", "机密"),
        ("> ***機密***", "機密"),
        ("【祕密】", "祕密"),
        ("<p><strong>机密</strong></p>", "机密"),
        ("<p>通知</p><P>机密</P><p>正文</p>", "机密"),
        ("通知<br/>机密<br/>正文", "机密"),
        ("通知\u2028机密\u2028正文", "机密"),
        ("机\u200b密", "机密"),
        ("机密10年", "机密10年"),
        ("密级：秘密", "秘密"),
        ("| 秘密 |", "秘密"),
        ("(*秘密*)", "秘密"),
    ],
)
def test_a_level_on_a_line_of_its_own_is_found(text: str, found: str) -> None:
    [mark] = marks_in_text(f"通知\r\n\r\n{text}\r\n正文")

    assert (mark.text, mark.form, mark.line) == (found, Form.BARE, 3)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "通知",
        "国家秘密、商业秘密",
        "国家秘密",
        "商业秘密*",
        "保守秘密",
        "《东昌区政府信息公开保密审查办法》",
        "不得公开涉及**国家秘密**、*商业秘密*、个人隐私的信息",
        "密级分为*绝密、机密、秘密*三级",
        "密级分为**绝密**、**机密**和**秘密**",
        "密级分为：\n- 绝密\n- 机密\n* 秘密\n",
        "1. 秘密\n2) 机密",
        "严守国家秘密\n* 严守商业秘密",
        "严守国家秘密\n\n★ 注意",
        "行政机关密切配合★",
        "★★★ 秘书",
        "1 < 2，国家秘密，3 > 2",
        "&#" + "9" * 5000 + ";密",
    ],
)
def test_ordinary_prose_about_secrets_is_left_alone(text: str) -> None:
    assert marks_in_text(text) == ()


def test_marks_are_told_with_level_form_and_line() -> None:
    text = (
        "通知\n\n机密★10年\r\n正文，<b\n>绝密☆</b>\r秘密\n<i\n>机密</i>正&#10;<i\n>秘密</i>&#13;文"
    )

    assert marks_in_text(text) == (
        Mark(level=Level.SECRET, form=Form.STARRED, text="机密★10年", line=3),
        Mark(level=Level.TOP_SECRET, form=Form.STARRED, text="绝密☆", line=5),
        Mark(level=Level.CONFIDENTIAL, form=Form.BARE, text="秘密", line=6),
        Mark(level=Level.CONFIDENTIAL, form=Form.BARE, text="秘密", line=9),
    )


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("机密★通知.docx", ["机密★"]),
        ("关于秘密★1年.pdf", ["秘密★1年"]),
        ("机密＊10年通知.doc", ["机密*10年"]),
        ("絕密☆.txt", ["絕密☆"]),
        ("机密.docx", ["机密"]),
        ("秘 密.docx", ["秘密"]),
        ("机\u200b密.docx", ["机密"]),
        ("【绝密】通知.pdf", ["绝密"]),
        ("2016-机密-通知.pdf", ["机密"]),
        ("机密_通知", ["机密"]),
        ("机密/通知.pdf", ["机密"]),
        ("C:\\机密10年\\通知.pdf", ["机密10年"]),
        ("国家秘密目录.pdf", []),
        ("国家秘密、机密、绝密.docx", []),
        ("保密审查单.docx", []),
        ("商业秘密.docx", []),
        ("", []),
    ],
)
def test_a_mark_in_a_file_name_is_found(name: str, found: list[str]) -> None:
    marks = marks_in_name(name)

    assert texts(marks) == found
    assert {mark.line for mark in marks} <= {None}


def test_no_more_marks_are_told_than_are_of_use() -> None:
    assert len(marks_in_text("机密★\n" * 1000)) == MAX_MARKS
    assert len(marks_in_name("机密★1年 秘密★2年 " * 1000)) == 2


@given(
    st.lists(st.text(ZERO_WIDTH + " \t\u3000", max_size=3), min_size=3, max_size=3),
    st.sampled_from(["通知\n", "> ", "<p>", "关于"]),
    st.text(max_size=20).filter(lambda text: "&" not in text and "<" not in text),
)
@settings(max_examples=25, deadline=None)
def test_no_spacing_hides_a_mark(gaps: list[str], before: str, after: str) -> None:
    mark = f"机{gaps[0]}密{gaps[1]}★{gaps[2]}"

    assert texts(marks_in_text(f"{before}{mark}。\n{after}"))[0] == "机密★"


@given(st.text().filter(lambda text: "密" not in text and "&" not in text))
@settings(max_examples=25, deadline=None)
def test_text_without_a_level_is_never_refused(text: str) -> None:
    assert marks_in_text(text) == ()
    assert marks_in_name(text) == ()


@pytest.mark.parametrize(
    "piece",
    ["机", "机密*", "机密 ", "<a", "<!--", "&#", "机<b>", "*", "密、", "机密★ 1", "- 秘密\n"],
)
def test_hostile_text_takes_no_more_than_linear_time(piece: str) -> None:
    sizes = (TWO_MEBIBYTES // 128, TWO_MEBIBYTES // 16)
    taken = []
    for size in sizes:
        repeated = piece * (size // len(piece.encode()))
        begun = time.process_time()
        marks_in_text(repeated)
        marks_in_text(repeated[:2] + " " * size)
        marks_in_text(repeated[0] + repeated[1] * size + "密")
        taken.append(time.process_time() - begun)

    # Eight times the text: a quadratic search would take 64 times as long.
    assert taken[1] < 32 * taken[0] + 0.1


def test_a_body_of_two_mebibytes_is_searched_to_its_end() -> None:
    line = "涉及国家秘密的，不予公开。" * 40 + "\n"
    text = line * (TWO_MEBIBYTES // len(line.encode())) + "机密★"

    [mark] = marks_in_text(text)

    assert mark.line == text.count("\n") + 1


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-32"])
def test_text_is_read_in_every_encoding_that_offices_use(encoding: str) -> None:
    data = "某区通知\n机密★".encode(encoding)

    assert text_of(data, "application/octet-stream", "附件.bin") == "某区通知\n机密★"


@pytest.mark.parametrize(("media_type", "name"), [("text/plain", "a"), ("", "通知.TXT")])
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_what_is_meant_as_text_is_read_in_spite_of_a_broken_byte(
    media_type: str, name: str, encoding: str
) -> None:
    data = "机密★ 通知 ".encode(encoding) + b"\xff" + "正文".encode(encoding)

    text = text_of(data, media_type, name)

    assert text is not None
    assert texts(marks_in_text(text)) == ["机密★"]
    assert text_of(data, "application/octet-stream", "a.bin") is None


@pytest.mark.parametrize(
    "data",
    [
        b"%PDF-1.7\n1 0 obj",
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0",
        b"{\\rtf1\\ansi",
        b"PK\x03\x04 and nothing else",
    ],
    ids=["pdf", "png", "doc", "rtf", "broken-zip"],
)
def test_what_holds_no_readable_text_is_none(data: bytes) -> None:
    assert text_of(data, "text/plain", "a.txt") is None


def packed(members: dict[str, str | bytes], *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return file.getvalue()


def found_in(members: dict[str, str | bytes]) -> list[str]:
    text = text_of(packed(members), "application/zip", "a.zip")
    assert text is not None
    return texts(marks_in_text(text))


OOXML: dict[str, str | bytes] = {"[Content_Types].xml": "<Types/>"}


@pytest.mark.parametrize(
    ("member", "xml", "found"),
    [
        (
            "word/document.xml",
            """<w:p>
              <w:r><w:rPr><w:b/></w:rPr><w:t>机密</w:t></w:r>
              <w:r><w:t>★10年</w:t></w:r>
            </w:p><w:p><w:t>通知</w:t></w:p>""",
            "机密★10年",
        ),
        ("word/header1.xml", "<w:p><w:t>秘　密</w:t></w:p><w:p><w:t>某区</w:t></w:p>", "秘密"),
        ("word/document.xml", "<w:p><w:t>通知</w:t><w:br/><w:t>秘密</w:t></w:p>", "秘密"),
        ("xl/sharedStrings.xml", "<sst><si><t>姓名</t></si><si><t>机密</t></si></sst>", "机密"),
        ("xl/sharedStrings.xml", "<sst><si><t>通知&#10;机密&#10;正文</t></si></sst>", "机密"),
        ("ppt/slides/slide1.xml", "<a:p><a:t>绝密</a:t><a:t>★</a:t></a:p>", "绝密★"),
        ("docProps/core.xml", "<cp:category>机密</cp:category><x>某</x>", "机密"),
        ("word/document.xml", "\ufeff<w:p><w:t>机密★</w:t></w:p>", "机密★"),
    ],
)
def test_marks_in_documents_of_office_programs_are_found(member: str, xml: str, found: str) -> None:
    assert found_in(OOXML | {member: xml}) == [found]
    assert found_in(OOXML | {member: xml.encode("utf-16")}) == [found]


def test_prose_about_secrets_in_documents_is_left_alone() -> None:
    xml = "<w:p><w:t>国家</w:t><w:t>秘密</w:t></w:p><w:p><w:t>商业秘密</w:t></w:p>"

    assert found_in(OOXML | {"word/document.xml": xml}) == []


def test_marks_in_open_documents_are_found() -> None:
    xml = "<text:p>机<text:span>密</text:span>★</text:p><text:h>秘密</text:h>"

    assert found_in({"mimetype": "x", "content.xml": xml}) == ["机密★", "秘密"]


def test_a_mark_is_found_in_ofd_though_each_character_is_placed_alone() -> None:
    page = "".join(
        f"<ofd:TextObject><ofd:TextCode>{char}</ofd:TextCode></ofd:TextObject>" for char in "机密★"
    )

    assert found_in({"OFD.xml": "<ofd:OFD/>", "Doc_0/Pages/Page_0/Content.xml": page}) == ["机密★"]


def test_an_archive_that_is_no_office_file_is_not_read() -> None:
    assert text_of(packed({"a.xml": "<p>机密★</p>"}), "application/zip", "a.zip") is None


def test_no_more_is_unpacked_than_allowed_and_small_parts_come_first() -> None:
    big, small = "<w:p>长</w:p>" * 1000, "<w:p>机密★</w:p>"
    data = packed(OOXML | {"word/document.xml": big, "word/header1.xml": small})

    text = text_of(data, "", "a.docx", max_unpacked=200)

    assert text is not None
    assert text.startswith("机密★\n长\n")
    assert len(text.encode()) < 200


def test_an_archive_with_absurdly_many_entries_is_not_opened() -> None:
    data = packed(OOXML | {"word/document.xml": "<w:p>机密★</w:p>"})
    few, many = (b"PK\x03\x04" + b"PK\x01\x02" * n + data for n in (10, MAX_MEMBERS))

    assert text_of(few, "", "a.docx") == "机密★"
    assert text_of(many, "", "a.docx") is None


def test_a_part_that_cannot_be_read_does_not_hide_the_others() -> None:
    data = packed(
        OOXML | {"word/document.xml": "<w:p>正文</w:p>", "word/header1.xml": "<w:p>机密★</w:p>"},
        method=zipfile.ZIP_STORED,
    )

    assert text_of(data.replace("正文".encode(), b"......"), "", "a.docx") == "机密★"


def test_packing_that_cannot_be_undone_piecemeal_is_not_undone() -> None:
    data = packed(OOXML | {"word/document.xml": "<w:p>正文</w:p>"}, method=zipfile.ZIP_LZMA)

    assert text_of(data, "", "a.docx") is None


@given(st.integers(min_value=4), st.binary(min_size=1, max_size=4))
@settings(max_examples=25, deadline=None)
def test_a_damaged_archive_is_read_or_not_but_never_fails(place: int, damage: bytes) -> None:
    data = bytearray(packed(OOXML | {"word/document.xml": "<w:p>机密★</w:p>"}))
    place %= len(data)
    data[place : place + len(damage)] = damage

    assert text_of(bytes(data), "", "a.docx") in {None, "机密★"}
