"""What only two datasets together can tell, as frames that ordinary expectations look at.

Everything here is made from the rows that passed the row rules (and from the ledger, which counts all), so that what
the intake has put in quarantine is told once, by its rule, and not again as a tie that leads nowhere. Whether a
booking has a rate is the intake's rule too: the ledger says which bookings had none.
"""

from collections.abc import Mapping
from datetime import date

import polars as pl

from mirrorwatch.features.ties import current_ownership
from mirrorwatch.intake.checks import NO_FX_RATE
from mirrorwatch.intake.completeness import reconciliation
from mirrorwatch.intake.fx import CARRY_DAYS
from mirrorwatch.intake.summary import StageSummary

_SHARE_UNIT = 1_000_000  # shares are added up in millionths: float sums depend on the order of their terms


def across(frames: Mapping[str, pl.LazyFrame], ledger: pl.LazyFrame, summary: StageSummary) -> dict[str, pl.LazyFrame]:
    """Return one frame a suite, by its name; a suite whose datasets the source does not give is left out.

    `frames` are staged frames by dataset, `ledger` is COMPLETENESS.
    """
    made = {
        "transactions_accounts": (accounts_in_use(frames["transactions"], frames["accounts"]), ()),
        "transactions_parties": (conductors(frames["transactions"], frames["parties"]), ()),
        "transactions_fx_rates": (rates_needed(ledger, frames["fx_rates"]), ()),
        "transactions_control_totals": (
            control_totals(ledger, frames["control_totals"], summary.first_date, summary.run_date),
            ("control_totals",),
        ),
        "accounts_parties": (holders(frames["accounts"], frames["parties"]), ()),
        "ownership_parties": (owned(frames["ownership"], frames["parties"], summary.run_date), ("ownership",)),
        "trade_documents_parties": (traders(frames["trade_documents"], frames["parties"]), ("trade_documents",)),
    }
    return {name: frame for name, (frame, needed) in made.items() if summary.absent.isdisjoint(needed)}


def accounts_in_use(transactions: pl.LazyFrame, accounts: pl.LazyFrame) -> pl.LazyFrame:
    """One row an account that books in the window.

    account_id, account_on_file (account_id, null where no account file has it), bookings, first_booked_on,
    last_booked_on, opened_on, closed_on.
    """
    # Each side is summed up before they meet: over 10 million bookings 0.8 GB in place of 1.2.
    sides = [_side(transactions, side) for side in ("originator_account_id", "beneficiary_account_id")]
    used = (
        pl.concat(sides)
        .group_by("account_id")
        .agg(pl.col("bookings").sum(), pl.col("first_booked_on").min(), pl.col("last_booked_on").max())
    )
    known = accounts.select("account_id", pl.col("account_id").alias("account_on_file"), "opened_on", "closed_on")
    return used.join(known, on="account_id", how="left").select(
        "account_id", "account_on_file", "bookings", "first_booked_on", "last_booked_on", "opened_on", "closed_on"
    )


def _side(transactions: pl.LazyFrame, side: str) -> pl.LazyFrame:
    booked = pl.col("booking_date")
    return (
        transactions.select(pl.col(side).alias("account_id"), booked)
        .drop_nulls("account_id")
        .group_by("account_id")
        .agg(
            pl.len().cast(pl.Int64).alias("bookings"),
            booked.min().alias("first_booked_on"),
            booked.max().alias("last_booked_on"),
        )
    )


def conductors(transactions: pl.LazyFrame, parties: pl.LazyFrame) -> pl.LazyFrame:
    """One row a party that stood at the counter: conductor_party_id, party_on_file (null where on no file)."""
    stood = transactions.select("conductor_party_id").drop_nulls().unique()
    return _on_file(stood, parties, "conductor_party_id", "party_on_file")


def holders(accounts: pl.LazyFrame, parties: pl.LazyFrame) -> pl.LazyFrame:
    """One row an account: account_id, party_id, party_on_file (party_id, null where no party file has it)."""
    return _on_file(accounts.select("account_id", "party_id"), parties, "party_id", "party_on_file")


