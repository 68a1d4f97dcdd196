"""What every command of ours is: its help in both languages, the options known everywhere, types.

A command's help stands in the catalogue of messages under ``help.<command>``: a line that says it
all, more text, and examples, which begin with ``$``. That of a parameter stands under
``help.<command>.<parameter>``, or under ``help.option.<parameter>`` if it is the same everywhere.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, ClassVar, Final, cast

import click

from cli.language import word
from cli.output import (
    DONE,
    Answer,
    document,
    padded,
    terminal_width,
    width,
    wrapped,
    write_document,
)
from cli.session import Session
from workflow.errors import InvalidInput
from workflow.messages import known, text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import date, datetime
    from typing import TypeVar

    from workflow.messages import Language

    _F = TypeVar("_F", bound=Callable[..., Any])

_LONGEST_TERM: Final = 30
_PIECES: Final = {"[OPTIONS]": "options", "COMMAND [ARGS]...": "command"}
_INDENT: Final = 2


def key_of(ctx: click.Context) -> str:
    """Return the name under which the catalogue knows a command: ``sign_off``, ``user.add``."""
    names = ctx.command_path.split()[1:]
    return ".".join(name.replace("-", "_") for name in names) or "gongkai"


def language_of(ctx: click.Context) -> Language:
    """Return the language that the call speaks."""
    session = ctx.find_object(Session)
    return session.language if session is not None else "en"


def help_of(ctx: click.Context, parameter: click.Parameter) -> str:
    """Return what a parameter is for."""
    for command in (key_of(ctx), "option"):
        key = f"help.{command}.{parameter.name}"
        if known(key):
            return text(key, language_of(ctx))
    raise KeyError(f"help.{key_of(ctx)}.{parameter.name}")


class Option(click.Option):
    """An option whose help is in the catalogue."""

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """Return what is written about the option."""
        self.help = help_of(ctx, self)
        return super().get_help_record(ctx)


class Argument(click.Argument):
    """An argument whose help is in the catalogue."""

    def get_help_record(self, ctx: click.Context) -> tuple[str, str]:
        """Return what is written about the argument."""
        return self.make_metavar(ctx), help_of(ctx, self)


class _Formatter(click.HelpFormatter):
    """Lays help out by the cells of a terminal, which Chinese fills two by two."""

    def write_heading(self, heading: str) -> None:
        colon = ":" if heading.isascii() else "："
        self.write(f"{'':>{self.current_indent}}{heading}{colon}\n")

    def write_text(self, text: str) -> None:
        for line in text.split("\n"):
            if line.startswith("$"):
                self.write(f"{'':>{self.current_indent + _INDENT}}{line}\n")
                continue
            for part in wrapped(line, self.width - self.current_indent):
                self.write(f"{'':>{self.current_indent}}{part}".rstrip() + "\n")

    def write_dl(
        self,
        rows: Iterable[tuple[str, str]],
        col_max: int = _LONGEST_TERM,
        col_spacing: int = 2,
    ) -> None:
        rows = list(rows)
        broad = min(max((width(term) for term, _ in rows), default=0), col_max) + col_spacing
        for term, words in rows:
            lines = wrapped(words, max(self.width - self.current_indent - broad, 20))
            start = " " * self.current_indent
            if width(term) + col_spacing > broad:
                self.write(f"{start}{term}\n")
            else:
                self.write(f"{start}{padded(term, broad)}{lines.pop(0)}".rstrip() + "\n")
            for line in lines:
                self.write(f"{start}{'':{broad}}{line}".rstrip() + "\n")


class _Context(click.Context):
    """A context whose help fits the terminal and counts Chinese right."""

    def make_formatter(self) -> click.HelpFormatter:
        return _Formatter(width=terminal_width() - 2)


class _Shared:
    """What commands and groups have in common."""

    context_class: ClassVar[type[click.Context]] = _Context

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        del ctx
        return [*cast("click.Command", self).params, *EVERYWHERE]

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        pieces = super().collect_usage_pieces(ctx)  # type: ignore[misc] # click's, beside us
        return [
            text(f"cli.usage.{key}", language_of(ctx)) if key else piece
            for piece in pieces
            for key in [_PIECES.get(piece)]
        ]

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text(text(f"help.{key_of(ctx)}", language_of(ctx)))

    def format_arguments(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        records = [
            record
            for parameter in cast("click.Command", self).params
            if isinstance(parameter, Argument) and (record := parameter.get_help_record(ctx))
        ]
        if records:
            with formatter.section(text("cli.help.arguments", language_of(ctx))):
                formatter.write_dl(records)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        own = [
            record
            for parameter in cast("click.Command", self).params
            if isinstance(parameter, Option) and (record := parameter.get_help_record(ctx))
        ]
        if own:
            with formatter.section(text("cli.help.options", language_of(ctx))):
                formatter.write_dl(own)
        everywhere = [
            record for parameter in EVERYWHERE if (record := parameter.get_help_record(ctx))
        ]
        with formatter.section(text("cli.help.everywhere", language_of(ctx))):
            formatter.write_dl(everywhere)


def short_help(ctx: click.Context, name: str) -> str:
    """Return the one line about the command ``name`` of the group that ``ctx`` is for."""
    parent = key_of(ctx)
    own = name.replace("-", "_")
    key = own if parent == "gongkai" else f"{parent}.{own}"
    return text(f"help.{key}", language_of(ctx)).partition("\n")[0]


class Command(_Shared, click.Command):
    """A command; its function takes the session and returns an :class:`~cli.output.Answer`."""

    def invoke(self, ctx: click.Context) -> int:
        """Run the command, print its answer and return the exit status."""
        answer = super().invoke(ctx)
        session = ctx.find_object(Session)
        if session is None or not isinstance(answer, Answer):
            raise TypeError(ctx.command_path)
        return session.answer(answer)


class Group(_Shared, click.Group):
    """A command that only leads to others."""

    command_class = Command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands with a line about each."""
        rows = [(name, short_help(ctx, name)) for name in self.list_commands(ctx)]
        with formatter.section(text("cli.help.commands", language_of(ctx))):
            formatter.write_dl(rows)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands before the options, for they are what one looks for."""
        self.format_commands(ctx, formatter)
        _Shared.format_options(self, ctx, formatter)


class DefaultGroup(Group):
    """A group that does the first of its commands when none of them is named."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read ``alerts --all`` as ``alerts list --all``."""
        other = {*self.commands, "--help", "--version"}
        if not ctx.resilient_parsing and not other & set(args):
            args = [next(iter(self.commands)), *args]
        return super().parse_args(ctx, args)


