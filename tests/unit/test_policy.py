"""Policies: the shipped ones load, each fault of a file is named, and equal policies are equal."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import pytest

from tests.unit.cases import POLICIES
from workflow.errors import InvalidInput, NotFound
from workflow.machine import StageKind
from workflow.policy import (
    DEFAULT,
    MAX_BYTES,
    MAX_NAME,
    MAX_STAGES,
    SHIPPED,
    load,
    parse,
    shipped,
    stored,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from workflow.policy import CatalogueItem, Ground, Term

SAMPLE: Final = """\
format = 1
code = "sample"
version = 3
title = { zh = "样例流程", en = "Sample" }
legal_basis = "样例依据"

[[stages]]
name = "sign_off"
kind = "sign_off"
role = "department_head"
title = { zh = "签字", en = "Sign-off" }

[[stages]]
name = "seal"
kind = "seal"
role = "seal_keeper"
title = { zh = "盖章", en = "Seal" }

[[stages]]
name = "secrecy"
kind = "confidentiality_review"
role = "confidentiality_reviewer"
title = { zh = "保密审查", en = "Review" }

[[stages]]
name = "final"
kind = "final_review"
role = "final_reviewer"
title = { zh = "终审", en = "Final review" }

[decisions]
edit_voids = "all"
on_unchanged = "keep"

[publication]
channels = ["website"]
attempts = 5

[index_number]
template = "{body}/{year}-{serial:05d}"

[review]
reassess_after_months = 12

[[review.checklist]]
code = "state_secret"
zh = "样例问题？"
en = "A sample question?"

[[grounds]]
code = "privacy"
zh = "个人隐私"
en = "Privacy"
article_2008 = "14"
article_2019 = "15"
attributes = ["on_request", "not_disclosed"]

[[return_codes]]
code = "wording"
zh = "文字"
en = "Wording"

