"""What a sweep costs: so many newly overdue clocks among many that are not, and against bare SQL.

Bare SQL is one transaction of four set-based statements that write the same rows: alerts, entries
of the trail (whose hashes it cannot work out, and leaves at nothing), heads of the trails, clocks.
The naive loop is what one would write first: every running clock is loaded and looked at, and each
that is overdue is a transaction of its own. Each run has clocks of its own, because what was
raised stays; the two sides take turns.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeVar

from sqlmodel import Session, select

from tests.bench.boards import run_clocks
from tests.bench.office import ITEMS_FROM, fill, multiply, tidy_up
from workflow.clocks import Calendars
from workflow.models import (
    Account,
    Alert,
    AlertKind,
    AlertStatus,
    AuditEntry,
    Body,
    Contact,
    Deadline,
    Item,
    RoleGrant,
)
from workflow.runtime import SHANGHAI

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import date

    from tests.bench.office import Office

_R = TypeVar("_R")

ROUNDS: Final = 3
_APART: Final = 9973
"""Newly overdue are clocks all over the table; those of one day would lie closer together."""
_FILLED: Final = 50_000
"""So many items are filled in; those beyond are copies of them."""
_MOST_FOR_NAIVE: Final = 100_000
_RUNNING: Final = "met_on IS NULL AND voided_at IS NULL"
_FRESH: Final = f"deadline WHERE {_RUNNING} AND kind = 'legal' AND detected_at IS NULL"
_ELSEWHERE: Final = (
    f"UPDATE deadline SET sweep_on = '2199-01-01', swept_on = '{{today}}' WHERE {_RUNNING}"  # noqa: S608 # a day
)
_MAKE_DUE: Final = f"""
    UPDATE deadline SET sweep_on = '{{today}}', swept_on = '{{due}}', due_on = '{{due}}',
        started_on = '{{start}}', detected_at = NULL
    WHERE id IN (SELECT id FROM {_FRESH} AND swept_on = '{{today}}'
        ORDER BY id % {_APART}, id LIMIT {{count}})
"""  # noqa: S608 # days and numbers
_CONTACTS: Final = """
    INSERT INTO contact (account_id, channel, address, added_at)
    SELECT id, 'email', name || '@example.org', created_at FROM account
