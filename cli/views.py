"""How things look to people: an item, a list, a trail, a difference."""

from __future__ import annotations

import difflib
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from cli.output import Cell, could_act, moment

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from cli.output import Printer
    from cli.session import Session

SHORT: Final = 12
"""So much of a digest is shown where room is short; a command needs the whole of it."""
_COLOURS: Final[Mapping[str, str]] = {
    "draft": "bright_black",
    "pending": "yellow",
    "referred": "yellow",
    "cleared": "cyan",
    "publishing": "cyan",
    "published": "green",
    "publication_failed": "red",
    "withheld": "magenta",
    "on_request_only": "magenta",
}
_SYSTEM: Final = "system"
_CONTENT: Final = (
    "document_number",
    "formed_on",
    "category",
    "theme",
    "genre",
    "keywords",
    "attribute",
    "ground",
    "attribute_reason",
    "normative",
    "effective_on",
    "expires_on",
    "channels",
    "body_format",
    "summary",
)
"""The published fields that an item is shown with, in this order."""
_CODED: Final = frozenset({"attribute", "body_format", "formed_on_basis"})
_OF_EVENT: Final = (
    "code",
    "reason",
    "ground",
    "basis",
    "register_number",
    "outcome",
    "reassess_on",
    "question",
    "addressee",
    "answer",
    "reply",
    "replied_on",
    "reference",
    "answer_due",
    "settlement",
    "account",
    "found",
    "by",
    "point",
    "list",
    "waiver",
    "handed_over_on",
    "gap_days",
    "met_on",
    "publish_at",
    "attempts",
    "error",
    "explanation",
    "status",
    "from_on",
)
"""What of an entry of the trail is told in its line; the rest is in the document."""


def place(session: Session, state: str, stage: str | None) -> str:
    """Return where an item is, in words."""
    name = session.label("state", state)
    if stage is None:
        return name
    return session.text("at_stage", state=name, stage=session.label("stage", stage))


def place_of(session: Session, row: Mapping[str, Any]) -> Cell:
    """Return where the item of a row is, in its colour; its policy names the stage."""
    name = session.label("state", row["state"])
    if row.get("stage_title"):
        title = row["stage_title"][session.language]
        name = session.text("at_stage", state=name, stage=title)
    if row.get("needs_migration"):
        note = session.text("policy.outcome.needs_migration")
        name = session.text("in_brackets", value=name, note=note)
    if row.get("review_owed"):
        owed = session.text("review.owed", stage=row["owed_stage_title"][session.language])
        name = session.text("in_brackets", value=name, note=owed)
    if row.get("duty"):
        name = session.text("in_brackets", value=name, note=session.text(f"{row['duty']}.owed"))
    if row.get("validity") not in (None, "in_force"):
        note = session.label("validity", row["validity"])
        name = session.text("in_brackets", value=name, note=note)
    if row["publish_at"]:
        note = session.text("publish.scheduled", at=moment(row["publish_at"]))
        name = session.text("in_brackets", value=name, note=note)
    return Cell(name, _COLOURS.get(row["state"]))


def voided(session: Session, stages: Sequence[str]) -> str:
    """Return the names of stages whose decisions were voided."""
    return session.text("joint").join(session.label("stage", stage) for stage in stages)


def show_list(
    session: Session, printer: Printer, rows: Sequence[Mapping[str, Any]], total: int
) -> None:
    """Print items as a table, and how many there are in all."""
    if not rows:
        printer.say("list.empty")
        return
    headings = [session.text(f"list.{name}") for name in ("at", "place", "title", "body", "formed")]
    shown = [
        (
            Cell(str(row["at"]), "bold"),
            place_of(session, row),
            Cell(titled(session, row)),
            Cell(row["body_name"]),
            Cell(str(row["formed_on"] or "")),
        )
        for row in rows
    ]
    printer.table(headings, shown, caption=count(session, len(rows), total))


