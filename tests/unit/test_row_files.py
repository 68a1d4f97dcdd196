"""Files with one item in each row: headings, encodings, cells, and rows that are told apart."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pytest
import xlsxwriter  # type: ignore[import-untyped]

from workflow import policy
from workflow.errors import GongkaiError, InvalidInput, Refused
from workflow.row_files import COLUMNS, fields_of, heading, opened, said
from workflow.spreadsheets import row_writer

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

POLICY = policy.shipped()
MADE_AT = datetime(2017, 1, 20, 1, 0, tzinfo=UTC)


def written(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def book(path: Path, rows: Sequence[Sequence[Any]], *, name: str | None = None) -> Path:
    made = xlsxwriter.Workbook(path)
    day = made.add_format({"num_format": "yyyy-mm-dd"})
    page = made.add_worksheet(name)
    for line, row in enumerate(rows):
        for place, value in enumerate(row):
            if isinstance(value, date):
                page.write_datetime(line, place, value, day)
            else:
                page.write(line, place, value)
    made.close()
    return path


def read(path: Path, **how: Any) -> list[tuple[int, dict[str, Any]]]:
    with opened(path, **how) as found:
        return [(row.number, said(row, found.columns, POLICY)) for row in found.rows()]


# -- headings ----------------------------------------------------------------------------------


@pytest.mark.parametrize("field", COLUMNS)
def test_columns_are_known_in_both_languages_however_they_are_typed(field: str) -> None:
    others = [name for name in ("title", "body") if name != field]
    for name in (heading(field, "zh"), heading(field, "en").upper(), field):
        assert field == fields_of([*others, name])[name]


@pytest.mark.parametrize(
    ("wrong", "nearest"),
    [("标提", "标题"), ("公开属姓", "公开属性"), ("formaton date", "formation date"), ("颜色", "")],
)
def test_an_unknown_heading_is_told_with_the_nearest_known_one(wrong: str, nearest: str) -> None:
    with pytest.raises(Refused) as caught:
        fields_of(["标题", "正文", wrong])
    (refusal,) = caught.value.refusals
    assert ("column_unknown", {"column": wrong, "nearest": nearest}) == (
        refusal.code, refusal.params,
    )  # fmt: skip


def test_everything_that_is_wrong_with_the_headings_is_told_at_once() -> None:
    with pytest.raises(Refused) as caught:
        fields_of(["标题", "title", "颜色"])
    assert ["column_twice", "column_unknown"] == [each.code for each in caught.value.refusals]
    with pytest.raises(Refused) as caught:
        fields_of(["机构"])
    assert [{"field": "title"}, {"field": "body"}] == [
        each.params for each in caught.value.refusals
    ]


# -- files -------------------------------------------------------------------------------------

ROWS = '标题,正文,生成日期\r\n样例一,"甲,\n乙",2017-01-10\r\n\r\n样例二,丙,2017年1月9日\r\n'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
@pytest.mark.parametrize("sign", [",", "\t", ";"])
def test_csv_is_read_in_any_of_its_encodings_and_delimiters(
    tmp_path: Path, encoding: str, sign: str
) -> None:
    table = written(tmp_path / "t.csv", ROWS.replace(",", sign).encode(encoding))
    expected = [
        (2, {"title": "样例一", "body": f"甲{sign}\n乙", "formed_on": date(2017, 1, 10)}),
        (4, {"title": "样例二", "body": "丙", "formed_on": date(2017, 1, 9)}),
    ]
    assert expected == read(table)
    with opened(table) as found:
        assert 2 == found.total


def test_a_named_encoding_counts_and_a_wrong_one_is_told(tmp_path: Path) -> None:
    table = written(tmp_path / "t.csv", ROWS.encode("gb18030"))
    assert 2 == len(read(table, encoding="gb18030"))
    with pytest.raises(InvalidInput, match="row_file_encoding"):
        read(table, encoding="utf_8")
    with pytest.raises(InvalidInput, match="row_file_encoding"):
        read(written(tmp_path / "x.csv", b"\xff\x81\xff\xff"))


def test_json_lines_are_read_by_line_and_take_their_own_types(tmp_path: Path) -> None:
    table = written(
        tmp_path / "t.jsonl",
        '{"title": "样例", "body": "甲", "keywords": ["一", "二"], "normative": true}\n\n'
        '[1]\n{"标题": "x"\n',
    )
    with opened(table) as found:
        first, *wrong = found.rows()
        assert {"title": "样例", "body": "甲", "keywords": ["一", "二"], "normative": True} == said(
            first, found.columns, POLICY
        )
        assert [3, 4] == [row.number for row in wrong]
        for row in wrong:
            with pytest.raises(InvalidInput, match="row_no_object"):
                said(row, found.columns, POLICY)


def test_a_line_of_json_that_says_one_thing_twice_is_refused(tmp_path: Path) -> None:
    table = written(tmp_path / "t.jsonl", '{"title": "样例", "body": "甲", "title": "样例二"}\n'
                    '{"title": "样例", "body": "甲"}\n')  # fmt: skip
    with opened(table) as found:
        twice, once = found.rows()
        with pytest.raises(InvalidInput, match="row_says_twice") as caught:
            said(twice, found.columns, POLICY)
        assert "title" == caught.value.params["column"]
        assert {"title": "样例", "body": "甲"} == said(once, found.columns, POLICY)


def test_a_workbook_is_read_with_its_dates_and_numbers(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["标题", "正文", "生成日期", "发文字号", ""],
        ["样例", "甲", date(2017, 1, 10), 12.0],
        [],
        ["'=1+1", "乙", "20170109", True],
    ]
    table = book(tmp_path / "t.xlsx", rows, name="一月")
    expected = {"title": "样例", "body": "甲", "formed_on": date(2017, 1, 10)}
    with opened(table) as found:
        one, two = found.rows()
        assert expected | {"document_number": "12"} == said(one, found.columns, POLICY)
        assert (2, 4, "=1+1") == (one.number, two.number, two.cells["标题"])
        with pytest.raises(InvalidInput, match="cell_no_text"):
            said(two, found.columns, POLICY)
    assert 1 == len(read(book(tmp_path / "o.xlsx", rows[:2], name="一月"), sheet="一月"))
    with pytest.raises(InvalidInput, match="no_such_sheet"):
        read(table, sheet="二月")


BOMB = b"""<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>
<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>
<row r="1"><c r="A1" t="inlineStr"><is><t>&b;</t></is></c></row></sheetData></worksheet>"""


def test_a_workbook_with_entities_or_of_nonsense_is_refused(tmp_path: Path) -> None:
    fine, bomb = book(tmp_path / "t.xlsx", [["标题", "正文"]]), tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(fine) as source, zipfile.ZipFile(bomb, "w") as target:
        for part in source.infolist():
            is_page = part.filename == "xl/worksheets/sheet1.xml"
            target.writestr(part.filename, BOMB if is_page else source.read(part))
    for table in (bomb, written(tmp_path / "x.xlsx", b"PK nonsense")):
        with pytest.raises(InvalidInput, match="row_file_broken"):
            read(table)


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("t.csv", '标题,正文\n样例,"甲\n', "row_file_broken"),
        ("t.csv", "", "column_missing"),
        ("t.jsonl", "", "row_file_broken"),
        ("t.doc", "", "row_file_unknown"),
    ],
)
def test_what_is_no_such_file_is_refused(
    tmp_path: Path, name: str, content: str, code: str
) -> None:
    with pytest.raises(GongkaiError, match=code):
        read(written(tmp_path / name, content))
    with pytest.raises(InvalidInput, match="file_missing"):
        read(tmp_path / f"none.{name}.csv")


# -- cells -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("column", "value", "expected"),
    [
        ("公开属性", "主动公开", {"attribute": "proactive"}),
        ("attribute", "On-Request", {"attribute": "on_request"}),
        ("公开属性", " ", {}),
        ("目录分类", "annual_report", {"category": "annual_report"}),
        ("目录分类", POLICY.catalogue["annual_report"].zh, {"category": "annual_report"}),
        ("生成日期", "２０１７/1/9", {"formed_on": date(2017, 1, 9)}),
        ("生成日期", "2017年 1月9日", {"formed_on": date(2017, 1, 9)}),
        ("生成日期", "20170109", {"formed_on": date(2017, 1, 9)}),
        ("关键词", "低保；救助、 标准", {"keywords": ["低保", "救助", "标准"]}),
        ("规范性文件", "是", {"normative": True}),
        ("限定范围", "否", {"restricted": False}),
        ("行号", "12", {}),
    ],
)
def test_cells_say_codes_or_names(
    tmp_path: Path, column: str, value: str, expected: dict[str, Any]
) -> None:
    table = written(tmp_path / "t.csv", f"标题,正文,{column}\n样例,甲,{value}\n")
    assert [(2, {"title": "样例", "body": "甲"} | expected)] == read(table)


@pytest.mark.parametrize(
    ("column", "value", "code", "nearest"),
    [
        ("公开属性", "主动公布", "cell_unknown", "主动公开"),
        ("attribute", "proactve", "cell_unknown", "proactive disclosure"),
        ("生成日期", "2017-02-30", "cell_no_date", None),
        ("施行日期", "明天", "cell_no_date", None),
        ("生成日期", "2017111", "cell_no_date", None),
        ("生成日期", "2017-111", "cell_no_date", None),
        ("规范性文件", "也许", "cell_unknown", ""),
        ("概述", "甲,乙", "row_too_long", None),
    ],
)
def test_a_cell_that_says_nothing_known_is_told_by_its_own_heading(
    tmp_path: Path, column: str, value: str, code: str, nearest: str | None
) -> None:
    table = written(tmp_path / "t.csv", f"标题,正文,{column}\n样例,甲,{value}\n")
    with pytest.raises(InvalidInput, match=code) as caught:
        read(table)
    assert column == caught.value.params.get("column", column)
    assert nearest == caught.value.params.get("nearest")


def test_the_same_row_has_the_same_key_wherever_it_stands(tmp_path: Path) -> None:
    one = written(tmp_path / "1.csv", "标题,正文,文号\n甲,乙,\n丙,丁,\n")
    two = written(tmp_path / "2.csv", "正文,标题\n丁,丙\n乙,甲2\n")
    keys = []
    for table in (one, two):
        with opened(table) as found:
            keys.append([row.key for row in found.rows()])
    assert 4 == len({*keys[0], *keys[1]}) + 1
    assert keys[0][1] == keys[1][0]


def test_half_a_character_is_written_as_json_names_it(tmp_path: Path) -> None:
    """JSON can name half a pair of surrogates: the row is refused, and kept to be mended."""
    target = io.BytesIO()
    row_writer(target, "jsonl", {}, made_at=MADE_AT).write({"title": "样例\ud800", "body": "甲"})
    with opened(written(tmp_path / "t.jsonl", target.getvalue())) as found:
        assert ["样例\ud800"] == [row.cells["title"] for row in found.rows()]


@pytest.mark.parametrize("form", ["csv", "xlsx", "jsonl"])
def test_what_is_written_row_by_row_is_read_back(tmp_path: Path, form: str) -> None:
    target = io.BytesIO()
    writer = row_writer(target, form, {"标题": "标题", "正文": "正文"}, made_at=MADE_AT)
    rows = [{"标题": "=1+1", "正文": "'甲"}, {"标题": "-样例", "正文": "乙\n丙"}]
    for row in rows:
        writer.write(row)
    writer.close()
    with opened(written(tmp_path / f"t.{form}", target.getvalue())) as found:
        assert rows == [dict(row.cells) for row in found.rows()]
    if form == "csv":
        lines = list(csv.reader(io.StringIO(target.getvalue().decode("utf-8-sig"), newline="")))
        assert ["'=1+1", "'-样例"] == [line[0] for line in lines[1:]]
