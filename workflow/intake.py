"""Taking content in: files are screened before a byte of them is kept, then stored and described.

An ordinary system may not hold state secrets (Law on Guarding State Secrets, 2024, article 31(3)).
A classification mark in a file name or a text therefore refuses the whole entry; what stays is a
stub that says who, when, which mark and the hash of the name.
"""

from __future__ import annotations

import hashlib
import io
import mimetypes
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, Final

from sqlalchemy import bindparam, insert, select
from sqlalchemy.dialects.postgresql import insert as upsert

from workflow import audit
from workflow.accounts import load_actor
from workflow.blobs import fingerprint
from workflow.database import Statement
from workflow.errors import InvalidInput, LimitExceeded, NotSignedIn, Refusal, Refused
from workflow.models import Blob, ScreeningStub, table
from workflow.revisions import Attachment, Content, Limits, check_name
from workflow.screening import Mark, marks_in_name, marks_in_text, text_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from workflow.blobs import BlobStore
    from workflow.database import Transaction
    from workflow.runtime import Runtime

_stub, _blob = table(ScreeningStub), table(Blob)
_WORDS: Final = (
    "reason",
    "question",
    "addressee",
    "answer",
    "redactions",
    "late_reason",
    "not_duplicate",
    "explanation",
    "change_note",
    "reference",
    "account",
    "basis",
)
_MOST_STUBS: Final = 20
_KEEP_STUB: Final = Statement(
    insert(_stub).values(
        {name: bindparam(name) for name in _stub.columns.keys() if name != "id"}  # noqa: SIM118 # a column collection iterates over columns
    )
)
# PostgreSQL's form of the statement; SQLite's dialect compiles it word for word the same.
_NOTE_BLOB: Final = Statement(
    upsert(_blob)
    .values(sha256=bindparam("sha256"), size=bindparam("size"), created_at=bindparam("created_at"))
    .on_conflict_do_nothing()
)
_PURGED: Final = Statement(
    select(_blob.c.sha256).where(
        _blob.c.sha256 == bindparam("sha256"), _blob.c.purged_at.is_not(None)
    )
)
_HOLD: Final = Statement(
    select(_blob.c.purged_at)
    .where(_blob.c.sha256 == bindparam("sha256"))
    .with_for_update(read=True)
)
FIELDS: Final = frozenset(
    name
    for name in Content.__dataclass_fields__
    if name not in {"publishing_body", "index_number", "attachments", "theme"}
)
"""The fields of a revision that people set; the others are the engine's."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that somebody wants to attach: its name and how to open it for reading."""

    name: str
    open: Callable[[], BinaryIO]


@dataclass(frozen=True, slots=True)
class Hit:
    """A classification mark, and in which part it was found: ``title``, ``body``, ``file``."""

    part: str
    name: str
    mark: Mark


