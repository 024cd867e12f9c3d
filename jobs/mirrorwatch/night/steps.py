"""The steps: `plan → stage → assess → gate → prepare → detect (one a typology) → assemble → report → publish`.

Each step is a function of one small `Plan`, reads and writes one work folder, may be run again, and returns a few
facts as JSON values. The command line (`run_night`) and the Airflow DAGs (`run_step`) call the same functions.
"""

import logging
import shutil
from collections.abc import Callable, Mapping
from dataclasses import asdict
from functools import partial
from pathlib import Path

import polars as pl

from mirrorwatch.alerts import assemble as assemble_alerts
from mirrorwatch.contract import BLINDNESS, QUALITY
from mirrorwatch.detectors.base import FINDINGS
from mirrorwatch.errors import GateError, InputError, MirrorwatchError
from mirrorwatch.intake.frames import night_frames
from mirrorwatch.intake.stage import stage as stage_input
from mirrorwatch.intake.summary import read_summary
from mirrorwatch.night import baseline, failing, planning, profiling, recording, reporting
from mirrorwatch.night.culprits import culprits
from mirrorwatch.night.gating import faults, own_faults
from mirrorwatch.night.observing import NIGHT, observed
from mirrorwatch.night.planning import Plan
from mirrorwatch.night.preparing import prepare as prepare_frames
from mirrorwatch.night.stepping import Facts, Place, log, run
from mirrorwatch.store import publishing
from mirrorwatch.store.layout import is_remote, local_folder
from mirrorwatch.store.locking import locked
from mirrorwatch.store.reading import list_inputs
from mirrorwatch.store.remote import Bucket
from mirrorwatch.store.staging import one, scan, staged
from mirrorwatch.store.writing import write_json, write_table


def stage(plan: Plan) -> Facts:
    """Read, check and convert the input into work/staged, with quarantine, completeness and blindness beside it."""
    configuration = plan.configuration()
    plan.folder.clear()
    try:
        return _stage(plan)
    except InputError as error:
        error.add_note(f"What could be read lies in {failing.leave_unreadable(plan, configuration, error)}")
        raise


def assess(plan: Plan) -> Facts:
    """Run the suites, compare the input with the nights kept; write work/quality and work/data_docs."""
    from mirrorwatch_suites.runner import assess as assess_suites  # Great Expectations takes 4 s to import

    logging.getLogger("great_expectations").setLevel(logging.WARNING)  # it tells hundreds of its own doings
    quality = profiling.with_findings(plan, assess_suites(plan.work, plan.detectors))
    write_table(quality, plan.folder.rows("quality"), QUALITY)
    return {"expectations": quality.height, "failed": quality.filter(~pl.col("success")).height}


def gate(plan: Plan) -> Facts:
    """Stop the night when its input is too bad: leave failed/run_date=D behind and raise GateError (exit 3)."""
    configuration = plan.configuration()
    quality = scan(plan.folder.table("quality")).collect()
    found = faults(quality, read_summary(plan.work), configuration.gates)
    named = culprits(plan.folder, plan.run_date)
    if not found:
        for sentence in named:
            log.warning("the night goes on; ask the source", what=sentence)
        return {"gate": "passed", "warnings": quality.filter(~pl.col("success"), severity="warning").height}
    error = GateError(
        f"The data is too bad to judge anyone on. {' '.join(found)}",
        where=failing.leave(plan, configuration, (*found, *named)),
        remedy="Read report, quality and quarantine there, have the source corrected, and run the night again.",
    )
    for sentence in named:
        error.add_note(f"Look at: {sentence}")
    raise error


def prepare(plan: Plan) -> Facts:
    """Make once what several of tonight's detectors stand on; write work/prepared, nothing if none stands on any."""
    frames = night_frames(plan.work, plan.run_date, plan.configuration().rules())
    return {"frames": len(prepare_frames(plan.work, frames, plan.detectors))}


def detect(plan: Plan, typology: str) -> Facts:
    """Run one detector over the staged input; write work/findings."""
    configuration = plan.configuration()
    detector = next(detector for detector in plan.detectors if detector.typology == typology)
    last = baseline.compared(planning.published(plan, configuration), plan.run_date, (typology,)).nights.get(typology)
    frames = night_frames(plan.work, plan.run_date, configuration.rules(), last)
    findings = detector.detect(frames, configuration.detectors[typology]).collect()
    write_table(findings.match_to_schema(FINDINGS), plan.folder.findings(typology), FINDINGS)
    return {"findings": findings.height}


def assemble(plan: Plan) -> Facts:
    """Compare the findings with the last published night; write work/alerts, cases, evidence and explanations."""
    configuration = plan.configuration()
    last = baseline.load(planning.published(plan, configuration), plan.run_date, plan.typologies)
    write_json(last.compared.model_dump(mode="json"), plan.folder.baseline)
    tables = assemble_alerts(
        {typology: one(plan.folder.findings(typology)) for typology in plan.typologies},
        staged(plan.work, "transactions"),
        last.baseline,
        stamps=planning.stamps(plan, configuration),
        run_date=plan.run_date,
        first_day=planning.window(plan, configuration).first,
    )
    for name in ("alerts", "cases", "evidence", "explanations"):
        write_table(getattr(tables, name), plan.folder.rows(name), reporting.TABLES[name])
    _assess_own_outputs(plan)
    states = tables.alerts["state"].value_counts().sort("state")
    return {"alerts": tables.alerts.height, **dict(states.iter_rows())}


