"""An office to be measured: its people, and items by the thousand, written below the service.

Items get numbers of their own ranges, so that a number in a recorded parameter can be told from
any other; see :mod:`tests.bench.decisions`.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select

from workflow import organisation, policy
from workflow.guards import Role
from workflow.machine import Action
from workflow.models import Account, Body, table
from workflow.revisions import Attribute, Content, body_digest, canonical, digest
from workflow.settings import Application, bootstrap, load_settings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from workflow.database import Database

POLICY: Final = policy.shipped("two_tier")
DECISIONS: Final = (
    (Action.SIGN_OFF, "deputy"),
    (Action.SIGN_OFF, "head"),
    (Action.SEAL, "keeper"),
    (Action.REVIEW_DISCLOSE, "reviewer"),
    (Action.APPROVE, "final"),
)
"""The five decisions of the policy, with who makes them; the first three are each body's own."""
PUBLISHING: Final = ("YL-CIVIL", "YL-FINANCE", "YL-OFFICE", "YL-TOWNSHIP", "YL-SUBDISTRICT")
_OF_EACH_BODY: Final = {
    "clerk": Role.CLERK,
    "deputy": Role.DEPUTY_HEAD,
    "head": Role.DEPARTMENT_HEAD,
    "keeper": Role.SEAL_KEEPER,
}
_OF_THE_DISTRICT: Final = {
    "reviewer": (Role.CONFIDENTIALITY_REVIEWER, "YL-DISTRICT"),
    "final": (Role.FINAL_REVIEWER, "YL-CENTRE"),
    "publisher": (Role.PUBLISHER, "YL-CENTRE"),
    "supervisor": (Role.SUPERVISOR, "YL-ORGANISING"),
}
PASSWORD: Final = "yangli mima 2017"
_NEW_PASSWORD: Final = "yangli mima 2018"
ITEMS_FROM: Final = 10_000_000
REVISIONS_FROM: Final = 20_000_000
"""A revision's number is its item's plus the difference of these two."""
FIRST_VERSION: Final = 2
"""The version of every item that waits at the first stage."""
_BODY: Final = "样例正文。东昌区人民政府信息公开工作年度报告所列各项数据的统计期限。" * 12


@dataclass(frozen=True)
class Office:
    """A running office; people are ``deputy`` and so on, ``deputy-2`` for the second body."""

    app: Application
    address: str
    home: Path
    people: dict[str, int]
    bodies: tuple[int, ...]

    @property
    def database(self) -> Database:
        """The connected database."""
        return self.app.database

    def with_database(self, database: Database) -> Application:
        """Return the same parts on another way to the same database."""
        return Application(
            self.app.settings, replace(self.app.runtime, database=database), self.app.office_facts
        )

    def token(self, name: str) -> str:
        """Sign somebody in and return the token; the first password is changed on the way."""
        accounts = self.app.accounts
        token, session = accounts.login(name, PASSWORD)
        if session.must_change:
            accounts.change_password(session, old=PASSWORD, new=_NEW_PASSWORD)
            token, _ = accounts.login(name, _NEW_PASSWORD)
        return token


@contextmanager
def opened(address: str, home: Path) -> Iterator[Office]:
    """Begin an office in an empty database, with its people and no items."""
    settings = load_settings(
        {
            "GONGKAI_HOME": str(home),
            "GONGKAI_DATABASE_URL": address,
            # Passwords are not what is measured here.
            "GONGKAI_PASSWORD_MEMORY_KIB": "64",
            "GONGKAI_PASSWORD_ROUNDS": "1",
        }
    )
    empty = bootstrap(settings, channel="api", create=True)
    empty.database.upgrade()
    empty.office.begin(
        name="",
        rehearsal=False,
        organisation_=organisation.shipped("sample_small"),
        policy=POLICY,
        admin="administrator",
        admin_display_name="样例管理员",
        password=PASSWORD,
        language="zh",
    )
    empty.database.dispose()
    app = bootstrap(settings, channel="api")
    _hire(app)
    account, body = table(Account), table(Body)
    with app.database.read() as connection:
        people = {row.name: row.id for row in connection.execute(select(account))}
        numbers = {row.code: row.id for row in connection.execute(select(body))}
    bodies = tuple(numbers[code] for code in PUBLISHING)
    try:
        yield Office(app, address, home, people, bodies)
    finally:
        app.database.dispose()


