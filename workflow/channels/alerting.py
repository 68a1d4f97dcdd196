"""What the dispatcher hands to an alert channel, and what it may expect of one: plain data.

An alert channel is a way in which a composed message leaves the house. It knows no database, no
clock of the law and no rule about who hears what: it is given a message and an address, and
answers by returning or by one of three errors, because the outbox has three things to do next.
Nothing here is ever called inside a database transaction.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from workflow.messages import Language

LONGEST_KEY: Final = 200
OFFICE_FAULTS: Final = frozenset(
    {"alert_insecure", "alert_not_written", "alert_office_refused", "alert_proxy_failed"}
)
"""Codes of temporary failures that no further try will cure by itself.

Somebody in the office has to change a setting, a password or a certificate. The message stays owed
all the same: it is a matter for operations, and not the fault of the message or of its addressee.
"""
_KEY: Final = re.compile(rf"[ -~]{{1,{LONGEST_KEY}}}")
_PART: Final = re.compile(r"[^a-z0-9+_-]")
_BETWEEN: Final = re.compile(r"(?<=[a-z0-9+_-]):(?=[a-z0-9+_-])")
_LONGEST_NAME: Final = 180


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message, composed in the language of whoever gets it.

    ``key`` stays the same over every try: by it the other side, or whoever looks there, knows two
    copies as one. ``to`` is an address in the form that the channel's ``check`` returned. ``short``
    is all that may leave by chat: numbers, stages and due dates. ``data`` says the same for
    programs and can be written as JSON. ``at`` is the aware instant of the first try.

    Raises ``ValueError`` for a key that is not 1 to 200 characters of printable ASCII and for an
    instant without an offset: both are bugs of whoever composes.
    """

    key: str
    to: str
    language: Language
    subject: str
    text: str
    html: str
    short: str
    data: Mapping[str, Any]
    at: datetime

    def __post_init__(self) -> None:
        """Refuse what no channel could send."""
        if not _KEY.fullmatch(self.key):
            raise ValueError(self.key)
        if self.at.utcoffset() is None:
            raise ValueError(self.at)


class AlertChannel(Protocol):
    """A way out. Any number of threads may use one at once; it holds no connection between two.

    An address may hold secrets, so whoever displays or logs one shows what :meth:`shown` makes of
    it. No error of a channel holds a secret, an address or anything of the message.
    """

    name: str

    def check(self, address: str) -> str:
        """Return the normal form of ``address``.

        Raises ``InvalidInput`` (``address_wrong``) with ``channel``, ``value`` (as it may be
        shown) and ``problem`` for what cannot be an address of this channel. Nobody is asked
        whether the address exists.
        """

    def shown(self, address: str) -> str:
        """Return ``address`` as people may see it; raises nothing, whatever it is given."""

    def send(self, message: Message) -> None:
        """Hand ``message`` over; return when the other side has taken it.

        Ends within the time that the channel was made with, whatever the other side does. Raises

        - ``ChannelRefused``: this message will never be taken at this address;
        - ``ChannelUncertain``: it was sent as a whole, and whether it was taken is not known;
        - ``ChannelFailed`` itself: it was certainly not taken, and may be later. If the code is
          among :data:`OFFICE_FAULTS`, not before somebody in the office has done something.
        """


def name_of(key: str) -> str:
    """Return ``key`` as it may stand in a Message-ID and be the name of a file, the same always.

    Different keys have different names, also where upper and lower case do not count. A colon
    between two characters is a dot; whatever else is special, and every capital, is written in
    hexadecimal. A name that would be too long for a file ends in the SHA-256 of the key instead.
    """
    name = _PART.sub(lambda found: f"={ord(found[0]):02x}", _BETWEEN.sub("\n", key))
    name = name.replace("=0a", ".")
    if len(name) <= _LONGEST_NAME:
        return name
    return f"{name[:100]}=={hashlib.sha256(key.encode('ascii')).hexdigest()}"
