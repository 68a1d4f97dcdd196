"""Whatever is given or is missing, one clear reason, a documented status, and no change."""

from __future__ import annotations

import resource
import sqlite3
import sys
from contextlib import closing
from typing import TYPE_CHECKING, Any, Final

import pytest
from sqlalchemy import text

from tests.cli.desk import PROGRAM
from tests.service.tampering import unguarded

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Iterator

    from tests.cli.desk import Desk, Template

DESCRIBED: Final = (
    *("--title", "样例公告", "--category", "annual_report"),
    *("--formed-on", "2017-01-10", "--attribute", "proactive"),
)
MASKED: Final = (
    sys.executable,
    "-c",
    # What root may do on top of what the owner may, no longer: else nothing is read-only for it.
    """
import ctypes, os, sys
prctl = getattr(ctypes.CDLL(None), "prctl", lambda *_: 0)
for capability in (1, 2):
    prctl(24, capability, 0, 0, 0)
os.execv(sys.argv[1], sys.argv[1:])
""",
    *PROGRAM,
)
SMALL: Final = 4096
STUB: Final = ("screening_stub", "audit_entry", "office")
"""Where it is noted that something was refused for a mark: its digest and no content."""


def new(desk: Desk, body: str, *more: str, given: str | bytes = "", **settings: str) -> Any:
    return desk.json("clerk", "new", body, *DESCRIBED, *more, given=given, **settings)


@pytest.fixture(scope="module")
def waiting(
    template: Template, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Desk, subprocess.Popen[bytes]]]:
    """Give a command that waits for a database which another program has locked for good.

    It waits for ten seconds, and the tests between here and the last one need not.
    """
    desk = template.copy(tmp_path_factory.mktemp("locked"))
    with closing(sqlite3.connect(desk.home / "gongkai.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with desk.start("clerk", "--json", "submit", "1@1") as process:
            yield desk, process


# -- files ----------------------------------------------------------------------------------------


@pytest.mark.usefixtures("waiting")
@pytest.mark.parametrize(
    ("name", "content", "status", "code"),
    [
        ("gbk.md", "样例正文，旧编码".encode("gb18030"), 2, "body_encoding"),
        ("binary.md", b"\x00\xff\xfe\x89PNG", 2, "body_encoding"),
        ("half.md", "样例".encode()[:-1], 2, "body_encoding"),
        ("half.txt", "\ufeff样例".encode("utf-16-le")[:-1], 2, "body_encoding"),
        ("nul.md", "样\x00例".encode(), 2, "bad_character"),
        ("empty.md", b"", 2, "field_empty"),
        ("blank.md", b" \n\t\n", 2, "field_empty"),
        ("large.md", b"x" * (SMALL + 1), 1, "body_too_large"),
        ("larger.md", b"x" * (SMALL * 4 + 1), 1, "body_too_large"),
        ("report.docx", "样例".encode(), 2, "format_unknown"),
        ("report", "样例".encode(), 2, "format_unknown"),
        ("secret.md", "样例\n机密★\n样例".encode(), 1, "classification_mark"),
    ],
)
def test_a_body_that_will_not_do_is_refused(
    desk: Desk, name: str, content: bytes, status: int, code: str
) -> None:
    desk.file(name, content)
    with desk.unchanged(*STUB):
        refused = new(desk, name, GONGKAI_BODY_BYTES=str(SMALL))
    assert (status, [code]) == (refused.status, refused.codes)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("none.md", "file_missing"),
        ("config.md/below.md", "file_unreadable"),
    ],
)
def test_a_body_that_is_no_file_is_refused(desk: Desk, name: str, code: str) -> None:
    desk.file("config.md", "样例")
    refused = new(desk, name)
    assert (2, [code]) == (refused.status, refused.codes)


def test_a_directory_is_no_body(desk: Desk) -> None:
    (desk.place / "body.md").mkdir()
    refused = new(desk, "body.md")
    assert (2, ["file_unreadable"]) == (refused.status, refused.codes)


