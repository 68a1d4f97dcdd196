"""Delivering to reading points and receiving there, as it is typed."""

from __future__ import annotations

from datetime import timedelta
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any, Final

import pytest
from typing_extensions import override

from tests.service.sample_office import START

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.desk import Desk, Result

TODAY: Final = "2017-01-20"
WHAT_NEXT: Final = ("show", "why")
RECEIPT: Final = ("--handed-over-on", TODAY, "--paper", "1", "--electronic", "1")


def deliver(desk: Desk, *places: str, to: str = "YL-LIBRARY", **more: str) -> Any:
    numbers = [str(desk.items[place]) for place in places]
    options = [part for name, value in more.items() for part in (f"--{name}", value)]
    return desk.json("publisher", "deliver", *numbers, "--to", to, *options).data


def told(result: Result) -> list[str]:
    return result.out.splitlines()


class Page(HTMLParser):
    """What a page says, and the names of its elements."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.elements: list[str] = []
        self.feed(page)

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(tag)

    @override
    def handle_data(self, data: str) -> None:
        self.words += [data.strip()] if data.strip() else []


def test_a_delivery_and_its_receipt_as_people_read_them(desk: Desk) -> None:
    item = desk.items["cleared"]

    sent = desk.run("publisher", "deliver", str(item), "--to", "YL-LIBRARY")
    received = desk.run("receiver", "receive", str(item), *RECEIPT)

    assert [0, 0] == [sent.status, received.status]
    assert told(sent)[-1].startswith("Delivery list YL-LIBRARY/2017-0001 to ")
    assert "YL-LIBRARY/2017-0001" in received.out
    history = desk.run("publisher", "history", str(item), "--lang", "zh").out
    assert ["送交查阅点" in history, "查阅点签收" in history] == [True, True]


def test_several_items_are_told_one_by_one_and_the_status_says_that_some_were_not_done(
    desk: Desk,
) -> None:
    cleared, draft, published = (
        str(desk.items[place]) for place in ("cleared", "draft", "published")
    )

    came = desk.json("publisher", "deliver", "-", "--to", "YL-LIBRARY",
                     given=f"{cleared}\n{draft}\n999\nYL-NONE/1\n{published}\n")  # fmt: skip

    assert 6 == came.status
    data = came.document["data"]
    assert ["YL-LIBRARY/2017-0001"] * 2 == [row["list"] for row in data["items"]]
    assert {draft: "no_such_item", "999": "no_such_item", "YL-NONE/1": "no_such_item"} == {
        error["item"]: error["code"] for error in came.document["errors"]
    }
    again = desk.json("publisher", "deliver", cleared, published, "--to", "YL-LIBRARY")
    assert 1 == again.status
    assert ["delivered_before", "delivered_before"] == again.codes
    mixed = desk.json("publisher", "deliver", cleared, "YL-NONE/1", "--to", "YL-LIBRARY")
    assert (1, {"no_such_item", "delivered_before"}) == (mixed.status, set(mixed.codes))


@pytest.mark.parametrize(
    ("who", "call", "status", "code"),
    [
        ("publisher", "deliver {cleared} --to YL-CIVIL", 1, "not_a_reading_point"),
        ("publisher", "deliver {cleared} --to YL-NONE", 4, "no_such_body"),
        ("publisher", "deliver {draft} --to YL-LIBRARY", 4, "no_such_item"),
        ("clerk", "deliver {cleared} --to YL-LIBRARY", 1, "needs_role"),
        (
            "publisher",
            "deliver {cleared} --to YL-LIBRARY --paper 0 --electronic 0",
            2,
            "copies_wrong",
        ),
        ("publisher", "deliver {cleared} --to YL-LIBRARY --paper -1", 2, "usage"),
        ("receiver", "receive {published} {receipt}", 4, "no_delivery_here"),
        ("receiver", "receive {receipt}", 2, "items_or_list"),
        ("receiver", "receive 1 --list 1 {receipt}", 2, "items_or_list"),
        ("receiver", "receive --list X {receipt}", 4, "no_such_list"),
        ("receiver", "receive 1 --handed-over-on x --paper 1 --electronic 1", 2, "date_wrong"),
        ("publisher", "withdraw-delivery {cleared} --from YL-LIBRARY", 1, "reason_required"),
        ("publisher", "withdraw-delivery 7 --from YL-LIBRARY --reason x", 4, "no_delivery_here"),
        ("supervisor", "confirm-withdrawal {cleared} --from YL-LIBRARY", 4, "no_delivery_here"),
        ("publisher", "nil-return YL-LIBRARY --month 2017-1", 2, "month_wrong"),
        ("publisher", "nil-return YL-LIBRARY --month 2017-01", 1, "month_not_over"),
        ("publisher", "deliveries --html x.html", 2, "html_needs_list"),
        ("publisher", "deliveries --list X", 4, "no_such_list"),
        ("clerk", "deliveries", 1, "needs_role"),
    ],
)
def test_what_is_refused_has_its_code_and_status_and_changes_nothing(
    desk: Desk, who: str, call: str, status: int, code: str
) -> None:
    filled = call.format(**desk.items, receipt=" ".join(RECEIPT))

    with desk.unchanged():
        came = desk.json(who, *filled.split())

    assert (status, [code]) == (came.status, came.codes)


def test_a_list_is_received_withdrawn_and_shown_from_both_sides(desk: Desk) -> None:
    number = deliver(desk, "cleared", "published")["list"]
    item = str(desk.items["published"])

    open_ = desk.json("receiver", "deliveries", "--open").data
    assert {(number, False)} == {(row["list"], row["overtaken"]) for row in open_["waiting"]}
    received = desk.json("receiver", "receive", "--list", number, *RECEIPT).data
    assert [1, 1] == [row["item"] > 0 for row in received["items"]]
    asked = desk.json("publisher", "withdraw-delivery", item, "--from", "YL-LIBRARY",
                      "--reason", "样例理由").data  # fmt: skip
    # Who may approve it learns of it, though the receipt is there.
    (back,) = desk.json("supervisor", "deliveries", "--open").data["asked_back"]
    assert (desk.items["published"], "样例理由") == (back["item"], back["withdrawal_reason"])
    assert "asked back: 样例理由" in desk.run("supervisor", "deliveries", "--open").out
    done = desk.json("supervisor", "confirm-withdrawal", item, "--from", "YL-LIBRARY").data
    assert [False, True] == [asked[0]["withdrawn"], done[0]["withdrawn"]]
    assert [] == desk.json("supervisor", "deliveries", "--open").data["asked_back"]

    (row,) = desk.json("supervisor", "deliveries").data
    assert (2, 2, 1) == (row["items"], row["received"], row["withdrawn"])
    shown = desk.run("receiver", "deliveries", "--list", number)
    assert 0 == shown.status
    assert TODAY in shown.out
    owed = desk.json("publisher", "deliveries", "--open", "--point", "YL-LIBRARY").data["owed"]
    assert [
        (desk.items["published"], "withdrawn"),
        (desk.items["publication_failed"], "new"),
    ] == [(row["item"], row["why"]) for row in owed]


def test_what_waits_at_a_point_is_in_the_inbox_of_who_receives_there(desk: Desk) -> None:
    assert [] == desk.json("receiver", "inbox").data["items"]
    deliver(desk, "cleared")

    (row,) = desk.json("receiver", "inbox").data["items"]
    assert desk.items["cleared"] == row["item"]


def test_what_is_online_and_still_owed_to_a_reading_point_is_said_to_come_next(desk: Desk) -> None:
    item = str(desk.items["published"])
    said = "Next: Delivery to reading points (publisher)."
    assert [True, True] == [said in desk.run("publisher", call, item).out for call in WHAT_NEXT]
    # Where no clock runs there is nothing to deliver either.
    item, said = str(desk.items["draft"]), "Nothing comes next."
    assert 0 == desk.run("clerk", "abandon", f"{item}@1").status
    assert said in desk.run("clerk", "show", item).out
    assert "gongkai reopen" in desk.run("clerk", "why", item).out


def test_a_key_makes_a_repetition_harmless_and_a_dry_run_does_nothing(desk: Desk) -> None:
    item = str(desk.items["cleared"])
    call = ("deliver", item, "--to", "YL-LIBRARY")

    with desk.unchanged():
        assert desk.json("publisher", *call, "--dry-run").data["dry_run"]
    first = desk.json("publisher", *call, "--idempotency-key", "k").data
    again = desk.json("publisher", *call, "--idempotency-key", "k").data

    assert (first["list"], True) == (again["list"], again["repeated"])
    for _ in range(2):
        received = desk.json("receiver", "receive", item, *RECEIPT, "--idempotency-key", "k")
        assert 0 == received.status


def test_nil_returns_are_reported_and_printed(desk: Desk) -> None:
    later = type(desk)(desk.place, desk.tokens, desk.items, START + timedelta(days=20))

    came = later.json("publisher", "nil-return", "YL-LIBRARY", "--month", "2017-01",
                      "--html", "nil.html").data  # fmt: skip

    assert "YL-LIBRARY/2017-01-nil" == came["list"]
    page = Page((desk.place / "nil.html").read_text("utf-8"))
    assert "Nil return on open government information" in page.words
    assert "nil return" in later.run("publisher", "deliveries").out


@pytest.mark.parametrize(
    ("language", "titles"),
    [
        ("zh", ["政府公开信息送交目录表", "政府公开信息交接文据"]),
        (
            "en",
            [
                "Delivery list of open government information",
                "Hand-over record of open government information",
            ],
        ),
    ],
)
def test_the_forms_hold_what_was_sent_and_lines_to_sign(
    desk: Desk, language: str, titles: list[str]
) -> None:
    with desk.office() as office:
        hostile = office.draft(changes={"title": "样例<script>&题", "body": "样例另文"})
        office.carry(hostile, to="cleared")
        digest = office.row(hostile).digest

    came = desk.json("publisher", "--lang", language, "deliver", str(hostile), "--to",
                     "YL-LIBRARY", "--paper", "2", "--html", "form.html").data  # fmt: skip

    source = (desk.place / "form.html").read_text("utf-8")
    page = Page(source)
    assert set(titles) <= set(page.words)
    assert {came["list"], digest, "样例<script>&题"} <= set(page.words)
    assert "script" not in page.elements
    assert "@page { size: A4" in source
    # Rehearsals are no proof of anything, and say so on each sheet.
    assert 2 == source.count('class="notice"')
    lines = (
        ["经办人（签字）：", "单位（盖章）："]
        if language == "zh"
        else ["Name and signature:", "Stamp:"]
    )
    # The sender signs both, the receiver the record.
    assert [3, 3] == [page.words.count(line) for line in lines]


def test_the_forms_are_the_same_when_they_are_printed_again(desk: Desk) -> None:
    number = deliver(desk, "cleared", html="first.html")["list"]

    assert 0 == desk.run("publisher", "deliveries", "--list", number, "--html", "2.html").status

    assert [True] == [_read(desk.place, "first.html") == _read(desk.place, "2.html")]


def _read(place: Path, name: str) -> bytes:
    return (place / name).read_bytes()


def test_a_form_that_cannot_be_written_undoes_no_delivery(desk: Desk) -> None:
    item = str(desk.items["cleared"])

    came = desk.json("publisher", "deliver", item, "--to", "YL-LIBRARY", "--html", "no/x.html")

    assert (75, ["form_unwritable"]) == (came.status, came.codes)
    assert 1 == len(desk.json("publisher", "deliveries").data)


def test_reading_points_are_told_with_what_they_are(desk: Desk) -> None:
    bodies = {body["code"]: body for body in desk.json("admin", "organisation", "show").data}

    assert ("archives", True) == (
        bodies["YL-ARCHIVES"]["point"]["kind"],
        bodies["YL-ARCHIVES"]["point"]["required"],
    )
    assert None is bodies["YL-CIVIL"]["point"]
    assert "archives" in desk.run("admin", "organisation", "show").out
