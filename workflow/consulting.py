"""Consulting other bodies: to ask, to answer, to settle between the two, and to ask no longer.

Every act holds the item's lock and ends in the item's chain; none of them moves the item or stops a
clock. What an answer or a settlement lets go is one text, by its digest: that which its giver was
shown or, for a body outside, that which it was asked about (ADR 0028).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import bindparam, insert, select, update

from workflow import audit, capacities, handovers, notices, records
from workflow.accounts import find_body, heir_of
from workflow.clocks import Calendars
from workflow.consultations import (
    REPLIERS,
    RESTRICTED_REPLIERS,
    answers_for,
    consultation,
    newest,
    unanswered,
)
from workflow.coordination import (
    DISPUTED,
    UNANSWERED,
    Concern,
    Reply,
    Settlement,
    Silence,
    Standing,
)
from workflow.database import Statement
from workflow.deadlines import day_of
from workflow.drafting import check_text
from workflow.errors import InvalidInput, NotFound, Refusal, Refused, Who
from workflow.guards import PUBLISHING_BODIES, Role, required_role
from workflow.machine import Action, State
from workflow.models import LONGEST_ID, Account, Body, BodyEnd, table
from workflow.revisions import is_blank
from workflow.scene import Policies, Scene, check_seen, gather
from workflow.wishes import demanded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import date, datetime

    from workflow.coordination import Consultation
    from workflow.database import Transaction
    from workflow.guards import Actor, Principal
    from workflow.intake import Intake
    from workflow.runtime import Runtime
    from workflow.wishes import Seen

ASKABLE: Final = frozenset(
    {State.DRAFT, State.PENDING, State.REFERRED, State.CLEARED, State.PUBLICATION_FAILED}
)
"""Where an item may still become another, or not come out at all: there, others are asked."""
_TEXTS: Final = ("question", "addressee", "answer", "reference", "account", "reason")
LATEST_DUE: Final = 366
"""The most days that a body may be given, against slips of the pen."""
_ASKERS: Final = (Role.CLERK, Role.DEPARTMENT_HEAD, Role.DEPUTY_HEAD)
"""Who speaks for the item's own body, wherever the item is; others ask while it is their turn."""
_TURN: Final = {
    State.CLEARED: Action.PUBLISH,
    State.PUBLICATION_FAILED: Action.RETRY,
    State.REFERRED: Action.ANSWER,
    State.PENDING: Action.RETURN,
}
"""What whoever has the item before them does next, and by what role."""

_account, _body, _ended = table(Account), table(Body), table(BodyEnd)


def _bound(*names: str) -> dict[str, Any]:
    return {name: bindparam(name) for name in names}


_ASK: Final = Statement(
    insert(consultation)
    .values(
        **_bound(
            "item_id",
            "kind",
            "body_id",
            "blocking",
            "silence",
            "digest",
            "due_on",
            "replaces_id",
            "remark_id",
            "asked_by",
            "asked_as",
            "asked_at",
        )
    )
    .returning(consultation.c.id)
)
_of_number = consultation.c.id == bindparam("number")
_REPLY: Final = Statement(
    update(consultation)
    .where(_of_number)
    .values(
        **_bound(
            "reply", "reply_digest", "replied_on", "replied_by", "replied_at", "reply_remark_id"
        )
    )
)
_SETTLE: Final = Statement(
    update(consultation)
    .where(_of_number)
    .values(
        **_bound("settlement", "settled_digest", "settled_by", "settled_at", "settlement_remark_id")
    )
)
_WITHDRAW: Final = Statement(
    update(consultation)
    .where(_of_number)
    .values(**_bound("withdrawn_by", "withdrawn_at", "withdrawal_remark_id"))
)
_TOLD: Final = Statement(
    update(consultation)
    .where(_of_number, consultation.c.overdue_told_at.is_(None))
    .values(overdue_told_at=bindparam("at"))
)
_OVERDUE: Final = Statement(
    select(consultation.c.id, consultation.c.item_id)
    .where(
        unanswered,
        newest,
        consultation.c.due_on < bindparam("day"),
        consultation.c.overdue_told_at.is_(None),
    )
    .order_by(consultation.c.due_on, consultation.c.id)
    .limit(bindparam("limit"))
)
_held, _principal = capacities.held(capacities.NOW), _account.alias("principal")
_WHO: Final = Statement(
    select(
        _account.c.id,
        _account.c.name,
        _account.c.display_name,
        _held.c.role,
        _held.c.principal_id,
        _principal.c.display_name.label("principal"),
    )
    .join(_held, _held.c.account_id == _account.c.id)
    .join(_principal, _principal.c.id == _held.c.principal_id, isouter=True)
    .where(_account.c.enabled.is_(True), _held.c.body_id == bindparam("body_id"))
    .order_by(_account.c.name, _held.c.role, _held.c.delegation_id)
)
_ENABLED: Final = Statement(
    select(_account.c.enabled).where(_account.c.id == bindparam("account_id"))
)
_BODY_END: Final = Statement(
    select(_ended.c.closed_on, _body.c.name)
    .join(_body, _body.c.id == _ended.c.merged_into, isouter=True)
    .where(_ended.c.body_id == bindparam("body_id"))
)


