"""The history of a list, folded from its versions in the order of their dates; pure.

An entry has one row for each state: what it was called, and on which list, from one version to the next that says
otherwise. So the night of D finds, by `listed_on` and `delisted_on` alone, the list as it was on D.
"""

from dataclasses import dataclass
from datetime import date

import polars as pl

from mirrorwatch.contract import WATCHLIST
from mirrorwatch.watchlists.tables import DETAILS, WATCHLIST_DETAILS, WATCHLIST_LISTINGS

# What a state is beside its names: when one of these changes, another begins. Dates may be corrected without a new one.
_STATE = ("entity_type", "country", "programme")
_CONTENT, _NAMES, _SEPARATOR, _NOTHING = "__content", "__names", "\x1f", "\x00"
_GOES_ON = ("changed", "renamed")  # states of an entry that was on the list all the time
_LATER = r"~\d{4}-\d{2}-\d{2}$"
_SAID = [name for name in DETAILS if name not in {"source_file", "source_position"}]


@dataclass(frozen=True)
class History:
    """All that the versions of one list said: WATCHLIST_LISTINGS and WATCHLIST_DETAILS."""

    listings: pl.DataFrame
    details: pl.DataFrame

    @classmethod
    def empty(cls) -> "History":
        """Return the history of no version."""
        return cls(pl.DataFrame(schema=WATCHLIST_LISTINGS), pl.DataFrame(schema=WATCHLIST_DETAILS))


def extended(history: History, entries: pl.DataFrame, details: pl.DataFrame, as_of: date) -> History:
    """Add the version of `as_of` (ENTRIES, DETAILS), which must be later than all versions in the history."""
    listings = _listings(history.listings, entries, as_of)
    return History(dated(listings), _known_details(history.details, details, as_of))


def watchlist(listings: pl.DataFrame) -> pl.DataFrame:
    """Return the contract's `watchlist` of a history's listings."""
    return listings.select(WATCHLIST.schema.names()).sort("entry_id")


def base_entry_id(entry_id: pl.Expr) -> pl.Expr:
    """Return the id of an entry whatever its state: former states bear the date on which they were first known."""
    return entry_id.str.replace(_LATER, "")


def new_since(listings: pl.LazyFrame, since: date, until: date) -> pl.LazyFrame:
    """Return the listings that a run for `since` could not know and one for `until` does: new, renamed, listed again.

    The names that they bear are to be screened against all kept history, not only against the last night's payments.
    """
    names = pl.col("opened_by") != "changed"
    return listings.filter(names, pl.col("known_from") > since, pl.col("known_from") <= until)


def listed_on(listings: pl.LazyFrame, day: date) -> pl.LazyFrame:
    """Return the rows of a watchlist that are in force on a day."""
    begun = pl.col("listed_on").is_null() | (pl.col("listed_on") <= day)
    return listings.filter(begun, pl.col("delisted_on").is_null() | (pl.col("delisted_on") > day))


def said_on(details: pl.LazyFrame, day: date) -> pl.LazyFrame:
    """Return the details that the list of a day gives; what the first kept version says counts for all days before."""
    first = pl.col("known_from").min().over("list_name")
    begun = (pl.col("known_from") == first) | (pl.col("known_from") <= day)
    return details.filter(begun, pl.col("known_until").is_null() | (pl.col("known_until") > day))


