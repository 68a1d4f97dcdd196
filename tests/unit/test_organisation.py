"""Organisation files: what is accepted, what is refused and on which line, and what changed."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workflow.errors import InvalidInput, NotFound
from workflow.organisation import (
    MAX_BYTES,
    SHIPPED,
    BodyKind,
    Change,
    ChangeKind,
    Duty,
    OrganisationError,
    Point,
    PointKind,
    diff,
    is_credit_code,
    is_organisation_code,
    load,
    parse,
    shipped,
)

if TYPE_CHECKING:
    from pathlib import Path

# Codes as published index numbers show them.
CREDIT_CODES = (
    "11341702486344515H",
    "11341723090757022H",
    "11370322004222241N",
    "1137078555222300XQ",
)
ORGANISATION_CODES = ("014416330", "000014349", "01526096-4", "015260964")

SAMPLE = """\
format = 1
name = "某区（样例）"
sample = true

[[bodies]]
code = "YL-D"
name = "某区人民政府（样例）"
name_en = "District (sample)"
kind = "district"

[[bodies]]
code = "YL-C"
name = "信息中心（样例）"
name_en = "Centre (sample)"
kind = "centre"
sample = true
"""
POINT = """
[[bodies]]
code = "YL-P"
name = "档案馆查阅点（样例）"
name_en = "Archives (sample)"
kind = "reading_point"
point_kind = "archives"
required = false
address = "样例路1号"
contact = "样例服务台"
closed_on = 2019-12-31
"""
"""A reading point that says all that one can say; its table begins on line 18."""
GROUPS = """
[[bodies]]
code = "YL-I"
name = "检查考核组（样例）"
name_en = "Inspection (sample)"
kind = "group"
duty = "inspection"

