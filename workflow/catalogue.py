"""What is published, as channels may ask for it: bounded answers, each read anew.

Index pages are made from ranges and from counts kept as items are published, so that one more item
costs the same however many there are.
"""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import and_, func, literal_column, or_, select

from workflow import validating
from workflow.channels import (
    BodyTally,
    EditionLink,
    IndexEntry,
    MonthTally,
    PublicItem,
    RegisterEntry,
    RemovedItem,
    RetractedItem,
    ValidityLine,
)
from workflow.machine import State
from workflow.models import (
    ONCE_PUBLIC,
    Blob,
    Body,
    Edition,
    Item,
    PolicyText,
    PublishedCount,
    Purge,
    Remark,
    Retraction,
    Revision,
    RevisionAttachment,
    table,
)
from workflow.policy import Policy, stored
from workflow.revisions import read
from workflow.runtime import SHANGHAI
from workflow.validity import Status, Validity, on

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import date

    from sqlalchemy import ColumnElement
    from sqlalchemy.engine import Connection

    from workflow.database import Database

_item, _body, _revision = table(Item), table(Body), table(Revision)
_policy, _tally, _purge = table(PolicyText), table(PublishedCount), table(Purge)
_blob, _attached = table(Blob), table(RevisionAttachment)
_remark, _retraction = table(Remark), table(Retraction)
_edition, _other = table(Edition), table(Item).alias("other")
# Literals, because partial indexes match no parameters.
_EVER_PUBLISHED: Final[ColumnElement[bool]] = literal_column(f"item.{ONCE_PUBLIC}")
_CONFIRMED: Final = _retraction.c.confirmed_at.is_not(None)
_FIRST_SAID: Final = and_(
    _CONFIRMED,
    _retraction.c.amends_id.is_(None),
    _retraction.c.kind.in_(("retraction", "restoration")),
)
"""What makes a line of the register: an amendment only changes the words of one, and that something
was published ahead of its review takes nothing back."""