def dated(listings: pl.DataFrame) -> pl.DataFrame:
    """Give each state its id, and the days between which the night screens against it."""
    order = listings.sort("base_entry_id", "known_from")
    before = pl.col("known_until").shift(1).over("base_entry_id")
    newest = pl.col("known_from") == pl.col("known_from").max().over("base_entry_id")
    former = pl.concat_str("base_entry_id", pl.lit("~"), pl.col("known_from").dt.to_string("iso"))
    published, first = pl.col("published_listed_on"), pl.col("known_from").min()
    own = published.is_not_null() & ~pl.col("opened_by").is_in(_GOES_ON) & (before.is_null() | (published >= before))
    begun = pl.when(own).then(published).when(pl.col("known_from") > first).then("known_from")
    basis = (
        pl.when(own).then(pl.lit("publisher")).when(pl.col("known_from") > first).then(pl.lit("version"))
        .otherwise(pl.lit("before_first_version"))
    )  # fmt: skip
    ended = pl.min_horizontal("known_until", "published_delisted_on")
    told = order.with_columns(
        pl.when(newest).then("base_entry_id").otherwise(former).alias("entry_id"), begun.alias("listed_on"),
        ended.alias("delisted_on"), basis.alias("listed_on_basis"),
    )  # fmt: skip
    # A state that ended before it began screens nobody, and begins no later than it ends.
    sound = pl.when(pl.col("delisted_on") < pl.col("listed_on")).then("delisted_on").otherwise("listed_on")
    return told.with_columns(sound.alias("listed_on")).select(WATCHLIST_LISTINGS.names()).sort("entry_id")


def _listings(known: pl.DataFrame, entries: pl.DataFrame, as_of: date) -> pl.DataFrame:
    keys = ["base_entry_id", _CONTENT]
    now = entries.rename({
        "entry_id": "base_entry_id", "listed_on": "published_listed_on", "delisted_on": "published_delisted_on",
    }).with_columns(*_state())  # fmt: skip
    before = known.with_columns(*_state())
    open_, closed = before.filter(pl.col("known_until").is_null()), before.filter(pl.col("known_until").is_not_null())
    renewed = ["published_listed_on", "published_delisted_on", "source_file", "source_position"]
    stay = open_.drop(renewed).join(now.select(*keys, *renewed), on=keys, how="inner")
    ended = open_.join(now, on=keys, how="anti").with_columns(known_until=pl.lit(as_of))
    is_known, was_known, is_called = (
        pl.col(name).is_in(each[name].implode())
        for name, each in (("base_entry_id", open_), ("base_entry_id", closed), (_NAMES, open_))
    )
    how = (
        pl.when(is_called).then(pl.lit("changed")).when(is_known).then(pl.lit("renamed"))
        .when(was_known).then(pl.lit("relisted")).otherwise(pl.lit("listed"))
    )  # fmt: skip
    started = now.join(open_, on=keys, how="anti").with_columns(
        how.alias("opened_by"), known_from=pl.lit(as_of), known_until=pl.lit(None, pl.Date)
    )
    return pl.concat(_shaped(each) for each in (closed, ended, stay, started))


def _known_details(known: pl.DataFrame, details: pl.DataFrame, as_of: date) -> pl.DataFrame:
    now, before = (each.with_columns(_content(_SAID[1:])) for each in (details, known))
    keys, renewed = ["entry_id", _CONTENT], ["source_file", "source_position"]
    open_, closed = before.filter(pl.col("known_until").is_null()), before.filter(pl.col("known_until").is_not_null())
    stay = open_.drop(renewed).join(now.select(*keys, *renewed), on=keys, how="inner")
    ended = open_.join(now, on=keys, how="anti").with_columns(known_until=pl.lit(as_of))
    started = now.join(open_, on=keys, how="anti").with_columns(
        known_from=pl.lit(as_of), known_until=pl.lit(None, pl.Date)
    )
    names = WATCHLIST_DETAILS.names()
    return pl.concat(each.select(names) for each in (closed, ended, stay, started)).sort(names, nulls_last=True)


def _state() -> tuple[pl.Expr, pl.Expr]:
    """Return what a state is, and which of it are an entry's names."""
    names = _content(["base_entry_id", "name", "aliases"]).alias(_NAMES)
    return _content(["name", "aliases", *_STATE]), names


def _content(columns: list[str]) -> pl.Expr:
    texts = [
        pl.col(name).list.join(_SEPARATOR) if name == "aliases" else pl.col(name).cast(pl.String) for name in columns
    ]
    return pl.concat_str([text.fill_null(_NOTHING) for text in texts], separator=_SEPARATOR * 2).alias(_CONTENT)


def _shaped(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.select(
        (pl.col(name) if name in frame.columns else pl.lit(None)).cast(dtype).alias(name)
        for name, dtype in WATCHLIST_LISTINGS.items()
    )
