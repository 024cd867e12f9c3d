"""Commands about one published alert: explain and verify."""

import tempfile
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

import typer

from mirrorwatch import config as settings
from mirrorwatch import detectors
from mirrorwatch.cli.options import Alert, ConfigFile, Data, Json, MappingFile, OptionalDate, Out, Quiet
from mirrorwatch.cli.printing import log_to_stderr, say, say_json, say_table
from mirrorwatch.errors import UsageError
from mirrorwatch.published import lookup, verifying
from mirrorwatch.store.mapping import Mapping, read_mapping
from mirrorwatch.store.reading import Source
from mirrorwatch.store.shelf import shelf


def register(app: typer.Typer) -> None:
    """Add these commands to the application."""
    app.command("explain")(explain_command)
    app.command("verify")(verify_command)


def explain_command(
    alert: Alert,
    *,
    out: Out,
    date: OptionalDate = None,
    config: ConfigFile = None,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Say one alert in words: what was seen, how likely by chance, and what would have made it not fire.

    Reads the alerts, evidence and explanations of a night published in OUT. Writes nothing.
    """
    log_to_stderr(quiet=quiet)
    nights = shelf(out, settings.load(config).storage_options)
    found = lookup.find(nights, alert, _day(date))
    told = lookup.explained(nights, found)
    say_json(told) if json else _say_explanation(told)


def verify_command(
    alert: Alert,
    *,
    data: Data,
    out: Out,
    date: OptionalDate = None,
    config: ConfigFile = None,
    mapping: MappingFile = None,
    json: Json = False,
    quiet: Quiet = False,
) -> int:
    """Recompute one alert from the Parquet rows that its manifest names, and say true or what differs.

    Reads the night's manifest and tables in OUT, and its input files below DATA. Parameters are the manifest's;
    --config or --mapping need only name the night's mapping file, rulebook and storage options, if it had them. Writes
    nothing. After a later import of a list, DATA's list is no longer the night's: docs/watchlists.md says how to make
    it again from the kept versions.

    Exit 0: it is true. Exit 1: something differs, and the output says what.
    """
    log_to_stderr(quiet=quiet)
    given = settings.load(config, mapping=mapping)
    nights = shelf(out, given.storage_options)
    published = lookup.published(nights, lookup.find(nights, alert, _day(date), live=True))
    configuration = settings.recorded(published.manifest["configuration"], given, published.run_date)
    rules = read_mapping(given.mapping) if given.mapping else Mapping()
    source = Source(data, rules, given.storage_options)
    source.root.require()
    typology = published.alert["typology"].item()
    detector = next((known for known in detectors.DETECTORS if known.typology == typology), None)
    if detector is None:
        raise UsageError(f"This version has no detector for '{typology}'.")
    with tempfile.TemporaryDirectory(prefix="mirrorwatch-") as work:
        checks = verifying.verify(published, source, configuration, detector, Path(work))
    true = all(check.holds for check in checks)
    told = {
        "alert_id": published.alert["alert_id"].item(),
        "run_date": published.run_date.isoformat(),
        "true": true,
        "checks": [asdict(check) for check in checks],
    }
    say_json(told) if json else _say_verification(told)
    return 0 if true else 1


def _day(moment: datetime | None) -> Any:  # noqa: ANN401
    return moment.date() if moment else None


def _say_explanation(told: dict[str, Any]) -> None:
    say(
        f"Alert {told['alert_id']}",
        f"{told['typology']}, night of {told['run_date']}: {told['state']}, rank {told['rank']}, "
        f"score {told['score']:.3f}",
        "",
        told["narrative"],
        "",
        f"USD {told['amount_usd']} in {len(told['evidence'])} transactions, "
        f"{told['first_booked_at']} to {told['last_booked_at']}.",
        f"Subject: {told['subject_party_id']}. Accounts: {', '.join(told['account_ids'])}.",
        _by_chance(told),
        "",
    )
    if told["what_changed"]:
        say("Since the last published night:", *(f"  - {line}" for line in told["what_changed"]), "")
    keys = ("code", "value", "threshold", "weight", "reason")
    rows = [[_figure(row[key]) for key in keys] for row in told["indicators"]]
    say_table("Why: each indicator against its threshold", keys, rows)
    for title, key in (("It would not have fired if", "would_not_fire_if"), ("Next steps", "next_steps")):
        if told[key]:
            say("", f"{title}:", *(f"  - {line}" for line in told[key]))
    columns = ("group_no", "step_no", "role", "booked_at", "originator_account_id", "beneficiary_account_id", "amount",
               "currency", "amount_usd", "transaction_id")  # fmt: skip
    say("")
    say_table("Evidence", columns, [[row[column] for column in columns] for row in told["evidence"]])


def _figure(value: object) -> object:
    """Cut a figure to four significant digits, as the report shows it; --json holds it whole."""
    return float(f"{value:.4g}") if isinstance(value, float) else value


def _by_chance(told: dict[str, Any]) -> str:
    chance, floor = told["chance_probability"], detectors.floor(told["typology"])
    if chance is None:
        return "By chance: no null model applies to this typology."
    if floor and floor.reached(chance):
        likely = f"{floor.words}. No smaller figure is stated: {floor.rests_on}"
    else:
        likely = f"{chance:.2e}"
    return f"By chance: ordinary activity shows this much evidence with probability {likely}."


def _say_verification(told: dict[str, Any]) -> None:
    for check in told["checks"]:
        say(f"{'true ' if check['holds'] else 'DIFFERS'}  {check['what']}: {check['seen']}")
    say(f"Alert {told['alert_id']} of {told['run_date']} is {'true' if told['true'] else 'not confirmed'}.")
