"""The catalogue of messages: whatever can be said can be said well, in both languages."""

from __future__ import annotations

import ast
import importlib
import json
import re
from dataclasses import fields
from datetime import UTC, date, datetime, timedelta, timezone
from functools import cache
from pathlib import Path
from string import Formatter
from typing import TYPE_CHECKING, Any, Final

import pytest

from tests.sources import Found, Raised, Sources
from workflow.clocks import STAGE_CLOCK
from workflow.coordination import Concern, Reply, Settlement, Standing
from workflow.deadlines import Status, Unit
from workflow.dispatching import Dispatched
from workflow.enforcement import Swept
from workflow.errors import Conflict, GongkaiError, InvalidInput, Refusal, Refused, Who
from workflow.guards import Role
from workflow.holding import BY_HAND, RESTORED
from workflow.jobs import JOBS
from workflow.ladder import Audience
from workflow.machine import Action, Asked, Outcome, StageKind, State
from workflow.messages import LANGUAGES, NAMESPACES, NOTHING, Language, explain, known, label, text
from workflow.models import DeliveryStatus
from workflow.organisation import BodyKind, ChangeKind, Duty, PointKind
from workflow.policy import SHIPPED, shipped
from workflow.revisions import Attribute, BodyFormat, Content, FormedOnBasis
from workflow.row_files import BESIDE
from workflow.screening import Level
from workflow.settings import Settings
from workflow.validity import Status as Validity
from workflow.working_days import Reason

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from enum import StrEnum

ROOT: Final = Path(__file__).parents[2]
CHINESE: Final = re.compile(r"[\u3400-\u9fff]")
PLACEHOLDER: Final = re.compile(r"\{[^{}]*\}")
OFFICIAL: Final = re.compile("样例|〔内容已清除 content purged〕")
"""What keeps its Chinese form in English: the mark of samples, which programs look for."""
TRAIL: Final = frozenset({"event", "by", "at"})
MORE_FACTS: Final[Mapping[str, frozenset[str]]] = {
    # The facts of the last change come out of the trail, which has them or has nothing.
    "error.changed_since": TRAIL,
    "refusal.wrong_state": TRAIL,
}
"""Facts that a mapping brings along which the source does not spell out."""
FIELDS_OF_ACTS: Final = frozenset(
    {
        "reason",
        "not_duplicate",
        "question",
        "addressee",
        "answer",
        "redaction",
        "register_number",
        "seen",
    }
)
"""What is not content of an item and is still called a field where it is wrong."""
OTHER_LABELS: Final[Mapping[str, frozenset[str]]] = {
    "actor": frozenset({"system"}),
    "address_problem": frozenset(
        {
            "characters",
            "login_in_url",
            "no_mail_address",
            "no_secret",
            "no_signing_key",
            "no_token",
            "no_url",
            "not_https",
            "too_long",
        }
    ),
    "channel": frozenset(
        {"dingtalk", "directory", "email", "feishu", "webhook", "website", "wecom"}
    ),
    "delegation_state": frozenset({"ahead", "open", "over"}),
    "clock_change": frozenset(
        {
            "abandoned",
            "calendar",
            "created",
            "date_corrected",
            "on_request_only",
            "pause",
            "policy",
            "retracted",
            "revise",
            "superseded",
            "withheld",
        }
    ),
    "clock_event": frozenset({"opened", "moved", "voided"}),
    "count": frozenset(
        {
            *(
                "missing",
                "provisional",
                "sound",
                "broken",
                "late",
                "moved",
                "unanswered",
                "renewed",
            ),
            *("publications", "deliveries", "messages"),
            *(each.name for each in fields(Dispatched)),
            *(each.name for each in fields(Swept) if each.name != "batches"),
        }
    ),
    "job": frozenset(job.name for job in JOBS),
    "more": frozenset({"lines", "named", "of", "reference"}),
    "other": frozenset({"database", "last_run"}),
    "origin": frozenset({"secret_file", "environment", "file", "default"}),
    "place": frozenset({"at_stage"}),
    "problem": frozenset(
        {
            "altered",
            "missing",
            "relinked",
            "head_differs",
            "item_differs",
            "items_missing",
            "decision_differs",
            "revision_differs",
            "role_differs",
            "remark_differs",
            "consultation_differs",
            "delegation_differs",
            "waiver_differs",
            "edition_differs",
            "retraction_differs",
            "validity_differs",
            "account_differs",
            "body_differs",
            "office_differs",
            "purge_differs",
            "policy_differs",
            "calendar_differs",
        }
    ),
    "purge_kind": frozenset({"revision", "attachment", "remark"}),
    "result": frozenset({"published", "put_off", "failed"}),
    "seen": frozenset({"version", "digest"}),
    "setting_problem": frozenset(
        {
            "characters",
            "half_a_login",
            "login_in_url",
            "login_not_ascii",
            "no_boolean",
            "no_directory",
            "no_instant",
            "no_integer",
            "no_mail_address",
            "no_mail_server",
            "no_number",
            "no_offset",
            "no_proxy",
            "no_sender",
            "no_url",
            "no_web_address",
            "not_https",
            "not_single",
            "not_smtp",
            "outside",
            "sender_not_ascii",
            "too_large",
            "too_small",
            "unknown_value",
            "unusable",
            "wrong_port",
            "wrong_query",
            "wrong_tls",
        }
    ),
    "size": frozenset({"bytes", "larger"}),
}
"""Groups of labels whose values are no enumeration; each is looked for in the source."""
PATTERNS: Final = frozenset({"more", "place", "seen", "size"})
"""Those of them that are patterns of the catalogue's own and name no value."""
EVENT: Final = frozenset({"at", "origin"})
"""The keywords by which a call that writes into the trail is known."""
UNFILLED: Final = re.compile("[{}⟦⟧]|None")
"""What shows that a fact is missing in a sentence."""
MEANT: Final = re.compile(r"\{(?:body|year|month|serial(?::05d)?)\}")
"""The parts of a template that a sentence tells people to write."""
AT: Final = datetime(2017, 1, 20, 2, 2, 30, tzinfo=UTC)
"""10:02 on the morning of a winter day in Asia/Shanghai."""


