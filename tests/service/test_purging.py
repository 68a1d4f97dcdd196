"""A leaked secret is removed for good by two people; digest, decisions and trail stay."""

from __future__ import annotations

import hashlib
import io
import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select
from typing_extensions import override

from tests.service.sample_office import CIVIL, FINANCE, upload
from tests.service.test_publishing import Interrupted
from workflow.channels import RemovedItem
from workflow.errors import ChannelFailed, Conflict, Damaged, InvalidInput, NotFound, Refused
from workflow.guards import Role
from workflow.machine import Action
from workflow.models import Blob, Purge, Revision, table
from workflow.office import PURGED_TITLE
from workflow.testing import MemoryChannel

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.service.sample_office import SampleOffice
    from workflow.channels import Catalogue

SECRET = "样例泄露内容"


class HalfDead(MemoryChannel):
    """Confirms, and then cannot write its indexes."""

    @override
    def _list(self, catalogue: Catalogue) -> None:
        raise ChannelFailed("site_busy", path="样例")


def ask(office: SampleOffice, target: str, by: str = "admin") -> dict[str, Any]:
    """Ask for a purge."""
    return office.bureau.ask_purge(
        office[by], target, ground="personal_privacy", reason="样例：含有个人信息"
    )


def purge(office: SampleOffice, target: str) -> dict[str, Any]:
    """Ask for a purge and let somebody else confirm it."""
    ask(office, target)
    return office.bureau.confirm_purge(office["supervisor"], target)


def digests(office: SampleOffice, item: int) -> list[str]:
    """Return the digests of an item's revisions."""
    revision = table(Revision)
    with office.database.read() as connection:
        return list(
            connection.execute(
                select(revision.c.digest)
                .where(revision.c.item_id == item)
                .order_by(revision.c.number)
            ).scalars()
        )


def test_a_purge_leaves_the_digest_and_takes_the_content(office: SampleOffice) -> None:
    item = office.item_at("seal", body=SECRET, title=SECRET, document_number=SECRET)
    decisions = office.decisions(item)
    for target in digests(office, item):
        purge(office, target)
    row = office.row(item)
    assert (PURGED_TITLE, None) == (row.title, row.document_number)
    assert decisions == office.decisions(item)
    assert [None, None] == [
        each["content"] for each in office.queries.revisions(office["clerk"], item)
    ]
    assert SECRET not in str(office.everything())
    assert [] == office.faults()
    assert ["purged", "purged"] == office.events(item)[-2:]
    assert ["purge_asked", "purged"] * 2 == office.events()[-4:]


def test_a_purge_makes_the_version_grow_because_what_was_seen_is_gone(
    office: SampleOffice,
) -> None:
    item = office.item_at("sign_off")
    version = office.row(item).version
    purge(office, office.row(item).digest)
    with office.refused("changed_since", by=Conflict):
        office.service.perform(item, Action.SIGN_OFF, office["head"], seen=version)


def test_what_was_purged_is_not_decided_on_any_more(office: SampleOffice) -> None:
    item = office.item_at("sign_off")
    purge(office, office.row(item).digest)
    with office.refused("content_purged"):
        office.act(item, Action.SIGN_OFF, "head")
    office.give_back(item, "head")
    with office.refused("content_purged"):
        office.act(item, Action.SUBMIT, "clerk")
    office.act(item, Action.ABANDON, "head", reason="样例理由")


def test_a_doubt_about_what_was_purged_can_still_be_answered(office: SampleOffice) -> None:
    item = office.item_at("confidentiality_review")
    office.act(item, Action.REVIEW_REFER, "reviewer", question="样例", addressee="样例")
    purge(office, office.row(item).digest)
    office.act(item, Action.ANSWER, "reviewer", answer="样例")
    office.give_back(item, "reviewer")
    assert "draft" == office.place(item)


def test_what_was_purged_is_not_published(office: SampleOffice) -> None:
    item = office.item_at("cleared")
    purge(office, office.row(item).digest)
    with office.refused("content_purged"):
        office.act(item, Action.PUBLISH, "publisher")


