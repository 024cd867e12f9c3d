"""Blindness: what each detector could not see, in words, accounts and dollars."""

from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from tests.intake_worlds import DAY_BEFORE, RUN_DATE, World, accounts, booking, frame, parties, run

from mirrorwatch.contract import BLINDNESS
from mirrorwatch.detectors.base import FINDINGS, Detector, NightFrames, Parameters
from mirrorwatch.intake import exposure
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
    [(_, accounts, amount, why)] = told(world, ("ownership", "", "circular_ownership", "owners are not known"))
    assert (accounts, amount) == (3, Decimal(7))
    assert why == (
        "ownership is absent: shell_company cannot judge circular_ownership of any of 3 accounts, on bookings of "
        "USD 7; owners are not known."
    )


def test_nulls_in_bookings_are_counted_with_what_hangs_on_them(world: World) -> None:
    [(indicator, accounts, amount, why)] = told(world, ("transactions", "purpose", "payroll", "wages cannot be told"))
    assert (indicator, accounts, amount) == ("payroll", 2, Decimal(4))
    assert why == (
        "transactions.purpose is missing on 33.3 % of bookings: shell_company cannot judge payroll of 1 of 3 bookings, "
        "USD 4 on 2 accounts; wages cannot be told."
    )


def test_a_column_that_applies_to_cash_is_counted_for_cash(world: World) -> None:
    [(_, accounts, amount, why)] = told(world, ("transactions", "branch_id", "branch_hopping", "branches are not told"))
    assert (accounts, amount) == (2, Decimal(4))
    assert why.startswith("transactions.branch_id is missing on 100.0 % of cash_deposit and cash_withdrawal bookings:")


def test_nulls_of_a_party_are_laid_to_its_accounts(world: World) -> None:
    world.datasets["parties"] = parties().with_columns(phone=pl.Series(["1", None, "3"]))
    [(_, accounts, amount, why)] = told(world, ("parties", "phone", "shared_phone", "phones cannot be compared"))
    assert (accounts, amount) == (1, Decimal(7))  # A2 takes part in every booking
    assert why == (
        "parties.phone is missing on 33.3 % of accounts in use and on file: shell_company cannot judge shared_phone of "
        "1 of 3 accounts, on bookings of USD 7; phones cannot be compared."
    )


def test_a_null_that_says_none_is_an_answer_and_a_column_left_out_is_not(world: World) -> None:
    need = ("parties", "licence", "licensed", "licensed firms are not told")
    world.datasets["parties"] = parties().with_columns(licence=pl.Series([None, "bank", None], dtype=pl.String))
    assert told(world, need) == []
    world.datasets["parties"] = parties().drop("licence", strict=False)
    [(_, accounts, _, why)] = told(world, need)
    assert accounts == 3
    assert "not in the source" in why


def test_a_column_of_organisations_is_not_missed_of_persons(world: World) -> None:
    [(_, accounts, _, why)] = told(world, ("parties", "employees", "no_staff", "staff is not known"))
    assert accounts == 2
    assert why.startswith("parties.employees is not in the source: shell_company cannot judge no_staff of 2 of 2 acc")


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
    assert facts["rejected_rows"].startswith("1 of 6 bookings (16.7 %; no_fx_rate 1) were rejected;")


def test_detectors_get_the_night_lazily_and_learn_what_is_absent(world: World) -> None:
    staged = run(world.write())
    frames = night_frames(staged.work, RUN_DATE)
    assert frames.run_date_iso == "2026-03-31"
    assert frames.transactions.collect().height == 3
    assert frames.ownership.collect().is_empty()
    assert frames.absent == staged.summary.absent


def test_the_share_is_of_those_to_whom_the_column_applies(world: World) -> None:
    kinds = pl.Series(["person", "person", "organisation"])
    world.datasets["parties"] = parties().with_columns(party_type=kinds, occupation=pl.Series(["nurse", None, None]))
    [(_, accounts, amount, why)] = told(world, ("parties", "occupation", "declared_income", "income is not known"))
    assert (accounts, amount) == (1, Decimal(7))
    assert why == (
        "parties.occupation is missing on 50.0 % of persons' accounts in use: shell_company cannot judge "
        "declared_income of 1 of 2 accounts, on bookings of USD 7; income is not known."
    )


def test_accounts_behind_rejected_rows_are_told_from_counterparties_elsewhere(world: World) -> None:
    world.days[RUN_DATE] = pl.concat([world.days[RUN_DATE], frame(booking(8, beneficiary_account_id="ELSEWHERE"))])
    world.datasets["accounts"] = accounts().with_columns(country=pl.Series(["US", "MX", "??"]))
    world.datasets["parties"] = parties().with_columns(party_type=pl.Series(["person", "robot", "organisation"]))
    rows = run(world.write()).table("blindness").filter(detector="all").select("indicator", "accounts", "amount_usd")
    facts = {indicator: (number, amount) for indicator, number, amount in rows.iter_rows()}
    assert facts["rejected_accounts"] == (1, Decimal(4))  # A3
    assert facts["rejected_parties"] == (1, Decimal(7))  # P2, who holds A2
    assert facts["orphan_accounts"] == (2, Decimal(12))  # A3 and ELSEWHERE


