"""Exact uniqueness in bounded memory: 64-bit hashes first, then the values of those hashes that repeat.

Grouping ten million identifiers takes 1.2 GB in Polars; their hashes take 80 MB, sort in half a second, and rows with
equal keys have equal hashes. What the hashes say is then checked on the keys themselves, so the counts are exact.
"""

from collections.abc import Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from gx_polars.needs import Repeated, Repeats, Rows

Hashes = NDArray[np.uint64]

# Hashes held at once: 512 MB. A batch with more rows is looked at in so many shares, each in a pass of its own.
HASHES_AT_ONCE = 64_000_000
# Repeated keys checked at once: a group of 30 bytes of text and its count take about 100 bytes.
KEYS_AT_ONCE = 2_000_000
# So many hashes a plain filter can look up in each row; more are looked up batch by batch in a sorted array.
_FEW = 10_000
_HASH = "__gx_polars_hash"
_LENGTH = "__gx_polars_length"


def repeated(frame: pl.LazyFrame, need: Repeats) -> Repeated:
    """Count the rows of the mask whose keys are not alone, and the different keys."""
    hashed = _hashed(frame.filter(need.mask), need.keys)
    shares = max(1, -(-need.size // HASHES_AT_ONCE))
    rows = distinct = 0
    hashes: list[pl.Series] = []
    for share in range(shares):
        part = hashed if shares == 1 else hashed.filter(pl.col(_HASH) % shares == share)
        alone, again = _seen(part, need.size // shares)
        checked = _checked(part, again)
        rows += checked.rows
        distinct += alone + checked.distinct
        hashes.append(checked.hashes)
    return Repeated(rows, distinct, pl.concat(hashes).sort())


def rows_repeating(frame: pl.LazyFrame, need: Rows, columns: list[str]) -> pl.DataFrame:
    """Return the first rows whose keys are repeated, in the frame's order."""
    assert need.repeats is not None  # noqa: S101 - the caller has looked
    hashes, found = need.repeats.hashes, _hash(need.keys)
    wanted = frame.filter(need.mask)
    if hashes.len() <= _FEW:
        return wanted.filter(found.is_in(hashes.to_list())).select(columns).head(need.limit).collect()
    hashed = wanted.select(*columns, found.alias(_HASH))
    return _first_batches(hashed, hashes.to_numpy(), need.limit).select(columns)


def _first_batches(wanted: pl.LazyFrame, hashes: Hashes, limit: int) -> pl.DataFrame:
    taken = [wanted.head(0).collect()]
    height = 0
    for batch in wanted.collect_batches(maintain_order=True):
        own = batch.get_column(_HASH).to_numpy()
        spot = np.minimum(np.searchsorted(hashes, own), len(hashes) - 1)
        taken.append(batch.filter(pl.Series(hashes[spot] == own)).head(limit - height))
        height += taken[-1].height
        if height >= limit:
            break
    return pl.concat(taken)


def _hash(keys: Sequence[pl.Expr]) -> pl.Expr:
    named = _named(keys)
    return named[0].hash() if len(named) == 1 else pl.struct(named).hash()


def _named(keys: Sequence[pl.Expr]) -> list[pl.Expr]:
    return [key.alias(f"k{number}") for number, key in enumerate(keys)]


def _hashed(frame: pl.LazyFrame, keys: Sequence[pl.Expr]) -> pl.LazyFrame:
    return frame.select(*_named(keys), _hash(keys).alias(_HASH))


def _seen(part: pl.LazyFrame, size: int) -> tuple[int, pl.Series]:
    """Return how many hashes occur once, and those that occur again, sorted."""
    hashes = _collected(part.select(_HASH), size)
    hashes.sort()
    same = hashes[1:] == hashes[:-1]
    first = np.concatenate([[True], ~same]) if hashes.size else np.zeros(0, dtype=bool)
    again = np.concatenate([same, [False]]) & first if hashes.size else first
    repeats = hashes[again]
    return int(first.sum()) - len(repeats), pl.Series(_HASH, repeats, dtype=pl.UInt64)


def _collected(part: pl.LazyFrame, size: int) -> Hashes:
    """Fill one array as batches stream in; two copies of it would be twice the memory."""
    hashes = np.empty(size + size // 16 + 1024, dtype=np.uint64)  # shares of a good hash differ by far less than 1/16
    filled = 0
    for batch in part.collect_batches(maintain_order=False):
        own = batch.get_column(_HASH).to_numpy()
        if filled + len(own) > len(hashes):
            hashes = np.concatenate([hashes[:filled], np.empty(len(hashes), dtype=np.uint64)])
        hashes[filled : filled + len(own)] = own
        filled += len(own)
    return hashes[:filled]


def _checked(part: pl.LazyFrame, again: pl.Series) -> Repeated:
    """Group the rows of repeated hashes by their keys, some hashes at a time."""
    found = [_grouped(part, again.slice(start, KEYS_AT_ONCE)) for start in range(0, again.len(), KEYS_AT_ONCE)]
    hashes = pl.concat([one.hashes for one in found]) if found else again
    return Repeated(sum(one.rows for one in found), sum(one.distinct for one in found), hashes)


def _grouped(part: pl.LazyFrame, again: pl.Series) -> Repeated:
    if again.len() <= _FEW:
        rows = part.filter(pl.col(_HASH).is_in(again.to_list()))
    else:
        rows = part.join(again.to_frame().lazy(), on=_HASH, how="semi")
    groups = rows.group_by(pl.all()).agg(pl.len().alias(_LENGTH))
    several = pl.col(_LENGTH).filter(pl.col(_LENGTH) > 1).sum()
    found = groups.group_by(_HASH).agg(several.alias("rows"), pl.len().alias("distinct")).collect()
    hashes = found.filter(pl.col("rows") > 0).get_column(_HASH).sort()
    return Repeated(int(found.get_column("rows").sum()), int(found.get_column("distinct").sum()), hashes)
