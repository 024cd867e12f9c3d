"""What only two datasets together can tell, and what the lists of the night's own product promise."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.intake_worlds import DAY_BEFORE, RUN_DATE, World, accounts, booking, frame, fx_rates, parties, run

from mirrorwatch.contract import ALERTS, CASES, COMPLETENESS, CONTROL_TOTALS, OWNERSHIP, TRANSACTIONS
from mirrorwatch_suites import across, outputs
from mirrorwatch_suites.runner import assess


def _bookings(*rows: dict[str, Any]) -> pl.LazyFrame:
    days = pl.Series([row["booked_at"].date() for row in rows], dtype=pl.Date)
    return frame(*rows).with_columns(booking_date=days).lazy()


def test_every_account_in_use_is_looked_up_once() -> None:
    rows = _bookings(
        booking(1, DAY_BEFORE),
        booking(2),
        booking(3, beneficiary_account_id=None),
        booking(4, originator_account_id="X"),
    )
    found = across.accounts_in_use(rows, accounts().lazy()).sort("account_id").collect()
    assert found.select("account_id", "account_on_file", "bookings", "first_booked_on", "last_booked_on").rows() == [
        ("A1", "A1", 3, DAY_BEFORE, RUN_DATE),
        ("A2", "A2", 3, DAY_BEFORE, RUN_DATE),
        ("X", None, 1, RUN_DATE, RUN_DATE),
    ]


def _owned(*rows: tuple[str, str, str, float | None, date | None, date | None]) -> dict[str, Any]:
    ownership = pl.LazyFrame(list(rows), schema=OWNERSHIP.schema, orient="row")
    found = across.owned(ownership, parties().lazy(), RUN_DATE).collect()
    return {row["owned_party_id"]: row for row in found.iter_rows(named=True)}


def test_shares_add_up_over_those_who_hold_on_the_run_date() -> None:
    over, not_yet = RUN_DATE - timedelta(days=1), RUN_DATE + timedelta(days=1)
    found = _owned(
        ("P1", "P2", "shareholder", 0.6, None, None),
        ("P9", "P2", "shareholder", 0.4, RUN_DATE, RUN_DATE),
        ("P3", "P2", "shareholder", 0.5, None, over),
        ("P3", "P2", "shareholder", 0.5, not_yet, None),
        ("P3", "P2", "nominee", 0.4, None, None),
        ("P1", "P8", "director", None, None, None),
    )
    assert found["P2"] | {"owned_on_file": "P2", "owners": 3, "owners_on_file": 2, "share_sum": 1.0} == found["P2"]
    assert found["P8"] | {"owned_on_file": None, "owners": 1, "share_sum": None} == found["P8"]


@settings(max_examples=30)
@given(shares=st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_the_sum_of_shares_does_not_depend_on_their_order(shares: list[float]) -> None:
    def summed(order: list[float]) -> float:
        owners = ((f"O{number}", "P2", "shareholder", share, None, None) for number, share in enumerate(order))
        return float(_owned(*owners)["P2"]["share_sum"])

    assert summed(shares) == summed(sorted(shares)) == summed(shares[::-1])
    assert summed(shares) == pytest.approx(sum(shares), abs=1e-6 * len(shares))


def _ledger(*rows: tuple[date, str, str, str | None, int, int]) -> pl.LazyFrame:
    exact = [(*row[:5], Decimal(row[5])) for row in rows]
    return pl.LazyFrame(exact, schema=COMPLETENESS, orient="row")


def test_a_rate_is_looked_for_on_every_currency_and_day_that_was_booked() -> None:
    ledger = _ledger(
        (RUN_DATE, "MXN", "monitored", None, 5, 50),
        (RUN_DATE, "MXN", "rejected", "amount_missing", 1, 0),
        (RUN_DATE, "EUR", "rejected", "no_fx_rate", 2, 20),
        (RUN_DATE, "USD", "monitored", None, 9, 90),
        (RUN_DATE, "CNY", "monitored", None, 3, 30),
    )
    found = across.rates_needed(ledger, fx_rates().lazy()).sort("currency").collect()
    assert found.select("currency", "rows_read", "rows_unrated", "rate_age_days").rows() == [
        ("CNY", 3, 0, 1), ("EUR", 2, 2, None), ("MXN", 6, 0, 3),
    ]  # fmt: skip


def test_control_totals_are_compared_by_rows_not_by_days() -> None:
    ledger = _ledger((RUN_DATE, "USD", "monitored", None, 98, 990), (RUN_DATE, "MXN", "monitored", None, 1, 10))
    sent = [(RUN_DATE, "USD", 98, Decimal(990)), (RUN_DATE, "MXN", 2, Decimal(20)), (DAY_BEFORE, "USD", 7, Decimal(7))]
    totals = pl.LazyFrame(sent, schema=CONTROL_TOTALS.schema, orient="row")
    found = across.control_totals(ledger, totals, RUN_DATE, RUN_DATE).sort("currency").collect()
    assert found["row_difference"].to_list() == [-1, 0]
    assert found["rows_off_fraction"].unique().to_list() == [0.01]
    assert found["amounts_off_fraction"].unique().to_list() == [0.01]  # half of MXN's amount, on 2 of 100 rows
    nothing = across.control_totals(ledger, totals.filter(pl.lit(value=False)), RUN_DATE, RUN_DATE).collect()
    assert nothing["rows_off_fraction"].to_list() == [None, None]


def test_suites_whose_dataset_is_absent_are_left_out(tmp_path: Path) -> None:
    found = assess(run(World(tmp_path / "data").write()).work)
    assert not {"ownership_parties", "trade_documents_parties", "transactions_control_totals"} & set(found["dataset"])
    assert {"transactions_accounts", "accounts_parties", "transactions_fx_rates"} <= set(found["dataset"])


@pytest.fixture(scope="module")
def torn(tmp_path_factory: pytest.TempPathFactory) -> pl.DataFrame:
    """Return what fails when files are numbered in different ways, accounts are closed and totals are off."""
    rows = [
        booking(number, originator_account_id=f"0{number}", beneficiary_account_id=f"1{number}") for number in range(9)
    ]
    closed = accounts().with_columns(party_id=pl.lit("P-1"), closed_on=pl.lit(date(2025, 1, 1)))
    world = World(tmp_path_factory.mktemp("torn") / "data", days={RUN_DATE: frame(*rows[1:]), DAY_BEFORE: frame(
        booking(20, DAY_BEFORE, originator_account_id="05", beneficiary_account_id="15"))})  # fmt: skip
    world.datasets |= {
        "accounts": closed.with_columns(account_id=pl.Series(["5", "6", "7"])),
        "control_totals": pl.DataFrame(
            {"booking_date": [RUN_DATE], "currency": ["USD"], "row_count": [80], "total_amount": [Decimal(3600)]}
        ),
    }
    return assess(run(world.write()).work).filter(~pl.col("success"))


def test_files_that_number_accounts_in_two_ways_stop_the_night(torn: pl.DataFrame) -> None:
    critical = torn.filter(severity="critical").select("dataset", "column").rows()
    assert ("transactions_accounts", "account_on_file") in critical
    assert ("accounts_parties", "party_on_file") in critical
    assert ("transactions_control_totals", "rows_off_fraction") in critical
    assert ("transactions_control_totals", "amounts_off_fraction") in critical


def test_bookings_on_closed_accounts_are_worth_knowing(tmp_path: Path) -> None:
    world = World(tmp_path / "data")
    dates = {
        "closed_on": pl.lit(date(2025, 1, 1)),
        "opened_on": pl.Series([date(2026, 3, 31)] * 2 + [date(2026, 4, 1)]),
    }
    world.datasets["accounts"] = accounts().with_columns(**dates)
    found = assess(run(world.write()).work).filter(~pl.col("success"), dataset="transactions_accounts")
    assert found.select("column", "severity", "unexpected_count").rows() == [
        ("closed_on, last_booked_on", "info", 2), ("closed_on, last_booked_on", "warning", 2),
    ]  # fmt: skip


def _alert(alert: str, **changes: Any) -> dict[str, Any]:  # noqa: ANN401
    row = dict.fromkeys(ALERTS) | {"alert_id": alert, "state": "new", "score": 0.5, "indicators": []}
    return row | {"account_ids": ["A1", "A2"], "party_ids": [], "transaction_ids": ["T1"]} | changes


def _case(case: str, *alerts: str, **changes: Any) -> dict[str, Any]:  # noqa: ANN401
    row = {"case_id": case, "alert_ids": list(alerts), "account_ids": ["A1"], "party_ids": [], "state": "new"}
    return row | {"typologies": ["mirror_swap"], "score": 0.5, "opened_on": RUN_DATE} | changes


def test_what_lists_promise_becomes_columns() -> None:
    alerts = pl.LazyFrame(
        [
            _alert("sound"),
            _alert("torn", account_ids=["A2", "A1"], transaction_ids=["T1", "T1", "T9"]),
            _alert("gone", state="withdrawn", transaction_ids=["T9"]),
        ],
        schema=ALERTS,
    )
    named = [_case("one", "sound"), _case("two", "sound", "lost"), _case("old", "gone", state="withdrawn")]
    cases = pl.LazyFrame(named, schema=CASES)
    bookings = pl.LazyFrame(
        {"transaction_id": ["T1"]}, schema={"transaction_id": TRANSACTIONS.schema["transaction_id"]}
    )
    told = outputs.alert_rows(alerts, cases, bookings).sort("alert_id").collect()
    columns = (
        "alert_id",
        "account_count",
        "transaction_count",
        "lists_out_of_order",
        "case_count",
        "transactions_missing",
    )
    assert told.select(columns).rows() == [
        ("gone", 2, 1, 0, None, None), ("sound", 2, 1, 0, 2, 0), ("torn", 2, 3, 2, 0, 1),
    ]  # fmt: skip
    found = outputs.case_rows(cases, alerts).sort("case_id").collect()
    assert found.select("case_id", "alert_count", "alerts_missing", "best_score", "typologies_unknown").rows() == [
        ("old", 1, None, None, 0), ("one", 1, 0, 0.5, 0), ("two", 2, 1, 0.5, 0),
    ]  # fmt: skip
