"""Which purses belong together: the same payees, the same hands at the counter, one holder, or money between them."""

import polars as pl

from mirrorwatch.detectors.underground_banking_money import Money
from mirrorwatch.features import chains

# Whom this many accounts deal with is a shop, a landlord or a bank clerk, and no link between two holders.
MOST_SHARED = 12
# Of what each of two holders paid out, or took in as cash, in common: in a small town two may meet the same third.
LEAST_ALIKE, MANY_ALIKE, MOST_ALIKE = 0.25, 3, 0.5


def crowds(payments: pl.LazyFrame, part: Money) -> pl.DataFrame:
    """Find payees and conductors (`met`) of `part` whom more accounts than MOST_SHARED deal with; cards are no ties."""
    paid = part.legs.filter(pl.col("sign") == -1).select("other_account_id", "other").drop_nulls().unique()
    payees = (
        payments.filter(
            pl.col("channel") != "card",
            pl.col("beneficiary_account_id").is_in(paid["other_account_id"].sort().implode()),
        )
        .select(pl.col("originator_account_id").alias("by"), other_account_id="beneficiary_account_id")
        .join(paid.lazy(), on="other_account_id", how="inner")
        .select("by", met="other")
    )
    hands = part.legs.select("conductor_party_id").drop_nulls().unique()
    brought = payments.filter(
        pl.col("channel") == "cash_deposit",
        pl.col("conductor_party_id").is_in(hands["conductor_party_id"].sort().implode()),
    ).select(by="beneficiary_account_id", met="conductor_party_id")
    many = pl.concat([payees, brought]).group_by("met").agg(pl.col("by").n_unique())
    return many.filter(pl.col("by") > MOST_SHARED).select("met").collect()


def _met(part: Money, key: pl.Expr, chosen: pl.Expr, crowded: pl.DataFrame) -> pl.DataFrame:
    """Pairs of purses (number, number_to) of which so much went to, or came by, the same parties.

    A party that crowds deal with links two only where they have three such in common and half of all they pay.
    """
    side = part.legs.filter(chosen).group_by("number", met=key).agg(pl.col("usd_minor").sum()).drop_nulls()
    share = pl.col("usd_minor") / pl.col("usd_minor").sum().over("number")
    known = crowded.select("met", crowd=pl.lit(value=True))
    met = side.sort("number", "met").with_columns(share=share).join(known, on="met", how="left")
    both = met.join(met, on="met", how="inner", suffix="_to").filter(pl.col("number") < pl.col("number_to"))
    alike = (pl.min_horizontal("share", "share_to") * 10_000).round(0).cast(pl.Int64)
    sums = both.group_by("number", "number_to").agg(
        alike.sum().alias("alike"), alike.filter(pl.col("crowd").is_null()).sum().alias("rare"), number_met=pl.len()
    )
    rare = pl.col("rare") >= LEAST_ALIKE * 10_000
    many = (pl.col("number_met") >= MANY_ALIKE) & (pl.col("alike") >= MOST_ALIKE * 10_000)
    return sums.filter(rare | many).select("number", "number_to")


def linked(part: Money, crowded: pl.DataFrame) -> pl.DataFrame:
    """Give `number` and `scheme` of the purses of `part`: those with one payee, one depositor, one holder or owner.

    `crowded`: `met`, parties that so many deal with that they link nobody.
    """
    paid = _met(part, pl.col("other"), pl.col("use").is_in(("transfer", "cards")), crowded)
    conductor = pl.col("conductor_party_id")
    brought = _met(part, conductor, (pl.col("source") == "cash") & (conductor != pl.col("party_id")), crowded)
    out = part.legs.filter(pl.col("sign") == -1).group_by("number", met="other").agg(pl.col("usd_minor").sum())
    most = out.filter(pl.col("usd_minor") >= LEAST_ALIKE * pl.col("usd_minor").sum().over("number"))
    holders = part.purses.select(number_to="number", met="party_id")
    direct = most.join(holders, on="met", how="inner").select("number", "number_to")
    owner = part.purses.select("number", number_to=pl.col("number").min().over("group_id"))
    pairs = pl.concat([paid, brought, direct, owner]).unique()
    return chains.component_of(part.purses, pairs, ("number",), "scheme")
