"""Domestic payments as legs that could be one half of a swap, with what ordinary life explains left out.

A leg is money that arrives at an account (`collection`) or leaves it (`payout`) inside one country. Left out are
payments inside one ownership group, to or from licensed firms, nostro, internal, escrow and government accounts,
instalments (the same two accounts, about the same amount, days apart), runs of many payments on one day, and the
routine takings of an account that books nearly every day. What is left is matched by `mirrorwatch.matching`.
"""

import polars as pl

# A broker who pays one part by wire and the next by cheque uses one account for both; cash and cards differ in
# how common their amounts are, so they are weighed apart.
CLASS_OF_CHANNEL = {
    "cash_deposit": "cash",
    "cash_withdrawal": "cash",
    "check": "account",
    "cashiers_check": "account",
    "money_order": "account",
    "card": "card",
    "wire": "account",
    "ach": "account",
    "instant": "account",
    "p2p": "account",
}
# Accounts of these types hold other people's money by design.
CUSTODY_TYPES = ("nostro", "internal", "escrow", "government")
# Two payments of one pair within 15 % of each other, five days apart or more: wages with overtime, rent, instalments.
INSTALMENT_RATIO = 1.15
INSTALMENT_DAYS = 5
# An account that books a kind of payment on 45 % of all days (five days of seven, with holidays) has a routine;
# what lies under two and a half times its usual amount is part of it.
ROUTINE_DAYS_SHARE = 0.45
ROUTINE_MULTIPLE = 2.5
# More payments of one account on one day than this are a run: wages, rents on the first of the month, a card batch.
# Runs of many accounts fall on the same days everywhere, which would look like coincidence with somebody.
MOST_A_DAY = 4
LOG_SCALE = 10_000  # logarithms summed as integers, so that no sum depends on order


def domestic(transactions: pl.LazyFrame, ties: pl.LazyFrame) -> pl.LazyFrame:
    """Payments inside one country between strangers, with `class` and what is known of either side."""
    known = ties.select("account_id", "party_id", "group_id", "licensed", "account_type", "turnover_usd")
    payer = known.rename(lambda name: f"originator_{name}")
    payee = known.rename(lambda name: f"beneficiary_{name}")
    apart = (pl.col("originator_group_id") != pl.col("beneficiary_group_id")).fill_null(value=True)
    return (
        transactions.filter(
            pl.col("channel").is_in(list(CLASS_OF_CHANNEL)),
            pl.col("originator_country") == pl.col("beneficiary_country"),
        )
        .select(
            "transaction_id",
            "booked_at",
            "booking_date",
            "originator_account_id",
            "beneficiary_account_id",
            "usd_minor",
            "currency",
            "conductor_party_id",
            "branch_id",
            pl.col("originator_country").alias("country"),
            pl.col("channel").replace_strict(CLASS_OF_CHANNEL, return_dtype=pl.String).alias("class"),
        )
        .join(payer, on="originator_account_id", how="left")
        .join(payee, on="beneficiary_account_id", how="left")
        .filter(apart, *(_ordinary_holder(side) for side in ("originator", "beneficiary")))
    )


def _ordinary_holder(side: str) -> pl.Expr:
    custody = pl.col(f"{side}_account_type").is_in(CUSTODY_TYPES).fill_null(value=False)
    return ~custody & ~pl.col(f"{side}_licensed").fill_null(value=False)


def without_instalments(payments: pl.LazyFrame) -> pl.LazyFrame:
    """Drop payments of a pair of accounts that pays about the same amount again, days apart; tell who meets once.

    Adds `once`: whether the two accounts deal with each other a single time (null for cash).
    """
    # A number for a pair takes a fraction of the memory of two texts; of a million pairs none are taken for each other.
    pair = pl.col("originator_account_id").hash(seed=1) ^ pl.col("beneficiary_account_id").hash(seed=2)
    both = pl.col("originator_account_id").is_not_null() & pl.col("beneficiary_account_id").is_not_null()
    paired = payments.with_columns(pair=pl.when(both).then(pair))
    habits = (
        paired.filter(pl.col("pair").is_not_null())
        .group_by("pair")
        .agg(
            days=(pl.col("booking_date").max() - pl.col("booking_date").min()).dt.total_days(),
            low=pl.col("usd_minor").min(),
            high=pl.col("usd_minor").max(),
            once=pl.len() == 1,
        )
        .select(
            "pair",
            "once",
            instalments=(pl.col("days") >= INSTALMENT_DAYS) & (pl.col("high") <= INSTALMENT_RATIO * pl.col("low")),
        )
    )
    return (
        paired.join(habits, on="pair", how="left", nulls_equal=False)
        .filter(~pl.col("instalments").fill_null(value=False))
        .drop("pair", "instalments")
    )


