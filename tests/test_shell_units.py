"""Units of money through one company: bounds, splits, merges, and how many chance would show."""

from collections import Counter

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mirrorwatch.features import chance, pairing, passthrough

HOUR = 3600
PASSING = pairing.Passing(most_parts=4, hold_seconds=96 * HOUR, least_out_bp=9_000, most_out_bp=10_150)
Moves = list[tuple[int, int]]


def legs(parties: dict[str, Moves]) -> pl.DataFrame:
    """Legs from (second, cents) of each party: positive received, negative paid."""
    rows = [
        (0, party, f"{party}-{number}", 1 if cents > 0 else -1, abs(cents), at)
        for party, moves in parties.items()
        for number, (at, cents) in enumerate(moves)
    ]
    names = {"draw": pl.Int64, "party_id": pl.String, "transaction_id": pl.String, "sign": pl.Int64}
    return pl.DataFrame(rows, schema={**names, "usd_minor": pl.Int64, "at": pl.Int64}, orient="row")


def followed(*moves: tuple[int, int]) -> list[tuple[int, int]]:
    """(parts in, parts out) of each unit found."""
    found = passthrough.units(legs({"p": list(moves)}), PASSING)
    return list(found.select("parts", "parts_out").iter_rows())


@pytest.mark.parametrize(
    ("out", "found"), [(1_000, 1), (900, 1), (899, 0), (1_015, 1), (1_016, 0)], ids=["all", "0.9", "less", "fx", "more"]
)
def test_a_unit_keeps_a_tenth_at_most(out: int, found: int) -> None:
    assert len(followed((0, 1_000), (HOUR, -out))) == found


@pytest.mark.parametrize(("at", "found"), [(0, 1), (96 * HOUR, 1), (96 * HOUR + 1, 0), (-1, 0)])
def test_a_unit_leaves_within_the_hold_time(at: int, found: int) -> None:
    assert len(followed((0, 1_000), (at, -950))) == found


@pytest.mark.parametrize(
    ("moves", "unit"),
    [
        ([(0, 1_000), (9, -400), (12, -300), (20, -270)], (1, 3)),
        ([(0, 400), (1, 300), (2, 250), (9, -930)], (3, 1)),
        ([(0, 400), (1, 600), (9, -480), (12, -500)], (2, 2)),
        ([(0, 150), (1, 300), (2, 420), (3, 560), (4, 810), (9, -990), (12, -1_220)], (5, 2)),
    ],
)
def test_splits_and_merges_are_one_unit(moves: Moves, unit: tuple[int, int]) -> None:
    assert followed(*((at * HOUR, cents) for at, cents in moves)) == [unit]


def test_units_that_overlap_in_time_are_told_apart() -> None:
    moves = [(0, 1_000), (10, 4_000), (20, -970), (30, 9_000), (40, -3_900), (60, -8_800)]
    assert followed(*((at * HOUR, cents) for at, cents in moves)) == [(1, 1)] * 3


@settings(max_examples=30)
@given(
    st.lists(st.tuples(st.integers(0, 20 * 24 * HOUR), st.integers(-500, 500).filter(bool)), max_size=40),
    st.integers(0, 1_000),
)
def test_no_payment_is_used_twice_and_order_is_of_no_matter(moves: Moves, seed: int) -> None:
    rows = legs({"p": moves})
    chosen = passthrough.units(rows, PASSING)
    used = passthrough.members(chosen, rows)
    assert all(count == 1 for count in Counter(used["transaction_id"]).values())
    assert used.height == chosen.select(pl.col("parts", "parts_out").sum().cast(pl.Int64)).sum_horizontal().item()
    assert (chosen["total_out"] * 10_000 >= chosen["total"] * PASSING.least_out_bp).all()
    assert (chosen["lag"] <= PASSING.hold_seconds).all()
    assert passthrough.units(rows.sample(fraction=1, shuffle=True, seed=seed), PASSING).equals(chosen)


