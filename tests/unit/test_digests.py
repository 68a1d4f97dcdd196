"""What digests say, to the letter, in both languages."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from typing import Final

import pytest

from workflow.alerts import NO_ADDRESS
from workflow.audiences import NOBODY
from workflow.digests import MOST, Composed, Digest, Entry, Urgency, command, compose, say, width
from workflow.dispatching import (
    ADDRESS_REFUSED,
    ALERT_QUARANTINED,
    CHANNEL_FAILING,
    MESSAGE_QUARANTINED,
)
from workflow.enforcement import QUARANTINED
from workflow.host_clock import JUMPED
from workflow.jobs import BEAT_SILENT
from workflow.messages import LANGUAGES, Language, known

OVERDUE: Final = Entry(
    alert=7,
    urgency=Urgency.OVERDUE,
    event="overdue",
    item=12,
    index_number="YL-CIVIL-2017-00012",
    title="样例：低保<b>标准</b> & 说明",
    stage="部门领导审核",
    clock="online",
    due_on=date(2017, 2, 13),
    days=-3,
    act="why",
)
ENTRIES: Final = (
    replace(OVERDUE, alert=9, urgency=Urgency.NOTICE, event="returned", act="submit", title=None),
    OVERDUE,
    replace(
        OVERDUE,
        alert=8,
        urgency=Urgency.DUE_TODAY,
        item=3,
        index_number="YL-CIVIL-2017-00003",
        due_on=date(2017, 2, 16),
        days=0,
        act="sign-off",
        title=None,
    ),
    replace(OVERDUE, alert=10, restricted=True),
    Entry(
        alert=11,
        urgency=Urgency.OPERATIONS,
        event="no_address",
        act="doctor",
        facts={"subject": "account:3", "job": "dispatch_alerts", "recipient": "yl.yi"},
    ),
)
ZH: Final = """\
您好！样例区政务公开办公室有以下事项需要您知悉或办理：

【已逾期】
  #12  YL-CIVIL-2017-00012  上网公开  部门领导审核  期限 2017-02-13  逾期 3 个工作日
      样例：低保<b>标准</b> & 说明
      查看停在何处：gongkai why 12
  （限定范围的事项）        上网公开  期限 2017-02-13  逾期 3 个工作日
      查看：gongkai alerts

【今日到期】
  #3  YL-CIVIL-2017-00003  上网公开  部门领导审核  期限 2017-02-16  今日到期
      请审核签字：gongkai show 3，阅后 gongkai sign-off 3

【通知】
  #12  YL-CIVIL-2017-00012  已退回（部门领导审核）
      请修改并提交：gongkai show 12，阅后 gongkai submit 12

【运行告警】
  yl.yi 没有可用的联系方式，收不到提醒。请登记：gongkai contact set
      请检查系统：gongkai doctor

另有 2 项，请用 gongkai alerts 查看

知悉后请运行下面的命令确认。确认后不再重复提醒；到期仍未办结的，照常逐级上报。
  gongkai alerts ack 7 8 10
"""
EN: Final = """\
From 样例区政务公开办公室, for you:

OVERDUE
  #12  YL-CIVIL-2017-00012  online  部门领导审核  due 2017-02-13  working days late: 3
      样例：低保<b>标准</b> & 说明
      see who holds it: gongkai why 12
  (a restricted item)       online  due 2017-02-13  working days late: 3
      look at it: gongkai alerts

DUE TODAY
  #3  YL-CIVIL-2017-00003  online  部门领导审核  due 2017-02-16  due today
      sign it off: gongkai show 3, and then gongkai sign-off 3

NOTICES
  #12  YL-CIVIL-2017-00012  returned (部门领导审核)
      complete and submit it: gongkai show 12, and then gongkai submit 12

FAULTS OF THE SYSTEM
  yl.yi is reached by no channel: gongkai contact set
      look at the system: gongkai doctor

and 2 more: gongkai alerts