class Intake:
    """Screens, stores and describes what people hand in."""

    def __init__(self, runtime: Runtime, blobs: BlobStore, limits: Limits) -> None:
        """Store files in ``blobs`` within ``limits``."""
        self._runtime = runtime
        self._blobs = blobs
        self._limits = limits

    def take(
        self, uploads: Sequence[Upload], *, account_id: int, dry_run: bool
    ) -> tuple[Attachment, ...]:
        """Screen all uploads and, unless ``dry_run``, store them; return what to attach.

        Raises ``Refused('classification_mark')`` on any mark and ``Refused('attachment_purged')``
        for what was purged before, ``LimitExceeded``, ``InvalidInput`` for a name that cannot be
        used, ``Unavailable`` if the store cannot be written.
        """
        if len(uploads) > self._limits.attachments:
            raise LimitExceeded(
                "too_many_attachments", count=len(uploads), limit=self._limits.attachments
            )
        hits: list[Hit] = []
        for upload in uploads:
            check_name(upload.name)
            hits += [Hit("file_name", upload.name, mark) for mark in marks_in_name(upload.name)]
        self.refuse(hits, account_id=account_id, dry_run=dry_run)
        taken: list[Attachment] = []
        for upload in uploads:
            data = self._read(upload)
            media_type = mimetypes.guess_type(upload.name)[0] or "application/octet-stream"
            text = text_of(data, media_type, upload.name)
            if text is not None:
                hits += [Hit("file", upload.name, mark) for mark in marks_in_text(text)]
            sha256, size = fingerprint(
                io.BytesIO(data), name=upload.name, limit=self._limits.attachment_bytes
            )
            self._refuse_purged(upload.name, sha256)
            taken.append(
                Attachment(name=upload.name, media_type=media_type, size=size, sha256=sha256)
            )
            if not dry_run and not hits:
                # Kept on disk only once nothing was found in this file; a later file's mark leaves
                # a file that nothing refers to, which ``doctor`` counts.
                self._blobs.put(
                    io.BytesIO(data), name=upload.name, limit=self._limits.attachment_bytes
                )
        self.refuse(hits, account_id=account_id, dry_run=dry_run)
        return tuple(taken)

    def _refuse_purged(self, name: str, sha256: str) -> None:
        """Refuse what was removed for good: under another name it is the same leak."""
        with self._runtime.database.read() as connection:
            purged = connection.execute(_PURGED.clause, {"sha256": sha256}).first()
        if purged is not None:
            raise _purged_before(name, sha256)

    def hold(self, transaction: Transaction, attachments: Sequence[Attachment]) -> None:
        """Keep a purge from files that were taken in, until the revision that has them is there.

        Raises ``Refused('attachment_purged')`` for what was purged since; its file goes again.
        """
        for attachment in attachments:
            row = transaction.one(_HOLD, sha256=attachment.sha256)
            if row is not None and row.purged_at is not None:
                self._blobs.remove(attachment.sha256)
                raise _purged_before(attachment.name, attachment.sha256)

    def _read(self, upload: Upload) -> bytes:
        limit = self._limits.attachment_bytes
        try:
            with upload.open() as stream:
                data = stream.read(limit + 1)
        except FileNotFoundError as error:
            raise InvalidInput("file_missing", path=upload.name) from error
        except OSError as error:
            raise InvalidInput(
                "file_unreadable", path=upload.name, problem=error.strerror
            ) from error
        if len(data) > limit:
            raise LimitExceeded(
                "attachment_too_large", name=upload.name, size=len(data), limit=limit
            )
        return data

    def screen(self, content: Content, *, account_id: int, dry_run: bool) -> None:
        """Refuse content whose texts bear a classification mark."""
        hits: list[Hit] = []
        for part in ("title", "summary", "body", "document_number", "genre", "attribute_reason"):
            text = getattr(content, part)
            if text:
                hits += [Hit(part, content.title, mark) for mark in marks_in_text(text)]
        for keyword in content.keywords:
            hits += [Hit("keywords", content.title, mark) for mark in marks_in_text(keyword)]
        self.refuse(hits, account_id=account_id, dry_run=dry_run)

    def screen_words(
        self, words: Mapping[str, str | list[str] | None], *, account_id: int, dry_run: bool
    ) -> None:
        """Refuse reasons, questions and the like, by their name, that bear a mark themselves."""
        if unknown := words.keys() - set(_WORDS):
            raise RuntimeError(unknown)  # What is not looked at would be kept with its mark.
        hits: list[Hit] = []
        for part in _WORDS:
            said = words.get(part)
            for text in said if isinstance(said, list) else [said or ""]:
                hits += [Hit(part, "", mark) for mark in marks_in_text(text)]
        self.refuse(hits, account_id=account_id, dry_run=dry_run)

    def refuse(self, hits: Sequence[Hit], *, account_id: int, dry_run: bool) -> None:
        """Keep stubs of ``hits`` and refuse; do nothing if there are none."""
        if not hits:
            return
        if not dry_run:
            with self._runtime.database.transaction() as transaction:
                self._keep(transaction, hits[:_MOST_STUBS], account_id, self._runtime.clock())
        raise Refused(
            [
                Refusal(
                    "classification_mark",
                    {"part": hit.part, "mark": hit.mark.level.value, "line": hit.mark.line or 0},
                )
                for hit in dict.fromkeys(hits[:_MOST_STUBS])
            ]
        )

    def _keep(
        self, transaction: Transaction, hits: Sequence[Hit], account_id: int, now: datetime
    ) -> None:
        actor = load_actor(transaction, account_id, now=now)
        if actor is None:
            raise NotSignedIn("not_signed_in")
        for hit in hits:
            name_digest = hashlib.sha256(hit.name.encode("utf-8", "surrogatepass")).hexdigest()
            transaction.run(
                _KEEP_STUB,
                account_id=account_id,
                body_id=None,
                name_digest=name_digest,
                part=hit.part,
                mark=hit.mark.level.value,
                line=hit.mark.line,
                at=now,
            )
        audit.record(
            transaction,
            "classified_upload_refused",
            at=now,
            origin=self._runtime.origin(actor.name),
            marks=sorted({hit.mark.level.value for hit in hits}),
            parts=sorted({hit.part for hit in hits}),
        )


def _purged_before(name: str, sha256: str) -> Refused:
    return Refused([Refusal("attachment_purged", {"name": name, "sha256": sha256})])


def note_blob(transaction: Transaction, attachment: Attachment, now: datetime) -> None:
    """Note a stored file in the database, if it is not noted yet."""
    transaction.run(_NOTE_BLOB, sha256=attachment.sha256, size=attachment.size, created_at=now)
