"""How an answer leaves: text for people, one JSON document for programs, an exit status for both.

Text is laid out by the cells that a terminal gives each character, two for a Chinese one. Only a
terminal gets colour, ruled tables and progress bars; a pipe gets the same words in plain columns.
This module alone knows which failure has which exit status.
"""

from __future__ import annotations

import json
import os
import re
import sys
import unicodedata
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Self, TextIO

import click

from workflow.errors import (
    ChannelFailed,
    Conflict,
    GongkaiError,
    InvalidInput,
    NotFound,
    NotSignedIn,
    Unavailable,
)
from workflow.messages import explain, text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from workflow.messages import Language

DONE: Final = 0
REFUSED: Final = 1
USAGE: Final = 2
NOT_FOUND: Final = 4
PARTLY: Final = 6
BUG: Final = 70
UNAVAILABLE: Final = 75
INTERRUPTED: Final = 130
BROKEN_PIPE: Final = 141
"""The last two are what a shell reports of a program that was ended by the signal."""

_STATUS: Final[Sequence[tuple[tuple[type[GongkaiError], ...], int]]] = (
    ((InvalidInput,), USAGE),
    ((Conflict,), 3),
    ((NotFound,), NOT_FOUND),
    ((NotSignedIn,), 5),
    ((Unavailable, ChannelFailed), UNAVAILABLE),
)
"""Everything else of the tree is a refusal or a check that found a fault."""
_WIDE: Final = frozenset("WF")
_CLOSING: Final = frozenset("，。、；：？！）》」』”’】〉〕％…")
"""What may not begin a line of Chinese."""
_OPENING: Final = frozenset("（《「『“‘【〈〔")
"""What may not end one."""
_TURNING: Final = frozenset({"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"})
"""What turns the direction of the text around it (Unicode's bidirectional classes)."""
_GAP: Final = 2
_MOST_PEOPLE: Final = 8
_WIDEST: Final = 100


class Failure(Exception):
    """The command line itself cannot go on; ``cli.error.<code>`` is its sentence."""

    def __init__(self, code: str, /, *, status: int = USAGE, **params: Any) -> None:
        """Remember the stable ``code``, the exit ``status`` and the facts of the sentence."""
        super().__init__(code)
        self.code = code
        self.status = status
        self.params = params


def exit_status(error: Exception) -> int:
    """Return the exit status of an expected failure."""
    if isinstance(error, Failure):
        return error.status
    if isinstance(error, click.ClickException):
        return error.exit_code
    for kinds, status in _STATUS:
        if isinstance(error, kinds):
            return status
    return REFUSED


def reasons(error: Exception, language: Language) -> list[dict[str, Any]]:
    """Return one document per reason of an expected failure: code, message and facts."""
    if isinstance(error, GongkaiError):
        return explain(error, language)
    if isinstance(error, Failure):
        message = text(f"cli.error.{error.code}", language, **error.params)
        return [{"code": error.code, "message": message, "params": error.params}]
    if isinstance(error, click.ClickException):
        message = error.format_message()
        if isinstance(error, click.MissingParameter) and language == "zh":
            # Click ends its first sentence itself, with the full stop of another language.
            message = re.sub(r"\.(?: |$)", "。", message, count=1)
        return [{"code": "usage", "message": message, "params": {}}]
    raise error


@dataclass(slots=True)
class Answer:
    """What a command came to: ``data`` for programs, ``show`` for people.

    ``errors`` and ``status`` are for what was done in part, and for checks that found a fault;
    ``told`` says that people were told of them already, line by line.
    """

    data: Any
    show: Callable[[Printer], None] | None = None
    errors: list[dict[str, Any]] = field(default_factory=list)
    status: int = DONE
    told: bool = False


class Cell(NamedTuple):
    """A piece of text with the style that a terminal shows it in."""

    text: str
    style: str | None = None


def width(line: str) -> int:
    """Return how many cells of a terminal ``line`` takes."""
    if line.isascii():
        return len(line)
    cells = 0
    for character in line:
        if unicodedata.east_asian_width(character) in _WIDE:
            cells += 2
        elif unicodedata.category(character) not in ("Mn", "Me", "Cf"):
            cells += 1
    return cells


def padded(line: str, cells: int) -> str:
    """Return ``line`` filled up with blanks to so many cells."""
    return line + " " * (cells - width(line))


def wrapped(paragraph: str, cells: int) -> list[str]:
    """Break a paragraph into lines of at most ``cells``: between words, or between characters.

    No line begins with a closing mark or ends with an opening one, as Chinese typesetting asks.
    """
    lines: list[str] = []
    line = ""
    for piece in _pieces(paragraph):
        if line and width(line + piece.rstrip()) > cells:
            lines.append(line.rstrip())
            line = piece.lstrip()
        else:
            line += piece
    return [*lines, line.rstrip()] if line.strip() or not lines else lines


