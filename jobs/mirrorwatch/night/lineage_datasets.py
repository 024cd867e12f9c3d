"""The night's datasets as OpenLineage describes them: schema, rows and bytes, nulls, and every expectation's result.

Read from the work folder, as far as the night has come; of a step that did not happen yet nothing is told.
"""

from collections import defaultdict
from collections.abc import Iterator
from urllib.parse import urlsplit

import polars as pl
from openlineage.client.event_v2 import InputDataset, OutputDataset
from openlineage.client.facet_v2 import data_quality_assertions_dataset as assertions
from openlineage.client.facet_v2 import data_quality_metrics_input_dataset as metrics
from openlineage.client.facet_v2 import output_statistics_output_dataset as statistics
from openlineage.client.facet_v2 import schema_dataset as schemas

from mirrorwatch.contract import DATASETS, PROFILE, QUALITY, QUARANTINE
from mirrorwatch.intake.summary import DatasetSummary, read_summary
from mirrorwatch.night.planning import Plan
from mirrorwatch.night.recording import read_inputs
from mirrorwatch.night.reporting import TABLES
from mirrorwatch.store.layout import NIGHT_TABLES, Work, is_remote
from mirrorwatch.store.staging import scan

_PUBLISHED = {**TABLES, "quarantine": QUARANTINE, "profile": PROFILE}
# OpenLineage's own words for how severe a test is.
_SEVERITY = {"critical": "error", "warning": "warn", "info": "info"}
_SOURCES = tuple(dataset.name for dataset in DATASETS)
_MAX_TEXT = 1_000  # of what was observed: a consumer keeps facets in one row


def inputs(plan: Plan) -> list[InputDataset]:
    """Describe each dataset that the source gives, with what is known of it by now."""
    if not (plan.work / "summary.json").exists():
        return []
    checked = _assertions(plan.folder)
    nulls = _nulls(plan)
    described = []
    for told in read_summary(plan.work).datasets.values():
        if told.files:
            quality = {"dataQualityMetrics": _metrics(plan.folder, told, nulls.get(told.dataset, {}))}
            facets = quality | checked.get(told.dataset, {})
            described.append(_dataset(plan.data, told.dataset, {"schema": _source_schema(told)}, facets))
    return described


def checked_outputs(plan: Plan) -> list[InputDataset]:
    """Describe the night's own tables that suites were held against, with what those found."""
    checked = _assertions(plan.folder)
    return [
        _dataset(plan.out, name, {"schema": _table_schema(name)}, checked[name])
        for name in NIGHT_TABLES
        if name in checked
    ]


def outputs(plan: Plan) -> list[OutputDataset]:
    """Describe each table of the night, with its rows, bytes and files."""
    return [_output(plan, name) for name in NIGHT_TABLES if any(plan.folder.table(name).glob("*.parquet"))]


def place(location: str, name: str) -> tuple[str, str]:
    """Return namespace and name of a dataset as OpenLineage names them: `file` and a path, or a bucket and a key."""
    if not is_remote(location):
        return "file", f"{location.rstrip('/')}/{name}"
    parts = urlsplit(location)
    return f"{parts.scheme}://{parts.netloc}", f"{parts.path.strip('/')}/{name}".strip("/")


def _dataset(location: str, name: str, facets: dict[str, object], told: dict[str, object]) -> InputDataset:
    namespace, path = place(location, name)
    return InputDataset(namespace, path, facets=facets, inputFacets=told)  # type: ignore[arg-type]


def _output(plan: Plan, name: str) -> OutputDataset:
    files = sorted(plan.folder.table(name).glob("*.parquet"))
    facet = statistics.OutputStatisticsOutputDatasetFacet(
        rowCount=int(scan(plan.folder.table(name)).select(pl.len()).collect().item()),
        size=sum(path.stat().st_size for path in files),
        fileCount=len(files),
    )
    namespace, path = place(plan.out, name)
    return OutputDataset(
        namespace, path, facets={"schema": _table_schema(name)}, outputFacets={"outputStatistics": facet}
    )


def _source_schema(told: DatasetSummary) -> schemas.SchemaDatasetFacet:
    columns = ((name, " | ".join(sorted(types))) for name, types in told.physical_types.items())
    return _schema(columns)


def _table_schema(name: str) -> schemas.SchemaDatasetFacet:
    return _schema((column, str(dtype)) for column, dtype in _PUBLISHED[name].items())


def _schema(columns: Iterator[tuple[str, str]]) -> schemas.SchemaDatasetFacet:
    fields = [
        schemas.SchemaDatasetFacetFields(name=name, type=dtype, ordinal_position=number)
        for number, (name, dtype) in enumerate(columns, start=1)
    ]
    return schemas.SchemaDatasetFacet(fields=fields)


def _metrics(
    work: Work, told: DatasetSummary, nulls: dict[str, tuple[int, int]]
) -> metrics.DataQualityMetricsInputDatasetFacet:
    sizes = [entry["bytes"] for entry in read_inputs(work) if entry["dataset"] == told.dataset]
    columns = {
        name: metrics.ColumnMetrics(nullCount=empty, count=rows) for name, (empty, rows) in sorted(nulls.items())
    }
    return metrics.DataQualityMetricsInputDatasetFacet(
        rowCount=told.rows_read, bytes=sum(sizes), fileCount=told.files, columnMetrics=columns
    )


def _nulls(plan: Plan) -> dict[str, dict[str, tuple[int, int]]]:
    """Return nulls and rows by dataset and column where the column applies; of transactions, those of the run date."""
    told: dict[str, dict[str, tuple[int, int]]] = defaultdict(dict)
    rows = _table(plan.folder, "profile", PROFILE).filter(
        pl.col("metric") == "null_fraction", pl.col("booking_date") == plan.run_date
    )
    for dataset, column, part, count in rows.select("dataset", "subject", "value", "rows").iter_rows():
        told[dataset][column] = (round(part * count), count)
    return told


def _assertions(work: Work) -> dict[str, dict[str, object]]:
    """Return the assertions facet by dataset; a suite across datasets counts for the one that it is named after."""
    found: dict[str, list[assertions.Assertion]] = defaultdict(list)
    for row in _table(work, "quality", QUALITY).iter_rows(named=True):
        found[_owner(row["dataset"])].append(
            assertions.Assertion(
                assertion=row["expectation"],
                success=row["success"],
                column=row["column"],
                severity=_SEVERITY.get(row["severity"], row["severity"]),
                name=row["dataset"],
                description=row["reason"],
                actual=None if row["observed"] is None else row["observed"][:_MAX_TEXT],
                params={} if row["unexpected_count"] is None else {"unexpected_count": row["unexpected_count"]},
            )
        )
    facet = assertions.DataQualityAssertionsDatasetFacet
    return {name: {"dataQualityAssertions": facet(assertions=told)} for name, told in found.items()}


def _owner(suite: str) -> str:
    """`transactions_accounts` belongs to transactions, `completeness_days` to completeness."""
    known = [name for name in (*_SOURCES, *NIGHT_TABLES) if suite == name or suite.startswith(f"{name}_")]
    return max(known, key=len, default=suite)


def _table(work: Work, name: str, schema: pl.Schema) -> pl.DataFrame:
    folder = work.table(name)
    return scan(folder).collect() if any(folder.glob("*.parquet")) else pl.DataFrame(schema=schema)
