"""Versions of watchlists, kept beside a data folder's `watchlist`: each whole or not at all.

DATA/watchlists/versions/LIST/as_of=YYYY-MM-DD/     the version of a day: manifest.json, tables, sources/NAME.gz
DATA/watchlists/versions/LIST/as_of=YYYY-MM-DD.2/   a later delivery for the same day; the last one counts
DATA/watchlist/imported-LIST.parquet                what the night reads: all versions of a list in one history
DATA/watchlist_details/…, watchlist_listings/…      what the contract has no column for; written before it
"""

import gzip
import json
import os
import re
import shutil
from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from mirrorwatch.canonical import file_digest
from mirrorwatch.errors import InputError, UsageError
from mirrorwatch.store.delivered import Delivered
from mirrorwatch.store.layout import is_remote, local_folder
from mirrorwatch.store.locking import locked
from mirrorwatch.store.publishing import sync
from mirrorwatch.store.writing import write_json, write_table

_FOLDER = re.compile(r"as_of=(\d{4}-\d{2}-\d{2})(?:\.(\d+))?")
_LIST = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")  # short enough that `LIST:id` stays below an id's longest
_COPY = 1 << 20  # bytes at a time

# A table: its name, its rows and its schema.
Tables = Mapping[str, tuple[pl.DataFrame, pl.Schema]]


@dataclass(frozen=True)
class Kept:
    """One kept version: its day, which delivery of that day (from 1), its folder and manifest."""

    as_of: date
    revision: int
    folder: Path
    manifest: Mapping[str, Any]

    def table(self, name: str) -> pl.DataFrame:
        """Read one of its tables. Raises InputError when it is not what was kept."""
        path = self.folder / f"{name}.parquet"
        wanted = {entry["path"]: entry["sha256"] for entry in self.manifest["tables"]}
        if not path.is_file() or file_digest(path) != wanted.get(path.name):
            raise InputError(
                "A kept version is not what it was.", where=str(path), remedy="Restore it, or import that day again."
            )
        return pl.read_parquet(path, hive_partitioning=False, glob=False)


