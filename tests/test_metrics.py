"""Metrics: what a scraper reads is well formed, adds up, names nobody, and says whether the night was published."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest
from prometheus_client.parser import text_string_to_metric_families
from tests.conftest import Command
from tests.report_nights import PARTIES, empty_night, ordinary_night, stopped_night
from tests.report_quality_nights import hostile_quality_night, odd_night
from tests.worlds import DAY, ordinary

from mirrorwatch.report import ReportInputs, render_metrics

Read = dict[tuple[str, tuple[tuple[str, str], ...]], float]


def read(text: str) -> Read:
    """Read the text as a scraper would; the same sample twice is an error, as node exporter has it."""
    samples: Read = {}
    for name, labels, value in _samples(text):
        assert (name, labels) not in samples
        samples[name, labels] = value
    return samples


def _samples(text: str) -> Iterator[tuple[str, tuple[tuple[str, str], ...], float]]:
    for family in text_string_to_metric_families(text):
        assert family.documentation
        assert family.type == "gauge"
        for sample in family.samples:
            assert sample.timestamp is None  # the textfile collector refuses a file that has one
            yield sample.name.removeprefix("mirrorwatch_"), tuple(sorted(sample.labels.items())), sample.value


def of(samples: Read, name: str) -> dict[tuple[str, ...], float]:
    return {tuple(value for _, value in labels): number for (each, labels), number in samples.items() if each == name}


@pytest.mark.parametrize("make", [ordinary_night, empty_night, stopped_night, odd_night, hostile_quality_night])
def test_the_text_can_be_read_and_is_the_same_each_time(make: object) -> None:
    night: ReportInputs = make()  # type: ignore[operator]
    text = render_metrics(night)
    assert read(text)
    names = ("alerts", "cases", "completeness", "quality", "blindness", "quarantine_counts", "trend", "profile")
    turned = replace(night, **{name: getattr(night, name).reverse() for name in names})
    assert render_metrics(turned) == text
    assert not [party for party in PARTIES if party[0] in text or party[2] in text]


def test_rows_by_outcome_add_up_to_those_read() -> None:
    night = ordinary_night()
    samples = read(render_metrics(night))
    assert sum(of(samples, "transactions").values()) == of(samples, "transactions_read")[()] == night.facts.rows_read
    assert of(samples, "transactions")["rejected", "no rate for CNY within 7 days"] == 12
    assert of(samples, "monitored_usd")[()] == night.facts.monitored_usd_minor / 100


def test_expectations_alerts_and_blindness_are_counted() -> None:
    samples = read(render_metrics(ordinary_night()))
    assert of(samples, "expectations")["transactions", "failed", "critical"] == 1
    assert of(samples, "expectations")["transactions", "passed", "critical"] == 0
    alerts = of(samples, "alerts")
    assert alerts["new", "mirror_swap"] == alerts["withdrawn", "mirror_swap"] == alerts["changed", "shell_company"] == 1
    assert alerts["new", "shell_company"] == 0  # told, so that a rule can tell none from not looked for
    assert of(samples, "blind_accounts")["mirror_swap", "same_group"] == 100_204
    assert of(samples, "blind_usd")["shell_company", "ownership_circle"] == 918_221_340.18


def test_of_two_gaps_of_one_indicator_the_wider_counts_and_unknown_ones_are_left_out() -> None:
    night = ordinary_night()
    row = night.blindness.head(1)
    gaps = pl.concat([
        row, row.with_columns(accounts=pl.lit(9_000, pl.Int64), why=pl.lit("another")),
        row.with_columns(detector=pl.lit("all"), accounts=pl.lit(None, pl.Int64)),
    ])  # fmt: skip
    told = of(read(render_metrics(replace(night, blindness=gaps))), "blind_accounts")
    assert told == {("shell_company", "ownership_circle"): 9_000}


def test_a_stopped_night_tells_its_data_and_no_alerts() -> None:
    samples = read(render_metrics(stopped_night()))
    assert of(samples, "night_stopped")[()] == 1
    assert of(samples, "alerts") == {}
    assert of(samples, "expectations")


def test_unusual_figures_and_the_age_of_data_are_told() -> None:
    told = read(render_metrics(odd_night()))
    assert of(told, "unusual_figures") == {("parties",): 1, ("transactions",): 1}
    night = odd_night()
    aged = night.profile.head(1).with_columns(metric=pl.lit("age_days"), dataset=pl.lit("fx_rates"), value=pl.lit(3.0))
    ages = of(read(render_metrics(replace(night, profile=aged))), "newest_row_age_seconds")
    assert ages == {("fx_rates",): 3 * 24 * 60 * 60}


@pytest.mark.usefixtures("pretend")
def test_a_published_night_leaves_its_metrics_and_a_stopped_one_replaces_them(
    command: Command, tmp_path: Path, out: Path
) -> None:
    latest = out / "metrics" / "mirrorwatch.prom"
    command("run", "--data", ordinary().write(tmp_path / "data"), "--out", out, "--date", DAY)
    text = latest.read_text(encoding="utf-8")
    samples = read(text)
    assert of(samples, "night_published")[()] == 1
    assert of(samples, "transactions_read")[()] == 10
    assert set(of(samples, "step_seconds")) >= {("stage", ""), ("detect", "mirror_swap"), ("publish", "")}
    assert of(samples, "step_peak_bytes")["stage", ""] > 1e6
    assert text.startswith((out / "reports" / str(DAY) / "metrics.prom").read_text(encoding="utf-8"))
    told = json.loads((out / "manifests" / f"{DAY}.json").read_text(encoding="utf-8"))
    assert f"reports/{DAY}/metrics.prom" in {entry["path"] for entry in told["outputs"]}
    broken = ordinary().pay("b", "broken").write(tmp_path / "broken")
    assert command("run", "--data", broken, "--out", out, "--date", DAY)[0] == 3
    stopped = read(latest.read_text(encoding="utf-8"))
    assert (of(stopped, "night_published")[()], of(stopped, "night_stopped")[()]) == (0, 1)
    assert of(stopped, "transactions_read")[()] == 11
    assert [path.name for path in latest.parent.iterdir()] == ["mirrorwatch.prom"]


@pytest.mark.usefixtures("pretend")
def test_an_older_night_that_is_filled_in_leaves_the_metrics_of_the_later_one(
    command: Command, tmp_path: Path, out: Path
) -> None:
    data = ordinary().write(tmp_path / "data")
    command("run", "--data", data, "--out", out, "--date", DAY)
    before = (out / "metrics" / "mirrorwatch.prom").read_text(encoding="utf-8")
    assert command("run", "--data", data, "--out", out, "--date", DAY - timedelta(days=1))[0] == 0
    assert (out / "metrics" / "mirrorwatch.prom").read_text(encoding="utf-8") == before


@pytest.mark.usefixtures("pretend")
def test_metrics_that_cannot_be_written_do_not_cost_the_night(command: Command, tmp_path: Path, out: Path) -> None:
    out.mkdir()
    (out / "metrics").write_text("in the way")
    code, _, err = command("run", "--data", ordinary().write(tmp_path / "data"), "--out", out, "--date", DAY)
    assert code == 0
    assert "metrics could not be written" in err


@pytest.mark.usefixtures("pretend")
def test_checking_the_data_leaves_the_metrics_of_the_night_alone(command: Command, tmp_path: Path, out: Path) -> None:
    command("validate", "--data", ordinary().write(tmp_path / "data"), "--out", out, "--date", DAY)
    assert not (out / "metrics").exists()
