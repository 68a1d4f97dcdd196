"""What works before anybody has signed in: the demonstration, the settings, shell completion."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from cli.commands import argument, command, option
from cli.output import Answer, Cell

if TYPE_CHECKING:
    from cli.output import Printer
    from cli.session import Session

_SHELLS: Final = ("bash", "zsh", "fish")


@command("demo")
@option("--keep", type=click.Path(path_type=Path), metavar="DIR")
def demo(session: Session, keep: Path | None) -> Answer:
    """Carry a real annual report from draft to published, in a rehearsal."""
    from cli.demo import perform  # noqa: PLC0415 # a play that few commands need

    return perform(session, keep)


@command("settings")
def settings(session: Session) -> Answer:
    """Print each setting with its value, its origin and its meaning."""
    from workflow.settings import PREFIX, origins  # noqa: PLC0415

    found = [
        {
            "name": setting.name,
            "value": setting.value,
            "origin": setting.origin,
            "secret": setting.secret,
            "meaning": session.label("setting", setting.name.removeprefix(PREFIX).lower()),
        }
        for setting in origins(session.settings)
    ]

    def show(printer: Printer) -> None:
        headings = [session.text(f"settings.{name}") for name in ("name", "value", "origin")]
        headings.append(session.text("settings.meaning"))
        rows = [
            (
                Cell(str(row["name"]), "bold"),
                str(row["value"]) or "—",
                Cell(
                    session.label("origin", str(row["origin"])),
                    "dim" if row["origin"] == "default" else "cyan",
                ),
                str(row["meaning"]),
            )
            for row in found
        ]
        printer.table(headings, rows)

    return Answer(found, show)


@command("completion")
@argument("shell", type=click.Choice(_SHELLS), required=False)
def completion(session: Session, shell: str | None) -> Answer:
    """Print the script that lets a shell complete our commands and options."""
    from click.shell_completion import get_completion_class  # noqa: PLC0415 # for this one answer

    name = shell or Path(os.environ.get("SHELL", "bash")).name
    kind = get_completion_class(name if name in _SHELLS else "bash")
    if kind is None:
        raise LookupError(name)
    context: dict[str, Any] = {"obj": session}
    source = kind(_root(), context, "gongkai", "_GONGKAI_COMPLETE").source()
    return Answer({"shell": kind.name, "script": source}, lambda _: click.echo(source))


def _root() -> click.Command:
    from cli.main import gongkai  # noqa: PLC0415 # which imports this module when it is asked

    return gongkai


COMMANDS: Final = (demo, settings, completion)
