"""A restored backup: nothing leaves, no number and no login comes back, until released (F25).

The office works, is backed up, works on, and is then put back: on SQLite as a copy of the file, on
PostgreSQL with the server's own programs. The site and the journal stay what they are.
"""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

import pytest
from sqlalchemy import insert, select, update

from tests import servers
from tests.service.sample_office import PASSWORD, SampleOffice, upload
from workflow.database import Statement
from workflow.errors import InvalidInput, NotSignedIn, Refused
from workflow.machine import Action, State
from workflow.models import Alert, Contact, Message, Office, table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

REASON: Final = "样例：磁盘损坏后恢复"
_office = table(Office)
_message, _alert, _contact = table(Message), table(Alert), table(Contact)
TAKE_NUMBER: Final = Statement(
    update(_office).values(sent_seq=_office.c.sent_seq + 1).returning(_office.c.sent_seq)
)


@dataclass
class Backup:
    """A copy of an office's database and attachments, made as docs/how-to/back-up.md says."""

    office: SampleOffice
    directory: Path

    @classmethod
    def of(cls, office: SampleOffice, directory: Path) -> Backup:
        """Copy first the database and then the attachments, while the office works."""
        directory.mkdir(mode=0o700)
        if office.database.is_sqlite:
            with closing(sqlite3.connect(office.home / "gongkai.db")) as connection:
                connection.execute("VACUUM INTO ?", [str(directory / "gongkai.db")])
        else:
            dump = directory / "gongkai.dump"
            run("pg_dump", "--format=custom", f"--file={dump}", office.address)
        office.app.blobs.directory.mkdir(exist_ok=True)
        shutil.copytree(office.app.blobs.directory, directory / "blobs")
        return cls(office, directory)

    def restore(self) -> SampleOffice:
        """Put them back where nothing is left of them; journal and site stay as they are."""
        office = self.office
        office.close()
        shutil.rmtree(office.home / "blobs")
        shutil.copytree(self.directory / "blobs", office.home / "blobs")
        if office.database.is_sqlite:
            for file in office.home.glob("gongkai.db*"):
                file.unlink()
            shutil.copyfile(self.directory / "gongkai.db", office.home / "gongkai.db")
            return office.again()
        address = servers.create_database(office.address)
        dump = self.directory / "gongkai.dump"
        run("pg_restore", "--exit-on-error", "--no-owner", f"--dbname={address}", str(dump))
        return SampleOffice.open(address, office.home, now=office.clock())


def run(program: str, *arguments: str) -> None:
    """Run a program that came with the PostgreSQL server."""
    subprocess.run([servers.postgres_tool(program), *arguments], check=True, timeout=60)


@dataclass
class Drill:
    """Makes backups of one office and restores them."""

    office: SampleOffice
    directory: Path
    restored: list[SampleOffice]

    def back_up(self) -> Backup:
        """Back the office up."""
        return Backup.of(self.office, self.directory)

    def restore(self, backup: Backup) -> SampleOffice:
        """Put a backup back and open the office on it."""
        self.restored.append(backup.restore())
        return self.restored[-1]


@pytest.fixture
def drill(office: SampleOffice, tmp_path: Path) -> Iterator[Drill]:
    """Give what backs the office up, and remove what was restored."""
    made = Drill(office, tmp_path / "backup", [])
    yield made
    for restored in made.restored:
        restored.close()
        if restored.address != office.address:
            servers.drop_database(office.address, restored.address)


def send(office: SampleOffice, key: str) -> None:
    """Do what a sender does before a message leaves: a number in the row, then in the journal."""
    with office.database.transaction() as transaction:
        seq = transaction.one(TAKE_NUMBER).sent_seq
    office.app.journal.note(seq, key, office.clock())


def owe(office: SampleOffice, key: str, *, unbound: bool = False) -> tuple[int, int]:
    """Owe somebody a message with one alert, or only the alert; return their numbers."""
    now = office.clock()
    with office.database.transaction() as transaction:
        contact = transaction.one(
            Statement(
                insert(_contact)
                .values(
                    account_id=office["head"], channel="mail", address=key, added_at=now,
                    removed_at=now,
                )
                .returning(_contact.c.id)
            )
        ).id  # fmt: skip
        message = None
        if not unbound:
            message = transaction.one(
                Statement(
                    insert(_message)
                    .values(
                        key=key, contact_id=contact, status="owed", sealed=True, attempts=0,
                        next_at=now, created_at=now,
                    )
                    .returning(_message.c.id)
                )
            ).id  # fmt: skip
        alert = transaction.one(
            Statement(
                insert(_alert)
                .values(
                    key=f"alert-{key}", kind="notice", event="returned", role="drafter",
                    account_id=office["head"], channel="mail", contact_id=contact, facts="{}",
                    late=False, raised_at=now, not_before=now, status="owed", message_id=message,
                )
                .returning(_alert.c.id)
            )
        ).id  # fmt: skip
    return message or 0, alert


