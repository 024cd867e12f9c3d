"""How many planted schemes of each typology a night finds, and whom it names wrongly, on worlds of given seeds.

    python benchmarks/typology_recall.py --seeds 401-404 --keep FOLDER [--only structuring bulk_cash] [--hard 3]

Every detector runs on every world and overlapping findings are told once, as on a real night. A scheme is found when an
alert names at least half of its accounts, or one of them with at least half of its payments as evidence (a crowd's
alert names its centre alone: payers may have been deceived); under its own name when that alert is of its typology, or
says that it looks like it too. An alert is right when at least half of the accounts that it names are one scheme's; an
innocent is named when any account of its label is.
"""

import argparse
import tempfile
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import get_args

import polars as pl

from mirrorwatch.alerts import Stamp, candidates
from mirrorwatch.alerts.together import also
from mirrorwatch.detectors import DETECTORS
from mirrorwatch.intake.frames import night_frames
from mirrorwatch.synth.spec import MirrorSpec, SchemeSpec, ShellSpec, TypologySpec, WorldSpec

LAST_DAY = date(2026, 3, 31)
TYPOLOGIES = ("mirror_swap", "shell_company", *get_args(TypologySpec.model_fields["typology"].annotation))


@dataclass
class Tally:
    """Sums over worlds."""

    planted: Counter[tuple[str, str]] = field(default_factory=Counter)
    found: Counter[tuple[str, str]] = field(default_factory=Counter)
    named_so: Counter[tuple[str, str]] = field(default_factory=Counter)
    alerts: Counter[str] = field(default_factory=Counter)
    right: Counter[str] = field(default_factory=Counter)
    innocents: list[str] = field(default_factory=list)
    seconds: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))

    def lines(self) -> list[str]:
        """Say the summary, a line a typology."""
        names = sorted({name for name, _ in self.planted} | set(self.alerts))
        each = [
            f"{name:24}"
            + "".join(
                f" {kind} {self.found[name, kind]:>3}/{self.planted[name, kind]:<3} "
                f"(own name {self.named_so[name, kind]:>3})"
                for kind in ("easy", "hard")
            )
            + f"  alerts right {self.right[name]}/{self.alerts[name]}  {self.seconds[name]:.0f} s"
            for name in names
        ]
        return [*each, f"all alerts right: {self.right.total()}/{self.alerts.total()}", f"innocents: {self.innocents}"]


def scheme(typology: str, difficulty: str, count: int) -> SchemeSpec:
    """Ask for schemes of a typology."""
    if typology in ("mirror_swap", "shell_company"):
        kind = MirrorSpec if typology == "mirror_swap" else ShellSpec
        return kind.easy(count=count) if difficulty == "easy" else kind.hard(count=count)
    return TypologySpec.model_validate({"typology": typology, "difficulty": difficulty, "count": count})


def world(seed: int, chosen: argparse.Namespace, keep: Path) -> Path:
    """Write and stage one world below `keep` unless it is there; returns its folder."""
    names = "-".join(sorted(name[:4] for name in chosen.only))
    folder = keep / f"seed{seed}-{chosen.accounts}-{chosen.easy}-{chosen.hard}-{chosen.date}-{names}"
    if not (folder / "work" / "summary.json").exists():
        from mirrorwatch.intake.stage import StageRequest, stage
        from mirrorwatch.synth.world import write_world

        schemes = tuple(
            scheme(name, difficulty, count)
            for name in chosen.only
            for difficulty, count in (("easy", chosen.easy), ("hard", chosen.hard))
        )
        spec = WorldSpec.sample(seed, accounts=chosen.accounts, schemes=schemes, end_date=chosen.date)
        write_world(spec, folder / "data", folder / "labels")
        stage(StageRequest(str(folder / "data"), spec.end_date), folder / "work")
    return folder


