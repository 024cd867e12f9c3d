"""One side of a comparison: its different names, their words with weights, and their words as units of comparison."""

from dataclasses import dataclass

import polars as pl

from mirrorwatch.names import weights, words
from mirrorwatch.names.spelling import shortened, spelt

_SHORTEST_WAY = 4  # letters of a spelling that is looked for joined to another word
PERSON, ORGANISATION = "person", "organisation"


@dataclass(frozen=True)
class Side:
    """`rows` (row, name, kind, plain), `words` (row, place, word, bits), `units`, texts that words or two of them make.

    Units are (row, place, second, span, text, bits, spoken): `second` the place of the second word of two, `spoken`
    false where the text is only one more way to write it, which is met letter by letter.
    """

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


def _mended(spelt_words: pl.DataFrame, rows: pl.DataFrame, mended: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Write misspelt forms and trades of firms as what they are: words and rows again."""
    firms = rows.filter(pl.col("kind").ne_missing(PERSON)).select("row", firm=pl.lit(value=True))
    known = spelt_words.join(firms, on="row", how="left").join(mended, on="word", how="left")
    hit = pl.col("firm").fill_null(value=False) & pl.col("becomes").is_not_null()
    written = known.select("row", "place", word=pl.when(hit).then("becomes").otherwise("word"), hit=hit)
    changed = written.filter(pl.col("hit").any().over("row")).sort("row", "place")
    again = changed.group_by("row", maintain_order=True).agg(again=pl.col("word").str.join(" "))
    told = rows.join(again, on="row", how="left", maintain_order="left")
    return written.drop("hit"), told.select("row", "name", "kind", plain=pl.coalesce("again", "plain"))


def _units(weighed: pl.DataFrame, *, listed: bool) -> pl.DataFrame:
    """Units of words with bits; those of a list also as they may have been written before they were shortened."""
    spoken, only_written = pl.lit(value=True), pl.lit(value=False)
    alone = words.units(weighed).with_columns(
        second=pl.when(pl.col("span") > 1).then(pl.col("place") + 1), spoken=spoken
    )
    span = pl.lit(2, pl.UInt8)
    parts = [alone, words.turned(weighed).with_columns(span=span, spoken=spoken)]
    if listed:
        ways = words.respelt(weighed, shortened().filter(pl.col("as_written").str.len_bytes() >= _SHORTEST_WAY))
        parts.append(ways.with_columns(span=span, second=pl.col("place") + 1, spoken=only_written))
    both = pl.concat(parts, how="diagonal").unique(
        ["row", "place", "second", "text"], keep="first", maintain_order=True
    )
    bits = weighed.select("row", "place", "bits")
    whole = both.join(bits, on=["row", "place"], how="left").join(
        bits.rename({"place": "second", "bits": "more"}), on=["row", "second"], how="left"
    )
    return whole.select(
        "row", "place", "second", "span", "text", bits=pl.col("bits") + pl.col("more").fill_null(0.0), spoken="spoken"
    )


def side(names: pl.DataFrame, bits: pl.DataFrame, mended: pl.DataFrame | None = None, *, listed: bool = False) -> Side:
    """(row, name, kind) and the weights of words -> the side. `mended` (word, becomes): misspelt forms and trades."""
    rows = plain(names)
    apart = words.words(rows)
    if mended is not None:
        apart, rows = _mended(apart, rows, mended)
    weighed = apart.join(bits, on="word", how="left").with_columns(pl.col("bits").fill_null(weights.MOST_BITS))
    return Side(rows, weighed, _units(weighed, listed=listed))
