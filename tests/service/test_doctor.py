"""What doctor says of file modes: red as soon as anybody but the owner could read or replace."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from workflow.doctor import examine
from workflow.settings import load_settings

if TYPE_CHECKING:
    from pathlib import Path

    from tests.service.sample_office import SampleOffice


def reds(office: SampleOffice, *, config: Path | None = None, level: str = "red") -> set[str]:
    """Return the codes of what doctor finds wrong with an office on SQLite."""
    settings = load_settings(
        {"GONGKAI_HOME": str(office.home), "GONGKAI_NOW": office.clock().isoformat()}
    )
    checks = examine(settings, logins=office.home / "none.json", config=config)
    return {check.code for check in checks if check.level == level}


def let(office: SampleOffice, mode: int) -> None:
    """Give the database and what SQLite keeps beside it this mode."""
    for file in office.home.glob("gongkai.db*"):
        file.chmod(mode)


@pytest.mark.parametrize(
    ("mode", "code"),
    [
        (0o640, "database_open_to_group"),
        (0o660, "database_open_to_group"),
        (0o644, "database_open_to_all"),
        (0o602, "database_open_to_all"),
    ],
)
def test_a_database_that_others_can_read_is_red(
    sqlite_office: SampleOffice, mode: int, code: str
) -> None:
    let(sqlite_office, 0o600)
    assert set() == reds(sqlite_office)
    let(sqlite_office, mode)
    assert {code} == reds(sqlite_office)


@pytest.mark.parametrize(("mode", "level"), [(0o770, "amber"), (0o777, "red"), (0o722, "red")])
def test_a_file_that_others_can_replace_is_told(
    sqlite_office: SampleOffice, tmp_path: Path, mode: int, level: str
) -> None:
    place = tmp_path / "settings"
    place.mkdir()
    config = place / "settings.toml"
    config.touch(0o600)
    let(sqlite_office, 0o600)
    place.chmod(0o755)
    assert set() == reds(sqlite_office, config=config)
    place.chmod(mode)
    assert {"path_replaceable"} == reds(sqlite_office, config=config, level=level)
    # In a sticky directory, as /tmp is, only the owner of a file can replace it.
    place.chmod(mode | 0o1000)
    assert set() == reds(sqlite_office, config=config)
