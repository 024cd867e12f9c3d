"""The night's manifest, from its plan and what lies in its work folder."""

import json
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import polars as pl

from mirrorwatch.canonical import canonical_json
from mirrorwatch.config import Configuration
from mirrorwatch.errors import MirrorwatchError
from mirrorwatch.intake.completeness import reconciliation
from mirrorwatch.intake.summary import read_summary
from mirrorwatch.night import planning
from mirrorwatch.night.baseline import Compared, compared
from mirrorwatch.night.planning import Plan
from mirrorwatch.store import manifest
from mirrorwatch.store.layout import Work, is_remote, partition
from mirrorwatch.store.publishing import night_folders
from mirrorwatch.store.shelf import Shelf
from mirrorwatch.store.staging import scan, staged
from mirrorwatch.store.writing import write_json, write_text

Json = dict[str, Any]


def identity(plan: Plan, configuration: Configuration) -> Json:
    """Return the manifest's facts but its outputs: run_id, code, configuration, inputs, what it was compared with."""
    before = _compared(plan, configuration)
    record = manifest.NightRecord(
        run_date=plan.run_date,
        engine=plan.engine,
        detectors={
            typology: {"version": stamp.version, "parameters_hash": stamp.parameters_hash}
            for typology, stamp in planning.stamps(plan, configuration).items()
        },
        configuration=configuration.canonical(),
        inputs=read_inputs(plan.folder),
        previous=before.previous,
        previous_hash=before.previous_hash,
        compared_with={typology: night.isoformat() for typology, night in before.nights.items()},
    )
    return manifest.identity(record)


def read_inputs(work: Work) -> list[Json]:
    """Read the list of input files back; empty when the night never came to listing them."""
    content: list[Json] = json.loads(work.inputs.read_text(encoding="utf-8")) if work.inputs.exists() else []
    return content


def counts(work: Path) -> Json:
    """Return the headline sums that no published table holds; `control_totals_differ` is null without such totals."""
    summary = read_summary(work)
    usd = staged(work, "transactions").select(pl.col("usd_minor").sum()).collect().item()
    return {
        "rows_read": summary.transactions.rows_read,
        "rows_monitored": summary.transactions.rows_kept,
        "monitored_usd_minor": int(usd or 0),
        "control_totals_differ": None if "control_totals" in summary.absent else differing(work).height,
    }


def differing(work: Path) -> pl.DataFrame:
    """Return the days and currencies of the window where what was read is not what the source says it sent.

    Columns as `intake.completeness.reconciliation` gives them; no row where the source gives no totals.
    """
    summary = read_summary(work)
    totals = staged(work, "control_totals").collect()
    return reconciliation(scan(work / "completeness").collect(), totals).filter(
        pl.col("booking_date").is_between(summary.first_date, summary.run_date),
        (pl.col("row_difference") != 0) | (pl.col("amount_difference") != 0),
    )


def seal(plan: Plan, configuration: Configuration, building: Path) -> Json:
    """Write the night's manifest into a generation, from the files that lie there, and keep the one it supersedes.

    Raises MirrorwatchError when another publication changed what this night was compared with.
    """
    nights = planning.published(plan, configuration)
    refuse_moved_baseline(plan, nights)
    _list_data_docs(plan, nights, building)
    facts = {
        **identity(plan, configuration),
        "counts": counts(plan.work),
        "outputs": manifest.outputs(building, night_folders(plan.run_date)),
    }
    path = building / "manifests" / f"{plan.run_date.isoformat()}.json"
    _keep_superseded(path, canonical_json(facts) + "\n")
    write_json(facts, path)
    return facts


def _list_data_docs(plan: Plan, nights: Shelf, building: Path) -> None:
    """Write the page above the nights' Data Docs. It belongs to no night, so no manifest names it."""
    from mirrorwatch_suites.data_docs import nights_page

    if not _has_data_docs(building, plan.run_date):
        return
    here = {night for night in nights.nights if is_remote(plan.out) or _has_data_docs(building, night)}
    write_text(nights_page(here | {plan.run_date}), building / "data_docs" / "index.html")


def _has_data_docs(building: Path, night: date) -> bool:
    return (building / partition("data_docs", night)).is_dir()


def refuse_moved_baseline(plan: Plan, shelf: Shelf) -> None:
    """Refuse to publish states that compare with nights that are no longer the last ones."""
    then = Compared.model_validate_json(plan.folder.baseline.read_text(encoding="utf-8"))
    if compared(shelf, plan.run_date, plan.typologies) != then:
        raise MirrorwatchError(
            "Another night was published while this one ran, and its alerts were compared with the state before.",
            where=plan.out,
            remedy="Run this night again from the step 'assemble', or from its start.",
        )


def _compared(plan: Plan, configuration: Configuration) -> Compared:
    if plan.folder.baseline.exists():
        return Compared.model_validate_json(plan.folder.baseline.read_text(encoding="utf-8"))
    return compared(planning.published(plan, configuration), plan.run_date, plan.typologies)


def _keep_superseded(path: Path, content: str) -> None:
    """Keep the manifest that this one replaces: later nights may have been chained to it."""
    earlier = path.read_bytes() if path.exists() else b""
    if earlier and earlier != content.encode():
        kept = path.parent / "superseded" / f"{path.stem}-{sha256(earlier).hexdigest()[:16]}.json"
        kept.parent.mkdir(exist_ok=True)
        kept.write_bytes(earlier)
