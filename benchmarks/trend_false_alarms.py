"""How often the trend findings cry over generated worlds in which nothing is wrong.

Usage: python benchmarks/trend_false_alarms.py [WORLDS] [ACCOUNTS…]

Each world is written for 120 days and read once; then each of its last 75 nights is judged with the days before it, as
a first night would (45 days) and as one with eight weeks of kept nights. Prints alarms by figure, and nights with any.
"""

import sys
import tempfile
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import polars as pl

from mirrorwatch.intake.profile import profile
from mirrorwatch.intake.stage import StageRequest, stage
from mirrorwatch.store.staging import staged, table
from mirrorwatch.synth.spec import WorldSpec
from mirrorwatch.synth.world import write_world
from mirrorwatch_suites.trend import compare

LAST, DAYS, NIGHTS = date(2026, 6, 30), 120, 75


def figures(seed: int, accounts: int) -> pl.DataFrame:
    """Write a world, read it, and return its profile over all of its days."""
    with tempfile.TemporaryDirectory(prefix="mirrorwatch-trend-") as folder:
        data, work = Path(folder) / "data", Path(folder) / "work"
        spec = WorldSpec(seed=seed, accounts=accounts, days=DAYS, end_date=LAST)
        write_world(spec, data, Path(folder) / "labels")
        summary = stage(StageRequest(str(data), LAST, DAYS), work)
        frames = {name: staged(work, name) for name in summary.datasets}
        return profile(frames, table(work, "completeness").collect(), summary)


def nights(told: pl.DataFrame, lookback: int) -> Iterator[pl.DataFrame]:
    """Judge each of the last nights on what it would have known."""
    daily = told.filter(pl.col("dataset") == "transactions", pl.col("metric") != "physical_type")
    for back in range(NIGHTS):
        night = LAST - timedelta(days=back)
        known = daily.filter(pl.col("booking_date").is_between(night - timedelta(days=lookback - 1), night))
        history = known.select(pl.lit(night).alias("run_date"), pl.all())
        yield compare(history, night).with_columns(night=pl.lit(night))


def main() -> None:
    """Measure and print."""
    worlds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    sizes = [int(size) for size in sys.argv[2:]] or [300, 1000, 3000]
    for accounts in sizes:
        told = [figures(seed, accounts) for seed in range(1, worlds + 1)]
        for lookback in (45, 57):
            judged = pl.concat(part.with_columns(world=number) for number, each in enumerate(told)
                               for part in nights(each, lookback))  # fmt: skip
            compared, cried = judged.drop_nulls("low"), judged.filter("unusual")
            anywhere = cried.select("world", "night").unique().height
            print(
                f"{accounts:,} accounts, {lookback} days known: {cried.height} alarms of {compared.height:,} figures"
                f" ({cried.height / compared.height:.3%}), on {anywhere} of {worlds * NIGHTS} nights"
            )
            print(cried.group_by("metric").len().sort("len", descending=True).rows())


if __name__ == "__main__":
    main()
