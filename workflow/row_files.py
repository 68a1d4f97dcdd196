"""Files with one item in each row: CSV, XLSX and JSON Lines, read row by row and judged by column.

People name columns in Chinese or English, as the program itself names the fields. A heading that
it does not know is told together with the nearest one that it knows, before any row is read. What
a cell says may be a code or its name in either language; whatever it is taken for goes the same way
as anything typed, so no rule lives here.
"""

from __future__ import annotations

import codecs
import csv
import hashlib
import io
import json
import re
import unicodedata
import zipfile
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from difflib import get_close_matches
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, Final

from workflow.errors import InvalidInput, InvalidRow, Refusal, Refused
from workflow.messages import label
from workflow.revisions import Attribute, BodyFormat, FormedOnBasis
from workflow.spreadsheets import plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from enum import StrEnum
    from pathlib import Path
    from typing import BinaryIO, TextIO

    from workflow.errors import GongkaiError
    from workflow.policy import Policy

FORMATS: Final = {".csv": "csv", ".tsv": "csv", ".xlsx": "xlsx", ".jsonl": "jsonl"}
ENCODINGS: Final = ("utf_8", "utf_16", "gb18030")
TEXTS: Final = (
    "title", "body", "body_file", "department", "document_number", "summary", "genre",
    "attribute_reason", "not_duplicate",
)  # fmt: skip
DAYS: Final = ("formed_on", "effective_on", "expires_on")
LISTS: Final = ("keywords", "channels", "attachments")
FLAGS: Final = ("normative", "restricted")
CODED: Final = ("category", "attribute", "ground", "formed_on_basis", "body_format")
COLUMNS: Final = (
    "title", "body", "body_file", "department", "category", "formed_on", "attribute",
    "document_number", "summary", "keywords", "genre", "ground", "attribute_reason",
    "formed_on_basis", "normative", "effective_on", "expires_on", "body_format", "channels",
    "attachments", "restricted", "not_duplicate",
)  # fmt: skip
"""What a column can say, in the order of the template."""
ADDED: Final = ("row", "problem")
"""The columns that a file of rejected rows has beside its own; an import passes them over."""
BESIDE: Final = frozenset({"body_file", "department", "restricted", *ADDED})
"""The columns that are no field of a text."""
_ALSO: Final = {
    "部门": "department", "机构": "department", "发布机构": "department", "文号": "document_number",
    "目录": "category", "类目": "category", "概述": "summary", "摘要": "summary", "体裁": "genre",
    "文件": "body_file", "成文日期": "formed_on", "属性": "attribute",
    "publishing body": "department", "number": "document_number", "date": "formed_on",
}  # fmt: skip
"""Other names by which columns are known in offices."""
_ENUMERATIONS: Final[Mapping[str, type[StrEnum]]] = {
    "attribute": Attribute, "formed_on_basis": FormedOnBasis, "body_format": BodyFormat,
}  # fmt: skip
_NAMES: Final[Mapping[str, frozenset[str]]] = {
    "yes": frozenset({"yes", "y", "true", "1", "是", "√", "有"}),
    "no": frozenset({"no", "n", "false", "0", "否", "×", "无"}),
}
_PARTED: Final = re.compile(r"[;；、,，\n]+")  # what people type
_DAY: Final = re.compile(
    r"(\d{4})\s*[-/.年\s]\s*(\d{1,2})\s*[-/.月\s]\s*(\d{1,2})\s*日?|(\d{4})(\d\d)(\d\d)"
)
"""A day with its parts kept apart, or in eight digits: fewer could be read in two ways."""
_DELIMITERS: Final = ",\t;"
_LONGEST_CELL: Final = 8 * 1024 * 1024
_LARGEST_BOOK: Final = 1024 * 1024 * 1024
"""What a workbook may come to unpacked, in bytes."""
_CHUNK: Final = 1024 * 1024
_NEAR: Final = 0.5


@dataclass(frozen=True, slots=True)
class Row:
    """A row: its number as people count it, its cells by heading, or what is wrong with it."""

    number: int
    cells: Mapping[str, Any]
    fault: GongkaiError | None = None

    @property
    def key(self) -> str:
        """By what the same row is known in another file, wherever it stands there."""
        told = {name: value for name, value in self.cells.items() if value not in (None, "")}
        form = json.dumps(told, sort_keys=True, ensure_ascii=False, default=str)
        return hashlib.sha256(form.encode("utf-8", "surrogatepass")).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class RowFile:
    """An opened file: its headings with the field that each stands for, and its rows."""

    format: str
    columns: Mapping[str, str]
    total: int | None
    rows: Callable[[], Iterator[Row]]


