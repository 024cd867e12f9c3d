"""Shapes of unusually large ties: layered money that comes in rounds, over ties that come back.

A tie is one entry of the graph however often it was paid: its first instant and the sum of all. A scheme of several
rounds is then one shape, whose sums are kept from tie to tie as they would be in one round. What takes the place of
looseness is that each tie is large in the life of an account at its end (`features.unusual`), which few ties are.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

import numpy as np

from mirrorwatch.shapes import crowds
from mirrorwatch.shapes.custom import told_apart
from mirrorwatch.shapes.evidence import equal_shares
from mirrorwatch.shapes.graph import DAY, Bools, Floats, Graph, Ints
from mirrorwatch.shapes.search import Bounds, Knowing, Search, Shape


@dataclass(frozen=True)
class Wide:
    """The graph of unusual ties, and of each tie how large it is for payer and payee: `features.unusual.TIES`."""

    money: Graph
    times_paid: Floats
    times_got: Floats
    rank_paid: Floats
    rank_got: Floats
    weeks: Ints  # in which the tie was paid
    made: dict[tuple[Bounds, bool], list[tuple[Ints, Search]]] = field(default_factory=dict, init=False, repr=False)

    def level(self, most: float) -> tuple[Ints, Graph]:
        """Ties of which at most the share `most` of the night's are as large: (their numbers, their graph)."""
        rows = np.flatnonzero(np.minimum(self.rank_paid, self.rank_got) <= most)
        return rows, self.money.taken(rows)

    def searches(self, bounds: Bounds, *, handed_on: bool) -> list[tuple[Ints, Search]]:
        """Numbers of the ties at each of the ranks, and the search among them; each is made once."""
        asked = bounds, handed_on
        if asked not in self.made:
            levels = [self.level(level) for level in bounds.ranks]
            self.made[asked] = [
                (rows, Search(money, bounds, handed_on=handed_on)) for rows, money in levels if money.size
            ]
        return self.made[asked]


def _renumbered(shapes: Iterable[Shape], rows: Ints) -> list[Shape]:
    return [replace(shape, ties=_of(rows, shape.ties)) for shape in shapes]


def _once(shapes: list[Shape]) -> list[Shape]:
    """Leave out shapes of which half or more is told by ones with more ties."""
    told: set[int] = set()
    kept = []
    for shape in sorted(shapes, key=lambda each: (-len(each.ties), each.expected, each.ties)):
        if 2 * len(told.intersection(shape.ties)) < len(shape.ties):
            kept.append(shape)
            told.update(shape.ties)
    return kept


def at_levels(
    wide: Wide, bounds: Bounds, look: Callable[[Search], list[Shape]], *, handed_on: bool = False
) -> list[Shape]:
    """Run one search at each of the ranks: a scheme may be all of very large sums, or of large ones."""
    searches = wide.searches(bounds, handed_on=handed_on)
    return _once([shape for rows, search in searches for shape in _renumbered(look(search), rows)])


def fans(wide: Wide, bounds: Bounds, knowing: Knowing, *, inward: bool) -> list[Shape]:
    """Crowds of five or more that all else speaks for besides their chance; `knowing` as in `Search.fans`."""
    rank, found = (wide.rank_paid if inward else wide.rank_got), []
    for most in (1.0, bounds.ranks[-1]):  # of all, and of those that are large for whoever pays (or is paid)
        rows = np.flatnonzero(rank <= most)
        search = Search(wide.money.taken(rows), bounds)
        if rows.size:
            each = search.fans(
                inward=inward, least=bounds.least_crowd, worth=0.0, knowing=knowing, weeks=wide.weeks[rows]
            )
            found += _renumbered(each, rows)
    return _once(found)


def gather_scatters(wide: Wide, bounds: Bounds, knowing: Knowing) -> list[Shape]:
    """Accounts that gather from a crowd and scatter among another, which all else speaks for besides their chance."""
    found = []
    for level in bounds.ranks:
        rows, money = wide.level(level)
        if money.size:
            each = crowds.gather_scatters(money, least=2, most=bounds.most_ties, worth=bounds.crowds_at_most)
            own = [replace(one, received=_of(rows, one.received), made=_of(rows, one.made)) for one in each]
            found += [shown for crowd in own for shown in (crowd, _whole(wide.money, crowd))]
    return _once(Search(wide.money, bounds).speaking_for(found, knowing))


def _of(rows: Ints, ties: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(rows[list(ties)].tolist())


def _whole(money: Graph, crowd: crowds.Crowd) -> crowds.Crowd:
    """Every tie of the crowd's times, of any level."""
    came = _beside(money.payee == crowd.account, money.at, np.array(crowd.received))
    left = _beside(money.payer == crowd.account, money.at, np.array(crowd.made))
    return replace(crowd, received=tuple(came.tolist()), made=tuple(left.tolist()))


def _beside(own: Bools, at: Ints, ties: Ints) -> Ints:
    """Find the account's ties that begin no more than a day before or after these."""
    return np.flatnonzero(own & (at >= at[ties].min() - DAY) & (at <= at[ties].max() + DAY))


def _no_ring(files: list[Shape]) -> list[bool]:
    return [False] * len(files)


def round_trips(wide: Wide, bounds: Bounds) -> list[Shape]:
    """Money that comes back, through three accounts or more."""
    return at_levels(wide, bounds, lambda search: search.round_trips(bounds.rounds_at_most, _no_ring))


def scatter_gathers(wide: Wide, bounds: Bounds) -> list[Shape]:
    """One account to three or more to one account."""
    return at_levels(wide, bounds, lambda search: search.scatter_gathers(3, bounds.rounds_at_most))


def bipartites(wide: Wide, bounds: Bounds) -> list[Shape]:
    """Many that pay the same many; persons who pay equal shares are a club."""
    found = at_levels(wide, bounds, lambda search: search.bipartites(bounds.rounds_at_most))
    return [shape for shape in found if not _club(wide.money, shape)]


def _club(money: Graph, shape: Shape) -> bool:
    ties = np.array(shape.ties)
    ends = np.concatenate([money.payer[ties], money.payee[ties]])
    return told_apart(money) and bool((money.kind[ends] == 0).all()) and equal_shares(money, ties)


def stacks(wide: Wide, bounds: Bounds) -> list[Shape]:
    """Layer upon layer; a single file only of sums that are handed on."""
    look = lambda search: search.stacks(bounds.rounds_at_most, bounds.files_at_most)  # noqa: E731
    return at_levels(wide, bounds, look, handed_on=True)
