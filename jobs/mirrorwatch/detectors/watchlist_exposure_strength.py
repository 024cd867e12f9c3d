"""What a name hit is worth: how many of this night's parties would be called as much like it by chance.

Each word of the listed name that is found counts by the share of other parties that bear it, or one at least as like
it; shares are multiplied as if words were drawn apart, which family and given names of one region are not: so whoever
else is as much like the entry is counted too, and where that is anybody, the name says nothing.
"""

import numpy as np
import polars as pl
from rapidfuzz.distance import Indel
from rapidfuzz.process import cdist, cpdist

from mirrorwatch.names import weights, words
from mirrorwatch.names.spelling import FORM_MARK, spelt

_LEAST_ALIKE = 0.6  # of two words, letter by letter: "jon" and "john" have 0.86, unrelated ones seldom 0.6
_MISSING = 3.0  # a listed name of n words may be met by any n - 1 of them: so much more chance for each left out
_STEP = 0.05  # alikeness is rounded down to this, so that few different questions are asked
_AT_ONCE = 100  # words held against the whole vocabulary at a time
# Parties taken to bear a word that nobody else bears: by the counts of words met once and twice (Chao), between 0.1 and
# 0.3 of one where few words are met twice
_UNSEEN = 0.2


def spelling(named: pl.DataFrame, name: str) -> pl.DataFrame:
    """(row, name, kind) -> (row, plain), in the one spelling."""
    person = (named["kind"] == "person").fill_null(value=False)
    return named.select("row", plain=spelt(named[name], person))


def vocabulary(parties: pl.DataFrame) -> pl.DataFrame:
    """(party_id, name, kind) -> (kind, word, held, of): parties of a kind that bear a word, and how many there are."""
    rows = parties.with_row_index("row")
    apart = words.words(spelling(rows, "name")).join(rows.select("row", "kind"), on="row")
    held = apart.unique(["row", "word"]).group_by("kind", "word").agg(held=pl.len().cast(pl.Int64))
    return held.join(rows.group_by("kind").agg(of=pl.len().cast(pl.Int64)), on="kind")


def _units(hits: pl.DataFrame, name: str) -> pl.DataFrame:
    apart = words.words(spelling(hits, name)).filter(~pl.col("word").str.starts_with(FORM_MARK))
    return words.units(apart)


def _each_once(units: pl.DataFrame) -> pl.DataFrame:
    """Leave out words that a name says a second time: the other name has them but once."""
    alone = units.filter(pl.col("span") == 1).sort("row", "place")
    return pl.concat([alone.unique(["row", "text"], keep="first"), units.filter(pl.col("span") > 1)])


def _exactly(theirs: pl.DataFrame, ours: pl.DataFrame) -> pl.DataFrame:
    """Places of the listed names whose word, alone or joined, the party's name has: (row, place, text, share_of)."""
    met = theirs.join(ours.select("row", "text").unique(), on=("row", "text"))
    alone = met.filter(pl.col("span") == 1).select("row", "place", "text", first=pl.lit(value=True))
    pairs = met.filter(pl.col("span") > 1)
    joined = [pairs.select("row", pl.col("place") + offset, "text", first=pl.lit(offset == 0)) for offset in (0, 1)]
    schema = pl.Schema({"row": pl.UInt32(), "place": pl.UInt8(), "text": pl.String(), "first": pl.Boolean()})
    return pl.concat([each.cast(schema) for each in (alone, *joined)]).unique(
        ["row", "place"], keep="first", maintain_order=True
    )


def _alike(theirs: pl.DataFrame, ours: pl.DataFrame, exact: pl.DataFrame) -> pl.DataFrame:
    """Places of other words with a like one in the party's name: (row, place, text, like)."""
    left = theirs.filter(pl.col("span") == 1).join(exact, on=("row", "place"), how="anti")
    used = exact.select("row", "text")
    free = ours.join(used, on=("row", "text"), how="anti").select("row", other="text")
    pairs = left.join(free, on="row")
    if pairs.is_empty():
        return pairs.select("row", "place", "text", like=pl.lit(0.0))
    like = cpdist(
        pairs["text"].to_list(), pairs["other"].to_list(), scorer=Indel.normalized_similarity, dtype=np.float64
    )
    shorter = pl.min_horizontal(pl.col("text").str.len_chars(), pl.col("other").str.len_chars())
    initial = (shorter == 1) & (pl.col("text").str.slice(0, 1) == pl.col("other").str.slice(0, 1))
    told = pairs.with_columns(like=pl.when(initial).then(0.0).otherwise(pl.Series(like)), initial=initial)
    kept = told.filter((pl.col("like") >= _LEAST_ALIKE) | pl.col("initial"))
    best = kept.sort("row", "place", pl.col("like") * -1, "other").unique(
        ["row", "place"], keep="first", maintain_order=True
    )
    return best.select("row", "place", "text", like=((pl.col("like") + 1e-9) / _STEP).floor() * _STEP)


