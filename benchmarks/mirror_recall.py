"""How many planted mirror-swap rings are found, how many alerts are right, and whether an innocent is named.

Usage: python benchmarks/mirror_recall.py --seeds 101-105 [--accounts 3000] [--easy 2] [--hard 4] [--config k=v …]
Worlds are generated, staged as the night stages them, and judged against their labels: an alert is right when at
least half of the accounts it names belong to one planted ring, and a ring is found when a right alert names one of
its accounts on either side.
"""

import argparse
import json
import tempfile
import time
from pathlib import Path

import polars as pl

from mirrorwatch.detectors import mirror_swap
from mirrorwatch.detectors.mirror_swap_parameters import MirrorSwapParameters
from mirrorwatch.intake.frames import night_frames
from mirrorwatch.intake.stage import StageRequest, stage
from mirrorwatch.synth.spec import MirrorSpec, WorldSpec
from mirrorwatch.synth.world import write_world


def judge(root: Path, spec: WorldSpec, parameters: MirrorSwapParameters) -> dict[str, object]:
    """Generate, stage and search one world; its counts."""
    data, labels, work = root / "data", root / "labels", root / "work"
    write_world(spec, data, labels)
    work.mkdir()
    stage(StageRequest(str(data), spec.end_date), work)
    started = time.perf_counter()
    found = mirror_swap.detect(night_frames(work, spec.end_date), parameters).collect()
    seconds = time.perf_counter() - started
    schemes = pl.read_parquet(labels / "schemes.parquet").filter(pl.col("typology") == "mirror_swap")
    rings = {row["scheme_id"]: set(row["account_ids"]) for row in schemes.iter_rows(named=True)}
    innocents = {
        account: row["kind"]
        for row in pl.read_parquet(labels / "innocents.parquet").iter_rows(named=True)
        for account in row["account_ids"]
    }
    hit: dict[str, float] = {}
    right = 0
    named = []
    for alert in found.iter_rows(named=True):
        accounts = set(alert["account_ids"])
        named += [innocents[a] for a in accounts if a in innocents]
        best = max(rings, key=lambda ring: (len(rings[ring] & accounts), ring), default=None)
        if best and len(rings[best] & accounts) * 2 >= len(accounts):
            right += 1
            hit[best] = max(hit.get(best, 0.0), len(rings[best] & accounts) / len(rings[best]))
    result: dict[str, object] = {"seed": spec.seed, "alerts": found.height, "right": right, "innocents_named": named}
    for kind in ("easy", "hard"):
        planted = [ring for ring in rings if f"-{kind}-" in ring]
        result[f"{kind}_planted"] = len(planted)
        result[f"{kind}_found"] = sum(ring in hit for ring in planted)
    result["coverage"] = {ring: round(share, 2) for ring, share in sorted(hit.items())}
    result["least_probability"] = found["chance_probability"].min() if found.height else None
    result["seconds"] = round(seconds, 1)
    return result


def main() -> None:
    """Run over the seeds and print a line a world and the totals."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", default="101-105")
    parser.add_argument("--accounts", type=int, default=3000)
    parser.add_argument("--easy", type=int, default=2)
    parser.add_argument("--hard", type=int, default=4)
    parser.add_argument("--cover", type=float, default=1.0)
    parser.add_argument("--set", nargs="*", default=[], metavar="PARAMETER=VALUE")
    arguments = parser.parse_args()
    parameters = MirrorSwapParameters(**{k: json.loads(v) for k, v in (item.split("=") for item in arguments.set)})
    first, _, last = arguments.seeds.partition("-")
    totals: dict[str, int] = {}
    for seed in range(int(first), int(last or first) + 1):
        schemes = (
            MirrorSpec.easy(count=arguments.easy, cover=arguments.cover),
            MirrorSpec.hard(count=arguments.hard, cover=arguments.cover),
        )
        with tempfile.TemporaryDirectory() as folder:
            result = judge(Path(folder), WorldSpec(seed=seed, accounts=arguments.accounts, schemes=schemes), parameters)
        print(json.dumps(result), flush=True)
        for key, value in result.items():
            if isinstance(value, int) and key != "seed":
                totals[key] = totals.get(key, 0) + value
    print(json.dumps(totals))


if __name__ == "__main__":
    main()
