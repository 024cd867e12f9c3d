"""Names taken apart into words, alone and joined with the next one ("wei ming", "weiming")."""

import polars as pl

from mirrorwatch.names.spelling import FORM_MARK

# No name that a list holds has more words that tell anything; it bounds the work that a hostile row can cause.
MOST_WORDS = 24
# Two initials, or a particle and a letter, make no word worth comparing.
SHORTEST_JOINED = 5


def words(spelt: pl.DataFrame) -> pl.DataFrame:
    """(row, plain) -> (row, place, word), one row a word; a name without a word has no rows."""
    parts = pl.col("plain").str.split(" ").list.head(MOST_WORDS)
    apart = spelt.select("row", word=parts, place=pl.int_ranges(parts.list.len(), dtype=pl.UInt8))
    return apart.explode("word", "place").filter(pl.col("word") != "").select("row", "place", "word")


def counts(words: pl.DataFrame) -> pl.DataFrame:
    """How many names hold each word: (word, count)."""
    return words.unique(["row", "word"]).group_by("word").agg(count=pl.len().cast(pl.Int64))


def joined(words: pl.DataFrame) -> pl.DataFrame:
    """Each word with the next one of its name: (row, place, text). Legal forms are not joined."""
    following, same = pl.col("word").shift(-1), pl.col("row").shift(-1) == pl.col("row")
    text = pl.concat_str("word", following)
    whole = ~text.str.contains(FORM_MARK, literal=True) & (text.str.len_bytes() >= SHORTEST_JOINED)
    paired = words.sort("row", "place").select("row", "place", text=pl.when(same & whole).then(text))
    return paired.drop_nulls("text")


def units(words: pl.DataFrame) -> pl.DataFrame:
    """Words alone and joined: (row, place, span, text), span the number of words that the text covers."""
    alone = words.select("row", "place", span=pl.lit(1, pl.UInt8), text="word")
    return pl.concat([alone, joined(words).select("row", "place", pl.lit(2, pl.UInt8).alias("span"), "text")])
