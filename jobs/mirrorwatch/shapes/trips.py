"""Money that goes from account to account in order of time: chains, and trips that end where they began.

All chains are followed at once, hop by hop; what chance explains is dropped on the way. A continuation is kept while
chance would give fewer than `MOST_BRANCH` as quick and as near in amount, so the number of chains followed does not
grow with the number of payments that an account makes, and the whole is linear in payments.
"""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from mirrorwatch.shapes.chance import together
from mirrorwatch.shapes.graph import DAY, Bools, Floats, Graph, Hops, Ints, sorted_by

MOST_BRANCH = 0.3  # per hop; over all hops so far the geometric mean has to stay under MEAN_BRANCH
MEAN_BRANCH = 0.1
LEAST_CHAIN = 4  # payments; fewer strangers in a row are nothing unusual
MOST_ROWS = 1_000_000  # chains followed at once; beyond, the likeliest by chance are dropped


@dataclass(frozen=True)
class Steps:
    """Chains of one length: first and last payment, row in the step before, whether they came home, what they add up.

    `log_likely` adds the logarithms of `Hops.likely`, `log_near` those of `Hops.waited` and `Hops.nearness`.
    """

    first: Ints
    last: Ints
    before: Ints
    home: Bools
    log_likely: Floats
    log_near: Floats


@dataclass(frozen=True)
class Trip:
    """Payments (ties) in order of the money, and how many trips as good chance would make."""

    ties: tuple[int, ...]
    expected: float


def _strong(links: tuple[Ints, Ints], size: int) -> Ints:
    ones = np.ones(len(links[0]), dtype=np.int8)
    _, label = connected_components(coo_array((ones, links), shape=(size, size)).tocsr(), connection="strong")
    return np.asarray(label)


def _circling(money: Graph, hops: Hops, *, ordered: bool) -> Hops:
    """Keep the hops that lie on some circle: only they can bring money back.

    In order of time the last payment never goes over into the first, so the circle is looked for among accounts;
    otherwise among the payments themselves, which leaves far less.
    """
    hops = hops.only(hops.weight <= MOST_BRANCH)
    if not ordered:
        label = _strong((hops.into, hops.out), money.size)
        return hops.only(label[hops.into] == label[hops.out])
    used = np.flatnonzero(np.bincount(hops.into, minlength=money.size) + np.bincount(hops.out, minlength=money.size))
    label = _strong((money.payer[used], money.payee[used]), money.accounts)
    ring = label[money.payer] == label[money.payee]
    return hops.only(ring[hops.into] & ring[hops.out])


@dataclass(frozen=True)
class Onward:
    """Hops sorted by the payment in, with each payment's first place and number of hops."""

    hops: Hops
    first: Ints
    count: Ints

    @classmethod
    def of(cls, hops: Hops, size: int) -> "Onward":
        """Sort the hops of `size` payments."""
        count = np.bincount(hops.into, minlength=size)
        return cls(hops.taken(np.argsort(hops.into, kind="stable")), np.cumsum(count) - count, count)

    def all(self, steps: Steps) -> tuple[Ints, Ints]:
        """All continuations of chains that are not home: (row of `steps`, hop)."""
        many = np.where(steps.home, 0, self.count[steps.last])
        row = np.repeat(np.arange(len(many)), many)
        offset = np.arange(len(row)) - np.repeat(np.cumsum(many) - many, many)
        return row, self.first[steps.last[row]] + offset


def _begin(onward: Onward) -> Steps:
    first = np.flatnonzero(onward.count)
    zero = np.zeros(len(first))
    return Steps(first, first, first, zero.astype(np.bool_), zero, zero)


