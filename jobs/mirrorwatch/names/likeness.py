"""Which words are one word written differently, and how surely (0 to 1).

Compared are words, not names: a list's few thousand words against the parties' hundred thousands, once. Candidates
share a text with one letter left out (any single slip, swapped neighbours included), a skeleton of consonants, or, long
words, a text with two letters left out; each is then scored by rapidfuzz.
"""

import numpy as np
import polars as pl
from rapidfuzz.distance import OSA, Indel
from rapidfuzz.process import cpdist

from mirrorwatch.names.sounds import borrowed, folded, skeleton
from mirrorwatch.names.spelling import FORM_MARK

# One slip turns a word of three letters into another word too easily (Lin, Lim, Liu).
SHORTEST_SLIP = 4
# Two slips are looked for from this length on: below, too many words of a language are two letters apart.
SHORTEST_TWO_SLIPS = 8
LONGEST_TWO_SLIPS = 14  # the number of texts with two letters left out grows with the square of the length
# Fewer consonants than this, and half a directory shares a skeleton (Ali, Ella).
SHORTEST_SKELETON = 3
# A pair of words below this likeness is two words. With a slip, words of four letters reach 0.75.
LEAST_LIKE = 0.72
_SAME_SOUND = 0.97  # one romanisation for another: the same word, but for the odd namesake
_UNVOWELLED = 0.78  # a script that writes no vowels leaves several words open
_SAME_BORROWED = 0.93  # the same word only as another script's letters would write it
_LEFT_OUT = 2  # one vowel more or less is a matter of ear
_WORDS_AT_ONCE = 50_000  # their keys lie in memory together: 4 million, 0.2 GB
_OTHER_BEGINNING = 0.06  # slips in the first letter are rarer than elsewhere

_KEYS = pl.Schema({"word": pl.String(), "key": pl.String()})


def _left_out(words: pl.DataFrame, column: str) -> pl.DataFrame:
    """(word, key) with each letter of `column` left out once."""
    longest = int(words.select(pl.col(column).str.len_chars().max()).item() or 0)
    text, lazy = pl.col(column), words.lazy()
    out = [
        lazy.filter(text.str.len_chars() > place).select("word", key=text.str.head(place) + text.str.slice(place + 1))
        for place in range(longest)
    ]
    return pl.concat(out).unique().collect() if out else pl.DataFrame(schema=_KEYS)


def _slip_keys(words: pl.DataFrame) -> pl.DataFrame:
    """Keys that two words share when one slip parts them: the word itself, and each letter left out."""
    fit = words.filter(pl.col("word").str.len_chars() >= SHORTEST_SLIP, ~pl.col("word").str.contains(r"\d"))
    return pl.concat([fit.select("word", key="word"), _left_out(fit, "word")]).unique()


def _two_slip_keys(words: pl.DataFrame) -> pl.DataFrame:
    length = pl.col("word").str.len_chars()
    fit = words.filter(length.is_between(SHORTEST_TWO_SLIPS, LONGEST_TWO_SLIPS), ~pl.col("word").str.contains(r"\d"))
    once = _left_out(fit, "word")
    return pl.concat([once, _left_out(once, "key")]).unique()


def _sound_keys(words: pl.DataFrame) -> pl.DataFrame:
    """Skeletons, marked so that they meet skeletons only, and words as they sound, which may be short."""
    plain = words.filter(~pl.col("word").str.contains(r"\d"))
    keys = [
        plain.select("word", bones=bones, key=pl.concat_str(pl.lit(mark), bones))
        for mark, bones in (("=", skeleton(pl.col("fold"))), ("#", skeleton(pl.col("borrowed"))), ("~", pl.col("fold")))
    ]
    long_enough = pl.concat(keys).filter(pl.col("bones").str.len_chars() >= SHORTEST_SKELETON)
    return long_enough.select("word", "key").unique()


def _meeting(left: pl.DataFrame, right: pl.DataFrame) -> pl.DataFrame:
    return left.join(right, on="key", suffix="_right").select("word", other="word_right")


def _met(left: pl.DataFrame, right: pl.DataFrame, single: pl.Series) -> pl.DataFrame:
    """Pairs of words (word, other) that share any key. `left` and `right`: (word, fold, borrowed).

    Two slips are looked for in `single` words of the right only: joined ones are long, and would make most of the keys.
    """
    makers = (_sound_keys, _slip_keys, _two_slip_keys)
    alone = right.join(single.unique().to_frame("word"), on="word", how="semi")
    wanted = [make(words) for make, words in zip(makers, (right, right, alone), strict=True)]
    # The parties' words make tens of millions of keys; those that no word of the list has are dropped by the piece.
    pairs = [
        _meeting(make(piece), keys)
        for piece in left.iter_slices(_WORDS_AT_ONCE)
        for make, keys in zip(makers, wanted, strict=True)
    ]
    whole = pl.concat(pairs) if pairs else pl.DataFrame(schema={"word": pl.String(), "other": pl.String()})
    return whole.filter(pl.col("word") != pl.col("other")).unique()


