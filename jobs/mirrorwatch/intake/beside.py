"""What lies beside a watchlist: its listings, the birth dates that it gives, and pairs that a person dismissed.

An entry that was told otherwise over time has several ids, one a state (docs/watchlists.md). What is said of an entry,
and a dismissal of it, hold under each of them, so that an old night finds them too.
"""

from collections.abc import Iterable
from datetime import date
from pathlib import Path

import polars as pl

from mirrorwatch.contract import BESIDE, PARTITION, ROW_KEY, WATCHLIST_DETAILS, WATCHLIST_LISTINGS, Dataset
from mirrorwatch.errors import InputError
from mirrorwatch.intake.conform import FAULTS, Origin, conform
from mirrorwatch.screening import DISMISSALS, NEEDED, NUMBERED, numbered
from mirrorwatch.store.dismissals import read_dismissals
from mirrorwatch.store.layout import Work
from mirrorwatch.store.reading import FileGroup, InputFile, Source, file_groups
from mirrorwatch.store.staging import scan, sink

DISMISSED = "dismissals"
_COMPARED = "birth_date"  # the one kind of detail that screening holds against a party


def stage_beside(source: Source, files: Iterable[InputFile], work: Path, day: date, dismissed: Path | None) -> None:
    """Write staged/watchlist_listings, watchlist_details and dismissals (NUMBERED), each where it is given.

    Raises InputError for a file that is not what an import wrote, and for a bad file of dismissed pairs.
    """
    given = {dataset.name: [file for file in files if file.dataset == dataset.name] for dataset in BESIDE}
    if given[WATCHLIST_LISTINGS.name]:
        listings = _rows(source, WATCHLIST_LISTINGS, given[WATCHLIST_LISTINGS.name])
        sink(listings, Work(work).staged(WATCHLIST_LISTINGS.name), WATCHLIST_LISTINGS.schema)
    if given[WATCHLIST_DETAILS.name]:
        details = _rows(source, WATCHLIST_DETAILS, given[WATCHLIST_DETAILS.name])
        told = _under_every_id(_said_on(details.filter(pl.col("kind") == _COMPARED), day), work)
        sink(told, Work(work).staged(WATCHLIST_DETAILS.name), WATCHLIST_DETAILS.schema)
    if dismissed is not None:
        pairs = _under_every_id(numbered(read_dismissals(dismissed, DISMISSALS, NEEDED).lazy()), work)
        sink(pairs.sort(NUMBERED.names(), nulls_last=True), Work(work).staged(DISMISSED), NUMBERED)


def beside(work: Path, name: str) -> pl.LazyFrame | None:
    """Scan one of them; None where it is not given."""
    folder = Work(work).staged(name)
    return scan(folder) if any(folder.glob("*.parquet")) else None


def _rows(source: Source, dataset: Dataset, files: list[InputFile]) -> pl.LazyFrame:
    return pl.concat(_of(group, dataset) for group in file_groups(source, dataset, files))


def _of(group: FileGroup, dataset: Dataset) -> pl.LazyFrame:
    columns, path = group.columns(), group.files[0].path
    schema = columns.drop(ROW_KEY, PARTITION).collect_schema()
    rows = conform(columns, schema, dataset, [], Origin(path, tuple(group.schema)))
    if bad := rows.filter(pl.col(FAULTS) != 0).select(pl.len()).collect().item():
        remedy = "Import the lists again: mirrorwatch watchlist import writes it."
        raise InputError(
            f"{bad} row(s) of {dataset.name} lack a value or hold one of another type.", where=path, remedy=remedy
        )
    return rows.select(dataset.schema.names())


def _said_on(details: pl.LazyFrame, day: date) -> pl.LazyFrame:
    """Keep what the list of a day says; what its first kept version says counts for all days before."""
    first = pl.col("known_from").min().over("list_name")
    begun = (pl.col("known_from") == first) | (pl.col("known_from") <= day)
    return details.filter(begun, pl.col("known_until").is_null() | (pl.col("known_until") > day))


def _under_every_id(rows: pl.LazyFrame, work: Path) -> pl.LazyFrame:
    """Give rows (entry_id, …) once for each id that their entry has or had."""
    listings = beside(work, WATCHLIST_LISTINGS.name)
    if listings is None:
        return rows
    ids = listings.select("entry_id", "base_entry_id").unique()
    based = rows.join(ids, on="entry_id", how="left").with_columns(
        base_entry_id=pl.coalesce("base_entry_id", "entry_id")
    )
    every = based.join(ids.rename({"entry_id": "every_id"}), on="base_entry_id", how="left")
    named = every.with_columns(entry_id=pl.coalesce("every_id", "entry_id"))
    return named.select(rows.collect_schema().names()).unique()
