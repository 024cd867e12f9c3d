"""Each layered shape: what is found, who is named, what stays silent, and what does not change a result."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.shape_town import Payment, Town, block, crowd, diamond, hourglass, layers, ring

from mirrorwatch.detectors import bipartite, fan_in, fan_out, gather_scatter, round_trip, scatter_gather, stack
from mirrorwatch.detectors.base import FINDINGS, Detector, NightFrames

Plant = Callable[[], list[Payment]]
CASES: tuple[tuple[Detector, Plant, set[str]], ...] = (
    (round_trip.DETECTOR, ring, {f"r{one}" for one in range(7)}),
    (scatter_gather.DETECTOR, diamond, {"s", "t", *(f"m{one}" for one in range(6))}),
    (gather_scatter.DETECTOR, hourglass, {"c"}),
    (bipartite.DETECTOR, block, {*(f"u{one}" for one in range(4)), *(f"v{one}" for one in range(5))}),
    (stack.DETECTOR, layers, {*(f"u{one}" for one in range(4)), *(f"v{one}" for one in range(5)),
                              *(f"w{one}" for one in range(4))}),
    (fan_in.DETECTOR, crowd, {"c"}),
    (fan_out.DETECTOR, lambda: crowd(inward=False), {"c"}),
)  # fmt: skip
NAMES = [case[0].typology for case in CASES]
EACH = pytest.mark.parametrize(("detector", "plant", "members"), CASES, ids=NAMES)
PLANTED = pytest.mark.parametrize(("detector", "plant"), [case[:2] for case in CASES], ids=NAMES)
ALONE = pytest.mark.parametrize("detector", [case[0] for case in CASES], ids=NAMES)


def findings(detector: Detector, night: NightFrames, **changed: float) -> list[dict[str, Any]]:
    frame = detector.detect(night, detector.parameters.model_validate(changed)).collect()
    assert frame.schema == FINDINGS
    return frame.to_dicts()


def of(detector: Detector, planted: list[Payment], **changed: float) -> list[set[str]]:
    return [set(found["account_ids"]) for found in findings(detector, Town().plus(planted).night(), **changed)]


@EACH
def test_a_planted_shape_is_found_and_nobody_else_is_named(detector: Detector, plant: Plant, members: set[str]) -> None:
    assert of(detector, plant()) == [members]


@EACH
def test_every_finding_is_explained(detector: Detector, plant: Plant, members: set[str]) -> None:
    (found,) = findings(detector, Town().plus(plant()).night())
    assert 0 < found["score"] < 1
    assert found["score"] == pytest.approx(sum(term["weight"] for term in found["indicators"]))
    assert all(term["reason"] and term["reference"] for term in found["indicators"])
    assert sorted(item["transaction_id"] for item in found["evidence"]) == found["transaction_ids"]
    assert {item["role"] for item in found["evidence"]} <= {"in", "hop", "out"}
    assert found["subject_party_id"] in {f"p.{member}" for member in members}
    assert found["would_not_fire_if"]
    assert found["next_steps"]
    assert detector.floor is not None
    assert detector.floor.probability <= found["chance_probability"] < 0.5
    assert any(member in found["narrative"] for member in members)


@ALONE
def test_a_town_without_schemes_is_silent(detector: Detector) -> None:
    assert of(detector, []) == []


@ALONE
def test_a_night_without_payments_works(detector: Detector) -> None:
    town = Town(residents=0)
    night = town.plus([("a", "b", 3.0, 100)]).night()
    empty = NightFrames(night.run_date_iso, night.transactions.limit(0), night.accounts, night.parties, night.ownership)
    assert findings(detector, empty) == []
    assert findings(detector, night) == []


@PLANTED
def test_shuffled_rows_change_nothing(detector: Detector, plant: Plant) -> None:
    town = Town().plus(plant())
    assert findings(detector, town.night()) == findings(detector, town.night(shuffled=3))


@PLANTED
@settings(max_examples=4)
@given(seed=st.integers(0, 1_000))
def test_names_change_nothing_but_names(detector: Detector, plant: Plant, seed: int) -> None:
    town = Town().plus(plant())
    names = sorted({end for payment in town.payments for end in payment[:2]})
    new = pl.Series(names).sample(fraction=1.0, shuffle=True, seed=seed).to_list()
    renamed = Town(renamed=dict(zip(names, new, strict=True))).plus(plant())
    (before,), (after,) = findings(detector, town.night()), findings(detector, renamed.night())
    assert after["score"] == before["score"]
    assert after["transaction_ids"] == before["transaction_ids"]
    assert set(after["account_ids"]) == {renamed.renamed[one] for one in before["account_ids"]}


@PLANTED
def test_nationality_and_identity_change_nothing(detector: Detector, plant: Plant) -> None:
    town = Town().plus(plant())
    other = town.night(country="CN", name="欧阳", address="x", occupation="student")
    assert findings(detector, other) == findings(detector, town.night())


@PLANTED
def test_the_height_of_amounts_changes_nothing(detector: Detector, plant: Plant) -> None:
    tenfold = Town(residents=0).plus((*each[:3], each[3] * 10) for each in Town().plus(plant()).payments)
    (before,), (after,) = findings(detector, Town().plus(plant()).night()), findings(detector, tenfold.night())
    assert (after["score"], after["account_ids"]) == (before["score"], before["account_ids"])


@PLANTED
def test_reversed_payments_make_no_shape(detector: Detector, plant: Plant) -> None:
    town = Town().plus(plant())
    rows = town.transactions()
    planted = rows.tail(len(plant()))
    undo = planted.with_columns(
        reverses_transaction_id=pl.col("transaction_id"),
        transaction_id=pl.format("{}-undone", "transaction_id"),
        originator_account_id=pl.col("beneficiary_account_id"),
        beneficiary_account_id=pl.col("originator_account_id"),
    )
    night = town.night()
    undone = NightFrames(
        night.run_date_iso, pl.concat([rows, undo]).lazy(), night.accounts, night.parties, night.ownership
    )
    assert findings(detector, undone) == []


@PLANTED
def test_licensed_payment_businesses_are_left_out(detector: Detector, plant: Plant) -> None:
    assert findings(detector, Town().plus(plant()).night(licence="psp")) == []


# --- time ---------------------------------------------------------------------------------------------------------


def test_money_that_was_paid_on_before_it_came_is_no_scatter_gather() -> None:
    assert of(scatter_gather.DETECTOR, diamond(backwards=True)) == []


def test_a_ring_says_whether_it_is_in_order_of_time() -> None:
    (found,) = findings(round_trip.DETECTOR, Town().plus(ring()).night())
    assert ", in order of time:" in found["narrative"]
    steps = [item["transaction_id"] for item in found["evidence"]]
    assert steps == sorted(steps)  # ids were given in order of time
    late = [(payer, payee, 40.0 - day, cents) for payer, payee, day, cents in ring()]
    (found,) = findings(round_trip.DETECTOR, Town().plus(late).night())
    assert "not in order of time" in found["narrative"]


def test_a_ring_that_one_standing_tie_closes_is_found() -> None:
    weekly = [("r6", "r0", 2.0 + 7 * week, 30_000) for week in range(6)]
    (found,) = findings(round_trip.DETECTOR, Town().plus(ring()[:-1] + weekly).night())
    assert set(found["account_ids"]) == {f"r{one}" for one in range(7)}
    assert len(found["transaction_ids"]) == 7


def test_there_and_back_is_a_refund() -> None:
    assert of(round_trip.DETECTOR, [("x", "y", 10.0, 5_000), ("y", "x", 12.0, 5_000)]) == []


@pytest.mark.parametrize(("plant", "detector"), [(diamond, scatter_gather.DETECTOR), (block, bipartite.DETECTOR)])
def test_what_is_spread_over_more_than_the_span_is_none(plant: Plant, detector: Detector) -> None:
    spread = [(payer, payee, (day - 10.0) * 3.4, cents) for payer, payee, day, cents in plant()]
    assert of(detector, spread, span_days=5) == []


# --- what honest accounts do ----------------------------------------------------------------------------------------


def test_a_batch_of_wages_is_no_fan_out() -> None:
    wages = [("c", f"n{one}", 10.0 + 0.001 * one, 300_000) for one in range(12)]
    assert of(fan_out.DETECTOR, wages) == []


def test_an_account_that_strangers_pay_all_the_time_shows_no_fan_in() -> None:
    busy = [(f"x{one}", "c", one * 1.4, 100_000) for one in range(30)]
    assert of(fan_in.DETECTOR, [*busy, *crowd(5)]) == []
    assert of(fan_in.DETECTOR, crowd(9)) == [{"c"}]


def by_means(night: NightFrames, means: dict[str, str]) -> NightFrames:
    """Pay what accounts whose names begin so are paid, or pay, by other means."""
    channel = pl.col("channel")
    for start, other in means.items():
        theirs = pl.col("originator_account_id").str.starts_with(start)
        channel = pl.when(theirs).then(pl.lit(other)).otherwise(channel)
    return replace(night, transactions=night.transactions.with_columns(channel.alias("channel")))


def unlike(planted: list[Payment]) -> list[Payment]:
    """Give payments sums that have nothing to do with each other."""
    sums = (900, 52_000, 7_000, 300_000, 2_100, 88_000, 15_000)
    return [(*payment[:3], sums[number % len(sums)]) for number, payment in enumerate(planted)]


def test_strangers_by_means_that_an_account_never_sees_are_a_fan_in_sooner() -> None:
    busy = [(f"x{one}", "c", one * 2.2, 100_000) for one in range(20)]
    night = Town().plus([*busy, *unlike(crowd(6))]).night()
    assert findings(fan_in.DETECTOR, by_means(night, {"x": "p2p", "a": "p2p", "n": "p2p"})) == []
    (found,) = findings(fan_in.DETECTOR, by_means(night, {"x": "p2p", "a": "p2p", "n": "wire"}))
    assert found["account_ids"] == ["c"]
    assert len(found["transaction_ids"]) == 6


def test_an_account_with_a_large_clientele_shows_no_fan_in() -> None:
    regulars = [(f"x{one}", "c", 7.0 * week + 0.05 * one, 3_000) for one in range(60) for week in range(6)]
    assert of(fan_in.DETECTOR, [*regulars, *crowd()]) == []


def test_the_more_schemes_a_night_holds_the_less_each_must_stand_out() -> None:
    strong = [payment for one in range(9) for payment in crowd(14, 3.0 * one, centre=f"c{one}", far=f"n{one}-")]
    weak = unlike(crowd(3, 20.0, far="w"))
    assert {"c"} not in of(fan_in.DETECTOR, weak)
    assert {"c"} in of(fan_in.DETECTOR, [*strong, *weak])


def test_guests_who_know_each_other_are_no_fan_in() -> None:
    friends = [(f"n{one}", f"n{one + 1}", 30.0 + one, 4_000 + 700 * one) for one in range(0, 12, 2)]
    assert of(fan_in.DETECTOR, [*crowd(), *friends]) == []


def with_firms(planted: list[Payment], firms: str) -> NightFrames:
    """Make accounts whose names begin so those of firms."""
    night = Town().plus(planted).night()
    is_firm = pl.col("account_id").str.starts_with(firms)
    kind = pl.when(is_firm).then(pl.lit("business")).otherwise("account_type")
    return replace(night, accounts=night.accounts.with_columns(kind.alias("account_type")))


def test_shares_rents_and_purchases_of_a_person_are_no_crowds_where_firms_are_known() -> None:
    shares = [(*payment[:3], 12_000) for payment in crowd()]
    early = [(*payment[:2], 14.0 + 0.2 * number, payment[3] // 15) for number, payment in enumerate(crowd())]
    told = [({"c"}, crowd(), "a", fan_in), ({"c"}, crowd(inward=False), "a", fan_out)]
    bought = [(*payment[:3], payment[3] // 15) for payment in crowd(inward=False)]
    silent = [(shares, "a", fan_in), (early, "a", fan_in), (bought, "n", fan_out)]
    for named, planted, firms, detector in [*told, *((set[str](), *each) for each in silent)]:
        found = findings(detector.DETECTOR, with_firms(planted, firms))
        assert {one for row in found for one in row["account_ids"]} == named


def test_a_crowd_parts_with_more_than_it_can_spare_or_is_none_where_firms_are_known() -> None:
    small = [(*payment[:3], payment[3] // 15) for payment in unlike(crowd())]
    assert findings(fan_in.DETECTOR, with_firms(small, "a")) == []


def test_a_landlord_s_rents_are_no_fan_in() -> None:
    assert findings(fan_in.DETECTOR, Town().plus(crowd()).night(industry_code="L6810")) == []


# --- hubs -----------------------------------------------------------------------------------------------------------


@EACH
def test_a_hub_neither_hides_a_shape_nor_becomes_one(detector: Detector, plant: Plant, members: set[str]) -> None:
    shop = [(f"h{one}", "hub", (one * 0.137) % 45, 20_000 + one) for one in range(900)]
    shop += [("hub", f"k{one}", (one * 0.091) % 45, 30_000 + one) for one in range(900)]
    assert of(detector, [*shop, *plant()]) == [members]
