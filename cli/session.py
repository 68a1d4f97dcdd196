"""One call of the command: what it speaks and prints to, and the parts it opened on the way.

Identity comes from ``GONGKAI_TOKEN`` or a saved login and from nowhere else. Nothing heavy is
imported before a command needs it.
"""

from __future__ import annotations

import os
import sys
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final

from cli.logins import SavedLogins, directory
from cli.output import DONE, Failure, Printer, Progress, document, write_document
from workflow.errors import NotSignedIn
from workflow.messages import label, text

if TYPE_CHECKING:
    from typing import Any

    from cli.output import Answer
    from workflow.accounts import Session as Login
    from workflow.messages import Language
    from workflow.settings import Application, Settings

_SQLITE: Final = "sqlite:///"
_LONGEST_INPUT: Final = 10_000


class Session:
    """The surroundings of one command."""

    def __init__(self, *, language: Language, for_programs: bool, debug: bool) -> None:
        """Speak ``language``; answer ``for_programs`` with one JSON document."""
        self.language: Language = language
        self.for_programs = for_programs
        self.debug = debug
        # https://no-color.org: set to anything but nothing, it means no colour.
        self.colour = not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
        self.out = Printer(sys.stdout, language=language, colour=self.colour)
        self.err = Printer(sys.stderr, language=language, colour=self.colour)

    # -- parts -------------------------------------------------------------------------------

    @cached_property
    def settings(self) -> Settings:
        """The settings of this call."""
        from workflow.settings import load_settings  # noqa: PLC0415

        return load_settings()

    @cached_property
    def app(self) -> Application:
        """The engine on the configured database."""
        from workflow.settings import bootstrap  # noqa: PLC0415

        app = bootstrap(self.settings, channel="cli")
        if app.office_facts is not None and app.office_facts.rehearsal and not self.for_programs:
            self.err.say("rehearsal", style="yellow")
        return app

    @property
    def rehearsal(self) -> bool:
        """Tell whether this call opened a rehearsal."""
        app = self.__dict__.get("app")
        return bool(app is not None and app.office_facts and app.office_facts.rehearsal)

    @property
    def interactive(self) -> bool:
        """Tell whether somebody sits there who can be asked."""
        return not self.for_programs and sys.stdin.isatty() and sys.stderr.isatty()

    def close(self) -> None:
        """Close what was opened."""
        app = self.__dict__.get("app")
        if app is not None:
            app.database.dispose()

    # -- who acts ----------------------------------------------------------------------------

    @cached_property
    def logins(self) -> SavedLogins:
        """The saved logins of this user of the operating system."""
        return SavedLogins(directory(self.settings.home))

    @property
    def address(self) -> str:
        """The database's address as logins are saved under it: absolute, without a password."""
        address = self.app.database.address
        if address.startswith(_SQLITE):
            return _SQLITE + str(Path(address.removeprefix(_SQLITE)).resolve())
        return address

    @property
    def token(self) -> str:
        """The token of this call; raises ``NotSignedIn('not_signed_in')`` if there is none."""
        if self.settings.token is not None:
            return self.settings.token.get_secret_value()
        saved = self.logins.token(self.address)
        if saved is None:
            raise NotSignedIn("not_signed_in")
        return saved

    def login(self, *, may_owe_change: bool = False, for_jobs: bool = False) -> Login:
        """Return whose token it is; raises ``NotSignedIn`` saying what to do."""
        return self.app.accounts.session(
            self.token, may_owe_change=may_owe_change, for_jobs=for_jobs
        )

    @cached_property
    def me(self) -> int:
        """The account that acts."""
        return self.login().account_id

    # -- words -------------------------------------------------------------------------------

    def text(self, key: str, /, **params: Any) -> str:
        """Return the sentence ``cli.<key>``."""
        return text(f"cli.{key}", self.language, **params)

    def label(self, group: str, value: str | None) -> str:
        """Return the name of a coded value for people; nothing for nothing."""
        return label(group, value, self.language) if value else ""

    def read_password_lines(self, count: int) -> list[str]:
        """Return so many lines of standard input, without their ends."""
        given = sys.stdin.buffer.read(_LONGEST_INPUT).decode("utf-8", "replace")
        lines = [line.rstrip("\r") for line in given.split("\n")[:count]]
        if len(lines) < count or not all(lines):
            raise Failure("password_lines", count=count)
        return lines

    def ask_password(self, key: str, *, twice: bool = False) -> str:
        """Ask on the terminal, without echo; raises :class:`Failure` where there is none."""
        import click  # noqa: PLC0415 # loaded already by whoever parsed the call

        if not self.interactive:
            raise Failure("password_needs_terminal")
        asked: str = click.prompt(
            self.text(key), hide_input=True, confirmation_prompt=twice, err=True
        )
        # What the terminal sent and is no text is a wrong password, not a bug.
        return asked.encode("utf-8", "replace").decode("utf-8")

    def progress(self, key: str, total: int | None) -> Progress:
        """Return a progress bar, which is shown on terminals only."""
        shown = self.err.terminal and not self.for_programs
        return Progress(self.text(key), total, shown=shown, colour=self.colour)

    # -- the answer --------------------------------------------------------------------------

    def answer(self, answer: Answer) -> int:
        """Print ``answer`` in the way that was asked for and return the exit status."""
        if self.for_programs:
            write_document(document(answer, rehearsal=self.rehearsal), sys.stdout)
        else:
            if answer.show is not None:
                answer.show(self.out)
            if answer.status != DONE and not answer.told:
                for error in answer.errors:
                    self.err.say("failed", style="red", message=error["message"])
        return answer.status
