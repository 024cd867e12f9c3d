"""Who owns a company in the end: chains of shares of any depth, followed to whoever has no owner on record.

Shares along a chain are multiplied and summed over all chains. Companies that own one another in a circle are solved as
the linear equations that they are, so that money that goes round for ever is counted once. A share that is not recorded
is unknown: it counts nothing in `share`, and its equal part of what the recorded shares leave in `supposed`.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl
from scipy.sparse import csr_array, diags_array
from scipy.sparse.csgraph import connected_components

from mirrorwatch.features.ties import current_ownership

# Shares below a millionth of a company are left out: nobody acts on them, and circles within circles end.
LEAST_SHARE = 1e-6
# More than all of a company, but for what rounding of percentages to whole ones adds.
ALL = 1.005
# Shares are added up as whole trillionths, so that their order never shows; a third has more digits than any register.
_PARTS = 10**12
# Chains that go on longer are cut: the longest honest ones on record have about twenty links.
MOST_LAYERS = 200
# Companies in one circle; a larger one is no corporate structure and lets nobody in, so that memory stays small.
MOST_IN_CIRCLE = 1_000
# Each step doubles the rounds that are counted: after so many steps a billion, whatever leaks from a circle.
_DOUBLINGS = 30

LINKS = pl.Schema(
    {
        "owner": pl.String(),
        "owned": pl.String(),
        "share": pl.Float64(),  # recorded; 0 where none is
        "supposed": pl.Float64(),  # recorded, or an equal part of what the recorded ones leave
        "unknown": pl.Boolean(),  # no share is recorded
    }
)
OWNERS = pl.Schema(
    {
        "party_id": pl.String(),
        "owner": pl.String(),  # has no owner on record itself: a person, or where a chain ends
        "share": pl.Float64(),
        "supposed": pl.Float64(),
        "layers": pl.Int64(),  # links of the shortest chain; a circle on the way counts one
    }
)


def links(ownership: pl.LazyFrame, run_date: date) -> pl.LazyFrame:
    """One row an owner of shares and what it owns on `run_date`: LINKS, unordered.

    Several recorded holdings of one owner add up. Where a company's shares add up to more than all of it, they are
    scaled down to all; `over_reported` tells which those are.
    """
    held = _held(ownership, run_date)
    known = pl.col("parts").sum().over("owned") / _PARTS
    rest = (1 - known).clip(lower_bound=0) / pl.col("unknown").sum().over("owned")
    supposed = pl.when("unknown").then(rest).otherwise("share")
    return (
        held.with_columns(share=pl.col("parts") / _PARTS)
        .with_columns(known.alias("known"), supposed.alias("supposed"))
        .with_columns(pl.col("share", "supposed") / pl.max_horizontal("known", 1.0))
        .select(LINKS.names())
    )


def _held(ownership: pl.LazyFrame, run_date: date) -> pl.LazyFrame:
    shares = current_ownership(ownership, run_date).filter(pl.col("role") == "shareholder")
    return shares.group_by(owner="owner_party_id", owned="owned_party_id").agg(
        parts=(pl.col("share").clip(0, 1) * _PARTS).round().cast(pl.Int64).sum(),
        unknown=pl.col("share").is_null().all(),
    )


def over_reported(ownership: pl.LazyFrame, run_date: date) -> pl.LazyFrame:
    """One row a company whose recorded shares add up to more than all of it: party_id, recorded."""
    return (
        _held(ownership, run_date)
        .group_by(party_id="owned")
        .agg((pl.col("parts").sum() / _PARTS).alias("recorded"))
        .filter(pl.col("recorded") > ALL)
    )


@dataclass(frozen=True)
class Graph:
    """Owners as a sparse matrix: row owner, column owned. `circle` labels companies that own one another (-1: none)."""

    nodes: pl.Series
    rows: np.ndarray
    columns: np.ndarray
    circle: np.ndarray

    @property
    def size(self) -> int:
        """Number of parties."""
        return len(self.nodes)

    def matrix(self, weights: np.ndarray) -> csr_array:
        """Return the matrix of `weights`, one a link."""
        return csr_array((weights, (self.rows, self.columns)), shape=(self.size, self.size))


def graph(edges: pl.DataFrame) -> Graph:
    """Index `edges` (owner, owned; each pair once) and find its circles."""
    nodes = pl.concat([edges["owner"], edges["owned"]]).unique().sort()
    rows = nodes.search_sorted(edges["owner"]).to_numpy().astype(np.int64)
    columns = nodes.search_sorted(edges["owned"]).to_numpy().astype(np.int64)
    ones = csr_array((np.ones(len(rows), dtype=np.int8), (rows, columns)), shape=(len(nodes), len(nodes)))
    labels = connected_components(ones, connection="strong")[1]
    return Graph(nodes, rows, columns, np.where(np.bincount(labels)[labels] > 1, labels, -1))


def _rounds(on: Graph, weights: np.ndarray) -> tuple[csr_array, np.ndarray]:
    """Sum the rounds that shares make inside circles, (I - A)^-1, and tell which links lie inside one.

    A circle that owns all of itself lets nobody in: whoever is said to own into it besides owns nothing of it.
    """
    inside = (on.circle[on.rows] >= 0) & (on.circle[on.rows] == on.circle[on.columns])
    held = np.bincount(on.columns[inside], weights[inside], minlength=on.size)
    of = on.circle.clip(0)
    sizes = np.bincount(of, on.circle >= 0)
    leaks = np.bincount(of, (on.circle >= 0) & (held < 1 - LEAST_SHARE)) > 0
    open_to = (on.circle >= 0) & leaks[of] & (sizes[of] <= MOST_IN_CIRCLE)
    step = on.matrix(np.where(inside & open_to[on.rows], weights, 0.0))
    total = csr_array(diags_array(((on.circle < 0) | open_to).astype(float)))
    for _ in range(_DOUBLINGS):
        step.eliminate_zeros()
        if step.nnz == 0:
            break
        total = csr_array(total + total @ step)
        step = _pruned(csr_array(step @ step), LEAST_SHARE**2)
    return total, inside


def _pruned(matrix: csr_array, least: float = LEAST_SHARE) -> csr_array:
    matrix.data[matrix.data < least] = 0.0
    matrix.eliminate_zeros()
    return matrix


def _followed(on: Graph, weights: np.ndarray) -> pl.DataFrame:
    """One row a (top, company) pair: their indices, the share in the end, and the links of the shortest chain."""
    rounds, inside = _rounds(on, weights)
    acyclic = csr_array(on.matrix(np.where(inside, 0.0, weights)) @ rounds)
    tops = np.flatnonzero(np.bincount(on.columns, minlength=on.size) == 0)
    reached, found = _pruned(csr_array(acyclic[tops]), 0.0), []
    for layer in range(1, MOST_LAYERS + 1):
        if reached.nnz == 0:
            break
        pairs = reached.tocoo()
        found.append(pl.DataFrame({"top": tops[pairs.row], "below": pairs.col, "part": pairs.data, "layers": layer}))
        reached = _pruned(csr_array(reached @ acyclic))
    if not found:
        return pl.DataFrame(schema={"top": pl.Int64, "below": pl.Int64, "part": pl.Float64, "layers": pl.Int64})
    each = pl.concat(found).select(pl.col("top", "below", "layers").cast(pl.Int64), "part")
    return each.group_by("top", "below").agg(pl.col("part").sort_by("layers").sum(), pl.col("layers").min())


def ultimate_owners(edges: pl.DataFrame) -> pl.DataFrame:
    """One row a company and whoever owns it in the end: OWNERS, sorted by both; `edges` is `links(...)`, collected.

    A company that only a closed circle owns has no row. Shares are rounded to nine digits, so that they do not depend
    on the order of the rows.
    """
    if edges.is_empty():
        return pl.DataFrame(schema=OWNERS)
    ordered = edges.sort("owner", "owned")
    on = graph(ordered)
    supposed = _followed(on, ordered["supposed"].to_numpy())
    recorded = _followed(on, ordered["share"].to_numpy()).rename({"part": "share"}).drop("layers")
    named = {name: on.nodes.gather(supposed[index]) for name, index in (("owner", "top"), ("party_id", "below"))}
    return (
        supposed.with_columns(**named)
        .join(recorded, on=("top", "below"), how="left")
        .select(
            "party_id",
            "owner",
            pl.col("share").fill_null(0.0).clip(0, 1).round(9),
            pl.col("part").clip(0, 1).round(9).alias("supposed"),
            "layers",
        )
        .sort("party_id", "owner")
    )