class Consulting:
    """Acts on consultations."""

    def __init__(self, runtime: Runtime, intake: Intake) -> None:
        """Act in ``runtime``; ``intake`` looks for marks in what people say."""
        self._runtime = runtime
        self._intake = intake
        self._policies = Policies()
        self._calendars = Calendars()

    # -- acts --------------------------------------------------------------------------------

    def ask(
        self,
        item: int,
        account_id: int,
        *,
        question: str,
        body: str | None = None,
        outside: str | None = None,
        concern: Concern = Concern.CONCERNED,
        blocking: bool = True,
        due_on: date | None = None,
        seen: Seen | None,
        key: str | None = None,
        dry_run: bool = False,
    ) -> dict[str, Any]:
        """Ask another body (a code or full name, or a name ``outside``) about an item as it is.

        Without ``due_on`` it has as many working days as the policy gives. A question that is asked
        anew takes the place of the one before; what held publication back then goes on doing so,
        and who has objected once does not consent by silence. Raises ``Refused``, ``NotFound``,
        ``Conflict``.
        """
        based_on = demanded(seen)
        if (body is None) is (outside is None):
            raise InvalidInput("body_or_outside")
        said = {"question": question, "addressee": outside}
        self._check(said, account_id, dry_run=dry_run)

        def work(transaction: Transaction, now: datetime) -> dict[str, Any]:
            scene = self._gather(transaction, item, account_id, now)
            check_seen(transaction, scene.item, based_on)
            actor = _acting(scene)
            asked_as = _asking_role(scene)
            found = None if body is None else find_body(transaction, body)
            refusals = list(_unaskable(scene, asked_as))
            if is_blank(question):
                refusals.append(Refusal("consultation_question_required"))
            if found is not None:
                refusals += _unanswering(transaction, scene, found)
            elif is_blank(outside):
                refusals.append(Refusal("outside_required"))
            named = found.name if found is not None else (outside or "").strip()
            before = _standing_one(transaction, scene, found, named)
            if before is not None:
                refusals += _unrepeatable(scene, before, blocking=blocking)
            due, more = self._due(transaction, scene, concern, due_on)
            if refusals := [*refusals, *more]:
                raise Refused(refusals)
            if asked_as is not None:
                scene.actor = actor.acting(asked_as, body_id=scene.facts.body_id)
            silence = _silence(scene, concern, before)
            remark = self._keep(transaction, scene, said)
            row = transaction.one(
                _ASK,
                item_id=scene.item.id,
                kind=concern.value,
                body_id=None if found is None else found.id,
                blocking=blocking,
                silence=silence.value,
                digest=scene.item.digest,
                due_on=due,
                replaces_id=None if before is None else before.number,
                remark_id=remark.id,
                asked_by=actor.account_id,
                asked_as=asked_as,
                asked_at=now,
            )
            self._tell(
                transaction,
                scene,
                "consulted",
                consultation=row.id,
                concern=concern.value,
                body=None if found is None else found.code,
                blocking=blocking,
                silence=silence.value,
                about=scene.item.digest,
                answer_due=due,
                asked_before=None if before is None else before.number,
                asked_as=asked_as,
                remark=remark.digest,
            )
            if found is not None:
                who = _repliers(transaction, scene, found.id)
                self._notify(transaction, scene, "consulted", row.id, who, due=due)
            return _told(scene) | {
                "consultation": row.id,
                "body": named,
                "due_on": due,
                "blocking": blocking,
                "silence": silence.value,
            }

        call = {
            "do": "consult",
            "item": item,
            "body": body,
            "concern": concern.value,
            "blocking": blocking,
            "due_on": due_on.isoformat() if due_on else None,
            **said,
        }
        return self._runtime.carry_out(
            work, account_id=account_id, call=call, key=key, dry_run=dry_run
        )

    def reply(
        self,
        item: int,
        account_id: int,
        *,
        answer: Reply,
        text: str | None = None,
        number: int | None = None,
        replied_on: date | None = None,
        reference: str | None = None,
        seen: Seen | None,
        key: str | None = None,
        dry_run: bool = False,
    ) -> dict[str, Any]:
        """Answer for the body that was asked, on the text that was ``seen``.

        What a body outside has answered is recorded by the item's own side, with the day and the
        ``reference`` of its letter; that answer is about the text that was asked about. An
        objection needs its reasons. ``number`` tells several questions apart. Raises ``Refused``,
        ``NotFound``, ``Conflict``.
        """
        based_on = demanded(seen)
        said = {"answer": text, "reference": reference}
        self._check(said, account_id, dry_run=dry_run)

        def work(transaction: Transaction, now: datetime) -> dict[str, Any]:
            scene = self._gather(transaction, item, account_id, now)
            check_seen(transaction, scene.item, based_on)
            actor, today = _acting(scene), scene.facts.today
            mine = _one(
                scene,
                number,
                lambda each: (
                    each.standing(today) in UNANSWERED | {Standing.CONSENTED}
                    and _may_answer(scene, actor, each)
                ),
                nothing="nothing_to_reply",
            )
            refusals = list(_unanswerable(transaction, scene, actor, mine))
            if answer is Reply.OBJECT and is_blank(text):
                refusals.append(Refusal("objection_needs_text"))
            refusals += _dated(mine, replied_on, reference, today)
            if refusals:
                raise Refused(refusals)
            if mine.body_id is not None:
                scene.actor = _as_another(scene, mine, *REPLIERS, body_id=mine.body_id)
            inside = mine.body_id is not None
            about = scene.item.digest if inside else mine.digest
            day = replied_on or today
            remark = self._keep(transaction, scene, said)
            transaction.run(
                _REPLY,
                number=mine.number,
                reply=answer.value,
                reply_digest=about,
                replied_on=day,
                replied_by=actor.account_id,
                replied_at=now,
                reply_remark_id=remark.id,
            )
            self._tell(
                transaction,
                scene,
                "consultation_answered",
                consultation=mine.number,
                reply=answer.value,
                about=about,
                replied_on=day,
                remark=remark.digest,
            )
            objects = answer is Reply.OBJECT
            event = "consultation_objected" if objects else "consultation_answered"
            who = [mine.asked_by, *scene.facts.authors]
            self._notify(
                transaction, scene, event, mine.number, who, due=mine.due_on, groups=objects
            )
            return _told(scene) | _told_of(mine) | {"reply": answer.value}

        call = {
            "do": "reply",
            "item": item,
            "answer": answer.value,
            "number": number,
            "replied_on": replied_on.isoformat() if replied_on else None,
            "text": text,
            "reference": reference,
        }
        return self._runtime.carry_out(
            work, account_id=account_id, call=call, key=key, dry_run=dry_run
        )

    def settle(
        self,
        item: int,
        account_id: int,
        *,
        outcome: Settlement,
        text: str | None,
        number: int | None = None,
        seen: Seen | None,
        key: str | None = None,
        dry_run: bool = False,
    ) -> dict[str, Any]:
        """Decide as a supervisor what two bodies do not agree on, with a written account.

        Where a body objects, or has let the day pass and its silence means nothing. What is
        released is the text that was ``seen``. Raises ``Refused``, ``NotFound``, ``Conflict``.
        """
        based_on = demanded(seen)
        said = {"account": text}
        self._check(said, account_id, dry_run=dry_run)

        def work(transaction: Transaction, now: datetime) -> dict[str, Any]:
            scene = self._gather(transaction, item, account_id, now)
            check_seen(transaction, scene.item, based_on)
            actor, today = _acting(scene), scene.facts.today
            if Role.SUPERVISOR not in actor.roles:
                raise Refused([Refusal("needs_role", {"role": Role.SUPERVISOR.value})])
            disputed = _one(
                scene,
                number,
                lambda each: each.standing(today) in DISPUTED,
                nothing="nothing_to_settle",
            )
            refusals = list(_over(scene))
            if disputed.standing(today) not in DISPUTED:
                refusals.append(_not_so(disputed, today))
            scene.actor = actor = _as_another(scene, disputed, Role.SUPERVISOR)
            if _is_one_of(scene, actor, disputed):
                refusals.append(Refusal("own_question", {"number": disputed.number}))
            if is_blank(text):
                refusals.append(Refusal("account_required"))
            if refusals:
                raise Refused(refusals)
            remark = self._keep(transaction, scene, said)
            transaction.run(
                _SETTLE,
                number=disputed.number,
                settlement=outcome.value,
                settled_digest=scene.item.digest,
                settled_by=actor.account_id,
                settled_at=now,
                settlement_remark_id=remark.id,
            )
            self._tell(
                transaction,
                scene,
                "consultation_settled",
                consultation=disputed.number,
                settlement=outcome.value,
                about=scene.item.digest,
                remark=remark.digest,
            )
            who = [disputed.asked_by, *scene.facts.authors]
            if disputed.body_id is not None:
                who += _repliers(transaction, scene, disputed.body_id)
            self._notify(transaction, scene, "consultation_settled", disputed.number, who)
            return _told(scene) | _told_of(disputed) | {"settlement": outcome.value}

        call = {
            "do": "settle",
            "item": item,
            "outcome": outcome.value,
            "number": number,
            "text": text,
        }
        return self._runtime.carry_out(
            work, account_id=account_id, call=call, key=key, dry_run=dry_run
        )

    def withdraw(
        self,
        item: int,
        account_id: int,
        *,
        reason: str | None,
        number: int | None = None,
        key: str | None = None,
        dry_run: bool = False,
    ) -> dict[str, Any]:
        """Ask no longer what nobody has answered; what was asked before it counts again.

        By who asked or, if that account is disabled, by who holds the role in which it was asked.
        Raises ``Refused``, ``NotFound``.
        """
        said = {"reason": reason}
        self._check(said, account_id, dry_run=dry_run)

        def work(transaction: Transaction, now: datetime) -> dict[str, Any]:
            scene = self._gather(transaction, item, account_id, now)
            actor, today = _acting(scene), scene.facts.today
            mine = _one(
                scene,
                number,
                lambda each: (
                    each.standing(today) in UNANSWERED
                    and _may_withdraw(transaction, scene, actor, each)
                ),
                nothing="nothing_to_withdraw",
            )
            refusals = list(_over(scene))
            if mine.standing(today) not in UNANSWERED:
                refusals.append(_not_so(mine, today))
            elif not _may_withdraw(transaction, scene, actor, mine):
                refusals.append(Refusal("not_your_question", {"number": mine.number}))
            if is_blank(reason):
                refusals.append(Refusal("withdrawal_reason_required"))
            if refusals:
                raise Refused(refusals)
            remark = self._keep(transaction, scene, said)
            transaction.run(
                _WITHDRAW,
                number=mine.number,
                withdrawn_by=actor.account_id,
                withdrawn_at=now,
                withdrawal_remark_id=remark.id,
            )
            self._tell(
                transaction,
                scene,
                "consultation_withdrawn",
                consultation=mine.number,
                remark=remark.digest,
            )
            return _told(scene) | _told_of(mine)

        call = {"do": "withdraw consultation", "item": item, "number": number, "reason": reason}
        return self._runtime.carry_out(
            work, account_id=account_id, call=call, key=key, dry_run=dry_run
        )

    def tell_overdue(self, *, limit: int = 200) -> int:
        """Tell once of each answer that did not come in time; return of how many was told.

        Whoever answers, whoever asked, and the supervisors are told where silence means nothing;
        where it consents, whoever asked. Each in a transaction of its own, with the item's lock.
        """
        with self._runtime.database.read() as connection:
            day = day_of(self._runtime.clock())
            rows = connection.execute(_OVERDUE.clause, {"day": day, "limit": limit}).all()
        return sum(self._tell_one(row.id, row.item_id) for row in rows)

    def _tell_one(self, number: int, item_id: int) -> bool:
        with self._runtime.database.transaction() as transaction:
            now = self._runtime.clock()
            scene = gather(
                transaction,
                self._policies,
                item_id,
                account_id=None,
                now=now,
                with_content=False,
            )
            late = next(each for each in scene.facts.consultations if each.number == number)
            standing = late.standing(scene.facts.today)
            waits = standing in (Standing.SILENT, Standing.CONSENTED)
            if not waits or not transaction.count(_TOLD, number=number, at=now):
                return False  # It was answered, or told of, while we waited for the item.
            scene.chain.append(
                "consultation_overdue",
                at=now,
                origin=self._runtime.origin(audit.SYSTEM_ACTOR),
                consultation=number,
                answer_due=late.due_on,
            )
            handovers.write(transaction, item_id, scene.chain)
            if scene.facts.place.state in ASKABLE:
                who, silent = [late.asked_by], standing is Standing.SILENT
                if silent and late.body_id is not None:
                    who += _repliers(transaction, scene, late.body_id)
                event = "consultation_overdue" if silent else "consultation_consented"
                self._notify(transaction, scene, event, number, who, due=late.due_on, groups=silent)
            return True

    # -- rows and words ----------------------------------------------------------------------

    def _check(self, said: dict[str, str | None], account_id: int, *, dry_run: bool) -> None:
        for name in _TEXTS:
            check_text(name, said.get(name))
        self._intake.screen_words(said, account_id=account_id, dry_run=dry_run)

    def _gather(
        self, transaction: Transaction, item_id: int, account_id: int, now: datetime
    ) -> Scene:
        return gather(
            transaction,
            self._policies,
            item_id,
            account_id=account_id,
            now=now,
            with_content=False,
        )

    def _due(
        self, transaction: Transaction, scene: Scene, concern: Concern, wanted: date | None
    ) -> tuple[date, list[Refusal]]:
        """Return the last day for an answer, and what is wrong with the one that was wanted."""
        today = scene.facts.today
        _, calendar = self._calendars.current(transaction)
        if wanted is None:
            return calendar.add(today, scene.policy.consulting.days_of(concern)), []
        if not today < wanted <= today + timedelta(days=LATEST_DUE):
            return wanted, [Refusal("answer_due_wrong", {"value": wanted, "limit": LATEST_DUE})]
        if not calendar.is_working_day(wanted):
            following = calendar.add(wanted, 1)
            about = {"value": wanted, "next": following}
            return wanted, [Refusal("answer_due_on_rest_day", about)]
        return wanted, []

    def _keep(
        self, transaction: Transaction, scene: Scene, said: dict[str, str | None]
    ) -> records.Kept:
        return records.insert_remark(
            transaction,
            said,
            item_id=scene.item.id,
            account_id=_acting(scene).account_id,
            now=scene.now,
        )

    def _tell(self, transaction: Transaction, scene: Scene, event: str, **details: Any) -> None:
        """Leave an act on a consultation in the item's chain."""
        actor = _acting(scene)
        origin = self._runtime.origin(actor.name, in_place_of=actor.principal)
        scene.chain.append(event, at=scene.now, origin=origin, **details)
        handovers.write(transaction, scene.item.id, scene.chain)

    @staticmethod
    def _notify(
        transaction: Transaction,
        scene: Scene,
        event: str,
        number: int,
        who: Sequence[int],
        *,
        due: date | None = None,
        groups: bool = False,
    ) -> None:
        actor_id = scene.actor.account_id if scene.actor else None
        notices.consultation(
            transaction,
            event,
            number,
            [each for each in who if each != actor_id],
            item_id=scene.item.id,
            groups=groups,
            due=due,
            now=scene.now,
        )


