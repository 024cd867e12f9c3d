"""Crowds with an honest reason that their payments show: shares, rents, purchases, people who know each other."""

from dataclasses import dataclass

import numpy as np

from mirrorwatch.shapes.custom import BILL_SHARE, TRADE_SHARE, told_apart
from mirrorwatch.shapes.graph import Floats, Graph, Ints

# Half of the sums lie within this share of the middle one: a club's instalment, a trip's or a present's equal parts,
# also where each was changed into dollars at its own day's rate.
EQUAL, EQUAL_SHARE = 0.03, 0.5
# A landlord's rents come in the first eight days of a month, weekends and late payers included, and differ by less
# than a factor of about three (two standard deviations of the logarithm).
RENT_DAYS, RENTS_APART = 8, 0.5
# One in four of a crowd has dealt with another one of it: guests, relatives, neighbours. Strangers have not, by chance.
CIRCLE_SHARE, LEAST_CIRCLE = 0.25, 3


@dataclass(frozen=True)
class Gathering:
    """One side of a crowd: its payments, its centre, and how many of the others have dealt with each other."""

    payments: Ints
    centre: int
    inward: bool
    joined: int

    def honest(self, money: Graph) -> bool:
        """Whether the crowd is a circle's, or a person's collection, rents or purchases."""
        if self.joined >= max(CIRCLE_SHARE * len(self.payments), LEAST_CIRCLE):
            return True
        if not told_apart(money) or money.kind[self.centre] != 0:
            return False
        other = money.payer[self.payments] if self.inward else money.payee[self.payments]
        persons = float(np.mean(money.kind[other] == 0))
        if not self.inward:
            return persons <= 1 - TRADE_SHARE
        logs = money.log_usd[self.payments]
        return persons >= BILL_SHARE and (_equal(logs) or _rents(money.at[self.payments], logs))


def _equal(logs: Floats) -> bool:
    return float(np.mean(np.abs(logs - np.median(logs)) <= EQUAL)) >= EQUAL_SHARE


def _rents(at: Ints, logs: Floats) -> bool:
    day = at.astype("datetime64[s]").astype("datetime64[D]")
    early = (day - day.astype("datetime64[M]").astype("datetime64[D]")).astype(np.int64) < RENT_DAYS
    return float(np.mean(early)) >= BILL_SHARE and float(np.std(logs)) <= RENTS_APART