def _advance(money: Graph, steps: Steps, onward: Onward, done: int, span_days: float, *, rings: bool) -> Steps:
    """Chains one payment longer; `done` counts their hops with this one.

    Of several ways to a payment the one that chance explains least is followed: for `rings` of the ways from the same
    first payment, which is the ring's earliest; else of all.
    """
    row, hop = onward.all(steps)
    hops = onward.hops
    out, first = hops.out[hop], steps.first[row]
    likely = steps.log_likely[row] + np.log(hops.likely[hop])
    near = steps.log_near[row] + np.log(hops.waited[hop] * hops.nearness[hop])
    apart = money.at[out] - money.at[first]
    in_time = (apart >= 0) & (apart <= span_days * DAY) if rings else np.abs(apart) <= span_days * DAY
    kept = np.flatnonzero((likely + near <= done * np.log(MEAN_BRANCH)) & in_time)
    if len(kept) > MOST_ROWS:
        kept = kept[np.argsort((likely + near)[kept], kind="stable")[:MOST_ROWS]]
    group = first[kept] if rings else 0
    order = kept[least_of_each(group * money.size + out[kept], (likely + near)[kept])]
    home = money.payee[out[order]] == money.payer[first[order]]
    return Steps(first[order], out[order], row[order], home, likely[order], near[order])


def least_of_each(key: Ints, value: Floats) -> Ints:
    """Place of each key's least value, the first of equal ones, in order of the keys."""
    order = sorted_by(key)
    begins = np.flatnonzero(np.diff(key[order], prepend=-1))
    if not len(begins):
        return begins
    ordered = value[order]
    run = np.repeat(np.arange(len(begins)), np.diff(begins, append=len(order)))
    least = np.flatnonzero(ordered == np.minimum.reduceat(ordered, begins)[run])
    return order[least[np.flatnonzero(np.diff(run[least], prepend=-1))]]


def _paths(levels: list[Steps], rows: Ints) -> Ints:
    """Read back the payments of chains of the last level, a row each."""
    payments = []
    for steps in reversed(levels):
        payments.append(steps.last[rows])
        rows = steps.before[rows]
    return np.stack(payments[::-1], axis=1)


def _trips(money: Graph, levels: list[Steps], expected: Floats, rows: Ints, span_days: float) -> list[Trip]:
    """Chains of the last level in which no account pays twice, and all lies within the span."""
    payments = _paths(levels, rows)
    payers = np.sort(money.payer[payments], axis=1)
    once = (payers[:, 1:] != payers[:, :-1]).all(axis=1)
    simple = once & (np.ptp(money.at[payments], axis=1) <= span_days * DAY)
    chance = expected[rows[simple]].tolist()
    return [Trip(tuple(each), chances) for each, chances in zip(payments[simple].tolist(), chance, strict=True)]


def _expected(steps: Steps, hops: int) -> Floats:
    """How many continuations as good as these chance makes from one first payment."""
    return np.asarray(np.exp(steps.log_likely) * together(steps.log_near, 2 * hops))


def round_trips(
    money: Graph, hops: Hops, most_hops: int, span_days: float, worth: float, *, ordered: bool
) -> list[Trip]:
    """Trips of 3 to `most_hops` payments that end at their first payer, of which chance would make `worth` at most."""
    onward = Onward.of(_circling(money, hops, ordered=ordered), money.size)
    levels, found = [_begin(onward)], []
    for length in range(2, most_hops + 1):
        levels.append(_advance(money, levels[-1], onward, length - 1, span_days, rings=True))
        steps = levels[-1]
        if length == 2:  # noqa: PLR2004 : there and back again is a refund
            continue
        expected = money.usually_received[money.payer[steps.first]] * _expected(steps, length - 1)
        found += _trips(money, levels, expected, np.flatnonzero(steps.home & (expected <= worth)), span_days)
    return found


def chains(money: Graph, hops: Hops, most_hops: int, span_days: float, worth: float) -> list[Trip]:
    """Chains of 4 to `most_hops` payments that need not come home, of which chance would make `worth` at most."""
    onward = Onward.of(hops.only(hops.weight <= MOST_BRANCH), money.size)
    levels, found = [_begin(onward)], []
    for length in range(2, most_hops + 1):
        levels.append(_advance(money, levels[-1], onward, length - 1, span_days, rings=False))
        steps = levels[-1]
        if length < LEAST_CHAIN:
            continue
        expected = money.size * _expected(steps, length - 1)
        found += _trips(money, levels, expected, np.flatnonzero(expected <= worth), span_days)
    return found