Say that you know, with the command below. It will not be repeated to you; \
what is still not done goes up to the next step all the same.
  gongkai alerts ack 7 8 10
"""


def composed(*entries: Entry, language: Language = "zh", **more: object) -> Composed:
    """Compose a digest of some entries."""
    digest = Digest(
        language=language,
        office="样例区政务公开办公室",
        rehearsal=False,
        fresh=entries or ENTRIES,
    )
    return compose(replace(digest, **more))  # type: ignore[arg-type] # named by the tests


class Reader(HTMLParser):
    """Reads what a page shows, and which tags it has."""

    def __init__(self, page: str) -> None:
        """Read ``page``."""
        super().__init__()
        self.words: list[str] = []
        self.tags: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: object) -> None:  # noqa: ARG002 # the protocol
        """Note a tag."""
        self.tags.add(tag)

    def handle_data(self, data: str) -> None:
        """Note words."""
        self.words.append(data)


@pytest.mark.parametrize(("language", "letter"), [("zh", ZH), ("en", EN)])
def test_a_letter_tells_everything_most_urgent_first(language: Language, letter: str) -> None:
    assert letter == composed(language=language, more=2).text


def test_subject_and_chat_count_what_there_is() -> None:
    told = composed()
    subject = "【样例区政务公开办公室】逾期 2 项，今日到期 1 项，通知 1 项，运行告警 1 项"
    assert (subject, subject) == (told.subject, told.short.partition("\n")[0])


@pytest.mark.parametrize("facts", [{"state": "pending", "stage": "final"}, {"state": "cleared"}])
def test_a_notice_about_a_restricted_item_says_no_stage(facts: dict[str, str]) -> None:
    entry = replace(
        OVERDUE, urgency=Urgency.NOTICE, event="inbox", restricted=True, facts=facts, act="publish"
    )
    assert ("有新的待办（—）", "new in your inbox (—)") == (say(entry, "zh"), say(entry, "en"))


def test_what_goes_by_chat_and_to_programs_holds_no_title_and_nothing_of_the_restricted() -> None:
    told = composed(OVERDUE, replace(OVERDUE, alert=10, item=44, restricted=True))
    for words in (told.short, repr(told.data)):
        assert "低保" not in words
        assert "44" not in words
    assert [12] == [entry["item"] for entry in told.data["entries"]]
    assert 1 == told.data["more"]
    assert "另有 1 项" in told.short


def test_titles_with_markup_are_words_and_no_markup() -> None:
    page = Reader(composed().html)
    assert "样例：低保<b>标准</b> & 说明" in "".join(page.words)
    assert "b" not in page.tags


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_tells_what_the_letter_tells(language: Language) -> None:
    told = composed(language=language, more=2)
    shown = "".join(Reader(told.html).words)
    for line in told.text.splitlines():
        for part in line.split("  "):
            assert part.strip() in shown


def test_of_very_many_fifty_are_told_and_the_others_counted() -> None:
    many = [replace(OVERDUE, alert=number, item=number) for number in range(1, 71)]
    told = composed(*many, standing=many, more=5)
    assert (MOST, 0, 20 + 70 + 5) == (
        len(told.data["entries"]),
        len(told.data["standing"]),
        told.data["more"],
    )
    assert "逾期 70 项" in told.subject


def test_what_was_told_before_stands_below_what_is_new() -> None:
    standing = replace(OVERDUE, alert=2, item=5)
    told = composed(OVERDUE, standing=(standing,))
    lines = told.text.splitlines()
    heading = lines.index("此前已提醒、尚未办结的：")
    assert ["#12", "#5"] == [
        next(line.split()[0] for line in part if line.strip().startswith("#"))
        for part in (lines[:heading], lines[heading:])
    ]


def test_what_needs_no_answer_asks_for_none() -> None:
    notice = replace(OVERDUE, urgency=Urgency.NOTICE, event="returned")
    told = composed(notice)
    assert ("alerts ack" in told.text, "alerts ack" in told.html) == (False, False)


def test_what_was_told_before_is_acknowledged_by_the_same_command() -> None:
    told = composed(OVERDUE, standing=(replace(OVERDUE, alert=2, item=5),))
    assert "  gongkai alerts ack 2 7" == told.text.splitlines()[-1]


@pytest.mark.parametrize(
    ("language", "words"), [("zh", "报责任追究组"), ("en", "to the accountability group")]
)
def test_a_step_that_goes_to_a_group_says_to_which(language: Language, words: str) -> None:
    raised = replace(OVERDUE, group="accountability")
    assert [False, True] == [words in say(each, language) for each in (OVERDUE, raised)]


FAULTS: Final[dict[str, dict[str, object]]] = {
    NOBODY: {"role": "department_head", "body": 7, "at": "YL-CIVIL"},
    NO_ADDRESS: {"recipient": "yl.yi"},
    QUARANTINED: {"problem": "sample"},
    CHANNEL_FAILING: {"channel": "email", "problem": "alert_login_refused"},
    ADDRESS_REFUSED: {"channel": "email", "recipient": "yl.yi"},
    ALERT_QUARANTINED: {"problem": "KeyError"},
    MESSAGE_QUARANTINED: {"problem": "KeyError"},
    JUMPED: {"other": "database", "seconds": 400},
    "job_late": {"job": "dispatch_alerts"},
    BEAT_SILENT: {"since": "2026-07-01T08:00:00+00:00"},
    "calendar_missing": {"year": 2027, "horizon": "2026-12-31", "provisional": 3},
    "trail_broken": {"count": 1, "subject": "item:3"},
    "broker_forgets": {"place": "127.0.0.1:6379"},
    "broker_unchecked": {"place": "127.0.0.1:6379"},
}


@pytest.mark.parametrize("code", FAULTS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_fault_is_told_in_words_without_a_gap(code: str, language: Language) -> None:
    facts = {"job": "enforce_deadlines", "subject": "deadline:1", **FAULTS[code]}
    fault = Entry(alert=11, urgency=Urgency.OPERATIONS, event=code, facts=facts)
    told = say(fault, language)
    assert (True, False, False) == (known(f"digest.fault.{code}"), "—" in told, code in told)


def test_a_fault_whose_facts_are_not_there_is_told_all_the_same() -> None:
    fault = Entry(alert=11, urgency=Urgency.OPERATIONS, event=JUMPED)
    assert "本机时钟跳变 — 秒，后台任务已停止" == say(fault, "zh")


def test_a_rehearsal_says_so() -> None:
    told = composed(rehearsal=True)
    assert ("演练" in told.subject, "演练" in told.text, "演练" in told.html) == (True,) * 3


def test_an_event_that_nobody_has_words_for_is_told_by_its_code() -> None:
    unknown = replace(OVERDUE, urgency=Urgency.NOTICE, event="something_new")
    assert "something_new" in composed(unknown).text


def test_columns_line_up_where_chinese_is_broad() -> None:
    lines = [line for line in composed().text.splitlines() if "2017-02-13" in line]
    assert 1 == len({width(line[: line.index("上网公开")]) for line in lines})


@pytest.mark.parametrize("urgency", Urgency)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_urgency_has_a_heading_and_a_count(urgency: Urgency, language: Language) -> None:
    assert known(f"digest.heading.{urgency}")
    assert known(f"digest.count.{urgency}")
    facts = {"subject": "x"}
    entry = replace(OVERDUE, urgency=urgency, event="returned", facts=facts)
    assert composed(entry, language=language).text


def test_a_command_names_the_item_where_it_is_about_one() -> None:
    assert "gongkai seal 12" == command(replace(OVERDUE, act="seal"))
    assert "gongkai password" == command(replace(OVERDUE, act="password"))
    assert command(replace(OVERDUE, act=None)) is None
