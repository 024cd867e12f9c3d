"""Gates: when a night stops, which one stopped it, at what share, and what to do."""

from datetime import date

import polars as pl

from mirrorwatch.config import Gates
from mirrorwatch.contract import DATASETS, QUALITY
from mirrorwatch.intake.summary import DatasetSummary, StageSummary
from mirrorwatch.night.gating import faults, own_faults

DAY = date(2026, 3, 31)


def summary(**rejected: tuple[int, int, dict[str, int]]) -> StageSummary:
    """Return an intake of 100 rows a dataset; `rejected` gives (read, kept, rows by reason) where it was another."""
    datasets = {dataset.name: (100, 100, {}) for dataset in DATASETS} | rejected
    return StageSummary(
        run_date=DAY,
        first_date=DAY,
        datasets={
            name: DatasetSummary(
                dataset=name, files=1, rows_read=read, rows_kept=kept, rows_rejected=read - kept, rejected_by_reason=why
            )
            for name, (read, kept, why) in datasets.items()
        },
    )


def failed(**changes: object) -> pl.DataFrame:
    row = {
        "dataset": "transactions",
        "expectation": "expect_column_values_to_be_in_set",
        "column": "currency",
        "severity": "critical",
        "success": False,
        "unexpected_count": 3,
        "unexpected_fraction": 0.15,
        "observed": "3 of 20 rows, where 5 % may",
        "reason": "The feed is broken.",
    }
    return pl.DataFrame([row | changes], schema=QUALITY)


def test_a_sound_night_passes() -> None:
    assert faults(failed(success=True), summary(), Gates()) == ()


def test_a_failed_gate_says_which_what_share_and_what_to_do() -> None:
    name = "transactions.expect_column_values_to_be_in_set.currency"
    [told] = faults(failed(), summary(), Gates())
    assert told == (
        f"The gate {name} failed (15.0% of rows; 3 of 20 rows, where 5 % may): The feed is broken. "
        f'Have it corrected at the source, or, once it was looked at, let it pass with gates.accepted = ["{name}"].'
    )


def test_what_was_accepted_passes_by_its_short_and_its_full_name() -> None:
    for name in (
        "transactions.expect_column_values_to_be_in_set",
        *faults(failed(), summary(), Gates())[0].split()[2:3],
    ):
        assert faults(failed(), summary(), Gates(accepted=(name,))) == ()


def test_warnings_and_single_rows_stop_nothing() -> None:
    assert faults(failed(severity="warning"), summary(), Gates()) == ()
    assert faults(failed(severity="info"), summary(transactions=(100, 95, {"amount_missing": 5})), Gates()) == ()


def test_rows_rejected_beyond_the_bound_stop_the_night_with_their_reasons() -> None:
    rejected = {"amount_missing": 3, "currency_unknown": 2, "channel_unknown": 1, "booked_at_missing": 1}
    [told] = faults(failed(success=True), summary(transactions=(100, 93, rejected)), Gates())
    assert told == (
        "7 of the 100 transactions read were rejected, more than the 5.0% that gates.max_rejected_fraction allows: "
        "7.0% (most under amount_missing: 3, currency_unknown: 2, booked_at_missing: 1). "
        "Have those rows sent again, or raise that setting for this night."
    )


def test_holders_and_ties_count_as_bookings_do_but_rates_show_in_bookings() -> None:
    lost = (100, 90, {"x": 10})
    told = faults(failed(success=True), summary(accounts=lost, parties=lost, ownership=lost, fx_rates=lost), Gates())
    assert [sentence.split(" read ")[0] for sentence in told] == [
        "10 of the 100 accounts", "10 of the 100 parties", "10 of the 100 ownership rows",
    ]  # fmt: skip
    assert faults(failed(success=True), summary(accounts=lost), Gates(max_rejected_fraction=0.1)) == ()


def test_nothing_left_to_monitor_is_said_once() -> None:
    [told] = faults(failed(success=True), summary(transactions=(100, 0, {"no_fx_rate": 100})), Gates())
    assert told == "None of the 100 transactions read can be monitored (most under no_fx_rate: 100)."


def test_faults_of_the_nights_own_product_cannot_be_accepted_away() -> None:
    [told] = own_faults(failed(dataset="alerts", column="rank", observed=None, unexpected_fraction=None, reason=None))
    assert told == "The critical expectation alerts.expect_column_values_to_be_in_set.rank failed."
