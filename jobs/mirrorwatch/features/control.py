"""Who stands in front of a company without owning it: nominees, directors, agents, and how many others they stand for.

To sit on many boards is a profession, and weak by itself, whoever it is. What counts is that nobody else is on record.
"""

from datetime import date, timedelta

import polars as pl

from mirrorwatch.features.ties import current_ownership

# A holding that ends and one that begins within a month of each other are one change of hands.
_HANDOVER_DAYS = 31

FRONTS = pl.Schema(
    {
        "party_id": pl.String(),
        "shareholders": pl.Int64(),  # but for nominees of the same company
        "nominees": pl.Int64(),
        "directors": pl.Int64(),
        "agents": pl.Int64(),
        "most_seats": pl.Int64(),  # companies that the busiest of its nominees, directors and agents stands for
        "fronted": pl.Boolean(),  # nominees or agents are on record, and no shareholder
    }
)
HANDOVERS = pl.Schema({"party_id": pl.String(), "replaced_on": pl.Date()})


def seats(ownership: pl.LazyFrame, run_date: date) -> pl.LazyFrame:
    """One row a (holder, role): holder, role, companies; shareholders are left out, for they hold no seat."""
    held = current_ownership(ownership, run_date).filter(pl.col("role") != "shareholder")
    return held.group_by(pl.col("owner_party_id").alias("holder"), "role").agg(
        pl.col("owned_party_id").n_unique().cast(pl.Int64).alias("companies")
    )


def fronts(ownership: pl.LazyFrame, run_date: date) -> pl.LazyFrame:
    """One row a company with anybody on record on `run_date`: FRONTS, unordered."""
    held = current_ownership(ownership, run_date)
    # whoever is on record as a nominee of the same company holds its shares for somebody else
    stands_in = held.filter(pl.col("role") == "nominee").select(
        "owner_party_id", "owned_party_id", role=pl.lit("shareholder")
    )
    held = held.join(stands_in.unique(), on=("owner_party_id", "owned_party_id", "role"), how="anti")
    busy = seats(ownership, run_date).rename({"holder": "owner_party_id"})
    holders = {role: pl.col("owner_party_id").filter(pl.col("role") == role).n_unique() for role in
               ("shareholder", "nominee", "director", "agent")}  # fmt: skip
    return (
        held.join(busy, on=("owner_party_id", "role"), how="left")
        .group_by(party_id="owned_party_id")
        .agg(
            *(number.cast(pl.Int64).alias(f"{role}s") for role, number in holders.items()),
            pl.col("companies").max().fill_null(0).alias("most_seats"),
        )
        .with_columns(
            fronted=(pl.col("shareholders") == 0) & ((pl.col("nominees") > 0) | (pl.col("agents") > 0)),
        )
        .select(FRONTS.names())
    )


def handovers(ownership: pl.LazyFrame, run_date: date, days: int) -> pl.LazyFrame:
    """One row a company whose owner gave way to another in the last `days`: HANDOVERS with the latest day, unordered.

    Whoever holds on under another share or role is no new owner.
    """
    since = run_date - timedelta(days=days)
    holding = ownership.filter(
        pl.col("role").is_in(("shareholder", "nominee")), pl.col("owner_party_id") != pl.col("owned_party_id")
    ).select(party_id="owned_party_id", owner="owner_party_id", since="since", until="until")
    ended = holding.filter(pl.col("until").is_between(since, run_date))
    begun = holding.filter(pl.col("since").is_between(since - timedelta(days=_HANDOVER_DAYS), run_date))
    stayed = holding.filter(pl.col("until").is_null() | (pl.col("until") > run_date))
    left = ended.join(stayed, on=("party_id", "owner"), how="anti")
    gap = (pl.col("since_new") - pl.col("until")).dt.total_days().abs()
    return (
        left.join(begun, on="party_id", how="inner", suffix="_new")
        .filter(pl.col("owner") != pl.col("owner_new"), gap <= _HANDOVER_DAYS)
        .group_by("party_id")
        .agg(pl.col("since_new").max().alias("replaced_on"))
        .select(HANDOVERS.names())
    )
