"""The benchmark measures what it says: both sides do the same work, on items that are sound."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.bench import calendar, site, startup, sweep
from tests.bench.decisions import compare, decide, recorded, rewritten
from tests.bench.office import DECISIONS, MIXTURE, WAITING, fill, multiply, opened
from tests.tasks.processes import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.bench.office import Office


@pytest.fixture
def measured(address: str, tmp_path: Path) -> Iterator[Office]:
    """Open an office of the benchmark, without items."""
    with opened(address, tmp_path) as office:
        yield office


def test_the_service_and_the_bare_driver_leave_the_same_rows(measured: Office) -> None:
    steps: list[str] = []

    # It raises if the rows differ.
    found = compare(measured, 2, steps.append)

    assert ["1 / 2", "2 / 2"] == steps
    assert found.service.rate > 0 < found.bare.rate
    assert 5 * len(DECISIONS) < found.statements


def test_what_is_replayed_is_what_the_service_said_but_for_the_item(measured: Office) -> None:
    first, model, other = fill(measured, 3, shapes=WAITING, one_body=True)
    for steps in recorded(measured, first, model):
        changed = rewritten(steps, model, other)

        assert [step.sql for step in steps] == [step.sql for step in changed]
        assert repr(model.id) in repr(steps)
        for trace in (repr(model.id), repr(model.revision_id), model.digest):
            assert trace not in repr(changed)


@pytest.mark.postgres
def test_the_benchmark_is_a_program_that_prints_a_table() -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "tests.bench", "--quick", "--only", "calendar"],
        check=True,
        capture_output=True,
        cwd=ROOT,
        text=True,
    )

    assert "20 working days" in ran.stdout
    assert "Took " in ran.stdout.splitlines()[-1]


def test_a_sweep_and_bare_sql_raise_the_same_number_of_alerts(measured: Office) -> None:
    steps: list[str] = []

    # It raises if they do not.
    (found,) = sweep.grow(measured, (3 * len(MIXTURE),), newly=2, advance=steps.append)

    assert 2 == found.newly < found.many
    assert min(found.ours) > 0 < min(found.bare)
    assert 3 + sweep.ROUNDS == len(steps)


def test_a_changed_item_of_the_site_takes_as_many_files_with_many_others_as_with_few(
    measured: Office,
) -> None:
    steps: list[str] = []

    # It raises if something that is owed is not carried out.
    samples = list(site.grow(measured, (5, 40), (1,), advance=steps.append))

    assert [(size, what) for size in (5, 40) for what in ("built", "new", "renewed")] == [
        (sample.items, sample.what) for sample in samples
    ]
    (_, small_new, small_renewed), (large, new, renewed) = samples[:3], samples[3:]
    assert 2 * 40 < large.files
    assert small_new.files == new.files
    # Among few, an old item is one of the latest as well.
    assert small_renewed.files >= renewed.files > 0
    assert min(sample.bare for sample in samples) > 0
    assert 8 == len(steps)


def test_items_are_filled_in_as_the_service_would_have_left_them(measured: Office) -> None:
    queries, people = measured.app.queries, measured.people
    items = fill(measured, len(MIXTURE))
    states = [row["state"] for row in queries.items(people["supervisor"], limit=1000).rows]

    assert sorted(shape.state for shape in MIXTURE) == sorted(states)
    assert 1 == queries.inbox(people["final"]).total
    shown = queries.show(people["supervisor"], items[0].id)
    assert [action.value for action, _ in DECISIONS] == [
        decision["action"] for decision in shown["decisions"]
    ]
    assert items[0].digest == shown["digest"]


def test_items_are_multiplied_under_numbers_of_their_own(measured: Office) -> None:
    show, reader = measured.app.queries.show, measured.people["supervisor"]
    items = fill(measured, len(MIXTURE))

    multiply(measured, len(items) - 1, shift=len(items))

    # What is filled in afterwards has the next numbers, and collides with nothing.
    (last,) = fill(measured, 1)
    assert items[-1].id + len(items) == last.id
    for item in (items[0], items[-2]):
        shown, copy = show(reader, item.id), show(reader, item.id + len(items))
        assert item.digest == copy["digest"]
        assert [shown[name] for name in ("state", "body")] == [
            copy[name] for name in ("state", "body")
        ]
    first, copied = (show(reader, items[0].id + far)["index_number"] for far in (0, len(items)))
    assert (f"{first[:-8]}00000001", f"{first[:-8]}00000101") == (first, copied)


def test_filled_items_can_be_decided_on_to_the_end(measured: Office) -> None:
    items = fill(measured, 2, shapes=WAITING, one_body=True)

    decide(measured, items)

    for item in items:
        assert "cleared" == measured.app.queries.show(measured.people["final"], item.id)["state"]


def test_a_command_that_fails_is_no_measurement() -> None:
    failing = (sys.executable, "-c", "import sys; sys.exit('样例')")

    with pytest.raises(startup.CommandFailed, match="样例"):
        startup.timed({"failing": failing}, {"PYTHONUTF8": "1"}, advance=print)


def test_commands_are_measured_in_turns(tmp_path: Path) -> None:
    log = tmp_path / "log"
    code = "import sys; open(sys.argv[1], 'a').write(sys.argv[2])"
    commands = {name: (sys.executable, "-c", code, str(log), name) for name in "ab"}

    times = startup.timed(commands, {}, runs=2, advance=lambda _: None)

    assert "ababab" == log.read_text()
    assert {"a", "b"} == set(times)
    assert min(times.values()) > 0


def test_three_calendars_agree_on_the_due_dates_that_are_measured() -> None:
    # It raises if one of them does not.
    speed = calendar.measure(20, 300)

    assert 20 == speed.days
    assert min(speed.ours, speed.plain, speed.library) > 0
