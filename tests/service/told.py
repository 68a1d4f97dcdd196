"""What people are told in a sample office, by names that a test can read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import insert, select, update

from tests.service.sample_office import PEOPLE
from workflow import faults
from workflow.guards import Role
from workflow.models import (
    Account,
    Alert,
    AlertKind,
    AlertStatus,
    Body,
    Contact,
    Deadline,
    table,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.service.sample_office import SampleOffice

_alert, _contact, _account = table(Alert), table(Contact), table(Account)
_body, _deadline = table(Body), table(Deadline)
GROUPS: Final = {"inspector": "YL-INSPECTION", "accountant": "YL-ACCOUNTABLE"}
"""Supervisors of the two groups for which the sample office has none."""


def reachable(office: SampleOffice, *, but: Iterable[str] = ()) -> None:
    """Fill the groups, and give everybody an address, so that there is no fault to begin with."""
    for name, body in GROUPS.items():
        office.accounts.add(office["admin"], name, display_name=f"样例：{name}")
        office.accounts.grant(office["admin"], name, Role.SUPERVISOR, body=body)
    with office.database.engine.begin() as connection:
        connection.execute(
            insert(_contact),
            [
                {
                    "account_id": office[name],
                    "channel": "email",
                    "address": f"{name}@example.org",
                    "added_at": office.clock(),
                }
                for name in (*PEOPLE, *GROUPS)
                if name not in set(but)
            ],
        )


def room(office: SampleOffice, body: str) -> None:
    """Give a body a chat room."""
    with office.database.engine.begin() as connection:
        number = connection.execute(select(_body.c.id).where(_body.c.code == body)).scalar_one()
        connection.execute(
            insert(_contact).values(
                body_id=number, channel="wecom", address="样例", added_at=office.clock()
            )
        )


def alerts(office: SampleOffice, kind: AlertKind = AlertKind.DEADLINE, **having: Any) -> list[Any]:
    """Return the alerts of a kind with the names of whom they go to, in the order raised."""
    with office.database.read() as connection:
        return list(
            connection.execute(
                select(
                    _alert,
                    _account.c.name.label("person"),
                    _body.c.code.label("body"),
                    _deadline.c.clock,
                )
                .join(_account, _account.c.id == _alert.c.account_id, isouter=True)
                .join(_body, _body.c.id == _alert.c.body_id, isouter=True)
                .join(_deadline, _deadline.c.id == _alert.c.deadline_id, isouter=True)
                .where(
                    _alert.c.kind == kind,
                    *(_alert.c[name] == value for name, value in having.items()),
                )
                .order_by(_alert.c.id)
            )
        )


def told(
    office: SampleOffice, *, status: AlertStatus = AlertStatus.OWED, clock: str = "online",
    **having: Any,
) -> set[tuple[str, str]]:  # fmt: skip
    """Return which rung went to whom; each only once, and each key as it must be."""
    rows = [row for row in alerts(office, status=status, **having) if clock in (row.clock, None)]
    for row in rows:
        who = f"account:{row.account_id}" if row.account_id else f"body:{row.body_id}"
        base = f"deadline:{row.deadline_id}:{row.rev}:{row.rung}"
        assert f"{base}:{who}:{row.channel}" == row.key
    found = [(row.rung, row.person or row.body) for row in rows]
    assert len(found) == len(set(found))
    return set(found)


def settle(office: SampleOffice) -> None:
    """Take everything that is owed as sent, as a dispatcher would."""
    with office.database.engine.begin() as connection:
        connection.execute(
            update(_alert)
            .where(_alert.c.status == AlertStatus.OWED)
            .values(status=AlertStatus.SENT, settled_at=office.clock())
        )


def open_faults(office: SampleOffice) -> list[tuple[str, str]]:
    """Return subject and code of what is open."""
    with office.database.read() as connection:
        return [(each["subject"], each["code"]) for each in faults.open_faults(connection)]
