"""Where a search starts: pairs of accounts with more one-to-one matches than their activity explains."""

from dataclasses import dataclass

import numpy as np

from mirrorwatch.matching.corridor import NODE_STRIDE, Corridor, contains, pair_key
from mirrorwatch.matching.evidence import Rings
from mirrorwatch.matching.side import AMOUNT_BINS, Bools, Floats, Ints, lookup

# A pair with nothing expected is not impossible.
LEAST_EXPECTED = 0.05


@dataclass(frozen=True)
class Effort:
    """Bounds of the search: they cap the work a corridor can cost whatever its amounts look like."""

    seeds: int
    widths: tuple[int, ...]
    branches: int
    per_seed: int
    max_side: int
    most_hits: int
    max_pairs: int


def seed_pairs(corridor: Corridor, effort: Effort) -> Rings:
    """Pairs of nodes with the most surprising one-to-one matches, less what naming them costs; at most `seeds`."""
    collecting, paying, tolerance = corridor.collecting, corridor.paying, corridor.tolerance
    cents = collecting.cents.astype(np.float64)
    low, high = cents * (1 - tolerance.fee.high), cents * (1 - tolerance.fee.low)
    start, end = collecting.hour + tolerance.lag_hours.low, collecting.hour + tolerance.lag_hours.high
    most = max(1, min(effort.most_hits, effort.max_pairs // max(1, collecting.node.size)))
    query, leg = lookup(paying, low, high, start, end, most)
    pair = pair_key(collecting.node[query], paying.node[leg])
    allowed = ~contains(corridor.tied, pair)
    query, leg, pair = query[allowed], leg[allowed], pair[allowed]
    pairs, place = np.unique(pair, return_inverse=True)
    left, right = pairs // NODE_STRIDE, pairs % NODE_STRIDE
    by_bin = np.zeros((collecting.nodes, AMOUNT_BINS))
    np.add.at(by_bin, (collecting.node[query], paying.bin[leg]), 1.0)
    expected = np.einsum("ij,ij->i", by_bin[left], paying.share[right])
    weight = np.log1p(np.exp(collecting.mark[query] + paying.mark[leg]) / (expected[place] + LEAST_EXPECTED))
    surprise = np.minimum(*(_serving_once(pairs.size, place, column, weight) for column in (query, leg)))
    best = np.lexsort((pairs, -(surprise - collecting.cost[left] - paying.cost[right])))[: effort.seeds]
    return Rings([(int(n),) for n in left[best]], [(int(n),) for n in right[best]])


def _serving_once(pairs: int, pair: Ints, leg: Ints, weight: Floats) -> Floats:
    """Sum the weight of each pair's matches, of each leg the heaviest only."""
    order = np.lexsort((-weight, leg, pair))
    first = first_of_run(pair[order], leg[order])
    return np.asarray(np.bincount(pair[order][first], weight[order][first], minlength=pairs), np.float64)


def first_of_run(one: Ints, other: Ints) -> Bools:
    """Mark the first of each run of equal pairs in two columns that are sorted together."""
    first = np.ones(one.size, bool)
    first[1:] = (np.diff(one) != 0) | (np.diff(other) != 0)
    return first
