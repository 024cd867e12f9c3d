"""Units of money followed through one party: what came in, and the payments it left by soon after.

Units share no payment. `features.pairing` says what a unit can be and what the search costs; `features.chance` makes
the draws in which payments fall in other weeks.
"""

import polars as pl

from mirrorwatch.features.pairing import KEY, Passing, by_blocks, by_runs, ordered

# Each round takes every unit that is the best for all of its payments, so rounds are few; the bound is only a guard.
MOST_ROUNDS = 60
MOST_AT_ONCE = 60_000  # payments: where all are of one amount, everything matches, and this many take half a gigabyte
_READING = ("reading", *KEY)


def _spread(units: pl.DataFrame, suffix: str) -> pl.DataFrame:
    """One row a unit and payment of one side ("" in, "_out" out): its number `seen` in the party, and its sign."""
    numbers = pl.int_ranges(f"first{suffix}", pl.col(f"first{suffix}") + pl.col(f"parts{suffix}"), dtype=pl.Int64)
    return (
        units.select(*_READING, "rank", (numbers).alias("seen"))
        .explode("seen", empty_as_null=False)
        .with_columns(pl.col("seen") + 1, pl.lit(-1 if suffix else 1, dtype=pl.Int64).alias("sign"))
    )


def _disjoint(candidates: pl.DataFrame) -> pl.DataFrame:
    """Choose units that share no payment: fewest parts first, then the shortest lag, then the earliest."""
    payment, unit = (*_READING, "sign", "seen"), (*_READING, "rank")
    left = candidates.sort(
        *_READING, pl.col("parts") + pl.col("parts_out"), "lag", "from_at", "first", "first_out"
    ).with_columns(pl.int_range(pl.len(), dtype=pl.Int64).over(_READING).alias("rank"))
    chosen = [left.clear()]
    for _ in range(MOST_ROUNDS):
        if left.is_empty():
            break
        used = pl.concat([_spread(left, ""), _spread(left, "_out")])
        beaten = used.filter(pl.col("rank") > pl.col("rank").min().over(payment)).select(unit).unique()
        winners = left.join(beaten, on=unit, how="anti")
        chosen.append(winners)
        taken = used.join(winners.select(unit), on=unit, how="semi").select(payment)
        blocked = used.join(taken, on=payment, how="semi").select(unit).unique()
        left = left.join(blocked, on=unit, how="anti")
    return pl.concat(chosen)


def _better(chosen: pl.DataFrame) -> pl.DataFrame:
    """Keep of each party the reading that follows more of its money; of two that follow the same, by runs."""
    followed = chosen.group_by(_READING).agg(pl.col("total").sum().alias("followed"))
    best = followed.sort(*KEY, pl.col("followed") * -1, "reading").unique(KEY, keep="first", maintain_order=True)
    return chosen.join(best.select(_READING), on=_READING, how="semi")


def units(own_legs: pl.DataFrame, passing: Passing) -> pl.DataFrame:
    """Units of each party in each draw, sorted.

    `own_legs`: draw, party_id, transaction_id, sign, usd_minor and `at` (whole seconds). Columns: reading (0 by runs,
    1 by blocks), draw, party_id, rank (a unit's number in its party), first and first_out (numbers of its first
    payments, from 0), parts and parts_out, total and total_out (cents), from_at, lag (seconds).
    Parties are searched a few at a time, which bounds memory.
    """
    turns = own_legs.height // MOST_AT_ONCE + 1
    turn = pl.col("party_id").rank("dense") % turns
    parted = own_legs.with_columns(turn.alias("turn")).partition_by("turn", include_key=False)
    found = [_units(part, passing) for part in parted] or [_units(own_legs, passing)]
    return pl.concat(found).sort(*KEY, "rank")


def _units(own_legs: pl.DataFrame, passing: Passing) -> pl.DataFrame:
    placed = ordered(own_legs).lazy()
    readings = [by_runs(placed, passing), by_blocks(placed, passing)]
    numbered = [each.with_columns(pl.lit(number).alias("reading")) for number, each in enumerate(readings)]
    return _better(_disjoint(pl.concat(numbered).collect()))


def members(chosen: pl.DataFrame, own_legs: pl.DataFrame) -> pl.DataFrame:
    """Payments of `units(own_legs)`: draw, party_id, rank, sign, transaction_id, sorted."""
    numbered = ordered(own_legs).select(*KEY, "sign", "seen", "transaction_id")
    spread = pl.concat([_spread(chosen, ""), _spread(chosen, "_out")])
    found = spread.join(numbered, on=(*KEY, "sign", "seen"), how="inner")
    return found.select(*KEY, "rank", "sign", "transaction_id").sort(pl.all())
