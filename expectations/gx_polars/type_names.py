"""What a column's type may be called: by Polars' own name, or by the name that numpy, pandas or Python gives it."""

from collections.abc import Mapping

import polars as pl

_ALIASES: Mapping[str, tuple[str, ...]] = {
    "Int64": ("int", "int_"),
    "Float64": ("float", "float_", "double"),
    "String": ("str", "str_", "utf8", "unicode"),
    "Boolean": ("bool", "bool_"),
    "Datetime": ("datetime64", "timestamp", "datetimetzdtype"),
    "Duration": ("timedelta", "timedelta64"),
    "Binary": ("bytes", "bytes_"),
    "Categorical": ("category", "categoricaldtype"),
    "Struct": ("dict",),
}


def is_called(dtype: pl.DataType, name: str) -> bool:
    """Tell whether the name is one of the type's; letters' case does not matter."""
    base = str(dtype.base_type())
    known = {str(dtype), base, *_ALIASES.get(base, ()), *_with_unit(dtype)}
    return name.lower() in {one.lower() for one in known}


def _with_unit(dtype: pl.DataType) -> tuple[str, ...]:
    if isinstance(dtype, pl.Duration):
        return (f"timedelta64[{dtype.time_unit}]",)
    if isinstance(dtype, pl.Datetime):
        zone = f", {dtype.time_zone}" if dtype.time_zone else ""
        return (f"datetime64[{dtype.time_unit}{zone}]",)
    return ()
