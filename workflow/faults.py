"""Faults: what operators must look after, open until it is seen to be gone.

A fault is named by a job, a subject (``deadline:12``, ``account:3``, ``job:enforce_deadlines``) and
a code, and is open once at a time. When it opens, the administrators are told; when it happens
again it is counted. What is quarantined is so as long as its fault is open.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import bindparam, or_, select, update

from workflow.alerts import FAULTS, Trouble, note_all
from workflow.database import Statement
from workflow.models import Fault, table

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy.engine import Connection

    from workflow.database import Transaction

_fault = table(Fault)
_any = bindparam("code", type_=_fault.c.code.type)
_open = (
    _fault.c.job == bindparam("of_job"),
    _fault.c.subject == bindparam("of_subject"),
    or_(_any.is_(None), _fault.c.code == _any),
    _fault.c.cleared_at.is_(None),
)
_ANY: Final = Statement(select(_fault.c.id).where(*_open).limit(1))
_CLEAR: Final = Statement(update(_fault).where(*_open).values(cleared_at=bindparam("now")))


def note(
    transaction: Transaction,
    *,
    job: str,
    subject: str,
    code: str,
    facts: Mapping[str, Any],
    now: datetime,
) -> bool:
    """Open a fault and tell the administrators, or count an open one; tell whether it opened."""
    trouble = Trouble(job=job, subject=subject, code=code, facts=facts)
    return note_all(transaction, [trouble], now=now) > 0


def clear(
    transaction: Transaction, *, job: str, subject: str, code: str | None = None, now: datetime
) -> int:
    """Close the open faults of a subject, or the one with ``code``; return how many there were.

    Where none is open, which is nearly always, it waits for nobody: every run of every job asks,
    and a process that is stopped while it holds the faults would stop them all.
    """
    about = {"of_job": job, "of_subject": subject, "code": code}
    if transaction.one(_ANY, **about) is None:
        return 0
    transaction.queue_up(FAULTS)
    return transaction.count(_CLEAR, now=now, **about)


def open_faults(connection: Connection) -> list[dict[str, Any]]:
    """Return what is open, the oldest first: job, subject, code, facts, when and how often."""
    rows = connection.execute(
        select(_fault).where(_fault.c.cleared_at.is_(None)).order_by(_fault.c.id)
    )
    return [
        {
            "fault": row.id,
            "job": row.job,
            "subject": row.subject,
            "code": row.code,
            "facts": json.loads(row.facts),
            "first_at": row.first_at,
            "last_at": row.last_at,
            "times": row.times,
        }
        for row in rows
    ]
