"""The list as it stood on a day, one row a name."""

from datetime import date

import polars as pl

NAMES = pl.Schema(
    {
        "entry_id": pl.String(),
        "list_name": pl.String(),
        "entity_type": pl.String(),
        "programme": pl.String(),
        "country": pl.String(),
        "name": pl.String(),
        "matched_as": pl.String(),  # main or alias
    }
)
# What a list calls a thing that it knows no more of says nothing about whether a party is a person.
_UNKNOWN = "other"


def listed_on(watchlist: pl.LazyFrame, day: date) -> pl.LazyFrame:
    """Entries in force on `day`: listed by then, or nobody says since when, and not yet delisted."""
    begun = pl.col("listed_on").is_null() | (pl.col("listed_on") <= day)
    return watchlist.filter(begun, pl.col("delisted_on").is_null() | (pl.col("delisted_on") > day))


def names(entries: pl.LazyFrame) -> pl.LazyFrame:
    """Each entry's main name and aliases as NAMES; a name that is both is told as the main one."""
    told = ["entry_id", "list_name", "entity_type", "programme", "country"]
    main = entries.select(*told, "name", matched_as=pl.lit("main"))
    alias = entries.select(*told, name="aliases").explode("name").filter(pl.col("name").is_not_null())
    other = alias.join(main.select("entry_id", "name"), on=["entry_id", "name"], how="anti").unique()
    return pl.concat([main, other.with_columns(matched_as=pl.lit("alias"))]).select(NAMES.names())


def kind() -> pl.Expr:
    """Say what a name is compared as: the entry's type, null where it is not known."""
    return pl.when(pl.col("entity_type") != _UNKNOWN).then("entity_type").alias("kind")