@cache
def sources() -> Sources:
    return Sources(ROOT, ("workflow", "tasks", "cli"))


@cache
def found() -> Found:
    return sources().raised()


@cache
def said() -> tuple[Raised, ...]:
    """Every sentence that the source asks for by its key, with the facts that it gives."""
    style = frozenset({"style"})
    return (
        *sources().said("text", "", package="cli/").raised,
        *(
            each
            for function in ("text", "say")
            for each in sources().said(function, "cli.", package="cli/", besides=style).raised
            if not each.where.startswith("cli/demo.py")
        ),
        *sources().said("_say", "site.", package="workflow/channels/").raised,
    )


def messages(namespace: str) -> Mapping[str, tuple[str, str]]:
    module = {"label": "labels"}.get(namespace, namespace)
    catalogue: Mapping[str, tuple[str, str]] = importlib.import_module(
        f"workflow.messages.{module}"
    ).MESSAGES
    return catalogue


def sentences() -> Iterator[tuple[str, Language, str]]:
    for namespace in NAMESPACES:
        for key, pair in messages(namespace).items():
            for language, sentence in zip(LANGUAGES, pair, strict=True):
                yield key, language, sentence


def placeholders(sentence: str) -> frozenset[str]:
    return frozenset(name for _, name, _, _ in Formatter().parse(sentence) if name is not None)


def required(sentence: str) -> frozenset[str]:
    """Return the placeholders outside of the parts that may be left out."""
    return placeholders(re.sub("⟦.*?⟧", "", sentence))


def sample(name: str) -> Any:
    """Return a fact of the type that facts of that name have."""
    if name in ("at", "until"):
        return AT
    if name in ("today", "earliest", "effective", "expires", "formed_on"):
        return date(2017, 1, 10)
    if name in ("known", "possible", "found"):
        return ("one", "two")
    if name in ("count", "item", "length", "limit", "line", "position", "size", "version", "seen"):
        return 3
    return f"<{name}>"


