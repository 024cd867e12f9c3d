"""Nights for the data-quality page: the report's own, with a history that a channel, a column and a dataset leave."""

from dataclasses import replace
from datetime import date

import polars as pl
from tests.report_nights import HOSTILE, RUN_DATE, empty_night, hostile_night, ordinary_night, stopped_night
from tests.trend_histories import bank, changed, frame, types

from mirrorwatch.contract import PROFILE, QUALITY
from mirrorwatch.report import ReportInputs
from mirrorwatch_suites import trend

LAST = date(2026, 3, 13)


def history(subject: str = "wire") -> pl.DataFrame:
    """HISTORY in which one channel is gone tonight, parties lost an eighth, and a column of accounts turned."""
    bookings = bank(20_000, last=RUN_DATE).with_columns(subject=pl.col("subject").replace("wire", subject))
    nights = [RUN_DATE.replace(day=day) for day in range(9, 15)]
    parties = [
        frame([(night, "row_count", None, 8000 if night == RUN_DATE else 10_000, 10_000)], night, "parties")
        for night in nights
    ]
    turned = [types(LAST, "accounts", {"opened_on": "Date"}), types(RUN_DATE, "accounts", {"opened_on": "String"})]
    return pl.concat([changed(bookings, "channel_share", subject, 0.0, RUN_DATE), *parties, *turned, outcomes()])


def outcomes() -> pl.DataFrame:
    """HISTORY of what became of two days' rows."""
    night = RUN_DATE
    rows = [
        (LAST, "monitored", None, 900.0, 81_000.25),
        (night, "monitored", None, 950.0, 90_000.5),
        (night, "rejected", "amount_not_positive", 40.0, -12.5),
        (night, "rejected", "no_fx_rate", 7.0, None),
        (LAST, "not_applicable", "reversal", 3.0, 100.0),
    ]
    told = [
        (night, "transactions", on, metric, outcome, reason, value, int(count))
        for on, outcome, reason, count, usd in rows
        for metric, value in (("outcome_rows", count), ("outcome_usd", usd))
    ]
    return pl.DataFrame(told, schema=trend.HISTORY, orient="row")


def with_history(night: ReportInputs, told: pl.DataFrame, kept: int = 5) -> ReportInputs:
    """Give a night what later nights know of it."""
    found = trend.findings(told, RUN_DATE).match_to_schema(QUALITY)
    return replace(
        night,
        quality=pl.concat([night.quality, found]),
        profile=told.filter(pl.col("run_date") == RUN_DATE).select(PROFILE.names()),
        trend=trend.compare(told, RUN_DATE),
        trailing=trend.trailing(told.filter(pl.col("metric").is_in(list(trend.SCALES))), RUN_DATE),
        nights_kept=kept,
    )


def odd_night() -> ReportInputs:
    return with_history(ordinary_night(), history())


def usual_night() -> ReportInputs:
    return with_history(empty_night(), bank(20_000, last=RUN_DATE), kept=0)


def first_night() -> ReportInputs:
    """Return a night with nothing to be compared with, and no profile of its own."""
    return empty_night()


def hostile_quality_night() -> ReportInputs:
    night = with_history(hostile_night(), history(HOSTILE))
    return replace(night, blindness=night.blindness.with_columns(why=pl.lit(HOSTILE), indicator=pl.lit("W" * 400)))


NIGHTS = (odd_night, usual_night, first_night, stopped_night, hostile_quality_night)