def report(plan: Plan) -> Facts:
    """Write the report of the night (HTML, CSV, XLSX) into work/reports."""
    from mirrorwatch.report import write_report

    folder = plan.folder.table("reports") / plan.run_date.isoformat()
    identity = recording.identity(plan, plan.configuration())
    write_report(reporting.from_work(plan, identity, recording.counts(plan.work)), folder)
    return {"report": str(folder / "index.html")}


def publish(plan: Plan) -> Facts:
    """Make the night visible, whole or not at all, and clear the staged rows away."""
    configuration = plan.configuration()
    seal = partial(recording.seal, plan, configuration)
    if is_remote(plan.out):
        bucket = Bucket.open(plan.out, configuration.storage_options)
        publishing.publish_remote(bucket, plan.run_date, plan.folder, seal)
    else:
        publishing.publish(local_folder(plan.out), plan.run_date, plan.folder, seal)
        publishing.forget_failure(local_folder(plan.out), plan.run_date)
    for leftover in ("staged", "as_read", "scratch", "prepared"):
        shutil.rmtree(plan.folder.table(leftover), ignore_errors=True)
    return {"published": f"{plan.out.rstrip('/')}/reports/{plan.run_date}/index.html"}


# In order; `detect` runs once for each typology, all others once.
STEPS: Mapping[str, Callable[..., Facts]] = {
    "stage": stage,
    "assess": assess,
    "gate": gate,
    "prepare": prepare,
    "detect": detect,
    "assemble": assemble,
    "report": report,
    "publish": publish,
}


def run_night(plan: Plan, steps: tuple[str, ...] = tuple(STEPS), *, job: str | None = NIGHT) -> dict[str, Facts]:
    """Run the steps in order in this process, alone on this night, and return each one's facts.

    `job` is what lineage calls them together; None tells nobody.

    Raises MirrorwatchError, with the step and the data in its notes; published nights are then as they were.
    """
    with locked(_lock(plan), f"the night of {plan.run_date}"):
        return {
            " ".join((step, *arguments)): _run(plan, job, step, *arguments)
            for step in steps
            for arguments in ([(typology,) for typology in plan.typologies] if step == "detect" else [()])
        }


def run_step(plan: Plan, step: str, *arguments: str) -> Facts:
    """Run one step in this process; detectors may run beside each other, any other step is alone on its night."""
    with locked(_lock(plan), f"{step} of the night of {plan.run_date}", shared=step == "detect"):
        return _run(plan, NIGHT, step, *arguments)


def _run(plan: Plan, job: str | None, step: str, *arguments: str) -> Facts:
    place, name = Place(plan.run_date.isoformat(), plan.data, plan.folder.steps), " ".join((step, *arguments))
    with observed(plan, name, job):
        return run(name, place, partial(STEPS[step], plan, *arguments))


def _lock(plan: Plan) -> Path:
    return plan.work.with_name(f"{plan.work.name}.lock")


def _stage(plan: Plan) -> Facts:
    configuration = plan.configuration()
    source = planning.source(plan, configuration)
    inputs = list_inputs(source, planning.window(plan, configuration))
    write_json([asdict(file) for file in inputs], plan.folder.inputs)
    rows = stage_input(planning.request(plan, configuration, inputs), plan.work, plan.detectors).transactions
    _state_what_was_not_looked_for(plan)
    profiling.write_profile(plan.folder)
    return {
        "files": len(inputs),
        "rows_read": rows.rows_read,
        "rows_monitored": rows.rows_kept,
        "rows_rejected": rows.rows_rejected,
    }


def _assess_own_outputs(plan: Plan) -> None:
    """Hold alerts and cases to their own suites, and add the results to work/quality.

    Raises MirrorwatchError (exit 1, a bug of ours) when a critical expectation fails: such alerts are not published.
    """
    from mirrorwatch_suites.runner import assess_outputs

    found = assess_outputs(plan.work)
    inputs = scan(plan.folder.table("quality")).collect().filter(~pl.col("dataset").is_in(["alerts", "cases"]))
    write_table(pl.concat([inputs, found]), plan.folder.rows("quality"), QUALITY)
    if broken := own_faults(found):
        raise MirrorwatchError(
            f"The night's own alerts are not as they must be. {' '.join(broken)}",
            where=str(plan.folder.table("alerts")),
            remedy="This is a fault of mirrorwatch or of a detector: please report it.",
        )


def _state_what_was_not_looked_for(plan: Plan) -> None:
    """Add a blindness row for each detector that --only left out: what is not looked for is never silently skipped."""
    left_out = [typology for typology in plan.configuration().detectors if typology not in plan.typologies]
    folder = plan.folder.table("blindness")
    told = scan(folder).collect() if any(folder.glob("*.parquet")) else pl.DataFrame(schema=BLINDNESS)
    monitored = staged(plan.work, "transactions").select(usd=pl.col("usd_minor").sum()).collect()
    row = pl.DataFrame({"detector": sorted(left_out)}, schema={"detector": pl.String}).select(
        "detector",
        indicator=pl.lit("all"),
        why=pl.lit("not run: this night was asked for other typologies only (--only)"),
        accounts=pl.lit(staged(plan.work, "accounts").select(pl.len()).collect().item(), pl.Int64),
        amount_usd=pl.lit(monitored["usd"].item() or 0, pl.Int64).cast(pl.Decimal(38, 2)) / 100,
    )
    rows = pl.concat([told, row.match_to_schema(BLINDNESS)]).sort("detector", "indicator", "why")
    write_table(rows, plan.folder.rows("blindness"), BLINDNESS)