# -- every code has its sentence -----------------------------------------------------------------


def test_every_code_in_the_source_could_be_followed_to_its_strings() -> None:
    assert () == found().unresolved


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_code_that_can_be_raised_has_a_sentence(language: Language) -> None:
    number = LANGUAGES.index(language)
    silent = {
        each.key: each.where
        for each in found().raised
        if not (known(each.key) and messages(each.key.split(".")[0])[each.key][number].strip())
    }

    assert {} == silent


def test_every_sentence_for_an_error_or_a_refusal_is_used() -> None:
    used = {each.key for each in (*found().raised, *said())}
    unused = {*messages("error"), *messages("refusal")} - used
    unused |= {key for key in messages("cli") if key.startswith("cli.error.")} - used

    assert set() == unused


def test_every_sentence_that_is_asked_for_by_its_key_is_there() -> None:
    missing = {each.key: each.where for each in said() if not known(each.key)}

    assert {} == missing


def test_every_check_of_the_doctor_has_a_sentence() -> None:
    codes, unresolved = sources().given("Check", "code")
    # Where looking itself failed, the error that was raised speaks.
    spoken = codes - {"database_unsound", "journal_unusable"}

    assert () == unresolved
    assert set() == {code for code in spoken if not known(f"cli.doctor.{code}")}


# -- no sentence stands elsewhere ---------------------------------------------------------------


SPEAKING: Final = frozenset(
    {"BadParameter", "ClickException", "UsageError", "echo", "line", "print", "write"}
)
"""Calls whose text people read as it is."""
MARKUP: Final = re.compile(
    r"<(pre|code)\b.*?</\1>|{{.*?}}|{%.*?%}|{#.*?#}|<!--.*?-->|<[^>]*>|&\w+;", re.DOTALL
)


WORDS: Final = re.compile(r"[\u3400-\u9fff]+|[A-Za-z]+ [a-z]+")
"""Chinese, or English that is more than the name of a system, a file or a method."""


def written_by_the_command_line() -> Iterator[tuple[str, str]]:
    for module in sources().modules:
        if module.name.startswith("workflow/"):
            continue
        for call in (node for node in module.nodes if isinstance(node, ast.Call)):
            name = getattr(call.func, "attr", getattr(call.func, "id", ""))
            if name in SPEAKING:
                for node in (part for given in call.args for part in ast.walk(given)):
                    if isinstance(node, ast.Constant) and isinstance(node.value, str):
                        yield f"{module.name}:{node.lineno}", node.value


def test_the_command_line_and_the_workers_write_no_sentence_of_their_own() -> None:
    written = [*written_by_the_command_line()]
    assert written
    assert {} == {
        where: text
        for where, text in written
        if re.search("[A-Za-z]{2,} [A-Za-z]{2,} [A-Za-z]{2,}", text) or CHINESE.search(text)
    }


def test_the_pages_of_the_site_hold_no_words_of_their_own() -> None:
    templates = sorted((ROOT / "workflow/channels/templates").glob("*"))
    words = {
        path.name: found
        for path in templates
        if path.suffix == ".html"
        if (found := WORDS.findall(MARKUP.sub("\n", path.read_text("utf-8"))))
    }
    assert templates
    assert {} == words


# -- facts ---------------------------------------------------------------------------------------


def test_both_languages_tell_the_same_facts() -> None:
    different = {
        key: (placeholders(zh), placeholders(en))
        for namespace in NAMESPACES
        for key, (zh, en) in messages(namespace).items()
        if (placeholders(zh), required(zh)) != (placeholders(en), required(en))
    }

    assert {} == different


def test_a_sentence_names_only_facts_that_whoever_raises_it_gives() -> None:
    wanting: dict[str, frozenset[str]] = {}
    for each in found().raised:
        given = each.names | (MORE_FACTS[each.key] if each.open else frozenset())
        for sentence in messages(each.key.split(".")[0])[each.key]:
            if not placeholders(sentence) <= given:
                wanting[f"{each.key} at {each.where}"] = placeholders(sentence) - given

    assert {} == wanting