def _hire(app: Application) -> None:
    with app.database.read() as connection:
        account = table(Account)
        administrator = connection.execute(select(account.c.id)).scalar_one()
    posts = [
        (f"{name}-{number}" if number > 1 else name, role, code)
        for number, code in enumerate(PUBLISHING, start=1)
        for name, role in _OF_EACH_BODY.items()
    ]
    posts += [(name, role, code) for name, (role, code) in _OF_THE_DISTRICT.items()]
    # A name must not stand in its password; these are shorter than an account's name may be.
    for name, role, code in posts:
        app.accounts.add(administrator, name, display_name=f"样例{name}", password=PASSWORD)
        app.accounts.grant(administrator, name, role, body=code)


# -- items by the thousand -----------------------------------------------------------------------


@dataclass(frozen=True)
class Item:
    """An item that was filled in, as far as it must be known to be decided on.

    ``body`` is the place of its body among those of the office.
    """

    id: int
    revision_id: int
    digest: str
    version: int
    body: int


@dataclass(frozen=True)
class _Shape:
    """Where an item of a mixture is, and how far it came."""

    state: str
    stage: str | None
    reached: int
    entries: int


def _pending(position: int) -> _Shape:
    return _Shape("pending", POLICY.stages[position].name, position, position + 2)


_LAST: Final = len(POLICY.stages)
_DRAFT: Final = _Shape("draft", None, -1, 1)
_PUBLISHED: Final = _Shape("published", None, _LAST, _LAST + 4)
WAITING: Final = (_pending(0),)
"""Items that all wait for their first decision."""
_CLEARED: Final = _Shape("cleared", None, _LAST, _LAST + 2)
CLEARED: Final = (_CLEARED,)
"""Items that all wait to be published."""
ONLINE: Final = (_PUBLISHED,)
MIXTURE: Final = (
    *(_PUBLISHED,) * 90,
    *(_DRAFT,) * 2,
    *(_pending(position) for position in range(_LAST)),
    _CLEARED,
    _Shape("abandoned", None, -1, 2),
    _Shape("abandoned", None, 0, 4),
)
"""A hundred items as an office of some years has them."""
_NAMES: Final = ("created", "submitted", *(action.value for action, _ in DECISIONS), "publication")


def fill(
    office: Office,
    count: int,
    *,
    shapes: Sequence[_Shape] = MIXTURE,
    one_body: bool = False,
    apart: timedelta = timedelta(minutes=1),
) -> list[Item]:
    """Write ``count`` more items and everything that belongs to them; return them in order.

    The first is of four hundred days ago, and each of ``apart`` after the one before it.
    """
    with office.database.read() as connection:
        highest = connection.exec_driver_sql("SELECT max(id) FROM item").scalar_one()
    first = max(ITEMS_FROM, (highest or 0) + 1)
    items: list[Item] = []
    rows: list[tuple[Any, ...]] = []
    revisions: list[tuple[Any, ...]] = []
    start = datetime.now(UTC) - timedelta(days=400)
    for offset in range(count):
        number = first + offset
        shape = shapes[offset % len(shapes)]
        # Each body has items of each shape.
        body = 0 if one_body else offset // len(shapes) % len(office.bodies)
        at = start + offset % 500_000 * apart
        formed_on = at.date() - timedelta(days=5)
        content = _content(number, formed_on, code=PUBLISHING[body], draft=shape is _DRAFT)
        form = canonical(content)
        item = Item(number, number - ITEMS_FROM + REVISIONS_FROM, digest(form), shape.entries, body)
        items.append(item)
        clerk = office.people[named("clerk", body)]
        instant = at.strftime("%Y-%m-%d %H:%M:%S.000000")
        rows.append(
            (
                number,
                office.bodies[body],
                POLICY.digest,
                shape.state,
                shape.stage,
                item.version,
                0 if shape is _DRAFT else 1,
                0 if shape is _DRAFT else 1,
                shape.reached,
                item.revision_id,
                item.digest,
                body_digest(content),
                content.index_number,
                content.title,
                content.category,
                content.attribute.value if content.attribute else None,
                formed_on.isoformat(),
                False,
                clerk,
                instant,
                None if shape is _DRAFT else instant,
                instant,
                instant if shape.state == "published" else None,
                shape.entries,
                item.digest,
            )
        )
        revisions.append((item.revision_id, number, 1, item.digest, form.decode(), clerk, instant))
    _write(office, rows, revisions)
    _write_the_rest(office, first, first + count - 1)
    return items


