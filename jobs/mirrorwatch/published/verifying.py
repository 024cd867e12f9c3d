"""Recompute one published alert from the exact rows and settings that its manifest names, and say what differs."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
from polars.exceptions import PolarsError, SchemaError

from mirrorwatch import detectors
from mirrorwatch.alerts import Stamp, alert_id, candidates
from mirrorwatch.alerts.evidence import evidence as join_evidence
from mirrorwatch.alerts.evidence import money, staged_rows
from mirrorwatch.config import Configuration
from mirrorwatch.contract import ALERTS, EVIDENCE, TRANSACTIONS
from mirrorwatch.detectors.base import Detector
from mirrorwatch.errors import MirrorwatchError
from mirrorwatch.intake.conversions import convert
from mirrorwatch.intake.frames import night_frames
from mirrorwatch.intake.stage import StageRequest, stage
from mirrorwatch.night.preparing import prepare
from mirrorwatch.store.manifest import code_hash
from mirrorwatch.store.reading import InputFile, Source
from mirrorwatch.store.staging import staged

# What an alert says by itself; state, rank and previous_alert_id say how it stands among others, run_date when.
_OWN = [name for name in ALERTS.names() if name not in {"run_date", "state", "previous_alert_id", "rank"}]


@dataclass(frozen=True)
class Check:
    """One thing that was recomputed: whether it is so, and what was seen."""

    what: str
    holds: bool
    seen: str


@dataclass(frozen=True)
class Published:
    """An alert as it was published, with its evidence and its night's manifest."""

    alert: pl.DataFrame  # one row, ALERTS
    evidence: pl.DataFrame  # EVIDENCE
    manifest: Mapping[str, Any]

    @property
    def run_date(self) -> date:
        """The night it was published for."""
        return date.fromisoformat(self.manifest["run_date"])


def verify(
    published: Published, source: Source, configuration: Configuration, detector: Detector, work: Path
) -> list[Check]:
    """Check the inputs' hashes, the alert's own rows, and the detector's answer on the manifest's inputs.

    `configuration` must be the manifest's, `source` reads the data folder that is checked, `work` is an empty folder.
    """
    checks = [*_inputs(published, source), *_settings(published, configuration), *_identity(published)]
    if "transactions" not in source.mapping.datasets:
        checks += _raw_rows(published, source)
    if not all(check.holds for check in checks[:2]):
        return checks  # other bytes or settings than the manifest names: what a detector says of them proves nothing
    return [*checks, *_recomputed(published, source, configuration, detector, work)]


def _inputs(published: Published, source: Source) -> Iterator[Check]:
    """Hash every input that the manifest names."""
    named = published.manifest["inputs"]
    other = [f"{entry['path']} ({seen})" for entry in named if (seen := _seen_file(source, entry)) is not None]
    seen = f"{len(other)} of {len(named)} differ: {', '.join(other[:5])}" if other else f"all {len(named)} files"
    yield Check("input files have the manifest's hashes", not other, seen)


def _seen_file(source: Source, entry: Mapping[str, Any]) -> str | None:
    try:
        return None if source.root.sha256(entry["path"]) == entry["sha256"] else "other bytes"
    except OSError:
        return "missing"


def _settings(published: Published, configuration: Configuration) -> Iterator[Check]:
    same = configuration.hash == published.manifest["configuration_hash"]
    yield Check(
        "the configuration is the manifest's",
        same,
        configuration.hash[:16] if same else _other_settings(published, configuration),
    )


def _other_settings(published: Published, configuration: Configuration) -> str:
    rules = published.manifest["configuration"].get("rules")
    if rules != configuration.rules().hash:
        return "other rules: name the night's own rulebook in the file of --config, or use the version that it ran with"
    if published.manifest["configuration"].get("dismissed") != configuration.canonical()["dismissed"]:
        return (
            "other dismissed pairs: name the night's own file in the file of --config; rows of it dated "
            f"{published.run_date} or before must be as they were"
        )
    return "another mapping file: name the night's own with --mapping or --config"


def _identity(published: Published) -> Iterator[Check]:
    alert = published.alert.row(0, named=True)
    made = alert_id(alert["typology"], alert["account_ids"], published.evidence["transaction_id"])
    yield Check("the id is the hash of typology, accounts and evidence", made == alert["alert_id"], made)
    first, last = published.evidence["booked_at"].min(), published.evidence["booked_at"].max()
    same = (first, last) == (alert["first_booked_at"], alert["last_booked_at"])
    yield Check("its first and last booking are those of its evidence", same, f"{first!s} to {last!s}")


