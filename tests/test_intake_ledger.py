"""Completeness: whatever comes in, every row read ends once, and counts and sums come out exactly."""

import json
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.intake_worlds import DAY_BEFORE, RUN_DATE, World, booking, frame, run

from mirrorwatch.contract import COMPLETENESS, STAGED_TRANSACTIONS
from mirrorwatch.intake.completeness import reconciliation
from mirrorwatch.intake.fx import RATE_SCALE, daily_rates, usd_minor

_TEXT = st.sampled_from(["A1", "A2", "A3", "X9", "", None])
_ROW = st.fixed_dictionaries(
    {
        "transaction_id": st.sampled_from([*(f"T{number}" for number in range(6)), "", None]),
        "booked_at": st.sampled_from(
            [datetime(2026, 3, 31, 9, tzinfo=UTC), datetime(2026, 3, 30, 9, tzinfo=UTC), None]
        ),
        "originator_account_id": _TEXT,
        "beneficiary_account_id": _TEXT,
        "amount": st.sampled_from(["1.00", "2.5", "-3", "0", "12.345", "abc", "", None, "9" * 15 + ".99", "9" * 17]),
        "currency": st.sampled_from(["USD", "MXN", "EUR", "usd", "", None]),
        "channel": st.sampled_from(["wire", "cash_deposit", "cash_withdrawal", "fax", None]),
        "reverses_transaction_id": st.sampled_from([None, None, "T0", "T1", "T9"]),
    }
)


@settings(max_examples=40)
@given(st.lists(_ROW, min_size=1, max_size=12), st.lists(_ROW, max_size=6))
def test_rows_and_sums_reconcile_whatever_comes_in(
    today: list[dict[str, object]], before: list[dict[str, object]]
) -> None:
    def written(rows: list[dict[str, object]], day: date) -> pl.DataFrame:
        full = [booking(number, day, **row) for number, row in enumerate(rows)]
        return frame(*full, amount=pl.String(), booked_at=pl.Datetime("us", "UTC"))

    with TemporaryDirectory() as folder:
        world = World(
            Path(folder) / "data", days={RUN_DATE: written(today, RUN_DATE), DAY_BEFORE: written(before, DAY_BEFORE)}
        )
        staged = run(world.write())
        ledger, quarantine = staged.table("completeness"), staged.table("quarantine")
        monitored = staged.transactions
    counts = dict(ledger.group_by("outcome").agg(pl.col("row_count").sum()).iter_rows())
    summary = staged.summary.transactions
    assert sum(counts.values()) == len(today) + len(before) == summary.rows_read
    assert summary.rows_read == summary.rows_kept + summary.rows_rejected + summary.rows_not_applicable
    assert counts.get("monitored", 0) == monitored.height == monitored["transaction_id"].n_unique()
    assert counts.get("rejected", 0) == quarantine.height == sum(summary.rejected_by_reason.values())
    assert ledger.sort("booking_date", "currency", "outcome", "reason", nulls_last=True).equals(ledger)
    assert _readable(today, before) == ledger["total_amount"].fill_null(0).sum()
    assert (
        monitored["amount_minor"].sum() == 100 * ledger.filter(outcome="monitored")["total_amount"].fill_null(0).sum()
    )


def _readable(*days: list[dict[str, object]]) -> Decimal:
    """Sum the amounts that have at most 16 digits and two decimals, whatever else is wrong with their rows."""
    texts = [str(row["amount"]) for rows in days for row in rows]
    return sum((Decimal(text) for text in texts if text in {"1.00", "2.5", "-3", "0", "9" * 15 + ".99"}), Decimal(0))


def test_the_ledger_names_date_currency_outcome_and_reason(tmp_path: Path) -> None:
    rows = frame(
        booking(1), booking(2, currency="MXN"), booking(3, currency="peso"), booking(4, amount=None),
        booking(5, amount=Decimal(-5)), booking(6, booked_at=None), booking(7, beneficiary_account_id="A1"),
    )  # fmt: skip
    ledger = run(World(tmp_path / "data", days={RUN_DATE: rows}).write()).table("completeness")
    assert ledger.schema == COMPLETENESS
    assert ledger.drop("booking_date").rows() == [
        ("MXN", "monitored", None, 1, Decimal(2)),
        ("USD", "monitored", None, 1, Decimal(1)),
        ("USD", "not_applicable", "same_account", 1, Decimal(7)),
        ("USD", "rejected", "amount_missing", 1, None),
        ("USD", "rejected", "amount_not_positive", 1, Decimal(-5)),
        ("USD", "rejected", "booked_at_missing", 1, Decimal(6)),
        (None, "rejected", "currency_unknown", 1, Decimal(3)),
    ]
    assert ledger["booking_date"].unique().to_list() == [RUN_DATE]


def test_sums_beyond_64_bits_stay_exact(tmp_path: Path) -> None:
    largest = Decimal("9999999999999999.99")
    rows = frame(*(booking(number, amount=largest) for number in range(20)))
    ledger = run(World(tmp_path / "data", days={RUN_DATE: rows}).write()).table("completeness")
    assert ledger["total_amount"].to_list() == [20 * largest]


