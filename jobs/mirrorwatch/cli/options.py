"""The options that commands share, so that each means the same everywhere."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer


def _named(place: str | None) -> str | None:
    """Refuse an empty place, such as a script's unset variable gives: it would mean the current folder."""
    if place is not None and not place.strip():
        raise typer.BadParameter("it is empty. Name a folder or an object-store prefix.")
    return place


Data = Annotated[
    str,
    typer.Option("--data", metavar="DATA", callback=_named, help="Data folder or object-store prefix; only read."),
]
OptionalData = Annotated[
    str | None,
    typer.Option(
        "--data", metavar="DATA", callback=_named, help="Data folder or prefix, for the names of accounts and parties."
    ),
]
Out = Annotated[
    str, typer.Option("--out", metavar="OUT", callback=_named, help="Output folder or object-store prefix.")
]
OptionalOut = Annotated[
    str | None,
    typer.Option("--out", metavar="OUT", callback=_named, help="Where to write; without it nothing is written."),
]
Date = Annotated[
    datetime,
    typer.Option("--date", metavar="D", formats=["%Y-%m-%d"], help="The night's date, the last booking date it reads."),
]
OptionalDate = Annotated[
    datetime | None,
    typer.Option(
        "--date",
        metavar="D",
        formats=["%Y-%m-%d"],
        help="The published night to look in; without it, the latest that has this alert.",
    ),
]
Lookback = Annotated[
    int | None,
    typer.Option("--lookback-days", metavar="DAYS", help="Booking dates to read, ending with --date.  [default: 45]"),
]
ConfigFile = Annotated[
    Path | None,
    typer.Option("--config", metavar="FILE", help="TOML file with settings; docs/operations.md lists them."),
]
MappingFile = Annotated[
    Path | None,
    typer.Option("--mapping", metavar="FILE", help="TOML file that says how other Parquet becomes the contract's."),
]
Engine = Annotated[
    str,
    typer.Option(
        "--engine", metavar="ENGINE", help="polars; spark is not there yet.  [default: polars]", show_default=False
    ),
]
Only = Annotated[
    list[str] | None,
    typer.Option("--only", metavar="TYPOLOGY…", help="Look for these typologies only; the rest is reported blind."),
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document on stdout instead of text.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Log only warnings and errors.")]
Alert = Annotated[str, typer.Argument(metavar="ALERT", help="Alert id, or its first characters if no other begins so.")]