def test_a_sentence_that_is_asked_for_by_its_key_gets_the_facts_it_needs() -> None:
    wanting = {
        f"{each.key} at {each.where}": required(sentence) - each.names
        for each in said()
        if not each.open
        for sentence in messages(each.key.split(".")[0])[each.key]
        if not required(sentence) <= each.names
    }

    assert {} == wanting


def test_facts_are_left_open_only_where_it_is_known_which_they_are() -> None:
    assert MORE_FACTS.keys() == {each.key for each in found().raised if each.open}


def test_facts_that_may_be_missing_are_told_in_parts_that_can_be_left_out() -> None:
    bound = {
        key: needed & more
        for key, more in MORE_FACTS.items()
        for sentence in messages(key.split(".")[0])[key]
        if (needed := required(sentence)) & more
    }

    assert {} == bound


def documents(each: Raised, names: Iterable[str], language: Language) -> list[dict[str, Any]]:
    facts = {name: sample(name) for name in names}
    refused = each.key.startswith("refusal.")
    error = Refused([Refusal(each.code, facts)]) if refused else GongkaiError(each.code, **facts)
    return explain(error, language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_can_be_said_with_the_facts_of_whoever_raises_it(language: Language) -> None:
    spoilt = {}
    for each in found().raised:
        if each.key.startswith("cli."):
            continue
        for names in (each.names, each.names | MORE_FACTS.get(each.key, frozenset())):
            (document,) = documents(each, names, language)
            told = document["message"]
            if UNFILLED.search(MEANT.sub("", told)) or NOTHING in told or not told.strip():
                spoilt[each.key] = told

    assert {} == spoilt


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_can_be_said_without_any_fact(language: Language) -> None:
    told = {
        each.key: documents(each, (), language)[0]["message"]
        for each in found().raised
        if not each.key.startswith("cli.")
    }

    assert {} == {key: word for key, word in told.items() if UNFILLED.search(MEANT.sub("", word))}


# -- language ------------------------------------------------------------------------------------


def test_every_entry_is_written_in_both_languages() -> None:
    # A mark such as ✗, and what the site's metadata prescribes, are the same in both.
    assert [] == [key for key, _, sentence in sentences() if not sentence.strip()]


def test_chinese_sentences_are_chinese() -> None:
    foreign = [
        key
        for key, language, sentence in sentences()
        if language == "zh"
        and key.split(".")[0] in ("error", "refusal")
        and not CHINESE.search(PLACEHOLDER.sub("", sentence))
    ]

    assert [] == foreign


def test_english_sentences_hold_no_chinese_but_official_terms() -> None:
    mixed = {
        key: sentence
        for key, language, sentence in sentences()
        if language == "en"
        and key.split(".")[0] in ("error", "refusal", "label")
        and CHINESE.search(OFFICIAL.sub("", PLACEHOLDER.sub("", sentence)))
    }

    assert {} == mixed


def test_sentences_for_errors_end_as_sentences_do() -> None:
    ends = {"zh": "。", "en": "."}
    endless = [
        (key, language)
        for key, language, sentence in sentences()
        if key.split(".")[0] in ("error", "refusal")
        and key != "refusal.who"
        and not sentence.rstrip("⟧").endswith(ends[language])
    ]

    assert [] == endless


def test_parts_that_may_be_left_out_hold_a_fact_each_and_are_never_nested() -> None:
    odd = [
        (key, part)
        for key, _, sentence in sentences()
        for part in re.findall("⟦(.*?)⟧", sentence)
        if "⟦" in part or not placeholders(part)
    ]
    unpaired = [key for key, _, words in sentences() if words.count("⟦") != words.count("⟧")]

    assert ([], []) == (odd, unpaired)


# -- labels --------------------------------------------------------------------------------------


def shipped_stages() -> frozenset[str]:
    return frozenset(stage.name for code in SHIPPED for stage in shipped(code).stages)


def events() -> frozenset[str]:
    appended, open_ = sources().given("append", 0, beside=EVENT)
    recorded, also_open = sources().given("record", 1, beside=EVENT)
    assert ((), ()) == (open_, also_open)
    return appended | recorded


def named_fields() -> frozenset[str]:
    """Return the fields that errors name, as far as the source says them, and those of content."""
    given = {
        value
        for each in found().raised
        for name, values in each.facts
        if name == "field" and not each.key.startswith("cli.")
        for value in values
    }
    called, _ = sources().given("check_characters", "field")
    return frozenset(field.name for field in fields(Content)) | FIELDS_OF_ACTS | given | called


def values(enum: type[StrEnum]) -> frozenset[str]:
    return frozenset(member.value for member in enum)


def label_groups() -> dict[str, frozenset[str]]:
    """Return every group of labels with the values that are named in it."""
    actions = {
        value
        for each in found().raised
        for name, given in each.facts
        if name == "action"
        for value in given
    }
    parts, unresolved = sources().given("Hit", 0)
    assert () == unresolved
    return {
        # A take-over is refused by the rules of a revision, under its own name.
        "action": values(Action) | actions | {"take_over"},
        "asked": values(Asked),
        "attribute": values(Attribute),
        "audience": values(Audience),
        "body_format": values(BodyFormat),
        "body_kind": values(BodyKind),
        "change": values(ChangeKind),
        "concern": values(Concern),
        "column": BESIDE,
        "clock": frozenset(rule.clock for code in SHIPPED for rule in shipped(code).deadlines)
        | {STAGE_CLOCK},
        "clock_status": values(Status),
        "day_reason": values(Reason),
        "delivery_status": values(DeliveryStatus),
        "duty": values(Duty),
        "event": events(),
        "field": named_fields(),
        "held_why": frozenset({BY_HAND, RESTORED}),
        "formed_on_basis": values(FormedOnBasis),
        "validity": values(Validity),
        "level": values(Level),
        "outcome": values(Outcome),
        "part": parts,
        "point_kind": values(PointKind),
        "reply": values(Reply),
        "role": values(Role),
        "settlement": values(Settlement),
        "standing": values(Standing),
        "setting": frozenset(Settings.model_fields),
        # Returning to the drafter is told as returning to a stage is; the other two are desks.
        "stage": shipped_stages() | {"draft", "publication", "delivery"},
        "stage_kind": values(StageKind),
        "state": values(State),
        "unit": values(Unit),
        **OTHER_LABELS,
    }


def test_every_coded_value_has_a_name_and_every_name_a_value() -> None:
    wanted = {
        f"label.{group}.{value}" for group, named in label_groups().items() for value in named
    }

    assert (set(), set()) == (wanted - messages("label").keys(), messages("label").keys() - wanted)


def test_values_that_are_no_enumeration_are_those_of_the_source() -> None:
    made_up = {
        (group, value)
        for group, named in OTHER_LABELS.items()
        # Counts are fields of what jobs return, and are read above from there.
        if group not in PATTERNS | {"count"}
        for value in named
        if value not in sources().constants
    }

    assert set() == made_up


def test_no_two_values_of_a_group_have_the_same_name() -> None:
    for group, named in label_groups().items():
        for language in LANGUAGES:
            names = [label(group, value, language) for value in named if group not in PATTERNS]
            assert len(set(names)) == len(names), (group, language)


@pytest.mark.parametrize("code", SHIPPED)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_shipped_stage_is_called_what_its_policy_calls_it(code: str, language: Language) -> None:
    policy = shipped(code)

    assert {stage.name: policy.stage_title(stage.name, language) for stage in policy.stages} == {
        stage.name: label("stage", stage.name, language) for stage in policy.stages
    }


def test_a_value_without_a_name_is_shown_as_it_is() -> None:
    assert "our_own_stage" == label("stage", "our_own_stage", "zh")


# -- commands ------------------------------------------------------------------------------------


def commands() -> dict[str, frozenset[str]]:
    """Return every command with its options."""
    import click  # noqa: PLC0415 # the rules under test need no command line

    from cli.main import gongkai  # noqa: PLC0415

    found: dict[str, frozenset[str]] = {}

    def walk(command: click.Command, names: tuple[str, ...]) -> None:
        found[" ".join(names)] = frozenset(
            option for parameter in command.params for option in parameter.opts
        )
        if isinstance(command, click.Group):
            context = click.Context(command)
            for name in command.list_commands(context):
                below = command.get_command(context, name)
                assert below is not None
                walk(below, (*names, name))

    walk(gongkai, ())
    return found


def test_commands_that_a_sentence_advises_exist() -> None:
    there = commands()
    advised = {
        match[1].strip(): key
        for key, _, sentence in sentences()
        if key.split(".")[0] in ("error", "refusal", "cli")
        for match in re.finditer(r"`gongkai((?: [a-z][a-z-]*)*)", sentence)
    }

    assert advised
    assert {} == {
        command: key
        for command, key in advised.items()
        # `gongkai doctor`, but not a group alone: that would only show its help.
        if command not in there or any(name.startswith(f"{command} ") for name in there if command)
    }


def test_options_that_a_sentence_advises_exist() -> None:
    there = {option for options in commands().values() for option in options}
    there |= {"--json", "--lang", "--debug", "--help"}
    advised = {
        option: key
        for key, _, sentence in sentences()
        if key.split(".")[0] in ("error", "refusal", "cli")
        for option in re.findall(r"(?<![\w-])--[a-z][a-z-]*", sentence)
    }

    assert advised
    assert {} == {option: key for option, key in advised.items() if option not in there}


def test_settings_that_a_sentence_advises_exist() -> None:
    advised = {
        match[1].lower(): key
        for key, _, sentence in sentences()
        for match in re.finditer(r"GONGKAI_([A-Z_]+)", sentence)
    }

    assert advised
    assert {} == {name: key for name, key in advised.items() if name not in Settings.model_fields}


# -- text() --------------------------------------------------------------------------------------


def test_a_sentence_is_said_with_its_facts() -> None:
    assert "账号名“li”已被使用。请换一个。" == text("error.name_taken", "zh", name="li")


def test_an_unknown_key_and_a_missing_fact_are_bugs() -> None:
    with pytest.raises(KeyError):
        text("error.no_such_code", "en")
    with pytest.raises(KeyError):
        text("error.field_too_long", "en", field="title", length=4)


def test_nothing_is_known_outside_of_the_namespaces() -> None:
    assert not known("os.path")
    assert not known("error")


# -- explain() -----------------------------------------------------------------------------------


def told(error: GongkaiError, language: Language = "en") -> str:
    (document,) = explain(error, language)
    message: str = document["message"]
    return message


CHANGED: Final = {"item": 12, "seen": 3, "version": 5, "state": "draft", "stage": None}


def test_a_change_is_told_with_who_made_it_and_when_by_the_clock_of_the_office() -> None:
    error = Conflict("changed_since", **CHANGED, event="returned", by="样例科长", at=AT)

    assert (
        "您看过之后，信息 12 已有变动：您看到的是版本 3，现在是版本 5，草稿。"
        "最近一次变动：2017-01-20 10:02 由样例科长退回。请用 `gongkai show 12` 重新查看后再办理。"
    ) == told(error, "zh")
    assert (
        "Item 12 has changed since you saw it: you saw version 3, now it is at version 5, in state"
        ' "draft". Last change: returned by 样例科长 on 2017-01-20 10:02. Look at it with'
        " `gongkai show 12` before you go on."
    ) == told(error)


def test_a_change_that_the_trail_does_not_tell_of_is_told_without_it() -> None:
    assert (
        "Item 12 has changed since you saw it: you saw version 3, now it is at version 5, in state"
        ' "draft". Look at it with `gongkai show 12` before you go on.'
    ) == told(Conflict("changed_since", **CHANGED))


def test_what_the_system_did_is_said_to_be_the_systems() -> None:
    error = Conflict("changed_since", **CHANGED, event="published", by="system", at=AT)

    assert "2017-01-20 10:02 由系统发布。" in told(error, "zh")
    assert "published by the system on" in told(error)


def test_a_digest_that_was_seen_is_told_as_one_and_shortened() -> None:
    error = Conflict("changed_since", **CHANGED | {"seen": "0123456789abcdef" * 4})

    assert "您看到的是摘要 0123456789abcdef，" in told(error, "zh")


def wrong_state(**facts: Any) -> Refused:
    return Refused([Refusal("wrong_state", facts)])


def test_a_wrong_state_is_told_with_its_stage_what_led_there_and_what_is_possible() -> None:
    error = wrong_state(
        action="seal",
        state="pending",
        stage="sign_off",
        possible=("recall", "sign_off", "return"),
        event="submitted",
        by="样例信息员",
        at=AT,
    )

    assert (
        "该信息现为“待办理（部门领导审核签字）”，不能办理“加盖公章”。"
        "最近一次变动：2017-01-20 10:02 由样例信息员提交。现在可以办理：撤回、审核签字、退回。"
    ) == told(error, "zh")
    assert (
        'The item is in state "pending (Department head\'s sign-off)", where "seal" is not'
        " possible. Last change: submitted by 样例信息员 on 2017-01-20 10:02. Possible now: recall,"
        " sign off, return."
    ) == told(error)


def test_a_state_from_which_nothing_leads_is_told_without_possibilities() -> None:
    error = wrong_state(action="seal", state="published", stage=None, possible=())

    assert "该信息现为“已发布”，不能办理“加盖公章”。" == told(error, "zh")


def test_a_place_that_the_policy_no_longer_knows_is_told_with_its_stage() -> None:
    error = Refused([Refusal("needs_migration", {"state": "pending:our_own"})])

    assert "（待办理（our_own））" in told(error, "zh")


def test_a_mark_is_told_with_its_line_where_there_are_lines() -> None:
    facts = {"part": "body", "mark": "secret", "line": 3}
    with_line = Refused([Refusal("classification_mark", facts)])
    without = Refused([Refusal("classification_mark", facts | {"part": "title", "line": 0})])

    assert told(with_line, "zh").startswith("正文第 3 行有密级标志“机密”，")
    assert told(without, "zh").startswith("标题有密级标志“机密”，")


def test_a_duplicate_without_an_index_number_is_told_without() -> None:
    error = Refused([Refusal("duplicate", {"item": 7, "index_number": ""})])

    assert told(error, "zh").startswith("已有正文或者发文字号相同的信息：7。")


def test_sizes_are_told_in_large_units_and_exactly() -> None:
    error = GongkaiError("body_too_large", size=2_621_440, limit=900)

    assert "正文有 2.5 MB（2,621,440 字节），超过上限 900 字节。" in told(error, "zh")
    assert "1.5 KB (1,536 bytes)" in told(GongkaiError("body_too_large", size=1536, limit=900))


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (datetime(2016, 12, 31, 16, 0, tzinfo=UTC), "2017-01-01 00:00"),
        (datetime(2017, 1, 1, 9, 30, tzinfo=timezone(timedelta(hours=-5))), "2017-01-01 22:30"),
        (date(2017, 1, 1), "2017-01-01"),
        (7, "7"),
        ("plain", "plain"),
        ("长" * 90, "长" * 79 + "…"),
        ("f" * 64, "f" * 16),
    ],
)
def test_values_are_shown_as_people_read_them(value: object, shown: str) -> None:
    assert (
        f'"account_name_wrong": "{shown}"'
        == told(InvalidInput("account_name_wrong", name=value))
        .replace('The account name "', '"account_name_wrong": "')
        .partition(" cannot be used")[0]
    )