def status(office: SampleOffice, model: Any, number: int) -> tuple[str, str | None]:
    """Return how a message or an alert stands, and why."""
    with office.database.read() as connection:
        row = connection.execute(select(model).where(model.c.id == number)).one()
    return str(row.status), row.error if model is _message else row.why


def sign_in(office: SampleOffice, name: str) -> str:
    """Sign in a moment later and return the token."""
    office.clock.advance(timedelta(minutes=1))
    token: str = office.accounts.login(name, PASSWORD)[0]
    return token


def release(office: SampleOffice, **given: Any) -> dict[str, Any]:
    """Release what is held, as an administrator."""
    return office.app.restoring.release(office["admin"], reason=REASON, **given)


def number_of(office: SampleOffice, item: int) -> str:
    """Return an item's index number."""
    return str(office.row(item).index_number)


def register_number(office: SampleOffice, item: int) -> str:
    """Return the number that the seal's use had in the register."""
    return str(next(row.register_number for row in office.decisions(item) if row.register_number))


# -- F25 ------------------------------------------------------------------------------------------


def test_f25_a_restored_backup_does_nothing_until_it_is_released(  # noqa: PLR0915 # one story
    office: SampleOffice, drill: Drill
) -> None:
    # Before the backup: something published, something on its way, a login, a message.
    published = office.carry(office.draft(uploads=[upload("附表.txt", b"1,2")]), to="published")
    cleared = office.item_at("cleared")
    publishing = office.item_at("publishing")
    stolen = sign_in(office, "admin")
    send(office, "before")
    message, alert = owe(office, "owed-at-backup")
    _, unbound = owe(office, "not-yet-bound", unbound=True)
    backup = drill.back_up()

    # After it: more is published and numbered, a message leaves, the login is ended.
    office.clock.advance(timedelta(hours=1))
    office.accounts.logout(stolen)
    later = office.item_at("published")
    lost = number_of(office, later)
    lost_register = register_number(office, later)
    office.carry(cleared, to="published")
    send(office, "owed-at-backup")
    send(office, "made-after-backup")
    office.clock.advance(timedelta(hours=1))

    restored = drill.restore(backup)
    assert ["sending_held"] == restored.events()[-1:]

    # Nothing is sent, no number is given, and no login from before lives.
    with pytest.raises(NotSignedIn) as caught:
        restored.accounts.session(stolen)
    assert "token_before_restore" == caught.value.code
    with restored.refused("sending_held"):
        restored.app.publisher.dispatch()
    with restored.refused("sending_held"):
        restored.deliver(publishing)
    with restored.refused("sending_held"):
        restored.service.publish_due()
    with restored.refused("sending_held"):
        restored.act(cleared, Action.PUBLISH, "publisher")
    draft = restored.draft(changes={"title": "样例：恢复之后", "body": "样例：恢复之后的正文"})
    with restored.refused("sending_held"):
        restored.act(draft, Action.SUBMIT, "clerk")

    # The administrator looks; nothing changes.
    with restored.unchanged():
        found = restored.app.restoring.examine(restored["admin"])
    assert (True, "restored", 1, 3) == (
        found["held"], found["why"], found["sent_seq"], found["journal_seq"],
    )  # fmt: skip
    assert [lost] == found["site"]["unknown"]
    assert [number_of(restored, cleared)] == found["site"]["unpublished"]
    assert [number_of(restored, publishing)] == found["site"]["owed"]
    assert [] == found["site"]["missing"] + found["site"]["different"]
    assert [int(lost[-5:])] == [row["seen"] for row in found["numbers"]]
    assert ([message], [alert, unbound], 1) == (
        found["messages"], found["alerts"], found["unknown_messages"],
    )  # fmt: skip

    # Released: neither old numbers nor old logins nor old messages, and work goes on.
    fresh = sign_in(restored, "admin")
    assert "admin" == restored.accounts.session(fresh).name
    came = release(restored)
    assert (True, 1, 2, 2) == (came["changed"], came["messages"], came["alerts"], came["logins"])
    for token in (stolen, fresh):
        with pytest.raises(NotSignedIn) as caught:
            restored.accounts.session(token)
        assert "token_revoked" == caught.value.code
    assert ("cancelled", "sent_before_restore") == status(restored, _message, message)
    for each in (alert, unbound):
        assert ("expired", "sent_before_restore") == status(restored, _alert, each)
    restored.act(draft, Action.SUBMIT, "clerk")
    assert int(lost[-5:]) < int(number_of(restored, draft)[-5:])
    restored.carry(draft, to="cleared")
    assert lost_register < register_number(restored, draft)
    assert ["published"] == [sent.result for sent in restored.app.publisher.dispatch()]
    assert State.PUBLISHED == restored.row(published).state
    assert [] == restored.faults()

    # Once is enough, and the next start finds nothing any more.
    assert {"held": False, "changed": False} == release(restored)
    again = restored.again()
    assert "sending_released" == again.events()[-1]
    assert again.app.restoring.examine(again["admin"])["held"] is False
    again.close()


