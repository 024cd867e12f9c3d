"""The Polars engine itself: its passes, its bounds, the identity of rows, and that ordinary use works unchanged."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import great_expectations as gx
import great_expectations.expectations as gxe
import polars as pl
import pytest
from great_expectations.exceptions.exceptions import BuildBatchRequestError
from great_expectations.expectations.row_conditions import Column
from tests.gx_polars_judging import judged, quiet_context

import gx_polars
from gx_polars import passes, ranking, repeating
from gx_polars.row_conditions import from_query

SUMMARY = {"result_format": "SUMMARY", "partial_unexpected_count": 3}
FRAME = pl.DataFrame(
    {
        "key": ["a", "b", "a", "c", None, "b", "d"],
        "amount": [1, -2, 3, None, 5, -6, 7],
        "kind": pl.Series(["x", "y", "x", "x", "y", None, "x"], dtype=pl.Categorical),
    }
)


def _only(
    expectation: gxe.Expectation, result_format: Mapping[str, Any] = SUMMARY, data: object = FRAME
) -> dict[str, Any]:
    return judged("polars", data, {"it": expectation}, dict(result_format))["it"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a hive folder of two days; the second lies in two files."""
    for day, part, amounts in (("01", 0, [1, -1, 2]), ("02", 0, [3, 4]), ("02", 1, [-5, 6, -7])):
        path = tmp_path / f"day=2026-03-{day}" / f"part-{part}.parquet"
        path.parent.mkdir(exist_ok=True)
        pl.DataFrame({"id": [f"{day}{part}{amount}" for amount in amounts], "amount": amounts}).write_parquet(path)
    return tmp_path


def _of_folder(folder: Path, result_format: Mapping[str, Any], **partition: str) -> dict[str, Any]:
    asset = quiet_context().data_sources.add_polars("p").add_parquet_asset("rows", source=str(folder))
    batch = asset.add_batch_definition_whole_folder("all").get_batch(partition or None)
    found: dict[str, Any] = batch.validate(
        gxe.ExpectColumnValuesToBeBetween(column="amount", min_value=0), result_format=dict(result_format)
    ).result
    return found


def test_a_failed_row_is_named_by_its_file_and_its_row_there(folder: Path) -> None:
    found = _of_folder(folder, SUMMARY | {"include_unexpected_rows": True})
    named = [
        (Path(one["source_file"]).relative_to(folder).as_posix(), one["source_row"], one["amount"])
        for one in found["partial_unexpected_index_list"]
    ]
    assert named == [
        ("day=2026-03-01/part-0.parquet", 1, -1),
        ("day=2026-03-02/part-1.parquet", 0, -5),
        ("day=2026-03-02/part-1.parquet", 2, -7),
    ]
    assert found["unexpected_rows"]["source_row"].tolist() == [1, 0, 2]
    assert found["unexpected_rows"]["id"].tolist() == ["010-1", "021-5", "021-7"]


def test_batch_parameters_choose_hive_partitions(folder: Path) -> None:
    found = _of_folder(folder, SUMMARY, day="2026-03-02")
    assert (found["element_count"], found["unexpected_count"]) == (5, 2)
    assert [one["source_row"] for one in found["partial_unexpected_index_list"]] == [0, 2]
    with pytest.raises(ValueError, match="no column month"):
        _of_folder(folder, SUMMARY, month="3")


def test_given_columns_name_rows_where_asked_for(folder: Path) -> None:
    found = _of_folder(folder, SUMMARY | {"unexpected_index_column_names": ["id", "source_row"]})
    assert found["partial_unexpected_index_list"][0] == {"amount": -1, "id": "010-1", "source_row": 1}
    wrong = _only(gxe.ExpectColumnValuesToNotBeNull(column="key"), SUMMARY | {"unexpected_index_column_names": ["no"]})
    assert wrong["error"]


def test_counts_are_exact_where_samples_are_capped() -> None:
    found = _only(
        gxe.ExpectColumnValuesToBeInSet(column="n", value_set=[1]),
        {"result_format": "COMPLETE"},
        pl.LazyFrame({"n": range(5000)}),
    )
    assert found["unexpected_count"] == 4999
    assert len(found["unexpected_list"]) == len(found["unexpected_index_list"]) == 200


def _suite(count: int) -> gx.ExpectationSuite:
    many = [gxe.ExpectColumnValuesToBeBetween(column="amount", min_value=-10 - number) for number in range(count)]
    others = [
        gxe.ExpectColumnValuesToBeInSet(column="kind", value_set=["x", "y"]),
        gxe.ExpectColumnMeanToBeBetween(column="amount", min_value=0),
        gxe.ExpectTableRowCountToEqual(value=7),
    ]
    return gx.ExpectationSuite(name="many", expectations=[*many, *others])


