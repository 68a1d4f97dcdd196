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
    from datetime import date, datetime

    from workflow.database import Transaction
    from workflow.guards import Actor, Facts

AUTHOR: Final = "author"
"""The capacity in which who wrote, edited or submitted an item is told of it."""
DECIDER: Final = "decider"
"""The capacity in which who decided on it in this round is told."""
COORDINATION: Final = "coordination"
"""The capacity in which those who ask and those who are asked are told of a consultation."""
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
URGENTLY: Final = "published_urgently"
"""What supervisors hear at once of a publication ahead of its review."""
_ASKS: Final[Mapping[Action, str]] = {
    Action.RETRACT: "retraction_asked",
    Action.RESTORE: "restoration_asked",
    Action.VALIDITY: "validity_asked",
}
"""What those hear who can confirm it, which another one has to do."""
_AFTERWARDS: Final[Mapping[Action, str]] = {
    Action.CONFIRM_RETRACTION: "retracted",
    Action.CONFIRM_RESTORATION: "restored",
    Action.CONFIRM_VALIDITY: "validity_changed",
    Action.REOPEN: "reopened",
    Action.SUPERSEDE: "superseded",
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
_NAMED: Final = Statement(
    select(_account.c.id).where(
        _account.c.name == bindparam("name"), _account.c.enabled.is_(True), _reached
    )
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
    owed_stage: str | None = None,
) -> None:
    """Tell those concerned that ``action`` has brought an item ``there``, at ``version``.

    ``facts`` are those before the act; their round is the one that the item is in now.
    ``owed_stage`` is what is still to be made up for then.
    """
    audience = _audience(transaction, facts, action, there, now)
    if there.state is State.PUBLISHED and (
        owed_stage != facts.owed_stage or _goes_out(facts, there)
    ):
        audience += _reviewing(transaction, facts, there, owed_stage, now)
    told = {each.account_id: each for each in audience if each.account_id != actor_id}
    about = {"state": there.state.value, "stage": there.stage or owed_stage}
    mark = f"{item_id}:{version}"
    _raise(transaction, told.values(), mark, item_id=item_id, facts=about, now=now)


def inherited(
    transaction: Transaction,
    facts: Facts,
    *,
    item_id: int,
    mark: int,
    actor_id: int,
    now: datetime,
) -> None:
    """Tell those who hold an item now that it is theirs: the desk, or the clerks of a draft."""
    if facts.place.state is State.DRAFT:
        clerks = _holders(transaction, Role.CLERK, facts.body_id, now)
        desk = _each(clerks, "inherited", Role.CLERK)
    else:
        desk = [
            replace(told, event="inherited") for told in _desk(transaction, facts, facts.place, now)
        ]
    told = [each for each in desk if each.account_id != actor_id]
    about = {"state": facts.place.state.value, "stage": facts.place.stage}
    _raise(transaction, told, f"{item_id}:{mark}", item_id=item_id, facts=about, now=now)


def clerk_named(
    transaction: Transaction,
    facts: Facts,
    account_id: int,
    *,
    item_id: int,
    mark: int,
    now: datetime,
) -> None:
    """Tell a clerk that a restricted draft is theirs to take over."""
    told = _each(_reachable(transaction, [account_id]), "inherited", Role.CLERK)
    about = {"state": facts.place.state.value, "stage": facts.place.stage}
    _raise(transaction, told, f"{item_id}:{mark}", item_id=item_id, facts=about, now=now)


def held(transaction: Transaction, item_id: int, *, now: datetime) -> None:
    """Tell the publishers that a scheduled publication did not start and waits for them."""
    item = transaction.one(_WHERE, item_id=item_id)
    holders = _holders(transaction, Role.PUBLISHER, item.body_id, now)
    told = [_Told("publication_held", account_id, Role.PUBLISHER) for account_id in holders]
    mark = f"{item_id}:{item.version}"
    _raise(transaction, told, mark, item_id=item_id, facts={}, now=now)


def consultation(
    transaction: Transaction,
    event: str,
    number: int,
    accounts: Iterable[int],
    *,
    item_id: int,
    groups: bool,
    due: date | None,
    now: datetime,
) -> None:
    """Tell those who ask and those who are asked of consultation ``number``; each event once.

    With ``groups`` the supervisors are told, too, for it is theirs to settle.
    """
    told = [_Told(event, each, COORDINATION) for each in _reachable(transaction, set(accounts))]
    if groups:
        supervisors = _holders(transaction, Role.SUPERVISOR, 0, now)
        told += [_Told(event, each, Role.SUPERVISOR) for each in supervisors]
    facts = {"consultation": number} | ({"due": due} if due else {})
    known = {each.account_id: each for each in told}
    _raise(transaction, known.values(), str(number), item_id=item_id, facts=facts, now=now)


def carried(
    transaction: Transaction,
    facts: Facts,
    there: Place,
    *,
    item_id: int,
    version: int,
    arrived: bool,
    dropped: bool,
    now: datetime,
) -> None:
    """Tell those concerned that another policy governs an item, which is ``there`` at ``version``.

    ``facts`` are those under the new policy. Its new desk hears that it ``arrived``, and publishers
    that its schedule was ``dropped``.
    """
    mark, about = f"{item_id}:{version}", {"state": there.state.value, "stage": there.stage}
    told = list(_desk(transaction, facts, there, now)) if arrived else []
    _raise(transaction, told, mark, item_id=item_id, facts=about, now=now)
    if dropped:
        publishers = _holders(transaction, Role.PUBLISHER, facts.body_id, now)
        told = _each(publishers, "schedule_dropped", Role.PUBLISHER)
        _raise(transaction, told, mark, item_id=item_id, facts=about, now=now)


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
    if action is Action.PUBLISH_URGENTLY:
        return list(_seconds(transaction, facts, now))
    if action is Action.CONFIRM_URGENT_PUBLICATION:
        supervisors = _holders(transaction, Role.SUPERVISOR, facts.body_id, now)
        return _each(supervisors, URGENTLY, Role.SUPERVISOR)
    if action in _ASKS:
        role = Role.PUBLISHER if action is Action.VALIDITY else Role.FINAL_REVIEWER
        return _each(_holders(transaction, role, facts.body_id, now), _ASKS[action], role)
    if action in _AFTERWARDS:
        return _each(_reachable(transaction, facts.authors), _AFTERWARDS[action], AUTHOR)
    if action is Action.URGE:
        return [replace(told, event="urged") for told in _desk(transaction, facts, there, now)]
    if there == facts.place:
        return []
    return _of_a_move(transaction, facts, action, there, now)


def _seconds(transaction: Transaction, facts: Facts, now: datetime) -> Iterator[_Told]:
    """Yield who might confirm an urgent publication: by a role, or named by the policy."""
    event, asking = "urgent_publication_asked", Action.PUBLISH_URGENTLY
    for name in sorted(facts.policy.urgent_people):
        for row in transaction.run(_NAMED, name=name):
            if not is_kept_apart(facts, asking, row.id):
                yield _Told(event, row.id, "")
    for role in (Role.PUBLISHER, *facts.policy.urgent_roles):
        for row in transaction.run(_HOLDERS, role=role, body_id=facts.body_id, now=now):
            if not is_kept_apart(facts, asking, row.id, row.principal_id):
                yield _Told(event, row.id, role)


def _goes_out(facts: Facts, there: Place) -> bool:
    """Tell whether an item has just come before the public ahead of its review."""
    arrives = facts.place.state is State.PUBLISHING and there.state is State.PUBLISHED
    return arrives and facts.owed_stage is not None


def _reviewing(
    transaction: Transaction, facts: Facts, there: Place, owed: str | None, now: datetime
) -> list[_Told]:
    """Return who is to make up for the next stage that is owed, or hears that all was."""
    if owed is None:
        return _each(_reachable(transaction, facts.authors), "review_made_up", AUTHOR)
    return list(_desk(transaction, replace(facts, owed_stage=owed), there, now))


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
    """Yield those who could act where an item has arrived, whether or not under a waiver."""
    arrived = replace(facts, place=there)
    if there.state in _TO_PUBLISHERS:
        event, does = _TO_PUBLISHERS[there.state]
        role = Role.PUBLISHER.value
    elif there.state in (State.PENDING, State.PUBLISHED) and arrived.stage is not None:
        stage = facts.policy.stage(arrived.stage)
        event, does, role = "inbox", _DECIDES[stage.kind], stage.role
    else:
        return
    holders = transaction.run(_HOLDERS, role=role, body_id=facts.body_id, now=now)
    if any(is_kept_apart(arrived, does, row.id, row.principal_id) for row in holders):
        # Only then does it matter what is lifted for whom.
        arrived = replace(arrived, waivers=capacities.waivers(transaction, now))
    for row in holders:
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
