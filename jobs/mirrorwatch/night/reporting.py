"""What the report is made from: gathered from a night's work folder, or from what that night published."""

from collections.abc import Collection
from datetime import date, timedelta
from typing import Any

import polars as pl

from mirrorwatch import detectors
from mirrorwatch.canonical import digest
from mirrorwatch.contract import (
    ACCOUNTS,
    ALERTS,
    BLINDNESS,
    CASES,
    COMPLETENESS,
    EVIDENCE,
    EXPLANATIONS,
    PARTIES,
    PROFILE,
    QUALITY,
    QUARANTINE,
)
from mirrorwatch.night import profiling
from mirrorwatch.night.planning import Plan
from mirrorwatch.report import DetectorNote, NightFacts, ReportInputs, count_quarantine
from mirrorwatch.store.layout import Work
from mirrorwatch.store.shelf import Shelf
from mirrorwatch.store.staging import scan, staged
from mirrorwatch_suites import trend

TABLES = {
    "alerts": ALERTS,
    "cases": CASES,
    "evidence": EVIDENCE,
    "explanations": EXPLANATIONS,
    "completeness": COMPLETENESS,
    "blindness": BLINDNESS,
    "quality": QUALITY,
}
Json = dict[str, Any]


def from_work(plan: Plan, identity: Json, counts: Json, *, faults: tuple[str, ...] = ()) -> ReportInputs:
    """Gather the report's inputs from the night's work folder; a table that a stopped night never made is empty."""
    tables: dict[str, Any] = {name: _table(plan.folder, name, schema) for name, schema in TABLES.items()}
    accounts, parties = _people(plan.folder, tables["alerts"], tables["evidence"])
    return ReportInputs(
        run_date=plan.run_date,
        facts=_facts(plan.run_date, identity, counts, faults),
        quarantine_counts=count_quarantine(_scan(plan.folder, "quarantine", QUARANTINE)),
        accounts=accounts,
        parties=parties,
        detectors=_notes(plan.typologies),
        **_over_time(profiling.history(plan), plan.run_date),
        **tables,
    )


def from_shelf(shelf: Shelf, run_date: date, staged_people: Work) -> ReportInputs:
    """Gather the report's inputs from what a night published; names come from staged accounts and parties, if any."""
    manifest = shelf.manifest(run_date)
    quarantine = shelf.table("quarantine", run_date, QUARANTINE)
    tables: dict[str, Any] = {name: shelf.table(name, run_date, schema) for name, schema in TABLES.items()}
    accounts, parties = _people(staged_people, tables["alerts"], tables["evidence"])
    return ReportInputs(
        run_date=run_date,
        facts=_facts(run_date, manifest, manifest["counts"], ()),
        quarantine_counts=count_quarantine(quarantine.lazy()),
        accounts=accounts,
        parties=parties,
        detectors=_notes(manifest["detectors"]),
        **_over_time(profiling.published(shelf, run_date, with_tonight=True), run_date),
        **tables,
    )


def _over_time(history: pl.DataFrame, run_date: date) -> dict[str, Any]:
    """Give the report tonight's profile, its figures beside the usual ones, and the days that those come from."""
    return {
        "profile": history.filter(pl.col("run_date") == run_date).select(PROFILE.names()),
        "trend": trend.compare(history, run_date),
        "trailing": trend.trailing(history.filter(pl.col("metric").is_in(list(trend.SCALES))), run_date),
        "nights_kept": history.filter(pl.col("run_date") < run_date)["run_date"].n_unique(),
    }


def _facts(run_date: date, identity: Json, counts: Json, faults: tuple[str, ...]) -> NightFacts:
    lookback_days = identity["configuration"]["lookback_days"]
    return NightFacts(
        rows_read=counts["rows_read"],
        monitored_usd_minor=counts["monitored_usd_minor"],
        window_start=run_date - timedelta(days=lookback_days - 1),
        window_end=run_date,
        code_version=f"{identity['code']['version']} ({identity['code']['sha256'][:12]})",
        configuration_hash=identity["configuration_hash"],
        input_count=len(identity["inputs"]),
        inputs_sha256=digest(identity["inputs"]),
        run_id=identity["run_id"],
        previous_manifest_sha256=identity["previous_manifest_sha256"],
        control_totals_differ=counts["control_totals_differ"],
        gate_failures=faults,
    )


def _notes(typologies: Collection[str]) -> tuple[DetectorNote, ...]:
    return tuple(
        DetectorNote(
            detector.typology,
            detector.title,
            detector.summary,
            tuple((source.title, source.locator) for source in detector.sources),
            detector.floor.probability if detector.floor else None,
            detector.floor.rests_on if detector.floor else "",
        )
        for detector in detectors.DETECTORS
        if detector.typology in typologies
    )


def _people(work: Work, alerts: pl.DataFrame, evidence: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Read the accounts and parties that alerts or their evidence mention; what was not staged gives no rows."""
    mentioned = _mentioned(alerts, evidence)
    accounts = _chosen(work, "accounts", ACCOUNTS.schema, pl.col("account_id").is_in(mentioned))
    holders = [*accounts["party_id"], *alerts["party_ids"].explode(), *alerts["subject_party_id"]]
    return accounts, _chosen(work, "parties", PARTIES.schema, pl.col("party_id").is_in(holders))


def _mentioned(alerts: pl.DataFrame, evidence: pl.DataFrame) -> list[str]:
    columns = [
        alerts["account_ids"].explode(),
        evidence["originator_account_id"],
        evidence["beneficiary_account_id"],
    ]
    return pl.concat([column.alias("account_id") for column in columns]).drop_nulls().unique().to_list()


def _chosen(work: Work, dataset: str, schema: pl.Schema, condition: pl.Expr) -> pl.DataFrame:
    if not work.staged(dataset).is_dir():
        return pl.DataFrame(schema=schema)
    return staged(work.root, dataset).filter(condition).select(schema.names()).collect().sort(schema.names()[0])


def _table(work: Work, name: str, schema: pl.Schema) -> pl.DataFrame:
    return _scan(work, name, schema).collect()


def _scan(work: Work, name: str, schema: pl.Schema) -> pl.LazyFrame:
    return scan(work.table(name)) if any(work.table(name).glob("*.parquet")) else pl.LazyFrame(schema=schema)
