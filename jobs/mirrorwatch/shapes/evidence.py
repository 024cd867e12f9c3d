"""What besides its chance speaks for a crowd, or against it, in powers of ten: means, manner, and who they are.

An honest collection asks for what people can spare: rents, presents, dues, wages and bills lie within what their payers
(or payees) and the one in the middle usually turn over. So how large a crowd's sums are in those lives counts most, and
what excuses a crowd, excuses it only within those means. Nothing is read but the ratio of sums to the same accounts'
turnover, times, and whether an account is a person's.
"""

from dataclasses import dataclass

import numpy as np

from mirrorwatch.shapes.custom import CUSTOM_DAYS, told_apart
from mirrorwatch.shapes.graph import Floats, Graph, Ints
from mirrorwatch.shapes.passing import share


@dataclass(frozen=True)
class Scale:
    """Points for a ratio: none at `at`, `each` more for every power of ten above it, between `least` and `most`."""

    at: float
    each: float
    least: float
    most: float

    def points(self, ratio: float) -> float:
        """Read the scale; a ratio that is not known counts nothing."""
        if not np.isfinite(ratio):
            return 0.0
        return float(np.clip(self.each * np.log10(max(ratio, 1e-9) / self.at), self.least, self.most))


# The middle payment over what its payer usually turns over in the window: a month's rent is about a fifth of that, what
# is parted with for others often several times as much. Who is paid has less of a say: wages are most that people get.
PAYERS, PAYEES = Scale(0.3, 4.0, -4.0, 4.0), Scale(0.3, 2.0, -2.0, 3.0)
# All of a crowd over what its centre usually turns over: a wedding's presents are a third of it, a landlord's rents it
# all, a collection for others many times as much. Either crowd of a gather-scatter has less of a say, there are two.
CENTRE, EITHER = Scale(1.0, 3.0, -3.0, 4.0), Scale(0.3, 2.0, -2.0, 3.0)
LEAST_PERSONS = 3
MOST_CHANCE = 8.0  # powers of ten: independence of strangers is not known to hold to more
# Rents, presents, dues and shares seldom ask more of the middle payer than it turns over in the window and half of it.
WITHIN_MEANS = 1.5
# Clients of a firm are firms, a landlord's tenants are persons: a crowd of both is hardly anybody's clientele.
MIXED, ONE_SORT = 2.0, 0.8
PERSONS_PAY, FIRMS_PAY_A_FIRM = -3.0, -4.0
# Buying from firms is trade or consumption; persons that a firm pays are its people.
LEAST_PERSONS_PAID, FIRMS_ARE_PAID, PERSONS_PAID_BY_A_FIRM = 0.4, -4.0, -2.0
PERSONS_PAID_BY_A_PERSON, ALIKE = -3.0, 0.3  # once, and about equal parts: heirs, winners of one ticket, grandchildren
AT_ITS_TRADE = -3.0  # a firm that pays within what it turns over
AGAIN, MOSTLY = 2.0, 0.5  # half of the crowd came a second time, though not as each month: no present, and no rent
MONTH_BEGINS, EARLY_DAYS, EARLY_SHARE = -2.0, 8, 0.8  # rents and bills, weekends and late payers included
# Everyday sums of one trade differ by factors of ten; from a deviation of 0.8 (of logarithms) on up to two points.
UNLIKE, UNLIKE_FROM, MOST_UNLIKE = 5.0, 0.8, 2.0
# Half of the sums lie within this share of the middle one: a club's instalment, a trip's or a present's equal parts,
# also where each was changed into dollars at its own day's rate.
EQUAL, EQUAL_SHARE, EQUAL_POINTS = 0.03, 0.5, -6.0
# One in four of a crowd has dealt with another one of it: guests, relatives, neighbours. Strangers have not, by chance.
# A firm has no guests, though its people know each other.
CIRCLE, CIRCLE_OF_A_FIRM, CIRCLE_SHARE, LEAST_CIRCLE = -4.0, -2.0, 0.25, 3
IN_A_FILE, FILE_SECONDS = -4.0, 600  # a firm's wages, refunds or dividends go out in minutes
# Of a person's crowd so much came from elsewhere in the week before, or left in the week after: money that does not
# stay is not the person's. A firm lives so.
PASSING, PASSES_BY = 2.0, (0.4, 1.3)
# What a centre passes on of what it gathered: less than a fifth kept, and nothing of its own put to it.
PASSED_ON, NEARLY, PASSES_ON = (0.8, 1.06), (0.6, 1.3), 3.0


@dataclass(frozen=True)
class Gathering:
    """One side of a crowd: its payments, its centre, and how many of the others have dealt with each other.

    `again` is the share of its ties that were paid at another time as well.
    """

    payments: Ints
    centre: int
    inward: bool
    joined: int
    again: float = 0.0

    @property
    def circle(self) -> bool:
        """Whether so many of them know each other that the centre is one of them too."""
        return self.joined >= max(CIRCLE_SHARE * len(self.payments), LEAST_CIRCLE)

    def others(self, money: Graph) -> Ints:
        """Who pays, or is paid."""
        return (money.payer if self.inward else money.payee)[self.payments]

    def middle(self, money: Graph) -> float:
        """Middle payment over what the one who pays (or is paid) it usually turns over; nan where that is not known.

        Of persons, where there are some: what a firm turns over says little of what it can spare.
        """
        others = self.others(money)
        shares, persons = money.usd[self.payments] / money.usual[others], money.kind[others] == 0
        return float(np.median(shares[persons] if told_apart(money) and persons.sum() >= LEAST_PERSONS else shares))

    def whole(self, money: Graph) -> float:
        """All payments over what the centre usually turns over in CUSTOM_DAYS; nan where that is not known."""
        usual = money.usual[self.centre] * min(CUSTOM_DAYS / money.days, 1.0)
        return float(money.usd[self.payments].sum() / usual)


