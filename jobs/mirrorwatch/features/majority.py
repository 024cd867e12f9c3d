"""Who counts as owned by listed persons: aggregate ownership from link to link, as the rules of sanctions reckon it.

A plain product along a chain is not what these rules ask: a company that listed persons own to the bound counts as one
of them, whole, when what it owns in turn is added up (OFAC answer 401). Half of a half is a half.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl
from scipy.sparse import csr_array

from mirrorwatch.features.ownership_chains import Graph, graph
from mirrorwatch.rulebook import Held

# A share is written in hundredths or ten-thousandths: what adds up to the bound but for binary fractions reaches it.
_ROUNDING = 1e-9

OWNED = pl.Schema(
    {
        "party_id": pl.String(),
        "aggregate": pl.Float64(),  # share held by listed persons and by companies that already count as owned
        "steps": pl.Int64(),  # 1: owned by listed persons themselves
    }
)


@dataclass(frozen=True)
class Bound:
    """How much makes a company owned: `share` of it, or more than that where not `inclusive`."""

    share: float
    inclusive: bool

    @classmethod
    def of(cls, rule: Held) -> "Bound":
        """Read a rule of the rulebook. Raises ValueError where it names no share."""
        if rule.version.percent is None:
            raise ValueError(f"{rule.rule.id} names no share on {rule.day}")
        return cls(float(rule.version.percent) / 100, rule.version.inclusive)

    def reached(self, held: np.ndarray) -> np.ndarray:
        """Tell which shares reach it."""
        least = self.share - _ROUNDING if self.inclusive else self.share + _ROUNDING
        return np.asarray(held >= least)


def owned_by(edges: pl.DataFrame, listed: pl.Series, bound: Bound, *, column: str = "share") -> pl.DataFrame:
    """One row a company that `listed` parties own to the bound, in the aggregate, at any depth: OWNED, sorted.

    `edges` is `ownership_chains.links(...)`, collected. With `column="supposed"` unrecorded shares count with what the
    recorded ones leave: what may be owned, beside what is. Each company's owners are looked at once, so a circle ends.
    """
    if edges.is_empty():
        return pl.DataFrame(schema=OWNED)
    ordered = edges.sort("owner", "owned")
    on = graph(ordered)
    counted = on.nodes.is_in(listed.implode()).to_numpy().copy()
    step, held = _cascade(on, ordered[column].to_numpy(), counted, bound)
    return _told(on, step, held)


def owned_by_one(edges: pl.DataFrame, listed: pl.Series, bound: Bound) -> pl.DataFrame:
    """One row a company and which of the `listed` parties owns it alone: OWNED with `holder`, sorted by both.

    For rules that do not add up what several listed persons hold. All holders go down a link at a time, together, so
    that the links of everybody else are read once a depth, however many are listed.
    """
    mine = pl.DataFrame({"holder": listed.unique().sort()}).with_columns(party_id="holder", steps=pl.lit(0))
    held, fresh = pl.DataFrame(schema={"holder": pl.String, "party_id": pl.String, "aggregate": pl.Float64}), mine
    while len(fresh):
        parts = fresh.join(edges, left_on="party_id", right_on="owner").select(
            "holder", party_id="owned", aggregate="share"
        )
        held = pl.concat([held, parts]).group_by("holder", "party_id").agg(pl.col("aggregate").sort().sum())
        enough = held.filter(bound.reached(held["aggregate"].to_numpy())).select("holder", "party_id")
        steps = pl.lit(fresh["steps"][0] + 1)
        fresh = enough.join(mine, on=("holder", "party_id"), how="anti").with_columns(steps=steps)
        mine = pl.concat([mine, fresh])
    told = mine.filter(pl.col("steps") > 0).join(held, on=("holder", "party_id"))
    rounded = told.with_columns(pl.col("aggregate").clip(0, 1).round(9), pl.col("steps").cast(pl.Int64))
    return rounded.select("holder", *OWNED.names()).sort("party_id", "holder")


def _told(on: Graph, step: np.ndarray, held: np.ndarray) -> pl.DataFrame:
    found = np.flatnonzero(step)
    return (
        pl.DataFrame({"party_id": on.nodes.gather(found), "aggregate": held[found], "steps": step[found]})
        .with_columns(pl.col("aggregate").clip(0, 1).round(9), pl.col("steps").cast(pl.Int64))
        .select(OWNED.names())
        .sort("party_id")
    )


def _cascade(on: Graph, weights: np.ndarray, counted: np.ndarray, bound: Bound) -> tuple[np.ndarray, np.ndarray]:
    """In which step each party came to count (0: never, or listed itself), and what those who count hold of it."""
    matrix: csr_array = on.matrix(weights)
    held, step = np.zeros(on.size), np.zeros(on.size, dtype=np.int64)
    fresh, number = np.flatnonzero(counted), 0
    while len(fresh):
        number += 1
        rows = matrix[fresh]
        np.add.at(held, rows.indices, rows.data)
        touched = np.unique(rows.indices)
        fresh = touched[bound.reached(held[touched]) & ~counted[touched]]
        counted[fresh], step[fresh] = True, number
    return step, held
