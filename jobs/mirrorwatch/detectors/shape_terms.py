"""The score of a layered shape: a sum of terms, each with its value, threshold, weight, reason and published flag.

A term counts nothing at its threshold and its full weight at `full`, in a straight line between. Heights of amounts,
names, countries and nationalities are in none of them.
"""

import polars as pl

from mirrorwatch.detectors import terms
from mirrorwatch.detectors.shell_terms import FFIEC, OURS
from mirrorwatch.detectors.terms import Term

ALTMAN = "Altman et al., NeurIPS 2023 (arXiv 2306.16424), laundering patterns"
_PAGE = OURS.replace("shell_company", "layered_shapes")

TERMS = (
    Term("beyond_chance", 0, 8, 5_500, _PAGE,
         "Powers of ten against chance making one shape as good, over the whole night, of accounts that deal with as "
         "many strangers as these do."),
    Term("ties", 3, 15, 1_500, ALTMAN,
         "Ties between accounts that hardly pay each other otherwise. Each is unusual by a little; many are by a lot."),
    Term("amounts_apart", 1, 0.1, 1_200, FFIEC,
         "How far the amounts lie apart in proportion (standard deviation of logarithms). Money handed on "
         "keeps its size; everyday payments do not."),
    Term("days", 21, 3, 800, FFIEC,
         "Days from the first to the last payment. Money that rests nowhere has no other use on the way."),
    Term("one_off_share", 0.5, 1, 500, ALTMAN,
         "Share of these ties that had a single payment in the whole window."),
)  # fmt: skip


def scored(values: pl.DataFrame) -> pl.DataFrame:
    """`values` (one row a shape, a Float64 column a term) with `points`, `score` and `indicators`."""
    return terms.scored(values, TERMS).with_columns(terms.indicators(TERMS))
