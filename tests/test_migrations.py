"""Migrations, on both databases: up from nothing, down to nothing, and up again, with data.

What they make must be what :mod:`workflow.models` declares, to the last check, and it must be
guarded: what has happened cannot be rewritten even by whoever speaks SQL to the database.
"""

from __future__ import annotations

from importlib import resources
from typing import TYPE_CHECKING, Any, Final

import pytest
import sqlalchemy
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from tests import servers
from workflow.database import SCHEMA, Database, connect
from workflow.errors import Conflict, Damaged
from workflow.models import Table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from sqlalchemy.engine import Connection

SCRIPTS: Final = str(resources.files("workflow").joinpath("migrations"))
HASH: Final = "a" * 64

# One row in every table as each migration leaves it, in an order that the foreign keys allow.
# Whoever adds a migration adds the rows that a database could hold after it.
SAMPLES: Final = {
    "0001": """
        INSERT INTO policy_text (digest, code, version, text, loaded_at)
            VALUES ('HASH', 'sample', 1, '{}', 'NOW');
        INSERT INTO office
            (id, name, rehearsal, sample, created_at, policy_digest, trail_seq, trail_hash)
            VALUES (1, '样例', TRUE, TRUE, 'NOW', 'HASH', 1, 'HASH');
        INSERT INTO body (id, code, name, name_en, kind, sample, created_at)
            VALUES (1, 'YL', '样例局', 'Sample', 'department', TRUE, 'NOW');
        INSERT INTO account (id, name, display_name, display_key, language, password_hash,
            must_change, enabled, failures, created_at)
            VALUES (1, 'one', '样例甲', '样例甲', 'zh', 'x', FALSE, TRUE, 0, 'NOW'),
                (2, 'two', '样例乙', '样例乙', 'zh', 'x', FALSE, TRUE, 0, 'NOW');
        INSERT INTO token (id, account_id, hash, created_at, expires_at)
            VALUES (1, 1, 'HASH', 'NOW', '2017-01-20 13:00:00');
        INSERT INTO role_grant (id, account_id, role, body_id, granted_at, revoked_at)
            VALUES (1, 1, 'clerk', 1, 'NOW', 'NOW');
        INSERT INTO item (id, body_id, policy_digest, state, stage, version, round, submissions,
            reached, digest, body_digest, index_number, title, category, attribute, formed_on,
            restricted, created_by, created_at, entered_at, trail_seq, trail_hash)
            VALUES (1, 1, 'HASH', 'pending', 'seal', 3, 1, 1, 1, 'HASH', 'HASH', 'YL/1', '样例',
                'report', 'proactive', '2017-01-10', FALSE, 1, 'NOW', 'NOW', 1, 'HASH');
        INSERT INTO item_author (item_id, account_id) VALUES (1, 1);
        INSERT INTO item_reader (item_id, account_id) VALUES (1, 2);
        INSERT INTO revision (id, item_id, number, digest, canonical, created_by, created_at)
            VALUES (1, 1, 1, 'HASH', '{}', 1, 'NOW');
        UPDATE item SET revision_id = 1;
        INSERT INTO blob (sha256, size, created_at) VALUES ('HASH', 1, 'NOW');
        INSERT INTO revision_attachment (revision_id, position, sha256) VALUES (1, 0, 'HASH');
        INSERT INTO remark (id, item_id, digest, canonical, said_by, said_at)
            VALUES (1, 1, 'HASH', '{}', 2, 'NOW');
        INSERT INTO decision (id, item_id, body_id, revision_id, digest, round, submission, stage,
            kind, action, positive, actor_id, decided_at, remark_id)
            VALUES (1, 1, 1, 1, 'HASH', 1, 1, 'sign_off', 'sign_off', 'sign_off', TRUE, 2, 'NOW',
                1);
        INSERT INTO sighting (account_id, item_id, version, digest, seen_at)
            VALUES (1, 1, 3, 'HASH', 'NOW');
        INSERT INTO request (account_id, key, fingerprint, answer, made_at)
            VALUES (1, 'key', 'HASH', '{}', 'NOW');
        INSERT INTO delivery (id, key, item_id, revision_id, channel, status, attempts, next_at,
            created_at) VALUES (1, 'key', 1, 1, 'website', 'owed', 0, 'NOW', 'NOW');
        INSERT INTO published_count (body_id, month, count) VALUES (1, '2017-01', 1);
        INSERT INTO counter (name, value) VALUES ('index:1:2017', 1);
        INSERT INTO audit_entry
            (id, subject, seq, at, event, actor, channel, host, details, previous, hash)
            VALUES (1, 'item:1', 1, 'NOW', 'created', 'one', 'cli', 'host', '{}', 'HASH', 'HASH');
        INSERT INTO screening_stub (id, account_id, name_digest, part, mark, at)
            VALUES (1, 1, 'HASH', 'body', 'secret', 'NOW');
        INSERT INTO purge (id, target_kind, target, ground, remark_id, requested_by, requested_at)
            VALUES (1, 'revision', 'HASH', 'state_secret', 1, 1, 'NOW')
    """,
    "0002": """
        INSERT INTO calendar_version (number, digest, text, source, applied_at)
            VALUES (1, 'HASH', '{}', 'cn.toml', 'NOW');
        INSERT INTO deadline (id, item_id, body_id, clock, kind, rule, stage, amount, unit,
            rest_day, met_by, legal_basis, pausable, started_on, due_on, overdue_at, provisional,
            rev, calendar, opened_at)
            VALUES (1, 1, 1, 'online', 'legal', 'online', '', 20, 'working_day',
                'next_working_day', 'published', '', TRUE, '2017-01-10', '2017-02-10', 'NOW',
                FALSE, 2, 1, 'NOW');
        INSERT INTO deadline_move (id, deadline_id, rev, why, old_started_on, new_started_on,
            old_due_on, new_due_on, old_calendar, new_calendar, withdrew_overdue, at)
            VALUES (1, 1, 2, 'calendar', '2017-01-10', '2017-01-10', '2017-02-09', '2017-02-10',
                1, 1, FALSE, 'NOW');
        INSERT INTO deadline_pause (id, deadline_id, begun_on, begun_at, begun_by, remark_id)
            VALUES (1, 1, '2017-01-20', 'NOW', 1, 1);
        INSERT INTO date_correction (id, item_id, revision_id, formed_on, basis, remark_id,
            corrected_by, corrected_at)
            VALUES (1, 1, 1, '2017-01-10', 'signature', 1, 1, 'NOW');
        INSERT INTO schedule (id, item_id, version, publish_at, scheduled_by, scheduled_at)
            VALUES (1, 1, 3, 'NOW', 1, 'NOW');
        INSERT INTO body (id, code, name, name_en, kind, sample, created_at)
            VALUES (2, 'YL-P', '样例馆', 'Sample point', 'reading_point', TRUE, 'NOW');
        INSERT INTO reading_point (body_id, kind, required, address, contact)
            VALUES (2, 'library', TRUE, '', '');
        INSERT INTO delivery_list (id, point_id, number, serial, made_by, made_at)
            VALUES (1, 2, 'YL-P/2017-0001', 1, 1, 'NOW');
        INSERT INTO handover (id, list_id, item_id, point_id, revision_id, digest, paper,
            electronic, delivered_by, delivered_at, handed_over_on, received_by, received_at,
            gap_days, withdrawn_by, withdrawn_at, withdrawal_remark_id)
            VALUES (1, 1, 1, 2, 1, 'HASH', 1, 1, 1, 'NOW', '2017-01-20', 2, 'NOW', 0, 1, 'NOW',
                1);
        INSERT INTO handover (id, list_id, item_id, point_id, revision_id, digest, paper,
            electronic, delivered_by, delivered_at, gap_days, withdrawn_by, withdrawn_at,
            withdrawal_remark_id, approved_by, approved_at)
            VALUES (2, 1, 1, 2, 1, 'HASH', 1, 1, 1, 'NOW', 0, 1, 'NOW', 1, 2, 'NOW')
    """,
    "0003": """
        INSERT INTO body (id, code, name, name_en, kind, sample, created_at)
            VALUES (3, 'YL-G', '样例组', 'Sample group', 'group', TRUE, 'NOW');
        INSERT INTO supervising_group (body_id, duty) VALUES (3, 'organising');
        INSERT INTO preference (account_id, notices) VALUES (1, 'daily');
        INSERT INTO contact (id, account_id, channel, address, added_at)
            VALUES (1, 1, 'email', 'one@example.org', 'NOW');
        INSERT INTO message (id, key, contact_id, status, sealed, attempts, next_at, created_at)
            VALUES (1, 'key', 1, 'owed', FALSE, 0, 'NOW', 'NOW');
        INSERT INTO alert (id, key, kind, event, role, account_id, channel, contact_id, item_id,
            deadline_id, rev, rung, day, late, facts, raised_at, not_before, status, message_id)
            VALUES (1, 'key', 'deadline', 'due_soon', 'clerk', 1, 'email', 1, 1, 1, 2, 'T-5',
                '2017-02-03', FALSE, '{}', 'NOW', 'NOW', 'owed', 1);
        INSERT INTO snooze (id, account_id, deadline_id, rev, until, remark_id, snoozed_at)
            VALUES (1, 1, 1, 2, '2017-02-08', 1, 'NOW');
        INSERT INTO tick (id, epoch, job, slot, host, started_at, done)
            VALUES (1, 1, 'enforce_deadlines', 'NOW', 'host', 'NOW', 0);
        INSERT INTO fault (id, job, subject, code, facts, first_at, last_at, times)
            VALUES (1, 'enforce_deadlines', 'deadline:1', 'poison', '{}', 'NOW', 'NOW', 1)
    """,
    "0004": """
        INSERT INTO body_end (body_id, closed_on, merged_into) VALUES (3, '2017-01-20', 1);
        INSERT INTO search_entry (item_id, headline, words, grams)
            VALUES (1, '样例', '', '{}') ON CONFLICT DO NOTHING
    """,
    "0005": """
        INSERT INTO retraction (id, item_id, kind, remark_id, asked_by, asked_at)
            VALUES (1, 1, 'retraction', 1, 1, 'NOW');
        INSERT INTO item (id, body_id, policy_digest, state, version, round, submissions,
            reached, digest, body_digest, title, restricted, created_by, created_at, entered_at,
            trail_seq, trail_hash)
            VALUES (9, 1, 'HASH', 'draft', 1, 0, 0, -1, 'HASH', 'HASH', '样例', FALSE, 1, 'NOW',
                'NOW', 1, 'HASH');
        INSERT INTO edition (item_id, corrects_id, number, changed_on, remark_id, opened_by,
            opened_at)
            VALUES (9, 1, 2, '2017-01-20', 1, 1, 'NOW')
    """,
    "0006": """
        INSERT INTO delegation (id, principal_id, deputy_id, from_on, until_on, since, over,
            remark_id, given_by, given_at)
            VALUES (1, 1, 2, '2017-01-20', '2017-01-21', 'NOW', '2017-01-21 16:00:00', 1, 1,
                'NOW');
        INSERT INTO waiver (id, account_id, own_text, two_stages, until_on, over, remark_id,
            given_by, given_at)
            VALUES (1, 2, TRUE, FALSE, '2017-01-21', '2017-01-21 16:00:00', 1, 1, 'NOW');
        INSERT INTO capacity (decision_id, principal_id, waiver_id) VALUES (1, 1, 1)
    """,
    "0007": "UPDATE item SET owed_stage = 'seal' WHERE id = 1",
    "0008": """
        INSERT INTO consultation (id, item_id, kind, body_id, blocking, silence, digest, due_on,
            remark_id, asked_by, asked_as, asked_at)
            VALUES (1, 1, 'concerned', 2, TRUE, 'stays_open', 'HASH', '2017-02-08', 1, 1, 'clerk',
                'NOW');
        INSERT INTO consultation (id, item_id, kind, body_id, blocking, silence, digest, due_on,
            remark_id, asked_by, asked_as, asked_at)
            VALUES (2, 1, 'concerned', NULL, TRUE, 'consents', 'HASH', '2017-02-08', 1, 1, 'clerk',
                'NOW')
    """,
    "0009": """
        INSERT INTO validity_change (id, item_id, status, from_on, remark_id, asked_by, asked_at)
            VALUES (1, 1, 'repealed', '2017-01-20', 1, 1, 'NOW');
        INSERT INTO validity_term (item_id, effective_on, expires_on, turns_on)
            VALUES (1, '2017-01-20', NULL, '2017-01-20');
        INSERT INTO replacement (id, item_id, replaces_id, change_id) VALUES (1, 9, 1, 1)
    """,
}

