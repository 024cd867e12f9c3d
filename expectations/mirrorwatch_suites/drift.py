"""What moved between nights: columns and physical types, days that were delivered again, datasets that stand still."""

from datetime import date

import polars as pl

from mirrorwatch.contract import QUALITY

# Days that the newest row may lie behind the run date: on Easter Monday the last banking day is four days old.
_OLDEST = {"transactions": 4, "control_totals": 4, "fx_rates": 4}
_LATE = {
    "transactions": "Schemes of the missing days are looked for too late.",
    "control_totals": "Without the last days' totals, rows that were never sent cannot be noticed.",
    "fx_rates": "Amounts are converted at old rates, and after seven days not at all.",
}
_MOVED = "The source changed what it writes: a mapping may have to follow, and a column that went is one not looked at."
_AGAIN = "A day that changed after its night was assessed on other rows than it has now; run that night again."
# Late rows trickle in: below one in two hundred a day is not another delivery.
_TRICKLE = 0.005


def stale(history: pl.DataFrame, run_date: date) -> pl.DataFrame:
    """Return QUALITY: whether each dataset that grows by the day reaches up to the run date."""
    ages = history.filter(
        pl.col("metric") == "age_days", pl.col("run_date") == run_date, pl.col("dataset").is_in(list(_OLDEST))
    )
    rows = [
        _row(
            dataset,
            "newest_row_is_recent",
            None,
            f"the newest is {age:.0f} {'day' if age == 1 else 'days'} before the run date, at most {_OLDEST[dataset]}",
            _LATE[dataset],
            success=age <= _OLDEST[dataset],
        )
        for dataset, age in ages.select("dataset", "value").iter_rows()
    ]
    return pl.DataFrame(rows, schema=QUALITY)


def drifted(history: pl.DataFrame, run_date: date) -> pl.DataFrame:
    """Return QUALITY: one row a dataset that is as on the last night kept, or one a column that is not."""
    types = history.filter(pl.col("metric") == "physical_type")
    last = _night_before(types, run_date)
    if last is None:
        return pl.DataFrame(schema=QUALITY)
    then, now = _types_of(types, last), _types_of(types, run_date)
    both = now.join(then, on=["dataset", "subject"], how="full", coalesce=True, suffix="_then")
    known = both.join(then.select("dataset").unique(), on="dataset").join(now.select("dataset").unique(), on="dataset")
    moved = known.filter(pl.col("types").ne_missing(pl.col("types_then"))).sort("dataset", "subject")
    rows = [
        _row(dataset, "columns_as_last_night", column, _turned(types_now, types_then, last), _MOVED, success=False)
        for dataset, column, types_now, types_then in moved.iter_rows()
    ]
    same = known.join(moved, on="dataset", how="anti").group_by("dataset").len().sort("dataset")
    rows += [
        _row(dataset, "columns_as_last_night", None, f"{count} columns as on {last}", _MOVED, success=True)
        for dataset, count in same.iter_rows()
    ]
    return pl.DataFrame([*rows, *_appeared(then, now, last)], schema=QUALITY)


def rewritten(history: pl.DataFrame, run_date: date) -> pl.DataFrame:
    """Return QUALITY: whether days that an earlier night read still have the rows that it read."""
    counts = history.filter(pl.col("dataset") == "transactions", pl.col("metric") == "row_count")
    last = _night_before(counts, run_date)
    if last is None:
        return pl.DataFrame(schema=QUALITY)
    then = counts.filter(pl.col("run_date") == last).select("booking_date", then="value")
    now = counts.filter(pl.col("run_date") == run_date).select("booking_date", now="value")
    both = now.join(then, on="booking_date")
    changed = both.filter((pl.col("now") - pl.col("then")).abs() > pl.col("then") * _TRICKLE).sort("booking_date")
    told = [f"{on}: {was:,.0f} then, {is_now:,.0f} now" for on, is_now, was in changed.head(3).iter_rows()]
    if changed.height > len(told):
        told.append(f"and {changed.height - len(told)} more")
    said = f"{changed.height} of {both.height} days changed since {last}" + (f" ({'; '.join(told)})" if told else "")
    row = _row("transactions", "past_days_as_last_night", None, said, _AGAIN, success=changed.is_empty())
    return pl.DataFrame([{**row, "unexpected_count": changed.height}] if both.height else [], schema=QUALITY)


def _appeared(then: pl.DataFrame, now: pl.DataFrame, last: date) -> list[dict[str, object]]:
    """Tell of datasets that the source gives on one of the two nights only."""
    names = [set(frame["dataset"].unique()) for frame in (then, now)]
    told = dict.fromkeys(names[0] - names[1], f"not delivered; it was on {last}")
    told |= dict.fromkeys(names[1] - names[0], f"delivered; it was not on {last}")
    return [_row(name, "columns_as_last_night", None, told[name], _MOVED, success=False) for name in sorted(told)]


def _turned(now: str | None, then: str | None, last: date) -> str:
    if now is None:
        return f"gone; it was {then} on {last}"
    return f"{now}; " + ("it was not there" if then is None else f"it was {then}") + f" on {last}"


def _night_before(rows: pl.DataFrame, run_date: date) -> date | None:
    last = rows.filter(pl.col("run_date") < run_date)["run_date"].max()
    return last if isinstance(last, date) else None


def _types_of(types: pl.DataFrame, night: date) -> pl.DataFrame:
    """One row a dataset and column: its types, joined where files differ."""
    mine = types.filter(pl.col("run_date") == night)
    names = pl.col("detail").unique().sort().str.join(" and ")
    return mine.group_by("dataset", "subject").agg(types=names).sort("dataset", "subject")


def _row(
    dataset: str, expectation: str, column: str | None, observed: str, reason: str, *, success: bool
) -> dict[str, object]:
    told = {"dataset": dataset, "expectation": expectation, "column": column, "observed": observed, "reason": reason}
    return {**told, "severity": "warning", "success": success}
