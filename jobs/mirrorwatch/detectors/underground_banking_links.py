"""Which purses belong together: the same payees, payers or hands at the counter, one holder, or money between them."""

import polars as pl

from mirrorwatch.detectors.underground_banking_money import Money
from mirrorwatch.features import chains

# Who gets less of all they are paid, or brings less of all the cash they carry, for these holders is everybody's: a
# shop, a landlord, a clerk.
LEAST_THEIRS = 0.1
# Of what each of two holders paid out, or took in as cash, in common: in a small town two may meet the same third.
LEAST_ALIKE, MOST_ALIKE, FEW_ALIKE, MANY_ALIKE = 0.25, 0.5, 2, 3
MOST_PARTIES = 4  # in common from which a quarter of what each paid does, whoever they are
# Purses that one payee or conductor may tie: more is a public, known or not, and pairs grow with the square.
MOST_MET = 50
TRIFLE = 0.03  # of what one holder pays: a coffee with the same friend


def _mostly_others(all_of: pl.LazyFrame, theirs: pl.DataFrame) -> pl.DataFrame:
    """Parties (`met`) to whom `theirs` (met, usd_minor) are less than LEAST_THEIRS of `all_of` (met, usd_minor)."""
    total = all_of.group_by("met").agg(total=pl.col("usd_minor").sum()).collect()
    mine = theirs.group_by("met").agg(pl.col("usd_minor").sum())
    both = mine.join(total, on="met", how="inner")
    return both.filter(pl.col("usd_minor") < LEAST_THEIRS * pl.col("total")).select("met")


def crowds(payments: pl.LazyFrame, part: Money) -> pl.DataFrame:
    """Find payees and conductors (`met`) of `part` to whom the holders of `part` are a trifle. Cards are no ties."""
    out = part.legs.filter(pl.col("sign") == -1, pl.col("use") != "spend")
    paid = out.select("other_account_id", met="other").drop_nulls().unique()
    all_paid = (
        payments.filter(
            pl.col("channel") != "card",
            pl.col("beneficiary_account_id").is_in(paid["other_account_id"].sort().implode()),
        )
        .select("usd_minor", other_account_id="beneficiary_account_id")
        .join(paid.lazy(), on="other_account_id", how="inner")
    )
    hands = part.legs.filter(pl.col("source") == "cash").select("usd_minor", met="conductor_party_id").drop_nulls()
    all_brought = payments.filter(
        pl.col("channel") == "cash_deposit",
        pl.col("conductor_party_id").is_in(hands["met"].unique().sort().implode()),
    ).select("usd_minor", met="conductor_party_id")
    payees = _mostly_others(all_paid, out.select("usd_minor", met="other"))
    return pl.concat([payees, _mostly_others(all_brought, hands)]).unique()


def _met(part: Money, key: pl.Expr, chosen: pl.Expr, crowded: pl.DataFrame) -> pl.DataFrame:
    """One row a pair of purses (number, number_to) that met the same parties, whom more than MOST_MET meet left out.

    every, many: part of what went to, or came by, them (the smaller of the two, in ten-thousandths), and how many they
    are; rare, few: the same of those who are no crowd's.
    """
    side = part.legs.filter(chosen).group_by("number", met=key).agg(pl.col("usd_minor").sum()).drop_nulls()
    share = pl.col("usd_minor") / pl.col("usd_minor").sum().over("number")
    known = crowded.select("met", crowd=pl.lit(value=True))
    met = side.sort("number", "met").with_columns(share=share).join(known, on="met", how="left")
    met = met.filter(pl.col("share") >= TRIFLE).filter(pl.len().over("met") <= MOST_MET)
    both = met.join(met, on="met", how="inner", suffix="_to").filter(pl.col("number") < pl.col("number_to"))
    alike, rare = (pl.min_horizontal("share", "share_to") * 10_000).round(0).cast(pl.Int64), pl.col("crowd").is_null()
    return both.group_by("number", "number_to").agg(
        every=alike.sum(), many=pl.len(), rare=alike.filter(rare).sum(), few=rare.sum()
    )


def _alike(sums: pl.DataFrame) -> pl.DataFrame:
    """Pairs of `_met` that have so much in common: one party most of it, and a crowd's parties only where several."""
    some = (pl.col("rare") >= LEAST_ALIKE * 10_000) & (pl.col("few") >= FEW_ALIKE)
    three = (pl.col("every") >= MOST_ALIKE * 10_000) & (pl.col("many") >= MANY_ALIKE)
    four = (pl.col("every") >= LEAST_ALIKE * 10_000) & (pl.col("many") >= MOST_PARTIES)
    most = pl.col("rare") >= MOST_ALIKE * 10_000
    return sums.filter(some | three | four | most).select("number", "number_to")


def _both_ways(paid: pl.DataFrame, brought: pl.DataFrame) -> pl.DataFrame:
    """Pairs of `_met` with a quarter of their payees in common, whose cash a stranger in common brought besides."""
    payees = paid.filter(pl.col("every") >= LEAST_ALIKE * 10_000).select("number", "number_to")
    return payees.join(brought.filter(pl.col("few") > 0), on=("number", "number_to"), how="semi")


def linked(part: Money, crowded: pl.DataFrame) -> pl.DataFrame:
    """Give `number` and `scheme` of the purses of `part`: those with payees, depositors, payers or an owner in common.

    `crowded`: `met`, parties that so many deal with that they link nobody.
    """
    conductor, stranger = pl.col("conductor_party_id"), pl.col("conductor_party_id") != pl.col("party_id")
    paid = _met(part, pl.col("other"), pl.col("use").is_in(("transfer", "cards")), crowded)
    brought = _met(part, conductor, (pl.col("source") == "cash") & stranger, crowded)
    came = _met(part, pl.col("other"), pl.col("source") == "stranger", crowded)
    alike = [_alike(paid), _alike(brought), _alike(came), _both_ways(paid, brought)]
    out = part.legs.filter(pl.col("sign") == -1).group_by("number", met="other").agg(pl.col("usd_minor").sum())
    most = out.filter(pl.col("usd_minor") >= LEAST_ALIKE * pl.col("usd_minor").sum().over("number"))
    holders = part.purses.select(number_to="number", met="party_id")
    direct = most.join(holders, on="met", how="inner").select("number", "number_to")
    owner = part.purses.select("number", number_to=pl.col("number").min().over("group_id"))
    pairs = pl.concat([*alike, direct, owner]).unique()
    return chains.component_of(part.purses, pairs, ("number",), "scheme")
