"""Payments with who stands on either side: party, ownership group, licence and country of the account.

The join is meant for what a filter has left of a night's payments, not for all of them.
"""

from datetime import date

import polars as pl

from mirrorwatch.features import isic
from mirrorwatch.features.ties import ties

# Accounts that pass on other people's money by trade; escrow is left to whoever asks, since buyers pay into it.
PASSING_TYPES = ("nostro", "internal", "government")
KNOWN = ("account_id", "party_id", "group_id", "licensed", "account_type", "country", "party_type", "trade")


def known(accounts: pl.LazyFrame, parties: pl.LazyFrame, ownership: pl.LazyFrame, run_date: date) -> pl.LazyFrame:
    """One row an account: KNOWN. `trade` is the party's ISIC code of digits, null where none is declared.

    `licensed`: a licence covers the party, or the account is a bank's or a state's own.
    """
    trade = isic.digits().str.strip_chars_end(isic.SECTIONS)
    own = pl.col("account_type").is_in(PASSING_TYPES)
    return (
        ties(accounts, parties, ownership, run_date)
        .join(parties.select("party_id", trade=trade), on="party_id", how="left")
        .with_columns(pl.col("licensed") | own)
        .select(KNOWN)
    )


def sided(payments: pl.LazyFrame, known_accounts: pl.LazyFrame) -> pl.LazyFrame:
    """Keep payments from account to account with `payer_…` and `payee_…` columns of KNOWN, and payer, payee (parties).

    An account that nobody describes is its own party and group. Moves inside one group are left out.
    """
    names = [name for name in KNOWN if name not in ("account_id", "party_id")]
    rows = payments.select(
        "transaction_id", "booked_at", "usd_minor", "amount_minor", "currency", "channel", "purpose",
        pl.col("originator_account_id").alias("payer_account"), pl.col("beneficiary_account_id").alias("payee_account"),
        pl.col("originator_country").alias("payer_at"), pl.col("beneficiary_country").alias("payee_at"),
    ).drop_nulls(["payer_account", "payee_account"])  # fmt: skip
    for side in ("payer", "payee"):
        of = known_accounts.select(
            pl.col("account_id").alias(f"{side}_account"),
            pl.col("party_id").alias(side),
            *(pl.col(name).alias(f"{side}_{name}") for name in names),
        )
        rows = rows.join(of, on=f"{side}_account", how="left").with_columns(
            pl.coalesce(side, f"{side}_account").alias(side),
            pl.coalesce(f"{side}_group_id", f"{side}_account").alias(f"{side}_group_id"),
            pl.col(f"{side}_licensed").fill_null(value=False),
        )
    return rows.filter(pl.col("payer_group_id") != pl.col("payee_group_id"))