GUARDED: Final = (
    "account", "alert", "audit_entry", "calendar_version", "capacity", "consultation", "contact",
    "counter", "date_correction", "deadline", "deadline_move", "deadline_pause", "decision",
    "delegation", "delivery_list", "edition", "handover", "item", "item_author", "item_reader",
    "message", "office", "policy_text", "remark", "replacement", "retraction", "revision",
    "revision_attachment", "role_grant", "schedule", "screening_stub", "snooze",
    "validity_change", "waiver",
)  # fmt: skip
"""The tables that hold what has happened: nothing in them is ever removed."""
NEVER_CHANGED: Final = (
    "audit_entry", "calendar_version", "capacity", "date_correction", "deadline_move",
    "delivery_list", "item_author", "item_reader", "policy_text", "replacement",
    "revision_attachment",
    "screening_stub", "snooze",
)  # fmt: skip
WRITTEN_ANEW: Final = ("alert", "counter", "item_author", "item_reader")
"""Where the same row is put in a second time in the ordinary course of things."""
TRIGGERS: Final = {
    *(f"{name}_no_delete" for name in GUARDED),
    *(f"{name}_no_update" for name in NEVER_CHANGED),
    "account_name_stays",
    "alert_acknowledged_stays",
    "alert_no_update",
    "alert_settled_stays",
    "consultation_no_update",
    "consultation_reply_stays",
    "consultation_settlement_stays",
    "consultation_told_once",
    "consultation_withdrawal_stays",
    "contact_no_update",
    "contact_removed_stays",
    "counter_goes_on",
    "deadline_ended_stays",
    "deadline_late_reason_stays",
    "deadline_no_update",
    "deadline_pause_ended_stays",
    "deadline_pause_no_update",
    "decision_no_unvoid",
    "decision_no_update",
    "decision_waived_stays",
    "delegation_ended_stays",
    "delegation_no_update",
    "edition_no_update",
    "handover_approval_stays",
    "handover_no_update",
    "handover_receipt_stays",
    "handover_withdrawal_stays",
    "item_index_number_stays",
    "item_no_new_id",
    "item_published_at_stays",
    "item_trail_goes_on",
    "message_done_stays",
    "message_no_update",
    "office_rehearsal_stays",
    "office_trail_goes_on",
    "remark_no_update",
    "retraction_ended_stays",
    "retraction_no_update",
    "revision_no_update",
    "role_grant_no_return",
    "role_grant_no_update",
    "schedule_ended_stays",
    "schedule_no_update",
    "validity_change_ended_stays",
    "validity_change_no_update",
    "waiver_ended_stays",
    "waiver_no_update",
}
ONLY_THERE: Final = {
    "sqlite": {"item_no_update_or_replace"}
    | {f"{name}_no_replace" for name in GUARDED if name not in WRITTEN_ANEW},
    "postgresql": {f"{name}_no_truncate" for name in GUARDED},
}
"""What only one of them can do needs a guard only there: REPLACE, and TRUNCATE."""