def named(person: str, body: int) -> str:
    """Return the name of the person of a body, which is given by its place in the office."""
    return person if body == 0 else f"{person}-{body + 1}"


def _content(number: int, formed_on: date, *, code: str, draft: bool) -> Content:
    serial = number - ITEMS_FROM + 1
    return Content(
        title=f"样例文件第{serial}号",
        body=f"# 样例文件第{serial}号\n\n{_BODY}\n",
        formed_on=formed_on,
        category="annual_report",
        theme="综合政务\\政务公开",
        genre="报告",
        attribute=Attribute.PROACTIVE,
        publishing_body="样例",
        index_number=None if draft else f"{code}/{formed_on.year}-{serial:08d}",
    )


_ITEM: Final = """
    id, body_id, policy_digest, state, stage, version, round, submissions, reached, revision_id,
    digest, body_digest, index_number, title, category, attribute, formed_on, restricted,
    created_by, created_at, submitted_at, entered_at, published_at, trail_seq, trail_hash
"""
_REVISION: Final = "id, item_id, number, digest, canonical, created_by, created_at"


@contextmanager
def _unchecked(office: Office) -> Iterator[Any]:
    """Give a cursor of one transaction in which no reference is checked; it is committed."""
    connection = office.database.engine.raw_connection()
    cursor = connection.cursor()
    if office.database.is_sqlite:
        cursor.execute("PRAGMA foreign_keys=OFF")
        cursor.execute("BEGIN IMMEDIATE")
    else:
        cursor.execute("SET LOCAL session_replication_role = replica")
    yield cursor
    connection.commit()
    if office.database.is_sqlite:
        cursor.execute("PRAGMA foreign_keys=ON")
    connection.close()


def _write(
    office: Office, items: Sequence[tuple[Any, ...]], revisions: Sequence[tuple[Any, ...]]
) -> None:
    """Write items and revisions, which refer to each other."""
    with _unchecked(office) as cursor:
        for name, columns, rows in (("item", _ITEM, items), ("revision", _REVISION, revisions)):
            if office.database.is_sqlite:
                places = ", ".join("?" * len(rows[0]))
                cursor.executemany(f"INSERT INTO {name} ({columns}) VALUES ({places})", rows)  # noqa: S608 # names above
            else:
                with cursor.copy(f"COPY {name} ({columns}) FROM STDIN") as copy:
                    for row in rows:
                        copy.write_row(row)


_COPIES: Final = {
    "item": (_ITEM, "id"),
    "revision": (_REVISION, "item_id"),
    "item_author": ("item_id, account_id", "item_id"),
}
"""The tables of which copies are made: columns, and the one that has the item's number."""
_COPIED_NUMBER: Final = f"""
    substr(index_number, 1, length(index_number) - 8)
        || substr(CAST(100000001 + id - {ITEMS_FROM} + {{shift}} AS text), 2)
"""


def multiply(office: Office, count: int, *, shift: int) -> None:
    """Let the database copy the first ``count`` items that were filled in, ``shift`` numbers on.

    Much faster than :func:`fill`, and poorer: of what belongs to an item only the revision and the
    author are copied. A copy has the content of what it was copied from (and so its digests) under
    an index number of its own, and its row tells the length and the head of a trail that has no
    entries. To a sweep that is the same, for it reads nothing of an item but its row.
    """
    first, last = ITEMS_FROM, ITEMS_FROM + count - 1
    places = {column: f"{column} + {shift}" for column in ("id", "item_id", "revision_id")}
    places["index_number"] = _COPIED_NUMBER.format(shift=shift)
    with _unchecked(office) as cursor:
        for name, (columns, key) in _COPIES.items():
            values = ", ".join(
                places.get(column, column) for column in map(str.strip, columns.split(","))
            )
            source = f"SELECT {values} FROM {name} WHERE {key} BETWEEN {first} AND {last}"  # noqa: S608 # names above
            cursor.execute(f"INSERT INTO {name} ({columns}) {source}")


