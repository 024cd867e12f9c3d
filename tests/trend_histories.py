"""Banks as their profiles tell them: weekends, month ends, chance; with one night changed as a test asks."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta

import numpy as np
import polars as pl

from mirrorwatch_suites.trend import HISTORY

RUN_DATE = date(2026, 3, 17)  # a Tuesday in mid-month
Figure = tuple[str, str | None, float, int]  # metric, subject, value, rows
Change = Callable[[list[Figure]], list[Figure]]
CHANNELS = {"card": 0.42, "ach": 0.2, "wire": 0.2, "cash_deposit": 0.1, "p2p": 0.08}
WEEKEND, MONTH_END = 0.35, 1.7


def bank(rows_a_day: float, *, last: date = RUN_DATE, days: int = 45, seed: int = 1) -> pl.DataFrame:
    """HISTORY of one first night: every day of its window drawn as an ordinary bank's."""
    rng = np.random.default_rng(seed)
    told = []
    for on in window(last, days):
        factor = (WEEKEND if on.weekday() > 4 else 1) * (MONTH_END if (on + timedelta(days=1)).day == 1 else 1)
        told += [(on, *figure) for figure in day(rng, rows_a_day * factor)]
    return frame(told, last)


def day(rng: np.random.Generator, expected: float) -> Iterator[Figure]:
    """Draw one day: counts vary by 5 % beside chance, parts by chance alone."""
    count = int(rng.poisson(expected * rng.normal(1, 0.05)))
    yield "row_count", None, count, count
    if count:
        amounts = rng.lognormal(5, 1.9, count)
        yield "amount_total", None, float(amounts.sum()), count
        yield "amount_median", None, float(np.median(amounts)), count
        yield "rejected_fraction", None, rng.binomial(count, 0.001) / count, count
        yield "null_fraction", "purpose", rng.binomial(count, 0.3) / count, count
        for channel, drawn in zip(CHANNELS, rng.multinomial(count, list(CHANNELS.values())), strict=True):
            yield "channel_share", channel, drawn / count, count


def frame(
    rows: list[tuple[date, str, str | None, float, int]], night: date, dataset: str = "transactions"
) -> pl.DataFrame:
    """Shape (booking_date, metric, subject, value, rows) as one night's part of HISTORY."""
    told = [
        (night, dataset, on, metric, subject, None, float(value), rows) for on, metric, subject, value, rows in rows
    ]
    return pl.DataFrame(told, schema=HISTORY, orient="row")


def window(last: date, days: int) -> list[date]:
    """List the dates that end with `last`."""
    return [last - timedelta(days=back) for back in reversed(range(days))]


def changed(
    history: pl.DataFrame, metric: str, subject: str | None, factor: float, on: date = RUN_DATE
) -> pl.DataFrame:
    """Multiply one figure of one day."""
    mine = (pl.col("metric") == metric) & (pl.col("booking_date") == on) & pl.col("subject").eq_missing(pl.lit(subject))
    return history.with_columns(value=pl.when(mine).then(pl.col("value") * factor).otherwise(pl.col("value")))


def types(night: date, dataset: str, columns: dict[str, str]) -> pl.DataFrame:
    """HISTORY of one dataset's physical types."""
    rows = [(night, dataset, night, "physical_type", name, dtype, 1.0, 1) for name, dtype in columns.items()]
    return pl.DataFrame(rows, schema=HISTORY, orient="row")
