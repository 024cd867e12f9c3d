"""One side of a corridor as arrays, with a bounded search for legs of a given worth in a given time."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

# Amounts sort inside a day bucket: 2**42 US cents is 43 billion dollars, above any single payment.
DAY_STRIDE = np.int64(1) << 42
DAY_HOURS = 24.0
AMOUNT_BINS = 40
# Half a natural logarithm a bin: wide enough to hold many ordinary payments, narrow against the spread of amounts.
BIN_WIDTH = 0.5


def expand(low: Ints, high: Ints) -> tuple[Ints, Ints]:
    """Turn half-open ranges into (range number, element) pairs, in order."""
    count = np.maximum(high - low, 0)
    owner = np.repeat(np.arange(count.size, dtype=np.int64), count)
    start = np.repeat(np.cumsum(count) - count, count)
    return owner, np.repeat(low, count) + np.arange(owner.size, dtype=np.int64) - start


@dataclass(frozen=True)
class Side:
    """Legs of one side, sorted by (day, worth), and their nodes.

    A leg: `node` who, `hour` when (hours), `cents` worth, `row` in the input, `mark` how much better it fits a broker
    than ordinary life (log of a likelihood ratio). A node: `cost` of naming it, in nats, `kind` of its payments, and
    the `holder` account that it stands for.
    """

    node: Ints
    hour: Floats
    cents: Ints
    row: Ints
    nodes: int
    key: Ints
    bin: Ints
    by_node: Ints
    pointer: Ints
    share: Floats
    mark: Floats
    cost: Floats
    kind: Ints
    holder: Ints


def build_side(
    node: Ints, hour: Floats, cents: Ints, row: Ints, mark: Floats, cost: Floats, kind: Ints, holder: Ints
) -> Side:
    """Index the legs of nodes with these costs, kinds and accounts."""
    nodes = cost.size
    key = np.floor(hour / DAY_HOURS).astype(np.int64) * DAY_STRIDE + cents
    order = np.lexsort((row, key))
    node, hour, cents, row, key, mark = node[order], hour[order], cents[order], row[order], key[order], mark[order]
    worth = np.log(np.maximum(cents, 100) / 100.0) / BIN_WIDTH
    bins = np.minimum(worth.astype(np.int64), AMOUNT_BINS - 1)
    by_node = np.lexsort((row, hour, node)).astype(np.int64)
    pointer = np.searchsorted(node[by_node], np.arange(nodes + 1)).astype(np.int64)
    share = np.zeros((nodes, AMOUNT_BINS))
    np.add.at(share, (node, bins), 1.0)
    share /= np.maximum(share.sum(axis=0), 1.0)
    return Side(node, hour, cents, row, nodes, key, bins, by_node, pointer, share, mark, cost, kind, holder)


def shifted(side: Side, hours: float, period: float) -> Side:
    """Move every leg by `hours` around a circle of `period` hours: amounts stay, true coincidences go."""
    return build_side(
        side.node, (side.hour + hours) % period, side.cents, side.row, side.mark, side.cost, side.kind, side.holder
    )


def lookup(side: Side, low: Floats, high: Floats, start: Floats, end: Floats, most: int) -> tuple[Ints, Ints]:
    """Pairs (query, leg) of legs worth `low..high` cents at `start..end` hours.

    A query whose day-and-worth ranges hold more than `most` legs is answered with none: amounts as common as that
    are no evidence, and leaving them out bounds the work to `most` a query.
    """
    if low.size == 0 or side.node.size == 0:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    first = np.floor(start / DAY_HOURS).astype(np.int64)
    days = int(np.ceil((end - start).max() / DAY_HOURS)) + 1
    base = (first[:, None] + np.arange(days)) * DAY_STRIDE
    left = np.searchsorted(side.key, base + np.maximum(low, 1.0).astype(np.int64)[:, None])
    right = np.searchsorted(side.key, base + np.maximum(high, 0.0).astype(np.int64)[:, None], side="right")
    common = np.maximum(right - left, 0).sum(axis=1) > most
    right[common] = left[common]
    flat, leg = expand(left.ravel().astype(np.int64), right.ravel().astype(np.int64))
    query = flat // days
    inside = (side.hour[leg] >= start[query]) & (side.hour[leg] <= end[query])
    return query[inside], leg[inside]