def test_of_many_known_values_those_most_like_the_given_one_are_shown() -> None:
    catalogue = tuple(shipped().catalogue)
    message = told(InvalidInput("unknown_category", value="anual_raport", known=catalogue))

    assert 12 < len(catalogue)
    assert "Known ones: annual_report, " in message
    assert f"… ({len(catalogue)} in all)" in message


def test_of_many_values_that_stand_alone_the_first_are_shown() -> None:
    many = tuple(f"ground_{number}" for number in range(20))
    error = Refused([Refusal("ground_required", {"known": many})])

    assert f"{'、'.join(many[:12])} 等 20 项" in told(error, "zh")


def test_fields_are_named_as_people_name_them_unless_they_are_unknown() -> None:
    assert told(InvalidInput("field_empty", field="title"), "zh").startswith("请填写“标题”：")
    unknown = InvalidInput("field_unknown", field="title", known=("body",))
    assert told(unknown, "zh").startswith("没有“title”这一项。")


def test_kinds_of_bodies_are_named_but_not_where_they_stand_in_a_file() -> None:
    scope = {"role": "clerk", "body": "样例区", "kind": "district", "known": ("department",)}
    error = Refused([Refusal("role_wrong_scope", scope)])

    assert "角色“信息员”不能授予给“样例区”（区政府），只能用于：部门。" == told(error, "zh")
    count = InvalidInput("organisation_kind_count", path="a", line=1, kind="centre", count=2)
    assert "类别为 centre 的机构" in told(count, "zh")


