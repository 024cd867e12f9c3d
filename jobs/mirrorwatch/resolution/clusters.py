"""Entities: parties linked by likely pairs, and chains that hold together badly cut again.

A is like B and B like C does not make A and C one. A component stays whole only if its pairs are likely on average
(pairs never compared count as nothing) and none of them is known to be two parties; else its weaker links go first, and
what still fails is left as pairs of mutual best.
"""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from mirrorwatch.resolution.parameters import ResolutionParameters

# Links below these go, one step after the other, where a component fails.
_STEPS = (0.99, 0.999, 0.9999, 0.999999)


@dataclass(frozen=True)
class Links:
    """Scored pairs of rows: `left`, `right`, `probability`, sorted by left and right."""

    left: np.ndarray
    right: np.ndarray
    probability: np.ndarray

    def where(self, mask: np.ndarray) -> "Links":
        """Return the pairs that a mask keeps."""
        return Links(self.left[mask], self.right[mask], self.probability[mask])


def _labels(links: Links, count: int) -> np.ndarray:
    ones = np.ones(len(links.left), dtype=np.int8)
    graph = coo_array((ones, (links.left, links.right)), shape=(count, count))
    return np.asarray(connected_components(graph, directed=False)[1])


def _failing(labels: np.ndarray, scored: Links, parameters: ResolutionParameters) -> np.ndarray:
    """Whether each label's component holds together too badly (label -> bool)."""
    sizes = np.bincount(labels).astype(np.float64)
    inside = labels[scored.left] == labels[scored.right]
    of, probability = labels[scored.left[inside]], scored.probability[inside]
    average = np.bincount(of, probability, minlength=len(sizes)) / np.maximum(sizes * (sizes - 1) / 2, 1)
    weakest = np.ones(len(sizes))
    np.minimum.at(weakest, of, probability)
    return (sizes > 2) & ((average < parameters.least_agreement) | (weakest < parameters.least_weakest))  # noqa: PLR2004


def _mutual(links: Links) -> Links:
    """Pairs of which each is the other's likeliest; of equals, the pair that comes first."""
    order = np.lexsort((links.right, links.left, -links.probability))
    ends = np.stack([links.left[order], links.right[order]], axis=1).ravel()
    first = np.zeros(len(ends), dtype=bool)
    first[np.unique(ends, return_index=True)[1]] = True
    kept = np.zeros(len(order), dtype=bool)
    kept[order[first.reshape(-1, 2).all(axis=1)]] = True
    return links.where(kept)


def cut(scored: Links, count: int, parameters: ResolutionParameters) -> tuple[np.ndarray, int]:
    """Label of each row's entity, and how many components had to be cut."""
    links = scored.where(scored.probability >= parameters.least_probability)
    labels = _labels(links, count)
    failing = _failing(labels, scored, parameters)
    number = int(failing.sum())
    for step in (*_STEPS, None):
        if not failing.any():
            break
        bad = failing[labels[links.left]]
        weak = links.where(bad)
        left = _mutual(weak) if step is None else weak.where(weak.probability >= step)
        sound = links.where(~bad)
        links = Links(*(np.concatenate([getattr(part, name) for part in (sound, left)]) for name in vars(sound)))
        labels = _labels(links, count)
        failing = _failing(labels, scored, parameters)
    return labels, number
