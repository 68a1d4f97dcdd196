"""The other sides: mail servers, robots and webhooks on this machine that behave, or do not.

Every server listens on 127.0.0.1 at a port of its own and ends with its ``with``.
"""

from __future__ import annotations

import json
import socket
import ssl
import threading
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any, Final

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from typing_extensions import override

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from aiosmtpd.smtp import SMTP, Envelope, Session

HERE: Final = "127.0.0.1"
TICK: Final = 0.02
"""Seconds between two bytes of a server that drips."""


# -- certificates --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Certificates:
    """An authority, and a certificate by it for 127.0.0.1 or for another name."""

    authority: Path
    chain: Path

    def context(self) -> ssl.SSLContext:
        """Return what a server needs."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.chain)
        return context


@cache
def _authority() -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Sample authority")])
    usage = x509.KeyUsage(
        digital_signature=True,
        key_cert_sign=True,
        crl_sign=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )
    made = (
        _certificate(name, name, key.public_key())
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
    return key, made.sign(key, hashes.SHA256())


def _certificate(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey
) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
    )


def certificates(directory: Path, *, host: str = HERE) -> Certificates:
    """Make a certificate for ``host``, which is an address or a name."""
    authority_key, authority = _authority()
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Sample server")])
    try:
        alternative: x509.GeneralName = x509.IPAddress(ip_address(host))
    except ValueError:
        alternative = x509.DNSName(host)
    issuer_key = x509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key.public_key())
    made = (
        _certificate(name, authority.subject, key.public_key())
        .add_extension(x509.SubjectAlternativeName([alternative]), critical=False)
        .add_extension(issuer_key, critical=False)
        .sign(authority_key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    authority_file, chain = directory / "authority.pem", directory / "server.pem"
    authority_file.write_bytes(authority.public_bytes(pem))
    private = key.private_bytes(
        pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    chain.write_bytes(private + made.public_bytes(pem))
    return Certificates(authority_file, chain)


# -- mail ----------------------------------------------------------------------------------------


def free_port() -> int:
    """Return a port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind((HERE, 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass
class MailServer:
    """What a real mail server is told to answer, and what it has taken."""

    answers: dict[str, str] = field(default_factory=dict)
    """By command, where it is not simply yes."""
    port: int = 0
    taken: list[bytes] = field(default_factory=list)
    envelopes: list[Envelope] = field(default_factory=list)
    sessions: list[Session] = field(default_factory=list)

    async def handle_MAIL(  # noqa: N802 # aiosmtpd looks for these names
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return self.answers.get("MAIL", "250 OK")

    async def handle_RCPT(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _: list[str]
    ) -> str:
        if "RCPT" not in self.answers:
            envelope.rcpt_tos.append(address)
        return self.answers.get("RCPT", "250 OK")

    async def handle_DATA(  # noqa: N802
        self, _server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        if "DATA" not in self.answers:
            assert isinstance(envelope.content, bytes)
            self.taken.append(envelope.content)
            self.envelopes.append(envelope)
            self.sessions.append(session)
        return self.answers.get("DATA", "250 OK")


@contextmanager
def mail_server(server: MailServer | None = None, **options: Any) -> Iterator[MailServer]:
    """Run a mail server; ``options`` are those of aiosmtpd."""
    server = server or MailServer()
    server.port = free_port()
    controller = Controller(
        server, hostname=HERE, port=server.port, enable_SMTPUTF8=True, ready_timeout=30, **options
    )
    controller.start()
    try:
        yield server
    finally:
        controller.stop()


def only(user: str, password: str) -> Callable[..., AuthResult]:
    """Return what lets one user log in with one password, and nobody else."""

    def authenticate(*arguments: Any) -> AuthResult:
        given = arguments[-1]
        right = given == LoginPassword(user.encode(), password.encode())
        # Unless it is told that nothing was answered yet, aiosmtpd leaves the client waiting.
        return AuthResult(success=right, handled=False)

    return authenticate


# -- servers that do not keep to any protocol ----------------------------------------------------


@contextmanager
def raw_server(converse: Callable[[socket.socket], None]) -> Iterator[int]:
    """Run ``converse`` with whoever connects, and give the port."""
    connections: list[socket.socket] = []

    def serve(listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                connection, _ = listener.accept()
                connections.append(connection)
                threading.Thread(target=_conversation, args=(converse, connection)).start()

    with socket.create_server((HERE, 0)) as listener:
        serving = threading.Thread(target=serve, args=(listener,))
        serving.start()
        try:
            yield listener.getsockname()[1]
        finally:
            with suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
            for connection in connections:
                with suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
            serving.join()


def _conversation(converse: Callable[[socket.socket], None], connection: socket.socket) -> None:
    with connection, suppress(OSError):
        converse(connection)


def until_gone(connection: socket.socket) -> None:
    """Say nothing until the other side has left."""
    while connection.recv(65536):
        pass


def drip(connection: socket.socket, forever: bytes) -> None:
    """Say one byte after the other until the other side has left."""
    gone = threading.Event()
    while True:
        for byte in forever:
            connection.sendall(bytes([byte]))
            gone.wait(TICK)


def smtp(
    after: Callable[[socket.socket], None], taken: list[bytes], *, greeting: bytes = b"220 sample"
) -> Callable[[socket.socket], None]:
    """Return a conversation that takes a message by the protocol, and then does ``after``."""

    def converse(connection: socket.socket) -> None:
        lines = connection.makefile("rb")
        connection.sendall(greeting + b"\r\n")
        for line in lines:
            if line[:4].upper() == b"DATA":
                connection.sendall(b"354 go on\r\n")
                break
            connection.sendall(b"250 OK\r\n")
        message: list[bytes] = []
        for line in lines:
            if line == b".\r\n":
                taken.append(b"".join(message))
                after(connection)
                return
            message.append(line.removeprefix(b"."))

    return converse


# -- the web -------------------------------------------------------------------------------------


@dataclass
class Posted:
    """One request, as it came."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def document(self) -> Any:
        """What was posted."""
        return json.loads(self.body)


@dataclass
class WebServer:
    """What a web server answers, and what was posted to it."""

    status: int = 200
    answer: bytes = b"{}"
    headers: dict[str, str] = field(default_factory=dict)
    instead: Callable[[socket.socket], None] | None = None
    """What is done with the connection, instead of an answer."""
    posted: list[Posted] = field(default_factory=list)
    port: int = 0

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://{HERE}:{self.port}"


class _Handler(BaseHTTPRequestHandler):
    told: WebServer

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.told.posted.append(Posted(self.path, headers, body))
        if self.told.instead is not None:
            self.close_connection = True
            with suppress(OSError):
                self.told.instead(self.connection)
            return
        self.send_response(self.told.status)
        for name, value in self.told.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(self.told.answer)))
        self.end_headers()
        self.wfile.write(self.told.answer)

    @override
    def log_message(self, format: str, *args: Any) -> None:
        del format, args


class _Threading(ThreadingHTTPServer):
    # Whoever has left in the middle is what is tested.
    @override
    def handle_error(self, request: Any, client_address: Any) -> None:
        del request, client_address


@contextmanager
def web_server(server: WebServer, *, context: ssl.SSLContext | None = None) -> Iterator[WebServer]:
    """Run a web server, with TLS if there is a ``context``."""
    handler = type("Handler", (_Handler,), {"told": server})
    with _Threading((HERE, 0), handler) as listening:
        if context is not None:
            listening.socket = context.wrap_socket(
                listening.socket, server_side=True, do_handshake_on_connect=False
            )
        server.port = listening.server_address[1]
        serving = threading.Thread(target=listening.serve_forever, args=(0.01,))
        serving.start()
        try:
            yield server
        finally:
            listening.shutdown()
            serving.join()


def flood(connection: socket.socket) -> None:
    """Begin a good answer and never end it, as fast as it goes."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n")
    while True:
        connection.sendall(b" " * 65536)
