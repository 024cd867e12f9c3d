"""How far the names of two parties agree, and what chance is that two strangers' names agree so far.

Spelling and the weights of words are those of the `names` room: a word weighs by how few names hold it, whatever its
origin. A shared rare word is much, "trading" or a common surname is little.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl
from rapidfuzz.distance import OSA
from rapidfuzz.process import cpdist

from mirrorwatch.names import weights, words
from mirrorwatch.names.spelling import FORM_MARK, spelt
from mirrorwatch.resolution.spelling import Coded, coded, numbers

MOST_WORDS = 6  # the rarest words of a name; nobody is told apart by the seventh
# One slip in a name of five letters, two in one of ten: what typing does to names.
LEAST_LIKE = 0.8
# Beyond this share of the lighter name's weight found in the other, words were left out or added.
WHOLE, PARTLY = 0.95, 0.3
LEAST_WHOLE_WORDS = 2
_SLIPPED = 0.5  # a word with a slip is like several words: half of what it would tell
SAME, ALIKE, PARTIAL, DIFFERENT = range(4)


@dataclass(frozen=True)
class Names:
    """Names by row.

    `text` (words in alphabetical order, legal form left out), `whole` (that text as a number), `digits` (numbers in the
    name), and the rarest words as numbers and bits (row x MOST_WORDS; -1 and 0 = no more).
    """

    text: pl.Series
    whole: Coded
    digits: Coded
    words: np.ndarray
    bits: np.ndarray


def _words(plain: pl.Series, count: int) -> pl.DataFrame:
    """(row, word, bits), legal forms and single letters left out, each word once a name."""
    apart = words.words(pl.DataFrame({"row": pl.int_range(count, dtype=pl.UInt32, eager=True), "plain": plain}))
    telling = ~pl.col("word").str.starts_with(FORM_MARK) & (pl.col("word").str.len_chars() > 1)
    single = apart.filter(telling).select("row", "word").unique()
    counts = words.counts(single)
    own = -((pl.col("count") - 1).clip(lower_bound=1) / max(count, 2)).log(2)  # others that hold the word
    # Where the parties are few, a word that is weak everywhere looks rare: the shipped weight then stands.
    bits = (
        weights.weighed(counts, count)
        .join(counts, on="word")
        .select("word", bits=pl.min_horizontal("bits", own).cast(pl.Float32))
    )
    return single.join(bits, on="word")


def names(values: pl.Series, *, person: bool) -> Names:
    """Read names; an empty or missing one shares nothing."""
    count = len(values)
    plain = spelt(values, pl.Series([person]).new_from_index(0, count))
    parts = pl.col("plain").str.split(" ")
    told = parts.list.eval(pl.element().filter(~pl.element().str.starts_with(FORM_MARK))).list.sort().list.join(" ")
    text = pl.DataFrame({"plain": plain}).select(text=pl.when(told != "").then(told))["text"]
    ranked = _words(plain, count).sort(["row", "bits", "word"], descending=[False, True, False])
    place = ranked.select("row", "bits", "word", rank=pl.int_range(pl.len()).over("row")).filter(
        pl.col("rank") < MOST_WORDS
    )
    known = coded(place["word"])
    at = (place["row"].to_numpy(), place["rank"].to_numpy())
    matrix = np.full((count, MOST_WORDS), -1, dtype=np.int32)
    bits = np.zeros((count, MOST_WORDS), dtype=np.float32)
    matrix[at], bits[at] = known.codes, place["bits"].to_numpy()
    return Names(text, coded(text), coded(numbers(text)), matrix, bits)


def shared_bits(told: Names, left: np.ndarray, right: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Weight of the words that both names of each pair hold, and how many those are."""
    bits, found = np.zeros(len(left), dtype=np.float32), np.zeros(len(left), dtype=np.int8)
    theirs = told.words[right]
    for place in range(MOST_WORDS):
        mine = told.words[left, place]
        met = (mine >= 0) & (theirs == mine[:, None]).any(axis=1)
        bits += np.where(met, told.bits[left, place], 0)
        found += met
    return bits, found


def _likeness(text: pl.Series, left: np.ndarray, right: np.ndarray) -> np.ndarray:
    ours, theirs = text.gather(left).to_list(), text.gather(right).to_list()
    return np.asarray(cpdist(ours, theirs, scorer=OSA.normalized_similarity, dtype=np.float32, score_cutoff=LEAST_LIKE))


def compare(told: Names, left: np.ndarray, right: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Level of each pair (-1 where a name is missing) and log2 of the chance that a stranger shares as much.

    The chance is that of the whole name where it is the same, else of the words that are shared.
    """
    codes, other = told.whole.codes[left], told.whole.codes[right]
    known, same = (codes >= 0) & (other >= 0), codes == other
    bits, found = shared_bits(told, left, right)
    weight = told.bits.sum(axis=1)
    part = bits / np.maximum(np.minimum(weight[left], weight[right]), 1e-6)
    digits = told.digits.codes
    contradicts = (digits[left] != digits[right]) & (digits[left] >= 0) & (digits[right] >= 0)
    level = np.where((part >= PARTLY) & (found > 0), PARTIAL, DIFFERENT)
    whole = (part >= WHOLE) & (found >= LEAST_WHOLE_WORDS)
    asked = np.flatnonzero(known & ~same & ~whole)
    alike = whole.copy()
    alike[asked] = _likeness(told.text, left[asked], right[asked]) >= LEAST_LIKE
    slipped = alike & ~whole
    level = np.where(alike, np.where(contradicts, PARTIAL, ALIKE), level)
    level = np.where(same, SAME, level)
    rest = np.minimum(weight[left], weight[right]) - bits
    bits = np.minimum(bits + np.where(slipped, _SLIPPED * rest, 0), 2 * np.log2(max(len(told.text), 2)))
    chance = np.where(same, told.whole.bits(np.maximum(codes, 0)), -bits)
    return np.where(known, level, -1).astype(np.int8), np.where(level == DIFFERENT, 0, chance).astype(np.float32)