# -- rules -----------------------------------------------------------------------------------------


def _acting(scene: Scene) -> Actor:
    if scene.actor is None:
        raise RuntimeError(scene.item.id)  # People ask and answer; the system does not.
    return scene.actor


def _asking_role(scene: Scene) -> str | None:
    """Return the role in which a person may ask about an item now; ``None`` if in none."""
    actor, facts = _acting(scene), scene.facts
    for role in _ASKERS:
        if actor.holds(role, facts.body_id):
            return role.value
    turn = _TURN.get(facts.place.state)
    role_there = required_role(facts, turn) if turn is not None else None
    return role_there if role_there and actor.holds(role_there, facts.body_id) else None


def _over(scene: Scene) -> Iterator[Refusal]:
    """Yield that nobody is asked about an item any more, if so."""
    place = scene.facts.place
    if place.state not in ASKABLE:
        yield Refusal("not_consultable", {"state": place.state.value, "stage": place.stage})


def _unaskable(scene: Scene, asked_as: str | None) -> Iterator[Refusal]:
    """Yield why a person may not ask about an item."""
    if asked_as is None:
        yield Refusal("may_not_consult", {"body": scene.facts.body_name})
    yield from _over(scene)
    if not scene.facts.content_present:
        yield Refusal("content_purged", {"digest": scene.item.digest})


