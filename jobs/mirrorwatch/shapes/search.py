"""The seven searches: a graph in, shapes out, each told once."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeVar

import numpy as np

from mirrorwatch.shapes import blocks, crowds, layers, trips
from mirrorwatch.shapes.collections import Gathering
from mirrorwatch.shapes.graph import DAY, Graph, Hops, Ints, hops


@dataclass(frozen=True)
class Bounds:
    """What the searches may look at; days, payments and ties as the detectors' parameters describe them."""

    span_days: float = 21.0
    next_payments: int = 8
    most_hops: int = 16
    most_ties: int = 32


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
LOOSEST = 10.0  # no parameter lets chance make more


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

    def __init__(self, money: Graph, bounds: Bounds) -> None:
        """Take the graph and the bounds; nothing is searched yet."""
        self.money, self.bounds = money, bounds
        self._layers: dict[float, list[blocks.Block]] = {}
        self._followed: tuple[float, list[trips.Trip]] = (-1.0, [])

    @cached_property
    def _hops(self) -> Hops:
        return hops(self.money, self.bounds.span_days, self.bounds.next_payments, ordered=False)

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
        return _once([self._line(trip) for trip in found] + closed)

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
            each = blocks.scatter_gathers(part, pairs, least, self.bounds.most_ties * 2, worth)
            found += [self._block(block, first) for block in each]
        return _once([shape for shape in found if span(self.money, shape) <= self.bounds.span_days])

    @cached_property
    def _every_block(self) -> list[blocks.Block]:
        found = []
        for first, part in self._slices:
            each = blocks.bipartites(
                part, self.bounds.span_days - 1, self.bounds.next_payments, self.bounds.most_ties * 2, LOOSEST
            )
            found += [replace(one, payments=tuple(tie + first for tie in one.payments)) for one in each]
        return found

    def _bipartites(self, worth: float) -> list[blocks.Block]:
        return [block for block in self._every_block if block.expected <= worth]

    def _stacked(self, worth: float) -> list[blocks.Block]:
        if worth not in self._layers:
            self._layers[worth] = layers.stacked(self.money, self._bipartites(worth), self.bounds.span_days)
        return self._layers[worth]

    def bipartites(self, worth: float) -> list[Shape]:
        """Many that all pay the same many, with no layer before or after."""
        found = self._bipartites(worth)
        deeper = {tie for stack in self._stacked(worth) for tie in stack.payments}
        return _once([self._block(block, 0) for block in found if deeper.isdisjoint(block.payments)])

    def stacks(self, worth: float, worth_of_files: float) -> list[Shape]:
        """Layers of accounts, each paying the next: blocks with a further layer, and single files of strangers."""
        deep = self._stacked(worth)
        return _once([self._stack(block) for block in deep] + self._files(worth_of_files))

    def fans(self, *, inward: bool, least: int, worth: float, knowing: Knowing) -> list[Shape]:
        """Find crowds of strangers that pay one account, or that one account pays.

        `knowing` says of each crowd how many of it have dealt with another one of it.
        """
        found = crowds.fans(self.money, inward=inward, least=least, most=self.bounds.most_ties, worth=LOOSEST)
        return _told([self._crowd(crowd) for crowd in self._dishonest(found, knowing)], worth)

    def gather_scatters(self, least: int, worth: float, knowing: Knowing) -> list[Shape]:
        """Find accounts that a crowd pays, and which then pays another crowd; `knowing` as in `fans`."""
        found = crowds.gather_scatters(self.money, least=least, most=self.bounds.most_ties, worth=LOOSEST)
        return _told([self._crowd(crowd) for crowd in self._dishonest(found, knowing)], worth)

    def _dishonest(self, found: list[crowds.Crowd], knowing: Knowing) -> list[crowds.Crowd]:
        """Leave out crowds that either side's payments give an honest reason for."""
        sides = [
            (number, np.array(payments), inward)
            for number, crowd in enumerate(found)
            for payments, inward in ((crowd.received, True), (crowd.made, False))
            if payments
        ]
        others = [(self.money.payer if inward else self.money.payee)[rows] for _, rows, inward in sides]
        honest = {
            number
            for (number, rows, inward), joined in zip(sides, knowing(others), strict=True)
            if Gathering(rows, found[number].account, inward, joined).honest(self.money)
        }
        return [crowd for number, crowd in enumerate(found) if number not in honest]

    def _line(self, trip: trips.Trip) -> Shape:
        """Write a chain; a ring begins with its earliest payment."""
        ties = trip.ties
        accounts = [int(self.money.payer[tie]) for tie in ties]
        end = int(self.money.payee[ties[-1]])
        chain = accounts if end == accounts[0] else [*accounts, end]
        return Shape(ties, tuple(range(1, len(ties) + 1)), ("hop",) * len(ties), tuple(chain), trip.expected)

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
        suspects = dict.fromkeys(np.concatenate(line).tolist())
        last = int(layer.max())
        roles = tuple("hop" if last == 0 else ("in" if at == 0 else "out" if at == last else "hop") for at in layer)
        return Shape(tuple(ties.tolist()), tuple((layer + 1).tolist()), roles, tuple(suspects), expected)

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
