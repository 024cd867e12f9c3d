"""Owners of any depth: products along chains, circles, unrecorded shares, and the rule of half in the aggregate."""

from datetime import date

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from mirrorwatch.contract import OWNERSHIP
from mirrorwatch.features.control import fronts, handovers, seats
from mirrorwatch.features.majority import Bound, owned_by, owned_by_one
from mirrorwatch.features.ownership_chains import MOST_IN_CIRCLE, Graph, links, over_reported, ultimate_owners
from mirrorwatch.rulebook import SHIPPED

DAY = date(2026, 3, 31)
HALF = Bound(0.5, inclusive=True)
Row = tuple[str, str, float | None]


def held(rows: list[Row], role: str = "shareholder") -> pl.LazyFrame:
    said = [{"owner_party_id": o, "owned_party_id": c, "role": role, "share": share} for o, c, share in rows]
    return pl.LazyFrame(said, schema=OWNERSHIP.schema)


def owners(rows: list[Row]) -> dict[tuple[str, str], float]:
    found = ultimate_owners(links(held(rows), DAY).collect())
    return {(row["owner"], row["party_id"]): row["share"] for row in found.iter_rows(named=True)}


def blocked(rows: list[Row], *listed: str, bound: Bound = HALF) -> set[str]:
    return set(owned_by(links(held(rows), DAY).collect(), pl.Series(listed), bound)["party_id"])


def test_shares_multiply_along_a_chain_and_add_up_over_chains() -> None:
    rows: list[Row] = [("x", "A", 0.6), ("x", "B", 0.5), ("y", "B", 0.5), ("A", "C", 0.5), ("B", "C", 0.5)]
    found = owners(rows)
    assert found["x", "C"] == pytest.approx(0.6 * 0.5 + 0.5 * 0.5)
    assert found["y", "C"] == pytest.approx(0.25)
    assert ("A", "C") not in found


def test_a_circle_is_the_sum_of_all_its_rounds() -> None:
    rows: list[Row] = [("x", "A", 0.5), ("B", "A", 0.5), ("A", "B", 1.0)]
    found = owners(rows)
    assert found["x", "A"] == pytest.approx(1.0)
    assert found["x", "B"] == pytest.approx(1.0)


def test_a_circle_that_hardly_leaks_is_solved_too() -> None:
    rows: list[Row] = [("x", "A", 1e-5), ("B", "A", 1 - 1e-5), ("A", "B", 1.0), ("B", "C", 0.4)]
    found = owners(rows)
    assert found["x", "B"] == pytest.approx(1.0, abs=1e-4)
    assert found["x", "C"] == pytest.approx(0.4, abs=1e-4)


def test_a_closed_circle_has_no_owner_and_what_it_owns_neither() -> None:
    assert owners([("A", "B", 1.0), ("B", "C", 1.0), ("C", "A", 1.0), ("A", "D", 1.0)]) == {}


def test_a_circle_of_very_many_companies_lets_nobody_in_and_ends() -> None:
    names = [f"c{number:04d}" for number in range(MOST_IN_CIRCLE + 1)]
    rows: list[Row] = [(a, b, 0.9) for a, b in zip(names, names[1:] + names[:1], strict=True)]
    assert owners([("x", names[0], 0.1), *rows, ("y", "Z", 1.0)]) == {("y", "Z"): 1.0}


def test_an_unrecorded_share_is_unknown() -> None:
    edges = links(held([("x", "A", None), ("y", "A", 0.4), ("A", "B", 1.0)]), DAY).collect()
    found = {
        (row["owner"], row["party_id"]): (row["share"], row["supposed"])
        for row in ultimate_owners(edges).iter_rows(named=True)
    }
    assert found["x", "B"] == (0.0, pytest.approx(0.6))
    assert found["y", "B"] == (pytest.approx(0.4), pytest.approx(0.4))


def test_shares_of_more_than_all_are_told_and_scaled() -> None:
    rows = held([("x", "A", 0.9), ("y", "A", 0.9), ("x", "B", 0.5), ("y", "B", 0.5)])
    assert over_reported(rows, DAY).collect().to_dicts() == [{"party_id": "A", "recorded": pytest.approx(1.8)}]
    assert owners([("x", "A", 0.9), ("y", "A", 0.9)])["x", "A"] == pytest.approx(0.5)


