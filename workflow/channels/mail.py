"""E-mail over SMTP: one connection for each message, verified, and bounded in time as a whole.

What an answer of the server means depends on what it answers. About the addressee and the message
(``RCPT``, ``DATA``), 5xx is for good. About *us* (the greeting, TLS, the login, ``MAIL FROM``) it
is not: a password that has expired must not make every alert of the night undeliverable for ever.
Those are temporary for the message and named among ``OFFICE_FAULTS``. From the last byte of the
message to the reply, and only then, it is uncertain whether the message was taken.

What the server says in words is repeated nowhere: it may quote the message or the addressee.
"""

from __future__ import annotations

import re
import smtplib
import ssl
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from email.charset import BASE64, Charset
from email.header import Header
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.policy import compat32
from email.utils import format_datetime
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl, unquote, urlsplit

from typing_extensions import override

from workflow.channels.alerting import name_of
from workflow.channels.time_bound import TimeBound, is_loopback
from workflow.errors import ChannelFailed, ChannelRefused, ChannelUncertain, InvalidInput

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from socket import socket

    from workflow.channels.alerting import Message

_LONGEST_ADDRESS: Final = 254
_LONGEST_LOCAL: Final = 64
_LOCAL: Final = re.compile(r"[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*")
_DOMAIN: Final = re.compile(
    r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])"
)
_ENHANCED: Final = re.compile(rb"[245]\.\d{1,3}\.\d{1,3}\b")
_HOST: Final = re.compile(r"[A-Za-z0-9.-]+|[0-9a-f:]*:[0-9a-f:.]*", re.IGNORECASE)
_PORTS: Final = {"implicit": 465, "starttls": 587, "none": 25}
_LONGEST_LINE: Final = 2048
_MOST_LINES: Final = 100
_READY: Final = 220
_DONE: Final = 250
_GO_ON: Final = 354
_WANTS_LOGIN: Final = frozenset({530, 534, 535, 538})
_TOO_LARGE: Final = 552
_LATER: Final = 400
_NEVER: Final = 500
_BEYOND: Final = 600


def check_address(address: str, *, channel: str) -> str:
    """Return the normal form of an e-mail address: the domain in small letters and as ASCII.

    The part before the ``@`` stays as it is and may hold letters of any script. Raises
    ``InvalidInput`` (``address_wrong``), also for what is allowed and never used: quoted names,
    domains without a dot and addresses in brackets.
    """
    plain = address.strip(" ")
    local, at, domain = plain.rpartition("@")
    problem = None
    with suppress(UnicodeError):
        domain = domain.encode("idna").decode("ascii").lower()
    if len(f"{local}@{domain}".encode("utf-8", "replace")) > _LONGEST_ADDRESS:
        problem = "too_long"
    elif not plain.isprintable() or any(character.isspace() for character in plain):
        problem = "characters"
    elif not at or not _LOCAL.fullmatch(local) or not _DOMAIN.fullmatch(domain):
        problem = "no_mail_address"
    elif len(local.encode()) > _LONGEST_LOCAL:
        problem = "too_long"
    if problem is not None:
        # A line break or half a character would spoil the line that says so.
        value = address if address.isprintable() else ascii(address)[1:-1]
        raise InvalidInput("address_wrong", channel=channel, value=value, problem=problem)
    return f"{local}@{domain}"


@dataclass(frozen=True, slots=True)
class Sender:
    """From whom messages come: an ASCII ``address``, and a ``name`` that may be empty."""

    address: str
    name: str = ""

    @classmethod
    def read(cls, value: str) -> Sender:
        """Read ``address`` or ``name <address>``; raises ``ValueError`` saying what is wrong."""
        name, bracket, rest = value.strip().rpartition("<")
        written = rest.removesuffix(">") if bracket else rest
        if bracket and not rest.endswith(">"):
            raise ValueError("no_mail_address")
        try:
            address = check_address(written, channel="email")
        except InvalidInput as error:
            raise ValueError("no_mail_address") from error
        if not address.isascii():
            raise ValueError("sender_not_ascii")
        return cls(address, _one_line(name).strip('" '))

    @property
    def domain(self) -> str:
        """What stands behind the ``@``."""
        return self.address.rpartition("@")[2]


