"""Run the benchmark and print its tables; ``python -m tests.bench --help`` tells the options."""

from __future__ import annotations

import argparse
import os
import platform
import sqlite3
import sys
import tempfile
import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any, Final

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from tests import bench, servers
from tests.bench import (
    boards,
    calendar,
    decisions,
    growth,
    imports,
    jobs,
    recalendar,
    search,
    site,
    startup,
    sweep,
)
from tests.bench.office import opened

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from tests.bench.decisions import Comparison
    from tests.bench.growth import Sample
    from tests.bench.office import Office

DURABLE: Final = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on"}
AIMS: Final = {"SQLite": 1 / 3, "PostgreSQL": 1 / 2}
HELP_AIM: Final = 0.120
"""Seconds that ``--help`` may take longer than bare Python."""


@dataclass(frozen=True)
class Plan:
    """How much is measured."""

    items: int
    sizes: tuple[int, ...]
    batch: int
    commands: int
    starts: int
    boards: tuple[int, ...]
    recalendar: int
    search: tuple[int, ...]
    imports: tuple[int, ...]
    site: tuple[int, ...]
    changes: tuple[int, ...]
    sweep: tuple[int, ...]
    newly: int
    tasks: int
    seconds: int
    databases: tuple[str, ...] = tuple(AIMS)


FULL: Final = Plan(
    items=1000,
    sizes=(1_000, 10_000, 100_000),
    batch=40,
    commands=5,
    starts=100_000,
    boards=(10_000, 100_000, 1_000_000),
    recalendar=60_000,
    search=(10_000, 100_000),
    imports=(10_000, 100_000),
    site=(1_000, 10_000, 100_000),
    changes=(1, 10, 100),
    sweep=(100_000, 1_000_000),
    newly=1_000,
    tasks=10_000,
    seconds=130,
)
QUICK: Final = Plan(
    items=80,
    sizes=(1_000, 10_000),
    batch=8,
    commands=2,
    starts=10_000,
    boards=(1_000, 10_000),
    recalendar=1_000,
    search=(1_000, 10_000),
    imports=(100, 200),
    site=(15, 60),
    changes=(1, 3),
    sweep=(1_000, 10_000),
    newly=100,
    tasks=200,
    seconds=2,
)


class Places:
    """Empty databases of both kinds, each in a directory of its own below ``root``."""

    def __init__(self, root: Path, server: str) -> None:
        """Make PostgreSQL's databases on ``server``."""
        self._root = root
        self._server = server
        self._count = 0

    @contextmanager
    def office(self, kind: str) -> Iterator[Office]:
        """Open a new office on a database of that kind."""
        self._count += 1
        home = self._root / f"office{self._count}"
        home.mkdir(mode=0o700)
        if kind == "SQLite":
            with opened(f"sqlite:///{home / 'gongkai.db'}", home) as office:
                yield office
            return
        address = servers.create_database(self._server)
        try:
            with opened(address, home) as office:
                yield office
        finally:
            servers.drop_database(self._server, address)


