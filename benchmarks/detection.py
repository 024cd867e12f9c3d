"""Layered shapes found on data that nobody here made: IBM's AMLSim, and the patterns of IBM AMLworld's HI-Small.

    python benchmarks/detection.py amlsim --data FOLDER [--lookback-days 720]
    python benchmarks/detection.py amlworld --data FOLDER [--rows 1050000] [--seeds 11-12] [--idle]
                                            [--backgrounds world licit scale_free]

`amlsim` reads transactions, accounts (docs/mappings/amlsim.toml) and labels of one folder and looks at all its days at
once; --date and --lookback-days choose others. `amlworld` embeds the pattern transactions in a background of the same
18 days without schemes (`benchmarks/backgrounds.py` says what each assumes): each account of a pattern becomes one of
the background's, which goes on with its own life (with --idle it does not: its account is known for nothing else).
Which one is drawn without regard to what it does, so a collection may land on a shop. In truth the laundering accounts
of HI-Small make ordinary payments too; how many is not in the data.

Prints, for each labelled kind, how many schemes were found by any alert and by one of that name; for each typology
how many of its alerts are right, their average precision, and alerts per thousand accounts; published figures beside.
A scheme is found when one alert holds at least half of its payments. An alert is right when at least half of its
payments are one scheme's. For fans and random the precision-recall curve is printed, with that of a plain degree
threshold: accounts ranked by their largest number of different counterparties within 21 days, each as an alert on those
payments. Ours ends where no more would be told at any setting; the plain one goes on to its end.
"""

import argparse
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import polars as pl

sys.path.insert(0, str(Path(__file__).parent.parent))  # so that it also runs as a file

from benchmarks import backgrounds

from mirrorwatch.alerts import Stamp, candidates
from mirrorwatch.contract import STAGED_TRANSACTIONS
from mirrorwatch.detectors import DETECTORS
from mirrorwatch.detectors.base import NightFrames
from mirrorwatch.intake.frames import night_frames
from mirrorwatch.intake.stage import StageRequest, stage
from mirrorwatch.store.mapping import read_mapping

SHAPES = ("round_trip", "scatter_gather", "gather_scatter", "bipartite", "stack", "fan_in", "fan_out")
OWN_NAME = {"cycle": "round_trip", "random": "stack"}
CURVES = ("fan_in", "fan_out", "random")
LOOSE = 10.0  # chance shapes a night let through where a whole curve is wanted: the most that parameters allow

# Trained and tested on one simulation, recall of laundering transactions (no alerts, no typology named).
PEER_AMLSIM = {
    "bipartite": 0.995, "cycle": 0.918, "fan_in": 0.941, "fan_out": 0.951, "gather_scatter": 0.982, "random": 0.286,
    "scatter_gather": 1.000, "stack": 0.988,
}  # fmt: skip
# Egressy et al., AAAI 2024, table 13, Multi-GIN+EU on the full HI-Small: recall of test transactions.
PUBLISHED_HI_SMALL = {
    "fan_in": 0.886, "fan_out": 0.954, "cycle": 0.576, "scatter_gather": 0.883, "gather_scatter": 0.945,
    "bipartite": 0.576,
}  # fmt: skip
USD = {
    "US Dollar": 1.0, "Euro": 1.0, "Yuan": 0.144, "Yen": 0.00705, "UK Pound": 1.15, "Rupee": 0.0125, "Ruble": 0.0165,
    "Swiss Franc": 1.02, "Shekel": 0.294, "Saudi Riyal": 0.266, "Canadian Dollar": 0.762, "Australian Dollar": 0.68,
    "Brazil Real": 0.193, "Mexican Peso": 0.0502, "Bitcoin": 20_000.0,
}  # fmt: skip


