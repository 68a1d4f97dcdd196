"""Forms to be printed and signed: delivery list (送交目录表) and hand-over record (交接文据).

One HTML file holds both, a sheet of A4 each or more; a nil return (零报告) is a list with nothing
on it. It loads nothing from elsewhere, every value is escaped, and it shows what the document says
and nothing else.
"""

from __future__ import annotations

from functools import cache, partial
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from workflow.messages import label, text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from jinja2 import Environment

    from workflow.messages import Language

CHINA: Final = ZoneInfo("Asia/Shanghai")


def delivery(document: Mapping[str, Any], language: Language, *, rehearsal: bool) -> str:
    """Return the forms of one delivery list, as ``Deliveries.document`` describes it.

    In a ``rehearsal`` each sheet says that it is one.
    """
    standing = [line for line in document["items"] if line["withdrawn_at"] is None]
    template = _templates().get_template("nil.html" if document["month"] else "delivery.html")
    return template.render(
        list=document,
        standing=standing,
        received=[line for line in standing if line["handed_over_on"] is not None],
        rehearsal=rehearsal,
        lang="zh-CN" if language == "zh" else "en",
        own="" if language == "zh" else "_en",
        say=partial(_say, language),
        label=lambda group, value: label(group, value, language),
    )


def _say(language: Language, key: str, **facts: Any) -> str:
    return text(f"form.{key}", language, **facts)


def _day(instant: datetime) -> str:
    return instant.astimezone(CHINA).date().isoformat()


@cache
def _templates() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined  # noqa: PLC0415 - heavy

    environment = Environment(
        loader=PackageLoader("workflow.forms"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["day"] = _day
    return environment
