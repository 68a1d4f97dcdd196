"""What doctor says of file modes: red as soon as anybody but the owner could read or replace."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import insert, update

from workflow.database import Statement
from workflow.doctor import Check, examine
from workflow.models import Contact, Message, Office, table
from workflow.settings import load_settings

if TYPE_CHECKING:
    from pathlib import Path

    from tests.service.sample_office import SampleOffice


def reds(office: SampleOffice, *, config: Path | None = None, level: str = "red") -> set[str]:
    """Return the codes of what doctor finds wrong with the files of an office on SQLite."""
    settings = load_settings({"GONGKAI_HOME": str(office.home)})
    checks = examine(settings, logins=office.home / "none.json", config=config)
    return {check.code for check in checks if check.level == level and "path" in check.facts}


def let(office: SampleOffice, mode: int) -> None:
    """Give the database and what SQLite keeps beside it this mode."""
    for file in office.home.glob("gongkai.db*"):
        file.chmod(mode)


@pytest.mark.parametrize(
    ("mode", "code"),
    [
        (0o640, "database_open_to_group"),
        (0o660, "database_open_to_group"),
        (0o644, "database_open_to_all"),
        (0o602, "database_open_to_all"),
    ],
)
def test_a_database_that_others_can_read_is_red(
    sqlite_office: SampleOffice, mode: int, code: str
) -> None:
    let(sqlite_office, 0o600)
    assert set() == reds(sqlite_office)
    let(sqlite_office, mode)
    assert {code} == reds(sqlite_office)


@pytest.mark.parametrize(("mode", "level"), [(0o770, "amber"), (0o777, "red"), (0o722, "red")])
def test_a_file_that_others_can_replace_is_told(
    sqlite_office: SampleOffice, tmp_path: Path, mode: int, level: str
) -> None:
    place = tmp_path / "settings"
    place.mkdir()
    config = place / "settings.toml"
    config.touch(0o600)
    let(sqlite_office, 0o600)
    place.chmod(0o755)
    assert set() == reds(sqlite_office, config=config)
    place.chmod(mode)
    assert {"path_replaceable"} == reds(sqlite_office, config=config, level=level)
    # In a sticky directory, as /tmp is, only the owner of a file can replace it.
    place.chmod(mode | 0o1000)
    assert set() == reds(sqlite_office, config=config)


# -- what is sent, to whom, and by which calendar -------------------------------------------------


def found(office: SampleOffice, *, now: datetime | None = None, **more: str) -> dict[str, Check]:
    """Return what doctor says of an office on any database, by code."""
    settings = load_settings(
        {
            "GONGKAI_HOME": str(office.home),
            "GONGKAI_DATABASE_URL": office.address,
            "GONGKAI_NOW": (now or office.clock()).isoformat(),
        }
        | {f"GONGKAI_{name.upper()}": value for name, value in more.items()}
    )
    checks = examine(settings, logins=office.home / "none.json", config=None)
    return {check.code: check for check in checks}


def test_a_journal_that_is_ahead_is_red_and_so_is_what_is_held(office: SampleOffice) -> None:
    assert "green" == found(office)["journal_sound"].level
    office.app.journal.note(3, "sent-before", office.clock())
    checks = found(office)
    assert "red" == checks["journal_ahead"].level
    assert "journal_private" in checks
    office.app.watch.look()
    checks = found(office)
    assert "red" == checks["sending_is_held"].level
    assert not {"journal_ahead", "journal_sound"} & set(checks)


def test_a_journal_that_is_lost_or_cannot_be_written_is_told(office: SampleOffice) -> None:
    with office.database.transaction() as transaction:
        transaction.run(Statement(update(table(Office)).values(sent_seq=4)))
    assert "amber" == found(office)["journal_lost"].level
    (office.home / "journal").write_text("in the way", "ascii")
    errors = [check for check in found(office).values() if check.error is not None]
    assert ["journal_unusable"] == [check.error.code for check in errors if check.error]


def test_who_has_a_duty_and_no_address_is_told(office: SampleOffice) -> None:
    missing = found(office)["contacts_missing"]
    assert ("amber", 20) == (missing.level, missing.facts["count"])


def test_an_address_by_a_channel_that_is_not_set_up_is_red(office: SampleOffice) -> None:
    with office.database.transaction() as transaction:
        transaction.run(
            Statement(
                insert(table(Contact)).values(
                    account_id=office["clerk"], channel="email",
                    address="clerk@example.org", added_at=office.clock(),
                )
            )
        )  # fmt: skip
    told = found(office)["channel_not_set_up"]
    assert ("red", {"channel": "email", "count": 1}) == (told.level, told.facts)


@pytest.mark.parametrize(
    ("now", "code"),
    [
        ("2026-10-31T09:00+08:00", "calendar_sound"),
        ("2026-11-01T09:00+08:00", "calendar_ends"),
        ("2027-01-01T00:00+08:00", "calendar_ended"),
    ],
)
def test_the_calendar_of_next_year_is_missed_from_november_on(
    office: SampleOffice, now: str, code: str
) -> None:
    checks = found(office, now=datetime.fromisoformat(now))
    assert [code] == [each for each in checks if each.startswith("calendar_")]


@pytest.mark.parametrize(
    ("late", "code", "level"),
    [
        (timedelta(0), "messages_waiting", "green"),
        (timedelta(minutes=16), "messages_late", "amber"),
        (timedelta(hours=25), "messages_late", "red"),
    ],
)
def test_a_message_that_waits_too_long_is_told(
    office: SampleOffice, late: timedelta, code: str, level: str
) -> None:
    assert "messages_none" in found(office)
    now = office.clock()
    with office.database.transaction() as transaction:
        contact = transaction.one(
            Statement(
                insert(table(Contact))
                .values(account_id=office["clerk"], channel="web", address="x", added_at=now)
                .returning(table(Contact).c.id)
            )
        )
        transaction.run(
            Statement(
                insert(table(Message)).values(
                    key="k", contact_id=contact.id, status="owed", sealed=False, attempts=0,
                    next_at=now, created_at=now,
                )
            )
        )  # fmt: skip
    assert level == found(office, now=now + late)[code].level


def test_a_secret_that_others_can_read_is_red(sqlite_office: SampleOffice) -> None:
    secret = sqlite_office.home / "broker_url"
    secret.touch(0o644)
    settings = load_settings({"GONGKAI_HOME": str(sqlite_office.home)})
    checks = examine(
        settings, logins=sqlite_office.home / "none.json", config=None, secrets=[secret]
    )
    assert "secret_open_to_all" in {check.code for check in checks}
