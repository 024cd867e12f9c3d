"""How much the payments of a ring look like mirror swaps: a likelihood ratio against what the ring shows by chance."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from mirrorwatch.matching.bundles import Bundles, bundle, disjoint, legs_of, same_worth
from mirrorwatch.matching.corridor import Corridor, contains, pair_key
from mirrorwatch.matching.side import Bools, Floats, Ints, Side

# The chance rate is read in a worth window this many times wider than a fee allows, and over all lags: a smooth
# estimate that a search cannot flatter by picking rings whose near misses happen to be few.
WIDENING = 4.0
# A third of a swap by chance, spread over the kinds of match, is added: a rate read as zero from a few legs is not
# zero.
RATE_FLOOR = 0.3
# How often a swap has one, two, three or more parts on the collecting and on the paying side, and whether parts come
# within SPLIT_HOURS of each other. No source gives figures; these are flat guesses. They weigh evidence, they do not
# gate it.
PARTS_PRIOR = np.outer([0.4, 0.35, 0.25], [0.5, 0.35, 0.15]).ravel()
SPAN_PRIOR = np.array([0.7, 0.3])
SPLIT_HOURS = 6.0
# Chance is counted apart in classes of worth: cover activity crowds the small amounts, so a match among the large
# ones is the rarer. Edges are a factor of about four and a half apart. No source says which worth brokers prefer.
WORTH_EDGES_CENTS = (180_000.0, 800_000.0, 3_600_000.0)
WORTH_PRIOR = 1 / 3
WORTH_CLASSES = len(WORTH_EDGES_CENTS) + 1
# A broker keeps to his ways: what kinds of swap a ring makes is learnt from its own swaps, against the flat guesses
# above held as this many swaps.
GUESSED_SWAPS = 5.0
# A broker's collectors (or payers) mostly work in one way: cash, or cards, or accounts. Each further kind on one side
# costs this, about what choosing one account among seven does.
MIXED_COST = 2.0
SECOND_WAY_COST = 0.7  # an account's other kind of payment: one way of two

Members = tuple[int, ...]


@dataclass(frozen=True)
class Rings:
    """A batch of rings; each is a sorted tuple of collecting nodes and one of paying nodes."""

    collectors: list[Members]
    payers: list[Members]

    @property
    def size(self) -> int:
        """Number of rings."""
        return len(self.collectors)

    def members(self) -> Iterator[tuple[Members, Members]]:
        """Collectors and payers of each ring."""
        return zip(self.collectors, self.payers, strict=True)


def flat(members: list[Members]) -> tuple[Ints, Ints]:
    """(ring, node) arrays of the members."""
    counts = np.fromiter((len(m) for m in members), np.int64, len(members))
    nodes = np.fromiter((node for m in members for node in m), np.int64, int(counts.sum()))
    return np.repeat(np.arange(len(members), dtype=np.int64), counts), nodes


@dataclass(frozen=True)
class Evidence:
    """Scores of a batch in nats, and the swaps behind them (bundle pairs `left`, `right`)."""

    score: Floats
    chance_swaps: Floats
    collected: Bundles
    paid: Bundles
    left: Ints
    right: Ints
    used_collected: Bools
    used_paid: Bools


_SPANS = np.concatenate([[[1.0, 0.0]], np.repeat([SPAN_PRIOR], PARTS_PRIOR.size - 1, axis=0)])
SHAPE_PRIOR = (PARTS_PRIOR[:, None] * _SPANS).ravel()
KIND_PRIOR = (SHAPE_PRIOR[:, None] * np.full(WORTH_CLASSES, WORTH_PRIOR)).ravel()
KINDS = KIND_PRIOR.size


def weigh(corridor: Corridor, rings: Rings) -> Evidence:
    """Score every ring: the sum over its disjoint swaps of ln(1 + expected/chance), less the cost of its members."""
    tolerance = corridor.tolerance
    ring_c, node_c = flat(rings.collectors)
    ring_p, node_p = flat(rings.payers)
    span, parts = tolerance.span_hours, tolerance.max_parts
    collected = bundle(corridor.collecting, *legs_of(corridor.collecting, ring_c, node_c), parts, span)
    paid = bundle(corridor.paying, *legs_of(corridor.paying, ring_p, node_p), parts, span)
    middle, reach = (tolerance.fee.low + tolerance.fee.high) / 2, tolerance.fee.width / 2 * WIDENING
    left, right = same_worth(collected, paid, 1 - middle - reach, 1 - middle + reach)
    kind = _kind(collected, paid, left, right)
    lag_share = tolerance.lag_hours.width / tolerance.window_hours
    chance = np.bincount(kind, minlength=rings.size * KINDS) / WIDENING * lag_share
    fee, lag = 1 - paid.cents[right] / collected.cents[left], paid.hour[right] - collected.hour[left]
    close = np.flatnonzero(tolerance.fee.holds(fee) & tolerance.lag_hours.holds(lag))
    close = close[~_tied(corridor, collected, paid, left[close], right[close])]
    left, right, kind = left[close], right[close], kind[close]
    fit = tolerance.fee.density(fee[close]) * tolerance.lag_hours.density(lag[close])
    fit *= np.exp(collected.mark[left] + paid.mark[right])
    guess = KIND_PRIOR[kind % KINDS]
    fit *= tolerance.expected_swaps / (chance[kind] + RATE_FLOOR * guess)
    weight = np.log1p(guess * fit)
    chosen, used_c, used_p = disjoint(collected, paid, left, right, weight)
    weight = np.log1p(_learnt(kind, chosen, rings.size) * fit)
    chosen, used_c, used_p = disjoint(collected, paid, left, right, weight)
    cost = _cost(corridor.collecting, ring_c, node_c, rings.size) + _cost(corridor.paying, ring_p, node_p, rings.size)
    return Evidence(
        score=np.bincount(collected.ring[left[chosen]], weight[chosen], rings.size) - cost,
        chance_swaps=chance.reshape(rings.size, KINDS).sum(axis=1),
        collected=collected,
        paid=paid,
        left=left[chosen],
        right=right[chosen],
        used_collected=used_c,
        used_paid=used_p,
    )


def _learnt(kind: Ints, chosen: Ints, rings: int) -> Floats:
    """Give the share of each match's kind among the ring's swaps, its parts and its worth apart; itself not counted."""
    share = np.ones(kind.size)
    shapes = kind // WORTH_CLASSES, KIND_PRIOR.size // WORTH_CLASSES, SHAPE_PRIOR
    worths = kind // KINDS * WORTH_CLASSES + kind % WORTH_CLASSES, WORTH_CLASSES, np.full(WORTH_CLASSES, WORTH_PRIOR)
    for cell, cells, guess in (shapes, worths):
        held = np.bincount(cell[chosen], minlength=rings * cells).astype(np.float64)
        of_ring = held.reshape(rings, cells).sum(axis=1)
        own = np.zeros(kind.size)
        own[chosen] = 1.0
        among = np.maximum(of_ring[cell // cells] - own, 0.0)
        share *= (held[cell] - own + GUESSED_SWAPS * guess[cell % cells]) / (among + GUESSED_SWAPS)
    return share


def _cost(side: Side, ring: Ints, node: Ints, rings: int) -> Floats:
    """Give what it costs to name the members of each ring on one side, and to mix kinds of payment there.

    An account that works in two ways is named once.
    """
    holder = side.holder[node]
    order = np.lexsort((node, side.cost[node], holder, ring))
    ring, holder, node = ring[order], holder[order], node[order]
    again = np.zeros(ring.size, bool)
    again[1:] = (ring[1:] == ring[:-1]) & (holder[1:] == holder[:-1])
    seen = np.zeros((rings, int(side.kind.max(initial=0)) + 1), bool)
    seen[ring[~again], side.kind[node[~again]]] = True
    named = np.bincount(ring, np.where(again, SECOND_WAY_COST, side.cost[node]), rings)
    return np.asarray(named + MIXED_COST * (seen.sum(axis=1) - 1))


def _kind(collected: Bundles, paid: Bundles, left: Ints, right: Ints) -> Ints:
    """Give the number of the (ring, parts, span, worth) cell in which a pair of bundles is counted."""
    parts = (np.minimum(collected.count[left], 3) - 1) * 3 + np.minimum(paid.count[right], 3) - 1
    wide = (np.maximum(collected.span[left], paid.span[right]) > SPLIT_HOURS).astype(np.int64)
    worth = np.digitize(collected.cents[left], WORTH_EDGES_CENTS)
    cell = (parts * SPAN_PRIOR.size + wide) * WORTH_CLASSES + worth
    return np.asarray(collected.ring[left] * KINDS + cell, dtype=np.int64)


def _tied(corridor: Corridor, collected: Bundles, paid: Bundles, left: Ints, right: Ints) -> Bools:
    """Which bundle pairs have a part on either side whose accounts are tied."""
    found = np.zeros(left.size, bool)
    if corridor.tied.size == 0:
        return found
    nodes_c = np.append(corridor.collecting.node[collected.leg], -1)[collected.parts[left]]
    nodes_p = np.append(corridor.paying.node[paid.leg], -1)[paid.parts[right]]
    for collector in nodes_c.T:
        for payer in nodes_p.T:
            found |= (collector >= 0) & (payer >= 0) & contains(corridor.tied, pair_key(collector, payer))
    return found