def test_a_fact_that_is_not_there_is_shown_as_a_dash() -> None:
    assert f"账号名“{NOTHING}”已被使用。请换一个。" == told(Conflict("name_taken"), "zh")


def test_braces_in_a_fact_are_shown_and_not_filled_in() -> None:
    error = Conflict("name_taken", name="{name} ⟦x⟧ {0}")

    assert '"{name} ⟦x⟧ {0}"' in told(error)


def test_a_code_without_a_sentence_is_told_with_its_facts_instead_of_failing() -> None:
    error = GongkaiError("not_in_the_catalogue", at=AT)

    assert "not_in_the_catalogue {'at': '2017-01-20T02:02:30+00:00'}" == told(error)
    assert "not_in_the_catalogue" == told(GongkaiError("not_in_the_catalogue"))


def test_every_reason_is_explained_with_whoever_could_act_instead() -> None:
    who = Who("head-li", "样例科长", "department_head", "样例局")
    error = Refused(
        [Refusal("author_may_not_decide", {"action": "sign_off"}, (who,)), Refusal("not_seen")]
    )
    first, second = explain(error, "en")

    assert ["author_may_not_decide", "not_seen"] == [first["code"], second["code"]]
    assert [
        {
            "name": "head-li",
            "display_name": "样例科长",
            "role": "department_head",
            "body": "样例局",
        }
    ] == first["who"]
    assert "who" not in second


def test_facts_of_a_document_can_be_written_as_json_and_say_exactly_what_was_raised() -> None:
    facts: dict[str, Any] = {
        "at": AT,
        "formed_on": date(2017, 1, 10),
        "state": State.PENDING,
        "known": ("a", Role.CLERK),
        "found": frozenset({"b"}),
        "path": Path("office.db"),
        "stage": None,
        "count": 3,
        "sample": True,
    }
    (document,) = explain(GongkaiError("not_in_the_catalogue", **facts), "zh")

    assert {
        "at": "2017-01-20T02:02:30+00:00",
        "formed_on": "2017-01-10",
        "state": "pending",
        "known": ["a", "clerk"],
        "found": ["b"],
        "path": "office.db",
        "stage": None,
        "count": 3,
        "sample": True,
    } == json.loads(json.dumps(document["params"]))


@pytest.mark.parametrize("language", LANGUAGES)
def test_codes_and_facts_are_the_same_in_every_language(language: Language) -> None:
    error = Conflict("changed_since", **CHANGED, event="returned", by="样例科长", at=AT)
    (document,), (other,) = explain(error, language), explain(error, "zh")

    assert (document["code"], document["params"]) == (other["code"], other["params"])