def titled(session: Session, row: Mapping[str, Any]) -> str:
    """Return the title of a row's item, marked if it is restricted."""
    if not row["restricted"]:
        return str(row["title"])
    return session.text("list.restricted", title=row["title"])


def count(session: Session, shown: int, total: int, *, counted: int = 10_000) -> str:
    """Say how many rows are shown, and how many there are; beyond ``counted`` nobody counts."""
    if shown >= total:
        return session.text("list.all", total=total)
    if total > counted:
        return session.text("list.more_than", shown=shown, total=counted)
    return session.text("list.some", shown=shown, total=total)


def show_item(session: Session, printer: Printer, shown: Mapping[str, Any]) -> None:
    """Print an item whole: what it is, what it says, what was decided, and whose turn it is."""
    content: Mapping[str, Any] = shown["content"] or {}
    printer.line(Cell(str(shown["at"]), "bold"), "  ", Cell(str(shown["title"]), "bold"))
    printer.line("")
    printer.pairs(_facts(session, shown, content))
    printer.line("")
    if shown["content"] is None:
        printer.say("show.purged", style="yellow", at=moment(shown["purged_at"]))
    else:
        printer.line(Cell(session.text("show.body"), "dim"))
        for line in content["body"].rstrip("\n").split("\n"):
            printer.paragraph(line, indent=2)
    if shown["decisions"]:
        printer.line("")
        _show_decisions(session, printer, shown["decisions"])
    if shown["consultations"]:
        printer.line("")
        show_consultations(session, printer, shown["consultations"], item=shown["item"])
    printer.line("")
    _show_next(session, printer, shown)


def _facts(
    session: Session, shown: Mapping[str, Any], content: Mapping[str, Any]
) -> Iterator[tuple[str, Cell | str | None]]:
    yield session.text("show.state"), place_of(session, shown)
    yield session.label("field", "index_number"), shown["index_number"]
    yield session.label("field", "publishing_body"), f"{shown['body_name']} ({shown['body']})"
    for name in _CONTENT:
        value = field_value(session, name, content)
        yield session.label("field", name), _named(session, shown, name, value) if value else value
    for number, file in enumerate(content.get("attachments", ())):
        label = session.label("field", "attachments") if number == 0 else " "
        yield label, f"{file['name']}  {file['size']:,} B  sha256 {file['sha256'][:SHORT]}"
    if shown["restricted"]:
        yield session.text("show.restricted"), session.text("yes")
    yield session.text("show.authors"), _names(session, shown["authors"])
    yield session.text("show.revision"), str(shown["revision"])
    yield session.text("show.digest"), shown["digest"]
    yield session.text("show.policy"), shown["policy"]
    yield session.text("show.submitted"), moment(shown["submitted_at"])
    yield session.text("show.published"), moment(shown["published_at"])
    yield from _related(session, shown)


def _related(session: Session, shown: Mapping[str, Any]) -> Iterator[tuple[str, Cell | str | None]]:
    """Give the other items that an item has to do with."""
    if edition := shown["edition"]:
        yield (
            session.text("show.edition"),
            session.text(
                "show.corrects",
                number=edition["number"],
                corrects=edition["corrects"],
                note=edition["change_note"] or "—",
            ),
        )
    if shown["corrected_by"]:
        yield session.text("show.corrected_by"), str(shown["corrected_by"])
    for number, other in enumerate(shown["same_as"]):
        yield (
            session.text("show.same_as") if number == 0 else " ",
            f"{other['at']}  {other['title']}",
        )
    yield from _validity(session, shown)
    if urgent := shown["urgent"]:
        yield (
            session.text("show.urgent"),
            session.text(
                "show.urgent_by",
                at=moment(urgent["at"]),
                first=urgent["by_name"],
                second=urgent["confirmed_by_name"],
                words=urgent["words"] or "—",
            ),
        )
    for name in ("retracted", "asked"):
        if shown[name] is not None:
            yield session.text(f"show.{name}.{shown[name]['kind']}"), _asked(session, shown[name])
    if shown["reassess_on"]:
        yield session.text("show.reassess"), str(shown["reassess_on"])
    for delivery in shown["deliveries"]:
        yield session.text("show.delivery"), _delivery(session, delivery)


