"""Dwell time and running costs: arithmetic against cases worked out by hand, and against a queue of cents."""

from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.shell_town import NIGHT, Town

from mirrorwatch.features import activity, running_costs, shortlist
from mirrorwatch.features.ties import ties

HOUR = 3600


def legs(moves: list[tuple[float, int]], party: str = "p") -> pl.LazyFrame:
    """Legs from (hour, cents): positive received, negative paid."""
    start = datetime(2026, 3, 1, tzinfo=UTC)
    return pl.DataFrame(
        {
            "party_id": [party] * len(moves),
            "transaction_id": [f"t{number}" for number in range(len(moves))],
            "booked_at": [start + timedelta(seconds=round(hour * HOUR)) for hour, _ in moves],
            "sign": [1 if cents > 0 else -1 for _, cents in moves],
            "usd_minor": [abs(cents) for _, cents in moves],
        },
        schema_overrides={"booked_at": pl.Datetime("us", "UTC")},
    ).lazy()


def dwell_seconds(moves: list[tuple[float, int]]) -> int | None:
    row = activity.dwell(legs(moves)).collect().row(0, named=True)
    seconds: int | None = row["dwell_seconds"]
    return seconds


@pytest.mark.parametrize(
    ("moves", "seconds"),
    [
        ([(0, 100), (10, -100)], 10 * HOUR),
        ([(0, 100), (10, -50), (20, -50)], 15 * HOUR),
        ([(0, 50), (10, 50), (20, -100)], 15 * HOUR),
        ([(0, 100), (0, -100)], 0),  # in the same instant: came before it went
        ([(0, -100), (10, 100)], 0),  # paid from an opening balance that the window does not show
        ([(0, -100), (10, 100), (30, -100)], 10 * HOUR),
        ([(0, 100), (10, -90)], 40_000),  # 36,000 s times 100 / 90: what is kept rests until the last payment
        ([(0, 10**15), (24 * 44, -(10**15))], 24 * 44 * HOUR),  # ten trillion dollars do not overflow
        ([(0, 100)], None),
    ],
)
def test_dwell_by_hand(moves: list[tuple[float, int]], seconds: int | None) -> None:
    assert dwell_seconds(moves) == seconds


