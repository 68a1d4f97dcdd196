"""The last line of defence: each constraint of the database refuses what the rules would.

One valid copy of a row of each table shows that a copy as such is taken; every CHECK, every unique
key and every foreign key is then provoked by a copy that differs from it in nothing else. A new
constraint without a row here fails the suite.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

import pytest
from sqlalchemy import (
    CheckConstraint,
    ForeignKeyConstraint,
    UniqueConstraint,
    text,
)
from sqlalchemy.exc import DBAPIError

from tests.service.databases import GUARDED
from tests.service.sample_office import FINANCE, PASSWORD, upload
from workflow.coordination import Reply, Settlement
from workflow.errors import Refused
from workflow.machine import Action
from workflow.models import Table
from workflow.revisions import FormedOnBasis
from workflow.runtime import SHANGHAI
from workflow.validity import Status

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sqlalchemy import Table as SQLTable

    from tests.service.sample_office import SampleOffice
    from workflow.database import Database

_Constraint = CheckConstraint | ForeignKeyConstraint | UniqueConstraint
TABLES: Final[dict[str, SQLTable]] = dict(Table.metadata.tables)
X64: Final = "'" + "f" * 64 + "'"
NEXT_ID: Final = "(SELECT max(id) + 1000 FROM {table})"

COPIES: Final[Mapping[str, tuple[str, dict[str, str]]]] = {
    "account": ("name = 'clerk'", {"name": "'copy'", "display_key": "'copy'"}),
    "alert": ("kind = 'deadline'", {"key": "'copy'"}),
    "audit_entry": ("subject = 'item:1' AND seq = 1", {"seq": "1000"}),
    "blob": ("size = 1", {"sha256": X64}),
    "body_end": (
        "merged_into IS NULL",
        {"body_id": "(SELECT id FROM body WHERE code = 'YL-CIVIL')"},
    ),
    "body": ("code = 'YL-CIVIL'", {"code": "'COPY'", "name": "'copy'"}),
    "calendar_version": ("number = 1", {"number": "1000"}),
    "capacity": ("principal_id > 0", {"decision_id": "(SELECT max(id) FROM decision)"}),
    "contact": ("account_id IS NOT NULL", {"channel": "'copy'"}),
    "counter": ("value > 0", {"name": "'copy'"}),
    "date_correction": ("basis = 'signature'", {}),
    "edition": (
        "number = 2",
        {
            "item_id": "(SELECT max(id) FROM item)",
            "corrects_id": "(SELECT max(id) - 1 FROM item)",
        },
    ),
    "consultation": ("settlement IS NOT NULL", {}),
    "deadline": ("clock = 'online' AND item_id = 1", {"clock": "'copy'"}),
    "deadline_move": ("rev = 2", {"rev": "1000"}),
    "deadline_pause": ("ended_on IS NOT NULL", {}),
    "decision": ("stage = 'sign_off' AND item_id = 1", {"voided_at": "decided_at"}),
    "delegation": ("role IS NULL", {}),
    "delivery": ("status = 'done'", {"key": "'copy'"}),
    "delivery_list": ("serial IS NOT NULL", {"number": "'copy'"}),
    "fault": ("cleared_at IS NULL", {"code": "'copy'"}),
    "handover": ("approved_at IS NOT NULL", {}),
    "item": ("state = 'pending'", {"index_number": "'copy'"}),
    "item_author": ("item_id = 1", {"account_id": "(SELECT id FROM account WHERE name = 'head')"}),
    "item_reader": ("item_id = 4", {"account_id": "(SELECT id FROM account WHERE name = 'head')"}),
    "message": ("status = 'done'", {"key": "'copy'"}),
    "policy_text": ("version > 0", {"digest": X64}),
    "preference": (
        "notices = 'daily'",
        {"account_id": "(SELECT id FROM account WHERE name = 'head')"},
    ),
    "published_count": ("count = 1", {"month": "'2000-01'"}),
    "purge": ("confirmed_at IS NULL", {"target": X64}),
    "remark": ("item_id = 1", {"digest": X64}),
    "reading_point": (
        "kind = 'library'",
        {"body_id": "(SELECT id FROM body WHERE code = 'YL-CIVIL')"},
    ),
    "request": ("key = 'sample'", {"key": "'copy'"}),
    "revision": ("item_id = 1 AND number = 1", {"number": "1000"}),
    "retraction": ("confirmed_at IS NOT NULL", {}),
    "replacement": ("change_id IS NOT NULL", {"change_id": "NULL"}),
    "validity_change": ("confirmed_at IS NOT NULL", {}),
    "validity_term": ("expires_on IS NOT NULL", {"item_id": "1"}),
    "revision_attachment": ("position = 0", {"position": "1000"}),
    "role_grant": ("role = 'clerk'", {"role": "'copy'"}),
    "schedule": ("ended IS NOT NULL", {}),
    "search_entry": ("item_id = 1", {"item_id": "2"}),
    "screening_stub": ("line IS NOT NULL", {}),
    "sighting": ("item_id = 1", {"account_id": "(SELECT id FROM account WHERE name = 'admin')"}),
    "snooze": ("rev = 1", {}),
    "supervising_group": (
        "duty = 'organising'",
        {
            "body_id": "(SELECT id FROM body WHERE code = 'YL-CIVIL')",
            "duty": "'accountability'",
        },
    ),
    "tick": ("outcome IS NULL", {"epoch": "1000"}),
    "token": ("revoked_at IS NULL", {"hash": X64}),
    "waiver": ("own_text", {}),
}
"""A row of each table, and what makes a copy of it that the database takes."""
PUBLISHED: Final = "state = 'published'"
WITHHELD: Final = "state = 'withheld'"
PURGED: Final = "canonical = NULL, purged_at = created_at, purge_id = 1"
UNANSWERED: Final = dict.fromkeys(
    ("reply", "reply_digest", "replied_on", "replied_by", "replied_at", "reply_remark_id",
     "settlement", "settled_digest", "settled_by", "settled_at", "settlement_remark_id"),
    "NULL",
)  # fmt: skip
ALONG_WITH: Final[Mapping[str, dict[str, str]]] = {
    "consultation.replaces_id": {"id": "1000000"},
    "consultation.withdrawn_by": UNANSWERED
    | {"withdrawn_at": "asked_at", "withdrawal_remark_id": "remark_id"},
    "consultation.withdrawal_remark_id": UNANSWERED
    | {"withdrawn_at": "asked_at", "withdrawn_by": "asked_by"},
    "acknowledged_by": {"acknowledged_at": "raised_at"},
    "delegation.body_id": {"role": "'clerk'"},
    "delegation.ended_by": {"ended_at": "over"},
    "waiver.ended_by": {"ended_at": "over"},
    "alert.body_id": {"account_id": "NULL"},
    "contact.body_id": {"account_id": "NULL"},
    "confirmed_by": {"confirmed_at": "CURRENT_TIMESTAMP"},
    "late_by": {"late_remark_id": "1", "late_at": "opened_at"},
    "late_remark_id": {"late_by": "1", "late_at": "opened_at"},
    "purge_id": {"canonical": "NULL", "purged_at": "created_at"},
    "reverts": {"number": "1000000"},
}
"""What has to be said with a reference for a row to be valid but for what it refers to."""
STILL: Final = {"new_due_on": "old_due_on"}
STANDING: Final = {"voided_at": "NULL"}
SEAL: Final = "stage = 'seal' AND item_id = 1"

# What each constraint refuses: the row to copy, and what makes the copy wrong. Where nothing is
# said of the row, it is that of COPIES.
WRONG: Final[Mapping[str, list[tuple[str | None, dict[str, str]]]]] = {
    "ck_capacity_why": [(None, {"principal_id": "NULL"})],
    "ck_delegation_days": [(None, {"until_on": "'2017-01-19'"})],
    "ck_delegation_ended": [(None, {"ended_at": "since"}), (None, {"ended_by": "1"})],
    "ck_delegation_role": [(None, {"role": "'clerk'"}), (None, {"body_id": "1"})],
    "ck_delegation_two_people": [(None, {"deputy_id": "principal_id"})],
    "ck_waiver_another": [(None, {"account_id": "given_by"})],
    "ck_waiver_ended": [(None, {"ended_at": "over"}), (None, {"ended_by": "1"})],
    "ck_waiver_lifts": [(None, {"own_text": "FALSE"})],
    "ck_account_failures": [(None, {"failures": "-1"})],
    "ck_account_language": [(None, {"language": "'fr'"})],
    "uq_account_display_key": [(None, {"display_key": "display_key"})],
    "uq_account_name": [(None, {"name": "'clerk'"})],
    "ck_alert_acknowledged": [
        (None, {"acknowledged_at": "raised_at"}),
        (None, {"acknowledged_by": "1"}),
    ],
    "ck_alert_deadline": [
        *((None, {column: "NULL"}) for column in ("deadline_id", "rev", "rung", "day")),
        (
            "kind = 'notice'",
            {"deadline_id": "1", "rev": "1", "rung": "'T-5'", "day": "'2017-02-03'"},
        ),
    ],
    "ck_alert_item": [(None, {"item_id": "NULL"})],
    "ck_alert_kind": [("kind = 'notice'", {"kind": "'gossip'"})],
    "ck_alert_settled": [(None, {"settled_at": "raised_at"}), (None, {"status": "'sent'"})],
    "ck_alert_status": [(None, {"status": "'lost'", "settled_at": "raised_at"})],
    "ck_alert_whose": [(None, {"account_id": "NULL"}), (None, {"body_id": "1"})],
    "uq_alert_key": [(None, {"key": "key"})],
    "ck_contact_whose": [(None, {"account_id": "NULL"}), (None, {"body_id": "1"})],
    "uq_contact_of_account": [(None, {"channel": "channel"})],
    "uq_contact_of_body": [("body_id IS NOT NULL", {"channel": "channel"})],
    "ck_fault_times": [(None, {"times": "0"})],
    "uq_fault_open": [(None, {"code": "code"})],
    "ck_message_attempts": [(None, {"attempts": "-1"})],
    "ck_message_lease": [
        (None, {"status": "'leased'"}),
        (None, {"lease": "'x'", "leased_until": "created_at"}),
    ],
    "ck_message_sealed": [
        (
            "status = 'owed'",
            {"status": "'leased'", "lease": "'x'", "leased_until": "created_at"},
        )
    ],
    "ck_message_status": [(None, {"status": "'lost'"})],
    "uq_message_key": [(None, {"key": "key"})],
    "uq_message_open": [("status = 'owed'", {})],
    "ck_preference_notices": [(None, {"notices": "'never'"})],
    "ck_supervising_group_duty": [(None, {"duty": "'watching'"})],
    "uq_supervising_group_duty": [(None, {"duty": "duty"})],
    "ck_tick_ended": [(None, {"outcome": "'done'"}), (None, {"ended_at": "started_at"})],
    "ck_tick_outcome": [(None, {"outcome": "'lost'", "ended_at": "started_at"})],
    "uq_tick_epoch_job_slot": [(None, {"epoch": "epoch"})],
    "ck_audit_entry_seq": [(None, {"seq": "0"})],
    "uq_audit_entry_subject_seq": [(None, {"seq": "1"})],
    "ck_blob_size": [(None, {"size": "-1"})],
    "ck_body_end_merged_into": [
        (None, {"merged_into": "(SELECT id FROM body WHERE code = 'YL-CIVIL')"})
    ],
    "ck_body_kind": [(None, {"kind": "'club'"})],
    "uq_body_code": [(None, {"code": "'YL-CIVIL'"})],
    "uq_body_name": [(None, {"name": "(SELECT name FROM body WHERE code = 'YL-CIVIL')"})],
    "uq_body_one_district": [("kind = 'district'", {})],
    "uq_body_one_centre": [("kind = 'centre'", {})],
    "ck_calendar_version_number": [(None, {"number": "0"})],
    "ck_calendar_version_reverts": [(None, {"reverts": "1000"})],
    "ck_counter_value": [(None, {"value": "-1"})],
    "ck_item_attribute": [(None, {"attribute": "'secret'"})],
    "ck_item_counts": [
        (None, {"version": "0"}),
        ("state = 'draft'", {"round": "-1"}),
        (None, {"reached": "-2"}),
    ],
    "ck_item_proactive": [(PUBLISHED, {"attribute": "'on_request'"})],
    "ck_item_published_at": [
        (None, {"published_at": "created_at"}),
        (PUBLISHED, {"published_at": "NULL"}),
    ],
    "ck_item_stage": [(None, {"stage": "NULL"}), (PUBLISHED, {"stage": "'seal'"})],
    "ck_item_state": [(None, {"state": "'lost'", "stage": "NULL"})],
    "ck_item_submitted": [
        (None, {"index_number": "NULL"}),
        (None, {"attribute": "NULL"}),
        (None, {"formed_on": "NULL"}),
        (None, {"category": "NULL"}),
        (None, {"round": "0"}),
    ],
    "ck_item_withheld": [
        (WITHHELD, {"ground": "NULL"}),
        (WITHHELD, {"reassess_on": "NULL"}),
        (None, {"ground": "'personal_privacy'", "reassess_on": "formed_on"}),
    ],
    "uq_item_index_number": [(None, {"index_number": "index_number"})],
    "ck_published_count_count": [(None, {"count": "0"})],
    "ck_remark_purged": [
        (None, {"canonical": "NULL"}),
        (None, {"purged_at": "said_at"}),
    ],
    "uq_remark_digest": [(None, {"digest": "digest"})],
    "ck_purge_confirmed": [
        (None, {"confirmed_at": "requested_at"}),
        (None, {"confirmed_by": "(SELECT id FROM account WHERE name = 'head')"}),
    ],
    "ck_purge_target_kind": [(None, {"target_kind": "'account'"})],
    "ck_purge_two_people": [
        (None, {"confirmed_by": "requested_by", "confirmed_at": "requested_at"})
    ],
    "uq_purge_open": [(None, {"target": "target"})],
    "uq_role_grant_active": [(None, {"role": "role"})],
    "ck_token_expires": [(None, {"expires_at": "created_at"})],
    "uq_token_hash": [(None, {"hash": "hash"})],
    "ck_revision_number": [(None, {"number": "0"})],
    "ck_revision_purged": [
        (None, {"canonical": "NULL"}),
        (None, {"canonical": "NULL", "purged_at": "created_at"}),
        (None, {"purged_at": "created_at", "purge_id": "(SELECT max(id) FROM purge)"}),
    ],
    "uq_revision_item_id_number": [(None, {"number": "number"})],
    "ck_date_correction_basis": [(None, {"basis": "'guess'"})],
    "ck_deadline_counts": [(None, {"amount": "0"}), (None, {"rev": "0"})],
    "ck_deadline_due_on": [(None, {"due_on": "'2000-01-01'"})],
    "ck_deadline_kind": [(None, {"kind": "'wish'"})],
    "ck_deadline_late": [
        (None, {"late_at": "opened_at", "late_by": "1"}),
        (None, {"late_remark_id": "1", "late_by": "1"}),
        (None, {"late_remark_id": "1", "late_at": "opened_at"}),
    ],
    "ck_deadline_met": [(None, {"met_on": "due_on"}), (None, {"met_at": "opened_at"})],
    "ck_deadline_met_by": [(None, {"met_by": "'luck'"})],
    "ck_deadline_met_or_voided": [
        (
            None,
            {
                "met_on": "due_on",
                "met_at": "opened_at",
                "voided_at": "opened_at",
                "void_reason": "'copy'",
            },
        )
    ],
    "ck_deadline_rest_day": [(None, {"rest_day": "'never'"})],
    "ck_deadline_stage": [
        (None, {"stage": "'seal'"}),
        (None, {"met_by": "'stage_left'"}),
        ("kind = 'stage'", {"stage": "''"}),
    ],
    "ck_deadline_unit": [(None, {"unit": "'hour'"})],
    "ck_deadline_voided": [
        (None, {"voided_at": "opened_at"}),
        (None, {"void_reason": "'copy'"}),
    ],
    "uq_deadline_running": [(None, {"clock": "clock"})],
    "ck_deadline_move_moved": [(None, {"new_started_on": "old_started_on"} | STILL)],
    "ck_deadline_move_rev": [(None, {"rev": "1"})],
    "uq_deadline_move_deadline_id_rev": [(None, {"rev": "rev"})],
    "ck_deadline_pause_ended": [
        (None, {"ended_on": "NULL"}),
        (None, {"ended_at": "NULL"}),
        (None, {"ended_by": "NULL"}),
    ],
    "ck_deadline_pause_order": [(None, {"ended_on": "'2000-01-01'"})],
    "uq_deadline_pause_open": [("ended_on IS NULL", {})],
    "ck_schedule_ended": [(None, {"ended": "NULL"}), (None, {"ended_at": "NULL"})],
    "ck_schedule_ended_how": [(None, {"ended": "'lost'"})],
    "ck_schedule_version": [(None, {"version": "0"})],
    "uq_schedule_open": [("ended IS NULL", {})],
    "ck_decision_ground": [(None, {"outcome": "'withheld'"})],
    "ck_decision_kind": [(None, {"kind": "'guess'"})],
    "ck_decision_return_reason": [
        (None, {"action": "'return'", "remark_id": "(SELECT max(id) FROM remark)"}),
        (None, {"action": "'return'", "reason_code": "'x'", "remark_id": "NULL"}),
    ],
    "ck_decision_round": [(None, {"round": "0"})],
    "ck_decision_seal_register": [(SEAL, {"register_number": "NULL"})],
    "uq_decision_stage_held": [
        (None, STANDING | {"actor_id": "(SELECT id FROM account WHERE name = 'head2')"})
    ],
    "uq_decision_one_stage_each": [(None, STANDING | {"stage": "'copy'"})],
    "uq_decision_register_number": [(SEAL, {})],
    "ck_delivery_attempts": [(None, {"attempts": "-1"})],
    "ck_delivery_lease": [
        (None, {"status": "'leased'"}),
        (None, {"lease": "'x'", "leased_until": "created_at"}),
    ],
    "ck_delivery_status": [(None, {"status": "'lost'"})],
    "uq_delivery_key": [(None, {"key": "key"})],
    "uq_delivery_open": [("status = 'owed'", {})],
    "ck_delivery_list_period": [(None, {"period": "'2000-01'"}), (None, {"serial": "NULL"})],
    "uq_delivery_list_number": [(None, {"number": "number"})],
    "uq_delivery_list_point_id_period": [("period IS NOT NULL", {})],
    "ck_handover_approval": [
        (None, {"approved_by": "NULL"}),
        (None, {"withdrawn_by": "NULL", "withdrawn_at": "NULL", "withdrawal_remark_id": "NULL"}),
    ],
    "ck_handover_approved_by_another": [(None, {"approved_by": "withdrawn_by"})],
    "ck_handover_copies": [
        (None, {"paper": "-1"}),
        (None, {"electronic": "-1"}),
        (None, {"paper": "0", "electronic": "0"}),
    ],
    "ck_handover_gap_days": [(None, {"gap_days": "-1"})],
    "ck_handover_receipt": [
        (None, {"received_by": "NULL"}),
        (None, {"received_at": "NULL"}),
        (None, {"handed_over_on": "NULL"}),
    ],
    "ck_handover_two_people": [(None, {"received_by": "delivered_by"})],
    "ck_handover_withdrawal": [
        (None, {"withdrawal_remark_id": "NULL"}),
        (None, {"withdrawn_at": "NULL"}),
    ],
    "uq_handover_standing": [("approved_at IS NULL", {})],
    "ck_reading_point_kind": [(None, {"kind": "'museum'"})],
    "ck_edition_another": [(None, {"corrects_id": "(SELECT max(id) FROM item)"})],
    "ck_edition_number": [(None, {"number": "1"})],
    "uq_edition_standing": [(None, {"corrects_id": "corrects_id"})],
    "ck_consultation_answered": [
        (None, {"replied_at": "NULL"}),
        (None, {"replied_by": "NULL"}),
        (None, {"reply_digest": "NULL"}),
        (None, {"replied_on": "NULL"}),
    ],
    "ck_consultation_disputed": [(None, {"reply": "'agree'"})],
    "ck_consultation_kind": [(None, {"kind": "'gossip'"})],
    "ck_consultation_replaces": [(None, {"id": "1000000", "replaces_id": "1000000"})],
    "ck_consultation_reply": [
        (
            "replaces_id IS NOT NULL",
            {
                "replaces_id": "NULL",
                "reply": "'perhaps'",
                "reply_digest": "digest",
                "replied_on": "due_on",
                "replied_by": "(SELECT id FROM account WHERE name = 'outhead')",
                "replied_at": "asked_at",
            },
        )
    ],
    "ck_consultation_settled": [
        (None, {"settled_at": "NULL"}),
        (None, {"settled_by": "NULL"}),
        (None, {"settled_digest": "NULL"}),
        (None, {"settlement_remark_id": "NULL"}),
    ],
    "ck_consultation_settlement": [(None, {"settlement": "'coin'"})],
    "ck_consultation_silence": [(None, {"silence": "'objects'"})],
    "ck_consultation_two_people": [
        (None, {"settled_by": "asked_by"}),
        (None, {"replied_by": "asked_by"}),
    ],
    "ck_consultation_withdrawn": [
        ("withdrawn_at IS NOT NULL", {"withdrawn_by": "NULL"}),
        ("withdrawn_at IS NOT NULL", {"withdrawal_remark_id": "NULL"}),
    ],
    "ck_consultation_withdrawn_unanswered": [
        (
            None,
            {
                "withdrawn_at": "asked_at",
                "withdrawn_by": "asked_by",
                "withdrawal_remark_id": "remark_id",
            },
        )
    ],
    "uq_consultation_replaces": [("replaces_id IS NOT NULL AND withdrawn_at IS NULL", {})],
    "ck_retraction_amends": [(None, {"kind": "'restoration'", "amends_id": "id"})],
    "ck_retraction_confirmed": [
        (None, {"confirmed_at": "NULL", "called_off_at": "asked_at"}),
        (None, {"confirmed_by": "NULL"}),
    ],
    "ck_retraction_ended_once": [(None, {"called_off_at": "asked_at"})],
    "ck_retraction_kind": [(None, {"kind": "'reprint'"})],
    "ck_retraction_two_people": [(None, {"confirmed_by": "asked_by"})],
    "uq_retraction_open": [("confirmed_at IS NULL", {})],
    "uq_replacement_entered": [("change_id IS NULL", {})],
    "ck_replacement_another": [(None, {"replaces_id": "item_id"})],
    "uq_replacement_change_id_item_id": [("change_id IS NOT NULL", {"change_id": "change_id"})],
    "ck_validity_change_confirmed": [
        (None, {"confirmed_at": "NULL", "called_off_at": "asked_at"}),
        (None, {"confirmed_by": "NULL"}),
    ],
    "ck_validity_change_ended_once": [(None, {"called_off_at": "asked_at"})],
    "ck_validity_change_status": [(None, {"status": "'reprinted'"})],
    "ck_validity_change_two_people": [(None, {"confirmed_by": "asked_by"})],
    "uq_validity_change_open": [("confirmed_at IS NULL", {})],
    "ck_office_one_row": [("id = 1", {"id": "2"})],
}


@pytest.fixture
def full(office: SampleOffice) -> SampleOffice:
    """Give an office with a row in every table."""
    first = office.item_at("sign_off")
    office.decide(first, reason="样例")
    office.carry(first, to="final_review")
    office.item_at("published")
    office.item_at(
        "withheld", attribute="not_disclosed", ground="personal_privacy", attribute_reason="样例"
    )
    office.draft(restricted=True, readers=["receiver"], uploads=[upload("1.txt", b"1")])
    office.draft(key="sample")
    office.item_at("publishing")
    office.accounts.login("admin", PASSWORD)
    with pytest.raises(Refused):
        office.draft(changes={"body": "机密★10年"})
    office.bureau.ask_purge(
        office["admin"], office.row(5).digest, ground="personal_privacy", reason="样例"
    )
    points = office.app.reading_points
    number = points.deliver([2], office["publisher"], to="YL-LIBRARY")["list"]
    points.receive(
        office["receiver"],
        list_number=number,
        handed_over_on=office.clock().date(),
        paper=1,
        electronic=1,
    )
    points.withdraw(2, office["publisher"], point="YL-LIBRARY", reason="样例")
    points.confirm_withdrawal(2, office["supervisor"], point="YL-LIBRARY")
    points.deliver([2], office["publisher"], to="YL-ARCHIVES")
    with_consultations(office)
    with_clocks(office)
    with_alerts(office)
    office.clock.set(datetime(2017, 3, 1, tzinfo=SHANGHAI))
    points.nil_return(office["publisher"], "YL-LIBRARY", month="2017-02")
    with office.database.engine.begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO body_end (body_id, closed_on)"
            " SELECT id, '2017-03-01' FROM body WHERE code = 'YL-OFFICE'"
        )
        connection.exec_driver_sql("DELETE FROM search_entry WHERE item_id = 2")
    seen = office.row(2).version
    office.service.correct(2, office["clerk"], change_note="样例", seen=seen)
    taken_back = office.item_at("published", formed_on="2017-02-20")
    office.act(taken_back, Action.RETRACT, "publisher", explanation="样例")
    office.act(taken_back, Action.CONFIRM_RETRACTION, "final")
    office.act(taken_back, Action.RESTORE, "publisher", reason="样例")
    repealed: Any = {
        "validity": Status.REPEALED,
        "basis": "样例",
        "from_on": date(2017, 3, 1),
    }
    old = office.item_at("published", formed_on="2017-02-20", expires_on="2017-12-31")
    office.draft(replaces=[old])
    office.act(old, Action.VALIDITY, "head", replaced_by=(taken_back,), **repealed)
    office.act(old, Action.CONFIRM_VALIDITY, "publisher")
    office.act(old, Action.VALIDITY, "head", **repealed)
    return office


def with_consultations(office: SampleOffice) -> None:
    """Ask about the first item: what is settled, what takes its place, and what is withdrawn."""
    consulting, seen = office.app.consulting, office.row(1).version

    def ask(body: str | None = None, outside: str | None = None) -> None:
        clerk = office["clerk"]
        consulting.ask(1, clerk, question="样例", body=body, outside=outside, seen=seen)

    ask(outside="样例市统计局")
    consulting.withdraw(1, office["clerk"], reason="样例")
    ask(FINANCE)
    consulting.reply(1, office["outhead"], answer=Reply.OBJECT, text="样例", seen=seen)
    uphold = Settlement.UPHOLD
    consulting.settle(1, office["supervisor"], outcome=uphold, text="样例", seen=seen)
    ask(FINANCE)


def with_clocks(office: SampleOffice) -> None:
    """Fill the tables about clocks."""
    office.app.timekeeper.correct_date(
        office["admin"],
        1,
        formed_on=date(2017, 1, 9),
        basis=FormedOnBasis.SIGNATURE,
        reason="样例",
    )
    first, second = office.item_at("cleared"), office.item_at("cleared")
    for item in (first, second):
        seen, at = office.row(item).version, datetime(2017, 2, 9, tzinfo=SHANGHAI)
        office.service.schedule(item, office["publisher"], at, seen=seen)
    office.act(second, Action.PUBLISH, "publisher")
    # No rule for proactive disclosure allows a pause, so nothing but a statement makes one.
    with office.database.engine.begin() as connection:
        for deadline, ended in ((1, "begun_on, begun_at, begun_by"), (2, "NULL, NULL, NULL")):
            picked = (
                "SELECT deadline.id, started_on AS begun_on, opened_at AS begun_at,"  # noqa: S608 # a number
                " said_by AS begun_by, remark.id AS remark_id FROM deadline, remark"
                f" WHERE remark.id = 1 AND deadline.id = {deadline}"  # said above
            )
            connection.execute(
                text(
                    "INSERT INTO deadline_pause (deadline_id, begun_on, begun_at, begun_by,"  # noqa: S608
                    " remark_id, ended_on, ended_at, ended_by)"
                    f" SELECT *, {ended} FROM ({picked}) AS picked"
                )
            )


ALERTS: Final = """
    DELETE FROM supervising_group WHERE duty = 'accountability';
    INSERT INTO preference (account_id, notices) VALUES (1, 'daily');
    INSERT INTO contact (id, account_id, body_id, channel, address, added_at)
        VALUES (1, 1, NULL, 'email', 'one@example.org', 'NOW'),
            (2, NULL, 1, 'wecom', 'room', 'NOW');
    INSERT INTO message (id, key, contact_id, status, sealed, attempts, next_at, created_at,
        done_at) VALUES (1, 'done', 1, 'done', TRUE, 1, 'NOW', 'NOW', 'NOW'),
            (2, 'owed', 1, 'owed', FALSE, 0, 'NOW', 'NOW', NULL);
    INSERT INTO alert (id, key, kind, event, role, account_id, channel, contact_id, item_id,
        deadline_id, rev, rung, day, late, facts, raised_at, not_before, status, message_id)
        VALUES (1, 'one', 'deadline', 'due_soon', 'desk', 1, 'email', 1, 1, 1, 1, 'T-5',
            '2017-02-03', FALSE, '{}', 'NOW', 'NOW', 'owed', 2),
            (2, 'two', 'notice', 'returned', 'clerk', 1, 'email', 1, 1, NULL, NULL, NULL,
            NULL, FALSE, '{}', 'NOW', 'NOW', 'owed', NULL),
            (3, 'three', 'notice', 'returned', 'clerk', 1, 'email', 1, 1, NULL, NULL, NULL,
            NULL, FALSE, '{}', 'NOW', 'NOW', 'owed', NULL);
    UPDATE alert SET status = 'sent', settled_at = 'NOW', acknowledged_at = 'NOW',
        acknowledged_by = 1 WHERE id = 3;
    INSERT INTO delegation (id, principal_id, deputy_id, from_on, until_on, since, over,
        remark_id, given_by, given_at)
        VALUES (1, 2, 3, '2017-01-20', '2017-01-20', 'NOW', 'NOW', 1, 1, 'NOW');
    INSERT INTO waiver (id, account_id, own_text, two_stages, until_on, over, remark_id,
        given_by, given_at) VALUES (1, 2, TRUE, FALSE, '2017-01-20', 'NOW', 1, 1, 'NOW');
    INSERT INTO capacity (decision_id, principal_id) VALUES (1, 2);
    INSERT INTO snooze (id, account_id, deadline_id, rev, until, remark_id, snoozed_at)
        VALUES (1, 1, 1, 1, '2017-02-08', 1, 'NOW');
    INSERT INTO tick (id, epoch, job, slot, host, started_at, done)
        VALUES (1, 1, 'enforce_deadlines', 'NOW', 'host', 'NOW', 0);
    INSERT INTO fault (id, job, subject, code, facts, first_at, last_at, times)
        VALUES (1, 'enforce_deadlines', 'deadline:1', 'quarantined', '{}', 'NOW', 'NOW', 1)
