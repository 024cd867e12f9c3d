"""The manifest of a night: what went in, what came out, with which code and settings, each with its hash."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import polars as pl

from mirrorwatch import __version__
from mirrorwatch.canonical import digest, file_digest

_PACKAGES = ("mirrorwatch", "mirrorwatch_suites", "gx_polars")
# What counts as code: the Python sources and everything that they render or ship.
_SOURCE_SUFFIXES = frozenset({".py", ".html", ".css", ".js", ".j2", ".json", ".toml", ".txt"})


@dataclass(frozen=True)
class NightRecord:
    """All facts of a night that its manifest states, besides its outputs."""

    run_date: date
    engine: str
    detectors: Mapping[str, Mapping[str, str]]  # typology: {version, parameters_hash}
    configuration: Mapping[str, Any]
    inputs: Sequence[Mapping[str, Any]]  # {dataset, path, bytes, sha256}
    previous: date | None
    previous_hash: str | None
    compared_with: Mapping[str, str]  # typology: date of the night its alerts were compared with


def identity(record: NightRecord) -> dict[str, Any]:
    """Return what makes this run this run, and its `run_id`, the hash of it. It holds no clock and no place."""
    facts = {
        "contract": 1,
        "run_date": record.run_date.isoformat(),
        "code": {"version": __version__, "sha256": code_hash()},
        "engine": record.engine,
        "detectors": {typology: dict(facts) for typology, facts in sorted(record.detectors.items())},
        "configuration": dict(record.configuration),
        "configuration_hash": digest(record.configuration),
        "inputs": sorted((dict(entry) for entry in record.inputs), key=lambda entry: (entry["dataset"], entry["path"])),
        "previous_manifest": f"manifests/{record.previous.isoformat()}.json" if record.previous else None,
        "previous_manifest_sha256": record.previous_hash,
        "compared_with": dict(record.compared_with),
    }
    return {"run_id": digest(facts), **facts}


def outputs(root: Path, folders: Iterable[str]) -> list[dict[str, Any]]:
    """List {path relative to `root`, rows (null when not Parquet), bytes, sha256} of every file below `folders`."""
    files = sorted(path for folder in folders for path in (root / folder).rglob("*") if path.is_file())
    return [
        {
            "path": path.relative_to(root).as_posix(),
            "rows": _rows(path),
            "bytes": path.stat().st_size,
            "sha256": file_digest(path),
        }
        for path in files
    ]


@cache
def code_hash() -> str:
    """SHA-256 over the path and content of every source file of mirrorwatch, its suites and what runs them."""
    roots = {name: root for name in _PACKAGES if (root := _folder(name)) is not None}
    return digest(
        {
            f"{name}/{path.relative_to(root).as_posix()}": file_digest(path)
            for name, root in roots.items()
            for path in sorted(root.rglob("*"))
            if path.suffix in _SOURCE_SUFFIXES
        }
    )


def _folder(package: str) -> Path | None:
    """Find a package's folder without importing it: the store knows nothing of what lies in it."""
    spec = find_spec(package)
    return Path(spec.submodule_search_locations[0]) if spec and spec.submodule_search_locations else None


def _rows(path: Path) -> int | None:
    if path.suffix != ".parquet":
        return None
    rows = pl.scan_parquet(path, hive_partitioning=False, glob=False).select(pl.len())
    return int(rows.collect().item())
