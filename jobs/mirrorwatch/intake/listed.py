"""Who of the night's parties is a listed one: found once, for every detector that asks, dismissed pairs counted."""

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from mirrorwatch.contract import BLINDNESS
from mirrorwatch.detectors.base import LIKE_ENTRIES, LISTED, Detector, NightFrames
from mirrorwatch.detectors.watchlist_exposure_listed import in_force, listed, screened
from mirrorwatch.detectors.watchlist_exposure_parameters import ExposureParameters
from mirrorwatch.screening.hits import DISMISSED
from mirrorwatch.store.staging import sink

LISTED_PARTIES, LIKE = "listed", "like_entries"
_DETECTOR, _INDICATOR = "watchlist_exposure", "name_strength"
_NAMED = 3  # of those who dismissed; the file names all


def wanted(detectors: Sequence[Detector]) -> bool:
    """Whether any of the detectors asks who is listed."""
    return any(dataset == "watchlist" for detector in detectors for dataset, *_ in detector.needs)


def stage_listed(work: Path, night: NightFrames, parameters: ExposureParameters) -> pl.DataFrame:
    """Write staged/listed (LISTED) and staged/like_entries; return BLINDNESS of what dismissals kept silent."""
    entries = in_force(night.watchlist, night.run_date)
    found = screened(night, entries, parameters)
    who, like = listed(night, entries, parameters, found)
    sink(who.lazy(), work / "staged" / LISTED_PARTIES, LISTED)
    sink(like.lazy(), work / "staged" / LIKE, LIKE_ENTRIES)
    return _kept_silent(night, found)


def _kept_silent(night: NightFrames, found: pl.DataFrame) -> pl.DataFrame:
    """Give a row that counts the hits of dismissed pairs, with the accounts of their parties and what these moved."""
    silent = found.filter(pl.col("state") == DISMISSED)
    if silent.is_empty():
        return pl.DataFrame(schema=BLINDNESS)
    parties = silent.select("party_id").unique()
    accounts = night.accounts.join(parties.lazy(), on="party_id", how="semi").select("account_id").collect()
    at = accounts["account_id"].implode()
    sides = pl.col("originator_account_id").is_in(at) | pl.col("beneficiary_account_id").is_in(at)
    moved = night.transactions.filter(sides).select(pl.col("usd_minor").sum()).collect().item()
    people = _who(night, silent)
    by = ", ".join(people[:_NAMED]) + (f" and {len(people) - _NAMED} more" if len(people) > _NAMED else "")
    why = (
        f"{silent.height} hit(s) on {parties.height} parties are not told: the file of dismissed pairs has them "
        f"(dismissed by {by})"
    )
    row = pl.DataFrame({"detector": [_DETECTOR], "indicator": [_INDICATOR], "why": [why]})
    return row.with_columns(
        accounts=pl.lit(accounts.height, pl.Int64),
        amount_usd=pl.lit(moved or 0, pl.Int64).cast(pl.Decimal(38, 2)) / 100,
    ).match_to_schema(BLINDNESS)


def _who(night: NightFrames, silent: pl.DataFrame) -> list[str]:
    if night.dismissals is None:
        return []
    made = night.dismissals.filter(pl.col("dismissed_on") <= night.run_date).collect()
    return made.join(silent, on=("party_id", "entry_id"), how="semi")["dismissed_by"].unique().sort().to_list()
