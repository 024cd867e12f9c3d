"""Over time: what is planted is found, and an ordinary bank of any size stays silent."""

from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.trend_histories import RUN_DATE, bank, changed, frame, types, window

from mirrorwatch.contract import QUALITY, TREND
from mirrorwatch_suites.trend import HISTORY, TRAILING_DAYS, compare, findings, trailing

LARGE = 20_000


def unusual(history: pl.DataFrame, night: date = RUN_DATE) -> list[tuple[str, str | None]]:
    return compare(history, night).filter("unusual").select("metric", "subject").rows()


def failed(history: pl.DataFrame, night: date = RUN_DATE) -> pl.DataFrame:
    return findings(history, night).filter(~pl.col("success"))


@pytest.mark.parametrize("rows_a_day", [3, 40, 600, LARGE])
def test_ordinary_weekdays_weekends_and_month_ends_stay_silent(rows_a_day: int) -> None:
    nights = window(date(2026, 4, 2), 34)  # five weekends, the ends of February and March
    cried = [(night, unusual(bank(rows_a_day, last=night, seed=index), night)) for index, night in enumerate(nights)]
    assert [each for each in cried if each[1]] == []


@pytest.mark.parametrize(
    ("metric", "subject", "factor"),
    [
        ("row_count", None, 0.5),
        ("row_count", None, 0.0),
        ("row_count", None, 2.0),
        ("amount_median", None, 100.0),
        ("amount_total", None, 100.0),
        ("rejected_fraction", None, 40.0),
        ("null_fraction", "purpose", 2.0),
        ("null_fraction", "purpose", 0.0),
        ("channel_share", "wire", 0.05),
        ("channel_share", "p2p", 4.0),
    ],
)
def test_what_is_planted_is_found_and_nothing_else(metric: str, subject: str | None, factor: float) -> None:
    history = changed(bank(LARGE), metric, subject, factor)
    assert unusual(history) == [(metric, subject)]
    (row,) = failed(history).to_dicts()
    assert (row["dataset"], row["expectation"], row["column"]) == ("transactions", f"{metric}_as_usual", subject)
    assert row["severity"] == "warning"
    assert "usually" in row["observed"]
    assert "Tuesdays" in row["observed"]


@pytest.mark.parametrize("rows_a_day", [600, LARGE])
@pytest.mark.parametrize("night", [date(2026, 3, 14), date(2026, 3, 31)])
def test_a_day_that_is_mostly_missing_is_found_on_weekends_and_at_month_ends_too(rows_a_day: int, night: date) -> None:
    # of a month end, which is 1.7 times an ordinary day, more must be missing: it may be an ordinary day
    history = changed(bank(rows_a_day, last=night), "row_count", None, 0.3, night)
    assert ("row_count", None) in unusual(history, night)


def test_a_month_ends_peak_is_no_news_at_a_month_end_and_is_news_in_mid_month() -> None:
    end = date(2026, 3, 31)
    assert unusual(bank(LARGE, last=end), end) == []
    assert unusual(changed(bank(LARGE), "row_count", None, 1.7)) == [("row_count", None)]


def test_a_handful_of_rows_does_not_cry() -> None:
    for factor in (0.0, 3.0):
        assert unusual(changed(bank(4), "row_count", None, factor)) == []
    burst = changed(bank(12), "null_fraction", "purpose", 3.0)
    assert unusual(burst) == []


def test_with_few_days_working_days_compare_with_working_days_and_with_fewer_nothing_does() -> None:
    (some,) = compare(bank(LARGE, days=15), RUN_DATE).filter(metric="row_count").to_dicts()
    assert (some["like"], some["unusual"]) == ("working days", False)
    assert some["days"] == 10
    told = findings(bank(LARGE, days=3), RUN_DATE).filter(expectation="row_count_as_usual")
    assert told["success"].to_list() == [True]
    assert "not compared" in told["observed"].item()


def test_a_day_counts_as_it_was_on_its_own_night() -> None:
    night = RUN_DATE - timedelta(days=7)
    own = frame([(night, "row_count", None, 9_000, 9_000)], night)
    later = frame([(night, "row_count", None, 9_900, 9_900)], night + timedelta(days=1))
    days = trailing(pl.concat([bank(LARGE), later, own]), RUN_DATE)
    assert days.filter(metric="row_count", booking_date=night)["value"].to_list() == [9_000]
    assert days["booking_date"].max() == RUN_DATE - timedelta(days=1)


def test_kept_nights_reach_further_back_than_the_window_and_older_ones_do_not_count() -> None:
    early = RUN_DATE - timedelta(days=40)
    history = pl.concat([bank(LARGE, days=30), bank(LARGE, last=early, days=60, seed=2)])
    days = trailing(history, RUN_DATE)["booking_date"]
    assert days.min() == RUN_DATE - timedelta(days=TRAILING_DAYS)
    assert days.n_unique() == TRAILING_DAYS - 10  # days 30 to 39 before lie in no night that is known


def snapshots(counts: list[int], nulls: list[float]) -> pl.DataFrame:
    nights = window(RUN_DATE, len(counts))
    told = (
        (night, [(night, "row_count", None, count, count), (night, "null_fraction", "occupation", null, count)])
        for night, count, null in zip(nights, counts, nulls, strict=True)
    )
    return pl.concat(frame(figures, night, "parties") for night, figures in told)