class PublishedCatalogue:
    """What is published now, for channels: each answer is read anew and is bounded."""

    def __init__(self, database: Database, *, today: Callable[[], date]) -> None:
        """Read from ``database``; ``today`` is the day on which documents are in force or not."""
        self._database = database
        self._today = today

    @staticmethod
    def _entries() -> Any:
        return (
            select(
                _item.c.id,
                _item.c.index_number,
                _item.c.title,
                _item.c.formed_on,
                _item.c.document_number,
                _item.c.published_at,
                _item.c.state,
                _item.c.owed_stage,
                _body.c.code,
                _body.c.name,
                _body.c.sample,
                _revision.c.purged_at,
            )
            .join(_body, _body.c.id == _item.c.body_id)
            .join(_revision, _revision.c.id == _item.c.revision_id)
            .where(_EVER_PUBLISHED)
        )

    def _read_entries(self, query: Any) -> list[IndexEntry]:
        with self._database.read() as connection:
            rows = connection.execute(query).all()
            online = [row.id for row in rows if row.state is State.PUBLISHED]
            stands = validating.standings(connection, online, self._today())
            return [
                IndexEntry(
                    index_number=row.index_number,
                    title=None if row.purged_at else row.title,
                    body_code=row.code,
                    body_name=row.name,
                    published_at=row.published_at,
                    formed_on=row.formed_on,
                    document_number=None if row.purged_at else row.document_number,
                    standing=row.state.value,
                    validity=stands[row.id].status if row.id in stands else Status.IN_FORCE,
                    review_owed=row.owed_stage is not None,
                    sample=row.sample,
                )
                for row in rows
            ]

    def latest(self, *, body_code: str | None, limit: int) -> Sequence[IndexEntry]:
        """Return the newest entries, newest first; what was taken back is not news."""
        # Beside the condition of the index.
        query = self._entries().where(literal_column("item.state = 'published'"))
        if body_code is not None:
            query = query.where(_item.c.body_id == _body_id(body_code))
        return self._read_entries(
            query.order_by(_item.c.published_at.desc(), _item.c.index_number.desc()).limit(limit)
        )

    def bodies(self) -> Sequence[BodyTally]:
        """Return the bodies with published items, in the organisation's order."""
        with self._database.read() as connection:
            rows = connection.execute(
                select(_body.c.code, _body.c.name, func.sum(_tally.c.count).label("total"))
                .join(_tally, _tally.c.body_id == _body.c.id)
                .group_by(_body.c.id, _body.c.code, _body.c.name)
                .order_by(_body.c.id)
            )
            return [BodyTally(row.code, row.name, int(row.total)) for row in rows]

    def months(self, *, body_code: str | None) -> Sequence[MonthTally]:
        """Return the months with published items, newest first."""
        query = select(_tally.c.month, func.sum(_tally.c.count).label("total"))
        if body_code is not None:
            query = query.where(_tally.c.body_id == _body_id(body_code))
        query = query.group_by(_tally.c.month).order_by(_tally.c.month.desc())
        with self._database.read() as connection:
            return [MonthTally(row.month, int(row.total)) for row in connection.execute(query)]

    def entries(
        self, month: str, *, body_code: str | None, offset: int, limit: int
    ) -> Sequence[IndexEntry]:
        """Return entries of ``month`` (Asia/Shanghai), oldest first."""
        start, end = month_bounds(month)
        query = self._entries().where(_item.c.published_at >= start, _item.c.published_at < end)
        if body_code is not None:
            query = query.where(_item.c.body_id == _body_id(body_code))
        return self._read_entries(
            query.order_by(_item.c.published_at, _item.c.index_number).limit(limit).offset(offset)
        )

    def items(self) -> Iterator[PublicItem | RemovedItem | RetractedItem]:
        """Yield everything that was ever published, in the order in which it was entered."""
        after = 0
        while True:
            with self._database.read() as connection:
                ids = (
                    connection.execute(
                        select(_item.c.id)
                        .where(_EVER_PUBLISHED, _item.c.id > after)
                        .order_by(_item.c.id)
                        .limit(200)
                    )
                    .scalars()
                    .all()
                )
            if not ids:
                return
            for item_id in ids:
                yield self.item(item_id)
            after = ids[-1]

    def item(
        self, item_id: int, *, published_at: datetime | None = None
    ) -> PublicItem | RemovedItem | RetractedItem:
        """Return an item as the public may see it.

        ``published_at`` is given for an item that is being published just now.
        """
        with self._database.read() as connection:
            row = connection.execute(
                select(
                    _item.c.id,
                    _item.c.state,
                    _item.c.owed_stage,
                    _item.c.title,
                    _item.c.document_number,
                    _item.c.formed_on,
                    _item.c.revision_id,
                    _item.c.digest,
                    _item.c.category,
                    _item.c.index_number,
                    _item.c.published_at,
                    _body.c.code,
                    _body.c.name,
                    _body.c.sample,
                    _revision.c.canonical,
                    _policy.c.text,
                )
                .join(_body, _body.c.id == _item.c.body_id)
                .join(_revision, _revision.c.id == _item.c.revision_id)
                .join(_policy, _policy.c.digest == _item.c.policy_digest)
                .where(_item.c.id == item_id)
            ).one()
            stamp = published_at or row.published_at
            policy = stored(row.text)
            registered = _months_of(connection, item_id, stamp)
            corrected_by = _corrected_by(connection, item_id)
            if row.canonical is None:
                return self._removed(connection, row, policy, stamp, registered)
            if row.state is State.RETRACTED:
                return self._retracted(connection, row, registered, corrected_by)
            purged = connection.execute(
                select(_blob.c.sha256)
                .join(_attached, _attached.c.sha256 == _blob.c.sha256)
                .where(_attached.c.revision_id == row.revision_id, _blob.c.purged_at.is_not(None))
            ).scalars()
            corrects = connection.execute(
                select(
                    _edition.c.number,
                    _other.c.index_number,
                    _other.c.published_at,
                    _remark.c.canonical,
                )
                .join(_other, _other.c.id == _edition.c.corrects_id)
                .join(_remark, _remark.c.id == _edition.c.remark_id)
                .where(_edition.c.item_id == item_id)
            ).first()
            form = row.canonical.encode("utf-8")
            told = validating.recorded(connection, [item_id]).get(item_id, [])
            replaces, replaced_by = (
                tuple(
                    EditionLink(each.index_number, each.published_at)
                    for each in found
                    if each.index_number and each.published_at
                )
                for found in validating.links(connection, item_id, _EVER_PUBLISHED)
            )
            return PublicItem(
                canonical=form,
                digest=row.digest,
                published_at=stamp,
                body_code=row.code,
                category_title=policy.catalogue[row.category].zh,
                validity=self._validity(form, told),
                validity_history=tuple(
                    ValidityLine(each.status, each.from_on, each.basis, each.confirmed_at)
                    for each in reversed(told)
                ),
                replaces=replaces,
                replaced_by=replaced_by,
                purged=frozenset(purged),
                registered=registered,
                edition=corrects.number if corrects else 1,
                corrects=EditionLink(corrects.index_number, corrects.published_at)
                if corrects
                else None,
                change_note=_said(corrects.canonical, "change_note") if corrects else None,
                corrected_by=corrected_by,
                review_owed=row.owed_stage is not None,
                sample=row.sample,
            )

    def _validity(self, form: bytes, told: Sequence[validating.Recorded]) -> Validity:
        """Return how a document stands today, by the dates of its text and what was recorded."""
        content = read(form)
        return on(
            self._today(),
            effective_on=content.effective_on,
            expires_on=content.expires_on,
            changes=[each.change for each in told],
        )

    def _removed(
        self,
        connection: Connection,
        row: Any,
        policy: Policy,
        stamp: datetime,
        registered: tuple[str, ...],
    ) -> RemovedItem:
        purge = connection.execute(
            select(_purge.c.ground, _purge.c.confirmed_at)
            .join(_revision, _revision.c.purge_id == _purge.c.id)
            .where(_revision.c.id == row.revision_id)
        ).one()
        ground = policy.grounds.get(purge.ground)
        return RemovedItem(
            index_number=row.index_number,
            published_at=stamp,
            body_code=row.code,
            body_name=row.name,
            removed_on=purge.confirmed_at.astimezone(SHANGHAI).date(),
            ground=ground.zh if ground else purge.ground,
            registered=registered,
            sample=row.sample,
        )

    @staticmethod
    def _retracted(
        connection: Connection,
        row: Any,
        registered: tuple[str, ...],
        corrected_by: EditionLink | None,
    ) -> RetractedItem:
        first = connection.execute(
            select(_retraction.c.id, _retraction.c.confirmed_at)
            .where(_retraction.c.item_id == row.id, _retraction.c.kind == "retraction", _FIRST_SAID)
            .order_by(_retraction.c.id.desc())
            .limit(1)
        ).one()
        words, amended_at = _explanations(connection, [first.id])[first.id]
        return RetractedItem(
            index_number=row.index_number,
            title=row.title,
            published_at=row.published_at,
            body_code=row.code,
            body_name=row.name,
            document_number=row.document_number,
            formed_on=row.formed_on,
            retracted_on=first.confirmed_at.astimezone(SHANGHAI).date(),
            amended_on=amended_at and amended_at.astimezone(SHANGHAI).date(),
            explanation=words,
            registered=registered,
            corrected_by=corrected_by,
            sample=row.sample,
        )

    def register_months(self) -> Sequence[MonthTally]:
        """Return the months of the register, newest first.

        They are counted as they are asked for: next to what is published these are few.
        """
        with self._database.read() as connection:
            stamps = connection.execute(
                select(_retraction.c.confirmed_at).where(_FIRST_SAID)
            ).scalars()
            counts = Counter(_month(stamp) for stamp in stamps)
            corrected = connection.execute(
                select(_item.c.published_at)
                .join(_edition, _edition.c.item_id == _item.c.id)
                .where(_item.c.published_at.is_not(None))
            ).scalars()
            counts.update(_month(stamp) for stamp in corrected)
        return [MonthTally(month, counts[month]) for month in sorted(counts, reverse=True)]

    def register(self, month: str) -> Sequence[RegisterEntry]:
        """Return what the register says of a month (Asia/Shanghai), newest first."""
        start, end = month_bounds(month)
        with self._database.read() as connection:
            rows = connection.execute(
                select(
                    _retraction.c.id,
                    _retraction.c.kind,
                    _retraction.c.confirmed_at,
                    _item.c.index_number,
                    _item.c.title,
                    _body.c.name,
                    _body.c.sample,
                    _revision.c.purged_at,
                )
                .join(_item, _item.c.id == _retraction.c.item_id)
                .join(_body, _body.c.id == _item.c.body_id)
                .join(_revision, _revision.c.id == _item.c.revision_id)
                .where(
                    _FIRST_SAID,
                    _retraction.c.confirmed_at >= start,
                    _retraction.c.confirmed_at < end,
                )
            ).all()
            said = _explanations(connection, [row.id for row in rows if row.kind == "retraction"])
            entries = []
            for row in rows:
                words, amended_at = said.get(row.id, (None, None))
                entries.append(
                    RegisterEntry(
                        kind=row.kind,
                        at=row.confirmed_at,
                        index_number=row.index_number,
                        title=None if row.purged_at else row.title,
                        body_name=row.name,
                        words=words,
                        amended_on=amended_at and amended_at.astimezone(SHANGHAI).date(),
                        sample=row.sample,
                    )
                )
            entries += _corrections(connection, start, end)
        return sorted(entries, key=lambda entry: (entry.at, entry.index_number), reverse=True)