[[bodies]]
code = "YL-G"
name = "领导小组（样例）"
name_en = "Group (sample)"
kind = "group"
"""
"""Two groups; their tables begin on lines 18 and 25."""
REAL = (
    SAMPLE.replace("（样例）", "")
    .replace(" (sample)", "")
    .replace("true", "false")
    .replace("YL-D", CREDIT_CODES[0])
    .replace("YL-C", ORGANISATION_CODES[0])
)


def fault(text: str) -> tuple[str, object]:
    with pytest.raises(OrganisationError) as caught:
        parse(text, source="x.toml")
    assert caught.value.params["path"] == "x.toml"
    return caught.value.code.removeprefix("organisation_"), caught.value.params["line"]


def test_the_small_sample_has_every_kind_of_body_that_the_demonstration_needs() -> None:
    organisation = shipped("sample_small")

    assert Counter(body.kind for body in organisation.bodies) == {
        BodyKind.DISTRICT: 1,
        BodyKind.CENTRE: 1,
        BodyKind.GROUP: 3,
        BodyKind.DEPARTMENT: 3,
        BodyKind.TOWNSHIP: 1,
        BodyKind.SUBDISTRICT: 1,
        BodyKind.READING_POINT: 2,
    }
    office = next(body for body in organisation.bodies if body.code == "YL-OFFICE")
    assert office.name == "东昌区人民政府办公室（样例）"


def test_the_reading_points_of_the_small_sample_are_archives_and_library() -> None:
    points = [body.point for body in shipped("sample_small").bodies if body.point is not None]

    assert [PointKind.ARCHIVES, PointKind.LIBRARY] == [point.kind for point in points]
    assert all(point.required for point in points)


def test_the_district_of_the_demonstration_has_its_thirty_one_publishing_bodies() -> None:
    organisation = shipped("dongchang")

    assert Counter(body.kind for body in organisation.bodies) == {
        BodyKind.DISTRICT: 1,
        BodyKind.CENTRE: 1,
        BodyKind.GROUP: 3,
        BodyKind.DEPARTMENT: 21,
        BodyKind.TOWNSHIP: 3,
        BodyKind.SUBDISTRICT: 7,
        BodyKind.READING_POINT: 6,
    }
    # A rehearsal that began small can grow into it.
    small = {body.code: body for body in shipped("sample_small").bodies}
    kinds = {change.kind for change in diff(tuple(small.values()), organisation)}
    assert {ChangeKind.ADDED} == kinds


@pytest.mark.parametrize("name", SHIPPED)
def test_every_shipped_organisation_is_marked_as_a_sample(name: str) -> None:
    organisation = shipped(name)

    assert organisation.sample
    for body in organisation.bodies:
        assert body.sample
        assert body.name.endswith("（样例）")
        assert body.name_en.endswith("(sample)")
        assert not is_credit_code(body.code)
        assert not is_organisation_code(body.code)


def test_an_organisation_that_does_not_ship_is_not_found() -> None:
    with pytest.raises(NotFound, match="no_such_organisation"):
        shipped("../policies/dongchang")


@pytest.mark.parametrize("code", CREDIT_CODES)
def test_published_credit_codes_pass_and_hold_an_organisation_code(code: str) -> None:
    assert is_credit_code(code)
    assert is_organisation_code(code[8:17])


@pytest.mark.parametrize("code", ORGANISATION_CODES)
def test_published_organisation_codes_pass(code: str) -> None:
    assert is_organisation_code(code)


def test_no_credit_code_survives_the_change_of_one_character() -> None:
    code = CREDIT_CODES[0]

    for place, right in enumerate(code):
        for wrong in set("0123456789ABCDEFGHJKLMNPQRTUWXYIOSVZ-") - {right}:
            assert not is_credit_code(code[:place] + wrong + code[place + 1 :])


def test_no_organisation_code_survives_the_change_of_one_digit() -> None:
    code = ORGANISATION_CODES[0]

    for place, right in enumerate(code):
        for wrong in set("0123456789") - {right}:
            assert not is_organisation_code(code[:place] + wrong + code[place + 1 :])


@given(st.text("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-", max_size=15))
@settings(max_examples=50, deadline=None)
def test_no_code_of_a_sample_passes_either_check(rest: str) -> None:
    code = f"YL-{rest}"
    assert not is_credit_code(code)
    assert not is_organisation_code(code)


def test_a_body_without_a_sample_key_is_what_its_organisation_is() -> None:
    assert [body.sample for body in parse(SAMPLE, source="x.toml").bodies] == [True, True]
    assert [body.sample for body in parse(REAL, source="x.toml").bodies] == [False, False]


def edited(line: int, new: str, *, text: str = SAMPLE) -> str:
    lines = text.split("\n")
    lines[line - 1] = new
    return "\n".join(lines)


@pytest.mark.parametrize(
    ("line", "new", "code", "reported"),
    [
        (1, "format = 2", "value_wrong", 1),
        (1, "format = true", "value_wrong", 1),
        (1, "", "key_missing", 1),
        (2, 'nmae = "某区（样例）"', "key_unknown", 2),
        (2, '"name" = "某区"', "sample_unmarked", 2),
        (3, "sample = false", "mark_on_real", 2),
        (3, "sample = 1", "value_wrong", 3),
        (3, "", "key_missing", 1),
        (4, "[people]", "key_unknown", 4),
        (4, '[[ "people" ]]', "key_unknown", 4),
        (10, "[bodies.seal]", "key_unknown", 5),
        (12, "", "key_missing", 11),
        (12, "code = 12", "value_wrong", 12),
        (12, "code = 2016-12-31", "value_wrong", 12),
        (12, '  "code"= "YL/C"', "code_shape", 12),
        (12, 'code = "yl-c"', "code_shape", 12),
        (12, 'code = "Y"', "code_shape", 12),
        (12, 'code = "YL-C56789012345678X"', "code_shape", 12),
        (12, 'code = "XX-C"', "sample_unmarked", 12),
        (12, f'code = "{CREDIT_CODES[0]}"', "sample_unmarked", 12),
        (12, 'code = "YL-D"', "twice", 12),
        (13, 'name = ""', "value_wrong", 13),
        (13, 'name = " 信息中心（样例）"', "value_wrong", 13),
        (13, r'name = "信息\u0000中心（样例）"', "value_wrong", 13),
        (13, f'name = "{"中" * 200}（样例）"', "value_wrong", 13),
        (13, 'name = "信息中心"', "sample_unmarked", 13),
        # The same name but for the width of its brackets.
        (13, 'name = "某区人民政府(样例)"', "twice", 13),
        (14, 'name_en = "District (sample)"', "twice", 14),
        (15, 'kind = "center"', "kind_unknown", 15),
        (15, 'kind = "district"', "kind_count", 15),
        (15, 'kind = "group"', "kind_count", 5),
        (16, "sample = false", "samples_mixed", 16),
        (16, "seal = true", "key_unknown", 16),
    ],
)
def test_a_fault_of_a_sample_file_is_named_with_its_line(
    line: int, new: str, code: str, reported: int
) -> None:
    assert fault(edited(line, new)) == (code, reported)


def test_a_reading_point_says_what_it_is_or_is_a_required_reading_room() -> None:
    whole = parse(SAMPLE + POINT, source="x.toml").bodies[-1].point
    bare = parse(SAMPLE + POINT.partition("point_kind")[0], source="x.toml").bodies[-1].point

    assert whole == Point(
        kind=PointKind.ARCHIVES,
        required=False,
        address="样例路1号",
        contact="样例服务台",
        closed_on=date(2019, 12, 31),
    )
    assert bare == Point(kind=PointKind.READING_ROOM, required=True)
    assert [None, None] == [body.point for body in parse(SAMPLE, source="x.toml").bodies]


def test_a_group_says_which_of_the_coordinating_groups_it_is() -> None:
    groups = parse(SAMPLE + GROUPS, source="x.toml").bodies[2:]
    assert [Duty.INSPECTION, None] == [body.duty for body in groups]
    duties = {body.duty: body.code for body in shipped("sample_small").bodies if body.duty}
    assert {
        Duty.ORGANISING: "YL-ORGANISING",
        Duty.INSPECTION: "YL-INSPECTION",
        Duty.ACCOUNTABILITY: "YL-ACCOUNTABLE",
    } == duties


@pytest.mark.parametrize(
    ("line", "new", "code", "reported"),
    [
        (23, 'duty = "watching"', "duty_unknown", 23),
        (23, "duty = 1", "value_wrong", 23),
        (22, 'kind = "centre"', "key_unknown", 23),
        (29, 'kind = "group"\nduty = "inspection"', "twice", 30),
    ],
)
def test_a_fault_of_a_group_is_named_with_its_line(
    line: int, new: str, code: str, reported: int
) -> None:
    assert fault(edited(line, new, text=SAMPLE + GROUPS)) == (code, reported)


@pytest.mark.parametrize(
    ("line", "new", "code"),
    [
        (22, 'kind = "department"', "key_unknown"),
        (23, 'point_kind = "museum"', "point_kind_unknown"),
        (23, "point_kind = 1", "value_wrong"),
        (24, "required = 1", "value_wrong"),
        (25, f'address = "{"路" * 301}"', "value_wrong"),
        (25, r'address = "一\n二"', "value_wrong"),
        (26, 'contact = " 服务台"', "value_wrong"),
        (27, 'closed_on = "2019-12-31"', "value_wrong"),
        (27, "closed_on = 2019-12-31T00:00:00", "value_wrong"),
        (27, 'open_on = "2019-12-31"', "key_unknown"),
    ],
)
def test_a_fault_of_a_reading_point_is_named_with_its_line(line: int, new: str, code: str) -> None:
    # What stands first of what a department cannot say is what is pointed at.
    reported = 23 if line == 22 else line
    assert fault(edited(line, new, text=SAMPLE + POINT)) == (code, reported)


@pytest.mark.parametrize(
    ("line", "new", "code"),
    [
        (12, f'code = "{CREDIT_CODES[0][:-1]}X"', "code_check"),
        (12, 'code = "014416331"', "code_check"),
        (12, 'code = "01526096-5"', "code_check"),
        (12, 'code = "YL-C"', "mark_on_real"),
        (13, 'name = "信息中心（样例）"', "mark_on_real"),
    ],
)
def test_a_fault_of_a_real_file_is_named_with_its_line(line: int, new: str, code: str) -> None:
    assert fault(edited(line, new, text=REAL)) == (code, line)


@pytest.mark.parametrize(
    "code", [*CREDIT_CODES[1:], *ORGANISATION_CODES, "LYG-0107", "4200", "MM-CENTRE"]
)
def test_a_real_body_may_bear_a_checked_code_or_one_of_another_shape(code: str) -> None:
    organisation = parse(edited(12, f'code = "{code}"', text=REAL), source="x.toml")

    assert organisation.bodies[1].code == code


def test_the_first_of_two_equal_bodies_is_pointed_at_as_well() -> None:
    with pytest.raises(OrganisationError) as caught:
        parse(edited(12, 'code = "YL-D"'), source="x.toml")

    assert caught.value.params == {
        "path": "x.toml",
        "line": 12,
        "key": "code",
        "value": "YL-D",
        "first_line": 6,
    }


@pytest.mark.parametrize(
    "name",
    [
        '"某区（样例）" # [[bodies]] """',
        '"""\\\n[[bodies]] \\\n\\""" （样例）"""',
        '"""\'\'\'[[（样例）"""',
        "'''\n[[bodies]]\"\"\" （样例）'''",
        '\'[[bodies]] """ （样例）\'',
        '"[[\\" # （样例）"',
        '"""（样例）"""" # """""',
        "'''（样例）'''' # '''''",
    ],
)
def test_what_only_looks_like_a_table_does_not_shift_lines(name: str) -> None:
    text = edited(12, 'code = "YL"')

    assert fault(edited(7, f"name = {name}", text=text)) == (
        "sample_unmarked",
        12 + name.count("\n"),
    )


