"""How mirror-swap recall falls as rings get harder: one figure varied at a time, others as in the middle case.

Usage: python benchmarks/mirror_limits.py --csv limits.csv --png docs/images/detection-limits.png [--seeds 301-302]
Each point is `rings` planted rings in each of the seeds' worlds of three countries; recall is the share of rings that
a right alert (half of its accounts in the ring) names, precision the share of alerts that are right.
"""

import argparse
import csv
import tempfile
from pathlib import Path

import matplotlib as mpl

mpl.use("Agg")
from matplotlib import pyplot as plt

from mirror_recall import judge
from mirrorwatch.detectors.mirror_swap_parameters import MirrorSwapParameters
from mirrorwatch.synth.spec import MirrorSpec, WorldSpec

RINGS = 4
MIDDLE: dict[str, object] = {
    "swaps": (20, 20),
    "accounts_per_side": (2, 2),
    "parts_in": (1, 1),
    "parts_out": (1, 1),
    "lag_hours": (-6, 33),
    "cover": 0.3,
}
SWEEPS: dict[str, list[tuple[float, dict[str, object]]]] = {
    "swaps in 45 days": [(n, {"swaps": (n, n)}) for n in (6, 10, 15, 20, 30)],
    "most parts in (half as many out)": [
        (n, {"parts_in": (1, n), "parts_out": (1, max(1, n // 2))}) for n in (1, 2, 3, 4)
    ],
    "accounts a side": [(n, {"accounts_per_side": (n, n)}) for n in (1, 2, 3, 5, 7)],
    "longest lag (hours)": [(n, {"lag_hours": (0, n)}) for n in (6, 18, 33, 48, 72)],
    "background (payments per account and day)": [(n, {"background": n}) for n in (0.5, 1.0, 2.0, 4.0)],
}


def measure(changes: dict[str, object], seeds: range) -> tuple[float, float]:
    """Recall and precision over the seeds' worlds."""
    settings = {**MIDDLE, **changes}
    background = float(settings.pop("background", 1.0))  # type: ignore[arg-type]
    planted = found = alerts = right = 0
    for seed in seeds:
        spec = WorldSpec(
            seed=seed,
            accounts=1000,
            countries=("US", "MX", "CN"),
            transactions_per_account_day=background,
            schemes=(MirrorSpec.hard(count=RINGS, **settings),),
        )
        with tempfile.TemporaryDirectory() as folder:
            result = judge(Path(folder), spec, MirrorSwapParameters())
        planted, found = planted + int(str(result["hard_planted"])), found + int(str(result["hard_found"]))
        alerts, right = alerts + int(str(result["alerts"])), right + int(str(result["right"]))
    return found / max(1, planted), right / alerts if alerts else float("nan")


def main() -> None:
    """Measure every sweep, write the figures and draw them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--csv", type=Path, required=True)
    parser.add_argument("--png", type=Path, required=True)
    parser.add_argument("--seeds", default="301-302")
    arguments = parser.parse_args()
    first, _, last = arguments.seeds.partition("-")
    seeds = range(int(first), int(last or first) + 1)
    rows = []
    figure, axes = plt.subplots(1, len(SWEEPS), figsize=(16, 3.4), sharey=True)
    for axis, (name, points) in zip(axes, SWEEPS.items(), strict=True):
        measured = [(value, *measure(changes, seeds)) for value, changes in points]
        rows += [(name, *point) for point in measured]
        print(name, [tuple(round(v, 2) for v in point) for point in measured], flush=True)
        axis.plot([m[0] for m in measured], [m[1] for m in measured], marker="o", label="recall")
        axis.plot([m[0] for m in measured], [m[2] for m in measured], marker="s", linestyle=":", label="precision")
        axis.set_xlabel(name)
        axis.set_ylim(-0.05, 1.05)
        axis.grid(alpha=0.3)
    axes[0].set_ylabel("share")
    axes[0].legend(loc="lower right")
    figure.tight_layout()
    arguments.png.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(arguments.png, dpi=110, metadata={"Software": None})
    with arguments.csv.open("w", newline="") as handle:
        csv.writer(handle).writerows([("sweep", "value", "recall", "precision"), *rows])


if __name__ == "__main__":
    main()