def test_what_was_purged_on_its_way_out_is_not_published(office: SampleOffice) -> None:
    item = office.item_at("publishing")
    purge(office, office.row(item).digest)
    channel = MemoryChannel()
    sent = office.publisher(channel).dispatch_item(item)
    assert sent is not None
    assert isinstance(sent.error, ChannelFailed)
    assert ("failed", {}, "publication_failed") == (sent.result, channel.pages, office.place(item))
    assert ["failed"] == [str(each.status) for each in office.deliveries(item)]


def meanwhile(office: SampleOffice, item: int, happens: Callable[[], None]) -> Any:
    """Let something happen between page and confirmation; return what came, and what is public."""
    channel = Interrupted(happens)
    sent = office.publisher(channel).dispatch_item(item)
    assert sent is not None
    return sent.result, sent.error and sent.error.code, dict(channel.pages)


def test_what_is_purged_between_page_and_confirmation_is_not_published(
    office: SampleOffice,
) -> None:
    item = office.item_at("publishing")
    came = meanwhile(office, item, lambda: void(purge(office, office.row(item).digest)))
    assert ("failed", "content_purged", {}) == came
    assert "publication_failed" == office.place(item)
    with office.refused("content_purged"):
        office.act(item, Action.RETRY, "publisher")
    office.give_back(item, "publisher")
    assert [] == office.app.publisher.dispatch()


def void(_: object) -> None:
    """Forget an answer."""


def with_file(office: SampleOffice, place: str) -> tuple[int, str]:
    """Carry an item with an attached file to a place; return its number and the file's hash."""
    item = office.draft(uploads=[upload("名单.txt", SECRET.encode())])
    return office.carry(item, to=place), hashlib.sha256(SECRET.encode()).hexdigest()


@pytest.mark.parametrize(
    ("place", "action", "by"),
    [("draft", Action.SUBMIT, "clerk"), ("cleared", Action.PUBLISH, "publisher")],
)
def test_an_item_goes_no_further_without_a_file_that_was_decided_upon(
    office: SampleOffice, place: str, action: Action, by: str
) -> None:
    item, sha256 = with_file(office, place)
    purge(office, sha256)
    with office.refused("attachments_purged"):
        office.act(item, action, by)


def test_an_item_whose_file_was_purged_goes_on_without_it(office: SampleOffice) -> None:
    item, sha256 = with_file(office, "cleared")
    purge(office, sha256)
    office.give_back(item, "publisher")
    office.revise(item, title="样例：另一个标题")
    with office.refused("attachments_purged"):
        office.act(item, Action.SUBMIT, "clerk")
    office.service.revise(
        item, office["clerk"], {}, seen=office.row(item).version, detach=["名单.txt"]
    )
    office.carry(item, to="published")


def test_a_file_purged_on_its_way_out_stops_the_publication_at_once(office: SampleOffice) -> None:
    item, sha256 = with_file(office, "publishing")
    purge(office, sha256)
    channel = MemoryChannel()
    sent = office.publisher(channel).dispatch_item(item)
    assert sent is not None
    assert ("failed", {}, "publication_failed") == (sent.result, channel.pages, office.place(item))
    with office.refused("attachments_purged"):
        office.act(item, Action.RETRY, "publisher")


def test_a_file_purged_between_page_and_confirmation_stops_the_publication(
    office: SampleOffice,
) -> None:
    item, sha256 = with_file(office, "publishing")
    came = meanwhile(office, item, lambda: void(purge(office, sha256)))
    assert ("failed", "attachments_purged", {}) == came


def test_what_was_purged_after_its_confirmation_is_delivered_as_a_notice(
    office: SampleOffice,
) -> None:
    item = office.item_at("publishing", body=SECRET)

    office.publisher(HalfDead()).dispatch_item(item)
    purge(office, office.row(item).digest)
    office.clock.advance(timedelta(hours=1))
    channel = MemoryChannel()
    sent = office.publisher(channel).dispatch_item(item)
    assert sent is not None
    assert "published" == sent.result
    assert [RemovedItem] == [type(page) for page in channel.pages.values()]
    assert ["done"] == [str(each.status) for each in office.deliveries(item)]