def alerts(folder: Path, chosen: argparse.Namespace, tally: Tally) -> pl.DataFrame:
    """Run the detectors and tell overlapping findings once."""
    night, findings = night_frames(folder / "work", chosen.date), {}
    for detector in DETECTORS:
        if chosen.detectors and detector.typology not in chosen.detectors:
            continue
        begun = time.perf_counter()
        findings[detector.typology] = detector.detect(night, detector.parameters()).collect()
        tally.seconds[detector.typology] += time.perf_counter() - begun
    return candidates(findings, {name: Stamp("", "") for name in findings})


def finds(accounts: set[str], evidence: set[str], members: set[str], paid: set[str]) -> bool:
    """Whether an alert's accounts and evidence are the scheme of these members and payments."""
    named = accounts & members
    return 2 * len(named) >= len(members) or (bool(named) and 2 * len(evidence & paid) >= len(paid))


def judge(folder: Path, told: pl.DataFrame, tally: Tally, *, verbose: bool) -> str:
    """Count one world into `tally`; returns its line."""
    schemes = list(pl.read_parquet(folder / "labels" / "schemes.parquet").iter_rows(named=True))
    innocents = pl.read_parquet(folder / "labels" / "innocents.parquet")
    payments = pl.read_parquet(folder / "labels" / "scheme_transactions.parquet").filter(pl.col("role") != "cover")
    rows = [
        (row["typology"], set(row["account_ids"]), {row["typology"], *row["also"]}, row)
        for row in told.with_columns(also=also(pl.col("indicators"))).iter_rows(named=True)
    ]
    missed = []
    for each in schemes:
        key, members = (each["typology"], each["difficulty"]), set(each["account_ids"])
        paid = set(payments.filter(pl.col("scheme_id") == each["scheme_id"])["transaction_id"])
        hits = [
            kinds for _, accounts, kinds, row in rows if finds(accounts, set(row["transaction_ids"]), members, paid)
        ]
        tally.planted[key] += 1
        tally.found[key] += bool(hits)
        tally.named_so[key] += any(each["typology"] in kinds for kinds in hits)
        if not hits:
            missed.append(each["scheme_id"])
    for name, accounts, kinds, row in rows:
        of = next((s["scheme_id"] for s in schemes if 2 * len(accounts & set(s["account_ids"])) >= len(accounts)), "")
        tally.alerts[name] += 1
        tally.right[name] += bool(of)
        if verbose:
            others = "+".join(sorted(kinds - {name}))
            print(f"  {name:22} {row['score']:.3f} {len(accounts)} accounts {others} {of or 'WRONG'}")
            if not of:
                print(f"      {row['narrative'][:400]}")
        for label in innocents.iter_rows(named=True):
            if accounts & set(label["account_ids"]):
                tally.innocents.append(f"{folder.name}:{name}:{label['kind']}")
    return f"{folder.name}: {len(rows)} alerts, missed {missed or 'none'}"


def seeds(text: str) -> list[int]:
    """Read one seed or a range of them: 7, 101-110."""
    first, _, last = text.partition("-")
    return list(range(int(first), int(last or first) + 1))


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=seeds, default=seeds("1-3"))
    parser.add_argument("--keep", type=Path, help="where worlds are written and found again; default: nowhere")
    parser.add_argument("--accounts", type=int, default=3_000)
    parser.add_argument("--easy", type=int, default=1)
    parser.add_argument("--hard", type=int, default=2)
    parser.add_argument("--date", type=date.fromisoformat, default=LAST_DAY)
    parser.add_argument("--only", nargs="+", choices=TYPOLOGIES, default=list(TYPOLOGIES), help="what is planted")
    parser.add_argument("--detectors", nargs="+", choices=TYPOLOGIES, help="what is looked for; default: everything")
    parser.add_argument("--verbose", action="store_true")
    chosen = parser.parse_args()
    tally = Tally()
    with tempfile.TemporaryDirectory() as scratch:
        for seed in chosen.seeds:
            folder = world(seed, chosen, chosen.keep or Path(scratch))
            told = alerts(folder, chosen, tally)
            print(judge(folder, told, tally, verbose=chosen.verbose), flush=True)
    print("\n".join(tally.lines()))


if __name__ == "__main__":
    main()
