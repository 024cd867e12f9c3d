"""How likely a ring's score is by chance alone, over the whole night, and which rings to report.

The night is searched again with one side of every corridor moved by whole weeks around a circle: amounts, weekdays
and everybody's own rhythm stay, true coincidences go. The tail of the scores found there is exponential, as for the
best of many local scores (Karlin and Altschul 1990), and gives the expected number of rings by chance.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from mirrorwatch.matching.side import Floats

WEEK_HOURS = 7 * 24.0
FEWEST_WEEKS = 3  # fewer give one shift at most
# The tail begins at the three best scores a moved night on average: few enough to be tail.
TAIL_PER_NIGHT = 3
# Two nats more make chance less likely by a factor of e, or more nats where the tail seen says so. A likelihood ratio
# needs one; it is doubled because the search picks the best of many. The tests hold it to worlds without a scheme.
SCALE = 2.0
# The tail seen is a handful of scores: the scale above is held as this many of them.
HELD_SCORES = 9


def weekly_shifts(window_days: int, most: int) -> tuple[list[float], float]:
    """Shifts in hours (whole weeks, never zero) and the circle's length; single days where the window has no weeks."""
    weeks = -(-window_days // 7)
    if weeks >= FEWEST_WEEKS:
        return [week * WEEK_HOURS for week in range(1, weeks)][:most], weeks * WEEK_HOURS
    # Under three weeks, days stand in for weeks; three days clear any lag.
    return [day * 24.0 for day in range(3, window_days - 2)][:most], window_days * 24.0


@dataclass(frozen=True)
class ChanceModel:
    """Expected number of rings a night by chance with at least a given score, from rings of moved nights."""

    null_scores: Floats
    nights: int

    def expected_rings(self, score: float, own: Floats | None = None) -> float:
        """Return the E-value of a score; infinite without a null night to learn from.

        `own` are null scores of the same accounts, which the model leaves out: they add what chance gives these.
        """
        if self.nights == 0:
            return float("inf")
        elsewhere = self._beyond(score, self.null_scores, TAIL_PER_NIGHT * self.nights)
        return elsewhere + (self._beyond(score, own, self.nights) if own is not None and own.size else 0.0)

    @cached_property
    def scale(self) -> float:
        """Nats by which a score must rise to be less likely by a factor of e: fitted to the tail, never under SCALE."""
        best = np.sort(self.null_scores)[::-1][: TAIL_PER_NIGHT * self.nights]
        above = best[:-1] - best[-1:]
        fitted = (HELD_SCORES * SCALE + float(above.sum())) / (HELD_SCORES + above.size)
        return max(SCALE, fitted)

    def _beyond(self, score: float, scores: Floats, tail: int) -> float:
        best = np.sort(scores)[::-1][:tail]
        threshold = float(best[-1]) if best.size else 0.0
        if score <= threshold:
            return max(1.0, float((scores >= score).sum())) / self.nights
        return max(1, best.size) / self.nights * float(np.exp(-(score - threshold) / self.scale))

    def probability(self, score: float) -> float:
        """Probability that a night of ordinary activity shows at least one ring with this score."""
        return at_least_one(self.expected_rings(score))


def at_least_one(expected: float) -> float:
    """Probability of at least one event where `expected` are expected (Poisson)."""
    return -float(np.expm1(-expected))


def controlled(expected: list[float], rate: float) -> int:
    """How many of the best (E-values ascending) to report so that false ones are at most `rate` of them.

    Benjamini and Hochberg (1995) on E-values: the longest prefix k with E_k <= rate * k.
    """
    passing = [k for k, value in enumerate(expected, start=1) if value <= rate * k]
    return max(passing, default=0)
