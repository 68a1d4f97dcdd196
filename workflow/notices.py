"""Notices: who hears of what people do, written down in the transaction in which they do it.

One table says which event goes to whom. A notice is an alert like any other and leaves by the same
outbox, so that no act waits for a mail server. It is raised only for people whom some channel
reaches: for all others their inbox and the item's history say the same, and an office without any
address pays one look into an empty table. Whoever did it is not told of it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import bindparam, exists, or_, select

from workflow import capacities
from workflow.alerts import NewAlert, office_manner, raise_alerts
from workflow.database import Among, Statement
from workflow.guards import WIDE, Role, is_kept_apart
from workflow.machine import VERBS, Action, Place, State
from workflow.models import Account, AlertKind, Body, Contact, Item, table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime

    from workflow.database import Transaction
    from workflow.guards import Actor, Facts

AUTHOR: Final = "author"
"""The capacity in which who wrote, edited or submitted an item is told of it."""
DECIDER: Final = "decider"
"""The capacity in which who decided on it in this round is told."""
_ENDS: Final[Mapping[State, str]] = {
    State.PUBLISHED: "published",
    State.WITHHELD: "withheld",
    State.ON_REQUEST_ONLY: "on_request_only",
}
"""What its authors and the deciders of its round hear when an item arrives there."""
_TO_PUBLISHERS: Final[Mapping[State, tuple[str, Action]]] = {
    State.CLEARED: ("inbox", Action.PUBLISH),
    State.PUBLICATION_FAILED: ("publication_failed", Action.RETRY),
}
"""What publishers hear when an item arrives there, and what they are to do."""
_ASKS: Final[Mapping[Action, str]] = {
    Action.RETRACT: "retraction_asked",
    Action.RESTORE: "restoration_asked",
}
"""What final reviewers hear: another one has to confirm it."""
_AFTERWARDS: Final[Mapping[Action, str]] = {
    Action.CONFIRM_RETRACTION: "retracted",
    Action.CONFIRM_RESTORATION: "restored",
    Action.REOPEN: "reopened",
}
"""What the authors of an item hear that had come to an end before."""
_DECIDES: Final = {kind: min(actions) for kind, actions in VERBS.items()}

_account, _body, _item = table(Account), table(Body), table(Item)
_contact = table(Contact)
_reached = exists().where(_contact.c.account_id == _account.c.id, _contact.c.removed_at.is_(None))
_held = capacities.held(capacities.NOW, ("role", bindparam("role")))
_HOLDERS: Final = Statement(
    select(_account.c.id, _held.c.principal_id)
    .join(_held, _held.c.account_id == _account.c.id)
    .join(_body, _body.c.id == _held.c.body_id)
    .where(
        or_(_body.c.id == bindparam("body_id"), *(_body.c.kind == kind for kind in sorted(WIDE))),
        _account.c.enabled.is_(True),
        _reached,
    )
    .distinct()
    .order_by(_account.c.id)
)
_REACHED: Final = Statement(
    select(_account.c.id)
    .where(Among(_account.c.id, "accounts"), _account.c.enabled.is_(True), _reached)
    .order_by(_account.c.id)
)
_WHERE: Final = Statement(
    select(_item.c.body_id, _item.c.version).where(_item.c.id == bindparam("item_id"))
)


@dataclass(frozen=True, slots=True)
class _Told:
    event: str
    account_id: int
    role: str


def acted(
    transaction: Transaction,
    facts: Facts,
    action: Action,
    there: Place,
    *,
    item_id: int,
    version: int,
    actor_id: int | None,
    now: datetime,
) -> None:
    """Tell those concerned that ``action`` has brought an item ``there``, at ``version``.

    ``facts`` are those before the act; their round is the one that the item is in now.
    """
    told = {
        each.account_id: each
        for each in _audience(transaction, facts, action, there, now)
        if each.account_id != actor_id
    }
    about = {"state": there.state.value, "stage": there.stage}
    mark = f"{item_id}:{version}"
    _raise(transaction, told.values(), mark, item_id=item_id, facts=about, now=now)


def held(transaction: Transaction, item_id: int, *, now: datetime) -> None:
    """Tell the publishers that a scheduled publication did not start and waits for them."""
    item = transaction.one(_WHERE, item_id=item_id)
    holders = _holders(transaction, Role.PUBLISHER, item.body_id, now)
    told = [_Told("publication_held", account_id, Role.PUBLISHER) for account_id in holders]
    mark = f"{item_id}:{item.version}"
    _raise(transaction, told, mark, item_id=item_id, facts={}, now=now)


def password_reset(transaction: Transaction, account_id: int, name: str, *, now: datetime) -> None:
    """Tell a person, and all supervisors, that the person's password was reset (rule: accounts)."""
    # Supervisors are those of the groups, which no body's number is needed to find.
    supervisors = _holders(transaction, Role.SUPERVISOR, 0, now)
    told = [_Told("password_reset", each, Role.SUPERVISOR) for each in supervisors]
    told += [_Told("password_reset", each, "") for each in _reachable(transaction, [account_id])]
    mark = _mark_of_person(account_id, {}, now)
    _raise(transaction, told, mark, facts={"account": name}, now=now)


