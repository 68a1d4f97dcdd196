"""The tables: what is remembered, and the constraints that make nonsense impossible.

No rule lives here. Rows are plain; the checks, partial unique indexes and foreign keys are the
last line of defence for the day when a rule above them is wrong. ``table=True`` classes validate
nothing by themselves, so the service checks first and the database checks again.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Text,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy import Table as SQLTable
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field, SQLModel, UTCDateTime

from workflow.coordination import Concern, Reply, Settlement, Silence
from workflow.deadlines import Kind, Met, RestDay, Unit
from workflow.machine import Outcome, StageKind, State
from workflow.organisation import BodyKind, Duty, PointKind
from workflow.revisions import MAX_FOLDED, Attribute, FormedOnBasis
from workflow.validity import Status

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.engine import Dialect

SHA256_LENGTH: Final = 64
NO_DIGEST: Final = "0" * SHA256_LENGTH
"""Stands in an item's row where the digest of its body was, once the content is purged."""
LONGEST_ID: Final = 2**31 - 1
"""The largest number a row can have; larger ones are simply not found."""


class DeliveryStatus(StrEnum):
    """Where a delivery is: owed, taken by a sender for a while, done, given up, or called off."""

    OWED = "owed"
    LEASED = "leased"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class AlertKind(StrEnum):
    """Why somebody is told: of a clock, of what happened, or of a fault to look after."""

    DEADLINE = "deadline"
    NOTICE = "notice"
    OPERATIONS = "operations"


class AlertStatus(StrEnum):
    """Where an alert is: owed, sent; missed (overtaken by a higher rung), expired, or failed."""

    OWED = "owed"
    SENT = "sent"
    MISSED = "missed"
    EXPIRED = "expired"
    FAILED = "failed"


class Pace(StrEnum):
    """When a person wants to hear of what only concerns their inbox."""

    AT_ONCE = "at_once"
    DAILY = "daily"


class TickEnd(StrEnum):
    """How one run of a job ended."""

    DONE = "done"
    FAILED = "failed"


class TokenScope(StrEnum):
    """What a token is good for: everything its owner may do, or running the jobs and no more."""

    ALL = "all"
    JOBS = "jobs"


class ScheduleEnd(StrEnum):
    """What became of a scheduled publication."""

    FIRED = "fired"
    HELD = "held"
    CALLED_OFF = "called_off"


class EnumValue(TypeDecorator[StrEnum]):
    """Stores an enum by its *value*; SQLAlchemy's own type would store the member's name."""

    impl = String
    cache_ok = True

    def __init__(self, enum: type[StrEnum]) -> None:
        """Store members of ``enum``."""
        super().__init__(length=40)
        self.enum = enum
        self._members = {member.value: member for member in enum}

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        """Turn a member, or its value, into the stored text; refuse anything else."""
        del dialect
        return None if value is None else self.enum(value).value

    def process_result_value(self, value: str | None, dialect: Dialect) -> StrEnum | None:
        """Turn the stored text back into the member; raises ``ValueError`` for any other."""
        del dialect
        return None if value is None else self._members.get(value) or self.enum(value)


