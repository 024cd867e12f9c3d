"""When input is too bad to judge anyone on: failed critical expectations, rows rejected in numbers, nothing to see.

Single rows never stop a night: the intake puts them in quarantine. A gate is a bound on how many. What it says names
the gate, the share, the bound, and what to do.
"""

from collections.abc import Iterator

import polars as pl

from mirrorwatch.config import Gates
from mirrorwatch.intake.summary import DatasetSummary, StageSummary

# Datasets whose rejected rows take others with them: bookings themselves, who holds the accounts, and the ties that
# clear the innocent. A rejected rate shows in the bookings that it leaves without one.
_COUNTED = ("transactions", "accounts", "parties", "ownership")
_CALLED = {"ownership": "ownership rows"}
_NAMED_REASONS = 3  # that many reasons usually make up nearly all rejected rows; quarantine holds the rest


def faults(quality: pl.DataFrame, summary: StageSummary, gates: Gates) -> tuple[str, ...]:
    """Return a sentence for each reason to stop the night; none means that it may go on. `quality` is QUALITY."""
    return (*_failed_expectations(quality, gates.accepted), *_failed_counts(summary, gates))


def own_faults(quality: pl.DataFrame) -> list[str]:
    """Return a sentence for each critical expectation that the night's own alerts or cases fail."""
    return [
        f"The critical expectation {name} failed{_told(fraction, observed)}{_because(reason)}"
        for name, fraction, observed, reason in _critical(quality, ()).iter_rows()
    ]


def _failed_expectations(quality: pl.DataFrame, accepted: tuple[str, ...]) -> list[str]:
    return [
        f"The gate {name} failed{_told(fraction, observed)}{_because(reason)} "
        f'Have it corrected at the source, or, once it was looked at, let it pass with gates.accepted = ["{name}"].'
        for name, fraction, observed, reason in _critical(quality, accepted).iter_rows()
    ]


def _critical(quality: pl.DataFrame, accepted: tuple[str, ...]) -> pl.DataFrame:
    """Name (name, unexpected_fraction, observed, reason) the failed critical expectations that nobody accepted."""
    short = pl.format("{}.{}", "dataset", "expectation")
    full = pl.when(pl.col("column").fill_null("") != "").then(pl.format("{}.{}", short, "column")).otherwise(short)
    return (
        quality.filter(
            pl.col("severity") == "critical",
            ~pl.col("success"),
            ~short.is_in(accepted),
            ~full.is_in(accepted),
        )
        .select(full.alias("name"), "unexpected_fraction", pl.col("observed", "reason").fill_null(""))
        .sort("name", "observed", "reason")
    )


def _told(fraction: float | None, observed: str) -> str:
    share = "" if fraction is None else f"{fraction:.1%} of rows"
    told = "; ".join(part for part in (share, observed) if part)
    return f" ({told})" if told else ""


def _because(reason: str) -> str:
    return f": {reason}{'' if reason.endswith('.') else '.'}" if reason else "."


def _failed_counts(summary: StageSummary, gates: Gates) -> Iterator[str]:
    for name in _COUNTED:
        rows, called = summary.datasets.get(name, DatasetSummary(dataset=name)), _CALLED.get(name, name)
        if name == "transactions" and rows.rows_kept == 0:
            yield f"None of the {rows.rows_read} {called} read can be monitored{_reasons(rows)}."
        elif rows.rows_rejected > gates.max_rejected_fraction * rows.rows_read:
            yield (
                f"{rows.rows_rejected} of the {rows.rows_read} {called} read were rejected, more than the "
                f"{gates.max_rejected_fraction:.1%} that gates.max_rejected_fraction allows: "
                f"{rows.rows_rejected / rows.rows_read:.1%}{_reasons(rows)}. "
                "Have those rows sent again, or raise that setting for this night."
            )


def _reasons(rows: DatasetSummary) -> str:
    """Say, in brackets, under which reasons most rows were rejected."""
    most = sorted(rows.rejected_by_reason.items(), key=lambda told: (-told[1], told[0]))[:_NAMED_REASONS]
    return f" (most under {', '.join(f'{code}: {count}' for code, count in most)})" if most else ""
