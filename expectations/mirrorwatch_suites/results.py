"""From Great Expectations' results to rows of the quality table."""

from typing import TYPE_CHECKING, Any

from mirrorwatch_suites.batches import Batch
from mirrorwatch_suites.protection import columns_of

if TYPE_CHECKING:
    from great_expectations.core import ExpectationSuiteValidationResult, ExpectationValidationResult

Row = tuple[str, str, str | None, str, bool, int | None, float | None, str | None, str]


def quality_rows(batch: Batch, result: "ExpectationSuiteValidationResult") -> list[Row]:
    """Return one QUALITY row an expectation.

    Raises RuntimeError for an expectation that could not be evaluated: that is a fault of the suite, not of the data.
    """
    return [_row(batch, one) for one in result.results]


def _row(batch: Batch, result: "ExpectationValidationResult") -> Row:
    config = result.expectation_config
    if config is None:
        raise RuntimeError(f"A result of suite {batch.dataset} names no expectation")
    _raise_for_fault(batch.dataset, config.type, result.exception_info)
    found = result.result
    return (
        batch.dataset,
        config.type,
        column_of(config.kwargs),
        str(getattr(config.severity, "value", config.severity)),
        bool(result.success),
        found.get("unexpected_count"),
        None if found.get("unexpected_percent") is None else found["unexpected_percent"] / 100,
        _observed(found, float(config.kwargs.get("mostly", 1))),
        reason_of(config.meta or {}),
    )


def column_of(kwargs: dict[str, Any]) -> str | None:
    """Return what stands under `column` in the quality table."""
    return ", ".join(columns_of(kwargs)) or None


def reason_of(meta: dict[str, Any]) -> str:
    """Put together why the bound is where it is, and what hangs on it."""
    return " ".join(str(meta[part]) for part in ("reason", "protects") if meta.get(part))


def _observed(found: dict[str, Any], mostly: float) -> str | None:
    """Say what was seen: the value of an aggregate, or how many rows were unexpected, of how many, and how many may."""
    if "observed_value" in found:
        return str(found["observed_value"])
    if "element_count" not in found:
        return None
    allowed = "" if mostly == 1 else f", where {100 * (1 - mostly):.4g} % may"
    return f"{found.get('unexpected_count', 0):,} of {found['element_count']:,} rows{allowed}"


def _raise_for_fault(dataset: str, expectation: str, told: dict[str, Any] | None) -> None:
    """Look for an exception, which stands at the top or below metric ids."""
    for info in [told or {}, *(value for value in (told or {}).values() if isinstance(value, dict))]:
        if info.get("raised_exception"):
            raise RuntimeError(f"{expectation} of suite {dataset} was not evaluated: {info.get('exception_message')}")
