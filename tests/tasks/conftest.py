"""Redis servers and processes for the tests of what runs the jobs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests import servers

pytest.register_assert_rewrite("tests.tasks.processes")

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.service.sample_office import SampleOffice
    from tests.tasks.processes import Processes


@pytest.fixture
def redis() -> Iterator[servers.OwnServer]:
    """Give a Redis server that a test may kill."""
    with servers.own_redis() as server:
        yield server


@pytest.fixture
def processes_of(
    redis: servers.OwnServer, tmp_path: Path
) -> Iterator[Callable[[SampleOffice], Processes]]:
    """Give what starts workers and beats for an office, by the real clock."""
    from tests.tasks.processes import Processes  # noqa: PLC0415

    made: list[Processes] = []

    def of(office: SampleOffice) -> Processes:
        environment = {
            "GONGKAI_HOME": str(office.home),
            "GONGKAI_DATABASE_URL": office.address,
            "GONGKAI_BROKER_URL": redis.url,
            "GONGKAI_ALERT_DIRECTORY": str(tmp_path / "alerts"),
        }
        made.append(Processes(tmp_path, environment))
        return made[-1]

    yield of
    for each in made:
        each.close()
