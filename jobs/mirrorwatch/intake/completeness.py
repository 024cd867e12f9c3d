"""The completeness ledger: every transaction read is counted once, under its date, currency, outcome and reason."""

import polars as pl

from mirrorwatch.contract import COMPLETENESS, ROW_KEY, TRANSACTIONS
from mirrorwatch.intake.conform import FAULTS, reason_of_faults
from mirrorwatch.intake.decisions import NOT_APPLICABLE
from mirrorwatch.intake.iso import CURRENCIES

MONITORED, REJECTED, NOT_APPLICABLE_OUTCOME = "monitored", "rejected", "not_applicable"
_KEY = ["booking_date", "currency", "outcome", "reason"]


def completeness(spine: pl.LazyFrame, decisions: pl.DataFrame) -> pl.DataFrame:
    """Return COMPLETENESS: `row_count` adds up to the rows of `spine`, `total_amount` to the amounts read.

    A row is counted under its main reason. `currency` is null where it is no ISO 4217 code, `total_amount` where no
    amount of the group could be read.
    """
    known = pl.when(pl.col("currency").is_in(CURRENCIES)).then(pl.col("currency")).alias("currency")
    outcomes = spine.drop(FAULTS).with_columns(known).join(decisions.lazy(), on=ROW_KEY, how="left")
    counted = (
        outcomes.group_by("booking_date", "currency", FAULTS, NOT_APPLICABLE)
        .agg(
            pl.len().cast(pl.Int64).alias("row_count"),
            pl.col("amount_minor").cast(pl.Int128).sum().alias("total"),
            pl.col("amount_minor").count().alias("amounts"),
        )
        .collect()
    )
    return _described(counted)


def reconciliation(ledger: pl.DataFrame, control_totals: pl.DataFrame) -> pl.DataFrame:
    """Compare what was read with what the source says it sent, for each (booking_date, currency) of either.

    Returns booking_date, currency, rows_sent, rows_read, amount_sent, amount_read, row_difference (read less sent),
    amount_difference (Decimal(38, 2)); `*_sent` and the differences are null without a control total.
    """
    read = (
        ledger.group_by("booking_date", "currency")
        .agg(pl.col("row_count").sum().alias("rows_read"), pl.col("total_amount").sum().alias("amount_read"))
        .drop_nulls("booking_date")
    )
    sent = control_totals.select(
        "booking_date",
        "currency",
        pl.col("row_count").alias("rows_sent"),
        pl.col("total_amount").cast(pl.Decimal(38, 2)).alias("amount_sent"),
    )
    both = sent.join(read, on=["booking_date", "currency"], how="full", coalesce=True, nulls_equal=True).with_columns(
        pl.col("rows_read").fill_null(0), pl.col("amount_read").fill_null(0)
    )
    return both.with_columns(
        (pl.col("rows_read") - pl.col("rows_sent")).alias("row_difference"),
        (pl.col("amount_read") - pl.col("amount_sent")).alias("amount_difference"),
    ).sort("booking_date", "currency")


def _described(counted: pl.DataFrame) -> pl.DataFrame:
    faults = counted.get_column(FAULTS).drop_nulls().unique().to_list()
    main = {fault: reason_of_faults(TRANSACTIONS, fault)[0].code for fault in faults if fault}
    rejected = pl.col(FAULTS).fill_null(0) != 0
    outcome = (
        pl.when(rejected)
        .then(pl.lit(REJECTED))
        .when(pl.col(NOT_APPLICABLE).is_not_null())
        .then(pl.lit(NOT_APPLICABLE_OUTCOME))
        .otherwise(pl.lit(MONITORED))
    )
    code = pl.col(FAULTS).replace_strict(main, default=None, return_dtype=pl.String)
    reason = pl.when(rejected).then(code).otherwise(pl.col(NOT_APPLICABLE))
    total = pl.when(pl.col("amounts").sum() > 0).then(_money(pl.col("total").sum()))
    return (
        counted.with_columns(outcome.alias("outcome"), reason.alias("reason"))
        .group_by(_KEY)
        .agg(pl.col("row_count").sum(), total.alias("total_amount"))
        .select(list(COMPLETENESS))
        .sort(_KEY, nulls_last=True)
    )


def _money(minor: pl.Expr) -> pl.Expr:
    return minor.cast(pl.Decimal(38, 2)) / 100