def _unanswering(transaction: Transaction, scene: Scene, body: Any) -> Iterator[Refusal]:
    """Yield why a body of this organisation cannot be asked."""
    if body.id == scene.facts.body_id:
        yield Refusal("consults_itself", {"body": body.name})
        return
    end = transaction.one(_BODY_END, body_id=body.id)
    if end is not None:
        about = {"body": body.name, "closed_on": end.closed_on, "into": end.name or ""}
        yield Refusal("consulted_body_closed", about)
        return
    kind_answers = str(body.kind) in PUBLISHING_BODIES
    if not kind_answers or not _repliers(transaction, scene, body.id):
        yield Refusal("nobody_answers", {"body": body.name})


def _unrepeatable(scene: Scene, before: Consultation, *, blocking: bool) -> Iterator[Refusal]:
    """Yield why what was asked of a body cannot be asked anew, or not so."""
    standing, named = before.standing(scene.facts.today), before.addressee or "—"
    if standing in UNANSWERED:
        about = {"number": before.number, "body": named, "due": before.due_on}
        yield Refusal("consulted_already", about)
    if not blocking and before in scene.facts.held_back_by:
        yield Refusal("stays_blocking", {"body": named})


def _silence(scene: Scene, concern: Concern, before: Consultation | None) -> Silence:
    """Return what silence will mean: who has objected once does not consent by it."""
    if before is not None and (before.reply is Reply.OBJECT or before.settlement):
        return Silence.STAYS_OPEN
    return scene.policy.consulting.silence_of(concern)


