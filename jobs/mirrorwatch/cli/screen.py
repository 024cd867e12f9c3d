"""The commands about screening: who is called like somebody on a list, and which pairs a person dismissed."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated

import polars as pl
import typer

from mirrorwatch import night
from mirrorwatch.cli.options import ConfigFile, Data, Date, Json, Lookback, MappingFile, Quiet
from mirrorwatch.cli.printing import log_to_stderr, say, say_json, say_table
from mirrorwatch.errors import UsageError
from mirrorwatch.night import dismissing, screening
from mirrorwatch.night.planning import Plan
from mirrorwatch.screening import ScreeningParameters
from mirrorwatch.screening.hits import DISMISSED

_KINDS = ("person", "organisation")
_SHOWN = 30  # hits that are printed: a screenful or two; --out and --json hold all
_COLUMNS = ("rank", "score", "side", "party_id", "subject_name", "entry_id", "matched_name", "state", "reason")

DataFolder = Annotated[str | None, typer.Option("--data", metavar="DATA", help="Data folder or prefix; only read.")]
Day = Annotated[
    datetime | None,
    typer.Option("--date", metavar="D", formats=["%Y-%m-%d"], help="The day whose lists are screened against."),
]
Name = Annotated[
    str | None, typer.Option("--name", metavar="NAME", help="Screen this name alone; DATA then need hold lists only.")
]
Kind = Annotated[
    str | None, typer.Option("--kind", metavar="KIND", help="With --name: person or organisation.  [default: either]")
]
Least = Annotated[
    float, typer.Option("--least-score", metavar="SCORE", min=0, max=1, help="Least score of a party's name.")
]
Hits = Annotated[
    Path | None, typer.Option("--out", metavar="FILE", help="Write all hits here: .csv or .parquet, outside DATA.")
]
Everything = Annotated[bool, typer.Option("--all", help="Print dismissed hits too; without it they are counted.")]
Party = Annotated[str, typer.Option("--party", metavar="ID", help="The party, as screen names it.")]
Entry = Annotated[str, typer.Option("--entry", metavar="ID", help="The list's entry, as screen names it.")]
Reason = Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why they are not one.")]
By = Annotated[str, typer.Option("--by", metavar="WHO", help="Who says so.")]
Until = Annotated[
    datetime | None,
    typer.Option("--until", metavar="D2", formats=["%Y-%m-%d"], help="Last day that it holds.  [default: no end]"),
]
Pairs = Annotated[
    Path | None,
    typer.Option("--pairs", metavar="FILE", help="The file of dismissed pairs.  [default: the settings' `dismissed`]"),
]


def register(app: typer.Typer) -> None:
    """Add the group of commands to the application."""
    group = typer.Typer(invoke_without_command=True)
    group.callback()(screen_command)
    group.command("dismiss")(dismiss_command)
    app.add_typer(group, name="screen")


def screen_command(
    context: typer.Context,
    *,
    data: DataFolder = None,
    date: Day = None,
    name: Name = None,
    kind: Kind = None,
    least_score: Least = 0.5,
    out: Hits = None,
    everything: Everything = False,
    lookback_days: Lookback = None,
    config: ConfigFile = None,
    mapping: MappingFile = None,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Screen parties, counterparties and remittance text, or one name, against the lists of a day.

    Reads the watchlist, parties, accounts and the lookback's transactions below DATA (with --name the lists only), and
    the file of dismissed pairs that the settings name.

    Writes the file of --out. A hit is a question for a person; the surest comes first.
    """
    if context.invoked_subcommand is not None:
        return
    if data is None or date is None:
        raise UsageError("screen needs --data and --date.", remedy="--help says how it is used.")
    if kind is not None and (name is None or kind not in _KINDS):
        raise UsageError(f"--kind is {' or '.join(_KINDS)}, and goes with --name.", where=kind)
    if out is not None:
        screening.require_writable(out, data, "A file of hits")
    log_to_stderr(quiet=quiet)
    parameters = ScreeningParameters(least_score=least_score)
    with _planned(data, date, config, mapping, lookback_days) as plan:
        found = (
            screening.screen_data(plan, parameters)
            if name is None
            else screening.screen_name(plan, _words(name), kind, parameters)
        )
    if out is not None:
        screening.write_hits(found, out)
    say_json(found.to_dicts()) if json else _say(found, everything=everything)


def dismiss_command(
    *,
    data: Data,
    date: Date,
    party: Party,
    entry: Entry,
    reason: Reason,
    by: By,
    until: Until = None,
    pairs: Pairs = None,
    config: ConfigFile = None,
    mapping: MappingFile = None,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Dismiss a pair of a party and an entry, from D on, as long as what is known of both stays the same.

    Reads the parties and lists below DATA. Adds a row to FILE, which is made where it is not there; the night reads it
    when the settings name it: dismissed = "FILE".
    """
    log_to_stderr(quiet=quiet)
    made = dismissing.Dismissal(party, entry, reason, by, until.date() if until else None)
    with _planned(data, date, config, mapping, dismissing=True) as plan:
        file = pairs or plan.configuration().dismissed
        if file is None:
            raise UsageError("It is not said where dismissed pairs are kept.", remedy="Name a file with --pairs.")
        kept = dismissing.dismiss(plan, made, file)
    told = {"pairs": str(file), "dismissed": kept.tail(1).to_dicts()[0], "rows": kept.height}
    say_json(told) if json else say(f"Dismissed: {party} is not {entry}. {file} holds {kept.height} dismissal(s).")


@contextmanager
def _planned(
    data: str,
    date: datetime,
    config: Path | None,
    mapping: Path | None,
    lookback_days: int | None = None,
    *,
    dismissing: bool = False,
) -> Iterator[Plan]:
    with tempfile.TemporaryDirectory(prefix="mirrorwatch-") as folder:
        yield night.plan(
            data,
            folder,
            date.date(),
            config_file=config,
            mapping=mapping,
            lookback_days=lookback_days,
            work=Path(folder) / "work",
            dismissing=dismissing,
        )


def _words(name: str) -> str:
    if not name.strip():
        raise UsageError("The name is empty.", where="--name", remedy="Give the name that is asked about.")
    return name.strip()


def _say(found: pl.DataFrame, *, everything: bool) -> None:
    states = ", ".join(f"{number} {state}" for state, number in found["state"].value_counts().sort("state").iter_rows())
    say(f"{found.height} hit(s){f': {states}' if states else ''}.")
    shown = found if everything else found.filter(pl.col("state") != DISMISSED)
    if shown.is_empty():
        return
    rows = shown.head(_SHOWN).with_columns(pl.col("score").round(3)).select(_COLUMNS).rows()
    say_table("", _COLUMNS, rows)
    if shown.height > _SHOWN:
        say(f"and {shown.height - _SHOWN} more; --out and --json hold all")
