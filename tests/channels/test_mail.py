"""E-mail: what a real server gets, and what each of its answers means."""

from __future__ import annotations

import base64
import re
import ssl
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from email.header import decode_header, make_header
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.channels import peers
from tests.channels.peers import HERE, MailServer
from tests.channels.test_contract import LONG, SENDER, part, read
from workflow.channels.alerting import OFFICE_FAULTS, Message, name_of
from workflow.channels.mail import Mail, Sender, SmtpServer, check_address, letter
from workflow.errors import ChannelFailed, ChannelRefused, ChannelUncertain
from workflow.testing import sample_message

if TYPE_CHECKING:
    import socket
    from pathlib import Path

UNSAFE = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
"""aiosmtpd warns of what is tested here, and does not count TLS from the first byte as TLS."""
TO = "sample@sample.example"
LOGIN = "office:p%40ss%3Aword@"
"""The password is ``p@ss:word``."""


def mail(port: int, *, login: str = "", more: str = "", **options: Any) -> Mail:
    scheme = options.pop("scheme", "smtp")
    server = SmtpServer.read(f"{scheme}://{login}{HERE}:{port}{more}")
    return Mail(server, SENDER, **{"seconds": LONG} | options)


def send(channel: Mail, *, to: str = TO) -> None:
    channel.send(sample_message(1, to=to))


def failure(channel: Mail, *, to: str = TO) -> ChannelFailed:
    with pytest.raises(ChannelFailed) as caught:
        send(channel, to=to)
    return caught.value


# -- what arrives --------------------------------------------------------------------------------


def test_the_server_gets_an_envelope_and_headers_that_programs_understand() -> None:
    with peers.mail_server() as server:
        send(mail(server.port, more="?ehlo=mail.sample.example"))

    (envelope,), (content,), (session,) = server.envelopes, server.taken, server.sessions
    got = read(content)
    assert ("office@sample.example", [TO]) == (envelope.mail_from, envelope.rcpt_tos)
    assert "mail.sample.example" == session.host_name
    assert [
        ("To", TO),
        ("Message-ID", "<17.1.=54+1.3.=53ample@sample.example>"),
        ("From", "样例办公室 <office@sample.example>"),
        ("Content-Language", "zh-CN"),
        ("Auto-Submitted", "auto-generated"),
        ("X-Auto-Response-Suppress", "All"),
    ] == [
        (name, value)
        for name, value in got.items()
        if name not in {"Date", "Subject", "MIME-Version", "Content-Type", "X-Peer"}
        and not name.startswith("X-Mail")
        and not name.startswith("X-Rcpt")
    ]
    assert datetime(2017, 1, 20, 1, 0, tzinfo=UTC) == parsedate_to_datetime(got["Date"])
    assert ["multipart/alternative", "text/plain", "text/html"] == [
        each.get_content_type() for each in got.walk()
    ]


def test_every_line_is_short_ascii_and_ends_as_it_must() -> None:
    message = sample_message(1, to=TO)
    long = replace(message, subject="关于" * 200, text="行" * 5000, html="x" * 100_000)
    content = letter(long, SENDER)

    lines = content.split(b"\r\n")
    assert content.isascii()
    assert b"" == lines[-1]
    assert max(map(len, lines)) <= 78
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)", content)
    assert long.subject == read(content)["Subject"]
    assert (long.text, long.html) == (part(read(content), "plain"), part(read(content), "html"))


@given(
    st.text(
        st.sampled_from('中é😀 a(1)=?utf-8?q?_x?=,;:<>"\\\r\n\t\x00\x85\u2028\ud800'), max_size=200
    )
)
def test_a_subject_says_what_it_says_and_nothing_besides(subject: str) -> None:
    message = replace(sample_message(1, to=TO), subject=subject)
    content = letter(message, SENDER)
    raw = dict(read(content).raw_items())["Subject"]

    seen = "".join(each if each.isprintable() else " " for each in subject.replace("\ud800", "?"))
    assert " ".join(seen.split()) == str(make_header(decode_header(raw)))
    plain = letter(sample_message(1, to=TO), SENDER)
    assert read(plain).keys() == read(content).keys()


