"""The `synth` command: writes a labelled synthetic world, whole or not at all."""

import json as json_format
import shutil
import sys
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from mirrorwatch.contract import DATASETS
from mirrorwatch.errors import UsageError
from mirrorwatch.synth.asked import ALL, TYPOLOGIES, typology_specs
from mirrorwatch.synth.labels import FILES as LABEL_FILES
from mirrorwatch.synth.spec import MirrorSpec, SchemeSpec, ShellSpec, WorldSpec
from mirrorwatch.synth.world import WorldSummary, write_world

_DEFAULTS = WorldSpec(seed=1)
_FEWEST_ACCOUNTS = 200

Data = Annotated[Path, typer.Option("--data", metavar="DATA", help="Folder to write the datasets to; new or empty.")]
Labels = Annotated[
    Path | None,
    typer.Option(
        "--labels", metavar="FOLDER", help="Folder for the labels, never inside DATA.  [default: DATA-labels]"
    ),
]
Seed = Annotated[int, typer.Option("--seed", min=0, help="Same seed and options, same bytes.")]
Accounts = Annotated[int, typer.Option("--accounts", min=_FEWEST_ACCOUNTS, help="Background accounts, about.")]
Days = Annotated[int, typer.Option("--days", min=3, help="Booking dates to write.")]
LastDate = Annotated[
    datetime,
    typer.Option(
        "--date",
        metavar="D",
        formats=["%Y-%m-%d"],
        show_default=f"{_DEFAULTS.end_date}",
        help="The last booking date to write.",
    ),
]
Rows = Annotated[
    int | None,
    typer.Option("--rows", min=1, help="Transactions to write, about: sets the accounts in place of --accounts."),
]
Busyness = Annotated[
    float, typer.Option("--busyness", min=0.2, max=50.0, help="Transactions an account and day, on average.")
]
MirrorEasy = Annotated[int, typer.Option("--mirror-easy", min=0, help="Easy mirror-swap rings to plant.")]
MirrorHard = Annotated[int, typer.Option("--mirror-hard", min=0, help="Hard mirror-swap rings to plant.")]
ShellEasy = Annotated[int, typer.Option("--shell-easy", min=0, help="Easy shell-company chains to plant.")]
ShellHard = Annotated[int, typer.Option("--shell-hard", min=0, help="Hard shell-company chains to plant.")]
_OTHERS = f"one of {', '.join(TYPOLOGIES)}, or {ALL} for each of them"
Easy = Annotated[
    list[str] | None,
    typer.Option(
        "--easy", metavar="TYPOLOGY=N", help=f"Easy schemes of another typology to plant: {_OTHERS}. Repeatable."
    ),
]
Hard = Annotated[
    list[str] | None,
    typer.Option("--hard", metavar="TYPOLOGY=N", help="Hard schemes to plant, in the same way. Repeatable."),
]
NoSchemes = Annotated[bool, typer.Option("--no-schemes", help="Plant no scheme at all, whatever the counts say.")]
Innocents = Annotated[int, typer.Option("--innocents", min=0, help="Look-alikes to plant of each innocent kind.")]
Duplicates = Annotated[
    float, typer.Option("--duplicates", min=0.0, max=0.5, help="Share of parties to register twice under variants.")
]
Force = Annotated[bool, typer.Option("--force", help="Replace the datasets and labels that are there already.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document on stdout instead of text.")]


