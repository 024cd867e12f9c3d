"""Commands that run a night or a part of it: run, validate, detect, report, headline."""

import tempfile
from pathlib import Path
from typing import Annotated, Any

import polars as pl
import typer

from mirrorwatch import config as settings
from mirrorwatch import detectors, night
from mirrorwatch.cli.options import (
    ConfigFile,
    Data,
    Date,
    Engine,
    Json,
    Lookback,
    MappingFile,
    Only,
    OptionalData,
    OptionalOut,
    Out,
    Quiet,
)
from mirrorwatch.cli.printing import log_to_stderr, say, say_json, say_table
from mirrorwatch.errors import UsageError
from mirrorwatch.night import parts, planning, reporting
from mirrorwatch.published import headline, lookup
from mirrorwatch.store.layout import Work, is_remote, local_folder
from mirrorwatch.store.shelf import shelf

# Alerts that a command prints: as many as fit a screen; the report and --json hold all.
_SHOWN = 10
_ALERT_COLUMNS = ("rank", "alert", "typology", "state", "score", "chance", "USD", "what")


def register(app: typer.Typer) -> None:
    """Add these commands to the application."""
    app.command("run")(run_command)
    app.command("validate")(validate_command)
    app.command("detect")(detect_command)
    app.command("report")(report_command)
    app.command("headline")(headline_command)


