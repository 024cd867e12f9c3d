"""The rows that fail an expectation, as a Polars condition: to count what hangs on them, over all rows of the night."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import polars as pl

Arguments = Mapping[str, Any]
Columns = Callable[[str], pl.Expr]


def unexpected(expectation: str, arguments: Arguments, column_of: Columns = pl.col) -> pl.Expr | None:
    """Return the condition of a row that fails; null stands for as expected, as it does in the suites.

    `expectation` is the type's name, `arguments` are its resolved keyword arguments; `column_of` gives a column's
    expression. None where no single row fails, or where a row condition would have to be read.
    """
    condition = _CONDITIONS.get(expectation)
    if condition is None or arguments.get("row_condition") is not None:
        return None
    return condition(arguments, column_of)


def resolved(arguments: Arguments, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Return the arguments with each {"$PARAMETER": name} put in, days as days."""
    return {name: _plain(_resolved(value, parameters)) for name, value in arguments.items()}


def _resolved(value: object, parameters: Mapping[str, Any]) -> object:
    return parameters[value["$PARAMETER"]] if isinstance(value, dict) and "$PARAMETER" in value else value


def _plain(value: object) -> object:
    return value.date() if isinstance(value, datetime) else value


def _null(given: Arguments, column_of: Columns) -> pl.Expr:
    return column_of(given["column"]).is_null()


def _not_in_set(given: Arguments, column_of: Columns) -> pl.Expr:
    return column_of(given["column"]).is_in(given["value_set"]).not_()


def _no_match(given: Arguments, column_of: Columns) -> pl.Expr:
    return column_of(given["column"]).str.contains(given["regex"]).not_()


def _outside(given: Arguments, column_of: Columns) -> pl.Expr:
    return _out_of_bounds(column_of(given["column"]), given)


def _length_outside(given: Arguments, column_of: Columns) -> pl.Expr:
    return _out_of_bounds(column_of(given["column"]).str.len_chars(), given)


def _out_of_bounds(value: pl.Expr, given: Arguments) -> pl.Expr:
    low, high = given.get("min_value"), given.get("max_value")
    outside = pl.lit(value=False)
    if low is not None:
        outside = outside | (value <= low if given.get("strict_min") else value < low)
    if high is not None:
        outside = outside | (value >= high if given.get("strict_max") else value > high)
    return outside


def _not_greater(given: Arguments, column_of: Columns) -> pl.Expr:
    first, second = column_of(given["column_A"]), column_of(given["column_B"])
    return first < second if given.get("or_equal") else first <= second


def _not_equal(given: Arguments, column_of: Columns) -> pl.Expr:
    return column_of(given["column_A"]) != column_of(given["column_B"])


_CONDITIONS: Mapping[str, Callable[[Arguments, Columns], pl.Expr]] = {
    "expect_column_values_to_not_be_null": _null,
    "expect_column_values_to_be_in_set": _not_in_set,
    "expect_column_values_to_match_regex": _no_match,
    "expect_column_values_to_be_between": _outside,
    "expect_column_value_lengths_to_be_between": _length_outside,
    "expect_column_pair_values_a_to_be_greater_than_b": _not_greater,
    "expect_column_pair_values_to_be_equal": _not_equal,
}