def test_a_rejected_row_blinds_only_where_no_valid_row_makes_up_for_it(world: World) -> None:
    world.datasets["accounts"] = pl.concat([accounts(), accounts().head(1)])
    assert "rejected_accounts" not in _for_all(world)


def test_rejected_ties_and_documents_are_laid_to_whom_they_concern(world: World) -> None:
    world.datasets["ownership"] = pl.DataFrame(
        {"owner_party_id": ["P1", "P1"], "owned_party_id": ["P2", "P3"], "role": ["shareholder", "king"]}
    )
    [(indicator, accounts_blind, amount, why), *others] = told(
        world, ("ownership", "", "shared_owner", "ties are lost")
    )
    assert (indicator, accounts_blind, amount) == ("shared_owner", 1, Decimal(4))
    assert {row[1] for row in others} == {1}  # P3 has no other owner on file: said beside it
    assert "No owner is on file for 50.0 % of organisations' accounts in use" in why + others[0][3]
    assert "ownership lost 1 of 2 rows (50.0 %; role_unknown 1)" in why + others[0][3]


def test_gaps_in_trade_documents_are_laid_to_exporter_and_importer(world: World) -> None:
    world.datasets["trade_documents"] = pl.DataFrame(
        {
            "document_id": ["D1", "D2"],
            "issued_on": [RUN_DATE] * 2,
            "exporter_party_id": ["P2", "P1"],
            "importer_party_id": ["P3", "P9"],
            "origin_country": ["MX"] * 2,
            "destination_country": ["US"] * 2,
            "hs_code": [None, "8517"],
            "declared_value_usd": [Decimal("10.00")] * 2,
        }
    )
    [(_, accounts_blind, amount, why)] = told(world, ("trade_documents", "hs_code", "goods", "goods have no kind"))
    assert (accounts_blind, amount) == (2, Decimal(7))
    assert why.startswith("trade_documents.hs_code is missing on 66.7 % of accounts in use: shell_company cannot judge")


def test_what_is_about_no_account_is_counted_in_its_own_rows(world: World) -> None:
    entries = {
        "entry_id": ["E1", "E2", None],
        "list_name": ["SDN"] * 3,
        "name": ["N"] * 3,
        "country": ["IR", None, None],
    }
    world.datasets["watchlist"] = pl.DataFrame(entries)
    found = told(world, ("watchlist", "country", "name_match", "a match cannot be narrowed"))
    assert [row[:3] for row in found] == [("name_match", None, None)] * 2
    blinded = "shell_company cannot judge name_match by them; a match cannot be narrowed."
    assert [row[3] for row in found] == [
        f"watchlist lost 1 of 3 rows (33.3 %; entry_id_missing 1): {blinded}",
        f"watchlist.country is missing on 50.0 % of its rows (1 of 2): {blinded}",
    ]


def test_rejected_bookings_are_valued_where_amount_and_rate_are_known(world: World) -> None:
    bad = frame(
        booking(10, channel="pigeon"), booking(20, currency="XAU"), booking(30, currency="MXN", channel="pigeon")
    )
    world.days[RUN_DATE] = pl.concat([world.days[RUN_DATE], bad])
    rows = run(world.write()).table("blindness").filter(indicator="rejected_rows")
    assert rows.select("accounts", "amount_usd").row(0) == (None, Decimal("11.63"))  # 10 + 30 × 0.0543


def test_gaps_in_several_passes_are_counted_as_in_one(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.datasets["accounts"] = accounts().with_columns(country=pl.Series(["US", "MX", "??"]))
    columns = (
        ("transactions", "purpose"),
        ("transactions", "branch_id"),
        ("parties", "phone"),
        ("parties", "employees"),
    )
    needs = [(dataset, column, f"indicator_{column}", "it is lost") for dataset, column in columns]
    first = run(world.write(), detectors=[detector(*needs, *needs)]).table("blindness")
    assert first.height >= 8
    monkeypatch.setattr(exposure, "_GAPS_AT_ONCE", 2)
    assert run(world, detectors=[detector(*needs)]).table("blindness").equals(first)


def test_bookings_that_never_came_are_counted_and_valued(world: World) -> None:
    world.datasets["control_totals"] = pl.DataFrame(
        {
            "booking_date": [RUN_DATE, RUN_DATE, DAY_BEFORE],
            "currency": ["USD", "MXN", "USD"],
            "row_count": [4, 1, 0],
            "total_amount": [Decimal(107), Decimal(1000), Decimal(0)],
        }
    )
    rows = run(world.write()).table("blindness").filter(indicator="control_totals")
    assert rows.select("detector", "why", "amount_usd").rows() == [
        ("all", "2 of 5 bookings (40.0 %) that the source says it sent were not read.", Decimal("154.30"))
    ]


def test_the_share_leaves_out_whom_no_file_tells_of(world: World) -> None:
    elsewhere = frame(booking(8, beneficiary_account_id="ELSEWHERE"))
    world.days[RUN_DATE] = pl.concat([world.days[RUN_DATE], elsewhere])
    [(_, number, _, why)] = told(world, ("parties", "phone", "shared_phone", "phones cannot be compared"))
    assert number == 3
    assert why.startswith(
        "parties.phone is not in the source: shell_company cannot judge shared_phone of 3 of 3 accounts"
    )
