"""What an unpublished night leaves for the operator: quarantine, quality, and a report that says what stopped it."""

from dataclasses import replace

import polars as pl

from mirrorwatch.config import Configuration
from mirrorwatch.contract import DATASETS, QUALITY, QUARANTINE
from mirrorwatch.errors import InputError
from mirrorwatch.night import recording, reporting
from mirrorwatch.night.planning import Plan
from mirrorwatch.night.stepping import log
from mirrorwatch.store.layout import is_remote, local_folder, partition
from mirrorwatch.store.publishing import set_aside, set_aside_remote
from mirrorwatch.store.remote import Bucket
from mirrorwatch.store.writing import write_table

_NOTHING_READ = {"rows_read": 0, "rows_monitored": 0, "monitored_usd_minor": 0, "control_totals_differ": None}


def leave(plan: Plan, configuration: Configuration, faults: tuple[str, ...] = (), *, name: str = "failed") -> str:
    """Write NAME/run_date=D below the output and return where that is. Published nights stay as they are."""
    work = plan.folder
    for table, schema in (("quarantine", QUARANTINE), ("quality", QUALITY)):
        if not any(work.table(table).glob("*.parquet")):
            write_table(pl.DataFrame(schema=schema), work.rows(table), schema)
    _report(plan, configuration, faults)
    if is_remote(plan.out):
        set_aside_remote(Bucket.open(plan.out, configuration.storage_options), name, plan.run_date, work)
    else:
        set_aside(local_folder(plan.out), name, plan.run_date, work)
    return f"{plan.out.rstrip('/')}/{partition(name, plan.run_date)}"


def _report(plan: Plan, configuration: Configuration, faults: tuple[str, ...]) -> None:
    from mirrorwatch.report import write_report

    try:
        counts = recording.counts(plan.work) if (plan.work / "summary.json").exists() else _NOTHING_READ
        identity = recording.identity(plan, configuration)
        told = replace(reporting.from_work(plan, identity, counts, faults=faults), detectors=())  # none has looked
        write_report(told, plan.folder.table("report"))
    except Exception:  # noqa: BLE001 - what stopped the night must reach the operator even if its report does not
        log.exception("the report of the stopped night could not be written", night=plan.run_date.isoformat())


def leave_unreadable(plan: Plan, configuration: Configuration, error: InputError) -> str:
    """Leave the same for input that could not be read at all: its one quality row is that."""
    said = f"{error.where} {error.what}"
    dataset = next((dataset.name for dataset in DATASETS if dataset.name in said), "transactions")
    row = {
        "dataset": dataset,
        "expectation": "input_can_be_read",
        "column": None,
        "severity": "critical",
        "success": False,
        "unexpected_count": None,
        "unexpected_fraction": None,
        "observed": error.where,
        "reason": error.what,
    }
    write_table(pl.DataFrame([row], schema=QUALITY), plan.folder.rows("quality"), QUALITY)
    return leave(plan, configuration, (str(error),))
