"""From what a detector knows of its schemes to FINDINGS: lists, figures and sentences, the same way for all.

A scheme is one row of `values`, its suspects rows of `members`, its payments rows of `evidence`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from mirrorwatch.detectors.base import FINDINGS
from mirrorwatch.detectors.terms import Term, indicators
from mirrorwatch.rulebook import Rules

Row = dict[str, Any]
WRITTEN = ("narrative", "would_not_fire_if", "next_steps")
MOST_NAMED = 4
MEMBERS = ("scheme", "account_id", "party_id")
EVIDENCE = ("scheme", "transaction_id", "role", "group_no", "step_no", "booked_at")


@dataclass(frozen=True)
class Words:
    """A detector's sentences about one scheme.

    Each is given a row of `values`, with `payments` (count), `first`, `last` (dates) and `accounts` (sorted) added.
    """

    narrative: Callable[[Row], str]
    cleared: Callable[[Row], list[str]]
    next_steps: Callable[[Row], list[str]]


def named(names: Sequence[str]) -> str:
    """Write the first few names and how many more there are."""
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return ", ".join(names[:MOST_NAMED]) + more


def usd(minor: float) -> str:
    """Write cents as dollars: `USD 1,234`."""
    return f"USD {minor / 100:,.0f}"


def as_stood(rules: Rules, *ids: str) -> str:
    """Say which advisories of `ids` were in force on the day of `rules`, in the order given; empty where none was.

    `Red flags as they stood: FIN-2025-A003, in force on 2026-03-31.`
    """
    held = [rule.words for rule in map(rules.in_force, ids) if rule is not None]
    return f"Red flags as they stood: {'; '.join(held)}." if held else ""


def _gathered(members: pl.DataFrame, evidence: pl.DataFrame) -> pl.DataFrame:
    item = pl.struct("transaction_id", "role", "group_no", "step_no")
    paid = evidence.group_by("scheme").agg(
        pl.col("transaction_id").unique().sort().alias("transaction_ids"),
        pl.col("booked_at").min().alias("first_booked_at"),
        pl.col("booked_at").max().alias("last_booked_at"),
        pl.col("transaction_id").n_unique().alias("payments"),
        item.sort_by("group_no", "step_no", "transaction_id").alias("evidence"),
    )
    held = members.group_by("scheme").agg(
        pl.col("account_id").unique().sort().alias("account_ids"),
        pl.col("party_id").drop_nulls().unique().sort().alias("party_ids"),
    )
    return paid.join(held, on="scheme", how="inner")


def _sentences(rows: pl.DataFrame, words: Words) -> pl.DataFrame:
    said = [
        (row["scheme"], words.narrative(row), words.cleared(row), words.next_steps(row))
        for row in rows.with_columns(
            first=pl.col("first_booked_at").dt.date(), last=pl.col("last_booked_at").dt.date(), accounts="account_ids"
        ).iter_rows(named=True)
    ]
    schema = pl.Schema({"scheme": rows.schema["scheme"], **{name: FINDINGS[name] for name in WRITTEN}})
    return pl.DataFrame(said, schema=schema, orient="row")


def findings(
    values: pl.DataFrame, members: pl.DataFrame, evidence: pl.DataFrame, terms: Sequence[Term], words: Words
) -> pl.LazyFrame:
    """Write FINDINGS, one row a row of `values`, sorted by score and first account.

    `values`: scheme (unique), score, chance_probability (nullable), subject_party_id, amount_usd_minor and every
    term's column; more columns are for the words. `members`: MEMBERS, suspects only. `evidence`: EVIDENCE, each
    transaction once a scheme.
    """
    rows = values.sort("scheme").join(_gathered(members, evidence), on="scheme", how="inner", maintain_order="left")
    if rows.is_empty():
        return pl.LazyFrame(schema=FINDINGS)
    return (
        rows.join(_sentences(rows, words), on="scheme", how="inner")
        .with_columns(indicators(terms))
        .select(FINDINGS.names())
        .cast(FINDINGS)
        .sort(pl.col("score") * -1, pl.col("account_ids").list.first(), pl.col("transaction_ids").list.first())
        .lazy()
    )
