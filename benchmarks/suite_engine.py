"""What the transactions suite costs on the Polars engine, on Great Expectations' pandas engine, and as bare Polars.

    python benchmarks/suite_engine.py [--rows 10_000_000] [--folder FOLDER] [--skip pandas]

Each way runs in a process of its own over the same Parquet files, reads them itself, and asks for unexpected rows
(SUMMARY: 20 a failed expectation) with uniqueness among the expectations. Time is from the files to the results
without imports; memory is the process' peak, imports included. Read the ratios; where the machine has others to serve,
those of processor seconds (work) rather than of seconds.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

if TYPE_CHECKING:
    import great_expectations as gx
    from great_expectations.core import ExpectationSuiteValidationResult

Run = Callable[[], str]
ROWS_A_DAY = 1_000_000
# The rows of each day, by number, that break a rule.
REPEATED, NOTHING_PAID, NO_CHANNEL = 7, 11, 13
_COMPARED = ("seconds", "processor", "mb")
WAYS = ("polars", "pandas", "bare")
# pandas evaluates it with a Python call a row: minutes, which would flatter us. Nobody's suite on pandas has it.
ROW_BY_ROW = {"expect_select_column_values_to_be_unique_within_record"}
CHANNELS = ("wire", "ach", "instant", "card", "check", "cash_deposit", "cash_withdrawal")
CURRENCIES = ("USD", "EUR", "GBP", "MXN", "CNY")
COUNTRIES = ("US", "MX", "CN", "GB", "DE", "CO")
SUMMARY = {"result_format": "SUMMARY", "partial_unexpected_count": 20, "include_unexpected_rows": True}


def main() -> None:
    """Measure each way, or be one of them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--folder", type=Path, help="keep the rows here and use them again")
    parser.add_argument("--skip", choices=WAYS, nargs="*", default=[])
    parser.add_argument("--way", choices=WAYS, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.way:
        print(json.dumps(_measured(given.way, given.folder)))
    elif given.folder:
        _compare(given.folder, given.rows, given.skip)
    else:
        with tempfile.TemporaryDirectory() as folder:
            _compare(Path(folder), given.rows, given.skip)


def _compare(folder: Path, rows: int, skip: list[str]) -> None:
    _write(folder, rows)
    found = {way: _in_process(way, folder) for way in WAYS if way not in skip}
    for way, one in found.items():
        used = f"{one['seconds']:8.2f} s{one['processor']:8.2f} s of processors{one['mb']:8.0f} MB"
        print(f"{way:8}{used}   {one['told']}")
    for other in ("pandas", "bare"):
        if other in found and "polars" in found:
            time_ratio, work, memory = (found["polars"][key] / found[other][key] for key in _COMPARED)
            print(f"of {other}'s, the Polars engine takes {time_ratio:.2f} time, {work:.2f} work, {memory:.2f} memory")


def _in_process(way: str, folder: Path) -> dict[str, Any]:
    command = [sys.executable, __file__, "--way", way, "--folder", str(folder)]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    result: dict[str, Any] = json.loads(told.splitlines()[-1])
    return result


def _measured(way: str, folder: Path) -> dict[str, Any]:
    run = {"polars": _polars, "pandas": _pandas, "bare": _bare}[way](folder)
    before, started = _processor_seconds(), time.perf_counter()
    told = run()
    return {
        "seconds": time.perf_counter() - started,
        "processor": _processor_seconds() - before,
        "mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "told": told,
    }


def _processor_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _write(folder: Path, rows: int) -> None:
    """Write a folder a day; one row in a million breaks a rule, and each day repeats two of its identifiers."""
    for number in range(-(-rows // ROWS_A_DAY)):
        day = date(2026, 1, 1) + timedelta(days=number)
        path = folder / f"booking_date={day}" / "part-0.parquet"
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            count = min(ROWS_A_DAY, rows - number * ROWS_A_DAY)
            _day(day, number * ROWS_A_DAY, count).sink_parquet(path)


def _day(day: date, first: int, count: int) -> pl.LazyFrame:
    number = pl.int_range(first, first + count, dtype=pl.Int64)
    own = number - first
    at_counter, texted, by_card = 4, 7, 3
    spread = (number * 2654435761) % 2**32  # Knuth's multiplicative hash: the same rows every time
    return pl.LazyFrame().select(
        pl.format("TX{}", pl.when(own == REPEATED).then(first + REPEATED - 1).otherwise(number)).alias(
            "transaction_id"
        ),
        (pl.lit(day).cast(pl.Datetime("us", "UTC")) + pl.duration(seconds=spread % 86_400)).alias("booked_at"),
        pl.format("A{}", spread % 500_000).alias("originator_account_id"),
        pl.format("A{}", spread % 499_979).alias("beneficiary_account_id"),
        pl.when(own == NOTHING_PAID).then(0).otherwise(spread % 1_000_000 + 1).cast(pl.Decimal(18, 2)).alias("amount"),
        _pick(CURRENCIES, spread // 7).alias("currency"),
        pl.when(own == NO_CHANNEL).then(pl.lit("pigeon")).otherwise(_pick(CHANNELS, spread // 11)).alias("channel"),
        _pick(COUNTRIES, spread // 13).alias("originator_country"),
        _pick(COUNTRIES, spread // 17).alias("beneficiary_country"),
        pl.when(spread % 10 < texted).then(pl.format("invoice {}", spread % 99_999)).alias("purpose"),
        pl.when(spread % 10 < by_card).then((spread % 9000 + 1000).cast(pl.String)).alias("merchant_category"),
        pl.when(spread % 7 > at_counter).then(pl.format("B{}", spread % 300)).alias("branch_id"),
        pl.when(spread % 7 > at_counter).then(pl.lit("US-NY")).alias("branch_region"),
        pl.when(spread % 7 > at_counter).then(pl.format("P{}", spread % 90_000)).alias("conductor_party_id"),
        pl.when(spread % 997 == 0).then(pl.format("TX{}", number - 1)).alias("reverses_transaction_id"),
        pl.lit(day).alias("booked_on"),
    )


def _pick(values: tuple[str, ...], number: pl.Expr) -> pl.Expr:
    return pl.lit(pl.Series(values)).gather(number % len(values))


def _suite() -> "gx.ExpectationSuite":
    from mirrorwatch_suites.transactions import suite

    whole = suite()
    whole.expectations = [
        one
        for one in whole.expectations
        if one.expectation_type not in ROW_BY_ROW and "$PARAMETER" not in str(one.configuration.kwargs)
    ]
    return whole


def _source(engine: str) -> Any:  # noqa: ANN401 - data sources are made at run time
    import great_expectations as gx
    from great_expectations.data_context.types.base import ProgressBarsConfig

    import gx_polars  # noqa: F401 - adds the data source

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False, metric_calculations=False)
    return getattr(context.data_sources, f"add_{engine}")("rows")


def _told(results: "ExpectationSuiteValidationResult") -> str:
    failed = sum(not one.success for one in results.results)
    wrong = sum(not one.result for one in results.results)
    return f"{len(results.results)} expectations, {failed} failed, {wrong} could not be told"


def _polars(folder: Path) -> Run:
    source = _source("polars")
    definition = source.add_parquet_asset("rows", source=str(folder)).add_batch_definition_whole_folder("all")
    suite = _suite()
    return lambda: _told(definition.get_batch().validate(suite, result_format=SUMMARY))


def _pandas(folder: Path) -> Run:
    source = _source("pandas")
    definition = source.add_dataframe_asset("rows").add_batch_definition_whole_dataframe("all")
    suite = _suite()

    def run() -> str:
        rows = pl.scan_parquet(folder).with_columns(pl.col("amount").cast(pl.Float64)).collect().to_pandas()
        batch = definition.get_batch({"dataframe": rows})
        return _told(batch.validate(suite, result_format=SUMMARY))

    return run


def _bare(folder: Path) -> Run:
    """Write the suite's aggregations, as the engine would ask for them, into one select, uniqueness included."""
    from gx_polars import passes

    asked: dict[str, pl.Expr] = {}

    def note(_: pl.LazyFrame, scalars: dict[Any, pl.Expr]) -> dict[Any, Any]:
        asked.update({f"m{number}": expression for number, expression in enumerate(scalars.values(), len(asked))})
        return dict.fromkeys(scalars, 0)

    definition = _source("polars").add_dataframe_asset("none").add_batch_definition_whole_dataframe("none")
    told, passes._one_select = passes._one_select, note  # noqa: SLF001
    try:
        batch = definition.get_batch({"dataframe": pl.scan_parquet(folder).head(0).collect()})
        batch.validate(_suite(), result_format=SUMMARY)
    finally:
        passes._one_select = told  # noqa: SLF001
    asked["repeated"] = pl.len() - pl.col("transaction_id").n_unique()
    return lambda: f"{pl.scan_parquet(folder).select(**asked).collect().width} metrics"


if __name__ == "__main__":
    main()
