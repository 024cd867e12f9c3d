"""Layers upon layers: blocks of payments that the accounts of a further layer fed or emptied, in order of time."""

import numpy as np

from mirrorwatch.shapes.blocks import Block
from mirrorwatch.shapes.graph import DAY, Bools, Graph, Ints


def _feeding(money: Graph, block: Ints, span_days: float) -> Ints:
    """Payments to the block's payers, by accounts that pay at least half of them (two at least), before they paid."""
    payers, seen = np.unique(money.payer[block]), int(money.at[block].max())
    lane = money.by_payee
    start = lane.place(payers, np.full(len(payers), seen - int(span_days * DAY)))
    stop = lane.place(payers, np.full(len(payers), int(np.median(money.at[block]))), after=True)
    before = np.concatenate([lane.order[one:other] for one, other in zip(start, stop, strict=True)])
    before = before[~np.isin(money.payer[before], money.payee[block]) & _large(money, before)]
    return _shared(before, money.payer[before], len(payers))


def _emptying(money: Graph, block: Ints, span_days: float) -> Ints:
    """Payments by the block's payees, to accounts that at least half of them (two at least) pay, after they got it."""
    payees, seen = np.unique(money.payee[block]), int(money.at[block].min())
    lane = money.by_payer
    start = lane.place(payees, np.full(len(payees), int(np.median(money.at[block]))))
    stop = lane.place(payees, np.full(len(payees), seen + int(span_days * DAY)), after=True)
    after = np.concatenate([lane.order[one:other] for one, other in zip(start, stop, strict=True)])
    after = after[~np.isin(money.payee[after], money.payer[block]) & _large(money, after)]
    return _shared(after, money.payee[after], len(payees))


def _large(money: Graph, payments: Ints) -> Bools:
    """Whether each is unusually large for one of its accounts: suppliers and landlords in common are no layer."""
    return money.large_paid[payments] | money.large_got[payments]


def _shared(payments: Ints, far: Ints, near: int) -> Ints:
    """Payments whose far account deals with at least half of the `near` accounts, and with two."""
    accounts, count = np.unique(far, return_counts=True)
    return payments[np.isin(far, accounts[count >= max(near / 2, 2)])]


def stacked(money: Graph, blocks: list[Block], span_days: float) -> list[Block]:
    """Extend the blocks that have a layer before or after them by those layers; leave out the others."""
    stacks = []
    for block in blocks:
        own = np.array(block.payments)
        before, after = _feeding(money, own, span_days), _emptying(money, own, span_days)
        rows = np.concatenate([before, own, after])
        layers = np.repeat([0, 1, 2], [len(before), len(own), len(after)])
        if len(rows) > len(own) and np.ptp(money.at[rows]) <= span_days * DAY:
            layers = layers - layers.min()
            stacks.append(Block(tuple(rows.tolist()), tuple(layers.tolist()), block.expected))
    return stacks
