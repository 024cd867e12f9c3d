"""Who of the bank's side has a name like one on the list of the day, and where remittance text names one."""

from datetime import date

import polars as pl

from mirrorwatch.names import NameParameters, similarity
from mirrorwatch.screening import agreeing, entries, hits
from mirrorwatch.screening.dismissals import NUMBERED, judged, numbered
from mirrorwatch.screening.parameters import ScreeningParameters
from mirrorwatch.screening.texts import texts_like

_NONE = pl.lit([], dtype=pl.List(pl.String()))


def _parties(
    parties: pl.LazyFrame, names: pl.LazyFrame, details: pl.LazyFrame | None, parameters: ScreeningParameters
) -> pl.LazyFrame:
    asked = parties.select(id="party_id", name="name", kind="party_type")
    listed = names.select(entries.kind(), id="entry_id", name="name")
    like = similarity(asked, listed, NameParameters(least_score=parameters.least_score))
    told = like.rename(
        {"left_id": "party_id", "right_id": "entry_id", "left_name": "subject_name", "right_name": "name"}
    )
    known = told.join(names, on=["entry_id", "name"]).rename({"name": "matched_name", "country": "listed_country"})
    one_sided = known.with_columns(side=pl.lit(hits.PARTY), transaction_ids=_NONE, account_ids=_NONE)
    return agreeing.compared(one_sided, parties, details)


def _texts(transactions: pl.LazyFrame, names: pl.LazyFrame, parameters: ScreeningParameters) -> pl.LazyFrame:
    like = texts_like(transactions, names, parameters)
    said = transactions.select("transaction_id", "purpose", "originator_account_id", "beneficiary_account_id")
    whole = like.join(said, on="purpose")
    accounts = pl.concat_list("originator_account_id", "beneficiary_account_id").explode()
    told = whole.group_by("entry_id", "subject_name", "matched_name", "score", "reason").agg(
        transaction_ids=pl.col("transaction_id").unique().sort(), account_ids=accounts.drop_nulls().unique().sort()
    )
    known = told.join(names.rename({"name": "matched_name"}), on=["entry_id", "matched_name"])
    return known.with_columns(
        side=pl.lit(hits.TEXT), party_id=pl.lit(None, pl.String), agrees=_NONE, differs=_NONE,
        state=pl.lit(hits.OPEN), state_reason=pl.lit(None, pl.String),
    ).select(hits.HITS.names())  # fmt: skip


def screen(
    parties: pl.LazyFrame,
    transactions: pl.LazyFrame,
    watchlist: pl.LazyFrame,
    day: date,
    *,
    dismissals: pl.LazyFrame | None = None,
    details: pl.LazyFrame | None = None,
    parameters: ScreeningParameters | None = None,
) -> pl.LazyFrame:
    """Return HITS of `day`: contract frames (parties, transactions, watchlist) in, sorted rows out.

    Entries listed after `day`, or delisted by then, do not hit. `details` is the watchlist's side table of that day.
    Dismissed pairs stay in, as such, so that whoever shows hits can count them; of two dismissals of a pair on one day
    the lower row counts.
    """
    chosen = parameters or ScreeningParameters()
    given = entries.listed_on(watchlist, day)
    names = entries.names(given)
    known = parties.filter(pl.col("name").is_not_null())
    of_parties = _parties(known, names, details, chosen)
    looked_at = pl.LazyFrame(schema=NUMBERED) if dismissals is None else numbered(dismissals)
    stated = judged(of_parties, known, given, looked_at, day).select(hits.HITS.names())
    both = pl.concat([stated.cast(hits.HITS), _texts(transactions, names, chosen).cast(hits.HITS)])
    return hits.ordered(both)


def counted(found: pl.LazyFrame) -> pl.LazyFrame:
    """(side, state, hits): how many hits there are of each, dismissed ones too; sorted."""
    return found.group_by("side", "state").agg(hits=pl.len()).sort("side", "state")
