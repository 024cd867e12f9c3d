"""Blindness: what each detector could not see, in words, accounts and dollars."""

from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from tests.intake_worlds import DAY_BEFORE, RUN_DATE, World, booking, frame, parties, run

from mirrorwatch.contract import BLINDNESS
from mirrorwatch.detectors.base import FINDINGS, Detector, NightFrames, Parameters
from mirrorwatch.intake.frames import night_frames


def _detect(frames: NightFrames, parameters: Parameters) -> pl.LazyFrame:
    del frames, parameters
    return pl.LazyFrame(schema=FINDINGS)


def detector(*needs: tuple[str, str, str, str]) -> Detector:
    return Detector(
        typology="shell_company",
        version="1",
        title="t",
        summary="s",
        parameters=Parameters,
        sources=(),
        detect=_detect,
        needs=needs,
    )


@pytest.fixture
def world(tmp_path: Path) -> World:
    """Return A1 (person) paying A2 (organisation) 1 and 2 dollars, and A2 paying A3 (organisation) 4."""
    third = booking(4, originator_account_id="A2", beneficiary_account_id="A3", purpose=None, channel="cash_deposit")
    return World(tmp_path / "data", days={RUN_DATE: frame(booking(1), booking(2), third)})


def told(world: World, *needs: tuple[str, str, str, str]) -> list[tuple[str, int | None, Decimal | None, str]]:
    table = run(world.write(), detectors=[detector(*needs)]).table("blindness")
    assert table.schema == BLINDNESS
    return table.filter(detector="shell_company").select("indicator", "accounts", "amount_usd", "why").rows()


def test_an_absent_dataset_blinds_to_everything(world: World) -> None:
    assert told(world, ("ownership", "", "circular_ownership", "owners are not known")) == [
        ("circular_ownership", 3, Decimal(7), "ownership is absent: owners are not known.")
    ]


def test_nulls_in_bookings_are_counted_with_what_hangs_on_them(world: World) -> None:
    [(indicator, accounts, amount, why)] = told(world, ("transactions", "purpose", "payroll", "wages cannot be told"))
    assert (indicator, accounts, amount) == ("payroll", 2, Decimal(4))
    assert why == "transactions.purpose is null for 1 of 3 bookings (33.3 %): wages cannot be told."


def test_a_column_that_applies_to_cash_is_counted_for_cash(world: World) -> None:
    [(_, accounts, amount, why)] = told(world, ("transactions", "branch_id", "branch_hopping", "branches are not told"))
    assert (accounts, amount) == (2, Decimal(4))
    assert "counted for cash_deposit and cash_withdrawal only" in why


def test_nulls_of_a_party_are_laid_to_its_accounts(world: World) -> None:
    world.datasets["parties"] = parties().with_columns(phone=pl.Series(["1", None, "3"]))
    [(_, accounts, amount, why)] = told(world, ("parties", "phone", "shared_phone", "phones cannot be compared"))
    assert (accounts, amount) == (1, Decimal(7))  # A2 takes part in every booking
    assert why.startswith("parties.phone is null for 1 of 3 accounts in use (33.3 %)")


def test_a_column_of_organisations_is_not_missed_of_persons(world: World) -> None:
    [(_, accounts, _, why)] = told(world, ("parties", "employees", "no_staff", "staff is not known"))
    assert accounts == 2
    assert why.startswith("parties.employees is not in the source for 2 of 3 accounts")


def test_organisations_without_any_owner_on_file_are_counted(world: World) -> None:
    world.datasets["ownership"] = pl.DataFrame(
        {"owner_party_id": ["P1"], "owned_party_id": ["P2"], "role": ["shareholder"], "share": [0.4]}
    )
    assert [row[:3] for row in told(world, ("ownership", "", "circular_ownership", "owners are not known"))] == [
        ("circular_ownership", 1, Decimal(4))
    ]
    [(_, accounts, _, _)] = told(world, ("ownership", "since", "late_owner", "dates are not known"))
    assert accounts == 1


def test_what_is_all_there_is_not_told(world: World) -> None:
    assert told(world, ("transactions", "channel", "cash", "x"), ("accounts", "opened_on", "age", "x")) == []


def _for_all(world: World) -> dict[str, str]:
    table = run(world.write()).table("blindness").filter(detector="all")
    return dict(table.select("indicator", "why").iter_rows())


def test_facts_that_blind_every_detector(world: World) -> None:
    far = RUN_DATE - timedelta(days=3)
    world.days |= {
        far: frame(booking(20, far, originator_account_id="X1"), booking(21, far, currency="EUR")),
        DAY_BEFORE: frame(booking(30, DAY_BEFORE, beneficiary_account_id="A9")),
    }
    world.datasets["parties"] = parties().head(2)
    facts = _for_all(world)
    assert set(facts) == {
        "orphan_accounts", "accounts_without_party", "missing_days", "missing_fx", "rejected_rows", "control_totals",
    }  # fmt: skip
    assert facts["orphan_accounts"].startswith("2 of 5 accounts in use (40.0 %) are on no account file")
    assert facts["missing_days"] == "Days of the window without a booking: 2 (2026-03-27, 2026-03-29)."
    assert facts["missing_fx"] == (
        "EUR has no rate for 1 of its bookings on 1 of the window's days, worth 21.00 EUR; they are rejected."
    )
    assert facts["rejected_rows"].startswith("1 of 6 bookings (16.7 %)")


def test_detectors_get_the_night_lazily_and_learn_what_is_absent(world: World) -> None:
    staged = run(world.write())
    frames = night_frames(staged.work, RUN_DATE)
    assert frames.run_date_iso == "2026-03-31"
    assert frames.transactions.collect().height == 3
    assert frames.ownership.collect().is_empty()
    assert frames.absent == staged.summary.absent
