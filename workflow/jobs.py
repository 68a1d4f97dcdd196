"""What is to be done again and again: one table of jobs, and one way to run them.

Celery, ``gongkai run`` and ``gongkai sweep`` all go through :func:`run_job`. What a job has to do
stands in the database and is found by its dates, so that a call that is lost or comes twice
changes nothing: the next one finds the same work, or none.
"""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass, field, fields
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

import structlog
from sqlalchemy import and_, func, literal_column, select

from workflow import audit, dispatching, faults, host_clock, pings, ticks
from workflow.errors import Damaged, GongkaiError, Refused, Unavailable
from workflow.logs import where
from workflow.models import Deadline, Item, table
from workflow.repairs import bring_back
from workflow.runtime import SHANGHAI

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement
    from sqlalchemy.engine import Connection

    from workflow.settings import Application

    Tell = Callable[[Any], None]

MORE: Final = "more"
"""The count by which a job says that it has stopped before everything was done."""
LONGEST: Final = 120.0
"""Seconds after which a job that goes on and on stops between two pieces, well within the limits
of the queue; the next run goes on."""
REMINDED_FROM: Final = 11
"""The month from which next year's calendar is missed: the State Council has published it by then
in every year since 2013."""
SLICE: Final = 20_000
"""So many items' chains are verified in one run; a larger office takes as many days for all."""
_AT_ONCE: Final = 100
_CLOCKS_AT_ONCE: Final = 2_000

