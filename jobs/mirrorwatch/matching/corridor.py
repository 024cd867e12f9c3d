"""What one search looks at: both sides of a pair of places, who is tied to whom, and what counts as a swap."""

from dataclasses import dataclass, replace

import numpy as np

from mirrorwatch.matching.side import Bools, Floats, Ints, Side, shifted

NODE_STRIDE = np.int64(1) << 32


@dataclass(frozen=True)
class Range:
    """Values from `low` to `high` are possible; `usual_share` of them lie from `usual_low` to `usual_high`."""

    low: float
    high: float
    usual_low: float
    usual_high: float
    usual_share: float

    @property
    def width(self) -> float:
        """From the lowest to the highest value."""
        return self.high - self.low

    def holds(self, values: Floats) -> Bools:
        """Which values are possible."""
        return np.asarray((values >= self.low) & (values <= self.high))

    def density(self, values: Floats) -> Floats:
        """Density of possible values, relative to an even one."""
        usual = min(self.usual_high, self.high) - max(self.usual_low, self.low)
        if not 0 < usual < self.width:
            return np.ones(values.shape)
        inside = (values >= self.usual_low) & (values <= self.usual_high)
        outer = (1 - self.usual_share) * self.width / (self.width - usual)
        return np.where(inside, self.usual_share * self.width / usual, outer)


@dataclass(frozen=True)
class Tolerance:
    """What counts as one swap: share kept as fee, hours from collection to payout, span and number of parts."""

    fee: Range
    lag_hours: Range
    span_hours: float
    max_parts: int
    window_hours: float
    expected_swaps: float


@dataclass(frozen=True)
class Corridor:
    """Both sides, indexed; `tied` pairs of nodes (`pair_key`, sorted), between which a match is no evidence."""

    collecting: Side
    paying: Side
    tied: Ints
    tolerance: Tolerance

    def moved(self, hours: float, period: float) -> "Corridor":
        """Move the payouts by `hours` around a circle of `period` hours: a null night."""
        return replace(self, paying=shifted(self.paying, hours, period)) if hours else self


def pair_key(collector: Ints, payer: Ints) -> Ints:
    """One number for a pair of nodes."""
    return collector * NODE_STRIDE + payer


def contains(sorted_values: Ints, values: Ints) -> Bools:
    """Which `values` stand in `sorted_values`."""
    if sorted_values.size == 0:
        return np.zeros(values.shape, bool)
    place = np.minimum(np.searchsorted(sorted_values, values), sorted_values.size - 1)
    return np.asarray(sorted_values[place] == values)
