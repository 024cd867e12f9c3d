"""Runs the suites over what the intake left in the work folder, and publishes Data Docs of the results.

The engine underneath is `gx_polars`: all expectations of a suite share one streaming pass over its rows, however many
(`docs/data-quality.md` says which rows). The suites know nothing of it. Great Expectations takes seconds to import, so
only the functions here import it.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, time, timedelta
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from mirrorwatch.contract import QUALITY
from mirrorwatch.detectors.base import Detector
from mirrorwatch.intake.fx import CARRY_DAYS
from mirrorwatch.intake.summary import StageSummary, read_summary
from mirrorwatch_suites.batches import Batch, input_batches, output_batches
from mirrorwatch_suites.results import quality_rows

if TYPE_CHECKING:
    from great_expectations.core import ExpectationSuiteValidationResult
    from great_expectations.data_context import EphemeralDataContext


def assess(work: Path, detectors: Sequence[Detector] = ()) -> pl.DataFrame:
    """Assess the night's input; return QUALITY, sorted, and leave Data Docs in `work`/data_docs.

    What the failures cost these detectors is added to `work`/blindness.
    """
    return _assess(work, input_batches(work, read_summary(work)), docs=work / "data_docs", detectors=detectors)


def assess_outputs(work: Path) -> pl.DataFrame:
    """Assess the night's alerts and cases before they are published; return QUALITY, sorted."""
    return _assess(work, output_batches(work), docs=None)


def _assess(
    work: Path, batches: Iterable[Batch], docs: Path | None, detectors: Sequence[Detector] = ()
) -> pl.DataFrame:
    from mirrorwatch_suites.costs import tell_costs
    from mirrorwatch_suites.data_docs import build_data_docs

    context, parameters = _context(), _parameters(read_summary(work))
    rows = [row for batch in batches for row in quality_rows(batch, _validate(context, batch, parameters))]
    order = ["dataset", "severity", "expectation", "column", "reason"]
    quality = pl.DataFrame(rows, schema=QUALITY, orient="row").sort(order, nulls_last=True)
    if docs is not None:
        tell_costs(work, quality, parameters, detectors)
        build_data_docs(context, docs, quality)
    return quality


def _context() -> "EphemeralDataContext":
    import great_expectations as gx
    from great_expectations.data_context.types.base import ProgressBarsConfig

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False, metric_calculations=False)
    return context


def _parameters(summary: StageSummary) -> dict[str, Any]:
    run_date = datetime.combine(summary.run_date, time())
    return {
        "run_date": run_date,
        "fx_horizon": run_date - timedelta(days=CARRY_DAYS),
        "rows_read": summary.transactions.rows_read,
        "least_bookings": 0 if summary.quiet_weekday else 1,
    }


def _validate(
    context: "EphemeralDataContext", batch: Batch, parameters: Mapping[str, Any]
) -> "ExpectationSuiteValidationResult":
    import great_expectations as gx

    from gx_polars import add_polars

    suite: gx.ExpectationSuite = context.suites.add(import_module(f"mirrorwatch_suites.{batch.dataset}").suite())
    asset = add_polars(context, batch.dataset).add_dataframe_asset(batch.dataset)
    definition = gx.ValidationDefinition(
        name=batch.dataset, data=asset.add_batch_definition_whole_dataframe("night"), suite=suite
    )
    return context.validation_definitions.add(definition).run(
        batch_parameters={"dataframe": batch.rows},
        expectation_parameters=dict(parameters),
        run_id=gx.RunIdentifier(run_name="night", run_time=parameters["run_date"]),
        # No sample values: who may read data quality need not be allowed to read bookings. Quarantine holds the rows.
        result_format={"result_format": "BASIC", "partial_unexpected_count": 0},
    )