def test_all_metrics_of_a_suite_share_one_select(monkeypatch: pytest.MonkeyPatch) -> None:
    selects: list[int] = []
    original = passes._one_select

    def counting(frame: pl.LazyFrame, scalars: Mapping[Any, pl.Expr]) -> Mapping[Any, Any]:
        selects.extend([len(scalars)] if scalars else [])
        return original(frame, scalars)

    monkeypatch.setattr(passes, "_one_select", counting)
    asset = quiet_context().data_sources.add_polars("p").add_dataframe_asset("rows")
    batch = asset.add_batch_definition_whole_dataframe("all").get_batch({"dataframe": FRAME.lazy()})
    assert batch.validate(_suite(20), result_format=SUMMARY).success
    # 20 ranges, one set, one mean, the rows, and missing values once a column.
    assert selects == [25]


def test_the_shared_select_streams(folder: Path) -> None:
    frame = pl.scan_parquet(folder)
    value = pl.when(pl.col("day") == pl.date(2026, 3, 2)).then(pl.col("amount"))
    asked = [
        ((value < 0) & value.is_not_null()).sum(),
        value.max().alias("max"),
        value.cast(pl.Float64).std().alias("s"),
    ]
    plan = frame.select(asked).show_graph(engine="streaming", plan_stage="physical", raw_output=True, show=False)
    assert plan is not None
    assert "reduce" in plan
    assert "in-memory-map" not in plan


@pytest.mark.parametrize(("at_once", "few"), [(2, 10_000), (2, 0), (64_000_000, 0)])
def test_uniqueness_is_exact_however_it_is_cut(monkeypatch: pytest.MonkeyPatch, at_once: int, few: int) -> None:
    monkeypatch.setattr(repeating, "HASHES_AT_ONCE", at_once)
    monkeypatch.setattr(repeating, "KEYS_AT_ONCE", 1)
    monkeypatch.setattr(repeating, "_FEW", few)
    found = _only(gxe.ExpectColumnValuesToBeUnique(column="key"), SUMMARY)
    assert (found["unexpected_count"], found["missing_count"]) == (4, 1)
    assert found["partial_unexpected_index_list"] == [0, 1, 2]
    assert found["partial_unexpected_list"] == ["a", "b", "a"]
    assert _only(gxe.ExpectColumnUniqueValueCountToBeBetween(column="key", max_value=9))["observed_value"] == 4


def test_equal_hashes_of_different_keys_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(repeating, "_hash", lambda keys: keys[0].str.len_bytes().cast(pl.UInt64))
    found = _only(gxe.ExpectColumnValuesToBeUnique(column="key"), SUMMARY)
    assert found["unexpected_count"] == 4
    assert _only(gxe.ExpectColumnUniqueValueCountToBeBetween(column="key", max_value=9))["observed_value"] == 4


def test_quantiles_are_exact_however_much_is_sorted_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    data = pl.LazyFrame({"n": [7**number % 1009 - 500 for number in range(400)] + [10**12] + [None] * 5})
    asked = gxe.ExpectColumnQuantileValuesToBeBetween(
        column="n",
        quantile_ranges={"quantiles": [0, 0.1, 0.5, 0.999, 1], "value_ranges": [[None, None]] * 5},
        allow_relative_error="linear",
    )
    whole = _only(asked, SUMMARY, data)
    monkeypatch.setattr(ranking, "VALUES_AT_ONCE", 10)
    assert _only(asked, SUMMARY, data) == whole
    assert whole["observed_value"]["values"][-1] == 10**12
    same = pl.LazyFrame({"n": [3] * 40})
    assert _only(gxe.ExpectColumnMedianToBeBetween(column="n"), SUMMARY, same)["observed_value"] == 3


@pytest.mark.parametrize(
    "query",
    [
        "amount > 1 and kind == 'x'",
        "(amount < 0) | kind.isnull()",
        "not amount >= 0",
        "kind in ['y'] and amount != 5",
        "kind not in ['y', '|']",
        "`amount` == `amount` & ~(kind == 'x')",
    ],
)
def test_row_conditions_of_before_are_read_as_pandas_reads_them(query: str) -> None:
    plain = FRAME.with_columns(pl.col("kind").cast(pl.String))
    kept = plain.with_row_index().filter(from_query(query, plain.schema))["index"].to_list()
    assert kept == plain.to_pandas().query(query).index.tolist()
    assert kept


@pytest.mark.parametrize(
    "query", ["__import__('os').getcwd()", "amount + 1 > 2", "amount >", "nothing == 1", "1 < amount"]
)
def test_row_conditions_that_are_none_are_refused(query: str) -> None:
    with pytest.raises(ValueError, match="row condition"):
        from_query(query, FRAME.schema)


