"""Brokers who use busy accounts or always split alike are seen; a slow tail of chance is not taken for a fast one."""

import numpy as np
import polars as pl
import pytest
from tests.mirror_town import Town

from mirrorwatch.detectors.mirror_swap import detect
from mirrorwatch.detectors.mirror_swap_parameters import MirrorSwapParameters
from mirrorwatch.matching.bundles import bundle, disjoint, legs_of, same_worth
from mirrorwatch.matching.chance import SCALE, ChanceModel
from mirrorwatch.matching.side import Side, build_side

QUICK = MirrorSwapParameters(seeds=20, moved_nights=2)


def _ring_of_a_busy_payer(*, strangers: bool) -> pl.DataFrame:
    """Ten swaps paid out by an account that pays three suppliers as much on most days."""
    town = Town(21)
    for number in range(10):
        hour, usd = 30.0 + 96 * number, 9_000.0 + 713 * number
        town.pay(None, "US-ring", "US", usd, hour, channel="cash_deposit")
        payee = f"MX-met{number}" if strangers else f"MX-supplier{number % 3}"
        town.pay("MX-ring", payee, "MX", 0.985 * usd, hour + 6)
    for day in range(45):
        if day % 4:
            town.pay("MX-ring", f"MX-supplier{day % 3}", "MX", 6_000.0 + 1_900 * (day % 5), day * 24 + 12.5)
    return detect(town.frames(), QUICK).collect()


def test_payments_to_strangers_met_once_are_nobodys_routine() -> None:
    found = _ring_of_a_busy_payer(strangers=True)
    assert set(found["account_ids"][0].to_list()) == {"US-ring", "MX-ring"}


def test_what_a_busy_account_pays_its_suppliers_is_routine() -> None:
    assert _ring_of_a_busy_payer(strangers=False).is_empty()


def test_another_kind_of_payment_of_a_named_account_is_told_with_it() -> None:
    town = Town(22)
    for number in range(10):
        hour, usd = 30.0 + 96 * number, 9_000.0 + 713 * number
        channel = "cash_deposit" if number < 7 else "check"
        town.pay(None if number < 7 else f"US-met{number}", "US-ring", "US", usd, hour, channel=channel)
        town.pay("MX-ring", f"MX-met{number}", "MX", 0.985 * usd, hour + 6)
    found = detect(town.frames(), QUICK).collect()
    assert set(found["account_ids"][0].to_list()) == {"US-ring", "MX-ring"}
    assert len(found["transaction_ids"][0]) >= 18


def _side(worth: list[int]) -> Side:
    count = len(worth)
    return build_side(
        np.zeros(count, np.int64),
        np.arange(count) / 10.0,
        np.array(worth),
        np.arange(count),
        np.zeros(count),
        np.zeros(1),
        np.zeros(1, int),
        np.zeros(1, int),
    )


@pytest.mark.parametrize(("whole", "swaps"), [(4.0, 2), (6.0, 1)])
def test_two_swaps_are_taken_for_one_only_where_it_weighs_enough(whole: float, swaps: int) -> None:
    ring = np.zeros(1, np.int64)
    left_bundles, right_bundles = (
        bundle(side, *legs_of(side, ring, ring), max_parts=2, span_hours=24.0)
        for side in (_side([100_000, 250_000]), _side([100_000, 250_000]))
    )
    left, right = same_worth(left_bundles, right_bundles, 0.99, 1.01)
    weight = np.where(left_bundles.count[left] + right_bundles.count[right] > 2, whole, 3.0)
    chosen, _, _ = disjoint(left_bundles, right_bundles, left, right, weight)
    assert chosen.size == swaps


def test_a_slow_tail_is_not_taken_for_a_fast_one() -> None:
    rng = np.random.default_rng(9)
    slow, fast = (ChanceModel(rng.exponential(scale, 60), 4) for scale in (5.0, 0.5))
    assert slow.scale > 1.5 * SCALE
    assert fast.scale == SCALE
    threshold = float(np.sort(slow.null_scores)[-12])
    assert slow.expected_rings(threshold + 20) > 10 * 3 * np.exp(-20 / SCALE)
