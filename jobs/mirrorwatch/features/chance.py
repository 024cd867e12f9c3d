"""How many units chance alone would show: the same payments, had those made fallen in other weeks.

Whole weeks change places, so weekday, hour and the bunching inside a week stay: what any business has by its rhythm
does not pass for a match. No week keeps its place. The counts over many such orders give a mean and a variance; the
tail is negative binomial where they scatter more than a Poisson count would, and Poisson otherwise.
"""

from itertools import permutations

import numpy as np
import polars as pl
from scipy.stats import nbinom, poisson

WEEK_SECONDS = 7 * 24 * 3600
MOST_DRAWS = 20  # enough for a variance; each costs as much as the search itself
MOST_LISTED = 8  # weeks whose orders are all listed (40,320); longer windows are only turned round


def _orders(weeks: int) -> list[tuple[int, ...]]:
    """Orders of `weeks` weeks that leave none in its place, at most MOST_DRAWS, spread evenly over all."""
    if weeks <= MOST_LISTED:
        listed = permutations(range(weeks))
        every = [order for order in listed if all(place != week for week, place in enumerate(order))]
    else:
        every = [tuple((week + turn) % weeks for week in range(weeks)) for turn in range(1, weeks)]
    return every[:: max(1, -(-len(every) // MOST_DRAWS))]


def weeks_moved(weeks: int) -> pl.DataFrame:
    """One row a draw and week: draw (from 1), week, to_week. Empty for a window of one week."""
    rows = [(draw, week, place) for draw, order in enumerate(_orders(weeks), 1) for week, place in enumerate(order)]
    return pl.DataFrame(rows, schema={"draw": pl.Int64(), "week": pl.Int64(), "to_week": pl.Int64()}, orient="row")


def moved(own_legs: pl.DataFrame, start: int, moves: pl.DataFrame) -> pl.DataFrame:
    """Legs once a draw of `moves`, with the payments made in their other week; `at` and `start` in seconds."""
    week = (pl.col("at") - start) // WEEK_SECONDS
    return (
        own_legs.with_columns(week.alias("week"))
        .join(moves, on="week", how="inner")
        .with_columns(
            pl.when(pl.col("sign") == -1)
            .then(pl.col("at") + (pl.col("to_week") - pl.col("week")) * WEEK_SECONDS)
            .otherwise("at")
            .alias("at")
        )
        .drop("week", "to_week")
    )


def tail(seen: pl.Series, mean: pl.Series, variance: pl.Series) -> pl.Series:
    """Probability of at least `seen` units where chance has this mean (above 0) and variance, one row a case."""
    counts, means = seen.to_numpy() - 1.0, mean.cast(pl.Float64).to_numpy()
    # Just above the mean the two distributions are the same, and the negative binomial's own formula is unstable.
    spread = np.maximum(variance.cast(pl.Float64).to_numpy(), means * 1.001)
    size = means**2 / (spread - means)
    over = nbinom.sf(counts, size, size / (size + means))
    return pl.Series("chance", np.maximum(over, poisson.sf(counts, means)), dtype=pl.Float64).fill_nan(None)
