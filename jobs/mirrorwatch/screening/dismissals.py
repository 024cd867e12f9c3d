"""Pairs that a person has looked at and dismissed: kept out of the way, never out of the count.

A dismissal holds for the two names that were looked at, and for what was told beside them. When either side's name, or
what agrees or differs, has changed, or its time is over, the hit is told again as reopened.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

import polars as pl

from mirrorwatch.canonical import digest
from mirrorwatch.screening.hits import DISMISSED, OPEN, REOPENED

DISMISSALS = pl.Schema(
    {
        "party_id": pl.String(),
        "entry_id": pl.String(),
        "reason": pl.String(),
        "dismissed_by": pl.String(),
        "dismissed_on": pl.Date(),
        "until": pl.Date(),  # last day that it holds; null = no end
        "party_hash": pl.String(),  # names_hash of the party's name, then; null = not kept, holds for any
        "entry_hash": pl.String(),  # names_hash of the entry's name and aliases, then; null = not kept, holds for any
        "evidence_hash": pl.String(),  # evidence_hash of what was told beside the names, then; null = holds for any
    }
)

NEEDED = ("party_id", "entry_id", "reason", "dismissed_by", "dismissed_on")
# With the row that each has in the bank's file, from 0: of two that were made on one day, the lower row is the later.
ROW = "row"
NUMBERED = pl.Schema({**DISMISSALS, ROW: pl.Int64()})


def numbered(dismissals: pl.LazyFrame) -> pl.LazyFrame:
    """Rows as NUMBERED: numbered as they lie where they are not yet."""
    if ROW in dismissals.collect_schema():
        return dismissals.select(NUMBERED.names())
    return dismissals.select(DISMISSALS.names()).with_row_index(ROW).select(NUMBERED.names()).cast(NUMBERED)


def made_hash(dismissals: pl.DataFrame, day: date | None) -> str | None:
    """SHA-256 of the rows (DISMISSALS) that count on `day` (None: ever); None where there are none.

    It is the same however rows of different pairs are ordered: their order tells nothing.
    """
    made = dismissals if day is None else dismissals.filter(pl.col("dismissed_on") <= day)
    if made.is_empty():
        return None
    ordered = made.sort("party_id", "entry_id", "dismissed_on", maintain_order=True).cast({pl.Date: pl.String})
    return digest([list(row) for row in ordered.rows()])


def names_hash(names: list[str | None]) -> str:
    """SHA-256 of names, whatever their order and repetition."""
    return digest(sorted({name for name in names if name is not None}))


def evidence_hash(hit: Mapping[str, Any]) -> str:
    """SHA-256 of what a hit (a row of HITS) told beside the names: the programme, what agreed and what differed."""
    return digest([hit["programme"], sorted(hit["agrees"]), sorted(hit["differs"])])


def _told_beside(hits: pl.LazyFrame, wanted: pl.DataFrame) -> pl.LazyFrame:
    """(party_id, entry_id, beside_now) of the few hits that dismissals speak of."""
    pair = ["party_id", "entry_id"]
    told = ("programme", "agrees", "differs")
    few = hits.join(wanted.lazy().select(pair), on=pair, how="semi").select(*pair, *told).collect()
    hashes = pl.Series("beside_now", [evidence_hash(row) for row in few.iter_rows(named=True)], dtype=pl.String)
    return few.select(*pair, hashes).unique(pair).lazy()


def _hashed(frame: pl.LazyFrame, key: str, names: pl.Expr, wanted: pl.DataFrame, as_name: str) -> pl.LazyFrame:
    """(key, hash) of the few rows that dismissals speak of."""
    few = frame.select(key, names=names).join(wanted.lazy().select(key).unique(), on=key, how="semi").collect()
    hashes = pl.Series(as_name, [names_hash(list(each)) for each in few["names"]], dtype=pl.String)
    return few.select(key, hashes).unique(key).lazy()


def judged(
    hits: pl.LazyFrame, parties: pl.LazyFrame, entries: pl.LazyFrame, dismissals: pl.LazyFrame, day: date
) -> pl.LazyFrame:
    """Add `state` and `state_reason`. Of several dismissals (NUMBERED) of one pair the last one counts."""
    made = dismissals.filter(pl.col("dismissed_on") <= day).sort("dismissed_on", ROW)
    last = made.unique(["party_id", "entry_id"], keep="last", maintain_order=True).drop(ROW).collect()
    party = _hashed(parties, "party_id", pl.concat_list("name"), last, "party_now")
    every = pl.concat_list("name", pl.col("aliases").fill_null(pl.lit([], dtype=pl.List(pl.String()))))
    entry = _hashed(entries, "entry_id", every, last, "entry_now")
    told = last.lazy().rename({"reason": "dismissed_for"})
    known = hits.join(told, on=["party_id", "entry_id"], how="left").join(party, on="party_id", how="left")
    renamed = {
        "party": pl.col("party_hash") != pl.col("party_now"),
        "entry": pl.col("entry_hash") != pl.col("entry_now"),
        "beside": pl.col("evidence_hash") != pl.col("beside_now"),
    }
    never = pl.col("dismissed_for").is_null() & pl.col("dismissed_on").is_null()
    why = (
        pl.when(never)
        .then(None)
        .when(pl.col("until") < day)
        .then(pl.format("the dismissal ended on {}", pl.col("until").cast(pl.String)))
        .when(renamed["party"])
        .then(pl.lit("the party's name has changed since it was dismissed"))
        .when(renamed["entry"])
        .then(pl.lit("the entry's names have changed since it was dismissed"))
        .when(renamed["beside"])
        .then(pl.lit("what is known beside the names has changed since it was dismissed"))
    )
    beside = _told_beside(hits, last)
    whole = known.join(entry, on="entry_id", how="left").join(beside, on=["party_id", "entry_id"], how="left")
    said = whole.with_columns(reopened=why)
    state = pl.when(never).then(pl.lit(OPEN)).when(pl.col("reopened").is_null()).then(pl.lit(DISMISSED))
    return said.with_columns(
        state=state.otherwise(pl.lit(REOPENED)), state_reason=pl.coalesce("reopened", "dismissed_for")
    )
