"""Domestic payments as legs that could be one half of a swap, with what ordinary life explains left out.

A leg is money that arrives at an account (`collection`) or leaves it (`payout`) inside one country. Left out are
payments inside one ownership group, to or from licensed firms, nostro, internal, escrow and government accounts,
instalments (the same two accounts, about the same amount, days apart), runs of many payments on one day, and the
routine of an account that books nearly every day, but for what it deals with strangers met once. What is left is
matched by `mirrorwatch.matching`.
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


def with_pair(payments: pl.LazyFrame) -> pl.LazyFrame:
    """Add `pair`, a number for the two accounts of a payment (null for cash)."""
    # A number takes a fraction of the memory of two texts; of a million pairs none are taken for each other.
    pair = pl.col("originator_account_id").hash(seed=1) ^ pl.col("beneficiary_account_id").hash(seed=2)
    both = pl.col("originator_account_id").is_not_null() & pl.col("beneficiary_account_id").is_not_null()
    return payments.with_columns(pair=pl.when(both).then(pair))


def pairs(payments: pl.LazyFrame) -> pl.LazyFrame:
    """Tell of each `pair` whether its payments are `instalments` and whether it deals a single time, `once`."""
    spread = (pl.col("booking_date").max() - pl.col("booking_date").min()).dt.total_days()
    alike = pl.col("usd_minor").max() <= INSTALMENT_RATIO * pl.col("usd_minor").min()
    return (
        payments.filter(pl.col("pair").is_not_null())
        .group_by("pair")
        .agg(once=pl.len() == 1, instalments=(spread >= INSTALMENT_DAYS) & alike)
    )


def without_instalments(payments: pl.LazyFrame, habits: pl.LazyFrame) -> pl.LazyFrame:
    """Drop payments of a pair of accounts that pays about the same amount again, days apart; add `once` (`pairs`)."""
    return (
        payments.join(habits, on="pair", how="left", nulls_equal=False)
        .filter(~pl.col("instalments").fill_null(value=False))
        .drop("pair", "instalments")
    )


def legs(payments: pl.LazyFrame, side: str, *, window_days: int, least_minor: int, most_legs: int) -> pl.DataFrame:
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
    own = _own_payments(payments, side)
    # What is usual is told by all payments, small ones too; a row an account and day is all that is held of them.
    by_day = own.group_by("node", "booking_date").agg(
        count=pl.len(), logs=(pl.col("usd_minor").log() * LOG_SCALE).round().cast(pl.Int64).sum()
    )
    by_day = by_day.collect().lazy()
    habit = by_day.group_by("node").agg(pl.len().alias("days"), pl.col("count", "logs").sum())
    runs = by_day.filter(pl.col("count") > MOST_A_DAY).select("node", "booking_date")
    usual = (pl.col("logs") / pl.col("count") / LOG_SCALE).exp()
    met_once = pl.col("once").fill_null(value=False)  # a stranger paid once is nobody's routine
    often = pl.col("days") >= ROUTINE_DAYS_SHARE * window_days
    routine = often & (pl.col("usd_minor") <= ROUTINE_MULTIPLE * usual) & ~met_once
    unusual = (
        own.filter(pl.col("usd_minor") >= least_minor)
        .join(runs, on=["node", "booking_date"], how="anti")
        .join(habit, on="node", how="inner")
        .filter(~routine)
        .drop("booking_date", "days", "count", "logs")
        .collect()
    )
    return _largest(unusual, most_legs).drop("node")


def _own_payments(payments: pl.LazyFrame, side: str) -> pl.LazyFrame:
    """Payments as seen from the account on this side; `node` is a number for the account and the class."""
    end, other = ("beneficiary", "originator") if side == "collection" else ("originator", "beneficiary")
    counter = pl.concat_str("conductor_party_id", "branch_id", separator="@")
    return payments.filter(pl.col(f"{end}_group_id").is_not_null()).select(
        "transaction_id",
        pl.col(f"{end}_account_id").alias("account_id"),
        pl.col(f"{end}_group_id").alias("group_id"),
        pl.col(f"{end}_account_type").alias("account_type"),
        pl.col(f"{end}_turnover_usd").alias("turnover_usd"),
        "once",
        (pl.col("conductor_party_id") != pl.col(f"{end}_party_id")).alias("by_other"),
        # Only counted, never shown: a number takes a fraction of the memory of a text.
        pl.coalesce(f"{other}_account_id", counter, "transaction_id").hash(seed=0).alias("stranger"),
        (pl.col(f"{end}_account_id").hash(seed=3) ^ pl.col("class").hash(seed=4)).alias("node"),
        "country",
        "currency",
        "class",
        "booked_at",
        "booking_date",
        "usd_minor",
    )


def _largest(found: pl.DataFrame, most_legs: int) -> pl.DataFrame:
    """Of each node with two legs or more the `most_legs` largest."""
    held = pl.len().over("node")
    # Few have so many that they must be ranked.
    many = found.filter(held > most_legs)
    place = pl.struct(-pl.col("usd_minor"), "transaction_id").rank("ordinal").over("node")
    return pl.concat([found.filter(held > 1, held <= most_legs), many.filter(place <= most_legs)])


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
