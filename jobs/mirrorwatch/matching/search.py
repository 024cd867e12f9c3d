"""The search for rings: seed pairs of accounts, then a beam that adds the accounts that explain most."""

from dataclasses import dataclass

import numpy as np
from scipy.special import gammainc

from mirrorwatch.matching.bundles import Bundles, untouched
from mirrorwatch.matching.evidence import NODE_STRIDE, Evidence, Rings, Tolerance, contains, pair_key, weigh
from mirrorwatch.matching.side import AMOUNT_BINS, Bools, Floats, Ints, Side, expand, lookup

Members = tuple[int, ...]
MOST_PARTS_KINDS = 4
# A member is named only if the ring's evidence falls without it by what singling it out costs: PRICE_SLOPE times its
# cost (about the logarithm of how many are like it) and a price for the choice of side and kind. A low price keeps
# rings whole whose evidence is spread thin over many accounts, a high one keeps strangers out of a strong pair; both
# are tried, each against its own null.
PRICES = (3.0, 4.5)
PRICE_SLOPE = 1.6
MOST_PRUNED = 60


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


@dataclass(frozen=True)
class Ring:
    """A ring that survived the search, with its score in nats."""

    collectors: Members
    payers: Members
    score: float
    price: float

    def same_matter(self, other: "Ring") -> bool:
        """Whether both rings name a common account on either side."""
        shares_collector = not set(self.collectors).isdisjoint(other.collectors)
        return shares_collector and not set(self.payers).isdisjoint(other.payers)