def beyond_chance(expected: float) -> float:
    """Powers of ten against chance making one as good."""
    return float(min(-np.log10(max(expected, 1e-300)), MOST_CHANCE))


def fan(money: Graph, side: Gathering) -> float:
    """Points of one crowd besides its chance; who they are is only read where persons and firms are told apart."""
    middle = side.middle(money)
    scale = PAYERS if side.inward else PAYEES
    points = scale.points(middle) + CENTRE.points(side.whole(money))
    points += AGAIN if side.again >= MOSTLY else 0.0
    if told_apart(money):
        points += _company(money, side, middle) + _in_a_file(money, side) + _passing(money, side)
    return points if middle >= WITHIN_MEANS else points + _excuses(money, side)


def _company(money: Graph, side: Gathering, middle: float) -> float:
    """Count whether payers (or payees) are of one sort, as clients are."""
    persons, firm = float(np.mean(money.kind[side.others(money)] == 0)), bool(money.kind[side.centre] == 1)
    if not side.inward:
        trade = AT_ITS_TRADE if firm and side.whole(money) < 1 else 0.0
        return trade + _paid(persons, firm=firm, parts=side.again < MOSTLY and _parts(money, side))
    if persons > ONE_SORT:
        return PERSONS_PAY if middle < WITHIN_MEANS else 0.0
    if persons < 1 - ONE_SORT:
        return FIRMS_PAY_A_FIRM if firm else 0.0
    return MIXED


def _parts(money: Graph, side: Gathering) -> bool:
    """Whether persons get about equal parts of one whole."""
    persons = money.kind[side.others(money)] == 0
    return bool(persons.any()) and float(np.std(money.log_usd[side.payments][persons])) <= ALIKE


def _paid(persons: float, *, firm: bool, parts: bool) -> float:
    """Count who is paid, by the share of persons: their people by firms, their heirs by persons."""
    if persons < LEAST_PERSONS_PAID:
        return FIRMS_ARE_PAID
    if persons <= ONE_SORT:
        return MIXED
    if firm:
        return PERSONS_PAID_BY_A_FIRM
    return PERSONS_PAID_BY_A_PERSON if parts else 0.0


def _in_a_file(money: Graph, side: Gathering) -> float:
    gap = float(np.median(np.diff(np.sort(money.at[side.payments]))))
    return IN_A_FILE if not side.inward and money.kind[side.centre] == 1 and gap <= FILE_SECONDS else 0.0


def _passing(money: Graph, side: Gathering) -> float:
    if money.kind[side.centre] != 0:
        return 0.0
    moved = share(money, side.centre, side.payments, before=not side.inward)
    return PASSING if PASSES_BY[0] <= moved <= PASSES_BY[1] else 0.0


def _excuses(money: Graph, side: Gathering) -> float:
    """Count what excuses a crowd whose payments lie within what its payers (or payees) can spare."""
    logs = money.log_usd[side.payments]
    points = (CIRCLE_OF_A_FIRM if money.kind[side.centre] == 1 else CIRCLE) if side.circle else 0.0
    points += EQUAL_POINTS if _equal(logs) else 0.0
    points -= float(np.clip((np.std(logs) - UNLIKE_FROM) * UNLIKE, 0.0, MOST_UNLIKE))
    return points + (MONTH_BEGINS if side.inward and _early(money.at[side.payments]) else 0.0)


def _equal(logs: Floats) -> bool:
    return float(np.mean(np.abs(logs - np.median(logs)) <= EQUAL)) >= EQUAL_SHARE


def _early(at: Ints) -> bool:
    day = at.astype("datetime64[s]").astype("datetime64[D]")
    days = (day - day.astype("datetime64[M]").astype("datetime64[D]")).astype(np.int64)
    return float(np.mean(days < EARLY_DAYS)) >= EARLY_SHARE


def equal_shares(money: Graph, ties: Ints) -> bool:
    """Whether half of the sums are equal shares: a trip's, a present's, a savings club's."""
    return _equal(money.log_usd[ties])


def gather_scatter(money: Graph, came: Gathering, left: Gathering) -> float:
    """Points of two crowds of one centre besides their chance."""
    ratio = float(money.usd[left.payments].sum() / money.usd[came.payments].sum())
    points = sum(EITHER.points(side.middle(money)) for side in (came, left))
    points += CENTRE.points(min(came.whole(money), left.whole(money)))
    if PASSED_ON[0] <= ratio <= PASSED_ON[1]:
        return points + PASSES_ON
    return points if NEARLY[0] <= ratio <= NEARLY[1] else points - PASSES_ON
