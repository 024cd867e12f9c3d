"""What one holder has in one country: a purse. What comes into it, what leaves it, and which of both is unusual.

All accounts of a party in one country are one purse; money between them, or inside the ownership group, is no leg.
Money is integer US cents. A *leg* is one payment seen from one purse: +1 received, -1 paid.
"""

from datetime import date

import polars as pl

from mirrorwatch.features import isic
from mirrorwatch.features.edges import COLLECTORS
from mirrorwatch.features.ties import ties

CASH = "(cash)"  # the counterparty of cash handled at a counter
PURSE = ("party_id", "country")
# ISIC divisions: schools; builders and dealers in property. ISO 18245: schools, colleges, lessons.
SCHOOLS, PROPERTY = ("85",), ("41", "68")
SCHOOL_MERCHANTS = ("8211", "8220", "8241", "8244", "8249", "8299", "8351")
# Law firms and accountants, travel agents: with COLLECTORS, trades that hold or pass on what crowds pay them.
CROWDED = (*COLLECTORS, "69", "79")
DAYS_A_YEAR, CENTS = 365, 100
# An income of nothing would make every sum infinitely too large for it: a thousand dollars a year is taken for least.
LEAST_YEARLY_USD = 1_000.0
# Where nobody at all declares an income: near the median wage of the richer countries, so that few seem beyond it.
UNKNOWN_YEARLY_USD = 36_000.0


def standing(accounts: pl.LazyFrame, parties: pl.LazyFrame, ownership: pl.LazyFrame, run_date: date) -> pl.LazyFrame:
    """One row an account: account_id, PURSE, group_id, kind, subject, crowded, yearly_usd, usual_usd.

    kind: state, carrier (licensed, nostro, internal), property (escrow, or in the trade), school, person, firm.
    subject: `person`, `firm`, or null for one that no detector of conduct may name: state, carriers, escrow.
    yearly_usd: declared income or turnover; of a person without one the median of persons in that country
    (UNKNOWN_YEARLY_USD where nobody declares one), of a firm null. usual_usd: the larger of that and the median.
    crowded: a trade whose custom is a public.
    """
    division = isic.division()
    by_trade = pl.col("licensed") | pl.col("account_type").is_in(("nostro", "internal"))
    human = pl.col("party_type").fill_null(pl.col("account_type")).is_in(("person", "personal"))
    kind = (
        pl.when(pl.col("account_type") == "government")
        .then(pl.lit("state"))
        .when(by_trade)
        .then(pl.lit("carrier"))
        .when(human & (pl.col("account_type") != "escrow"))
        .then(pl.lit("person"))
        .when(pl.col("division").is_in(SCHOOLS))
        .then(pl.lit("school"))
        .when((pl.col("account_type") == "escrow") | pl.col("division").is_in(PROPERTY))
        .then(pl.lit("property"))
        .otherwise(pl.lit("firm"))
    )
    subject = pl.when(pl.col("account_type").is_in(("personal", "business")), ~by_trade).then(
        pl.when(human).then(pl.lit("person")).otherwise(pl.lit("firm"))
    )
    median = pl.col("turnover_usd").filter(pl.col("subject") == "person").median()
    median = pl.when(pl.col("subject") == "person").then(
        pl.coalesce(median.over("country"), median, UNKNOWN_YEARLY_USD)
    )
    return (
        ties(accounts, parties, ownership, run_date)
        .join(parties.select("party_id", division=division), on="party_id", how="left")
        .with_columns(kind=kind, subject=subject)
        .with_columns(median=median)
        .select(
            "account_id",
            *PURSE,
            "group_id",
            "kind",
            "subject",
            pl.col("division").is_in(CROWDED).fill_null(value=False).alias("crowded"),
            pl.coalesce("turnover_usd", "median").clip(lower_bound=LEAST_YEARLY_USD).alias("yearly_usd"),
            pl.max_horizontal("turnover_usd", "median").clip(lower_bound=LEAST_YEARLY_USD).alias("usual_usd"),
        )
    )