@pytest.fixture
def blank(address: str, tmp_path: Path) -> Iterator[Callable[[], Database]]:
    """Give a way to connect to new databases without a single table, each time another one."""
    made: list[Database] = []
    created: list[str] = []

    def create() -> Database:
        if address.startswith("sqlite"):
            here = f"sqlite:///{tmp_path / f'blank{len(made)}.db'}"
        else:
            here = servers.create_database(address)
            created.append(here)
        made.append(connect(here, create=True))
        return made[-1]

    yield create
    for database in made:
        database.dispose()
    for here in created:
        servers.drop_database(address, here)


def steps() -> list[str]:
    """Return the names of all migrations, the first one first."""
    scripts = ScriptDirectory(SCRIPTS)
    return [script.revision for script in scripts.walk_revisions()][::-1]


def downgrade(database: Database, target: str) -> None:
    """Go back to ``target`` as the program itself goes on: in one transaction."""
    config = Config()
    config.set_main_option("script_location", SCRIPTS.replace("%", "%%"))
    with database.engine.connect() as connection:
        if database.is_sqlite:
            # On the driver itself: inside a transaction the switch would do nothing.
            connection.connection.cursor().execute("PRAGMA foreign_keys=OFF")
        with connection.begin():
            config.attributes["connection"] = connection
            command.downgrade(config, target)
        connection.invalidate()


