"""The reckoning of chance, the graph's arrays, and telling one matter once."""

from datetime import timedelta
from itertools import pairwise

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.shape_town import START, Town

from mirrorwatch.features.edges import LOOSE, loose, transfers
from mirrorwatch.shapes.chance import at_least_one, burst, together, usual
from mirrorwatch.shapes.graph import DAY, Graph, graph, hops, sorted_by
from mirrorwatch.shapes.search import Bounds, Search, in_order
from mirrorwatch.shapes.trips import least_of_each


def test_a_product_of_chances_is_as_probable_as_said() -> None:
    dice = np.random.default_rng(1)
    logs = np.log(dice.random((20_000, 4))).sum(axis=1)
    stated = together(logs, 4)
    for level in (0.5, 0.1, 0.01):
        assert np.mean(stated <= level) == pytest.approx(level, rel=0.2)


def test_one_or_more_of_what_is_expected() -> None:
    assert at_least_one(1e-9) == pytest.approx(1e-9)
    assert at_least_one(1.0) == pytest.approx(1 - np.exp(-1))
    assert at_least_one(1e6) == 1.0


def test_crowds_at_accounts_with_usual_strangers_are_as_probable_as_said() -> None:
    dice = np.random.default_rng(2)
    counts = dice.poisson(dice.gamma(2.0, 3.0, 20_000))
    prior = usual(counts[counts > 0], len(counts))
    assert prior[0] == pytest.approx(2.0, rel=0.15)
    inside = dice.binomial(counts, 0.1)
    stated = burst(inside, counts, 0.1, (np.full(20_000, prior[0]), np.full(20_000, prior[1])))
    for level in (0.1, 0.01):
        assert np.mean(stated <= level) <= 1.2 * level


@given(inside=st.integers(1, 30), others=st.integers(0, 30))
def test_a_larger_crowd_is_less_likely_and_a_busier_account_excuses_more(inside: int, others: int) -> None:
    def chance(crowd: int, beside: int) -> float:
        prior = (np.array([1.5]), np.array([0.5]))
        return float(burst(np.array([crowd]), np.array([crowd + beside]), 0.1, prior)[0])

    assert chance(inside + 1, others) <= chance(inside, others)
    assert chance(inside, others) <= chance(inside, others + 1)


KNOWN = ("kind", "payers", "payees")


def money(payments: list[tuple[int, int, float]], days: float = 45.0) -> Graph:
    rows = pl.DataFrame(
        {
            "payer": [f"a{payer}" for payer, _, _ in payments],
            "payee": [f"a{payee}" for _, payee, _ in payments],
            "booked_at": [START] * len(payments),
            "usd_minor": [10_000 + number for number in range(len(payments))],
            "payments": [1] * len(payments),
            "means": ["ach"] * len(payments),
        },
        schema=LOOSE,
    )
    late = pl.Series([int(day * DAY * 1_000_000) for _, _, day in payments], dtype=pl.Int64).cast(pl.Duration("us"))
    rows = rows.with_columns(pl.col("booked_at") + late).sort("booked_at", "usd_minor")
    ids = pl.concat([rows["payer"], rows["payee"]]).unique().sort()
    kinds = pl.DataFrame({"account_id": ids}).with_columns(pl.lit(0).cast(pl.Int64).alias(each) for each in KNOWN)
    return graph(rows, kinds, days)


PAYMENTS = st.lists(
    st.tuples(st.integers(0, 12), st.integers(0, 12), st.floats(0, 44.9)).filter(lambda each: each[0] != each[1]),
    min_size=1,
    max_size=60,
    unique_by=lambda each: each[:2],
)


@given(payments=PAYMENTS, ordered=st.booleans(), most=st.integers(1, 4))
def test_hops_join_what_came_with_what_left_the_same_account(
    payments: list[tuple[int, int, float]], ordered: bool, most: int
) -> None:
    on = money(payments)
    found = hops(on, 10, most, ordered=ordered)
    assert (on.payee[found.into] == on.payer[found.out]).all()
    gap = on.at[found.out] - on.at[found.into]
    assert (np.abs(gap) <= 10 * DAY).all()
    assert not ordered or (gap >= 0).all()
    assert np.bincount(found.into, minlength=1).max() <= most * (1 if ordered else 2)
    assert ((found.nearness > 0) & (found.nearness <= 1) & (found.waited > 0) & (found.waited <= 1)).all()


