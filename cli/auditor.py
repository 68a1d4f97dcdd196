"""What an auditor does: check the trail, and note its heads down."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from cli.commands import command, group, option
from cli.output import DONE, REFUSED, Answer

if TYPE_CHECKING:
    from cli.output import Printer
    from cli.session import Session


@command("verify")
def verify(session: Session) -> Answer:
    """Walk every chain of the trail and say whether it is whole."""
    office, me = session.app.office, session.me
    total = len(office.trail_heads(me))
    sound = 0
    faults: list[dict[str, Any]] = []
    with session.progress("audit.walking", total) as progress:
        for found in office.verify_trail(me):
            progress.step()
            problem = getattr(found, "problem", None)
            if problem is None:
                sound += 1
                continue
            fault = {"subject": found.subject, "seq": found.seq, "problem": problem}
            what = getattr(found, "what", "")
            faults.append(fault | ({"what": what} if what else {}))
    errors = [
        {
            "code": "trail_broken",
            "message": session.text(
                "audit.broken",
                **fault | {"problem": session.label("problem", fault["problem"])},
            ),
            "params": fault,
        }
        for fault in faults
    ]

    def show(printer: Printer) -> None:
        if not faults:
            printer.say("audit.sound", style="green", chains=sound)

    data = {"chains": sound + len(faults), "sound": sound, "faults": faults}
    return Answer(data, show, errors=errors, status=REFUSED if faults else DONE)


@command("head")
def head(session: Session) -> Answer:
    """Print the head of every chain, to be written down elsewhere."""
    found = session.app.office.trail_heads(session.me)
    heads = [{"subject": end.subject, "seq": end.seq, "hash": end.hash} for end in found]

    def show(printer: Printer) -> None:
        headings = [session.text(f"audit.{name}") for name in ("subject", "seq", "hash")]
        printer.table(headings, [(end.subject, str(end.seq), end.hash) for end in found])

    return Answer(heads, show)


@command("export")
@option("--subject", metavar="SUBJECT")
def export(session: Session, subject: str | None) -> Answer:
    """Print the trail, one entry a line as JSON, each with what its hash covers."""
    entries = session.app.office.export_trail(session.me, subject)
    if session.for_programs:
        return Answer(list(entries))
    count = 0
    for entry in entries:
        # Line by line as they are read: a trail is longer than memory.
        session.out.stream.write(json.dumps(entry, ensure_ascii=False, default=_plain) + "\n")
        count += 1
    return Answer({"entries": count}, told=True)


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    raise TypeError(value)


audit = group("audit", verify, head, export)
COMMANDS: Final = (audit,)
