"""F6, F16, F22: sweeps that are killed, that overlap, and that meet a decision."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

import pytest

from tests.scenarios.processes import COMMIT, at_once, call, killed, overtaking
from tests.service.test_enforcement import copies
from tests.service.told import alerts, open_faults, reachable, told
from workflow.errors import Unavailable
from workflow.machine import Action
from workflow.models import AlertStatus
from workflow.runtime import SHANGHAI

if TYPE_CHECKING:
    from tests.service.sample_office import SampleOffice

MOST: Final = 40
"""No sweep of one batch has so many things to do."""
FIRST: Final = datetime(2017, 2, 13, 9, tzinfo=SHANGHAI)
"""The first working day on which the sample clock is overdue."""
TOLD: Final = {("T-0", "clerk"), ("T+1", "head"), ("T+1", "head2"), ("T+1", "supervisor")}
MISSED: Final = {("T-10", "clerk"), ("T-5", "clerk"), ("T-2", "clerk")}


def sweep(office: SampleOffice, batch: int = 500) -> dict[str, Any]:
    """Sweep, as a worker does."""
    done = office.app.enforcer.enforce(batch=batch)
    return {"looked_at": done.looked_at, "overdue": done.overdue, "alerts": done.alerts}


@pytest.mark.slow
def test_f6_a_sweep_that_is_killed_is_undone_and_the_next_one_does_it_all(
    office: SampleOffice,
) -> None:
    reachable(office)
    item = office.draft()
    office.clock.set(FIRST)
    before = office.everything()
    for place in range(1, MOST):
        outcome = killed(office, call(sweep), before=place)
        if outcome is not None:
            break
        # Its batch is whole: before the commit nothing of it is there, and afterwards all of it.
        if alerts(office):
            assert (TOLD, MISSED) == (told(office), told(office, status=AlertStatus.MISSED))
        else:
            assert before == office.everything()
        assert [] == office.faults()
    else:
        raise AssertionError
    assert outcome.done
    # Reading, writing and committing are more things than these in every batch.
    assert place > 10
    assert (TOLD, MISSED) == (told(office), told(office, status=AlertStatus.MISSED))
    assert 1 == office.events(item).count("deadline_overdue")
    assert [] == office.faults()


def check_all_told_once(office: SampleOffice, items: int) -> None:
    """Check that each of some items was flagged once, and that everybody was told of it once."""
    rows = [row for row in alerts(office) if row.clock == "online"]
    expected = {(item, rung, name) for item in range(1, items + 1) for rung, name in TOLD | MISSED}
    assert sorted(expected) == sorted((row.item_id, row.rung, row.person) for row in rows)
    for item in range(1, items + 1):
        assert 1 == office.events(item).count("deadline_overdue")
    assert [] == open_faults(office)


@pytest.mark.slow
def test_f16_sweeps_that_overlap_do_everything_once(office: SampleOffice) -> None:
    reachable(office)
    many = 120
    copies(office, office.draft(), many - 1)
    office.clock.set(FIRST)
    workers = 2 if office.database.is_sqlite else 6
    outcomes = at_once(office, *(call(sweep, batch=7) for _ in range(workers)))
    assert all(outcome.done for outcome in outcomes), outcomes
    assert many == sum(outcome.facts["overdue"] for outcome in outcomes)
    # The one real draft has a second clock, of which one person is reminded.
    assert len(TOLD) * many + 1 == sum(outcome.facts["alerts"] for outcome in outcomes)
    check_all_told_once(office, many)


@pytest.mark.postgres
def test_f10_a_server_that_goes_away_in_mid_sweep_costs_nothing_but_the_batch(
    postgresql_office: SampleOffice,
) -> None:
    office = postgresql_office
    reachable(office)
    many = 40
    copies(office, office.draft(), many - 1)
    office.clock.set(FIRST)
    commits = 0

    def observe(statement: str) -> None:
        nonlocal commits
        commits += statement == COMMIT
        if commits == 3:
            with office.database.engine.begin() as connection:
                connection.exec_driver_sql(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
            commits += 1

    other = office.again(observe=observe)
    with pytest.raises(Unavailable):
        other.app.enforcer.enforce(batch=10)
    assert 20 == len({row.deadline_id for row in alerts(office)})
    other.app.enforcer.enforce(batch=10)
    other.close()
    check_all_told_once(office, many)


def confirm(office: SampleOffice, item: int) -> None:
    """Confirm a publication, as a worker does whose channel has the page by now."""
    with office.database.transaction() as transaction:
        now = office.clock()
        office.service.settle(transaction, item, published_at=now, now=now)


@pytest.mark.slow
@pytest.mark.parametrize("first", ["decision", "sweep"])
def test_f22_what_is_published_while_a_sweep_flags_it_is_decided_under_one_lock(
    office: SampleOffice, first: str
) -> None:
    reachable(office)
    item = office.item_at("cleared")
    office.clock.set(FIRST)
    office.act(item, Action.PUBLISH, "publisher", late_reason="样例理由")
    publishing, sweeping = call(confirm, item), call(sweep)
    both = (publishing, sweeping) if first == "decision" else (sweeping, publishing)
    outcomes = overtaking(office, *both)
    assert all(outcome.done for outcome in outcomes), outcomes
    assert "published" == office.place(item)
    # Who comes first holds the item: the sweep leaves it then, or waits and finds it published.
    expected = TOLD | {("T-0", "publisher"), ("T-0", "publisher2")} if first == "sweep" else set()
    assert expected == told(office)
    overdue = [
        each
        for each in office.trail(item)
        if each.event == "deadline_overdue" and '"clock":"online"' in each.details
    ]
    assert int(first == "sweep") == len(overdue)
    # Either way it is over with that clock.
    office.clock.set(datetime(2017, 2, 20, 9, tzinfo=SHANGHAI))
    office.app.enforcer.enforce()
    assert expected == told(office)
    assert [] == office.faults()
