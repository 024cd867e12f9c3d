"""One metric as Great Expectations asks for it, with the batch that it is about."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import polars as pl

from gx_polars.batch import PolarsBatchData
from gx_polars.domain import Domain, named_columns
from gx_polars.row_conditions import row_condition


@dataclass(frozen=True)
class Request:
    """A metric's name, what it is of (`kwargs`), and its parameters (`values`)."""

    name: str
    batch: PolarsBatchData
    kwargs: Mapping[str, Any]
    values: Mapping[str, Any]

    @cached_property
    def domain(self) -> Domain:
        """Return rows and columns of the metric."""
        schema = self.batch.schema
        return Domain(schema, self.condition, named_columns(self.kwargs, schema), self.kwargs.get("ignore_row_if"))

    @cached_property
    def condition(self) -> pl.Expr | None:
        """Return where the row condition holds."""
        given = self.kwargs.get("row_condition")
        return row_condition(given, self.batch.schema) if given else None

    @property
    def stem(self) -> str:
        """Return the name without its last part: of a map metric, what the condition is."""
        return self.name.rpartition(".")[0]
