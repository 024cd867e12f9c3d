"""The command about owners: import a register of them."""

from typing import Annotated, Any

import typer

from mirrorwatch.cli.options import Json
from mirrorwatch.cli.printing import say, say_json, say_table
from mirrorwatch.registers import importing

Data = Annotated[str, typer.Option("--data", metavar="DATA", help="Data folder; its ownership is read by the night.")]
Files = Annotated[
    list[str], typer.Argument(metavar="FILE…", help="The register's files as published, or their folder or prefix.")
]
Register = Annotated[str, typer.Option("--register", metavar="NAME", help="What the register is called.")]


def register(app: typer.Typer) -> None:
    """Add the group of commands to the application."""
    group = typer.Typer(no_args_is_help=True, help="Import registers of who owns and controls companies.")
    group.callback()(lambda: None)  # a group stays a group with one command
    group.command("import")(import_command)
    app.add_typer(group, name="ownership")


def import_command(files: Files, *, data: Data, register: Register = "bods", json: Json = False) -> None:
    """Import a register in Open Ownership's BODS: a JSON array, JSON lines or Parquet, all of it at once.

    Reads FILE…, and DATA/parties, party_identifiers and ownership. Writes DATA/ownership/imported-NAME.parquet and,
    beside it, register_entities, register_interests and register_skipped: whole, or not at all, in place of what the
    last import of that register wrote.
    """
    told = importing.run(importing.Import(data, files, register))
    return say_json(told) if json else _say_import(told)


def _say_import(told: dict[str, Any]) -> None:
    say(f"{told['register']}: {told['outcome']}.")
    say_table("", ("statements", "number"), told["statements"].items())
    say_table("", ("table", "rows"), told["rows"].items())
    say(f"Parties of the bank: {told['matched_parties']}. Chains that end with nobody named: {told['nobody_named']}.")
    for reason, number in told["skipped"].items():
        say(f"Left out: {number} × {reason}.")
