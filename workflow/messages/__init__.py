"""The one catalogue of sentences for people, in Chinese and English.

A key is ``namespace.rest``; the namespace names the module beside this one that holds it, so that
a command loads only the sentences it may speak. Each entry is a pair ``(zh, en)`` with
``str.format`` placeholders; a part in ``⟦…⟧`` is left out where one of its placeholders has nothing
to show. Codes of errors and refusals are keys too: ``error.<code>`` and ``refusal.<code>``, whose
placeholders are the facts that the error carries. :func:`explain` makes these readable: coded
values become their labels, instants the time in Asia/Shanghai.
"""

from __future__ import annotations

import importlib
import re
from datetime import date, datetime
from functools import cache
from string import Formatter
from typing import TYPE_CHECKING, Any, Final, Literal

from workflow.errors import GongkaiError, Named, Refused

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from workflow.errors import Who

Language = Literal["zh", "en"]
LANGUAGES: Final[tuple[Language, ...]] = ("zh", "en")
NAMESPACES: Final = (
    "cli",
    "demo",
    "digest",
    "error",
    "form",
    "help",
    "label",
    "refusal",
    "site",
)
_MODULES: Final = {"label": "labels"}
"""Namespaces whose module is called otherwise: importing it would hide :func:`label`."""
NOTHING: Final = "—"
"""What stands for a fact that is not there."""

_LOCALE: Final = ("LC_ALL", "LC_MESSAGES", "LANG")
_OPTIONAL: Final = re.compile("⟦(.*?)⟧")
_SHA256: Final = re.compile(r"[0-9a-f]{64}")
_SHOWN_OF_SHA256: Final = 16
_LONGEST_VALUE: Final = 80
_MOST_NAMES: Final = 12
_KIB: Final = 1024
_GROUPS: Final = {
    "action": "action",
    "asked": "asked",
    "attribute": "attribute",
    "audience": "audience",
    "by": "actor",
    "channel": "channel",
    "event": "event",
    "field": "field",
    "job": "job",
    "kind": "body_kind",
    "mark": "level",
    "part": "part",
    "other": "other",
    "other_roles": "role",
    "possible": "action",
    "role": "role",
    "stage": "stage",
    "standing": "standing",
    "state": "state",
}
"""Which group of labels names the values of a fact."""
_GROUPS_OF_CODES: Final = {
    ("address_wrong", "problem"): "address_problem",
    ("field_unknown", "field"): None,
    ("organisation_kind_count", "kind"): None,
    ("role_wrong_scope", "known"): "body_kind",
    ("setting_wrong", "problem"): "setting_problem",
}
"""Where it is another group, or none because the value stands in a file or was typed."""
_SIZES: Final = frozenset(
    {"attachment_too_large", "body_too_large", "calendar_too_large", "organisation_too_large"}
)
"""Codes whose ``size`` and ``limit`` are in bytes."""


def fault_words(code: str, facts: Mapping[str, Any], language: Language) -> str:
    """Return a sentence about a fault; of one that has none, its code."""
    if not known(f"digest.fault.{code}"):
        facts, code = {**facts, "code": code}, "other"
    return str(reason("digest", f"fault.{code}", facts, language)["message"])


@cache
def _namespace(name: str) -> Mapping[str, tuple[str, str]]:
    module = importlib.import_module(f"workflow.messages.{_MODULES.get(name, name)}")
    messages: Mapping[str, tuple[str, str]] = module.MESSAGES
    return messages


def known(key: str) -> bool:
    """Tell whether the catalogue has a sentence for ``key``."""
    namespace = key.partition(".")[0]
    return namespace in NAMESPACES and key in _namespace(namespace)


def text(key: str, language: Language, /, **params: Any) -> str:
    """Return the sentence ``key`` in ``language`` with ``params`` filled in.

    Raises ``KeyError`` for an unknown key or a missing parameter: both are bugs, found by the
    test that walks the catalogue.
    """
    sentence = _without_empty_parts(_sentence(key, language), params)
    return sentence.format(**params) if params else sentence.replace("{{", "{").replace("}}", "}")


def label(group: str, value: str, language: Language) -> str:
    """Return the name of a state, action, role … for people; the bare value if none is known."""
    key = f"label.{group}.{value}"
    return text(key, language) if known(key) else value


def language_for(environment: Mapping[str, str], *wishes: str | None) -> Language:
    """Return the first wish that is a language of ours, else that of the system's locale."""
    for wish in wishes:
        if wish in LANGUAGES:
            return "zh" if wish == "zh" else "en"
    # The first variable that is set decides, as everywhere on the system.
    locale = next((value for name in _LOCALE if (value := environment.get(name))), "")
    return "zh" if locale.lower().startswith("zh") else "en"


def explain(error: GongkaiError, language: Language) -> list[dict[str, Any]]:
    """Return one document per reason: ``code``, ``message``, ``params`` and, if known, ``who``.

    Every value in it can be written as JSON. ``params`` are the facts as the error has them, dates
    and instants in ISO form; ``who`` lists the people who could act instead, whom the message does
    not name (see ``refusal.who``). A code without a sentence is its own message: whoever is told
    of a fault must not be told of ours instead.
    """
    if not isinstance(error, Refused):
        return [reason("error", error.code, error.params, language)]
    documents: list[dict[str, Any]] = []
    for refusal in error.refusals:
        document = reason("refusal", refusal.code, refusal.params, language)
        if refusal.who:
            document["who"] = [_person(who) for who in refusal.who]
        documents.append(document)
    return documents


