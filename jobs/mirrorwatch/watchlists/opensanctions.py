"""OpenSanctions' `targets.simple.csv`: one row an entry, several answers in a column parted by semicolons."""

from collections.abc import Mapping
from typing import BinaryIO

from mirrorwatch.errors import InputError
from mirrorwatch.watchlists.dates import day
from mirrorwatch.watchlists.delimited import rows
from mirrorwatch.watchlists.found import At, Collector, Found, joined
from mirrorwatch.watchlists.tables import STRONG

NEEDED = frozenset({"id", "schema", "name"})
SCHEMAS = {
    "Person": "person", "LegalEntity": "organisation", "Organization": "organisation", "Company": "organisation",
    "PublicBody": "organisation", "Vessel": "vessel", "Airplane": "aircraft",
}  # fmt: skip
_COLUMNS = (
    ("aliases", "alias"), ("addresses", "address"), ("identifiers", "identifier"), ("phones", "contact"),
    ("emails", "contact"), ("countries", "country"), ("sanctions", "remark"),
)  # fmt: skip


def read(stream: BinaryIO, file: str) -> Found:
    """Read one file. Raises InputError for a file that is no such CSV."""
    found = Collector()
    lines = rows(stream, file, ",", found.notes)
    _, header = next(lines, (1, []))
    if missing := NEEDED - set(header):
        raise InputError(
            f"The CSV has no column {', '.join(sorted(missing))}.", where=f"{file}, line 1",
            remedy="Import OpenSanctions' targets.simple.csv as it is published, with its header.",
        )  # fmt: skip
    for line, cells in lines:
        if len(cells) == len(header):
            _entry(found, At(file, line), dict(zip(header, cells, strict=True)))
        elif cells:
            found.skip(At(file, line), f"{len(cells)} fields where the header has {len(header)}")
    return found.found()


def _entry(found: Collector, at: At, row: Mapping[str, str]) -> None:
    ident, name = row["id"].strip(), row["name"].strip()
    if not ident or not name:
        return found.skip(at, "no id" if not ident else "no name")
    programme = joined(*_several(row, "program_ids"), by="; ") or row.get("sanctions", "").strip() or row.get("dataset")
    found.entry(
        at, ident, name, SCHEMAS.get(row["schema"], "other"), programme=programme or None,
        listed_on=day(row.get("first_seen")),
    )  # fmt: skip
    for column, kind in _COLUMNS:
        for text in _several(row, column):
            country = text if kind == "country" else None
            found.detail(at, ident, kind, text, country=country, quality=STRONG if kind == "alias" else None)
    for text in _several(row, "birth_date"):
        found.birth_date(at, ident, text)
    return None


def _several(row: Mapping[str, str], column: str) -> list[str]:
    return [part.strip() for part in row.get(column, "").split(";") if part.strip()]
