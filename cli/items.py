"""Naming items on the command line, what was seen of them, and doing one thing to many.

An ITEM is a number or an index number, with ``@VERSION`` if the caller says what was seen. Each of
several items stands alone: one that is refused holds no other one up.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Final

import click

from cli import views
from cli.output import DONE, PARTLY, REFUSED, Answer, Cell, Failure, exit_status, reasons
from workflow.errors import GongkaiError, NotFound, Refusal, Refused, Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from cli.session import Session

    Act = Callable[[int, int | str, str | None], dict[str, Any]]
    """Does something to an item: its number, what was seen, and the key for repeating it."""
    _Target = tuple[int, int | str]

MOST_LINES: Final = 1_000_000
"""The longest list of items that is read from standard input."""


def parts(text: str) -> tuple[str, int | None]:
    """Split ``ITEM@VERSION``; a title or number without a version is left whole."""
    name, at, version = text.rpartition("@")
    if at and name and version.isascii() and version.isdigit():
        return name, int(version[:10])
    return text, None


def find(session: Session, text: str, *, reading: bool) -> int:
    """Return the number of the item that ``text`` names; a prefix of its title for ``reading``."""
    return session.app.queries.resolve(session.me, text.strip(), reading=reading)


def open_item(session: Session, text: str) -> tuple[int, dict[str, Any]]:
    """Return an item that is to be read, with its number, and remember that it was seen."""
    name, version = parts(text)
    number = find(session, name, reading=True)
    shown = session.app.queries.show(session.me, number)
    if version is not None and version != shown["version"]:
        session.err.say("moved_on", style="yellow", item=number, version=shown["version"])
    remember(session, shown)
    return number, shown


def remember(session: Session, shown: dict[str, Any]) -> None:
    """Note which version was shown; who may only read gets to read all the same."""
    try:
        session.app.service.saw(
            session.me, shown["item"], version=shown["version"], digest_=shown["digest"]
        )
    except Unavailable:
        if not session.for_programs:
            session.err.say("sighting_lost", style="yellow")


def listed(names: Sequence[str]) -> tuple[list[str], bool]:
    """Return the items that were named, each once, and whether they are several or a list."""
    many = len(names) > 1 or "-" in names
    wanted: list[str] = []
    for name in names:
        if name == "-":
            wanted += _from_input()
        else:
            wanted.append(name.strip())
    return list(dict.fromkeys(wanted)), many


def _from_input() -> list[str]:
    lines = sys.stdin.buffer.read().decode("utf-8", "replace").splitlines()
    if len(lines) > MOST_LINES:
        raise Failure("list_too_long", limit=MOST_LINES)
    return [line.strip() for line in lines if line.strip()]


def act_on(
    session: Session,
    names: Sequence[str],
    act: Act,
    *,
    seen: str | None,
    key: str | None,
    note: Callable[[dict[str, Any]], str] | None = None,
) -> Answer:
    """Do one thing to every item that is named and answer for all of them.

    ``note`` says what came of one item beyond its new place. With several items each gets a key of
    its own, so that a list can be sent again as a whole.
    """
    wanted, many = listed(names)
    if seen is not None and many:
        raise Failure("seen_with_many")

    def one(name: str, target: _Target, own_key: str | None) -> dict[str, Any]:
        return _done(act, name, target, own_key)

    return _each(session, _plan(session, wanted, seen), one, many=many, key=key, note=note)


def each(
    session: Session,
    names: Sequence[str],
    act: Callable[[int, str | None], dict[str, Any]],
    *,
    key: str | None,
    note: Callable[[dict[str, Any]], str] | None = None,
) -> Answer:
    """Do to every item that is named what depends on nothing that was seen of it.

    Else as :func:`act_on`; ``act`` takes the item's number and the key for repeating it.
    """
    wanted, many = listed(names)
    plan: dict[int | str, tuple[str, _Target | GongkaiError]] = {}
    for name in wanted:
        try:
            number = find(session, name, reading=False)
            plan.setdefault(number, (name, (number, 0)))
        except GongkaiError as error:
            plan[name] = (name, error)

    def one(_: str, target: _Target, own_key: str | None) -> dict[str, Any]:
        return act(target[0], own_key)

    return _each(session, plan.values(), one, many=many, key=key, note=note)


def _each(
    session: Session,
    plan: Iterable[tuple[str, _Target | GongkaiError | Failure]],
    one: Callable[[str, _Target, str | None], dict[str, Any]],
    *,
    many: bool,
    key: str | None,
    note: Callable[[dict[str, Any]], str] | None,
) -> Answer:
    answer = Answer([], told=True)
    statuses: list[int] = []
    for name, target in plan:
        try:
            if isinstance(target, Exception):
                raise target
            own_key = f"{key}:{target[0]}" if key is not None and many else key
            came = one(name, target, own_key)
        except (GongkaiError, Failure) as error:
            if not many:
                raise
            statuses.append(exit_status(error))
            found = [{"item": name, **reason} for reason in reasons(error, session.language)]
            answer.errors += found
            tell_refusal(session, name, found)
        else:
            answer.data.append(came)
            tell_done(session, came, note)
    if not answer.data and not statuses:
        raise Failure("no_items")
    answer.status = joint_status(len(answer.data), statuses)
    return answer


def _plan(
    session: Session, names: Sequence[str], seen: str | None
) -> Iterator[tuple[str, _Target | GongkaiError | Failure]]:
    """Settle for all what was seen before the first is done, for an act changes what was seen.

    What is named twice, by its number and its index number say, is done once.
    """
    plan: dict[_Target | str, tuple[str, _Target | GongkaiError | Failure]] = {}
    for name in names:
        try:
            target = _based_on(session, name, seen)
            plan.setdefault(target, (name, target))
        except (GongkaiError, Failure) as error:
            plan[name] = (name, error)
    yield from plan.values()


def _done(act: Act, name: str, target: _Target, key: str | None) -> dict[str, Any]:
    try:
        return act(*target, key)
    except NotFound as error:
        if error.code != "no_such_item":
            raise
        # Told in the caller's own words, so that an index number does not reveal a number.
        raise NotFound("no_such_item", item=parts(name)[0]) from error


def joint_status(done: int, statuses: Sequence[int]) -> int:
    """Return the exit status of several items: ``done`` of them, and what came of the others."""
    if not statuses:
        return DONE
    if done:
        return PARTLY
    return statuses[0] if len(set(statuses)) == 1 else REFUSED


def _based_on(session: Session, text: str, seen: str | None) -> _Target:
    """Return an item's number and what the caller has seen of it (rules, section 6)."""
    name, version = parts(text)
    if version is not None and seen is not None:
        raise Failure("seen_twice", value=text)
    number = find(session, name, reading=False)
    if version is not None:
        return number, version
    if seen is not None:
        return number, seen
    last = session.app.service.last_seen(session.me, number)
    if last is not None:
        return number, last
    if not session.interactive:
        # Whether there is such an item must not show before the right to see it is known.
        _readable(session, name, number)
        raise Refused([Refusal("not_seen")])
    shown = _readable(session, name, number)
    views.show_item(session, session.err, shown)
    remember(session, shown)
    if not click.confirm(session.text("go_on", at=shown["at"]), err=True):
        raise Failure("not_confirmed", status=REFUSED)
    version_shown: int = shown["version"]
    return number, version_shown


def _readable(session: Session, name: str, number: int) -> dict[str, Any]:
    try:
        return session.app.queries.show(session.me, number)
    except NotFound as error:
        raise NotFound("no_such_item", item=name) from error


def tell_done(
    session: Session, came: dict[str, Any], note: Callable[[dict[str, Any]], str] | None
) -> None:
    """Tell people in one line where an item is now, and what ``note`` says beyond that."""
    if session.for_programs:
        return
    words = [views.place(session, came["state"], came.get("stage"))]
    if note is not None:
        words.append(note(came))
    if came.get("voided"):
        words.append(session.text("voided", stages=views.voided(session, came["voided"])))
    said = session.text("joint").join(word for word in words if word)
    session.out.line(Cell(str(came["at"]), "bold"), "  ", views.outcome(session, came, said))


def tell_refusal(session: Session, name: str, found: Sequence[dict[str, Any]]) -> None:
    """Tell people in one line why nothing was done with an item."""
    if session.for_programs:
        return
    # Each is a sentence with an end of its own.
    said = " ".join(str(reason["message"]) for reason in found)
    session.out.line(Cell(name, "bold"), "  ", Cell(session.text("no"), "red"), said)