class Grams(TypeDecorator[list[str]]):
    """Stores pieces of words: an array on PostgreSQL, a text with blanks between them on SQLite."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        """Return the type that the database's own index is made for."""
        own = ARRAY(Text) if dialect.name == "postgresql" else Text()
        return dialect.type_descriptor(own)

    def process_bind_param(self, value: list[str] | None, dialect: Dialect) -> Any:
        """Join the pieces where there are no arrays."""
        return value if value is None or dialect.name == "postgresql" else " ".join(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> list[str] | None:
        """Take them apart again."""
        del dialect
        if isinstance(value, str):
            return value.split()
        found: list[str] | None = value
        return found


def _one_of(column: str, values: Iterable[str]) -> str:
    return f"{column} IN ({', '.join(repr(str(value)) for value in values)})"


def _instant(*, nullable: bool = False) -> Any:
    return Field(default=None, sa_column=Column(UTCDateTime(), nullable=nullable))


def _ref(target: str, *, nullable: bool = False, index: bool = False) -> Any:
    return Field(
        default=None, sa_column=Column(Integer, ForeignKey(target), nullable=nullable, index=index)
    )


def _counted(default: str) -> Any:
    """Return a whole number that rows of the release before have, too."""
    return Field(
        default=int(default), sa_column=Column(Integer, nullable=False, server_default=default)
    )


def _digest(*, nullable: bool = False) -> Any:
    return Field(default=None, sa_column=Column(String(SHA256_LENGTH), nullable=nullable))


NAMING: Final = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Table(SQLModel):
    """The parent of all tables, with metadata of our own so that nobody else's tables join it."""

    metadata = MetaData(naming_convention=NAMING)


class Office(Table, table=True):
    """The one row about this database: whose it is, whether time is real, and the system chain."""

    __tablename__ = "office"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: int = Field(default=1, primary_key=True)
    name: str = Field(max_length=200)
    rehearsal: bool
    sample: bool
    created_at: datetime = _instant()
    policy_digest: str | None = Field(
        default=None,
        sa_column=Column(String(SHA256_LENGTH), ForeignKey("policy_text.digest"), nullable=True),
    )
    trail_seq: int = 0
    trail_hash: str = _digest()
    # Grows whenever an administrator accepts the clock, so that slots of a wrong time bind nobody.
    clock_epoch: int = _counted("1")
    # The last number that was written into the send journal, which lies outside of the database.
    sent_seq: int = _counted("0")
    held_at: datetime | None = _instant(nullable=True)
    held_why: str | None = Field(default=None, max_length=60)


class PolicyText(Table, table=True):
    """The full resolved text of every policy that was ever in use, by its digest."""

    __tablename__ = "policy_text"

    digest: str = Field(sa_column=Column(String(SHA256_LENGTH), primary_key=True))
    code: str = Field(max_length=100)
    version: int
    text: str = Field(sa_column=Column(Text, nullable=False))
    loaded_at: datetime = _instant()


class Body(Table, table=True):
    """A body of the organisation; its code goes into index numbers and never changes."""

    __tablename__ = "body"
    __table_args__ = (
        CheckConstraint(_one_of("kind", BodyKind), name="kind"),
        Index(
            "uq_body_one_district",
            "kind",
            unique=True,
            sqlite_where=text("kind = 'district'"),
            postgresql_where=text("kind = 'district'"),
        ),
        Index(
            "uq_body_one_centre",
            "kind",
            unique=True,
            sqlite_where=text("kind = 'centre'"),
            postgresql_where=text("kind = 'centre'"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(max_length=18, unique=True)
    name: str = Field(max_length=200, unique=True)
    name_en: str = Field(max_length=200)
    kind: BodyKind = Field(sa_column=Column(EnumValue(BodyKind), nullable=False))
    sample: bool
    created_at: datetime = _instant()


class BodyEnd(Table, table=True):
    """A body that takes no new items since ``closed_on``, perhaps merged into another one.

    What it has published stays its own, with its index numbers; what is under way goes on.
    """

    __tablename__ = "body_end"
    __table_args__ = (CheckConstraint("merged_into <> body_id", name="merged_into"),)

    body_id: int = Field(sa_column=Column(Integer, ForeignKey("body.id"), primary_key=True))
    closed_on: date
    merged_into: int | None = _ref("body.id", nullable=True)


class Account(Table, table=True):
    """A person who can sign in; passwords are Argon2id hashes.

    ``display_key`` is the name for people with all that does not show taken off, so that no two
    look alike. A password that somebody else chose is good until ``password_expires_at``.
    """

    __tablename__ = "account"
    __table_args__ = (
        CheckConstraint("failures >= 0", name="failures"),
        CheckConstraint("language IN ('zh', 'en')", name="language"),
    )

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(max_length=64, unique=True)
    display_name: str = Field(max_length=100)
    display_key: str = Field(max_length=MAX_FOLDED, unique=True)
    language: str = Field(max_length=2)
    password_hash: str = Field(max_length=300)
    must_change: bool
    password_expires_at: datetime | None = _instant(nullable=True)
    enabled: bool
    failures: int = 0
    locked_until: datetime | None = _instant(nullable=True)
    created_at: datetime = _instant()


class Token(Table, table=True):
    """A login: only the SHA-256 of the token is kept, it expires, and it can be revoked.

    One whose ``scope`` is ``jobs`` runs what is due and opens nothing else.
    """

    __tablename__ = "token"
    __table_args__ = (CheckConstraint("expires_at > created_at", name="expires"),)

    id: int | None = Field(default=None, primary_key=True)
    account_id: int = _ref("account.id", index=True)
    hash: str = Field(sa_column=Column(String(SHA256_LENGTH), nullable=False, unique=True))
    created_at: datetime = _instant()
    expires_at: datetime = _instant()
    revoked_at: datetime | None = _instant(nullable=True)
    scope: TokenScope = Field(
        default=TokenScope.ALL,
        sa_column=Column(EnumValue(TokenScope), nullable=False, server_default=TokenScope.ALL),
    )


class RoleGrant(Table, table=True):
    """A role that a person holds for a body; revoked grants stay as history."""

    __tablename__ = "role_grant"
    __table_args__ = (
        Index(
            "uq_role_grant_active",
            "account_id",
            "role",
            "body_id",
            unique=True,
            sqlite_where=text("revoked_at IS NULL"),
            postgresql_where=text("revoked_at IS NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    account_id: int = _ref("account.id")
    role: str = Field(max_length=40)
    body_id: int = _ref("body.id", index=True)
    granted_by: int | None = _ref("account.id", nullable=True)
    granted_at: datetime = _instant()
    revoked_at: datetime | None = _instant(nullable=True)


_AT_A_STAGE: Final = "('pending', 'referred')"
_DECIDED: Final = "('cleared', 'publishing', 'publication_failed', 'published')"
ONCE_PUBLIC: Final = "state IN ('published', 'retracted', 'superseded')"
"""The condition of the indexes over what was ever public: it stays listed, whatever came of it."""


class Item(Table, table=True):
    """The thing that moves: one mutable row; its content lies in immutable revisions.

    ``title``, ``document_number``, ``category``, ``attribute``, ``formed_on`` and ``body_digest``
    repeat the current revision so that lists need not read whole documents; ``document_key`` is
    the document number as it is recognised again. ``reached`` is the
    furthest stage ever entered (-1 before the first submission, the number of stages when once
    cleared, or to be published ahead of its review); it says who may see the item. ``submissions``
    counts all of them, ``round`` those that started anew because what had been decided was void.
    ``owed_stage`` is the first stage that does not hold yet of what was published ahead of it.
    """

    __tablename__ = "item"
    __table_args__ = (
        CheckConstraint(_one_of("state", State), name="state"),
        CheckConstraint(f"(state IN {_AT_A_STAGE}) = (stage IS NOT NULL)", name="stage"),
        CheckConstraint("version >= 1 AND round >= 0 AND reached >= -1", name="counts"),
        CheckConstraint(
            "state IN ('draft', 'abandoned') OR (index_number IS NOT NULL AND attribute IS NOT NULL"
            " AND formed_on IS NOT NULL AND category IS NOT NULL AND round >= 1)",
            name="submitted",
        ),
        CheckConstraint(
            f"({ONCE_PUBLIC}) = (published_at IS NOT NULL)",
            name="published_at",
        ),
        CheckConstraint(f"state NOT IN {_DECIDED} OR attribute = 'proactive'", name="proactive"),
        CheckConstraint(
            "(state IN ('withheld', 'on_request_only')) ="
            " (ground IS NOT NULL AND reassess_on IS NOT NULL)",
            name="withheld",
        ),
        CheckConstraint(
            f"attribute IS NULL OR {_one_of('attribute', Attribute)}", name="attribute"
        ),
        # Lists and inboxes ask by body and state; a bare index on the state alone made the guarded
        # update of a decision much slower under load, so the body comes first.
        Index("ix_item_body_state", "body_id", "state", "stage"),
        Index(
            "ix_item_open",
            "stage",
            "id",
            sqlite_where=text(f"state IN {_AT_A_STAGE}"),
            postgresql_where=text(f"state IN {_AT_A_STAGE}"),
        ),
        Index(
            "ix_item_to_publish",
            "state",
            "id",
            sqlite_where=text("state IN ('cleared', 'publishing', 'publication_failed')"),
            postgresql_where=text("state IN ('cleared', 'publishing', 'publication_failed')"),
        ),
        Index(
            "ix_item_published",
            "published_at",
            "id",
            sqlite_where=text(ONCE_PUBLIC),
            postgresql_where=text(ONCE_PUBLIC),
        ),
        Index(
            "ix_item_published_by_body",
            "body_id",
            "published_at",
            "id",
            sqlite_where=text(ONCE_PUBLIC),
            postgresql_where=text(ONCE_PUBLIC),
        ),
        Index(
            "ix_item_owing",
            "owed_stage",
            "id",
            sqlite_where=text("owed_stage IS NOT NULL"),
            postgresql_where=text("owed_stage IS NOT NULL"),
        ),
        Index("ix_item_body_digest", "body_digest"),
        Index("ix_item_document_key", "document_key"),
    )

    id: int | None = Field(default=None, primary_key=True)
    body_id: int = _ref("body.id")
    policy_digest: str = Field(
        sa_column=Column(String(SHA256_LENGTH), ForeignKey("policy_text.digest"), nullable=False)
    )
    state: State = Field(sa_column=Column(EnumValue(State), nullable=False))
    stage: str | None = Field(default=None, max_length=40)
    version: int = 1
    round: int = 0
    submissions: int = 0
    reached: int = -1
    revision_id: int | None = Field(
        default=None,
        sa_column=Column(
            Integer, ForeignKey("revision.id", use_alter=True, name="fk_item_revision_id")
        ),
    )
    digest: str = _digest()
    body_digest: str = _digest()
    index_number: str | None = Field(default=None, max_length=100, unique=True)
    title: str = Field(max_length=300)
    document_number: str | None = Field(default=None, max_length=100)
    document_key: str | None = Field(default=None, max_length=MAX_FOLDED)
    category: str | None = Field(default=None, max_length=100)
    attribute: Attribute | None = Field(default=None, sa_column=Column(EnumValue(Attribute)))
    formed_on: date | None = None
    restricted: bool = False
    ground: str | None = Field(default=None, max_length=100)
    reassess_on: date | None = None
    created_by: int = _ref("account.id")
    created_at: datetime = _instant()
    submitted_at: datetime | None = _instant(nullable=True)
    entered_at: datetime = _instant()
    published_at: datetime | None = _instant(nullable=True)
    trail_seq: int = 0
    trail_hash: str = _digest()
    owed_stage: str | None = Field(default=None, max_length=40)


class ItemAuthor(Table, table=True):
    """Who created, edited or submitted any revision of an item; kept when content is purged."""

    __tablename__ = "item_author"

    item_id: int = Field(sa_column=Column(Integer, ForeignKey("item.id"), primary_key=True))
    account_id: int = Field(sa_column=Column(Integer, ForeignKey("account.id"), primary_key=True))


class ItemReader(Table, table=True):
    """Who else is named to see a restricted item."""

    __tablename__ = "item_reader"

    item_id: int = Field(sa_column=Column(Integer, ForeignKey("item.id"), primary_key=True))
    account_id: int = Field(sa_column=Column(Integer, ForeignKey("account.id"), primary_key=True))


class SearchEntry(Table, table=True):
    """By which words an item is found: its current revision, folded; empty once that is purged.

    ``headline`` has title and numbers, ``words`` all else, ``grams`` what the index knows of both.
    On SQLite the index is a virtual table, ``search_index``, which triggers keep in step.
    """

    __tablename__ = "search_entry"
    __table_args__ = (
        Index("ix_search_entry_grams", "grams", postgresql_using="gin").ddl_if("postgresql"),
    )

    item_id: int = Field(sa_column=Column(Integer, ForeignKey("item.id"), primary_key=True))
    headline: str = Field(sa_column=Column(Text, nullable=False))
    words: str = Field(sa_column=Column(Text, nullable=False))
    grams: list[str] = Field(sa_column=Column(Grams, nullable=False))


class Revision(Table, table=True):
    """An immutable snapshot, as its canonical form; a purge leaves the digest as a stub."""

    __tablename__ = "revision"
    __table_args__ = (
        UniqueConstraint("item_id", "number"),
        CheckConstraint("number >= 1", name="number"),
        CheckConstraint(
            "(canonical IS NULL) = (purged_at IS NOT NULL)"
            " AND (canonical IS NULL) = (purge_id IS NOT NULL)",
            name="purged",
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    item_id: int = _ref("item.id")
    number: int
    digest: str = Field(sa_column=Column(String(SHA256_LENGTH), nullable=False, index=True))
    canonical: str | None = Field(default=None, sa_column=Column(Text))
    redacts_id: int | None = Field(
        default=None,
        sa_column=Column(
            Integer, ForeignKey("decision.id", use_alter=True, name="fk_revision_redacts_id")
        ),
    )
    created_by: int = _ref("account.id")
    created_at: datetime = _instant()
    purged_at: datetime | None = _instant(nullable=True)
    purge_id: int | None = _ref("purge.id", nullable=True)


class Blob(Table, table=True):
    """A stored file, by its SHA-256; a purge leaves the row and removes the file."""

    __tablename__ = "blob"
    __table_args__ = (CheckConstraint("size >= 0", name="size"),)

    sha256: str = Field(sa_column=Column(String(SHA256_LENGTH), primary_key=True))
    size: int = Field(sa_column=Column(BigInteger, nullable=False))
    created_at: datetime = _instant()
    purged_at: datetime | None = _instant(nullable=True)


class RevisionAttachment(Table, table=True):
    """Which revision has which file; names and order stand in the canonical form."""

    __tablename__ = "revision_attachment"

    revision_id: int = Field(sa_column=Column(Integer, ForeignKey("revision.id"), primary_key=True))
    position: int = Field(primary_key=True)
    sha256: str = Field(
        sa_column=Column(
            String(SHA256_LENGTH), ForeignKey("blob.sha256"), nullable=False, index=True
        )
    )


class Remark(Table, table=True):
    """What somebody said in words with an act: reasons, questions, answers, redaction lists.

    People quote, so words are content: decisions and trail hold the ``digest`` alone, the SHA-256
    of ``canonical``, and a purge leaves it as a stub. Words are few and could be guessed, so the
    form begins with a salt that goes with them. ``item_id`` is NULL for words about no one item.
    """

    __tablename__ = "remark"
    __table_args__ = (
        CheckConstraint("(canonical IS NULL) = (purged_at IS NOT NULL)", name="purged"),
    )

    id: int | None = Field(default=None, primary_key=True)
    item_id: int | None = _ref("item.id", nullable=True, index=True)
    digest: str = Field(sa_column=Column(String(SHA256_LENGTH), nullable=False, unique=True))
    canonical: str | None = Field(default=None, sa_column=Column(Text))
    said_by: int = _ref("account.id")
    said_at: datetime = _instant()
    purged_at: datetime | None = _instant(nullable=True)


class Decision(Table, table=True):
    """A stage-holder's conclusion on one digest; voided ones stay, with the reason in the trail.

    ``positive`` decisions hold their stage. The unique indexes say in the database itself that a
    stage is held once, that nobody holds two stages of one round but under a waiver, and that no
    number of the seal-use register serves twice. What a decision was ``waived`` by, and in whose
    place a deputy took it, is in its :class:`Capacity`.
    """

    __tablename__ = "decision"
    __table_args__ = (
        CheckConstraint(_one_of("kind", StageKind), name="kind"),
        CheckConstraint("round >= 1", name="round"),
        CheckConstraint(
            "kind <> 'seal' OR NOT positive OR register_number IS NOT NULL", name="seal_register"
        ),
        CheckConstraint(
            "action <> 'return' OR (remark_id IS NOT NULL AND reason_code IS NOT NULL)",
            name="return_reason",
        ),
        CheckConstraint(
            "outcome IS NULL OR outcome = 'publication' OR ground IS NOT NULL", name="ground"
        ),
        Index(
            "uq_decision_stage_held",
            "item_id",
            "stage",
            unique=True,
            sqlite_where=text("positive AND voided_at IS NULL"),
            postgresql_where=text("positive AND voided_at IS NULL"),
        ),
        Index(
            "uq_decision_one_stage_each",
            "item_id",
            "round",
            "actor_id",
            unique=True,
            sqlite_where=text("positive AND voided_at IS NULL AND NOT waived"),
            postgresql_where=text("positive AND voided_at IS NULL AND NOT waived"),
        ),
        Index("uq_decision_register_number", "body_id", "register_number", unique=True),
        Index("ix_decision_item_round", "item_id", "round"),
        # A report counts the returns of a period.
        Index(
            "ix_decision_returned",
            "decided_at",
            "id",
            sqlite_where=text("action = 'return'"),
            postgresql_where=text("action = 'return'"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    item_id: int = _ref("item.id")
    body_id: int = _ref("body.id")
    revision_id: int = _ref("revision.id")
    digest: str = _digest()
    round: int
    submission: int
    stage: str = Field(max_length=40)
    kind: StageKind = Field(sa_column=Column(EnumValue(StageKind), nullable=False))
    action: str = Field(max_length=40)
    positive: bool
    actor_id: int = _ref("account.id")
    decided_at: datetime = _instant()
    outcome: Outcome | None = Field(default=None, sa_column=Column(EnumValue(Outcome)))
    remark_id: int | None = _ref("remark.id", nullable=True)
    reason_code: str | None = Field(default=None, max_length=100)
    ground: str | None = Field(default=None, max_length=100)
    basis: str | None = Field(default=None, max_length=300)
    reassess_on: date | None = None
    register_number: str | None = Field(default=None, max_length=100)
    details: str | None = Field(default=None, sa_column=Column(Text))
    voided_at: datetime | None = _instant(nullable=True)
    waived: bool = Field(
        default=False, sa_column=Column(Boolean, nullable=False, server_default=false())
    )


class Edition(Table, table=True):
    """That an item is the next edition of another one, which it corrects.

    The note says for the public what changed, and lies in the remark; ``changed_on`` is the day of
    the change, from which its clocks count. One that ended without becoming public was dropped;
    what corrects an item and was not dropped is one item at most, in a line without forks.
    """

    __tablename__ = "edition"
    __table_args__ = (
        CheckConstraint("number >= 2", name="number"),
        CheckConstraint("item_id <> corrects_id", name="another"),
        Index(
            "uq_edition_standing",
            "corrects_id",
            unique=True,
            sqlite_where=text("dropped_at IS NULL"),
            postgresql_where=text("dropped_at IS NULL"),
        ),
    )

    item_id: int = Field(sa_column=Column(Integer, ForeignKey("item.id"), primary_key=True))
    corrects_id: int = _ref("item.id")
    number: int
    changed_on: date
    remark_id: int = _ref("remark.id")
    opened_by: int = _ref("account.id")
    opened_at: datetime = _instant()
    dropped_at: datetime | None = _instant(nullable=True)


class Retraction(Table, table=True):
    """What was asked for of an item: to retract it, to bring it back, or to publish it urgently.

    One person asks and another one confirms; until then everything stays as it is. The words are
    in the remark: those of a retraction are public, and one that ``amends_id`` another says the
    same retraction in other words.
    """

    __tablename__ = "retraction"
    __table_args__ = (
        CheckConstraint("kind IN ('retraction', 'restoration', 'urgent_publication')", name="kind"),
        CheckConstraint("amends_id IS NULL OR kind = 'retraction'", name="amends"),
        CheckConstraint("confirmed_by IS NULL OR confirmed_by <> asked_by", name="two_people"),
        CheckConstraint("(confirmed_by IS NULL) = (confirmed_at IS NULL)", name="confirmed"),
        CheckConstraint("confirmed_at IS NULL OR called_off_at IS NULL", name="ended_once"),
        Index(
            "uq_retraction_open",
            "item_id",
            unique=True,
            sqlite_where=text("confirmed_at IS NULL AND called_off_at IS NULL"),
            postgresql_where=text("confirmed_at IS NULL AND called_off_at IS NULL"),
        ),
        Index("ix_retraction_item", "item_id", "id"),
        # The public register asks for those of a month.
        Index(
            "ix_retraction_confirmed",
            "confirmed_at",
            "id",
            sqlite_where=text("confirmed_at IS NOT NULL"),
            postgresql_where=text("confirmed_at IS NOT NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    item_id: int = _ref("item.id")
    kind: str = Field(max_length=20)
    amends_id: int | None = _ref("retraction.id", nullable=True)
    remark_id: int = _ref("remark.id")
    asked_by: int = _ref("account.id")
    asked_at: datetime = _instant()
    confirmed_by: int | None = _ref("account.id", nullable=True)
    confirmed_at: datetime | None = _instant(nullable=True)
    called_off_by: int | None = _ref("account.id", nullable=True)
    called_off_at: datetime | None = _instant(nullable=True)


class Sighting(Table, table=True):
    """Which version of an item a person was last shown."""

    __tablename__ = "sighting"

    account_id: int = Field(sa_column=Column(Integer, ForeignKey("account.id"), primary_key=True))
    item_id: int = Field(sa_column=Column(Integer, ForeignKey("item.id"), primary_key=True))
    version: int
    digest: str = _digest()
    seen_at: datetime = _instant()


class Request(Table, table=True):
    """A call made with an idempotency key, and what it answered."""

    __tablename__ = "request"

    account_id: int = Field(sa_column=Column(Integer, ForeignKey("account.id"), primary_key=True))
    key: str = Field(primary_key=True, max_length=200)
    fingerprint: str = _digest()
    answer: str = Field(sa_column=Column(Text, nullable=False))
    made_at: datetime = _instant()


class Delivery(Table, table=True):
    """The outbox: one message owed to one channel. ``key`` makes it once.

    ``lease`` names the sender that holds it until ``leased_until``; ``stamp`` is the instant that
    the page shows as its publication, set by the system when the sender took it.
    """

    __tablename__ = "delivery"
    __table_args__ = (
        CheckConstraint(_one_of("status", DeliveryStatus), name="status"),
        CheckConstraint(
            "(status = 'leased') = (lease IS NOT NULL AND leased_until IS NOT NULL)", name="lease"
        ),
        CheckConstraint("attempts >= 0", name="attempts"),
        Index(
            "ix_delivery_due",
            "next_at",
            "id",
            sqlite_where=text("status IN ('owed', 'leased')"),
            postgresql_where=text("status IN ('owed', 'leased')"),
        ),
        Index(
            "uq_delivery_open",
            "item_id",
            "channel",
            unique=True,
            sqlite_where=text("status IN ('owed', 'leased')"),
            postgresql_where=text("status IN ('owed', 'leased')"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(max_length=200, unique=True)
    item_id: int = _ref("item.id", index=True)
    revision_id: int = _ref("revision.id")
    channel: str = Field(max_length=40)
    status: DeliveryStatus = Field(sa_column=Column(EnumValue(DeliveryStatus), nullable=False))
    attempts: int = 0
    next_at: datetime = _instant()
    lease: str | None = Field(default=None, max_length=64)
    leased_until: datetime | None = _instant(nullable=True)
    stamp: datetime | None = _instant(nullable=True)
    error: str | None = Field(default=None, sa_column=Column(Text))
    created_at: datetime = _instant()
    done_at: datetime | None = _instant(nullable=True)


class PublishedCount(Table, table=True):
    """How many items a body published in a month (``YYYY-MM``, Asia/Shanghai), for the indexes.

    Counted as items are published, so that an index page costs the same however many there are.
    """

    __tablename__ = "published_count"
    __table_args__ = (CheckConstraint("count >= 1", name="count"),)

    body_id: int = Field(sa_column=Column(Integer, ForeignKey("body.id"), primary_key=True))
    month: str = Field(primary_key=True, max_length=7)
    count: int


class Counter(Table, table=True):
    """A running number that is never given out twice."""

    __tablename__ = "counter"
    __table_args__ = (CheckConstraint("value >= 0", name="value"),)

    name: str = Field(primary_key=True, max_length=100)
    value: int


class AuditEntry(Table, table=True):
    """One link of a chain; UPDATE, DELETE, TRUNCATE and REPLACE fail in the database.

    ``subject`` is ``item:<id>`` or ``system``; ``hash`` covers every other column and the hash
    before it (see :mod:`workflow.audit`).
    """

    __tablename__ = "audit_entry"
    __table_args__ = (
        UniqueConstraint("subject", "seq"),
        CheckConstraint("seq >= 1", name="seq"),
    )

    id: int | None = Field(
        default=None,
        sa_column=Column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    )
    subject: str = Field(max_length=40)
    seq: int
    at: datetime = _instant()
    event: str = Field(max_length=60)
    actor: str = Field(max_length=64)
    on_behalf_of: str | None = Field(default=None, max_length=64)
    channel: str = Field(max_length=20)
    host: str = Field(max_length=255)
    details: str = Field(sa_column=Column(Text, nullable=False))
    previous: str = _digest()
    hash: str = _digest()


class ScreeningStub(Table, table=True):
    """What is kept of an upload that bore a classification mark: never its content."""

    __tablename__ = "screening_stub"

    id: int | None = Field(default=None, primary_key=True)
    account_id: int = _ref("account.id")
    body_id: int | None = _ref("body.id", nullable=True)
    name_digest: str = _digest()
    part: str = Field(max_length=20)
    mark: str = Field(max_length=40)
    line: int | None = None
    at: datetime = _instant()


class Purge(Table, table=True):
    """The removal of a secret or of personal data: asked for by one, confirmed by another."""

    __tablename__ = "purge"
    __table_args__ = (
        CheckConstraint("target_kind IN ('revision', 'attachment', 'remark')", name="target_kind"),
        CheckConstraint("confirmed_by IS NULL OR confirmed_by <> requested_by", name="two_people"),
        CheckConstraint("(confirmed_by IS NULL) = (confirmed_at IS NULL)", name="confirmed"),
        Index(
            "uq_purge_open",
            "target",
            unique=True,
            sqlite_where=text("confirmed_at IS NULL"),
            postgresql_where=text("confirmed_at IS NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    target_kind: str = Field(max_length=20)
    target: str = _digest()
    ground: str = Field(max_length=100)
    remark_id: int = _ref("remark.id")
    requested_by: int = _ref("account.id")
    requested_at: datetime = _instant()
    confirmed_by: int | None = _ref("account.id", nullable=True)
    confirmed_at: datetime | None = _instant(nullable=True)


class CalendarVersion(Table, table=True):
    """A calendar of working days that was ever in force, whole; versions never change.

    ``text`` is the canonical JSON of :attr:`workflow.working_days.Calendar.text` and ``digest`` its
    SHA-256. ``reverts`` names the version that a version brings back; it is a new one all the same.
    """

    __tablename__ = "calendar_version"
    __table_args__ = (
        CheckConstraint("number >= 1", name="number"),
        CheckConstraint("reverts IS NULL OR reverts < number", name="reverts"),
    )

    number: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))
    digest: str = _digest()
    text: str = Field(sa_column=Column(Text, nullable=False))
    source: str = Field(max_length=255)
    reason: str | None = Field(default=None, sa_column=Column(Text))
    reverts: int | None = _ref("calendar_version.number", nullable=True)
    applied_by: int | None = _ref("account.id", nullable=True)
    applied_at: datetime = _instant()


_RUNNING: Final = "met_on IS NULL AND voided_at IS NULL"
_UNEXPLAINED: Final = (
    "met_by = 'published' AND met_on > due_on AND late_remark_id IS NULL AND voided_at IS NULL"
)
_LEGAL_RUNNING: Final = f"kind = 'legal' AND {_RUNNING}"


class Deadline(Table, table=True):
    """A clock of an item: a legal one of the office, or the budget of the desk that holds it.

    The rule's terms (``amount``, ``unit``, ``rest_day``) stand in the row, so that a calendar can
    be recomputed without any policy. ``due_on`` is the last day, in Asia/Shanghai; ``overdue_at``
    the instant after it. ``met_on`` is the day that counts and ``met_at`` when it was recorded;
    ``rev`` grows whenever ``due_on`` moves. ``stage`` is empty for a legal clock.
    ``sweep_on`` is the first day on which the sweep has something to do here, and ``swept_on`` the
    last one on which it looked, NULL since the last day moved or the calendar is another: its rungs
    are reached anew then, but for those that were raised for the same ``rev``.
    """

    __tablename__ = "deadline"
    __table_args__ = (
        CheckConstraint(_one_of("kind", Kind), name="kind"),
        CheckConstraint(_one_of("unit", Unit), name="unit"),
        CheckConstraint(_one_of("rest_day", RestDay), name="rest_day"),
        CheckConstraint(_one_of("met_by", Met), name="met_by"),
        CheckConstraint(
            "(kind = 'stage') = (stage <> '') AND (kind = 'stage') = (met_by = 'stage_left')",
            name="stage",
        ),
        CheckConstraint("amount >= 1 AND rev >= 1", name="counts"),
        CheckConstraint("due_on >= started_on", name="due_on"),
        CheckConstraint("(met_on IS NULL) = (met_at IS NULL)", name="met"),
        CheckConstraint("met_on IS NULL OR voided_at IS NULL", name="met_or_voided"),
        CheckConstraint("(voided_at IS NULL) = (void_reason IS NULL)", name="voided"),
        CheckConstraint(
            "(late_remark_id IS NULL) = (late_at IS NULL)"
            " AND (late_at IS NULL) = (late_by IS NULL)",
            name="late",
        ),
        Index(
            "uq_deadline_running",
            "item_id",
            "clock",
            unique=True,
            sqlite_where=text(_RUNNING),
            postgresql_where=text(_RUNNING),
        ),
        Index(
            "ix_deadline_due",
            "due_on",
            "id",
            sqlite_where=text(_LEGAL_RUNNING),
            postgresql_where=text(_LEGAL_RUNNING),
        ),
        Index(
            "ix_deadline_body_due",
            "body_id",
            "due_on",
            "id",
            sqlite_where=text(_LEGAL_RUNNING),
            postgresql_where=text(_LEGAL_RUNNING),
        ),
        # A change of the calendar asks for what still stands on an older one.
        Index(
            "ix_deadline_calendar",
            "calendar",
            "id",
            sqlite_where=text(_RUNNING),
            postgresql_where=text(_RUNNING),
        ),
        # The cohort of a report is the clocks whose due date falls in its period. With the kind in
        # front, both databases take it for the boards, too, and walk through all that ever ended.
        Index("ix_deadline_cohort", "due_on", "id"),
        Index("ix_deadline_item_id", "item_id"),
        Index(
            "ix_deadline_sweep",
            "sweep_on",
            "id",
            sqlite_where=text(_RUNNING),
            postgresql_where=text(_RUNNING),
        ),
        Index(
            "ix_deadline_unexplained",
            "item_id",
            sqlite_where=text(_UNEXPLAINED),
            postgresql_where=text(_UNEXPLAINED),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    item_id: int = _ref("item.id")
    body_id: int = _ref("body.id")
    clock: str = Field(max_length=40)
    kind: Kind = Field(sa_column=Column(EnumValue(Kind), nullable=False))
    rule: str = Field(max_length=40)
    stage: str = Field(default="", max_length=40)
    amount: int
    unit: Unit = Field(sa_column=Column(EnumValue(Unit), nullable=False))
    rest_day: RestDay = Field(sa_column=Column(EnumValue(RestDay), nullable=False))
    met_by: Met = Field(sa_column=Column(EnumValue(Met), nullable=False))
    legal_basis: str = Field(max_length=300)
    pausable: bool = False
    started_on: date
    due_on: date
    overdue_at: datetime = _instant()
    provisional: bool
    rev: int = 1
    calendar: int = _ref("calendar_version.number")
    opened_at: datetime = _instant()
    met_on: date | None = None
    met_at: datetime | None = _instant(nullable=True)
    voided_at: datetime | None = _instant(nullable=True)
    void_reason: str | None = Field(default=None, max_length=40)
    detected_at: datetime | None = _instant(nullable=True)
    late_remark_id: int | None = _ref("remark.id", nullable=True)
    late_by: int | None = _ref("account.id", nullable=True)
    late_at: datetime | None = _instant(nullable=True)
    sweep_on: date = Field(
        sa_column=Column(Date, nullable=False, server_default=text("'2007-01-01'"))
    )
    swept_on: date | None = None


class DeadlineMove(Table, table=True):
    """A due date that moved: from when to when, why, and by which calendar; never changes."""

    __tablename__ = "deadline_move"
    __table_args__ = (
        UniqueConstraint("deadline_id", "rev"),
        CheckConstraint("rev >= 2", name="rev"),
        CheckConstraint(
            "old_started_on <> new_started_on OR old_due_on <> new_due_on", name="moved"
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    deadline_id: int = _ref("deadline.id")
    rev: int
    why: str = Field(max_length=40)
    old_started_on: date
    new_started_on: date
    old_due_on: date
    new_due_on: date
    old_calendar: int = _ref("calendar_version.number")
    new_calendar: int = _ref("calendar_version.number")
    withdrew_overdue: bool = False
    at: datetime = _instant()


class DateCorrection(Table, table=True):
    """A formation date that was corrected after submission; the newest one counts for the clocks.

    The text keeps the date that was decided on, and with it its digest and its index number.
    """

    __tablename__ = "date_correction"
    __table_args__ = (CheckConstraint(_one_of("basis", FormedOnBasis), name="basis"),)

    id: int | None = Field(default=None, primary_key=True)
    item_id: int = _ref("item.id", index=True)
    revision_id: int = _ref("revision.id")
    formed_on: date
    basis: str = Field(max_length=40)
    remark_id: int = _ref("remark.id")
    corrected_by: int = _ref("account.id")
    corrected_at: datetime = _instant()


class Schedule(Table, table=True):
    """The instant for which the publication of a cleared item is scheduled, and what became of it.

    ``version`` is that of the item when it was scheduled: an item that moved on since is not
    published by it. ``ended`` is ``fired``, ``held`` or ``called_off``.
    """

    __tablename__ = "schedule"
    __table_args__ = (
        CheckConstraint("version >= 1", name="version"),
        CheckConstraint("(ended IS NULL) = (ended_at IS NULL)", name="ended"),
        CheckConstraint(f"ended IS NULL OR {_one_of('ended', ScheduleEnd)}", name="ended_how"),
        Index(
            "uq_schedule_open",
            "item_id",
            unique=True,
            sqlite_where=text("ended IS NULL"),
            postgresql_where=text("ended IS NULL"),
        ),
        Index(
            "ix_schedule_due",
            "publish_at",
            "id",
            sqlite_where=text("ended IS NULL"),
            postgresql_where=text("ended IS NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    item_id: int = _ref("item.id")
    version: int
    publish_at: datetime = _instant()
    scheduled_by: int = _ref("account.id")
    scheduled_at: datetime = _instant()
    ended: ScheduleEnd | None = Field(default=None, sa_column=Column(EnumValue(ScheduleEnd)))
    ended_at: datetime | None = _instant(nullable=True)


class DeadlinePause(Table, table=True):
    """A time that does not count for a clock, where its rule allows one."""

    __tablename__ = "deadline_pause"
    __table_args__ = (
        CheckConstraint("ended_on IS NULL OR ended_on >= begun_on", name="order"),
        CheckConstraint(
            "(ended_on IS NULL) = (ended_at IS NULL) AND (ended_at IS NULL) = (ended_by IS NULL)",
            name="ended",
        ),
        Index(
            "uq_deadline_pause_open",
            "deadline_id",
            unique=True,
            sqlite_where=text("ended_on IS NULL"),
            postgresql_where=text("ended_on IS NULL"),
        ),
        Index("ix_deadline_pause_deadline_id", "deadline_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    deadline_id: int = _ref("deadline.id")
    begun_on: date
    begun_at: datetime = _instant()
    begun_by: int = _ref("account.id")
    remark_id: int = _ref("remark.id")
    ended_on: date | None = None
    ended_at: datetime | None = _instant(nullable=True)
    ended_by: int | None = _ref("account.id", nullable=True)


class ReadingPoint(Table, table=True):
    """What a reading point is beside its body: archives, a library, a service hall, a board.

    ``required`` ones are those whose receipts together meet the second legal clock, as long as
    they are open: from ``closed_on`` a point takes nothing more.
    """

    __tablename__ = "reading_point"
    __table_args__ = (CheckConstraint(_one_of("kind", PointKind), name="kind"),)

    body_id: int = Field(sa_column=Column(Integer, ForeignKey("body.id"), primary_key=True))
    kind: PointKind = Field(sa_column=Column(EnumValue(PointKind), nullable=False))
    required: bool
    address: str = Field(default="", max_length=300)
    contact: str = Field(default="", max_length=300)
    closed_on: date | None = None


class DeliveryList(Table, table=True):
    """A delivery list (送交目录表) to one reading point, or a nil return (零报告) for a period.

    ``period`` is a month, ``YYYY-MM``, and only a nil return has one; ``serial`` counts the lists
    of a point in a year. Neither kind ever changes.
    """

    __tablename__ = "delivery_list"
    __table_args__ = (
        CheckConstraint("(period IS NULL) = (serial IS NOT NULL)", name="period"),
        UniqueConstraint("point_id", "period"),
    )

    id: int | None = Field(default=None, primary_key=True)
    point_id: int = _ref("body.id")
    number: str = Field(max_length=100, unique=True)
    serial: int | None = None
    period: str | None = Field(default=None, max_length=7)
    made_by: int = _ref("account.id")
    made_at: datetime = _instant()


class Handover(Table, table=True):
    """One item handed to one reading point: sent on a list, received with a receipt (交接文据).

    ``digest`` is that of the revision that was sent. ``handed_over_on`` is the date on the receipt
    and ``received_at`` when it was recorded, ``gap_days`` later; the paper and electronic copies
    received must be those sent. Withdrawing is asked for by one and approved by another; from then
    on the row no longer *stands*: it counts for nothing, and the item may be sent there again.
    """

    __tablename__ = "handover"
    __table_args__ = (
        CheckConstraint(
            "paper >= 0 AND electronic >= 0 AND paper + electronic >= 1", name="copies"
        ),
        CheckConstraint(
            "(handed_over_on IS NULL) = (received_at IS NULL)"
            " AND (received_at IS NULL) = (received_by IS NULL)",
            name="receipt",
        ),
        CheckConstraint("received_by IS NULL OR received_by <> delivered_by", name="two_people"),
        CheckConstraint("gap_days >= 0", name="gap_days"),
        CheckConstraint(
            "(withdrawn_by IS NULL) = (withdrawal_remark_id IS NULL)"
            " AND (withdrawn_by IS NULL) = (withdrawn_at IS NULL)",
            name="withdrawal",
        ),
        CheckConstraint(
            "(approved_by IS NULL) = (approved_at IS NULL)"
            " AND (approved_by IS NULL OR withdrawn_by IS NOT NULL)",
            name="approval",
        ),
        CheckConstraint(
            "approved_by IS NULL OR approved_by <> withdrawn_by", name="approved_by_another"
        ),
        Index(
            "uq_handover_standing",
            "item_id",
            "point_id",
            unique=True,
            sqlite_where=text("approved_at IS NULL"),
            postgresql_where=text("approved_at IS NULL"),
        ),
        Index(
            "ix_handover_waiting",
            "point_id",
            "id",
            sqlite_where=text("received_at IS NULL AND approved_at IS NULL"),
            postgresql_where=text("received_at IS NULL AND approved_at IS NULL"),
        ),
        # What waits for a second person, for the list of what is open.
        Index(
            "ix_handover_asked_back",
            "point_id",
            "id",
            sqlite_where=text("withdrawn_at IS NOT NULL AND approved_at IS NULL"),
            postgresql_where=text("withdrawn_at IS NOT NULL AND approved_at IS NULL"),
        ),
        # What was withdrawn may have to be sent again.
        Index(
            "ix_handover_withdrawn",
            "point_id",
            "item_id",
            sqlite_where=text("approved_at IS NOT NULL"),
            postgresql_where=text("approved_at IS NOT NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    list_id: int = _ref("delivery_list.id", index=True)
    item_id: int = _ref("item.id", index=True)
    point_id: int = _ref("body.id")
    revision_id: int = _ref("revision.id")
    digest: str = _digest()
    paper: int
    electronic: int
    delivered_by: int = _ref("account.id")
    delivered_at: datetime = _instant()
    handed_over_on: date | None = None
    received_by: int | None = _ref("account.id", nullable=True)
    received_at: datetime | None = _instant(nullable=True)
    gap_days: int = 0
    withdrawn_by: int | None = _ref("account.id", nullable=True)
    withdrawn_at: datetime | None = _instant(nullable=True)
    withdrawal_remark_id: int | None = _ref("remark.id", nullable=True)
    approved_by: int | None = _ref("account.id", nullable=True)
    approved_at: datetime | None = _instant(nullable=True)


class SupervisingGroup(Table, table=True):
    """Which of the three coordinating groups a body is: who hears of what is overdue, and when."""

    __tablename__ = "supervising_group"
    __table_args__ = (CheckConstraint(_one_of("duty", Duty), name="duty"),)

    body_id: int = Field(sa_column=Column(Integer, ForeignKey("body.id"), primary_key=True))
    duty: Duty = Field(sa_column=Column(EnumValue(Duty), nullable=False, unique=True))


class Preference(Table, table=True):
    """How a person wants to be told of things; who has no row wants them at once."""

    __tablename__ = "preference"
    __table_args__ = (CheckConstraint(_one_of("notices", Pace), name="notices"),)

    account_id: int = Field(sa_column=Column(Integer, ForeignKey("account.id"), primary_key=True))
    notices: Pace = Field(sa_column=Column(EnumValue(Pace), nullable=False))


class Contact(Table, table=True):
    """Where a person, or a body as such (a group's chat room), is reached by one channel.

    An address never changes: another one is another row, and the old one is removed. It may hold a
    secret (the token of a chat room), so it is shown through its channel only.
    """

    __tablename__ = "contact"
    __table_args__ = (
        CheckConstraint("(account_id IS NULL) <> (body_id IS NULL)", name="whose"),
        Index(
            "uq_contact_of_account",
            "account_id",
            "channel",
            unique=True,
            sqlite_where=text("removed_at IS NULL"),
            postgresql_where=text("removed_at IS NULL"),
        ),
        Index(
            "uq_contact_of_body",
            "body_id",
            "channel",
            unique=True,
            sqlite_where=text("removed_at IS NULL"),
            postgresql_where=text("removed_at IS NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    account_id: int | None = _ref("account.id", nullable=True)
    body_id: int | None = _ref("body.id", nullable=True)
    channel: str = Field(max_length=40)
    address: str = Field(max_length=500)
    added_by: int | None = _ref("account.id", nullable=True)
    added_at: datetime = _instant()
    removed_at: datetime | None = _instant(nullable=True)


class Message(Table, table=True):
    """The outbox of alerts: one digest owed to one contact, made of the alerts bound to it.

    ``key`` stays the same over every try and is what the receiver can tell a repetition by. From
    the moment a sender takes it until it is known that nothing was delivered it is ``sealed``: its
    alerts stay as they are, and what is new waits for the next message.
    """

    __tablename__ = "message"
    __table_args__ = (
        CheckConstraint(_one_of("status", DeliveryStatus), name="status"),
        CheckConstraint(
            "(status = 'leased') = (lease IS NOT NULL AND leased_until IS NOT NULL)", name="lease"
        ),
        CheckConstraint("status <> 'leased' OR sealed", name="sealed"),
        CheckConstraint("attempts >= 0", name="attempts"),
        Index(
            "ix_message_due",
            "next_at",
            "id",
            sqlite_where=text("status IN ('owed', 'leased')"),
            postgresql_where=text("status IN ('owed', 'leased')"),
        ),
        Index(
            "uq_message_open",
            "contact_id",
            unique=True,
            sqlite_where=text("status = 'owed' AND NOT sealed"),
            postgresql_where=text("status = 'owed' AND NOT sealed"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(max_length=64, unique=True)
    contact_id: int = _ref("contact.id")
    status: DeliveryStatus = Field(sa_column=Column(EnumValue(DeliveryStatus), nullable=False))
    sealed: bool = False
    attempts: int = 0
    next_at: datetime = _instant()
    lease: str | None = Field(default=None, max_length=64)
    leased_until: datetime | None = _instant(nullable=True)
    error: str | None = Field(default=None, max_length=100)
    created_at: datetime = _instant()
    first_tried_at: datetime | None = _instant(nullable=True)
    done_at: datetime | None = _instant(nullable=True)


class Alert(Table, table=True):
    """Something that one person, or one room, must be told by one channel; ``key`` makes it once.

    ``channel`` is empty for a recipient that no channel reaches: it stands on their board alone.
    An alert of a deadline has its ``rung`` (``T-5``, ``T+3``, ``W1``, ``corrected``), the ``rev``
    it was raised for and the ``day`` of the rung; it is ``late`` if it was raised after that day.
    ``facts`` is JSON of codes, numbers and dates, never content.
    """

    __tablename__ = "alert"
    __table_args__ = (
        CheckConstraint(_one_of("kind", AlertKind), name="kind"),
        CheckConstraint(_one_of("status", AlertStatus), name="status"),
        CheckConstraint("(account_id IS NULL) <> (body_id IS NULL)", name="whose"),
        CheckConstraint(
            "(kind = 'deadline') = (deadline_id IS NOT NULL AND rev IS NOT NULL"
            " AND rung IS NOT NULL AND day IS NOT NULL)",
            name="deadline",
        ),
        CheckConstraint("kind <> 'deadline' OR item_id IS NOT NULL", name="item"),
        CheckConstraint("(status = 'owed') = (settled_at IS NULL)", name="settled"),
        CheckConstraint(
            "(acknowledged_at IS NULL) = (acknowledged_by IS NULL)", name="acknowledged"
        ),
        Index(
            "ix_alert_unbound",
            "not_before",
            "id",
            sqlite_where=text("status = 'owed' AND message_id IS NULL"),
            postgresql_where=text("status = 'owed' AND message_id IS NULL"),
        ),
        Index(
            "ix_alert_of_account",
            "account_id",
            "id",
            sqlite_where=text("acknowledged_at IS NULL"),
            postgresql_where=text("acknowledged_at IS NULL"),
        ),
        Index("ix_alert_message_id", "message_id"),
        Index("ix_alert_deadline_id", "deadline_id"),
        Index("ix_alert_item_id", "item_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(max_length=200, unique=True)
    kind: AlertKind = Field(sa_column=Column(EnumValue(AlertKind), nullable=False))
    event: str = Field(max_length=60)
    role: str = Field(max_length=40)
    account_id: int | None = _ref("account.id", nullable=True)
    body_id: int | None = _ref("body.id", nullable=True)
    channel: str = Field(max_length=40)
    contact_id: int | None = _ref("contact.id", nullable=True)
    item_id: int | None = _ref("item.id", nullable=True)
    deadline_id: int | None = _ref("deadline.id", nullable=True)
    rev: int | None = None
    rung: str | None = Field(default=None, max_length=20)
    day: date | None = None
    late: bool = False
    facts: str = Field(sa_column=Column(Text, nullable=False))
    raised_at: datetime = _instant()
    not_before: datetime = _instant()
    status: AlertStatus = Field(sa_column=Column(EnumValue(AlertStatus), nullable=False))
    message_id: int | None = _ref("message.id", nullable=True)
    settled_at: datetime | None = _instant(nullable=True)
    why: str | None = Field(default=None, max_length=60)
    acknowledged_at: datetime | None = _instant(nullable=True)
    acknowledged_by: int | None = _ref("account.id", nullable=True)


class Snooze(Table, table=True):
    """Until which day a person wants no reminder of a clock; what is overdue does not wait."""

    __tablename__ = "snooze"
    __table_args__ = (Index("ix_snooze_account_deadline", "account_id", "deadline_id"),)

    id: int | None = Field(default=None, primary_key=True)
    account_id: int = _ref("account.id")
    deadline_id: int = _ref("deadline.id")
    rev: int
    until: date
    remark_id: int = _ref("remark.id")
    snoozed_at: datetime = _instant()


class Tick(Table, table=True):
    """One run of a periodic job for one slot of time; the key makes a second beat harmless."""

    __tablename__ = "tick"
    __table_args__ = (
        UniqueConstraint("epoch", "job", "slot"),
        CheckConstraint(f"outcome IS NULL OR {_one_of('outcome', TickEnd)}", name="outcome"),
        CheckConstraint("(outcome IS NULL) = (ended_at IS NULL)", name="ended"),
        Index("ix_tick_job_slot", "job", "slot"),
    )

    id: int | None = Field(default=None, primary_key=True)
    epoch: int
    job: str = Field(max_length=40)
    slot: datetime = _instant()
    host: str = Field(max_length=255)
    started_at: datetime = _instant()
    ended_at: datetime | None = _instant(nullable=True)
    outcome: TickEnd | None = Field(default=None, sa_column=Column(EnumValue(TickEnd)))
    done: int = 0
    problem: str | None = Field(default=None, max_length=100)


class Fault(Table, table=True):
    """Something that operators must look after: open until it is seen to be gone, told once.

    ``subject`` says of what (``deadline:12``, ``message:5``, ``job:enforce_deadlines`` …); what is
    quarantined is so as long as its fault is open. ``facts`` is JSON without content.
    """

    __tablename__ = "fault"
    __table_args__ = (
        CheckConstraint("times >= 1", name="times"),
        Index(
            "uq_fault_open",
            "job",
            "subject",
            "code",
            unique=True,
            sqlite_where=text("cleared_at IS NULL"),
            postgresql_where=text("cleared_at IS NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    job: str = Field(max_length=40)
    subject: str = Field(max_length=80)
    code: str = Field(max_length=60)
    facts: str = Field(sa_column=Column(Text, nullable=False))
    first_at: datetime = _instant()
    last_at: datetime = _instant()
    times: int = 1
    cleared_at: datetime | None = _instant(nullable=True)


class Delegation(Table, table=True):
    """That one person stands in for another one, in all their roles or in one, for some days.

    It is in force from ``since`` until ``over``, which follow from the days (both inclusive, in
    Asia/Shanghai) and from when it was given and ended; the principal's roles are those of the
    moment. Why is said in the remark.
    """

    __tablename__ = "delegation"
    __table_args__ = (
        CheckConstraint("principal_id <> deputy_id", name="two_people"),
        CheckConstraint("until_on >= from_on", name="days"),
        CheckConstraint("(role IS NULL) = (body_id IS NULL)", name="role"),
        CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL)", name="ended"),
        Index("ix_delegation_principal", "principal_id", "over"),
        Index("ix_delegation_deputy", "deputy_id", "over"),
    )

    id: int | None = Field(default=None, primary_key=True)
    principal_id: int = _ref("account.id")
    deputy_id: int = _ref("account.id")
    role: str | None = Field(default=None, max_length=40)
    body_id: int | None = _ref("body.id", nullable=True)
    from_on: date
    until_on: date
    since: datetime = _instant()
    over: datetime = _instant()
    remark_id: int = _ref("remark.id")
    given_by: int = _ref("account.id")
    given_at: datetime = _instant()
    ended_by: int | None = _ref("account.id", nullable=True)
    ended_at: datetime | None = _instant(nullable=True)


class Waiver(Table, table=True):
    """That a person may for some time decide where the separation of duties forbids it.

    ``own_text`` lifts that no author decides, ``two_stages`` that no one decides at two stages.
    It holds from when it was given to the end of ``until_on`` in Asia/Shanghai (``over``), or until
    it was ended. Why is said in the remark.
    """

    __tablename__ = "waiver"
    __table_args__ = (
        CheckConstraint("own_text OR two_stages", name="lifts"),
        CheckConstraint("given_by <> account_id", name="another"),
        CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL)", name="ended"),
        Index("ix_waiver_account", "account_id", "over"),
    )

    id: int | None = Field(default=None, primary_key=True)
    account_id: int = _ref("account.id")
    own_text: bool
    two_stages: bool
    until_on: date
    over: datetime = _instant()
    remark_id: int = _ref("remark.id")
    given_by: int = _ref("account.id")
    given_at: datetime = _instant()
    ended_by: int | None = _ref("account.id", nullable=True)
    ended_at: datetime | None = _instant(nullable=True)


class Capacity(Table, table=True):
    """How somebody came to decide who could not have in their own right alone.

    In whose place a deputy decided, under which waiver, or both.
    """

    __tablename__ = "capacity"
    __table_args__ = (
        CheckConstraint("principal_id IS NOT NULL OR waiver_id IS NOT NULL", name="why"),
        Index("ix_capacity_waiver", "waiver_id"),
    )

    decision_id: int = Field(sa_column=Column(Integer, ForeignKey("decision.id"), primary_key=True))
    principal_id: int | None = _ref("account.id", nullable=True)
    waiver_id: int | None = _ref("waiver.id", nullable=True)


class Consultation(Table, table=True):
    """A question to another body about an item, or to one outside, and what came of it.

    ``digest`` is the text that was asked about; the digests beside the reply and the settlement say
    on which text they were given. The words, and the name of a body outside, are in the remarks. A
    later question to the same body ``replaces_id`` the earlier one, unless it is withdrawn.
    """

    __tablename__ = "consultation"
    __table_args__ = (
        CheckConstraint(_one_of("kind", Concern), name="kind"),
        CheckConstraint(_one_of("silence", Silence), name="silence"),
        CheckConstraint(f"reply IS NULL OR {_one_of('reply', Reply)}", name="reply"),
        CheckConstraint(
            f"settlement IS NULL OR {_one_of('settlement', Settlement)}", name="settlement"
        ),
        CheckConstraint("replaces_id IS NULL OR replaces_id < id", name="replaces"),
        CheckConstraint(
            "(reply IS NULL) = (replied_at IS NULL) AND (reply IS NULL) = (replied_by IS NULL)"
            " AND (reply IS NULL) = (reply_digest IS NULL)"
            " AND (reply IS NULL) = (replied_on IS NULL)",
            name="answered",
        ),
        CheckConstraint(
            "(settlement IS NULL) = (settled_at IS NULL)"
            " AND (settlement IS NULL) = (settled_by IS NULL)"
            " AND (settlement IS NULL) = (settled_digest IS NULL)"
            " AND (settlement IS NULL) = (settlement_remark_id IS NULL)",
            name="settled",
        ),
        CheckConstraint("reply IS NULL OR reply = 'object' OR settlement IS NULL", name="disputed"),
        CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_by IS NULL)"
            " AND (withdrawn_at IS NULL) = (withdrawal_remark_id IS NULL)",
            name="withdrawn",
        ),
        CheckConstraint(
            "withdrawn_at IS NULL OR (reply IS NULL AND settlement IS NULL)",
            name="withdrawn_unanswered",
        ),
        CheckConstraint(
            "(body_id IS NULL OR replied_by IS NULL OR replied_by <> asked_by)"
            " AND (settled_by IS NULL OR settled_by <> asked_by)",
            name="two_people",
        ),
        Index("ix_consultation_item", "item_id", "id"),
        Index(
            "ix_consultation_open",
            "due_on",
            "id",
            sqlite_where=text(
                "withdrawn_at IS NULL AND settlement IS NULL"
                " AND (reply IS NULL OR reply = 'object')"
            ),
            postgresql_where=text(
                "withdrawn_at IS NULL AND settlement IS NULL"
                " AND (reply IS NULL OR reply = 'object')"
            ),
        ),
        Index(
            "uq_consultation_replaces",
            "replaces_id",
            unique=True,
            sqlite_where=text("withdrawn_at IS NULL"),
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    item_id: int = _ref("item.id")
    kind: str = Field(max_length=20)
    body_id: int | None = _ref("body.id", nullable=True)
    blocking: bool
    silence: str = Field(max_length=20)
    digest: str = _digest()
    due_on: date
    replaces_id: int | None = _ref("consultation.id", nullable=True)
    remark_id: int = _ref("remark.id")
    asked_by: int = _ref("account.id")
    asked_as: str = Field(max_length=40)
    asked_at: datetime = _instant()
    reply: str | None = Field(default=None, max_length=20)
    reply_digest: str | None = _digest(nullable=True)
    replied_on: date | None = None
    replied_by: int | None = _ref("account.id", nullable=True)
    replied_at: datetime | None = _instant(nullable=True)
    reply_remark_id: int | None = _ref("remark.id", nullable=True)
    settlement: str | None = Field(default=None, max_length=20)
    settled_digest: str | None = _digest(nullable=True)
    settled_by: int | None = _ref("account.id", nullable=True)
    settled_at: datetime | None = _instant(nullable=True)
    settlement_remark_id: int | None = _ref("remark.id", nullable=True)
    withdrawn_by: int | None = _ref("account.id", nullable=True)
    withdrawn_at: datetime | None = _instant(nullable=True)
    withdrawal_remark_id: int | None = _ref("remark.id", nullable=True)
    overdue_told_at: datetime | None = _instant(nullable=True)


class ValidityChange(Table, table=True):
    """That a public document has another effect (有效性) from a day on, and why.

    One person asks and another one confirms. The remark holds the basis, which is public. It never
    touches the item's text, nor when that was published.
    """

    __tablename__ = "validity_change"
    __table_args__ = (
        CheckConstraint(_one_of("status", Status), name="status"),
        CheckConstraint("confirmed_by IS NULL OR confirmed_by <> asked_by", name="two_people"),
        CheckConstraint("(confirmed_by IS NULL) = (confirmed_at IS NULL)", name="confirmed"),
        CheckConstraint("confirmed_at IS NULL OR called_off_at IS NULL", name="ended_once"),
        Index(
            "uq_validity_change_open",
            "item_id",
            unique=True,
            sqlite_where=text("confirmed_at IS NULL AND called_off_at IS NULL"),
            postgresql_where=text("confirmed_at IS NULL AND called_off_at IS NULL"),
        ),
        Index("ix_validity_change_item", "item_id", "id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    item_id: int = _ref("item.id")
    status: Status = Field(sa_column=Column(EnumValue(Status), nullable=False))
    from_on: date
    remark_id: int = _ref("remark.id")
    asked_by: int = _ref("account.id")
    asked_at: datetime = _instant()
    confirmed_by: int | None = _ref("account.id", nullable=True)
    confirmed_at: datetime | None = _instant(nullable=True)
    called_off_by: int | None = _ref("account.id", nullable=True)
    called_off_at: datetime | None = _instant(nullable=True)


class ValidityTerm(Table, table=True):
    """The dates by which a public document takes effect and lapses, as its text has them.

    ``turns_on`` is the next day on which its page has to be written anew.
    """

    __tablename__ = "validity_term"
    __table_args__ = (
        Index(
            "ix_validity_term_turns",
            "turns_on",
            "item_id",
            sqlite_where=text("turns_on IS NOT NULL"),
            postgresql_where=text("turns_on IS NOT NULL"),
        ),
    )

    item_id: int = Field(sa_column=Column(Integer, ForeignKey("item.id"), primary_key=True))
    effective_on: date | None = None
    expires_on: date | None = None
    turns_on: date | None = None


class Replacement(Table, table=True):
    """That a document replaces another one: said as it was entered, or with a change of validity.

    With a change it counts once that is confirmed.
    """

    __tablename__ = "replacement"
    __table_args__ = (
        CheckConstraint("item_id <> replaces_id", name="another"),
        UniqueConstraint("change_id", "item_id"),
        Index(
            "uq_replacement_entered",
            "item_id",
            "replaces_id",
            unique=True,
            sqlite_where=text("change_id IS NULL"),
            postgresql_where=text("change_id IS NULL"),
        ),
        Index("ix_replacement_item", "item_id"),
        Index("ix_replacement_replaces", "replaces_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    item_id: int = _ref("item.id")
    replaces_id: int = _ref("item.id")
    change_id: int | None = _ref("validity_change.id", nullable=True)


def table(model: type[Table]) -> SQLTable:
    """Return the table behind a model, whose columns are typed as columns and not as values."""
    found: SQLTable = model.__table__  # type: ignore[attr-defined] # SQLModel adds it
    return found
