"""Hidden companies that moved money, joined into structures: by shares, by a common front, by paying each other."""

from dataclasses import dataclass

import polars as pl

from mirrorwatch.detectors.base import NightFrames
from mirrorwatch.detectors.opaque_ownership_parameters import OpaqueParameters
from mirrorwatch.features import activity, running_costs, shortlist
from mirrorwatch.features.hidden_owners import HIDDEN, families, hidden, joined, public_bodies
from mirrorwatch.features.ownership_chains import links
from mirrorwatch.features.ties import current_ownership, ties

_FEW_SEATS = 6  # companies of one front that are joined even where they do not pay each other
_MOST_OF_FAMILY = 0.5  # of a family's receipts: a business that brings in most of them is what the family lives from


@dataclass(frozen=True)
class Structures:
    """`members`: HIDDEN and scheme, one row a company that moved money. `legs`: their payments with scheme and inside.

    `fronts`: holder, party_id, many (stands for more than `most_seats`), few; `behind`: holder and party_id of anybody
    on record. `costs`: `running_costs.footprint`.
    """

    members: pl.DataFrame
    legs: pl.DataFrame
    fronts: pl.DataFrame
    behind: pl.DataFrame
    costs: pl.DataFrame


def candidates(night: NightFrames, parameters: OpaqueParameters) -> pl.DataFrame:
    """Return HIDDEN of companies that are hidden, or were handed over, and of companies in which their chains end."""
    found = hidden(night.parties, night.accounts, night.ownership, night.run_date, parameters.handover_days)
    marked = found.filter(
        pl.col("circle") | pl.col("dead_end") | pl.col("fronted") | pl.col("replaced_on").is_not_null()
    )
    return pl.concat([marked, _tops(night, marked)]).sort("party_id")


def _tops(night: NightFrames, marked: pl.DataFrame) -> pl.DataFrame:
    """Companies without an owner on record at the end of a marked company's chain: each is where it ends."""
    edges = links(night.ownership, night.run_date).collect()
    owned = edges.select(party_id="owned").unique()
    public = public_bodies(night.parties, night.accounts)
    ends = marked.filter("dead_end").select("family").unique()
    organisations = night.parties.filter(pl.col("party_type") == "organisation").select("party_id")
    return (
        families(edges, night.parties)
        .join(ends, on="family", how="semi")
        .join(owned, on="party_id", how="anti")
        .join(marked, on="party_id", how="anti")
        .lazy()
        .join(organisations, on="party_id", how="semi")
        .join(public, on="party_id", how="anti")
        .select(
            "party_id", circle=pl.lit(value=False), dead_end=pl.lit(value=True), layers=pl.lit(0, dtype=pl.Int64),
            fronted=pl.lit(value=False), most_seats=pl.lit(0, dtype=pl.Int64),
            replaced_on=pl.lit(None, dtype=pl.Date), family="family",
        )
        .select(HIDDEN.names())
        .collect()
    )  # fmt: skip


def structures(night: NightFrames, parameters: OpaqueParameters) -> Structures:
    """Find the structures of the night. Reads transactions only for accounts of companies that are hidden."""
    found = candidates(night, parameters)
    payments = activity.without_reversals(night.transactions)
    tied = ties(night.accounts, night.parties, night.ownership, night.run_date).collect().lazy()
    nobody = pl.LazyFrame(schema={"party_id": pl.String(), "group_id": pl.String()})
    known = activity.counterparties(tied, night.parties, nobody)
    kin = families(links(night.ownership, night.run_date).collect(), night.parties).lazy()
    grouped = kin.select("party_id", group_id="family")
    companies = shortlist.companies(tied)
    wanted = shortlist.mates(companies, found.lazy().select("party_id"), grouped).sort("account_id").collect()
    legs = activity.legs(payments, wanted.lazy(), known).collect()
    costs = running_costs.footprint(running_costs.payees(legs.lazy())).collect()
    going = _going_concerns(legs, costs, grouped.collect(), parameters)
    movers = _movers(legs, parameters).join(going, on="party_id", how="anti")
    members = found.join(movers, on="party_id", how="semi")
    legs = legs.join(members.select("party_id"), on="party_id", how="semi")
    fronts = _fronts(night, members, parameters)
    members = members.join(_schemes(members, legs, fronts, parameters), on="party_id", how="inner")
    return Structures(members.sort("scheme", "party_id"), _sided(legs, members), fronts, _behind(night, members), costs)


def _movers(legs: pl.DataFrame, parameters: OpaqueParameters) -> pl.DataFrame:
    moved = legs.group_by("party_id").agg(pl.col("usd_minor").sum())
    return moved.filter(pl.col("usd_minor") >= parameters.least_member_usd * 100)