_REST: Final = """
    INSERT INTO item_author (item_id, account_id)
        SELECT i.id, i.created_by FROM item i WHERE {new};
    INSERT INTO sighting (account_id, item_id, version, digest, seen_at)
        SELECT i.created_by, i.id, i.version, i.digest, i.entered_at FROM item i WHERE {new};
    INSERT INTO audit_entry
        (subject, seq, at, event, actor, channel, host, details, previous, hash)
        SELECT 'item:' || i.id, n.seq, i.created_at, n.event, 'clerk', 'api', 'sample',
            '{{"digest":"' || i.digest || '"}}', i.digest, i.digest
        FROM item i JOIN ({entries}) n ON n.seq <= i.trail_seq WHERE {new};
    INSERT INTO decision (item_id, body_id, revision_id, digest, round, submission, stage, kind,
        action, positive, actor_id, decided_at, register_number)
        SELECT i.id, i.body_id, i.revision_id, i.digest, 1, 1, n.stage, n.kind, n.action, {true},
            n.actor, i.entered_at, CASE WHEN n.kind = 'seal' THEN 'bulk-' || i.id END
        FROM item i JOIN ({decisions}) n ON n.body = i.body_id AND n.place < i.reached
        WHERE {new} ORDER BY i.id, n.place;
    INSERT INTO delivery (key, item_id, revision_id, channel, status, attempts, next_at,
        created_at, done_at)
        SELECT 'bulk:' || i.id, i.id, i.revision_id, 'website', 'done', 1, i.entered_at,
            i.entered_at, i.entered_at
        FROM item i WHERE {new} AND i.state = 'published';
    DELETE FROM published_count;
    INSERT INTO published_count (body_id, month, count)
        SELECT i.body_id, {month}, count(*) FROM item i WHERE i.state = 'published'
        GROUP BY 1, 2
"""
"""Everything that hangs on the items, made from their rows inside the database."""


def _write_the_rest(office: Office, first: int, last: int) -> None:
    entries = [(seq + 1, _NAMES[min(seq, len(_NAMES) - 1)]) for seq in range(_LAST + 4)]
    decisions = [
        (
            number,
            place,
            stage.name,
            stage.kind.value,
            action.value,
            office.people[person if person in _OF_THE_DISTRICT else named(person, body)],
        )
        for body, number in enumerate(office.bodies)
        for place, (stage, (action, person)) in enumerate(
            zip(POLICY.stages, DECISIONS, strict=True)
        )
    ]
    parts = {
        "new": f"i.id BETWEEN {first} AND {last}",
        "true": "1" if office.database.is_sqlite else "TRUE",
        "month": "strftime('%Y-%m', i.published_at, '+8 hours')"
        if office.database.is_sqlite
        else "to_char(i.published_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM')",
        "entries": _listed(("seq", "event"), entries),
        "decisions": _listed(("body", "place", "stage", "kind", "action", "actor"), decisions),
    }
    with office.database.engine.begin() as connection:
        for statement in _REST.format(**parts).split(";"):
            connection.exec_driver_sql(statement)
    tidy_up(office)


def tidy_up(office: Office) -> None:
    """Let PostgreSQL do what its own housekeeping would have done a minute later."""
    if not office.database.is_sqlite:
        with office.database.engine.connect() as plain:
            free = plain.execution_options(isolation_level="AUTOCOMMIT")
            free.exec_driver_sql("VACUUM ANALYZE")


def _listed(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return rows as a SELECT that both databases read."""
    return " UNION ALL ".join(
        "SELECT "
        + ", ".join(f"{value!r} AS {name}" for name, value in zip(columns, row, strict=True))
        for row in rows
    )
