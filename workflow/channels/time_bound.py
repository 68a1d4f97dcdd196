"""A bound on how long a conversation over the network may take as a whole.

The timeout of a socket starts anew with each byte, so a server that sends one byte a second holds
its client for ever. Here a watchdog shuts the connection when the time is over, wherever the client
is at that moment: in a handshake, a reply or a body.
"""

from __future__ import annotations

import socket
import threading
import time
from contextlib import suppress
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from types import TracebackType


def is_loopback(host: str) -> bool:
    """Tell whether a host is this machine, by its name alone."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


class TimeBound:
    """Makes connections that end with it, or when its ``seconds`` are over; for one ``with``.

    The time begins when the bound is made. After it, whatever waits for a connection gets an end
    of file or an ``OSError``, and :attr:`over` is true.
    """

    def __init__(self, seconds: float) -> None:
        """Begin to count."""
        self._end = time.monotonic() + seconds
        self._watchdog = threading.Timer(seconds, self._shut)
        self._watchdog.daemon = True
        self._lock = threading.Lock()
        self._held: list[socket.socket] = []
        self._over = False

    def __enter__(self) -> Self:
        """Set the watchdog."""
        self._watchdog.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Call it off."""
        self._watchdog.cancel()
        with self._lock:
            for held in self._held:
                held.close()
            self._held.clear()

    @property
    def over(self) -> bool:
        """Whether the time is over."""
        return self._over or time.monotonic() >= self._end

    def connect(self, host: str, port: int) -> socket.socket:
        """Return a connection to ``host``, by the first of its addresses that answers.

        Raises ``OSError`` if none does, ``TimeoutError`` when the time is over.
        """
        failure: OSError = TimeoutError()
        for family, kind, protocol, _, address in self._addresses(host, port):
            made = socket.socket(family, kind, protocol)
            try:
                made.settimeout(self._left())
                made.connect(address)
                self._hold(made)
            except OSError as error:
                made.close()
                failure = error
            else:
                return made
        raise failure

    def _left(self) -> float:
        left = self._end - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left

    def _addresses(self, host: str, port: int) -> list[Any]:
        """Look ``host`` up; the system's own look-up knows no timeout, so it is left behind."""
        found: list[Any] = []

        def look_up() -> None:
            try:
                found.append(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
            except (OSError, UnicodeError) as error:
                found.append(error)

        looking = threading.Thread(target=look_up, daemon=True)
        looking.start()
        looking.join(self._left())
        if not found:
            raise TimeoutError
        if isinstance(found[0], UnicodeError):
            raise OSError(str(found[0]))
        if isinstance(found[0], OSError):
            raise found[0]
        addresses: list[Any] = found[0]
        return addresses

    def _hold(self, made: socket.socket) -> None:
        # TLS takes the socket over; its twin shares the connection and stays ours.
        with self._lock:
            self._left()
            self._held.append(made.dup())

    def _shut(self) -> None:
        with self._lock:
            self._over = True
            for held in self._held:
                with suppress(OSError):
                    held.shutdown(socket.SHUT_RDWR)
