"""What one office allows: its stages in order, what an edit voids, its codes and its catalogue.

A policy is a TOML file. It may extend a shipped one by replacing whole top-level tables; what
counts is the *resolved* text, a canonical JSON document without any reference to another file. Its
SHA-256 names the policy: items are pinned to it, and the text is stored in the database as long as
anything was ever decided under it.
"""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
import unicodedata
from dataclasses import dataclass, field
from datetime import date, time
from functools import cached_property, lru_cache
from importlib import resources
from itertools import pairwise
from string import Formatter
from typing import TYPE_CHECKING, Any, Final, TypeVar

from workflow.coordination import USUAL_CONSULTING, Consulting, Silence
from workflow.deadlines import DeadlineRule, Kind, Met, Start, check
from workflow.errors import InvalidInput, NotFound
from workflow.ladder import (
    CHANNELS,
    LONGEST_STEP,
    USUAL,
    USUAL_MANNER,
    WEEKLY,
    Audience,
    Ladder,
    Manner,
    Step,
    Steps,
)
from workflow.machine import Machine, Place, Stage, StageKind, State, build

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

_T = TypeVar("_T")
FORMAT: Final = 1
DEFAULT: Final = "dongchang"
SHIPPED: Final = ("dongchang", "standard_four_step", "two_tier")
ROLES_OF: Final = {
    StageKind.OPINION: frozenset({"clerk"}),
    StageKind.SIGN_OFF: frozenset({"deputy_head", "department_head"}),
    StageKind.SEAL: frozenset({"seal_keeper"}),
    StageKind.CONFIDENTIALITY_REVIEW: frozenset({"confidentiality_reviewer"}),
    StageKind.FINAL_REVIEW: frozenset({"final_reviewer"}),
}
"""Which roles may hold a stage of which kind."""
_URGENT_ROLES: Final = (
    "deputy_head",
    "department_head",
    "confidentiality_reviewer",
    "final_reviewer",
    "supervisor",
)
"""Which roles a policy may name for urgent publications, beside the publisher's."""
REGULATIONS_2019_IN_FORCE: Final = "2019-05-15"
"""Decree 711, article 56: the revised Regulations apply from this day on."""
_TABLES: Final[Mapping[str, type]] = {
    "format": int,
    "code": str,
    "version": int,
    "title": dict,
    "legal_basis": str,
    "stages": list,
    "decisions": dict,
    "publication": dict,
    "index_number": dict,
    "review": dict,
    "grounds": list,
    "return_codes": list,
    "catalogue": list,
}
_CLOCKS: Final = "deadlines"
_LADDER: Final = "ladder"
_ALERTS: Final = "alerts"
_CONSULTATION: Final = "consultation"
_URGENCY: Final = "urgency"
_LATER: Final = (_CLOCKS, _LADDER, _ALERTS, _CONSULTATION, _URGENCY)
"""The tables that may be absent: policies of earlier releases had none of them."""
PUBLICATION: Final = "publication"
"""What the budget between the last stage and publication is called, beside those of the stages."""
_STEP: Final = re.compile(r"T(-0|[+-][1-9][0-9]{0,2})")
_ACCOUNT: Final = re.compile(r"[a-z0-9][a-z0-9._-]{0,39}")
_TIME: Final = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
_PLACEHOLDERS: Final = frozenset({"body", "year", "month", "serial"})
_SERIAL: Final = re.compile(r"(0[1-9])?d?")
_SEPARATOR: Final = re.compile(r"[\W_]")
_SEGMENT: Final = re.compile(r"[\w(〔][\w.()〔〕-]*(?<!\.)")
MAX_NAME: Final = 40
"""The longest code of a policy, a stage, a ground …; the tables hold no longer ones."""
MAX_VERSION: Final = 1_000_000
MAX_BYTES: Final = 1024 * 1024
"""The largest policy file that is read, in bytes."""
_LONGEST_INDEX_NUMBER: Final = 100
_LONGEST_BUDGET: Final = 1000
MAX_STAGES: Final = 10
"""The proof walks every set of stages that can hold; with more it would not end in good time."""
_LONGEST: Final = {
    "theme": 100,
    "genre": 50,
    "article_2008": 300,
    "article_2019": 300,
}
"""What goes from a policy into items and decisions, and the longest that these can hold."""


