"""Desks for the tests of the command line: with an office that is ready, and with none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

pytest.register_assert_rewrite("tests.cli.desk")

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.cli.desk import Desk, Template
    from tests.service.databases import Databases


@pytest.fixture(scope="session")
def template(sqlite: Databases, tmp_path_factory: pytest.TempPathFactory) -> Template:
    from tests.cli.desk import Template  # noqa: PLC0415

    home = tmp_path_factory.mktemp("office")
    home.chmod(0o700)
    return Template(sqlite.make("dongchang", home / "gongkai.db"), home)


@pytest.fixture
def desk(template: Template, tmp_path: Path) -> Desk:
    """Give a desk with an office in which everybody is signed in by token."""
    return template.copy(tmp_path)


@pytest.fixture
def postgresql_desk(postgresql: Databases, tmp_path: Path) -> Iterator[Desk]:
    """Give a desk like the others whose office is on PostgreSQL; one of these takes a while."""
    from tests.cli.desk import Template  # noqa: PLC0415

    home = tmp_path / "office"
    home.mkdir(mode=0o700)
    address = postgresql.make("dongchang", home / "gongkai.db")
    place = tmp_path / "desk"
    place.mkdir()
    yield Template(address, home).copy(place)
    postgresql.take_back(address)


@pytest.fixture
def bare(tmp_path: Path) -> Desk:
    """Give a desk where no office was set up yet, and time is real."""
    from tests.cli.desk import Desk  # noqa: PLC0415

    return Desk(tmp_path, now=None)
