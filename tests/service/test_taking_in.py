"""Taking content in: fields, limits, attachments, classification marks, second entries."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from tests.service.sample_office import CIVIL, FINANCE, upload
from workflow.errors import InvalidInput, LimitExceeded, NotFound, NotSignedIn, Refused
from workflow.guards import Role
from workflow.intake import Upload
from workflow.machine import Action
from workflow.models import Blob, RevisionAttachment, ScreeningStub, table
from workflow.revisions import canonical, digest, read
from workflow.runtime import SHANGHAI

if TYPE_CHECKING:
    from pathlib import Path

    from tests.service.sample_office import SampleOffice


def content(office: SampleOffice, item: int) -> dict[str, Any]:
    """Return the content of an item's current revision."""
    found: dict[str, Any] = office.queries.show(office["clerk"], item)["content"]
    return found


# -- fields ----------------------------------------------------------------------------------


def test_what_is_stored_is_the_canonical_form_and_its_digest(office: SampleOffice) -> None:
    item = office.draft(
        changes={
            "title": " 样例标题 ",
            "body": "第一行\r\n第二行\r\n\r\n",
            "summary": "",
            "keywords": ["样例", " 样例 ", "", "公开"],
            "document_number": "样例发〔2017〕1号",
        }
    )
    form = json.dumps(content(office, item))
    stored = read(form)
    assert ("样例标题", "第一行\n第二行\n", None, ("样例", "公开")) == (
        stored.title,
        stored.body,
        stored.summary,
        stored.keywords,
    )
    assert digest(canonical(stored)) == office.row(item).digest


def test_the_catalogue_gives_the_theme_and_the_genre(office: SampleOffice) -> None:
    item = office.draft(changes={"category": "annual_report"})
    assert ("综合政务\\政务公开", "报告") == (
        content(office, item)["theme"],
        content(office, item)["genre"],
    )


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"title": ""}, "field_empty"),
        ({"title": " 　\n"}, "field_empty"),
        ({"title": "　 "}, "field_empty"),
        ({"title": None}, "field_empty"),
        ({"body": " \n\t\n"}, "field_empty"),
        ({"body": None}, "field_empty"),
        ({"title": "a\x00b"}, "bad_character"),
        ({"body": "a\x00b"}, "bad_character"),
        ({"body": "a\ud800b"}, "bad_character"),
        ({"keywords": ["a\x00b"]}, "bad_character"),
        ({"keywords": ["a\udfffb"]}, "bad_character"),
        ({"formed_on": "2017-01-21"}, "formed_in_future"),
        ({"formed_on": "1949-09-30"}, "date_out_of_range"),
        ({"formed_on": "2017-02-30"}, "date_wrong"),
        ({"formed_on": "yesterday"}, "date_wrong"),
        ({"formed_on": datetime(2017, 1, 10, tzinfo=SHANGHAI)}, "date_wrong"),
        ({"title": "样例\u202e文件"}, "bad_character"),
        ({"effective_on": "2018-01-02", "expires_on": "2018-01-01"}, "expires_before_effective"),
        ({"attribute": "secret"}, "value_unknown"),
        ({"category": "poetry"}, "unknown_category"),
        ({"ground": "bad_mood"}, "unknown_ground"),
        ({"channels": ["radio"]}, "unknown_channel"),
        ({"channels": []}, "field_empty"),
        ({"index_number": "YL-CIVIL/2017-00001"}, "field_unknown"),
        ({"publishing_body": "样例"}, "field_unknown"),
    ],
)
def test_what_neither_database_would_take_alike_is_refused_before_it(
    office: SampleOffice, changes: dict[str, Any], code: str
) -> None:
    with office.refused(code, by=InvalidInput):
        office.draft(changes=changes)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"title": None}, "field_empty"),
        ({"body": None}, "field_empty"),
        ({"title": ""}, "field_empty"),
        ({"body": "a\x00b"}, "bad_character"),
        ({"body": "a\ud800b"}, "bad_character"),
        ({"keywords": None}, "field_empty"),
        ({"formed_on": "2017-02-30"}, "date_wrong"),
        ({"nonsense": "1"}, "field_unknown"),
        ({"body_format": None}, "field_empty"),
        ({"formed_on_basis": None}, "field_empty"),
        ({"normative": "yes"}, "field_wrong"),
        ({"title": 5}, "field_wrong"),
        ({"channels": []}, "field_empty"),
        ({"title": "\u200b\u2060"}, "field_empty"),
        ({"keywords": "样例"}, "field_wrong"),
        ({"keywords": [5]}, "field_wrong"),
        ({"attribute": ["proactive"]}, "value_unknown"),
    ],
)
def test_an_edit_is_checked_as_an_entry_is(
    office: SampleOffice, changes: dict[str, Any], code: str
) -> None:
    item = office.draft()
    with office.refused(code, by=InvalidInput):
        office.revise(item, **changes)


