"""Scores as sums of terms, each with its value, threshold, weight, reason and published red flag.

A term counts nothing at its threshold and its full weight at `full`, in a straight line between. Weights are whole
ten-thousandths and add up to less than one, so the score is exact, and no sum of terms can be certain.
A value that the data cannot give is null, and the term is left out: absence of data is blindness, not guilt.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from mirrorwatch.contract import INDICATOR

POINTS = 10_000


@dataclass(frozen=True)
class Term:
    """One indicator. `reason` says in a sentence what the value means and why the bound is where it is."""

    code: str
    threshold: float
    full: float
    weight: int
    reference: str
    reason: str


def points(term: Term) -> pl.Expr:
    """Ten-thousandths that a term adds to the score, from its value column; null counts nothing."""
    part = (pl.col(term.code) - term.threshold) / (term.full - term.threshold)
    return (part.clip(0, 1) * term.weight).round(0).fill_null(0).cast(pl.Int64)


def scored(values: pl.DataFrame, terms: Sequence[Term]) -> pl.DataFrame:
    """`values` (one row a scheme, a Float64 column a term) with `points` and `score`, the sum of all terms."""
    total = pl.sum_horizontal(points(term) for term in terms)
    return values.with_columns(total.alias("points")).with_columns((pl.col("points") / POINTS).round(4).alias("score"))


def indicators(terms: Sequence[Term]) -> pl.Expr:
    """All terms whose value is known as a list of INDICATOR, in their order; `weight` is what each added."""
    each = [
        pl.when(pl.col(term.code).is_not_null()).then(
            pl.struct(
                pl.lit(term.code).alias("code"),
                pl.col(term.code).cast(pl.Float64).round(4).alias("value"),
                pl.lit(term.threshold, dtype=pl.Float64).alias("threshold"),
                pl.lit(term.reference).alias("reference"),
                (points(term) / POINTS).round(4).alias("weight"),
                pl.lit(term.reason).alias("reason"),
            )
        )
        for term in terms
    ]
    return pl.concat_list(each).list.drop_nulls().cast(pl.List(INDICATOR)).alias("indicators")
