"""What changed between two versions of a list: entries new, gone, changed, and which of their columns."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import polars as pl

from mirrorwatch.errors import UsageError
from mirrorwatch.store.versions import Kept, Lists

_COMPARED = ("name", "aliases", "entity_type", "country", "programme", "listed_on", "delisted_on")
CHANGES = pl.Schema(
    {
        "list_name": pl.String(),
        "change": pl.String(),  # new, gone or changed
        "entry_id": pl.String(),
        "name": pl.String(),
        "columns": pl.List(pl.String()),  # of a changed entry: what differs
    }
)


def between(before: pl.DataFrame, after: pl.DataFrame) -> pl.DataFrame:
    """Return CHANGES from one version's entries to another's, new ones first, then those gone and changed."""
    both = before.join(after, on="entry_id", how="inner", suffix="_after")
    differ = [pl.when(~pl.col(name).eq_missing(pl.col(f"{name}_after"))).then(pl.lit(name)) for name in _COMPARED]
    compared = both.with_columns(columns=pl.concat_list(differ).list.drop_nulls())
    changed = compared.filter(pl.col("columns").list.len() > 0).with_columns(name=pl.col("name_after"))
    parts = (
        ("new", after.join(before, on="entry_id", how="anti")),
        ("gone", before.join(after, on="entry_id", how="anti")),
        ("changed", changed),
    )
    told = pl.concat(_shaped(frame, change) for change, frame in parts)
    return told.sort("list_name", "change", "entry_id", descending=[False, True, False])  # new, gone, changed


def against_previous(kept: Sequence[Kept], version: Kept) -> dict[str, Any]:
    """Return how many entries are new, gone and changed against the version before; empty for the first one."""
    before = [each for each in kept if each.as_of < version.as_of]
    if not before:
        return {}
    found = between(before[-1].table("entries"), version.table("entries"))
    counts = dict(found.group_by("change").len().iter_rows())
    return {"since": before[-1].as_of.isoformat(), **{name: counts.get(name, 0) for name in ("new", "gone", "changed")}}


def diff(lists: Lists, first: date, last: date, list_name: str | None) -> pl.DataFrame:
    """Return CHANGES between the lists that held on two days. Raises UsageError where a list has no version by then."""
    names = [list_name] if list_name else lists.names()
    return pl.concat([pl.DataFrame(schema=CHANGES), *(_of(lists, name, first, last) for name in names)])


def _of(lists: Lists, name: str, first: date, last: date) -> pl.DataFrame:
    kept = lists.kept(name)
    held = [[each for each in kept if each.as_of <= day] for day in (first, last)]
    if not held[1]:
        days = ", ".join(each.as_of.isoformat() for each in kept) or "none"
        raise UsageError(f"No version of {name} is of {last} or before.", where=f"versions: {days}",
                         remedy="Import one, or name a later --to.")  # fmt: skip
    after = held[1][-1].table("entries")
    return between(held[0][-1].table("entries") if held[0] else after.clear(), after)


def _shaped(frame: pl.DataFrame, change: str) -> pl.DataFrame:
    columns = pl.col("columns") if change == "changed" else pl.lit([], pl.List(pl.String))
    return frame.select("list_name", pl.lit(change).alias("change"), "entry_id", "name", columns.alias("columns")).cast(
        CHANGES
    )