def queue_dwell(moves: list[tuple[float, int]]) -> int:
    """Mean seconds that a cent waits when the first in is the first out, cent by cent."""
    waiting: deque[float] = deque()
    waited, paid = 0.0, 0
    for hour, cents in moves:
        if cents > 0:
            waiting.extend([hour] * cents)
        else:
            for _ in range(-cents):
                waited += (hour - waiting.popleft()) * HOUR
                paid += 1
    return int(round(waited) // paid)


drained = st.lists(st.tuples(st.integers(1, 40), st.integers(1, 40)), min_size=1, max_size=8)


@settings(max_examples=40)
@given(drained, st.lists(st.integers(1, 30), min_size=16, max_size=16))
def test_dwell_is_what_a_queue_of_cents_waits(amounts: list[tuple[int, int]], gaps: list[int]) -> None:
    moves, balance, hour = list[tuple[float, int]](), 0, 0
    for number, (received, wanted) in enumerate(amounts):
        hour += gaps[2 * number]
        moves.append((hour, received))
        balance += received
        hour += gaps[2 * number + 1]
        paid = min(wanted, balance)
        moves.append((hour, -paid))
        balance -= paid
    if balance:
        moves.append((hour + 1, -balance))
    assert dwell_seconds(moves) == queue_dwell(moves)


@settings(max_examples=20)
@given(st.integers(1, 1_000), st.integers(0, 200))
def test_dwell_knows_neither_currency_nor_date(factor: int, later: int) -> None:
    moves: list[tuple[float, int]] = [(0, 700), (5, -300), (9, 200), (30, -550)]
    changed = [(hour + later, cents * factor) for hour, cents in moves]
    assert dwell_seconds(changed) == dwell_seconds(moves)


# --- running costs ------------------------------------------------------------------------------------------------


def costs(town: Town, party: str = "firm") -> dict[str, object]:
    night = town.night()
    tied = ties(night.accounts, night.parties, night.ownership, NIGHT)
    grouped = shortlist.corporate_groups(night.parties, night.ownership, NIGHT)
    known = activity.counterparties(tied, night.parties, grouped)
    members = tied.filter(pl.col("party_id") == party)
    payments = activity.without_reversals(night.transactions)
    frame = running_costs.footprint(running_costs.payees(activity.legs(payments, members, known))).collect()
    return frame.row(0, named=True) if frame.height else {}


def firm() -> Town:
    """Build a firm that pays one large supplier, which is no running cost."""
    town = Town()
    town.company("firm")
    town.company("supplier")
    town.pay(1, "firm", "supplier", 100_000)
    return town


def tax(town: Town) -> None:
    town.pay(2, "firm", town.company("office", account_type="government"), 500)


def rent_by_code(town: Town) -> None:
    town.pay(2, "firm", town.company("landlord", industry_code="L6810"), 500)


def utilities_by_merchant(town: Town) -> None:
    town.pay(2, "firm", town.company("power"), 500, merchant_category="4900")


def cards(town: Town) -> None:
    town.pay(2, "firm", town.company("shop"), 500, channel="card")


def three_staff(town: Town) -> None:
    for worker in "abc":
        town.pay(2, "firm", town.person(worker), 900)


def two_waged(town: Town) -> None:
    for worker in "ab":
        town.person(worker)
        for day in (2, 30):
            town.pay(day * 24, "firm", worker, 900)


def standing(town: Town) -> None:
    town.company("lessor")
    for day in (2, 30):
        town.pay(day * 24, "firm", "lessor", 900)


def four_suppliers(town: Town) -> None:
    for number in range(4):
        town.pay(2 + number, "firm", town.company(f"small{number}"), 300 + 200 * number)


KINDS = [tax, rent_by_code, utilities_by_merchant, cards, three_staff, two_waged, standing, four_suppliers]


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_cost_is_seen_once(kind: Callable[[Town], None]) -> None:
    town = firm()
    assert costs(town)["kinds"] == 0
    kind(town)
    assert costs(town)["kinds"] == 1


def large_rent(town: Town) -> None:
    town.pay(2, "firm", town.company("estate", industry_code="6810"), 60_000)


def two_persons(town: Town) -> None:
    for worker in "ab":
        town.pay(2, "firm", town.person(worker), 900)


def three_suppliers(town: Town) -> None:
    for number in range(3):
        town.pay(2 + number, "firm", town.company(f"small{number}"), 300)


def own_account(town: Town) -> None:
    town.account("acc.two", "firm")
    town.pay(2, "acc.firm", "acc.two", 500)


def cash_out(town: Town) -> None:
    town.pay(2, "firm", None, 500)


def fees(town: Town) -> None:
    town.company("bank", account_type="internal", licence="bank")
    for day in (2, 9, 16, 23):
        town.pay(day * 24, "firm", "bank", 30)


@pytest.mark.parametrize("no_kind", [large_rent, two_persons, three_suppliers, own_account, cash_out, fees])
def test_what_is_no_running_cost(no_kind: Callable[[Town], None]) -> None:
    town = firm()
    no_kind(town)
    assert costs(town)["kinds"] == 0


def test_money_paid_out_to_persons_is_no_payroll() -> None:
    town = Town()
    town.company("bureau")
    for worker in range(20):
        for day in (2, 30):
            town.pay(day * 24, "bureau", f"w{worker}" if day > 2 else town.person(f"w{worker}"), 900)
    assert costs(town, "bureau")["payroll"] is False


def test_a_reversal_and_what_it_reversed_are_both_left_out() -> None:
    town = firm()
    wrong = town.pay(2, "firm", town.company("office", account_type="government"), 500)
    town.pay(3, "office", "firm", 500, reverses_transaction_id=wrong)
    assert costs(town)["kinds"] == 0
    assert costs(town)["paid_minor"] == 100_000 * 100
