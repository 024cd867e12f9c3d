"""Money in and money out that could be one unit: two readings of a party's payments, each near-linear to search.

By runs: a few consecutive receipts and a few consecutive payments, one of the two sides short; other receipts and
payments may lie between, so units that overlap in time are told apart. By blocks: everything that was booked from a
receipt to a later payment; units that were merged and split at once are seen whole.
Cost: n payments offer at most (most parts)·n runs a side, and as many blocks as pairs of payments within the hold time;
both are found by an equi-join on party and time bucket that streams, so memory holds only what matched. Parties with
more payments than the caller's bound are not given to this module.
"""

from dataclasses import dataclass

import polars as pl

KEY = ("draw", "party_id")
# Blocks of more payments match by chance: with a dozen parts, one always brings the sum within a tenth.
MOST_IN_BLOCK = 12


@dataclass(frozen=True)
class Passing:
    """What counts as passed on: parts a side, hold time in seconds, out/in bounds in basis points (1/10,000)."""

    most_parts: int
    hold_seconds: int
    least_out_bp: int
    most_out_bp: int

    @property
    def width(self) -> int:
        """Seconds of a time bucket: what begins in one ends in it or in the next."""
        return self.hold_seconds + 1

    def nearly_whole(self) -> list[pl.Expr]:
        """Conditions that `total_out` is `total` but for what may be kept."""
        scaled = pl.col("total_out") * 10_000
        return [scaled >= pl.col("total") * self.least_out_bp, scaled <= pl.col("total") * self.most_out_bp]


def ordered(own_legs: pl.DataFrame) -> pl.DataFrame:
    """Legs (draw, party_id, transaction_id, sign, usd_minor, at) in order of time, with what their party had by then.

    `seen` and `sum` count and add its payments of the same sign, `others` and `others_sum` those of the other sign,
    the leg itself included. Receipts come before payments of the same second.
    """
    received, amount = pl.col("sign") == 1, pl.col("usd_minor")
    ins, outs = received.cast(pl.Int64).cum_sum().over(KEY), (~received).cast(pl.Int64).cum_sum().over(KEY)
    ins_sum = pl.when(received).then(amount).otherwise(0).cum_sum().over(KEY)
    outs_sum = pl.when(received).then(0).otherwise(amount).cum_sum().over(KEY)
    return own_legs.sort(*KEY, "at", pl.col("sign") * -1, "transaction_id").with_columns(
        pl.when(received).then(ins).otherwise(outs).alias("seen"),
        pl.when(received).then(ins_sum).otherwise(outs_sum).alias("sum"),
        pl.when(received).then(outs).otherwise(ins).alias("others"),
        pl.when(received).then(outs_sum).otherwise(ins_sum).alias("others_sum"),
    )


def _runs(side: pl.LazyFrame, passing: Passing) -> pl.LazyFrame:
    """Find runs of 1 to most_parts consecutive payments of one sign: first, parts, from_at, to_at, total."""
    runs = [
        side.select(
            *KEY,
            (pl.col("seen") - 1).alias("first"),
            pl.lit(parts, dtype=pl.Int64).alias("parts"),
            pl.col("at").alias("from_at"),
            pl.col("at").shift(1 - parts).over(KEY).alias("to_at"),
            (pl.col("sum").shift(1 - parts).over(KEY) - pl.col("sum") + pl.col("usd_minor")).alias("total"),
        )
        for parts in range(1, passing.most_parts + 1)
    ]
    return pl.concat(runs).filter(pl.col("to_at") - pl.col("from_at") <= passing.hold_seconds)


def _bucketed(starts: pl.LazyFrame, ends: pl.LazyFrame, passing: Passing) -> pl.LazyFrame:
    """Pairs of a start (from_at) and an end (to_at) of one party within the hold time, by an equi-join."""
    bucket = pl.col("from_at") // passing.width
    starts = starts.with_columns(pl.concat_list(bucket, bucket + 1).alias("bucket")).explode("bucket")
    ends = ends.with_columns((pl.col("to_at") // passing.width).alias("bucket"))
    return starts.join(ends, on=(*KEY, "bucket"), how="inner", suffix="_out").with_columns(
        (pl.col("to_at_out") - pl.col("from_at")).alias("lag")
    )


UNIT = (*KEY, "first", "parts", "first_out", "parts_out", "total", "total_out", "from_at", "lag")


def by_runs(legs: pl.LazyFrame, passing: Passing) -> pl.LazyFrame:
    """Units (columns UNIT) of an in-run and a later out-run; `legs` are `ordered`."""
    ins, outs = (_runs(legs.filter(pl.col("sign") == sign), passing) for sign in (1, -1))
    short = (pl.col("parts") <= 2) | (pl.col("parts_out") == 1)  # noqa: PLR2004 : a flow that waited for the next
    return (
        _bucketed(ins, outs, passing)
        .filter(
            pl.col("from_at_out") >= pl.col("to_at"),
            pl.col("lag") <= passing.hold_seconds,
            short,
            *passing.nearly_whole(),
        )
        .select(UNIT)
    )


def by_blocks(legs: pl.LazyFrame, passing: Passing) -> pl.LazyFrame:
    """Units (columns UNIT) of all that a party booked from one receipt to one later payment; `legs` are `ordered`."""
    columns = (*KEY, "seen", "sum", "others", "others_sum", "usd_minor", "at")
    starts = legs.filter(pl.col("sign") == 1).select(*columns).rename({"at": "from_at"})
    ends = legs.filter(pl.col("sign") == -1).select(*columns).rename({"at": "to_at_out"})
    ends = ends.with_columns(pl.col("to_at_out").alias("to_at"))
    parts, parts_out = pl.col("others_out") - pl.col("seen") + 1, pl.col("seen_out") - pl.col("others")
    return (
        _bucketed(starts, ends, passing)
        .filter(pl.col("lag") >= 0, pl.col("lag") <= passing.hold_seconds, pl.col("seen_out") > pl.col("others"))
        .with_columns(
            (pl.col("seen") - 1).alias("first"),
            parts.alias("parts"),
            pl.col("others").alias("first_out"),
            parts_out.alias("parts_out"),
            (pl.col("others_sum_out") - pl.col("sum") + pl.col("usd_minor")).alias("total"),
            (pl.col("sum_out") - pl.col("others_sum")).alias("total_out"),
        )
        .filter(pl.col("parts") + pl.col("parts_out") <= MOST_IN_BLOCK, *passing.nearly_whole())
        .select(UNIT)
    )
