"""What callers say with an act, checked before anything is looked at: what they saw, and words."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from workflow.drafting import check_text
from workflow.errors import InvalidInput, LimitExceeded, Refusal, Refused
from workflow.models import SHA256_LENGTH
from workflow.revisions import check_characters, is_blank, is_sha256, one_spelling

if TYPE_CHECKING:
    from workflow.guards import Wish

Seen = int | str
"""What a caller was shown: a version, or a digest.

A digest is given whole: texts that share their first digits can be made on purpose.
"""
MAX_REGISTER_NUMBER: Final = 100
MAX_CODE: Final = 100
_TEXTS: Final = (
    "reason", "question", "addressee", "answer", "late_reason", "explanation", "change_note",
    "basis",
)  # fmt: skip


def demanded(seen: Seen | None) -> Seen:
    """Return what was seen in one spelling; raises ``Refused('not_seen')`` if nothing was."""
    if seen is None:
        raise Refused([Refusal("not_seen")])
    if isinstance(seen, str):
        seen = seen.strip().lower()
        if not is_sha256(seen):
            raise InvalidInput("seen_not_whole", value=seen[:SHA256_LENGTH])
    elif isinstance(seen, bool) or not isinstance(seen, int):
        # "Yes" is no version, but would count as the first one.
        raise InvalidInput("field_wrong", field="seen", value=seen)
    return seen


def said(not_duplicate: str | None) -> str | None:
    """Return the reason why an entry is no second one of another; blanks are none."""
    check_text("not_duplicate", not_duplicate)
    return None if not_duplicate is None or is_blank(not_duplicate) else not_duplicate.strip()


def words(wish: Wish) -> dict[str, str | list[str] | None]:
    """Return what is said in words with an act, as opposed to codes, dates and numbers."""
    return {
        "reason": wish.reason,
        "question": wish.question,
        "addressee": wish.addressee,
        "answer": wish.answer,
        "redactions": list(wish.redactions),
        "late_reason": wish.late_reason,
        "explanation": wish.explanation,
        "not_duplicate": wish.not_duplicate,
        "basis": wish.basis,
    }


def checked(wish: Wish) -> Wish:
    """Check the words that come with an act, before anything is looked at."""
    for name in _TEXTS:
        check_text(name, getattr(wish, name))
    wish = replace(wish, not_duplicate=said(wish.not_duplicate))
    for redaction in wish.redactions:
        check_text("redaction", redaction)
    codes = [(name, getattr(wish, name) or "") for name in ("reason_code", "ground", "to")]
    for name, code in [*codes, *(("found", code) for code in wish.found)]:
        # Also with an action that has no use for it: a decision's row would hold it all the same.
        check_characters(code, field=name, one_line=True)
        if len(code) > MAX_CODE:
            raise LimitExceeded("field_too_long", field=name, length=len(code), limit=MAX_CODE)
    number = wish.register_number
    if number is not None:
        check_characters(number, field="register_number", one_line=True)
        # Full-width digits or blanks would make a second number out of the same one.
        number = one_spelling(number)
        if is_blank(number):
            raise InvalidInput("field_empty", field="register_number")
        if len(number) > MAX_REGISTER_NUMBER:
            raise LimitExceeded(
                "field_too_long",
                field="register_number",
                length=len(number),
                limit=MAX_REGISTER_NUMBER,
            )
        return replace(wish, register_number=number)
    return wish
