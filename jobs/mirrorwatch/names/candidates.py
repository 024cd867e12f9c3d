"""Which names are worth comparing: those that share enough weight.

A right name is found through its heaviest words only: so many that the rest, even if all of it were shared, would be
too little. Most names are found through one or two words, and hardly ever through "trading". One product of sparse
matrices meets all of them; what may still reach the bars is then looked up word by word.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl
from scipy.sparse import csr_array

from mirrorwatch.names.parameters import NameParameters
from mirrorwatch.names.sides import Side
from mirrorwatch.names.vocabulary import Vocabulary, summed

_ROUNDING = 1e-3  # weights are kept in single precision
PAIRS = pl.Schema({"left": pl.UInt32(), "right": pl.UInt32()})
MET = pl.Schema({**PAIRS, "sure": pl.Boolean()})


@dataclass(frozen=True)
class Index:
    """The right names by their heaviest units, and their other units, heaviest first.

    `found` (text x name, bits); `whole` and `rest`, each name's weight and the part not in `found`; `others` and
    `others_bits` (rank x name), texts and bits of that part, -1 where a name has no more.
    """

    found: csr_array
    whole: np.ndarray
    rest: np.ndarray
    others: np.ndarray
    others_bits: np.ndarray
    names_a_text: np.ndarray


def index(right: Side, words: Vocabulary, parameters: NameParameters) -> Index:
    """Index the right names."""
    whole = summed(right.words, right)
    heaviest = right.words.sort(["row", "bits", "place"], descending=[False, True, False])
    named = pl.DataFrame({"row": right.rows["row"], "whole": whole})
    covered = parameters.least_covered_right * pl.col("whole")
    needed = pl.max_horizontal(covered, parameters.least_bits) * parameters.doubtful
    # a word is an entrance as long as the words from it on could reach the bar without those before it
    from_it = pl.col("whole") - (pl.col("bits").cum_sum().over("row") - pl.col("bits"))
    marked = heaviest.join(named, on="row", maintain_order="left").with_columns(entrance=from_it >= needed - _ROUNDING)
    units = right.units.join(marked.select("row", "place", "entrance"), on=["row", "place"]).join(
        words.right, on="text"
    )
    after = marked.filter("entrance").select("row", second="place", following=pl.lit(value=True))
    both = units.join(after, on=["row", "second"], how="left").with_columns(
        entrance=pl.col("entrance") | ((pl.col("span") > 1) & pl.col("following").fill_null(value=False))
    )
    cells = both.filter("entrance").group_by("row", "other").agg(pl.col("bits").max())
    at = (cells["other"].to_numpy(), cells["row"].to_numpy())
    found = csr_array((cells["bits"].to_numpy().astype(np.float32), at), shape=(len(words.right), len(right.rows)))
    others = both.filter(~pl.col("entrance"), pl.col("span") == 1).sort(
        ["row", "bits", "other"], descending=[False, True, False]
    )
    return Index(found, whole, summed(others, right), *_padded(others, len(right.rows)), np.diff(found.indptr))


def _padded(others: pl.DataFrame, names: int) -> tuple[np.ndarray, np.ndarray]:
    """Texts and bits of (row, other, bits), one column a name, in order; -1 and 0 where there are no more."""
    ranked = others.with_columns(rank=pl.int_range(pl.len()).over("row"))
    depth = int(ranked["rank"].to_numpy().max()) + 1 if len(ranked) else 0
    texts, bits = np.full((depth, names), -1, dtype=np.int64), np.zeros((depth, names), dtype=np.float32)
    at = (ranked["rank"].to_numpy(), ranked["row"].to_numpy())
    texts[at], bits[at] = ranked["other"].to_numpy(), ranked["bits"].to_numpy()
    return texts, bits


def _pieces(rows: np.ndarray, work: np.ndarray, at_once: int) -> Iterator[tuple[int, int]]:
    """Cut sorted `rows` into (from, to) of whole names, of at most `at_once` work unless one alone has more."""
    starts = np.flatnonzero(np.diff(rows, prepend=-1))
    done = np.cumsum(work)
    ends = done[np.append(starts[1:], len(rows)) - 1] if len(rows) else done
    name = 0
    while name < len(starts):
        base = done[starts[name] - 1] if name else 0
        until = max(int(np.searchsorted(ends, base + at_once, side="right")), name + 1)
        yield int(starts[name]), int(starts[until]) if until < len(starts) else len(rows)
        name = until


def _looked_up(
    left: np.ndarray,
    right: np.ndarray,
    most: np.ndarray,
    bar: np.ndarray,
    keys: np.ndarray,
    likes: np.ndarray,
    index: Index,
) -> np.ndarray:
    """Look up each other word of the right names in the left ones; places of the pairs that still reach their bar.

    What is missing is taken off `most`.
    """
    alive, texts = np.arange(len(left)), len(index.names_a_text)
    for rank in range(len(index.others)):
        text = index.others[rank][right[alive]]
        has, bits = text >= 0, index.others_bits[rank][right[alive]]
        key = left[alive] * texts + text
        place = np.minimum(np.searchsorted(keys, key), len(keys) - 1)
        like = np.where((keys[place] == key) & has, likes[place], 0.0)
        most[alive] -= bits * (1 - like)
        alive = alive[most[alive] >= bar[alive]]
    return alive


def candidates(
    left: Side, index: Index, words: Vocabulary, lightest: np.ndarray, parameters: NameParameters
) -> Iterator[pl.DataFrame]:
    """MET, pairs of rows that may reach the bars, by pieces. `lightest` is the least that each left name may weigh.

    A pair that falls short by no more than `doubtful` is not `sure`: it is worth comparing if its letters are alike.
    """
    coded = left.units.join(words.left, on="text").select("row", "code")
    met = coded.join(words.likes, on="code").group_by("row", "other").agg(pl.col("like").max()).sort("row", "other")
    rows, columns, like = (
        met["row"].to_numpy().astype(np.int64) - left.first,
        met["other"].to_numpy(),
        met["like"].to_numpy(),
    )
    for start, stop in _pieces(rows, index.names_a_text[columns], parameters.work_at_once):
        low = int(rows[start])
        cells = (rows[start:stop] - low, columns[start:stop])
        shape = (int(rows[stop - 1]) - low + 1, index.found.shape[0])
        shared = csr_array((like[start:stop], cells), shape=shape) @ index.found
        first = np.repeat(np.arange(shape[0]), np.diff(shared.indptr))
        covered = np.maximum(parameters.least_covered_right * index.whole, parameters.least_bits)
        bar = np.maximum(covered[shared.indices], parameters.least_covered_left * lightest[first + low]) - _ROUNDING
        most = shared.data + index.rest[shared.indices]
        low_bar = bar * parameters.doubtful
        kept = np.flatnonzero(most >= low_bar)
        at_left, at_right = first[kept], shared.indices[kept].astype(np.int64)
        keys = cells[0] * shape[1] + cells[1].astype(np.int64)
        left_over = most[kept]
        alive = _looked_up(at_left, at_right, left_over, low_bar[kept], keys, like[start:stop], index)
        met_pairs = {"left": at_left[alive] + low + left.first, "right": at_right[alive]}
        yield pl.DataFrame({**met_pairs, "sure": left_over[alive] >= bar[kept][alive]}, schema=MET)