def letter(message: Message, sender: Sender) -> bytes:
    """Return ``message`` as it goes over the wire: headers, and text and HTML as alternatives.

    The same message from the same sender is the same to the byte. The Message-ID is made from the
    key and the sender's domain alone. Lines end in CR LF and have 78 bytes at most, but for an
    address that is longer; all is ASCII, but for an address that is not.
    """
    # The newer `EmailMessage` cuts characters in two between encoded words (Python 3.11), and it
    # cannot be told otherwise; `Header` does not. A boundary with "=-" cannot be in Base64.
    mail = MIMEMultipart("alternative", "=-alternative", policy=compat32.clone(linesep="\r\n"))
    mail["Message-ID"] = f"<{name_of(message.key)}@{sender.domain}>"
    mail["Date"] = format_datetime(message.at)
    author = Header(header_name="From")
    if sender.name:
        author.append(sender.name, "utf-8")
    author.append(f"<{sender.address}>", "us-ascii")
    mail["From"] = author  # type: ignore[assignment] # takes a Header, whatever typeshed says
    subject = Header(_one_line(message.subject), "utf-8", header_name="Subject")
    mail["Subject"] = subject  # type: ignore[assignment] # as above
    mail["Content-Language"] = {"zh": "zh-CN", "en": "en"}[message.language]
    mail["Auto-Submitted"] = "auto-generated"
    # Exchange goes by this one and answers an automatic message with another otherwise.
    mail["X-Auto-Response-Suppress"] = "All"
    utf8 = Charset("utf-8")
    utf8.body_encoding = BASE64
    for kind, content in (("plain", message.text), ("html", message.html)):
        lines = _encodable(content).replace("\r\n", "\n").replace("\n", "\r\n")
        mail.attach(MIMEText(lines, kind, utf8))  # type: ignore[arg-type] # as above
    return f"To: {message.to}\r\n".encode() + mail.as_bytes()


def _one_line(value: str) -> str:
    """Return ``value`` as a header can hold it: nothing in it begins another one."""
    printable = "".join(each if each.isprintable() else " " for each in _encodable(value))
    return " ".join(printable.split())


def _encodable(value: str) -> str:
    return value.encode("utf-8", "replace").decode("utf-8")


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """Where and how to hand mail in.

    ``tls`` is ``implicit`` (from the first byte), ``starttls`` (nothing is sent before it) or
    ``none``. ``user`` and ``password`` are both empty where no login is wanted.
    """

    host: str
    port: int
    tls: str
    user: str = ""
    password: str = field(default="", repr=False)
    ehlo: str = ""

    @classmethod
    def read(cls, url: str) -> SmtpServer:
        """Read ``smtp://user:password@host:port?tls=starttls`` or ``smtps://…``.

        With ``smtp``, TLS is begun by STARTTLS unless ``tls=none`` or the host is this machine.
        Without a port it is 465 for implicit TLS, 587 for STARTTLS, 25 without. ``ehlo`` is the
        name by which to greet. Raises ``ValueError`` saying what is wrong, without any part of it.
        """
        try:
            parts = urlsplit(url)
            host, port = parts.hostname or "", parts.port
        except ValueError:
            raise ValueError("no_mail_server") from None
        if parts.scheme not in {"smtp", "smtps"}:
            raise ValueError("not_smtp")
        if not _HOST.fullmatch(host) or parts.path not in {"", "/"} or parts.fragment:
            raise ValueError("no_mail_server")
        options = dict(parse_qsl(parts.query, keep_blank_values=True))
        usual = "none" if is_loopback(host) else "starttls"
        tls = options.pop("tls", "implicit" if parts.scheme == "smtps" else usual)
        possible = {"implicit"} if parts.scheme == "smtps" else {"starttls", "none"}
        if tls not in possible:
            raise ValueError("wrong_tls")
        ehlo = options.pop("ehlo", "")
        if options or (ehlo and not _HOST.fullmatch(ehlo)):
            raise ValueError("wrong_query")
        if port == 0:
            raise ValueError("wrong_port")
        user, password = unquote(parts.username or ""), unquote(parts.password or "")
        if bool(user) is not bool(password):
            raise ValueError("half_a_login")
        if not (user + password).isascii() or not (user + password).isprintable():
            raise ValueError("login_not_ascii")
        return cls(host, port or _PORTS[tls], tls, user, password, ehlo)


