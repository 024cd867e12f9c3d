"""What every detector promises, and the cases of each: `cases/TYPOLOGY.py` holds a tuple CASES."""

import importlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from tests.cases import Case

from mirrorwatch.contract import TYPOLOGIES
from mirrorwatch.detectors import DETECTORS
from mirrorwatch.detectors.base import FINDINGS, Detector, NightFrames

PAGES = Path(__file__).parent.parent / "docs" / "typologies"
WITH_CASES = sorted(path.stem for path in (Path(__file__).parent / "cases").glob("[a-z]*.py"))
BY_NAME = {"watchlist_exposure"}  # its matter is who somebody is; its own tests say what a country may not change
OWN_TESTS = {"mirror_swap", "shell_company"}  # and the layered shapes: their cases stand in test modules of their own


def cases() -> Iterator[tuple[str, Case]]:
    for name in WITH_CASES:
        yield from ((name, case) for case in importlib.import_module(f"tests.cases.{name}").CASES)


def detector(typology: str) -> Detector:
    return next(each for each in DETECTORS if each.typology == typology)


def detect(typology: str, night: NightFrames) -> pl.DataFrame:
    on = detector(typology)
    return on.detect(night, on.parameters()).collect()


def named(findings: pl.DataFrame) -> frozenset[str]:
    return frozenset(findings["account_ids"].explode().drop_nulls().to_list())


@pytest.mark.parametrize(
    ("typology", "case"), [pytest.param(*each, id=f"{each[0]}: {each[1].name}") for each in cases()]
)
def test_case(typology: str, case: Case) -> None:
    found = detect(typology, case.town().night())
    assert found.schema == FINDINGS
    assert named(found) == case.accounts
    for row in found.iter_rows(named=True):
        assert row["narrative"]
        assert row["would_not_fire_if"]
        assert row["next_steps"]
        assert row["indicators"]
        assert 0 < row["score"] < 1
        assert sorted({item["transaction_id"] for item in row["evidence"]}) == row["transaction_ids"]


@pytest.mark.parametrize("typology", WITH_CASES)
def test_there_is_a_firing_a_silent_and_a_boundary_case(typology: str) -> None:
    kinds = {case.kind for name, case in cases() if name == typology}
    assert kinds == {"fires", "silent", "boundary"}
    assert all(case.accounts for name, case in cases() if name == typology and case.kind == "fires")
    assert not any(case.accounts for name, case in cases() if name == typology and case.kind == "silent")


def _shuffled(night: NightFrames) -> NightFrames:
    rows = night.transactions.collect()
    mixed = rows.sample(fraction=1, shuffle=True, seed=7)
    half = rows.height // 2
    others = {
        name: getattr(night, name).reverse()
        for name in ("accounts", "parties", "ownership", "watchlist", "trade_documents")
    }
    return replace(night, transactions=pl.concat([mixed[half:].lazy(), mixed[:half].lazy()]), **others)


@pytest.mark.parametrize("typology", WITH_CASES)
def test_order_and_partition_of_the_input_change_nothing(typology: str) -> None:
    fires = next(case for name, case in cases() if name == typology and case.kind == "fires")
    night = fires.town().night()
    assert detect(typology, _shuffled(night)).equals(detect(typology, night))


@pytest.mark.parametrize("typology", [name for name in WITH_CASES if name not in BY_NAME])
def test_who_somebody_is_by_name_or_nationality_changes_no_score(typology: str) -> None:
    """Names of parties and the countries of persons are drawn anew; the countries of accounts stay."""
    fires = next(case for name, case in cases() if name == typology and case.kind == "fires")
    night = fires.town().night()
    person = pl.col("party_type") == "person"
    strangers = night.parties.with_columns(
        name=pl.lit("Someone Else"), country=pl.when(person).then(pl.lit("ZZ")).otherwise("country")
    )
    assert detect(typology, replace(night, parties=strangers)).equals(detect(typology, night))


@pytest.mark.parametrize("each", DETECTORS, ids=lambda each: each.typology)
def test_every_detector_declares_what_it_is(each: Detector) -> None:
    assert each.typology in TYPOLOGIES
    assert each.sources
    assert each.needs
    for field in each.parameters.model_fields.values():
        assert field.description
        assert {type(bound).__name__ for bound in field.metadata} & {"Ge", "Gt", "Le", "Lt"}
    assert (PAGES / f"{each.typology}.md").is_file() or each.typology == "mirror_swap"


@pytest.mark.parametrize("each", DETECTORS, ids=lambda each: each.typology)
def test_an_empty_night_has_no_findings(each: Detector) -> None:
    from tests.town import Town

    found = each.detect(Town().night(), each.parameters()).collect()
    assert found.schema == FINDINGS
    assert found.is_empty()
