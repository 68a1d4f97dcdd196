"""Release coordination (政府信息发布协调): what another body was asked, and what follows from it.

A body that is concerned is consulted before something is published (Regulations of 2019, article
11; of 2008, article 7). Where a consultation stands is worked out from what was said and from the
day, never from a flag, so it is right also where no worker has run. What lets a text go holds for
that very text, by its digest. Pure.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from datetime import date, datetime


class Concern(StrEnum):
    """Why another body is asked: the item concerns it, or both have made it together."""

    CONCERNED = "concerned"
    JOINT_MAKING = "joint_making"


class Silence(StrEnum):
    """What it means when nobody answers in time."""

    STAYS_OPEN = "stays_open"
    CONSENTS = "consents"


class Reply(StrEnum):
    """What a body answers."""

    AGREE = "agree"
    OBJECT = "object"


class Settlement(StrEnum):
    """What a supervisor decides between the two: it may go out all the same, or the body is right.

    What is upheld holds publication back until the body was asked about another text.
    """

    RELEASE = "release"
    UPHOLD = "uphold"


class Standing(StrEnum):
    """Where a consultation stands on a day."""

    OPEN = "open"
    SILENT = "silent"
    CONSENTED = "consented"
    AGREED = "agreed"
    OBJECTED = "objected"
    RELEASED = "released"
    UPHELD = "upheld"
    WITHDRAWN = "withdrawn"
    REPLACED = "replaced"


UNANSWERED: Final = frozenset({Standing.OPEN, Standing.SILENT})
DISPUTED: Final = frozenset({Standing.SILENT, Standing.OBJECTED})
"""What goes to the supervisors: an objection, and a silence that means nothing."""
LETS_GO: Final = frozenset({Standing.CONSENTED, Standing.AGREED, Standing.RELEASED})
"""What lets a text go out: the very one that it was said of."""
_OVER: Final = frozenset({Standing.WITHDRAWN, Standing.REPLACED})


@dataclass(frozen=True, slots=True)
class Consulting:
    """What a policy says of consultations: working days to answer, and what silence means.

    Joint makers have fifteen, and their silence consents (Regulations of 2019, article 34). With
    ``survives_edit`` what was agreed to holds for later texts, too.
    """

    days: int = 7
    silence: Silence = Silence.STAYS_OPEN
    joint_days: int = 15
    joint_silence: Silence = Silence.CONSENTS
    survives_edit: bool = False

    def days_of(self, concern: Concern) -> int:
        """Return how many working days a body has to answer."""
        return self.joint_days if concern is Concern.JOINT_MAKING else self.days

    def silence_of(self, concern: Concern) -> Silence:
        """Return what it means that a body does not answer."""
        return self.joint_silence if concern is Concern.JOINT_MAKING else self.silence


USUAL_CONSULTING: Final = Consulting()


@dataclass(frozen=True, slots=True, kw_only=True)
class Consultation:
    """One question to one body, and what came of it.

    ``addressee`` is a name for people (``None`` if the words were purged); ``body_id`` is there if
    the body is one of this organisation. ``digest`` is the text that was asked about, and
    ``answered_on`` the text to which the last word belongs.
    """

    number: int
    concern: Concern
    addressee: str | None
    body_id: int | None
    blocking: bool
    silence: Silence
    digest: str
    due_on: date
    asked_by: int
    asked_as: str
    asked_at: datetime
    reply: Reply | None = None
    answered_on: str | None = None
    settlement: Settlement | None = None
    withdrawn: bool = False
    replaced: bool = False

    def standing(self, today: date) -> Standing:
        """Return where it stands; the day on which the answer is due belongs to the body."""
        if self.withdrawn:
            return Standing.WITHDRAWN
        if self.replaced:
            return Standing.REPLACED
        if self.settlement is not None:
            released = self.settlement is Settlement.RELEASE
            return Standing.RELEASED if released else Standing.UPHELD
        if self.reply is not None:
            return Standing.AGREED if self.reply is Reply.AGREE else Standing.OBJECTED
        if today <= self.due_on:
            return Standing.OPEN
        return Standing.CONSENTED if self.silence is Silence.CONSENTS else Standing.SILENT

    def is_about_another_text(self, digest: str) -> bool:
        """Tell whether the last word on it, or the question, belongs to another text than this."""
        return (self.answered_on or self.digest) != digest

    def holds_back(self, today: date, digest: str, rules: Consulting) -> bool:
        """Tell whether the text with that digest may not be published because of it."""
        standing = self.standing(today)
        if not self.blocking or standing in _OVER:
            return False
        if standing in LETS_GO:
            return self.is_about_another_text(digest) and not rules.survives_edit
        return True
