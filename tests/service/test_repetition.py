"""Saying it twice, and only asking: idempotency keys and dry runs."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from tests.service.sample_office import CIVIL, upload
from workflow.errors import Conflict, InvalidInput
from workflow.guards import Role
from workflow.machine import Action
from workflow.organisation import shipped
from workflow.runtime import MAX_KEY

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.service.sample_office import SampleOffice


def told(answer: dict[str, Any]) -> dict[str, Any]:
    """Return an answer without what only says how it came about."""
    return {name: value for name, value in answer.items() if name not in ("repeated", "dry_run")}


def test_the_same_call_with_the_same_key_is_done_once_and_answered_twice(
    office: SampleOffice,
) -> None:
    item = office.item_at("sign_off")
    version = office.row(item).version

    def sign() -> dict[str, Any]:
        return office.service.perform(
            item, Action.SIGN_OFF, office["head"], seen=version, key="once"
        )

    first = sign()
    with office.unchanged():
        second = sign()
    assert ("repeated" in first, second["repeated"]) == (False, True)
    assert first == told(second)
    assert 1 == len(office.decisions(item))


def test_a_repeated_entry_enters_one_item_and_one_file(office: SampleOffice) -> None:
    fields = office.fields()

    def enter() -> dict[str, Any]:
        return office.service.create(
            office["clerk"],
            fields,
            department=CIVIL,
            uploads=[upload("1.txt", b"1")],
            submit=True,
            key="once",
        )

    first = enter()
    with office.unchanged():
        second = enter()
    assert first == told(second)


def test_a_repeated_edit_answers_even_after_the_item_moved_on(office: SampleOffice) -> None:
    item = office.draft()

    def edit() -> dict[str, Any]:
        return office.service.revise(
            item,
            office["clerk"],
            {"title": "样例：改过的标题"},
            seen=1,
            attach=[upload("1.txt", b"1")],
            key="once",
        )

    first = edit()
    office.carry(item, to="seal")
    with office.unchanged():
        assert first == told(edit())


def test_a_key_says_the_same_thing_or_nothing(office: SampleOffice) -> None:
    item, other = office.item_at("sign_off"), office.item_at("sign_off")
    office.act(item, Action.SIGN_OFF, "head", key="once")
    with office.refused("key_used_before", by=Conflict):
        office.act(other, Action.SIGN_OFF, "head", key="once")
    with office.refused("key_used_before", by=Conflict):
        office.act(item, Action.RETURN, "head", key="once", to="draft", reason="样例")


def test_a_repeated_act_may_name_a_later_version(office: SampleOffice) -> None:
    item = office.item_at("sign_off")
    first = office.act(item, Action.SIGN_OFF, "head", key="once")
    with office.unchanged():
        assert first == told(office.act(item, Action.SIGN_OFF, "head", key="once"))
    draft = office.draft()
    changes = {"title": "样例：改过"}
    came = [
        office.service.revise(draft, office["clerk"], changes, seen=seen, key="again")
        for seen in (1, 2)
    ]
    assert came[0] == told(came[1])


def entered(office: SampleOffice, **options: Any) -> dict[str, Any]:
    """Enter a draft whose text is always the same, under the key ``once``."""
    fields = {"title": "样例", "body": "样例正文", "keywords": ["a", "b"], "normative": True}
    return office.service.create(
        office["clerk"],
        fields | options.pop("changes", {}),
        department=CIVIL,
        key="once",
        **options,
    )


@pytest.mark.parametrize(
    "other",
    [
        {"uploads": [upload("2.txt", b"1")]},
        {"uploads": [upload("1.txt", b"1")], "not_duplicate": "样例"},
        {"uploads": [upload("1.txt", b"1")], "restricted": True},
        {"uploads": [upload("1.txt", b"1")], "changes": {"keywords": ["a', 'b"]}},
        {"uploads": [upload("1.txt", b"1")], "changes": {"summary": "None"}},
    ],
    ids=["file name", "not duplicate", "restricted", "keywords", "none"],
)
def test_whatever_makes_another_entry_makes_another_call(
    office: SampleOffice, other: dict[str, Any]
) -> None:
    entered(office, uploads=[upload("1.txt", b"1")], changes={"summary": None})
    with office.refused("key_used_before", by=Conflict):
        entered(office, **({"changes": {"summary": None}} | other))


def test_a_date_is_the_same_however_it_is_given(office: SampleOffice) -> None:
    first = entered(office, changes={"formed_on": "2017-01-10"})
    assert first == told(entered(office, changes={"formed_on": date(2017, 1, 10)}))


def test_another_edit_is_another_call(office: SampleOffice) -> None:
    item = office.draft()

    def edit(name: str, *, not_duplicate: str | None = None) -> dict[str, Any]:
        return office.service.revise(
            item,
            office["clerk"],
            {},
            seen=1,
            attach=[upload(name, b"1")],
            not_duplicate=not_duplicate,
            key="once",
        )

    edit("1.txt")
    with office.refused("key_used_before", by=Conflict):
        edit("2.txt")
    with office.refused("key_used_before", by=Conflict):
        edit("1.txt", not_duplicate="样例")


def test_a_person_in_another_language_is_another_call(office: SampleOffice) -> None:
    office.accounts.add(office["admin"], "newcomer", display_name="样例", key="once")
    with office.refused("key_used_before", by=Conflict):
        office.accounts.add(
            office["admin"], "newcomer", display_name="样例", language="en", key="once"
        )


def test_keys_of_two_people_do_not_meet(office: SampleOffice) -> None:
    items = [office.item_at("sign_off") for _ in range(2)]
    for item, by in zip(items, ("head", "head2"), strict=True):
        office.act(item, Action.SIGN_OFF, by, key="once")
    assert ["seal", "seal"] == [office.place(item) for item in items]


def test_a_refused_call_may_be_tried_again_with_its_key(office: SampleOffice) -> None:
    item = office.item_at("seal")
    with office.refused("reason_required", "code_required"):
        office.act(item, Action.RETURN, "keeper", to="draft", key="once")
    office.give("outhead", Role.SEAL_KEEPER)
    office.act(item, Action.SEAL, "keeper", key="once")
    assert "confidentiality_review" == office.place(item)


@pytest.mark.parametrize("key", ["", "a\x00", "a\nb", "\ud800", "k" * (MAX_KEY + 1)])
def test_a_key_is_one_line_that_can_be_kept(office: SampleOffice, key: str) -> None:
    item = office.item_at("sign_off")
    with office.unchanged(), pytest.raises(InvalidInput):
        office.act(item, Action.SIGN_OFF, "head", key=key)


def test_the_longest_key_is_taken(office: SampleOffice) -> None:
    item = office.item_at("sign_off")
    office.act(item, Action.SIGN_OFF, "head", key="样" * MAX_KEY)
    assert "seal" == office.place(item)


DRY: list[tuple[str, Callable[[SampleOffice, int], dict[str, Any]]]] = [
    ("draft", lambda o, i: o.act(i, Action.SUBMIT, "clerk", dry_run=True)),
    ("draft", lambda o, i: o.act(i, Action.ABANDON, "clerk", dry_run=True)),
    (
        "draft",
        lambda o, i: o.service.revise(
            i,
            o["clerk"],
            {"title": "样例：改过"},
            seen=1,
            attach=[upload("1.txt", b"1")],
            dry_run=True,
        ),
    ),
    ("sign_off", lambda o, i: o.act(i, Action.SIGN_OFF, "head", dry_run=True)),
    ("sign_off", lambda o, i: o.act(i, Action.RECALL, "clerk", reason="样例", dry_run=True)),
    ("seal", lambda o, i: o.act(i, Action.SEAL, "keeper", key="dry", dry_run=True)),
    (
        "confidentiality_review",
        lambda o, i: o.act(
            i, Action.REVIEW_WITHHOLD, "reviewer", ground="personal_privacy", dry_run=True
        ),
    ),
    ("final_review", lambda o, i: o.act(i, Action.APPROVE, "final", dry_run=True)),
    (
        "final_review",
        lambda o, i: o.act(
            i, Action.RETURN, "final", to="seal", reason="样例", reason_code="other", dry_run=True
        ),
    ),
    ("cleared", lambda o, i: o.act(i, Action.PUBLISH, "publisher", dry_run=True)),
    (
        "draft",
        lambda o, _: o.service.create(
            o["clerk"],
            o.fields(),
            department=CIVIL,
            uploads=[upload("1.txt", b"1")],
            submit=True,
            dry_run=True,
        ),
    ),
    ("draft", lambda o, _: o.accounts.grant(
        o["admin"], "auditor", Role.CLERK, body=CIVIL, dry_run=True
    )),
    ("draft", lambda o, _: o.accounts.set_enabled(
        o["admin"], "auditor", enabled=False, dry_run=True
    )),
    ("draft", lambda o, _: o.bureau.import_organisation(
        o["admin"], shipped("sample_small"), dry_run=True
    )),
    ("draft", lambda o, i: o.bureau.ask_purge(
        o["admin"], o.row(i).digest, ground="personal_privacy", reason="样例", dry_run=True
    )),
]  # fmt: skip


@pytest.mark.parametrize(("place", "call"), DRY, ids=range(len(DRY)))
def test_a_dry_run_answers_as_the_act_would_and_changes_nothing(
    office: SampleOffice, place: str, call: Callable[[SampleOffice, int], dict[str, Any]]
) -> None:
    item = office.item_at(place)
    with office.unchanged():
        answer = call(office, item)
    assert answer["dry_run"] is True


def test_the_answer_of_a_dry_run_is_exact(office: SampleOffice) -> None:
    item = office.item_at("seal")
    dry = office.act(item, Action.SEAL, "keeper", dry_run=True)
    assert told(dry) == office.act(item, Action.SEAL, "keeper")


def test_a_dry_run_is_refused_as_the_act_would_be(office: SampleOffice) -> None:
    item = office.item_at("sign_off")
    with office.refused("role_missing", "author_may_not_decide"):
        office.act(item, Action.SIGN_OFF, "clerk", dry_run=True)


def test_a_dry_run_does_not_use_up_its_key(office: SampleOffice) -> None:
    item = office.item_at("sign_off")
    office.act(item, Action.SIGN_OFF, "head", key="once", dry_run=True)
    answer = office.act(item, Action.SIGN_OFF, "head", key="once")
    assert "repeated" not in answer


def test_looking_at_what_one_may_do_keeps_nothing(office: SampleOffice) -> None:
    item = office.item_at("sign_off")
    with office.unchanged():
        office.service.consider(item, office["head"])
