"""Who belongs together: ownership groups of parties, and whether a licence covers them.

Two accounts of one group are one economic actor: money between them is a sweep or a netting, not a payment to someone
else. Ownership is read as of the run date. A role of `agent` never merges: a registered agent serves thousands.
Parties that were found to be one person or firm are one actor too; that carries no licence over.
"""

from datetime import date

import numpy as np
import polars as pl
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

# FATF Recommendation 24 and the US customer-due-diligence rule (31 CFR 1010.230) both speak of 25 percent.
CONTROLLING_SHARE = 0.25
# A natural person who sits in more organisations than this holds the seats as a profession (formation agents and
# nominee directors); to merge through such a person would make one "group" of hundreds of strangers.
MOST_SEATS = 20

PROFESSIONAL_ROLES = ("director", "nominee")
MERGING_ROLES = ("shareholder", *PROFESSIONAL_ROLES)

_GROUPS = pl.Schema({"party_id": pl.String(), "group_id": pl.String()})


def current_ownership(ownership: pl.LazyFrame, run_date: date) -> pl.LazyFrame:
    """Ownership rows that hold on `run_date`; an unknown start or end is open."""
    begun = pl.col("since").is_null() | (pl.col("since") <= run_date)
    going_on = pl.col("until").is_null() | (pl.col("until") >= run_date)
    return ownership.filter(begun & going_on, pl.col("owner_party_id") != pl.col("owned_party_id"))


def merging_edges(
    parties: pl.LazyFrame, ownership: pl.LazyFrame, run_date: date, roles: tuple[str, ...], most_seats: int
) -> pl.LazyFrame:
    """Edges (owner_party_id, owned_party_id) that make two parties one group, professional seats left out."""
    controls = pl.col("share").is_null() | (pl.col("share") >= CONTROLLING_SHARE)
    edges = current_ownership(ownership, run_date).filter(
        pl.col("role").is_in(roles), (pl.col("role") != "shareholder") | controls
    )
    seats = edges.group_by("owner_party_id").agg(
        pl.col("owned_party_id").n_unique().alias("seats"),
        pl.col("owned_party_id").filter(pl.col("role").is_in(PROFESSIONAL_ROLES)).n_unique().alias("professional"),
    )
    kinds = parties.select(pl.col("party_id").alias("owner_party_id"), "party_type")
    # An owner that parties do not know is taken for a person, which merges less.
    # A holding company may own any number of subsidiaries outright; only its professional seats are counted.
    person = pl.col("party_type").fill_null("person") == "person"
    counted = pl.when(person).then("seats").otherwise("professional")
    is_professional = (counted > most_seats) & (person | pl.col("role").is_in(PROFESSIONAL_ROLES))
    return (
        edges.join(seats, on="owner_party_id", how="left")
        .join(kinds, on="owner_party_id", how="left")
        .filter(~is_professional)
        .select("owner_party_id", "owned_party_id")
        .unique()
    )


def connected_parties(edges: pl.DataFrame) -> pl.DataFrame:
    """Label connected components of the edges; a component is named by its smallest party_id."""
    nodes = pl.concat([edges["owner_party_id"], edges["owned_party_id"]]).unique().sort()
    if nodes.is_empty():
        return pl.DataFrame(schema=_GROUPS)
    rows = nodes.search_sorted(edges["owner_party_id"]).to_numpy()
    columns = nodes.search_sorted(edges["owned_party_id"]).to_numpy()
    links = coo_array((np.ones(len(rows), dtype=np.int8), (rows, columns)), shape=(len(nodes), len(nodes)))
    labels = connected_components(links, directed=False)[1]
    frame = pl.DataFrame({"party_id": nodes, "label": labels})
    return frame.select("party_id", group_id=pl.col("party_id").min().over("label"))


