"""A leaked secret is removed for good by two people; digest, decisions and trail stay."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from tests.service.sample_office import upload
from workflow.channels import RemovedItem
from workflow.errors import ChannelFailed, Conflict, InvalidInput, NotFound
from workflow.machine import Action
from workflow.models import Blob, Purge, Revision, table
from workflow.office import PURGED_TITLE
from workflow.testing import MemoryChannel

if TYPE_CHECKING:
    from tests.service.sample_office import SampleOffice

SECRET = "样例泄露内容"


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
    office.app.website.remove(removed, catalogue=office.app.catalogue)
    pages = b"".join(
        path.read_bytes() for path in office.app.settings.site.rglob("*") if path.is_file()
    )
    assert SECRET.encode() not in pages
    assert "样例文件第2号".encode() in pages
    rebuilt = office.app.website.build(office.app.catalogue, open_attachment=office.app.blobs.open)
    assert (2, 0, 0) == (rebuilt.items, rebuilt.written, rebuilt.removed)
    assert "published" == office.place(other)


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