def _going_concerns(
    legs: pl.DataFrame, costs: pl.DataFrame, grouped: pl.DataFrame, parameters: OpaqueParameters
) -> pl.DataFrame:
    """Companies with a business, and families of companies most of whose receipts one with a business has."""
    alone = pl.LazyFrame(schema={"party_id": pl.String(), "group_id": pl.String()})
    own = shortlist.operating(costs.lazy(), alone, parameters.business).collect()
    got = legs.filter(pl.col("sign") == 1).group_by("party_id").agg(pl.col("usd_minor").sum())
    alive = pl.col("party_id").is_in(own["party_id"].implode())
    receipts = got.join(grouped, on="party_id", how="inner").group_by("group_id").agg(
        pl.col("usd_minor").sum().alias("all"), pl.col("usd_minor").filter(alive).sum().alias("live")
    )  # fmt: skip
    fed = receipts.filter(pl.col("live") > 0, pl.col("live") >= pl.col("all") * _MOST_OF_FAMILY)
    return pl.concat([own, grouped.join(fed, on="group_id", how="semi").select("party_id")]).unique()


def _fronts(night: NightFrames, members: pl.DataFrame, parameters: OpaqueParameters) -> pl.DataFrame:
    """One row a (holder, company): nominees, directors and agents of members; `many` and `few` by all their seats."""
    held = current_ownership(night.ownership, night.run_date).filter(pl.col("role") != "shareholder")
    seats = held.group_by(holder="owner_party_id").agg(pl.col("owned_party_id").n_unique().alias("seats"))
    return (
        held.select(holder="owner_party_id", party_id="owned_party_id")
        .unique()
        .join(members.lazy().select("party_id"), on="party_id", how="semi")
        .join(seats, on="holder", how="left")
        .select("holder", "party_id", many=pl.col("seats") > parameters.most_seats, few=pl.col("seats") <= _FEW_SEATS)
        .sort("holder", "party_id")
        .collect()
    )


def _behind(night: NightFrames, members: pl.DataFrame) -> pl.DataFrame:
    held = current_ownership(night.ownership, night.run_date).select(holder="owner_party_id", party_id="owned_party_id")
    return held.unique().join(members.lazy().select("party_id"), on="party_id", how="semi").collect()


def _schemes(
    members: pl.DataFrame, legs: pl.DataFrame, fronts: pl.DataFrame, parameters: OpaqueParameters
) -> pl.DataFrame:
    """One row a member: party_id, scheme (the smallest id of the companies it is joined with)."""
    between = _between(legs, members)
    least = pl.min_horizontal("own_minor", "other_minor") * parameters.partner_share
    partners = between.filter(pl.col("usd_minor") >= least).select("party_id", "other")
    served = between.join(fronts, on="party_id", how="inner").join(
        fronts.select("holder", other="party_id"), on=("holder", "other"), how="semi"
    )
    pairs = [
        partners,
        served.select("party_id", "other"),
        members.select("party_id", other=pl.lit("family:") + pl.col("family")),
        fronts.filter("few").select("party_id", other=pl.lit("front:") + pl.col("holder")),
    ]
    found = joined(pl.concat(pairs).unique())
    names = members.select("party_id").join(found, on="party_id", how="left")
    return names.select(
        "party_id", scheme=pl.col("party_id").min().over(pl.col("family").fill_null(pl.col("party_id")))
    )


def _between(legs: pl.DataFrame, members: pl.DataFrame) -> pl.DataFrame:
    """One row a pair of members that pay each other, as seen by each: usd_minor between, own_minor and other_minor."""
    moved = legs.group_by("party_id").agg(pl.col("usd_minor").sum().alias("own_minor"))
    return (
        legs.join(members.select(other="party_id"), on="other", how="semi")
        .group_by("party_id", "other")
        .agg(pl.col("usd_minor").sum())
        .filter(pl.col("party_id") != pl.col("other"))
        .join(moved, on="party_id", how="left")
        .join(moved.select(other="party_id", other_minor="own_minor"), on="other", how="left")
        .sort("party_id", "other")
    )


def _sided(legs: pl.DataFrame, members: pl.DataFrame) -> pl.DataFrame:
    """Legs of members with `scheme` and whether both ends are `inside` it."""
    of = members.select("party_id", "scheme")
    return (
        legs.join(of, on="party_id", how="inner")
        .join(of.rename({"party_id": "other", "scheme": "other_scheme"}), on="other", how="left")
        .with_columns(inside=(pl.col("scheme") == pl.col("other_scheme")).fill_null(value=False))
        .sort("scheme", "booked_at", "transaction_id", "sign")
    )
