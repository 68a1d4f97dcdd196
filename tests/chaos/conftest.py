"""A PostgreSQL server that the tests of chaos may kill, with offices in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests import servers

pytest.register_assert_rewrite("tests.chaos.offices")

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.chaos.offices import Mortal


@pytest.fixture
def mortal(one_mortal: Mortal) -> Iterator[Mortal]:
    """Give the server, and close the offices that a test has opened in it, however it ends."""
    yield one_mortal
    one_mortal.close()


@pytest.fixture(scope="session")
def one_mortal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mortal]:
    from tests.chaos.offices import Mortal  # noqa: PLC0415

    with servers.own_postgres() as server:
        yield Mortal(server, tmp_path_factory.mktemp("mortal"))