def _corrections(connection: Connection, start: datetime, end: datetime) -> list[RegisterEntry]:
    """Return the corrected editions that were published from one instant to another."""
    rows = connection.execute(
        select(
            _item.c.index_number,
            _item.c.title,
            _item.c.published_at,
            _other.c.index_number.label("corrects"),
            _body.c.name,
            _body.c.sample,
            _revision.c.purged_at,
            _remark.c.canonical,
        )
        .join(_edition, _edition.c.item_id == _item.c.id)
        .join(_other, _other.c.id == _edition.c.corrects_id)
        .join(_body, _body.c.id == _item.c.body_id)
        .join(_revision, _revision.c.id == _item.c.revision_id)
        .join(_remark, _remark.c.id == _edition.c.remark_id)
        .where(_EVER_PUBLISHED, _item.c.published_at >= start, _item.c.published_at < end)
    )
    return [
        RegisterEntry(
            kind="correction",
            at=row.published_at,
            index_number=row.index_number,
            title=None if row.purged_at else row.title,
            body_name=row.name,
            words=_said(row.canonical, "change_note"),
            corrects=row.corrects,
            sample=row.sample,
        )
        for row in rows
    ]


def _corrected_by(connection: Connection, item_id: int) -> EditionLink | None:
    """Return the edition that took an item's place before the public, if one did."""
    row = connection.execute(
        select(_item.c.index_number, _item.c.published_at)
        .join(_edition, _edition.c.item_id == _item.c.id)
        .where(
            _edition.c.corrects_id == item_id,
            _edition.c.dropped_at.is_(None),
            _item.c.published_at.is_not(None),
        )
    ).first()
    return EditionLink(row.index_number, row.published_at) if row else None