def seed_pairs(collecting: Side, paying: Side, tied: Ints, tolerance: Tolerance, effort: Effort) -> Rings:
    """Pairs of nodes with more one-to-one matches than their activity explains, best first, at most `seeds`."""
    cents = collecting.cents.astype(np.float64)
    low, high = cents * (1 - tolerance.fee_high), cents * (1 - tolerance.fee_low)
    start, end = collecting.hour + tolerance.lag_low_hours, collecting.hour + tolerance.lag_high_hours
    most = max(1, min(effort.most_hits, effort.max_pairs // max(1, collecting.node.size)))
    query, leg = lookup(paying, low, high, start, end, most)
    pair = pair_key(collecting.node[query], paying.node[leg])
    allowed = ~contains(tied, pair)
    query, leg, pair = query[allowed], leg[allowed], pair[allowed]
    pairs, hits = _distinct_hits(pair, query, leg)
    left, right = pairs // NODE_STRIDE, pairs % NODE_STRIDE
    by_bin = np.zeros((collecting.nodes, AMOUNT_BINS))
    np.add.at(by_bin, (collecting.node[query], paying.bin[leg]), 1.0)
    expected = np.einsum("ij,ij->i", by_bin[left], paying.share[right])
    # 0.01: a pair with nothing expected is not impossible
    surprise = -np.log(np.maximum(gammainc(np.maximum(hits, 1), expected + 0.01), 1e-300))
    best = np.lexsort((pairs, -(surprise - collecting.cost[left] - paying.cost[right])))[: effort.seeds]
    return Rings([(int(n),) for n in left[best]], [(int(n),) for n in right[best]])


def _distinct_hits(pair: Ints, query: Ints, leg: Ints) -> tuple[Ints, Ints]:
    """Count the matches of each pair when every leg of either side serves once at most."""
    counts = []
    pairs = np.unique(pair)
    for column in (query, leg):
        order = np.lexsort((column, pair))
        first = _first_of_run(pair[order], column[order])
        counts.append(np.bincount(np.searchsorted(pairs, pair[order][first]), minlength=pairs.size))
    return pairs, np.minimum(*counts)


def _first_of_run(one: Ints, other: Ints) -> Bools:
    """Mark the first of each run of equal pairs in two columns that are sorted together."""
    first = np.ones(one.size, bool)
    first[1:] = (np.diff(one) != 0) | (np.diff(other) != 0)
    return first


def _place_in_group(group: Ints) -> Ints:
    """Count each group of a sorted column from zero."""
    return np.asarray(np.arange(group.size) - np.searchsorted(group, group))


def search(collecting: Side, paying: Side, tied: Ints, tolerance: Tolerance, effort: Effort) -> list[Ring]:
    """Rings of this corridor for each of PRICES, best first, none the same matter as a better one of its price."""
    rings = seed_pairs(collecting, paying, tied, tolerance, effort)
    root = np.arange(rings.size)
    pool: dict[tuple[Members, Members], float] = {}
    if rings.size:
        first = weigh(collecting, paying, rings, tied, tolerance)
        pool.update(zip(zip(rings.collectors, rings.payers, strict=True), first.score.tolist(), strict=True))
    for width in effort.widths:
        if not rings.size:
            break
        grown, roots = _grow(collecting, paying, rings, root, tied, tolerance, effort)
        if not grown.size:
            break
        score = weigh(collecting, paying, grown, tied, tolerance).score
        keep = _niche(score, roots, width, effort.per_seed)
        rings = Rings([grown.collectors[i] for i in keep], [grown.payers[i] for i in keep])
        root = roots[keep]
        pool.update(zip(zip(rings.collectors, rings.payers, strict=True), score[keep].tolist(), strict=True))
    return [ring for price in PRICES for ring in _distinct(_prune(collecting, paying, pool, tied, tolerance, price))]


def _niche(score: Floats, root: Ints, width: int, per_seed: int) -> Ints:
    """Keep the best `width` by score, at most `per_seed` from one seed: one strong ring must not crowd out others."""
    order = np.lexsort((np.arange(score.size), -score))
    by_root = order[np.argsort(root[order], kind="stable")]
    kept = by_root[_place_in_group(root[by_root]) < per_seed]
    return kept[np.lexsort((kept, -score[kept]))][:width]


def _grow(
    collecting: Side, paying: Side, rings: Rings, root: Ints, tied: Ints, tolerance: Tolerance, effort: Effort
) -> tuple[Rings, Ints]:
    """Every ring with one of its most promising further members."""
    evidence = weigh(collecting, paying, rings, tied, tolerance)
    grown: dict[tuple[Members, Members], int] = {}
    for adds_payer in (False, True):
        for ring, node in zip(
            *_promising(collecting, paying, rings, evidence, tolerance, effort, adds_payer=adds_payer), strict=True
        ):
            left, right = rings.collectors[ring], rings.payers[ring]
            if adds_payer:
                right = tuple(sorted((*right, node)))
            else:
                left = tuple(sorted((*left, node)))
            if max(len(left), len(right)) <= effort.max_side:
                grown.setdefault((left, right), int(root[ring]))
    return Rings([k[0] for k in grown], [k[1] for k in grown]), np.fromiter(grown.values(), np.int64, len(grown))


def _promising(
    collecting: Side,
    paying: Side,
    rings: Rings,
    evidence: Evidence,
    tolerance: Tolerance,
    effort: Effort,
    *,
    adds_payer: bool,
) -> tuple[list[int], list[int]]:
    """Rank nodes by how much of what the ring leaves unmatched they complete: (ring, node), `branches` a ring."""
    target = paying if adds_payer else collecting
    ring, leg, kind = _completing_legs(evidence, tolerance, target, effort, adds_payer=adds_payer)
    members = rings.payers if adds_payer else rings.collectors
    node = target.node[leg]
    seen = np.zeros((rings.size * MOST_PARTS_KINDS, AMOUNT_BINS))
    np.add.at(seen, (ring * MOST_PARTS_KINDS + kind, target.bin[leg]), 1.0)
    cell, hits = np.unique((ring * np.int64(target.nodes) + node) * MOST_PARTS_KINDS + kind, return_counts=True)
    cell_ring = cell // MOST_PARTS_KINDS // target.nodes
    cell_node = cell // MOST_PARTS_KINDS % target.nodes
    seen_rows = seen[cell_ring * MOST_PARTS_KINDS + cell % MOST_PARTS_KINDS]
    expected = np.einsum("ij,ij->i", seen_rows, target.share[cell_node])
    gain = hits * np.log1p(1.0 / np.maximum(expected, 0.003))  # 0.003: one leg in a sparse bin is no certainty
    place, inverse = np.unique(cell // MOST_PARTS_KINDS, return_inverse=True)
    total = np.bincount(inverse, gain, place.size) - target.cost[place % target.nodes]
    taken = np.fromiter((r * target.nodes + n for r, m in enumerate(members) for n in m), np.int64)
    fresh = ~np.isin(place, taken)
    place, total = place[fresh], total[fresh]
    order = np.lexsort((place, -total, place // target.nodes))
    top = order[_place_in_group(place[order] // target.nodes) < effort.branches]
    return (place[top] // target.nodes).tolist(), (place[top] % target.nodes).tolist()


def _completing_legs(
    evidence: Evidence, tolerance: Tolerance, target: Side, effort: Effort, *, adds_payer: bool
) -> tuple[Ints, Ints, Ints]:
    """Single legs outside the ring that, alone or with free legs inside, complete an unmatched bundle."""
    own, other = (evidence.paid, evidence.collected) if adds_payer else (evidence.collected, evidence.paid)
    used_own, used_other = (
        (evidence.used_paid, evidence.used_collected) if adds_payer else (evidence.used_collected, evidence.used_paid)
    )
    free = np.flatnonzero(untouched(other, used_other))
    ring, hour, cents = other.ring[free], other.hour[free], other.cents[free]
    if adds_payer:
        low, high = cents * (1 - tolerance.fee_high), cents * (1 - tolerance.fee_low)
        start, end = hour + tolerance.lag_low_hours, hour + tolerance.lag_high_hours
    else:
        low, high = cents / (1 - tolerance.fee_low), cents / (1 - tolerance.fee_high)
        start, end = hour - tolerance.lag_high_hours, hour - tolerance.lag_low_hours
    query, rest, rest_parts, rest_hour = _partial(own, untouched(own, used_own), ring, low, start, end, tolerance)
    keep = other.count[free][query] + rest_parts <= MOST_PARTS_KINDS
    query, rest, rest_parts, rest_hour = query[keep], rest[keep], rest_parts[keep], rest_hour[keep]
    asked = np.concatenate([np.arange(free.size, dtype=np.int64), query])
    residue = np.concatenate([np.zeros(free.size), rest])
    begin = np.concatenate([start, np.maximum(start[query], rest_hour - tolerance.span_hours)])
    until = np.concatenate([end, np.minimum(end[query], rest_hour + tolerance.span_hours)])
    parts = np.concatenate([np.zeros(free.size, np.int64), rest_parts])
    hit, leg = lookup(target, low[asked] - residue, high[asked] - residue, begin, until, effort.most_hits)
    where = asked[hit]
    kind = np.minimum(other.count[free][where] - 1 + parts[hit], MOST_PARTS_KINDS - 1)
    return _simplest(ring[where], leg, kind)


def _simplest(ring: Ints, leg: Ints, kind: Ints) -> tuple[Ints, Ints, Ints]:
    """Each leg once a ring, in its simplest role."""
    order = np.lexsort((kind, leg, ring))
    ring, leg, kind = ring[order], leg[order], kind[order]
    first = _first_of_run(ring, leg)
    return ring[first], leg[first], kind[first]


def _partial(
    own: Bundles, free: Bools, ring: Ints, low: Floats, start: Floats, end: Floats, tolerance: Tolerance
) -> tuple[Ints, Floats, Ints, Floats]:
    """Free bundles of the ring's own side (one or two parts) that could be the rest of a split payment."""
    small = np.flatnonzero(free & (own.count <= min(2, tolerance.max_parts - 1)))
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


def _prune(
    collecting: Side,
    paying: Side,
    pool: dict[tuple[Members, Members], float],
    tied: Ints,
    tolerance: Tolerance,
    price: float,
) -> list[Ring]:
    """Drop members, the weakest first, that do not carry the evidence it takes to single them out among all nodes."""
    ranked = sorted(pool.items(), key=lambda item: (-item[1], item[0]))[:MOST_PRUNED]
    rings = [Ring(members[0], members[1], score, price) for members, score in ranked]
    settled: list[Ring] = []
    while rings:
        trials = [(i, *smaller) for i, ring in enumerate(rings) for smaller in _smaller(ring, collecting, paying)]
        weakest: dict[int, tuple[float, Ring]] = {}
        if trials:
            scores = weigh(
                collecting, paying, Rings([t[1] for t in trials], [t[2] for t in trials]), tied, tolerance
            ).score
            for (i, left, right, margin), score in zip(trials, scores.tolist(), strict=True):
                short = rings[i].score - score - margin
                if short < 0 and (i not in weakest or short < weakest[i][0]):
                    weakest[i] = (short, Ring(left, right, score, price))
        settled += [ring for i, ring in enumerate(rings) if i not in weakest]
        rings = list(dict.fromkeys(ring for _, ring in weakest.values()))
    return list(dict.fromkeys(settled))


def _smaller(ring: Ring, collecting: Side, paying: Side) -> list[tuple[Members, Members, float]]:
    """Leave out a member, or one of each side, and tell the nats they must be worth beyond their cost.

    Pairs are tried too: two strangers who match each other by chance hold each other in the ring.
    """
    left, right = ring.collectors, ring.payers
    fewer_left = [
        (_without(left, gone), ring.price + (PRICE_SLOPE - 1) * float(collecting.cost[gone])) for gone in left
    ]
    fewer_right = [(_without(right, gone), ring.price + (PRICE_SLOPE - 1) * float(paying.cost[gone])) for gone in right]
    out = [(members, right, price) for members, price in fewer_left if members]
    out += [(left, members, price) for members, price in fewer_right if members]
    out += [(ml, mr, pl + pr) for ml, pl in fewer_left for mr, pr in fewer_right if ml and mr]
    return out


def _without(members: Members, gone: int) -> Members:
    return tuple(node for node in members if node != gone)


def _distinct(rings: list[Ring]) -> list[Ring]:
    """Best first; a ring that shares accounts on both sides with a better one is the same matter again."""
    kept: list[Ring] = []
    for ring in sorted(rings, key=lambda r: (-r.score, r.collectors, r.payers)):
        if not any(ring.same_matter(better) for better in kept):
            kept.append(ring)
    return kept
