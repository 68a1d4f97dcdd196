"""Chat robots: what each chat gets, how it is signed, and what its numbers mean."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.channels import peers
from tests.channels.peers import HERE, WebServer
from tests.channels.test_contract import LONG
from workflow.channels.alerting import OFFICE_FAULTS
from workflow.channels.chat import DingTalk, Feishu, Robot, WeCom, reference
from workflow.channels.web import Web
from workflow.errors import ChannelFailed, ChannelRefused, ChannelUncertain, InvalidInput
from workflow.testing import FrozenClock, sample_message

if TYPE_CHECKING:
    import socket
    from pathlib import Path

    from workflow.channels.alerting import Message

NOW: Final = datetime(2017, 1, 23, 2, 0, 0, 500_000, tzinfo=UTC)
TOKEN: Final = "0123456789abcdef0123"
SECRET: Final = "SECfedcba98"
MESSAGE: Final = sample_message(1, to=TOKEN)


def robot(kind: type[Robot], server: WebServer, *, path: str = "", seconds: float = LONG) -> Robot:
    return kind(server.url + path, Web(seconds=seconds), clock=FrozenClock(NOW))


def posted(kind: type[Robot], message: Message = MESSAGE) -> peers.Posted:
    with peers.web_server(WebServer(answer=b'{"errcode":0,"code":0}')) as server:
        robot(kind, server).send(message)
    (found,) = server.posted
    return found


def failure(kind: type[Robot], server: WebServer, *, seconds: float = LONG) -> ChannelFailed:
    with peers.web_server(server), pytest.raises(ChannelFailed) as caught:
        robot(kind, server, seconds=seconds).send(MESSAGE)
    return caught.value


# -- what arrives --------------------------------------------------------------------------------


def test_dingtalk_gets_a_text_and_its_signature_in_the_query() -> None:
    found = posted(DingTalk, replace(MESSAGE, to=f"{TOKEN}:{SECRET}"))

    stamp = "1485136800500"
    signature = hmac.new(SECRET.encode(), f"{stamp}\n{SECRET}".encode(), hashlib.sha256).digest()
    path = urlsplit(found.path)
    assert "/robot/send" == path.path
    assert {
        "access_token": [TOKEN],
        "timestamp": [stamp],
        "sign": [base64.b64encode(signature).decode()],
    } == parse_qs(path.query)
    assert "application/json; charset=utf-8" == found.headers["content-type"]
    assert {"msgtype", "text"} == found.document.keys()
    assert "text" == found.document["msgtype"]


def test_dingtalk_without_a_secret_gets_no_signature() -> None:
    assert f"/robot/send?access_token={TOKEN}" == posted(DingTalk).path


def test_wecom_gets_a_text_by_its_key() -> None:
    found = posted(WeCom)

    assert f"/cgi-bin/webhook/send?key={TOKEN}" == found.path
    assert "text" == found.document["msgtype"]


def test_feishu_gets_a_text_and_its_signature_in_the_body() -> None:
    found = posted(Feishu, replace(MESSAGE, to=f"{TOKEN}:{SECRET}"))

    stamp = "1485136800"
    signature = hmac.new(f"{stamp}\n{SECRET}".encode(), b"", hashlib.sha256).digest()
    assert f"/open-apis/bot/v2/hook/{TOKEN}" == found.path
    assert (stamp, base64.b64encode(signature).decode(), "text") == (
        found.document["timestamp"],
        found.document["sign"],
        found.document["msg_type"],
    )


def test_feishu_without_a_secret_gets_no_signature() -> None:
    assert {"msg_type", "content"} == posted(Feishu).document.keys()


def test_an_address_with_a_path_of_its_own_is_kept() -> None:
    with peers.web_server(WebServer(answer=b'{"errcode":0}')) as server:
        robot(WeCom, server, path="/gateway/").send(MESSAGE)

    assert [f"/gateway/cgi-bin/webhook/send?key={TOKEN}"] == [each.path for each in server.posted]


@pytest.mark.parametrize("kind", [DingTalk, WeCom, Feishu])
def test_only_what_may_leave_by_chat_leaves(kind: type[Robot]) -> None:
    body = posted(kind, replace(MESSAGE, short="17: 2017-02-07")).body.decode()

    assert "17: 2017-02-07" in body
    for kept in (MESSAGE.subject, MESSAGE.text, MESSAGE.html, MESSAGE.key, "sign_off"):
        assert kept not in body


# -- cutting -------------------------------------------------------------------------------------


def text_of(short: str, language: str = "zh") -> str:
    message = replace(MESSAGE, short=short, language=language)  # type: ignore[arg-type] # one of two
    words: str = posted(WeCom, message).document["text"]["content"]
    return words


def test_a_long_text_is_cut_at_a_line_and_says_how_many_are_left() -> None:
    lines = [f"{number} 审核签字 2017-02-07" for number in range(200)]
    words = text_of("\n".join(lines)).split("\n")

    kept, (more, last) = words[:-2], words[-2:]
    assert lines[: len(kept)] == kept
    assert f"……另有 {200 - len(kept)} 行" == more
    assert reference(MESSAGE.key, "zh") == last
    size = len("\n".join(words).encode())
    assert 2048 - len(f"{lines[0]}00\n".encode()) <= size <= 2048


def test_a_text_in_english_is_cut_in_english() -> None:
    words = text_of("\n".join(f"{number} sign-off 2017-02-07" for number in range(200)), "en")

    assert "more lines\nMessage " in words


@pytest.mark.parametrize("length", [660, 670, 675, 676, 677, 678, 679, 680, 2000])
def test_one_line_that_is_too_long_is_cut_between_characters(length: int) -> None:
    words = text_of("样" * length)

    assert len(words.encode()) <= 2048
    first, _, last = words.rpartition("\n")
    assert reference(MESSAGE.key, "zh") == last
    assert first in ("样" * length, "样" * (len(first) - 1) + "…")
    assert len(words.encode()) > 2048 - 6 or "样" * length == first


def test_what_just_fits_is_not_cut() -> None:
    room = 2048 - len(("\n" + reference(MESSAGE.key, "zh")).encode())

    assert ("x" * room) in text_of("x" * room)
    assert ("x" * room) not in text_of("x" * (room + 1))


# -- what an answer means ------------------------------------------------------------------------

YES: Final = b'{"errcode": 0, "code": 0}'


@pytest.mark.parametrize(
    ("kind", "number", "expected"),
    [
        (DingTalk, 310000, ChannelRefused),
        (DingTalk, 300001, ChannelRefused),
        (DingTalk, 400101, ChannelRefused),
        (DingTalk, 130101, ChannelFailed),
        (DingTalk, 410100, ChannelFailed),
        (DingTalk, -1, ChannelFailed),
        (WeCom, 93000, ChannelRefused),
        (WeCom, 45009, ChannelFailed),
        (WeCom, -1, ChannelFailed),
        (Feishu, 19001, ChannelRefused),
        (Feishu, 19021, ChannelRefused),
        (Feishu, 19024, ChannelRefused),
        (Feishu, 9499, ChannelFailed),
        (Feishu, 11232, ChannelFailed),
    ],
)
@pytest.mark.parametrize("status", [200, 400])
def test_a_number_that_stays_a_no_goes_to_the_next_channel_and_any_other_waits(
    kind: type[Robot],
    number: int,
    expected: type[ChannelFailed],
    status: int,
) -> None:
    name = "code" if kind is Feishu else "errcode"
    answer = json.dumps({name: number, "errmsg": "样例"}, ensure_ascii=False).encode()
    error = failure(kind, WebServer(status=status, answer=answer))

    assert (expected, str(number)) == (type(error), error.params["status"])


@pytest.mark.parametrize(
    ("status", "answer", "expected"),
    [
        (200, b"<html>please log in</html>", ChannelUncertain),
        (200, b"", ChannelUncertain),
        (200, b"[0]", ChannelUncertain),
        (200, b'{"errcode": "0"}', ChannelUncertain),
        (200, b'{"errcode": false}', ChannelUncertain),
        (200, b"[" * 60_000, ChannelUncertain),
        (200, b'{"errcode": 0, "x": "' + b"x" * 70_000 + b'"}', ChannelUncertain),
        (204, b"", ChannelUncertain),
        (302, b"", ChannelRefused),
        (403, b"<html>", ChannelRefused),
        (404, b"", ChannelRefused),
        (404, YES, ChannelRefused),
        (407, b"", ChannelFailed),
        (408, b"", ChannelFailed),
        (429, b"", ChannelFailed),
        (500, b"", ChannelFailed),
        (503, YES, ChannelFailed),
        (504, b"", ChannelUncertain),
    ],
)
def test_an_answer_that_is_not_a_robots_is_no_yes(
    status: int, answer: bytes, expected: type[ChannelFailed]
) -> None:
    error = failure(DingTalk, WebServer(status=status, answer=answer))

    assert expected is type(error)


def test_nobody_is_followed_to_another_address() -> None:
    with peers.web_server(WebServer(answer=YES)) as other:
        headers = {"Location": f"{other.url}/robot/send"}
        error = failure(DingTalk, WebServer(status=307, headers=headers))

    assert (ChannelRefused, "307", []) == (type(error), error.params["status"], other.posted)


def test_an_answer_without_an_end_is_read_no_further_than_one_can_be() -> None:
    error = failure(DingTalk, WebServer(instead=peers.flood))

    assert ChannelUncertain is type(error)


@pytest.mark.parametrize(
    "said",
    [
        b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200 + b"\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"y" * 70_000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"SSH-2.0-sample\r\n",
        b"\x00" * 100,
    ],
)
def test_an_answer_that_is_no_http_leaves_it_uncertain(said: bytes) -> None:
    error = failure(DingTalk, WebServer(instead=lambda connection: connection.sendall(said)))

    assert ChannelUncertain is type(error)


def test_a_body_that_drips_ends_with_the_time() -> None:
    def drip(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        peers.drip(connection, b" ")

    error = failure(DingTalk, WebServer(instead=drip), seconds=0.5)

    assert ChannelUncertain is type(error)


def test_a_server_that_only_takes_the_call_and_hangs_is_left() -> None:
    with peers.raw_server(peers.until_gone) as port, pytest.raises(ChannelUncertain):
        DingTalk(f"http://{HERE}:{port}", Web(seconds=0.5)).send(MESSAGE)


# -- TLS and the proxy ---------------------------------------------------------------------------


def test_a_certificate_of_nobody_known_stops_the_message(tmp_path: Path) -> None:
    context = peers.certificates(tmp_path).context()
    with peers.web_server(WebServer(answer=YES), context=context) as server:
        channel = DingTalk(f"https://{HERE}:{server.port}", Web(seconds=LONG))
        with pytest.raises(ChannelFailed) as caught:
            channel.send(MESSAGE)

    assert ("alert_insecure", []) == (caught.value.code, server.posted)
    assert caught.value.code in OFFICE_FAULTS


def test_an_authority_that_the_system_knows_is_believed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = peers.certificates(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(made.authority))
    with peers.web_server(WebServer(answer=YES), context=made.context()) as server:
        DingTalk(f"https://{HERE}:{server.port}", Web(seconds=LONG)).send(MESSAGE)

    assert 1 == len(server.posted)


def test_a_handshake_that_hangs_delivers_certainly_nothing() -> None:
    with peers.raw_server(peers.until_gone) as port, pytest.raises(ChannelFailed) as caught:
        DingTalk(f"https://{HERE}:{port}", Web(seconds=0.5)).send(MESSAGE)

    assert (ChannelFailed, "alert_timed_out") == (caught.type, caught.value.code)


def test_a_proxy_gets_what_is_for_other_machines_with_its_own_login() -> None:
    with peers.web_server(WebServer(answer=YES)) as proxy:
        address = proxy.url.replace("//", "//office:p%40ss@")
        DingTalk("http://chat.sample.invalid", Web(seconds=LONG, proxy=address)).send(MESSAGE)

    (found,) = proxy.posted
    assert f"http://chat.sample.invalid/robot/send?access_token={TOKEN}" == found.path
    login = base64.b64encode(b"office:p@ss").decode()
    assert f"Basic {login}" == found.headers["proxy-authorization"]


def test_this_machine_is_spoken_to_without_the_proxy() -> None:
    with peers.web_server(WebServer(answer=YES)) as server:
        web = Web(seconds=LONG, proxy=f"http://{HERE}:{peers.free_port()}")
        DingTalk(server.url, web).send(MESSAGE)

    assert 1 == len(server.posted)


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n", "alert_proxy_failed"),
        (b"HTTP/1.1 403 Forbidden\r\n\r\n", "alert_proxy_failed"),
        (b"HTTP/1.1 502 Bad Gateway\r\n\r\n", "alert_unreachable"),
        (b"", "alert_unreachable"),
    ],
)
def test_a_proxy_that_lets_nothing_through_loses_nothing(answer: bytes, code: str) -> None:
    asked: list[bytes] = []

    def converse(connection: socket.socket) -> None:
        asked.append(connection.recv(1000))
        connection.sendall(answer)

    with peers.raw_server(converse) as port:
        web = Web(seconds=LONG, proxy=f"http://office:secret@{HERE}:{port}")
        channel = DingTalk("https://chat.sample.invalid", web)
        with pytest.raises(ChannelFailed) as caught:
            channel.send(MESSAGE)

    assert (ChannelFailed, code) == (caught.type, caught.value.code)
    assert asked[0].startswith(b"CONNECT chat.sample.invalid:443 ")
    assert b"proxy-authorization: basic" in asked[0].lower()
    assert TOKEN.encode() not in asked[0]
    assert "secret" not in str(caught.value)


def test_the_settings_of_the_environment_for_proxies_are_not_followed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("http_proxy", f"http://{HERE}:{peers.free_port()}")
    monkeypatch.setenv("no_proxy", "")
    assert f"/robot/send?access_token={TOKEN}" == posted(DingTalk).path


# -- addresses -----------------------------------------------------------------------------------


def test_an_address_shows_enough_to_know_it_and_no_more() -> None:
    web = Web(seconds=1)
    channel = DingTalk("https://chat.sample.example", web)

    assert "0123…" == channel.shown(TOKEN)
    assert "0123…:***" == channel.shown(f"{TOKEN}:{SECRET}")
    assert "***" == channel.shown("https://chat.sample.example/robot/send?access_token=1")


def test_a_whole_web_address_is_refused_with_what_to_give_instead() -> None:
    channel = WeCom("https://chat.sample.example", Web(seconds=1))
    with pytest.raises(InvalidInput) as caught:
        channel.check("https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=" + TOKEN)

    assert {"channel": "wecom", "value": "***", "problem": "no_token"} == caught.value.params
