"""The night's own product, flat: what its lists promise becomes columns that ordinary expectations look at."""

import polars as pl

from mirrorwatch.contract import TYPOLOGIES

_LISTS = ("account_ids", "party_ids", "transaction_ids")
_LIVE = pl.col("state") != "withdrawn"


def alert_rows(alerts: pl.LazyFrame, cases: pl.LazyFrame, transactions: pl.LazyFrame) -> pl.LazyFrame:
    """One row an alert: ALERTS without its lists, and figures in their place.

    account_count, party_count, transaction_count, indicator_count, lists_out_of_order (of the three lists of ids: those
    that are not sorted or repeat one), and, null for withdrawn alerts, case_count (live cases that hold it) and
    transactions_missing (evidence that is not among the staged `transactions`).
    """
    listed = cases.filter(_LIVE).select(pl.col("alert_ids").alias("alert_id")).explode("alert_id")
    held = listed.group_by("alert_id").agg(pl.len().cast(pl.Int64).alias("case_count"))
    evidence = alerts.filter(_LIVE).select("alert_id", "transaction_ids").explode("transaction_ids").drop_nulls()
    booked = transactions.select(pl.col("transaction_id").alias("transaction_ids"))
    lost = (
        evidence.join(booked, on="transaction_ids", how="anti")
        .group_by("alert_id")
        .agg(pl.len().cast(pl.Int64).alias("transactions_missing"))
    )
    return (
        alerts.with_columns(
            *(pl.col(name).list.len().cast(pl.Int64).alias(name.replace("_ids", "_count")) for name in _LISTS),
            pl.col("indicators").list.len().cast(pl.Int64).alias("indicator_count"),
            _out_of_order(_LISTS),
        )
        .join(held, on="alert_id", how="left")
        .join(lost, on="alert_id", how="left")
        .with_columns(pl.when(_LIVE).then(pl.col("case_count", "transactions_missing").fill_null(0)))
        .drop(*_LISTS, "indicators")
    )


def case_rows(cases: pl.LazyFrame, alerts: pl.LazyFrame) -> pl.LazyFrame:
    """One row a case: CASES without its lists, and figures in their place.

    alert_count, account_count, lists_out_of_order, typologies_unknown (not in the contract), and, null for withdrawn
    cases, alerts_missing (of its alerts, those that are not live tonight) and best_score (the highest of its alerts).
    """
    scores = alerts.filter(_LIVE).select(pl.col("alert_id").alias("alert_ids"), pl.col("score").alias("found"))
    members = cases.filter(_LIVE).select("case_id", "alert_ids").explode("alert_ids").drop_nulls()
    found = (
        members.join(scores, on="alert_ids", how="left")
        .group_by("case_id")
        .agg(
            pl.col("found").null_count().cast(pl.Int64).alias("alerts_missing"),
            pl.col("found").max().alias("best_score"),
        )
    )
    return (
        cases.with_columns(
            pl.col("alert_ids").list.len().cast(pl.Int64).alias("alert_count"),
            pl.col("account_ids").list.len().cast(pl.Int64).alias("account_count"),
            pl.col("typologies").list.set_difference(list(TYPOLOGIES)).list.len().cast(pl.Int64).alias("unknown"),
            _out_of_order(("alert_ids", "account_ids", "party_ids", "typologies")),
        )
        .rename({"unknown": "typologies_unknown"})
        .join(found, on="case_id", how="left")
        .drop("alert_ids", "account_ids", "party_ids", "typologies")
    )


def _out_of_order(lists: tuple[str, ...]) -> pl.Expr:
    wrong = [pl.col(name) != pl.col(name).list.unique().list.sort() for name in lists]
    return pl.sum_horizontal(flag.cast(pl.Int64) for flag in wrong).alias("lists_out_of_order")
