"""From what a reader found to one version of a list: checked, cleaned, countries as codes, links between entries."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import polars as pl

from mirrorwatch.errors import InputError
from mirrorwatch.watchlists.countries import country_code, means_none
from mirrorwatch.watchlists.found import Found
from mirrorwatch.watchlists.tables import DETAILS, ENTRIES, SKIPPED, STRONG

# Published ids have up to 60 characters; with the list's name before and a date after, the suite allows 128.
_LONGEST_ID = 72
# Longer programmes are texts; the suite allows 200 characters.
_LONGEST_PROGRAMME = 200
# One record in twenty broken is no longer dirt but another structure, unless the list has only a handful.
_BROKEN_SHARE, _BROKEN_FEW = 0.05, 5
# Which of the countries said of an entry stands for it, first to last.
_COUNTRY_ORDER = ("nationality", "citizenship", "country", "flag", "address")
_SAME = [name for name in DETAILS if name not in {"source_file", "source_position"}]


@dataclass(frozen=True)
class Version:
    """One version of one list (ENTRIES, DETAILS, SKIPPED), and what a person should know of it."""

    entries: pl.DataFrame
    details: pl.DataFrame
    skipped: pl.DataFrame
    unknown_countries: dict[str, int]
    unknown_dates: dict[str, int]  # birth dates that name no day, such as 31/31/1990
    repeated: dict[str, int]  # by kind: details said more than once of the same entry, kept once
    notes: tuple[str, ...]

    def counts(self) -> dict[str, Any]:
        """Return rows by what they are: entries, details by kind, skipped records by reason."""
        kinds = self.details.group_by("kind").len().sort("kind")
        reasons = self.skipped.group_by("reason").len().sort("reason")
        return {
            "entries": self.entries.height,
            "details": dict(kinds.iter_rows()),
            "repeated": dict(sorted(self.repeated.items())),
            "skipped": dict(reasons.iter_rows()),
            "unknown_countries": dict(sorted(self.unknown_countries.items())),
            "unknown_dates": dict(sorted(self.unknown_dates.items())),
        }


def version(parts: Iterable[Found], list_name: str, where: str) -> Version:
    """Put together what was found in the files of one list.

    Raises InputError for an empty list, for one with fewer entries than it claims, and where so many records are broken
    that the publisher must have changed the structure.
    """
    found = list(parts)
    given = pl.concat(part.entries for part in found).with_columns(_tidy("id", "name", "programme"))
    said = pl.concat(part.details for part in found).with_columns(_tidy("id", "value", "label", "related", "country"))
    judged = given.with_columns(_reason().alias("reason"))
    broken = judged.filter(pl.col("reason").is_not_null()).select(SKIPPED.names())
    sound = judged.filter(pl.col("reason").is_null()).drop("reason")
    skipped = pl.concat([*(part.skipped for part in found), broken.cast(SKIPPED)])
    _check(sound, skipped, sum(part.claims or 0 for part in found) or None, where)
    known = said.filter(pl.col("value").is_not_null()).join(
        sound.select("id"), on="id", how="semi", maintain_order="left"
    )
    codes, unknown = _codes(known)
    coded = known.with_columns(pl.col("country").replace_strict(codes, default=None, return_dtype=pl.String))
    details = _details(coded, sound, list_name)
    once = details.unique(_SAME, keep="first", maintain_order=True).sort(DETAILS.names(), nulls_last=True)
    notes = tuple(note for part in found for note in part.notes)
    repeated = _fewer(details, once)
    entries, left_out = _entries(sound, coded, list_name), skipped.sort(SKIPPED.names())
    return Version(entries, once, left_out, unknown, _unknown_dates(once), repeated, notes)


def _unknown_dates(details: pl.DataFrame) -> dict[str, int]:
    """Return the birth dates that could not be read as days, as published, and how often each stands."""
    unread = pl.col("earliest").is_null() & pl.col("latest").is_null()
    rows = details.filter(pl.col("kind") == "birth_date", unread).group_by("value").len()
    return dict(rows.iter_rows())


def _fewer(before: pl.DataFrame, after: pl.DataFrame) -> dict[str, int]:
    """Return how many details of each kind were said more than once."""
    said, kept = (dict(frame.group_by("kind").len().iter_rows()) for frame in (before, after))
    return {kind: rows - kept[kind] for kind, rows in said.items() if rows > kept[kind]}


def _tidy(*names: str) -> list[pl.Expr]:
    tidied = [pl.col(name).str.replace_all(r"\s+", " ").str.strip_chars() for name in names]
    return [pl.when(text != "").then(text).alias(name) for text, name in zip(tidied, names, strict=True)]


def _reason() -> pl.Expr:
    return (
        pl.when(pl.col("id").is_null()).then(pl.lit("no id"))
        .when(pl.col("name").is_null()).then(pl.lit("no name"))
        .when(pl.col("id").str.len_chars() > _LONGEST_ID).then(pl.lit(f"an id of more than {_LONGEST_ID} characters"))
        .when(~pl.col("id").is_first_distinct()).then(pl.lit("an id that an earlier record has"))
    )  # fmt: skip


def _check(sound: pl.DataFrame, skipped: pl.DataFrame, claims: int | None, where: str) -> None:
    broken = skipped.filter(~pl.col("reason").str.contains("that the main file does not have"))
    read = sound.height + broken.height
    if sound.is_empty():
        raise InputError(
            "No entry was found: an empty list would take everybody off it.", where=where,
            remedy="Download the file again; if the format has changed, name it with --format.",
        )  # fmt: skip
    if broken.height > max(_BROKEN_FEW, _BROKEN_SHARE * read):
        first = broken.row(0, named=True)
        raise InputError(
            f"{broken.height} of {read} records are broken ({first['reason']}): the structure is not the publisher's.",
            where=f"{first['source_file']}, record {first['source_position']}",
            remedy="Download the file again, whole.",
        )
    if claims is not None and claims != read:
        raise InputError(f"The list says that it holds {claims} entries, and {read} were found.", where=where,
                         remedy="Download the file again, whole.")  # fmt: skip


def _codes(said: pl.DataFrame) -> tuple[dict[str, str], dict[str, int]]:
    """Return the code of each country's name, and how many details bear a name that is of no country of today."""
    place = pl.col("kind") == "birth_place"  # often a town alone: no country to miss
    counted = said.filter(pl.col("country").is_not_null()).group_by("country").agg((~place).sum()).iter_rows()
    names = [(name, rows) for name, rows in counted if not means_none(name)]
    codes = {name: code for name, _ in names if (code := country_code(name)) is not None}
    return codes, {name: rows for name, rows in names if name not in codes and rows}


