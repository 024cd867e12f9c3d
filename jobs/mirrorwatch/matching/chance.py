"""How likely a ring's score is by chance alone, over the whole night, and which rings to report.

The night is searched again with one side of every corridor moved by whole weeks around a circle: amounts, weekdays
and everybody's own rhythm stay, true coincidences go. The tail of the scores found there is exponential, as for the
best of many local scores (Karlin and Altschul 1990), and gives the expected number of rings by chance.
"""

from dataclasses import dataclass

import numpy as np

from mirrorwatch.matching.side import Floats

WEEK_HOURS = 7 * 24.0
FEWEST_WEEKS = 3  # fewer give one shift at most
# The tail is fitted to the ten best scores of a moved night on average: enough to be stable, few enough to be tail.
TAIL_PER_NIGHT = 10
# With fewer null scores than this a tail cannot be fitted; the rate of a likelihood ratio in nats then stands in,
# doubled because the search picks the best of many.
FEWEST_FOR_FIT = 8
UNFITTED_SCALE = 2.0


def weekly_shifts(window_days: int, most: int) -> tuple[list[float], float]:
    """Shifts in hours (whole weeks, never zero) and the circle's length; single days where the window has no weeks."""
    weeks = -(-window_days // 7)
    if weeks >= FEWEST_WEEKS:
        return [week * WEEK_HOURS for week in range(1, weeks)][:most], weeks * WEEK_HOURS
    # Under three weeks, days stand in for weeks; three days clear any lag.
    return [day * 24.0 for day in range(3, window_days - 2)][:most], window_days * 24.0


@dataclass(frozen=True)
class ChanceModel:
    """Expected number of rings a night by chance with at least a given score."""

    null_scores: Floats
    nights: int

    @property
    def _tail(self) -> tuple[Floats, float, float]:
        scores = np.sort(self.null_scores)[::-1][: TAIL_PER_NIGHT * max(1, self.nights)]
        if scores.size < FEWEST_FOR_FIT:
            return scores, float(scores.min()) if scores.size else 0.0, UNFITTED_SCALE
        threshold = float(scores[-1])
        return scores, threshold, max(float((scores[:-1] - threshold).mean()), 1e-3)

    def expected_rings(self, score: float) -> float:
        """Return the E-value of a score; infinite without a null night to learn from."""
        if self.nights == 0:
            return float("inf")
        tail, threshold, scale = self._tail
        if score <= threshold and self.null_scores.size:
            return float((self.null_scores >= score).sum()) / self.nights
        return max(1, tail.size) / self.nights * float(np.exp(-(score - threshold) / scale))

    def probability(self, score: float) -> float:
        """Probability that a night of ordinary activity shows at least one ring with this score."""
        return at_least_one(self.expected_rings(score))


def at_least_one(expected: float) -> float:
    """Probability of at least one event where `expected` are expected (Poisson)."""
    return -float(np.expm1(-expected))


def controlled(expected: list[float], rate: float, reported: int = 0) -> int:
    """How many of the best (E-values ascending) to report so that false ones are at most `rate` of all reported.

    Benjamini and Hochberg (1995) on E-values, after `reported` earlier ones: the longest prefix k with
    E_k <= rate * (reported + k).
    """
    passing = [k for k, value in enumerate(expected, start=1) if value <= rate * (reported + k)]
    return max(passing, default=0)
