"""Whether a public document is in force (有效性), worked out from what was recorded and from dates.

Pure. What a document says of itself (施行日期, 有效期) never changes, and each change of its effect
is a record of its own, so its status on any day follows from these: nothing has to run for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date


class Status(StrEnum):
    """What a clean-up (清理) can find of a document: 有效, 修改, 废止, 失效."""

    IN_FORCE = "in_force"
    AMENDED = "amended"
    REPEALED = "repealed"
    LAPSED = "lapsed"


_RUNNING: Final = frozenset({Status.IN_FORCE, Status.AMENDED})
"""Statuses under which a document lapses at the end of its term."""


@dataclass(frozen=True, slots=True)
class Change:
    """What was recorded: a status, the day from which it holds, and the decision behind it.

    ``basis`` is None if the words were purged.
    """

    status: Status
    from_on: date
    basis: str | None


@dataclass(frozen=True, slots=True)
class Validity:
    """How a document stands on a day.

    ``since`` is the day from which the status holds and ``basis`` the decision behind it; a
    document that only ran out has no basis, and one that nothing was recorded of has neither.
    ``not_before`` is the day on which it takes effect if that is still ahead, ``ahead`` a change
    that was recorded for a later day.
    """

    status: Status = Status.IN_FORCE
    since: date | None = None
    basis: str | None = None
    not_before: date | None = None
    ahead: Change | None = None


def on(
    day: date,
    *,
    effective_on: date | None,
    expires_on: date | None,
    changes: Sequence[Change],
) -> Validity:
    """Return how a document stands on ``day``; ``changes`` are in the order of their recording.

    The change from the latest day holds, of several from one day the one that was recorded last.
    A document is in force to the end of the day on which it expires; if then nothing else was
    recorded, it has lapsed. One that was found in force from the day after on goes on being so.
    """
    ordered = sorted(changes, key=lambda change: change.from_on)
    past = [change for change in ordered if change.from_on <= day]
    ahead = next((change for change in ordered if change.from_on > day), None)
    last = past[-1] if past else None
    status = last.status if last else Status.IN_FORCE
    since, basis = (last.from_on, last.basis) if last else (None, None)
    ran_out = expires_on is not None and expires_on < day and status in _RUNNING
    if ran_out and expires_on is not None and (since is None or since <= expires_on):
        status, since, basis = Status.LAPSED, expires_on + timedelta(days=1), None
    waits = effective_on is not None and effective_on > day
    return Validity(status, since, basis, effective_on if waits else None, ahead)


def turns_on(
    day: date,
    *,
    effective_on: date | None,
    expires_on: date | None,
    changes: Iterable[Change],
) -> date | None:
    """Return the next day after ``day`` on which what :func:`on` says may be something else."""
    days = [change.from_on for change in changes]
    if effective_on is not None:
        days.append(effective_on)
    if expires_on is not None:
        days.append(expires_on + timedelta(days=1))
    return min((each for each in days if each > day), default=None)