def test_the_same_message_is_the_same_to_the_byte_at_every_try() -> None:
    message = sample_message(1, to=TO)
    later = replace(message, at=message.at.astimezone(timezone(timedelta(hours=8))))

    assert letter(message, SENDER) == letter(message, SENDER)
    assert read(letter(message, SENDER))["Message-ID"] == read(letter(later, SENDER))["Message-ID"]


def test_a_message_in_english_says_so() -> None:
    message = replace(sample_message(1, to=TO), language="en")

    assert "en" == read(letter(message, SENDER))["Content-Language"]


def test_the_name_of_the_sender_may_be_long_and_chinese_and_may_be_missing() -> None:
    message = sample_message(1, to=TO)
    name = "样例市样例区政府信息公开工作领导小组办公室（样例）"

    content = letter(message, Sender("office@sample.example", name))
    # The parser of the newer kind puts a space between encoded words in a name.
    raw = dict(read(content).raw_items())["From"]
    assert f"{name} <office@sample.example>" == str(make_header(decode_header(raw)))
    assert max(map(len, content.split(b"\r\n"))) <= 78
    bare = letter(message, Sender("office@sample.example"))
    assert "office@sample.example" == read(bare)["From"]


def test_dots_and_long_lines_pass_a_real_server_unharmed() -> None:
    message = replace(sample_message(1, to=TO), text=".\n..\n" + "长" * 3000, html="<p>.\r\n.\r\n")
    with peers.mail_server() as server:
        mail(server.port).send(message)

    (content,) = server.taken
    assert message.text == part(read(content), "plain")
    assert "<p>.\n.\n" == part(read(content), "html")


def test_keys_that_differ_have_names_that_differ_whatever_the_disk_makes_of_capitals() -> None:
    keys = [
        *("a", "A", "a:b", "a.b", "a=3ab", "a::b", ":a", "a:", "a/b", "..", " ", "~" * 200),
        *("~" * 199 + "!", "../a", "<a@b>", "a b", 'a"b', "Ａ".encode("idna").decode()),
    ]
    names = [name_of(key) for key in keys]

    assert len(set(keys)) == len({name.casefold() for name in names})
    assert all(re.fullmatch(r"[a-z0-9+_=-]+(\.[a-z0-9+_=-]+)*", name) for name in names)
    assert max(map(len, names)) <= 180


@pytest.mark.parametrize("key", ["", "样例", "a\n", "a\x7f", "a" * 201])
def test_a_key_that_could_not_be_sent_is_a_bug_of_whoever_made_it(key: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(key)}$"):
        replace(sample_message(1, to=TO), key=key)


def test_an_instant_without_a_zone_is_a_bug_of_whoever_gave_it() -> None:
    naive = datetime(2017, 1, 20, 9)  # noqa: DTZ001 # that is the point
    with pytest.raises(ValueError, match="2017"):
        Message(
            key="a", to=TO, language="zh", subject="", text="", html="", short="", data={}, at=naive
        )


@pytest.mark.parametrize(
    ("address", "normal"),
    [
        ("Sample@SAMPLE.Example", "Sample@sample.example"),
        ("样例@例子.测试", "样例@xn--fsqu00a.xn--0zwm56d"),
        (" a+b'c@x-y.sample.example ", "a+b'c@x-y.sample.example"),
    ],
)
def test_an_address_has_one_form(address: str, normal: str) -> None:
    assert normal == check_address(address, channel="email")


def test_an_address_in_chinese_goes_to_a_server_that_takes_it_and_to_no_other() -> None:
    to = "样例@sample.example"
    with peers.mail_server() as server:
        send(mail(server.port), to=to)
    assert [[to]] == [envelope.rcpt_tos for envelope in server.envelopes]
    assert f"To: {to}".encode() in server.taken[0]
    assert ["BODY=8BITMIME", "SMTPUTF8"] == server.envelopes[0].mail_options

    with peers.raw_server(peers.smtp(lambda _: None, [])) as port:
        error = failure(mail(port), to=to)
    assert (ChannelRefused, "alert_address_unsupported") == (type(error), error.code)