@dataclass(frozen=True, slots=True)
class Term:
    """A coded term with its name in both languages."""

    code: str
    zh: str
    en: str

    def name(self, language: str) -> str:
        """Return the name for people in ``language``."""
        return self.zh if language == "zh" else self.en


@dataclass(frozen=True, slots=True)
class Ground:
    """A coded ground for not disclosing, with the articles of both versions of the Regulations."""

    code: str
    zh: str
    en: str
    article_2008: str
    article_2019: str
    attributes: frozenset[str]

    def name(self, language: str) -> str:
        """Return the name for people in ``language``."""
        return self.zh if language == "zh" else self.en

    def basis(self, formed_on: date) -> str:
        """Return the article of the Regulations that were in force on the formation date."""
        new = formed_on.isoformat() >= REGULATIONS_2019_IN_FORCE
        return self.article_2019 if new else self.article_2008


@dataclass(frozen=True, slots=True)
class CatalogueItem:
    """A leaf of the disclosure catalogue: its theme class, genre and legal basis."""

    code: str
    zh: str
    en: str
    theme: str
    genre: str
    basis_2008: str
    basis_2019: str

    def name(self, language: str) -> str:
        """Return the name for people in ``language``."""
        return self.zh if language == "zh" else self.en


@dataclass(frozen=True)
class Policy:
    """A policy that was read, checked and proved; equal policies have equal digests."""

    text: str
    digest: str
    code: str
    version: int
    titles: Mapping[str, str]
    stages: tuple[Stage, ...]
    stage_titles: Mapping[str, Mapping[str, str]]
    edit_voids: frozenset[str]
    keeps_unchanged: bool
    channels: tuple[str, ...]
    publication_attempts: int
    index_template: str
    reassess_after_months: int
    checklist: tuple[Term, ...]
    grounds: Mapping[str, Ground]
    return_codes: Mapping[str, Term]
    catalogue: Mapping[str, CatalogueItem]
    deadlines: tuple[DeadlineRule, ...] = ()
    """The rules of the legal clocks; no two could govern one item by one clock."""
    budgets: Mapping[str, DeadlineRule] = field(default_factory=dict)
    """How many working days each stage may take, by stage, and what ``publication`` may."""
    ladder: Ladder = USUAL
    """On which days who is told of a clock."""
    manner: Manner = USUAL_MANNER
    """How people are told; that of the office's policy counts."""
    consulting: Consulting = USUAL_CONSULTING
    """How other bodies are consulted."""
    urgent_roles: tuple[str, ...] = ()
    """Whose word, beside a publisher's, lets something out ahead of its review."""
    urgent_people: frozenset[str] = frozenset()
    """Account names of those whose word does, whatever they hold."""

    @cached_property
    def machine(self) -> Machine:
        """The machine of these stages; built and proved once."""
        return build(self.stages, edit_voids=self.edit_voids, keeps_unchanged=self.keeps_unchanged)

    def stage(self, name: str) -> Stage:
        """Return the stage called ``name``; raises ``KeyError`` if the policy has none."""
        return self.stages[self.stage_index(name)]

    def stage_index(self, name: str) -> int:
        """Return the position of a stage, from 0; raises ``KeyError`` if there is none."""
        for index, stage in enumerate(self.stages):
            if stage.name == name:
                return index
        raise KeyError(name)

    def find_stage(self, name: str | None) -> Stage | None:
        """Return the stage called ``name``, or ``None`` where nothing is called so."""
        return next((stage for stage in self.stages if stage.name == name), None)

    def knows(self, place: Place) -> bool:
        """Tell whether an item can be at ``place``: if not, it has to be carried elsewhere."""
        return str(place) in self.machine.places

    def stage_title(self, name: str, language: str) -> str:
        """Return a stage's name for people; the bare name if this policy has no such stage."""
        return self.stage_titles[name][language] if name in self.stage_titles else name

    def index_number(self, *, body: str, formed_on: date, serial: int) -> str:
        """Fill the template of index numbers: body's code, year of formation, running number."""
        return self.index_template.format(
            body=body, year=f"{formed_on:%Y}", month=f"{formed_on:%m}", serial=serial
        )

    def index_parts(self, number: str) -> tuple[str, int, int] | None:
        """Return body's code, year and serial of a number, if it is of this template."""
        found = self._index_pattern.fullmatch(number)
        if found is None:
            return None
        return found["body"], int(found["year"]), int(found["serial"])

    @cached_property
    def _index_pattern(self) -> re.Pattern[str]:
        parts = {"body": ".+?", "year": "[0-9]{4}", "month": "[0-9]{2}", "serial": "[0-9]{1,9}"}
        pattern, known = "", set()
        for literal, name, _, _ in Formatter().parse(self.index_template):
            pattern += re.escape(literal)
            if name is not None:
                pattern += f"(?P={name})" if name in known else f"(?P<{name}>{parts[name]})"
                known.add(name)
        return re.compile(pattern)


