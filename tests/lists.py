"""Lists in a test's folder: written as published, imported, and read again."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
from tests import list_files

from mirrorwatch.watchlists import importing

DAY = date(2026, 3, 31)
# A format's example, as it would be delivered.
EXAMPLES: dict[str, dict[str, str]] = {
    "ofac-csv": list_files.LEGACY,
    "ofac-xml": {"sdn.xml": list_files.SDN_XML},
    "ofac-advanced-xml": {"sdn_advanced.xml": list_files.ADVANCED_XML},
    "eu-xml": {"eu.xml": list_files.EU_XML},
    "uk-xml": {"UK-Sanctions-List.xml": list_files.UK_XML},
    "un-xml": {"consolidated.xml": list_files.UN_XML},
    "opensanctions-csv": {"targets.simple.csv": list_files.TARGETS_CSV},
    "ftm-json": {"entities.ftm.json": list_files.FTM_JSON},
}


def deliver(folder: Path, files: Mapping[str, str | bytes]) -> str:
    """Write files into a folder; return it as a user would name it."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    return str(folder)


@dataclass(frozen=True)
class Bank:
    """A data folder, and what is imported into it."""

    root: Path

    @property
    def data(self) -> str:
        return str(self.root / "data")

    def imports(self, files: Mapping[str, str | bytes], day: date = DAY, **more: Any) -> dict[str, Any]:  # noqa: ANN401
        """Import files as the version of a day."""
        number = len(list(self.root.glob("in-*")))
        folder = deliver(self.root / f"in-{number}", files)
        return importing.run(importing.Import(self.data, [folder], day, **more))

    def watchlist(self) -> pl.DataFrame:
        """Return what the night reads."""
        return pl.read_parquet(Path(self.data) / "watchlist" / "*.parquet").sort("entry_id")

    def details(self, ident: str, kind: str) -> list[dict[str, Any]]:
        """Return what is said of an entry, of one kind."""
        rows = importing.details(self.data).filter(pl.col("entry_id") == ident, pl.col("kind") == kind)
        return rows.sort("value").collect().to_dicts()

    def values(self, ident: str, kind: str, *columns: str) -> list[tuple[Any, ...]]:
        """Return the value, and other columns, of the details of one kind."""
        return [tuple(row[name] for name in ("value", *columns)) for row in self.details(ident, kind)]


def legacy(*names: str, first: int = 1) -> dict[str, str]:
    """Return OFAC's main file with these organisations, numbered from `first`."""
    nulls = ",-0- " * 8
    return {"sdn.csv": "".join(f'{n},"{name}",-0- ,"NSE"{nulls}\r\n' for n, name in enumerate(names, first))}
