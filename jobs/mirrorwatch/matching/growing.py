"""How a ring grows: by the accounts whose payments complete most of what it leaves unmatched."""

import numpy as np

from mirrorwatch.matching.bundles import Bundles, untouched
from mirrorwatch.matching.corridor import Corridor
from mirrorwatch.matching.evidence import Evidence, Members, Rings, weigh
from mirrorwatch.matching.seeding import Effort, first_of_run
from mirrorwatch.matching.side import AMOUNT_BINS, Bools, Floats, Ints, Side, expand, lookup

MOST_PARTS_KINDS = 4
# One leg in a sparse bin of amounts is no certainty.
LEAST_EXPECTED = 0.003


def grow(corridor: Corridor, rings: Rings, root: Ints, effort: Effort) -> tuple[Rings, Ints]:
    """Every ring with one of its most promising further members, and the seed that each comes from."""
    evidence = weigh(corridor, rings)
    grown: dict[tuple[Members, Members], int] = {}
    for adds_payer in (False, True):
        for ring, node in zip(*_promising(corridor, rings, evidence, effort, adds_payer=adds_payer), strict=True):
            left, right = rings.collectors[ring], rings.payers[ring]
            if adds_payer:
                right = tuple(sorted((*right, node)))
            else:
                left = tuple(sorted((*left, node)))
            if max(len(left), len(right)) <= effort.max_side:
                grown.setdefault((left, right), int(root[ring]))
    return Rings([k[0] for k in grown], [k[1] for k in grown]), np.fromiter(grown.values(), np.int64, len(grown))


def _promising(
    corridor: Corridor, rings: Rings, evidence: Evidence, effort: Effort, *, adds_payer: bool
) -> tuple[list[int], list[int]]:
    """Rank nodes by how much of what the ring leaves unmatched they complete: (ring, node), `branches` a ring."""
    target = corridor.paying if adds_payer else corridor.collecting
    ring, leg, kind, mark = _completing_legs(corridor, evidence, target, effort, adds_payer=adds_payer)
    members = rings.payers if adds_payer else rings.collectors
    node = target.node[leg]
    seen = np.zeros((rings.size * MOST_PARTS_KINDS, AMOUNT_BINS))
    np.add.at(seen, (ring * MOST_PARTS_KINDS + kind, target.bin[leg]), 1.0)
    cell, hit_in = np.unique((ring * np.int64(target.nodes) + node) * MOST_PARTS_KINDS + kind, return_inverse=True)
    cell_ring = cell // MOST_PARTS_KINDS // target.nodes
    cell_node = cell // MOST_PARTS_KINDS % target.nodes
    seen_rows = seen[cell_ring * MOST_PARTS_KINDS + cell % MOST_PARTS_KINDS]
    expected = np.einsum("ij,ij->i", seen_rows, target.share[cell_node])
    gain = np.bincount(hit_in, np.log1p(np.exp(mark) / np.maximum(expected[hit_in], LEAST_EXPECTED)), cell.size)
    place, inverse = np.unique(cell // MOST_PARTS_KINDS, return_inverse=True)
    total = np.bincount(inverse, gain, place.size) - target.cost[place % target.nodes]
    taken = np.fromiter((r * target.nodes + n for r, m in enumerate(members) for n in m), np.int64)
    fresh = ~np.isin(place, taken)
    place, total = place[fresh], total[fresh]
    order = np.lexsort((place, -total, place // target.nodes))
    top = order[place_in_group(place[order] // target.nodes) < effort.branches]
    return (place[top] // target.nodes).tolist(), (place[top] % target.nodes).tolist()


def _completing_legs(
    corridor: Corridor, evidence: Evidence, target: Side, effort: Effort, *, adds_payer: bool
) -> tuple[Ints, Ints, Ints, Floats]:
    """Single legs outside the ring that, alone or with free legs inside, complete an unmatched bundle."""
    fee, lag, span = corridor.tolerance.fee, corridor.tolerance.lag_hours, corridor.tolerance.span_hours
    own, other = (evidence.paid, evidence.collected) if adds_payer else (evidence.collected, evidence.paid)
    used_own, used_other = (
        (evidence.used_paid, evidence.used_collected) if adds_payer else (evidence.used_collected, evidence.used_paid)
    )
    free = np.flatnonzero(untouched(other, used_other))
    ring, hour, cents = other.ring[free], other.hour[free], other.cents[free]
    if adds_payer:
        low, high = cents * (1 - fee.high), cents * (1 - fee.low)
        start, end = hour + lag.low, hour + lag.high
    else:
        low, high = cents / (1 - fee.low), cents / (1 - fee.high)
        start, end = hour - lag.high, hour - lag.low
    most_parts = min(2, corridor.tolerance.max_parts - 1)
    query, rest, rest_parts, rest_hour = _partial(own, untouched(own, used_own), ring, low, start, end, most_parts)
    keep = other.count[free][query] + rest_parts <= MOST_PARTS_KINDS
    query, rest, rest_parts, rest_hour = query[keep], rest[keep], rest_parts[keep], rest_hour[keep]
    asked = np.concatenate([np.arange(free.size, dtype=np.int64), query])
    residue = np.concatenate([np.zeros(free.size), rest])
    begin = np.concatenate([start, np.maximum(start[query], rest_hour - span)])
    until = np.concatenate([end, np.minimum(end[query], rest_hour + span)])
    parts = np.concatenate([np.zeros(free.size, np.int64), rest_parts])
    hit, leg = lookup(target, low[asked] - residue, high[asked] - residue, begin, until, effort.most_hits)
    where = asked[hit]
    kind = np.minimum(other.count[free][where] - 1 + parts[hit], MOST_PARTS_KINDS - 1)
    return _simplest(ring[where], leg, kind, target.mark[leg] + other.mark[free][where])


def _simplest(ring: Ints, leg: Ints, kind: Ints, mark: Floats) -> tuple[Ints, Ints, Ints, Floats]:
    """Each leg once a ring, in its simplest role."""
    order = np.lexsort((-mark, kind, leg, ring))
    ring, leg, kind, mark = ring[order], leg[order], kind[order], mark[order]
    first = first_of_run(ring, leg)
    return ring[first], leg[first], kind[first], mark[first]


def _partial(
    own: Bundles, free: Bools, ring: Ints, low: Floats, start: Floats, end: Floats, most_parts: int
) -> tuple[Ints, Floats, Ints, Floats]:
    """Free bundles of the ring's own side (one or two parts) that could be the rest of a split payment."""
    small = np.flatnonzero(free & (own.count <= most_parts))
    stretch = 1e6
    order = small[np.argsort(own.ring[small] * stretch + own.hour[small], kind="stable")]
    line = own.ring[order] * stretch + own.hour[order]
    left = np.searchsorted(line, ring * stretch + start).astype(np.int64)
    right = np.searchsorted(line, ring * stretch + end, side="right").astype(np.int64)
    query, position = expand(left, right)
    held = order[position]
    # below 92 % of the whole: what is left must be a payment of its own, not a rounding
    fits = own.cents[held] < 0.92 * low[query]
    query, held = query[fits], held[fits]
    return query, own.cents[held], own.count[held], own.hour[held]


def place_in_group(group: Ints) -> Ints:
    """Count each group of a sorted column from zero."""
    return np.asarray(np.arange(group.size) - np.searchsorted(group, group))
