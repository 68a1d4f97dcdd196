"""Offices in which much is due, and what must be true of them when the storm is over.

What a storm leaves is compared with what a *control* leaves: a copy of the same office, swept by
nobody but the test, in peace.
"""

from __future__ import annotations

import os
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import psycopg
from sqlalchemy import insert, select

from tests.service.databases import PostgreSQLDatabases
from tests.service.sample_office import PEOPLE, SampleOffice
from workflow.models import (
    Alert,
    AlertKind,
    Contact,
    Deadline,
    Delivery,
    DeliveryStatus,
    Message,
    Tick,
    TickEnd,
    table,
)
from workflow.runtime import SHANGHAI

if TYPE_CHECKING:
    from pathlib import Path

    from tests.servers import OwnServer

ROUNDS: Final = int(os.environ.get("CHAOS_ROUNDS", "1"))
"""How often each storm is repeated, or how much longer it lasts: `make chaos` sets more."""
ITEMS: Final = 20
LATELY: Final = timedelta(days=40)
"""So long ago what is late was formed: some rungs beyond its last day, and not years of them."""

_alert, _contact, _message = table(Alert), table(Contact), table(Message)
_deadline, _delivery, _tick = table(Deadline), table(Delivery), table(Tick)


class Mortal:
    """A PostgreSQL server that a test may kill, with offices in it."""

    def __init__(self, server: OwnServer, directory: Path) -> None:
        """Make offices in ``server``, with their files below ``directory``."""
        self.server = server
        self._databases = PostgreSQLDatabases(directory, server)
        self._directory = directory
        self._made = 0
        self._open: list[SampleOffice] = []

    def office(self, items: int = ITEMS) -> SampleOffice:
        """Return an office of its own in which so many items are late."""
        self._made += 1
        home = self._directory / f"office{self._made}"
        home.mkdir(mode=0o700)
        address = self._databases.make("dongchang", home / "gongkai.db")
        # What a copied sequence gives out is in no log before the next checkpoint, so that a crash
        # would give it out again.
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute("CHECKPOINT")
        self._open.append(SampleOffice.open(address, home))
        return filled(self._open[-1], items)

    def close(self) -> None:
        """Close the offices that were opened since."""
        while self._open:
            self._open.pop().close()


def filled(office: SampleOffice, items: int) -> SampleOffice:
    """Enter drafts whose clocks ran out lately, and give everybody an address."""
    office.clock.set(datetime.now(UTC) - LATELY)
    formed = office.clock().astimezone(SHANGHAI).date().isoformat()
    with office.database.engine.begin() as connection:
        connection.execute(
            insert(_contact),
            [
                {
                    "account_id": office[name],
                    "channel": "directory",
                    "address": f"{name}@example.org",
                    "added_at": office.clock(),
                }
                for name in PEOPLE
            ],
        )
    for _ in range(items):
        office.draft(changes={"formed_on": formed})
    return office


def keys(office: SampleOffice) -> Counter[str]:
    """Return the keys of the alerts of all clocks, and how often each is there."""
    with office.database.read() as connection:
        rows = connection.execute(select(_alert.c.key).where(_alert.c.kind == AlertKind.DEADLINE))
        return Counter(row.key for row in rows)


def flagged(office: SampleOffice) -> int:
    """Return how many clocks were found to be overdue."""
    with office.database.read() as connection:
        rows = connection.execute(
            select(_deadline.c.id).where(_deadline.c.detected_at.is_not(None))
        )
        return len(rows.all())


def expected(control: SampleOffice, office: SampleOffice) -> Counter[str]:
    """Return the alerts that a sweep in peace raises at the hour of ``office``, each once."""
    control.clock.set(office.clock())
    control.app.enforcer.enforce()
    found = keys(control)
    assert found
    assert {1} == set(found.values())
    return found


def unsent(office: SampleOffice) -> int:
    """Return how many messages are still to be sent."""
    with office.database.read() as connection:
        rows = connection.execute(
            select(_message.c.id).where(
                _message.c.status.in_([DeliveryStatus.OWED, DeliveryStatus.LEASED])
            )
        )
        return len(rows.all())


def runs(office: SampleOffice, job: str, outcome: TickEnd = TickEnd.DONE) -> int:
    """Return in how many slots a job's run ended in that way."""
    with office.database.read() as connection:
        rows = connection.execute(
            select(_tick.c.id).where(_tick.c.job == job, _tick.c.outcome == outcome)
        )
        return len(rows.all())


def delivered(office: SampleOffice, item: int) -> list[Any]:
    """Return the status of each delivery that an item ever had."""
    with office.database.read() as connection:
        rows = connection.execute(select(_delivery.c.status).where(_delivery.c.item_id == item))
        return [row.status for row in rows]


def nothing_lost_and_nothing_twice(office: SampleOffice, wanted: Counter[str]) -> None:
    """Hold an office to what it must be when the storm is over."""
    assert wanted == keys(office)
    with office.database.read() as connection:
        events = connection.execute(select(_message.c.key, _message.c.status)).all()
    assert len(events) == len({row.key for row in events})
    assert [] == office.faults()