@settings(max_examples=50)
@given(payments=PAYMENTS)
def test_every_shape_of_a_small_graph_is_what_it_is_called(payments: list[tuple[int, int, float]]) -> None:
    on = money(payments)
    search = Search(on, Bounds())
    for ring in search.round_trips(10.0, lambda files: [False] * len(files)):
        ties = list(ring.ties)
        assert all(on.payee[one] == on.payer[other] for one, other in pairwise([*ties, ties[0]]))
        assert len(set(ring.suspects)) == len(ties)
        assert np.ptp(on.at[ties]) <= 21 * DAY
        assert in_order(on, ring) == bool((np.diff(on.at[ties]) >= 0).all())
    for diamond in search.scatter_gathers(3, 10.0):
        legs, roles = np.array(diamond.ties), np.array(diamond.roles)
        first, last = legs[roles == "in"], legs[roles == "out"]
        assert len(set(on.payer[first])) == len(set(on.payee[last])) == 1
        assert set(on.payee[first]) == set(on.payer[last])
        for middle in set(on.payee[first]):
            assert on.at[first][on.payee[first] == middle] <= on.at[last][on.payer[last] == middle]


def test_a_hub_costs_no_more_than_its_payments() -> None:
    pairs = [(number + 1, 0, number * 0.01) for number in range(2_000)]
    pairs += [(0, number + 3_000, 1 + number * 0.01) for number in range(2_000)]
    found = hops(money(pairs), 21, 8, ordered=False)
    assert len(found.into) <= 2 * 8 * len(pairs)


def test_only_ties_that_do_not_come_back_are_loose() -> None:
    town = Town(residents=0).plus(
        [("a", "b", 1.0, 100), ("a", "c", 1.0, 100), ("a", "c", 3.0, 50), ("a", "d", 1.0, 100), ("a", "d", 31.0, 100)]
        + [("a", "e", float(week), 100) for week in range(0, 28, 7)]
    )
    found = loose(transfers(town.transactions().lazy())).sort("payee").collect()
    assert found.select("payee", "usd_minor", "payments").rows() == [("b", 100, 1), ("c", 150, 2)]


@pytest.mark.parametrize("busy", [False, True])
def test_a_block_is_the_main_part_of_its_accounts_also_where_numbers_of_pairs_pass_32_bits(*, busy: bool) -> None:
    dice, many = np.random.default_rng(5), 70_000
    ends = [(f"a{one}", f"a{(one + 1 + shift) % many}") for one, shift in enumerate(dice.integers(0, many - 1, many))]
    block = [(f"u{one}", f"v{other}") for one in range(4) for other in range(5)]
    if busy:
        block += [(f"u{one}", f"a{100 * one + other}") for one in range(4) for other in range(8)]
        block += [(f"a{100 * one + other}", f"v{one}") for one in range(5) for other in range(50, 58)]
    days = [*(dice.random(many) * 45).tolist(), *(40 + dice.random(len(block))).tolist()]
    rows = pl.DataFrame(
        {
            "payer": [one for one, _ in ends + block],
            "payee": [other for _, other in ends + block],
            "booked_at": [START + timedelta(days=day) for day in days],
            "usd_minor": dice.integers(1_000, 90_000, len(days)),
            "payments": 1,
            "means": "ach",
        },
        schema=LOOSE,
    ).sort("booked_at", "payer", "payee")
    names = pl.concat([rows["payer"], rows["payee"]]).unique().alias("account_id")
    kinds = pl.DataFrame({"account_id": names}).with_columns(kind=pl.lit(0), payers=pl.lit(1), payees=pl.lit(1))
    money = graph(rows, kinds, 45.0)
    found = Search(money, Bounds()).bipartites(0.2)
    whole = {*(f"u{one}" for one in range(4)), *(f"v{other}" for other in range(5))}
    assert [{str(money.names[account]) for account in shape.suspects} for shape in found] == ([] if busy else [whole])


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 3)), max_size=40))
def test_of_each_key_the_first_least_value_is_taken(pairs: list[tuple[int, int]]) -> None:
    key, value = (np.array([pair[side] for pair in pairs], dtype=np.int64) for side in (0, 1))
    wanted = [min((each, place) for place, (own, each) in enumerate(pairs) if own == number)[1]
              for number in sorted({own for own, _ in pairs})]  # fmt: skip
    assert least_of_each(key, value.astype(np.float64)).tolist() == wanted


@given(st.lists(st.integers(0, 2**62), max_size=40))
def test_places_are_sorted_by_key_and_equal_ones_stay_as_they_lie(numbers: list[int]) -> None:
    key = np.array(numbers, dtype=np.int64)
    assert sorted_by(key).tolist() == sorted(range(len(numbers)), key=lambda place: (numbers[place], place))
