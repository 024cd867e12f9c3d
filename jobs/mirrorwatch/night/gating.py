"""When input is too bad to judge anyone on: failed critical expectations, rows rejected in numbers, nothing to see."""

import polars as pl

from mirrorwatch.config import Gates
from mirrorwatch.intake.summary import StageSummary


def faults(quality: pl.DataFrame, summary: StageSummary, gates: Gates) -> tuple[str, ...]:
    """Return a sentence for each reason to stop the night; none means that it may go on. `quality` is QUALITY."""
    return (*_failed_expectations(quality, gates.accepted), *_failed_counts(summary, gates))


def own_faults(quality: pl.DataFrame) -> list[str]:
    """Return a sentence for each critical expectation that the night's own alerts or cases fail."""
    return _failed_expectations(quality, ())


def _failed_expectations(quality: pl.DataFrame, accepted: tuple[str, ...]) -> list[str]:
    short = pl.format("{}.{}", "dataset", "expectation")
    full = pl.when(pl.col("column").fill_null("") != "").then(pl.format("{}.{}", short, "column")).otherwise(short)
    failed = quality.filter(
        pl.col("severity") == "critical",
        ~pl.col("success"),
        ~short.is_in(accepted),
        ~full.is_in(accepted),
    ).select(name=full, observed=pl.col("observed").fill_null(""), reason=pl.col("reason").fill_null(""))
    return [
        f"The critical expectation {name} failed{f' ({observed})' if observed else ''}{f': {reason}' if reason else ''}"
        f"{'' if reason.endswith('.') else '.'}"
        for name, observed, reason in failed.sort("name", "observed", "reason").iter_rows()
    ]


def _failed_counts(summary: StageSummary, gates: Gates) -> list[str]:
    rows = summary.transactions
    found = []
    if rows.rows_kept == 0:
        found.append(f"None of the {rows.rows_read} transactions read can be monitored.")
    elif rows.rows_rejected > gates.max_rejected_fraction * rows.rows_read:
        found.append(
            f"{rows.rows_rejected} of the {rows.rows_read} transactions read were rejected, "
            f"more than the {gates.max_rejected_fraction:.1%} that gates.max_rejected_fraction allows."
        )
    return found
