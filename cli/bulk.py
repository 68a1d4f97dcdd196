"""Many items at once: entering them from a file, and writing any list into one.

Every row that is entered goes through the same door as a single one, as the person who calls, and
stands alone. What is refused is written to a file of the same kind, to be mended and sent again.
"""

from __future__ import annotations

import os
import sys
from contextlib import ExitStack
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from cli import views
from cli.clerk import format_of, own_department, read_body, uploads_of
from cli.commands import Coded, argument, changing, command, option
from cli.everyone import filters, narrowed
from cli.items import joint_status
from cli.output import UNAVAILABLE, Answer, Cell, Failure, exit_status, moment, reasons, write_file
from workflow.errors import (
    Conflict,
    GongkaiError,
    InvalidInput,
    InvalidRow,
    NotSignedIn,
    Unavailable,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from typing import BinaryIO

    from cli.output import Printer
    from cli.session import Session
    from workflow.policy import Policy
    from workflow.row_files import Row, RowFile
    from workflow.spreadsheets import RowWriter

    _Came = dict[str, Any] | GongkaiError | Failure

_FORMATS: Final = ("csv", "xlsx", "jsonl")
_MOST_TOLD: Final = 100
"""How many refused rows are told one by one; the file of them has them all."""
_MOST_INBOX: Final = 10_000
_PAGE: Final = 500
_AT_ONCE: Final = 25
"""So many rows are saved at once; others who write wait for that, a part of a second."""
_LONGEST_BATCH: Final = 1_000_000
"""The most text among rows that are saved at once, in characters: it is held in memory."""
_FILES: Final = ("body_file", "attachments")
"""The columns by which a row names files."""
_LONGEST_KEY: Final = 160
"""The longest key: each row adds to it what it is known by."""


@command("import")
@argument("file", required=False, type=Path)
@option("--department", metavar="CODE|NAME")
@option("--submit", is_flag=True)
@option("--encoding", type=Coded(("utf_8", "utf_16", "gb18030")))
@option("--sheet", metavar="NAME")
@option("--rejected", metavar="FILE", type=Path)
@option("--template", type=Coded(_FORMATS))
@changing
def import_(session: Session, file: Path | None, **given: Any) -> Answer:
    """Enter an item for each row of a file."""
    if given["template"]:
        return _template(session, given["template"], file)
    if file is None:
        raise Failure("import_needs_file")
    key = given["idempotency_key"]
    if key is not None and not 1 <= len(key) <= _LONGEST_KEY:
        raise InvalidInput("key_wrong", limit=_LONGEST_KEY)
    from workflow import row_files  # noqa: PLC0415 # needed by no other command

    with row_files.opened(file, encoding=given["encoding"], sheet=given["sheet"]) as found:
        return _Import(session, file, found, given).run()


class _Import:
    """One run over the rows of a file; it remembers counts and, for programs, numbers."""

    def __init__(
        self, session: Session, file: Path, found: RowFile, given: Mapping[str, Any]
    ) -> None:
        self._session = session
        self._file = file
        self._found = found
        self._given = given
        self._me = session.me
        self._policy: Policy = session.app.office.policy_in_use()
        self._department = given["department"]
        from workflow.duplicates import Alike  # noqa: PLC0415 # needed by no other command

        self._alike = Alike()
        self._done = self._repeated = self._failed = 0
        self._entered: list[str] = []
        self._errors: list[dict[str, Any]] = []
        self._statuses: set[int] = set()

    def run(self) -> Answer:
        session, dry = self._session, self._given["dry_run"]
        if self._department is None and "department" not in self._found.columns.values():
            self._department = own_department(session)
        stopped: GongkaiError | None = None
        with ExitStack() as stack:
            rejected = _Rejected(session, stack, self._file, self._found, self._given["rejected"])
            bar = stack.enter_context(session.progress("import.progress", self._found.total))
            for row, came in chain.from_iterable(map(self._entered_at_once, self._batches())):
                if isinstance(came, (Unavailable, NotSignedIn)):
                    stopped = came
                    self._refuse(row, came, None)
                    break
                if isinstance(came, dict):
                    self._count(came)
                else:
                    self._refuse(row, came, None if dry else rejected)
                bar.step()
        data = {
            "file": str(self._file),
            "rows": self._done + self._failed,
            "done": self._done,
            "before": self._repeated,
            "failed": self._failed,
            "rejected": str(rejected.path) if rejected.path else None,
            "entered": self._entered,
        } | ({"dry_run": True} if dry else {})
        if self._repeated and self._repeated == data["rows"]:
            data["repeated"] = True
        status = joint_status(self._done, sorted(self._statuses))
        if stopped is not None and not self._done:
            status = exit_status(stopped)
        answer = Answer(data, self._show(data), errors=self._errors, status=status, told=True)
        if not data["rows"]:
            raise Failure("import_empty", path=str(self._file))
        return answer

    def _batches(self) -> Iterator[list[Row]]:
        """Yield rows that can be saved at once; one that names files stands alone.

        Files are read and kept while it is entered, and nobody is to wait for a disk meanwhile.
        """
        files = [name for name, field in self._found.columns.items() if field in _FILES]
        batch: list[Row] = []
        length, broken = 0, None
        try:
            for row in self._found.rows():
                alone = any(row.cells.get(name) for name in files)
                length += sum(len(cell) for cell in row.cells.values() if isinstance(cell, str))
                if batch and (alone or length > _LONGEST_BATCH or len(batch) == _AT_ONCE):
                    yield batch
                    batch, length = [], 0
                batch.append(row)
                if alone:
                    yield batch
                    batch = []
        except InvalidInput as error:
            # The file cannot be read any further; what was read stands.
            broken = error
        if batch:
            yield batch
        if broken is not None:
            raise broken

    def _entered_at_once(self, batch: Sequence[Row]) -> Iterator[tuple[Row, _Came]]:
        """Enter rows and save them at once, or one by one where that cannot be done."""
        if len(batch) > 1 and not self._given["dry_run"]:
            try:
                with self._session.app.database.together():
                    came = [(row, self._came(row, among=True)) for row in batch]
            except (Conflict, Unavailable, NotSignedIn):
                # Nothing of them was kept. Which row it was, and whether it lasts, is seen now.
                pass
            else:
                yield from came
                return
        for row in batch:
            yield row, self._came(row, among=False)

    def _came(self, row: Row, *, among: bool) -> _Came:
        """Return what entering a row came to; ``among`` others, what concerns all is raised."""
        try:
            return self._enter(row)
        except (Conflict, Unavailable, NotSignedIn) as error:
            if among:
                raise
            return error
        except (GongkaiError, Failure) as error:
            return error

    def _count(self, came: Mapping[str, Any]) -> None:
        self._done += 1
        self._repeated += bool(came.get("repeated"))
        if self._session.for_programs and not self._given["dry_run"]:
            self._entered.append(came["at"])

    def _enter(self, row: Row) -> dict[str, Any]:
        from workflow.row_files import said  # noqa: PLC0415

        session, given = self._session, self._given
        fields = said(row, self._found.columns, self._policy)
        department = fields.pop("department", None) or self._department or own_department(session)
        beside = {name: fields.pop(name, None) for name in _FILES}
        if beside["body_file"]:
            path = str(self._beside(beside["body_file"]))
            limit = session.settings.body_bytes
            fields["body"] = read_body(path, encoding=given["encoding"], limit=limit)
            fields.setdefault("body_format", format_of(path))
        elif "body" in fields:
            # What stands in a cell is text, whatever signs it has.
            fields.setdefault("body_format", "text")
        files = [str(self._beside(name)) for name in beside["attachments"] or ()]
        key = given["idempotency_key"]
        self._alike.row = row.number
        return session.app.service.create(
            self._me,
            {name: value for name, value in fields.items() if name not in _OF_THE_ITEM},
            department=department,
            uploads=uploads_of(files),
            restricted=fields.get("restricted", False),
            not_duplicate=fields.get("not_duplicate"),
            submit=given["submit"],
            key=f"{key}:{row.key}" if key is not None else None,
            alike=self._alike if given["dry_run"] else None,
            dry_run=given["dry_run"],
        )

    def _beside(self, name: str) -> Path:
        """Return a file that a row names; it lies beside the table, or below."""
        place = self._file.parent.resolve()
        path = (place / name).resolve()
        if not path.is_relative_to(place):
            raise Failure("file_outside", path=name)
        return path

    def _refuse(self, row: Row, error: GongkaiError | Failure, rejected: _Rejected | None) -> None:
        session = self._session
        found = [
            {"row": row.number, **each}
            for fault in (error.faults if isinstance(error, InvalidRow) else (error,))
            for each in reasons(fault, session.language)
        ]
        self._failed += 1
        self._statuses.add(exit_status(error))
        said = " ".join(str(each["message"]) for each in found)
        if rejected is not None:
            rejected.write(row, said)
        if self._failed > _MOST_TOLD:
            return
        self._errors += found
        if not session.for_programs:
            place = session.text("import.row", row=row.number)
            session.out.line(Cell(place, "bold"), "  ", Cell(session.text("no"), "red"), said)

    def _show(self, data: Mapping[str, Any]) -> Callable[[Printer], None]:
        def show(printer: Printer) -> None:
            if data["failed"] > _MOST_TOLD:
                printer.say("import.more_failed", count=data["failed"] - _MOST_TOLD)
            key = "import.would" if data.get("dry_run") else "import.done"
            printer.say(key, style="bold", done=data["done"], failed=data["failed"])
            if data["before"]:
                printer.say("import.repeated", count=data["before"])
            if data["rejected"]:
                printer.say("import.rejected", path=data["rejected"])

        return show


_OF_THE_ITEM: Final = frozenset({"restricted", "not_duplicate"})
"""What a row says of the item beside its content."""


class _Rejected:
    """The file of rejected rows; it is made when the first row is written."""

    def __init__(
        self, session: Session, stack: ExitStack, file: Path, found: RowFile, wanted: Path | None
    ) -> None:
        self._session = session
        self._stack = stack
        self._file = file
        self._found = found
        self._wanted = wanted
        self._writer: RowWriter | None = None
        self.path: Path | None = None

    def write(self, row: Row, problem: str) -> None:
        if self._writer is None:
            self._writer = self._made()
        added = zip(self._added, (row.number, problem), strict=True)
        # What an earlier import has written there is out of date.
        cells = {
            name: value
            for name, value in row.cells.items()
            if self._found.columns.get(name) not in self._names
        }
        self._writer.write({**cells, **dict(added)})

    def _made(self) -> RowWriter:
        from workflow.row_files import ADDED, heading  # noqa: PLC0415
        from workflow.spreadsheets import row_writer  # noqa: PLC0415

        self._names = ADDED
        language = self._session.language
        programs = self._found.format == "jsonl"
        self._added = [name if programs else heading(name, language) for name in ADDED]
        own = [name for name, field in self._found.columns.items() if field not in ADDED]
        columns = {name: name for name in (*own, *self._added)}
        target = self._opened()
        self._stack.callback(target.close)
        now = self._session.app.runtime.clock()
        writer = row_writer(target, self._found.format, columns, made_at=now)
        self._stack.callback(writer.close)
        return writer

    def _opened(self) -> BinaryIO:
        stem = f"{self._file.stem}.rejected"
        number = 1
        while True:
            name = stem if number == 1 else f"{stem}-{number}"
            path = self._wanted or self._file.with_name(f"{name}{self._file.suffix}")
            try:
                # Nothing is written over: somebody may be mending it. Unpublished text is in it.
                file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            except FileExistsError as error:
                if self._wanted is not None:
                    raise Failure("file_exists", path=str(path)) from error
                number += 1
            except OSError as error:
                raise Failure(
                    "file_unwritable", status=UNAVAILABLE, path=str(path), problem=error.strerror
                ) from error
            else:
                self.path = path
                return os.fdopen(file, "wb")


def _template(session: Session, form: str, file: Path | None) -> Answer:
    """Print the headings with a row that shows how they are filled in, or write them to a file."""
    import io  # noqa: PLC0415

    from workflow.row_files import COLUMNS, heading  # noqa: PLC0415
    from workflow.spreadsheets import row_writer  # noqa: PLC0415

    if form == "xlsx" and file is None and (session.out.terminal or session.for_programs):
        raise Failure("xlsx_needs_file")
    names = COLUMNS if form != "jsonl" else _EXAMPLE
    columns = {name: name if form == "jsonl" else heading(name, session.language) for name in names}
    example = {name: session.text(f"import.example.{name}") for name in _EXAMPLE}
    target = io.BytesIO()
    writer = row_writer(target, form, columns, made_at=session.app.runtime.clock())
    writer.write(example)
    writer.close()
    content = target.getvalue()
    data = {"format": form, "columns": list(columns.values()), "file": str(file) if file else None}
    if file is not None:
        if file.exists():
            raise Failure("file_exists", path=str(file))
        write_file(file, content)
        return Answer(data, lambda printer: printer.say("import.template", path=str(file)))

    def show(_: Printer) -> None:
        sys.stdout.flush()
        sys.stdout.buffer.write(content)

    return Answer(data | {"text": content.decode("utf-8-sig")} if form != "xlsx" else data, show)


_EXAMPLE: Final[Sequence[str]] = ("title", "body", "category", "formed_on", "attribute", "keywords")
"""The columns that the example row of a template fills in."""


# -- export -----------------------------------------------------------------------------------

_LISTS: Final = ("items", "inbox", "due", "overdue")
_ITEM: Final = ("at", "index_number", "title", "place", "body_name", "body", "formed_on")
_COLUMNS: Final[Mapping[str, Sequence[str]]] = {
    "items": (*_ITEM, "category", "attribute", "published_at", "validity", "restricted"),
    "inbox": (*_ITEM, "due_on", "working_days_left", "stage_days_left"),
    "due": ("at", "index_number", "title", "body_name", "clock", "due_on", "working_days_left",
            "desk"),
}  # fmt: skip
_HEADINGS: Final = {
    "at": "list.at", "title": "list.title", "place": "list.place", "body_name": "list.body",
    "formed_on": "list.formed", "body": "export.body_code",
    "index_number": "report.index_number", "clock": "clock.clock_heading",
    "due_on": "clock.due_heading", "working_days_left": "clock.left_heading",
    "stage_days_left": "clock.stage_left_heading", "desk": "clock.desk_heading",
    "published_at": "show.published", "validity": "show.validity",
}  # fmt: skip


@command("export")
@argument("which", required=False, type=Coded(_LISTS), default="items", metavar="[LIST]")
@option("--format", "format_", type=Coded(_FORMATS))
@option("--output", metavar="FILE", type=Path)
@option("--words", metavar="TEXT")
@narrowed
def export(session: Session, which: str, **given: Any) -> Answer:
    """Write a list to a file, row by row."""
    from workflow.row_files import heading  # noqa: PLC0415 # heavier than most commands
    from workflow.spreadsheets import row_writer  # noqa: PLC0415

    output, form = given["output"], given["format_"]
    if form is None:
        form = output.suffix.lower().lstrip(".") if output is not None else "csv"
        if form not in _FORMATS:
            raise InvalidInput("row_file_unknown", path=str(output), known=_FORMATS)
    if output is None and (session.for_programs or (form == "xlsx" and session.out.terminal)):
        raise Failure("export_needs_file")
    found = _rows(session, which, given)
    # Whatever is wrong with the question is told before a file is written over.
    rows = chain(list(islice(found, 1)), found)
    names = _COLUMNS["due" if which == "overdue" else which]
    columns = {
        name: session.text(_HEADINGS[name])
        if name in _HEADINGS
        else heading(name, session.language)
        for name in names
    }
    count = 0
    with ExitStack() as stack:
        if output is None:
            sys.stdout.flush()
            target: BinaryIO = sys.stdout.buffer
        else:
            target = stack.enter_context(opened(output))
        writer = row_writer(target, form, columns, made_at=session.app.runtime.clock())
        bar = stack.enter_context(session.progress("export.progress", None))
        for row in rows:
            writer.write(row if form == "jsonl" else _told(session, row, names))
            count += 1
            bar.step()
        writer.close()
    data = {"list": which, "format": form, "rows": count, "file": str(output) if output else None}

    def show(printer: Printer) -> None:
        if output is not None:
            printer.say("export.done", count=count, path=str(output))

    return Answer(data, show)


def opened(file: Path) -> BinaryIO:
    """Open a file that somebody named for a list to be written to."""
    try:
        return file.open("wb")
    except OSError as error:
        raise Failure(
            "file_unwritable", status=UNAVAILABLE, path=str(file), problem=error.strerror
        ) from error


def _rows(session: Session, which: str, given: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Return the rows of a list; what cannot narrow it is refused before anything is written."""
    queries, boards, me = session.app.queries, session.app.boards, session.me
    if which == "items":
        return queries.every_item(me, words=given["words"], **filters(given))
    usable = {"department"} if which in ("due", "overdue") else set()
    for name in ("words", "state", "stage", "category", "department"):
        if given[name] and name not in usable:
            raise Failure("export_filter", option=f"--{name}")
    if which == "inbox":
        return iter(queries.inbox(me, limit=_MOST_INBOX).rows)
    ask = boards.due if which == "due" else boards.overdue

    def pages() -> Iterator[dict[str, Any]]:
        offset = 0
        while rows := ask(me, body=given["department"], limit=_PAGE, offset=offset).rows:
            yield from rows
            offset += len(rows)

    return pages()


def _told(session: Session, row: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
    """Return a row in words for people."""
    told = {name: row.get(name) for name in names}
    if "place" in told:
        told["place"] = views.place_of(session, row)
    if "desk" in told:
        told["desk"] = row["desk"]["title"][session.language]
    for name in ("clock", "attribute", "validity"):
        if told.get(name):
            told[name] = session.label(name, told[name])
    if told.get("published_at"):
        told["published_at"] = moment(told["published_at"])
    if "restricted" in told:
        told["restricted"] = session.text("export.yes") if told["restricted"] else ""
    return told


COMMANDS: Final = (import_, export)
