"""S10: a claim's holder dies, the claim expires, and what the holder does late is refused.

Three things are claimed: a delivery to the website, a message that leaves, and the slot of a job.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select
from typing_extensions import override

from tests.service.outbox import Outbox
from tests.service.test_publishing import Interrupted
from workflow import dispatching, publishing, ticks
from workflow.errors import ChannelFailed, ChannelRefused
from workflow.jobs import Job, run_job
from workflow.models import Tick, table
from workflow.testing import MemoryAlertChannel, MemoryChannel

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tests.service.sample_office import SampleOffice
    from workflow.channels.alerting import Message
    from workflow.settings import Application

REFUSED = ChannelRefused("alert_not_delivered", channel="email")
DOWN = ChannelFailed("alert_not_delivered", channel="email")


class Dies(BaseException):
    """A process that is gone."""


def die() -> None:
    raise Dies


class Slow(MemoryAlertChannel):
    """A way out on which something happens before the message is taken, or is not."""

    def __init__(self, meanwhile: Callable[[], None]) -> None:
        super().__init__("email")
        self.meanwhile = meanwhile

    @override
    def send(self, message: Message) -> None:
        self.meanwhile()
        super().send(message)


# -- a delivery to the website -----------------------------------------------------------------


def test_s10_a_dead_senders_delivery_is_anothers_once_its_claim_has_expired(
    office: SampleOffice,
) -> None:
    item = office.item_at("publishing")
    with pytest.raises(Dies):
        office.publisher(Interrupted(die)).dispatch_item(item)
    second = office.publisher(MemoryChannel())
    office.clock.advance(publishing.LEASE - timedelta(seconds=1))
    assert second.dispatch_item(item) is None
    office.clock.advance(timedelta(seconds=1))
    assert second.dispatch_item(item) is not None
    assert ("published", 1) == (office.place(item), office.events(item).count("published"))


def test_s10_a_delivery_that_is_confirmed_late_publishes_nothing_a_second_time(
    office: SampleOffice,
) -> None:
    item = office.item_at("publishing")
    second = MemoryChannel()

    def be_overtaken() -> None:
        office.clock.advance(publishing.LEASE)
        assert office.publisher(second).dispatch_item(item) is not None

    first = Interrupted(be_overtaken)
    assert office.publisher(first).dispatch_item(item) is None
    assert (0, 1) == (len(first.pages), len(second.pages))
    assert 1 == office.events(item).count("published")
    assert (["done"], []) == (
        [str(each.status) for each in office.deliveries(item)],
        office.faults(),
    )


# -- a message ---------------------------------------------------------------------------------


def owing(office: SampleOffice) -> Outbox:
    """Return an outbox that owes the head one message."""
    outbox = Outbox(office)
    outbox.reach("head")
    outbox.raise_(outbox.notice("head", item_id=office.item_at("sign_off")))
    return outbox


def test_s10_a_dead_senders_message_is_anothers_once_its_claim_has_expired(
    office: SampleOffice,
) -> None:
    outbox = owing(office)
    mail = outbox.mail
    outbox.channels["email"] = Slow(die)
    with pytest.raises(Dies):
        outbox.dispatch()
    outbox.channels["email"] = mail
    office.clock.advance(dispatching.LEASE - timedelta(seconds=1))
    assert 0 == outbox.dispatch().sent
    office.clock.advance(timedelta(seconds=1))
    assert 1 == outbox.dispatch().sent
    assert 1 == len(mail.sent)


@pytest.mark.parametrize("late", [None, DOWN, REFUSED], ids=["sent", "failed", "refused"])
def test_s10_what_a_sender_reports_late_changes_nothing(
    office: SampleOffice, late: ChannelFailed | None
) -> None:
    outbox = owing(office)
    mail = outbox.mail
    came: list[Any] = []

    def be_overtaken() -> None:
        office.clock.advance(dispatching.LEASE)
        outbox.channels["email"] = mail
        came.append(outbox.dispatch())
        came.append((outbox.messages(), outbox.alerts("status", "why")))

    slow = Slow(be_overtaken)
    slow.failure = late
    outbox.channels["email"] = slow
    first = outbox.dispatch()
    second, settled = came
    assert (0, 0, 0) == (first.sent, first.put_off, first.refused)
    assert 1 == second.sent
    assert settled == (outbox.messages(), outbox.alerts("status", "why"))
    # The one doubling that cannot be helped is known by its key.
    assert 1 == len({message.key for message in (*mail.sent, *slow.sent)})


# -- the slot of a job -------------------------------------------------------------------------


def test_s10_a_job_that_ends_late_writes_over_nothing(office: SampleOffice) -> None:
    runs: list[str] = []

    def overtaken(app: Application, _tell: object) -> Mapping[str, int]:
        runs.append("first")
        office.clock.advance(ticks.GIVEN_UP + timedelta(seconds=1))
        assert "done" == run_job(app, job_of(second)).outcome
        return {"things": 1}

    def second(_app: Application, _tell: object) -> Mapping[str, int]:
        runs.append("second")
        return {"things": 2}

    run_job(office.app, job_of(overtaken))
    tick = table(Tick)
    with office.database.read() as connection:
        rows = connection.execute(select(tick.c.outcome, tick.c.done)).all()
    assert (["first", "second"], [("done", 2)]) == (runs, [tuple(row) for row in rows])


def job_of(run: Callable[[Application, object], Mapping[str, int]]) -> Job:
    """Return the job whose slot is claimed; whoever runs it does something else."""
    return Job(name="claimed", interval=timedelta(minutes=60), queue="ops", run=run)
