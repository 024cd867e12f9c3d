"""What else of a party and an entry is the same. Shown beside the score, never part of it.

A country that agrees tells two namesakes apart no better than a passport's cover does; it is evidence for a person who
decides, and the absence of it is none.
"""

import polars as pl


def _births(details: pl.LazyFrame | None) -> pl.LazyFrame:
    schema = pl.Schema({"entry_id": pl.String(), "earliest": pl.Date(), "latest": pl.Date()})
    if details is None:
        return pl.LazyFrame(schema=schema)
    return details.filter(pl.col("kind") == "birth_date").select(schema.names()).drop_nulls()


def compared(hits: pl.LazyFrame, parties: pl.LazyFrame, details: pl.LazyFrame | None) -> pl.LazyFrame:
    """Add `agrees` and `differs` to hits of parties; `hits` has `listed_country`.

    `details` is the watchlist's side table (entry_id, kind, earliest, latest), or None. A birth date agrees where any
    of the entry's dates, as exact as the list gives them, may be the party's.
    """
    known = parties.select("party_id", party_country="country", born="born_or_incorporated_on")
    dated = hits.select("party_id", "entry_id").join(known, on="party_id").join(_births(details), on="entry_id")
    fits = pl.col("born").is_between(pl.col("earliest"), pl.col("latest"))
    birth = dated.group_by("party_id", "entry_id").agg(
        birth=fits.any(ignore_nulls=True), dated=fits.is_not_null().any()
    )
    whole = hits.join(known, on="party_id", how="left").join(birth, on=["party_id", "entry_id"], how="left")
    country = pl.col("listed_country") == pl.col("party_country")
    facts = {"birth_date": pl.when("dated").then("birth"), "country": country}
    return whole.with_columns(
        agrees=pl.concat_list([pl.when(same).then(pl.lit(name)) for name, same in facts.items()]).list.drop_nulls(),
        differs=pl.concat_list([pl.when(~same).then(pl.lit(name)) for name, same in facts.items()]).list.drop_nulls(),
    )
