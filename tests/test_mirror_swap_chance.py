"""The stated probabilities are true: on worlds without a scheme, a probability of p comes up about p of the time."""

import numpy as np
import pytest
from tests.mirror_town import Town

from mirrorwatch.detectors.mirror_swap import detect
from mirrorwatch.detectors.mirror_swap_parameters import MirrorSwapParameters
from mirrorwatch.matching.chance import SCALE, ChanceModel, controlled, weekly_shifts

WORLDS = 24


def _least_probability(seed: int) -> float:
    # A rate this high reports every ring, so that the best of a night without a scheme can be seen.
    everything = MirrorSwapParameters(seeds=15, moved_nights=3, false_discovery_rate=0.999999, least_swaps=2)
    found = detect(Town(seed, accounts=25).frames(), everything).collect()
    return float(found["chance_probability"].min() or 1.0) if found.height else 1.0  # type: ignore[arg-type]


def test_probabilities_hold_on_worlds_without_a_scheme() -> None:
    least = np.array([_least_probability(1000 + seed) for seed in range(WORLDS)])
    # Binomial bounds that a true 20 % (50 %) exceeds once in a thousand: 12 (20) of 24.
    assert (least <= 0.2).sum() < 12
    assert (least <= 0.5).sum() < 20
    # … and they are no mere ones: a null night does look like something now and then.
    assert (least <= 0.8).sum() >= 3
    assert (least <= 0.005).sum() <= 1


def test_the_tail_gives_the_rate_that_made_it() -> None:
    rng = np.random.default_rng(5)
    nights = 400
    scores = rng.exponential(SCALE, nights * 15)
    model = ChanceModel(scores, nights)
    for score in (10.0, 12.0):
        true = 15 * np.exp(-score / SCALE)
        assert model.expected_rings(score) == pytest.approx(true, rel=0.25)
        assert model.probability(score) == pytest.approx(1 - np.exp(-true), rel=0.25)


def test_what_the_same_accounts_show_by_chance_counts_against_them() -> None:
    model = ChanceModel(np.array([3.0, 2.0, 1.0]), 1)
    assert model.expected_rings(20.0) < 0.01
    assert model.expected_rings(20.0, np.array([19.0])) > 0.5


def test_without_a_null_night_nothing_is_improbable() -> None:
    model = ChanceModel(np.zeros(0), 0)
    assert model.probability(100.0) == 1.0


@pytest.mark.parametrize(
    ("expected", "reported"), [([], 0), ([0.2], 0), ([0.1], 1), ([0.01, 0.19, 5.0], 2), ([0.15, 0.19], 2)]
)
def test_the_false_discovery_rate_steps_up(expected: list[float], reported: int) -> None:
    assert controlled(expected, 0.1) == reported


def test_moved_nights_keep_the_weekday() -> None:
    shifts, period = weekly_shifts(45, 6)
    assert shifts == [168.0 * week for week in range(1, 7)]
    assert period == 49 * 24
    assert all(0 < shift < 10 * 24 for shift in weekly_shifts(10, 6)[0])