def test_control_totals_are_compared_with_what_was_read(tmp_path: Path) -> None:
    world = World(tmp_path / "data", days={RUN_DATE: frame(booking(1), booking(2, amount=Decimal(-2)))})
    world.datasets["control_totals"] = pl.DataFrame(
        {
            "booking_date": [RUN_DATE, RUN_DATE, DAY_BEFORE],
            "currency": ["USD", "MXN", "USD"],
            "row_count": [3, 1, 0],
            "total_amount": ["7.50", "4", "0"],
        }
    )
    staged = run(world.write())
    compared = reconciliation(staged.table("completeness"), staged.table("staged/control_totals"))
    assert compared.select("booking_date", "currency", "row_difference", "amount_difference").rows() == [
        (DAY_BEFORE, "USD", 0, Decimal(0)),
        (RUN_DATE, "MXN", -1, Decimal(-4)),
        (RUN_DATE, "USD", -1, Decimal("-8.50")),
    ]


def test_what_the_source_gives_no_total_for_is_left_open(tmp_path: Path) -> None:
    staged = run(World(tmp_path / "data").write())
    compared = reconciliation(staged.table("completeness"), staged.table("staged/control_totals"))
    assert compared.select("rows_read", "row_difference").rows() == [(2, None)]


@given(
    st.integers(min_value=1, max_value=10**18 - 1),
    st.one_of(st.decimals("0.000001", "9999", places=6), st.sampled_from([Decimal("0.125"), Decimal("0.5")])),
)
def test_usd_is_the_exact_product_rounded_half_to_even(minor: int, rate: Decimal) -> None:
    rates = daily_rates(
        pl.DataFrame({"rate_date": [RUN_DATE], "currency": ["MXN"], "usd_per_unit": [float(rate)]}), [RUN_DATE]
    )
    scaled = rates.filter(currency="MXN")["usd_per_unit_scaled"].item()
    # A rate comes as a double: it is known to one part in 2^52, and held to the last unit of the scale.
    assert abs(Fraction(scaled, RATE_SCALE) - Fraction(rate)) <= Fraction(rate) / 2**52 + Fraction(1, RATE_SCALE)
    exact = round(Fraction(minor * scaled, RATE_SCALE))
    priced = rates.filter(currency="MXN").with_columns(amount_minor=pl.lit(minor, dtype=pl.Int64)).select(usd_minor())
    assert priced.item() == (exact if exact < 2**63 else None)


def test_an_amount_that_is_too_large_in_usd_is_rejected(tmp_path: Path) -> None:
    world = World(tmp_path / "data", days={RUN_DATE: frame(booking(1, currency="XAU", amount=Decimal(10**14)))})
    world.datasets["fx_rates"] = pl.DataFrame({"rate_date": [RUN_DATE], "currency": ["XAU"], "usd_per_unit": [4000.0]})
    assert run(world.write()).codes == [["usd_out_of_range"]]


def test_the_same_input_gives_the_same_bytes(tmp_path: Path) -> None:
    rows = frame(*(booking(number, currency="EUR" if number % 3 else "USD") for number in range(50)))
    first, second = (
        run(World(tmp_path / name, days={RUN_DATE: rows, DAY_BEFORE: frame(booking(99, DAY_BEFORE))}).write())
        for name in ("one", "two")
    )
    for table in ("completeness", "quarantine", "blindness"):
        parts = [sorted((night.work / table).glob("*.parquet")) for night in (first, second)]
        assert [part.read_bytes() for part in parts[0]] == [part.read_bytes() for part in parts[1]]
    assert first.summary == second.summary


def test_an_intake_starts_over_what_a_killed_one_left(tmp_path: Path) -> None:
    world = World(tmp_path / "data", days={RUN_DATE: frame(booking(1), booking(2, currency="EUR"))}).write()
    stale = run(world).work / "staged/transactions/part-9.parquet"
    pl.DataFrame(schema=STAGED_TRANSACTIONS).write_parquet(stale)
    (stale.parents[2] / "quarantine/old.parquet").write_bytes(b"half a fi")
    again = run(world)
    assert again.codes == [["no_fx_rate"]]
    assert not stale.exists()


def test_many_rejected_rows_are_quarantined_in_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    days = {
        RUN_DATE - timedelta(days=back): frame(*(booking(back * 10 + n, RUN_DATE - timedelta(days=back), currency="EUR")
                                                 for n in range(4)))
        for back in range(5)
    }  # fmt: skip
    from mirrorwatch.intake import judging

    monkeypatch.setattr(judging, "LARGEST_PART", 6)
    staged = run(World(tmp_path / "data", days=days).write())
    parts = sorted((staged.work / "quarantine").glob("*.parquet"))
    rows = pl.read_parquet(parts)
    assert len(parts) > 1
    assert rows.height == 20
    assert rows.equals(rows.sort("dataset", "source_file", "source_row"))
    assert Counter(json.loads(row)["currency"] for row in rows["row_json"]) == {"EUR": 20}


def test_nothing_that_is_written_is_held_in_memory_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from mirrorwatch.store import staging

    plans: list[str] = []
    write = staging.sink

    def watched(frame: pl.LazyFrame, *arguments: object, **named: object) -> None:
        plan = frame.show_graph(engine="streaming", plan_stage="physical", raw_output=True, show=False)
        plans.append(str(plan).split("in-memory engine fallback>", 1)[1])
        write(frame, *arguments, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(staging, "sink", watched)
    run(World(tmp_path / "data", days={RUN_DATE: frame(booking(1), booking(1), booking(2, currency="EUR"))}).write())
    assert len(plans) > 10
    assert not [plan for plan in plans if 'fillcolor="0.0 0.3 1.0"' in plan or "in-memory-map" in plan]
