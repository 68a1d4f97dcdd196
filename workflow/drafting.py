"""From what people hand in to the content of a revision: typed, tidied, completed and checked.

Front ends pass plain values by field name; what comes out can be stored on either database alike.
The check for second entries of the same text lives here too, because it looks at content only.
"""

from __future__ import annotations

import hashlib
from dataclasses import fields as dataclass_fields
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import bindparam, select

from workflow.database import Statement
from workflow.errors import InvalidInput, LimitExceeded, Refusal, Refused, named
from workflow.intake import FIELDS
from workflow.machine import State
from workflow.models import Item, table
from workflow.revisions import (
    Attachment,
    Attribute,
    BodyFormat,
    Content,
    FormedOnBasis,
    body_digest,
    check,
    check_characters,
    document_key,
    tidied,
)
from workflow.runtime import SHANGHAI
from workflow.scene import may_see

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from workflow.database import Transaction
    from workflow.guards import Actor
    from workflow.policy import Policy
    from workflow.revisions import Limits
    from workflow.scene import Policies

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

_item = table(Item)
_SAME: Final = Statement(
    select(
        _item.c.id,
        _item.c.body_id,
        _item.c.policy_digest,
        _item.c.state,
        _item.c.reached,
        _item.c.restricted,
        _item.c.index_number,
    )
    .where(
        (_item.c.body_digest == bindparam("body_digest"))
        | (_item.c.document_key == bindparam("document_key")),
        _item.c.state != State.ABANDONED,
        _item.c.id != bindparam("item_id"),
    )
    .order_by(_item.c.id)
    .limit(1)
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


def refuse_duplicate(
    transaction: Transaction,
    content: Content,
    *,
    policies: Policies,
    actor: Actor,
    item_id: int,
    old: Content | None = None,
) -> None:
    """Refuse a second entry of the same text or document number, naming the first.

    ``item_id`` is the item itself (0 for a new one) and ``old`` what it was: what an edit leaves
    as it is was accepted before.
    """
    number = document_key(content.document_number or "")
    body_changed = old is None or old.body != content.body
    number_changed = old is None or document_key(old.document_number or "") != number
    same_body = body_digest(content) if body_changed else ""
    same_number = number if number_changed else ""
    if not same_body and not same_number:
        return
    # Entered twice at once, the second waits here until the first can be found.
    for kind, value in (("body", same_body), ("number", same_number)):
        if value:
            transaction.queue_up(f"{kind}:{value}")
    row = transaction.one(_SAME, body_digest=same_body, document_key=same_number, item_id=item_id)
    if row is None:
        return
    visible = may_see(
        actor,
        policies.get(transaction, row.policy_digest),
        body_id=row.body_id,
        state=row.state,
        reached=row.reached,
        restricted=row.restricted,
        named=(),
    )
    if not visible:
        # That there is one must be said; which one it is, is not the reader's to know.
        raise Refused([Refusal("duplicate_unseen")])
    raise Refused([Refusal("duplicate", {"item": row.id, "index_number": row.index_number or ""})])


class Alike:
    """The texts and document numbers that a dry run of many rows would enter, by their rows.

    The second of two rows that hold the same would be refused, as the first is there by then.
    ``row`` is the one that is looked at. Kept are 16 bytes of a hash for each.
    """

    def __init__(self) -> None:
        """Begin with none."""
        self.row = 0
        self._rows: dict[bytes, int] = {}

    def refuse(self, content: Content) -> None:
        """Refuse what an earlier row has; raises ``Refused('duplicate_row')`` naming it."""
        for each in _identities(content):
            if each in self._rows:
                raise Refused([Refusal("duplicate_row", {"row": self._rows[each]})])

    def add(self, content: Content) -> None:
        """Remember what this row would enter."""
        for each in _identities(content):
            self._rows.setdefault(each, self.row)


def _identities(content: Content) -> Iterator[bytes]:
    number = document_key(content.document_number or "")
    for kind, value in (("body", body_digest(content)), ("number", number)):
        if value:
            yield hashlib.sha256(f"{kind}:{value}".encode()).digest()[:16]
