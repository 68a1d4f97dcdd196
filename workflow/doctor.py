"""Is this installation sound: what can be seen of it from outside, and what would go wrong soon.

Looks and changes nothing. It needs no login, because it must work when nothing else does; what it
tells is sizes, modes, codes and dates, never content and never a secret.
"""

from __future__ import annotations

import os
import shutil
import stat
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

from sqlalchemy import func, literal_column, select

from workflow import audit, faults, ticks
from workflow.blobs import BlobStore
from workflow.database import SCHEMA, Database, connect
from workflow.errors import GongkaiError, NotFound, Refusal, Refused, Unavailable
from workflow.jobs import ENFORCE_DEADLINES, HEARTBEAT, JOBS, REMINDED_FROM
from workflow.journal import Journal
from workflow.machine import ENDS, Place
from workflow.models import (
    Account,
    Alert,
    Blob,
    CalendarVersion,
    Contact,
    Deadline,
    Delivery,
    Item,
    Message,
    Office,
    PolicyText,
    RoleGrant,
    table,
)
from workflow.office import read_facts
from workflow.policy import stored as stored_policy
from workflow.runtime import SHANGHAI
from workflow.settings import alert_channels
from workflow.working_days import stored

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from sqlalchemy import ColumnElement

    from workflow.office import OfficeFacts
    from workflow.settings import Settings

Level = Literal["green", "amber", "red"]
LITTLE_SPACE: Final = 1024**3
"""Below so many free bytes a disk is worth a warning."""
NO_SPACE: Final = 64 * 1024**2
"""Below so many it will soon refuse to take anything in."""
LATE: Final = timedelta(minutes=15)
"""A delivery that has been due for so long shows that nobody sends."""
VERY_LATE: Final = timedelta(days=1)
LONG_OWED: Final = timedelta(days=12)
"""So long no alert waits for quiet hours to end, not even over the longest holiday."""
WARNINGS: Final = frozenset(
    {"broker_forgets", "broker_unchecked", "calendar_missing", "no_address"}
)
"""Faults that stop nothing yet."""
_OTHERS: Final = 0o007
_GROUP: Final = 0o070
_WRITABLE: Final = 0o022
_CHEAP_KIB: Final = 19 * 1024
"""Less memory than this for a password (OWASP's least for Argon2id) is for rehearsals only."""