def test_a_late_sender_does_not_bring_back_what_was_purged(office: SampleOffice) -> None:
    item = office.item_at("publishing", body=SECRET)

    office.publisher(HalfDead()).dispatch_item(item)
    office.clock.advance(timedelta(hours=1))
    # It has read the content, and then the purge comes before it can say that the page is there.
    late = Interrupted(lambda: void(purge(office, office.row(item).digest)))
    office.publisher(late).dispatch_item(item)
    assert [RemovedItem] == [type(page) for page in late.pages.values()]
    assert ["done"] == [str(each.status) for each in office.deliveries(item)]


def test_a_page_that_a_dead_sender_left_is_cleared_as_well(office: SampleOffice) -> None:
    item = office.item_at("publishing")
    target = office.row(item).digest

    def die() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        office.publisher(Interrupted(die)).dispatch_item(item)
    other = office.item_at("cleared")
    assert [office.row(item).index_number] == purge(office, target)["on_site"]
    assert [] == purge(office, office.row(other).digest)["on_site"]


def test_a_purged_draft_is_written_anew(office: SampleOffice) -> None:
    item = office.item_at("sign_off", body=SECRET, title=SECRET)
    number = office.row(item).index_number
    purge(office, office.row(item).digest)
    office.give_back(item, "head")
    for missing in ("title", "body"):
        with office.refused("field_empty", by=InvalidInput):
            office.revise(item, **({"title": "样例", "body": "样例"} | {missing: None}))
        with office.refused("field_empty", by=InvalidInput):
            office.revise(item, **{name: "样例" for name in ("title", "body") if name != missing})
    office.revise(item, title="样例：干净的标题", body="样例：干净的正文")
    office.carry(item, to="published")
    assert (number, "样例：干净的标题") == (office.row(item).index_number, office.row(item).title)
    assert SECRET not in str(office.everything())


def test_the_same_text_does_not_come_back(office: SampleOffice) -> None:
    fields = office.fields(body=SECRET)
    item = office.service.create(office["clerk"], fields, department=CIVIL, submit=True)["item"]
    purge(office, office.row(item).digest)
    with office.refused("revision_purged"):
        office.service.create(office["clerk"], fields, department=CIVIL)
    office.give_back(item, "head")
    with office.refused("revision_purged"):
        office.revise(item, title=fields["title"], body=SECRET)


@pytest.mark.parametrize("which", [0, 1])
def test_the_same_text_under_its_number_goes_as_well(office: SampleOffice, which: int) -> None:
    item = office.draft(changes={"body": "样例正文，第一稿。"})
    office.revise(item, body=SECRET)
    office.carry(item, to="published")
    first, *leaked = digests(office, item)
    purge(office, leaked[which])
    assert SECRET not in str(office.everything())
    contents = [each["content"] for each in office.queries.revisions(office["clerk"], item)]
    assert [True, False, False] == [content is not None for content in contents]
    assert json.loads(office.trail(item)[-1].details)["also"] == [leaked[1 - which]]
    removed = office.app.catalogue.item(item)
    assert isinstance(removed, RemovedItem)
    assert "个人隐私" in removed.ground
    assert [first] == [each for each in digests(office, item) if each not in leaked]


def test_a_purge_reaches_every_revision_of_that_digest(office: SampleOffice) -> None:
    fields = office.fields(body=SECRET)
    items = [
        office.service.create(office["clerk"], fields, department=CIVIL, not_duplicate="样例")[
            "item"
        ]
        for _ in range(60)
    ]
    assert items == purge(office, office.row(items[0]).digest)["items"]
    assert SECRET not in str(office.everything())


def test_who_confirms_has_a_role_for_the_body_of_every_item(office: SampleOffice) -> None:
    fields = office.fields()
    item = office.service.create(office["clerk"], fields, department=CIVIL)["item"]
    office.give("receiver", Role.CONFIDENTIALITY_REVIEWER, body=FINANCE)
    target = office.row(item).digest
    ask(office, target)
    with office.refused("needs_role"):
        office.bureau.confirm_purge(office["receiver"], target)
    office.bureau.confirm_purge(office["reviewer2"], target)


