"""What is usual for a figure on such a day: a robust band around the median of like days, wide enough not to cry.

A figure is first put on a scale where its chance spread no longer depends on its size: the square root for counts, the
arc sine for parts of a whole, the logarithm for money. On that scale

    spread  s = what chance alone does to so many rows, and never less than a small part of the figure itself
    usual   m = median over like days
    noise   f = 1.4826 * median of |x - m| / s over all days, each against its own like days; never less than 1
    band    m - s * (K f + d)  to  m + s * (K f + u)

where u and d are the largest excess and shortfall seen at the same point of an earlier month, so that pay days and
month ends, which come once or twice in the window, are no news. 1.4826 makes the median deviation of a normal
distribution its standard deviation.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

import polars as pl

# Half-width of the band in standard deviations. Figures are not normal: at 5 the generated worlds, which have pay
# days, month ends and weekends, gave the rate of false alarms that docs/data-quality.md states.
WIDTH = 5.0
_NORMAL = 1.4826
# The median of five to eight days is itself uncertain, and hides part of the spread around it.
_FEW_DAYS = 1.25
# Days of a month that may be the same occasion: a weekend moves it by up to two.
_SHIFT = 2
_ONE_MONTH = 25
# A median of two says nothing of which one is odd.
FEWEST = 3
# With four like weekdays, Tuesdays are compared with Tuesdays; with fewer, working days with working days.
_WEEKDAYS = 4
# Whatever a fraction says, fewer rows than these are nobody's trend.
_LEAST_ROWS = 10
# Rows of a snapshot are the same ones from night to night, not drawn anew: chance moves few of them.
_SNAPSHOT_CHANCE = 0.2
KEY = ["dataset", "metric", "subject"]


@dataclass(frozen=True)
class Scale:
    """How one kind of figure varies: `floor` of its spread, `chance` over the root of the rows behind it.

    `least` is the smallest difference worth anyone's time, in the figure's own unit.
    """

    kind: str
    floor: float
    chance: float
    least: float


# Floors: a bank's own days differ by some 2 % in rows whatever its size; parts of a whole drift by a point. Chance: a
# count varies by its root, a part by half of it over its rows; amounts spread over four decades, so a median wanders
# by 1.9 and a sum, which a few large payments make, by 6 over the root of the rows.
SCALES: Mapping[str, Scale] = {
    "row_count": Scale("count", floor=0.02, chance=0.5, least=1),
    "rejected_fraction": Scale("part", floor=0.01, chance=0.5, least=0.002),
    "null_fraction": Scale("part", floor=0.01, chance=0.5, least=0.01),
    "channel_share": Scale("part", floor=0.01, chance=0.5, least=0.01),
    "amount_median": Scale("money", floor=0.03, chance=1.9, least=0),
    "amount_total": Scale("money", floor=0.05, chance=6.0, least=0),
}


def bands(tonight: pl.DataFrame, past: pl.DataFrame) -> pl.DataFrame:
    """Return `tonight` (KEY, booking_date, value, rows) with usual, low, high, days, like and unusual.

    `past` has the same columns, one row a figure and day, all before. Bounds are null where too few days compare.
    """
    days = _alike(tonight, past)
    usual = days.group_by([*KEY, "alike"]).agg(
        _scaled("value").median().alias("m"), pl.col("rows").median().alias("rows_m"), pl.len().alias("days")
    )
    known = usual.filter(pl.col("days") >= FEWEST)
    against = days.join(known, on=[*KEY, "alike"], nulls_equal=True)
    noted = against.with_columns(z=(_scaled("value") - pl.col("m")) / _spread(pl.col("rows")))
    noise = noted.group_by(KEY).agg(f=(pl.col("z").abs().median() * _NORMAL * _FEW_DAYS).clip(1), **_occasions())
    joined = (
        tonight.join(days.select([*KEY, "alike_tonight", "like"]).unique(), on=KEY, how="left", nulls_equal=True)
        .join(known.rename({"alike": "alike_tonight"}), on=[*KEY, "alike_tonight"], how="left", nulls_equal=True)
        .join(noise, on=KEY, how="left", nulls_equal=True)
    )
    reach, spread = WIDTH * pl.col("f"), _spread(pl.col("rows"))
    banded = joined.with_columns(
        usual=_plain(pl.col("m")),
        low=_plain(pl.col("m") - spread * (reach + pl.col("down"))),
        high=_plain(pl.col("m") + spread * (reach + pl.col("up"))),
        days=pl.col("days").cast(pl.Int64),
    )
    outside = (pl.col("value") < pl.col("low")) | (pl.col("value") > pl.col("high"))
    return banded.with_columns(unusual=(outside & _matters()).fill_null(value=False))


def _matters() -> pl.Expr:
    """Say whether the difference is worth anyone's time: in its own unit, and in rows."""
    difference = (pl.col("value") - pl.col("usual")).abs()
    rows = _choose({"count": difference, "part": difference * pl.col("rows"), "money": pl.col("rows")})
    return (difference >= _of("least")) & (rows >= _LEAST_ROWS)


