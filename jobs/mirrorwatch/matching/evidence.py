"""How much the payments of a ring look like mirror swaps: a likelihood ratio against what the ring shows by chance."""

from dataclasses import dataclass

import numpy as np

from mirrorwatch.matching.bundles import Bundles, bundle, disjoint, legs_of, same_worth
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


@dataclass(frozen=True)
class Tolerance:
    """What counts as one swap: payout over collection, hours from collection to payout, span and number of parts."""

    fee_low: float
    fee_high: float
    lag_low_hours: float
    lag_high_hours: float
    span_hours: float
    max_parts: int
    window_hours: float
    expected_swaps: float


@dataclass(frozen=True)
class Rings:
    """A batch of rings; each is a sorted tuple of collecting nodes and one of paying nodes."""

    collectors: list[tuple[int, ...]]
    payers: list[tuple[int, ...]]

    @property
    def size(self) -> int:
        """Number of rings."""
        return len(self.collectors)


def flat(members: list[tuple[int, ...]]) -> tuple[Ints, Ints]:
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
KIND_PRIOR = ((PARTS_PRIOR[:, None] * _SPANS)[:, :, None] * np.full(WORTH_CLASSES, WORTH_PRIOR)).ravel()
KINDS = KIND_PRIOR.size
NODE_STRIDE = np.int64(1) << 32


def weigh(collecting: Side, paying: Side, rings: Rings, tied: Ints, tolerance: Tolerance) -> Evidence:
    """Score every ring: the sum over its disjoint swaps of ln(1 + expected/chance), less the cost of its members.

    `tied` holds the pairs of nodes (`pair_key`, sorted) between which a match is no evidence.
    """
    ring_c, node_c = flat(rings.collectors)
    ring_p, node_p = flat(rings.payers)
    span, parts = tolerance.span_hours, tolerance.max_parts
    collected = bundle(collecting, *legs_of(collecting, ring_c, node_c), parts, span)
    paid = bundle(paying, *legs_of(paying, ring_p, node_p), parts, span)
    middle = (tolerance.fee_low + tolerance.fee_high) / 2
    reach = (tolerance.fee_high - tolerance.fee_low) / 2 * WIDENING
    left, right = same_worth(collected, paid, 1 - middle - reach, 1 - middle + reach)
    kind = _kind(collected, paid, left, right)
    lag_share = (tolerance.lag_high_hours - tolerance.lag_low_hours) / tolerance.window_hours
    chance = np.bincount(kind, minlength=rings.size * KINDS) / WIDENING * lag_share
    close = np.flatnonzero(_within(collected, paid, left, right, tolerance))
    close = close[~_tied(collecting, paying, collected, paid, left[close], right[close], tied)]
    left, right, kind = left[close], right[close], kind[close]
    prior = KIND_PRIOR[kind % KINDS]
    weight = np.log1p(tolerance.expected_swaps * prior / (chance[kind] + RATE_FLOOR * prior))
    chosen, used_c, used_p = disjoint(collected, paid, left, right, weight)
    ring_of = collected.ring[left[chosen]]
    cost = np.bincount(ring_c, collecting.cost[node_c], rings.size) + np.bincount(
        ring_p, paying.cost[node_p], rings.size
    )
    return Evidence(
        score=np.bincount(ring_of, weight[chosen], rings.size) - cost,
        chance_swaps=chance.reshape(rings.size, KINDS).sum(axis=1),
        collected=collected,
        paid=paid,
        left=left[chosen],
        right=right[chosen],
        used_collected=used_c,
        used_paid=used_p,
    )


def _kind(collected: Bundles, paid: Bundles, left: Ints, right: Ints) -> Ints:
    """Give the number of the (ring, parts, span, worth) cell in which a pair of bundles is counted."""
    parts = (np.minimum(collected.count[left], 3) - 1) * 3 + np.minimum(paid.count[right], 3) - 1
    wide = (np.maximum(collected.span[left], paid.span[right]) > SPLIT_HOURS).astype(np.int64)
    worth = np.digitize(collected.cents[left], WORTH_EDGES_CENTS)
    cell = (parts * SPAN_PRIOR.size + wide) * WORTH_CLASSES + worth
    return np.asarray(collected.ring[left] * KINDS + cell, dtype=np.int64)


def pair_key(collector: Ints, payer: Ints) -> Ints:
    """One number for a pair of nodes."""
    return collector * NODE_STRIDE + payer


def contains(sorted_values: Ints, values: Ints) -> Bools:
    """Which `values` stand in `sorted_values`."""
    if sorted_values.size == 0:
        return np.zeros(values.shape, bool)
    place = np.minimum(np.searchsorted(sorted_values, values), sorted_values.size - 1)
    return np.asarray(sorted_values[place] == values)


def _tied(
    collecting: Side, paying: Side, collected: Bundles, paid: Bundles, left: Ints, right: Ints, tied: Ints
) -> Bools:
    """Which bundle pairs have a part on either side whose accounts are tied."""
    found = np.zeros(left.size, bool)
    if tied.size == 0:
        return found
    nodes_c = np.append(collecting.node[collected.leg], -1)[collected.parts[left]]
    nodes_p = np.append(paying.node[paid.leg], -1)[paid.parts[right]]
    for collector in nodes_c.T:
        for payer in nodes_p.T:
            found |= (collector >= 0) & (payer >= 0) & contains(tied, pair_key(collector, payer))
    return found


def _within(collected: Bundles, paid: Bundles, left: Ints, right: Ints, tolerance: Tolerance) -> Bools:
    ratio = paid.cents[right] / collected.cents[left]
    lag = paid.hour[right] - collected.hour[left]
    return np.asarray(
        (ratio >= 1 - tolerance.fee_high)
        & (ratio <= 1 - tolerance.fee_low)
        & (lag >= tolerance.lag_low_hours)
        & (lag <= tolerance.lag_high_hours)
    )