def test_what_was_said_is_kept_out_of_trail_and_decisions(office: SampleOffice) -> None:
    item = office.draft(not_duplicate=SECRET)
    office.act(item, Action.SUBMIT, "clerk", reason=SECRET)
    office.act(item, Action.SIGN_OFF, "head", reason=SECRET, reason_code=SECRET, found=(SECRET,))
    office.act(item, Action.SEAL, "keeper", to=SECRET, ground=SECRET)
    office.act(item, Action.REVIEW_REFER, "reviewer", question=SECRET, addressee=SECRET)
    office.act(item, Action.ANSWER, "reviewer", answer=SECRET)
    office.act(item, Action.REVIEW_DISCLOSE_IN_PART, "reviewer", redactions=(SECRET,))
    rows = office.everything()
    assert {"remark"} == {name for name, kept in rows.items() if SECRET in str(kept)}
    said = [entry["said"] for entry in office.queries.history(office["clerk"], item)]
    assert 7 == str(said).count(f"'{SECRET}'")
    remarks = [
        json.loads(entry.details)["remark"]
        for entry in office.trail(item)
        if "remark" in json.loads(entry.details)
    ]
    for target in remarks:
        assert ("remark", [item], []) == tuple(
            purge(office, target)[name] for name in ("kind", "items", "on_site")
        )
    assert SECRET not in str(office.everything())
    assert [] == office.faults()
    shown = office.queries.show(office["clerk"], item)["decisions"]
    assert [True] * len(shown) == [
        row["remark_purged_at"] is not None for row in shown if row["action"] != "seal"
    ] + [row["remark"] is None for row in shown if row["action"] == "seal"]


def test_words_that_were_purged_cannot_be_guessed_by_their_digest(office: SampleOffice) -> None:
    items = [office.draft(not_duplicate=SECRET) for _ in range(2)]
    digests_ = {json.loads(office.trail(item)[0].details)["remark"] for item in items}
    assert 2 == len(digests_)


def test_the_reason_of_a_purge_can_be_purged_itself(office: SampleOffice) -> None:
    office.bureau.ask_purge(
        office["admin"],
        office.row(office.draft()).digest,
        ground="personal_privacy",
        reason=SECRET,
    )
    target = json.loads(office.trail()[-1].details)["remark"]
    ask(office, target)
    with office.refused("needs_role"):
        office.bureau.confirm_purge(office["reviewer2"], target)
    office.bureau.confirm_purge(office["reviewer"], target)
    assert SECRET not in str(office.everything())


@pytest.mark.parametrize("name", ["reason", "question", "addressee", "answer", "redactions"])
def test_a_mark_in_words_is_refused_and_leaves_a_stub(office: SampleOffice, name: str) -> None:
    item = office.item_at("confidentiality_review")
    words = "机密★10年"
    wish: dict[str, Any] = {name: (words,) if name == "redactions" else words}
    with pytest.raises(Refused) as refusal:
        office.act(item, Action.REVIEW_DISCLOSE_IN_PART, "reviewer", **wish)
    assert ("classification_mark", name) == (refusal.value.code, refusal.value.params["part"])
    assert "classified_upload_refused" == office.events()[-1]
    assert "机密" not in str(office.everything())


def test_a_mark_in_the_reason_of_a_purge_or_a_second_entry_is_refused(
    office: SampleOffice,
) -> None:
    target = office.row(office.draft()).digest
    for attempt in (
        lambda: office.draft(not_duplicate="机密★"),
        lambda: office.bureau.ask_purge(
            office["admin"], target, ground="personal_privacy", reason="机密★"
        ),
    ):
        with pytest.raises(Refused) as refusal:
            attempt()
        assert "classification_mark" == refusal.value.code


