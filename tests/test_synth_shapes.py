"""Layered shapes are planted as their names say, labels are whole, and one spec gives one world."""

import hashlib
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.planted import (
    DIFFICULTIES,
    END,
    SHAPES,
    TYPOLOGIES,
    evidence,
    labelled,
    labels,
    priced,
    schemes,
    table,
    write,
)

from mirrorwatch.synth.innocents import KINDS
from mirrorwatch.synth.spec import DETECTION_WINDOW_DAYS

FIRST_NEW = KINDS.index("pharmacy")
NEW_KINDS = KINDS[FIRST_NEW : KINDS.index("builder_with_crew") + 1]
FEE = {"easy": 0.01, "hard": 0.05}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("shapes"), schemes=schemes(**dict.fromkeys(TYPOLOGIES, 2)))


@pytest.fixture(scope="module")
def transactions(folder: Path) -> pl.DataFrame:
    return priced(folder)


@pytest.fixture(scope="module")
def legs(folder: Path) -> pl.DataFrame:
    return labelled(folder)


# labels --------------------------------------------------------------------------------------------------------


def test_labels_are_complete_and_lie_in_the_window(folder: Path, legs: pl.DataFrame) -> None:
    named = labels(folder, "schemes")
    assert set(named["typology"]) == set(TYPOLOGIES)
    assert named["account_ids"].list.len().min() >= 1  # type: ignore[operator]
    assert named["transaction_ids"].list.len().min() >= 3  # type: ignore[operator]
    rows = evidence(legs).group_by("scheme_id").agg(pl.col("transaction_id").unique().sort())
    both = named.join(rows, on="scheme_id")
    assert both["transaction_ids"].to_list() == both["transaction_id"].to_list()
    assert evidence(legs)["booking_date"].min() > END - timedelta(days=DETECTION_WINDOW_DAYS)  # type: ignore[operator]


def test_labelled_parties_hold_the_labelled_accounts_and_no_account_is_in_two_schemes(folder: Path) -> None:
    holder = dict(table(folder, "accounts").select("account_id", "party_id").iter_rows())
    seen: set[str] = set()
    for scheme in labels(folder, "schemes").iter_rows(named=True):
        assert {holder[account] for account in scheme["account_ids"]} == set(scheme["party_ids"])
        assert not seen & set(scheme["account_ids"])
        seen |= set(scheme["account_ids"])


def test_every_suspect_of_a_scheme_is_a_side_of_its_evidence(folder: Path, legs: pl.DataFrame) -> None:
    sides = evidence(legs).group_by("scheme_id").agg("originator_account_id", "beneficiary_account_id")
    for scheme in labels(folder, "schemes").join(sides, on="scheme_id").iter_rows(named=True):
        acting = {*scheme["originator_account_id"], *scheme["beneficiary_account_id"]}
        assert set(scheme["account_ids"]) <= acting


# layered shapes -----------------------------------------------------------------------------------------------


def rounds(legs: pl.DataFrame, *typologies: str) -> list[pl.DataFrame]:
    chosen = evidence(legs).filter(pl.col("typology").is_in(typologies))
    found = chosen.partition_by("scheme_id", "group_no", maintain_order=True)
    assert {one["difficulty"][0] for one in found} == set(DIFFICULTIES)
    return found


def test_every_account_of_a_shape_is_named_but_of_a_fan_only_its_centre(folder: Path, legs: pl.DataFrame) -> None:
    sides = evidence(legs).group_by("scheme_id").agg("originator_account_id", "beneficiary_account_id")
    for scheme in labels(folder, "schemes").join(sides, on="scheme_id").iter_rows(named=True):
        payers, payees = set(scheme["originator_account_id"]), set(scheme["beneficiary_account_id"])
        if scheme["typology"] == "fan_in":
            assert set(scheme["account_ids"]) == payees
            assert len(payees) == 1
            assert len(payers) >= 6
        elif scheme["typology"] == "fan_out":
            assert set(scheme["account_ids"]) == payers
            assert len(payers) == 1
            assert len(payees) >= 6
        elif scheme["typology"] in SHAPES:
            assert set(scheme["account_ids"]) == payers | payees