def run(database: Database, *scripts: str) -> None:
    """Run statements in one transaction; HASH and NOW in them stand for a sample of each."""
    with database.engine.begin() as connection:
        for statement in ";".join(scripts).split(";"):
            filled = statement.replace("HASH", HASH).replace("NOW", "2017-01-20 01:00:00")
            connection.exec_driver_sql(filled)


def is_declared(name: str) -> bool:
    """Tell what is ours from SQLite's own index for searching, and from what keeps it in step."""
    return not name.startswith(("search_index", "search_entry_"))


def counts(connection: Connection) -> dict[str, int]:
    """Return how many rows each table holds."""
    names = filter(is_declared, sqlalchemy.inspect(connection).get_table_names())
    return {
        name: connection.exec_driver_sql(f'SELECT count(*) FROM "{name}"').scalar_one()  # noqa: S608 # the database's own names
        for name in names
        if name != "alembic_version"
    }


def picture(database: Database) -> dict[str, Any]:
    """Return every table with all that the database says about it, in an order of its own."""
    with database.engine.connect() as connection:
        inspector = sqlalchemy.inspect(connection)
        return {
            name: {
                "columns": {
                    column["name"]: (
                        column["type"].compile(database.engine.dialect),
                        column["nullable"],
                        column["default"],
                    )
                    for column in inspector.get_columns(name)
                },
                "primary key": inspector.get_pk_constraint(name)["constrained_columns"],
                "foreign keys": sorted(
                    (key["name"] or "", key["constrained_columns"], key["referred_table"])
                    for key in inspector.get_foreign_keys(name)
                ),
                "unique": sorted(
                    (unique["name"] or "", unique["column_names"])
                    for unique in inspector.get_unique_constraints(name)
                ),
                "checks": {
                    check["name"]: check["sqltext"]
                    for check in inspector.get_check_constraints(name)
                },
                "indexes": {
                    index["name"]: (
                        index["column_names"],
                        index["unique"],
                        str(
                            index.get("dialect_options", {}).get(
                                f"{database.engine.dialect.name}_where"
                            )
                        ),
                    )
                    for index in inspector.get_indexes(name)
                },
            }
            for name in inspector.get_table_names()
            if name != "alembic_version" and is_declared(name)
        }


