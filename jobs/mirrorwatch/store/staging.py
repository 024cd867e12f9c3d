"""The work folder between a night's steps: where each frame lies, how it is written, how it is scanned again."""

import shutil
from pathlib import Path

import polars as pl

from mirrorwatch.contract import DATASETS, LINEAGE, STAGED_TRANSACTIONS
from mirrorwatch.intake.summary import StageSummary

STAGED_SCHEMAS: dict[str, pl.Schema] = {
    dataset.name: pl.Schema({**dataset.schema, **LINEAGE}) for dataset in DATASETS
} | {"transactions": STAGED_TRANSACTIONS}
_PART = "part-0.parquet"
_WRITTEN = ("staged", "quarantine", "completeness", "blindness", "scratch")


def clear(work: Path) -> None:
    """Remove what an earlier intake left in the work folder, finished or not."""
    for name in _WRITTEN:
        shutil.rmtree(work / name, ignore_errors=True)
    (work / "summary.json").unlink(missing_ok=True)
    work.mkdir(parents=True, exist_ok=True)


def empty(dataset: str) -> pl.LazyFrame:
    """Return a dataset's staged frame with no rows."""
    return pl.LazyFrame(schema=STAGED_SCHEMAS[dataset])


def write_summary(work: Path, summary: StageSummary) -> None:
    """Leave the intake's numbers for later steps."""
    (work / "summary.json").write_text(summary.model_dump_json(indent=2), encoding="utf-8")


def read_summary(work: Path) -> StageSummary:
    """Read the intake's numbers back."""
    return StageSummary.model_validate_json((work / "summary.json").read_text(encoding="utf-8"))


def staged(work: Path, dataset: str) -> pl.LazyFrame:
    """Scan the valid rows of a dataset, in the schema STAGED_SCHEMAS gives it."""
    return scan(work / "staged" / dataset)


def scan(folder: Path) -> pl.LazyFrame:
    """Scan the Parquet files right inside `folder`."""
    return pl.scan_parquet(sorted(folder.glob("*.parquet")), hive_partitioning=False, glob=False)


def sink(frame: pl.LazyFrame, folder: Path, schema: pl.Schema | None = None) -> None:
    """Stream `frame` into one Parquet file in `folder`, replacing what was there; its schema must be `schema`."""
    if schema is not None and (found := frame.collect_schema()) != schema:
        raise TypeError(f"{folder.name} was to be written as {schema}, and is {found}")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    frame.sink_parquet(folder / _PART)
