"""Robots of the group chats of DingTalk, WeCom and Feishu: a text for all in the room.

Only ``short`` leaves by chat, and a line by which a second copy is known for one: none of the three
knows a message by a key. An address is ``TOKEN``, or ``TOKEN:SECRET`` where the room wants signed
messages; both are what the chat shows when the robot is made, and both are secret.

What a robot refuses is told by the number alone that it gives. The numbers that will stay a no are
listed; any other may go away, so it is tried again. Where the rate limit of a room is exceeded
(20 messages a minute), that is one of those.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
from abc import ABC, abstractmethod
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, ClassVar, Final
from urllib.parse import urlencode

from typing_extensions import override

from workflow.channels.web import Reply, judge, peer_of
from workflow.errors import ChannelFailed, ChannelRefused, ChannelUncertain, InvalidInput
from workflow.messages import text

if TYPE_CHECKING:
    from collections.abc import Callable

    from workflow.channels.alerting import Message
    from workflow.channels.web import Web
    from workflow.messages import Language

_TOKEN: Final = re.compile(r"[0-9A-Za-z_-]{16,128}")
_SECRET: Final = re.compile(r"[0-9A-Za-z_-]{8,128}")
_LONGEST: Final = 300
_SHOWN: Final = 4
_REFERENCE: Final = 8


def _now() -> datetime:
    return datetime.now(UTC)


class Robot(ABC):
    """What the robots of the three chats have in common."""

    name: str
    signs: ClassVar[bool] = True
    """Whether there are secrets, with which a message is signed."""
    most_bytes: ClassVar[int]
    """The longest text, in bytes of UTF-8."""
    for_good: ClassVar[frozenset[int]]
    """The numbers of refusals that no further try will change."""

    def __init__(self, base_url: str, web: Web, *, clock: Callable[[], datetime] = _now) -> None:
        """Post below ``base_url``, which was read by :func:`workflow.channels.web.read_url`.

        ``clock`` is that of the signature and has to show the real time: the chat compares.
        """
        self._base = base_url.rstrip("/")
        self._web = web
        self._clock = clock

    def check(self, address: str) -> str:
        """Return ``TOKEN`` or ``TOKEN:SECRET`` without spaces around it."""
        plain = address.strip(" ")
        token, colon, secret = plain.partition(":")
        problem = None
        if len(plain) > _LONGEST:
            problem = "too_long"
        elif colon and not self.signs:
            problem = "no_secret"
        elif not _TOKEN.fullmatch(token) or (colon and not _SECRET.fullmatch(secret)):
            problem = "no_token"
        if problem is not None:
            raise InvalidInput(
                "address_wrong", channel=self.name, value=self.shown(address), problem=problem
            )
        return plain

    def shown(self, address: str) -> str:
        """Return the first characters of the token, enough to know one room from another."""
        token, colon, _ = address.strip(" ").partition(":")
        if not _TOKEN.fullmatch(token):
            return "***"
        return f"{token[:_SHOWN]}…" + (":***" if colon else "")

    def send(self, message: Message) -> None:
        """Post ``short``, cut to what the chat takes; see ``AlertChannel``."""
        token, _, secret = message.to.partition(":")
        words = _within(
            message.short,
            reference(message.key, message.language),
            language=message.language,
            limit=self.most_bytes,
        )
        path, payload = self._request(token, secret, words)
        body = json.dumps(payload, ensure_ascii=False).encode("utf-8", "replace")
        reply = self._web.post(self._base + path, body, channel=self.name, headers={})
        self._judge(reply)

    @abstractmethod
    def _request(self, token: str, secret: str, words: str) -> tuple[str, dict[str, Any]]:
        """Return the path with its query, and what is posted there."""

    def _judge(self, reply: Reply) -> None:
        peer = peer_of(self._base)
        number = _number(reply.body)
        if number is None:
            # Not in the words of a robot, so the status alone counts, and a yes is none.
            judge(reply.status, channel=self.name, peer=peer)
            raise ChannelUncertain("alert_unanswered", channel=self.name, peer=peer)
        if number == 0:
            judge(reply.status, channel=self.name, peer=peer)
            return
        if number in self.for_good:
            raise ChannelRefused("alert_refused", channel=self.name, peer=peer, status=str(number))
        raise ChannelFailed("alert_put_off", channel=self.name, peer=peer, status=str(number))


class DingTalk(Robot):
    """The channel ``dingtalk`` (钉钉)."""

    name = "dingtalk"
    most_bytes = 18_000  # the whole request may have 20,000
    # Security settings (keyword, signature, address); no such token or robot; switched off; the
    # group is gone; forbidden content.
    for_good = frozenset(
        {310000, 300001, 300005, 400013, 400101, 400102, 400106, 430101, 430102, 430103, 430104}
    )

    @override
    def _request(self, token: str, secret: str, words: str) -> tuple[str, dict[str, Any]]:
        query = {"access_token": token}
        if secret:
            stamp = str(int(self._clock().timestamp() * 1000))
            query |= {"timestamp": stamp, "sign": _signed(secret, f"{stamp}\n{secret}")}
        payload = {"msgtype": "text", "text": {"content": words}}
        return f"/robot/send?{urlencode(query)}", payload


class WeCom(Robot):
    """The channel ``wecom`` (企业微信)."""

    name = "wecom"
    signs = False
    most_bytes = 2048
    # No such robot; taken out of its group; what is sent is malformed, empty or too long.
    for_good = frozenset({93000, 93008, 40008, 40058, 44004, 45002})

    @override
    def _request(self, token: str, secret: str, words: str) -> tuple[str, dict[str, Any]]:
        payload = {"msgtype": "text", "text": {"content": words}}
        return f"/cgi-bin/webhook/send?{urlencode({'key': token})}", payload


class Feishu(Robot):
    """The channel ``feishu`` (飞书)."""

    name = "feishu"
    most_bytes = 18_000  # the whole request may have 20 KiB
    # Security settings (signature, address, keyword); no such token. 9499 ("bad request") is not
    # here: it was seen for too many requests as well.
    for_good = frozenset({19001, 19002, 19021, 19022, 19024})

    @override
    def _request(self, token: str, secret: str, words: str) -> tuple[str, dict[str, Any]]:
        payload: dict[str, Any] = {"msg_type": "text", "content": {"text": words}}
        if secret:
            stamp = str(int(self._clock().timestamp()))
            # The other way round than DingTalk: what is signed is the key, and nothing is said.
            payload |= {"timestamp": stamp, "sign": _signed(f"{stamp}\n{secret}", "")}
        return f"/open-apis/bot/v2/hook/{token}", payload


def reference(key: str, language: Language) -> str:
    """Return the line by which people know two copies of one message."""
    number = hashlib.sha256(key.encode("ascii")).hexdigest()[:_REFERENCE]
    return text("label.more.reference", language, number=number)


def _signed(key: str, words: str) -> str:
    digest = hmac.new(key.encode("utf-8"), words.encode("utf-8"), hashlib.sha256).digest()
    return base64.b64encode(digest).decode("ascii")


def _number(body: bytes | None) -> int | None:
    """Return the number of the result in a robot's answer, ``None`` if it is none."""
    try:
        answer = json.loads(body or b"")
    except (ValueError, RecursionError):
        return None
    for name in ("errcode", "code", "StatusCode"):
        if isinstance(answer, dict) and type(answer.get(name)) is int:
            number: int = answer[name]
            return number
    return None


def _within(words: str, last: str, *, language: Language, limit: int) -> str:
    """Return ``words`` and the line ``last`` in ``limit`` bytes, whole lines as far as they go."""
    lines = words.rstrip("\n").split("\n")
    whole = "\n".join([*lines, last])
    if _size(whole) <= limit:
        return whole
    for kept in range(len(lines) - 1, 0, -1):
        more = text("label.more.lines", language, count=len(lines) - kept)
        cut = "\n".join([*lines[:kept], more, last])
        if _size(cut) <= limit:
            return cut
    # Not even the first line: its beginning.
    room = limit - _size(f"…\n{last}")
    return lines[0].encode("utf-8", "replace")[:room].decode("utf-8", "ignore") + f"…\n{last}"


def _size(words: str) -> int:
    return len(words.encode("utf-8", "replace"))
