"""Changing the policy of an office: what it would do to every item under way, and doing it."""

from __future__ import annotations

from collections import deque
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from cli.bulk import opened
from cli.commands import argument, changing, command, option
from cli.output import Answer, Cell
from cli.views import introduce
from workflow.errors import InvalidInput, NotFound

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from cli.output import Printer
    from cli.session import Session
    from workflow.policy import Policy
    from workflow.timekeeping import PolicyPlan

_T = TypeVar("_T")
_FORMATS: Final = ("csv", "xlsx", "jsonl")
_COLUMNS: Final = (
    "item", "place", "policy", "outcome", "there", "keeps", "voids", "owes", "schedule", "clocks",
)  # fmt: skip
_DEFAULT_LIMIT: Final = 50
_COLOURS: Final = {"moves": "yellow", "needs_migration": "red", "waits": "yellow"}


def policy_named(name: str) -> Policy:
    """Return a shipped policy by its code, or the one in a file."""
    from workflow import policy  # noqa: PLC0415 # it is not small, and most commands need none

    if name in policy.SHIPPED:
        return policy.shipped(name)
    if Path(name).exists():
        return policy.load(Path(name))
    raise NotFound("no_such_policy", name=name, known=policy.SHIPPED)


@command("plan")
@argument("policy", metavar="CODE|FILE")
@option("--keep-open", is_flag=True)
@option("--limit", type=click.IntRange(1), default=_DEFAULT_LIMIT, show_default=True)
@option("--offset", type=click.IntRange(0), default=0)
@option("--all", "all_", is_flag=True)
@option("--output", metavar="FILE", type=Path)
def policy_plan(session: Session, policy: str, **given: Any) -> Answer:
    """Say what using another policy would do to every item under way; changes nothing."""
    rules, output = policy_named(policy), given["output"]
    form = output.suffix.lower().lstrip(".") if output is not None else None
    if form is not None and form not in _FORMATS:
        raise InvalidInput("row_file_unknown", path=str(output), known=_FORMATS)
    plan = session.app.timekeeper.plan_policy(session.me, rules, keep_open=given["keep_open"])
    with session.progress("policy.planning", plan.total) as bar:
        every = _stepping(plan.rows, bar.step)
        if output is not None and form is not None:
            rows: list[dict[str, Any]] = []
            _write(session, rules, every, output, form)
        else:
            end = None if given["all_"] else given["offset"] + given["limit"]
            rows = list(islice(every, given["offset"], end))
            # Of what is not shown nothing is kept, however much there is.
            deque(every, maxlen=0)
    data = _document(rules, plan) | {"rows": rows, "file": str(output) if output else None}

    def show(printer: Printer) -> None:
        _show_counts(session, printer, data)
        for row in rows:
            _show_row(session, printer, rules, row)
        if output is not None:
            printer.say("export.done", count=data["items"], path=str(output))
        elif len(rows) < data["items"]:
            printer.say("policy.more", shown=len(rows), count=data["items"])
        if data["changed"]:
            printer.say("policy.apply_it", policy=policy, plan=data["plan"])

    return Answer(data, show)


@command("apply")
@argument("policy", metavar="CODE|FILE")
@option("--reason", metavar="TEXT", required=True)
@option("--plan", metavar="DIGEST")
@option("--keep-open", is_flag=True)
@changing
def policy_apply(
    session: Session, policy: str, *, dry_run: bool, idempotency_key: str | None, **given: Any
) -> Answer:
    """Use another policy from now on, and carry over to it what is under way."""
    rules = policy_named(policy)
    keeper, keep_open = session.app.timekeeper, given["keep_open"]
    total = keeper.plan_policy(session.me, rules, keep_open=keep_open).total
    with session.progress("policy.applying", total) as bar:
        came = keeper.apply_policy(
            session.me,
            rules,
            reason=given["reason"],
            keep_open=keep_open,
            plan=given["plan"],
            step=bar.step,
            key=idempotency_key,
            dry_run=dry_run,
        )

    def show(printer: Printer) -> None:
        introduce(printer, came)
        _show_counts(session, printer, came)
        key = "policy.would_apply" if came.get("dry_run") else "policy.applied"
        if came["changed"]:
            printer.say(key, code=came["code"], version=came["version"], count=came["items"])

    return Answer(came, show)


