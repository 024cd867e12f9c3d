"""What screening returns, one row a subject and entry."""

import polars as pl

PARTY, TEXT = "party", "remittance_text"
OPEN, DISMISSED, REOPENED = "open", "dismissed", "reopened"

HITS = pl.Schema(
    {
        "side": pl.String(),  # PARTY or TEXT
        "party_id": pl.String(),  # of a party; null for text
        "transaction_ids": pl.List(pl.String()),  # of text: every transaction that says it, sorted; empty for a party
        "account_ids": pl.List(pl.String()),  # of text: both sides of these, sorted; empty for a party
        "entry_id": pl.String(),
        "list_name": pl.String(),
        "entity_type": pl.String(),
        "programme": pl.String(),
        "subject_name": pl.String(),  # the party's name, or the words of the text
        "matched_name": pl.String(),
        "matched_as": pl.String(),  # main or alias
        "score": pl.Float64(),  # of names alone
        "reason": pl.String(),
        "agrees": pl.List(pl.String()),  # what else is the same: country, birth_date; it moves no score
        "differs": pl.List(pl.String()),  # what else is not
        "state": pl.String(),  # OPEN, DISMISSED or REOPENED
        "state_reason": pl.String(),  # why it was dismissed, or why that no longer counts
    }
)


def ordered(hits: pl.LazyFrame) -> pl.LazyFrame:
    """Hits in their total order, the surest of each side first."""
    falling = [False, True, False, False, False]
    return hits.select(HITS.names()).sort(["side", "score", "entry_id", "party_id", "subject_name"], descending=falling)
