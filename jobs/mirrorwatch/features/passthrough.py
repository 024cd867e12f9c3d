"""Units of money followed through one party: what came in, and the payments it left by soon after.

A unit joins up to a few consecutive receipts with up to a few consecutive payments whose sum is nearly the same. The
same search over the same payments moved to other days says how many units chance alone would show.
Cost: a party with n payments offers at most 2·(most parts)·n runs, and a run meets only runs of its own party within
the hold time; parties with more payments than the caller's bound are not given to this module at all.
"""

from dataclasses import dataclass

import polars as pl

# Each round takes every unit that is the best for all of its payments, so rounds are few; the bound is only a guard.
MOST_ROUNDS = 60


@dataclass(frozen=True)
class Passing:
    """What counts as passed on: parts a side, hold time in seconds, out/in bounds in basis points (1/10,000)."""

    most_parts: int
    hold_seconds: int
    least_out_bp: int
    most_out_bp: int


def _runs(side: pl.DataFrame, most_parts: int, hold_seconds: int) -> pl.DataFrame:
    """Find runs of 1 to `most_parts` consecutive payments of one side: first, parts, from_at, to_at, total."""
    key = ("draw", "party_id")
    runs = [
        side.select(
            *key,
            "first",
            pl.lit(parts, dtype=pl.Int64).alias("parts"),
            pl.col("at").alias("from_at"),
            pl.col("at").shift(1 - parts).over(key).alias("to_at"),
            (pl.col("running").shift(1 - parts).over(key) - pl.col("running") + pl.col("usd_minor")).alias("total"),
        )
        for parts in range(1, most_parts + 1)
    ]
    return pl.concat(runs).filter(pl.col("to_at") - pl.col("from_at") <= hold_seconds)


def _numbered(own_legs: pl.DataFrame, sign: int) -> pl.DataFrame:
    """One side's payments in order of time: their number `first` in the party, and the running sum `running`."""
    key = ("draw", "party_id")
    return (
        own_legs.filter(pl.col("sign") == sign)
        .sort(*key, "at", "transaction_id")
        .with_columns(
            pl.int_range(pl.len(), dtype=pl.Int64).over(key).alias("first"),
            pl.col("usd_minor").cum_sum().over(key).alias("running"),
        )
    )


