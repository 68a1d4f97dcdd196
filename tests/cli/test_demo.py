"""The demonstration: what a newcomer sees first."""

from __future__ import annotations

import re
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from cli.demo import ADMIN, CAST, MARKER
from tests.cli.desk import Desk

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.desk import Result

REPORT: Final = resources.files("workflow").joinpath("samples/annual_report_2016.md")

# The play is given twice, for all of these tests together.
pytestmark = pytest.mark.xdist_group("demo")


@pytest.fixture(scope="module")
def stand(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """Give a desk at which nothing is set up, the same for all tests."""
    return Desk(tmp_path_factory.mktemp("demo"), now=None)


@pytest.fixture(scope="module")
def kept(stand: Desk) -> Result:
    """Give what was seen of a demonstration that was kept, in the place of an earlier one."""
    (stand.place / "here" / "data").mkdir(parents=True)
    for name in (MARKER, "notes.txt", "data/gongkai.db"):
        (stand.place / "here" / name).touch()
    return stand.run(None, "--lang", "zh", "demo", "--keep", "here")


@pytest.fixture(scope="module")
def apart(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """Give a desk at which nothing happens but a demonstration in a directory of its own."""
    desk = Desk(tmp_path_factory.mktemp("apart"), now=None)
    (desk.place / "temporary").mkdir()
    return desk


@pytest.fixture(scope="module")
def document(apart: Desk) -> Result:
    """Give the answer for programs."""
    variables = {"TMPDIR": str(apart.place / "temporary")}
    return apart.spawn(None, "--json", "demo", environment=variables)


@pytest.fixture
def page(stand: Desk, kept: Result) -> Path:
    """Give the published page, whose path is the last line."""
    return stand.place / kept.out.splitlines()[-1]


def test_the_demonstration_ends_with_the_path_of_the_page(kept: Result, page: Path) -> None:
    assert (0, "") == (kept.status, kept.err)
    assert page.is_file()


def test_the_page_holds_the_text_of_the_report_and_says_that_it_is_a_sample(page: Path) -> None:
    shown = re.sub(r"\s+", "", re.sub(r"<[^>]+>", "", page.read_text("utf-8")))
    lines = (re.sub(r"[\s#]+", "", line) for line in REPORT.read_text("utf-8").splitlines())
    paragraphs = [line for line in lines if re.match("[一-鿿（]", line)]
    assert len(paragraphs) > 10
    assert [] == [line for line in paragraphs if line not in shown]
    assert "样例" in shown
    assert "演练" in shown


def test_what_is_withheld_is_not_on_the_site(page: Path) -> None:
    site = page.parents[3]
    assert "site" == site.name
    pages = [path.read_text("utf-8") for path in site.rglob("*.html")]
    assert [] == [text for text in pages if "临时救助对象名册" in text]


@pytest.mark.parametrize(
    "word",
    [
        "样例",
        "演练库：以下内容仅供演练",
        "gongkai sign-off 1",
        "退回",
        "已发布",
        "不予公开",
        "两个期限",
        "2026-12-04 due 2027-01-04 provisional",
        "逾期 1 项",
        "已逾期 1 个工作日",
        "已确认 1 条提醒",
        "YL-LIBRARY/2017-0001",
        "已建立第 2 版草稿",
        "已被新版取代",
        "gongkai confirm-retraction 5",
        "全部 4 条记录链完整",
    ],
)
def test_the_demonstration_shows(kept: Result, word: str) -> None:
    assert word in kept.out


def test_a_refused_self_approval_is_shown(kept: Result) -> None:
    scene = kept.out.partition("四、")[2].partition("五、")[0]
    assert "✗" in scene
    assert "您拟写、修改或者提交过该信息" in scene


def test_every_person_and_body_of_the_play_is_a_sample(stand: Desk, kept: Result) -> None:
    assert {True} == {person.name.startswith("样例") for person in (ADMIN, *CAST)}
    environment = _variables(stand, kept)
    login = ("login", ADMIN.account, "--password-stdin", "--print-token")
    token = stand.run(None, *login, given=ADMIN.password, **environment).out.strip()
    bodies = stand.json(None, "organisation", "show", GONGKAI_TOKEN=token, **environment).data
    assert [] == [body for body in bodies if "样例" not in body["name"] or not body["sample"]]


def _variables(stand: Desk, kept: Result) -> dict[str, str]:
    """Return the variables that the last lines tell one to set."""
    lines = [line.strip() for line in kept.out.splitlines() if line.startswith("  export ")]
    return dict(line.removeprefix("export ").replace("'", "").split("=", 1) for line in lines)


def test_one_can_go_on_where_a_kept_demonstration_ended(stand: Desk, kept: Result) -> None:
    environment = _variables(stand, kept)
    assert {"GONGKAI_ALERT_DIRECTORY", "GONGKAI_HOME", "GONGKAI_NOW"} == set(environment)
    for person in (ADMIN, *CAST):
        assert person.password in kept.out
        login = ("login", person.account, "--password-stdin")
        assert 0 == stand.run(None, *login, given=person.password, **environment).status


def test_what_an_earlier_demonstration_left_is_replaced_and_nothing_else(
    stand: Desk, kept: Result
) -> None:
    assert 0 == kept.status
    left = {path.name for path in (stand.place / "here").iterdir()}
    assert {MARKER, "notes.txt", "data", "people", "files", "mail", "copy"} == left


def test_programs_are_given_the_page_the_directory_and_the_accounts(
    apart: Desk, document: Result
) -> None:
    data = document.data
    assert "" == document.err
    assert {"ok", "data"} == set(document.document)
    assert data["rehearsal"] is True
    assert Path(data["page"]).is_relative_to(apart.place / "temporary")
    assert Path(data["page"]).is_file()
    assert {person.account for person in (ADMIN, *CAST)} == {
        account["name"] for account in data["accounts"]
    }


def test_no_other_data_is_touched(apart: Desk, document: Result) -> None:
    assert document.status == 0
    assert ["temporary"] == [path.name for path in apart.place.iterdir()]


@pytest.mark.parametrize(
    ("make", "status", "code"),
    [
        (lambda path: (path.mkdir(), (path / "notes.txt").touch()), 2, "demo_foreign"),
        (lambda path: path.touch(), 75, "directory_unwritable"),
    ],
)
def test_a_place_that_is_not_a_demonstration_s_is_left_as_it_is(
    bare: Desk, make: Callable[[Path], object], status: int, code: str
) -> None:
    make(bare.place / "there")
    before = sorted(bare.place.rglob("*"))
    refused = bare.json(None, "demo", "--keep", "there")
    assert (status, [code]) == (refused.status, refused.codes)
    assert before == sorted(bare.place.rglob("*"))
