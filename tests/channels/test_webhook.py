"""The webhook: what the receiver gets, and how it knows who sent it."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

import pytest

from tests.channels import peers
from tests.channels.peers import HERE, WebServer
from tests.channels.test_contract import LONG
from tests.test_docs import fence
from workflow.channels.web import Web
from workflow.channels.webhook import Webhook
from workflow.errors import ChannelFailed, ChannelRefused, ChannelUncertain, InvalidInput
from workflow.testing import FrozenClock, sample_message

if TYPE_CHECKING:
    import socket

SECRET: Final = "0123456789abcdef"
NOW: Final = datetime(2017, 1, 23, 2, tzinfo=UTC)


def hook(*, plain: bool = False, seconds: float = LONG) -> Webhook:
    return Webhook(Web(seconds=seconds), plain=plain, clock=FrozenClock(NOW))


def send(server: WebServer, *, path: str = "/hook?a=1", seconds: float = LONG) -> None:
    channel = hook(seconds=seconds)
    channel.send(sample_message(1, to=channel.check(f"{server.url}{path}#{SECRET}")))


def test_the_receiver_gets_data_key_and_a_signature_over_time_and_body() -> None:
    with peers.web_server(WebServer(status=204)) as server:
        send(server)

    (found,) = server.posted
    message = sample_message(1, to="")
    assert {
        "key": message.key,
        "at": "2017-01-20T01:00:00+00:00",
        "language": "zh",
        "data": message.data,
    } == found.document
    signed = hmac.new(SECRET.encode(), b"1485136800." + found.body, hashlib.sha256).hexdigest()
    assert ("1485136800", f"sha256={signed}") == (
        found.headers["x-gongkai-timestamp"],
        found.headers["x-gongkai-signature"],
    )
    assert ("/hook?a=1", f'"{message.key}"') == (found.path, found.headers["idempotency-key"])
    assert SECRET not in str(found)


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (301, ChannelRefused),
        (308, ChannelRefused),
        (400, ChannelRefused),
        (401, ChannelRefused),
        (410, ChannelRefused),
        (425, ChannelFailed),
        (429, ChannelFailed),
        (500, ChannelFailed),
        (503, ChannelFailed),
        (504, ChannelUncertain),
    ],
)
def test_each_status_means_what_it_says(status: int, expected: type[ChannelFailed]) -> None:
    headers = {"Location": "http://127.0.0.1:1/"}
    told = WebServer(status=status, headers=headers)
    with peers.web_server(told) as server, pytest.raises(ChannelFailed) as caught:
        send(server)

    assert expected is caught.type
    assert 1 == len(told.posted)


def test_a_flood_after_the_status_does_no_harm() -> None:
    with peers.web_server(WebServer(instead=peers.flood)) as server:
        send(server)

    assert 1 == len(server.posted)


def test_headers_that_drip_are_no_yes() -> None:
    def drip(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\n")
        peers.drip(connection, b"X: y\r\n")

    with peers.web_server(WebServer(instead=drip)) as server, pytest.raises(ChannelUncertain):
        send(server, seconds=0.5)


def test_what_cannot_be_written_in_utf8_arrives_escaped() -> None:
    channel = hook()
    with peers.web_server(WebServer()) as server:
        message = sample_message(1, to=channel.check(f"{server.url}/#{SECRET}"))
        channel.send(replace(message, key=" x ", data={"title": "\ud800\r\n"}))

    (found,) = server.posted
    assert ({"title": "\ud800\r\n"}, '" x "') == (
        found.document["data"],
        found.headers["idempotency-key"],
    )


def test_the_receiver_that_the_manual_shows_believes_us_and_nobody_else() -> None:
    page = "docs/how-to/set-up-alert-channels.md"
    written: dict[str, Any] = {}
    exec(fence(page, "python", "import hashlib"), written)  # noqa: S102 # it is our own
    believed = written["sent_by_gongkai"]
    channel = Webhook(Web(seconds=LONG))
    with peers.web_server(WebServer()) as server:
        channel.send(sample_message(1, to=f"{server.url}/#{SECRET}"))

    (found,) = server.posted
    headers = {
        "X-Gongkai-Timestamp": found.headers["x-gongkai-timestamp"],
        "X-Gongkai-Signature": found.headers["x-gongkai-signature"],
    }
    assert believed(headers, found.body, SECRET)
    assert not believed(headers, found.body + b" ", SECRET)
    assert not believed(headers, found.body, "another")
    stamp = str(int(headers["X-Gongkai-Timestamp"]) + 1)
    assert not believed(headers | {"X-Gongkai-Timestamp": stamp}, found.body, SECRET)
    with peers.web_server(WebServer()) as server:
        hook().send(sample_message(1, to=f"{server.url}/#{SECRET}"))
    (old,) = server.posted
    stale = {
        "X-Gongkai-Timestamp": old.headers["x-gongkai-timestamp"],
        "X-Gongkai-Signature": old.headers["x-gongkai-signature"],
    }
    assert not believed(stale, old.body, SECRET)


def test_an_address_has_one_form() -> None:
    channel = hook()
    expected = f"https://hook.sample.example/A?b#{SECRET}"

    assert expected == channel.check(f" HTTPS://Hook.Sample.Example/A?b#{SECRET} ")
    assert f"https://hook.sample.example/#{SECRET}" == channel.check(
        f"https://hook.sample.example#{SECRET}"
    )
    assert f"http://localhost:80/#{SECRET}" == channel.check(f"http://localhost:80#{SECRET}")


def test_http_to_other_machines_has_to_be_allowed() -> None:
    address = f"http://hook.sample.example/#{SECRET}"

    assert address == hook(plain=True).check(address)
    with pytest.raises(InvalidInput) as caught:
        hook().check(address)
    assert "not_https" == caught.value.params["problem"]


def test_an_address_shows_its_host_alone() -> None:
    channel = hook()

    assert "https://hook.sample.example:8443/…" == channel.shown(
        f"https://hook.sample.example:8443/path-secret#{SECRET}"
    )
    assert "***" == channel.shown(f"https://user:secret@hook.sample.example/#{SECRET}")
    assert "***" == channel.shown("secret")


def test_a_server_that_is_gone_at_once_may_have_taken_it() -> None:
    channel = hook()
    with peers.raw_server(lambda _: None) as port, pytest.raises(ChannelUncertain):
        channel.send(sample_message(1, to=f"http://{HERE}:{port}/#{SECRET}"))
