"""Transactions a second for all layered shapes together, of one round and of several, and how time grows with the file.

    python benchmarks/shapes_speed.py --data FOLDER [--threads 2] [--tenfold]

FOLDER holds AMLSim's transactions.parquet and accounts.parquet. Three things are timed, each from the file on:

- *shapes*: what the detectors stand on is made, both graphs are built once, and all seven kinds are searched for,
  among loose ties and among unusual ones, with every question that a search asks of the transfers.
- *detectors*: the same, then all seven detectors one after the other, as a night runs them: each builds its graphs
  anew, and writes figures, scores and words.
- with --tenfold, *shapes* of ten copies of the file side by side (other accounts, other ids); at most twelve times as
  long is asked for.

Where snapml is installed (`pip install snapml`; proprietary, never a dependency) its GraphFeaturePreprocessor makes
features of the same transactions in the same run, with fan, degree, scatter-gather and temporal cycles switched on, its
own windows for each (12 hours, 12 hours, 5 days, 20 days), and as many threads. It makes features for each transaction,
this finds shapes: the tasks are near each other, not the same. --sample limits what snapml is given, since it is slow.

Beside seconds on the clock stand seconds of processor time, all threads together: on a busy machine only those tell.
"""

import argparse
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any


def parsed() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--tenfold", action="store_true")
    parser.add_argument("--sample", type=int, default=200_000, help="transactions that snapml is given; 0 = all")
    parser.add_argument("--rounds", type=int, default=2, help="how often each is timed; the best stands")
    return parser.parse_args()


CHOSEN = parsed() if __name__ == "__main__" else None
if CHOSEN is not None:  # both engines read these when they are imported
    os.environ["POLARS_MAX_THREADS"] = os.environ["OMP_NUM_THREADS"] = str(CHOSEN.threads)

import numpy as np  # noqa: E402
import polars as pl  # noqa: E402

from mirrorwatch.contract import ACCOUNTS, OWNERSHIP, PARTIES  # noqa: E402
from mirrorwatch.detectors import DETECTORS  # noqa: E402
from mirrorwatch.detectors.base import NightFrames  # noqa: E402
from mirrorwatch.detectors.shape_night import Ground, closes, ground, knowing  # noqa: E402
from mirrorwatch.detectors.shape_unusual import found_in, unusual_ground  # noqa: E402
from mirrorwatch.night.preparing import prepare  # noqa: E402
from mirrorwatch.shapes.search import Bounds, Search, Shape  # noqa: E402
from mirrorwatch.store.staging import prepared  # noqa: E402

DAY = 86_400
SEVEN = {each.typology: each for each in DETECTORS if each.stands_on}


@dataclass(frozen=True)
class Taken:
    """Seconds on the clock, seconds of processor time, and what was made."""

    wall: float
    processor: float
    made: int

    def line(self, rows: int) -> str:
        """Say both, and transactions a second by each."""
        by = f"{rows / self.wall:,.0f} a second on the clock, {rows / self.processor:,.0f} of processor time"
        return f"{rows:,} transactions in {self.wall:.1f} s, {self.processor:.1f} s of processor time: {by}"


def timed(work: Callable[[], int], rounds: int) -> Taken:
    """Do it as often as asked; the least of each time stands."""
    taken = []
    for _ in range(rounds):
        clock, processor = time.perf_counter(), time.process_time()
        made = work()
        taken.append((time.perf_counter() - clock, time.process_time() - processor, made))
    return Taken(min(each[0] for each in taken), min(each[1] for each in taken), taken[0][2])


def frames(data: Path, copies: int) -> NightFrames:
    """AMLSim's transactions as a night has them, `copies` times side by side, over the simulator's two years."""
    plain = pl.scan_parquet(data / "transactions.parquet").select(
        transaction_id=pl.col("tx_id").cast(pl.String),
        originator_account_id=pl.col("src").cast(pl.String),
        beneficiary_account_id=pl.col("dst").cast(pl.String),
        booked_at=pl.col("timestamp").dt.replace_time_zone("UTC"),
        usd_minor=(pl.col("amount") * 100).round().cast(pl.Int64),
        channel=pl.lit("ach"),
        reverses_transaction_id=pl.lit(None, dtype=pl.String),
    )
    accounts = pl.scan_parquet(data / "accounts.parquet").select(
        account_id=pl.col("acct_id").cast(pl.String), party_id=pl.col("acct_id").cast(pl.String),
        account_type=pl.lit("personal"),
    )  # fmt: skip
    held = _copied(accounts, copies, "account_id", "party_id").match_to_schema(
        ACCOUNTS.schema, missing_columns="insert"
    )
    last = plain.select(pl.col("booked_at").max().dt.date()).collect().item()
    return NightFrames(
        last.isoformat(),
        _copied(plain, copies, "transaction_id", "originator_account_id", "beneficiary_account_id").collect().lazy(),
        held.match_to_schema(ACCOUNTS.schema, missing_columns="insert"),
        held.select("party_id").match_to_schema(PARTIES.schema, missing_columns="insert"),
        pl.LazyFrame(schema=OWNERSHIP.schema),
    )


