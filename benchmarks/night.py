"""One whole night on a large generated world: rows a second, peak memory, and time by step.

Usage: python benchmarks/night.py --rows 10000000 [--folder DIR]
The world is generated once (`mirrorwatch synth`) and kept in DIR; the night runs as a process of its own, so that its
peak memory, taken step by step, is its own. As a baseline in the same run, the same Parquet files are read and summed
by Polars alone.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import polars as pl

GIB = 1 << 30


def main() -> None:
    """Generate, run and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--date", default="2026-03-31")
    parser.add_argument("--lookback-days", type=int, default=60)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = arguments.folder or Path(scratch)
        data, out = folder / "data", folder / "out"
        command = [Path(sys.executable).with_name("mirrorwatch")]
        if not data.exists():
            subprocess.run(
                [*command, "synth", "--data", data, "--rows", str(arguments.rows), "--date", arguments.date], check=True
            )
        started = time.perf_counter()
        pl.scan_parquet(data / "transactions/*/*.parquet").select(pl.col("amount").sum(), pl.len()).collect()
        baseline = time.perf_counter() - started
        started = time.perf_counter()
        days = str(arguments.lookback_days)
        subprocess.run(
            [*command, "run", "--data", data, "--out", out, "--date", arguments.date, "--lookback-days", days],
            check=True,
        )
        seconds = time.perf_counter() - started
        steps = (out / ".work" / arguments.date / "steps.jsonl").read_text()
    rows = pl.scan_parquet(data / "transactions/*/*.parquet").select(pl.len()).collect().item() if data.exists() else 0
    print(steps)
    peak = max(json.loads(line).get("peak_bytes", 0) for line in steps.splitlines())
    print(f"rows {rows:,}; night {seconds:.0f} s; {rows / seconds:,.0f} rows/s; peak {peak / GIB:.2f} GiB")
    print(f"reading and summing alone {baseline:.2f} s: the night takes {seconds / baseline:.0f} times that")


if __name__ == "__main__":
    main()