def groups(
    parties: pl.LazyFrame,
    ownership: pl.LazyFrame,
    run_date: date,
    roles: tuple[str, ...] = MERGING_ROLES,
    most_seats: int = MOST_SEATS,
    entities: pl.LazyFrame | None = None,
) -> pl.LazyFrame:
    """One row a party that has any merging tie: (party_id, group_id), group_id the group's smallest party_id.

    Shareholdings under 25 percent do not merge, nor does anybody who holds more than `most_seats` seats.
    `entities` (party_id, entity_id) names parties that are one; an entity is called by one of its parties.
    """
    edges = merging_edges(parties, ownership, run_date, roles, most_seats)
    if entities is not None:
        one = entities.select(owner_party_id="entity_id", owned_party_id="party_id")
        edges = pl.concat([edges, one.filter(pl.col("owner_party_id") != pl.col("owned_party_id"))])
    # Ownership is small beside transactions, so this one step may gather it in memory.
    return edges.map_batches(
        connected_parties,
        schema=_GROUPS,
        predicate_pushdown=False,
        projection_pushdown=False,
        slice_pushdown=False,
    )


def company_groups(parties: pl.LazyFrame, ownership: pl.LazyFrame, run_date: date) -> pl.LazyFrame:
    """Like `groups`, but of companies under a company that holds their shares: what accounts are consolidated over.

    To be owned by one person, or to share a director, makes one actor (`groups`) but no corporate group.
    """
    companies = parties.filter(pl.col("party_type") == "organisation").select(owner_party_id="party_id")
    held = ownership.join(companies, on="owner_party_id", how="semi")
    return groups(parties, held, run_date, roles=("shareholder",))


def licensed_parties(parties: pl.LazyFrame, ownership: pl.LazyFrame, run_date: date) -> pl.LazyFrame:
    """Party ids (one column, unique) that a licence covers: their own, their group's, or their agency principal's.

    The group is a corporate one: who shares a director with a licensed remitter is not licensed by that.
    """
    own = parties.filter(pl.col("licence").is_not_null()).select("party_id")
    grouped = company_groups(parties, ownership, run_date)
    licensed_groups = grouped.join(own, on="party_id", how="semi").select("group_id").unique()
    by_group = grouped.join(licensed_groups, on="group_id", how="semi").select("party_id")
    agencies = current_ownership(ownership, run_date).filter(pl.col("role") == "agent")
    by_agency = [
        agencies.join(own, left_on=principal, right_on="party_id", how="semi").select(pl.col(other).alias("party_id"))
        for principal, other in (("owner_party_id", "owned_party_id"), ("owned_party_id", "owner_party_id"))
    ]
    return pl.concat([own, by_group, *by_agency]).unique()


def ties(
    accounts: pl.LazyFrame,
    parties: pl.LazyFrame,
    ownership: pl.LazyFrame,
    run_date: date,
    most_seats: int = MOST_SEATS,
    entities: pl.LazyFrame | None = None,
) -> pl.LazyFrame:
    """One row an account, saying whose it is and who stands behind it.

    Columns: account_id, party_id, group_id, licensed, account_type, country, currency, party_type, opened_on,
    turnover_usd (declared income or turnover a year; null where none is declared).
    A party without ties is its own group; `party_type` is null where the party is unknown.
    Input frames have the contract's schemas and unique keys; row order is not promised. `entities` as in `groups`.
    """
    grouped = groups(parties, ownership, run_date, most_seats=most_seats, entities=entities)
    covered = licensed_parties(parties, ownership, run_date).with_columns(licensed=pl.lit(value=True))
    return (
        accounts.join(grouped, on="party_id", how="left")
        .join(covered, on="party_id", how="left")
        .join(parties.select("party_id", "party_type", "annual_turnover_usd"), on="party_id", how="left")
        .select(
            "account_id",
            "party_id",
            pl.col("group_id").fill_null(pl.col("party_id")),
            pl.col("licensed").fill_null(value=False),
            "account_type",
            "country",
            "currency",
            "party_type",
            "opened_on",
            pl.col("annual_turnover_usd").cast(pl.Float64).alias("turnover_usd"),
        )
    )
