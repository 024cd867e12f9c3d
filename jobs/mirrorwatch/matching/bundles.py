"""Split payments: every way in which a few legs of one ring can be the parts of one collection or payout."""

from dataclasses import dataclass

import numpy as np

from mirrorwatch.matching.side import Bools, Floats, Ints, Side, expand

# A part is looked for among the next six legs of the ring only, so that a busy ring costs at most 42 bundles a leg.
NEXT_LEGS = 6


@dataclass(frozen=True)
class Bundles:
    """Sets of legs: `ring`, `parts` (positions in `leg`, -1 = none), mean `hour` and `mark`, total `cents`, `span`."""

    ring: Ints
    parts: Ints
    hour: Floats
    cents: Floats
    count: Ints
    span: Floats
    mark: Floats
    leg: Ints


def legs_of(side: Side, ring: Ints, node: Ints) -> tuple[Ints, Ints]:
    """Legs of the members, sorted by (ring, hour): (ring, leg)."""
    owner, position = expand(side.pointer[node], side.pointer[node + 1])
    leg, of = side.by_node[position], ring[owner]
    order = np.lexsort((side.row[leg], side.hour[leg], of))
    return of[order], leg[order]


def bundle(side: Side, ring: Ints, leg: Ints, max_parts: int, span_hours: float) -> Bundles:
    """All bundles of up to `max_parts` legs of one ring within `span_hours`."""
    stretch = 1e6  # hours between rings on one line: far beyond any window
    hour, cents, mark = side.hour[leg], side.cents[leg], side.mark[leg]
    line = ring * stretch + hour
    end = np.searchsorted(line, line + span_hours, side="right").astype(np.int64)
    end = np.minimum(end, np.arange(leg.size) + 1 + NEXT_LEGS)
    current = np.arange(leg.size, dtype=np.int64)[:, None]
    levels = [(current, hour, cents, mark)]
    for _ in range(1, max_parts):
        owner, following = expand(current[:, -1] + 1, end[current[:, 0]])
        current = np.concatenate([current[owner], following[:, None]], axis=1)
        _, hours, worth, marks = levels[-1]
        sums = hours[owner] + hour[following], worth[owner] + cents[following], marks[owner] + mark[following]
        levels.append((current, *sums))
    parts = np.full((sum(level.shape[0] for level, *_ in levels), max_parts), -1, np.int64)
    row = 0
    summary = []
    for level, hours, worth, marks in levels:
        size, width = level.shape
        parts[row : row + size, :width] = level
        row += size
        span = hour[level[:, -1]] - hour[level[:, 0]]
        # The parts of one payment are marked alike: their mean counts once.
        summary.append((ring[level[:, 0]], hours / width, worth, span, width, marks / width))
    return Bundles(
        ring=np.concatenate([s[0] for s in summary]),
        parts=parts,
        hour=np.concatenate([s[1] for s in summary]),
        cents=np.concatenate([s[2] for s in summary]).astype(np.float64),
        count=np.concatenate([np.full(s[0].size, s[4], np.int64) for s in summary]),
        span=np.concatenate([s[3] for s in summary]),
        mark=np.concatenate([s[5] for s in summary]),
        leg=leg,
    )


def untouched(bundles: Bundles, used: Bools) -> Bools:
    """Which bundles hold no used leg; `used` has one more entry than legs, false, for the missing parts."""
    return np.asarray(~used[bundles.parts].any(axis=1))


def same_worth(collected: Bundles, paid: Bundles, low: float, high: float) -> tuple[Ints, Ints]:
    """Pairs of bundles of one ring whose payout is `low..high` times the collection, at any time."""
    stride = np.int64(1) << 46
    key = paid.ring * stride + paid.cents.astype(np.int64)
    order = np.argsort(key, kind="stable")
    base = collected.ring * stride
    left = np.searchsorted(key[order], base + (collected.cents * low).astype(np.int64))
    right = np.searchsorted(key[order], base + (collected.cents * high).astype(np.int64), side="right")
    owner, position = expand(left.astype(np.int64), right.astype(np.int64))
    return owner, order[position].astype(np.int64)


def disjoint(collected: Bundles, paid: Bundles, left: Ints, right: Ints, weight: Floats) -> tuple[Ints, Bools, Bools]:
    """Choose pairs so that each leg serves once; returns (chosen, used left legs, used right legs).

    Heaviest for the root of its legs first (Lehmann, O'Callaghan and Shoham 2002): by weight alone two swaps are taken
    for one of twice the parts, by weight a leg every swap in parts falls to chance matches of single legs.
    """
    worth = weight / np.sqrt(collected.count[left] + paid.count[right])
    used_left = np.zeros(collected.leg.size + 1, bool)
    used_right = np.zeros(paid.leg.size + 1, bool)
    rank = np.empty(left.size, np.int64)
    rank[np.lexsort((right, left, -collected.cents[left], -worth))] = np.arange(left.size)
    alive, chosen = np.arange(left.size, dtype=np.int64), []
    while alive.size:
        best_left = _best(collected.parts[left[alive]], rank[alive], collected.leg.size)
        best_right = _best(paid.parts[right[alive]], rank[alive], paid.leg.size)
        wins = _wins(collected.parts[left[alive]], rank[alive], best_left)
        wins &= _wins(paid.parts[right[alive]], rank[alive], best_right)
        taken = alive[wins]
        chosen.append(taken)
        used_left[collected.parts[left[taken]]] = True
        used_right[paid.parts[right[taken]]] = True
        used_left[-1] = used_right[-1] = False
        alive = alive[~wins]
        clash = used_left[collected.parts[left[alive]]].any(axis=1) | used_right[paid.parts[right[alive]]].any(axis=1)
        alive = alive[~clash]
    return (np.concatenate(chosen) if chosen else np.zeros(0, np.int64)), used_left, used_right


def _best(parts: Ints, rank: Ints, legs: int) -> Ints:
    best = np.full(legs + 1, np.iinfo(np.int64).max)
    for column in parts.T:
        np.minimum.at(best, column, rank)
    return best


def _wins(parts: Ints, rank: Ints, best: Ints) -> Bools:
    return np.asarray(((parts < 0) | (best[parts] == rank[:, None])).all(axis=1))
