"""Import one version of one list: read, check, keep, and fold it into the history that the night reads."""

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from mirrorwatch.contract import WATCHLIST
from mirrorwatch.errors import InputError
from mirrorwatch.store.delivered import Delivered, brought, delivered
from mirrorwatch.store.versions import Kept, Lists
from mirrorwatch.watchlists import changes, formats, ofac_legacy
from mirrorwatch.watchlists.finishing import Version, version
from mirrorwatch.watchlists.history import History, dated, extended, watchlist
from mirrorwatch.watchlists.tables import DETAILS, ENTRIES, SKIPPED, WATCHLIST_DETAILS, WATCHLIST_LISTINGS

# Raised when a reader takes more or other things from the same bytes: the same delivery is then read and kept anew.
READER = 1
# A list loses a few names a year. One that loses half overnight was cut off, or is another list.
_SHRINKS_TO = 0.5
# The same of its aliases, addresses and so on; of fewer than these, half may go with one entry.
_FEW_DETAILS = 20
# Details first: the night reads only the last of these, and a detail without an entry harms nobody.
_PUBLISHED = ("watchlist_details", "watchlist_listings", "watchlist")


@dataclass(frozen=True)
class Import:
    """What an import is asked to do."""

    data: str
    files: Sequence[str]
    as_of: date
    list_name: str | None = None
    format: str = formats.AUTO
    allow_shrinking: bool = False
    storage_options: Mapping[str, str] | None = None


def run(asked: Import) -> dict[str, Any]:
    """Import the files, and tell what they hold and what changed.

    Raises InputError or UsageError, and then nothing is kept; MirrorwatchError when another import is under way.
    """
    lists = Lists.of(asked.data)
    with tempfile.TemporaryDirectory(prefix="mirrorwatch-") as folder:
        return _run(lists, asked, brought(delivered(asked.files, asked.storage_options), Path(folder)))


def _run(lists: Lists, asked: Import, files: Sequence[Delivered]) -> dict[str, Any]:
    chosen = formats.choose(files, asked.format)
    name = asked.list_name or chosen.list_name
    lists.kept(name)  # refuses a name that is none before a large file is read
    with lists.lock(f"importing {name} of {asked.as_of}"):
        same = _same(lists, name, asked.as_of, files)
        kept = same or _keep(lists, name, asked, chosen.format, files)
        changed = fold(lists, name)
    return {"outcome": "unchanged" if same else "kept", "list": name, "published": changed, **kept.manifest,
            "changes": changes.against_previous(lists.kept(name), kept)}  # fmt: skip


def fold(lists: Lists, name: str) -> bool:
    """Bring the tables that the night reads up to all kept versions; tell whether a byte changed.

    One more version than before is added to the history; anything else, such as an older version put in later, makes
    it anew from all of them, so that the order of imports never shows.
    """
    kept = lists.kept(name)
    ids = [each.folder.name for each in kept]
    noted = lists.remembered(name)
    sound = noted.get("tables") == lists.digests(_PUBLISHED, name) and noted.get("reader") == READER
    if sound and noted["versions"] == ids:
        return False
    onto = sound and noted["versions"] == ids[:-1]
    history = _published(lists, name) if onto else History.empty()
    for each in kept[-1:] if onto else kept:
        history = extended(history, each.table("entries"), each.table("details"), each.as_of)
    listings = dated(history.listings)
    tables = {
        "watchlist_details": (history.details, WATCHLIST_DETAILS),
        "watchlist_listings": (listings, WATCHLIST_LISTINGS),
        "watchlist": (watchlist(listings), WATCHLIST.schema),
    }
    changed = lists.publish(name, tables)
    lists.remember(name, {"versions": ids, "reader": READER, "tables": lists.digests(_PUBLISHED, name)})
    return changed


def _published(lists: Lists, name: str) -> History:
    return History(lists.published("watchlist_listings", name), lists.published("watchlist_details", name))


