"""How unusual a crowd of strangers is that comes to one account, or is paid by it, within days.

Counted twice: strangers by whatever means, and strangers by one means (p2p, wire, cheque, ...), each against how often
accounts of that kind see such. A mule that is only ever paid by p2p stands out when wires come.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import gammainc

from mirrorwatch.shapes.chance import burst, together, usual
from mirrorwatch.shapes.custom import excused
from mirrorwatch.shapes.graph import DAY, Bools, Floats, Graph, Ints
from mirrorwatch.shapes.side import Side

# Two thirds of the window at least must be left to show what is usual.
LONGEST_SHARE = 1 / 3


@dataclass(frozen=True)
class Bursts:
    """One entry a payment: the least likely crowd that begins (or, `backward`, ends) with it, on one side of accounts.

    `size` counts its payments, `chance` says how probable as many are at that account, over all spans and means tried;
    `first` and `last` are its places in the lane of the side, mixed (0) or apart (1), that `side` tells.
    """

    size: Ints
    chance: Floats
    first: Ints
    last: Ints
    side: Ints
    sides: tuple[Side, ...]

    def payments(self, payment: int) -> tuple[int, ...]:
        """Payments of the crowd that begins or ends with this one, in order of time."""
        order = self.sides[self.side[payment]].lane.order
        return tuple(order[self.first[payment] : self.last[payment] + 1].tolist())


def bursts(money: Graph, spans: tuple[float, ...], never: Bools, *, inward: bool, backward: bool = False) -> Bursts:
    """Try each payment as the first (or last) of a crowd.

    Accounts that `never` show one, since crowds are their custom, are left out of what is usual too.
    """
    spans = tuple(span for span in spans if span <= LONGEST_SHARE * money.days) or spans[:1]
    sides = [Side.of(money, inward=inward, apart=False)]
    if len(np.unique(money.means)) > 1:
        sides.append(Side.of(money, inward=inward, apart=True))
    found = [_one_sided(money, side, spans, never, backward=backward) for side in sides]
    side = np.argmin([each.chance for each in found], axis=0)
    size, first, last = (np.choose(side, [getattr(each, name) for each in found]) for name in ("size", "first", "last"))
    chance = np.choose(side, [each.chance for each in found])
    return Bursts(size, chance, first, last, side, tuple(sides))


def _one_sided(money: Graph, side: Side, spans: tuple[float, ...], never: Bools, *, backward: bool) -> Bursts:
    lane, at = side.lane, money.at[side.lane.order]
    place = np.arange(money.size)
    shape, rate = (each[side.group] for each in _priors(money, side, never))
    best, size, reach = np.ones(money.size), np.zeros(money.size, np.int64), place.copy()
    for span in spans:
        seconds = int(span * DAY)
        if backward:
            edge = lane.place(lane.account, at - seconds)
        else:
            edge = lane.place(lane.account, at + seconds, after=True) - 1
        inside = np.abs(edge - place) + 1
        share = min(span / money.days, 1.0)
        # an account could show its crowd in any stretch of the window
        chance = np.minimum(burst(inside, side.total, share, (shape, rate)) / share * len(spans), 1.0)
        better = (chance < best) | ((chance == best) & (inside > size))
        best = np.where(better, chance, best)
        size, reach = np.where(better, inside, size), np.where(better, edge, reach)
    first, last = np.minimum(place, reach), np.maximum(place, reach)
    best = np.minimum(_also_alike(best, alike(money, side, first, last)) * side.trials, 1.0)
    best = np.where(never[side.account] | excused(money, side, first, last), 1.0, best)
    back = np.argsort(lane.order)  # from places in the lane to payments
    return Bursts(size[back], best[back], first[back], last[back], np.zeros(0, np.int64), (side,))


def _priors(money: Graph, side: Side, never: Bools) -> tuple[Floats, Floats]:
    """Learn what is usual for each group of peers; hubs, which are nobody's usual, are left out."""
    starts = np.flatnonzero(np.diff(side.lane.account, prepend=-1))
    group, total = side.group[starts], side.total[starts]
    usual_ones = ~never[side.account[starts]]
    total, group = total[usual_ones], group[usual_ones]
    count = side.groups // 2
    priors = [usual(total[group == number], money.population[number // count]) for number in range(side.groups)]
    shape, rate = zip(*priors, strict=True)
    return np.array(shape), np.array(rate)


def alike(money: Graph, side: Side, first: Ints, last: Ints) -> Floats:
    """Probability that a crowd's amounts differ so little among each other (in proportion, not in height).

    Held against how much the payments of one account, of its peers, usually differ: the pooled variance of logarithms.
    """
    logs = money.log_usd[side.lane.order]
    sums = np.concatenate([[0.0], np.cumsum(logs)]), np.concatenate([[0.0], np.cumsum(logs * logs)])

    def spread(start: Ints, stop: Ints) -> Floats:
        total, squares = (each[stop] - each[start] for each in sums)
        return np.asarray(np.maximum(squares - total * total / (stop - start), 0.0))

    starts = np.flatnonzero(np.diff(side.lane.account, prepend=-1))
    stops = np.append(starts[1:], len(logs))[: len(starts)]
    peers = side.group[starts]
    pooled, freedom = (
        np.bincount(peers, each, minlength=side.groups) for each in (spread(starts, stops), stops - starts - 1.0)
    )
    size = last - first + 1
    scaled = spread(first, last + 1) / ((pooled + 1.0) / (freedom + 1.0))[side.group]
    chance = np.maximum(gammainc(np.maximum(size - 1, 1) / 2, scaled / 2), LEAST_ALIKE)
    return np.asarray(np.where(size > LEAST_ALIKE_SIZE, chance, 1.0))


# One in a thousand: sums that are all equal have many honest reasons, a crowd of strangers within days fewer.
LEAST_ALIKE = 1e-3
LEAST_ALIKE_SIZE = 2  # two payments are soon alike


def _also_alike(crowd: Floats, amounts: Floats) -> Floats:
    """Take a crowd by itself or together with its amounts, whichever is less likely; trying both costs a factor 2."""
    return np.asarray(np.minimum(2 * np.minimum(crowd, together(np.log(crowd) + np.log(amounts), 2)), 1.0))
