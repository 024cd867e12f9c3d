"""What resolved entities change: one holder under two spellings, companies behind one person, and the command."""

import json
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from tests.conftest import Command

from mirrorwatch import contract
from mirrorwatch.detectors.base import ENTITY_MEMBERS
from mirrorwatch.features.ties import ties
from mirrorwatch.synth.spec import WorldSpec
from mirrorwatch.synth.world import write_world

NIGHT = date(2026, 3, 31)


def tied(
    entities: list[tuple[str, str]], links: list[tuple[str, str]], licensed: str = ""
) -> dict[str, tuple[str, bool]]:
    """Group and licence of the parties A, B (firms) and x, y (persons), each with one account."""
    parties = pl.LazyFrame(
        [
            {
                "party_id": one, "party_type": "person" if one in "xy" else "organisation", "name": one,
                "country": "US", "licence": "msb" if one == licensed else None,
            }
            for one in "ABxy"
        ],
        schema=contract.PARTIES.schema,
    )  # fmt: skip
    accounts = parties.select(
        account_id="party_id", party_id="party_id", institution_id=pl.lit("B"), country="country",
        currency=pl.lit("USD"),
        account_type=pl.lit("business"), opened_on=pl.lit(NIGHT), closed_on=pl.lit(None, pl.Date),
    )  # fmt: skip
    ownership = pl.LazyFrame(
        [{"owner_party_id": owner, "owned_party_id": owned, "role": "director"} for owner, owned in links],
        schema=contract.OWNERSHIP.schema,
    )
    one = pl.LazyFrame(entities, schema=ENTITY_MEMBERS, orient="row")
    rows = ties(accounts, parties, ownership, NIGHT, entities=one).collect()
    return {row["party_id"]: (row["group_id"], row["licensed"]) for row in rows.to_dicts()}


def test_two_registrations_of_one_person_are_one_holder() -> None:
    found = tied([("x", "x"), ("y", "x")], [])
    assert found["x"][0] == found["y"][0]
    assert tied([], [])["x"][0] != tied([], [])["y"][0]


def test_companies_behind_one_person_registered_twice_are_one_group() -> None:
    links = [("x", "A"), ("y", "B")]
    assert tied([], links)["A"][0] != tied([], links)["B"][0]
    found = tied([("x", "x"), ("y", "x")], links)
    assert {group for group, _ in found.values()} == {"A"}


def test_an_entity_carries_no_licence_over() -> None:
    found = tied([("A", "A"), ("B", "A")], [], licensed="A")
    assert found["A"] == ("A", True)
    assert found["B"] == ("A", False)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, pl.DataFrame]:
    """Write a small world with parties registered twice; the truth about them."""
    folder = tmp_path_factory.mktemp("twice")
    spec = WorldSpec.without_schemes(5, accounts=1_200, days=3, innocents=0, duplicates=0.04)
    write_world(spec, folder / "data", folder / "labels")
    return folder / "data", pl.read_parquet(folder / "labels" / "duplicates.parquet")


def test_duplicates_take_an_account_along_and_change_nothing_else(
    world: tuple[Path, pl.DataFrame], tmp_path: Path
) -> None:
    data, truth = world
    plain = WorldSpec.without_schemes(5, accounts=1_200, days=3, innocents=0)
    write_world(plain, tmp_path / "data", tmp_path / "labels")
    both = [pl.read_parquet(folder / "accounts" / "part-0.parquet") for folder in (data, tmp_path / "data")]
    moved = (
        both[0].join(both[1], on="account_id", suffix="_before").filter(pl.col("party_id") != pl.col("party_id_before"))
    )
    assert len(truth) > 20
    assert sorted(moved.select("party_id", "party_id_before").rows()) == sorted(
        truth.select("party_id", "duplicate_of").rows()
    )
    day = f"transactions/booking_date={plain.end_date}/part-0.parquet"
    assert (data / day).read_bytes() == (tmp_path / "data" / day).read_bytes()
    assert not (tmp_path / "labels" / "duplicates.parquet").exists()


def test_the_command_lists_entities_and_explains_a_pair(world: tuple[Path, pl.DataFrame], command: Command) -> None:
    data, truth = world
    code, text, _ = command("entities", "--data", data, "--date", NIGHT, "--json", "-q")
    assert code == 0
    told = [{member["party_id"] for member in one["parties"]} for one in json.loads(text)["entities"]]
    planted = [set(pair) for pair in truth.select("party_id", "duplicate_of").rows()]
    right = [pair for pair in told if pair in planted]
    assert len(right) >= 0.9 * len(told)
    assert len(right) >= 0.5 * len(planted)
    one, other = sorted(right[0])
    code, text, _ = command("entities", "--data", data, "--date", NIGHT, "--party", one, "-q")
    assert code == 0
    assert f"{one} and {other}" in text
    assert "Probability that they are one" in text


def test_an_unknown_party_is_wrong_use(world: tuple[Path, pl.DataFrame], command: Command) -> None:
    code, _, errors = command("entities", "--data", world[0], "--date", NIGHT, "--party", "nobody", "-q")
    assert code == 2
    assert "No party is called 'nobody'" in errors
