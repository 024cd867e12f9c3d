"""What speaks for a crowd besides its chance, and what excuses it."""

from dataclasses import replace

import numpy as np
import pytest
from tests.test_shapes_chance import money

from mirrorwatch.shapes import evidence
from mirrorwatch.shapes.chance import LEAST_WEIGHT, weight
from mirrorwatch.shapes.evidence import Gathering, Scale
from mirrorwatch.shapes.graph import Graph

CENTRE, SIZE = 0, 8


def crowd(usual: float, kinds: list[int], sums: list[int], *, inward: bool = True) -> tuple[Graph, Gathering]:
    """Eight accounts pay one, or are paid by it; each usually turns over `usual` cents."""
    ends = [(other, CENTRE) if inward else (CENTRE, other) for other in range(1, SIZE + 1)]
    on = money([(*end, 3.0 + 0.4 * place) for place, end in enumerate(ends)])
    # accounts are numbered as they come, so kinds go by name: the centre first
    kind = np.array([kinds[int(name[1:])] for name in on.names])
    known = replace(on, usd=np.array(sums), kind=kind, usual=np.full(on.accounts, usual), population=(5, 4))
    centre = on.names.to_list().index(f"a{CENTRE}")
    return known, Gathering(np.arange(SIZE), centre, inward, 0)


ALL_PERSONS = [0] * (SIZE + 1)
MIXED = [0, 0, 0, 0, 0, 1, 1, 1, 1]
UNEVEN = [90_000 + 11_000 * place for place in range(SIZE)]


def points(usual: float, kinds: list[int], sums: list[int], *, inward: bool = True) -> float:
    return evidence.fan(*crowd(usual, kinds, sums, inward=inward))


def test_a_scale_counts_nothing_at_its_foot_and_stays_within_its_bounds() -> None:
    scale = Scale(at=0.3, each=4.0, least=-4.0, most=4.0)
    assert scale.points(0.3) == pytest.approx(0.0)
    assert scale.points(0.0) == -4.0
    assert scale.points(1e9) == 4.0
    assert scale.points(float("nan")) == 0.0


def test_the_more_payers_part_with_the_more_it_says() -> None:
    told = [points(usual, MIXED, UNEVEN) for usual in (3_000_000.0, 300_000.0, 30_000.0)]
    assert told == sorted(told)
    assert told[0] < told[-1]


def test_equal_shares_excuse_only_what_people_can_spare() -> None:
    equal = [100_000] * SIZE
    assert points(1_000_000.0, MIXED, equal) <= points(1_000_000.0, MIXED, UNEVEN) + evidence.EQUAL_POINTS + 1
    assert points(10_000.0, MIXED, equal) == pytest.approx(points(10_000.0, MIXED, UNEVEN))


def test_persons_alone_are_tenants_or_guests_and_firms_alone_a_firm_s_clients() -> None:
    assert points(1_000_000.0, ALL_PERSONS, UNEVEN) < points(1_000_000.0, MIXED, UNEVEN)
    assert points(1_000_000.0, [1] * (SIZE + 1), UNEVEN) < points(1_000_000.0, [1, *MIXED[1:]], UNEVEN)


def test_parts_of_one_whole_that_a_person_pays_to_persons_are_an_inheritance() -> None:
    alike, unlike = [100_000] * SIZE, [20_000 * 2**place for place in range(SIZE)]
    heirs, others = (points(10_000.0, ALL_PERSONS, sums, inward=False) for sums in (alike, unlike))
    assert heirs == others + evidence.PERSONS_PAID_BY_A_PERSON


def test_money_that_is_passed_on_says_more_than_money_that_stays() -> None:
    came = crowd(100_000.0, ALL_PERSONS, UNEVEN)
    kept, passed = (
        evidence.gather_scatter(came[0], came[1], replace(came[1], payments=came[1].payments[:number]))
        for number in (2, SIZE)
    )
    assert kept < passed


def test_many_large_payments_are_rarer_than_few_and_never_past_the_floor() -> None:
    size = np.full(9, 8)
    chance = weight(np.arange(9), size, 0.2)
    assert chance[0] == 1.0
    assert (np.diff(chance) <= 0).all()
    assert chance.min() == LEAST_WEIGHT