class Screen:
    """What the reader sees: tables, and on a terminal a line that tells how far it is."""

    def __init__(self) -> None:
        """Write to standard output; wide enough for the tables where nobody watches."""
        self._console = Console(width=None if sys.stdout.isatty() else 130)

    @contextmanager
    def busy(self, what: str) -> Iterator[Callable[[str], None]]:
        """Show that ``what`` is going on, and give the way to say how far it is."""
        if not self._console.is_terminal:
            yield lambda _: None
            return
        with self._console.status(what) as status:
            yield lambda step: status.update(f"{what}  {step}")

    def say(self, *lines: str) -> None:
        """Print lines as they are."""
        for line in lines:
            self._console.print(line, highlight=False, markup=False, soft_wrap=True)

    def table(self, title: str, columns: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> None:
        """Print a table whose first column is text and whose others are numbers."""
        box = SIMPLE_HEAD if self._console.is_terminal else None
        table = Table(title=title, title_justify="left", title_style="bold", box=box)
        for number, column in enumerate(columns):
            table.add_column(column, justify="right" if number else "left", no_wrap=True)
        for row in rows:
            table.add_row(*row)
        self._console.print(table)
        self._console.print()


def sync_time(directory: Path) -> float:
    """Return how long the file system takes to confirm one page, in seconds: the median of 50."""
    times = []
    with (directory / "sync").open("wb", buffering=0) as file:
        for _ in range(50):
            start = time.perf_counter()
            file.write(bytes(4096))
            os.fdatasync(file.fileno()) if hasattr(os, "fdatasync") else os.fsync(file.fileno())
            times.append(time.perf_counter() - start)
    return median(times)


def _decisions(screen: Screen, places: Places, plan: Plan) -> None:
    rows = []
    for kind in plan.databases:
        with screen.busy(f"Decisions on {kind}") as advance, places.office(kind) as office:
            found = decisions.compare(office, plan.items, advance)
        rows.append(_decision_row(kind, found, AIMS[kind]))
    screen.table(
        f"Decisions: five stages × {plan.items:,} items, service and bare driver in turns",
        ("", "service /s", "bare /s", "ratio", "aim", "CPU service", "CPU bare", "statements"),
        rows,
    )


def _decision_row(kind: str, found: Comparison, aim: float) -> tuple[str, ...]:
    return (
        kind,
        f"{found.service.rate:,.0f}",
        f"{found.bare.rate:,.0f}",
        f"{found.ratio:.2f}",
        f"{aim:.2f} or more",
        _ms(found.service.cpu),
        _ms(found.bare.cpu),
        f"{found.statements / 5:.1f}",
    )


def _startup(screen: Screen, places: Places, _plan: Plan) -> None:
    commands = {
        "python -c pass": startup.BARE,
        "gongkai --help": (startup.PROGRAM, "--help"),
        "gongkai inbox": (startup.PROGRAM, "inbox"),
    }
    with screen.busy("Start-up") as advance, places.office("SQLite") as office:
        variables = startup.environment(office, "final")
        times = startup.timed(commands, variables, advance=advance)
    bare = times["python -c pass"]
    rows = [
        (
            name,
            _ms(seconds),
            _ms(seconds - bare),
            f"{seconds / bare:.1f}",
            f"{_ms(HELP_AIM)} or less" if "--help" in name else "",
        )
        for name, seconds in times.items()
    ]
    screen.table(
        f"Start-up: {startup.RUNS} runs each in turns, an empty inbox on SQLite",
        ("", "median", "above bare", "ratio", "aim"),
        rows,
    )


def _calendar(screen: Screen, _places: Places, plan: Plan) -> None:
    with screen.busy("Due dates"):
        speeds = [calendar.measure(days, plan.starts) for days in (20, 30)]
    rows = [
        (
            f"{speed.days} working days",
            f"{speed.ours:,.0f} ns",
            f"{speed.plain:,.0f} ns",
            f"{speed.ours / speed.plain:.2f}",
            "2.00 or less",
            f"{speed.library:,.0f} ns",
            f"{speed.library / speed.ours:,.0f}",
        )
        for speed in speeds
    ]
    screen.table(
        f"Due dates: {plan.starts:,} random days of formation, in turns, the best of"
        f" {calendar.BLOCKS} blocks each",
        ("", "calendar", "plain list", "ratio", "aim", "library", "times slower"),
        rows,
    )


def _growth(screen: Screen, places: Places, plan: Plan) -> None:
    rows = []
    for kind in plan.databases:
        with screen.busy(f"Growth on {kind}") as advance, places.office(kind) as office:
            first: Sample | None = None
            for sample in growth.grow(
                office, plan.sizes, batch=plan.batch, commands=plan.commands, advance=advance
            ):
                first = first or sample
                rows.append(
                    (
                        f"{kind}, {sample.items:,} items",
                        f"{sample.decisions:,.0f}",
                        f"{sample.decisions / first.decisions:.2f}",
                        _ms(sample.inbox),
                        _ms(sample.listing),
                        _ms(sample.show),
                        _ms(sample.command),
                    )
                )
    screen.table(
        "Growth: decisions a second (and against the first step), questions, and a whole command",
        ("", "decisions /s", "ratio", "inbox", "list", "show", "gongkai inbox"),
        rows,
    )


def _boards(screen: Screen, places: Places, plan: Plan) -> None:
    rows = []
    for kind in plan.databases:
        with screen.busy(f"Boards on {kind}") as advance, places.office(kind) as office:
            for sample in boards.grow(office, plan.boards, advance=advance):
                questions = (
                    sample.overdue,
                    sample.longer,
                    sample.due,
                    sample.of_body,
                    sample.inbox,
                    sample.explain,
                )
                rows.append(
                    (
                        f"{kind}, {sample.items:,} items",
                        f"{sample.running:,}",
                        *map(_ms, questions),
                    )
                )
    screen.table(
        "Boards: pages of 50 rows of all bodies and of one, and of 500; an inbox; an explanation",
        ("", "running", "overdue", "500 rows", "due", "of a body", "inbox", "explain"),
        rows,
    )


def _recalendar(screen: Screen, places: Places, plan: Plan) -> None:
    rows = []
    for kind in plan.databases:
        with screen.busy(f"Calendar on {kind}") as advance, places.office(kind) as office:
            sample = recalendar.measure(office, plan.recalendar, advance=advance)
            rows.append(
                (
                    kind,
                    f"{sample.running:,}",
                    f"{sample.moved:,}",
                    f"{sample.dry:,.1f} s",
                    f"{sample.real:,.1f} s",
                    f"{sample.bare:,.1f} s",
                    f"{sample.real / sample.bare:,.1f}",
                )
            )
    screen.table(
        "Another calendar: running clocks worked out again, against one bare UPDATE of them",
        ("", "running", "moved", "dry run", "applied", "bare", "ratio"),
        rows,
    )


def _imports(screen: Screen, places: Places, plan: Plan) -> None:
    rows = []
    for kind in plan.databases:
        with screen.busy(f"Import on {kind}") as advance, places.office(kind) as office:
            for sample in imports.grow(office, plan.imports, advance=advance):
                rows.append(
                    (
                        f"{kind}, {sample.form}, {sample.rows:,} rows",
                        f"{sample.rows / sample.seconds:,.0f}",
                        _ms(sample.cpu / sample.rows),
                        f"{sample.memory / 1_000_000:,.0f} MB",
                    )
                )
                # As with the sweep: the larger files take long.
                screen.say("  ".join(rows[-1]))
    screen.table(
        "Import: rows a second, processor time of a row, and memory of the process",
        ("", "rows /s", "CPU a row", "memory"),
        rows,
    )


def _search(screen: Screen, places: Places, plan: Plan) -> None:
    rows = []
    for kind in plan.databases:
        with screen.busy(f"Search on {kind}") as advance, places.office(kind) as office:
            for sample in search.grow(office, plan.search, advance=advance):
                times = (sample.one, sample.some, sample.every, sample.none)
                rows.append(
                    (
                        f"{kind}, {sample.items:,} items",
                        *map(_ms, times),
                        f"{sample.kilobytes:,.1f} kB",
                    )
                )
    screen.table(
        "Search: the first page for words of one item, of 4 in 100, of all and of none; room",
        ("", "one", "some", "all", "none", "an item"),
        rows,
    )


def _sweep(screen: Screen, places: Places, plan: Plan) -> None:
    rows = []
    for kind in plan.databases:
        with screen.busy(f"Sweep on {kind}") as advance, places.office(kind) as office:
            for sample in sweep.grow(office, plan.sweep, newly=plan.newly, advance=advance):
                rows.append(
                    (
                        f"{kind}, {sample.items:,} items",
                        f"{sample.newly:,}",
                        _ms(sample.ours.wall),
                        _ms(sample.bare.wall),
                        f"{sample.ours.wall / sample.bare.wall:.1f}",
                        _ms(sample.ours.cpu),
                        _ms(sample.bare.cpu),
                        "" if sample.naive is None else _ms(sample.naive),
                        f"{sample.many:,} in {sample.flood:,.1f} s",
                        f"{sample.grown / 2**20:,.0f} MiB",
                    )
                )
                # Filling takes long, and whoever waits for the table may end it before.
                screen.say("  ".join(rows[-1]))
    screen.table(
        "Sweep: newly overdue among all, bare SQL (aim: 2.0 or less), a naive loop; a flood (aim:"
        " under 30 s)",
        ("", "overdue", "sweep", "bare", "ratio", "CPU", "CPU bare", "naive", "flood", "grown"),
        rows,
    )


def _site(screen: Screen, places: Places, plan: Plan) -> None:
    rows = []
    for kind in plan.databases:
        with screen.busy(f"Site on {kind}") as advance, places.office(kind) as office:
            for sample in site.grow(office, plan.site, plan.changes, advance=advance):
                rows.append(
                    (
                        f"{kind}, {sample.items:,} items",
                        f"{sample.changed:,} {sample.what}",
                        f"{sample.files:,.0f}",
                        f"{sample.size / 1000:,.0f} kB",
                        _ms(sample.seconds),
                        _ms(sample.cpu),
                        _ms(sample.bare),
                        f"{sample.seconds / sample.bare:,.1f}",
                    )
                )
                # As with the sweep: a large site takes long.
                screen.say("  ".join(rows[-1]))
    screen.table(
        "Site: everything built, and some items new or renewed, against as many bare files",
        ("", "changed", "files", "bytes", "site", "CPU", "bare files", "ratio"),
        rows,
    )


def _jobs(screen: Screen, _places: Places, plan: Plan) -> None:
    with screen.busy("Jobs"), tempfile.TemporaryDirectory(prefix="gongkai-bench-") as place:
        sample = jobs.measure(Path(place), plan.tasks, plan.seconds)
    aim = f"{jobs.AIM_MIB:.0f} MiB or less"
    first, last = sample.worker
    alone, later = sample.process
    screen.table(
        f"Jobs: {sample.tasks:,} tasks through one worker and a bare list of Redis; memory held",
        ("", "first", "last", "ratio", "aim"),
        [
            (
                "tasks, bare list /s",
                f"{sample.rate:,.0f}",
                f"{sample.bare:,.0f}",
                f"{sample.rate / sample.bare:.2f}",
                "",
            ),
            ("worker", f"{first:.0f} MiB", f"{last:.0f} MiB", f"{last / first:.2f}", aim),
            (
                f"gongkai run, {plan.seconds} s",
                f"{alone:.0f} MiB",
                f"{later:.0f} MiB",
                f"{later / alone:.2f}",
                aim,
            ),
        ],
    )


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:,.2f} ms" if seconds < 0.1 else f"{seconds * 1000:,.0f} ms"