def _scores(pairs: pl.DataFrame) -> np.ndarray:
    """Likeness of (word, other, fold, fold_other), the better of slips and sound."""
    first, second = pairs["word"].to_list(), pairs["other"].to_list()
    longest = pairs.select(pl.max_horizontal(pl.col("word", "other").str.len_chars())).to_series().to_numpy()
    slips = cpdist(first, second, scorer=OSA.distance, dtype=np.int32, workers=1)
    beginning = (pairs["word"].str.head(1) != pairs["other"].str.head(1)).to_numpy()
    allowed = np.where(longest >= SHORTEST_TWO_SLIPS, 2, 1)
    by_slips = np.where(slips <= allowed, 1 - slips / longest - _OTHER_BEGINNING * beginning, 0.0)
    return np.asarray(np.maximum(by_slips, _by_sound(pairs)), dtype=np.float64)


def _by_sound(pairs: pl.DataFrame) -> np.ndarray:
    """Likeness of pairs whose consonants are the same in the same order; each differing vowel costs its share."""
    first, second = pl.col("fold"), pl.col("fold_other")
    told = pairs.select(
        bones=skeleton(first) == skeleton(second),
        borrowed=skeleton(pl.col("borrowed")) == skeleton(pl.col("borrowed_other")),
        heard=first.str.slice(1).str.replace_all("[^aeiou]", ""),
        heard_other=second.str.slice(1).str.replace_all("[^aeiou]", ""),
        longest=pl.max_horizontal(first.str.len_chars(), second.str.len_chars()),
    )
    vowels = cpdist(
        pairs["fold"].to_list(), pairs["fold_other"].to_list(), scorer=OSA.distance, dtype=np.int32, workers=1
    )
    longest = told["longest"].to_numpy()
    heard = _SAME_SOUND - vowels / longest
    written = np.where(_unvowelled(told), np.maximum(heard, _UNVOWELLED), heard)
    by_bones = np.where(told["bones"].to_numpy(), written, 0.0)
    soft = [pairs[column].to_list() for column in ("borrowed", "borrowed_other")]
    by_letters = _SAME_BORROWED - cpdist(*soft, scorer=OSA.distance, dtype=np.int32, workers=1) / longest
    return np.asarray(np.maximum(by_bones, np.where(told["borrowed"].to_numpy(), by_letters, 0.0)))


def _unvowelled(told: pl.DataFrame) -> np.ndarray:
    """Whether one word is the other without some of its vowels, two at least, or without all."""
    counts = [told[column].str.len_chars().cast(pl.Int32).to_numpy() for column in ("heard", "heard_other")]
    apart = np.abs(counts[0] - counts[1])
    left_out = cpdist(
        told["heard"].to_list(), told["heard_other"].to_list(), scorer=Indel.distance, dtype=np.int32, workers=1
    )
    return np.asarray((np.minimum(*counts) == 0) | ((left_out == apart) & (apart >= _LEFT_OUT)))


def _with_folds(words: pl.Series) -> pl.DataFrame:
    frame = words.unique().to_frame("word").filter(~pl.col("word").str.starts_with(FORM_MARK))
    return frame.with_columns(fold=folded(pl.col("word")), borrowed=borrowed(pl.col("word")))


def alike(
    left: pl.Series, right: pl.Series, least: float = LEAST_LIKE, *, joined: pl.Series | None = None
) -> pl.DataFrame:
    """Pairs of words: (word of `left`, other of `right` or `joined`, like), the same word with 1.0; sorted."""
    single, right = right, right if joined is None else pl.concat([right, joined])
    ours, theirs = _with_folds(left), _with_folds(right)
    same = (
        pl.concat([left, left]).unique().to_frame("word").join(right.unique().to_frame("word"), on="word", how="semi")
    )
    pairs = (
        _met(ours, theirs, single)
        .join(ours, on="word")
        .join(theirs.rename({"word": "other", "fold": "fold_other", "borrowed": "borrowed_other"}), on="other")
    )
    like = pairs.select("word", "other").with_columns(like=pl.Series(_scores(pairs), dtype=pl.Float64))
    exact = same.select("word", other="word", like=pl.lit(1.0))
    return pl.concat([like.filter(pl.col("like") >= least), exact]).sort("word", "other")
