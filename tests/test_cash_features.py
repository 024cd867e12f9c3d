"""What cash detectors are built from: money matched day by day, and what a trade ordinarily does."""

from datetime import date, timedelta

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from mirrorwatch.features import declared
from mirrorwatch.features.draining import drained

FIRST = date(2026, 3, 1)
SUMS = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 20), st.integers(1, 10_000_00)), max_size=12)


def rows(sums: list[tuple[int, int, int]]) -> pl.DataFrame:
    days = [(holder, FIRST + timedelta(days=day), cents) for holder, day, cents in sums]
    schema = {"holder": pl.Int64(), "day": pl.Date(), "usd_minor": pl.Int64()}
    return pl.DataFrame(days, schema=schema, orient="row")


def gone(came: list[tuple[int, int, int]], went: list[tuple[int, int, int]], lag: int) -> dict[int, int]:
    frame = drained(rows(came), rows(went), 3, lag)
    return dict(frame.select("holder", "gone_minor").iter_rows())


@settings(max_examples=40)
@given(came=SUMS, went=SUMS, lag=st.integers(0, 10))
def test_no_more_goes_than_came_or_was_paid_and_waiting_longer_finds_no_less(
    came: list[tuple[int, int, int]], went: list[tuple[int, int, int]], lag: int
) -> None:
    matched = gone(came, went, lag)
    for holder, cents in matched.items():
        assert cents <= sum(sum_ for of, _, sum_ in came if of == holder)
        assert cents <= sum(sum_ for of, _, sum_ in went if of == holder)
        assert cents <= gone(came, went, lag + 3)[holder]


@settings(max_examples=40)
@given(came=SUMS, went=SUMS, lag=st.integers(0, 10))
def test_cutting_sums_of_a_day_in_two_changes_nothing(
    came: list[tuple[int, int, int]], went: list[tuple[int, int, int]], lag: int
) -> None:
    cut = [(holder, day, part) for holder, day, cents in came for part in (cents // 3, cents - cents // 3)]
    assert gone(cut, went, lag) == gone(came, went, lag)


def test_what_went_before_it_came_is_not_matched() -> None:
    assert gone([(0, 5, 900)], [(0, 4, 900)], 10)[0] == 0
    assert gone([(0, 5, 900)], [(0, 9, 700)], 4)[0] == 700
    assert gone([(0, 5, 900)], [(0, 9, 700)], 3)[0] == 0


def test_lag_is_the_mean_by_dollars() -> None:
    frame = drained(rows([(0, 0, 40_000)]), rows([(0, 1, 30_000), (0, 5, 10_000)]), 1, 7)
    assert frame["lag_days"].to_list() == [2.0]


def test_a_trade_with_few_members_is_judged_by_all_businesses() -> None:
    members = [("4711", 1.0)] * 20 + [("9601", 9.0)] * 3
    figures = pl.DataFrame(
        {
            "party_id": [f"p{number}" for number in range(23)],
            "trade": [trade for trade, _ in members],
            "personal": [False] * 23,
            "share": [share for _, share in members],
        }
    )
    assert set(declared.ordinary(figures, "share")["ordinary"]) == {1.0}


def test_a_persons_unknown_income_is_the_countrys_median_and_a_firms_stays_unknown() -> None:
    holders = pl.DataFrame(
        {
            "account_id": ["a", "b", "c", "d", "e"],
            "party_id": ["p", "q", "r", "s", "f"],
            "personal": [True, True, True, True, False],
            "country": ["US", "US", "US", "US", "US"],
            "turnover_usd": [10.0, 30.0, 50.0, None, None],
        }
    )
    assert dict(declared.incomes(holders).iter_rows()) == {"p": 10.0, "q": 30.0, "r": 50.0, "s": 30.0, "f": None}
