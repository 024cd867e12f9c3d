"""Map metrics: how many rows do not meet a condition, which values they hold, and which rows they are."""

import math
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl
from great_expectations.constants import MAX_RESULT_RECORDS

from gx_polars.conditions import COLUMN, PAIR, RECORD
from gx_polars.domain import Domain, every
from gx_polars.needs import Answer, Need, Repeated, Repeats, Rows, Scalar, Values, one
from gx_polars.request import Request
from gx_polars.spread import SPREAD

UNIQUE = ("column_values.unique", "compound_columns.unique")
MISSING = ("column_values.null", "column_values.nonnull")
CONDITIONS = (*COLUMN, *PAIR, *RECORD, *SPREAD, *UNIQUE, *MISSING)


@dataclass(frozen=True)
class Unexpected:
    """The rows that do not meet a condition: those of the mask, of which only repeated keys where `keys` are given."""

    mask: pl.Expr
    keys: tuple[pl.Expr, ...] = ()
    repeats: Repeated | None = None


Found = Generator[Sequence[Need], Sequence[Any], Unexpected]


def unexpected(request: Request) -> Found:
    """Find out which rows do not meet the condition that the metric's stem names."""
    domain, values, stem = request.domain, request.values, request.stem
    if stem in UNIQUE:
        return (yield from _repeating(domain))
    if stem in MISSING:
        missing = domain.column().is_null()
        return Unexpected(every(domain.condition, missing if stem == "column_values.nonnull" else ~missing))
    if stem in SPREAD:
        met = yield from SPREAD[stem](domain, values)
    else:
        met = {**COLUMN, **PAIR, **RECORD}[stem](domain, values)
    there = domain.present() if stem in COLUMN or stem in SPREAD else domain.rows()
    return Unexpected(every(there, ~met.fill_null(value=False)))


def _repeating(domain: Domain) -> Found:
    keys = tuple(domain.column(name) for name in domain.columns)
    mask = every(domain.rows()) if len(keys) > 1 else domain.present()
    size = yield from one(Scalar(_count(mask)))
    repeats = yield from one(Repeats(keys, mask, size))
    return Unexpected(mask, keys, repeats)


def _count(mask: pl.Expr | None) -> pl.Expr:
    """Count the rows of the mask; a mask that names no column is one value, and holds for all rows or none."""
    if mask is None:
        return pl.len()
    return mask.sum() if mask.meta.root_names() else pl.when(mask).then(pl.len()).otherwise(0)


def unexpected_count(request: Request) -> Answer:
    """Count the rows that do not meet the condition, exactly."""
    rows = yield from unexpected(request)
    return (yield from _counted(rows))


def _counted(rows: Unexpected) -> Answer:
    if rows.repeats is not None:
        return rows.repeats.rows
    return (yield from one(Scalar(_count(rows.mask)))) or 0


def filtered_row_count(request: Request) -> Answer:
    """Count the rows that the metric looks at."""
    return (yield from one(Scalar(_count(request.domain.rows()))))


def unexpected_values(request: Request) -> Answer:
    """Return the first values that do not meet the condition: alone, in pairs, or as records."""
    sample = yield from _sample(request)
    domain = request.domain
    if "column" in request.kwargs:
        return sample.select(domain.column(domain.columns[0])).to_series().to_list()
    columns = {name: _sortable(sample.select(domain.column(name)).to_series()) for name in domain.columns}
    rows = list(zip(*columns.values(), strict=True))
    return rows if "column_A" in request.kwargs else [dict(zip(columns, row, strict=True)) for row in rows]


def _sortable(values: pl.Series) -> list[Any]:
    """Return the values with NaN for a missing number, as in pandas: what is counted is sorted, and None is not."""
    found = values.to_list()
    return [math.nan if value is None else value for value in found] if values.dtype.is_numeric() else found


