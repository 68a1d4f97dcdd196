"""When each job ran: a row for each run, and what the rows say about runs that did not happen.

Time is cut into slots as long as a job's interval, and a run claims its slot, so that of two who
are told to run the same job one finds it taken. A slot can be claimed again when its run failed or
never ended. Slots belong to an *epoch*: when an administrator accepts the clock after it jumped, a
new one begins, and slots of a wrong future bind nobody.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from sqlalchemy import Boolean, and_, bindparam, delete, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from workflow.database import Statement
from workflow.models import Office, Tick, TickEnd, table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.engine import Connection

    from workflow.database import Transaction

GIVEN_UP: Final = timedelta(minutes=10)
"""A run that has not ended after so long has died: no job may take half of it."""
KEPT: Final = timedelta(days=8)
"""How long a run is remembered, beside the last one of each job."""
REPORTED: Final = timedelta(days=1)
"""How far a report of gaps looks back."""

ENFORCING: Final = "enforce_deadlines"
"""The job without which nobody hears of any deadline."""

_tick, _office = table(Tick), table(Office)
_OFFICE: Final = Statement(
    select(_office.c.clock_epoch, _office.c.created_at).where(_office.c.id == 1)
)
_LATEST: Final = Statement(
    select(_tick.c.started_at)
    .where(_tick.c.epoch == bindparam("epoch"))
    .order_by(_tick.c.id.desc())
    .limit(1)
)
# Made for one dialect, and the same in both.
_insert = upsert(_tick).values(
    **{name: bindparam(name) for name in ("epoch", "job", "slot", "host", "started_at")}, done=0
)
_CLAIM: Final = Statement(
    _insert.on_conflict_do_update(
        index_elements=[_tick.c.epoch, _tick.c.job, _tick.c.slot],
        set_={
            "host": _insert.excluded.host,
            "started_at": _insert.excluded.started_at,
            "ended_at": None,
            "outcome": None,
            "done": 0,
            "problem": None,
        },
        where=or_(
            _tick.c.outcome == TickEnd.FAILED,
            and_(_tick.c.outcome.is_(None), _tick.c.started_at < bindparam("died_before")),
            bindparam("forced", type_=Boolean),
        ),
    ).returning(_tick.c.id)
)
_END: Final = Statement(
    update(_tick)
    # Whoever took the slot over meanwhile has another start.
    .where(_tick.c.id == bindparam("tick_id"), _tick.c.started_at == bindparam("began_at"))
    .values(
        ended_at=bindparam("at"),
        outcome=bindparam("how", type_=_tick.c.outcome.type),
        done=bindparam("count"),
        problem=bindparam("why"),
    )
)
_LAST_DONE: Final = (
    select(_tick.c.slot, _tick.c.ended_at)
    .where(
        _tick.c.epoch == bindparam("epoch"),
        _tick.c.job == bindparam("job"),
        _tick.c.outcome == TickEnd.DONE,
    )
    .order_by(_tick.c.slot.desc())
    .limit(1)
)
_NEWEST: Final = (
    select(_tick.c.problem)
    .where(_tick.c.epoch == bindparam("epoch"), _tick.c.job == bindparam("job"))
    .order_by(_tick.c.slot.desc())
    .limit(1)
)
_FIRST: Final = select(func.min(_tick.c.started_at)).where(
    _tick.c.epoch == bindparam("epoch"), _tick.c.epoch > 1
)
_PRUNE: Final = Statement(
    delete(_tick).where(_tick.c.job == bindparam("name"), _tick.c.slot < bindparam("before"))
)


@dataclass(frozen=True, slots=True)
class Claim:
    """A slot in our hands."""

    tick_id: int
    began_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Slots in a row that nobody ran: from the beginning of the first to the end of the last."""

    begins: datetime
    ends: datetime
    slots: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a job stands: when it last ended well, and what went wrong since, if anything did.

    ``since`` is when it last ended well or, where it never did, when there was first something to
    run; ``late`` says that this is more than two intervals ago.
    """

    job: str
    interval: timedelta
    last_at: datetime | None
    since: datetime
    late: bool
    problem: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """How often a job ran within a day, beside how it stands."""

    standing: Standing
    expected: int
    ran: int
    gaps: tuple[Gap, ...]

    @property
    def missed(self) -> int:
        """Return how many slots nobody ran."""
        return self.expected - self.ran


def slot_of(instant: datetime, interval: timedelta) -> datetime:
    """Return the beginning of the slot that ``instant`` lies in."""
    seconds = int(interval.total_seconds())
    return datetime.fromtimestamp(instant.timestamp() // seconds * seconds, UTC)


def epoch_of(transaction: Transaction) -> int:
    """Return the epoch that the clock is in."""
    epoch: int = transaction.one(_OFFICE).clock_epoch
    return epoch


def latest(transaction: Transaction, epoch: int) -> datetime | None:
    """Return when any job last began in an epoch."""
    row = transaction.one(_LATEST, epoch=epoch)
    return None if row is None else row.started_at


def claim(
    transaction: Transaction,
    job: str,
    interval: timedelta,
    *,
    epoch: int,
    now: datetime,
    host: str,
    forced: bool,
) -> Claim | None:
    """Take the slot of ``now``, or return ``None`` where it is taken.

    ``forced`` takes it in any case: somebody who asks for a run is told what came of it.
    """
    row = transaction.one(
        _CLAIM,
        epoch=epoch,
        job=job,
        slot=slot_of(now, interval),
        host=host,
        started_at=now,
        died_before=now - GIVEN_UP,
        forced=forced,
    )
    return None if row is None else Claim(row.id, now)


def end(
    transaction: Transaction,
    claim: Claim,
    *,
    now: datetime,
    problem: str | None = None,
    count: int = 0,
) -> None:
    """Write down how a run ended, unless somebody else has taken it over."""
    transaction.run(
        _END,
        tick_id=claim.tick_id,
        began_at=claim.began_at,
        at=now,
        how=TickEnd.DONE if problem is None else TickEnd.FAILED,
        count=count,
        why=problem,
    )


def prune(transaction: Transaction, job: str, interval: timedelta, now: datetime) -> None:
    """Forget the runs of a job that nobody looks at any more."""
    transaction.run(_PRUNE, name=job, before=now - max(KEPT, 3 * interval))


def last_done(connection: Connection, job: str) -> datetime | None:
    """Return when a job last ended well, by the clock that is in force."""
    epoch = connection.execute(_OFFICE.clause).one().clock_epoch
    row = connection.execute(_LAST_DONE, {"epoch": epoch, "job": job}).first()
    return None if row is None else row.ended_at


def standing(connection: Connection, job: str, interval: timedelta, now: datetime) -> Standing:
    """Return how a job stands."""
    office = connection.execute(_OFFICE.clause).one()
    given = {"epoch": office.clock_epoch, "job": job}
    last = connection.execute(_LAST_DONE, given).first()
    newest = connection.execute(_NEWEST, given).first()
    # A new epoch begins with its first run: nobody could have run anything in it before.
    first = None if last else connection.execute(_FIRST, {"epoch": office.clock_epoch}).scalar_one()
    since = last.ended_at if last else first or office.created_at
    return Standing(
        job=job,
        interval=interval,
        last_at=last.ended_at if last else None,
        since=since,
        late=now - since > 2 * interval,
        problem=newest.problem if newest else None,
    )


def report(connection: Connection, job: str, interval: timedelta, now: datetime) -> Report:
    """Return how a job ran during the day before ``now``; the slot of ``now`` is still open."""
    epoch = connection.execute(_OFFICE.clause).one().clock_epoch
    ends = slot_of(now, interval)
    of_job = and_(_tick.c.epoch == epoch, _tick.c.job == job)
    # Before the first run of an epoch nobody could have run in it.
    first = connection.execute(select(func.min(_tick.c.slot)).where(of_job)).scalar_one()
    begins = max(slot_of(now - REPORTED, interval), first or ends)
    rows = connection.execute(
        select(_tick.c.slot).where(
            of_job, _tick.c.slot >= begins, _tick.c.slot < ends, _tick.c.outcome == TickEnd.DONE
        )
    )
    ran = {row.slot for row in rows}
    return Report(
        standing=standing(connection, job, interval, now),
        expected=max(0, (ends - begins) // interval),
        ran=len(ran),
        gaps=tuple(_gaps(ran, begins, ends, interval)),
    )


def _gaps(
    ran: set[datetime], begins: datetime, ends: datetime, interval: timedelta
) -> Iterator[Gap]:
    start: datetime | None = None
    slot = begins
    while slot <= ends:
        if slot < ends and slot not in ran:
            start = start or slot
        elif start is not None:
            yield Gap(begins=start, ends=slot, slots=(slot - start) // interval)
            start = None
        slot += interval
