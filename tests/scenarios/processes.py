"""Other processes that act on the same office: at the same time, overtaking, or killed in between.

They are forked from a server that has the engine loaded, so that one costs some milliseconds; none
shares anything with the test but the database, the files, and what is passed to it.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from tests.service.sample_office import SampleOffice
from workflow.errors import GongkaiError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime
    from multiprocessing.connection import Connection
    from multiprocessing.context import ForkServerProcess
    from multiprocessing.synchronize import Barrier, Event
    from pathlib import Path

    Act = Callable[..., Any]

PATIENCE: Final = 30.0
"""Seconds after which a process that does not answer is taken for hung."""
COMMIT: Final = "COMMIT"

CONTEXT: Final = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload(
    ["pytest", "psycopg", "argon2", "tests.service.sample_office", "workflow.channels.website"]
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of an act in another process: an answer, or one of our errors by its code."""

    code: str
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def done(self) -> bool:
        """Tell whether the act was done."""
        return self.code == "done"


@dataclass(frozen=True, slots=True)
class Desk:
    """An office as another process finds it."""

    address: str
    home: Path
    now: datetime

    @classmethod
    def of(cls, office: SampleOffice) -> Desk:
        """Return where an office is to be found."""
        return cls(office.address, office.home, office.clock())

    def open(self, observe: Callable[[str], None] | None = None) -> SampleOffice:
        """Open it."""
        return SampleOffice.open(self.address, self.home, now=self.now, observe=observe)


@dataclass(frozen=True, slots=True)
class Signs:
    """What two processes tell each other: the one is ready to commit, the other goes, is done."""

    ready: Event
    go: Event
    done: Event


@dataclass(frozen=True, slots=True)
class Call:
    """An act for another process: a function of a module, called with an office and arguments."""

    act: Act
    arguments: tuple[Any, ...]
    named: dict[str, Any]

    def run(self, office: SampleOffice) -> Outcome:
        """Do it, and say what came of it."""
        try:
            answer = self.act(office, *self.arguments, **self.named)
        except GongkaiError as error:
            return Outcome(error.code, dict(error.params))
        return Outcome("done", answer if isinstance(answer, dict) else {"answer": answer})


def call(act: Act, *arguments: Any, **named: Any) -> Call:
    """Return an act for another process."""
    return Call(act, arguments, named)


def at_once(office: SampleOffice, *calls: Call) -> list[Outcome]:
    """Let as many processes as there are calls act at the same moment."""
    barrier = CONTEXT.Barrier(len(calls))
    return _outcomes([_started(_after_barrier, Desk.of(office), each, barrier) for each in calls])


def overtaking(office: SampleOffice, first: Call, second: Call) -> tuple[Outcome, Outcome]:
    """Let one process act while another one has done the same work and not committed it yet.

    The first commits when the second waits for it, or does not need to.
    """
    signs = Signs(CONTEXT.Event(), CONTEXT.Event(), CONTEXT.Event())
    one = _started(_until_commit, Desk.of(office), first, signs)
    two = _started(_while_open, Desk.of(office), second, signs)
    outcomes = _outcomes([one, two])
    return outcomes[0], outcomes[1]


def killed(office: SampleOffice, act: Call, *, before: int) -> Outcome | None:
    """Kill a process just before the so manyeth thing it would have the database do.

    Things are statements and commits, counted from 1. Returns ``None`` if it was killed, and what
    came of the act if there were fewer things to do.
    """
    process, answers = _started(_doomed, Desk.of(office), act, before)
    outcome: Outcome | None = None
    try:
        if answers.poll(PATIENCE):
            outcome = answers.recv()
    except EOFError:
        pass  # That is what a killed process leaves.
    process.join(PATIENCE)
    expected = -signal.SIGKILL if outcome is None else 0
    assert expected == process.exitcode, process.exitcode
    process.close()
    answers.close()
    return outcome


def _started(
    body: Callable[..., None], *arguments: Any
) -> tuple[ForkServerProcess, Connection[Any, Any]]:
    here, there = CONTEXT.Pipe(duplex=False)
    process = CONTEXT.Process(target=body, args=(there, *arguments), daemon=True)
    process.start()
    # Ours must be the only end left, or the death of the other process would not be noticed.
    there.close()
    return process, here


def _outcomes(
    started: Sequence[tuple[ForkServerProcess, Connection[Any, Any]]],
) -> list[Outcome]:
    outcomes: list[Outcome] = []
    for process, answers in started:
        assert answers.poll(PATIENCE), "a process does not answer"
        outcomes.append(answers.recv())
        process.join(PATIENCE)
        assert process.exitcode == 0
        process.close()
        answers.close()
    return outcomes


def _after_barrier(answers: Connection[Any, Any], desk: Desk, act: Call, barrier: Barrier) -> None:
    office = desk.open()
    barrier.wait(PATIENCE)
    answers.send(act.run(office))
    office.close()


def _until_commit(answers: Connection[Any, Any], desk: Desk, act: Call, signs: Signs) -> None:
    def observe(statement: str) -> None:
        if statement == COMMIT and not signs.ready.is_set():
            signs.ready.set()
            signs.go.wait(PATIENCE)
            while not signs.done.is_set() and not _somebody_waits(office):
                pass  # Nothing but the database knows when it is so far.

    office = desk.open(observe)
    answers.send(act.run(office))
    # An act that was refused commits nothing; the other process must not wait for it in vain.
    signs.ready.set()
    office.close()


def _while_open(answers: Connection[Any, Any], desk: Desk, act: Call, signs: Signs) -> None:
    office = desk.open()
    signs.ready.wait(PATIENCE)
    signs.go.set()
    answers.send(act.run(office))
    signs.done.set()
    office.close()


def _somebody_waits(office: SampleOffice) -> bool:
    """Tell whether a transaction waits for another one, as far as the database can say."""
    if office.database.is_sqlite:
        return True  # There whoever wants to write waits before the first statement.
    with office.database.engine.connect() as connection:
        waiting = connection.exec_driver_sql(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return bool(waiting.scalar_one())


def _doomed(answers: Connection[Any, Any], desk: Desk, act: Call, before: int) -> None:
    counted = 0

    def observe(_statement: str) -> None:
        nonlocal counted
        counted += 1
        if counted == before:
            os.kill(os.getpid(), signal.SIGKILL)

    office = desk.open(observe)
    answers.send(act.run(office))
    office.close()