def test_one_wrong_metric_spoils_no_other() -> None:
    found = judged(
        "polars",
        FRAME.with_columns(text=pl.lit("1")),
        {
            "typed": gxe.ExpectColumnMeanToBeBetween(column="key"),
            "absent": gxe.ExpectColumnValuesToNotBeNull(column="absent"),
            "regex": gxe.ExpectColumnValuesToMatchRegex(column="key", regex="("),
            "sound": gxe.ExpectColumnMaxToBeBetween(column="amount", max_value=7),
        },
    )
    assert {name for name, one in found.items() if one["error"]} == {"typed", "absent", "regex"}
    assert found["sound"]["success"]


def test_an_error_in_the_data_is_laid_to_the_metric_that_meets_it() -> None:
    broken = FRAME.lazy().with_columns(broken=pl.col("key").cast(pl.Int64, strict=True))
    found = judged(
        "polars",
        broken,
        {
            "broken": gxe.ExpectColumnMaxToBeBetween(column="broken", max_value=1),
            "sound": gxe.ExpectColumnMaxToBeBetween(column="amount", max_value=7),
        },
    )
    assert found["broken"]["error"]
    assert found["sound"]["observed_value"] == 7


def test_queries_of_rows_run_over_the_batch_alone() -> None:
    found = _only(
        gxe.UnexpectedRowsExpectation(unexpected_rows_query="SELECT * FROM {batch} WHERE amount < 0"),
        {"result_format": "COMPLETE"},
    )
    assert (found["success"], found["observed_value"]) == (False, 2)
    assert [row["amount"] for row in found["details"]["unexpected_rows"]] == [-2, -6]
    assert _only(gxe.UnexpectedRowsExpectation(unexpected_rows_query="SELECT * FROM FRAME {batch}"))["error"]


def test_a_checkpoint_with_severities_writes_data_docs(tmp_path: Path) -> None:
    context = quiet_context()
    site = {"class_name": "TupleFilesystemStoreBackend", "base_directory": str(tmp_path)}
    context.add_data_docs_site("local", {"class_name": "SiteBuilder", "store_backend": site})
    where = Column("amount") > 0
    expectations = [
        gxe.ExpectColumnValuesToNotBeNull(column="amount", severity="warning"),
        gxe.ExpectColumnValuesToBeUnique(column="key", severity="critical", row_condition=where),
        gxe.ExpectColumnValuesToBeInTypeList(column="key", type_list=["String"], severity="info"),
    ]
    suite = gx.ExpectationSuite(name="suite", expectations=expectations)
    rows = context.data_sources.add_polars("p").add_dataframe_asset("rows")
    definition = gx.ValidationDefinition(
        name="all", data=rows.add_batch_definition_whole_dataframe("all"), suite=context.suites.add(suite)
    )
    checkpoint = gx.Checkpoint(
        name="night",
        validation_definitions=[context.validation_definitions.add(definition)],
        actions=[gx.checkpoint.UpdateDataDocsAction(name="docs", site_names=["local"])],
        result_format={"result_format": "COMPLETE", "include_unexpected_rows": True},
    )
    found = context.checkpoints.add(checkpoint).run(batch_parameters={"dataframe": FRAME.lazy()})
    assert not found.success
    assert found.describe_dict()["statistics"]["evaluated_validations"] == 1
    pages = "".join(page.read_text() for page in tmp_path.rglob("validations/**/*.html"))
    assert "unexpected values found" in pages


def test_assets_take_polars_frames_and_nothing_else() -> None:
    definition = (
        quiet_context()
        .data_sources.add_polars("p")
        .add_dataframe_asset("rows")
        .add_batch_definition_whole_dataframe("all")
    )
    for wrong in ({"dataframe": FRAME.to_pandas()}, {}, {"dataframe": FRAME, "more": "1"}):
        with pytest.raises(BuildBatchRequestError):
            definition.get_batch(wrong)


def test_the_environment_is_as_it_was_and_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str | None] = []
    original = passes.meet
    name = "POLARS_ROW_GROUP_PREFETCH_SIZE"
    monkeypatch.setattr(passes, "meet", lambda *asked: (seen.append(os.environ.get(name)), original(*asked))[1])
    monkeypatch.delenv(name, raising=False)
    _only(gxe.ExpectColumnToExist(column="key"))
    _only(gxe.ExpectTableRowCountToEqual(value=7))
    assert set(seen) == {"2"}
    assert name not in os.environ
    monkeypatch.setenv(name, "5")
    _only(gxe.ExpectTableRowCountToEqual(value=7))
    assert seen[-1] == "5"


def test_the_package_knows_nothing_of_its_neighbours() -> None:
    package = Path(gx_polars.__file__).parent
    text = "".join(path.read_text(encoding="utf-8") for path in package.glob("*.py"))
    assert "mirrorwatch" not in text
