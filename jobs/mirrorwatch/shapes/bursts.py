"""Accounts that strangers crowd upon, or that pay a crowd of strangers, within days, unlike what they usually see."""

from dataclasses import dataclass

import numpy as np
from scipy.special import gammainc

from mirrorwatch.shapes.chance import burst, together, usual
from mirrorwatch.shapes.graph import DAY, Bools, Floats, Graph, Ints, Lane


@dataclass(frozen=True)
class Bursts:
    """One entry a payment: the crowd that begins (or, `backward`, ends) with it on one side of its account.

    `size` counts the loose payments of the likeliest span, `chance` how probable as many are at that account, over
    all spans tried; `place` is the payment's place in the lane and `reach` the last place (first, when backward).
    """

    size: Ints
    chance: Floats
    place: Ints
    reach: Ints


SPANS = (1.0, 2.0, 4.0, 7.0, 14.0, 21.0)  # days; each costs its trial


CUSTOM_DAYS = 45  # the window that `most` ties are meant for; a longer one allows more
# Two thirds within half a day: a batch file (wages, dividends, refunds), not one payment after another.
BATCH_SHARE, BATCH_SECONDS, LEAST_BATCH = 2 / 3, DAY // 2, 4


def _priors(money: Graph, total: Ints, most: int) -> list[tuple[float, float]]:
    """Learn what is usual for accounts of kinds 0 and 1; hubs, which are nobody's usual, are left out."""
    return [
        usual(total[(money.kind == kind) & (total > 0) & (total <= most)], money.population[kind]) for kind in (0, 1)
    ]


def bursts(
    money: Graph, lane: Lane, total: Ints, spans: tuple[float, ...], most: int, *, backward: bool = False
) -> Bursts:
    """Try each payment as the first (or last) of a crowd. `total` counts the account's payments on this side.

    Accounts that crowds are the business of, by kind or by more than `most` ties, show none; nor do batches.
    """
    most = int(most * max(money.days / CUSTOM_DAYS, 1.0))
    priors = _priors(money, total, most)
    place, kind = np.arange(money.size), money.kind[lane.account]
    at, mine = money.at[lane.order], total[lane.account]
    shape, rate = (np.where(kind == 0, personal, other) for personal, other in zip(*priors, strict=True))
    best = np.ones(money.size)
    size, reach = np.zeros(money.size, np.int64), place.copy()
    for span in spans:
        seconds = int(span * DAY)
        if backward:
            edge = lane.place(lane.account, at - seconds)
        else:
            edge = lane.place(lane.account, at + seconds, after=True) - 1
        inside = np.abs(edge - place) + 1
        share = min(span / money.days, 1.0)
        # an account could show its crowd in any stretch of the window
        chance = np.minimum(burst(inside, mine, share, (shape, rate)) / share * len(spans), 1.0)
        better = (chance < best) | ((chance == best) & (inside > size))
        best, size, reach = (
            np.where(better, chance, best),
            np.where(better, inside, size),
            np.where(better, edge, reach),
        )
    best = _also_alike(best, alike(money, lane, place, reach))
    never = (kind < 0) | (mine > most) | _batch(lane, at, place, reach)
    never |= _mostly(money.repeated[lane.order], place, reach, REPEAT_SHARE)
    if min(money.population) > 0:  # where all accounts are of one kind, the kind says nothing
        never |= (kind == 1) & _custom(money, lane, place, reach)
    return Bursts(size, np.where(never, 1.0, best), place, reach)


def alike(money: Graph, lane: Lane, place: Ints, reach: Ints) -> Floats:
    """Probability that a crowd's amounts differ so little among each other (in proportion, not in height).

    Held against how much the payments of one account, of that kind, usually differ: the pooled variance of logarithms.
    """
    logs = money.log_usd[lane.order]
    kind = money.kind[lane.account]
    sums = np.concatenate([[0.0], np.cumsum(logs)]), np.concatenate([[0.0], np.cumsum(logs * logs)])

    def spread(first: Ints, stop: Ints) -> Floats:
        total, squares = (each[stop] - each[first] for each in sums)
        return np.asarray(np.maximum(squares - total * total / (stop - first), 0.0))

    starts = np.flatnonzero(np.diff(lane.account, prepend=-1))
    stops = np.append(starts[1:], len(logs))
    freedom = stops - starts - 1
    usual_spread = np.ones(2)
    for number in (0, 1):
        mine = kind[starts] == number
        usual_spread[number] = (spread(starts, stops)[mine].sum() + 1.0) / (freedom[mine].sum() + 1.0)
    first, last = np.minimum(place, reach), np.maximum(place, reach)
    size = last - first + 1
    scaled = spread(first, last + 1) / usual_spread[np.maximum(kind, 0)]
    chance = np.maximum(gammainc(np.maximum(size - 1, 1) / 2, scaled / 2), LEAST_ALIKE)
    return np.asarray(np.where(size > LEAST_ALIKE_SIZE, chance, 1.0))


# One in a thousand: sums that are all equal have many honest reasons, a crowd of strangers within days fewer.
LEAST_ALIKE = 1e-3
LEAST_ALIKE_SIZE = 2  # two payments are soon alike


def _also_alike(crowd: Floats, amounts: Floats) -> Floats:
    """Take a crowd by itself or together with its amounts, whichever is less likely; trying both costs a factor 2."""
    return np.asarray(np.minimum(2 * np.minimum(crowd, together(np.log(crowd) + np.log(amounts), 2)), 1.0))