def _standing_one(
    transaction: Transaction, scene: Scene, body: Any, name: str
) -> Consultation | None:
    """Return what was asked before and still counts of a body, or of one that was merged into it.

    Of several, as there are after a merger, what is open comes first, then what holds back.
    """

    def is_same(each: Consultation) -> bool:
        if each.withdrawn or each.replaced:
            return False
        if body is None or each.body_id is None:
            return body is None and each.body_id is None and each.addressee == name
        heir = None if each.body_id == body.id else heir_of(transaction, each.body_id)
        return each.body_id == body.id or (heir is not None and heir.id == body.id)

    def rank(each: Consultation) -> tuple[bool, bool, int]:
        is_open = each.standing(scene.facts.today) in UNANSWERED
        return is_open, each in scene.facts.held_back_by, each.number

    return max(filter(is_same, scene.facts.consultations), key=rank, default=None)


def _one(
    scene: Scene,
    number: int | None,
    fits: Callable[[Consultation], bool],
    *,
    nothing: str,
) -> Consultation:
    """Return the consultation that is meant: that ``number``, or the only one that ``fits``."""
    if number is not None:
        for each in scene.facts.consultations:
            if each.number == number <= LONGEST_ID:
                return each
        raise NotFound("no_such_consultation", item=scene.item.id, number=number)
    found = [each for each in scene.facts.consultations if fits(each)]
    if not found:
        raise Refused([Refusal(nothing, {"item": scene.item.id})])
    if len(found) > 1:
        raise InvalidInput("which_consultation", known=tuple(each.number for each in found))
    return found[0]