def test_candidates_grow_in_step_with_payments() -> None:
    def candidates(days: int) -> int:
        rng = np.random.default_rng(4)
        at, cents = rng.integers(0, days * 24 * HOUR, days * 4), rng.choice([-500, -480, 500, 520], days * 4)
        moves = list(zip(at.tolist(), cents.tolist(), strict=True))
        placed = pairing.ordered(legs({"p": moves})).lazy()
        both = (pairing.by_runs(placed, PASSING), pairing.by_blocks(placed, PASSING))
        return sum(each.collect().height for each in both)

    assert candidates(400) < 6 * candidates(100)


# --- chance -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("weeks", [1, 2, 3, 7, 8, 20, 53])
def test_no_week_keeps_its_place(weeks: int) -> None:
    moves = chance.weeks_moved(weeks)
    assert (moves["week"] != moves["to_week"]).all()
    assert moves["draw"].n_unique() <= chance.MOST_DRAWS
    assert (moves.group_by("draw").agg(pl.col("to_week").n_unique())["to_week"] == weeks).all()
    assert (moves.height == 0) == (weeks == 1)


def test_moving_keeps_receipts_and_the_hour_of_the_week() -> None:
    rows = legs({"p": [(5 * HOUR, 100), (30 * HOUR, -100)]}).drop("draw")
    moved = chance.moved(rows, 0, chance.weeks_moved(3))
    assert (moved.filter(pl.col("sign") == 1)["at"] == 5 * HOUR).all()
    assert (moved.filter(pl.col("sign") == -1)["at"] % chance.WEEK_SECONDS == 30 * HOUR).all()
    assert (moved.filter(pl.col("sign") == -1)["at"] != 30 * HOUR).all()


def chance_of(rows: pl.DataFrame, weeks: int) -> np.ndarray:
    """Probability by chance of what each party shows."""
    moves = chance.weeks_moved(weeks)
    seen = passthrough.units(rows, PASSING).group_by("party_id").agg(pl.len().cast(pl.Int64).alias("seen"))
    other = passthrough.units(chance.moved(rows.drop("draw"), 0, moves), PASSING)
    counts = other.group_by("party_id", "draw").agg(pl.len().cast(pl.Int64).alias("units"))
    every = rows.select("party_id").unique().join(moves.select("draw").unique(), how="cross")
    spread = every.join(counts, on=("party_id", "draw"), how="left").with_columns(pl.col("units").fill_null(0))
    table = (
        spread.group_by("party_id")
        .agg(mean=(pl.col("units").sum() + 1) / pl.len(), variance=pl.col("units").var())
        .join(seen, on="party_id", how="left")
        .with_columns(pl.col("seen").fill_null(0))
    )
    return chance.tail(table["seen"], table["mean"], table["variance"]).to_numpy()


@pytest.mark.parametrize("rhythm", ["any hour", "office hours of some weekdays"])
def test_where_nothing_is_passed_on_the_stated_probabilities_hold(rhythm: str) -> None:
    rng, weeks, parties = np.random.default_rng(8), 7, {}
    for number in range(300):
        count = int(rng.integers(8, 60))
        if rhythm == "any hour":
            at = rng.integers(0, weeks * chance.WEEK_SECONDS, count)
        else:
            at = rng.integers(0, weeks, count) * 7 + rng.choice(rng.integers(0, 5, 2), count)
            at = at * 24 * HOUR + rng.integers(9 * HOUR, 17 * HOUR, count)
        cents = np.exp(rng.normal(12, 1, count)).astype(np.int64) * rng.choice([-1, 1], count)
        parties[f"p{number:03d}"] = list(zip(at.tolist(), cents.tolist(), strict=True))
    stated = chance_of(legs(parties), weeks)
    # A true probability of 5 % among 300 is seen 15 times, and more than 27 times in one of a thousand worlds.
    assert (stated <= 0.05).sum() <= 27
    assert (stated <= 0.01).sum() <= 9


def test_a_conduit_stands_far_out_of_chance() -> None:
    rng = np.random.default_rng(3)
    moves: Moves = []
    for number in range(10):
        at, cents = int(number * 4 * 24 * HOUR), int(np.exp(rng.normal(12, 1)))
        moves += [(at, cents), (at + 30 * HOUR, -int(cents * 0.96))]
    assert chance_of(legs({"p": moves}), 6)[0] < 1e-4
