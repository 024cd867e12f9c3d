"""Read what earlier nights published, from a folder or an object store alike."""

import io
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal, Protocol

import polars as pl

from mirrorwatch.contract import ADDED_COLUMNS
from mirrorwatch.errors import InputError
from mirrorwatch.store.layout import PART, is_remote, local_folder, partition
from mirrorwatch.store.remote import Bucket

_MANIFEST = re.compile(r"manifests/(\d{4}-\d{2}-\d{2})\.json")


class Holder(Protocol):
    """Something that holds bytes by key: a folder or a bucket."""

    def keys(self, prefix: str) -> list[str]:
        """Sorted keys right below `prefix/`."""

    def read(self, key: str) -> bytes | None:
        """Bytes of `key`, or None when there is no such key."""


@dataclass(frozen=True)
class Folder:
    """A local output folder, read through one generation so that a publication meanwhile changes nothing."""

    root: Path

    @cached_property
    def generation(self) -> Path:
        """The generation that is current at the first look."""
        return (self.root / ".published" / "current").resolve()

    def keys(self, prefix: str) -> list[str]:
        """Sorted keys right below `prefix/`."""
        folder = self.generation / prefix
        return sorted(f"{prefix}/{path.name}" for path in folder.iterdir()) if folder.is_dir() else []

    def read(self, key: str) -> bytes | None:
        """Bytes of `key`, or None when there is no such file."""
        path = self.generation / key
        return path.read_bytes() if path.is_file() else None


@dataclass(frozen=True)
class Shelf:
    """The nights published at one place."""

    holder: Holder
    location: str

    @cached_property
    def nights(self) -> tuple[date, ...]:
        """Dates of the published nights, oldest first."""
        found = (_MANIFEST.fullmatch(key) for key in self.holder.keys("manifests"))
        return tuple(sorted(date.fromisoformat(match[1]) for match in found if match))

    def before(self, run_date: date) -> tuple[date, ...]:
        """Dates of the nights before `run_date`, latest first."""
        return tuple(night for night in reversed(self.nights) if night < run_date)

    def manifest_bytes(self, run_date: date) -> bytes | None:
        """Return the night's manifest as it lies there, or None when that night was not published."""
        return self.holder.read(f"manifests/{run_date.isoformat()}.json")

    def manifest_hash(self, run_date: date) -> str | None:
        """SHA-256 of the night's manifest file, or None when that night was not published."""
        content = self.manifest_bytes(run_date)
        return sha256(content).hexdigest() if content is not None else None

    def manifest(self, run_date: date) -> dict[str, Any]:
        """Return the night's manifest. Raises InputError when it was not published or is broken."""
        content = self.manifest_bytes(run_date)
        if content is None:
            nights = ", ".join(night.isoformat() for night in self.nights[-3:]) or "none"
            raise InputError(
                f"No night of {run_date.isoformat()} is published.",
                where=self.location,
                remedy=f"Name a published night with --date (the latest: {nights}).",
            )
        try:
            manifest: dict[str, Any] = json.loads(content)
        except ValueError as error:
            raise InputError(f"The manifest of {run_date} is not JSON.", where=self.location) from error
        return manifest

    def table(self, name: str, run_date: date, schema: pl.Schema) -> pl.DataFrame:
        """One night's rows of one table. Raises InputError when the file is missing or cannot be read."""
        folder = partition(name, run_date)
        try:
            parts = [pl.read_parquet(io.BytesIO(content)) for content in self._parts(folder)]
            added: dict[str, Literal["insert"]] = {name: "insert" for name in schema.names() if name in ADDED_COLUMNS}
            return pl.concat(
                part.match_to_schema(schema, missing_columns=added, extra_columns="ignore") for part in parts
            )
        except (FileNotFoundError, pl.exceptions.PolarsError) as error:
            raise InputError(
                f"A published table cannot be read: {error}.",
                where=f"{self.location}: {folder}",
                remedy="Run that night again.",
            ) from error

    def _parts(self, folder: str) -> list[bytes]:
        """Read a table's one file, or all of them where it was written in several, as quarantine is."""
        if (content := self.holder.read(f"{folder}/{PART}")) is not None:
            return [content]
        several = [self.holder.read(key) for key in self.holder.keys(folder) if key.endswith(".parquet")]
        if not several or None in several:
            raise FileNotFoundError(folder)
        return [content for content in several if content is not None]


def shelf(out: str, storage_options: Mapping[str, str]) -> Shelf:
    """Open the output folder or prefix `out` for reading; it may be empty or not exist yet."""
    holder: Holder = Bucket.open(out, storage_options) if is_remote(out) else Folder(local_folder(out))
    return Shelf(holder, out)