_TABLES: Final = {
    "decisions": _decisions,
    "startup": _startup,
    "calendar": _calendar,
    "growth": _growth,
    "boards": _boards,
    "recalendar": _recalendar,
    "sweep": _sweep,
    "jobs": _jobs,
    "search": _search,
    "imports": _imports,
    "site": _site,
}

_SIZES: Final = {
    "sweep": "items for the sweep",
    "imports": "rows for the import",
    "site": "items for the public site",
}
"""What may be asked for in other sizes than the plan's."""


def _listed(sizes: Sequence[int]) -> str:
    return " ".join(map(str, sizes))


def main() -> int:
    """Measure what the arguments ask for; return the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench",
        description=bench.__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--quick", action="store_true", help="less of everything, a few minutes")
    parser.add_argument("--items", type=int, help="items for the decisions (default 1,000)")
    parser.add_argument(
        "--only",
        choices=tuple(_TABLES),
        help="one of the tables",
    )
    for name, what in _SIZES.items():
        parser.add_argument(
            f"--{name}",
            type=int,
            nargs="+",
            metavar="NUMBER",
            help=f"{what}, ascending (default {_listed(getattr(FULL, name))})",
        )
    parser.add_argument(
        "--databases",
        choices=tuple(AIMS),
        nargs="+",
        default=tuple(AIMS),
        help="where both can be measured (default both)",
    )
    given = parser.parse_args()
    plan = replace(QUICK if given.quick else FULL, databases=tuple(given.databases))
    if given.items is not None:
        if given.items < 1:
            parser.error("--items must be at least 1")
        plan = replace(plan, items=given.items)
    for name in _SIZES:
        sizes: list[int] | None = getattr(given, name)
        if sizes is not None:
            if min(sizes) < 1 or sizes != sorted(set(sizes)):
                parser.error(f"--{name} takes ascending numbers")
            chosen: dict[str, Any] = {name: tuple(sizes)}
            plan = replace(plan, **chosen)
    if plan.site[0] < (least := site.ROUNDS * sum(plan.changes)):
        parser.error(f"--site takes {least} or more")

    screen, start = Screen(), time.monotonic()
    with ExitStack() as stack:
        root = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="gongkai-bench-")))
        with screen.busy("Starting PostgreSQL"):
            server = stack.enter_context(servers.own_postgres(DURABLE))
        screen.say(
            f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version},"
            f" PostgreSQL {_server_version(server.url)}, {os.cpu_count()} cores,"
            f" {_ms(sync_time(root))} for the disk to confirm a page",
            "",
        )
        places = Places(root, server.url)
        for name, measure in _TABLES.items():
            if given.only in (None, name):
                measure(screen, places, plan)
    screen.say(f"Took {time.monotonic() - start:.0f} s.")
    return 0


def _server_version(address: str) -> str:
    import psycopg  # noqa: PLC0415 # a module of its own weight, wanted here once

    with psycopg.connect(address) as connection:
        return str(connection.info.server_version // 10000)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except startup.CommandFailed as error:
        sys.exit(str(error))
