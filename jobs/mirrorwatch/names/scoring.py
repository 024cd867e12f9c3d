"""From what two names share and lack to one score, 0 to 1, strictly ordered.

The terms are shares, bits and letters, none of them a language, a script, a country or an origin, and each pulls one
way only. Their coefficients were fitted by logistic regression on the tuning half of `benchmarks/screening_recall.py`;
what the documents report is the other half.
"""

import numpy as np
import polars as pl
from rapidfuzz import fuzz
from rapidfuzz.distance import Indel, JaroWinkler
from rapidfuzz.process import cpdist

from mirrorwatch.names.spelling import FORM_MARK

# A score of 0.5 is where 1 unrelated name in 1,000 is told to be like a name of a list of 7,400.
_EVEN = 2.3
_SPREAD = 2.0  # so that scores near the bar differ in the first digit
COEFFICIENTS = {
    "one": -5.04,
    "covered right": 1.3,
    "covered least": 2.85,
    "first word": 2.22,
    "second word": 4.98,
    "blurred": -1.78,
    "missing right": -1.46,
    "missing left": -1.97,
    "missing both": -1.8,
    "letters": 0.81,
    "letters above 0.8": 8.18,
    "letters above 0.9": 5.27,
}
_WORD = 14.0  # bits of a word that no other name holds (weights.MOST_BITS)
# Names of one spelling are one name however little their words weigh; what remains of the doubt is a fifth.
_DOUBT_OF_EQUALS = 0.2
# Parts two different spellings with one score, never two scores.
_AS_WRITTEN, _BEGINNING = 1e-5, 1e-6


def _formless(names: pl.Series) -> pl.Expr:
    """Names without legal forms; null where nothing else is left."""
    rest = pl.lit(names).str.replace_all(FORM_MARK + r"\w+", "").str.replace_all(" +", " ").str.strip_chars()
    return pl.when(rest != "").then(rest)


def _letters(left: pl.Series, right: pl.Series) -> np.ndarray:
    """How alike the names are letter by letter: with their words sorted, or without spaces, whichever is more."""
    told = [pl.select(pl.coalesce(_formless(names), names)).to_series() for names in (left, right)]
    ordered = cpdist(*(names.to_list() for names in told), scorer=fuzz.token_sort_ratio, dtype=np.float64)
    closed = [names.str.replace_all(" ", "", literal=True).to_list() for names in told]
    return np.asarray(np.maximum(ordered, cpdist(*closed, scorer=fuzz.ratio, dtype=np.float64)) / 100)


def _terms(pairs: pl.DataFrame, letters: np.ndarray) -> dict[str, np.ndarray]:
    column = {
        name: pairs[name].to_numpy().astype(np.float64) for name in pairs.columns if pairs[name].dtype.is_numeric()
    }
    whole = column["found"] + column["blurred"] + column["missing"]
    whole_right = column["found_right"] + column["blurred_right"] + column["missing_right"]
    left, right = column["found"] / np.maximum(whole, 1e-9), column["found_right"] / np.maximum(whole_right, 1e-9)
    words = np.minimum(column["found"], column["found_right"]) / _WORD
    return {
        "one": np.ones(len(pairs)),
        "covered right": right,
        "covered least": np.minimum(left, right),
        "first word": np.clip(words, 0, 1),
        "second word": np.clip(words - 1, 0, 1),
        "blurred": 1 - np.exp(-(column["blurred"] + column["blurred_right"]) / 6),
        "missing right": 1 - np.exp(-column["missing_right"] / 8),
        "missing left": 1 - np.exp(-column["missing"] / 8),
        "missing both": 1 - np.exp(-np.minimum(column["missing"], column["missing_right"]) / 8),
        "letters": letters,
        "letters above 0.8": np.maximum(letters - 0.8, 0),
        "letters above 0.9": np.maximum(letters - 0.9, 0),
    }


def scored(pairs: pl.DataFrame) -> pl.DataFrame:
    """Add `score` to pairs with the sums of `comparing`, and name, plain, name_right, plain_right."""
    letters = _letters(pairs["plain"], pairs["plain_right"])
    terms = _terms(pairs, letters)
    weighed = sum(COEFFICIENTS[name] * term for name, term in terms.items())
    doubt = 1 / (1 + np.exp((weighed - _EVEN) / _SPREAD))
    doubt = np.where(letters >= 1, doubt * _DOUBT_OF_EQUALS, doubt)
    small = [pairs[name].str.to_lowercase().to_list() for name in ("name", "name_right")]
    written = cpdist(*small, scorer=Indel.normalized_similarity, dtype=np.float64)
    begun = cpdist(*small, scorer=JaroWinkler.normalized_similarity, dtype=np.float64)
    apart = _AS_WRITTEN * (1 - written) + _BEGINNING * (1 - begun)
    return pairs.with_columns(score=pl.Series((1 - doubt) * (1 - apart), dtype=pl.Float64))
