"""Says what is wrong with an input file that cannot be read: which kind of damage, which column, from which row on.

Nothing here runs on a sound night, so it may read a file many times over.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

import polars as pl
from polars.exceptions import PanicException, PolarsError

from mirrorwatch.errors import InputError, UsageError
from mirrorwatch.store.objects import Root

if TYPE_CHECKING:
    from mirrorwatch.store.finding import InputFile
    from mirrorwatch.store.reading import FileGroup

# What reading a damaged file can raise: Polars' own decoder panics on some (a page that says it has other rows).
BROKEN = (PolarsError, PanicException, OSError)
_MAGIC, _ENCRYPTED = b"PAR1", b"PARE"  # the first and last four bytes of a Parquet file (its format's specification)
_NO_KEYS = "Deliver it unencrypted, over a channel that is: mirrorwatch holds no keys to Parquet files."
_AGAIN = (
    "Deliver the file again and compare its size with the sender's, or remove it so that the night runs without it."
)
_DAMAGED = "It is damaged, or its numbers have over 38 digits: deliver it again."


def unreadable(root: Root, file: "InputFile", error: BaseException) -> InputError:
    """Return the error for a file whose footer cannot be read."""
    what, remedy = _kind(root, file)
    return InputError(what, where=f"{file.path}, {file.bytes} bytes ({_first_line(error)})", remedy=remedy)


def raise_for_broken_file(groups: Iterable["FileGroup"]) -> None:
    """Read file by file after a night's scan failed, and raise an error that names file, column and row at fault.

    InputError for a file that cannot be read, UsageError for a mapping that fails on its values; returns when neither.
    """
    for group in groups:
        for number, file in zip(group.numbers, group.files, strict=True):
            _read_through(group.only([number]), file)


def _kind(root: Root, file: "InputFile") -> tuple[str, str]:
    """Tell from a file's two ends what it is; returns what is wrong and the remedy."""
    if file.bytes == 0:
        return "The file is empty: it has no bytes at all.", _AGAIN
    try:
        first, last = root.ends(file.path)
    except OSError:
        return (
            "The file cannot be opened, or went away while the night ran.",
            "Run again when the delivery is complete.",
        )
    if _ENCRYPTED in (first, last):
        return "The file is encrypted Parquet.", _NO_KEYS
    if first != _MAGIC:
        begins = first.decode("ascii", errors="replace").encode("ascii", errors="backslashreplace").decode()
        return f"The file is not Parquet: it begins with {begins!r}.", "Deliver it as Parquet, or remove it."
    if last != _MAGIC:
        return "The file is cut off: it begins as Parquet does, and its end is missing.", _AGAIN
    return "The file is damaged: its footer cannot be read.", _AGAIN


def _read_through(group: "FileGroup", file: "InputFile") -> None:
    for name in group.schema:
        if (error := _failure(group.scan(), name)) is not None:
            raise _broken_column(group, file, name, error) from error
    for name in group.columns().collect_schema() if group.mapping else ():
        if (error := _failure(group.columns(), name)) is not None:
            raise UsageError(
                f"The mapping of {group.dataset.name}.{name} fails on a value: {_first_line(error)}.",
                where=file.path,
                remedy="Use TRY_CAST in place of CAST, so that such a row is rejected by itself.",
            ) from error


def _failure(rows: pl.LazyFrame, column: str) -> BaseException | None:
    try:
        rows.select(pl.col(column).null_count()).collect()
    except BROKEN as error:
        return error
    return None


def _broken_column(group: "FileGroup", file: "InputFile", column: str, error: BaseException) -> InputError:
    from mirrorwatch.store.texts import first_failing, first_row_not_utf8  # pyarrow, which sound nights do not need

    said = _first_line(error)
    if "encrypt" in said.lower():
        return InputError(f"Column {column} of the file is encrypted.", where=file.path, remedy=_NO_KEYS)
    if (row := first_row_not_utf8(group.source.root, file.path, column)) is not None:
        return InputError(
            f"Column {column} of the file holds text that is not UTF-8.",
            where=f"{file.path}, row {row}",
            remedy="Write its text as UTF-8 (it may be Latin-1 or GB 18030) and deliver the file again.",
        )
    first = first_failing(group.rows[0], lambda rows: _failure(group.scan().head(rows), column) is not None)
    return InputError(
        f"Column {column} of the file cannot be read: {said}.",
        where=f"{file.path}, from row {first} on" if first is not None else file.path,
        remedy=_DAMAGED,
    )


def _first_line(error: BaseException) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0].rstrip(".")