def _raw_rows(published: Published, source: Source) -> Iterator[Check]:
    """Read each evidence row from its file and row number, and compare what the bytes say."""
    places = published.evidence.unique("transaction_id").sort("source_file", "source_row")
    try:
        rows = [_rows_of(source, part) for part in places.partition_by("source_file", maintain_order=True)]
    except (PolarsError, OSError) as error:
        yield Check("its rows lie where the evidence says", False, f"cannot be read: {str(error).splitlines()[0]}")  # noqa: FBT003
        return
    found = pl.concat(rows)
    joined = places.join(found, on=["source_file", "source_row"], how="left", suffix="_read")
    wrong = joined.filter(
        pl.col("transaction_id").ne_missing(pl.col("transaction_id_read"))
        | pl.col("amount").ne_missing(pl.col("amount_read"))
    )
    total = found["amount"].sum()
    seen = f"{places.height} rows in {places['source_file'].n_unique()} files, amounts add up to {total!s}"
    if wrong.height:
        seen = f"{wrong.height} of {places.height} differ, first {wrong['source_file'][0]} row {wrong['source_row'][0]}"
    yield Check("its rows lie where the evidence says, with those amounts", not wrong.height, seen)


def _rows_of(source: Source, part: pl.DataFrame) -> pl.DataFrame:
    file = str(part["source_file"][0])
    options = dict(source.storage_options) or None
    scan = pl.scan_parquet(source.root.address(file), glob=False, hive_partitioning=False, storage_options=options)
    return (
        scan.with_row_index("source_row")
        .filter(pl.col("source_row").is_in(part["source_row"].to_list()))
        .select(
            pl.lit(file).alias("source_file"),
            pl.col("source_row").cast(pl.Int64),
            _as_staged(scan, "transaction_id").alias("transaction_id"),
            _as_staged(scan, "amount").alias("amount_minor"),
        )
        .with_columns(amount=money("amount_minor"))
        .collect()
    )


def _as_staged(scan: pl.LazyFrame, name: str) -> pl.Expr:
    """Read a column as the intake does, whatever type the source wrote. Raises SchemaError where it no longer can."""
    found = scan.collect_schema().get(name)
    conversion = convert(pl.col(name), found, TRANSACTIONS.schema[name]) if found is not None else None
    if conversion is None:
        raise SchemaError(f"column {name} is {found or 'missing'}")
    return conversion.value


def _recomputed(
    published: Published, source: Source, configuration: Configuration, detector: Detector, work: Path
) -> Iterator[Check]:
    """Stage the manifest's inputs again, run the detector, and compare the whole alert and its evidence."""
    request = StageRequest(
        data=source.data,
        run_date=published.run_date,
        lookback_days=configuration.lookback_days,
        mapping=source.mapping,
        storage_options=source.storage_options,
        inputs=[InputFile(**entry) for entry in published.manifest["inputs"]],
        dismissed=configuration.dismissed,
        resolution=configuration.resolution,
        exposure=configuration.exposure,
        rulebook=configuration.rules(),
    )
    typology, together, rules = detector.typology, _ran(published), configuration.rules()
    stage(request, work, together)
    prepare(work, night_frames(work, published.run_date, rules), together)
    frames = night_frames(work, published.run_date, rules)
    before = {name: date.fromisoformat(night) for name, night in published.manifest["compared_with"].items()}
    found = candidates(
        {
            each.typology: each.detect(
                replace(frames, last_night=before.get(each.typology)), configuration.detectors[each.typology]
            ).collect()
            for each in together
        },
        {each.typology: Stamp(each.version, configuration.parameters_hash(each.typology)) for each in together},
    )
    mine = found.filter(pl.col("alert_id") == published.alert["alert_id"].item())
    if mine.is_empty():
        yield Check("the detector finds it again", False, f"{found.height} other finding(s)" + _code(published))  # noqa: FBT003
        return
    yield Check("the detector finds it again", True, f"{typology} {detector.version}" + _code(published))  # noqa: FBT003
    differing = [name for name in _OWN if mine[name].to_list() != published.alert[name].to_list()]
    yield Check(
        "every figure and word of it is the same", not differing, ", ".join(_differences(mine, published, differing))
    )
    try:
        rows = join_evidence(mine, staged_rows(staged(work, "transactions"), mine["transaction_ids"].explode()))
    except MirrorwatchError as error:
        yield Check("its evidence is the same", False, error.what)  # noqa: FBT003
        return
    same = rows.equals(published.evidence.match_to_schema(EVIDENCE))
    yield Check("its evidence is the same, row by row", same, f"{rows.height} rows")


def _ran(published: Published) -> list[Detector]:
    """Find the detectors that ran that night: any of them may have found what this alert stands for."""
    return [each for each in detectors.DETECTORS if each.typology in published.manifest["detectors"]]


def _differences(mine: pl.DataFrame, published: Published, names: list[str]) -> list[str]:
    if not names:
        return [f"{len(_OWN)} columns"]
    return [f"{name}: {published.alert[name].to_list()[0]} then, {mine[name].to_list()[0]} now" for name in names]


def _code(published: Published) -> str:
    return "" if published.manifest["code"]["sha256"] == code_hash() else " (by other code than the manifest names)"