def test_a_file_that_is_purged_while_it_is_taken_in_is_not_attached(office: SampleOffice) -> None:
    with_file(office, "draft")
    (sha256,) = office.app.blobs.stored()
    ask(office, sha256)
    second = upload("另一个名字.txt", SECRET.encode())
    taken = office.app.intake.take([second], account_id=office["clerk"], dry_run=False)
    office.bureau.confirm_purge(office["supervisor"], sha256)
    # What was read before the purge is written after it.
    office.app.blobs.put(io.BytesIO(SECRET.encode()), name="名单.txt", limit=1000)
    with (
        pytest.raises(Refused, match="attachment_purged"),
        office.database.transaction() as transaction,
    ):
        office.app.intake.hold(transaction, taken)
    assert [] == list(office.app.blobs.stored())


def test_what_a_failed_delivery_has_quoted_goes_as_well(office: SampleOffice) -> None:
    name = f"{SECRET}.txt"
    item = office.carry(office.draft(uploads=[upload(name, b"1")]), to="publishing")
    channel = MemoryChannel()
    channel.failure = Damaged("attachment_damaged", name=name, sha256="样例")
    office.publisher(channel).dispatch_item(item)
    purge(office, office.row(item).digest)
    assert SECRET not in str(office.everything())


def test_an_earlier_revision_is_purged_without_touching_the_current_one(
    office: SampleOffice,
) -> None:
    item = office.draft(changes={"body": SECRET})
    office.revise(item, body="样例正文，已更正。")
    first, second = digests(office, item)
    purge(office, first)
    assert (second, "draft") == (office.row(item).digest, office.place(item))
    office.carry(item, to="published")
    assert SECRET not in str(office.everything())


def test_two_people_are_needed(office: SampleOffice) -> None:
    item = office.draft()
    target = office.row(item).digest
    ask(office, target)
    with office.refused("purge_needs_two"):
        office.bureau.confirm_purge(office["admin"], target)
    office.bureau.confirm_purge(office["admin2"], target)


def test_only_an_administrator_asks_and_only_some_confirm(office: SampleOffice) -> None:
    target = office.row(office.draft()).digest
    for by in ("clerk", "supervisor", "reviewer", "auditor"):
        with office.refused("needs_role"):
            ask(office, target, by)
    ask(office, target)
    for by in ("clerk", "head", "publisher", "auditor"):
        with office.refused("needs_role"):
            office.bureau.confirm_purge(office[by], target)
    office.bureau.confirm_purge(office["reviewer"], target)


def test_nothing_is_purged_that_nobody_asked_for(office: SampleOffice) -> None:
    target = office.row(office.draft()).digest
    with office.refused("no_purge_asked", by=NotFound):
        office.bureau.confirm_purge(office["supervisor"], target)


def test_one_asks_once(office: SampleOffice) -> None:
    target = office.row(office.draft()).digest
    ask(office, target)
    with office.refused("purge_asked_before", by=Conflict):
        ask(office, target, "admin2")


@pytest.mark.parametrize(
    ("target", "code", "kind"),
    [
        ("abc", "purge_target_wrong", InvalidInput),
        ("%" * 8, "purge_target_wrong", InvalidInput),
        ("________", "purge_target_wrong", InvalidInput),
        ("a" * 7 + "\x00", "purge_target_wrong", InvalidInput),
        ("0" * 64, "no_purge_target", NotFound),
        ("0" * 500, "no_purge_target", NotFound),
    ],
    ids=["short", "percent", "underscore", "nul", "unknown", "long"],
)
def test_a_target_is_a_digest(
    office: SampleOffice, target: str, code: str, kind: type[InvalidInput | NotFound]
) -> None:
    office.draft()
    with office.refused(code, by=kind):
        ask(office, target)


def test_a_purge_says_why(office: SampleOffice) -> None:
    target = office.row(office.draft()).digest
    with office.refused("reason_required"):
        office.bureau.ask_purge(office["admin"], target, ground="personal_privacy", reason=" ")
    with office.refused("unknown_ground", by=InvalidInput):
        office.bureau.ask_purge(office["admin"], target, ground="mood", reason="样例")


