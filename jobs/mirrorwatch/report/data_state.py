"""How far the night's data carries: completeness, failed checks, blind detectors, rows put aside."""

from dataclasses import dataclass

import polars as pl

from mirrorwatch.report.completeness import Completeness, adding_up, percent, read_completeness
from mirrorwatch.report.inputs import ReportInputs
from mirrorwatch.report.wording import count, money, plural, sentence

SEVERITIES = ("critical", "warning", "info")


@dataclass(frozen=True)
class Figure:
    """One headline figure: `tone` is plain, warn or bad."""

    label: str
    value: str
    note: str = ""
    tone: str = "plain"


@dataclass(frozen=True)
class Check:
    """One expectation's result."""

    dataset: str
    expectation: str
    column: str
    severity: str
    success: bool
    unexpected: str
    fraction: str
    observed: str
    reason: str


@dataclass(frozen=True)
class Blind:
    """One indicator that a detector could not look at."""

    detector: str
    indicator: str
    why: str
    accounts: str
    amount: str


@dataclass(frozen=True)
class Rejection:
    """Quarantined rows of one dataset and reason, and where the first of them stands."""

    dataset: str
    reason: str
    rows: str
    first: str


@dataclass(frozen=True)
class DataState:
    """Everything the page says about the night's data."""

    completeness: Completeness
    sum_line: str
    failed: tuple[Check, ...]
    passed: tuple[Check, ...]
    blind: tuple[Blind, ...]
    rejections: tuple[Rejection, ...]
    sentences: tuple[str, ...]
    figures: tuple[Figure, ...]


def data_state(inputs: ReportInputs) -> DataState:
    """Read the night's data state from its frames."""
    facts = inputs.facts
    whole = read_completeness(inputs.completeness, facts.rows_read, facts.window_start, facts.window_end)
    checks = _checks(inputs.quality)
    failed = tuple(check for check in checks if not check.success)
    blind = _blind(inputs.blindness)
    return DataState(
        whole, adding_up(whole), failed, tuple(check for check in checks if check.success), blind,
        _rejections(inputs.quarantine_counts), tuple(_sentences(inputs, whole, failed, blind)),
        tuple(_figures(inputs, whole, failed, len(checks), blind)),
    )  # fmt: skip


def _checks(quality: pl.DataFrame) -> tuple[Check, ...]:
    order = {severity: place for place, severity in enumerate(SEVERITIES)}
    ranked = quality.with_columns(pl.col("severity").replace_strict(order, default=9).alias("_place")).sort(
        "_place", "dataset", "expectation", "column", nulls_last=True
    )
    return tuple(
        Check(
            row["dataset"] or "",
            row["expectation"] or "",
            row["column"] or "",
            row["severity"] or "",
            bool(row["success"]),
            "" if row["unexpected_count"] is None else count(row["unexpected_count"]),
            "" if row["unexpected_fraction"] is None else f"{row['unexpected_fraction'] * 100:.2f}\u00a0%",
            row["observed"] or "",
            row["reason"] or "",
        )
        for row in ranked.iter_rows(named=True)
    )


def _blind(blindness: pl.DataFrame) -> tuple[Blind, ...]:
    ordered = blindness.sort("detector", "indicator", "why", nulls_last=True)
    return tuple(
        Blind(
            sentence(row["detector"] or ""),
            sentence(row["indicator"] or ""),
            row["why"] or "",
            "" if row["accounts"] is None else count(row["accounts"]),
            "" if row["amount_usd"] is None else money(row["amount_usd"]),
        )
        for row in ordered.iter_rows(named=True)
    )


def _rejections(counts: pl.DataFrame) -> tuple[Rejection, ...]:
    return tuple(
        Rejection(dataset or "", reason or "", count(rows), f"{file}:{row}")
        for dataset, reason, rows, file, row in counts.iter_rows()
    )


def _sentences(
    inputs: ReportInputs, whole: Completeness, failed: tuple[Check, ...], blind: tuple[Blind, ...]
) -> list[str]:
    text = []
    if not whole.received and whole.adds_up:
        text.append("No row was read.")
    elif whole.adds_up:
        text.append(f"The data is accounted for: all {plural(whole.received, 'row')} read ended in one place.")
    else:
        text.append(
            f"The data does not add up: {plural(abs(whole.difference), 'row')} of those read cannot be followed."
        )
    text.append(_control_totals(inputs.facts.control_totals_differ))
    if whole.rejected:
        verb = "was" if whole.rejected == 1 else "were"
        share = percent(whole.rejected, whole.received)
        text.append(
            f"{plural(whole.rejected, 'row')} ({share}) {verb} rejected and put in quarantine, each with its reason."
        )
    if whole.empty_days:
        text.append(f"{plural(len(whole.empty_days), 'day')} of the window brought no row at all.")
    critical = sum(1 for check in failed if check.severity == "critical")
    if failed:
        text.append(
            f"{plural(len(failed), 'quality check')} failed, {count(critical) if critical else 'none'} critical."
        )
    if blind:
        text.append(f"Detectors could not look at {plural(len(blind), 'indicator')}: silence there proves nothing.")
    return text


def _control_totals(differ: int | None) -> str:
    if differ is None:
        return "The source gave no control totals, so rows that it never sent cannot be noticed."
    if differ:
        return f"The source's own control totals differ on {plural(differ, 'day and currency', 'days and currencies')}."
    return "The source's own control totals agree."


def _figures(
    inputs: ReportInputs, whole: Completeness, failed: tuple[Check, ...], checks: int, blind: tuple[Blind, ...]
) -> list[Figure]:
    critical = any(check.severity == "critical" for check in failed)
    monitored = money(inputs.facts.monitored_usd_minor // 100).removesuffix(".00")
    share = percent(whole.rejected, whole.received)
    return [
        Figure("Rows monitored", count(whole.monitored), f"{monitored}", "plain" if whole.adds_up else "bad"),
        Figure("Rows rejected", count(whole.rejected), f"{share} of those read", "warn" if whole.rejected else "plain"),
        Figure("Checks failed", count(len(failed)), f"of {count(checks)}", _tone(len(failed), bad=critical)),
        Figure("Blind indicators", count(len(blind)), "see what was not looked at", _tone(len(blind), bad=False)),
    ]


def _tone(number: int, *, bad: bool) -> str:
    return "bad" if bad else "warn" if number else "plain"
