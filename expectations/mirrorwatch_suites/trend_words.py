"""What is said of a figure beside its usual band."""

from collections.abc import Mapping
from typing import Any

from mirrorwatch_suites.trend_bands import FEWEST, SCALES

_WHY = {
    "row_count": "Far fewer rows than on like days: part of a delivery is missing. Far more: one came twice.",
    "rejected_fraction": "More rows put aside than usual: something changed at the source.",
    "null_fraction": "A column that empties blinds the indicators that need it; one that fills may hold fillers.",
    "channel_share": "A channel that vanishes or swells is a feed that was dropped, or codes that moved.",
    "amount_median": "A shifted median is another unit, such as hundredths read as units, or another population.",
    "amount_total": "A shifted sum is a few very large amounts, a missing feed, or an amount read wrongly.",
}


def why_of(metric: str) -> str:
    """Say why the figure is followed."""
    return _WHY[metric]


def sentence_of(row: Mapping[str, Any]) -> str:
    """`4,210 rows; usually 9,120 to 11,480 (8 Tuesdays)`. `row` is one of TREND."""
    value = written(row["metric"], row["value"])
    if row["low"] is None:
        return f"{value}; not compared, since fewer than {FEWEST} like days are known"
    bounds = f"{written(row['metric'], row['low'], end='first')} to {written(row['metric'], row['high'], end='last')}"
    return f"{value}; usually {bounds} ({row['days']} {row['like']})"


def written(metric: str, value: float, *, end: str = "") -> str:
    """Write a figure with its unit: rows, percent or US dollars; of a range, the `first` or `last` end has it."""
    kind = SCALES[metric].kind
    if kind == "money":
        return ("" if end == "last" else "USD ") + (f"{value:,.2f}" if metric == "amount_median" else f"{value:,.0f}")
    if kind == "count":
        number, unit = f"{max(value, 0):,.0f}", " row" if round(value) == 1 and not end else " rows"
    else:
        # below a tenth a tenth of a percent is coarse
        number, unit = f"{value * 100:.{2 if value < 0.1 else 1}f}", " %"  # noqa: PLR2004
    return number + ("" if end == "first" else unit)