class Mail:
    """The channel ``email``."""

    name = "email"

    def __init__(
        self,
        server: SmtpServer,
        sender: Sender,
        *,
        seconds: float,
        ca_file: Path | None = None,
    ) -> None:
        """Give each message ``seconds`` in all.

        The server's certificate is verified by the authorities in ``ca_file`` (PEM) or those of
        the system; there is no way not to. Raises ``OSError`` (``ssl.SSLError`` among them) for a
        file that cannot be read or holds none.
        """
        self._server = server
        self._sender = sender
        self._seconds = seconds
        self._context = ssl.create_default_context(cafile=ca_file)
        bracketed = f"[{server.host}]" if ":" in server.host else server.host
        self._peer = f"{bracketed}:{server.port}"

    def check(self, address: str) -> str:
        """Return the address with its domain in small letters, as ASCII."""
        return check_address(address, channel=self.name)

    def shown(self, address: str) -> str:
        """Return the address: it is no secret."""
        return address

    def send(self, message: Message) -> None:
        """Hand the message to the server; see :class:`~workflow.channels.alerting.AlertChannel`.

        Raises ``ChannelRefused`` with ``alert_refused``, or ``alert_address_unsupported`` where
        the address needs SMTPUTF8 and the server has none.
        """
        content = letter(message, self._sender)
        greeting = self._server.ehlo or self._sender.domain
        with (
            TimeBound(self._seconds) as bound,
            closing(_Connection(bound, self._seconds, greeting)) as connection,
        ):
            with self._nothing_taken(bound):
                self._begin(connection)
                self._address(connection, message.to)
                # A line that is a lone dot would end the message.
                connection.send(re.sub(rb"(?m)^\.", b"..", content) + b".\r\n")
            try:
                answer = connection.getreply()
            except OSError as error:
                raise self._unanswered() from error
            self._about_message(answer)
            if answer[0] // 100 != 2:  # noqa: PLR2004 # neither yes nor no
                raise self._unanswered()
            # It has the message; what it says to this is not waited for.
            with suppress(OSError):
                connection.putcmd("QUIT")

    def _unanswered(self) -> ChannelUncertain:
        return ChannelUncertain("alert_unanswered", channel=self.name, peer=self._peer)

    def _insecure(self, reason: str) -> ChannelFailed:
        return ChannelFailed("alert_insecure", channel=self.name, peer=self._peer, reason=reason)

    @contextmanager
    def _nothing_taken(self, bound: TimeBound) -> Iterator[None]:
        """Name what goes wrong before the message is with the server as a whole."""
        try:
            yield
        except OSError as error:
            if isinstance(error, ssl.SSLCertVerificationError):
                raise self._insecure(error.verify_message) from error
            if bound.over or isinstance(error, TimeoutError):
                raise ChannelFailed(
                    "alert_timed_out", channel=self.name, peer=self._peer, seconds=self._seconds
                ) from error
            if isinstance(error, ssl.SSLError):
                raise self._insecure(error.reason or "TLS") from error
            raise ChannelFailed(
                "alert_unreachable", channel=self.name, peer=self._peer, reason=error.strerror
            ) from error

    def _begin(self, connection: _Connection) -> None:
        """Connect, secure the connection and log in."""
        server = self._server
        context = self._context if server.tls == "implicit" else None
        self._about_us(connection.open(server.host, server.port, context), _READY)
        self._greet(connection)
        if server.tls == "starttls":
            if not connection.has_extn("starttls"):
                raise self._insecure("STARTTLS")
            self._about_us(connection.start_tls(server.host, self._context), _READY)
            self._greet(connection)
        if not server.user:
            return
        try:
            connection.login(server.user, server.password)
        except smtplib.SMTPAuthenticationError as error:
            said = error.smtp_error
            self._about_us((error.smtp_code, said if isinstance(said, bytes) else said.encode()))
        except smtplib.SMTPServerDisconnected:
            raise
        except (smtplib.SMTPException, ValueError) as error:
            # It knows no login, none that we know, or asks something that is no question.
            raise self._insecure("AUTH") from error

    def _greet(self, connection: _Connection) -> None:
        answer = connection.ehlo()
        if answer[0] >= _NEVER:
            answer = connection.helo()
        self._about_us(answer, _DONE)

    def _address(self, connection: _Connection, to: str) -> None:
        """Name sender and recipient, and announce the message."""
        options = ""
        if not to.isascii():
            if not connection.has_extn("smtputf8"):
                raise ChannelRefused(
                    "alert_address_unsupported", channel=self.name, peer=self._peer
                )
            # Of the content, only the header that repeats the address is not ASCII.
            options = " BODY=8BITMIME SMTPUTF8" if connection.has_extn("8bitmime") else " SMTPUTF8"
            connection.command_encoding = "utf-8"
        answer = connection.docmd(f"MAIL FROM:<{self._sender.address}>{options}")
        if answer[0] == _TOO_LARGE:
            self._about_message(answer)
        self._about_us(answer, _DONE)
        for command, wanted in ((f"RCPT TO:<{to}>", (_DONE, 251)), ("DATA", (_GO_ON,))):
            answer = connection.docmd(command)
            self._about_message(answer)
            self._about_us(answer, *wanted)

    def _about_message(self, answer: tuple[int, bytes]) -> None:
        """Raise what an answer about the addressee or the message means, if it is a no."""
        code = answer[0]
        if _NEVER <= code < _BEYOND and code not in _WANTS_LOGIN:
            raise ChannelRefused(
                "alert_refused", channel=self.name, peer=self._peer, status=_status(answer)
            )
        if code in _WANTS_LOGIN or _LATER <= code < _NEVER:
            self._about_us(answer)

    def _about_us(self, answer: tuple[int, bytes], *wanted: int) -> None:
        """Raise what an answer means that is about this office, unless it is a ``wanted`` one."""
        if answer[0] in wanted:
            return
        later = _LATER <= answer[0] < _NEVER
        raise ChannelFailed(
            "alert_put_off" if later else "alert_office_refused",
            channel=self.name,
            peer=self._peer,
            status=_status(answer),
        )


