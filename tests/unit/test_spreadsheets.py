"""Tables for spreadsheet programs: no cell acts (S43), Chinese opens, numbers stay numbers."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import UTC, date, datetime
from xml.etree import ElementTree as ET

import pytest

from workflow.errors import InvalidInput
from workflow.spreadsheets import ROWS_OF_A_SHEET, Sheet, as_csv, as_xlsx, neutral, row_writer

MADE_AT = datetime(2017, 1, 20, 1, 0, tzinfo=UTC)
WORKBOOK = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
ACTING = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1+1", "＋1", "－1", "＠A"]


def sheets(*cells: str | float | date | None) -> list[Sheet]:
    return [Sheet("样例", ["标题"], [[cell] for cell in cells])]


def cells_of(book: bytes, sheet: int = 1) -> list[tuple[str, str]]:
    """Return type and text of each cell of a sheet, as the file has them."""
    with zipfile.ZipFile(io.BytesIO(book)) as parts:
        shared = [
            "".join(node.itertext())
            for node in ET.fromstring(parts.read("xl/sharedStrings.xml"))  # noqa: S314 # our own
        ]
        page = ET.fromstring(parts.read(f"xl/worksheets/sheet{sheet}.xml"))  # noqa: S314
    assert list(page.iter(f"{WORKBOOK}f")) == []
    found = []
    for cell in page.iter(f"{WORKBOOK}c"):
        value = cell.findtext(f"{WORKBOOK}v") or ""
        kind = cell.get("t", "n")
        found.append((kind, shared[int(value)] if kind == "s" else value))
    return found


@pytest.mark.parametrize("text", ACTING)
def test_s43_a_text_that_begins_like_a_formula_is_made_harmless(text: str) -> None:
    assert "'" + text == neutral(text)
    rows = list(csv.reader(io.StringIO(as_csv(sheets(text)).decode("utf-8-sig"), newline="")))
    assert ["'" + text] == rows[2]
    kind, written = cells_of(as_xlsx(sheets(text), made_at=MADE_AT))[1]
    assert ("s", "'" + text.replace("\r", "")) == (kind, written.replace("_x000D_", ""))


@pytest.mark.parametrize("text", ["样例", "1-1", "a=b", "", "2016年度报告", "'=1"])
def test_any_other_text_is_left_as_it_is(text: str) -> None:
    assert text == neutral(text)


def test_titles_and_headings_are_made_harmless_too() -> None:
    content = as_csv([Sheet("=1", ["@a"], [])]).decode("utf-8-sig")
    assert "'=1\r\n'@a\r\n" == content


def test_csv_begins_with_the_mark_of_utf8_and_parts_tables_by_an_empty_line() -> None:
    content = as_csv([Sheet("甲", ["名", "数"], [["一", 1], [None, 2.5]]), Sheet("乙", ["名"], [])])
    assert "\ufeff甲\r\n名,数\r\n一,1\r\n,2.5\r\n\r\n乙\r\n名\r\n".encode() == content


def test_numbers_stay_numbers_and_days_are_texts() -> None:
    book = as_xlsx(sheets(3, 66.7, date(2017, 2, 10), None, "https://example.org"), made_at=MADE_AT)
    assert [
        ("s", "标题"), ("n", "3"), ("n", "66.7"), ("s", "2017-02-10"), ("s", "https://example.org"),
    ] == [cell for cell in cells_of(book) if cell[1]]  # fmt: skip


def test_a_workbook_has_a_sheet_for_each_table_and_the_same_bytes_each_time() -> None:
    tables = [Sheet("甲", ["名"], [["一"]]), Sheet("一" * 40, ["名"], [["二"]])]
    book = as_xlsx(tables, made_at=MADE_AT)
    assert book == as_xlsx(tables, made_at=MADE_AT)
    assert ("s", "二") == cells_of(book, sheet=2)[1]


def test_more_rows_than_a_sheet_holds_are_refused_and_not_left_out() -> None:
    writer = row_writer(io.BytesIO(), "xlsx", {}, made_at=MADE_AT)
    for _ in range(ROWS_OF_A_SHEET - 1):
        writer.write({})
    with pytest.raises(InvalidInput, match="sheet_full"):
        writer.write({})
    writer.close()
