"""Which companies could only be passing money on: found by sums over all payments, then by what they do not pay for.

Everything after this works on the few that are left, so the cost of a large night lies here: three passes over the
transactions, none of which keeps more than one row a party, or a party and payee, in memory.
"""

from datetime import date

import polars as pl

from mirrorwatch.features.opacity import opaque
from mirrorwatch.features.ties import groups


def companies(tied: pl.LazyFrame) -> pl.LazyFrame:
    """Keep business accounts (account_id, party_id) of organisations that no licence covers; `tied` is `ties(...)`."""
    return tied.filter(
        pl.col("account_type") == "business",
        ~pl.col("licensed"),
        pl.col("party_type").fill_null("organisation") == "organisation",
    ).select("account_id", "party_id")


def corporate_groups(parties: pl.LazyFrame, ownership: pl.LazyFrame, run_date: date) -> pl.LazyFrame:
    """Companies under one parent company: (party_id, group_id). Money inside such a group is its treasury's business.

    Shareholdings of organisations only: to be owned by one person, or to share a director, makes no treasury. Nor do
    owners in a circle, which is a red flag and no group.
    """
    owners = parties.filter(pl.col("party_type") == "organisation").select(owner_party_id="party_id")
    circles = opaque(parties, ownership, run_date).lazy().filter("circle").select(owned_party_id="party_id")
    held = ownership.join(owners, on="owner_party_id", how="semi").join(circles, on="owned_party_id", how="anti")
    return groups(parties, held, run_date, roles=("shareholder",))


def in_step(figures: pl.LazyFrame, least_minor: int, least_ratio: float, most_ratio: float) -> pl.LazyFrame:
    """Rows of `figures` (received_minor, paid_minor) where what goes out is about what comes in, and is enough."""
    received, paid = pl.col("received_minor"), pl.col("paid_minor")
    return figures.filter(
        received >= least_minor, paid >= least_minor, paid >= received * least_ratio, paid <= received * most_ratio
    )


def mates(accounts: pl.LazyFrame, shortlisted: pl.LazyFrame, grouped: pl.LazyFrame) -> pl.LazyFrame:
    """Rows of `accounts` whose party is shortlisted or belongs to a shortlisted party's ownership group.

    `grouped` has party_id and group_id. A treasury company is judged by what its whole group pays for.
    """
    affected = grouped.join(shortlisted, on="party_id", how="semi").select("group_id").unique()
    fellows = grouped.join(affected, on="group_id", how="semi").select("party_id")
    wanted = pl.concat([shortlisted.select("party_id"), fellows]).unique()
    return accounts.join(wanted, on="party_id", how="semi")


def operating(costs: pl.LazyFrame, grouped: pl.LazyFrame, most_kinds: int, least_cost_share: float) -> pl.LazyFrame:
    """Party ids that run a business: they, or a member of their ownership group, pay for enough kinds of things.

    `costs` is `activity.footprint(...)`. Both the number of kinds and their share of all payments must be enough: a
    few bills bought for appearance run no company.
    """
    own = costs.filter(
        pl.col("kinds") > most_kinds, pl.col("kinds_minor") >= pl.col("paid_minor") * least_cost_share
    ).select("party_id")
    alive = grouped.join(own, on="party_id", how="semi").select("group_id").unique()
    return pl.concat([own, grouped.join(alive, on="group_id", how="semi").select("party_id")]).unique()
