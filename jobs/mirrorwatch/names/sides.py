"""One side of a comparison: its different names, their words with weights, and their words as units of comparison."""

from dataclasses import dataclass

import polars as pl

from mirrorwatch.names import weights, words
from mirrorwatch.names.spelling import spelt

PERSON, ORGANISATION = "person", "organisation"


@dataclass(frozen=True)
class Side:
    """`rows` (row, name, kind, plain), `words` (row, place, word, bits), `units` (row, place, span, text, bits)."""

    rows: pl.DataFrame
    words: pl.DataFrame
    units: pl.DataFrame

    @property
    def first(self) -> int:
        """Number of the first row; rows are numbered from it on without gaps."""
        return int(self.rows["row"][0]) if len(self.rows) else 0


def different(named: pl.DataFrame) -> pl.DataFrame:
    """(id, name, kind) -> (row, name, kind), each different name of a kind once, sorted."""
    names = named.select("name", "kind").drop_nulls("name").unique().sort("name", "kind", nulls_last=True)
    return names.with_row_index("row")


def plain(names: pl.DataFrame) -> pl.DataFrame:
    """Add each name's one spelling as `plain`."""
    person = (names["kind"] == PERSON).fill_null(value=False)
    return names.with_columns(plain=spelt(names["name"], person))


def counted(names: pl.DataFrame, at_once: int = 500_000) -> pl.DataFrame:
    """Count the names that hold each word: (word, count). By pieces, since words of millions would fill memory."""
    pieces = [words.counts(words.words(plain(piece))) for piece in names.iter_slices(at_once)]
    if not pieces:
        return pl.DataFrame(schema={"word": pl.String(), "count": pl.Int64()})
    return pl.concat(pieces).group_by("word").agg(pl.col("count").sum())


def side(names: pl.DataFrame, bits: pl.DataFrame) -> Side:
    """(row, name, kind) and the weights of words -> the side."""
    rows = plain(names)
    weighed = (
        words.words(rows).join(bits, on="word", how="left").with_columns(pl.col("bits").fill_null(weights.MOST_BITS))
    )
    units = words.units(weighed).join(weighed.select("row", "place", "bits"), on=["row", "place"], how="left")
    after = weighed.select("row", place=pl.col("place") - 1, following=pl.col("bits"))
    both = units.join(after.filter(pl.col("place") < words.MOST_WORDS), on=["row", "place"], how="left")
    more = pl.when(pl.col("span") == 1).then(0.0).otherwise(pl.col("following"))
    return Side(rows, weighed, both.select("row", "place", "span", "text", bits=pl.col("bits") + more))
