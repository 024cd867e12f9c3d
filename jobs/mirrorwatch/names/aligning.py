"""How much of each name is found in the other, word by word, and how.

A word of one name is covered by the word of the other that it is most like; two words may be covered by one that joins
them. A slip in a common word makes a rare-looking one, so a covered word weighs no more than what covers it.
"""

import numpy as np
import polars as pl
from rapidfuzz.distance import OSA
from rapidfuzz.process import cpdist

from mirrorwatch.names.sides import PERSON, Side
from mirrorwatch.names.spelling import FORM_MARK
from mirrorwatch.names.vocabulary import Vocabulary
from mirrorwatch.names.weights import MOST_BITS

_INITIAL = 0.6  # one letter of 26 says little, but it contradicts nothing; companies have no initials
# Two slips in a short word are too many to look for it by, but among names that share other words they are likelier a
# slip than another word; below this likeness not even so.
LEAST_WEAK = 0.55
SHORTEST_WEAK = 4
SHORTEST_CUT = 3  # letters of a word that was cut
_LEAST_CUT = 3  # letters that are gone; fewer are slips


def _crossed(pairs: pl.DataFrame, left: Side, right: Side, words: Vocabulary) -> pl.DataFrame:
    """Every unit of each pair's left name beside every unit of its right name, those of the right as `…_right`."""
    ours = left.units.join(words.left, on="text", how="left").filter(
        (pl.col("span") == 1) | pl.col("code").is_not_null()
    )
    theirs = right.units.join(words.right, on="text").rename(lambda name: f"{name}_right")
    named = left.rows.select(left="row", persons=pl.col("kind").fill_null(PERSON) == PERSON)
    return (
        pairs.join(named, on="left")
        .join(ours, left_on="left", right_on="row")
        .join(theirs, left_on="right", right_on="row_right")
    )


def _weakly(crossed: pl.DataFrame) -> pl.DataFrame:
    """Likeness of words that are otherwise strangers: initials, and words more than one slip apart."""
    first, second = pl.col("text"), pl.col("text_right")
    short, short_right = first.str.len_bytes(), second.str.len_bytes()
    single = crossed.filter(pl.col("span") == 1, pl.col("span_right") == 1)
    letter = (short == 1) != (short_right == 1)
    initials = single.filter("persons", letter, first.str.head(1) == second.str.head(1), first.str.contains("^[a-z]"))
    near = single.filter(
        pl.min_horizontal(short, short_right) >= SHORTEST_WEAK,
        (short.cast(pl.Int32) - short_right.cast(pl.Int32)).abs() <= 2,  # noqa: PLR2004 - two slips
        ~pl.any_horizontal(pl.col("text", "text_right").str.contains(r"[\d" + FORM_MARK + "]")),
    )
    cut = _cut(single)
    likes = cpdist(
        near["text"].to_list(), near["text_right"].to_list(), scorer=OSA.normalized_similarity, dtype=np.float32
    )
    slipped = near.with_columns(like=pl.Series(likes, dtype=pl.Float32)).filter(pl.col("like") >= LEAST_WEAK)
    return pl.concat([pl.concat([initials, cut]).with_columns(like=pl.lit(_INITIAL, pl.Float32)), slipped])


def _cut(single: pl.DataFrame) -> pl.DataFrame:
    """Words of which one is the beginning of the other: a field that was too short, or an abbreviation."""
    first, second = pl.col("text"), pl.col("text_right")
    length, length_right = first.str.len_bytes().cast(pl.Int32), second.str.len_bytes().cast(pl.Int32)
    begins = pl.when(length < length_right).then(second.str.starts_with(first)).otherwise(first.str.starts_with(second))
    return single.filter(
        pl.min_horizontal(length, length_right) >= SHORTEST_CUT,
        (length - length_right).abs() >= _LEAST_CUT,
        begins,
        ~second.str.contains(FORM_MARK, literal=True),
    )


def meeting(pairs: pl.DataFrame, left: Side, right: Side, words: Vocabulary) -> pl.DataFrame:
    """Units of each pair's two names that are alike, with `like`."""
    crossed = _crossed(pairs, left, right, words).join(
        words.likes, left_on=["code", "other_right"], right_on=["code", "other"], how="left"
    )
    known = crossed.filter(pl.col("like").is_not_null())
    return pl.concat([known, _weakly(crossed.filter(pl.col("like").is_null()).drop("like"))])


def covered(met: pl.DataFrame, mine: str, other: str) -> pl.DataFrame:
    """Each found word of one side: (pair, place, like, part of its weight that counts, text that covers it)."""
    place, span = f"place{mine}", f"span{mine}"
    again = pl.concat([met, met.filter(pl.col(span) > 1).with_columns(pl.col(f"second{mine}").alias(place))])
    ours, theirs = pl.col(f"bits{mine}"), pl.col(f"bits{other}")
    # two words joined are rarer than any word's weight tells: they weigh what the two do
    joins = pl.col(span) < pl.col(f"span{other}")
    joined = pl.col(span) > pl.col(f"span{other}")
    part = (
        pl.when(joins & (ours >= MOST_BITS))
        .then(theirs / ours)
        .when(joined & (theirs >= MOST_BITS))
        .then(1.0)
        .otherwise((theirs / ours).clip(upper_bound=1.0))
    )
    weighs = again.with_columns(part=part)
    best = weighs.sort("pair", place, "like", "part", f"text{other}", descending=[False, False, True, True, False])
    return best.unique(["pair", place], keep="first", maintain_order=True).select(
        "pair", "like", "part", place=pl.col(place), by=f"text{other}"
    )


def sums(found: pl.DataFrame, pairs: pl.DataFrame, side: Side, which: str) -> pl.DataFrame:
    """Weight of one side that is found, blurred (found, but differently written) and missing.

    `words` and `lacking` count the words found and missing that are no legal forms.
    """
    own = pairs.select("pair", row=which).join(side.words, on="row").join(found, on=["pair", "place"], how="left")
    weight, telling = pl.col("bits") * pl.col("part"), ~pl.col("word").str.starts_with(FORM_MARK)
    return own.group_by("pair").agg(
        found=(weight * pl.col("like")).sum(),
        blurred=(weight * (1 - pl.col("like"))).sum(),
        missing=pl.col("bits").filter(pl.col("like").is_null()).sum(),
        words=(telling & pl.col("like").is_not_null()).sum(),
        lacking=(telling & pl.col("like").is_null()).sum(),
    )
