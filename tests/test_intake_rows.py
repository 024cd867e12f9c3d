"""What becomes of one row: every type that converts is taken, every rule has its code, nothing is lost."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.intake_worlds import DAY_BEFORE, RUN_DATE, Staged, World, accounts, booking, frame, fx_rates, parties, run

from mirrorwatch.contract import DATASETS, MONEY, QUARANTINE, STAGED_TRANSACTIONS
from mirrorwatch.errors import InputError
from mirrorwatch.intake.checks import reasons
from mirrorwatch.intake.conversions import FAILURES, convert
from mirrorwatch.intake.iso import COUNTRIES, CURRENCIES


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path / "data")


def _with(world: World, rows: pl.DataFrame) -> Staged:
    world.days = {RUN_DATE: rows}
    return run(world.write())


def _amounts(world: World, values: list[Any], dtype: pl.DataType) -> list[int | str]:
    """Return the monitored hundredths, or the reasons, of amounts written in a type."""
    rows = frame(*(booking(number) for number in range(len(values))))
    staged = _with(world, rows.with_columns(pl.Series("amount", values, dtype=dtype, strict=False)))
    kept = dict(staged.transactions.select("source_row", "amount_minor").iter_rows())
    told = {row: codes for (_, row), codes in staged.reasons.items()}
    return [kept[row] if row in kept else ",".join(told[row]) for row in range(len(values))]


@pytest.mark.parametrize(
    "dtype",
    [pl.Int8(), pl.Int64(), pl.UInt64(), pl.Int128(), pl.Float32(), pl.Float64(), pl.Decimal(9, 0), pl.Decimal(38, 10),
     pl.String(), pl.Categorical()],
)  # fmt: skip
def test_a_whole_amount_is_taken_from_any_number_type(world: World, dtype: pl.DataType) -> None:
    if dtype == pl.Categorical():
        with pytest.raises(InputError, match="amount"):
            _amounts(world, ["7"], dtype)
    else:
        assert _amounts(world, ["7" if dtype == pl.String() else 7], dtype) == [700]


def test_floats_are_taken_when_they_mean_hundredths(world: World) -> None:
    cases: list[tuple[float, int | str]] = [
        (12.34, 1234),
        (139.89, 13989),
        (0.1 + 0.2, 30),
        (12.345, "amount_inexact"),
        (0.300001, "amount_inexact"),
        (float("nan"), "amount_not_finite"),
        (float("inf"), "amount_not_finite"),
        (70368744177663.99, 7036874417766399),
        (1e15 + 1, 10**17 + 100),
        (1e14 + 0.015625, "amount_inexact"),
        (1e300, "amount_out_of_range"),
    ]
    assert _amounts(world, [number for number, _ in cases], pl.Float64()) == [minor for _, minor in cases]


def test_short_floats_are_taken_while_they_tell_hundredths_apart(world: World) -> None:
    cases: list[tuple[float, int | str]] = [
        (12.34, 1234),
        (12345.678, "amount_inexact"),
        (65000.37, 6500037),
        (131071.99, 13107199),
        (131072.11, "amount_inexact"),
        (200000.0, 20000000),
    ]
    assert _amounts(world, [number for number, _ in cases], pl.Float32()) == [minor for _, minor in cases]


def test_decimals_are_taken_when_further_digits_are_zero(world: World) -> None:
    values = [Decimal("1.2300"), Decimal("1.2345"), Decimal("9999999999999999.99"), Decimal(10000000000000000)]
    assert _amounts(world, values, pl.Decimal(38, 4)) == [
        123,
        "amount_inexact",
        10**18 - 1,
        "amount_out_of_range",
    ]


def test_whole_numbers_beyond_the_contract_are_told(world: World) -> None:
    assert _amounts(world, [2**64 - 1, 9_999_999_999_999_999], pl.UInt64()) == ["amount_out_of_range", 10**18 - 100]


def test_texts_are_taken_when_they_are_plain_numbers(world: World) -> None:
    texts = ["12.34", " 5 ", "+0.10", "7.5000", "12.345", "1e3", "1,000", "abc", "", "-3", "99999999999999999", "."]
    assert _amounts(world, texts, pl.String()) == [
        1234,
        500,
        10,
        750,
        "amount_inexact",
        "amount_unreadable",
        "amount_unreadable",
        "amount_unreadable",
        "amount_missing",
        "amount_not_positive",
        "amount_out_of_range",
        "amount_unreadable",
    ]


@pytest.mark.parametrize("dtype", [pl.Datetime("ms"), pl.Datetime("ns", "UTC"), pl.Datetime("us", "Asia/Shanghai")])
def test_timestamps_of_any_unit_and_zone_become_utc(world: World, dtype: pl.Datetime) -> None:
    instant = datetime(2026, 3, 31, 9, 30, tzinfo=UTC)
    written = pl.Series([instant]).cast(pl.Datetime("us", "UTC")).dt.cast_time_unit(dtype.time_unit)
    column = written.dt.convert_time_zone(dtype.time_zone) if dtype.time_zone else written.dt.replace_time_zone(None)
    staged = _with(world, frame(booking(1)).with_columns(column.alias("booked_at")))
    assert staged.transactions["booked_at"].to_list() == [instant]


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-03-31T09:30:00Z", datetime(2026, 3, 31, 9, 30, tzinfo=UTC)),
        ("2026-03-31 09:30:00", datetime(2026, 3, 31, 9, 30, tzinfo=UTC)),
        ("2026-03-31T17:30:00.250+08:00", datetime(2026, 3, 31, 9, 30, 0, 250000, tzinfo=UTC)),
        ("2026-03-31T09:30", datetime(2026, 3, 31, 9, 30, tzinfo=UTC)),
        ("2026-03-31", datetime(2026, 3, 31, tzinfo=UTC)),
    ],
)
def test_timestamps_may_be_iso_text(world: World, text: str, instant: datetime) -> None:
    staged = _with(world, frame(booking(1)).with_columns(booked_at=pl.lit(text)))
    assert staged.transactions["booked_at"].to_list() == [instant]


@pytest.mark.parametrize(
    ("column", "values", "type_name"),
    [
        ("amount", pl.Series([True]), "Boolean"),
        ("booked_at", pl.Series([1_774_949_400]), "Int64"),
        ("currency", pl.Series([b"USD"]), "Binary"),
        ("transaction_id", pl.Series([date(2026, 1, 1)]), "Date"),
        ("channel", pl.Series([["wire"]]), "List"),
    ],
)
def test_a_type_that_cannot_convert_is_refused_by_name(
    world: World, column: str, values: pl.Series, type_name: str
) -> None:
    with pytest.raises(InputError) as caught:
        _with(world, frame(booking(1)).with_columns(values.alias(column)))
    told = str(caught.value)
    assert all(word in told for word in (column, type_name, f"booking_date={RUN_DATE}/part-0.parquet", "mapping"))


def test_identifiers_may_be_numbers_or_categories(world: World) -> None:
    rows = frame(booking(1), booking(2), booking(3)).with_columns(
        pl.Series("transaction_id", [7, 8, 9]),
        pl.Series("originator_account_id", [1.0, 2.5, None]),
        pl.Series("beneficiary_account_id", [Decimal("10.00"), Decimal("11.00"), Decimal("12.50")]),
        pl.col("currency").cast(pl.Categorical),
        pl.col("channel").cast(pl.Enum(["wire"])),
    )
    staged = _with(world, rows)
    assert staged.transactions.select("transaction_id", "originator_account_id", "beneficiary_account_id").rows() == [
        ("7", "1", "10")
    ]
    assert staged.codes == [
        ["originator_account_id_inexact"],
        ["beneficiary_account_id_inexact", "originator_account_id_missing"],
    ]


def test_columns_of_nothing_but_nulls_are_taken(world: World) -> None:
    staged = _with(world, frame(booking(1)).with_columns(pl.Series("purpose", [None], dtype=pl.Null)))
    assert staged.transactions["purpose"].to_list() == [None]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"transaction_id": None}, "transaction_id_missing"),
        ({"transaction_id": "  "}, "transaction_id_missing"),
        ({"booked_at": None}, "booked_at_missing"),
        ({"booked_at": datetime(2026, 3, 30, 23, 59, 59, tzinfo=UTC)}, "booked_at_off_partition"),
        ({"originator_account_id": None}, "originator_account_id_missing"),
        ({"beneficiary_account_id": None}, "beneficiary_account_id_missing"),
        ({"amount": None}, "amount_missing"),
        ({"amount": Decimal(0)}, "amount_not_positive"),
        ({"currency": None}, "currency_missing"),
        ({"currency": "usd"}, "currency_unknown"),
        ({"currency": "XXX"}, "currency_unknown"),
        ({"channel": "telex"}, "channel_unknown"),
        ({"originator_country": "UK"}, "originator_country_unknown"),
        ({"beneficiary_country": None}, "beneficiary_country_missing"),
        ({"currency": "MXN", "amount": Decimal("1e15")}, None),
        ({"currency": "EUR"}, "no_fx_rate"),
    ],
)  # fmt: skip
def test_each_row_rule_has_its_code(world: World, changes: dict[str, Any], code: str | None) -> None:
    staged = _with(world, frame(booking(1), booking(2, **changes)))
    assert staged.codes == ([[code]] if code else [])
    assert staged.summary.transactions.rows_kept == (1 if code else 2)


@pytest.mark.parametrize(("channel", "side"), [("cash_deposit", "originator"), ("cash_withdrawal", "beneficiary")])
def test_cash_has_one_account(world: World, channel: str, side: str) -> None:
    other = {"originator": "beneficiary", "beneficiary": "originator"}[side]
    staged = _with(
        world,
        frame(
            booking(1, channel=channel, **{f"{side}_account_id": None}),
            booking(2, channel=channel, **{f"{other}_account_id": None}),
        ),
    )
    assert staged.transactions["transaction_id"].to_list() == ["T1"]
    assert staged.codes == [[f"{other}_account_id_missing"]]


def test_a_row_is_told_every_rule_that_it_breaks(world: World) -> None:
    staged = _with(world, frame(booking(1, amount=None, currency="??", channel=None)))
    assert staged.codes == [["amount_missing", "channel_missing", "currency_unknown"]]


def test_a_rejected_row_is_kept_as_it_was_read(world: World) -> None:
    rows = frame(booking(1), booking(2)).with_columns(
        pl.Series("amount", [12.3456, 1.0]), pl.Series("note", ["=cmd|' /C calc'!A0\u0007", "ok"])
    )
    table = _with(world, rows).table("quarantine")
    assert table.schema == QUARANTINE
    row = table.row(0, named=True)
    assert (row["dataset"], row["source_row"]) == ("transactions", 0)
    assert row["reasons"] == ["amount_inexact: amount cannot become an amount with two decimals without loss"]
    told = pl.Series([row["row_json"]]).str.json_decode(pl.Struct({"amount": pl.String, "note": pl.String}))
    assert told.struct.unnest().row(0) == ("12.3456", "=cmd|' /C calc'!A0\u0007")


def test_the_first_of_equal_ids_stays(world: World) -> None:
    world.days = {DAY_BEFORE: frame(booking(1, DAY_BEFORE)), RUN_DATE: frame(booking(1), booking(2), booking(2))}
    staged = run(world.write())
    assert staged.transactions.select("transaction_id", "booking_date").rows() == [("T1", DAY_BEFORE), ("T2", RUN_DATE)]
    assert list(staged.reasons.values()) == [["duplicate_transaction_id"]] * 2


def test_a_row_that_is_itself_rejected_does_not_reject_its_correction(world: World) -> None:
    staged = _with(world, frame(booking(1, amount=Decimal(-5)), booking(1)))
    assert staged.codes == [["amount_not_positive"]]
    assert staged.transactions["source_row"].to_list() == [1]


def test_a_reversal_and_its_row_are_set_aside(world: World) -> None:
    undo: dict[str, Any] = {
        "originator_account_id": "A2",
        "beneficiary_account_id": "A1",
        "reverses_transaction_id": "T1",
    }
    world.days = {DAY_BEFORE: frame(booking(1, DAY_BEFORE)), RUN_DATE: frame(booking(9, amount=Decimal(1), **undo))}
    staged = run(world.write())
    assert staged.transactions.is_empty()
    ledger = staged.table("completeness").select("booking_date", "outcome", "reason").rows()
    assert ledger == [(DAY_BEFORE, "not_applicable", "reversed"), (RUN_DATE, "not_applicable", "reversal")]


@pytest.mark.parametrize(
    "changes", [{"amount": Decimal("0.50")}, {"beneficiary_account_id": "A3"}, {"reverses_transaction_id": "T404"}]
)
def test_a_reversal_that_undoes_no_row_in_full_is_monitored(world: World, changes: dict[str, Any]) -> None:
    undo: dict[str, Any] = {
        "amount": Decimal(1), "originator_account_id": "A2", "beneficiary_account_id": "A1",
        "reverses_transaction_id": "T1",
    }  # fmt: skip
    staged = _with(world, frame(booking(1), booking(9, **(undo | changes))))
    assert staged.transactions["transaction_id"].to_list() == ["T1", "T9"]
    assert "unpaired_reversals" in staged.table("blindness")["indicator"].to_list()


def test_one_row_is_undone_once(world: World) -> None:
    undo: dict[str, Any] = {"amount": Decimal(1), "originator_account_id": "A2", "beneficiary_account_id": "A1"}
    again = [booking(number, reverses_transaction_id="T1", **undo) for number in (8, 9)]
    assert _with(world, frame(booking(1), *again)).transactions["transaction_id"].to_list() == ["T9"]


def test_a_reversal_that_is_itself_reversed_leaves_the_payment(world: World) -> None:
    undo: dict[str, Any] = {"amount": Decimal(1), "originator_account_id": "A2", "beneficiary_account_id": "A1"}
    rows = [
        booking(1),
        booking(2, reverses_transaction_id="T1", **undo),
        booking(3, amount=Decimal(1), reverses_transaction_id="T2"),
    ]
    assert _with(world, frame(*rows)).transactions["transaction_id"].to_list() == ["T1"]


def test_a_booking_inside_one_account_is_set_aside(world: World) -> None:
    staged = _with(world, frame(booking(1), booking(2, beneficiary_account_id="A1")))
    assert staged.summary.transactions.rows_not_applicable == 1
    assert staged.table("completeness")["reason"].to_list() == [None, "same_account"]


def test_an_account_that_is_on_no_file_is_monitored_and_told(world: World) -> None:
    staged = _with(world, frame(booking(1, beneficiary_account_id="X9"), booking(2)))
    assert staged.transactions.height == 2
    told = staged.table("blindness").filter(indicator="orphan_accounts").row(0, named=True)
    assert (told["accounts"], told["amount_usd"]) == (1, Decimal(1))


@pytest.mark.parametrize(
    ("dataset", "rows", "codes"),
    [
        ("accounts", accounts().with_columns(pl.lit("A1").alias("account_id")), [["duplicate_account_id"]] * 2),
        ("accounts", accounts().with_columns(account_type=pl.lit("loro")), [["account_type_unknown"]] * 3),
        ("accounts", accounts().with_columns(opened_on=pl.lit("soon")), [["opened_on_unreadable"]] * 3),
        ("parties", parties().with_columns(party_type=pl.lit("trust")), [["party_type_unknown"]] * 3),
        ("parties", parties().with_columns(employees=pl.Series([1.0, 2.5, None])), [["employees_inexact"]]),
        ("fx_rates", fx_rates().with_columns(usd_per_unit=pl.Series([0.0, -1.0])), [["usd_per_unit_not_positive"]] * 2),
        ("fx_rates", fx_rates().with_columns(usd_per_unit=pl.lit(1e6)), [["usd_per_unit_out_of_range"]] * 2),
    ],
)
def test_other_datasets_have_rules_too(world: World, dataset: str, rows: pl.DataFrame, codes: list[list[str]]) -> None:
    world.datasets[dataset] = rows
    staged = run(world.write())
    assert [reasons for (file, _), reasons in staged.reasons.items() if file.startswith(dataset)] == codes


def test_ownership_rules(world: World) -> None:
    world.datasets["ownership"] = pl.DataFrame(
        {
            "owner_party_id": ["P1", "P1", "P1", "P1", None],
            "owned_party_id": ["P2", "P2", "P3", "P3", "P2"],
            "role": ["shareholder", "shareholder", "shareholder", "king", "agent"],
            "share": [0.5, 0.5, 1.01, None, None],
            "since": [date(2026, 1, 2)] * 5,
            "until": [None, None, date(2026, 1, 1), None, None],
        }
    )
    staged = run(world.write())
    assert staged.codes == [
        ["duplicate_owner_party_id_and_owned_party_id_and_role_and_since"],
        ["share_out_of_range", "until_before_since"],
        ["role_unknown"],
        ["owner_party_id_missing"],
    ]
    assert staged.table("staged/ownership").height == 1


def test_dates_may_be_text_or_timestamps(world: World) -> None:
    opened = pl.Series("opened_on", [datetime(2020, 5, 6, 23, tzinfo=UTC)] * 3).dt.convert_time_zone("Asia/Hong_Kong")
    world.datasets["accounts"] = accounts().with_columns(opened, closed_on=pl.lit("2026-01-05T00:00:00Z"))
    staged = run(world.write()).table("staged/accounts")
    assert staged.select("opened_on", "closed_on").unique().rows() == [(date(2020, 5, 7), date(2026, 1, 5))]


def test_staged_transactions_have_the_schema_that_detectors_read(world: World) -> None:
    assert run(world.write()).transactions.schema == STAGED_TRANSACTIONS


def test_usd_needs_no_rate_and_a_rate_is_carried_seven_days(world: World) -> None:
    world.datasets["fx_rates"] = pl.DataFrame(
        {"rate_date": [RUN_DATE - timedelta(days=7), RUN_DATE - timedelta(days=8)], "currency": ["MXN", "CNY"],
         "usd_per_unit": ["0.05", "0.14"]}
    )  # fmt: skip
    staged = _with(world, frame(booking(1), booking(2, currency="MXN"), booking(3, currency="CNY")))
    assert staged.transactions["usd_minor"].to_list() == [100, 10]
    assert staged.codes == [["no_fx_rate"]]


def test_reason_codes_are_unique_and_fit_one_integer() -> None:
    for dataset in DATASETS:
        codes = [reason.code for reason in reasons(dataset)]
        assert len(codes) == len(set(codes)) < 63


def test_code_lists_are_well_formed() -> None:
    assert len(set(COUNTRIES)) == len(COUNTRIES) == 250
    assert len(set(CURRENCIES)) == len(CURRENCIES)
    assert all(len(code) == 3 and code.isupper() for code in CURRENCIES)


@settings(max_examples=200)
@given(st.integers(min_value=-(10**15), max_value=10**15))
def test_a_float_that_was_written_as_hundredths_is_never_refused(minor: int) -> None:
    column = pl.col("amount")
    for dtype in (pl.Float64(), pl.Float32()) if abs(minor) < 10**7 else (pl.Float64(),):
        written = pl.DataFrame({"amount": [minor / 100]}).cast(dtype)
        conversion = convert(column, dtype, MONEY)
        assert conversion is not None
        assert written.select(conversion.value).item() == minor


def test_the_docs_know_every_reason_code() -> None:
    shown = (Path(__file__).parents[1] / "docs/data-quality.md").read_text(encoding="utf-8")
    patterns = [f"<column>_{kind}" for kind in ("missing", *FAILURES, "unknown")] + ["duplicate_<key>"]
    assert all(f"`{pattern}`" in shown for pattern in patterns)
    for dataset in DATASETS:
        columns = set(dataset.schema)
        for reason in reasons(dataset):
            general = any(
                reason.code.removeprefix(f"{column}_") in {"missing", "unknown", *FAILURES} for column in columns
            )
            assert general or reason.code.startswith("duplicate_") or f"`{reason.code}`" in shown, reason.code