_blob, _delivery = table(Blob), table(Delivery)
_offices, _message, _alert = table(Office), table(Message), table(Alert)
_contact, _account, _grant = table(Contact), table(Account), table(RoleGrant)
_deadline, _version = table(Deadline), table(CalendarVersion)
_item, _policy = table(Item), table(PolicyText)


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing that was looked at: a stable code, how it stands, and the facts.

    ``error`` is what was raised where looking failed.
    """

    code: str
    level: Level
    facts: Mapping[str, Any] = field(default_factory=dict)
    error: GongkaiError | None = None


def examine(
    settings: Settings,
    *,
    logins: Path,
    config: Path | None,
    secrets: Iterable[Path] = (),
    trail: bool = False,
) -> Iterator[Check]:
    """Yield every check; ``logins`` is the file of saved logins, ``config`` that of settings.

    ``secrets`` are files that hold one secret each. With ``trail``, every chain of the trail is
    walked as well, which takes longer.
    """
    yield from _privacy("data_directory", settings.home)
    if config is not None:
        yield from _privacy("config", config)
    for path in secrets:
        yield from _privacy("secret", path)
    if logins.exists():
        yield from _privacy("logins", logins.parent)
        yield from _privacy("logins", logins)
    yield _disk(settings.home)
    database: Database | None = None
    facts: OfficeFacts | None = None
    try:
        database = connect(settings.database_address)
        facts = _office(database)
        yield Check(code="database_sound", level="green", facts={"address": database.address})
    except GongkaiError as error:
        yield Check(code="database_unsound", level="red", error=error)
    if database is None:
        return
    try:
        if database.is_sqlite:
            for path in _files(database):
                yield from _privacy("database", path)
        if facts is not None:
            yield from _inside(settings, database, facts, trail=trail)
    finally:
        database.dispose()


def _inside(
    settings: Settings, database: Database, facts: OfficeFacts, *, trail: bool
) -> Iterator[Check]:
    if facts.rehearsal:
        yield Check(code="rehearsal", level="green")
    elif settings.now is not None:
        # Nothing can be late or early by a clock that is not this office's.
        error = Refused([Refusal("not_a_rehearsal")])
        yield Check(code="database_unsound", level="red", error=error)
        return
    elif settings.password_memory_kib < _CHEAP_KIB:
        yield Check(
            code="passwords_cheap", level="amber", facts={"kib": settings.password_memory_kib}
        )
    try:
        yield from _files_kept(settings, database)
        yield _deliveries(settings, database)
        yield from _held(settings, database)
        yield from _messages(settings, database)
        yield from _contacts(settings, database)
        yield from _calendar(settings, database)
        yield from _policies(database)
        yield _site(settings)
        yield from _jobs(settings, database)
        yield from _faults(database)
        if trail:
            yield from _trail(database)
    except GongkaiError as error:
        yield Check(code="database_unsound", level="red", error=error)


def _office(database: Database) -> OfficeFacts:
    schema = database.schema()
    if schema is None:
        raise Unavailable("no_office_here", path=database.address)
    if schema != SCHEMA:
        code = "schema_old" if schema < SCHEMA else "schema_new"
        raise Unavailable(code, have=schema, want=SCHEMA)
    facts = read_facts(database)
    if facts is None:
        raise NotFound("no_office")
    return facts


def _files(database: Database) -> Iterator[Path]:
    main = Path(str(database.engine.url.database))
    for ending in ("", "-wal", "-shm"):
        path = main.with_name(main.name + ending)
        if path.exists():
            yield path


def _privacy(what: str, path: Path) -> Iterator[Check]:
    """Check that nobody but the owner can read or replace ``path``; ``what`` begins the code."""
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
        around = stat.S_IMODE(path.absolute().parent.stat().st_mode)
    except FileNotFoundError:
        yield Check(code=f"{what}_missing", level="red", facts={"path": str(path)})
        return
    except OSError as error:
        facts = {"path": str(path), "problem": error.strerror}
        yield Check(code="path_unreadable", level="red", facts=facts)
        return
    shown = {"path": str(path), "mode": f"{mode:04o}"}
    if mode & _OTHERS:
        yield Check(code=f"{what}_open_to_all", level="red", facts=shown)
    elif mode & _GROUP:
        yield Check(code=f"{what}_open_to_group", level="red", facts=shown)
    else:
        yield Check(code=f"{what}_private", level="green", facts=shown)
    if around & _WRITABLE and not around & stat.S_ISVTX:
        # In many a home the group that may write is the owner's own.
        level: Level = "red" if around & _OTHERS & _WRITABLE else "amber"
        facts = {"path": str(path), "mode": f"{around:04o}"}
        yield Check(code="path_replaceable", level=level, facts=facts)


def _disk(home: Path) -> Check:
    place = next((path for path in (home, *home.parents) if path.exists()), Path("/"))
    free = shutil.disk_usage(place).free
    level: Level = "red" if free < NO_SPACE else "amber" if free < LITTLE_SPACE else "green"
    code = "disk_has_room" if level == "green" else "disk_nearly_full"
    return Check(code=code, level=level, facts={"path": str(place), "mib": free // 1024**2})


def _files_kept(settings: Settings, database: Database) -> Iterator[Check]:
    """Compare the store of attached files with what the database refers to."""
    store = BlobStore(settings.home / "blobs")
    with database.read() as connection:
        rows = connection.execute(select(_blob.c.sha256, _blob.c.purged_at)).all()
    wanted = {row.sha256 for row in rows if row.purged_at is None}
    purged = {row.sha256 for row in rows if row.purged_at is not None}
    if wanted and not settings.site_here:
        # The files lie where the site is; here nothing can be said of them.
        return
    there = set(store.stored())
    if missing := sorted(wanted - there):
        facts = {"count": len(missing), "sha256": missing[0]}
        yield Check(code="files_missing", level="red", facts=facts)
    if left := sorted(purged & there):
        facts = {"count": len(left), "sha256": left[0]}
        yield Check(code="purged_files_left", level="red", facts=facts)
    if stray := there - wanted - purged:
        yield Check(code="files_unused", level="amber", facts={"count": len(stray)})
    if not missing and not left:
        yield Check(code="files_sound", level="green", facts={"count": len(wanted)})
    if store.directory.exists():
        yield from _privacy("store", store.directory)


def _held(settings: Settings, database: Database) -> Iterator[Check]:
    """Look whether everything is held back, and whether what is sent can be written down."""
    journal = Journal(settings.journal)
    try:
        noted = journal.last()
    except GongkaiError as error:
        yield Check(code="journal_unusable", level="red", error=error)
        return
    with database.read() as connection:
        row = connection.execute(select(_offices.c.held_at, _offices.c.sent_seq)).one()
    facts = {"path": str(journal.path), "journal": noted, "database": row.sent_seq}
    if row.held_at is not None:
        yield Check(code="sending_is_held", level="red", facts={"since": row.held_at})
    elif noted > row.sent_seq:
        yield Check(code="journal_ahead", level="red", facts=facts)
    if not journal.writable():
        yield Check(code="journal_unwritable", level="red", facts=facts)
    elif row.sent_seq and not noted:
        # Without it the next restore shows itself by nothing.
        yield Check(code="journal_lost", level="amber", facts=facts)
    elif row.held_at is None and noted <= row.sent_seq:
        yield Check(code="journal_sound", level="green", facts=facts)
    if journal.path.exists():
        yield from _privacy("journal", journal.path)


def _messages(settings: Settings, database: Database) -> Iterator[Check]:
    """Look how long people have been waiting to be told of what they are owed."""
    now = settings.now or datetime.now(UTC)
    # Literals, because partial indexes match no parameters.
    open_: ColumnElement[bool] = literal_column("message.status IN ('owed', 'leased')")
    unbound: ColumnElement[bool] = literal_column(
        "alert.status = 'owed' AND alert.message_id IS NULL"
    )
    with database.read() as connection:
        count, oldest = connection.execute(
            select(func.count(), func.min(_message.c.next_at)).where(open_)
        ).one()
        alerts, since = connection.execute(
            select(func.count(), func.min(_alert.c.not_before)).where(
                unbound, _alert.c.not_before <= now - LONG_OWED
            )
        ).one()
    if oldest is None:
        yield Check(code="messages_none", level="green")
    else:
        late = now - oldest
        level: Level = "red" if late > VERY_LATE else "amber" if late > LATE else "green"
        code = "messages_waiting" if level == "green" else "messages_late"
        yield Check(code=code, level=level, facts={"count": count, "oldest": oldest})
    if alerts:
        yield Check(code="alerts_late", level="red", facts={"count": alerts, "oldest": since})


def _contacts(settings: Settings, database: Database) -> Iterator[Check]:
    """Look for people with a duty whom no channel reaches, and for addresses nobody writes to."""
    channels = alert_channels(settings)
    valid = _contact.c.removed_at.is_(None)
    with database.read() as connection:
        used = connection.execute(
            select(_contact.c.channel, func.count()).where(valid).group_by(_contact.c.channel)
        ).all()
        reached = select(_contact.c.account_id).where(
            valid, _contact.c.account_id.is_not(None), _contact.c.channel.in_(sorted(channels))
        )
        unreached = (
            connection.execute(
                select(_account.c.name)
                .distinct()
                .join(_grant, _grant.c.account_id == _account.c.id)
                .where(
                    _grant.c.revoked_at.is_(None),
                    _account.c.enabled.is_(True),
                    _account.c.id.not_in(reached),
                )
                .order_by(_account.c.name)
            )
            .scalars()
            .all()
        )
    for channel, count in used:
        if channel not in channels:
            facts = {"channel": channel, "count": count}
            yield Check(code="channel_not_set_up", level="red", facts=facts)
    if unreached:
        facts = {"count": len(unreached), "name": unreached[0]}
        yield Check(code="contacts_missing", level="amber", facts=facts)
    else:
        yield Check(code="contacts_sound", level="green")


def _calendar(settings: Settings, database: Database) -> Iterator[Check]:
    """Look whether the holidays are known as far ahead as they have been announced."""
    now = settings.now or datetime.now(UTC)
    today = now.astimezone(SHANGHAI).date()
    running = _deadline.c.met_on.is_(None) & _deadline.c.voided_at.is_(None)
    with database.read() as connection:
        text = connection.execute(
            select(_version.c.text).order_by(_version.c.number.desc()).limit(1)
        ).scalar_one()
        provisional = connection.execute(
            select(func.count())
            .select_from(_deadline)
            .where(running, _deadline.c.provisional.is_(True))
        ).scalar_one()
    horizon = stored(text).horizon
    wanted = today.year + (today.month >= REMINDED_FROM)
    facts = {"horizon": horizon.isoformat(), "year": wanted, "provisional": provisional}
    if horizon.year < today.year:
        yield Check(code="calendar_ended", level="red", facts=facts)
    elif horizon.year < wanted:
        yield Check(code="calendar_ends", level="amber", facts=facts)
    else:
        yield Check(code="calendar_sound", level="green", facts=facts)


def _policies(database: Database) -> Iterator[Check]:
    """Look for items at a place that their policy does not have, and under policies gone by."""
    under_way = _item.c.state.not_in(sorted(ENDS))
    with database.read() as connection:
        in_use = connection.execute(select(_offices.c.policy_digest)).scalar_one()
        texts = connection.execute(select(_policy.c.digest, _policy.c.text)).all()
        places = connection.execute(
            select(
                _item.c.policy_digest,
                _item.c.state,
                _item.c.stage,
                func.count().label("number"),
                func.min(_item.c.id).label("first"),
            )
            .where(under_way)
            .group_by(_item.c.policy_digest, _item.c.state, _item.c.stage)
        ).all()
    known = {row.digest: stored_policy(row.text) for row in texts}
    lost = [
        row for row in places if not known[row.policy_digest].knows(Place(row.state, row.stage))
    ]
    if lost:
        facts = {"count": sum(row.number for row in lost), "item": min(row.first for row in lost)}
        yield Check(code="items_need_migration", level="red", facts=facts)
    else:
        yield Check(code="items_placed", level="green")
    if others := sum(row.number for row in places if row.policy_digest != in_use):
        yield Check(code="items_under_other_policies", level="green", facts={"count": others})


def _deliveries(settings: Settings, database: Database) -> Check:
    waiting: ColumnElement[bool] = literal_column("delivery.status IN ('owed', 'leased')")
    with database.read() as connection:
        row = connection.execute(
            select(
                func.count().label("number"), func.min(_delivery.c.next_at).label("oldest")
            ).where(waiting)
        ).one()
    if row.oldest is None:
        return Check(code="deliveries_none", level="green")
    now = settings.now or datetime.now(UTC)
    late = now - row.oldest
    level: Level = "red" if late > VERY_LATE else "amber" if late > LATE else "green"
    code = "deliveries_waiting" if level == "green" else "deliveries_late"
    return Check(code=code, level=level, facts={"count": row.number, "oldest": row.oldest})


def _jobs(settings: Settings, database: Database) -> Iterator[Check]:
    """Look whether anybody runs the jobs: whatever runs them leaves a row."""
    now = settings.now or datetime.now(UTC)
    with database.read() as connection:
        standings = [
            ticks.standing(connection, job.name, job.interval, now)
            for job in JOBS
            if job is not HEARTBEAT
        ]
    for each in standings:
        enforces = each.job == ENFORCE_DEADLINES.name
        facts = {"job": each.job, "since": each.since}
        if each.late:
            code = "job_late" if each.last_at else "job_never_ran"
            yield Check(code=code, level="red" if enforces else "amber", facts=facts)
        elif enforces:
            yield Check(code="enforced", level="green", facts=facts)


def _faults(database: Database) -> Iterator[Check]:
    """Tell every open fault, as it was told to the administrators."""
    with database.read() as connection:
        found = faults.open_faults(connection)
    for each in found:
        level: Level = "amber" if each["code"] in WARNINGS else "red"
        facts = {
            **each["facts"],
            "fault": each["code"],
            "subject_of": each["subject"],
            "times": each["times"],
            "since": each["first_at"],
        }
        yield Check(code="fault_open", level=level, facts=facts)
    if not found:
        yield Check(code="faults_none", level="green")


def _site(settings: Settings) -> Check:
    facts = {"path": str(settings.site)}
    if not settings.site_here:
        return Check(code="site_elsewhere", level="green")
    place = next(path for path in (settings.site, *settings.site.parents) if path.exists())
    if not place.is_dir() or not os.access(place, os.W_OK | os.X_OK):
        return Check(code="site_unwritable", level="red", facts=facts)
    return Check(code="site_writable", level="green", facts=facts)


def _trail(database: Database) -> Iterator[Check]:
    sound = 0
    with database.read() as connection:
        for found in audit.verify(connection):
            if isinstance(found, audit.Fault):
                facts = {"subject": found.subject, "seq": found.seq, "problem": found.problem}
                facts |= {"what": found.what} if found.what else {}
                yield Check(code="trail_broken", level="red", facts=facts)
            else:
                sound += 1
    yield Check(code="trail_sound", level="green", facts={"count": sound})
