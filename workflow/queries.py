"""Reading: what waits on whom, lists, one item whole, its history, and what is published.

Nothing here changes anything. Every answer is narrowed in the database to what the reader may see,
totals included, by the same rule that :func:`workflow.scene.may_see` applies to one item; a test
compares the two. Conditions on states are literals, because partial indexes match no parameters.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import (
    and_,
    case,
    exists,
    false,
    func,
    literal_column,
    or_,
    select,
    tuple_,
    union,
)
from sqlalchemy.sql.expression import text as sql_text

from workflow import capacities, grams, validating
from workflow.accounts import granted
from workflow.consultations import (
    OF_ITEM,
    REPLIERS,
    RESTRICTED_REPLIERS,
    consultation,
    newest,
    opened_to,
    opens_to,
    selected,
    told,
    unanswered,
)
from workflow.coordination import DISPUTED, UNANSWERED, Consultation, Reply
from workflow.deadlines import working_days_left
from workflow.errors import InvalidInput, NotFound, NotSignedIn
from workflow.guards import (
    PUBLISHING_BODIES,
    WIDE,
    Actor,
    Role,
    is_one_of_two,
    let_out_together,
    may_be_lifted,
)
from workflow.machine import Action, Asked, Place, StageKind, State
from workflow.models import (
    LONGEST_ID,
    NO_DIGEST,
    Account,
    AuditEntry,
    Body,
    CalendarVersion,
    Capacity,
    Deadline,
    Decision,
    Delivery,
    DeliveryStatus,
    Edition,
    Handover,
    Item,
    ItemAuthor,
    ItemReader,
    Office,
    PolicyText,
    Remark,
    Retraction,
    Revision,
    Schedule,
    SearchEntry,
    ValidityChange,
    table,
)
from workflow.policy import Policy, stored
from workflow.records import SALT
from workflow.revisions import is_storable
from workflow.scene import DELIVERABLE, may_see, reached_by_role, receives_at
from workflow.validity import Status, Validity
from workflow.working_days import Calendar
from workflow.working_days import stored as stored_calendar

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date, datetime

    from sqlalchemy import ColumnElement, Select
    from sqlalchemy.engine import Connection

    from workflow.database import Database
    from workflow.guards import Grant, Lifted
    from workflow.machine import Stage
    from workflow.policy import CatalogueItem, Ground, Term
    from workflow.runtime import Runtime

_item, _body, _account = table(Item), table(Body), table(Account)
_author, _reader, _decision = table(ItemAuthor), table(ItemReader), table(Decision)
_revision, _delivery, _entry = table(Revision), table(Delivery), table(AuditEntry)
_remark, _schedule = table(Remark), table(Schedule)
_policy, _office = table(PolicyText), table(Office)
_handover, _search = table(Handover), table(SearchEntry)
_calendar, _deadline = table(CalendarVersion), table(Deadline)
_retraction, _edition = table(Retraction), table(Edition)
_change = table(ValidityChange)
_capacity, _principal = table(Capacity), _account.alias("principal")

COUNTED_UP_TO: Final = 10_000
"""Totals are exact up to here; beyond, a list says "more than"."""
SHORTEST_PREFIX: Final = 4
_STREAMED: Final = 500
"""How many rows of a long list are fetched at once."""
_PUBLIC_EVENTS: Final = (
    "published", "purged", "retracted", "restored", "superseded", "validity_changed",
)  # fmt: skip
"""What of an item's trail everybody may know once it is public."""
_OPEN: Final[ColumnElement[bool]] = literal_column("item.state IN ('pending', 'referred')")
_TO_PUBLISH: Final[ColumnElement[bool]] = literal_column(
    "item.state IN ('cleared', 'publishing', 'publication_failed')"
)
_UNEXPLAINED: Final[ColumnElement[bool]] = literal_column(
    "deadline.met_by = 'published' AND deadline.met_on > deadline.due_on"
    " AND deadline.late_remark_id IS NULL AND deadline.voided_at IS NULL"
)
"""For the index of what came late without a reason, of which there is little."""
_PUBLIC: Final[ColumnElement[bool]] = literal_column(
    "item.state IN ('published', 'retracted', 'superseded')"
)

_OPEN_CONSULTATION: Final[ColumnElement[bool]] = literal_column(
    "consultation.withdrawn_at IS NULL AND consultation.settlement IS NULL"
    " AND (consultation.reply IS NULL OR consultation.reply = 'object')"
)
"""For the index of what was asked of other bodies and is not done with."""
_UNDONE: Final = DISPUTED | UNANSWERED
_ASKABLE: Final[ColumnElement[bool]] = literal_column(
    "item.state IN ('draft', 'pending', 'referred', 'cleared', 'publication_failed')"
)
_UNDER_WAY_OR_DONE: Final = _item.c.state != State.ABANDONED
"""What is abandoned may be entered again."""
MOST_SAME: Final = 50
"""So many other items with the same text or number are shown beside one."""
_OWED: Final[ColumnElement[bool]] = literal_column(
    "item.owed_stage IS NOT NULL AND item.state = 'published'"
)
"""What is public ahead of its review, for the index of that."""
_ASKED: Final = and_(_retraction.c.confirmed_at.is_(None), _retraction.c.called_off_at.is_(None))
"""The condition that something still waits for a second person's word."""
_later = _retraction.alias("later")
_LET_OUT: Final = and_(
    _retraction.c.kind == Asked.URGENT_PUBLICATION.value,
    _retraction.c.confirmed_at.is_not(None),
    # What was let out before, and came back, is nobody's any more.
    ~exists().where(
        _later.c.item_id == _retraction.c.item_id,
        _later.c.kind == _retraction.c.kind,
        _later.c.confirmed_at.is_not(None),
        _later.c.id > _retraction.c.id,
    ),
)
"""The condition that two people published something ahead of its review."""

_URGENTLY: Final = tuple(f"{does}_{Asked.URGENT_PUBLICATION}" for does in ("confirm", "call_off"))
"""What somebody has to do about what is to be published urgently."""
_URGENT: Final = _retraction.c.kind == Asked.URGENT_PUBLICATION.value
_ON_THE_WAY: Final[ColumnElement[bool]] = literal_column("item.state IN ('pending', 'cleared')")
"""Where what was asked for urgently can be confirmed."""
_CHANGE_ASKED: Final = and_(_change.c.confirmed_at.is_(None), _change.c.called_off_at.is_(None))

