"""Which companies could only be passing money on: found by sums over all payments, then by what they do not pay for.

Everything after this works on the few that are left, so the cost of a large night lies here: three passes over the
transactions, none of which keeps more than one row a party, or a party and payee, in memory.
"""

from dataclasses import dataclass
from datetime import date

import polars as pl

from mirrorwatch.features.opacity import opaque
from mirrorwatch.features.ties import MOST_SEATS, company_groups, merging_edges

FEWEST_KINDS = 2  # one kind alone, however large, may be where the money ends


@dataclass(frozen=True)
class Rule:
    """What makes a business: more than `most_kinds` from `trifle` of all paid on, or two from `good_part` on."""

    most_kinds: int
    trifle: float
    good_part: float


def companies(tied: pl.LazyFrame) -> pl.LazyFrame:
    """Keep business accounts (account_id, party_id) of organisations that no licence covers; `tied` is `ties(...)`."""
    return tied.filter(
        pl.col("account_type") == "business",
        ~pl.col("licensed"),
        pl.col("party_type").fill_null("organisation") == "organisation",
    ).select("account_id", "party_id")


def corporate_groups(parties: pl.LazyFrame, ownership: pl.LazyFrame, run_date: date) -> pl.LazyFrame:
    """`ties.company_groups` (party_id, group_id) without owners in a circle, which are a red flag and no group."""
    circles = opaque(parties, ownership, run_date).lazy().filter("circle").select(owned_party_id="party_id")
    return company_groups(parties, ownership.join(circles, on="owned_party_id", how="anti"), run_date)


def treasuries(
    grouped: pl.LazyFrame, accounts: pl.LazyFrame, parties: pl.LazyFrame, ownership: pl.LazyFrame, run_date: date
) -> pl.LazyFrame:
    """Rows of `grouped` whose group can pool its money: a parent with an account and two subsidiaries, or a pair.

    A parent that holds no account pools nothing, and companies that own one another in a row are no pool either.
    """
    edges = merging_edges(parties, ownership, run_date, ("shareholder",), MOST_SEATS)
    parents = (
        edges.join(accounts.select(owner_party_id="party_id").unique(), on="owner_party_id", how="semi")
        .group_by("owner_party_id")
        .agg(pl.col("owned_party_id").n_unique().alias("subsidiaries"))
        .select("subsidiaries", party_id="owner_party_id")
    )
    sizes = grouped.group_by("group_id").agg(pl.len().alias("size"))
    pooling = (
        grouped.join(parents, on="party_id", how="inner")
        .join(sizes, on="group_id", how="inner")
        .filter((pl.col("subsidiaries") > 1) | (pl.col("size") == 2))  # noqa: PLR2004 : a parent and its subsidiary
        .select("group_id")
        .unique()
    )
    return grouped.join(pooling, on="group_id", how="semi")


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


def operating(costs: pl.LazyFrame, grouped: pl.LazyFrame, rule: Rule) -> pl.LazyFrame:
    """Party ids that run a business: they, or a member of their corporate group, pay for enough kinds of things.

    `costs` is `running_costs.footprint(...)`. A telephone, an office and an account fee are bought for appearance;
    wages and tax hardly are. So without those two more kinds are asked for, and a trifle of all payments never counts.
    """
    kinds, share = pl.col("kinds"), pl.col("kinds_minor") / pl.col("paid_minor")
    vital = pl.col("tax") | pl.col("payroll")
    several = (kinds > pl.when(vital).then(rule.most_kinds).otherwise(rule.most_kinds + 1)) & (share >= rule.trifle)
    weighty = (pl.col("steady_payroll") | (vital & (kinds >= FEWEST_KINDS))) & (share >= rule.good_part)
    own = costs.filter(several | weighty).select("party_id")
    alive = grouped.join(own, on="party_id", how="semi").select("group_id").unique()
    return pl.concat([own, grouped.join(alive, on="group_id", how="semi").select("party_id")]).unique()
