"""Workers killed in the middle of a sweep, databases that go away, sweeps on top of one another."""

from __future__ import annotations

import signal
import threading
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from tests.chaos.offices import (
    ROUNDS,
    expected,
    flagged,
    keys,
    nothing_lost_and_nothing_twice,
    runs,
)
from tests.tasks.processes import Processes, until
from workflow.jobs import ENFORCE_DEADLINES, run_job
from workflow.models import TickEnd

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.chaos.offices import Mortal
    from tests.service.sample_office import SampleOffice

    Of = Callable[[SampleOffice], Processes]

pytestmark = [pytest.mark.redis, pytest.mark.postgres, pytest.mark.slow]


def after(office: SampleOffice, control: SampleOffice) -> None:
    """Hold an office to what its control came to."""
    office.clock.set(datetime.now(UTC))
    nothing_lost_and_nothing_twice(office, expected(control, office))
    office.close()
    control.close()


def in_mid_batch(eye: psycopg.Connection[Any]) -> bool:
    """Tell whether a sweep that has raised alerts waits for somebody who holds the trail."""
    row = eye.execute(
        "SELECT count(*) FROM pg_stat_activity JOIN pg_locks USING (pid)"
        " WHERE wait_event_type = 'Lock' AND datname = current_database() AND granted"
        " AND relation = 'alert'::regclass AND mode = 'RowExclusiveLock'"
    ).fetchone()
    return bool(row and row[0])


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_f6_a_worker_killed_in_mid_batch_leaves_nothing_and_the_next_sweep_does_it_all(
    mortal: Mortal, processes_of: Of, _round: int
) -> None:
    office, control = mortal.office(), mortal.office()
    processes = processes_of(office)
    # Whoever holds the trail stops a batch between its alerts and its flags.
    with psycopg.connect(office.address) as holder:
        holder.execute("LOCK TABLE audit_entry IN EXCLUSIVE MODE")
        worker, beat = processes.worker(), processes.beat()
        with psycopg.connect(office.address, autocommit=True) as eye:
            until(lambda: in_mid_batch(eye), what=worker.written)
        worker.kill()
    assert 0 == flagged(office)
    assert {} == keys(office)
    processes.worker()
    until(lambda: flagged(office), what="a sweep")
    until(lambda: runs(office, "enforce_deadlines"), what="its end")
    beat.kill()
    after(office, control)


def test_f10_a_database_restarted_in_mid_sweep_is_found_again(
    mortal: Mortal, processes_of: Of
) -> None:
    office, control = mortal.office(), mortal.office()
    processes = processes_of(office)
    worker, beat = processes.worker(), processes.beat()
    for _ in range(3 * ROUNDS):
        before = runs(office, "heartbeat")
        office.close()
        mortal.server.kill()
        mortal.server.start()
        until(lambda before=before: runs(office, "heartbeat") > before, what=worker.written)  # type: ignore[misc] # bound at once
    until(lambda: runs(office, "enforce_deadlines") > 1, what=worker.written)
    assert worker.process.poll() is None
    beat.kill()
    worker.kill()
    after(office, control)


def test_f11_a_database_that_is_down_for_ten_minutes_makes_no_storm(mortal: Mortal) -> None:
    office, control = mortal.office(), mortal.office()
    office.clock.set(datetime.now(UTC))
    office.close()
    mortal.server.stop()
    begun = office.clock()
    outcomes = []
    while office.clock() < begun + timedelta(minutes=10):
        ran = run_job(office.app, ENFORCE_DEADLINES)
        outcomes.append((ran.outcome, ran.problem))
        office.clock.advance(timedelta(minutes=1))
    mortal.server.start()
    assert [("failed", "database_unreachable")] * 10 == outcomes
    assert "done" == run_job(office.app, ENFORCE_DEADLINES).outcome
    assert (1, 0) == (
        runs(office, "enforce_deadlines"),
        runs(office, "enforce_deadlines", TickEnd.FAILED),
    )
    nothing_lost_and_nothing_twice(office, expected(control, office))
    office.close()
    control.close()


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_f16_six_sweeps_at_once_find_each_clock_once(mortal: Mortal, _round: int) -> None:
    office, control = mortal.office(), mortal.office()
    office.clock.set(datetime.now(UTC))
    others = [office.again() for _ in range(6)]
    barrier = threading.Barrier(len(others))
    came: list[str] = []

    def sweep(other: SampleOffice) -> None:
        barrier.wait(10)
        came.append(run_job(other.app, ENFORCE_DEADLINES, forced=True).outcome)

    threads = [threading.Thread(target=sweep, args=(other,)) for other in others]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert ["done"] * 6 == came
    # What one of them held, the others left to it; nothing is left to anybody.
    assert 0 == office.app.enforcer.enforce().looked_at
    for other in others:
        other.close()
    nothing_lost_and_nothing_twice(office, expected(control, office))
    office.close()
    control.close()


def test_a_worker_that_is_asked_to_end_ends_what_it_has_in_hand(
    mortal: Mortal, processes_of: Of
) -> None:
    office = mortal.office()
    processes = processes_of(office)
    with psycopg.connect(office.address) as holder:
        holder.execute("LOCK TABLE audit_entry IN EXCLUSIVE MODE")
        worker, beat = processes.worker(), processes.beat()
        with psycopg.connect(office.address, autocommit=True) as eye:
            until(lambda: in_mid_batch(eye), what=worker.written)
        beat.kill()
        worker.signal(signal.SIGTERM)
        until(lambda: "Soft Shutdown" in worker.written, what=worker.written)
    worker.ended()
    assert flagged(office) > 0, worker.written
    assert runs(office, "enforce_deadlines") > 0
    office.close()


def test_a_worker_that_was_frozen_goes_on_and_does_nothing_twice(
    mortal: Mortal, processes_of: Of
) -> None:
    office, control = mortal.office(), mortal.office()
    processes = processes_of(office)
    first = processes.worker()
    first.freeze()
    beat = processes.beat()
    second = processes.worker()
    until(lambda: runs(office, "enforce_deadlines"), what=second.written)
    first.thaw()
    before = runs(office, "enforce_deadlines")
    until(lambda: runs(office, "enforce_deadlines") > before, what=first.written)
    beat.kill()
    after(office, control)