def shipped(code: str = DEFAULT) -> Policy:
    """Return a policy that ships with the product; raises ``NotFound('no_such_policy')``."""
    if code not in SHIPPED:
        raise NotFound("no_such_policy", name=code, known=SHIPPED)
    return parse(_shipped_text(code), source=f"{code}.toml")


def load(path: Path) -> Policy:
    """Read a policy file; raises ``InvalidInput`` naming the file and what is wrong with it."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
        if len(data) > MAX_BYTES:
            raise InvalidInput("file_too_large", path=str(path), limit=MAX_BYTES)
        text = data.decode("utf-8")
    except FileNotFoundError as error:
        raise InvalidInput("file_missing", path=str(path)) from error
    except UnicodeDecodeError as error:
        raise InvalidInput("file_not_utf8", path=str(path)) from error
    except OSError as error:
        raise InvalidInput("file_unreadable", path=str(path), problem=error.strerror) from error
    return parse(text, source=str(path))


def parse(text: str, *, source: str) -> Policy:
    """Read a policy from TOML; ``source`` names it in errors (``InvalidInput``)."""
    try:
        document = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        # The parser also gives up on numbers of thousands of digits and on endless nesting.
        raise InvalidInput("file_not_toml", path=source, problem=str(error)) from error
    try:
        return _checked(_resolve(document, source), source)
    except RecursionError as error:
        # Dotted keys nest without the parser's noticing, more deeply than can be written again.
        raise InvalidInput("file_not_toml", path=source, problem=str(error)) from error


@lru_cache(maxsize=64)
def stored(text: str) -> Policy:
    """Read a policy from the canonical JSON that :attr:`Policy.text` holds."""
    return _checked(json.loads(text), "stored policy")


def _shipped_text(code: str) -> str:
    return resources.files("workflow").joinpath("policies", f"{code}.toml").read_text("utf-8")


def _resolve(document: dict[str, Any], source: str) -> dict[str, Any]:
    parent = document.pop("extends", None)
    if parent is None:
        return document
    if parent not in SHIPPED:
        raise InvalidInput(
            "policy_extends_unknown", path=source, name=str(parent)[:100], known=SHIPPED
        )
    return _resolve(tomllib.loads(_shipped_text(parent)), source) | document


class _Reader:
    """Takes values out of a parsed document and says exactly where one is wrong."""

    def __init__(self, source: str) -> None:
        self.source = source

    def fail(self, where: str, problem: str, **facts: Any) -> InvalidInput:
        return InvalidInput("policy_" + problem, path=self.source, where=where, **facts)

    def take(self, table: Mapping[str, Any], key: str, kind: type, where: str) -> Any:
        if key not in table:
            raise self.fail(f"{where}{key}", "key_missing")
        value = table[key]
        if not isinstance(value, kind) or isinstance(value, bool) is not (kind is bool):
            raise self.fail(f"{where}{key}", "value_wrong", value=str(value)[:100])
        return value

    def only(self, table: Mapping[str, Any], known: frozenset[str], where: str) -> None:
        for key in table:
            if key not in known:
                raise self.fail(f"{where}{key}", "key_unknown", known=tuple(sorted(known)))

    def titles(self, table: Mapping[str, Any], where: str) -> dict[str, str]:
        self.only(table, frozenset({"zh", "en"}), f"{where}.")
        return {lang: self.take(table, lang, str, f"{where}.") for lang in ("zh", "en")}

    def rows(self, value: list[Any], where: str, keys: Mapping[str, type]) -> list[dict[str, Any]]:
        rows, seen = [], set()
        for number, row in enumerate(value, start=1):
            here = f"{where}[{number}]."
            if not isinstance(row, dict):
                raise self.fail(here, "value_wrong", value=str(row)[:100])
            self.only(row, frozenset(keys), here)
            rows.append({key: self.take(row, key, kind, here) for key, kind in keys.items()})
            for limited, longest in _LONGEST.items():
                text: str = rows[-1].get(limited, "")
                if len(text) > longest or not text.isprintable():
                    raise self.fail(f"{here}{limited}", "value_wrong", value=text[:100])
            key = "code" if "code" in keys else "name"
            name = self.name(row, key, here)
            if name in seen:
                raise self.fail(f"{here}{key}", "code_twice", value=name)
            seen.add(name)
        return rows

    def name(self, table: Mapping[str, Any], key: str, where: str) -> str:
        name: str = self.take(table, key, str, where)
        if not name.replace("_", "").isalnum() or len(name) > MAX_NAME:
            raise self.fail(f"{where}{key}", "value_wrong", value=name)
        return name

    def chosen(self, value: Any, known: Iterable[str], where: str) -> frozenset[str]:
        """Return a list of codes out of ``known`` as a set."""
        if not isinstance(value, list) or any(part not in tuple(known) for part in value):
            raise self.fail(where, "value_wrong", value=str(value)[:100])
        return frozenset(value)


_TERM: Final[Mapping[str, type]] = {"code": str, "zh": str, "en": str}


def _checked(document: dict[str, Any], source: str) -> Policy:
    read = _Reader(source)
    read.only(document, frozenset((*_TABLES, *_LATER)), "")
    for key, kind in _TABLES.items():
        read.take(document, key, kind, "")
    if document["format"] != FORMAT:
        raise read.fail("format", "value_wrong", value=document["format"])
    if not 1 <= document["version"] <= MAX_VERSION:
        raise read.fail("version", "value_wrong", value=document["version"])
    read.name(document, "code", "")

    stages, stage_titles = _stages(read, document["stages"])
    edit_voids, keeps_unchanged = _decisions(read, document["decisions"], stages)
    publication, review = document["publication"], document["review"]
    read.only(publication, frozenset({"channels", "attempts", "budget"}), "publication.")
    channels = read.take(publication, "channels", list, "publication.")
    if channels != ["website"]:
        raise read.fail("publication.channels", "value_wrong", value=str(channels)[:100])
    attempts = read.take(publication, "attempts", int, "publication.")
    if not 1 <= attempts <= 100:  # noqa: PLR2004 # a bound against slips of the pen
        raise read.fail("publication.attempts", "value_wrong", value=attempts)
    read.only(review, frozenset({"reassess_after_months", "checklist"}), "review.")
    months = read.take(review, "reassess_after_months", int, "review.")
    if not 1 <= months <= 120:  # noqa: PLR2004 # a bound against slips of the pen
        raise read.fail("review.reassess_after_months", "value_wrong", value=months)

    checklist = read.rows(
        read.take(review, "checklist", list, "review."), "review.checklist", _TERM
    )
    grounds = read.rows(
        document["grounds"],
        "grounds",
        {**_TERM, "article_2008": str, "article_2019": str, "attributes": list},
    )
    for number, ground in enumerate(grounds, start=1):
        ground["attributes"] = read.chosen(
            ground["attributes"], ("on_request", "not_disclosed"), f"grounds[{number}].attributes"
        )
    returns = read.rows(document["return_codes"], "return_codes", _TERM)
    leaf_keys = {**_TERM, "theme": str, "genre": str, "basis_2008": str, "basis_2019": str}
    catalogue = read.rows(
        [{"genre": "", **row} if isinstance(row, dict) else row for row in document["catalogue"]],
        "catalogue",
        leaf_keys,
    )
    for key in ("grounds", "return_codes", "catalogue"):
        # Nothing could ever be submitted, returned or withheld.
        if not document[key]:
            raise read.fail(key, "value_wrong", value="[]")
    urgent_roles, urgent_people = _urgency(read, document)
    text = json.dumps(
        document,
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
        default=date.isoformat,
    )
    policy = Policy(
        text=text,
        digest=hashlib.sha256(text.encode()).hexdigest(),
        code=document["code"],
        version=document["version"],
        titles=read.titles(document["title"], "title"),
        stages=stages,
        stage_titles=stage_titles,
        edit_voids=edit_voids,
        keeps_unchanged=keeps_unchanged,
        channels=tuple(channels),
        publication_attempts=attempts,
        index_template=_template(read, document["index_number"]),
        reassess_after_months=months,
        checklist=tuple(Term(**row) for row in checklist),
        grounds=_by_code(Ground, grounds),
        return_codes=_by_code(Term, returns),
        catalogue=_by_code(CatalogueItem, catalogue),
        deadlines=_deadlines(read, document, frozenset(leaf["code"] for leaf in catalogue)),
        budgets=_budgets(read, document),
        ladder=_ladder(read, document),
        manner=_manner(read, document),
        consulting=_consulting(read, document),
        urgent_roles=urgent_roles,
        urgent_people=urgent_people,
    )
    _ = policy.machine  # Builds and proves it: a policy whose proof fails does not load.
    return policy


def _by_code(make: Callable[..., _T], rows: list[dict[str, Any]]) -> dict[str, _T]:
    return {row["code"]: make(**row) for row in rows}


def _stages(read: _Reader, value: list[Any]) -> tuple[tuple[Stage, ...], dict[str, dict[str, str]]]:
    keys = {"name": str, "kind": str, "role": str, "title": dict, "budget": int}
    rows = read.rows(
        [{"budget": 0, **row} if isinstance(row, dict) else row for row in value], "stages", keys
    )
    stages: list[Stage] = []
    titles: dict[str, dict[str, str]] = {}
    for number, row in enumerate(rows, start=1):
        here = f"stages[{number}]."
        if row["name"].casefold() in set(State):
            # `return --to draft` could mean either.
            raise read.fail(f"{here}name", "stage_like_state", value=row["name"])
        if row["kind"] not in set(StageKind):
            raise read.fail(f"{here}kind", "value_wrong", value=row["kind"])
        kind = StageKind(row["kind"])
        if row["role"] not in ROLES_OF[kind]:
            raise read.fail(f"{here}role", "value_wrong", value=row["role"])
        stages.append(Stage(row["name"], kind, row["role"]))
        titles[row["name"]] = read.titles(row["title"], f"{here}title")
    if len(stages) > MAX_STAGES:
        raise read.fail("stages", "too_many_stages", count=len(stages), limit=MAX_STAGES)
    kinds = [stage.kind for stage in stages]
    for kind, fault in (
        (StageKind.SIGN_OFF, "no_sign_off"),
        (StageKind.SEAL, "no_seal"),
        (StageKind.CONFIDENTIALITY_REVIEW, "no_confidentiality_review"),
        (StageKind.FINAL_REVIEW, "no_final_review"),
    ):
        if kind not in kinds:
            raise read.fail("stages", fault)
    if kinds.count(StageKind.CONFIDENTIALITY_REVIEW) > 1:
        raise read.fail("stages", "two_confidentiality_reviews")
    if kinds.index(StageKind.FINAL_REVIEW) != len(kinds) - 1:
        raise read.fail("stages", "final_review_not_last")
    return tuple(stages), titles


def _deadlines(
    read: _Reader, document: Mapping[str, Any], categories: frozenset[str]
) -> tuple[DeadlineRule, ...]:
    """Read the rules of the legal clocks; those of the stages are their budgets."""
    rules: list[DeadlineRule] = []
    for number, row in enumerate(document.get(_CLOCKS, []), start=1):
        here = f"{_CLOCKS}[{number}]."
        if not isinstance(row, dict):
            raise read.fail(here, "value_wrong", value=str(row)[:100])
        try:
            rule = DeadlineRule.from_table(row)
        except InvalidInput as error:
            key, value = error.params["key"], error.params["value"]
            raise read.fail(f"{here}{key}", "value_wrong", value=value[:100]) from error
        read.name(row, "code", here)
        read.name(row, "clock", here)
        if rule.kind is not Kind.LEGAL:
            raise read.fail(f"{here}kind", "value_wrong", value=rule.kind.value)
        if unknown := sorted(rule.categories - categories):
            raise read.fail(f"{here}categories", "value_wrong", value=unknown)
        rules.append(rule)
    check(rules)
    return tuple(rules)


def _budgets(read: _Reader, document: Mapping[str, Any]) -> dict[str, DeadlineRule]:
    amounts = {
        **{
            row["name"]: (f"stages[{number}].", row)
            for number, row in enumerate(document["stages"], 1)
        },
        PUBLICATION: ("publication.", document["publication"]),
    }
    budgets: dict[str, DeadlineRule] = {}
    for name, (here, row) in amounts.items():
        amount = read.take({"budget": 0, **row}, "budget", int, here)
        if not 0 <= amount <= _LONGEST_BUDGET:
            raise read.fail(f"{here}budget", "value_wrong", value=amount)
        if amount:
            budgets[name] = DeadlineRule(
                code=name,
                clock="stage",
                kind=Kind.STAGE,
                starts_on=Start.STAGE_ENTERED,
                met_by=Met.STAGE_LEFT,
                amount=amount,
                stage=name,
            )
    return budgets


def _ladder(read: _Reader, document: Mapping[str, Any]) -> Ladder:
    """Read who is told when; rows with a clock are that clock's own, in place of the others."""
    if _LADDER not in document:
        return USUAL
    clocks = [rule["clock"] for rule in document.get(_CLOCKS, [])]
    found: dict[tuple[str, str], dict[int | None, tuple[Audience, ...]]] = {(Kind.LEGAL, ""): {}}
    for number, row in enumerate(read.take(document, _LADDER, list, ""), start=1):
        here = f"{_LADDER}[{number}]."
        if not isinstance(row, dict):
            raise read.fail(here, "value_wrong", value=str(row)[:100])
        read.only(row, frozenset({"at", "to", "clock", "kind"}), here)
        kind, clock = row.get("kind", Kind.LEGAL.value), row.get("clock", "")
        if kind not in tuple(Kind):
            raise read.fail(f"{here}kind", "value_wrong", value=str(kind)[:100])
        if "clock" in row and (clock not in clocks or kind != Kind.LEGAL):
            raise read.fail(f"{here}clock", "value_wrong", value=str(clock)[:100])
        steps = found.setdefault((kind, clock), {})
        at, to = _step(read, row, here)
        if at in steps:
            raise read.fail(f"{here}at", "code_twice", value=row["at"])
        steps[at] = to
    made: dict[tuple[str, str], Steps] = {}
    for (kind, clock), steps in found.items():
        # The law's clocks are told of until they are met.
        if kind == Kind.LEGAL and not {None} < steps.keys():
            raise read.fail(_LADDER, "ladder_ends")
        weekly = steps.pop(None, ())
        ordered = sorted((at, to) for at, to in steps.items() if at is not None)
        made[kind, clock] = Steps(tuple(Step(at, to) for at, to in ordered), weekly)
    return Ladder(
        legal=made[Kind.LEGAL, ""],
        stage=made.get((Kind.STAGE, ""), Steps(())),
        own={clock: steps for (_, clock), steps in made.items() if clock},
    )