def triggers(database: Database) -> set[str]:
    query = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if database.is_sqlite
        else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    )
    with database.read() as connection:
        return set(filter(is_declared, connection.exec_driver_sql(query).scalars()))


def test_the_program_expects_the_newest_migration_and_there_is_one_line_of_them() -> None:
    assert [SCHEMA] == ScriptDirectory(SCRIPTS).get_heads()
    assert steps() == sorted(steps())


def test_every_migration_has_rows_to_be_tried_with() -> None:
    assert set(steps()) == set(SAMPLES)


def test_an_empty_database_says_so_and_an_upgraded_one_names_its_migration(
    blank: Callable[[], Database],
) -> None:
    database = blank()
    assert database.schema() is None

    database.upgrade()

    assert SCHEMA == database.schema()


def test_the_migrated_tables_are_the_declared_ones(blank: Callable[[], Database]) -> None:
    migrated, declared = blank(), blank()

    migrated.upgrade()
    Table.metadata.create_all(declared.engine)

    assert picture(declared) == picture(migrated)


def test_alembic_would_have_nothing_to_add(database: Database) -> None:
    def is_for_here(thing: Any, _name: object, kind: str, *_: object) -> bool:
        using = thing.dialect_options["postgresql"]["using"] if kind == "index" else ""
        return using != "gin" or not database.is_sqlite

    with database.engine.connect() as connection:
        options = {
            "compare_type": True,
            "include_name": lambda name, *_: is_declared(name or ""),
            "include_object": is_for_here,
        }
        context = MigrationContext.configure(connection, opts=options)

        assert [] == compare_metadata(context, Table.metadata)


def test_down_to_nothing_and_up_again_leads_to_the_same_database(
    blank: Callable[[], Database],
) -> None:
    database = blank()
    database.upgrade()
    first, guards = picture(database), triggers(database)

    downgrade(database, "base")
    assert {} == picture(database)
    assert set() == triggers(database)

    database.upgrade()
    assert first == picture(database)
    assert guards == triggers(database)


def test_each_step_is_taken_with_rows_in_every_table(blank: Callable[[], Database]) -> None:
    database = blank()
    expected: dict[str, int] = {}
    for step in steps():
        database.upgrade(step)
        with database.read() as connection:
            # What the step before left is still there, whatever the step made of it.
            assert expected.items() <= counts(connection).items()
        run(database, SAMPLES[step])
        with database.read() as connection:
            expected = counts(connection)
            assert 0 not in expected.values(), expected

    assert SCHEMA == database.schema()


