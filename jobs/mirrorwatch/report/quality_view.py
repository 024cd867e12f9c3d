"""The data of one night for whoever answers for it: exceptions, the way from received to monitored, what was blind."""

from dataclasses import dataclass
from decimal import Decimal

import polars as pl

from mirrorwatch.report.completeness import OUTCOMES
from mirrorwatch.report.data_state import SEVERITIES, Check, DataState, Figure
from mirrorwatch.report.inputs import ReportInputs
from mirrorwatch.report.series import Followed, Series
from mirrorwatch.report.wording import NBSP, count, money, plural, rounded_money, sentence


@dataclass(frozen=True)
class Span:
    """One line of the bridge: rows and dollars of the window, rows of the run date. No dollars: they cannot be told."""

    label: str
    kind: str
    rows: int
    usd: str
    tonight: int
    share: float


@dataclass(frozen=True)
class BlindSpot:
    """What one detector cannot see, in accounts and dollars; `share` is of all dollars monitored, 0 to 1."""

    detector: str
    indicator: str
    why: str
    accounts: str
    amount: str
    share: float


@dataclass(frozen=True)
class Suite:
    """How the checks of one dataset ended; failed ones by severity."""

    dataset: str
    checks: int
    failed: tuple[int, ...]


@dataclass(frozen=True)
class QualityView:
    """Everything the data-quality page says, but for the figures over time."""

    conclusion: str
    standing: tuple[str, ...]
    figures: tuple[Figure, ...]
    exceptions: tuple[Check, ...]
    bridge: tuple[Span, ...]
    blind: tuple[BlindSpot, ...]
    suites: tuple[Suite, ...]
    types: tuple[tuple[str, str, str], ...]


def quality_view(inputs: ReportInputs, state: DataState, followed: tuple[Followed, ...]) -> QualityView:
    """Read the page's parts from the night's frames."""
    unusual = tuple(series for each in followed for series in each.unusual)
    pictured = {(each.dataset, f"{each.metric}_as_usual", each.subject) for each in unusual}
    others = tuple(check for check in state.failed if (check.dataset, check.expectation, check.column) not in pictured)
    return QualityView(
        conclusion=_conclusion(inputs, state, unusual),
        standing=tuple(_standing(inputs, followed)),
        figures=tuple(_figures(inputs, state, unusual)),
        exceptions=others,
        bridge=_bridge(inputs.profile, inputs),
        blind=_blind_spots(inputs.blindness, inputs.facts.monitored_usd_minor),
        suites=_suites(inputs.quality),
        types=_types(inputs.profile),
    )


def _conclusion(inputs: ReportInputs, state: DataState, unusual: tuple[Series, ...]) -> str:
    if inputs.facts.gate_failures:
        return "The night was stopped: its data is too bad to judge anyone on."
    if not state.completeness.adds_up:
        return "Rows went missing on the way: the data does not add up."
    critical, warnings = (_failed(state, severity) for severity in ("critical", "warning"))
    if critical:
        return f"The night went on although {plural(critical, 'critical check')} failed: an operator accepted it."
    if warnings:
        return f"The data carried the night. {plural(warnings, 'thing')} to take up with the source{_of_them(unusual)}."
    if inputs.trend.get_column("usual").drop_nulls().is_empty():
        return "The data is whole. There is too little history yet to tell whether it is as usual."
    return "The data is whole, and as usual."


def _of_them(unusual: tuple[Series, ...]) -> str:
    return f", {count(len(unusual))} of them unlike the nights before" if unusual else ""


def _standing(inputs: ReportInputs, followed: tuple[Followed, ...]) -> list[str]:
    figures = sum(len(each.figures) + len(each.channels) + len(each.nulls) for each in followed)
    if not figures:
        return []
    compared = inputs.trend.get_column("usual").drop_nulls().len()
    kept = f" and of {plural(inputs.nights_kept, 'earlier night')}" if inputs.nights_kept else ""
    return [f"{count(compared)} of {plural(figures, 'figure')} could be compared with like days of this window{kept}."]


def _figures(inputs: ReportInputs, state: DataState, unusual: tuple[Series, ...]) -> list[Figure]:
    received = Figure(
        "Rows received", count(state.completeness.received), f"{plural(inputs.facts.input_count, 'file')}"
    )
    compared = inputs.trend.get_column("usual").drop_nulls().len()
    return [
        received,
        *state.figures[:3],
        Figure("Unlike the nights before", count(len(unusual)), f"of {plural(compared, 'figure')} compared",
               "warn" if unusual else "plain"),
        _worst(inputs.blindness),
    ]  # fmt: skip