def test_a_table_in_one_line_is_reported_at_its_array() -> None:
    bodies = 'bodies = [\n  { code = "YL-D", name = "某区（样例）" },\n]\n'
    text = SAMPLE[: SAMPLE.index("[[bodies]]")] + bodies

    assert fault(text) == ("key_missing", 5)


def test_rows_of_an_array_are_not_taken_for_tables() -> None:
    text = 'bodies = [\n[["bodies"]],\n]\nformat = 2\nname = "x"\nsample = true\n'

    assert fault(text) == ("value_wrong", 4)


def test_of_a_wrong_value_a_glimpse_is_shown() -> None:
    with pytest.raises(OrganisationError) as caught:
        parse(edited(12, f"code = {[2016] * 1000}"), source="x.toml")

    assert caught.value.params["value"] == str([2016] * 1000)[:100]


def test_bodies_that_are_no_tables_are_refused() -> None:
    text = SAMPLE[: SAMPLE.index("[[bodies]]")]

    assert fault(text) == ("key_missing", 1)
    assert fault(text + "bodies = [1]\n") == ("value_wrong", 5)
    assert fault(text + "bodies = []\n") == ("kind_count", 5)


def test_line_ends_and_byte_order_marks_of_windows_are_taken(tmp_path: Path) -> None:
    path = tmp_path / "organisation.toml"
    path.write_bytes(b"\xef\xbb\xbf" + SAMPLE.replace("\n", "\r\n").encode())
    assert load(path) == parse(SAMPLE, source="x.toml")

    path.write_bytes(edited(15, 'kind = "x"').replace("\n", "\r\n").encode())
    with pytest.raises(OrganisationError) as caught:
        load(path)
    assert caught.value.params["line"] == 15
    assert caught.value.params["path"] == str(path)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (None, "file_missing"),
        (SAMPLE.encode("gb18030"), "file_not_utf8"),
        (b"#" * (MAX_BYTES + 1), "organisation_too_large"),
        (b"format = \n", "file_not_toml"),
        (b"format = " + b"1" * 5000, "file_not_toml"),
        (b"format = " + b"[" * 10_000, "file_not_toml"),
    ],
    ids=["missing", "gb18030", "large", "syntax", "number", "nesting"],
)
def test_a_file_that_cannot_be_read_is_refused_by_name(
    tmp_path: Path, data: bytes | None, code: str
) -> None:
    path = tmp_path / "organisation.toml"
    if data is not None:
        path.write_bytes(data)

    with pytest.raises(InvalidInput) as caught:
        load(path)

    assert caught.value.code == code
    assert caught.value.params["path"] == str(path)


