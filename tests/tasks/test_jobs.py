"""One table of jobs and one way to run them: slots, clocks, failures, and what each job does."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from tests.service.tampering import unguarded
from workflow import faults, host_clock, jobs, ticks
from workflow.alerts import FAULTS
from workflow.errors import InvalidInput, Refused, Unavailable
from workflow.jobs import BEAT_SILENT, ENFORCE_DEADLINES, HEARTBEAT, JOBS, WATCH, Job, run_job
from workflow.models import Alert, Delivery, DeliveryStatus, Tick, table

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tests.service.sample_office import SampleOffice
    from workflow.settings import Application

_tick, _delivery, _alert = table(Tick), table(Delivery), table(Alert)
BY_NAME = {job.name: job for job in JOBS}


def counting(
    minutes: int = 5, *, problem: Exception | None = None
) -> tuple[Job, Callable[[], int]]:
    """Return a job that counts its runs, and the count."""
    runs: list[int] = []

    def run(_app: Application, _tell: object) -> Mapping[str, int]:
        runs.append(1)
        if problem is not None:
            raise problem
        return {"things": 2, "others": 1}

    job = Job(name="counting", interval=timedelta(minutes=minutes), queue="ops", run=run)
    return job, lambda: len(runs)


def rows(office: SampleOffice) -> list[Any]:
    with office.database.read() as connection:
        return list(connection.execute(select(_tick).order_by(_tick.c.id)))


def open_faults(office: SampleOffice) -> dict[str, dict[str, Any]]:
    with office.database.read() as connection:
        return {each["code"]: each for each in faults.open_faults(connection)}


# -- slots -----------------------------------------------------------------------------------


def test_a_job_runs_once_in_each_slot_whoever_asks(office: SampleOffice) -> None:
    # F12
    job, runs = counting()
    other = office.again()
    assert ["done", "taken"] == [run_job(each.app, job).outcome for each in (office, other)]
    office.clock.advance(timedelta(minutes=5))
    other.clock.advance(timedelta(minutes=5))
    assert ["done", "taken"] == [run_job(each.app, job).outcome for each in (other, office)]
    other.close()
    assert 2 == runs()


def test_a_run_leaves_when_it_was_and_what_it_came_to(office: SampleOffice) -> None:
    job, _ = counting()
    office.clock.advance(timedelta(minutes=7, seconds=3))
    run_job(office.app, job)
    (row,) = rows(office)
    now = office.clock()
    slot = now - timedelta(minutes=2, seconds=3)
    assert ("counting", slot, now, now, "done", 3, None) == (
        row.job,
        row.slot,
        row.started_at,
        row.ended_at,
        row.outcome,
        row.done,
        row.problem,
    )


def test_whoever_asks_for_a_run_gets_one(office: SampleOffice) -> None:
    job, runs = counting()
    assert ["done", "done"] == [run_job(office.app, job, forced=True).outcome for _ in range(2)]
    assert 2 == runs()
    assert 1 == len(rows(office))


def test_what_can_be_expected_to_fail_is_written_down_and_tried_again(
    office: SampleOffice,
) -> None:
    job, runs = counting(problem=Unavailable("database_busy"))
    came = [run_job(office.app, job) for _ in range(2)]
    assert [("failed", "database_busy")] * 2 == [(ran.outcome, ran.problem) for ran in came]
    assert 2 == runs()
    assert ["database_busy"] == [row.problem for row in rows(office)]


def test_a_bug_is_written_down_and_raised(office: SampleOffice) -> None:
    job, _ = counting(problem=KeyError("样例标题"))
    with pytest.raises(KeyError):
        run_job(office.app, job)
    assert [("failed", "KeyError")] == [(row.outcome, row.problem) for row in rows(office)]


def test_a_run_that_never_ended_is_given_up_after_ten_minutes(office: SampleOffice) -> None:
    job, runs = counting(minutes=60)
    with office.database.transaction() as transaction:
        now = office.clock()
        claim = ticks.claim(
            transaction, job.name, job.interval, epoch=1, now=now, host="dead", forced=False
        )
    assert claim is not None
    office.clock.advance(ticks.GIVEN_UP)
    assert "taken" == run_job(office.app, job).outcome
    office.clock.advance(timedelta(seconds=1))
    assert "done" == run_job(office.app, job).outcome
    # Whoever was only slow does not write over what came after.
    with office.database.transaction() as transaction:
        ticks.end(transaction, claim, now=office.clock(), problem="slow")
    assert [("done", None)] == [(row.outcome, row.problem) for row in rows(office)]
    assert 1 == runs()


# -- the clock -------------------------------------------------------------------------------


def real(office: SampleOffice) -> SampleOffice:
    """Take an office for a real one, by the clock that is real."""
    facts = office.app.office_facts
    assert facts is not None
    office.clock.set(datetime.now(UTC))
    office.app = replace(office.app, office_facts=replace(facts, rehearsal=False))
    return office


def test_time_that_runs_backwards_stops_every_job_until_it_is_accepted(
    office: SampleOffice,
) -> None:
    # F23
    job, runs = counting()
    real(office)
    office.clock.advance(timedelta(minutes=4))
    assert "done" == run_job(office.app, job).outcome
    office.clock.advance(-timedelta(minutes=15))
    # On PostgreSQL the database's clock tells as well.
    ran = run_job(office.app, job)
    assert ("refused", "clock_jumped") == (ran.outcome, ran.problem)
    assert 1 == runs()
    assert "clock_jumped" in open_faults(office)
    with pytest.raises(Refused, match="needs_role"):
        accept(office, "publisher")
    with pytest.raises(Refused, match="reason_required"):
        accept(office, "admin", reason="  ")
    came = accept(office, "admin")
    assert 2 == came["epoch"]
    assert "done" == run_job(office.app, job).outcome
    assert "clock_jumped" not in open_faults(office)
    entry = office.trail()[-1]
    assert ("clock_accepted", "admin") == (entry.event, entry.actor)
    assert "样例理由" not in entry.details
    assert [] == office.faults()


def test_a_clock_that_was_accepted_makes_no_job_late(office: SampleOffice) -> None:
    for job in JOBS:
        run_job(office.app, job)
    office.clock.advance(timedelta(days=3))
    accept(office, "admin")
    assert 0 == run_job(office.app, HEARTBEAT).counts["late"]
    office.clock.advance(timedelta(minutes=11))
    assert 6 == run_job(office.app, HEARTBEAT).counts["late"]


def accept(office: SampleOffice, who: str, *, reason: str = "样例理由：已校准") -> dict[str, Any]:
    app = office.app
    return host_clock.accept(app.runtime, app.intake, office[who], reason=reason)


def test_a_host_that_disagrees_with_its_database_sweeps_nothing(
    postgresql_office: SampleOffice,
) -> None:
    # F23
    office = real(postgresql_office)
    job, runs = counting()
    office.clock.advance(timedelta(minutes=4))
    assert "done" == run_job(office.app, job).outcome
    office.clock.advance(timedelta(days=1))
    ran = run_job(office.app, job)
    assert isinstance(ran.error, Refused)
    assert ("refused", "database") == (ran.outcome, ran.error.params["other"])
    accept(office, "admin")
    assert "done" == run_job(office.app, job).outcome
    # What was accepted is that much of a difference, and no other.
    office.clock.advance(timedelta(minutes=11))
    assert "refused" == run_job(office.app, job).outcome
    assert 2 == runs()


def test_slots_of_a_wrong_future_bind_nobody(sqlite_office: SampleOffice) -> None:
    office = real(sqlite_office)
    job, runs = counting()
    for _ in range(3):
        assert "done" == run_job(office.app, job).outcome
        office.clock.advance(timedelta(days=1))
    office.clock.advance(-timedelta(days=2))
    assert "refused" == run_job(office.app, job).outcome
    accept(office, "admin")
    assert "done" == run_job(office.app, job).outcome
    with office.database.read() as connection:
        assert office.clock() == ticks.last_done(connection, job.name)
    assert 4 == runs()


def test_a_rehearsal_has_the_clock_that_it_is_given(office: SampleOffice) -> None:
    job, runs = counting()
    for step in (timedelta(days=400), timedelta(days=-300)):
        assert "done" == run_job(office.app, job).outcome
        office.clock.advance(step)
    assert 2 == runs()


# -- what the jobs do ------------------------------------------------------------------------


def test_every_job_runs_on_an_office_in_which_nothing_is_due(office: SampleOffice) -> None:
    assert {job.name: "done" for job in JOBS} == {
        job.name: run_job(office.app, job).outcome for job in JOBS
    }


def test_a_publication_without_a_delivery_is_owed_again_and_goes_out_once(
    office: SampleOffice,
) -> None:
    item = office.draft()
    office.carry(item, to="publishing")
    with unguarded(office.database) as connection:
        connection.execute(_delivery.delete())
    assert 1 == run_job(office.app, BY_NAME["replay_stuck"]).counts["publications"]
    assert 1 == run_job(office.app, BY_NAME["dispatch_publications"]).counts["published"]
    office.clock.advance(timedelta(minutes=5))
    assert {0} == set(run_job(office.app, BY_NAME["replay_stuck"]).counts.values())
    assert "published" == office.place(item)
    assert [DeliveryStatus.DONE] == [row.status for row in office.deliveries(item)]


def test_a_delivery_whose_sender_died_long_ago_is_owed_again(office: SampleOffice) -> None:
    item = office.draft()
    office.carry(item, to="publishing")
    with office.database.transaction() as transaction:
        transaction._cursor.execute(  # noqa: SLF001 # what a sender that died leaves
            "UPDATE delivery SET status = 'leased', lease = 'dead',"
            " leased_until = '2017-01-20 01:00:00+00'"
        )
    assert 0 == run_job(office.app, BY_NAME["replay_stuck"]).counts["deliveries"]
    office.clock.advance(timedelta(minutes=35))
    assert 1 == run_job(office.app, BY_NAME["replay_stuck"]).counts["deliveries"]
    assert [DeliveryStatus.OWED] == [row.status for row in office.deliveries(item)]


@pytest.mark.parametrize(
    ("today", "missing"), [("2026-10-31", False), ("2026-11-01", True), ("2027-02-01", True)]
)
def test_next_years_calendar_is_missed_from_november_on(
    office: SampleOffice, today: str, *, missing: bool
) -> None:
    # F21
    office.clock.set(datetime.fromisoformat(f"{today}T09:00+08:00"))
    run_job(office.app, BY_NAME["check_calendar"])
    assert missing is ("calendar_missing" in open_faults(office))


def test_a_broken_chain_is_a_fault_until_it_is_whole(office: SampleOffice) -> None:
    office.draft()
    verify = BY_NAME["verify_trail"]
    with unguarded(office.database) as connection:
        connection.exec_driver_sql("UPDATE audit_entry SET actor = 'mallory' WHERE seq = 1")
    assert 2 == run_job(office.app, verify).counts["broken"]
    assert "trail_broken" in open_faults(office)


@pytest.mark.parametrize("change", ["at = 'garbage'", "details = x'ff00'", "actor = x'ff'"])
def test_a_trail_that_cannot_even_be_read_is_a_fault_at_once(
    sqlite_office: SampleOffice, change: str
) -> None:
    sqlite_office.draft()
    with unguarded(sqlite_office.database) as connection:
        connection.exec_driver_sql("PRAGMA ignore_check_constraints=1")
        change = f"UPDATE audit_entry SET {change} WHERE seq = 1 AND id > 1"  # noqa: S608 # ours
        connection.exec_driver_sql(change)
    ran = run_job(sqlite_office.app, BY_NAME["verify_trail"])
    assert ("failed", "database_damaged") == (ran.outcome, ran.problem)
    assert "trail_broken" in open_faults(sqlite_office)


def test_a_slice_of_the_chains_holds_the_systems_and_its_own(office: SampleOffice) -> None:
    from workflow import audit  # noqa: PLC0415

    items = [office.draft() for _ in range(3)]
    with office.database.read() as connection:
        found = [each.subject for each in audit.verify(connection, items=range(items[1], items[2]))]
    assert {"system", f"item:{items[1]}"} == set(found)


def test_a_job_that_nobody_ran_for_two_intervals_is_missed_and_an_alert_is_owed(
    office: SampleOffice,
) -> None:
    # F13
    for job in JOBS:
        run_job(office.app, job)
    office.clock.advance(timedelta(minutes=11))
    ran = run_job(office.app, HEARTBEAT)
    assert 6 == ran.counts["late"]
    late = [each for each in _faults(office) if each["code"] == "job_late"]
    assert "job:enforce_deadlines" in {each["subject"] for each in late}
    with office.database.read() as connection:
        events = [row.event for row in connection.execute(select(_alert.c.event))]
    assert "job_late" in events
    for job in JOBS:
        run_job(office.app, job)
    office.clock.advance(timedelta(minutes=1))
    assert 0 == run_job(office.app, HEARTBEAT).counts["late"]
    assert [] == [each for each in _faults(office) if each["code"] == "job_late"]


def test_a_worker_that_nobody_asks_for_anything_says_so_until_somebody_does(
    office: SampleOffice,
) -> None:
    # F13: what runs in the worker itself must not hide that beat is dead.
    for job in JOBS:
        run_job(office.app, job)
    office.clock.advance(timedelta(minutes=2))
    assert 0 == run_job(office.app, WATCH).counts["late"]
    office.clock.advance(timedelta(minutes=1))
    # Beat, and the three jobs that it asks for each minute.
    assert 4 == run_job(office.app, WATCH).counts["late"]
    (silent,) = [each for each in _faults(office) if each["code"] == BEAT_SILENT]
    assert {"since": "2017-01-20T01:00:00+00:00"} == silent["facts"]
    run_job(office.app, HEARTBEAT)
    assert BEAT_SILENT not in {each["code"] for each in _faults(office)}


def _faults(office: SampleOffice) -> list[dict[str, Any]]:
    with office.database.read() as connection:
        return faults.open_faults(connection)


def test_old_runs_are_forgotten_and_the_last_one_of_a_rare_job_is_not(
    office: SampleOffice,
) -> None:
    for job in JOBS:
        run_job(office.app, job)
    office.clock.advance(timedelta(days=9))
    run_job(office.app, HEARTBEAT)
    assert ["heartbeat"] == [row.job for row in rows(office)]


# -- reports ---------------------------------------------------------------------------------


def test_a_report_counts_what_is_missing_and_says_from_when_to_when(office: SampleOffice) -> None:
    start = office.clock()
    for minute in (0, 5, 20, 25, 40):
        office.clock.set(start + timedelta(minutes=minute))
        run_job(office.app, ENFORCE_DEADLINES)
    office.clock.set(start + timedelta(minutes=45))
    with office.database.read() as connection:
        (found, *_) = jobs.reports(connection, office.clock())
    assert (9, 5, 4) == (found.expected, found.ran, found.missed)
    assert [(10, 20, 2), (30, 40, 2)] == [
        (minutes(gap.begins - start), minutes(gap.ends - start), gap.slots) for gap in found.gaps
    ]
    assert not found.standing.late


def minutes(span: timedelta) -> int:
    return span // timedelta(minutes=1)


def test_a_report_of_a_day_stays_within_the_day(office: SampleOffice) -> None:
    start = office.clock()
    run_job(office.app, ENFORCE_DEADLINES)
    office.clock.set(start + timedelta(days=3))
    with office.database.read() as connection:
        (found, *_) = jobs.reports(connection, office.clock())
    assert (288, 0) == (found.expected, found.ran)
    assert found.standing.late


@pytest.mark.postgres
def test_where_no_fault_is_open_nobody_waits_for_who_holds_the_faults(
    postgresql_office: SampleOffice,
) -> None:
    frozen = postgresql_office.again()
    with frozen.database.transaction() as transaction:
        transaction.queue_up(FAULTS)
        assert ["done"] * len(JOBS) == [run_job(postgresql_office.app, job).outcome for job in JOBS]
    frozen.close()


def test_facts_of_a_fault_hold_no_content(office: SampleOffice) -> None:
    office.clock.set(datetime.fromisoformat("2026-11-01T09:00+08:00"))
    run_job(office.app, BY_NAME["check_calendar"])
    facts = open_faults(office)["calendar_missing"]["facts"]
    assert {"year": 2027, "horizon": "2026-12-31", "provisional": 0} == facts
    assert json.dumps(facts)


def test_a_site_that_is_elsewhere_is_not_published_to(office: SampleOffice) -> None:
    settings = office.app.settings.model_copy(update={"site_directory": None})
    elsewhere = settings.model_copy()
    object.__setattr__(elsewhere, "__pydantic_fields_set__", {"database_url"})
    app = replace(office.app, settings=elsewhere)
    ran = run_job(app, BY_NAME["dispatch_publications"])
    assert "site_elsewhere" == ran.problem


def test_an_error_of_input_is_a_failure_like_any_other(office: SampleOffice) -> None:
    job, _ = counting(problem=InvalidInput("setting_wrong"))
    assert "setting_wrong" == run_job(office.app, job).problem