_item, _deadline = table(Item), table(Deadline)
# A literal, because the partial index matches no parameter.
_RUNNING: Final[ColumnElement[bool]] = literal_column(
    "deadline.met_on IS NULL AND deadline.voided_at IS NULL"
)
_log: Final = structlog.stdlib.get_logger("gongkai.jobs")


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """Something to be done every ``interval``: ``run`` returns what there was, as counts.

    It tells each single thing it has done, for whoever wants more than counts. ``queue`` is where
    Celery puts it.
    """

    name: str
    interval: timedelta
    queue: str
    run: Callable[[Application, Tell], Mapping[str, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """What became of one call of a job.

    ``outcome`` is ``done``, ``taken`` (somebody else has its slot), ``refused`` (the clock cannot
    be trusted) or ``failed``; ``error`` says why in the last two, and the next run tries again.
    ``unwritten`` says that nobody could write down how it ended: its slot is still held, and who
    tries again has to force it.
    """

    job: str
    outcome: str
    counts: Mapping[str, int] = field(default_factory=dict)
    seconds: float = 0.0
    error: GongkaiError | None = None
    unwritten: bool = False

    @property
    def problem(self) -> str | None:
        """Return the code of what went wrong."""
        return self.error.code if self.error is not None else None


def ignore(_done: object) -> None:
    """Listen to nothing."""


def run_job(app: Application, job: Job, *, forced: bool = False, tell: Tell = ignore) -> Ran:
    """Run a job unless its slot is taken; ``forced`` runs it in any case.

    What can be expected to fail is written down and returned. A bug is written down and raised.
    """
    started = time.monotonic()

    def ran(outcome: str, **more: Any) -> Ran:
        return Ran(job=job.name, outcome=outcome, seconds=time.monotonic() - started, **more)

    try:
        claim = _claim(app, job, forced=forced)
    except Refused as error:
        _note_refusal(app, error)
        return ran("refused", error=error)
    except GongkaiError as error:
        return ran("failed", error=error)
    if claim is None:
        return ran("taken")
    try:
        counts = job.run(app, tell)
    except GongkaiError as error:
        written = _end(app, claim, problem=error.code)
        return ran("failed", error=error, unwritten=not written)
    except BaseException as error:
        _log.error("job_broke", job=job.name, problem=type(error).__name__, where=where(error))
        _end(app, claim, problem=type(error).__name__)
        raise
    _end(app, claim, count=sum(counts.values()))
    if job is ENFORCE_DEADLINES:
        for problem in pings.give(app.settings, app.runtime.clock()):
            _log.warning("ping_failed", job=job.name, problem=problem)
    return ran("done", counts=counts)


def _claim(app: Application, job: Job, *, forced: bool) -> ticks.Claim | None:
    database = app.database
    with database.transaction() as transaction:
        now, epoch = app.runtime.clock(), ticks.epoch_of(transaction)
        if not (app.office_facts and app.office_facts.rehearsal):
            host_clock.demand_sound(database, transaction, now, epoch)
            # Told once for all jobs, so gone for all of them.
            faults.clear(transaction, job=CLOCK, subject="host", code=host_clock.JUMPED, now=now)
        return ticks.claim(
            transaction,
            job.name,
            job.interval,
            epoch=epoch,
            now=now,
            host=app.runtime.host,
            forced=forced,
        )


def _note_refusal(app: Application, error: Refused) -> None:
    """Open a fault, so that it is told and shown that nothing is swept."""
    try:
        with app.database.transaction() as transaction:
            faults.note(
                transaction,
                job=CLOCK,
                subject="host",
                code=error.code,
                facts=dict(error.params),
                now=app.runtime.clock(),
            )
    except GongkaiError as second:
        _log.warning("fault_unwritten", code=error.code, problem=second.code)


def _end(
    app: Application, claim: ticks.Claim, *, problem: str | None = None, count: int = 0
) -> bool:
    """Write down how a run ended; return whether that could be done."""
    try:
        with app.database.transaction() as transaction:
            ticks.end(transaction, claim, now=app.runtime.clock(), problem=problem, count=count)
    except GongkaiError as error:
        _log.warning("run_unwritten", problem=error.code)
        return False
    return True


# -- what the jobs do --------------------------------------------------------------------------


def _enforce_deadlines(app: Application, _tell: Tell) -> Mapping[str, int]:
    """Bring clocks to the calendar in force, and do what has come due on each.

    Answers that other bodies owe fall due likewise.
    """
    counts = Counter({"moved": app.timekeeper.catch_up()})
    counts["unanswered"] = app.consulting.tell_overdue()
    until = time.monotonic() + LONGEST
    while True:
        swept = app.enforcer.enforce(limit=_CLOCKS_AT_ONCE)
        # How many transactions it took is of no use to anybody who reads this.
        told = [each.name for each in fields(swept) if each.name != "batches"]
        counts.update({name: getattr(swept, name) for name in told})
        if swept.looked_at < _CLOCKS_AT_ONCE:
            return dict(counts)
        if time.monotonic() > until:
            return {**counts, MORE: 1}


def _dispatch_alerts(app: Application, _tell: Tell) -> Mapping[str, int]:
    """Send the digests that are owed; what is put off is due later only, so this ends."""
    counts: Counter[str] = Counter()
    until = time.monotonic() + LONGEST
    # A worker may outlive the restore of its database.
    app.watch.look()
    while True:
        came = app.dispatcher.dispatch().counts()
        counts.update(came)
        if came["held"] or not sum(came.values()):
            return dict(counts)
        if time.monotonic() > until:
            return {**counts, MORE: 1}


def _publish_due(app: Application, tell: Tell) -> Mapping[str, int]:
    """Start the publications whose instant has come; each is started or held, so this ends."""
    counts = {"started": 0, "held": 0}
    until = time.monotonic() + LONGEST
    while batch := app.service.publish_due():
        for each in batch:
            counts["held" if each["held"] else "started"] += 1
            tell(each)
        if time.monotonic() > until:
            return counts | {MORE: 1}
    return counts


def _renew_pages(app: Application, tell: Tell) -> Mapping[str, int]:
    """Owe the pages anew that say something else from today on, or link to something new."""
    counts = {"renewed": 0, "failed": 0}
    for each in app.service.renew_due():
        counts["failed" if "error" in each else "renewed"] += 1
        tell(each)
    return counts


def _dispatch_publications(app: Application, tell: Tell) -> Mapping[str, int]:
    """Deliver what is due; what is put off is due later only, so this ends."""
    if not app.settings.site_here:
        raise Unavailable("site_elsewhere")
    counts = {"published": 0, "put_off": 0, "failed": 0}
    until = time.monotonic() + LONGEST
    while batch := app.publisher.dispatch(limit=_AT_ONCE):
        for each in batch:
            counts[each.result] += 1
            tell(each)
        if time.monotonic() > until:
            return counts | {MORE: 1}
    return counts


def _replay_stuck(app: Application, _tell: Tell) -> Mapping[str, int]:
    """Bring back what was left half done; what can be sent is sent by the next run of its job."""
    with app.database.transaction() as transaction:
        return bring_back(transaction, app.runtime.clock())


def _check_calendar(app: Application, _tell: Tell) -> Mapping[str, int]:
    """Miss next year's calendar from November on, and count the dates that wait for it."""
    _, calendar = app.timekeeper.calendar_in_force()
    provisional = app.timekeeper.provisional()
    now = app.runtime.clock()
    today = now.astimezone(SHANGHAI).date()
    last = calendar.horizon.year
    wanted = today.year + (today.month >= REMINDED_FROM)
    facts = {"year": wanted, "horizon": calendar.horizon.isoformat(), "provisional": provisional}
    _set(app, "check_calendar", "calendar", "calendar_missing", facts, open_=last < wanted)
    return {"missing": max(0, wanted - last), "provisional": provisional}


def _verify_trail(app: Application, _tell: Tell) -> Mapping[str, int]:
    """Walk the system's chain and those of a slice of the items; each day has the next slice."""
    database, now = app.database, app.runtime.clock()
    with database.read() as connection:
        last = connection.execute(select(func.max(_item.c.id))).scalar_one() or 0
        slices = max(1, -(-last // SLICE))
        first = (now.date().toordinal() % slices) * SLICE + 1
    slice_ = f"trail:{first}"
    try:
        with database.read() as connection:
            found = list(audit.verify(connection, items=range(first, first + SLICE)))
    except Damaged:
        # Told now, and not missed in two days as a job that is late.
        facts: dict[str, Any] = {"count": 1, "subject": slice_}
        _set(app, "verify_trail", slice_, "trail_broken", facts, open_=True)
        raise
    broken = [each for each in found if isinstance(each, audit.Fault)]
    facts = {"count": len(broken), "subject": broken[0].subject} if broken else {}
    # A fault for each slice: the next one says nothing of what was found broken in this.
    _set(app, "verify_trail", slice_, "trail_broken", facts, open_=bool(broken))
    return {"sound": len(found) - len(broken), "broken": len(broken)}


def _heartbeat(app: Application, _tell: Tell) -> Mapping[str, int]:
    """Miss the runs of the other jobs, and forget old ones."""
    # That this is asked for shows that somebody asks.
    _set(app, WATCH.name, "beat", BEAT_SILENT, {}, open_=False)
    return {"late": _missed(app)}


def _watch(app: Application, _tell: Tell) -> Mapping[str, int]:
    """Do what the heartbeat does without being asked, and miss the heartbeat itself."""
    with app.database.read() as connection:
        now = app.runtime.clock()
        beat = ticks.standing(connection, HEARTBEAT.name, HEARTBEAT.interval, now)
    facts = {"since": beat.since.isoformat(timespec="seconds")}
    _set(app, WATCH.name, "beat", BEAT_SILENT, facts, open_=beat.late)
    return {"late": _missed(app) + beat.late}


def _missed(app: Application) -> int:
    """Open a fault for each job that is late, and forget old runs; return how many are late."""
    late = 0
    with app.database.read() as connection:
        standings = [
            ticks.standing(connection, job.name, job.interval, app.runtime.clock())
            for job in JOBS
            if job is not HEARTBEAT
        ]
    with app.database.transaction() as transaction:
        now = app.runtime.clock()
        for job in (*JOBS, WATCH):
            ticks.prune(transaction, job.name, job.interval, now)
    for each in standings:
        late += each.late
        facts = {"job": each.job, "since": each.since.isoformat(timespec="seconds")}
        _set(app, HEARTBEAT.name, f"job:{each.job}", "job_late", facts, open_=each.late)
    return late


def _set(
    app: Application, job: str, subject: str, code: str, facts: Mapping[str, Any], *, open_: bool
) -> None:
    """Open a fault, or close it."""
    with app.database.transaction() as transaction:
        now = app.runtime.clock()
        if open_:
            faults.note(transaction, job=job, subject=subject, code=code, facts=facts, now=now)
        else:
            faults.clear(transaction, job=job, subject=subject, code=code, now=now)


CLOCK: Final = "clock"
"""Under this name a clock that jumped is a fault: it stops every job alike."""
BEAT_SILENT: Final = "beat_silent"
"""The fault that nobody asks for the jobs: Celery's beat is dead, or its calls do not arrive."""
QUEUES: Final = ("sweep", "alert", "publish", "ops")


def _job(name: str, minutes: int, queue: str, run: Any) -> Job:
    return Job(name=name, interval=timedelta(minutes=minutes), queue=queue, run=run)


ENFORCE_DEADLINES: Final = _job(ticks.ENFORCING, 5, "sweep", _enforce_deadlines)
DISPATCH_ALERTS: Final = _job("dispatch_alerts", 1, "alert", _dispatch_alerts)
HEARTBEAT: Final = _job("heartbeat", 1, "ops", _heartbeat)
WATCH: Final = _job("watch", 1, "ops", _watch)
"""What a worker runs in itself, asked by nobody, and so none of the jobs that can be missed."""
JOBS: Final[Sequence[Job]] = (
    ENFORCE_DEADLINES,
    _job("publish_due", 1, "publish", _publish_due),
    _job("renew_pages", 5, "publish", _renew_pages),
    _job("dispatch_publications", 1, "publish", _dispatch_publications),
    _job("replay_stuck", 5, "sweep", _replay_stuck),
    _job("check_calendar", 6 * 60, "ops", _check_calendar),
    _job("verify_trail", 24 * 60, "ops", _verify_trail),
    # After all that can owe an alert, so that one pass tells what it has found.
    DISPATCH_ALERTS,
    HEARTBEAT,
)
"""Every job, in the order of one pass over all of them."""


def reports(connection: Connection, now: datetime) -> Iterator[ticks.Report]:
    """Yield how each job ran within the last day."""
    for job in JOBS:
        yield ticks.report(connection, job.name, job.interval, now)


def due(app: Application) -> Mapping[str, int]:
    """Return how much is due now: ``publications``, ``clocks`` to look at, and ``alerts``."""
    now = app.runtime.clock()
    clocks = and_(_RUNNING, _deadline.c.sweep_on <= now.astimezone(SHANGHAI).date())
    alerts = dispatching.OWED.c.not_before <= now
    with app.database.read() as connection:
        return {
            "publications": app.queries.deliveries_due() + app.queries.schedules_due(),
            "clocks": connection.execute(
                select(func.count()).select_from(_deadline).where(clocks)
            ).scalar_one(),
            "alerts": connection.execute(
                select(func.count()).select_from(dispatching.OWED).where(alerts)
            ).scalar_one(),
        }