def test_the_reading_points_of_the_release_before_become_required_ones(
    blank: Callable[[], Database],
) -> None:
    database = blank()
    database.upgrade("0001")
    run(
        database,
        SAMPLES["0001"],
        """INSERT INTO body (id, code, name, name_en, kind, sample, created_at)
            VALUES (2, 'YL-P', '样例馆', 'Sample point', 'reading_point', TRUE, 'NOW')""",
    )

    database.upgrade()

    with database.read() as connection:
        rows = connection.exec_driver_sql("SELECT body_id, kind, required FROM reading_point").all()
        assert [(2, "reading_room", True)] == [tuple(row) for row in rows]


def test_a_filled_database_can_be_taken_down(blank: Callable[[], Database]) -> None:
    database = blank()
    database.upgrade()
    run(database, *SAMPLES.values())

    downgrade(database, "base")

    assert {} == picture(database)


def test_foreign_keys_rest_during_an_upgrade_of_sqlite_and_hold_again_afterwards(
    tmp_path: Path,
) -> None:
    database = connect(f"sqlite:///{tmp_path / 'blank.db'}", create=True)
    switch = "PRAGMA foreign_keys"
    during: set[int] = set()

    def look(_connection: object, cursor: Any, statement: str, *_rest: object) -> None:
        if "CREATE TABLE" in statement:
            during.add(cursor.connection.execute(switch).fetchone()[0])

    sqlalchemy.event.listen(database.engine, "before_cursor_execute", look)
    database.upgrade()

    assert {0} == during
    with database.read() as connection:
        assert 1 == connection.exec_driver_sql(switch).scalar_one()
    database.dispose()


def test_a_step_that_fails_leaves_the_database_as_it_was(blank: Callable[[], Database]) -> None:
    database = blank()
    # The last table of all is there already, so the migration fails after most of its work.
    run(database, "CREATE TABLE revision_attachment (id INTEGER)")

    with pytest.raises(sqlalchemy.exc.DatabaseError, match="revision_attachment"):
        database.upgrade()

    assert {"revision_attachment"} == set(picture(database))
    assert database.schema() is None


# -- the guards in the database ------------------------------------------------------------------


def test_the_tables_of_what_has_happened_are_guarded(database: Database) -> None:
    assert TRIGGERS | ONLY_THERE[database.engine.dialect.name] == triggers(database)


