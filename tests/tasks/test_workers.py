"""Celery's worker and beat as real processes, on a real Redis."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from tests.tasks.processes import until
from workflow.jobs import JOBS
from workflow.models import Tick, TickEnd, table

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.service.sample_office import SampleOffice
    from tests.tasks.processes import Processes

pytestmark = [pytest.mark.redis, pytest.mark.slow]
_tick = table(Tick)


def done(office: SampleOffice) -> set[str]:
    """Return the jobs that have a run which ended well."""
    with office.database.read() as connection:
        rows = connection.execute(select(_tick.c.job).where(_tick.c.outcome == TickEnd.DONE))
        return {row.job for row in rows}


def test_worker_and_beat_run_every_job(
    office: SampleOffice, processes_of: Callable[[SampleOffice], Processes]
) -> None:
    processes = processes_of(office)
    worker, beat = processes.worker(), processes.beat()
    # The worker's own watch has runs, too.
    until(lambda: {job.name for job in JOBS} <= done(office), what=worker.written)
    beat.signal(signal.SIGTERM)
    assert 0 == beat.ended()
    worker.kill()
    lines = [each for each in worker.events if each["event"] == "task_succeeded"]
    assert {f"tasks.{job.name}" for job in JOBS} == {each["task"] for each in lines}
    line = next(each for each in lines if each["task"] == "tasks.enforce_deadlines")
    assert ("sweep", 0, "done", "info") == (
        line["queue"],
        line["retry"],
        line["outcome"],
        line["level"],
    )
    assert {"id", "seconds", "counts", "at"} <= line.keys()
