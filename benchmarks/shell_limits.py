"""How recall of hard shell schemes falls as one thing about them is made harder, all else as `ShellSpec.hard`.

    python benchmarks/shell_limits.py --seeds 301-303 > shell-limits.csv

Writes CSV to stdout: what was varied, its value, schemes planted, schemes found (an alert names at least half of a
scheme's accounts), alerts, and alerts that name no scheme.
"""

import argparse
import csv
import sys
import tempfile
from pathlib import Path
from typing import Any

import polars as pl

from mirrorwatch.detectors.shell_company import DETECTOR
from mirrorwatch.detectors.shell_parameters import ShellParameters
from mirrorwatch.intake.stage import StageRequest, stage
from mirrorwatch.synth.spec import ShellSpec, WorldSpec
from mirrorwatch.synth.world import write_world
from shell_recall import night, seeds

SCHEMES = 10  # a world, so that a few worlds give a rate to within about ten in a hundred
VARIED: dict[str, tuple[Any, ...]] = {
    "flows": ((1, 1), (2, 2), (3, 3), (5, 5), (8, 8), (12, 12)),
    "length": ((1, 1), (2, 2), (3, 3), (5, 5)),
    "hop_hours": ((1, 6), (6, 24), (6, 60), (48, 96), (72, 140), (140, 200)),
    "kept": ((0.0, 0.02), (0.0, 0.07), (0.05, 0.1), (0.1, 0.15)),
    "split_share": (0.0, 0.5, 1.0),
    "merge_share": (0.0, 0.4, 0.8),
    "small_payments": ((0, 0), (4, 4), (12, 12), (30, 30)),
}


def trial(seed: int, changes: dict[str, Any], folder: Path) -> tuple[int, int, int, int]:
    """Plant, stage and detect one world: planted, found, alerts, alerts without a scheme."""
    spec = WorldSpec.sample(seed, schemes=(ShellSpec.hard(count=SCHEMES, **changes),), innocents=0)
    write_world(spec, folder / "data", folder / "labels")
    stage(StageRequest(str(folder / "data"), spec.end_date), folder / "work")
    found = DETECTOR.detect(night(folder / "work", spec.end_date), ShellParameters()).collect()
    alerts = [set(accounts) for accounts in found["account_ids"].to_list()]
    schemes = [set(accounts) for accounts in pl.read_parquet(folder / "labels" / "schemes.parquet")["account_ids"]]
    hits = sum(any(len(alert & scheme) * 2 >= len(scheme) for alert in alerts) for scheme in schemes)
    return len(schemes), hits, len(alerts), sum(not any(alert & scheme for scheme in schemes) for alert in alerts)


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=seeds, default=seeds("301-303"))
    chosen = parser.parse_args().seeds
    table = csv.writer(sys.stdout, lineterminator="\n")
    table.writerow(("varied", "value", "planted", "found", "alerts", "alerts_without_scheme"))
    for name, values in VARIED.items():
        for value in values:
            sums = [0, 0, 0, 0]
            for seed in chosen:
                with tempfile.TemporaryDirectory() as folder:
                    counts = trial(seed, {name: value}, Path(folder))
                sums = [total + count for total, count in zip(sums, counts, strict=True)]
            table.writerow((name, value if isinstance(value, float) else "-".join(map(str, value)), *sums))
            sys.stdout.flush()


if __name__ == "__main__":
    main()
