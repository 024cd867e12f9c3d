"""Conforming: a source's own columns become the contract's columns and types, and every failure leaves a mark.

A conformed frame has the contract's columns (money as Int64 `<name>_minor`), lineage, and FAULTS: an Int64 whose bit i
is set where reason i of `checks.reasons` applies. Nothing is dropped here.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from difflib import get_close_matches

import polars as pl

from mirrorwatch.contract import Column, Dataset
from mirrorwatch.errors import InputError
from mirrorwatch.intake.checks import MISSING, Reason, conformed_name, reasons, value_reasons
from mirrorwatch.intake.conversions import Conversion, convert

FAULTS = "__mw_faults"
_REMEDY = {
    "timestamp": "Write it as a timestamp (any unit, with or without zone), or convert it in a mapping file.",
    "other": "Write it as an integer, float, decimal or string, or convert it in a mapping file.",
}


@dataclass(frozen=True)
class Origin:
    """What an error names: the first file of its schema, and every column that it has."""

    path: str
    columns: Collection[str]


def conform(
    frame: pl.LazyFrame, schema: pl.Schema, dataset: Dataset, keep: Iterable[str], origin: Origin
) -> pl.LazyFrame:
    """Return the conformed frame of `frame`, whose columns are `schema`'s; `keep` names lineage columns to carry.

    Raises InputError that names the file for a missing column or a type that cannot be taken.
    """
    numbers = reason_bits(dataset)
    values, marks = [], []
    for column in dataset.columns:
        conversion = _conversion(column, schema, dataset, origin)
        values.append(conversion.value.alias(conformed_name(column)))
        for kind, failed in _failures(column, conversion):
            marks.append(bit(numbers, value_reasons(column)[kind].code, failed))
    faults = pl.sum_horizontal(marks) if marks else pl.lit(0, dtype=pl.Int64)
    return frame.select(*values, *keep, faults.cast(pl.Int64).alias(FAULTS))


def absent_columns(schema: pl.Schema, dataset: Dataset) -> frozenset[str]:
    """Return the contract's columns that a source lacks."""
    return frozenset(dataset.schema) - frozenset(schema)


def reason_bits(dataset: Dataset) -> dict[str, int]:
    """Return the bit number in FAULTS of each reason's code; equal codes share a bit."""
    codes = list(dict.fromkeys(reason.code for reason in reasons(dataset)))
    return {code: number for number, code in enumerate(codes)}


def bit(numbers: dict[str, int], code: str, broken: pl.Expr) -> pl.Expr:
    """Return 2^bit of the code where `broken` is true, else 0."""
    return pl.when(broken).then(pl.lit(2 ** numbers[code], dtype=pl.Int64)).otherwise(pl.lit(0, dtype=pl.Int64))


def reason_of_faults(dataset: Dataset, faults: int) -> list[Reason]:
    """Return the reasons that a FAULTS value stands for, main one first."""
    by_code = {reason.code: reason for reason in reasons(dataset)}
    return [by_code[code] for code, number in reason_bits(dataset).items() if faults >> number & 1]


def _failures(column: Column, conversion: Conversion) -> list[tuple[str, pl.Expr]]:
    failures = list(conversion.failures)
    if not column.nullable:
        unset = conversion.value.is_null()
        for _, failed in conversion.failures:
            unset = unset & failed.fill_null(value=False).not_()
        failures.append((MISSING, unset))
    return failures


def _conversion(column: Column, schema: pl.Schema, dataset: Dataset, origin: Origin) -> Conversion:
    found = schema.get(column.name)
    if found is None:
        if column.name not in dataset.must_be_given:
            return Conversion(pl.lit(None, dtype=column.dtype))
        raise _missing(column, dataset, origin)
    conversion = convert(pl.col(column.name), found, column.dtype)
    if conversion is None:
        raise InputError(
            f"Column {column.name} of {dataset.name} has type {found}, which cannot become {column.dtype}.",
            where=origin.path,
            remedy=_REMEDY["timestamp" if column.dtype.is_temporal() else "other"],
        )
    return conversion


def _missing(column: Column, dataset: Dataset, origin: Origin) -> InputError:
    unknown = {name.lower(): name for name in origin.columns if name not in dataset.schema}
    near = get_close_matches(column.name, unknown, n=1)
    return InputError(
        f"Column {column.name} of {dataset.name} is missing{f'; is it {unknown[near[0]]}?' if near else '.'}",
        where=origin.path,
        remedy=f"Deliver it, or map it in a mapping file; the file has {', '.join(origin.columns) or 'no columns'}.",
    )
