"""Delegations: who stands in for whom, given by an administrator for some days (ADR 0026).

A deputy acts with the principal's roles and leaves both names. Nobody lends what they were lent,
nobody stands in for themselves, and for one role of somebody there is one deputy at a time.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import bindparam, insert, or_, select

from workflow import audit, capacities, notices
from workflow.accounts import NAME, demand_role, end_delegation, find_body, load_actor
from workflow.database import Statement
from workflow.drafting import check_text
from workflow.errors import Conflict, InvalidInput, NotFound, NotSignedIn, Refusal, Refused
from workflow.guards import Role
from workflow.models import LONGEST_ID, Account, Body, Delegation, Remark, table
from workflow.queries import words_of
from workflow.records import insert_remark
from workflow.runtime import SHANGHAI

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime

    from workflow.database import Transaction
    from workflow.guards import Actor
    from workflow.intake import Intake
    from workflow.runtime import Runtime

LONGEST: Final = timedelta(days=366)
"""Nothing is lifted or lent for longer; then it is looked at again."""
READS_ALL: Final = frozenset({Role.ADMINISTRATOR, Role.SUPERVISOR, Role.AUDITOR})
"""Who sees everybody's delegations and waivers; others see those that concern themselves."""

_account, _body, _delegation = table(Account), table(Body), table(Delegation)
_remark = table(Remark)
_PERSON: Final = Statement(
    select(_account.c.id, _account.c.name, _account.c.display_name, _account.c.enabled)
    .where(_account.c.name == bindparam("name"))
    .with_for_update(key_share=True)
)
_GIVE: Final = Statement(
    insert(_delegation)
    .values(
        {
            name: bindparam(name)
            for name in _delegation.columns.keys()  # noqa: SIM118 # a column collection iterates over columns
            if name not in ("id", "ended_by", "ended_at")
        }
    )
    .returning(_delegation.c.id)
)
_ONE: Final = Statement(
    select(_delegation).where(_delegation.c.id == bindparam("delegation_id")).with_for_update()
)
_CODE: Final = Statement(select(_body.c.code).where(_body.c.id == bindparam("body_id")))