def _validity(
    session: Session, shown: Mapping[str, Any]
) -> Iterator[tuple[str, Cell | str | None]]:
    """Yield how a document stands: what was recorded of it, and what replaces what."""
    if shown["validity"] is not None:
        told = session.label("validity", shown["validity"])
        if shown["validity_since"]:
            told = _changed(
                session, shown["validity"], shown["validity_since"], shown["validity_basis"]
            )
        yield session.text("show.validity"), told
    if shown["not_before"]:
        yield " ", session.text("show.not_before", day=shown["not_before"])
    for row in shown["validity_history"]:
        told = _changed(session, row["status"], row["from_on"], row["basis"])
        yield session.text("show.recorded", at=moment(row["confirmed_at"])), told
    for name in ("replaces", "replaced_by"):
        if shown[name]:
            numbers = (f"{each['item']} {each['index_number'] or ''}" for each in shown[name])
            told = session.text("joint").join(number.strip() for number in numbers)
            yield session.text(f"show.{name}"), told


def _changed(session: Session, status: str, from_on: object, basis: str | None) -> str:
    day = session.text("show.since", status=session.label("validity", status), day=from_on)
    return session.text("in_brackets", value=day, note=basis) if basis else day


def _asked(session: Session, row: Mapping[str, Any]) -> str:
    said = row["words"] or ""
    if row["kind"] == "validity":
        said = _changed(session, row["status"], row["from_on"], row["words"])
    return f"{moment(row['at'])}  {said}".rstrip()


def field_value(session: Session, name: str, content: Mapping[str, Any]) -> str:
    """Return a field of a revision for people; nothing if it says nothing."""
    value = content.get(name)
    if value in (None, [], "", False):
        return ""
    if value is True:
        return session.text("yes")
    if name in _CODED:
        return session.label(name, str(value))
    if name == "formed_on":
        basis = session.label("formed_on_basis", content.get("formed_on_basis"))
        return session.text("in_brackets", value=value, note=basis)
    if name == "channels":
        value = [session.label("channel", channel) for channel in value]
    if name == "attachments":
        value = [f"{file['name']} ({file['sha256'][:SHORT]})" for file in value]
    if isinstance(value, list):
        return session.text("joint").join(str(part) for part in value)
    return str(value)


def _named(session: Session, row: Mapping[str, Any], name: str, value: str = "") -> str:
    """Return a coded value with the name that the item's policy gives it, if it does."""
    return _with_code(session, value or str(row[name]), row.get(f"{name}_title"))


def _with_code(session: Session, code: str, title: Mapping[str, str] | None) -> str:
    if not title:
        return code
    return session.text("in_brackets", value=title[session.language], note=code)


def by(session: Session, row: Mapping[str, Any]) -> str:
    """Return who did something, and in whose place if in somebody's."""
    name = session.label("actor", row["by_name"])
    principal = None if row["by"] == _SYSTEM else row["on_behalf_of_name"]
    return session.text("deputy_for", deputy=name, principal=principal) if principal else name


def outcome(session: Session, came: Mapping[str, Any], said: str) -> str:
    """Return the sentence for what came of a call; a rehearsal begins by saying that it was one."""
    if came.get("dry_run"):
        return session.text("would", said=said)
    return f"{said}  {session.text('repeated')}" if came.get("repeated") else said


def introduce(printer: Printer, came: Mapping[str, Any]) -> None:
    """Print what goes before the lines of an answer that only rehearsed, or was given before."""
    for flag in ("dry_run", "repeated"):
        if came.get(flag):
            printer.say(flag)


def _names(session: Session, people: Sequence[Mapping[str, str]]) -> str:
    return session.text("joint").join(f"{who['display_name']} ({who['name']})" for who in people)


