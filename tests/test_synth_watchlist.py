"""Planted ties to a watchlist: every variant is listed as it says, and look-alikes are as they say."""

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from mirrorwatch.contract import WATCHLIST
from mirrorwatch.detectors.watchlist_exposure_listed import in_force
from mirrorwatch.synth.spec import TypologySpec, WorldSpec
from mirrorwatch.synth.world import write_world

LAST = date(2026, 3, 31)
KINDS = ("namesake", "weak_word_firm", "minority_holding", "former_entry", "politician", "customs_officer",
         "paid_by_listed")  # fmt: skip
VARIANTS = {"easy": ("holder", "wholly_owned", "paid_directly"),
            "hard": ("respelt", "renamed", "two_layers", "two_hops", "newly_listed", "official")}  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("listed")
    schemes = tuple(TypologySpec.model_validate({"typology": "watchlist_exposure", "difficulty": how,
                                                 "count": len(names)}) for how, names in VARIANTS.items())  # fmt: skip
    spec = WorldSpec(seed=12, accounts=400, days=50, schemes=schemes, innocent_kinds=KINDS)
    write_world(spec, made / "data", made / "labels")
    return made


def read(folder: Path, name: str) -> pl.DataFrame:
    return pl.read_parquet(folder / "data" / name / "*.parquet")


def test_every_variant_is_planted_once(folder: Path) -> None:
    schemes = pl.read_parquet(folder / "labels" / "schemes.parquet")
    planted = {(row["difficulty"], row["scheme_id"].rsplit("-", 1)[1]) for row in schemes.iter_rows(named=True)}
    assert planted == {(how, name) for how, names in VARIANTS.items() for name in names}
    assert schemes["transaction_ids"].list.len().min() > 0  # type: ignore[operator]


def test_the_list_keeps_its_contract_and_holds_what_was_planted(folder: Path) -> None:
    entries = read(folder, "watchlist")
    assert entries.schema == WATCHLIST.schema
    assert entries["entry_id"].is_unique().all()
    now = in_force(entries.lazy(), LAST)
    assert not now.filter(~pl.col("sanctioned")).is_empty()
    assert len(now) < len(entries)


def test_holders_are_called_as_their_entry_and_respelt_ones_are_not(folder: Path) -> None:
    schemes = pl.read_parquet(folder / "labels" / "schemes.parquet").explode("party_ids")
    names = set(read(folder, "watchlist")["name"])
    called = schemes.join(read(folder, "parties"), left_on="party_ids", right_on="party_id")
    of = {variant: called.filter(pl.col("scheme_id").str.ends_with(variant))["name"].to_list()
          for variant in ("-holder", "-respelt")}  # fmt: skip
    assert set(of["-holder"]) <= names
    assert not set(of["-respelt"]) & names


def test_a_renamed_firm_was_made_after_the_listing_and_has_its_director(folder: Path) -> None:
    schemes = pl.read_parquet(folder / "labels" / "schemes.parquet").explode("party_ids")
    new = schemes.filter(pl.col("scheme_id").str.ends_with("-renamed"))["party_ids"].item()
    parties, ownership = read(folder, "parties"), read(folder, "ownership")
    director = ownership.filter(pl.col("owned_party_id") == new, pl.col("role") == "director")["owner_party_id"].item()
    seats = ownership.filter(pl.col("owner_party_id") == director, pl.col("role") == "director")["owned_party_id"]
    old = parties.filter(pl.col("party_id").is_in(seats.implode())).join(read(folder, "watchlist"), on="name")
    born = parties.filter(pl.col("party_id") == new)["born_or_incorporated_on"].item()
    assert (born is None) or born > old["listed_on"].item()


def test_innocents_share_no_account_with_a_scheme(folder: Path) -> None:
    guilty, honest = (
        set(pl.read_parquet(folder / "labels" / f"{name}.parquet")["account_ids"].explode())
        for name in ("schemes", "innocents")
    )
    assert not guilty & honest
