"""The command that tells which rules held on a day."""

from datetime import datetime
from typing import Annotated, Any

import typer

from mirrorwatch import config as settings
from mirrorwatch.cli.options import ConfigFile, Json
from mirrorwatch.cli.printing import say, say_json, say_table
from mirrorwatch.rulebook import Held, Rules

Day = Annotated[
    datetime, typer.Option("--date", metavar="D", formats=["%Y-%m-%d"], help="The day on which the rules are asked.")
]


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("rules")(rules_command)


def rules_command(*, date: Day, config: ConfigFile = None, json: Json = False) -> None:
    """Tell which thresholds, lists, orders and advisories held on a day, and which no longer did.

    Reads the rulebook that is shipped, and the one that the settings name. Writes nothing.
    """
    rulebook = settings.load(config).rules()
    held = rulebook.on(date.date())
    if json:
        return say_json({"date": held.day, "rulebook": rulebook.hash, "rules": [_told(each) for each in _sorted(held)]})
    return _say(held, rulebook.hash)


def _sorted(held: Rules) -> list[Held]:
    return sorted(held.held.values(), key=lambda each: (each.rule.kind, each.rule.id))


def _told(held: Held) -> dict[str, Any]:
    """One rule as JSON: its names and the version that held, without the others."""
    names = held.rule.model_dump(mode="json", exclude={"versions"})
    return {**names, "in_force": held.in_force, **held.version.model_dump(mode="json")}


def _say(held: Rules, digest: str) -> None:
    rows = [
        (each.rule.kind, each.rule.id, each.version.status, each.version.since, each.version.sum, each.rule.reference)
        for each in _sorted(held)
    ]
    say_table(
        f"Rules on {held.day}, rulebook {digest[:16]}", ("kind", "rule", "status", "since", "amount", "reference"), rows
    )
    say("", "--json tells what each says, its members and its source; docs/rulebook.md tells the versions before.")
