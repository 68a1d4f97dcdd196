"""Figures for Prometheus, read from the database whenever they are asked for.

Nothing is counted in a process, so it does not matter which one is asked, how many there are, or
that one was restarted: what the database says is what is true. A database that does not answer is
a figure too (``gongkai_up`` 0).
"""

from __future__ import annotations

import time
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from prometheus_client import CollectorRegistry, start_http_server
from prometheus_client.core import GaugeMetricFamily
from sqlalchemy import func, literal_column, select

from workflow import dispatching, ticks
from workflow.deadlines import Kind
from workflow.errors import GongkaiError, Unavailable
from workflow.jobs import JOBS
from workflow.models import (
    Deadline,
    Delivery,
    DeliveryStatus,
    Fault,
    Message,
    Tick,
    TickEnd,
    table,
)
from workflow.runtime import SHANGHAI

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement
    from sqlalchemy.engine import Connection

    from workflow.settings import Application


_WITHIN: Final = timedelta(hours=1)
"""Runs are counted over so long."""

_tick, _deadline, _fault = table(Tick), table(Deadline), table(Fault)
_message, _delivery = table(Message), table(Delivery)
# Literals, because the partial indexes match no parameters.
_RUNNING: Final[ColumnElement[bool]] = literal_column(
    "deadline.met_on IS NULL AND deadline.voided_at IS NULL"
)
_OWED: Final[ColumnElement[bool]] = literal_column("delivery.status IN ('owed', 'leased')")


class Collector:
    """What Prometheus asks: each call reads the database once, in one view of it."""

    def __init__(self, app: Application) -> None:
        """Read the database of ``app``."""
        self._app = app

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Yield every figure; of a database that is away, that it is."""
        started = time.monotonic()
        figures: list[GaugeMetricFamily] = []
        try:
            with self._app.database.read() as connection:
                figures += self._figures(connection, self._app.runtime.clock())
            figures += self._calendar(self._app.runtime.clock())
            up = 1
        except GongkaiError:
            figures, up = [], 0
        yield _one("up", "Whether the database answers", up)
        yield _one("scrape_seconds", "How long reading took", time.monotonic() - started)
        yield from figures

    def _figures(self, connection: Connection, now: datetime) -> Iterator[GaugeMetricFamily]:
        yield from _jobs(connection, now)
        today = now.astimezone(SHANGHAI).date()
        clocks = select(
            _deadline.c.kind,
            func.count().label("running"),
            func.count().filter(_deadline.c.due_on < today).label("overdue"),
        )
        rows = connection.execute(clocks.where(_RUNNING).group_by(_deadline.c.kind)).all()
        found = {row.kind: row for row in rows}
        for name, help_ in (
            ("running", "Clocks that run"),
            ("overdue", "Clocks that run and whose last day is past"),
        ):
            yield _many(
                f"clocks_{name}",
                help_,
                ("kind",),
                [
                    ((kind.value,), getattr(found[kind], name) if kind in found else 0)
                    for kind in Kind
                ],
            )
        yield from _outbox(connection, now)
        faults = connection.execute(
            select(_fault.c.code, func.count())
            .where(_fault.c.cleared_at.is_(None))
            .group_by(_fault.c.code)
        )
        yield _many(
            "faults_open", "Faults to look after", ("code",), [((code,), n) for code, n in faults]
        )

    def _calendar(self, now: datetime) -> Iterator[GaugeMetricFamily]:
        _, calendar = self._app.timekeeper.calendar_in_force()
        today = now.astimezone(SHANGHAI).date()
        yield _one(
            "calendar_horizon_days",
            "Days until the last one that a notice covers",
            (calendar.horizon - today).days,
        )
        yield _one(
            "clocks_provisional",
            "Legal clocks that end on a day which no notice covers yet",
            self._app.timekeeper.provisional(),
        )


def _jobs(connection: Connection, now: datetime) -> Iterator[GaugeMetricFamily]:
    ages, runs, seconds = [], [], []
    for job in JOBS:
        standing = ticks.standing(connection, job.name, job.interval, now)
        ages.append(((job.name,), (now - standing.since).total_seconds()))
        counts = dict.fromkeys(TickEnd, 0)
        rows = connection.execute(
            select(_tick.c.outcome, _tick.c.started_at, _tick.c.ended_at)
            .where(_tick.c.job == job.name, _tick.c.slot >= now - max(_WITHIN, 2 * job.interval))
            .where(_tick.c.outcome.is_not(None))
            .order_by(_tick.c.slot)
        ).all()
        for row in rows:
            counts[row.outcome] += 1
        runs += [((job.name, how.value), number) for how, number in counts.items()]
        if rows:
            took = rows[-1].ended_at - rows[-1].started_at
            seconds.append(((job.name,), took.total_seconds()))
    yield _many("job_last_done_age_seconds", "Since a job last ended well", ("job",), ages)
    yield _many("job_last_run_seconds", "How long a job's last run took", ("job",), seconds)
    yield _many(
        "job_runs",
        "Runs of a job within the last hour, or two of its intervals",
        ("job", "outcome"),
        runs,
    )


def _outbox(connection: Connection, now: datetime) -> Iterator[GaugeMetricFamily]:
    owed = connection.execute(select(func.count(), func.min(dispatching.OWED.c.raised_at))).one()
    yield _one("alerts_owed", "Alerts that were not sent yet", owed[0])
    yield _one("alerts_oldest_seconds", "Age of the oldest of them", _age(owed[1], now))
    messages = connection.execute(
        select(_message.c.status, func.count().label("number")).group_by(_message.c.status)
    )
    found = {row.status: row.number for row in messages}
    yield _many(
        "messages",
        "Digests by what became of them",
        ("status",),
        [((status.value,), found.get(status, 0)) for status in DeliveryStatus],
    )
    row = connection.execute(
        select(func.count(), func.min(_delivery.c.created_at)).where(_OWED)
    ).one()
    yield _one("deliveries_owed", "Publications that were not delivered yet", row[0])
    yield _one("deliveries_oldest_seconds", "Age of the oldest of them", _age(row[1], now))


def _age(since: datetime | None, now: datetime) -> float:
    return 0.0 if since is None else (now - since).total_seconds()


def _one(name: str, help_: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"gongkai_{name}", help_, value=value)


def _many(
    name: str,
    help_: str,
    labels: Sequence[str],
    values: Sequence[tuple[Sequence[str], float]],
) -> GaugeMetricFamily:
    family = GaugeMetricFamily(f"gongkai_{name}", help_, labels=labels)
    for label, value in values:
        family.add_metric(label, value)
    return family


@contextmanager
def serving(app: Application) -> Iterator[None]:
    """Answer scrapes meanwhile, if a port is set.

    Raises ``Unavailable('metrics_unavailable')`` if it is not to be had.
    """
    host, port = app.settings.metrics_host, app.settings.metrics_port
    if port is None:
        yield
        return
    # A registry of our own: figures of the process would say nothing of the office.
    registry = CollectorRegistry(auto_describe=False)
    registry.register(Collector(app))
    try:
        server, thread = start_http_server(port, addr=host, registry=registry)
    except OSError as error:
        raise Unavailable(
            "metrics_unavailable", place=f"{host}:{port}", problem=error.strerror
        ) from error
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
