"""Two sides of names in, pairs of rows with what they share out, by pieces."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

import numpy as np
import polars as pl
from rapidfuzz import fuzz
from rapidfuzz.process import cpdist

from mirrorwatch.names import aligning
from mirrorwatch.names.candidates import PAIRS, Index, candidates
from mirrorwatch.names.parameters import NameParameters
from mirrorwatch.names.sides import PERSON, Side
from mirrorwatch.names.spelling import FORM_MARK
from mirrorwatch.names.vocabulary import Vocabulary, lightest

_AT_ONCE = 50_000  # pairs whose words lie in memory together, about 25 meetings of words each: 0.1 GB


@dataclass(frozen=True)
class Compared:
    """`pairs` (pair, left, right, and found, blurred, missing, words of both) and the covered words of each side."""

    pairs: pl.DataFrame
    left: pl.DataFrame
    right: pl.DataFrame


def one_kind(pairs: pl.DataFrame, left: Side, right: Side) -> pl.DataFrame:
    """Leave out pairs of which one is a person and the other is known to be none."""
    kinds = pairs.join(left.rows.select(left="row", kind="kind"), on="left").join(
        right.rows.select(right="row", kind_right="kind"), on="right"
    )
    unknown = pl.any_horizontal(pl.col("kind", "kind_right").is_null())
    same = (pl.col("kind") == PERSON) == (pl.col("kind_right") == PERSON)
    return kinds.filter(unknown | same).select(PAIRS.names())


def worthwhile(met: pl.DataFrame, left: Side, right: Side, parameters: NameParameters) -> pl.DataFrame:
    """Leave out pairs in doubt whose letters are not alike."""
    doubt = met.filter(~pl.col("sure"))
    first = doubt.join(left.rows.select(left="row", plain="plain"), on="left", maintain_order="left")["plain"]
    second = doubt.join(right.rows.select(right="row", plain="plain"), on="right", maintain_order="left")["plain"]
    alike = cpdist(first.to_list(), second.to_list(), scorer=fuzz.token_sort_ratio, dtype=np.float32, workers=1)
    likely = doubt.filter(pl.Series(alike >= 100 * parameters.least_letters))
    return pl.concat([met.filter("sure"), likely]).select(PAIRS.names())


def equal(left: Side, right: Side) -> pl.DataFrame:
    """PAIRS of rows with the same words but for legal forms, however little these words weigh."""
    spelt = _sorted_words(left).join(_sorted_words(right), on="words", suffix="_right")
    return spelt.select(left="row", right="row_right").cast(PAIRS)


def _sorted_words(side: Side) -> pl.DataFrame:
    telling = side.words.filter(~pl.col("word").str.starts_with(FORM_MARK)).sort("row", "word")
    return telling.group_by("row", maintain_order=True).agg(words=pl.col("word").str.join(" "))


def compared(
    left: Side, right: Side, index: Index, words: Vocabulary, parameters: NameParameters
) -> Iterator[Compared]:
    """Compare whatever may reach the bars. A pair of equal names may come twice."""
    found = candidates(left, index, words, lightest(left, right, words), parameters)
    for piece in chain([equal(left, right)], (worthwhile(met, left, right, parameters) for met in found)):
        fit = piece if parameters.across_kinds else one_kind(piece, left, right)
        for part in fit.iter_slices(_AT_ONCE):
            if len(part):
                yield _aligned(part.with_row_index("pair"), left, right, words)


def _aligned(pairs: pl.DataFrame, left: Side, right: Side, words: Vocabulary) -> Compared:
    met = aligning.meeting(pairs, left, right, words)
    ours, theirs = aligning.covered(met, "", "_right"), aligning.covered(met, "_right", "")
    summed = aligning.sums(ours, pairs, left, "left").join(
        aligning.sums(theirs, pairs, right, "right"), on="pair", suffix="_right"
    )
    return Compared(pairs.join(summed, on="pair"), ours, theirs)
