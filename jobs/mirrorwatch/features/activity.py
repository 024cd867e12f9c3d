"""What a company does with its money: what comes and goes, between whom, and how long it rests.

Money is integer US cents and time integer seconds, so no figure depends on the order of rows. A *leg* is one payment
seen from one party: +1 received, -1 paid. A party's own accounts, and those of its corporate group, are one purse;
moving money inside it is no leg.
"""

import polars as pl

from mirrorwatch.features import isic

CASH = "(cash)"  # the counterparty of cash handled at a counter

LEG_COLUMNS = (
    "party_id", "account_id", "transaction_id", "booked_at", "sign", "usd_minor", "amount_minor", "channel",
    "other_account_id", "other", "other_kind",
)  # fmt: skip


def without_reversals(transactions: pl.LazyFrame) -> pl.LazyFrame:
    """Leave out every reversal and what it reversed: together they moved nothing."""
    undone = transactions.filter(pl.col("reverses_transaction_id").is_not_null()).select(
        pl.col("reverses_transaction_id").alias("transaction_id")
    )
    return transactions.filter(pl.col("reverses_transaction_id").is_null()).join(
        undone.unique(), on="transaction_id", how="anti"
    )


def turnover(payments: pl.LazyFrame, accounts: pl.LazyFrame) -> pl.LazyFrame:
    """One row a party of `accounts` (account_id, party_id): received_minor, paid_minor, payments, own moves included.

    Two sums over the transactions and no join of them: what the shortlist of a large night is made from.
    """
    sides = [
        payments.group_by(pl.col(f"{side}_account_id").alias("account_id")).agg(
            pl.col("usd_minor").sum().alias(name), pl.len().alias(f"{name}_rows")
        )
        for side, name in (("beneficiary", "received_minor"), ("originator", "paid_minor"))
    ]
    figures = ("received_minor", "paid_minor", "received_minor_rows", "paid_minor_rows")
    return (
        accounts.select("account_id", "party_id")
        .join(sides[0], on="account_id", how="left")
        .join(sides[1], on="account_id", how="left")
        .group_by("party_id")
        .agg(pl.col(*figures).sum())
        .select(
            "party_id",
            "received_minor",
            "paid_minor",
            (pl.col("received_minor_rows") + pl.col("paid_minor_rows")).cast(pl.Int64).alias("payments"),
        )
    )


def counterparties(tied: pl.LazyFrame, parties: pl.LazyFrame, grouped: pl.LazyFrame) -> pl.LazyFrame:
    """One row an account: other_account_id, other (its party), other_kind, other_purse, industry (ISIC division).

    `other_kind` is government, bank (licensed, nostro, internal or escrow), person or organisation; `other_purse` the
    party's group of `grouped` (party_id, group_id), or the party itself.
    """
    kind = (
        pl.when(pl.col("account_type") == "government")
        .then(pl.lit("government"))
        .when(pl.col("licensed") | pl.col("account_type").is_in(("nostro", "internal", "escrow")))
        .then(pl.lit("bank"))
        .when(pl.col("party_type").fill_null(pl.col("account_type")).is_in(("person", "personal")))
        .then(pl.lit("person"))
        .otherwise(pl.lit("organisation"))
    )
    industry = isic.division()
    return (
        tied.drop("group_id")
        .join(parties.select("party_id", "industry_code"), on="party_id", how="left")
        .join(grouped, on="party_id", how="left")
        .select(
            pl.col("account_id").alias("other_account_id"),
            pl.col("party_id").alias("other"),
            kind.alias("other_kind"),
            pl.col("group_id").fill_null(pl.col("party_id")).alias("other_purse"),
            industry.alias("industry"),
        )
    )


def legs(payments: pl.LazyFrame, members: pl.LazyFrame, known: pl.LazyFrame) -> pl.LazyFrame:
    """Both sides of every payment of `members` (account_id, party_id): LEG_COLUMNS, industry and merchant_category.

    `known` is `counterparties(...)`. Moves inside one purse (own accounts, one group) are left out. An unknown
    counterparty is its own account id, of kind `unknown`; cash is CASH, of kind `cash`.
    """
    purses = known.select(pl.col("other_account_id").alias("account_id"), pl.col("other_purse").alias("purse"))
    members = members.select("account_id", "party_id").join(purses, on="account_id", how="left")
    sides = []
    for own, other, sign in (
        ("beneficiary_account_id", "originator_account_id", 1),
        ("originator_account_id", "beneficiary_account_id", -1),
    ):
        side = payments.select(
            pl.col(own).alias("account_id"),
            pl.col(other).alias("other_account_id"),
            "transaction_id", "booked_at", "usd_minor", "amount_minor", "channel", "merchant_category",
        ).join(members, on="account_id", how="inner")  # fmt: skip
        sides.append(side.with_columns(pl.lit(sign, dtype=pl.Int64).alias("sign")))
    kind = pl.when(pl.col("other_account_id").is_null()).then(pl.lit("cash")).otherwise(pl.col("other_kind"))
    return (
        pl.concat(sides)
        .join(known, on="other_account_id", how="left")
        .with_columns(
            pl.coalesce("other", "other_account_id", pl.lit(CASH)).alias("other"),
            kind.fill_null(pl.lit("unknown")).alias("other_kind"),
        )
        .filter(pl.col("other_purse").is_null() | (pl.col("other_purse") != pl.col("purse")))
        .select(*LEG_COLUMNS, "industry", "merchant_category")
    )


def balances(own_legs: pl.LazyFrame) -> pl.LazyFrame:
    """Legs in order of time with `balance` (cents after the leg) and `rest` (seconds until the party's next leg).

    The opening balance is unknown: the lowest point of the running sum is taken for zero. Money received and paid in
    the same instant is taken to have come before it went.
    """
    order = ("party_id", "booked_at", pl.col("sign") * -1, "transaction_id")
    running = (pl.col("usd_minor") * pl.col("sign")).cum_sum().over("party_id")
    following = pl.col("booked_at").shift(-1).over("party_id")
    return (
        own_legs.sort(*order)
        .with_columns(running.alias("balance"), (following - pl.col("booked_at")).dt.total_seconds().alias("rest"))
        .with_columns(
            (pl.col("balance") - pl.min_horizontal(pl.col("balance").min().over("party_id"), pl.lit(0))),
            pl.col("rest").fill_null(0),
        )
    )


def dwell(own_legs: pl.LazyFrame) -> pl.LazyFrame:
    """One row a party: received_minor, paid_minor, dwell_seconds (null when nothing was paid), first_at, last_at.

    Dwell is the area under the running balance (cent-seconds, exact in 128 bits) over the cents paid: the mean time
    that a dollar rests, whichever dollar is thought to leave first.
    """
    area = (pl.col("balance").cast(pl.Int128) * pl.col("rest")).sum()
    paid = pl.col("usd_minor").filter(pl.col("sign") == -1).sum()
    return (
        balances(own_legs)
        .group_by("party_id")
        .agg(
            pl.col("usd_minor").filter(pl.col("sign") == 1).sum().alias("received_minor"),
            paid.alias("paid_minor"),
            area.alias("area"),
            pl.col("booked_at").min().alias("first_at"),
            pl.col("booked_at").max().alias("last_at"),
        )
        .with_columns(
            pl.when(pl.col("paid_minor") > 0).then(pl.col("area") // pl.col("paid_minor")).alias("dwell_seconds")
        )
        .select(
            "party_id", "received_minor", "paid_minor", pl.col("dwell_seconds").cast(pl.Int64), "first_at", "last_at"
        )
    )
