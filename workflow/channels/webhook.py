"""A webhook: ``data`` as JSON to an address of the office's own, signed so that it can be believed.

An address is ``https://host/path#SECRET``. What stands behind ``#`` never leaves this machine; it
is the key of the signature, which covers the time of the try and the body::

    X-Gongkai-Timestamp: 1485136800
    X-Gongkai-Signature: sha256=HMAC_SHA256(SECRET, "1485136800." + body)

The receiver refuses what is older than a few minutes, and takes a key that it has seen for done:
``Idempotency-Key``, in the body ``key``, is the same over every try.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from workflow.channels.web import judge, peer_of, read_url
from workflow.errors import InvalidInput

if TYPE_CHECKING:
    from collections.abc import Callable

    from workflow.channels.alerting import Message
    from workflow.channels.web import Web

_SECRET: Final = re.compile(r"[0-9A-Za-z_.~+/=-]{16,128}")
_LONGEST: Final = 1000


def _now() -> datetime:
    return datetime.now(UTC)


class Webhook:
    """The channel ``webhook``."""

    name = "webhook"

    def __init__(
        self, web: Web, *, plain: bool = False, clock: Callable[[], datetime] = _now
    ) -> None:
        """Post by ``web``; ``plain`` allows ``http`` to other machines too.

        ``clock`` is that of the signature and has to show the real time: the receiver compares.
        """
        self._web = web
        self._plain = plain
        self._clock = clock

    def check(self, address: str) -> str:
        """Return the address with scheme and host in small letters."""
        bare = address.strip(" ")
        url, mark, secret = bare.partition("#")
        problem = None
        try:
            parts = read_url(url, plain=self._plain)
        except ValueError as error:
            problem = str(error)
        else:
            if not mark or not _SECRET.fullmatch(secret):
                problem = "no_signing_key"
            url = parts._replace(netloc=parts.netloc.lower(), path=parts.path or "/").geturl()
        if len(bare) > _LONGEST:
            problem = "too_long"
        if problem is not None:
            raise InvalidInput(
                "address_wrong", channel=self.name, value=self.shown(address), problem=problem
            )
        return f"{url}#{secret}"

    def shown(self, address: str) -> str:
        """Return scheme and host: what follows may be a secret as much as the key is."""
        try:
            parts = read_url(address.strip(" ").partition("#")[0], plain=True)
        except ValueError:
            return "***"
        return f"{parts.scheme}://{parts.netloc.lower()}/…"

    def send(self, message: Message) -> None:
        """Post the message; any status from 200 to 299 takes it, see ``AlertChannel``."""
        url, _, secret = message.to.partition("#")
        document = {
            "key": message.key,
            "at": message.at.isoformat(),
            "language": message.language,
            "data": message.data,
        }
        # The stored text may hold what UTF-8 cannot; escapes can.
        body = json.dumps(document, sort_keys=True).encode("ascii")
        stamp = str(int(self._clock().timestamp()))
        signature = hmac.new(secret.encode("ascii"), f"{stamp}.".encode() + body, hashlib.sha256)
        reply = self._web.post(
            url,
            body,
            channel=self.name,
            headers={
                # A key may begin or end in a space, which a header cannot.
                "Idempotency-Key": json.dumps(message.key),
                "X-Gongkai-Timestamp": stamp,
                "X-Gongkai-Signature": f"sha256={signature.hexdigest()}",
            },
        )
        judge(reply.status, channel=self.name, peer=peer_of(url))
