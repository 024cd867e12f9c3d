"""Runs suites through Great Expectations' pandas engine and through the Polars engine, and tells where they differ."""

import math
import warnings
from collections.abc import Mapping
from typing import Any

import great_expectations as gx
import polars as pl
from great_expectations.core import ExpectationValidationResult
from great_expectations.data_context import EphemeralDataContext
from great_expectations.data_context.types.base import ProgressBarsConfig
from great_expectations.expectations.expectation import Expectation

import gx_polars  # noqa: F401 - importing it adds the data source

COMPLETE: dict[str, Any] = {"result_format": "COMPLETE", "partial_unexpected_count": 20}
# Not compared: the text of an error, and the two engines' own ways of writing a query.
_OWN_WORDS = ("unexpected_index_query",)
# pandas gives it in the order of a Python set, which is another one in each process.
_UNORDERED = ("partial_missing_list",)
_AT_ONCE = 40


def quiet_context() -> EphemeralDataContext:
    """Return a context that keeps everything in memory and draws no progress bars."""
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False, metric_calculations=False)
    return context


def judged(
    engine: str, data: object, expectations: Mapping[str, Expectation], result_format: dict[str, Any] | None = None
) -> dict[str, dict[str, Any]]:
    """Return each expectation's result, by its name, as one engine ("pandas" or "polars") finds it."""
    context = quiet_context()
    suite = gx.ExpectationSuite(name="suite")
    for name, expectation in expectations.items():
        one = expectation.copy(update={"id": None, "meta": {"name": name}})
        suite.expectations.append(one)
    asset = getattr(context.data_sources, f"add_{engine}")("source").add_dataframe_asset("rows")
    batch = asset.add_batch_definition_whole_dataframe("all").get_batch({"dataframe": data})
    # Not through a stored run: pandas' quantiles bring numpy truth values, on which storing the result fails.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore" if engine == "pandas" else "error")  # pandas warns of what it is doing itself
        found = batch.validate(suite, result_format=result_format or COMPLETE)
    return {one.expectation_config.meta["name"]: _told(one) for one in found.results}


def _told(result: ExpectationValidationResult) -> dict[str, Any]:
    if _raised(result.exception_info):
        return {"success": result.success, "error": True}
    found = {key: _plain(value) for key, value in result.result.items() if key not in _OWN_WORDS}
    found |= {key: sorted(found[key], key=repr) for key in _UNORDERED if key in found}
    return {"success": bool(result.success), "error": False, **found}


def _raised(told: dict[str, Any] | None) -> bool:
    inner = [value for value in (told or {}).values() if isinstance(value, dict)]
    return any(one.get("raised_exception") for one in (told or {}, *inner))


def _plain(value: Any) -> Any:  # noqa: ANN401
    """Return the value as a type that both engines' values can be compared as: NaN is missing, 1.0 is 1."""
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple | set):
        return [_plain(one) for one in value]
    if hasattr(value, "item"):
        value = value.item()
    if hasattr(value, "to_pydatetime"):
        value = value.to_pydatetime()
    if value is None or str(value) in {"NaT", "nan", "<NA>", "None"}:
        return None
    return value


def same(first: object, second: object) -> bool:
    """Tell whether two results are equal, floats to 12 digits."""
    if isinstance(first, dict) and isinstance(second, dict):
        return first.keys() == second.keys() and all(same(first[key], second[key]) for key in first)
    if isinstance(first, list) and isinstance(second, list):
        return len(first) == len(second) and all(map(same, first, second))
    if isinstance(first, float) or isinstance(second, float):
        try:
            return math.isclose(float(first), float(second), rel_tol=1e-12)  # type: ignore[arg-type]
        except (TypeError, ValueError):
            return False
    return bool(first == second)


def _in_parts(engine: str, data: object, expectations: Mapping[str, Expectation]) -> dict[str, dict[str, Any]]:
    """Judge some at a time: Great Expectations' own work grows with the square of a suite's size."""
    names = list(expectations)
    parts = [names[start : start + _AT_ONCE] for start in range(0, len(names), _AT_ONCE)]
    found = [judged(engine, data, {name: expectations[name] for name in part}) for part in parts]
    return {name: one for part in found for name, one in part.items()}


def differences(frame: pl.DataFrame, expectations: Mapping[str, Expectation]) -> dict[str, dict[str, tuple[Any, Any]]]:
    """Return for each expectation that the engines judge differently what differs, pandas' finding first."""
    theirs, ours = (
        _in_parts("pandas", frame.to_pandas(date_as_object=True), expectations),
        _in_parts("polars", frame.lazy(), expectations),
    )
    found: dict[str, dict[str, tuple[Any, Any]]] = {}
    for name in expectations:
        keys = theirs[name].keys() | ours[name].keys()
        unequal = {
            key: (theirs[name].get(key), ours[name].get(key))
            for key in sorted(keys)
            if not same(theirs[name].get(key), ours[name].get(key))
        }
        if unequal:
            found[name] = unequal
    return found
