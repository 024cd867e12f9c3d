"""Words of both sides as numbers, so that millions of names are compared by integers: which text is like which."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from mirrorwatch.names.likeness import alike
from mirrorwatch.names.sides import Side


@dataclass(frozen=True)
class Vocabulary:
    """Codes of texts of the left and right; `likes` (code, other, like): a left and a right text that are alike."""

    left: pl.DataFrame  # text, code
    right: pl.DataFrame  # text, other
    likes: pl.DataFrame


def vocabulary(words: pl.Series, joined: pl.Series, right: Side) -> Vocabulary:
    """Compare the left's single `words` with all texts of the right; its `joined` ones must be words of the right."""
    pairs = alike(words, right.units["text"])
    single = right.units.filter(pl.col("span") == 1).select(other=pl.col("text").unique())
    exact = joined.unique().to_frame("word").join(single, left_on="word", right_on="other", how="semi")
    known = pl.concat([pairs, exact.select("word", other="word", like=pl.lit(1.0))]).unique(["word", "other"])
    left = known.select(text=pl.col("word").unique().sort()).with_row_index("code")
    texts = right.units.select(text=pl.col("text").unique().sort()).with_row_index("other")
    numbered = known.join(left, left_on="word", right_on="text").join(
        texts, left_on="other", right_on="text", suffix="_code"
    )
    likes = numbered.select("code", other="other_code", like=pl.col("like").cast(pl.Float32)).sort("code", "other")
    return Vocabulary(left, texts, likes)


def lightest(left: Side, right: Side, words: Vocabulary) -> np.ndarray:
    """Weigh each left name at least: a word that may be a slip of a commoner one weighs what that one does."""
    bits = right.units.join(words.right, on="text").group_by("other").agg(bits_other=pl.col("bits").min())
    slips = (
        words.likes.filter(pl.col("like") < 1).join(bits, on="other").group_by("code").agg(pl.col("bits_other").min())
    )
    by_text = slips.join(words.left, on="code").select(word="text", bits_other="bits_other")
    weighed = left.words.join(by_text, on="word", how="left").select(
        "row", bits=pl.min_horizontal("bits", "bits_other")
    )
    return summed(weighed, left)


def summed(weighed: pl.DataFrame, side: Side) -> np.ndarray:
    """Sum of `bits` by name of the side, whose rows are numbered without gaps."""
    weight = np.zeros(len(side.rows))
    if len(side.rows):
        np.add.at(weight, weighed["row"].to_numpy() - side.first, weighed["bits"].to_numpy())
    return weight