def _delivery(session: Session, delivery: Mapping[str, Any]) -> str:
    words = [
        session.label("channel", delivery["channel"]),
        session.label("delivery_status", delivery["status"]),
    ]
    if delivery["status"] == "owed":
        words.append(session.text("show.next_try", at=moment(delivery["next_at"])))
    if delivery["error"]:
        words.append(session.text("show.last_failure", problem=delivery["error"]))
    return session.text("joint").join(words)


def _show_decisions(
    session: Session, printer: Printer, decisions: Sequence[Mapping[str, Any]]
) -> None:
    headings = [
        session.text(f"decision.{name}") for name in ("at", "stage", "action", "by", "notes")
    ]
    rows = []
    for row in decisions:
        gone = row["voided_at"] is not None
        style = "dim" if gone else None
        notes = list(_notes(session, row))
        if gone:
            notes.insert(0, session.text("decision.voided", at=moment(row["voided_at"])))
        rows.append(
            (
                Cell(moment(row["at"]), style),
                Cell(row["stage_title"][session.language], style),
                Cell(session.label("action", row["action"]), style),
                Cell(by(session, row), style),
                Cell(session.text("joint").join(notes), style),
            )
        )
    printer.line(Cell(session.text("show.decisions"), "dim"))
    printer.table(headings, rows)


def show_consultations(
    session: Session,
    printer: Printer,
    consultations: Sequence[Mapping[str, Any]],
    *,
    item: int | None = None,
) -> None:
    """Print what other bodies were asked, what they said, and what still holds publication back.

    Of several items, which the rows name, or of one ``item``, and then with what is to be done.
    """
    headings = [
        session.text(f"consultation.{name}")
        for name in ("number", "body", "standing", "due", "question")
    ]
    several = any("item" in row for row in consultations)
    if several:
        headings.insert(0, session.text("list.at"))
    rows = [
        (
            *((Cell(f"{row['item']['at']}  {titled(session, row['item'])}"),) if several else ()),
            Cell(str(row["consultation"]), "bold"),
            Cell(row["body_name"] or "—"),
            Cell(
                session.text("joint").join(_standing(session, row)),
                "red" if row["holds_back"] else None,
            ),
            Cell(str(row["due_on"])),
            Cell(session.text("joint").join(_said(session, row))),
        )
        for row in consultations
    ]
    printer.line(Cell(session.text("consultation.heading"), "dim"))
    printer.table(headings, rows)
    if several:
        return
    # The stage of an item does not tell whose turn it is here, nor by which command.
    for row in consultations:
        step = _step_of(row)
        if step is not None:
            name = row["body_name"] or "—"
            asked = f"--body {row['body']}" if row["body"] else f"--outside {name}"
            told = session.text(
                f"consultation.next.{step}",
                number=row["consultation"], item=item, body=name, asked=asked,
            )  # fmt: skip
            printer.paragraph(told, style="dim")


def _step_of(row: Mapping[str, Any]) -> str | None:
    """Return what has to be done next about a consultation; ``None`` if nothing has."""
    if row["standing"] == "open":
        return "reply" if row["body"] else "record"
    if not row["holds_back"]:
        return None
    return "settle" if row["standing"] in ("silent", "objected") else "again"


def _standing(session: Session, row: Mapping[str, Any]) -> Iterator[str]:
    yield session.label("standing", row["standing"])
    if not row["blocking"]:
        yield session.text("consultation.advisory")
    if row["about_earlier_version"]:
        yield session.text("consultation.earlier")
    if row["holds_back"]:
        yield session.text("consultation.holds_back")


def _said(session: Session, row: Mapping[str, Any]) -> Iterator[str]:
    yield row["question"] or "—"
    for kind in ("reply", "settlement", "withdrawn"):
        if (said := row[kind]) is not None:
            words = said.get("text") or said.get("reason")
            # Nobody has to say more than that they agree.
            words = words or (session.label(kind, said[kind]) if kind in said else "—")
            yield session.text("in_brackets", value=words, note=said["by_name"])
            if said.get("reference"):
                yield session.text("detail.reference", value=said["reference"])


