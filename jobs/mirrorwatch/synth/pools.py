"""Weighted choice among millions by one lookup: each member holds tickets, grouped by country."""

from dataclasses import dataclass

import numpy as np

from mirrorwatch.synth.places import COUNTRIES

Pair = tuple[np.ndarray, np.ndarray]  # payers and payees of standing relations, in parallel
_TICKETS_PER_MEMBER = 3.0  # on average; the lightest member still holds one
_MOST_TICKETS = 400  # a very large member stays choosable without filling memory


@dataclass(frozen=True)
class Pool:
    """`members` sorted by country; tickets of country c are `size[c]` long from `start[c]` on."""

    members: np.ndarray
    start: np.ndarray
    size: np.ndarray
    distinct: int  # members, however many tickets they hold

    def anyone(self, rng: np.random.Generator, n: int) -> np.ndarray:
        """Draw `n` members whatever the country."""
        return np.asarray(self.members[rng.integers(0, len(self.members), n)])

    def of(self, rng: np.random.Generator, country: np.ndarray) -> np.ndarray:
        """Draw one member for each entry of `country`; for a country without any, one of the whole pool."""
        size = self.size[country]
        inside = self.start[country] + (rng.random(len(country)) * size).astype(np.int64)
        fallback = rng.integers(0, len(self.members), len(country))
        return np.asarray(self.members[np.where(size > 0, inside, fallback)])


def pool(accounts: np.ndarray, country: np.ndarray, weight: np.ndarray | None = None) -> Pool:
    """Make a pool of `accounts`; `country` and `weight` are theirs, in the same order."""
    order = np.argsort(country, kind="stable")
    members, places = accounts[order], country[order]
    if weight is not None and len(weight):
        relative = weight[order] / max(float(weight.mean()), 1e-9) * _TICKETS_PER_MEMBER
        held = np.clip(np.rint(relative), 1, _MOST_TICKETS).astype(np.int64)
        members, places = np.repeat(members, held), np.repeat(places, held)
    size = np.bincount(places, minlength=len(COUNTRIES))
    return Pool(members.astype(np.int32), np.concatenate([[0], np.cumsum(size)[:-1]]), size, len(accounts))
