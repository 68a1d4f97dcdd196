"""Waivers: that a person in a small office may decide where the separation of duties forbids it.

A supervisor gives one by name, with a ground and a last day, never to themselves or to whom they
count as one with. It lifts that no author decides, or that no one decides at two stages, or both;
it never lifts the confidentiality review, publication, or that two people retract, restore, purge
or withdraw (ADR 0026). Every decision under one says so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import bindparam, func, insert, select, update

from workflow import audit, capacities
from workflow.accounts import demand_role, load_actor
from workflow.capacities import NOW, Pairs
from workflow.database import Statement
from workflow.delegations import READS_ALL, check_days, found_person
from workflow.drafting import check_text
from workflow.errors import Conflict, InvalidInput, NotFound, NotSignedIn, Refusal, Refused
from workflow.guards import NEITHER_DECIDE_NOR_READ, Role
from workflow.models import LONGEST_ID, Account, Capacity, Remark, Waiver, table
from workflow.queries import words_of
from workflow.records import insert_remark

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime

    from workflow.database import Transaction
    from workflow.guards import Actor
    from workflow.intake import Intake
    from workflow.runtime import Runtime

_account, _waiver, _capacity = table(Account), table(Waiver), table(Capacity)
_remark = table(Remark)
_GIVE: Final = Statement(
    insert(_waiver)
    .values(
        {
            name: bindparam(name)
            for name in _waiver.columns.keys()  # noqa: SIM118 # a column collection iterates over columns
            if name not in ("id", "ended_by", "ended_at")
        }
    )
    .returning(_waiver.c.id)
)
_OPEN: Final = Statement(
    select(_waiver.c.id).where(
        _waiver.c.account_id == bindparam("account_id"), _waiver.c.over > NOW
    )
)
_ONE: Final = Statement(
    select(_waiver, _account.c.name)
    .join(_account, _account.c.id == _waiver.c.account_id)
    .where(_waiver.c.id == bindparam("waiver_id"))
    .with_for_update(of=_waiver)
)
_END: Final = Statement(
    update(_waiver)
    .where(_waiver.c.id == bindparam("waiver_id"), _waiver.c.ended_at.is_(None))
    .values(over=bindparam("at"), ended_at=bindparam("at"), ended_by=bindparam("by"))
)


class Waivers:
    """Gives, ends and lists waivers."""

    def __init__(self, runtime: Runtime, *, intake: Intake) -> None:
        """Act in ``runtime``; ``intake`` looks at the words."""
        self._runtime = runtime
        self._intake = intake

    def give(
        self,
        actor_id: int,
        name: str,
        *,
        own_text: bool,
        two_stages: bool,
        until_on: date,
        reason: str,
        key: str | None = None,
        dry_run: bool = False,
    ) -> dict[str, Any]:
        """Lift for ``name`` that no author decides, that no one decides at two stages, or both.

        From now to the end of ``until_on``. Supervisors only. Raises ``Refused`` with every reason,
        ``InvalidInput``, ``NotFound`` and ``Conflict``.
        """
        check_text("reason", reason)
        if not reason.strip():
            raise Refused([Refusal("reason_required", {"action": "waiver"})])
        if not (own_text or two_stages):
            raise InvalidInput("waiver_lifts_nothing")
        self._intake.screen_words({"reason": reason}, account_id=actor_id, dry_run=dry_run)

        def work(transaction: Transaction, now: datetime) -> dict[str, Any]:
            actor = demand_role(transaction, actor_id, Role.SUPERVISOR, now=now)
            check_days(None, until_on, now)
            person = found_person(transaction, name)
            if refusals := list(_refusals(transaction, actor, person, now)):
                raise Refused(refusals)
            before = transaction.one(_OPEN, account_id=person.id, now=now)
            if before is not None:
                raise Conflict("waiver_stands", name=name, value=before.id)
            remark = insert_remark(
                transaction,
                {"reason": reason},
                item_id=None,
                account_id=actor.account_id,
                now=now,
            )
            lifted = {
                "own_text": own_text,
                "two_stages": two_stages,
                "until_on": until_on,
                "over": capacities.end_of(until_on),
            }
            given = transaction.one(
                _GIVE,
                account_id=person.id,
                remark_id=remark.id,
                given_by=actor.account_id,
                given_at=now,
                **lifted,
            )
            audit.record(
                transaction,
                "waiver_given",
                at=now,
                origin=self._runtime.origin(actor.name, in_place_of=actor.principal),
                waiver=given.id,
                account=person.name,
                remark=remark.digest,
                **lifted,
            )
            return {
                "waiver": given.id,
                "name": person.name,
                "display_name": person.display_name,
                "own_text": own_text,
                "two_stages": two_stages,
                "until": until_on.isoformat(),
            }

        call = {
            "do": "waiver",
            "name": name,
            "own_text": own_text,
            "two_stages": two_stages,
            "until": until_on,
            "reason": reason,
        }
        return self._runtime.carry_out(
            work, account_id=actor_id, call=call, key=key, dry_run=dry_run
        )

    def end(
        self, actor_id: int, number: int, *, key: str | None = None, dry_run: bool = False
    ) -> dict[str, Any]:
        """End a waiver now, before its last day; supervisors only.

        What was decided under it stays. Raises ``NotFound('no_such_waiver')``,
        ``Conflict('waiver_over')``.
        """

        def work(transaction: Transaction, now: datetime) -> dict[str, Any]:
            actor = demand_role(transaction, actor_id, Role.SUPERVISOR, now=now)
            known = 0 < number <= LONGEST_ID
            row = transaction.one(_ONE, waiver_id=number) if known else None
            if row is None:
                raise NotFound("no_such_waiver", value=number)
            if row.over <= now:
                raise Conflict("waiver_over", value=number, at=row.over)
            transaction.run(_END, waiver_id=number, at=now, by=actor.account_id)
            audit.record(
                transaction,
                "waiver_ended",
                at=now,
                origin=self._runtime.origin(actor.name, in_place_of=actor.principal),
                waiver=number,
            )
            return {"waiver": number, "name": row.name, "ended": True}

        call = {"do": "waiver end", "waiver": number}
        return self._runtime.carry_out(
            work, account_id=actor_id, call=call, key=key, dry_run=dry_run
        )

    def every(self, actor_id: int, *, closed: bool = False) -> list[dict[str, Any]]:
        """Return waivers that hold, with ``closed`` all, and how often each was used; oldest first.

        Administrators, supervisors and auditors see all, others their own.
        """
        now = self._runtime.clock()
        with self._runtime.database.transaction(keep=False) as transaction:
            actor = load_actor(transaction, actor_id, now=now)
        if actor is None or not actor.enabled:
            raise NotSignedIn("not_signed_in")
        giver = _account.alias()
        used = (
            select(func.count())
            .select_from(_capacity)
            .where(_capacity.c.waiver_id == _waiver.c.id)
            .scalar_subquery()
        )
        query = (
            select(
                _waiver,
                _account.c.name,
                _account.c.display_name,
                giver.c.display_name.label("giver"),
                _remark.c.canonical,
                used.label("used"),
            )
            .join(_account, _account.c.id == _waiver.c.account_id)
            .join(giver, giver.c.id == _waiver.c.given_by)
            .join(_remark, _remark.c.id == _waiver.c.remark_id)
            .order_by(_waiver.c.id)
        )
        if not actor.roles & READS_ALL:
            query = query.where(_waiver.c.account_id == actor_id)
        if not closed:
            query = query.where(_waiver.c.over > now)
        with self._runtime.database.read() as connection:
            return [
                {
                    "waiver": row.id,
                    "name": row.name,
                    "display_name": row.display_name,
                    "own_text": row.own_text,
                    "two_stages": row.two_stages,
                    "until": row.until_on,
                    "state": "over" if row.over <= now else "open",
                    "ended_at": row.ended_at,
                    "given_by": row.giver,
                    "reason": words_of(row.canonical).get("reason"),
                    "used": row.used,
                }
                for row in connection.execute(query)
            ]


def _refusals(
    transaction: Transaction, actor: Actor, person: Any, now: datetime
) -> Iterator[Refusal]:
    """Yield why this supervisor may not give that person a waiver."""
    givers = [actor.account_id, *([actor.principal.account_id] if actor.principal else [])]
    as_one = Pairs(transaction, [*givers, person.id], now).as_one(now)
    if person.id in frozenset(givers).union(*(as_one.get(giver, ()) for giver in givers)):
        yield Refusal("waiver_to_oneself", {"name": person.name})
    if not person.enabled:
        yield Refusal("account_disabled", {"name": person.name})
    held = load_actor(transaction, person.id, now=now)
    if held is not None and held.roles and held.roles <= NEITHER_DECIDE_NOR_READ:
        yield Refusal("decides_nothing", {"name": person.name})
