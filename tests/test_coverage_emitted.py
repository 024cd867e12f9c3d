"""What coverage claims is what detectors do: the indicators of covered red flags count in cases, whoever people are.

A code in a table is no sight. Each detector is run on its own firing cases until every indicator that a red flag names
has been told with a weight; on the same nights people are made somebody else, and nothing may change.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from functools import cache
from typing import Any

import polars as pl
import pytest
from tests import mirror_town, shell_town
from tests.shape_town import Town as ShapeTown
from tests.test_detectors import BY_NAME, cases, detector
from tests.test_shapes_found import CASES as SHAPES

from mirrorwatch.detectors import DETECTORS
from mirrorwatch.detectors.base import NightFrames
from mirrorwatch.rulebook.coverage import RedFlag, red_flags

ROWS = [(each.advisory, flag) for each in red_flags() for flag in each.flag if flag.covered]
# Indicators that tell beside the evidence and score nothing by themselves: the finding's chance weighs what they show.
TELLING = {("mirror_swap", "beyond_income")}
QUICK = {"mirror_swap": {"seeds": 20, "moved_nights": 2}}


def named() -> dict[str, set[str]]:
    """Give the indicator codes that red flags name, by typology; an empty set where only the typology is named."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for _, flag in ROWS:
        for each in flag.covered:
            typology, _, code = each.partition(".")
            found[typology] |= {code} - {""}
    return found


def shells() -> NightFrames:
    """Build a chain of young firms at one address and telephone that pass on round sums far above what they declare."""
    town = shell_town.Town()
    for party in ("source", "exit"):
        town.company(party)
    about: dict[str, Any] = {"address": "1 Post Office Box", "phone": "+1 555 0100", "annual_turnover_usd": 20_000}
    for shell in ("s1", "s2", "s3"):
        town.company(shell, age_days=120, **about)
    for owner, owned in (("s1", "s2"), ("s2", "s3"), ("s3", "s1")):
        town.own(owner, owned, share=1.0)
    for number, usd in enumerate((50_000, 90_000, 30_000, 120_000, 70_000, 60_000)):
        for step, (payer, payee) in enumerate((("source", "s1"), ("s1", "s2"), ("s2", "s3"), ("s3", "exit"))):
            town.pay(10 + number * shell_town.EVERY_HOURS + step * 30, payer, payee, usd - 1_000 * step)
    return town.night()


def swaps() -> NightFrames:
    """Build a ring between persons who declare little."""
    town = mirror_town.Town(1)
    accounts, _ = town.ring(10)
    night = town.frames()
    ring = pl.col("party_id").is_in([f"P-{account}" for account in sorted(accounts)])
    parties = night.parties.with_columns(
        party_type=pl.when(ring).then(pl.lit("person")).otherwise("party_type"),
        annual_turnover_usd=pl.when(ring).then(pl.lit(12_000)).cast(pl.Decimal(18, 2)),
    )
    held = pl.col("account_id").is_in(sorted(accounts))
    kinds = pl.when(held).then(pl.lit("personal")).otherwise("account_type")
    return replace(night, parties=parties, accounts=night.accounts.with_columns(account_type=kinds))


def firing(typology: str) -> Iterator[Callable[[], NightFrames]]:
    """Nights on which a detector finds something."""
    for name, case in cases():
        if name == typology and case.accounts:
            yield lambda case=case: case.town().night()  # type: ignore[misc]
    for shape, plant, _ in SHAPES:
        if shape.typology == typology:
            yield lambda plant=plant: ShapeTown().plus(plant()).night()  # type: ignore[misc]
    own = {"shell_company": shells, "mirror_swap": swaps}
    if typology in own:
        yield own[typology]


def told(typology: str, night: NightFrames) -> pl.DataFrame:
    on = detector(typology)
    return on.detect(night, on.parameters.model_validate(QUICK.get(typology, {}))).collect()


def counting(typology: str, findings: pl.DataFrame) -> set[str]:
    """Codes of the indicators that added something to a score, or are told beside it."""
    items = findings["indicators"].explode().drop_nulls().to_list()
    return {each["code"] for each in items if (each["weight"] or 0) > 0 or (typology, each["code"]) in TELLING}


def strangers(night: NightFrames) -> NightFrames:
    """Make everybody somebody else: other names, other work, other ages, and persons from elsewhere."""
    person = pl.col("party_type") == "person"
    elsewhere = pl.when(person).then(pl.lit("ZZ")).otherwise("country")
    older = pl.when(person).then(pl.col("born_or_incorporated_on") - timedelta(days=9_000))
    return replace(
        night,
        parties=night.parties.with_columns(
            name=pl.lit("Someone Else"),
            occupation=pl.lit("astronaut"),
            country=elsewhere,
            born_or_incorporated_on=older.otherwise("born_or_incorporated_on"),
        ),
    )


@cache
def emitted(typology: str) -> frozenset[str]:
    """Codes that count in the firing cases of a detector, of as many cases as it takes to see those that are named."""
    wanted, seen = named()[typology], set[str]()
    for build in firing(typology):
        night = build()
        found = told(typology, night)
        seen |= counting(typology, found)
        if typology not in BY_NAME:
            assert told(typology, strangers(night)).equals(found), f"{typology}: it matters who somebody is"
        if seen and wanted <= seen:
            break
    return frozenset(seen)


@pytest.mark.parametrize("typology", sorted(named()))
def test_every_indicator_that_a_red_flag_names_counts_in_a_case(typology: str) -> None:
    assert emitted(typology), f"{typology} finds nothing in any case"
    assert named()[typology] - emitted(typology) == set()


@pytest.mark.parametrize(("advisory", "flag"), [pytest.param(*row, id=f"{row[0]}-{row[1].number}") for row in ROWS])
def test_a_covered_red_flag_is_seen_by_what_it_names(advisory: str, flag: RedFlag) -> None:
    for each in flag.covered:
        typology, _, code = each.partition(".")
        assert emitted(typology), f"{advisory} {flag.number}: {typology} finds nothing"
        assert not code or code in emitted(typology), f"{advisory} {flag.number}: {each} counts in no case"


def test_an_indicator_that_no_case_shows_is_noticed() -> None:
    assert "no_such_code" not in emitted("bulk_cash")
    assert {each.typology for each in DETECTORS} >= set(named())