def owned(ownership: pl.LazyFrame, parties: pl.LazyFrame, run_date: date) -> pl.LazyFrame:
    """One row a party that has owners on `run_date`.

    owned_party_id, owned_on_file (null where on no party file), owners, owners_on_file, and share_sum: the known
    shares of its shareholders (a nominee holds another's share, and would count it twice), null where none is known.
    """
    current = _on_file(current_ownership(ownership, run_date), parties, "owner_party_id", "owner_on_file")
    held = pl.col("share").filter(pl.col("role") == "shareholder")
    summed = (
        current.with_columns((pl.col("share") * _SHARE_UNIT).round().cast(pl.Int64).alias("share"))
        .group_by("owned_party_id")
        .agg(
            pl.len().cast(pl.Int64).alias("owners"),
            pl.col("owner_on_file").count().cast(pl.Int64).alias("owners_on_file"),
            pl.when(held.count() > 0).then(held.sum() / _SHARE_UNIT).alias("share_sum"),
        )
    )
    return _on_file(summed, parties, "owned_party_id", "owned_on_file")


def traders(documents: pl.LazyFrame, parties: pl.LazyFrame) -> pl.LazyFrame:
    """One row a trade document: document_id, both party ids, exporter_on_file, importer_on_file."""
    known = documents.select("document_id", "exporter_party_id", "importer_party_id")
    for side in ("exporter", "importer"):
        known = _on_file(known, parties, f"{side}_party_id", f"{side}_on_file")
    return known


def rates_needed(ledger: pl.LazyFrame, fx_rates: pl.LazyFrame) -> pl.LazyFrame:
    """One row a booking date and currency that was booked, US dollars apart.

    booking_date, currency, rows_read, rows_unrated (rejected for want of a rate), rate_age_days (days from the rate
    that was used to the booking; null where none is at most 7 days old).
    """
    rows = pl.col("row_count")
    booked = (
        ledger.filter(pl.col("currency") != "USD")
        .drop_nulls("booking_date")
        .group_by("booking_date", "currency")
        .agg(
            rows.sum().alias("rows_read"),
            rows.filter(pl.col("reason") == NO_FX_RATE).sum().alias("rows_unrated"),
        )
    )
    dated = fx_rates.select("currency", "rate_date")
    age = (pl.col("booking_date") - pl.col("rate_date")).dt.total_days()
    newest = (
        booked.select("booking_date", "currency")
        .join(dated, on="currency")
        .filter(age.is_between(0, CARRY_DAYS))
        .group_by("booking_date", "currency")
        .agg(age.min().alias("rate_age_days"))
    )
    return booked.join(newest, on=["booking_date", "currency"], how="left")


def control_totals(ledger: pl.LazyFrame, sent: pl.LazyFrame, first: date, last: date) -> pl.LazyFrame:
    """One row a booking date and currency from `first` to `last`: `intake.completeness.reconciliation`'s columns.

    rows_off_fraction and amounts_off_fraction, the same on every row, say over all totals how many rows are missing
    or too many, and how far amounts are off (each total counts by its rows); null where the totals count no row.
    """
    compared = reconciliation(ledger.collect(), sent.collect()).lazy()
    weight = pl.col("rows_sent").sum()
    amount_off = (pl.col("amount_difference").cast(pl.Float64) / pl.col("amount_sent").cast(pl.Float64)).abs()
    off = pl.when(pl.col("amount_difference") == 0).then(0.0).otherwise(amount_off.clip(upper_bound=1))
    return compared.filter(pl.col("booking_date").is_between(first, last)).with_columns(
        pl.when(weight > 0).then(pl.col("row_difference").abs().sum() / weight).alias("rows_off_fraction"),
        pl.when(weight > 0).then((off * pl.col("rows_sent")).sum() / weight).alias("amounts_off_fraction"),
    )


def _on_file(rows: pl.LazyFrame, parties: pl.LazyFrame, column: str, named: str) -> pl.LazyFrame:
    known = parties.select(pl.col("party_id").alias(column), pl.col("party_id").alias(named))
    return rows.join(known, on=column, how="left")