# -- TLS and logging in --------------------------------------------------------------------------


def test_starttls_comes_before_the_login_and_the_message(tmp_path: Path) -> None:
    made = peers.certificates(tmp_path)
    with peers.mail_server(
        tls_context=made.context(),
        require_starttls=True,
        authenticator=peers.only("office", "p@ss:word"),
        auth_required=True,
    ) as server:
        send(mail(server.port, login=LOGIN, more="?tls=starttls", ca_file=made.authority))

    (session,) = server.sessions
    assert (True, True) == (session.authenticated, session.ssl is not None)


@UNSAFE
def test_tls_from_the_first_byte_with_a_login(tmp_path: Path) -> None:
    made = peers.certificates(tmp_path)
    with peers.mail_server(
        ssl_context=made.context(),
        authenticator=peers.only("office", "p@ss:word"),
        auth_required=True,
        auth_require_tls=False,
    ) as server:
        send(mail(server.port, login=LOGIN, scheme="smtps", ca_file=made.authority))

    assert [True] == [session.authenticated for session in server.sessions]


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
@pytest.mark.parametrize(("host", "known"), [(HERE, False), ("other.sample.example", True)])
def test_a_certificate_that_is_not_the_servers_or_of_nobody_known_stops_everything(
    scheme: str,
    host: str,
    known: bool,  # noqa: FBT001 # a parameter of the case
    tmp_path: Path,
) -> None:
    made = peers.certificates(tmp_path, host=host)
    options = {"tls_context" if scheme == "smtp" else "ssl_context": made.context()}
    authority = {"ca_file": made.authority} if known else {}
    with peers.mail_server(None, **options) as server:
        more = "?tls=starttls" if scheme == "smtp" else ""
        error = failure(mail(server.port, login=LOGIN, scheme=scheme, more=more, **authority))

    assert (ChannelFailed, "alert_insecure", []) == (type(error), error.code, server.taken)
    assert error.code in OFFICE_FAULTS
    assert "p@ss" not in str(error)


def test_nothing_goes_in_clear_where_tls_is_wanted_and_not_offered() -> None:
    with peers.mail_server() as server:
        error = failure(mail(server.port, login=LOGIN, more="?tls=starttls"))

    assert ("alert_insecure", "STARTTLS") == (error.code, error.params["reason"])
    assert [] == server.taken


def test_what_a_stranger_says_before_tls_is_forgotten(tmp_path: Path) -> None:
    made = peers.certificates(tmp_path)
    commands: list[bytes] = []

    def converse(connection: socket.socket) -> None:
        connection.sendall(b"220 sample\r\n")
        connection.recv(1000)
        connection.sendall(b"250-sample\r\n250-AUTH PLAIN\r\n250 STARTTLS\r\n")
        connection.recv(1000)
        # The answer to EHLO is put in before TLS begins: it must not count after it.
        connection.sendall(b"220 go\r\n250 AUTH PLAIN\r\n")
        with suppress(OSError), made.context().wrap_socket(connection, server_side=True) as safe:
            commands.append(safe.recv(1000))
            safe.sendall(b"250 no login here\r\n")
            commands.append(safe.recv(1000))

    with peers.raw_server(converse) as port:
        error = failure(
            mail(port, login=LOGIN, more="?tls=starttls&ehlo=me", ca_file=made.authority)
        )

    assert ("alert_insecure", "AUTH") == (error.code, error.params["reason"])
    # Whether it leaves in order or not: nothing more was said.
    assert b"ehlo me\r\n" == b"".join(commands)


@UNSAFE
def test_a_wrong_password_does_not_lose_the_message_and_is_a_matter_for_the_office() -> None:
    with peers.mail_server(
        authenticator=peers.only("office", "another"), auth_required=True, auth_require_tls=False
    ) as server:
        error = failure(mail(server.port, login=LOGIN))

    assert (ChannelFailed, "alert_office_refused") == (type(error), error.code)
    assert {"channel": "email", "peer": f"{HERE}:{server.port}", "status": "535 5.7.8"} == (
        error.params
    )
    assert error.code in OFFICE_FAULTS


