"""The night in a few sentences, the conclusion first: what to look at, where to start, and how far the data carries."""

from dataclasses import dataclass
from decimal import Decimal

import polars as pl

from mirrorwatch.report.data_state import DataState, Figure
from mirrorwatch.report.inputs import ReportInputs
from mirrorwatch.report.wording import count, plural, rounded_money

STATES = ("new", "changed", "unchanged", "withdrawn")


@dataclass(frozen=True)
class Headline:
    """Conclusion first; `data` says in sentences how far the night's data can be trusted."""

    conclusion: str
    detail: str
    data: tuple[str, ...]
    figures: tuple[Figure, ...]


def headline(inputs: ReportInputs, state: DataState) -> Headline:
    """Put the night into words and figures."""
    counts = dict(inputs.alerts.get_column("state").value_counts().iter_rows())
    live = inputs.alerts.filter(pl.col("state") != "withdrawn")
    carried = _money_behind(live, inputs.evidence)
    found: tuple[Figure, ...] = (
        _alert_figure(counts, live.height),
        Figure("Money behind them", rounded_money(carried), "each payment once"),
    )
    if not inputs.looked:
        found = ()
    elif not live.height:
        found = found[:1]
    figures = (*found, *state.figures)
    return Headline(_conclusion(inputs, live.height, carried), _detail(counts, live.height), state.sentences, figures)


def _money_behind(live: pl.DataFrame, evidence: pl.DataFrame) -> Decimal:
    """US dollars of the payments behind live alerts, a payment in two alerts counted once."""
    ids = live.select("alert_id")
    once = evidence.join(ids, on="alert_id", how="semi").unique("transaction_id").get_column("amount_usd").sum()
    listed = live.get_column("amount_usd").sum()
    return Decimal(once or listed or 0)


def _conclusion(inputs: ReportInputs, live: int, carried: Decimal) -> str:
    if inputs.facts.gate_failures:
        return "The night was stopped: its data is too bad to judge anyone on. Nothing was published."
    if not inputs.looked:
        return "The data was checked. No detector looked at it."
    if live == 0:
        return "No alert tonight: nothing that a detector could see reached its threshold."
    return f"{plural(live, 'alert')} to look at, with {rounded_money(carried)} of payments behind {_them(live)}."


def _them(number: int) -> str:
    return "it" if number == 1 else "them"


def _detail(counts: dict[str, int], live: int) -> str:
    parts = [f"{count(counts[state])} {state}" for state in STATES[:3] if counts.get(state)]
    text = f"Against the last published night: {', '.join(parts)}." if live else ""
    gone = counts.get("withdrawn", 0)
    if gone:
        text += f" {plural(gone, 'alert')} of that night {'is' if gone == 1 else 'are'} withdrawn: "
        text += f"today's data no longer supports {_them(gone)}."
    return text.strip()


def _alert_figure(counts: dict[str, int], live: int) -> Figure:
    parts = [f"{count(counts[state])} {state}" for state in STATES if counts.get(state)]
    return Figure("Alerts to look at", count(live), ", ".join(parts))
