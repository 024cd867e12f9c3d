"""Whether money stays: what an account got just before it paid, or paid on just after it got."""

import numpy as np

from mirrorwatch.shapes.graph import DAY, Graph, Ints

REST_DAYS = 7.0  # money that rests longer is no longer the same


def large(money: Graph, account: int, since: int, until: int, *, inward: bool) -> Ints:
    """Find payments to (`inward`) or by an account in a time that are unusually large for it."""
    lane, flag = (money.by_payee, money.large_got) if inward else (money.by_payer, money.large_paid)
    own = np.array([account])
    first, stop = lane.place(own, np.array([since])), lane.place(own, np.array([until]), after=True)
    rows = lane.order[int(first[0]) : int(stop[0])]
    return rows[flag[rows]]


def share(money: Graph, account: int, payments: Ints, *, before: bool) -> float:
    """Say what came to an account before it made `payments`, or left it after it got them, over their sum."""
    at, rest = money.at[payments], int(REST_DAYS * DAY)
    since, until = (int(at.min()) - rest, int(at.max())) if before else (int(at.min()), int(at.max()) + rest)
    other = np.setdiff1d(large(money, account, since, until, inward=before), payments)
    return float(money.usd[other].sum() / money.usd[payments].sum())
