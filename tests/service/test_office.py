"""The office as a whole: its beginning, its bodies, its policies."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import delete, select

from tests.service.sample_office import CIVIL, PASSWORD
from workflow import audit, organisation, policy
from workflow.errors import (
    Conflict,
    GongkaiError,
    InvalidInput,
    NotFound,
    NotSignedIn,
    Refused,
    Unavailable,
)
from workflow.models import PolicyText, SupervisingGroup, table
from workflow.organisation import Body, BodyKind
from workflow.settings import bootstrap, load_settings

if TYPE_CHECKING:
    from pathlib import Path

    from tests.service.sample_office import SampleOffice
    from workflow.organisation import Organisation
    from workflow.settings import Settings

NEW_BODY = Body(
    code="YL-NEW", name="样例新局", name_en="New Bureau (sample)", kind=BodyKind.DEPARTMENT,
    sample=True,
)  # fmt: skip


def settings(address: str, home: Path, **more: str) -> Settings:
    """Return the settings for an empty database."""
    return load_settings(
        {
            "GONGKAI_HOME": str(home),
            "GONGKAI_DATABASE_URL": address,
            "GONGKAI_PASSWORD_MEMORY_KIB": "64",
            "GONGKAI_PASSWORD_ROUNDS": "1",
        }
        | {f"GONGKAI_{name.upper()}": value for name, value in more.items()}
    )


def begun(
    address: str, home: Path, changes: dict[str, str] | None = None, *, rehearsal: bool = False
) -> None:
    """Begin an office in an empty database."""
    app = bootstrap(settings(address, home), channel="test", create=True)
    arguments = {
        "name": "样例办公室",
        "admin": "first",
        "password": PASSWORD,
    } | (changes or {})
    try:
        app.office.begin(
            name=arguments["name"],
            rehearsal=rehearsal,
            organisation_=organisation.shipped("sample_small"),
            policy=policy.shipped(),
            admin=arguments["admin"],
            admin_display_name="样例：第一人",
            password=arguments["password"],
            language="zh",
        )
    finally:
        app.database.dispose()


def test_an_office_begins_with_one_administrator_and_one_policy(
    address: str, tmp_path: Path
) -> None:
    begun(address, tmp_path)
    app = bootstrap(settings(address, tmp_path), channel="test")
    facts = app.office_facts
    assert facts is not None
    assert ("样例办公室", False, True, policy.shipped().digest) == (
        facts.name,
        facts.rehearsal,
        facts.sample,
        facts.policy_digest,
    )
    _, session = app.accounts.login("first", PASSWORD)
    roles = [(role["role"], role["body"]) for role in app.office.account_roles(session.account_id)]
    assert [("administrator", "YL-DISTRICT")] == roles
    app.accounts.add(session.account_id, "second", display_name="样例：第二人")
    with app.database.read() as connection:
        texts = connection.execute(select(table(PolicyText).c.text)).scalars().all()
        heads = list(audit.verify(connection))
    app.database.dispose()
    assert [policy.shipped().text] == texts
    assert not [each for each in heads if isinstance(each, audit.Fault)]


def test_an_office_begins_once(office: SampleOffice, tmp_path: Path) -> None:
    with office.refused("office_exists", by=Conflict):
        begun(office.address, tmp_path)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"password": "short"}, "password_length"),
        ({"admin": "System"}, "account_name_wrong"),
        ({"name": "a\x00"}, "bad_character"),
    ],
)
def test_a_bad_beginning_leaves_nothing(
    address: str, tmp_path: Path, changes: dict[str, str], code: str
) -> None:
    with pytest.raises(InvalidInput) as refusal:
        begun(address, tmp_path, changes)
    assert code == refusal.value.code
    with pytest.raises(NotFound) as missing:
        bootstrap(settings(address, tmp_path), channel="test")
    assert "no_office" == missing.value.code


def test_real_time_is_not_set_by_a_setting(address: str, tmp_path: Path) -> None:
    begun(address, tmp_path)
    with pytest.raises(GongkaiError) as refusal:
        bootstrap(settings(address, tmp_path, now="2017-01-20T09:00:00+08:00"), channel="test")
    assert "not_a_rehearsal" == refusal.value.code


def test_in_a_rehearsal_it_is(address: str, tmp_path: Path) -> None:
    begun(address, tmp_path, rehearsal=True)
    app = bootstrap(settings(address, tmp_path, now="2017-01-20T23:30:00-08:00"), channel="test")
    app.database.dispose()
    assert "2017-01-21" == app.runtime.today().isoformat()


def test_no_office_is_opened_where_there_is_none(tmp_path: Path) -> None:
    with pytest.raises(Unavailable) as refusal:
        bootstrap(settings(f"sqlite:///{tmp_path / 'none.db'}", tmp_path), channel="test")
    assert "no_office_here" == refusal.value.code
    assert not (tmp_path / "none.db").exists()


# -- the organisation ------------------------------------------------------------------------


def with_bodies(*changes: Body) -> Organisation:
    """Return the sample organisation with bodies changed or added."""
    old = organisation.shipped("sample_small")
    bodies = {body.code: body for body in old.bodies} | {body.code: body for body in changes}
    return replace(old, bodies=tuple(bodies.values()))


def test_bodies_are_added_and_renamed_and_their_codes_stay(office: SampleOffice) -> None:
    renamed = replace(
        next(each for each in with_bodies().bodies if each.code == CIVIL),
        name="东昌区民政和社会局（样例）",
    )
    answer = office.bureau.import_organisation(office["admin"], with_bodies(NEW_BODY, renamed))
    assert {("added", "YL-NEW"), ("renamed", CIVIL)} == {
        (change["change"], change["code"]) for change in answer["changes"]
    }
    names = {body["code"]: body["name"] for body in office.bureau.bodies()}
    assert ("样例新局", "东昌区民政和社会局（样例）") == (names["YL-NEW"], names[CIVIL])
    assert "organisation_imported" == office.events()[-1]


def test_importing_the_same_again_changes_nothing(office: SampleOffice) -> None:
    with office.unchanged():
        answer = office.bureau.import_organisation(office["admin"], with_bodies())
    assert [] == answer["changes"]


def test_what_an_import_leaves_out_is_told_and_stays(office: SampleOffice) -> None:
    old = with_bodies()
    fewer = replace(old, bodies=tuple(body for body in old.bodies if body.code != "YL-TOWNSHIP"))
    with office.unchanged():
        answer = office.bureau.import_organisation(office["admin"], fewer)
    assert [("missing", "YL-TOWNSHIP")] == [
        (change["change"], change["code"]) for change in answer["changes"]
    ]


def test_a_body_does_not_become_another_kind_of_body(office: SampleOffice) -> None:
    changed = replace(
        next(each for each in with_bodies().bodies if each.code == CIVIL), kind=BodyKind.TOWNSHIP
    )
    with office.refused("body_kind_fixed"):
        office.bureau.import_organisation(office["admin"], with_bodies(NEW_BODY, changed))


def test_a_second_district_and_a_name_that_is_taken_are_refused_by_name(
    office: SampleOffice,
) -> None:
    district = next(each for each in with_bodies().bodies if each.kind is BodyKind.DISTRICT)
    wrong = with_bodies(
        replace(district, code="YL-OTHER", name="样例新区"),
        replace(NEW_BODY, name="东昌区民政局（样例）"),
    )
    with office.unchanged(), pytest.raises(Refused) as caught:
        office.bureau.import_organisation(office["admin"], wrong)
    assert [
        ("body_kind_taken", {"body": "YL-OTHER", "other": "YL-DISTRICT"}),
        ("body_name_taken", {"body": NEW_BODY.code, "other": CIVIL}),
    ] == [(refusal.code, refusal.params) for refusal in caught.value.refusals]


def test_groups_change_their_duties_as_the_file_says(office: SampleOffice) -> None:
    def duties() -> dict[str, str]:
        return {body["code"]: body["duty"] for body in office.bureau.bodies() if body["duty"]}

    groups = {body.code: body for body in with_bodies().bodies if body.duty}
    organising, inspection = groups["YL-ORGANISING"], groups["YL-INSPECTION"]
    office.bureau.import_organisation(
        office["admin"],
        with_bodies(
            replace(organising, duty=inspection.duty),
            replace(inspection, duty=organising.duty),
            replace(groups["YL-ACCOUNTABLE"], duty=None),
        ),
    )
    assert {"YL-ORGANISING": "inspection", "YL-INSPECTION": "organising"} == duties()
    changed = '"duties":{"YL-ACCOUNTABLE":null,"YL-INSPECTION":"organising"'
    assert changed in office.trail()[-1].details
    office.bureau.import_organisation(office["admin"], with_bodies())
    assert {body.code: body.duty for body in groups.values()} == duties()
    assert [] == office.faults()


def test_an_office_of_an_earlier_release_gets_its_duties_with_the_next_import(
    office: SampleOffice,
) -> None:
    with office.database.engine.begin() as connection:
        connection.execute(delete(table(SupervisingGroup)))
    assert [None] * 3 == [
        body["duty"] for body in office.bureau.bodies() if body["kind"] == "group"
    ][:3]
    answer = office.bureau.import_organisation(office["admin"], with_bodies())
    assert ["duty_changed"] * 3 == [change["change"] for change in answer["changes"]]


def test_only_an_administrator_imports(office: SampleOffice) -> None:
    with office.refused("needs_role"):
        office.bureau.import_organisation(office["clerk"], with_bodies(NEW_BODY))
    with office.refused("not_signed_in", by=NotSignedIn):
        office.bureau.import_organisation(999, with_bodies(NEW_BODY))


def ended(code: str = CIVIL, **end: Any) -> Organisation:
    """Return the sample organisation with one body at its end, merged into a new one."""
    old = next(each for each in with_bodies().bodies if each.code == code)
    end = dict[str, Any](closed_on=date(2017, 1, 20), merged_into="YL-NEW") | end
    return with_bodies(NEW_BODY, replace(old, **end))


def test_a_body_that_ended_takes_no_new_items_and_its_open_ones_are_listed(
    office: SampleOffice,
) -> None:
    published, open_, draft = office.item_at("published"), office.item_at("seal"), office.draft()
    answer = office.bureau.import_organisation(office["admin"], ended())
    (change,) = (each for each in answer["changes"] if each["change"] == "ended")
    assert (CIVIL, "YL-NEW", [open_, draft]) == (
        change["code"], change["merged_into"], change["open_items"],
    )  # fmt: skip
    (entry,) = office.trail()[-1:]
    assert [[CIVIL, "2017-01-20", "YL-NEW"]] == json.loads(entry.details)["ends"]

    with office.refused("body_closed") as caught:
        office.draft()
    about = caught.value.params
    assert (date(2017, 1, 20), NEW_BODY.name) == (about["closed_on"], about["into"])

    # What is under way goes on under its own number, and all stays readable.
    number = office.row(open_).index_number
    office.carry(open_, to="published")
    office.carry(draft, to="published")
    assert number == office.row(open_).index_number
    for item in (published, open_, draft):
        assert CIVIL == office.queries.show(office["outsider"], item)["body"]
    assert 3 == office.queries.items(office["clerk"], body=CIVIL).total
    told = {body["code"]: body for body in office.bureau.bodies()}
    assert ("YL-NEW", None) == (told[CIVIL]["merged_into"], told["YL-NEW"]["closed_on"])
    assert [] == office.faults()


def test_an_end_is_imported_once_and_can_be_taken_back(office: SampleOffice) -> None:
    office.bureau.import_organisation(office["admin"], ended())
    with office.unchanged():
        assert [] == office.bureau.import_organisation(office["admin"], ended())["changes"]
    later = ended(merged_into=None)
    (change,) = office.bureau.import_organisation(office["admin"], later)["changes"]
    assert ("ended", None) == (change["change"], change["merged_into"])
    (change,) = office.bureau.import_organisation(office["admin"], with_bodies(NEW_BODY))["changes"]
    assert "reopened" == change["change"]
    assert office.draft()


def test_a_body_does_not_end_on_a_day_to_come(office: SampleOffice) -> None:
    with office.refused("date_in_future"):
        office.bureau.import_organisation(office["admin"], ended(closed_on=date(2017, 1, 21)))


def test_the_whole_district_can_be_imported_into_the_small_sample(office: SampleOffice) -> None:
    whole = organisation.shipped("dongchang")
    added = office.bureau.import_organisation(office["admin"], whole)["changes"]
    assert {"added"} == {change["change"] for change in added}
    assert [] == office.bureau.import_organisation(office["admin"], whole)["changes"]


def test_a_dry_run_says_what_would_change(office: SampleOffice) -> None:
    with office.unchanged():
        answer = office.bureau.import_organisation(
            office["admin"], with_bodies(NEW_BODY), dry_run=True
        )
    assert ("added", True) == (answer["changes"][0]["change"], answer["dry_run"])


def test_an_item_keeps_the_policy_it_was_entered_under(office: SampleOffice) -> None:
    item = office.draft()
    assert policy.shipped().digest == office.row(item).policy_digest