@UNSAFE
def test_a_server_that_wants_a_login_we_have_not_is_a_matter_for_the_office() -> None:
    with peers.mail_server(
        authenticator=peers.only("office", "another"), auth_required=True, auth_require_tls=False
    ) as server:
        error = failure(mail(server.port))

    assert (ChannelFailed, "alert_office_refused") == (type(error), error.code)
    assert "530" == error.params["status"].split()[0]


@pytest.mark.parametrize(
    "says",
    [b"250 sample\r\n", b"250-sample\r\n250 AUTH GSSAPI\r\n", b"250-s\r\n250 AUTH CRAM-MD5\r\n"],
)
def test_a_login_that_cannot_be_made_is_a_matter_for_the_office(says: bytes) -> None:
    def converse(connection: socket.socket) -> None:
        connection.sendall(b"220 sample\r\n")
        connection.recv(1000)
        connection.sendall(says)
        while connection.recv(1000):
            connection.sendall(b"334 x\r\n")

    with peers.raw_server(converse) as port:
        error = failure(mail(port, login=LOGIN))

    assert ("alert_insecure", "AUTH") == (error.code, error.params["reason"])


def test_a_password_is_never_in_what_is_printed_of_a_channel() -> None:
    assert "p@ss" not in repr(SmtpServer.read(f"smtp://{LOGIN}{HERE}"))


# -- what an answer means ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("told", "kind", "code", "status"),
    [
        ({"MAIL": "451 4.3.0 later"}, ChannelFailed, "alert_put_off", "451 4.3.0"),
        ({"MAIL": "550 5.7.1 not you"}, ChannelFailed, "alert_office_refused", "550 5.7.1"),
        ({"MAIL": "553 not your address"}, ChannelFailed, "alert_office_refused", "553"),
        ({"MAIL": "552 5.3.4 too large"}, ChannelRefused, "alert_refused", "552 5.3.4"),
        ({"RCPT": "421 4.3.2 closing"}, ChannelFailed, "alert_put_off", "421 4.3.2"),
        ({"RCPT": "451 4.7.1 grey"}, ChannelFailed, "alert_put_off", "451 4.7.1"),
        ({"RCPT": "550 5.1.1 nobody"}, ChannelRefused, "alert_refused", "550 5.1.1"),
        ({"RCPT": "530 5.7.0 log in"}, ChannelFailed, "alert_office_refused", "530 5.7.0"),
        ({"RCPT": "354 what"}, ChannelFailed, "alert_office_refused", "354"),
        ({"DATA": "451 4.3.1 full"}, ChannelFailed, "alert_put_off", "451 4.3.1"),
        ({"DATA": "550 5.7.1 spam"}, ChannelRefused, "alert_refused", "550 5.7.1"),
        ({"DATA": "554 no"}, ChannelRefused, "alert_refused", "554"),
        ({"DATA": "354 more"}, ChannelUncertain, "alert_unanswered", None),
    ],
)
def test_each_answer_means_what_it_is_about(
    told: dict[str, str], kind: type[ChannelFailed], code: str, status: str | None
) -> None:
    with peers.mail_server(MailServer(told)) as server:
        error = failure(mail(server.port))

    assert (kind, code, status) == (type(error), error.code, error.params.get("status"))


@pytest.mark.parametrize(
    ("greeting", "code"),
    [
        (b"554 5.7.1 your address is listed", "alert_office_refused"),
        (b"421 too busy", "alert_put_off"),
        (b"HTTP/1.1 400 Bad Request", "alert_unreachable"),
        (b"220-" + b"x" * 100_000, "alert_unreachable"),
        (b"220-x\r\n" * 200 + b"220 x", "alert_unreachable"),
        (b"\xff\xfe\x00", "alert_unreachable"),
        (b"-20 x", "alert_unreachable"),
    ],
)
def test_a_greeting_that_is_none_loses_no_message(greeting: bytes, code: str) -> None:
    with peers.raw_server(peers.smtp(lambda _: None, [], greeting=greeting)) as port:
        error = failure(mail(port))

    assert (ChannelFailed, code) == (type(error), error.code)


