"""A directory that takes messages as files, for offices without a network, for tests and shows.

Each message is one file in the form of e-mail (``.eml``), which any mail program opens. Whoever
empties the directory carries the messages on.
"""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from workflow.channels.alerting import name_of
from workflow.channels.mail import Sender, check_address, letter
from workflow.errors import ChannelFailed

if TYPE_CHECKING:
    from workflow.channels.alerting import Message

NOBODY: Final = Sender("gongkai@gongkai.invalid")
"""The sender where the office has named none: an address that can never be anybody's."""


class Directory:
    """The channel ``directory``: a file for each key, so the same message twice is one file."""

    name = "directory"

    def __init__(self, directory: Path, sender: Sender = NOBODY) -> None:
        """Write below ``directory``, which is made when the first message comes."""
        self.directory = directory
        self._sender = sender

    def path(self, key: str) -> Path:
        """Return where the message with that key is, or would be."""
        return self.directory / f"{name_of(key)}.eml"

    def check(self, address: str) -> str:
        """Return the normal form of an e-mail address, to which the file is addressed."""
        return check_address(address, channel=self.name)

    def shown(self, address: str) -> str:
        """Return the address: it is no secret."""
        return address

    def send(self, message: Message) -> None:
        """Write the file; nobody ever sees half of one, and it survives a loss of power.

        The owner may write it and the group read it. Raises ``ChannelFailed``
        (``alert_not_written``) for whatever the operating system refuses.
        """
        content = letter(message, self._sender)
        try:
            self.directory.mkdir(mode=0o750, parents=True, exist_ok=True)
            handle, temporary = tempfile.mkstemp(prefix=".writing-", dir=self.directory)
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(content)
                    file.flush()
                    os.fchmod(file.fileno(), 0o640)
                    os.fsync(file.fileno())
                Path(temporary).replace(self.path(message.key))
            except BaseException:
                with suppress(OSError):
                    Path(temporary).unlink()
                raise
            place = os.open(self.directory, os.O_RDONLY | os.O_DIRECTORY)
            try:
                os.fsync(place)
            finally:
                os.close(place)
        except OSError as error:
            raise ChannelFailed(
                "alert_not_written",
                channel=self.name,
                path=str(self.directory),
                reason=error.strerror,
            ) from error
