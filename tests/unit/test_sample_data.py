"""The data that ships: samples for the demonstration, policies and the theme classification."""

from __future__ import annotations

import hashlib
import re
import tomllib
from importlib import resources
from typing import Any

import pytest

from workflow.organisation import SHIPPED, shipped
from workflow.screening import marks_in_name, marks_in_text

# The report without white space, title and navigation, as the office published it.
REPORT_SHA256 = "f27eed945a4a9861ff2782b53979f26bc95a62cf285c12ab19510a0d3187f6f1"
TITLE = "2016年东昌区政府信息公开工作年度报告"
DERIVED = ("standard_four_step", "two_tier")
ARTICLE = re.compile(r"\d{1,2}(\.\d)?(\(\d{1,2}\))?")


def sample(name: str) -> str:
    return (resources.files("workflow") / "samples" / name).read_text("utf-8")


def policy(name: str) -> dict[str, Any]:
    text = (resources.files("workflow") / "policies" / f"{name}.toml").read_text("utf-8")
    return tomllib.loads(text)


def resolved(name: str) -> dict[str, Any]:
    document = policy(name)
    return policy(document["extends"]) | document if "extends" in document else document


def test_the_report_is_the_published_one_to_the_letter() -> None:
    text = re.sub(r"(?m)^#+ ", "", sample("annual_report_2016.md"))

    words = re.sub(r"\s", "", text)

    assert hashlib.sha256(words.encode()).hexdigest() == REPORT_SHA256
    assert [words.count(slip) for slip in ("《条列》", "东昌区东昌区政府办", "截止")] == [1, 1, 2]


def test_the_report_holds_neither_its_title_nor_the_navigation_of_its_site() -> None:
    text = sample("annual_report_2016.md")

    assert TITLE not in text
    assert "登录" not in text
    assert text.startswith(
        "## 一、基本工作情况\n\n### (一)建立健全领导体制和工作机构\n\n1.领导体制。"
    )


def test_the_report_is_markdown_of_headings_and_paragraphs_alone() -> None:
    blocks = sample("annual_report_2016.md").removesuffix("\n").split("\n\n")

    headings = [block for block in blocks if block.startswith("#")]
    assert [heading[3] for heading in headings if heading.startswith("## ")] == list(
        "一二三四五六七八九"
    )
    assert sum(heading.startswith("### (") for heading in headings) == 12
    for block in blocks:
        assert block == block.strip()
        assert not re.search(r"[\n\xa0*_`<>\[\]|\\]", block)
        assert not re.match(r"(\d+[.)]|[-+])\s", block)


@pytest.mark.parametrize("name", ["annual_report_2016.md", "internal_contacts.md"])
def test_a_sample_passes_the_screen_for_classification_marks(name: str) -> None:
    assert marks_in_text(sample(name)) == ()
    assert marks_in_name(name) == ()


def test_the_withheld_sample_says_that_it_is_one_and_holds_nobody_s_data() -> None:
    text = sample("internal_contacts.md")

    assert text.startswith("> **样例**")
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines()]
    people = [row for row in rows if len(row) == 6 and row[0].isdigit()]
    assert len(people) == 3
    for number, (_, name, identity, telephone, account, cause) in enumerate(people, start=1):
        assert name.startswith("样例")
        assert identity == f"样例证件-{number:04}"
        assert telephone == f"000-0000-{number:04}"
        assert account == f"样例账号-{number:04}"
        assert cause.endswith("（虚构）")
    # Neither an identity number, nor a mobile telephone, nor a bank account.
    assert not re.search(r"[1-9]\d{10}", text.replace("-", ""))


def test_the_samples_are_described_where_they_lie() -> None:
    files = {file.name for file in (resources.files("workflow") / "samples").iterdir()}

    assert files == {"README.md", "annual_report_2016.md", "internal_contacts.md"}
    for name in files - {"README.md"}:
        assert f"## `{name}`" in sample("README.md")
    assert TITLE in sample("README.md")


def test_every_organisation_file_is_one_that_ships() -> None:
    files = {file.name for file in (resources.files("workflow") / "organisations").iterdir()}

    assert files == {f"{name}.toml" for name in SHIPPED}
    assert all(shipped(name).bodies for name in SHIPPED)


