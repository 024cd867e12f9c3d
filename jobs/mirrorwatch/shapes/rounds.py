"""Shapes of unusually large ties: layered money that comes in rounds, over ties that come back.

A tie is one entry of the graph however often it was paid: its first instant and the sum of all. A scheme of several
rounds is then one shape, whose sums are kept from tie to tie as they would be in one round. What takes the place of
looseness is that each tie is large in the life of an account at its end (`features.unusual`), which few ties are.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

import numpy as np

from mirrorwatch.shapes import crowds
from mirrorwatch.shapes.bursts import bursts
from mirrorwatch.shapes.collections import EQUAL, EQUAL_SHARE, Gathering
from mirrorwatch.shapes.custom import busy, told_apart
from mirrorwatch.shapes.graph import DAY, Bools, Floats, Graph, Ints
from mirrorwatch.shapes.search import Bounds, Knowing, Search, Shape

# The night's ties are looked at twice, since a scheme may be all of very large sums, or of large ones: (most rank).
LEVELS = (0.07, 0.15)
# Shapes as good that chance would make over the night. Look-alikes of eleven generated nights (suppliers in common,
# several importers of one exporter) lay at 5 in 100,000 and above, most schemes below one in a million.
WORTH = 2e-5
WORTH_OF_CROWDS, WORTH_OF_FILES = 1e-4, 1e-6
SPANS = (1.0, 2.0, 4.0, 7.0, 11.0)  # days
LEAST_CROWD = 5
# The middle payment of a crowd and the lower quarter, over what its payer (or payee) usually turns over in the whole
# window: what a payer parts with is asked for more, since rents, presents and shares of a journey come in crowds.
FAN_RANK = {True: 0.1, False: 0.15}
LEAST_TIMES, LEAST_QUARTER, MOST_MIDDLE_RANK = 0.9, 0.5, 0.03
LEAST_TIMES_GOT = 0.4
FILE_SECONDS = 600  # between the payments of a file: a firm's wages, refunds or dividends go out in minutes
FIRMS_SHARE = 0.6  # a firm that deals with firms is trade
RETURNING_SHARE = 0.5  # of a crowd, seen in a second week
# What a centre passes on of what it gathered, and how often two crowds of an account's are so near each other in all:
# one in ten, if their sums are alike within a factor of about five. An agent who passes rents on keeps a share as well,
# but its tenants and landlords pay and get what they always do.
PASSED_ON, BY_CHANCE_PASSED_ON = (0.8, 1.06), 0.1
WORTH_OF_PASSING_ON, LEAST_SIDE = 1e-3, 4
# A circle whose members are paid in turn is on both sides of its payments; layers are not.
MOST_ON_BOTH_SIDES = 0.3


@dataclass(frozen=True)
class Wide:
    """The graph of unusual ties, and of each tie how large it is for payer and payee: `features.unusual.TIES`."""

    money: Graph
    times_paid: Floats
    times_got: Floats
    rank_paid: Floats
    rank_got: Floats
    weeks: Ints  # in which the tie was paid
    made: dict[Bounds, list[tuple[Ints, Search]]] = field(default_factory=dict, init=False, repr=False)

    def level(self, most: float) -> tuple[Ints, Graph]:
        """Ties of which at most the share `most` of the night's are as large: (their numbers, their graph)."""
        rows = np.flatnonzero(np.minimum(self.rank_paid, self.rank_got) <= most)
        return rows, self.money.taken(rows)

    def searches(self, bounds: Bounds) -> list[tuple[Ints, Search]]:
        """Numbers of the ties at each of the LEVELS, and the search among them; each is made once."""
        if bounds not in self.made:
            levels = [self.level(level) for level in LEVELS]
            self.made[bounds] = [(rows, Search(money, bounds)) for rows, money in levels if money.size]
        return self.made[bounds]