def _pieces(paragraph: str) -> Iterator[str]:
    """Yield what may not be broken: a word with its blanks, or a character with its marks."""
    piece = ""
    for character in paragraph:
        joined = character in _CLOSING or (piece and piece[-1] in _OPENING)
        breaks = piece and (piece[-1] == " " or width(character) > 1 or width(piece[-1]) > 1)
        if breaks and not joined and character != " ":
            yield piece
            piece = ""
        piece += character
    if piece:
        yield piece


def moment(instant: datetime | None, *, seconds: bool = False) -> str:
    """Return an instant as people in China read it, to the minute or the second."""
    if instant is None:
        return ""
    from workflow.runtime import SHANGHAI  # noqa: PLC0415 # loaded by whoever has an instant

    local = instant.astimezone(SHANGHAI)
    return f"{local:%Y-%m-%d %H:%M:%S}" if seconds else f"{local:%Y-%m-%d %H:%M}"


def clean(line: str) -> str:
    """Return ``line`` without characters that a terminal would obey instead of showing."""
    return "".join("�" if _is_obeyed(character) else character for character in line)


def _is_obeyed(character: str) -> bool:
    """Tell whether a character moves, colours, breaks or turns what stands around it."""
    if character in "\n\t":
        return False
    return (
        unicodedata.category(character) in ("Cc", "Zl", "Zp")
        or unicodedata.bidirectional(character) in _TURNING
    )


class Printer:
    """Writes for people to ``stream``: ruled and coloured on a terminal, plain elsewhere."""

    def __init__(self, stream: TextIO, *, language: Language, colour: bool) -> None:
        """Speak ``language``; ``colour`` is what the environment allows a terminal."""
        self.stream = stream
        self.language: Language = language
        self.terminal = stream.isatty()
        self._colour = colour and self.terminal

    def say(self, key: str, /, *, style: str | None = None, **params: Any) -> None:
        """Print the sentence ``cli.<key>``."""
        self.line(text(f"cli.{key}", self.language, **params), style=style)

    def line(self, *cells: Cell | str, style: str | None = None) -> None:
        """Print one line of pieces, each in its own style or in ``style``."""
        pieces = [cell if isinstance(cell, Cell) else Cell(cell, style) for cell in cells]
        styled = "".join(self._styled(clean(piece.text), piece.style) for piece in pieces)
        print(styled, file=self.stream)

    def _styled(self, words: str, style: str | None) -> str:
        if not self._colour or style is None:
            return words
        names = style.split()
        colour = next((name for name in names if name not in ("bold", "dim")), None)
        return click.style(words, fg=colour, bold="bold" in names, dim="dim" in names)

    def pairs(self, pairs: Iterable[tuple[str, Cell | str | None]]) -> None:
        """Print names and values, the values aligned; a pair without a value is left out."""
        shown = [(name, value) for name, value in pairs if value not in (None, "")]
        broad = max((width(name) for name, _ in shown), default=0) + _GAP
        for name, value in shown:
            cell = value if isinstance(value, Cell) else Cell(str(value))
            first, *rest = clean(cell.text).split("\n")
            self.line(Cell(padded(name, broad), "dim"), Cell(first, cell.style))
            for more in rest:
                self.line(" " * broad, Cell(more, cell.style))

    def table(
        self,
        headings: Sequence[str],
        rows: Iterable[Sequence[Cell | str]],
        *,
        caption: str | None = None,
    ) -> None:
        """Print a table; a pipe gets columns of plain text that nothing is cut from."""
        cells = [[cell if isinstance(cell, Cell) else Cell(cell) for cell in row] for row in rows]
        if self.terminal:
            self._ruled(headings, cells, caption)
            return
        lines = [list(headings), *([cell.text.replace("\n", " ") for cell in row] for row in cells)]
        broad = [max(width(clean(line[index])) for line in lines) for index in range(len(headings))]
        for line in lines:
            columns = zip(line, broad, strict=True)
            self.line("  ".join(padded(clean(words), wide) for words, wide in columns).rstrip())
        if caption:
            self.line(caption)

    def _ruled(
        self, headings: Sequence[str], rows: Sequence[Sequence[Cell]], caption: str | None
    ) -> None:
        from rich import box  # noqa: PLC0415 # terminals only
        from rich.console import Console  # noqa: PLC0415
        from rich.table import Table  # noqa: PLC0415
        from rich.text import Text  # noqa: PLC0415

        table = Table(
            box=box.SIMPLE_HEAD, header_style="bold", caption_justify="left", pad_edge=False
        )
        for heading in headings:
            table.add_column(Text(heading), overflow="fold")
        for row in rows:
            table.add_row(*(Text(clean(cell.text), style=cell.style or "") for cell in row))
        if caption:
            table.caption = Text(caption)
        Console(file=self.stream, no_color=not self._colour, highlight=False).print(table)

    def paragraph(self, words: str, *, indent: int = 0, style: str | None = None) -> None:
        """Print running text, broken to the width of the terminal; a pipe gets long lines."""
        if not self.terminal:
            self.line(Cell(" " * indent + words, style))
            return
        for line in wrapped(words, terminal_width() - indent):
            self.line(Cell(" " * indent + line, style))