def duty(
    transaction: Transaction,
    account_id: int,
    role: Role,
    *,
    body: str,
    taken: bool,
    now: datetime,
) -> None:
    """Tell a person that a role was given to them, or ``taken`` from them."""
    event = "duty_taken" if taken else "duty_given"
    told = [_Told(event, each, "") for each in _reachable(transaction, [account_id])]
    facts = {"role": role.value, "body": body}
    _raise(transaction, told, _mark_of_person(account_id, facts, now), facts=facts, now=now)


def taken_over(
    transaction: Transaction, facts: Facts, *, item_id: int, version: int, by: Actor, now: datetime
) -> None:
    """Tell those who wrote a draft that somebody else goes on with it (rule: notices)."""
    told = _each(_reachable(transaction, facts.authors), "taken_over", AUTHOR)
    about = {"other": by.display_name}
    _raise(transaction, told, f"{item_id}:{version}", item_id=item_id, facts=about, now=now)


def stands_in(
    transaction: Transaction,
    people: Mapping[str, tuple[int, str]],
    *,
    ended: bool,
    number: int,
    now: datetime,
) -> None:
    """Tell ``principal`` and ``deputy``, given by their numbers, each with the other one's name."""
    for capacity, (account_id, other) in people.items():
        event = f"{capacity}_{'ended' if ended else 'named'}"
        told = [_Told(event, each, "") for each in _reachable(transaction, [account_id])]
        _raise(transaction, told, str(number), facts={"other": other}, now=now)


def _audience(
    transaction: Transaction, facts: Facts, action: Action, there: Place, now: datetime
) -> list[_Told]:
    """Return who is told of an act, and what; who is named last is told that."""
    if action in _ASKS:
        reviewers = _holders(transaction, Role.FINAL_REVIEWER, facts.body_id, now)
        return _each(reviewers, _ASKS[action], Role.FINAL_REVIEWER)
    if action in _AFTERWARDS:
        return _each(_reachable(transaction, facts.authors), _AFTERWARDS[action], AUTHOR)
    if action is Action.URGE:
        return [replace(told, event="urged") for told in _desk(transaction, facts, there, now)]
    if there == facts.place:
        return []
    return _of_a_move(transaction, facts, action, there, now)


def _of_a_move(
    transaction: Transaction, facts: Facts, action: Action, there: Place, now: datetime
) -> list[_Told]:
    deciders = {decision.account_id for decision in facts.round if not decision.voided}
    if there.state in _ENDS:
        event = _ENDS[there.state]
        concerned = _reachable(transaction, facts.authors | deciders)
        return [
            _Told(event, each, AUTHOR if each in facts.authors else DECIDER) for each in concerned
        ]
    if action is Action.RECALL and facts.place.stage is not None:
        role = facts.policy.stage(facts.place.stage).role
        return _each(_holders(transaction, role, facts.body_id, now), "recalled", role)
    if there.state is State.DRAFT:
        return _each(_reachable(transaction, facts.authors), "returned", AUTHOR)
    return list(_desk(transaction, facts, there, now))


def _each(accounts: Iterable[int], event: str, role: str) -> list[_Told]:
    return [_Told(event, account_id, role) for account_id in accounts]


def _desk(transaction: Transaction, facts: Facts, there: Place, now: datetime) -> Iterator[_Told]:
    """Yield those who could act where an item has arrived, but for whom separation keeps apart."""
    if there.state is State.PENDING and there.stage is not None:
        stage = facts.policy.stage(there.stage)
        event, role, does = "inbox", stage.role, _DECIDES[stage.kind]
    elif there.state in _TO_PUBLISHERS:
        event, does = _TO_PUBLISHERS[there.state]
        role = Role.PUBLISHER.value
    else:
        return
    arrived = replace(facts, place=there)
    for row in transaction.run(_HOLDERS, role=role, body_id=facts.body_id, now=now):
        if not is_kept_apart(arrived, does, row.id, row.principal_id):
            yield _Told(event, row.id, role)


def _holders(transaction: Transaction, role: str, body_id: int, now: datetime) -> list[int]:
    rows = transaction.run(_HOLDERS, role=role, body_id=body_id, now=now)
    return list(dict.fromkeys(row.id for row in rows))


def _reachable(transaction: Transaction, accounts: Iterable[int]) -> list[int]:
    return [row.id for row in transaction.run(_REACHED, accounts=sorted(accounts))]


def _raise(
    transaction: Transaction,
    told: Iterable[_Told],
    mark: str,
    *,
    item_id: int | None = None,
    facts: Mapping[str, Any],
    now: datetime,
) -> None:
    """Raise the notices of one event; ``mark`` tells it from every other one of its kind."""
    alerts = [
        NewAlert(
            kind=AlertKind.NOTICE,
            event=each.event,
            key=f"notice:{each.event}:{mark}",
            role=each.role,
            account_id=each.account_id,
            item_id=item_id,
            facts=facts,
        )
        for each in told
    ]
    if alerts:
        raise_alerts(transaction, alerts, manner=office_manner(transaction), now=now)


def _mark_of_person(account_id: int, facts: Mapping[str, str], now: datetime) -> str:
    """Return what tells a change of a person's account: at an instant there is one, under lock."""
    about = [str(account_id), *(facts[name] for name in ("role", "body") if name in facts)]
    return ":".join([*about, f"{now:%Y%m%dT%H%M%S%f}"])
