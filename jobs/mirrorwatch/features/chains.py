"""Money followed from party to party: units joined where one's payment out is the next one's payment in.

Works on a short list (thousands of parties), in memory; components are found by scipy, never row by row.
"""

import numpy as np
import polars as pl
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components


def component_of(nodes: pl.DataFrame, edges: pl.DataFrame, key: tuple[str, ...], name: str) -> pl.DataFrame:
    """`nodes` (columns `key`, unique rows) with `name`: the number of each one's component, smallest member first.

    `edges` has `key` twice, the second time with the suffix `_to`.
    """
    nodes = nodes.select(key).sort(key).with_row_index("node")
    ends = edges.join(nodes, on=key, how="inner").join(
        nodes.rename({column: f"{column}_to" for column in key}),
        on=tuple(f"{column}_to" for column in key),
        how="inner",
        suffix="_to",
    )
    rows, columns = ends["node"].to_numpy(), ends["node_to"].to_numpy()
    links = coo_array((np.ones(len(rows), dtype=np.int64), (rows, columns)), shape=(nodes.height, nodes.height))
    labels = connected_components(links, directed=False)[1] if nodes.height else np.empty(0, dtype=np.int32)
    # scipy numbers components in the order in which it meets them; the smallest member makes the number ours
    first = pl.col("node").min().over("label")
    return nodes.with_columns(pl.Series("label", labels)).select(*key, first.cast(pl.Int64).alias(name))


def hops(members: pl.DataFrame) -> pl.DataFrame:
    """Payments that end a unit of one party and begin a unit of another: party_id, rank, party_id_to, rank_to, id."""
    leaving = members.filter(pl.col("sign") == -1).drop("sign")
    arriving = members.filter(pl.col("sign") == 1).drop("sign")
    return leaving.join(arriving, on="transaction_id", how="inner", suffix="_to").sort("transaction_id")


def pairs(followed: pl.DataFrame, own_legs: pl.DataFrame) -> pl.DataFrame:
    """One row a pair of parties that money was followed between, in its direction.

    Columns: party_id, party_id_to, shared (payments followed), share (of all that the first paid or the second
    received, the larger), returned (cents that went back, over cents that went).
    """
    received = own_legs.filter(pl.col("sign") == 1)
    between = received.group_by(party_id="other", party_id_to="party_id").agg(pl.col("usd_minor").sum().alias("moved"))
    back = between.rename({"party_id": "party_id_to", "party_id_to": "party_id", "moved": "back"})
    totals = own_legs.group_by("party_id").agg(
        pl.col("usd_minor").filter(pl.col("sign") == 1).sum().alias("received"),
        pl.col("usd_minor").filter(pl.col("sign") == -1).sum().alias("paid"),
    )
    key = ("party_id", "party_id_to")
    return (
        followed.group_by(key)
        .agg(pl.len().cast(pl.Int64).alias("shared"))
        .join(between, on=key, how="inner")
        .join(back, on=key, how="left")
        .join(totals.select("party_id", "paid"), on="party_id", how="inner")
        .join(totals.select("party_id", "received"), left_on="party_id_to", right_on="party_id", how="inner")
        .select(
            *key,
            "shared",
            (pl.col("moved") / pl.min_horizontal("paid", "received")).alias("share"),
            (pl.col("back").fill_null(0) / pl.col("moved")).alias("returned"),
        )
        .sort(key)
    )


def siblings(own_legs: pl.DataFrame, least_share: float, most: int) -> pl.DataFrame:
    """Pairs of parties with the same main payer and the same main payee, both companies: party_id, party_id_to.

    Main: at least `least_share` of all received or paid. A front that more than `most` parties share is a market, not
    a scheme, and is left out. Each is paired with the smallest party of its set.
    """
    total = pl.col("usd_minor").sum().over("party_id", "sign")
    main = (
        own_legs.filter(pl.col("other_kind").is_in(("organisation", "unknown")))
        .join(own_legs.select("party_id", "sign", total.alias("total")).unique(), on=("party_id", "sign"), how="inner")
        .group_by("party_id", "sign", "other")
        .agg(pl.col("usd_minor").sum(), pl.col("total").first())
        .filter(pl.col("usd_minor") >= pl.col("total") * least_share)
    )
    payer = main.filter(pl.col("sign") == 1).select("party_id", payer="other")
    payee = main.filter(pl.col("sign") == -1).select("party_id", payee="other")
    both = payer.join(payee, on="party_id", how="inner")
    return (
        both.with_columns(
            pl.col("party_id").min().over("payer", "payee").alias("party_id_to"),
            pl.len().over("payer", "payee").alias("set"),
        )
        .filter(pl.col("set") <= most, pl.col("party_id") != pl.col("party_id_to"))
        .select("party_id", "party_id_to")
        .sort(pl.all())
    )


def flows(members: pl.DataFrame, followed: pl.DataFrame) -> pl.DataFrame:
    """`members` with `flow`: the number of the unit of money, over all parties, that the payment belongs to."""
    key = ("party_id", "rank")
    numbered = component_of(members.select(key).unique(), followed, key, "flow")
    return members.join(numbered, on=key, how="inner").sort("flow", "party_id", "rank", "sign", "transaction_id")


def depths(flowing: pl.DataFrame, times: pl.DataFrame) -> pl.DataFrame:
    """One row a party: depth, its mean place in the flows it takes part in (1 = nearest the source), and flows.

    `times` gives `at` of each transaction_id. The place in a flow is the order of the first receipts.
    """
    first = (
        flowing.filter(pl.col("sign") == 1)
        .join(times, on="transaction_id", how="inner")
        .group_by("flow", "party_id")
        .agg(pl.col("at").min())
    )
    place = pl.col("at").rank("dense").over("flow").cast(pl.Int64)
    return (
        first.with_columns(place.alias("place"))
        .group_by("party_id")
        .agg((pl.col("place").sum() / pl.len()).alias("depth"), pl.len().cast(pl.Int64).alias("flows"))
        .sort("party_id")
    )
