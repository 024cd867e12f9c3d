"""Why two names were told to be alike: which words were found, as what, with which weight, and which were not."""

import polars as pl

from mirrorwatch.names.comparing import Compared
from mirrorwatch.names.sides import Side
from mirrorwatch.names.spelling import forms_told

_SURE = 0.999  # likeness is kept in single precision


def _word(name: str = "word") -> pl.Expr:
    """Tell a word: of a legal form its kind, since all forms of a kind are one word."""
    return pl.col(name).replace(forms_told())


def _told(pairs: pl.DataFrame, found: pl.DataFrame, side: Side, which: str) -> pl.DataFrame:
    """Words of one side, in order of place: (pair, place, said, missing)."""
    own = pairs.select("pair", row=which).join(side.words, on="row").join(found, on=["pair", "place"], how="left")
    bits, like = pl.col("bits").round(1), (pl.col("like") * 100).round(0).cast(pl.Int64)
    said = (
        pl.when(pl.col("like").is_null() | (pl.col("like") > _SURE))
        .then(pl.format("{} ({})", _word(), bits))
        .otherwise(pl.format("{} as {} ({}, {} % alike)", _word(), _word("by"), bits, like))
    )
    return own.select("pair", "place", said=said, missing=pl.col("like").is_null()).sort("pair", "place")


def _listed(told: pl.DataFrame, which: pl.Expr, name: str) -> pl.DataFrame:
    return told.filter(which).group_by("pair", maintain_order=True).agg(pl.col("said").str.join(", ").alias(name))


def reasons(pairs: pl.DataFrame, compared: Compared, left: Side, right: Side) -> pl.DataFrame:
    """(pair, reason), a sentence: words of the right name found in the left one, missing there, and added there.

    Numbers are weights in bits: 10 bits are a word that 1 name in 1,000 holds.
    """
    theirs, ours = _told(pairs, compared.right, right, "right"), _told(pairs, compared.left, left, "left")
    found = _listed(theirs, ~pl.col("missing"), "found")
    lacking, added = _listed(theirs, pl.col("missing"), "lacking"), _listed(ours, pl.col("missing"), "added")
    whole = pairs.select("pair")
    for part in (found, lacking, added):
        whole = whole.join(part, on="pair", how="left")
    said = [
        pl.format(f"{word}: {{}}", name)
        for word, name in (("found", "found"), ("missing", "lacking"), ("added", "added"))
    ]
    return whole.select("pair", reason=pl.concat_str(said, separator="; ", ignore_nulls=True))