def heading(field: str, language: str) -> str:
    """Return how a column is called in ``language``."""
    group = "column" if field in BESIDE else "field"
    return label(group, field, "zh" if language == "zh" else "en")


@lru_cache(maxsize=1024)
def _folded(name: str) -> str:
    form = unicodedata.normalize("NFKC", name).casefold()
    return "".join(character for character in form if character.isalnum())


def _known() -> dict[str, str]:
    names = {_folded(name): field for name, field in _ALSO.items()}
    for field in (*COLUMNS, *ADDED):
        names |= {_folded(each): field for each in (field, *_both(field))}
    return names


def _both(field: str) -> tuple[str, str]:
    return heading(field, "zh"), heading(field, "en")


def fields_of(headings: Sequence[str]) -> dict[str, str]:
    """Return the field that each heading stands for.

    Raises ``Refused`` with every heading that is unknown (and the nearest known one) or there
    twice, and with what no row can do without.
    """
    names = _known()
    found: dict[str, str] = {}
    refusals: list[Refusal] = []
    for name in headings:
        field = names.get(_folded(name))
        if field is None:
            near = get_close_matches(_folded(name), names, n=1, cutoff=_NEAR)
            nearest = _spelt_like(name, names[near[0]]) if near else None
            refusals.append(Refusal("column_unknown", {"column": name, "nearest": nearest or ""}))
        elif field in found.values():
            refusals.append(Refusal("column_twice", {"column": name}))
        else:
            found[name] = field
    if not refusals:
        missing = [name for name in ("title",) if name not in found.values()]
        if not {"body", "body_file"} & set(found.values()):
            missing.append("body")
        refusals += [Refusal("column_missing", {"field": name}) for name in missing]
    if refusals:
        raise Refused(refusals)
    return found


def _spelt_like(name: str, field: str) -> str:
    """Return a column's name in the language that somebody has used."""
    return heading(field, "en" if name.isascii() else "zh")


# -- reading -----------------------------------------------------------------------------------


@contextmanager
def opened(
    path: Path, *, encoding: str | None = None, sheet: str | None = None
) -> Iterator[RowFile]:
    """Open a file by the ending of its name and check its headings.

    Raises ``InvalidInput`` for what cannot be read, ``Refused`` as :func:`fields_of` does.
    """
    form = FORMATS.get(path.suffix.lower())
    if form is None:
        raise InvalidInput("row_file_unknown", path=str(path), known=tuple(FORMATS))
    with ExitStack() as stack:
        try:
            file = stack.enter_context(path.open("rb"))
            if form == "xlsx":
                found = _book(stack, file, path, sheet)
            else:
                used = encoding or _encoding(file, path)
                text = io.TextIOWrapper(file, "utf-8-sig" if used == "utf_8" else used, newline="")
                stack.callback(text.close)
                found = (_csv if form == "csv" else _jsonl)(text, path)
        except FileNotFoundError as error:
            raise InvalidInput("file_missing", path=str(path)) from error
        except UnicodeError as error:
            raise InvalidInput("row_file_encoding", path=str(path)) from error
        except OSError as error:
            problem = error.strerror
            raise InvalidInput("file_unreadable", path=str(path), problem=problem) from error
        yield found


def _encoding(file: BinaryIO, path: Path) -> str:
    """Return how a file is encoded: what its mark says, or the first that fits all of it."""
    start = file.read(2)
    if start in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        file.seek(0)
        return "utf_16"
    for name in ("utf_8", "gb18030"):
        file.seek(0)
        decoder = codecs.getincrementaldecoder(name)()
        try:
            while chunk := file.read(_CHUNK):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            continue
        file.seek(0)
        return name
    raise InvalidInput("row_file_encoding", path=str(path))


