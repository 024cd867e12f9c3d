"""The search for rings: seed pairs of accounts, then a beam that adds the accounts that explain most."""

from collections import Counter
from dataclasses import dataclass

import numpy as np

from mirrorwatch.matching.bundles import Bundles
from mirrorwatch.matching.corridor import Corridor
from mirrorwatch.matching.evidence import Members, Rings, weigh
from mirrorwatch.matching.growing import grow, place_in_group
from mirrorwatch.matching.seeding import Effort, seed_pairs
from mirrorwatch.matching.side import Floats, Ints, Side

# An account is named only if the ring's evidence falls without it by its cost and by this much more, forty to one: the
# price of keeping out strangers who match the ring here and there. Its other kind of payment names nobody further.
MEMBER_PRICE = 3.7
# And only if this share of its payments of that kind is part of the ring's swaps, or so many that it does not matter:
# who pays all the world matches anyone now and then.
LEAST_SHARE = 0.2
# Nobody is named for one coincidence.
LEAST_SWAPS = 2
ENOUGH_SWAPS = 5
MOST_PRUNED = 60
MOST_SMALL = 4
# Smaller rings inside a ring stand for it when they hold this much of its evidence: what is left is chance.
MOST_OF_A_RING = 0.85


@dataclass(frozen=True)
class Ring:
    """A ring that survived the search, with its score in nats."""

    collectors: Members
    payers: Members
    score: float

    @property
    def members(self) -> tuple[Members, Members]:
        """Collectors and payers."""
        return self.collectors, self.payers


def search(corridor: Corridor, effort: Effort) -> list[Ring]:
    """Rings of this corridor, best first; none shares accounts on both sides with a better one."""
    rings = seed_pairs(corridor, effort)
    root = np.arange(rings.size)
    pool: dict[tuple[Members, Members], float] = {}
    if rings.size:
        pool.update(zip(rings.members(), weigh(corridor, rings).score.tolist(), strict=True))
    for width in effort.widths:
        if not rings.size:
            break
        grown, roots = grow(corridor, rings, root, effort)
        if not grown.size:
            break
        score = weigh(corridor, grown).score
        keep = _niche(score, roots, width, effort.per_seed)
        rings = Rings([grown.collectors[i] for i in keep], [grown.payers[i] for i in keep])
        root = roots[keep]
        pool.update(zip(rings.members(), score[keep].tolist(), strict=True))
    return _distinct(_unmerged(corridor, _devoted(corridor, _prune(corridor, pool))))


def _niche(score: Floats, root: Ints, width: int, per_seed: int) -> Ints:
    """Keep the best `width` by score, at most `per_seed` from one seed: one strong ring must not crowd out others."""
    order = np.lexsort((np.arange(score.size), -score))
    by_root = order[np.argsort(root[order], kind="stable")]
    kept = by_root[place_in_group(root[by_root]) < per_seed]
    return kept[np.lexsort((kept, -score[kept]))][:width]


def _prune(corridor: Corridor, pool: dict[tuple[Members, Members], float]) -> list[Ring]:
    """Drop members, the weakest first, that do not carry the evidence it takes to single them out among all nodes."""
    best_first = sorted(pool.items(), key=lambda item: (-item[1], item[0]))
    # The best small ones too: several easy rings in one corridor grow into one that crowds out each of them.
    small = [item for item in best_first if sum(map(len, item[0])) <= MOST_SMALL]
    ranked = list(dict.fromkeys(best_first[:MOST_PRUNED] + small[:MOST_PRUNED]))
    rings = [Ring(members[0], members[1], score) for members, score in ranked]
    settled: list[Ring] = []
    known = dict(pool)  # rings of one pool are much alike: what they shrink to is weighed once
    while rings:
        trials = [(i, *smaller) for i, ring in enumerate(rings) for smaller in _smaller(corridor, ring)]
        fresh = list(dict.fromkeys((left, right) for _, left, right, _ in trials if (left, right) not in known))
        known.update((ring.members, ring.score) for ring in _scored(corridor, fresh))
        weakest: dict[int, tuple[float, Ring]] = {}
        for i, left, right, gone in trials:
            score = known[left, right]
            short = rings[i].score - score - gone * MEMBER_PRICE
            if short < 0 and (i not in weakest or short < weakest[i][0]):
                weakest[i] = (short, Ring(left, right, score))
        settled += [ring for i, ring in enumerate(rings) if i not in weakest]
        rings = list(dict.fromkeys(ring for _, ring in weakest.values()))
    return list(dict.fromkeys(settled))


