"""The command ``gongkai``: which commands there are, and what becomes of what they raise.

Commands are named in a table and imported when they run, so that help and completion answer at
once. Every expected failure becomes one line per reason and a documented exit status; a bug
becomes one line, and its traceback is shown with ``--debug``.
"""

from __future__ import annotations

import errno
import importlib
import os
import sys
import traceback
from typing import TYPE_CHECKING, Any, Final, TextIO

import click

from cli.commands import Command, Group, language_of, short_help
from cli.language import choose, speak
from cli.output import (
    BROKEN_PIPE,
    BUG,
    INTERRUPTED,
    UNAVAILABLE,
    USAGE,
    Answer,
    Failure,
    complain,
    document,
    exit_status,
    open_streams,
    prepare_streams,
    reasons,
    write_document,
)
from cli.session import Session
from workflow.errors import GongkaiError
from workflow.messages import text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

AUDIENCES: Final[Mapping[str, Sequence[str]]] = {
    "newcomer": ("demo", "settings", "completion"),
    "everyone": (
        "login",
        "logout",
        "whoami",
        "password",
        "inbox",
        "list",
        "search",
        "show",
        "diff",
        "history",
        "why",
    ),
    "boards": ("due", "overdue", "waiting", "explain"),
    "reports": ("report",),
    "alerts": ("alerts", "contact"),
    "clerk": ("new", "revise", "submit", "recall", "take-over", "abandon", "urge"),
    "bulk": ("import", "export"),
    "reviewers": ("sign-off", "seal", "review", "answer", "approve", "return", "reopen"),
    "publisher": ("publish", "retry", "publish-urgently", "confirm-urgent-publication"),
    "afterwards": (
        "correct",
        "retract",
        "confirm-retraction",
        "restore",
        "confirm-restoration",
        "call-off",
        "validity",
        "confirm-validity",
    ),
    "coordination": ("consult", "reply", "settle", "withdraw-consultation", "consultations"),
    "reading_points": (
        "deliver",
        "receive",
        "withdraw-delivery",
        "confirm-withdrawal",
        "nil-return",
        "deliveries",
    ),
    "timekeeping": ("calendar", "item", "clock", "late-reason"),
    "administrator": (
        "init",
        "upgrade",
        "user",
        "role",
        "organisation",
        "policy",
        "purge",
        "site",
        "sweep",
        "restore-check",
        "run",
        "doctor",
    ),
    "deputies": ("delegate", "waiver"),
    "auditor": ("audit",),
}
"""Which commands each audience uses; an audience is a module of this package."""
_COMPLETE: Final = "_GONGKAI_COMPLETE"
"""The variable by which a shell asks for completions."""


