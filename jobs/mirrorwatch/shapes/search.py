"""The seven searches: a graph in, shapes out, each told once."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeVar

import numpy as np

from mirrorwatch.shapes import blocks, crowds, evidence, layers, trips
from mirrorwatch.shapes.chance import weight
from mirrorwatch.shapes.custom import told_apart
from mirrorwatch.shapes.evidence import Gathering
from mirrorwatch.shapes.graph import DAY, Bools, Graph, Hops, Ints, hops


@dataclass(frozen=True)
class Bounds:
    """What the searches may look at; days, payments and ties as the detectors' parameters describe them."""

    span_days: float = 21.0
    next_payments: int = 8
    most_hops: int = 16
    most_ties: int = 32
    large_share: float = 0.55
    # of crowds
    least_evidence: float = 9.0
    least_points: float = 3.0
    least_crowd: int = 5
    crowds_at_most: float = 0.1
    # of unusually large ties
    ranks: tuple[float, ...] = (0.07, 0.15)
    rounds_at_most: float = 2e-5
    files_at_most: float = 1e-6
    pairs_at_most: float = 0.2


@dataclass(frozen=True)
class Shape:
    """Ties of one shape in order of the money, the layer (from 1) and role of each, and the accounts suspected.

    `suspects` are account numbers in order of the money, the first is the subject; `expected` is how many shapes as
    good chance would make over the whole night.
    """

    ties: tuple[int, ...]
    layers: tuple[int, ...]
    roles: tuple[str, ...]
    suspects: tuple[int, ...]
    expected: float
    # a chain whose end pays its beginning, though not as a stranger: the tie that closes it is not among `ties`
    closed: bool = False


# Groups of account numbers in, and of each how many have dealt with another one of the group.
Knowing = Callable[[list[Ints]], list[int]]

# Chains that are asked whether they close may be so much likelier by chance than rings that are told.
MOST_OPEN = 10
MOST_CHANCE = 3.0  # however many are told, none is that chance makes oftener than this in a night
# Sums that go on through unusual ties: of nine generated nights' and HI-Small's chains no hop of a scheme was further
# off than 1.5, in parts and after fees; of chains that no scheme made, nearly all had one that was.
HANDED_ON = 1.5
LITTLE = 0.3  # of what an account usually turns over in the window: nothing unusual to get
SHORT = 6.0  # times as many slices, each so much shorter
LOOSEST = 10.0  # no parameter lets chance make more
LOOSEST_UNWEIGHED = 1e3  # before it is seen how large the payments are for their accounts


Told = TypeVar("Told", Shape, trips.Trip)


def _once(shapes: list[Told]) -> list[Told]:
    """Leave out shapes of which half or more is told by ones that chance explains less."""
    told: set[int] = set()
    kept = []
    for shape in sorted(shapes, key=lambda each: (each.expected, -len(each.ties), each.ties)):
        if 2 * len(told.intersection(shape.ties)) < len(shape.ties):
            kept.append(shape)
            told.update(shape.ties)
    return kept


def _told(shapes: list[Shape], worth: float) -> list[Shape]:
    """Tell each matter once, the least likely first, for as long as chance would make `worth` for each one told.

    The step-up rule of Benjamini and Hochberg: of what is told, no more than `worth` in one is expected to be chance,
    whether the night holds one scheme or a hundred. Shapes come sorted by `expected`.
    """
    kept = _once(shapes)
    enough = [
        number for number, shape in enumerate(kept, start=1) if shape.expected <= min(worth * number, MOST_CHANCE)
    ]
    return kept[: max(enough, default=0)]