def _show_help(ctx: click.Context, _parameter: click.Parameter, value: bool) -> None:  # noqa: FBT001 # click's protocol
    if not value or ctx.resilient_parsing:
        return
    _tell(ctx, {"help": ctx.get_help()}, ctx.get_help())


def _show_version(ctx: click.Context, _parameter: click.Parameter, value: bool) -> None:  # noqa: FBT001 # click's protocol
    if not value or ctx.resilient_parsing:
        return
    from importlib.metadata import version  # noqa: PLC0415 # for this one answer

    number = version("gongkai")
    _tell(ctx, {"version": number}, f"gongkai {number}")


def _tell(ctx: click.Context, data: dict[str, str], words: str) -> None:
    session = ctx.find_object(Session)
    if session is not None and session.for_programs:
        write_document(document(Answer(data), rehearsal=False), sys.stdout)
    else:
        click.echo(words)
    ctx.exit(DONE)


EVERYWHERE: Final[Sequence[Option]] = (
    # What these three say is read from the arguments before anything else happens.
    Option(["--json"], is_flag=True, expose_value=False),
    Option(["--lang"], type=click.Choice(["zh", "en"]), expose_value=False),
    Option(["--debug"], is_flag=True, expose_value=False),
    Option(["--version"], is_flag=True, is_eager=True, expose_value=False, callback=_show_version),
    Option(["--help"], is_flag=True, is_eager=True, expose_value=False, callback=_show_help),
)
"""Options that every command takes, before it or after it."""


def option(*declarations: str, **attributes: Any) -> Callable[[_F], _F]:
    """Declare an option of a command."""
    return click.option(*declarations, cls=Option, **attributes)


def argument(*declarations: str, **attributes: Any) -> Callable[[_F], _F]:
    """Declare an argument of a command."""
    return click.argument(*declarations, cls=Argument, **attributes)


def command(name: str) -> Callable[[Callable[..., Answer]], Command]:
    """Make a command of a function that takes the session first."""

    def make(function: Callable[..., Answer]) -> Command:
        return click.command(name, cls=Command, add_help_option=False)(click.pass_obj(function))

    return make


def group(name: str, *commands: click.Command) -> Group:
    """Make a group of commands."""
    return Group(name, commands=list(commands), add_help_option=False, no_args_is_help=True)


def changing(function: _F) -> _F:
    """Give a command the two options that everything has which changes something."""
    # The last one declared is the first one listed.
    function = option("--idempotency-key", metavar="KEY")(function)
    return option("--dry-run", is_flag=True)(function)


class Coded(click.Choice[str]):
    """A choice among codes, which are typed with hyphens and kept with underscores."""

    name = "code"

    def __init__(self, codes: Iterable[str]) -> None:
        """Offer ``codes``, given with underscores."""
        self.codes = tuple(codes)
        super().__init__([code.replace("_", "-") for code in self.codes])

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the code; underscores are understood too."""
        return super().convert(str(value).replace("_", "-"), param, ctx).replace("-", "_")


class Number(click.IntRange):
    """A whole number within a range; click's own names for it are English and of two words."""

    # What click calls a type stands in what it says of a wrong value.
    @property
    def name(self) -> str:  # type: ignore[override] # a fixed word there, one of our language here
        """Return what it is called in the language that is spoken."""
        return word("integer")

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        """Return what stands for it in help."""
        del param, ctx
        return "N"


def parsed_date(value: str | None, *, name: str) -> date | None:
    """Return the date that ``value`` says; raises ``InvalidInput('date_wrong')`` if none."""
    from datetime import date  # noqa: PLC0415 # the two commands that need one

    if value is None:
        return None
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise InvalidInput("date_wrong", field=name, value=value) from error


def parsed_instant(value: str, *, name: str) -> datetime:
    """Return the instant that ``value`` says; without an offset it is one of Asia/Shanghai.

    Raises ``InvalidInput('instant_wrong')`` if it says none.
    """
    from datetime import datetime  # noqa: PLC0415 # the one command that needs one
    from zoneinfo import ZoneInfo  # noqa: PLC0415

    shanghai = ZoneInfo("Asia/Shanghai")
    try:
        instant = datetime.fromisoformat(value)
        # In the first and the last hours of all years an offset may lead out of them.
        return instant.astimezone(shanghai) if instant.tzinfo else instant.replace(tzinfo=shanghai)
    except (ValueError, OverflowError) as error:
        raise InvalidInput("instant_wrong", field=name, value=value) from error
