"""What stands behind the parties of a finding, told beside it: indicators without weight, which make nobody guilty."""

import polars as pl

from mirrorwatch.contract import INDICATOR
from mirrorwatch.detectors.base import FINDINGS, NightFrames
from mirrorwatch.features.exposed import exposed
from mirrorwatch.features.opacity import opaque

LISTED_MEMBERS, OPAQUE_MEMBERS = "exposed_members", "opaque_members"
_SAID = {
    LISTED_MEMBERS: (
        "docs/typologies/watchlist_exposure.md",
        "Parties named here that are listed ones, or that listed ones hold: context for who looks at it.",
    ),
    OPAQUE_MEMBERS: (
        "docs/typologies/opaque_ownership.md",
        "Companies named here whose recorded owners lead to no person, or run in a circle: context.",
    ),
}


def with_context(found: pl.LazyFrame, night: NightFrames) -> pl.LazyFrame:
    """Add to FINDINGS how many of the parties named are exposed or opaquely owned, where any is; no score changes."""
    findings = found.collect()
    if findings.is_empty():
        return findings.lazy()
    hidden = opaque(night.parties, night.ownership, night.run_date).filter(pl.col("nowhere") | pl.col("circle"))
    behind = {
        LISTED_MEMBERS: exposed(night.listed, night.ownership, night.run_date)["party_id"],
        OPAQUE_MEMBERS: hidden["party_id"],
    }
    told = [_indicator(code, parties) for code, parties in behind.items()]
    context = pl.concat_list(told).list.drop_nulls()
    whole = findings.with_columns(pl.concat_list("indicators", context).alias("indicators"))
    return whole.match_to_schema(FINDINGS).lazy()


def _indicator(code: str, parties: pl.Series) -> pl.Expr:
    number = pl.col("party_ids").list.set_intersection(parties.to_list()).list.len()
    reference, reason = _SAID[code]
    said = pl.struct(
        code=pl.lit(code),
        value=number.cast(pl.Float64),
        threshold=pl.lit(0.0),
        reference=pl.lit(reference),
        weight=pl.lit(0.0),
        reason=pl.lit(reason),
    )
    return pl.when(number > 0).then(said.cast(INDICATOR))
