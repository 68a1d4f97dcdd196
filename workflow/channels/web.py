"""One call over HTTP, bounded in time and size, as chat robots, webhooks and watchers get it.

No redirect is followed: an address that moves is an address that somebody has to change. No
connection outlives its message, no cookie is kept, nothing of the environment (``HTTPS_PROXY``) is
looked at.
"""

from __future__ import annotations

import logging
import re
import ssl
from contextlib import closing
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import SplitResult, unquote, urlsplit

import urllib3
from typing_extensions import override
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError
from urllib3.util import make_headers

from workflow.channels.time_bound import TimeBound, is_loopback
from workflow.errors import ChannelFailed, ChannelRefused, ChannelUncertain

if TYPE_CHECKING:
    from collections.abc import Mapping
    from socket import socket

MOST_READ: Final = 64 * 1024
"""So many bytes of an answer are read; a longer one is no answer of a robot."""
_AGENT: Final = "gongkai"
_TUNNEL: Final = re.compile(r"Tunnel connection failed: (\d{3})")
_LABEL: Final = "[a-z0-9](?:[a-z0-9_-]{0,61}[a-z0-9])?"
_HOST: Final = re.compile(rf"(?:{_LABEL}\.)*{_LABEL}|[0-9a-f:]*:[0-9a-f:.]*", re.IGNORECASE)
_URL: Final = re.compile(r"[!-~]{1,2000}")
# In detail, it would log each path with its query, and so the tokens of robots.
logging.getLogger("urllib3").setLevel(logging.INFO)
OK: Final = range(200, 300)
"""The statuses that say yes."""
_BUSY: Final = frozenset({408, 425, 429})
_PROXY_LOGIN: Final = 407
_GATEWAY_TIMEOUT: Final = 504
_SERVER: Final = 500


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back: the HTTP status, and the body unless it was too long."""

    status: int
    body: bytes | None


def read_url(url: str, *, plain: bool) -> SplitResult:
    """Return the parts of an address to which something may be posted.

    It has ``https``, or ``http`` if ``plain`` says so or the host is this machine. Raises
    ``ValueError`` with ``characters``, ``no_url``, ``not_https`` or ``login_in_url``.
    """
    if not _URL.fullmatch(url) or "\\" in url:
        raise ValueError("characters")
    try:
        parts = urlsplit(url)
        port, host = parts.port, parts.hostname or ""
    except ValueError:
        raise ValueError("no_url") from None
    if parts.scheme not in {"http", "https"} or not _HOST.fullmatch(host) or port == 0:
        raise ValueError("no_url")
    if "@" in parts.netloc:
        raise ValueError("login_in_url")
    if parts.scheme == "http" and not plain and not is_loopback(host):
        raise ValueError("not_https")
    return parts


def read_proxy(url: str) -> str:
    """Return the address of an HTTP proxy; raises ``ValueError`` saying what is wrong."""
    try:
        parts = urlsplit(url)
        port, host = parts.port, parts.hostname or ""
    except ValueError:
        raise ValueError("no_proxy") from None
    more = parts.path.strip("/") or parts.query or parts.fragment
    known = parts.scheme in {"http", "https"} and _HOST.fullmatch(host) and port != 0
    if not known or more or not _URL.fullmatch(url):
        raise ValueError("no_proxy")
    return url


def peer_of(url: str) -> str:
    """Return the host, and port if it says one, of an address: what of it may be told."""
    return urlsplit(url).netloc.rpartition("@")[2]


class Web:
    """Calls for the channels; certificates are verified by the authorities of the system."""

    def __init__(self, *, seconds: float, proxy: str | None = None) -> None:
        """Give each call ``seconds`` in all, by way of ``proxy`` unless it is to this machine."""
        self._seconds = seconds
        self._proxy = proxy

    @cached_property
    def _context(self) -> ssl.SSLContext:
        return ssl.create_default_context()

    def post(self, url: str, body: bytes, *, channel: str, headers: Mapping[str, str]) -> Reply:
        """Post ``body`` as JSON to ``url``, for ``channel``; return the reply, whatever it says.

        Raises ``ChannelFailed`` if there was no connection to send it by, and ``ChannelUncertain``
        if there was one and no reply. Neither tells more of ``url`` than its host.
        """
        said = {"Content-Type": "application/json; charset=utf-8", **headers}
        return self._call("POST", url, body, channel=channel, headers=said)

    def get(self, url: str, *, channel: str) -> Reply:
        """Ask for ``url`` and return the reply, whatever it says; raises what :meth:`post` does."""
        return self._call("GET", url, None, channel=channel, headers={})

    def _call(
        self, method: str, url: str, body: bytes | None, *, channel: str,
        headers: Mapping[str, str],
    ) -> Reply:  # fmt: skip
        headers = {
            "Accept-Encoding": "identity",
            "Connection": "close",
            "User-Agent": _AGENT,
            **headers,
        }
        with TimeBound(self._seconds) as bound:
            trip = _Trip(bound)
            try:
                with (
                    self._manager(url, trip) as manager,
                    closing(
                        manager.request(
                            method,
                            url,
                            body=body,
                            headers=headers,
                            preload_content=False,
                            decode_content=False,
                            redirect=False,
                            retries=False,
                            timeout=self._seconds,
                        )
                    ) as answer,
                ):
                    read = answer.read(MOST_READ + 1)
                if bound.over:
                    # Cut off by the watchdog, the headers may seem to have ended.
                    raise TimeoutError
            except (HTTPError, OSError) as error:
                if trip.connected:
                    raise ChannelUncertain(
                        "alert_unanswered", channel=channel, peer=peer_of(url)
                    ) from error
                raise self._not_connected(trip, channel=channel, peer=peer_of(url)) from error
        return Reply(answer.status, read if len(read) <= MOST_READ else None)

    def _manager(self, url: str, trip: _Trip) -> urllib3.PoolManager:
        arguments: dict[str, Any] = {}
        if url.startswith("https:"):
            arguments["ssl_context"] = self._context
        if self._proxy is None or is_loopback(urlsplit(url).hostname or ""):
            manager = urllib3.PoolManager(1, **arguments)
        else:
            parts = urlsplit(self._proxy)
            login = f"{unquote(parts.username or '')}:{unquote(parts.password or '')}"
            manager = urllib3.ProxyManager(
                f"{parts.scheme}://{peer_of(self._proxy)}",
                1,
                proxy_headers=make_headers(proxy_basic_auth=login if parts.username else None),
                proxy_ssl_context=self._context if parts.scheme == "https" else None,
                **arguments,
            )
        manager.pool_classes_by_scheme = {
            "http": _pool(urllib3.HTTPConnectionPool, _Plain, trip),
            "https": _pool(urllib3.HTTPSConnectionPool, _Secure, trip),
        }
        return manager

    def _not_connected(self, trip: _Trip, *, channel: str, peer: str) -> ChannelFailed:
        error = trip.failure
        reason: str | None
        if isinstance(error, ssl.SSLCertVerificationError):
            reason = error.verify_message
            return ChannelFailed("alert_insecure", channel=channel, peer=peer, reason=reason)
        if trip.bound.over or isinstance(error, TimeoutError):
            return ChannelFailed(
                "alert_timed_out", channel=channel, peer=peer, seconds=self._seconds
            )
        if isinstance(error, ssl.SSLError):
            reason = error.reason or "TLS"
            return ChannelFailed("alert_insecure", channel=channel, peer=peer, reason=reason)
        refused = _TUNNEL.search(str(error))
        if refused is not None and int(refused[1]) < _SERVER:
            return ChannelFailed("alert_proxy_failed", channel=channel, status=refused[1])
        reason = error.strerror if isinstance(error, OSError) else None
        return ChannelFailed("alert_unreachable", channel=channel, peer=peer, reason=reason)


def judge(status: int, *, channel: str, peer: str) -> None:
    """Return if an HTTP ``status`` says that the message was taken; else raise what it means."""
    if status in OK:
        return
    if status == _PROXY_LOGIN:
        raise ChannelFailed("alert_proxy_failed", channel=channel, status=str(status))
    if status == _GATEWAY_TIMEOUT:
        # Somebody on the way has passed it on and heard no more of it.
        raise ChannelUncertain("alert_unanswered", channel=channel, peer=peer)
    if status in _BUSY or status >= _SERVER:
        raise ChannelFailed("alert_put_off", channel=channel, peer=peer, status=str(status))
    raise ChannelRefused("alert_refused", channel=channel, peer=peer, status=str(status))


@dataclass(slots=True)
class _Trip:
    """How far one call has come, as its connection tells."""

    bound: TimeBound
    connected: bool = False
    failure: BaseException | None = None


class _Bounded(HTTPConnection):
    """A connection within the bound of its trip."""

    trip: _Trip

    @override
    def _new_conn(self) -> socket:
        return self.trip.bound.connect(self._dns_host, self.port)

    @override
    def connect(self) -> None:
        """Connect, TLS and the way through a proxy included."""
        try:
            super().connect()
        except BaseException as error:
            self.trip.failure = error
            raise
        self.trip.connected = True


class _Plain(_Bounded):
    """Without TLS."""


class _Secure(_Bounded, HTTPSConnection):
    """With TLS."""


def _pool(kind: type, connection: type[_Bounded], trip: _Trip) -> type:
    """Return a kind of pool whose connections belong to ``trip``."""
    made = type(connection.__name__, (connection,), {"trip": trip})
    return type(kind.__name__, (kind,), {"ConnectionCls": made})
