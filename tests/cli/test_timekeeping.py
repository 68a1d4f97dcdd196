"""Calendars and clocks as they are typed: when something is due, and what a calendar changes."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

import pytest

from tests.cli.desk import LOCAL, NEW_PASSWORD, Desk
from tests.unit.test_calendar_files import ICS, JSON, TOML
from workflow.runtime import SHANGHAI

if TYPE_CHECKING:
    from tests.cli.desk import Result

CORRECTED: Final = ("--formed-on", "2017-01-09", "--formed-on-basis", "signature")
NOTICE: Final = ("--notice-title", "样例通知", "--issued-on", "2026-11-20")


def at(desk: Desk, instant: str) -> Desk:
    """Return the desk at another hour, with everybody who is needed there signed in again."""
    later = replace(desk, now=datetime.fromisoformat(instant).replace(tzinfo=SHANGHAI))
    with later.office() as office:
        tokens = {
            name: office.accounts.login(name, NEW_PASSWORD)[0]
            for name in ("admin", "publisher", "clerk")
        }
    return replace(later, tokens=tokens)


def lines(came: Result) -> list[str]:
    assert 0 == came.status, came
    return came.out.splitlines()


def due(desk: Desk, *arguments: str, given: str = "") -> list[str]:
    return lines(desk.run(None, "calendar", "due", *arguments, given=given))


# -- when something is due ------------------------------------------------------------------------


def test_when_something_is_due_is_told_without_any_office(bare: Desk) -> None:
    assert [
        "2016-02-05 due 2016-03-09  online",
        "2016-02-05 due 2016-03-23  reading points",
        "2026-12-01 due 2026-12-29  online",
        "2026-12-01 due 2027-01-13 provisional  reading points",
    ] == due(bare, "2016-02-05", "2026-12-01")
    assert [] == list(bare.place.iterdir())


def test_a_day_before_there_was_a_law_is_said_to_have_no_clock(bare: Desk) -> None:
    assert ["2008-04-30 no legal clock"] == due(bare, "2008-04-30")
    assert ["2008-04-30 没有法定期限"] == due(bare, "2008-04-30", "--lang", "zh")
    (row,) = bare.json(None, "calendar", "due", "2008-04-30").data
    assert {
        "start": "2008-04-30", "clock": None, "days": None, "unit": None, "due_on": None,
        "provisional": False,
    } == row  # fmt: skip


def test_days_are_read_from_standard_input_and_counted_in_either_unit(bare: Desk) -> None:
    given = "2016-08-18\n\n2016-01-10 \n"
    assert ["2016-08-18 due 2016-09-18", "2016-01-10 due 2016-02-05"] == due(
        bare, "-", "--days", "20", given=given
    )
    # Twenty calendar days end on a Saturday, so the next working day is the last.
    assert ["2016-01-10 due 2016-02-01"] == due(
        bare, "2016-01-10", "--days", "20", "--unit", "calendar"
    )


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("2051-01-01",), "outside_calendar"),
        (("2006-12-31",), "outside_calendar"),
        (("2050-12-30",), "outside_calendar"),
        (("2016-02-05", "2050-12-30", "--days", "20"), "outside_calendar"),
        (("2016-02-30",), "date_wrong"),
        (("２０１６-02-05",), "date_wrong"),
        (("-",), "no_dates"),
        (("2016-02-05", "--unit", "calendar"), "unit_needs_days"),
        (("2016-02-05", "--days", "0"), "usage"),
    ],
)
def test_what_has_no_answer_is_refused_as_a_whole(
    bare: Desk, arguments: tuple[str, ...], code: str
) -> None:
    came = bare.json(None, "calendar", "due", *arguments)
    assert (2, [code]) == (came.status, came.codes)


@pytest.mark.parametrize("zone", ["UTC", "Asia/Shanghai", "America/New_York"])
def test_no_answer_depends_on_the_zone_of_the_machine(desk: Desk, zone: str) -> None:
    # S34: at seven in the morning of 11 February in Shanghai it is the day before elsewhere.
    here = at(desk, "2017-02-11T07:00:00")
    zoned = {"TZ": zone}
    told = here.spawn(None, "calendar", "due", "2016-02-05", "--shipped", environment=zoned)
    assert ["2016-02-05 due 2016-03-09  online", "2016-02-05 due 2016-03-23  reading points"] == (
        lines(told)
    )
    late = here.spawn("publisher", "--json", "publish", "6@6", environment=zoned)
    assert (1, ["late_reason_required"]) == (late.status, late.codes)


def test_an_office_answers_by_its_own_calendar_and_the_shipped_one_if_asked(desk: Desk) -> None:
    desk.run("admin", "calendar", "apply", desk.file("local.toml", LOCAL), "--yes")
    assert "2017-01-10 due 2017-02-13  online" == due(desk, "2017-01-10")[0]
    assert "2017-01-10 due 2017-02-10  online" == due(desk, "2017-01-10", "--shipped")[0]


# -- another calendar -----------------------------------------------------------------------------


def test_a_calendar_file_changes_nothing_until_it_is_told_to(desk: Desk) -> None:
    name, item = desk.file("local.toml", LOCAL), desk.items["seal"]
    with desk.unchanged():
        shown = desk.run("admin", "calendar", "apply", name)
        planned = desk.json("admin", "calendar", "apply", name).data
    assert ["dry run, nothing was changed", "2017-02-08  work → off  Sample holiday"] == lines(
        shown
    )[:2]
    assert f"{item}  online  2017-02-10 → 2017-02-13" in lines(shown)
    assert "--yes" in lines(shown)[-1]
    assert planned["dry_run"] is True

    done = desk.json("admin", "calendar", "apply", name, "--yes", "--reason", "样例理由").data
    assert (2, planned["days"], planned["moved"]) == (done["number"], done["days"], done["moved"])
    history = desk.json("admin", "calendar", "history").data
    assert [("cn.toml", None), ("local.toml", "样例理由")] == [
        (row["source"], row["reason"]) for row in history
    ]
    told = desk.run("clerk", "history", str(item)).out
    assert "online: 2017-02-10 → 2017-02-13" in told
    (moved, _) = desk.json("clerk", "history", str(item)).data[-2:]
    assert ("deadline_moved", 2) == (moved["event"], moved["details"]["calendar"])


def test_a_wrong_calendar_is_taken_back_by_a_new_version(desk: Desk) -> None:
    # F20.
    desk.run("admin", "calendar", "apply", desk.file("local.toml", LOCAL), "--yes")
    call = ("calendar", "revert", "1", "--reason", "样例理由")
    with desk.unchanged():
        planned = desk.json("admin", *call).data
    done = desk.json("admin", *call, "--yes").data

    assert (3, planned["moved"]) == (done["number"], done["moved"])
    assert "2017-01-10 due 2017-02-10  online" == due(desk, "2017-01-10")[0]
    assert [None, None, 1] == [
        row["reverts"] for row in desk.json("clerk", "calendar", "history").data
    ]
    assert 4 == desk.run("admin", "calendar", "revert", "9", "--reason", "样例").status


@pytest.mark.parametrize(
    ("name", "content", "more"),
    [
        ("2027.toml", TOML, ()),
        ("2027.json", JSON, NOTICE),
        ("2027.ics", ICS, (*NOTICE, "--year", "2027")),
    ],
)
def test_each_format_extends_the_horizon(
    desk: Desk, name: str, content: str, more: tuple[str, ...]
) -> None:
    call = ("calendar", "apply", desk.file(name, content), *more)
    with desk.unchanged():
        assert 0 == desk.run("admin", *call).status
    done = desk.json("admin", *call, "--yes").data
    assert (2, "2027-12-31") == (done["number"], done["horizon"])
    shown = desk.json("admin", "calendar", "show", "--year", "2027").data
    assert ["样例通知"] == [notice["title"] for notice in shown["years"][0]["notices"]]


@pytest.mark.parametrize(
    ("name", "content", "line"),
    [
        ("2027.toml", TOML.replace('work = ["2026-12-26"]', 'work = ["2027-01-02"]'), 11),
        ("2027.toml", TOML.replace("2027-02-20", "2028-02-20"), 12),
        ("2027.toml", TOML.replace('title = "样例通知"\n', ""), 4),
        ("2027.json", JSON.replace("2026-12-26", "2027-01-01"), 7),
        ("2027.toml", TOML.encode("utf-16"), 1),
    ],
    ids=["off and worked", "outside the year", "no notice", "twice", "encoding"],
)
def test_a_file_that_contradicts_itself_is_refused_with_its_line(
    desk: Desk, name: str, content: str | bytes, line: int
) -> None:
    file = desk.file(name, content)
    with desk.unchanged():
        came = desk.json("admin", "calendar", "apply", file, "--yes", *_notice(name))
    assert 2 == came.status
    (problem,) = came.document["errors"]
    assert line == problem["params"]["line"]
    assert str(line) in problem["message"]


def _notice(name: str) -> tuple[str, ...]:
    return NOTICE if name.endswith(".json") else ()


# -- fit for use ----------------------------------------------------------------------------------


def test_a_calendar_without_the_next_year_is_no_longer_fit_from_november(desk: Desk) -> None:
    before, after = at(desk, "2026-10-31T23:59:00"), at(desk, "2026-11-01T00:00:00")
    assert (0, None) == (
        (came := before.json("admin", "calendar", "check")).status,
        came.data["missing_year"],
    )
    came = after.json("admin", "calendar", "check")
    assert (1, ["calendar_missing"]) == (came.status, came.codes)
    assert (2027, "2026-12-31") == (
        came.document["data"]["missing_year"],
        came.document["data"]["horizon"],
    )
    after.run("admin", "calendar", "apply", desk.file("2027.toml", TOML), "--yes")
    assert 0 == after.run("admin", "calendar", "check").status


def test_a_check_counts_what_is_provisional_and_names_what_lacks_a_number(desk: Desk) -> None:
    later = at(desk, "2026-12-02T09:00:00")
    assert 0 == later.json("admin", "calendar", "check").document["data"]["provisional"]
    described = ("--category", "annual_report", "--attribute", "proactive")
    call = ("new", "-", "--title", "样例公告", "--formed-on", "2026-12-01", *described)
    assert 0 == later.run("clerk", *call, given="样例正文，别处没有。").status

    data = later.json("admin", "calendar", "check").document["data"]
    assert 1 == data["provisional"]
    assert 2008 in [row["year"] for row in data["unnumbered"]]
    told = later.run("admin", "calendar", "check").out.splitlines()
    assert "1" in told[2]
    # The notice of which neither number nor title was read.
    assert "The number of the notice for 2008 was not read" in told


# -- at a set time --------------------------------------------------------------------------------


def test_what_is_to_be_published_at_an_instant_goes_out_with_the_sweep_then(desk: Desk) -> None:
    # S29, S30.
    planned = desk.json("publisher", "publish", "6@6", "--at", "2017-02-09T09:00").data
    assert "2017-02-09T09:00+08:00" == _one(planned)["publish_at"]
    said = "to be published at 2017-02-09 09:00"
    for call in (("show", "6"), ("why", "6"), ("history", "6"), ("inbox",), ("list",)):
        assert said in desk.run("publisher", *call).out, call
    early = at(desk, "2017-02-09T08:59:59")
    assert [] == early.json("admin", "sweep").data["started"]
    then = at(desk, "2017-02-09T09:00:00")
    with then.unchanged():
        assert 1 == then.json("admin", "sweep", "--dry-run").data["due"]
    came = then.json("admin", "sweep").data
    assert ([6], [(6, "published")]) == (
        came["started"], [(row["item"], row["result"]) for row in came["sent"]],
    )  # fmt: skip
    assert [] == then.json("admin", "sweep").data["sent"]


def _one(data: Any) -> dict[str, Any]:
    found: dict[str, Any] = data[0] if isinstance(data, list) else data
    return found


@pytest.mark.parametrize(
    ("instant", "more", "status", "codes"),
    [
        ("2017-01-20T09:00", (), 2, ["schedule_in_past"]),
        ("soon", (), 2, ["instant_wrong"]),
        ("9999-12-31T23:59:59-12:00", (), 2, ["instant_wrong"]),
        ("0001-01-01T00:00:00+14:00", (), 2, ["instant_wrong"]),
        # The last day is 10 February in Shanghai, wherever the offset is.
        ("2017-02-10T16:00+00:00", (), 1, ["late_reason_required"]),
        ("2017-02-10T15:59+00:00", (), 0, None),
        ("2017-02-11T00:00", ("--late-reason", "样例理由"), 0, None),
    ],
)
def test_an_instant_is_refused_like_a_publication_then(
    desk: Desk, instant: str, more: tuple[str, ...], status: int, codes: list[str] | None
) -> None:
    came = desk.json("publisher", "publish", "6@6", "--at", instant, *more)
    assert (status, codes) == (came.status, came.codes if status else None)


# -- one item's clocks ----------------------------------------------------------------------------


def test_a_corrected_date_tells_how_the_clocks_move(desk: Desk) -> None:
    call = ("item", "correct-date", "3", *CORRECTED, "--reason", "样例理由")
    assert [
        "3  2017-01-10 → 2017-01-09",
        "  online  moved  2017-02-10 → 2017-02-09",
        "  reading points  moved  2017-02-24 → 2017-02-23",
    ] == lines(desk.run("admin", *call))
    refused = desk.json("clerk", *call)
    assert (1, ["needs_role"]) == (refused.status, refused.codes)
    draft = desk.json("admin", "item", "correct-date", "1", *CORRECTED, "--reason", "样例")
    assert (1, ["date_of_draft"]) == (draft.status, draft.codes)


def test_history_tells_a_corrected_date_with_what_it_is_and_how_the_clocks_moved(
    desk: Desk,
) -> None:
    call = ("item", "correct-date", "2", "--formed-on", "2017-01-09", "--formed-on-basis",
            "complete", "--reason", "样例理由")  # fmt: skip
    assert 0 == desk.run("admin", *call).status
    told = desk.run("clerk", "history", "2").out.splitlines()[-1]
    assert "2017-01-10 → 2017-01-09 (completion); reason: 样例理由; online: 2017-02-10" in told


def test_proactive_disclosure_knows_no_pause(desk: Desk) -> None:
    with desk.unchanged():
        refused = desk.json("supervisor", "clock", "pause", "3", "reading-points",
                            "--reason", "样例理由")  # fmt: skip
    assert (2, ["deadline_not_pausable"]) == (refused.status, refused.codes)


def test_what_arrives_late_owes_a_reason_that_is_given_afterwards(desk: Desk) -> None:
    with desk.office() as office:
        office.carry(desk.items["cleared"], to="publishing")
    late = at(desk, "2017-02-11T08:00:00")
    assert [(6, "published")] == [
        (row["item"], row["result"]) for row in late.json("admin", "sweep").data["sent"]
    ]
    told = lines(late.run("publisher", "late-reason", "6", "--reason", "样例：站点故障"))
    assert "2017-02-10" in told[0]
    again = late.json("publisher", "late-reason", "6", "--reason", "样例：站点故障")
    assert (1, ["nothing_late"]) == (again.status, again.codes)
