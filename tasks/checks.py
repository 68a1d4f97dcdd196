"""What is looked at before a worker or a beat starts, so that no alert finds it out.

A finding that stops the process is one line and an exit status: 2 for what a change of settings
mends, 75 for what does not answer or has to be seen to elsewhere, 70 for a bug of ours.
"""

from __future__ import annotations

import socket
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import redis

from workflow import faults, host_clock, ticks
from workflow.errors import GongkaiError, InvalidInput, Refused, Unavailable
from workflow.messages import explain
from workflow.runtime import SHANGHAI
from workflow.settings import bootstrap

if TYPE_CHECKING:
    from collections.abc import Iterator

    from celery import Celery

    from workflow.messages import Language
    from workflow.settings import Application, Settings

USAGE: Final = 2
BUG: Final = 70
UNAVAILABLE: Final = 75
BROKER: Final = "broker"
"""The subject of what is wrong with Redis and stops nothing: open until a worker finds it gone."""
WARNINGS: Final = ("broker_forgets", "broker_unchecked")
_SCHEMES: Final = ("redis", "rediss")
_PATIENCE: Final = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something that is not as it has to be; without a ``status`` it stops nothing."""

    error: GongkaiError
    status: int | None = None

    def line(self, language: Language) -> str:
        """Return it as one line for people."""
        (reason,) = explain(self.error, language)[:1]
        return f"gongkai: {reason['message']} [{reason['code']}]"


@dataclass(slots=True)
class Examination:
    """Looks at everything a worker needs; ``app`` is Celery's."""

    app: Celery
    settings: Settings
    findings: list[Finding] = field(default_factory=list)

    def all(self, *, worker: bool) -> Iterator[Finding]:
        """Yield what is wrong, worst first of what depends on it; beat needs no database."""
        yield from entries(self.app)
        yield from _time_zone(self.app)
        broker = list(_broker(self.settings))
        yield from broker
        if worker:
            yield from _metrics(self.settings)
            yield from self._database([each for each in broker if each.status is None])

    def _database(self, warnings: list[Finding]) -> Iterator[Finding]:
        try:
            application = bootstrap(self.settings, channel="worker")
        except GongkaiError as error:
            yield _stops(error)
            return
        try:
            yield from _office(application)
            _keep(application, warnings)
        except GongkaiError as error:
            yield _stops(error)
        finally:
            application.database.dispose()


def _stops(error: GongkaiError) -> Finding:
    return Finding(error=error, status=USAGE if isinstance(error, InvalidInput) else UNAVAILABLE)


def entries(app: Celery) -> Iterator[Finding]:
    """Yield what beat would ask for and nobody would do."""
    queues = set(app.amqp.queues)
    for name, entry in app.conf.beat_schedule.items():
        if entry["task"] not in app.tasks:
            error = InvalidInput("beat_entry_unknown", name=name, value=entry["task"])
            yield Finding(error=error, status=BUG)
        if entry["options"]["queue"] not in queues:
            error = InvalidInput("beat_queue_unknown", name=name, value=entry["options"]["queue"])
            yield Finding(error=error, status=BUG)


def _time_zone(app: Celery) -> Iterator[Finding]:
    name = str(app.conf.timezone)
    try:
        right = ZoneInfo(name).utcoffset(datetime.now(UTC)) == timedelta(hours=8)
    except ZoneInfoNotFoundError:
        right = False
    if not right:
        yield Finding(error=InvalidInput("time_zone_wrong", value=name), status=USAGE)


def _broker(settings: Settings) -> Iterator[Finding]:
    """Yield what is wrong with Redis; all of it is asked for with a short patience."""
    if settings.broker_url is None:
        yield Finding(error=InvalidInput("broker_missing"), status=USAGE)
        return
    found = _client(settings.broker_url.get_secret_value())
    if found is None:
        # Not shown: it may hold a password.
        yield Finding(error=InvalidInput("broker_wrong", known=_SCHEMES), status=USAGE)
        return
    client, place = found
    with client:
        try:
            yield from _redis(client, place)
        except redis.RedisError as error:
            problem = type(error).__name__
            yield Finding(
                error=Unavailable("broker_unreachable", place=place, problem=problem),
                status=UNAVAILABLE,
            )


def _client(url: str) -> tuple[redis.Redis, str] | None:
    """Return a client and the host and port it talks to; ``None`` for an address that is none."""
    try:
        parts = urlsplit(url)
        place = f"{parts.hostname}:{parts.port or 6379}"
        # Its own scheme for sockets in the file system is none that Celery knows.
        if parts.scheme not in _SCHEMES or not parts.hostname:
            return None
        client = redis.Redis.from_url(
            url, socket_timeout=_PATIENCE, socket_connect_timeout=_PATIENCE
        )
    except ValueError:
        return None
    return client, place


def _redis(client: redis.Redis, place: str) -> Iterator[Finding]:
    memory: Any = client.info("memory")
    persistence: Any = client.info("persistence")
    policy = memory.get("maxmemory_policy")
    if policy != "noeviction":
        # What was confirmed would be thrown away when memory runs out, and nobody told.
        yield Finding(
            error=InvalidInput("broker_evicts", place=place, value=str(policy)), status=USAGE
        )
    if persistence.get("aof_enabled"):
        return
    try:
        saves: Any = client.config_get("save")
    except redis.ResponseError:
        yield Finding(error=Unavailable("broker_unchecked", place=place))
        return
    if not saves.get("save"):
        yield Finding(error=Unavailable("broker_forgets", place=place))


def _metrics(settings: Settings) -> Iterator[Finding]:
    if settings.metrics_port is None:
        return
    place = (settings.metrics_host, settings.metrics_port)
    try:
        socket.create_server(place).close()
    except OSError as error:
        told = Unavailable(
            "metrics_unavailable", place=f"{place[0]}:{place[1]}", problem=error.strerror
        )
        yield Finding(error=told, status=UNAVAILABLE)


def _office(application: Application) -> Iterator[Finding]:
    """Yield what no sweep should run with: a clock that jumped, no calendar, a bad channel."""
    database, now = application.database, application.runtime.clock()
    facts = application.office_facts
    # What a rehearsal takes for today is its own affair.
    if facts is not None and not facts.rehearsal:
        try:
            with database.transaction(keep=False) as transaction:
                epoch = ticks.epoch_of(transaction)
                host_clock.demand_sound(database, transaction, now, epoch)
        except Refused as error:
            yield _stops(error)
        _, calendar = application.timekeeper.calendar_in_force()
        today = now.astimezone(SHANGHAI).date()
        if calendar.horizon < today:
            yield _stops(Unavailable("calendar_ended", horizon=calendar.horizon, today=today))
    # Put together here, so that an address that is none is found now.
    _ = application.alert_channels


def _keep(application: Application, warnings: list[Finding]) -> None:
    """Write down what stops nothing, where `doctor` finds it, and what is gone."""
    now = application.runtime.clock()
    found = {each.error.code: each.error for each in warnings}
    with application.database.transaction() as transaction:
        for code in WARNINGS:
            about: dict[str, Any] = {"job": BROKER, "subject": BROKER, "code": code, "now": now}
            if code in found:
                faults.note(transaction, **about, facts=dict(found[code].params))
            else:
                faults.clear(transaction, **about)