def _step(
    read: _Reader, row: Mapping[str, Any], here: str
) -> tuple[int | None, tuple[Audience, ...]]:
    """Read one step of a ladder; the weekly one has no offset."""
    at = read.take(row, "at", str, here)
    weekly = at == WEEKLY
    if not weekly and (not _STEP.fullmatch(at) or abs(int(at[1:])) > LONGEST_STEP):
        raise read.fail(f"{here}at", "value_wrong", value=at[:100])
    to = read.take(row, "to", list, here)
    if not read.chosen(to, [each.value for each in Audience], f"{here}to"):
        raise read.fail(f"{here}to", "value_wrong", value="[]")
    # In the order of the file: who is in two of them is told as what comes first.
    return None if weekly else int(at[1:]), tuple(Audience(each) for each in dict.fromkeys(to))


def _manner(read: _Reader, document: Mapping[str, Any]) -> Manner:
    """Read how people are told; each key may be absent and is as usual then."""
    if _ALERTS not in document:
        return USUAL_MANNER
    table = read.take(document, _ALERTS, dict, "")
    here = f"{_ALERTS}."
    kinds = {
        "channels": list, "quiet_from": str, "quiet_until": str, "rest_days": bool,
        "titles": bool, "attempts": int,
    }  # fmt: skip
    read.only(table, frozenset(kinds), here)
    said = {key: read.take(table, key, kinds[key], here) for key in table}
    if "channels" in said:
        if not read.chosen(said["channels"], CHANNELS, f"{here}channels"):
            raise read.fail(f"{here}channels", "value_wrong", value="[]")
        said["channels"] = tuple(dict.fromkeys(said["channels"]))
    for key in ("quiet_from", "quiet_until"):
        if key in said:
            if not _TIME.fullmatch(said[key]):
                raise read.fail(f"{here}{key}", "value_wrong", value=said[key][:100])
            said[key] = time.fromisoformat(said[key])
    if not 1 <= said.get("attempts", 1) <= 100:  # noqa: PLR2004 # a bound against slips of the pen
        raise read.fail(f"{here}attempts", "value_wrong", value=said["attempts"])
    return Manner(**said)


