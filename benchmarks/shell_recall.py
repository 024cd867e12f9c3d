"""How many planted shell schemes the detector finds, and whom it names wrongly, on worlds of given seeds.

    python benchmarks/shell_recall.py --seeds 101-110 --keep FOLDER [--blind]

Prints one line a world and a summary: recall of easy and hard schemes, the share of alerts that point at a scheme,
innocents named. A scheme is found when an alert names at least half of its accounts; an alert is right when at least
half of the accounts that it names are one scheme's; an innocent is named when any account of a label is. With --blind
the detector sees no ownership, codes, identifiers or declarations.
"""

import argparse
import tempfile
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import polars as pl

from mirrorwatch.detectors.base import NightFrames
from mirrorwatch.detectors.shell_company import DETECTOR
from mirrorwatch.detectors.shell_parameters import ShellParameters


@dataclass
class Tally:
    """Sums over worlds."""

    found: Counter[str] = field(default_factory=Counter)
    planted: Counter[str] = field(default_factory=Counter)
    alerts: int = 0
    right: int = 0
    innocents: list[str] = field(default_factory=list)
    shells_named: int = 0
    shells_planted: int = 0

    def lines(self) -> list[str]:
        """Say the summary, a line a figure."""
        recall = [f"{kind}: {self.found[kind]} of {self.planted[kind]} found" for kind in sorted(self.planted)]
        return [
            *recall,
            f"alerts right: {self.right} of {self.alerts}",
            f"shell accounts named: {self.shells_named} of {self.shells_planted}",
            f"innocents named: {self.innocents or 'none'}",
        ]


def world(seed: int, keep: Path, accounts: int, easy: int, hard: int) -> Path:
    """Write and stage one world below `keep` unless it is there; returns its folder."""
    folder = keep / f"seed{seed}-{accounts}-{easy}-{hard}"
    if not (folder / "work" / "summary.json").exists():
        from mirrorwatch.intake.stage import StageRequest, stage
        from mirrorwatch.synth.spec import ShellSpec, WorldSpec
        from mirrorwatch.synth.world import write_world

        schemes = (ShellSpec.easy(count=easy), ShellSpec.hard(count=hard))
        spec = WorldSpec.sample(seed, accounts=accounts, schemes=schemes)
        write_world(spec, folder / "data", folder / "labels")
        stage(StageRequest(str(folder / "data"), spec.end_date), folder / "work")
    return folder


def night(work: Path, run_date: date) -> NightFrames:
    """Scan the staged night as a detector sees it."""
    transactions, accounts, parties, ownership = (
        pl.scan_parquet(work / "staged" / name / "*.parquet")
        for name in ("transactions", "accounts", "parties", "ownership")
    )
    return NightFrames(run_date.isoformat(), transactions, accounts, parties, ownership)


def blinded(night: NightFrames) -> NightFrames:
    """Hide what another source may not give: ownership, codes, texts, identifiers, dates and declarations."""
    kept = {"party_id", "party_type", "name", "country", "licence", "source_file", "source_row"}
    dtypes = night.parties.collect_schema()
    nothing = {name: pl.lit(None, dtype=dtype) for name, dtype in dtypes.items() if name not in kept}
    texts = {name: pl.lit(None, dtype=pl.String) for name in ("purpose", "merchant_category")}
    return replace(
        night,
        transactions=night.transactions.with_columns(**texts),
        parties=night.parties.with_columns(**nothing),
        ownership=night.ownership.limit(0),
        absent=frozenset({"ownership"}),
    )


def judge(folder: Path, findings: pl.DataFrame, tally: Tally, *, verbose: bool) -> str:
    """Count one world into `tally`; returns its line."""
    schemes = pl.read_parquet(folder / "labels" / "schemes.parquet").filter(pl.col("typology") == "shell_company")
    innocents = pl.read_parquet(folder / "labels" / "innocents.parquet")
    alerts = [set(accounts) for accounts in findings["account_ids"].to_list()]
    named = set().union(*alerts) if alerts else set()
    missed, before = [], tally.right
    members = [set(row["account_ids"]) for row in schemes.iter_rows(named=True)]
    for row, accounts in zip(schemes.iter_rows(named=True), members, strict=True):
        hit = any(len(alert & accounts) * 2 >= len(accounts) for alert in alerts)
        tally.planted[row["difficulty"]] += 1
        tally.found[row["difficulty"]] += hit
        tally.shells_planted += len(accounts)
        tally.shells_named += len(accounts & named)
        if not hit:
            missed.append(f"{row['difficulty']}:{row['scheme_id']}")
    tally.alerts += len(alerts)
    tally.right += sum(any(len(alert & accounts) * 2 >= len(alert) for accounts in members) for alert in alerts)
    for row in innocents.iter_rows(named=True):
        if named & set(row["account_ids"]):
            tally.innocents.append(f"{folder.name}:{row['kind']}")
    if verbose:
        for row in findings.iter_rows(named=True):
            print(f"  {row['score']:.3f} p={row['chance_probability']} {row['account_ids']}")
    return f"{folder.name}: {len(alerts)} alerts, {tally.right - before} right, missed {missed or 'none'}"


def seeds(text: str) -> list[int]:
    """Read one seed or a range of them: 7, 101-110."""
    first, _, last = text.partition("-")
    return list(range(int(first), int(last or first) + 1))


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=seeds, default=seeds("1-5"))
    parser.add_argument("--keep", type=Path, help="where worlds are written and found again; default: nowhere")
    parser.add_argument("--accounts", type=int, default=3_000)
    parser.add_argument("--easy", type=int, default=3)
    parser.add_argument("--hard", type=int, default=5)
    parser.add_argument("--verbose", action="store_true")
    parser.add_argument("--blind", action="store_true")
    chosen = parser.parse_args()
    tally = Tally()
    with tempfile.TemporaryDirectory() as scratch:
        for seed in chosen.seeds:
            folder = world(seed, chosen.keep or Path(scratch), chosen.accounts, chosen.easy, chosen.hard)
            frames = night(folder / "work", date(2026, 3, 31))
            frames = blinded(frames) if chosen.blind else frames
            findings = DETECTOR.detect(frames, ShellParameters()).collect()
            print(judge(folder, findings, tally, verbose=chosen.verbose), flush=True)
    print("\n".join(tally.lines()))


if __name__ == "__main__":
    main()
