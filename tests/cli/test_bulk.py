"""Many at once: items from a file, lists into one, one decision on fifty items (S41, S43)."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

import openpyxl  # type: ignore[import-untyped]
import pytest

from tests.cli.desk import NEW_PASSWORD, Desk
from workflow.row_files import FORMATS, heading

if TYPE_CHECKING:
    from pathlib import Path

    from tests.service.sample_office import SampleOffice

HEADINGS = "标题,正文,目录分类,生成日期,公开属性"
REST = "annual_report,2017-01-10,主动公开"
GOOD = "样例导入{0},样例正文{0},annual_report,2017-01-10,主动公开"


def table(desk: Desk, *rows: str, name: str = "t.csv", headings: str = HEADINGS) -> str:
    return desk.file(name, "\n".join((headings, *rows)) + "\n")


def good(*numbers: int) -> list[str]:
    return [GOOD.format(number) for number in numbers]


# -- import ------------------------------------------------------------------------------------


def test_every_row_becomes_an_item_of_the_clerk(desk: Desk) -> None:
    came = desk.json("clerk", "import", table(desk, *good(1, 2)), "--submit").data
    assert (2, 2, 0, None) == (came["rows"], came["done"], came["failed"], came["rejected"])
    assert ["10@2", "11@2"] == came["entered"]
    shown = desk.json("clerk", "show", "10").data
    assert ("pending", "样例导入1", "clerk") == (
        shown["state"], shown["title"], shown["authors"][0]["name"],
    )  # fmt: skip
    assert "text" == shown["content"]["body_format"]
    assert (
        "已导入 1 行"
        in desk.run(
            "clerk", "--lang", "zh", "import", table(desk, *good(3)), "--department", "YL-CIVIL"
        ).out
    )


def test_a_refused_row_is_told_every_cell_that_is_wrong(desk: Desk) -> None:
    rows = ["样例,正文,anual_report,2017-13-01,公开", *good(1)]
    came = desk.json("clerk", "--lang", "zh", "import", table(desk, *rows))
    assert [(2, "cell_unknown"), (2, "cell_no_date"), (2, "cell_unknown")] == [
        (error["row"], error["code"]) for error in came.document["errors"]
    ]
    kept = next(csv.DictReader(io.StringIO((desk.place / "t.rejected.csv").read_text("utf-8-sig"))))
    assert [True, True, True] == [
        column in kept["未导入的原因"] for column in ("“目录分类”", "“生成日期”", "“公开属性”")
    ]


def test_refused_rows_are_told_and_kept_to_be_mended_and_imported(desk: Desk) -> None:
    rows = [*good(1), "样例,正文,annual_report,2017-13-01,主动公开",
            "=样例,另一正文,anual_report,2017-01-10,主动公开", *good(4)]  # fmt: skip
    came = desk.json("clerk", "--lang", "zh", "import", table(desk, *rows))
    assert 6 == came.status
    assert [(3, "cell_no_date"), (4, "cell_unknown")] == [
        (error["row"], error["code"]) for error in came.document["errors"]
    ]
    assert "“生成日期”" in came.document["errors"][0]["message"]
    assert "您要的是不是" in came.document["errors"][1]["message"]
    assert (2, 2, "t.rejected.csv") == tuple(
        came.document["data"][name] for name in ("done", "failed", "rejected")
    )

    rejected = desk.place / "t.rejected.csv"
    assert 0o600 == rejected.stat().st_mode & 0o777
    lines = list(csv.reader(io.StringIO(rejected.read_text("utf-8-sig"))))
    assert [*HEADINGS.split(","), "行号", "未导入的原因"] == lines[0]
    assert ("3", "'=样例") == (lines[1][5], lines[2][0])
    mended = rejected.read_text("utf-8-sig").replace("2017-13-01", "2017-01-09")
    rejected.write_text(mended.replace("anual_report", "annual_report"), "utf-8-sig")
    assert 2 == desk.json("clerk", "import", "t.rejected.csv").data["done"]
    titles = [row["title"] for row in desk.json("clerk", "list", "--limit", "2").data["items"]]
    assert ["=样例", "样例"] == titles


@pytest.mark.parametrize("form", ["csv", "xlsx", "jsonl"])
def test_refused_rows_are_kept_in_the_kind_of_file_they_came_in(desk: Desk, form: str) -> None:
    desk.run("clerk", "import", "--template", form, f"t.{form}")
    assert 0 == desk.run("clerk", "import", f"t.{form}").status
    assert 1 == desk.run("clerk", "import", f"t.{form}").status
    again = desk.json("clerk", "import", f"t.{form}")
    assert (1, ["duplicate"], f"t.rejected-2.{form}") == (
        again.status, again.codes, again.document["data"]["rejected"],
    )  # fmt: skip
    assert ["duplicate"] == desk.json("clerk", "import", f"t.rejected.{form}").codes


def test_a_key_enters_each_row_once_also_from_the_mended_file(desk: Desk) -> None:
    bad = "样例二,样例二,annual_report,2017-01-40,主动公开"
    call = ("import", "t.csv", "--idempotency-key", "一月")
    table(desk, *good(1), bad)
    assert 6 == desk.run("clerk", *call).status
    table(desk, *good(1), bad.replace("-40", "-10"), *good(3))
    came = desk.json("clerk", *call).data
    assert (3, 1, 0) == (came["done"], came["before"], came["failed"])
    assert (3, 3) == tuple(desk.json("clerk", *call).data[name] for name in ("done", "before"))
    assert 12 == desk.json("clerk", "list").data["total"]


def test_a_dry_run_tells_all_and_changes_nothing(desk: Desk) -> None:
    table(desk, *good(1), "样例,,annual_report,2017-01-10,主动公开")
    with desk.unchanged():
        came = desk.json("clerk", "import", "t.csv", "--dry-run")
    assert (6, ["field_empty"], None) == (
        came.status, came.codes, came.document["data"]["rejected"],
    )  # fmt: skip
    assert (1, True) == (came.document["data"]["done"], came.document["data"]["dry_run"])


def test_a_dry_run_sees_that_two_rows_hold_the_same(desk: Desk) -> None:
    rows = [
        f"样例一,样例正文甲,{REST},样例发〔2017〕1号,",
        f"样例二,样例正文甲,{REST},,",
        f"样例三,样例正文乙,{REST},样例发[2017]1号,",
        f"样例四,样例正文甲,{REST},,样例：另一机关转发",
        f"样例五,样例正文丙,{REST},,",
    ]
    table(desk, *rows, headings=f"{HEADINGS},发文字号,{heading('not_duplicate', 'zh')}")
    with desk.unchanged():
        would = desk.json("clerk", "import", "t.csv", "--dry-run")
    refused = [(error["row"], error["code"]) for error in would.document["errors"]]
    assert [(3, "duplicate_row"), (4, "duplicate_row")] == refused
    assert {2} == {error["params"]["row"] for error in would.document["errors"]}
    came = desk.json("clerk", "import", "t.csv")
    assert [3, 4] == [error["row"] for error in came.document["errors"]]
    assert would.document["data"]["done"] == came.document["data"]["done"] == 3


def test_rows_that_are_saved_at_once_stand_alone(desk: Desk) -> None:
    """The refused ones leave nothing but the stub of a classification mark."""
    wrong = [
        "样例,机密★10年,annual_report,2017-01-10,主动公开",
        "样例,样例正文1,annual_report,2017-01-10,主动公开",
        "样例,正文,annual_report,2017-02-30,主动公开",
    ]
    came = desk.json("clerk", "import", table(desk, *good(*range(30)), *wrong, *good(30)))
    assert [(32, "classification_mark"), (33, "duplicate"), (34, "cell_no_date")] == [
        (error["row"], error["code"]) for error in came.document["errors"]
    ]
    assert (6, 31, 3) == (came.status, *(came.document["data"][n] for n in ("done", "failed")))
    assert 40 == desk.json("clerk", "list").data["total"]
    with desk.office() as office:
        assert 1 == office.events().count("classified_upload_refused")
        assert [] == office.faults()


def test_rows_that_cannot_be_saved_at_once_are_entered_one_by_one(desk: Desk) -> None:
    call = ("import", "t.csv", "--idempotency-key", "k")
    table(desk, *good(1))
    desk.run("clerk", *call)
    # The same row for another department is another call under the same key.
    table(desk, *good(0, 1, 2))
    came = desk.json("clerk", *call, "--submit")
    assert (6, ["key_used_before"]) == (came.status, came.codes)
    assert (2, 1) == tuple(came.document["data"][name] for name in ("done", "failed"))
    assert 12 == desk.json("clerk", "list").data["total"]


def test_wrong_headings_stop_everything_and_name_the_nearest(desk: Desk) -> None:
    table(desk, *good(1), headings="标题,正文,目录分类,生成日其,公开属性")
    with desk.unchanged():
        came = desk.json("clerk", "--lang", "zh", "import", "t.csv")
    assert (1, ["column_unknown"]) == (came.status, came.codes)
    assert "您要的是不是“生成日期”" in came.document["errors"][0]["message"]


def test_rows_are_refused_by_the_rules_of_a_single_entry(desk: Desk) -> None:
    rows = [
        "样例,机密★10年,annual_report,2017-01-10,主动公开,,",
        "样例,正文一,annual_report,2017-01-10,主动公开,YL-FINANCE,",
        "样例,正文二,annual_report,2017-01-10,主动公开,YL-NOWHERE,",
        "样例,正文三,annual_report,2017-01-21,主动公开,,",
        "样例,正文四,annual_report,2017-01-10,主动公开,,../secret.pdf",
    ]
    table(desk, *rows, headings=f"{HEADINGS},机构,附件")
    came = desk.json("clerk", "import", "t.csv")
    assert [
        "classification_mark", "role_missing", "no_such_body", "formed_in_future", "file_outside",
    ] == came.codes  # fmt: skip
    assert (1, 0) == (came.status, came.document["data"]["done"])


def test_rows_name_their_text_and_their_files_beside_the_table(desk: Desk) -> None:
    desk.file("text.md", "# 样例标题")
    desk.file("list.csv", "样例,1\n")
    table(desk, "样例,text.md,list.csv", headings="标题,正文文件,附件")
    (at,) = desk.json("clerk", "import", "t.csv").data["entered"]
    content = desk.json("clerk", "show", at).data["content"]
    assert ("# 样例标题\n", "markdown") == (content["body"], content["body_format"])
    assert ["list.csv"] == [each["name"] for each in content["attachments"]]


@pytest.mark.parametrize("form", sorted(set(FORMATS.values())))
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_template_can_be_printed_and_imported_as_it_is(
    desk: Desk, form: str, language: str
) -> None:
    speaks = ("clerk", "--lang", language, "import")
    assert 0 == desk.run(*speaks, "--template", form, f"t.{form}").status
    assert 1 == desk.json(*speaks, f"t.{form}", "--dry-run").data["done"]
    there = desk.json(*speaks, "--template", form, f"t.{form}")
    assert (2, ["file_exists"]) == (there.status, there.codes)
    if form != "xlsx":
        assert (desk.place / f"t.{form}").read_bytes() == desk.run(
            *speaks, "--template", form
        ).out.encode()


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (("import",), "import_needs_file"),
        (("import", "none.csv"), "file_missing"),
        (("import", "empty.csv"), "import_empty"),
        (("import", "empty.csv", "--idempotency-key", "k" * 161), "key_wrong"),
        (("import", "empty.doc"), "row_file_unknown"),
        (("--json", "import", "--template", "xlsx"), "xlsx_needs_file"),
        (("export", "--output", "t.doc"), "row_file_unknown"),
        (("export", "inbox", "--words", "样例", "--output", "t.csv"), "export_filter"),
        (("export", "due", "--state", "draft", "--output", "t.csv"), "export_filter"),
        (("export",), "export_needs_file"),
    ],
)
def test_what_cannot_be_imported_or_exported_is_told(
    desk: Desk, call: tuple[str, ...], code: str
) -> None:
    table(desk, name="empty.csv")
    with desk.unchanged():
        came = desk.json("clerk", *call)
    assert (2, [code]) == (came.status, came.codes)


def test_many_refused_rows_are_told_in_the_file_alone(desk: Desk) -> None:
    table(desk, *(f"样例,,annual_report,2017-01-10,{number}" for number in range(120)))
    told = desk.run("clerk", "import", "t.csv")
    assert 2 == told.status
    assert 100 == told.out.count("✗")
    assert "20" in told.out.splitlines()[100]
    assert 121 == len((desk.place / "t.rejected.csv").read_text("utf-8-sig").splitlines())


# -- export ------------------------------------------------------------------------------------


def exported(desk: Desk, who: str, *arguments: str) -> list[list[str]]:
    out = desk.run(who, "--lang", "zh", "export", *arguments).out
    return list(csv.reader(io.StringIO(out.removeprefix("\ufeff"))))


def test_a_list_is_exported_in_words_or_as_programs_read_it(desk: Desk) -> None:
    headings, *rows = exported(desk, "clerk", "--state", "published")
    assert ["信息@版本", "索引号", "标题", "状态", "机构", "机构代码", "生成日期"] == headings[:7]
    assert [["7@8", "样例信息：published", "YL-CIVIL"]] == [
        [row[0], row[2], row[5]] for row in rows
    ]
    lines = desk.run("clerk", "export", "--format", "jsonl").out.splitlines()
    listed = desk.json("clerk", "list").data["items"]
    assert [row["at"] for row in listed] == [json.loads(line)["at"] for line in lines]


def test_s43_no_cell_of_an_export_acts(desk: Desk) -> None:
    for sign in "=+-@":
        desk.draft(f"{sign}1+1")
    _, *rows = exported(desk, "clerk", "--words", "1")
    assert ["'@1+1", "'-1+1", "'+1+1", "'=1+1"] == [row[2] for row in rows][:4]
    desk.run("clerk", "export", "--words", "1", "--output", "t.xlsx")
    page = openpyxl.load_workbook(desk.place / "t.xlsx").active
    cells = [row[2] for row in page.iter_rows(min_row=2)]
    assert {"s"} == {cell.data_type for cell in cells}
    assert [row[2] for row in rows] == [cell.value for cell in cells]


def test_s42_an_export_holds_what_one_may_see_and_nothing_else(desk: Desk) -> None:
    desk.file("body.md", "样例名单")
    desk.run("clerk", "new", "body.md", "--title", "限定样例", "--restricted")
    for who, expected in (("clerk", 10), ("colleague", 9), ("outsider", 1), ("admin", 1)):
        assert expected == len(exported(desk, who)) - 1, who
        assert (who == "clerk") == any("限定样例" in row for row in exported(desk, who))


@pytest.mark.parametrize("which", ["inbox", "due", "overdue"])
@pytest.mark.parametrize("form", ["csv", "xlsx", "jsonl"])
def test_boards_and_inboxes_are_exported_too(desk: Desk, which: str, form: str) -> None:
    who = "head" if which == "inbox" else "supervisor"
    name = f"t.{form}"
    came = desk.json(who, "export", which, "--output", name).data
    listed = desk.json(who, which, *(("--all",) if which != "inbox" else ())).data
    assert (listed["total"], form, name) == (came["rows"], came["format"], came["file"])
    assert (desk.place / name).stat().st_size > 0 or came["rows"] == 0


def test_a_question_that_is_refused_leaves_the_file_alone(desk: Desk) -> None:
    desk.file("t.csv", "mine")
    for wrong in (("--words", "，"), ("--department", "YL-NOWHERE")):
        assert desk.run("clerk", "export", *wrong, "--output", "t.csv").status in {2, 4}
    assert b"mine" == (desk.place / "t.csv").read_bytes()


# -- decisions -----------------------------------------------------------------------------------


def test_s41_of_fifty_approvals_the_three_that_fail_are_listed_and_a_rerun_does_them(
    office: SampleOffice, tmp_path: Path
) -> None:
    place = {"GONGKAI_DATABASE_URL": office.address, "GONGKAI_HOME": str(office.home)}
    desk = Desk(tmp_path, {"final": token(office, "final")})
    items = [office.item_at("final_review") for _ in range(50)]
    seen = {item: f"{item}@{office.row(item).version}" for item in items}
    bad = [items[7], items[20], items[41]]
    for item in bad:
        office.give_back(item, "final", to="seal")
    call = ("approve", "-", "--idempotency-key", "k")

    came = desk.json("final", *call, given="\n".join(seen.values()), **place)

    assert (6, 47) == (came.status, len(came.document["data"]))
    assert [(seen[item], "changed_since") for item in bad] == [
        (error["item"], error["code"]) for error in came.document["errors"]
    ]
    assert set(items) - set(bad) == {item for item in items if office.place(item) == "cleared"}

    for item in bad:
        office.carry(item, to="final_review")
        seen[item] = f"{item}@{office.row(item).version}"
    rerun = desk.json("final", *call, given="\n".join(seen.values()), **place).data
    assert bad == [each["item"] for each in rerun if not each.get("repeated")]
    assert 50 == len(rerun)
    assert {"cleared"} == {office.place(item) for item in items}
    # Once more without a key: each of them says that it has moved on, and nothing happens.
    told = desk.run("final", "approve", "-", given="\n".join(seen.values()), **place)
    assert (3, 50) == (told.status, len(told.out.splitlines()))


def token(office: SampleOffice, name: str) -> str:
    """Sign somebody in."""
    secret = office.accounts.reset(office["admin"], name)["one_time_password"]
    _, owing = office.accounts.login(name, secret)
    office.accounts.change_password(owing, old=secret, new=NEW_PASSWORD)
    found: str = office.accounts.login(name, NEW_PASSWORD)[0]
    return found
