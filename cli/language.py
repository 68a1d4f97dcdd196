"""Which language a command speaks, and click's own words in it.

The language is known before anything is parsed, so that usage errors and help speak it too: from
``--lang``, else ``GONGKAI_LANG``, else the configuration file, else the locale.
"""

from __future__ import annotations

import sys
from contextvars import ContextVar
from typing import TYPE_CHECKING, Final

from workflow.messages import cli, language_for

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from workflow.messages import Language

_CLICK: Final = "cli.click."
_spoken: ContextVar[Language] = ContextVar("spoken", default="en")


def choose(arguments: Sequence[str], environment: Mapping[str, str]) -> Language:
    """Return the language to speak; what is no language of ours counts as not given."""
    wishes = (*_given(arguments), environment.get("GONGKAI_LANG"), _configured(environment))
    return language_for(environment, *wishes)


def _given(arguments: Sequence[str]) -> list[str]:
    """Return the values of ``--lang``, the last one first, for the last one counts."""
    found: list[str] = []
    for index, argument in enumerate(arguments):
        if argument == "--":
            break
        if argument == "--lang" and index + 1 < len(arguments):
            found.insert(0, arguments[index + 1])
        elif argument.startswith("--lang="):
            found.insert(0, argument.removeprefix("--lang="))
    return found


def _configured(environment: Mapping[str, str]) -> str | None:
    """Return what the configuration file says; whether it is sound is told by who needs it."""
    path = environment.get("GONGKAI_CONFIG")
    if not path:
        return None
    import tomllib  # noqa: PLC0415 # for the few who have such a file
    from pathlib import Path  # noqa: PLC0415

    try:
        language = tomllib.loads(Path(path).read_text(encoding="utf-8")).get("lang")
    except (OSError, ValueError, RecursionError):
        return None
    return language if isinstance(language, str) else None


def speak(language: Language) -> None:
    """Let click use ``language`` from now on for the words that are its own.

    Click ships no catalogue and binds ``gettext`` when it is imported, so its modules are given a
    lookup in ours; a sentence that ours does not have stays English.
    """
    _spoken.set(language)
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] == "click" and hasattr(module, "_"):
            module.__dict__.update(_=word, ngettext=_counted)


def word(sentence: str) -> str:
    """Return one of click's words or sentences in the language that is spoken."""
    return _CHINESE.get(sentence, sentence) if _spoken.get() == "zh" else sentence


def _counted(one: str, many: str, count: int) -> str:
    return word(one if count == 1 else many)


_CHINESE: Final = {
    english: chinese for key, (chinese, english) in cli.MESSAGES.items() if key.startswith(_CLICK)
}