def turnover(payments: pl.LazyFrame, known: pl.LazyFrame) -> pl.LazyFrame:
    """One row a purse of a subject: PURSE, subject, yearly_usd, crowded, and what came and went.

    received_minor, cash_minor, abroad_minor, receipts (count); paid_minor (without cash drawn), cards_minor, payouts
    (count). Two sums over the transactions and no join of them.
    """
    usd = pl.col("usd_minor")
    received = payments.group_by(pl.col("beneficiary_account_id").alias("account_id")).agg(
        usd.sum().alias("received_minor"),
        usd.filter(pl.col("channel") == "cash_deposit").sum().alias("cash_minor"),
        usd.filter(pl.col("originator_country") != pl.col("beneficiary_country")).sum().alias("abroad_minor"),
        pl.len().cast(pl.Int64).alias("receipts"),
    )
    paid = payments.group_by(pl.col("originator_account_id").alias("account_id")).agg(
        usd.filter(pl.col("channel") != "cash_withdrawal").sum().alias("paid_minor"),
        usd.filter(pl.col("channel") == "card").sum().alias("cards_minor"),
        pl.len().cast(pl.Int64).alias("payouts"),
    )
    sums = ("received_minor", "cash_minor", "abroad_minor", "receipts", "paid_minor", "cards_minor", "payouts")
    return (
        known.filter(pl.col("subject").is_not_null())
        .join(received, on="account_id", how="left")
        .join(paid, on="account_id", how="left")
        .group_by(*PURSE, "subject")
        .agg(pl.col("yearly_usd").max(), pl.col("crowded").any(), *(pl.col(name).sum() for name in sums))
    )


def legs(payments: pl.LazyFrame, members: pl.LazyFrame, known: pl.LazyFrame) -> pl.LazyFrame:
    """Both sides of every payment of `members` (rows of `known`), own and group moves left out.

    Columns: PURSE, group_id, subject, account_id, transaction_id, booked_at, sign, usd_minor, amount_minor, channel,
    other_account_id, other, kind (of the other; `cash`, or `unknown` for an account that nobody describes), abroad
    (the sides lie in two countries), branch_id, branch_region, conductor_party_id, purpose, merchant_category, and of
    the holder yearly_usd and usual_usd.
    """
    own = members.select("account_id", *PURSE, "group_id", "subject", "yearly_usd", "usual_usd")
    others = known.select(
        other_account_id="account_id", other_party="party_id", other_group="group_id", other_kind="kind"
    )
    sides = []
    for mine, theirs, sign in (
        ("beneficiary_account_id", "originator_account_id", 1),
        ("originator_account_id", "beneficiary_account_id", -1),
    ):
        side = payments.select(
            pl.col(mine).alias("account_id"),
            pl.col(theirs).alias("other_account_id"),
            "transaction_id", "booked_at", "usd_minor", "amount_minor", "channel", "branch_id", "branch_region",
            "conductor_party_id", "purpose", "merchant_category",
            (pl.col("originator_country") != pl.col("beneficiary_country")).alias("abroad"),
        ).join(own, on="account_id", how="inner")  # fmt: skip
        sides.append(side.with_columns(pl.lit(sign, dtype=pl.Int64).alias("sign")))
    at_counter = pl.col("channel").is_in(("cash_deposit", "cash_withdrawal")) | pl.col("other_account_id").is_null()
    kind = pl.when(at_counter).then(pl.lit("cash")).otherwise(pl.col("other_kind")).fill_null(pl.lit("unknown"))
    other = pl.when(at_counter).then(pl.lit(CASH)).otherwise(pl.coalesce("other_party", "other_account_id"))
    return (
        pl.concat(sides)
        .join(others, on="other_account_id", how="left")
        .filter(pl.col("other_group").is_null() | (pl.col("other_group") != pl.col("group_id")))
        .with_columns(kind=kind, other=other)
        .drop("other_party", "other_group", "other_kind")
    )
