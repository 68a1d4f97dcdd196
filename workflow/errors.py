"""Everything that can be said no to, as one tree of exceptions with stable codes.

An error carries a *code* and the facts of the case, never a sentence: sentences live in the
catalogue of messages (:mod:`workflow.messages`), so that every front end can speak the reader's
language and scripts can rely on the code. This module imports nothing of the project.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol, Self

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class Named(str):
    """A code out of an office's policy, which people are told with the policy's own name for it."""

    __slots__ = ("en", "zh")
    zh: str
    en: str

    def __new__(cls, code: str, *, zh: str, en: str) -> Self:
        """Make a code that knows its name in both languages."""
        made = super().__new__(cls, code)
        made.zh, made.en = zh, en
        return made


class _Term(Protocol):
    @property
    def code(self) -> str: ...
    @property
    def zh(self) -> str: ...
    @property
    def en(self) -> str: ...


def named(*terms: _Term) -> tuple[Named, ...]:
    """Return the codes of a policy's terms, each of which knows what it is called."""
    return tuple(Named(term.code, zh=term.zh, en=term.en) for term in terms)


@dataclass(frozen=True, slots=True)
class Who:
    """A person who could act instead, as far as the reader may know it.

    ``name`` is the account's name for commands, ``display_name`` the one for people, ``body`` the
    name of the body in which the person holds ``role``; a deputy holds it in the place of the
    account ``principal_id``, called ``principal``.
    """

    name: str
    display_name: str
    role: str
    body: str
    principal: str | None = None
    principal_id: int | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """One reason why an action may not happen: a stable code, its facts, and who could act."""

    code: str
    params: Mapping[str, Any] = field(default_factory=dict)
    who: tuple[Who, ...] = ()


class GongkaiError(Exception):
    """Something expected went wrong; ``code`` names it and ``params`` are its facts."""

    def __init__(self, code: str, /, **params: Any) -> None:
        """Remember the stable ``code`` and the facts that its sentence needs."""
        super().__init__(code)
        self.code = code
        self.params: dict[str, Any] = params

    def __str__(self) -> str:
        """Show code and facts, for logs and tracebacks; people read the catalogue's sentence."""
        facts = ", ".join(f"{name}={value!r}" for name, value in self.params.items())
        return f"{self.code}({facts})" if facts else self.code


class InvalidInput(GongkaiError):
    """What was given cannot be used as it is: a bad file, date, code or combination."""


class InvalidRow(InvalidInput):
    """A row of a table has cells that cannot be used; ``faults`` holds one for each of them."""

    def __init__(self, faults: Sequence[InvalidInput]) -> None:
        """Take all faults of one row; there is at least one, and the first gives the code."""
        super().__init__(faults[0].code, **faults[0].params)
        self.faults = tuple(faults)


class LimitExceeded(GongkaiError):
    """What was given is well formed and larger than the office allows."""


class Refused(GongkaiError):
    """A rule says no; ``refusals`` holds *every* reason, the first one gives the code."""

    def __init__(self, refusals: Sequence[Refusal]) -> None:
        """Take all refusals of one attempt; there is at least one."""
        super().__init__(refusals[0].code, **refusals[0].params)
        self.refusals = tuple(refusals)


class Conflict(GongkaiError):
    """Somebody was faster, or what was seen has changed since; nothing was done."""


class NotFound(GongkaiError):
    """There is no such thing, or it is not the reader's to see; the two are never told apart."""


class NotSignedIn(GongkaiError):
    """Nobody is signed in, or the login has ended."""


class Unavailable(GongkaiError):
    """A part that is needed does not answer now (database, disk, broker); try again later."""


class ChannelFailed(GongkaiError):
    """A channel could not be written to; the delivery stays owed and is tried again."""


class ChannelRefused(ChannelFailed):
    """A channel has refused a message for good; it goes by the next channel, if at all."""


class ChannelUncertain(ChannelFailed):
    """A message was sent as a whole, and whether the other side has taken it is not known."""


class Damaged(GongkaiError):
    """Stored data is not what was stored: a digest, a chain or a file does not match."""
