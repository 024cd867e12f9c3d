"""Accounts that share their counterparties: one scatters and another gathers, or many pay the same many.

Two accounts seldom have two rare counterparties in common by chance. How seldom follows from how many ties each has,
times what the same night shows that this reckoning misses: people of one town share a shop, a landlord and a school.
Everything is looked for in slices of time twice as long as a shape may last, each overlapping the next by half.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.special import gammaln

from mirrorwatch.shapes.chance import FLOOR, together
from mirrorwatch.shapes.graph import DAY, Bools, Floats, Graph, Hops, Ints


@dataclass(frozen=True)
class Block:
    """Payments of one shape with the layer each belongs to (0 first), and how many as good chance would make."""

    payments: tuple[int, ...]
    layers: tuple[int, ...]
    expected: float


def slices(money: Graph, span_days: float) -> Iterator[tuple[int, Graph]]:
    """Overlapping stretches of two spans each, every span lying wholly in one: (number of its first payment, graph)."""
    span = int(span_days * DAY)
    start, last = (int(money.at[0]), int(money.at[-1])) if money.size else (0, -1)
    while start <= last:
        first, stop = np.searchsorted(money.at, [start, start + 2 * span])
        days = min(2 * span_days, money.days)
        yield int(first), money.part(int(first), int(stop), days)
        if start + 2 * span > last:
            return
        start += span


def hubs(money: Graph, most: int) -> Bools:
    """Accounts with more than `most` loose payers, or payees, in the slice: marketplaces, employers, shops."""
    return (money.paid > most) | (money.received > most)


@dataclass(frozen=True)
class Common:
    """What pairs of accounts have in common: entries sorted by pair, with each pair's first entry and number."""

    entry: Ints  # which of the given
    pair: Ints
    first: Ints
    ways: Ints


def _common(left: Ints, right: Ints, through: Ints, size: int) -> Common:
    """Different `through` of each (left, right); of equal ones the first given stands."""
    key = left * size + right
    order = np.lexsort((through, key))
    fresh = np.ones(len(order), dtype=np.bool_)
    fresh[1:] = (key[order][1:] != key[order][:-1]) | (through[order][1:] != through[order][:-1])
    entry = order[fresh]
    _, first, pair, ways = np.unique(key[entry], return_index=True, return_inverse=True, return_counts=True)
    return Common(entry, pair, first, ways)


def _missed(seen: Floats, reckoned: Floats, kind: Ints, cluster: Ints | None = None) -> Floats:
    """How many times more often pairs of each kind share a further counterparty than was reckoned; once at least.

    A scheme must not make itself usual: pairs of one `cluster` (0 = none) are not counted for each other.
    """
    sums = [np.bincount(kind, each)[kind] for each in (seen, reckoned)]
    if cluster is not None:
        _, key = np.unique(cluster * (kind.max() + 1) + kind, return_inverse=True)
        sums = [total - np.where(cluster > 0, np.bincount(key, each)[key], 0.0)
                for total, each in zip(sums, (seen, reckoned), strict=True)]  # fmt: skip
    return np.asarray(np.maximum((sums[0] + 1.0) / (sums[1] + 1.0), 1.0))


def _busy(ties: Ints) -> Ints:
    """Kind of a pair by how many ties its two accounts have: the power of two."""
    return np.log2(np.maximum(ties, 1)).astype(np.int64)


def _log_near(log_weight: Floats, found: Common) -> Floats:
    """Logarithm of the probability that all of a pair's hops are as quick and as near in amount together.

    Counting on top of another probability, not by itself: the product of two has the share p (1 - log p) below p.
    """
    chance = np.maximum(together(np.add.reduceat(log_weight, found.first), 2 * found.ways), FLOOR)
    return np.asarray(np.minimum(np.log(chance) + np.log1p(-np.log(chance)), 0.0))


