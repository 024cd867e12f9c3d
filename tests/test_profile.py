"""A night's profile: it tells what the rows say, day by day, adds up to the ledger, and is kept with the night."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import groupby
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from tests.intake_worlds import RUN_DATE, World, booking, frame, run

from mirrorwatch.contract import PROFILE
from mirrorwatch.intake.profile import profile
from mirrorwatch.store.staging import staged

YESTERDAY = RUN_DATE - timedelta(days=1)
EMPTY_DAY = RUN_DATE - timedelta(days=2)
FIRST = RUN_DATE - timedelta(days=3)


def told(folder: Path, *rows: dict[str, Any]) -> pl.DataFrame:
    """Write the rows by day, read the folder, and return its profile."""
    days = {day: frame(*mine) for day, mine in groupby(sorted(rows, key=day_of), key=day_of)}
    staged_night = run(World(folder, days).write())
    frames = {name: staged(staged_night.work, name) for name in staged_night.summary.datasets}
    return profile(frames, staged_night.table("completeness"), staged_night.summary)


def day_of(row: dict[str, Any]) -> date:
    moment: datetime = row["booked_at"]
    return moment.date()


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> pl.DataFrame:
    """Three days of rows with a gap: ten good rows, one without currency, one in a currency without a rate."""
    rows = [booking(number, FIRST if number < 4 else YESTERDAY if number < 7 else RUN_DATE) for number in range(1, 11)]
    rows[6] |= {"channel": "cash_deposit", "originator_account_id": None, "branch_id": "B1"}
    rows[7] |= {"channel": "cash_deposit", "originator_account_id": None}
    rows[8] |= {"purpose": None}
    rows += [booking(50, currency="XXQ"), booking(60, currency="EUR")]
    return told(tmp_path_factory.mktemp("night"), *rows)


def values(night: pl.DataFrame, metric: str, subject: str | None = None, dataset: str = "transactions") -> list[object]:
    mine = night.filter(pl.col("subject").eq_missing(pl.lit(subject)), metric=metric, dataset=dataset)
    return mine.sort("booking_date", "detail").select("booking_date", "value", "rows").rows()


def test_every_day_from_the_first_with_rows_has_a_count_also_an_empty_one(night: pl.DataFrame) -> None:
    assert night.schema == PROFILE
    assert values(night, "row_count") == [(FIRST, 3, 3), (EMPTY_DAY, 0, 0), (YESTERDAY, 3, 3), (RUN_DATE, 6, 6)]
    assert values(night, "rejected_fraction")[-1] == (RUN_DATE, 2 / 6, 6)


def test_outcomes_add_up_in_rows_and_dollars(night: pl.DataFrame) -> None:
    ends = night.filter(metric="outcome_rows", booking_date=RUN_DATE).sort("subject", "detail")
    assert ends.select("subject", "detail", "value").rows() == [
        ("monitored", None, 4), ("rejected", "currency_unknown", 1), ("rejected", "no_fx_rate", 1),
    ]  # fmt: skip
    dollars = night.filter(metric="outcome_usd", booking_date=RUN_DATE).sort("subject", "detail")["value"].to_list()
    assert dollars == [7 + 8 + 9 + 10, None, None]  # what has no rate has no dollars


def test_channels_nulls_and_amounts_are_those_of_the_rows(night: pl.DataFrame) -> None:
    assert values(night, "channel_share", "cash_deposit") == [(FIRST, 0, 3), (YESTERDAY, 0, 3), (RUN_DATE, 0.5, 4)]
    assert values(night, "null_fraction", "purpose")[-1] == (RUN_DATE, 0.25, 4)
    assert values(night, "null_fraction", "branch_id") == [(RUN_DATE, 0.5, 2)]  # of cash only
    assert values(night, "amount_total")[-1] == (RUN_DATE, 34, 4)
    assert values(night, "age_days") == [(RUN_DATE, 0, 12)]


def test_other_datasets_are_told_as_they_were_that_night(night: pl.DataFrame) -> None:
    assert values(night, "row_count", dataset="parties") == [(RUN_DATE, 3, 3)]
    assert values(night, "null_fraction", "occupation", "parties") == [(RUN_DATE, 0, 1)]  # of persons only
    assert values(night, "null_fraction", "industry_code", "parties") == [(RUN_DATE, 1, 2)]  # of organisations only
    assert values(night, "age_days", dataset="fx_rates") == [(RUN_DATE, 1, 2)]
    types = night.filter(metric="physical_type", dataset="accounts")
    assert ("opened_on", "Date", 3.0) in types.select("subject", "detail", "value").rows()
    assert "ownership" not in night["dataset"]


@pytest.mark.parametrize("count", [1, 2, 500])
def test_medians_are_within_a_class_of_the_true_one(tmp_path: Path, count: int) -> None:
    amounts = [Decimal(7 * number**2 % 9973 + 1) for number in range(1, count + 1)]
    rows = [booking(number, amount=amount) for number, amount in enumerate(amounts)]
    night = told(tmp_path, *rows)
    ((_, median, rows_behind),) = values(night, "amount_median")
    true = float(pl.Series(amounts, dtype=pl.Decimal(18, 2)).cast(pl.Float64).quantile(0.5, "lower") or 0)
    assert rows_behind == count
    assert 2**-0.3 < float(str(median)) / true < 2**0.3


def test_rows_that_were_all_rejected_leave_counts_and_no_figures_of_monitored_ones(tmp_path: Path) -> None:
    night = told(tmp_path, booking(1, currency="XXQ")).filter(dataset="transactions")
    assert values(night, "row_count") == [(RUN_DATE, 1, 1)]
    assert values(night, "rejected_fraction") == [(RUN_DATE, 1, 1)]
    assert night.filter(metric="amount_total").is_empty()


def test_a_ledger_without_any_row_leaves_snapshots_only(tmp_path: Path) -> None:
    staged_night = run(World(tmp_path).write())
    frames = {name: staged(staged_night.work, name) for name in staged_night.summary.datasets}
    night = profile(frames, staged_night.table("completeness").clear(), staged_night.summary)
    assert night.filter(dataset="transactions")["metric"].unique().to_list() == ["physical_type"]
    assert night["booking_date"].unique().to_list() == [RUN_DATE]