class Delegations:
    """Gives, ends and lists delegations."""

    def __init__(self, runtime: Runtime, *, intake: Intake) -> None:
        """Act in ``runtime``; ``intake`` looks at the words."""
        self._runtime = runtime
        self._intake = intake

    def give(
        self,
        actor_id: int,
        principal: str,
        deputy: str,
        *,
        from_on: date | None,
        until_on: date,
        reason: str,
        role: Role | None = None,
        body: str | None = None,
        key: str | None = None,
        dry_run: bool = False,
    ) -> dict[str, Any]:
        """Have ``deputy`` stand in for ``principal`` on days that are both inclusive.

        ``from_on`` is today if not said. In all roles that the principal holds on each of the days,
        or in one ``role`` for a ``body`` (the only one that it is held for, if not said).
        Administrators only. Raises ``Refused`` with every reason, ``InvalidInput``, ``NotFound``.
        """
        check_text("reason", reason)
        if not reason.strip():
            raise Refused([Refusal("reason_required", {"action": "delegate"})])
        self._intake.screen_words({"reason": reason}, account_id=actor_id, dry_run=dry_run)

        def work(transaction: Transaction, now: datetime) -> dict[str, Any]:
            actor = demand_role(transaction, actor_id, Role.ADMINISTRATOR, now=now)
            begins = check_days(from_on, until_on, now)
            # Two administrators at once see what the other one gives.
            transaction.queue_up("delegation")
            away, stands = (found_person(transaction, name) for name in (principal, deputy))
            lender = load_actor(transaction, away.id, now=now)
            scope = _scope(transaction, lender, role, body)
            since, over = capacities.bounds(begins, until_on, given_at=now)
            refusals = list(_refusals(transaction, (away, stands), lender, scope, (since, over)))
            if refusals:
                raise Refused(refusals)
            remark = insert_remark(
                transaction,
                {"reason": reason},
                item_id=None,
                account_id=actor.account_id,
                now=now,
            )
            lent = {
                "role": role.value if role else None,
                "from_on": begins,
                "until_on": until_on,
                "since": since,
                "over": over,
            }
            given = transaction.one(
                _GIVE,
                principal_id=away.id,
                deputy_id=stands.id,
                body_id=scope[1] if scope else None,
                remark_id=remark.id,
                given_by=actor.account_id,
                given_at=now,
                **lent,
            )
            code = scope[2] if scope else None
            audit.record(
                transaction,
                "delegated",
                at=now,
                origin=self._runtime.origin(actor.name),
                delegation=given.id,
                principal=away.name,
                deputy=stands.name,
                body=code,
                remark=remark.digest,
                **lent,
            )
            people = {"principal": (away.id, stands.name), "deputy": (stands.id, away.name)}
            notices.stands_in(transaction, people, ended=False, number=given.id, now=now)
            return {
                "delegation": given.id,
                "principal": away.name,
                "principal_name": away.display_name,
                "deputy": stands.name,
                "deputy_name": stands.display_name,
                "role": role.value if role else None,
                "body": code,
                "from": begins.isoformat(),
                "until": until_on.isoformat(),
            }

        call = {
            "do": "delegate",
            "principal": principal,
            "deputy": deputy,
            "from": from_on,
            "until": until_on,
            "role": role,
            "body": body,
            "reason": reason,
        }
        return self._runtime.carry_out(
            work, account_id=actor_id, call=call, key=key, dry_run=dry_run
        )

    def end(
        self, actor_id: int, number: int, *, key: str | None = None, dry_run: bool = False
    ) -> dict[str, Any]:
        """End a delegation now, before its last day; administrators only.

        Raises ``NotFound('no_such_delegation')``, ``Conflict('delegation_over')``.
        """

        def work(transaction: Transaction, now: datetime) -> dict[str, Any]:
            actor = demand_role(transaction, actor_id, Role.ADMINISTRATOR, now=now)
            known = 0 < number <= LONGEST_ID
            row = transaction.one(_ONE, delegation_id=number) if known else None
            if row is None:
                raise NotFound("no_such_delegation", value=number)
            if row.over <= now:
                raise Conflict("delegation_over", value=number, at=row.over)
            return end_delegation(
                transaction,
                row,
                by=actor.account_id,
                now=now,
                origin=self._runtime.origin(actor.name),
            )

        call = {"do": "delegate end", "delegation": number}
        return self._runtime.carry_out(
            work, account_id=actor_id, call=call, key=key, dry_run=dry_run
        )

    def every(self, actor_id: int, *, closed: bool = False) -> list[dict[str, Any]]:
        """Return delegations in force or to come, with ``closed`` all; the oldest first.

        Administrators, supervisors and auditors see all, others those to or of themselves.
        """
        now = self._runtime.clock()
        principal, deputy = _account.alias(), _account.alias()
        query = (
            select(
                _delegation,
                principal.c.name.label("principal"),
                principal.c.display_name.label("principal_name"),
                deputy.c.name.label("deputy"),
                deputy.c.display_name.label("deputy_name"),
                _body.c.code,
                _body.c.name.label("body_name"),
                _remark.c.canonical,
            )
            .join(principal, principal.c.id == _delegation.c.principal_id)
            .join(deputy, deputy.c.id == _delegation.c.deputy_id)
            .join(_body, _body.c.id == _delegation.c.body_id, isouter=True)
            .join(_remark, _remark.c.id == _delegation.c.remark_id)
            .order_by(_delegation.c.id)
        )
        with self._runtime.database.transaction(keep=False) as transaction:
            actor = load_actor(transaction, actor_id, now=now)
            if actor is None or not actor.enabled:
                raise NotSignedIn("not_signed_in")
        if not actor.roles & READS_ALL:
            query = query.where(
                or_(_delegation.c.principal_id == actor_id, _delegation.c.deputy_id == actor_id)
            )
        if not closed:
            query = query.where(_delegation.c.over > now)
        with self._runtime.database.read() as connection:
            return [
                {
                    "delegation": row.id,
                    "principal": row.principal,
                    "principal_name": row.principal_name,
                    "deputy": row.deputy,
                    "deputy_name": row.deputy_name,
                    "role": row.role,
                    "body": row.code,
                    "body_name": row.body_name,
                    "from": row.from_on,
                    "until": row.until_on,
                    "state": "over" if row.over <= now else "open" if row.since <= now else "ahead",
                    "ended_at": row.ended_at,
                    "reason": words_of(row.canonical).get("reason"),
                }
                for row in connection.execute(query)
            ]


