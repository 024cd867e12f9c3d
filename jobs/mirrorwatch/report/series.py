"""The figures that are followed over time, as the data-quality page shows them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from mirrorwatch.report.chart import Chart, Point, draw
from mirrorwatch.report.inputs import ReportInputs
from mirrorwatch.report.wording import NBSP, count, rounded_money, sentence, words

_KEY = ("dataset", "metric", "subject")
_NAMES = {
    "row_count": "Rows",
    "amount_total": "US dollars in all",
    "amount_median": "Median amount",
    "rejected_fraction": "Rejected",
}
_BARS = frozenset({"row_count", "amount_total"})
_WEEKEND = 5
_WEEKDAYS = ("Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays")


@dataclass(frozen=True)
class Series:
    """One figure: tonight's value, what is usual, and the drawing."""

    dataset: str
    metric: str
    subject: str
    name: str
    tonight: str
    usual: str
    like: str
    unusual: bool
    chart: Chart


@dataclass(frozen=True)
class Followed:
    """One dataset's figures: those of the whole, its channels by size, its columns' nulls."""

    dataset: str
    figures: tuple[Series, ...]
    channels: tuple[Series, ...]
    nulls: tuple[Series, ...]

    @property
    def unusual(self) -> tuple[Series, ...]:
        """Those outside what is usual."""
        return tuple(each for each in (*self.figures, *self.channels, *self.nulls) if each.unusual)


def read_followed(inputs: ReportInputs) -> tuple[Followed, ...]:
    """Read each dataset's figures: transactions first, then by name."""
    days = inputs.trailing.sort(*_KEY, "booking_date").partition_by(list(_KEY), as_dict=True)
    ordered = inputs.trend.sort(
        pl.col("dataset") != "transactions", "dataset", "metric", pl.col("value").neg(), "subject", nulls_last=True
    )
    read = [_series(row, days.get(tuple(row[name] for name in _KEY)), inputs.run_date) for row in ordered.to_dicts()]
    names = dict.fromkeys(each.dataset for each in read)
    return tuple(_followed(name, [each for each in read if each.dataset == name]) for name in names)


def _followed(dataset: str, mine: list[Series]) -> Followed:
    order = list(_NAMES)
    whole = sorted((each for each in mine if each.metric in _NAMES), key=lambda each: order.index(each.metric))
    channels, nulls = (
        tuple(each for each in mine if each.metric == metric) for metric in ("channel_share", "null_fraction")
    )
    return Followed(dataset, tuple(whole), channels, nulls)


def _series(row: Mapping[str, Any], days: pl.DataFrame | None, run_date: date) -> Series:
    subject, like = row["subject"] or "", row["like"] or ""
    known = days.select("booking_date", "value").iter_rows() if days is not None else ()
    points = [Point(on, value, _is_like(on, like)) for on, value in known]
    usual = None if row["low"] is None else (row["low"], row["usual"], row["high"])
    name = _NAMES.get(row["metric"]) or words(subject)
    told, said = _written(row["metric"], row["value"]), _usual(row)
    chart = draw(
        points, Point(run_date, row["value"], like=True), usual,
        bars=row["metric"] in _BARS, unusual=row["unusual"], label=f"{name}: {told}; usual {said}",
    )  # fmt: skip
    return Series(row["dataset"], row["metric"], subject, name, told, said, like, row["unusual"], chart)


def _is_like(on: date, like: str) -> bool:
    """Tell whether a day is one that tonight is compared with, by the words for those."""
    if like in _WEEKDAYS:
        return on.weekday() == _WEEKDAYS.index(like)
    if like in {"working days", "weekend days"}:
        return (on.weekday() >= _WEEKEND) == (like == "weekend days")
    return True


def _usual(row: Mapping[str, Any]) -> str:
    if row["low"] is None:
        return "not known: too few like days"
    return f"{_written(row['metric'], row['low'])} to {_written(row['metric'], row['high'])}"


def _written(metric: str, value: float) -> str:
    if metric == "row_count":
        return count(round(max(value, 0)))
    if metric == "amount_total":
        return rounded_money(round(value))
    if metric == "amount_median":
        return f"USD{NBSP}{value:,.2f}"
    return f"{value * 100:.{2 if value < 0.1 else 1}f}{NBSP}%"  # noqa: PLR2004 - small parts need two digits


def title_of(series: Series) -> str:
    """Name a figure where it stands alone: its dataset, and what of it."""
    parts = {"channel_share": "share of channel", "null_fraction": "nulls in"}
    what = f"{parts[series.metric]} {series.subject}" if series.metric in parts else series.name.lower()
    return f"{sentence(series.dataset)}: {what}"