def _worst(blindness: pl.DataFrame) -> Figure:
    """Name the gap that hides most money."""
    known = blindness.drop_nulls("amount_usd").sort(
        "amount_usd", "detector", "indicator", descending=[True, False, False]
    )
    if known.is_empty():
        return Figure("Widest blind spot", "none" if blindness.is_empty() else "not known")
    first = known.row(0, named=True)
    where = f"{sentence(first['detector'])}: {first['indicator'].replace('_', ' ')}"
    return Figure("Widest blind spot", rounded_money(first["amount_usd"]).replace(NBSP, " "), where, "warn")


def _failed(state: DataState, severity: str) -> int:
    return sum(1 for check in state.failed if check.severity == severity)


def _bridge(profile: pl.DataFrame, inputs: ReportInputs) -> tuple[Span, ...]:
    """Follow the rows of the window, and of the run date alone, from received to monitored."""
    told = profile.filter(pl.col("metric").is_in(["outcome_rows", "outcome_usd"])).with_columns(
        tonight=pl.col("booking_date") == inputs.run_date
    )
    if told.is_empty():
        return ()
    rows, usd = pl.col("metric") == "outcome_rows", pl.col("metric") == "outcome_usd"
    spans = (
        told.group_by("subject", "detail")
        .agg(
            rows=pl.col("value").filter(rows).sum().cast(pl.Int64),
            tonight=pl.col("value").filter(rows, pl.col("tonight")).sum().cast(pl.Int64),
            usd=pl.when(pl.col("value").filter(usd).null_count() == 0).then(
                (pl.col("value").filter(usd) * 100).round().cast(pl.Int64).sum()
            ),
        )
        .with_columns(place=pl.col("subject").replace_strict({name: -i for i, name in enumerate(OUTCOMES)}, default=1))
        .sort("place", "rows", "detail", descending=[False, True, False], nulls_last=True)
    )
    total, tonight = int(spans["rows"].sum()), int(spans["tonight"].sum())
    lost_first = sorted(
        spans.to_dicts(), key=lambda row: ("rejected", "not_applicable", "monitored").index(row["subject"])
    )
    lines = [
        Span(_label(row), row["subject"], row["rows"], _usd(row["usd"]), row["tonight"], row["rows"] / total)
        for row in lost_first
    ]
    return (Span("Received", "received", total, _whole_usd(spans), tonight, 1.0), *lines)


def _whole_usd(spans: pl.DataFrame) -> str:
    known, unknown = spans["usd"].drop_nulls(), int(spans.filter(pl.col("usd").is_null())["rows"].sum())
    return _usd(int(known.sum())) + (f" without {plural(unknown, 'row')}" if unknown else "")


def _label(row: dict[str, str]) -> str:
    return sentence(row["subject"]) if row["subject"] == "monitored" else f"{sentence(row['subject'])}: {row['detail']}"


def _usd(cents: int | None) -> str:
    return "not known" if cents is None else money(Decimal(cents) / 100)


def _blind_spots(blindness: pl.DataFrame, monitored_minor: int) -> tuple[BlindSpot, ...]:
    """List what was blind, most money first; what cannot be told in money comes last."""
    ordered = blindness.sort(
        "amount_usd", "accounts", "detector", "indicator", "why",
        descending=[True, True, False, False, False], nulls_last=True,
    )  # fmt: skip
    return tuple(
        BlindSpot(
            "Every detector" if row["detector"] == "all" else sentence(row["detector"] or ""),
            (row["indicator"] or "").replace("_", " "),
            row["why"] or "",
            "not known" if row["accounts"] is None else count(row["accounts"]),
            "not known" if row["amount_usd"] is None else money(row["amount_usd"]),
            min(1.0, float(row["amount_usd"] or 0) * 100 / monitored_minor) if monitored_minor else 0.0,
        )
        for row in ordered.iter_rows(named=True)
    )


def _suites(quality: pl.DataFrame) -> tuple[Suite, ...]:
    failed = [(~pl.col("success") & (pl.col("severity") == severity)).sum().alias(severity) for severity in SEVERITIES]
    counted = quality.group_by("dataset").agg(pl.len().alias("checks"), *failed).sort("dataset")
    return tuple(Suite(dataset or "", checks, tuple(rest)) for dataset, checks, *rest in counted.iter_rows())


def _types(profile: pl.DataFrame) -> tuple[tuple[str, str, str], ...]:
    """List dataset, column and physical types, joined where files differ."""
    told = profile.filter(pl.col("metric") == "physical_type")
    joined = told.group_by("dataset", "subject").agg(pl.col("detail").unique().sort().str.join(" and "))
    return tuple(joined.sort("dataset", "subject").iter_rows())
