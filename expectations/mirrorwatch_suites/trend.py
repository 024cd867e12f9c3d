"""Over time: tonight's figures against the trailing nights', how fresh the data is, whether its schema moved.

Pure: a frame of profile history in, findings out. All are warnings: what is unusual may well be true, so it never stops
a night.
"""

from datetime import date, timedelta

import polars as pl

from mirrorwatch.contract import PROFILE, QUALITY, TREND
from mirrorwatch_suites.drift import drifted, rewritten, stale
from mirrorwatch_suites.trend_bands import KEY, SCALES, bands
from mirrorwatch_suites.trend_words import sentence_of, why_of

__all__ = ["HISTORY", "SCALES", "TRAILING_DAYS", "compare", "findings", "trailing"]

# PROFILE rows of tonight and of nights before, each with the night that it was written for.
HISTORY = pl.Schema({"run_date": pl.Date(), **PROFILE})
# Eight weeks: eight of each weekday and one or two of each point of a month, and no older, since banks grow.
TRAILING_DAYS = 56


def findings(history: pl.DataFrame, run_date: date) -> pl.DataFrame:
    """Return QUALITY, sorted: one row for each thing compared, `success` where it is as usual. `history` is HISTORY."""
    parts = [_as_usual(compare(history, run_date)), stale(history, run_date), drifted(history, run_date)]
    return pl.concat([*parts, rewritten(history, run_date)]).sort(
        "dataset", "severity", "expectation", "column", nulls_last=True
    )


def compare(history: pl.DataFrame, run_date: date) -> pl.DataFrame:
    """Return TREND, sorted: each of tonight's figures that is followed over time, and what is usual for it."""
    followed = history.filter(pl.col("metric").is_in(list(SCALES)), pl.col("value").is_not_null())
    tonight = followed.filter(pl.col("run_date") == run_date, pl.col("booking_date") == run_date)
    told = bands(tonight.select(*KEY, "booking_date", "value", "rows"), trailing(followed, run_date))
    return told.select(pl.col(name).cast(dtype) for name, dtype in TREND.items()).sort(KEY)


def trailing(history: pl.DataFrame, run_date: date) -> pl.DataFrame:
    """Return one row a figure and earlier day: KEY, booking_date, value, rows.

    A day counts as it was on its own night, as tonight's does: later deliveries may have filled it up since. Where that
    night was not kept, it counts as tonight's window shows it.
    """
    days = pl.col("booking_date").is_between(run_date - timedelta(days=TRAILING_DAYS), run_date, closed="left")
    known = history.filter(days, pl.col("value").is_not_null(), pl.col("run_date") <= run_date)
    own_night_first = (pl.col("run_date") != pl.col("booking_date")).alias("later")
    return (
        known.sort(*KEY, "booking_date", own_night_first, pl.col("run_date"), descending=[False] * 5 + [True])
        .unique([*KEY, "booking_date"], keep="first", maintain_order=True)
        .select(*KEY, "booking_date", "value", "rows")
    )


def _as_usual(trend: pl.DataFrame) -> pl.DataFrame:
    rows = [
        {
            "dataset": row["dataset"],
            "expectation": f"{row['metric']}_as_usual",
            "column": row["subject"],
            "severity": "warning",
            "success": not row["unusual"],
            "observed": sentence_of(row),
            "reason": why_of(row["metric"]),
        }
        for row in trend.iter_rows(named=True)
    ]
    return pl.DataFrame(rows, schema=QUALITY)
