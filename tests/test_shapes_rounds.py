"""Layered money in rounds: found over ties that come back, if they are large for their accounts; else silent."""

from collections.abc import Iterable
from dataclasses import replace

import polars as pl
import pytest
from tests.shape_town import DAYS, Payment, Town, block, crowd, diamond, hourglass, layers, ring

from mirrorwatch.detectors.base import NightFrames
from mirrorwatch.detectors.shape_night import ground
from mirrorwatch.detectors.shape_unusual import Unusual, found_in, unusual_ground
from mirrorwatch.detectors.shape_unusual_words import WORDS
from mirrorwatch.features import edges
from mirrorwatch.features.unusual import TIES, returning, turnover, unusual, weeks, without_owners
from mirrorwatch.shapes.search import Bounds, Shape

ROUNDS = ((0.0, 1.0), (11.3, 1.7), (17.9, 0.6))  # days after the first, and how large


def again(planted: Iterable[Payment], rounds: tuple[tuple[float, float], ...] = ROUNDS) -> list[Payment]:
    """Repeat the payments in each round, on other days and of other sums."""
    return [
        (payer, payee, day + later, round(cents * times))
        for later, times in rounds
        for payer, payee, day, cents in planted
    ]


def living(payments: Iterable[Payment], cents: int = 30_000) -> list[Payment]:
    """Give everybody in `payments` a life: wages and a rent that are small beside what is planted."""
    names = sorted({end for payer, payee, _, _ in payments for end in (payer, payee)})
    earned = [
        ("firm", name, 1.0 + 7 * week + 0.01 * place, cents) for place, name in enumerate(names) for week in range(6)
    ]
    spent = [
        (name, "shop", 2.0 + 7 * week + 0.01 * place, cents) for place, name in enumerate(names) for week in range(6)
    ]
    return earned + spent


def night(planted: list[Payment], rounds: tuple[tuple[float, float], ...] = ROUNDS) -> NightFrames:
    return Town().plus([*living(planted), *again(planted, rounds)]).night()


def with_firms(frames: NightFrames) -> NightFrames:
    """Make those who live in the town, its shop and its employer, firms, and everybody planted a person."""
    is_firm = pl.col("account_id").str.contains("^(a|firm|shop)")
    kind = pl.when(is_firm).then(pl.lit("business")).otherwise("account_type")
    return replace(frames, accounts=frames.accounts.with_columns(kind.alias("account_type")))


def named(at: Unusual, shapes: list[Shape]) -> list[set[str]]:
    return [{at.on.name(account) for account in shape.suspects} for shape in shapes]


def look(typology: str, frames: NightFrames) -> list[set[str]]:
    # who only collects is told by chance alone where persons and firms are not told apart
    frames = with_firms(frames) if typology == "fan_in" else frames
    at = unusual_ground(frames, ground(frames))
    return named(at, found_in(typology, at, Bounds()))


U, V, W = ({f"{letter}{one}" for one in range(size)} for letter, size in (("u", 4), ("v", 5), ("w", 4)))
CASES = (
    ("round_trip", ring(4, 3.0), {f"r{one}" for one in range(4)}),
    ("scatter_gather", diamond(6, 3.0), {"s", "t", *(f"m{one}" for one in range(6))}),
    ("gather_scatter", hourglass(), {"c"}),
    ("bipartite", block(first=3.0), U | V),
    ("stack", [(a, b, day - 7, cents) for a, b, day, cents in layers()], U | V | W),
    ("fan_in", crowd(first=3.0), {"c"}),
    ("fan_out", crowd(first=3.0, inward=False), {"c"}),
)
EACH = pytest.mark.parametrize(("typology", "planted", "members"), CASES, ids=[case[0] for case in CASES])


@EACH
def test_a_scheme_of_three_rounds_is_found_whole(typology: str, planted: list[Payment], members: set[str]) -> None:
    assert look(typology, night(planted)) == [members]


@EACH
def test_tenfold_sums_change_nothing(typology: str, planted: list[Payment], members: set[str]) -> None:
    town = Town().plus([*living(planted), *again(planted)])
    rows = town.night().transactions.with_columns(pl.col("usd_minor", "amount_minor") * 10)
    larger = replace(town.night(), transactions=rows)
    assert look(typology, larger) == [members]


@EACH
def test_weekly_payments_are_a_standing_relation(typology: str, planted: list[Payment], members: set[str]) -> None:
    weekly = tuple((7.0 * week, 1.0) for week in range(6))
    assert look(typology, night(planted, weekly)) == []
    assert members


@EACH
def test_sums_that_are_nothing_to_their_accounts_are_no_scheme(
    typology: str, planted: list[Payment], members: set[str]
) -> None:
    rich = Town().plus([*living(planted, 40_000_000), *again(planted)]).night()
    assert look(typology, rich) == []
    assert members


@pytest.mark.parametrize("typology", WORDS)
def test_a_town_without_schemes_is_silent(typology: str) -> None:
    assert look(typology, Town().night()) == []


def test_a_night_without_payments_is_silent() -> None:
    frames = Town(residents=0).plus([("a", "b", 3.0, 100)]).night()
    empty = NightFrames(
        frames.run_date_iso, frames.transactions.limit(0), frames.accounts, frames.parties, frames.ownership
    )
    assert [look(typology, empty) for typology in WORDS] == [[] for _ in WORDS]


def test_there_and_back_twice_is_a_round_trip_and_once_is_a_loan() -> None:
    out, back = ("a", "b", 4.0, 3_000_000), ("b", "a", 5.2, 2_940_000)
    assert look("round_trip", night([out, back])) == [{"a", "b"}]
    assert look("round_trip", night([out, back], ROUNDS[:1])) == []


def test_money_that_comes_back_in_other_sums_is_no_round_trip() -> None:
    payments = [("a", "b", 4.0, 3_000_000), ("b", "a", 5.2, 1_400_000)]
    assert look("round_trip", night(payments)) == []


def test_equal_shares_are_no_fan_in() -> None:
    shares = [(*payment[:3], 150_000) for payment in crowd(first=3.0)]
    assert look("fan_in", night(shares, ROUNDS[:1])) == []


def test_owners_of_a_firm_are_no_crowd() -> None:
    frames = night(crowd(first=3.0, inward=False))
    known = edges.standing(frames.accounts, frames.parties, frames.ownership, frames.run_date)
    window = weeks(frames.transactions)
    turned = turnover(frames.transactions, window).collect()
    ties = unusual(edges.transfers(frames.transactions), turned, window, known, 0.15)
    owners = pl.DataFrame({"owner_party_id": [f"p.n{one}" for one in range(12)], "owned_party_id": ["p.c"] * 12})
    left = without_owners(ties, known.collect(), owners)
    assert ties.filter(pl.col("payer") == "c").height == 12
    assert left.filter(pl.col("payer") == "c").is_empty()
    assert left.schema == TIES


def test_wages_and_suppliers_of_every_week_are_no_returning_ties() -> None:
    weekly = [("a", "b", 1.0 + 7 * week, 1_000 * (week + 1)) for week in range(6)]
    monthly = [("a", "c", 1.0, 90_000), ("a", "c", 31.5, 90_000)]
    rounds = [("a", "d", 1.0, 90_000), ("a", "d", 14.5, 91_000)]
    rows = Town(residents=0).plus([*weekly, *monthly, *rounds]).night().transactions
    found = returning(edges.transfers(rows), DAYS // 7 + 1).collect()
    assert found["payee"].to_list() == ["d"]