def scatter_gathers(money: Graph, hops: Hops, least: int, most: int, worth: float) -> list[Block]:
    """One account pays at least `least` others who all pay one more. Hubs (over `most` ties) are left out as ends."""
    hub = hubs(money, most)
    start, end = money.payer[hops.into], money.payee[hops.out]
    good = np.flatnonzero((start != end) & ~hub[start] & ~hub[end])
    # of several ways through one account the nearest in amount and time stands for it
    hops = hops.taken(good[np.argsort(hops.weight[good], kind="stable")])
    start, end = money.payer[hops.into], money.payee[hops.out]
    found = _common(start, end, money.payee[hops.into], money.accounts)
    if not len(found.ways):
        return []
    share = np.minimum(hops.likely, 1.0)[found.entry]
    ends = start[found.entry[found.first]], end[found.entry[found.first]]
    further = money.paid[ends[0]] * np.add.reduceat(share, found.first) / found.ways * money.received[ends[1]]
    further = np.asarray(further / money.size, dtype=np.float64)
    busy = _busy(money.paid[ends[0]] * money.received[ends[1]])
    further = further * _missed((found.ways - 1).astype(np.float64), further, busy)
    log_expected = np.log(len(found.ways)) + (found.ways - 1) * np.log(further) - gammaln(found.ways)
    log_expected = log_expected + _log_near(np.log(hops.waited * hops.nearness)[found.entry], found)
    blocks = []
    for number in np.flatnonzero((found.ways >= least) & (log_expected <= np.log(worth))):
        rows = found.entry[found.first[number] : found.first[number] + found.ways[number]]
        payments = (*hops.into[rows].tolist(), *hops.out[rows].tolist())
        layers = (0,) * len(rows) + (1,) * len(rows)
        blocks.append(Block(payments, layers, float(np.exp(log_expected[number]))))
    return blocks


def _sharing(money: Graph, span_days: float, next_most: int, most: int) -> tuple[Ints, Ints]:
    """Pairs of payments into one account, each with the next ones within the span, the lower-numbered payer first."""
    lane, hub = money.by_payee, hubs(money, most)
    left, right = [], []
    for step in range(1, min(next_most, money.size - 1) + 1):
        one, other = lane.order[:-step], lane.order[step:]
        same = (lane.account[:-step] == lane.account[step:]) & ~hub[lane.account[step:]]
        same &= money.at[other] - money.at[one] <= span_days * DAY
        left.append(one[same])
        right.append(other[same])
    if not left:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    one, other = np.concatenate(left), np.concatenate(right)
    kept = ~hub[money.payer[one]] & ~hub[money.payer[other]]
    swap = money.payer[one] > money.payer[other]
    return np.where(swap, other, one)[kept], np.where(swap, one, other)[kept]


def bipartites(money: Graph, span_days: float, next_most: int, most: int, worth: float) -> list[Block]:
    """At least two accounts that pay at least two others in common, within the span."""
    one, other = _sharing(money, span_days, next_most, most)
    found = _common(money.payer[one], money.payer[other], money.payee[one], money.accounts)
    if not len(found.ways):
        return []
    one, other = one[found.entry], other[found.entry]
    fewer = np.minimum(money.paid[money.payer[one]], money.paid[money.payer[other]])
    cost = fewer * money.received[money.payee[one]] / money.size
    same_payee = float((money.received.astype(np.float64) ** 2).sum()) / money.size**2
    ties = (money.paid[money.payer[one]] * money.paid[money.payer[other]])[found.first]
    # a block of many pairs counts once a pair, else a few schemes would make the next one usual
    seen, reckoned = (found.ways > 1).astype(np.float64), ties.astype(np.float64) * same_payee
    ends = money.payer[one][found.first], money.payer[other][found.first]
    cluster = _clusters(money, ends[0], ends[1], found.ways > 1, most)
    missed = _missed(seen, reckoned, _busy(ties), cluster)[found.pair]
    log_cost = np.log(np.minimum(cost * missed, 1.0))
    # the rarest counterparty in common is what brought the pair together; the others are the coincidence
    beyond = np.add.reduceat(log_cost, found.first) - np.minimum.reduceat(log_cost, found.first)
    close = ((found.ways > 1) & (beyond <= np.log(MOST_COINCIDENCE)))[found.pair]
    worst = np.ones(money.accounts)
    np.maximum.at(worst, money.payer[one], missed)
    return _blocks(money, one[close], other[close], span_days, len(found.ways), worst, most, worth)