class _Root(Group):
    """The group of everything, which knows names and imports what is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return all names, by audience."""
        del ctx
        return [name for names in AUDIENCES.values() for name in names]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the module of a command and return the command."""
        del ctx
        for audience, names in AUDIENCES.items():
            if cmd_name in names:
                module = importlib.import_module(f"cli.{audience}")
                commands: Sequence[Command | Group] = module.COMMANDS
                return next(command for command in commands if command.name == cmd_name)
        return None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find a command; a slip of the pen is told what might have been meant."""
        try:
            return super().resolve_command(ctx, args)
        except click.exceptions.NoSuchCommand as error:
            known = self.list_commands(ctx)
            raise click.exceptions.NoSuchCommand(
                error.command_name, possibilities=known, ctx=ctx
            ) from error

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands under those who use them."""
        for audience, names in AUDIENCES.items():
            with formatter.section(text(f"cli.audience.{audience}", language_of(ctx))):
                formatter.write_dl([(name, short_help(ctx, name)) for name in names])


gongkai: Final = _Root("gongkai", add_help_option=False, no_args_is_help=True)


def main() -> None:
    """Run the command with the arguments of this process and end it with its exit status."""
    status = run(sys.argv[1:])
    sys.exit(status)


def run(arguments: Sequence[str]) -> int:
    """Carry out one call and return its exit status; never raises, and never ends the process."""
    flags = arguments[: arguments.index("--")] if "--" in arguments else arguments
    open_streams()
    session = Session(
        language=choose(arguments, os.environ),
        for_programs="--json" in flags,
        debug="--debug" in flags,
    )
    speak(session.language)
    prepare_streams(for_programs=session.for_programs)
    try:
        try:
            return _flushed(_carried_out(session, arguments))
        finally:
            session.close()
    except BrokenPipeError:
        return _reader_gone()
    except OSError as error:
        return _unwritten(session, error)
    except KeyboardInterrupt:
        # Whatever was being done was either committed or will not have happened.
        session.err.line("")
        session.err.say("interrupted")
        return INTERRUPTED


def _carried_out(session: Session, arguments: Sequence[str]) -> int:
    try:
        _refuse_undecodable(arguments)
        if instruction := os.environ.get(_COMPLETE):
            from click.shell_completion import shell_complete  # noqa: PLC0415 # for shells only

            return shell_complete(gongkai, {"obj": session}, "gongkai", _COMPLETE, instruction)
        # Not by click's own main(), which ends the process itself when a pipe closes.
        with gongkai.make_context("gongkai", list(arguments), obj=session) as ctx:
            status: int = gongkai.invoke(ctx)
    except click.exceptions.Exit as error:
        return error.exit_code
    except click.exceptions.NoArgsIsHelpError as error:
        if session.for_programs:
            return _refused(session, click.UsageError(session.text("no_command"), ctx=error.ctx))
        session.err.stream.write(error.format_message() + "\n")
        return USAGE
    except click.Abort as error:
        raise KeyboardInterrupt from error
    except (GongkaiError, Failure, click.ClickException) as error:
        return _refused(session, error)
    except OSError:
        raise
    except Exception as error:  # noqa: BLE001 # the one place that turns a bug into a status
        return _bug(session, error)
    return status


def _refuse_undecodable(arguments: Sequence[str]) -> None:
    """Refuse bytes that are no text in the encoding of this system."""
    for argument in arguments:
        try:
            argument.encode("utf-8")
        except UnicodeEncodeError as error:
            shown = argument.encode("utf-8", "backslashreplace").decode("utf-8")
            raise Failure("argument_not_text", value=shown) from error


def _refused(session: Session, error: Exception) -> int:
    if session.debug:
        traceback.print_exception(error)
    status = exit_status(error)
    found = reasons(error, session.language)
    if session.for_programs:
        refused = Answer(None, errors=found, status=status)
        write_document(document(refused, rehearsal=session.rehearsal), sys.stdout)
    else:
        complain(session.err, error, found)
    return status


def _bug(session: Session, error: Exception) -> int:
    if session.debug:
        traceback.print_exception(error)
    kind = type(error).__name__
    message = session.text("bug", kind=kind)
    if session.for_programs:
        found: list[dict[str, Any]] = [
            {"code": "bug", "message": message, "params": {"kind": kind}}
        ]
        broken = Answer(None, errors=found, status=BUG)
        write_document(document(broken, rehearsal=session.rehearsal), sys.stdout)
    else:
        session.err.line(message)
    return BUG


def _flushed(status: int) -> int:
    """Write out what still waits, so that a full disk or a closed pipe is noticed here."""
    sys.stdout.flush()
    sys.stderr.flush()
    return status


def _reader_gone() -> int:
    """End quietly: whoever reads us has had enough, which is no failure of theirs or ours."""
    _write_no_more(sys.stdout)
    _write_no_more(sys.stderr)
    return BROKEN_PIPE


def _unwritten(session: Session, error: OSError) -> int:
    """Say that the answer could not be written; what was done is done."""
    if error.errno not in (errno.ENOSPC, errno.EIO, errno.EFBIG, errno.EDQUOT):
        return _bug(session, error)
    _write_no_more(sys.stdout)
    try:
        session.err.say("output_unwritable", problem=error.strerror)
        sys.stderr.flush()
    except OSError:
        # There is no way left to say it but the exit status.
        _write_no_more(sys.stderr)
    return UNAVAILABLE


def _write_no_more(stream: TextIO) -> None:
    """Send into nothing what is still to be written, where it cannot fail.

    Python flushes once more on its way out, and would end with a status of its own.
    """
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, stream.fileno())
    os.close(nothing)