def test_a_backup_that_is_not_behind_is_not_held(office: SampleOffice, drill: Drill) -> None:
    send(office, "before")
    restored = drill.restore(drill.back_up())
    assert "sending_held" not in restored.events()
    assert [] == restored.app.publisher.dispatch()


def test_a_process_that_outlives_the_restore_notices_it_before_it_sends(
    office: SampleOffice,
) -> None:
    item = office.item_at("publishing")
    # As if the rows had been put back under a worker that runs on.
    office.app.journal.note(1, "sent-before", office.clock())
    with pytest.raises(Refused) as caught:
        office.deliver(item)
    assert ["sending_held"] == [each.code for each in caught.value.refusals]
    assert State.PUBLISHING == office.row(item).state
    assert "sending_held" == office.events()[-1]


def test_doubtful_messages_are_sent_if_somebody_says_so(office: SampleOffice) -> None:
    message, alert = owe(office, "doubtful")
    office.app.journal.note(5, "doubtful", office.clock())
    office.app.watch.look()
    assert release(office, send_doubtful=True)["sent_again"] is True
    assert ("owed", None) == status(office, _message, message)
    assert ("owed", None) == status(office, _alert, alert)
    with office.database.read() as connection:
        assert 5 == connection.execute(select(_office.c.sent_seq)).scalar_one()


def test_without_a_journal_an_administrator_holds_it_by_hand(office: SampleOffice) -> None:
    old = sign_in(office, "admin")
    office.clock.advance(timedelta(minutes=1))
    restoring, admin = office.app.restoring, office["admin"]
    assert restoring.hold(admin, reason=REASON, dry_run=True)["changed"] is True
    assert [] == office.app.publisher.dispatch()
    assert restoring.hold(admin, reason=REASON)["changed"] is True
    with pytest.raises(NotSignedIn):
        office.accounts.session(old)
    assert restoring.hold(admin, reason=REASON)["changed"] is False
    assert ["sending_held"] == office.events()[-1:]
    with office.refused("sending_held"):
        office.app.publisher.dispatch()
    assert [] == office.faults()


def test_a_text_that_was_purged_since_has_to_be_purged_again(
    office: SampleOffice, drill: Drill
) -> None:
    item = office.item_at("published")
    target = office.row(item).digest
    backup = drill.back_up()
    office.bureau.ask_purge(office["admin"], target, ground="state_secret", reason=REASON)
    office.bureau.confirm_purge(office["supervisor"], target)
    office.app.website.build(office.app.catalogue, open_attachment=office.app.blobs.open)
    send(office, "after")
    restored = drill.restore(backup)
    found = restored.app.restoring.examine(restored["admin"])
    assert [number_of(restored, item)] == found["site"]["purged_since"]


def test_pages_that_are_gone_or_say_something_else_are_found(office: SampleOffice) -> None:
    gone, other = office.item_at("published"), office.item_at("published")
    office.app.website.page(number_of(office, gone)).unlink()
    page = office.app.website.page(number_of(office, other)).with_name("revision.json")
    page.write_bytes(page.read_bytes() + b" ")
    site = office.app.restoring.examine(office["admin"])["site"]
    assert ([number_of(office, gone)], [number_of(office, other)]) == (
        site["missing"],
        site["different"],
    )


@pytest.mark.parametrize("who", ["clerk", "publisher", "supervisor", "auditor"])
def test_nobody_but_an_administrator_looks_holds_or_releases(
    office: SampleOffice, who: str
) -> None:
    restoring, actor = office.app.restoring, office[who]
    calls: tuple[Callable[[], Any], ...] = (
        lambda: restoring.examine(actor),
        lambda: restoring.hold(actor, reason=REASON),
        lambda: restoring.release(actor, reason=REASON),
    )
    for call in calls:
        with office.refused("needs_role"):
            call()


def test_a_release_without_a_reason_or_with_a_wrong_number_is_refused(
    office: SampleOffice,
) -> None:
    office.app.restoring.hold(office["admin"], reason=REASON)
    with office.refused("reason_required"):
        office.app.restoring.release(office["admin"], reason="　")
    with office.refused("skip_wrong", by=InvalidInput):
        release(office, skip=-1)


def test_numbers_that_were_left_out_are_told_from_items_that_were_removed(
    office: SampleOffice,
) -> None:
    office.item_at("cleared")
    office.app.restoring.hold(office["admin"], reason=REASON)
    release(office, skip=7)
    assert [] == office.faults()
    assert number_of(office, office.item_at("cleared")).endswith("00009")
    assert [] == office.faults()
