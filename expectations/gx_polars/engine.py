"""Great Expectations' execution engine on Polars."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import polars as pl
from great_expectations.core.batch import BatchMarkers
from great_expectations.core.batch_spec import BatchSpec, RuntimeDataBatchSpec
from great_expectations.core.metric_domain_types import MetricDomainTypes
from great_expectations.exceptions import GreatExpectationsError, MetricResolutionError
from great_expectations.execution_engine import ExecutionEngine
from great_expectations.expectations.registry import get_metric_provider
from great_expectations.expectations.row_conditions import (
    AndCondition,
    ComparisonCondition,
    Condition,
    NullityCondition,
    OrCondition,
)
from great_expectations.validator.metric_configuration import MetricConfiguration, MetricConfigurationID

from gx_polars.batch import PolarsBatchData
from gx_polars.passes import answers
from gx_polars.registering import PolarsMetric, answer, register
from gx_polars.request import Request
from gx_polars.row_conditions import from_condition

Metrics = dict[MetricConfigurationID, Any]


class PolarsExecutionEngine(ExecutionEngine[pl.Expr]):
    """Answers the metrics of a suite over a lazy frame, together, while it streams."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Take what every execution engine takes."""
        self._answers: Metrics = {}
        super().__init__(*args, **kwargs)

    def load_batch_data(self, batch_id: str, batch_data: Any) -> None:
        """Make a lazy frame, a data frame or a PolarsBatchData the batch of that id; older answers are forgotten."""
        self._answers.clear()
        super().load_batch_data(batch_id, self._batch_data(batch_data))

    def _batch_data(self, given: Any) -> PolarsBatchData:
        if isinstance(given, PolarsBatchData):
            return given
        if isinstance(given, pl.LazyFrame | pl.DataFrame):
            return PolarsBatchData(self, given.lazy())
        raise GreatExpectationsError(f"The Polars engine takes a Polars frame, not {type(given).__name__}.")

    def get_batch_data_and_markers(self, batch_spec: BatchSpec) -> tuple[PolarsBatchData, BatchMarkers]:
        """Take the frame out of the batch's specification, which is kept and shown with results."""
        if not isinstance(batch_spec, RuntimeDataBatchSpec):
            raise GreatExpectationsError("The Polars engine takes batches from its own data source only.")
        data = self._batch_data(batch_spec.batch_data)
        batch_spec.batch_data = "PolarsLazyFrame"
        return data, BatchMarkers({"ge_load_time": datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%fZ")})

    def resolve_metrics(
        self,
        metrics_to_resolve: Iterable[MetricConfiguration],
        metrics: Metrics | None = None,
        runtime_configuration: dict[str, Any] | None = None,
    ) -> Metrics:
        """Answer all metrics of this engine together, and others as Great Expectations does.

        Raises MetricResolutionError for those that failed with the first error. Great Expectations asks again for the
        others, which are remembered.
        """
        own: list[MetricConfiguration] = []
        foreign: list[MetricConfiguration] = []
        for metric in metrics_to_resolve:
            (own if self._answers_itself(metric) else foreign).append(metric)
        self._answer([metric for metric in own if metric.id not in self._answers])
        self._raise_first(own)
        found = {metric.id: self._answers[metric.id] for metric in own}
        return found | (super().resolve_metrics(foreign, metrics, runtime_configuration) if foreign else {})

    def _answers_itself(self, metric: MetricConfiguration) -> bool:
        provider: object = get_metric_provider(metric.metric_name, self)[0]
        return provider is PolarsMetric

    def _answer(self, asked: list[MetricConfiguration]) -> None:
        batches: dict[Any, list[MetricConfiguration]] = {}
        for metric in asked:
            batches.setdefault(metric.metric_domain_kwargs.get("batch_id"), []).append(metric)
        for batch_id, own in batches.items():
            batch = self._batch(batch_id)
            started = {metric.id: answer(_request(metric, batch)) for metric in own}
            self._answers |= answers(batch, started)

    def _raise_first(self, asked: list[MetricConfiguration]) -> None:
        failed = [(metric, self._answers[metric.id]) for metric in asked if _failed(self._answers[metric.id])]
        if failed:
            first = str(failed[0][1])
            alike = tuple(metric for metric, error in failed if str(error) == first)
            raise MetricResolutionError(message=first, failed_metrics=alike) from failed[0][1]

    def _batch(self, batch_id: str | None) -> PolarsBatchData:
        known = self.batch_manager
        found = known.active_batch_data if batch_id is None else known.batch_data_cache.get(batch_id)
        if not isinstance(found, PolarsBatchData):
            raise GreatExpectationsError(f"Unable to find batch with batch_id {batch_id}")
        return found

    def get_domain_records(self, domain_kwargs: dict[str, Any]) -> pl.LazyFrame:
        """Return the batch's rows that a metric of that domain looks at."""
        request = Request("", self._batch(domain_kwargs.get("batch_id")), domain_kwargs, {})
        rows = request.domain.rows()
        return request.batch.frame if rows is None else request.batch.frame.filter(rows)

    def get_compute_domain(
        self,
        domain_kwargs: dict[str, Any],
        domain_type: str | MetricDomainTypes,
        accessor_keys: Iterable[str] | None = None,
    ) -> tuple[pl.LazyFrame, dict[str, Any], dict[str, Any]]:
        """Return the domain's rows, and its keyword arguments parted as Great Expectations parts them."""
        parted = self._partition_domain_kwargs(domain_kwargs, domain_type, accessor_keys)
        return self.get_domain_records(domain_kwargs), parted.compute, parted.accessor

    def condition_to_filter_clause(self, condition: Condition) -> pl.Expr:
        """Translate a row condition over the active batch."""
        return from_condition(condition, self._batch(None).schema)

    def _comparison_condition_to_filter_clause(self, condition: ComparisonCondition) -> pl.Expr:
        return self.condition_to_filter_clause(condition)

    def _nullity_condition_to_filter_clause(self, condition: NullityCondition) -> pl.Expr:
        return self.condition_to_filter_clause(condition)

    def _and_condition_to_filter_clause(self, condition: AndCondition) -> pl.Expr:
        return self.condition_to_filter_clause(condition)

    def _or_condition_to_filter_clause(self, condition: OrCondition) -> pl.Expr:
        return self.condition_to_filter_clause(condition)


def _failed(found: Any) -> bool:
    return isinstance(found, Exception)


def _request(metric: MetricConfiguration, batch: PolarsBatchData) -> Request:
    return Request(metric.metric_name, batch, metric.metric_domain_kwargs, metric.metric_value_kwargs)


register(PolarsExecutionEngine)
