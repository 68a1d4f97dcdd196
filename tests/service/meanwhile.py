"""Two who act at once, in an order that a test can rely on."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.service.sample_office import SampleOffice

GLANCE: Final = 0.02
"""Seconds between two looks at whether somebody waits."""
_WAITING: Final = (
    "SELECT EXISTS (SELECT 1 FROM pg_locks JOIN pg_stat_activity USING (pid)"
    " WHERE NOT granted AND datname = current_database())"
)


@contextmanager
def meanwhile(office: SampleOffice, act: Callable[[], Any]) -> Iterator[Future[Any]]:
    """Let somebody else begin to ``act``, and go on when they are done or wait for a lock.

    On PostgreSQL, which tells who waits. At the end it has been done, or raised what it raises.
    """
    with ThreadPoolExecutor(1) as pool:
        acting = pool.submit(act)
        while not wait([acting], timeout=GLANCE).done and not _somebody_waits(office):
            pass
        yield acting
        acting.result()


def _somebody_waits(office: SampleOffice) -> bool:
    with office.database.engine.connect() as connection:
        return bool(connection.exec_driver_sql(_WAITING).scalar_one())
