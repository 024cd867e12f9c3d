"""Values of parties in one spelling each, as small numbers, which are quickly compared."""

from dataclasses import dataclass

import numpy as np
import polars as pl

_LEAST_DIGITS = 6  # fewer digits are an extension, not a telephone
_LOCAL_DIGITS = 9  # the last digits name the line; country codes and trunk zeros are written in many ways
_LEAST_MAILBOX = 5  # "info@", "mail@" and the like say nothing about who


@dataclass(frozen=True)
class Coded:
    """`codes` (one a row, -1 = unknown) and `counts` (rows a code)."""

    codes: np.ndarray
    counts: np.ndarray

    @property
    def rows(self) -> int:
        """How many rows have a value."""
        return int(self.counts.sum())

    def bits(self, codes: np.ndarray) -> np.ndarray:
        """log2 of the chance that a stranger has the value too.

        The share of others that hold it, or, the pair itself left out, the share of those beyond it and how often any
        value meets by chance: of few parties a share alone is never small, of common values the second never is.
        """
        count, parties = self.counts[codes].astype(np.float64), max(len(self.codes), 2)
        meetings = (self.counts.astype(np.float64) * (self.counts - 1)).sum() / 2 + 1
        beyond = np.maximum(count - 2, 0) / parties + meetings / (parties * (parties - 1) / 2)
        shared = np.maximum(count - 1, 1) / parties
        return np.asarray(np.log2(np.minimum(shared, beyond)), dtype=np.float32)


def coded(values: pl.Series) -> Coded:
    """Give each different value a number; null is -1."""
    known = values.drop_nulls()
    different = known.unique().sort().to_frame("value").with_row_index("code")
    numbered = values.to_frame("value").join(different, on="value", how="left", maintain_order="left")
    codes = numbered["code"].cast(pl.Int32).fill_null(-1).to_numpy()
    return Coded(codes, np.bincount(codes[codes >= 0], minlength=len(different)))


def phone(values: pl.Series) -> pl.Series:
    """Last digits of each number; null where there are too few."""
    digits = pl.col("value").str.replace_all(r"\D", "").str.tail(_LOCAL_DIGITS)
    return _each(values, pl.when(digits.str.len_bytes() >= _LEAST_DIGITS).then(digits))


def email(values: pl.Series) -> pl.Series:
    """Small letters; null where there is no @."""
    text = pl.col("value").str.strip_chars().str.to_lowercase()
    return _each(values, pl.when(text.str.contains("@", literal=True)).then(text))


def mailbox(values: pl.Series) -> pl.Series:
    """Cut spelt e-mails before the @; null where that is too short to tell anything."""
    part = pl.col("value").str.extract(r"^([^@]+)@")
    return _each(values, pl.when(part.str.len_chars() >= _LEAST_MAILBOX).then(part))


def address(values: pl.Series) -> pl.Series:
    """Small letters and digits with single spaces; null where nothing is left."""
    text = pl.col("value").str.to_lowercase().str.replace_all(r"[^\p{L}\p{N}]+", " ").str.strip_chars()
    return _each(values, pl.when(text != "").then(text))


def numbers(values: pl.Series) -> pl.Series:
    """All digits of each text with what parts them as one space: house and unit numbers; null where there are none."""
    found = pl.col("value").str.replace_all(r"\D+", " ").str.strip_chars()
    return _each(values, pl.when(found != "").then(found))


def _each(values: pl.Series, expression: pl.Expr) -> pl.Series:
    return values.to_frame("value").select(value=expression)["value"]