def test_a_body_without_an_end_is_too_large(desk: Desk) -> None:
    told = new(desk, "/dev/zero", "--format", "text", GONGKAI_BODY_BYTES=str(SMALL))
    assert (1, ["body_too_large"]) == (told.status, told.codes)
    assert told.document["errors"][0]["params"]["size"] > SMALL


@pytest.mark.parametrize(
    ("content", "options"),
    [
        ("样例正文，旧编码".encode("gb18030"), ("--encoding", "gb18030")),
        ("样例正文".encode("utf-16"), ()),
        (b"\xef\xbb\xbf" + "样例正文".encode(), ()),
    ],
)
def test_a_body_in_another_encoding_is_taken_as_it_says(
    desk: Desk, content: bytes, options: tuple[str, ...]
) -> None:
    item = new(desk, desk.file("body.txt", content), *options).data["item"]
    assert desk.json("clerk", "show", str(item)).data["content"]["body"].startswith("样例正文")


@pytest.mark.parametrize(
    ("attached", "settings", "status", "code"),
    [
        (["none.csv"], {}, 2, "file_missing"),
        (["."], {}, 2, "not_a_file"),
        (["table.csv"], {"GONGKAI_ATTACHMENT_BYTES": "3"}, 1, "attachment_too_large"),
        (["table.csv"], {"GONGKAI_ATTACHMENTS": "0"}, 1, "too_many_attachments"),
        (["b:d.csv"], {}, 2, "file_name_wrong"),
        (["秘密★名单.csv"], {}, 1, "classification_mark"),
    ],
)
def test_a_file_that_cannot_be_attached_is_refused_and_leaves_none_behind(
    desk: Desk, attached: list[str], settings: dict[str, str], status: int, code: str
) -> None:
    (desk.place / "below").mkdir()
    for name in ("table.csv", "below/table.csv", "b:d.csv", "秘密★名单.csv"):
        desk.file(name, "样例,1\n")
    desk.file("body.md", "样例正文，别处没有。")
    files = [word for name in attached for word in ("--attach", name)]
    with desk.unchanged(*STUB):
        refused = new(desk, "body.md", *files, **settings)
    assert (status, [code]) == (refused.status, refused.codes)


def test_two_files_of_one_name_cannot_both_be_attached(desk: Desk) -> None:
    (desk.place / "below").mkdir()
    for name in ("table.csv", "below/Table.csv"):
        desk.file(name, f"样例,{name}\n")
    desk.file("body.md", "样例正文，别处没有。")
    # Whatever was stored before the second one was looked at, `doctor` counts.
    refused = new(desk, "body.md", "--attach", "table.csv", "--attach", "below/Table.csv")
    assert (2, ["attachment_twice"]) == (refused.status, refused.codes)
    assert 9 == desk.json("supervisor", "list").data["total"]


# -- values ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "status", "code"),
    [
        (("--formed-on", "2017-02-29"), 2, "date_wrong"),
        (("--formed-on", "10.1.2017"), 2, "date_wrong"),
        (("--formed-on", "2017-01-21"), 2, "formed_in_future"),
        (("--formed-on", "0001-01-01"), 2, "date_out_of_range"),
        (("--expires-on", "2017-01-01", "--effective-on", "2017-02-01"), 2,
         "expires_before_effective"),
        (("--department", "YL-NONE"), 4, "no_such_body"),
        (("--department", "YL-FINANCE"), 1, "role_missing"),
        (("--department", "YL-CENTRE"), 1, "body_does_not_publish"),
        (("--category", "none"), 2, "unknown_category"),
        (("--channel", "pigeon"), 2, "unknown_channel"),
        (("--attribute", "not-disclosed", "--ground", "none"), 2, "unknown_ground"),
        (("--title", ""), 2, "field_empty"),
        (("--title", "长" * 1000), 1, "field_too_long"),
        (("--title", "两\n行"), 2, "bad_character"),
                (("--reader", "head"), 2, "reader_without_restricted"),
        (("--restricted", "--reader", "nobody"), 4, "no_such_account"),
    ],
)  # fmt: skip
def test_a_value_that_will_not_do_is_refused(
    desk: Desk, options: tuple[str, ...], status: int, code: str
) -> None:
    desk.file("body.md", "样例正文，别处没有。")
    with desk.unchanged():
        refused = new(desk, "body.md", *options)
    assert (status, [code]) == (refused.status, refused.codes)