def test_a_server_of_the_old_kind_is_greeted_in_the_old_way() -> None:
    taken: list[bytes] = []
    told = peers.smtp(lambda connection: connection.sendall(b"250 OK\r\n"), taken)

    class Old:
        """Knows no EHLO."""

        def __init__(self, connection: socket.socket) -> None:
            self._connection = connection

        def makefile(self, mode: str) -> Any:
            return (line for line in self._connection.makefile(mode) if not self.refused(line))  # type: ignore[call-overload]

        def refused(self, line: bytes) -> bool:
            if line[:4] == b"ehlo":
                self._connection.sendall(b"502 what\r\n")
            return line[:4] == b"ehlo"

        def sendall(self, content: bytes) -> None:
            self._connection.sendall(content)

    with peers.raw_server(lambda connection: told(Old(connection))) as port:  # type: ignore[arg-type]
        send(mail(port))

    assert 1 == len(taken)


@pytest.mark.parametrize(
    "after",
    [
        lambda connection: connection.sendall(b"what?\r\n"),
        lambda connection: connection.sendall(b"250"),
        lambda connection: connection.sendall(b"250-" + b"x" * 10_000),
        peers.until_gone,
        lambda connection: peers.drip(connection, b"250-OK\r\n"),
    ],
    ids=["nonsense", "half", "endless", "hangs", "drips"],
)
def test_no_plain_answer_after_the_message_leaves_it_uncertain(after: Any) -> None:
    """F7, F19."""
    taken: list[bytes] = []
    with peers.raw_server(peers.smtp(after, taken)) as port:
        error = failure(mail(port, seconds=0.5))

    assert (ChannelUncertain, 1) == (type(error), len(taken))


def test_a_server_that_is_gone_before_the_end_of_the_message_has_not_got_it() -> None:
    def converse(connection: socket.socket) -> None:
        lines = connection.makefile("rb")
        connection.sendall(b"220 sample\r\n")
        for line in lines:
            connection.sendall(b"354 go on\r\n" if line[:4].upper() == b"DATA" else b"250 OK\r\n")
            if line[:4].upper() == b"DATA":
                return

    message = replace(sample_message(1, to=TO), html="x" * 12_000_000)
    with peers.raw_server(converse) as port, pytest.raises(ChannelFailed) as caught:
        mail(port).send(message)

    assert ChannelFailed is caught.type


def test_a_server_that_reads_nothing_is_left_when_the_time_is_over() -> None:
    def converse(connection: socket.socket) -> None:
        lines = connection.makefile("rb")
        connection.sendall(b"220 sample\r\n")
        for line in lines:
            if line[:4].upper() == b"DATA":
                connection.sendall(b"354 go on\r\n")
                reads_no_more.wait(5)
                return
            connection.sendall(b"250 OK\r\n")

    import threading  # noqa: PLC0415 # for this one alone

    reads_no_more = threading.Event()
    message = replace(sample_message(1, to=TO), html="x" * 12_000_000)
    with peers.raw_server(converse) as port, pytest.raises(ChannelFailed) as caught:
        mail(port, seconds=0.5).send(message)
    reads_no_more.set()

    assert ("alert_timed_out", 0.5) == (caught.value.code, caught.value.params["seconds"])


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
def test_a_handshake_that_never_ends_ends_with_the_time(scheme: str) -> None:
    def converse(connection: socket.socket) -> None:
        if scheme == "smtp":
            connection.sendall(b"220 sample\r\n")
            connection.recv(1000)
            connection.sendall(b"250-sample\r\n250 STARTTLS\r\n")
            connection.recv(1000)
            connection.sendall(b"220 go\r\n")
        # The head of a record of TLS, whose 16 KiB come byte by byte.
        connection.sendall(b"\x16\x03\x03\x40\x00")
        peers.drip(connection, b"\x02\x00\x30\x00")

    more = "?tls=starttls" if scheme == "smtp" else ""
    with peers.raw_server(converse) as port:
        error = failure(mail(port, scheme=scheme, more=more, seconds=0.5))

    assert (ChannelFailed, "alert_timed_out") == (type(error), error.code)


