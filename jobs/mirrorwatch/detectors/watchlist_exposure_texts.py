"""Remittance texts that name a listed one: every word of the name, and no more of them than chance would bring."""

import polars as pl

from mirrorwatch.detectors.base import NightFrames
from mirrorwatch.detectors.watchlist_exposure_listed import called
from mirrorwatch.detectors.watchlist_exposure_parameters import ExposureParameters
from mirrorwatch.detectors.watchlist_exposure_strength import vocabulary
from mirrorwatch.names import words
from mirrorwatch.names.spelling import FORM_MARK, spelt

_FEWEST_WORDS = 2  # one word is a place, a ship, a first name
_UNSEEN = 0.5
_LEAST_LETTERS = 6
NAMED_IN = pl.Schema(
    {
        "entry_id": pl.String(),
        "transaction_id": pl.String(),
        "payer": pl.String(),
        "payee": pl.String(),
        "entry_name": pl.String(),
        "expected": pl.Float64(),
    }
)


def _bare() -> pl.Expr:
    """Remittance texts in small letters without what holds a digit: invoice numbers make every text another."""
    return pl.col("purpose").str.to_lowercase().str.replace_all(r"\S*\d\S*", " ").str.strip_chars()


def _words(texts: pl.Series) -> pl.DataFrame:
    plain = spelt(texts, pl.Series([False], dtype=pl.Boolean).new_from_index(False, len(texts)))  # noqa: FBT003
    rows = pl.DataFrame({"plain": plain}).with_row_index("row")
    return words.words(rows).filter(~pl.col("word").str.starts_with(FORM_MARK))


def _chance(asked: pl.DataFrame, spoken: pl.DataFrame, texts: int, night: NightFrames) -> pl.DataFrame:
    """(name_row, expected): texts or parties that hold all words of a name by chance, whichever is more."""
    everybody = night.parties.select("party_id", "name", kind="party_type").drop_nulls("name").collect()
    known = vocabulary(everybody).group_by("word").agg(pl.col("held").sum())
    said = spoken.group_by("word").agg(said=pl.col("row").n_unique())
    weighed = asked.join(said, on="word", how="left").join(known, on="word", how="left").with_columns(
        in_texts=((pl.col("said").fill_null(1) - 1 + _UNSEEN) / (texts + 1)).log(),
        in_names=((pl.col("held").fill_null(0) + _UNSEEN) / (everybody.height + 1)).log(),
    )  # fmt: skip
    return weighed.group_by("name_row").agg(
        expected=pl.max_horizontal(
            texts * pl.col("in_texts").sort().sum().exp(), everybody.height * pl.col("in_names").sort().sum().exp()
        )
    )


def named_in_texts(
    night: NightFrames, entries: pl.DataFrame, like: pl.DataFrame, parameters: ExposureParameters
) -> pl.DataFrame:
    """Payments whose text holds a sanctioned name: NAMED_IN, sorted.

    Left out are those of a party that is `like` the entry itself (party_id, entry_id): whose own name it is.
    """
    names = called(entries.filter("sanctioned"))
    said = night.transactions.select(text=_bare()).filter(pl.col("text").str.len_chars() >= _LEAST_LETTERS)
    texts = said.unique().sort("text").collect()["text"]
    if texts.is_empty() or names.is_empty():
        return pl.DataFrame(schema=NAMED_IN)
    spoken, asked = _words(texts), _words(names["name"]).rename({"row": "name_row"}).unique(["name_row", "word"])
    long = pl.col("name_row").len().over("name_row") >= _FEWEST_WORDS
    asked = asked.filter(long)
    chance = _chance(asked, spoken, len(texts), night).with_columns(pl.col("expected") * len(names))
    asked = asked.join(chance.filter(pl.col("expected") <= parameters.most_expected), on="name_row")
    # entered by the word that fewest texts hold
    often = spoken.group_by("word").agg(said=pl.len())
    rare = asked.join(often, on="word", how="left").with_columns(pl.col("said").fill_null(0))
    rare = rare.sort("name_row", "said", "word").unique("name_row", keep="first", maintain_order=True)
    pairs = rare.filter(pl.col("said") > 0).select("name_row", "word").join(spoken, on="word")
    met = pairs.select("name_row", "row").unique().join(asked, on="name_row")
    met = met.join(spoken.select("row", "word").unique(), on=("row", "word"))
    found = met.group_by("name_row", "row", "expected").agg(found=pl.len())
    sure = found.join(asked.group_by("name_row").agg(needed=pl.len()), on="name_row").filter(
        pl.col("found") == pl.col("needed")
    )
    if sure.is_empty():
        return pl.DataFrame(schema=NAMED_IN)
    told = sure.select(
        pl.col("expected"),
        text=texts.gather(sure["row"]), entry_id=names["id"].gather(sure["name_row"]),
        entry_name=names["name"].gather(sure["name_row"]),
    ).sort("expected", "entry_name").unique(["text", "entry_id"], keep="first", maintain_order=True)  # fmt: skip
    return _payments(night, told, like)


def _payments(night: NightFrames, told: pl.DataFrame, like: pl.DataFrame) -> pl.DataFrame:
    rows = (
        night.transactions.filter(pl.col("purpose").is_not_null())
        .select("transaction_id", payer="originator_account_id", payee="beneficiary_account_id", text=_bare())
        .join(told.lazy(), on="text")
        .collect()
    )
    of = night.accounts.select("account_id", "party_id").collect()
    own = like.join(of, on="party_id").select("account_id", "entry_id").unique()
    for side in ("payer", "payee"):
        rows = rows.join(own, left_on=(side, "entry_id"), right_on=("account_id", "entry_id"), how="anti")
    return rows.select(NAMED_IN.names()).cast(NAMED_IN).sort("entry_id", "transaction_id")
