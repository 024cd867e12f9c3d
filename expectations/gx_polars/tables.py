"""Metrics that need the schema only, the first rows, and what a query in SQL finds."""

from collections.abc import Callable, Mapping

import polars as pl
from great_expectations.constants import MAX_RESULT_RECORDS

from gx_polars.needs import Answer, Table, one, text
from gx_polars.request import Request

_BATCH = "batch"
_HEAD = 5  # rows that Great Expectations shows where none are asked for


def _columns(request: Request) -> Answer:
    yield from ()
    return request.batch.schema.names()


def _column_types(request: Request) -> Answer:
    yield from ()
    return [{"name": name, "type": dtype} for name, dtype in request.batch.schema.items()]


def _column_count(request: Request) -> Answer:
    yield from ()
    return len(request.batch.schema)


def _filtered(request: Request) -> pl.LazyFrame:
    return request.batch.frame if request.condition is None else request.batch.frame.filter(request.condition)


def _head(request: Request) -> Answer:
    rows = _filtered(request)
    if not request.values.get("fetch_all"):
        rows = rows.head(_HEAD if request.values.get("n_rows") is None else request.values["n_rows"])
    found = yield from one(Table(rows, f"head {request.values} of {text(request.condition)!r}"))
    return found.to_pandas()


def _queried(request: Request) -> tuple[pl.LazyFrame, str]:
    """Run the query with {batch} standing for the batch's rows; nothing else is in reach of a table name."""
    query = str(request.values["unexpected_rows_query"]).replace("{batch}", _BATCH)
    return pl.SQLContext({_BATCH: _filtered(request)}, eager=False).execute(query), f"{query} of {request.kwargs}"


def _queried_rows(request: Request) -> Answer:
    rows, name = _queried(request)
    found = yield from one(Table(rows.head(MAX_RESULT_RECORDS), f"rows of {name}"))
    return found.rows(named=True)


def _queried_count(request: Request) -> Answer:
    rows, name = _queried(request)
    found = yield from one(Table(rows.select(pl.len()), f"count of {name}"))
    return found.item()


TABLES: Mapping[str, Callable[[Request], Answer]] = {
    "table.columns": _columns,
    "table.column_types": _column_types,
    "table.column_count": _column_count,
    "table.head": _head,
    "unexpected_rows_query.table": _queried_rows,
    "unexpected_rows_query.row_count": _queried_count,
}