def test_layers_are_those_of_the_shortest_chain() -> None:
    edges = links(held([("x", "A", 1.0), ("A", "B", 1.0), ("B", "C", 0.5), ("x", "C", 0.5)]), DAY).collect()
    layers = {row["party_id"]: row["layers"] for row in ultimate_owners(edges).iter_rows(named=True)}
    assert layers == {"A": 1, "B": 2, "C": 1}


def test_owners_are_those_of_the_day() -> None:
    rows = held([("x", "A", 1.0), ("y", "A", 1.0)]).with_columns(
        since=pl.Series([date(2020, 1, 1), date(2026, 1, 1)]), until=pl.Series([date(2025, 12, 31), None])
    )
    for day, owner in ((date(2025, 6, 1), "x"), (DAY, "y")):
        assert ultimate_owners(links(rows, day).collect())["owner"].to_list() == [owner]


@given(st.lists(st.tuples(st.integers(0, 7), st.integers(3, 9), st.floats(0.01, 1)), max_size=25))
@settings(max_examples=60)
def test_it_is_what_dense_linear_algebra_says_in_any_order(rows: list[tuple[int, int, float]]) -> None:
    named: list[Row] = [(f"p{o}", f"p{c}", share) for o, c, share in rows if o != c]
    edges = links(held(named), DAY).collect()
    matrix = np.zeros((10, 10))
    for row in edges.iter_rows(named=True):
        matrix[int(row["owner"][1:]), int(row["owned"][1:])] = row["share"]
    tops = [node for node in range(10) if not matrix[:, node].any()]
    expected = np.zeros((10, 10))
    step = matrix.copy()
    for _ in range(5_000):
        expected += step
        step = step @ matrix
        if step[tops].max(initial=0) < 1e-12:
            break
    found = owners(named)
    for top in tops:
        for node in range(10):
            assert found.get((f"p{top}", f"p{node}"), 0.0) == pytest.approx(min(expected[top, node], 1), abs=1e-4)
    assert ultimate_owners(edges.reverse()).equals(ultimate_owners(edges))


def test_answer_401_half_of_a_half_is_owned_and_a_plain_product_would_not_be() -> None:
    assert blocked([("x", "A", 0.5), ("A", "B", 0.5)], "x") == {"A", "B"}
    assert blocked([("x", "A", 0.5), ("x", "B", 0.5), ("A", "C", 0.25), ("B", "C", 0.25)], "x") == {"A", "B", "C"}
    assert blocked([("x", "A", 0.5), ("x", "B", 0.1), ("A", "B", 0.4)], "x") == {"A", "B"}


def test_holdings_below_half_pass_nothing_on() -> None:
    assert blocked([("x", "A", 0.25), ("x", "B", 0.25), ("A", "C", 0.5), ("B", "C", 0.5)], "x") == set()


def test_several_listed_persons_are_added_up() -> None:
    assert blocked([("x", "A", 0.25), ("y", "A", 0.25)], "x", "y") == {"A"}
    assert blocked([("x", "A", 0.1), ("y", "A", 0.4), ("z", "A", 0.5)], "x", "y") == {"A"}
    assert blocked([("x", "A", 0.25), ("y", "A", 0.25)], "x") == set()


def test_more_than_half_is_not_half() -> None:
    more = Bound(0.5, inclusive=False)
    assert blocked([("x", "A", 0.5)], "x", bound=more) == set()
    assert blocked([("x", "A", 0.51)], "x", bound=more) == {"A"}


def test_a_circle_of_the_blocked_ends() -> None:
    assert blocked([("x", "A", 0.5), ("B", "A", 0.5), ("A", "B", 1.0)], "x") == {"A", "B"}


@pytest.mark.parametrize(
    ("name", "day", "share", "inclusive"),
    [
        ("us_ofac_50_percent", date(2014, 8, 13), 0.5, True),
        ("eu_ownership_sanctions", date(2024, 7, 2), 0.5, False),
        ("eu_ownership_sanctions", date(2024, 7, 3), 0.5, True),
        ("uk_ownership_sanctions", DAY, 0.5, False),
    ],
)
def test_the_rulebook_says_how_much(name: str, day: date, share: float, *, inclusive: bool) -> None:
    assert Bound.of(SHIPPED.on(day)[name]) == Bound(share, inclusive=inclusive)


def test_a_rule_without_a_share_is_refused() -> None:
    with pytest.raises(ValueError, match="us_ctr names no share"):
        Bound.of(SHIPPED.on(DAY)["us_ctr"])