def test_a_name_that_nobody_has_is_no_server() -> None:
    server = SmtpServer.read("smtp://nobody.invalid:25?tls=none")
    error = failure(Mail(server, SENDER, seconds=LONG))

    assert (ChannelFailed, "nobody.invalid:25") == (type(error), error.params["peer"])
    assert error.code in ("alert_unreachable", "alert_timed_out")


def test_nothing_is_left_behind_whatever_happens() -> None:
    import threading  # noqa: PLC0415 # for this one alone

    with peers.mail_server(MailServer({"RCPT": "550 no"})) as server:
        before = threading.active_count()
        for _ in range(20):
            failure(mail(server.port))
        assert threading.active_count() <= before + 1


# -- settings ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://mail.sample.example", SmtpServer("mail.sample.example", 587, "starttls")),
        ("smtps://mail.sample.example", SmtpServer("mail.sample.example", 465, "implicit")),
        ("smtp://mail.sample.example?tls=none", SmtpServer("mail.sample.example", 25, "none")),
        ("smtp://localhost:1025", SmtpServer("localhost", 1025, "none")),
        ("smtp://[::1]:1025", SmtpServer("::1", 1025, "none")),
        (
            "smtp://a%40b:c%2Fd@mail.sample.example:25?tls=starttls&ehlo=me",
            SmtpServer("mail.sample.example", 25, "starttls", "a@b", "c/d", "me"),
        ),
    ],
)
def test_an_address_of_a_server_is_read(url: str, expected: SmtpServer) -> None:
    assert expected == SmtpServer.read(url)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "mail.sample.example",
        "http://mail.sample.example",
        "smtp://",
        "smtp://:secret@mail.sample.example",
        "smtp://secret@mail.sample.example",
        "smtp://user:样例secret@mail.sample.example",
        "smtp://user:secret%0d%0a@mail.sample.example",
        "smtp://mail.sample.example:0",
        "smtp://mail.sample.example:70000",
        "smtp://mail.sample.example:x",
        "smtp://mail.sample.example/secret",
        "smtp://mail.sample.example?tls=implicit",
        "smtps://mail.sample.example?tls=none",
        "smtp://mail.sample.example?verify=none",
        "smtp://mail.sample.example?ehlo=a%0d%0ab",
        "smtp://mail sample",
        "smtp://[::1",
    ],
)
def test_an_address_of_a_server_that_is_none_is_refused_without_telling_it(url: str) -> None:
    with pytest.raises(ValueError, match=r"^[a-z]") as caught:
        SmtpServer.read(url)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("office@Sample.Example", Sender("office@sample.example")),
        ("样例办公室 <office@sample.example>", Sender("office@sample.example", "样例办公室")),
        (
            '"Sample, Office" <office@sample.example>',
            Sender("office@sample.example", "Sample, Office"),
        ),
    ],
)
def test_a_sender_is_read(value: str, expected: Sender) -> None:
    assert expected == Sender.read(value)


@pytest.mark.parametrize(
    "value", ["", "office", "office@", "a <b", "<>", "样例@sample.example", "a@b.example <x>"]
)
def test_a_sender_that_is_no_address_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match=r"address|sender_not_ascii"):
        Sender.read(value)


def test_a_file_of_authorities_that_is_none_is_refused(tmp_path: Path) -> None:
    server = SmtpServer.read("smtps://mail.sample.example")
    with pytest.raises(FileNotFoundError):
        Mail(server, SENDER, seconds=1, ca_file=tmp_path / "none.pem")
    (tmp_path / "empty.pem").write_bytes(base64.b64encode(b"x"))
    with pytest.raises(ssl.SSLError):
        Mail(server, SENDER, seconds=1, ca_file=tmp_path / "empty.pem")
