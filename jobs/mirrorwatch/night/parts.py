"""Parts of a night on their own: is the data good enough, what do the detectors find, how does the report look."""

import shutil
from pathlib import Path
from typing import Any

import polars as pl

from mirrorwatch import night
from mirrorwatch.alerts import candidates
from mirrorwatch.intake.stage import stage
from mirrorwatch.night import failing, planning
from mirrorwatch.night.observing import VALIDATION
from mirrorwatch.night.planning import Plan, stamps
from mirrorwatch.night.reporting import TABLES
from mirrorwatch.store.layout import partition
from mirrorwatch.store.reading import find_files
from mirrorwatch.store.staging import one, scan

_VALIDATION = ("stage", "assess", "gate")


def apart(plan: Plan) -> Plan:
    """Give a plan a work folder of its own, so that checking the data and running the night don't meet."""
    return plan.model_copy(update={"work": plan.work.with_name(f"{plan.work.name}-validate")})


def validate(plan: Plan) -> dict[str, Any]:
    """Stage, assess and gate; leave validated/run_date=D and publish nothing.

    Raises GateError or InputError (after leaving failed/run_date=D) as a whole night would.
    """
    facts = night.run_night(plan, _VALIDATION, job=VALIDATION)
    place = failing.leave(plan, plan.configuration(), name="validated")
    told = {"run_date": plan.run_date.isoformat(), **facts["stage"], "written": place, "gate": "passed"}
    tables = {name: table(plan, name).to_dicts() for name in ("quality", "blindness")}
    shutil.rmtree(plan.work, ignore_errors=True)
    return {**told, **tables}


def table(plan: Plan, name: str) -> pl.DataFrame:
    """Read one table of the night's work folder."""
    return scan(plan.folder.table(name)).collect().match_to_schema(TABLES[name])


def find(plan: Plan) -> pl.DataFrame:
    """Stage and detect only: no suites, no gate, no comparison with other nights.

    Returns the findings with alert_id and typology, one a matter, strongest first.
    """
    night.run_night(plan, ("stage", "prepare", "detect"), job=None)
    found = {typology: one(plan.folder.findings(typology)) for typology in plan.typologies}
    named = candidates(found, stamps(plan, plan.configuration()))
    return named.sort("score", "chance_probability", "alert_id", descending=[True, False, False], nulls_last=True)


def stage_people(plan: Plan) -> None:
    """Stage the accounts, parties and their owners, with one file of transactions, without which nothing stages."""
    configuration = plan.configuration()
    source = planning.source(plan, configuration)
    files = find_files(source, planning.window(plan, configuration))
    inputs = [
        *(file for file in files if file.dataset in {"accounts", "parties", "ownership", "fx_rates"}),
        next(file for file in files if file.dataset == "transactions"),
    ]
    stage(planning.request(plan, configuration, inputs), plan.work)


def keep_findings(plan: Plan, out: Path) -> Path:
    """Copy the findings to OUT/findings/run_date=D/TYPOLOGY.parquet."""
    folder = out / partition("findings", plan.run_date)
    folder.mkdir(parents=True, exist_ok=True)
    for typology in plan.typologies:
        shutil.copyfile(plan.folder.findings(typology), folder / f"{typology}.parquet")
    return folder
