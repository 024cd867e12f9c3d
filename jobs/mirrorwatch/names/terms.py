"""What a score is made of: shares, bits, letters, order and legal forms of two names; each pulls one way only.

None of the terms is a language, a script, a country or an origin.
"""

import numpy as np
import polars as pl
from rapidfuzz import fuzz
from rapidfuzz.process import cpdist

from mirrorwatch.names.sides import PERSON
from mirrorwatch.names.spelling import FORM_MARK
from mirrorwatch.names.weights import MOST_BITS

_MOST_MISSING = 3  # words; a name that lacks more is no further away
_FAR = 42.0  # bits of three rare words
_SLIP_BITS = 2.0  # what a slip in a rare word of seven letters blurs


def _formless(names: pl.Series) -> pl.Series:
    """Names without legal forms, or as they are where nothing else is left."""
    rest = pl.lit(names).str.replace_all(FORM_MARK + r"\w+", "").str.replace_all(" +", " ").str.strip_chars()
    return pl.select(pl.coalesce(pl.when(rest != "").then(rest), names)).to_series()


def letters(left: pl.Series, right: pl.Series) -> tuple[np.ndarray, np.ndarray]:
    """How alike spelt names are letter by letter: in any order of their words or without spaces, and in their order."""
    told = [_formless(names) for names in (left, right)]
    written = [names.to_list() for names in told]
    closed = [names.str.replace_all(" ", "", literal=True).to_list() for names in told]
    scorers = ((written, fuzz.token_sort_ratio), (closed, fuzz.ratio), (written, fuzz.ratio))
    ordered, joined, in_order = (cpdist(*texts, scorer=scorer, dtype=np.float64) for texts, scorer in scorers)
    return np.maximum(ordered, joined) / 100, in_order / 100


def _numbers(pairs: pl.DataFrame) -> dict[str, np.ndarray]:
    return {name: pairs[name].to_numpy().astype(np.float64) for name in pairs.columns if pairs[name].dtype.is_numeric()}


def _forms(pairs: pl.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Whether both have legal forms and none is the same; whether only the left has one."""
    mine, theirs = (pl.col(name).str.extract_all(FORM_MARK + r"\w+") for name in ("plain", "plain_right"))
    shared = mine.list.set_intersection(theirs).list.len() > 0
    has, has_right = mine.list.len() > 0, theirs.list.len() > 0
    told = pairs.select(differs=has & has_right & ~shared, alone=has & ~has_right)
    return tuple(told[name].to_numpy().astype(np.float64) for name in told.columns)  # type: ignore[return-value]


def terms(pairs: pl.DataFrame, alike: np.ndarray, in_order: np.ndarray) -> dict[str, np.ndarray]:
    """Terms of pairs with the sums of `aligning`, kind, plain and plain_right, and their `letters`."""
    of = _numbers(pairs)
    whole, whole_right = (of[f"found{at}"] + of[f"blurred{at}"] + of[f"missing{at}"] for at in ("", "_right"))
    share, share_right = of["found"] / np.maximum(whole, 1e-9), of["found_right"] / np.maximum(whole_right, 1e-9)
    words = np.minimum(of["found"], of["found_right"]) / MOST_BITS
    first, second = np.clip(words, 0, 1), np.clip(words - 1, 0, 1)
    # one name is within the other, slips apart: a word left out, or words added, and nothing else
    within = (of["lacking"] == 0) * np.exp(-of["blurred"] / _SLIP_BITS)
    around = (of["lacking_right"] == 0) * np.exp(-of["blurred_right"] / _SLIP_BITS)
    unequal = 1 - within * around
    names, names_right = of["words"] + of["lacking"], of["words_right"] + of["lacking_right"]
    firm = (pairs["kind"].ne_missing(PERSON)).to_numpy().astype(np.float64)
    differs, alone = _forms(pairs)
    return {
        "one": np.ones(len(pairs)),
        "covered least": np.minimum(share, share_right),
        "first word": first,
        "second word": second,
        "third word": np.clip(words - 2, 0, 1),
        "one word": (np.minimum(names, names_right) <= 1).astype(np.float64),
        "blurred": 1 - np.exp(-(of["blurred"] + of["blurred_right"]) / 6),
        "missing left": 1 - np.exp(-of["missing"] / 8),
        "missing right far": np.minimum(of["missing_right"], _FAR) / _FAR,
        "missing words right": np.minimum(of["lacking_right"], _MOST_MISSING) / _MOST_MISSING,
        "letters above 0.8": np.maximum(alike - 0.8, 0),
        "letters above 0.9": np.maximum(alike - 0.9, 0),
        "within, share of words": within * of["words_right"] / np.maximum(names_right, 1),
        "around, second word": around * second,
        "equal": within * around,
        "firm, unequal": firm * unequal,
        "firm, in order": firm * unequal * in_order,
        "firm within, in order": firm * within * (1 - around) * (in_order - alike),
        "other form": differs * unequal,
        "form alone": alone * unequal,
    }
