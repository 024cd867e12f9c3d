"""One scheme, one alert: what overlaps is told once, by the typology that explains most, with the others beside it."""

import re
from random import Random

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.findings import STAMPS, Stamp, finding, findings, night

from mirrorwatch.alerts.together import OF_WHOM, WIDE, told_once
from mirrorwatch.contract import INDICATOR, TYPOLOGIES

SCHEMA = {
    "alert_id": pl.String,
    "typology": pl.String,
    "account_ids": pl.List(pl.String),
    "transaction_ids": pl.List(pl.String),
}


def alerts(*rows: tuple[str, str, str, str]) -> pl.DataFrame:
    """Alert, typology, accounts and transactions (a letter each)."""
    split = [(alert, typology, list(accounts), list(paid)) for alert, typology, accounts, paid in rows]
    return pl.DataFrame(split, schema=SCHEMA, orient="row").with_columns(
        narrative=pl.lit("Said."), indicators=pl.lit([], dtype=pl.List(INDICATOR))
    )


def kept(*rows: tuple[str, str, str, str]) -> dict[str, str]:
    """Alerts that are published, with their narratives."""
    return dict(told_once(alerts(*rows)).select("alert_id", "narrative").iter_rows())


def test_one_shape_is_told_once_by_the_shape_that_explains_most() -> None:
    told = kept(
        ("1", "fan_in", "A", "cdx"),
        ("2", "scatter_gather", "AB", "abcd"),
        ("3", "fan_out", "C", "pqr"),
        ("5", "stack", "DE", "stu"),
        ("6", "round_trip", "DEF", "stuv"),
    )
    assert list(told) == ["2", "3", "6"]
    assert told["2"].endswith("not published beside this one: fan_in (1).")
    assert told["3"] == "Said."
    assert "stack (1)" in told["6"]


def test_shapes_that_share_little_are_both_told() -> None:
    assert list(kept(("1", "fan_in", "A", "abcvw"), ("2", "fan_out", "A", "cdeyz"))) == ["1", "2"]


def test_an_alert_that_is_part_of_another_typology_s_is_told_by_it() -> None:
    told = kept(("1", "structuring", "A", "abcd"), ("2", "bulk_cash", "A", "abcdef"))
    assert list(told) == ["2"]
    assert "structuring (1)" in told["2"]


def test_who_is_named_by_one_alert_only_is_never_lost() -> None:
    assert list(kept(("1", "structuring", "ABC", "abcd"), ("2", "bulk_cash", "A", "abcdef"))) == ["1", "2"]


def test_a_view_of_one_leg_gives_way_to_the_view_of_both() -> None:
    told = kept(("1", "underground_banking", "A", "abcdefgh"), ("2", "mirror_swap", "AZ", "ayz"))
    assert list(told) == ["2"]


def test_what_the_money_is_for_comes_before_how_it_came() -> None:
    told = kept(("1", "underground_banking", "A", "abcdefgh"), ("2", "real_estate", "A", "abc"))
    assert list(told) == ["2"]
    assert list(kept(("1", "underground_banking", "A", "abcdefghi"), ("2", "real_estate", "A", "ab"))) == ["1", "2"]


@pytest.mark.parametrize(
    ("divided", "moved", "told"),
    [
        pytest.param("abcd", "abcdefghij", "1", id="four of five deposits, and as many payments on"),
        pytest.param("abc", "abcdefgh", "2", id="three of them"),
        pytest.param("abcjkl", "abcdef", "1", id="what else was divided counts for it too"),
    ],
)
def test_cash_that_goes_on_is_told_as_divided_where_most_of_it_was(divided: str, moved: str, told: str) -> None:
    words = kept(("1", "structuring", "A", divided), ("2", "underground_banking", "A", moved))
    assert list(words) == [told]
    assert {"1": "underground_banking (1)", "2": "structuring (1)"}[told] in words[told]