def _renumbered(shapes: Iterable[Shape], rows: Ints) -> list[Shape]:
    return [replace(shape, ties=tuple(rows[list(shape.ties)].tolist())) for shape in shapes]


def _once(shapes: list[Shape]) -> list[Shape]:
    """Leave out shapes of which half or more is told by ones with more ties."""
    told: set[int] = set()
    kept = []
    for shape in sorted(shapes, key=lambda each: (-len(each.ties), each.expected, each.ties)):
        if 2 * len(told.intersection(shape.ties)) < len(shape.ties):
            kept.append(shape)
            told.update(shape.ties)
    return kept


def at_levels(wide: Wide, bounds: Bounds, look: Callable[[Search], list[Shape]]) -> list[Shape]:
    """Run one search at each of the LEVELS."""
    return _once([shape for rows, search in wide.searches(bounds) for shape in _renumbered(look(search), rows)])


def fans(wide: Wide, bounds: Bounds, knowing: Knowing, *, inward: bool) -> list[Shape]:
    """Crowds of five or more whose payments are more than the payers (or payees) usually turn over.

    `knowing` says of each crowd how many of it have dealt with another one of it.
    """
    rank, times = (wide.rank_paid, wide.times_paid) if inward else (wide.rank_got, wide.times_got)
    rows = np.flatnonzero(rank <= FAN_RANK[inward])
    money = wide.money.taken(rows)
    if not money.size:
        return []
    never = busy(money, bounds.most_ties, inward=inward) | (money.kind < 0)
    found = bursts(money, SPANS, never, inward=inward, alone=False)
    expected = found.chance * sum(money.population)
    enough = (found.size >= LEAST_CROWD) & (found.chance < 1.0)
    good = np.flatnonzero(enough & (expected <= WORTH_OF_CROWDS))
    own, other = (money.payee, money.payer) if inward else (money.payer, money.payee)
    shapes, role = [], "in" if inward else "out"
    striking = []
    for payment in crowds.each_least(own, found.chance, found.size, good):
        ties = np.array(found.payments(int(payment)))
        if _striking(times[rows][ties], rank[rows][ties], inward=inward):
            striking.append((int(own[payment]), ties, float(expected[payment])))
    joined = knowing([other[ties] for _, ties, _ in striking])
    for (centre, ties, chance), each in zip(striking, joined, strict=True):
        returning = float(np.mean(wide.weeks[rows][ties] > 1)) >= RETURNING_SHARE
        if not _honest(money, Gathering(ties, centre, inward, each), returning):
            places, size = tuple(rows[ties].tolist()), len(ties)
            shapes.append(Shape(places, (1,) * size, (role,) * size, (centre,), chance))
    return shapes


def _striking(times: Floats, rank: Floats, *, inward: bool) -> bool:
    """Whether the crowd's payments are large in their payers' (or payees') lives."""
    quarter, middle = np.quantile(times, (0.25, 0.5))
    if not inward:
        return bool(middle >= LEAST_TIMES_GOT)
    return bool(middle >= LEAST_TIMES and quarter >= LEAST_QUARTER and np.median(rank) <= MOST_MIDDLE_RANK)


def _honest(money: Graph, side: Gathering, returning: bool) -> bool:  # noqa: FBT001
    """Whether it looks like a circle, equal shares, rents, purchases, trade among firms, or a firm's file.

    Rents do not come back within the month, so a crowd that does is none.
    """
    if _equal(money, side.payments) or (side.honest(money) and not returning):
        return True
    other = money.payer if side.inward else money.payee
    if not told_apart(money) or money.kind[side.centre] == 0:
        return False
    firms = float(np.mean(money.kind[other[side.payments]] != 0))
    filed = float(np.median(np.diff(np.sort(money.at[side.payments])))) <= FILE_SECONDS
    return firms >= FIRMS_SHARE or (not side.inward and filed)


