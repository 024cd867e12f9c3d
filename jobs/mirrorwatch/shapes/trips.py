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
from mirrorwatch.shapes.graph import DAY, Bools, Floats, Graph, Hops, Ints

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
    """Payments in order of the money, and how many trips as good chance would make."""

    payments: tuple[int, ...]
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
    used = np.union1d(hops.into, hops.out)
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
    group = first if rings else np.zeros_like(first)
    order = kept[np.lexsort(((likely + near)[kept], out[kept], group[kept]))]
    new = np.ones(len(order), dtype=np.bool_)
    new[1:] = (group[order][1:] != group[order][:-1]) | (out[order][1:] != out[order][:-1])
    order = order[new]
    home = money.payee[out[order]] == money.payer[first[order]]
    return Steps(first[order], out[order], row[order], home, likely[order], near[order])


def path(levels: list[Steps], row: int) -> tuple[int, ...]:
    """Read back the payments of a chain of the last level."""
    payments = []
    for steps in reversed(levels):
        payments.append(int(steps.last[row]))
        row = int(steps.before[row])
    return tuple(reversed(payments))


def _simple(money: Graph, payments: tuple[int, ...], span_days: float) -> bool:
    """Whether no account pays twice, and all lies within the span."""
    at = money.at[list(payments)]
    return len(set(money.payer[list(payments)].tolist())) == len(payments) and bool(np.ptp(at) <= span_days * DAY)


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
        for row in np.flatnonzero(steps.home & (expected <= worth)):
            payments = path(levels, int(row))
            if _simple(money, payments, span_days):
                found.append(Trip(payments, float(expected[row])))
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
        for row in np.flatnonzero(expected <= worth):
            payments = path(levels, int(row))
            if _simple(money, payments, span_days):
                found.append(Trip(payments, float(expected[row])))
    return found