def _not_so(each: Consultation, today: date) -> Refusal:
    about = {"number": each.number, "standing": each.standing(today).value}
    return Refusal("consultation_standing_wrong", about)


def _may_answer(scene: Scene, actor: Actor, asked: Consultation) -> bool:
    """Tell whether a person answers: for their body, or for one outside as the item's own side."""
    if asked.body_id is None:
        return _asking_role(scene) is not None
    return answers_for(actor, asked.body_id, restricted=scene.item.restricted)


def _as_another(
    scene: Scene, asked: Consultation, *roles: str, body_id: int | None = None
) -> Actor:
    """Return the person as acting in one of ``roles``, if possible as none of those who ask."""
    actor = _acting(scene)

    def barred(place: Principal | None) -> bool:
        return _is_one_of(scene, replace(actor, principal=place), asked)

    return actor.acting(*roles, body_id=body_id, barred=barred)


def _is_one_of(scene: Scene, actor: Actor, asked: Consultation) -> bool:
    """Tell whether a person, as they act, counts as one with who wrote the item or asked."""
    place = actor.principal.account_id if actor.principal else None
    askers = scene.facts.authors | {asked.asked_by}
    return bool(scene.facts.one_with(actor.account_id, place) & askers)


def _unanswerable(
    transaction: Transaction, scene: Scene, actor: Actor, asked: Consultation
) -> Iterator[Refusal]:
    """Yield why a person may not answer a question."""
    standing = asked.standing(scene.facts.today)
    yield from _over(scene)
    if standing not in UNANSWERED | {Standing.CONSENTED}:
        yield _not_so(asked, scene.facts.today)
    inside = asked.body_id is not None
    if not _may_answer(scene, actor, asked):
        who: tuple[Who, ...] = ()
        if asked.body_id is not None:
            who = tuple(
                Who(
                    row.name,
                    row.display_name,
                    row.role,
                    asked.addressee or "",
                    row.principal,
                    row.principal_id,
                )
                for row in who_answer(transaction, scene, asked.body_id)
            )
        yield Refusal("may_not_reply", {"body": asked.addressee or "—"}, who)
    acting = _as_another(scene, asked, *REPLIERS, body_id=asked.body_id)
    if inside and _is_one_of(scene, acting, asked):
        yield Refusal("own_question", {"number": asked.number})