def test_divided_cash_of_one_does_not_tell_the_cash_of_all_through_whom_it_moved() -> None:
    words = kept(("1", "structuring", "A", "abc"), ("2", "underground_banking", "AB", "abcdef"))
    assert list(words) == ["2"]
    assert "structuring (1)" in words["2"]


def test_divided_cash_that_is_told_first_still_gives_way_to_what_it_is_for() -> None:
    words = kept(
        ("1", "structuring", "A", "abc"), ("2", "underground_banking", "A", "abcdef"), ("3", "real_estate", "A", "abf")
    )
    assert list(words) == ["3"]
    assert "structuring (1), underground_banking (1)" in words["3"]


def test_a_block_whose_payments_are_shells_payments_is_told_by_them_whomever_it_names_besides() -> None:
    words = kept(("1", "bipartite", "ABCvwxyz", "abcd"), ("2", "shell_company", "ABC", "abcdef"))
    assert list(words) == ["2"]
    assert "bipartite (1)" in words["2"]
    # with payments of its own, or nobody in common, it is another matter
    assert list(kept(("1", "bipartite", "ABCvwxyz", "apqr"), ("2", "shell_company", "ABC", "abcdef"))) == ["1", "2"]
    assert list(kept(("1", "fan_in", "z", "abcd"), ("2", "shell_company", "ABC", "abcdef"))) == ["1", "2"]


@pytest.mark.parametrize("of_one", ["watchlist_exposure", "opaque_ownership", "precursor_procurement", "trade_based"])
@pytest.mark.parametrize("shape", WIDE)
def test_nobody_of_a_shape_is_lost_for_the_payments_of_one_of_its_accounts(shape: str, of_one: str) -> None:
    rows = (("1", of_one, "x", "abcdefghijkl"), ("2", shape, "xmnopq", "abcdef"))
    left = told_once(alerts(*rows))
    assert set(left["account_ids"].explode()) == set("xmnopq")


@pytest.mark.parametrize("of_whom", OF_WHOM)
def test_whose_money_it_is_explains_no_shape_of_several(of_whom: str) -> None:
    """Two of a block belong to somebody who is listed: the other three are suspects all the same."""
    left = told_once(alerts(("1", of_whom, "xy", "abcdefghijkl"), ("2", "bipartite", "xymno", "abcdef")))
    assert set(left["account_ids"].explode()) == set("xymno")


def test_the_others_stand_in_the_indicators_and_in_the_case() -> None:
    accounts = ["account a"]
    found = {
        "structuring": findings(finding(accounts, ["t1", "t2"])),
        "bulk_cash": findings(finding(accounts, ["t1", "t2", "t3"])),
    }
    stamps = STAMPS | {name: Stamp("1", name) for name in found}
    tonight = night(found, stamps=stamps)
    alert = tonight.alerts.row(0, named=True)
    assert tonight.alerts["typology"].to_list() == ["bulk_cash"]
    assert [(each["code"], each["value"], each["weight"]) for each in alert["indicators"]][-1] == (
        "also_structuring",
        1.0,
        0.0,
    )
    assert tonight.cases["typologies"].to_list() == [["bulk_cash", "structuring"]]


ALERT = st.tuples(
    st.sampled_from(TYPOLOGIES),
    st.sets(st.sampled_from("ABCD"), min_size=1),
    st.sets(st.sampled_from("abcdefgh"), min_size=1),
)


@given(st.lists(ALERT, max_size=8), st.randoms(use_true_random=False))
def test_order_of_findings_decides_nothing_and_nothing_is_kept_and_told(
    rows: list[tuple[str, set[str], set[str]]], random: Random
) -> None:
    named = [
        (f"{place}", kind, "".join(sorted(accounts)), "".join(sorted(paid)))
        for place, (kind, accounts, paid) in enumerate(rows)
    ]
    before = kept(*named)
    random.shuffle(named)
    assert kept(*named) == before
    assert bool(before) == bool(named)
    # each alert is kept, or stands beside one that is
    beside = sum(int(number) for words in before.values() for number in re.findall(r"\((\d+)\)", words))
    assert len(before) + beside == len(named)