def _said(form: str | None, name: str) -> str | None:
    """Return a word of a remark; None if the remark was purged."""
    if form is None:
        return None
    word: str = json.loads(form)[name]
    return word


def _explanations(
    connection: Connection, ids: Sequence[int]
) -> dict[int, tuple[str | None, datetime | None]]:
    """Return why these retractions were made, in their newest words, and since when these stand.

    There is no instant if they are the first words, and there are no words if they were purged.
    """
    rows = connection.execute(
        select(
            _retraction.c.id,
            _retraction.c.amends_id,
            _retraction.c.confirmed_at,
            _remark.c.canonical,
        )
        .join(_remark, _remark.c.id == _retraction.c.remark_id)
        .where(_CONFIRMED, or_(_retraction.c.id.in_(ids), _retraction.c.amends_id.in_(ids)))
        .order_by(_retraction.c.id)
    )
    found: dict[int, tuple[str | None, datetime | None]] = {}
    for row in rows:
        words = _said(row.canonical, "explanation")
        if row.amends_id is None:
            found[row.id] = words, None
        else:
            found[row.amends_id] = words, row.confirmed_at
    return found


def _months_of(connection: Connection, item_id: int, stamp: datetime) -> tuple[str, ...]:
    """Return the months in which the register speaks of an item that was published at ``stamp``."""
    stamps = connection.execute(
        select(_retraction.c.confirmed_at).where(_retraction.c.item_id == item_id, _FIRST_SAID)
    ).scalars()
    months = {_month(each) for each in stamps}
    edition = select(_edition.c.number).where(_edition.c.item_id == item_id)
    if connection.execute(edition).first() is not None:
        months.add(_month(stamp))
    return tuple(sorted(months))


def _month(instant: datetime) -> str:
    return f"{instant.astimezone(SHANGHAI):%Y-%m}"


def _body_id(code: str) -> Any:
    return select(_body.c.id).where(_body.c.code == code).scalar_subquery()


def month_bounds(month: str) -> tuple[datetime, datetime]:
    """Return the first instant of a month of Asia/Shanghai and of the next one, in UTC."""
    year, number = (int(part) for part in month.split("-"))
    following = (year + 1, 1) if number == 12 else (year, number + 1)  # noqa: PLR2004 # December
    start = datetime(year, number, 1, tzinfo=SHANGHAI)
    end = datetime(*following, 1, tzinfo=SHANGHAI)
    return start.astimezone(UTC), end.astimezone(UTC)