def test_a_shape_passes_on_what_came_in_less_its_fee_and_never_before_it_came(legs: pl.DataFrame) -> None:
    passing = 0
    for one in rounds(legs, "scatter_gather", "gather_scatter", "stack"):
        into = one.group_by(account="beneficiary_account_id").agg(usd=pl.col("usd").sum(), at=pl.col("booked_at").max())
        out = one.group_by(account="originator_account_id").agg(usd=pl.col("usd").sum(), at=pl.col("booked_at").min())
        each = into.join(out, on="account", suffix="_out")
        kept = 1 - each["usd_out"] / each["usd"]
        assert kept.is_between(-0.02, FEE[one["difficulty"][0]] + 0.02).all()  # FX moves between the days
        assert (each["at_out"] > each["at"]).all()
        passing += len(each)
    assert passing > 20


def test_a_round_trip_returns_to_where_it_began_in_order_of_time(legs: pl.DataFrame) -> None:
    for one in rounds(legs, "round_trip"):
        hops = one.group_by("originator_account_id", "beneficiary_account_id", maintain_order=True).agg(
            usd=pl.col("usd").sum(), first=pl.col("booked_at").min(), last=pl.col("booked_at").max()
        )
        assert 2 <= len(hops) <= 12
        assert hops["originator_account_id"].to_list()[1:] == hops["beneficiary_account_id"].to_list()[:-1]
        assert hops["beneficiary_account_id"][-1] == hops["originator_account_id"][0]
        assert hops["originator_account_id"].n_unique() == len(hops)
        assert all(after > before for before, after in pairwise(hops["first"]))
        assert (hops["first"][1:] > hops["last"][:-1]).all()
        assert hops["usd"][-1] <= hops["usd"][0] * 1.03


def test_shapes_have_the_layers_of_their_name(legs: pl.DataFrame) -> None:
    for one in rounds(legs, "scatter_gather", "gather_scatter"):
        scatter, gather = (one.filter(pl.col("role") == role) for role in ("scatter", "gather"))
        assert scatter["originator_account_id"].n_unique() == gather["beneficiary_account_id"].n_unique() == 1
        if one["typology"][0] == "scatter_gather":
            assert set(scatter["beneficiary_account_id"]) == set(gather["originator_account_id"])
        else:
            assert scatter["originator_account_id"][0] == gather["beneficiary_account_id"][0]
    for one in rounds(legs, "bipartite"):
        payers, payees = set(one["originator_account_id"]), set(one["beneficiary_account_id"])
        assert not payers & payees
        assert min(len(payers), len(payees)) >= 3
        fan = one.group_by("originator_account_id").agg(pl.col("beneficiary_account_id").n_unique())
        assert fan["beneficiary_account_id"].min() >= 2  # type: ignore[operator]
    for one in rounds(legs, "stack"):
        assert len(set(one["originator_account_id"]) & set(one["beneficiary_account_id"])) >= 3


def test_easy_shapes_are_even_and_bare_hard_ones_uneven_and_covered(legs: pl.DataFrame) -> None:
    shapes = legs.filter(pl.col("typology").is_in(SHAPES))
    cover = shapes.filter(pl.col("role") == "cover").group_by("difficulty").len()
    assert cover["difficulty"].to_list() == ["hard"]
    uneven = pl.col("usd").std() / pl.col("usd").mean()
    each = evidence(shapes).filter(typology="bipartite").group_by("scheme_id", "group_no", "difficulty").agg(uneven)
    assert each.filter(difficulty="easy")["usd"].mean() < 0.35  # type: ignore[operator]
    assert each.filter(difficulty="hard")["usd"].mean() > 0.35  # type: ignore[operator]
    channels = evidence(shapes).group_by("scheme_id", "difficulty").agg(pl.col("channel").n_unique())
    assert channels.filter(difficulty="easy")["channel"].max() == 1
    assert channels.filter(difficulty="hard")["channel"].max() > 1  # type: ignore[operator]


def test_members_of_shapes_live_ordinary_lives(folder: Path, legs: pl.DataFrame, transactions: pl.DataFrame) -> None:
    named = labels(folder, "schemes").filter(pl.col("typology").is_in(SHAPES)).explode("account_ids")["account_ids"]
    own = transactions.join(legs, on="transaction_id", how="anti").filter(
        pl.col("originator_account_id").is_in(named.implode()) | pl.col("beneficiary_account_id").is_in(named.implode())
    )
    assert len(own) > 10 * len(named)