def _clusters(money: Graph, left: Ints, right: Ints, joined: Bools, most: int) -> Ints:
    """Cluster of each pair: payers joined with each other, by number from 1; 0 where they are more than a block has."""
    ends = (np.ones(int(joined.sum()), dtype=np.int8), (left[joined], right[joined]))
    links = coo_array(ends, shape=(money.accounts, money.accounts)).tocsr()
    _, label = connected_components(links, directed=False)
    return np.where((np.bincount(label)[label] <= most)[left] & joined, label[left] + 1, 0)


# Pairs of payers that chance brings together more often than this are not joined: blocks would grow into towns.
MOST_COINCIDENCE = 0.05
# Share of all that its accounts do with strangers in that time, as the geometric mean of the payers' and the payees'.
# Firms of one trade share suppliers, but those are some of many.
LEAST_FOCUS = 0.45
# Payments over payers times payees: where not even half of all pay all, the accounts are a neighbourhood.
LEAST_DENSITY = 0.5


def _dense(money: Graph, payments: Ints, label: Ints, span_days: float, most: int) -> Ints:
    """Payments of blocks that are full, small and quick enough, and a main part of what their accounts do.

    That part is the geometric mean of the shares that a block has in its payers' and in its payees' loose ties.
    """
    size = np.bincount(label, minlength=money.accounts)
    counts, sums = [], []
    for side, ties in ((money.payer, money.paid), (money.payee, money.received)):
        ends = np.unique(label * money.accounts + side[payments])
        block = ends // money.accounts
        counts.append(np.bincount(block, minlength=money.accounts))
        sums.append(np.bincount(block, ties[ends % money.accounts], minlength=money.accounts))
    first, last = (np.full(money.accounts, each, np.int64) for each in (int(money.at[-1]), int(money.at[0])))
    np.minimum.at(first, label, money.at[payments])
    np.maximum.at(last, label, money.at[payments])
    good = (size >= LEAST_DENSITY * counts[0] * counts[1]) & (np.maximum(*counts) <= most)
    good &= size / np.maximum(np.sqrt(sums[0] * sums[1]), 1.0) >= LEAST_FOCUS
    good &= last - first <= span_days * DAY
    return payments[good[label]]


def _blocks(
    money: Graph, one: Ints, other: Ints, span_days: float, pairs: int, missed: Floats, most: int, worth: float
) -> list[Block]:
    """Join close payers to blocks; each further independent circle of payments in a block is a coincidence."""
    ends = (np.ones(len(one), dtype=np.int8), (money.payer[one], money.payer[other]))
    links = coo_array(ends, shape=(money.accounts, money.accounts)).tocsr()
    _, joined = connected_components(links, directed=False)
    label = joined.astype(np.int64)  # numbers of pairs of accounts pass 32 bits
    payments = np.flatnonzero(np.bincount(np.concatenate([one, other]), minlength=money.size))
    payments = _dense(money, payments, label[money.payer[payments]], span_days, most)
    order = payments[np.argsort(label[money.payer[payments]], kind="stable")]
    log_cost = np.log(
        np.minimum(money.paid[money.payer] * money.received[money.payee] * missed[money.payer] / money.size, 1.0)
    )
    blocks = []
    for rows in np.split(order, np.flatnonzero(np.diff(label[money.payer[order]])) + 1):
        if len(rows):
            circles = len(rows) - len(np.unique(money.payer[rows])) - len(np.unique(money.payee[rows])) + 1
            log_expected = np.log(pairs) + np.sort(log_cost[rows])[::-1][:circles].sum()
            if log_expected <= np.log(worth):
                blocks.append(Block(tuple(rows.tolist()), (0,) * len(rows), float(np.exp(log_expected))))
    return blocks


# A circle whose members are paid in turn, or a group that trades within itself, is on both sides; layers are not.
MOST_OUT_OF_PLACE = 0.3


def has_layers(money: Graph, block: Block) -> bool:
    """Whether accounts have one place each: hardly any pays in two layers, or is paid where it pays."""
    rows, layer = np.array(block.payments), np.array(block.layers)
    pays = {(int(one), int(at)) for one, at in zip(money.payer[rows], layer, strict=True)}
    paid = {(int(one), int(at) + 1) for one, at in zip(money.payee[rows], layer, strict=True)}
    places = Counter(account for account, _ in pays | paid)
    return sum(count > 1 for count in places.values()) <= MOST_OUT_OF_PLACE * len(places)
