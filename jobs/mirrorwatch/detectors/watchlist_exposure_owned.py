"""Firms behind which a listed one stands: owned to the bound of the rule, or made anew after the listing."""

from datetime import timedelta

import polars as pl

from mirrorwatch.detectors.base import NightFrames
from mirrorwatch.detectors.watchlist_exposure_parameters import ExposureParameters
from mirrorwatch.features.contacts import marks
from mirrorwatch.features.majority import Bound, owned_by
from mirrorwatch.features.ownership_chains import links
from mirrorwatch.features.ties import MOST_SEATS, current_ownership

RULE = "us_ofac_50_percent"
OWNED = pl.Schema({"party_id": pl.String(), "entry_id": pl.String(), "owned": pl.Float64()})
SUCCESSORS = pl.Schema({"party_id": pl.String(), "entry_id": pl.String(), "successor": pl.Float64()})
_PEOPLE, _CONTACTS = ("owner",), ("phone", "email")  # any one of these; an address only beside another mark


def owned(night: NightFrames, listed: pl.DataFrame) -> pl.DataFrame:
    """Firms that listed parties (LISTED, sanctioned) own to the bound, once an entry that has a part in it: OWNED.

    Nothing where no rule on ownership binds anybody on the run date.
    """
    rule = night.rules.in_force(RULE)
    sanctioned = listed.filter("sanctioned")
    if rule is None or sanctioned.is_empty():
        return pl.DataFrame(schema=OWNED)
    edges = links(night.ownership, night.run_date).collect()
    found = owned_by(edges, sanctioned["party_id"].unique().sort(), Bound.of(rule))
    holders = sanctioned.select(owner="party_id", entry_id="entry_id").unique()
    firms = found.select("party_id", owned="aggregate")
    rows = pl.DataFrame(schema=OWNED)
    for step in range(1, found.select(pl.col("steps").max().fill_null(0)).item() + 1):
        below = found.filter(pl.col("steps") == step).select("party_id")
        held = edges.join(below, left_on="owned", right_on="party_id", how="semi").join(holders, on="owner")
        of = held.select(party_id="owned", entry_id="entry_id").unique().join(firms, on="party_id")
        rows = pl.concat([rows, of.cast(OWNED)])
        holders = pl.concat([holders, of.select(owner="party_id", entry_id="entry_id")]).unique()
    return rows.unique().sort("party_id", "entry_id")


def _marks(night: NightFrames, parameters: ExposureParameters) -> pl.DataFrame:
    """One row a (party, mark): contacts, and owners and directors, that few enough have in common."""
    contacts = marks(night.parties, ("phone", "email", "address"))
    held = current_ownership(night.ownership, night.run_date).filter(pl.col("role") != "agent")
    seats = pl.col("owned_party_id").n_unique().over("owner_party_id")
    few = held.filter(seats <= MOST_SEATS)
    people = few.select(party_id="owned_party_id", kind=pl.lit("owner"), mark="owner_party_id")
    themselves = held.select(party_id="owner_party_id", kind=pl.lit("owner"), mark="owner_party_id")
    every = pl.concat([contacts, people, themselves]).unique()
    sharers = pl.len().over("kind", "mark")
    return every.filter((pl.col("kind") == "owner") | (sharers <= parameters.most_sharers)).collect()


def successors(night: NightFrames, listed: pl.DataFrame, parameters: ExposureParameters) -> pl.DataFrame:
    """Firms made soon after the listing of a party with whom they share people or contacts: SUCCESSORS."""
    dated = listed.filter("sanctioned").drop_nulls("listed_on").select("party_id", "entry_id", "listed_on")
    if dated.is_empty():
        return pl.DataFrame(schema=SUCCESSORS)
    held = _marks(night, parameters)
    theirs = held.join(dated.select(old="party_id", entry_id="entry_id", listed_on="listed_on"),
                       left_on="party_id", right_on="old").rename({"party_id": "old"})  # fmt: skip
    born = night.parties.filter(pl.col("party_type") == "organisation").select(
        "party_id", born="born_or_incorporated_on"
    )
    shared = held.join(theirs, on=("kind", "mark")).filter(pl.col("party_id") != pl.col("old"))
    young = shared.join(born.collect(), on="party_id").filter(
        (pl.col("born") - pl.col("listed_on")).is_between(timedelta(0), timedelta(days=parameters.successor_days)),
        pl.col("born") <= night.run_date,
    )
    counted = young.group_by("party_id", "entry_id").agg(
        successor=pl.struct("kind", "mark").n_unique().cast(pl.Float64),
        sure=pl.col("kind").is_in((*_PEOPLE, *_CONTACTS)).any(),
    )
    return counted.filter("sure").select(SUCCESSORS.names()).sort("party_id", "entry_id")
