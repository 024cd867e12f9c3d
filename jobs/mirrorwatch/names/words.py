"""Names taken apart into words, alone and joined with the next one ("wei ming", "weiming")."""

import polars as pl

from mirrorwatch.names.spelling import FORM_MARK

# No name that a list holds has more words that tell anything; it bounds the work that a hostile row can cause.
MOST_WORDS = 24
# Two initials, or a particle and a letter, make no word worth comparing.
SHORTEST_JOINED = 5
NONE = pl.DataFrame(schema={"row": pl.UInt32(), "place": pl.UInt8(), "word": pl.String()})


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


def turned(words: pl.DataFrame) -> pl.DataFrame:
    """Each name's last word with its first, as a bank turns a list's order: (row, place, second, text)."""
    order = words.sort("row", "place")
    ends = order.group_by("row", maintain_order=True).agg(
        pl.col("place").last(),
        second=pl.col("place").first(),
        text=pl.concat_str(pl.col("word").last(), pl.col("word").first()),
    )
    whole = ~pl.col("text").str.contains(FORM_MARK, literal=True) & (pl.col("text").str.len_bytes() >= SHORTEST_JOINED)
    return ends.filter(pl.col("place") > pl.col("second"), whole).select("row", "place", "second", "text")


def respelt(words: pl.DataFrame, shown: pl.DataFrame) -> pl.DataFrame:
    """Neighbours joined where one of them was shortened: (row, place, text). `shown`: (word, as_written).

    "Industrialcomplex" is "industry complex" in the one spelling: as a single word it was never shortened.
    """
    order = words.sort("row", "place")
    following = order.select("row", place=pl.col("place").cast(pl.Int16) - 1, following="word")
    both = order.select("row", "word", place=pl.col("place").cast(pl.Int16)).join(following, on=["row", "place"])
    first = both.join(shown, on="word").filter(~pl.col("following").str.starts_with(FORM_MARK))
    second = both.filter(~pl.col("word").str.starts_with(FORM_MARK)).join(shown, left_on="following", right_on="word")
    return (
        pl.concat(
            [
                first.select("row", "place", text=pl.concat_str("as_written", "following")),
                second.select("row", "place", text=pl.concat_str("word", "as_written")),
            ]
        )
        .filter(pl.col("text").str.len_bytes() >= SHORTEST_JOINED)
        .select("row", pl.col("place").cast(pl.UInt8), "text")
    )


def units(words: pl.DataFrame) -> pl.DataFrame:
    """Words alone and joined: (row, place, span, text), span the number of words that the text covers."""
    alone = words.select("row", "place", span=pl.lit(1, pl.UInt8), text="word")
    return pl.concat([alone, joined(words).select("row", "place", pl.lit(2, pl.UInt8).alias("span"), "text")])
