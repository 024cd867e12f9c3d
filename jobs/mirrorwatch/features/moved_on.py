"""How much of the money that came was gone again soon, matched by time alone.

What left is thought to be the money that came last before it: sums are matched at the shortest lag first, then at
longer ones, up to a limit. Amounts need not be alike, so parts, lumps, fees and money kept back change nothing.
Time is cut into quarters of a day, and the order inside a quarter is not read. Works on numbered rows in memory;
the loop runs over lags, not over rows.
"""

import numpy as np
import polars as pl

SLOT_HOURS = 6
SLOT_SECONDS = SLOT_HOURS * 3600


def slot(first: int) -> pl.Expr:
    """Give the number of the quarter of a day that `booked_at` lies in, counted from `first` (epoch seconds)."""
    return ((pl.col("booked_at").dt.epoch("s") - first) // SLOT_SECONDS).cast(pl.Int64).alias("slot")


def _spread(rows: pl.DataFrame, sign: int, shape: tuple[int, int]) -> np.ndarray:
    table = np.zeros(shape, dtype=np.int64)
    chosen = rows.filter(pl.col("sign") == sign)
    np.add.at(table, (chosen["number"].to_numpy(), chosen["slot"].to_numpy()), chosen["usd_minor"].to_numpy())
    return table


def moved(rows: pl.DataFrame, hold_hours: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Match what came (sign 1) with what left (-1) up to `hold_hours` later.

    `rows`: number (of the purse, from 0), slot (from 0), sign, usd_minor. Returns two frames: one row a number with
    `moved_minor` and `lag_hours` (mean over the cents moved; null where nothing was), and one row a (number, slot,
    sign) whose money took part.
    """
    if rows.is_empty():
        empty = pl.Schema({"number": pl.Int64(), "slot": pl.Int64(), "sign": pl.Int64()})
        none = pl.Schema({"number": pl.Int64(), "moved_minor": pl.Int64(), "lag_hours": pl.Float64()})
        return pl.DataFrame(schema=none), pl.DataFrame(schema=empty)
    number, last = rows.select(pl.col("number").max(), other=pl.col("slot").max()).row(0)
    shape = (number + 1, last + 1)
    came, left = _spread(rows, 1, shape), _spread(rows, -1, shape)
    before = came.copy(), left.copy()
    total, weighted = np.zeros(shape[0], dtype=np.int64), np.zeros(shape[0], dtype=np.int64)
    for lag in range(min(hold_hours // SLOT_HOURS, last) + 1):
        # at one lag every slot meets one other, so all can be matched at once
        part = np.minimum(came[:, : shape[1] - lag], left[:, lag:])
        came[:, : shape[1] - lag] -= part
        left[:, lag:] -= part
        total += part.sum(axis=1)
        weighted += lag * (part.sum(axis=1) // 100)  # in dollars, so that the product cannot overflow
    took = [
        pl.DataFrame(dict(zip(("number", "slot"), np.nonzero(was - rest), strict=True))).with_columns(
            pl.lit(sign, dtype=pl.Int64).alias("sign")
        )
        for was, rest, sign in ((before[0], came, 1), (before[1], left, -1))
    ]
    sums = pl.DataFrame({"number": np.arange(shape[0]), "moved_minor": total, "dollars": weighted}).select(
        "number",
        "moved_minor",
        pl.when(pl.col("moved_minor") > 0)
        .then(pl.col("dollars") * 100 * SLOT_HOURS / pl.col("moved_minor"))
        .alias("lag_hours"),
    )
    return sums, pl.concat(took)