@dataclass(frozen=True)
class Labels:
    """What was planted: one row a payment (transaction_id, scheme, kind), and each scheme's size and kind."""

    rows: pl.DataFrame
    sizes: dict[str, int]
    kinds: dict[str, str]

    @classmethod
    def of(cls, rows: pl.DataFrame, least: int = 1) -> "Labels":
        """Read them; schemes of fewer than `least` payments are labels, but not asked for."""
        schemes = rows.group_by("scheme").agg(pl.len(), pl.col("kind").first()).filter(pl.col("len") >= least)
        return cls(
            rows,
            dict(schemes.select("scheme", "len").iter_rows()),
            dict(schemes.select("scheme", "kind").iter_rows()),
        )

    def judged(self, alerts: pl.DataFrame) -> pl.DataFrame:
        """One row an alert: its columns, `right`, and `finds`, the schemes of which it holds half."""
        held = alerts.select("alert_id", pl.col("transaction_ids").alias("transaction_id")).explode("transaction_id")
        hits = held.join(self.rows, on="transaction_id").group_by("alert_id", "scheme").agg(pl.len().alias("held"))
        size = pl.col("scheme").replace_strict(self.sizes, default=None, return_dtype=pl.Int64)
        found = pl.col("scheme").filter(2 * pl.col("held") >= size).sort()
        per = hits.group_by("alert_id").agg(pl.col("held").max().alias("most"), found.alias("finds"))
        return (
            alerts.join(per, on="alert_id", how="left")
            .with_columns(
                right=(2 * pl.col("most").fill_null(0) >= pl.col("transaction_ids").list.len()),
                finds=pl.col("finds").fill_null(pl.lit([], dtype=pl.List(pl.String))),
            )
            .sort("score", "alert_id", descending=[True, False])
        )


def detected(night: NightFrames, most_expected: float | None = None) -> pl.DataFrame:
    """All shapes' alerts of a night, each matter told once; with `most_expected` also what chance explains better."""
    found, stamps = {}, {}
    for detector in DETECTORS:
        if detector.typology in SHAPES:
            loosened = [name for name in detector.parameters.model_fields if name.endswith("_expected")]
            chosen = {} if most_expected is None else dict.fromkeys(loosened, most_expected)
            found[detector.typology] = detector.detect(night, detector.parameters.model_validate(chosen)).collect()
            stamps[detector.typology] = Stamp("", "")
    return candidates(found, stamps)


def average_precision(judged: pl.DataFrame, kinds: dict[str, str], wanted: set[str]) -> float:
    """Area under precision over recall of schemes of the `wanted` kinds, alerts in order of score."""
    asked = {scheme for scheme, kind in kinds.items() if kind in wanted}
    seen: set[str] = set()
    right, area = 0, 0.0
    for place, (is_right, finds) in enumerate(judged.select("right", "finds").iter_rows(), start=1):
        right += is_right
        fresh = (set(finds) & asked) - seen
        seen |= fresh
        area += len(fresh) * right / place
    return area / max(len(asked), 1)


def points(judged: pl.DataFrame, kinds: dict[str, str], kind: str) -> list[tuple[float, float]]:
    """(recall, precision) at each alert that finds further schemes of a kind; alerts in order of score.

    Precision counts alerts that point at that kind.
    """
    asked = {scheme for scheme, each in kinds.items() if each == kind}
    seen: set[str] = set()
    useful, reached = 0, []
    for place, finds in enumerate(judged["finds"].to_list(), start=1):
        hits = set(finds) & asked
        useful += bool(hits)
        if hits - seen:
            seen |= hits
            reached.append((len(seen) / len(asked), useful / place))
    return reached


def precision_at(reached: list[tuple[float, float]], recall: float) -> float | None:
    """Highest precision at this recall or more; None where it is not reached."""
    return max((each for at, each in reached if at >= recall), default=None)


def compared(ours: list[tuple[float, float]], plain: list[tuple[float, float]]) -> str:
    """Both curves at each tenth of recall and at the highest that ours reaches; and whether ours is above all along."""
    last = max((recall for recall, _ in ours), default=0.0)
    both = [(at, precision_at(ours, at), precision_at(plain, at)) for at in [*(ten / 10 for ten in range(1, 11)), last]]
    shown = [f"{at:.3g}: {own:.3f} ({other or 0:.3f})" for at, own, other in both if own is not None]
    above = all((precision_at(ours, at) or 0) > (precision_at(plain, at) or 0) for at, _ in ours)
    return f"{', '.join(shown)}; above at every recall that it reaches: {'yes' if above and ours else 'no'}"


