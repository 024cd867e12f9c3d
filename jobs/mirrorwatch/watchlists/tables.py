"""The tables of this room: what a reader finds, what one version holds, and what the night and a person read.

Ids in FOUND tables are the publisher's own. Everywhere else an entry is `LIST:publisher's id`.
`source_position` is the 0-based row of a Parquet file, the line of a delimited or JSON file, and the running number
(from 1) of an XML file's record.
"""

import polars as pl

from mirrorwatch.contract import WATCHLIST

_SOURCE = {"source_file": pl.String(), "source_position": pl.Int64()}

# What may be said of an entry. `country` rows say where a thing belongs; the others say what their names say.
KINDS = (
    "alias", "identifier", "address", "birth_date", "birth_place", "nationality", "citizenship", "country", "flag",
    "gender", "position", "contact", "link", "remark", "topic",
)  # fmt: skip
STRONG, WEAK = "strong", "weak"

FOUND_ENTRIES = pl.Schema(
    {
        "id": pl.String(),
        "name": pl.String(),
        "entity_type": pl.String(),
        "programme": pl.String(),
        "listed_on": pl.Date(),
        "delisted_on": pl.Date(),
        **_SOURCE,
    }
)
FOUND_DETAILS = pl.Schema(
    {
        "id": pl.String(),
        "kind": pl.String(),
        "label": pl.String(),  # the publisher's kind of identifier, address part or link
        "value": pl.String(),
        "country": pl.String(),  # a name or code, as published
        "earliest": pl.Date(),  # first and last day that a date, or the validity of a link or document, may mean
        "latest": pl.Date(),
        "quality": pl.String(),  # of aliases: strong or weak, as the publisher grades them
        "related": pl.String(),  # of links: the other entry's id, where the publisher gives it
        "note": pl.String(),
        **_SOURCE,
    }
)
SKIPPED = pl.Schema({**_SOURCE, "reason": pl.String()})

# One version of one list.
ENTRIES = pl.Schema({**WATCHLIST.schema, **_SOURCE})
DETAILS = pl.Schema(
    {
        "entry_id": pl.String(),
        "list_name": pl.String(),
        "kind": pl.String(),
        "label": pl.String(),
        "value": pl.String(),
        "country": pl.String(),  # ISO 3166-1 alpha-2, null where the publisher's name is of no country of today
        "earliest": pl.Date(),
        "latest": pl.Date(),
        "quality": pl.String(),
        "related_entry_id": pl.String(),
        "note": pl.String(),
        **_SOURCE,
    }
)

# All kept versions of one list. `known_from`: date of the first version that said so; `known_until`: date of the first
# later version that no longer did, null while the newest still does.
_KNOWN = {"known_from": pl.Date(), "known_until": pl.Date()}
WATCHLIST_DETAILS = pl.Schema({**DETAILS, **_KNOWN})
WATCHLIST_LISTINGS = pl.Schema(
    {
        **WATCHLIST.schema,  # listed_on and delisted_on as the night uses them
        "base_entry_id": pl.String(),  # the same through all changes of an entry
        "published_listed_on": pl.Date(),
        "published_delisted_on": pl.Date(),
        "listed_on_basis": pl.String(),  # one of BASES
        "opened_by": pl.String(),  # one of OPENINGS
        **_SOURCE,
        **_KNOWN,
    }
)
# Where listed_on comes from: the publisher; the first version that had the entry; none (it was on the first kept list).
BASES = ("publisher", "version", "before_first_version")
# Why a state began: new on the list; other names; something else that the night reads; back after it had vanished.
OPENINGS = ("listed", "renamed", "changed", "relisted")