def run_command(
    *,
    data: Data,
    out: Out,
    date: Date,
    lookback_days: Lookback = None,
    config: ConfigFile = None,
    mapping: MappingFile = None,
    engine: Engine = "polars",
    only: Only = None,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Run one whole night and publish it.

    Reads the datasets below DATA, and the nights that OUT holds already.

    Writes OUT/alerts, cases, evidence, explanations, completeness, quarantine, blindness and quality (each under
    run_date=D), OUT/reports/D, OUT/data_docs and OUT/manifests/D.json: all of them or none. When a gate stops the
    night (exit 3), writes only OUT/failed/run_date=D. Running the same night again is safe.
    """
    log_to_stderr(quiet=quiet)
    plan = night.plan(
        data,
        out,
        date.date(),
        config_file=config,
        mapping=mapping,
        lookback_days=lookback_days,
        engine=engine,
        only=tuple(only or ()),
    )
    night.run_night(plan)
    told = headline.of_night(planning.published(plan, plan.configuration()), plan.run_date)
    say_json(told) if json else _say_night(told)


def headline_command(
    *,
    out: Out,
    date: Date,
    config: ConfigFile = None,
    json: Json = False,
) -> None:
    """Print what `run` printed at the end of a published night.

    Reads OUT. Writes nothing.
    """
    nights = shelf(out, settings.load(config).storage_options)
    lookup.require(nights, date.date())
    told = headline.of_night(nights, date.date())
    say_json(told) if json else _say_night(told)


def validate_command(
    *,
    data: Data,
    date: Date,
    out: OptionalOut = None,
    lookback_days: Lookback = None,
    config: ConfigFile = None,
    mapping: MappingFile = None,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Check the data of one night as `run` would, and stop there.

    Reads the datasets below DATA.

    Writes nothing without --out. With it, writes OUT/validated/run_date=D (quality, completeness, quarantine,
    blindness, Data Docs, a report without alerts), or OUT/failed/run_date=D when a gate would stop the night (exit 3).
    """
    log_to_stderr(quiet=quiet)
    with tempfile.TemporaryDirectory(prefix="mirrorwatch-") as folder:
        place = out or folder
        plan = night.plan(data, place, date.date(), config_file=config, mapping=mapping, lookback_days=lookback_days)
        told = parts.validate(parts.apart(plan))
    if out is None:
        told.pop("written")
    say_json(told) if json else _say_validation(told)


def detect_command(
    *,
    data: Data,
    date: Date,
    out: OptionalOut = None,
    lookback_days: Lookback = None,
    config: ConfigFile = None,
    mapping: MappingFile = None,
    only: Only = None,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Run the detectors alone: no quality gate, no comparison with other nights, nothing published.

    Reads the datasets below DATA.

    Writes nothing without --out. With it, writes OUT/findings/run_date=D/TYPOLOGY.parquet.
    """
    log_to_stderr(quiet=quiet)
    if out is not None and is_remote(out):
        raise UsageError("detect writes to a local folder only.", where=out)
    with tempfile.TemporaryDirectory(prefix="mirrorwatch-") as folder:
        plan = night.plan(
            data,
            folder,
            date.date(),
            config_file=config,
            mapping=mapping,
            lookback_days=lookback_days,
            only=tuple(only or ()),
        )
        found = parts.find(plan)
        if out is not None:
            parts.keep_findings(plan, local_folder(out))
    rows = found.with_columns(pl.lit("found").alias("state"), pl.int_range(1, pl.len() + 1).alias("rank"))
    told = headline.ranked(rows)
    say_json(told) if json else _say_alerts(f"{len(told)} finding(s)", told)


def report_command(
    *,
    out: Out,
    date: Date,
    to: Annotated[
        Path | None, typer.Option("--to", metavar="FOLDER", help="Folder to write.  [default: ./report-D]")
    ] = None,
    data: OptionalData = None,
    config: ConfigFile = None,
    mapping: MappingFile = None,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Render the report of a published night again, from its published tables.

    Reads OUT; with --data also DATA's accounts and parties, for their names (without it, ids stand alone).

    Writes index.html, quality.html, alerts.csv, alerts.xlsx and metrics.prom into the folder of --to. What OUT holds
    stays as it is.
    """
    from mirrorwatch.report import write_report

    log_to_stderr(quiet=quiet)
    configuration = settings.load(config, mapping=mapping)
    nights = shelf(out, configuration.storage_options)
    lookup.require(nights, date.date())
    folder = to or Path(f"report-{date.date()}")
    with tempfile.TemporaryDirectory(prefix="mirrorwatch-") as work:
        if data is not None:
            plan = night.plan(data, work, date.date(), config_file=config, mapping=mapping, work=Path(work))
            parts.stage_people(plan)
        write_report(reporting.from_shelf(nights, date.date(), Work(Path(work))), folder)
    told = {"report": str(folder / "index.html")}
    say_json(told) if json else say(f"The report is {told['report']}")


def _say_night(told: dict[str, Any]) -> None:
    states = ", ".join(f"{count} {state}" for state, count in told["states"].items()) or "none"
    say(
        f"Night of {told['run_date']}: {told['rows_monitored']:,} of {told['rows_read']:,} transactions monitored.",
        f"Alerts: {states}. Cases: {told['cases']}. USD in alerts: {told['alert_usd']}.",
    )
    _say_alerts("First to look at" if told["alerts"] else "", told["alerts"])
    say(f"Report: {told['report']}")


def _say_alerts(title: str, alerts: list[dict[str, Any]]) -> None:
    if not alerts:
        say(title or "There is no alert.")
        return
    rows = [
        (
            alert["rank"],
            alert["alert_id"][:12],
            alert["typology"],
            alert["state"],
            f"{alert['score']:.2f}",
            _chance(alert),
            alert["amount_usd"],
            _first_sentence(alert["narrative"]),
        )
        for alert in alerts[:_SHOWN]
    ]
    say_table(title, _ALERT_COLUMNS, rows)
    if len(alerts) > _SHOWN:
        say(f"… and {len(alerts) - _SHOWN} more.")


def _chance(alert: dict[str, Any]) -> str:
    probability, floor = alert["chance_probability"], detectors.floor(alert["typology"])
    if probability is None:
        return ""
    return f"{'<' if floor and floor.reached(probability) else ''}{probability:.1e}"


def _first_sentence(narrative: str) -> str:
    head, dot, _ = narrative.partition(". ")
    return head + dot.strip()


def _say_validation(told: dict[str, Any]) -> None:
    say(
        f"Data of the night of {told['run_date']}: {told['rows_read']:,} transactions read, "
        f"{told['rows_monitored']:,} monitored, {told['rows_rejected']:,} rejected. The gate lets it pass."
    )
    failed = [row for row in told["quality"] if not row["success"]]
    rows = [
        (row["severity"], row["dataset"], row["expectation"], row["column"], row["unexpected_count"], row["reason"])
        for row in failed
    ]
    say(f"{len(told['quality'])} expectations, {len(failed)} failed.")
    if rows:
        say_table("Failed", ("severity", "dataset", "expectation", "column", "rows", "reason"), rows)
    blind = [(row["detector"], row["indicator"], row["why"]) for row in told["blindness"]]
    if blind:
        say_table("Blind", ("detector", "indicator", "why"), blind)
    if "written" in told:
        say(f"Written: {told['written']}")
