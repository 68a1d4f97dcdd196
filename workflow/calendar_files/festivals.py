"""The festivals that ship with the product: when they fall, what the law gives, their names."""

from __future__ import annotations

import tomllib
from datetime import date
from functools import cache
from importlib import resources

from workflow.working_days import FIRST, LAST, Festival, Festivals, Statute


@cache
def shipped_festivals() -> Festivals:
    """Return when the festivals fall, and the versions of the law on them."""
    text = resources.files("workflow").joinpath("calendars", "festivals.toml").read_text("utf-8")
    document = tomllib.loads(text)
    years = range(FIRST.year, LAST.year + 1)
    return Festivals(
        festivals=tuple(
            Festival(
                code=row["code"],
                zh=row["zh"],
                en=row["en"],
                dates={
                    year: date.fromisoformat(f"{year}-{row['on']}")
                    if "on" in row
                    else document["dates"][str(year)][row["code"]]
                    for year in years
                },
            )
            for row in document["festivals"]
        ),
        statutes=tuple(
            Statute(**row | {"days": {code: tuple(days) for code, days in row["days"].items()}})
            for row in document["statutes"]
        ),
    )


def english_name(zh: str) -> str:
    """Return the English name of a festival, or of several; empty if one of them is not known."""
    names = {festival.zh: festival.en for festival in shipped_festivals().festivals}
    parts = zh.split("、")
    return " and ".join(names[part] for part in parts) if names.keys() >= set(parts) else ""