def _devoted(corridor: Corridor, rings: list[Ring]) -> list[Ring]:
    """Leave out members most of whose payments are no part of the ring's swaps."""
    if not rings:
        return []
    batch = Rings([ring.collectors for ring in rings], [ring.payers for ring in rings])
    evidence = weigh(corridor, batch)
    collectors = _devoted_members(batch.collectors, corridor.collecting, evidence.collected, evidence.left)
    payers = _devoted_members(batch.payers, corridor.paying, evidence.paid, evidence.right)
    kept = list(dict.fromkeys((left, right) for left, right in zip(collectors, payers, strict=True) if left and right))
    return _scored(corridor, kept)


def _scored(corridor: Corridor, members: list[tuple[Members, Members]]) -> list[Ring]:
    if not members:
        return []
    score = weigh(corridor, Rings([left for left, _ in members], [right for _, right in members])).score
    return [Ring(left, right, value) for (left, right), value in zip(members, score.tolist(), strict=True)]


def _unmerged(corridor: Corridor, rings: list[Ring]) -> list[Ring]:
    """Take apart a ring that is several: smaller ones inside it, with no account in common, hold its evidence."""
    best_first = _best_first(rings)
    kept, rest = [], []
    for ring in best_first:
        parts = _parts(ring, best_first)
        if sum(part.score for part in parts) < MOST_OF_A_RING * ring.score:
            kept.append(ring)
            continue
        left = tuple(n for n in ring.collectors if not any(n in part.collectors for part in parts))
        right = tuple(n for n in ring.payers if not any(n in part.payers for part in parts))
        if left and right:
            rest.append((left, right))
    return kept + _scored(corridor, list(dict.fromkeys(rest)))


def _parts(ring: Ring, rings: list[Ring]) -> list[Ring]:
    """Smaller rings inside a ring, best first, none with an account of a better one."""
    parts: list[Ring] = []
    for other in rings:
        inside = set(other.collectors) <= set(ring.collectors) and set(other.payers) <= set(ring.payers)
        apart = not any(_meet(other.collectors, p.collectors) or _meet(other.payers, p.payers) for p in parts)
        if inside and apart and other != ring and other.score > 0:
            parts.append(other)
    return parts


def _devoted_members(members: list[Members], side: Side, bundles: Bundles, chosen: Ints) -> list[Members]:
    parts = bundles.parts[chosen]
    swap, part = np.nonzero(parts >= 0)
    node, ring = side.node[bundles.leg[parts[swap, part]]], bundles.ring[chosen[swap]]
    used, counts = np.unique(ring * np.int64(side.nodes) + node, return_counts=True)
    legs = np.diff(side.pointer)[used % side.nodes]
    devoted = set(used[counts >= np.clip(LEAST_SHARE * legs, LEAST_SWAPS, ENOUGH_SWAPS)].tolist())
    return [tuple(n for n in nodes if ring * side.nodes + n in devoted) for ring, nodes in enumerate(members)]


def _smaller(corridor: Corridor, ring: Ring) -> list[tuple[Members, Members, int]]:
    """Leave out a member, or one of each side, and tell how many accounts are no longer named.

    Pairs are tried too: two strangers who match each other by chance hold each other in the ring.
    """
    left, right = ring.collectors, ring.payers
    fewer_left, fewer_right = _fewer(corridor.collecting, left), _fewer(corridor.paying, right)
    out = [(members, right, gone) for members, gone in fewer_left]
    out += [(left, members, gone) for members, gone in fewer_right]
    out += [(one, other, lost + gone) for one, lost in fewer_left for other, gone in fewer_right]
    return [(few_left, few_right, gone) for few_left, few_right, gone in out if few_left and few_right]


def _fewer(side: Side, members: Members) -> list[tuple[Members, int]]:
    """Leave out each member, and tell whether an account goes with it: it may work in another way besides."""
    holders = side.holder[list(members)].tolist()
    named = Counter(holders)
    return [(_without(members, gone), int(named[held] == 1)) for gone, held in zip(members, holders, strict=True)]


def _without(members: Members, gone: int) -> Members:
    return tuple(node for node in members if node != gone)


def _distinct(rings: list[Ring]) -> list[Ring]:
    """Best first; a ring that shares accounts on both sides with a better one is the same matter again."""
    kept: list[Ring] = []
    for ring in _best_first(rings):
        if not any(_meet(ring.collectors, k.collectors) and _meet(ring.payers, k.payers) for k in kept):
            kept.append(ring)
    return kept


def _best_first(rings: list[Ring]) -> list[Ring]:
    return sorted(rings, key=lambda ring: (-ring.score, ring.collectors, ring.payers))


def _meet(one: Members, other: Members) -> bool:
    return not set(one).isdisjoint(other)