def test_snapshots_are_compared_with_the_nights_kept_whatever_the_weekday() -> None:
    steady = snapshots([1000, 1002, 1003, 1003, 1006], [0.1, 0.1, 0.101, 0.101, 0.102])
    assert unusual(steady) == []
    assert unusual(snapshots([1000, 1002, 1003, 1003, 700], [0.1] * 5)) == [("row_count", None)]
    assert unusual(snapshots([1000] * 5, [0.1, 0.1, 0.1, 0.1, 0.25])) == [("null_fraction", "occupation")]
    assert unusual(snapshots([1000, 1000, 10], [0.1] * 3)) == []  # two nights before say nothing of what is usual
    assert unusual(snapshots([20] * 5, [0.0, 0.0, 0.0, 0.0, 0.2])) == []  # four rows of twenty


def test_columns_that_came_went_or_turned_are_named() -> None:
    before, last = RUN_DATE - timedelta(days=9), RUN_DATE - timedelta(days=1)
    old = types(before, "accounts", {"account_id": "Int64"})
    then = types(last, "accounts", {"account_id": "String", "branch": "String", "opened_on": "Date"})
    now = types(RUN_DATE, "accounts", {"account_id": "String", "region": "String", "opened_on": "String"})
    same = [types(night, "parties", {"party_id": "String"}) for night in (last, RUN_DATE)]
    told = findings(pl.concat([old, then, now, *same]), RUN_DATE).filter(expectation="columns_as_last_night")
    assert told.select("dataset", "column", "success", "observed").rows() == [
        ("accounts", "branch", False, f"gone; it was String on {last}"),
        ("accounts", "opened_on", False, f"String; it was Date on {last}"),
        ("accounts", "region", False, f"String; it was not there on {last}"),
        ("parties", None, True, f"1 columns as on {last}"),
    ]


def test_a_type_that_only_some_files_have_is_a_change_and_a_dataset_that_stops_is_one() -> None:
    last = RUN_DATE - timedelta(days=1)
    mixed = [types(RUN_DATE, "accounts", {"opened_on": dtype}) for dtype in ("String", "Date")]
    history = pl.concat(
        [types(last, "accounts", {"opened_on": "Date"}), *mixed, types(last, "watchlist", {"name": "String"})]
    )
    assert failed(history).select("dataset", "observed").rows() == [
        ("accounts", f"Date and String; it was Date on {last}"),
        ("watchlist", f"not delivered; it was on {last}"),
    ]


def test_nothing_is_said_of_a_schema_without_a_night_before() -> None:
    assert findings(types(RUN_DATE, "accounts", {"account_id": "String"}), RUN_DATE).is_empty()


@pytest.mark.parametrize(
    ("dataset", "age", "fresh"), [("fx_rates", 4, True), ("fx_rates", 5, False), ("transactions", 5, False)]
)
def test_a_dataset_that_stands_still_is_told(dataset: str, age: int, fresh: bool) -> None:
    told = findings(frame([(RUN_DATE, "age_days", None, age, 1)], RUN_DATE, dataset), RUN_DATE)
    assert told.select("dataset", "expectation", "success").rows() == [(dataset, "newest_row_is_recent", fresh)]
    assert f"{age} days before the run date" in told["observed"].item()


def test_days_that_an_earlier_night_read_otherwise_are_told_but_not_a_trickle() -> None:
    last = RUN_DATE - timedelta(days=1)
    days = window(last, 5)
    then = frame([(on, "row_count", None, 1000, 1000) for on in days], last)
    trickle = frame([(on, "row_count", None, 1004, 1004) for on in days], RUN_DATE)
    again = frame([(on, "row_count", None, 1000 if on > days[0] else 1300, 1000) for on in days], RUN_DATE)
    name = "past_days_as_last_night"
    assert findings(pl.concat([then, trickle]), RUN_DATE).filter(expectation=name)["success"].to_list() == [True]
    (row,) = findings(pl.concat([then, again]), RUN_DATE).filter(expectation=name).to_dicts()
    assert (row["success"], row["unexpected_count"]) == (False, 1)
    assert f"{days[0]}: 1,000 then, 1,300 now" in row["observed"]


def test_an_empty_history_says_nothing() -> None:
    empty = pl.DataFrame(schema=HISTORY)
    assert findings(empty, RUN_DATE).schema == QUALITY
    assert compare(empty, RUN_DATE).schema == TREND
    assert findings(empty, RUN_DATE).is_empty()


@settings(max_examples=40)
@given(st.integers(1, 5000), st.integers(4, 60), st.floats(0, 20))
def test_bands_hold_what_is_usual_and_order_changes_nothing(rows: int, days: int, factor: float) -> None:
    history = changed(bank(rows, days=days), "row_count", None, factor)
    told = compare(history, RUN_DATE)
    assert compare(history.sample(fraction=1, shuffle=True, seed=days), RUN_DATE).equals(told)
    known = told.drop_nulls("low")
    inside = known.filter(pl.col("usual").is_between(pl.col("low") - 1e-9, pl.col("high") + 1e-9))
    assert inside.height == known.height
    cried = known.filter("unusual")
    assert cried.filter(pl.col("value").is_between("low", "high")).is_empty()