@dataclass(frozen=True)
class Lists:
    """The watchlists of one data folder."""

    data: Path

    @classmethod
    def of(cls, data: str) -> "Lists":
        """Open a data folder. Raises UsageError for an object store, which has no rename."""
        if is_remote(data):
            raise UsageError("Lists are imported into a folder, not into an object store.", where=data,
                             remedy="Import into a local folder and copy it to the store.")  # fmt: skip
        return cls(local_folder(data))

    def lock(self, doing: str) -> AbstractContextManager[None]:
        """Hold the lists for writing."""
        return locked(self.data / "watchlists" / "lock", doing)

    def names(self) -> list[str]:
        """Names of the lists that have a version."""
        root = self.data / "watchlists" / "versions"
        named = [path.name for path in root.iterdir() if _LIST.fullmatch(path.name)] if root.is_dir() else []
        return sorted(name for name in named if self.kept(name))

    def kept(self, list_name: str) -> list[Kept]:
        """Return the versions of a list by day, the last delivery of each day."""
        root, found = self._versions(list_name), dict[date, Kept]()
        for path in sorted(root.iterdir()) if root.is_dir() else []:
            if (match := _FOLDER.fullmatch(path.name)) is not None:
                as_of, revision = date.fromisoformat(match[1]), int(match[2] or 1)
                if as_of not in found or found[as_of].revision < revision:
                    manifest = json.loads((path / "manifest.json").read_text(encoding="utf-8"))
                    found[as_of] = Kept(as_of, revision, path, manifest)
        return [found[as_of] for as_of in sorted(found)]

    def keep(
        self, list_name: str, as_of: date, tables: Tables, sources: Iterable[Delivered], facts: Mapping[str, Any]
    ) -> Kept:
        """Keep a version: built aside, then renamed. What an import that was killed left half built is removed."""
        root = self._versions(list_name)
        before = self.kept(list_name)
        revision = next((each.revision + 1 for each in before if each.as_of == as_of), 1)
        building, final = root / ".building", root / _folder(as_of, revision)
        shutil.rmtree(building, ignore_errors=True)
        (building / "sources").mkdir(parents=True)
        for name, (frame, schema) in tables.items():
            write_table(frame, building / f"{name}.parquet", schema)
        said = [self._source(each, building / "sources") for each in sources]
        written = [{"path": path.name, "sha256": file_digest(path)} for path in sorted(building.glob("*.parquet"))]
        manifest = {"list": list_name, "as_of": as_of.isoformat(), "revision": revision, **facts, "sources": said,
                    "tables": written}  # fmt: skip
        write_json(manifest, building / "manifest.json")
        _share(building, before)
        sync(building)
        building.rename(final)
        return Kept(as_of, revision, final, manifest)

    def publish(self, list_name: str, tables: Tables) -> bool:
        """Write the tables that the night and people read, in the given order; tell whether a byte changed."""
        changed = False
        for name, (frame, schema) in tables.items():
            path = self._published(name, list_name)
            aside = path.with_name(f".{path.name}.new")
            write_table(frame, aside, schema)
            same = path.is_file() and file_digest(path) == file_digest(aside)
            changed = changed or not same
            aside.unlink() if same else aside.replace(path)
        return changed

    def published(self, name: str, list_name: str) -> pl.DataFrame:
        """Read one of a list's published tables."""
        return pl.read_parquet(self._published(name, list_name), hive_partitioning=False, glob=False)

    def digests(self, names: Iterable[str], list_name: str) -> dict[str, str | None]:
        """SHA-256 of a list's published tables; None for one that is not there."""
        paths = {name: self._published(name, list_name) for name in names}
        return {name: file_digest(path) if path.is_file() else None for name, path in paths.items()}

    def remember(self, list_name: str, facts: Mapping[str, Any]) -> None:
        """Note from which versions the published tables were made."""
        write_json(facts, self._versions(list_name) / "published.json")

    def remembered(self, list_name: str) -> dict[str, Any]:
        """Return what was noted; empty where nothing was."""
        path = self._versions(list_name) / "published.json"
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
        return found

    def _versions(self, list_name: str) -> Path:
        if _LIST.fullmatch(list_name) is None:
            raise UsageError(f"{list_name!r} is no name for a list.",
                             remedy="Use up to 40 small letters, digits, - and _.")  # fmt: skip
        return self.data / "watchlists" / "versions" / list_name

    def _published(self, name: str, list_name: str) -> Path:
        return self.data / name / f"imported-{list_name}.parquet"

    @staticmethod
    def _source(file: Delivered, folder: Path) -> dict[str, Any]:
        """Keep the publisher's own bytes, packed so that the same bytes always make the same file."""
        path, size = folder / f"{file.name}.gz", 0
        with file.open() as given, path.open("wb") as raw, gzip.GzipFile("", "wb", 6, raw, mtime=0) as packed:
            while chunk := given.read(_COPY):
                size += len(chunk)
                packed.write(chunk)
        return {"name": file.name, "bytes": size, "sha256": file.sha256()}


def _folder(as_of: date, revision: int) -> str:
    return f"as_of={as_of.isoformat()}" + (f".{revision}" if revision > 1 else "")


def _share(building: Path, before: Iterable[Kept]) -> None:
    """Link files that the newest version has too: most days a list does not change, and is kept all the same."""
    newest = max(before, key=lambda kept: kept.as_of, default=None)
    if newest is None:
        return
    for path in building.rglob("*"):
        twin = newest.folder / path.relative_to(building)
        if path.is_file() and path.name != "manifest.json" and _same(path, twin):
            aside = path.with_name(f".{path.name}.link")
            try:
                os.link(twin, aside)
                aside.replace(path)
            except OSError:  # a file system without hard links: both copies stay
                aside.unlink(missing_ok=True)


def _same(path: Path, twin: Path) -> bool:
    return twin.is_file() and file_digest(twin) == file_digest(path)
