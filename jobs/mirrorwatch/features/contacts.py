"""Parties that can be reached at one telephone or e-mail, though nothing on record makes them one."""

import polars as pl

from mirrorwatch.features.chains import component_of

_LAST_DIGITS = 9  # of a telephone number: what is left when country codes and leading zeros are written differently
_FEWEST_DIGITS = 6


def marks(parties: pl.LazyFrame, kinds: tuple[str, ...] = ("phone", "email")) -> pl.LazyFrame:
    """One row a (party, mark): party_id, kind, mark. Telephones by their last digits, others in lower case."""
    digits = pl.col("phone").str.replace_all(r"\D+", "")
    clean = {
        "phone": pl.when(digits.str.len_chars() >= _FEWEST_DIGITS).then(digits.str.tail(_LAST_DIGITS)),
        "email": pl.col("email").str.to_lowercase().str.replace_all(r"\s+|\+[^@]*", ""),
        "address": pl.col("address").str.to_lowercase().str.replace_all(r"[^\p{L}\p{N}]+", ""),
    }
    return (
        parties.select("party_id", *(clean[kind].alias(kind) for kind in kinds))
        .unpivot(index="party_id", on=list(kinds), variable_name="kind", value_name="mark")
        .filter(pl.col("mark").str.len_chars() > 0)
    )


def shared(given: pl.LazyFrame, crowd: int) -> pl.DataFrame:
    """Rows of `marks` that two to `crowd` parties have in common, sorted."""
    held = pl.len().over("kind", "mark")
    return given.unique().filter(held > 1, held <= crowd).sort("kind", "mark", "party_id").collect()


def circles(common: pl.DataFrame) -> pl.DataFrame:
    """One row a party of `shared`: party_id, circle (a number), parties linked by any chain of marks."""
    first = pl.col("party_id").min().over("kind", "mark")
    edges = common.select("party_id", party_id_to=first).filter(pl.col("party_id") != pl.col("party_id_to"))
    return component_of(common.select("party_id").unique(), edges, ("party_id",), "circle")