def unexpected_rows(request: Request) -> Answer:
    """Return the first rows that do not meet the condition, whole, as Great Expectations shows them: in pandas."""
    sample = yield from _sample(request)
    names, identity = request.batch.schema.names(), request.batch.identity
    import pandas as pd  # type: ignore[import-untyped]

    if len(identity) > 1:
        return pd.DataFrame(
            sample.select(*names, *identity).rows(named=True), columns=[*names, *identity], dtype=object
        )
    index = sample.get_column(identity[0]).to_list()
    return pd.DataFrame(sample.select(names).rows(named=True), index=index, columns=names, dtype=object)


def unexpected_index_list(request: Request) -> Answer:
    """Name the first rows that do not meet the condition.

    By the columns that the result format gives; else by file and row in the file; else by the row's position.
    """
    sample = yield from _sample(request)
    named = _index_columns(request)
    if not named and len(request.batch.identity) == 1:
        return sample.get_column(request.batch.identity[0]).to_list()
    shown = () if _format(request.values).get("exclude_unexpected_values") else request.domain.columns
    picked = sample.select(list(dict.fromkeys([*shown, *(named or request.batch.identity)])))
    if shown or not named:
        return picked.rows(named=True)
    return [picked.to_dict(as_series=False)] if picked.height else []


def unexpected_index_query(request: Request) -> Answer:
    """Return Polars code that gives the rows named by `unexpected_index_list`."""
    if _format(request.values).get("return_unexpected_index_query") is False:
        return None
    sample = yield from _sample(request)
    rows = sample.get_column(request.batch.identity[-1]).to_list()
    return f'frame.with_row_index().filter(pl.col("index").is_in({rows}))'


def unexpected_value_counts(request: Request) -> Answer:
    """Count the values among the first rows that do not meet the condition; a pandas series, most frequent first."""
    values = yield from unexpected_values(request)
    import pandas as pd

    return pd.Series(values, dtype=object).value_counts()


def _format(values: Values) -> Mapping[str, Any]:
    given: Mapping[str, Any] = values.get("result_format") or {}
    return given


def _limit(values: Values) -> int:
    given = _format(values)
    if given.get("result_format") == "COMPLETE":
        return MAX_RESULT_RECORDS
    return min(int(given.get("partial_unexpected_count", 0)), MAX_RESULT_RECORDS)


def _index_columns(request: Request) -> tuple[str, ...]:
    named = _format(request.values).get("unexpected_index_column_names") or ()
    unknown = sorted(set(named) - {*request.batch.schema.names(), *request.batch.identity})
    if unknown:
        raise ValueError(
            f'Error: The unexpected_index_column "{unknown[0]}" does not exist in Dataframe. '
            "Please check your configuration and try again."
        )
    return tuple(named)


def _sample(request: Request) -> Generator[Sequence[Need], Sequence[Any], pl.DataFrame]:
    """Fetch the first rows that do not meet the condition; no pass is made where there are none or none are wanted."""
    rows = yield from unexpected(request)
    columns = (*request.domain.columns, *_index_columns(request))
    if _format(request.values).get("include_unexpected_rows"):
        columns = tuple(request.batch.schema.names())
    limit = _limit(request.values)
    count = yield from _counted(rows)
    if not limit or not count:
        return (
            request.batch.with_position().select(*dict.fromkeys([*columns, *request.batch.identity])).head(0).collect()
        )
    own = tuple(name for name in dict.fromkeys(columns) if name not in request.batch.identity)
    sample: pl.DataFrame = yield from one(Rows(rows.mask, own, limit, rows.keys, rows.repeats))
    return sample


SUFFIXES = {
    "unexpected_count": unexpected_count,
    "filtered_row_count": filtered_row_count,
    "unexpected_values": unexpected_values,
    "unexpected_rows": unexpected_rows,
    "unexpected_index_list": unexpected_index_list,
    "unexpected_index_query": unexpected_index_query,
    "unexpected_value_counts": unexpected_value_counts,
}
