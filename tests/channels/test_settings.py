"""Channels from settings: what is set up is there, and what is wrong stops at once, in one line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.channels import peers
from tests.channels.peers import MailServer, WebServer
from tests.channels.test_contract import part, read
from workflow.channels.directory import Directory
from workflow.errors import InvalidInput
from workflow.messages import LANGUAGES, explain
from workflow.settings import Application, bootstrap, load_settings, origins
from workflow.testing import sample_message

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from workflow.messages import Language

WEB = {"dingtalk", "wecom", "feishu", "webhook"}
TO = "sample@sample.example"


def application(home: Path, **environment: str) -> Application:
    named = {f"GONGKAI_{name.upper()}": value for name, value in environment.items()}
    settings = load_settings({"GONGKAI_HOME": str(home)} | named)
    return bootstrap(settings, channel="test", create=True)


@pytest.fixture
def wrong(tmp_path: Path) -> Iterator[list[Application]]:
    made: list[Application] = []
    yield made
    for each in made:
        each.database.dispose()


def test_without_settings_messages_leave_to_the_web_alone(tmp_path: Path) -> None:
    app = application(tmp_path)
    app.database.dispose()

    assert WEB == app.alert_channels.keys()
    assert [*app.alert_channels] == [each.name for each in app.alert_channels.values()]


def test_an_office_may_let_nothing_out_to_the_web(tmp_path: Path) -> None:
    app = application(tmp_path, alert_web="false", alert_directory=str(tmp_path / "out"))
    app.database.dispose()

    assert {"directory"} == app.alert_channels.keys()


def test_what_is_set_up_sends(tmp_path: Path) -> None:
    yes = WebServer(answer=b'{"errcode":0,"code":0}')
    out = tmp_path / "out"
    with peers.mail_server(MailServer()) as mail, peers.web_server(yes) as web:
        app = application(
            tmp_path,
            smtp_url=f"smtp://127.0.0.1:{mail.port}",
            mail_from="样例办公室 <office@sample.example>",
            alert_directory=str(out),
            dingtalk_base_url=web.url,
            wecom_base_url=web.url,
            feishu_base_url=web.url,
            alert_timeout_seconds="10",
        )
        for name, address in (
            ("email", TO),
            ("directory", TO),
            ("dingtalk", "0123456789abcdef"),
            ("wecom", "0123456789abcdef"),
            ("feishu", "0123456789abcdef"),
            ("webhook", f"{web.url}/hook#0123456789abcdef"),
        ):
            channel = app.alert_channels[name]
            channel.send(sample_message(1, to=channel.check(address)))
        app.database.dispose()

    assert [1, 4] == [len(mail.taken), len(web.posted)]
    directory = app.alert_channels["directory"]
    assert isinstance(directory, Directory)
    written = directory.path(sample_message(1, to=TO).key).read_bytes()
    assert part(read(mail.taken[0]), "plain") == part(read(written), "plain")
    assert "office@sample.example" in read(written)["From"]


@pytest.mark.parametrize(
    ("name", "environment"),
    [
        ("SMTP_URL", {"smtp_url": "smtp://user:secret@mail.sample.example:70000"}),
        ("SMTP_URL", {"smtp_url": "mail.sample.example/secret"}),
        ("MAIL_FROM", {"smtp_url": "smtps://mail.sample.example"}),
        ("MAIL_FROM", {"smtp_url": "smtps://mail.sample.example", "mail_from": "office"}),
        ("MAIL_FROM", {"mail_from": "office"}),
        (
            "SMTP_CA_FILE",
            {"smtp_url": "smtps://a.example", "mail_from": TO, "smtp_ca_file": "/nowhere/ca.pem"},
        ),
        (
            "SMTP_CA_FILE",
            {"smtp_url": "smtps://a.example", "mail_from": TO, "smtp_ca_file": "{it}"},
        ),
        ("ALERT_DIRECTORY", {"alert_directory": "{it}"}),
        ("DINGTALK_BASE_URL", {"dingtalk_base_url": "chat.sample.example"}),
        ("WECOM_BASE_URL", {"wecom_base_url": "http://chat.sample.example"}),
        ("FEISHU_BASE_URL", {"feishu_base_url": "https://chat.sample.example/?a=1"}),
        ("FEISHU_BASE_URL", {"feishu_base_url": "https://a b/"}),
        ("ALERT_PROXY", {"alert_proxy": "socks5://user:secret@proxy.sample.example"}),
        ("ALERT_PROXY", {"alert_proxy": "http://user:secret@proxy.sample.example:0"}),
        ("ALERT_PROXY", {"alert_proxy": "http://user:secret@"}),
    ],
)
def test_a_wrong_setting_stops_whoever_would_send_with_one_clear_line(
    name: str, environment: dict[str, str], tmp_path: Path, wrong: list[Application]
) -> None:
    file = tmp_path / "file"
    file.write_text("nothing", "ascii")
    app = application(
        tmp_path, **{key: value.format(it=file) for key, value in environment.items()}
    )
    wrong.append(app)
    with pytest.raises(InvalidInput) as caught:
        _ = app.alert_channels

    assert ("setting_wrong", f"GONGKAI_{name}") == (caught.value.code, caught.value.params["name"])
    for language in LANGUAGES:
        (document,) = explain(caught.value, language)
        assert f"GONGKAI_{name}" in document["message"]
        assert "\n" not in document["message"]
        assert "secret" not in document["message"]


@pytest.mark.parametrize("seconds", ["0", "121", "x", "nan"])
def test_a_time_that_is_none_is_refused_as_the_settings_are_read(seconds: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        load_settings({"GONGKAI_ALERT_TIMEOUT_SECONDS": seconds})
    assert "GONGKAI_ALERT_TIMEOUT_SECONDS" == caught.value.params["name"]


def test_http_to_other_machines_is_a_setting(tmp_path: Path) -> None:
    url = "http://chat.sample.example"
    app = application(tmp_path, wecom_base_url=url, alert_plain_http="true")
    app.database.dispose()

    address = f"{url}/#0123456789abcdef"
    assert address == app.alert_channels["webhook"].check(address)


def test_secrets_of_sending_are_masked_where_settings_are_shown(tmp_path: Path) -> None:
    environment = {
        "GONGKAI_HOME": str(tmp_path),
        "GONGKAI_SMTP_URL": "smtp://office:secret@mail.sample.example",
        "GONGKAI_ALERT_PROXY": "http://office:secret@proxy.sample.example",
    }
    shown = origins(load_settings(environment), environment)

    assert [] == [each for each in shown if "office" in each.value]
    assert {"GONGKAI_SMTP_URL", "GONGKAI_ALERT_PROXY"} <= {
        each.name for each in shown if each.secret
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_wrong_address_is_told_in_words(language: Language, tmp_path: Path) -> None:
    app = application(tmp_path)
    app.database.dispose()
    with pytest.raises(InvalidInput) as caught:
        app.alert_channels["webhook"].check("http://hook.sample.example/#0123456789abcdef")

    (document,) = explain(caught.value, language)
    assert {
        "zh": (
            "“http://hook.sample.example/…”不能用作网络回调的地址：须以 https:// 开头（本机除外）。"
        ),
        "en": (
            'The channel "webhook" has no address "http://hook.sample.example/…": it begins with'
            " https://, unless it is this machine."
        ),
    }[language] == document["message"]
