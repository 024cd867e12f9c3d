"""Which pairs of parties are worth comparing: those that share a key which few share.

A key that many hold (a registered agent's address, a bank's own telephone, a common name) makes no pairs of its own; it
is counted and told. Work grows with the parties, not with their square.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from mirrorwatch.resolution.naming import Names
from mirrorwatch.resolution.parameters import ResolutionParameters
from mirrorwatch.resolution.spelling import Coded

BLOCKS = pl.Schema(
    {
        "party_type": pl.String(),
        "key": pl.String(),
        "blocks": pl.Int64(),
        "pairs": pl.Int64(),
        "too_large": pl.Int64(),
        "parties_in_too_large": pl.Int64(),
    }
)
_WORDS = 3  # a name's rarest words; together with another value they are entrances


@dataclass(frozen=True)
class Blocked:
    """`left`, `right` (rows, left < right, sorted, each pair once) and what each key did (BLOCKS less party_type)."""

    left: np.ndarray
    right: np.ndarray
    told: list[dict[str, object]]


def _alone(code: Coded) -> pl.DataFrame:
    rows = np.flatnonzero(code.codes >= 0)
    return pl.DataFrame({"row": rows.astype(np.uint32), "key": code.codes[rows].astype(np.int64)})


def _with_word(code: Coded, told: Names) -> pl.DataFrame:
    """Join a value to each of the name's rarest words: one number a combination."""
    parts = []
    for place in range(_WORDS):
        word = told.words[:, place].astype(np.int64)
        rows = np.flatnonzero((code.codes >= 0) & (word >= 0))
        key = (code.codes[rows].astype(np.int64) << 32) | word[rows]
        parts.append(pl.DataFrame({"row": rows.astype(np.uint32), "key": key}))
    return pl.concat(parts)


def _word_pairs(told: Names) -> pl.DataFrame:
    """Each two of the name's rarest words: what is left of a name with a word dropped, or added."""
    parts = []
    for first in range(_WORDS):
        for second in range(first + 1, _WORDS):
            both = np.sort(told.words[:, [first, second]].astype(np.int64), axis=1)
            rows = np.flatnonzero(both[:, 0] >= 0)
            key = (both[rows, 0] << 32) | both[rows, 1]
            parts.append(pl.DataFrame({"row": rows.astype(np.uint32), "key": key}))
    return pl.concat(parts)


def _rare_words(told: Names) -> pl.DataFrame:
    rows, place = np.nonzero(told.words[:, :_WORDS] >= 0)
    return pl.DataFrame({"row": rows.astype(np.uint32), "key": told.words[rows, place].astype(np.int64)})


def _met(keyed: pl.DataFrame, most: int) -> tuple[pl.Series, dict[str, object]]:
    """Pairs of rows (as left << 32 | right) that share a key which at most `most` rows hold, and figures."""
    sizes = keyed.lazy().group_by("key").agg(pl.len().alias("size")).filter(pl.col("size") > 1).collect()
    large = sizes.filter(pl.col("size") > most)
    fit = keyed.lazy().join(sizes.lazy().filter(pl.col("size") <= most), on="key", how="semi")
    both = fit.join(fit, on="key", suffix="_right").filter(pl.col("row") < pl.col("row_right"))
    pair = (pl.col("row").cast(pl.UInt64) * 2**32 + pl.col("row_right").cast(pl.UInt64)).alias("pair")
    pairs = both.select(pair).unique().collect()["pair"]
    held = int(large["size"].sum())
    figures: dict[str, object] = {
        "blocks": len(sizes) - len(large), "pairs": len(pairs), "too_large": len(large), "parties_in_too_large": held,
    }  # fmt: skip
    return pairs, figures


def blocked(
    values: dict[str, Coded], told: Names, shared: dict[str, pl.DataFrame], parameters: ResolutionParameters
) -> Blocked:
    """Pairs by every key. `values`: phone, email, mailbox, address, born; `shared`: (row, key) of owners and marks."""
    keys = {name: _alone(code) for name, code in values.items() if name != "born"}
    keys |= {
        "name": _alone(told.whole),
        "two words of the name": _word_pairs(told),
        "date and word": _with_word(values["born"], told),
        "address and word": _with_word(values["address"], told),
        "phone and word": _with_word(values["phone"], told),
        **shared,
    }
    found, figures = [], []
    for name, keyed in keys.items():
        pairs, done = _met(keyed, parameters.largest_block)
        found.append(pairs)
        figures.append({"key": name, **done})
    pairs, done = _met(_rare_words(told), parameters.largest_token_block)
    figures.append({"key": "rare word", **done})
    every = pl.concat([*found, pairs]).unique().sort().to_numpy()
    left, right = (every >> np.uint64(32)).astype(np.int64), (every & np.uint64(0xFFFFFFFF)).astype(np.int64)
    return Blocked(left, right, figures)
