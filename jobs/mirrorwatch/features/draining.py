"""How much of what came in had gone again within days: money in and money out matched day by day, each unit once.

Works on sums a day, not on payments, so that splitting and merging change nothing; integer cents throughout.
"""

from datetime import date

import numpy as np
import polars as pl

DRAINED = pl.Schema(
    {"holder": pl.Int64(), "came_minor": pl.Int64(), "gone_minor": pl.Int64(), "lag_days": pl.Float64()}
)


def _days(rows: pl.DataFrame, holders: int, start: date, days: int) -> np.ndarray:
    """Cents a holder and day, as an array of shape (holders, days); `rows` has holder, day (Date), usd_minor."""
    table = np.zeros((holders, days), dtype=np.int64)
    at = (rows["day"] - start).dt.total_days().to_numpy()
    np.add.at(table, (rows["holder"].to_numpy(), at), rows["usd_minor"].to_numpy())
    return table


def drained(came: pl.DataFrame, went: pl.DataFrame, holders: int, most_lag: int) -> pl.DataFrame:
    """One row a holder (DRAINED): cents that came, cents of them gone within `most_lag` days, and their mean lag.

    `came` and `went` have holder (0 to `holders` - 1), day and usd_minor. What goes on a day is taken from what came on
    that day, then from the day before, and so on. `lag_days` is null where nothing went.
    """
    every = pl.concat([came["day"], went["day"]])
    if came.is_empty() or every.is_empty():
        return pl.DataFrame(schema=DRAINED)
    first, last = date.fromisoformat(str(every.min())), date.fromisoformat(str(every.max()))
    days = (last - first).days + 1
    left = _days(came, holders, first, days)
    total, going = left.sum(axis=1), _days(went, holders, first, days)
    gone, waited = np.zeros(holders, dtype=np.int64), np.zeros(holders, dtype=np.int64)
    for lag in range(min(most_lag, days - 1) + 1):
        matched = np.minimum(left[:, : days - lag], going[:, lag:])
        left[:, : days - lag] -= matched
        going[:, lag:] -= matched
        gone += matched.sum(axis=1)
        waited += matched.sum(axis=1) // 100 * lag
    frame = pl.DataFrame(
        {"holder": np.arange(holders, dtype=np.int64), "came_minor": total, "gone_minor": gone, "waited": waited}
    )
    dollars = pl.col("gone_minor") // 100
    lag_days = pl.when(dollars > 0).then(pl.col("waited") / dollars).alias("lag_days")
    return frame.with_columns(lag_days).select(DRAINED.names())
