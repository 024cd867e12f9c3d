"""What the mirror-swap detector promises: rings are found, whole or in parts, and innocent ties keep it silent."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal
from tests.mirror_town import Town

from mirrorwatch.detectors.base import FINDINGS
from mirrorwatch.detectors.mirror_swap import detect
from mirrorwatch.detectors.mirror_swap_parameters import MirrorSwapParameters
from mirrorwatch.matching.bundles import bundle, disjoint, legs_of, same_worth
from mirrorwatch.matching.side import build_side

QUICK = MirrorSwapParameters(seeds=20, moved_nights=2)


def find(town: Town, **parameters: object) -> pl.DataFrame:
    return detect(town.frames(), QUICK.model_copy(update=parameters)).collect()


def test_names_the_two_accounts_of_an_easy_ring_and_its_payments() -> None:
    town = Town(1)
    accounts, payments = town.ring(10)
    found = find(town)
    assert found.schema == FINDINGS
    assert found.height == 1
    alert = found.row(0, named=True)
    assert set(alert["account_ids"]) == accounts
    assert len(set(alert["transaction_ids"]) & payments) >= 16
    assert alert["transaction_ids"] == sorted(alert["transaction_ids"])
    assert {item["transaction_id"] for item in alert["evidence"]} == set(alert["transaction_ids"])
    assert {item["role"] for item in alert["evidence"]} == {"collection", "payout"}
    assert alert["chance_probability"] < 0.01
    assert 0 < alert["score"] < 1
    assert "US" in alert["narrative"]
    assert "MX" in alert["narrative"]


def test_adds_up_evidence_over_rotating_accounts_and_parts() -> None:
    town = Town(2)
    accounts, _ = town.ring(24, sides=(3, 3), parts=(2, 2))
    found = find(town, seeds=60)
    assert found.height >= 1
    named = set(found["account_ids"][0].to_list())
    assert len(named & accounts) >= 4
    assert len(named & accounts) / len(named) >= 0.8


def test_two_rings_in_one_corridor_are_told_apart() -> None:
    town = Town(5)
    for hour in range(20, 1000, 90):
        for name, usd in (("a", 21_000.0 + 37 * hour), ("b", 9_000.0 + 11 * hour)):
            town.swap([f"US-{name}"], [f"MX-{name}"], usd, float(hour), (1, 1))
    named = sorted(sorted(accounts) for accounts in find(town)["account_ids"].to_list())
    assert named == [["MX-a", "US-a"], ["MX-b", "US-b"]]


def test_is_silent_without_a_scheme() -> None:
    assert find(Town(3)).height == 0


def _one_party(town: Town) -> None:
    town.parties = {"US-ring0": "P-same", "MX-ring0": "P-same"}


def _one_owner(town: Town) -> None:
    owner: dict[str, object] = {
        "owner_party_id": "P-parent", "role": "shareholder", "share": 1.0, "since": date(2020, 1, 1), "until": None,
    }  # fmt: skip
    town.owners = [owner | {"owned_party_id": f"P-{account}"} for account in ("US-ring0", "MX-ring0")]


def _licensed(town: Town) -> None:
    town.licences = {"P-US-ring0": "msb"}


def _settled(town: Town) -> None:
    for week in range(6):
        town.pay("US-ring0", "MX-ring0", "US", 30_000, 100 + week * 168, beneficiary_country="MX")


def _one_currency(town: Town) -> None:
    for row in town.rows:
        row["currency"] = "USD"


@pytest.mark.parametrize("explained", [_one_party, _one_owner, _licensed, _settled, _one_currency])
def test_is_silent_on_what_is_no_mirror_swap(explained: Callable[[Town], None]) -> None:
    town = Town(1)
    accounts, _ = town.ring(10)
    explained(town)
    found = find(town)
    assert not accounts & {account for named in found["account_ids"].to_list() for account in named}


def test_an_owner_of_years_ago_explains_nothing() -> None:
    town = Town(1)
    accounts, _ = town.ring(10)
    _one_owner(town)
    town.owners = [owner | {"until": date(2022, 1, 1)} for owner in town.owners]
    assert set(find(town)["account_ids"][0].to_list()) == accounts


def test_common_amounts_are_weak_evidence() -> None:
    town = Town(4)
    for row in town.rows:
        row["usd_minor"] = 100_000
    for hour in range(20, 1000, 100):
        town.pay(None, "US-ring0", "US", 1000, hour, channel="cash_deposit")
        town.pay("MX-ring0", "MX-1", "MX", 990, hour + 5)
    assert find(town).height == 0


def test_too_few_swaps_are_never_reported() -> None:
    town = Town(1)
    town.ring(10)
    assert find(town, least_swaps=50).height == 0


def test_every_payment_of_a_swap_has_a_place_of_its_own() -> None:
    town = Town(2)
    town.ring(24, sides=(3, 3), parts=(2, 2))
    evidence = find(town, seeds=60)["evidence"][0]
    places = [(item["group_no"], item["step_no"]) for item in evidence]
    assert len(set(places)) == len(places)
    for swap in {place[0] for place in places}:
        roles = [item["role"] for item in sorted(evidence, key=lambda i: i["step_no"]) if item["group_no"] == swap]
        assert roles == sorted(roles)  # collections, then payouts
        assert sorted(step for group, step in places if group == swap) == list(range(1, len(roles) + 1))


def test_who_someone_is_changes_nothing() -> None:
    town = Town(1)
    town.ring(10)
    night = town.frames()
    others = night.parties.with_columns(
        name=pl.col("name").reverse(), country=pl.lit("CN"), born_or_incorporated_on=pl.lit(date(1990, 1, 1))
    )
    assert_frame_equal(detect(night, QUICK).collect(), detect(replace(night, parties=others), QUICK).collect())


def test_row_order_changes_nothing() -> None:
    town = Town(1)
    town.ring(10)
    plain = detect(town.frames(), QUICK).collect()
    assert_frame_equal(plain, detect(town.frames(shuffled=7), QUICK).collect())


def test_names_and_nationalities_change_no_score() -> None:
    town = Town(1)
    town.ring(10)
    frames = town.frames()
    parties = frames.parties.with_columns(pl.col("name", "country").reverse(), occupation=pl.lit("student"))
    other = type(frames)(frames.run_date_iso, frames.transactions, frames.accounts, parties, frames.ownership)
    assert_frame_equal(detect(frames, QUICK).collect(), detect(other, QUICK).collect())


def test_an_empty_night_has_no_findings() -> None:
    frames = Town(1).frames()
    empty = type(frames)(
        frames.run_date_iso, frames.transactions.head(0), frames.accounts, frames.parties, frames.ownership
    )
    found = detect(empty, QUICK).collect()
    assert found.is_empty()
    assert found.schema == FINDINGS


@settings(max_examples=60)
@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 400), st.integers(100, 3000)), min_size=2, max_size=25),
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 400), st.integers(100, 3000)), min_size=2, max_size=25),
)
def test_every_leg_serves_in_one_swap_at_most(
    collected: list[tuple[int, int, int]], paid: list[tuple[int, int, int]]
) -> None:
    sides = []
    for legs in (collected, paid):
        node, hour, worth = (np.array(column) for column in zip(*legs, strict=True))
        sides.append(
            build_side(
                node,
                hour / 10.0,
                worth,
                np.arange(node.size),
                np.zeros(node.size),
                np.zeros(4),
                np.zeros(4, int),
                np.arange(4),
            )
        )
    ring = np.zeros(4, np.int64)
    left_bundles, right_bundles = (
        bundle(side, *legs_of(side, ring, np.arange(4)), max_parts=3, span_hours=24.0) for side in sides
    )
    left, right = same_worth(left_bundles, right_bundles, 0.9, 1.1)
    chosen, used_left, used_right = disjoint(left_bundles, right_bundles, left, right, np.ones(left.size))
    for bundles, side, used in ((left_bundles, left, used_left), (right_bundles, right, used_right)):
        parts = bundles.parts[side[chosen]]
        legs_used = parts[parts >= 0]
        assert np.unique(legs_used).size == legs_used.size
        assert set(legs_used.tolist()) == set(np.flatnonzero(used).tolist())
