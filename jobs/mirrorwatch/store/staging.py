"""The work folder between a night's steps: where each frame lies, how it is written, how it is scanned again."""

import shutil
from collections.abc import Iterable
from pathlib import Path

import polars as pl

from mirrorwatch.contract import DATASETS, LINEAGE, QUARANTINE, STAGED_TRANSACTIONS
from mirrorwatch.store.layout import PART, Work

STAGED_SCHEMAS: dict[str, pl.Schema] = {
    dataset.name: pl.Schema({**dataset.schema, **LINEAGE}) for dataset in DATASETS
} | {"transactions": STAGED_TRANSACTIONS}
_WRITTEN = ("staged", "as_read", "prepared", "quarantine", "completeness", "blindness", "scratch")


def clear(work: Path) -> None:
    """Remove what an earlier intake left in the work folder, finished or not."""
    for name in _WRITTEN:
        shutil.rmtree(work / name, ignore_errors=True)
    (work / "summary.json").unlink(missing_ok=True)
    work.mkdir(parents=True, exist_ok=True)


def discard_scratch(work: Path) -> None:
    """Remove what only the intake needed."""
    shutil.rmtree(work / "scratch", ignore_errors=True)


def staged(work: Path, dataset: str) -> pl.LazyFrame:
    """Scan the valid rows of a dataset, in the schema STAGED_SCHEMAS gives it."""
    return scan(Work(work).staged(dataset))


def prepared(work: Path) -> dict[str, pl.LazyFrame]:
    """Scan what was prepared for several detectors, by name; nothing where nothing was."""
    folder = Work(work).prepared
    return {path.name: scan(path) for path in sorted(folder.iterdir())} if folder.is_dir() else {}


def as_read(work: Path, dataset: str) -> pl.LazyFrame:
    """Scan the rows of a dataset that the quality suites look at: conformed, rejected ones too."""
    return scan(work / "as_read" / dataset)


def table(work: Path, name: str) -> pl.LazyFrame:
    """Scan one of the night's tables, such as completeness."""
    return scan(Work(work).table(name))


def scan(folder: Path) -> pl.LazyFrame:
    """Scan the Parquet files right inside `folder`, in name order."""
    return pl.scan_parquet(sorted(folder.glob("*.parquet")), hive_partitioning=False, glob=False)


def one(path: Path) -> pl.DataFrame:
    """Read one Parquet file; nothing in its path is a pattern, whatever the output folder is called."""
    return pl.read_parquet(path, hive_partitioning=False, glob=False)


def sink(
    frame: pl.LazyFrame, folder: Path, schema: pl.Schema | None = None, *, name: str = PART, quickly: bool = False
) -> None:
    """Stream `frame` into one Parquet file in `folder`, `quickly` read and larger for what is gone by the morning.

    Raises TypeError when its schema is not `schema`.
    """
    if schema is not None and (found := frame.collect_schema()) != schema:
        raise TypeError(f"{folder.name} was to be written as {schema}, and is {found}")
    folder.mkdir(parents=True, exist_ok=True)
    frame.sink_parquet(folder / name, compression="lz4" if quickly else "zstd")


def sink_each(frames: Iterable[pl.LazyFrame], folder: Path, schema: pl.Schema | None = None) -> None:
    """Stream each frame into a Parquet file of its own, one after the other: scans side by side add up in memory."""
    for number, frame in enumerate(frames):
        sink(frame, folder, schema, name=f"part-{number:05d}.parquet")


def sink_empty_quarantine(work: Path) -> None:
    """Leave an empty quarantine where no row was rejected, so that readers find its schema."""
    if not list(Work(work).table("quarantine").glob("*.parquet")):
        sink(pl.LazyFrame(schema=QUARANTINE), Work(work).table("quarantine"))


def write_text(work: Path, name: str, text: str) -> None:
    """Write a small text file into the work folder."""
    (work / name).write_text(text, encoding="utf-8")


def read_text(work: Path, name: str) -> str:
    """Read a small text file of the work folder."""
    return (work / name).read_text(encoding="utf-8")
