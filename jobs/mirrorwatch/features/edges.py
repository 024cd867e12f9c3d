"""Payments between strangers: what layered shapes are made of.

A *loose tie* is between two accounts of which one pays the other once in the window, or two or three times within a
few days: no rent, wage or supplier that comes back each week or month. Left out are reversals with what they reversed,
card purchases, cash, moves inside one ownership group, and whatever touches an account that passes money on by trade
(licensed, nostro, internal, escrow, government).
"""

from datetime import date

import polars as pl

from mirrorwatch.features import isic
from mirrorwatch.features.activity import without_reversals
from mirrorwatch.features.ties import ties

DAY_SECONDS = 86_400
# Passing on or collecting other people's money is what these are for.
CARRIERS = ("nostro", "internal", "escrow", "government")
# A card pays a shop: whoever launders through shops is another typology's matter.
NOT_TRANSFERS = ("card", "cash_deposit", "cash_withdrawal")
# ISIC divisions that bill or pay a public: power, water, telephones, banks, insurers, landlords, the state, schools,
# hospitals, societies. The code is the account holder's own word: only crowds are excused by it, nothing else.
COLLECTORS = ("35", "36", "37", "38", "61", "64", "65", "66", "68", "84", "85", "86", "94")
# What a loose tie may have: money split into two or three, within a fortnight. A monthly payment shows twice in most
# windows, a weekly one always.
MOST_PAYMENTS = 3
MOST_TIE_DAYS = 14

# One row a loose tie: when it began, what went over it, in how many payments, by what means (first channel by name).
LOOSE = pl.Schema(
    {
        "payer": pl.String(),
        "payee": pl.String(),
        "booked_at": pl.Datetime("us", "UTC"),
        "usd_minor": pl.Int64(),
        "payments": pl.Int64(),
        "means": pl.String(),
    }
)

TRANSFERS = pl.Schema(
    {
        "transaction_id": pl.String(),
        "payer": pl.String(),
        "payee": pl.String(),
        "booked_at": pl.Datetime("us", "UTC"),
        "usd_minor": pl.Int64(),
        "means": pl.String(),
    }
)
STANDING = pl.Schema(
    {
        "account_id": pl.String(),
        "party_id": pl.String(),
        "group_id": pl.String(),
        "carrier": pl.Boolean(),
        "kind": pl.Int64(),
    }
)
CUSTOM = pl.Schema({"account_id": pl.String(), "payers": pl.Int64(), "payees": pl.Int64()})


def pair() -> pl.Expr:
    """Make a number of 64 bits of two texts; should two pairs ever share one, both only look less like strangers."""
    return pl.struct("payer", "payee").hash().alias("pair")


def transfers(transactions: pl.LazyFrame) -> pl.LazyFrame:
    """Keep payments from one account to another (TRANSFERS).

    No cash, no card, no reversal, none to itself.
    """
    return (
        without_reversals(transactions.filter(~pl.col("channel").is_in(NOT_TRANSFERS)))
        .select(
            "transaction_id",
            pl.col("originator_account_id").alias("payer"),
            pl.col("beneficiary_account_id").alias("payee"),
            "booked_at",
            "usd_minor",
            pl.col("channel").alias("means"),
        )
        .filter(pl.col("payer") != pl.col("payee"), pl.col("usd_minor") > 0)
    )


def loose(paid: pl.LazyFrame) -> pl.LazyFrame:
    """Find the ties of `transfers` (LOOSE, unordered) between accounts that hardly pay each other. Two reads."""
    span = pl.col("booked_at").max() - pl.col("booked_at").min()
    few = (
        paid.select(pair(), "booked_at")
        .group_by("pair")
        .agg(pl.len().alias("payments"), span.alias("span"))
        .filter(pl.col("payments") <= MOST_PAYMENTS, pl.col("span") <= pl.duration(days=MOST_TIE_DAYS))
        .select("pair")
    )
    return (
        paid.with_columns(pair())
        .join(few, on="pair", how="semi")
        .group_by("payer", "payee")
        .agg(
            pl.col("booked_at").min(),
            pl.col("usd_minor").sum(),
            pl.len().cast(pl.Int64).alias("payments"),
            pl.col("means").min(),
        )
        .select(LOOSE.names())
    )