FORBIDDEN: Final = {
    **{f"DELETE FROM {name}": f"{name}_no_delete" for name in GUARDED},  # noqa: S608
    "UPDATE audit_entry SET event = 'x'": "audit_entry_no_update",
    "UPDATE item_author SET account_id = 2": "item_author_no_update",
    "UPDATE item_reader SET account_id = 1": "item_reader_no_update",
    "UPDATE policy_text SET text = 'x'": "policy_text_no_update",
    "UPDATE revision_attachment SET position = 1": "revision_attachment_no_update",
    "UPDATE screening_stub SET part = 'x'": "screening_stub_no_update",
    "UPDATE account SET name = 'x' WHERE id = 1": "account_name_stays",
    "UPDATE counter SET value = 0": "counter_goes_on",
    "UPDATE counter SET name = 'x'": "counter_goes_on",
    "UPDATE item SET trail_seq = 0": "item_trail_goes_on",
    "UPDATE office SET trail_seq = 0": "office_trail_goes_on",
    "UPDATE office SET rehearsal = FALSE": "office_rehearsal_stays",
    "UPDATE role_grant SET role = 'x'": "role_grant_no_update",
    "UPDATE role_grant SET revoked_at = NULL": "role_grant_no_return",
    "UPDATE revision SET canonical = 'x'": "revision_no_update",
    "UPDATE revision SET canonical = NULL, purged_at = created_at, purge_id = 1, digest = item_id":
        "revision_no_update",
    "UPDATE remark SET canonical = 'x'": "remark_no_update",
    "UPDATE decision SET positive = FALSE": "decision_no_update",
    "UPDATE decision SET actor_id = 1": "decision_no_update",
    "UPDATE decision SET voided_at = NULL": "decision_no_unvoid",
    "UPDATE decision SET id = 2": "decision_no_update",
    "UPDATE decision SET waived = TRUE": "decision_waived_stays",
    "UPDATE capacity SET principal_id = 2": "capacity_no_update",
    "UPDATE delegation SET deputy_id = 3": "delegation_no_update",
    "UPDATE delegation SET over = '2018-01-01 00:00:00'": "delegation_ended_stays",
    "UPDATE waiver SET two_stages = TRUE": "waiver_no_update",
    "UPDATE waiver SET over = '2018-01-01 00:00:00'": "waiver_ended_stays",
    "UPDATE item SET id = 3 WHERE id = 1": "item_no_new_id",
    "UPDATE item SET index_number = 'YL/2'": "item_index_number_stays",
    "UPDATE item SET index_number = NULL": "item_index_number_stays",
    "UPDATE item SET state = 'draft', stage = NULL, published_at = NULL":
        "item_published_at_stays",
    "UPDATE calendar_version SET text = 'x'": "calendar_version_no_update",
    "UPDATE date_correction SET formed_on = '2017-01-11'": "date_correction_no_update",
    "UPDATE deadline_move SET rev = 3": "deadline_move_no_update",
    "UPDATE deadline SET amount = 30": "deadline_no_update",
    "UPDATE deadline SET voided_at = NULL, void_reason = NULL": "deadline_ended_stays",
    "UPDATE deadline SET late_remark_id = NULL, late_by = NULL, late_at = NULL":
        "deadline_late_reason_stays",
    "UPDATE deadline_pause SET begun_on = '2017-01-19'": "deadline_pause_no_update",
    "UPDATE deadline_pause SET ended_on = NULL, ended_at = NULL, ended_by = NULL":
        "deadline_pause_ended_stays",
    "UPDATE schedule SET publish_at = scheduled_at": "schedule_no_update",
    "UPDATE schedule SET ended = NULL, ended_at = NULL": "schedule_ended_stays",
    "UPDATE delivery_list SET made_by = 2": "delivery_list_no_update",
    "UPDATE handover SET digest = 'x'": "handover_no_update",
    "UPDATE handover SET handed_over_on = '2017-01-19'": "handover_receipt_stays",
    "UPDATE handover SET handed_over_on = NULL, received_by = NULL, received_at = NULL":
        "handover_receipt_stays",
    "UPDATE handover SET withdrawal_remark_id = 2": "handover_withdrawal_stays",
    "UPDATE handover SET approved_by = NULL, approved_at = NULL": "handover_approval_stays",
    "UPDATE alert SET rung = 'T-2'": "alert_no_update",
    "UPDATE alert SET status = 'owed', settled_at = NULL": "alert_settled_stays",
    "UPDATE alert SET acknowledged_at = NULL, acknowledged_by = NULL":
        "alert_acknowledged_stays",
    "UPDATE contact SET address = 'x'": "contact_no_update",
    "UPDATE contact SET removed_at = NULL": "contact_removed_stays",
    "UPDATE message SET key = 'x'": "message_no_update",
    "UPDATE message SET status = 'owed', done_at = NULL": "message_done_stays",
    "UPDATE snooze SET until = '2017-03-01'": "snooze_no_update",
    "UPDATE edition SET changed_on = '2017-01-21'": "edition_no_update",
    "UPDATE consultation SET due_on = '2017-03-01'": "consultation_no_update",
    "UPDATE consultation SET reply = 'agree' WHERE id = 1": "consultation_reply_stays",
    "UPDATE consultation SET settlement = 'uphold' WHERE id = 1": "consultation_settlement_stays",
    "UPDATE consultation SET withdrawn_at = NULL, withdrawn_by = NULL,"
    " withdrawal_remark_id = NULL WHERE id = 2": "consultation_withdrawal_stays",
    "UPDATE consultation SET overdue_told_at = NULL WHERE id = 1": "consultation_told_once",
    "UPDATE retraction SET remark_id = 2": "retraction_no_update",
    "UPDATE retraction SET confirmed_by = NULL, confirmed_at = NULL": "retraction_ended_stays",
    "UPDATE validity_change SET status = 'lapsed'": "validity_change_no_update",
    "UPDATE validity_change SET confirmed_by = NULL, confirmed_at = NULL":
        "validity_change_ended_stays",
    "UPDATE replacement SET replaces_id = 2": "replacement_no_update",
}  # fmt: skip
FORBIDDEN_ONLY_THERE: Final = {
    "sqlite": {
        "INSERT OR REPLACE INTO audit_entry SELECT * FROM audit_entry": "audit_entry_no_replace",
        **{
            f"REPLACE INTO {name} SELECT * FROM {name}": f"{name}_no_replace"  # noqa: S608
            for name in GUARDED
            if name not in WRITTEN_ANEW
        },
        "UPDATE OR REPLACE item SET index_number='YL/1' WHERE id=2": "item_no_update_or_replace",
    },
    "postgresql": {f"TRUNCATE {name} CASCADE": f"{name}_no_truncate" for name in GUARDED},
}