def _csv(text: TextIO, path: Path) -> RowFile:
    # Bodies are longer than what the module takes for a slip.
    csv.field_size_limit(_LONGEST_CELL)
    text.seek(0)
    line = text.readline()
    parted = {
        sign: [name.strip() for name in next(csv.reader([line], delimiter=sign), [])]
        for sign in _DELIMITERS
    }
    names = _known()
    sign = max(parted, key=lambda sign: sum(_folded(name) in names for name in parted[sign]))

    def records() -> Iterator[tuple[int, list[str]]]:
        text.seek(0)
        number = 0
        try:
            for number, record in enumerate(
                csv.reader(text, delimiter=sign, strict=True), 1
            ):  # told in the error
                yield number, record
        except csv.Error as error:
            raise _broken(path, number + 1, error) from error

    # Read through once, so that a quotation mark that is never closed is found before row one.
    total = -1
    headings: list[str] = []
    for number, record in records():
        if number == 1:
            headings = [name.strip() for name in record]
        total += bool(number == 1 or any(record))
    columns = fields_of(_without_empty_end(headings))

    def rows() -> Iterator[Row]:
        for number, record in records():
            if number > 1 and any(cell.strip() for cell in record):
                yield _row(number, headings, [plain(cell) for cell in record])

    return RowFile("csv", columns, max(total, 0), rows)


def _without_empty_end(headings: Sequence[str]) -> list[str]:
    """Return headings without the empty ones that spreadsheet programs put behind the last."""
    found = list(headings)
    while found and not found[-1]:
        found.pop()
    return found


def _row(number: int, headings: Sequence[str], values: Sequence[Any]) -> Row:
    used = _without_empty_end(headings)
    cells = dict(zip(used, values, strict=False))
    if any(value not in (None, "") for value in values[len(used) :]):
        return Row(number, cells, InvalidInput("row_too_long", count=len(used)))
    return Row(number, cells)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any] | InvalidInput:
    """Return an object of JSON, or why it is none: what says one thing twice says neither."""
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    names = [name for name, _ in pairs]
    return InvalidInput("row_says_twice", column=next(n for n in names if names.count(n) > 1))


def _jsonl(text: TextIO, path: Path) -> RowFile:
    def rows() -> Iterator[Row]:
        text.seek(0)
        for number, line in enumerate(text, 1):
            if not line.strip():
                continue
            try:
                found = json.loads(line, object_pairs_hook=_object)
            except (ValueError, RecursionError):
                found = None
            if isinstance(found, dict):
                yield Row(number, found)
            elif isinstance(found, InvalidInput):
                yield Row(number, {}, found)
            else:
                yield Row(number, {}, InvalidInput("row_no_object"))

    total, headings = 0, dict[str, None]()
    for row in rows():
        total += 1
        if row.fault is None:
            headings |= dict.fromkeys(row.cells)
    if not headings:
        raise InvalidInput("row_file_broken", path=str(path), row=1, problem="JSON Lines")
    return RowFile("jsonl", fields_of(list(headings)), total, rows)


def _book(stack: ExitStack, file: BinaryIO, path: Path, sheet: str | None) -> RowFile:
    """Open a workbook; its strings are kept in memory, for that is how the format shares them."""
    book = _unpacked(file, path)
    stack.callback(book.close)
    known = tuple(book.sheetnames)
    if sheet is not None and sheet not in known:
        raise InvalidInput("no_such_sheet", name=sheet, known=known)
    page = book[sheet or known[0]]

    def lines() -> Iterator[tuple[int, list[Any]]]:
        number = 0
        try:
            for number, line in enumerate(page.iter_rows(values_only=True), 1):  # told in the error
                yield number, [_plain_cell(value) for value in line]
        except Exception as error:
            raise _broken(path, number + 1, error) from error

    headings = [str(name or "").strip() for name in next(lines(), (1, []))[1]]

    def rows() -> Iterator[Row]:
        for number, values in lines():
            if number > 1 and any(value not in (None, "") for value in values):
                yield _row(number, headings, values)

    total = page.max_row - 1 if page.max_row else None
    return RowFile("xlsx", fields_of(_without_empty_end(headings)), total, rows)