def _consulting(read: _Reader, document: Mapping[str, Any]) -> Consulting:
    """Read how other bodies are consulted; each key may be absent and is as usual then."""
    if _CONSULTATION not in document:
        return USUAL_CONSULTING
    table = read.take(document, _CONSULTATION, dict, "")
    here = f"{_CONSULTATION}."
    kinds = {
        "days": int, "silence": str, "joint_days": int, "joint_silence": str,
        "survives_edit": bool,
    }  # fmt: skip
    read.only(table, frozenset(kinds), here)
    said = {key: read.take(table, key, kinds[key], here) for key in table}
    for key in ("days", "joint_days"):
        if not 1 <= said.get(key, 1) <= _LONGEST_BUDGET:
            raise read.fail(f"{here}{key}", "value_wrong", value=said[key])
    for key in ("silence", "joint_silence"):
        if key in said:
            if said[key] not in tuple(Silence):
                raise read.fail(f"{here}{key}", "value_wrong", value=said[key][:100])
            said[key] = Silence(said[key])
    return Consulting(**said)


def _urgency(read: _Reader, document: Mapping[str, Any]) -> tuple[tuple[str, ...], frozenset[str]]:
    """Read who, beside a publisher, may let something out ahead of its review; may be nobody."""
    if _URGENCY not in document:
        return (), frozenset()
    table = read.take(document, _URGENCY, dict, "")
    here = f"{_URGENCY}."
    read.only(table, frozenset({"roles", "people"}), here)
    said = {"roles": [], "people": [], **table}
    roles = read.take(said, "roles", list, here)
    read.chosen(roles, _URGENT_ROLES, f"{here}roles")
    people = read.take(said, "people", list, here)
    for name in people:
        if not isinstance(name, str) or not _ACCOUNT.fullmatch(name):
            raise read.fail(f"{here}people", "value_wrong", value=str(name)[:100])
    return tuple(dict.fromkeys(roles)), frozenset(people)