def _neighbours(asked: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """(kind, text, like) with `held`: parties of the kind with a word as like it; 0 alike is an initial."""
    found = []
    for (kind,), part in asked.partition_by("kind", as_dict=True, maintain_order=True).items():
        vocabulary_ = known.filter(pl.col("kind") == kind).sort("word")
        counts = vocabulary_["held"].to_numpy()
        for piece in part.iter_slices(_AT_ONCE):
            table = cdist(piece["text"].to_list(), vocabulary_["word"].to_list(),
                          scorer=Indel.normalized_similarity, dtype=np.float32)  # fmt: skip
            near = table >= piece["like"].to_numpy()[:, None] - 1e-4
            first = (
                vocabulary_["word"].str.slice(0, 1).to_numpy()[None, :]
                == (piece["text"].str.slice(0, 1).to_numpy()[:, None])
            )
            near = np.where((piece["like"].to_numpy() == 0)[:, None], first, near)
            found.append(piece.with_columns(held=pl.Series(near @ counts, dtype=pl.Int64)))
    return pl.concat(found) if found else asked.with_columns(held=pl.lit(0, dtype=pl.Int64))


def _within_reach(
    rows: pl.DataFrame, surely: pl.DataFrame, alike: pl.DataFrame, known: pl.DataFrame, most: float
) -> pl.DataFrame:
    """Rows that could be told at most `most` if nobody else bore a word like those that are not equal."""
    sizes = rows.select("row", "kind").join(known.select("kind", "of").unique(), on="kind")
    least = pl.concat([surely.select("row", "held"), alike.select("row", held=pl.lit(0, dtype=pl.Int64))])
    share = (pl.col("held").clip(lower_bound=0) + _UNSEEN) / (pl.col("of") + 1)
    bits = least.join(sizes, on="row").group_by("row", "of").agg(share.log(2).fill_null(0.0).sort().sum().alias("bits"))
    return bits.filter(pl.col("of") * pl.lit(2.0).pow(pl.col("bits")) <= most).select("row")


def expected(hits: pl.DataFrame, known: pl.DataFrame, most: float = float("inf")) -> pl.DataFrame:
    """Add `expected` to hits (party_id, entry_id, party_name, entry_name, kind): parties called so by chance.

    `kind` is the party's. `known` is `vocabulary` of all parties of the night. Where words that are found as they are
    leave more than `most`, like words are not looked up, and what is told is more than `most` too.
    """
    rows = hits.with_row_index("row")
    if rows.is_empty():
        return hits.with_columns(expected=pl.lit(None, dtype=pl.Float64))
    ours, theirs = _units(rows, "party_name"), _each_once(_units(rows, "entry_name"))
    kinds, sizes = rows.select("row", "kind"), known.select("kind", "of").unique()
    exact = _exactly(theirs, ours)
    alike = _alike(theirs, ours, exact).join(kinds, on="row")
    words_held = known.select("kind", pl.col("word").alias("text"), "held")
    bare = exact.join(kinds, on="row").join(words_held, on=("kind", "text"), how="left")
    # the party itself bears the word, or its two halves
    surely = bare.select("row", "place", "text", held=pl.when("first").then(pl.col("held").fill_null(1) - 1))
    if most < float("inf"):
        alike = alike.join(_within_reach(rows, surely, alike, known, most), on="row", how="semi")
    near = _neighbours(alike.select("kind", "text", "like").unique().sort("kind", "text", "like"), known)
    nearly = alike.join(near, on=("kind", "text", "like")).select("row", "place", "text", held=pl.col("held") - 1)
    both = pl.concat([surely, nearly]).join(kinds, on="row").join(sizes, on="kind")
    # where a night has few parties, words that are weak everywhere are no rarer than they are elsewhere
    weak = weights.shipped().select(text="word", weak="share")
    counted = (pl.col("held").clip(lower_bound=0) + _UNSEEN) / (pl.col("of") + 1)
    share = pl.max_horizontal(counted, pl.when(pl.col("held").is_not_null()).then("weak")).clip(upper_bound=1.0)
    found = (
        both.join(weak, on="text", how="left")
        .with_columns(bits=share.log(2).fill_null(0.0))
        .group_by("row")
        .agg(pl.col("bits").sort().sum(), pl.len().alias("found"))
    )
    length = theirs.filter(pl.col("span") == 1).group_by("row").agg(pl.len().alias("words"))
    missing = (pl.col("words") - pl.col("found")).clip(lower_bound=0)
    told = rows.join(sizes, on="kind", how="left").join(found, on="row", how="left").join(length, on="row", how="left")
    value = pl.col("of") * pl.lit(2.0).pow(pl.col("bits")) * pl.lit(_MISSING).pow(missing)
    return told.sort("row").select(*hits.columns, expected=value.fill_null(pl.col("of")).cast(pl.Float64))
