"""Planted structures of hidden owners: what stands on record, and that money moves among the companies named."""

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from mirrorwatch.contract import OWNERSHIP
from mirrorwatch.features.hidden_owners import hidden
from mirrorwatch.synth.spec import TypologySpec, WorldSpec
from mirrorwatch.synth.world import write_world

KINDS = ("listed_company", "state_owned_firm", "foundation", "family_holding", "foreign_branch",
         "nominee_serviced_firms", "sold_business", "cross_held_family_firms")  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("hidden")
    schemes = tuple(TypologySpec(typology="opaque_ownership", difficulty=how, count=4) for how in ("easy", "hard"))
    spec = WorldSpec(seed=11, accounts=400, days=50, schemes=schemes, innocent_kinds=KINDS)
    write_world(spec, made / "data", made / "labels")
    return made


def read(folder: Path, name: str) -> pl.DataFrame:
    return pl.read_parquet(folder / "data" / name / "**" / "*.parquet")


def facts(folder: Path) -> pl.DataFrame:
    parties, accounts, ownership = (read(folder, name).lazy() for name in ("parties", "accounts", "ownership"))
    return hidden(parties, accounts, ownership, date(2026, 3, 31), 150)


def test_every_variant_is_planted_easy_and_hard_and_hidden_as_it_says(folder: Path) -> None:
    schemes = pl.read_parquet(folder / "labels" / "schemes.parquet")
    found = schemes.explode("party_ids").join(facts(folder), left_on="party_ids", right_on="party_id", how="left")
    told = {"circle": "circle", "front": "fronted", "layers": "dead_end", "bought": "replaced_on"}
    for variant, fact in told.items():
        of = found.filter(pl.col("scheme_id").str.ends_with(variant))
        assert of["difficulty"].n_unique() == 2
        assert of[fact].cast(pl.Boolean if fact != "replaced_on" else pl.Date).null_count() == 0
        assert fact == "replaced_on" or of[fact].all()


def test_look_alikes_are_not_hidden_but_where_their_business_must_tell(folder: Path) -> None:
    innocents = pl.read_parquet(folder / "labels" / "innocents.parquet")
    found = innocents.explode("party_ids").join(facts(folder), left_on="party_ids", right_on="party_id")
    marked = set(found.filter(pl.col("circle") | pl.col("dead_end") | pl.col("fronted"))["kind"])
    assert marked == {"foreign_branch", "nominee_serviced_firms"}


def test_most_of_the_money_of_a_scheme_moves_on(folder: Path) -> None:
    legs = pl.read_parquet(folder / "labels" / "scheme_transactions.parquet").filter(pl.col("role") != "cover")
    assert set(legs["role"]) == {"in", "hop", "out"}
    assert legs.group_by("scheme_id").len()["len"].min() >= 15  # type: ignore[operator]


def test_owners_that_gave_way_have_dates_and_keys_stay_unique(folder: Path) -> None:
    ownership = read(folder, "ownership")
    assert ownership.filter(pl.col("until").is_not_null()).height >= 3
    assert ownership.filter(pl.col("until") < pl.col("since")).is_empty()
    assert not ownership.select(OWNERSHIP.key).is_duplicated().any()
