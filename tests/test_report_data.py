"""The data state of a night: sums that reconcile, days that are missing, checks that failed."""

from dataclasses import replace
from datetime import date

import polars as pl
import pytest
from tests.report_nights import RUN_DATE, completeness, empty_night, ordinary_night, stopped_night

from mirrorwatch import contract
from mirrorwatch.report import QUARANTINE_COUNTS, count_quarantine
from mirrorwatch.report.completeness import read_completeness
from mirrorwatch.report.data_state import data_state
from mirrorwatch.report.headline import headline

FIRST = date(2026, 1, 29)


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def test_the_bridge_leads_from_received_to_monitored_and_adds_up() -> None:
    table = completeness()
    rows = int(table["row_count"].sum())
    whole = read_completeness(table, rows, FIRST, RUN_DATE)
    assert whole.adds_up
    assert [step.kind for step in whole.steps] == ["received", *["rejected"] * 3, "not_applicable", "monitored"]
    assert whole.steps[0].rows == rows == sum(step.rows for step in whole.steps[1:])
    assert rows == sum(line.received for line in whole.currencies) == sum(column.received for column in whole.days)


@pytest.mark.parametrize("lost", [1, -3])
def test_rows_that_cannot_be_followed_are_said_first(lost: int) -> None:
    night = ordinary_night()
    night = replace(night, facts=replace(night.facts, rows_read=night.facts.rows_read + lost))
    state = data_state(night)
    assert not state.completeness.adds_up
    assert f"does not add up: {abs(lost)} row" in plain(state.sentences[0])
    assert f"{abs(lost)} differ" in state.sum_line


def test_days_of_the_window_without_rows_are_named() -> None:
    table = completeness().filter(pl.col("booking_date") != date(2026, 2, 3))
    whole = read_completeness(table, int(table["row_count"].sum()), FIRST, RUN_DATE)
    assert whole.empty_days == (date(2026, 2, 3),)
    assert len(whole.days) == 45


@pytest.mark.parametrize(("differ", "says"), [(None, "gave no control totals"), (0, "agree"), (2, "differ on 2 days")])
def test_control_totals_are_spoken_of_always(differ: int | None, says: str) -> None:
    night = ordinary_night()
    night = replace(night, facts=replace(night.facts, control_totals_differ=differ))
    assert says in plain(" ".join(data_state(night).sentences))


def test_failed_checks_come_by_severity_and_passed_ones_apart() -> None:
    state = data_state(ordinary_night())
    assert [check.severity for check in state.failed] == ["critical", "warning"]
    assert all(check.success for check in state.passed)
    assert len(state.failed) + len(state.passed) == 4


def test_the_conclusion_counts_live_alerts_and_each_payment_once() -> None:
    night = ordinary_night()
    live = night.evidence.filter(pl.col("alert_id").is_in(night.alerts["alert_id"].head(2).implode()))
    said = headline(night, data_state(night))
    assert plain(said.conclusion).startswith("2 alerts to look at, with USD 2.33 million")
    assert round(float(live["amount_usd"].sum()) / 1e6, 2) == 2.33
    assert "1 new, 1 changed" in said.detail
    assert "withdrawn" in said.detail
    twice = night.evidence.vstack(night.evidence.head(5).with_columns(alert_id=pl.lit(night.alerts["alert_id"][1])))
    assert headline(replace(night, evidence=twice), data_state(night)).conclusion == said.conclusion


def test_an_empty_and_a_stopped_night_say_so() -> None:
    empty, stopped = empty_night(), stopped_night()
    assert headline(empty, data_state(empty)).conclusion.startswith("No alert tonight")
    said = headline(stopped, data_state(stopped))
    assert "stopped" in said.conclusion
    assert not any("lerts" in figure.label for figure in said.figures)
    checked = replace(empty, detectors=())
    assert headline(checked, data_state(checked)).conclusion == "The data was checked. No detector looked at it."


def test_quarantine_counts_each_reason_and_shows_its_first_row() -> None:
    rows = [
        ("transactions", "b.parquet", 7, ["amount", "currency"], "{}"),
        ("transactions", "a.parquet", 9, ["amount"], "{}"),
        ("parties", "p.parquet", 1, ["name"], "{}"),
    ]
    counts = count_quarantine(pl.DataFrame(rows, schema=contract.QUARANTINE, orient="row").lazy())
    assert counts.schema == QUARANTINE_COUNTS
    assert counts.rows() == [
        ("transactions", "amount", 2, "a.parquet", 9),
        ("parties", "name", 1, "p.parquet", 1),
        ("transactions", "currency", 1, "b.parquet", 7),
    ]


def test_an_empty_quarantine_counts_nothing() -> None:
    assert count_quarantine(pl.LazyFrame(schema=contract.QUARANTINE)).schema == QUARANTINE_COUNTS