@pytest.fixture
def finished(database: Database) -> Database:
    """Fill a database, publish its item, void its decision, and begin a draft."""
    run(
        database,
        *SAMPLES.values(),
        "UPDATE decision SET voided_at = 'NOW'",
        "UPDATE deadline SET late_remark_id = 1, late_by = 1, late_at = 'NOW'",
        "UPDATE deadline SET voided_at = 'NOW', void_reason = 'withheld'",
        "UPDATE deadline_pause SET ended_on = '2017-01-21', ended_at = 'NOW', ended_by = 1",
        "UPDATE schedule SET ended = 'fired', ended_at = 'NOW'",
        "UPDATE alert SET status = 'sent', settled_at = 'NOW'",
        "UPDATE alert SET acknowledged_at = 'NOW', acknowledged_by = 1",
        "UPDATE contact SET removed_at = 'NOW'",
        "UPDATE retraction SET confirmed_by = 2, confirmed_at = 'NOW'",
        """UPDATE consultation SET overdue_told_at = 'NOW', reply = 'object',
            reply_digest = 'HASH', replied_on = '2017-01-20', replied_by = 2, replied_at = 'NOW',
            settlement = 'release', settled_digest = 'HASH', settled_by = 2, settled_at = 'NOW',
            settlement_remark_id = 1 WHERE id = 1""",
        """UPDATE consultation SET withdrawn_by = 1, withdrawn_at = 'NOW',
            withdrawal_remark_id = 1 WHERE id = 2""",
        "UPDATE validity_change SET confirmed_by = 2, confirmed_at = 'NOW'",
        "UPDATE message SET status = 'done', done_at = 'NOW'",
        "UPDATE item SET state = 'published', stage = NULL, published_at = 'NOW' WHERE id = 1",
        """INSERT INTO item (id, body_id, policy_digest, state, version, round, submissions,
            reached, digest, body_digest, title, restricted, created_by, created_at, entered_at,
            trail_seq, trail_hash)
            VALUES (2, 1, 'HASH', 'draft', 1, 0, 0, -1, 'HASH', 'HASH', '样例', FALSE, 1, 'NOW',
                'NOW', 1, 'HASH')""",
    )
    return database


def test_what_has_happened_cannot_be_rewritten_by_any_statement(finished: Database) -> None:
    forbidden = {**FORBIDDEN, **FORBIDDEN_ONLY_THERE[finished.engine.dialect.name]}
    with finished.read() as connection:
        before = counts(connection)

    assert TRIGGERS | ONLY_THERE[finished.engine.dialect.name] == set(forbidden.values())
    for statement, guard in forbidden.items():
        # What SQLite's REPLACE would remove is told as a key that is taken, like an INSERT's.
        taken = guard.endswith("_replace")
        kind, code = (Conflict, "concurrent_change") if taken else (Damaged, "append_only")
        with (
            pytest.raises(kind, match=code) as caught,
            finished.read() as connection,
        ):
            connection.exec_driver_sql(statement)
        # TRUNCATE … CASCADE may meet the guard of a table that refers to this one first.
        assert guard in str(caught.value.params["problem"]) or "TRUNCATE" in statement, statement

    with finished.read() as connection:
        assert before == counts(connection)


def test_what_must_go_on_can_still_be_written(finished: Database) -> None:
    # An item moves, and a purge takes the content out of what holds any and leaves its digest.
    run(
        finished,
        "UPDATE item SET version = version + 1, trail_seq = trail_seq + 1",
        "UPDATE revision SET canonical = NULL, purged_at = 'NOW', purge_id = 1",
        "UPDATE remark SET canonical = NULL, purged_at = 'NOW'",
    )

    with finished.read() as connection:
        for table in ("revision", "remark"):
            row = connection.exec_driver_sql(f"SELECT canonical, digest FROM {table}").one()  # noqa: S608 # names above
            assert (None, HASH) == tuple(row)
