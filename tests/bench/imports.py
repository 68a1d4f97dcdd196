"""How fast rows are imported, and how much memory that takes: a process of its own each time."""

from __future__ import annotations

import csv
import os
import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Final

import xlsxwriter  # type: ignore[import-untyped]

from tests.bench import startup

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from tests.bench.office import Office

_HEADINGS: Final = ("标题", "正文", "目录分类", "生成日期", "公开属性")
_BODY: Final = "样例正文。东昌区人民政府信息公开工作年度报告所列各项数据的统计期限。" * 12
_KILOBYTES: Final = 1024
_OFTEN: Final = 0.05


@dataclass(frozen=True)
class Sample:
    """One import: its seconds, those of a processor, and the most memory it held, in bytes."""

    form: str
    rows: int
    seconds: float
    cpu: float
    memory: int


def grow(
    office: Office, sizes: Sequence[int], *, advance: Callable[[str], None]
) -> Iterator[Sample]:
    """Import a new file of each kind and size in turn, without submitting.

    Raises ``CommandFailed`` unless every row became an item.
    """
    variables, first = startup.environment(office, "clerk"), 0
    for form, size in product(_WRITERS, sizes):
        advance(f"{form}, {size:,} rows")
        file = office.home / f"rows{first}.{form}"
        _WRITERS[form](file, range(first, first + size))
        start = time.perf_counter()
        process = subprocess.Popen(
            [startup.PROGRAM, "import", str(file)], env=variables, stdout=subprocess.DEVNULL
        )
        memory = 0
        while not (ended := os.wait4(process.pid, os.WNOHANG))[0]:
            memory = max(memory, _most_memory(process.pid))
            time.sleep(_OFTEN)
        _, status, usage = ended
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise startup.CommandFailed(f"import ended with {process.returncode}")
        seconds = time.perf_counter() - start
        first += size
        with office.database.read() as connection:
            there = connection.exec_driver_sql("SELECT count(*) FROM item").scalar_one()
        if there != first:
            raise startup.CommandFailed(f"import entered {there:,} rows of {first:,} in all")
        cpu = usage.ru_utime + usage.ru_stime
        yield Sample(form, size, seconds, cpu, memory or usage.ru_maxrss * _KILOBYTES)


def _most_memory(process: int) -> int:
    """Return the most memory that a process had so far, in bytes; 0 where nothing tells it.

    What is told of a process that has ended begins with the memory of the one that started it.
    """
    with suppress(OSError):
        status = Path(f"/proc/{process}/status").read_text(encoding="ascii", errors="replace")
        for line in status.splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * _KILOBYTES
    return 0


def _rows(numbers: range) -> Iterator[tuple[str, ...]]:
    for number in numbers:
        title, body = f"样例第{number}号", f"{number}：{_BODY}"
        yield title, body, "annual_report", "2017-01-10", "主动公开"


def _write_csv(file: Path, numbers: range) -> None:
    with file.open("w", encoding="utf-8", newline="") as target:
        writer = csv.writer(target)
        writer.writerow(_HEADINGS)
        writer.writerows(_rows(numbers))


def _write_xlsx(file: Path, numbers: range) -> None:
    book = xlsxwriter.Workbook(file, {"constant_memory": True})
    page = book.add_worksheet()
    for line, row in enumerate((_HEADINGS, *_rows(numbers))):
        page.write_row(line, 0, row)
    book.close()


_WRITERS: Final = {"csv": _write_csv, "xlsx": _write_xlsx}
