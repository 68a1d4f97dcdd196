"""Every alert channel that ships, the fake among them, keeps one and the same contract."""

from __future__ import annotations

import json
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import TYPE_CHECKING, ClassVar
from urllib.parse import urlsplit

import pytest
from typing_extensions import override

from tests.channels import peers
from tests.channels.peers import HERE, MailServer, WebServer
from workflow.channels.chat import DingTalk, Feishu, WeCom
from workflow.channels.directory import Directory
from workflow.channels.mail import Mail, Sender, SmtpServer
from workflow.channels.web import Web
from workflow.channels.webhook import Webhook
from workflow.errors import ChannelFailed, ChannelRefused, ChannelUncertain, InvalidInput
from workflow.testing import (
    AlertChannelContract,
    AlertPeerContract,
    Arrived,
    Manner,
    MemoryAlertChannel,
    Peer,
    sample_message,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from workflow.channels.alerting import AlertChannel, Message
    from workflow.channels.chat import Robot
    from workflow.channels.web import Reply

LONG = 10.0
"""Seconds for a message whose other side answers, on a busy machine."""
SENDER = Sender("office@sample.example", "样例办公室")


def within(contract: AlertPeerContract, manner: Manner) -> float:
    return contract.seconds if manner in ("hangs", "drips") else LONG


def read(content: bytes) -> EmailMessage:
    mail = message_from_bytes(content, policy=policy.SMTP)
    assert isinstance(mail, EmailMessage)
    return mail


def part(mail: EmailMessage, kind: str) -> str:
    (found,) = (each for each in mail.walk() if each.get_content_type() == f"text/{kind}")
    words: str = found.get_content()
    return words.replace("\r\n", "\n")


def as_arrived(content: bytes) -> Arrived:
    mail = read(content)
    words = "\n\n".join((str(mail["Subject"]), part(mail, "plain"), part(mail, "html")))
    return Arrived(str(mail["Message-ID"]), words)


class TestMemory(AlertPeerContract):
    """The fake."""

    name = "email"
    addresses = ("sample@sample.example",)

    @override
    @contextmanager
    def peer(self, directory: Path, manner: Manner) -> Iterator[Peer]:
        channel = MemoryAlertChannel()
        peer = "sample.example"
        channel.failure = {
            "takes": None,
            "absent": ChannelFailed("alert_unreachable", channel="email", peer=peer, reason=None),
            "later": ChannelFailed("alert_put_off", channel="email", peer=peer, status="451"),
            "never": ChannelRefused("alert_refused", channel="email", peer=peer, status="550"),
            "takes_and_is_gone": ChannelUncertain("alert_unanswered", channel="email", peer=peer),
            "hangs": ChannelFailed("alert_timed_out", channel="email", peer=peer, seconds=0),
            "drips": ChannelFailed("alert_timed_out", channel="email", peer=peer, seconds=0),
        }[manner]
        yield Peer(channel, lambda: [Arrived(each.key, each.text) for each in channel.sent])

    @override
    def expected(self, message: Message) -> str:
        return message.text


class TestDirectory(AlertChannelContract):
    """Files."""

    name = "directory"
    addresses = ("sample@sample.example", "样例@xn--fsqu00a.xn--0zwm56d")

    @override
    @contextmanager
    def peer(self, directory: Path, manner: Manner) -> Iterator[Peer]:
        place = directory / "out"
        if manner == "absent":
            place.write_bytes(b"")
        channel = Directory(place, SENDER)
        yield Peer(channel, lambda: [as_arrived(each.read_bytes()) for each in place.glob("*")])

    @override
    def expected(self, message: Message) -> str:
        return f"{message.subject}\n\n{message.text}\n\n{message.html}"


class TestMail(AlertPeerContract):
    """E-mail, to a real server and to some that only pretend to be one."""

    name = "email"
    addresses = ("sample@sample.example", "样例@xn--fsqu00a.xn--0zwm56d")
    wrong_addresses = (
        "@sample.example",
        "sample@",
        "sample",
        "sample@sample",
        "a@b@sample.example",
        "a..b@sample.example",
        ".a@sample.example",
        "sample@-sample.example",
        "sample@sample..example",
        "sample@[127.0.0.1]",
        "sample@127.0.0.1",
        '"a b"@sample.example',
        "样例 <sample@sample.example>",
        "one@sample.example,two@sample.example",
        f"{'x' * 65}@sample.example",
        f"sample@{'x' * 64}.example",
    )

    @override
    @contextmanager
    def peer(self, directory: Path, manner: Manner) -> Iterator[Peer]:
        def channel(port: int) -> Mail:
            server = SmtpServer.read(f"smtp://{HERE}:{port}")
            return Mail(server, SENDER, seconds=within(self, manner))

        if manner == "absent":
            yield Peer(channel(peers.free_port()), list)
        elif manner in ("takes", "later", "never"):
            said = {"later": "451 4.7.1 样例 later", "never": "550 5.1.1 样例 unknown"}
            told = {"RCPT": said[manner]} if manner in said else {}
            with peers.mail_server(MailServer(told)) as server:
                yield Peer(channel(server.port), lambda: [as_arrived(it) for it in server.taken])
        else:
            taken: list[bytes] = []
            converse = {
                "takes_and_is_gone": peers.smtp(lambda _: None, taken),
                "hangs": peers.until_gone,
                "drips": lambda connection: peers.drip(connection, b"220-sample\r\n"),
            }[manner]
            with peers.raw_server(converse) as port:
                yield Peer(channel(port), lambda: [as_arrived(it) for it in taken])

    @override
    def expected(self, message: Message) -> str:
        return f"{message.subject}\n\n{message.text}\n\n{message.html}"


class OverTheWeb(AlertPeerContract):
    """What robots and the webhook have in common."""

    yes: ClassVar[bytes] = b"{}"
    no_for_now: ClassVar[tuple[int, bytes]] = (503, b"")
    no_for_good: ClassVar[tuple[int, bytes]] = (410, b"")

    def made(self, url: str, web: Web) -> AlertChannel:
        """Return the channel."""
        raise NotImplementedError

    def as_arrived(self, posted: peers.Posted) -> Arrived:
        """Return what was posted, as people or programs see it."""
        raise NotImplementedError

    @override
    @contextmanager
    def peer(self, directory: Path, manner: Manner) -> Iterator[Peer]:
        web = Web(seconds=within(self, manner))
        if manner == "absent":
            yield Peer(self.made(f"http://{HERE}:{peers.free_port()}", web), list)
            return
        server = WebServer(answer=self.yes)
        if manner == "later":
            server.status, server.answer = self.no_for_now
        elif manner == "never":
            server.status, server.answer = self.no_for_good
        elif manner != "takes":
            server.instead = {
                "takes_and_is_gone": lambda _: None,
                "hangs": peers.until_gone,
                "drips": lambda connection: peers.drip(connection, b"HTTP/1.1 200 OK"),
            }[manner]

        def arrived() -> Sequence[Arrived]:
            taken = manner not in ("later", "never")
            return [self.as_arrived(each) for each in server.posted] if taken else []

        with peers.web_server(server):
            yield Peer(self.made(server.url, web), arrived)


class Chat(OverTheWeb):
    """What the three robots have in common."""

    robot: ClassVar[type[Robot]]
    yes = b'{"errcode": 0, "errmsg": "ok"}'

    @override
    def made(self, url: str, web: Web) -> AlertChannel:
        return self.robot(url, web)

    @override
    def as_arrived(self, posted: peers.Posted) -> Arrived:
        words, _, last = posted.document["text"]["content"].rpartition("\n")
        return Arrived(last, words)

    @override
    def expected(self, message: Message) -> str:
        return message.short


class TestDingTalk(Chat):
    """钉钉."""

    name = "dingtalk"
    robot = DingTalk
    addresses = ("0123456789abcdef" * 4, f"{'0123456789abcdef' * 4}:SEC{'fedcba98' * 8}")
    wrong_addresses = (
        "https://oapi.dingtalk.com/robot/send?access_token=0123456789abcdef",
        "short",
        "0123456789abcdef:",
        "0123456789abcdef:secret/../",
        "0123456789abcdef&access_token=1",
    )
    secrets = ("0123456789abcdef", "fedcba98")
    no_for_now = (200, '{"errcode": 130101, "errmsg": "样例 send too fast"}'.encode())
    no_for_good = (200, '{"errcode": 310000, "errmsg": "样例 keywords not in content"}'.encode())


class TestWeCom(Chat):
    """企业微信."""

    name = "wecom"
    robot = WeCom
    addresses = ("01234567-89ab-cdef-0123-456789abcdef",)
    wrong_addresses = (
        "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=01234567-89ab-cdef-0123-456789abcdef",
        "01234567-89ab-cdef-0123-456789abcdef:0123456789abcdef",
    )
    secrets = ("01234567-89ab",)
    no_for_now = (200, b'{"errcode": 45009, "errmsg": "api freq out of limit"}')
    no_for_good = (200, b'{"errcode": 93000, "errmsg": "invalid webhook url"}')


class TestFeishu(Chat):
    """飞书."""

    name = "feishu"
    robot = Feishu
    addresses = (
        "01234567-89ab-cdef-0123-456789abcdef",
        "01234567-89ab-cdef-0123-456789abcdef:FedcbaFedcbaFedcbaFedc",
    )
    wrong_addresses = ("../../../01234567-89ab-cdef-0123", "01234567-89ab-cdef-0123:a b")
    secrets = ("01234567-89ab", "Fedcba")
    yes = b'{"StatusCode": 0, "StatusMessage": "success", "code": 0, "data": {}, "msg": "success"}'
    no_for_now = (200, b'{"code": 11232, "msg": "frequency limited"}')
    no_for_good = (200, b'{"code": 19024, "msg": "Key Words Not Found"}')

    @override
    def as_arrived(self, posted: peers.Posted) -> Arrived:
        words, _, last = posted.document["content"]["text"].rpartition("\n")
        return Arrived(last, words)


class TestWebhook(OverTheWeb):
    """The webhook; its address names the server, so it is put in place of one that is none."""

    name = "webhook"
    addresses = (
        "https://hook.sample.example/path-secret?a=1#0123456789abcdef",
        "https://hook.sample.example:8443/path-secret#0123456789abcdef",
    )
    wrong_addresses = (
        "https://hook.sample.example/path-secret",
        "https://hook.sample.example/path-secret#short",
        "https://hook.sample.example/path-secret#0123456789abcdef#",
        "http://hook.sample.example/path-secret#0123456789abcdef",
        "ftp://hook.sample.example/path-secret#0123456789abcdef",
        "https://user:password@hook.sample.example/#0123456789abcdef",
        "https://hook.sample.example:0/#0123456789abcdef",
        "https://hook.sample.example:99999/#0123456789abcdef",
        "https://[::1/#0123456789abcdef",
        "https:///path-secret#0123456789abcdef",
        "https://hook.sample.example\\@other.example/#0123456789abcdef",
        "//hook.sample.example/#0123456789abcdef",
    )
    secrets = ("0123456789abcdef", "path-secret", "password")

    @override
    def made(self, url: str, web: Web) -> AlertChannel:
        return Webhook(Placed(url, web))

    @override
    def as_arrived(self, posted: peers.Posted) -> Arrived:
        document = posted.document
        return Arrived(document["key"], json.dumps(document["data"], sort_keys=True))

    @override
    def expected(self, message: Message) -> str:
        return json.dumps(message.data, sort_keys=True)


class Placed(Web):
    """A way into the web on which every host is one server on this machine."""

    def __init__(self, url: str, web: Web) -> None:
        super().__init__(seconds=0)
        self._url, self._web = url, web

    @override
    def post(self, url: str, body: bytes, *, channel: str, headers: Mapping[str, str]) -> Reply:
        path = urlsplit(url).path
        return self._web.post(self._url + path, body, channel=channel, headers=headers)


# -- the contract itself -------------------------------------------------------------------------


class Careless(MemoryAlertChannel):
    """A channel that breaks the contract in every respect."""

    @override
    def check(self, address: str) -> str:
        return address.lower()

    @override
    def send(self, message: Message) -> None:
        self.sent = [message]


@pytest.mark.parametrize(
    "broken",
    [
        AlertPeerContract.test_two_copies_of_a_message_are_known_as_one_and_two_messages_as_two,
        AlertPeerContract.test_nothing_in_a_message_is_taken_for_anything_else,
        AlertPeerContract.test_the_normal_form_of_an_address_stays_as_it_is,
        AlertPeerContract.test_what_is_no_address_is_refused_and_says_no_secret,
        AlertPeerContract.test_where_nobody_is_nothing_arrives_and_it_may_later,
        AlertPeerContract.test_no_failure_tells_a_secret_or_a_word_of_the_message,
        AlertPeerContract.test_a_no_for_now_may_be_a_yes_later,
        AlertPeerContract.test_a_no_for_good_is_known_as_one,
        AlertPeerContract.test_what_was_sent_and_not_answered_is_uncertain,
        AlertPeerContract.test_who_hangs_or_drips_is_left_when_the_time_is_over,
    ],
)
def test_the_contract_finds_a_channel_that_breaks_it(
    broken: Callable[[AlertPeerContract, Path], None], tmp_path: Path
) -> None:
    class OfCareless(TestMemory):
        @override
        @contextmanager
        def peer(self, directory: Path, manner: Manner) -> Iterator[Peer]:
            channel = Careless()
            yield Peer(channel, lambda: [Arrived(each.key, each.text) for each in channel.sent])

    with pytest.raises(AssertionError):
        broken(OfCareless(), tmp_path)


def test_an_error_that_tells_a_secret_is_found(tmp_path: Path) -> None:
    class Telling(MemoryAlertChannel):
        @override
        def send(self, message: Message) -> None:
            raise ChannelFailed("alert_unreachable", reason=message.subject)

    class OfTelling(TestMemory):
        @override
        @contextmanager
        def peer(self, directory: Path, manner: Manner) -> Iterator[Peer]:
            yield Peer(Telling(), list)

    with pytest.raises(AssertionError, match="样例"):
        OfTelling().test_no_failure_tells_a_secret_or_a_word_of_the_message(tmp_path)


def test_the_fake_keeps_what_is_uncertain_and_raises_it_all_the_same() -> None:
    channel = MemoryAlertChannel("wecom")
    channel.failure = ChannelUncertain("alert_unanswered", channel="wecom", peer="sample")
    message = sample_message(1, to=channel.check(" a "))

    with pytest.raises(ChannelUncertain):
        channel.send(message)
    channel.failure = None
    channel.send(message)

    assert [message, message] == channel.sent
    assert ("wecom", "a") == (channel.name, channel.shown("a"))
    with pytest.raises(InvalidInput):
        channel.check("x" * 201)
