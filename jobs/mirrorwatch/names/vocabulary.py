"""Words of both sides as numbers, so that millions of names are compared by integers: which text is like which."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from mirrorwatch.names.likeness import SHORTEST_SLIP, alike
from mirrorwatch.names.sides import Side
from mirrorwatch.names.spelling import shortened

# Two joined words weigh much: what is only like them must be long, and hardly differ ("ebert" is no "ep irt").
_LEAST_JOINED, _SHORTEST_ALIKE = 0.85, 7
# A word that more names hold than these is a word, not a slip.
_SLIPS, _SLIPS_SHARE = 2, 1e-4
_LEAST_MISSPELT = 0.75  # one slip of five letters is 0.8, two of eight 0.75
_SURE_SOUND = 0.9  # four letters must sound the same


@dataclass(frozen=True)
class Vocabulary:
    """Codes of texts of the left and right; `likes` (code, other, like): a left and a right text that are alike."""

    left: pl.DataFrame  # text, code
    right: pl.DataFrame  # text, other
    likes: pl.DataFrame


def vocabulary(words: pl.Series, joined: pl.Series, right: Side) -> Vocabulary:
    """Compare the left's single `words` with all texts of the right; its `joined` ones must be words of the right."""
    spoken, alone = right.units.filter("spoken"), pl.col("span") == 1
    whole = spoken.filter(alone)["text"].unique()
    met = alike(words, whole, joined=spoken.filter(~alone)["text"])
    sure = (pl.col("like") >= _LEAST_JOINED) & (pl.col("other").str.len_bytes() >= _SHORTEST_ALIKE)
    pairs = met.filter(sure | (pl.col("like") == 1) | pl.col("other").is_in(whole.implode()))
    written = right.units.select(other=pl.col("text").unique()).join(
        words.unique().to_frame("other"), on="other", how="semi"
    )
    single = right.units.filter(pl.col("span") == 1).select(other=pl.col("text").unique())
    exact = joined.unique().to_frame("word").join(single, left_on="word", right_on="other", how="semi")
    same = pl.concat([exact, written.select(word="other")]).select("word", other="word", like=pl.lit(1.0))
    known = pl.concat([pairs, same]).sort("like").unique(["word", "other"], keep="last")
    left = known.select(text=pl.col("word").unique().sort()).with_row_index("code")
    texts = right.units.select(text=pl.col("text").unique().sort()).with_row_index("other")
    numbered = known.join(left, left_on="word", right_on="text").join(
        texts, left_on="other", right_on="text", suffix="_code"
    )
    likes = numbered.select("code", other="other_code", like=pl.col("like").cast(pl.Float32)).sort("code", "other")
    return Vocabulary(left, texts, likes)


def misspelt(words: pl.DataFrame, names: int, right: pl.DataFrame) -> pl.DataFrame:
    """Words that are a shortened word or legal form, misspelt: (word, becomes).

    `words` (word, count) of so many left `names`. A word that the list holds, or that many names do, is no misspelling.
    """
    known = shortened()
    rare = words.filter(pl.col("count") <= _SLIPS + names * _SLIPS_SHARE)
    strange = rare.join(right, on="word", how="anti").join(known, left_on="word", right_on="as_written", how="anti")
    long_enough = known.filter(pl.col("as_written").str.len_bytes() >= SHORTEST_SLIP)
    pairs = alike(strange["word"], long_enough["as_written"].unique(), _LEAST_MISSPELT)
    shorter = pl.min_horizontal(pl.col("word", "other").str.len_bytes())
    sure = pairs.filter((shorter > SHORTEST_SLIP) | (pl.col("like") >= _SURE_SOUND))
    best = sure.sort("word", "like", "other", descending=[False, True, False]).unique("word", keep="first")
    becomes = long_enough.rename({"word": "becomes"}).unique("as_written", keep="first", maintain_order=True)
    return best.join(becomes, left_on="other", right_on="as_written").select("word", "becomes")


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
