"""Finding items by their words (S42): Chinese of one and two characters, ranks, filters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.service.sample_office import CIVIL, FINANCE, PEOPLE
from tests.service.test_purging import digests, purge
from workflow.errors import InvalidInput, NotFound
from workflow.machine import State

if TYPE_CHECKING:
    from tests.service.sample_office import SampleOffice


def found(office: SampleOffice, words: str, by: str = "clerk", **filters: Any) -> list[int]:
    """Return what somebody finds, best first."""
    page = office.queries.items(office[by], words=words, **filters)
    assert page.total == len(page.rows)
    return [row["item"] for row in page.rows]


@pytest.mark.parametrize(
    "words",
    [
        "低保", "保", "低保标准", "标准 低保", "城乡低保标准调整", "DIBAO", "ｄｉｂａｏ",
        "dibao 2017",
        "样民发〔2017〕3号", "样民发[2017]3号", "YL-CIVIL/2017-00001", "救助",
    ],
)  # fmt: skip
def test_words_are_found_in_title_numbers_body_summary_and_keywords(
    office: SampleOffice, words: str
) -> None:
    item = office.item_at(
        "seal",
        title="城乡低保标准调整",
        body="自2017年起执行，代号 Dibao。",
        document_number="样民发〔2017〕3号",
        summary="关于救助",
    )
    office.draft()
    assert [item] == found(office, words)


@pytest.mark.parametrize("words", ["低准", "准低", "标准整", "低保 水利", "YL-FINANCE", "9"])
def test_what_does_not_stand_there_is_not_found(office: SampleOffice, words: str) -> None:
    office.draft(changes={"title": "低保标准", "body": "标准调整。整理标准。"})
    assert [] == found(office, words)


def test_pairs_that_stand_apart_make_no_word(office: SampleOffice) -> None:
    item = office.draft(changes={"body": "政务公开"})
    office.draft(changes={"body": "政务，务公，公开"})
    assert [item] == found(office, "政务公开")


def test_titles_come_first_and_then_the_newest(office: SampleOffice) -> None:
    body, title, newer, both = (
        office.draft(changes=each)
        for each in (
            {"body": "低保一"},
            {"title": "低保", "body": "一"},
            {"body": "低保二"},
            {"title": "低保", "body": "三"},
        )
    )
    assert [both, title, newer, body] == found(office, "低保")


def test_filters_narrow_and_pages_follow_one_another(office: SampleOffice) -> None:
    items = [office.draft(changes={"body": f"低保{number}"}) for number in range(5)]
    at_seal = office.item_at("seal", body="低保，已盖章")
    foreign = office.draft(by="outsider", department=FINANCE, changes={"body": "低保：财政"})

    assert [at_seal] == found(office, "低保", states=[State.PENDING])
    assert [foreign] == found(office, "低保", by="supervisor", body=FINANCE)
    assert [] == found(office, "低保", category="department_budget")
    assert [at_seal, *reversed(items)] == found(
        office, "低保", category="annual_report", body=CIVIL
    )
    pages = [
        office.queries.items(office["clerk"], words="低保", limit=4, offset=at) for at in (0, 4)
    ]
    assert [6, 6] == [page.total for page in pages]
    assert [at_seal, *reversed(items)] == [row["item"] for page in pages for row in page.rows]


def test_an_edit_is_found_by_its_new_words_alone(office: SampleOffice) -> None:
    item = office.draft(changes={"body": "低保"})
    office.revise(item, body="医保")
    assert ([], [item]) == (found(office, "低保"), found(office, "医保"))


def test_s42_what_one_may_not_see_is_not_found_and_not_counted(office: SampleOffice) -> None:
    open_ = office.draft(changes={"body": "低保公示"})
    hidden = office.draft(changes={"body": "低保名单"}, restricted=True, readers=["head"])
    foreign = office.draft(by="outsider", department=FINANCE, changes={"body": "低保资金"})
    expected = {
        "clerk": [hidden, open_],
        "head": [hidden, open_],
        "colleague": [open_],
        "supervisor": [foreign, open_],
        "outsider": [foreign],
        "admin": [],
        "auditor": [],
    }
    for name in PEOPLE:
        listed = [
            row["item"]
            for row in office.queries.items(office[name]).rows
            if row["item"] in {open_, hidden, foreign}
        ]
        assert listed == found(office, "低保", by=name), name
    assert expected == {name: found(office, "低保", by=name) for name in expected}
    page = office.queries.items(office["colleague"], words="低保", limit=1, offset=1)
    assert (1, ()) == (page.total, page.rows)


def test_s42_what_is_streamed_is_what_is_listed(office: SampleOffice) -> None:
    office.item_at("published", body="低保公示")
    office.item_at("cleared", body="低保资金")
    office.draft(changes={"body": "低保名单"}, restricted=True)
    for name in ("clerk", "colleague", "outsider", "admin"):
        for filters in ({}, {"words": "低保"}, {"states": [State.DRAFT]}, {"body": CIVIL}):
            listed = office.queries.items(office[name], **filters).rows
            assert list(listed) == list(office.queries.every_item(office[name], **filters))
    with pytest.raises(NotFound, match="no_such_body"):
        list(office.queries.every_item(office["clerk"], body="样例无此局"))


def test_what_was_purged_is_found_no_more_and_leaves_no_words(office: SampleOffice) -> None:
    item = office.item_at("published", title="低保名单", body="样例张某")
    assert [item] == found(office, "张某", by="outsider")
    for target in digests(office, item):
        purge(office, target)
    for words in ("张某", "低保", "张", "样例张某"):
        assert [] == found(office, words)
    assert "张某" not in str(office.everything())
    if office.database.is_sqlite:
        with office.database.read() as connection:
            rows = connection.exec_driver_sql("SELECT block FROM search_index_data").all()
        assert not any("张".encode() in block for (block,) in rows)


def test_a_search_without_a_word_or_with_an_unknown_body_is_refused(office: SampleOffice) -> None:
    for words in ("", "，。", "\x00"):
        with pytest.raises(InvalidInput, match="search_empty"):
            found(office, words)
    with pytest.raises(NotFound, match="no_such_body"):
        found(office, "低保", body="样例无此局")
    assert [] == found(office, "低保' OR 1=1 --")
    assert [] == found(office, 'a" NEAR b* ^')
