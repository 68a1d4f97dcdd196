"""The outbox and a real mail server: down, dying, hanging or refusing (S8, F7, F17, F18, F19)."""

from __future__ import annotations

import email
import email.policy
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

import pytest

from tests.channels import peers
from tests.channels.peers import HERE, MailServer
from tests.service.outbox import Outbox
from workflow.channels.mail import Mail, Sender, SmtpServer
from workflow.dispatching import LEASE, Dispatched
from workflow.models import AlertStatus

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import EmailMessage

    from tests.service.sample_office import SampleOffice
    from workflow.channels.alerting import Message

SENDER: Final = Sender("office@sample.example", "样例办公室")
MINUTE: Final = timedelta(minutes=1)


def by_mail(port: int, *, seconds: float = 20) -> Mail:
    """Return a channel to a mail server of this machine."""
    return Mail(SmtpServer.read(f"smtp://{HERE}:{port}"), SENDER, seconds=seconds)


@pytest.fixture
def server() -> Iterator[MailServer]:
    """Give a mail server."""
    with peers.mail_server() as server:
        yield server


@pytest.fixture
def outbox(office: SampleOffice) -> Outbox:
    """Give an outbox of people with addresses, whose channel each test sets."""
    outbox = Outbox(office)
    for name in ("clerk", "head", "head2", "keeper", "admin", "admin2"):
        outbox.reach(name)
    return outbox


def letters(server: MailServer) -> list[EmailMessage]:
    """Return what a server has taken, as a mail program reads it."""
    policy = email.policy.default
    return [email.message_from_bytes(taken, policy=policy) for taken in server.taken]


def use(outbox: Outbox, channel: Any) -> None:
    """Send by ``channel`` from now on."""
    outbox.channels["email"] = channel


def test_s8_no_approval_waits_for_a_mail_server_that_is_down(
    outbox: Outbox, server: MailServer
) -> None:
    office = outbox.office
    use(outbox, by_mail(peers.free_port()))
    item = office.item_at("sign_off")
    assert 0 < outbox.dispatch().put_off
    office.carry(item, to="cleared")
    assert "cleared" == office.place(item)
    use(outbox, by_mail(server.port))
    expected = sorted(key for key, _ in outbox.alerts())
    outbox.until(lambda: AlertStatus.OWED not in outbox.alerts("status"), step=5 * MINUTE)
    assert expected == sorted(key for key, _ in outbox.alerts())
    assert len(server.taken) == len({letter["Message-ID"] for letter in letters(server)})


def test_f17_six_hours_later_each_recipient_gets_one_catching_up(
    outbox: Outbox, server: MailServer
) -> None:
    office = outbox.office
    use(outbox, by_mail(peers.free_port()))
    items: list[int] = []
    end = office.clock() + timedelta(hours=6)
    while office.clock() < end:
        if len(items) < 3:
            items.append(office.item_at("sign_off"))
        outbox.dispatch()
        office.clock.advance(30 * MINUTE)
    use(outbox, by_mail(server.port))
    outbox.until(lambda: AlertStatus.OWED not in outbox.alerts("status"), step=5 * MINUTE)
    assert ["head2@sample.example", "head@sample.example"] == sorted(
        letter["To"] for letter in letters(server)
    )
    for letter in letters(server):
        body = letter.get_body(("plain",))
        assert body is not None
        assert all(f"#{item} " in body.get_content() for item in items)


def test_f7_a_server_that_took_it_and_left_gets_the_same_message_again(
    outbox: Outbox, server: MailServer
) -> None:
    taken: list[bytes] = []
    outbox.office.item_at("sign_off")
    with peers.raw_server(peers.smtp(lambda _: None, taken)) as port:
        use(outbox, by_mail(port))
        assert 2 == outbox.dispatch().uncertain
    use(outbox, by_mail(server.port))
    outbox.until(lambda: AlertStatus.OWED not in outbox.alerts("status"), step=MINUTE)
    first = {email.message_from_bytes(each)["Message-ID"] for each in taken}
    again = {letter["Message-ID"] for letter in letters(server)}
    assert (2, first) == (len(first), again)


class Killed(BaseException):
    """The process is gone."""


class KilledAfterwards:
    """A way out that loses its process as soon as the server has said yes."""

    name = "email"

    def __init__(self, channel: Mail) -> None:
        """Send by ``channel``."""
        self._channel = channel

    def send(self, message: Message) -> None:
        """Send, and die."""
        self._channel.send(message)
        raise Killed


def test_f7_a_sender_that_is_killed_after_the_server_s_yes_repeats_one_message_at_most(
    outbox: Outbox, server: MailServer
) -> None:
    outbox.office.item_at("sign_off")
    use(outbox, KilledAfterwards(by_mail(server.port)))
    with pytest.raises(Killed):
        outbox.dispatch()
    use(outbox, by_mail(server.port))
    # Whoever is alive sends the other one at once, and this one when its lease has run out.
    assert Dispatched(sent=1) == outbox.dispatch()
    outbox.office.clock.advance(LEASE)
    assert Dispatched(sent=1) == outbox.dispatch()
    found = [letter["Message-ID"] for letter in letters(server)]
    assert (3, 2) == (len(found), len(set(found)))
    assert [AlertStatus.SENT] * 2 == outbox.alerts("status")


def test_f18_an_address_that_is_refused_for_good_is_a_fault_and_stops_nobody(
    outbox: Outbox,
) -> None:
    class Picky(MailServer):
        async def handle_RCPT(self, *given: Any) -> str:  # noqa: N802 # aiosmtpd's name
            if given[3] == "head@sample.example":
                return "550 no such user"
            return await super().handle_RCPT(*given)

    outbox.office.item_at("sign_off")
    with peers.mail_server(Picky()) as server:
        use(outbox, by_mail(server.port))
        assert (1, 1) == (outbox.dispatch().refused, len(server.taken))
        outbox.dispatch()
    assert {"head2@sample.example", "admin@sample.example", "admin2@sample.example"} == {
        letter["To"] for letter in letters(server)
    }
    assert ["address_refused"] == [code for _, code in outbox.faults()]


def test_f19_a_server_that_hangs_is_left_when_the_time_is_over_and_holds_nothing_up(
    outbox: Outbox, server: MailServer
) -> None:
    class First:
        """Hangs at the first message and sends all others."""

        name = "email"

        def __init__(self, hanging: Mail, going: Mail) -> None:
            self.channels = [going, hanging]

        def send(self, message: Message) -> None:
            channel = self.channels.pop() if len(self.channels) > 1 else self.channels[0]
            channel.send(message)

    outbox.office.item_at("sign_off")
    with peers.raw_server(peers.until_gone) as port:
        use(outbox, First(by_mail(port, seconds=1), by_mail(server.port)))
        came = outbox.dispatch()
    assert (1, 1, 1) == (came.sent, came.put_off, len(server.taken))


def test_a_letter_says_what_to_do_as_text_and_as_a_page(outbox: Outbox, server: MailServer) -> None:
    item = outbox.office.item_at("sign_off")
    use(outbox, by_mail(server.port))
    outbox.dispatch()
    letter = next(each for each in letters(server) if each["To"] == "head@sample.example")
    text, page = letter.get_body(("plain",)), letter.get_body(("html",))
    assert text is not None
    assert page is not None
    for body in (text.get_content(), page.get_content()):
        assert f"gongkai sign-off {item}" in body
        # Titles stay at home, unless the policy says otherwise.
        assert "样例文件" not in body