def _decisions(
    read: _Reader, table: Mapping[str, Any], stages: tuple[Stage, ...]
) -> tuple[frozenset[str], bool]:
    read.only(table, frozenset({"edit_voids", "on_unchanged"}), "decisions.")
    names = frozenset(stage.name for stage in stages)
    voids = table.get("edit_voids")
    edit_voids = names if voids == "all" else read.chosen(voids, names, "decisions.edit_voids")
    unchanged = table.get("on_unchanged")
    if unchanged not in ("keep", "repeat"):
        raise read.fail("decisions.on_unchanged", "value_wrong", value=unchanged)
    return edit_voids, unchanged == "keep"


def _template(read: _Reader, table: Mapping[str, Any]) -> str:
    read.only(table, frozenset({"template"}), "index_number.")
    template: str = read.take(table, "template", str, "index_number.")
    wrong = read.fail("index_number.template", "template_wrong", value=template)
    try:
        parts = list(Formatter().parse(template))
    except ValueError as error:
        raise wrong from error
    names = [name for _, name, _, _ in parts if name is not None]
    # Without body, year and serial the numbers of two items could be the same, and so they could
    # if a part were cut short, or if it could not be seen where a part of no fixed length ends.
    complete = {"body", "year", "serial"} <= set(names) <= _PLACEHOLDERS
    plain = all(
        conversion is None and (_SERIAL.fullmatch(spec or "") if name == "serial" else not spec)
        for _, name, spec, conversion in parts
    )
    apart = all(
        _SEPARATOR.search(literal) or not {before, after} & {"body", "serial"}
        for (_, before, _, _), (literal, after, _, _) in pairwise(parts)
        if after is not None
    )
    if not (complete and plain and apart):
        raise wrong
    longest = template.format(body="X" * 18, year="2000", month="01", serial=10**9)
    # A number is a path of the website, too, and is typed on the command line.
    segments = longest.split("/")
    safe = all(_SEGMENT.fullmatch(part) for part in segments) and "".join(segments).isprintable()
    varied = all("{" in part for part in template.split("/"))
    normal = unicodedata.is_normalized("NFC", template)
    if not (safe and varied and normal) or template.count("/") > 1:
        raise wrong
    if len(longest) > _LONGEST_INDEX_NUMBER:
        raise wrong
    return template