def test_a_channel_that_is_named_twice_is_one(office: SampleOffice) -> None:
    item = office.item_at("publishing", channels=["website", "website"])
    content = office.queries.show(office["clerk"], item)["content"]
    assert ["website"] == list(content["channels"])
    assert ["website"] == [row.channel for row in office.deliveries(item)]


@pytest.mark.parametrize("formed_on", ["2017-01-20", "1949-10-01"])
def test_today_and_the_first_day_of_the_state_are_taken(
    office: SampleOffice, formed_on: str
) -> None:
    item = office.draft(changes={"formed_on": formed_on}, submit=True)
    assert formed_on == office.row(item).formed_on.isoformat()


# -- limits ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"body": "样" * 34}, "body_too_large"),
        ({"title": "样" * 301}, "field_too_long"),
        ({"summary": "样" * 1001}, "field_too_long"),
        ({"document_number": "样" * 101}, "field_too_long"),
        ({"keywords": [str(number) for number in range(21)]}, "too_many_keywords"),
        ({"keywords": ["样" * 51]}, "field_too_long"),
    ],
)
def test_more_than_the_office_allows_is_refused(
    office: SampleOffice, changes: dict[str, Any], code: str
) -> None:
    small = office.again(body_bytes="100")
    with office.refused(code, by=LimitExceeded):
        small.draft(changes=changes)
    small.close()


def test_what_is_just_within_the_limits_is_taken(office: SampleOffice) -> None:
    small = office.again(body_bytes="100", attachment_bytes="5", attachments="2")
    item = small.draft(
        # A body gets a final line end.
        changes={"body": "样" * 33, "title": "样" * 300, "keywords": list("0123456789")},
        uploads=[upload("1.txt", b"12345"), upload("2.txt", b"")],
    )
    small.close()
    assert 2 == len(content(office, item)["attachments"])


@pytest.mark.parametrize(
    ("uploads", "code"),
    [
        ([upload("1.txt", b"123456")], "attachment_too_large"),
        ([upload(f"{number}.txt", b"1") for number in range(3)], "too_many_attachments"),
    ],
    ids=["large", "many"],
)
def test_too_much_to_attach_is_refused(
    office: SampleOffice, uploads: list[Upload], code: str
) -> None:
    small = office.again(attachment_bytes="5", attachments="2")
    with office.refused(code, by=LimitExceeded):
        small.draft(uploads=uploads)
    small.close()


def test_one_file_more_than_allowed_is_refused_in_an_edit_too(office: SampleOffice) -> None:
    small = office.again(attachments="1")
    item = small.draft(uploads=[upload("1.txt", b"1")])
    with office.refused("too_many_attachments", by=LimitExceeded):
        small.service.revise(item, small["clerk"], {}, seen=1, attach=[upload("2.txt", b"1")])
    small.close()


@pytest.mark.parametrize("field", ["reason", "question", "addressee", "answer", "redactions"])
def test_words_that_come_with_an_act_have_a_limit(office: SampleOffice, field: str) -> None:
    item = office.item_at("confidentiality_review")
    words = "样" * 10_001
    wish: dict[str, Any] = {field: (words,) if field == "redactions" else words}
    with office.refused("field_too_long", by=LimitExceeded):
        office.act(item, Action.REVIEW_DISCLOSE_IN_PART, "reviewer", **wish)


# -- attachments -----------------------------------------------------------------------------


