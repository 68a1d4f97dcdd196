"""Publications are carried out: taken for a while, delivered at least once, told as a state."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text
from typing_extensions import override

from tests.service.sample_office import CIVIL, START, upload
from tests.service.tampering import unguarded
from workflow.channels import PublicItem
from workflow.errors import ChannelFailed, Damaged, NotFound
from workflow.machine import Action
from workflow.publishing import LEASE
from workflow.testing import MemoryChannel

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import BinaryIO

    from tests.service.sample_office import SampleOffice
    from workflow.channels import Catalogue, OpenAttachment


DOWN = ChannelFailed("site_busy", path="样例")
MINUTE = timedelta(minutes=1)


def test_what_is_delivered_is_what_was_decided_upon(office: SampleOffice) -> None:
    item = office.carry(office.draft(uploads=[upload("附表.txt", b"1,2")]), to="publishing")
    channel = MemoryChannel()
    sent = office.publisher(channel).dispatch_item(item)
    page = channel.pages["YL-CIVIL/2017-00001"]
    revisions = office.queries.revisions(office["clerk"], item)
    assert sent is not None
    assert (item, "published", None) == (sent.item, sent.result, sent.error)
    assert isinstance(page, PublicItem)
    assert (office.row(item).digest, START, CIVIL, True) == (
        page.digest,
        page.published_at,
        page.body_code,
        page.sample,
    )
    assert revisions[-1]["content"]["body"] == page.content.body
    assert b"1,2" == channel.files["YL-CIVIL/2017-00001", "附表.txt"]
    assert ["YL-CIVIL/2017-00001"] == channel.listed


def test_nothing_is_delivered_that_is_not_owed(office: SampleOffice) -> None:
    for place in ("draft", "sign_off", "cleared", "published"):
        item = office.item_at(place)
        assert office.deliver(item) is None
    assert [] == office.app.publisher.dispatch()


def test_all_that_is_due_is_delivered(office: SampleOffice) -> None:
    items = [office.item_at("publishing") for _ in range(3)]
    channel = MemoryChannel()
    publisher = office.publisher(channel)
    assert 2 == len(publisher.dispatch(limit=2))
    assert 1 == len(publisher.dispatch())
    assert ["published"] * 3 == [office.place(item) for item in items]
    assert 3 == len(channel.pages)


def test_one_that_fails_does_not_stop_the_others(office: SampleOffice) -> None:
    bad = office.carry(office.draft(uploads=[upload("附表.txt", b"1")]), to="publishing")
    good = office.item_at("publishing")
    (sha256,) = office.app.blobs.stored()
    office.app.blobs.path(sha256).write_bytes(b"2")
    results = {sent.item: sent.result for sent in office.publisher(MemoryChannel()).dispatch()}
    assert {bad: "put_off", good: "published"} == results


def test_a_delivery_that_fails_is_tried_again_later_and_later(office: SampleOffice) -> None:
    item = office.item_at("publishing")
    channel = MemoryChannel()
    channel.failure = DOWN
    publisher = office.publisher(channel)
    waits = []
    for _ in range(4):
        sent = publisher.dispatch_item(item)
        assert sent is not None
        assert ("put_off", DOWN) == (sent.result, sent.error)
        assert sent.next_at is not None
        assert publisher.dispatch_item(item) is None
        waits.append(sent.next_at - office.clock())
        office.clock.set(sent.next_at)
    assert [MINUTE, 2 * MINUTE, 4 * MINUTE, 8 * MINUTE] == waits
    assert "publishing" == office.place(item)
    (delivery,) = office.deliveries(item)
    assert ("owed", 4, "site_busy(path='样例')") == (
        str(delivery.status),
        delivery.attempts,
        delivery.error,
    )


def fail_for_good(office: SampleOffice, item: int, channel: MemoryChannel) -> None:
    """Let a delivery fail as often as the policy has patience."""
    channel.failure = DOWN
    publisher = office.publisher(channel)
    for _ in range(5):
        publisher.dispatch_item(item)
        office.clock.advance(timedelta(hours=1))
    channel.failure = None


def test_after_the_last_attempt_the_failure_is_a_state(office: SampleOffice) -> None:
    item = office.item_at("publishing")
    channel = MemoryChannel()
    fail_for_good(office, item, channel)
    (delivery,) = office.deliveries(item)
    assert ("publication_failed", "failed", 5) == (
        office.place(item),
        str(delivery.status),
        delivery.attempts,
    )
    assert office.row(item).published_at is None
    last = office.trail(item)[-1]
    assert ("publication_failed", "system") == (last.event, last.actor)
    assert '"error":"site_busy"' in last.details
    assert [item] == [row["item"] for row in office.queries.inbox(office["publisher"]).rows]


def test_a_failed_publication_is_tried_again_on_demand(office: SampleOffice) -> None:
    item = office.item_at("publishing")
    channel = MemoryChannel()
    fail_for_good(office, item, channel)
    office.act(item, Action.RETRY, "publisher2")
    office.publisher(channel).dispatch_item(item)
    assert "published" == office.place(item)
    assert ["failed", "done"] == [str(each.status) for each in office.deliveries(item)]


def test_a_failed_publication_may_be_returned(office: SampleOffice) -> None:
    item = office.item_at("publishing")
    channel = MemoryChannel()
    fail_for_good(office, item, channel)
    office.give_back(item, "publisher")
    assert ("draft", {"sign_off", "seal", "confidentiality_review"}) == (
        office.place(item),
        office.standing(item),
    )
    assert office.publisher(channel).dispatch_item(item) is None
    office.carry(item, to="publishing")
    office.publisher(channel).dispatch_item(item)
    assert "published" == office.place(item)


def test_only_the_publisher_publishes_and_retries(office: SampleOffice) -> None:
    item = office.item_at("cleared")
    with office.refused("role_missing"):
        office.act(item, Action.PUBLISH, "final2")
    office.carry(item, to="publishing")
    with office.refused("only_the_system"):
        office.act(item, Action.CONFIRM, "publisher")


# -- leases ----------------------------------------------------------------------------------


class Interrupted(MemoryChannel):
    """A channel in which something happens between page and confirmation."""

    def __init__(self, meanwhile: Callable[[], None]) -> None:
        super().__init__()
        self.meanwhile = meanwhile

    @override
    def publish(
        self,
        item: PublicItem,
        *,
        open_attachment: OpenAttachment,
        catalogue: Catalogue,
        confirm: Callable[[], None],
    ) -> None:
        def late() -> None:
            self.meanwhile()
            confirm()

        super().publish(item, open_attachment=open_attachment, catalogue=catalogue, confirm=late)


def test_what_one_sender_has_taken_no_other_takes(office: SampleOffice) -> None:
    item = office.item_at("publishing")
    second = MemoryChannel()
    meanwhile: list[object] = []
    first = Interrupted(lambda: meanwhile.append(office.publisher(second).dispatch_item(item)))
    office.publisher(first).dispatch_item(item)
    assert [None] == meanwhile
    assert ({"YL-CIVIL/2017-00001"}, set()) == (set(first.pages), set(second.pages))


def test_what_a_dead_sender_had_taken_another_one_takes(office: SampleOffice) -> None:
    item = office.item_at("publishing")

    class Dead(BaseException):
        """The end of a process."""

    def die() -> None:
        raise Dead

    with pytest.raises(Dead):
        office.publisher(Interrupted(die)).dispatch_item(item)
    channel = MemoryChannel()
    publisher = office.publisher(channel)
    assert publisher.dispatch_item(item) is None
    office.clock.advance(LEASE)
    assert publisher.dispatch_item(item) is not None
    assert "published" == office.place(item)
    assert 1 == office.events(item).count("published")


def test_a_sender_that_was_overtaken_publishes_nothing(office: SampleOffice) -> None:
    item = office.item_at("publishing")
    overtaking = MemoryChannel()

    def be_overtaken() -> None:
        office.clock.advance(LEASE)
        office.publisher(overtaking).dispatch_item(item)

    late = Interrupted(be_overtaken)
    assert office.publisher(late).dispatch_item(item) is None
    assert (set(), {"YL-CIVIL/2017-00001"}) == (set(late.pages), set(overtaking.pages))
    assert ("published", 1) == (office.place(item), office.events(item).count("published"))
    assert ["done"] == [str(each.status) for each in office.deliveries(item)]


def test_a_sender_that_comes_after_a_return_publishes_nothing(office: SampleOffice) -> None:
    item = office.item_at("publishing")

    def be_returned() -> None:
        office.clock.advance(LEASE)
        fail_for_good(office, item, MemoryChannel())
        office.give_back(item, "publisher")

    late = Interrupted(be_returned)
    assert office.publisher(late).dispatch_item(item) is None
    assert ("draft", set()) == (office.place(item), set(late.pages))
    assert "published" not in office.events(item)
    assert [] == office.faults()


def test_a_delivery_that_was_confirmed_and_not_finished_is_finished_without_a_second_publication(
    office: SampleOffice,
) -> None:
    item = office.item_at("publishing")

    class HalfDead(MemoryChannel):
        """Confirms, and then cannot write its indexes."""

        @override
        def _list(self, catalogue: Catalogue) -> None:
            raise DOWN

    first = office.publisher(HalfDead()).dispatch_item(item)
    assert first is not None
    assert ("put_off", "published") == (first.result, office.place(item))
    office.clock.advance(timedelta(hours=1))
    channel = MemoryChannel()
    office.publisher(channel).dispatch_item(item)
    assert ["done"] == [str(each.status) for each in office.deliveries(item)]
    assert START == channel.pages["YL-CIVIL/2017-00001"].published_at
    assert 1 == office.events(item).count("published")
    assert [1] == [tally.count for tally in office.app.catalogue.bodies()]


def test_a_bug_in_one_delivery_does_not_stop_the_others(office: SampleOffice) -> None:
    bad, good = office.item_at("publishing"), office.item_at("publishing")

    class Broken(MemoryChannel):
        """Stumbles over one item."""

        @override
        def publish(self, item: PublicItem, **more: Any) -> None:
            if item.index_number.endswith("1"):
                raise ZeroDivisionError
            super().publish(item, **more)

    publisher = office.publisher(Broken())
    results = {sent.item: (sent.result, sent.error) for sent in publisher.dispatch()}
    assert ("published", None) == results[good]
    result, error = results[bad]
    assert ("put_off", "delivery_broke", {"problem": "ZeroDivisionError"}) == (
        result,
        error and error.code,
        error and error.params,
    )
    for _ in range(4):
        office.clock.advance(timedelta(hours=1))
        publisher.dispatch()
    assert "publication_failed" == office.place(bad)


def test_a_page_whose_day_is_over_before_the_confirmation_is_rendered_again(
    office: SampleOffice,
) -> None:
    office.clock.set(START.replace(month=1, day=31, hour=23, minute=59))
    item = office.item_at("publishing")
    nights = iter([timedelta(minutes=2)])
    channel = Interrupted(lambda: void(office.clock.advance(next(nights, timedelta()))))
    sent = office.publisher(channel).dispatch_item(item)
    assert sent is not None
    assert "published" == sent.result
    page = channel.pages["YL-CIVIL/2017-00001"]
    assert office.row(item).published_at == page.published_at == office.clock()
    (delivery,) = office.deliveries(item)
    assert (page.published_at, 1) == (delivery.stamp, delivery.attempts)
    assert ["2017-02"] == [tally.month for tally in office.app.catalogue.months(body_code=None)]


def void(_: object) -> None:
    """Forget an answer."""


def test_a_page_of_the_same_day_keeps_its_instant(office: SampleOffice) -> None:
    item = office.item_at("publishing")
    channel = Interrupted(lambda: void(office.clock.advance(MINUTE)))
    office.publisher(channel).dispatch_item(item)
    assert START == office.row(item).published_at


def test_a_long_copy_keeps_its_lease(office: SampleOffice) -> None:
    files = [upload(f"{number}.txt", str(number).encode()) for number in range(4)]
    item_id = office.carry(office.draft(uploads=files), to="publishing")

    class Slow(MemoryChannel):
        """Takes three minutes for each file."""

        @override
        def publish(
            self, item: PublicItem, *, open_attachment: OpenAttachment, **more: Any
        ) -> None:
            def slowly(sha256: str) -> BinaryIO:
                office.clock.advance(3 * MINUTE)
                rivals.append(office.publisher(MemoryChannel()).dispatch_item(item_id))
                return open_attachment(sha256)

            super().publish(item, open_attachment=slowly, **more)

    slow, rivals = Slow(), list[object]()
    sent = office.publisher(slow).dispatch_item(item_id)
    assert sent is not None
    assert ("published", [None] * 4) == (sent.result, rivals)
    assert [b"0", b"1", b"2", b"3"] == list(slow.files.values())


# -- nothing goes out that is not what was decided upon ----------------------------------------


def test_a_revision_that_was_altered_in_the_database_is_not_published(
    office: SampleOffice,
) -> None:
    item = office.item_at("cleared")
    with unguarded(office.database) as connection:
        connection.execute(
            text("UPDATE revision SET canonical = replace(canonical, '样例正文', '另一正文')")
        )
    with office.refused("content_damaged"):
        office.act(item, Action.PUBLISH, "publisher")


def test_a_revision_that_was_altered_on_the_way_out_is_not_published(
    office: SampleOffice,
) -> None:
    item = office.item_at("publishing")
    with unguarded(office.database) as connection:
        connection.execute(
            text("UPDATE revision SET canonical = replace(canonical, '样例正文', '另一正文')")
        )
    channel = MemoryChannel()
    sent = office.publisher(channel).dispatch_item(item)
    assert sent is not None
    assert isinstance(sent.error, Damaged)
    assert ({}, "publishing") == (channel.pages, office.place(item))


@pytest.mark.parametrize("stage", ["sign_off", "seal", "confidentiality_review", "final_review"])
def test_a_decision_that_was_voided_in_the_database_stops_the_publication(
    office: SampleOffice, stage: str
) -> None:
    item = office.item_at("cleared")
    with office.database.engine.begin() as connection:
        connection.execute(
            text("UPDATE decision SET voided_at = decided_at WHERE stage = :stage"),
            {"stage": stage},
        )
    with office.refused("stage_not_held") as refusal:
        office.act(item, Action.PUBLISH, "publisher")
    assert stage == refusal.value.params["stage"]


def test_a_decision_on_another_digest_does_not_count(office: SampleOffice) -> None:
    item = office.item_at("cleared")
    with unguarded(office.database) as connection:
        connection.execute(
            text("UPDATE decision SET digest = :other WHERE stage = 'seal'"), {"other": "0" * 64}
        )
    with office.refused("stage_not_held"):
        office.act(item, Action.PUBLISH, "publisher")


def test_the_gate_is_checked_once_more_when_the_page_is_there(office: SampleOffice) -> None:
    item = office.item_at("publishing")

    def void() -> None:
        with office.database.engine.begin() as connection:
            connection.execute(text("UPDATE decision SET voided_at = decided_at"))

    channel = Interrupted(void)
    sent = office.publisher(channel).dispatch_item(item)
    assert sent is not None
    assert ("put_off", "stage_not_held") == (sent.result, sent.error and sent.error.code)
    assert ({}, "publishing") == (channel.pages, office.place(item))


def test_a_damaged_file_is_not_published(office: SampleOffice) -> None:
    item = office.carry(office.draft(uploads=[upload("附表.txt", b"1")]), to="publishing")
    (sha256,) = office.app.blobs.stored()
    office.app.blobs.path(sha256).write_bytes(b"2")
    sent = office.deliver(item)
    assert sent is not None
    assert isinstance(sent.error, Damaged)
    assert "publishing" == office.place(item)
    assert not office.app.website.page("YL-CIVIL/2017-00001").exists()


def test_a_file_that_is_gone_is_not_left_out(office: SampleOffice) -> None:
    item = office.carry(office.draft(uploads=[upload("附表.txt", b"1")]), to="publishing")
    (sha256,) = office.app.blobs.stored()
    office.app.blobs.remove(sha256)
    sent = office.deliver(item)
    assert sent is not None
    assert isinstance(sent.error, NotFound)
    assert "publishing" == office.place(item)


# -- the site --------------------------------------------------------------------------------


def test_the_site_is_rebuilt_byte_for_byte_from_the_database(office: SampleOffice) -> None:
    office.carry(office.draft(uploads=[upload("附表.txt", b"1")]), to="published")
    office.clock.advance(timedelta(days=40))
    office.item_at("published", formed_on="2017-02-27")
    rebuilt = office.app.website.build(office.app.catalogue, open_attachment=office.app.blobs.open)
    assert (2, 0, 0) == (rebuilt.items, rebuilt.written, rebuilt.removed)


def test_the_catalogue_of_what_is_published_counts_by_month_of_the_office(
    office: SampleOffice,
) -> None:
    # 2017-01-31 16:30 in UTC is February in Shanghai.
    office.clock.set(START.replace(month=2, day=1, hour=0, minute=30))
    office.item_at("published")
    office.clock.set(START.replace(month=3, day=2))
    office.item_at("published", formed_on="2017-03-01")
    office.item_at("cleared")
    catalogue = office.app.catalogue
    assert [("2017-03", 1), ("2017-02", 1)] == [
        (tally.month, tally.count) for tally in catalogue.months(body_code=None)
    ]
    assert [] == list(catalogue.months(body_code="YL-FINANCE"))
    assert [(CIVIL, 2)] == [(tally.code, tally.count) for tally in catalogue.bodies()]
    entries = catalogue.entries("2017-02", body_code=CIVIL, offset=0, limit=10)
    assert ["YL-CIVIL/2017-00001"] == [entry.index_number for entry in entries]
    newest = catalogue.latest(body_code=CIVIL, limit=1)
    assert ["YL-CIVIL/2017-00002"] == [entry.index_number for entry in newest]
