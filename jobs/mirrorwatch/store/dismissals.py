"""Reads the file of dismissed pairs that a bank keeps: Parquet, or CSV as a spreadsheet writes it."""

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from mirrorwatch.errors import InputError

# The apostrophe that keeps a spreadsheet from running a cell as a formula: no part of what the cell says.
_MARK = "^'(?P<formula>[=+\\-@＝＋－＠])"


def read_dismissals(path: Path, schema: pl.Schema, needed: Sequence[str]) -> pl.DataFrame:
    """Rows of the file in `schema`; columns that are not `needed` may be missing, and are then null.

    Raises InputError naming file, column and row for a file that is not there, a missing column, an empty cell of a
    needed one, or a cell that is not of its type (dates are YYYY-MM-DD).
    """
    given = _read(path)
    for column in needed:
        if column not in given.columns:
            raise InputError(
                f"The column {column} is missing.", where=str(path), remedy=f"Columns: {', '.join(schema)}."
            )
    columns = [_typed(given, name, dtype, path, needed=name in needed) for name, dtype in schema.items()]
    return pl.DataFrame(columns, schema=schema)


def _read(path: Path) -> pl.DataFrame:
    try:
        if path.suffix.lower() == ".csv":
            return pl.read_csv(path, infer_schema=False)
        return pl.read_parquet(path, glob=False, hive_partitioning=False)
    except (OSError, pl.exceptions.PolarsError) as error:
        raise InputError(
            "The file of dismissed pairs cannot be read.", where=str(path), remedy="Name a .csv or .parquet file."
        ) from error


def _typed(given: pl.DataFrame, name: str, dtype: pl.DataType, path: Path, *, needed: bool) -> pl.Series:
    """One column in its type; the first row (from 1) that does not fit is named."""
    if name not in given.columns:
        return pl.Series(name, [None] * len(given), dtype=dtype)
    cells = given[name]
    if cells.dtype == pl.String:
        cells = cells.str.strip_chars().str.replace(_MARK, "${formula}").replace("", None)
    written = cells.dtype == pl.String() and dtype == pl.Date()
    fits = cells.str.to_date("%Y-%m-%d", strict=False) if written else cells.cast(dtype, strict=False)
    wrong = (fits.is_null() & cells.is_not_null()) | (fits.is_null() & needed)
    if wrong.any():
        row = int(wrong.arg_true()[0])
        kind = "a date such as 2026-03-31" if dtype == pl.Date() else "text"
        raise InputError(
            f"The cell of {name} is empty or is not {kind}.", where=f"{path}, row {row + 1}", remedy="Correct the row."
        )
    return fits
