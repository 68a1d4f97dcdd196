"""What a search costs as the items become more; it has to follow what is found."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import insert, select

from tests.bench.boards import often
from tests.bench.office import fill
from workflow import grams
from workflow.models import Item, Revision, SearchEntry, table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from tests.bench.office import Office

_AT_ONCE: Final = 10_000
_VOCABULARY: Final = 500
_WORDS_EACH: Final = 20
"""So each word stands in four of a hundred items."""
_item, _revision, _search = table(Item), table(Revision), table(SearchEntry)


@dataclass(frozen=True)
class Sample:
    """Median seconds of the first page for a word of one item, of some, of all and of none."""

    items: int
    one: float
    some: float
    every: float
    none: float
    kilobytes: float


def grow(
    office: Office, sizes: Sequence[int], *, advance: Callable[[str], None]
) -> Iterator[Sample]:
    """Fill an office to each size in turn and search as somebody who sees everything."""
    chance, there = random.Random(2017), 0
    vocabulary = [
        "".join(chr(chance.randrange(0x4E00, 0x9FA0)) for _ in range(2)) for _ in range(_VOCABULARY)
    ]
    before = _size(office)
    for size in sizes:
        while there < size:
            advance(f"{there:,} items")
            items = fill(office, min(_AT_ONCE, size - there))
            _make_findable(office, items[0].id, vocabulary, chance)
            there += len(items)
        if not office.database.is_sqlite:
            with office.database.engine.connect() as plain:
                plain.execution_options(isolation_level="AUTOCOMMIT").exec_driver_sql(
                    "VACUUM ANALYZE"
                )

        def search(words: str) -> Callable[[], object]:
            return lambda: office.app.queries.items(office.people["supervisor"], words=words)

        yield Sample(
            size,
            one=often(search(f"样例文件第{size}号")),
            some=often(search(vocabulary[0])),
            every=often(search("信息公开")),
            none=often(search("饕餮")),
            kilobytes=(_size(office) - before) / size / 1024,
        )


def _make_findable(
    office: Office, first: int, vocabulary: Sequence[str], chance: random.Random
) -> None:
    forms = (
        select(_item.c.id, _revision.c.canonical)
        .join(_revision, _revision.c.id == _item.c.revision_id)
        .where(_item.c.id >= first)
    )
    with office.database.engine.begin() as connection:
        rows = [
            _entry(row, chance.sample(vocabulary, _WORDS_EACH)) for row in connection.execute(forms)
        ]
        for start in range(0, len(rows), 500):
            connection.execute(insert(_search), rows[start : start + 500])


def _entry(row: Any, words: Sequence[str]) -> dict[str, Any]:
    from workflow.revisions import read  # noqa: PLC0415

    content = read(row.canonical)
    headline = grams.headline(content)
    text = f"{grams.text_of(content)} {' '.join(words)}"
    found = grams.grams(headline, text)
    return {"item_id": row.id, "headline": headline, "words": text, "grams": found}


def _size(office: Office) -> int:
    """Return how many bytes the entries and their index take."""
    if office.database.is_sqlite:
        question = (
            "SELECT coalesce((SELECT sum(length(block)) FROM search_index_data), 0)"
            " + coalesce((SELECT sum(length(headline) + length(words) + length(grams)) * 3"
            " FROM search_entry), 0)"
        )
    else:
        question = "SELECT pg_total_relation_size('search_entry')"
    with office.database.read() as connection:
        return int(connection.exec_driver_sql(question).scalar_one())
