"""The commands about watchlists: import a list, name the kept versions, tell what changed between two days."""

from datetime import date, datetime, timedelta
from typing import Annotated, Any

import typer

from mirrorwatch.cli.options import Json
from mirrorwatch.cli.printing import say, say_json, say_table
from mirrorwatch.errors import UsageError
from mirrorwatch.store.versions import Lists
from mirrorwatch.watchlists import changes, formats, importing

_SHOWN = 20  # changed entries that are printed: a screenful; --json holds all
_DAY = ["%Y-%m-%d"]

Data = Annotated[str, typer.Option("--data", metavar="DATA", help="Data folder; its watchlist is read by the night.")]
Files = Annotated[
    list[str], typer.Argument(metavar="FILE…", help="The list's files as published, or their folder or prefix.")
]
AsOf = Annotated[
    datetime, typer.Option("--as-of", metavar="D", formats=_DAY, help="The day of which the list is: a version's date.")
]
ListName = Annotated[
    str | None,
    typer.Option("--list", metavar="NAME", help="What the list is called.  [default: by its format, such as ofac-sdn]"),
]
OneList = Annotated[str | None, typer.Option("--list", metavar="NAME", help="This list only.  [default: all lists]")]
FormatName = Annotated[
    str, typer.Option("--format", metavar="FORMAT", help=f"One of {', '.join((formats.AUTO, *formats.FORMATS))}.")
]
AllowShrinking = Annotated[
    bool,
    typer.Option(
        "--allow-shrinking",
        help="Import a version that lacks a file, or more than half of the entries or details, of the version before.",
    ),
]
From = Annotated[datetime, typer.Option("--from", metavar="D1", formats=_DAY, help="The earlier day.")]
To = Annotated[datetime, typer.Option("--to", metavar="D2", formats=_DAY, help="The later day.")]


def register(app: typer.Typer) -> None:
    """Add the group of commands to the application."""
    group = typer.Typer(
        no_args_is_help=True, help="Import lists of sanctioned and exposed persons; tell their versions."
    )
    group.command("import")(import_command)
    group.command("versions")(versions_command)
    group.command("diff")(diff_command)
    app.add_typer(group, name="watchlist")


def import_command(
    files: Files,
    *,
    data: Data,
    as_of: AsOf,
    list_name: ListName = None,
    format_name: FormatName = formats.AUTO,
    allow_shrinking: AllowShrinking = False,
    json: Json = False,
) -> None:
    """Import one version of one list, as its publisher ships it.

    Reads FILE… and the versions that DATA holds. Writes DATA/watchlists/versions/LIST/as_of=D, whole or not at all, and
    DATA/watchlist, watchlist_details and watchlist_listings from all versions. The same bytes again change nothing.
    docs/watchlists.md says how to take a version back that was imported under a wrong day or name.
    """
    _lists(data)
    _warn_of_days_to_come(as_of.date())
    asked = importing.Import(data, files, as_of.date(), list_name, format_name, allow_shrinking)
    told = importing.run(asked)
    return say_json(told) if json else _say_import(told)


def versions_command(*, data: Data, json: Json = False) -> None:
    """Name the versions that are kept of each list.

    Reads DATA/watchlists/versions. Writes nothing.
    """
    lists = _lists(data)
    kept = [each for name in lists.names() for each in lists.kept(name)]
    if json:
        return say_json([dict(each.manifest) for each in kept])
    rows = [
        (m["list"], m["as_of"], m["revision"], m["format"], m["counts"]["entries"], m["sources"][0]["sha256"][:16])
        for m in (each.manifest for each in kept)
    ]
    return say_table("", ("list", "as of", "delivery", "format", "entries", "sha256"), rows)


def diff_command(*, data: Data, first: From, last: To, list_name: OneList = None, json: Json = False) -> None:
    """Tell which entries are new, gone or changed between the lists that held on two days.

    Reads DATA/watchlists/versions. Writes nothing.
    """
    if first > last:
        raise UsageError(
            f"--from {first.date()} is later than --to {last.date()}.", remedy="Name the earlier day with --from."
        )
    found = changes.diff(_lists(data), first.date(), last.date(), list_name)
    if json:
        return say_json(found.to_dicts())
    counts = dict(found.group_by("change").len().iter_rows())
    say(f"{counts.get('new', 0)} new, {counts.get('gone', 0)} gone, {counts.get('changed', 0)} changed.")
    rows = [
        (row["change"], row["entry_id"], row["name"], ", ".join(row["columns"]))
        for row in found.head(_SHOWN).to_dicts()
    ]
    say_table("", ("change", "entry", "name", "what"), rows)
    if found.height > _SHOWN:
        say(f"and {found.height - _SHOWN} more; --json tells all")
    return None


def _lists(data: str) -> Lists:
    """Open the lists of a data folder that is there: a mistyped one would be made, and no night would read it."""
    lists = Lists.of(data)
    if not data.strip() or not lists.data.is_dir():
        raise UsageError(
            f"The data folder {data!r} does not exist.",
            remedy="Name the folder that the night reads, or make it first.",
        )
    return lists


def _warn_of_days_to_come(as_of: date) -> None:
    """Say that a version is of a day that has not come: the night reads it from that day on, and not before."""
    if as_of > date.today() + timedelta(days=1):  # noqa: DTZ011 - the machine's own day; tomorrow has begun elsewhere
        say(
            f"Warning: --as-of {as_of} has not come yet. If that is a slip, docs/watchlists.md says how to take a "
            "version back.",
            error=True,
        )


def _say_import(told: dict[str, Any]) -> None:
    counts, against = told["counts"], told["changes"]
    say(f"{told['list']} of {told['as_of']} ({told['format']}): {told['outcome']}.")
    rows = [("entries", counts["entries"]), *((f"{kind}", rows) for kind, rows in counts["details"].items())]
    say_table("", ("what", "rows"), rows)
    if against:
        since = against["since"]
        say(f"Since {since}: {against['new']} new, {against['gone']} gone, {against['changed']} changed.")
    for reason, rows_left_out in counts["skipped"].items():
        say(f"Left out: {rows_left_out} × {reason}.")
    for country, times in list(counts["unknown_countries"].items())[:_SHOWN]:
        say(f"No country of today: {country} ({times}).")
    for text, times in list(counts.get("unknown_dates", {}).items())[:_SHOWN]:  # versions kept earlier have none
        say(f"No date of birth that could be read: {text} ({times}).")
    say(*told["notes"])
