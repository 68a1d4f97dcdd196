"""An outbox under test: people with addresses, alerts that were raised, and senders of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import insert, select

from tests.service.sample_office import START
from workflow.alerts import NewAlert, raise_alerts
from workflow.digests import compose
from workflow.dispatching import Dispatcher
from workflow.ladder import Audience, Manner
from workflow.models import Alert, AlertKind, Contact, Deadline, Fault, Message, table
from workflow.testing import MemoryAlertChannel

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime, timedelta

    from tests.service.sample_office import SampleOffice
    from workflow.digests import Composed, Digest
    from workflow.dispatching import Dispatched

alert, message, contact = table(Alert), table(Message), table(Contact)
deadline, fault = table(Deadline), table(Fault)
MORNING: Final = START
MANNER: Final = Manner()
AUDIENCE_OF: Final = {"clerk": Audience.DRAFTER, "head": Audience.DEPARTMENT_HEAD}
"""In which capacity a person is told of a clock, if not as the desk."""


class Notes:
    """A journal in memory."""

    def __init__(self) -> None:
        """Start with nothing noted."""
        self.lines: list[tuple[int, str]] = []

    def note(self, seq: int, key: str, at: datetime) -> None:
        """Keep number and key."""
        assert at.utcoffset() is not None
        self.lines.append((seq, key))


class Outbox:
    """The outbox of an office with channels in memory."""

    def __init__(self, office: SampleOffice, *channels: str) -> None:
        """Have channels of these names; e-mail if none is named."""
        self.office = office
        self.channels = {name: MemoryAlertChannel(name) for name in channels or ("email",)}
        self.notes = Notes()
        self.unsayable: set[int] = set()
        """Items of which no message can be put into words."""

    @property
    def mail(self) -> MemoryAlertChannel:
        """The channel of e-mail."""
        return self.channels["email"]

    def sender(self, office: SampleOffice | None = None) -> Dispatcher:
        """Return a sender, in this process or in another one's place."""
        runtime = (office or self.office).app.runtime
        return Dispatcher(runtime, self.channels, journal=self.notes, compose=self._said)

    def _said(self, digest: Digest) -> Composed:
        if unsayable := self.unsayable.intersection(entry.item or 0 for entry in digest.fresh):
            raise KeyError(unsayable)
        return compose(digest)

    def dispatch(self, **options: Any) -> Dispatched:
        """Send what is due."""
        return self.sender().dispatch(**options)

    def reach(self, name: str, channel: str = "email", address: str | None = None) -> int:
        """Give somebody an address and return its number."""
        with self.office.database.engine.begin() as connection:
            number: int = connection.execute(
                insert(contact)
                .values(
                    account_id=self.office[name],
                    channel=channel,
                    address=address or f"{name}@sample.example",
                    added_at=self.office.clock(),
                )
                .returning(contact.c.id)
            ).scalar_one()
        return number

    def clock_of(self, item: int, clock: str = "online") -> Any:
        """Return the row of a clock of an item."""
        with self.office.database.read() as connection:
            return connection.execute(
                select(deadline)
                .where(deadline.c.item_id == item, deadline.c.clock == clock)
                .order_by(deadline.c.id.desc())
            ).first()

    def remind(self, item: int, rung: str, *names: str, **more: Any) -> list[NewAlert]:
        """Raise a rung of an item's online clock for people; return what was raised."""
        row = self.clock_of(item)
        told = [
            NewAlert(
                kind=AlertKind.DEADLINE,
                event="rung",
                key=f"deadline:{row.id}:{row.rev}:{rung}",
                role=AUDIENCE_OF.get(name, Audience.DESK),
                account_id=self.office[name],
                item_id=item,
                deadline_id=row.id,
                rev=row.rev,
                rung=rung,
                day=row.due_on,
                **more,
            )
            for name in names
        ]
        self.raise_(*told)
        return told

    def raise_(self, *told: NewAlert) -> int:
        """Raise alerts."""
        with self.office.database.transaction() as transaction:
            return raise_alerts(transaction, told, manner=MANNER, now=self.office.clock())

    def notice(self, name: str, event: str = "published", **more: Any) -> NewAlert:
        """Return a notice for somebody."""
        key = more.pop("key", f"notice:{event}:1")
        return NewAlert(
            kind=AlertKind.NOTICE,
            event=event,
            key=key,
            role="",
            account_id=self.office[name],
            **more,
        )

    def operations(self, name: str) -> NewAlert:
        """Return a fault that an administrator is told of."""
        told = self.notice(name, "no_address", key="fault:1", facts={"subject": "account:1"})
        return told._replace(kind=AlertKind.OPERATIONS)

    def alerts(self, *columns: str) -> list[Any]:
        """Return columns of all alerts, the first one first."""
        names = columns or ("key", "status")
        with self.office.database.read() as connection:
            rows = connection.execute(
                select(*(alert.c[name] for name in names)).order_by(alert.c.id)
            )
            return [tuple(row) if len(names) > 1 else row[0] for row in rows]

    def messages(self) -> list[Any]:
        """Return all messages, the first one first."""
        with self.office.database.read() as connection:
            return list(connection.execute(select(message).order_by(message.c.id)))

    def faults(self) -> list[tuple[str, str]]:
        """Return subject and code of what is open."""
        with self.office.database.read() as connection:
            rows = connection.execute(
                select(fault.c.subject, fault.c.code)
                .where(fault.c.cleared_at.is_(None))
                .order_by(fault.c.id)
            )
            return [tuple(row) for row in rows]

    def until(self, done: Callable[[], bool], *, step: timedelta, most: int = 100) -> int:
        """Send again and again, moving the clock on, and return how often it took."""
        for count in range(1, most + 1):
            self.dispatch()
            if done():
                return count
            self.office.clock.advance(step)
        raise AssertionError(self.messages())
