"""Redis dead, frozen, full or flushed; beats doubled, dead or garbled: nothing depends on them."""

from __future__ import annotations

import os
import signal
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
import redis as client

from tests.chaos.offices import (
    delivered,
    expected,
    flagged,
    keys,
    nothing_lost_and_nothing_twice,
    runs,
)
from tests.tasks.processes import Processes, until
from workflow import faults
from workflow.machine import Action
from workflow.models import DeliveryStatus
from workflow.runtime import SHANGHAI

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests import servers
    from tests.chaos.offices import Mortal
    from tests.service.sample_office import SampleOffice

    Of = Callable[[SampleOffice], Processes]

pytestmark = [pytest.mark.redis, pytest.mark.slow]


def real(office: SampleOffice) -> None:
    """Let it be now, as it is for the workers."""
    office.clock.set(datetime.now(UTC))


def fresh(office: SampleOffice) -> int:
    """Enter a draft that was formed today, which is not late yet."""
    real(office)
    today = office.clock().astimezone(SHANGHAI).date()
    return office.draft(changes={"formed_on": today.isoformat()})


def test_f1_f3_f14_redis_dies_with_what_is_queued_and_the_next_tick_does_the_work(
    mortal: Mortal, processes_of: Of, redis: servers.OwnServer
) -> None:
    office, control = mortal.office(), mortal.office()
    # F14: the schedule that beat finds is no schedule.
    (office.home / "beat-schedule").write_bytes(b"garbled")
    processes = processes_of(office)
    # F3: asked for, and lost with the server before anybody did it.
    beat = processes.beat()
    with client.Redis.from_url(redis.url) as connection:
        until(lambda: connection.llen("gongkai:sweep"), what="a call in the queue")
    redis.kill()
    for file in redis.directory.rglob("*.aof"):
        file.unlink()
    # F1: beat ticks, and there is no server.
    until(lambda: "error" in beat.written.lower(), what=beat.written)
    redis.start()
    processes.worker()
    until(lambda: flagged(office), what="a sweep")
    until(lambda: runs(office, "enforce_deadlines") > 1, what="a second sweep")
    real(office)
    nothing_lost_and_nothing_twice(office, expected(control, office))


def test_f5_a_users_command_returns_within_five_seconds_with_redis_frozen(
    sqlite_office: SampleOffice, processes_of: Of, redis: servers.OwnServer
) -> None:
    processes = processes_of(sqlite_office)
    real(sqlite_office)
    token, _ = sqlite_office.accounts.login("admin", "yangli mima 2017")
    os.kill(redis.pid, signal.SIGSTOP)
    try:
        begun = time.monotonic()
        command = processes.command("user", "disable", "clerk", GONGKAI_TOKEN=token)
        status = command.ended(30)
        took = time.monotonic() - begun
    finally:
        os.kill(redis.pid, signal.SIGCONT)
    assert 0 == status, command.written
    assert took < 5


def test_f2_f4_without_a_broker_the_same_work_is_done_by_hand(
    mortal: Mortal, processes_of: Of, redis: servers.OwnServer
) -> None:
    office, control = mortal.office(), mortal.office()
    item, _ = fresh(office), fresh(control)
    # F4: full, and with nothing that it would throw away.
    with client.Redis.from_url(redis.url) as connection:
        connection.config_set("maxmemory", "1")
        with pytest.raises(client.exceptions.OutOfMemoryError):
            connection.set("one", "more")
    office.carry(item, to="publishing")
    control.carry(item, to="publishing")
    redis.stop()
    processes = processes_of(office)
    real(office)
    token, _ = office.accounts.login("admin", "yangli mima 2017")
    swept = [processes.command("--json", "sweep", GONGKAI_TOKEN=token) for _ in range(2)]
    assert [0, 0] == [each.ended() for each in swept], [each.written for each in swept]
    real(office)
    assert "published" == office.place(item)
    assert [DeliveryStatus.DONE] == delivered(office, item)
    assert 1 == len(control.app.publisher.dispatch())
    nothing_lost_and_nothing_twice(office, expected(control, office))


def test_f12_two_beats_are_one(mortal: Mortal, processes_of: Of, redis: servers.OwnServer) -> None:
    office = mortal.office(3)
    processes = processes_of(office)
    worker = processes.worker(processes=2)
    for number in range(2):
        processes.beat(GONGKAI_HOME=str(_home(office, f"beat{number}")))
    until(lambda: runs(office, "enforce_deadlines") >= 4, what=worker.written)
    done = [
        each
        for each in worker.events
        if each["event"] == "task_succeeded"
        and each["task"] == "tasks.enforce_deadlines"
        and each["outcome"] == "done"
    ]
    assert abs(len(done) - runs(office, "enforce_deadlines")) <= 1
    assert {1} == set(keys(office).values())


def _home(office: SampleOffice, name: str) -> object:
    place = office.home / name
    place.mkdir(mode=0o700)
    return place


def silent(office: SampleOffice) -> set[str]:
    """Return the codes of what is open."""
    with office.database.read() as connection:
        return {each["code"] for each in faults.open_faults(connection)}


def test_f13_a_dead_beat_is_missed_by_the_worker_itself(mortal: Mortal, processes_of: Of) -> None:
    office = mortal.office(1)
    processes = processes_of(office)
    processes.worker(app="tasks")
    # The office began in 2017, and nobody has run anything since.
    until(lambda: runs(office, "watch"), what="a watch without a beat")
    until(lambda: "beat_silent" in silent(office), what="a fault about beat")
    letters = processes.place / "alerts"
    until(lambda: letters.is_dir() and any(letters.glob("*.eml")), what="a letter about it")
    assert any(
        "admin@example.org" in each.read_text(errors="replace") for each in letters.glob("*.eml")
    )


def test_s29_s30_a_scheduled_publication_survives_a_flushed_redis_and_goes_out_once(
    mortal: Mortal, processes_of: Of, redis: servers.OwnServer
) -> None:
    office = mortal.office(0)
    item, returned = fresh(office), fresh(office)
    for each in (item, returned):
        office.carry(each, to="cleared")
    when = datetime.now(UTC) + timedelta(seconds=10)
    for each in (item, returned):
        seen = office.row(each).version
        office.service.schedule(each, office["publisher"], when, seen=seen)
    office.act(
        returned, Action.RETURN, "publisher", to="draft", reason_code="wording", reason="样例理由"
    )
    processes = processes_of(office)
    worker = processes.worker(processes=2)
    beats = [processes.beat(GONGKAI_HOME=str(_home(office, f"beat{n}"))) for n in range(2)]
    until(lambda: runs(office, "publish_due"), what=worker.written)
    with client.Redis.from_url(redis.url) as connection:
        connection.flushall()
    until(lambda: "published" == office.place(item), what=worker.written)
    assert office.row(item).published_at >= when
    until(lambda: [DeliveryStatus.DONE] == delivered(office, item), what="its delivery")
    assert "draft" == office.place(returned)
    assert [] == delivered(office, returned)
    assert 1 == office.events(item).count("published")
    for beat in beats:
        beat.kill()
    assert [] == office.faults()
