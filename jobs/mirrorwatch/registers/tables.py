"""Tables of an import beside the contract's `ownership`: whom a register speaks of, what it says, what was left out."""

import polars as pl

_SOURCE = {"source_file": pl.String(), "source_position": pl.Int64()}  # line or row of the file, from 1

REGISTER_ENTITIES = pl.Schema(
    {
        "party_id": pl.String(),  # the bank's own where an identifier is a party's, else the register's, prefixed
        "record_id": pl.String(),
        "kind": pl.String(),  # person, entity, or unknown: somebody whom the register does not name
        "type": pl.String(),  # the register's: registeredEntity, state, arrangement, knownPerson, …
        "name": pl.String(),
        "country": pl.String(),
        "identifiers": pl.List(pl.String()),  # SCHEME-ID
        "listed": pl.Boolean(),  # shares are traded in public
        "reason": pl.String(),  # why nobody is named, in the register's code
        "matched": pl.Boolean(),  # party_id is the bank's
        **_SOURCE,
    }
)
REGISTER_INTERESTS = pl.Schema(
    {
        "owner_party_id": pl.String(),
        "owned_party_id": pl.String(),
        "role": pl.String(),  # of the contract; null where it makes no row there
        "interest": pl.String(),  # the register's kind
        "directness": pl.String(),
        "least_share": pl.Float64(),
        "most_share": pl.Float64(),
        "since": pl.Date(),
        "until": pl.Date(),
        "said_on": pl.Date(),
        "left_out": pl.String(),  # why it makes no row of the contract's
        "record_id": pl.String(),
        "statement_id": pl.String(),
        **_SOURCE,
    }
)
REGISTER_SKIPPED = pl.Schema({**_SOURCE, "statement_id": pl.String(), "reason": pl.String()})
