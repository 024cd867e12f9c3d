"""Registers the metrics for the engine under Great Expectations' own names.

A metric is registered without dependencies: all metrics of a suite are then ready at once, and the engine sees them
together. What a metric needs it asks for itself (`needs`).
"""

from typing import Any

from great_expectations.core.metric_function_types import MetricFunctionTypes
from great_expectations.execution_engine import ExecutionEngine
from great_expectations.expectations import registry
from great_expectations.expectations.metrics.metric_provider import MetricProvider
from great_expectations.validator.metric_configuration import MetricConfiguration

from gx_polars.aggregates import AGGREGATES
from gx_polars.mapping import CONDITIONS, SUFFIXES
from gx_polars.needs import Answer
from gx_polars.request import Request
from gx_polars.tables import TABLES


class PolarsMetric(MetricProvider):
    """A metric that the Polars engine answers together with the others of its suite."""

    @classmethod
    def get_evaluation_dependencies(cls, metric: MetricConfiguration, *_: Any, **__: Any) -> dict[str, Any]:  # noqa: ARG003
        """Return none: see the module."""
        return {}


def answer(request: Request) -> Answer:
    """Start the metric of the request's name."""
    whole = {**AGGREGATES, **TABLES}.get(request.name)
    return SUFFIXES[request.name.rpartition(".")[2]](request) if whole is None else whole(request)


def register(engine: type[ExecutionEngine[Any]]) -> None:
    """Register every metric that is known here for the engine, with the keys that Great Expectations gave it."""
    registry.register_core_metrics()
    of_maps = (f"{condition}.{suffix}" for condition in CONDITIONS for suffix in SUFFIXES)
    for name in (*AGGREGATES, *TABLES, *of_maps):
        known = registry._registered_metrics.get(name)  # noqa: SLF001 - the registry offers no other way to read it
        if known is not None:
            registry.register_metric(
                metric_name=name,
                metric_domain_keys=known["metric_domain_keys"],
                metric_value_keys=known["metric_value_keys"],
                execution_engine=engine,
                metric_class=PolarsMetric,
                metric_provider=answer,
                metric_fn_type=MetricFunctionTypes.VALUE,
            )
