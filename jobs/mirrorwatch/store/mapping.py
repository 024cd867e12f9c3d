"""A mapping file: how a bank whose Parquet looks otherwise fills the contract's columns.

TOML, one table a dataset: a `path` pattern below the data folder, `columns` (canonical column = Polars SQL expression
over the file's own columns), optionally `where` (a Polars SQL predicate) and `distinct`. `docs/mapping.md` explains it.
"""

import re
import tomllib
from collections.abc import Mapping as Table
from pathlib import Path, PurePosixPath
from typing import Any

import polars as pl
from polars.exceptions import PolarsError
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from mirrorwatch.contract import DATASETS
from mirrorwatch.errors import UsageError

CONTRACT = {dataset.name: dataset for dataset in DATASETS}


class DatasetMapping(BaseModel):
    """Where one dataset lies and what its columns are made of."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    path: str = Field(description="pattern below the data folder; * within a folder name, ** for any folders")
    columns: dict[str, str] = Field(description="canonical column = Polars SQL expression over the file's own columns")
    where: str | None = Field(default=None, description="Polars SQL predicate; other rows are left out")
    distinct: bool = Field(default=False, description="keep one row of each set of equal mapped rows")

    @field_validator("path")
    @classmethod
    def _inside(cls, path: str) -> str:
        parts = PurePosixPath(path).parts
        if not parts or path.startswith("/") or ".." in parts or "://" in path or "\\" in path or "\x00" in path:
            raise ValueError("it must stay inside the data folder: a relative pattern with no '..'")
        return path


class Mapping(BaseModel):
    """A whole mapping file, dataset by dataset. A dataset that it does not name keeps the contract's layout."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    datasets: dict[str, DatasetMapping] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _known(self) -> "Mapping":
        for name, dataset in self.datasets.items():
            if name not in CONTRACT:
                raise ValueError(f"dataset {name!r} is not one of {', '.join(CONTRACT)}")
            if unknown := sorted(set(dataset.columns) - set(CONTRACT[name].schema)):
                raise ValueError(f"{name} has no column {unknown[0]!r}; it has {', '.join(CONTRACT[name].schema)}")
            if missing := [column for column in CONTRACT[name].must_be_given if column not in dataset.columns]:
                raise ValueError(f"{name} needs the column {missing[0]!r}; map it to an expression")
        return self


def parse_mapping(tables: Table[str, Any], *, where: str = "the mapping") -> Mapping:
    """Build a mapping from TOML tables, one a dataset. Raises UsageError that names the table and what is wrong."""
    try:
        return Mapping(datasets=dict(tables))
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"] if part != "datasets")
        message = str(first["msg"]).removeprefix("Value error, ")
        raise UsageError(
            f"The mapping is wrong: {message}.",
            where=f"{where}, {place}" if place else where,
            remedy="docs/mapping.md lists what a dataset's table holds.",
        ) from error


def read_mapping(path: Path) -> Mapping:
    """Read a mapping from a TOML file. Raises UsageError when it cannot be read or is wrong."""
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UsageError(f"The mapping file cannot be read: {error}.", where=str(path)) from error
    return parse_mapping(tables, where=str(path))


def mapped_columns(dataset: str, mapping: DatasetMapping, schema: pl.Schema) -> list[pl.Expr]:
    """Return one expression a mapped column, checked against the file's schema. Raises UsageError for a bad one."""
    return [_expression(dataset, name, sql, schema).alias(name) for name, sql in mapping.columns.items()]


def row_filter(dataset: str, mapping: DatasetMapping, schema: pl.Schema) -> pl.Expr | None:
    """Return the `where` predicate, checked against the file's schema; None when there is none."""
    if mapping.where is None:
        return None
    predicate = _expression(dataset, "where", mapping.where, schema)
    if _outcome(predicate, schema)[1] != pl.Boolean():
        raise _bad(dataset, "where", mapping.where, "it is not true or false for a row", schema)
    return predicate


def _expression(dataset: str, column: str, sql: str, schema: pl.Schema) -> pl.Expr:
    try:
        expression = pl.sql_expr(sql)
        heights = [_outcome(expression, schema, rows)[0] for rows in _PROBE_ROWS]
    except PolarsError as error:
        raise _bad(dataset, column, sql, re.sub(r"\s+", " ", str(error)).split(" Resolved plan")[0], schema) from error
    constant = not expression.meta.root_names() and "len" not in str(expression)
    if heights != ([1, 1] if constant else list(_PROBE_ROWS)) or not _row_by_row(expression):
        raise _bad(dataset, column, sql, "it joins or numbers rows; it must give one value from one row", schema)
    return expression


def _row_by_row(expression: pl.Expr) -> bool:
    try:
        shape = expression.meta
        return shape.is_row_separable() and (shape.is_length_preserving() or shape.is_scalar())
    except PolarsError:  # some functions cannot be judged without a schema; for those the heights must do
        return True


_PROBE_ROWS = (2, 3)  # an aggregate gives one row for either, a constant too, a row-wise expression two and three


def _outcome(expression: pl.Expr, schema: pl.Schema, rows: int = 2) -> tuple[int, pl.DataType]:
    probe = pl.DataFrame({name: [None] * rows for name in schema}, schema=schema)
    result = probe.select(expression.alias("outcome"))
    return result.height, result.schema["outcome"]


def _bad(dataset: str, column: str, sql: str, why: str, schema: pl.Schema) -> UsageError:
    return UsageError(
        f"The mapping of {dataset}.{column} does not work: {why}.",
        where=f"[{dataset}] {column} = {sql!r}",
        remedy=f"Correct the expression; the file's columns are {', '.join(schema) or 'none'}.",
    )
