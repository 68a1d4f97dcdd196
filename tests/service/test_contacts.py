"""Where people are reached: who sets it, what is shown of it, and what the trail has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest
from sqlalchemy import update

from tests.service.outbox import Outbox
from workflow.contacts import Contacts
from workflow.errors import ChannelFailed, InvalidInput, NotFound
from workflow.models import Office, table
from workflow.testing import MemoryAlertChannel

if TYPE_CHECKING:
    from tests.service.sample_office import SampleOffice

SECRET: Final = "sample-secret-of-a-room"


class Masking(MemoryAlertChannel):
    """A channel whose addresses are secrets."""

    def shown(self, address: str) -> str:
        return f"{address[:6]}***"


class Addresses:
    """The addresses of an office with two channels."""

    def __init__(self, office: SampleOffice) -> None:
        self.office = office
        self.channels = {"email": MemoryAlertChannel(), "wecom": Masking("wecom")}
        self.contacts = Contacts(office.app.runtime, self.channels)

    def put(self, by: str, channel: str, address: str, **whose: Any) -> dict[str, Any]:
        return self.contacts.put(self.office[by], channel, address, **whose)

    def show(self, by: str, **whose: Any) -> dict[str, str]:
        shown = self.contacts.show(self.office[by], **whose)["contacts"]
        return {each["channel"]: each["address"] for each in shown}


@pytest.fixture
def addresses(office: SampleOffice) -> Addresses:
    """Give the addresses of an office in which none is known."""
    return Addresses(office)


def test_one_sets_one_s_own_address_and_another_takes_its_place(addresses: Addresses) -> None:
    assert addresses.put("head", "email", " a@sample.example ")["changed"] is True
    assert addresses.put("head", "email", "a@sample.example")["changed"] is False
    assert addresses.put("head", "email", "b@sample.example")["changed"] is True
    assert {"email": "b@sample.example"} == addresses.show("head")
    addresses.contacts.remove(addresses.office["head"], "email")
    assert {} == addresses.show("head")
    with addresses.office.refused("no_such_contact", by=NotFound):
        addresses.contacts.remove(addresses.office["head"], "email")


def test_administrators_set_those_of_others_and_of_rooms(addresses: Addresses) -> None:
    addresses.put("admin", "email", "h@sample.example", user="head")
    addresses.put("admin", "wecom", "room-1", body="YL-ORGANISING")
    assert {"email": "h@sample.example"} == addresses.show("admin", user="head")
    assert {"wecom": "room-1***"} == addresses.show("admin", body="YL-ORGANISING")
    assert {"email": "h@sample.example"} == addresses.show("head", user="head")


@pytest.mark.parametrize("whose", [{"user": "head"}, {"body": "YL-ORGANISING"}])
def test_addresses_of_others_are_neither_shown_nor_set(
    addresses: Addresses, whose: dict[str, Any]
) -> None:
    for name in ("clerk", "supervisor", "auditor"):
        with addresses.office.refused("needs_role"):
            addresses.show(name, **whose)
        with addresses.office.refused("needs_role"):
            addresses.put(name, "email", "x@sample.example", **whose)
        with addresses.office.refused("needs_role"):
            addresses.contacts.remove(addresses.office[name], "email", **whose)


def test_only_administrators_say_to_where_a_webhook_goes(office: SampleOffice) -> None:
    channels = {"webhook": MemoryAlertChannel("webhook")}
    contacts = Contacts(office.app.runtime, channels)
    with office.refused("needs_role"):
        contacts.put(office["head"], "webhook", "https://10.0.0.1/#sample-secret-of-a-hook")
    contacts.put(
        office["admin"], "webhook", "https://10.0.0.1/#sample-secret-of-a-hook", user="head"
    )
    contacts.test(office["head"], "webhook")
    assert 1 == len(channels["webhook"].sent)


def test_an_address_that_its_channel_does_not_take_is_refused(addresses: Addresses) -> None:
    with addresses.office.refused("address_wrong", by=InvalidInput):
        addresses.put("head", "email", "with blanks in it")
    with addresses.office.refused("alert_channel_unknown", by=InvalidInput):
        addresses.put("head", "pigeon", "roof")


def test_no_secret_is_shown_or_stands_in_the_trail_or_with_a_repeated_answer(
    addresses: Addresses,
) -> None:
    office = addresses.office
    told = [addresses.put("head", "wecom", SECRET, key="once") for _ in range(2)]
    assert SECRET not in repr((told, addresses.show("head")))
    addresses.contacts.remove(office["head"], "wecom")
    everything = {name: rows for name, rows in office.everything().items() if name != "contact"}
    assert SECRET not in repr(everything)
    assert ["contact_set", "contact_removed"] == office.events()[-2:]
    assert [] == office.faults()


def test_an_address_whose_channel_is_not_set_up_any_more_is_hidden(addresses: Addresses) -> None:
    addresses.put("head", "wecom", SECRET)
    del addresses.channels["wecom"]
    assert {"wecom": "***"} == addresses.show("head")


def test_the_pace_of_notices_is_one_s_own(addresses: Addresses) -> None:
    office = addresses.office
    assert "at_once" == addresses.contacts.show(office["head"])["notices"]
    addresses.contacts.pace(office["head"], "daily")
    addresses.contacts.pace(office["head"], "daily")
    assert "daily" == addresses.contacts.show(office["head"])["notices"]
    assert ("at_once", 1) == (
        addresses.contacts.show(office["clerk"])["notices"],
        office.events().count("notices_set"),
    )


def language_of(addresses: Addresses, by: str, **whose: Any) -> str:
    told: str = addresses.contacts.show(addresses.office[by], **whose)["language"]
    return told


def test_the_language_said_with_an_account_is_that_of_its_mails(office: SampleOffice) -> None:
    outbox, addresses = Outbox(office), Addresses(office)
    for name, language in (("reader-zh", "zh"), ("reader-en", "en")):
        office.accounts.add(
            office["admin"], name, display_name=f"样例{language}", language=language
        )
        assert language == language_of(addresses, "admin", user=name)
        outbox.reach(name)
        outbox.raise_(outbox.notice(name))
    outbox.dispatch()
    told = {sent.to: (sent.language, sent.text.isascii()) for sent in outbox.mail.sent}
    assert ("zh", False) == told["reader-zh@sample.example"]
    assert "en" == told["reader-en@sample.example"][0]
    greetings = {sent.language: sent.subject for sent in outbox.mail.sent}
    assert ("通知" in greetings["zh"], "通知" in greetings["en"]) == (True, False)


def test_one_changes_the_language_of_one_s_mails(addresses: Addresses) -> None:
    office = addresses.office
    addresses.put("head", "email", "h@sample.example")
    assert ("zh", "zh") == (language_of(addresses, "head"), language_of(addresses, "clerk"))
    for changed in (True, False):
        assert changed is addresses.contacts.language(office["head"], "en")["changed"]
    addresses.contacts.test(office["head"], "email")
    (sent,) = addresses.channels["email"].sent
    assert ("en", True) == (sent.language, "test" in sent.text)
    assert ("en", "zh") == (language_of(addresses, "head"), language_of(addresses, "clerk"))
    assert 1 == office.events().count("language_set")
    assert [] == office.faults()


def test_an_administrator_changes_the_language_of_somebody_s_mails(addresses: Addresses) -> None:
    office = addresses.office
    addresses.contacts.language(office["admin"], "en", user="head")
    assert "en" == language_of(addresses, "head")
    assert ("language_set", "admin") == (office.events()[-1], office.trail()[-1].actor)
    with office.refused("needs_role"):
        addresses.contacts.language(office["clerk"], "zh", user="head")
    with office.refused("no_such_account", by=NotFound):
        addresses.contacts.language(office["admin"], "zh", user="nobody")
    with office.refused("value_unknown", by=InvalidInput):
        addresses.contacts.language(office["head"], "de")
    assert "en" == language_of(addresses, "head")


def test_a_test_message_is_sent_to_oneself_and_says_whether_it_left(addresses: Addresses) -> None:
    office = addresses.office
    with office.refused("no_such_contact", by=NotFound):
        addresses.contacts.test(office["head"], "email")
    addresses.put("head", "email", "h@sample.example")
    addresses.contacts.test(office["head"], "email")
    (sent,) = addresses.channels["email"].sent
    assert ("h@sample.example", True) == (sent.to, "测试" in sent.text)
    addresses.channels["email"].failure = ChannelFailed("alert_not_delivered", channel="email")
    with office.refused("alert_not_delivered", by=ChannelFailed):
        addresses.contacts.test(office["head"], "email")


def test_f25_not_even_a_test_message_leaves_while_the_office_is_held(addresses: Addresses) -> None:
    office = addresses.office
    addresses.put("head", "email", "h@sample.example")
    with office.database.engine.begin() as connection:
        connection.execute(update(table(Office)).values(held_at=office.clock(), held_why="by_hand"))
    with office.refused("sending_held"):
        addresses.contacts.test(office["head"], "email")
    assert [] == addresses.channels["email"].sent


def test_a_new_address_ends_the_faults_of_the_old_one(office: SampleOffice) -> None:
    outbox, addresses = Outbox(office), Addresses(office)
    outbox.raise_(outbox.notice("head"))
    assert (f"account:{office['head']}", "no_address") in outbox.faults()
    addresses.put("head", "email", "h@sample.example")
    assert (f"account:{office['head']}", "no_address") not in outbox.faults()
