"""The rows and columns that a metric looks at, as expressions over the batch's frame.

Great Expectations counts a row by pandas' rules: NaN is missing as null is. Nothing is filtered here. Rows outside a
row condition become null in `value`, so that every metric of a suite can share one pass over one frame.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce
from operator import and_
from typing import Any

import polars as pl
from great_expectations.expectations.metrics.util import get_dbms_compatible_column_names

_NONE_MISSING = {"either_value_is_missing", "any_value_is_missing"}
_SOME_PRESENT = {"both_values_are_missing", "all_values_are_missing"}
_EVERY_ROW = {"neither", "never", None}


def column(name: str, dtype: pl.DataType) -> pl.Expr:
    """Return the column with NaN as null, and with categories as the text that they stand for."""
    expression = pl.col(name)
    if dtype.is_float():
        return expression.fill_nan(None)
    if isinstance(dtype, (pl.Categorical, pl.Enum)):
        return expression.cast(pl.String)
    return expression


def every(*masks: pl.Expr | None) -> pl.Expr:
    """Return where all masks hold; where none is given, everywhere."""
    given = [mask for mask in masks if mask is not None]
    return reduce(and_, given) if given else pl.lit(value=True)


@dataclass(frozen=True)
class Domain:
    """A batch's schema, the row condition, the metric's columns, and which missing values leave a row out."""

    schema: pl.Schema
    condition: pl.Expr | None
    columns: tuple[str, ...]
    ignore: str | None = None

    def dtype(self, name: str) -> pl.DataType:
        """Return the type that expressions over the column see."""
        dtype = self.schema[name]
        return pl.String() if isinstance(dtype, (pl.Categorical, pl.Enum)) else dtype

    def column(self, name: str | None = None) -> pl.Expr:
        """Return a column (the metric's own if it has one) in every row of the batch."""
        named = self.columns[0] if name is None else name
        return column(named, self.schema[named])

    def value(self) -> pl.Expr:
        """Return the metric's column, null outside the row condition."""
        if self.condition is None:
            return self.column()
        return pl.when(self.condition).then(self.column())

    def present(self) -> pl.Expr:
        """Return where the metric's column has a value, within the row condition."""
        return every(self.condition, self.column().is_not_null())

    def rows(self) -> pl.Expr | None:
        """Return which rows count: within the row condition, and not left out for missing values; None for all."""
        missing = self._complete()
        return None if self.condition is None and missing is None else every(self.condition, missing)

    def _complete(self) -> pl.Expr | None:
        there = [self.column(name).is_not_null() for name in self.columns]
        if self.ignore in _NONE_MISSING:
            return pl.all_horizontal(there)
        if self.ignore in _SOME_PRESENT:
            return pl.any_horizontal(there)
        if self.ignore in _EVERY_ROW:
            return None
        raise ValueError(f'Unrecognized value of ignore_row_if ("{self.ignore}").')


def named_columns(kwargs: Mapping[str, Any], schema: pl.Schema) -> tuple[str, ...]:
    """Return the columns that a metric's domain names.

    Raises InvalidMetricAccessorDomainKwargsKeyError for one that the batch does not have.
    """
    if "column_list" in kwargs:
        named = list(kwargs["column_list"])
    else:
        named = [kwargs[key] for key in ("column", "column_A", "column_B") if kwargs.get(key) is not None]
    found = get_dbms_compatible_column_names(column_names=named, batch_columns_list=schema.names()) if named else []
    return tuple(str(name) for name in found)