def _alike(tonight: pl.DataFrame, past: pl.DataFrame) -> pl.DataFrame:
    """Mark each past day with the days it compares with, and whether it is the same point of an earlier month."""
    on = tonight.select([*KEY, pl.col("booking_date").alias("on")])
    days = past.join(on, on=KEY, how="inner", nulls_equal=True)
    weekday, weekend = pl.col("booking_date").dt.weekday(), pl.col("booking_date").dt.weekday() > 5  # noqa: PLR2004 - ISO
    tonights = pl.col("on").dt.weekday()
    daily = pl.col("dataset") == "transactions"
    enough = (weekday == tonights).sum().over(KEY) >= _WEEKDAYS
    alike = pl.when(~daily).then(0).when(enough).then(weekday).otherwise(weekend.cast(pl.Int8) + 10)
    wanted = pl.when(~daily).then(0).when(enough).then(tonights).otherwise((tonights > 5).cast(pl.Int8) + 10)  # noqa: PLR2004
    like = (
        pl.when(~daily).then(pl.lit("nights"))
        .when(enough).then(tonights.replace_strict(_NAMES, return_dtype=pl.String))
        .when(tonights > 5).then(pl.lit("weekend days")).otherwise(pl.lit("working days"))  # noqa: PLR2004
    )  # fmt: skip
    return days.with_columns(
        alike=alike.cast(pl.Int8), alike_tonight=wanted.cast(pl.Int8), like=like, occasion=_same_point_of_a_month()
    )


_NAMES = dict(enumerate(("Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays"), start=1))


def _same_point_of_a_month() -> pl.Expr:
    then, now = pl.col("booking_date"), pl.col("on")
    from_start = (then.dt.day() - now.dt.day()).abs() <= _SHIFT
    to_end = (then.dt.days_in_month() - then.dt.day() - now.dt.days_in_month() + now.dt.day()).abs() <= _SHIFT
    return (from_start | to_end) & (now - then >= timedelta(days=_ONE_MONTH))


def _occasions() -> dict[str, pl.Expr]:
    mine = pl.col("z").filter(pl.col("occasion"))
    return {"up": mine.max().fill_null(0).clip(0), "down": (-mine.min()).fill_null(0).clip(0)}


def _scaled(name: str) -> pl.Expr:
    """Put a figure on the scale of its kind."""
    x = pl.col(name)
    by_kind = {"count": (x + 0.375).sqrt(), "part": x.clip(0, 1).sqrt().arcsin(), "money": (x.clip(0) + 1).log()}
    return _choose(by_kind)


def _plain(scaled: pl.Expr) -> pl.Expr:
    """Undo `_scaled`."""
    quarter = scaled.clip(0, 1.5707963267948966)  # half of pi: a part of 1
    return _choose({
        "count": (scaled.clip(0.6123724356957945) ** 2 - 0.375),  # the root of 0.375: no rows
        "part": quarter.sin() ** 2,
        "money": scaled.clip(0).exp() - 1,
    })  # fmt: skip


def _spread(rows: pl.Expr) -> pl.Expr:
    """Chance spread on the scale, never under its floor; `m` is the usual figure on that scale."""
    daily = pl.col("dataset") == "transactions"
    floor, chance = _of("floor"), _of("chance") * pl.when(daily).then(1).otherwise(_SNAPSHOT_CHANCE)
    of_count = (chance**2 + (floor * pl.col("m") / 2) ** 2).sqrt()
    of_rows = (floor**2 + chance**2 / rows.clip(1)).sqrt()
    return _choose({"count": of_count, "part": of_rows, "money": of_rows})


def _of(field: str) -> pl.Expr:
    return pl.col("metric").replace_strict(
        {metric: float(getattr(scale, field)) for metric, scale in SCALES.items()}, return_dtype=pl.Float64
    )


def _choose(by_kind: Mapping[str, pl.Expr]) -> pl.Expr:
    kind = pl.col("metric").replace_strict({metric: scale.kind for metric, scale in SCALES.items()})
    return pl.when(kind == "count").then(by_kind["count"]).when(kind == "part").then(by_kind["part"]).otherwise(
        by_kind["money"]
    )  # fmt: skip