_ROW: Final = (
    _item.c.id,
    _item.c.version,
    _item.c.index_number,
    _item.c.title,
    _item.c.state,
    _item.c.stage,
    _item.c.digest,
    _item.c.attribute,
    _item.c.category,
    _item.c.formed_on,
    _item.c.restricted,
    _item.c.policy_digest,
    _item.c.body_id,
    _item.c.created_at,
    _item.c.entered_at,
    _item.c.published_at,
    _item.c.owed_stage,
    _body.c.code.label("body_code"),
    _body.c.name.label("body_name"),
)
_online, _budget = _deadline.alias("online"), _deadline.alias("budget")
_URGENCY: Final = (
    _online.c.due_on,
    _online.c.provisional,
    _budget.c.due_on.label("stage_due_on"),
)


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows of a list, and how many there are in all (at most ``COUNTED_UP_TO + 1``)."""

    rows: tuple[dict[str, Any], ...]
    total: int


class Queries:
    """All reading of items, for one database."""

    def __init__(self, runtime: Runtime) -> None:
        """Read in ``runtime``."""
        self._runtime = runtime
        self._database: Database = runtime.database
        self._policies: dict[str, Policy] = {}
        self._calendars: dict[int, Calendar] = {}

    # -- who reads ---------------------------------------------------------------------------

    def actor(self, connection: Connection, account_id: int, *, reads: bool = True) -> Actor:
        """Return the reader with today's roles; raises ``NotSignedIn``.

        Who does not read, but did something, is returned also if they are disabled since.
        """
        if not 0 < account_id <= LONGEST_ID:
            raise NotSignedIn("not_signed_in")
        person = connection.execute(
            select(
                _account.c.id, _account.c.name, _account.c.display_name, _account.c.enabled
            ).where(_account.c.id == account_id)
        ).first()
        if person is None or (reads and not person.enabled):
            raise NotSignedIn("not_signed_in")
        return self._with_roles(connection, person)

    def _with_roles(self, connection: Connection, person: Any) -> Actor:
        held = capacities.held(self._runtime.clock(), ("account_id", person.id))
        rows = connection.execute(
            select(
                held.c.role,
                held.c.body_id,
                _body.c.kind.label("body_kind"),
                held.c.principal_id,
                _account.c.name.label("principal"),
            )
            .join(_body, _body.c.id == held.c.body_id)
            .join(_account, _account.c.id == held.c.principal_id, isouter=True)
            .order_by(held.c.delegation_id)
        )
        return Actor(
            person.id,
            person.name,
            person.display_name,
            person.enabled,
            tuple(granted(row) for row in rows),
        )

    def policies(self, connection: Connection) -> dict[str, Policy]:
        """Return every policy in use, by digest."""
        digests = connection.execute(select(_policy.c.digest)).scalars().all()
        if missing := [digest for digest in digests if digest not in self._policies]:
            rows = connection.execute(
                select(_policy.c.digest, _policy.c.text).where(_policy.c.digest.in_(missing))
            )
            for row in rows:
                self._policies[row.digest] = stored(row.text)
        return self._policies

    def calendar(self, connection: Connection, number: int | None = None) -> tuple[int, Calendar]:
        """Return a calendar with its number: the one in force, unless ``number`` names another."""
        if number is None:
            number = int(connection.execute(select(func.max(_calendar.c.number))).scalar_one())
        if number not in self._calendars:
            text = connection.execute(
                select(_calendar.c.text).where(_calendar.c.number == number)
            ).scalar_one()
            self._calendars[number] = stored_calendar(text)
        return number, self._calendars[number]

    def visible(self, connection: Connection, actor: Actor) -> ColumnElement[bool]:
        """Return the condition under which an item is the reader's to see."""
        if Role.ADMINISTRATOR in actor.roles:
            return _PUBLIC
        open_to: list[ColumnElement[bool]] = []
        bodies = sorted(
            {grant.body_id for grant in actor.grants if grant.body_kind in PUBLISHING_BODIES}
        )
        if bodies:
            open_to.append(_item.c.body_id.in_(bodies))
        if any(grant.role is Role.SUPERVISOR for grant in actor.grants):
            open_to.append(_item.c.id > 0)
        named = or_(
            exists().where(
                _author.c.item_id == _item.c.id, _author.c.account_id == actor.account_id
            ),
            exists().where(
                _reader.c.item_id == _item.c.id, _reader.c.account_id == actor.account_id
            ),
        )
        by_stage: list[ColumnElement[bool]] = []
        for digest, policy in self.policies(connection).items():
            for body_id in (None, *bodies):
                # A body's number of 0 stands for "any": only wide grants reach it.
                position = reached_by_role(actor, policy, body_id or 0)
                if position > len(policy.stages):
                    continue
                condition = and_(_item.c.policy_digest == digest, _item.c.reached >= position)
                if body_id is not None:
                    condition = and_(condition, _item.c.body_id == body_id)
                by_stage.append(condition)
        if points := receives_at(actor):
            by_stage.append(_handed_to(points))
        consulted = opened_to(_item, actor)
        if consulted is not None:
            by_stage.append(consulted)
        return or_(
            _PUBLIC,
            and_(_item.c.restricted.is_(False), or_(false(), *open_to)),
            and_(_item.c.restricted.is_(True), named),
            *by_stage,
        )

    # -- lists -------------------------------------------------------------------------------

    def items(
        self,
        account_id: int,
        *,
        words: str | None = None,
        states: Sequence[State] = (),
        stage: str | None = None,
        body: str | None = None,
        category: str | None = None,
        limit: int = 50,
        offset: int = 0,
    ) -> Page:
        """List what the reader may see, newest first.

        With ``words`` only what holds every one of them; first what has them all in its title or
        numbers, unless it is more than is counted. Raises ``InvalidInput('search_empty')``,
        ``NotFound('no_such_body')``.
        """
        with self._database.read() as connection:
            condition, order = self._selected(
                connection,
                account_id,
                words=words,
                states=states,
                stage=stage,
                body=body,
                category=category,
            )
            return self._page(
                connection,
                condition,
                order=order,
                limit=limit,
                offset=offset,
                searched=words is not None,
            )

    def every_item(
        self, account_id: int, *, words: str | None = None, **filters: Any
    ) -> Iterator[dict[str, Any]]:
        """Yield what :meth:`items` would list, the newest first, as it all was at one instant."""
        narrowed = {"states": (), "stage": None, "body": None, "category": None} | filters
        with self._database.read() as connection:
            condition, order = self._selected(connection, account_id, words=words, **narrowed)
            policies = self.policies(connection)
            wanted = _wanted(searched=words is not None).where(condition).order_by(order[-1])
            found = connection.execute(wanted, execution_options={"yield_per": _STREAMED})
            for rows in found.partitions():
                at = _scheduled(connection, rows)
                stands = self._standings(connection, rows)
                for row in rows:
                    told = _document(row, policies[row.policy_digest])
                    yield told | {"publish_at": at.get(row.id), "validity": stands.get(row.id)}

    def _selected(
        self,
        connection: Connection,
        account_id: int,
        *,
        words: str | None,
        states: Sequence[State],
        stage: str | None,
        body: str | None,
        category: str | None,
    ) -> tuple[ColumnElement[bool], tuple[Any, ...]]:
        """Return the condition for a list and its order."""
        actor = self.actor(connection, account_id)
        conditions = [self.visible(connection, actor)]
        if states:
            conditions.append(_item.c.state.in_(list(states)))
        for column, value in ((_item.c.stage, stage), (_item.c.category, category)):
            if value is not None:
                conditions.append(column == value if is_storable(value) else false())
        if body is not None:
            found = None
            if is_storable(body):
                found = connection.execute(
                    select(_body.c.id).where(or_(_body.c.code == body, _body.c.name == body))
                ).scalar_one_or_none()
            if found is None:
                raise NotFound("no_such_body", value=body)
            conditions.append(_item.c.body_id == found)
        order: tuple[Any, ...] = (_item.c.id.desc(),)
        if words is not None:
            pieces = grams.wanted(words)
            conditions.append(self._holds(pieces))
            in_headline = and_(*(self._within(_search.c.headline, piece) for piece in pieces))
            order = (case((in_headline, 0), else_=1), *order)
        return and_(*conditions), order

    def _holds(self, pieces: Sequence[str]) -> ColumnElement[bool]:
        """Return the condition that an item's entry holds every piece of what is searched.

        The index knows grams of two characters; a longer piece is looked up once more, because
        its grams may stand apart.
        """
        needed = grams.needed(pieces)
        found: ColumnElement[bool]
        if self._database.is_sqlite:
            hits = sql_text("SELECT rowid FROM search_index WHERE search_index MATCH :grams")
            quoted = " AND ".join(f'"{gram}"' for gram in needed)
            found = _search.c.item_id.in_(hits.bindparams(grams=quoted))
        else:
            found = _search.c.grams.op("@>")(needed)
        longer = [piece for piece in pieces if len(piece) > grams.LENGTH]
        return and_(
            found,
            *(
                or_(self._within(_search.c.headline, piece), self._within(_search.c.words, piece))
                for piece in longer
            ),
        )

    def _within(self, column: ColumnElement[str], piece: str) -> ColumnElement[bool]:
        place = func.instr if self._database.is_sqlite else func.strpos
        return place(column, piece) > 0

    def inbox(self, account_id: int, *, limit: int = 200) -> Page:
        """List what waits on the reader: what they hold and no separation of duties forbids.

        Most urgent first: by the last day to be online, then by that of the desk's budget. Each
        row has both, and the working days left to them.
        """
        with self._database.read() as connection:
            return self._waiting(connection, self.actor(connection, account_id), limit=limit)

    def _waiting(self, connection: Connection, actor: Actor, *, limit: int) -> Page:
        waits = self._waits(connection, actor)
        unexplained = self._unexplained(connection, actor)
        if unexplained:
            waits.append(_item.c.id.in_(unexplained))
        asked = self._unconfirmed(connection, actor) | self._consulted(connection, actor)
        if asked:
            waits.append(_item.c.id.in_(list(asked)))
        if not waits:
            return Page((), 0)
        # Said outright, because the two databases would put what has no date at other ends.
        order = (
            _online.c.due_on.nulls_last(),
            _budget.c.due_on.nulls_last(),
            _item.c.formed_on.nulls_last(),
            _item.c.entered_at,
            _item.c.id,
        )
        page = self._page(connection, or_(*waits), order=order, limit=limit, offset=0, urgency=True)
        duties = self._returned(connection, page.rows) | dict.fromkeys(unexplained, "late_reason")
        duties |= asked
        rows = (row | {"duty": duties.get(row["item"])} for row in page.rows)
        return Page(tuple(rows), page.total)

    def left_by(self, name: str) -> dict[str, Any]:
        """Return what waits on a person, signed in or not, and who else could see to each of it.

        ``items`` by their numbers, for whoever asks may read none of them; ``sole`` are the roles
        that nobody else holds for that body. Of a restricted draft, which is ``hidden``, nobody
        learns but by being named. Without an answer of nobody else in ``others``, an
        item is stranded. Raises ``NotFound('no_such_account')``.
        """
        with self._database.read() as connection:
            found = select(
                _account.c.id, _account.c.name, _account.c.display_name, _account.c.enabled
            ).where(_account.c.name == name)
            person = connection.execute(found).first() if is_storable(name) else None
            if person is None:
                raise NotFound("no_such_account", name=name)
            actor = self._with_roles(connection, person)
            page = self._waiting(connection, actor, limit=200)
            numbers = [row["item"] for row in page.rows]
            rows = {
                row.id: row
                for row in connection.execute(select(_item).where(_item.c.id.in_(numbers)))
            }
            policies = self.policies(connection)
            items = []
            for shown in page.rows:
                row = rows[shown["item"]]
                policy = policies[row.policy_digest]
                role, people = self._sharing(connection, actor, row, policy, shown["duty"])
                hidden = row.restricted and row.state is State.DRAFT
                if hidden:
                    named = self._named(connection, row.id)
                    people = [who for who in people if who["name"] in named]
                items.append(
                    {key: shown[key] for key in ("item", "state", "stage", "duty", "body_name")}
                    | {"role": role, "others": [who for who in people if who["name"] != name]}
                    | {"hidden": hidden}
                )
            sole = [
                {"role": grant.role.value, "body": body.code, "body_name": body.name}
                for grant in actor.grants
                if grant.principal is None
                for body in connection.execute(
                    select(_body.c.code, _body.c.name, _body.c.id.label("body_id")).where(
                        _body.c.id == grant.body_id
                    )
                )
                if {name} >= {who["name"] for who in self._holding(connection, body, grant.role)}
            ]
            return {"items": items, "total": page.total, "sole": sole}

    @staticmethod
    def _named(connection: Connection, item_id: int) -> set[str]:
        """Return the names of those who wrote an item or may read it by name."""
        people = union(
            *(
                select(each.c.account_id).where(each.c.item_id == item_id)
                for each in (_author, _reader)
            )
        )
        return set(connection.scalars(select(_account.c.name).where(_account.c.id.in_(people))))

    def _sharing(
        self, connection: Connection, actor: Actor, row: Any, policy: Policy, duty: str | None
    ) -> tuple[str, list[dict[str, str]]]:
        """Return in which role an item waits on a person, and who could see to it as well."""
        of_body = or_(_body.c.id == row.body_id, _body.c.kind.in_(sorted(WIDE)))
        if duty == "reply":
            roles: tuple[str, ...] = RESTRICTED_REPLIERS if row.restricted else REPLIERS
            own = {grant.body_id for grant in actor.grants if grant.role in roles}
            asked = and_(unanswered, newest, consultation.c.item_id == row.id)
            of_body = _body.c.id.in_(
                select(consultation.c.body_id).where(asked, consultation.c.body_id.in_(sorted(own)))
            )
        elif duty == "settle":
            roles = (Role.SUPERVISOR,)
        elif duty in _URGENTLY:
            roles = (Role.PUBLISHER, *policy.urgent_roles)
        else:
            following = self._next(connection, row, policy)
            if following is not None:
                return following["role"], following["people"]
            return Role.PUBLISHER.value, self._holding(connection, row, Role.PUBLISHER)
        held = capacities.held(self._runtime.clock())
        holders = connection.execute(
            select(held.c.account_id)
            .distinct()
            .join(_body, _body.c.id == held.c.body_id)
            .join(_account, _account.c.id == held.c.account_id)
            .where(_account.c.enabled.is_(True), held.c.role.in_(roles), of_body)
        ).scalars()
        # Whoever finds the same duty in their own inbox.
        free = [
            account_id
            for account_id in holders.all()
            for other in (self.actor(connection, account_id),)
            if duty
            in (
                self._unconfirmed(connection, other).get(row.id),
                self._consulted(connection, other).get(row.id),
            )
        ]
        role = next((each for each in roles if each in actor.roles), roles[0])
        return str(role), self._people(connection, free)

    def _holding(self, connection: Connection, row: Any, role: str) -> list[dict[str, str]]:
        """Return who holds a role for the body of a row."""
        held = capacities.held(self._runtime.clock(), ("role", str(role)))
        holders = (
            select(held.c.account_id)
            .join(_body, _body.c.id == held.c.body_id)
            .join(_account, _account.c.id == held.c.account_id)
            .where(
                _account.c.enabled.is_(True),
                or_(_body.c.id == row.body_id, _body.c.kind.in_(sorted(WIDE))),
            )
        )
        return self._people(connection, holders)

    @staticmethod
    def _returned(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> dict[int, str]:
        """Return which drafts were sent back, as the duty to revise them and submit them again."""
        drafts = [row["item"] for row in rows if row["state"] == State.DRAFT]
        if not drafts:
            return {}
        back = select(_item.c.id).where(
            _item.c.id.in_(drafts),
            exists().where(
                _decision.c.item_id == _item.c.id,
                _decision.c.submission == _item.c.submissions,
                _decision.c.action == Action.RETURN,
            ),
        )
        return dict.fromkeys(connection.execute(back).scalars(), "revise")

    @staticmethod
    def _unexplained(connection: Connection, actor: Actor) -> list[int]:
        """Return what was confirmed late and owes its reason, which is a publisher's duty.

        What was online before its clocks were opened owes none.
        """
        if not any(grant.role is Role.PUBLISHER for grant in actor.grants):
            return []
        late = select(_deadline.c.item_id).where(
            _UNEXPLAINED, _deadline.c.met_at >= _deadline.c.opened_at
        )
        return list(connection.execute(late.order_by(_deadline.c.item_id).limit(200)).scalars())

    def _unconfirmed(self, connection: Connection, actor: Actor) -> dict[int, str]:
        """Return what others asked for, as the duty to confirm it, for those who may."""
        apart = _Apart(connection, actor, self._runtime.clock())
        visible, before = self.visible(connection, actor), self._before_the_end(connection)
        found: list[tuple[int, str]] = []
        for role, asked, open_ in (
            (Role.FINAL_REVIEWER, _retraction, and_(_ASKED, ~_URGENT)),
            (Role.PUBLISHER, _change, _CHANGE_ASKED),
        ):
            second = apart.reach(role, hand=_asked_or_published(asked, before))
            if second is None:
                continue
            kind = literal_column("'validity'") if asked is _change else _retraction.c.kind
            rows = connection.execute(
                select(asked.c.item_id, kind)
                .join(_item, _item.c.id == asked.c.item_id)
                .where(open_, second, visible)
                .order_by(asked.c.id)
                .limit(200)
            )
            found += [(item_id, f"confirm_{of_kind}") for item_id, of_kind in rows]
        return dict(found) | self._unconfirmed_urgent(connection, actor, apart)

    def _unconfirmed_urgent(
        self, connection: Connection, actor: Actor, apart: _Apart
    ) -> dict[int, str]:
        """Return what was to be published urgently, as the duty to confirm it or to call it off.

        It is confirmed by the other one of the two. Where who asked is none of them any more, or
        the policy knows no urgency, it waits until one of those who could be calls it off.
        """
        policies = self.policies(connection)
        hand = _asked_or_published(_retraction, self._before_the_end(connection))
        seconds: list[ColumnElement[bool]] = [false()]
        settling: list[ColumnElement[bool]] = [false()]
        for digest, policy in policies.items():
            governed = _item.c.policy_digest == digest
            two = (Role.PUBLISHER, *policy.urgent_roles)
            in_person = actor.name in policy.urgent_people
            second = apart.reach(*two, hand=hand, in_person=in_person)
            # Whoever of them it is calls off what nobody can confirm any more.
            any_ = apart.reach(*two, hand=lambda _: false(), in_person=in_person)
            if second is not None and any_ is not None:
                seconds.append(and_(governed, second))
                settling.append(and_(governed, any_))
        asked = (
            select(
                _retraction.c.item_id,
                _retraction.c.asked_by,
                _item.c.body_id,
                _item.c.policy_digest,
                case((or_(*seconds), 1), else_=0).label("second"),
            )
            .join(_item, _item.c.id == _retraction.c.item_id)
            .where(_ASKED, _URGENT, _ON_THE_WAY, self.visible(connection, actor), or_(*settling))
            .order_by(_retraction.c.id)
            .limit(200)
        )
        found: dict[int, str] = {}
        askers: dict[int, tuple[Actor, set[int]]] = {}
        for row in connection.execute(asked):
            if row.asked_by not in askers:
                asker = self.actor(connection, row.asked_by, reads=False)
                askers[row.asked_by] = asker, self._asked_in_vain(connection, asker)
            asker, in_vain = askers[row.asked_by]
            policy = policies[row.policy_digest]
            stays = row.item_id not in in_vain and is_one_of_two(policy, row.body_id, asker)
            if not stays:
                found[row.item_id] = f"call_off_{Asked.URGENT_PUBLICATION}"
            elif row.second and let_out_together(policy, row.body_id, asker, actor):
                found[row.item_id] = f"confirm_{Asked.URGENT_PUBLICATION}"
        return found

    def _asked_in_vain(self, connection: Connection, asker: Actor) -> set[int]:
        """Return the items that somebody asked to publish urgently, and then had a hand in."""
        hand = partial(_had_a_hand, elsewhere=self._before_the_end(connection), author=True)
        apart = _Apart(connection, asker, self._runtime.clock())
        own = (
            select(_retraction.c.item_id)
            .join(_item, _item.c.id == _retraction.c.item_id)
            .where(_ASKED, _URGENT, _retraction.c.asked_by == asker.account_id, apart.did(hand))
        )
        return set(connection.execute(own).scalars())

    def _before_the_end(self, connection: Connection) -> ColumnElement[bool]:
        """Return the condition on decisions that whoever made one does not publish."""
        counted = (
            and_(_item.c.policy_digest == digest, _counts(policy))
            for digest, policy in self.policies(connection).items()
        )
        return and_(_decision.c.kind != StageKind.FINAL_REVIEW, or_(false(), *counted))

    def _consulted(self, connection: Connection, actor: Actor) -> dict[int, str]:
        """Return what others want to know, or cannot agree on, as the duty to answer or settle it.

        Beginning with what is open, of which there is little, and not with the items.
        """
        apart = _Apart(connection, actor, self._runtime.clock())

        def hand(person: int) -> ColumnElement[bool]:
            return or_(consultation.c.asked_by == person, _wrote(person))

        duties: list[tuple[str, ColumnElement[bool]]] = []
        settles = apart.reach(Role.SUPERVISOR, hand=hand)
        if settles is not None:
            late = and_(
                consultation.c.due_on < self._runtime.today(),
                consultation.c.silence == literal_column("'stays_open'"),
            )
            disputed = or_(consultation.c.reply == literal_column("'object'"), late)
            duties.append(("settle", and_(disputed, settles, self.visible(connection, actor))))
        heads, bodies = (
            apart.reach(*roles, hand=hand, of=consultation.c.body_id)
            for roles in (RESTRICTED_REPLIERS, REPLIERS)
        )
        if bodies is not None:
            own = and_(_item.c.restricted.is_(False), bodies)
            own = own if heads is None else or_(own, heads)
            duties.append(("reply", and_(own, unanswered)))
        found: dict[int, str] = {}
        for duty, condition in duties:
            asked = (
                select(consultation.c.item_id)
                .join(_item, _item.c.id == consultation.c.item_id)
                .where(
                    _OPEN_CONSULTATION,
                    newest,
                    condition,
                    _ASKABLE,
                )
                .order_by(consultation.c.due_on, consultation.c.id)
                .limit(200)
            )
            found |= dict.fromkeys(connection.execute(asked).scalars(), duty)
        return found

    def consultations(self, account_id: int, *, limit: int = 200) -> list[dict[str, Any]]:
        """List what other bodies were asked and is not done with, the earliest due day first.

        Of at most ``limit`` items that the reader may see. Who sees one only because their body
        is asked is told of that alone.
        """
        with self._database.read() as connection:
            actor = self.actor(connection, account_id)
            due = func.min(consultation.c.due_on)
            items = connection.execute(
                select(consultation.c.item_id)
                .join(_item, _item.c.id == consultation.c.item_id)
                .where(_OPEN_CONSULTATION, newest, _ASKABLE, self.visible(connection, actor))
                .group_by(consultation.c.item_id)
                .order_by(due, consultation.c.item_id)
                .limit(limit)
            ).scalars()
            found: list[dict[str, Any]] = []
            for item_id in items.all():
                row, inside = self._readable(connection, actor, item_id)
                policy = self.policies(connection)[row.policy_digest]
                found += [
                    {"item": _document(row, policy)} | told_of
                    for told_of in self._consultations(
                        connection, row, policy, actor, inside=inside
                    )
                    if told_of["standing"] in _UNDONE
                ]
            return sorted(found, key=lambda told_of: (told_of["due_on"], told_of["consultation"]))

    def _waits(self, connection: Connection, actor: Actor) -> list[ColumnElement[bool]]:
        waits: list[ColumnElement[bool]] = []
        own = sorted({grant.body_id for grant in actor.grants if grant.role is Role.CLERK})
        if own:
            drafters = [actor.account_id]
            drafters += [grant.principal.account_id for grant in actor.grants if grant.principal]
            waits.append(
                and_(
                    _item.c.body_id.in_(own),
                    literal_column("item.state = 'draft'"),
                    or_(
                        _item.c.created_by.in_(drafters),
                        _item.c.submissions > 0,
                        # What somebody took over, who was no author before.
                        exists().where(
                            _author.c.item_id == _item.c.id, _author.c.account_id.in_(drafters)
                        ),
                    ),
                    # A restricted draft that came back is not every clerk's to see.
                    self.visible(connection, actor),
                )
            )
        apart = _Apart(connection, actor, self._runtime.clock())
        for digest, policy in self.policies(connection).items():
            for stage in policy.stages:
                for here, owing in (
                    (and_(_OPEN, _item.c.stage == stage.name), False),
                    (and_(_OWED, _item.c.owed_stage == stage.name), True),
                ):
                    reach = apart.from_stage(stage, counted=_counts(policy), owing=owing)
                    if reach is not None:
                        waits.append(and_(here, _item.c.policy_digest == digest, reach))
        hand = partial(_had_a_hand, elsewhere=self._before_the_end(connection), author=True)
        reach = apart.reach(Role.PUBLISHER, hand=hand)
        if reach is not None:
            waits.append(and_(_TO_PUBLISH, literal_column("item.state <> 'publishing'"), reach))
        # The deliverer never receives.
        reach = apart.reach(
            Role.READING_POINT_CLERK,
            hand=lambda person: _handover.c.delivered_by == person,
            of=_handover.c.point_id,
        )
        if reach is not None:
            waiting = (
                select(_handover.c.item_id, _handover.c.digest)
                .join(_item, _item.c.id == _handover.c.item_id)
                .where(reach, _handover.c.received_at.is_(None), _handover.c.approved_at.is_(None))
            )
            # Beginning with what waits, of which there is little, and not with the items.
            waits.append(
                and_(
                    tuple_(_item.c.id, _item.c.digest).in_(waiting),
                    _item.c.state.in_(sorted(DELIVERABLE)),
                )
            )
        return waits

    def _page(
        self,
        connection: Connection,
        condition: ColumnElement[bool],
        *,
        order: tuple[Any, ...],
        limit: int,
        offset: int,
        urgency: bool = False,
        searched: bool = False,
    ) -> Page:
        if not (1 <= limit <= LONGEST_ID and 0 <= offset <= LONGEST_ID):
            raise InvalidInput("value_unknown", field="limit", value=limit, known=("1…",))
        wanted, counted = _wanted(searched=searched), select(_item.c.id)
        if searched:
            counted = counted.join(_search, _search.c.item_id == _item.c.id)
        if urgency:
            wanted = (
                wanted.add_columns(*_URGENCY)
                .join(_online, _running(_online, "online"), isouter=True)
                .join(_budget, _running(_budget, "stage"), isouter=True)
            )

        def count() -> int:
            some = counted.where(condition).limit(COUNTED_UP_TO + 1).subquery()
            return int(connection.execute(select(func.count()).select_from(some)).scalar_one())

        total = count() if searched else None
        if total is not None and total > COUNTED_UP_TO:
            order = order[-1:]  # To rank them all, all would have to be looked at.
        rows = connection.execute(
            wanted.where(condition).order_by(*order).limit(limit).offset(offset)
        ).all()
        if total is None:
            total = len(rows) if offset == 0 and len(rows) < limit else count()
        policies = self.policies(connection)
        at, stands = _scheduled(connection, rows), self._standings(connection, rows)
        told = tuple(
            _document(row, policies[row.policy_digest])
            | {"publish_at": at.get(row.id), "validity": stands.get(row.id)}
            for row in rows
        )
        if urgency:
            today, (_, calendar) = self._runtime.today(), self.calendar(connection)
            left = (_urgency(row, today, calendar) for row in rows)
            told = tuple(one | more for one, more in zip(told, left, strict=True))
        return Page(told, total)

    def _standings(self, connection: Connection, rows: Sequence[Any]) -> dict[int, str]:
        """Return the validity of those of ``rows`` that are public today."""
        online = [row.id for row in rows if row.state is State.PUBLISHED]
        known = validating.standings(connection, online, self._runtime.today())
        told = dict.fromkeys(online, Status.IN_FORCE.value)
        return told | {item_id: stands.status.value for item_id, stands in known.items()}

    def deliveries_due(self) -> int:
        """Return how many deliveries are due to be sent now; a number that tells nothing else."""
        now = self._runtime.clock()
        due = and_(
            # A literal, because the partial index matches no parameters.
            literal_column("delivery.status IN ('owed', 'leased')"),
            or_(
                and_(_delivery.c.status == DeliveryStatus.OWED, _delivery.c.next_at <= now),
                and_(_delivery.c.status == DeliveryStatus.LEASED, _delivery.c.leased_until <= now),
            ),
        )
        with self._database.read() as connection:
            count = select(func.count()).select_from(_delivery).where(due)
            return int(connection.execute(count).scalar_one())

    def schedules_due(self) -> int:
        """Return for how many items the hour has come at which they are to be published."""
        due = and_(_schedule.c.ended.is_(None), _schedule.c.publish_at <= self._runtime.clock())
        with self._database.read() as connection:
            count = select(func.count()).select_from(_schedule).where(due)
            return int(connection.execute(count).scalar_one())

    # -- one item ----------------------------------------------------------------------------

    def resolve(self, account_id: int, text: str, *, reading: bool) -> int:
        """Return the number of the item that ``text`` names.

        All digits are always a number; else an index number; for ``reading`` also the beginning
        of a title (four characters or more) if only one item that the reader may see has it.
        Raises ``NotFound`` or ``InvalidInput('ambiguous_item')``.
        """
        if text.isascii() and text.isdigit():
            return min(int(text[:12]), LONGEST_ID + 1)
        if not is_storable(text):
            raise NotFound("no_such_item", item=text)
        with self._database.read() as connection:
            actor = self.actor(connection, account_id)
            visible = self.visible(connection, actor)
            # A number that is not the reader's to see must not be told from one that is not there.
            found = connection.execute(
                select(_item.c.id).where(_item.c.index_number == text, visible)
            ).scalar_one_or_none()
            if found is not None:
                return int(found)
            if reading and len(text) >= SHORTEST_PREFIX:
                numbers = (
                    connection.execute(
                        select(_item.c.id)
                        .where(
                            # LIKE would match other letters on SQLite than on PostgreSQL.
                            func.substr(_item.c.title, 1, len(text)) == text,
                            visible,
                        )
                        .order_by(_item.c.id)
                        .limit(6)
                    )
                    .scalars()
                    .all()
                )
                if len(numbers) == 1:
                    return int(numbers[0])
                if numbers:
                    raise InvalidInput("ambiguous_item", value=text, known=tuple(numbers))
        raise NotFound("no_such_item", item=text)

    def _readable(self, connection: Connection, actor: Actor, item_id: int) -> tuple[Any, bool]:
        """Return an item's row, and whether the reader may see more of it than is public.

        Who sees an item only because it is public sees what is public of it: whether there is
        more is asked as if it were still a draft.
        """
        row = None
        if 0 < item_id <= LONGEST_ID:
            row = connection.execute(
                select(_item, _body.c.code.label("body_code"), _body.c.name.label("body_name"))
                .join(_body, _body.c.id == _item.c.body_id)
                .where(_item.c.id == item_id)
            ).first()
        if row is not None:
            named: set[int] = set()
            if row.restricted:
                for people in (_author, _reader):
                    named |= set(
                        connection.execute(
                            select(people.c.account_id).where(people.c.item_id == item_id)
                        ).scalars()
                    )
            handed = select(_handover.c.point_id).where(
                _handover.c.item_id == item_id,
                _handover.c.digest == row.digest,
                _handover.c.approved_at.is_(None),
            )
            points = connection.execute(handed).scalars().all() if receives_at(actor) else ()
            asked = told(connection.execute(OF_ITEM.clause, {"item_id": item_id}).all())
            consulted = opens_to(actor, asked, restricted=row.restricted)
            inside, outside = (
                may_see(
                    actor,
                    self.policies(connection)[row.policy_digest],
                    body_id=row.body_id,
                    state=state,
                    reached=row.reached,
                    restricted=row.restricted,
                    named=named,
                    handed_to=points,
                    consulted=asks,
                )
                # Who is asked is told what they are asked about, and no more.
                for state, asks in ((State.DRAFT, False), (row.state, consulted))
            )
            if outside:
                return row, inside
        raise NotFound("no_such_item", item=item_id)

    def show(self, account_id: int, item_id: int) -> dict[str, Any]:
        """Return an item whole: content, decisions, files, deliveries, and whose turn it is.

        To readers from outside, authors, decisions and deliveries are empty.
        """
        with self._database.read() as connection:
            actor = self.actor(connection, account_id)
            row, inside = self._readable(connection, actor, item_id)
            policy = self.policies(connection)[row.policy_digest]
            revision = connection.execute(
                select(_revision).where(_revision.c.id == row.revision_id)
            ).one()
            content = json.loads(revision.canonical) if revision.canonical else None
            return {
                **_document(row, policy),
                "publish_at": _scheduled(connection, [row]).get(item_id) if inside else None,
                "policy": policy.code,
                "policy_digest": policy.digest,
                "round": row.round,
                "revision": revision.number,
                "purged_at": revision.purged_at,
                "content": content,
                "category_title": _title(policy.catalogue, (content or {}).get("category")),
                "ground_title": _title(policy.grounds, (content or {}).get("ground")),
                "ground": row.ground,
                "reassess_on": row.reassess_on,
                "created_at": row.created_at,
                "submitted_at": row.submitted_at if inside else None,
                "authors": self._people(
                    connection,
                    select(_author.c.account_id).where(_author.c.item_id == item_id),
                )
                if inside
                else [],
                "decisions": self._decisions(connection, item_id, policy) if inside else [],
                "stages": [
                    {
                        "stage": stage.name,
                        "kind": stage.kind.value,
                        "role": stage.role,
                        "title": dict(policy.stage_titles[stage.name]),
                    }
                    for stage in policy.stages
                ],
                **self._asked(connection, row, inside=inside),
                **self._editions(connection, row, inside=inside),
                "consultations": self._consultations(connection, row, policy, actor, inside=inside),
                "same_as": self._same_as(connection, actor, row) if inside else [],
                **self._in_force(connection, actor, row, inside=inside),
                "next": self._next(connection, row, policy),
                "deliveries": [
                    {
                        "channel": delivery.channel,
                        "status": delivery.status.value,
                        "attempts": delivery.attempts,
                        "next_at": delivery.next_at,
                        "error": delivery.error,
                        "done_at": delivery.done_at,
                    }
                    for delivery in connection.execute(
                        select(_delivery)
                        .where(_delivery.c.item_id == item_id)
                        .order_by(_delivery.c.id)
                    )
                    if inside
                ],
            }

    def _same_as(self, connection: Connection, actor: Actor, row: Any) -> list[dict[str, Any]]:
        """Return the other items that hold an item's text or document number, as lists tell them.

        Only what the reader may see; neither what was abandoned nor other editions of the same.
        """
        same = or_(
            and_(_item.c.body_digest == row.body_digest, _item.c.body_digest != NO_DIGEST),
            # No number is not the same number.
            and_(_item.c.document_key == row.document_key, _item.c.document_key.is_not(None)),
        )
        wanted = _wanted(searched=False).where(
            same, _UNDER_WAY_OR_DONE, _item.c.id != row.id, self.visible(connection, actor)
        )
        found = connection.execute(wanted.order_by(_item.c.id).limit(MOST_SAME)).all()
        began = first_editions(connection, [row.id, *(each.id for each in found)])
        policies = self.policies(connection)
        return [
            _document(each, policies[each.policy_digest])
            for each in found
            if began[each.id] != began[row.id]
        ]

    def duplicates(
        self, connection: Connection, actor: Actor, bodies: frozenset[int] | None
    ) -> list[dict[str, Any]]:
        """Return what was entered more than once, the latest first, with the reasons given for it.

        ``bodies`` are those of which one must have entered it, or ``None`` for any. Only what the
        reader may see counts.
        """
        seen = and_(_UNDER_WAY_OR_DONE, self.visible(connection, actor))
        told: list[tuple[int, dict[str, Any]]] = []
        for name, column in (
            ("document_number", _item.c.document_key),
            ("text", _item.c.body_digest),
        ):
            twice = (
                select(column)
                .where(seen, column.is_not(None), column != NO_DIGEST)
                .group_by(column)
                .having(func.count() > 1)
            )
            rows = connection.execute(
                _wanted(searched=False)
                .add_columns(column.label("mark"), _item.c.document_number)
                .where(seen, column.in_(twice))
                .order_by(_item.c.id)
            ).all()
            groups: dict[str, list[Any]] = {}
            for row in rows:
                groups.setdefault(row.mark, []).append(row)
            began = first_editions(connection, [row.id for row in rows])
            for group in groups.values():
                lines = {began[row.id] for row in group}
                if len(lines) > 1 and any(bodies is None or row.body_id in bodies for row in group):
                    told.append((group[-1].id, self._duplicate(connection, name, group)))
        return [each for _, each in sorted(told, key=lambda pair: -pair[0])]

    def _duplicate(self, connection: Connection, name: str, group: Sequence[Any]) -> dict[str, Any]:
        """Return what holds the same text or number; of very many items only the latest."""
        policies, count = self.policies(connection), len(group)
        group = group[-MOST_SAME:]
        reasons: dict[int, str] = {}
        for found in connection.execute(
            select(_remark.c.item_id, _remark.c.canonical)
            .where(_remark.c.item_id.in_([row.id for row in group]))
            .order_by(_remark.c.id)
        ):
            if reason := words_of(found.canonical).get("not_duplicate"):
                reasons[found.item_id] = reason
        return {
            "same": name,
            "document_number": group[0].document_number if name == "document_number" else None,
            "count": count,
            "items": [
                _document(row, policies[row.policy_digest])
                | {"created_at": row.created_at, "reason": reasons.get(row.id)}
                for row in group
            ],
        }

    def _asked(self, connection: Connection, row: Any, *, inside: bool) -> dict[str, Any]:
        """Return what is asked for, and why and since when an item is retracted, if it is."""
        found: dict[str, Any] = {"asked": None, "retracted": None, "urgent": None}
        second = _account.alias()
        rows = connection.execute(
            select(
                _retraction,
                _account.c.name,
                _account.c.display_name,
                second.c.name.label("second"),
                second.c.display_name.label("second_name"),
                _remark.c.canonical,
            )
            .join(_account, _account.c.id == _retraction.c.asked_by)
            .join(second, second.c.id == _retraction.c.confirmed_by, isouter=True)
            .join(_remark, _remark.c.id == _retraction.c.remark_id)
            .where(_retraction.c.item_id == row.id, _retraction.c.called_off_at.is_(None))
            .order_by(_retraction.c.id)
        )
        for each in rows:
            said = words_of(each.canonical)
            told = {
                "kind": each.kind,
                "words": said.get("explanation", said.get("reason")),
                "amends": each.amends_id is not None,
                "by": each.name,
                "by_name": each.display_name,
                "at": each.confirmed_at or each.asked_at,
            }
            if each.confirmed_at is None:
                found["asked"] = told if inside else None
            elif each.kind == Asked.URGENT_PUBLICATION:
                with_whom = {"confirmed_by": each.second, "confirmed_by_name": each.second_name}
                found["urgent"] = told | with_whom if inside else None
            elif each.kind == "restoration":
                found["retracted"] = None
            elif each.amends_id is None:
                found["retracted"] = told | {"amended_at": None}
            elif found["retracted"]:
                # The first day stays; only the words are others.
                new = {"words": told["words"], "amended_at": each.confirmed_at}
                found["retracted"] |= new
        if inside and found["asked"] is None:
            found["asked"] = self._change_asked(connection, row.id)
        return found

    def _consultations(
        self, connection: Connection, row: Any, policy: Policy, actor: Actor, *, inside: bool
    ) -> list[dict[str, Any]]:
        """Return what other bodies were asked; who was asked is told of that alone."""
        asker, replier, settler, withdrawer = (_account.alias() for _ in range(4))
        reply, settlement, withdrawal = (_remark.alias() for _ in range(3))
        wanted = selected(
            asker.c.name.label("asker"),
            asker.c.display_name.label("asker_name"),
            replier.c.display_name.label("replier_name"),
            settler.c.display_name.label("settler_name"),
            withdrawer.c.display_name.label("withdrawer_name"),
            reply.c.canonical.label("reply_words"),
            settlement.c.canonical.label("settlement_words"),
            withdrawal.c.canonical.label("withdrawal_words"),
        ).where(consultation.c.item_id == row.id)
        for person, column in (
            (asker, consultation.c.asked_by),
            (replier, consultation.c.replied_by),
            (settler, consultation.c.settled_by),
            (withdrawer, consultation.c.withdrawn_by),
        ):
            wanted = wanted.join(person, person.c.id == column, isouter=True)
        for remark, column in (
            (reply, consultation.c.reply_remark_id),
            (settlement, consultation.c.settlement_remark_id),
            (withdrawal, consultation.c.withdrawal_remark_id),
        ):
            wanted = wanted.join(remark, remark.c.id == column, isouter=True)
        rows = connection.execute(wanted).all()
        bodies = {grant.body_id for grant in actor.grants if grant.role in REPLIERS}
        today = self._runtime.today()
        _, calendar = self.calendar(connection)
        return [
            _asked_told(each, found, row, policy=policy, today=today)
            | {"working_days_left": working_days_left(found.due_on, today, calendar=calendar)}
            for each, found in zip(rows, told(rows), strict=True)
            if inside or (found.body_id in bodies and not found.withdrawn)
        ]

    @staticmethod
    def _change_asked(connection: Connection, item_id: int) -> dict[str, Any] | None:
        """Return the change of validity that waits for a second person's word."""
        change = connection.execute(
            select(_change, _account.c.name, _account.c.display_name, _remark.c.canonical)
            .join(_account, _account.c.id == _change.c.asked_by)
            .join(_remark, _remark.c.id == _change.c.remark_id)
            .where(_change.c.item_id == item_id, _CHANGE_ASKED)
        ).first()
        if change is None:
            return None
        return {
            "kind": "validity",
            "status": change.status.value,
            "from_on": change.from_on,
            "words": words_of(change.canonical).get("basis"),
            "amends": False,
            "by": change.name,
            "by_name": change.display_name,
            "at": change.asked_at,
        }

    def _in_force(
        self, connection: Connection, actor: Actor, row: Any, *, inside: bool
    ) -> dict[str, Any]:
        """Return how a public document stands today, and which documents replace which.

        Of the other documents the reader is told of those that they may see. Readers from outside
        are not told who asked for a change and who confirmed it.
        """
        replaces, replaced_by = (
            [{"item": each.id, "index_number": each.index_number} for each in found]
            for found in validating.links(connection, row.id, self.visible(connection, actor))
        )
        told: dict[str, Any] = {"validity": None, "validity_since": None, "validity_basis": None}
        told |= {"not_before": None, "validity_ahead": None}
        if row.state is State.PUBLISHED:
            known = validating.standings(connection, [row.id], self._runtime.today())
            stands = known.get(row.id, Validity())
            ahead = stands.ahead
            told = {
                "validity": stands.status.value,
                "validity_since": stands.since,
                "validity_basis": stands.basis,
                "not_before": stands.not_before,
                "validity_ahead": ahead
                and {
                    "status": ahead.status.value,
                    "from_on": ahead.from_on,
                    "basis": ahead.basis,
                },
            }
        history = validating.recorded(connection, [row.id]).get(row.id, [])
        return told | {
            "validity_history": [
                {
                    "status": each.status.value,
                    "from_on": each.from_on,
                    "basis": each.basis,
                    "asked_by": each.asked_by if inside else None,
                    "asked_by_name": each.asked_by_name if inside else None,
                    "asked_at": each.asked_at if inside else None,
                    "confirmed_by": each.confirmed_by if inside else None,
                    "confirmed_by_name": each.confirmed_by_name if inside else None,
                    "confirmed_at": each.confirmed_at,
                }
                for each in history
            ],
            "replaces": replaces,
            "replaced_by": replaced_by,
        }

    @staticmethod
    def _editions(connection: Connection, row: Any, *, inside: bool) -> dict[str, Any]:
        """Return what an item corrects, and the number of the item that corrects it.

        Readers from outside are told of the latter once it is public.
        """
        edition = connection.execute(
            select(_edition, _remark.c.canonical)
            .join(_remark, _remark.c.id == _edition.c.remark_id)
            .where(_edition.c.item_id == row.id)
        ).first()
        following = connection.execute(
            select(_edition.c.item_id, _item.c.published_at)
            .join(_item, _item.c.id == _edition.c.item_id)
            .where(_edition.c.corrects_id == row.id, _edition.c.dropped_at.is_(None))
        ).first()
        told = following is not None and (inside or following.published_at is not None)
        return {
            "edition": {
                "number": edition.number,
                "corrects": edition.corrects_id,
                "changed_on": edition.changed_on,
                "change_note": words_of(edition.canonical).get("change_note"),
            }
            if edition
            else None,
            "corrected_by": following.item_id if following and told else None,
        }

    def _people(self, connection: Connection, ids: Any) -> list[dict[str, str]]:
        rows = connection.execute(
            select(_account.c.name, _account.c.display_name)
            .where(_account.c.id.in_(ids))
            .order_by(_account.c.id)
        )
        return [{"name": row.name, "display_name": row.display_name} for row in rows]

    def _decisions(
        self, connection: Connection, item_id: int, policy: Policy
    ) -> list[dict[str, Any]]:
        rows = connection.execute(
            select(
                _decision,
                _account.c.name,
                _account.c.display_name,
                _principal.c.name.label("principal"),
                _principal.c.display_name.label("principal_name"),
                _capacity.c.waiver_id,
                _remark.c.digest.label("remark"),
                _remark.c.canonical.label("words"),
                _remark.c.purged_at.label("remark_purged_at"),
            )
            .join(_account, _account.c.id == _decision.c.actor_id)
            .join(_remark, _remark.c.id == _decision.c.remark_id, isouter=True)
            .join(_capacity, _capacity.c.decision_id == _decision.c.id, isouter=True)
            .join(_principal, _principal.c.id == _capacity.c.principal_id, isouter=True)
            .where(_decision.c.item_id == item_id)
            .order_by(_decision.c.id)
        )
        return [self._decision(row, policy) for row in rows]

    @staticmethod
    def _decision(row: Any, policy: Policy) -> dict[str, Any]:
        said = words_of(row.words)
        return {
            "round": row.round,
            "stage": row.stage,
            "stage_title": {
                language: policy.stage_title(row.stage, language) for language in ("zh", "en")
            },
            "action": row.action,
            "positive": row.positive,
            "by": row.name,
            "by_name": row.display_name,
            "on_behalf_of": row.principal,
            "on_behalf_of_name": row.principal_name,
            "waiver": row.waiver_id,
            "at": row.decided_at,
            "digest": row.digest,
            "outcome": row.outcome.value if row.outcome else None,
            "reason": said.pop("reason", None),
            "remark": row.remark,
            "remark_purged_at": row.remark_purged_at,
            "code": row.reason_code,
            "code_title": _title(policy.return_codes, row.reason_code),
            "ground": row.ground,
            "ground_title": _title(policy.grounds, row.ground),
            "basis": row.basis,
            "register_number": row.register_number,
            "details": (json.loads(row.details) if row.details else {}) | said,
            "voided_at": row.voided_at,
        }

    def turn(self, connection: Connection, row: Any, policy: Policy) -> list[dict[str, str]]:
        """Return who may act next on an item, given as its row; nobody if it waits for no one."""
        turn = self._next(connection, row, policy)
        people: list[dict[str, str]] = turn["people"] if turn else []
        return people

    def _next(self, connection: Connection, row: Any, policy: Policy) -> dict[str, Any] | None:
        """Return whose turn it is: the role, and who holds it for this body and may act."""
        confirming = row.published_at is not None and self._is_asked(
            connection, row.id, _retraction
        )
        stage = _stage_of(row, confirming=confirming)
        if stage is not None:
            here = policy.find_stage(stage)
            role = here.role if here else Role.ADMINISTRATOR.value
        elif row.state is State.DRAFT:
            role = Role.CLERK.value
        elif row.state in (State.CLEARED, State.PUBLICATION_FAILED):
            role = Role.PUBLISHER.value
        elif confirming:
            role = Role.FINAL_REVIEWER.value
        elif row.published_at is not None and self._is_asked(connection, row.id, _change):
            role = Role.PUBLISHER.value
        else:
            return None
        now = self._runtime.clock()
        decided, wrote = (
            people | capacities.one_with(connection, people, began=row.created_at, now=now)
            for people in self._barred(connection, row, policy, stage)
        )
        lifted = capacities.lifted(connection, now) if _may_be_lifted(stage, policy) else {}
        held = capacities.held(now, ("role", role))
        holders = connection.execute(
            select(held.c.account_id, held.c.principal_id)
            .join(_body, _body.c.id == held.c.body_id)
            .join(_account, _account.c.id == held.c.account_id)
            .where(
                _account.c.enabled.is_(True),
                or_(_body.c.id == row.body_id, _body.c.kind.in_(sorted(WIDE))),
            )
        ).all()
        free = {
            holder.account_id
            for holder in holders
            if not {holder.account_id, holder.principal_id}
            & _barring(lifted.get(holder.account_id), decided, wrote)
        }
        return {
            "role": role,
            "held": bool(holders),
            "people": self._people(connection, sorted(free)),
        }

    @staticmethod
    def _is_asked(connection: Connection, item_id: int, rows: Any) -> bool:
        open_ = and_(rows.c.confirmed_at.is_(None), rows.c.called_off_at.is_(None))
        asked = select(rows.c.id).where(rows.c.item_id == item_id, open_)
        return connection.execute(asked).first() is not None

    @staticmethod
    def _barred(
        connection: Connection, row: Any, policy: Policy, stage: str | None
    ) -> tuple[set[int], set[int]]:
        """Return whom separation of duties keeps from acting on an item now.

        Those who decided elsewhere or asked for something, and those who wrote it.
        """
        if row.state is State.DRAFT:
            return set(), set()
        # The final reviewer may also publish.
        final = StageKind.FINAL_REVIEW
        elsewhere = _decision.c.stage != stage if stage else _decision.c.kind != final
        decided = (
            select(_decision.c.actor_id, _capacity.c.principal_id)
            .join(_capacity, _capacity.c.decision_id == _decision.c.id, isouter=True)
            .where(
                _decision.c.item_id == row.id,
                _decision.c.round == row.round,
                _decision.c.positive.is_(True),
                elsewhere,
                _counts(policy),
            )
        )
        two: list[Any] = []
        here = policy.find_stage(stage)
        if stage is None:
            # Who asked for something does not confirm it.
            two = [
                select(rows.c.asked_by, rows.c.confirmed_by).where(rows.c.item_id == row.id, open_)
                for rows, open_ in ((_retraction, _ASKED), (_change, _CHANGE_ASKED))
            ]
        elif row.stage is None and here is not None and here.kind is not final:
            urgent = and_(_LET_OUT, _retraction.c.item_id == row.id)
            two = [select(_retraction.c.asked_by, _retraction.c.confirmed_by).where(urgent)]
        found = connection.execute(decided.union(*two))
        barred = {person for each in found for person in each} - {None}
        if stage is not None and (here is None or here.kind is StageKind.OPINION):
            return barred, set()
        authors = select(_author.c.account_id).where(_author.c.item_id == row.id)
        return barred, set(connection.execute(authors).scalars())

    def history(self, account_id: int, item_id: int) -> list[dict[str, Any]]:
        """Return an item's trail, first entry first, with what was said in ``said``.

        Readers from outside are told when it was published or purged; auditors are shown every
        entry, but no words.
        """
        with self._database.read() as connection:
            actor = self.actor(connection, account_id)
            item, inside = self._readable(connection, actor, item_id)
            policy = self.policies(connection)[item.policy_digest]
            audits = any(grant.role is Role.AUDITOR for grant in actor.grants)
            condition = _entry.c.subject == f"item:{item_id}"
            if not inside and not audits:
                condition = and_(condition, _entry.c.event.in_(_PUBLIC_EVENTS))
            rows = connection.execute(
                select(
                    _entry,
                    _account.c.display_name,
                    _principal.c.display_name.label("on_behalf_of_name"),
                )
                .join(_account, _account.c.name == _entry.c.actor, isouter=True)
                .join(_principal, _principal.c.name == _entry.c.on_behalf_of, isouter=True)
                .where(condition)
                .order_by(_entry.c.seq)
            )
            words = {
                found.digest: words_of(found.canonical)
                for found in connection.execute(
                    select(_remark.c.digest, _remark.c.canonical).where(
                        _remark.c.item_id == item_id
                    )
                )
                if inside
            }
            entries = rows.all()
            all_details = [json.loads(row.details) for row in entries]
            if not audits:
                self._hide(connection, actor, all_details)
            return [
                {
                    "seq": row.seq,
                    "at": row.at,
                    "event": row.event,
                    "by": row.actor,
                    "by_name": row.display_name or row.actor,
                    "on_behalf_of": row.on_behalf_of,
                    "on_behalf_of_name": row.on_behalf_of_name,
                    "channel": row.channel,
                    "host": row.host,
                    "details": details,
                    "said": words.get(details.get("remark"), {}),
                    **_titles(details, policy),
                    "hash": row.hash,
                }
                for row, details in zip(entries, all_details, strict=True)
            ]

    def _hide(
        self, connection: Connection, actor: Actor, all_details: Sequence[dict[str, Any]]
    ) -> None:
        """Take out of entries the numbers of other documents that are not the reader's to see."""
        names = ("replaces", "replaced_by")
        named = {each for said in all_details for name in names for each in said.get(name, ())}
        if not named:
            return
        seen = select(_item.c.id).where(_item.c.id.in_(named), self.visible(connection, actor))
        known = set(connection.execute(seen).scalars())
        for said in all_details:
            for name in names:
                if name in said:
                    said[name] = [each for each in said[name] if each in known]

    def revisions(self, account_id: int, item_id: int) -> list[dict[str, Any]]:
        """Return an item's revisions with their content, first one first; purged ones are stubs."""
        with self._database.read() as connection:
            actor = self.actor(connection, account_id)
            row, inside = self._readable(connection, actor, item_id)
            condition = _revision.c.item_id == item_id
            if not inside:
                condition = and_(condition, _revision.c.id == row.revision_id)
            return [
                {
                    "number": found.number,
                    "digest": found.digest,
                    "created_at": found.created_at,
                    "purged_at": found.purged_at,
                    "content": json.loads(found.canonical) if found.canonical else None,
                }
                for found in connection.execute(
                    select(_revision).where(condition).order_by(_revision.c.number)
                )
            ]


def first_editions(connection: Connection, items: Sequence[int]) -> dict[int, int]:
    """Return for each item the one with which its line of editions began: itself, if none did."""
    began = {item: item for item in items}
    while began:
        firsts = set(began.values())
        found = connection.execute(
            select(_edition.c.item_id, _edition.c.corrects_id).where(
                # By the ends of the range: there may be more than a statement takes values.
                _edition.c.item_id.between(min(firsts), max(firsts))
            )
        )
        corrects = {row.item_id: row.corrects_id for row in found if row.item_id in firsts}
        if not corrects:
            break
        began = {item: corrects.get(first, first) for item, first in began.items()}
    return began


def _wanted(*, searched: bool) -> Select[Any]:
    """Return the statement for rows of lists; ``searched`` ones have their entries beside them."""
    wanted = select(*_ROW).join(_body, _body.c.id == _item.c.body_id)
    return wanted.join(_search, _search.c.item_id == _item.c.id) if searched else wanted


def _document(row: Any, policy: Policy) -> dict[str, Any]:
    """Return what a list tells of an item."""
    return {
        "item": row.id,
        "version": row.version,
        "at": f"{row.id}@{row.version}",
        "index_number": row.index_number,
        "title": row.title,
        "state": row.state.value,
        "stage": row.stage,
        "stage_title": (
            {language: policy.stage_title(row.stage, language) for language in ("zh", "en")}
            if row.stage
            else None
        ),
        "needs_migration": not policy.knows(Place(row.state, row.stage)),
        "review_owed": row.owed_stage is not None,
        "owed_stage": row.owed_stage,
        "owed_stage_title": (
            {language: policy.stage_title(row.owed_stage, language) for language in ("zh", "en")}
            if row.owed_stage
            else None
        ),
        "digest": row.digest,
        "attribute": row.attribute.value if row.attribute else None,
        "category": row.category,
        "body": row.body_code,
        "body_name": row.body_name,
        "formed_on": row.formed_on,
        "entered_at": row.entered_at,
        "published_at": row.published_at,
        "restricted": row.restricted,
    }


def _asked_told(
    row: Any, found: Consultation, item: Any, *, policy: Policy, today: date
) -> dict[str, Any]:
    """Return what is told of one consultation, as it stands today for the item's text."""
    reply, settlement = words_of(row.reply_words), words_of(row.settlement_words)
    answered = found.reply is not None
    return {
        "consultation": row.id,
        "concern": row.kind,
        "body": row.body_code,
        "body_name": found.addressee,
        "blocking": row.blocking,
        "silence": row.silence,
        "standing": found.standing(today).value,
        "holds_back": found.holds_back(today, item.digest, policy.consulting),
        "question": words_of(row.canonical).get("question"),
        "by": row.asker,
        "by_name": row.asker_name,
        "asked_as": row.asked_as,
        "at": row.asked_at,
        "due_on": row.due_on,
        "digest": row.digest,
        "about_earlier_version": found.is_about_another_text(item.digest),
        "replaces": row.replaces_id,
        "reply": {
            "reply": Reply(row.reply).value,
            "text": reply.get("answer"),
            "reference": reply.get("reference"),
            "on": row.replied_on,
            "by_name": row.replier_name,
            "at": row.replied_at,
            "digest": row.reply_digest,
        }
        if answered
        else None,
        "settlement": {
            "settlement": row.settlement,
            "text": settlement.get("account"),
            "by_name": row.settler_name,
            "at": row.settled_at,
            "digest": row.settled_digest,
        }
        if row.settlement
        else None,
        "withdrawn": {
            "reason": words_of(row.withdrawal_words).get("reason"),
            "by_name": row.withdrawer_name,
            "at": row.withdrawn_at,
        }
        if found.withdrawn
        else None,
    }


def _counts(policy: Policy) -> ColumnElement[bool]:
    """Return the condition that a decision makes somebody a decider under a policy.

    One that is void together with its stage does not.
    """
    names = [stage.name for stage in policy.stages]
    return or_(_decision.c.voided_at.is_(None), _decision.c.stage.in_(names))


def _scheduled(connection: Connection, rows: Sequence[Any]) -> dict[int, datetime]:
    """Return the instants at which those of ``rows`` go out whose publication is scheduled."""
    cleared = [row.id for row in rows if row.state is State.CLEARED]
    if not cleared:
        return {}
    # By the ends of the range: a page may have more rows than a statement takes values.
    found = connection.execute(
        select(_schedule.c.item_id, _schedule.c.publish_at).where(
            _schedule.c.ended.is_(None), _schedule.c.item_id.between(min(cleared), max(cleared))
        )
    )
    return {row.item_id: row.publish_at for row in found}


def _stage_of(row: Any, *, confirming: bool) -> str | None:
    """Return the stage that decides next on an item: the one it is at, or the first it owes.

    Whether what is public stays so is settled before the review goes on.
    """
    owing = row.state is State.PUBLISHED and not confirming
    stage: str | None = row.stage or (row.owed_stage if owing else None)
    return stage


def words_of(form: str | None) -> dict[str, Any]:
    """Return the words of a remark by their names; none if there is none, or it was purged."""
    words: dict[str, Any] = json.loads(form) if form else {}
    words.pop(SALT, None)
    return words


def _handed_to(points: set[int]) -> ColumnElement[bool]:
    """Return the condition that an item was sent, as its text is, to one of ``points``."""
    handed = (
        exists()
        .where(
            _handover.c.item_id == _item.c.id,
            _handover.c.point_id.in_(sorted(points)),
            _handover.c.digest == _item.c.digest,
            _handover.c.approved_at.is_(None),
        )
        # Also where a list of deliveries asks which of their items may be seen.
        .correlate(_item)
    )
    return and_(_item.c.state.in_(sorted(DELIVERABLE)), handed)


def _running(clock: Any, name: str) -> ColumnElement[bool]:
    """Return the condition under which ``clock`` is the running one of that name of an item."""
    return and_(
        clock.c.item_id == _item.c.id,
        # A literal, for the index of running clocks.
        clock.c.clock == literal_column(f"'{name}'"),
        clock.c.met_on.is_(None),
        clock.c.voided_at.is_(None),
    )


def _urgency(row: Any, today: date, calendar: Calendar) -> dict[str, Any]:
    """Return by when an item has to be online and to leave its desk, and what is left of both."""

    def left(due: date | None) -> int | None:
        return None if due is None else working_days_left(due, today, calendar=calendar)

    return {
        "due_on": row.due_on,
        "working_days_left": left(row.due_on),
        "overdue": row.due_on is not None and row.due_on < today,
        "provisional": bool(row.provisional),
        "stage_due_on": row.stage_due_on,
        "stage_days_left": left(row.stage_due_on),
    }


def _titles(details: Mapping[str, Any], policy: Policy) -> dict[str, Any]:
    """Return the names of the codes that an entry of the trail holds."""
    checklist = {term.code: term for term in policy.checklist}
    return {
        "code_title": _title(policy.return_codes, details.get("code")),
        "ground_title": _title(policy.grounds, details.get("ground")),
        "found_titles": {code: _title(checklist, code) for code in details.get("found", ())},
    }


def _title(
    terms: Mapping[str, CatalogueItem] | Mapping[str, Ground] | Mapping[str, Term],
    code: str | None,
) -> dict[str, str] | None:
    """Return the name of a code in both languages, as the item's own policy has it."""
    term = terms.get(code) if code else None
    return {"zh": term.zh, "en": term.en} if term else None


def _may_be_lifted(stage: str | None, policy: Policy) -> bool:
    """Tell whether a waiver counts at a stage."""
    here = policy.find_stage(stage)
    return here is not None and may_be_lifted(here.kind)


def _barring(lifted: Lifted | None, decided: set[int], wrote: set[int]) -> set[int]:
    """Return who is kept apart of those who decided elsewhere or wrote, but for a waiver."""
    if lifted is None:
        return decided | wrote
    return (set() if lifted.two_stages else decided) | (set() if lifted.own_text else wrote)


_Hand = Callable[[int], "ColumnElement[bool]"]
"""The condition that a person has done something to an item that keeps them apart from another."""


class _Apart:
    """What the separation of duties keeps a reader from, as conditions on items.

    Who counts as one with the reader since an item was entered (ADR 0026), or with the one in whose
    place the reader would act, is the reader.
    """

    def __init__(self, connection: Connection, actor: Actor, now: datetime) -> None:
        self._actor = actor
        self._lifted = capacities.lifted(connection, now).get(actor.account_id)
        principals = {grant.principal for grant in actor.grants if grant.principal}
        self._partners = {
            person: capacities.partners(connection, person, now)
            for person in (
                actor.account_id, *sorted(principal.account_id for principal in principals)
            )
        }  # fmt: skip

    def from_stage(
        self, stage: Stage, *, counted: ColumnElement[bool], owing: bool
    ) -> ColumnElement[bool] | None:
        """Return the condition that the reader may decide at a stage, perhaps under a waiver.

        ``counted`` is the condition on decisions that count for the item's policy; ``owing`` tells
        that the stage is made up for, which none of the two who published urgently does.
        """
        lifted = self._lifted if may_be_lifted(stage.kind) else None
        own_text, two_stages = (lifted.own_text, lifted.two_stages) if lifted else (False, False)
        decided = partial(
            _had_a_hand,
            elsewhere=false() if two_stages else and_(_decision.c.stage != stage.name, counted),
            author=stage.kind is not StageKind.OPINION and not own_text,
        )
        if not owing or stage.kind is StageKind.FINAL_REVIEW:
            return self.reach(stage.role, hand=decided)
        return self.reach(stage.role, hand=lambda person: or_(decided(person), _let_out(person)))

    def reach(
        self,
        *roles: str,
        hand: _Hand,
        of: ColumnElement[int] = _item.c.body_id,
        in_person: bool = False,
    ) -> ColumnElement[bool] | None:
        """Return the condition that the reader may act in one of ``roles`` for the body in ``of``.

        That is in one of the capacities in which they hold it, or ``in_person``, nothing keeps them
        apart: neither they nor the principal, nor who counts as one with either, had a ``hand`` in
        it. ``None`` for who may not at all.
        """
        grants = [grant for grant in self._actor.grants if grant.role in roles]
        found = [~self.did(hand)] if in_person else []
        for principal in dict.fromkeys(grant.principal for grant in grants):
            own = [grant for grant in grants if grant.principal == principal]
            place = principal.account_id if principal else self._actor.account_id
            found.append(and_(_of_bodies(own, of), ~self.did(hand, place)))
        return or_(*found) if found else None

    def did(self, hand: _Hand, place: int | None = None) -> ColumnElement[bool]:
        """Return the condition that the reader, or the one in whose ``place``, had a hand in it."""
        people = dict.fromkeys((self._actor.account_id, place or self._actor.account_id))
        bars: list[ColumnElement[bool]] = []
        for person in people:
            bars.append(hand(person))
            for other, over in self._partners[person].items():
                if other not in people:
                    bars.append(and_(_item.c.created_at < over, hand(other)))
        return or_(*bars)


def _had_a_hand(
    person: int, *, elsewhere: ColumnElement[bool], author: bool
) -> ColumnElement[bool]:
    """Return the condition that somebody made one of some decisions, or perhaps wrote the text."""
    in_place = select(_capacity.c.decision_id).where(_capacity.c.principal_id == person)
    decided = exists().where(
        _decision.c.item_id == _item.c.id,
        _decision.c.round == _item.c.round,
        or_(_decision.c.actor_id == person, _decision.c.id.in_(in_place)),
        _decision.c.positive.is_(True),
        elsewhere,
    )
    return or_(_wrote(person), decided) if author else decided


def _wrote(person: int) -> ColumnElement[bool]:
    return exists().where(_author.c.item_id == _item.c.id, _author.c.account_id == person)


def _let_out(person: int) -> ColumnElement[bool]:
    """Return the condition that somebody was one of the two who published an item urgently."""
    two = or_(_retraction.c.asked_by == person, _retraction.c.confirmed_by == person)
    return exists().where(_retraction.c.item_id == _item.c.id, _LET_OUT, two)


def _asked_or_published(asked: Any, before: ColumnElement[bool]) -> _Hand:
    """Return what keeps somebody from confirming what a row of ``asked`` asks for."""
    decided = partial(_had_a_hand, elsewhere=before, author=True)
    return lambda person: or_(asked.c.asked_by == person, decided(person))


def _of_bodies(grants: Sequence[Grant], of: ColumnElement[int]) -> ColumnElement[bool]:
    """Return the condition on the body in ``of`` under which one of the roles reaches it."""
    if any(grant.body_kind in WIDE for grant in grants):
        return _item.c.id > 0
    return of.in_(sorted({grant.body_id for grant in grants}))