def _unpacked(file: BinaryIO, path: Path) -> Any:
    import openpyxl  # type: ignore[import-untyped] # noqa: PLC0415 # for this one format

    # Whatever the library meets in a file that is none of its kind: it documents no one error.
    try:
        with zipfile.ZipFile(file) as parts:
            size = sum(part.file_size for part in parts.infolist())
        file.seek(0)
        if size <= _LARGEST_BOOK:
            # Values alone: a formula counts for what it last came to.
            return openpyxl.load_workbook(file, read_only=True, data_only=True)
    except Exception as error:
        raise _broken(path, 1, error) from error
    raise InvalidInput("row_file_too_large", path=str(path), limit=_LARGEST_BOOK)


def _broken(path: Path, row: int, error: Exception) -> InvalidInput:
    problem = str(error) or type(error).__name__
    return InvalidInput("row_file_broken", path=str(path), row=row, problem=problem)


def _plain_cell(value: Any) -> Any:
    """Return a cell of a workbook as one of CSV would be: days in ISO form, whole numbers whole."""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, str):
        return plain(value)
    return value if value is None or isinstance(value, bool) else str(value)


# -- what a row says -----------------------------------------------------------------------------


def said(row: Row, columns: Mapping[str, str], policy: Policy) -> dict[str, Any]:
    """Return what a row says, by field, in the values that the service takes; blanks say nothing.

    Raises everything that is wrong with the row's cells, in the words of its own headings, so that
    it is mended at one go.
    """
    if row.fault is not None:
        raise row.fault
    found: dict[str, Any] = {}
    faults: list[InvalidInput] = []
    for name, value in row.cells.items():
        field = columns[name]
        if field in ADDED or value is None or (isinstance(value, str) and not value.strip()):
            continue
        try:
            found[field] = _cell(field, name, value, policy)
        except InvalidInput as fault:
            faults.append(fault)
    if faults:
        raise InvalidRow(faults)
    return found


def _cell(field: str, name: str, value: Any, policy: Policy) -> Any:
    if field in DAYS:
        return _day(name, value)
    if field in LISTS:
        return _list(name, value)
    if field in FLAGS:
        return _flag(name, value)
    if field in CODED:
        return _code(name, value, _codes(field, policy))
    return _text(name, value)


def _codes(field: str, policy: Policy) -> Mapping[str, tuple[str, str]]:
    """Return the codes that a column takes, with their names in both languages."""
    if field == "category":
        return {code: (item.zh, item.en) for code, item in policy.catalogue.items()}
    if field == "ground":
        return {code: (ground.zh, ground.en) for code, ground in policy.grounds.items()}
    return _named(field)


@cache
def _named(group: str) -> Mapping[str, tuple[str, str]]:
    return {
        str(each): (label(group, each, "zh"), label(group, each, "en"))
        for each in _ENUMERATIONS[group]
    }


def _text(name: str, value: Any) -> str:
    if isinstance(value, (str, int, float)) and not isinstance(value, bool):
        return str(value)
    raise InvalidInput("cell_no_text", column=name)


def _list(name: str, value: Any) -> list[str]:
    parts = value if isinstance(value, list) else _PARTED.split(_text(name, value))
    return [part for each in parts if (part := _text(name, each).strip())]


def _flag(name: str, value: Any) -> bool:
    if isinstance(value, bool):
        return value
    word = unicodedata.normalize("NFKC", _text(name, value)).strip().casefold()
    for meaning, words in _NAMES.items():
        if word in words:
            return meaning == "yes"
    raise InvalidInput("cell_unknown", column=name, value=value, nearest="", known=("是", "否"))


def _day(name: str, value: Any) -> date:
    text = unicodedata.normalize("NFKC", _text(name, value)).strip()
    found = _DAY.fullmatch(text)
    try:
        if found is not None:
            year, month, day = (int(part) for part in found.groups() if part)
            return date(year, month, day)
    except ValueError:
        pass  # The thirtieth of February, told as anything else that is no date.
    raise InvalidInput("cell_no_date", column=name, value=value)


def _code(name: str, value: Any, known: Mapping[str, tuple[str, str]]) -> str:
    word = _text(name, value).strip()
    names = {_folded(each): code for code, both in known.items() for each in (code, *both)}
    code = names.get(_folded(word))
    if code is not None:
        return code
    near = get_close_matches(_folded(word), names, n=1, cutoff=_NEAR)
    place = 1 if word.isascii() else 0
    nearest = known[names[near[0]]][place] if near else ""
    every = tuple(both[place] for both in known.values())
    raise InvalidInput("cell_unknown", column=name, value=word, nearest=nearest, known=every)
