"""The rows that an alert rests on, joined from the staged transactions, and what an analyst may do with it."""

import polars as pl

from mirrorwatch.contract import EVIDENCE, MONEY
from mirrorwatch.errors import MirrorwatchError


def staged_rows(transactions: pl.LazyFrame, ids: pl.Series) -> pl.DataFrame:
    """Read the staged transactions with these ids, as EVIDENCE columns: one pass, only those rows in memory."""
    wanted = pl.LazyFrame({"transaction_id": ids.unique()}, schema={"transaction_id": pl.String})
    own = [name for name in EVIDENCE.names() if name not in {"alert_id", "role", "group_no", "step_no"}]
    return (
        transactions.join(wanted, on="transaction_id", how="semi")
        .with_columns(amount=money("amount_minor"), amount_usd=money("usd_minor"))
        .select(own)
        .sort("transaction_id")
        .collect()
    )


def evidence(alerts: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """Join each alert's evidence items (role, group, step) to their rows: EVIDENCE, in order.

    Raises MirrorwatchError when a detector named a transaction that the night did not stage.
    """
    items = alerts.select("alert_id", "evidence").explode("evidence").drop_nulls("evidence").unnest("evidence")
    joined = items.join(rows, on="transaction_id", how="left")
    lost = joined.filter(pl.col("source_file").is_null())
    if lost.height:
        raise MirrorwatchError(
            f"A detector named {lost.height} transaction(s) that the night did not stage.",
            where=f"alert {lost['alert_id'][0]}, transaction {lost['transaction_id'][0]}",
            remedy="This is a fault of the detector: please report it.",
        )
    return in_order(joined.match_to_schema(EVIDENCE))


def in_order(frame: pl.DataFrame) -> pl.DataFrame:
    """Sort evidence by its total order."""
    return frame.sort("alert_id", "group_no", "step_no", "booked_at", "transaction_id", nulls_last=True)


def money(column: str) -> pl.Expr:
    """Integer hundredths as the contract's decimal(18,2), exactly."""
    return (pl.col(column).cast(pl.Decimal(38, 2)) / pl.lit(100, pl.Decimal(38, 2))).cast(MONEY)