def _notes(session: Session, row: Mapping[str, Any]) -> Iterator[str]:
    if row["waiver"]:
        yield session.text("decision.waiver", number=row["waiver"])
    if row["register_number"]:
        yield session.text("decision.register", value=row["register_number"])
    if row["outcome"]:
        yield session.label("outcome", row["outcome"])
    if row["ground"]:
        ground = _named(session, row, "ground")
        yield session.text("decision.ground", value=ground, basis=row["basis"] or "—")
    details: Mapping[str, Any] = row["details"]
    if details.get("to"):
        yield session.text("decision.to", value=session.label("stage", details["to"]))
    if row["code"]:
        yield _named(session, row, "code")
    for name in ("question", "addressee", "answer"):
        if details.get(name):
            yield str(details[name])
    yield from (str(part) for part in details.get("redactions", ()))
    if row["reason"]:
        yield str(row["reason"])
    yield session.text("decision.on", digest=row["digest"][:8])


def _show_next(session: Session, printer: Printer, shown: Mapping[str, Any]) -> None:
    following: Mapping[str, Any] | None = shown["next"]
    if following is None:
        return
    show_nobody(session, printer, following)
    if following["people"]:
        role = session.label("role", following["role"])
        printer.say("show.next", role=role, people=_names(session, following["people"]))
    printer.say("show.why", style="dim", item=shown["item"])


def show_nobody(session: Session, printer: Printer, following: Mapping[str, Any] | None) -> None:
    """Say that an item waits for somebody whom there is not, and who can help; else nothing."""
    if following is not None and not following["people"]:
        key = "show.next_barred" if following["held"] else "show.next_nobody"
        role = session.label("role", following["role"])
        printer.paragraph(session.text(key, role=role), style="red")


def show_trail(session: Session, printer: Printer, entries: Sequence[Mapping[str, Any]]) -> None:
    """Print an item's trail, one entry a line."""
    headings = [session.text(f"history.{name}") for name in ("seq", "at", "by", "event", "details")]
    rows = [
        (
            str(entry["seq"]),
            moment(entry["at"], seconds=True),
            by(session, entry),
            Cell(session.label("event", entry["event"]), "bold"),
            session.text("joint").join(_told(session, entry)),
        )
        for entry in entries
    ]
    printer.table(headings, rows)


def _told(session: Session, entry: Mapping[str, Any]) -> Iterator[str]:
    details: Mapping[str, Any] = entry["details"] | entry["said"]
    if details.get("to"):
        yield "→ " + _place_told(session, str(details["to"]))
    if details.get("old_digest") and details.get("stage"):
        yield session.label("stage", details["stage"])
    if details.get("formed_on"):
        # A corrected date has a basis of its own, which is no article of law.
        basis = session.label("formed_on_basis", details["basis"])
        day = f"{details.get('old') or '—'} → {details['formed_on']}"
        yield session.text("in_brackets", value=day, note=basis)
        details = {**details, "basis": None}
    for name in _OF_EVENT:
        value = details.get(name)
        if value not in (None, [], ""):
            yield session.text(f"detail.{name}", value=_detail(session, entry, name, value))
    if details.get("rungs") and "clock" in details:
        steps = session.text("joint").join(_step(session, rung) for rung in details["rungs"])
        yield session.text("detail.told", clock=_clock(session, details), steps=steps)
    for clock in details.get("clocks", ()):
        if clock["did"] == "moved":
            name = session.label("clock", clock["clock"])
            yield session.text("detail.moved", clock=name, old=clock["from"], new=clock["due"])


def _clock(session: Session, details: Mapping[str, Any]) -> str:
    """Return the name of the law's clock, or of the desk whose budget it is."""
    if details.get("stage"):
        return session.label("stage", details["stage"])
    return session.label("clock", details["clock"])


