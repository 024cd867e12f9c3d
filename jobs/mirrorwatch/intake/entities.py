"""Which of the staged parties are one, so that detectors see one holder where a bank has written down two."""

from datetime import date
from pathlib import Path

import polars as pl

from mirrorwatch.detectors.base import ENTITY_MEMBERS
from mirrorwatch.resolution import ResolutionParameters, Resolved, resolve
from mirrorwatch.store.staging import sink, staged

ENTITIES = "entities"


def resolved(work: Path, run_date: date, parameters: ResolutionParameters) -> Resolved:
    """Resolve the staged parties of a work folder, with the ownership that held on the run date."""
    begun = pl.col("since").is_null() | (pl.col("since") <= run_date)
    going_on = pl.col("until").is_null() | (pl.col("until") >= run_date)
    owned = staged(work, "ownership").filter(begun & going_on)
    return resolve(staged(work, "parties"), owned, staged(work, "accounts"), parameters)


def stage_entities(work: Path, run_date: date, parameters: ResolutionParameters, *, wanted: bool) -> None:
    """Write staged/entities (ENTITY_MEMBERS); empty where no detector is `wanted` that would read it."""
    found = resolved(work, run_date, parameters).entities if wanted else pl.DataFrame(schema=ENTITY_MEMBERS)
    sink(found.select(ENTITY_MEMBERS.names()).lazy(), work / "staged" / ENTITIES, ENTITY_MEMBERS)