def test_a_directory_is_no_organisation_file(tmp_path: Path) -> None:
    with pytest.raises(OrganisationError, match="file_unreadable"):
        load(tmp_path)


def test_an_organisation_does_not_differ_from_itself() -> None:
    organisation = shipped("sample_small")

    assert diff(organisation.bodies, organisation) == []


def test_differences_are_found_by_code_and_never_delete() -> None:
    organisation = shipped("sample_small")
    added, renamed, changed, both = organisation.bodies[:4]
    old_name = replace(renamed, name="旧名（样例）")
    old_kind = replace(changed, kind=BodyKind.DEPARTMENT)
    old_both = replace(both, name_en="Old (sample)", kind=BodyKind.DEPARTMENT)
    gone = replace(added, code="YL-GONE", name="已撤销（样例）")
    current = [gone, old_both, old_kind, old_name, *organisation.bodies[4:]]

    assert diff(current, organisation) == [
        Change(kind=ChangeKind.ADDED, code=added.code, before=None, after=added),
        Change(kind=ChangeKind.RENAMED, code=renamed.code, before=old_name, after=renamed),
        Change(kind=ChangeKind.CHANGED, code=changed.code, before=old_kind, after=changed),
        Change(kind=ChangeKind.RENAMED, code=both.code, before=old_both, after=both),
        Change(kind=ChangeKind.CHANGED, code=both.code, before=old_both, after=both),
        Change(kind=ChangeKind.MISSING, code="YL-GONE", before=gone, after=None),
    ]


