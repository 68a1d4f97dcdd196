"""Holding everything back while it is unclear what this database does not know.

A database that was put back from a backup would send again what was sent since, give numbers out
a second time, and take logins that had been revoked. The send journal shows it: its numbers are
ahead of the office's row. From then on nothing is sent and no number is given, and only those who
sign in anew are let in, until an administrator has run ``restore-check --release``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import bindparam, select, update

from workflow import audit
from workflow.database import Statement
from workflow.errors import Refusal, Refused
from workflow.guards import Role
from workflow.models import Office, table

if TYPE_CHECKING:
    from datetime import datetime

    from workflow.database import Transaction
    from workflow.journal import Journal
    from workflow.runtime import Runtime

RESTORED: Final = "restored"
"""Why it is held if the send journal was ahead of the database."""
BY_HAND: Final = "by_hand"
"""Why it is held if somebody said so."""

_office = table(Office)
_STANDING: Final = Statement(select(_office.c.held_at, _office.c.held_why, _office.c.sent_seq))
# Locked, so that two that notice it at once do not both write it down.
_LOCKED: Final = Statement(select(_office.c.held_at, _office.c.sent_seq).with_for_update())
_HOLD: Final = Statement(
    update(_office).values(
        held_at=bindparam("at", type_=_office.c.held_at.type), held_why=bindparam("why")
    )
)


def demand_free(transaction: Transaction) -> None:
    """Raise ``Refused('sending_held')`` while everything is held back.

    Whoever sends something or gives a number asks first, in the transaction in which it is taken.
    """
    row = transaction.one(_STANDING)
    if row is not None and row.held_at is not None:
        facts = {"why": row.held_why, "since": row.held_at, "role": Role.ADMINISTRATOR.value}
        raise Refused([Refusal("sending_held", facts)])


def hold(
    transaction: Transaction, now: datetime, *, why: str, origin: audit.Origin, remark: str | None
) -> bool:
    """Hold everything back from now on; return whether it was not held already.

    ``remark`` is the digest of the words that were said with it.
    """
    row = transaction.one(_LOCKED)
    if row is None or row.held_at is not None:
        return False
    transaction.run(_HOLD, at=now, why=why)
    audit.record(
        transaction,
        "sending_held",
        at=now,
        origin=origin,
        why=why,
        sent_seq=row.sent_seq,
        remark=remark,
    )
    return True


class Watch:
    """Notices that the database is older than the journal beside it."""

    def __init__(self, runtime: Runtime, journal: Journal) -> None:
        """Compare ``journal`` with the database of ``runtime``."""
        self._runtime = runtime
        self._journal = journal

    def demand_free(self) -> None:
        """Raise ``Refused('sending_held')`` while everything is held back."""
        self.look()
        with self._runtime.database.transaction(keep=False) as transaction:
            demand_free(transaction)

    def look(self) -> None:
        """Hold everything back if the journal is ahead; costs the end of a file and one row."""
        # In this order: a number is in the row before it is in the journal.
        noted = self._journal.last()
        if not noted:
            return
        with self._runtime.database.transaction(keep=False) as transaction:
            row = transaction.one(_STANDING)
        if row is None or row.held_at is not None or noted <= row.sent_seq:
            return
        origin = self._runtime.origin(audit.SYSTEM_ACTOR)
        with self._runtime.database.transaction() as transaction:
            hold(transaction, self._runtime.clock(), why=RESTORED, origin=origin, remark=None)
