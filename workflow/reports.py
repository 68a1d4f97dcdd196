"""Reports: what the clocks of a period add up to, for those who answer for it.

The cohort is the clocks whose last day falls in the period, each legal clock for itself; what a
reader may not see is in no number. Days are working days by the calendar in force.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import and_, func, literal_column, select

from workflow.boards import body_called, desk_title, of_bodies
from workflow.clocks import LATE_WORDS
from workflow.deadlines import Clock, Kind, overdue_at
from workflow.errors import InvalidInput, Refusal, Refused
from workflow.guards import PUBLISHING_BODIES, Role
from workflow.models import Body, Deadline, DeadlinePause, Decision, Item, table
from workflow.queries import words_of
from workflow.timeliness import Share, days_taken, median, percentile, timeliness
from workflow.working_days import FIRST, LAST

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from sqlalchemy.engine import Connection

    from workflow.boards import Boards, Today
    from workflow.guards import Actor
    from workflow.policy import Policy
    from workflow.queries import Queries
    from workflow.runtime import Runtime

_deadline, _item, _body = table(Deadline), table(Item), table(Body)
_decision, _pause = table(Decision), table(DeadlinePause)
_OF_ALL: Final = frozenset({Role.SUPERVISOR, Role.FINAL_REVIEWER, Role.PUBLISHER})
"""Roles that answer for, or watch over, every body."""
_DAY: Final = timedelta(days=1)


class By(StrEnum):
    """What the clocks of a report are grouped by."""

    DEPARTMENT = "department"
    STAGE = "stage"
    CATEGORY = "category"


@dataclass(frozen=True, slots=True)
class _Group:
    """What clocks are counted together as."""

    clock: str
    code: str = ""
    title: Mapping[str, str] = field(default_factory=dict, compare=False)
    place: int = 0
    """Where the order is not that of the codes."""


class Reports:
    """All reports, for one database."""

    def __init__(self, runtime: Runtime, queries: Queries, boards: Boards) -> None:
        """Read in ``runtime`` what ``queries`` says may be seen."""
        self._runtime = runtime
        self._queries = queries
        self._boards = boards

    def timeliness(
        self,
        account_id: int,
        *,
        first: date,
        last: date,
        by: By | None = None,
        body: str | None = None,
    ) -> dict[str, Any]:
        """Return how the clocks stand whose last day is from ``first`` to ``last``.

        ``total`` has a row for each legal clock and ``groups`` one for each group beside; by
        stage, the clocks are the budgets of the desks. ``late`` names what is late, with the
        reason if one was given; ``stages`` the working days at each desk, ``returns`` how often
        and why items were sent back in the period. Raises ``Refused('report_not_yours')`` and
        ``InvalidInput`` with ``period_wrong`` or ``outside_calendar``.
        """
        _check_period(first, last)
        with self._runtime.database.read() as connection:
            actor = self._queries.actor(connection, account_id)
            bodies = _asked_for(connection, actor, body)
            today = self._boards.today(connection)
            clocks = self._clocks(connection, actor, bodies, first, last)
            policies = self._queries.policies(connection)
            legal = [row for row in clocks if row.kind is Kind.LEGAL]
            desks = [row for row in clocks if row.kind is Kind.STAGE]
            groups: list[dict[str, Any]] = []
            if by is not None:
                counted = desks if by is By.STAGE else legal
                groups = _counted(counted, _grouping(by, policies), (first, last), today)
            return {
                "first": first,
                "last": last,
                "today": today.day,
                "calendar": today.number,
                "horizon": today.calendar.horizon,
                "by": by.value if by else None,
                "bodies": self._names(connection, bodies),
                "total": _counted(legal, lambda row: _Group(row.clock), (first, last), today),
                "groups": groups,
                "late": [_late(row, today) for row in legal if _is_late(row, today)],
                "stages": _stages(desks, policies, today),
                "returns": self._returns(connection, actor, bodies, first, last),
            }

    def returns(
        self, account_id: int, *, first: date, last: date, body: str | None = None
    ) -> dict[str, Any]:
        """Return what was sent back and what was passed from ``first`` to ``last``.

        ``stages`` come in the order of the policy, with how many decisions of each were voided in
        the period, and ``under_waiver`` how many of those passed needed a waiver; ``reasons`` are
        by stage and code, ``departments`` by body. Raises what
        :meth:`timeliness` raises.
        """
        _check_period(first, last)
        with self._runtime.database.read() as connection:
            actor = self._queries.actor(connection, account_id)
            bodies = _asked_for(connection, actor, body)
            policies = self._queries.policies(connection)
            places: dict[str, int] = {}
            stages: dict[str, dict[str, Any]] = {}
            departments: dict[str, dict[str, Any]] = {}
            counts = ("returned", "decided", "under_waiver", "decisions_voided")
            nothing = dict.fromkeys(counts, 0)
            for what, rows in self._decided(connection, actor, bodies, first, last):
                for row in rows:
                    policy = policies[row.policy_digest]
                    places.setdefault(row.stage, _place(row.stage, policy))
                    name = {"title": desk_title(row.stage, policy)}
                    stage = stages.setdefault(row.stage, {"code": row.stage} | name | nothing)
                    name = {"title": {"zh": row.zh, "en": row.en}}
                    department = departments.setdefault(
                        row.body_code, {"code": row.body_code} | name | nothing
                    )
                    stage[what] += row.count
                    department[what] += row.count
            ordered = [
                stages[code] for code in sorted(places, key=lambda code: (places[code], code))
            ]
            return {
                "first": first,
                "last": last,
                "bodies": self._names(connection, bodies),
                "returned": sum(told["returned"] for told in ordered),
                "decided": sum(told["decided"] for told in ordered),
                "under_waiver": sum(told["under_waiver"] for told in ordered),
                "stages": [told | _share_returned(told) for told in ordered],
                "reasons": self._returns(connection, actor, bodies, first, last),
                "departments": [
                    departments[code] | _share_returned(departments[code])
                    for code in sorted(departments)
                ],
            }

    def _decided(
        self,
        connection: Connection,
        actor: Actor,
        bodies: Collection[int] | None,
        first: date,
        last: date,
    ) -> Iterator[tuple[str, Sequence[Any]]]:
        """Give how many decisions there were of each kind, by stage, body and policy."""
        # From the first instant of the period to the last, in Asia/Shanghai.
        begin, end = overdue_at(first - _DAY), overdue_at(last)
        positive = _decision.c.positive.is_(True)
        for what, condition, at in (
            ("returned", literal_column("decision.action = 'return'"), _decision.c.decided_at),
            ("decided", positive, _decision.c.decided_at),
            ("under_waiver", and_(positive, _decision.c.waived.is_(True)), _decision.c.decided_at),
            ("decisions_voided", positive, _decision.c.voided_at),
        ):
            yield (
                what,
                connection.execute(
                    select(
                        _decision.c.stage,
                        _item.c.policy_digest,
                        _body.c.code.label("body_code"),
                        _body.c.name.label("zh"),
                        _body.c.name_en.label("en"),
                        func.count().label("count"),
                    )
                    .join(_item, _item.c.id == _decision.c.item_id)
                    .join(_body, _body.c.id == _item.c.body_id)
                    .where(
                        condition,
                        at >= begin,
                        at < end,
                        of_bodies(_item.c.body_id, bodies),
                        self._queries.visible(connection, actor),
                    )
                    .group_by(
                        _decision.c.stage,
                        _item.c.policy_digest,
                        _body.c.code,
                        _body.c.name,
                        _body.c.name_en,
                    )
                    .order_by(_decision.c.stage, _body.c.code)
                ).all(),
            )

    def duplicates(self, account_id: int, *, body: str | None = None) -> list[dict[str, Any]]:
        """Return what was entered more than once, and why that was no mistake, the latest first.

        Raises ``Refused('report_not_yours')`` and ``NotFound('no_such_body')``.
        """
        with self._runtime.database.read() as connection:
            actor = self._queries.actor(connection, account_id)
            bodies = _asked_for(connection, actor, body)
            return self._queries.duplicates(connection, actor, bodies)

    def _clocks(
        self,
        connection: Connection,
        actor: Actor,
        bodies: Collection[int] | None,
        first: date,
        last: date,
    ) -> Sequence[Any]:
        open_pause = and_(_pause.c.deadline_id == _deadline.c.id, _pause.c.ended_on.is_(None))
        return connection.execute(
            select(
                _deadline.c.kind,
                _deadline.c.clock,
                _deadline.c.stage.label("desk"),
                _deadline.c.started_on,
                _deadline.c.due_on,
                _deadline.c.provisional,
                _deadline.c.met_on,
                _deadline.c.voided_at,
                LATE_WORDS.label("late_words"),
                _pause.c.begun_on.label("paused_since"),
                _item.c.id.label("item_id"),
                _item.c.version,
                _item.c.index_number,
                _item.c.title,
                _item.c.category,
                _item.c.policy_digest,
                _body.c.code.label("body_code"),
                _body.c.name.label("body_name"),
                _body.c.name_en.label("body_name_en"),
            )
            .select_from(_deadline)
            .join(_item, _item.c.id == _deadline.c.item_id)
            .join(_body, _body.c.id == _item.c.body_id)
            .join(_pause, open_pause, isouter=True)
            .where(
                _deadline.c.due_on.between(first, last),
                of_bodies(_deadline.c.body_id, bodies),
                self._queries.visible(connection, actor),
            )
            .order_by(_deadline.c.due_on, _deadline.c.id)
        ).all()

    def _returns(
        self,
        connection: Connection,
        actor: Actor,
        bodies: Collection[int] | None,
        first: date,
        last: date,
    ) -> list[dict[str, Any]]:
        policies = self._queries.policies(connection)
        counts: dict[tuple[str, str], dict[str, Any]] = {}
        for row in connection.execute(
            select(
                _decision.c.reason_code,
                _decision.c.stage,
                _item.c.policy_digest,
                func.count().label("count"),
            )
            .join(_item, _item.c.id == _decision.c.item_id)
            .where(
                literal_column("decision.action = 'return'"),
                # From the first instant of the period to the last, in Asia/Shanghai.
                _decision.c.decided_at >= overdue_at(first - _DAY),
                _decision.c.decided_at < overdue_at(last),
                of_bodies(_item.c.body_id, bodies),
                self._queries.visible(connection, actor),
            )
            .group_by(_decision.c.reason_code, _decision.c.stage, _item.c.policy_digest)
            .order_by(_decision.c.stage, _decision.c.reason_code)
        ):
            policy = policies[row.policy_digest]
            code = policy.return_codes.get(row.reason_code)
            told = counts.setdefault(
                (row.stage, row.reason_code),
                {
                    "stage": row.stage,
                    "stage_title": desk_title(row.stage, policy),
                    "code": row.reason_code,
                    "title": {"zh": code.zh, "en": code.en} if code else None,
                    "count": 0,
                },
            )
            told["count"] += row.count
        return list(counts.values())

    @staticmethod
    def _names(
        connection: Connection, bodies: Collection[int] | None
    ) -> list[dict[str, str]] | None:
        if bodies is None:
            return None
        rows = connection.execute(
            select(_body.c.code, _body.c.name, _body.c.name_en)
            .where(_body.c.id.in_(sorted(bodies)))
            .order_by(_body.c.id)
        )
        return [{"code": row.code, "zh": row.name, "en": row.name_en} for row in rows]


def _check_period(first: date, last: date) -> None:
    if last < first:
        raise InvalidInput("period_wrong", first=first, last=last)
    for day in (first, last):
        if not FIRST <= day <= LAST:
            raise InvalidInput("outside_calendar", day=day, first=FIRST, last=LAST)


def _share_returned(told: Mapping[str, Any]) -> dict[str, float | None]:
    """Return which part of what was decided was a return, in per cent, rounded."""
    share = Share(told["returned"], told["returned"] + told["decided"])
    return {"share_returned": _number(share.half_up)}


def _asked_for(connection: Connection, actor: Actor, body: str | None) -> frozenset[int] | None:
    """Return the bodies that a report is of: ``body`` if named, else all that one may have."""
    bodies = _answers_for(actor)
    if body is None:
        return bodies
    wanted = body_called(connection, body)
    if bodies is not None and wanted not in bodies:
        raise Refused([Refusal("report_not_yours")])
    return frozenset({wanted})


def _answers_for(actor: Actor) -> frozenset[int] | None:
    """Return the bodies that a person may have a report of; ``None`` for all.

    Deny by default: supervisors and the centre for all, heads of departments for their own.
    """
    if any(grant.role in _OF_ALL for grant in actor.grants):
        return None
    own = frozenset(
        grant.body_id
        for grant in actor.grants
        if grant.role is Role.DEPARTMENT_HEAD and grant.body_kind in PUBLISHING_BODIES
    )
    if not own:
        raise Refused([Refusal("report_not_yours")])
    return own


def _grouping(by: By, policies: Mapping[str, Policy]) -> Callable[[Any], _Group]:
    def department(row: Any) -> _Group:
        return _Group(row.clock, row.body_code, {"zh": row.body_name, "en": row.body_name_en})

    def stage(row: Any) -> _Group:
        policy = policies[row.policy_digest]
        return _Group(row.clock, row.desk, desk_title(row.desk, policy), _place(row.desk, policy))

    def category(row: Any) -> _Group:
        leaf = policies[row.policy_digest].catalogue.get(row.category)
        code = row.category or ""
        return _Group(row.clock, code, {"zh": leaf.zh, "en": leaf.en} if leaf else {})

    return {By.DEPARTMENT: department, By.STAGE: stage, By.CATEGORY: category}[by]


def _place(stage: str, policy: Policy) -> int:
    """Return where a desk comes in the order of a policy."""
    return list(policy.budgets).index(stage) if stage in policy.budgets else len(policy.budgets)


def _counted(
    rows: Iterable[Any],
    grouped: Callable[[Any], _Group],
    period: tuple[date, date],
    today: Today,
) -> list[dict[str, Any]]:
    """Return one row of figures for each group, in the order of their names."""
    groups: dict[tuple[str, str], tuple[_Group, list[Any]]] = {}
    for row in rows:
        group = grouped(row)
        # Two policies may call one thing by two names; the first one serves.
        groups.setdefault((group.clock, group.code), (group, []))[1].append(row)
    ordered = sorted(groups.values(), key=lambda each: (each[0].clock, each[0].place, each[0].code))
    return [
        {
            "clock": group.clock,
            "code": group.code or None,
            "title": dict(group.title) or None,
            **_figures(members, period, today),
        }
        for group, members in ordered
    ]


def _figures(rows: Sequence[Any], period: tuple[date, date], today: Today) -> dict[str, Any]:
    first, last = period
    found = timeliness(map(_clock, rows), first=first, last=last, day=today.day)
    taken = _days(rows, today)
    return {
        "on_time": found.on_time,
        "late": found.late,
        "met_late": found.met_late,
        "overdue": found.overdue,
        "open": found.running,
        "voided": found.voided,
        "provisional": found.provisional,
        "share_truncated": _number(found.share.truncated),
        "share_half_up": _number(found.share.half_up),
        "median_days": _number(median(taken)),
        "p95_days": percentile(taken, 95),
    }


def _number(value: Any) -> float | None:
    """Return a decimal with one digit after the point as JSON knows numbers."""
    return None if value is None else float(value)


def _clock(row: Any) -> Clock:
    return Clock(
        due=row.due_on,
        met_on=row.met_on,
        voided=row.voided_at is not None,
        paused=row.paused_since is not None,
        provisional=row.provisional,
    )


def _days(rows: Iterable[Any], today: Today) -> list[int]:
    return [
        days_taken(row.started_on, row.met_on, calendar=today.calendar)
        for row in rows
        if row.met_on is not None
    ]


def _is_late(row: Any, today: Today) -> bool:
    """Tell whether a clock is late as :func:`workflow.timeliness.timeliness` counts it."""
    found = timeliness([_clock(row)], first=row.due_on, last=row.due_on, day=today.day)
    return found.late == 1


def _late(row: Any, today: Today) -> dict[str, Any]:
    until = row.met_on or today.day
    return {
        "item": row.item_id,
        "at": f"{row.item_id}@{row.version}",
        "index_number": row.index_number,
        "title": row.title,
        "body": row.body_code,
        "body_name": row.body_name,
        "clock": row.clock,
        "due_on": row.due_on,
        "met_on": row.met_on,
        "days_late": today.calendar.count(row.due_on, until),
        "reason": words_of(row.late_words).get("late_reason"),
    }


def _stages(
    rows: Iterable[Any], policies: Mapping[str, Policy], today: Today
) -> list[dict[str, Any]]:
    """Return the working days that items spent at each desk, in the order of the policy."""
    desks: dict[str, list[Any]] = {}
    for row in rows:
        if row.met_on is not None:
            desks.setdefault(row.desk, []).append(row)
    policy_of = {stage: policies[left[0].policy_digest] for stage, left in desks.items()}
    told = []
    for stage in sorted(desks, key=lambda name: (_place(name, policy_of[name]), name)):
        taken = _days(desks[stage], today)
        told.append(
            {
                "stage": stage,
                "title": desk_title(stage, policy_of[stage]),
                "count": len(taken),
                "days": sum(taken),
                "median_days": _number(median(taken)),
                "p95_days": percentile(taken, 95),
                "over_budget": sum(row.met_on > row.due_on for row in desks[stage]),
            }
        )
    return told
