"""What a going concern pays for, and a shell does not: seen by codes where there are any, and by shape without them.

Works on `activity.legs`. Nothing rests on remittance texts, which anyone can write.
"""

import polars as pl

# ISIC rev. 4 divisions and ISO 18245 codes of what a going concern pays for. Codes are often missing, so no kind rests
# on them alone: `payroll`, `standing` and `sundry` below are read from the shape of the payments.
TAX_DIVISIONS = ("84",)
RENT_DIVISIONS = ("68",)
UTILITY_DIVISIONS = ("35", "36", "37", "38", "61", "65")
RENT_MERCHANTS = ("6513",)
UTILITY_MERCHANTS = ("4812", "4814", "4816", "4899", "4900", "6300")

KINDS = ("tax", "rent", "utilities", "cards", "payroll", "standing", "sundry")
FIFTH, TENTH, TWENTIETH = 0.2, 0.1, 0.05  # the largest share of all payments that one payee's cost may be, by kind
MOST_WAGES = 0.5  # share of all payments: more is money paid out to persons, by a bureau or to mules
LEAST_STAFF = 3  # persons paid at all
LEAST_WAGED = 2  # persons paid evenly on several days
LEAST_SUPPLIERS = 4  # sundry organisations: fewer are bought for appearance


def payees(own_legs: pl.LazyFrame) -> pl.LazyFrame:
    """One row a (party, payee): what was paid, how often, how evenly, and what the payee's codes say it was for."""
    division, merchant = pl.col("industry"), pl.col("merchant_category")
    return (
        own_legs.filter(pl.col("sign") == -1)
        .group_by("party_id", "other", "other_kind")
        .agg(
            pl.col("usd_minor").sum().alias("paid_minor"),
            pl.col("amount_minor").min().alias("least"),
            pl.col("amount_minor").max().alias("most"),
            pl.col("booked_at").dt.date().n_unique().alias("days"),
            (pl.col("channel") == "card").any().alias("cards"),
            (division.is_in(TAX_DIVISIONS).any() | (pl.col("other_kind") == "government").any()).alias("tax"),
            (division.is_in(RENT_DIVISIONS) | merchant.is_in(RENT_MERCHANTS)).any().alias("rent"),
            (division.is_in(UTILITY_DIVISIONS) | merchant.is_in(UTILITY_MERCHANTS)).any().alias("utilities"),
        )
        .with_columns(pl.col("tax", "rent", "utilities", "cards").fill_null(value=False))
    )


def effective(cents: str) -> pl.Expr:
    """Aggregate to an effective number of counterparties: as many equal ones would concentrate the money as much.

    The square of the sum over the sum of squares (inverse Simpson index), exact in 128 bits. A dollar paid to each of
    thirty more leaves it as it is; sixty wages make it sixty.
    """
    square = (pl.col(cents).cast(pl.Int128) * pl.col(cents)).sum().cast(pl.Float64)
    return pl.col(cents).sum().cast(pl.Float64).pow(2) / square


def footprint(paid_to: pl.LazyFrame) -> pl.LazyFrame:
    """One row a paying party: payees (`effective`), paid_minor, kinds, kinds_minor, tax, payroll, steady_payroll.

    `kinds`: how many of KINDS are seen; `kinds_minor`: what they cost; `steady_payroll`: three persons or more, each
    paid on several days.

    Each payee counts for one kind, the first that fits. By code: tax, rent, utilities, cards. By shape: payroll, at
    least three persons paid, or two paid evenly on several days; standing, even payments on several days to one
    organisation; sundry, at least four other organisations, banks left out, for an account fee is no business.
    A cost is small beside what passes: under a fifth of all that is paid for the coded kinds, a tenth for one person
    and for standing, a twentieth for sundry. Shares, so that large firms and small ones read the same.
    """
    share = pl.col("paid_minor") / pl.col("paid_minor").sum().over("party_id")
    even = (pl.col("days") > 1) & (pl.col("least") * 10 >= pl.col("most") * 9)  # within a tenth: a wage, a rate
    a_person, a_firm = pl.col("other_kind") == "person", pl.col("other_kind").is_in(("organisation", "unknown"))
    kind = (
        pl.when("tax")
        .then(pl.lit("tax"))
        .when(pl.col("rent") & (share < FIFTH))
        .then(pl.lit("rent"))
        .when(pl.col("utilities") & (share < FIFTH))
        .then(pl.lit("utilities"))
        .when(pl.col("cards") & (share < FIFTH))
        .then(pl.lit("cards"))
        .when(a_person & (share < TENTH))
        .then(pl.lit("payroll"))
        .when(a_firm & even & (share < TENTH))
        .then(pl.lit("standing"))
        .when(a_firm & (share < TWENTIETH))
        .then(pl.lit("sundry"))
    )
    wages = pl.col("kind") == "payroll"
    wage_bill = pl.col("paid_minor").filter(wages).sum() / pl.col("paid_minor").sum()
    several = (wages.sum() >= LEAST_STAFF) | ((wages & pl.col("even")).sum() >= LEAST_WAGED)
    staffed = several & (wage_bill < MOST_WAGES)
    supplied = (pl.col("kind") == "sundry").sum() >= LEAST_SUPPLIERS
    enough = {"payroll": staffed, "sundry": supplied}
    seen = {name: (pl.col("kind") == name).any() & enough.get(name, pl.lit(value=True)) for name in KINDS}
    cost = [pl.col("paid_minor").filter(pl.col("kind") == name).sum() * seen[name].cast(pl.Int64) for name in KINDS]
    return (
        paid_to.with_columns(kind.alias("kind"), even.alias("even"))
        .group_by("party_id")
        .agg(
            effective("paid_minor").alias("payees"),
            pl.col("paid_minor").sum(),
            pl.sum_horizontal(cost).alias("kinds_minor"),
            pl.sum_horizontal(expression.cast(pl.Int64) for expression in seen.values()).alias("kinds"),
            seen["tax"].alias("tax"),
            staffed.alias("payroll"),
            (staffed & ((wages & (pl.col("days") > 1)).sum() >= LEAST_STAFF)).alias("steady_payroll"),
        )
    )