def test_a_second_entry_of_the_same_text_is_refused_with_the_number_of_the_first(
    desk: Desk,
) -> None:
    desk.file("body.md", "样例正文，别处没有。")
    first = new(desk, "body.md").data["item"]
    with desk.unchanged():
        refused = new(desk, "body.md")
    assert (1, ["duplicate"]) == (refused.status, refused.codes)
    assert first == refused.document["errors"][0]["params"]["item"]
    assert 0 == new(desk, "body.md", "--not-duplicate", "样例理由").status


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"home = 3 3", "file_not_toml"),
        (b"\xff\xfe", "file_not_utf8"),
        (b"colour = true", "setting_unknown"),
        (b"session_hours = 0", "setting_wrong"),
        (None, "file_missing"),
    ],
)
def test_a_configuration_that_will_not_do_is_refused(
    desk: Desk, content: bytes | None, code: str
) -> None:
    if content is not None:
        desk.file("gongkai.toml", content)
    refused = desk.json("clerk", "list", GONGKAI_CONFIG="gongkai.toml")
    assert (2, [code]) == (refused.status, refused.codes)


@pytest.mark.parametrize("address", ["mysql://localhost/x", "sqlite://", "nonsense", "sqlite:///"])
def test_an_address_of_no_database_of_ours_is_refused(desk: Desk, address: str) -> None:
    refused = desk.json("clerk", "list", GONGKAI_DATABASE_URL=address)
    assert (2, ["database_url_wrong"]) == (refused.status, refused.codes)


def test_no_error_tells_the_password_of_the_database(desk: Desk) -> None:
    address = "postgresql://office:open-sesame@127.0.0.1:1/none"
    told = desk.run("clerk", "--debug", "list", GONGKAI_DATABASE_URL=address)
    assert 75 == told.status
    assert "open-sesame" not in told.out + told.err


# -- the database and the disk --------------------------------------------------------------------


def test_a_database_that_is_none_is_told(desk: Desk) -> None:
    for file in desk.home.glob("gongkai.db*"):
        file.unlink()
    refused = desk.json("clerk", "list")
    assert (75, ["no_office_here"]) == (refused.status, refused.codes)
    assert [] == list(desk.home.glob("gongkai.db*"))


@pytest.mark.parametrize("content", [b"x" * 8192, b"SQLite format 3\x00" + b"x" * 8192])
def test_a_file_that_is_no_database_is_told(desk: Desk, content: bytes) -> None:
    for file in desk.home.glob("gongkai.db*"):
        file.unlink()
    (desk.home / "gongkai.db").write_bytes(content)
    refused = desk.json("clerk", "list")
    assert (1, ["database_damaged"]) == (refused.status, refused.codes)
    assert content == (desk.home / "gongkai.db").read_bytes()


def test_an_empty_file_holds_no_office(desk: Desk) -> None:
    for file in desk.home.glob("gongkai.db*"):
        file.unlink()
    (desk.home / "gongkai.db").touch()
    refused = desk.json("clerk", "list")
    assert (75, ["no_office_here"]) == (refused.status, refused.codes)


@pytest.mark.parametrize(("version", "code"), [("0000", "schema_old"), ("9999", "schema_new")])
def test_a_database_of_another_release_is_told(desk: Desk, version: str, code: str) -> None:
    with desk.office() as office, unguarded(office.database) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :it"), {"it": version})
    refused = desk.json("clerk", "list")
    assert (75, [code]) == (refused.status, refused.codes)


def test_in_a_read_only_directory_a_change_is_refused(desk: Desk) -> None:
    for file in desk.home.rglob("*"):
        file.chmod(0o500 if file.is_dir() else 0o400)
    desk.home.chmod(0o500)
    with desk.start("clerk", "--json", "submit", "1@1", program=MASKED) as process:
        out, err = process.communicate()
    assert 75 == process.returncode, err
    assert b'"database_readonly"' in out
    assert b"" == err


