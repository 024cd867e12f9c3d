"""How many shapes as good as one found chance would make, and the probability of at least one."""

import math

import numpy as np
from numpy.typing import NDArray
from scipy.special import betainc, gammaincc

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

FLOOR = 1e-300


def together(log_product: Floats, factors: Ints | int) -> Floats:
    """Probability that a product of so many independent uniform numbers is as small (Fisher's method).

    `log_product` is its natural logarithm (0 or less).
    """
    count = np.maximum(factors, 1)
    return np.where(np.asarray(factors) > 0, gammaincc(count, np.maximum(-log_product, 0.0)), 1.0)


def at_least_one(expected: float) -> float:
    """Probability of one or more when so many are expected."""
    return -math.expm1(-min(expected, 700.0))


def usual(counts: NDArray[np.int64], population: int) -> tuple[float, float]:
    """Shape and rate (a window's worth) of the gamma distribution of accounts' usual counts, by their moments.

    `counts` are those of accounts that have any; the rest of `population` has none. Where counts vary less than
    chance alone would make them, the shape is large.
    """
    size = max(population, len(counts), 1)
    mean = max(float(counts.sum()) / size, 1e-9)
    variance = float((counts.astype(np.float64) ** 2).sum()) / size - mean * mean
    shape = mean * mean / max(variance - mean, mean * 1e-3)
    return shape, shape / mean


def usually(counts: Ints, population: int, most: int) -> Floats:
    """Events that accounts with these counts would see in a window, were one of them not there.

    The mean of the gamma distribution that `usual` fits to accounts of `most` events, updated by the account's others.
    """
    shape, rate = usual(counts[(counts > 0) & (counts <= most)], population)
    return np.asarray((shape + np.maximum(counts - 1, 0)) / (rate + 1.0))


def burst(inside: Ints, total: Ints, share: float, prior: tuple[Floats, Floats]) -> Floats:
    """Probability of at least `inside` events in a `share` of the window, given the account's others.

    The rate is gamma distributed: `prior` as `usual` gives it, and the `total - inside` events seen in the rest of the
    window. So an account that is paid by strangers all the time needs a larger crowd to stand out than an idle one.
    """
    shape, rate = prior
    known_shape = shape + (total - inside)
    known_rate = rate + (1.0 - share)
    chance = known_rate / (known_rate + share)
    at_least = np.maximum(inside, 1) - 1
    # P(X > k) of a negative binomial with a real shape, by the incomplete beta function
    tail = betainc(at_least + 1.0, known_shape, 1.0 - chance)
    return np.where(inside > 0, np.maximum(tail, FLOOR), 1.0)


# Fewer than this is not told apart: an idle account's payments are all large for it, so they are not independent.
LEAST_WEIGHT = 1e-4


def weight(large: Ints, size: Ints, share: float) -> Floats:
    """Probability that at least `large` of `size` payments are unusually large, when a `share` of the night's is."""
    some = np.maximum(large, 1)
    tail = betainc(some, size - some + 1.0, min(max(share, 1e-9), 1.0))
    return np.where(large > 0, np.maximum(tail, LEAST_WEIGHT), 1.0)
