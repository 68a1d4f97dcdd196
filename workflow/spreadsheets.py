"""Tables for spreadsheet programs: CSV that opens in Chinese, XLSX, and no cell that acts.

A spreadsheet program takes a text that begins like a formula for one, and a title can begin with
anything. So such a text gets an apostrophe in front in either format, also in XLSX, where it is a
text by its type, but only until somebody saves the table as CSV.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    Value = str | int | float | date | None

ACTS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a formula begins with, or is looked for after; full-width signs count as their halves."""
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