def _dated(
    asked: Consultation, replied_on: date | None, reference: str | None, today: date
) -> Iterator[Refusal]:
    """Yield what is wrong with the day and the reference of an answer from outside."""
    if asked.body_id is not None:
        if replied_on is not None or not is_blank(reference):
            yield Refusal("reply_dates_itself", {"body": asked.addressee or "—"})
        return
    if replied_on is None or is_blank(reference):
        yield Refusal("outside_reply_needs_letter", {"body": asked.addressee or "—"})
        return
    if replied_on > today:
        yield Refusal("date_in_future", {"value": replied_on})
    if replied_on < day_of(asked.asked_at):
        facts = {"value": replied_on, "day": day_of(asked.asked_at)}
        yield Refusal("replied_before_asked", facts)


def _may_withdraw(
    transaction: Transaction, scene: Scene, actor: Actor, asked: Consultation
) -> bool:
    if actor.account_id == asked.asked_by:
        return True
    asker = transaction.one(_ENABLED, account_id=asked.asked_by)
    return not asker.enabled and actor.holds(asked.asked_as, scene.facts.body_id)


def who_answer(transaction: Transaction, scene: Scene, body_id: int) -> list[Any]:
    """Return whoever answers for a body about an item, deputies too, once for each role."""
    roles = RESTRICTED_REPLIERS if scene.item.restricted else REPLIERS
    rows = transaction.run(_WHO, body_id=body_id, now=scene.now)
    return [row for row in rows if row.role in roles]


def _repliers(transaction: Transaction, scene: Scene, body_id: int) -> list[int]:
    return list(dict.fromkeys(row.id for row in who_answer(transaction, scene, body_id)))


def _told(scene: Scene) -> dict[str, Any]:
    item = scene.item
    return {
        "item": item.id,
        "version": item.version,
        "at": f"{item.id}@{item.version}",
        "digest": item.digest,
        "state": item.state.value,
        "stage": item.stage,
        "index_number": item.index_number,
    }


def _told_of(each: Consultation) -> dict[str, Any]:
    return {"consultation": each.number, "body": each.addressee, "due_on": each.due_on}