def custom(paid: pl.LazyFrame) -> pl.LazyFrame:
    """Count whom each account deals with in `transfers`, strangers or not (CUSTOM, unordered)."""
    pairs = paid.select("payer", "payee").unique()
    sides = [
        pairs.group_by(pl.col(own).alias("account_id")).agg(pl.len().cast(pl.Int64).alias(f"{other}s"))
        for own, other in (("payee", "payer"), ("payer", "payee"))
    ]
    return (
        sides[0]
        .join(sides[1], on="account_id", how="full", coalesce=True)
        .with_columns(pl.col("payers", "payees").fill_null(0))
    )


def standing(accounts: pl.LazyFrame, parties: pl.LazyFrame, ownership: pl.LazyFrame, run_date: date) -> pl.LazyFrame:
    """One row an account (STANDING, unordered).

    carrier: it passes other people's money on by trade. kind: 0 personal, 1 other, -1 one that collects from crowds by
    trade, as its party's industry says.
    """
    carrier = pl.col("licensed") | pl.col("account_type").is_in(CARRIERS)
    division = isic.division()
    kind = (
        pl.when(carrier | division.is_in(COLLECTORS).fill_null(value=False))
        .then(-1)
        .when(pl.col("account_type") == "personal")
        .then(0)
        .otherwise(1)
    )
    return (
        ties(accounts, parties, ownership, run_date)
        .join(parties.select("party_id", "industry_code"), on="party_id", how="left")
        .select("account_id", "party_id", "group_id", carrier.alias("carrier"), kind.cast(pl.Int64).alias("kind"))
    )


def between_strangers(rows: pl.LazyFrame, known: pl.LazyFrame) -> pl.LazyFrame:
    """Keep of `loose` rows those that no carrier and no common ownership explains; `known` is `standing`."""
    sides = known.select("account_id", "group_id", "carrier")
    carried = pl.col("carrier").fill_null(value=False) | pl.col("carrier_payee").fill_null(value=False)
    return (
        rows.join(sides, left_on="payer", right_on="account_id", how="left")
        .join(sides, left_on="payee", right_on="account_id", how="left", suffix="_payee")
        # an account that nobody describes has no group and is nobody's sister
        .filter(~carried, pl.col("group_id").ne_missing(pl.col("group_id_payee")) | pl.col("group_id").is_null())
        .select(LOOSE.names())
    )


def window_days(paid: pl.LazyFrame) -> int:
    """Days from the first to the last booking date of `transfers`, both counted; 1 where there are none."""
    day = pl.col("booked_at").dt.date()
    first, last = paid.select(first=day.min(), last=day.max()).collect().row(0)
    return (last - first).days + 1 if first is not None else 1


def payments_of(paid: pl.LazyFrame, wanted: pl.DataFrame) -> pl.DataFrame:
    """Find the `transfers` of `wanted` ties (payer, payee, since, until, any other columns) that lie in their times."""
    return (
        paid.join(wanted.lazy(), on=("payer", "payee"), how="inner")
        .filter(pl.col("booked_at").is_between("since", "until"))
        .collect()
    )


def among(paid: pl.LazyFrame, groups: pl.DataFrame) -> pl.DataFrame:
    """Accounts of `groups` (group, account_id) that `transfers` join with another of their group: the same columns."""
    members = groups.lazy().unique()
    pairs = (
        paid.select("payer", "payee")
        .join(members, left_on="payer", right_on="account_id", how="semi")
        .join(members, left_on="payee", right_on="account_id", how="semi")
        .unique()
        .join(members, left_on="payer", right_on="account_id", how="inner")
        .join(members, left_on=("payee", "group"), right_on=("account_id", "group"), how="semi")
    )
    ends = [pairs.select("group", pl.col(end).alias("account_id")) for end in ("payer", "payee")]
    return pl.concat(ends).unique().sort("group", "account_id").collect()
