"""Alerts are raised once, by the best channel a recipient has; faults are told once."""

from __future__ import annotations

import json
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, Final

import pytest
from sqlalchemy import insert, select, update

from tests.service.meanwhile import meanwhile
from workflow import alerts, faults
from workflow.alerts import NewAlert, Trouble, note_all, raise_alerts
from workflow.ladder import USUAL_MANNER, Manner
from workflow.messages import fault_words
from workflow.models import Alert, AlertKind, AlertStatus, Body, Contact, Fault, Office, table
from workflow.policy import shipped

if TYPE_CHECKING:
    from datetime import datetime

    from tests.service.sample_office import SampleOffice

_alert, _contact, _fault = table(Alert), table(Contact), table(Fault)
_body = table(Body)
MANNER: Final = Manner(channels=("wecom", "email"))
TROUBLE: Final[dict[str, Any]] = {
    "job": "enforce_deadlines",
    "subject": "deadline:1",
    "code": "quarantined",
    "facts": {"problem": "sample"},
}


def contact(office: SampleOffice, name: str, channel: str, address: str = "x@example.org") -> int:
    """Give a person an address and return its number."""
    with office.database.engine.begin() as connection:
        number: int = connection.execute(
            insert(_contact)
            .values(
                account_id=office[name],
                channel=channel,
                address=address,
                added_at=office.clock(),
            )
            .returning(_contact.c.id)
        ).scalar_one()
    return number


def notice(office: SampleOffice, name: str, key: str = "notice:1", **more: Any) -> NewAlert:
    """Return something that a person is to be told."""
    return NewAlert(
        kind=AlertKind.NOTICE,
        event="returned",
        key=key,
        role="clerk",
        account_id=office[name],
        **more,
    )


def raised(office: SampleOffice, *told: NewAlert, now: datetime | None = None) -> int:
    """Raise alerts and return how many were new."""
    with office.database.transaction() as transaction:
        return raise_alerts(transaction, told, manner=MANNER, now=now or office.clock())


def operators(office: SampleOffice) -> list[int]:
    """Give the administrators an address each and return their numbers."""
    return [contact(office, name, "email") for name in ("admin", "admin2")]


def rows(office: SampleOffice) -> list[Any]:
    """Return all alerts, the first one first."""
    with office.database.read() as connection:
        return list(connection.execute(select(_alert).order_by(_alert.c.id)))


def open_faults(office: SampleOffice) -> list[tuple[str, str, int]]:
    """Return the subject, the code and the count of what is open."""
    with office.database.read() as connection:
        return [
            (each["subject"], each["code"], each["times"])
            for each in faults.open_faults(connection)
        ]


def noted(office: SampleOffice, **changes: Any) -> bool:
    """Note a fault and tell whether it opened."""
    with office.database.transaction() as transaction:
        return faults.note(transaction, **TROUBLE | {"now": office.clock()} | changes)


def test_an_alert_goes_to_the_first_channel_of_the_policy_that_the_recipient_has(
    office: SampleOffice,
) -> None:
    contact(office, "clerk", "email")
    wecom = contact(office, "clerk", "wecom")
    contact(office, "clerk", "feishu")
    assert 1 == raised(office, notice(office, "clerk"))
    (row,) = rows(office)
    assert (f"notice:1:account:{office['clerk']}:wecom", wecom, AlertStatus.OWED) == (
        row.key,
        row.contact_id,
        row.status,
    )
    assert row.not_before == row.raised_at == office.clock()


def test_what_was_raised_before_is_not_raised_again(office: SampleOffice) -> None:
    contact(office, "clerk", "email")
    both = [notice(office, "clerk"), notice(office, "clerk", "notice:2")]
    assert 1 == raised(office, both[0], both[0])
    assert 1 == raised(office, *both)
    assert 0 == raised(office, *both)
    assert 2 == len(rows(office))
    assert 0 == raised(office)


def test_an_address_that_was_removed_reaches_nobody(office: SampleOffice) -> None:
    number = contact(office, "clerk", "email")
    with office.database.engine.begin() as connection:
        connection.execute(
            update(_contact).where(_contact.c.id == number).values(removed_at=office.clock())
        )
    raised(office, notice(office, "clerk"))
    assert "" == rows(office)[0].channel


def test_whom_no_channel_reaches_has_the_alert_on_the_board_and_opens_one_fault(
    office: SampleOffice,
) -> None:
    contact(office, "clerk", "feishu")
    admin, other = operators(office)
    raised(office, notice(office, "clerk"), notice(office, "clerk", "notice:2"))
    raised(office, notice(office, "clerk", "notice:3"))
    told = [(row.event, row.channel, row.status, row.why, row.contact_id) for row in rows(office)]
    assert [
        ("returned", "", AlertStatus.FAILED, "no_address", None),
        ("returned", "", AlertStatus.FAILED, "no_address", None),
        ("no_address", "email", AlertStatus.OWED, None, admin),
        ("no_address", "email", AlertStatus.OWED, None, other),
        ("returned", "", AlertStatus.FAILED, "no_address", None),
    ] == told
    assert [(f"account:{office['clerk']}", "no_address", 2)] == open_faults(office)


