"""Regular expressions over text.

Polars' own engine matches in linear time and streams; it knows no look-around and no back-references. Patterns that it
does not take run through Python's `re`, value by value.
"""

import re
from functools import lru_cache

import polars as pl


@lru_cache(maxsize=256)
def _native(pattern: str) -> bool:
    try:
        pl.select(pl.lit("").str.contains(pattern))
    except pl.exceptions.ComputeError:
        return False
    return True


def matches(text: pl.Expr, pattern: str) -> pl.Expr:
    """Return where the pattern is found anywhere in the text.

    Raises re.error for what is a pattern to neither engine.
    """
    if _native(pattern):
        return text.str.contains(pattern)
    found = re.compile(pattern).search

    def search(column: pl.Series) -> pl.Series:
        return pl.Series([None if value is None else found(value) is not None for value in column], dtype=pl.Boolean)

    return text.map_batches(search, return_dtype=pl.Boolean, is_elementwise=True)
