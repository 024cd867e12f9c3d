"""Accounts that strangers crowd upon, or that pay a crowd of strangers, or both, unlike what they usually see."""

from dataclasses import dataclass

import numpy as np

from mirrorwatch.shapes.bursts import Bursts, bursts
from mirrorwatch.shapes.chance import together
from mirrorwatch.shapes.custom import busy, day_by_day, filed
from mirrorwatch.shapes.graph import DAY, Bools, Floats, Graph, Ints

SPANS = (1.0, 2.0, 4.0, 7.0, 14.0, 21.0)  # days; each costs its trial
GATHER_SPANS = (2.0, 4.0, 7.0, 11.0)
UNUSUAL = 0.5  # probability at that account, for either crowd: one that is there every month makes no shape of another


@dataclass(frozen=True)
class Crowd:
    """Payments of one account's crowd: those received and those made, and how many as good chance would make."""

    account: int
    received: tuple[int, ...]
    made: tuple[int, ...]
    expected: float


def _loose(money: Graph, *, inward: bool) -> tuple[Ints, Graph]:
    """Leave out payments that a firm sends or collects in a file: (numbers of the payments kept, their graph)."""
    if day_by_day(money):
        return np.arange(money.size), money
    rows = np.flatnonzero(~filed(money, inward=inward))
    return rows, money.taken(rows)


def _never(money: Graph, most: int, *, inward: bool) -> Bools:
    """Accounts that show no crowd, by kind or by how many they deal with."""
    return busy(money, most, inward=inward) | (money.kind < 0)


def each_least(account: Ints, chance: Floats, size: Ints, possible: Ints) -> Ints:
    """Of the `possible` entries each account's least likely, most surprising first."""
    good = possible[np.lexsort((possible, -size[possible], chance[possible]))]
    _, first = np.unique(account[good], return_index=True)
    return good[np.sort(first)]


def fans(money: Graph, *, inward: bool, least: int, most: int, worth: float, files: bool = False) -> list[Crowd]:
    """Each account's least likely crowd of payers (`inward`) or payees, if chance would make `worth` at most.

    A firm's payments in a file are left out, unless `files` are asked for.
    """
    rows, loose = (np.arange(money.size), money) if files else _loose(money, inward=inward)
    found = bursts(loose, SPANS, _never(money, most, inward=inward), inward=inward)
    accounts = sum(money.population)
    good = np.flatnonzero((found.chance < 1.0) & (found.size >= least) & (found.chance * accounts <= worth))
    own = loose.payee if inward else loose.payer
    crowds = []
    for payment in each_least(own, found.chance, found.size, good):
        payments = _original(rows, found, payment)
        received, made = (payments, ()) if inward else ((), payments)
        crowds.append(Crowd(int(own[payment]), received, made, float(found.chance[payment] * accounts)))
    return crowds


def _original(rows: Ints, found: Bursts, payment: int) -> tuple[int, ...]:
    return tuple(rows[list(found.payments(payment))].tolist())


def gather_scatters(money: Graph, *, least: int, most: int, worth: float) -> list[Crowd]:
    """Accounts that a crowd pays and that then pay another crowd: both unlike what they usually see."""
    (into_rows, into), (out_rows, out) = _loose(money, inward=True), _loose(money, inward=False)
    came = bursts(into, GATHER_SPANS, _never(money, most, inward=True), inward=True, backward=True)
    left = bursts(out, GATHER_SPANS, _never(money, most, inward=False), inward=False)
    # each payment out with the last payment in that is not after it
    lane = into.by_payee
    place = lane.place(out.payer, out.at, after=True) - 1
    last = lane.order[place]
    same = (place >= 0) & (into.payee[last] == out.payer) & (out.at - into.at[last] <= GATHER_SPANS[-1] * DAY)
    chance = together(np.log(came.chance[last]) + np.log(left.chance), 2) * sum(money.population)
    both = (came.chance[last] <= UNUSUAL) & (left.chance <= UNUSUAL)
    enough = (came.size[last] >= least) & (left.size >= least)
    good = np.flatnonzero(same & both & enough & (chance <= worth))
    crowds = []
    for payment in each_least(out.payer, chance, came.size[last] + left.size, good):
        received, made = _original(into_rows, came, last[payment]), _original(out_rows, left, payment)
        crowds.append(Crowd(int(out.payer[payment]), received, made, float(chance[payment])))
    return crowds