def test_eight_digits_of_a_digest_suffice(office: SampleOffice) -> None:
    item = office.draft()
    target = office.row(item).digest
    assert target == ask(office, target[:8].upper())["target"]
    answer = office.bureau.confirm_purge(office["supervisor"], target[:8])
    assert [item] == answer["items"]


def test_a_file_is_purged_from_the_store_and_its_row_stays(office: SampleOffice) -> None:
    sha256 = hashlib.sha256(SECRET.encode()).hexdigest()
    item = office.item_at("published")
    with_file = office.carry(
        office.draft(uploads=[upload("名单.txt", SECRET.encode())]), to="published"
    )
    answer = purge(office, sha256)
    assert ("attachment", [with_file]) == (answer["kind"], answer["items"])
    assert [] == list(office.app.blobs.stored())
    with office.database.read() as connection:
        blob = connection.execute(select(table(Blob))).one()
    assert blob.purged_at is not None
    assert "purged" in office.events(with_file)
    assert "purged" not in office.events(item)


def test_a_dry_run_removes_neither_row_nor_file(office: SampleOffice) -> None:
    office.draft(uploads=[upload("名单.txt", b"1")])
    (sha256,) = office.app.blobs.stored()
    ask(office, sha256)
    with office.unchanged():
        office.bureau.confirm_purge(office["supervisor"], sha256, dry_run=True)


def test_what_was_purged_may_not_come_back(office: SampleOffice) -> None:
    office.draft(uploads=[upload("名单.txt", SECRET.encode())])
    (sha256,) = office.app.blobs.stored()
    purge(office, sha256)
    with office.refused("attachment_purged"):
        office.draft(uploads=[upload("另一个名字.txt", SECRET.encode())])


def test_the_site_is_cleared_of_a_purged_revision(office: SampleOffice) -> None:
    item = office.item_at("published", body=SECRET, title=SECRET)
    other = office.item_at("published")
    (target, numbered) = digests(office, item)
    purge(office, target)
    purge(office, numbered)
    removed = office.app.catalogue.item(item)
    assert isinstance(removed, RemovedItem)
    office.app.website.remove(removed, catalogue=office.app.catalogue, confirm=lambda: None)
    pages = b"".join(
        path.read_bytes() for path in office.app.settings.site.rglob("*") if path.is_file()
    )
    assert SECRET.encode() not in pages
    assert "样例文件第2号".encode() in pages
    rebuilt = office.app.website.build(office.app.catalogue, open_attachment=office.app.blobs.open)
    assert (2, 0, 0) == (rebuilt.items, rebuilt.written, rebuilt.removed)
    assert "published" == office.place(other)


def test_what_is_purged_is_off_the_site_though_the_rest_cannot_be_rebuilt(
    office: SampleOffice,
) -> None:
    with_file(office, "published")
    item = office.item_at("published", body="样例：泄露的正文")
    office.app.blobs.remove(hashlib.sha256(SECRET.encode()).hexdigest())
    (number,) = purge(office, office.row(item).digest)["on_site"]
    office.app.website.clear(number)
    site = office.app.settings.site
    assert not office.app.website.page(number).parent.exists()
    for index in site.rglob("*"):
        assert not index.is_file() or "泄露的正文".encode() not in index.read_bytes()


def test_the_site_is_cleared_of_a_purged_file(office: SampleOffice) -> None:
    office.carry(office.draft(uploads=[upload("名单.txt", SECRET.encode())]), to="published")
    (sha256,) = office.app.blobs.stored()
    purge(office, sha256)
    office.app.website.build(office.app.catalogue, open_attachment=office.app.blobs.open)
    pages = [path for path in office.app.settings.site.rglob("*") if path.is_file()]
    assert not [path for path in pages if SECRET.encode() in path.read_bytes()]


def test_the_request_and_the_confirmation_are_kept(office: SampleOffice) -> None:
    target = office.row(office.draft()).digest
    purge(office, target)
    with office.database.read() as connection:
        row = connection.execute(select(table(Purge))).one()
    assert (target, "personal_privacy", office["admin"], office["supervisor"]) == (
        row.target,
        row.ground,
        row.requested_by,
        row.confirmed_by,
    )
