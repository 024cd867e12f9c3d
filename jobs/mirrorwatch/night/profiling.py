"""The night's profile, and those that earlier nights left: what the figures of tonight are compared with."""

from datetime import date, timedelta

import polars as pl

from mirrorwatch.contract import PROFILE, QUALITY
from mirrorwatch.errors import InputError
from mirrorwatch.intake.profile import profile
from mirrorwatch.intake.summary import read_summary
from mirrorwatch.night import planning
from mirrorwatch.night.planning import Plan
from mirrorwatch.night.stepping import log
from mirrorwatch.store.layout import Work
from mirrorwatch.store.shelf import Shelf
from mirrorwatch.store.staging import scan, staged
from mirrorwatch.store.writing import write_table
from mirrorwatch_suites import trend


def write_profile(work: Work) -> None:
    """Write work/profile from what was staged."""
    summary = read_summary(work.root)
    frames = {name: staged(work.root, name) for name in summary.datasets}
    told = profile(frames, scan(work.table("completeness")).collect(), summary)
    write_table(told, work.rows("profile"), PROFILE)


def with_findings(plan: Plan, quality: pl.DataFrame) -> pl.DataFrame:
    """Return `quality` (QUALITY), sorted, with what tonight looks like against the nights kept."""
    found = trend.findings(history(plan), plan.run_date)
    order = ["dataset", "severity", "expectation", "column", "reason"]
    return pl.concat([quality, found.match_to_schema(QUALITY)]).sort(order, nulls_last=True)


def history(plan: Plan) -> pl.DataFrame:
    """Return trend.HISTORY: tonight's profile, if it came to that, and those of the trailing nights."""
    kept = published(planning.published(plan, plan.configuration()), plan.run_date)
    files = plan.folder.table("profile")
    tonight = scan(files).collect() if any(files.glob("*.parquet")) else pl.DataFrame(schema=PROFILE)
    return pl.concat([kept, _of_night(tonight, plan.run_date)])


def published(shelf: Shelf, run_date: date, *, with_tonight: bool = False) -> pl.DataFrame:
    """Return trend.HISTORY of the published nights that trail `run_date`; a night without a profile is left out."""
    oldest = run_date - timedelta(days=trend.TRAILING_DAYS)
    nights = [night for night in shelf.nights if oldest <= night < run_date or (with_tonight and night == run_date)]
    told = [_of_night(found, night) for night in nights if (found := _profile(shelf, night)) is not None]
    return pl.concat([pl.DataFrame(schema=trend.HISTORY), *told])


def _profile(shelf: Shelf, night: date) -> pl.DataFrame | None:
    try:
        return shelf.table("profile", night, PROFILE)
    except InputError as error:  # published before nights left profiles, or damaged: no reason to stop tonight's
        log.warning("a night's profile is left out of the comparison", left_out=night.isoformat(), reason=error.what)
        return None


def _of_night(rows: pl.DataFrame, night: date) -> pl.DataFrame:
    return rows.select(pl.lit(night).alias("run_date"), *PROFILE.names())
