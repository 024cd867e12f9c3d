"""The night's figures in Prometheus' text format, for those who watch with their own tools.

Every metric is a gauge: it tells of the night, not of a process. Labels hold codes, never texts or names of people.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, time

import polars as pl
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from mirrorwatch.report.data_state import SEVERITIES
from mirrorwatch.report.inputs import ReportInputs

Sample = tuple[Sequence[str], float]
_DAY_SECONDS = 86_400


class Figures(Collector):
    """Families of samples, handed to the client that writes them."""

    def __init__(self, families: Iterable[GaugeMetricFamily]) -> None:
        self._families = tuple(families)

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Give the families in order."""
        yield from self._families


def family(name: str, told: str, labels: Sequence[str], samples: Iterable[Sample]) -> GaugeMetricFamily:
    """Return one metric, `mirrorwatch_` before its name, with its samples in order."""
    gauge = GaugeMetricFamily(f"mirrorwatch_{name}", told, labels=labels)
    for values, value in samples:
        gauge.add_metric(list(values), value)
    return gauge


def written(families: Iterable[GaugeMetricFamily]) -> str:
    """Return the text of some metrics; those without any sample are left out."""
    registry = CollectorRegistry()
    registry.register(Figures(each for each in families if each.samples))
    return generate_latest(registry).decode()


def render_metrics(inputs: ReportInputs) -> str:
    """Return the night's metrics. The same night gives the same text: no clock is among them."""
    return written(
        [*_night(inputs), *_rows(inputs), *_quality(inputs), *_findings(inputs), *_blindness(inputs.blindness)]
    )


def _night(inputs: ReportInputs) -> Iterator[GaugeMetricFamily]:
    midnight = datetime.combine(inputs.run_date, time(), UTC).timestamp()
    yield family("night_timestamp_seconds", "The night's date, as the first second of it (UTC).", (), [((), midnight)])
    stopped = float(bool(inputs.facts.gate_failures))
    yield family("night_stopped", "1 when a gate or unreadable input stopped the night.", (), [((), stopped)])
    yield family("input_files", "Files that the night read.", (), [((), inputs.facts.input_count)])


def _rows(inputs: ReportInputs) -> Iterator[GaugeMetricFamily]:
    yield family("transactions_read", "Transactions of the window that were read.", (), [((), inputs.facts.rows_read)])
    ended = inputs.completeness.group_by("outcome", pl.col("reason").fill_null("")).agg(pl.col("row_count").sum())
    yield family(
        "transactions",
        "Transactions of the window by how they ended; adds up to those read.",
        ("outcome", "reason"),
        (((outcome, reason), rows) for outcome, reason, rows in ended.sort("outcome", "reason").iter_rows()),
    )
    dollars = inputs.facts.monitored_usd_minor / 100
    yield family("monitored_usd", "US dollars of the monitored transactions.", (), [((), dollars)])
    codes = inputs.quarantine_counts.group_by("dataset", pl.col("reason").str.split(":").list.first()).agg(
        pl.col("rows").sum()
    )
    yield family(
        "quarantined_rows",
        "Rows in quarantine; a row with two reasons counts under both.",
        ("dataset", "reason"),
        (((dataset or "", reason), rows) for dataset, reason, rows in codes.sort("dataset", "reason").iter_rows()),
    )


def _quality(inputs: ReportInputs) -> Iterator[GaugeMetricFamily]:
    results = inputs.quality.group_by("dataset", "severity", "success").len().sort("dataset", "severity", "success")
    counted = {(dataset, severity, success): rows for dataset, severity, success, rows in results.iter_rows()}
    every = [
        ((dataset, severity, result), counted.get((dataset, severity, result == "passed"), 0))
        for dataset in inputs.quality.get_column("dataset").unique().sort()
        for severity in SEVERITIES
        for result in ("failed", "passed")
    ]
    labels = ("dataset", "severity", "result")
    yield family("expectations", "Expectations by dataset, severity and result.", labels, every)
    unusual = inputs.trend.group_by("dataset").agg(pl.col("unusual").sum()).sort("dataset")
    told = "Figures unlike the trailing nights'."
    yield family("unusual_figures", told, ("dataset",), (((name,), count) for name, count in unusual.iter_rows()))
    ages = inputs.profile.filter(pl.col("metric") == "age_days").sort("dataset").select("dataset", "value")
    yield family(
        "newest_row_age_seconds",
        "Age of the newest row at the night's date, in whole days.",
        ("dataset",),
        (((dataset,), days * _DAY_SECONDS) for dataset, days in ages.iter_rows()),
    )
    if (differ := inputs.facts.control_totals_differ) is not None:
        told = "Days and currencies where other rows were read than the source says it sent."
        yield family("control_totals_differing", told, (), [((), differ)])


def _findings(inputs: ReportInputs) -> Iterator[GaugeMetricFamily]:
    if not inputs.looked:
        return
    states = inputs.alerts.group_by("typology", "state").len()
    counted = {(typology, state): count for typology, state, count in states.iter_rows()}
    looked_for = {note.typology for note in inputs.detectors} | set(inputs.alerts.get_column("typology"))
    every = [
        ((typology, state), counted.get((typology, state), 0))
        for typology in sorted(looked_for)
        for state in ("new", "changed", "unchanged", "withdrawn")
    ]
    yield family("alerts", "Alerts by typology and state.", ("typology", "state"), every)
    cases = inputs.cases.group_by("state").len().sort("state")
    yield family("cases", "Cases by state.", ("state",), (((state,), count) for state, count in cases.iter_rows()))


def _blindness(blindness: pl.DataFrame) -> Iterator[GaugeMetricFamily]:
    """Tell the widest gap of each indicator: its gaps overlap, so their sum would tell of nobody."""
    labels = ("detector", "indicator")
    widest = blindness.group_by(*labels).agg(pl.col("accounts").max(), pl.col("amount_usd").max()).sort(*labels)
    told = "that a detector's indicator could not look at; the widest of its gaps."
    for name, column, what in (("blind_accounts", "accounts", "Accounts"), ("blind_usd", "amount_usd", "US dollars")):
        known = widest.drop_nulls(column).select(*labels, column)
        samples = (((detector, indicator), float(value)) for detector, indicator, value in known.iter_rows())
        yield family(name, f"{what} {told}", labels, samples)
