"""Metrics of a whole column or table."""

from collections.abc import Callable, Mapping
from typing import Any

import polars as pl
from great_expectations.constants import MAX_DISTINCT_VALUES

from gx_polars.domain import Domain, every
from gx_polars.literals import members
from gx_polars.needs import Answer, Repeats, Scalar, Table, one, text
from gx_polars.quantiles import quantiles
from gx_polars.request import Request

Metric = Callable[[Request], Answer]


def _scalar(expression: Callable[[Domain], pl.Expr], default: Any = None) -> Metric:
    def metric(request: Request) -> Answer:
        found = yield from one(Scalar(expression(request.domain)))
        return default if found is None else found

    return metric


def _number(domain: Domain) -> pl.Expr:
    dtype = domain.dtype(domain.columns[0])
    if not dtype.is_numeric() and dtype not in {pl.Boolean, pl.Null}:
        raise TypeError(f'Column "{domain.columns[0]}" holds {dtype}, which has no mean, deviation or sum.')
    return domain.value()


def _mean(domain: Domain) -> pl.Expr:
    if domain.dtype(domain.columns[0]).is_temporal():
        return domain.value().mean()
    return _number(domain).cast(pl.Float64).mean()


def _total(domain: Domain) -> pl.Expr:
    number, dtype = _number(domain), domain.dtype(domain.columns[0])
    return number.cast(pl.Int128).sum() if dtype.is_integer() else number.sum()


def _row_count(request: Request) -> Answer:
    return (yield from one(Scalar(pl.len() if request.condition is None else request.condition.sum())))


def _proportion(counted: Metric) -> Metric:
    """Return what is counted for each value that there is; 0 where there is none."""

    def metric(request: Request) -> Answer:
        values = yield from _non_null(request)
        found = yield from counted(request)
        return found / values if values else 0

    return metric


_non_null = _scalar(lambda domain: domain.value().count())


def _non_null_proportion(request: Request) -> Answer:
    rows = yield from _row_count(request)
    found = yield from _non_null(request)
    return found / rows if rows else 0


def _distinct_count(request: Request) -> Answer:
    return (yield from _distinct(request, request.domain.present()))


def _distinct(request: Request, mask: pl.Expr) -> Answer:
    size = yield from one(Scalar(mask.sum()))
    if not size:
        return 0
    found = yield from one(Repeats((request.domain.column(),), mask, size))
    return found.distinct


def _distinct_values(request: Request) -> Answer:
    return set((yield from _values(request, request.domain.present(), None)))


def _values(request: Request, mask: pl.Expr, limit: int | None) -> Answer:
    column = request.domain.columns[0]
    wanted = request.batch.frame.filter(mask).select(request.domain.column()).unique().sort(column)
    name = f"values of {column} where {text(mask)!r} first {limit}"
    found = yield from one(Table(wanted if limit is None else wanted.head(limit), name))
    return found.to_series().to_list()


def _other(request: Request) -> pl.Expr:
    """Return where the column holds a value outside of the value set."""
    known = members(request.values.get("value_set") or (), request.domain.dtype(request.domain.columns[0]))
    return every(request.domain.present(), ~request.domain.column().is_in(pl.lit(known).implode()))


def _other_count(request: Request) -> Answer:
    return (yield from _distinct(request, _other(request)))


def _other_values(request: Request) -> Answer:
    if not (yield from one(Scalar(_other(request).sum()))):
        return []
    return (yield from _values(request, _other(request), request.values.get("limit") or MAX_DISTINCT_VALUES))


def _absent(request: Request) -> Answer:
    """Return the values of the value set that the column does not hold."""
    dtype, wanted = request.domain.dtype(request.domain.columns[0]), list(request.values.get("value_set") or ())
    known = members(wanted, dtype)
    there: set[Any] = set()
    if known.len():
        among = every(request.domain.present(), request.domain.column().is_in(pl.lit(known).implode()))
        there = set((yield from _values(request, among, None)))
    return [value for value in dict.fromkeys(wanted) if not there.intersection(members([value], dtype))]


def _absent_count(request: Request) -> Answer:
    return len((yield from _absent(request)))


def _absent_values(request: Request) -> Answer:
    absent = yield from _absent(request)
    return absent[: request.values.get("limit") or MAX_DISTINCT_VALUES]


def _counts(request: Request) -> tuple[pl.LazyFrame, str]:
    column, mask = request.domain.columns[0], request.domain.present()
    grouped = request.batch.frame.filter(mask).select(request.domain.column()).group_by(column).len("count")
    return grouped, f"counts of {column} where {text(mask)!r}"


def _most_common(request: Request) -> Answer:
    grouped, name = _counts(request)
    most = grouped.filter(pl.col("count") == pl.col("count").max()).sort(request.domain.columns[0])
    found = yield from one(Table(most, f"most common, {name}"))
    return found.to_series().to_list()


def _value_counts(request: Request) -> Answer:
    grouped, name = _counts(request)
    found = yield from one(Table(grouped.sort(request.domain.columns[0]), f"all {name}"))
    import pandas as pd  # type: ignore[import-untyped]

    index = pd.Index(found.to_series().to_list(), name="value")
    return pd.Series(found.get_column("count").to_list(), index=index, name="count")


def _quantile_values(request: Request) -> Answer:
    way = request.values.get("allow_relative_error") or "nearest"
    return (yield from quantiles(request.domain, request.values["quantiles"], way))


def _median(request: Request) -> Answer:
    _mean(request.domain)  # what has no mean has no median
    found = yield from quantiles(request.domain, (0.5,), "linear")
    return found[0]


def _length(domain: Domain) -> pl.Expr:
    return domain.value().cast(pl.String).str.len_chars()


AGGREGATES: Mapping[str, Metric] = {
    "table.row_count": _row_count,
    "column.max": _scalar(lambda domain: domain.value().max()),
    "column.min": _scalar(lambda domain: domain.value().min()),
    "column.mean": _scalar(_mean),
    "column.standard_deviation": _scalar(lambda domain: _number(domain).cast(pl.Float64).std()),
    "column.sum": _scalar(_total, default=0),
    "column.median": _median,
    "column.quantile_values": _quantile_values,
    "column.non_null_count": _non_null,
    "column.non_null_proportion": _non_null_proportion,
    "column.distinct_values": _distinct_values,
    "column.distinct_values.count": _distinct_count,
    "column.distinct_values.not_in_set": _other_values,
    "column.distinct_values.not_in_set.count": _other_count,
    "column.distinct_values.missing_from_column": _absent_values,
    "column.distinct_values.missing_from_column.count": _absent_count,
    "column.unique_proportion": _proportion(_distinct_count),
    "column.most_common_value": _most_common,
    "column.value_counts": _value_counts,
    "column_values.length.max": _scalar(lambda domain: _length(domain).max()),
    "column_values.length.min": _scalar(lambda domain: _length(domain).min()),
    "column_values.nonnull.count": _non_null,
    "column_values.null.count": _scalar(lambda domain: every(domain.condition, domain.column().is_null()).sum()),
}