def test_the_theme_classification_has_its_22_classes_in_order() -> None:
    themes = policy("themes")

    classes = themes["classes"]
    assert [row["code"] for row in classes] == [f"{number:02}" for number in range(1, 23)]
    assert sum(len(row["children"]) for row in classes) == 121
    for key in ("id", "zh", "en"):
        assert len({row[key] for row in classes}) == 22
    assert (classes[0]["zh"], classes[-1]["zh"]) == ("国务院组织机构", "其他")


def test_every_catalogue_item_has_an_official_theme_and_genre_and_a_legal_basis() -> None:
    themes = {
        f"{row['zh']}\\{child}" for row in policy("themes")["classes"] for child in row["children"]
    }
    # The fifteen kinds of official documents (党政机关公文处理工作条例, 2012, article 8).
    genres = "决议 决定 命令(令) 公报 公告 通告 意见 通知 通报 报告 请示 批复 议案 函 纪要"

    catalogue = policy("dongchang")["catalogue"]

    assert len({row["code"] for row in catalogue}) == len(catalogue) >= 20
    for row in catalogue:
        assert row["theme"] in themes
        assert row.get("genre", "报告") in genres.split()
        assert ARTICLE.fullmatch(row["basis_2008"])
        assert ARTICLE.fullmatch(row["basis_2019"])


def test_every_ground_cites_the_law_unless_the_regulations_do_not_know_it() -> None:
    grounds = {row["code"]: row for row in policy("dongchang")["grounds"]}

    # Decree 492 knew three grounds and what endangers security or stability; the rest is newer.
    assert [code for code, row in grounds.items() if row["article_2008"]] == [
        "state_secret",
        "three_securities_one_stability",
        "trade_secret",
        "personal_privacy",
    ]
    for row in grounds.values():
        assert bool(row["attributes"]) is bool(ARTICLE.fullmatch(row["article_2019"]))
    assert grounds["work_secret"]["attributes"] == []
    assert grounds["state_secret"]["attributes"] == ["not_disclosed"]


@pytest.mark.parametrize("name", DERIVED)
def test_a_derived_policy_replaces_only_what_differs(name: str) -> None:
    document, parent = policy(name), policy("dongchang")

    assert document.pop("extends") == "dongchang"
    assert document["code"] == name
    assert [key for key in document if document[key] == parent[key]] == ["format", "version"]
    assert document.keys() <= parent.keys()


@pytest.mark.parametrize(
    ("name", "stages"),
    [
        (
            "dongchang",
            """
            sign_off/department_head seal/seal_keeper
            confidentiality_review/confidentiality_reviewer final_review/final_reviewer
            """,
        ),
        (
            "standard_four_step",
            """
            originator_opinion/clerk unit_head_sign_off/deputy_head
            confidentiality_review/confidentiality_reviewer leader_sign_off/department_head
            seal/seal_keeper final_review/final_reviewer
            """,
        ),
        (
            "two_tier",
            """
            deputy_sign_off/deputy_head principal_sign_off/department_head seal/seal_keeper
            confidentiality_review/confidentiality_reviewer final_review/final_reviewer
            """,
        ),
    ],
)
def test_the_stages_of_each_policy_stand_in_their_order(name: str, stages: str) -> None:
    rows = resolved(name)["stages"]

    assert [f"{row['name']}/{row['role']}" for row in rows] == stages.split()


def test_two_tiers_decide_again_and_the_others_keep_what_stands() -> None:
    kept = {name: resolved(name)["decisions"] for name in ("dongchang", *DERIVED)}

    assert kept == {
        "dongchang": {"edit_voids": "all", "on_unchanged": "keep"},
        "standard_four_step": {"edit_voids": "all", "on_unchanged": "keep"},
        "two_tier": {"edit_voids": "all", "on_unchanged": "repeat"},
    }


@pytest.mark.parametrize("name", ["dongchang", *DERIVED])
def test_every_term_of_a_policy_is_named_in_both_languages(name: str) -> None:
    document = resolved(name)

    terms = [
        *document["review"]["checklist"],
        *document["grounds"],
        *document["return_codes"],
        *document["catalogue"],
        *(stage["title"] for stage in document["stages"]),
        document["title"],
    ]
    for term in terms:
        assert re.search(r"[\u4e00-\u9fff]", term["zh"])
        assert term["en"].isascii()
        assert re.fullmatch(r"[a-z]+(_[a-z]+)*", term.get("code", "title"))
