"""Crowds that are an account's custom: bills, batch files, trade, and whoever is paid again."""

import numpy as np

from mirrorwatch.shapes.graph import DAY, Bools, Graph, Ints
from mirrorwatch.shapes.side import Side

CUSTOM_DAYS = 45  # the window that `most` ties are meant for; a longer one allows more
# Rents and dues are paid to firms by the fifth of a month, where leases commonly end their days of grace. And firms
# deal with firms: buying from many others, or selling to them, is trade.
BILL_DAYS, BILL_SHARE, TRADE_SHARE = 5, 0.8, 0.5
# Who pays or is paid again within a fortnight is soon no stranger: the weekly wages of a casual crew.
REPEAT_SHARE = 0.25
# Four payments or more within an hour of the next are a file that a firm sends or collects at once.
FILE_SECONDS, LEAST_FILE = 3_600, 4
PAY_DAY_SECONDS, PAY_DAY_SHARE = DAY // 2, 2 / 3
MOST_STEPS = 64  # crowds are no larger


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


def excused(money: Graph, side: Side, first: Ints, last: Ints, *, alone: bool) -> Bools:
    """Whether each crowd (places in the side's lane) is ordinary for who pays whom again, or for a firm.

    A firm's trade excuses a crowd that stands `alone`, not one that a crowd on the other side follows.
    """
    never = mostly(money.repeated[side.lane.order], first, last, REPEAT_SHARE)
    if alone and told_apart(money):
        ordinary = _trade(money, side, first, last)
        if not day_by_day(money):
            ordinary |= _at_once(money, side, first, last)
        never |= (money.kind == 1)[side.account] & ordinary
    return never


def _trade(money: Graph, side: Side, first: Ints, last: Ints) -> Bools:
    """Crowds in the first days of a month, if they pay, or of which most are firms themselves."""
    order = side.lane.order
    other = money.payer if side.inward else money.payee
    ordinary = mostly(money.kind[other[order]] != 0, first, last, TRADE_SHARE)
    if side.inward:
        day = money.at[order].astype("datetime64[s]").astype("datetime64[D]")
        early = (day - day.astype("datetime64[M]").astype("datetime64[D]")).astype(np.int64) < BILL_DAYS
        ordinary |= mostly(early, first, last, BILL_SHARE)
    return ordinary


def _at_once(money: Graph, side: Side, first: Ints, last: Ints) -> Bools:
    """Crowds of which most lie within half a day: a pay day, also where the file takes hours to be booked."""
    at, lane = money.at[side.lane.order], side.lane
    # payments from each place on within half a day, and the largest such number in each crowd
    ahead = lane.place(lane.account, at + PAY_DAY_SECONDS, after=True) - np.arange(len(at))
    size = last - first + 1
    most = np.ones(len(at), np.int64)
    for step in range(int(min(size.max(initial=1), MOST_STEPS))):
        inside = np.minimum(first + step, last)
        most = np.maximum(most, np.minimum(ahead[inside], last - inside + 1))
    return np.asarray(most >= np.maximum(PAY_DAY_SHARE * size, LEAST_FILE))


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
