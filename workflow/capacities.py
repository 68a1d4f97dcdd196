"""In what capacity people act: which roles they hold at an instant, and who counts as one person.

A role is held in one's own right, or in the place of somebody whom one stands in for, as long as
that delegation is in force and only as far as the principal holds the role. Every question of who
holds what is asked of :func:`held`, so that a deputy sees and does what the role does, from the
first instant to the last.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import Integer, and_, bindparam, literal, or_, select, union_all, update

from workflow import audit
from workflow.database import Among, Statement
from workflow.guards import Lifted, Role
from workflow.models import Delegation, RoleGrant, Waiver, table

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from sqlalchemy import ColumnElement, Subquery
    from sqlalchemy.engine import Connection

    from workflow.audit import Origin
    from workflow.database import Transaction

NOT_LENT: Final = frozenset({Role.ADMINISTRATOR})
"""What nobody stands in for: another administrator is appointed instead."""

_grant, _delegation, _waiver = table(RoleGrant), table(Delegation), table(Waiver)
_MIDNIGHT: Final = ZoneInfo("Asia/Shanghai")

NOW: Final[Any] = bindparam("now", type_=_delegation.c.since.type)
"""The instant for which a statement asks who holds what."""


def held(now: Any, *narrowed: tuple[str, Any]) -> Subquery:
    """Return who holds which role for which body at ``now``, and in whose place.

    Own roles have no ``principal_id`` and no ``delegation_id``. ``narrowed`` are columns of a grant
    or ``account_id``, each with the value that it must have.
    """
    role = [_grant.c[name] == value for name, value in narrowed if name != "account_id"]
    whose = [value for name, value in narrowed if name == "account_id"]
    own = select(
        _grant.c.account_id,
        _grant.c.role,
        _grant.c.body_id,
        literal(None, Integer).label("principal_id"),
        literal(0, Integer).label("delegation_id"),
    ).where(_grant.c.revoked_at.is_(None), *role, *(_grant.c.account_id == each for each in whose))
    lent = (
        select(
            _delegation.c.deputy_id,
            _grant.c.role,
            _grant.c.body_id,
            _delegation.c.principal_id,
            _delegation.c.id,
        )
        .join(_grant, _grant.c.account_id == _delegation.c.principal_id)
        .where(
            _in_force(now),
            _grant.c.revoked_at.is_(None),
            *(_grant.c.role != role.value for role in sorted(NOT_LENT)),
            or_(
                _delegation.c.role.is_(None),
                and_(
                    _delegation.c.role == _grant.c.role, _delegation.c.body_id == _grant.c.body_id
                ),
            ),
            *role,
            *(_delegation.c.deputy_id == each for each in whose),
        )
    )
    return union_all(own, lent).subquery("held")


def _in_force(now: Any) -> ColumnElement[bool]:
    return and_(_delegation.c.since <= now, _delegation.c.over > now)


def bounds(from_on: date, until_on: date, *, given_at: datetime) -> tuple[datetime, datetime]:
    """Return from when until when something holds on days that are both inclusive.

    Not before it was given; the last day ends at midnight in Asia/Shanghai.
    """
    begins = datetime.combine(from_on, time(), _MIDNIGHT)
    return max(begins, given_at), end_of(until_on)


def end_of(day: date) -> datetime:
    """Return the midnight in Asia/Shanghai with which a day ends."""
    return datetime.combine(day + timedelta(days=1), time(), _MIDNIGHT)


# -- who counts as one ----------------------------------------------------------------------------

_PAIRS: Final = Statement(
    select(_delegation.c.principal_id, _delegation.c.deputy_id, _delegation.c.over).where(
        _delegation.c.since <= NOW,
        or_(Among(_delegation.c.principal_id, "people"), Among(_delegation.c.deputy_id, "people")),
    )
)


class Pairs:
    """Who ever stood in for whom, as far as one of some people is concerned."""

    def __init__(self, transaction: Transaction, people: Iterable[int], now: datetime) -> None:
        """Read the delegations of or to ``people`` that have begun."""
        concerned = sorted(set(people))
        self._rows = transaction.run(_PAIRS, now=now, people=concerned) if concerned else []

    def as_one(self, began: datetime) -> Mapping[int, frozenset[int]]:
        """Return who counts as one person with whom in what was entered when ``began`` says.

        That is whoever stood in for the other on any instant since (rule: separation of duties;
        ADR 0026).
        """
        found: dict[int, set[int]] = {}
        for row in self._rows:
            if row.over > began:
                found.setdefault(row.principal_id, set()).add(row.deputy_id)
                found.setdefault(row.deputy_id, set()).add(row.principal_id)
        return {person: frozenset(others) for person, others in found.items()}


def partners(connection: Connection, account_id: int, now: datetime) -> dict[int, datetime]:
    """Return with whom a person ever counted as one, and until when they stood in at the latest."""
    found: dict[int, datetime] = {}
    for row in connection.execute(
        select(_delegation.c.principal_id, _delegation.c.deputy_id, _delegation.c.over).where(
            _delegation.c.since <= now,
            or_(_delegation.c.principal_id == account_id, _delegation.c.deputy_id == account_id),
        )
    ):
        other = row.principal_id if row.deputy_id == account_id else row.deputy_id
        found[other] = max(row.over, found.get(other, row.over))
    return found


def one_with(
    connection: Connection, people: set[int], *, began: datetime, now: datetime
) -> set[int]:
    """Return who counts as one with any of ``people`` in what was entered when ``began`` says."""
    ends = _delegation.c.principal_id, _delegation.c.deputy_id
    stood = (_delegation.c.since <= now, _delegation.c.over > began)
    concerned = or_(*(end_.in_(sorted(people)) for end_ in ends))
    rows = connection.execute(select(*ends).where(*stood, concerned))
    return {person for row in rows for person in row} - people


# -- waivers --------------------------------------------------------------------------------------

_WAIVERS: Final = Statement(select(_waiver).where(_waiver.c.over > NOW))


def waivers(transaction: Transaction, now: datetime) -> dict[int, Lifted]:
    """Return what is lifted for whom at this instant, by the number of the account."""
    return {row.account_id: _lifted(row) for row in transaction.run(_WAIVERS, now=now)}


def lifted(connection: Connection, now: datetime) -> dict[int, Lifted]:
    """Return the same for whoever only reads."""
    rows = connection.execute(select(_waiver).where(_waiver.c.over > now))
    return {row.account_id: _lifted(row) for row in rows}


def _lifted(row: Any) -> Lifted:
    return Lifted(row.id, own_text=row.own_text, two_stages=row.two_stages)


# -- an end ---------------------------------------------------------------------------------------

_OPEN: Final = Statement(
    select(_delegation)
    .where(
        _delegation.c.over > NOW,
        or_(
            _delegation.c.principal_id == bindparam("account_id"),
            _delegation.c.deputy_id == bindparam("account_id"),
        ),
    )
    .order_by(_delegation.c.id)
)
_END: Final = Statement(
    update(_delegation)
    .where(_delegation.c.id == bindparam("delegation_id"), _delegation.c.ended_at.is_(None))
    .values(over=bindparam("at"), ended_at=bindparam("at"), ended_by=bindparam("by"))
)


def open_of(transaction: Transaction, account_id: int, now: datetime) -> list[Any]:
    """Return the delegations of or to a person that are in force or to come."""
    return transaction.run(_OPEN, account_id=account_id, now=now)


def end(
    transaction: Transaction, delegation_id: int, *, by: int, now: datetime, origin: Origin
) -> None:
    """End a delegation now; one that has not begun never stood."""
    transaction.run(_END, delegation_id=delegation_id, at=now, by=by)
    audit.record(transaction, "delegation_ended", at=now, origin=origin, delegation=delegation_id)
