"""The Polars engine judges as Great Expectations' pandas engine does, but for what is written down and argued."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from tests.gx_polars_cases import cases, frames
from tests.gx_polars_documented import documented
from tests.gx_polars_judging import differences, judged, same

PAGE = Path(__file__).parents[1] / "docs" / "great-expectations-polars.md"
_TYPES = ("expect_column_values_to_be_of_type", "expect_column_values_to_be_in_type_list", "expect_column_type_to_be")


@dataclass(frozen=True)
class Difference:
    """One documented difference: its heading on the page, where it may show, and in what."""

    heading: str
    frames: frozenset[str]
    expectations: tuple[str, ...]
    told: str = ""
    only: frozenset[str] = frozenset()

    def covers(self, case: str, unequal: dict[str, Any]) -> bool:
        """Tell whether the case and what differs in it are this difference."""
        frame, expectation = case.split(": ", 1)
        return (
            frame in self.frames
            and expectation.startswith(self.expectations)
            and self.told in expectation
            and (not self.only or unequal.keys() <= self.only)
        )


def _of(heading: str, where: str, *expectations: str, told: str = "", only: str = "") -> Difference:
    return Difference(heading, frozenset(where.split()), expectations, told, frozenset(only.split()))


EVERYWHERE = " ".join(frames())
ORDERED = ("expect_column_values_to_be_increasing", "expect_column_values_to_be_decreasing")
_NOT_NULL, _BETWEEN = "expect_column_values_to_not_be_null", "expect_column_values_to_be_between"
_MOST_COMMON = "expect_column_most_common_value_to_be_in_set"
_OF_NUMBERS = ("mean", "sum", "stdev", "quantile", "median", "value_z_scores", "values_to_not_be_outliers")
DIFFERENCES = (
    _of("Types are called by Polars' names", EVERYWHERE, *_TYPES, only="observed_value"),
    _of("A text column is of type str", EVERYWHERE, _TYPES[1], told="['str']", only="observed_value success"),
    _of("Integers with nulls stay integers", "nulls", *_TYPES, told="'whole'", only="observed_value success"),
    _of("A column of decimals has one type", "decimals", *_TYPES),
    _of("Missing values are counted together", EVERYWHERE, _NOT_NULL, only="partial_unexpected_counts"),
    _of("A bound of the wrong kind is told at once", "empty all_null", _BETWEEN, told="'min_value': 1.0"),
    _of("Decimals are numbers", "decimals", *(f"expect_column_{one}" for one in _OF_NUMBERS)),
    _of("A moment keeps its zone", "zones", _MOST_COMMON, only="observed_value"),
    _of("Text that says when compares with moments", "moments", _BETWEEN, told="datetime.date"),
    _of("Text that says when compares with moments", "moments", "expect_column_values_to_be_in_set", told="12:00:00'"),
    _of("A day is its midnight", "days", _BETWEEN, told="datetime.datetime"),
    _of("A day is its midnight", "days", "expect_column_median_to_be_between"),
    _of("Whole numbers do not overflow", "huge unsigned", *ORDERED, "expect_column_sum"),
    _of("Whole numbers are not rounded", "huge unsigned", "expect_column_values_to"),
)


@cache
def _found(name: str) -> dict[str, dict[str, tuple[Any, Any]]]:
    return differences(frames()[name], cases(name))


@pytest.mark.parametrize("name", frames())
def test_both_engines_judge_alike(name: str) -> None:
    argued = {
        case: unequal
        for case, unequal in _found(name).items()
        if not any(difference.covers(case, unequal) for difference in DIFFERENCES)
    }
    assert argued == {}


@pytest.mark.parametrize("difference", DIFFERENCES, ids=lambda difference: difference.heading)
def test_every_difference_is_there_and_is_argued_on_the_page(difference: Difference) -> None:
    found = {case: unequal for name in sorted(difference.frames) for case, unequal in _found(name).items()}
    assert any(difference.covers(case, unequal) for case, unequal in found.items())
    assert f"### {difference.heading}\n" in PAGE.read_text(encoding="utf-8")


def test_the_cases_cover_the_expectations_that_are_promised() -> None:
    compared = {case.split(": ")[1].split(" ")[0] for name in frames() for case in cases(name)}
    assert len(compared) >= 40
    page = PAGE.read_text(encoding="utf-8")
    assert {name for name in compared if f"`{name}`" not in page} == set()


DOCUMENTED = documented()


def test_most_documented_cases_can_be_read_and_come_true() -> None:
    assert len(DOCUMENTED) >= 75
    true = [case for case in DOCUMENTED if _documented_results(case.kind)[case.name]["success"] is case.success]
    assert len(true) >= len(DOCUMENTED) - 4  # so many docstrings are wrong: pandas does not say either what they say


@cache
def _documented_results(kind: str) -> dict[str, dict[str, Any]]:
    cases = [case for case in DOCUMENTED if case.kind == kind]
    return judged("polars", cases[0].frame, {case.name: case.expectation for case in cases})


@pytest.mark.parametrize("kind", sorted({case.kind for case in DOCUMENTED}))
def test_both_engines_judge_the_documented_cases_alike(kind: str) -> None:
    cases = [case for case in DOCUMENTED if case.kind == kind]
    theirs = judged("pandas", cases[0].frame.to_pandas(), {case.name: case.expectation for case in cases})
    assert same(theirs, _documented_results(kind))


def test_a_frame_given_eagerly_or_lazily_is_one() -> None:
    frame = frames()["nan"]
    assert judged("polars", frame, cases("nan")) == judged("polars", frame.lazy(), cases("nan"))


def test_results_do_not_depend_on_how_the_frame_is_cut() -> None:
    frame = frames()["nan"]
    pieces = pl.concat([frame[:2], frame[2:3], frame[3:]], rechunk=False)
    assert judged("polars", pieces, cases("nan")) == judged("polars", frame, cases("nan"))
