"""The data and expectations on which the Polars engine is compared with Great Expectations' pandas engine."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta, tzinfo
from decimal import Decimal
from typing import Any

import great_expectations.expectations as gxe
import polars as pl
from great_expectations.expectations.row_conditions import Column

Expectation = gxe.Expectation
DAY = date(2026, 3, 1)
NOON = datetime(2026, 3, 1, 12)  # noqa: DTZ001 - columns without a zone are compared too


def frames() -> dict[str, pl.DataFrame]:
    """Return small frames, each with one kind of awkward value."""
    return {
        "plain": pl.DataFrame(_plain()),
        "empty": pl.DataFrame(_plain()).clear(),
        "one_row": pl.DataFrame(_plain()).head(1),
        "nulls": pl.DataFrame(_nulls(), schema_overrides={"whole": pl.Int64}),
        "nan": pl.DataFrame(
            {"real": [1.5, float("nan"), None, 2.5, 2.5, float("inf"), -0.0, 0.0], "key": list("abcdefgh")}
        ),
        "all_null": pl.DataFrame(
            {"real": [None] * 3, "text": [None] * 3, "key": ["a", "b", "c"]},
            schema_overrides={"real": pl.Float64, "text": pl.String},
        ),
        "decimals": pl.DataFrame({"money": [Decimal("1.10"), Decimal("-2.25"), None, Decimal("1.10"), Decimal("1e9")]}),
        "zones": pl.DataFrame({"at": _moments(), "text": list("abcde")}).with_columns(
            pl.col("at").dt.replace_time_zone("Europe/Zurich")
        ),
        "moments": pl.DataFrame({"at": _moments(), "later": [_plus(one) for one in _moments()]}),
        "days": pl.DataFrame({"on": [DAY, None, DAY + timedelta(days=9), DAY]}),
        "huge": pl.DataFrame({"whole": [2**62, 2**62 + 1, -(2**62), 2**53 + 1, 2**53]}),
        "unsigned": pl.DataFrame({"whole": [0, 2**64 - 1, 2**63, 5]}, schema={"whole": pl.UInt64}),
        "truths": pl.DataFrame({"flag": [True, False, None, True]}),
    }


def _plain() -> dict[str, list[Any]]:
    return {
        "key": ["a1", "b22", "c333", "d4444", "b22", "f6"],
        "whole": [1, 2, 3, 4, 5, 6],
        "other": [1, 1, 5, 4, 4, 7],
        "real": [0.5, 1.5, 2.5, 3.5, 4.5, 100.0],
        "code": ["US", "MX", "US", "CN", "xx", "US"],
    }


def _nulls() -> dict[str, list[Any]]:
    return {
        "key": ["a", None, "c", "c", None, "", "é"],
        "whole": [1, None, 3, 3, 5, None, -7],
        "other": [1, None, None, 2, 5, 6, -8],
        "real": [None, 1.0, 2.0, 2.0, None, 5.0, 9.0],
        "code": [None, None, "x", "y", "x", "z", "x"],
    }


def _moments() -> list[datetime | None]:
    return [NOON, NOON + timedelta(days=1), None, NOON, NOON + timedelta(days=30)]


def _plus(moment: datetime | None) -> datetime | None:
    return None if moment is None else moment + timedelta(hours=moment.day - 2)


def cases(name: str) -> dict[str, Expectation]:
    """Return the expectations that one frame is judged by, named."""
    made = [*_of_tables(frames()[name]), *_OF_FRAMES[name]()]
    return {f"{name}: {_told(one)}": one for one in made}


def _common() -> Iterator[Expectation]:
    yield from (*_of_numbers("whole"), *_of_texts("key"), *_of_several(), *_of_sets("whole", [1, 2.0, "3", 5]))


def _full() -> Iterator[Expectation]:
    yield from (*_common(), *_of_numbers("real"), *_of_texts("code"), *_of_sets("code", ["US", "MX", "x"]))
    yield from _conditional()


def _reals() -> Iterator[Expectation]:
    yield from (*_of_numbers("real"), *_of_texts("key"), *_of_sets("real", [1.5, 2.5]))


def _all_null() -> Iterator[Expectation]:
    yield from (*_reals(), *_of_texts("text"), *_of_sets("text", ["a"]))


def _integers() -> Iterator[Expectation]:
    yield from (*_of_numbers("whole"), *_of_sets("whole", [2**53, 2**53 + 1, 2**62, 2**63, 2**64 - 1]))
    yield gxe.ExpectColumnValuesToBeBetween(column="whole", min_value=2**53 + 1, max_value=2**63)


def _decimals() -> Iterator[Expectation]:
    yield from (*_of_numbers("money"), *_of_sets("money", [Decimal("1.10"), Decimal("7.00")]))


def _truths() -> Iterator[Expectation]:
    yield from (*_of_sets("flag", [True]), *_of_any("flag"))


def _days() -> Iterator[Expectation]:
    yield from (*_of_any("on"), *_of_sets("on", [DAY]), *_of_ranges("on", NOON, NOON + timedelta(days=2)))
    yield from (*_of_ranges("on", DAY, DAY + timedelta(days=2)), gxe.ExpectColumnMedianToBeBetween(column="on"))


def _moments_without_zone() -> Iterator[Expectation]:
    yield from (*_of_moments(None), *_of_two_moments())


def _told(expectation: Expectation) -> str:
    told = {key: value for key, value in expectation.configuration.kwargs.items() if key != "batch_id"}
    return f"{expectation.expectation_type} {told}"


def _of_tables(frame: pl.DataFrame) -> Iterator[Expectation]:
    columns = frame.columns
    yield gxe.ExpectTableRowCountToEqual(value=6)
    yield gxe.ExpectTableRowCountToBeBetween(min_value=1, max_value=5)
    yield gxe.ExpectTableColumnCountToEqual(value=5)
    yield gxe.ExpectTableColumnCountToBeBetween(min_value=1, max_value=2)
    yield gxe.ExpectTableColumnsToMatchSet(column_set=[*columns[:1], "absent"])
    yield gxe.ExpectTableColumnsToMatchSet(column_set=columns, exact_match=True)
    yield gxe.ExpectTableColumnsToMatchOrderedList(column_list=columns)
    yield gxe.ExpectTableColumnsToMatchOrderedList(column_list=columns[::-1])
    yield gxe.ExpectColumnToExist(column=columns[0])
    yield gxe.ExpectColumnToExist(column="absent")
    yield gxe.ExpectColumnValuesToNotBeNull(column="absent")


def _of_any(column: str) -> Iterator[Expectation]:
    yield gxe.ExpectColumnValuesToNotBeNull(column=column)
    yield gxe.ExpectColumnValuesToNotBeNull(column=column, mostly=0.5)
    yield gxe.ExpectColumnValuesToBeNull(column=column)
    yield gxe.ExpectColumnValuesToBeUnique(column=column)
    yield gxe.ExpectColumnUniqueValueCountToBeBetween(column=column, min_value=1, max_value=4)
    yield gxe.ExpectColumnProportionOfUniqueValuesToBeBetween(column=column, min_value=0.5)
    yield gxe.ExpectColumnProportionOfNonNullValuesToBeBetween(column=column, min_value=0.5)


def _of_sets(column: str, values: list[Any]) -> Iterator[Expectation]:
    yield gxe.ExpectColumnValuesToBeInSet(column=column, value_set=values)
    yield gxe.ExpectColumnValuesToBeInSet(column=column, value_set=values, mostly=0.4)
    yield gxe.ExpectColumnValuesToNotBeInSet(column=column, value_set=values)
    yield gxe.ExpectColumnDistinctValuesToBeInSet(column=column, value_set=values)
    yield gxe.ExpectColumnDistinctValuesToContainSet(column=column, value_set=values)
    yield gxe.ExpectColumnDistinctValuesToEqualSet(column=column, value_set=values)
    yield gxe.ExpectColumnMostCommonValueToBeInSet(column=column, value_set=values)
    yield gxe.ExpectColumnMostCommonValueToBeInSet(column=column, value_set=values, ties_okay=True)


def _of_ranges(column: str, low: object, high: object) -> Iterator[Expectation]:
    for between in (
        gxe.ExpectColumnValuesToBeBetween,
        gxe.ExpectColumnMaxToBeBetween,
        gxe.ExpectColumnMinToBeBetween,
    ):
        yield between(column=column, min_value=low, max_value=high)
        yield between(column=column, min_value=low, strict_min=True)
        yield between(column=column, max_value=high, strict_max=True)


def _of_numbers(column: str) -> Iterator[Expectation]:
    yield from _of_any(column)
    yield from _of_ranges(column, 2, 5)
    for aggregate in (
        gxe.ExpectColumnMeanToBeBetween,
        gxe.ExpectColumnMedianToBeBetween,
        gxe.ExpectColumnSumToBeBetween,
        gxe.ExpectColumnStdevToBeBetween,
    ):
        yield aggregate(column=column, min_value=1.5, max_value=21)
    for way in (None, "linear", "lower", "higher", "midpoint", "nearest"):
        quantiles = {"quantiles": [0.1, 0.5, 0.77], "value_ranges": [[0, 2], [None, 9], [1, None]]}
        yield gxe.ExpectColumnQuantileValuesToBeBetween(
            column=column, quantile_ranges=quantiles, **({"allow_relative_error": way} if way else {})
        )
    yield gxe.ExpectColumnValueZScoresToBeLessThan(column=column, threshold=1.2, double_sided=True)
    yield gxe.ExpectColumnValueZScoresToBeLessThan(column=column, threshold=0.2, double_sided=False)
    yield gxe.ExpectColumnValuesToNotBeOutliers(column=column)
    yield gxe.ExpectColumnValuesToNotBeOutliers(column=column, method="std", multiplier=1.1)
    for strictly in (False, True):
        yield gxe.ExpectColumnValuesToBeIncreasing(column=column, strictly=strictly)
        yield gxe.ExpectColumnValuesToBeDecreasing(column=column, strictly=strictly)
    yield from _of_types(column)


def _of_types(column: str) -> Iterator[Expectation]:
    for name in ("int64", "float64", "str", "bool"):
        yield gxe.ExpectColumnValuesToBeOfType(column=column, type_=name)
    yield gxe.ExpectColumnValuesToBeInTypeList(column=column, type_list=["float", "int"])
    yield gxe.ExpectColumnValuesToBeInTypeList(column=column, type_list=["str"])
    yield gxe.ExpectColumnTypeToBe(column=column, type_="float64")


def _of_texts(column: str) -> Iterator[Expectation]:
    yield from _of_any(column)
    yield from _of_types(column)
    yield gxe.ExpectColumnValuesToBeBetween(column=column, min_value=1)
    yield gxe.ExpectColumnValueLengthsToBeBetween(column=column, min_value=1, max_value=3)
    yield gxe.ExpectColumnValueLengthsToBeBetween(
        column=column, min_value=1, max_value=3, strict_min=True, strict_max=True
    )
    yield gxe.ExpectColumnValueLengthsToEqual(column=column, value=2)
    yield gxe.ExpectColumnValuesToMatchRegex(column=column, regex=r"^[A-Za-z]\w*$", mostly=0.8)
    yield gxe.ExpectColumnValuesToMatchRegex(column=column, regex=r"^(?!b)")
    yield gxe.ExpectColumnValuesToNotMatchRegex(column=column, regex=r"\d{2}")
    yield gxe.ExpectColumnValuesToMatchRegexList(column=column, regex_list=[r"\d{3}", "^[A-Z]+$"])
    yield gxe.ExpectColumnValuesToMatchRegexList(column=column, regex_list=[r"\d", "^[a-d]"], match_on="all")
    yield gxe.ExpectColumnValuesToNotMatchRegexList(column=column, regex_list=[r"\d{3}", "^U"])


def _of_several() -> Iterator[Expectation]:
    for ignore in ("both_values_are_missing", "either_value_is_missing", "neither"):
        pair = {"column_A": "whole", "column_B": "other", "ignore_row_if": ignore}
        yield gxe.ExpectColumnPairValuesToBeEqual(**pair)
        yield gxe.ExpectColumnPairValuesAToBeGreaterThanB(**pair)
        yield gxe.ExpectColumnPairValuesAToBeGreaterThanB(**pair, or_equal=True)
        yield gxe.ExpectColumnPairValuesToBeInSet(**pair, value_pairs_set=[(1, 1), (3, None), (5, 4)])
        yield gxe.ExpectColumnPairValuesToBeInSet(**pair, value_pairs_set=[])
    for ignore in ("all_values_are_missing", "any_value_is_missing", "never"):
        record = {"column_list": ["whole", "other", "real"], "ignore_row_if": ignore}
        yield gxe.ExpectMulticolumnSumToEqual(**record, sum_total=9)
        yield gxe.ExpectMulticolumnValuesToBeEqual(column_list=["whole", "other"], ignore_row_if=ignore)
        yield gxe.ExpectSelectColumnValuesToBeUniqueWithinRecord(**record)
        yield gxe.ExpectCompoundColumnsToBeUnique(column_list=["code", "other"], ignore_row_if=ignore)
        yield gxe.ExpectCompoundColumnsToBeUnique(column_list=["code", "key"], ignore_row_if=ignore)


def _conditional() -> Iterator[Expectation]:
    conditions = (
        Column("whole") > 2,
        (Column("whole") >= 2) & (Column("code") != "US"),
        (Column("code") == "US") | Column("whole").is_null(),
        Column("code").is_in(["US", "x"]),
        Column("code").is_not_in(["US", "x"]),
        Column("other").is_not_null(),
    )
    for condition in conditions:
        yield gxe.ExpectColumnValuesToBeBetween(column="real", min_value=2, row_condition=condition)
        yield gxe.ExpectColumnValuesToBeUnique(column="code", row_condition=condition)
        yield gxe.ExpectColumnValuesToNotBeNull(column="key", row_condition=condition)
        yield gxe.ExpectColumnMeanToBeBetween(column="real", max_value=9, row_condition=condition)
        yield gxe.ExpectColumnMedianToBeBetween(column="real", max_value=9, row_condition=condition)
        yield gxe.ExpectColumnDistinctValuesToBeInSet(column="code", value_set=["US"], row_condition=condition)
        yield gxe.ExpectTableRowCountToEqual(value=2, row_condition=condition)
        yield gxe.ExpectColumnPairValuesToBeEqual(column_A="whole", column_B="other", row_condition=condition)
        yield gxe.ExpectCompoundColumnsToBeUnique(column_list=["code", "other"], row_condition=condition)
        yield gxe.ExpectColumnValuesToBeIncreasing(column="real", row_condition=condition)


def _of_moments(zone: tzinfo | None) -> Iterator[Expectation]:
    low, high = (moment.replace(tzinfo=zone) for moment in (NOON + timedelta(hours=3), NOON + timedelta(days=2)))
    yield from _of_any("at")
    yield from _of_ranges("at", low, high)
    yield gxe.ExpectColumnValuesToBeBetween(column="at", min_value="2026-03-01", max_value="2026-03-03")
    yield gxe.ExpectColumnValuesToBeIncreasing(column="at")
    yield from _of_sets("at", [NOON.replace(tzinfo=zone)])


def _of_two_moments() -> Iterator[Expectation]:
    yield gxe.ExpectColumnPairValuesAToBeGreaterThanB(column_A="later", column_B="at", or_equal=True)
    yield gxe.ExpectColumnPairValuesToBeEqual(column_A="later", column_B="at", ignore_row_if="either_value_is_missing")
    yield gxe.ExpectColumnTypeToBe(column="at", type_="datetime64[us]")
    yield gxe.ExpectColumnValuesToBeInSet(column="at", value_set=["2026-03-01 12:00:00"])


_OF_FRAMES: dict[str, Callable[[], Iterator[Expectation]]] = {
    "plain": _full,
    "empty": _common,
    "one_row": _common,
    "nulls": _full,
    "nan": _reals,
    "all_null": _all_null,
    "decimals": _decimals,
    "zones": lambda: _of_moments(UTC),
    "moments": _moments_without_zone,
    "days": _days,
    "huge": _integers,
    "unsigned": _integers,
    "truths": _truths,
}
