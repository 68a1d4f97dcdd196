"""A worker that is killed in the middle of a run holds its job up for ten minutes at the most."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import TYPE_CHECKING, Final

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.cli.desk import Desk
from tests.scenarios import acts
from tests.scenarios.processes import call, killed
from workflow import ticks
from workflow.jobs import JOBS, Job, run_job

if TYPE_CHECKING:
    from pathlib import Path

    from tests.service.sample_office import SampleOffice

SECOND: Final = timedelta(seconds=1)
NEVER: Final = 10**6
"""A number of statements that no run comes to: it is the job that kills its process."""
BEGINNING: Final = datetime(2017, 1, 20, 1, tzinfo=UTC)
_numbers = count()


def killed_in(office: SampleOffice, job: str) -> Job:
    """Have a process killed in a run of a job, and return the job."""
    assert None is killed(office, call(acts.die_running, job), before=NEVER)
    return next(each for each in JOBS if each.name == job)


def gaps(office: SampleOffice, place: Path, job: str) -> tuple[int, list[int]]:
    """Return what `doctor --ticks` says of a job: how many runs are missing, and where."""
    its = {"GONGKAI_HOME": str(office.home), "GONGKAI_DATABASE_URL": office.address}
    told = Desk(place, now=office.clock()).json(None, "doctor", "--ticks", **its).document["data"]
    (row,) = (each for each in told if each["job"] == job)
    return row["missed"], [gap["missed"] for gap in row["gaps"]]


def test_the_slot_of_a_killed_run_is_lost_and_the_next_one_is_run(
    office: SampleOffice, tmp_path: Path
) -> None:
    # F6, F13
    job = killed_in(office, "enforce_deadlines")
    assert job.interval < ticks.GIVEN_UP
    assert "taken" == run_job(office.app, job).outcome
    office.clock.set(ticks.slot_of(office.clock(), job.interval) + job.interval - SECOND)
    assert "taken" == run_job(office.app, job).outcome
    office.clock.advance(SECOND)
    assert "done" == run_job(office.app, job).outcome
    assert (1, [1]) == gaps(office, tmp_path, job.name)


def test_a_killed_run_in_a_long_slot_is_made_up_for_after_ten_minutes(
    office: SampleOffice, tmp_path: Path
) -> None:
    # F6, F13
    job = killed_in(office, "verify_trail")
    assert job.interval > ticks.GIVEN_UP
    office.clock.advance(timedelta(minutes=10))
    assert "taken" == run_job(office.app, job).outcome
    office.clock.advance(SECOND)
    assert "done" == run_job(office.app, job).outcome
    office.clock.advance(job.interval)
    assert (0, []) == gaps(office, tmp_path, job.name)


@given(
    minutes=st.sampled_from([1, 5, 15, 60]),
    asked=st.lists(
        st.tuples(st.integers(1, 1500).map(lambda seconds: SECOND * seconds), st.booleans()),
        min_size=1,
        max_size=25,
    ),
)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_however_often_runs_are_killed_none_is_done_twice_or_held_up_longer(
    office: SampleOffice, minutes: int, asked: list[tuple[timedelta, bool]]
) -> None:
    # F6, F12, F13: each ask comes so long after the one before, and is killed or not.
    name, interval = f"job{next(_numbers)}", timedelta(minutes=minutes)
    job = Job(name=name, interval=interval, queue="ops", run=lambda *_: {})
    office.clock.set(BEGINNING)
    slots: list[datetime] = []
    began: list[datetime] = []
    done: Counter[datetime] = Counter()
    for pause, is_killed in asked:
        office.clock.advance(pause)
        now = office.clock()
        slot = ticks.slot_of(now, interval)
        slots.append(slot)
        # It is held up only by who has done it, or has begun it in the same slot lately.
        free = not done[slot] and all(
            ticks.slot_of(start, interval) != slot or now - start > ticks.GIVEN_UP
            for start in began
        )
        if is_killed:
            # What a process leaves that is killed: a claim and no end.
            with office.database.transaction() as transaction:
                epoch = ticks.epoch_of(transaction)
                claim = ticks.claim(
                    transaction, name, interval, epoch=epoch, now=now, host="dead", forced=False
                )
            assert free is (claim is not None)
        else:
            assert free is ("done" == run_job(office.app, job).outcome)
            done[slot] += free
        if free:
            began.append(now)
    office.clock.set(slots[-1] + interval)
    with office.database.read() as connection:
        found = ticks.report(connection, name, interval, office.clock())
    ran, expected = done.total(), (slots[-1] + interval - slots[0]) // interval
    assert (ran, expected - ran) == (found.ran, found.missed)
    assert expected - ran == sum(gap.slots for gap in found.gaps)
