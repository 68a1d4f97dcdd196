"""The one catalogue of sentences for people, in Chinese and English.

A key is ``namespace.rest``; the namespace names the module beside this one that holds it, so that
a command loads only the sentences it may speak. Each entry is a pair ``(zh, en)`` with
``str.format`` placeholders. Codes of errors and refusals are keys too: ``error.<code>`` and
``refusal.<code>``.
"""

from __future__ import annotations

import importlib
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, Final, Literal

from workflow.errors import GongkaiError, Refused

if TYPE_CHECKING:
    from collections.abc import Mapping

Language = Literal["zh", "en"]
LANGUAGES: Final[tuple[Language, ...]] = ("zh", "en")
NAMESPACES: Final = ("cli", "demo", "error", "help", "label", "refusal", "site")


@cache
def _namespace(name: str) -> Mapping[str, tuple[str, str]]:
    module = importlib.import_module(f"workflow.messages.{name}")
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
    pair = _namespace(key.partition(".")[0])[key]
    sentence = pair[LANGUAGES.index(language)]
    return sentence.format(**params) if params else sentence.replace("{{", "{").replace("}}", "}")


def label(group: str, value: str, language: Language) -> str:
    """Return the name of a state, action, role … for people; the bare value if none is known."""
    key = f"label.{group}.{value}"
    return text(key, language) if known(key) else value


def _readable(params: Mapping[str, Any], language: Language) -> dict[str, Any]:
    """Replace coded values by their labels: ``state``, ``action``, ``role`` … are label groups."""
    readable = dict(params)
    for name, value in params.items():
        group = name.rpartition("_")[2]
        if isinstance(value, str) and known(f"label.{group}.{value}"):
            readable[name] = label(group, value, language)
        elif isinstance(value, (tuple, list)):
            readable[name] = ("、" if language == "zh" else ", ").join(str(part) for part in value)
    return readable


def explain(error: GongkaiError, language: Language) -> list[dict[str, Any]]:
    """Return one document per reason: ``code``, ``message`` and, if known, who could ``act``."""
    if not isinstance(error, Refused):
        message = text(f"error.{error.code}", language, **_readable(error.params, language))
        return [{"code": error.code, "message": message, "params": dict(error.params)}]
    documents: list[dict[str, Any]] = []
    for refusal in error.refusals:
        params = _readable(refusal.params, language)
        document: dict[str, Any] = {
            "code": refusal.code,
            "message": text(f"refusal.{refusal.code}", language, **params),
            "params": dict(refusal.params),
        }
        if refusal.who:
            document["who"] = [
                {
                    "name": who.name,
                    "display_name": who.display_name,
                    "role": who.role,
                    "body": who.body,
                }
                for who in refusal.who
            ]
        documents.append(document)
    return documents