def test_a_file_is_kept_once_by_its_content(office: SampleOffice) -> None:
    item = office.draft(
        uploads=[upload("一.txt", b"same"), upload("二.txt", b"same"), upload("三.txt", b"other")]
    )
    sha256 = hashlib.sha256(b"same").hexdigest()
    with office.database.read() as connection:
        blobs = set(connection.execute(select(table(Blob).c.sha256)).scalars())
        attached = connection.execute(select(table(RevisionAttachment).c.sha256)).scalars().all()
    assert (
        blobs
        == set(office.app.blobs.stored())
        == {
            sha256,
            hashlib.sha256(b"other").hexdigest(),
        }
    )
    assert 3 == len(attached)
    assert ["一.txt", "二.txt", "三.txt"] == [
        each["name"] for each in content(office, item)["attachments"]
    ]
    with office.app.blobs.open(sha256) as stream:
        assert b"same" == stream.read()


def test_an_attachment_is_part_of_the_digest(office: SampleOffice) -> None:
    item = office.draft(uploads=[upload("一.txt", b"old")])
    before = office.row(item).digest
    answer = office.service.revise(
        item, office["clerk"], {}, seen=1, attach=[upload("一.txt", b"new")]
    )
    assert answer["changed"] is True
    assert before != office.row(item).digest


def test_a_file_under_a_known_name_takes_that_ones_place(office: SampleOffice) -> None:
    item = office.draft(uploads=[upload("一.txt", b"1"), upload("二.txt", b"2")])
    office.service.revise(item, office["clerk"], {}, seen=1, attach=[upload("一.txt", b"new")])
    files = content(office, item)["attachments"]
    assert ["一.txt", "二.txt"] == [each["name"] for each in files]
    assert hashlib.sha256(b"new").hexdigest() == files[0]["sha256"]


def test_the_same_file_again_changes_nothing(office: SampleOffice) -> None:
    item = office.draft(uploads=[upload("一.txt", b"1")])
    answer = office.service.revise(
        item, office["clerk"], {}, seen=1, attach=[upload("一.txt", b"1")]
    )
    assert (False, 1) == (answer["changed"], office.row(item).version)


def test_a_file_is_taken_off_by_its_name(office: SampleOffice) -> None:
    item = office.draft(uploads=[upload("一.txt", b"1"), upload("二.txt", b"2")])
    office.service.revise(item, office["clerk"], {}, seen=1, detach=["一.txt"])
    assert ["二.txt"] == [each["name"] for each in content(office, item)["attachments"]]
    with office.refused("no_such_attachment", by=InvalidInput):
        office.service.revise(item, office["clerk"], {}, seen=2, detach=["一.txt"])


@pytest.mark.parametrize(
    "name", ["", ".hidden", "a/b.txt", "..", "a\x00.txt", "a\u202etxt.exe", " a.txt", "a."]
)
def test_a_name_that_some_system_misreads_is_refused(office: SampleOffice, name: str) -> None:
    with office.unchanged(), pytest.raises(InvalidInput):
        office.draft(uploads=[upload(name, b"1")])


def test_two_names_that_some_system_cannot_tell_apart_are_refused(office: SampleOffice) -> None:
    with pytest.raises(InvalidInput) as refusal:
        office.draft(uploads=[upload("A.txt", b"1"), upload("a.TXT", b"2")])
    assert "attachment_twice" == refusal.value.code
    assert 0 == len(office.queries.items(office["clerk"]).rows)


def test_a_file_that_is_not_there_is_told_so(office: SampleOffice, tmp_path: Path) -> None:
    with office.refused("file_missing", by=InvalidInput):
        office.draft(uploads=[Upload("一.txt", (tmp_path / "missing").open)])  # type: ignore[arg-type]


def test_nobody_but_a_clerk_of_the_body_enters(office: SampleOffice) -> None:
    for by in ("head", "outsider", "final", "admin", "supervisor"):
        with office.refused("role_missing"):
            office.draft(by=by)
    with office.refused("body_does_not_publish"):
        office.draft(department="YL-CENTRE")
    with office.refused("no_such_body", by=NotFound):
        office.draft(department="YL-NOWHERE")


def test_a_body_may_be_named_in_full(office: SampleOffice) -> None:
    item = office.draft(department="东昌区民政局（样例）")
    assert CIVIL == office.queries.show(office["clerk"], item)["body"]


def test_somebody_unknown_enters_nothing_not_even_a_stub(office: SampleOffice) -> None:
    with office.refused("not_signed_in", by=NotSignedIn):
        office.service.create(999, office.fields(), department=CIVIL)
    with office.refused("not_signed_in", by=NotSignedIn):
        office.service.create(999, office.fields(body="机密★10年"), department=CIVIL)


