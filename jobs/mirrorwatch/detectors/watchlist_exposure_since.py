"""Since when an entry is on its list: another name, alias or programme begins a row of its own, and no listing."""

import polars as pl

from mirrorwatch.detectors.base import NightFrames

PUBLISHED = "publisher"  # the day is the publisher's own, or stands in a watchlist that no import wrote
VERSION = "version"  # the day is only that of the first kept version that has the entry
_BEGINS = ("listed", "relisted")  # with the other openings an entry goes on


def first_listed(night: NightFrames, entries: pl.DataFrame) -> pl.DataFrame:
    """Let `listed_on` of entries be the day on which they came on the list, and add `listed_on_basis`; order kept.

    `entries` are rows in force. The row in force may be younger than the listing: its day says which row is to be
    matched, not since when payments are a breach. An entry that was listed again counts from then.
    """
    if night.watchlist_listings is None:
        return entries.with_columns(listed_on_basis=pl.lit(PUBLISHED))
    days = night.watchlist.select("entry_id", "listed_on").unique("entry_id")
    rows = night.watchlist_listings.join(days, on="entry_id").collect()
    stays = rows.filter(pl.col("opened_by").is_in(_BEGINS)).select(
        "base_entry_id", begun="known_from", first_on="listed_on", first_basis="listed_on_basis"
    )
    own = rows.select("entry_id", "base_entry_id", "known_from").join(stays, on="base_entry_id")
    of = own.filter(pl.col("begun") <= pl.col("known_from")).sort("entry_id", "begun").unique("entry_id", keep="last")
    known = pl.col("first_basis").is_not_null()
    told = entries.join(of.select("entry_id", "first_on", "first_basis"), on="entry_id", how="left",
                        maintain_order="left")  # fmt: skip
    return told.with_columns(
        listed_on=pl.when(known).then("first_on").otherwise("listed_on"),
        listed_on_basis=pl.coalesce("first_basis", pl.lit(PUBLISHED)),
    ).drop("first_on", "first_basis")