def test_no_office_begins_in_a_read_only_directory(bare: Desk) -> None:
    bare.home.mkdir(mode=0o500)
    call = ("--json", "init", "--admin", "boss", "--sample", "--password-stdin")
    refused = bare.spawn(None, *call, given=b"yangli mima 2017\n", program=MASKED)
    assert (75, ["directory_unwritable"]) == (refused.status, refused.codes)
    assert [] == list(bare.home.iterdir())


def test_a_disk_without_room_is_told_and_nothing_changes(desk: Desk) -> None:
    desk.file("body.md", "样例正文，别处没有。" * 1000)
    size = max(file.stat().st_size for file in desk.home.glob("gongkai.db*"))
    small = (resource.RLIMIT_FSIZE, (size // 8, size // 8))
    with desk.unchanged():
        refused = desk.spawn(
            "clerk",
            "--json",
            "new",
            "body.md",
            *DESCRIBED,
            preexec_fn=lambda: resource.setrlimit(*small),
        )
    assert 75 == refused.status, refused
    assert refused.codes[0] in {"disk_full", "disk_error"}


def test_a_disk_without_room_for_an_attached_file_is_told_and_leaves_no_half_of_it(
    desk: Desk,
) -> None:
    desk.file("body.md", "样例正文，别处没有。")
    desk.file("table.csv", b"x" * 3_000_000)
    small = (resource.RLIMIT_FSIZE, (2_000_000, 2_000_000))
    with desk.unchanged():
        refused = desk.spawn(
            "clerk",
            *("--json", "new", "body.md", "--attach", "table.csv"),
            *DESCRIBED,
            preexec_fn=lambda: resource.setrlimit(*small),
        )
    assert (75, ["blob_store_unwritable"]) == (refused.status, refused.codes)


def test_a_site_that_cannot_be_written_puts_the_publication_off(desk: Desk) -> None:
    desk.file("no-directory", "样例")
    told = desk.json("publisher", "publish", "6@6", GONGKAI_SITE_DIRECTORY="no-directory/site")
    (came,) = told.data
    assert ("queued", "publishing") == (came["delivery"], came["state"])
    refused = desk.json("admin", "site", "build", GONGKAI_SITE_DIRECTORY="no-directory/site")
    assert (75, ["site_not_writable"]) == (refused.status, refused.codes)


# -- a trail that somebody has altered ------------------------------------------------------------


@pytest.mark.parametrize(
    ("statement", "seq"),
    [
        ("UPDATE audit_entry SET actor = 'head2' WHERE subject = 'item:3' AND seq = 2", 2),
        ("DELETE FROM audit_entry WHERE subject = 'item:3' AND seq = 2", 2),
        ("DELETE FROM audit_entry WHERE subject = 'item:3' AND seq = 3", 3),
        ("UPDATE audit_entry SET seq = 9 WHERE subject = 'item:3' AND seq = 3", 3),
    ],
)
def test_a_trail_that_was_tampered_with_is_named(desk: Desk, statement: str, seq: int) -> None:
    """S44: the first bad row of the chain."""
    with desk.office() as office, unguarded(office.database) as connection:
        assert 1 == connection.execute(text(statement)).rowcount
    found = desk.json("auditor", "audit", "verify")
    assert (1, ["trail_broken"]) == (found.status, found.codes)
    (fault,) = found.document["data"]["faults"]
    assert ("item:3", seq) == (fault["subject"], fault["seq"])
    told = desk.run("auditor", "--lang", "zh", "audit", "verify")
    assert (1, "") == (told.status, told.out)
    assert f"记录链 item:3 第 {seq} 条" in told.err
    assert 1 == desk.run(None, "doctor", "--trail").status


# -- last, because it has to wait -----------------------------------------------------------------


def test_a_database_that_stays_locked_is_busy_and_nothing_changes(
    waiting: tuple[Desk, subprocess.Popen[bytes]],
) -> None:
    desk, process = waiting
    out, err = process.communicate()
    assert (75, b"") == (process.returncode, err)
    assert b'"database_busy"' in out
    with desk.office() as office:
        assert "draft" == office.place(1)
