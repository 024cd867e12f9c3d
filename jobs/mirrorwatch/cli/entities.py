"""The command that tells which parties are one person or firm, and why."""

import tempfile
from pathlib import Path
from typing import Annotated, Any

import typer

from mirrorwatch import night
from mirrorwatch.cli.options import ConfigFile, Data, Date, Json, MappingFile, Quiet
from mirrorwatch.cli.printing import log_to_stderr, say, say_json, say_table
from mirrorwatch.night import entities

_SHOWN = 50  # parties that are printed: a few screenfuls; --json holds all

Party = Annotated[
    str | None, typer.Option("--party", metavar="ID", help="Only this party: who else it may be, and what says so.")
]


def register(app: typer.Typer) -> None:
    """Add this command to the application."""
    app.command("entities")(entities_command)


def entities_command(
    *,
    data: Data,
    date: Date,
    party: Party = None,
    config: ConfigFile = None,
    mapping: MappingFile = None,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Tell which parties are likely one person or firm that was registered more than once.

    Reads the parties, accounts and ownership below DATA, as of D. Writes nothing.
    """
    log_to_stderr(quiet=quiet)
    with tempfile.TemporaryDirectory(prefix="mirrorwatch-") as folder:
        work = Path(folder) / "work"
        plan = night.plan(data, folder, date.date(), config_file=config, mapping=mapping, work=work)
        told = entities.entities(plan, party)
    return say_json(told) if json else _say(told, party)


def _say(told: dict[str, Any], party: str | None) -> None:
    found = told["entities"]
    rows = [
        (one["entity_id"], one["party_type"], member["party_id"], member["name"], one["agreement"], one["accounts"])
        for one in found
        for member in one["parties"]
    ]
    say(f"{len(found)} entities of {len(rows)} parties that are likely one.")
    say_table("", ("entity", "type", "party", "name", "agreement", "accounts"), rows[:_SHOWN])
    if len(rows) > _SHOWN:
        say(f"and {len(rows) - _SHOWN} more parties; --json tells all")
    if party is not None and not told["pairs"]:
        say(f"Nobody else is likely to be {party}.")
    for pair in told.get("pairs", ()):
        _say_pair(str(party), pair)


def _say_pair(party: str, pair: dict[str, Any]) -> None:
    rows = [
        (item["field"], item["level"], item["value"], item["other_value"], item["bits"]) for item in pair["evidence"]
    ]
    total = ("sum", "", None, None, pair["bits"])
    say("")
    say_table(f"{party} and {pair['party_id']}", ("what", "agreement", "one", "other", "bits"), [*rows, total])
    say(f"Probability that they are one: {pair['probability']:.4f}")
