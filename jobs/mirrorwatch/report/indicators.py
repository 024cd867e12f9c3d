"""Each indicator against its threshold, as words and as a bar."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from mirrorwatch.report.wording import figure, sentence

BAR_WIDTH = 140
# A value far beyond its threshold would press the threshold's mark against the edge: the bar ends at four times.
_LONGEST = 4.0


@dataclass(frozen=True)
class Bar:
    """Length of the bar and place of the threshold's mark, in pixels; `cut` when the value runs off the end."""

    length: float
    threshold: float
    cut: bool


@dataclass(frozen=True)
class Indicator:
    """One reason why an alert fired."""

    code: str
    name: str
    value: str
    threshold: str
    weight: str
    reason: str
    reference: str
    bar: Bar | None
    context: bool  # told, but without weight in the score


def read_indicators(items: Sequence[dict[str, Any]] | None) -> tuple[Indicator, ...]:
    """Read an alert's indicators (contract.INDICATOR), those with most weight first."""
    ordered = sorted(items or (), key=lambda item: -(item["weight"] or 0.0))
    return tuple(
        Indicator(
            item["code"] or "",
            sentence(item["code"] or "unnamed"),
            figure(item["value"]),
            _bound(item["value"], item["threshold"], weighed=bool(item["weight"])),
            figure(item["weight"]),
            item["reason"] or "",
            item["reference"] or "",
            bar(item["value"], item["threshold"]),
            context=not item["weight"],
        )
        for item in ordered
    )


def _bound(value: float | None, threshold: float | None, *, weighed: bool) -> str:
    """Write the threshold; where the value counted, also on which side of it the value lies."""
    if not weighed or value is None or threshold is None or value != value or threshold != threshold:  # noqa: PLR0124 - NaN
        return figure(threshold)
    return f"{'≥' if value >= threshold else '≤'}\u00a0{figure(threshold)}"


def bar(value: float | None, threshold: float | None) -> Bar | None:
    """Place value and threshold on one scale from zero; None where they share no such scale."""
    if value is None or threshold is None or not 0 <= value < float("inf") or not 0 < threshold < float("inf"):
        return None
    end = min(max(value, threshold) * 1.15, threshold * _LONGEST)
    return Bar(round(min(value / end, 1.0) * BAR_WIDTH, 1), round(threshold / end * BAR_WIDTH, 1), cut=value > end)
