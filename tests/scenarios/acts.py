"""Acts as other processes do them: functions of an office, found by their names."""

from __future__ import annotations

import os
import signal
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NoReturn

from tests.service.sample_office import CIVIL, upload
from workflow.guards import Role, Wish
from workflow.jobs import JOBS, run_job
from workflow.machine import Action

if TYPE_CHECKING:
    from tests.service.sample_office import SampleOffice


def perform(
    office: SampleOffice,
    item: int,
    /,
    action: Action,
    by: str,
    *,
    seen: int | str,
    key: str | None = None,
    **said: Any,
) -> dict[str, Any]:
    """Do something on the strength of what was seen."""
    return office.service.perform(item, action, office[by], seen=seen, wish=Wish(**said), key=key)


def revise(
    office: SampleOffice, item: int, by: str, seen: int | str, title: str | None = None
) -> dict[str, Any]:
    """Change a draft's title; without one, record the text as the redaction that was asked for."""
    changes = {} if title is None else {"title": title}
    return office.service.revise(item, office[by], changes, seen=seen, redaction=title is None)


def enter(office: SampleOffice, by: str, body: str, *, submit: bool = True) -> dict[str, Any]:
    """Enter an item with an attachment, and submit it."""
    return office.service.create(
        office[by],
        office.fields(body=body),
        department=CIVIL,
        uploads=[upload("附表.txt", body.encode())],
        submit=submit,
    )


def correct(office: SampleOffice, item: int, by: str, seen: int) -> dict[str, Any]:
    """Open the next edition of an item."""
    return office.service.correct(item, office[by], change_note="样例说明", seen=seen)


def deliver(office: SampleOffice, item: int) -> dict[str, Any]:
    """Deliver what is owed for an item, as a worker does."""
    sent = office.deliver(item)
    return {"result": sent and sent.result, "error": sent and sent.error and sent.error.code}


def recall_and_edit(office: SampleOffice, item: int, by: str, seen: int) -> dict[str, Any]:
    """Take an item back, change it and submit it again."""
    answer = perform(office, item, Action.RECALL, by, seen=seen, reason="样例理由")
    answer = revise(office, item, by, answer["version"], "样例：悄悄改过的标题")
    return perform(office, item, Action.SUBMIT, by, seen=answer["version"])


def disable(office: SampleOffice, by: str, name: str) -> dict[str, Any]:
    """Disable a person."""
    return office.accounts.set_enabled(office[by], name, enabled=False)


def grant(office: SampleOffice, name: str) -> dict[str, Any]:
    """Give somebody one more role."""
    return office.accounts.grant(office["admin"], name, Role.CLERK, body=CIVIL)


def add(office: SampleOffice, name: str) -> dict[str, Any]:
    """Add a person."""
    return office.accounts.add(office["admin"], name, display_name="样例：新人")


def reset(office: SampleOffice, name: str) -> dict[str, Any]:
    """Give a person a new password."""
    return office.accounts.reset(office["admin"], name)


def confirm_purge(office: SampleOffice, target: str) -> dict[str, Any]:
    """Confirm a purge that was asked for."""
    return office.bureau.confirm_purge(office["supervisor"], target)


def submit_all(office: SampleOffice, items: list[int]) -> None:
    """Submit several items, one after the other."""
    for item in items:
        office.act(item, Action.SUBMIT, "clerk")


def sign_and_seal_all(office: SampleOffice, items: list[int]) -> None:
    """Sign and seal several items, one after the other."""
    for item in items:
        office.decide(item)
        office.decide(item)


def die_running(office: SampleOffice, name: str) -> None:
    """Be killed in the middle of a run of a job, as a worker is that runs out of memory."""

    def die(*_: object) -> NoReturn:
        os.kill(os.getpid(), signal.SIGKILL)
        raise AssertionError

    (job,) = (job for job in JOBS if job.name == name)
    run_job(office.app, replace(job, run=die))