ENDING = """
[[bodies]]
code = "YL-A"
name = "甲局（样例）"
name_en = "A (sample)"
kind = "department"
closed_on = 2019-03-01
merged_into = "YL-B"

[[bodies]]
code = "YL-B"
name = "乙局（样例）"
name_en = "B (sample)"
kind = "department"
"""
"""A body that was merged into another one; its table begins on line 18."""


def test_a_body_can_say_when_it_ended_and_who_goes_on_with_its_work() -> None:
    bodies = {body.code: body for body in parse(SAMPLE + ENDING, source="x.toml").bodies}
    a, b = bodies["YL-A"], bodies["YL-B"]
    assert (date(2019, 3, 1), "YL-B") == (a.closed_on, a.merged_into)
    assert (None, None) == (b.closed_on, b.merged_into)


@pytest.mark.parametrize(
    ("line", "new", "code"),
    [
        (22, 'kind = "group"', "key_unknown"),
        (23, 'closed_on = "2019-03-01"', "value_wrong"),
        (23, "", "key_missing"),
        (24, 'merged_into = "YL-A"', "merged_into_unknown"),
        (24, 'merged_into = "YL-C"', "merged_into_unknown"),
        (24, 'merged_into = "YL-NONE"', "merged_into_unknown"),
        (24, "merged_into = 1", "value_wrong"),
    ],
)
def test_a_fault_of_an_end_is_named_with_its_line(line: int, new: str, code: str) -> None:
    found, where = fault(edited(line, new, text=SAMPLE + ENDING))
    assert code == found
    assert where in {18, 19, 23, 24}


def test_an_end_and_its_undoing_are_differences_of_their_own() -> None:
    ended = parse(SAMPLE + ENDING, source="x.toml")
    open_ = parse(SAMPLE + ENDING.replace('closed_on = 2019-03-01\nmerged_into = "YL-B"\n', ""),
                  source="x.toml")  # fmt: skip
    assert [(ChangeKind.ENDED, "YL-A")] == [
        (change.kind, change.code) for change in diff(open_.bodies, ended)
    ]
    assert [ChangeKind.REOPENED] == [change.kind for change in diff(ended.bodies, open_)]


def test_a_group_that_gets_another_duty_differs_in_nothing_else() -> None:
    organisation = shipped("sample_small")
    before = [replace(body, duty=None) for body in organisation.bodies]
    changes = diff(before, organisation)
    assert [ChangeKind.DUTY_CHANGED] * 3 == [change.kind for change in changes]


def test_a_point_that_closes_differs_in_nothing_but_its_details() -> None:
    organisation = shipped("sample_small")
    *others, library = organisation.bodies
    closed = replace(library, point=Point(kind=PointKind.LIBRARY, closed_on=date(2019, 12, 31)))
    renamed = replace(closed, name="新名（样例）")

    assert diff([*others, closed], organisation) == [
        Change(kind=ChangeKind.POINT_CHANGED, code=library.code, before=closed, after=library)
    ]
    assert [ChangeKind.RENAMED, ChangeKind.POINT_CHANGED] == [
        change.kind for change in diff([*others, renamed], organisation)
    ]