def by_degree(transactions: pl.LazyFrame, days: int = 21) -> pl.DataFrame:
    """Accounts ranked by different counterparties within `days`, each an alert on those payments (a plain baseline)."""
    sides = []
    for own, other in (
        ("beneficiary_account_id", "originator_account_id"),
        ("originator_account_id", "beneficiary_account_id"),
    ):
        for shift in (0, days // 2):
            block = (pl.col("booked_at").dt.epoch("d") + shift) // days
            degree = transactions.with_columns(block=block).group_by(own, "block")
            sides.append(
                degree.agg(pl.col(other).n_unique().alias("score"), pl.col("transaction_id").alias("transaction_ids"))
                .with_columns(alert_id=pl.format("{}-{}-{}-{}", pl.lit(own), own, "block", pl.lit(shift)))
                .select("alert_id", pl.col("score").cast(pl.Float64), "transaction_ids")
            )
    return pl.concat(sides).filter(pl.col("score") >= 3).collect()  # noqa: PLR2004 : fewer are no fan


def report(alerts: pl.DataFrame, labels: Labels, accounts: int, published: dict[str, float], what: str) -> None:
    """Print the two tables."""
    judged = labels.judged(alerts)
    planted = Counter(labels.kinds.values())
    found: dict[str, set[str]] = {
        name: set(part["finds"].explode().drop_nulls()) for (name,), part in judged.group_by("typology")
    }
    every = set().union(*found.values()) if found else set()
    print(f"\n{'kind':16}{'schemes':>8}{'found':>7}{'':>6}{'by name':>9}   {what}")
    for kind, count in sorted(planted.items()):
        hit = sum(labels.kinds[scheme] == kind for scheme in every)
        own = sum(labels.kinds[scheme] == kind for scheme in found.get(OWN_NAME.get(kind, kind), ()))
        beside = f"{published[kind]:.3f}" if kind in published else "-"
        print(f"{kind:16}{count:8}{hit:7}{hit / count:6.0%}{own:9}   {beside}")
    print(f"\n{'alerts of':16}{'alerts':>8}{'right':>7}{'':>6}{'AP':>7}{'per 1,000 accounts':>21}")
    for name in SHAPES:
        part = judged.filter(pl.col("typology") == name)
        if part.height:
            named = {kind for kind in planted if OWN_NAME.get(kind, kind) == name}
            area = average_precision(part, labels.kinds, named)
            right = int(part["right"].sum())
            print(f"{name:16}{part.height:8}{right:7}{right / part.height:6.0%}{area:7.2f}"
                  f"{1000 * part.height / accounts:21.2f}")  # fmt: skip
    right = int(judged["right"].sum())
    area = average_precision(judged, labels.kinds, set(planted))
    share = right / max(judged.height, 1)
    print(f"{'all':16}{judged.height:8}{right:7}{share:6.0%}{area:7.2f}{1000 * judged.height / accounts:21.2f}")


def amlsim(chosen: argparse.Namespace, scratch: Path) -> None:
    """Judge one AMLSim folder."""
    mapping = read_mapping(Path(__file__).parent.parent / "docs/mappings/amlsim.toml")
    rows = pl.scan_parquet(chosen.data / "transactions.parquet")
    last = chosen.date or rows.select(pl.col("timestamp").max().dt.date()).collect().item()
    stage(StageRequest(str(chosen.data), last, chosen.lookback_days, mapping), scratch / "work")
    night = night_frames(scratch / "work", last)
    seen = night.transactions.select("transaction_id").collect()
    labelled = rows.filter(pl.col("alert_id").is_not_null()).select(
        pl.col("tx_id").cast(pl.String).alias("transaction_id"),
        pl.col("alert_id").cast(pl.String).alias("scheme"),
        pl.col("typology").alias("kind"),
    )
    labels = Labels.of(labelled.collect().join(seen, on="transaction_id", how="semi"))
    accounts = night.accounts.select(pl.len()).collect().item()
    span = f"{chosen.lookback_days} days to {last}"
    print(f"{chosen.data.name}: {seen.height:,} transactions, {accounts:,} accounts, {span}")
    report(detected(night), labels, accounts, PEER_AMLSIM, "trained peer, recall of transactions")
    everything, degree = labels.judged(detected(night, LOOSE)), labels.judged(by_degree(night.transactions))
    print("\nPrecision at a recall, ours (plain degree's): alerts of that name that hold half of a scheme; and AP")
    for kind in sorted(set(CURVES) & set(labels.kinds.values())):
        own = everything.filter(pl.col("typology") == OWN_NAME.get(kind, kind))
        areas = [
            average_precision(judged.with_columns(right=_points_at(labels, kind)), labels.kinds, {kind})
            for judged in (own, degree)
        ]
        curves = [points(judged, labels.kinds, kind) for judged in (own, degree)]
        print(f"  {kind:8} AP {areas[0]:.5f} ({areas[1]:.5f})   {compared(*curves)}")


def _points_at(labels: Labels, kind: str) -> pl.Expr:
    asked = [scheme for scheme, each in labels.kinds.items() if each == kind]
    return pl.col("finds").list.set_intersection(asked).list.len() > 0


def embedded(night: NightFrames, patterns: pl.DataFrame, seed: int, *, idle: bool) -> tuple[NightFrames, pl.DataFrame]:
    """Put the patterns among a night's transactions, each account as one of the night's; returns the labels too."""
    accounts = night.accounts.filter(pl.col("account_type").is_in(["personal", "business"])).select("account_id")
    hosts = accounts.unique().sort("account_id").collect()["account_id"].sample(fraction=1.0, shuffle=True, seed=seed)
    own = pl.concat([patterns["src"], patterns["dst"]]).unique().sort()
    host = dict(zip(own, hosts, strict=False))
    usd = pl.col("amount_paid") * pl.col("payment_currency").replace_strict(USD, return_dtype=pl.Float64)
    rows = patterns.filter(pl.col("src") != pl.col("dst")).select(
        "typology",
        "pattern_id",
        transaction_id=pl.format("pattern-{}-{}", "pattern_id", "seq"),
        booked_at=pl.col("timestamp").dt.replace_time_zone("UTC").cast(pl.Datetime("us", "UTC")),
        booking_date=pl.col("timestamp").dt.date(),
        originator_account_id=pl.col("src").replace_strict(host),
        beneficiary_account_id=pl.col("dst").replace_strict(host),
        usd_minor=(usd * 100).round().clip(1).cast(pl.Int64),
        channel=pl.col("payment_format").str.to_lowercase(),
    )
    ends = pl.col("originator_account_id"), pl.col("beneficiary_account_id")
    kept = pl.any_horizontal(end.is_in(list(host.values())) for end in ends).fill_null(value=False).not_()
    life = night.transactions.filter(kept) if idle else night.transactions
    planted = rows.match_to_schema(STAGED_TRANSACTIONS, missing_columns="insert", extra_columns="ignore").lazy()
    kind = pl.col("typology").str.to_lowercase().str.replace("-", "_")
    labels = rows.select("transaction_id", pl.col("pattern_id").cast(pl.String).alias("scheme"), kind.alias("kind"))
    return replace(night, transactions=pl.concat([life, planted]).collect().lazy()), labels


def amlworld(chosen: argparse.Namespace, scratch: Path) -> None:
    """Judge the HI-Small patterns inside backgrounds."""
    patterns = pl.read_parquet(chosen.data / "pattern_transactions.parquet")
    last, days = date(2022, 9, 18), 18
    for name, seed in ((name, seed) for name in chosen.backgrounds for seed in chosen.seeds):
        if name == "world":
            empty = backgrounds.world(seed, chosen.rows, last, days, scratch / f"{seed}")
        elif name == "licit":
            empty = backgrounds.licit(chosen.data.parent / "amlsim", last, days)
        else:
            empty = backgrounds.scale_free(seed, chosen.rows, last, days)
        night, rows = embedded(empty, patterns, seed, idle=chosen.idle)
        count, held = (frame.select(pl.len()).collect().item() for frame in (night.transactions, night.accounts))
        idle = ", accounts without another life" if chosen.idle else ""
        print(f"\nHI-Small patterns in {name}, seed {seed}: {count:,} transactions, {held:,} accounts{idle}")
        report(detected(night), Labels.of(rows, 5), held, PUBLISHED_HI_SMALL, "published, recall of transactions")


def seeds(text: str) -> list[int]:
    """Read one seed or a range of them: 7, 11-12."""
    first, _, last = text.partition("-")
    return list(range(int(first), int(last or first) + 1))


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("amlsim", "amlworld"))
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--date", type=date.fromisoformat)
    parser.add_argument("--lookback-days", type=int, default=720)
    parser.add_argument("--rows", type=int, default=1_050_000)
    parser.add_argument("--seeds", type=seeds, default=[11])
    parser.add_argument("--backgrounds", nargs="+", choices=("world", "licit", "scale_free"), default=["world"])
    parser.add_argument("--idle", action="store_true")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        (amlsim if chosen.what == "amlsim" else amlworld)(chosen, Path(scratch))


if __name__ == "__main__":
    main()
