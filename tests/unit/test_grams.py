"""What a text is cut into so that its words are found, and what a search needs of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.errors import InvalidInput, LimitExceeded
from workflow.grams import MAX_WORDS, grams, headline, needed, text_of, wanted
from workflow.revisions import BodyFormat, Content


def content(body: str, *, form: BodyFormat = BodyFormat.MARKDOWN, **more: str) -> Content:
    return Content(
        **{"title": "样例", "publishing_body": "样例局"} | more,  # type: ignore[arg-type] # texts only
        body=body,
        body_format=form,
    )


@pytest.mark.parametrize(
    ("form", "body", "expected"),
    [
        ("text", "政务公开，工作。", "政务公开 工作"),
        ("text", "政务\n公开", "政务公开"),
        ("text", "政务 公开", "政务公开"),
        ("text", "政务\n\n公开", "政务 公开"),
        ("text", "Open\nGovernment Ｉｎｆｏ", "open government info"),
        ("text", "ＤＣ〔２０１７〕1号", "dc 2017 1号"),
        ("markdown", "# 标题\n\n**政务**公开 `X`", "标题 政务公开 x"),
        ("html", "<h1>标题</h1><p class='x'>政<b>务</b>公&#24320;</p>", "标题 政务公开"),
    ],
)
def test_only_what_is_read_counts(form: str, body: str, expected: str) -> None:
    assert expected == text_of(content(body, form=BodyFormat(form)))


def test_the_headline_is_the_title_and_both_numbers() -> None:
    entry = content(
        "正文",
        title="年度报告",
        index_number="YL-CIVIL/2017-00001",
        document_number="样〔2017〕1号",
    )
    assert "年度报告 yl civil 2017 00001 样 2017 1号" == headline(entry)
    assert "正文" == text_of(entry)


def test_every_character_and_every_pair_is_a_gram_and_none_spans_a_blank() -> None:
    assert ["a", "公", "公开", "务", "务公", "开", "政", "政务"] == grams("政务公开 a", "公开")


def test_a_search_needs_the_pairs_of_its_words_and_single_characters_alone() -> None:
    assert ["政务", "务公", "公开", "府"] == needed(wanted("政务公开 府"))


def test_a_search_of_signs_alone_is_refused_and_so_is_one_too_long() -> None:
    with pytest.raises(InvalidInput, match="search_empty"):
        wanted(" ，* ")
    with pytest.raises(LimitExceeded, match="field_too_long"):
        wanted("公" * (MAX_WORDS + 1))


@given(st.text("政务公开 aＡ1。\n*", max_size=40), st.integers(0, 40), st.integers(1, 6))
def test_whatever_stands_in_a_text_is_found_in_it(body: str, start: int, length: int) -> None:
    folded = text_of(content(body, form=BodyFormat.TEXT))
    for piece in folded[start : start + length].split():
        assert set(needed(wanted(piece))) <= set(grams(folded))