def test_what_is_missed_is_settled_and_asks_for_no_address(office: SampleOffice) -> None:
    raised(office, notice(office, "clerk", status=AlertStatus.MISSED, late=True))
    (row,) = rows(office)
    assert (AlertStatus.MISSED, "overtaken", True, office.clock()) == (
        row.status,
        row.why,
        row.late,
        row.settled_at,
    )
    assert [] == open_faults(office)


def test_a_fault_is_told_to_the_administrators_once_and_counted_while_it_is_open(
    office: SampleOffice,
) -> None:
    operators(office)
    assert noted(office)
    assert not noted(office, facts={"problem": "another"})
    assert [("deadline:1", "quarantined", 2)] == open_faults(office)
    told = rows(office)
    assert [office["admin"], office["admin2"]] == [row.account_id for row in told]
    expected = {"job": "enforce_deadlines", "subject": "deadline:1"}
    for row in told:
        assert (AlertKind.OPERATIONS, "quarantined") == (row.kind, row.event)
        assert expected.items() <= json.loads(row.facts).items()


def test_administrators_are_told_the_facts_of_a_fault_itself(office: SampleOffice) -> None:
    operators(office)
    about = {"job": "heartbeat", "subject": "job:dispatch_alerts", "code": "job_late"}
    noted(office, **about, facts={"job": "dispatch_alerts"})
    told = [fault_words(row.event, json.loads(row.facts), "zh") for row in rows(office)]
    assert ["后台任务“发送提醒”没有按时运行"] * 2 == told


def test_a_fault_calls_people_and_rooms_by_their_names(office: SampleOffice) -> None:
    operators(office)
    with office.database.read() as connection:
        room = connection.execute(select(_body.c.id).where(_body.c.code == "YL-CIVIL")).scalar_one()
    person = notice(office, "clerk")
    raised(office, person, person._replace(account_id=None, body_id=room))
    with office.database.read() as connection:
        found = faults.open_faults(connection)
    assert ["clerk", "YL-CIVIL"] == [each["facts"]["recipient"] for each in found]


def test_a_fault_that_is_gone_and_comes_again_is_told_again(office: SampleOffice) -> None:
    operators(office)
    noted(office)
    with office.database.transaction() as transaction:
        of = {"job": TROUBLE["job"], "subject": TROUBLE["subject"], "now": office.clock()}
        assert 0 == faults.clear(transaction, **of, code="another")
        assert 1 == faults.clear(transaction, **of, code="quarantined")
        assert 0 == faults.clear(transaction, **of)
    assert [] == open_faults(office)
    assert noted(office)
    assert 4 == len(rows(office))


def test_an_administrator_without_an_address_is_a_fault_that_is_told_to_nobody(
    office: SampleOffice,
) -> None:
    contact(office, "admin", "email")
    noted(office)
    expected = [("deadline:1", "quarantined", 1), (f"account:{office['admin2']}", "no_address", 1)]
    assert expected == open_faults(office)
    assert ["email", ""] == [row.channel for row in rows(office)]


def test_people_are_told_in_the_manner_of_the_policy_of_the_office(office: SampleOffice) -> None:
    with office.database.transaction() as transaction:
        assert shipped("dongchang").manner == alerts.office_manner(transaction)
    with office.database.engine.begin() as connection:
        connection.execute(update(table(Office)).values(policy_digest=None))
    with office.database.transaction() as transaction:
        assert USUAL_MANNER == alerts.office_manner(transaction)


@pytest.mark.postgres
def test_who_opens_faults_in_another_order_waits_and_is_no_victim(
    postgresql_office: SampleOffice,
) -> None:
    office = postgresql_office

    def trouble(subject: str) -> Trouble:
        return Trouble(job="enforce_deadlines", subject=subject, code="nobody_to_tell")

    def other() -> None:
        with office.database.transaction() as transaction:
            for subject in ("one", "two"):
                note_all(transaction, [trouble(subject)], now=office.clock())

    with ExitStack() as stack, office.database.transaction() as transaction:
        note_all(transaction, [trouble("two")], now=office.clock())
        stack.enter_context(meanwhile(office, other))
        note_all(transaction, [trouble("one")], now=office.clock())
    # The other one has done it, too.
    with office.database.read() as connection:
        counted = {row["subject"]: row["times"] for row in faults.open_faults(connection)}
    assert {"one": 2, "two": 2} == {each: counted[each] for each in ("one", "two")}
