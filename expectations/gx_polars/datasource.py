"""The fluent data source: lazy frames given as a batch parameter, and folders of Parquet files."""

from typing import Any, ClassVar, Literal, cast

import polars as pl
from great_expectations.compatibility import pydantic
from great_expectations.core import IDDict
from great_expectations.core.batch import LegacyBatchDefinition
from great_expectations.core.batch_definition import BatchDefinition
from great_expectations.core.batch_spec import RuntimeDataBatchSpec
from great_expectations.data_context import AbstractDataContext
from great_expectations.datasource.fluent import BatchParameters, BatchRequest
from great_expectations.datasource.fluent.batch_identifier_util import make_batch_identifier
from great_expectations.datasource.fluent.constants import _DATA_CONNECTOR_NAME
from great_expectations.datasource.fluent.interfaces import Batch, DataAsset, Datasource
from great_expectations.exceptions.exceptions import BuildBatchRequestError

from gx_polars.batch import PolarsBatchData, scan_files
from gx_polars.engine import PolarsExecutionEngine

Frame = pl.LazyFrame | pl.DataFrame | PolarsBatchData
_Engine = type[PolarsExecutionEngine]
_AssetType = type[DataAsset]  # type: ignore[type-arg]


class _PolarsAsset(DataAsset):  # type: ignore[type-arg] # it cannot be subscripted at run time
    """What both kinds of assets share: one batch from one batch request."""

    def test_connection(self) -> None:
        """Look at nothing: a frame comes later, and files are looked at when a batch is asked for."""

    def _data(self, options: BatchParameters) -> Frame:
        raise NotImplementedError

    def build_batch_request(
        self, options: BatchParameters | None = None, batch_slice: Any = None, partitioner: Any = None
    ) -> BatchRequest[Any]:
        """Return a request for the batch that the options name.

        Raises BuildBatchRequestError for options that name none.
        """
        if batch_slice is not None or partitioner is not None:
            raise BuildBatchRequestError(message="A Polars asset takes neither a batch slice nor a partitioner.")
        self._check(options or {})
        return BatchRequest(datasource_name=self.datasource.name, data_asset_name=self.name, options=options or {})

    def _check(self, options: BatchParameters) -> None:
        raise NotImplementedError

    def get_batch_identifiers_list(self, batch_request: BatchRequest[Any]) -> list[dict[str, Any]]:
        """Return the one batch that the request is for."""
        return [IDDict(batch_request.options)]

    def get_batch(self, batch_request: BatchRequest[Any]) -> Batch:
        """Return the batch of the request; its rows are not read yet."""
        options = batch_request.options
        spec = RuntimeDataBatchSpec(batch_data=self._data(options))
        data, markers = self.datasource.get_execution_engine().get_batch_data_and_markers(batch_spec=spec)
        return Batch(
            datasource=self.datasource,
            data_asset=self,
            batch_request=batch_request,
            data=data,
            metadata=self._get_batch_metadata_from_batch_request(batch_request, ignore_options=("dataframe",)),
            batch_markers=markers,
            batch_spec=spec,
            batch_definition=LegacyBatchDefinition(
                datasource_name=self.datasource.name,
                data_connector_name=_DATA_CONNECTOR_NAME,
                data_asset_name=self.name,
                batch_identifiers=make_batch_identifier(options),
            ),
        )


class PolarsFrameAsset(_PolarsAsset):
    """Rows of a lazy frame or data frame that is given with each run, as batch parameter `dataframe`."""

    type: Literal["dataframe"] = "dataframe"

    class Config:  # noqa: D106 - pydantic's
        extra = pydantic.Extra.forbid

    def get_batch_parameters_keys(self, partitioner: Any = None) -> tuple[str, ...]:  # noqa: ARG002
        """Return the one parameter."""
        return ("dataframe",)

    def add_batch_definition_whole_dataframe(self, name: str) -> BatchDefinition[Any]:
        """Add a batch definition of all rows."""
        return self.add_batch_definition(name=name)

    def _check(self, options: BatchParameters) -> None:
        if set(options) != {"dataframe"} or not isinstance(options["dataframe"], Frame):
            raise BuildBatchRequestError(message="The one batch parameter must be dataframe, a Polars frame.")

    def _data(self, options: BatchParameters) -> Frame:
        return cast("Frame", options["dataframe"])


class PolarsParquetAsset(_PolarsAsset):
    """Rows of Parquet files: a file, a pattern, or a folder, whose hive partitions are batch parameters."""

    type: Literal["parquet"] = "parquet"
    source: str = pydantic.Field(description="a file, a folder or a glob pattern, local or in an object store")
    options: dict[str, Any] = pydantic.Field(default_factory=dict, description="further options of scan_parquet")

    class Config:  # noqa: D106 - pydantic's
        extra = pydantic.Extra.forbid

    def get_batch_parameters_keys(self, partitioner: Any = None) -> tuple[str, ...]:  # noqa: ARG002
        """Return every column's name: the rows of a value, for which hive partitions need no reading, are a batch."""
        return tuple(pl.scan_parquet(self.source, **self.options).collect_schema().names())

    def add_batch_definition_whole_folder(self, name: str) -> BatchDefinition[Any]:
        """Add a batch definition of all files, or of the partitions that the batch parameters name."""
        return self.add_batch_definition(name=name)

    def _check(self, options: BatchParameters) -> None:
        if not all(isinstance(value, str) for value in options.values()):
            raise BuildBatchRequestError(message="Batch parameters of Parquet files are partition values, as text.")

    def _data(self, options: BatchParameters) -> Frame:
        return scan_files(self.source, options, self.datasource.get_execution_engine(), self.options)


def add_polars(context: AbstractDataContext, name: str) -> "PolarsDatasource":
    """Add a data source as `context.data_sources.add_polars` does, which type checkers do not know of."""
    return cast("PolarsDatasource", context.data_sources.add_polars(name))


class PolarsDatasource(Datasource):  # type: ignore[type-arg]
    """Data for the Polars engine; `context.data_sources.add_polars(name)` adds one."""

    asset_types: ClassVar[list[_AssetType]] = [PolarsFrameAsset, PolarsParquetAsset]

    type: Literal["polars"] = "polars"
    assets: list[PolarsFrameAsset | PolarsParquetAsset] = []  # noqa: RUF012 - pydantic copies it

    @property
    def execution_engine_type(self) -> _Engine:
        """Return the engine."""
        return PolarsExecutionEngine

    def test_connection(self, test_assets: bool = True) -> None:  # noqa: FBT001, FBT002 - the signature is theirs
        """Look at nothing: there is no connection."""

    def add_dataframe_asset(self, name: str) -> PolarsFrameAsset:
        """Add an asset whose rows are given with each run."""
        return cast("PolarsFrameAsset", self._add_asset(PolarsFrameAsset(name=name)))

    def add_parquet_asset(self, name: str, source: str, **options: Any) -> PolarsParquetAsset:
        """Add an asset of Parquet files; options go to `polars.scan_parquet`."""
        return cast(
            "PolarsParquetAsset", self._add_asset(PolarsParquetAsset(name=name, source=source, options=options))
        )