"""
_DUE: Final = "d.met_on IS NULL AND d.voided_at IS NULL AND d.sweep_on <= '{today}'"
_BARE: Final = (
    f"""
    INSERT INTO alert (key, kind, event, role, account_id, channel, contact_id, item_id,
        deadline_id, rev, rung, day, late, facts, raised_at, not_before, status)
    SELECT 'deadline:' || d.id || ':' || d.rev || ':T+1:account:' || g.account_id || ':email',
        'deadline', 'overdue', 'department_head', g.account_id, 'email', c.id, d.item_id, d.id,
        d.rev, 'T+1', '{{today}}', FALSE, '{{{{"clock":"' || d.clock || '"}}}}', '{{now}}',
        '{{now}}', 'owed'
    FROM deadline d
    JOIN role_grant g ON (g.role = 'department_head' AND g.body_id = d.body_id)
        OR g.role = 'supervisor'
    JOIN contact c ON c.account_id = g.account_id
    WHERE {_DUE}
    ON CONFLICT (key) DO NOTHING
    """,  # noqa: S608
    f"""
    INSERT INTO audit_entry
        (subject, seq, at, event, actor, channel, host, details, previous, hash)
    SELECT 'item:' || i.id, i.trail_seq + row_number() OVER (PARTITION BY i.id ORDER BY d.id),
        '{{now}}', 'deadline_overdue', 'system', 'api', 'sample',
        '{{{{"clock":"' || d.clock || '","rev":1,"rungs":["T+1"]}}}}', i.trail_hash, i.trail_hash
    FROM deadline d JOIN item i ON i.id = d.item_id WHERE {_DUE}
    """,  # noqa: S608
    f"""
    UPDATE item SET trail_seq = trail_seq + (SELECT count(*) FROM deadline d
        WHERE d.item_id = item.id AND {_DUE})
    WHERE id IN (SELECT d.item_id FROM deadline d WHERE {_DUE})
    """,  # noqa: S608
    f"""
    UPDATE deadline AS d SET detected_at = '{{now}}', swept_on = '{{today}}',
        sweep_on = '2199-01-01' WHERE {_DUE}
    """,  # noqa: S608
)


class Taken(NamedTuple):
    """How long something took: by the clock on the wall, and the time this process computed."""

    wall: float
    cpu: float


@dataclass(frozen=True)
class Sample:
    """What was measured with so many items; times in seconds, memory in bytes.

    ``naive`` is None where there are too many. ``many`` newly overdue clocks took ``flood``,
    ``grown`` is by how much the process grew over it.
    """

    items: int
    running: int
    newly: int
    ours: Taken
    bare: Taken
    naive: float | None
    many: int
    flood: float
    grown: int


def grow(
    office: Office, sizes: Sequence[int], *, newly: int, advance: Callable[[str], None]
) -> Iterator[Sample]:
    """Fill an empty office up to each of ``sizes`` and yield what was measured there."""
    _execute(office, _CONTACTS)
    before = 0
    for size in sizes:
        advance(f"{size:,}: filling")
        _fill_up(office, before, size)
        running = run_clocks(office, ITEMS_FROM + before)
        before = size
        # Seven runs take so many each, and the last one what is left.
        fresh = _count(office, _FRESH)
        count = min(newly, fresh // (4 * ROUNDS))
        many = min(10 * newly, fresh - (2 * ROUNDS + 1) * count)
        _execute(office, _ELSEWHERE.format(today=_today(office)))
        # By the statistics from before that all clocks are due, and bare SQL takes twice as long.
        tidy_up(office)
        ours, bare = [], []
        for turn in range(ROUNDS):
            advance(f"{size:,}: sweep {turn + 1} of {ROUNDS}")
            _make_due(office, count)
            ours.append(_swept(office, count))
            _make_due(office, count)
            bare.append(_bare(office, count))
        naive = None
        if size <= _MOST_FOR_NAIVE:
            advance(f"{size:,}: the naive loop")
            _make_due(office, count)
            naive = _naive(office)
        advance(f"{size:,}: {many:,} at once")
        _make_due(office, many)
        _forget_peak()
        peak = _peak()
        flood = _swept(office, many).wall
        yield Sample(
            items=size,
            running=running,
            newly=count,
            ours=_median(ours),
            bare=_median(bare),
            naive=naive,
            many=many,
            flood=flood,
            grown=_peak() - peak,
        )


def _fill_up(office: Office, before: int, size: int) -> None:
    """Bring an office of ``before`` items to ``size``."""
    if before < _FILLED:
        fill(office, min(size, _FILLED) - before)
    for done in range(max(before, _FILLED), size, _FILLED):
        multiply(office, min(_FILLED, size - done), shift=done)


def _today(office: Office) -> date:
    return office.app.runtime.clock().astimezone(SHANGHAI).date()


def _make_due(office: Office, count: int) -> None:
    """Let so many running clocks have reached the first step after their last day by now."""
    today = _today(office)
    with office.database.transaction(keep=False) as transaction:
        _, calendar = Calendars().current(transaction)
    last = today if calendar.is_working_day(today) else calendar.add(today, -1)
    due = calendar.add(last, -1)
    start = due - timedelta(days=28)
    _execute(office, _MAKE_DUE.format(today=today, due=due, start=start, count=count))


def _timed(work: Callable[[], _R]) -> tuple[Taken, _R]:
    wall, cpu = time.perf_counter(), time.process_time()
    result = work()
    return Taken(time.perf_counter() - wall, time.process_time() - cpu), result


def _median(times: Sequence[Taken]) -> Taken:
    return Taken(median(each.wall for each in times), median(each.cpu for each in times))


def _swept(office: Office, count: int) -> Taken:
    """Sweep with an enforcer that knows policies and calendar, and return the time."""
    taken, done = _timed(office.app.enforcer.enforce)
    if (done.overdue, done.alerts) != (count, 2 * count):
        raise RuntimeError(done)
    return taken


def _bare(office: Office, count: int) -> Taken:
    places = {"today": _today(office), "now": office.app.runtime.clock()}
    statements = [statement.format(**places) for statement in _BARE]
    before = _count(office, "alert")
    taken, _ = _timed(lambda: _execute(office, *statements))
    if _count(office, "alert") - before != 2 * count:
        raise RuntimeError(count)
    return taken


def _count(office: Office, which: str) -> int:
    with office.database.read() as connection:
        return int(connection.exec_driver_sql(f"SELECT count(*) FROM {which}").scalar_one())  # noqa: S608 # from here


def _naive(office: Office) -> float:
    """Look at every running clock, one after the other, and write with the ORM."""
    now, today = office.app.runtime.clock(), _today(office)
    start = time.perf_counter()
    with Session(office.database.engine, expire_on_commit=False) as session:
        query = select(Deadline).where(Deadline.met_on == None, Deadline.voided_at == None)  # noqa: E711 # as SQL has it
        for clock in session.exec(query).all():
            if clock.due_on >= today or clock.detected_at or clock.sweep_on > today:
                continue
            item = session.get_one(Item, clock.item_id)
            people = select(RoleGrant, Account, Contact).where(
                RoleGrant.account_id == Account.id,
                Contact.account_id == Account.id,
                RoleGrant.body_id == Body.id,
                ((RoleGrant.role == "department_head") & (Body.id == clock.body_id))
                | (RoleGrant.role == "supervisor"),
            )
            for grant, account, contact in session.exec(people).all():
                session.add(_alert(clock, account, contact, role=grant.role, at=now))
            item.trail_seq += 1
            session.add(
                AuditEntry(
                    subject=f"item:{item.id}", seq=item.trail_seq, at=now,
                    event="deadline_overdue", actor="system", channel="api", host="sample",
                    details="{}", previous=item.trail_hash, hash=item.trail_hash,
                )
            )  # fmt: skip
            clock.detected_at, clock.swept_on = now, today
            clock.sweep_on = today + timedelta(days=365)
            session.commit()
    return time.perf_counter() - start


def _alert(clock: Deadline, account: Account, contact: Contact, *, role: str, at: Any) -> Alert:
    return Alert(
        key=f"deadline:{clock.id}:{clock.rev}:T+1:account:{account.id}:email",
        kind=AlertKind.DEADLINE, event="overdue", role=role, account_id=account.id, channel="email",
        contact_id=contact.id, item_id=clock.item_id, deadline_id=clock.id, rev=clock.rev,
        rung="T+1", day=clock.due_on, late=False, facts=json.dumps({"clock": clock.clock}),
        raised_at=at, not_before=at, status=AlertStatus.OWED,
    )  # fmt: skip


def _execute(office: Office, *statements: str) -> None:
    with office.database.engine.begin() as connection:
        for statement in statements:
            # The driver of PostgreSQL takes a per cent sign for a place.
            free = statement if office.database.is_sqlite else statement.replace("%", "%%")
            connection.exec_driver_sql(free)


def _forget_peak() -> None:
    """Let the most memory be counted from here on, which Linux alone can; filling took more."""
    with suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def _peak() -> int:
    """Return the most memory that this process had, in bytes."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024