def legs(payments: pl.LazyFrame, side: str, *, window_days: int, least_minor: int, most_legs: int) -> pl.LazyFrame:
    """Legs of one side, a row each.

    Columns: transaction_id, account_id, group_id, account_type, country, currency, class, stranger, booked_at,
    usd_minor, turnover_usd (declared a year), and two facts for `features.marks` (null: unknown or not applicable):
    `once`, the two accounts deal with each other a single time; `by_other`, someone else than the holder stood at the
    counter.

    `side` is `collection` (money arrives) or `payout` (money leaves). `stranger` is who was on the other side: the
    other account, or for cash who stood at which counter (the payment itself where the source does not say).

    Legs under `least_minor` US cents and accounts with a single leg are left out; of an account with more than
    `most_legs` the largest stay, since an amount is the rarer the larger it is and the work must stay bounded.
    """
    end = "beneficiary" if side == "collection" else "originator"
    node = ["account_id", "class"]
    other = "originator" if side == "collection" else "beneficiary"
    counter = pl.concat_str("conductor_party_id", "branch_id", separator="@")
    own = payments.filter(pl.col(f"{end}_group_id").is_not_null()).select(
        "transaction_id",
        pl.col(f"{end}_account_id").alias("account_id"),
        pl.col(f"{end}_group_id").alias("group_id"),
        pl.col(f"{end}_account_type").alias("account_type"),
        pl.col(f"{end}_turnover_usd").alias("turnover_usd"),
        "once",
        (pl.col("conductor_party_id") != pl.col(f"{end}_party_id")).alias("by_other"),
        # Only counted, never shown: a number takes a fraction of the memory of a text.
        pl.coalesce(f"{other}_account_id", counter, "transaction_id").hash(seed=0).alias("stranger"),
        "country",
        "currency",
        "class",
        "booked_at",
        "booking_date",
        "usd_minor",
    )
    habit = own.group_by(node).agg(
        days=pl.col("booking_date").n_unique(),
        count=pl.len(),
        logs=(pl.col("usd_minor").log() * LOG_SCALE).round().cast(pl.Int64).sum(),
    )
    usual = (pl.col("logs") / pl.col("count") / LOG_SCALE).exp()
    routine = (pl.col("days") >= ROUTINE_DAYS_SHARE * window_days) & (pl.col("usd_minor") <= ROUTINE_MULTIPLE * usual)
    place = pl.struct(-pl.col("usd_minor"), "transaction_id").rank("ordinal").over(node)
    return (
        own.join(habit, on=node, how="inner")
        .with_columns(on_day=pl.len().over([*node, "booking_date"]))
        .filter(pl.col("usd_minor") >= least_minor, pl.col("on_day") <= MOST_A_DAY, ~routine)
        .with_columns(place=place, legs=pl.len().over(node))
        .filter(pl.col("legs") > 1, pl.col("place") <= most_legs)
        .drop("booking_date", "days", "count", "logs", "on_day", "place", "legs")
    )


def group_settlements(transactions: pl.LazyFrame, ties: pl.LazyFrame) -> pl.LazyFrame:
    """Sum what groups pay each other across borders: (payer_group, payee_group, usd_minor), one row a direction."""
    known = ties.select("account_id", "group_id")
    return (
        transactions.filter(pl.col("originator_country") != pl.col("beneficiary_country"))
        .select("originator_account_id", "beneficiary_account_id", "usd_minor")
        .join(
            known.rename({"account_id": "originator_account_id", "group_id": "payer_group"}), on="originator_account_id"
        )
        .join(
            known.rename({"account_id": "beneficiary_account_id", "group_id": "payee_group"}),
            on="beneficiary_account_id",
        )
        .group_by("payer_group", "payee_group")
        .agg(pl.col("usd_minor").sum())
    )