def test_owned_by_one_counts_each_listed_person_alone() -> None:
    rows: list[Row] = [("x", "A", 0.4), ("y", "A", 0.4), ("y", "B", 0.6), ("B", "C", 0.6)]
    edges = links(held(rows), DAY).collect()
    found = owned_by_one(edges, pl.Series(["x", "y"]), Bound(0.5, inclusive=False))
    assert found.select("holder", "party_id", "steps").rows() == [("y", "B", 1), ("y", "C", 2)]


@given(st.lists(st.tuples(st.sampled_from("xyzAB"), st.sampled_from("ABCD"), st.sampled_from([0.2, 0.5, 0.6, 1.0]))))
def test_owned_by_one_says_what_each_listed_person_says_alone(rows: list[Row]) -> None:
    edges = links(held(rows), DAY).collect()
    for bound in (HALF, Bound(0.5, inclusive=False)):
        together = owned_by_one(edges, pl.Series(["x", "y", "A", "nobody"]), bound)
        for holder in ("x", "y", "A", "nobody"):
            alone = owned_by(edges, pl.Series([holder]), bound)
            assert together.filter(holder=holder).drop("holder").equals(alone)


def test_the_links_of_all_are_not_laid_out_anew_for_each_listed_person(monkeypatch: pytest.MonkeyPatch) -> None:
    edges = links(held([(f"x{n}", f"C{n}", 0.6) for n in range(30)]), DAY).collect()
    laid_out, lay_out = [0], Graph.matrix

    def counted(on: Graph, weights: np.ndarray) -> csr_array:
        laid_out[0] += 1
        return lay_out(on, weights)

    monkeypatch.setattr(Graph, "matrix", counted)
    assert len(owned_by_one(edges, pl.Series([f"x{n}" for n in range(30)]), HALF)) == 30
    assert laid_out[0] <= 1


@given(st.permutations([("x", "A", 0.1), ("y", "A", 0.2), ("z", "A", 0.3), ("x", "A", 0.7), ("y", "A", 0.7)]))
def test_shares_add_up_to_the_same_bits_in_any_order(rows: list[Row]) -> None:
    def added(order: list[Row]) -> pl.DataFrame:
        return links(held(order), DAY).sort("owner").collect()

    assert added(rows).equals(added(sorted(rows)))


def test_seats_and_who_stands_in_front() -> None:
    rows = pl.concat(
        [held([("n", f"C{number}", None) for number in range(30)], "nominee"), held([("x", "C0", 1.0)]),
         held([("d", "C1", None)], "director")]
    )  # fmt: skip
    assert seats(rows, DAY).sort("holder").collect().rows() == [("d", "director", 1), ("n", "nominee", 30)]
    found = {row["party_id"]: row for row in fronts(rows, DAY).collect().iter_rows(named=True)}
    assert (found["C0"]["fronted"], found["C1"]["fronted"], found["C1"]["most_seats"]) == (False, True, 30)


def test_a_shareholder_who_is_the_nominee_too_owns_nothing() -> None:
    both = pl.concat([held([("n", "C", 0.4), ("m", "C", 0.6)]), held([("n", "C", None), ("m", "C", None)], "nominee")])
    (alone,) = fronts(both, DAY).collect().iter_rows(named=True)
    assert (alone["shareholders"], alone["nominees"], alone["fronted"]) == (0, 2, True)
    (beside,) = fronts(pl.concat([both, held([("x", "C", 0.1)])]), DAY).collect().iter_rows(named=True)
    assert (beside["shareholders"], beside["fronted"]) == (1, False)
    elsewhere = pl.concat([held([("n", "C", 1.0)]), held([("n", "D", None)], "nominee")])
    assert dict(fronts(elsewhere, DAY).select("party_id", "fronted").collect().iter_rows()) == {"C": False, "D": True}


def test_an_owner_who_gave_way_to_another() -> None:
    ends, begins = date(2026, 2, 1), date(2026, 2, 3)
    rows = held([("x", "A", 1.0), ("y", "A", 1.0), ("x", "B", 1.0), ("x", "B", 0.5), ("y", "C", 1.0)]).with_columns(
        since=pl.Series([date(2020, 1, 1), begins, date(2020, 1, 1), begins, begins]),
        until=pl.Series([ends, None, ends, None, None]),
    )
    assert handovers(rows, DAY, 180).collect().rows() == [("A", begins)]
    assert handovers(rows, DAY, 30).collect().is_empty()
