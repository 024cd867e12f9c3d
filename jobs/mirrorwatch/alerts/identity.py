"""An alert's name is its evidence: the same typology, accounts and transactions always give the same id."""

from collections.abc import Iterable

import polars as pl

from mirrorwatch.canonical import digest


def alert_id(typology: str, account_ids: Iterable[str], transaction_ids: Iterable[str]) -> str:
    """SHA-256 of the canonical JSON of (typology, sorted members, sorted evidence); order and repeats don't count."""
    return digest([typology, sorted(set(account_ids)), sorted(set(transaction_ids))])


def identify(findings: pl.DataFrame, typology: str) -> pl.DataFrame:
    """Give each finding (detectors.base.FINDINGS) its typology and alert_id.

    Hashing is row by row in Python: findings are hundreds a night, and Polars' own hash is not stable across versions.
    """
    members, evidence = findings["account_ids"].to_list(), findings["transaction_ids"].to_list()
    ids = [alert_id(typology, accounts, rows) for accounts, rows in zip(members, evidence, strict=True)]
    return findings.with_columns(
        pl.lit(typology).alias("typology"),
        pl.Series("alert_id", ids, pl.String),
    )