"""


def with_alerts(office: SampleOffice) -> None:
    """Fill the tables about alerts, messages, runs and faults."""
    with office.database.engine.begin() as connection:
        for statement in ALERTS.replace("'NOW'", "'2017-01-20 01:00:00+00:00'").split(";"):
            connection.execute(text(statement))


def copied(table: str, row: str | None = None, changes: Mapping[str, str] | None = None) -> str:
    """Return the statement that inserts a changed copy of a row."""
    where, fresh = COPIES.get(table, ("", {}))
    values = {column.name: f'"{column.name}"' for column in TABLES[table].columns}
    if "id" in values:
        values["id"] = NEXT_ID.format(table=table)
    values |= fresh
    values |= changes or {}
    columns = ", ".join(f'"{name}"' for name in values)
    picked = f"(SELECT * FROM {table} WHERE {row or where} LIMIT 1) AS picked"  # noqa: S608
    return f"INSERT INTO {table} ({columns}) SELECT {', '.join(values.values())} FROM {picked}"  # noqa: S608


def refusal(database: Database, statement: str) -> str:
    """Run a statement that must fail and return what the database says."""
    with (
        pytest.raises(DBAPIError) as caught,
        database.engine.connect() as connection,
        connection.begin(),
    ):
        connection.execute(text(statement))
    return str(caught.value.orig)


def constraints(
    kind: type[_Constraint],
) -> Iterator[tuple[SQLTable, str, list[str]]]:
    """Yield each constraint of a kind (unique indexes count as constraints) and its columns."""
    for table in TABLES.values():
        for constraint in table.constraints:
            if isinstance(constraint, kind):
                yield table, str(constraint.name), [column.name for column in constraint.columns]
        if kind is UniqueConstraint:
            for index in table.indexes:
                if index.unique:
                    yield table, str(index.name), [column.name for column in index.columns]


CHECKS: Final = {name: table.name for table, name, _ in constraints(CheckConstraint)}
KEYS: Final = {
    name: (table.name, columns) for table, name, columns in constraints(UniqueConstraint)
}


def test_every_check_and_every_unique_key_is_provoked() -> None:
    assert set(CHECKS) | set(KEYS) == set(WRONG)


def test_every_table_has_a_copy_that_is_taken(full: SampleOffice) -> None:
    assert set(TABLES) - {"office"} == set(COPIES)
    with full.database.engine.connect() as connection:
        for table in COPIES:
            assert 1 == connection.execute(text(copied(table))).rowcount, table


def test_each_check_refuses_what_it_is_there_for(full: SampleOffice) -> None:
    for name, table in CHECKS.items():
        for row, changes in WRONG[name]:
            assert name in refusal(full.database, copied(table, row, changes)), changes


def test_each_unique_key_refuses_a_second_row(full: SampleOffice) -> None:
    for name, (table, columns) in KEYS.items():
        named = ", ".join(f"{table}.{column}" for column in columns)
        for row, changes in WRONG[name]:
            said = refusal(full.database, copied(table, row, changes))
            # SQLite names the columns; where a trigger against REPLACE is faster, the trigger.
            assert any(part in said for part in (name, named, f"{table}_no_replace")), said


def test_each_foreign_key_refuses_what_is_not_there(full: SampleOffice) -> None:
    found = list(constraints(ForeignKeyConstraint))
    assert found
    for table, name, columns in found:
        (column,) = columns
        nowhere = X64 if str(TABLES[table.name].c[column].type).startswith("VARCHAR") else "999999"
        if table.name == "office":
            statement = f"UPDATE office SET {column} = {nowhere}"  # noqa: S608
        else:
            also = ALONG_WITH.get(f"{table.name}.{column}", ALONG_WITH.get(column, {}))
            statement = copied(table.name, None, also | {column: nowhere})
        said = refusal(full.database, statement)
        assert name in said or "FOREIGN KEY constraint failed" in said, said


# -- what may never change ---------------------------------------------------------------------

APPEND_ONLY: Final = (
    "alert",
    "audit_entry",
    "calendar_version",
    "consultation",
    "contact",
    "date_correction",
    "deadline",
    "deadline_move",
    "deadline_pause",
    "decision",
    "delivery_list",
    "handover",
    "item",
    "message",
    "remark",
    "replacement",
    "retraction",
    "revision",
    "schedule",
    "snooze",
    "validity_change",
)


def forbidden(table: str) -> list[str]:
    """Return statements that would change what must stay."""
    every = [column.name for column in TABLES[table].columns]
    changeable = {
        "alert": {
            "contact_id",
            "not_before",
            "message_id",
            "status",
            "settled_at",
            "why",
            "acknowledged_at",
            "acknowledged_by",
        },
        "audit_entry": set[str](),
        "consultation": {
            name for name in every if name.startswith(("repl", "settle", "withdraw", "overdue"))
        }
        - {"replaces_id"},
        "contact": {"removed_at"},
        "message": set(every) - {"id", "key", "contact_id", "created_at"},
        "snooze": set[str](),
        "revision": {"canonical", "purged_at"},
        "remark": {"canonical", "purged_at"},
        "retraction": {"confirmed_by", "confirmed_at", "called_off_by", "called_off_at"},
        "replacement": set[str](),
        "validity_change": {"confirmed_by", "confirmed_at", "called_off_by", "called_off_at"},
        "decision": {"voided_at"},
        "item": set(every) - {"id"},
        "calendar_version": set[str](),
        "date_correction": set[str](),
        "deadline": {
            name
            for name in every
            if name.startswith(
                ("met_", "void", "late", "due", "overdue", "detected", "started", "swe")
            )
        }
        - {"met_by"}
        | {"provisional", "rev", "calendar"},
        "deadline_move": set[str](),
        "deadline_pause": {"ended_on", "ended_at", "ended_by"},
        "schedule": {"ended", "ended_at"},
        "delivery_list": set[str](),
        "handover": {
            name
            for name in every
            if name.startswith(("handed", "received", "gap", "with", "approved"))
        },
    }[table]
    statements = [
        f'UPDATE {table} SET "{column}" = "{column}"'  # noqa: S608
        for column in every
        if table != "item" and column not in changeable
    ]
    (key,) = TABLES[table].primary_key
    return [f"DELETE FROM {table}", f"DELETE FROM {table} WHERE {key.name} = 1", *statements]  # noqa: S608


@pytest.mark.parametrize("table", APPEND_ONLY)
def test_what_is_written_down_is_neither_changed_nor_deleted(
    full: SampleOffice, table: str
) -> None:
    with full.unchanged():
        for statement in forbidden(table):
            assert f"{table} is append-only" in refusal(full.database, statement), statement


@pytest.mark.parametrize(
    ("table", "statement"),
    [
        ("revision", "UPDATE revision SET canonical = 'x'"),
        ("revision", f"UPDATE revision SET {PURGED}, number = 9"),  # noqa: S608
        ("revision", f"UPDATE revision SET {PURGED}, id = id + 99"),  # noqa: S608
        ("revision", f"UPDATE revision SET {PURGED}, redacts_id = 1"),  # noqa: S608
        ("remark", "UPDATE remark SET canonical = 'x'"),
        ("remark", "UPDATE remark SET canonical = NULL, purged_at = said_at, item_id = 2"),
        ("remark", "UPDATE remark SET canonical = NULL, purged_at = said_at, digest = 'x'"),
        ("handover", "UPDATE handover SET handed_over_on = '2000-01-01' WHERE id = 1"),
        ("handover", "UPDATE handover SET withdrawal_remark_id = 1 WHERE id = 1"),
        ("handover", "UPDATE handover SET approved_by = 1 WHERE id = 1"),
        ("alert", "UPDATE alert SET status = 'owed', settled_at = NULL WHERE id = 3"),
        ("alert", "UPDATE alert SET why = 'x' WHERE id = 3"),
        ("alert", "UPDATE alert SET acknowledged_by = 2 WHERE id = 3"),
        ("message", "UPDATE message SET status = 'owed', done_at = NULL WHERE id = 1"),
        ("deadline", "UPDATE deadline SET met_on = NULL, met_at = NULL WHERE met_on IS NOT NULL"),
        ("deadline_pause", "UPDATE deadline_pause SET ended_on = NULL, ended_at = NULL"),
        ("schedule", "UPDATE schedule SET ended = NULL, ended_at = NULL WHERE ended IS NOT NULL"),
        ("item", "UPDATE item SET id = id + 1000"),
        ("item", "UPDATE item SET index_number = 'x' WHERE index_number IS NOT NULL"),
        ("item", "UPDATE item SET index_number = NULL WHERE state = 'pending'"),
    ],
    ids=[
        "text",
        "number",
        "id",
        "redacts",
        "words",
        "words-item",
        "words-digest",
        "receipt",
        "withdrawal",
        "approval",
        "settled",
        "why",
        "acknowledged",
        "done",
        "met",
        "pause",
        "fired",
        "item-id",
        "renumber",
        "unnumber",
    ],
)
def test_what_may_change_changes_in_one_way_only(
    full: SampleOffice, table: str, statement: str
) -> None:
    assert f"{table} is append-only" in refusal(full.database, statement)


def test_the_date_of_publication_stays(full: SampleOffice) -> None:
    for value in ("NULL", "'2000-01-01 00:00:00+00:00'"):
        said = refusal(
            full.database,
            f"UPDATE item SET published_at = {value} WHERE state = 'published'",  # noqa: S608
        )
        assert "item is append-only: item_published_at_stays" in said


def test_a_revision_is_purged_once_and_never_filled_again(full: SampleOffice) -> None:
    purge = f"UPDATE revision SET {PURGED} WHERE id = 1"  # noqa: S608 # said above
    with full.database.engine.begin() as connection:
        connection.execute(text(purge))
    for statement in (
        purge,
        "UPDATE revision SET canonical = 'x', purged_at = NULL, purge_id = NULL WHERE id = 1",
        "UPDATE revision SET purged_at = '2000-01-01 00:00:00+00:00' WHERE id = 1",
    ):
        assert "revision is append-only" in refusal(full.database, statement)


def test_a_voided_decision_stays_voided(full: SampleOffice) -> None:
    with full.database.engine.begin() as connection:
        connection.execute(text("UPDATE decision SET voided_at = decided_at WHERE id = 1"))
    for value in ("NULL", "'2000-01-01 00:00:00+00:00'"):
        said = refusal(full.database, f"UPDATE decision SET voided_at = {value} WHERE id = 1")  # noqa: S608
        assert "decision is append-only: decision_no_unvoid" in said


@pytest.mark.parametrize(
    "statement",
    [
        *(f"TRUNCATE {name} CASCADE" for name in GUARDED),
        # What others refer to takes them with it.
        "TRUNCATE body CASCADE",
        "TRUNCATE blob CASCADE",
    ],
)
@pytest.mark.postgres
def test_postgresql_does_not_truncate_what_is_written_down(
    postgresql_office: SampleOffice, statement: str
) -> None:
    postgresql_office.item_at("seal")
    with postgresql_office.unchanged():
        assert "is append-only" in refusal(postgresql_office.database, statement)


def replacements() -> list[str]:
    """Return statements by which SQLite would remove the row that stands in a new one's way."""
    copies: tuple[tuple[str, str | None, dict[str, str]], ...] = (
        ("audit_entry", None, {"id": "id"}),
        ("audit_entry", None, {"seq": "1"}),
        ("revision", None, {"id": "id"}),
        ("revision", None, {"number": "number"}),
        ("remark", None, {"id": "id"}),
        ("remark", None, {"digest": "digest"}),
        ("decision", None, {"id": "id"}),
        ("decision", SEAL, {}),
        (
            "decision",
            None,
            STANDING | {"actor_id": "(SELECT id FROM account WHERE name = 'head2')"},
        ),
        ("decision", None, STANDING | {"stage": "'copy'"}),
        ("item", None, {"id": "id"}),
        ("item", None, {"index_number": "index_number"}),
        ("account", None, {"name": "'clerk'"}),
        ("account", None, {"display_key": "display_key"}),
        ("calendar_version", None, {"number": "number"}),
        ("deadline", None, {"id": "id"}),
        ("deadline", None, {"clock": "clock"}),
        ("policy_text", None, {"digest": "digest"}),
        ("role_grant", None, {"role": "role"}),
        ("contact", None, {"id": "id"}),
        ("contact", None, {"channel": "channel"}),
        ("message", None, {"id": "id"}),
        ("message", None, {"key": "key"}),
        ("message", "status = 'owed'", {}),
        ("snooze", None, {"id": "id"}),
    )
    return [
        copied(table, row, changes).replace("INSERT", "INSERT OR REPLACE", 1)
        for table, row, changes in copies
    ]


def test_sqlite_replaces_nothing_that_is_written_down(sqlite_office: SampleOffice) -> None:
    office = sqlite_office
    office.carry(office.draft(not_duplicate="样例"), to="final_review")
    office.item_at("sign_off")
    with_alerts(office)
    draft = office.draft()
    statements = [
        *replacements(),
        "UPDATE OR REPLACE audit_entry SET id = 1 WHERE id = 2",
        "UPDATE OR REPLACE audit_entry SET seq = 1 WHERE subject = 'item:1'",
        f"UPDATE OR REPLACE revision SET {PURGED}, id = 1 WHERE id = 2",  # noqa: S608
        "UPDATE OR REPLACE decision SET id = 1 WHERE id = 2",
        "UPDATE OR REPLACE decision SET stage = 'seal' WHERE id = 1",
        "UPDATE OR REPLACE item SET id = 1 WHERE id = 2",
        f"UPDATE OR REPLACE item SET index_number = 'YL-CIVIL/2017-00001' WHERE id = {draft}",  # noqa: S608
    ]
    with office.unchanged():
        for statement in statements:
            assert "is append-only" in refusal(office.database, statement), statement
