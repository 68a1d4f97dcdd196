"""Both databases refuse alike: strange words and numbers get one answer, and it is one of ours."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.service.sample_office import CIVIL, upload
from workflow.errors import GongkaiError
from workflow.guards import Role
from workflow.machine import Action

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.service.sample_office import SampleOffice

pytestmark = pytest.mark.postgres


def wished(action: Action, by: str, **said: Any) -> Callable[[SampleOffice, int, str], Any]:
    """Return a call that says strange words with an act; ``...`` stands for the word."""

    def call(office: SampleOffice, item: int, word: str) -> Any:
        words: dict[str, Any] = {
            name: word if value is ... else (word,) if value == (...,) else value
            for name, value in said.items()
        }
        return office.act(item, action, by, **words)

    return call


def entered(office: SampleOffice, **options: Any) -> str:
    """Enter a draft; its number is left out, for PostgreSQL gives none again that was undone."""
    return office.place(office.draft(**options))


IN_PART: Final = Action.REVIEW_DISCLOSE_IN_PART
RETURN: Final = Action.RETURN
WITHHOLD: Final = Action.REVIEW_WITHHOLD
CALLS: Final[dict[str, tuple[str, Callable[[SampleOffice, int, str], Any]]]] = {
    "department": ("draft", lambda o, _, w: entered(o, department=w)),
    "readers": ("draft", lambda o, _, w: entered(o, restricted=True, readers=[w])),
    "not_duplicate": ("draft", lambda o, _, w: entered(o, not_duplicate=w)),
    "key": ("draft", lambda o, _, w: entered(o, key=w)),
    "file name": ("draft", lambda o, _, w: entered(o, uploads=[upload(w, b"1")])),
    "detach": (
        "draft",
        lambda o, i, w: o.service.revise(i, o["clerk"], {}, seen=1, detach=[w]),
    ),
    "seen": (
        "draft",
        lambda o, i, w: o.service.perform(i, Action.SUBMIT, o["clerk"], seen=w),
    ),
    **{
        name: ("draft", lambda o, i, w, name=name: o.revise(i, **{name: w}))  # type: ignore[misc]
        for name in (
            "title", "body", "summary", "document_number", "category", "genre", "ground",
            "attribute", "attribute_reason", "formed_on", "body_format",
        )
    },
    "keywords": ("draft", lambda o, i, w: o.revise(i, keywords=[w])),
    "channels": ("draft", lambda o, i, w: o.revise(i, channels=[w])),
    "reason": ("seal", wished(RETURN, "keeper", reason=..., reason_code="other", to="draft")),
    "reason code": ("seal", wished(RETURN, "keeper", reason="x", reason_code=..., to="draft")),
    "to": ("seal", wished(RETURN, "keeper", reason="x", reason_code="other", to=...)),
    "register number": ("seal", wished(Action.SEAL, "keeper", register_number=...)),
    "redactions": ("confidentiality_review", wished(IN_PART, "reviewer", redactions=(...,))),
    "found": ("confidentiality_review", wished(Action.REVIEW_DISCLOSE, "reviewer", found=(...,))),
    "found with a wrong act": ("seal", wished(Action.SEAL, "keeper", found=(...,))),
    "language": (
        "draft",
        lambda o, _, w: o.accounts.add(o["admin"], "newcomer", display_name="样例", language=w),
    ),
    "conclusion": ("confidentiality_review", wished(WITHHOLD, "reviewer", ground=...)),
    "question": (
        "confidentiality_review",
        wished(Action.REVIEW_REFER, "reviewer", question=..., addressee="x"),
    ),
    "addressee": (
        "confidentiality_review",
        wished(Action.REVIEW_REFER, "reviewer", question="x", addressee=...),
    ),
    "login": ("draft", lambda o, _, w: o.accounts.login(w, w)),
    "session": ("draft", lambda o, _, w: o.accounts.session(w)),
    "account": ("draft", lambda o, _, w: o.accounts.add(o["admin"], w, display_name="样例")),
    "display name": (
        "draft",
        lambda o, _, w: o.accounts.add(o["admin"], "newcomer", display_name=w),
    ),
    "reset": ("draft", lambda o, _, w: bool(o.accounts.reset(o["admin"], w))),
    "disable": ("draft", lambda o, _, w: o.accounts.set_enabled(o["admin"], w, enabled=False)),
    "grantee": ("draft", lambda o, _, w: o.accounts.grant(o["admin"], w, Role.CLERK, body=CIVIL)),
    "granted body": (
        "draft",
        lambda o, _, w: o.accounts.grant(o["admin"], "auditor", Role.CLERK, body=w),
    ),
    "purge": (
        "draft",
        lambda o, _, w: o.bureau.ask_purge(o["admin"], w, ground="personal_privacy", reason="x"),
    ),
    "purge ground": (
        "draft",
        lambda o, i, w: o.bureau.ask_purge(o["admin"], o.row(i).digest, ground=w, reason="x"),
    ),
    "purge reason": (
        "draft",
        lambda o, i, w: o.bureau.ask_purge(
            o["admin"], o.row(i).digest, ground="personal_privacy", reason=w
        ),
    ),
    "confirmed": ("draft", lambda o, _, w: o.bureau.confirm_purge(o["supervisor"], w)),
    "resolve": ("draft", lambda o, _, w: o.queries.resolve(o["clerk"], w, reading=True)),
    "listed stage": ("draft", lambda o, _, w: o.queries.items(o["clerk"], stage=w).total),
    "listed body": ("draft", lambda o, _, w: o.queries.items(o["clerk"], body=w).total),
}  # fmt: skip
"""Every word that comes from outside: where the item is meanwhile, and what is done with it."""
STRANGE: Final = (
    "", " ", "　", "\x00", "a\x00b", "\ud800", "\udfff", "a\nb", "\r", "\x85", "\u2028", "\ufeff",
    "'", "''; DROP TABLE item; --", "%", "_", "\\", "%s", ":name", "{0}", "null", "NaN", "-1",
    "样", "𠮷", "e\u0301", "x" * 120, "样" * 11_000, "x" * 300_000, "9" * 40, "2017-13-45", "draft",
)  # fmt: skip
STRANGE_WORDS: Final = st.one_of(
    st.sampled_from(STRANGE), st.text(st.characters(codec=None), max_size=20)
)


@pytest.fixture
def offices(
    sqlite_office: SampleOffice, postgresql_office: SampleOffice
) -> tuple[SampleOffice, SampleOffice]:
    """Give two offices that differ in nothing but their databases."""
    return sqlite_office, postgresql_office


def outcome(call: Callable[[], Any]) -> Any:
    """Return what comes of a call, so that two outcomes can be compared; a bug is raised."""
    try:
        answer = call()
    except GongkaiError as error:
        return type(error).__name__, error.code
    if isinstance(answer, dict):
        return sorted(set(answer) - {"digest"}), answer.get("state"), answer.get("stage")
    return type(answer).__name__ if isinstance(answer, tuple) else answer


@pytest.mark.parametrize("name", CALLS)
def test_a_strange_word_gets_the_same_answer_from_both(
    offices: tuple[SampleOffice, SampleOffice], name: str
) -> None:
    place, call = CALLS[name]
    items = [office.item_at(place) for office in offices]
    # Each answer stays an answer: what a word changed is told by the words after it.
    for word in STRANGE:
        one, two = (
            outcome(lambda: call(office, item, word))  # noqa: B023 # called at once
            for office, item in zip(offices, items, strict=True)
        )
        assert one == two, repr(word[:50])
        items = [
            item if office.place(item) == place else office.item_at(place)
            for office, item in zip(offices, items, strict=True)
        ]
    assert [] == offices[0].faults() == offices[1].faults()


def test_any_word_whatever_gets_the_same_answer_from_both(
    offices: tuple[SampleOffice, SampleOffice],
) -> None:
    items = {
        place: [office.item_at(place) for office in offices]
        for place in sorted({place for place, _ in CALLS.values()})
    }
    safe = sorted(
        set(CALLS) - {"reset", "disable", "account", "display name", "key", "not_duplicate"}
    )

    @settings(max_examples=120, suppress_health_check=[HealthCheck.too_slow])
    @given(name=st.sampled_from(safe), word=STRANGE_WORDS)
    def alike(name: str, word: str) -> None:
        place, call = CALLS[name]
        for index, office in enumerate(offices):
            if office.place(items[place][index]) != place:
                items[place][index] = office.item_at(place)
        one, two = (
            outcome(lambda: call(office, item, word))  # noqa: B023 # called at once
            for office, item in zip(offices, items[place], strict=True)
        )
        assert one == two

    alike()


NUMBERS: Final = (0, -1, 1, 2, 10**6, 2**31 - 1, 2**31, 2**63 - 1, 2**63, 10**40)


@pytest.mark.parametrize("number", NUMBERS)
def test_a_strange_number_gets_the_same_answer_from_both(
    offices: tuple[SampleOffice, SampleOffice], number: int
) -> None:
    for office in offices:
        office.draft()
    calls: list[Callable[[SampleOffice], Any]] = [
        lambda o: o.service.perform(number, Action.SUBMIT, o["clerk"], seen=1, dry_run=True),
        lambda o: o.service.perform(1, Action.SUBMIT, o["clerk"], seen=number, dry_run=True),
        lambda o: o.service.perform(1, Action.SUBMIT, number, seen=1, dry_run=True),
        lambda o: o.service.create(number, o.fields(), department=CIVIL, dry_run=True),
        lambda o: o.service.consider(number, o["clerk"]),
        lambda o: o.service.consider(1, number),
        lambda o: o.queries.show(o["clerk"], number)["item"],
        lambda o: o.queries.show(number, 1)["item"],
        lambda o: o.queries.items(number).total,
        lambda o: o.queries.items(o["clerk"], limit=number).total,
        lambda o: o.queries.items(o["clerk"], offset=number).total,
        lambda o: o.queries.inbox(number).total,
        lambda o: o.accounts.set_enabled(number, "clerk", enabled=True, dry_run=True),
        lambda o: o.bureau.confirm_purge(number, "0" * 64),
        lambda o: o.service.last_seen(number, 1),
        lambda o: o.service.last_seen(o["clerk"], number),
    ]
    for position, call in enumerate(calls):
        one, two = (outcome(lambda: call(office)) for office in offices)  # noqa: B023
        assert one == two, position


@pytest.mark.parametrize("day", [date.min, date(1949, 9, 30), date(2999, 12, 31), date.max])
def test_a_strange_day_gets_the_same_answer_from_both(
    offices: tuple[SampleOffice, SampleOffice], day: date
) -> None:
    for field in ("formed_on", "effective_on", "expires_on"):
        one, two = (
            outcome(lambda: entered(office, changes={field: day}))  # noqa: B023 # called at once
            for office in offices
        )
        assert one == two
    one, two = (
        outcome(lambda: concluded(office, day))  # noqa: B023 # called at once
        for office in offices
    )
    assert one == two


def concluded(office: SampleOffice, day: date) -> dict[str, Any]:
    """Withhold an item until a day."""
    item = office.item_at("confidentiality_review")
    return office.act(item, WITHHOLD, "reviewer", ground="personal_privacy", reassess_on=day)