def _same(lists: Lists, name: str, as_of: date, files: Sequence[Delivered]) -> Kept | None:
    """Return the kept version of the day when it was made from the same bytes by the same reader."""
    kept = next((each for each in lists.kept(name) if each.as_of == as_of), None)
    if kept is None or kept.manifest.get("reader") != READER:
        return None
    given = {(file.name, file.sha256()) for file in files}
    return kept if given == {(each["name"], each["sha256"]) for each in kept.manifest["sources"]} else None


def _keep(lists: Lists, name: str, asked: Import, chosen: formats.Format, files: Sequence[Delivered]) -> Kept:
    read = version(formats.read(chosen, files), name, ", ".join(file.address for file in files))
    before = [each for each in lists.kept(name) if each.as_of < asked.as_of]
    if before and not asked.allow_shrinking:
        _refuse_missing_files(before[-1], asked.as_of, chosen, files)
        _refuse_shrinking(before[-1], asked.as_of, read)
    facts = {"format": chosen.name, "reader": READER, "counts": read.counts(), "notes": list(read.notes)}
    tables = {
        "entries": (read.entries, ENTRIES), "details": (read.details, DETAILS), "skipped": (read.skipped, SKIPPED),
    }  # fmt: skip
    return lists.keep(name, asked.as_of, tables, files, facts)


def _refuse_missing_files(before: Kept, as_of: date, chosen: formats.Format, files: Sequence[Delivered]) -> None:
    """Refuse OFAC's main file without one that came with the version before: its names would all be taken back."""
    if {before.manifest["format"], chosen.name} != {formats.OFAC_CSV}:
        return
    given = {ofac_legacy.part_of(file.name) for file in files}
    missing = [each["name"] for each in before.manifest["sources"] if ofac_legacy.part_of(each["name"]) not in given]
    if not missing:
        return
    said = before.table("details").filter(pl.col("source_file").is_in(missing))
    lost = ", ".join(f"{rows} of kind {kind}" for kind, rows in sorted(said.group_by("kind").len().iter_rows()))
    raise InputError(
        f"Missing: {', '.join(missing)}. The version of {before.as_of} has {lost or 'what it says'} from there.",
        where=f"the version of {as_of}",
        remedy="Name all files of the list; if there are no more, import the others with --allow-shrinking.",
    )


def _refuse_shrinking(before: Kept, as_of: date, read: Version) -> None:
    earlier = before.table("entries").select("entry_id")
    stay = earlier.join(read.entries.select("entry_id"), on="entry_id", how="semi").height
    where = f"the version of {as_of}"
    if stay < _SHRINKS_TO * earlier.height:
        raise InputError(
            f"Of the {earlier.height} entries of {before.as_of}, {earlier.height - stay} are gone: this list was "
            "cut off, or is another one.",
            where=where,
            remedy="Download the file again; if so many were taken off, import it with --allow-shrinking.",
        )
    now = read.counts()["details"]
    for kind, rows in before.manifest["counts"]["details"].items():
        if rows >= _FEW_DETAILS and now.get(kind, 0) < _SHRINKS_TO * rows:
            raise InputError(
                f"Of kind {kind}, {before.as_of} had {rows} details and this version has {now.get(kind, 0)}: a file "
                "of the list is missing, or its publisher or format has changed.",
                where=where,
                remedy="Name all files of the list; if so many were taken back, import it with --allow-shrinking.",
            )


def listings(data: str) -> pl.LazyFrame:
    """Scan the listings (WATCHLIST_LISTINGS) of all imported lists: every state of every entry, and since when."""
    lists = Lists.of(data)
    frames = [lists.published("watchlist_listings", name).lazy() for name in lists.names()]
    return pl.concat(frames) if frames else pl.LazyFrame(schema=WATCHLIST_LISTINGS)


def details(data: str) -> pl.LazyFrame:
    """Scan the details (WATCHLIST_DETAILS) of all imported lists."""
    lists = Lists.of(data)
    frames = [lists.published("watchlist_details", name).lazy() for name in lists.names()]
    return pl.concat(frames) if frames else pl.LazyFrame(schema=WATCHLIST_DETAILS)