def _candidates(ins: pl.DataFrame, outs: pl.DataFrame, passing: Passing) -> pl.DataFrame:
    """Every pair of an in-run and an out-run that could be one unit; one of the two sides is whole or both are short.

    A time-bucketed equi-join: an out-run can only lie in the bucket of the in-run's start or in the next.
    """
    key, width = ("draw", "party_id"), passing.hold_seconds + 1
    ins = ins.with_columns(pl.concat_list(pl.col("from_at") // width, pl.col("from_at") // width + 1).alias("bucket"))
    ins = ins.explode("bucket")
    outs = outs.with_columns((pl.col("to_at") // width).alias("bucket"))
    out_bp, total = pl.col("total_out") * 10_000, pl.col("total")
    return (
        ins.join(outs, on=(*key, "bucket"), how="inner", suffix="_out")
        .filter(
            pl.col("from_at_out") >= pl.col("to_at"),
            pl.col("to_at_out") - pl.col("from_at") <= passing.hold_seconds,
            out_bp >= total * passing.least_out_bp,
            out_bp <= total * passing.most_out_bp,
            (pl.col("parts") == 1) | (pl.col("parts_out") == 1) | (pl.col("parts") == 2),  # noqa: PLR2004
        )
        .select(
            *key, "first", "parts", "first_out", "parts_out", "total", "total_out", "from_at",
            (pl.col("to_at_out") - pl.col("from_at")).alias("lag"),
        )
    )  # fmt: skip


def _spread(units: pl.DataFrame, side: str) -> pl.DataFrame:
    """One row a unit and payment of one side ("" in, "_out" out): draw, party_id, rank, payment number, sign."""
    numbers = pl.int_ranges(f"first{side}", pl.col(f"first{side}") + pl.col(f"parts{side}"), dtype=pl.Int64)
    return (
        units.select("draw", "party_id", "rank", numbers.alias("number"))
        .explode("number", empty_as_null=False)
        .with_columns(pl.lit(-1 if side else 1, dtype=pl.Int64).alias("sign"))
    )


def _disjoint(candidates: pl.DataFrame) -> pl.DataFrame:
    """Choose units that share no payment: fewest parts first, then the shortest lag, then the earliest."""
    key = ("draw", "party_id")
    left = candidates.sort(
        *key, pl.col("parts") + pl.col("parts_out"), "lag", "from_at", "first", "first_out"
    ).with_columns(pl.int_range(pl.len(), dtype=pl.Int64).over(key).alias("rank"))
    chosen = [left.clear()]
    for _ in range(MOST_ROUNDS):
        if left.is_empty():
            break
        used = pl.concat([_spread(left, ""), _spread(left, "_out")])
        best = used.with_columns(pl.col("rank").min().over(*key, "sign", "number").alias("best"))
        losers = best.filter(pl.col("rank") != pl.col("best")).select(*key, "rank").unique()
        winners = left.join(losers, on=(*key, "rank"), how="anti")
        chosen.append(winners)
        taken = used.join(winners.select(*key, "rank"), on=(*key, "rank"), how="semi")
        blocked = used.join(taken.select(*key, "sign", "number"), on=(*key, "sign", "number"), how="semi")
        left = left.join(blocked.select(*key, "rank").unique(), on=(*key, "rank"), how="anti")
    return pl.concat(chosen).sort(*key, "rank")


def _moved(own_legs: pl.DataFrame, draws: int, window: tuple[int, int]) -> pl.DataFrame:
    """Give the legs as they are (draw 0), and `draws` times with payments made moved on in a window that wraps."""
    start, span = window[0], window[1] - window[0] + 1
    offsets = pl.DataFrame({"draw": range(draws + 1)}, schema={"draw": pl.Int64()})
    shifted = (pl.col("at") - start + span * pl.col("draw") // (draws + 1)) % span + start
    return own_legs.join(offsets, how="cross").with_columns(
        pl.when(pl.col("sign") == -1).then(shifted).otherwise("at").alias("at")
    )


def units(
    own_legs: pl.DataFrame, passing: Passing, draws: int, window: tuple[int, int]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Units of each party, observed (draw 0) and by chance (draws 1 to `draws`), and the payments of the observed.

    `own_legs`: party_id, transaction_id, sign, usd_minor and `at` (whole seconds); `window`: first and last second
    that the night looked at. Units: draw, party_id, rank (a unit's number in its party), total and total_out (cents),
    parts and parts_out, from_at, lag (seconds). Payments: party_id, rank, sign, transaction_id. Both sorted.
    """
    placed = _moved(own_legs, draws, window)
    ins, outs = _numbered(placed, 1), _numbered(placed, -1)
    in_runs, out_runs = (_runs(side, passing.most_parts, passing.hold_seconds) for side in (ins, outs))
    chosen = _disjoint(_candidates(in_runs, out_runs, passing))
    return chosen, _members(chosen, ins, outs)


def _members(chosen: pl.DataFrame, ins: pl.DataFrame, outs: pl.DataFrame) -> pl.DataFrame:
    """Payments of the observed units: party_id, rank, sign, transaction_id."""
    observed = chosen.filter(pl.col("draw") == 0)
    sides = [
        _spread(observed, suffix).join(
            side.select("draw", "party_id", "transaction_id", number="first"),
            on=("draw", "party_id", "number"),
            how="inner",
        )
        for side, suffix in ((ins, ""), (outs, "_out"))
    ]
    return pl.concat(sides).select("party_id", "rank", "sign", "transaction_id").sort(pl.all())