def _entries(sound: pl.DataFrame, said: pl.DataFrame, list_name: str) -> pl.DataFrame:
    strong = said.filter(pl.col("kind") == "alias", pl.col("quality") == STRONG).join(
        sound.select("id", "name"), on="id"
    )
    called = (
        strong.filter(pl.col("value") != pl.col("name")).group_by("id").agg(aliases=pl.col("value").unique().sort())
    )
    order = pl.col("kind").replace_strict({kind: rank for rank, kind in enumerate(_COUNTRY_ORDER)}, default=None)
    placed = said.with_columns(order.alias("order")).with_row_index("row")
    ranked = placed.filter(pl.col("order").is_not_null(), pl.col("country").is_not_null()).sort("order", "row")
    country = ranked.unique("id", keep="first", maintain_order=True).select("id", "country")
    whole = sound.join(called, on="id", how="left").join(country, on="id", how="left")
    return whole.select(
        _entry_id("id", list_name).alias("entry_id"), pl.lit(list_name).alias("list_name"), "name",
        pl.col("aliases").fill_null(pl.lit([], pl.List(pl.String))), "entity_type", "country",
        pl.col("programme").str.slice(0, _LONGEST_PROGRAMME), "listed_on", "delisted_on", "source_file",
        "source_position",
    ).cast(ENTRIES).sort("entry_id")  # fmt: skip


def _details(said: pl.DataFrame, sound: pl.DataFrame, list_name: str) -> pl.DataFrame:
    """Give links the entry that they lead to: by the publisher's id, else by a name that only one entry has."""
    names = sound.select(name=pl.col("name").str.to_lowercase(), named="id").unique("name", keep="none")
    is_link = pl.col("kind") == "link"
    by_name = said.with_columns(pl.when(is_link).then(pl.col("value").str.to_lowercase()).alias("name"))
    linked = by_name.join(names, on="name", how="left", maintain_order="left")
    target = pl.coalesce("related", "named")
    known = linked.with_columns(pl.when(target.is_in(sound["id"].implode())).then(target).alias("related"))
    return known.select(
        _entry_id("id", list_name).alias("entry_id"), pl.lit(list_name).alias("list_name"), "kind", "label", "value",
        "country", "earliest", "latest", "quality", _entry_id("related", list_name).alias("related_entry_id"), "note",
        "source_file", "source_position",
    ).cast(DETAILS)  # fmt: skip


def _entry_id(column: str, list_name: str) -> pl.Expr:
    return pl.concat_str(pl.lit(f"{list_name}:"), pl.col(column))
