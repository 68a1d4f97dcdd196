"""Tables for spreadsheet programs: CSV that opens in Chinese, XLSX, and no cell that acts.

A spreadsheet program takes a text that begins like a formula for one, and a title can begin with
anything. So such a text gets an apostrophe in front in either format, also in XLSX, where it is a
text by its type, but only until somebody saves the table as CSV.
"""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

from workflow.errors import InvalidInput

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime
    from typing import Any, BinaryIO

    Value = str | int | float | date | None

ACTS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a formula begins with, or is looked for after; full-width signs count as their halves."""
ROWS_OF_A_SHEET: Final = 1_048_576
"""So many rows has a sheet of a workbook, its headings included."""
_WIDEST: Final = 60
_LONGEST_NAME: Final = 31
"""The most characters that the name of a sheet may have."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table with its title and the headings of its columns."""

    title: str
    headings: Sequence[str]
    rows: Sequence[Sequence[Value]]


def neutral(text: str) -> str:
    """Return ``text`` so that no spreadsheet program takes it for a formula."""
    return "'" + text if text.startswith(ACTS) else text


def plain(text: str) -> str:
    """Return what :func:`neutral` was given."""
    return text[1:] if text.startswith("'") and text[1:].startswith(ACTS) else text


def _cell(value: Value) -> str | int | float:
    if value is None:
        return ""
    return value if isinstance(value, (int, float)) else neutral(str(value))


def as_csv(sheets: Sequence[Sheet]) -> bytes:
    """Return all tables, one below the other with an empty line between them.

    UTF-8 with the mark by which spreadsheet programs know it; lines end as RFC 4180 has them.
    """
    text = io.StringIO()
    writer = csv.writer(text)
    for number, sheet in enumerate(sheets):
        if number:
            writer.writerow(())
        writer.writerow((neutral(sheet.title),))
        writer.writerow([neutral(heading) for heading in sheet.headings])
        writer.writerows([_cell(value) for value in row] for row in sheet.rows)
    return text.getvalue().encode("utf-8-sig")


def as_xlsx(sheets: Sequence[Sheet], *, made_at: datetime) -> bytes:
    """Return a workbook with a sheet for each table; the same tables give the same bytes."""
    import xlsxwriter  # type: ignore[import-untyped] # noqa: PLC0415 # for this one format

    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    # A date of creation without a zone; it is the only thing that would differ.
    book.set_properties({"created": made_at.replace(tzinfo=None)})
    bold = book.add_format({"bold": True})
    for sheet in sheets:
        page = book.add_worksheet(sheet.title[:_LONGEST_NAME])
        page.freeze_panes(1, 0)
        for column, heading in enumerate(sheet.headings):
            page.write_string(0, column, neutral(heading), bold)
        for line, row in enumerate(sheet.rows, start=1):
            for column, value in enumerate(row):
                cell = _cell(value)
                # Written by type: nothing is guessed to be a formula, a link or a number.
                if isinstance(cell, str):
                    page.write_string(line, column, cell)
                else:
                    page.write_number(line, column, cell)
        page.autofit(_WIDEST * 7)
    book.close()
    return target.getvalue()


class RowWriter(Protocol):
    """Writes a table row by row, so that its length costs no memory."""

    def write(self, row: Mapping[str, Any]) -> None:
        """Write one row, its values by column."""

    def close(self) -> None:
        """Write what is still to be written; the target stays open."""


def row_writer(
    target: BinaryIO, form: str, columns: Mapping[str, str], *, made_at: datetime
) -> RowWriter:
    """Return a writer of ``csv``, ``xlsx`` or ``jsonl``; ``columns`` are names and headings."""
    if form == "csv":
        return _CSVRows(target, columns)
    return _XLSXRows(target, columns, made_at) if form == "xlsx" else _JSONRows(target)


class _CSVRows:
    def __init__(self, target: BinaryIO, columns: Mapping[str, str]) -> None:
        self._names = tuple(columns)
        self._text = io.TextIOWrapper(target, "utf-8-sig", newline="", write_through=True)
        self._writer = csv.writer(self._text)
        self._writer.writerow([neutral(heading) for heading in columns.values()])

    def write(self, row: Mapping[str, Any]) -> None:
        self._writer.writerow([_cell(row.get(name)) for name in self._names])

    def close(self) -> None:
        self._text.flush()
        self._text.detach()


class _XLSXRows:
    def __init__(self, target: BinaryIO, columns: Mapping[str, str], made_at: datetime) -> None:
        import xlsxwriter  # noqa: PLC0415 # for this one format

        self._names = tuple(columns)
        self._book = xlsxwriter.Workbook(target, {"constant_memory": True})
        self._book.set_properties({"created": made_at.replace(tzinfo=None)})
        self._page = self._book.add_worksheet()
        self._page.freeze_panes(1, 0)
        self._line = 0
        bold = self._book.add_format({"bold": True})
        for place, heading in enumerate(columns.values()):
            self._page.write_string(0, place, neutral(heading), bold)

    def write(self, row: Mapping[str, Any]) -> None:
        self._line += 1
        if self._line >= ROWS_OF_A_SHEET:
            # The library would leave out what comes after, without a word.
            raise InvalidInput("sheet_full", limit=ROWS_OF_A_SHEET)
        for place, name in enumerate(self._names):
            cell = _cell(row.get(name))
            if isinstance(cell, str):
                self._page.write_string(self._line, place, cell)
            else:
                self._page.write_number(self._line, place, cell)

    def close(self) -> None:
        self._book.close()


class _JSONRows:
    def __init__(self, target: BinaryIO) -> None:
        self._target = target

    def write(self, row: Mapping[str, Any]) -> None:
        line = json.dumps(row, ensure_ascii=False, default=str)
        try:
            encoded = line.encode()
        except UnicodeEncodeError:
            # Half a character, which JSON can name and no encoding has: named again as it came.
            encoded = json.dumps(row, default=str).encode()
        self._target.write(encoded + b"\n")

    def close(self) -> None:
        self._target.flush()