def reason(
    namespace: str, code: str, params: Mapping[str, Any], language: Language
) -> dict[str, Any]:
    """Return the document of one reason that was kept as its code and facts.

    ``namespace`` is ``error``, ``refusal`` or, for faults, ``digest``; see :func:`explain`.
    """
    key = f"{namespace}.{code}"
    plain = {name: _plain(value) for name, value in params.items()}
    if known(key):
        shown = _readable(code, params, language)
        sentence = _without_empty_parts(_sentence(key, language), shown)
        message = sentence.format_map(_Shown(shown))
    else:
        message = f"{code} {plain}" if plain else code
    return {"code": code, "message": message, "params": plain}


def _person(who: Who) -> dict[str, str]:
    return {
        "name": who.name,
        "display_name": who.display_name,
        "role": who.role,
        "body": who.body,
        **({"on_behalf_of": who.principal} if who.principal else {}),
    }


def _sentence(key: str, language: Language) -> str:
    return _namespace(key.partition(".")[0])[key][LANGUAGES.index(language)]


def _without_empty_parts(sentence: str, params: Mapping[str, Any]) -> str:
    """Keep the optional parts whose placeholders are all among ``params``."""
    if "⟦" not in sentence:
        return sentence

    def kept(part: re.Match[str]) -> str:
        names = (name for _, name, _, _ in Formatter().parse(part[1]) if name)
        return part[1] if all(name in params for name in names) else ""

    return _OPTIONAL.sub(kept, sentence)


class _Shown(dict[str, str]):
    """Facts as they are shown; one that is not there is a dash."""

    def __missing__(self, name: str) -> str:
        return NOTHING


def _readable(code: str, params: Mapping[str, Any], language: Language) -> dict[str, str]:
    """Return the facts that have anything to show, as people read them."""
    shown: dict[str, str] = {}
    for name, value in params.items():
        if value is None or value in ("", (), []) or (name == "line" and value == 0):
            continue
        group = _GROUPS_OF_CODES.get((code, name), _GROUPS.get(name))
        if isinstance(value, (tuple, list)):
            shown[name] = _listed(value, group, _typed(params), language)
        elif name == "state":
            shown[name] = _place(str(value), params.get("stage"), language)
        elif name == "seen":
            kind = "version" if isinstance(value, int) else "digest"
            shown[name] = text(f"label.seen.{kind}", language, value=_one(value, None, language))
        elif code in _SIZES and name in ("size", "limit"):
            shown[name] = _size(value, language)
        elif isinstance(value, str) and name in ("name", "value"):
            shown[name] = _shortened(_one(value, group, language))
        else:
            shown[name] = _one(value, group, language)
    return shown


def _one(value: object, group: str | None, language: Language) -> str:
    if isinstance(value, datetime):
        return _local(value)
    if isinstance(value, date):
        return value.isoformat()
    if not isinstance(value, str):
        return str(value)
    if isinstance(value, Named):
        name = value.zh if language == "zh" else value.en
        return text("label.more.named", language, code=str(value), name=name)
    if group is not None:
        return label(group, value, language)
    # Its beginning is enough to tell one digest from another, and to name it to a command.
    return value[:_SHOWN_OF_SHA256] if _SHA256.fullmatch(value) else value


def _local(instant: datetime) -> str:
    """Return the time in Asia/Shanghai, to the minute."""
    if instant.utcoffset() is None:
        return instant.isoformat(" ", "minutes")
    from zoneinfo import ZoneInfo  # noqa: PLC0415 # most sentences hold no instant

    return f"{instant.astimezone(ZoneInfo('Asia/Shanghai')):%Y-%m-%d %H:%M}"


def _place(state: str, stage: str | None, language: Language) -> str:
    """Return the name of a state, with that of the stage if it is at one."""
    state, _, here = state.partition(":")
    stage = stage or here
    name = label("state", state, language)
    if not stage:
        return name
    return text("label.place.at_stage", language, state=name, stage=label("stage", stage, language))


def _size(count: int, language: Language) -> str:
    exact = text("label.size.bytes", language, count=count)
    if count < _KIB:
        return exact
    amount, unit = count / _KIB, "KB"
    if amount >= _KIB:
        amount, unit = amount / _KIB, "MB"
    return text("label.size.larger", language, amount=amount, unit=unit, bytes=exact)


def _shortened(value: str) -> str:
    return value if len(value) <= _LONGEST_VALUE else value[: _LONGEST_VALUE - 1] + "…"


def _typed(params: Mapping[str, Any]) -> str | None:
    """Return what was given instead of one of the values that are known."""
    for name in ("value", "name", "field"):
        if isinstance(params.get(name), str):
            return str(params[name])
    return None


def _listed(
    values: Sequence[object], group: str | None, typed: str | None, language: Language
) -> str:
    """Join values; of many, only some are shown: those most like what was ``typed``."""
    names = {str(value): _one(value, group, language) for value in values}
    joint = "、" if language == "zh" else ", "
    if len(names) <= _MOST_NAMES:
        return joint.join(names.values())
    some: Iterable[str] = [*names][:_MOST_NAMES]
    if typed is not None:
        from difflib import get_close_matches  # noqa: PLC0415 # for a slip of the pen only

        some = get_close_matches(_shortened(typed), names, n=_MOST_NAMES, cutoff=0.0)
    shown = joint.join(names[value] for value in some)
    return text("label.more.of", language, some=shown, count=len(names))


def _plain(value: object) -> object:
    """Return a value as JSON can hold it."""
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, (tuple, list, set, frozenset)):
        return [_plain(part) for part in value]
    # A bool is an int; an enum of strings, or a code with a name, is a str and is written as one.
    return value if value is None or isinstance(value, (int, float, str)) else str(value)
