"""Listed ones and hidden owners behind the parties of a finding: told beside it, without making anybody guilty."""

from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from tests.intake_worlds import RUN_DATE, World, run
from tests.mirror_town import Town as MirrorTown
from tests.shell_town import chain_town
from tests.test_mirror_swap import QUICK
from tests.town import Town

from mirrorwatch.contract import WATCHLIST
from mirrorwatch.detectors import mirror_swap, shell_company, structuring
from mirrorwatch.detectors.base import LISTED, Detector, NightFrames
from mirrorwatch.features.exposed import exposed
from mirrorwatch.intake.frames import night_frames
from mirrorwatch.intake.listed import wanted


def listing(*parties: str, sanctioned: bool = True) -> pl.LazyFrame:
    rows = [{"party_id": party, "entry_id": f"E-{party}", "sanctioned": sanctioned} for party in parties]
    return pl.LazyFrame(rows, schema=LISTED)


def behind(town: Town, listed: pl.LazyFrame | None) -> dict[str, str]:
    night = town.night()
    return dict(exposed(listed, night.ownership, night.run_date).iter_rows())


def test_a_listed_one_and_whom_it_holds_are_exposed() -> None:
    town = Town()
    town.own("boss", "held", share=0.3)
    town.own("boss", "run", role="director")
    town.own("boss", "served", role="agent")
    town.own("boss", "small", share=0.1)
    town.own("boss", "first", share=0.6)
    town.own("first", "second", share=0.5)
    town.own("first", "third", share=0.4)
    assert behind(town, listing("boss")) == {
        "boss": "itself", "held": "holder", "run": "holder", "first": "holder", "second": "holder",
    }  # fmt: skip


@pytest.mark.parametrize("listed", [None, listing(), listing("boss", sanctioned=False)])
def test_nobody_is_exposed_by_nobody_or_by_an_office(listed: pl.LazyFrame | None) -> None:
    town = Town()
    town.own("boss", "held", share=1.0)
    assert behind(town, listed) == {}


def shells(night: NightFrames) -> pl.DataFrame:
    return shell_company.detect(night, shell_company.DETECTOR.parameters()).collect()


def codes(found: pl.DataFrame) -> dict[str, float]:
    return {term["code"]: term["weight"] for term in found["indicators"].item()}


def test_a_shell_of_a_listed_owner_says_so_and_scores_next_to_nothing_for_it() -> None:
    town = chain_town()
    town.own("boss", "s1", share=1.0)
    night = town.night()
    without, none, told = (
        shells(replace(night, listed=listed)) for listed in (None, listing("another"), listing("boss"))
    )
    assert "listed_owner" not in codes(without)
    assert codes(none)["listed_owner"] == 0
    assert "a listed person or firm stands behind one of them" in told["narrative"].item()
    assert 0 < told["score"].item() - none["score"].item() <= 0.004
    assert told["account_ids"].to_list() == none["account_ids"].to_list() == without["account_ids"].to_list()


def test_a_mirror_ring_with_an_exposed_member_says_so_and_scores_nothing_for_it() -> None:
    town = MirrorTown(1)
    town.ring(10)
    night = town.frames()
    plain = mirror_swap.detect(night, QUICK).collect()
    member = plain["party_ids"].item()[0]
    told = mirror_swap.detect(replace(night, listed=listing(member)), QUICK).collect()
    assert (told["score"].item(), told["account_ids"].to_list()) == (
        plain["score"].item(),
        plain["account_ids"].to_list(),
    )
    assert codes(told) == codes(plain) | {"exposed_members": 0.0}
    assert "exposed_members" not in codes(plain)


def test_who_is_listed_is_looked_up_where_a_detector_asks() -> None:
    assert wanted((shell_company.DETECTOR,))
    assert wanted((mirror_swap.DETECTOR,))
    assert not wanted((structuring.DETECTOR,))


def looked(world: World, detector: Detector) -> tuple[NightFrames, list[str]]:
    """Stage a night for this detector alone; give it, and what is told of the want of a list."""
    staged = run(world.write(), detectors=[detector])
    blind = staged.table("blindness").filter(detector=detector.typology)["why"]
    return night_frames(staged.work, RUN_DATE), [why for why in blind if why.startswith("watchlist is absent")]


@pytest.mark.parametrize("detector", [mirror_swap.DETECTOR, shell_company.DETECTOR], ids=lambda each: each.typology)
def test_without_a_list_nobody_is_said_not_to_be_listed_and_the_lack_is_told(
    tmp_path: Path, detector: Detector
) -> None:
    entry = {"entry_id": "E1", "list_name": "LIST", "entity_type": "person", "name": "Ann"}
    given = World(tmp_path / "given")
    given.datasets["watchlist"] = pl.DataFrame([entry], schema=WATCHLIST.schema)
    for world, known in ((World(tmp_path / "none"), False), (given, True)):
        night, blind = looked(world, detector)
        assert (night.listed is not None, len(blind)) == (known, 0 if known else 1)
