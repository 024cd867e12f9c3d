"""From what two names share and lack to one score, 0 to 1, strictly ordered.

The coefficients of the terms were fitted on the tuning half of `benchmarks/screening_recall.py`: they find the most
wrong spellings, each kind of them counted alike, while 1 unrelated name in 1,000 is told to be like a listed one. What
the documents report is the other half.
"""

import numpy as np
import polars as pl
from rapidfuzz.distance import Indel, JaroWinkler
from rapidfuzz.process import cpdist

from mirrorwatch.names.terms import letters, terms

COEFFICIENTS = {
    "one": -6.77,
    "covered least": 0.10,
    "first word": 6.50,
    "second word": 9.84,
    "third word": 9.00,
    "one word": 2.62,
    "blurred": -5.81,
    "missing left": -5.80,
    "missing right far": -3.69,
    "missing words right": -4.57,
    "letters above 0.8": 12.72,
    "letters above 0.9": 25.00,
    "within, share of words": 5.31,
    "around, second word": 3.74,
    "equal": -8.01,
    "firm, unequal": 0.28,
    "firm, in order": 3.10,
    "firm within, in order": 20.00,
    "other form": -3.84,
    "form alone": -3.00,
}
# A score of 0.5 is where 1 unrelated name in 1,000 is told to be like a name of a list of 7,400.
_EVEN = 4.43
_SPREAD = 4.0  # so that scores near the bar differ in the first digit
# Names of one spelling are one name however little their words weigh; what remains of the doubt is a fifth.
_DOUBT_OF_EQUALS = 0.2
# Parts two different spellings with one score, never two scores.
_AS_WRITTEN, _BEGINNING = 1e-5, 1e-6


def scored(pairs: pl.DataFrame) -> pl.DataFrame:
    """Add `score` to pairs with the sums of `aligning`, and name, kind, plain, name_right, plain_right."""
    alike, in_order = letters(pairs["plain"], pairs["plain_right"])
    weighed = sum(COEFFICIENTS[name] * term for name, term in terms(pairs, alike, in_order).items())
    doubt = 1 / (1 + np.exp((weighed - _EVEN) / _SPREAD))
    doubt = np.where(alike >= 1, doubt * _DOUBT_OF_EQUALS, doubt)
    small = [pairs[name].str.to_lowercase().to_list() for name in ("name", "name_right")]
    written = cpdist(*small, scorer=Indel.normalized_similarity, dtype=np.float64)
    begun = cpdist(*small, scorer=JaroWinkler.normalized_similarity, dtype=np.float64)
    apart = _AS_WRITTEN * (1 - written) + _BEGINNING * (1 - begun)
    return pairs.with_columns(score=pl.Series((1 - doubt) * (1 - apart), dtype=pl.Float64))