def _step(session: Session, rung: str) -> str:
    """Return what a rung of the ladder is called: ``T-5``, ``T-0``, ``T+3``, ``W2``."""
    if rung.startswith("W"):
        return session.text("detail.step.weekly", weeks=rung[1:])
    if not rung.startswith("T"):
        return session.text(f"detail.step.{rung}")
    days = int(rung[1:])
    side = "after" if days > 0 else "before" if days else "on"
    return session.text(f"detail.step.{side}", days=abs(days))


def _detail(session: Session, entry: Mapping[str, Any], name: str, value: Any) -> str:
    if name in ("code", "ground"):
        return _named(session, entry, name, str(value))
    if name == "found":
        return session.text("joint").join(
            _with_code(session, code, entry["found_titles"].get(code)) for code in value
        )
    if name in ("outcome", "reply", "settlement"):
        return session.label(name, value)
    if name == "by":
        return session.label("action", value)
    if name == "status":
        return session.label("validity", value)
    if name == "publish_at":
        return moment(datetime.fromisoformat(value))
    if isinstance(value, list):
        return session.text("joint").join(str(part) for part in value)
    return str(value)


def _place_told(session: Session, told: str) -> str:
    state, _, stage = told.partition(":")
    return place(session, state, stage or None)


def differences(
    old: Mapping[str, Any], new: Mapping[str, Any]
) -> tuple[list[dict[str, Any]], list[str]]:
    """Compare two revisions: the published fields that differ, and the body as a unified diff."""
    fields = [
        {"field": name, "old": old.get(name), "new": new.get(name)}
        for name in new
        if name not in ("body", "format") and old.get(name) != new.get(name)
    ]
    lines = difflib.unified_diff(
        old["body"].splitlines(), new["body"].splitlines(), "old", "new", lineterm=""
    )
    return fields, list(lines)[2:]


def show_difference(
    session: Session, printer: Printer, fields: Sequence[Mapping[str, Any]], body: Sequence[str]
) -> None:
    """Print what :func:`differences` found."""
    if not fields and not body:
        printer.say("diff.same")
        return
    for changed in fields:
        name = changed["field"]
        printer.line(Cell(session.label("field", name), "bold"))
        for sign, side, style in (("-", "old", "red"), ("+", "new", "green")):
            value = field_value(session, name, {name: changed[side]})
            printer.line(Cell(f"{sign} {value}", style))
    if body:
        printer.line(Cell(session.label("field", "body"), "bold"))
    for line in body:
        printer.line(Cell(line, {"+": "green", "-": "red", "@": "cyan"}.get(line[:1])))


def show_possibilities(
    session: Session, printer: Printer, possibilities: Sequence[Mapping[str, Any]]
) -> None:
    """Print for each action whether the reader may, what it needs, and who else could."""
    for possible in possibilities:
        name = session.label("action", possible["action"])
        verb = possible["command"]
        if possible["allowed"]:
            mark, style = session.text("why.may"), "green"
        else:
            mark, style = session.text("why.may_not"), "red"
        printer.line(Cell(mark, style), Cell(name, "bold"), "  ", Cell(f"gongkai {verb}", "dim"))
        for reason in possible["refusals"]:
            printer.paragraph(str(reason["message"]), indent=4)
        people = _once(reason["who"] for reason in possible["refusals"] if reason.get("who"))
        if people:
            printer.line("    ", Cell(could_act(people, session.language), "dim"))
        if possible["allowed"] and possible["needs"]:
            needs = session.text("joint").join(
                session.text(f"needs.{need}") for need in possible["needs"]
            )
            printer.line("    ", session.text("why.needs", needs=needs))
        if possible["waiver"]:
            marked = session.text("why.waiver", number=possible["waiver"])
            printer.line("    ", Cell(marked, "yellow"))


def _once(groups: Iterator[Sequence[Mapping[str, str]]]) -> list[Mapping[str, str]]:
    return list({who["name"]: who for people in groups for who in people}.values())
