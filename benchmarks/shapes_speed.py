"""Transactions a second for all layered shapes together, and how the time grows with the file.

    python benchmarks/shapes_speed.py --data FOLDER [--threads 2] [--tenfold]

FOLDER holds AMLSim's transactions.parquet and accounts.parquet. From the file to the shapes: ties are read and judged
strange, and all seven searches run; what the detectors add (words, evidence) is not counted, nor is what a trained
model would do with features. With --tenfold the same is done with ten copies of the file side by side (other accounts,
other ids), which should cost at most twelve times as much.

Where snapml is installed (`pip install snapml`; proprietary, never a dependency) its GraphFeaturePreprocessor makes
features of the same transactions in the same run, with fan, degree, scatter-gather and temporal cycles switched on, its
own windows for each (12 hours, 12 hours, 5 days, 20 days), and as many threads. It makes features for each transaction,
this finds shapes: the tasks are near each other, not the same. --sample limits what snapml is given, since it is slow.
"""

import argparse
import os
import time
from collections.abc import Callable
from pathlib import Path


def parsed() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--tenfold", action="store_true")
    parser.add_argument("--sample", type=int, default=200_000, help="transactions that snapml is given; 0 = all")
    return parser.parse_args()


CHOSEN = parsed() if __name__ == "__main__" else None
if CHOSEN is not None:  # both engines read these when they are imported
    os.environ["POLARS_MAX_THREADS"] = os.environ["OMP_NUM_THREADS"] = str(CHOSEN.threads)

import numpy as np  # noqa: E402
import polars as pl  # noqa: E402

from mirrorwatch.features import edges  # noqa: E402
from mirrorwatch.shapes.graph import graph  # noqa: E402
from mirrorwatch.shapes.search import Bounds, Search  # noqa: E402

DAY = 86_400


def rows(data: Path, copies: int) -> pl.LazyFrame:
    """AMLSim's transactions as a detector reads them, `copies` times side by side."""
    plain = pl.scan_parquet(data / "transactions.parquet").select(
        transaction_id=pl.col("tx_id").cast(pl.String),
        originator_account_id=pl.col("src").cast(pl.String),
        beneficiary_account_id=pl.col("dst").cast(pl.String),
        booked_at=pl.col("timestamp").dt.replace_time_zone("UTC"),
        usd_minor=(pl.col("amount") * 100).round().cast(pl.Int64),
        channel=pl.lit("ach"),
        reverses_transaction_id=pl.lit(None, dtype=pl.String),
    )
    names = ("transaction_id", "originator_account_id", "beneficiary_account_id")
    return pl.concat(
        [plain.with_columns(pl.concat_str(pl.lit(f"{copy}-"), pl.col(name)).alias(name) for name in names)
         for copy in range(copies)]
    )  # fmt: skip


def shapes(data: Path, copies: int) -> int:
    """Find all shapes; returns how many."""
    paid = edges.transfers(rows(data, copies))
    ties = edges.loose(paid).sort("booked_at", "usd_minor", "payments", "payer", "payee").collect()
    held = pl.scan_parquet(data / "accounts.parquet").select(pl.col("acct_id").cast(pl.String)).collect()["acct_id"]
    ids = pl.concat([pl.Series("id", [f"{copy}-"]) + held for copy in range(copies)])
    kinds = pl.LazyFrame({"account_id": ids, "kind": np.zeros(len(ids), dtype=np.int64)})
    known = kinds.join(edges.custom(paid), on="account_id", how="left").collect()
    search = Search(graph(ties, known, float(edges.window_days(paid))), Bounds())
    strangers = lambda groups: [0] * len(groups)  # noqa: E731 : who knows whom is read by the detectors
    found = (
        search.round_trips(0.005, lambda files: [False] * len(files)),
        search.scatter_gathers(3, 0.05),
        search.gather_scatters(2, 0.05, strangers),
        search.bipartites(0.2),
        search.stacks(0.2, 0.005),
        search.fans(inward=True, least=3, worth=0.05, knowing=strangers),
        search.fans(inward=False, least=3, worth=0.05, knowing=strangers),
    )
    return sum(len(each) for each in found)


def timed(work: Callable[[], object]) -> float:
    """Seconds that it takes, the better of two."""
    taken = []
    for _ in range(2):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return min(taken)


def snapml_seconds(data: Path, sample: int, threads: int) -> tuple[int, float] | None:
    """Transactions and seconds of snapml's feature extraction, or None where it is not installed."""
    try:
        from snapml import GraphFeaturePreprocessor
    except ImportError:
        return None
    frame = pl.read_parquet(data / "transactions.parquet").sort("ts", "tx_id")
    frame = frame.head(sample) if sample else frame
    table = np.ascontiguousarray(frame.select("tx_id", "src", "dst", "ts", "amount").cast(pl.Float64).to_numpy())
    maker = GraphFeaturePreprocessor()
    settings = maker.get_params()
    settings.update(
        {"num_threads": threads, "time_window": 20 * DAY, "vertex_stats": False, "fan": True, "degree": True,
         "scatter-gather": True, "temp-cycle": True, "lc-cycle": False}
    )  # fmt: skip
    maker.set_params(settings)
    start = time.perf_counter()
    maker.fit_transform(table)
    return len(table), time.perf_counter() - start


def main(chosen: argparse.Namespace) -> None:
    """Run from the command line."""
    count = pl.scan_parquet(chosen.data / "transactions.parquet").select(pl.len()).collect().item()
    once = timed(lambda: shapes(chosen.data, 1))
    print(f"all shapes: {count:,} transactions in {once:.1f} s, {count / once:,.0f} a second, {chosen.threads} threads")
    if chosen.tenfold:
        ten = timed(lambda: shapes(chosen.data, 10))
        print(f"tenfold: {10 * count:,} transactions in {ten:.1f} s, {ten / once:.1f} times as long")
    beside = snapml_seconds(chosen.data, chosen.sample, chosen.threads)
    if beside is None:
        print("snapml is not installed: nothing to compare with")
        return
    given, seconds = beside
    ratio = (count / once) / (given / seconds)
    print(f"snapml: {given:,} transactions in {seconds:.1f} s, {given / seconds:,.0f} a second; ratio {ratio:.1f}")


if CHOSEN is not None:
    main(CHOSEN)