[[catalogue]]
code = "report"
zh = "报告"
en = "Report"
theme = "综合政务\\\\政务公开"
basis_2008 = "31"
basis_2019 = "49"
"""
NAME: Final = "样例.toml"
OURS: Final = parse(SAMPLE, source=NAME)


def document() -> dict[str, Any]:
    """Return the sample policy as it is stored, to be changed."""
    stored_text: dict[str, Any] = json.loads(OURS.text)
    return stored_text


def fault(text: str) -> tuple[str, object]:
    with pytest.raises(InvalidInput) as caught:
        parse(text, source=NAME)
    assert NAME == caught.value.params["path"]
    return caught.value.code, caught.value.params.get("where")


def fault_of(change: Callable[[dict[str, Any]], object]) -> tuple[str, object]:
    """Return what is said of the sample after ``change``; ``where`` tells the place."""
    changed = document()
    change(changed)
    with pytest.raises(InvalidInput) as caught:
        stored(json.dumps(changed))
    return caught.value.code, caught.value.params.get("where")


# -- what ships ----------------------------------------------------------------------------------


@pytest.mark.parametrize("code", SHIPPED)
def test_a_shipped_policy_loads_under_its_own_name(code: str) -> None:
    policy = POLICIES[code]

    assert code == policy.code
    assert {"zh", "en"} == set(policy.titles)
    assert 64 == len(policy.digest)
    assert ("website",) == policy.channels
    assert {stage.name for stage in policy.stages} == policy.edit_voids


def test_the_default_policy_is_the_order_of_work_of_the_district() -> None:
    policy = shipped()

    assert DEFAULT == policy.code == "dongchang"
    assert [
        ("sign_off", StageKind.SIGN_OFF, "department_head"),
        ("seal", StageKind.SEAL, "seal_keeper"),
        ("confidentiality_review", StageKind.CONFIDENTIALITY_REVIEW, "confidentiality_reviewer"),
        ("final_review", StageKind.FINAL_REVIEW, "final_reviewer"),
    ] == [(stage.name, stage.kind, stage.role) for stage in policy.stages]
    assert policy.keeps_unchanged


def test_the_four_step_policy_reviews_before_the_seal_is_set() -> None:
    kinds = [stage.kind for stage in POLICIES["standard_four_step"].stages]

    assert [
        StageKind.OPINION,
        StageKind.SIGN_OFF,
        StageKind.CONFIDENTIALITY_REVIEW,
        StageKind.SIGN_OFF,
        StageKind.SEAL,
        StageKind.FINAL_REVIEW,
    ] == kinds


def test_in_two_tiers_the_deputy_signs_before_the_head_and_both_look_again() -> None:
    policy = POLICIES["two_tier"]

    assert ["deputy_head", "department_head"] == [stage.role for stage in policy.stages[:2]]
    assert not policy.keeps_unchanged


def test_a_policy_that_does_not_ship_is_not_found() -> None:
    with pytest.raises(NotFound, match="no_such_policy") as caught:
        shipped("../organisations/sample_small")
    assert SHIPPED == caught.value.params["known"]


@pytest.mark.parametrize("code", SHIPPED)
def test_every_term_of_a_shipped_policy_has_a_name_in_both_languages(code: str) -> None:
    policy = POLICIES[code]
    terms: tuple[Term | Ground | CatalogueItem, ...] = (
        *policy.checklist,
        *policy.grounds.values(),
        *policy.return_codes.values(),
        *policy.catalogue.values(),
    )
    for term in terms:
        assert term.name("zh").strip()
        assert term.name("en").isascii()
    for stage in policy.stages:
        assert policy.stage_title(stage.name, "zh") != policy.stage_title(stage.name, "en")


# -- the same policy is the same -----------------------------------------------------------------


@pytest.mark.parametrize("code", SHIPPED)
def test_the_stored_text_gives_the_same_policy_again(code: str) -> None:
    policy = POLICIES[code]

    assert policy == stored(policy.text)
    assert policy.digest == stored(policy.text).digest


def test_layout_comments_and_order_of_the_file_do_not_change_the_digest() -> None:
    blocks = SAMPLE.split("\n\n")
    shuffled = "\n\n".join([blocks[0], *reversed([b for b in blocks[1:] if "[[stages" not in b])])
    stages = "\n\n".join(block for block in blocks if "[[stages" in block)
    reformatted = "# 样例\n" + f"{shuffled}\n\n{stages}\n".replace(" = ", "   =  ").replace(
        'title   =  { zh   =  "签字", en   =  "Sign-off" }',
        'title.en = "Sign-off" # English first\ntitle.zh = "签字"',
    )

    assert reformatted != SAMPLE
    assert OURS.digest == parse(reformatted, source="elsewhere").digest


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("version = 3", "version = 4"),
        ('zh = "签字"', 'zh = "签名"'),
        ('on_unchanged = "keep"', 'on_unchanged = "repeat"'),
        ("attempts = 5", "attempts = 6"),
        ('article_2019 = "15"', 'article_2019 = "16"'),
    ],
)
def test_a_change_of_what_it_says_changes_the_digest(old: str, new: str) -> None:
    assert 1 == SAMPLE.count(old)
    changed = parse(SAMPLE.replace(old, new), source=NAME)

    assert OURS.digest != changed.digest


def test_the_order_of_the_stages_is_part_of_the_digest() -> None:
    stages = document()
    stages["stages"][0], stages["stages"][1] = stages["stages"][1], stages["stages"][0]

    assert OURS.digest != stored(json.dumps(stages)).digest


# -- extending -----------------------------------------------------------------------------------


def test_a_policy_may_extend_a_shipped_one_by_replacing_whole_tables() -> None:
    policy = parse(
        'extends = "two_tier"\ncode = "ours"\n'
        '[publication]\nchannels = ["website"]\nattempts = 2\n',
        source=NAME,
    )

    assert ("ours", 2) == (policy.code, policy.publication_attempts)
    assert POLICIES["two_tier"].stages == policy.stages
    assert POLICIES["dongchang"].catalogue == policy.catalogue


def test_what_counts_is_the_resolved_text_and_not_the_reference() -> None:
    policy = parse('extends = "dongchang"\n', source=NAME)

    assert "extends" not in json.loads(policy.text)
    assert POLICIES["dongchang"].digest == policy.digest


def test_only_a_shipped_policy_can_be_extended() -> None:
    assert ("policy_extends_unknown", None) == fault('extends = "ours"\n')


def test_a_replaced_table_is_not_mixed_with_the_one_it_replaces() -> None:
    assert ("policy_key_missing", "publication.attempts") == fault(
        'extends = "dongchang"\n[publication]\nchannels = ["website"]\n'
    )


# -- files ---------------------------------------------------------------------------------------


def test_a_file_loads_as_its_text_does(tmp_path: Path) -> None:
    path = tmp_path / NAME
    path.write_text(SAMPLE, encoding="utf-8")

    assert OURS == load(path)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (None, "file_missing"),
        ("题目".encode("gb18030"), "file_not_utf8"),
        (b"format = ", "file_not_toml"),
        (b"format = 1\nformat = 2\n", "file_not_toml"),
    ],
)
def test_a_file_that_cannot_be_read_is_named(
    tmp_path: Path, content: bytes | None, code: str
) -> None:
    path = tmp_path / NAME
    if content is not None:
        path.write_bytes(content)

    with pytest.raises(InvalidInput, match=code) as caught:
        load(path)
    assert str(path) == caught.value.params["path"]


def test_a_file_that_is_too_large_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "large.toml"
    path.write_text("# " + "x" * MAX_BYTES, encoding="utf-8")
    with pytest.raises(InvalidInput) as refusal:
        load(path)
    assert "file_too_large" == refusal.value.code


# Twice as deep as Python follows; the parser takes the square of the depth in time.
DEEP = ".".join("a" * 2_000)


@pytest.mark.parametrize(
    "text",
    [
        f"extends.{DEEP} = 1",
        f"extends = 'dongchang'\ncatalogue.{DEEP} = 1",
        f"extends = 'dongchang'\ncatalogue = [{{a.{DEEP} = 1}}]",
        f"extends = 'dongchang'\npublication = {{channels = [{{{DEEP} = 1}}], attempts = 1}}",
        f"extends = 'dongchang'\ngrounds = {'[' * 20_000}{']' * 20_000}",
        f"version = {'9' * 20_000}",
    ],
    ids=["extends", "table", "row", "list", "lists", "number"],
)
def test_what_is_nested_without_end_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        parse(text, source="x")
    assert "x" == refusal.value.params["path"]
    assert len(str(refusal.value)) < 1000


def test_a_directory_is_no_policy(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="file_unreadable"):
        load(tmp_path)


# -- every fault ---------------------------------------------------------------------------------


def _without(*path: str | int) -> Callable[[dict[str, Any]], object]:
    def change(table: Any) -> None:
        for step in path[:-1]:
            table = table[step]
        del table[path[-1]]

    return change


def _with(value: object, *path: str | int) -> Callable[[dict[str, Any]], object]:
    def change(table: Any) -> None:
        for step in path[:-1]:
            table = table[step]
        table[path[-1]] = value

    return change


STAGE: Final = {
    "name": "more",
    "kind": "sign_off",
    "role": "deputy_head",
    "title": {"zh": "样例", "en": "More"},
}
TABLES: Final = (
    "format", "code", "version", "title", "legal_basis", "stages", "decisions", "publication",
    "index_number", "review", "grounds", "return_codes", "catalogue",
)  # fmt: skip


@pytest.mark.parametrize("name", TABLES)
def test_a_missing_part_is_named(name: str) -> None:
    assert ("policy_key_missing", name) == fault_of(_without(name))


@pytest.mark.parametrize("name", TABLES)
def test_a_part_of_the_wrong_kind_is_named(name: str) -> None:
    assert ("policy_value_wrong", name) == fault_of(_with(True, name))  # noqa: FBT003 # no flag


@pytest.mark.parametrize(
    ("path", "where"),
    [
        (("stages", 1, "kind"), "stages[2].kind"),
        (("stages", 0, "title", "en"), "stages[1].title.en"),
        (("title", "zh"), "title.zh"),
        (("publication", "channels"), "publication.channels"),
        (("index_number", "template"), "index_number.template"),
        (("review", "reassess_after_months"), "review.reassess_after_months"),
        (("review", "checklist"), "review.checklist"),
        (("review", "checklist", 0, "zh"), "review.checklist[1].zh"),
        (("grounds", 0, "article_2008"), "grounds[1].article_2008"),
        (("return_codes", 0, "code"), "return_codes[1].code"),
        (("catalogue", 0, "theme"), "catalogue[1].theme"),
    ],
)
def test_a_missing_key_is_named_with_its_place(path: tuple[str | int, ...], where: str) -> None:
    assert ("policy_key_missing", where) == fault_of(_without(*path))


@pytest.mark.parametrize(
    ("path", "where"),
    [
        (("extra",), "extra"),
        (("title", "fr"), "title.fr"),
        (("stages", 0, "note"), "stages[1].note"),
        (("decisions", "note"), "decisions.note"),
        (("publication", "note"), "publication.note"),
        (("index_number", "note"), "index_number.note"),
        (("review", "note"), "review.note"),
        (("grounds", 0, "note"), "grounds[1].note"),
        (("catalogue", 0, "note"), "catalogue[1].note"),
    ],
)
def test_an_unknown_key_is_named_with_its_place(path: tuple[str | int, ...], where: str) -> None:
    assert ("policy_key_unknown", where) == fault_of(_with("样例", *path))


@pytest.mark.parametrize(
    ("value", "path", "where"),
    [
        (2, ("format",), "format"),
        ("1", ("version",), "version"),
        (0, ("version",), "version"),
        (2**31, ("version",), "version"),
        ("two words", ("code",), "code"),
        ("x" * (MAX_NAME + 1), ("code",), "code"),
        ("x" * (MAX_NAME + 1), ("stages", 0, "name"), "stages[1].name"),
        ("x" * (MAX_NAME + 1), ("grounds", 0, "code"), "grounds[1].code"),
        ([["x"]], ("catalogue",), "catalogue[1]."),
        ("approval", ("stages", 0, "kind"), "stages[1].kind"),
        ("clerk", ("stages", 0, "role"), "stages[1].role"),
        ("administrator", ("stages", 3, "role"), "stages[4].role"),
        ("sign off", ("stages", 0, "name"), "stages[1].name"),
        ("", ("stages", 0, "name"), "stages[1].name"),
        ("row", ("stages", 0), "stages[1]."),
        (3, ("title", "zh"), "title.zh"),
        ("none", ("decisions", "edit_voids"), "decisions.edit_voids"),
        (["weather"], ("decisions", "edit_voids"), "decisions.edit_voids"),
        ([["sign_off"]], ("decisions", "edit_voids"), "decisions.edit_voids"),
        (None, ("decisions", "edit_voids"), "decisions.edit_voids"),
        ("ask", ("decisions", "on_unchanged"), "decisions.on_unchanged"),
        (None, ("decisions", "on_unchanged"), "decisions.on_unchanged"),
        ([], ("publication", "channels"), "publication.channels"),
        (["website", "radio"], ("publication", "channels"), "publication.channels"),
        (0, ("publication", "attempts"), "publication.attempts"),
        ([], ("urgency",), "urgency"),
        ({"roles": ["publisher"]}, ("urgency",), "urgency.roles"),
        ({"roles": ["clerk"]}, ("urgency",), "urgency.roles"),
        ({"roles": "supervisor"}, ("urgency",), "urgency.roles"),
        ({"people": [1]}, ("urgency",), "urgency.people"),
        ({"people": ["样例"]}, ("urgency",), "urgency.people"),
        (101, ("publication", "attempts"), "publication.attempts"),
        (0, ("review", "reassess_after_months"), "review.reassess_after_months"),
        (121, ("review", "reassess_after_months"), "review.reassess_after_months"),
        ([], ("grounds",), "grounds"),
        ([], ("return_codes",), "return_codes"),
        ([], ("catalogue",), "catalogue"),
        (["x"], ("catalogue",), "catalogue[1]."),
        ("题" * 51, ("catalogue", 0, "genre"), "catalogue[1].genre"),
        ("题" * 101, ("catalogue", 0, "theme"), "catalogue[1].theme"),
        ("a\x00b", ("catalogue", 0, "theme"), "catalogue[1].theme"),
        ("1" * 301, ("grounds", 0, "article_2019"), "grounds[1].article_2019"),
        ("proactive", ("grounds", 0, "attributes"), "grounds[1].attributes"),
        (["proactive"], ("grounds", 0, "attributes"), "grounds[1].attributes"),
        ([["on_request"]], ("grounds", 0, "attributes"), "grounds[1].attributes"),
    ],
)
def test_a_wrong_value_is_named_with_its_place(
    value: object, path: tuple[str | int, ...], where: str
) -> None:
    assert ("policy_value_wrong", where) == fault_of(_with(value, *path))


@pytest.mark.parametrize(
    "template",
    [
        "{year}-{serial}",
        "{body}-{serial}",
        "{body}-{year}",
        "{body}-{year}-{serial}-{day}",
        "{body}-{year}-{serial",
        "{body}-{year}-{serial}-{}",
        # A part that is cut, padded, written otherwise or looked into.
        "{body:.2}-{year}-{serial}",
        "{body:>20}-{year}-{serial}",
        "{body!r}-{year}-{serial}",
        "{body.size}-{year}-{serial}",
        "{body[0]}-{year}-{serial}",
        "{body}-{year:d}-{serial}",
        "{body}-{year}-{serial!s}",
        "{body}-{year}-{serial:x}",
        "{body}-{year}-{serial:e}",
        "{body}-{year}-{serial:5d}",
        "{body}-{year}-{serial:{year}}",
        "{body}-{year}-{serial:080d}",
        # Where one part ends and the next begins cannot be told.
        "{body}{year}-{serial}",
        "{body}-{year}{serial}",
        "{year}-{serial}{body}",
        "{body}X{year}-{serial}",
        # What is no path inside the website, or no item on the command line.
        "../{body}-{year}-{serial}",
        "{body}/../{year}-{serial}",
        "/{body}-{year}-{serial}",
        "{body}-{year}-{serial}/",
        "{body}/{year}/{serial}",
        "items/{body}-{year}-{serial}",
        ".{body}-{year}-{serial}",
        "{body}-{year}-{serial}.",
        "-{body}-{year}-{serial}",
        "{body}\\{year}-{serial}",
        "{body}@{year}-{serial}",
        "{body} {year} {serial}",
        "{body}\n{year}-{serial}",
        "{body}-{year}-{serial}{{",
        "\uf900{body}-{year}-{serial}",
        "X" * 80 + "{body}-{year}-{serial}",
    ],
)
def test_a_template_that_would_not_do_later_does_not_load(template: str) -> None:
    assert ("policy_template_wrong", "index_number.template") == fault_of(
        _with(template, "index_number", "template")
    )


@pytest.mark.parametrize("name", ["draft", "cleared", "Published", "publication_failed"])
def test_no_stage_is_called_what_a_state_is_called(name: str) -> None:
    assert ("policy_stage_like_state", "stages[1].name") == fault_of(
        _with(name, "stages", 0, "name")
    )


def test_a_policy_has_no_more_stages_than_can_be_proved_in_good_time() -> None:
    def with_more(number: int) -> Callable[[dict[str, Any]], object]:
        more = [STAGE | {"name": f"more{place}"} for place in range(number)]
        return lambda found: found["stages"].__setitem__(slice(0, 0), more)

    assert ("policy_too_many_stages", "stages") == fault_of(with_more(MAX_STAGES - 3))
    longest = document()
    with_more(MAX_STAGES - 4)(longest)
    assert MAX_STAGES == len(stored(json.dumps(longest)).stages)


@pytest.mark.parametrize(
    ("table", "where"),
    [
        ("stages", "stages[5].name"),
        ("grounds", "grounds[2].code"),
        ("return_codes", "return_codes[2].code"),
        ("catalogue", "catalogue[2].code"),
    ],
)
def test_a_code_that_is_given_twice_is_named(table: str, where: str) -> None:
    twice = fault_of(lambda found: found[table].append(dict(found[table][0])))

    assert ("policy_code_twice", where) == twice


def test_a_question_that_is_asked_twice_is_named() -> None:
    twice = fault_of(
        lambda found: found["review"]["checklist"].append(found["review"]["checklist"][0])
    )

    assert ("policy_code_twice", "review.checklist[2].code") == twice


@pytest.mark.parametrize(
    ("index", "code"),
    [
        (0, "policy_no_sign_off"),
        (1, "policy_no_seal"),
        (2, "policy_no_confidentiality_review"),
        (3, "policy_no_final_review"),
    ],
)
def test_no_policy_can_do_without_one_of_the_four_kinds_of_stage(index: int, code: str) -> None:
    assert (code, "stages") == fault_of(_without("stages", index))


def test_no_policy_reviews_confidentiality_twice() -> None:
    again = document()["stages"][2] | {"name": "secrecy_again"}

    assert ("policy_two_confidentiality_reviews", "stages") == fault_of(
        lambda found: found["stages"].insert(0, again)
    )


def test_nothing_comes_after_the_final_review() -> None:
    assert ("policy_final_review_not_last", "stages") == fault_of(
        lambda found: found["stages"].append(STAGE)
    )


def test_a_second_final_review_before_the_last_stage_is_no_final_review() -> None:
    early = document()["stages"][3] | {"name": "early"}

    assert ("policy_final_review_not_last", "stages") == fault_of(
        lambda found: found["stages"].insert(0, early)
    )


def test_a_policy_whose_edits_spare_a_decision_does_not_load() -> None:
    with pytest.raises(InvalidInput, match="policy_proof_failed") as caught:
        parse(SAMPLE.replace('edit_voids = "all"', 'edit_voids = ["sign_off"]'), source=NAME)
    assert "without(secrecy)" in str(caught.value.params["fault"])


def test_naming_every_stage_is_the_same_as_all() -> None:
    named = 'edit_voids = ["sign_off", "seal", "secrecy", "final"]'
    policy = parse(SAMPLE.replace('edit_voids = "all"', named), source=NAME)

    assert OURS.edit_voids == policy.edit_voids


# -- what it answers -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("formed_on", "article"),
    [
        # The revised Regulations have applied since 15 May 2019; those of 2008 before that, and to
        # what was formed before there were any.
        (date(2008, 4, 30), "14"),
        (date(2017, 3, 1), "14"),
        (date(2019, 5, 14), "14"),
        (date(2019, 5, 15), "15"),
        (date(2026, 1, 1), "15"),
    ],
)
def test_a_ground_rests_on_the_regulations_of_the_day_of_formation(
    formed_on: date, article: str
) -> None:
    assert article == OURS.grounds["privacy"].basis(formed_on)


def test_a_stage_is_found_by_its_name_and_an_unknown_one_is_not() -> None:
    policy = OURS

    assert (2, StageKind.CONFIDENTIALITY_REVIEW) == (
        policy.stage_index("secrecy"),
        policy.stage("secrecy").kind,
    )
    with pytest.raises(KeyError):
        policy.stage("weather")


def test_the_title_of_a_stage_that_is_gone_is_its_bare_name() -> None:
    assert ("终审", "Final review", "weather") == (
        OURS.stage_title("final", "zh"),
        OURS.stage_title("final", "en"),
        OURS.stage_title("weather", "zh"),
    )


@pytest.mark.parametrize(
    ("template", "number"),
    [
        ("{body}/{year}-{serial:05d}", "YL-SAMPLE/2017-00042"),
        ("{body}-{year}{month}-{serial}", "YL-SAMPLE-201703-42"),
        ("样例{body}/〔{year}〕{serial:04}号", "样例YL-SAMPLE/〔2017〕0042号"),
    ],
)
def test_an_index_number_is_made_of_body_year_and_running_number(
    template: str, number: str
) -> None:
    policy = parse(SAMPLE.replace("{body}/{year}-{serial:05d}", template), source=NAME)

    assert number == policy.index_number(body="YL-SAMPLE", formed_on=date(2017, 3, 1), serial=42)


def test_a_leaf_without_a_genre_of_its_own_has_none() -> None:
    assert "" == OURS.catalogue["report"].genre
    assert "报告" == POLICIES["dongchang"].catalogue["annual_report"].genre


def test_the_machine_of_a_policy_is_built_once() -> None:
    policy = OURS

    assert policy.machine is policy.machine
    assert policy.stages == policy.machine.stages


@pytest.mark.parametrize("code", SHIPPED)
def test_a_shipped_policy_names_whose_word_lets_something_out_urgently(code: str) -> None:
    """S18: nobody who is to make up for a stage but the last afterwards."""
    policy = shipped(code)
    assert ("supervisor", "final_reviewer") == policy.urgent_roles
    assert not {stage.role for stage in policy.stages[:-1]} & set(policy.urgent_roles)


def test_a_policy_that_says_nothing_of_urgency_names_nobody() -> None:
    document = json.loads(POLICIES["dongchang"].text)
    del document["urgency"]
    policy = stored(json.dumps(document, ensure_ascii=False))
    assert ((), frozenset()) == (policy.urgent_roles, policy.urgent_people)