def synth(
    *,
    data: Data,
    labels: Labels = None,
    seed: Seed = 1,
    accounts: Accounts = _DEFAULTS.accounts,
    days: Days = _DEFAULTS.days,
    date: LastDate = datetime.combine(_DEFAULTS.end_date, datetime.min.time()),  # noqa: B008 : a constant
    rows: Rows = None,
    busyness: Busyness = _DEFAULTS.transactions_per_account_day,
    mirror_easy: MirrorEasy = 2,
    mirror_hard: MirrorHard = 3,
    shell_easy: ShellEasy = 2,
    shell_hard: ShellHard = 3,
    easy: Easy = None,
    hard: Hard = None,
    no_schemes: NoSchemes = False,
    innocents: Innocents = 1,
    duplicates: Duplicates = 0.0,
    force: Force = False,
    json: Json = False,
) -> None:
    """Write a labelled synthetic world: an economy, planted schemes, and innocents that look like them.

    Reads nothing. Writes transactions, accounts, parties, ownership, fx_rates, watchlist, trade_documents and
    control_totals below DATA, and the labels (schemes, innocents, scheme_transactions, duplicates) beside it.
    """
    if "://" in str(data) or ":/" in str(data):  # a Path has one slash left of two
        raise UsageError(f"{data} is not a local folder", where="--data", remedy="Write locally, then copy the folder.")
    target = data.expanduser().resolve()
    beside = labels.expanduser().resolve() if labels else target.parent / f"{target.name}-labels"
    others = typology_specs(easy or [], hard or [])
    _check(target, beside, force=force)
    schemes: tuple[SchemeSpec, ...] = () if no_schemes else (
        MirrorSpec.easy(count=mirror_easy), MirrorSpec.hard(count=mirror_hard),
        ShellSpec.easy(count=shell_easy), ShellSpec.hard(count=shell_hard), *others,
    )  # fmt: skip
    spec = WorldSpec(
        seed=seed,
        end_date=date.date(),
        days=days,
        accounts=accounts if rows is None else max(_FEWEST_ACCOUNTS, round(rows / days / busyness)),
        transactions_per_account_day=busyness,
        schemes=schemes,
        innocents=innocents,
        duplicates=duplicates,
    )
    _report(_written(spec, target, beside), target, beside, as_json=json)


def _check(data: Path, labels: Path, *, force: bool) -> None:
    """Refuse a place that holds something already, and labels that a detector could read."""
    if labels.is_relative_to(data):
        raise UsageError("Labels may not lie inside the data folder", where=f"--labels {labels}",
                         remedy="Give a folder beside it.")  # fmt: skip
    for folder in (data, labels):
        if folder.exists() and not folder.is_dir():
            raise UsageError(f"{folder} is a file", remedy="Give a folder that is new or empty.")
        if folder.is_dir() and any(folder.iterdir()) and not force:
            raise UsageError(
                f"{folder} is not empty", remedy="Give a new folder, or --force to replace the world in it."
            )


def _written(spec: WorldSpec, data: Path, labels: Path) -> WorldSummary:
    """Write aside and move into place, so that a run that is cut off leaves what was there."""
    aside = data.parent / f".{data.name}.partial"
    shutil.rmtree(aside, ignore_errors=True)
    try:
        summary = _with_progress(lambda show: write_world(spec, aside / "data", aside / "labels", show))
        _replace(aside / "data", data, [dataset.name for dataset in DATASETS])
        _replace(aside / "labels", labels, list(LABEL_FILES))
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return summary


def _replace(source: Path, target: Path, names: list[str]) -> None:
    """Move `names` from source to target; what else lies in target stays."""
    target.mkdir(parents=True, exist_ok=True)
    for name in names:
        old = target / name
        if old.is_dir():
            shutil.rmtree(old)
        else:
            old.unlink(missing_ok=True)
        if (source / name).exists():
            shutil.move(source / name, old)


def _with_progress(work: Callable[[Callable[[int, int], None]], WorldSummary]) -> WorldSummary:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("Writing days", total=None)
        return work(lambda done, total: progress.update(task, completed=done, total=total))


def _report(summary: WorldSummary, data: Path, labels: Path, *, as_json: bool) -> None:
    if as_json:
        document = {**asdict(summary), "data": str(data), "labels": str(labels)}
        sys.stdout.write(json_format.dumps(document, indent=2, default=str) + "\n")
        return
    dates = f"{summary.first_date} to {summary.last_date}"
    lines = [
        f"{summary.transactions:,} transactions of {summary.accounts:,} accounts, {dates}",
        f"{summary.schemes} schemes and {summary.innocents} innocent look-alikes are planted",
        f"Data:   {data}",
        f"Labels: {labels}",
    ]
    Console(highlight=False, soft_wrap=True).print("\n".join(lines), markup=False)
