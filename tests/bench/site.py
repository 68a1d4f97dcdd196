"""What a change of the public site costs: it has to follow what changed, not what is online.

What the site's own code moves into place, and which directories it has confirmed by the disk, is
heard while it works. The bare side then does no more than that: as many files of as many bytes,
each written beside its place, flushed and moved there, and the same directories flushed.
"""

from __future__ import annotations

import os
import random
import sys
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any, Final

from tests.bench.office import CLEARED, ONLINE, fill, named
from workflow.guards import Wish
from workflow.machine import Action
from workflow.validity import Status

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from tests.bench.office import Item, Office

ROUNDS: Final = 3
_AT_ONCE: Final = 50_000
_YEAR: Final = timedelta(days=390)
"""What is online was published in so many days up to now, so a month grows with the site."""


@dataclass(frozen=True)
class Sample:
    """What one change of a site cost: ``files`` of ``size`` bytes in all, and seconds.

    ``what`` is ``built`` for the whole site, ``new`` for items that are published and ``renewed``
    for pages of old ones; ``changed`` says how many. Each figure is the median of the rounds.
    """

    items: int
    what: str
    changed: int
    files: float
    size: float
    seconds: float
    cpu: float
    bare: float


class Writes:
    """Hears which files are moved into place below a directory, and which folders are flushed."""

    def __init__(self, root: Path) -> None:
        """Hear nothing yet; what Python calls an audit hook cannot be taken off again."""
        self._root = root
        self._heard: list[tuple[Path, int | None]] | None = None
        sys.addaudithook(self._hear)

    def _hear(self, event: str, args: tuple[Any, ...]) -> None:
        if self._heard is None:
            return
        if event == "os.rename":
            self._heard.append(
                (Path(args[1]).relative_to(self._root), Path(args[0]).stat().st_size)
            )
        elif event == "open" and args[2] & os.O_DIRECTORY == os.O_DIRECTORY:
            self._heard.append((Path(args[0]).relative_to(self._root), None))

    @contextmanager
    def heard(self) -> Iterator[list[tuple[Path, int | None]]]:
        """Give the list to which paths are added with their bytes, or None for a folder."""
        self._heard = []
        try:
            yield self._heard
        finally:
            self._heard = None


def grow(
    office: Office, sizes: Sequence[int], changes: Sequence[int], *, advance: Callable[[str], None]
) -> Iterator[Sample]:
    """Have a site of each size in turn built, and as many of its items changed as is said."""
    # The folder above the site is flushed once as well.
    writes, bare = Writes(office.app.settings.site.parent), office.home / "bare"
    chance, before = random.Random(2017), 0
    online: list[Item] = []
    for size in sizes:
        advance(f"{size:,}: filling")
        for done in range(before, size, _AT_ONCE):
            part = min(_AT_ONCE, size - done)
            online += fill(office, part, shapes=ONLINE, apart=_YEAR / part)
        before = size
        fresh = fill(office, ROUNDS * sum(changes), shapes=CLEARED)
        advance(f"{size:,}: building")
        catalogue, blobs = office.app.catalogue, office.app.blobs

        def build() -> None:
            office.app.website.build(catalogue, open_attachment=blobs.open)  # noqa: B023 # run now

        yield _typical(size, "built", size, [_measured(build, writes, bare)])
        chance.shuffle(online)
        for changed in changes:
            for what, owe, rest in (("new", _publish, fresh), ("renewed", _repeal, online)):
                advance(f"{size:,}: {changed:,} {what}")
                rounds = []
                for _ in range(ROUNDS):
                    owe(office, [rest.pop() for _ in range(changed)])
                    rounds.append(_measured(lambda: _send(office, changed), writes, bare))  # noqa: B023 # run now
                yield _typical(size, what, changed, rounds)


def _publish(office: Office, items: Sequence[Item]) -> None:
    for item in items:
        publisher = office.people["publisher"]
        office.app.service.perform(item.id, Action.PUBLISH, publisher, seen=item.version)


def _repeal(office: Office, items: Sequence[Item]) -> None:
    """Have it recorded of documents that they are no longer in force, which all pages tell."""
    wish = Wish(
        validity=Status.REPEALED, basis="样例发〔2017〕9号", from_on=datetime.now(UTC).date()
    )
    service, people = office.app.service, office.people
    for item in items:
        head = people[named("head", item.body)]
        asked = service.perform(item.id, Action.VALIDITY, head, seen=item.version, wish=wish)
        confirmer, version = people["publisher"], asked["version"]
        service.perform(item.id, Action.CONFIRM_VALIDITY, confirmer, seen=version)


def _send(office: Office, count: int) -> None:
    """Carry out what is owed; raises ``RuntimeError`` unless it is so many and all of it can be."""
    sent = office.app.publisher.dispatch(limit=count + 1)
    if ["published"] * count != [each.result for each in sent]:
        raise RuntimeError(f"{count} were owed, and these were sent: {sent}")


def _measured(
    work: Callable[[], None], writes: Writes, bare: Path
) -> tuple[int, int, float, float, float]:
    with writes.heard() as heard:
        cpu, start = time.process_time(), time.perf_counter()
        work()
        seconds, used = time.perf_counter() - start, time.process_time() - cpu
    sizes = [size for _, size in heard if size is not None]
    noise = random.Random(2017).randbytes(max(sizes))
    start = time.perf_counter()
    for path, size in heard:
        _write(bare / path, size, noise)
    return len(sizes), sum(sizes), seconds, used, time.perf_counter() - start


def _write(target: Path, size: int | None, noise: bytes) -> None:
    if size is None:
        folder = os.open(target, os.O_RDONLY | os.O_DIRECTORY)
        os.fsync(folder)
        os.close(folder)
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=target.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(noise[:size])
        file.flush()
        os.fsync(handle)
    Path(temporary).replace(target)


def _typical(
    items: int, what: str, changed: int, rounds: Sequence[tuple[int, int, float, float, float]]
) -> Sample:
    return Sample(items, what, changed, *(median(column) for column in zip(*rounds, strict=True)))
