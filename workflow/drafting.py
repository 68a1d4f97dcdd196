"""From what people hand in to the content of a revision: typed, tidied, completed and checked.

Front ends pass plain values by field name; what comes out can be stored on either database alike.
"""

from __future__ import annotations

from dataclasses import fields as dataclass_fields
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

from workflow.errors import InvalidInput, LimitExceeded, named
from workflow.intake import FIELDS
from workflow.revisions import (
    Attachment,
    Attribute,
    BodyFormat,
    Content,
    FormedOnBasis,
    check,
    check_characters,
    tidied,
)
from workflow.runtime import SHANGHAI

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from workflow.policy import Policy
    from workflow.revisions import Limits

MAX_TEXT: Final = 10_000
"""The longest reason, question, answer or redaction, in characters."""
_PLACEHOLDER: Final = "-"
_ENUMS: Final = {
    "attribute": Attribute,
    "formed_on_basis": FormedOnBasis,
    "body_format": BodyFormat,
}
_LISTS: Final = ("keywords", "channels")
_DATES: Final = ("formed_on", "effective_on", "expires_on")
_FLAGS: Final = ("normative",)
_OPTIONAL: Final = frozenset(
    field.name for field in dataclass_fields(Content) if field.default is None
)


def check_text(field: str, value: str | None) -> None:
    """Refuse a reason, question or the like that no database could keep, or that is too long."""
    if value is None:
        return
    check_characters(value, field=field)
    if len(value) > MAX_TEXT:
        raise LimitExceeded("field_too_long", field=field, length=len(value), limit=MAX_TEXT)


def typed(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Turn plain values into the types of a content's fields; raises ``InvalidInput``."""
    unknown = sorted(set(fields) - FIELDS)
    if unknown:
        raise InvalidInput("field_unknown", field=unknown[0], known=tuple(sorted(FIELDS)))
    return {name: _value(name, value) for name, value in fields.items()}


def _value(name: str, value: Any) -> Any:
    if value is None:
        if name not in _OPTIONAL:
            raise InvalidInput("field_empty", field=name)
        return None
    if name in _ENUMS:
        known = tuple(member.value for member in _ENUMS[name])
        if value not in known:
            raise InvalidInput("value_unknown", field=name, value=value, known=known)
        return _ENUMS[name](value)
    if name in _DATES:
        return _day(name, value)
    if name in _LISTS:
        if not isinstance(value, (list, tuple)):
            raise InvalidInput("field_wrong", field=name, value=value)
        return tuple(_text(name, each) for each in value)
    if name in _FLAGS:
        if not isinstance(value, bool):
            raise InvalidInput("field_wrong", field=name, value=value)
        return value
    return _text(name, value)


def _text(name: str, value: Any) -> str:
    if not isinstance(value, str):
        raise InvalidInput("field_wrong", field=name, value=value)
    # Characters first: what cannot be encoded can be neither screened nor measured.
    check_characters(value, field=name)
    return value


def _day(name: str, value: Any) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError as error:
        raise InvalidInput("date_wrong", field=name, value=value) from error


def draft(fields: Mapping[str, Any]) -> Content:
    """Return new content from plain values, without a body's name yet."""
    _demand_text(fields)
    return Content(**typed(fields), publishing_body=_PLACEHOLDER)


def anew(item: Any, changes: Mapping[str, Any]) -> Content:
    """Return what is left of content that was purged, to be overwritten by ``changes``.

    ``item`` is the item's row with its body's name. Raises ``InvalidInput`` without a new text.
    """
    _demand_text(changes)
    return Content(
        title=_PLACEHOLDER,
        body=_PLACEHOLDER,
        publishing_body=item.body_name,
        index_number=item.index_number,
        category=item.category,
        attribute=item.attribute,
        formed_on=item.formed_on,
    )


def _demand_text(fields: Mapping[str, Any]) -> None:
    for name in ("title", "body"):
        if not isinstance(fields.get(name), str):
            raise InvalidInput("field_empty", field=name)


def glimpse(changes: Mapping[str, Any]) -> Content:
    """Return content of the changed fields alone, to be screened before anything is stored."""
    nothing = dict.fromkeys(("title", "body", "publishing_body"), _PLACEHOLDER)
    return Content(**(nothing | typed(changes)))


def completed(content: Content, policy: Policy, *, limits: Limits, now: datetime) -> Content:
    """Tidy and check content, and fill in what the policy's catalogue knows of its category."""
    content = tidied(content)
    if content.category is not None:
        leaf = policy.catalogue.get(content.category)
        if leaf is None:
            raise InvalidInput(
                "unknown_category",
                value=content.category,
                known=named(*policy.catalogue.values()),
            )
        content = replace(content, theme=leaf.theme, genre=content.genre or leaf.genre or None)
    if content.ground is not None and content.ground not in policy.grounds:
        grounds = named(*policy.grounds.values())
        raise InvalidInput("unknown_ground", value=content.ground, known=grounds)
    for channel in content.channels:
        if channel not in policy.channels:
            raise InvalidInput("unknown_channel", value=channel, known=policy.channels)
    check(content, limits=limits, today=now.astimezone(SHANGHAI).date())
    return content


def replaced(
    old: tuple[Attachment, ...], added: tuple[Attachment, ...], detach: Sequence[str]
) -> tuple[Attachment, ...]:
    """Return attachments after an edit: a file under a known name takes that one's place."""
    names = {attachment.name for attachment in old}
    for name in detach:
        if name not in names:
            raise InvalidInput("no_such_attachment", name=name, known=tuple(sorted(names)))
    new = {attachment.name: attachment for attachment in added}
    kept = tuple(
        new.pop(attachment.name, attachment)
        for attachment in old
        if attachment.name not in set(detach)
    )
    return kept + tuple(new.values())