def _equal(money: Graph, ties: Ints) -> bool:
    """Whether half of the sums are equal shares: a trip's, a present's, a savings club's."""
    logs = money.log_usd[ties]
    return float(np.mean(np.abs(logs - np.median(logs)) <= EQUAL)) >= EQUAL_SHARE


def gather_scatters(wide: Wide, bounds: Bounds) -> list[Shape]:
    """Accounts that gather from a crowd and scatter as much again among another; all of them are named."""
    found = []
    loosest = WORTH_OF_PASSING_ON / BY_CHANCE_PASSED_ON
    for level in LEVELS:
        rows, money = wide.level(level)
        if money.size:
            each = crowds.gather_scatters(money, least=3, most=bounds.most_ties, worth=loosest)
            found += [_both(wide.money, whole) for crowd in each if (whole := _whole(wide.money, crowd, rows))]
    return _once(found)


def _whole(money: Graph, crowd: crowds.Crowd, rows: Ints) -> crowds.Crowd | None:
    """Every tie of the crowd's times, of any level, if as much was passed on as was gathered."""
    came = _beside(money.payee == crowd.account, money.at, rows[list(crowd.received)])
    left = _beside(money.payer == crowd.account, money.at, rows[list(crowd.made)])
    passed_on = money.usd[left].sum() / money.usd[came].sum()
    if min(len(came), len(left)) < LEAST_SIDE or not PASSED_ON[0] <= passed_on <= PASSED_ON[1]:
        return None
    expected = crowd.expected * BY_CHANCE_PASSED_ON
    return replace(crowd, received=tuple(came.tolist()), made=tuple(left.tolist()), expected=expected)


def _beside(own: Bools, at: Ints, ties: Ints) -> Ints:
    """Find the account's ties that begin no more than a day before or after these."""
    return np.flatnonzero(own & (at >= at[ties].min() - DAY) & (at <= at[ties].max() + DAY))


def _both(money: Graph, crowd: crowds.Crowd) -> Shape:
    ties = (*crowd.received, *crowd.made)
    layers = (1,) * len(crowd.received) + (2,) * len(crowd.made)
    roles = ("in",) * len(crowd.received) + ("out",) * len(crowd.made)
    others = (*money.payer[list(crowd.received)].tolist(), *money.payee[list(crowd.made)].tolist())
    return Shape(ties, layers, roles, tuple(dict.fromkeys((crowd.account, *others))), crowd.expected)


def _no_ring(files: list[Shape]) -> list[bool]:
    return [False] * len(files)


def round_trips(wide: Wide, bounds: Bounds) -> list[Shape]:
    """Money that comes back, through three accounts or more."""
    return at_levels(wide, bounds, lambda search: search.round_trips(WORTH, _no_ring))


def scatter_gathers(wide: Wide, bounds: Bounds) -> list[Shape]:
    """One account to three or more to one account."""
    return at_levels(wide, bounds, lambda search: search.scatter_gathers(3, WORTH))


def bipartites(wide: Wide, bounds: Bounds) -> list[Shape]:
    """Many that pay the same many."""
    found = at_levels(wide, bounds, lambda search: search.bipartites(WORTH))
    return [shape for shape in found if not _in_turn(wide.money, shape)]


def _in_turn(money: Graph, shape: Shape) -> bool:
    """Whether the same accounts pay and are paid, or persons pay equal shares: whose turn it is, gets from all."""
    ties = list(shape.ties)
    ends = np.concatenate([money.payer[ties], money.payee[ties]])
    if told_apart(money) and bool((money.kind[ends] == 0).all()) and _equal(money, np.array(ties)):
        return True
    payers, payees = set(money.payer[ties].tolist()), set(money.payee[ties].tolist())
    return len(payers & payees) > MOST_ON_BOTH_SIDES * min(len(payers), len(payees))


def stacks(wide: Wide, bounds: Bounds) -> list[Shape]:
    """Layer upon layer."""
    return at_levels(wide, bounds, lambda search: search.stacks(WORTH, WORTH_OF_FILES))
