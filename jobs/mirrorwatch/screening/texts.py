"""Listed names in remittance text. Runs of words stand in for names; a listed name must be there nearly whole."""

import polars as pl

from mirrorwatch.names import NameParameters, similarity
from mirrorwatch.names.spelling import seen
from mirrorwatch.screening.entries import kind
from mirrorwatch.screening.parameters import ScreeningParameters

_LONGEST_RUN = 6  # words; nearly all listed names that people write out have no more
_MOST_WORDS = 40  # of one text; a remittance field holds 140 letters
_MARKS, _NUMBER = r"[,;:/|()<>+*=]+", r"[^\s,;:/|()<>+*=]*\d[^\s,;:/|()<>+*=]*"
_WHOLE = 0.85  # share of the weight that must be there on both sides: a slip in a word, not a word left out


def _bare(word: pl.Expr) -> pl.Expr:
    return word.str.to_lowercase().str.replace_all(r"[^\p{L}\p{N}]", "")


def numbers(names: pl.LazyFrame) -> pl.DataFrame:
    """(bare), the different words with digits of listed names, small and without marks. `names` has name."""
    with_digits = names.select(bare=pl.col("name").str.extract_all(_NUMBER)).explode("bare").drop_nulls()
    return with_digits.select(_bare(pl.col("bare"))).unique().collect()


def _words(texts: pl.DataFrame, kept: pl.DataFrame) -> pl.DataFrame:
    """(purpose) -> (text, purpose, word) in order; `;` stands for marks and for words with digits not kept."""
    parted = seen(pl.col("purpose")).str.replace_all(_MARKS, " ; ").str.replace_all(_NUMBER, " ${0} ")
    apart = texts.with_row_index("text").select("text", "purpose", word=parted.str.split(" "))
    told = apart.with_columns(pl.col("word").list.head(2 * _MOST_WORDS)).explode("word").filter(pl.col("word") != "")
    reference = pl.col("word").str.contains(r"\d") & ~_bare(pl.col("word")).is_in(kept["bare"].implode())
    return told.with_columns(word=pl.when(reference).then(pl.lit(";")).otherwise("word"))


def runs(texts: pl.DataFrame, kept: pl.DataFrame) -> pl.DataFrame:
    """(purpose) -> (purpose, run): runs of one to six neighbouring words.

    References with digits part them, all but `kept`: `numbers` of the list.
    """
    words = _words(texts, kept)
    longer, found = pl.lit(""), []
    unbroken = pl.lit(value=True)
    for length in range(_LONGEST_RUN):
        word = pl.col("word").shift(-length)
        unbroken = unbroken & (pl.col("text").shift(-length) == pl.col("text")) & (word != ";")
        longer = word if length == 0 else pl.concat_str(longer, word, separator=" ")
        found.append(words.select("purpose", run=pl.when(unbroken).then(longer)).drop_nulls("run"))
    return pl.concat(found).unique()


def texts_like(transactions: pl.LazyFrame, names: pl.LazyFrame, parameters: ScreeningParameters) -> pl.LazyFrame:
    """(purpose, entry_id, subject_name, matched_name, score, reason), the best run of each text and entry.

    `transactions` has purpose, `names` is entries.NAMES.
    """
    texts = transactions.select("purpose").drop_nulls().unique().sort("purpose").collect()
    found = runs(texts, numbers(names))
    asked = found.lazy().select(id="run", name="run", kind=pl.lit(None, pl.String)).unique()
    strict = NameParameters(
        least_score=parameters.least_score_text,
        least_covered_right=_WHOLE,
        least_covered_left=_WHOLE,
        least_bits=parameters.least_bits_text,
        doubtful=1,
    )
    like = similarity(asked, names.select(kind(), id="entry_id", name="name"), strict)
    heavy = like.join(found.lazy(), left_on="left_id", right_on="run")
    best = heavy.sort(["purpose", "right_id", "score", "left_id"], descending=[False, False, True, False])
    return best.unique(["purpose", "right_id"], keep="first", maintain_order=True).select(
        "purpose", "score", "reason", entry_id="right_id", subject_name="left_name", matched_name="right_name"
    )
