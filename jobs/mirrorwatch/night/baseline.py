"""What tonight's alerts are compared with: for each typology, the last night before that looked for it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import polars as pl
from pydantic import BaseModel, ConfigDict

from mirrorwatch.alerts import Assembled, Baseline
from mirrorwatch.contract import ALERTS, CASES, EVIDENCE, EXPLANATIONS
from mirrorwatch.errors import InputError
from mirrorwatch.night.stepping import log
from mirrorwatch.store.shelf import Shelf


class Compared(BaseModel):
    """Which published nights the comparison drew from, so that a publication in between is noticed."""

    model_config = ConfigDict(frozen=True)

    previous: date | None  # the last night before this one, whatever it looked for: the manifest chain's link
    previous_hash: str | None
    superseded_hash: str | None  # of this date's earlier publication
    nights: dict[str, date]  # typology: night


@dataclass(frozen=True)
class LastNight:
    """The baseline and where it came from."""

    baseline: Baseline
    compared: Compared


def compared(shelf: Shelf, run_date: date, typologies: Iterable[str]) -> Compared:
    """Find the nights to compare with, from the manifests alone."""
    before = shelf.before(run_date)
    nights: dict[str, date] = {}
    wanted = set(typologies)
    for night in before:
        if not (open_ones := wanted - nights.keys()):
            break
        nights |= dict.fromkeys(open_ones & set(shelf.manifest(night)["detectors"]), night)
    return Compared(
        previous=before[0] if before else None,
        previous_hash=shelf.manifest_hash(before[0]) if before else None,
        superseded_hash=shelf.manifest_hash(run_date),
        nights=dict(sorted(nights.items())),
    )


def load(shelf: Shelf, run_date: date, typologies: Iterable[str]) -> LastNight:
    """Read the tables that tonight is compared with. Raises InputError when a published table cannot be read."""
    found = compared(shelf, run_date, typologies)
    tables = {night: read_night(shelf, night) for night in sorted(set(found.nights.values()), reverse=True)}
    parts = [_only(tables[night], typology) for typology, night in found.nights.items()]
    empty = Assembled.empty()
    previous = Assembled(
        pl.concat([empty.alerts, *(part.alerts for part in parts)]),
        pl.concat([empty.cases, *(night.cases for night in tables.values())]).unique(
            "case_id", keep="first", maintain_order=True
        ),
        pl.concat([empty.evidence, *(part.evidence for part in parts)]),
        pl.concat([empty.explanations, *(part.explanations for part in parts)]),
    )
    superseded = _superseded(shelf, run_date, typologies) if found.superseded_hash else empty
    return LastNight(Baseline(previous, superseded), found)


def _superseded(shelf: Shelf, run_date: date, typologies: Iterable[str]) -> Assembled:
    """Read what this date's earlier publication said; one that is damaged must not keep the night from being mended."""
    try:
        return _of(read_night(shelf, run_date), typologies)
    except InputError as error:
        log.warning("this night's earlier publication cannot be read and is left out", reason=str(error))
        return Assembled.empty()


def read_night(shelf: Shelf, night: date) -> Assembled:
    """Read one published night's four alert tables."""
    return Assembled(
        shelf.table("alerts", night, ALERTS),
        shelf.table("cases", night, CASES),
        shelf.table("evidence", night, EVIDENCE),
        shelf.table("explanations", night, EXPLANATIONS),
    )


def _only(night: Assembled, typology: str) -> Assembled:
    return _of(night, (typology,))


def _of(night: Assembled, typologies: Iterable[str]) -> Assembled:
    alerts = night.alerts.filter(pl.col("typology").is_in(list(typologies)))
    mine = pl.col("alert_id").is_in(alerts["alert_id"].to_list())
    return Assembled(alerts, night.cases, night.evidence.filter(mine), night.explanations.filter(mine))
