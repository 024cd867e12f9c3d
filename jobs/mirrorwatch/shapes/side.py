"""Payments on one side of every account, in order of time, and who is whose peer."""

from dataclasses import dataclass
from typing import Self

import numpy as np

from mirrorwatch.shapes.graph import Graph, Ints, Lane

# Share of the whole risk of a false crowd that is given to crowds by mixed means; crowds by one means share the rest.
# One means is what a crowd that was told what to do uses, and what ordinary strangers of an account do not share.
MIXED_SHARE = 0.2


@dataclass(frozen=True)
class Side:
    """Payments on one side of every account, or of every account and means, in order of time: what crowds are cut from.

    `group` numbers accounts that are each other's peers: the same kind and, where means are kept apart, the same means.
    """

    lane: Lane
    account: Ints  # by place in the lane
    total: Ints
    group: Ints
    groups: int
    trials: float  # what looking at this besides the other costs
    inward: bool

    @classmethod
    def of(cls, money: Graph, *, inward: bool, apart: bool) -> Self:
        """Take the payments to accounts (`inward`) or by them; `apart` keeps different means apart."""
        own = money.payee if inward else money.payer
        means = int(money.means.max(initial=0)) + 1
        shared = len(np.unique(money.means)) > 1
        count = means if apart else 1
        lane = Lane.of(own * count + (money.means if apart else 0), money.at)
        account = lane.account // count
        kind = np.maximum(money.kind[account], 0)
        group = kind * count + lane.account % count
        trials = (count / (1 - MIXED_SHARE) if apart else 1 / MIXED_SHARE) if shared else 1.0
        total = np.bincount(lane.account, minlength=1)[lane.account]
        return cls(lane, account, total, group, 2 * count, trials, inward)
