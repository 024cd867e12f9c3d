"""Worlds with planted schemes for tests, and how their labels are read beside the data."""

from datetime import date
from pathlib import Path

import polars as pl

from mirrorwatch.synth.spec import Difficulty, TypologySpec, WorldSpec
from mirrorwatch.synth.world import write_world

SHAPES = ("round_trip", "scatter_gather", "gather_scatter", "fan_in", "fan_out", "bipartite", "stack")
TYPOLOGIES = (*SHAPES, "precursor_procurement", "trade_based")
DIFFICULTIES: tuple[Difficulty, ...] = ("easy", "hard")
END = date(2025, 4, 30)  # while parcels from China under 800 USD still entered the US free of duty


def schemes(**counts: int) -> tuple[TypologySpec, ...]:
    return tuple(
        TypologySpec.model_validate({"typology": typology, "difficulty": difficulty, "count": number})
        for typology, number in counts.items()
        for difficulty in DIFFICULTIES
    )


def write(folder: Path, **changes: object) -> Path:
    asked: dict[str, object] = {"seed": 31, "accounts": 700, "days": 60, "end_date": END, "innocents": 0, **changes}
    write_world(WorldSpec.model_validate(asked), folder / "data", folder / "labels")
    return folder


def priced(folder: Path) -> pl.DataFrame:
    """Read all rows, with `usd` at the last rate on or before each row's day."""
    rows = pl.read_parquet(folder / "data" / "transactions" / "**" / "*.parquet", hive_partitioning=True)
    rates = table(folder, "fx_rates").with_columns(booking_date="rate_date").sort("rate_date")
    rows = rows.sort("booking_date")
    joined = rows.join_asof(rates, on="booking_date", by="currency", check_sortedness=False)
    return joined.with_columns(usd=pl.col("amount").cast(pl.Float64) * pl.col("usd_per_unit"))


def table(folder: Path, name: str) -> pl.DataFrame:
    return pl.read_parquet(folder / "data" / name / "*.parquet")


def labels(folder: Path, name: str) -> pl.DataFrame:
    return pl.read_parquet(folder / "labels" / f"{name}.parquet")


def labelled(folder: Path) -> pl.DataFrame:
    """Give every labelled row, cover among them, with its scheme's typology and difficulty."""
    about = labels(folder, "schemes").select("scheme_id", "typology", "difficulty")
    joined = labels(folder, "scheme_transactions").join(priced(folder), on="transaction_id").join(about, on="scheme_id")
    assert len(joined) == len(labels(folder, "scheme_transactions"))
    return joined


def evidence(legs: pl.DataFrame) -> pl.DataFrame:
    return legs.filter(pl.col("role") != "cover").sort("scheme_id", "group_no", "step_no")