def _status(answer: tuple[int, bytes]) -> str:
    """Return the code of an answer with the enhanced one, and nothing that it says in words."""
    code, said = answer
    enhanced = _ENHANCED.match(said.strip())
    return f"{code} {enhanced[0].decode()}" if enhanced else str(code)


class _Connection(smtplib.SMTP):
    """A connection that keeps to the bound, and reads no more than an answer can be."""

    def __init__(self, bound: TimeBound, seconds: float, greeting: str) -> None:
        # Otherwise the name of this machine is looked up, which can take as long as it likes.
        super().__init__(local_hostname=greeting, timeout=seconds)
        self._bound = bound

    def open(self, host: str, port: int, context: ssl.SSLContext | None) -> tuple[int, bytes]:
        """Connect, at once with TLS if there is a ``context``; return the greeting."""
        self.sock: socket = self._bound.connect(host, port)
        if context is not None:
            self.sock = context.wrap_socket(self.sock, server_hostname=host)
        return self.getreply()

    def start_tls(self, host: str, context: ssl.SSLContext) -> tuple[int, bytes]:
        """Begin TLS; return the answer to the command."""
        answer = self.docmd("STARTTLS")
        if answer[0] == _READY:
            self.sock = context.wrap_socket(self.sock, server_hostname=host)
            # What came in clear is forgotten: anybody on the way may have said it.
            self.file = None
            self.helo_resp = self.ehlo_resp = None
            self.esmtp_features = {}
            self.does_esmtp = False
        return answer

    @override
    def getreply(self) -> tuple[int, bytes]:
        """Return code and words of an answer; raises ``SMTPServerDisconnected`` if none is one.

        As inherited, the method would gather lines for as long as the server likes to send some,
        and report an overlong one as if the server had refused something.
        """
        if self.file is None:
            self.file = self.sock.makefile("rb")
        said = []
        for _ in range(_MOST_LINES):
            line = self.file.readline(_LONGEST_LINE)
            code = line[:3]
            if not line.endswith(b"\n") or not code.isdigit():
                break
            said.append(line[4:].strip())
            if line[3:4] != b"-":
                return int(code), b"\n".join(said)
        self.close()
        raise smtplib.SMTPServerDisconnected
