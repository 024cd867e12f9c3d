"""What a word tells: the fewer names hold it, the more. Counted in the data, never read from a list of peoples.

A word's weight is -log2 of the share of names that hold it, in bits. Where the data are few, shipped shares of weak
words (trades, titles, particles) stand in, as if PRIOR_NAMES more names had been read.
"""

import tomllib
from functools import cache
from importlib.resources import files

import polars as pl

from mirrorwatch.names.spelling import FORM_MARK

# So many names' worth of belief in the shipped shares: the size at which counts of single words begin to settle.
PRIOR_NAMES = 20_000
# Share of names that an unknown word is believed to stand in: words met once in the largest lists.
_UNKNOWN = 2e-5
# No word tells more than this, 1 in 16,384: a misspelling is met once in millions and must not outweigh all other
# words.
MOST_BITS = 14.0
# A legal form is chosen among a handful and changed at will.
FORM_BITS = 0.5


@cache
def shipped() -> pl.DataFrame:
    """Shipped shares: (word, share)."""
    text = files("mirrorwatch.names").joinpath("weak_words.toml").read_text(encoding="utf-8")
    rows = [(word, group["share"]) for group in tomllib.loads(text)["words"] for word in group["words"]]
    frame = pl.DataFrame(rows, schema={"word": pl.String(), "share": pl.Float64()}, orient="row")
    return frame.group_by("word").agg(pl.col("share").max())


def weighed(counts: pl.DataFrame, names: int) -> pl.DataFrame:
    """Weigh words: (word, count) among so many `names` -> (word, bits), sorted by word."""
    share = (pl.col("count") + PRIOR_NAMES * pl.col("share").fill_null(_UNKNOWN)) / (names + PRIOR_NAMES)
    form = pl.col("word").str.starts_with(FORM_MARK)
    bits = pl.when(form).then(FORM_BITS).otherwise((-share.log(2)).clip(FORM_BITS, MOST_BITS))
    return counts.join(shipped(), on="word", how="left").select("word", bits=bits).sort("word")