class Search:
    """The searches over one graph. What several of them need is made once."""

    def __init__(self, money: Graph, bounds: Bounds, *, handed_on: bool = False) -> None:
        """Take the graph and the bounds; nothing is searched yet.

        `handed_on`: chains and rings are followed only where about as much goes on as came.
        """
        self.money, self.bounds, self.handed_on = money, bounds, handed_on
        self._layers: dict[float, list[blocks.Block]] = {}
        self._followed: tuple[float, list[trips.Trip]] = (-1.0, [])

    @cached_property
    def _hops(self) -> Hops:
        every = hops(self.money, self.bounds.span_days, self.bounds.next_payments, ordered=False)
        if not self.handed_on:
            return every
        apart = np.abs(self.money.log_usd[every.into] - self.money.log_usd[every.out])
        return every.only(apart <= np.log(HANDED_ON))

    @cached_property
    def _large(self) -> Bools:
        return self.money.large_paid | self.money.large_got

    @cached_property
    def _slices(self) -> list[tuple[int, Graph]]:
        return list(blocks.slices(self.money, self.bounds.span_days))

    def round_trips(self, worth: float, closing: Callable[[list[Shape]], list[bool]]) -> list[Shape]:
        """Money that comes back to where it began, by strangers only, or by strangers and one whom `closing` knows.

        Looked for in order of time, and in any order within the span: where accounts pay from what they have, the
        ring closes all the same. `closing` says of each chain whether its last account also pays its first.
        """
        found, bounds = [], (self.bounds.most_hops, self.bounds.span_days, worth)
        for ordered, pairs in ((True, self._hops.in_order()), (False, self._hops)):
            found += trips.round_trips(self.money, pairs, *bounds, ordered=ordered)
        files = self._files(MOST_OPEN * worth)
        is_closed = closing(files)
        # of chains that chance makes, as most of these are, so many close by a standing tie
        by_chance = (sum(is_closed) + 1) / (len(files) + 1)
        closed = [
            replace(file, closed=True, expected=file.expected * by_chance)
            for file, closes in zip(files, is_closed, strict=True)
            if closes and file.expected * by_chance <= worth
        ]
        return [shape for shape in _once([self._line(trip) for trip in found] + closed) if shape.expected <= worth]

    def _files(self, worth: float) -> list[Shape]:
        """Single files of strangers."""
        if worth > self._followed[0]:
            bounds = (self.bounds.most_hops, self.bounds.span_days, worth)
            both = (self._hops.in_order(), self._hops)
            found = [trip for pairs in both for trip in trips.chains(self.money, pairs, *bounds)]
            self._followed = worth, found
        good = [trip for trip in self._followed[1] if trip.expected <= worth]
        return [self._line(trip) for trip in _once(good)]

    def scatter_gathers(self, least: int, worth: float) -> list[Shape]:
        """One account to many to one account."""
        found = []
        for first, part in self._slices:
            # mules pay on in the second half of the span: the whole span is the hold
            pairs = hops(part, self.bounds.span_days - 1, self.bounds.next_payments * 3 // 2, ordered=True)
            each = blocks.scatter_gathers(part, pairs, least, self.bounds.most_ties * 2, LOOSEST_UNWEIGHED)
            shapes = [self._block(block, first) for block in each]
            found += [
                replace(shape, expected=shape.expected * self._weight(shape.ties))
                for shape in shapes
                if self._matters(shape.ties)
            ]
        short = [shape for shape in found if span(self.money, shape) <= self.bounds.span_days]
        return _once([shape for shape in short if shape.expected <= worth])

    @cached_property
    def _short_slices(self) -> list[tuple[int, Graph]]:
        return list(blocks.slices(self.money, self.bounds.span_days / SHORT))

    @cached_property
    def _every_block(self) -> list[blocks.Block]:
        """Blocks of the whole span, and of a short one: in a few days a scheme is most of what its accounts do."""
        whole, found = self.bounds.span_days, []
        for days, parts in ((whole, self._slices), (whole / SHORT, self._short_slices)):
            trials = max(len(parts) / max(len(self._slices), 1), 1.0)
            for first, part in parts:
                each = blocks.bipartites(
                    part,
                    days - min(1, days / 4),
                    self.bounds.next_payments,
                    self.bounds.most_ties * 2,
                    LOOSEST_UNWEIGHED,
                )
                for one in each:
                    payments = tuple(tie + first for tie in one.payments)
                    expected = one.expected * trials * self._weight(payments)
                    if self._matters(payments):
                        found.append(replace(one, payments=payments, expected=expected))
        return found

    def _bipartites(self, worth: float) -> list[blocks.Block]:
        return [block for block in self._every_block if block.expected <= worth]

    def _stacked(self, worth: float) -> list[blocks.Block]:
        if worth not in self._layers:
            self._layers[worth] = layers.stacked(self.money, self._bipartites(worth), self.bounds.span_days)
        return self._layers[worth]

    def bipartites(self, worth: float) -> list[Shape]:
        """Many that all pay the same many, with no layer before or after."""
        found = [block for block in self._bipartites(worth) if blocks.has_layers(self.money, block)]
        deeper = {tie for stack in self._stacked(worth) for tie in stack.payments}
        return _once([self._block(block, 0) for block in found if deeper.isdisjoint(block.payments)])

    def stacks(self, worth: float, worth_of_files: float) -> list[Shape]:
        """Layers of accounts, each paying the next: blocks with a further layer, and single files of strangers."""
        deep = [block for block in self._stacked(worth) if blocks.has_layers(self.money, block)]
        return _once([self._stack(block) for block in deep] + self._files(worth_of_files))

    def fans(
        self, *, inward: bool, least: int, worth: float, knowing: Knowing, weeks: Ints | None = None
    ) -> list[Shape]:
        """Find crowds of strangers that pay one account, or that one account pays.

        `knowing` says of each crowd how many of it have dealt with another one of it; `weeks` in how many each tie was
        paid, where they were chosen for being large.
        """
        found = crowds.fans(
            self.money,
            inward=inward,
            least=least,
            most=self.bounds.most_ties,
            worth=LOOSEST,
            files=weeks is not None and told_apart(self.money),
        )
        sides = self._sides([(crowd, inward) for crowd in found], knowing, weeks)
        points = [evidence.fan(self.money, side) for side in sides]
        return self._judged(found, points, [side.circle for side in sides], worth)

    def gather_scatters(self, least: int, worth: float, knowing: Knowing) -> list[Shape]:
        """Find accounts that a crowd pays, and which then pays another crowd; `knowing` as in `fans`."""
        found = crowds.gather_scatters(self.money, least=least, most=self.bounds.most_ties, worth=LOOSEST)
        return self._both_sides(found, worth, knowing)

    def speaking_for(self, found: list[crowds.Crowd], knowing: Knowing) -> list[Shape]:
        """Of crowds on both sides of an account, tell those that all else speaks for besides their chance."""
        return self._both_sides(found, 0.0, knowing)

    def _both_sides(self, found: list[crowds.Crowd], worth: float, knowing: Knowing) -> list[Shape]:
        came, left = (self._sides([(crowd, inward) for crowd in found], knowing) for inward in (True, False))
        points = [evidence.gather_scatter(self.money, *both) for both in zip(came, left, strict=True)]
        circles = [one.circle or other.circle for one, other in zip(came, left, strict=True)]
        return self._judged(found, points, circles, worth)

    def _sides(
        self, sides: list[tuple[crowds.Crowd, bool]], knowing: Knowing, weeks: Ints | None = None
    ) -> list[Gathering]:
        """One side (received, or made) of each crowd."""
        payments = [np.array(crowd.received if inward else crowd.made) for crowd, inward in sides]
        others = [
            (self.money.payer if inward else self.money.payee)[rows]
            for rows, (_, inward) in zip(payments, sides, strict=True)
        ]
        again = [float(np.mean(weeks[rows] > 1)) if weeks is not None else 0.0 for rows in payments]
        return [
            Gathering(rows, crowd.account, inward, joined, share)
            for rows, (crowd, inward), joined, share in zip(payments, sides, knowing(others), again, strict=True)
        ]

    def _judged(self, found: list[crowds.Crowd], points: list[float], circles: list[bool], worth: float) -> list[Shape]:
        """Crowds that chance explains too seldom, if nothing else excuses them; and ones of which all else says so too.

        Where persons and firms are not told apart, only circles are excused, and who only collects is told by chance
        alone: nothing says then whether the payers are anybody's clients.
        """
        apart = told_apart(self.money)
        by_chance, by_evidence = [], []
        for crowd, more, circle in zip(found, points, circles, strict=True):
            shape, enough = self._crowd(crowd), len(crowd.received) + len(crowd.made) >= self.bounds.least_crowd
            if circle and not apart:
                continue
            strong = evidence.beyond_chance(crowd.expected) + more >= self.bounds.least_evidence
            strong &= apart or bool(crowd.made)
            if enough and strong and crowd.expected <= self.bounds.crowds_at_most:
                by_evidence.append(shape)
            if not apart or (enough and more >= self.bounds.least_points):
                by_chance.append(shape)
        return _once([*_told(by_chance, worth), *by_evidence])

    def _matters(self, ties: tuple[int, ...]) -> bool:
        """Whether enough of a shape's ties are unusually large: what towns and trades have in common is everyday.

        Where no tie is, it is not known.
        """
        return not self._large.any() or float(self._large[list(ties)].mean()) >= self.bounds.large_share

    def _weight(self, ties: tuple[int, ...]) -> float:
        """Probability that as many ties of a shape are unusually large for an account at their end."""
        count = int(self._large[list(ties)].sum())
        return float(weight(np.array([count]), np.array([len(ties)]), float(self._large.mean()))[0])

    def _line(self, trip: trips.Trip) -> Shape:
        """Write a chain; a ring begins with its earliest payment."""
        ties = trip.ties
        accounts = [int(self.money.payer[tie]) for tie in ties]
        end = int(self.money.payee[ties[-1]])
        chain = accounts if end == accounts[0] else [*accounts, end]
        expected = trip.expected * self._weight(ties)
        return Shape(ties, tuple(range(1, len(ties) + 1)), ("hop",) * len(ties), tuple(chain), expected)

    def _block(self, block: blocks.Block, first: int) -> Shape:
        ties = np.array(block.payments) + first
        return self._layered(ties, np.array(block.layers), block.expected)

    def _stack(self, block: blocks.Block) -> Shape:
        return self._layered(np.array(block.payments), np.array(block.layers), block.expected)

    def _layered(self, ties: Ints, layer: Ints, expected: float) -> Shape:
        order = np.lexsort((ties, layer))
        ties, layer = ties[order], layer[order]
        money = self.money
        line = [money.payer[ties[layer == number]] for number in np.unique(layer)] + [money.payee[ties]]
        suspects = self._bearing(dict.fromkeys(np.concatenate(line).tolist()), ties)
        last = int(layer.max())
        roles = tuple("hop" if last == 0 else ("in" if at == 0 else "out" if at == last else "hop") for at in layer)
        return Shape(tuple(ties.tolist()), tuple((layer + 1).tolist()), roles, tuple(suspects), expected)

    def _bearing(self, accounts: dict[int, None], ties: Ints) -> list[int]:
        """Of a shape's accounts those that pay in it, or for which what they get of it is not little.

        A shop or a builder that a layer pays in passing is none of them. Where all goes to one, that one is the end;
        where persons and firms are not told apart, no end is left out.
        """
        money, pays = self.money, set(self.money.payer[ties].tolist())
        ends = [account for account in accounts if account not in pays]
        if len(ends) == 1 or not told_apart(money):
            return list(accounts)
        got = np.bincount(money.payee[ties], money.usd[ties], money.accounts)
        little = {account for account in ends if got[account] < LITTLE * money.usual[account]}
        return [account for account in accounts if account not in little]

    def _crowd(self, crowd: crowds.Crowd) -> Shape:
        """Write a crowd. Its centre alone is suspected: whoever pays it or is paid by it may know nothing."""
        ties = (*crowd.received, *crowd.made)
        layer = (1,) * len(crowd.received) + (2 if crowd.received else 1,) * len(crowd.made)
        roles = ("in",) * len(crowd.received) + ("out",) * len(crowd.made)
        return Shape(ties, layer, roles, (crowd.account,), crowd.expected)


def in_order(money: Graph, shape: Shape) -> bool:
    """Whether no payment of a chain was made before the one that it follows."""
    return bool((np.diff(money.at[list(shape.ties)]) >= 0).all())


def span(money: Graph, shape: Shape) -> float:
    """Days from the first to the last payment."""
    return float(np.ptp(money.at[list(shape.ties)])) / DAY
