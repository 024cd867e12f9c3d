"""What the night could not look at, detector by detector, in accounts and US dollars.

Absence of data is never evidence against anyone, and never silent: a null column, an absent dataset, an account that
is not on file, a day without bookings each become one row that says what is not seen and how much hangs on it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from mirrorwatch.contract import BLINDNESS, DATASETS
from mirrorwatch.detectors.base import Detector
from mirrorwatch.intake.checks import NO_FX_RATE
from mirrorwatch.intake.completeness import REJECTED
from mirrorwatch.intake.exposure import Exposure, Gap, exposures, note_of_scope
from mirrorwatch.intake.summary import StageSummary

EVERY_DETECTOR = "all"
_NAMED_DAYS = 5  # days spelt out before a list is cut short
# Needs whose nulls can be laid to accounts; an empty column stands for "no owner on file at all".
_COUNTABLE = frozenset(
    (dataset.name, column)
    for dataset in DATASETS
    if dataset.name in {"transactions", "accounts", "parties", "ownership"}
    for column in dataset.schema
) | {("ownership", "")}

_Row = tuple[str, str, str, int | None, int | None]  # BLINDNESS, with the amount in US cents


@dataclass(frozen=True)
class Night:
    """The staged frames by dataset, the completeness ledger, and the intake's numbers."""

    frames: dict[str, pl.LazyFrame]
    ledger: pl.DataFrame
    summary: StageSummary


def blindness(night: Night, detectors: Sequence[Detector]) -> pl.DataFrame:
    """Return BLINDNESS: what each detector, and every detector, could not see. Null figures could not be told."""
    gaps = [*_general_gaps(), *_needed_columns(night, detectors)]
    found, whole = exposures(night.frames, gaps)
    rows: list[_Row] = [
        (gap.detector, gap.indicator, _explained(gap, exposure, whole, night), exposure.accounts, exposure.usd_minor)
        for gap, exposure in zip(gaps, found, strict=True)
        if exposure.rows or exposure.accounts
    ]
    rows += _absent_datasets(night, detectors, whole)
    rows += [(EVERY_DETECTOR, indicator, why, None, None) for indicator, why in _counted(night)]
    schema = {**BLINDNESS, "amount_usd": pl.Int64()}
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    return (
        frame.with_columns(pl.col("amount_usd").cast(pl.Decimal(38, 2)) / 100)
        .unique()
        .sort("detector", "indicator", "why")
    )


def _general_gaps() -> list[Gap]:
    return [
        Gap(EVERY_DETECTOR, "orphan_accounts", "accounts", "", "are on no account file: owner and type are unknown"),
        Gap(EVERY_DETECTOR, "accounts_without_party", "accounts", "party_id", "have an owner who is on no party file"),
        Gap(
            EVERY_DETECTOR,
            "unpaired_reversals",
            "transactions",
            "reverses_transaction_id",
            "say that they reverse a booking, but none in the window has that id, amount, currency and accounts; "
            "they are monitored as payments",
        ),
    ]


def _needed_columns(night: Night, detectors: Sequence[Detector]) -> list[Gap]:
    return [
        Gap(detector.typology, indicator, dataset, column, why)
        for detector in detectors
        for dataset, column, indicator, why in detector.needs
        if dataset not in night.summary.absent and (dataset, column) in _COUNTABLE
    ]


def _absent_datasets(night: Night, detectors: Sequence[Detector], whole: Exposure) -> list[_Row]:
    return [
        (detector.typology, indicator, f"{dataset} is absent: {why}.", whole.accounts, whole.usd_minor)
        for detector in detectors
        for dataset, _, indicator, why in detector.needs
        if dataset in night.summary.absent
    ]


def _explained(gap: Gap, exposure: Exposure, whole: Exposure, night: Night) -> str:
    if gap.detector == EVERY_DETECTOR:
        return f"{_share(gap, exposure, whole)} {gap.why}."
    if not gap.column:
        return f"No owner is on file for the organisations behind {_share(gap, exposure, whole)}: {gap.why}."
    gone = gap.column in night.summary.datasets[gap.dataset].absent_columns
    state = "is not in the source" if gone else "is null"
    share = _share(gap, exposure, whole)
    return f"{gap.dataset}.{gap.column} {state} for {share}{note_of_scope(gap)}: {gap.why}."


def _share(gap: Gap, exposure: Exposure, whole: Exposure) -> str:
    if gap.dataset == "transactions":
        return f"{exposure.rows:,} of {whole.rows:,} bookings ({_percent(exposure.rows, whole.rows)})"
    return (
        f"{exposure.accounts:,} of {whole.accounts:,} accounts in use ({_percent(exposure.accounts, whole.accounts)})"
    )


def _counted(night: Night) -> list[tuple[str, str]]:
    summary, told = night.summary, []
    if summary.days_without_rows:
        days = summary.days_without_rows
        told.append(("missing_days", f"Days of the window without a booking: {len(days)} ({_spelt(days)})."))
    rejected = summary.transactions.rows_rejected
    if rejected:
        read = summary.transactions.rows_read
        share = f"{rejected:,} of {read:,} bookings ({_percent(rejected, read)})"
        told.append(("rejected_rows", f"{share} were rejected; quarantine holds them."))
    if "control_totals" in summary.absent:
        told.append(("control_totals", "The source gives no control totals: what it left out cannot be told."))
    unrated = night.ledger.filter(outcome=REJECTED, reason=NO_FX_RATE).group_by("currency").agg(
        pl.col("row_count").sum(), pl.col("total_amount").sum(), pl.col("booking_date").n_unique()
    )  # fmt: skip
    for currency, rows, amount, days in unrated.sort("currency").iter_rows():
        share = f"{rows:,} of its bookings on {days} of the window's days, worth {amount:,} {currency}"
        told.append(("missing_fx", f"{currency} has no rate for {share}; they are rejected."))
    return told


def _spelt(days: Sequence[date]) -> str:
    named = ", ".join(day.isoformat() for day in days[:_NAMED_DAYS])
    return named if len(days) <= _NAMED_DAYS else f"{named}, … to {days[-1].isoformat()}"


def _percent(part: int | None, whole: int | None) -> str:
    return f"{100 * (part or 0) / whole:.1f} %" if whole else "0 %"