def check_days(from_on: date | None, until_on: date, now: datetime) -> date:
    """Return the first day, today if none is said; raises ``InvalidInput`` for days that cannot be.

    Nothing begins or ends in the past, ends before it begins, or lasts longer than a year.
    """
    today = now.astimezone(SHANGHAI).date()
    begins = from_on or today
    if begins < today:
        raise InvalidInput("begins_in_past", value=begins)
    if until_on < begins:
        raise InvalidInput("ends_before_it_begins", value=until_on, day=begins)
    if until_on - begins > LONGEST:
        raise InvalidInput("lasts_too_long", value=until_on, limit=LONGEST.days)
    return begins


def found_person(transaction: Transaction, name: str) -> Any:
    """Return an account, held; raises ``NotFound('no_such_account')``."""
    row = transaction.one(_PERSON, name=name) if NAME.match(name) else None
    if row is None:
        raise NotFound("no_such_account", name=name)
    return row


def _scope(
    transaction: Transaction, lender: Actor | None, role: Role | None, body: str | None
) -> tuple[Role, int, str] | None:
    """Return the one role that is lent and the body it is held for; ``None`` for all of them."""
    if role is None:
        if body is not None:
            raise InvalidInput("body_without_role", value=body)
        return None
    own = [
        grant.body_id
        for grant in (lender.grants if lender else ())
        if grant.role is role and grant.principal is None
    ]
    if body is not None:
        found = find_body(transaction, body)
        return role, found.id, found.code
    if len(own) > 1:
        raise InvalidInput("which_body", value=role.value)
    if not own:
        raise Refused([Refusal("nothing_to_lend", {"name": lender.name if lender else ""})])
    code = transaction.one(_CODE, body_id=own[0]).code
    return role, own[0], code


def _refusals(
    transaction: Transaction,
    people: tuple[Any, Any],
    lender: Actor | None,
    scope: tuple[Role, int, str] | None,
    days: tuple[datetime, datetime],
) -> Iterator[Refusal]:
    """Yield every reason why one person may not stand in for the other."""
    away, stands = people
    if away.id == stands.id:
        yield Refusal("own_deputy", {"name": away.name})
        return
    for person in people:
        if not person.enabled:
            yield Refusal("account_disabled", {"name": person.name})
    own = {
        (grant.role, grant.body_id)
        for grant in (lender.grants if lender else ())
        if grant.principal is None
    }
    if Role.ADMINISTRATOR in {role for role, _ in own}:
        yield Refusal("administrator_not_lent", {"name": away.name})
    elif not own or (scope and scope[:2] not in own):
        yield Refusal("nothing_to_lend", {"name": away.name})
    helper = load_actor(transaction, stands.id, now=days[0])
    if helper is not None and Role.ADMINISTRATOR in helper.roles:
        yield Refusal("administrator_no_deputy", {"name": stands.name})
    yield from _overlaps(transaction, away, stands, scope, days)


def _overlaps(
    transaction: Transaction,
    away: Any,
    stands: Any,
    scope: tuple[Role, int, str] | None,
    days: tuple[datetime, datetime],
) -> Iterator[Refusal]:
    """Yield what another delegation of the same days has against it: chains, and two deputies."""
    since, over = days
    for row in capacities.open_of(transaction, stands.id, since):
        if row.principal_id == stands.id and row.since < over:
            yield Refusal("deputy_is_away", {"name": stands.name, "number": row.id})
    for row in capacities.open_of(transaction, away.id, since):
        if row.since >= over:
            continue
        if row.deputy_id == away.id:
            yield Refusal("principal_is_deputy", {"name": away.name, "number": row.id})
        elif scope is None or row.role is None or (row.role, row.body_id) == scope[:2]:
            yield Refusal("deputy_named_before", {"name": away.name, "number": row.id})
