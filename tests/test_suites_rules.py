"""One rule, said once: what the intake quarantines and what the suites expect are the same, row for row."""

from collections import Counter
from datetime import date
from decimal import Decimal
from importlib import import_module
from typing import Any

import polars as pl
import pytest
from tests.intake_worlds import DAY_BEFORE, RUN_DATE, Staged, World, accounts, booking, frame, parties, run
from tests.test_suites import _ownership, _trade_documents

from mirrorwatch import detectors
from mirrorwatch.contract import DATASETS
from mirrorwatch.intake.checks import FAILURE_KINDS, NO_FX_RATE, USD_OUT_OF_RANGE, reasons
from mirrorwatch_suites.protection import protection
from mirrorwatch_suites.results import column_of, reason_of
from mirrorwatch_suites.runner import assess

Rules = dict[tuple[str, str], list[Any]]
# A value that does not convert is null to the suites, and a sum in US cents that does not fit is in no column.
_NOT_IN_SUITES = ("_unreadable", "_inexact", "_not_finite", USD_OUT_OF_RANGE)


def _rules(suite: str) -> Rules:
    found: Rules = {}
    for expectation in import_module(f"mirrorwatch_suites.{suite}").suite().expectations:
        if rule := (expectation.meta or {}).get("row_rule"):
            found.setdefault((suite, rule), []).append(expectation)
    return found


@pytest.mark.parametrize("dataset", DATASETS, ids=lambda dataset: dataset.name)
def test_every_row_rule_has_its_expectation_and_no_other_is_claimed(dataset: Any) -> None:  # noqa: ANN401
    told = {rule for _, rule in _rules(dataset.name)}
    if dataset.name == "transactions":
        told |= {rule for _, rule in _rules("transactions_fx_rates")}
    kinds = {kind for kinds in FAILURE_KINDS.values() for kind in kinds}
    conversions = {f"{column.name}_{kind}" for column in dataset.columns for kind in kinds}
    codes = {reason.code for reason in reasons(dataset)}
    by_rule_alone = {"share_out_of_range", "usd_per_unit_out_of_range"}
    assert told == {
        code for code in codes if code not in conversions - by_rule_alone and not code.endswith(_NOT_IN_SUITES)
    }


def _every_column_null(valid: pl.DataFrame, key: str) -> pl.DataFrame:
    """Return a row for each column of `valid` that lacks it, each with its own key, below the valid rows."""
    first = valid.head(1)
    lacking = [
        first.with_columns(pl.lit(f"K{number}").alias(key)).with_columns(pl.lit(None, first.schema[name]).alias(name))
        for number, name in enumerate(valid.columns)
    ]
    return pl.concat([valid, *lacking])


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> tuple[Staged, pl.DataFrame]:
    """Break every row rule of every dataset at least once, among enough valid rows; return the night, assessed."""
    bad: list[dict[str, Any]] = [
        {"transaction_id": None}, {"transaction_id": "T1"}, {"booked_at": None}, {"amount": None},
        {"amount": Decimal(0)},
        {"amount": Decimal(-2)}, {"currency": None}, {"currency": "usd"}, {"channel": None}, {"channel": "pigeon"},
        {"originator_country": "ZZ"}, {"originator_country": None}, {"beneficiary_country": "ZZ"},
        {"beneficiary_country": None}, {"originator_account_id": None}, {"beneficiary_account_id": None},
        {"currency": "XAU"}, {"originator_account_id": None, "channel": "cash_withdrawal"},
    ]  # fmt: skip
    rows = [booking(number) for number in range(1, 9)]
    rows += [booking(number, **changes) for number, changes in enumerate(bad, 100)]
    rows += [{**booking(200, DAY_BEFORE)}]
    world = World(tmp_path_factory.mktemp("rules") / "data", days={RUN_DATE: frame(*rows)})
    world.datasets = {
        "accounts": _with(_every_column_null(accounts(), "account_id"), {"account_id": "A1"}, {"country": "ZZ"},
                          {"currency": "???"}, {"account_type": "loan"}),
        "parties": _with(_every_column_null(parties(), "party_id"), {"party_id": "P1"}, {"country": "ZZ"},
                         {"party_type": "robot"}),
        "ownership": _with(_every_column_null(_ownership(), "owner_party_id"), {}, {"role": "king"}, {"share": 1.5},
                           {"share": -0.1}, {"until": date(2019, 1, 1)}),
        "trade_documents": _with(_every_column_null(_trade_documents(), "document_id"), {"document_id": "D1"},
                                 {"origin_country": "ZZ"}, {"destination_country": "ZZ"},
                                 {"declared_value_usd": Decimal(-1)}),
        "fx_rates": _with(_rates(), {"usd_per_unit": None}, {"rate_date": None}, {"currency": None},
                          {"currency": "ZZZ"},
                          {"usd_per_unit": 0.0}, {"usd_per_unit": 1e6, "rate_date": DAY_BEFORE}, {}),
        "watchlist": _with(_entries(), {"entry_id": "E1"}, {"entry_id": None}, {"name": None}, {"list_name": None},
                           {"delisted_on": date(2019, 1, 1)}),
        "control_totals": _with(_totals(), {"row_count": None}, {"total_amount": None}, {"booking_date": None},
                                {"currency": None}, {"currency": "ZZZ"}, {"row_count": -1},
                                {"total_amount": Decimal(-1)}, {}),
    }  # fmt: skip
    staged = run(world.write())
    return staged, assess(staged.work)


