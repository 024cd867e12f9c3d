"""Crowds that are an account's custom: bills, batch files, trade, and whoever is paid again."""

import numpy as np

from mirrorwatch.shapes.graph import DAY, Bools, Graph, Ints
from mirrorwatch.shapes.side import Side

CUSTOM_DAYS = 45  # the window that `most` ties are meant for; a longer one allows more
# Who pays or is paid again within a fortnight is soon no stranger: the weekly wages of a casual crew.
REPEAT_SHARE = 0.25
# Four payments or more within an hour of the next are a file that a firm sends or collects at once.
FILE_SECONDS, LEAST_FILE = 3_600, 4


def allowed(money: Graph, most: int) -> int:
    """Ties that an account may have in this window if it may have `most` in 45 days."""
    return int(most * max(money.days / CUSTOM_DAYS, 1.0))


def told_apart(money: Graph) -> bool:
    """Whether kinds of account are known: where all are of one kind, the kind says nothing."""
    return min(money.population) > 0


def busy(money: Graph, most: int, *, inward: bool) -> Bools:
    """Accounts that deal with more than `most` strangers (in 45 days) on this side, or with more regulars than that.

    Crowds are their custom: shops, employers, utilities whose monthly bills look like a first time.
    """
    dealt, strangers = (money.payers, money.received) if inward else (money.payees, money.paid)
    return np.asarray(np.maximum(dealt - strangers, strangers) > allowed(money, most))


def excused(money: Graph, side: Side, first: Ints, last: Ints) -> Bools:
    """Whether each crowd (places in the side's lane) is ordinary for who pays whom again."""
    return mostly(money.repeated[side.lane.order], first, last, REPEAT_SHARE)


def mostly(flag: Bools, first: Ints, last: Ints, share: float) -> Bools:
    """Whether such a share of a crowd's payments has the flag."""
    count = np.concatenate([[0], np.cumsum(flag)])
    return np.asarray(count[last + 1] - count[first] >= share * (last - first + 1))


def filed(money: Graph, *, inward: bool) -> Bools:
    """Payments of a firm that went in one file with others: wages, dividends, refunds, direct debits.

    A private person sends no files, so where kinds are known only others' are left out.
    """
    lane = money.by_payee if inward else money.by_payer
    gap = np.diff(money.at[lane.order], prepend=0) > FILE_SECONDS
    begins = gap | (np.diff(lane.account, prepend=-1) != 0)
    run = np.cumsum(begins) - 1
    large = (np.bincount(run, minlength=1) >= LEAST_FILE)[run] if len(run) else np.zeros(0, np.bool_)
    flag = np.zeros(money.size, dtype=np.bool_)
    flag[lane.order] = large & ((money.kind[lane.account] == 1) | (not told_apart(money)))
    return flag


def day_by_day(money: Graph) -> bool:
    """Whether times are whole days, so that what lies in one day may not have come at once."""
    return bool((money.at % DAY == money.at[:1] % DAY).all()) if money.size else False