def test_who_may_not_enter_leaves_no_file_behind(office: SampleOffice) -> None:
    with office.refused("role_missing"):
        office.draft(by="outsider", uploads=[upload("一.txt", b"1")])
    item = office.draft()
    with office.refused("no_such_item", by=NotFound):
        office.service.revise(item, office["outsider"], {}, seen=1, attach=[upload("一.txt", b"1")])
    with office.refused("role_missing"):
        office.service.revise(item, office["head"], {}, seen=1, attach=[upload("一.txt", b"1")])


# -- classification marks --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "uploads", "part"),
    [
        ({"body": "一\n机密★10年\n二"}, [], "body"),
        ({"title": "机密★10年 通知"}, [], "title"),
        ({"summary": "绝密"}, [], "summary"),
        ({"keywords": ["秘密★"]}, [], "keywords"),
        ({"document_number": "机密★1号"}, [], "document_number"),
        ({"attribute_reason": "秘密★5年"}, [], "attribute_reason"),
        ({"genre": "秘密★"}, [], "genre"),
        ({}, [upload("机密★10年.txt", b"1")], "file_name"),
        ({}, [upload("一.txt", "机密★10年".encode("gb18030"))], "file"),
    ],
    ids=["body", "title", "summary", "keyword", "number", "reason", "genre", "name", "file"],
)
def test_a_classification_mark_refuses_all_and_leaves_a_stub_without_content(
    office: SampleOffice, changes: dict[str, Any], uploads: list[Upload], part: str
) -> None:
    before = office.everything()
    with pytest.raises(Refused) as refusal:
        office.draft(changes=changes, uploads=uploads)
    after = office.everything()
    assert "classification_mark" == refusal.value.code
    assert part == refusal.value.params["part"]
    changed = {name for name in before if before[name] != after[name]}
    assert {"screening_stub", "audit_entry", "office"} == changed
    with office.database.read() as connection:
        stub = connection.execute(select(table(ScreeningStub))).one()
    assert (office["clerk"], part) == (stub.account_id, stub.part)
    assert "classified_upload_refused" == office.events()[-1]
    assert [] == office.faults()
    kept = "".join(after["screening_stub"]) + "".join(
        set(after["audit_entry"]) - set(before["audit_entry"])
    )
    assert "密" not in kept


def test_a_mark_in_an_edit_leaves_the_draft_as_it_was(office: SampleOffice) -> None:
    item = office.draft()
    row = office.row(item)
    for changes in ({"body": "机密★10年"}, {"title": "绝密★"}):
        with pytest.raises(Refused) as refusal:
            office.revise(item, **changes)
        assert "classification_mark" == refusal.value.code
    with pytest.raises(Refused):
        office.service.revise(
            item, office["clerk"], {}, seen=1, attach=[upload("一.txt", "秘密★".encode())]
        )
    assert row == office.row(item)
    assert [] == list(office.app.blobs.stored())


def test_a_dry_run_finds_a_mark_and_keeps_no_stub(office: SampleOffice) -> None:
    with office.refused("classification_mark"):
        office.draft(changes={"body": "机密★10年"}, dry_run=True)


def test_prose_about_secrets_is_left_alone(office: SampleOffice) -> None:
    body = "各单位要做好机密文件的保管工作，不得泄露国家秘密。"
    assert "draft" == office.place(office.draft(changes={"body": body}))


# -- second entries --------------------------------------------------------------------------


def test_a_second_entry_of_a_text_is_refused_with_the_number_of_the_first(
    office: SampleOffice,
) -> None:
    first = office.draft(changes={"body": "样例正文，同一篇。"}, submit=True)
    with office.refused("duplicate") as refusal:
        office.draft(changes={"body": "样例正文，同一篇。\r\n"})
    expected = {"item": first, "index_number": "YL-CIVIL/2017-00001"}
    assert expected == refusal.value.params


def test_a_second_entry_of_a_document_number_is_refused(office: SampleOffice) -> None:
    office.draft(changes={"document_number": "样例发〔2017〕1号"})
    with office.refused("duplicate"):
        office.draft(changes={"document_number": " 样例发〔2017〕1号"})


def test_an_edit_into_a_second_entry_is_refused(office: SampleOffice) -> None:
    office.draft(changes={"body": "样例正文，同一篇。"})
    item = office.draft()
    with office.refused("duplicate"):
        office.revise(item, body="样例正文，同一篇。")