def _with(valid: pl.DataFrame, *changes: dict[str, Any]) -> pl.DataFrame:
    """Add to the rows a copy of the first for each set of changed values, with an identifier of its own."""
    first = valid.head(1)
    identifier = next((name for name in first.columns[:1] if name.endswith("_id") and "owner" not in name), None)
    rows = [valid]
    for number, changed in enumerate(changes):
        own = {identifier: f"N{number}"} if identifier else {}
        values = {**own, **changed}
        rows.append(first.with_columns(pl.lit(value, first.schema[name]).alias(name) for name, value in values.items()))
    return pl.concat(rows)


def _rates() -> pl.DataFrame:
    return pl.DataFrame({"rate_date": [RUN_DATE], "currency": ["MXN"], "usd_per_unit": [0.0543]})


def _entries() -> pl.DataFrame:
    return pl.DataFrame(
        {
            "entry_id": ["E1"], "list_name": ["SDN"], "name": ["Name"], "listed_on": [date(2020, 1, 1)],
            "delisted_on": pl.Series([None], dtype=pl.Date),
        }
    )  # fmt: skip


def _totals() -> pl.DataFrame:
    return pl.DataFrame(
        {"booking_date": [RUN_DATE], "currency": ["USD"], "row_count": [1], "total_amount": [Decimal("1.00")]}
    )


def test_the_suites_count_what_the_intake_puts_in_quarantine(broken: tuple[Staged, pl.DataFrame]) -> None:
    staged, quality = broken
    told = staged.table("quarantine").select("dataset", pl.col("reasons")).explode("reasons")
    quarantined = Counter((dataset, reason.split(":")[0]) for dataset, reason in told.iter_rows())
    for dataset in (one.name for one in DATASETS):
        for (_, rule), expectations in _rules(dataset).items():
            counts = {_counted(quality, dataset, expectation) for expectation in expectations}
            rejected = quarantined[dataset, rule]
            assert rejected > 0, f"the world breaks no {dataset}.{rule}"
            if rule.startswith("duplicate_"):  # the suite counts every row of a repeated key, the intake all but one
                assert min(counts) > rejected, (dataset, rule)
            else:
                assert counts == {rejected}, (dataset, rule)


def _counted(quality: pl.DataFrame, dataset: str, expectation: Any) -> int:  # noqa: ANN401
    config = expectation.configuration
    named = {"dataset": dataset, "expectation": config.type, "severity": expectation.severity.value}
    found = quality.filter(**named, column=column_of(config.kwargs), reason=reason_of(expectation.meta))
    return int(found["unexpected_count"].item())


def test_the_ledger_tells_the_suite_which_bookings_have_no_rate(broken: tuple[Staged, pl.DataFrame]) -> None:
    staged, quality = broken
    without = staged.table("completeness").filter(reason=NO_FX_RATE)["row_count"].sum()
    told = quality.filter(dataset="transactions_fx_rates", column="rows_unrated").row(0, named=True)
    assert (without, told["unexpected_count"], told["success"]) == (1, 1, False)


def test_each_expectation_says_whom_it_protects_as_the_detectors_declare() -> None:
    detector, (dataset, column, indicator, _) = next(
        (detector, need) for detector in detectors.DETECTORS for need in detector.needs if need[0] == "parties"
    )
    assert f"{detector.typology} (" in protection(dataset, {"column": column})
    assert indicator in protection(dataset, {"column": column})
    assert protection("transactions", {"column": "amount"}) == "Protects every detector."
    assert (
        protection("transactions", {"column_A": "booked_on", "column_B": "booking_date"}) == "Protects every detector."
    )
    assert protection("alerts", {"column": "rank"}).startswith("Protects whoever reads")
    assert protection("parties", {"column": "nothing_of_the_sort"}) == "Protects every detector."
