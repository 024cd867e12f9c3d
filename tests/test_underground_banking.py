"""Money followed by time alone, and what may not change who is named."""

from collections.abc import Callable
from dataclasses import replace

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.cases.underground_banking import cards_of_others, cash_mule, daigou, linked, living, same_strangers
from tests.town import Town

from mirrorwatch.detectors.underground_banking import DETECTOR
from mirrorwatch.detectors.underground_banking_links import MOST_MET
from mirrorwatch.detectors.underground_banking_links import linked as together
from mirrorwatch.detectors.underground_banking_money import Money
from mirrorwatch.features import moved_on

ROW = st.tuples(st.integers(0, 3), st.integers(0, 40), st.sampled_from((1, -1)), st.integers(1, 10**12))


def money(rows: list[tuple[int, int, int, int]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=["number", "slot", "sign", "usd_minor"], orient="row")


def found(town: Town) -> pl.DataFrame:
    return DETECTOR.detect(town.night(), DETECTOR.parameters()).collect()


@given(st.lists(ROW, min_size=1, max_size=40), st.integers(0, 120))
@settings(max_examples=60)
def test_no_more_is_moved_than_came_or_left(rows: list[tuple[int, int, int, int]], hours: int) -> None:
    sums, took = moved_on.moved(money(rows), hours)
    for number, moved, lag in sums.iter_rows():
        came, left = (sum(usd for n, _, s, usd in rows if (n, s) == (number, sign)) for sign in (1, -1))
        assert 0 <= moved <= min(came, left)
        assert (lag is None) == (moved == 0)
        assert lag is None or 0 <= lag <= hours
    assert took.is_empty() == (sums["moved_minor"].sum() == 0)


@given(st.lists(ROW, min_size=1, max_size=40))
@settings(max_examples=30)
def test_the_order_of_rows_moves_nothing(rows: list[tuple[int, int, int, int]]) -> None:
    assert moved_on.moved(money(rows), 48)[0].equals(moved_on.moved(money(rows[::-1]), 48)[0])


def test_money_that_leaves_before_it_came_is_not_moved_on() -> None:
    sums, _ = moved_on.moved(money([(0, 5, 1, 100), (0, 4, -1, 100)]), 48)
    assert sums["moved_minor"].to_list() == [0]


def test_the_nearest_money_is_taken_first() -> None:
    sums, took = moved_on.moved(money([(0, 0, 1, 100), (0, 4, 1, 100), (0, 5, -1, 100)]), 48)
    assert sums["lag_hours"].to_list() == [6.0]
    assert took.filter(pl.col("sign") == 1)["slot"].to_list() == [4]


@pytest.mark.parametrize("build", [cash_mule, living, daigou])
def test_payees_and_payers_are_evidence_and_no_suspects(build: Callable[[], Town]) -> None:
    finding = found(build()).row(0, named=True)
    assert finding["account_ids"] == ["acc.mule"]
    assert {item["role"] for item in finding["evidence"]} == {"in", "out"}


def test_mules_with_the_same_payees_are_one_finding() -> None:
    assert found(linked())["party_ids"].to_list() == [["mule", "other"]]


def test_a_turnover_clears_a_mule_and_no_firm_that_pays_cards() -> None:
    for build, clears in ((cash_mule, True), (cards_of_others, False)):
        said = " ".join(found(build())["would_not_fire_if"].item())
        assert ("Income or turnover of the window were more" in said) == clears


def test_texts_only_add() -> None:
    plain, said = found(living()), found(living(text=True))
    assert plain["account_ids"].equals(said["account_ids"])
    assert plain["score"].item() < said["score"].item()


def test_columns_that_a_source_does_not_give_leave_the_mule_named() -> None:
    night = cash_mule().night()
    nothing = [
        pl.lit(None, dtype=pl.String).alias(name) for name in ("branch_id", "branch_region", "conductor_party_id")
    ]
    blind = replace(
        night,
        transactions=night.transactions.with_columns(nothing),
        parties=night.parties.with_columns(annual_turnover_usd=pl.lit(None, dtype=pl.Decimal(18, 2))),
    )
    named = DETECTOR.detect(blind, DETECTOR.parameters()).collect()
    assert named["account_ids"].to_list() == [["acc.mule"]]
    codes = {each["code"] for each in named["indicators"].item()}
    assert not codes & {"by_others", "branches", "regions"}


@pytest.mark.parametrize(("number", "schemes"), [(MOST_MET, 1), (MOST_MET + 1, MOST_MET + 1)])
def test_a_payee_whom_a_crowd_of_purses_meets_ties_none(number: int, schemes: int) -> None:
    purses = pl.DataFrame({"number": range(number), "party_id": [f"p{n}" for n in range(number)]})
    legs = purses.with_columns(
        sign=pl.lit(-1), use=pl.lit("transfer"), other=pl.lit("collector"), usd_minor=pl.lit(100),
        source=pl.lit(None, dtype=pl.String),
        conductor_party_id=pl.lit(None, dtype=pl.String),
    )  # fmt: skip
    part = Money(legs, purses.with_columns(group_id="party_id"))
    crowded = pl.DataFrame(schema={"met": pl.String})
    assert together(part, crowded)["scheme"].n_unique() == schemes


def test_whom_the_same_strangers_pay_are_one_finding() -> None:
    assert found(same_strangers())["account_ids"].to_list() == [["acc.mule", "acc.other"]]
