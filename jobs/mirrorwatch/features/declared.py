"""What holders said of themselves, and what others of the same trade do: the levels that cash is held against.

ISIC divisions and declarations are often missing: what is not known is null, and weighs nothing.
"""

import polars as pl

# A trade is known from so many of its members; with fewer, all businesses (or all persons) stand in.
LEAST_PEERS = 10
# Ordinary means three in four do no more: a higher rank would be a scheme's own, in a trade of a dozen.
ORDINARY = 0.75


def incomes(holders: pl.DataFrame) -> pl.DataFrame:
    """One row a party: turnover_usd; of a person who declared none, the median of the country's persons.

    `holders` has account_id, party_id, personal, country, turnover_usd.
    """
    parties = holders.sort("account_id").unique("party_id", keep="first", maintain_order=True)
    usual = pl.col("turnover_usd").filter("personal").median().over("country")
    return parties.select(
        "party_id", pl.when("personal").then(pl.col("turnover_usd").fill_null(usual)).otherwise("turnover_usd")
    )


def ordinary(figures: pl.DataFrame, figure: str) -> pl.DataFrame:
    """One row a party of `figures` (party_id, trade, personal, `figure`): party_id and `ordinary`.

    That is what three in four of the same trade stay within. `trade` is null where it is not known;
    null figures are left out. Null where there are no peers to speak of.
    """
    level = pl.col(figure).quantile(ORDINARY, interpolation="nearest")
    known = figures.filter(pl.col(figure).is_not_null())
    by_trade = (
        known.filter(pl.col("trade").is_not_null())
        .group_by("trade", "personal")
        .agg(level.alias("of_trade"), pl.len().alias("peers"))
        .filter(pl.col("peers") >= LEAST_PEERS)
        .drop("peers")
    )
    by_kind = known.group_by("personal").agg(pl.when(pl.len() >= LEAST_PEERS).then(level).alias("of_kind"))
    joined = figures.join(by_trade, on=("trade", "personal"), how="left").join(by_kind, on="personal", how="left")
    return joined.select("party_id", pl.coalesce("of_trade", "of_kind").alias("ordinary"))