def _batch(lane: Lane, at: Ints, place: Ints, reach: Ints) -> Bools:
    """Crowds of which most came at one time, with whatever else came at that time."""
    early, late = np.minimum(place, reach), np.maximum(place, reach)
    first = lane.place(lane.account, at[early] - BATCH_SECONDS)
    last = lane.place(lane.account, at[late] + BATCH_SECONDS, after=True) - 1
    # payments from each place on within the batch's time, and the largest such number in each crowd
    ahead = np.maximum(lane.place(lane.account, at + BATCH_SECONDS, after=True) - np.arange(len(at)), 1)
    size = last - first + 1
    most = np.ones(len(at), np.int64)
    for step in range(int(min(size.max(initial=1), MOST_STEPS))):
        inside = np.minimum(first + step, last)
        most = np.maximum(most, np.minimum(ahead[inside], last - inside + 1))
    return np.asarray(most >= np.maximum(BATCH_SHARE * size, LEAST_BATCH))


MOST_STEPS = 64  # crowds are no larger

# Rents, fees and dues are paid to firms in the first week of a month: a crowd of another kind lies there wholly once in
# ten times. And firms deal with firms: buying from many others, or selling to them, is trade.
BILL_DAYS, BILL_SHARE, TRADE_SHARE = 7, 0.8, 0.5
# Who pays or is paid again within a fortnight is soon no stranger: the weekly wages of a casual crew.
REPEAT_SHARE = 0.25


def _custom(money: Graph, lane: Lane, place: Ints, reach: Ints) -> Bools:
    """Crowds around a firm that lie in the first days of a month, if they pay it, or that are firms themselves."""
    other = money.payer if lane is money.by_payee else money.payee
    ordinary = _mostly(money.kind[other[lane.order]] != 0, place, reach, TRADE_SHARE)
    if lane is money.by_payee:
        day = money.at[lane.order].astype("datetime64[s]").astype("datetime64[D]")
        early = (day - day.astype("datetime64[M]").astype("datetime64[D]")).astype(np.int64) < BILL_DAYS
        ordinary |= _mostly(early, place, reach, BILL_SHARE)
    return ordinary


def _mostly(flag: Bools, place: Ints, reach: Ints, share: float) -> Bools:
    """Whether such a share of a crowd's payments has the flag."""
    count = np.concatenate([[0], np.cumsum(flag)])
    first, last = np.minimum(place, reach), np.maximum(place, reach)
    return np.asarray(count[last + 1] - count[first] >= share * (last - first + 1))


@dataclass(frozen=True)
class Crowd:
    """Payments of one account's crowd: those received and those made, and how many as good chance would make."""

    account: int
    received: tuple[int, ...]
    made: tuple[int, ...]
    expected: float


def _peaks(money: Graph, lane: Lane, found: Bursts, worth: float, least: int) -> Ints:
    """Places of the account's least likely crowds, most surprising first, none overlapping a better one's account."""
    possible = (found.chance < 1.0) & (found.size >= least)
    good = np.flatnonzero(possible & (found.chance * sum(money.population) <= worth))
    good = good[np.lexsort((good, -found.size[good], found.chance[good]))]
    _, first = np.unique(lane.account[good], return_index=True)
    return good[np.sort(first)]


def fans(money: Graph, *, inward: bool, least: int, most: int, worth: float) -> list[Crowd]:
    """Each account's least likely crowd of payers (`inward`) or payees, if chance would make `worth` at most."""
    lane, total = (money.by_payee, money.received) if inward else (money.by_payer, money.paid)
    found = bursts(money, lane, total, SPANS, most)
    crowds = []
    for place in _peaks(money, lane, found, worth, least):
        payments = tuple(lane.order[place : found.reach[place] + 1].tolist())
        received, made = (payments, ()) if inward else ((), payments)
        expected = float(found.chance[place] * sum(money.population))
        crowds.append(Crowd(int(lane.account[place]), received, made, expected))
    return crowds


GATHER_SPANS = (2.0, 4.0, 7.0, 11.0)
UNUSUAL = 0.3  # probability at that account, for either crowd: one that is there every month makes no shape of another


def gather_scatters(money: Graph, *, least: int, most: int, worth: float) -> list[Crowd]:
    """Accounts that a crowd pays and that then pay another crowd: both unlike what they usually see."""
    into, out = money.by_payee, money.by_payer
    came = bursts(money, into, money.received, GATHER_SPANS, most, backward=True)
    left = bursts(money, out, money.paid, GATHER_SPANS, most)
    # each payment out with the last payment in that is not after it
    last = into.place(out.account, money.at[out.order], after=True) - 1
    same = (last >= 0) & (into.account[last] == out.account)
    same &= money.at[out.order] - money.at[into.order[last]] <= GATHER_SPANS[-1] * DAY
    chance = together(np.log(came.chance[last]) + np.log(left.chance), 2) * sum(money.population)
    both = (came.chance[last] <= UNUSUAL) & (left.chance <= UNUSUAL)
    good = same & both & (came.size[last] >= least) & (left.size >= least) & (chance <= worth)
    rows = np.flatnonzero(good)
    rows = rows[np.lexsort((rows, -(came.size[last] + left.size)[rows], chance[rows]))]
    _, first = np.unique(out.account[rows], return_index=True)
    crowds = []
    for place in rows[np.sort(first)]:
        received = tuple(into.order[came.reach[last[place]] : last[place] + 1].tolist())
        made = tuple(out.order[place : left.reach[place] + 1].tolist())
        crowds.append(Crowd(int(out.account[place]), received, made, float(chance[place])))
    return crowds
