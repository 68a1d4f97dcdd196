"""The first tables: office, people, items, revisions, decisions, deliveries and the trail."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_UNCHANGING = (
    "id, item_id, body_id, revision_id, digest, round, submission, stage, kind, action, positive, actor_id,"
    " decided_at, outcome, remark_id, reason_code, ground, basis, reassess_on, register_number, details"
)

# What may never happen to a table, as (name, table, when it fires, condition).
_GUARDS = (
    (
        "revision_no_update",
        "revision",
        "UPDATE",
        # A purge takes the content away, once; nothing else ever changes.
        (
            "OLD.canonical IS NULL OR NEW.canonical IS NOT NULL OR NEW.id <> OLD.id"
            " OR NEW.item_id <> OLD.item_id OR NEW.number <> OLD.number"
            " OR NEW.digest <> OLD.digest OR NEW.redacts_id IS NOT OLD.redacts_id"
            " OR NEW.created_by <> OLD.created_by OR NEW.created_at <> OLD.created_at"
        ),
    ),
    (
        "remark_no_update",
        "remark",
        "UPDATE",
        (
            "OLD.canonical IS NULL OR NEW.canonical IS NOT NULL OR NEW.id <> OLD.id"
            " OR NEW.item_id IS NOT OLD.item_id OR NEW.digest <> OLD.digest"
            " OR NEW.said_by <> OLD.said_by OR NEW.said_at <> OLD.said_at"
        ),
    ),
    ("decision_no_update", "decision", f"UPDATE OF {_UNCHANGING}", ""),
    ("decision_no_unvoid", "decision", "UPDATE OF voided_at", "OLD.voided_at IS NOT NULL"),
    ("item_trail_goes_on", "item", "UPDATE OF trail_seq", "NEW.trail_seq < OLD.trail_seq"),
    ("office_trail_goes_on", "office", "UPDATE OF trail_seq", "NEW.trail_seq < OLD.trail_seq"),
    # Who could make a rehearsal of an office could set its clock.
    ("office_rehearsal_stays", "office", "UPDATE OF rehearsal", "NEW.rehearsal <> OLD.rehearsal"),
    (
        "account_name_stays",
        "account",
        "UPDATE OF id, name",
        "NEW.id <> OLD.id OR NEW.name <> OLD.name",
    ),
    (
        "role_grant_no_update",
        "role_grant",
        "UPDATE OF id, account_id, role, body_id, granted_by, granted_at",
        "",
    ),
    ("role_grant_no_return", "role_grant", "UPDATE OF revoked_at", "OLD.revoked_at IS NOT NULL"),
    ("counter_goes_on", "counter", "UPDATE", "NEW.value < OLD.value OR NEW.name <> OLD.name"),
    ("item_no_new_id", "item", "UPDATE OF id", "NEW.id <> OLD.id"),
    (
        "item_published_at_stays",
        "item",
        "UPDATE OF published_at",
        "OLD.published_at IS NOT NULL AND NEW.published_at IS NOT OLD.published_at",
    ),
    (
        "item_index_number_stays",
        "item",
        "UPDATE OF index_number",
        "OLD.index_number IS NOT NULL AND NEW.index_number IS NOT OLD.index_number",
    ),
)

# What is never removed, and in these never changed either: who wrote, was named, held which role.
_KEPT = (
    "account", "audit_entry", "counter", "decision", "item", "item_author", "item_reader", "office",
    "policy_text", "remark", "revision", "revision_attachment", "role_grant", "screening_stub",
)  # fmt: skip
_NEVER_CHANGED = (
    "audit_entry", "item_author", "item_reader", "policy_text", "revision_attachment",
    "screening_stub",
)  # fmt: skip

_ALL_GUARDS = (
    *((f"{name}_no_delete", name, "DELETE", "") for name in _KEPT),
    *((f"{name}_no_update", name, "UPDATE", "") for name in _NEVER_CHANGED),
    *_GUARDS,
)

# SQLite's REPLACE removes whatever row stands in the way of a key, and fires no delete trigger: so
# every key of these tables is looked at. Authors and readers are all key, so that what replaces one
# is the same again; a counter, which is written by an upsert, could not be told from it.
_REPLACED = (
    ("audit_entry", "(subject = NEW.subject AND seq = NEW.seq) OR id = NEW.id"),
    ("revision", "(item_id = NEW.item_id AND number = NEW.number) OR id = NEW.id"),
    ("remark", "id = NEW.id OR digest = NEW.digest"),
    (
        "decision",
        (
            "id = NEW.id OR (body_id = NEW.body_id AND register_number = NEW.register_number)"
            " OR (positive AND voided_at IS NULL AND NEW.positive AND NEW.voided_at IS NULL"
            " AND item_id = NEW.item_id AND (stage = NEW.stage OR (round = NEW.round"
            " AND actor_id = NEW.actor_id)))"
        ),
    ),
    ("item", "id = NEW.id OR index_number = NEW.index_number"),
    ("office", "id = NEW.id"),
    ("policy_text", "digest = NEW.digest"),
    ("account", "id = NEW.id OR name = NEW.name OR display_key = NEW.display_key"),
    (
        "role_grant",
        (
            "id = NEW.id OR (revoked_at IS NULL AND NEW.revoked_at IS NULL AND role = NEW.role"
            " AND account_id = NEW.account_id AND body_id = NEW.body_id)"
        ),
    ),
    ("revision_attachment", "revision_id = NEW.revision_id AND position = NEW.position"),
    ("screening_stub", "id = NEW.id"),
)


def _guard_sqlite() -> None:
    for name, table, fires, condition in _ALL_GUARDS:
        when = f" WHEN {condition}" if condition else ""
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {fires} ON {table}{when}"
            f" BEGIN SELECT RAISE(ABORT, '{table} is append-only: {name}'); END"
        )
    for table, same in _REPLACED:
        op.execute(
            f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table}"  # noqa: S608 # names above
            f" WHEN EXISTS (SELECT 1 FROM {table} WHERE {same})"
            f" BEGIN SELECT RAISE(ABORT, '{table} is append-only: {table}_no_replace'); END"
        )
    op.execute(
        "CREATE TRIGGER item_no_update_or_replace BEFORE UPDATE OF index_number ON item"
        " WHEN EXISTS (SELECT 1 FROM item WHERE index_number = NEW.index_number"
        " AND id <> NEW.id)"
        " BEGIN SELECT RAISE(ABORT, 'item is append-only: item_no_update_or_replace'); END"
    )


def _guard_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION gongkai_append_only() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE EXCEPTION '% is append-only: %', TG_TABLE_NAME, TG_NAME; END $$"
    )
    for name, table, fires, condition in _ALL_GUARDS:
        differs = condition.replace("IS NOT OLD.", "IS DISTINCT FROM OLD.")
        when = f" WHEN ({differs})" if condition else ""
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {fires} ON {table} FOR EACH ROW{when}"
            " EXECUTE FUNCTION gongkai_append_only()"
        )
    for table in _KEPT:
        op.execute(
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}"
            " EXECUTE FUNCTION gongkai_append_only()"
        )


def upgrade() -> None:  # noqa: PLR0915 # a statement for each table and index
    """Create everything."""
    op.create_table(
        "account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("display_name", sa.String(length=100), nullable=False),
        sa.Column("display_key", sa.String(length=200), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("password_hash", sa.String(length=300), nullable=False),
        sa.Column("must_change", sa.Boolean(), nullable=False),
        sa.Column("password_expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("language IN ('zh', 'en')", name=op.f("ck_account_language")),
        sa.CheckConstraint("failures >= 0", name=op.f("ck_account_failures")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("display_key", name=op.f("uq_account_display_key")),
        sa.UniqueConstraint("name", name=op.f("uq_account_name")),
    )
    op.create_table(
        "audit_entry",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("subject", sa.String(length=40), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("event", sa.String(length=60), nullable=False),
        sa.Column("actor", sa.String(length=64), nullable=False),
        sa.Column("on_behalf_of", sa.String(length=64), nullable=True),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("host", sa.String(length=255), nullable=False),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.CheckConstraint("seq >= 1", name=op.f("ck_audit_entry_seq")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entry")),
        sa.UniqueConstraint("subject", "seq", name=op.f("uq_audit_entry_subject_seq")),
    )
    op.create_table(
        "blob",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("purged_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("size >= 0", name=op.f("ck_blob_size")),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_blob")),
    )
    op.create_table(
        "body",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=18), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("sample", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('district', 'department', 'township', 'subdistrict', 'centre', 'group', 'reading_point')",
            name=op.f("ck_body_kind"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_body")),
        sa.UniqueConstraint("code", name=op.f("uq_body_code")),
        sa.UniqueConstraint("name", name=op.f("uq_body_name")),
    )
    op.create_index(
        "uq_body_one_centre",
        "body",
        ["kind"],
        unique=True,
        sqlite_where=sa.text("kind = 'centre'"),
        postgresql_where=sa.text("kind = 'centre'"),
    )
    op.create_index(
        "uq_body_one_district",
        "body",
        ["kind"],
        unique=True,
        sqlite_where=sa.text("kind = 'district'"),
        postgresql_where=sa.text("kind = 'district'"),
    )
    op.create_table(
        "counter",
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.CheckConstraint("value >= 0", name=op.f("ck_counter_value")),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_counter")),
    )
    op.create_table(
        "policy_text",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("code", sa.String(length=100), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("loaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_policy_text")),
    )
    op.create_table(
        "item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("body_id", sa.Integer(), nullable=False),
        sa.Column("policy_digest", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("stage", sa.String(length=40), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("submissions", sa.Integer(), nullable=False),
        sa.Column("reached", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("body_digest", sa.String(length=64), nullable=False),
        sa.Column("index_number", sa.String(length=100), nullable=True),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("document_number", sa.String(length=100), nullable=True),
        sa.Column("document_key", sa.String(length=200), nullable=True),
        sa.Column("category", sa.String(length=100), nullable=True),
        sa.Column("attribute", sa.String(length=40), nullable=True),
        sa.Column("formed_on", sa.Date(), nullable=True),
        sa.Column("restricted", sa.Boolean(), nullable=False),
        sa.Column("ground", sa.String(length=100), nullable=True),
        sa.Column("reassess_on", sa.Date(), nullable=True),
        sa.Column("created_by", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("trail_seq", sa.Integer(), nullable=False),
        sa.Column("trail_hash", sa.String(length=64), nullable=False),
        sa.CheckConstraint(
            "(state IN ('pending', 'referred')) = (stage IS NOT NULL)", name=op.f("ck_item_stage")
        ),
        sa.CheckConstraint(
            "(state IN ('published', 'retracted', 'superseded')) = (published_at IS NOT NULL)",
            name=op.f("ck_item_published_at"),
        ),
        sa.CheckConstraint(
            "(state IN ('withheld', 'on_request_only')) = (ground IS NOT NULL AND reassess_on IS NOT NULL)",
            name=op.f("ck_item_withheld"),
        ),
        sa.CheckConstraint(
            "attribute IS NULL OR attribute IN ('proactive', 'on_request', 'not_disclosed')",
            name=op.f("ck_item_attribute"),
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'abandoned') OR (index_number IS NOT NULL AND attribute IS NOT NULL AND formed_on IS NOT NULL AND category IS NOT NULL AND round >= 1)",
            name=op.f("ck_item_submitted"),
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'pending', 'referred', 'cleared', 'publishing', 'publication_failed', 'published', 'retracted', 'superseded', 'on_request_only', 'withheld', 'abandoned')",
            name=op.f("ck_item_state"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('cleared', 'publishing', 'publication_failed', 'published') OR attribute = 'proactive'",
            name=op.f("ck_item_proactive"),
        ),
        sa.CheckConstraint(
            "version >= 1 AND round >= 0 AND reached >= -1", name=op.f("ck_item_counts")
        ),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_item_body_id")),
        sa.ForeignKeyConstraint(["created_by"], ["account.id"], name=op.f("fk_item_created_by")),
        sa.ForeignKeyConstraint(
            ["policy_digest"], ["policy_text.digest"], name=op.f("fk_item_policy_digest")
        ),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["revision.id"], name="fk_item_revision_id", use_alter=True
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item")),
        sa.UniqueConstraint("index_number", name=op.f("uq_item_index_number")),
    )
    op.create_index("ix_item_body_digest", "item", ["body_digest"], unique=False)
    op.create_index("ix_item_body_state", "item", ["body_id", "state", "stage"], unique=False)
    op.create_index("ix_item_document_key", "item", ["document_key"], unique=False)
    op.create_index(
        "ix_item_open",
        "item",
        ["stage", "id"],
        unique=False,
        sqlite_where=sa.text("state IN ('pending', 'referred')"),
        postgresql_where=sa.text("state IN ('pending', 'referred')"),
    )
    op.create_index(
        "ix_item_published",
        "item",
        ["published_at", "id"],
        unique=False,
        sqlite_where=sa.text("state = 'published'"),
        postgresql_where=sa.text("state = 'published'"),
    )
    op.create_index(
        "ix_item_published_by_body",
        "item",
        ["body_id", "published_at", "id"],
        unique=False,
        sqlite_where=sa.text("state = 'published'"),
        postgresql_where=sa.text("state = 'published'"),
    )
    op.create_index(
        "ix_item_to_publish",
        "item",
        ["state", "id"],
        unique=False,
        sqlite_where=sa.text("state IN ('cleared', 'publishing', 'publication_failed')"),
        postgresql_where=sa.text("state IN ('cleared', 'publishing', 'publication_failed')"),
    )
    op.create_table(
        "office",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("rehearsal", sa.Boolean(), nullable=False),
        sa.Column("sample", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("policy_digest", sa.String(length=64), nullable=True),
        sa.Column("trail_seq", sa.Integer(), nullable=False),
        sa.Column("trail_hash", sa.String(length=64), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_office_one_row")),
        sa.ForeignKeyConstraint(
            ["policy_digest"], ["policy_text.digest"], name=op.f("fk_office_policy_digest")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_office")),
    )
    op.create_table(
        "published_count",
        sa.Column("body_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.CheckConstraint("count >= 1", name=op.f("ck_published_count_count")),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_published_count_body_id")),
        sa.PrimaryKeyConstraint("body_id", "month", name=op.f("pk_published_count")),
    )
    op.create_table(
        "request",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_request_account_id")),
        sa.PrimaryKeyConstraint("account_id", "key", name=op.f("pk_request")),
    )
    op.create_table(
        "role_grant",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("body_id", sa.Integer(), nullable=False),
        sa.Column("granted_by", sa.Integer(), nullable=True),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_role_grant_account_id")
        ),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_role_grant_body_id")),
        sa.ForeignKeyConstraint(
            ["granted_by"], ["account.id"], name=op.f("fk_role_grant_granted_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_grant")),
    )
    op.create_index(op.f("ix_role_grant_body_id"), "role_grant", ["body_id"], unique=False)
    op.create_index(
        "uq_role_grant_active",
        "role_grant",
        ["account_id", "role", "body_id"],
        unique=True,
        sqlite_where=sa.text("revoked_at IS NULL"),
        postgresql_where=sa.text("revoked_at IS NULL"),
    )
    op.create_table(
        "screening_stub",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("body_id", sa.Integer(), nullable=True),
        sa.Column("name_digest", sa.String(length=64), nullable=False),
        sa.Column("part", sa.String(length=20), nullable=False),
        sa.Column("mark", sa.String(length=40), nullable=False),
        sa.Column("line", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_screening_stub_account_id")
        ),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_screening_stub_body_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_screening_stub")),
    )
    op.create_table(
        "token",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("expires_at > created_at", name=op.f("ck_token_expires")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_token_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_token")),
        sa.UniqueConstraint("hash", name=op.f("uq_token_hash")),
    )
    op.create_index(op.f("ix_token_account_id"), "token", ["account_id"], unique=False)
    op.create_table(
        "item_author",
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_item_author_account_id")
        ),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_item_author_item_id")),
        sa.PrimaryKeyConstraint("item_id", "account_id", name=op.f("pk_item_author")),
    )
    op.create_table(
        "item_reader",
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_item_reader_account_id")
        ),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_item_reader_item_id")),
        sa.PrimaryKeyConstraint("item_id", "account_id", name=op.f("pk_item_reader")),
    )
    op.create_table(
        "remark",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("canonical", sa.Text(), nullable=True),
        sa.Column("said_by", sa.Integer(), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("purged_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(canonical IS NULL) = (purged_at IS NOT NULL)", name=op.f("ck_remark_purged")
        ),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_remark_item_id")),
        sa.ForeignKeyConstraint(["said_by"], ["account.id"], name=op.f("fk_remark_said_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_remark")),
        sa.UniqueConstraint("digest", name=op.f("uq_remark_digest")),
    )
    op.create_index(op.f("ix_remark_item_id"), "remark", ["item_id"], unique=False)
    op.create_table(
        "purge",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("target_kind", sa.String(length=20), nullable=False),
        sa.Column("target", sa.String(length=64), nullable=False),
        sa.Column("ground", sa.String(length=100), nullable=False),
        sa.Column("remark_id", sa.Integer(), nullable=False),
        sa.Column("requested_by", sa.Integer(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_by", sa.Integer(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "target_kind IN ('revision', 'attachment', 'remark')",
            name=op.f("ck_purge_target_kind"),
        ),
        sa.CheckConstraint(
            "(confirmed_by IS NULL) = (confirmed_at IS NULL)", name=op.f("ck_purge_confirmed")
        ),
        sa.CheckConstraint(
            "confirmed_by IS NULL OR confirmed_by <> requested_by", name=op.f("ck_purge_two_people")
        ),
        sa.ForeignKeyConstraint(
            ["confirmed_by"], ["account.id"], name=op.f("fk_purge_confirmed_by")
        ),
        sa.ForeignKeyConstraint(["remark_id"], ["remark.id"], name=op.f("fk_purge_remark_id")),
        sa.ForeignKeyConstraint(
            ["requested_by"], ["account.id"], name=op.f("fk_purge_requested_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_purge")),
    )
    op.create_index(
        "uq_purge_open",
        "purge",
        ["target"],
        unique=True,
        sqlite_where=sa.text("confirmed_at IS NULL"),
        postgresql_where=sa.text("confirmed_at IS NULL"),
    )
    op.create_table(
        "revision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("canonical", sa.Text(), nullable=True),
        sa.Column("redacts_id", sa.Integer(), nullable=True),
        sa.Column("created_by", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("purged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("purge_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(canonical IS NULL) = (purged_at IS NOT NULL)"
            " AND (canonical IS NULL) = (purge_id IS NOT NULL)",
            name=op.f("ck_revision_purged"),
        ),
        sa.CheckConstraint("number >= 1", name=op.f("ck_revision_number")),
        sa.ForeignKeyConstraint(
            ["created_by"], ["account.id"], name=op.f("fk_revision_created_by")
        ),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_revision_item_id")),
        sa.ForeignKeyConstraint(["purge_id"], ["purge.id"], name=op.f("fk_revision_purge_id")),
        sa.ForeignKeyConstraint(
            ["redacts_id"], ["decision.id"], name="fk_revision_redacts_id", use_alter=True
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revision")),
        sa.UniqueConstraint("item_id", "number", name=op.f("uq_revision_item_id_number")),
    )
    op.create_index(op.f("ix_revision_digest"), "revision", ["digest"], unique=False)
    op.create_table(
        "sighting",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_sighting_account_id")
        ),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_sighting_item_id")),
        sa.PrimaryKeyConstraint("account_id", "item_id", name=op.f("pk_sighting")),
    )
    op.create_table(
        "decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("body_id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("submission", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.Column("positive", sa.Boolean(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.String(length=40), nullable=True),
        sa.Column("remark_id", sa.Integer(), nullable=True),
        sa.Column("reason_code", sa.String(length=100), nullable=True),
        sa.Column("ground", sa.String(length=100), nullable=True),
        sa.Column("basis", sa.String(length=300), nullable=True),
        sa.Column("reassess_on", sa.Date(), nullable=True),
        sa.Column("register_number", sa.String(length=100), nullable=True),
        sa.Column("details", sa.Text(), nullable=True),
        sa.Column("voided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "action <> 'return' OR (remark_id IS NOT NULL AND reason_code IS NOT NULL)",
            name=op.f("ck_decision_return_reason"),
        ),
        sa.CheckConstraint(
            "kind <> 'seal' OR NOT positive OR register_number IS NOT NULL",
            name=op.f("ck_decision_seal_register"),
        ),
        sa.CheckConstraint(
            "kind IN ('opinion', 'sign_off', 'seal', 'confidentiality_review', 'final_review')",
            name=op.f("ck_decision_kind"),
        ),
        sa.CheckConstraint(
            "outcome IS NULL OR outcome = 'publication' OR ground IS NOT NULL",
            name=op.f("ck_decision_ground"),
        ),
        sa.CheckConstraint("round >= 1", name=op.f("ck_decision_round")),
        sa.ForeignKeyConstraint(["actor_id"], ["account.id"], name=op.f("fk_decision_actor_id")),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_decision_body_id")),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_decision_item_id")),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["revision.id"], name=op.f("fk_decision_revision_id")
        ),
        sa.ForeignKeyConstraint(["remark_id"], ["remark.id"], name=op.f("fk_decision_remark_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
    )
    op.create_index("ix_decision_item_round", "decision", ["item_id", "round"], unique=False)
    op.create_index(
        "uq_decision_one_stage_each",
        "decision",
        ["item_id", "round", "actor_id"],
        unique=True,
        sqlite_where=sa.text("positive AND voided_at IS NULL"),
        postgresql_where=sa.text("positive AND voided_at IS NULL"),
    )
    op.create_index(
        "uq_decision_register_number", "decision", ["body_id", "register_number"], unique=True
    )
    op.create_index(
        "uq_decision_stage_held",
        "decision",
        ["item_id", "stage"],
        unique=True,
        sqlite_where=sa.text("positive AND voided_at IS NULL"),
        postgresql_where=sa.text("positive AND voided_at IS NULL"),
    )
    op.create_table(
        "delivery",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=40), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease", sa.String(length=64), nullable=True),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stamp", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(status = 'leased') = (lease IS NOT NULL AND leased_until IS NOT NULL)",
            name=op.f("ck_delivery_lease"),
        ),
        sa.CheckConstraint(
            "status IN ('owed', 'leased', 'done', 'failed', 'cancelled')",
            name=op.f("ck_delivery_status"),
        ),
        sa.CheckConstraint("attempts >= 0", name=op.f("ck_delivery_attempts")),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_delivery_item_id")),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["revision.id"], name=op.f("fk_delivery_revision_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
        sa.UniqueConstraint("key", name=op.f("uq_delivery_key")),
    )
    op.create_index(
        "ix_delivery_due",
        "delivery",
        ["next_at", "id"],
        unique=False,
        sqlite_where=sa.text("status IN ('owed', 'leased')"),
        postgresql_where=sa.text("status IN ('owed', 'leased')"),
    )
    op.create_index(op.f("ix_delivery_item_id"), "delivery", ["item_id"], unique=False)
    op.create_index(
        "uq_delivery_open",
        "delivery",
        ["item_id", "channel"],
        unique=True,
        sqlite_where=sa.text("status IN ('owed', 'leased')"),
        postgresql_where=sa.text("status IN ('owed', 'leased')"),
    )
    op.create_table(
        "revision_attachment",
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["revision.id"], name=op.f("fk_revision_attachment_revision_id")
        ),
        sa.ForeignKeyConstraint(
            ["sha256"], ["blob.sha256"], name=op.f("fk_revision_attachment_sha256")
        ),
        sa.PrimaryKeyConstraint("revision_id", "position", name=op.f("pk_revision_attachment")),
    )
    op.create_index(
        op.f("ix_revision_attachment_sha256"), "revision_attachment", ["sha256"], unique=False
    )
    if op.get_bind().dialect.name == "sqlite":
        _guard_sqlite()
        return
    # The two circular references cannot stand in the CREATE TABLE there.
    op.create_foreign_key("fk_item_revision_id", "item", "revision", ["revision_id"], ["id"])
    op.create_foreign_key("fk_revision_redacts_id", "revision", "decision", ["redacts_id"], ["id"])
    _guard_postgresql()


def downgrade() -> None:  # noqa: PLR0915 # the same
    """Drop everything."""
    if op.get_bind().dialect.name != "sqlite":
        op.drop_constraint("fk_item_revision_id", "item", type_="foreignkey")
        op.drop_constraint("fk_revision_redacts_id", "revision", type_="foreignkey")
        for name, table, _, _ in _ALL_GUARDS:
            op.execute(f"DROP TRIGGER {name} ON {table}")
        for table in _KEPT:
            op.execute(f"DROP TRIGGER {table}_no_truncate ON {table}")
        op.execute("DROP FUNCTION gongkai_append_only()")
    op.drop_index(op.f("ix_revision_attachment_sha256"), table_name="revision_attachment")
    op.drop_table("revision_attachment")
    op.drop_index(
        "uq_delivery_open",
        table_name="delivery",
        sqlite_where=sa.text("status IN ('owed', 'leased')"),
        postgresql_where=sa.text("status IN ('owed', 'leased')"),
    )
    op.drop_index(
        "ix_delivery_due",
        table_name="delivery",
        sqlite_where=sa.text("status IN ('owed', 'leased')"),
        postgresql_where=sa.text("status IN ('owed', 'leased')"),
    )
    op.drop_index(op.f("ix_delivery_item_id"), table_name="delivery")
    op.drop_table("delivery")
    op.drop_index(
        "uq_decision_stage_held",
        table_name="decision",
        sqlite_where=sa.text("positive AND voided_at IS NULL"),
        postgresql_where=sa.text("positive AND voided_at IS NULL"),
    )
    op.drop_index("uq_decision_register_number", table_name="decision")
    op.drop_index(
        "uq_decision_one_stage_each",
        table_name="decision",
        sqlite_where=sa.text("positive AND voided_at IS NULL"),
        postgresql_where=sa.text("positive AND voided_at IS NULL"),
    )
    op.drop_index("ix_decision_item_round", table_name="decision")
    op.drop_table("decision")
    op.drop_table("sighting")
    op.drop_index(op.f("ix_revision_digest"), table_name="revision")
    op.drop_table("revision")
    op.drop_index(
        "uq_purge_open",
        table_name="purge",
        sqlite_where=sa.text("confirmed_at IS NULL"),
        postgresql_where=sa.text("confirmed_at IS NULL"),
    )
    op.drop_table("purge")
    op.drop_index(op.f("ix_remark_item_id"), table_name="remark")
    op.drop_table("remark")
    op.drop_table("item_reader")
    op.drop_table("item_author")
    op.drop_index(op.f("ix_token_account_id"), table_name="token")
    op.drop_table("token")
    op.drop_table("screening_stub")
    op.drop_index(
        "uq_role_grant_active",
        table_name="role_grant",
        sqlite_where=sa.text("revoked_at IS NULL"),
        postgresql_where=sa.text("revoked_at IS NULL"),
    )
    op.drop_index(op.f("ix_role_grant_body_id"), table_name="role_grant")
    op.drop_table("role_grant")
    op.drop_table("request")
    op.drop_table("published_count")
    op.drop_table("office")
    op.drop_index(
        "ix_item_to_publish",
        table_name="item",
        sqlite_where=sa.text("state IN ('cleared', 'publishing', 'publication_failed')"),
        postgresql_where=sa.text("state IN ('cleared', 'publishing', 'publication_failed')"),
    )
    op.drop_index(
        "ix_item_published_by_body",
        table_name="item",
        sqlite_where=sa.text("state = 'published'"),
        postgresql_where=sa.text("state = 'published'"),
    )
    op.drop_index(
        "ix_item_published",
        table_name="item",
        sqlite_where=sa.text("state = 'published'"),
        postgresql_where=sa.text("state = 'published'"),
    )
    op.drop_index(
        "ix_item_open",
        table_name="item",
        sqlite_where=sa.text("state IN ('pending', 'referred')"),
        postgresql_where=sa.text("state IN ('pending', 'referred')"),
    )
    op.drop_index("ix_item_document_key", table_name="item")
    op.drop_index("ix_item_body_state", table_name="item")
    op.drop_index("ix_item_body_digest", table_name="item")
    op.drop_table("item")
    op.drop_table("policy_text")
    op.drop_table("counter")
    op.drop_index(
        "uq_body_one_district",
        table_name="body",
        sqlite_where=sa.text("kind = 'district'"),
        postgresql_where=sa.text("kind = 'district'"),
    )
    op.drop_index(
        "uq_body_one_centre",
        table_name="body",
        sqlite_where=sa.text("kind = 'centre'"),
        postgresql_where=sa.text("kind = 'centre'"),
    )
    op.drop_table("body")
    op.drop_table("blob")
    op.drop_table("audit_entry")
    op.drop_table("account")
