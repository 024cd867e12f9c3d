"""Owners imported from registers, beside a data folder's own: each register's tables whole or not at all.

DATA/ownership/imported-NAME.parquet            what the night reads
DATA/register_entities/imported-NAME.parquet    whom the register speaks of, and as which party; written before it
DATA/register_interests/, register_skipped/     all that it says, and the statements that were left out
DATA/party_identifiers/*.parquet                the bank's own, optional: party_id, scheme, identifier
"""

import re
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from mirrorwatch.canonical import file_digest
from mirrorwatch.contract import OWNERSHIP
from mirrorwatch.errors import InputError, UsageError
from mirrorwatch.store.layout import is_remote, local_folder
from mirrorwatch.store.locking import locked
from mirrorwatch.store.writing import write_table

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
_IDENTIFIERS = ("party_id", "scheme", "identifier")


@dataclass(frozen=True)
class Registers:
    """The registers of one data folder."""

    data: Path
    name: str

    @classmethod
    def of(cls, data: str, name: str) -> "Registers":
        """Open a data folder for one register. Raises UsageError for an object store, which has no rename."""
        if is_remote(data):
            raise UsageError("Registers are imported into a folder, not into an object store.", where=data,
                             remedy="Import into a local folder and copy it to the store.")  # fmt: skip
        if _NAME.fullmatch(name) is None:
            raise UsageError(f"{name!r} is no name for a register.",
                             remedy="Use up to 40 small letters, digits, - and _, such as --register psc.")  # fmt: skip
        return cls(local_folder(data), name)

    def lock(self) -> AbstractContextManager[None]:
        """Hold the registers for writing."""
        return locked(self.data / ".registers.lock", f"importing register {self.name}")

    def parties(self) -> pl.Series:
        """Ids of the bank's parties; empty where the folder has none yet."""
        found = self._columns("parties", ("party_id",))
        return found["party_id"].unique().sort()

    def identifiers(self) -> pl.DataFrame:
        """Read the identifiers of parties that the bank keeps: party_id, scheme, identifier."""
        return self._columns("party_identifiers", _IDENTIFIERS)

    def known_keys(self) -> pl.DataFrame:
        """Keys of the ownership rows that come from elsewhere than this register."""
        own = f"imported-{self.name}.parquet"
        paths = [path for path in sorted((self.data / "ownership").glob("*.parquet")) if path.name != own]
        wanted = pl.Schema({name: OWNERSHIP.schema[name] for name in OWNERSHIP.key})
        frames = [self._read(path, tuple(wanted)).cast(wanted, strict=False) for path in paths]
        return pl.concat(frames).unique() if frames else pl.DataFrame(schema=wanted)

    def publish(self, tables: Mapping[str, tuple[pl.DataFrame, pl.Schema]]) -> bool:
        """Write the tables in the given order, the one that the night reads last; tell whether a byte changed.

        All are built aside before the first is put in its place.
        """
        built = []
        for name, (frame, schema) in tables.items():
            path = self.data / name / f"imported-{self.name}.parquet"
            aside = path.with_name(f".{path.name}.new")
            write_table(frame, aside, schema)
            built.append((aside, path, path.is_file() and file_digest(path) == file_digest(aside)))
        for aside, path, same in built:
            aside.unlink() if same else aside.replace(path)
        return not all(same for *_, same in built)

    def _columns(self, folder: str, columns: tuple[str, ...]) -> pl.DataFrame:
        paths = sorted((self.data / folder).glob("*.parquet"))
        frames = [self._read(path, columns).cast(pl.String) for path in paths]
        return pl.concat(frames).drop_nulls() if frames else pl.DataFrame(schema=dict.fromkeys(columns, pl.String))

    @staticmethod
    def _read(path: Path, columns: tuple[str, ...]) -> pl.DataFrame:
        try:
            return pl.read_parquet(path, columns=list(columns), hive_partitioning=False, glob=False)
        except (pl.exceptions.PolarsError, OSError) as error:
            raise InputError(f"The file cannot be read, or lacks one of {', '.join(columns)}.", where=str(path),
                             remedy="Write it as the contract says, or take it away.") from error  # fmt: skip
