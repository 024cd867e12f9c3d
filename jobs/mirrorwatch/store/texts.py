"""Finds the row of a file at which its text stops being UTF-8. Polars names no row; Arrow reads such text unchecked."""

from collections.abc import Callable
from contextlib import closing
from typing import Any

import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.parquet as pq  # type: ignore[import-untyped]

from mirrorwatch.store.objects import Root

_AT_ONCE = 65_536  # rows of text looked at together


def first_row_not_utf8(root: Root, path: str, column: str) -> int | None:
    """Return the first 0-based row whose text is not UTF-8; None when there is none or the column is not plain text."""
    before = 0
    try:
        with closing(root.reader(path)) as stream:
            for batch in pq.ParquetFile(stream).iter_batches(batch_size=_AT_ONCE, columns=[column]):
                if (found := _first_not_utf8(batch.column(0))) is not None:
                    return before + found
                before += int(batch.num_rows)
    except (pa.ArrowException, OSError):
        pass  # the file has other damage
    return None


def first_failing(rows: int, fails: Callable[[int], bool]) -> int | None:
    """Return the 0-based row that, added, makes the first rows of a file fail; None when all of them pass."""
    sound, broken = 0, rows
    if not fails(rows):
        return None
    while broken - sound > 1:
        middle = (sound + broken) // 2
        sound, broken = (sound, middle) if fails(middle) else (middle, broken)
    return broken - 1


def _first_not_utf8(texts: Any) -> int | None:  # noqa: ANN401 - pyarrow carries no types
    if not pa.types.is_string(texts.type) and not pa.types.is_large_string(texts.type):
        return None
    raw = texts.cast(pa.large_binary())
    return first_failing(len(raw), lambda rows: not _is_utf8(raw.slice(0, rows)))


def _is_utf8(raw: Any) -> bool:  # noqa: ANN401
    try:
        raw.cast(pa.large_string())
    except pa.ArrowInvalid:
        return False
    return True