# worlds -------------------------------------------------------------------------------------------------------


def checksums(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_the_same_spec_gives_the_same_bytes(tmp_path: Path) -> None:
    asked = {"accounts": 300, "days": 30, "schemes": schemes(**dict.fromkeys(TYPOLOGIES, 1)), "innocents": 1}
    first, second = (checksums(write(tmp_path / name, **asked)) for name in ("first", "second"))
    assert first == second
    assert checksums(write(tmp_path / "third", **asked, seed=32)) != first


@settings(max_examples=8)
@given(seed=st.integers(0, 10_000), days=st.integers(3, 60), typology=st.sampled_from(TYPOLOGIES))
def test_any_small_world_holds_what_its_labels_say(
    tmp_path_factory: pytest.TempPathFactory, seed: int, days: int, typology: str
) -> None:
    folder = write(tmp_path_factory.mktemp("any"), seed=seed, days=days, accounts=200, schemes=schemes(**{typology: 1}))
    ids = pl.read_parquet(folder / "data" / "transactions" / "**" / "*.parquet")["transaction_id"]
    named = labels(folder, "schemes")
    assert len(named) == 2
    assert named["transaction_ids"].list.len().min() > 0  # type: ignore[operator]
    assert named.explode("transaction_ids")["transaction_ids"].is_in(ids.implode()).all()


def test_a_world_without_china_and_hong_kong_refuses_precursors_and_holds_the_rest(tmp_path: Path) -> None:
    asked: dict[str, object] = {"accounts": 250, "days": 20, "countries": ("US", "GB")}
    with pytest.raises(ValueError, match="CN nor HK"):
        write(tmp_path / "none", **asked, schemes=schemes(precursor_procurement=1))
    assert not (tmp_path / "none" / "data").exists()
    rest = schemes(trade_based=2, round_trip=1, stack=1)
    assert len(labels(write(tmp_path / "some", **asked, schemes=rest, innocents=1), "schemes")) == 8


def test_kinds_that_are_appended_leave_the_earlier_look_alikes_as_they_were(tmp_path: Path) -> None:
    def planted(name: str, kinds: tuple[str, ...]) -> pl.DataFrame:
        folder = write(tmp_path / name, accounts=250, days=20, innocents=1, innocent_kinds=kinds)
        early = labels(folder, "innocents").filter(pl.col("kind").is_in(KINDS[:FIRST_NEW]))
        rows = early.explode("transaction_ids").join(
            priced(folder), left_on="transaction_ids", right_on="transaction_id"
        )
        return rows.select("kind", "booked_at", "amount", "currency", "channel", "originator_country", "purpose")

    few, many = planted("few", KINDS[:FIRST_NEW]), planted("many", KINDS)
    assert few.sort(few.columns).equals(many.sort(many.columns))


def test_look_alikes_of_traders_have_staff_or_stock_and_reversed_payments_name_what_they_take_back(
    tmp_path: Path,
) -> None:
    folder = write(tmp_path, accounts=400, innocents=1, innocent_kinds=NEW_KINDS)
    honest, rows = labels(folder, "innocents"), priced(folder)
    assert honest["kind"].to_list() == list(NEW_KINDS)
    assert honest["transaction_ids"].list.len().min() >= 5  # type: ignore[operator]
    corrected = honest.filter(kind="corrected_invoice").explode("transaction_ids")["transaction_ids"]
    back = rows.filter(pl.col("transaction_id").is_in(corrected.implode())).drop_nulls("reverses_transaction_id")
    sent = back.join(rows, left_on="reverses_transaction_id", right_on="transaction_id", suffix="_sent")
    assert len(sent) == len(back) >= 2
    assert (sent["amount"] == sent["amount_sent"]).all()
    assert (sent["originator_account_id"] == sent["beneficiary_account_id_sent"]).all()
    ties = table(folder, "ownership")
    group = honest.filter(kind="group_transfer_pricing").explode("party_ids")["party_ids"].implode()
    owned = ties.filter(pl.col("owner_party_id").is_in(group), pl.col("owned_party_id").is_in(group))
    assert len(owned) == 2