def terminal_width() -> int:
    """Return how many cells a line of the terminal has, within what is pleasant to read."""
    import shutil  # noqa: PLC0415 # for help and long texts only

    return max(min(shutil.get_terminal_size().columns, _WIDEST), 40)


class Progress:
    """A progress bar on a terminal, and silence anywhere else."""

    def __init__(self, title: str, total: int | None, *, shown: bool, colour: bool) -> None:
        """Count to ``total``, or just count if that is not known."""
        self._bar: Any = None
        if shown:
            from rich.console import Console  # noqa: PLC0415 # terminals only
            from rich.progress import Progress as Bar  # noqa: PLC0415

            console = Console(file=sys.stderr, no_color=not colour)
            self._bar = Bar(console=console, transient=True)
            self._task = self._bar.add_task(title, total=total)

    def __enter__(self) -> Self:
        if self._bar is not None:
            self._bar.start()
        return self

    def __exit__(self, *error: object) -> None:
        if self._bar is not None:
            self._bar.stop()

    def step(self) -> None:
        """Count one more."""
        if self._bar is not None:
            self._bar.advance(self._task)


def document(answer: Answer, *, rehearsal: bool) -> dict[str, Any]:
    """Return the one shape in which every command answers a program."""
    whole: dict[str, Any] = {"ok": answer.status == DONE}
    if rehearsal:
        whole["rehearsal"] = True
    if answer.data is not None or answer.status == DONE:
        whole["data"] = answer.data
    if answer.status != DONE:
        whole["errors"] = answer.errors
    return whole


def write_document(whole: Mapping[str, Any], stream: TextIO) -> None:
    """Print ``whole`` as JSON; instants are told in the time of Asia/Shanghai."""
    print(json.dumps(whole, ensure_ascii=False, indent=2, default=_plain), file=stream)


def write_file(file: Path, content: bytes) -> None:
    """Write a file that somebody named."""
    try:
        file.write_bytes(content)
    except OSError as error:
        raise Failure(
            "file_unwritable", status=UNAVAILABLE, path=str(file), problem=error.strerror
        ) from error


def _plain(value: object) -> Any:
    if isinstance(value, datetime):
        from workflow.runtime import SHANGHAI  # noqa: PLC0415 # loaded by whoever has an instant

        return value.astimezone(SHANGHAI).isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (Path, Enum)):
        return str(value)
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    raise TypeError(type(value))


def complain(printer: Printer, error: Exception, found: Sequence[Mapping[str, Any]]) -> None:
    """Tell people why not: one line per reason, and who could act instead."""
    language = printer.language
    if isinstance(error, click.UsageError) and error.ctx is not None:
        printer.line(error.ctx.get_usage())
    for reason in found:
        printer.line(Cell(text("cli.no", language), "red bold"), str(reason["message"]))
        if reason.get("who"):
            printer.line(Cell("  " + could_act(reason["who"], language), "dim"))
    if isinstance(error, click.UsageError) and error.ctx is not None:
        path = error.ctx.command_path
        printer.line(Cell(text("cli.try_help", language, command=path), "dim"))


def could_act(people: Sequence[Mapping[str, str]], language: Language) -> str:
    """Say who could act, by the names for people and for commands."""
    names = [f"{who['display_name']} ({who['name']})" for who in people[:_MOST_PEOPLE]]
    more = ["…"] if len(people) > _MOST_PEOPLE else []
    joint = text("cli.joint", language)
    return text("refusal.who", language, names=joint.join(names + more))


def open_streams() -> None:
    """Stand in with nothing for a stream that the caller has closed (``<&-``, ``>&-``)."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            nothing = Path(os.devnull).open(mode, encoding="utf-8")  # noqa: SIM115 # to the end
            setattr(sys, name, nothing)


def prepare_streams(*, for_programs: bool) -> None:
    """Make Chinese printable whatever the locale says, and a document always UTF-8.

    A terminal that can show Chinese in its own encoding (GB18030) keeps it. Names of files that
    are no text are escaped instead of ending the program.
    """
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is None:
            continue
        encoding = stream.encoding or "ascii"
        try:
            "公开".encode(encoding)
        except (UnicodeEncodeError, LookupError):
            encoding = "utf-8"
        if for_programs and stream is sys.stdout:
            encoding = "utf-8"
        with suppress(ValueError):
            reconfigure(encoding=encoding, errors="backslashreplace")
