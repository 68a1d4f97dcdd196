"""Logs of what runs by itself: one line for each event, for machines or for people.

A line holds codes, names of jobs, counts and durations, never what an item says: errors are told
by their code or their kind, and by where they came from, because their words may quote an item.
"""

from __future__ import annotations

import logging
import traceback
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final, Literal, TextIO

import structlog

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from structlog.typing import Processor

Form = Literal["json", "text"]
_FRAMES: Final = 6

_SHARED: Final[Sequence[Processor]] = (
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
)


@contextmanager
def written(stream: TextIO, form: Form, *, level: int = logging.INFO) -> Iterator[None]:
    """Write every log of this process to ``stream`` meanwhile, one line for each event."""
    last: Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False, sort_keys=True)
        if form == "json"
        else structlog.processors.KeyValueRenderer(
            key_order=["at", "level", "event"], sort_keys=True
        )
    )
    handler = logging.StreamHandler(stream)
    handler.setLevel(level)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*_SHARED, _without_traceback],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, last],
        )
    )
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(min(level, before))
    try:
        yield
    finally:
        root.removeHandler(handler)
        root.setLevel(before)


def where(error: BaseException) -> list[str]:
    """Return where an error came from, innermost last, without a word of what it says."""
    frames = traceback.extract_tb(error.__traceback__)[-_FRAMES:]
    return [f"{frame.filename.rpartition('/')[2]}:{frame.lineno} {frame.name}" for frame in frames]


def _without_traceback(_logger: Any, _name: str, event: Any) -> Any:
    """Keep what other programs' loggers say of an error to its kind and its place."""
    record: logging.LogRecord | None = event.get("_record")
    info = record.exc_info if record is not None else None
    if info and info[1] is not None:
        event["problem"], event["where"] = type(info[1]).__name__, where(info[1])
    event.pop("exc_info", None)
    return event


# Unasked, it would print to standard output, which belongs to the answer of a command.
structlog.configure(
    processors=[
        structlog.stdlib.filter_by_level,
        *_SHARED,
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    wrapper_class=structlog.stdlib.BoundLogger,
)