def said(office: SampleOffice, item: int) -> list[dict[str, Any]]:
    """Return what was said with each entry of an item's trail."""
    return [entry["said"] for entry in office.queries.history(office["clerk"], item)]


def test_a_second_entry_on_purpose_says_why_and_may_be_edited_afterwards(
    office: SampleOffice,
) -> None:
    office.draft(changes={"body": "样例正文，同一篇。"})
    item = office.draft(changes={"body": "样例正文，同一篇。"}, not_duplicate="样例：另一机关转发")
    assert {"not_duplicate": "样例：另一机关转发"} == said(office, item)[0]
    office.revise(item, title="样例：另一个标题")
    assert "样例：另一个标题" == office.row(item).title


def test_an_edit_into_a_second_entry_on_purpose_says_why_in_the_trail(office: SampleOffice) -> None:
    office.draft(changes={"body": "样例正文，同一篇。"})
    item = office.draft()
    office.service.revise(
        item,
        office["clerk"],
        {"body": "样例正文，同一篇。"},
        seen=1,
        not_duplicate="样例：另一机关转发",
    )
    assert {"not_duplicate": "样例：另一机关转发"} == said(office, item)[-1]


def test_a_reason_for_a_second_entry_is_not_blank(office: SampleOffice) -> None:
    office.draft(changes={"body": "样例正文，同一篇。"})
    with office.refused("duplicate"):
        office.draft(changes={"body": "样例正文，同一篇。"}, not_duplicate="  ")


@pytest.mark.parametrize(
    "number",
    [
        "样政发[2017]1号",
        "样政发（2017）1号",
        "样政发(2017) 1 号",
        "样政发【２０１７】１号",
        "样政发\u200b〔2017〕\u30001号",
    ],
)
def test_a_document_number_is_recognised_however_it_is_typed(
    office: SampleOffice, number: str
) -> None:
    first = office.draft(changes={"document_number": "样政发〔2017〕1号"})
    with office.refused("duplicate"):
        office.draft(changes={"document_number": number})
    # Of an item itself another way of writing is no second entry.
    office.revise(first, document_number="样政发[2017]1号")
    office.draft(changes={"document_number": "样政发〔2017〕11号"})


def test_a_document_number_that_unfolds_without_end_is_refused(office: SampleOffice) -> None:
    with office.refused("field_too_long", by=LimitExceeded):
        office.draft(changes={"document_number": "\ufdfa" * 100})


def test_of_what_one_may_not_see_it_is_only_said_that_there_is_one(office: SampleOffice) -> None:
    office.draft(changes={"body": "样例正文，同一篇。"})
    with office.refused("duplicate_unseen") as refusal:
        office.draft(by="outsider", department=FINANCE, changes={"body": "样例正文，同一篇。"})
    assert {} == refusal.value.params


def test_an_abandoned_text_may_be_entered_again(office: SampleOffice) -> None:
    item = office.draft(changes={"body": "样例正文，同一篇。"})
    office.act(item, Action.ABANDON, "clerk")
    office.draft(changes={"body": "样例正文，同一篇。"})


# -- restricted ------------------------------------------------------------------------------


def test_a_restricted_item_names_its_readers(office: SampleOffice) -> None:
    item = office.draft(restricted=True, readers=["receiver", "outsider"])
    assert office.row(item).restricted is True
    for reader in ("clerk", "receiver", "outsider"):
        assert item == office.queries.show(office[reader], item)["item"]
    with pytest.raises(NotFound):
        office.queries.show(office["colleague"], item)


def test_a_reader_who_is_not_there_stops_the_entry(office: SampleOffice) -> None:
    with office.refused("no_such_account", by=NotFound):
        office.draft(restricted=True, readers=["nobody"])
    office.accounts.set_enabled(office["admin"], "receiver", enabled=False)
    with office.refused("no_such_account", by=NotFound):
        office.draft(restricted=True, readers=["receiver"])


def test_a_clerk_who_lost_the_role_edits_no_more(office: SampleOffice) -> None:
    item = office.draft()
    office.give("clerk", Role.CLERK, revoke=True)
    with office.refused("no_such_item", by=NotFound):
        office.revise(item, title="样例：改过的标题")


def test_an_edit_is_no_act_without_its_content(office: SampleOffice) -> None:
    item = office.draft()
    with office.refused("action_not_performed", by=InvalidInput):
        office.act(item, Action.REVISE, "clerk")
