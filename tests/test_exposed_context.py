"""Listed ones and hidden owners behind the parties of a finding: told beside it, without making anybody guilty."""

from dataclasses import replace

import polars as pl
import pytest
from tests.mirror_town import Town as MirrorTown
from tests.shell_town import chain_town
from tests.test_mirror_swap import QUICK
from tests.town import Town

from mirrorwatch.detectors import mirror_swap, shell_company
from mirrorwatch.detectors.base import LISTED, NightFrames
from mirrorwatch.features.exposed import exposed
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
    assert not wanted((mirror_swap.DETECTOR,))