def _document(rules: Policy, plan: PolicyPlan) -> dict[str, Any]:
    """Return what a plan comes to, when it was gone through."""
    outcomes = dict(plan.tally.counts)
    return {
        "changed": plan.tally.changes,
        "code": rules.code,
        "version": rules.version,
        "digest": rules.digest,
        "plan": plan.tally.digest,
        "items": sum(outcomes.values()),
        "outcomes": outcomes,
    }


def _show_counts(session: Session, printer: Printer, data: Mapping[str, Any]) -> None:
    if not data["changed"]:
        printer.say("policy.nothing_changes", code=data["code"], version=data["version"])
    for outcome in sorted(data["outcomes"]):
        count = str(data["outcomes"][outcome])
        printer.line(
            Cell(count.rjust(7), "bold"),
            "  ",
            Cell(session.text(f"policy.outcome.{outcome}"), _COLOURS.get(outcome)),
        )


def _show_row(session: Session, printer: Printer, rules: Policy, row: Mapping[str, Any]) -> None:
    told = _told(session, rules, row)
    where = told["place"]
    if told["there"] != where:
        where = f"{where} → {told['there']}"
    printer.line(
        Cell(str(row["item"]), "bold"),
        f"  {where}  ",
        Cell(told["outcome"], _COLOURS.get(row["outcome"])),
    )
    for name in ("keeps", "voids", "owes", "schedule", "clocks"):
        if told[name]:
            printer.paragraph(f"{session.text(f'policy.row.{name}')}  {told[name]}", indent=4)


def _told(session: Session, rules: Policy, row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row of a plan in words for people."""
    joint = session.text("joint")

    def stages(names: list[str]) -> str:
        return joint.join(_stage(session, rules, name) for name in names)

    return {
        "item": row["item"],
        "place": _place(session, rules, row["state"], row["stage"]),
        "policy": row["policy"],
        "outcome": session.text(f"policy.outcome.{row['outcome']}"),
        "there": _place(session, rules, row["to_state"], row["to_stage"]),
        **{name: stages(row[name]) for name in ("keeps", "voids", "owes")},
        "schedule": session.text("policy.schedule_dropped") if row["drops_schedule"] else "",
        "clocks": joint.join(
            session.text(
                f"policy.clock.{each['did']}",
                clock=session.label("clock", each["clock"]),
                due=str(each["due"]),
            )
            for each in row["clocks"]
        ),
    }


def _place(session: Session, rules: Policy, state: str, stage: str | None) -> str:
    name = session.label("state", state)
    if stage is None:
        return name
    return session.text("at_stage", state=name, stage=_stage(session, rules, stage))


def _stage(session: Session, rules: Policy, name: str) -> str:
    """Return a stage as the new policy calls it, or as it was called."""
    known = rules.find_stage(name) is not None
    return rules.stage_title(name, session.language) if known else session.label("stage", name)


def _stepping(rows: Iterable[_T], step: Callable[[], None]) -> Iterator[_T]:
    for row in rows:
        step()
        yield row


def _write(
    session: Session, rules: Policy, rows: Iterable[dict[str, Any]], output: Path, form: str
) -> None:
    """Write a whole plan to a file, row by row."""
    from workflow.spreadsheets import row_writer  # noqa: PLC0415 # heavier than most commands

    columns = {name: session.text(f"policy.row.{name}") for name in _COLUMNS}
    with opened(output) as target:
        writer = row_writer(target, form, columns, made_at=session.app.runtime.clock())
        for row in rows:
            writer.write(row if form == "jsonl" else _told(session, rules, row))
        writer.close()
