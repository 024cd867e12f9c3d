"""The three expectations about types, which name Great Expectations' own engines one by one and refuse any other.

They take the place of the originals under the same names, so that suites need not know, and hand everything that is
not about a Polars column to them.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import polars as pl
from great_expectations.expectations import core, registry

from gx_polars.engine import PolarsExecutionEngine
from gx_polars.type_names import is_called


@contextmanager
def _silent() -> Iterator[None]:
    """Keep Great Expectations from warning that its expectations are being replaced: that is what is meant here."""
    logger = logging.getLogger(registry.__name__)
    before, logger.disabled = logger.disabled, True
    try:
        yield
    finally:
        logger.disabled = before


def _judged(found: dict[str, Any], column: str, allowed: list[str] | None) -> dict[str, Any]:
    """Return the result for a column whose type must be called one of the names; any type will do for None."""
    dtype: pl.DataType = next(one["type"] for one in found["table.column_types"] if one["name"] == column)
    success = allowed is None or any(is_called(dtype, name) for name in allowed)
    return {"success": success, "result": {"observed_value": str(dtype)}}


with _silent():

    class ExpectColumnValuesToBeOfType(core.ExpectColumnValuesToBeOfType):
        """The column's type; every value of a Polars column has it."""

        def _validate(
            self, metrics: dict[str, Any], runtime_configuration: Any = None, execution_engine: Any = None
        ) -> Any:
            if not isinstance(execution_engine, PolarsExecutionEngine):
                return super()._validate(metrics, runtime_configuration, execution_engine)
            return _judged(metrics, self.column, None if self.type_ is None else [str(self.type_)])

    class ExpectColumnValuesToBeInTypeList(core.ExpectColumnValuesToBeInTypeList):
        """The column's type among several."""

        def _validate(
            self, metrics: dict[str, Any], runtime_configuration: Any = None, execution_engine: Any = None
        ) -> Any:
            if not isinstance(execution_engine, PolarsExecutionEngine):
                return super()._validate(metrics, runtime_configuration, execution_engine)
            return _judged(
                metrics, self.column, None if self.type_list is None else [str(name) for name in self.type_list]
            )

    class ExpectColumnTypeToBe(core.ExpectColumnTypeToBe):
        """The column's type, by its exact name."""

        def _validate(
            self, metrics: dict[str, Any], runtime_configuration: Any = None, execution_engine: Any = None
        ) -> Any:
            if not isinstance(execution_engine, PolarsExecutionEngine):
                return super()._validate(metrics, runtime_configuration, execution_engine)
            return _judged(metrics, self.column, [str(self.type_)])
