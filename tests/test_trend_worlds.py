"""Over a generated world in which nothing is wrong: weekends, pay days and month ends do not cry, and a loss does."""

import polars as pl
import pytest
from benchmarks.trend_false_alarms import LAST, NIGHTS, figures, nights

from mirrorwatch_suites.trend import compare


@pytest.fixture(scope="module")
def world() -> pl.DataFrame:
    return figures(seed=1, accounts=300)


def test_at_most_one_night_in_fifty_cries(world: pl.DataFrame) -> None:
    judged = pl.concat(nights(world, lookback=45))
    assert judged["night"].n_unique() == NIGHTS
    assert judged.drop_nulls("low").height == judged.height  # 45 days are enough to compare every figure
    assert judged.filter("unusual")["night"].n_unique() <= NIGHTS / 50


@pytest.mark.parametrize(("metric", "subject", "factor"), [("row_count", None, 0.5), ("channel_share", "card", 0.0)])
def test_a_loss_in_it_is_found(world: pl.DataFrame, metric: str, subject: str | None, factor: float) -> None:
    mine = (
        (pl.col("metric") == metric) & pl.col("subject").eq_missing(pl.lit(subject)) & (pl.col("booking_date") == LAST)
    )
    lost = world.with_columns(value=pl.when(mine).then(pl.col("value") * factor).otherwise("value"))
    found = compare(lost.select(pl.lit(LAST).alias("run_date"), pl.all()), LAST).filter("unusual")
    assert found.select("metric", "subject").rows() == [(metric, subject)]
