"""Settings: where they come from, and that a wrong one is named instead of ending as a bug."""

from __future__ import annotations

import re
from dataclasses import asdict, fields
from typing import TYPE_CHECKING

import pytest

from workflow.channels import SiteIdentity
from workflow.errors import InvalidInput
from workflow.messages import LANGUAGES, explain
from workflow.settings import MAX_BYTES, bootstrap, load_settings, origins

if TYPE_CHECKING:
    from pathlib import Path

DEEP = ".".join("a" * 20_000)


@pytest.mark.parametrize(
    ("name", "value", "chinese"),
    [
        ("LANG", "fr", "只能是规定的值（zh, en）"),
        ("METRICS_PORT", "0", "低于下限（1）"),
        ("METRICS_PORT", "70000", "超过上限（65535）"),
        ("METRICS_PORT", "x", "须为整数"),
        ("BODY_BYTES", "1.5", "须为整数"),
        ("ALERT_WEB", "maybe", "须为 true 或者 false"),
        ("ALERT_TIMEOUT_SECONDS", "soon", "须为数字"),
        ("NOW", "soon", "须为 2017-01-20T09:00:00+08:00 这样的时间"),
        ("NOW", "2017-01-20T09:00:00", "须写明时区"),
        ("NOW", "1066-01-20T09:00:00Z", "年份不在范围之内（1949–2999）"),
        ("PING_URL", "ftp://sample.example", "须以 http:// 或者 https:// 开头"),
    ],
)
def test_what_is_wrong_with_a_setting_is_told_in_both_languages(
    name: str, value: str, chinese: str
) -> None:
    with pytest.raises(InvalidInput) as caught:
        load_settings({f"GONGKAI_{name}": value})
    (told,), (english,) = (explain(caught.value, language) for language in LANGUAGES)
    assert chinese in told["message"]
    assert "setting_wrong" == told["code"] == english["code"]
    assert english["message"].startswith(f"The setting GONGKAI_{name} cannot be")
    assert not re.search("[\u3400-\u9fff]", english["message"])


@pytest.mark.parametrize(
    "name",
    ["a?b", "a#b", "a b", "a%20b", "a%b", "样 例", "a?mode=ro&uri=true", "file:x", "a:b@c", "a\\b"],
)
def test_a_data_directory_may_be_called_anything(tmp_path: Path, name: str) -> None:
    home = tmp_path / name
    home.mkdir()
    settings = load_settings({"GONGKAI_HOME": str(home)})
    app = bootstrap(settings, channel="test", create=True)
    app.database.upgrade()
    app.database.dispose()
    assert home / "gongkai.db" == settings.database_file
    assert (home / "gongkai.db").is_file()


def test_a_server_has_no_file() -> None:
    settings = load_settings({"GONGKAI_DATABASE_URL": "postgresql://localhost/gongkai"})
    assert settings.database_file is None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (f"lang = {'[' * 20_000}{']' * 20_000}", "file_not_toml"),
        (f"session_hours = {'9' * 20_000}", "file_not_toml"),
        (f"home.{DEEP} = 1", "setting_wrong"),
        ("home = ['x']", "setting_wrong"),
        ("home = 1", "setting_wrong"),
        ("session_hours = nan", "setting_wrong"),
        ("# " + "x" * MAX_BYTES, "file_too_large"),
        ("colour = 'red'", "setting_unknown"),
        (b"lang = '\xff'", "file_not_utf8"),
    ],
    ids=["lists", "digits", "tables", "list", "number", "nan", "large", "unknown", "bytes"],
)
def test_a_file_that_cannot_be_used_is_named(tmp_path: Path, text: str | bytes, code: str) -> None:
    path = tmp_path / "settings.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(InvalidInput) as refusal:
        load_settings({"GONGKAI_CONFIG": str(path)})
    assert code == refusal.value.code
    assert len(str(refusal.value)) < 1000


@pytest.mark.parametrize(
    "now", ["2017-01-20T09:00:00", "0001-01-01T00:00:00+08:00", "9999-12-31T23:59:59-08:00"]
)
def test_an_instant_that_is_none_everywhere_is_refused(now: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        load_settings({"GONGKAI_NOW": now})
    assert "setting_wrong" == refusal.value.code


@pytest.mark.parametrize("kib", ["8", "31"])
def test_passwords_get_as_much_memory_as_argon2_needs_at_all(kib: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        load_settings({"GONGKAI_PASSWORD_MEMORY_KIB": kib})
    assert "setting_wrong" == refusal.value.code


def test_the_least_memory_will_do(tmp_path: Path) -> None:
    environment = {"GONGKAI_HOME": str(tmp_path), "GONGKAI_PASSWORD_MEMORY_KIB": "32"}
    app = bootstrap(load_settings(environment), channel="test", create=True)
    hashed = app.accounts.hash_password("yangli mima", name="somebody")
    app.database.dispose()
    assert "m=32," in hashed


def test_whatever_is_set_of_the_site_is_shown_on_it(tmp_path: Path) -> None:
    names = {field.name for field in fields(SiteIdentity)} - {"language", "rehearsal"}
    wanted = {name: f"https://{name.replace('_', '-')}.example/" for name in names}
    environment = {f"GONGKAI_SITE_{name.upper()}": value for name, value in wanted.items()}

    settings = load_settings({"GONGKAI_HOME": str(tmp_path), **environment})
    app = bootstrap(settings, channel="test", create=True)
    shown = asdict(app.site_identity)
    app.database.dispose()

    assert wanted == {name: shown[name] for name in names}


# -- secrets in files of their own ----------------------------------------------------------------


def test_a_secret_may_stand_alone_in_a_file(tmp_path: Path) -> None:
    file = tmp_path / "database_url"
    file.write_text("postgresql://gongkai:secret@postgres/gongkai\n", "utf-8")
    environment = {"GONGKAI_DATABASE_URL_FILE": str(file)}
    settings = load_settings(environment)
    assert "postgresql://gongkai:secret@postgres/gongkai" == settings.database_address
    (told,) = [
        each for each in origins(settings, environment) if each.name == "GONGKAI_DATABASE_URL"
    ]
    assert ("***", "secret_file", True) == (told.value, told.origin, told.secret)


@pytest.mark.parametrize(
    ("content", "more", "code"),
    [
        (None, {}, "file_missing"),
        (b"\n", {}, "secret_empty"),
        (b"\xff", {}, "file_not_utf8"),
        (b"redis://localhost", {"GONGKAI_BROKER_URL": "redis://other"}, "setting_twice"),
    ],
)
def test_a_secret_that_is_not_to_be_had_stops_the_call_without_showing_it(
    tmp_path: Path, content: bytes | None, more: dict[str, str], code: str
) -> None:
    file = tmp_path / "broker_url"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(InvalidInput) as caught:
        load_settings({"GONGKAI_BROKER_URL_FILE": str(file)} | more)
    assert code == caught.value.code
    assert "redis://" not in str(caught.value)


def test_only_what_is_secret_is_read_from_files(tmp_path: Path) -> None:
    (tmp_path / "name").write_text("样例网站", "utf-8")
    settings = load_settings({"GONGKAI_SITE_NAME_FILE": str(tmp_path / "name")})
    assert "" == settings.site_name
