"""How fast rows are imported, and how much memory that takes: a process of its own each time."""

from __future__ import annotations

import csv
import os
import subprocess
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import xlsxwriter  # type: ignore[import-untyped]

from tests.bench import startup

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from tests.bench.office import Office

_HEADINGS: Final = ("标题", "正文", "目录分类", "生成日期", "公开属性")
_BODY: Final = "样例正文。东昌区人民政府信息公开工作年度报告所列各项数据的统计期限。" * 12
_KILOBYTES: Final = 1024


@dataclass(frozen=True)
class Sample:
    """One import: its seconds, and the most memory that it held, in bytes."""

    rows: int
    seconds: float
    memory: int


def grow(
    office: Office, sizes: Sequence[int], *, form: str, advance: Callable[[str], None]
) -> Iterator[Sample]:
    """Import a new file of each size in turn, without submitting."""
    variables, first = startup.environment(office, "clerk"), 0
    for size in sizes:
        advance(f"{form}, {size:,} rows")
        file = office.home / f"rows{first}.{form}"
        (_write_csv if form == "csv" else _write_xlsx)(file, range(first, first + size))
        start = time.perf_counter()
        process = subprocess.Popen(
            [startup.PROGRAM, "import", str(file)], env=variables, stdout=subprocess.DEVNULL
        )
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise startup.CommandFailed(f"import: {process.returncode}")
        yield Sample(size, time.perf_counter() - start, usage.ru_maxrss * _KILOBYTES)
        first += size


def _rows(form: str, numbers: range) -> Iterator[tuple[str, ...]]:
    for number in numbers:
        yield (f"样例{form}第{number}号", f"{number}：{_BODY}{form}", "annual_report", "2017-01-10",
               "主动公开")  # fmt: skip


def _write_csv(file: Path, numbers: range) -> None:
    with file.open("w", encoding="utf-8", newline="") as target:
        writer = csv.writer(target)
        writer.writerow(_HEADINGS)
        writer.writerows(_rows("csv", numbers))


def _write_xlsx(file: Path, numbers: range) -> None:
    book = xlsxwriter.Workbook(file, {"constant_memory": True})
    page = book.add_worksheet()
    for line, row in enumerate((_HEADINGS, *_rows("xlsx", numbers))):
        page.write_row(line, 0, row)
    book.close()