def _copied(rows: pl.LazyFrame, copies: int, *names: str) -> pl.LazyFrame:
    return pl.concat(
        [rows.with_columns(pl.concat_str(pl.lit(f"{copy}-"), pl.col(name)).alias(name) for name in names)
         for copy in range(copies)]
    )  # fmt: skip


def standing(data: Path, copies: int, work: Path) -> NightFrames:
    """Make what the detectors stand on, as a night's step does."""
    night = frames(data, copies)
    prepare(work, night, SEVEN.values())
    return replace(night, prepared=prepared(work))


def of_one_round(on: Ground) -> Iterator[list[Shape]]:
    """Shapes of loose ties, as the seven detectors ask for them."""
    search = Search(on.money, Bounds())
    chosen: dict[str, Any] = {name: each.parameters() for name, each in SEVEN.items()}
    worth = {name: each.most_expected for name, each in chosen.items()}
    knows = partial(knowing, on)
    yield search.round_trips(worth["round_trip"], lambda files: closes(on, files, chosen["round_trip"].span_days))
    yield search.scatter_gathers(chosen["scatter_gather"].least, worth["scatter_gather"])
    yield search.gather_scatters(chosen["gather_scatter"].least, worth["gather_scatter"], knows)
    yield search.bipartites(worth["bipartite"])
    yield search.stacks(worth["stack"], chosen["stack"].most_files_expected)
    for name in ("fan_in", "fan_out"):
        yield search.fans(inward=name == "fan_in", least=chosen[name].least, worth=worth[name], knowing=knows)


def shapes(data: Path, copies: int) -> int:
    """Find all shapes from the file on; returns how many."""
    with tempfile.TemporaryDirectory() as folder:
        night = standing(data, copies, Path(folder))
        on = ground(night)
        at = unusual_ground(night, on)
        found = [*of_one_round(on), *(found_in(name, at, Bounds()) for name in SEVEN)]
    return sum(len(each) for each in found)


def detected(data: Path) -> int:
    """Run all detectors from the file on, as a night does; returns how many findings they write."""
    with tempfile.TemporaryDirectory() as folder:
        night = standing(data, 1, Path(folder))
        return sum(each.detect(night, each.parameters()).collect().height for each in SEVEN.values())


def snapml(data: Path, sample: int, threads: int) -> tuple[int, Taken] | None:
    """Transactions and times of snapml's feature extraction, or None where it is not installed."""
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
    return len(table), timed(lambda: len(maker.fit_transform(table)), 1)


def main(chosen: argparse.Namespace) -> None:
    """Run from the command line."""
    count = pl.scan_parquet(chosen.data / "transactions.parquet").select(pl.len()).collect().item()
    load = os.getloadavg()[0]
    print(f"{chosen.threads} threads on {os.cpu_count()} cores; load of the machine {load:.1f}")
    once = timed(lambda: shapes(chosen.data, 1), chosen.rounds)
    print(f"shapes: {once.made} of seven kinds, of one round and of several; {once.line(count)}")
    whole = timed(lambda: detected(chosen.data), chosen.rounds)
    print(f"detectors: {whole.made} findings; {whole.line(count)}")
    if chosen.tenfold:
        ten = timed(lambda: shapes(chosen.data, 10), 1)
        times = (
            f"{ten.wall / once.wall:.1f} times as long on the clock, {ten.processor / once.processor:.1f} of processor"
        )
        print(f"tenfold: {ten.made} shapes; {ten.line(10 * count)}; {times} time")
    if (beside := snapml(chosen.data, chosen.sample, chosen.threads)) is None:
        print("snapml is not installed: nothing to compare with")
        return
    given, taken = beside
    print(f"snapml: {taken.line(given)}")
    for name, ours in (("shapes", once), ("detectors", whole)):
        clock, processor = ((count / one) / (given / other)
                            for one, other in ((ours.wall, taken.wall), (ours.processor, taken.processor)))  # fmt: skip
        print(
            f"{name}: {clock:.1f} times as many transactions a second on the clock, {processor:.1f} of processor time"
        )


if CHOSEN is not None:
    main(CHOSEN)
