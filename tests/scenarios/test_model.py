"""Random people do random things under every policy, and what must always hold always holds.

The model knows nothing of the engine's rules. It keeps its own book of who wrote what, and after
every step it looks at the rows as they are: whatever is public was decided on at every stage, on
exactly that text, by different people who had no hand in it; a refusal has changed nothing.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import text
from typing_extensions import override

from tests.service.sample_office import CIVIL, CONCLUSION, PEOPLE, START, VERB
from workflow import policy
from workflow.channels import PublicItem, RetractedItem
from workflow.errors import ChannelFailed, GongkaiError
from workflow.guards import SYSTEM_ACTIONS, Role
from workflow.machine import ENDS, PUBLIC_ONCE, Action, Place, StageKind, State
from workflow.models import DeliveryStatus
from workflow.testing import MemoryChannel
from workflow.validity import Status

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.service.databases import Databases
    from tests.service.sample_office import SampleOffice

MOST_ITEMS: Final = 3
INSIDERS: Final = sorted(
    name for name, (_, body) in PEOPLE.items() if body in (CIVIL, "YL-CENTRE", "YL-DISTRICT")
)
PROMOTIONS: Final = (
    ("head", Role.CLERK, CIVIL),
    ("keeper", Role.CLERK, CIVIL),
    ("reviewer", Role.CLERK, CIVIL),
    ("colleague", Role.DEPARTMENT_HEAD, CIVIL),
    ("clerk", Role.SEAL_KEEPER, CIVIL),
    ("head2", Role.SEAL_KEEPER, CIVIL),
    ("deputy", Role.DEPARTMENT_HEAD, CIVIL),
    ("keeper2", Role.CONFIDENTIALITY_REVIEWER, CIVIL),
    ("final", Role.PUBLISHER, "YL-CENTRE"),
    ("reviewer", Role.FINAL_REVIEWER, "YL-CENTRE"),
    ("clerk", Role.PUBLISHER, "YL-CENTRE"),
)
"""People of a small office hold more than one role, and that is where separation is hard."""
ACTS: Final = sorted(set(Action) - SYSTEM_ACTIONS - {Action.REVISE, Action.CORRECT})
FIELDS: Final[dict[str, dict[str, Any]]] = {
    "proactive": {},
    "on_request": {
        "attribute": "on_request", "ground": "internal_affairs", "attribute_reason": "样例",
    },
    "not_disclosed": {
        "attribute": "not_disclosed", "ground": "personal_privacy", "attribute_reason": "样例",
    },
}  # fmt: skip
WORDS: Final = st.fixed_dictionaries(
    {},
    optional={
        "reason": st.sampled_from(["样例理由", " "]),
        "reason_code": st.sampled_from(["wording", "nonsense"]),
        "ground": st.sampled_from(["personal_privacy", "internal_affairs", "work_secret"]),
        "redactions": st.sampled_from([("样例",), ()]),
        "question": st.just("样例"),
        "addressee": st.just("样例"),
        "answer": st.just("样例"),
        "explanation": st.just("样例说明"),
        "to": st.sampled_from(["draft", "seal", "sign_off", "confidentiality_review"]),
    },
)
SETTLED: Final = (DeliveryStatus.DONE, DeliveryStatus.CANCELLED)
LEADING_ON: Final[dict[State, tuple[Action, Role]]] = {
    State.DRAFT: (Action.SUBMIT, Role.CLERK),
    State.REFERRED: (Action.ANSWER, Role.CONFIDENTIALITY_REVIEWER),
    State.CLEARED: (Action.PUBLISH, Role.PUBLISHER),
    State.PUBLICATION_FAILED: (Action.RETRY, Role.PUBLISHER),
}
FURTHEST: Final = (
    State.CLEARED, State.PUBLISHING, State.PUBLICATION_FAILED, State.PUBLISHED, State.RETRACTED,
    State.SUPERSEDED,
)  # fmt: skip


URGENT: Final = (Action.PUBLISH_URGENTLY, Action.CONFIRM_URGENT_PUBLICATION)
AGAINST: Final = {
    Action.RETURN, Action.RECALL, Action.REVIEW_REFER, Action.REVIEW_WITHHOLD,
    Action.REVIEW_ON_REQUEST_ONLY,
}  # fmt: skip
"""What ends a request to publish urgently, and so does what leads away from where it was made."""
CONFIRMING: Final = {
    Action.CONFIRM_URGENT_PUBLICATION: Action.PUBLISH_URGENTLY,
    Action.CONFIRM_RETRACTION: Action.RETRACT,
    Action.CONFIRM_RESTORATION: Action.RESTORE,
    Action.CONFIRM_VALIDITY: Action.VALIDITY,
}
REPEALED: Final[dict[str, Any]] = {
    "validity": Status.REPEALED, "basis": "样例决定", "from_on": START.date(),
}  # fmt: skip
AFTERWARDS: Final = (
    (Action.RETRACT, Role.PUBLISHER),
    (Action.CONFIRM_RETRACTION, Role.FINAL_REVIEWER),
    (Action.CALL_OFF, Role.PUBLISHER),
    (Action.RESTORE, Role.PUBLISHER),
    (Action.CONFIRM_RESTORATION, Role.FINAL_REVIEWER),
    (Action.VALIDITY, Role.DEPARTMENT_HEAD),
    (Action.CONFIRM_VALIDITY, Role.PUBLISHER),
    (Action.REOPEN, Role.DEPARTMENT_HEAD),
)
"""What can be done to what came to an end, and whose it is."""


class Model(RuleBasedStateMachine):
    """An office, and a book of what was done in it."""

    open_office: Callable[[], SampleOffice]

    def __init__(self) -> None:
        super().__init__()
        self.office = type(self).open_office()
        self.channel = MemoryChannel()
        self.authors: dict[int, set[str]] = defaultdict(set)
        self.moves: dict[int, int] = defaultdict(int)
        # What reviews wanted redacted: the texts they saw, and since when it is taken out.
        self.objected: dict[int, set[str]] = defaultdict(set)
        self.owing: set[int] = set()
        # Of which item an item is the next edition.
        self.corrects: dict[int, int] = {}
        # What two people do: who asked for what and has not been answered yet.
        self.asked: dict[int, tuple[Action, str]] = {}
        # What is public ahead of its review, and who let it out.
        self.debts: dict[int, set[str]] = {}
        self.drafts = 0
        self.holders: dict[Role, set[str]] = defaultdict(set)
        for name in INSIDERS:
            self.holders[PEOPLE[name][0]].add(name)
        self.arrows = {
            (arrow.action, arrow.source, arrow.dest)
            for arrow in self.office.bureau.policy_in_use().machine.arrows
        }

    @override
    def teardown(self) -> None:
        self.office.close()

    # -- doing ---------------------------------------------------------------------------------

    def attempt(self, call: Callable[[], dict[str, Any]]) -> dict[str, Any] | None:
        """Do something; if it is refused, nothing may have changed."""
        before = self.office.everything()
        try:
            return call()
        except GongkaiError:
            assert before == self.office.everything()
            return None

    def here(self, item: int) -> Place:
        """Return where an item is."""
        row = self.office.row(item)
        return Place(row.state, row.stage)

    def act(self, item: int, action: Action, by: str, **words: Any) -> None:
        """Try an act and write in the book what came of it."""
        before = self.here(item)
        answer = self.attempt(lambda: self.office.act(item, action, by, **words))
        if answer is None:
            return
        # To urge moves nothing.
        self.moves[item] += action is not Action.URGE
        here = self.here(item)
        assert (action, before, here) in self.arrows
        self.ask(item, action, by)
        self.owe(item, action, before.state)
        if action is Action.SUBMIT:
            self.authors[item].add(by)
        if action is Action.REVIEW_DISCLOSE_IN_PART and words.get("redactions"):
            assert here.state is State.DRAFT
            self.objected[item].add(self.office.row(item).digest)
            self.owing.add(item)

    def ask(self, item: int, action: Action, by: str) -> None:
        """Write in the book what takes two people, and look that they are two."""
        if action in CONFIRMING.values():
            assert item not in self.asked
            self.asked[item] = action, by
        elif action is Action.CALL_OFF:
            del self.asked[item]
        elif action in CONFIRMING:
            asked, asker = self.asked.pop(item)
            assert by != asker
            assert CONFIRMING[action] is asked
            assert by not in self.authors[item]
            if action in URGENT:
                assert asker not in self.authors[item]
                self.debts[item] = {asker, by}
        elif self.asked.get(item, (None, ""))[0] is Action.PUBLISH_URGENTLY and (
            action in AGAINST or self.here(item).state not in (State.PENDING, State.CLEARED)
        ):
            del self.asked[item]

    def owe(self, item: int, action: Action, before: State) -> None:
        """Write in the book what owes its review no longer."""
        required = {stage.name for stage in self.office.policy(item).stages}
        came_back = action is Action.RETURN and before is State.PUBLICATION_FAILED
        if came_back or self.office.standing(item) == required:
            self.debts.pop(item, None)

    def pick(self, which: int) -> int:
        """Return one of the items there are."""
        items = sorted(self.moves)
        return items[which % len(items)]

    @initialize(
        promotions=st.sets(st.sampled_from(PROMOTIONS), max_size=5),
        attribute=st.sampled_from(sorted(FIELDS)[::-1]),
        far=st.integers(0, 9),
    )
    def begin(self, promotions: set[tuple[str, Role, str]], attribute: str, far: int) -> None:
        """Begin with an item somewhere on its way; the story is how it goes on."""
        for promotion in sorted(promotions):
            self.promote(promotion)
        self.enter(by="clerk", attribute=attribute, restricted=False)
        self.go_on(which=0, choices=[0] * far)
        self.deliver(down=False)

    @precondition(lambda self: len(self.moves) < MOST_ITEMS)
    @rule(
        by=st.sampled_from(["clerk", "colleague", "outsider", "head"]),
        attribute=st.sampled_from(sorted(FIELDS)),
        restricted=st.booleans(),
    )
    def enter(self, by: str, attribute: str, *, restricted: bool) -> None:
        changes = FIELDS[attribute]
        fields = self.office.fields(**changes)
        answer = self.attempt(
            lambda: self.office.service.create(
                self.office[by], fields, department=CIVIL, restricted=restricted
            )
        )
        if answer is not None:
            self.authors[answer["item"]].add(by)
            self.moves[answer["item"]] = 1

    @rule(which=st.integers(0, 9), action=st.sampled_from(ACTS), by=st.sampled_from(INSIDERS),
          words=WORDS)  # fmt: skip
    def do_anything(self, which: int, action: Action, by: str, words: dict[str, Any]) -> None:
        self.act(self.pick(which), action, by, **words)

    @rule(which=st.integers(0, 9), choices=st.lists(st.integers(0, 9), min_size=1, max_size=7))
    def go_on(self, which: int, choices: list[int]) -> None:
        """Do what leads on, by those who hold the stages: else nothing would ever get far."""
        item = self.pick(which)
        for choice in choices:
            row = self.office.row(item)
            onward, role = self.onward(row)
            if row.state is State.DRAFT and item in self.owing:
                self.drafts += 1
                self.change(item, by="clerk", title=f"样例：删改{self.drafts}", redaction=True)
            elif onward is not None:
                holders = sorted(self.holders[role])
                self.act(item, onward, holders[choice % len(holders)], answer="样例")

    def onward(self, row: Any) -> tuple[Action | None, Role]:
        """Return what leads on from here, and whose it is."""
        if row.state in LEADING_ON:
            return LEADING_ON[row.state]
        owed = row.owed_stage if row.state in (State.PUBLISHED, State.RETRACTED) else None
        at = row.stage or owed
        if at is None:
            return None, Role.CLERK
        stage = self.office.policy(row.id).stage(at)
        reviewed = stage.kind is StageKind.CONFIDENTIALITY_REVIEW
        if reviewed and row.attribute == "proactive" and self.objected[row.id]:
            return Action.REVIEW_DISCLOSE_IN_PART, Role(stage.role)
        return VERB.get(stage.kind) or CONCLUSION[row.attribute], Role(stage.role)

    @rule(which=st.integers(0, 9), choice=st.integers(0, 9), to=st.integers(0, 4))
    def give_back(self, which: int, choice: int, to: int) -> None:
        """Let who holds the item return it, to the draft more often than to a stage."""
        item = self.pick(which)
        row, stages = self.office.row(item), self.office.policy(item).stages
        role = Role.PUBLISHER
        if row.stage is not None:
            role = Role(self.office.policy(item).stage(row.stage).role)
        holders = sorted(self.holders[role])
        there = "draft" if to > 1 else stages[choice % len(stages)].name
        by = holders[choice % len(holders)]
        self.act(item, Action.RETURN, by, to=there, reason="样例理由", reason_code="other")

    @rule(
        which=st.integers(0, 9),
        steps=st.lists(st.sampled_from(AFTERWARDS), min_size=1, max_size=5),
        choice=st.integers(0, 9),
    )
    def afterwards(self, which: int, steps: list[tuple[Action, Role]], choice: int) -> None:
        """Let those whose it is take back, bring back or take up again what came to an end."""
        item = self.pick(which)
        for action, role in steps:
            holders = sorted(self.holders[role])
            by = holders[choice % len(holders)]
            self.act(item, action, by, reason="样例理由", explanation="样例说明", **REPEALED)

    @rule(
        which=st.integers(0, 9),
        first=st.sampled_from(["supervisor", "final", "publisher", "clerk", "reviewer"]),
        second=st.sampled_from(["publisher", "publisher2", "final", "supervisor", "clerk"]),
        reason=st.sampled_from(["样例理由", "样例：汛情", " "]),
    )
    def hurry(self, which: int, first: str, second: str, reason: str) -> None:
        """Let two people try to publish something ahead of its review."""
        item = self.pick(which)
        for action, by in zip(URGENT, (first, second), strict=True):
            self.act(item, action, by, reason=reason)

    @rule(
        which=st.integers(0, 9),
        by=st.sampled_from(["clerk", "colleague", "head", "outsider"]),
        note=st.sampled_from(["样例说明", " "]),
    )
    def correct(self, which: int, by: str, note: str) -> None:
        """Open the next edition of what is public."""
        item = self.pick(which)
        row = self.office.row(item)
        answer = self.attempt(
            lambda: self.office.service.correct(
                item, self.office[by], change_note=note, seen=row.version
            )
        )
        if answer is None:
            return
        new = answer["item"]
        # What was retracted with its review still owed comes back only as another edition.
        open_to_it = row.state is State.PUBLISHED or item in self.debts
        assert (True, True) == (open_to_it, bool(note.strip()))
        assert row.state in (State.PUBLISHED, State.RETRACTED)
        assert all(
            self.here(other).state in ENDS - PUBLIC_ONCE
            for other, corrected in self.corrects.items()
            if corrected == item
        )
        self.corrects[new] = item
        self.moves[item] += 1
        self.moves[new] = 1
        self.authors[new].add(by)

    @rule(which=st.integers(0, 9), choices=st.lists(st.integers(0, 9), min_size=1, max_size=2))
    def ask_redaction(self, which: int, choices: list[int]) -> None:
        """Carry an item to the review, where what has to be taken out is listed; perhaps twice."""
        item = self.pick(which)
        if self.here(item).state in ENDS and len(self.moves) < MOST_ITEMS:
            self.enter(by="clerk", attribute="proactive", restricted=False)
            item = max(self.moves)
        holders = sorted(self.holders[Role.CONFIDENTIALITY_REVIEWER])
        for choice in choices:
            for _ in range(8):
                if self.here(item).stage != "confidentiality_review":
                    self.go_on(sorted(self.moves).index(item), [0])
            by = holders[choice % len(holders)]
            self.act(item, Action.REVIEW_DISCLOSE_IN_PART, by, redactions=("样例：电话",))

    @rule(
        which=st.integers(0, 9),
        by=st.sampled_from(["clerk", "colleague", "head", "keeper", "reviewer"]),
        title=st.sampled_from(["样例甲", "样例乙"]),
        redaction=st.booleans(),
    )
    def edit(self, which: int, by: str, title: str, *, redaction: bool) -> None:
        self.change(self.pick(which), by=by, title=title, redaction=redaction)

    def change(self, item: int, *, by: str, title: str, redaction: bool) -> None:
        """Try an edit and write in the book what came of it."""
        row = self.office.row(item)
        answer = self.attempt(
            lambda: self.office.service.revise(
                item,
                self.office[by],
                {"title": title},
                seen=row.version,
                redaction=redaction,
            )
        )
        if answer is None:
            return
        changed = answer["changed"]
        assert changed is (row.version != self.office.row(item).version)
        if changed:
            self.moves[item] += 1
            self.authors[item].add(by)
            digest = self.office.row(item).digest
            assert set() == self.office.standing(item) or row.digest == digest
            if redaction:
                assert digest not in self.objected[item]
                self.owing.discard(item)
            elif self.objected[item]:
                self.owing.add(item)

    @rule(down=st.booleans())
    def deliver(self, *, down: bool) -> None:
        self.channel.failure = ChannelFailed("site_busy", path="样例") if down else None
        before = {item: self.here(item).state for item in self.moves}
        self.office.publisher(self.channel).dispatch()
        for item, was in before.items():
            # The page of what is public is written anew without a move.
            self.moves[item] += was is not self.here(item).state
            old = self.corrects.get(item)
            published = (was, self.here(item).state) == (State.PUBLISHING, State.PUBLISHED)
            if published and old is not None:
                # What it takes the place of moves, and what was asked for of it waits no longer.
                self.moves[old] += before[old] is self.here(old).state
                self.asked.pop(old, None)

    @rule(hours=st.integers(1, 30))
    def wait(self, hours: int) -> None:
        self.office.clock.advance(timedelta(hours=hours))

    @rule(promotion=st.sampled_from(PROMOTIONS))
    def promote(self, promotion: tuple[str, Role, str]) -> None:
        name, role, body = promotion
        self.office.give(name, role, body=body)
        self.holders[role].add(name)

    # -- what always holds -----------------------------------------------------------------------

    @invariant()
    def the_trail_is_sound(self) -> None:
        assert [] == self.office.faults()

    @invariant()
    def versions_grow_with_every_move_and_never_else(self) -> None:
        assert self.moves == {item: self.office.row(item).version for item in self.moves}

    @invariant()
    def an_item_is_at_a_stage_exactly_while_it_waits_at_one(self) -> None:
        for item in self.moves:
            here = self.here(item)
            assert (here.state in (State.PENDING, State.REFERRED)) is (here.stage is not None)

    @invariant()
    def what_is_decided_was_decided_on_this_text_by_others_and_by_different_people(self) -> None:
        for item in self.moves:
            row = self.office.row(item)
            rules = self.office.policy(item)
            standing = [
                each
                for each in self.office.decisions(item)
                if each.positive and each.voided_at is None
            ]
            people = [each.actor_id for each in standing]
            assert len(people) == len(set(people))
            authors = {self.office[name] for name in self.authors[item]}
            assert {row.digest} >= {each.digest for each in standing}
            for each in standing:
                assert each.kind is StageKind.OPINION or each.actor_id not in authors, each.stage
            stages = {each.stage for each in standing}
            order = [stage.name for stage in rules.stages]
            missing = [name for name in order if name not in stages]
            if item in self.debts:
                # Openly: the row names the first stage that is missing, and it is public.
                assert row.state in FURTHEST[1:]
                assert missing[0] == row.owed_stage
                let_out = {self.office[name] for name in self.debts[item]}
                final = {each.actor_id for each in standing if each.stage == order[-1]}
                assert not let_out & ({each.actor_id for each in standing} - final)
            else:
                assert row.owed_stage is None
                assert not (row.state in FURTHEST and missing)
            if row.state in FURTHEST:
                assert item not in self.owing
            if row.state in (State.WITHHELD, State.ON_REQUEST_ONLY):
                assert {"confidentiality_review", "final_review"} <= stages

    @invariant()
    def a_draft_keeps_decisions_only_where_the_policy_says_so(self) -> None:
        for item in self.moves:
            if self.here(item).state is State.DRAFT and self.office.standing(item):
                assert self.office.policy(item).keeps_unchanged

    @invariant()
    def of_all_editions_one_is_live_at_the_most(self) -> None:
        for old in set(self.corrects.values()):
            public = [
                new
                for new, corrected in self.corrects.items()
                if corrected == old and self.here(new).state in PUBLIC_ONCE
            ]
            assert len(public) <= 1
            assert (self.here(old).state is State.PUBLISHED) <= (not public)
            assert (self.here(old).state is State.SUPERSEDED) <= bool(public)

    @invariant()
    def what_is_public_is_what_was_decided_upon(self) -> None:
        public = set()
        for item in self.moves:
            row = self.office.row(item)
            assert (row.state in PUBLIC_ONCE) is (row.published_at is not None)
            if row.state not in PUBLIC_ONCE:
                continue
            public.add(row.index_number)
            page = self.channel.pages[row.index_number]
            if isinstance(page, PublicItem):
                assert (row.digest, row.published_at) == (page.digest, page.published_at)
            if all(each.status in SETTLED for each in self.office.deliveries(item)):
                if isinstance(page, PublicItem):
                    assert page.review_owed is (item in self.debts)
                assert (row.state is State.RETRACTED) is isinstance(page, RetractedItem)
        assert public == set(self.channel.pages)


@pytest.mark.slow
@pytest.mark.parametrize("code", policy.SHIPPED)
def test_whatever_people_do_what_must_hold_holds(
    databases: Databases, open_office: Callable[[str], SampleOffice], code: str
) -> None:
    class OfThisPolicy(Model):
        pass

    OfThisPolicy.open_office = staticmethod(lambda: open_office(code))
    # The machine is the same on both; the second is there for what only it does.
    examples = 16 if databases.kind == "sqlite" else 4
    run_state_machine_as_test(
        OfThisPolicy,
        settings=settings(
            max_examples=examples,
            stateful_step_count=30,
            # To explain a failure as well would take minutes.
            phases=set(Phase) - {Phase.explain},
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.fixture
def model(open_office: Callable[[str], SampleOffice]) -> Model:
    """Give a model that is told what to do."""

    class Told(Model):
        pass

    Told.open_office = staticmethod(lambda: open_office("dongchang"))
    return Told()


@pytest.mark.parametrize(
    ("attribute", "end"),
    [
        ("proactive", State.PUBLISHED),
        ("on_request", State.ON_REQUEST_ONLY),
        ("not_disclosed", State.WITHHELD),
    ],
)
def test_the_model_gets_to_every_end(model: Model, attribute: str, end: State) -> None:
    model.begin(promotions=set(), attribute=attribute, far=9)
    assert end is model.here(1).state
    model.versions_grow_with_every_move_and_never_else()
    model.what_is_decided_was_decided_on_this_text_by_others_and_by_different_people()
    model.what_is_public_is_what_was_decided_upon()


def test_the_model_gets_to_a_retraction_and_back(model: Model) -> None:
    model.begin(promotions=set(), attribute="proactive", far=9)
    steps = list(AFTERWARDS[:2]), list(AFTERWARDS[3:5])
    for there, state in zip(steps, (State.RETRACTED, State.PUBLISHED), strict=True):
        model.afterwards(which=0, steps=there, choice=0)
        assert state is model.here(1).state
        model.deliver(down=False)
        model.what_is_public_is_what_was_decided_upon()
        model.versions_grow_with_every_move_and_never_else()


def test_the_model_publishes_ahead_of_the_review_and_makes_up_for_it(model: Model) -> None:
    """S18."""
    model.begin(promotions=set(), attribute="proactive", far=2)
    model.hurry(which=0, first="supervisor", second="publisher", reason="样例理由")
    model.deliver(down=False)
    for _ in range(2):
        assert State.PUBLISHED is model.here(1).state
        assert [1] == list(model.debts)
        model.what_is_decided_was_decided_on_this_text_by_others_and_by_different_people()
        model.what_is_public_is_what_was_decided_upon()
        model.go_on(which=0, choices=[0])
    model.go_on(which=0, choices=[0] * 4)
    model.deliver(down=False)
    assert {} == model.debts
    model.what_is_decided_was_decided_on_this_text_by_others_and_by_different_people()
    model.what_is_public_is_what_was_decided_upon()
    model.versions_grow_with_every_move_and_never_else()


def test_the_model_takes_back_what_was_published_ahead_of_its_review(model: Model) -> None:
    model.begin(promotions=set(), attribute="proactive", far=2)
    model.hurry(which=0, first="supervisor", second="publisher", reason="样例理由")
    model.deliver(down=False)
    model.afterwards(which=0, steps=[*AFTERWARDS[:2], *AFTERWARDS[3:5]], choice=0)
    assert State.RETRACTED is model.here(1).state
    model.deliver(down=False)
    model.what_is_public_is_what_was_decided_upon()
    model.correct(which=0, by="clerk", note="样例说明")
    model.go_on(which=1, choices=[0] * 9)
    model.deliver(down=False)
    assert [State.RETRACTED, State.PUBLISHED] == [model.here(item).state for item in (1, 2)]
    assert [1] == list(model.debts)
    model.what_is_decided_was_decided_on_this_text_by_others_and_by_different_people()
    model.versions_grow_with_every_move_and_never_else()


def test_the_model_gets_to_the_next_edition(model: Model) -> None:
    model.begin(promotions=set(), attribute="proactive", far=9)
    model.correct(which=0, by="clerk", note="样例说明")
    model.go_on(which=1, choices=[0] * 9)
    assert State.PUBLISHED is model.here(1).state
    for _ in range(2):
        model.deliver(down=False)
        model.what_is_public_is_what_was_decided_upon()
        model.of_all_editions_one_is_live_at_the_most()
        model.versions_grow_with_every_move_and_never_else()
    assert [State.SUPERSEDED, State.PUBLISHED] == [model.here(item).state for item in (1, 2)]


@pytest.mark.parametrize("attribute", ["on_request", "not_disclosed"])
def test_the_model_takes_up_again_what_ended_unpublished(model: Model, attribute: str) -> None:
    model.begin(promotions=set(), attribute=attribute, far=9)
    model.afterwards(which=0, steps=[AFTERWARDS[-1]], choice=0)
    assert State.DRAFT is model.here(1).state
    model.a_draft_keeps_decisions_only_where_the_policy_says_so()
    model.go_on(which=0, choices=[0] * 9)
    assert model.here(1).state in ENDS


def test_the_model_gets_to_publication_over_two_redactions(model: Model) -> None:
    model.begin(promotions=set(), attribute="proactive", far=3)
    model.ask_redaction(which=0, choices=[0, 1])
    assert {1} == model.owing
    model.go_on(which=0, choices=[0] * 9)
    model.deliver(down=False)
    assert State.PUBLISHED is model.here(1).state
    assert (2, set()) == (len(model.objected[1]), model.owing)
    model.versions_grow_with_every_move_and_never_else()
    model.what_is_decided_was_decided_on_this_text_by_others_and_by_different_people()


def test_the_model_notices_what_must_not_be(model: Model) -> None:
    model.begin(promotions=set(), attribute="proactive", far=9)
    model.authors[1].add("head")
    with pytest.raises(AssertionError, match="sign_off"):
        model.what_is_decided_was_decided_on_this_text_by_others_and_by_different_people()
    model.authors[1].remove("head")
    model.owing.add(1)
    with pytest.raises(AssertionError, match="owing"):
        model.what_is_decided_was_decided_on_this_text_by_others_and_by_different_people()
    model.owing.remove(1)
    with model.office.database.engine.begin() as connection:
        connection.execute(text("UPDATE decision SET voided_at = decided_at WHERE stage = 'seal'"))
    with pytest.raises(AssertionError):
        model.what_is_decided_was_decided_on_this_text_by_others_and_by_different_people()
    with model.office.database.engine.begin() as connection:
        connection.execute(text("UPDATE item SET owed_stage = 'seal'"))
    with pytest.raises(AssertionError):
        model.what_is_decided_was_decided_on_this_text_by_others_and_by_different_people()
    model.channel.pages.clear()
    with pytest.raises((AssertionError, KeyError)):
        model.what_is_public_is_what_was_decided_upon()
