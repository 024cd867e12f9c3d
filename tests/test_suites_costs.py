"""What a failed expectation costs: detectors, accounts and dollars, driven by what the detectors declare."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import great_expectations as gx
import great_expectations.expectations as gxe
import polars as pl
import pytest
from great_expectations.expectations.row_conditions import Column
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.intake_worlds import RUN_DATE, World, accounts, booking, frame, fx_rates, parties, run
from tests.test_intake_blindness import detector

from mirrorwatch.contract import BLINDNESS, CHANNELS
from mirrorwatch_suites.runner import assess
from mirrorwatch_suites.unexpected import resolved, unexpected

SHELL = detector(
    ("parties", "licence", "licensed", "lawful firms look alike"),
    ("parties", "phone", "shared_phone", "phones cannot be compared"),
    ("transactions", "merchant_category", "spending", "kinds are lost"),
    ("ownership", "share", "controls", "who controls is unknown"),
    ("watchlist", "country", "name_match", "a match cannot be narrowed"),
)
Told = dict[tuple[str, str], list[tuple[int | None, Decimal | None, str]]]


@pytest.fixture(scope="module")
def costs(tmp_path_factory: pytest.TempPathFactory) -> Told:
    """Return what failures add to the blindness of a night in which A1 pays A2 1 and 2 dollars, and A2 pays A3 4.

    P2, who holds A2, has a licence of another name and owners of more than the whole; A3 opened after the run date; a
    card payment has no merchant code; rates are stale; a watchlist names a country in words; one party is rejected.
    """
    paid = booking(4, originator_account_id="A2", beneficiary_account_id="A3", merchant_category="fuel", channel="card")
    world = World(tmp_path_factory.mktemp("costs") / "data", days={RUN_DATE: frame(booking(1), booking(2), paid)})
    robot = parties().head(1).with_columns(party_id=pl.lit("P4"), party_type=pl.lit("robot"))
    opened = pl.Series([date(2020, 1, 1), date(2020, 1, 1), date(2027, 1, 1)])
    world.datasets |= {
        "parties": pl.concat([parties(), robot]).with_columns(licence=pl.Series([None, "bank licence", "msb", None])),
        "accounts": accounts().with_columns(opened_on=opened),
        "fx_rates": fx_rates().with_columns(rate_date=pl.lit(date(2026, 1, 1))),
        "watchlist": pl.DataFrame({"entry_id": ["E1"], "list_name": ["SDN"], "name": ["Name"], "country": ["Iran"]}),
        "ownership": pl.DataFrame(
            {
                "owner_party_id": ["P1", "P3", "P1"],
                "owned_party_id": ["P2", "P2", "P3"],
                "role": ["shareholder"] * 3,
                "share": [0.7, 0.7, 1.0],
            }
        ),
    }
    staged = run(world.write(), detectors=[SHELL])
    before = staged.table("blindness")
    assess(staged.work, [SHELL])
    after = staged.table("blindness")
    assert after.schema == BLINDNESS
    assess(staged.work, [SHELL])
    assert staged.table("blindness").equals(after), "to tell costs again must change nothing"
    assert after.equals(after.unique().sort("detector", "indicator", "why"))
    found: Told = {}
    for who, what, why, number, amount in after.join(
        before, on=before.columns, how="anti", nulls_equal=True
    ).iter_rows():
        found.setdefault((who, what), []).append((number, amount, why))
    return found


def test_a_value_that_cannot_be_used_blinds_as_a_missing_one_does(costs: Told) -> None:
    [(number, amount, why)] = costs["shell_company", "licensed"]
    assert (number, amount) == (1, Decimal(7))
    assert why == (
        "parties.licence fails expect_column_values_to_be_in_set on 33.3 % of accounts in use and on file: "
        "shell_company cannot judge licensed of 1 of 3 accounts, on bookings of USD 7; lawful firms look alike."
    )


def test_failures_in_bookings_are_counted_in_bookings(costs: Told) -> None:
    [(number, amount, why)] = costs["shell_company", "spending"]
    assert (number, amount) == (2, Decimal(4))
    assert why.startswith(
        "transactions.merchant_category fails expect_column_values_to_match_regex on 100.0 % of card bookings"
    )


def test_rows_in_doubt_concern_every_detector(costs: Told) -> None:
    told = costs["all", "accounts_opened_on"]
    assert {row[:2] for row in told} == {(1, Decimal(4))}
    assert all("1 of 3 accounts in use and on file (33.3 %) fail" in why for _, _, why in told)


def test_shares_beyond_the_whole_are_laid_to_whom_they_concern(costs: Told) -> None:
    assert {row[:2] for row in costs["shell_company", "controls"]} == {(1, Decimal(7))}


def test_entries_of_a_later_day_are_told_by_the_check_and_blind_nobody(tmp_path: Path) -> None:
    needs = (("watchlist", "", "name_strength", "nobody listed can be found"),
             ("watchlist", "listed_on", "since_listing", "before and after are not known"),
             ("watchlist", "country", "country_agrees", "namesakes abroad are not told apart"))  # fmt: skip
    world, watching = World(tmp_path, days={RUN_DATE: frame(booking(1))}), detector(*needs)
    entries = {"entry_id": ["E1", "E2"], "list_name": ["SDN"] * 2, "name": ["Name", "Other"]}
    days = [RUN_DATE, RUN_DATE + timedelta(days=1)]
    world.datasets["watchlist"] = pl.DataFrame(entries | {"listed_on": days, "country": ["Iran", "IR"]})
    staged = run(world.write(), detectors=[watching])
    quality = assess(staged.work, [watching])
    assert quality.filter(~pl.col("success"), dataset="watchlist", column="listed_on").height == 1
    told = staged.table("blindness").filter(detector="shell_company")
    assert told["indicator"].to_list() == ["country_agrees"]  # one entry's country is no lack of the whole list


def test_a_failure_about_no_account_has_no_figures(costs: Told) -> None:
    [(number, amount, why)] = costs["all", "fx_rates_rate_date"]
    assert (number, amount) == (None, None)
    assert why.startswith("fx_rates.rate_date fails expect_column_max_to_be_between (2026-01-01")
    [(number, amount, why)] = costs["shell_company", "name_match"]
    assert (number, amount) == (None, None)
    assert why == (
        "watchlist.country fails expect_column_values_to_be_in_set (1 of 1 rows): shell_company cannot judge "
        "name_match by it; a match cannot be narrowed."
    )


def test_what_was_told_already_or_matters_to_nobody_is_not_told(costs: Told) -> None:
    assert set(costs) == {
        ("shell_company", "licensed"), ("shell_company", "spending"), ("shell_company", "controls"),
        ("shell_company", "name_match"), ("all", "accounts_opened_on"), ("all", "fx_rates_rate_date"),
    }  # fmt: skip


_ROWS = st.fixed_dictionaries(
    {
        "text": st.sampled_from([None, "wire", "Wire", "card", "4711", ""]),
        "low": st.none() | st.integers(-3, 3),
        "high": st.none() | st.integers(-3, 3),
    }
)
_EXPECTED: tuple[tuple[type[gxe.Expectation], dict[str, Any]], ...] = (
    (gxe.ExpectColumnValuesToNotBeNull, {"column": "text"}),
    (gxe.ExpectColumnValuesToBeInSet, {"column": "text", "value_set": list(CHANNELS)}),
    (gxe.ExpectColumnValuesToMatchRegex, {"column": "text", "regex": r"^\d{4}$"}),
    (gxe.ExpectColumnValueLengthsToBeBetween, {"column": "text", "min_value": 1, "max_value": 4}),
    (gxe.ExpectColumnValuesToBeBetween, {"column": "low", "min_value": -1, "strict_min": True, "max_value": 2}),
    (gxe.ExpectColumnValuesToBeBetween, {"column": "low", "min_value": 0, "max_value": 2, "strict_max": True}),
    (gxe.ExpectColumnPairValuesAToBeGreaterThanB, {"column_A": "high", "column_B": "low", "or_equal": True}),
    (gxe.ExpectColumnPairValuesAToBeGreaterThanB, {"column_A": "high", "column_B": "low"}),
    (gxe.ExpectColumnPairValuesToBeEqual, {"column_A": "high", "column_B": "low"}),
)


@pytest.fixture(scope="module")
def whole_frames() -> Any:  # noqa: ANN401 - its class has a private name
    context = gx.get_context(mode="ephemeral")
    asset = context.data_sources.add_pandas("pandas").add_dataframe_asset("frame")
    return asset.add_batch_definition_whole_dataframe("whole")


@settings(max_examples=12)
@given(rows=st.lists(_ROWS, min_size=1, max_size=8))
def test_failing_rows_are_those_that_great_expectations_counts(whole_frames: Any, rows: list[dict[str, Any]]) -> None:  # noqa: ANN401
    data = pl.DataFrame(rows, schema={"text": pl.String, "low": pl.Int64, "high": pl.Int64})
    pandas = data.to_pandas().astype({"low": "float", "high": "float"})
    batch = whole_frames.get_batch(batch_parameters={"dataframe": pandas})
    for expectation, arguments in _EXPECTED:
        pair = {"ignore_row_if": "either_value_is_missing"} if "column_A" in arguments else {}
        made = expectation(**arguments, **pair)
        condition = unexpected(made.configuration.type, made.configuration.kwargs)
        assert condition is not None
        counted = data.select(condition.fill_null(value=False).sum()).item()
        assert counted == batch.validate(made).result["unexpected_count"], (expectation, rows)


def test_no_condition_is_better_than_a_wrong_one() -> None:
    assert unexpected("expect_column_values_to_be_unique", {"column": "text"}) is None
    within = {"column": "text", "row_condition": Column("low") == 1}
    assert unexpected("expect_column_values_to_not_be_null", within) is None


def test_parameters_are_put_in_as_days() -> None:
    given_day = {"max_value": {"$PARAMETER": "run_date"}, "min_value": 3}
    assert resolved(given_day, {"run_date": datetime(2026, 3, 31)}) == {"max_value": date(2026, 3, 31), "min_value": 3}  # noqa: DTZ001
